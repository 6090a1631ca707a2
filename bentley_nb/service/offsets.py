"""Tokens that are offsets, as most of the Enterprise surface's: rows deleted during a pull move up past the next page.

So each page is asked for one row early. It must begin with the last row of the page before, which proves that nothing
has moved; that row is left out of the body.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

_FIRST_ROW_BYTES = 1 << 16
_OPENINGS = 1_000  # objects within the last row that are tried for its beginning

Row = dict[str, Any]


def earlier(token: str, rows: int) -> str | None:
    """Return the token of a place so many rows earlier; None where the token is not an offset.

    Examples
    --------
    >>> from bentley_nb.service.offsets import earlier
    >>> earlier("eyJTa2lwIjoyMCwiVG9wIjoxMH0=", 1)  # {"Skip":20,"Top":10}
    'eyJTa2lwIjoxOSwiVG9wIjoxMH0='
    """
    try:
        offset = json.loads(base64.b64decode(token, validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    # The form seen in recorded answers. bool is an int, so the type is compared exactly.
    if not isinstance(offset, dict) or offset.keys() != {"Skip", "Top"} or type(offset["Skip"]) is not int:
        return None
    moved = {**offset, "Skip": max(offset["Skip"] - rows, 0)}
    return base64.b64encode(json.dumps(moved, separators=(",", ":")).encode()).decode()


def same(one: Row, other: Row) -> bool:
    """Whether two rows are one, which may have been edited; rows without an id are compared whole."""
    return bool(one["id"] == other["id"]) if "id" in one and "id" in other else one == other


def last_row(body: bytes) -> Row | None:
    """Return the last row of a page, without reading the others; None where there is none."""
    end = at = body.rfind(b"]")
    for _ in range(_OPENINGS):
        at = body.rfind(b"{", 0, at)
        if at < 0:
            break
        try:
            row = json.loads(body[at:end])
        except (ValueError, RecursionError):  # begins in the middle of the row
            continue
        return row if isinstance(row, dict) and body[:at].rstrip()[-1:] in (b"[", b",") else None
    return None


def without_first(body: bytes, row: Row) -> bytes | None:
    """Return a page without its first row; None where that is not the row expected."""
    start = body.find(b"[") + 1
    # Usually the first kilobytes hold the row; decoding a whole page of text just for it is slow.
    for size in (_FIRST_ROW_BYTES, len(body)):
        # The cut may fall inside a character; surrogates keep the byte count, so that the end can be found again.
        text = body[start : start + size].decode("utf-8", "surrogateescape")
        stripped = text.lstrip()
        try:
            first, end = json.JSONDecoder().raw_decode(stripped)
        except (ValueError, RecursionError):
            continue
        if not isinstance(first, dict) or not same(first, row):
            return None
        end = start + len(text[: len(text) - len(stripped) + end].encode("utf-8", "surrogateescape"))
        return body[:start] + body[end:].lstrip().removeprefix(b",")
    return None


def after(body: bytes, member: str, row: Row) -> bytes | None:
    """Return a page without its rows up to a given one; None where the page does not have that row."""
    try:
        envelope = json.loads(body)
        rows = envelope[member]
        at = next(index for index, other in enumerate(rows) if same(other, row))
    except (ValueError, KeyError, TypeError, StopIteration, RecursionError):
        return None
    return json.dumps({**envelope, member: rows[at + 1 :]}).encode()
