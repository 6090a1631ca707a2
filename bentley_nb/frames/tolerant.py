"""Items whose values may not fit their declared kinds, into the columns that the fast path gives.

Nothing is lost: text stands where a number was sent as text, numbers become text in text columns, and a value that
does not parse is left missing in its column and kept as sent beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from bentley_nb.frames.dtypes import EXACT, SECONDS_PER_HOUR, WIRE_TYPES
from bentley_nb.frames.page import Columns, in_place
from bentley_nb.service.declare import Collection, Kind, SurfaceName

_INT64 = range(-(2**63), 2**63)


class _DoesNotFit(Exception):
    """The value cannot be of the declared kind."""


def columns_from_items(collection: Collection, surface: SurfaceName, items: Sequence[Mapping[str, Any]]) -> Columns:
    """Return the columns of items that were parsed by Python.

    Parameters
    ----------
    collection
        What the items are.
    surface
        Whose member names they have.
    items
        The items.
    """
    list_members = {c.member_on(surface) for c in collection.frame_columns if c.kind is Kind.LIST}
    flat = [_flat(item, list_members) for item in items]
    known: dict[str, pa.Array] = {}
    unparsed: dict[str, dict[int, str]] = {}
    members = set()
    for column in collection.frame_columns:
        member = column.member_on(surface)
        members.add(member)
        convert = _CONVERTERS[column.kind]
        values: list[Any] = []
        for row, item in enumerate(flat):
            value = item.get(member)
            try:
                values.append(None if value is None else convert(value))
            except (_DoesNotFit, ValueError, OverflowError):
                values.append(None)
                unparsed.setdefault(column.name, {})[row] = _text(value)
        # The same types as the fast path gives: both must fit into one chunked column.
        array = pa.array(values, pa.large_string() if column.kind is Kind.LIST else WIRE_TYPES[column.kind])
        known[column.name] = array.dictionary_encode() if column.kind is Kind.ENUM else array
    unknown, lists = _unknown(flat, members)
    return Columns(len(flat), known, unknown, lists, unparsed)


def _flat(item: Mapping[str, Any], list_members: set[str]) -> dict[str, Any]:
    """Put the leaves of an item side by side; of two that would have one name, the second gets a number."""
    found: dict[str, Any] = {}
    for member, value in _leaves(item, "", list_members):
        name, number = member, 2
        while name in found:
            name, number = f"{member}_{number}", number + 1
        found[name] = value
    return found


def _leaves(item: Mapping[str, Any], prefix: str, list_members: set[str]) -> Iterable[tuple[str, Any]]:
    for name, value in item.items():
        member = prefix + _whole_characters(name).replace(".", "_")  # a point parts the names of objects here
        if isinstance(value, Mapping) and not value and member not in list_members:
            yield member, None  # an object without members means no more than null
        elif isinstance(value, Mapping) and member not in list_members:
            yield from _leaves(value, member + ".", list_members)
        else:
            yield member, value


def _unknown(flat: list[dict[str, Any]], members: set[str]) -> tuple[dict[str, pa.Array], set[str]]:
    names = in_place(name for item in flat for name in item if name not in members)
    # A member that is an object in one item and null in another is known by its leaves.
    parents = {name[:at] for name in (*names, *members) for at, letter in enumerate(name) if letter == "."}
    columns: dict[str, pa.Array] = {}
    lists: set[str] = set()
    for name in names:
        values = [item.get(name) for item in flat]
        if name in parents and all(value is None for value in values):
            continue
        columns[name], is_lists = _infer(values)
        if is_lists:
            lists.add(name)
    return columns, lists


def _infer(values: list[Any]) -> tuple[pa.Array, bool]:
    """Return unknown values with the type JSON gave them; mixed ones become text."""
    # type(), not isinstance(): True is an int, and must not become 1.
    types = {type(value) for value in values if value is not None}
    if types & {list, dict}:
        return pa.array([None if v is None else _json(v) for v in values], pa.large_string()), True
    if types == {bool}:
        return pa.array(values, pa.bool_()), False
    if types == {int} and all(v is None or v in _INT64 for v in values):
        return pa.array(values, pa.int64()), False
    if types and types <= {int, float} and not any(type(v) is int and abs(v) >= EXACT for v in values):
        return pa.array([None if v is None else float(v) for v in values], pa.float64()), False
    if not types:
        return pa.nulls(len(values)), False
    return pa.array([None if v is None else _text(v) for v in values], pa.large_string()), False


def _text(value: Any) -> str:
    return _whole_characters(value) if isinstance(value, str) else _json(value)


def read_instant(value: Any) -> datetime | None:
    """Read one ISO 8601 date-time; without a zone it is UTC, and blank text is missing."""
    if not isinstance(value, str):
        raise _DoesNotFit
    if not value.strip():
        return None
    moment = datetime.fromisoformat(value.strip())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    # Flags sent as 0 and 1 can mean nothing else.
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    raise _DoesNotFit


def _number(value: Any) -> float | int | None:
    if isinstance(value, str):
        if not value.strip():
            return None
        value = float(value) if not value.strip().lstrip("+-").isdecimal() else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _DoesNotFit
    if isinstance(value, float) and not math.isfinite(value):
        raise _DoesNotFit
    return value


def _count(value: Any) -> int | None:
    number = _number(value)
    if number is None:
        return None
    if number != int(number) or int(number) not in _INT64:
        raise _DoesNotFit
    return int(number)


def _measure(value: Any) -> float | None:
    number = _number(value)
    return None if number is None else float(number)


def _hours(value: Any) -> float | None:
    seconds = _measure(value)
    return None if seconds is None else seconds / SECONDS_PER_HOUR


def _json(value: Any) -> str:
    return _whole_characters(json.dumps(value, ensure_ascii=False))


def _whole_characters(text: str) -> str:
    """Return the text with ``?`` for lone surrogates, which are legal JSON and illegal UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


_CONVERTERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.ID: _text,
    Kind.TEXT: _text,
    Kind.ENUM: _text,
    Kind.INSTANT: read_instant,
    Kind.FLAG: _flag,
    Kind.COUNT: _count,
    Kind.MEASURE: _measure,
    Kind.HOURS: _hours,
    Kind.LIST: _json,
}
