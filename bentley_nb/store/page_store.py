"""Decoded pages on disk, one Parquet file each: what ``connect(store="folder")`` revalidates instead of fetching again.

A file holds everything about its page (address, ETag, next link, columns) and is replaced as a whole, so processes that
share a folder need no lock: whichever file is there belongs to the ETag in it. The next link is kept once more in a
small file beside it, so that the pages after one that was removed can still be asked for all at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bentley_nb._files import expanded
from bentley_nb._fork import remake_in_child
from bentley_nb._options import options
from bentley_nb._version import __version__
from bentley_nb._warn import warn_caller
from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.page import Columns
from bentley_nb.service.declare import Collection
from bentley_nb.service.revalidate import KeptPageDamaged, Link
from bentley_nb.service.service import Answer

_FORMAT = "1"
_LABEL = b"bentley_nb page"
_PRINTS = "prints"
_LINK = ".link"
_OWN = re.compile("[0-9a-f]{32}")  # a folder of pages
_ABANDONED_SECONDS = 3600.0  # a page is written within a second
# Links are small and outlive their pages: they let a long table be asked for all at once again.
_LINK_SECONDS = 90 * 86400.0
_MEMORY_BYTES = 256 << 20


class _Counted:
    """Counts the pages that were read, and those of them that the service confirmed as unchanged."""

    read = confirmed = 0
    _lock: Any

    def count(self, *, confirmed: bool) -> None:
        """Count a page."""
        with self._lock:
            self.read += 1
            self.confirmed += confirmed


class PageStore(_Counted):
    """The pages of one client on one surface, in a folder of their own.

    Parameters
    ----------
    folder
        Where pages are kept; created if missing, for its owner alone.
    owner
        What must be equal for a page to be used again: client id, surface, addresses. Only its hash is written.

    Raises
    ------
    InvalidRequest
        The folder cannot be made or written to.
    """

    def __init__(self, folder: str | os.PathLike[str], *owner: str) -> None:
        # Another version may decode differently, so it begins with an empty folder of its own.
        name = _hash("\0".join([_FORMAT, __version__, *owner]))
        self._root = expanded(folder, "store")
        try:
            self._folder = self._root / "pages" / name
            for made in (self._root, self._root / "pages", self._folder):
                if not made.is_dir():
                    made.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidRequest(
                f"Pages cannot be kept in {str(self._root)!r}: {error.strerror}.",
                hint="Give connect(store=...) a folder of your own.",
            ) from None
        self._failed = False
        self._after_fork()
        remake_in_child(self)

    def _after_fork(self) -> None:
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"PageStore({str(self._root)!r})"

    @property
    def folder(self) -> Path:
        """The folder that was given."""
        return self._root

    def find(self, url: str, collection: Collection) -> _OnDisk | None:
        """Return the page kept under an address; None where there is none, or none that can be read."""
        path = self._path(url, collection)
        try:
            told = _described(pq.read_schema(path))
        except (OSError, pa.ArrowException, ValueError, KeyError, TypeError):
            return None
        # The file's name is a hash: what is inside decides.
        if told["url"] != url or told["collection"] != collection.name:
            return None
        return _OnDisk(path, told["etag"], told["href"], told["token"])

    def next_of(self, url: str, collection: Collection) -> Link | None:
        """Return where the page at an address said the next one is; None where that was not kept either."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            href, token = json.loads(self._path(url, collection).with_suffix(_LINK).read_bytes())
            if isinstance(href, str | None) and isinstance(token, str | None):
                return href, token
        return None

    def put(self, answer: Answer, collection: Collection, content: Columns) -> None:
        """Keep a decoded page, where the service gave it an ETag; a full disk is reported once and ends no pull."""
        etag = answer.headers.get("ETag")
        # Without an ETag the service could never confirm the page.
        if not etag or self._failed:
            return
        table = _to_table(content, answer, etag, collection)
        path = self._path(answer.url, collection)
        try:
            # Rarely changes: not rewriting it halves the number of files written.
            if self.next_of(answer.url, collection) != (answer.href, answer.token):
                with _in_place_of(path.with_suffix(_LINK)) as part:
                    part.write_text(json.dumps([answer.href, answer.token]), encoding="utf-8")
            with _in_place_of(path) as part:
                pq.write_table(
                    table,
                    part,
                    compression="none",  # a quarter of the writing; three fifths more bytes
                    use_dictionary=False,  # ids: looking for repeats takes longer than writing them
                    write_statistics=False,
                    write_page_checksum=True,
                    # One row group per page: it is read as a whole or not at all.
                    row_group_size=max(table.num_rows, 1),
                )
        except OSError as error:
            with self._lock:
                told, self._failed = self._failed, True
            if not told:
                reason = error.strerror or str(error)
                warn_caller(f"Pages can no longer be kept in {self._root}: {reason}. The pull continues without.")

    def trim(self) -> None:
        """Remove the least recently used pages, down to ``bn.options.store_limit`` bytes."""
        limit, now = options.store_limit, time.time()
        files = []
        with contextlib.suppress(OSError):
            for folder in os.scandir(self._root / "pages"):
                # What else is in the user's folder, a link to another one among it, is not ours to remove.
                if folder.is_dir(follow_symlinks=False) and _OWN.fullmatch(folder.name):
                    files += [e for e in os.scandir(folder) if e.is_file(follow_symlinks=False)]
        known = []
        for entry in files:
            with contextlib.suppress(OSError):  # another process may have removed it
                stat = entry.stat()
                age, link = now - stat.st_mtime, entry.name.endswith(_LINK)
                if (link and age > _LINK_SECONDS) or (entry.name.startswith(".") and age > _ABANDONED_SECONDS):
                    Path(entry).unlink()
                elif not link:
                    known.append((stat.st_mtime, stat.st_size, entry.path))
        excess = sum(size for _, size, _ in known) - limit
        for _, size, path in sorted(known):
            if excess <= 0:
                break
            with contextlib.suppress(OSError):
                Path(path).unlink()
                excess -= size

    def _path(self, url: str, collection: Collection) -> Path:
        # A corrected declaration decodes differently.
        return self._folder / f"{_hash(url, repr(collection))}.parquet"


@dataclass(frozen=True)
class _OnDisk:
    """A kept page; its columns are read when the service has confirmed it."""

    path: Path
    etag: str
    href: str | None
    token: str | None

    def load(self) -> Columns:
        """Return the columns.

        Raises
        ------
        KeptPageDamaged
            The file is gone, damaged, or was replaced meanwhile by another state of the page.
        """
        try:
            with pq.ParquetFile(self.path, page_checksum_verification=True) as file:
                schema = file.schema_arrow
                told = _described(schema)
                # Pages are loaded by the decoding threads already.
                table = file.read(use_threads=False)
            if told["etag"] != self.etag:
                raise KeptPageDamaged
            os.utime(self.path)  # the least recently used goes first
        except (OSError, pa.ArrowException, ValueError, KeyError, TypeError):
            raise KeptPageDamaged from None
        return _to_columns(table, told)


class PageMemory(_Counted):
    """The pages that a client read in this session: ``refresh=True`` revalidates them without any folder.

    They share the memory of the tables that were made from them; when those are gone, so many bytes stay at most.
    """

    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], _InMemory] = {}
        self._links: dict[tuple[str, str], Link] = {}  # also of the pages that were removed
        self._bytes = 0
        self._after_fork()
        remake_in_child(self)

    def _after_fork(self) -> None:
        self._lock = Lock()

    def find(self, url: str, collection: Collection) -> _InMemory | None:
        """Return the page kept under an address."""
        return self._pages.get((url, collection.name))

    def next_of(self, url: str, collection: Collection) -> Link | None:
        """Return where the page at an address said the next one is."""
        return self._links.get((url, collection.name))

    def put(self, answer: Answer, collection: Collection, content: Columns) -> None:
        """Keep a decoded page, where the service gave it an ETag."""
        if etag := answer.headers.get("ETag"):
            page = _InMemory(etag, answer.href, answer.token, _copy(content))
            key = (answer.url, collection.name)
            with self._lock:
                before = self._pages.pop(key, None)
                self._pages[key] = page
                self._links[key] = answer.href, answer.token
                self._bytes += page.bytes - (before.bytes if before else 0)
                while self._bytes > _MEMORY_BYTES:
                    self._bytes -= self._pages.pop(next(iter(self._pages))).bytes  # the oldest

    def trim(self) -> None:
        """Do nothing: what exceeds the limit was removed when it was added."""


@dataclass(frozen=True)
class _InMemory:
    etag: str
    href: str | None
    token: str | None
    content: Columns = field(repr=False)

    @property
    def bytes(self) -> int:
        """Memory of the columns."""
        return sum(array.nbytes for array in (*self.content.known.values(), *self.content.unknown.values()))

    def load(self) -> Columns:
        return _copy(self.content)


def _copy(content: Columns) -> Columns:
    """Return the same arrays in dictionaries of their own: a table takes them out of the page when it is made."""
    return Columns(
        content.rows, dict(content.known), dict(content.unknown), set(content.lists), dict(content.unparsed),
        content.prints,
    )  # fmt: skip


def _to_table(content: Columns, answer: Answer, etag: str, collection: Collection) -> pa.Table:
    known, unknown = list(content.known), list(content.unknown)
    arrays = [*content.known.values(), *content.unknown.values()]
    # Numbers: members of the service may have names that Parquet cannot keep apart.
    names = [f"{number}" for number in range(len(arrays))]
    # A page without columns would lose its number of rows otherwise.
    prints = np.zeros(content.rows, np.uint64) if content.prints is None else content.prints
    told = json.dumps(
        {
            "url": answer.url,
            "etag": etag,
            "href": answer.href,
            "token": answer.token,
            "collection": collection.name,
            "known": known,
            "unknown": unknown,
            "lists": sorted(content.lists),
            "unparsed": {name: list(values.items()) for name, values in content.unparsed.items()},
            _PRINTS: content.prints is not None,
        }
    )
    schema = pa.schema(
        [pa.field(name, array.type) for name, array in zip(names, arrays, strict=True)]
        + [pa.field(_PRINTS, pa.uint64())],
        metadata={_LABEL: told.encode(), b"check": _hash(told).encode()},
    )
    return pa.table([*arrays, pa.array(prints)], schema=schema)


def _described(schema: pa.Schema) -> dict[str, Any]:
    metadata = schema.metadata or {}
    told = metadata[_LABEL].decode()
    if metadata[b"check"].decode() != _hash(told):  # the checksums of Parquet are of its data pages only
        raise ValueError(told)
    described: dict[str, Any] = json.loads(told)
    return described


def _to_columns(table: pa.Table, told: dict[str, Any]) -> Columns:
    arrays = [_one(column) for column in table.columns]
    known, unknown = told["known"], told["unknown"]
    return Columns(
        table.num_rows,
        dict(zip(known, arrays, strict=False)),
        dict(zip(unknown, arrays[len(known) :], strict=False)),
        set(told["lists"]),
        {name: dict(values) for name, values in told["unparsed"].items()},
        np.asarray(arrays[-1]) if told[_PRINTS] else None,
    )


def _one(column: pa.ChunkedArray) -> pa.Array:
    array = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.nulls(0, column.type)])
    if not pa.types.is_dictionary(array.type):
        return array
    # Parquet gives the text of a dictionary back in its smaller type.
    return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), array.dictionary.cast(pa.large_string()))


def _hash(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@contextlib.contextmanager
def _in_place_of(path: Path) -> Iterator[Path]:
    """Yield a temporary path that replaces `path` on success; no fsync, since a page can be fetched again."""
    handle, name = tempfile.mkstemp(prefix=".page-", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.replace(path)
    finally:
        # After the rename nothing is left under this name.
        part.unlink(missing_ok=True)
