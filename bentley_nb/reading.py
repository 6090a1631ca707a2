"""Read finished Arrow tables from the service: chains of pages are pulled together, decoded and joined.

:class:`Reader` is what a client hands to its schedules.
"""

from __future__ import annotations

import ctypes
import queue
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import pyarrow as pa

from bentley_nb._options import options
from bentley_nb._progress import Progress, line_for
from bentley_nb._warn import warn_caller
from bentley_nb.errors import BentleyError, InvalidRequest
from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.duplicates import Prints, suspicious
from bentley_nb.frames.finish import finish
from bentley_nb.frames.page import Columns
from bentley_nb.frames.seam import meeting, sliced
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection
from bentley_nb.service.pages import Chain
from bentley_nb.service.pull import Page, pull
from bentley_nb.service.revalidate import KeptPageDamaged, Revalidation
from bentley_nb.service.service import Answer, Service
from bentley_nb.service.split import SplitChain
from bentley_nb.service.surface import SURFACES
from bentley_nb.store.page_store import PageMemory, PageStore
from bentley_nb.transport.limiter import Stopped

MOST_PROJECTS = 10_000
"""The most projects the service lists, and only on request: its default is 1,000."""

_PROJECTS_PAGE = 1_000


class ReadSettings(Protocol):
    """The settings of a client that reading follows; they may change between two reads."""

    max_workers: int
    page_size: int
    progress: bool | None


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


class Reader:
    """Reads tables from one service with the settings of one client, and shows the progress.

    Parameters
    ----------
    service
        The service to ask.
    settings
        The client, or anything with its ``max_workers``, ``page_size`` and ``progress``.
    kept
        Where pages are kept, to be revalidated by the next pull.
    """

    def __init__(self, service: Service, settings: ReadSettings, kept: PageStore | PageMemory | None = None) -> None:
        self._service = service
        self._settings = settings
        self._kept = kept

    @property
    def surface(self) -> str:
        """Name of the surface."""
        return self._service.surface.name

    def check(self, collection: Collection, schedule_id: str, parent_id: str | None) -> None:
        """Raise ``InvalidRequest`` where the surface does not serve a collection; sends no request."""
        self._service.url(collection, schedule_id, parent_id or "-")

    def tables(self, wanted: Sequence[Wanted], *, total: Callable[[], int | None] = lambda: None) -> list[pa.Table]:
        """Read several tables at once; `total` tells the rows to come, for the progress line."""
        # Each name once, in order: a nested collection is wanted once per parent.
        first, *others = dict.fromkeys(table.collection.name for table in wanted)
        with self._progress(f"{first} and {len(others)} more" if others else first, total=total) as line:
            return read_tables(
                self._service,
                wanted,
                page_size=self._settings.page_size,
                max_workers=self._settings.max_workers,
                progress=line,
                kept=self._kept,
                split=options.split,
            )

    def pages(self, wanted: Wanted, *, total: Callable[[], int | None] = lambda: None) -> Iterator[pa.Table]:
        """Read one table page by page."""
        with self._progress(wanted.collection.name, total=total) as line:
            yield from read_pages(
                self._service,
                wanted,
                page_size=self._settings.page_size,
                max_workers=self._settings.max_workers,
                progress=line,
                # What is larger than memory is not remembered in memory.
                kept=self._kept if isinstance(self._kept, PageStore) else None,
            )

    def briefly(self, wanted: Wanted) -> pa.Table | None:
        """Read a single object where it comes within a second, else return None."""
        return read_briefly(self._service, wanted, seconds=1.0)

    def projects(self, *, search: str | None, include_inactive: bool) -> tuple[pa.Table, int | None]:
        """Read the list of projects.

        Parameters
        ----------
        search
            Part of a name or number.
        include_inactive
            Whether inactive projects are listed too.

        Returns
        -------
        table, cap
            The projects, and the most that the service lists.
        """
        collection = COLLECTIONS["projects"]
        query: dict[str, str] = {"$top": str(_PROJECTS_PAGE)}
        if search:
            query["$search"] = search
        if include_inactive:
            query["includeInactive"] = "true"
        chain = _ProjectPages(
            self._service,
            collection,
            "",
            "",
            _PROJECTS_PAGE,
            {
                "Accept": SURFACES["platform"].accept,
                # Without it the iTwins API returns only some members of each project.
                "Prefer": "return=representation",
                "X-Max-Return": str(MOST_PROJECTS),
            },
            query=urlencode(query, safe="$", errors="replace"),
        )
        decoder = PageDecoder(collection, self._service.surface)
        pages: list[Columns] = []
        with self._progress("projects") as line:
            for page in pull(
                [chain],
                lambda _, __, body: decoder.page(body),
                max_workers=1,
                rows=_rows,
                prints=_prints,
                tick=line.tick,
            ):
                pages.append(page.content)
                line.page(page.content.rows)
        return finish(collection, pages), chain.cap

    def _progress(self, what: str, **more: Any) -> Progress:
        asked = self._settings.progress
        line = line_for(options.progress if asked is None else asked)
        return Progress(what, line, waiting=self._service.awaited, **more)


@dataclass
class _ProjectPages(Chain):
    """Pages of the iTwins API: ``$top`` and ``$skip``, and a list cut off silently at the cap that a header names."""

    query: str = ""
    cap: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._url = f"{self._first}?{self.query}"

    def fetch(self, stop: Any) -> Answer:
        """Ask for the next page, and note the cap."""
        try:
            answer = super().fetch(stop)
        except InvalidRequest as error:
            # Documented with a default and without a maximum: a service that refuses our number may take its own.
            if self.pages or "422" not in error.message or "X-Max-Return" not in self.headers:
                raise
            self.headers = {name: value for name, value in self.headers.items() if name != "X-Max-Return"}
            answer = super().fetch(stop)
        said = answer.headers.get("X-Max-Return", "")
        self.cap = int(said) if said.isdecimal() else MOST_PROJECTS
        return answer


def read_tables(
    service: Service,
    wanted: Sequence[Wanted],
    *,
    page_size: int,
    max_workers: int,
    progress: Progress,
    kept: PageStore | PageMemory | None = None,
    split: bool = False,
) -> list[pa.Table]:
    """Read several tables at once, over one pool of threads.

    Parameters
    ----------
    service
        The service to ask.
    wanted
        The tables.
    page_size
        Items per page.
    max_workers
        Requests in flight at most.
    progress
        Told of every page.
    kept
        Pages of earlier pulls, to be revalidated.
    split
        Whether long chains are read at several places at once.

    Returns
    -------
    list of pyarrow.Table
        Whole tables, in the order wanted; an error in any of them leaves none.
    """
    chains, decoders, owner = _chains(service, wanted, page_size)
    asked = len(chains)
    if split and max_workers > 1:
        chains = [_split(chain, max_workers, kept) for chain in chains]
    pages: dict[int, list[Columns]] = defaultdict(list)
    try:
        for page in _pull(service, chains, decoders, max_workers, progress, kept):
            pages[id(chains[page.chain])].append(page.content)
    except BentleyError:
        if len(chains) == asked:
            raise
        # What fails at a place the service did not name itself is no failure of the table.
        _say_not_split(chains[asked].collection)
        pages.clear()
        return read_tables(service, wanted, page_size=page_size, max_workers=max_workers, progress=progress, kept=kept)

    def read_on(chain: Chain) -> list[Columns]:
        return [page.content for page in _pull(service, [chain], decoders, 1, progress, None)]

    for chain in chains[:asked]:
        if isinstance(chain, SplitChain) and not _joined(chain, pages, read_on):
            _say_not_split(chain.collection)
    _give_back()
    tables = []
    for index, table in enumerate(wanted):
        own = [chains[number] for number, of in enumerate(owner) if of == index]
        parts = [content for chain in own for content in pages[id(chain)]]
        parents = [chain.parent_id or None for chain in own for _ in pages[id(chain)]]
        for chain in own:
            del pages[id(chain)]
        tables.append(finish(table.collection, parts, parents))
    return tables


def _split(chain: Chain, workers: int, kept: PageStore | PageMemory | None) -> Chain:
    """Let a chain be split, unless its rows cannot be compared or its pages are remembered."""
    collection = chain.collection
    # Joining parts compares keys; pages that are kept are asked for all at once in any case.
    if collection.single or not collection.key or (kept is not None and kept.find(chain.url, collection)):
        return chain
    return SplitChain(
        chain.service,
        collection,
        chain.schedule_id,
        chain.parent_id,
        chain.size,
        chain.headers,
        workers=workers,
    )


def _joined(lowest: SplitChain, pages: dict[int, list[Columns]], read_on: Callable[[Chain], list[Columns]]) -> bool:
    """Put the pages of the chains that one started behind its own; False where the service did not allow it.

    Where a chain ended by itself, on the service's own tokens, the list ends; what was read further up is dropped.
    """
    # From the first row up: only the lowest chain runs on tokens that the service gave.
    whole, chain, proven = pages[id(lowest)], lowest, not lowest.refused
    while chain.cut:
        upper = chain.upper
        above = pages[id(upper)] if upper else []
        at = meeting(whole[-1], above[0]) if above else None
        if upper is None or at is None:
            chain.go_on()
            whole += read_on(chain)
            proven = False
            break
        whole[-1] = sliced(whole[-1], 0, at)
        whole += above
        chain = upper
    upper = lowest.upper
    # Parts that were read in vain must not stay in memory until the tables are finished.
    while upper is not None:
        pages.pop(id(upper), None)
        upper = upper.upper
    return proven


def _say_not_split(collection: Collection) -> None:
    warn_caller(
        f"{collection.name} was read page by page, as without bn.options.split: the service did not return "
        "the rows at the places further down that were asked for."
    )


def read_pages(
    service: Service,
    wanted: Wanted,
    *,
    page_size: int,
    max_workers: int,
    progress: Progress,
    kept: PageStore | None = None,
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
    names: dict[tuple[str, bool], str] = {}
    for page in _pull(service, chains, decoders, max_workers, progress, kept):
        prints = page.content.prints
        table = finish(wanted.collection, [page.content], [chains[page.chain].parent_id or None], names)
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
        None where it does not come in time, or is refused; the request is given up then.
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


def _rows(content: Columns) -> int:
    return content.rows


def _prints(content: Columns) -> object:
    """Return what tells a page from others by its keys, whatever their order; None where they have no keys."""
    if content.prints is None or not content.prints.any():
        return None
    # Order does not matter: a service may return the same rows of a page in another order.
    return content.rows, int(content.prints.sum()), int(content.prints.max())


def _give_back() -> None:
    """Return to the system what the decoding threads have freed: glibc keeps it, up to half of the peak.

    ``pyarrow.system_memory_pool().release_unused()`` does nothing in the wheels of pyarrow 16 to 26.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not in musl
        if trim is not None:
            # Before the tables are put together, which is when memory is at its peak.
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


def _pull(
    service: Service,
    chains: list[Chain],
    decoders: Mapping[str, PageDecoder],
    max_workers: int,
    progress: Progress,
    kept: PageStore | PageMemory | None,
) -> Iterator[Page[Columns]]:
    def decoded(chain: Chain, body: bytes) -> Columns:
        decoder = decoders[chain.collection.name]
        return decoder.single(body) if chain.collection.single else decoder.page(body)

    def decode(chain: Chain, answer: Answer, body: bytes) -> Columns:
        if answer.kept is not None:
            try:
                content: Columns = answer.kept.load()
            except KeptPageDamaged:
                # The service confirmed the page, so that only the copy on disk is lost: it is read in full.
                answer = chain.read_again(answer, threading.Event())
                body = answer.body
            else:
                return content
        content = decoded(chain, body)
        if kept is not None and chain.revalidation is not None:
            kept.put(answer, chain.collection, content)
        return content

    if kept is not None:
        revalidation = Revalidation(service, kept, max_workers)
        for chain in chains:
            chain.revalidation = revalidation
        revalidation.expect(chains)
    for page in pull(chains, decode, max_workers=max_workers, rows=_rows, prints=_prints, tick=progress.tick):
        progress.page(page.content.rows, confirmed=page.confirmed)
        if kept is not None:
            kept.count(confirmed=page.confirmed)
        yield page
    if kept is not None:
        kept.trim()


def _without(table: pa.Table, key: Sequence[str], before: pa.Table) -> pa.Table:
    """Leave out the rows whose whole key stood on the page before."""
    seen = set(zip(*(before.column(name).to_pylist() for name in key), strict=True))
    # Reached only where fingerprints collide, so that plain Python is fast enough.
    keys = zip(*(table.column(name).to_pylist() for name in key), strict=True)
    kept = [row for row, value in enumerate(keys) if None in value or value not in seen]
    return table if len(kept) == table.num_rows else table.take(kept)
