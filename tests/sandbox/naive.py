"""A second, slow scheduler over what is served: lists of working hours instead of arithmetic.

It reads items only and shares no code with the generator, so that agreement of the two means something.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from typing import Any

EPOCH = datetime(2023, 1, 1, tzinfo=UTC)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HAMMOCKS = ("LongHammock", "ShortHammock")


def hour(text: str) -> int:
    """Hours since the epoch; everything the generator makes falls on whole hours."""
    hours = (datetime.fromisoformat(text) - EPOCH) / timedelta(hours=1)
    assert hours == int(hours), text
    return int(hours)


def working_hours(calendar: dict[str, Any], last: date) -> list[int]:
    """The hours of a calendar, one by one."""
    blocks = {
        kind["id"]: [(int(b["startTime"][:2]), int(b["endTime"][:2])) for b in kind["timeBlocks"]]
        for kind in calendar["dayTypes"]
    }
    exceptions = {item["date"][:10]: item["dayTypeId"] for item in calendar["exceptions"]}
    hours, day = [], EPOCH.date()
    while day <= last:
        usual = calendar["week"][f"{WEEKDAYS[day.weekday()]}DayTypeId"]
        midnight = (day - EPOCH.date()).days * 24
        for start, end in blocks[exceptions.get(str(day), usual)]:
            hours += range(midnight + start, midnight + end)
        day += timedelta(days=1)
    return hours


class NaiveSchedule:
    """Early dates of the open activities, in hours, with one of them held back if asked."""

    def __init__(self, items: dict[str, list[dict[str, Any]]], last: date) -> None:
        self.tasks = {t["id"]: t for t in items["tasks"] if not t["isWbs"] and not t["deleted"]}
        self.links = [link for link in items["task_links"] if not link["deleted"]]
        self.into: dict[str, list[dict[str, Any]]] = {id_: [] for id_ in self.tasks}
        for link in self.links:
            self.into[link["successorId"]].append(link)
        self.hours = {c["id"]: working_hours(c, last) for c in items["calendars"]}
        self.data_date = hour(items["project_scheduling"][0]["dataDate"])
        self.order = self._order()

    def _order(self) -> list[str]:
        order: list[str] = []
        placed: set[str] = set()
        left = dict(self.into)
        while left:
            ready = [id_ for id_, links in left.items() if all(link["predecessorId"] in placed for link in links)]
            assert ready, "the links run in a circle"
            order += ready
            placed |= set(ready)
            left = {id_: links for id_, links in left.items() if id_ not in placed}
        return order

    def dates(self, held: str | None = None, by: int = 0) -> dict[str, tuple[int, int]]:
        """(start, finish) of each activity when one of them starts ``by`` working hours later than it could."""
        found: dict[str, tuple[int, int]] = {}
        for id_ in self.order:
            task = self.tasks[id_]
            if task["status"] == "Finished":
                ends = task["actualStart"] or task["actualFinish"], task["actualFinish"] or task["actualStart"]
                start, finish = (min(hour(end), self.data_date) for end in ends)  # what is recorded ahead holds nothing
                found[id_] = start, finish
                continue
            hours = self.hours[task["calendarId"]]
            length, rest = divmod(task["remainingDuration"], 3600)
            assert rest == 0
            starts, finishes = [self.data_date], [self.data_date]
            for link in self.into[id_]:
                before = found[link["predecessorId"]]
                at = before[0] if link["type"].startswith("StartTo") else before[1]
                if link["lag"]:
                    slots = self.hours[link["calendarId"]]
                    at = slots[bisect_left(slots, at) + link["lag"] // 3600 - 1] + 1
                (starts if link["type"].endswith("ToStart") else finishes).append(at)
            early = task["constraintEarlyDate"]
            fixed = task["constraintType"] == "CannotReschedule"
            if early:
                starts = [hour(early)] if fixed else [*starts, hour(early)]
            first = bisect_left(hours, max(starts))
            if task["type"] in HAMMOCKS:
                length = max(0, bisect_left(hours, max(finishes)) - first)
            elif not fixed:
                first = max(first, bisect_left(hours, max(finishes)) - length)
            if id_ == held:
                first += by
            finish = hours[first] if task["type"] == "StartKeyDate" else hours[first + length - 1] + 1
            start = hour(task["actualStart"]) if task["actualStart"] else hours[first] if length else finish
            found[id_] = start, finish
        return found
