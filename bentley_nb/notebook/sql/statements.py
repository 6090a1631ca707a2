"""What SQL text names, told by DuckDB's own parser, and whether it only reads.

A SELECT is taken apart as the tree that ``json_serialize_sql`` gives, so that aliases, CTE names, sub-queries, quotes
and comments are what DuckDB takes them for. PIVOT without IN and EXPLAIN have no such tree: there every identifier
token that is the name of a table counts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bentley_nb._extras import need
from bentley_nb.errors import InvalidRequest, nearest

# PIVOT is MULTI in DuckDB 2: first it looks which values there are, then it selects.
_READING = ("SELECT", "EXPLAIN", "MULTI")
_WORDS = {"LOAD": "INSTALL or LOAD", "VARIABLE_SET": "SET"}
_OWN_SCHEMAS = ("", "main", "memory.main", "memory")
_SYSTEM_SCHEMAS = ("information_schema", "pg_catalog")
_LISTING = "SHOW TABLES lists the tables, DESCRIBE name the columns of one."
# They tell of tables that are there, which here are those that the query names, or they hide a name in a text.
_BLIND = ("query", "query_table", "duckdb_tables", "duckdb_views", "duckdb_columns")


@dataclass(frozen=True)
class Query:
    """A text of SQL, taken apart.

    Attributes
    ----------
    statements
        DuckDB's statements, in order.
    tables
        The known tables they read, in the order of their first mention.
    lists_tables
        Whether ``SHOW TABLES`` is among them.
    trees
        DuckDB's trees of those statements that have one.
    """

    statements: tuple[Any, ...]
    tables: tuple[str, ...]
    lists_tables: bool
    trees: tuple[Any, ...]


def take_apart(connection: Any, text: str, known: Collection[str]) -> Query:
    """Find the statements of a text and the tables they name.

    Parameters
    ----------
    connection
        A DuckDB connection; nothing is run that reads or changes anything.
    text
        The SQL.
    known
        Names of the tables there are.

    Raises
    ------
    InvalidRequest
        There is no statement, one that does more than read, or one that names an unknown table.
    duckdb.Error
        It is not SQL.
    """
    statements = tuple(connection.extract_statements(text))
    if not statements:
        raise InvalidRequest("There is no SQL statement.", hint="For example: SELECT name, planned_finish FROM tasks")
    tables: dict[str, None] = {}
    trees = []
    shows = False
    for statement in statements:
        kind = statement.type.name
        source = statement.query
        if not source.strip():
            # DuckDB 1 makes two statements without text of their own of a PIVOT: CREATE TYPE of the values, and SELECT.
            tables.update(dict.fromkeys(_identifiers(text, known)))
            continue
        if kind not in _READING:
            raise InvalidRequest(
                f"{_WORDS.get(kind, kind)} is not run: SQL only reads here (SELECT, WITH, PIVOT, DESCRIBE ...).",
                hint="Name an interim result with WITH name AS (SELECT ...)." if kind == "CREATE" else None,
            )
        tree = _tree(connection, source)
        if tree is None:
            tables.update(dict.fromkeys(_identifiers(source, known)))
            continue
        trees.append(tree)
        for reference in _references(tree, frozenset()):
            shows = shows or reference.special == "tables"
            name = _resolve(reference, known)
            if name:
                tables[name] = None
    return Query(statements, tuple(tables), shows, tuple(trees))


@dataclass(frozen=True)
class _Reference:
    table: str
    schema: str = ""
    special: str = ""
    function: str = ""


def _tree(connection: Any, statement: str) -> Any:
    [[text]] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [statement]).fetchall()
    parsed = json.loads(text)
    return None if parsed["error"] else parsed["statements"]


def _references(node: Any, visible: frozenset[str]) -> Iterator[_Reference]:
    """Give the tables below a node of the tree; ``visible`` are the names of the CTEs around it."""
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
        # SHOW tasks, and SHOW TABLES, which is marked by quotes
        yield _Reference(node["table_name"], special=node["table_name"].strip('"').lower())
    if kind == "TABLE_FUNCTION":
        yield _Reference("", function=node["function"].get("function_name", "").lower())
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


def _resolve(reference: _Reference, known: Collection[str]) -> str | None:
    """Give the name of the known table a reference means; None where DuckDB itself knows the answer."""
    if reference.special == "tables":
        return None
    if reference.special in known:
        return reference.special
    if reference.special == "__show_tables_expanded":
        raise InvalidRequest("SHOW ALL TABLES, and DESCRIBE without a name, are not answered here.", hint=_LISTING)
    if reference.function:
        if reference.function in _BLIND or reference.function.startswith("pragma_"):
            raise InvalidRequest(f"{reference.function}() is not answered here.", hint=_LISTING)
        return None
    schema, name = reference.schema.lower(), reference.table.strip('"').lower()
    if schema.rpartition(".")[2] in _SYSTEM_SCHEMAS:
        raise InvalidRequest(f"{reference.schema} is not answered here.", hint=_LISTING)
    if schema in _OWN_SCHEMAS and name in known:
        return name
    full = ".".join(filter(None, (reference.schema, reference.table.strip('"'))))
    close, _, _ = nearest(name, known).partition("Available:")
    raise InvalidRequest(
        f"There is no table {full!r}; SQL reads neither files nor Python variables.",
        hint=f"{close}SHOW TABLES lists the {len(known)} there are.",
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
