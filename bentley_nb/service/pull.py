"""Many chains of pages over a few threads: requests continue while earlier pages are decoded, until stopped.

One page at a time is in flight per chain; the next request leaves before the page that named it is decoded. Chains
take turns. Pages in memory are bounded by what the reader has taken.
"""

from __future__ import annotations

import os
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bentley_nb.errors import BentleyError
from bentley_nb.service.pages import Chain
from bentley_nb.service.service import Answer
from bentley_nb.transport.limiter import Stopped

DECODERS = 3 if (os.cpu_count() or 2) >= 4 else 2
"""Threads that decode; a third one helps only where there are cores left for it."""

_TICK_SECONDS = 0.1

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """A decoded page: which chain it belongs to, its number from 0, what the decoder made of it, if it is the last.

    ``confirmed`` says that it was kept from an earlier pull, and the service sent 304 for it in this one.
    """

    chain: int
    number: int
    content: T
    last: bool
    confirmed: bool = False


@dataclass(frozen=True)
class _Job:
    chain: int
    number: int
    answer: Answer
    last: bool


class _Failed(BaseException):
    """Carries a worker's exception to the reader."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def pull(
    chains: list[Chain],
    decode: Callable[[Chain, Answer, bytes], T],
    *,
    max_workers: int,
    rows: Callable[[T], int],
    prints: Callable[[T], object] = lambda content: None,  # noqa: ARG005 - no print, whatever the content
    tick: Callable[[], None] = lambda: None,
) -> Iterator[Page[T]]:
    """Read all chains to their ends and yield their pages as they arrive, in order within each chain.

    Parameters
    ----------
    chains
        What to read; chains that these start are added to the list.
    decode
        Decodes a page's body; called on worker threads, with the answer.
    max_workers
        Requests in flight at most.
    rows
        Items in a decoded page.
    prints
        Fingerprint of a decoded page's rows; None where there is none.
    tick
        Called on the reader's thread about ten times a second while it waits.

    Raises
    ------
    BentleyError
        The error of the first chain that failed; the others are stopped.
    KeyboardInterrupt
        The reader was interrupted: no further request is sent, and none is waited for.
    """
    if not chains:
        return
    wanted = defaultdict(int, {index: chain.pages for index, chain in enumerate(chains)})
    work = _Workers(chains, decode, max_workers)
    waiting: dict[tuple[int, int], tuple[_Job, T]] = {}
    ended = 0
    try:
        work.start()  # in here: Stop may come between two threads
        while ended < len(chains):
            try:
                # With a time-out, so that the main thread notices Ctrl+C and the progress line moves.
                result = work.results.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                tick()
                continue
            if isinstance(result, _Failed):
                raise result.error
            job, content = result
            waiting[job.chain, job.number] = job, content
            index = job.chain
            # Decoders finish out of order; rows come in the order in which they were served.
            while (index, wanted[index]) in waiting:
                job, content = waiting.pop((index, wanted[index]))
                chains[index].note_rows(rows(content), job.answer, prints(content))
                wanted[index] += 1
                ended += job.last
                yield Page(index, job.number, content, job.last, job.answer.kept is not None)
                work.taken()
    finally:
        # Also reached by a reader that abandons the generator (GeneratorExit).
        work.stop()


class _Workers(Generic[T]):
    """The threads of one pull. They are daemons: a request that hangs must not keep the program alive."""

    def __init__(self, chains: list[Chain], decode: Callable[[Chain, Answer, bytes], T], max_workers: int) -> None:
        self.results: queue.SimpleQueue[tuple[_Job, T] | _Failed] = queue.SimpleQueue()
        self._chains = chains
        self._decode = decode
        self._stop = threading.Event()
        self._lock = threading.Lock()
        # One page at a time per chain: more threads than chains would only wait.
        most = max_workers if any(chain.may_start for chain in chains) else min(max_workers, len(chains))
        self._fetchers = max(1, most)
        # Two pages for each fetcher: while a page of one chain waits to be decoded, the next of another is asked for.
        self._room = threading.Semaphore(2 * self._fetchers + DECODERS)
        self._turns: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._bodies: queue.SimpleQueue[tuple[_Job, bytes] | None] = queue.SimpleQueue()
        for index in range(len(chains)):
            self._turns.put(index)

    def start(self) -> None:
        """Start the threads."""
        for target, count in ((self._fetch, self._fetchers), (self._decode_pages, DECODERS)):
            for _ in range(count):
                threading.Thread(target=self._guard, args=(target,), name="bentley_nb-pull", daemon=True).start()

    def taken(self) -> None:
        """Release a slot for another page: the reader has taken one."""
        self._room.release()

    def stop(self) -> None:
        """Let every thread end after its current step; none of them is waited for."""
        self._stop.set()
        for _ in range(self._fetchers):
            # One for each thread that may wait in get().
            self._turns.put(None)
            self._room.release()
        for _ in range(DECODERS):
            self._bodies.put(None)

    def _guard(self, target: Callable[[], None]) -> None:
        try:
            target()
        except Stopped:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, the reader must learn of it
            # Without its frames: they belong to this thread, and may hold what no traceback should show.
            self.results.put(_Failed(error.with_traceback(None) if isinstance(error, BentleyError) else error))

    def _fetch(self) -> None:
        while (index := self._turns.get()) is not None:
            self._room.acquire()
            if self._stop.is_set():
                return
            chain = self._chains[index]
            number = chain.pages
            answer = chain.fetch(self._stop)
            last = chain.done  # read before the chain's next turn can change it
            self._add(chain.started)
            # Back to the end of the queue: chains take turns, so that small tables are not stuck behind a long one.
            if not last:
                self._turns.put(index)
            # Only the queue refers to the body: it is the largest object, and must be freed as soon as it is decoded.
            self._bodies.put((_Job(index, number, replace(answer, body=b""), last), answer.body))
            del answer

    def _add(self, started: list[Chain]) -> None:
        with self._lock:
            while started:
                self._chains.append(started.pop(0))
                self._turns.put(len(self._chains) - 1)

    def _decode_pages(self) -> None:
        while (item := self._bodies.get()) is not None:
            if self._stop.is_set():
                return
            job, body = item
            del item
            chain = self._chains[job.chain]
            try:
                content = self._decode(chain, job.answer, body)
            except BentleyError as error:
                error.where = error.where or str(chain.asked_for(job.number + 1))
                error.correlation_id = error.correlation_id or job.answer.correlation_id
                error.hint = error.hint or "The service may have changed: try again; if it happens again, tell Bentley."
                raise
            del body
            self.results.put((job, content))
            del content
