"""How the benchmarks start their processes: from the repository's root, with bytecode at hand.

An environment that forbids bytecode (``PYTHONDONTWRITEBYTECODE``, common in containers) would make every process
compile pandas again, which no user's machine does; so the bytecode goes into a folder of our own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
_OUT = ROOT / "benchmarks-out"


def environment(beside: Path | None = None, **more: str) -> Mapping[str, str]:
    """Environment of a child; with `beside` it has the package of that checkout, and the benchmarks of this one."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = [str(ROOT)]
    if beside is not None:
        link = _OUT / "beside" / "bentley_nb"
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(beside.resolve() / "bentley_nb")
        path.insert(0, str(link.parent))
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONSAFEPATH": "1",  # or the package of the working directory would come first
        "PYTHONPYCACHEPREFIX": str(_OUT / "bytecode"),
        "PYTHONWARNINGS": "ignore",
        **more,
    }


def run(*arguments: str, text: str = "", beside: Path | None = None) -> str:
    """Run this interpreter to its end and give the last line it wrote."""
    done = subprocess.run(
        [sys.executable, *arguments],
        input=text, capture_output=True, text=True, cwd=ROOT, check=False, env=environment(beside),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)[:200]} failed:\n{done.stderr[-3000:]}")
    return done.stdout.rstrip().rpartition("\n")[2]


class Child:
    """A module in a process of its own that answers each line of JSON with one, until its input is closed."""

    def __init__(self, module: str, beside: Path | None = None) -> None:
        self._module = module
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(beside),
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()  # closing its input ends it

    def ask(self, **what: Any) -> Any:
        """Tell it something and give its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended without an answer to {what}")
        return json.loads(line)
