"""The milestone table: every key date with its baseline, its previous and its current date."""

from __future__ import annotations

import pandas as pd

from bentley_nb.reports.basis.about import LATE_IS_POSITIVE, as_report, day_words
from bentley_nb.reports.basis.baseline import find_baseline
from bentley_nb.reports.basis.identity import calendar_days, identity, working_days
from bentley_nb.reports.basis.matching import match_tasks
from bentley_nb.reports.basis.nullable import flags, no_instants
from bentley_nb.reports.basis.state import Forecast, current_dates, is_complete, span
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats


def milestones(
    s: Source,
    *,
    previous: Source | None = None,
    baseline: str | None = None,
    forecast: Forecast | None = None,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> pd.DataFrame:
    """List all start and finish key dates with baseline, previous and current date, variance, float and state.

    Key dates are the milestones of SYNCHRO; current dates are its "best dates": the actual ones, else the planned ones.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame.
    previous
        An earlier snapshot of the same schedule, to show what moved since.
    baseline
        Id or name; the latest by default. Without any the baseline columns are empty, and the notes say so.
    forecast
        "estimated" or "expected" puts that finish before the planned one.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        By date: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``date`` (a key date has one:
        its start or its finish), ``is_actual``, ``baseline_date``, ``baseline_variance_days`` and
        ``baseline_variance_working_days`` (date less baseline), ``previous_date``, ``slip_days`` (date less previous),
        ``is_critical``, ``total_float_days``. Positive is late.

    Raises
    ------
    InvalidRequest
        There is no baseline of that name.

    Examples
    --------
    >>> table = bn.reports.milestones(s)
    >>> set(table["type"]) <= {"StartKeyDate", "FinishKeyDate"}
    True
    """
    tables = Tables.of(s, data_date, (*FLOAT_NEEDS, "baselines"))
    tasks = tables.tasks
    found, notes = find_baseline(tables, baseline) if len(tasks) else (None, [])
    nothing = no_instants(tasks.index)

    frame = identity(tables)
    frame["date"] = span(current_dates(tasks, forecast))["start"]
    frame["is_actual"] = flags(is_complete(tasks), tasks.index)
    frame["baseline_date"] = nothing if found is None else span(found.dates[["start", "finish"]])["start"]
    frame["baseline_variance_days"] = calendar_days(frame["baseline_date"], frame["date"])
    frame["baseline_variance_working_days"] = working_days(tables, frame["baseline_date"], frame["date"])
    frame["previous_date"] = nothing
    if previous is not None:
        earlier = Tables.of(previous, needs=FLOAT_NEEDS)
        match = match_tasks(earlier, tables)
        dates = span(current_dates(earlier.tasks, forecast))["start"]
        frame["previous_date"] = dates.reindex(match.before_of).set_axis(tasks.index)  # -1 is no position: NaT
        notes += [*match.notes, f"Previous: data date {day_words(earlier.data_date)}."]
    frame["slip_days"] = calendar_days(frame["previous_date"], frame["date"])
    floats, float_notes = task_floats(tables, float_unit)
    frame[["is_critical", "total_float_days"]] = floats[["is_critical", "total_float_days"]]

    frame = frame[tables.milestones].sort_values(["date", "user_defined_id"], kind="stable", na_position="last")
    undated = int(frame["date"].isna().sum())
    said = [LATE_IS_POSITIVE, *notes, f"{undated:,} key date(s) have no date." if undated else "", *float_notes]
    facts = {"count": len(frame), "actual": int(frame["is_actual"].sum())}
    return as_report(frame.reset_index(drop=True), tables, "milestones", filter(None, said), facts)
