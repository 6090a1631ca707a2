"""Small schedules for the tests of reports, written in a line each, and the real ones of ../shared."""

import json

import pandas as pd

from bentley_nb.frames import frame_from_items
from bentley_nb.frames.dtypes import string_dtype

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EIGHT_HOURS = (("08:00", "12:00"), ("13:00", "17:00"))


def calendar(key="five", days=5, blocks=EIGHT_HOURS, holidays=()):
    """A calendar working the first ``days`` days of the week."""
    return {
        "id": key,
        "name": key,
        "parentId": None,
        "dayTypes": [
            {"id": "work", "type": "Normal", "timeBlocks": [{"startTime": a, "endTime": b} for a, b in blocks]},
            {"id": "off", "type": "NonWorking", "timeBlocks": []},
        ],
        "exceptions": [{"date": f"{day}T00:00:00Z", "dayTypeId": "off"} for day in holidays],
        "week": {f"{day}DayTypeId": "work" if n < days else "off" for n, day in enumerate(WEEKDAYS)},
        "deleted": False,
    }


def task(key, start=None, finish=None, days=None, **members):
    """A task of the five-day calendar; ``start`` 08:00 and ``finish`` 17:00 unless they name a time."""
    return {
        "id": key,
        "name": f"Task {key}",
        "userDefinedId": key.upper(),
        "parentId": None,
        "isWbs": False,
        "type": "Work",
        "plannedStart": at(start, "08:00"),
        "plannedFinish": at(finish, "17:00"),
        "plannedDuration": None if days is None else int(days * 8 * 3600),
        "remainingDuration": None,
        "actualStart": None,
        "actualFinish": None,
        "percentComplete": 0,
        "calendarId": "five",
        "constraintType": "NoConstraint",
        "deleted": False,
    } | members


def done(key, start, finish, days=None, **members):
    """A completed task: planned and actual dates are the same."""
    dates = {"actualStart": at(start, "08:00"), "actualFinish": at(finish, "17:00"), "percentComplete": 100}
    return task(key, start, finish, days, **dates, **members)


def at(day, time):
    """A day as the API writes an instant."""
    if day is None:
        return None
    return f"{day}T{time}:00Z" if len(day) == 10 else day


def link(before, after, kind="FinishToStart", lag_days=0.0, key=None):
    return {
        "id": key or f"{before}-{after}",
        "predecessorId": before,
        "successorId": after,
        "type": kind,
        "lag": int(lag_days * 8 * 3600),
        "calendarId": "five",
        "deleted": False,
    }


def schedule(*tasks, data_date=None, links=None, floats=None, baseline=None, calendars=None, **tables):
    """Frames by name. ``floats`` are working days of 8 hours by task, ``baseline`` is start, finish, days by task."""
    frames = {
        "tasks": frame_from_items("tasks", tasks),
        "calendars": frame_from_items("calendars", calendars or [calendar()]),
    }
    if links is not None:
        frames["task_links"] = frame_from_items("task_links", links)
    if floats is not None:
        rows = [
            {
                "taskId": key,
                "isCritical": days <= 0,
                "downstreamTotalFloat": int(days * 8 * 3600),
                "downstreamFreeFloat": 0,
            }
            for key, days in floats.items()
        ]
        frames["task_scheduling_analyses"] = frame_from_items("task_scheduling_analyses", rows)
    if baseline is not None:
        created = {"id": "b1", "name": "Contract", "createdOn": "2024-01-01T00:00:00Z", "deleted": False}
        frames["baselines"] = frame_from_items("baselines", [created])
        rows = [
            {
                "taskId": key,
                "plannedStart": at(start, "08:00"),
                "plannedFinish": at(finish, "17:00"),
                "plannedDuration": None if days is None else int(days * 8 * 3600),
            }
            for key, (start, finish, days) in baseline.items()
        ]
        # A nested table names its parent itself, as Schedule.table does.
        frames["baseline_tasks"] = frame_from_items("baseline_tasks", rows).assign(
            baseline_id=pd.array(["b1"] * len(rows), dtype=string_dtype())
        )
    frames |= {name: frame_from_items(name, items) for name, items in tables.items()}
    return frames if data_date is None else frames | {"data_date": data_date}


def dataset(shared, name):
    """A real schedule of ../shared, or of a folder of that shape."""
    folder = shared / "data" / "datasets" / name if name else shared
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    frames = {
        table: frame_from_items(table, json.loads((folder / f"{table}.json").read_text(encoding="utf-8")))
        for table in about["counts"]
    }
    return frames | {"data_date": about["projectScheduling"]["dataDate"], "name": about["schedule"]["name"]}
