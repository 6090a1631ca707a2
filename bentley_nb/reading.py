"""From what is wanted to finished Arrow tables: chains of pages pulled together, decoded, put together."""

from __future__ import annotations

import ctypes
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from bentley_nb._progress import Progress
from bentley_nb.errors import BentleyError
from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.duplicates import Prints, suspicious
from bentley_nb.frames.finish import finish
from bentley_nb.frames.page import Columns
from bentley_nb.service.declare import Collection
from bentley_nb.service.pages import Chain
from bentley_nb.service.pull import pull
from bentley_nb.service.service import Service
from bentley_nb.transport.limiter import Stopped


@dataclass(frozen=True)
class Wanted:
    """One table to read.

    Attributes
    ----------
    collection
        Which collection.
    schedule_id
        Of which schedule.
    parent_ids
        Of which parents, for a nested one; the empty id stands for a collection that needs none.
    headers
        Further request headers.
    """

    collection: Collection
    schedule_id: str = ""
    parent_ids: tuple[str, ...] = ("",)
    headers: Mapping[str, str] = field(default_factory=dict)


def read_tables(
    service: Service, wanted: Sequence[Wanted], *, page_size: int, max_workers: int, progress: Progress
) -> list[pa.Table]:
    """Read several tables at once, over one pool of threads.

    Parameters
    ----------
    service
        Who is asked.
    wanted
        The tables.
    page_size
        Items per page.
    max_workers
        Requests in flight at most.
    progress
        Told of every page.

    Returns
    -------
    list of pyarrow.Table
        Whole tables, in the order wanted; an error in any of them leaves none.
    """
    chains, decoders, owner = _chains(service, wanted, page_size)
    pages: list[list[Columns]] = [[] for _ in chains]
    for page in pull(
        chains, _decode(decoders), max_workers=max_workers, rows=lambda content: content.rows, tick=progress.tick
    ):
        pages[page.chain].append(page.content)
        progress.page(page.content.rows)
    _give_back()
    tables = []
    for index, table in enumerate(wanted):
        own = [number for number, of in enumerate(owner) if of == index]
        parts = [content for number in own for content in pages[number]]
        parents = [chains[number].parent_id or None for number in own for _ in pages[number]]
        for number in own:
            pages[number] = []
        tables.append(finish(table.collection, parts, parents))
    return tables


def read_pages(
    service: Service, wanted: Wanted, *, page_size: int, max_workers: int, progress: Progress
) -> Iterator[pa.Table]:
    """Read one table page by page, without ever holding the whole.

    Yields
    ------
    pyarrow.Table
        A page with the declared columns. A row whose key stood on the page before, of the same parent, is left out.
    """
    chains, decoders, _ = _chains(service, [wanted], page_size)
    key = list(wanted.collection.key)
    before: dict[int, tuple[pa.Table, Prints | None]] = {}  # of the chains that go on
    for page in pull(
        chains, _decode(decoders), max_workers=max_workers, rows=lambda content: content.rows, tick=progress.tick
    ):
        progress.page(page.content.rows)
        prints = page.content.prints
        table = finish(wanted.collection, [page.content], [chains[page.chain].parent_id or None])
        keys = table.select(key) if key else None
        if page.chain in before:
            keys_before, prints_before = before.pop(page.chain)
            if prints is None or prints_before is None or suspicious([prints_before, prints]):
                table = _without(table, key, keys_before)
        if keys is not None and not page.last:
            before[page.chain] = keys, prints
        yield table


def read_briefly(service: Service, wanted: Wanted, *, seconds: float) -> pa.Table | None:
    """Read a single object where it comes within so many seconds.

    Returns
    -------
    pyarrow.Table or None
        None where it does not come in time, or is refused; nobody goes on asking for it.
    """
    stop = threading.Event()
    found: queue.SimpleQueue[pa.Table | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer = Chain(service, wanted.collection, wanted.schedule_id, "", 1).fetch(stop)
            item = PageDecoder(wanted.collection, service.surface).single(answer.body)
            found.put(finish(wanted.collection, [item]))
        except (BentleyError, Stopped):
            found.put(None)

    threading.Thread(target=ask, name="bentley_nb-brief", daemon=True).start()
    try:
        return found.get(timeout=seconds)
    except queue.Empty:
        return None
    finally:
        stop.set()


def _give_back() -> None:
    """Return to the system what the decoding threads have freed: glibc keeps it, up to half of the peak.

    ``pyarrow.system_memory_pool().release_unused()`` does nothing in the wheels of pyarrow 16 to 26.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl
        if trim is not None:
            trim(0)


def _chains(
    service: Service, wanted: Sequence[Wanted], page_size: int
) -> tuple[list[Chain], dict[str, PageDecoder], list[int]]:
    chains, owner = [], []
    decoders: dict[str, PageDecoder] = {}
    for index, table in enumerate(wanted):
        decoders.setdefault(table.collection.name, PageDecoder(table.collection, service.surface))
        for parent_id in table.parent_ids:
            chains.append(Chain(service, table.collection, table.schedule_id, parent_id, page_size, table.headers))
            owner.append(index)
    return chains, decoders, owner


def _decode(decoders: Mapping[str, PageDecoder]) -> Callable[[Chain, bytes], Columns]:
    def decode(chain: Chain, body: bytes) -> Columns:
        decoder = decoders[chain.collection.name]
        return decoder.single(body) if chain.collection.single else decoder.page(body)

    return decode


def _without(table: pa.Table, key: Sequence[str], before: pa.Table) -> pa.Table:
    """Leave out the rows whose whole key stood on the page before."""
    seen = set(zip(*(before.column(name).to_pylist() for name in key), strict=True))
    keys = zip(*(table.column(name).to_pylist() for name in key), strict=True)
    kept = [row for row, value in enumerate(keys) if None in value or value not in seen]
    return table if len(kept) == table.num_rows else table.take(kept)
