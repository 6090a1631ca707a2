"""Instructions that decoding one page takes, counted by callgrind: a figure that does not move with the machine's mood.

``python -m tests.benchmarks.instructions DECODER COLLECTION`` decodes a page twice: once to pay for the beginnings, and
once inside a matrix product (``PyNumber_MatrixMultiply``), since callgrind can confine its counting to a C function and
no other matrix product is asked for on the way.
"""

from __future__ import annotations

import gc
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

from tests.benchmarks.children import ROOT, environment, run
from tests.benchmarks.pages import PATHS, page_of
from tests.benchmarks.parser import reader
from tests.benchmarks.section import Found, Settings, grid

ROWS = 1_000
COLLECTIONS = ("task_user_field_values", "tasks")
"""Whose pages are decoded."""

_GATE = "PyNumber_MatrixMultiply"


def measure(settings: Settings) -> Found:
    """Instructions per page for each collection and decoder, or why they cannot be counted."""
    valgrind = shutil.which("valgrind")
    if settings.quick or valgrind is None or not sys.platform.startswith("linux"):
        why = "Not counted in a quick run." if settings.quick else "valgrind is not installed: nothing was counted."
        return Found(why, {})
    pairs = list(product(COLLECTIONS, DECODERS))
    for collection, decoder in pairs:  # writes the bytecode, which would be dear under valgrind
        run("-m", "tests.benchmarks.instructions", decoder, collection)
    # Counts do not depend on what else runs, so they can be taken side by side.
    with ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2)) as pool:
        counts = pool.map(lambda pair: _counted(valgrind, *pair), pairs)
        found = {", ".join(pair): counted for pair, counted in zip(pairs, counts, strict=True)}
    table = grid(["page, decoder", "million"], [[name, f"{value / 1e6:.2f}"] for name, value in found.items()])
    return Found(f"Of {ROWS:,} items.\n\n{table}", found)


def _counted(valgrind: str, collection: str, decoder: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        done = subprocess.run(
            [valgrind, "--tool=callgrind", f"--toggle-collect={_GATE}", f"--callgrind-out-file={out}",
             sys.executable, "-m", "tests.benchmarks.instructions", decoder, collection],
            check=False, capture_output=True, text=True, cwd=ROOT, env=environment(PYTHONHASHSEED="0"),
        )  # fmt: skip
        found = re.search(r"^(?:summary|totals): (\d+)", out.read_text(errors="replace"), re.MULTILINE)
    if done.returncode or not found:
        raise RuntimeError(f"callgrind failed on {decoder}, {collection}:\n{done.stderr[-2000:]}")
    return int(found[1])


def _bentley_nb(collection: str) -> Callable[[bytes], Any]:
    from bentley_nb.frames.decode import PageDecoder
    from bentley_nb.service.catalog import COLLECTIONS
    from bentley_nb.service.surface import find_surface

    return PageDecoder(COLLECTIONS[collection], find_surface("platform")).page


def _json_normalize(collection: str) -> Callable[[bytes], Any]:
    import pandas as pd

    return lambda body: pd.json_normalize(json.loads(body)[PATHS[collection][1]])


DECODERS: Mapping[str, Callable[[str], Callable[[bytes], Any]]] = {
    "Arrow's reader alone": reader,
    "bentley_nb": _bentley_nb,
    "json + json_normalize": _json_normalize,
}
"""What decodes a page, for a collection; the first is the parser within the second."""


class _Gate:
    """Decodes what it is multiplied with."""

    def __init__(self, decode: Callable[[bytes], Any]) -> None:
        self._decode = decode

    def __matmul__(self, body: bytes) -> Any:
        return self._decode(body)


def main() -> None:
    """Decode one page, and again inside the gate."""
    decoder, collection = sys.argv[1:]
    decode = DECODERS[decoder](collection)
    body = page_of(collection, ROWS)
    decode(body)
    gc.collect()
    gc.disable()  # a collection in the middle would belong to what came before
    _Gate(decode) @ body


if __name__ == "__main__":
    main()
