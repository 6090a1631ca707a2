"""What the sections of the benchmarks have in common: their settings, what they find, and how it is printed."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PACKAGES = ("bentley-nb", "pandas", "pyarrow", "numpy", "requests", "urllib3", "isal", "polars", "dlt")


@dataclass(frozen=True)
class Settings:
    """What the command line says.

    Attributes
    ----------
    quick
        Small tables and one repeat: shows that everything works.
    repeats
        Turns of what is repeated; None: as many as the section needs.
    rows
        Tasks, or values, of the large tables; None: those of the issue that set the targets.
    only
        Names of what is measured; empty: everything.
    beside
        Folder of another checkout, which takes turns with this one.
    """

    quick: bool = False
    repeats: int | None = None
    rows: int | None = None
    only: tuple[str, ...] = ()
    beside: Path | None = None

    def turns(self, full: int) -> int:
        """Give the turns, `full` of them unless the command line says otherwise."""
        return self.repeats or (1 if self.quick else full)

    def size(self, full: int, quick: int) -> int:
        """Give the rows of a large table."""
        return self.rows or (quick if self.quick else full)


@dataclass
class Found:
    """What a section found: for the reader as Markdown, for a comparison of two runs as data, and what was wrong."""

    markdown: str
    data: Any
    wrong: list[str] = field(default_factory=list)


def environment() -> dict[str, str]:
    """What the figures depend on."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "python": sys.version.split()[0],
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        **versions,
    }


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all but its first column are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def say(line: str) -> None:
    """Tell how far the benchmarks are."""
    print(line, file=sys.stderr, flush=True)
