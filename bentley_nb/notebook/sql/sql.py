"""SQL over schedules: the tables a query names are read on first use, DuckDB answers, a DataFrame comes back.

Nothing but these tables can be reached: no files, no network, no Python variables.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bentley_nb import _session
from bentley_nb._extras import need
from bentley_nb.errors import InvalidRequest, NotFound
from bentley_nb.notebook.seen import find_schedule, seen
from bentley_nb.notebook.sql.views import TASK_COLUMNS, VIEWS
from bentley_nb.service.catalog import COLLECTIONS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from bentley_nb.client import Client
    from bentley_nb.notebook.sql.results import Categories
    from bentley_nb.notebook.sql.statements import Query
    from bentley_nb.schedule import Schedule

    Chosen: TypeAlias = Schedule | str

_SETTINGS = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

_GLANCE_SECONDS = 0.1
_PATIENCE_SECONDS = 5.0

_T = TypeVar("_T")


def sql(
    query: str,
    schedule: Chosen | Iterable[Chosen] | None = None,
    *,
    params: Mapping[str, Any] | Sequence[Any] | None = None,
) -> pd.DataFrame:
    """Answer a question in SQL about one schedule or several.

    The tables are the collections of :func:`bentley_nb.catalog` and some friendly views: ``tasks_wide``,
    ``work_tasks``, ``milestones``, ``late_tasks``, ``critical_tasks``, ``look_ahead``, ``baseline_variance``,
    ``open_ends``, ``links_named``, ``assignments_named``; ``SHOW TABLES`` lists them all. Those that the query names
    are read from the service, together, unless the schedule has read them before. The dialect is DuckDB's, its time
    zone UTC. Lists such as ``calendars.day_types`` are JSON: ``day_types->0->>'type'``, or
    ``FROM calendars, unnest(day_types::JSON[]) AS t(day)``.

    Parameters
    ----------
    query
        One or several SELECT statements; the last one's result is returned. Statements that do more than read are
        refused.
    schedule
        A ``Schedule``, an id or an exact name; by default the current one (``%bentley use``). With several of these, in
        a list or the ``id`` column of ``client.schedules(...)``, each table holds the rows of all, with a column
        ``schedule`` in front: the name, or the id where two names are the same.
    params
        Values for ``?`` (a list) or ``$name`` (a mapping) in the query.

    Returns
    -------
    pandas.DataFrame
        Columns in the order of the query. Dtypes are those of all frames: ``string``, ``Int64``, ``Float64``,
        ``boolean``, ``datetime64[us, UTC]``, categories; dates without a time and times without a zone are
        ``datetime64[us]`` (nanoseconds are cut off); lists are Python lists. ``attrs`` hold ``schedule_id``,
        ``tables``, ``fetched_at`` (of the table read first) and ``rows``.

    Raises
    ------
    InvalidRequest
        No schedule is chosen, the query is no SQL, names an unknown table or column, or does more than read, or its
        result has dates that no frame can hold.
    MissingExtra
        DuckDB is not installed.
    KeyboardInterrupt
        The query was stopped; the next one works.

    Examples
    --------
    >>> bool(bn.sql("SELECT count(*) AS tasks FROM tasks WHERE NOT is_wbs", s)["tasks"].iloc[0] > 100)
    True
    >>> bn.sql("SELECT name, date FROM milestones WHERE date > $after ORDER BY date", s,
    ...        params={"after": s.data_date}).dtypes.astype(str).tolist()
    ['string', 'datetime64[us, UTC]']
    >>> bn.sql("SELECT schedule, count(*) AS links FROM task_links GROUP BY ALL", [s]).columns.tolist()
    ['schedule', 'links']
    """
    if not isinstance(query, str):
        raise InvalidRequest(f"A query is text, not {type(query).__name__}.")
    if params is not None and (isinstance(params, str | bytes) or not isinstance(params, Mapping | Sequence)):
        raise InvalidRequest(
            f"params is a list of the values for ?, or a mapping of those for $name, not {type(params).__name__}.",
            hint="One value is a list of one: params=[value].",
        )
    duckdb = need("duckdb", extra="sql")
    from bentley_nb.notebook.sql.missing_column import missing_column  # noqa: PLC0415 - only for SQL
    from bentley_nb.notebook.sql.results import Categories, frame_of  # noqa: PLC0415 - pandas waits for its first use
    from bentley_nb.notebook.sql.statements import take_apart  # noqa: PLC0415

    with _own_errors(duckdb), _connected(duckdb) as connection:
        taken = take_apart(connection, query, _names())
        schedules, several = _schedules(schedule) if taken.tables else ([], False)
        categories = Categories()
        attrs = _load(connection, taken, schedules, categories, labelled=several)
        connection.execute("SET lock_configuration = true")

        def answer() -> tuple[Any, list[str], list[Any]]:
            for statement in taken.statements:
                relation = connection.sql(statement, params=_values_for(statement, params, taken))
            return relation.to_arrow_table(), relation.columns, relation.types

        try:
            answered = _stoppable(connection, answer)
        except duckdb.BinderException as error:
            client = schedules[0].client if schedules else None
            explained = missing_column(connection, taken.trees, str(error), lambda table: column_names(table, client))
            if explained is None:
                raise
            raise explained from None
        frame = frame_of(*answered, categories)
    frame.attrs.update(attrs, rows=len(frame))
    return frame


def table_names() -> list[str]:
    """Names of the collections that SQL can read: all but those that need the id of one item."""
    return [name for name, collection in COLLECTIONS.items() if _is_table(name) and collection.level == "schedule"]


def view_names() -> list[str]:
    """Names of the friendly views."""
    return list(VIEWS)


def column_names(table: str, client: Client | None = None) -> list[str]:
    """Names of the columns of a table or view, as far as a client (by default the session's) has met them.

    An unknown table has none.

    Examples
    --------
    >>> from bentley_nb.notebook.sql.sql import column_names
    >>> column_names("task_links")[:3]
    ['id', 'predecessor_id', 'successor_id']
    """
    name = table.lower()
    met = seen(client or _session.connected()).columns
    if name in met:
        return list(met[name])
    if name in VIEWS:
        return list(VIEWS[name].columns)
    if name == "tasks":
        return list(TASK_COLUMNS)
    return list(COLLECTIONS[name].column_names) if _is_table(name) else []


def _names() -> list[str]:
    return [*table_names(), *view_names()]


def _is_table(name: str) -> bool:
    collection = COLLECTIONS.get(name)
    return (
        collection is not None
        and collection.level == "schedule"
        and not (collection.single and collection.parent is not None)
    )


def _schedules(chosen: Chosen | Iterable[Chosen] | None) -> tuple[list[Schedule], bool]:
    """The schedules meant, and whether a column is to name them."""
    if chosen is None:
        current = _session.current()
        if current is None:
            raise InvalidRequest(
                "No schedule is chosen.", hint="Run %bentley use SCHEDULE first, or name one: bn.sql(query, schedule)."
            )
        return [current], False
    if isinstance(chosen, Iterable) and not isinstance(chosen, str):
        found = {schedule.id: schedule for schedule in map(_schedule, chosen)}
        if not found:
            raise InvalidRequest("The list of schedules is empty.")
        return list(found.values()), True
    return [_schedule(chosen)], False


def _schedule(chosen: Chosen) -> Schedule:
    if isinstance(chosen, str):
        return find_schedule(chosen)
    if not hasattr(chosen, "arrow"):
        raise InvalidRequest(
            f"A schedule is a Schedule, its id or its exact name, not {type(chosen).__name__}.",
            hint="For example: bn.sql(query, client.schedule(id)).",
        )
    return chosen


def _load(
    connection: Any, query: Query, schedules: list[Schedule], categories: Categories, *, labelled: bool
) -> dict[str, Any]:
    """Read what the query names and make it readable; what the frame's ``attrs`` will say of it."""
    from bentley_nb.notebook.sql.results import register, stack  # noqa: PLC0415

    for schedule in schedules:
        _read_together(schedule, query.tables)
    labels = _labels(schedules) if labelled else []
    fetched: list[str] = []
    for name in query.tables:
        parts = []
        for schedule in schedules:
            table = _view(schedule, name) if name in VIEWS else _table(schedule, name)
            parts.append(table)
            fetched += _fetched_at(schedule, name)
        table = stack(parts, labels) if labelled else parts[0]
        seen(schedules[0].client).columns[name] = register(connection, name, table, categories)
    if query.lists_tables:
        for name in set(_names()) - set(query.tables):  # only their names are looked at
            connection.execute(f'CREATE VIEW "{name}" AS SELECT 1')
    ids = [schedule.id for schedule in schedules]
    return {
        "schedule_id": ids if labelled else next(iter(ids), None),
        "tables": list(query.tables),
        "fetched_at": min(fetched, default=None),
    }


def _read_together(schedule: Schedule, names: Sequence[str]) -> None:
    """Read the collections behind the names over one pool of threads."""
    views = [VIEWS[name] for name in names if name in VIEWS]
    needed = dict.fromkeys([*(name for name in names if name not in VIEWS), *(n for view in views for n in view.needs)])
    useful = dict.fromkeys(n for view in views for n in view.uses)
    served = [name for name in useful if schedule.serves(name)]
    if served:
        try:
            schedule.load(*needed, *served)
        except (InvalidRequest, NotFound):
            pass  # the views can do without; whatever is needed says so below
        else:
            return
    schedule.load(*needed)


def _table(schedule: Schedule, name: str) -> pa.Table:
    table = schedule.arrow(name)
    if name != "tasks":
        return table
    from bentley_nb.frames.to_pandas import to_frame  # noqa: PLC0415
    from bentley_nb.frames.wbs import add_wbs_columns  # noqa: PLC0415
    from bentley_nb.notebook.sql.results import arrow_of  # noqa: PLC0415

    outline = add_wbs_columns(to_frame(table.select(["id", "name", "parent_id"]), {}))
    place = len(COLLECTIONS["tasks"].column_names)
    for column in ("is_leaf", "wbs_level", "wbs_path"):
        if column not in table.column_names:
            table = table.add_column(place, column, arrow_of(outline[[column]]).column(0))
    return table


def _view(schedule: Schedule, name: str) -> pa.Table:
    from bentley_nb.notebook.sql.results import arrow_of  # noqa: PLC0415

    return arrow_of(VIEWS[name].make(schedule))


def _fetched_at(schedule: Schedule, name: str) -> list[str]:
    needs = VIEWS[name].needs if name in VIEWS else (name,)
    return [schedule.arrow(need).schema.metadata[b"fetched_at"].decode() for need in needs]


def _labels(schedules: Sequence[Schedule]) -> list[str]:
    names = [schedule.name for schedule in schedules]
    return names if all(names) and len(set(names)) == len(names) else [schedule.id for schedule in schedules]


def _values_for(statement: Any, params: Mapping[str, Any] | Sequence[Any] | None, query: Query) -> Any:
    """The values a statement asks for; of several statements each takes what it names."""
    if params is None or len(query.statements) == 1:
        return params
    wanted = statement.named_parameters
    if not wanted:
        return None
    return {name: params[name] for name in wanted if name in params} if isinstance(params, Mapping) else params


def _stoppable(connection: Any, answer: Callable[[], _T]) -> _T:
    """Run a query so that Stop ends it at once.

    DuckDB looks for pending signals on the thread that called it, but with all its threads busy often never gets to it
    (seen with 2.0). So another thread calls it, and this one waits for the signal.
    """
    answers: list[_T] = []
    errors: list[BaseException] = []
    # Not Thread.join: interrupted, Python 3.11's takes the thread for ended (bpo-45274).
    done = threading.Event()

    def work() -> None:
        try:
            answers.append(answer())
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller must learn of it
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=work, name="bentley_nb-sql", daemon=True).start()
    try:
        while not done.wait(_GLANCE_SECONDS):
            pass
    except BaseException:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not done.is_set() and time.monotonic() < deadline:
            connection.interrupt()  # again and again: between two statements there is nothing to interrupt
            done.wait(_GLANCE_SECONDS)
        raise
    if errors:
        raise errors[0]
    return answers[0]


@contextmanager
def _connected(duckdb: Any) -> Iterator[Any]:
    """Connect to an empty database in memory from which nothing else can be reached."""
    connection = duckdb.connect(":memory:", config=_SETTINGS)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET arrow_large_buffer_size = true")
    try:
        yield connection
    finally:
        with suppress(duckdb.Error):  # busy for ever with a query that would not stop: it ends with its thread
            connection.close()


@contextmanager
def _own_errors(duckdb: Any) -> Iterator[None]:
    """Turn what DuckDB raises into errors of this package, with DuckDB's own hint."""
    try:
        yield
    except duckdb.Error as error:
        raise _explained(str(error)) from None


def _explained(text: str) -> InvalidRequest:
    first, *rest = [line for line in text.splitlines() if line.strip()]
    _, _, message = first.partition(": ")
    # Advice comes before the place; where there is none, the line of the query and the mark below it.
    advice = [line for line in rest if not line.startswith("LINE ")]
    place = [number for number, line in enumerate(rest) if line.startswith("LINE ")]
    if place:
        advice = rest[: place[0]] or rest[place[0] : place[0] + 2]
    if "file system operations are disabled" in first or "disabled through configuration" in first:
        advice = ["SQL reads the tables of the schedule and nothing else; pandas reads files."]
    return InvalidRequest(f"SQL: {message or first}", hint="\n".join(line.rstrip() for line in advice[:2]) or None)
