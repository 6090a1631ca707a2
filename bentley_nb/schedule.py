"""A schedule: every collection as a method, remembered once it was read, and the reports on top."""

from __future__ import annotations

import html
import importlib
import inspect
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MethodType
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb.errors import InvalidRequest, NotFound, nearest
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.frames.wbs import add_wbs_columns
from bentley_nb.frames.wide import add_codes, add_user_fields, asked_for
from bentley_nb.reading import Wanted, read_pages
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection

if TYPE_CHECKING:
    from bentley_nb.client import Client

Owner = Literal["task", "resource", "resource_group", "entity_3d"]

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

_WAIT_SECONDS = 0.2


@dataclass(frozen=True)
class _Kept:
    """A table that was read; of a nested one also the parents that were asked, and those that are marked as deleted."""

    table: pa.Table
    fetched_at: datetime
    parents: frozenset[str] = frozenset()
    deleted_parents: frozenset[str] | None = frozenset()  # None: these were not asked


@dataclass(frozen=True)
class _Parents:
    live: tuple[str, ...]
    deleted: tuple[str, ...]


class _Report:
    """Makes a function of another room a method; that room is imported when the method is first looked at."""

    def __init__(self, room: str, function: str) -> None:
        self._room = room
        self._function = function

    def __get__(self, schedule: Schedule | None, owner: type[Schedule]) -> Any:
        function = getattr(importlib.import_module(f"bentley_nb.{self._room}"), self._function)
        return function if schedule is None else MethodType(function, schedule)


class Schedule:
    """One schedule of the service.

    Made by :meth:`bentley_nb.client.Client.schedule`. A table that was read is remembered for the lifetime of this
    object; ``refresh=True`` on a call, or :meth:`refresh`, asks anew. What is returned is the caller's own.

    Attributes
    ----------
    id : str
        Id of the schedule.
    client : Client
        The client it was made by.
    """

    look_ahead = _Report("reports", "look_ahead")
    late = _Report("reports", "late")
    milestones = _Report("reports", "milestones")
    critical = _Report("reports", "critical")
    float_distribution = _Report("reports", "float_distribution")
    variance = _Report("reports", "variance")
    slippage = _Report("reports", "slippage")
    progress = _Report("reports", "progress")
    s_curve = _Report("reports", "s_curve")
    open_ends = _Report("reports", "open_ends")
    out_of_sequence = _Report("reports", "out_of_sequence")
    resource_histogram = _Report("reports", "resource_histogram")
    earned_value = _Report("reports", "earned_value")
    element_status = _Report("reports", "element_status")
    element_counts = _Report("reports", "element_counts")
    health = _Report("reports", "health")
    health_details = _Report("reports", "health_details")
    gantt = _Report("charts", "gantt")

    def __init__(self, client: Client, schedule_id: str, *, name: str | None = None, type_: str | None = None) -> None:
        self.id = schedule_id
        self.client = client
        self._name = name
        self._type = type_
        self._kept: dict[tuple[str, str | None], _Kept] = {}
        self._reading: dict[tuple[str, str | None], threading.Event] = {}
        self._lock = threading.Lock()

    # What it is -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the schedule; asked for once."""
        if self._name is None:
            self._describe()
        return self._name or ""

    @property
    def type(self) -> str:
        """``"v10"`` or ``"v6.5"``; asked for once."""
        if self._type is None:
            self._describe()
        return self._type or ""

    def _describe(self) -> None:
        row = self.table("schedule").iloc[0]
        self._name = row["name"] if isinstance(row["name"], str) else ""
        self._type = row["type"] if isinstance(row["type"], str) else ""

    @property
    def data_date(self) -> pd.Timestamp:
        """Data date of the schedule in UTC; NaT where the service does not tell it.

        Examples
        --------
        >>> s.data_date.tzinfo
        datetime.timezone.utc
        """
        try:
            date: pd.Timestamp = self.table("project_scheduling")["data_date"].iloc[0]
        except InvalidRequest:  # the Enterprise surface does not serve it
            return pd.NaT  # type: ignore[return-value]
        except NotFound as error:
            if error.code == "ScheduleNotFound":
                raise
            return pd.NaT  # type: ignore[return-value]
        # 0001-01-01 is what a .NET service sends for a date nobody set.
        return date if date.year > 1 else pd.NaT  # type: ignore[return-value]

    # Tables ---------------------------------------------------------------------------------------------------

    def table(
        self, name: str, parent_id: str | None = None, *, refresh: bool = False, include_deleted: bool = False
    ) -> pd.DataFrame:
        """Read a collection by its name.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`; ``-`` may stand for ``_``.
        parent_id
            For nested collections and single items: the id of the parent or item. Without it a nested collection
            is read for all parents, and a column names the parent.
        refresh
            Whether to ask again for what was read already.
        include_deleted
            Whether to keep rows marked as deleted, and to ask for what is nested in parents marked as deleted.

        Returns
        -------
        pandas.DataFrame
            The declared columns, in the declared order and dtypes, possibly without rows; then members the catalog
            does not know. ``attrs`` hold ``schedule_id``, ``collection``, ``fetched_at`` and ``rows``.

        Raises
        ------
        InvalidRequest
            No such collection, or one that this surface or this type of schedule does not serve.

        Examples
        --------
        >>> s.table("task_links")[["predecessor_id", "successor_id", "type", "lag_hours"]].shape[1]
        4
        """
        collection = self._find(name, parent_id)
        kept = self._get(collection, parent_id, refresh=refresh, include_deleted=include_deleted)
        table = kept.table if include_deleted else _without_deleted(kept.table, collection, kept)
        return to_frame(table, self.client._attrs(collection.name, table, self.id, kept.fetched_at))

    def arrow(self, name: str, *, refresh: bool = False, include_deleted: bool = False) -> pa.Table:
        """Read a collection as the Arrow table it is kept in, which costs no copy: the way into DuckDB or Polars.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`; a nested one is read for all its parents.
        refresh
            Whether to ask again for what was read already.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pyarrow.Table
            The columns of :meth:`table`; enums are dictionaries and lists JSON text. Its metadata hold
            ``schedule_id``, ``collection`` and ``fetched_at``.

        Examples
        --------
        >>> s.arrow("task_links").num_rows == len(s.task_links())
        True
        """
        collection = self._find(name, None)
        kept = self._get(collection, None, refresh=refresh, include_deleted=include_deleted)
        table = kept.table if include_deleted else _without_deleted(kept.table, collection, kept)
        return table.replace_schema_metadata(
            {
                "schedule_id": self.id,
                "collection": collection.name,
                "fetched_at": kept.fetched_at.isoformat(timespec="seconds"),
            }
        )

    def load(self, *names: str | Iterable[str], refresh: bool = False) -> Schedule:
        """Read several collections at once, so that later calls find them.

        Parameters
        ----------
        *names
            Names from :func:`bentley_nb.catalog`, or one list of them; a nested one is read for all its parents.
        refresh
            Whether to ask again for what was read already.

        Examples
        --------
        >>> s.load("tasks", "task_links", "baseline_tasks") is s
        True
        """
        listed: Iterable[Any] = names
        if len(names) == 1 and isinstance(names[0], Iterable) and not isinstance(names[0], str):
            [listed] = names
        self._load([self._find(name, None) for name in listed], refresh=refresh)
        return self

    def _load(self, wanted: Sequence[Collection], *, refresh: bool, include_deleted: bool = False) -> dict[str, _Kept]:
        parents = [
            COLLECTIONS[c.parent.collection] for c in wanted if c.parent and c.parent.collection and not c.single
        ]
        # Parents first: their ids are the paths of the nested ones.
        found = self._read({c.name: c for c in [*wanted, *parents] if not c.parent}.values(), refresh=refresh)
        nested = [c for c in wanted if c.parent]
        return found | self._read(nested, refresh=refresh, include_deleted=include_deleted)

    def refresh(self) -> Schedule:
        """Forget what was read, so that the next call asks anew."""
        with self._lock:
            self._kept.clear()
        self._name = self._type = None
        return self

    def tasks(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Tasks: summaries, work, key dates and hammocks.

        Parameters
        ----------
        user_fields
            True for one typed column per user field of tasks, or the names of fields.
        codes
            True for one column per code, or the names of codes.
        refresh
            Whether to ask again for what was read already.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            One row per task: ``id``, ``name``, ``user_defined_id``, ``parent_id``, ``is_wbs``, ``type``, ``status``,
            dates in UTC (``planned_start`` ...), durations in hours of working time
            (``planned_duration_hours`` ...), ``percent_complete`` in percent, and the other members of the API;
            then ``wbs_path``, ``wbs_level`` and ``is_leaf``; then user fields and codes.

        Raises
        ------
        InvalidRequest
            A name is not that of a user field or code; the message names the nearest.

        Examples
        --------
        >>> tasks = s.tasks(user_fields=True, codes=True)
        >>> tasks[["name", "planned_start", "planned_duration_hours"]].dtypes.astype(str).tolist()
        ['string', 'datetime64[us, UTC]', 'Float64']
        """
        return self._wide("tasks", "task", user_fields, codes, refresh, include_deleted)

    def resources(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """People, equipment, material and locations.

        Parameters
        ----------
        user_fields, codes, refresh, include_deleted
            As for :meth:`tasks`.

        Returns
        -------
        pandas.DataFrame
            One row per resource: ``id``, ``name``, ``description``, ``type``, ``parent_id``, ``calendar_id``,
            ``lead_time_hours`` (hours of working time) and the other members of the API; then user fields and codes.
        """
        return self._wide("resources", "resource", user_fields, codes, refresh, include_deleted)

    def resource_groups(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Groups of resources.

        Parameters
        ----------
        user_fields, codes, refresh, include_deleted
            As for :meth:`tasks`.

        Returns
        -------
        pandas.DataFrame
            One row per group: ``id``, ``name``, ``foreman_resource_id``, ``general_foreman_resource_id``,
            ``planner_resource_id``, ``superintendent_resource_id`` and the other members of the API; then user fields
            and codes.
        """
        return self._wide("resource_groups", "resource_group", user_fields, codes, refresh, include_deleted)

    def entities_3d(
        self,
        *,
        user_fields: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """3D entities and the iModel elements behind them (v6.5 schedules).

        Parameters
        ----------
        user_fields, refresh, include_deleted
            As for :meth:`tasks`.

        Returns
        -------
        pandas.DataFrame
            One row per entity: ``id``, ``name``, ``parent_id``, ``imodel_element_id`` and the other members
            of the API; then user fields.
        """
        return self._wide("entities_3d", "entity_3d", user_fields, False, refresh, include_deleted)

    def user_field_values(
        self,
        owner: Owner = "task",
        owner_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """User field values of one kind of owner, one row per value.

        Parameters
        ----------
        owner
            ``"task"``, ``"resource"``, ``"resource_group"`` or ``"entity_3d"``.
        owner_id
            Of one owner only.
        refresh
            Whether to ask again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``<owner>_id``, ``user_field_id``, ``value`` (text, whatever the field's declared type).

        Examples
        --------
        >>> s.user_field_values("resource").columns.tolist()
        ['resource_id', 'user_field_id', 'value']
        """
        name = _owned(owner, "user_field_values")
        return self.table(name, owner_id, refresh=refresh, include_deleted=include_deleted)

    def code_value_assignments(
        self,
        owner: Literal["task", "resource", "resource_group", "baseline"] = "task",
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Code values given to one kind of owner, one row per assignment.

        Parameters
        ----------
        owner
            ``"task"``, ``"resource"``, ``"resource_group"`` or ``"baseline"``.
        refresh
            Whether to ask again.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        pandas.DataFrame
            ``code_value_id`` and ``<owner>_id``.
        """
        name = _owned(owner, "code_value_assignments")
        return self.table(name, refresh=refresh, include_deleted=include_deleted)

    # Large tables ---------------------------------------------------------------------------------------------

    def iter_pages(self, name: str, *, include_deleted: bool = False) -> Iterator[pd.DataFrame]:
        """Read a collection page by page, for tables larger than memory.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        iterator of pandas.DataFrame
            One frame per page, with the declared columns; nothing is remembered. The service is asked when the first
            is taken.

        Examples
        --------
        >>> sum(len(page) for page in s.iter_pages("task_links")) == len(s.task_links())
        True
        """
        # A generator would tell of a wrong name only when its first page is taken.
        return self._frames(self._find(name, None), include_deleted)

    def to_parquet(self, name: str, path: str | os.PathLike[str], *, include_deleted: bool = False) -> int:
        """Write a collection to a Parquet file without ever holding the whole of it.

        ``pandas.read_parquet`` gives the dtypes of :meth:`table`, but lists, which the file holds as JSON text, are
        ``string``.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`.
        path
            The file; it takes its place only when it is whole.
        include_deleted
            Whether to keep rows marked as deleted.

        Returns
        -------
        int
            Number of rows written.

        Raises
        ------
        InvalidRequest
            No such collection, or a path at which no file can be made.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     rows = s.to_parquet("tasks", f"{folder}/tasks.parquet")
        ...     again = pd.read_parquet(f"{folder}/tasks.parquet")
        >>> rows == len(again), again["type"].dtype.name
        (True, 'category')
        """
        from bentley_nb.frames.parquet import write_pages  # noqa: PLC0415 - pyarrow's writer waits for its use

        collection = self._find(name, None)
        pages = self._pages(collection, include_deleted)
        return write_pages(
            (table if include_deleted else _without_deleted(table) for table in pages),
            collection,
            path,
            {
                "schedule_id": self.id,
                "collection": collection.name,
                "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )

    # Inside ---------------------------------------------------------------------------------------------------

    def _frames(self, collection: Collection, include_deleted: bool) -> Iterator[pd.DataFrame]:
        for table in self._pages(collection, include_deleted):
            kept = table if include_deleted else _without_deleted(table)
            yield to_frame(kept, self.client._attrs(collection.name, kept, self.id, datetime.now(UTC)))

    def _pages(self, collection: Collection, include_deleted: bool) -> Iterator[pa.Table]:
        parents = self._parents(collection)
        wanted = self._wanted(collection, None, parents, include_deleted)
        with self.client._progress(collection.name, total=lambda: self._expected(collection.name)) as line:
            yield from read_pages(
                self.client._service,
                wanted,
                page_size=self.client.page_size,
                max_workers=self.client.max_workers,
                progress=line,
            )

    def _wide(
        self,
        name: str,
        owner: Owner,
        user_fields: bool | str | Sequence[str],
        codes: bool | str | Sequence[str],
        refresh: bool,
        include_deleted: bool,
    ) -> pd.DataFrame:
        fields, codes = asked_for(user_fields, "user_fields"), asked_for(codes, "codes")
        needed = [name]
        if fields is not False:
            needed += ["user_fields", f"{owner}_user_field_values"]
        if codes is not False:
            needed += ["codes", "code_values", f"{owner}_code_value_assignments"]
        self.load(*needed, refresh=refresh)
        frame = self.table(name, include_deleted=include_deleted)
        if name == "tasks":
            attrs = frame.attrs
            frame = add_wbs_columns(frame)
            frame.attrs = attrs
        if fields is not False:
            frame = add_user_fields(
                frame, owner, self.table("user_fields"), self.table(f"{owner}_user_field_values"), fields
            )
        if codes is not False:
            frame = add_codes(
                frame,
                owner,
                self.table("codes"),
                self.table("code_values"),
                self.table(f"{owner}_code_value_assignments"),
                codes,
            )
        return frame

    def _find(self, name: str, parent_id: str | None) -> Collection:
        if not isinstance(name, str):
            raise InvalidRequest(f"A collection is named by text, not {name!r}.")
        collection = COLLECTIONS.find(name)
        if collection.level == "service":
            raise InvalidRequest(
                f"{collection.name!r} is not part of a schedule.",
                hint=f"Ask the client: client.{collection.name}(...).",
            )
        if parent_id is not None and (not isinstance(parent_id, str) or not parent_id.strip()):
            raise InvalidRequest(f"{collection.name!r} takes an id as text, not {parent_id!r}.")
        # Making the address says at once, and of this collection, that the surface does not serve it.
        self.client._service.url(collection, self.id, parent_id or "-")
        if parent_id is None:
            if collection.single and collection.parent:
                raise InvalidRequest(
                    f"{collection.name!r} needs an id.",
                    hint=f"s.{collection.name}({collection.parent.column}); "
                    + (
                        f"s.{parents}() lists them."
                        if (parents := collection.parent.collection)
                        else "no table lists them."
                    ),
                )
            return collection
        if collection.parent is None:
            if collection.by_parent is None:
                raise InvalidRequest(
                    f"{collection.name!r} takes no id.", hint=f"s.{collection.name}() reads the whole table."
                )
            return COLLECTIONS[collection.by_parent]
        return collection

    def _get(
        self, collection: Collection, parent_id: str | None, *, refresh: bool, include_deleted: bool = False
    ) -> _Kept:
        if parent_id is None and collection.parent:
            return self._load([collection], refresh=refresh, include_deleted=include_deleted)[collection.name]
        if parent_id and collection.parent and not collection.single and not refresh:
            with self._lock:
                kept = self._kept.get((collection.name, parent_id))
                whole = self._kept.get((collection.name, None))
            if kept is None and whole is not None and parent_id in whole.parents:
                of_parent = pc.equal(whole.table.column(collection.parent.column), parent_id)
                return _Kept(whole.table.filter(of_parent), whole.fetched_at)
        return self._read([collection], parent_id, refresh=refresh)[collection.name]

    def _read(
        self,
        collections: Iterable[Collection],
        parent_id: str | None = None,
        *,
        refresh: bool,
        include_deleted: bool = False,
    ) -> dict[str, _Kept]:
        """Give tables, and ask for those that are not kept; what another thread is asking for is waited for."""
        todo = {collection.name: collection for collection in collections}
        found: dict[str, _Kept] = {}

        def take_kept() -> None:
            for name in [] if refresh else list(todo):
                kept = self._kept.get((name, parent_id))
                if kept is not None and not (include_deleted and kept.deleted_parents is None):
                    found[name] = kept
                    del todo[name]

        while True:
            with self._lock:
                take_kept()
            if not todo:
                return found
            # Before any other thread can wait for this one: two never wait for each other.
            parents = {name: self._parents(c) for name, c in todo.items() if c.parent and parent_id is None}
            done = threading.Event()
            try:
                with self._lock:
                    take_kept()
                    under_way = {name: self._reading.get((name, parent_id)) for name in todo}
                    others = {} if refresh else {n: e for n, e in under_way.items() if e and not e.is_set()}
                    mine = [collection for name, collection in todo.items() if name not in others]
                    self._reading.update({(collection.name, parent_id): done for collection in mine})
                found |= self._ask(mine, parent_id, parents, include_deleted)
            finally:
                done.set()
                with self._lock:
                    self._reading = {key: event for key, event in self._reading.items() if event is not done}
            for collection in mine:
                del todo[collection.name]
            for event in others.values():
                while not event.wait(_WAIT_SECONDS):  # in short pieces: not everywhere can Stop end a wait
                    pass

    def _ask(
        self,
        collections: Sequence[Collection],
        parent_id: str | None,
        parents: Mapping[str, _Parents],
        include_deleted: bool,
    ) -> dict[str, _Kept]:
        if not collections:
            return {}
        wanted = [self._wanted(c, parent_id, parents.get(c.name), include_deleted) for c in collections]
        tables = self.client._read(wanted, total=lambda: self._expected(*(c.name for c in collections)))
        now = datetime.now(UTC)
        asked = {}
        for collection, one, table in zip(collections, wanted, tables, strict=True):
            kept = _Kept(table, now)
            if (of := parents.get(collection.name)) is not None:
                deleted = frozenset(of.deleted)
                kept = _Kept(table, now, frozenset(one.parent_ids), deleted if include_deleted or not deleted else None)
            asked[collection.name] = kept
        with self._lock:
            self._kept.update({(name, parent_id): kept for name, kept in asked.items()})
        return asked

    def _parents(self, collection: Collection) -> _Parents:
        """Ids of the parents of a nested collection."""
        if collection.parent is None or collection.parent.collection is None:
            return _Parents((), ())
        table = self._get(COLLECTIONS[collection.parent.collection], None, refresh=False).table
        every = [id_ for id_ in table.column("id").to_pylist() if id_]
        live = [id_ for id_ in _without_deleted(table).column("id").to_pylist() if id_]
        kept = set(live)
        return _Parents(tuple(live), tuple(id_ for id_ in every if id_ not in kept))

    def _wanted(
        self, collection: Collection, parent_id: str | None, parents: _Parents | None, include_deleted: bool
    ) -> Wanted:
        if parent_id is not None:
            return Wanted(collection, self.id, (parent_id,))
        if collection.parent is None or parents is None:
            return Wanted(collection, self.id)
        return Wanted(collection, self.id, parents.live + (parents.deleted if include_deleted else ()))

    def _expected(self, *names: str) -> int | None:
        """Rows to come, where the service counts them: the counts cost one small request."""
        if not all(name in _COUNTED for name in names):
            return None
        # A progress line is worth neither an error nor a wait.
        statistics = self.client._read_briefly(Wanted(COLLECTIONS["animation_statistics"], self.id))
        if statistics is None:
            return None
        counts = [statistics.column(_COUNTED[name])[0].as_py() for name in names]
        return sum(counts) if all(isinstance(count, int) for count in counts) else None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__()})

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., pd.DataFrame]: ...

    else:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            public = [word for word in dir(type(self)) if not word.startswith("_")]
            raise AttributeError(f"A schedule has no {name!r}. {nearest(name, public)}")

    def __repr__(self) -> str:
        known = f"{self._name!r}, " if self._name else ""
        count = len(self._kept)
        return f"Schedule({known}{self.id}, {self.client.surface}, {count} table{'s' if count != 1 else ''} read)"

    def _repr_html_(self) -> str:
        with self._lock:
            kept = [(name, parent, entry) for (name, parent), entry in self._kept.items()]
        rows = "".join(
            f"<tr><td style='text-align:left'>{html.escape(name)}{' of ' + html.escape(parent) if parent else ''}</td>"
            f"<td>{entry.table.num_rows:,}</td><td>{entry.fetched_at:%Y-%m-%d %H:%M} UTC</td></tr>"
            for name, parent, entry in kept
        )
        title = html.escape(self._name or self.id)
        if not rows:
            return f"<b>Schedule {title}</b> ({html.escape(self.client.surface)}); nothing read yet"
        return (
            f"<b>Schedule {title}</b> ({html.escape(self.client.surface)})"
            f"<table><tr><th style='text-align:left'>table</th><th>rows</th><th>read at</th></tr>{rows}</table>"
        )


def _without_deleted(table: pa.Table, collection: Collection | None = None, kept: _Kept | None = None) -> pa.Table:
    """Leave out the rows marked as deleted, and those nested in a parent that is."""
    if collection and collection.parent and kept and kept.deleted_parents:
        gone = pa.array(sorted(kept.deleted_parents), pa.large_string())
        table = table.filter(pc.invert(pc.is_in(table.column(collection.parent.column), value_set=gone)))
    if "deleted" not in table.column_names or table.schema.field("deleted").type != pa.bool_():
        return table
    deleted = pc.fill_null(table.column("deleted"), False)
    return table.filter(pc.invert(deleted)) if pc.any(deleted).as_py() else table


def _owned(owner: str, what: str) -> str:
    name = f"{owner}_{what}"
    if name not in COLLECTIONS:
        owners = [known.removesuffix(f"_{what}") for known in COLLECTIONS if known.endswith(f"_{what}")]
        raise InvalidRequest(f"There are no {what} of {owner!r}.", hint=nearest(str(owner), owners))
    return name


def _method(collection: Collection) -> Callable[..., pd.DataFrame]:
    """Make the method that reads one collection."""
    nested = COLLECTIONS[collection.by_parent] if collection.by_parent else collection
    parent = nested.parent.column if nested.parent else None

    def read(self: Schedule, parent_id: str | None = None, **options: Any) -> pd.DataFrame:
        if parent is not None and parent in options:
            parent_id = options.pop(parent)
        known = {"refresh", "include_deleted"}
        for name in options:
            if name not in known:
                raise InvalidRequest(
                    f"{collection.name}() has no option {name!r}.",
                    hint=nearest(name, [*known, *([parent] if parent else [])]),
                )
        return self.table(collection.name, parent_id, **options)

    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)]
    if parent:
        default = inspect.Parameter.empty if collection.single else None
        parameters.append(
            inspect.Parameter(parent, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation="str | None")
        )
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool")
        for name in ("refresh", "include_deleted")
    ]
    read.__name__ = collection.name
    read.__qualname__ = f"Schedule.{collection.name}"
    read.__doc__ = describe(collection)
    read.__signature__ = inspect.Signature(parameters, return_annotation="pandas.DataFrame")  # type: ignore[attr-defined]
    return read


def describe(collection: Collection) -> str:
    """Docstring of the method that reads a collection, from its declaration."""
    lines = [collection.meaning, "", "Parameters", "----------"]
    nested = COLLECTIONS[collection.by_parent] if collection.by_parent else collection
    if nested.parent and not nested.parent.collection:
        lines += [nested.parent.column, f"    Id of the {nested.name.replace('_', ' ')}; no table lists them."]
    elif nested.parent:
        lines += [
            nested.parent.column,
            f"    Id of one of the {nested.parent.collection}."
            + ("" if collection.single else " Without it, all of them."),
        ]
    lines += [
        "refresh",
        "    Whether to ask again for what was read already.",
        "include_deleted",
        "    Whether to keep rows marked as deleted.",
    ]
    lines += ["", "Returns", "-------", "pandas.DataFrame"]
    for column in collection.frame_columns:
        unit = f" [{column.unit}]" if column.unit else ""
        note = "" if column.evidence != "inferred" else " (inferred)"
        lines.append(
            f"    ``{column.name}`` ({column.kind}){unit}{': ' + column.meaning if column.meaning else ''}{note}"
        )
    if not collection.columns:
        lines.append("    The members are undocumented; what the service sends is kept.")
    where = [
        title
        for title, path in (("Platform", collection.platform), ("Enterprise", collection.enterprise))
        if path is not None
    ]
    lines += [
        "",
        "Notes",
        "-----",
        f"Served by: {' and '.join(where)} surface; schedules of type {' and '.join(collection.schedule_types)}.",
        f"Evidence: {collection.evidence}.",
    ]
    if (
        collection.platform is not None
        and collection.columns
        and not nested.parent
        and "v10" in collection.schedule_types
    ):
        first = list(collection.column_names[:2])
        lines += ["", "Examples", "--------", f">>> s.{collection.name}().columns[:2].tolist()", str(first)]
    return "\n".join(lines) + "\n"


for _collection in COLLECTIONS.values():
    if _collection.level == "schedule" and _collection.name not in vars(Schedule):
        setattr(Schedule, _collection.name, _method(_collection))
del _collection
