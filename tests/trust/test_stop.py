"""Stop returns within 2 s while the service is waited for, whatever is being done with the schedule."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bentley_nb.portfolio import Member, Portfolio
from bentley_nb.transport.limiter import Slots, Stopped
from tests.scripted import SCHEDULE, Reply, ScriptedService
from tests.waiting import stopped

TASKS = f"/schedules/{SCHEDULE}/tasks"
TOKEN = "/connect/token"
GOOD = Reply(body={"tasks": [{"id": "1"}]}, headers={"ETag": '"1"'})
TRIES = 3  # a machine that stalls for seconds says nothing about the code


def _portfolio(s: Any) -> Portfolio:
    return Portfolio([Member("Harbour", s)], client=s.client)


WORK: dict[str, Callable[[Any, Path], Any]] = {
    "tasks": lambda s, folder: s.tasks(),
    "pages": lambda s, folder: list(s.iter_pages("tasks")),
    "keep": lambda s, folder: s.keep(folder / "kept", tables=["tasks"]),
    "parquet": lambda s, folder: s.to_parquet("tasks", folder / "tasks.parquet"),
    "portfolio": lambda s, folder: _portfolio(s).tasks(),
    "portfolio-dataset": lambda s, folder: _portfolio(s).to_parquet(folder / "dataset", ["tasks"]),
}


def _drip(service: ScriptedService, handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "10000")
    handler.end_headers()
    while not service._release.wait(0.1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("wait", ["header", "body", "revalidation", "token"])
def test_stop(service: ScriptedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str, wait: str) -> None:
    service.on(TASKS, GOOD)
    service.on(f"/schedules/{SCHEDULE}", {"schedule": {"id": SCHEDULE, "displayName": "x"}})
    client = service.connect(store=tmp_path / "pages" if wait == "revalidation" else None)
    if wait == "revalidation":
        client.schedule(SCHEDULE).tasks()
    silent, asked, answer = TOKEN if wait == "token" else TASKS, threading.Event(), service._answer

    def watched(handler: Any) -> None:
        if handler.path.startswith(silent):
            asked.set()
            if wait == "body":
                return _drip(service, handler)
        return answer(handler)

    monkeypatch.setattr(service, "_answer", watched)
    service.on(silent, Reply(delay=20))
    s, made, seconds = client.schedule(SCHEDULE), tmp_path / "made", 0.0
    made.mkdir()
    for _ in range(TRIES):
        asked.clear()
        seconds = stopped(lambda: WORK[work](s, made), asked.is_set)
        assert not list(made.rglob("*.parquet"))
        if seconds < 2:
            break
    assert seconds < 2


@pytest.mark.parametrize("name", ["bentley_nb-pull", "bentley_nb-portfolio"])
def test_stop_between_the_starts_of_two_threads(
    service: ScriptedService, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The thread that runs already ends, too, instead of going on with the work of the others."""
    client, many = service.connect(), 20
    ids = [f"{number:08d}-0000-0000-0000-000000000000" for number in range(many)]
    for one in ids:
        service.on(f"/schedules/{one}/tasks", {"tasks": [{"id": one}]})
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        if thread.name == name:
            started.append(thread)
            raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    members = [Member("Harbour", client.schedule(one)) for one in ids]
    work = Portfolio(members, client=client) if name == "bentley_nb-portfolio" else members[0].schedule
    with pytest.raises(KeyboardInterrupt):
        work.tasks()
    monkeypatch.undo()
    started[0].join(10)
    assert not started[0].is_alive()
    assert sum(len(service.asked(f"/schedules/{one}/tasks")) for one in ids) < many


def test_stop_while_waiting_for_a_slot() -> None:
    slots, stop = Slots(lambda: 1), threading.Event()
    stop.set()
    with slots.one(threading.Event()), pytest.raises(Stopped), slots.one(stop):
        pass
    with slots.one(stop):  # a free one needs no wait
        pass
