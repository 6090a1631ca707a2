"""A made-up schedule in progress, as large as asked for, with every table a report reads.

The same on every run. Sixteen percent of the rows are WBS elements eight to a parent, four percent key dates and
hammocks; three calendars with holidays; one and a half links, one binding and 0.6 assignments a task; a baseline and
an earlier state of the same schedule.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from bentley_nb.frames import frame_from_items
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.basis.worktime import WorkingTime

Frames: TypeAlias = dict[str, Any]

START = pd.Timestamp("2024-01-01T08:00Z")
DATA_DATE = pd.Timestamp("2025-03-03T08:00Z")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def make(tasks: int) -> tuple[Frames, Frames]:
    """Make the state of a month before and the present one."""
    chance = np.random.default_rng(7)
    calendars = frame_from_items("calendars", [_calendar("five", 5), _calendar("six", 6), _calendar("seven", 7)])
    working = WorkingTime(calendars)
    elements = tasks * 16 // 100
    ids = np.char.add("t", np.char.zfill(np.arange(tasks).astype(str), 8))
    parent = np.where(
        np.arange(tasks) < elements, (np.arange(tasks) - 1) // 8, chance.integers(0, max(elements, 1), tasks)
    )
    kinds = np.array(["Work", "StartKeyDate", "FinishKeyDate", "LongHammock"])
    kind = kinds[chance.choice(4, tasks, p=[0.96, 0.015, 0.015, 0.01])]
    kind[:elements] = "Work"

    calendar = np.array(["five", "six", "seven"])[chance.choice(3, tasks, p=[0.6, 0.3, 0.1])]
    hours = chance.integers(1, 40, tasks) * 8.0
    first = pd.DatetimeIndex(START + pd.to_timedelta(chance.integers(0, 900, tasks), unit="D")).as_unit("us")
    start = working.add_working_hours(working.add_working_hours(first, 0.25, calendar), -0.25, calendar)
    finish = working.add_working_hours(start, hours, calendar)
    leaf = np.arange(tasks) >= elements
    done = np.asarray(finish < DATA_DATE) & leaf & (chance.random(tasks) < 0.95)
    begun = np.asarray(start < DATA_DATE) & leaf & (chance.random(tasks) < 0.97)
    frame = pd.DataFrame(
        {
            "id": ids,
            "name": np.char.add("Task ", np.arange(tasks).astype(str)),
            "user_defined_id": np.char.add("A", np.arange(tasks).astype(str)),
            "parent_id": np.where(parent >= 0, ids[parent], None),
            "is_wbs": ~leaf,
            "type": kind,
            "status": np.select([done, begun], ["Finished", "Started"], "Planned"),
            "planned_start": pd.Series(start).mask(kind == "FinishKeyDate"),
            "planned_finish": pd.Series(finish).mask(kind == "StartKeyDate"),
            "planned_duration_hours": np.where(np.isin(kind, kinds[1:3]), 0, hours),
            "remaining_duration_hours": np.where(done, 0, hours),
            "actual_start": pd.Series(start).where((begun | done) & (kind != "FinishKeyDate")),
            "actual_finish": pd.Series(finish).where(done & (kind != "StartKeyDate")),
            "percent_complete": np.where(done, 100, np.where(begun, chance.integers(5, 95, tasks), 0)),
            "constraint_type": "NoConstraint",
            "calendar_id": calendar,
            "physical_quantity": chance.integers(0, 500, tasks) * 1.0,
            "physical_quantity_unit": "m3",
        }
    )
    shift = pd.to_timedelta(chance.integers(-10, 4, tasks), unit="D")
    leaves = np.flatnonzero(leaf)
    now = _typed({
        "tasks": frame,
        "calendars": calendars,
        "task_links": _links(chance, ids, leaves, np.asarray(start)),
        "task_scheduling_analyses": _analyses(chance, ids[leaves]),
        "baselines": frame_from_items("baselines", [{"id": "b1", "name": "Contract", "createdOn": "2024-01-01T00:00:00Z"}]),
        "baseline_tasks": pd.DataFrame(
            {
                "baseline_id": "b1",
                "task_id": ids,
                "planned_start": frame["planned_start"] + shift,
                "planned_finish": frame["planned_finish"] + shift,
                "planned_duration_hours": frame["planned_duration_hours"],
            }
        )[leaf],
        **_codes(chance, ids[leaves]),
        **_resources(chance, ids[leaves]),
        **_bindings(chance, ids[leaves]),
    })  # fmt: skip
    earlier = frame.drop(columns="physical_quantity").iloc[: tasks - tasks // 50].copy()
    moved = pd.to_timedelta(np.where(chance.random(len(earlier)) < 0.2, -7, 0), unit="D")
    for column in ("planned_start", "planned_finish"):
        earlier[column] = earlier[column] + moved
    recent = earlier["actual_start"] > DATA_DATE - pd.Timedelta(days=28)
    earlier[["actual_start", "actual_finish"]] = earlier[["actual_start", "actual_finish"]].mask(recent)
    before = {
        **now,
        **_typed({"tasks": earlier, "task_links": now["task_links"].iloc[::-1][: len(now["task_links"]) * 98 // 100]}),
    }
    return before | {"data_date": DATA_DATE - pd.Timedelta(days=28)}, now | {"data_date": DATA_DATE}


def save(folder: Path, tasks: int) -> None:
    """Keep both states where the samples find them."""
    before, now = make(tasks)
    (folder / f"{tasks}.pickle").write_bytes(pickle.dumps((before, now), protocol=pickle.HIGHEST_PROTOCOL))


def load(folder: Path, tasks: int) -> tuple[Frames, Frames]:
    """Read them back."""
    before, now = pickle.loads((folder / f"{tasks}.pickle").read_bytes())
    return before, now


def _typed(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Frames with the columns and dtypes in which a Schedule serves them."""
    tables = Tables.of(frames)
    return {name: tables.require(name) for name in frames}


def _calendar(key: str, days: int) -> dict[str, Any]:
    blocks = [{"startTime": "08:00", "endTime": "12:00"}, {"startTime": "13:00", "endTime": "17:00"}]
    return {
        "id": key,
        "name": f"{days} days",
        "dayTypes": [
            {"id": "w", "type": "Normal", "timeBlocks": blocks},
            {"id": "n", "type": "NonWorking", "timeBlocks": []},
        ],
        "exceptions": [
            {"date": f"{year}-{day}T00:00:00Z", "dayTypeId": "n"}
            for year in (2024, 2025, 2026)
            for day in ("01-01", "04-01", "05-01", "12-25", "12-26")
        ],
        "week": {f"{day}DayTypeId": "w" if number < days else "n" for number, day in enumerate(_DAYS)},
    }


def _links(chance: np.random.Generator, ids: Any, leaves: Any, start: Any) -> pd.DataFrame:
    count = len(leaves) * 3 // 2
    one, other = chance.choice(leaves, count), chance.choice(leaves, count)
    later = start[one] > start[other]
    kinds = np.array(["FinishToStart", "StartToStart", "FinishToFinish", "StartToFinish"])
    return pd.DataFrame(
        {
            "id": np.char.add("l", np.arange(count).astype(str)),
            "predecessor_id": ids[np.where(later, other, one)],
            "successor_id": ids[np.where(later, one, other)],
            "type": kinds[chance.choice(4, count, p=[0.85, 0.09, 0.05, 0.01])],
            "lag_hours": np.where(chance.random(count) < 0.1, chance.integers(-16, 80, count), 0),
            "calendar_id": "five",
        }
    )


def _analyses(chance: np.random.Generator, ids: Any) -> pd.DataFrame:
    raw = (chance.exponential(200, len(ids)).round() - 20).astype(np.int64) * 3600
    return pd.DataFrame(
        {"task_id": ids, "is_critical": raw <= 0, "downstream_total_float": raw, "downstream_free_float": 0}
    )


def _codes(chance: np.random.Generator, ids: Any) -> dict[str, pd.DataFrame]:
    values = [f"v{number}" for number in range(12)]
    return {
        "codes": pd.DataFrame({"id": ["c1"], "category": ["Activity"], "name": ["Trade"]}),
        "code_values": pd.DataFrame({"id": values, "code_id": "c1", "name": values}),
        "task_code_value_assignments": pd.DataFrame({"code_value_id": chance.choice(values, len(ids)), "task_id": ids}),
    }


def _resources(chance: np.random.Generator, ids: Any) -> dict[str, pd.DataFrame]:
    names = [f"r{number}" for number in range(200)]
    count = len(ids) * 6 // 10
    units = chance.integers(8, 400, count) * 1.0
    assignments = {
        "id": np.char.add("a", np.arange(count).astype(str)),
        "task_id": chance.choice(ids, count),
        "resource_id": chance.choice(names, count),
        "planned_utilization_resource_units": units,
        "remaining_utilization_resource_units": units / 2,
        "actual_utilization_resource_units": units / 2,
    }
    resources = {"id": names, "name": names, "type": "Human", "calendar_id": "five"}
    return {"resources": pd.DataFrame(resources), "resource_assignments": pd.DataFrame(assignments)}


def _bindings(chance: np.random.Generator, ids: Any) -> dict[str, pd.DataFrame]:
    elements = np.char.add("e", np.arange(len(ids)).astype(str))
    bindings = {
        "task_id": chance.choice(ids, len(ids)),
        "animated_entity_id": chance.choice(elements, len(ids)),
        "appearance_profile_id": chance.choice(["p1", "p2"], len(ids), p=[0.9, 0.1]),
    }
    profiles = {"id": ["p1", "p2"], "name": ["Install", "Remove"], "action": ["Install", "Remove"]}
    return {"animation_bindings": pd.DataFrame(bindings), "appearance_profiles": pd.DataFrame(profiles)}
