"""Edges of calendar periods, and amounts spread evenly over the working time between two instants."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Floats
from bentley_nb.reports.basis.dates import midnights
from bentley_nb.reports.basis.identity import read_zone
from bentley_nb.reports.basis.worktime import WorkingTime

_LONGEST = 100_000  # periods; more than 270 years of days is a wrong date, not a report
_ALIASES = {"ME": "M", "QE": "Q", "YE": "Y", "A": "Y"}  # pandas renamed these for offsets, not for periods


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
    alias = _ALIASES.get(str(period).upper(), str(period))
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


def cumulative(
    working: WorkingTime, amount: Floats, dates: pd.DataFrame, calendar_id: pd.Series[Any], at: pd.DatetimeIndex
) -> Floats:
    """Sum of what is done by each instant, every amount spread evenly over the working time of its span.

    An amount with one date, or without working time between its dates, is done at that date (its finish). One without
    dates is never done. The result never falls and ends at the sum of the amounts that have dates.

    Parameters
    ----------
    working
        Calendars to count on.
    amount
        What is spread; not negative.
    dates, calendar_id
        ``start`` and ``finish``, and the calendar, of each amount.
    at
        Ascending instants.
    """
    start, finish = (dates[end].reset_index(drop=True) for end in ("start", "finish"))
    start, finish = start.fillna(finish), finish.fillna(start)
    use = (start.notna() & np.isfinite(amount) & (amount > 0)).to_numpy(dtype=bool)
    if not use.any() or not len(at):
        return np.zeros(len(at))
    amount, start, finish = amount[use], start[use], finish[use]
    finish = finish.where(finish >= start, start)
    calendars = calendar_id.reset_index(drop=True)[use]
    origin = min(start.min(), at[0])
    begin = working.working_hours(origin, start, calendars)
    end = working.working_hours(origin, finish, calendars)

    done = np.zeros(len(at))
    moment = end <= begin
    if moment.any():
        order = np.argsort(finish.to_numpy()[moment], kind="stable")
        reached = finish[moment].array[order]
        passed = pd.DatetimeIndex(reached).searchsorted(at, side="right")
        done += np.append(0.0, np.cumsum(amount[moment][order]))[passed]
    codes, ids = pd.factorize(calendars, use_na_sentinel=False)
    for code, key in enumerate(ids):
        part = (codes == code) & ~moment
        if part.any():
            clock = working.working_hours(origin, at, None if pd.isna(key) else str(key))
            done += _ramps(amount[part], begin[part], end[part], clock)
    return np.asarray(np.minimum(np.maximum.accumulate(done), amount.sum()), dtype=np.float64)


def _ramps(amount: Floats, begin: Floats, end: Floats, clock: Floats) -> Floats:
    """Sum of straight lines from 0 at ``begin`` to ``amount`` at ``end``, read at each time of the clock.

    Of the lines running at an instant the sum is ``clock * (sum of slopes) - (sum of slope * begin)``, and both sums
    are differences of running totals: no loop over tasks nor over instants.
    """
    slope = amount / (end - begin)
    by_begin, by_end = np.argsort(begin, kind="stable"), np.argsort(end, kind="stable")
    started = np.searchsorted(begin[by_begin], clock, side="left")
    ended = np.searchsorted(end[by_end], clock, side="right")

    def totals(values: Floats, order: npt.NDArray[np.int64]) -> Floats:
        return np.append(0.0, np.cumsum(values[order]))

    slopes = totals(slope, by_begin)[started] - totals(slope, by_end)[ended]
    offsets = totals(slope * begin, by_begin)[started] - totals(slope * begin, by_end)[ended]
    running = np.where(started > ended, np.maximum(slopes * clock - offsets, 0.0), 0.0)
    return totals(amount, by_end)[ended] + running
