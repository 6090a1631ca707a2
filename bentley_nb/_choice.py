"""Which tasks are meant: finds those that ``s.only(...)`` names by columns, codes, user fields, WBS or ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags
from bentley_nb.frames.keys import positions
from bentley_nb.frames.wbs import SEPARATOR, Wbs
from bentley_nb.reports.basis.dates import read_date

_MOST_NAMED = 6


@runtime_checkable
class ServesTasks(Protocol):
    """A schedule, as far as choosing tasks needs it."""

    def tasks(self, *, user_fields: bool | str | Sequence[str] = ...) -> pd.DataFrame:
        """Return the tasks."""
        ...

    def table(self, name: str) -> pd.DataFrame:
        """Return a collection."""
        ...

    def load(self, *names: str) -> Any:
        """Read several collections at once."""
        ...


@dataclass(frozen=True)
class Marked:
    """The ids that a mask marks: they stay true when the tasks are read again in another order, rows do not."""

    ids: pd.Series[Any]

    @staticmethod
    def of(wanted: Any, *frames: pd.DataFrame) -> Any:
        """Return what a boolean Series over one of the frames of tasks marks; anything else as it is.

        As in pandas a mask goes by its index, so that one of a sorted frame marks the same tasks; an index of task
        ids counts, too.
        """
        mask = _of_pandas(wanted)
        if isinstance(mask, str | Mapping | pd.DataFrame | ServesTasks) or not hasattr(mask, "__len__"):
            return wanted
        mask = _series(mask)
        if not pd.api.types.is_bool_dtype(mask.dtype):
            return wanted
        tasks = next((frame for frame in frames if len(frame) == len(mask)), None)
        if tasks is None:
            raise InvalidRequest(
                f"The mask has {len(mask):,} rows and the schedule {len(frames[0]):,} tasks.",
                hint="Make it from s.tasks(), for example: tasks = s.tasks(); s.only(tasks['percent_complete'] < 50).",
            )
        for index in (tasks.index, pd.Index(tasks["id"])):
            if mask.index.is_unique and index.isin(mask.index).all():
                return Marked(tasks["id"][np.asarray(mask.reindex(index).fillna(False), dtype=bool)])
        raise InvalidRequest(
            f"The index of the mask is not that of s.tasks(), but begins with {mask.index[0]!r}.",
            hint="Make it from s.tasks() as it is, or give the rows: s.only(tasks[tasks['percent_complete'] < 50]).",
        )


def _of_pandas(wanted: Any) -> Any:
    """Return a polars or Arrow object as one of pandas."""
    pandas = isinstance(wanted, pd.Series | pd.DataFrame | pd.Index)
    return wanted.to_pandas() if hasattr(wanted, "to_pandas") and not pandas else wanted


def _series(values: Any) -> pd.Series[Any]:
    if isinstance(values, pd.Series):
        return values
    return pd.Series(list(values), dtype=None if len(values) else object)


class Choice:
    """Finds the tasks that ``only`` asks for, and says in words what that was."""

    def __init__(self, s: ServesTasks, tasks: pd.DataFrame) -> None:
        self._s = s
        self._tasks = tasks
        self.words: list[str] = []

    def of_rows(self, wanted: Any) -> Flags:
        """Return the mask of a frame with ids, of marked rows, or of ids."""
        tasks = self._tasks
        if isinstance(wanted, Mapping):
            mask = np.ones(len(tasks), dtype=bool)
            for name, value in wanted.items():
                mask &= self.of_field(name, value)
            return mask
        if isinstance(wanted, Marked):
            return self._of_ids(wanted.ids, "rows of a mask")
        if isinstance(wanted, ServesTasks):
            wanted = wanted.tasks()
        wanted = _of_pandas(wanted)
        if isinstance(wanted, pd.DataFrame):
            column = next((name for name in ("task_id", "id") if name in wanted), None)
            if column is None:
                raise InvalidRequest(
                    "The frame has no column 'id' or 'task_id'.", hint="Reports that list tasks have one."
                )
            report = str(wanted.attrs.get("report", "")).replace("_", " ")
            return self._of_ids(wanted[column], f"tasks of the report {report}" if report else "tasks of a frame")
        if isinstance(wanted, str) or not hasattr(wanted, "__len__"):
            raise InvalidRequest(
                f"A part cannot be chosen by {wanted!r}.",
                hint='Use s.only({"Trade": "Concrete"}), s.only(wbs="A > B"), s.only(frame) or a boolean Series.',
            )
        return self._of_ids(_series(wanted), "tasks of a list of ids")

    def _of_ids(self, ids: pd.Series[Any], what: str) -> Flags:
        found = np.asarray(positions(self._tasks["id"], ids.dropna().astype("string")) >= 0, dtype=bool)
        if len(ids.dropna()) and not found.any():
            raise InvalidRequest(
                f"None of the {len(ids):,} ids is the id of a task, for example {ids.dropna().iloc[0]!r}."
            )
        self.words.append(what)
        return found

    def of_field(self, name: Any, value: Any) -> Flags:
        """Return the mask of a column, code or user field of that name."""
        if not isinstance(name, str):
            raise InvalidRequest(f"The name of a field must be text, not {name!r}.")
        if name == "wbs":
            return self._of_wbs(value)
        if name == "status":
            return self._of_status(value)
        kind, column = self._find(name)
        if kind == "code":
            return self._of_code(name, column, value)
        if kind == "user field":
            wide = self._s.tasks(user_fields=[column])
            # Two fields of one name are two columns; either may hold the value.
            twins = [wide[each] for each in wide.columns if each not in self._tasks.columns]
            return self._of_any(name, twins, value) if len(twins) > 1 else self._of_values(name, twins[0], value)
        return self._of_values(name, self._tasks[column], value)

    def _find(self, name: str) -> tuple[str, str]:
        """Return what kind of field a name is of, and its plain name."""
        columns = [str(column) for column in self._tasks.columns]
        names = {"code": self._names("codes"), "user field": self._names("user_fields")}
        for kind, known in names.items():
            plain = name.removesuffix(f" [{kind}]")
            if plain != name and plain in known:
                return kind, plain
        if name in columns:
            return "column", name
        found = [kind for kind, known in names.items() if name in known]
        if len(found) > 1:
            ways = " or ".join(f"s.only({{{f'{name} [{kind}]'!r}: ...}})" for kind in names)
            raise InvalidRequest(f"{name!r} is the name of a code and of a user field.", hint=f"Choose one: {ways}.")
        if found:
            return found[0], name
        every = ["wbs", "status", *columns, *names["code"], *names["user field"]]
        raise InvalidRequest(f"Tasks have no column, code or user field {name!r}.", hint=nearest(name, every))

    def _names(self, table: str) -> list[str]:
        try:
            frame = self._s.table(table)
        except InvalidRequest:  # not served here
            return []
        if table == "user_fields":
            frame = frame[(frame["category"] == "Task").fillna(False) | frame["category"].isna()]
        return [str(name) for name in frame["name"].dropna()]

    def _say(self, name: str, value: Any) -> None:
        values = _listed(value)
        said = [_said(one) for one in values[:_MOST_NAMED]]
        more = f" or {len(values) - len(said)} more" if len(values) > len(said) else ""
        self.words.append(f"{name} = {' or '.join(said)}{more}")

    def _of_wbs(self, value: Any) -> Flags:
        tasks, tree = self._tasks, Wbs(self._tasks)
        elements = np.asarray(tasks["is_wbs"].fillna(False), dtype=bool) | tree.is_parent
        names, full = tasks["name"].fillna("").astype(object), tree.full_paths()
        chosen = np.zeros(len(tasks), dtype=bool)
        for one in _listed(value):
            text = "" if _is_missing(one) else str(one)
            exact = elements & ((full == text) | np.asarray(tasks["id"] == text, dtype=bool))
            ending = elements & np.array([path.endswith(SEPARATOR + text) for path in full], dtype=bool)
            found = np.flatnonzero(exact if exact.any() else ending)
            if not len(found):
                known = [*dict.fromkeys(names[elements]), *full[elements]]
                raise InvalidRequest(f"The WBS has no element {text!r}.", hint=nearest(text, known))
            if len(found) > 1:
                listed = "; ".join(full[found[:_MOST_NAMED]])
                more = f"; and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
                raise InvalidRequest(
                    f"{len(found)} elements of the WBS are named {text!r}: {listed}{more}.",
                    hint="Name one by its path, or several as a list of paths.",
                )
            chosen[found[0]] = True
        self._say("wbs", value)
        return tree.with_below(chosen)

    def _of_status(self, value: Any) -> Flags:
        tasks = self._tasks
        served = tasks["status"].astype("string")
        named = served.copy()
        try:
            statuses = self._s.table("task_statuses")
        except InvalidRequest:  # not served here
            pass
        else:
            place = positions(tasks["status_id"], statuses["id"])
            named = statuses["name"].astype("string").reindex(place).set_axis(tasks.index).fillna(served)
        return self._of_any("status", (served, named), value)

    def _of_code(self, name: str, code: str, value: Any) -> Flags:
        s = self._s
        s.load("codes", "code_values", "task_code_value_assignments")
        codes, values = s.table("codes"), s.table("code_values")
        values = values[values["code_id"].isin(codes.loc[codes["name"] == code, "id"])].reset_index(drop=True)
        tree = Wbs(values)
        names, paths = values["name"].fillna("").astype(object).to_numpy(), tree.full_paths()
        descriptions = values["description"].fillna("").astype(object).to_numpy()
        wanted = np.zeros(len(values), dtype=bool)
        assigned = s.table("task_code_value_assignments")
        assigned = assigned[positions(assigned["code_value_id"], values["id"]) >= 0]
        tasks = np.zeros(len(self._tasks), dtype=bool)
        for one in _listed(value):
            if _is_missing(one):
                tasks |= np.asarray(positions(self._tasks["id"], assigned["task_id"]) < 0, dtype=bool)
                continue
            found = (names == str(one)) | (paths == str(one))
            if not found.any():
                found = descriptions == str(one)
            if not found.any():
                # A description that only repeats the name suggests nothing.
                described = [text for text, name in zip(descriptions, names, strict=True) if text and name not in text]
                raise InvalidRequest(
                    f"The code {code!r} has no value {str(one)!r}.",
                    hint=nearest(str(one), [*names, *paths, *described]),
                )
            wanted |= found
        # A value is also of every level above it.
        wanted = tree.with_below(wanted)
        holders = assigned.loc[assigned["code_value_id"].isin(values["id"][wanted]), "task_id"]
        tasks |= np.asarray(positions(self._tasks["id"], holders) >= 0, dtype=bool)
        self._say(name, value)
        return tasks

    def _of_values(self, name: str, column: pd.Series[Any], value: Any) -> Flags:
        dates = isinstance(column.dtype, pd.DatetimeTZDtype)
        if dates or (pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)):
            pair = value if isinstance(value, tuple) and len(value) == 2 else None
            if pair is not None or dates:
                pairs = [pair] if pair is not None else [(one, one) for one in _listed(value)]
                mask = np.zeros(len(column), dtype=bool)
                for first, last in pairs:
                    if _is_missing(first) and _is_missing(last):
                        mask |= np.asarray(column.isna(), dtype=bool)
                    else:
                        mask |= self._between(name, column, first, last, dates=dates)
                if pair is None:
                    self._say(name, value)
                else:
                    ends = [_said(one) if not _is_missing(one) else "" for one in pair]
                    words = (
                        f"{ends[0]} to {ends[1]}" if all(ends) else f"from {ends[0]}" if ends[0] else f"to {ends[1]}"
                    )
                    self.words.append(f"{name} {words}")
                return mask
        return self._of_any(name, (column,), value)

    def _between(self, name: str, column: pd.Series[Any], first: Any, last: Any, *, dates: bool) -> Flags:
        read = _instant if dates else _number
        low, high = read(name, first), read(name, last)
        mask = column.notna()
        if low is not None:
            mask &= column >= low
        # A day without a time of day is meant to its end.
        if isinstance(high, pd.Timestamp) and len(str(last)) <= len("2025-03-31"):
            mask &= column < high + pd.Timedelta(days=1)
        elif high is not None:
            mask &= column <= high
        return np.asarray(mask.fillna(False), dtype=bool)

    def _of_any(self, name: str, columns: Sequence[pd.Series[Any]], value: Any) -> Flags:
        """Return the mask of the rows with one of the values in any of the columns."""
        mask = np.zeros(len(self._tasks), dtype=bool)
        for one in _listed(value):
            if _is_missing(one):
                mask |= np.asarray(pd.concat(columns, axis=1).isna().all(axis=1), dtype=bool)
                continue
            flag = pd.api.types.is_bool_dtype(columns[0].dtype)
            if isinstance(one, str) and not flag and pd.api.types.is_numeric_dtype(columns[0].dtype):
                one = _number(name, one)  # noqa: PLW2901 - as it is typed in a magic
            if flag and str(one).lower() in _FLAGS:
                one = _FLAGS[str(one).lower()]  # noqa: PLW2901 - as it is typed in a magic
            hits = [np.asarray((column.astype(object) == one).fillna(False), dtype=bool) for column in columns]
            if not flag and not any(hit.any() for hit in hits):
                hits = [
                    np.asarray((column.astype("string") == str(one)).fillna(False), dtype=bool) for column in columns
                ]
            if not flag and not any(hit.any() for hit in hits):
                known = list(dict.fromkeys(str(each) for column in columns for each in column.dropna().unique()))
                raise InvalidRequest(f"No task has {name} = {str(one)!r}.", hint=nearest(str(one), known))
            for hit in hits:
                mask |= hit
        self._say(name, value)
        return mask


_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str) or not isinstance(
        value, list | tuple | set | frozenset | pd.Series | pd.Index | np.ndarray
    ):
        return [value]
    values = list(value)
    if not values:
        raise InvalidRequest("The list of values is empty, so the part would have no tasks.")
    return values


def _is_missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _said(value: Any) -> str:
    return "(none)" if _is_missing(value) else str(value)


def _instant(name: str, value: Any) -> pd.Timestamp | None:
    return None if _is_missing(value) else read_date(value, f"A limit of {name!r}")


def _number(name: str, value: Any) -> float | None:
    if _is_missing(value):
        return None
    try:
        return float(value)
    except (ValueError, TypeError):
        raise InvalidRequest(
            f"{value!r} is not a number, and {name!r} holds numbers.",
            hint=f"For example: s.only({{{name!r}: (0, 50)}}).",
        ) from None
