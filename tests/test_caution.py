"""A warning names the line of whoever asked, however deep in the package it comes up."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest

import bentley_nb as bn
from bentley_nb import _session
from tests.scripted import SCHEDULE, ScriptedService

BASE = f"/schedules/{SCHEDULE}"


@pytest.fixture
def odd(service: ScriptedService) -> ScriptedService:
    """Serves a date that is none, and a number that is none."""
    service.on(f"{BASE}/tasks", {"tasks": [{"id": "1", "plannedStart": "soon"}]})
    field = {"id": "f", "name": "Crew size", "category": "Task", "type": "Integer"}
    service.on(f"{BASE}/user-fields", {"userFields": [field]})
    value = {"taskId": "1", "userFieldId": "f", "value": "many"}
    service.on(f"{BASE}/tasks/user-field-values", {"userFieldValues": [value]})
    return service


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: s.tasks(),
        lambda s: s.table("tasks"),
        lambda s: s.tasks(user_fields=True),
        lambda s: list(s.iter_pages("tasks")),
        lambda s: s.client.fetch(s, "tasks"),
        lambda s: bn.tasks(SCHEDULE),
    ],
)
def test_of_values_that_do_not_parse(ask: Callable[[bn.Schedule], object], odd: ScriptedService) -> None:
    schedule = odd.schedule()
    _session.set_default(schedule.client)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask(schedule)
    assert caught
    assert {warning.filename for warning in caught} == {__file__}
