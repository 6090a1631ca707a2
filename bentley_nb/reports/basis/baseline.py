"""Baseline dates of the tasks: which baseline, and where its columns are, since their names are not documented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.keys import positions
from bentley_nb.frames.unset import LONGEST_HOURS, only_set
from bentley_nb.reports.basis.dates import as_instants
from bentley_nb.reports.basis.nullable import floats, no_instants, numbers
from bentley_nb.reports.basis.state import one_date_per_key_date
from bentley_nb.reports.basis.tables import Instant, Tables, once

# The service documents that a baseline task "records the start and duration of a task", not under which names.
_NAMES = {
    "task_id": ("task_id", "id"),
    "start": ("planned_start", "start", "start_date", "baseline_start"),
    "finish": ("planned_finish", "finish", "finish_date", "end_date", "baseline_finish"),
    "duration_hours": ("planned_duration_hours", "duration_hours", "baseline_duration_hours"),
    "duration_seconds": ("planned_duration", "duration", "baseline_duration"),
}
_NO_DATES = "The baseline tasks have no task id or no dates under a known name."


@dataclass(frozen=True)
class Baseline:
    """One baseline, joined to the tasks.

    Attributes
    ----------
    id, name
        As served; the name is None where only baseline tasks were given.
    created_on
        When it was made, NaT where unknown.
    dates
        Aligned with ``Tables.tasks``: ``start``, ``finish`` (UTC), ``duration_hours`` (Float64), ``in_baseline``
        (bool). Key dates have one date.
    notes
        Sentences: which baseline, how its dates were found, how many tasks it lacks, and how many of its own are gone
        from the schedule.
    """

    id: str | None
    name: str | None
    created_on: Instant
    dates: pd.DataFrame
    notes: tuple[str, ...]


@once
def why_no_baseline(tables: Tables) -> str:
    """Return why there is no baseline to compare with; empty text where there is one."""
    chosen, rows = _latest(tables)
    if chosen is not None:
        return "" if _has_dates(rows) else f"{_NO_DATES} {_how_to_name_them(rows)}"
    for name in ("baselines", "baseline_tasks"):
        if reason := tables.why_missing(name):
            return reason
    return "Its baselines have no tasks."


def require_baseline(tables: Tables, baseline: str | None = None) -> Baseline:
    """Return the baseline of that id or name, by default the latest.

    Parameters
    ----------
    tables
        Source with ``baseline_tasks`` (and ``baselines``).
    baseline
        Id or exact name; None for the one created last that has tasks.

    Raises
    ------
    InvalidRequest
        There is no baseline, none of that name, or its tasks have no dates under any name known.
    """
    if baseline is not None and not isinstance(baseline, str):
        raise InvalidRequest(f"A baseline is named by its id or name, not by a {type(baseline).__name__}.")
    return _required(tables, baseline)


@once
def _required(tables: Tables, baseline: str | None) -> Baseline:
    listed = _listed(tables)
    if baseline is None or not listed:
        chosen, rows = _latest(tables)
        if chosen is None:
            raise InvalidRequest(
                f"There is no baseline to compare with. {why_no_baseline(tables)}",
                hint="Planned dates are not a baseline. With two kept snapshots, use slippage(before, after).",
                where=tables.schedule_name or tables.schedule_id,
            )
        return _join(tables, rows, chosen, _title(chosen, listed))
    chosen = next((each for each in reversed(listed) if baseline in (each.id, each.name)), None)
    if chosen is None:
        names = [str(each.name or each.id) for each in listed]
        raise InvalidRequest(f"There is no baseline {baseline!r}.", hint=nearest(str(baseline), names))
    rows = _rows(tables, chosen)
    if rows.empty:
        raise InvalidRequest(f"Baseline {chosen.name or chosen.id!r} has no tasks.")
    found = _join(tables, rows, chosen, _title(chosen, [chosen]))
    same = sum(baseline == each.name for each in listed)
    if same > 1 and baseline != chosen.id:
        twins = f"{same} baselines are named {baseline!r}; this is the one created last. To use another, pass its id."
        return replace(found, notes=(*found.notes, twins))
    return found


def find_baseline(tables: Tables, baseline: str | None = None) -> tuple[Baseline | None, list[str]]:
    """Return the baseline for reports that can do without one, and the notes to print.

    A baseline asked for by name must exist; None means the latest, if any.
    """
    if baseline is None and (reason := why_no_baseline(tables)):
        return None, [f"No baseline: {reason} Planned dates are not a baseline and are not used as one."]
    found = require_baseline(tables, baseline)
    return found, list(found.notes)


@dataclass(frozen=True)
class _Listed:
    """A baseline as the service lists it."""

    id: str | None
    name: str | None
    created_on: Instant


def _listed(tables: Tables) -> list[_Listed]:
    """Return the baselines, the latest last; those without a date come first, in the order served."""
    frame = tables.get("baselines")
    if frame is None or frame.empty:
        tasks = tables.get("baseline_tasks")
        ids = [] if tasks is None else [str(each) for each in tasks["baseline_id"].dropna().unique()]
        return [_Listed(each, None, pd.NaT) for each in ids]
    # Stable: of baselines created at the same instant the order served decides, on every machine.
    frame = frame.sort_values("created_on", kind="stable", na_position="first")
    return [
        _Listed(str(row["id"]), None if pd.isna(row["name"]) else str(row["name"]), row["created_on"])
        for row in frame[["id", "name", "created_on"]].to_dict("records")
    ]


def _latest(tables: Tables) -> tuple[_Listed | None, pd.DataFrame]:
    """Return the last baseline with tasks, and these. One that was made and left empty is passed over."""
    unlisted = _Listed(None, None, pd.NaT)
    for each in reversed(_listed(tables) or [unlisted]):
        rows = _rows(tables, each)
        if len(rows):
            return each, rows
    return None, pd.DataFrame()


def _rows(tables: Tables, listed: _Listed) -> pd.DataFrame:
    rows = tables.get("baseline_tasks", listed.id)
    if rows is None:
        return pd.DataFrame()
    # Read for one baseline, or by a user for the only one there is, the rows need not name it.
    own = np.asarray((rows["baseline_id"] == listed.id).fillna(value=True), dtype=bool)
    return rows if listed.id is None or own.all() else rows[own]


def _join(tables: Tables, rows: pd.DataFrame, chosen: _Listed, title: str) -> Baseline:
    tasks = tables.tasks
    if not _has_dates(rows):
        raise InvalidRequest(_NO_DATES, hint=_how_to_name_them(rows))
    task_id = _column(rows, "task_id")
    start, finish = _column(rows, "start"), _column(rows, "finish")
    hours, seconds = _column(rows, "duration_hours"), _column(rows, "duration_seconds")
    rows = rows[list({task_id, start, finish, hours, seconds} - {None})]
    rows = rows[rows[task_id].notna()].drop_duplicates(task_id).reset_index(drop=True)
    place = positions(tasks["id"], rows[task_id])
    in_baseline = place >= 0
    gone = len(rows) - int(in_baseline.sum())
    rows = rows.reindex(place)  # -1 is no row: missing

    dates = pd.DataFrame(index=tasks.index)
    notes = [title]
    dates["start"] = _instants(rows, start, tasks.index, notes)
    dates["finish"] = _instants(rows, finish, tasks.index, notes)
    duration = numbers([np.nan] * len(tasks), tasks.index)
    if hours is not None:
        duration = _numbers(rows, hours, tasks.index, notes)
    elif seconds is not None:
        duration = _numbers(rows, seconds, tasks.index, notes) / 3600
    odd = (duration < 0) | (duration > LONGEST_HOURS)
    if odd.any():
        notes.append(f"{int(odd.sum()):,} baseline duration(s) are below 0 or above 300 years, taken as missing.")
        duration = duration.mask(odd)

    working, calendars = tables.working_time, tasks["calendar_id"]
    # A key date has a single date; adding a duration to it would invent a second.
    key_date = tasks["type"].isin(["StartKeyDate", "FinishKeyDate"])
    unfinished = dates["finish"].isna() & dates["start"].notna() & duration.notna() & ~key_date
    if unfinished.any():
        reached = pd.Series(working.add_working_hours(dates["start"], duration, calendars), index=tasks.index)
        dates["finish"] = dates["finish"].where(~unfinished, reached)
        notes.append(f"{int(unfinished.sum()):,} baseline finish(es) are start + duration on the task's calendar.")
    unknown = duration.isna() & dates["start"].notna() & dates["finish"].notna()
    if unknown.any():
        worked = working.working_hours(dates["start"], dates["finish"], calendars)
        duration = duration.where(~unknown, numbers(worked, tasks.index))

    dates[["start", "finish"]] = one_date_per_key_date(tasks, dates["start"], dates["finish"])
    dates["duration_hours"] = duration
    dates["in_baseline"] = in_baseline
    absent = int((~in_baseline & tables.activities).sum())
    if absent:
        notes.append(
            f"{absent:,} of {int(tables.activities.sum()):,} tasks are not in the baseline; their variance is unknown."
        )
    if gone and tables.complete:
        notes.append(
            f"{gone:,} task(s) of the baseline are no longer in the schedule and are not counted, which flatters SPI, "
            "BEI and missed tasks."
        )
    elif gone:
        notes.append(f"{gone:,} task(s) of the baseline are not among the tasks given and are not counted.")
    return Baseline(chosen.id, chosen.name, chosen.created_on, dates, tuple(notes))


def _title(chosen: _Listed, among: Sequence[_Listed]) -> str:
    name = chosen.name or chosen.id or "the one given"
    created = "" if pd.isna(chosen.created_on) else f", created {chosen.created_on:%Y-%m-%d}"
    if len(among) < 2:
        return f"Baseline: {name}{created}."
    how = "the last in the list, as none has a date" if pd.isna(chosen.created_on) else "the latest"
    return f"Baseline: {name}{created}; {how} of {len(among)}."


def _has_dates(rows: pd.DataFrame) -> bool:
    return bool(_column(rows, "task_id") and (_column(rows, "start") or _column(rows, "finish")))


def _how_to_name_them(rows: pd.DataFrame) -> str:
    return (
        f"Columns served: {', '.join(map(str, rows.columns))}. "
        "Rename them to task_id, planned_start, planned_finish and pass the frames as a mapping."
    )


def _column(rows: pd.DataFrame, what: str) -> str | None:
    return next((name for name in _NAMES[what] if name in rows and rows[name].notna().any()), None)


def _instants(rows: pd.DataFrame, column: str | None, index: pd.Index, notes: list[str]) -> pd.Series[Any]:
    if column is None:
        return no_instants(index)
    try:
        instants = as_instants(rows[column])  # members the catalog does not declare come as text
    except (ValueError, TypeError) as error:
        raise InvalidRequest(
            f"The baseline's column {column!r} does not hold dates: {str(error).split('. ', 1)[0].rstrip('.')}.",
            hint="Write dates as 2024-05-31 or 2024-05-31T08:00Z.",
        ) from None
    known = only_set(instants)
    if unset := int((known.isna() & instants.notna()).sum()):
        notes.append(f"{unset:,} baseline date(s) in {column!r} lie before 1900 or after 2199, taken as missing.")
    return known.set_axis(index)


def _numbers(rows: pd.DataFrame, column: str, index: pd.Index, notes: list[str]) -> pd.Series[Any]:
    given = rows[column]
    found = floats(pd.to_numeric(given.astype(object), errors="coerce"))
    unreadable = int((np.isnan(found) & given.notna().to_numpy(dtype=bool)).sum())
    if unreadable:
        notes.append(f"{unreadable:,} baseline duration(s) are not numbers and are taken as missing.")
    return numbers(found, index)
