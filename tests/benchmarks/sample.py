"""One sample: one variant, once, in a process of its own, so that neither time nor memory carries anything over.

``python -m tests.benchmarks.sample`` reads what to do as JSON and answers with one JSON line. The variant runs first
on a table of ten rows: imports, the first token and other beginnings are paid there. Then the highest resident size
is set back (Linux: ``/proc/self/clear_refs``; elsewhere ``ru_maxrss`` stands at what the imports left), and the peak
reported is how far the resident size rose above where it stood.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.children import run
from tests.benchmarks.memory import peak, start_peak
from tests.benchmarks.variants import VARIANTS, Task


def take(variant: str, warm_up: Task, task: Task, beside: Path | None = None) -> dict[str, Any]:
    """Take one sample in a fresh process, with the package of another checkout where one is given.

    Returns
    -------
    dict
        ``seconds``, ``peak`` (bytes), ``rows``, ``result`` (bytes of the table made); or ``missing``: why it cannot
        be done.
    """
    order = json.dumps({"variant": variant, "warm_up": asdict(warm_up), "task": asdict(task), "beside": bool(beside)})
    answer: dict[str, Any] = json.loads(run("-m", "tests.benchmarks.sample", text=order, beside=beside))
    return answer


def main() -> None:
    """Do what the input says."""
    order = json.load(sys.stdin)
    fetch = VARIANTS[order["variant"]]
    try:
        fetch(_task(order["warm_up"]))
    except ImportError as error:
        print(json.dumps({"missing": f"{error.name or error} is not installed"}))
        return
    except Exception as error:
        if not order["beside"]:
            raise
        print(json.dumps({"missing": f"{type(error).__name__} there"}))  # another state may not have the call
        return
    task = _task(order["task"])
    gc.collect()
    stood = start_peak()
    begun = time.perf_counter()
    result = fetch(task)
    seconds = time.perf_counter() - begun
    rows, size = _measure(result)
    print(json.dumps({"seconds": seconds, "peak": peak() - stood, "rows": rows, "result": size}))


def _task(fields: Mapping[str, Any]) -> Task:
    known: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()}
    return Task(**known)


def _measure(result: Any) -> tuple[int, int]:
    """Rows and bytes of what was made; for what was not kept, its count."""
    if isinstance(result, int):
        return result, 0
    if isinstance(result, Mapping):
        parts = [_measure(part) for part in result.values()]
        return sum(rows for rows, _ in parts), sum(size for _, size in parts)
    if hasattr(result, "estimated_size"):
        return len(result), int(result.estimated_size())
    return len(result), int(result.memory_usage(deep=True, index=False).sum())


if __name__ == "__main__":
    main()
