"""The same rules as the reports', row by row, as public scripts write them: ``iterrows``, dictionaries, lists.

They are kept kinder to themselves than the reports are: no WBS paths, no working days, no notes. Each returns how many
rows it found, to be compared with the report's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

import pandas as pd

Frames: TypeAlias = Mapping[str, Any]


def _counts(row: pd.Series[Any]) -> bool:
    return not row["is_wbs"] and row["type"] != "LongHammock"


def _complete(row: pd.Series[Any]) -> bool:
    key_date = row["type"] in ("StartKeyDate", "FinishKeyDate")
    return pd.notna(row["actual_finish"]) or (key_date and pd.notna(row["actual_start"]))


def _either(first: Any, second: Any) -> Any:
    return first if pd.notna(first) else second


def look_ahead(_before: Frames, now: Frames) -> int:
    """Walk the tasks, then the links and the assignments of those found."""
    until = now["data_date"] + timedelta(weeks=3)
    found, state = {}, {}
    for _, row in now["tasks"].iterrows():
        state[row["id"]] = (pd.notna(row["actual_start"]), _complete(row))
        if not _counts(row) or _complete(row):
            continue
        start = _either(row["actual_start"], row["planned_start"])
        finish = _either(row["actual_finish"], row["planned_finish"])
        if _either(start, finish) < until and _either(finish, start) >= now["data_date"]:
            found[row["id"]] = {"start": start, "finish": finish, "open": set(), "resources": []}
    for _, row in now["task_links"].iterrows():
        waiting = found.get(row["successor_id"])
        if waiting is not None:
            started, complete = state[row["predecessor_id"]]
            if not (started if row["type"].startswith("Start") else complete):
                waiting["open"].add(row["predecessor_id"])
    names = dict(zip(now["resources"]["id"], now["resources"]["name"], strict=True))
    for _, row in now["resource_assignments"].iterrows():
        if row["task_id"] in found:
            found[row["task_id"]]["resources"].append(names[row["resource_id"]])
    return len(found)


def late(_before: Frames, now: Frames) -> int:
    """Walk the tasks, with the baseline in a dictionary."""
    base = {row["task_id"]: row for _, row in now["baseline_tasks"].iterrows()}
    today, found = now["data_date"], 0
    for _, row in now["tasks"].iterrows():
        if not _counts(row) or _complete(row):
            continue
        promised = base.get(row["id"])
        waiting = pd.isna(row["actual_start"])
        end = "planned_start" if row["type"] == "StartKeyDate" else "planned_finish"
        found += bool(
            (waiting and row["planned_start"] < today)
            or row["planned_finish"] < today
            or (promised is not None and waiting and promised["planned_start"] < today)
            or (promised is not None and (promised["planned_finish"] < today or row[end] > promised[end]))
        )
    return found


def float_distribution(_before: Frames, now: Frames) -> int:
    """Walk the analyses; eight hours are a day, as the public tools have it."""
    work = {
        row["id"] for _, row in now["tasks"].iterrows() if _counts(row) and row["type"] == "Work" and not _complete(row)
    }
    bins = [0] * 7
    for _, row in now["task_scheduling_analyses"].iterrows():
        if row["task_id"] in work:
            days = row["downstream_total_float"] / 3600 / 8
            bins[0 if days < 0 else 1 + sum(days > edge for edge in (0, 5, 10, 20, 44))] += 1
    return len(bins)


def open_ends(_before: Frames, now: Frames) -> int:
    """Walk the links into dictionaries of types, then the tasks."""
    real = {row["id"]: _counts(row) for _, row in now["tasks"].iterrows()}
    summaries = set(now["tasks"]["id"][now["tasks"]["is_wbs"]])
    into, out = defaultdict(set), defaultdict(set)
    found = 0
    for _, row in now["task_links"].iterrows():
        before, after = row["predecessor_id"], row["successor_id"]
        if before == after:
            continue
        found += before in summaries or after in summaries
        if real[before] and real[after]:
            into[after].add(row["type"])
            out[before].add(row["type"])
    first = last = None
    for _, row in now["tasks"].iterrows():
        if not _counts(row):
            continue
        start = _either(row["actual_start"], row["planned_start"])
        finish = _either(row["actual_finish"], row["planned_finish"])
        if row["type"] == "StartKeyDate" and (first is None or start < first[0]):
            first = (start, row["id"], _complete(row))
        if row["type"] == "FinishKeyDate" and (last is None or finish > last[0]):
            last = (finish, row["id"], _complete(row))
        if _complete(row):
            continue
        before, after = into[row["id"]], out[row["id"]]
        found += not before
        found += not after
        found += bool(before) and not before & {"FinishToStart", "StartToStart"} and row["type"] != "FinishKeyDate"
        found += bool(after) and not after & {"FinishToStart", "FinishToFinish"} and row["type"] != "StartKeyDate"
    excused = (first is not None and not first[2] and not into[first[1]]) + (
        last is not None and not last[2] and not out[last[1]]
    )
    return found - excused


def out_of_sequence(_before: Frames, now: Frames) -> int:
    """Walk the links with the tasks in a dictionary; lags are left out, so the count differs."""
    tasks = {row["id"]: row for _, row in now["tasks"].iterrows()}
    found = 0
    for _, row in now["task_links"].iterrows():
        before, after = tasks[row["predecessor_id"]], tasks[row["successor_id"]]
        first = "actual_start" if row["type"].startswith("Start") else "actual_finish"
        second = "actual_start" if row["type"].endswith("Start") else "actual_finish"
        if pd.notna(after[second]) and (pd.isna(before[first]) or after[second] < before[first]):
            found += 1
    return found


def slippage(before: Frames, now: Frames) -> int:
    """Walk both states' tasks and links."""
    old = {row["id"]: row for _, row in before["tasks"].iterrows() if _counts(row)}
    new = {row["id"]: row for _, row in now["tasks"].iterrows() if _counts(row)}
    rows = []
    for key in {**new, **old}:
        was, now_is = old.get(key), new.get(key)
        if was is None or now_is is None:
            rows.append((key, None, None))
            continue
        start = _either(now_is["actual_start"], now_is["planned_start"]) - _either(
            was["actual_start"], was["planned_start"]
        )
        finish = _either(now_is["actual_finish"], now_is["planned_finish"]) - _either(
            was["actual_finish"], was["planned_finish"]
        )
        rows.append((key, start, finish))
    links = [
        {
            (row["predecessor_id"], row["successor_id"], row["type"]): row["lag_hours"]
            for _, row in each["task_links"].iterrows()
        }
        for each in (before, now)
    ]
    _ = links[0].keys() ^ links[1].keys()
    return len(rows)


def progress_by_code(_before: Frames, now: Frames) -> int:
    """Walk assignments and tasks into a dictionary of sums."""
    names = dict(zip(now["code_values"]["id"], now["code_values"]["name"], strict=True))
    value = {row["task_id"]: names[row["code_value_id"]] for _, row in now["task_code_value_assignments"].iterrows()}
    sums: dict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for _, row in now["tasks"].iterrows():
        if row["is_wbs"] or row["type"] == "LongHammock":
            continue
        percent = 100 if _complete(row) else row["percent_complete"] if pd.notna(row["actual_start"]) else 0
        sums[value.get(row["id"])][0] += row["planned_duration_hours"]
        sums[value.get(row["id"])][1] += row["planned_duration_hours"] * percent / 100
    return len(sums)


LOOPS: dict[str, Callable[[Frames, Frames], int]] = {
    "look_ahead": look_ahead,
    "late": late,
    "float_distribution": float_distribution,
    "open_ends": open_ends,
    "out_of_sequence": out_of_sequence,
    "slippage": slippage,
    "progress by code": progress_by_code,
}

SAME_COUNT = ("look_ahead", "late", "float_distribution", "open_ends", "slippage", "progress by code")
"""Those whose number of rows has to be the report's."""
