"""Arithmetic in working time: a calendar turns instants into seconds worked since a fixed day, and back.

Between two shifts one number of seconds stands for many instants. :meth:`WorkingCalendar.finish_at` gives the earliest
of them (17:00, where work ends), :meth:`WorkingCalendar.start_at` the latest (08:00 next day, where it goes on).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache
from itertools import accumulate

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.programme.guids import DAY, Item, instant, moment

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Blocks = tuple[tuple[int, int], ...]
"""Working times of a day: (start, finish) in seconds after midnight."""

_THURSDAY = 3  # 1970-01-01 was one


class WorkingCalendar:
    """Working time of one calendar item of the API, over a span of days.

    Parameters
    ----------
    item
        The calendar: ``dayTypes``, ``week`` and ``exceptions`` of ``{"date", "dayTypeId"}``.
    first, last
        Seconds since 1970 between which questions may be asked.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.guids import instant, moment
    >>> from bentley_nb.sandbox.programme.calendar_items import demo_calendars
    >>> from bentley_nb.sandbox.programme.working_time import WorkingCalendar
    >>> item = demo_calendars("doc")[0]
    >>> cal = WorkingCalendar(item, moment("2024-01-01T00:00:00Z"), moment("2025-01-01T00:00:00Z"))
    >>> friday = cal.work_at(moment("2024-03-08T13:00:00Z"))
    >>> instant(cal.finish_at(friday + 4 * 3600)), instant(cal.start_at(friday + 4 * 3600))
    ('2024-03-08T17:00:00Z', '2024-03-11T08:00:00Z')
    """

    def __init__(self, item: Item, first: int, last: int) -> None:
        self.id: str = item["id"]
        self.name: str = item["name"]
        kinds = {}
        for day_type in item["dayTypes"]:
            blocks = _blocks(day_type["timeBlocks"])
            kinds[day_type["id"]] = blocks, sum(end - start for start, end in blocks)
        self._first = first // DAY
        count = last // DAY + 1 - self._first
        week = [kinds[item["week"][f"{name}DayTypeId"]] for name in WEEKDAYS]
        begun = (self._first + _THURSDAY) % 7
        days = ((week[begun:] + week[:begun]) * (count // 7 + 1))[:count]
        for exception in item["exceptions"]:
            day = moment(exception["date"]) // DAY - self._first
            if 0 <= day < count:
                days[day] = kinds[exception["dayTypeId"]]
        self._days: list[Blocks] = [blocks for blocks, _ in days]
        self._worked = [0, *accumulate(seconds for _, seconds in days)]
        # Most work starts and ends with a shift: a large schedule asks for few instants, each of them many times.
        self.work_at = cache(self._work_at)
        self.start_at = cache(self._start_at)
        self.finish_at = cache(self._finish_at)

    def _work_at(self, when: int) -> int:
        """Return the seconds worked before an instant."""
        day, second = divmod(when, DAY)
        day -= self._first
        if not 0 <= day < len(self._days):
            raise InvalidRequest(f"The calendar {self.name!r} does not reach to {instant(when)}.")
        worked = self._worked[day]
        for start, end in self._days[day]:
            if second <= start:
                break
            worked += min(second, end) - start
        return worked

    def _start_at(self, worked: int) -> int:
        """Return the latest instant with that much work behind it: where work goes on."""
        day = bisect_right(self._worked, worked) - 1
        if not 0 <= day < len(self._days):
            raise InvalidRequest(f"The calendar {self.name!r} ends before that much work is done.")
        rest = worked - self._worked[day]
        for start, end in self._days[day]:
            if rest < end - start:
                return (self._first + day) * DAY + start + rest
            rest -= end - start
        raise AssertionError("a day holds the work that its total says")

    def _finish_at(self, worked: int) -> int:
        """Return the earliest instant with that much work behind it: where work ends."""
        day = bisect_left(self._worked, worked) - 1
        if not 0 <= day < len(self._days):
            raise InvalidRequest(f"The calendar {self.name!r} ends before that much work is done.")
        rest = worked - self._worked[day]
        for start, end in self._days[day]:
            if rest <= end - start:
                return (self._first + day) * DAY + start + rest
            rest -= end - start
        raise AssertionError("a day holds the work that its total says")

    def between(self, start: int, finish: int) -> int:
        """Return the seconds worked from one instant to another; negative when they are in reverse order."""
        return self.work_at(finish) - self.work_at(start)


def _blocks(time_blocks: list[dict[str, str]]) -> Blocks:
    return tuple((_second(block["startTime"]), _second(block["endTime"]) or DAY) for block in time_blocks)


def _second(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
