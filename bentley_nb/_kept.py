"""The schedule that is read from a copy on disk, without network or credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc

from bentley_nb._remembered import Key, Remembered
from bentley_nb.errors import InvalidRequest, NotFound
from bentley_nb.schedule import Schedule
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection
from bentley_nb.store.copies import FILE, Description, checked_folder, find_copies, read_description, read_table


class KeptSchedule(Schedule):
    """A schedule as it was when a copy of it was kept.

    Made by :func:`bentley_nb.open`.

    Attributes
    ----------
    path : pathlib.Path
        Folder of the copy.
    """

    def __init__(self, path: Path, about: Description) -> None:
        super().__init__(about.schedule_id, name=about.name, type_=about.type)
        self.path = path
        self.project = about.project
        self._about = about
        self._tables: dict[Key, Remembered] = {}

    @property
    def kept_at(self) -> datetime:
        """When the copy was made, in UTC."""
        return datetime.fromisoformat(self._about.kept_at)

    @property
    def source(self) -> str:
        """Which copy it is."""
        return f"copy {self.path.name}, kept {self.kept_at:%Y-%m-%d %H:%M} UTC"

    def refresh(self) -> KeptSchedule:
        """Return the copy as it is: it never changes."""
        return self

    def _remembered(self) -> dict[Key, Remembered]:
        return dict(self._tables)

    def _attrs(self, collection: Collection, read: Remembered | None) -> dict[str, str]:
        return {**super()._attrs(collection, read), "kept_at": self._about.kept_at}

    def _check(self, collection: Collection, parent_id: str | None) -> None:
        of = collection if parent_id is None else self._whole(collection)
        if of is None or of.name not in self._about.tables:
            raise self._not_kept(of or collection)

    def _not_kept(self, collection: Collection) -> InvalidRequest:
        reason = self._about.missing.get(collection.name)
        return InvalidRequest(
            f"This copy has no {collection.name!r}"
            + (f": it could not be read when the copy was made ({reason.rstrip('.')})." if reason else "."),
            hint=None if reason else f"A copy made with s.keep(folder, tables=[..., {collection.name!r}]) has it.",
            where=f"{self.path}",
        )

    def _read(
        self,
        collections: Sequence[Collection],
        parent_id: str | None = None,
        *,
        refresh: bool = False,  # noqa: ARG002 - a copy never changes
        include_deleted: bool = False,
    ) -> dict[str, Remembered]:
        if parent_id is not None:
            [collection] = collections
            return {collection.name: self._of_parent(collection, parent_id)}
        for collection in collections:
            if collection.name not in self._about.tables:
                raise self._not_kept(collection)
            if include_deleted and collection.parent and self._deleted_parents(collection):
                raise InvalidRequest(
                    f"This copy has {collection.name!r} only of parents that are not marked as deleted.",
                    hint="Leave include_deleted out.",
                )
        return {collection.name: self._table(collection) for collection in collections}

    def _table(self, collection: Collection) -> Remembered:
        key = (collection.name, None)
        if key not in self._tables:
            table = read_table(self.path, self._about, collection.name)
            at = datetime.fromisoformat(self._about.tables[collection.name].fetched_at)
            self._tables[key] = Remembered(table, at)
        return self._tables[key]

    def _deleted_parents(self, collection: Collection) -> bool:
        parents = collection.parent.collection if collection.parent else None
        if parents is None or parents not in self._about.tables:
            return False
        known = self._table(COLLECTIONS[parents])
        return bool(known.rows(COLLECTIONS[parents], include_deleted=False).num_rows < known.table.num_rows)

    def _whole(self, collection: Collection) -> Collection | None:
        """Return the kept table that holds the rows which a collection has for one parent or item."""
        if collection.name in self._about.tables and not collection.single:
            return collection
        for name in self._about.tables:
            whole = COLLECTIONS[name]
            if whole.by_parent == collection.name:
                return whole
        if collection.single and collection.parent and collection.parent.collection in self._about.tables:
            listed = COLLECTIONS[collection.parent.collection]
            # An item asked for by itself may have more members than it has in the list.
            if listed.column_names == collection.column_names:
                return listed
        return None

    def _of_parent(self, collection: Collection, parent_id: str) -> Remembered:
        whole = self._whole(collection)
        if whole is None or collection.parent is None:
            raise self._not_kept(collection)
        known = self._table(whole)
        column = "id" if collection.single else collection.parent.column
        table = known.table.filter(pc.equal(known.table.column(column), parent_id))
        if collection.single and not table.num_rows:
            raise NotFound(f"The copy has no {collection.name.replace('_', ' ')} {parent_id!r}.", where=f"{self.path}")
        others = [name for name in table.column_names if name not in collection.column_names]
        return Remembered(table.select([*collection.column_names, *others]), known.fetched_at)


def open(path: str | os.PathLike[str]) -> KeptSchedule:  # noqa: A001 - bn.open, as in PIL.Image.open
    """Open a kept copy: a schedule that needs neither network nor credentials.

    Parameters
    ----------
    path
        What ``s.keep()`` returned, or a schedule's folder, of which the newest copy is opened.

    Returns
    -------
    Schedule
        The same tables, reports, charts and exports as of the schedule that was kept; its text form tells which copy
        it is. Frames carry ``kept_at`` in their ``attrs``.

    Raises
    ------
    InvalidRequest
        There is no copy, there are copies of several schedules, or one of a newer version of this package.
    InvalidResponse
        The copy is damaged; the message names the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     old = bn.open(s.keep(folder, label="demo"))
    ...     len(old.tasks()) == len(s.tasks())
    True
    """
    folder = checked_folder(path)
    if (folder / FILE).exists():
        return KeptSchedule(folder, read_description(folder))
    found = find_copies(folder)
    if not found:
        raise InvalidRequest(f"There is no copy in {str(folder)!r}.", hint="bn.open(path) with what s.keep() returned.")
    places = sorted({at.parent for at, _ in found})
    if len({about.schedule_id for _, about in found}) > 1:
        listed = "; ".join(f"{at.name}" for at in places)
        raise InvalidRequest(
            f"{str(folder)!r} contains copies of several schedules: {listed}.",
            hint=f"Open one: bn.open({str(places[0])!r}). bn.copies({str(folder)!r}) lists all copies.",
        )
    return KeptSchedule(*max(found, key=lambda copy: copy[1].kept_at))


def newest(folder: str | os.PathLike[str]) -> Iterator[KeptSchedule]:
    """Open the newest copy of each schedule in a folder."""
    latest = {about.schedule_id: (path, about) for path, about in find_copies(folder)}  # the newest comes last
    for path, about in latest.values():
        yield KeptSchedule(path, about)
