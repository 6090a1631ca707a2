"""What the sandbox serves: projects and schedules, each collection made, sorted and indexed on first use."""

from __future__ import annotations

import gc
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import overload

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.sandbox.programme.deferred import DeferredItems
from bentley_nb.sandbox.programme.guids import Item, guid
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection

MEMBERS = "resource_group_members"
UNLISTED = {
    "operation": "operations",
    "microsoft_project_synchronizer": "microsoft_project_synchronizers",
}
EXTRA = (MEMBERS, *UNLISTED.values())
"""Collections that have no list of their own on the service but stand behind others."""

Cursor = tuple[str, str | None]
"""Where a page ends: the id of its last item, with a second id where one does not identify it."""

Maker = Callable[[], Sequence[Item]]


class Rows(Sequence[Item]):
    """Items of one collection in the order served, with the cursors that lead through them."""

    def __init__(self, items: Iterable[Item], members: tuple[str, ...] = ("id",)) -> None:
        self._items: Sequence[Item]
        self._members = members
        if isinstance(items, DeferredItems):
            self._items = items.by_id()
        else:
            self._items = items = list(items)
            # What has no id known to the outside is paged by a hidden one, which keeps the given order.
            self._members = members if items and all(m in item for item in items for m in members) else ()
            if self._members:
                text = "\0".join(f"{{{member}}}" for member in members)  # one text sorts faster than a tuple
                items.sort(key=lambda item: text.format_map(item).lower())
        self._owners: dict[str, dict[object, list[int]]] = {}

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        return list(self._items[index]) if isinstance(index, slice) else self._items[index]

    def cursor(self, index: int) -> Cursor:
        """Name an item in a page token."""
        if not self._members:
            return f"{index:08x}-0000-4000-a000-000000000000", None
        first, *rest = (str(self._items[index][member]) for member in self._members[-2:])
        return first, (rest[0] if rest else None)

    def after(self, cursor: Cursor) -> int:
        """Return the index of the first item after a cursor, whose own item may have been deleted."""
        if not self._members:
            return int(cursor[0].partition("-")[0], 16) + 1
        wanted = tuple(part.lower() for part in cursor if part is not None)
        members = self._members[-2:]
        return bisect_right(self._items, wanted, key=lambda item: tuple(str(item[m]).lower() for m in members))

    def below(self, member: str, owner: object) -> list[Item]:
        """Return the items whose member has that value, from an index made on first use."""
        if member not in self._owners:
            index: dict[object, list[int]] = defaultdict(list)
            for number, item in enumerate(self._items):
                index[item.get(member)].append(number)
            self._owners[member] = dict(index)
        return [self._items[number] for number in self._owners[member].get(owner, [])]


@dataclass
class ServedSchedule:
    """A schedule: its own item and the sources of its collections; what has no source is empty."""

    item: Item
    sources: dict[str, Maker] = field(default_factory=dict)
    _rows: dict[str, Rows] = field(default_factory=dict, repr=False)
    _nested: dict[tuple[str, str | None], Rows] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def id(self) -> str:
        """Id of the schedule."""
        return str(self.item["id"])

    @property
    def type(self) -> str:
        """``v10`` or ``v6.5``."""
        return str(self.item["type"])

    def rows(self, name: str) -> Rows:
        """Return the items of a collection that needs no parent, and of what the nested ones are taken from."""
        with self._lock:
            if name not in self._rows:
                source = self.sources.get(name)
                with _no_garbage_collection():
                    self._rows[name] = Rows(source() if source else [], _key_members(name))
            return self._rows[name]

    def set_source(self, name: str, source: Maker | Iterable[Item]) -> None:
        """Serve these items from now on, or what a function gives on first use."""
        check_name(name)
        if not callable(source):
            given = list(source)
            source = lambda: given  # noqa: E731 - one line says it
        with self._lock:
            self.sources[name] = source
            self._rows.pop(name, None)
            self._nested.clear()

    def one(self, collection: Collection, parent_id: str | None) -> Item | None:
        """Return the item that a single-object endpoint serves, or None."""
        if collection.name == "schedule":
            return self.item
        if collection.parent is None:
            return next(iter(self.rows(collection.name)), None)
        found = self.rows(collection.parent.collection or UNLISTED[collection.name]).below("id", parent_id)
        return found[0] if found else None

    def listed(self, collection: Collection, parent_id: str | None) -> Rows:
        """Return the items of a list; of a nested one those of that parent."""
        if collection.name != "root_entities_3d" and (collection.parent is None or parent_id is None):
            return self.rows(collection.name)
        key = collection.name, parent_id
        with self._lock:
            if key not in self._nested:
                self._nested[key] = self._listed(collection, parent_id)
            return self._nested[key]

    def _listed(self, collection: Collection, parent_id: str | None) -> Rows:
        name = collection.name
        if collection.parent is None:
            return Rows(self.rows("entities_3d").below("parentId", None))
        flat = _FLAT.get(name)
        if flat:
            member = next(c.member for c in COLLECTIONS[flat].columns if c.name == collection.parent.column)
            return Rows(self.rows(flat).below(member, parent_id), _key_members(flat))
        if name in _JOINED:
            through, owner, target, source = _JOINED[name]
            wanted = [item[target] for item in self.rows(through).below(owner, parent_id)]
            return Rows(item for id_ in dict.fromkeys(wanted) for item in self.rows(source).below("id", id_))
        if name in _MATCHED:
            source, member = _MATCHED[name]
            return Rows(self.rows(source).below(member, parent_id))
        # Stored under its own name, each item with its parent's id (baseline tasks).
        return Rows(self.rows(name).below(_member(collection.parent.column), parent_id), _key_members(name))

    def has_parent(self, collection: Collection, parent_id: str) -> bool:
        """Return whether the parent of a nested list exists."""
        if collection.parent is None:
            return True
        return bool(self.rows(collection.parent.collection or UNLISTED[collection.name]).below("id", parent_id))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Pause the search for cycles, which takes a third of the time while millions of dictionaries are made."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _member(column: str) -> str:
    first, *rest = column.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _key_members(name: str) -> tuple[str, ...]:
    """Return the members whose values order a collection."""
    collection = COLLECTIONS.get(name)
    if collection is None:
        return ("id",)
    by_column = {column.name: column.member for column in collection.frame_columns}
    return tuple(by_column[column] for column in collection.key)


_FLAT = {c.by_parent: c.name for c in COLLECTIONS.values() if c.by_parent}

# Nested list: items of another collection whose member names the parent.
_MATCHED = {
    "task_children": ("tasks", "parentId"),
    "task_downstream_links": ("task_links", "predecessorId"),
    "task_upstream_links": ("task_links", "successorId"),
    "resource_children": ("resources", "parentId"),
    "code_value_children": ("code_values", "parentId"),
    "entity_3d_children": ("entities_3d", "parentId"),
}

# Nested list: items that a list of pairs ties to the parent (pairs, parent's member, item's member, items).
_JOINED = {
    "task_code_values": ("task_code_value_assignments", "taskId", "codeValueId", "code_values"),
    "resource_code_values": ("resource_code_value_assignments", "resourceId", "codeValueId", "code_values"),
    "resource_group_code_values": (
        "resource_group_code_value_assignments",
        "resourceGroupId",
        "codeValueId",
        "code_values",
    ),
    "resource_entities_3d": ("resource_entity_3d_assignments", "resourceId", "entity3dId", "entities_3d"),
    "resource_group_resources": (MEMBERS, "resourceGroupId", "resourceId", "resources"),
}

_DERIVED = {*(name for name in _FLAT), *_MATCHED, *_JOINED, "root_entities_3d"}
STORED = (
    tuple(
        name
        for name, collection in COLLECTIONS.items()
        if collection.level == "schedule"
        and name not in _DERIVED
        and not (collection.single and (collection.parent is not None or name == "schedule"))
    )
    + EXTRA
)
"""Collections that items can be given for; everything else follows from them."""


def check_name(name: str) -> None:
    """Refuse a name that no items can be given for."""
    if name not in STORED:
        known = name in COLLECTIONS
        raise InvalidRequest(
            f"{name!r} is derived from other collections and takes no items of its own."
            if known
            else f"There is no collection {name!r}.",
            hint=nearest(name, STORED),
        )


@dataclass
class Content:
    """Projects and schedules by id."""

    projects: dict[str, Item] = field(default_factory=dict)
    schedules: dict[str, ServedSchedule] = field(default_factory=dict)
    version: int = 0

    def add_project(self, item: Item) -> None:
        """Add a project, or replace the one of that id."""
        self.projects[item["id"]] = item
        self.version += 1

    def add_schedule(self, item: Item, sources: Mapping[str, Maker | Iterable[Item]]) -> ServedSchedule:
        """Add a schedule, or replace the one of that id; items may be given or made on first use."""
        stored = ServedSchedule(item)
        for name, source in sources.items():
            stored.set_source(name, source)
        self.schedules[stored.id] = stored
        self.version += 1
        return stored

    def replace(self, schedule_id: str, name: str, items: Iterable[Item]) -> None:
        """Serve other items of one collection from now on."""
        self.schedules[schedule_id].set_source(name, items)
        self.version += 1

    def schedules_of(self, itwin_id: str) -> list[Item]:
        """Return the schedules of a project, ordered by id."""
        found = [stored.item for stored in self.schedules.values() if stored.item["iTwinId"] == itwin_id]
        return sorted(found, key=lambda item: str(item["id"]))


def new_project(name: str, number: str, *, id_: str | None = None, **members: object) -> Item:
    """Make a project with all members of the iTwins API."""
    item: Item = {
        "id": id_ or guid("project", name, number),
        "class": "Endeavor",
        "subClass": "Project",
        "type": "Construction",
        "number": number,
        "displayName": name,
        "geographicLocation": "Harbour Point",
        "latitude": 59.9079,
        "longitude": 10.7531,
        "ianaTimeZone": "Europe/Oslo",
        "dataCenterLocation": "West Europe",
        "status": "Active",
        "parentId": None,
        "iTwinAccountId": guid("account", "demo"),
        "imageName": None,
        "image": None,
        "createdDateTime": "2023-11-06T09:21:17.4536521Z",
        "createdBy": guid("user", "administrator"),
        "lastModifiedDateTime": "2025-02-03T14:05:59.1200000Z",
        "lastModifiedBy": guid("user", "administrator"),
    }
    item.update(members)
    return item
