"""What people wait for once the tables are there: CPU seconds of each, first and again, beside peers; peak memory as
multiples of the result and of the frame of tasks.

A process (``python -m tests.benchmarks.waits``) reads the tables and forks for each sample: the fork has them too, and
nothing else. It does the same with a small schedule first, which pays for imports.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from textwrap import shorten
from typing import Any

import pandas as pd

import bentley_nb as bn
from tests.benchmarks.children import Child
from tests.benchmarks.memory import peak, start_peak
from tests.benchmarks.section import Found, Settings, grid, say

_SMALL = 50
_SMALL_BYTES = 1_000_000  # of a result of a few rows, the peak says nothing
_FOUR = "scorecard of a portfolio of four, each"
_HERE, _BESIDE = "", "beside"


def measure(settings: Settings) -> Found:
    """Measure in one state or two, against one sandbox."""
    from bentley_nb.sandbox import Sandbox
    from bentley_nb.store.copies import DEFAULT_TABLES

    rows = settings.size(200_000, 200)
    names = [name for name in _waits(Path()) if not (settings.beside and name.startswith("peer"))]
    samples: dict[tuple[str, str], list[dict[str, Any]]] = {}
    with Sandbox(rows=rows) as large, Sandbox(rows=_SMALL) as small, ExitStack() as stack:
        states = {_HERE: Child("tests.benchmarks.waits")}
        if settings.beside:
            states[_BESIDE] = Child("tests.benchmarks.waits", settings.beside)
        for child in states.values():
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            stack.enter_context(child).ask(
                folder=folder, tables=list(DEFAULT_TABLES), sandboxes=[_address(small), _address(large)]
            )
        for name in names:
            for _ in range(settings.turns(3 if settings.beside else 1)):
                for state, child in states.items():
                    samples.setdefault((name, state), []).append(child.ask(wait=name))
            say(f"{name}: {samples[name, _HERE][-1]}")
    best = {key: _best(several) for key, several in samples.items()}
    wrong = [f"{name}: {found['missing']}" for (name, state), found in best.items() if not state and "missing" in found]
    table = _beside(names, best) if settings.beside else _alone(names, best)
    data = {
        "rows": rows,
        "waits": [{"wait": name, "state": state, **found} for (name, state), found in best.items()],
    }
    return Found(f"{rows:,} tasks.\n\n{table}", data, wrong)


def _address(sandbox: Any) -> dict[str, str]:
    return {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret, "token_url": sandbox.token_url,
            "api_url": sandbox.api_url("platform"), "schedule_id": sandbox.schedule_id}  # fmt: skip


def _best(samples: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: min(sample[name] for sample in samples) for name in samples[0]}


def _alone(names: list[str], best: Mapping[tuple[str, str], dict[str, Any]]) -> str:
    lines = []
    tasks = best["tasks()", _HERE]["size"]
    for name in names:
        found = best[name, _HERE]
        if "missing" not in found:
            of_result = f"{found['peak'] / found['size']:.1f}" if found["size"] > _SMALL_BYTES else ""
            memory = [f"{found['peak'] / 1e6:,.0f}", of_result, f"{found['peak'] / tasks:.1f}"]
            lines.append([name, f"{found['first']:.2f}", f"{found['again']:.2f}", *memory])
    return grid(["", "first, s", "again, s", "peak, MB", "of its result", "of the tasks"], lines)


def _beside(names: list[str], best: Mapping[tuple[str, str], dict[str, Any]]) -> str:
    lines = []
    for name in names:
        now, then = best[name, _HERE], best[name, _BESIDE]
        if "missing" in now or "missing" in then:
            lines.append([name, f"left out: {then.get('missing', 'only there')}", *[""] * 6])
            continue
        seconds = [f"{found[what]:.2f}" for what in ("first", "again") for found in (then, now)]
        ratios = [f"{now[what] / then[what]:.2f}" for what in ("first", "again")]
        lines.append([name, *seconds[:2], ratios[0], *seconds[2:], ratios[1], f"{now['again'] / then['first']:.2f}"])
    head = [
        "CPU",
        "first, s: beside",
        "here",
        "ratio",
        "again, s: beside",
        "here",
        "ratio",
        "again here / first beside",
    ]
    return grid(head, lines)


def _waits(folder: Path) -> dict[str, Callable[[Any], Any]]:
    """What is measured, by name; each takes a schedule that has read its tables, or opens copies of it."""

    def sql(query: str) -> Callable[[Any], Any]:
        return lambda s: bn.sql(query, s)

    return {
        "tasks()": lambda s: s.tasks(),
        "tasks(codes=True)": lambda s: s.tasks(codes=True),
        "peer: merge and pivot of the codes": _pivot,
        "tasks(user_fields=True, codes=True)": lambda s: s.tasks(user_fields=True, codes=True),
        "SQL tasks_wide": sql("SELECT * FROM tasks_wide"),
        "SQL late_tasks": sql("SELECT * FROM late_tasks"),
        "SQL look_ahead": sql("SELECT * FROM look_ahead"),
        "SQL links_named": sql("SELECT * FROM links_named"),
        "peer: DuckDB on the Arrow tasks": _duckdb,
        "health": lambda s: s.health(),
        "scorecard": lambda s: s.scorecard(),
        "slippage": lambda s: s.slippage(s),
        "scorecard of a portfolio of one": lambda s: _portfolio(s, 1),
        _FOUR: lambda s: _portfolio(s, 4),
        "resource_histogram": lambda s: s.resource_histogram(),
        "gantt(only=look_ahead)": lambda s: s.gantt(only=s.look_ahead()),
        "HTML report": lambda s: bn.export.to_html(folder / "report.html", s),
        "workbook of wide tasks": lambda s: bn.export.to_excel(folder / "a.xlsx", s.tasks(codes=True)),
        "peer: pandas to_excel of wide tasks": _pandas_to_excel(folder / "b.xlsx"),
        "a sandbox of as many tasks, to its first table": _sandbox,
    }


def _portfolio(s: Any, count: int) -> pd.DataFrame:
    from bentley_nb.portfolio import Member, Portfolio

    return Portfolio([Member(f"{number}", bn.open(s.copy)) for number in range(count)]).scorecard()


def _sandbox(s: Any) -> None:
    from bentley_nb.sandbox import Sandbox

    with Sandbox(rows=len(s.arrow("tasks"))) as sandbox:
        _connect(**_address(sandbox)).load("codes")


def main() -> None:
    """Read the tables, and fork for each wait that is asked for."""
    said = json.loads(sys.stdin.readline())
    folder = Path(said["folder"])
    small, large = (_read(folder, said["tables"], address) for address in said["sandboxes"])
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(10)  # of the last pull: a fork must not happen while they end
    gc.collect()
    gc.freeze()  # a fork must not copy what its collector only looks at
    print("{}", flush=True)
    waits = _waits(folder)
    for line in sys.stdin:
        name = json.loads(line)["wait"]
        reader, writer = os.pipe()
        if not os.fork():
            answer = _measured(waits[name], small, large, 4 if name == _FOUR else 1)
            os.write(writer, json.dumps(answer).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answered:
            print(answered.read() or '{"missing": "ended without an answer"}', flush=True)
        os.wait()


def _connect(*, client_id: str, client_secret: str, schedule_id: str, **urls: str) -> Any:
    return bn.connect(client_id, client_secret, progress=False, **urls).schedule(schedule_id)


def _read(folder: Path, tables: list[str], address: Mapping[str, str]) -> Any:
    schedule = _connect(**address)
    for name in tables:
        with suppress(Exception):  # one that this state, or this surface, does not have
            schedule.load(name)
    if hasattr(schedule, "keep"):
        schedule.copy = schedule.keep(folder)
    return schedule


def _measured(run: Callable[[Any], Any], small: Any, large: Any, count: int) -> dict[str, Any]:
    try:
        run(small)
    except Exception as error:  # noqa: BLE001 - whatever another state of the package raises
        return {"missing": shorten(f"{type(error).__name__}: {error}", 80)}
    before, began = start_peak(), time.process_time()
    result = run(large)
    first, rise = time.process_time() - began, peak() - before
    size = _size(result) if isinstance(result, pd.DataFrame) else 0
    began = time.process_time()
    run(large)
    again = time.process_time() - began
    return {"first": first / count, "again": again / count, "peak": rise, "size": size}


def _size(frame: pd.DataFrame) -> int:
    return int(frame.memory_usage(deep=True).sum())


def _pivot(s: Any) -> pd.DataFrame:
    values = s.table("code_values").merge(s.table("codes"), left_on="code_id", right_on="id", suffixes=("", "_of_code"))
    assigned = s.table("task_code_value_assignments").merge(values, left_on="code_value_id", right_on="id")
    wide = assigned.pivot_table(index="task_id", columns="name_of_code", values="name", aggfunc="; ".join)
    joined: pd.DataFrame = s.tasks().merge(wide, left_on="id", right_index=True, how="left")
    return joined


def _duckdb(s: Any) -> pd.DataFrame:
    import duckdb

    with duckdb.connect() as connection:
        connection.register("tasks", s.arrow("tasks"))
        return connection.sql("SELECT * FROM tasks").df()


def _pandas_to_excel(path: Path) -> Callable[[Any], Any]:
    def write(s: Any) -> None:
        frame = s.tasks(codes=True)
        for name in frame.select_dtypes("datetimetz"):
            frame[name] = frame[name].dt.tz_localize(None)
        frame.to_excel(path, engine="xlsxwriter", index=False)

    return write


if __name__ == "__main__":
    main()
