"""Tables read from a server in a process of its own, by this package and by what an analyst would write."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.pages import SCHEDULES
from tests.benchmarks.sample import take
from tests.benchmarks.scenarios import OURS, SCENARIOS, TARGETS, Results, Samples, Scenario, Target
from tests.benchmarks.section import Found, Settings, grid, say
from tests.benchmarks.server import Server
from tests.benchmarks.variants import FIRST_PEER, FLOORS, Task

_BESIDE = ", beside"
_NOTE = """\
Every sample is a process of its own against a server in another; the variants of a scenario take turns. Times are
medians, without imports and without the first token of a process (a warm-up on ten rows pays for them; bentley_nb
asks for its own token again in the sample). Peak is how far the resident size rose above where it stood after the
warm-up. polars results stay polars frames with instants as text; the floors make no table.
"""


def measure(settings: Settings) -> Found:
    """Read every scenario; wrong is a variant that gave another number of rows."""
    chosen = [scenario for scenario in SCENARIOS if not {"pulls", scenario.name}.isdisjoint(settings.only or ["pulls"])]
    if settings.quick:
        chosen = [scenario for scenario in chosen if scenario.quick or scenario.name in settings.only]
    if settings.beside:
        chosen = [replace(scenario, variants=_in_two_states(scenario)) for scenario in chosen]
    results: dict[tuple[str, str], Samples] = {}
    wrong: list[str] = []
    say("rendering pages")
    schedules = ["small", *{name for scenario in chosen for name in _schedules(scenario.chain.partition("/")[0])}]
    with Server(schedules, quick=settings.quick) as server, tempfile.TemporaryDirectory() as folder:
        for scenario in chosen:
            results |= _measure(scenario, server, settings, Path(folder))
            wrong += _wrong_rows(scenario, server, results)
    parts = [_NOTE.strip()]
    data: dict[str, Any] = {
        "scenarios": [{"scenario": name, "variant": variant, **asdict(found)} for (name, variant), found in results.items()]
    }  # fmt: skip
    if settings.beside:
        parts.append(_ratios(chosen, results))
    else:
        names = {scenario.name for scenario in chosen}
        targets = [(target, _figure(target, results)) for target in TARGETS if target.scenario in names]
        parts.append(_targets(targets, judged=not settings.quick))
        data["targets"] = [{"scenario": target.scenario, "what": target.what, "bar": target.bar, "at_least": target.at_least,
                            "figure": figure} for target, figure in targets]  # fmt: skip
        figures = [figure for _, figure in targets if figure is not None]
        wrong += [
            f"a ratio is not a number: {figure}" for figure in figures if not math.isfinite(figure) or figure <= 0
        ]
    for scenario in chosen:
        parts += [f"### {scenario.title}", _scenario(scenario, results)]
    return Found("\n\n".join(parts), data, wrong)


def _in_two_states(scenario: Scenario) -> tuple[str, ...]:
    return tuple(
        variant + state for variant in scenario.variants if variant.startswith(OURS) for state in ("", _BESIDE)
    )


def _measure(scenario: Scenario, server: Server, settings: Settings, folder: Path) -> dict[tuple[str, str], Samples]:
    latency = scenario.latency / 1000 * (0.1 if settings.quick else 1)
    samples = {variant: Samples([], []) for variant in scenario.variants}
    repeats = settings.turns(5)
    for turn in range(repeats):
        shift = turn % len(scenario.variants)  # so that none always runs after the same one
        for variant in (*scenario.variants[shift:], *scenario.variants[:shift]):
            mine = samples[variant]
            if mine.missing:
                continue
            server.pace(latency=latency, gzip=scenario.gzip)
            schedule, _, collection = scenario.chain.partition("/")
            answer = take(
                variant.removesuffix(_BESIDE),
                _task(server, "small", collection, scenario, folder),
                _task(server, schedule, collection, scenario, folder),
                settings.beside if variant.endswith(_BESIDE) else None,
            )
            if "missing" in answer:
                mine.missing = answer["missing"]
                say(f"{scenario.name}: {variant} skipped, {mine.missing}")
                continue
            mine.seconds.append(answer["seconds"])
            mine.peaks.append(answer["peak"])
            mine.rows, mine.result = answer["rows"], answer["result"]
            say(
                f"{scenario.name} {turn + 1}/{repeats}: {variant} {answer['seconds']:.3f} s, {answer['peak'] / 1e6:.1f} MB"
            )
    return {(scenario.name, variant): found for variant, found in samples.items()}


def _task(server: Server, schedule: str, collection: str, scenario: Scenario, folder: Path) -> Task:
    chains = [server.chains[f"{name}/{collection}"] for name in _schedules(schedule)]
    return Task(
        base=server.base,
        schedule_id=chains[0]["schedule_id"],
        collection=collection,
        key=chains[0]["key"],
        addresses=tuple(address for chain in chains for address in chain["addresses"]),
        page=server.page,
        together=scenario.together,
        path=str(folder / f"{scenario.name}.parquet"),
        schedules=tuple(chain["schedule_id"] for chain in chains),
    )


def _schedules(name: str) -> list[str]:
    """The schedule of this name, or those of the portfolio."""
    return [schedule for schedule in SCHEDULES if schedule.partition(" ")[0] == name]


def _wrong_rows(scenario: Scenario, server: Server, results: Results) -> list[str]:
    schedule, _, collection = scenario.chain.partition("/")
    wrong = []
    for variant in scenario.variants:
        samples = results[scenario.name, variant]
        alone = variant.removesuffix(_BESIDE) == OURS
        names = (collection,) if alone or not scenario.together else scenario.together
        rows = sum(server.chains[f"{one}/{name}"]["rows"] for one in _schedules(schedule) for name in names)
        if not samples.missing and variant not in FLOORS and samples.rows != rows:
            wrong.append(f"{scenario.name}: {variant} gave {samples.rows} rows, not {rows}")
    return wrong


def _figure(target: Target, results: Results) -> float | None:
    try:
        return target.figure(results)
    except KeyError:
        return None


def _ratios(chosen: Sequence[Scenario], results: Results) -> str:
    rows = []
    for scenario in chosen:
        for variant in scenario.variants[::2]:
            now, beside = results[scenario.name, variant], results[scenario.name, variant + _BESIDE]
            if beside.missing:
                figures = ["left out", beside.missing]
            else:
                figures = [f"{now.wall / beside.wall:.3f}", f"{now.peak / beside.peak:.3f}"]
            rows.append([f"{scenario.name}: {variant}", *figures])
    return grid(["this state, of the one beside", "wall", "peak memory"], rows)


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
    floor = results.get((scenario.name, "receive + gunzip")) or results.get((scenario.name, "receive"))
    beside = next(name for name in (FIRST_PEER, OURS, *scenario.variants) if (scenario.name, name) in results)
    base = results[scenario.name, beside]
    rows = []
    for variant in scenario.variants:
        samples = results[scenario.name, variant]
        if samples.missing:
            rows.append([variant, f"skipped: {samples.missing}", *[""] * 6])
            continue
        count = samples.rows if samples.result or "iter" in variant or "parquet" in variant else 0
        rows.append(
            [
                variant,
                f"{samples.wall:.3f}",
                f"{min(samples.seconds):.3f} to {max(samples.seconds):.3f}",
                f"{base.wall / samples.wall:.2f}",
                f"{samples.wall / floor.wall:.2f}" if floor else "",
                f"{samples.peak / 1e6:.1f}",
                f"{samples.peak / count:.0f}" if count else "",
                f"{samples.result / count:.0f}" if samples.result else "",
            ]
        )
    head = ["variant", "s", "from to", f"{beside} / it", "it / floor", "peak MB", "peak B/row", "result B/row"]
    return grid(head, rows)
