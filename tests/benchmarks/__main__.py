"""``python -m tests.benchmarks [--quick] [--only NAME ...] [--repeats N] [--rows N] [--beside CHECKOUT] [--out FILE]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks import instructions, passes, pulls, reports, stages, start, store, waits
from tests.benchmarks.scenarios import SCENARIOS
from tests.benchmarks.section import Found, Settings, environment, say

SECTIONS: Mapping[str, tuple[str, Callable[[Settings], Found]]] = {
    "pulls": ("Tables read from a server", pulls.measure),
    "store": ("Pages kept on disk", store.measure),
    "waits": ("After the tables are read", waits.measure),
    "reports": ("Reports beside row loops", reports.measure),
    "passes": ("Passes of the critical path method", passes.measure),
    "start": ("Start", start.measure),
    "instructions": ("Instructions to decode one page", instructions.measure),
    "stages": ("Where the time of a page goes", stages.measure),
}
_COMPARED = ("pulls", "waits")  # what runs in two states in turn


def main() -> int:
    """Measure section by section, print Markdown, write it and JSON; 1 where a section found something wrong."""
    scenarios = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small tables, one repeat: shows that everything works")
    parser.add_argument(
        "--only", nargs="+", choices=[*SECTIONS, *scenarios], metavar="NAME", default=[],
        help=f"sections ({', '.join(SECTIONS)}) or scenarios of the pulls ({', '.join(scenarios)})",
    )  # fmt: skip
    parser.add_argument("--repeats", type=int, help="turns of each sample")
    parser.add_argument("--rows", type=int, help="tasks, or values of the store")
    parser.add_argument(
        "--beside", type=Path, metavar="CHECKOUT",
        help=f"folder of another checkout, for ratios: its package takes turns with this one in {' and '.join(_COMPARED)}",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default="benchmarks-out/results.json", help="JSON file; the Markdown is written beside it"
    )
    options = parser.parse_args()
    settings = Settings(options.quick, options.repeats, options.rows, tuple(options.only), options.beside)
    about = ", ".join(f"{name} {value}" for name, value in environment().items())
    text = f"# Benchmarks\n\n{about}.\n"
    document: dict[str, Any] = {"environment": environment()}
    wrong: list[str] = []
    print(text)
    for name, (title, measure) in SECTIONS.items():
        names = {name, *(scenarios if name == "pulls" else ())}
        if (settings.only and names.isdisjoint(settings.only)) or (settings.beside and name not in _COMPARED):
            continue
        found = measure(settings)
        part = f"## {title}\n\n{found.markdown}\n"
        print(part, flush=True)
        text += f"\n{part}"
        document[name] = found.data
        wrong += found.wrong
        options.out.parent.mkdir(parents=True, exist_ok=True)  # after each section: a full run takes long
        options.out.with_suffix(".md").write_text(text, encoding="utf-8")
        options.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    for line in wrong:
        say(f"WRONG: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
