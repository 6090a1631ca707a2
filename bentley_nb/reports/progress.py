"""Progress rolled up: by WBS, code, user field, status or column, weighted by a named weight."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.frames.dtypes import Floats, Ints
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.baseline import find_baseline
from bentley_nb.reports.basis.grouping import GroupBy, Several, elements_of_level, groups_of
from bentley_nb.reports.basis.nullable import from_micros, integers, numbers
from bentley_nb.reports.basis.state import contradictions, current_dates, is_complete, is_started, span
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.basis.weights import Weight, installed_notes, share_done, share_planned, task_weights
from bentley_nb.reports.late import lateness
from bentley_nb.reports.s_curve import Curves
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats

_DIGITS = re.compile(r"\d+")
_COUNTS = ("tasks", "not_started", "in_progress", "complete", "late")
_AGAINST = ("bac", "pv", "ev")
# A group that is called like one of these columns keeps its name with an addition.
_TAKEN = (
    *(*_COUNTS, *_AGAINST, "weight", "earned", "percent", "planned_percent", "spi"),
    *("start", "finish", "total_float_days"),
)


def progress(
    s: Source,
    by: GroupBy = "wbs",
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
        Baseline for planned percent, SPI and the count of late tasks; the latest by default. Without one, tasks with
        stale dates are counted as late, and planned percent and SPI are unknown.
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
        (weight x percent / 100), ``percent`` (NA where nothing has weight), ``planned_percent`` and ``spi`` (PV / BAC
        and EV / PV at the data date, of the tasks in the baseline and weighed by its durations, as in
        ``earned_value``; NA without a baseline or data date, and SPI where nothing is planned yet), ``start``,
        ``finish`` (earliest and latest current date, or "best date", of work tasks and key dates),
        ``total_float_days`` (the least of the open ones).

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
    if isinstance(by, str) and by == "wbs":
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
    """Collect what is summed up, per task: zero or NaN for rows that do not count."""
    tasks, work = tables.tasks, tables.work_tasks
    # Key dates have no weight, but their dates and float belong to their group.
    counted = tables.activities
    # Planned duration is meant here also where a baseline exists, so the column is asked for by name.
    by_duration = isinstance(weight, str) and weight == "duration"
    weighing = task_weights(tables, "planned_duration_hours" if by_duration else weight)
    share = share_done(tables, weighing)
    unknown = int((np.isnan(share) & work).sum())
    started, complete = is_started(tasks), is_complete(tasks)
    dates = span(current_dates(tasks))
    floats, float_notes = task_floats(tables, float_unit)
    against, baseline_notes = _against_baseline(tables, weight, baseline)
    leaves = pd.DataFrame(
        {
            "tasks": work,
            "not_started": work & ~started,
            "in_progress": work & started & ~complete,
            "complete": work & complete,
            "late": np.nan,
            "weight": weighing.per_task,
            "earned": weighing.per_task * np.nan_to_num(share),
            **against,
            "start": _micros(dates["start"].where(counted)),
            "finish": _micros(dates["finish"].where(counted)),
            "total_float_days": floats["total_float_days"].where(counted).to_numpy(dtype="float64", na_value=np.nan),
        }
        # One type for all columns, so that one groupby sums them without casts.
    ).astype("float64")
    notes = [
        "Weight: planned duration, hours of working time."
        if by_duration
        else f"Weight: {weighing.name}, {weighing.unit}.",
        *weighing.notes,
        *installed_notes(tasks, weighing, work),
        f"{unknown:,} task(s) in progress have no percent and count as 0." if unknown else "",
        *baseline_notes,
    ]
    if pd.isna(tables.data_date):
        notes.append("Without a data date it is unknown what is late.")
    else:
        found = lateness(tables, baseline)
        leaves["late"] = (np.asarray(found.any) & work).astype("float64")
        notes += [*found.notes, *tables.working_time.notes(tasks["calendar_id"][counted])]
    return leaves, [note for note in [*notes, *contradictions(tasks[counted]), *float_notes] if note]


def _against_baseline(tables: Tables, weight: Weight, baseline: str | None) -> tuple[dict[str, Floats], list[str]]:
    """Return BAC, PV and EV per task, as earned value counts them, and what has to be said of them."""
    found, notes = find_baseline(tables, baseline)
    if found is None or pd.isna(tables.data_date):
        unknown = np.full(len(tables.tasks), np.nan)
        return dict.fromkeys(_AGAINST, unknown), notes
    curves = Curves(tables, task_weights(tables, weight, found), found)
    planned = np.nan_to_num(share_planned(tables, span(found.dates)))
    if missing := int((tables.work_tasks & ~curves.scope).sum()):
        notes.append(f"{missing:,} task(s) are not in the baseline and are left out of planned percent and SPI.")
    return {"bac": curves.weight, "pv": curves.weight * planned, "ev": curves.weight * curves.share}, notes


def _by_element(tables: Tables, leaves: pd.DataFrame) -> pd.DataFrame:
    wbs, tasks = tables.wbs, tables.tasks
    elements = tables.summaries | wbs.is_parent if len(tasks) else np.zeros(0, dtype=bool)
    sums: dict[str, Floats] = {}
    for column in map(str, leaves):
        combine = {"start": wbs.least, "finish": wbs.greatest, "total_float_days": wbs.least}.get(column, wbs.sum_up)
        sums[column] = combine(leaves[column].to_numpy())
    order = _tree_order(tables)
    if tables.part is not None:  # only what has something of the part below it
        elements &= wbs.sum_up(tables.activities.astype(np.float64)) > 0
    order = order[elements[order]]
    frame: pd.DataFrame = tasks[["id", "user_defined_id"]].iloc[order].reset_index(drop=True)
    frame["wbs_path"] = wbs.paths().iloc[order].reset_index(drop=True)
    frame["name"] = tasks["name"].iloc[order].reset_index(drop=True)
    frame["level"] = integers(wbs.depth[order] + 1)
    summed: pd.DataFrame = pd.DataFrame(sums).iloc[order].reset_index(drop=True)
    return pd.concat([frame, _finished(summed)], axis=1)


def _tree_order(tables: Tables) -> Ints:
    """Return the positions of all tasks in tree order, siblings by user defined id and name, 1.9 before 1.10."""
    labels = tables.tasks["user_defined_id"].fillna("") + "\n" + tables.tasks["name"].fillna("")
    elements = np.flatnonzero(tables.summaries | tables.wbs.is_parent)
    # Numbers padded: as text 1.10 would come before 1.9.
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
    # dropna=False: tasks without a value are a group, or the groups would not add up to the whole.
    groups = together.groupby(names, dropna=False, observed=True, sort=True)
    summed: pd.DataFrame = groups.agg({column: how.get(str(column), "sum") for column in leaves}).reset_index()
    for column in ("late", *_AGAINST):  # unknown for all, where the sum of missing values is 0
        if leaves[column].isna().all():
            summed[column] = np.nan
    return pd.concat([summed[names].astype(keys.dtypes.to_dict()), _finished(summed[leaves.columns])], axis=1)


def _finished(sums: pd.DataFrame) -> pd.DataFrame:
    """Return the sums with their dtypes, and add the percent."""
    frame = pd.DataFrame({name: numbers(sums[name]).astype("Int64") for name in _COUNTS})
    frame["weight"], frame["earned"] = numbers(sums["weight"]), numbers(sums["earned"])
    frame["percent"] = (100 * frame["earned"] / frame["weight"]).where(frame["weight"] > 0)
    bac, pv, ev = (numbers(sums[name]) for name in _AGAINST)
    frame["planned_percent"] = (100 * pv / bac).where(bac > 0)
    frame["spi"] = (ev / pv).where(pv > 0)
    for side in ("start", "finish"):
        frame[side] = from_micros(_whole(sums[side].to_numpy()))
    frame["total_float_days"] = numbers(sums["total_float_days"])
    return frame


def _group_keys(tables: Tables, by: Any, several: Several) -> tuple[pd.DataFrame, list[str]]:
    """Return the group of each task, in one column or (for a WBS level) in three."""
    if isinstance(by, tuple) and len(by) == 2 and by[0] == "wbs":
        return elements_of_level(tables, by[1]), []
    groups = groups_of(tables, by, several)
    name = f"{groups.name} (group)" if groups.name in _TAKEN else groups.name
    return groups.of.rename(name).to_frame(), list(groups.notes)


def _micros(instants: pd.Series[Any]) -> Floats:
    """Return microseconds since 1970 as floats, exact for any date near ours; NaN where missing."""
    micros = pd.DatetimeIndex(instants).as_unit("us").asi8
    return np.where(instants.isna(), np.nan, micros)


def _whole(micros: Floats) -> Ints:
    missing = np.isnan(micros)
    return np.where(missing, np.iinfo(np.int64).min, np.where(missing, 0, micros).astype(np.int64))
