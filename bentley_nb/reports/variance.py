"""Current dates against a baseline, task by task."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bentley_nb.reports.basis.about import LATE_IS_POSITIVE, as_report
from bentley_nb.reports.basis.baseline import Baseline, require_baseline
from bentley_nb.reports.basis.identity import calendar_days, identity, working_days
from bentley_nb.reports.basis.nullable import category, no_instants, numbers
from bentley_nb.reports.basis.state import Forecast, current_dates
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats

STATUS = ("in baseline", "not in baseline")


def variance(
    s: Source,
    baseline: str | None = None,
    *,
    forecast: Forecast | None = None,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> pd.DataFrame:
    """Compare the current dates of every task and key date with a baseline.

    Start variance = current start - baseline start, finish variance = current finish - baseline finish, where current
    is actual, else planned (SYNCHRO's "best dates"). GAO's caution applies: a variance is not yet a delay of the
    project; look at the float.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``baseline_tasks``.
    baseline
        Id or name; the latest by default.
    forecast
        "estimated" or "expected" puts that finish before the planned one.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per work task and key date, latest finish first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``,
        ``type``, ``state``, ``start``, ``finish``, ``baseline_start``, ``baseline_finish``, ``start_variance_days``
        (calendar days) and ``start_variance_working_days`` (of the task's calendar), the same for ``finish``,
        ``duration_hours`` (working time between the current dates), ``baseline_duration_hours``,
        ``duration_variance_hours``, ``is_critical``, ``total_float_days``, ``status`` ("in baseline" or
        "not in baseline"). Positive is late or longer.

    Raises
    ------
    InvalidRequest
        The schedule has tasks but no baseline (its planned dates are not one), or none of that name.

    Examples
    --------
    >>> table = bn.reports.variance(s)
    >>> set(table["status"]) <= {"in baseline", "not in baseline"}
    True
    """
    tables = Tables.of(s, data_date, (*FLOAT_NEEDS, "baselines"))
    tasks = tables.tasks
    found = require_baseline(tables, baseline) if len(tasks) else _no_baseline(tasks.index)
    dates = current_dates(tasks, forecast)
    frame = identity(tables)
    frame[["start", "finish"]] = dates
    frame["baseline_start"], frame["baseline_finish"] = found.dates["start"], found.dates["finish"]
    for side in ("start", "finish"):
        frame[f"{side}_variance_days"] = calendar_days(frame[f"baseline_{side}"], dates[side])
        frame[f"{side}_variance_working_days"] = working_days(tables, frame[f"baseline_{side}"], dates[side])
    worked = tables.working_time.working_hours(dates["start"], dates["finish"], tasks["calendar_id"])
    frame["duration_hours"] = numbers(worked, tasks.index).mask(tables.milestones, 0.0)
    frame["baseline_duration_hours"] = found.dates["duration_hours"].mask(
        tables.milestones & found.dates["in_baseline"].astype(bool), 0.0
    )
    frame["duration_variance_hours"] = frame["duration_hours"] - frame["baseline_duration_hours"]
    floats, float_notes = task_floats(tables, float_unit)
    frame[["is_critical", "total_float_days"]] = floats[["is_critical", "total_float_days"]]
    in_baseline = np.asarray(found.dates["in_baseline"], dtype=bool)
    frame["status"] = category(np.where(in_baseline, 0, 1), STATUS)

    frame = frame[tables.activities].sort_values(
        "finish_variance_days", ascending=False, kind="stable", na_position="last"
    )
    moved = frame["finish_variance_days"].fillna(frame["start_variance_days"])
    counts = {
        "late": int((moved > 0).sum()),
        "early": int((moved < 0).sum()),
        "unchanged": int((moved == 0).sum()),
        "unknown": int(moved.isna().sum()),
    }
    notes = [
        LATE_IS_POSITIVE,
        *found.notes,
        "Variance is not delay: a task may be late within its float.",
        "The baseline has no links, so it does not show changed logic; use slippage(before, after).",
        *tables.working_time.notes(tasks["calendar_id"][tables.activities]),
        *float_notes,
    ]
    facts = {"baseline": {"id": found.id, "name": found.name, "created_on": found.created_on}, "counts": counts}
    return as_report(frame.reset_index(drop=True), tables, "variance", notes, facts)


def _no_baseline(index: pd.Index) -> Baseline:
    """Return an empty baseline for a schedule without tasks."""
    nothing, hours = no_instants(index), numbers([np.nan] * len(index), index)
    dates = pd.DataFrame(
        {"start": nothing, "finish": nothing, "duration_hours": hours, "in_baseline": False}, index=index
    )
    return Baseline(None, None, pd.NaT, dates, ())
