"""SQL over schedules: the tables a query names are read on first use, DuckDB answers, a DataFrame comes back.

Nothing but these tables and the frames given with them can be reached: no files, no network, no Python variables.
"""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bentley_nb import _session
from bentley_nb._extras import need
from bentley_nb._options import options as bn_options
from bentley_nb.errors import BentleyError, InvalidRequest, NotFound, nearest
from bentley_nb.notebook.seen import current_schedule, find_schedule, seen
from bentley_nb.notebook.sql.views import CALLABLE, NOT_CALLABLE, TASK_COLUMNS, VIEWS
from bentley_nb.service.catalog import COLLECTIONS

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from bentley_nb.client import Client
    from bentley_nb.notebook.sql.results import Categories
    from bentley_nb.notebook.sql.statements import Parsed
    from bentley_nb.portfolio import Portfolio
    from bentley_nb.schedule import Schedule

    Chosen: TypeAlias = Schedule | str

# DuckDB's own advice for untrusted queries ("Securing DuckDB"): no files, no network, no variables of Python, and no
# downloads of extensions.
_SETTINGS = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

# The columns that DESCRIBE returns, and SUMMARIZE does not.
_DESCRIBED = ["column_name", "column_type", "null"]

# A column whose name another one has: of a user field or code, or in SQL.
_RENAMED = re.compile(r"(.+?)(?: \[[^\]]+\]|_\d+)+")

# A main thread that waits in C code does not see Ctrl+C: it wakes up this often.
_GLANCE_SECONDS = 0.1
# After it the thread is left behind: a kernel that hangs is worse than a query that still runs.
_PATIENCE_SECONDS = 5.0

_T = TypeVar("_T")


def sql(
    query: str,
    schedule: Chosen | Iterable[Chosen] | None = None,
    *,
    params: Mapping[str, Any] | Sequence[Any] | None = None,
    frames: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Return the result of an SQL query over one schedule or several.

    The tables are the collections of :func:`bentley_nb.catalog` and some views: ``tasks_wide``, ``work_tasks``,
    ``milestones``, ``late_tasks``, ``critical_tasks``, ``look_ahead``, ``baseline_variance``, ``open_ends``,
    ``links_named``, ``assignments_named``; ``SHOW TABLES`` lists them all, and ``DESCRIBE tasks`` says what the
    columns mean. Reports take their options as a table function: ``FROM look_ahead(weeks := 6)``,
    ``FROM progress(by := 'Zone')``. The tables that the query names are read from the service, together, unless the
    schedule has read them before; a view is computed once, until a table is read again. The dialect is DuckDB's, its
    time zone UTC. Lists such as ``calendars.day_types`` are JSON: ``day_types->0->>'type'``, or
    ``FROM calendars, unnest(day_types::JSON[]) AS t(day)``.

    Parameters
    ----------
    query
        One or several SELECT statements; the result of the last one is returned. Statements that do more than read are
        refused.
    schedule
        A ``Schedule``, an id or an exact name; by default the current one (``%bentley use``). With several of these, in
        a list or the ``id`` column of ``client.schedules(...)``, each table holds the rows of all, with a column
        ``schedule`` in front: the name, or the id where two names are the same. They are read at the same time. Tables
        of a ``Portfolio`` have ``project`` in front of that, and a schedule that fails is a row of ``p.problems``.
    params
        Values for ``?`` (a list) or ``$name`` (a mapping) in the query.
    frames
        Your own frames (pandas, polars or Arrow) by the name of their table; a named index becomes columns. So the
        result of any report is a table, such as the change register: ``frames={"register": s.changes(old)}``.

    Returns
    -------
    pandas.DataFrame
        Columns in the order of the query. Dtypes are those of all frames: ``string``, ``Int64``, ``Float64``,
        ``boolean``, ``datetime64[us, UTC]``, categories; dates without a time and times without a zone are
        ``datetime64[us]`` (nanoseconds are cut off); lists are Python lists. ``attrs`` hold ``collection``
        ("query_result"), ``schedule_id``, ``tables``, ``fetched_at`` (of the table read first) and ``rows``.

    Raises
    ------
    InvalidRequest
        No schedule is chosen, the query is not valid SQL, names an unknown table, column or option, or does more than
        read; a frame cannot become a table; or the result has dates outside the range of a frame.
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
    >>> import pandas as pd
    >>> rates = pd.DataFrame({"type": ["Human"], "rate": [52.0]})
    >>> bn.sql("SELECT name, rate FROM resources JOIN rates USING (type)", s, frames={"rates": rates})["rate"].max()
    np.float64(52.0)
    """
    return answer(query, schedule, params=params, frames=frames)


def answer(
    query: str,
    schedule: Chosen | Iterable[Chosen] | None = None,
    *,
    params: Mapping[str, Any] | Sequence[Any] | None = None,
    frames: Mapping[str, Any] | None = None,
    variables: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Answer a query as :func:`sql` does; ``variables`` give the values of every ``$name`` that ``params`` do not."""
    if not isinstance(query, str):
        raise InvalidRequest(f"A query must be text, not {type(query).__name__}.")
    if params is not None and (isinstance(params, str | bytes) or not isinstance(params, Mapping | Sequence)):
        raise InvalidRequest(
            f"params must be a list of values for ? or a mapping of values for $name, not {type(params).__name__}.",
            hint="Pass a single value as a list: params=[value].",
        )
    duckdb = need("duckdb", extra="sql")
    from bentley_nb.notebook.sql.missing_column import missing_column  # noqa: PLC0415 - only for SQL
    from bentley_nb.notebook.sql.results import Categories, frame_of  # noqa: PLC0415 - pandas waits for its first use
    from bentley_nb.notebook.sql.statements import parse  # noqa: PLC0415

    own = _own_tables(frames or {})
    with _own_errors(duckdb), _connected(duckdb) as connection:
        parsed = parse(connection, query, [*_names(), *own], CALLABLE, NOT_CALLABLE)
        params = _bound(parsed, params, variables)
        reads = any(name not in own for name in parsed.tables) or parsed.calls
        chosen = _schedules(schedule) if reads else []
        categories = Categories()
        attrs = _load(connection, parsed, chosen, categories, own, params)
        # Only now: registering tables and setting the time zone above are configuration, too.
        connection.execute("SET lock_configuration = true")

        def run() -> tuple[Any, list[str], list[Any]]:
            for statement in parsed.statements:
                relation = connection.sql(statement, params=_values_for(statement, params, parsed))
            return relation.to_arrow_table(), relation.columns, relation.types

        try:
            result = _stoppable(connection, run)
        except duckdb.BinderException as error:
            client = next((s.client for s in (chosen if isinstance(chosen, Iterable) else [chosen])), None)
            explained = missing_column(connection, parsed.trees, str(error), lambda table: column_names(table, client))
            if explained is None:
                raise
            raise explained from None
        frame = frame_of(*result, categories)
    if list(frame)[:3] == _DESCRIBED and len(parsed.tables) == 1:
        _add_meanings(frame, parsed.tables[0])
    frame.attrs.update(attrs, rows=len(frame))
    return frame


def _own_tables(frames: Mapping[str, Any]) -> dict[str, pa.Table]:
    """Make tables of the user's own frames, by their names in lower case."""
    if not frames:
        return {}
    from bentley_nb.notebook.sql.results import table_of  # noqa: PLC0415

    tables = {}
    for name, frame in frames.items():
        key = str(name).casefold()
        if key in _names():
            raise InvalidRequest(
                f"SQL: {name!r} is a table of the schedule, so a frame cannot have this name.", hint="Rename the frame."
            )
        tables[key] = table_of(str(name), frame)
    return tables


def _add_meanings(frame: pd.DataFrame, table: str) -> None:
    """Add what the columns of a described table mean, and their unit, as far as the catalog declares them."""
    declared = COLLECTIONS.get(table) or COLLECTIONS["tasks"]
    columns = {column.name: column for column in declared.frame_columns}
    known = [columns.get(name) for name in frame["column_name"]]
    frame["meaning"] = _text(column.meaning if column else "" for column in known)
    frame["unit"] = _text(column.unit if column else "" for column in known)


def _text(values: Iterable[str]) -> Any:
    import pandas as pd  # noqa: PLC0415

    from bentley_nb.frames.dtypes import string_dtype  # noqa: PLC0415

    return pd.array([value or None for value in values], dtype=string_dtype())


def _bound(
    parsed: Parsed, params: Mapping[str, Any] | Sequence[Any] | None, variables: Mapping[str, Any] | None
) -> Mapping[str, Any] | Sequence[Any] | None:
    """Return the value of every ``$name`` of a query; the notebook's variables are bound, never pasted as text."""
    if params is not None and not isinstance(params, Mapping):
        return params
    names = {name for statement in parsed.statements for name in statement.named_parameters if not name.isdigit()}
    values = dict(params or {})
    for name in sorted(names - set(values)):
        if variables is None:
            raise InvalidRequest(f"SQL: ${name} has no value.", hint=f'Pass it: params={{"{name}": ...}}.')
        if name not in variables:
            raise InvalidRequest(
                f"SQL: ${name} is not defined.",
                hint=f"Assign it in an earlier cell: {name} = ... {nearest(name, _scalars(variables))}".rstrip(),
            )
        values[name] = _scalar(name, variables[name])
    return values or params


def _scalars(variables: Mapping[str, Any]) -> list[str]:
    return [
        name for name, value in variables.items() if not name.startswith("_") and isinstance(value, str | int | float)
    ]


def _scalar(name: str, value: Any) -> Any:
    """Check that a variable is a value that a query can take: text, a number, a date, or a list of these."""
    if isinstance(value, list | tuple | set | frozenset):
        return [_scalar(name, item) for item in value]
    kind = type(value).__name__
    # By name, so that pandas' and numpy's kinds of "missing" are all NULL.
    if kind in ("NoneType", "NAType", "NaTType"):
        return None
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()  # a number of numpy
    if isinstance(value, str | int | float | date | timedelta | Decimal):
        return value
    raise InvalidRequest(
        f"SQL: ${name} must be text, a number, a date or a list, not {kind}.",
        hint=f"Query it as a table: %%bentley --with {name}" if hasattr(value, "columns") else None,
    )


def table_names() -> list[str]:
    """Return the names of the collections that SQL can read: all but those that need the id of one item."""
    return [name for name, collection in COLLECTIONS.items() if _is_table(name) and collection.level == "schedule"]


def view_names() -> list[str]:
    """Return the names of the friendly views."""
    return list(VIEWS)


def column_names(table: str, client: Client | None = None) -> list[str]:
    """Return the names of the columns of a table or view, as far as a client (by default the session's) has met them.

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


def _schedules(chosen: Chosen | Iterable[Chosen] | None) -> Schedule | Portfolio | list[Schedule]:
    """Return the schedule to query, or several; then columns must name them."""
    if chosen is None:
        return current_schedule()
    if isinstance(chosen, str) or not isinstance(chosen, Iterable):
        return find_schedule(chosen)
    from bentley_nb.portfolio import Portfolio  # noqa: PLC0415 - pandas waits for its first use

    if isinstance(chosen, Portfolio):
        if not len(chosen):
            raise InvalidRequest("The portfolio has no schedule.", hint="p.problems says why.")
        return chosen
    # A schedule that is named twice is read once; its copies and its parts are others.
    found = {(s.id, s.source, getattr(s, "note", "")): s for s in map(find_schedule, chosen)}
    if not found:
        raise InvalidRequest("The list of schedules is empty.")
    return list(found.values())


def _load(
    connection: Any,
    parsed: Parsed,
    chosen: Schedule | Portfolio | list[Schedule],
    categories: Categories,
    own: Mapping[str, pa.Table],
    params: Any,
) -> dict[str, Any]:
    """Read what the query names and register it with DuckDB; return what the frame's ``attrs`` say of it."""
    from bentley_nb.notebook.sql.results import quoted, register, stack  # noqa: PLC0415

    calls = _calls(connection, parsed, params)
    tables = [name for name in parsed.tables if name not in own]
    wanted: list[tuple[str, dict[str, Any] | None]] = [*((name, None) for name in tables), *calls.items()]

    def read(schedule: Schedule) -> tuple[list[pa.Table], list[str]]:
        _read_together(schedule, [*tables, *calls])
        parts = [
            _table(schedule, name) if options is None and name not in VIEWS else _view(schedule, name, options or {})
            for name, options in wanted
        ]
        return parts, [at for name, _ in wanted for at in _fetched_at(schedule, name)]

    several = isinstance(chosen, Iterable)
    found = _of_each(chosen, read) if isinstance(chosen, Iterable) else [(chosen, read(chosen))]
    schedules = [schedule for schedule, _ in found]
    labels = _labels(schedules, chosen) if isinstance(chosen, Iterable) else {}
    fetched = [at for _, (_, times) in found for at in times]
    for place, (name, options) in enumerate(wanted):
        parts = [tables[place] for _, (tables, _) in found]
        table = stack(parts, labels) if several else parts[0]
        if options is None:
            names = register(connection, name, table, categories)
            seen(schedules[0].client).columns[name] = names
            _refuse_hidden(parsed, names)
            continue
        register(connection, f"{name}()", table, categories)
        listed = ", ".join(f"{quoted(option)} := NULL" for option in options)
        macro = f'{quoted(name)}({listed}) AS TABLE SELECT * FROM "{name}()"'  # noqa: S608 - names of ours
        connection.execute(f"CREATE TEMP MACRO {macro}")
    for name in set(parsed.tables) & set(own):
        register(connection, name, own[name], categories)
    if parsed.lists_tables:
        for name in {*_names(), *own} - set(parsed.tables):  # only their names are listed
            connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT 1")
    ids = [schedule.id for schedule in schedules]
    return {
        "collection": "query_result",
        "schedule_id": ids if several and ids else next(iter(ids), None),
        "tables": list(dict.fromkeys([*parsed.tables, *calls])),
        "fetched_at": min(fetched, default=None),
    }


def _refuse_hidden(parsed: Parsed, names: Sequence[str]) -> None:
    """Refuse a name that is a user field's or code's exactly, but in SQL, which ignores case, another column's."""
    from bentley_nb.notebook.sql.missing_column import nodes  # noqa: PLC0415
    from bentley_nb.notebook.sql.results import quoted  # noqa: PLC0415

    hidden = {found[1]: name for name in names if (found := _RENAMED.fullmatch(name)) and found[1] not in names}
    for node in nodes(list(parsed.trees)):
        asked = (node.get("column_names") or [""])[-1] if node.get("class") == "COLUMN_REF" else ""
        shadow = next((name for name in names if name.casefold() == asked.casefold()), None)
        if asked in hidden and shadow is not None:
            raise InvalidRequest(
                f'SQL: "{asked}" is ambiguous: SQL ignores case, and {shadow!r} is a column, too.',
                hint=f"Write {quoted(hidden[asked])} for the one named {asked!r}, {quoted(shadow)} for the other.",
            )


def _calls(connection: Any, parsed: Parsed, params: Any) -> dict[str, dict[str, Any]]:
    """Return the reports that a query calls, each with its options; DuckDB evaluates them."""
    from bentley_nb.notebook.sql.statements import values_of  # noqa: PLC0415

    calls: dict[str, dict[str, Any]] = {}
    for name, arguments in parsed.calls:
        options = values_of(connection, arguments, params if isinstance(params, Mapping) else {})
        if calls.setdefault(name, options) != options:
            raise InvalidRequest(
                f"SQL: a query can call {name}() with one set of options only.",
                hint="Name the results of two %%bentley cells, and join those.",
            )
    return calls


def _read_together(schedule: Schedule, names: Sequence[str]) -> None:
    """Read the collections behind the names over one pool of threads."""
    views = [VIEWS[name] for name in names if name in VIEWS]
    names = [name for name in names if name in VIEWS or name not in CALLABLE]
    needed = dict.fromkeys([*(name for name in names if name not in VIEWS), *(n for view in views for n in view.needs)])
    useful = dict.fromkeys(n for view in views for n in view.uses)
    served = [name for name in useful if schedule.serves(name)]
    if served:
        try:
            # Together with what the views can do without, so that one pool of threads reads all of it.
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


def _view(schedule: Schedule, name: str, options: Mapping[str, Any]) -> pa.Table:
    """Return a view or report as a table, computed again only where a table of the schedule was read since."""
    from bentley_nb.notebook.sql.results import arrow_of, unique_names  # noqa: PLC0415

    make = VIEWS[name].make if name in VIEWS and not options else CALLABLE[name]
    made = schedule._computed()  # noqa: SLF001
    key = repr((name, sorted(options.items()), bn_options.display_zone))
    if key not in made:
        view = arrow_of(make(schedule, **options))
        names = unique_names(view.column_names, fold=True)  # the service may send members of the names it adds
        made[key] = view.rename_columns(names)
    table: pa.Table = made[key]
    return table


def _fetched_at(schedule: Schedule, name: str) -> list[str]:
    needs = VIEWS[name].needs if name in VIEWS else ("tasks",) if name in CALLABLE else (name,)
    return [schedule.arrow(need).schema.metadata[b"fetched_at"].decode() for need in needs]


def _of_each(chosen: Portfolio | list[Schedule], read: Callable[[Schedule], _T]) -> list[tuple[Schedule, _T]]:
    """Read all schedules at the same time; one that fails ends the query, except in a portfolio."""
    if not chosen:
        return []
    from bentley_nb.portfolio import Member, Portfolio  # noqa: PLC0415 - pandas waits for its first use

    def read_one(schedule: Schedule) -> _T:
        _ = schedule.name  # asked for here, at the same time as the others
        return read(schedule)

    listed = isinstance(chosen, list)
    several = (
        Portfolio([Member("", s) for s in chosen], client=chosen[0].client) if isinstance(chosen, list) else chosen
    )
    outcomes = several._each("SQL", read_one, tolerant=True)  # noqa: SLF001
    errors = [outcome for _, outcome in outcomes if isinstance(outcome, BentleyError)]
    if errors and (listed or len(errors) == len(outcomes)):
        raise errors[0]
    return [(member.schedule, outcome) for member, outcome in outcomes if not isinstance(outcome, BentleyError)]


def _labels(schedules: list[Schedule], chosen: Portfolio | list[Schedule]) -> dict[str, list[str]]:
    if not isinstance(chosen, list):
        pairs = chosen.labels(schedules)
        return {"project": [project for project, _ in pairs], "schedule": [name for _, name in pairs]}
    names, ids = [s.name for s in schedules], [s.id for s in schedules]
    # A copy has the name and the id of its schedule: then only the source tells them apart.
    unique = [texts for texts in (names, ids) if all(texts) and len(set(texts)) == len(texts)]
    return {"schedule": [*unique, [f"{s.name} ({getattr(s, 'note', s.source)})" for s in schedules]][0]}


def _values_for(statement: Any, params: Mapping[str, Any] | Sequence[Any] | None, parsed: Parsed) -> Any:
    """Return the values a statement needs; of several statements each takes what it names."""
    if params is None or len(parsed.statements) == 1:
        return params
    wanted = statement.named_parameters
    if not wanted:
        return None
    return {name: params[name] for name in wanted if name in params} if isinstance(params, Mapping) else params


def _stoppable(connection: Any, answer: Callable[[], _T]) -> _T:
    """Run a query so that Stop ends it at once.

    DuckDB checks for pending signals on the thread that called it, but with all its threads busy often never does
    (observed with 2.0). So another thread calls it, and this one waits for the signal.
    """
    answers: list[_T] = []
    errors: list[BaseException] = []
    # Not Thread.join: when interrupted, Python 3.11 takes the thread for ended (bpo-45274).
    done = threading.Event()

    def work() -> None:
        try:
            answers.append(answer())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)
        finally:
            done.set()

    try:
        # In a thread of its own, since interrupt() must be called from another one.
        threading.Thread(target=work, name="bentley_nb-sql", daemon=True).start()
        while not done.wait(_GLANCE_SECONDS):
            pass
    except BaseException:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not done.is_set() and time.monotonic() < deadline:
            connection.interrupt()  # repeatedly: between two statements there is nothing to interrupt
            done.wait(_GLANCE_SECONDS)
        raise
    if errors:
        raise errors[0]
    return answers[0]


@contextmanager
def _connected(duckdb: Any) -> Iterator[Any]:
    """Open an empty database in memory that can reach nothing else; it spills to a private folder."""
    with tempfile.TemporaryDirectory(prefix="bentley_nb-sql-", ignore_cleanup_errors=True) as spill:  # not ./.tmp
        connection = duckdb.connect(":memory:", config={**_SETTINGS, "temp_directory": spill})
        try:
            # DuckDB's default is the machine's zone: casts from date to timestamp would differ between colleagues.
            connection.execute("SET TimeZone = 'UTC'")
            # The 32-bit offsets of Arrow's small text end at 2 GB.
            connection.execute("SET arrow_large_buffer_size = true")
            yield connection
        finally:
            with suppress(duckdb.Error):  # still running a query that did not stop: it closes with its thread
                connection.close()


@contextmanager
def _own_errors(duckdb: Any) -> Iterator[None]:
    """Raise errors of DuckDB as errors of this package, with DuckDB's own hint."""
    try:
        yield
    except duckdb.Error as error:
        raise _explained(str(error)) from None


def _explained(text: str) -> InvalidRequest:
    first, *rest = [line for line in text.splitlines() if line.strip()]
    # DuckDB begins its messages with the kind of error ("Binder Error: ...").
    _, _, message = first.partition(": ")
    # Advice comes before the position; without advice, the line of the query and the mark below it.
    advice = [line for line in rest if not line.startswith("LINE ")]
    place = [number for number, line in enumerate(rest) if line.startswith("LINE ")]
    if place:
        advice = rest[: place[0]] or rest[place[0] : place[0] + 2]
    if "file system operations are disabled" in first or "disabled through configuration" in first:
        advice = ["SQL reads the tables of the schedule and frames named by --with (frames=); read files with pandas."]
    return InvalidRequest(f"SQL: {message or first}", hint="\n".join(line.rstrip() for line in advice[:2]) or None)
