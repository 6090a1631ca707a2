"""Finds a secret in whatever a session wrote: in files of every kind, in any way a program may write text."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

import pyarrow.parquet as pq


def written(value: str) -> set[bytes]:
    """The ways in which a program may write a text, folded to lower case (``%2F`` is ``%2f``)."""
    raw = value.encode()
    forms = {
        value,
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        quote(quote(value, safe=""), safe=""),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(value))[3:-3],
        html.escape(value),
        repr(value)[1:-1],
        repr(raw)[2:-1],
        raw.hex(),
    }
    for ahead in range(3):  # base64 of a text that contains it, wherever it begins
        whole = (b"\0" * ahead + raw)[: (ahead + len(raw)) // 3 * 3][3 if ahead else 0 :]
        forms |= {base64.b64encode(whole).decode(), base64.urlsafe_b64encode(whole).decode()}
    return {form.lower().encode() for form in forms}


def quoted(content: bytes, values: list[str]) -> list[str]:
    """Those of the values that a content quotes, in any of the ways."""
    folded = content.lower()
    return [value for value in values if any(form in folded for form in written(value))]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The content of every file below a folder: as it is, unpacked, and the text of its tables."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            for content in _unpacked(path.read_bytes()):
                yield path.relative_to(folder).as_posix(), content


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    elif content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    elif content[:4] == b"PAR1":
        table = pq.read_table(BytesIO(content))
        yield repr((table.schema.metadata, table.to_pylist())).encode()
