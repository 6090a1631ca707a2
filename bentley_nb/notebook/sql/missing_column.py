"""Which column behind an alias does not exist, and which do: DuckDB says so for bare names only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bentley_nb._extras import need
from bentley_nb.errors import InvalidRequest, nearest

_NO_COLUMN = re.compile(r'(?:Values list|Table) "(?P<alias>.+)" does not have a column named "(?P<column>.+)"')
# Said of an alias that is there, where a sub-query asks it for a column that it does not have.
_NO_TABLE = re.compile(r'Referenced table "(?P<alias>.+)" not found')


def missing_column(
    connection: Any, trees: Sequence[Any], text: str, columns_of: Callable[[str], list[str]]
) -> InvalidRequest | None:
    """Explain an error of DuckDB's binder that is about a column behind an alias.

    Parameters
    ----------
    connection
        The DuckDB connection that raised it.
    trees
        The parsed statements.
    text
        What DuckDB said.
    columns_of
        Gives the columns of a table by its name, none for an unknown one.

    Returns
    -------
    InvalidRequest or None
        None where it is about something else.
    """
    found = _NO_COLUMN.search(text) or _NO_TABLE.search(text)
    if found is None:
        return None
    alias = found["alias"]
    behind = [_columns(connection, trees, relation, columns_of) for relation in _relations(trees, alias)]
    named = found.groupdict().get("column")
    wanted = [named] if named else list(dict.fromkeys(_asked(trees, alias)))
    for column in wanted:
        lacking = [names for names in behind if names and column.casefold() not in map(str.casefold, names)]
        if lacking:
            near = nearest(column, (name for names in lacking for name in names), limit=12)
            return InvalidRequest(f'SQL: "{alias}" has no column "{column}".', hint=near)
    return InvalidRequest(f'SQL: "{alias}" has no column "{named}".') if named else None


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of DuckDB's trees."""
    if isinstance(node, list):
        for item in node:
            yield from nodes(item)
    elif isinstance(node, dict):
        yield node
        yield from nodes(list(node.values()))


def _relations(trees: Sequence[Any], alias: str) -> Iterator[dict[str, Any]]:
    """Return the tables and sub-queries of this name."""
    for node in nodes(list(trees)):
        if node.get("type") in ("BASE_TABLE", "SUBQUERY"):
            name = node.get("alias") or node.get("table_name") or ""
            if name.casefold() == alias.casefold():
                yield node


def _asked(trees: Sequence[Any], alias: str) -> Iterator[str]:
    """Return the columns that the query reads from this name."""
    for node in nodes(list(trees)):
        names = node.get("column_names")
        if node.get("class") == "COLUMN_REF" and names and len(names) > 1 and names[0].casefold() == alias.casefold():
            yield names[1]


def _columns(
    connection: Any, trees: Sequence[Any], relation: dict[str, Any], columns_of: Callable[[str], list[str]]
) -> list[str]:
    """Return the columns of a table, of a CTE or of a sub-query; none where they are not known."""
    if relation["type"] == "SUBQUERY":
        columns = _described(connection, trees, relation["subquery"]["node"])
    else:
        name = relation["table_name"].casefold()
        ctes = [_query(cte) for key, cte in _ctes(trees) if key == name]
        columns = _described(connection, trees, ctes[-1]) if ctes else columns_of(name)
    renamed = relation.get("column_name_alias") or []
    return [*renamed, *columns[len(renamed) :]]


def _ctes(trees: Sequence[Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (cte["key"].casefold(), cte)
        for node in nodes(list(trees))
        for cte in (node.get("cte_map") or {}).get("map", [])
    ]


def _query(cte: dict[str, Any]) -> dict[str, Any]:
    value = cte["value"]
    node: dict[str, Any] = value["query_node"] if "query_node" in value else value["query"]["node"]  # DuckDB 2, and 1
    return node


def _described(connection: Any, trees: Sequence[Any], node: dict[str, Any]) -> list[str]:
    """Return the columns of a part of the query, as DuckDB describes it; none where that part is not a query itself."""
    duckdb = need("duckdb", extra="sql")
    own = {cte["key"].casefold() for cte in (node.get("cte_map") or {}).get("map", [])}
    around = [cte for key, cte in _ctes(trees) if key not in own and _query(cte) is not node]
    alone = {**node, "cte_map": {"map": [*around, *(node.get("cte_map") or {}).get("map", [])]}}
    text = json.dumps({"error": False, "statements": [{"node": alone, "named_param_map": []}]})
    try:
        [[query]] = connection.execute("SELECT json_deserialize_sql(?::JSON)", [text]).fetchall()
        return [name for name, *_ in connection.execute(f"DESCRIBE {query}").fetchall()]
    except duckdb.Error:
        return []
