"""Time to a usable package beside ``import pandas``: of an interpreter, and of a fresh kernel with the extension."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median

import bentley_nb
from tests.benchmarks.children import run
from tests.benchmarks.section import Found, Settings, grid
from tests.notebook.kernel import Kernel
from tests.notebooks.running import prepare

PANDAS = "import pandas"
IMPORTS = {
    PANDAS: ("", "import pandas"),
    "import bentley_nb": ("", "import bentley_nb"),
    "import pandas after bentley_nb": ("import bentley_nb", "import pandas"),
}
"""What stands before the clock, and what is timed."""

KERNEL_PANDAS = "kernel: import pandas"
CELLS = (
    {KERNEL_PANDAS: "import pandas"},
    {
        "kernel: %load_ext bentley_nb": "%load_ext bentley_nb",
        "kernel: first %bentley (its help)": "%bentley",
        "kernel: %bentley connect (asks no network)": "%bentley connect",
    },
)
"""The cells of each fresh kernel."""

HEAVY = ("pandas", "pyarrow", "numpy", "requests", "plotly", "duckdb", "ipywidgets", "xlsxwriter")

_SCRIPT = """
{before}
import sys, time
had = set(sys.modules)
begun = time.perf_counter()
{timed}
seconds = time.perf_counter() - begun
import json
print(json.dumps({{"seconds": seconds, "heavy": [name for name in {heavy!r} if name in sys.modules and name not in had]}}))
"""
_HEAVY_NOW = f"print(*(name for name in {HEAVY!r} if name in __import__('sys').modules))"


def measure(settings: Settings) -> Found:
    """Median seconds of each start, its ratio to ``import pandas`` there, and the heavy packages it imported."""
    repeats = settings.turns(9)
    seconds: dict[str, list[float]] = {}
    heavy: dict[str, list[str]] = {}
    for turn in range(repeats + 1):
        if turn == 1:
            seconds.clear()  # the first turn only warms the file cache and writes bytecode
        for name, (before, timed) in IMPORTS.items():
            answer = json.loads(run("-c", _SCRIPT.format(before=before, timed=timed, heavy=HEAVY)))
            seconds.setdefault(name, []).append(answer["seconds"])
            heavy[name] = answer["heavy"]
    with tempfile.TemporaryDirectory() as folder:
        root = str(Path(bentley_nb.__file__).parents[1])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        own = {"BENTLEY_CLIENT_ID": "service-benchmark", "BENTLEY_CLIENT_SECRET": "none", "PYTHONPATH": path}
        os.environ.update({**prepare(Path(folder)), **own})
        for _ in range(repeats):
            for cells in CELLS:
                _run_cells(Path(folder), cells, seconds, heavy)
    rows = [
        [
            name,
            f"{median(times) * 1000:.0f}",
            f"{median(times) / median(seconds[KERNEL_PANDAS if name.startswith('kernel') else PANDAS]):.2f}",
            ", ".join(heavy[name]) or "none",
        ]
        for name, times in seconds.items()
    ]
    return Found(grid(["", "ms", "of import pandas", "heavy packages imported"], rows), rows)


def _run_cells(
    folder: Path, cells: dict[str, str], seconds: dict[str, list[float]], heavy: dict[str, list[str]]
) -> None:
    """Run cells in a fresh kernel; the time of a cell that does nothing is taken off."""
    with Kernel(folder, stderr=subprocess.DEVNULL) as kernel:
        kernel.must("None")
        idle = min(kernel.must("None").seconds for _ in range(5))
        before = set(kernel.must(_HEAVY_NOW).text.split())
        for name, cell in cells.items():
            seconds.setdefault(name, []).append(max(0.0, kernel.must(cell).seconds - idle))
            now = set(kernel.must(_HEAVY_NOW).text.split())
            heavy[name] = sorted(now - before)
            before = now
