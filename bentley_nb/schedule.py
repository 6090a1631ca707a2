"""A schedule: every collection as a method, remembered once it was read, and the reports on top.

Whoever serves tables is a schedule: a subclass of :class:`Schedule` only says where the tables come from.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb._attached import Attached
from bentley_nb._choice import Choice, Marked
from bentley_nb._face import Face
from bentley_nb._remembered import Key, Remembered
from bentley_nb._warn import warn_caller
from bentley_nb.errors import BentleyError, InvalidRequest, NotFound, nearest, printable
from bentley_nb.frames.keys import positions
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.frames.unset import only_set
from bentley_nb.frames.wbs import add_wbs_columns
from bentley_nb.frames.wide import UserFieldWarning, add_codes, add_user_fields, asked_for
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection

# Rows of these name a task and yet stay whole, so that what was planned can be compared.
_WHOLE = ("baseline_tasks", "baseline_task_scheduling_analyses")

_SYNCHRONIZED = (
    "A v6.5 schedule shows what the last synchronization of its iModel stored; one from before August 2024 has to be "
    "synchronized again."
)

Owner = Literal["task", "resource", "resource_group", "entity_3d"]


class Schedule(Face):
    """One schedule: its tables, and the reports, charts and files made of them.

    Made by :meth:`bentley_nb.client.Client.schedule`. A table that was read is remembered for the lifetime of this
    object; ``refresh=True`` on a call, or :meth:`refresh`, asks again. What is returned is the caller's own.

    A subclass defines ``_read``, and where its source needs it ``_remembered``, ``_pages``, ``_check``, ``refresh`` and
    ``source``; everything else is made of these. Reports, charts and exports take any subclass.

    Attributes
    ----------
    id : str
        Id of the schedule.
    client : Client or None
        The client it was made by; None where the tables do not come from the service.
    """

    client: Any = None
    project: str | None = None
    """Name of its project, where it is known."""
    whole: Schedule | None = None
    """The schedule that it is a part of."""

    def __init__(self, schedule_id: str, *, name: str | None = None, type_: str | None = None) -> None:
        self.id = schedule_id
        self._name = name
        self._type = type_
        self._attached: list[Attached] = []
        self._results: tuple[Any, dict[Any, Any]] = (None, {})

    # Where the tables come from -------------------------------------------------------------------------------

    def _read(
        self,
        collections: Sequence[Collection],
        parent_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> dict[str, Remembered]:
        """Return the tables of collections by name, several of them read at the same time; the one to define.

        `parent_id` comes with one nested collection or single item, and is None for whole tables. With
        `include_deleted` a nested collection is also read for parents marked as deleted; rows marked as deleted are
        in the tables always. ``InvalidRequest`` where the source does not have one of them.
        """
        raise NotImplementedError

    def _pages(self, collection: Collection, *, include_deleted: bool) -> Iterator[Remembered]:
        """Yield a table in pieces, remembering nothing."""
        yield self._read([collection], include_deleted=include_deleted)[collection.name]

    def _check(self, collection: Collection, parent_id: str | None) -> None:
        """Raise ``InvalidRequest`` where the source cannot have a collection, without reading anything."""

    def _remembered(self) -> dict[Key, Remembered]:
        """Return what was read so far, by collection and parent."""
        return {}

    def _readings(self) -> int:
        """Return a number that changes when a table that was read is read again."""
        return 0

    def _computed(self) -> dict[Any, Any]:
        """Return what reports and SQL views computed from the tables; empty once one of these was read again."""
        state = self._readings(), len(self._attached)
        if self._results[0] != state:
            self._results = state, {}
        return self._results[1]

    @property
    def source(self) -> str:
        """Where the tables come from, in a word or two."""
        return "in memory"

    def refresh(self) -> Self:
        """Forget what was read, so that the next call asks again."""
        self._name = self._type = None
        return self

    def serves(self, name: str) -> bool:
        """Return whether its source has a collection, as far as that is known without reading anything.

        Examples
        --------
        >>> s.serves("tasks"), s.serves("task_downstream_links")
        (True, False)
        """
        try:
            self._check(COLLECTIONS.find(name), None)
        except InvalidRequest:
            return False
        return True

    # What it is -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name of the schedule; read once."""
        if self._name is None:
            self._describe()
        return self._name or ""

    @property
    def type(self) -> str:
        """``"v10"`` or ``"v6.5"``; read once."""
        if self._type is None:
            self._describe()
        return self._type or ""

    def _describe(self) -> None:
        row = self.table("schedule").iloc[0]
        self._name = row["name"] if isinstance(row["name"], str) else ""
        self._type = row["type"] if isinstance(row["type"], str) else ""

    @property
    def data_date(self) -> pd.Timestamp:
        """Data date of the schedule in UTC; NaT where it is not known.

        Examples
        --------
        >>> s.data_date.tzinfo
        datetime.timezone.utc
        """
        try:
            dates = self.table("project_scheduling")["data_date"]
        except InvalidRequest as error:  # not served by the Enterprise surface, nor for each type of schedule
            if error.correlation_id and not error.code:  # refused on the way: the service says why
                raise
            return pd.NaT  # type: ignore[return-value]
        except NotFound as error:
            if error.code == "ScheduleNotFound":
                raise
            return pd.NaT  # type: ignore[return-value]
        known = only_set(dates).dropna()
        return known.iloc[0] if len(known) else pd.NaT  # type: ignore[return-value]

    # Tables ---------------------------------------------------------------------------------------------------

    def table(
        self, name: str, parent_id: str | None = None, *, refresh: bool = False, include_deleted: bool = False
    ) -> pd.DataFrame:
        """Read a collection by its name.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`; ``-`` is read as ``_``.
        parent_id
            For nested collections and single items: the id of the parent or item. Without it a nested collection
            is read for all parents, and a column names the parent.
        refresh
            Whether to read the table again.
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
        return self._frame(collection, self._rows(collection, parent_id, refresh, include_deleted), include_deleted)

    def arrow(self, name: str, *, refresh: bool = False, include_deleted: bool = False) -> pa.Table:
        """Read a collection as the Arrow table it is kept in, which costs no copy: the way into DuckDB or Polars.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`; a nested one is read for all its parents.
        refresh
            Whether to read the table again.
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
        read = self._rows(collection, None, refresh, include_deleted)
        table = read.rows(collection, include_deleted=include_deleted)
        for attached in self._attached if collection.name == "tasks" else ():
            table = attached.to_arrow(table)
        return table.replace_schema_metadata(self._attrs(collection, read))

    def load(self, *names: str | Iterable[str], refresh: bool = False) -> Self:
        """Read several collections at once, so that later calls find them.

        Parameters
        ----------
        *names
            Names from :func:`bentley_nb.catalog`, or one list of them; a nested one is read for all its parents.
        refresh
            Whether to read the table again.

        Examples
        --------
        >>> s.load("tasks", "task_links", "baseline_tasks") is s
        True
        """
        listed: Iterable[Any] = names
        if len(names) == 1 and isinstance(names[0], Iterable) and not isinstance(names[0], str):
            [listed] = names
        self._read([self._find(name, None) for name in listed], refresh=refresh)
        return self

    def user_field_values(
        self,
        owner: Owner = "task",
        owner_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        """Return the user field values of one kind of owner, one row per value.

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
        """Return the code values assigned to one kind of owner, one row per assignment.

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

    # Parts ----------------------------------------------------------------------------------------------------

    def only(self, *wanted: Any, **fields: Any) -> Part:
        """Return a part of the schedule: lists and sums of some tasks, with the logic and baseline of the whole.

        Parameters
        ----------
        *wanted
            A mapping of fields and values, a frame whose ``id`` (or ``task_id``) names tasks, a boolean Series over
            ``s.tasks()``, or ids. Several must all be met.
        **fields
            Columns of ``s.tasks()``, codes and user fields by name, with a value or a list of values; None means
            without a value. Dates and numbers also take a pair ``(first, last)``, either of which may be None.
            ``wbs`` takes the name or path of an element (``"A > B"``) and means everything below it, ``status`` the
            project's name for a status or the service's. A value of a code goes by its name, its path or, where
            neither fits, its description; a task of it is also of every level above.

        Returns
        -------
        Part
            A schedule whose ``whole`` is this one. Tables with a row per task hold those of the part; links, calendars
            and baselines stay whole, and so do float and driving logic. Every report says what it is a part of.

        Raises
        ------
        InvalidRequest
            There is no such field, value or element of the WBS (the message names the nearest), or more than one.

        Examples
        --------
        >>> part = s.only(type="Work", planned_start=("2024-01-01", None))
        >>> set(part.tasks()["type"])
        {'Work'}
        """
        if not wanted and not fields:
            raise InvalidRequest("only() needs a condition.", hint='For example: s.only({"Trade": "Concrete"}).')
        return Part(self, wanted, fields)

    def attach(self, frame: Any, on: str = "user_defined_id") -> Self:
        """Add columns of your own to the tasks: they serve as weight, cost, group and filter, and in SQL.

        Parameters
        ----------
        frame
            A DataFrame (or a polars or Arrow table) with a row per task: costs, quantities, zones, crews.
        on
            Column that the frame and ``s.tasks()`` have in common, such as ``user_defined_id`` or ``id``. Rows that
            match no task are named in a warning.

        Returns
        -------
        Schedule
            The schedule itself. The columns last as long as it does; of a part they are the whole schedule's.

        Raises
        ------
        InvalidRequest
            There is no such column, a task is named twice, or tasks have a column of one of these names already.

        Examples
        --------
        >>> tasks = s.tasks().dropna(subset=["user_defined_id"]).drop_duplicates("user_defined_id")
        >>> costs = pd.DataFrame({"user_defined_id": tasks["user_defined_id"], "Budget": 1000.0})
        >>> s = client.schedule(s.id).attach(costs)
        >>> bool((s.tasks()["Budget"].dropna() == 1000).all())
        True
        """
        self._attached.append(Attached.of(frame, on, self.table("tasks")))
        return self

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
            One frame per page, with the declared columns; nothing is remembered. The reading starts when the first
            is taken.

        Examples
        --------
        >>> sum(len(page) for page in s.iter_pages("task_links")) == len(s.task_links())
        True
        """
        # A generator would report a wrong name only when its first page is taken.
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
        pages = self._pages(collection, include_deleted=include_deleted)
        return write_pages(
            (page.rows(collection, include_deleted=include_deleted) for page in pages),
            collection,
            path,
            self._attrs(collection, None),
        )

    # Inside ---------------------------------------------------------------------------------------------------

    def _rows(self, collection: Collection, parent_id: str | None, refresh: bool, include_deleted: bool) -> Remembered:
        return self._read([collection], parent_id, refresh=refresh, include_deleted=include_deleted)[collection.name]

    def _attrs(self, collection: Collection, read: Remembered | None) -> dict[str, str]:
        fetched_at = datetime.now(UTC) if read is None else read.fetched_at
        return {
            "schedule_id": self.id,
            "collection": collection.name,
            "fetched_at": fetched_at.isoformat(timespec="seconds"),
        }

    def _frame(self, collection: Collection, read: Remembered, include_deleted: bool) -> pd.DataFrame:
        table = read.rows(collection, include_deleted=include_deleted)
        frame = to_frame(table, {**self._attrs(collection, read), "rows": table.num_rows})
        for attached in self._attached if collection.name == "tasks" else ():
            frame = attached.to(frame)
        return frame

    def _frames(self, collection: Collection, include_deleted: bool) -> Iterator[pd.DataFrame]:
        for page in self._pages(collection, include_deleted=include_deleted):
            yield self._frame(collection, page, include_deleted)

    def _wide(
        self,
        collection: Collection,
        *,
        user_fields: bool | str | Sequence[str] = False,
        codes: bool | str | Sequence[str] = False,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> pd.DataFrame:
        fields, codes = asked_for(user_fields, "user_fields"), asked_for(codes, "codes")
        name, owner = collection.name, collection.wide or ""
        needed = [name]
        if fields is not False:
            needed += ["user_fields", f"{owner}_user_field_values"]
        if codes is not False:
            needed += ["codes", "code_values", f"{owner}_code_value_assignments"]
        self.load(*needed, refresh=refresh)
        frame = self.table(name, include_deleted=include_deleted)
        if name == "tasks":
            if not len(frame) and self._of_an_imodel():
                warn_caller(f"Schedule {self.name!r} has no tasks. {_SYNCHRONIZED}")
            attrs = frame.attrs
            frame = add_wbs_columns(frame)
            frame.attrs = attrs
        if fields is not False:
            values = self.table(f"{owner}_user_field_values")
            if fields and not len(values) and self._of_an_imodel():
                which = "3D" if owner == "entity_3d" else "non-3D"
                warn_caller(
                    f"Schedule {self.name!r} has no values of user fields of {name}. They are served only where "
                    f"SYNCHRO Sync Settings > Process {which} user fields is on in the iModel options of the project. "
                    f"{_SYNCHRONIZED}",
                    UserFieldWarning,
                )
            frame = add_user_fields(frame, owner, self.table("user_fields"), values, fields)
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

    def _of_an_imodel(self) -> bool:
        """Return whether it is of type v6.5; False where that cannot be read, since only a hint depends on it."""
        try:
            return self.type == "v6.5"
        except BentleyError:
            return False

    def _find(self, name: str, parent_id: str | None) -> Collection:
        if not isinstance(name, str):
            raise InvalidRequest(f"The name of a collection must be text, not {name!r}.")
        collection = COLLECTIONS.find(name)
        if collection.level == "service":
            raise InvalidRequest(
                f"{collection.name!r} is not part of a schedule.",
                hint=f"Ask the client: client.{collection.name}(...).",
            )
        if parent_id is not None and (not isinstance(parent_id, str) or not parent_id.strip()):
            raise InvalidRequest(f"{collection.name!r} takes an id as text, not {parent_id!r}.")
        self._check(collection, parent_id)
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

    if not TYPE_CHECKING:  # type checkers know the methods, and no other

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            raise AttributeError(_unknown(type(self), name))

    def __repr__(self) -> str:
        known = f"{self._name!r}, " if self._name else ""
        count = len(self._remembered())
        words = f"Schedule({known}{self.id}, {self.source}, {count} table{'s' if count != 1 else ''} read)"
        return printable(words, "\n\t")

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left'>{html.escape(name)}{' of ' + html.escape(parent) if parent else ''}</td>"
            f"<td>{read.table.num_rows:,}</td><td>{read.fetched_at:%Y-%m-%d %H:%M} UTC</td></tr>"
            for (name, parent), read in self._remembered().items()
        )
        title = f"<b>Schedule {html.escape(self._name or self.id)}</b> ({html.escape(self.source)})"
        if not rows:
            return f"{title}; nothing read yet"
        return (
            f"{title}<table><tr><th style='text-align:left'>table</th><th>rows</th><th>read at</th></tr>{rows}</table>"
        )


class Part(Schedule):
    """Chosen tasks of a schedule, as ``s.only(...)`` returns them, with the logic and the baseline of the whole.

    Its lists and sums are of the chosen tasks; tables that belong to no task stay whole. Reports read the whole
    schedule and count the tasks of the part, so that no link, float or path is cut.

    Attributes
    ----------
    whole : Schedule
        The schedule it is a part of.
    ids : frozenset of str
        Ids of the tasks.
    """

    def __init__(self, of: Schedule, wanted: Sequence[Any], fields: Mapping[str, Any]) -> None:
        super().__init__(of.id)
        self.whole: Schedule = of.whole if isinstance(of, Part) else of
        self._attached = self.whole._attached
        self.client = of.client
        self._of = of
        self._wanted, self._fields = [Marked.of(one, of.tasks(), self.whole.tasks()) for one in wanted], dict(fields)
        self.ids: frozenset[str] = frozenset()
        self._words = ""
        self._total = 0
        self._choose()

    def _choose(self) -> None:
        tasks = self.whole.tasks()
        choice = Choice(self.whole, tasks)
        mask = np.ones(len(tasks), dtype=bool)
        for one in self._wanted:
            mask &= choice.of_rows(one)
        for name, value in self._fields.items():
            mask &= choice.of_field(name, value)
        ids = frozenset(tasks["id"][mask].dropna().astype(str))
        words = choice.words
        if isinstance(self._of, Part):
            ids, words = ids & self._of.ids, [self._of._words, *words]
        self.ids, self._words, self._total = ids, "; ".join(words), len(tasks)

    @property
    def name(self) -> str:
        """Name of the whole schedule."""
        return self.whole.name

    @property
    def type(self) -> str:
        """Type of the whole schedule."""
        return self.whole.type

    @property
    def data_date(self) -> pd.Timestamp:
        """Data date of the whole schedule."""
        return self.whole.data_date

    @property
    def note(self) -> str:
        """What it is a part of, in a sentence; it is the first note of every report.

        Examples
        --------
        >>> s.only(type="Work").note  # doctest: +ELLIPSIS
        'Part: type = Work, ... of ... tasks.'
        """
        return f"Part: {self._words}, {len(self.ids):,} of {self._total:,} tasks."

    @property
    def source(self) -> str:
        """Where the tables of the whole schedule come from."""
        return self.whole.source

    def refresh(self) -> Self:
        """Forget what was read, and choose the tasks again."""
        self.whole.refresh()
        if isinstance(self._of, Part):
            self._of.refresh()
        self._choose()
        return self

    def _read(
        self,
        collections: Sequence[Collection],
        parent_id: str | None = None,
        *,
        refresh: bool = False,
        include_deleted: bool = False,
    ) -> dict[str, Remembered]:
        read = self.whole._read(collections, parent_id, refresh=refresh, include_deleted=include_deleted)
        return {each.name: self._of_part(each, read[each.name]) for each in collections}

    def _pages(self, collection: Collection, *, include_deleted: bool) -> Iterator[Remembered]:
        for page in self.whole._pages(collection, include_deleted=include_deleted):
            yield self._of_part(collection, page)

    def _of_part(self, collection: Collection, read: Remembered) -> Remembered:
        names = collection.column_names
        column = "id" if collection.name in ("tasks", "task", "task_children") else "task_id"
        if column not in names or collection.name in _WHOLE:
            return read
        known = pa.array(sorted(self.ids), pa.large_string())
        inside = pc.is_in(read.table.column(column).cast(pa.large_string()), value_set=known)
        return Remembered(read.table.filter(inside), read.fetched_at, read.parents, read.deleted_parents)

    def _wide(self, collection: Collection, **options: Any) -> pd.DataFrame:
        frame = self.whole._wide(collection, **options)
        if collection.name != "tasks":
            return frame
        part = frame[positions(frame["id"], pd.Series(list(self.ids), dtype="string")) >= 0].reset_index(drop=True)
        part.attrs = {**frame.attrs, "rows": len(part), "part": self.note}
        return part

    def _check(self, collection: Collection, parent_id: str | None) -> None:
        self.whole._check(collection, parent_id)

    def _remembered(self) -> dict[Key, Remembered]:
        return self.whole._remembered()

    def _readings(self) -> int:
        return self.whole._readings()

    def __repr__(self) -> str:
        return printable(f"<{self.note.rstrip('.')} of {self.whole!r}>", "\n\t")


@lru_cache
def _unknown(owner: type, name: str) -> str:
    # Remembered: getattr(s, "note", "") runs for each of many schedules, and names are slow to compare.
    public = [word for word in dir(owner) if not word.startswith("_")]
    return f"A schedule has no {name!r}. {nearest(name, public)}"


def _owned(owner: str, what: str) -> str:
    name = f"{owner}_{what}"
    if name not in COLLECTIONS:
        owners = [known.removesuffix(f"_{what}") for known in COLLECTIONS if known.endswith(f"_{what}")]
        raise InvalidRequest(f"There are no {what} of {owner!r}.", hint=nearest(str(owner), owners))
    return name
