"""Where the time of one page goes: each stage alone, on one thread and on two at once.

The two columns tell how much a second thread adds on this machine, which bounds what a pipeline on two threads can
reach: two processors may share the units of one core.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable
from functools import partial
from itertools import product
from statistics import median

from tests.benchmarks.instructions import COLLECTIONS, DECODERS
from tests.benchmarks.pages import FULL, QUICK, page_of
from tests.benchmarks.section import Found, Settings, grid

_ROUNDS = 3  # pages per thread and turn: a page alone is too short to time beside the start of a thread


def measure(settings: Settings) -> Found:
    """Median milliseconds per page: by one thread, and by two at once."""
    rows, repeats = QUICK.page if settings.quick else FULL.page, settings.turns(11)
    lines = []
    for collection in COLLECTIONS:
        stages = _stages(collection, rows)
        seconds: dict[tuple[str, int], list[float]] = {}
        for turn in range(repeats + 1):
            for name, threads in product(stages, (1, 2)):
                took = _per_page(stages[name], threads)
                if turn:  # the first turn pays for the beginnings
                    seconds.setdefault((name, threads), []).append(took)
        for name in stages:
            one, two = median(seconds[name, 1]), median(seconds[name, 2])
            lines.append([f"{collection}, {name}", f"{one * 1000:.2f}", f"{two * 1000:.2f}", f"{one / two:.2f}"])
    return Found(grid(["page, stage", "ms, one thread", "ms per page, two threads at once", "gain"], lines), lines)


def _stages(collection: str, rows: int) -> dict[str, Callable[[], object]]:
    body = page_of(collection, rows)
    squeeze = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = squeeze.compress(body) + squeeze.flush()
    return {
        "gunzip (zlib)": partial(zlib.decompress, packed, 31, len(body)),
        **{name: partial(make(collection), body) for name, make in DECODERS.items()},
    }


def _per_page(stage: Callable[[], object], threads: int) -> float:
    def several() -> None:
        for _ in range(_ROUNDS):
            stage()

    workers = [threading.Thread(target=several) for _ in range(threads)]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return (time.perf_counter() - begun) / (_ROUNDS * threads)
