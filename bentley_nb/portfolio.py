"""Several schedules as one: read at the same time within one rate limit, and what fails is a row of ``problems``."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from bentley_nb import reports
from bentley_nb._kept import KeptSchedule, newest
from bentley_nb._kept import open as open_copy
from bentley_nb._options import options as session
from bentley_nb._progress import Line, line_for, told_to
from bentley_nb.errors import BentleyError, InvalidRequest, NotFound, nearest
from bentley_nb.frames.stack import LABELS, stack
from bentley_nb.schedule import Schedule
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.store.keep import keep

T = TypeVar("T")

_TICK_SECONDS = 0.1  # a main thread that waits longer notices Stop late
_QUIET_SECONDS = 1.0
# Each schedule has threads of its own below; more would only wait for the shared rate limit.
_AT_ONCE = 16


@dataclass(frozen=True)
class Member:
    """A schedule of a portfolio, and the name of its project."""

    project: str
    schedule: Schedule


class Portfolio:
    """Schedules of several projects, read together.

    Made by :meth:`bentley_nb.client.Client.portfolio` or :func:`bentley_nb.open_portfolio`. A schedule that fails
    leaves the others as they are and becomes a row of :attr:`problems`. Iterating gives the schedules, so that what
    takes several schedules takes a portfolio: ``bn.sql(query, p)``.

    Parameters
    ----------
    members
        The schedules, with the names of their projects.
    problems
        What could not be found: project, schedule, what happened, what to do.
    client
        The client they are read with; None for kept copies.
    connect
        Makes a client in another process.
    """

    def __init__(
        self,
        members: Sequence[Member],
        problems: Iterable[Problem] = (),
        client: Any = None,
        connect: Callable[..., Any] | None = None,
    ) -> None:
        self._members = list(members)
        # As keys: the same problem, met by a second call, is listed once.
        self._problems = dict.fromkeys(problems)
        self._client = client
        self._connect = connect

    @property
    def schedules(self) -> list[Schedule]:
        """The schedules, in the order of the projects."""
        return [member.schedule for member in self._members]

    @property
    def problems(self) -> pd.DataFrame:
        """What failed so far: ``project``, ``schedule``, ``what_happened``, ``what_to_do``."""
        rows = [(one.project, one.schedule, one.what_happened, one.what_to_do) for one in self._problems]
        columns = ["project", "schedule", "what_happened", "what_to_do"]
        return _listed("problems", pd.DataFrame(rows, columns=columns, dtype="string"))

    def __iter__(self) -> Iterator[Schedule]:
        return iter(self.schedules)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        failed = len({one.project for one in self._problems})
        count = f"{len(self)} schedule{'s' if len(self) != 1 else ''}"
        projects = f"{failed} project{'s' if failed != 1 else ''}"
        return f"Portfolio({count}" + (f", problems in {projects}: p.problems)" if failed else ")")

    # Reading --------------------------------------------------------------------------------------------------

    def load(self, *names: str, refresh: bool = False) -> Portfolio:
        """Read tables of all schedules at once; one that cannot be read becomes a row of ``problems``."""
        self._each(f"{len(self)} schedules", lambda s: s.load(*names, refresh=refresh))
        return self

    def tasks(self, **options: Any) -> pd.DataFrame:
        """Return the tasks of all schedules, with ``project`` and ``schedule`` in front.

        Parameters
        ----------
        **options
            Those of ``s.tasks()``: ``user_fields``, ``codes``, ``refresh``, ``include_deleted``.

        Examples
        --------
        >>> client.portfolio(["Harbour Point Tower"]).tasks().columns[:3].tolist()
        ['project', 'schedule', 'id']
        """
        return self._stacked("tasks", lambda s: s.tasks(**options))

    def table(self, name: str, **options: Any) -> pd.DataFrame:
        """Return one table of all schedules, with ``project`` and ``schedule`` in front.

        Parameters
        ----------
        name
            Name from :func:`bentley_nb.catalog`.
        **options
            Those of ``s.table()``.

        Raises
        ------
        InvalidRequest
            There is no such table.
        """
        COLLECTIONS.find(name)
        return self._stacked(name, lambda s: s.table(name, **options))

    def report(self, name: str, *, executor: Executor | None = None, **options: Any) -> pd.DataFrame:
        """Return a report of every schedule, with ``project``, ``schedule`` and ``data_date`` in front.

        Parameters
        ----------
        name
            Name of a function of ``bn.reports`` that takes a schedule, such as ``"milestones"``.
        executor
            Where the reports are computed; None: threads of this process. Another process reads the schedule with
            the credentials of its own environment (or from the kept copy): none are sent to it.
        **options
            Those of the report.

        Returns
        -------
        pandas.DataFrame
            The rows of all reports. ``bn.reports.about(frame).notes`` has the notes of each, with its project.

        Raises
        ------
        InvalidRequest
            There is no such report.

        Examples
        --------
        >>> client.portfolio(["Harbour Point Tower"]).report("milestones").columns[:3].tolist()
        ['project', 'schedule', 'data_date']
        """
        if name not in reports.__all__ or not callable(getattr(reports, name)):
            raise InvalidRequest(f"There is no report {name!r}.", hint=nearest(name, reports.__all__))
        found = self._each(name, _Report(name, options), executor)
        # Copies: the columns put in front must not appear in a frame that the schedule remembers.
        frames = [frame.assign() for _, frame in found]
        for frame in frames:
            date = reports.about(frame).data_date
            column = pd.Series(pd.DatetimeIndex([date] * len(frame), tz="UTC").as_unit("us"), index=frame.index)
            for own in {"data_date", *LABELS} & set(frame.columns):  # a scorecard names its schedule itself
                frame.pop(own)
            frame.insert(0, "data_date", column)
        result = stack(frames, self.labels([member.schedule for member, _ in found]))
        result.attrs = {
            "report": name,
            "data_date": None,
            "schedule": {"id": None, "name": f"portfolio of {len(found)} schedules"},
            "notes": [f"{member.project}: {note}" for member, frame in found for note in reports.about(frame).notes],
            "facts": {"schedules": len(found), "problems": len(self._problems)},
        }
        return result

    def scorecard(self, **options: Any) -> pd.DataFrame:
        """Return one row per schedule with the figures of its health, each beside its data date.

        Parameters
        ----------
        **options
            Those of ``bn.reports.scorecard``.
        """
        return self.report("scorecard", **options)

    # Keeping --------------------------------------------------------------------------------------------------

    def keep(
        self,
        folder: str | os.PathLike[str] = "kept",
        *,
        label: str | None = None,
        tables: str | Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Keep a copy of every schedule; ``bn.open_portfolio(folder)`` opens the newest of each.

        Parameters
        ----------
        folder, label, tables
            As for ``s.keep()``.

        Returns
        -------
        pandas.DataFrame
            One row per copy: ``project``, ``schedule``, ``path``. What could not be kept is in ``problems``.
        """
        kept = self._each("copies", lambda s: keep(s, folder, label=label, tables=tables))
        labels = self.labels([member.schedule for member, _ in kept])
        rows = [(*label_, str(path)) for label_, (_, path) in zip(labels, kept, strict=True)]
        return _listed("kept", pd.DataFrame(rows, columns=["project", "schedule", "path"], dtype="string"))

    def to_parquet(
        self,
        url: str | os.PathLike[str],
        tables: str | Sequence[str] | None = None,
        *,
        max_age: str | pd.Timedelta | None = None,
        executor: Executor | None = None,
    ) -> pd.DataFrame:
        """Write tables of all schedules as one dataset, page by page, that DuckDB, Dask, Spark and polars read.

        Parameters
        ----------
        url
            A folder, or any address that fsspec opens (extra ``remote``), such as ``"s3://bucket/schedules"``.
        tables
            Names from :func:`bentley_nb.catalog`. None: ``schedule``, ``project_scheduling`` and ``tasks``.
        max_age
            Age from which a file that is there already is written again, such as ``"1D"``; None: it stays, so that
            another run writes only what is missing.
        executor
            As for :meth:`report`.

        Returns
        -------
        pandas.DataFrame
            One row per schedule and table: ``project``, ``schedule``, ``table``, ``path``, ``rows``, ``status``
            (``written``, ``kept`` or ``failed``) and ``what_happened``. Files are
            ``<table>/schedule_id=<id>/part-0.parquet``; a password in the address is shown as ``***``.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     client.portfolio(["Harbour Point Tower"]).to_parquet(folder, ["tasks"])["status"].tolist()
        ['written']
        """
        from bentley_nb.store.dataset import Target, write_part  # noqa: PLC0415 - only for datasets

        names = [tables] if isinstance(tables, str) else list(tables or ("schedule", "project_scheduling", "tasks"))
        names = [COLLECTIONS.find(name).name for name in names]
        target = Target.at(url)
        target.check()
        try:
            age = None if max_age is None else pd.Timedelta(max_age)
        except (ValueError, TypeError):
            raise InvalidRequest(f"max_age must be a time span such as '20h' or '1D', not {max_age!r}.") from None
        members = [member for member in self._members for _ in names]
        written = self._each(
            "dataset", [_Call(write_part, (target, name, age)) for _ in self._members for name in names],
            executor, members=members, tolerant=True,
        )  # fmt: skip
        rows = []
        for (member, outcome), name in zip(written, names * len(self), strict=True):
            failed = isinstance(outcome, BentleyError)
            path, count, status = (None, None, "failed") if failed else outcome
            said = outcome.message if failed else None
            rows.append((member.project, *self.labels([member.schedule])[0][1:], name, path, count, status, said))
        columns = ["project", "schedule", "table", "path", "rows", "status", "what_happened"]
        types = {**dict.fromkeys(columns, "string"), "rows": "Int64", "status": "category"}
        return _listed("dataset", pd.DataFrame(rows, columns=columns).astype(types))

    # Inside ---------------------------------------------------------------------------------------------------

    def labels(self, schedules: Iterable[Schedule]) -> list[tuple[str, str]]:
        """Return the project and the name of some of the schedules; with its id where two have one name.

        Parameters
        ----------
        schedules
            Schedules of this portfolio.
        """
        members = {id(member.schedule): (member.project, member.schedule.name) for member in self._members}
        pairs = list(members.values())
        return [
            (project, name if pairs.count((project, name)) == 1 else f"{name} ({schedule.id[:8]})")
            for schedule in schedules
            for project, name in [members[id(schedule)]]
        ]

    def _stacked(self, what: str, read: Callable[[Schedule], pd.DataFrame]) -> pd.DataFrame:
        found = self._each(what, read)
        frame = stack([frame for _, frame in found], self.labels([member.schedule for member, _ in found]))
        fetched = [one.attrs["fetched_at"] for _, one in found if "fetched_at" in one.attrs]
        frame.attrs = {
            "schedule_id": [member.schedule.id for member, _ in found],
            "collection": what,
            "fetched_at": min(fetched, default=None),
            "rows": len(frame),
        }
        return frame

    def _each(
        self,
        what: str,
        work: Callable[[Schedule], T] | Sequence[Callable[[Schedule], T]],
        executor: Executor | None = None,
        *,
        members: Sequence[Member] | None = None,
        tolerant: bool = False,
    ) -> list[tuple[Member, Any]]:
        """Run something for every schedule at the same time; failures go to ``problems``, the rest is returned.

        With `tolerant` an error is returned in its place, too.
        """
        members = list(self._members if members is None else members)
        works = [work] * len(members) if callable(work) else list(work)
        if executor is None:
            outcomes = _in_threads(what, members, works, self._workers, self._progress)
        else:
            outcomes = _by_executor(members, works, executor, self._connect)
        found: list[tuple[Member, Any]] = []
        for member, outcome in zip(members, outcomes, strict=True):
            if isinstance(outcome, BentleyError):
                self._problems[Problem.of(member.project, _name_of(member.schedule), outcome)] = None
            if tolerant or not isinstance(outcome, BentleyError):
                found.append((member, outcome))
        return found

    @property
    def _workers(self) -> int:
        return min(self._client.max_workers if self._client else _AT_ONCE, _AT_ONCE)

    @property
    def _progress(self) -> bool | None:
        return session.progress if self._client is None or self._client.progress is None else self._client.progress


@dataclass(frozen=True)
class Problem:
    """Something that failed, and where."""

    project: str
    schedule: str | None
    what_happened: str
    what_to_do: str | None

    @classmethod
    def of(cls, project: str, schedule: str | None, error: BentleyError) -> Problem:
        """Make one of an error."""
        return cls(project, schedule, error.message, error.hint)


def open_portfolio(folder: str | os.PathLike[str] = "kept") -> Portfolio:
    """Open the newest copy of each schedule in a folder, without network or credentials.

    Parameters
    ----------
    folder
        What ``p.keep(folder)`` or ``s.keep(folder)`` wrote to.

    Raises
    ------
    InvalidRequest
        There is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = s.keep(folder)
    ...     len(bn.open_portfolio(folder))
    1
    """
    return Portfolio([Member(copy.project or copy.name, copy) for copy in newest(folder)])


def find_schedules(
    client: Any,
    wanted: str | Iterable[str] | None,
    *,
    type_: str | None,
    tables: str | Iterable[str] | None,
    connect: Callable[..., Any],
) -> Portfolio:
    """Find the schedules of projects; see :meth:`bentley_nb.client.Client.portfolio`."""
    if type_ not in (None, "v10", "v6.5"):
        raise InvalidRequest(f"type must be 'v10', 'v6.5' or None, not {type_!r}.")
    names = [tables] if isinstance(tables, str) else list(tables or ())
    for name in names:
        COLLECTIONS.find(name)
    if wanted is None:
        listed = client.projects()
        projects = list(zip(listed["id"], listed["display_name"].fillna(listed["id"]), strict=True))
    else:
        given = [wanted] if isinstance(wanted, str) else list(wanted)
        for name in given:
            if not isinstance(name, str) or not name.strip():
                raise InvalidRequest(f"A project must be given by its id or exact name, not {name!r}.")
        projects = [(name, name) for name in dict.fromkeys(given)]
    members: list[Member] = []
    problems: list[Problem] = []
    known = set[str]()
    # One member per project, to look for its schedules at the same time.
    places = [Member(name, Schedule(id_)) for id_, name in projects]
    looked = _in_threads(
        "projects", places, [lambda s: client.schedules(s.id)] * len(places), client.max_workers, client.progress
    )
    for place, outcome in zip(places, looked, strict=True):
        if isinstance(outcome, BentleyError):
            problems.append(Problem.of(place.project, None, outcome))
            continue
        chosen = outcome if type_ is None else outcome[outcome["type"] == type_]
        if not len(chosen):
            others = ", ".join(outcome["type"].dropna().astype(str).unique())
            missing = NotFound(
                f"The project has no {type_ + ' ' if type_ else ''}schedules.",
                hint=f"Schedules of other types: {others}." if others else None,
            )
            problems.append(Problem.of(place.project, None, missing))
        for row in chosen.itertuples():
            if row.id in known:  # the project was named twice, once by its id
                continue
            known.add(row.id)
            schedule = client.schedule(row.id)
            schedule._name = row.name if isinstance(row.name, str) else ""
            schedule._type = row.type if isinstance(row.type, str) else ""
            schedule.project = place.project
            members.append(Member(place.project, schedule))
    portfolio = Portfolio(members, problems, client, connect)
    return portfolio.load(*names) if names else portfolio


# Doing it at the same time ------------------------------------------------------------------------------------


class _Interrupted(Exception):
    """The main thread was interrupted: a pull ends at its next tick."""


class _Told(Line):
    """Takes the progress of one thread's pull, and ends it when told to."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def show(self, text: str) -> None:
        if self._stop.is_set():
            raise _Interrupted(text)

    def clear(self) -> None:
        pass


def _in_threads(
    what: str,
    members: Sequence[Member],
    works: Sequence[Callable[[Schedule], Any]],
    workers: int,
    progress: bool | None,
) -> list[Any]:
    """Return what each work gives, or the ``BentleyError`` that it raised; any other error is raised.

    The threads are daemons: a request that hangs must not keep the program alive after Stop.
    """
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    stop = threading.Event()
    for index in range(len(members)):
        todo.put(index)

    def run() -> None:
        while not stop.is_set():
            try:
                index = todo.get_nowait()
            except queue.Empty:
                return
            try:
                with told_to(_Told(stop)):
                    done.put((index, works[index](members[index].schedule)))
            except BaseException as error:  # noqa: BLE001 - whatever it is, the caller must learn of it
                done.put((index, error))

    outcomes: list[Any] = [None] * len(members)
    line, started, left = line_for(progress), time.monotonic(), len(members)
    try:
        for _ in range(min(workers, len(members))):  # in here: Stop may come between two threads
            threading.Thread(target=run, name="bentley_nb-portfolio", daemon=True).start()
        while left:
            try:
                index, outcome = done.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                pass
            else:
                if isinstance(outcome, BaseException) and not isinstance(outcome, BentleyError):
                    raise outcome
                outcomes[index] = outcome
                left -= 1
            if line is not None and time.monotonic() - started > _QUIET_SECONDS:
                line.show(f"{what}: {len(members) - left} of {len(members)}, {time.monotonic() - started:.0f} s")
    finally:
        stop.set()
        if line is not None:
            line.clear()
    return outcomes


def _by_executor(
    members: Sequence[Member],
    works: Sequence[Callable[[Schedule], Any]],
    executor: Executor,
    connect: Callable[..., Any] | None,
) -> list[Any]:
    # Threads share the schedules; another process is told where they are.
    here = isinstance(executor, ThreadPoolExecutor)
    futures: list[Future[Any]] = [
        executor.submit(_outcome, work, member.schedule if here else _Place.of(member.schedule, connect))
        for member, work in zip(members, works, strict=True)
    ]
    try:
        # In short pieces, so that Stop is noticed: a wait without a time-out cannot be interrupted on Windows.
        while wait_for(futures, timeout=_TICK_SECONDS).not_done:
            pass
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return [future.result() for future in futures]


def _outcome(work: Callable[[Schedule], Any], schedule: Schedule | _Place) -> Any:
    try:
        return work(schedule.open() if isinstance(schedule, _Place) else schedule)
    except BentleyError as error:
        return error


@dataclass(frozen=True)
class _Place:
    """Where a schedule is: enough to open it in another process, and nothing secret."""

    id: str
    path: str | None
    surface: str = ""
    api_url: str = ""
    connect: Callable[..., Any] | None = None

    @classmethod
    def of(cls, schedule: Schedule, connect: Callable[..., Any] | None) -> _Place:
        if isinstance(schedule, KeptSchedule):
            # A worker process may have another working folder.
            return cls(schedule.id, str(Path(schedule.path).resolve()))
        if schedule.client is None:
            raise InvalidRequest(
                "This schedule is in memory only, so no other process can read it.",
                hint="Leave executor out, or keep a copy and open it.",
            )
        return cls(schedule.id, None, schedule.client.surface, str(schedule.client.explain()["api_url"]), connect)

    def open(self) -> Schedule:
        if self.path is not None or self.connect is None:
            return open_copy(self.path or "")
        # One client, and one token, per worker process rather than per schedule.
        client = _connected.get((self.surface, self.api_url)) or self.connect(progress=False)
        found = client.surface, str(client.explain()["api_url"])
        if found != (self.surface, self.api_url):
            raise InvalidRequest(
                f"The credentials of this worker process lead to {found[1]}, not to {self.api_url}.",
                hint="Set the BENTLEY_* variables of the workers as those of this process.",
            )
        _connected[found] = client
        schedule: Schedule = client.schedule(self.id)
        return schedule


_connected: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True)
class _Report:
    """A report to be made of a schedule, wherever that is."""

    name: str
    options: dict[str, Any]

    def __call__(self, s: Schedule) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(reports, self.name)(s, **self.options)
        return frame


@dataclass(frozen=True)
class _Call:
    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __call__(self, s: Schedule) -> Any:
        return self.function(s, *self.arguments)


def _listed(what: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Name a frame, by which cells show it as the package's own."""
    frame.attrs["report"] = what
    return frame


def _name_of(schedule: Schedule) -> str:
    try:
        return schedule.name or schedule.id
    except BentleyError:
        return schedule.id
