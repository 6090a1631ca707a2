"""Calendars of the service read into rules: which blocks of time are worked on a weekday and on a date.

A calendar names a day type for each weekday, day types hold the blocks, exceptions put another day type on a date. What
is left open by a child calendar comes from its parent. What cannot be read is reported, never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from bentley_nb.reports.basis.nullable import is_missing

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_SECONDS = 86_400

Blocks = tuple[tuple[int, int], ...]
"""Working blocks of one day, seconds since its midnight, sorted and apart. A block over midnight ends beyond 86,400."""

_LONGEST_RANGE = 3_700  # days; ten years of closure is a calendar's end, not an exception


@dataclass(frozen=True)
class CalendarRules:
    """Working time of one calendar, with its parent's share already in it.

    Attributes
    ----------
    id, name
        As served.
    week
        Blocks of the seven weekdays, Monday first.
    exceptions
        Blocks of the dates that differ from their weekday.
    problems
        Sentences about what could not be read.
    """

    id: str
    name: str
    week: tuple[Blocks, ...]
    exceptions: Mapping[date, Blocks] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @cached_property  # asked for once per task
    def seconds_per_day(self) -> int | None:
        """Length of the ordinary working day: the commonest among the weekdays worked, the longest of equals.

        A calendar whose week has no work takes it from its exceptions; without any work it is None.
        """
        # A calendar of exceptions only (shutdown work) still has a usual day.
        lengths = Counter(filter(None, map(length, self.week))) or Counter(
            filter(None, map(length, self.exceptions.values()))
        )
        if not lengths:
            return None
        return max(lengths, key=lambda seconds: (lengths[seconds], seconds))


def length(blocks: Blocks) -> int:
    """Return how long these blocks are together."""
    return sum(end - start for start, end in blocks)


# No calendar is available: the reports still have to say something, and say that they assumed this.
ASSUMED = CalendarRules(
    id="",
    name="assumed: Monday to Friday, 8 hours a day",
    week=(((8 * 3600, 12 * 3600), (13 * 3600, 17 * 3600)),) * 5 + ((), ()),
)


def read_calendars(frame: pd.DataFrame | None) -> dict[str, CalendarRules]:
    """Read every calendar of the ``calendars`` frame, by id.

    Parameters
    ----------
    frame
        Columns ``id``, ``name``, ``parent_id``, ``day_types``, ``exceptions`` and ``week_<weekday>_day_type_id``.
        The shape of an exception is not documented; read are ``{"date", "dayTypeId"}``, day types or ``timeBlocks``
        given inline, and ranges from ``startDate`` to ``finishDate`` (or ``endDate``), both included.

    Returns
    -------
    dict
        Calendars without any readable weekday are left out, so that their tasks fall back by name.

    Examples
    --------
    >>> from bentley_nb.reports.basis.calendars import read_calendars
    >>> rules = read_calendars(s.table("calendars"))
    >>> all(len(calendar.week) == 7 for calendar in rules.values())
    True
    """
    if frame is None or frame.empty:
        return {}
    raw: dict[str, Mapping[Any, Any]] = {
        str(row["id"]): row for row in frame.to_dict("records") if not is_missing(row.get("id"))
    }
    rules = {}
    for key in raw:
        calendar = _read(key, raw)
        if calendar is not None:
            rules[key] = calendar
    return rules


def _read(key: str, raw: Mapping[str, Mapping[Any, Any]]) -> CalendarRules | None:
    lineage = list(_lineage(key, raw))
    name = str(_first(lineage[0].get("name"), key))
    problems: list[str] = []

    day_types: dict[str, Blocks] = {}
    for row in reversed(lineage):  # the child's own day type wins over an ancestor's of the same id
        for day_type in _items(row.get("day_types")):
            day_types[str(day_type.get("id"))] = _day_type_blocks(day_type, problems)

    week: list[Blocks] = []
    readable = False
    for weekday in WEEKDAYS:
        wanted = [row.get(f"week_{weekday}_day_type_id") for row in lineage]
        named = [str(value) for value in wanted if not is_missing(value)]
        known = [value for value in named if value in day_types]
        if not known:
            problems.append(f"{weekday} has an unknown day type and is counted as non-working")
        elif known[0] != named[0]:
            problems.append(f"{weekday} names an unknown day type; the parent calendar's is used")
        readable = readable or bool(known)
        week.append(day_types[known[0]] if known else ())
    if not readable:
        return None

    exceptions: dict[date, Blocks] = {}
    unread = 0
    for row in reversed(lineage):  # and its own exception over an ancestor's on the same date
        for item in _items(row.get("exceptions")):
            found = _exception(item, day_types, problems)
            if found is None:
                unread += 1
            else:
                days, blocks = found
                exceptions.update(dict.fromkeys(days, blocks))
    if unread:
        problems.append(f"{unread} exception(s) in an unknown form are ignored")
    unique = tuple(dict.fromkeys(problems))
    return CalendarRules(id=key, name=name, week=tuple(week), exceptions=exceptions, problems=unique)


def _lineage(key: str, raw: Mapping[str, Mapping[Any, Any]]) -> Iterator[Mapping[Any, Any]]:
    """Yield the calendar, its parent, and so on; a loop of parents ends where it closes."""
    seen: set[str] = set()
    while key in raw and key not in seen:
        seen.add(key)
        yield raw[key]
        parent = raw[key].get("parent_id")
        key = "" if is_missing(parent) else str(parent)


def _day_type_blocks(day_type: Mapping[str, Any], problems: list[str]) -> Blocks:
    # Camel case as the service writes it, snake case as a frame of the user's may have it.
    blocks = _blocks(_items(day_type.get("timeBlocks", day_type.get("time_blocks"))), problems)
    if blocks and re.sub(r"\W", "", str(day_type.get("type", ""))).lower() == "nonworking":
        problems.append("a day type called NonWorking has time blocks; it is counted as non-working")
        return ()
    return blocks


def _exception(
    item: Mapping[str, Any], day_types: Mapping[str, Blocks], problems: list[str]
) -> tuple[list[date], Blocks] | None:
    """Return the dates and blocks of one exception, or None where either cannot be read."""
    # The members of exceptions are not documented: several spellings are accepted.
    member = {re.sub(r"[\W_]", "", str(key)).lower(): value for key, value in item.items()}
    days = _exception_days(member)
    blocks: Blocks | None = None
    inline = member.get("daytype")
    if isinstance(inline, Mapping):
        member = {
            **member,
            "timeblocks": inline.get("timeBlocks", inline.get("time_blocks")),
            "type": inline.get("type"),
        }
    if str(_first(member.get("daytypeid"), "")) in day_types:
        blocks = day_types[str(member["daytypeid"])]
    # Parquet returns lists as numpy arrays, which are no Sequence.
    elif isinstance(member.get("timeblocks"), Sequence) or hasattr(member.get("timeblocks"), "tolist"):
        blocks = _blocks(_items(member["timeblocks"]), problems)
    elif re.sub(r"\W", "", str(member.get("type", ""))).lower() == "nonworking":
        blocks = ()
    return None if not days or blocks is None else (days, blocks)


def _exception_days(member: Mapping[str, Any]) -> list[date]:
    single = _as_date(member.get("date"))
    if single is not None:
        return [single]
    # The names are inferred from those of other members of the service.
    first = _as_date(_first(*(member.get(name) for name in ("startdate", "start", "from", "begindate"))))
    last = _as_date(_first(*(member.get(name) for name in ("finishdate", "enddate", "finish", "end", "to"))))
    if first is None or last is None or not 0 <= (last - first).days <= _LONGEST_RANGE:
        return []
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _blocks(items: list[Mapping[str, Any]], problems: list[str]) -> Blocks:
    spans = []
    for item in items:
        start = _clock(item.get("startTime", item.get("start_time")))
        end = _clock(item.get("endTime", item.get("end_time")))
        # 00:00 to 00:00 is the whole day; other blocks without length cannot be meant.
        if start is None or end is None or (start == end and start != 0) or start == DAY_SECONDS:
            problems.append("an unreadable time block is ignored")
        else:
            spans.append((start, end if end > start else end + DAY_SECONDS))  # 00:00 ends the day; earlier is overnight
    return union(spans)


def union(spans: Sequence[tuple[int, int]]) -> Blocks:
    """Sort spans and join those that touch or overlap, so that no second is counted twice."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _clock(value: object) -> int | None:
    """Return seconds since midnight of ``HH:MM`` or ``HH:MM:SS``; 24:00 is 86,400."""
    match = re.fullmatch(r"T?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?", str(value).strip())
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= DAY_SECONDS else None


def _as_date(value: object) -> date | None:
    if is_missing(value):
        return None
    # The date as written: turning the instant into another zone would move a holiday to its neighbour.
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", str(value))
    if not match or match[1] in ("0001", "9999"):  # the ends of .NET's calendar stand for "no date"
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _items(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list column; Parquet hands lists back as arrays, and absent ones as None or NaN."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def _first(*values: object) -> object:
    return next((value for value in values if not is_missing(value)), None)
