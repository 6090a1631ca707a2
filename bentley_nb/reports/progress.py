"""Progress rolled up: by WBS, code, user field, status or column, weighted by a named weight."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Floats, Ints
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.grouping import Several, group_tasks
from bentley_nb.reports.basis.identity import whole_number
from bentley_nb.reports.basis.nullable import integers, numbers, text
from bentley_nb.reports.basis.state import contradictions, current_dates, is_complete, is_started, span
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.basis.weights import Weight, installed_notes, share_done, task_weights
from bentley_nb.reports.late import lateness
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats

_DIGITS = re.compile(r"\d+")
_COUNTS = ("tasks", "not_started", "in_progress", "complete", "late")


def progress(
    s: Source,
    by: str | tuple[str, str] | tuple[str, int] = "wbs",
    *,
    weight: Weight = "duration",
    several: Several = "each",
    baseline: str | None = None,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> pd.DataFrame:
    """Sum up progress by WBS, code, user field, status, or any column of the tasks.

    Percent is never averaged: it is the sum of weight x percent over the sum of weights of the work tasks. A task
    counts as 100 percent when it has an actual finish and as 0 without an actual start, whatever its field says; with
    ``weight="quantity"`` one in progress counts by installed of planned quantity where the quantity has a unit.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame.
    by
        "wbs" (every WBS element with all that is below it), ("wbs", 2) (the elements of one level, 1 at the top, which
        share the tasks out between them), "status", "state", the name of a code, of a user field of tasks, or of a
        column of the tasks; ("code", name), ("user field", name) or ("column", name) where a name is several of these.
    weight
        "duration" (planned working hours), "count", "quantity", a numeric column or user field of tasks, or a Series
        by task id.
    several
        What a task with several values of a code is counted under: "each" of them (its weight once per group, so that
        the groups may exceed the whole), "join" (one group of all of them), "first", or "error".
    baseline
        Baseline for the count of late tasks; the latest by default. Without one, tasks with stale dates are counted.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        By WBS: ``id``, ``user_defined_id``, ``wbs_path`` (elements above), ``name``, ``level`` (from 1), in the order
        of the tree; else the group in a column of its name (NA: no value). Then ``tasks`` (work tasks),
        ``not_started``, ``in_progress``, ``complete``, ``late`` (NA without a data date), ``weight``, ``earned``
        (weight x percent / 100), ``percent`` (NA where nothing has weight), ``start``, ``finish`` (earliest and latest
        current date of work tasks and key dates), ``total_float_days`` (the least of the open ones).

    Raises
    ------
    InvalidRequest
        No such group or weight, or no baseline of that name.

    Examples
    --------
    >>> by_state = bn.reports.progress(s, by="state", weight="count")
    >>> by_state.columns[:2].tolist()
    ['state', 'tasks']
    """
    tables = Tables.of(s, data_date, (*FLOAT_NEEDS, "baselines"))
    leaves, notes = _leaves(tables, weight, baseline, float_unit)
    if by == "wbs":
        frame = _by_element(tables, leaves)
        if frame.empty and len(tables.tasks):
            notes.append('There are no WBS rows to sum up; use by="status", or a code, user field or column.')
    else:
        keys, said = _group_keys(tables, by, several)
        notes = [*said, *notes]
        frame = _by_group(keys, leaves)
        if "wbs_path" in keys:  # in the order of the tree, and last what is above the level
            place = positions(frame["id"], tables.tasks["id"].iloc[_tree_order(tables)])
            frame = frame.iloc[np.argsort(np.where(place < 0, len(tables.tasks), place))].reset_index(drop=True)
    nested = int((tables.wbs.is_parent & tables.work_tasks).sum()) if len(tables.tasks) else 0
    if nested:
        notes.append(f"{nested:,} work task(s) have tasks below them; both are counted.")
    total, earned = float(leaves["weight"].sum()), float(leaves["earned"].sum())
    facts = {
        "by": by if isinstance(by, str) else list(by),
        "weight": total,
        "earned": earned,
        "percent": 100 * earned / total if total else None,
        "tasks": int(leaves["tasks"].sum()),
    }
    return as_report(frame, tables, "progress", notes, facts)


def wbs_rollup(s: Source, **options: Any) -> pd.DataFrame:
    """Sum up progress by WBS element: ``progress(s, by="wbs", ...)``.

    Examples
    --------
    >>> int(bn.reports.wbs_rollup(s)["level"].min())
    1
    """
    return progress(s, "wbs", **options)


def _leaves(
    tables: Tables, weight: Weight, baseline: str | None, float_unit: FloatUnit | None
) -> tuple[pd.DataFrame, list[str]]:
    """Gather what is summed up, per task: zero or NaN for rows that do not count."""
    tasks, work = tables.tasks, tables.work_tasks
    counted = work | tables.milestones
    # Planned duration is meant here also where a baseline exists, so the column is asked for by name.
    by_duration = isinstance(weight, str) and weight == "duration"
    weighing = task_weights(tables, "planned_duration_hours" if by_duration else weight)
    share = share_done(tables, weighing)
    unknown = int((np.isnan(share) & work).sum())
    started, complete = is_started(tasks), is_complete(tasks)
    dates = span(current_dates(tasks))
    floats, float_notes = task_floats(tables, float_unit)
    leaves = pd.DataFrame(
        {
            "tasks": work,
            "not_started": work & ~started,
            "in_progress": work & started & ~complete,
            "complete": work & complete,
            "late": np.nan,
            "weight": weighing.per_task,
            "earned": weighing.per_task * np.nan_to_num(share),
            "start": _micros(dates["start"].where(counted)),
            "finish": _micros(dates["finish"].where(counted)),
            "total_float_days": floats["total_float_days"].where(counted).to_numpy(dtype="float64", na_value=np.nan),
        }
    ).astype("float64")
    notes = [
        "Weight: planned duration, hours of working time."
        if by_duration
        else f"Weight: {weighing.name}, {weighing.unit}.",
        *weighing.notes,
        *installed_notes(tasks, weighing, work),
        f"{unknown:,} task(s) in progress have no percent and count as 0." if unknown else "",
    ]
    if pd.isna(tables.data_date):
        notes.append("Without a data date it cannot be told what is late.")
    else:
        found = lateness(tables, baseline)
        leaves["late"] = (np.asarray(found.any) & work).astype("float64")
        notes += [*found.notes, *tables.working_time.notes(tasks["calendar_id"][counted])]
    return leaves, [note for note in [*notes, *contradictions(tasks[counted]), *float_notes] if note]


def _by_element(tables: Tables, leaves: pd.DataFrame) -> pd.DataFrame:
    wbs, tasks = tables.wbs, tables.tasks
    elements = tables.summaries | wbs.is_parent if len(tasks) else np.zeros(0, dtype=bool)
    sums: dict[str, Floats] = {}
    for column in map(str, leaves):
        combine = {"start": wbs.least, "finish": wbs.greatest, "total_float_days": wbs.least}.get(column, wbs.sum_up)
        sums[column] = combine(leaves[column].to_numpy())
    order = _tree_order(tables)
    if tables.part is not None:  # only what has something of the part below it
        elements &= wbs.sum_up((tables.work_tasks | tables.milestones).astype(np.float64)) > 0
    order = order[elements[order]]
    frame: pd.DataFrame = tasks[["id", "user_defined_id"]].iloc[order].reset_index(drop=True)
    frame["wbs_path"] = wbs.paths().iloc[order].reset_index(drop=True)
    frame["name"] = tasks["name"].iloc[order].reset_index(drop=True)
    frame["level"] = integers(wbs.depth[order] + 1)
    summed: pd.DataFrame = pd.DataFrame(sums).iloc[order].reset_index(drop=True)
    return pd.concat([frame, _finished(summed)], axis=1)


def _tree_order(tables: Tables) -> Ints:
    """Positions of all tasks in the order of the tree, siblings by user defined id and name, 1.9 before 1.10."""
    labels = tables.tasks["user_defined_id"].fillna("") + "\n" + tables.tasks["name"].fillna("")
    elements = np.flatnonzero(tables.summaries | tables.wbs.is_parent)
    keys = [_DIGITS.sub(lambda number: number[0].zfill(12), label) for label in labels.iloc[elements]]
    leaves = np.setdiff1d(np.arange(len(labels)), elements)
    return tables.wbs.depth_first(np.append(elements[np.argsort(np.array(keys, dtype=object), kind="stable")], leaves))


def _by_group(keys: pd.DataFrame, leaves: pd.DataFrame) -> pd.DataFrame:
    how = {"start": "min", "finish": "max", "total_float_days": "min"}
    # Key dates count with their dates and their float, whichever of them they have.
    counts = leaves["tasks"].astype(bool) | (leaves["weight"] > 0) | leaves[list(how)].notna().any(axis=1)
    names = list(keys.columns)
    together = keys.join(leaves)
    together = together[counts.reindex(together.index).to_numpy(dtype=bool)]
    groups = together.groupby(names, dropna=False, observed=True, sort=True)
    summed: pd.DataFrame = groups.agg({column: how.get(str(column), "sum") for column in leaves}).reset_index()
    if leaves["late"].isna().all():
        summed["late"] = np.nan
    return pd.concat([summed[names].astype(keys.dtypes.to_dict()), _finished(summed[leaves.columns])], axis=1)


def _finished(sums: pd.DataFrame) -> pd.DataFrame:
    """Give the sums their dtypes, and add the percent."""
    frame = pd.DataFrame({name: numbers(sums[name]).astype("Int64") for name in _COUNTS})
    frame["weight"], frame["earned"] = numbers(sums["weight"]), numbers(sums["earned"])
    frame["percent"] = (100 * frame["earned"] / frame["weight"]).where(frame["weight"] > 0)
    for side in ("start", "finish"):
        frame[side] = _instants(sums[side].to_numpy())
    frame["total_float_days"] = numbers(sums["total_float_days"])
    return frame


def _group_keys(tables: Tables, by: Any, several: Several) -> tuple[pd.DataFrame, list[str]]:
    """Return the group of each task, in one column or (for a WBS level) in three."""
    if isinstance(by, tuple) and len(by) == 2 and by[0] == "wbs":
        return _level_keys(tables, whole_number(by[1], "The WBS level", least=1)), []
    if not isinstance(by, str) and not (
        isinstance(by, tuple) and len(by) == 2 and all(isinstance(part, str) for part in by)
    ):
        raise InvalidRequest(
            f"Tasks cannot be grouped by {by!r}.",
            hint='Use "wbs", ("wbs", 2), "status", or the name of a code, user field or column.',
        )
    grouping = group_tasks(tables, by, several)
    missing = int(tables.work_tasks[grouping.of.index[grouping.of.isna()]].sum())
    notes = [
        *grouping.notes,
        f"{missing:,} of {int(tables.work_tasks.sum()):,} tasks have no {grouping.name}." if missing else "",
    ]
    # A column of the result has that name already: the group keeps its own with an addition.
    taken = (*_COUNTS, "weight", "earned", "percent", "start", "finish", "total_float_days")
    name = f"{grouping.name} (group)" if grouping.name in taken else grouping.name
    return grouping.of.rename(name).to_frame(), [note for note in notes if note]


def _level_keys(tables: Tables, level: int) -> pd.DataFrame:
    wbs, tasks = tables.wbs, tables.tasks
    if not len(tasks):
        keys = tasks[["id", "name"]].assign(wbs_path=text([]))
    else:
        elements = tables.summaries | wbs.is_parent
        ancestor = wbs.ancestor_at(level - 1)
        inside = (ancestor >= 0) & elements[ancestor]
        if not inside.any():
            deepest = int(wbs.depth[elements].max(initial=-1)) + 1
            raise InvalidRequest(f"The WBS has no level {level}.", hint=f"It has {deepest} level(s).")
        chosen = np.where(inside, ancestor, -1)
        keys = pd.DataFrame({"id": tasks["id"], "name": tasks["name"], "wbs_path": wbs.paths()}).reindex(chosen)
    return keys[["id", "wbs_path", "name"]].reset_index(drop=True)


def _micros(instants: pd.Series[Any]) -> Floats:
    """Microseconds since 1970 as floats, exact for any date near ours; NaN where missing."""
    micros = pd.DatetimeIndex(instants).as_unit("us").asi8
    return np.where(instants.isna(), np.nan, micros)


def _instants(micros: Floats) -> pd.DatetimeIndex:
    missing = np.isnan(micros)
    whole = np.where(missing, np.iinfo(np.int64).min, np.where(missing, 0, micros).astype(np.int64))
    return pd.DatetimeIndex(whole.view("datetime64[us]")).tz_localize("UTC")
