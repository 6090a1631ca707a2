"""What an SQL text names, according to DuckDB's own parser, and whether it only reads.

A SELECT is parsed into the tree that ``json_serialize_sql`` returns, so that aliases, CTE names, sub-queries, quotes
and comments mean what they mean to DuckDB. PIVOT without IN and EXPLAIN have no such tree: there every identifier
token that is the name of a table counts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bentley_nb._extras import need
from bentley_nb.errors import InvalidRequest, nearest

# PIVOT is MULTI in DuckDB 2: first it looks which values there are, then it selects.
_READING = ("SELECT", "EXPLAIN", "MULTI")
_WORDS = {"LOAD": "INSTALL or LOAD", "VARIABLE_SET": "SET"}
_OWN_SCHEMAS = ("", "main", "memory.main", "memory")
_SYSTEM_SCHEMAS = ("information_schema", "pg_catalog")
_LISTING = "SHOW TABLES lists the tables; DESCRIBE <name> lists the columns of one."
# They list the tables that exist, which here are only those that the query names, or hide a name in a string.
_BLIND = ("query", "query_table", "duckdb_tables", "duckdb_views", "duckdb_columns")


@dataclass(frozen=True)
class Parsed:
    """An SQL text, parsed.

    Attributes
    ----------
    statements
        DuckDB's statements, in order.
    tables
        The known tables they read, in the order of their first mention.
    calls
        The reports they call as table functions, each with DuckDB's trees of its arguments.
    lists_tables
        Whether ``SHOW TABLES`` is among them.
    trees
        DuckDB's trees of those statements that have one.
    """

    statements: tuple[Any, ...]
    tables: tuple[str, ...]
    calls: tuple[tuple[str, list[Any]], ...]
    lists_tables: bool
    trees: tuple[Any, ...]


def parse(
    connection: Any, text: str, known: Collection[str], functions: Collection[str], results: Collection[str] = ()
) -> Parsed:
    """Find the statements of a text and the tables they name.

    Parameters
    ----------
    connection
        A DuckDB connection; nothing is run that reads or changes anything.
    text
        The SQL.
    known
        Names of the tables that exist.
    functions
        Names of the reports that can be called as table functions.
    results
        Names of the reports that cannot, because they need more than a schedule.

    Raises
    ------
    InvalidRequest
        There is no statement, one that does more than read, or one that names an unknown table.
    duckdb.Error
        It is not SQL.
    """
    statements = tuple(connection.extract_statements(text))
    if not statements:
        raise InvalidRequest(
            "The text contains no SQL statement.", hint="For example: SELECT name, planned_finish FROM tasks"
        )
    tables: dict[str, None] = {}
    calls: list[tuple[str, list[Any]]] = []
    trees = []
    shows = False
    for statement in statements:
        kind = statement.type.name
        source = statement.query
        if not source.strip():
            # DuckDB 1 turns a PIVOT into two statements without text: CREATE TYPE of the values, and SELECT.
            tables.update(dict.fromkeys(_identifiers(text, known)))
            continue
        if kind not in _READING:
            raise InvalidRequest(
                f"{_WORDS.get(kind, kind)} is not supported: only reading is (SELECT, WITH, PIVOT, DESCRIBE ...).",
                hint="Name an intermediate result with WITH name AS (SELECT ...)." if kind == "CREATE" else None,
            )
        tree = _tree(connection, source)
        if tree is None:
            tables.update(dict.fromkeys(_identifiers(source, known)))
            continue
        trees.append(tree)
        for reference in _references(tree, frozenset()):
            shows = shows or reference.special == "tables"
            if reference.function in functions:
                calls.append((reference.function, reference.arguments))
                continue
            name = _resolve(reference, known, results)
            if name:
                tables[name] = None
    return Parsed(statements, tuple(tables), tuple(calls), shows, tuple(trees))


def values_of(connection: Any, arguments: Sequence[Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate the arguments of a table function, written ``name := value``.

    Parameters
    ----------
    connection
        A DuckDB connection.
    arguments
        DuckDB's trees of the arguments.
    params
        Values for the parameters among them.

    Raises
    ------
    InvalidRequest
        An argument has no name.
    """
    expressions = [argument.get("expression", argument) for argument in arguments]  # wrapped in DuckDB 2, bare in 1
    names = [expression.get("alias", "") for expression in expressions]
    if not all(names):
        raise InvalidRequest(
            "SQL: the options of a report must be named.", hint="For example: FROM look_ahead(weeks := 6)"
        )
    if not expressions:
        return {}
    tree = _tree(connection, "SELECT 1")
    tree[0]["node"]["select_list"] = expressions
    # DuckDB has no function that evaluates an expression of a tree: it is put into a SELECT and turned back to text.
    text = json.dumps({"error": False, "statements": tree})
    [[query]] = connection.execute("SELECT json_deserialize_sql(?::JSON)", [text]).fetchall()
    [statement] = connection.extract_statements(query)
    wanted = {name: params[name] for name in statement.named_parameters if name in params}
    [row] = connection.execute(query, wanted or None).fetchall()
    return dict(zip(names, row, strict=True))


@dataclass(frozen=True)
class _Reference:
    table: str
    schema: str = ""
    special: str = ""
    function: str = ""
    arguments: list[Any] = field(default_factory=list)


def _tree(connection: Any, statement: str) -> Any:
    [[text]] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [statement]).fetchall()
    parsed = json.loads(text)
    return None if parsed["error"] else parsed["statements"]


def _references(node: Any, visible: frozenset[str]) -> Iterator[_Reference]:
    """Return the tables below a node of the tree; ``visible`` are the names of the CTEs around it."""
    if isinstance(node, list):
        for item in node:
            yield from _references(item, visible)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind == "BASE_TABLE":
        schema = ".".join(filter(None, (node.get("catalog_name"), node.get("schema_name"))))
        if schema or node["table_name"].lower() not in visible:
            yield _Reference(node["table_name"], schema)
        return
    if kind == "SHOW_REF" and node.get("table_name"):
        # SHOW tasks, and SHOW TABLES, which DuckDB marks with quotes
        yield _Reference(node["table_name"], special=node["table_name"].strip('"').lower())
    if kind == "TABLE_FUNCTION":
        function = node["function"]
        arguments = function.get("arguments", function.get("children", []))  # DuckDB 2, and 1
        yield _Reference("", function=function.get("function_name", "").lower(), arguments=arguments)
    if kind in ("RECURSIVE_CTE_NODE", "CTE_NODE"):
        visible |= {node["cte_name"].lower()}
    rest: Mapping[str, Any] = node
    ctes = node.get("cte_map")
    if isinstance(ctes, dict):
        rest = {name: value for name, value in node.items() if name != "cte_map"}
        for cte in ctes.get("map", []):  # each sees the ones before it
            yield from _references(cte["value"], visible)
            visible |= {cte["key"].lower()}
    for value in rest.values():
        yield from _references(value, visible)


def _resolve(reference: _Reference, known: Collection[str], results: Collection[str]) -> str | None:
    """Return the name of the known table a reference means; None where DuckDB itself knows the answer."""
    if reference.special == "tables":
        return None
    if reference.special in known:
        return reference.special
    if reference.special == "__show_tables_expanded":
        raise InvalidRequest("SHOW ALL TABLES and DESCRIBE without a name are not supported.", hint=_LISTING)
    asked = (reference.function or reference.table).strip('"').lower()
    if asked in results and asked not in known:
        raise InvalidRequest(
            f"SQL cannot call the report {asked}: it needs more than a schedule.",
            hint=f"Call it in an earlier cell and query its result: {asked} = bn.reports.{asked}(...), "
            f"then %%bentley --with {asked} (frames=).",
        )
    if reference.function:
        if reference.function in _BLIND or reference.function.startswith("pragma_"):
            raise InvalidRequest(f"{reference.function}() is not supported.", hint=_LISTING)
        return None
    schema, name = reference.schema.lower(), reference.table.strip('"').lower()
    if schema.rpartition(".")[2] in _SYSTEM_SCHEMAS:
        raise InvalidRequest(f"{reference.schema} is not supported.", hint=_LISTING)
    if schema in _OWN_SCHEMAS and name in known:
        return name
    full = ".".join(filter(None, (reference.schema, reference.table.strip('"'))))
    close, _, _ = nearest(name, known).partition("Available:")
    raise InvalidRequest(
        f"There is no table {full!r}; SQL reads neither files nor Python variables unless --with (frames=) names them.",
        hint=f"{close}SHOW TABLES lists the {len(known)} tables.",
    )


def _identifiers(statement: str, known: Collection[str]) -> Iterator[str]:
    duckdb = need("duckdb", extra="sql")
    tokens = [*duckdb.tokenize(statement), (len(statement.encode()), None)]
    raw = statement.encode()  # offsets count bytes
    for (start, kind), (end, _) in pairwise(tokens):
        if kind == duckdb.token_type.identifier:
            name = raw[start:end].decode().strip().strip('"').lower()
            if name in known:
                yield name
