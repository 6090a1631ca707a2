"""What a task counts for when tasks are added up: its duration, one, its quantity, or a number of the user's choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags, Floats, string_dtype
from bentley_nb.reports.basis.baseline import Baseline
from bentley_nb.reports.basis.nullable import looked_up
from bentley_nb.reports.basis.state import current_dates, is_complete, is_started, percent_complete, span
from bentley_nb.reports.basis.tables import Tables, empty_table

Weight: TypeAlias = "str | pd.Series[Any]"
Owner: TypeAlias = Literal["task", "resource"]

NAMED = ("duration", "count", "quantity")
"""Weights that need no data of the user's own."""


@dataclass(frozen=True)
class Weights:
    """Weight of each task.

    Attributes
    ----------
    per_task
        Aligned with ``Tables.tasks``; 0 where a task has none, and for what is not counted.
    counted
        Mask of what can count: work tasks, and of a budget (a number of the user's own) key dates and hammocks too.
    name, unit
        What was taken, and in what it is counted.
    done
        Share of each task that the weight itself tells to be done, 0 to 1: installed of planned quantity where the
        quantity has a unit. NaN elsewhere, where percent complete is used.
    notes
        Sentences: what was missing.
    """

    per_task: Floats
    counted: Flags
    name: str
    unit: str
    done: Floats
    notes: tuple[str, ...]


def task_weights(tables: Tables, weight: Weight, baseline: Baseline | None = None) -> Weights:
    """Return what each task counts for.

    Durations, counts and quantities are of work tasks. A budget (a user field, a column of the user's own, a Series) is
    also counted on key dates, which earn it all at their date, and on hammocks: level of effort earns as planned. WBS
    rows never count, as they would count twice; what a note says they hold is left out.

    Parameters
    ----------
    tables
        Source with ``tasks``; a user field also needs ``user_fields`` and ``task_user_field_values``.
    weight
        ``"duration"``: hours of working time, of the baseline where there is one, else planned; ``"count"``: each task
        is one; ``"quantity"``: planned physical quantity; or the name of a numeric column of the tasks, of a numeric
        user field of tasks, or a Series of numbers indexed by task id.
    baseline
        Whose durations count.

    Raises
    ------
    InvalidRequest
        No such weight, more than one user field of that name, or values that are negative or not numbers.

    Examples
    --------
    >>> from bentley_nb.reports.basis.tables import Tables
    >>> from bentley_nb.reports.basis.weights import task_weights
    >>> task_weights(Tables.of(s), "count").unit
    'tasks'
    """
    notes: list[str] = []
    done = np.full(len(tables.tasks), np.nan)
    if isinstance(weight, pd.Series):
        name, unit = str(weight.name or "weight"), "as given"
        values = numbers_by_task(tables, weight, "The Series of weights", notes)
    elif weight == "duration":
        name, unit = "duration", "hours of working time"
        values = _durations(tables, baseline, notes)
    elif weight == "count":
        name, unit = "count", "tasks"
        values = pd.Series(1.0, index=tables.tasks.index, dtype="Float64")
    elif weight == "quantity":
        name, values = "quantity", tables.tasks["physical_quantity"]
        unit = _quantity_unit(tables, values, notes)
        done = _installed(tables, values)
    elif isinstance(weight, str):
        name, unit = weight, f"as in {weight!r}"
        values = _from_column(tables, weight, notes)
    else:
        raise InvalidRequest(f"A weight cannot be a {type(weight).__name__}.", hint=weight_choices(tables))
    budget = isinstance(weight, pd.Series) or not (weight in NAMED or weight in empty_table("tasks"))
    # A budget may lie on key dates and hammocks; served durations of hammocks would count work twice.
    counted = tables.activities | tables.hammocks if budget else tables.work_tasks
    if (negative := int((values[counted] < 0).sum())) > 0:
        raise InvalidRequest(
            f"{negative:,} task(s) have a negative {name!r}, for example {float(values[counted].min()):g}.",
            hint="A weight must not be negative.",
        )
    work = values[tables.work_tasks]
    if missing := int(work.isna().sum()):
        notes.append(f"{missing:,} of {len(work):,} tasks have no {name} and count as 0.")
    numbers = values.to_numpy(dtype="float64", na_value=0.0)
    per_task = np.where(counted, numbers, 0.0)
    if budget or weight == "quantity":
        notes += _of_other_rows(tables, numbers, per_task, name)
    return Weights(per_task, np.asarray(counted, dtype=bool), name, unit, done, tuple(notes))


def _of_other_rows(tables: Tables, numbers: Floats, per_task: Floats, name: str) -> list[str]:
    """Return notes on the weight of WBS rows, key dates and hammocks, and whether it counts."""
    notes = []
    for rows, what, counting in (
        (tables.summaries, "WBS rows", ""),
        (tables.milestones, "key dates", "earned at their date"),
        (tables.hammocks, "hammocks", "earned as planned (level of effort)"),
    ):
        if amount := float(numbers[rows].sum()):
            how = counting if per_task[rows].any() else "left out"
            notes.append(f"{amount:,.2f} of {name!r} is on {what} and is {how}.")
    return notes


def share_done(tables: Tables, weights: Weights, baseline: Baseline | None = None) -> Floats:
    """Return the share of each task that is done, 0 to 1; NaN where unknown.

    In progress that is what its weight tells, else its percent complete; of a hammock the share of its span (in the
    baseline, else now) that is over at the data date.
    """
    tasks = tables.tasks
    percent = percent_complete(tasks).to_numpy(dtype="float64", na_value=np.nan) / 100
    share = np.where(_told_by_weight(tasks, weights), weights.done, percent)
    effort = tables.hammocks & (weights.per_task > 0)
    if effort.any():
        share[effort] = share_planned(tables, effort_span(tables, baseline))[effort]
    return np.asarray(share, dtype=np.float64)


def effort_span(tables: Tables, baseline: Baseline | None) -> pd.DataFrame:
    """Return the span over which level of effort earns: that of the baseline, else the current one."""
    now = span(current_dates(tables.tasks))
    if baseline is None:
        return now
    planned = span(baseline.dates)
    known = planned["start"].notna()
    return pd.DataFrame({side: planned[side].where(known, now[side]) for side in ("start", "finish")})


def share_planned(tables: Tables, dates: pd.DataFrame) -> Floats:
    """Return the share of each span's working time that is over at the data date, 0 to 1; NaN where unknown.

    A span without working time is over at its finish.
    """
    now, calendars = tables.data_date, tables.tasks["calendar_id"]
    if pd.isna(now):
        return np.full(len(dates), np.nan)
    over = np.asarray(dates["finish"] <= now, dtype=bool)
    until = pd.Series(now, index=dates.index, dtype="datetime64[us, UTC]").where(~over, dates["finish"])
    worked = tables.working_time.working_hours(dates["start"], until, calendars)
    whole = tables.working_time.working_hours(dates["start"], dates["finish"], calendars)
    # A span without working time is a point: earned once it has passed.
    share = np.divide(worked, whole, out=over.astype(np.float64), where=whole > 0)
    return np.where(dates["finish"].isna(), np.nan, np.clip(share, 0.0, 1.0))


def installed_notes(tasks: pd.DataFrame, weights: Weights, among: Flags) -> list[str]:
    """Return a note on how many of these tasks earn by installed quantity."""
    told = int((among & _told_by_weight(tasks, weights)).sum())
    return [f"{told:,} task(s) in progress earn by installed quantity, not by percent complete."] if told else []


def _told_by_weight(tasks: pd.DataFrame, weights: Weights) -> Flags:
    in_progress = is_started(tasks) & ~is_complete(tasks)
    return np.asarray(in_progress & ~np.isnan(weights.done), dtype=bool)


def weight_choices(tables: Tables) -> str:
    """Return what can be a weight in this schedule, as a sentence."""
    fields = _numeric_fields(tables)
    own = f" Numeric user fields: {', '.join(fields[:20])}." if fields else ""
    return f'Choose weight="duration", "count", "quantity", a numeric column or user field of tasks, or a Series.{own}'


def user_field_numbers(tables: Tables, name: str, notes: list[str], owner: Owner = "task") -> pd.Series[Any]:
    """Return the values of a numeric user field by the id of their owner (Float64).

    Parameters
    ----------
    tables
        Source with ``user_fields`` and ``task_user_field_values`` (or those of the owner).
    name
        Exact name of the field.
    notes
        Gets a sentence that names the owners whose value is not a number; these are left out.
    owner
        Whose field: "task" or "resource".

    Raises
    ------
    InvalidRequest
        There is no such field, there are two, or none of its values is a number.
    """
    fields = tables.require("user_fields")
    known = fields[fields["category"].astype(object) == owner.capitalize()]
    chosen = known[known["name"] == name]
    if chosen.empty:
        raise InvalidRequest(
            f"There is no user field {name!r} of {owner}s.", hint=nearest(name, known["name"].dropna())
        )
    if len(chosen) > 1:
        raise InvalidRequest(
            f"There are {len(chosen)} user fields {name!r} of {owner}s.",
            hint="Rename one, or give the numbers yourself.",
        )
    values = tables.require(f"{owner}_user_field_values")
    # A repeated row must not count twice.
    values = values[values["user_field_id"] == chosen["id"].iloc[0]].drop_duplicates(f"{owner}_id")
    owners = tables.require(f"{owner}s")
    names = looked_up(values[f"{owner}_id"], owners["id"], owners["name"]).fillna(values[f"{owner}_id"])
    found = _numbers(values["value"], f"The user field {name!r}", names, notes)
    return found.set_axis(values[f"{owner}_id"].to_numpy(dtype=object))


def numbers_by_task(tables: Tables, given: pd.Series[Any], what: str, notes: list[str]) -> pd.Series[Any]:
    """Return a user's Series, indexed by task id, aligned with ``tables.tasks`` (Float64).

    Raises
    ------
    InvalidRequest
        It names a task twice, or no task of the schedule, or its values are not numbers.
    """
    if not given.index.is_unique:
        raise InvalidRequest(f"{what} names a task more than once.", hint="Index the Series by task id.")
    ids = tables.tasks["id"].astype(object)
    found = ids.isin(given.index)
    if not found.any() and len(given):
        raise InvalidRequest(
            f"{what} matches no task of the schedule.",
            hint=f"Index the Series by task id, for example {ids.iloc[0] if len(ids) else 'none'!r}.",
        )
    if unused := len(given) - int(found.sum()):
        notes.append(f"{unused:,} value(s) of {what[0].lower()}{what[1:]} match no task here and are ignored.")
    index = pd.Series(given.index, index=given.index).astype(string_dtype())
    names = looked_up(index, tables.tasks["id"], tables.tasks["name"]).fillna(index)
    return _by_task(tables, _numbers(given, what, names, notes))


def _by_task(tables: Tables, values: pd.Series[Any]) -> pd.Series[Any]:
    """Return values by task id, aligned with ``tables.tasks``."""
    return values.reindex(tables.tasks["id"].to_numpy(dtype=object)).reset_index(drop=True)


def _from_column(tables: Tables, name: str, notes: list[str]) -> pd.Series[Any]:
    """Return the numeric column, else the user field, of that name."""
    tasks = tables.tasks
    if name in tasks:
        return _numbers(tasks[name], f"The column {name!r}", tasks["name"], notes)
    fields = tables.get("user_fields")
    known = [] if fields is None else list(fields["name"][fields["category"].astype(object) == "Task"].dropna())
    if name not in known:
        choices = [*NAMED, *_numeric_columns(tasks), *known]
        raise InvalidRequest(f"There is no weight {name!r}.", hint=nearest(name, choices))
    return _by_task(tables, user_field_numbers(tables, name, notes))


def _numbers(values: pd.Series[Any], what: str, names: pd.Series[Any], notes: list[str]) -> pd.Series[Any]:
    """Read numbers; what is not one is missing, and a note names whose value it is.

    Raises
    ------
    InvalidRequest
        There are values, and none of them is a number.
    """
    words = values.astype(object)
    # Exports write an empty text for "no value".
    filled = words.notna().to_numpy() & (words.astype(str).str.strip() != "").to_numpy()
    # to_numeric() reads True as 1, which no user means as a weight.
    flags = pd.api.types.is_bool_dtype(values.dtype)
    found = pd.to_numeric(words, errors="coerce").to_numpy(dtype="float64")
    wrong = filled & (~np.isfinite(found) | flags)
    if filled.any() and wrong[filled].all():
        raise InvalidRequest(f"{what} is not numeric, for example {words[wrong].iloc[0]!r}.")
    if wrong.any():
        examples = [f"{name!r} ({word!r})" for name, word in zip(names[wrong][:5], words[wrong][:5], strict=True)]
        more = ", ..." if wrong.sum() > len(examples) else ""
        notes.append(
            f"{what} is not a number for {int(wrong.sum()):,} of {len(values):,}, which are left out: "
            f"{', '.join(examples)}{more}."
        )
    return pd.Series(pd.array(np.where(np.isfinite(found), found, np.nan), dtype="Float64"), index=values.index)


def _durations(tables: Tables, baseline: Baseline | None, notes: list[str]) -> pd.Series[Any]:
    """Return the durations of the baseline, else the planned ones; one below nothing is none."""
    planned = tables.tasks["planned_duration_hours"]
    planned = planned.where(planned >= 0)
    if baseline is None:
        notes.append("Weight is the planned duration, as there is no baseline.")
        return planned
    known = baseline.dates["duration_hours"]
    known = known.where(known >= 0)
    # Those that are not in the baseline at all are left out by what asks for baseline durations, and counted there.
    absent = known.isna() & planned.notna() & tables.work_tasks & baseline.dates["in_baseline"]
    if absent.any():
        notes.append(f"{int(absent.sum()):,} task(s) without a baseline duration count their planned one.")
    return known.fillna(planned)


def _quantity_unit(tables: Tables, values: pd.Series[Any], notes: list[str]) -> str:
    """Name the unit; adding up cubic metres and tonnes means nothing, so several are pointed out."""
    units = tables.tasks["physical_quantity_unit"][tables.work_tasks & (values > 0).fillna(value=False)]
    names = sorted(units.astype(object).fillna("no unit").unique())
    if len(names) > 1:
        notes.append(
            f"Quantities of different units are added up ({', '.join(names)}): their sum has no meaning of its own."
        )
        return "mixed units"
    return names[0] if names else "unknown"


def _installed(tables: Tables, planned: pd.Series[Any]) -> Floats:
    """Return the share of the planned quantity that is installed; NaN where the quantity has no unit."""
    unit = tables.tasks["physical_quantity_unit"].astype(object)
    known = (unit.notna() & ~unit.isin(["Unknown", ""]) & (planned > 0).fillna(value=False)).to_numpy(dtype=bool)
    installed = tables.tasks["actual_physical_quantity"].to_numpy(dtype="float64", na_value=np.nan)
    whole = planned.to_numpy(dtype="float64", na_value=np.nan)
    known &= ~tables.recorded_later  # what is installed is only known as of the later date
    share = np.divide(installed, whole, out=np.full(len(whole), np.nan), where=known)
    return np.asarray(np.clip(share, 0.0, 1.0), dtype=np.float64)


def _numeric_columns(tasks: pd.DataFrame) -> Sequence[str]:
    return [str(name) for name, dtype in tasks.dtypes.items() if str(dtype) in {"Float64", "Int64", "float64", "int64"}]


def _numeric_fields(tables: Tables) -> list[str]:
    fields = tables.get("user_fields")
    if fields is None:
        return []
    numeric = fields["category"].astype(object).eq("Task") & fields["type"].astype(object).isin(["Float", "Integer"])
    return sorted(fields["name"][numeric].dropna())
