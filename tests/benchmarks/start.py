"""Time from an interpreter to a usable package, beside ``import pandas``; each in a process of its own, taking turns."""

from __future__ import annotations

import json
from statistics import median

from tests.benchmarks.children import run

STARTS = {
    "import pandas": ("", "import pandas"),
    "import bentley_nb": ("", "import bentley_nb"),
    "%load_ext bentley_nb": (
        "from IPython.core.interactiveshell import InteractiveShell; shell = InteractiveShell.instance()",
        "shell.run_line_magic('load_ext', 'bentley_nb')",
    ),
    "import pandas after bentley_nb": ("import bentley_nb", "import pandas"),
}
"""What stands before the clock, and what is timed."""

HEAVY = ("pandas", "pyarrow", "numpy", "requests", "plotly", "duckdb", "ipywidgets", "itables", "xlsxwriter")

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


def measure(repeats: int) -> dict[str, dict[str, object]]:
    """Median seconds of each start, its ratio to ``import pandas``, and the heavy packages it imported."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTS}
    heavy: dict[str, list[str]] = {}
    for _ in range(repeats + 1):  # the first turn only warms the file cache and writes bytecode
        for name, (before, timed) in STARTS.items():
            script = _SCRIPT.format(before=before, timed=timed, heavy=HEAVY)
            answer = json.loads(run("-c", script))
            seconds[name].append(answer["seconds"])
            heavy[name] = answer["heavy"]
    reference = median(seconds["import pandas"][1:])
    return {
        name: {"seconds": median(times[1:]), "of_pandas": median(times[1:]) / reference, "heavy": heavy[name]}
        for name, times in seconds.items()
    }
