"""What people wait for once the tables are there: CPU seconds of each, first and again, beside peers; peak memory as
multiples of the result and of the frame of tasks.

``python -m tests.benchmarks.waits [--quick] [--rows N]``
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from tests.benchmarks.memory import peak, start_peak
from tests.benchmarks.table import grid

_SMALL_BYTES = 1_000_000  # of a result of a few rows, the peak says nothing


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="2,000 tasks")
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    rows = 2_000 if options.quick else options.rows
    began = time.process_time()
    with Sandbox(rows=rows) as sandbox, tempfile.TemporaryDirectory() as folder:
        addresses = {"token_url": sandbox.token_url, "api_url": sandbox.api_url("platform")}
        with bn.connect(sandbox.client_id, sandbox.client_secret, progress=False, **addresses) as client:
            path = client.schedule(sandbox.schedule_id).keep(folder)
            made = time.process_time() - began
            tasks = _size(bn.open(path).tasks())
            lines = [[name, *_measured(run, bn.open(path), tasks)] for name, run in _waits(Path(folder)).items()]
    print(f"{rows:,} tasks; sandbox made, read and kept in {made:.1f} s\n")
    print(grid(["", "first, s", "again, s", "peak, MB", "of its result", "of the tasks"], lines))


def _waits(folder: Path) -> dict[str, Callable[[Any], Any]]:
    """What is measured, by name; each takes a kept copy that has read nothing yet."""

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
        "scorecard of a portfolio of one": lambda s: bn.open_portfolio(folder).scorecard(),
        "resource_histogram": lambda s: s.resource_histogram(),
        "gantt(only=look_ahead)": lambda s: s.gantt(only=s.look_ahead()),
        "HTML report": lambda s: s.to_html(folder / "report.html"),
        "workbook of wide tasks": lambda s: bn.export.to_excel(folder / "a.xlsx", s.tasks(codes=True)),
        "peer: pandas to_excel of wide tasks": _pandas_to_excel(folder / "b.xlsx"),
    }


def _measured(run: Callable[[Any], Any], schedule: Any, tasks: int) -> list[str]:
    before, began = start_peak(), time.process_time()
    result = run(schedule)
    first, rise = time.process_time() - began, peak() - before
    size = _size(result) if isinstance(result, pd.DataFrame) else 0
    began = time.process_time()
    run(schedule)
    again = time.process_time() - began
    of_result = f"{rise / size:.1f}" if size > _SMALL_BYTES else ""
    return [f"{first:.2f}", f"{again:.2f}", f"{rise / 1e6:,.0f}", of_result, f"{rise / tasks:.1f}"]


def _size(frame: pd.DataFrame) -> int:
    return int(frame.memory_usage(deep=True).sum())


def _pivot(s: Any) -> pd.DataFrame:
    values = s.table("code_values").merge(s.table("codes"), left_on="code_id", right_on="id", suffixes=("", "_of_code"))
    assigned = s.table("task_code_value_assignments").merge(values, left_on="code_value_id", right_on="id")
    wide = assigned.pivot_table(index="task_id", columns="name_of_code", values="name", aggfunc="; ".join)
    joined: pd.DataFrame = s.tasks().merge(wide, left_on="id", right_index=True, how="left")
    return joined


def _duckdb(s: Any) -> pd.DataFrame:
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
