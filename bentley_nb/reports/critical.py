"""Critical and near-critical work, and how float is spread."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Flags
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import at_least_zero, identity
from bentley_nb.reports.basis.nullable import category, numbers, text
from bentley_nb.reports.basis.state import current_dates, percent_complete
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.total_float import BINS, EDGES, FLOAT_NEEDS, FloatUnit, bin_floats, task_floats

GROUPS = ("negative float", "critical", "near-critical")


def critical(
    s: Source, near: float = 10, *, float_unit: FloatUnit | None = "seconds", data_date: object = None
) -> pd.DataFrame:
    """List critical and near-critical open tasks and key dates, and those with negative float.

    Critical is what the service flags (AACE 49R-06: float 0 is one of several methods, not the definition);
    near-critical is float above 0 and up to ``near`` working days of the task's own calendar.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame; needs ``task_scheduling_analyses``.
    near
        Working days of float that count as near-critical.
    float_unit
        Unit of the service's raw floats; see ``total_float``. With None only flagged tasks can be listed.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        Least float first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``start``,
        ``finish``, ``percent_complete``, ``remaining_duration_hours``, ``calendar``, ``hours_per_day``,
        ``constraint_type``, ``group`` (negative float, critical, near-critical: the first that applies),
        ``is_critical``, ``downstream_total_float`` and ``downstream_free_float`` as served, ``total_float_days``,
        ``free_float_days``.

    Raises
    ------
    InvalidRequest
        There are tasks but no scheduling analyses, so nothing is known of float; or ``near`` is not a number.

    Examples
    --------
    >>> bn.reports.critical(s)["group"].cat.categories.tolist()
    ['negative float', 'critical', 'near-critical']
    """
    at_least_zero(near, "near must be a number of working days")
    tables = Tables.of(s, data_date, FLOAT_NEEDS)
    require_analyses(tables)
    tasks, working = tables.tasks, tables.working_time
    floats, notes = task_floats(tables, float_unit)
    frame = identity(tables)
    frame[["start", "finish"]] = current_dates(tasks)
    frame["percent_complete"] = percent_complete(tasks)
    frame["remaining_duration_hours"] = tasks["remaining_duration_hours"]
    frame["calendar"] = text(working.names(tasks["calendar_id"]))
    frame["hours_per_day"] = numbers(working.hours_per_day(tasks["calendar_id"]), tasks.index)
    frame["constraint_type"] = tasks["constraint_type"]

    days = floats["total_float_days"].to_numpy(dtype="float64", na_value=np.nan)
    flagged = np.asarray(floats["is_critical"].fillna(value=False), dtype=bool)
    # select() takes the first that holds: negative float is listed as such even where it is also flagged.
    group = np.select([days < 0, flagged, (days > 0) & (days <= near)], [0, 1, 2], default=-1)
    frame["group"] = category(group, GROUPS)
    frame = pd.concat([frame, floats], axis=1)

    listed = tables.open & (group >= 0)
    frame = frame[listed].sort_values(["group", "total_float_days", "start"], kind="stable", na_position="last")
    not_flagged = int((tables.open & (days <= 0) & ~flagged).sum())
    with_float = int((tables.open & flagged & (days > 0)).sum())
    other_method = "task(s) are flagged critical and have float: the method is not float 0."
    notes = [
        "Critical is as flagged by the service at its last reschedule.",
        f"Near-critical is 0 < float <= {near:g} working days.",
        f"{not_flagged:,} open task(s) have no float left and are not flagged critical." if not_flagged else "",
        f"{with_float:,} {other_method}" if with_float else "",
        *_unknown(tables.open, floats),
        *notes,
        *working.notes(tasks["calendar_id"][listed]),
    ]
    counts = {name: int((frame["group"] == name).sum()) for name in GROUPS}
    facts = {"near": near, "counts": counts, "open": int(tables.open.sum())}
    return as_report(frame.reset_index(drop=True), tables, "critical", filter(None, notes), facts)


def float_distribution(
    s: Source, *, float_unit: FloatUnit | None = "seconds", data_date: object = None
) -> pd.DataFrame:
    """Count open work tasks by total float, in working days of each task's own calendar.

    Float is not rounded before it is put into a bin. The edge at 44 days is that of DCMA's high float.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame; needs ``task_scheduling_analyses``.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        Seven rows, always: ``bin`` (``<0``, ``0``, ``(0,5]``, ``(5,10]``, ``(10,20]``, ``(20,44]``, ``>44``; a round
        bracket leaves its edge out), ``lower_days``, ``upper_days`` (NA where open), ``tasks``, ``share`` (percent of
        the tasks with a float), ``critical`` (of them flagged by the service). Key dates, hammocks, WBS rows and
        completed tasks are not counted.

    Raises
    ------
    InvalidRequest
        There are tasks but no scheduling analyses.

    Examples
    --------
    >>> bn.reports.float_distribution(s)["bin"].tolist()
    ['<0', '0', '(0,5]', '(5,10]', '(10,20]', '(20,44]', '>44']
    """
    tables = Tables.of(s, data_date, FLOAT_NEEDS)
    require_analyses(tables)
    floats, notes = task_floats(tables, float_unit)
    open_work = tables.work_tasks & tables.open
    bins = bin_floats(floats["total_float_days"])[open_work]
    flagged = floats["is_critical"][open_work].fillna(value=False).astype(bool)
    # All seven bins, also empty ones: charts and comparisons over time need the same rows.
    counts = bins.value_counts(sort=False).reindex(list(BINS)).to_numpy()
    total = int(counts.sum())
    frame = pd.DataFrame(
        {
            "bin": pd.Categorical(BINS, categories=list(BINS), ordered=True),
            "lower_days": pd.array([None, *EDGES[:1], *EDGES], dtype="Float64"),
            "upper_days": pd.array([*EDGES[:1], *EDGES, None], dtype="Float64"),
            "tasks": pd.array(counts, dtype="Int64"),
            "share": pd.array(100 * counts / total if total else [None] * len(BINS), dtype="Float64"),
            "critical": pd.array(bins[flagged].value_counts(sort=False).reindex(list(BINS)).to_numpy(), dtype="Int64"),
        }
    )
    notes = [
        f"{int(open_work.sum()):,} open work tasks; key dates, hammocks, WBS rows and completed tasks are not counted.",
        *_unknown(open_work, floats),
        *notes,
        *tables.working_time.notes(tables.tasks["calendar_id"][open_work]),
    ]
    facts = {"open": int(open_work.sum()), "with_float": total}
    return as_report(frame, tables, "float_distribution", notes, facts)


def require_analyses(tables: Tables) -> None:
    """Refuse to report on float where nothing is known of it, rather than show an empty list that reads as "none"."""
    if len(tables.tasks) and (reason := tables.why_missing("task_scheduling_analyses")):
        served = tables.get("task_scheduling_analyses") is not None
        raise InvalidRequest(
            f"Float and criticality are unknown. {reason}",
            hint="They are computed when the schedule is rescheduled in SYNCHRO."
            if served
            else 'Give them beside the tasks: {"tasks": frame, "task_scheduling_analyses": frame}.',
            where=tables.schedule_name or tables.schedule_id,
        )


def _unknown(counted: Flags, floats: pd.DataFrame) -> list[str]:
    raw_missing = np.asarray(floats["downstream_total_float"].isna(), dtype=bool)
    missing = int((counted & raw_missing).sum())
    return [f"{missing:,} of them have no float; they are in no group."] if missing else []
