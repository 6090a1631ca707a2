"""One calendar as a clock that counts working seconds.

An instant is whole seconds since 1970. Its *position* is the working time before it, so Friday 17:00 and Monday 08:00
are one position with an earliest and a latest instant. Schedulers compare positions: two tools that print different
ends of a weekend mean the same thing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

import numpy as np

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.calendars import DAY_SECONDS, CalendarRules

_MONDAY = 3  # 1970-01-01 was a Thursday
_EPOCH = 719_163  # date(1970, 1, 1).toordinal()
_STEP = 2_000  # days a clock is extended by
_LIMIT = 300_000  # days; what needs more has a calendar without work


class Clock:
    """Working time of one calendar.

    The blocks lie in sorted lists, extended when an instant or a position beyond them is asked for.

    Attributes
    ----------
    name
        Name of the calendar.
    per_day
        Seconds of its ordinary working day.
    """

    def __init__(self, rules: CalendarRules, around: int) -> None:
        self.name = rules.name
        self.per_day = rules.seconds_per_day or DAY_SECONDS
        self._week = rules.week
        self._exceptions = {day.toordinal() - _EPOCH: blocks for day, blocks in rules.exceptions.items()}
        self._origin = around // DAY_SECONDS
        self._first, self._last = self._origin - _STEP // 4, self._origin + _STEP
        self._build()

    def position(self, instant: int) -> int:
        """Return the working seconds before the instant, from a fixed origin."""
        while not self._low <= instant < self._high:
            self._extend(later=instant >= self._high)
        # An instant between two blocks has the position of the end of the one before it.
        n = bisect_right(self._starts, instant) - 1
        if n < 0:
            return self._before[0]
        end = self._ends[n]
        return self._before[n] + (min(end, instant)) - self._starts[n]

    def earliest(self, position: int) -> int:
        """Return the earliest instant at that position: the end of a shift."""
        while not self._after or position > self._after[-1] or position <= self._before[0]:
            self._extend(later=not self._after or position > self._after[-1])
        # From the left: a position at the end of a block belongs to that block (Friday 17:00).
        n = bisect_left(self._after, position)
        return self._ends[n] - (self._after[n] - position)

    def latest(self, position: int) -> int:
        """Return the latest instant at that position: the beginning of a shift."""
        while not self._after or position >= self._after[-1] or position < self._before[0]:
            self._extend(later=not self._after or position >= self._after[-1])
        # From the right: the same position begins the next block (Monday 08:00).
        n = bisect_right(self._after, position)
        return self._starts[n] + (position - self._before[n])

    def same_as(self, other: Clock) -> bool:
        """Return whether two clocks work at the same times."""
        return self is other or (self._week == other._week and self._exceptions == other._exceptions)

    def blocks(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return the blocks of work between two instants."""
        self.position(first)
        self.position(last)
        return [
            (max(start, first), min(end, last))
            for start, end in zip(self._starts, self._ends, strict=True)
            if end > first and start < last
        ]

    def _extend(self, *, later: bool) -> None:
        if self._last - self._first > _LIMIT:
            raise InvalidRequest(
                f"The calendar {self.name!r} has no working time where the schedule needs it.",
                hint="Give the calendar working days, or its tasks another calendar.",
            )
        # Doubling keeps the number of rebuilds small for schedules of decades.
        span = self._last - self._first
        if later:
            self._last += span
        else:
            self._first -= span
        self._build()

    def _build(self) -> None:
        # From the day before: a night shift ends on the first day.
        days = np.arange(self._first - 1, self._last)
        usual = days[~np.isin(days, list(self._exceptions))]
        laid = [(usual[(usual + _MONDAY) % 7 == n], blocks) for n, blocks in enumerate(self._week)]
        laid += [(np.array([day]), self._exceptions[day]) for day in self._exceptions if days[0] <= day <= days[-1]]
        spans = [DAY_SECONDS * on + np.array([block]).T for on, blocks in laid for block in blocks]
        starts, ends = np.sort(np.concatenate([np.empty((2, 0), dtype=np.int64), *spans], axis=1))
        # A night shift and the next day's blocks may touch; apart they would be two ends of one position.
        apart = starts[1:] > ends[:-1]
        self._starts: list[int] = [*starts[:1].tolist(), *starts[1:][apart].tolist()]
        self._ends: list[int] = [*ends[:-1][apart].tolist(), *ends[-1:].tolist()]
        lengths = [end - start for start, end in zip(self._starts, self._ends, strict=True)]
        self._low, self._high = self._first * DAY_SECONDS, self._last * DAY_SECONDS
        after = list(accumulate(lengths))
        # The origin keeps its position, so that what was computed before an extension stays true.
        origin = self._origin * DAY_SECONDS
        n = bisect_right(self._starts, origin) - 1
        shift = 0 if n < 0 else after[n] - lengths[n] + min(origin, self._ends[n]) - self._starts[n]
        self._after = [value - shift for value in after]
        self._before = [value - long for value, long in zip(self._after, lengths, strict=True)]
        if not lengths:
            self._before = [0]


ALWAYS = CalendarRules(id="24h", name="24 hours a day", week=(((0, DAY_SECONDS),),) * 7)
