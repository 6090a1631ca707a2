"""One quiet line after a second, gone at the end, silent without a reader."""

from __future__ import annotations

import io
import sys
import time

import pytest

from bentley_nb import _front_end, _progress, reading
from bentley_nb._progress import Progress, line_for
from tests.scripted import SCHEDULE, Reply, Request, ScriptedService
from tests.waiting import settled


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Lines:
    def __init__(self) -> None:
        self.shown: list[str] = []
        self.cleared = False

    def show(self, text: str) -> None:
        self.shown.append(text)

    def clear(self) -> None:
        self.cleared = True


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_short_pull_says_nothing() -> None:
    clock, lines = Clock(), Lines()
    with Progress("tasks", lines, clock=clock) as told:
        told.page(10)
        clock.now += 0.9
        told.page(10)
    assert lines.shown == []
    assert not lines.cleared


def test_a_long_pull_tells_rows_pages_and_rate_and_takes_the_line_away() -> None:
    clock, lines = Clock(), Lines()
    with Progress("tasks", lines, lambda: 40_000, clock=clock) as told:
        for _ in range(2):
            clock.now += 1
            told.page(10_000)
        clock.now += 0.1
        told.tick()  # not more often than five times a second
    assert lines.shown == [
        "tasks: 10,000 rows of about 40,000 [#####...............], 1 page, 10,000 rows/s, 1 s",
        "tasks: 20,000 rows of about 40,000 [##########..........], 2 pages, 10,000 rows/s, 2 s",
    ]
    assert lines.cleared


def test_an_unknown_total_shows_no_bar_and_is_asked_for_once() -> None:
    asked: list[int] = []
    clock, lines = Clock(), Lines()
    told = Progress("values", lines, lambda: asked.append(1), clock=clock)
    for _ in range(3):
        clock.now += 2
        told.tick()
    assert lines.shown[0] == "values: 0 rows, 0 pages, 0 rows/s, 2 s"
    assert asked == [1]


def test_who_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert line_for(None) is None  # no terminal under pytest
    assert line_for(False) is None
    assert line_for(True) is not None
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert _front_end.front_end() == "terminal"
    line = line_for(None)
    assert line is not None
    line.show("a long line")
    line.show("short")
    line.clear()
    assert sys.stderr.getvalue() == "\ra long line\rshort      \r" + " " * 5 + "\r"  # type: ignore[attr-defined]


def test_the_line_stays_in_one_row_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", "20")
    line = line_for(True)
    assert line is not None
    line.show("task_user_field_values: 1,000,000 rows")
    line.clear()
    assert sys.stderr.getvalue() == "\rtask_user_field_val\r" + " " * 19 + "\r"  # type: ignore[attr-defined]


def test_in_a_kernel_the_front_end_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    shell = SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=True))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert _front_end.front_end() == "notebook"
    assert isinstance(line_for(None), _progress._NotebookLine)
    shell.kernel._allow_stdin = False  # nbclient and papermill say so
    assert _front_end.front_end() == "batch"
    assert line_for(None) is None


def test_the_total_comes_from_the_service_and_only_for_long_pulls(
    service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = f"/schedules/{SCHEDULE}"
    lines = Lines()
    monkeypatch.setattr(reading, "line_for", lambda wanted: lines)
    monkeypatch.setattr(_progress, "_QUIET_SECONDS", 0.05)
    monkeypatch.setattr(_progress, "_BETWEEN_SECONDS", 0.0)
    service.on(f"{base}/animation-statistics", {"animationStatistics": {"taskCount": 4}})

    def answer(request: Request) -> Reply:
        number = int(request.query.get("$continuationToken", 0)) + 1
        body: dict[str, object] = {"tasks": [{"id": str(number)}]}
        if number < 4:
            body["nextPageToken"] = str(number)
        return Reply(body=body, delay=0.1)

    service.on(f"{base}/tasks", answer)
    service.on(f"{base}/codes", {"codes": []})
    schedule = service.schedule()
    schedule.codes()
    assert service.asked(f"{base}/animation-statistics") == []
    schedule.tasks()
    assert len(service.asked(f"{base}/animation-statistics")) == 1
    assert lines.shown[-1].startswith("tasks: ")
    assert "of about 4" in lines.shown[-1]
    assert lines.cleared
    for refusal in (Reply(500), Reply(503, delay=0.2), Reply(body={}, delay=30)):
        service.on(f"{base}/animation-statistics", refusal)
        before, asked = time.monotonic(), len(service.asked(f"{base}/animation-statistics"))
        assert len(schedule.tasks(refresh=True)) == 4  # a progress line is worth neither an error nor a wait
        assert time.monotonic() - before < 5
        assert "of about" not in lines.shown[-1]
        assert (
            settled(lambda: len(service.asked(f"{base}/animation-statistics"))) < asked + 6
        )  # its attempts end with the read
    schedule.load("tasks", "codes", refresh=True)
    assert lines.shown[-1].startswith("tasks and 1 more: ")
