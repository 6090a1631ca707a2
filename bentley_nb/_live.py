"""The schedule that is read from the service, table by table, when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb._remembered import Key, Memory, Remembered
from bentley_nb.auth.secret import refuse_to_pickle
from bentley_nb.reading import Reader, Wanted
from bentley_nb.schedule import Schedule
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection

# The few totals the service gives, for the progress line.
_COUNTED = {
    "tasks": "task_count",
    "appearance_profiles": "appearance_profile_count",
    "animation_bindings": "animation_binding_count",
    "animation_3d_transforms": "animation_3d_transform_count",
    "animation_3d_path_assignments": "animation_3d_path_assignment_count",
    "animation_3d_paths": "animation_3d_path_count",
    "keyframes": "animation_3d_path_keyframe_count",
}

_CHILDREN = "task_children"


@dataclass(frozen=True)
class _Parents:
    live: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()


class LiveSchedule(Schedule):
    """A schedule of the service.

    Made by :meth:`bentley_nb.client.Client.schedule`. A table that was read is remembered for the lifetime of this
    object; ``refresh=True`` on a call, or :meth:`refresh`, asks again.

    Parameters
    ----------
    reader
        Reads from the service.
    schedule_id
        Id of the schedule.
    client
        The client it was made by, for the user's own use.
    name, type_
        Where they are known already.
    """

    def __init__(
        self, reader: Reader, schedule_id: str, *, client: Any = None, name: str | None = None, type_: str | None = None
    ) -> None:
        super().__init__(schedule_id, name=name, type_=type_)
        self.client = client
        self._reader = reader
        self._memory = Memory()

    __reduce_ex__ = refuse_to_pickle

    @property
    def source(self) -> str:
        """Name of the surface that it is read from."""
        return self._reader.surface

    def refresh(self) -> Self:
        """Forget what was read, so that the next call asks the service again."""
        self._memory.forget()
        return super().refresh()

    def _remembered(self) -> dict[Key, Remembered]:
        return self._memory()

    def _readings(self) -> int:
        return self._memory.readings

    def _check(self, collection: Collection, parent_id: str | None) -> None:
        self._reader.check(collection, self.id, parent_id)

    def _read(
        self,
        collections: Sequence[Collection],
        parent_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> dict[str, Remembered]:
        if parent_id is not None:
            [collection] = collections
            part = None if refresh else self._of_parent(collection, parent_id)
            return {collection.name: part} if part else self._give(collections, parent_id, refresh=refresh)
        parents = [
            COLLECTIONS[c.parent.collection] for c in collections if c.parent and c.parent.collection and not c.single
        ]
        # Parents first: their ids are the paths of the nested ones.
        plain = {c.name: c for c in [*collections, *parents] if not c.parent}
        found = self._give(list(plain.values()), refresh=refresh)
        nested = [c for c in collections if c.parent]
        return found | self._give(nested, refresh=refresh, include_deleted=include_deleted)

    def _pages(self, collection: Collection, *, include_deleted: bool) -> Iterator[Remembered]:
        if collection.name == _CHILDREN:
            yield from super()._pages(collection, include_deleted=include_deleted)
            return
        wanted = self._wanted(collection, None, self._parents(collection), include_deleted)
        for table in self._reader.pages(wanted, total=lambda: self._expected(collection.name)):
            yield Remembered(table, datetime.now(UTC))

    def _of_parent(self, collection: Collection, parent_id: str) -> Remembered | None:
        """Return the rows of one parent where the whole table was read."""
        if collection.parent is None:
            return None
        known = self._memory()
        whole = known.get((collection.name, None))
        if (collection.name, parent_id) in known or whole is None or parent_id not in whole.parents:
            return None
        of_parent = pc.equal(whole.table.column(collection.parent.column), parent_id)
        return Remembered(whole.table.filter(of_parent), whole.fetched_at)

    def _give(
        self,
        collections: Sequence[Collection],
        parent_id: str | None = None,
        *,
        refresh: bool,
        include_deleted: bool = False,
    ) -> dict[str, Remembered]:
        return self._memory.give(
            [collection.name for collection in collections],
            parent_id,
            usable=lambda known: not (include_deleted and known.deleted_parents is None),
            prepare=lambda name: _Parents() if parent_id is not None else self._parents(COLLECTIONS[name]),
            ask=lambda parents: self._ask(parents, parent_id, include_deleted),
            refresh=refresh,
        )

    def _ask(
        self, parents: Mapping[str, _Parents], parent_id: str | None, include_deleted: bool
    ) -> dict[str, Remembered]:
        asked = {}
        if parent_id is None and _CHILDREN in parents:
            parents = dict(parents)
            asked[_CHILDREN] = self._children(parents.pop(_CHILDREN), include_deleted)
            if not parents:
                return asked
        wanted = [self._wanted(COLLECTIONS[name], parent_id, of, include_deleted) for name, of in parents.items()]
        tables = self._reader.tables(wanted, total=lambda: self._expected(*parents))
        now = datetime.now(UTC)
        for one, table, of in zip(wanted, tables, parents.values(), strict=True):
            collection = one.collection
            if collection.parent is None or parent_id is not None:
                asked[collection.name] = Remembered(table, now)
                continue
            deleted = frozenset(of.deleted) if include_deleted or not of.deleted else None
            asked[collection.name] = Remembered(table, now, frozenset(one.parent_ids), deleted)
        return asked

    def _children(self, of: _Parents, include_deleted: bool) -> Remembered:
        """Return the tasks below each task from the table of tasks; the service would be asked once per task."""
        tasks = self._read([COLLECTIONS["tasks"]])["tasks"]
        ids = of.live + (of.deleted if include_deleted else ())
        parent = tasks.table.column("parent_id")
        place = pc.index_in(parent, value_set=pa.array(ids, parent.type))
        order = pc.sort_indices(place).slice(0, len(place) - place.null_count)  # stable, and missing ones come last
        table = tasks.table.add_column(0, "task_id", parent).take(order)
        deleted = frozenset(of.deleted) if include_deleted or not of.deleted else None
        return Remembered(table, tasks.fetched_at, frozenset(ids), deleted)

    def _parents(self, collection: Collection) -> _Parents:
        """Return the ids of the parents of a nested collection."""
        if collection.parent is None or collection.parent.collection is None:
            return _Parents()
        parent = COLLECTIONS[collection.parent.collection]
        known = self._read([parent])[parent.name]
        every = [id_ for id_ in known.table.column("id").to_pylist() if id_]
        live = [id_ for id_ in known.rows(parent, include_deleted=False).column("id").to_pylist() if id_]
        kept = set(live)
        return _Parents(tuple(live), tuple(id_ for id_ in every if id_ not in kept))

    def _wanted(
        self, collection: Collection, parent_id: str | None, parents: _Parents, include_deleted: bool
    ) -> Wanted:
        if parent_id is not None:
            return Wanted(collection, self.id, (parent_id,))
        if collection.parent is None:
            return Wanted(collection, self.id)
        return Wanted(collection, self.id, parents.live + (parents.deleted if include_deleted else ()))

    def _expected(self, *names: str) -> int | None:
        """Return the rows to come, where the service counts them: the counts cost one small request."""
        if not all(name in _COUNTED for name in names):
            return None
        # A progress line is worth neither an error nor a wait.
        statistics = self._reader.briefly(Wanted(COLLECTIONS["animation_statistics"], self.id))
        if statistics is None:
            return None
        counts = [statistics.column(_COUNTED[name])[0].as_py() for name in names]
        return sum(counts) if all(isinstance(count, int) for count in counts) else None
