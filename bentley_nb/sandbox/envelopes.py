"""Pages as the two surfaces write them: envelopes, next links and continuation tokens."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bentley_nb.sandbox.content import Cursor, Rows
from bentley_nb.sandbox.programme.guids import Item
from bentley_nb.sandbox.replies import dumps
from bentley_nb.service.declare import Collection, SurfaceName
from bentley_nb.service.surface import MAX_PAGE_SIZE, SURFACES

DEFAULT_PAGE_SIZE = 100
KEYSET_ON_ENTERPRISE = ("animation_bindings",)
"""Collections that the Enterprise surface pages by key, as the Platform pages all of them; the others by offset."""


class BadQueryError(ValueError):
    """A query parameter is not one the service takes; holds the name of the parameter."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True)
class ListQuery:
    """What a request asks of a list: its own parameters decoded, and the raw query it came with."""

    surface: SurfaceName
    parameters: dict[str, str]
    raw: str
    url: str

    @property
    def size(self) -> int:
        """Items per page."""
        name = SURFACES[self.surface].page_size_parameter
        text = self.parameters.get(name)
        if text is None:
            return DEFAULT_PAGE_SIZE
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE_SIZE:
            raise BadQueryError(name, f"{name} must be between 1 and {MAX_PAGE_SIZE}.")
        return int(text)

    @property
    def token(self) -> str | None:
        """Token of the page asked for; None or empty for the first."""
        return self.parameters.get(SURFACES[self.surface].page_token_parameter) or None


def page(rows: Rows, collection: Collection, query: ListQuery) -> bytes:
    """Write the page of a list that a request asks for."""
    surface = SURFACES[query.surface]
    by_key = query.surface == "platform" or collection.name in KEYSET_ON_ENTERPRISE
    size, start = query.size, 0
    if query.token is not None:
        try:
            start = rows.after(_read_cursor(query.token)) if by_key else _read_offset(query.token)
        except (ValueError, TypeError, KeyError, binascii.Error):
            name = surface.page_token_parameter
            raise BadQueryError(name, f"{name} is not a token of this list.") from None
    stop = min(start + size, len(rows))
    # The service looks one item ahead: a full last page has no next one.
    token = None
    if stop < len(rows):
        token = _write({"Skip": stop, "Top": size}) if not by_key else _write_cursor(rows.cursor(stop - 1))

    if query.surface == "enterprise":
        items = dumps([enterprise_item(collection, item) for item in rows[start:stop]])
        return b'{"items":%b,"nextPageToken":%b}' % (items, dumps(token))
    links: dict[str, Any] = {"self": {"href": query.url}}
    tail = b""
    if token is not None:
        links["next"] = {"href": _next_link(query, token)}
        tail = b',"nextPageToken":' + dumps(token)
    return b'{%b:%b,"_links":%b%b}' % (dumps(collection.envelope), dumps(rows[start:stop]), dumps(links), tail)


def single(item: Item, collection: Collection, surface: SurfaceName) -> bytes:
    """Write one object: wrapped on the Platform, bare on the Enterprise surface."""
    if SURFACES[surface].single_wrapped:
        return dumps({collection.envelope: item})
    return dumps(enterprise_item(collection, item))


def _next_link(query: ListQuery, token: str) -> str:
    """Repeat the request with the token; its padding is escaped in lower case (``%3d``), as the live service does."""
    parameter = SURFACES[query.surface].page_token_parameter
    kept = [part for part in query.raw.split("&") if part and not _is(part, parameter)]
    escaped = quote(token, safe="")
    for upper in ("%3D", "%2B", "%2F"):
        escaped = escaped.replace(upper, upper.lower())
    base = query.url.partition("?")[0]
    return f"{base}?{'&'.join([*kept, f'{parameter}={escaped}'])}"


def _is(part: str, parameter: str) -> bool:
    return part.partition("=")[0].replace("%24", "$") == parameter


# Tokens ----------------------------------------------------------------------------------------------------------


def _write(value: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def _read(token: str) -> dict[str, Any]:
    value = json.loads(base64.b64decode(token, validate=True))
    if not isinstance(value, dict):
        raise TypeError("a token holds an object")
    return value


def _write_cursor(cursor: Cursor) -> str:
    return _write({"PrimarySkipToken": cursor[0], "SecondarySkipToken": cursor[1], "Type": 0})


def _read_cursor(token: str) -> Cursor:
    value = _read(token)
    first, second = value["PrimarySkipToken"], value["SecondarySkipToken"]
    if not isinstance(first, str) or not isinstance(second, str | None):
        raise TypeError("a cursor holds ids")
    return first, second


def _read_offset(token: str) -> int:
    skip = _read(token)["Skip"]
    if not isinstance(skip, int) or skip < 0:
        raise TypeError("an offset is a number")
    return skip


# The Enterprise dialect ------------------------------------------------------------------------------------------


def enterprise_item(collection: Collection, item: Item) -> Item:
    """Write an item as the Enterprise surface does: some members missing or renamed, numbers as short as they go."""
    missing, renamed = _dialect(collection)
    return {renamed.get(name, name): _short(value) for name, value in item.items() if name not in missing}


_DIALECTS: dict[str, tuple[frozenset[str], dict[str, str]]] = {}


def _dialect(collection: Collection) -> tuple[frozenset[str], dict[str, str]]:
    if collection.name not in _DIALECTS:
        missing = frozenset(c.member for c in collection.columns if "enterprise" not in c.surfaces)
        renamed = {c.member: c.enterprise_member for c in collection.columns if c.enterprise_member}
        _DIALECTS[collection.name] = (missing, renamed)
    return _DIALECTS[collection.name]


def _short(value: Any) -> Any:
    """Return single-precision numbers as the shortest text that identifies them, whole ones without ``.0``."""
    if isinstance(value, float):
        return _short_number(value)
    if isinstance(value, dict):
        return {name: _short(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_short(part) for part in value]
    return value


def _short_number(value: float) -> float | int:
    if value.is_integer() and abs(value) < 2**53:
        return int(value)
    try:
        packed = struct.pack("f", value)
    except OverflowError:
        return value
    if struct.unpack("f", packed)[0] != value:
        return value
    return next(short for digits in range(1, 10) if struct.pack("f", short := float(f"{value:.{digits}g}")) == packed)
