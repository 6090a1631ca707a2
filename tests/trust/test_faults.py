"""The fault matrix, each row over a real socket: both surfaces, the token endpoint and the projects."""

from __future__ import annotations

from typing import Any

import pytest

import bentley_nb as bn
from bentley_nb.transport import retries
from tests.scripted import SCHEDULE, ScriptedService
from tests.trust.faults import FAULTS, Fault, markdown

TASKS = f"/schedules/{SCHEDULE}/tasks"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.002)
    bn.options.largest_answer_mb = 1


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
@pytest.mark.parametrize("where", ["platform", "enterprise", "projects", "token"])
def test_a_fault_is_a_clear_error(service: ScriptedService, fault: Fault, where: str) -> None:
    path = {"projects": "/itwins", "token": "/connect/token"}.get(where, TASKS)
    service.on(path, fault.reply)
    options: dict[str, Any] = {"surface": "enterprise"} if where == "enterprise" else {}
    client = service.connect(timeout=(2, 5), **options)
    expected = getattr(bn.errors, fault.token if where == "token" else fault.read)
    with pytest.raises(bn.BentleyError) as caught:
        client.projects() if where == "projects" else client.schedule(SCHEDULE).tasks()
    assert type(caught.value) is expected or isinstance(caught.value, expected)
    assert caught.value.hint
    assert caught.value.correlation_id
    if where != "token":
        assert len(service.asked(path)) == fault.requests


def test_the_matrix_prints_as_a_table() -> None:
    assert len(markdown().splitlines()) == len(FAULTS) + 2
