"""The results as Markdown for readers and as JSON for whoever compares two runs."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.instructions import ROWS
from tests.benchmarks.scenarios import OURS, Results, Scenario, Target
from tests.benchmarks.variants import FIRST_PEER

_PACKAGES = ("bentley-nb", "pandas", "pyarrow", "numpy", "requests", "urllib3", "isal", "polars", "dlt")
_NOTE = """\
Every sample is a process of its own against a server in another; the variants of a scenario take turns. Times are
medians, without imports and without the first token of a process (a warm-up on ten rows pays for them; bentley_nb
asks for its own token again in the sample). Peak is how far the resident size rose above where it stood after the
warm-up. polars results stay polars frames with instants as text; the floors make no table.
"""


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


def markdown(
    scenarios: Sequence[Scenario],
    results: Results,
    targets: Sequence[tuple[Target, float | None]],
    starts: Mapping[str, Mapping[str, Any]],
    instructions: Mapping[str, int] | str,
    stages: Mapping[str, Mapping[str, float]],
    *,
    judged: bool,
) -> str:
    """Everything as one Markdown text."""
    about = ", ".join(f"{name} {value}" for name, value in environment().items())
    parts = ["# Benchmarks", f"{about}.", _NOTE.strip(), "## Targets", _targets(targets, judged=judged)]
    for scenario in scenarios:
        parts += [f"## {scenario.title}", _scenario(scenario, results)]
    if starts:
        parts += ["## Start", _starts(starts)]
    if instructions:
        parts += [f"## Instructions to decode one page of {ROWS:,} items", _instructions(instructions)]
    if stages:
        parts += ["## Where the time of a page goes", _stages(stages)]
    return "\n\n".join(parts) + "\n"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all but its first column are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _targets(targets: Sequence[tuple[Target, float | None]], *, judged: bool) -> str:
    rows = [
        [
            f"{target.scenario}: {target.what}",
            f"{'at least' if target.at_least else 'at most'} {target.bar:g}",
            "not measured" if figure is None else f"{figure:.2f}",
            ""
            if figure is None
            else "too small to judge"
            if not judged
            else "met"
            if target.met(figure)
            else "**missed**",
        ]
        for target, figure in targets
    ]
    return grid(["target", "bar", "figure", ""], rows)


def _scenario(scenario: Scenario, results: Results) -> str:
    base = results.get((scenario.name, FIRST_PEER)) or results.get((scenario.name, OURS))
    floor = results.get((scenario.name, "receive + gunzip")) or results.get((scenario.name, "receive"))
    rows = []
    for variant in scenario.variants:
        samples = results[scenario.name, variant]
        if samples.missing:
            rows.append([variant, f"skipped: {samples.missing} is not installed", *[""] * 6])
            continue
        count = samples.rows if samples.result or "iter" in variant or "parquet" in variant else 0
        rows.append(
            [
                variant,
                f"{samples.wall:.3f}",
                f"{min(samples.seconds):.3f} to {max(samples.seconds):.3f}",
                f"{base.wall / samples.wall:.2f}" if base else "",
                f"{samples.wall / floor.wall:.2f}" if floor else "",
                f"{samples.peak / 1e6:.1f}",
                f"{samples.peak / count:.0f}" if count else "",
                f"{samples.result / count:.0f}" if samples.result else "",
            ]
        )
    beside = FIRST_PEER if (scenario.name, FIRST_PEER) in results else variant_of(base, results, scenario)
    head = ["variant", "s", "from to", f"{beside} / it", "it / floor", "peak MB", "peak B/row", "result B/row"]
    return grid(head, rows)


def variant_of(samples: Any, results: Results, scenario: Scenario) -> str:
    """Name of the variant that has these samples."""
    return next((name for name in scenario.variants if results[scenario.name, name] is samples), "first")


def _starts(starts: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        [name, f"{start['seconds'] * 1000:.0f}", f"{start['of_pandas']:.2f}", ", ".join(start["heavy"]) or "none"]
        for name, start in starts.items()
    ]
    return grid(["", "ms", "of import pandas", "heavy packages imported"], rows)


def _instructions(instructions: Mapping[str, int] | str) -> str:
    if isinstance(instructions, str):
        return instructions
    return grid(["page, decoder", "million"], [[name, f"{value / 1e6:.2f}"] for name, value in instructions.items()])


def _stages(stages: Mapping[str, Mapping[str, float]]) -> str:
    rows = [
        [name, f"{took['one'] * 1000:.2f}", f"{took['two'] * 1000:.2f}", f"{took['one'] / took['two']:.2f}"]
        for name, took in stages.items()
    ]
    return grid(["page, stage", "ms, one thread", "ms per page, two threads at once", "gain"], rows)
