"""From a kept copy, with sockets forbidden, everything equals what the live schedule gives."""

from __future__ import annotations

import inspect
import socket
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

NEED_MORE = {
    "slippage": lambda s: {"before": s},
    "changes": lambda s: {"before": s},
}


def _reports() -> list[str]:
    names = []
    for name in bn.reports.__all__:
        function = getattr(bn.reports, name)
        if not inspect.isfunction(function):
            continue
        parameters = list(inspect.signature(function).parameters.values())
        needed = [p for p in parameters[1:] if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
        takes_a_schedule = parameters and parameters[0].name in ("s", "schedule", "before", "source")
        if takes_a_schedule and (not needed or name in NEED_MORE):
            names.append(name)
    return names


@pytest.fixture(scope="module")
def kept(demo_client, tmp_path_factory) -> Path:
    from bentley_nb.sandbox.running import demo_sandbox

    return demo_client.schedule(demo_sandbox().schedule_id).keep(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def offline(kept, monkeypatch):
    """Calls something with the copy while no socket can be made."""

    def call(function: Any) -> Any:
        with monkeypatch.context() as patched:

            def refuse(*args: Any, **options: Any) -> None:
                raise AssertionError("the network was asked")

            patched.setattr(socket.socket, "connect", refuse)
            patched.setattr(socket, "create_connection", refuse)
            return function(bn.open(kept))

    return call


def _call(name: str, s: bn.Schedule) -> Any:
    function = getattr(bn.reports, name)
    if name not in NEED_MORE:
        return function(s)
    return function(s, s)


@pytest.mark.parametrize("name", _reports())
def test_every_report_equals_the_live_one(name, offline, demo):
    try:
        live = _call(name, demo)
    except bn.InvalidRequest as error:
        with pytest.raises(bn.InvalidRequest, match=f"{error.message[:30]}"):
            offline(lambda s: _call(name, s))
        return
    found = offline(lambda s: _call(name, s))
    pd.testing.assert_frame_equal(found, live)
    assert bn.reports.about(found).notes == bn.reports.about(live).notes


def test_sql_views_equal_the_live_ones(offline, demo):
    for table in ("tasks", "late_tasks", "tasks_wide", "milestones", "work_tasks", "baseline_tasks"):
        query = f"SELECT * FROM {table}"
        pd.testing.assert_frame_equal(offline(lambda s, query=query: bn.sql(query, s)), bn.sql(query, demo))


def test_charts_equal_the_live_ones(offline, demo):
    assert offline(lambda s: s.gantt()).to_json() == demo.gantt().to_json()


def test_exports_are_written(offline, tmp_path):
    offline(lambda s: bn.export.to_html(tmp_path / "report.html", s))
    offline(lambda s: bn.export.to_excel(tmp_path / "tasks.xlsx", {"Tasks": s.tasks()}))
    assert "Harbour Point Tower" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "tasks.xlsx").stat().st_size > 10_000
