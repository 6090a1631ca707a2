"""Working hours and days between instants, on each task's own calendar, for whole columns at once.

Per calendar the working time since a fixed Monday is a function of the instant: full weeks, plus the weekdays passed,
plus what the exceptions before it add or take away, plus the part of its own day. Differences of it are working time,
its inverse adds working time. All is counted in whole microseconds, so five days are 5.0 and land in the right bin.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags, Floats, Ints
from bentley_nb.frames.keys import positions
from bentley_nb.frames.unset import EARLIEST, LATEST, LONGEST_HOURS
from bentley_nb.reports.basis.calendars import (
    ASSUMED,
    DAY_SECONDS,
    Blocks,
    CalendarRules,
    length,
    read_calendars,
    union,
)
from bentley_nb.reports.basis.nullable import from_micros, text

Instants: TypeAlias = "pd.Series[pd.Timestamp] | pd.DatetimeIndex | pd.Timestamp | str"

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = DAY_SECONDS * SECOND
_MONDAY = 3  # 1970-01-01 was a Thursday: day number + 3 counts from a Monday
_STRIDE = 2 * DAY  # room between the days of the table, so that a value never reads its neighbour's blocks


class WorkingTime:
    """Working time of a schedule's calendars.

    All methods take columns (a Series, an index, an array) or single values, position by position, and return numpy
    arrays (``float64``, NaN where an instant is missing) or a ``DatetimeIndex``, as long as the longest argument.
    Block times are compared with the instants as served (UTC): in what the service is known to send, dates and
    calendars share one clock.

    Parameters
    ----------
    calendars
        The ``calendars`` frame, or None where there is none.
    default
        Id or name of the calendar for ids that are missing or unknown. Without it: the only calendar there is, else
        an assumed one of Monday to Friday, 8 hours a day. ``notes()`` names whichever was used, and how often.

    Raises
    ------
    InvalidRequest
        ``default`` is not a calendar of the frame.

    Examples
    --------
    >>> from bentley_nb.reports.basis.worktime import WorkingTime
    >>> working = WorkingTime(None)
    >>> working.working_hours("2024-05-31T15:00Z", "2024-06-03T09:00Z", None).tolist()  # Friday to Monday
    [3.0]
    >>> working.add_working_hours("2024-05-31T15:00Z", 2, None)[0].isoformat()
    '2024-05-31T17:00:00+00:00'
    """

    def __init__(self, calendars: pd.DataFrame | None, *, default: str | None = None) -> None:
        self.rules: dict[str, CalendarRules] = read_calendars(calendars)
        names = [] if calendars is None else [str(name) for name in calendars.get("name", [])]
        self._unread = sorted(set(names) - {rules.name for rules in self.rules.values()})
        fallback = self._choose(default)
        self.default: CalendarRules = fallback
        self._order = [*self.rules.values(), fallback]  # the last one answers for unknown ids
        self._ids = text(list(self.rules))
        self._curves: dict[int, _Curve] = {}

    def _choose(self, default: str | None) -> CalendarRules:
        if default is not None:
            for rules in self.rules.values():
                if default in (rules.id, rules.name):
                    return rules
            raise InvalidRequest(
                f"There is no calendar {default!r}.",
                hint=nearest(default, [rules.name for rules in self.rules.values()]),
            )
        # The service marks no calendar as the project's, so only a single one can be meant.
        return next(iter(self.rules.values())) if len(self.rules) == 1 else ASSUMED

    def hours_per_day(self, calendar_id: object) -> Floats:
        """Return the hours of each calendar's ordinary working day.

        That is the commonest length among the weekdays it works, the longest of equally common ones; NaN for a
        calendar without any working time.
        """
        return np.asarray(self._micros_per_day(self._codes(calendar_id)) / HOUR, dtype=np.float64)

    def working_hours(self, start: Instants, finish: Instants, calendar_id: object) -> Floats:
        """Count working hours from start to finish; negative where finish lies before start."""
        worked, missing, _ = self._between(start, finish, calendar_id)
        return np.where(missing, np.nan, worked / HOUR)

    def working_days(self, start: Instants, finish: Instants, calendar_id: object) -> Floats:
        """Count working hours from start to finish, in days of the calendar's own length (``hours_per_day``)."""
        worked, missing, codes = self._between(start, finish, calendar_id)
        return np.where(missing, np.nan, worked / self._micros_per_day(codes))

    def add_working_hours(self, start: Instants, hours: object, calendar_id: object) -> pd.DatetimeIndex:
        """Return the instant so many working hours after a start (before it where they are negative).

        Going on ends at the earliest instant by which the hours are worked (Friday 17:00, not Monday 08:00), going back
        at the latest one from which they are still to be worked. Zero hours leave the start unchanged. NaT where an
        argument is missing, the calendar has no such hour, or it would lie before 1900 or after 2199.
        """
        instants, missing = _as_micros(start)
        amount = _as_hours(hours)
        codes = self._codes(calendar_id)
        # One start for many durations, or one calendar for all, is as common as a value per row.
        instants, missing, amount, codes = np.broadcast_arrays(instants, missing, amount, codes)
        missing = missing | ~(np.abs(amount) <= LONGEST_HOURS)
        wanted = np.rint(np.where(missing, 0, amount) * HOUR).astype(np.int64)

        def step(curve: _Curve, part: Ints) -> Ints:
            return curve.advance(instants[part], wanted[part])

        moved = np.where(missing, _NAT, self._by_calendar(codes, step))
        # Beyond these years the frames would call the date unset.
        moved = np.where((moved < _FIRST) | (moved >= _LAST), _NAT, moved)
        return from_micros(moved)

    def days(self, hours: object, calendar_id: object) -> Floats:
        """Convert working hours (a duration, a float) to days of each calendar's own length."""
        amount = _as_hours(hours)
        amount, codes = np.broadcast_arrays(amount, self._codes(calendar_id))
        # Hours from whole seconds come back as whole microseconds: 40 h of 7.6 h days is divided exactly.
        return np.asarray(np.rint(amount * HOUR) / self._micros_per_day(codes), dtype=np.float64)

    def names(self, calendar_id: object) -> npt.NDArray[np.object_]:
        """Name the calendar each id is counted on."""
        names = np.array([rules.name for rules in self._order], dtype=object)
        return np.asarray(names[self._codes(calendar_id)], dtype=object)

    def notes(self, calendar_id: object) -> list[str]:
        """Return for these ids what was assumed or could not be read, in plain sentences."""
        codes = self._codes(calendar_id)
        sentences = []
        unknown = int((codes == len(self._order) - 1).sum())
        if unknown:
            sentences.append(
                f"{unknown:,} of {len(codes):,} rows have no known calendar; their working time is counted on "
                f"{self.default.name!r}."
            )
        if self._unread:
            sentences.append(f"Calendars without a readable week: {', '.join(self._unread)}.")
        for code in np.flatnonzero(np.bincount(codes)):
            rules = self._order[code]
            sentences.extend(f"Calendar {rules.name!r}: {problem}." for problem in rules.problems)
            if rules.seconds_per_day is None:
                sentences.append(f"Calendar {rules.name!r} has no working time; its days cannot be counted.")
        return list(dict.fromkeys(sentences))

    def _between(self, start: Instants, finish: Instants, calendar_id: object) -> tuple[Ints, Flags, Ints]:
        begin, end, missing, codes = self._arguments(start, finish, calendar_id)

        def difference(curve: _Curve, part: Ints) -> Ints:
            return curve.worked(end[part]) - curve.worked(begin[part])

        return self._by_calendar(codes, difference), missing, codes

    def _arguments(self, start: Instants, finish: Instants, calendar_id: object) -> tuple[Ints, Ints, Flags, Ints]:
        begin, no_start = _as_micros(start)
        end, no_finish = _as_micros(finish)
        begin, end, no_start, no_finish, codes = np.broadcast_arrays(
            begin, end, no_start, no_finish, self._codes(calendar_id)
        )
        return begin, end, no_start | no_finish, codes

    def _codes(self, calendar_id: object) -> Ints:
        """Return the position of each id's calendar in ``_order``; the fallback's for missing or unknown ids."""
        if calendar_id is None or isinstance(calendar_id, str) or calendar_id is pd.NA:
            calendar_id = [calendar_id]
        # As objects on every version: pandas 3 would infer str from a list.
        ids = pd.Series(calendar_id, dtype=object) if isinstance(calendar_id, list) else pd.Series(_flat(calendar_id))
        found = positions(ids, self._ids)
        return np.where(found < 0, len(self._order) - 1, found)

    def _micros_per_day(self, codes: Ints) -> Floats:
        lengths = [rules.seconds_per_day for rules in self._order]
        per_day = np.array([np.nan if seconds is None else seconds * SECOND for seconds in lengths])
        return np.asarray(per_day[codes], dtype=np.float64)

    def _by_calendar(self, codes: Ints, compute: Callable[[_Curve, Ints], Ints]) -> Ints:
        """Run ``compute(curve, positions)`` once per calendar in use, and put the parts together."""
        result = np.zeros(len(codes), dtype=np.int64)
        # Sorted once instead of a mask per calendar: a schedule may have hundreds of calendars.
        order = np.argsort(codes.astype(np.min_scalar_type(len(self._order))), kind="stable")
        for code, part in enumerate(np.split(order, np.cumsum(np.bincount(codes))[:-1])):
            if not len(part):
                continue
            if code not in self._curves:
                self._curves[code] = _Curve(self._order[code])
            result[part] = compute(self._curves[code], part)
        return result


_NAT = np.iinfo(np.int64).min
_FIRST, _LAST = (int(instant.timestamp()) * SECOND for instant in (EARLIEST, LATEST))


class _Curve:
    """Working microseconds of one calendar as a function of the instant, and its inverse."""

    def __init__(self, rules: CalendarRules) -> None:
        week = [_day(rules.week[n], rules.week[n - 1]) for n in range(7)]
        special: dict[int, Blocks] = {}
        for day in sorted(rules.exceptions):
            number = _number(day)
            before = rules.exceptions.get(_date(number - 1), rules.week[(number - 1 + _MONDAY) % 7])
            special[number] = _day(rules.exceptions[day], before)
            # A night shift reaches into the next day, which an exception may have cut or added.
            after = (number + 1 + _MONDAY) % 7
            if _date(number + 1) not in rules.exceptions:
                changed = _day(rules.week[after], rules.exceptions[day])
                if changed != week[after]:
                    special[number + 1] = changed
        days = sorted(special)

        # A calendar of ten years has thousands of dates but a handful of different days.
        patterns = list(dict.fromkeys([*week, *(special[day] for day in days)]))
        position = {pattern: n for n, pattern in enumerate(patterns)}
        self._week_pattern = np.array([position[pattern] for pattern in week])
        self._special_pattern = np.array([position[special[day]] for day in days] + [0])
        self._x, self._y = _breakpoints(patterns)
        totals = np.array([length(pattern) for pattern in patterns], dtype=np.int64)

        self._days = np.array(days, dtype=np.int64)
        weekday = (self._days + _MONDAY) % 7
        self._micros = _Cumulative(totals[self._week_pattern], self._days, totals[self._special_pattern[:-1]], weekday)

    def worked(self, instant: Ints) -> Ints:
        """Return the working microseconds from the fixed Monday to the instant."""
        day = instant // DAY
        at = self._pattern(day) * _STRIDE + (instant - day * DAY)
        return np.asarray(self._micros.before(day) + np.interp(at, self._x, self._y % _STRIDE), dtype=np.int64)

    def advance(self, instant: Ints, micros: Ints) -> Ints:
        """Return the instant with ``micros`` more worked; where negative, the one they are counted back from."""
        target = self.worked(instant) + micros
        # Work that ends at 17:00 ends there, not at 08:00 of the next day; what is counted back begins at 08:00.
        later: Ints = self._inverse(target, side="left")
        earlier = self._inverse(target, side="right")
        return np.asarray(np.where(micros > 0, later, np.where(micros < 0, earlier, instant)), dtype=np.int64)

    def _inverse(self, target: Ints, *, side: Literal["left", "right"]) -> Ints:
        """Return the earliest ("left") or latest ("right") instant with ``target`` worked before it."""
        day, known = self._micros.day_of(target, side=side)
        rest = self._pattern(day) * _STRIDE + (target - self._micros.before(day))
        # Between two break points work runs at the speed of time wherever the target can lie.
        point = np.minimum(np.searchsorted(self._y, rest, side=side), len(self._y) - 1)
        return np.where(known, day * DAY + (self._x[point] % _STRIDE) - (self._y[point] - rest), _NAT)

    def _pattern(self, day: Ints) -> Ints:
        place = np.searchsorted(self._days, day)
        is_special = np.append(self._days, _NAT)[place] == day
        return np.where(is_special, self._special_pattern[place], self._week_pattern[(day + _MONDAY) % 7])


class _Cumulative:
    """Running total of a weekly rhythm in which some days differ."""

    def __init__(self, week: Ints, days: Ints, special: Ints, weekday: Ints) -> None:
        self._after_weekday = np.cumsum(week)
        self._before_weekday = self._after_weekday - week
        self._week = int(week.sum())
        self._days = days
        self._difference = np.append(0, np.cumsum(special - week[weekday]))
        self._at_special = self.before(days)
        self._past_special = self.before(days + 1)

    def before(self, day: Ints) -> Ints:
        regular = (day + _MONDAY) // 7 * self._week + self._before_weekday[(day + _MONDAY) % 7]
        return np.asarray(regular + self._difference[np.searchsorted(self._days, day)], dtype=np.int64)

    def day_of(self, total: Ints, *, side: Literal["left", "right"]) -> tuple[Ints, Flags]:
        """Return the day the total is reached ("left") or last exceeded ("right"), and whether there is one."""
        if side == "left":
            place = np.searchsorted(self._past_special, total, side="left")
            inside = np.append(self._at_special, 0)[place] < total
            inside &= place < len(self._days)
            day = np.append(self._days, 0)[place]
        else:
            place = np.searchsorted(self._at_special, total, side="right")
            inside = (place > 0) & (np.append(0, self._past_special)[place] > total)
            day = np.append(0, self._days)[place]
        # Without a weekly rhythm only the exceptions are worked, and what lies beyond them is unknown.
        if not self._week:
            return day, inside
        regular = total - self._difference[place]
        # A full week belongs to its own end from the left, and to the next week's beginning from the right.
        weeks = (regular - 1) // self._week if side == "left" else regular // self._week
        weekday = np.searchsorted(self._after_weekday, regular - weeks * self._week, side=side)
        return np.where(inside, day, weeks * 7 + weekday - _MONDAY), np.ones(len(total), dtype=bool)


def _day(own: Blocks, previous: Blocks) -> Blocks:
    """Return the blocks within one date, in microseconds: its own up to midnight, and the rest of the night before."""
    night = [(0, end - DAY_SECONDS) for _, end in previous if end > DAY_SECONDS]
    spans = [*night, *((start, min(end, DAY_SECONDS)) for start, end in own)]
    return tuple((start * SECOND, end * SECOND) for start, end in union(spans))


def _breakpoints(patterns: list[Blocks]) -> tuple[Ints, Ints]:
    """Return the time of day and time worked by then at each end of a block, day after day, ``_STRIDE`` apart."""
    x: list[int] = []
    y: list[int] = []
    for number, blocks in enumerate(patterns):
        done = 0
        points = [(0, 0)]
        for start, end in blocks:
            points += [(start, done), (end, done + end - start)]
            done += end - start
        points.append((DAY, done))
        x += [number * _STRIDE + time for time, _ in points]
        y += [number * _STRIDE + worked for _, worked in points]
    return np.array(x, dtype=np.int64), np.array(y, dtype=np.int64)


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _date(number: int) -> date:
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


def _flat(values: Any) -> Any:
    """Take a Series as its array, so that positions count and not its index."""
    return values.array if isinstance(values, pd.Series | pd.Index) else values


def _as_hours(values: Any) -> Floats:
    flat = [values] if pd.api.types.is_scalar(values) else _flat(values)
    return np.asarray(pd.array(flat, dtype="Float64").to_numpy(dtype="float64", na_value=np.nan), dtype=np.float64)


def _as_micros(values: Any) -> tuple[Ints, Flags]:
    """Return microseconds since 1970 and which are missing; instants without a zone are UTC."""
    if values is None or pd.api.types.is_scalar(values):
        instant = pd.NaT if values is None else pd.Timestamp(values)
        if pd.isna(instant):
            return np.zeros(1, dtype=np.int64), np.ones(1, dtype=bool)
        naive = instant if instant.tzinfo is None else instant.tz_convert("UTC").tz_localize(None)
        # Not by way of an index, which pandas 2 counts in nanoseconds: they end in 1677 and 2262.
        return naive.to_datetime64().astype("datetime64[us]").astype(np.int64).reshape(1), np.zeros(1, dtype=bool)
    # pandas 2 makes nanoseconds of text, pandas 3 microseconds.
    index = pd.DatetimeIndex(pd.to_datetime(_flat(values), utc=True)).as_unit("us")
    micros = index.asi8
    missing = micros == _NAT
    return np.where(missing, 0, micros), missing
