"""Stop returns within 2 s while the service is waited for, whatever is being done with the schedule."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scripted import SCHEDULE, Reply, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"
GOOD = Reply(body={"tasks": [{"id": "1"}]}, headers={"ETag": '"1"'})

WORK: dict[str, Callable[[Any, Path], Any]] = {
    "tasks": lambda s, folder: s.tasks(),
    "pages": lambda s, folder: list(s.iter_pages("tasks")),
    "keep": lambda s, folder: s.keep(folder / "kept", tables=["tasks"]),
    "parquet": lambda s, folder: s.to_parquet("tasks", folder / "tasks.parquet"),
}


def _drip(service: ScriptedService, handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "10000")
    handler.end_headers()
    while not service._release.wait(0.1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("wait", ["header", "body", "revalidation"])
def test_stop(service: ScriptedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: str, wait: str) -> None:
    service.on(TASKS, GOOD)
    service.on(f"/schedules/{SCHEDULE}", {"schedule": {"id": SCHEDULE, "displayName": "x"}})
    client = service.connect(store=tmp_path / "pages" if wait == "revalidation" else None)
    if wait == "revalidation":
        client.schedule(SCHEDULE).tasks()
    if wait == "body":
        answer = service._answer
        monkeypatch.setattr(
            service, "_answer", lambda handler: _drip(service, handler) if "/tasks" in handler.path else answer(handler)
        )
    service.on(TASKS, Reply(delay=20))
    s = client.schedule(SCHEDULE)
    timer = threading.Timer(0.4, _thread.interrupt_main)
    timer.start()
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        WORK[work](s, tmp_path)
    assert time.monotonic() - before < 2.4
    assert not list(tmp_path.glob("*.parquet"))
