"""The change register: every declared column of two states of a schedule compared, one row per difference."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Flags, Ints
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report, since_words
from bentley_nb.reports.basis.identity import named
from bentley_nb.reports.basis.matching import Key, Match, match_tasks
from bentley_nb.reports.basis.nullable import category, is_missing, text
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection, Column, Kind

TABLES = (
    "tasks",
    "task_links",
    "calendars",
    "baselines",
    "baseline_tasks",
    "resources",
    "resource_groups",
    "resource_assignments",
    "codes",
    "code_values",
    "task_code_value_assignments",
    "resource_code_value_assignments",
    "user_fields",
    "task_user_field_values",
    "resource_user_field_values",
    "task_statuses",
)
"""What is compared unless ``tables=`` names others: what a planner edits, and nothing the service computes."""

CHANGES = ("added", "removed", "changed")
TOPICS = (
    "scope",
    "logic",
    "dates",
    "durations",
    "progress",
    "constraints",
    "calendars",
    "baseline",
    "resources",
    "codes and fields",
    "descriptions",
)
"""The order in which a meeting goes through a register."""

_COLUMNS = (
    *("table", "id", "user_defined_id", "name", "wbs_path", "change", "field", "before", "after", "movement_days"),
    *("topic", "item", "before_date", "after_date", "before_value", "after_value", "unit"),
)
_TYPES = {"FinishToStart": "FS", "StartToStart": "SS", "FinishToFinish": "FF", "StartToFinish": "SF"}
_ENOUGH = 0.8  # as for tasks: fewer rows with the same id mean that the ids were replaced
# The unit separator of ASCII: no name that a planner types contains it.
_JOINT = "\x1f"


def changes(
    before: Source, after: Source, *, key: Key | None = None, tables: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the change register of two states of a schedule: one row per changed field, added or removed item.

    Every column that the catalog declares for a table is compared. Tasks are matched as in ``slippage``; the rows of
    other tables by their id, and where fewer than 80 percent of the ids are found again, or an id is gone, by what
    they are: a link by its ends and type, an assignment by task and resource, anything else by its name.

    Parameters
    ----------
    before, after
        A ``Schedule``, a kept copy, a part, a mapping of frames, or a tasks frame; the earlier one first.
    key
        "id" or "user_defined_id" of tasks. None takes the id, and the user defined id where less than 80 percent of
        the tasks match by id.
    tables
        Names from ``bentley_nb.catalog()``. By default tasks, links, calendars, baselines and their tasks, resources,
        groups and assignments, codes and user fields with their values, and task statuses.

    Returns
    -------
    pandas.DataFrame
        By topic, then in the order of the schedule: ``table``, ``id``, ``user_defined_id``, ``name`` and ``wbs_path``
        (of the task the row belongs to, else of the item), ``change`` (added, removed, changed), ``field`` (the
        column; NA where a whole item came or went), ``before`` and ``after`` (text: instants as served, working time
        in hours, links and ids by name), ``movement_days`` (calendar days, later is positive; dates only), ``topic``
        (what a meeting would discuss it under), ``item`` (the link, field, code or resource the row is about),
        ``before_date``, ``after_date`` (UTC), ``before_value``, ``after_value`` (Float64) and ``unit`` of them.

        ``about(frame).facts`` holds ``counts`` per topic and per table, ``data_date_before``, ``data_date_after``,
        ``key``, ``matched``, and ``not_compared`` (table or column, and why).

    Raises
    ------
    InvalidRequest
        A table is unknown, or the two states have no table in common.

    Examples
    --------
    >>> bn.reports.changes(s, s).empty
    True
    >>> tasks = s.tasks()
    >>> tasks.loc[3, "name"] = "Set out the site"
    >>> bn.reports.changes(s, tasks)[["table", "change", "field", "after"]].to_dict("records")
    [{'table': 'tasks', 'change': 'changed', 'field': 'name', 'after': 'Set out the site'}]

    In SQL the register is a table like any frame, which joins with those of the schedule
    (``%%bentley --with register`` in a notebook):

    >>> register = bn.reports.changes(s, tasks)
    >>> query = "SELECT topic, is_wbs FROM register JOIN tasks USING (id)"
    >>> bn.sql(query, s, frames={"register": register}).to_dict("records")
    [{'topic': 'descriptions', 'is_wbs': False}]
    """
    names = _named(tables)
    old = Tables.of(before, needs=names)
    # The second state is only asked for what the first one has: a table on one side cannot be compared.
    there = [name for name in names if old.get(name) is not None]
    new = Tables.of(after, needs=there)
    register = _Register(old, new, match_tasks(old, new, key))
    missing = {name: _why_missing(name, old, new) for name in names if name not in there or new.get(name) is None}
    compared = [name for name in names if name not in missing]
    if not compared:
        raise InvalidRequest(
            "Nothing can be compared: the two states have no table in common.", hint=" ".join(missing.values())
        )
    parts = [part for name in compared for part in register.compare(name)]
    chosen = [each.part.ids for each in (old, new) if each.part is not None]
    if chosen:
        parts = [_of_tasks(part, list(frozenset().union(*chosen))) for part in parts]
    frame = _arranged(parts)
    not_compared = {**missing, **register.not_compared}
    notes = [
        *since_words(old.data_date, new.data_date),
        *register.match.notes,
        *register.notes,
        *[f"{name}: not compared. {why}" for name, why in missing.items()],
        *[f"{name}: not compared. {why}" for name, why in register.not_compared.items()],
        "Dates are as served; movement is in calendar days, later is positive.",
    ]
    facts = {
        "data_date_before": old.data_date,
        "data_date_after": new.data_date,
        "key": register.match.key,
        "matched": register.match.rate,
        "compared": compared,
        "not_compared": not_compared,
        "counts": {"topics": _counts(frame, "topic"), "tables": _counts(frame, "table")},
    }
    return as_report(frame, new, "changes", notes, facts)


def _named(tables: str | Sequence[str] | None) -> tuple[str, ...]:
    if tables is None:
        return TABLES
    asked = [COLLECTIONS.find(name) for name in ([tables] if isinstance(tables, str) else tables)]
    for collection in asked:
        if collection.level != "schedule" or not collection.columns:
            raise InvalidRequest(
                f"{collection.name!r} cannot be compared: it is "
                + ("not a table of a schedule." if collection.columns else "a table without declared columns.")
            )
    return tuple(dict.fromkeys(collection.name for collection in asked))


def _why_missing(name: str, old: Tables, new: Tables) -> str:
    side, tables = ("earlier", old) if old.get(name) is None else ("later", new)
    return f"The {side} state lacks it. {tables.why_missing(name)}"


@dataclass(frozen=True)
class _Pairs:
    """Which row of a table was which.

    Attributes
    ----------
    came_from
        For each later row the position of its earlier self, -1 where it is new.
    gone
        Positions of the earlier rows that are no longer there.
    """

    came_from: Ints
    gone: Ints


class _Register:
    """Compares two states table by table; ids of one state are read in the other by what their rows are."""

    def __init__(self, old: Tables, new: Tables, match: Match) -> None:
        self.old, self.new, self.match = old, new, match
        self.notes: list[str] = []
        self.not_compared: dict[str, str] = {}
        self._pairs: dict[str, _Pairs] = {}
        self._frames: dict[tuple[str, bool], pd.DataFrame] = {}
        self._words = {True: _Words(new), False: _Words(old)}

    def compare(self, name: str) -> Iterator[pd.DataFrame]:
        """Yield the differences of one table, in the columns of the register."""
        collection = COLLECTIONS[name]
        was, now, pairs = self._frame(name, later=False), self._frame(name, later=True), self._pair(name)
        for mark, frame, rows, later in (
            ("added", now, np.flatnonzero(pairs.came_from < 0), True),
            ("removed", was, pairs.gone, False),
        ):
            if len(rows):
                yield self._whole_items(collection, mark, frame, rows, later=later)
        after = np.flatnonzero(pairs.came_from >= 0)
        before = pairs.came_from[after]
        # Rows marked as deleted are left out of both states, so the mark itself never differs.
        identifies = {*collection.key, "deleted"}
        found = {
            column: self._differs(name, column, was[column.name].iloc[before], now[column.name].iloc[after])
            for column in collection.frame_columns
            if column.name not in identifies and self._is_on_both_sides(name, column)
        }
        changed = np.logical_or.reduce([np.zeros(len(after), dtype=bool), *found.values()])
        who = self._who(collection, now, after[changed], later=True)
        for column, differs in found.items():
            if differs.any():
                part = who[differs[changed]].reset_index(drop=True)
                yield self._fields(collection, column, before[differs], after[differs], part)

    def _frame(self, name: str, *, later: bool) -> pd.DataFrame:
        if (name, later) not in self._frames:
            self._frames[name, later] = (self.new if later else self.old).require(name)
        return self._frames[name, later]

    def _is_on_both_sides(self, name: str, column: Column) -> bool:
        for tables, side in ((self.old, "earlier"), (self.new, "later")):
            if not tables.serves(name, column.name):
                self.not_compared[f"{name}.{column.name}"] = f"The {side} state lacks this column."
                return False
        return True

    # Which row was which --------------------------------------------------------------------------------------

    def _pair(self, name: str) -> _Pairs:
        if name not in self._pairs:
            self._pairs[name] = self._paired(COLLECTIONS[name])
        return self._pairs[name]

    def _paired(self, collection: Collection) -> _Pairs:
        was, now = (self._frame(collection.name, later=later) for later in (False, True))
        key = collection.key or collection.column_names  # without a key a row is what it holds
        if collection.single:
            key = ()
        if collection.name == "tasks":
            return _matched(self._task_ids(was["id"]), now["id"])
        came_from = _matched(
            self._keys(collection, key, later=False), self._keys(collection, key, later=True)
        ).came_from
        if key == ("id",):
            natural = natural_key(collection)
            ids_kept = int((came_from >= 0).sum())
            smaller = min(len(was), len(now))
            replaced = smaller > 0 and ids_kept < _ENOUGH * smaller
            if replaced:
                came_from = np.full(len(now), -1, dtype=np.int64)
            open_now = np.flatnonzero(came_from < 0)
            open_was = np.setdiff1d(np.arange(len(was)), came_from[came_from >= 0])
            # Only rows that no id pairs: an id that is still there outranks a similar name.
            if natural and len(open_now) and len(open_was):
                # Recreated with another id, it is still the same link between the same tasks.
                rest = _matched(
                    self._keys(collection, natural, later=False).iloc[open_was],
                    self._keys(collection, natural, later=True).iloc[open_now],
                ).came_from
                found = rest >= 0
                came_from[open_now[found]] = open_was[rest[found]]
            if replaced:
                by = " and ".join(natural) or "nothing else"
                self.notes.append(
                    f"{collection.name}: {ids_kept:,} of {smaller:,} ids are the same, so rows are matched by {by}."
                )
        return _Pairs(came_from, np.setdiff1d(np.arange(len(was)), came_from[came_from >= 0]))

    def _keys(self, collection: Collection, columns: Sequence[str], *, later: bool) -> pd.Series[Any]:
        """Return what identifies each row, as one text; missing parts count as equal."""
        frame = self._frame(collection.name, later=later)
        kinds = {column.name: column.kind for column in collection.frame_columns}
        total = pd.Series("", index=frame.index, dtype="string")
        for number, column in enumerate(columns):
            values = frame[column]
            if kinds[column] is Kind.LIST:
                values = values.map(_canonical)
            words = values.astype("string")
            if not later and kinds[column] is Kind.ID and column != "id":
                words = self._ids_now(collection.name, column, words)
            # A character that JSON text from the service cannot hold unescaped: it never equals a value.
            words = words.fillna("\0")
            total = words if not number else total + _JOINT + words
        return total

    def _ids_now(self, name: str, column: str, ids: pd.Series[Any]) -> pd.Series[Any]:
        """Translate ids of the earlier state into those of the later one."""
        target = refers_to(name, column)
        if target == "tasks":
            return self._task_ids(ids)
        if target is None or any(tables.get(target) is None for tables in (self.old, self.new)):
            return ids
        was, now, pairs = self._frame(target, later=False), self._frame(target, later=True), self._pair(target)
        rows = np.flatnonzero(pairs.came_from >= 0)
        same = was["id"].iloc[pairs.came_from[rows]].to_numpy(), now["id"].iloc[rows].to_numpy()
        return ids if (same[0] == same[1]).all() else _translated(ids, pd.Series(same[0]), pd.Series(same[1]))

    def _task_ids(self, ids: pd.Series[Any]) -> pd.Series[Any]:
        if self.match.key == "id":
            return ids
        rows = np.flatnonzero(self.match.before_of >= 0)
        was = self.old.tasks["id"].iloc[self.match.before_of[rows]].reset_index(drop=True)
        now = self.new.tasks["id"].iloc[rows].reset_index(drop=True)
        # An id that pairs with nothing may have been given to another task since.
        unpaired = "\0" + ids
        return _translated(ids, was, now, otherwise=unpaired)

    # What differs ---------------------------------------------------------------------------------------------

    def _differs(self, name: str, column: Column, was: pd.Series[Any], now: pd.Series[Any]) -> Flags:
        was, now = was.reset_index(drop=True), now.reset_index(drop=True)
        if column.kind is Kind.ID:
            was = self._ids_now(name, column.name, was)
        if column.kind is Kind.LIST:
            was, now = was.map(_canonical), now.map(_canonical)
        # Categories of two frames compare only where they list the same values.
        if column.kind is Kind.ENUM:
            was, now = was.astype("string"), now.astype("string")
        # NA != NA is NA in pandas: a value that came or went has to be found by the masks.
        missing = was.isna().to_numpy(dtype=bool), now.isna().to_numpy(dtype=bool)
        unequal = pd.Series(was != now).fillna(value=False).to_numpy(dtype=bool)
        return np.asarray((missing[0] != missing[1]) | (unequal & ~missing[0] & ~missing[1]), dtype=bool)

    def _whole_items(
        self, collection: Collection, mark: str, frame: pd.DataFrame, rows: Ints, *, later: bool
    ) -> pd.DataFrame:
        part = self._who(collection, frame, rows, later=later)
        described = self._words[later].items(collection, frame, rows)
        part["topic"] = _topic(collection.name, None)
        part["change"], part["after" if later else "before"] = mark, described
        return part

    def _fields(
        self, collection: Collection, column: Column, before: Ints, after: Ints, part: pd.DataFrame
    ) -> pd.DataFrame:
        was, now = (self._frame(collection.name, later=later) for later in (False, True))
        part["topic"], part["change"], part["field"] = _topic(collection.name, column), "changed", column.name
        values = (
            was[column.name].iloc[before].reset_index(drop=True),
            now[column.name].iloc[after].reset_index(drop=True),
        )
        words = [
            self._words[False].of(collection, column, was, before),
            self._words[True].of(collection, column, now, after),
        ]
        if column.kind is Kind.LIST:
            types = [
                frame["day_types"].iloc[rows].tolist() if "day_types" in frame else [None] * len(rows)
                for frame, rows in ((was, before), (now, after))
            ]
            words = [list(each) for each in zip(*map(_only_differences, *values, *types), strict=True)]
        elif column.kind is Kind.ID:  # two things of one name are told apart by their ids
            for place, (old, new) in enumerate(zip(*words, strict=True)):
                if old == new:
                    words[0][place], words[1][place] = (f"{old} ({value[place]})" for value in values)
        part["before"], part["after"] = words
        if column.kind is Kind.INSTANT:
            part["before_date"], part["after_date"] = values
            part["movement_days"] = (values[1] - values[0]).dt.total_seconds() / 86_400
        elif column.kind in (Kind.HOURS, Kind.MEASURE, Kind.COUNT):
            part["before_value"], part["after_value"] = (value.astype("Float64") for value in values)
            part["unit"] = column.unit or None
        return part

    def _who(self, collection: Collection, frame: pd.DataFrame, rows: Ints, *, later: bool) -> pd.DataFrame:
        """Return whose change it is: the task the row belongs to, where there is one."""
        words, chosen = self._words[later], frame.iloc[rows].reset_index(drop=True)
        nothing: pd.Series[Any] = text([None] * len(rows))
        part = pd.DataFrame({"table": collection.name}, index=range(len(rows)))
        for column in ("user_defined_id", "name", "wbs_path"):
            part[column] = chosen[column] if column in chosen and column != "wbs_path" else nothing
        part["id"] = chosen["id"] if "id" in chosen else chosen[collection.key[0]] if collection.key else nothing
        owner = "id" if collection.name == "tasks" else "task_id" if "task_id" in chosen else None
        if collection.name == "task_links":
            labels = words.links(chosen)
            part["user_defined_id"] = text(labels)
            part["name"] = text([f"{a} -> {b}" for a, b in words.ends(chosen, "name")])
        elif owner is not None:
            task = words.tasks.reindex(positions(chosen[owner], words.tasks["id"])).reset_index(drop=True)
            for column in ("user_defined_id", "name", "wbs_path"):
                part[column] = task[column]
            if "id" not in chosen:
                part["id"] = chosen[owner]
        elif "name" not in chosen:
            part["name"] = text(words.labels(collection, frame, rows))
        part["item"] = None if collection.name == "tasks" else text(words.labels(collection, frame, rows))
        # The tasks it is about, for the register of a part of a schedule.
        ends = ("predecessor_id", "successor_id") if collection.name == "task_links" else (owner, None)
        for name, end in zip(("_task", "_other_task"), ends, strict=True):
            part[name] = nothing if end is None else chosen[end]
        part["_order"] = rows if later else rows + len(self._frame(collection.name, later=True))
        return part


class _Words:
    """Says in words what the rows of one state hold."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._names: dict[str, dict[Any, str]] = {}

    @cached_property
    def tasks(self) -> pd.DataFrame:
        return named(self._tables)

    def of(self, collection: Collection, column: Column, frame: pd.DataFrame, rows: Ints) -> list[str | None]:
        """Return the values of a column as a reader wants to see them."""
        values = frame[column.name].iloc[rows]
        if column.kind is Kind.ID:
            return self._ids(collection, column.name, frame, rows)
        if column.kind is Kind.INSTANT:
            said = values.dt.strftime("%Y-%m-%d %H:%M:%S").str.removesuffix(":00").tolist()
            return [None if is_missing(each) else each for each in said]
        say = _SAYS.get(column.kind, str)
        unit = " %" if column.unit == "%" else " h" if column.kind is Kind.HOURS else ""
        return [None if is_missing(value) else say(value) + unit for value in values.tolist()]

    def items(self, collection: Collection, frame: pd.DataFrame, rows: Ints) -> list[str]:
        """Return what a whole item is: a link with type and lag, a value with its field, else its name."""
        labels = self.labels(collection, frame, rows)
        if collection.name == "task_links":
            chosen = frame.iloc[rows]
            return [f"{label} {kind}" for label, kind in zip(labels, self._kinds(chosen), strict=True)]
        if "value" in frame:
            values = frame["value"].iloc[rows].tolist()
            return [
                f"{label}: {'' if is_missing(value) else value}" for label, value in zip(labels, values, strict=True)
            ]
        return labels

    def labels(self, collection: Collection, frame: pd.DataFrame, rows: Ints) -> list[str]:
        """Return the name of each row, or the names of what it joins."""
        chosen = frame.iloc[rows].reset_index(drop=True)
        if collection.name == "task_links":
            return self.links(chosen)
        if "name" in chosen:
            keys = chosen[collection.key[0]].tolist() if collection.key else [""] * len(chosen)
            return [str(key) if is_missing(name) else str(name) for key, name in zip(keys, chosen["name"], strict=True)]
        joined = natural_key(collection) if collection.key == ("id",) else collection.key
        ids = {column.name for column in collection.frame_columns if column.kind is Kind.ID}
        parts = [
            self._ids(collection, column, frame, rows)
            for column in joined or collection.column_names[:4]
            if column in ids and (column != "task_id" or len(joined) == 1)
        ]
        return [" / ".join(filter(None, each)) for each in zip(*parts, strict=True)] if parts else [""] * len(rows)

    def links(self, links: pd.DataFrame) -> list[str]:
        """Return the ends of each link by their activity ids."""
        return [f"{a} -> {b}" for a, b in self.ends(links, "user_defined_id")]

    def ends(self, links: pd.DataFrame, column: str) -> list[tuple[str, str]]:
        """Return both ends of each link under a name of theirs, or by id."""
        sides = []
        for side in ("predecessor_id", "successor_id"):
            found = self.tasks[column].reindex(positions(links[side], self.tasks["id"]))
            sides.append(["?" if is_missing(a) else str(a) for a in found.fillna(links[side].set_axis(found.index))])
        return list(zip(*sides, strict=True))

    def _kinds(self, links: pd.DataFrame) -> list[str]:
        """Return type and lag of links, the lag in days of its calendar: FS+2d."""
        days = self._tables.working_time.days(
            links["lag_hours"].to_numpy("float64", na_value=np.nan), links["calendar_id"]
        )
        kinds = [_TYPES.get(str(kind), str(kind)) for kind in links["type"]]
        return [
            kind + (f"{lag:+.6g}d" if np.isfinite(lag) and lag else "")
            for kind, lag in zip(kinds, np.asarray(days, dtype=np.float64), strict=True)
        ]

    def _ids(self, collection: Collection, column: str, frame: pd.DataFrame, rows: Ints) -> list[str | None]:
        ids = frame[column].iloc[rows].tolist()
        if column.endswith("_day_type_id"):  # the day types of a calendar are listed in its own row
            lists = frame["day_types"].iloc[rows].tolist()
            return [
                None if is_missing(each) else _day_type(each, types) for each, types in zip(ids, lists, strict=True)
            ]
        target = refers_to(collection.name, column)
        names = {} if target is None else self._names_of(target)
        return [None if is_missing(each) else names.get(each, str(each)) for each in ids]

    def _names_of(self, target: str) -> dict[Any, str]:
        if target not in self._names:
            frame = self._tables.get(target)
            if frame is None or "name" not in frame:
                self._names[target] = {}
            else:
                known = frame[frame["name"].notna()]
                names = known["name"].tolist()
                if target == "code_values":  # a value says little without its code
                    codes = self._names_of("codes")
                    of = [codes.get(code) for code in known["code_id"].tolist()]
                    names = [f"{code}: {name}" if code else name for code, name in zip(of, names, strict=True)]
                self._names[target] = dict(zip(known["id"].tolist(), names, strict=True))
        return self._names[target]


# What the catalog says, read for comparison ---------------------------------------------------------------------


def refers_to(name: str, column: str) -> str | None:
    """Name the table whose ids a column of another table holds, None where there is none.

    Examples
    --------
    >>> from bentley_nb.reports.changes import refers_to
    >>> refers_to("task_links", "predecessor_id"), refers_to("resource_groups", "foreman_resource_id")
    ('tasks', 'resources')
    >>> refers_to("tasks", "status_id"), refers_to("tasks", "parent_id"), refers_to("tasks", "url")
    ('task_statuses', 'tasks', None)
    """
    if not column.endswith("_id") or column == "id":
        return None
    stem = column.removesuffix("_id")
    if stem in ("predecessor", "successor"):
        return "tasks"
    if stem == "parent":
        return name
    words = stem.split("_")
    owner = name.split("_", maxsplit=1)[0].removesuffix("s")
    for first in range(len(words)):
        tail = "_".join(words[first:])
        for plural in (
            f"{tail}s",
            f"{owner}_{tail}s",
            f"{owner}_{tail}es",
            "entities_3d" if tail == "entity_3d" else "",
        ):
            found = COLLECTIONS.get(plural)
            if found is not None and found.level == "schedule" and not found.single and "id" in found.key:
                return plural
    return None


def natural_key(collection: Collection) -> tuple[str, ...]:
    """Return the columns that identify a row whose id was replaced."""
    names = set(collection.column_names)
    for columns in (
        ("predecessor_id", "successor_id", "type"),
        ("task_id", "resource_id"),
        ("code_id", "name"),
        ("name",),
    ):
        if names.issuperset(columns):
            return columns
    return ()


def _topic(name: str, column: Column | None) -> str:
    if name == "tasks":
        if column is None:
            return "scope"
        beginning = column.name.split("_")[0]
        if beginning in ("actual", "percent", "status", "remaining", "progress"):
            return "progress"
        if beginning == "constraint":
            return "constraints"
        if column.kind is Kind.HOURS or column.name == "duration_type":
            return "durations"
        if column.name == "calendar_id":
            return "calendars"
        return "dates" if column.kind is Kind.INSTANT else "descriptions"
    for beginning, topic in (
        ("task_link", "logic"),
        ("calendar", "calendars"),
        ("baseline", "baseline"),
        ("code", "codes and fields"),
        ("user_field", "codes and fields"),
    ):
        if name.startswith(beginning):
            return topic
    if "code_value" in name or "user_field" in name:
        return "codes and fields"
    return "resources" if name.startswith("resource") else "descriptions"


# Values in words ------------------------------------------------------------------------------------------------


def _said_number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


_SAYS: dict[Kind, Callable[[Any], str]] = {
    Kind.FLAG: lambda value: "yes" if value else "no",
    Kind.COUNT: _said_number,
    Kind.MEASURE: _said_number,
    Kind.HOURS: _said_number,
}


def _said_item(value: Any, types: Any = None) -> str:
    """Return a member of a list in words; a block of working time as from-to, a day type of a calendar by name."""
    if isinstance(value, list):
        return ", ".join(_said_item(each, types) for each in value) or "no work"
    if not isinstance(value, dict):
        return str(value).removesuffix("T00:00:00Z")
    if set(value) == {"startTime", "endTime"}:
        return f"{value['startTime']}-{value['endTime']}"
    return ", ".join(
        _day_type(each, types) if name == "dayTypeId" else f"{name} {_said_item(each, types)}"
        for name, each in value.items()
        if each is not None
    )


def _day_type(key: Any, types: Any) -> str:
    """Return a day type of a calendar with its working time."""
    for each in types if isinstance(types, list) else []:
        if isinstance(each, dict) and each.get("id") == key:
            return f"{each.get('name') or each.get('type') or key} ({_said_item(each.get('timeBlocks') or [])})"
    return str(key)


def _canonical(value: Any) -> Any:
    """Return a list as text by which it is compared; items with names of their own count in any order."""
    if is_missing(value):
        return None
    items = [json.dumps(item, sort_keys=True, default=str) for item in value]
    # Day types and exceptions have names of their own; the order of plain values, such as a path, means something.
    if all(isinstance(item, dict) for item in value):
        items.sort()
    return _JOINT.join(items)


def _only_differences(was: Any, now: Any, types_was: Any, types_now: Any) -> tuple[str | None, str | None]:
    """Return in words what one list holds and the other does not; lists of plain values as they are."""
    lists = [[] if is_missing(each) else list(each) for each in (was, now)]
    if all(isinstance(item, dict) for each in lists for item in each):
        told = [Counter(json.dumps(item, sort_keys=True, default=str) for item in each) for each in lists]
        lists = [list(map(json.loads, (left - right).elements())) for left, right in (told, told[::-1])]
    words = [
        "; ".join(_said_item(item, types) for item in each)
        for each, types in zip(lists, (types_was, types_now), strict=True)
    ]
    return words[0] or None, words[1] or None


def _matched(was: pd.Series[Any], now: pd.Series[Any]) -> _Pairs:
    """Pair equal keys, the first with the first where some occur more than once."""
    keys = []
    for each in (was, now):
        words = each.astype("string").fillna("\0").reset_index(drop=True)
        # Equal keys are numbered, so that the first of one side pairs with the first of the other.
        again = words.groupby(words, sort=False).cumcount()
        keys.append(words.where(again == 0, words + _JOINT + again.astype("string")))
    came_from = positions(keys[1], keys[0])
    return _Pairs(came_from, np.setdiff1d(np.arange(len(was)), came_from[came_from >= 0]))


def _translated(
    ids: pd.Series[Any], was: pd.Series[Any], now: pd.Series[Any], otherwise: pd.Series[Any] | None = None
) -> pd.Series[Any]:
    found = positions(ids, was)
    other = now.reindex(found).set_axis(ids.index).astype("string")
    return other.where(found >= 0, (ids if otherwise is None else otherwise).astype("string"))


# The frame ------------------------------------------------------------------------------------------------------


def _of_tasks(part: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Leave the rows about these tasks, and those that are about no task."""
    ends = part[["_task", "_other_task"]]
    return part[ends.isin(ids).any(axis=1) | ends.isna().all(axis=1)]


def _arranged(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the differences in the order of a meeting, with one dtype per column whatever was found."""
    makers: dict[str, Callable[[Any], pd.Series[Any]]] = dict.fromkeys(_COLUMNS, text)
    makers |= dict.fromkeys(("movement_days", "before_value", "after_value"), _numbers)
    makers |= dict.fromkeys(("before_date", "after_date"), _instants)
    for name, choices in (("change", CHANGES), ("topic", TOPICS)):
        makers[name] = partial(_choice, choices)

    def column(name: str) -> pd.Series[Any]:
        make = makers[name]
        pieces = [make(part[name] if name in part else [None] * len(part)) for part in parts]
        return pd.concat(pieces, ignore_index=True) if pieces else make([])

    frame = pd.DataFrame({name: column(name) for name in _COLUMNS})
    places = {name: place for place, name in enumerate(TABLES)}
    # lexsort() sorts by its last key first.
    order = np.lexsort(
        (
            np.concatenate(
                [part["_order"].to_numpy(dtype=np.int64) for part in parts] or [np.empty(0, dtype=np.int64)]
            ),
            frame["table"].map(places).fillna(len(TABLES)).to_numpy(dtype=np.int64),
            frame["topic"].cat.codes.to_numpy(),
        )
    )
    return frame.iloc[order].reset_index(drop=True)


def _numbers(values: Any) -> pd.Series[Any]:
    return pd.Series(pd.array(values, dtype="Float64"))


def _instants(values: Any) -> pd.Series[Any]:
    return pd.Series(pd.DatetimeIndex(values, dtype="datetime64[us, UTC]"))


def _choice(choices: tuple[str, ...], values: Any) -> pd.Series[Any]:
    return category([choices.index(each) for each in values], choices)


def _counts(frame: pd.DataFrame, by: str) -> dict[str, dict[str, int]]:
    """Count the differences per topic or table and kind of change, in the order of the register."""
    found: dict[str, dict[str, int]] = {}
    pairs = Counter(zip(frame[by].astype("string"), frame["change"].astype("string"), strict=True))
    for (group, change), count in pairs.items():
        found.setdefault(str(group), dict.fromkeys(CHANGES, 0))[str(change)] = count
    return found
