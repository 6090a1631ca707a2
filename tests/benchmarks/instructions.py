"""Instructions that decoding one page takes, counted by callgrind: a figure that does not move with the machine's mood.

One child decodes the page once, another six times; the difference, over five, is one page without the start of
the interpreter. ``python -m tests.benchmarks.instructions DECODER COLLECTION TIMES`` is that child.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

from tests.benchmarks.children import ROOT, environment
from tests.benchmarks.pages import PATHS, page_of

ROWS = 500
_FEW, _MANY = 1, 6


def count() -> dict[str, int] | str:
    """Instructions per page for each decoder and collection, or why they cannot be counted."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return "valgrind is not installed: nothing was counted."
    pages = list(product(("task_user_field_values", "tasks"), DECODERS))
    # Counts do not depend on what else runs, so they can be taken side by side.
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2)) as pool:
        few, many = (
            [pool.submit(_run, valgrind, decoder, collection, times) for collection, decoder in pages]
            for times in (_FEW, _MANY)
        )
        return {
            f"{collection}, {decoder}": (more.result() - less.result()) // (_MANY - _FEW)
            for (collection, decoder), less, more in zip(pages, few, many, strict=True)
        }


def _run(valgrind: str, decoder: str, collection: str, times: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        subprocess.run(
            [valgrind, "--tool=callgrind", f"--callgrind-out-file={out}", sys.executable, "-m",
             "tests.benchmarks.instructions", decoder, collection, str(times)],
            check=True, capture_output=True, cwd=ROOT, env=environment(PYTHONHASHSEED="0"),
        )  # fmt: skip
        found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(errors="replace"), re.MULTILINE)
    if not found:
        raise RuntimeError("callgrind wrote no summary")
    return int(found[1])


def _bentley_nb(collection: str) -> Callable[[bytes], Any]:
    from bentley_nb.frames.decode import PageDecoder
    from bentley_nb.service.collections import COLLECTIONS
    from bentley_nb.service.surface import find_surface

    return PageDecoder(COLLECTIONS[collection], find_surface("platform")).page


def _json_normalize(collection: str) -> Callable[[bytes], Any]:
    import pandas as pd

    return lambda body: pd.json_normalize(json.loads(body)[PATHS[collection][1]])


DECODERS: Mapping[str, Callable[[str], Callable[[bytes], Any]]] = {
    "bentley_nb": _bentley_nb,
    "json + json_normalize": _json_normalize,
}


def main() -> None:
    """Decode one page as often as told."""
    decoder, collection, times = sys.argv[1:]
    decode = DECODERS[decoder](collection)
    body = page_of(collection, ROWS)
    for _ in range(int(times)):
        decode(body)


if __name__ == "__main__":
    main()
