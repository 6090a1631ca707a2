"""Edges of calendar periods, and amounts spread evenly over the working time between two instants."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Floats
from bentley_nb.reports.basis.dates import midnights
from bentley_nb.reports.basis.identity import read_zone
from bentley_nb.reports.basis.worktime import WorkingTime

_LONGEST = 100_000  # periods; more than 270 years of days is a wrong date, not a report
_ALIASES = {"ME": "M", "QE": "Q", "YE": "Y", "A": "Y"}  # pandas renamed these for offsets, not for periods
_OURS = re.compile(r"[DWMQY]|W-[A-Z]{3}")


def period_edges(first: pd.Timestamp, last: pd.Timestamp, period: str, zone: str = "UTC") -> pd.DatetimeIndex:
    """Return the instants at which periods begin, from that holding ``first`` to the end of that holding ``last``.

    Parameters
    ----------
    first, last
        UTC instants.
    period
        ``"D"``, ``"W"`` (Monday to Sunday), ``"W-SAT"``, ``"M"``, ``"Q"``, ``"Y"`` or another period of pandas.
    zone
        Time zone at whose midnights periods begin.

    Raises
    ------
    InvalidRequest
        There is no such zone, the period is not one of these, or there would be more than 100,000 of them.

    Examples
    --------
    >>> import pandas as pd
    >>> from bentley_nb.reports.basis.periods import period_edges
    >>> edges = period_edges(pd.Timestamp("2024-05-31", tz="UTC"), pd.Timestamp("2024-06-04", tz="UTC"), "W")
    >>> [f"{edge:%a %d}" for edge in edges]
    ['Mon 27', 'Mon 03', 'Mon 10']
    """
    local = read_zone(zone)
    upper = str(period).upper()  # pandas warns of "w" and does not know "m"
    alias = upper if _OURS.fullmatch(upper) else _ALIASES.get(upper, str(period))
    wrong_date = InvalidRequest(
        f"There are too many periods of {period!r} from {first:%Y-%m-%d} to {last:%Y-%m-%d}.",
        hint="One of the dates is likely wrong; or take a longer period.",
    )
    try:
        naive_first, naive_last = (instant.tz_convert(local).tz_localize(None) for instant in (first, last))
        # An instant at an edge ends the period before it.
        naive_last = max(naive_last - pd.Timedelta(1, "us"), naive_first)
        begin, end = pd.Period(naive_first, freq=alias), pd.Period(naive_last, freq=alias)
        count = (end - begin).n + 1
        if count > _LONGEST:
            raise wrong_date
        starts = pd.period_range(begin, periods=count + 1, freq=begin.freq).to_timestamp(how="start")
    except (OverflowError, pd.errors.OutOfBoundsDatetime):  # pandas 2 counts periods in nanoseconds
        raise wrong_date from None
    except InvalidRequest:
        raise
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InvalidRequest(
            f"{period!r} is not a period.", hint='Use "D", "W" (Monday to Sunday), "W-SAT", "M", "Q" or "Y".'
        ) from None
    return midnights(pd.DatetimeIndex(starts).as_unit("us"), local).unique()  # an hour that clocks leave out is none


class Growth:
    """What is done by any instant, every amount spread evenly over the working time of its span.

    An amount with one date, or without working time between its dates, is done at that date (its finish). One without
    dates is never done. The sum never falls and ends at the sum of the amounts that have dates.

    Parameters
    ----------
    working
        Calendars to count on.
    amount
        What is spread; not negative.
    dates, calendar_id
        ``start`` and ``finish``, and the calendar, of each amount.
    """

    def __init__(self, working: WorkingTime, amount: Floats, dates: pd.DataFrame, calendar_id: pd.Series[Any]) -> None:
        start, finish = (dates[end].reset_index(drop=True) for end in ("start", "finish"))
        start, finish = start.fillna(finish), finish.fillna(start)
        use = (start.notna() & np.isfinite(amount) & (amount > 0)).to_numpy(dtype=bool)
        amount, start, finish = amount[use], start[use], finish[use]
        finish = finish.where(finish >= start, start)
        calendars = calendar_id.reset_index(drop=True)[use]
        self._working = working
        self._total = float(amount.sum())
        self._origin = start.min()
        begin = working.working_hours(self._origin, start, calendars)
        end = working.working_hours(self._origin, finish, calendars)

        moment = end <= begin
        # Without a type, instants of a time zone become one object each.
        order = np.argsort(finish.to_numpy(dtype="M8[us]")[moment], kind="stable")
        self._moments = pd.DatetimeIndex(finish[moment].array[order])
        self._at_once = np.append(0.0, np.cumsum(amount[moment][order]))
        self._ramps: list[tuple[str | None, _Ramps]] = []
        codes, ids = pd.factorize(calendars, use_na_sentinel=False)
        for code, key in enumerate(ids):
            part = (codes == code) & ~moment
            if part.any():
                ramps = _Ramps(amount[part], begin[part], end[part])
                self._ramps.append((None if pd.isna(key) else str(key), ramps))

    def by(self, at: pd.DatetimeIndex) -> Floats:
        """Return the sum of what is done by each of these instants, which ascend."""
        if not len(at) or not self._total:
            return np.zeros(len(at))
        done = self._at_once[self._moments.searchsorted(at, side="right")]
        for calendar, ramps in self._ramps:
            done = done + ramps.by(self._working.working_hours(self._origin, at, calendar))
        return np.asarray(np.minimum(np.maximum.accumulate(done), self._total), dtype=np.float64)


class _Ramps:
    """Sum of straight lines from 0 at ``begin`` to ``amount`` at ``end``.

    Of the lines running at an instant the sum is ``clock * (sum of slopes) - (sum of slope * begin)``, and both sums
    are differences of running totals: no loop over tasks nor over instants.
    """

    def __init__(self, amount: Floats, begin: Floats, end: Floats) -> None:
        slope = amount / (end - begin)
        by_begin, by_end = np.argsort(begin, kind="stable"), np.argsort(end, kind="stable")
        self._begin, self._end = begin[by_begin], end[by_end]
        self._slopes = _totals(slope[by_begin]), _totals(slope[by_end])
        self._offsets = _totals((slope * begin)[by_begin]), _totals((slope * begin)[by_end])
        self._amounts = _totals(amount[by_end])

    def by(self, clock: Floats) -> Floats:
        """Return the sum at each time of the clock."""
        started = np.searchsorted(self._begin, clock, side="left")
        ended = np.searchsorted(self._end, clock, side="right")
        slopes, offsets = (sums[0][started] - sums[1][ended] for sums in (self._slopes, self._offsets))
        running = np.where(started > ended, np.maximum(slopes * clock - offsets, 0.0), 0.0)
        return np.asarray(self._amounts[ended] + running, dtype=np.float64)


def _totals(values: Floats) -> Floats:
    return np.append(0.0, np.cumsum(values))
