"""What a schedule has read, and which thread is reading what: each table is asked for once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb._fork import remake_in_child
from bentley_nb.service.declare import Collection

P = TypeVar("P")

_WAIT_SECONDS = 0.2
_MOST_CUTS = 64  # every slice is a chunk of its own in each column


@dataclass(frozen=True)
class Remembered:
    """A table that was read.

    Attributes
    ----------
    table
        Its rows, those marked as deleted included.
    fetched_at
        When, in UTC.
    parents
        Of a nested collection: the parents that were asked.
    deleted_parents
        Those of them that are marked as deleted; None where these were not asked.
    """

    table: pa.Table
    fetched_at: datetime
    parents: frozenset[str] = frozenset()
    deleted_parents: frozenset[str] | None = frozenset()

    def rows(self, collection: Collection, *, include_deleted: bool) -> pa.Table:
        """Return the table, without the rows marked as deleted and those nested in a deleted parent unless asked."""
        if include_deleted:
            return self.table
        table = self.table
        if collection.parent and self.deleted_parents:
            gone = pa.array(sorted(self.deleted_parents), pa.large_string())
            table = table.filter(pc.invert(pc.is_in(table.column(collection.parent.column), value_set=gone)))
        if "deleted" not in table.column_names or table.schema.field("deleted").type != pa.bool_():
            return table
        return _without(table, pc.fill_null(table.column("deleted"), False))


def _without(table: pa.Table, deleted: pa.ChunkedArray) -> pa.Table:
    """Leave out rows; where they are few, as slices between them, which copy no text."""
    gone = np.flatnonzero(deleted)
    if not len(gone):
        return table
    if len(gone) > _MOST_CUTS:
        return table.filter(pc.invert(deleted))
    kept = zip([0, *gone + 1], [*gone, table.num_rows], strict=True)
    return pa.concat_tables([table.slice(begin, end - begin) for begin, end in kept])


Key = tuple[str, str | None]
"""Name of a collection, and the parent or item it was read for."""


class Memory:
    """The tables that were read, by collection and parent; safe to use from many threads.

    Attributes
    ----------
    readings
        How often tables were forgotten or read again: what was made of them before is out of date.
    """

    def __init__(self) -> None:
        self.readings = 0
        self._tables: dict[Key, Remembered] = {}
        self._after_fork()
        remake_in_child(self)

    def _after_fork(self) -> None:
        self._reading: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self) -> dict[Key, Remembered]:
        """Return what is remembered now."""
        with self._lock:
            return dict(self._tables)

    def forget(self) -> None:
        """Forget every table."""
        with self._lock:
            self._tables.clear()
            self.readings += 1

    def give(
        self,
        names: Iterable[str],
        parent_id: str | None,
        *,
        usable: Callable[[Remembered], bool],
        prepare: Callable[[str], P],
        ask: Callable[[Mapping[str, P]], dict[str, Remembered]],
        refresh: bool = False,
    ) -> dict[str, Remembered]:
        """Return tables, and ask for those that are not remembered; what another thread is asking for is waited for.

        Parameters
        ----------
        names
            Names of collections.
        parent_id
            The parent or item they are read for.
        usable
            Whether a remembered table will do.
        prepare
            What has to be read before a table can be asked for; it may use this memory, too.
        ask
            Reads tables, by name with what was prepared for them.
        refresh
            Whether to ask for all of them again.
        """
        todo = dict.fromkeys(names)
        found: dict[str, Remembered] = {}

        def take() -> None:
            for name in [] if refresh else list(todo):
                known = self._tables.get((name, parent_id))
                if known is not None and usable(known):
                    found[name] = known
                    del todo[name]

        while True:
            with self._lock:
                take()
            if not todo:
                return found
            # Prepared before any other thread can wait for this one: two threads never wait for each other.
            prepared = {name: prepare(name) for name in todo}
            done = threading.Event()
            try:
                with self._lock:
                    take()
                    under_way = {name: self._reading.get((name, parent_id)) for name in todo}
                    others = {} if refresh else {n: e for n, e in under_way.items() if e and not e.is_set()}
                    mine = [name for name in todo if name not in others]
                    self._reading.update({(name, parent_id): done for name in mine})
                asked = ask({name: prepared[name] for name in mine}) if mine else {}
                with self._lock:
                    self.readings += any((name, parent_id) in self._tables for name in asked)
                    self._tables.update({(name, parent_id): table for name, table in asked.items()})
                found |= asked
            finally:
                done.set()
                with self._lock:
                    self._reading = {key: event for key, event in self._reading.items() if event is not done}
            for name in mine:
                del todo[name]
            for event in others.values():
                while not event.wait(_WAIT_SECONDS):  # in short pieces: not every front end can interrupt a wait
                    pass
