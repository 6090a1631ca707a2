"""How the benchmarks start their processes: from the repository's root, with bytecode at hand.

An environment that forbids bytecode (``PYTHONDONTWRITEBYTECODE``, common in containers) would make every process
compile pandas again, which no user's machine does; so the bytecode goes into a folder of our own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(**more: str) -> Mapping[str, str]:
    """Environment of a child."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": str(ROOT / "benchmarks-out" / "bytecode"),
        "PYTHONWARNINGS": "ignore",
        **more,
    }


def run(*arguments: str, text: str = "") -> str:
    """Run this interpreter to its end and give the last line it wrote."""
    done = subprocess.run(
        [sys.executable, *arguments],
        input=text, capture_output=True, text=True, cwd=ROOT, check=False, env=environment(),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)[:200]} failed:\n{done.stderr[-3000:]}")
    return done.stdout.rstrip().rpartition("\n")[2]
