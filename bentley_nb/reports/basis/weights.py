"""What a task counts for when tasks are added up: its duration, one, its quantity, or a number of the user's choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags, Floats
from bentley_nb.reports.basis.baseline import Baseline
from bentley_nb.reports.basis.state import is_complete, is_started, percent_complete
from bentley_nb.reports.basis.tables import Tables

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
        Aligned with ``Tables.tasks``; 0 where a task has none, and for WBS rows, hammocks and key dates.
    name, unit
        What was taken, and in what it is counted.
    done
        Share of each task that the weight itself tells to be done, 0 to 1: installed of planned quantity where the
        quantity has a unit. NaN elsewhere, where percent complete has to answer.
    notes
        Sentences: what was missing.
    """

    per_task: Floats
    name: str
    unit: str
    done: Floats
    notes: tuple[str, ...]


def task_weights(tables: Tables, weight: Weight, baseline: Baseline | None = None) -> Weights:
    """Return what each work task counts for.

    WBS rows, hammocks and key dates count nothing, whatever the weight: the first would count twice, the others do no
    work.

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
        No such weight, more than one user field of that name, or values that are no numbers or negative.

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
        values = _from_series(tables, weight, notes)
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
        values = _from_column(tables, weight)
    else:
        raise InvalidRequest(f"A weight cannot be a {type(weight).__name__}.", hint=weight_choices(tables))
    counted = values[tables.work_tasks]
    if (negative := int((counted < 0).sum())) > 0:
        raise InvalidRequest(
            f"{negative:,} task(s) have a negative {name!r}, for example {float(counted.min()):g}.",
            hint="A weight is not negative.",
        )
    if missing := int(counted.isna().sum()):
        notes.append(f"{missing:,} of {len(counted):,} tasks have no {name} and count nothing.")
    numbers = values.to_numpy(dtype="float64", na_value=0.0)
    return Weights(np.where(tables.work_tasks, numbers, 0.0), name, unit, done, tuple(notes))


def share_done(tasks: pd.DataFrame, weights: Weights) -> Floats:
    """Return the share of each task that is done, 0 to 1: in progress what its weight tells, else its percent complete.

    NaN where neither is known.
    """
    percent = percent_complete(tasks).to_numpy(dtype="float64", na_value=np.nan) / 100
    return np.where(_told_by_weight(tasks, weights), weights.done, percent)


def installed_notes(tasks: pd.DataFrame, weights: Weights, among: Flags) -> list[str]:
    """Say how many of these tasks earn by what is installed."""
    told = int((among & _told_by_weight(tasks, weights)).sum())
    return [f"{told:,} task(s) in progress earn by installed quantity, not by percent complete."] if told else []


def _told_by_weight(tasks: pd.DataFrame, weights: Weights) -> Flags:
    in_progress = is_started(tasks) & ~is_complete(tasks)
    return np.asarray(in_progress & ~np.isnan(weights.done), dtype=bool)


def weight_choices(tables: Tables) -> str:
    """Say what can be a weight in this schedule."""
    fields = _numeric_fields(tables)
    own = f" Numeric user fields: {', '.join(fields[:20])}." if fields else ""
    return f'Choose weight="duration", "count", "quantity", a numeric column or user field of tasks, or a Series.{own}'


def user_field_numbers(tables: Tables, name: str, owner: Owner = "task") -> pd.Series[Any]:
    """Values of a numeric user field by the id of their owner (Float64).

    Parameters
    ----------
    tables
        Source with ``user_fields`` and ``task_user_field_values`` (or those of the owner).
    name
        Exact name of the field.
    owner
        Whose field: "task" or "resource".

    Raises
    ------
    InvalidRequest
        There is no such field, there are two, or it holds something else than numbers.
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
    values = values[values["user_field_id"] == chosen["id"].iloc[0]].drop_duplicates(f"{owner}_id")
    words = values["value"].astype(object)
    numbers = pd.to_numeric(words, errors="coerce").to_numpy(dtype="float64")
    wrong = words.notna().to_numpy() & ~np.isfinite(numbers) & (words.astype(str).str.strip() != "").to_numpy()
    if wrong.any():
        raise InvalidRequest(
            f"The user field {name!r} holds {int(wrong.sum()):,} value(s) that are no numbers, "
            f"for example {words[wrong].iloc[0]!r}."
        )
    return pd.Series(pd.array(numbers, dtype="Float64"), index=values[f"{owner}_id"].to_numpy(dtype=object))


def _from_series(tables: Tables, weight: pd.Series[Any], notes: list[str]) -> pd.Series[Any]:
    if not weight.index.is_unique:
        raise InvalidRequest("The weights name a task more than once.", hint="Index the Series by task id.")
    values = _numbers(weight, "The Series of weights")
    ids = tables.tasks["id"].astype(object)
    found = ids.isin(weight.index)
    if not found.any() and len(weight):
        raise InvalidRequest(
            "The weights name no task of the schedule.",
            hint=f"Index the Series by task id, for example {ids.iloc[0] if len(ids) else 'none'!r}.",
        )
    if unused := len(weight) - int(found.sum()):
        notes.append(f"{unused:,} weight(s) name no task of the schedule and are not used.")
    return _by_task(tables, values)


def _by_task(tables: Tables, values: pd.Series[Any]) -> pd.Series[Any]:
    """Values by task id, aligned with ``tables.tasks``."""
    return values.reindex(tables.tasks["id"].to_numpy(dtype=object)).reset_index(drop=True)


def _from_column(tables: Tables, name: str) -> pd.Series[Any]:
    """Return the numeric column, else the user field, of that name."""
    tasks = tables.tasks
    if name in tasks:
        return _numbers(tasks[name], f"The column {name!r}")
    fields = tables.get("user_fields")
    known = [] if fields is None else list(fields["name"][fields["category"].astype(object) == "Task"].dropna())
    if name not in known:
        choices = [*NAMED, *_numeric_columns(tasks), *known]
        raise InvalidRequest(f"There is no weight {name!r}.", hint=nearest(name, choices))
    return _by_task(tables, user_field_numbers(tables, name))


def _numbers(values: pd.Series[Any], what: str) -> pd.Series[Any]:
    numeric = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if not numeric and values.notna().any():
        raise InvalidRequest(f"{what} holds {values.dtype} values, and a weight is a number.")
    numbers = pd.to_numeric(values.astype(object), errors="coerce").to_numpy(dtype="float64")
    return pd.Series(pd.array(np.where(np.isfinite(numbers), numbers, np.nan), dtype="Float64"), index=values.index)


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
    """Share of the planned quantity that is installed; NaN where the quantity has no unit, as then it means nothing."""
    unit = tables.tasks["physical_quantity_unit"].astype(object)
    known = (unit.notna() & ~unit.isin(["Unknown", ""]) & (planned > 0).fillna(value=False)).to_numpy(dtype=bool)
    installed = tables.tasks["actual_physical_quantity"].to_numpy(dtype="float64", na_value=np.nan)
    whole = planned.to_numpy(dtype="float64", na_value=np.nan)
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
