"""Each report at 20,000 and 200,000 tasks: time and memory, beside a row loop of the same rule.

Every sample is a process of its own, which reads the frames, runs the report once on a small schedule (imports are paid
there), and then once on the large one: ``python -m tests.benchmarks.reports FOLDER NAME TASKS KIND``. Nothing is
fetched: this is what a report costs after the tables are there.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from bentley_nb import reports
from tests.benchmarks.children import run
from tests.benchmarks.memory import peak, start_peak
from tests.benchmarks.report_loops import LOOPS, SAME_COUNT
from tests.benchmarks.report_schedule import load, save
from tests.benchmarks.section import Found, Settings, grid, say

Frames: TypeAlias = Mapping[str, Any]

REPORTS: dict[str, Callable[[Frames, Frames], Any]] = {
    "look_ahead": lambda _, now: reports.look_ahead(now, weeks=3),
    "late": lambda _, now: reports.late(now),
    "milestones": lambda before, now: reports.milestones(now, previous=before),
    "critical": lambda _, now: reports.critical(now),
    "float_distribution": lambda _, now: reports.float_distribution(now),
    "variance": lambda _, now: reports.variance(now),
    "slippage": reports.slippage,
    "progress by wbs": lambda _, now: reports.progress(now),
    "progress by code": lambda _, now: reports.progress(now, by="Trade"),
    "open_ends": lambda _, now: reports.open_ends(now),
    "out_of_sequence": lambda _, now: reports.out_of_sequence(now),
    "s_curve": lambda _, now: reports.s_curve(now),
    "earned_value": lambda _, now: reports.earned_value(now, weight="duration"),
    "resource_histogram": lambda _, now: reports.resource_histogram(now),
    "element_status": lambda _, now: reports.element_status(now),
    "health": lambda _, now: reports.health(now),
}

_WARM_UP = 500
_NOTE = """\
Seconds are medians of processes of their own, without imports and without fetching; peak is how far the resident size
rose above the frames read. The loops do less than the reports beside them: no WBS paths, no working days, no notes;
they are run once.
"""


def measure(settings: Settings) -> Found:
    """Run every report; wrong is a loop that gave another number of rows than its report."""
    sizes = [settings.rows] if settings.rows else [2_000] if settings.quick else [20_000, 200_000]
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder), _WARM_UP)
        for size in sizes:
            say(f"making {size:,} tasks")
            save(Path(folder), size)
            results += [_measure(Path(folder), name, size, settings.turns(3)) for name in REPORTS]
    parts = [_NOTE.strip(), *(f"### {size:,} tasks\n\n{_table(results, size)}" for size in sizes)]
    wrong = [
        f"{row['report']} gave {row['rows']} rows, the loop {row['loop']['rows']}"
        for row in results
        if row["report"] in SAME_COUNT and row["loop"] and row["loop"]["rows"] != row["rows"]
    ]
    return Found("\n\n".join(parts), results, wrong)


def _measure(folder: Path, name: str, size: int, repeats: int) -> dict[str, Any]:
    samples = [_take(folder, name, size, "report") for _ in range(repeats)]
    loop = _take(folder, name, size, "loop") if name in LOOPS else None
    seconds = [sample["seconds"] for sample in samples]
    say(f"{size:,} {name}: {median(seconds):.3f} s" + (f", loop {loop['seconds']:.1f} s" if loop else ""))
    return {
        "report": name,
        "tasks": size,
        "seconds": median(seconds),
        "fastest": min(seconds),
        "slowest": max(seconds),
        "peak": median(sample["peak"] for sample in samples),
        "rows": samples[0]["rows"],
        "loop": loop,
    }


def _take(folder: Path, name: str, size: int, kind: str) -> dict[str, Any]:
    """Take one sample in a process of its own."""
    answer: dict[str, Any] = json.loads(run("-m", "tests.benchmarks.reports", str(folder), name, str(size), kind))
    return answer


def _sample(folder: str, name: str, size: str, kind: str) -> None:
    report = (REPORTS if kind == "report" else LOOPS)[name]
    report(*load(Path(folder), _WARM_UP))
    before, now = load(Path(folder), int(size))
    gc.collect()
    stood = start_peak()
    begun = time.perf_counter()
    found = report(before, now)
    seconds = time.perf_counter() - begun
    rows = found if isinstance(found, int) else len(found)
    print(json.dumps({"seconds": seconds, "peak": peak() - stood, "rows": rows}))


def _table(results: Sequence[Mapping[str, Any]], size: int) -> str:
    rows = []
    for row in results:
        if row["tasks"] == size:
            loop = row["loop"]
            beside = [f"{loop['seconds']:.1f}", f"{loop['seconds'] / row['seconds']:.0f}"] if loop else ["", ""]
            rows.append(
                [row["report"], f"{row['seconds']:.3f}", f"{row['peak'] / 1e6:.0f}", f"{row['rows']:,}", *beside]
            )
    return grid(["report", "s", "peak MB", "rows", "row loop s", "loop / report"], rows)


if __name__ == "__main__":
    _sample(*sys.argv[1:])
