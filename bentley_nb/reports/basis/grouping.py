"""Which group each task belongs to: a status, a code's value, a user field's value, or a column of the tasks.

A task with several values of a code is in the group of each of them, once, so the groups may add up to more than all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.frames.keys import positions
from bentley_nb.frames.wbs import SEPARATOR as ABOVE
from bentley_nb.frames.wide import code_value_paths
from bentley_nb.reports.basis.identity import whole_number
from bentley_nb.reports.basis.nullable import looked_up, text
from bentley_nb.reports.basis.state import state
from bentley_nb.reports.basis.tables import Tables

Several = Literal["each", "join", "first", "error"]
By: TypeAlias = str | tuple[str, str]
GroupBy: TypeAlias = str | tuple[str, str] | tuple[str, int]
"""``By``, "wbs", or ("wbs", level)."""

SEPARATOR = "; "


@dataclass(frozen=True)
class Groups:
    """Group of each task.

    Attributes
    ----------
    name
        What the tasks are grouped by; the name of the column.
    of
        Indexed by position in ``Tables.tasks``, which comes again for each of several values; NA for tasks without one.
    notes
        Sentences about several values, and where the group comes from.
    """

    name: str
    of: pd.Series[Any]
    notes: tuple[str, ...] = ()


def group_tasks(tables: Tables, by: By, several: Several = "each", also: Collection[str] = ()) -> Groups:
    """Look for the group in the codes, the user fields and the columns of the tasks.

    Parameters
    ----------
    tables
        Source with ``tasks``, and with the tables of codes or user fields where those are asked for.
    by
        "status" (name of the task's status), "state" (not started, in progress, complete: from the actual dates), the
        name of a code, of a user field of tasks, or of a column of the tasks. Where a name is more than one of these:
        ("code", name), ("user field", name) or ("column", name).
    several
        What a task with several values of a code or field is counted under: "each" of them, all of them joined by
        "; " ("join"), the "first" as served, or "error".
    also
        What the caller can group by besides, for the hint.

    Raises
    ------
    InvalidRequest
        No such name, more than one of that name, or several values where ``several`` is "error".
    """
    if several not in ("each", "join", "first", "error"):
        raise InvalidRequest(
            f"several={several!r} is not supported.",
            hint=nearest(str(several), ["each", "join", "first", "error"]),
        )
    if by == "status":
        return Groups("status", status_names(tables), _of_the_same_name(tables, "status"))
    if by == "state":
        how = "Not started, in progress and complete follow from the actual dates."
        return Groups("state", state(tables.tasks), (how, *_of_the_same_name(tables, "state")))
    kind, name = by if isinstance(by, tuple) else (None, by)
    if kind not in (None, *_KINDS):
        raise InvalidRequest(f"Tasks cannot be grouped by a {kind!r}.", hint=nearest(str(kind), ["wbs", *_KINDS]))
    found = [each for each in _KINDS if kind in (None, each) and name in _names(tables, each)]
    if not found:
        names = sorted({"wbs", "status", "state", *also} | {each for every in _KINDS for each in _names(tables, every)})
        where = [reason for table in ("codes", "user_fields") if (reason := tables.why_missing(table))]
        raise InvalidRequest(
            f"There is no code, user field or column {name!r} to group by.",
            hint=" ".join([nearest(str(name), names), *where]),
        )
    if len(found) > 1:
        choices = " or ".join(f"by={(each, name)!r}" for each in found)
        raise InvalidRequest(f"{name!r} is the name of a {' and of a '.join(found)}.", hint=f"Choose one: {choices}.")
    return _KINDS[found[0]](tables, name, several)


def groups_of(tables: Tables, by: Any, several: Several = "each", also: Collection[str] = ()) -> Groups:
    """Return one group per task as ``group_tasks`` does, and paths of WBS elements too.

    Parameters
    ----------
    tables, several, also
        As for ``group_tasks``.
    by
        As for ``group_tasks``; or "wbs": each element with all that is below it; or ("wbs", 2): the elements of one
        level, 1 at the top.

    Raises
    ------
    InvalidRequest
        No such name or level, or more than one of that name.
    """
    if isinstance(by, str) and by == "wbs":
        return _by_every_element(tables)
    if isinstance(by, tuple) and len(by) == 2 and by[0] == "wbs":
        elements = elements_of_level(tables, by[1])
        groups = Groups(f"WBS level {by[1]}", _element_paths(elements))
    elif isinstance(by, str) or (isinstance(by, tuple) and len(by) == 2 and all(isinstance(one, str) for one in by)):
        groups = group_tasks(tables, by, several, also)
    else:
        raise InvalidRequest(
            f"Tasks cannot be grouped by {by!r}.",
            hint='Use "wbs", ("wbs", 2), "status", or the name of a code, user field or column.',
        )
    missing = int(tables.work_tasks[groups.of.index[groups.of.isna()]].sum())
    if not missing:
        return groups
    note = f"{missing:,} of {int(tables.work_tasks.sum()):,} tasks have no {groups.name}."
    return replace(groups, notes=(*groups.notes, note))


def elements_of_level(tables: Tables, level: object) -> pd.DataFrame:
    """Return ``id``, ``wbs_path`` and ``name`` of the element above each task at that level of the WBS, from 1."""
    depth = whole_number(level, "The WBS level", least=1)
    wbs, tasks = tables.wbs, tables.tasks
    if not len(tasks):
        keys = tasks[["id", "name"]].assign(wbs_path=text([]))
    else:
        elements = tables.summaries | wbs.is_parent
        ancestor = wbs.ancestor_at(depth - 1)
        inside = (ancestor >= 0) & elements[ancestor]
        if not inside.any():
            deepest = int(wbs.depth[elements].max(initial=-1)) + 1
            raise InvalidRequest(f"The WBS has no level {level}.", hint=f"It has {deepest} level(s).")
        chosen = np.where(inside, ancestor, -1)
        keys = pd.DataFrame({"id": tasks["id"], "name": tasks["name"], "wbs_path": wbs.paths()}).reindex(chosen)
    return keys[["id", "wbs_path", "name"]].reset_index(drop=True)


def _by_every_element(tables: Tables) -> Groups:
    """Put each task under every element above it, once."""
    depth = (
        int(tables.wbs.depth[tables.summaries | tables.wbs.is_parent].max(initial=-1)) + 1 if len(tables.tasks) else 0
    )
    levels = [_element_paths(elements_of_level(tables, level)).dropna() for level in range(1, depth + 1)]
    if not levels:
        raise InvalidRequest("There are no WBS rows to group by.", hint='Use by="status", or a code, field or column.')
    return Groups("wbs", pd.concat(levels), ("Each WBS element includes everything below it.",))


def _element_paths(elements: pd.DataFrame) -> pd.Series[Any]:
    names = elements["name"].fillna(elements["id"])
    return (elements["wbs_path"] + ABOVE + names).fillna(names)


def _of_the_same_name(tables: Tables, name: str) -> tuple[str, ...]:
    """Return notes on codes and user fields with the name of a built-in group, which takes precedence."""
    same = [(kind, one) for kind in ("code", "user field") for one in _names(tables, kind) if one.lower() == name]
    what = "status of the tasks" if name == "status" else "state derived from the actual dates"
    return tuple(f"Grouped by the {what}; the {kind} {one!r} is by={(kind, one)!r}." for kind, one in same)


def _names(tables: Tables, kind: str) -> list[str]:
    if kind == "column":
        return [str(column) for column in tables.tasks.columns]
    frame = tables.get("codes" if kind == "code" else "user_fields")
    if frame is None:
        return []
    if kind == "user field":
        frame = frame[(frame["category"] == "Task").fillna(value=False) | frame["category"].isna()]
    return [str(name) for name in frame["name"].dropna()]


def status_names(tables: Tables) -> pd.Series[Any]:
    """Name of each task's status as the project calls it, else the service's word for it."""
    tasks, statuses = tables.tasks, tables.get("task_statuses")
    values = tasks["status"].astype(string_dtype())
    if statuses is not None and len(statuses):
        values = looked_up(tasks["status_id"], statuses["id"], statuses["name"]).fillna(values)
    return values


def _by_code(tables: Tables, name: str, several: Several) -> Groups:
    codes = tables.require("codes")
    code_id = _only(codes.loc[codes["name"] == name, "id"], f"codes {name!r}")
    values = tables.require("code_values")
    values = values[values["code_id"] == code_id]
    assigned = tables.require("task_code_value_assignments")
    names = looked_up(assigned["code_value_id"], values["id"], code_value_paths(values))
    long = pd.DataFrame({"task_id": assigned["task_id"], "value": names})
    return _one_value_each(tables, name, long, several)


def _by_user_field(tables: Tables, name: str, several: Several) -> Groups:
    fields = tables.require("user_fields")
    of_tasks = (fields["category"] == "Task").fillna(value=False) | fields["category"].isna()
    field_id = _only(fields[(fields["name"] == name) & of_tasks]["id"], f"user fields {name!r}")
    values = tables.require("task_user_field_values")
    values = values[values["user_field_id"] == field_id]
    return _one_value_each(tables, name, values[["task_id", "value"]], several)


def _by_column(tables: Tables, name: str, _several: Several) -> Groups:
    return Groups(name, tables.tasks[name])


_KINDS: dict[str, Callable[[Tables, str, Several], Groups]] = {
    "code": _by_code,
    "user field": _by_user_field,
    "column": _by_column,
}


def _only(ids: pd.Series[Any], what: str) -> str:
    if len(ids) > 1:
        raise InvalidRequest(
            f"There are {len(ids)} {what}.", hint="Rename one in SYNCHRO, or group by a column of your own."
        )
    return str(ids.iloc[0])


def _one_value_each(tables: Tables, name: str, long: pd.DataFrame, several: Several) -> Groups:
    """Bring task-value rows down to one value per task."""
    long = long.dropna().astype({"value": string_dtype()})
    ids = tables.tasks["id"]
    long = long[positions(long["task_id"], ids) >= 0].drop_duplicates(["task_id", "value"])
    repeated = long["task_id"].duplicated(keep=False)
    count = int(long.loc[repeated, "task_id"].nunique())
    notes = []
    if count and several == "error":
        raise InvalidRequest(
            f"{count:,} task(s) have several values of {name!r}.", hint='Use several="join" or several="first".'
        )
    if count:
        how = {"each": "counted once under each", "join": "counted once, under all of them joined"}.get(
            several, "counted once, under the first"
        )
        notes.append(f"{count:,} task(s) have several values of {name!r}; each is {how}.")
    if count and several == "join":
        ordered = long[repeated].sort_values(["task_id", "value"], kind="stable")
        combined = ordered.groupby("task_id", sort=False)["value"].agg(SEPARATOR.join)
        long = pd.concat([long[~repeated], combined.astype(string_dtype()).reset_index()], ignore_index=True)
    if count and several == "each":
        place = pd.Series(positions(long["task_id"], ids), index=long.index)
        values = long["value"].set_axis(place).sort_index(kind="stable")
        without = ids.index.difference(values.index)
        nothing = pd.Series(pd.NA, index=without, dtype=values.dtype)
        return Groups(name, pd.concat([values, nothing]) if len(without) else values, tuple(notes))
    return Groups(name, looked_up(ids, long["task_id"], long["value"]), tuple(notes))
