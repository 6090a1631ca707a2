"""``python -m tests.benchmarks [--quick] [--out FILE] [--repeats N] [--only NAME ...]``."""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import instructions, stages, start
from tests.benchmarks.pages import FULL
from tests.benchmarks.sample import take
from tests.benchmarks.scenarios import SCENARIOS, TARGETS, Results, Samples, Scenario, Target
from tests.benchmarks.server import Server
from tests.benchmarks.table import environment, markdown
from tests.benchmarks.variants import FLOORS, Task

_EXTRAS = ("start", "instructions", "stages")


def main() -> int:
    """Measure, print a Markdown table, write it and JSON; 1 where a variant gave a wrong number of rows."""
    options = _options()
    chosen = [scenario for scenario in SCENARIOS if not options.only or scenario.name in options.only]
    repeats = options.repeats or (1 if options.quick else 5)
    results: dict[tuple[str, str], Samples] = {}
    wrong: list[str] = []
    if chosen:
        _say("rendering pages")
        with Server(quick=options.quick) as server, tempfile.TemporaryDirectory() as folder:
            for scenario in chosen:
                results |= _measure(scenario, server, repeats, Path(folder), quick=options.quick)
                wrong += _wrong_rows(scenario, server, results)
    starts = start.measure(1 if options.quick else 9) if _wanted("start", options.only) else {}
    counted: dict[str, int] | str = ""
    if _wanted("instructions", options.only):
        _say("counting instructions")
        counted = "Not counted in a quick run." if options.quick else instructions.count()
    spent: dict[str, dict[str, float]] = {}
    if _wanted("stages", options.only):
        _say("timing the stages of a page")
        spent = stages.measure(200, 1) if options.quick else stages.measure(FULL.page, 2 * repeats + 1)
    targets = [(target, _figure(target, results)) for target in TARGETS]
    text = markdown(chosen, results, targets, starts, counted, spent, judged=not options.quick)
    print(text)
    _write(Path(options.out), text, results, targets, starts, counted, spent)
    measured = [figure for _, figure in targets if figure is not None]
    wrong += [f"a ratio is not a number: {figure}" for figure in measured if not math.isfinite(figure) or figure <= 0]
    for line in wrong:
        _say(f"WRONG: {line}")
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small tables, one repeat: shows that everything works")
    parser.add_argument(
        "--out", default="benchmarks-out/results.json", help="JSON file; the Markdown is written beside it"
    )
    parser.add_argument("--repeats", type=int, help="turns of each scenario (5; quick: 1)")
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument(
        "--only", nargs="+", choices=[*names, *_EXTRAS], metavar="NAME", help=", ".join([*names, *_EXTRAS])
    )
    return parser.parse_args()


def _wanted(name: str, only: Sequence[str] | None) -> bool:
    return not only or name in only


def _measure(
    scenario: Scenario, server: Server, repeats: int, folder: Path, *, quick: bool
) -> dict[tuple[str, str], Samples]:
    latency = scenario.latency / 1000 * (0.1 if quick else 1)
    samples = {variant: Samples([], []) for variant in scenario.variants}
    for turn in range(repeats):
        shift = turn % len(scenario.variants)  # so that none always runs after the same one
        for variant in (*scenario.variants[shift:], *scenario.variants[:shift]):
            mine = samples[variant]
            if mine.missing:
                continue
            server.pace(latency=latency, gzip=scenario.gzip)
            schedule, _, collection = scenario.chain.partition("/")
            answer = take(
                variant,
                _task(server, "small", collection, scenario, folder),
                _task(server, schedule, collection, scenario, folder),
            )
            if "missing" in answer:
                mine.missing = answer["missing"]
                _say(f"{scenario.name}: {variant} skipped, {mine.missing} is not installed")
                continue
            mine.seconds.append(answer["seconds"])
            mine.peaks.append(answer["peak"])
            mine.rows, mine.result = answer["rows"], answer["result"]
            _say(
                f"{scenario.name} {turn + 1}/{repeats}: {variant} {answer['seconds']:.3f} s, {answer['peak'] / 1e6:.1f} MB"
            )
    return {(scenario.name, variant): found for variant, found in samples.items()}


def _task(server: Server, schedule: str, collection: str, scenario: Scenario, folder: Path) -> Task:
    chain = server.chains[f"{schedule}/{collection}"]
    return Task(
        base=server.base,
        schedule_id=chain["schedule_id"],
        collection=collection,
        key=chain["key"],
        addresses=tuple(chain["addresses"]),
        page=server.page,
        together=scenario.together,
        path=str(folder / f"{scenario.name}.parquet"),
    )


def _wrong_rows(scenario: Scenario, server: Server, results: Results) -> list[str]:
    schedule = scenario.chain.partition("/")[0]
    wrong = []
    for variant in scenario.variants:
        samples = results[scenario.name, variant]
        several = variant.endswith(("together", "one by one"))
        names = scenario.together if several else (scenario.chain.partition("/")[2],)
        rows = sum(server.chains[f"{schedule}/{name}"]["rows"] for name in names)
        if not samples.missing and variant not in FLOORS and samples.rows != rows:
            wrong.append(f"{scenario.name}: {variant} gave {samples.rows} rows, not {rows}")
    return wrong


def _figure(target: Target, results: Results) -> float | None:
    try:
        return target.figure(results)
    except KeyError:
        return None


def _write(
    file: Path,
    text: str,
    results: Results,
    targets: Sequence[tuple[Target, float | None]],
    starts: dict[str, Any],
    counted: dict[str, int] | str,
    spent: dict[str, dict[str, float]],
) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.with_suffix(".md").write_text(text, encoding="utf-8")
    document = {
        "environment": environment(),
        "scenarios": [{"scenario": name, "variant": variant, **asdict(found)} for (name, variant), found in results.items()],
        "targets": [
            {
                "scenario": target.scenario, "what": target.what, "bar": target.bar, "at_least": target.at_least,
                "figure": figure, "met": None if figure is None else target.met(figure),
            }
            for target, figure in targets
        ],
        "start": starts,
        "instructions": counted,
        "stages": spent,
    }  # fmt: skip
    file.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
