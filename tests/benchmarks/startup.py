"""What the extension costs a fresh kernel, beside ``import pandas``: ``python -m tests.benchmarks.startup [--repeats N]``.

Each repetition is two new kernels, one for pandas and one for the extension; both first run an empty cell, whose time
is taken off. Prints a Markdown table with ratios: they hold on any machine, seconds do not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median

import bentley_nb
from tests.notebook.kernel import Kernel
from tests.notebooks.running import prepare

CELLS = (
    ["import pandas"],
    ["%load_ext bentley_nb", "%bentley", "%bentley connect"],
)
STEPS = ["`import pandas`", "`%load_ext bentley_nb`", "first `%bentley` (help)", "`%bentley connect` (asks no network)"]


def measure(repeats: int) -> dict[str, list[float]]:
    """Seconds of each step, once per repetition."""
    taken: dict[str, list[float]] = {step: [] for step in STEPS}
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(prepare(Path(folder)))
        root = str(Path(bentley_nb.__file__).parents[1])
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        os.environ.update(BENTLEY_CLIENT_ID="service-benchmark", BENTLEY_CLIENT_SECRET="none")
        for _ in range(repeats):
            steps = iter(STEPS)
            for cells in CELLS:
                with Kernel(Path(folder), stderr=subprocess.DEVNULL) as kernel:
                    kernel.must("None")
                    idle = min(kernel.must("None").seconds for _ in range(5))
                    for cell in cells:
                        taken[next(steps)].append(max(0.0, kernel.must(cell).seconds - idle))
    return taken


def table(taken: dict[str, list[float]]) -> str:
    """Medians, and their ratio to pandas, as Markdown."""
    base = median(taken[STEPS[0]])
    lines = ["| in a fresh kernel | median | to `import pandas` |", "|---|---|---|"]
    for step, seconds in taken.items():
        lines.append(f"| {step} | {median(seconds) * 1000:.0f} ms | {median(seconds) / base:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    print(table(measure(parser.parse_args().repeats)))


if __name__ == "__main__":
    main()
