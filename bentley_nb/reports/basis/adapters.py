"""What reports read from, behind one face: a schedule, frames by name, or a frame of tasks.

Each adapter has ``id``, ``name``, ``data_date`` and ``table(name, parent_id)``; a table that is not available raises
``InvalidRequest`` or ``NotFound``, whose message says why.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from inspect import signature
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

import pandas as pd

from bentley_nb.errors import BentleyError, InvalidRequest, NotFound


@runtime_checkable
class ServesTables(Protocol):
    """Anything that returns its collections by name, as ``Schedule`` and a kept copy do."""

    def table(self, name: str) -> pd.DataFrame:
        """Return the collection as a frame; ``InvalidRequest`` where it cannot be served."""
        ...


Given: TypeAlias = ServesTables | Mapping[str, Any] | pd.DataFrame


class PartOfSchedule(Protocol):
    """What reports need to know of a part, as ``s.only(...)`` returns it: its tasks, and the schedule it is of."""

    whole: ServesTables
    ids: frozenset[str]

    @property
    def note(self) -> str:
        """What it is a part of, in a sentence."""
        ...


class FromSchedule:
    """A ``Schedule``, or whatever else serves tables. Of a part, the tables are those of the whole schedule."""

    complete = True
    """The tasks are all there are: one that is missing was deleted."""

    def __init__(self, schedule: ServesTables) -> None:
        whole: ServesTables | None = getattr(schedule, "whole", None)
        self.part: PartOfSchedule | None = None if whole is None else cast("PartOfSchedule", schedule)
        self._schedule = schedule = schedule if whole is None else whole
        self.id = _text(getattr(schedule, "id", None))
        self.name: str | None = None
        with suppress(BentleyError):  # a name is worth a line in the header, not a failed report
            self.name = _text(getattr(schedule, "name", None))
        self._by_parent = "parent_id" in signature(schedule.table).parameters

    @property
    def data_date(self) -> Any:
        """The schedule's, read when it is first needed."""
        return getattr(self._schedule, "data_date", None)

    def kept(self) -> dict[Any, Any]:
        """Return what earlier reports computed from the tables as they are now."""
        kept = getattr(self._schedule, "_computed", None)
        return {} if kept is None else kept()

    def table(self, name: str, parent_id: str | None = None) -> pd.DataFrame:
        """Return the collection, of one parent where the schedule can read that alone."""
        if parent_id is not None and self._by_parent:
            return self._schedule.table(name, parent_id)  # type: ignore[call-arg]  # Schedule has it, others need not
        return self._schedule.table(name)

    def load(self, *names: str) -> None:
        """Read several collections at the same time, where the schedule can."""
        load = getattr(self._schedule, "load", None)
        # One that the source cannot have would leave all of them to be requested one by one.
        serves = getattr(self._schedule, "serves", None)
        names = tuple(name for name in names if serves is None or serves(name))
        if load is not None and len(names) > 1:
            with suppress(InvalidRequest, NotFound):  # one of them is not served: each is then requested by itself
                load(*names)


class FromFrames:
    """A mapping of frames by name, with an optional ``data_date``, ``id`` and ``name``."""

    complete = False
    """The user may have filtered the tasks."""
    part: PartOfSchedule | None = None

    def __init__(self, frames: Mapping[str, Any]) -> None:
        self._frames = frames
        tasks = frames.get("tasks")
        attrs = tasks.attrs if isinstance(tasks, pd.DataFrame) else {}
        self.id = _text(frames.get("id", attrs.get("schedule_id")))
        self.name = _text(frames.get("name", attrs.get("schedule_name")))
        self.data_date: Any = frames.get("data_date")

    def kept(self) -> dict[Any, Any]:
        """Return nothing: the user may change the frames between two reports."""
        return {}

    def table(self, name: str, _parent_id: str | None = None) -> Any:
        """Return the table given, whole."""
        if (frame := self._frames.get(name)) is None:
            raise InvalidRequest(self._missing(name))
        return frame

    def load(self, *names: str) -> None:
        """Do nothing: the frames are there."""

    def _missing(self, name: str) -> str:
        return f"No {name!r} among the frames given."


class FromTasks(FromFrames):
    """A frame of tasks alone."""

    def __init__(self, tasks: Any) -> None:
        super().__init__({"tasks": tasks})
        self.data_date = getattr(tasks, "attrs", {}).get("data_date")

    def _missing(self, name: str) -> str:
        return f"Only a tasks frame was given, so there are no {name.replace('_', ' ')}."


def as_frame(name: str, table: Any) -> pd.DataFrame:
    """Return a table as a DataFrame; polars and Arrow tables are converted.

    Raises
    ------
    InvalidRequest
        It is not a table.
    """
    if hasattr(table, "to_pandas") and not isinstance(table, pd.Series):
        table = table.to_pandas()
    if not isinstance(table, pd.DataFrame):
        raise InvalidRequest(f"The table {name!r} must be a DataFrame, not {type(table).__name__}.")
    return table


def adapt(source: Any) -> FromSchedule | FromFrames:
    """Return the adapter of a source.

    Raises
    ------
    InvalidRequest
        The source is none of those a report can be made from.
    """
    if isinstance(source, Mapping):
        return FromFrames(source)
    if isinstance(source, pd.DataFrame):  # which has an attribute for each of its columns
        return FromTasks(source)
    if isinstance(source, ServesTables):
        return FromSchedule(source)
    if hasattr(source, "to_pandas") and not isinstance(source, pd.Series):
        return FromTasks(source)
    if isinstance(source, (str, os.PathLike)):
        raise InvalidRequest(
            f"A report cannot be made from the text {os.fspath(source)!r}.",
            hint="A kept copy is opened with bn.open(path), a live schedule with client.schedule(name, project=...).",
        )
    raise InvalidRequest(
        f"A report cannot be made from {type(source).__name__}.",
        hint='Give a Schedule, a tasks DataFrame, or {"tasks": frame, "task_links": frame, ...}.',
    )


def _text(value: object) -> str | None:
    return None if value is None or value is pd.NA else str(value)
