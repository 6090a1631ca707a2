"""The look-ahead: what is worked on in the next weeks, counted from the data date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.frames.keys import positions
from bentley_nb.frames.wide import add_codes, asked_for
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.calendars import WEEKDAYS
from bentley_nb.reports.basis.dates import midnights
from bentley_nb.reports.basis.grouping import status_names
from bentley_nb.reports.basis.identity import chosen_zone, identity, read_zone, whole_number, zone_notes
from bentley_nb.reports.basis.nullable import integers, looked_up, text
from bentley_nb.reports.basis.state import (
    Forecast,
    contradictions,
    current_dates,
    is_complete,
    is_started,
    percent_complete,
    span,
)
from bentley_nb.reports.basis.tables import Instant, Source, Tables
from bentley_nb.reports.open_ends import drives, link_ends
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats

_LONGEST = 5_000  # weeks, a century: more is a typing error, and dates come to an end

NEEDS = (*FLOAT_NEEDS, "task_links", "resource_assignments", "resources", "task_statuses")
CODES = ("codes", "code_values", "task_code_value_assignments")
"""Tables in which the codes of a task are found."""


def look_ahead(
    s: Source,
    weeks: int = 3,
    *,
    week_start: str | None = None,
    forecast: Forecast | None = None,
    float_unit: FloatUnit | None = "seconds",
    zone: str | None = None,
    codes: bool | str | Sequence[str] = False,
    data_date: object = None,
) -> pd.DataFrame:
    """List the work and key dates that are open and fall into the next weeks from the data date.

    A task is in when it is not complete and its dates overlap the window, so work begun earlier stays in: current start
    < window's end and current finish >= data date, where current dates are SYNCHRO's "best dates": the actual ones,
    else the planned ones. The Last Planner System looks three to six weeks ahead (six because constraints take four to
    five weeks to clear).

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame.
    weeks
        Length of the window.
    week_start
        Weekday on which weeks begin, such as "monday": the first week is then the one the data date lies in, and the
        window ends with the last one. None counts weeks from the data date itself.
    forecast
        "estimated" or "expected" puts that finish before the planned one.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    zone
        IANA zone in which a week begins at midnight, by default that of ``bentley_nb.options.display_zone``; only used
        with ``week_start``.
    codes
        True for one column per code, or the names of codes, as in ``Schedule.tasks``; ``"Trade [description]"`` shows
        the descriptions of its values. Of frames given by name it needs ``codes``, ``code_values`` and
        ``task_code_value_assignments``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        Sorted by start: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``status`` (the name
        the project gave it, of frames without ``task_statuses`` the service's word), ``start``, ``finish`` (UTC; a key
        date has one of them), ``percent_complete``, ``remaining_duration_hours`` (working time), ``week``
        (first week of the window with work on it, from 1), ``week_starting``, ``is_critical``, ``total_float_days``,
        ``open_predecessors`` (linked tasks whose part of the logic has not happened: not finished for finish-to-,
        not started for start-to- links; NA without links) and ``resources`` (names); then one column per code.

    Raises
    ------
    InvalidRequest
        The schedule has no data date, or an option is not understood, or there is no code of that name.

    Examples
    --------
    >>> ahead = bn.reports.look_ahead(s, weeks=6)
    >>> bool((ahead["state"] != "complete").all())
    True
    """
    weeks = whole_number(weeks, "weeks", 1, _LONGEST)
    zone = chosen_zone(zone)
    wanted = asked_for(codes, "codes")
    tables = Tables.of(s, data_date, (*NEEDS, *CODES) if wanted else NEEDS)
    now = tables.require_data_date()
    edges = _week_edges(now, weeks, week_start, zone)
    tasks = tables.tasks
    dates = current_dates(tasks, forecast)
    filled = span(dates)

    inside = tables.open & np.asarray((filled["start"] < edges[-1]) & (filled["finish"] >= now), dtype=bool)

    frame = identity(tables)
    frame["status"] = status_names(tables)
    frame[["start", "finish"]] = dates
    frame["percent_complete"] = percent_complete(tasks)
    frame["remaining_duration_hours"] = tasks["remaining_duration_hours"]
    first = np.searchsorted(edges.asi8, pd.DatetimeIndex(filled["start"]).as_unit("us").asi8, side="right")
    first = np.clip(first, 1, weeks)
    frame["week"] = integers(first)
    frame["week_starting"] = edges[first - 1]
    floats, notes = task_floats(tables, float_unit)
    frame[["is_critical", "total_float_days"]] = floats[["is_critical", "total_float_days"]]
    frame["open_predecessors"], predecessor_notes = _open_predecessors(tables)
    frame = frame[inside]
    frame["resources"], resource_notes = _resource_names(tables, frame["id"])
    frame = frame.sort_values(["start", "finish", "user_defined_id"], kind="stable", na_position="last")
    frame, code_notes = with_codes(tables, frame.reset_index(drop=True), wanted)

    undated = int((tables.open & np.asarray(filled["start"].isna(), dtype=bool)).sum())
    past = int((tables.open & np.asarray(filled["finish"] < now, dtype=bool)).sum())
    window = (
        "" if pd.isna(now) else f"Window: {edges[0]:%Y-%m-%d %H:%M} to {edges[-1]:%Y-%m-%d %H:%M} UTC, {weeks} week(s)."
    )
    coming = filled["start"][tables.open & np.asarray(filled["start"] >= edges[-1], dtype=bool)]
    said = [
        window,
        f"No open task falls into the window; the next one starts {coming.min():%Y-%m-%d}."
        if frame.empty and len(coming)
        else "",
        f"{past:,} open task(s) are entirely before the data date and are not in the window; see late()."
        if past
        else "",
        f"{undated:,} open task(s) have no date." if undated else "",
        *predecessor_notes,
        *resource_notes,
        *code_notes,
        *zone_notes(tables, zone),
        *contradictions(tasks[tables.activities]),
        *notes,
    ]
    facts = {
        "window_start": edges[0],
        "window_finish": edges[-1],
        "weeks": weeks,
        "before_data_date": past,
        "undated": undated,
    }
    return as_report(frame, tables, "look_ahead", filter(None, said), facts)


def with_codes(tables: Tables, frame: pd.DataFrame, wanted: bool | list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return tasks with a column per code; where all are asked for and none are available, a note says so."""
    if not wanted:
        return frame, []
    if wanted is True and (reason := next(filter(None, (tables.why_missing(name) for name in CODES)), "")):
        return frame, [f"Codes are unknown. {reason}"]
    known, values, assigned = (tables.require(name) for name in CODES)
    return add_codes(frame, "task", known, values, assigned, wanted), []


def _week_edges(now: Instant, weeks: int, week_start: str | None, zone: str) -> pd.DatetimeIndex:
    """Return the beginnings of the weeks and the end of the last, UTC."""
    local_zone = read_zone(zone)
    if pd.isna(now):
        return pd.DatetimeIndex([pd.NaT] * (weeks + 1)).tz_localize("UTC").as_unit("us")
    if week_start is None:
        return _every_week(now.tz_localize(None), weeks).tz_localize("UTC")
    weekday = str(week_start).strip().lower()
    if weekday not in WEEKDAYS:
        raise InvalidRequest(f"There is no weekday {week_start!r}.", hint=nearest(weekday, WEEKDAYS))
    today = now.tz_convert(local_zone).tz_localize(None).normalize()
    first = today - pd.Timedelta(days=(today.weekday() - WEEKDAYS.index(weekday)) % 7)
    return midnights(_every_week(first, weeks), local_zone)


def _every_week(first: pd.Timestamp, weeks: int) -> pd.DatetimeIndex:
    """Return the date, and the same time of each week after it."""
    return pd.DatetimeIndex(first.as_unit("us").to_datetime64() + np.arange(weeks + 1) * np.timedelta64(7, "D"))


def _open_predecessors(tables: Tables) -> tuple[pd.Series[Any], list[str]]:
    """Count for each task the predecessors whose part of the logic has not happened yet."""
    tasks = tables.tasks
    if tables.get("task_links") is None:
        unknown = integers([None] * len(tasks), tasks.index)
        return unknown, [f"Open predecessors are unknown. {tables.why_missing('task_links')}"]
    links, _ = link_ends(tables)
    links = links[drives(tables, links)]
    before, after = links["before"].to_numpy(), links["after"].to_numpy()
    from_start = np.asarray(links["type"].isin(["StartToStart", "StartToFinish"]), dtype=bool)
    waiting = ~np.where(from_start, is_started(tasks)[before], is_complete(tasks)[before])
    # Two links between a pair are one predecessor.
    pairs: Any = pd.unique(before[waiting] * len(tasks) + after[waiting])
    counts = np.bincount(pairs % max(len(tasks), 1), minlength=len(tasks))
    return integers(counts, tasks.index), []


def _resource_names(tables: Tables, ids: pd.Series[Any]) -> tuple[pd.Series[Any], list[str]]:
    """Return the names of the resources assigned to these tasks, joined by "; "."""
    nothing = text([None] * len(ids), ids.index)
    for name in ("resource_assignments", "resources"):
        if tables.get(name) is None:
            return nothing, [f"Resources are unknown. {tables.why_missing(name)}"]
    assignments, resources = tables.require("resource_assignments"), tables.require("resources")
    inside = positions(assignments["task_id"], ids) >= 0
    here = assignments.loc[inside, ["task_id", "resource_id"]].drop_duplicates()
    if here.empty:
        return nothing, []
    here["name"] = looked_up(here["resource_id"], resources["id"], resources["name"])
    here = here.dropna(subset=["name"]).sort_values("name", kind="stable")
    joined = here.groupby("task_id")["name"].agg("; ".join).astype(string_dtype()).reset_index()
    return looked_up(ids, joined["task_id"], joined["name"]), []
