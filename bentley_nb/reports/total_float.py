"""Total float of each task: the raw value of the service, and beside it working days under a named unit.

The unit is undocumented. Seconds of working time is what the other durations of the API suggest, so it is the default;
it is printed on every report, and ``float_unit=None`` leaves the raw values alone.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.keys import positions
from bentley_nb.frames.unset import LONGEST_HOURS
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.nullable import category, numbers, text
from bentley_nb.reports.basis.state import current_dates, is_complete
from bentley_nb.reports.basis.tables import Source, Tables, empty_table, once

FloatUnit = Literal["seconds", "hours", "days"]

FLOAT_NEEDS = ("tasks", "calendars", "task_scheduling_analyses")
"""Tables in which the float of a task is found."""

_SECONDS = {"seconds": 1, "hours": 3600}


def task_floats(tables: Tables, float_unit: FloatUnit | None = "seconds") -> tuple[pd.DataFrame, list[str]]:
    """Return the floats of ``tables.tasks``, row by row, and the notes that go with them.

    Parameters
    ----------
    tables
        Source with ``task_scheduling_analyses`` (and ``calendars`` for the working day).
    float_unit
        Unit of the raw values: "seconds" or "hours" of working time, working "days", or None for unknown.

    Returns
    -------
    pandas.DataFrame
        ``is_critical`` (boolean), ``downstream_total_float`` and ``downstream_free_float`` as served,
        ``total_float_days`` and ``free_float_days`` (Float64; days of the task's own calendar; NA where complete, not
        analysed or the unit is None).
    list of str
        What was assumed and what is missing.

    Raises
    ------
    InvalidRequest
        ``float_unit`` is none of these.
    """
    if float_unit not in (None, "seconds", "hours", "days"):
        raise InvalidRequest(
            f"There is no float unit {float_unit!r}.",
            hint=nearest(str(float_unit), ["seconds", "hours", "days", "None"]),
        )
    floats, notes = _floats(tables, float_unit)
    return floats.copy(deep=False), list(notes)


@once
def _floats(tables: Tables, float_unit: FloatUnit | None) -> tuple[pd.DataFrame, list[str]]:
    tasks = tables.tasks
    analyses = tables.get("task_scheduling_analyses")
    if analyses is None or analyses.empty:
        analyses = empty_table("task_scheduling_analyses")
        missing = [f"{tables.why_missing('task_scheduling_analyses')} Float and criticality are unknown."]
    else:
        missing = []
    columns = ["is_critical", "downstream_total_float", "downstream_free_float"]
    floats = analyses[columns].reindex(positions(tasks["id"], analyses["task_id"])).reset_index(drop=True)

    complete, beyond = is_complete(tasks), 0
    for kind in ("total", "free"):
        days = _days(tables, floats[f"downstream_{kind}_float"], float_unit).mask(complete)
        floats[f"{kind}_float_days"] = only_possible(days)
        beyond += int(days.count() - floats[f"{kind}_float_days"].count())
    if beyond:
        missing.append(f"{beyond:,} float(s) beyond 300 years are taken as missing.")
    return floats, [*missing, *(_unit_notes(floats, float_unit) if not analyses.empty else [])]


def only_possible(days: pd.Series[Any]) -> pd.Series[Any]:
    """Return floats in days, those beyond the calendar missing."""
    return days.mask(days.abs() > LONGEST_HOURS / 24)


def total_float(s: Source, *, float_unit: FloatUnit | None = "seconds", data_date: object = None) -> pd.DataFrame:
    """Return total and free float of every open activity, in working days of its own calendar.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame.
    float_unit
        Unit of the service's raw floats, which is undocumented: "seconds" (of working time, inferred), "hours",
        "days", or None to leave them raw.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per work task and key date that is not complete: ``id``, ``user_defined_id``, ``name``, ``type``,
        ``start``, ``finish``, ``calendar``, ``hours_per_day``, ``remaining_days`` (the remaining duration),
        ``is_critical``, ``downstream_total_float`` and ``downstream_free_float`` (raw), ``total_float_days``,
        ``free_float_days``, ``float_bin`` (ordered category, the bins of ``float_distribution``). WBS rows, hammocks
        and completed tasks have no float of their own.

    Examples
    --------
    >>> bn.reports.total_float(s).columns[-3:].tolist()
    ['total_float_days', 'free_float_days', 'float_bin']
    """
    tables = Tables.of(s, data_date, FLOAT_NEEDS)
    tasks = tables.tasks
    floats, notes = task_floats(tables, float_unit)
    working = tables.working_time
    frame = pd.concat([tasks[["id", "user_defined_id", "name", "type"]], current_dates(tasks)], axis=1)
    frame["calendar"] = text(working.names(tasks["calendar_id"]))
    frame["hours_per_day"] = numbers(working.hours_per_day(tasks["calendar_id"]))
    frame["remaining_days"] = remaining_days(tables)
    frame = pd.concat([frame, floats], axis=1)
    frame["float_bin"] = bin_floats(frame["total_float_days"])
    frame = frame[tables.open].reset_index(drop=True)
    notes += working.notes(tasks["calendar_id"][tables.open])
    return as_report(frame, tables, "total_float", notes)


def remaining_days(tables: Tables) -> pd.Series[Any]:
    """Return the remaining duration of ``tables.tasks`` in days of the task's own calendar."""
    tasks = tables.tasks
    return numbers(tables.working_time.days(tasks["remaining_duration_hours"], tasks["calendar_id"]), tasks.index)


BINS = ("<0", "0", "(0,5]", "(5,10]", "(10,20]", "(20,44]", ">44")
EDGES = (0.0, 5.0, 10.0, 20.0, 44.0)


def bin_floats(days: pd.Series[Any]) -> pd.Series[Any]:
    """Put float in days, unrounded, into the bins; NA has none."""
    values = days.to_numpy(dtype="float64", na_value=np.nan)
    # side="left": an edge belongs to the bin it closes; zero has a bin of its own.
    codes = np.searchsorted(EDGES, values, side="left") + 1
    codes = np.where(values < 0, 0, codes)
    codes = np.where(np.isnan(values), -1, codes)
    return category(codes, BINS, days.index)


def _days(tables: Tables, raw: pd.Series[Any], float_unit: FloatUnit | None) -> pd.Series[Any]:
    values = raw.to_numpy(dtype="float64", na_value=np.nan)
    if float_unit is None:
        values = np.full(len(values), np.nan)
    elif float_unit != "days":
        values = tables.working_time.days(values * _SECONDS[float_unit] / 3600, tables.tasks["calendar_id"])
    return numbers(values, raw.index)


def _unit_notes(floats: pd.DataFrame, float_unit: FloatUnit | None) -> list[str]:
    if float_unit is None:
        return ["Float is left raw: its unit is not documented and none was given (float_unit=)."]
    unit = "working days" if float_unit == "days" else f"{float_unit} of working time"
    inferred = " (inferred, the unit is not documented)" if float_unit == "seconds" else " (as given)"
    notes = [f"Float is taken as {unit}{inferred} and shown in days of the task's own calendar; the raw value is kept."]
    size = floats["downstream_total_float"].abs()
    size = size[size > 0]
    if float_unit == "seconds" and len(size) and float(size.median()) < 900:
        notes.append("Half of the floats would be shorter than a quarter of an hour: the unit may be wrong.")
    return notes
