"""Pages kept from an earlier pull: asked for with their ETag, all at once, and used only where the service confirms.

The addresses are those the service itself gave in that pull. They are asked for ahead of the chain, which still takes
its pages link by link: an answer that the chain does not arrive at is dropped, and where the chain leaves the
remembered addresses it continues page by page.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bentley_nb.service.declare import Collection
from bentley_nb.service.pages import Chain
from bentley_nb.service.service import Answer, Asked, KeptPage, Service
from bentley_nb.transport.limiter import Stopped

_TICK_SECONDS = 0.1

Link = tuple[str | None, str | None]
"""Address and token of a next page, as the service said; both None on the last page."""


class KeptPageDamaged(Exception):
    """A kept page cannot be read."""


class KeptPages(Protocol):
    """Where decoded pages are kept, by address. Used by many threads."""

    def find(self, url: str, collection: Collection) -> KeptPage | None:
        """Return the page kept under an address."""

    def next_of(self, url: str, collection: Collection) -> Link | None:
        """Return where the page at an address said the next one is, though the page itself may be lost."""

    def put(self, answer: Answer, collection: Collection, content: Any) -> None:
        """Keep a decoded page under the address of its answer."""


class Revalidation:
    """The conditional requests of one pull.

    Parameters
    ----------
    service
        The service to read from.
    pages
        What is kept.
    max_workers
        Requests in flight at most.
    """

    def __init__(self, service: Service, pages: KeptPages, max_workers: int) -> None:
        self.pages = pages
        self._service = service
        self._workers = max_workers
        # Whole pages that were asked for ahead and wait for their chain; confirmed ones take no memory.
        self._room = threading.Semaphore(2 * max_workers)
        self._lock = threading.Lock()
        self._ahead: dict[int, deque[_Ahead]] = {}
        self._turns: queue.SimpleQueue[_Ahead] = queue.SimpleQueue()
        self._started = False

    def expect(self, chains: Sequence[Chain]) -> None:
        """Follow the remembered links of the chains: these pages will be asked for ahead."""
        for chain in chains:
            self._ahead[id(chain)] = deque(self._remembered(chain))
        # Round by round, so that no chain waits for all pages of another.
        turns = itertools.zip_longest(*map(tuple, self._ahead.values()))
        for page in itertools.chain.from_iterable(turns):
            if page is not None:
                self._turns.put(page)

    def _remembered(self, chain: Chain) -> Iterator[_Ahead]:
        url, seen = chain.url, set[str]()
        while url not in seen and self._service.may_ask(url):
            seen.add(url)
            kept = self.pages.find(url, chain.collection)
            # A page that was removed or damaged is fetched; those after it are known by its link.
            link = (kept.href, kept.token) if kept else self.pages.next_of(url, chain.collection)
            if link is None:
                return
            yield _Ahead(url, chain.asked_for(len(seen)), chain.headers, kept)
            if link == (None, None):
                return
            try:
                url = chain.address(*link, url)
            except ValueError:
                return

    def read(self, chain: Chain, stop: threading.Event) -> Answer:
        """Return the page that a chain stands at; ``Answer.kept`` is set where the service confirmed a kept one."""
        self._start(stop)
        page = self._take(chain)
        if page is None:
            return self._ask(chain.url, chain.asked, chain.headers, self.pages.find(chain.url, chain.collection), stop)
        while not page.done.wait(_TICK_SECONDS):
            if stop.is_set():
                raise Stopped
        answer, error = page.answer, page.error
        page.answer = None
        if answer is not None and answer.kept is None:
            self._room.release()
        if error is not None:
            raise error
        if answer is None:  # pragma: no cover - one of the two is always there
            raise Stopped
        return answer

    def _take(self, chain: Chain) -> _Ahead | None:
        """Return the page asked for ahead; None where it is still to be asked for."""
        with self._lock:
            left = self._ahead.get(id(chain), deque())
            if left and left[0].url == chain.url:
                page = left.popleft()
                return None if page.claim() else page
            dropped = [page for page in left if not page.claim()]
            # The chain left the remembered addresses: what follows there is no longer part of the list.
            left.clear()
            for page in dropped:
                page.dropped = True
                if page.answer is not None and page.answer.kept is None:
                    page.answer = None
                    self._room.release()
        return None

    def _start(self, stop: threading.Event) -> None:
        with self._lock:
            if self._started:
                return
            self._started = True
            count = min(self._workers, sum(map(len, self._ahead.values())))
        for _ in range(count):
            threading.Thread(target=self._work, args=(stop,), name="bentley_nb-revalidate", daemon=True).start()

    def _work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                page = self._turns.get_nowait()
            except queue.Empty:
                return
            with self._lock:
                if not page.claim():
                    continue
            answer, error = None, None
            try:
                answer = self._ask(page.url, page.asked, page.headers, page.kept, stop)
            except Stopped:
                return
            except Exception as failure:  # noqa: BLE001 - raised where the chain arrives at the page
                error = failure.with_traceback(None)
            with self._lock:
                if page.dropped:
                    continue
                page.answer, page.error = answer, error
                page.done.set()
            if answer is not None and answer.kept is None:
                # After the answer is handed over: waiting before it could block the very page the reader needs.
                while not self._room.acquire(timeout=_TICK_SECONDS):
                    if stop.is_set():
                        return

    def _ask(
        self, url: str, asked: Asked, headers: Mapping[str, str], kept: KeptPage | None, stop: threading.Event
    ) -> Answer:
        # RFC 9110, section 13.1.2.
        condition = {"If-None-Match": kept.etag} if kept else {}
        answer = self._service.read(
            url,
            asked,
            method=self._service.surface.method(asked.collection),
            headers={**headers, **condition},
            stop=stop,
            halvable=not asked.collection.single,
        )
        if not answer.unchanged:
            return answer
        if kept is None or answer.headers.get("ETag", kept.etag) != kept.etag:  # 304, but for another page
            return self._ask(url, asked, headers, None, stop)
        return replace(answer, kept=kept)


@dataclass
class _Ahead:
    """A page that is requested before its chain arrives at it."""

    url: str
    asked: Asked
    headers: Mapping[str, str]
    kept: KeptPage | None
    claimed: bool = False
    dropped: bool = False
    answer: Answer | None = None
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def claim(self) -> bool:
        """Mark it as requested; return False where it already was."""
        before, self.claimed = self.claimed, True
        return not before
