"""A Dask cluster of real worker processes gives what threads give, even where one of them is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from tests.store.test_portfolio import _connect

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # those of the cluster's own shutdown

SCHEDULES = 50


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(rows=10) as running:
        project = running.projects[0]["id"]
        tasks = running.items("tasks")
        for number in range(SCHEDULES):
            own = [{**task, "name": f"{task['name']} of {number}"} for task in tasks]
            running.add_schedule({"tasks": own}, name=f"Schedule {number}", itwin_id=project)
        yield running


@pytest.fixture
def cluster(sandbox, monkeypatch):
    for name, value in {
        "CLIENT_ID": sandbox.client_id,
        "CLIENT_SECRET": sandbox.client_secret,
        "TOKEN_URL": sandbox.token_url,
        "API_URL": sandbox.api_url("platform"),
        "PROJECTS_URL": sandbox.projects_url,
    }.items():
        monkeypatch.setenv(f"BENTLEY_{name}", value)
    # In a worker of pytest-xdist __main__ has no __spec__, which spawn asks for.
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None, raising=False)
    # Two worker processes; they find the credentials in their own environment.
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as running,
        distributed.Client(running) as client,
    ):
        yield running, client


def test_fifty_schedules_on_two_workers_of_which_one_is_killed(cluster, sandbox, tmp_path):
    running, client = cluster
    p = _connect(sandbox).portfolio([sandbox.projects[0]["id"]])
    assert len(p) == SCHEDULES + 1
    executor = client.get_executor()
    killer = threading.Timer(0.5, lambda: os.kill(running.workers[0].process.pid, signal.SIGKILL))
    killer.start()
    written = p.to_parquet(tmp_path / "dask", ["tasks"], executor=executor)
    killer.join()
    assert set(written["status"]) <= {"written", "kept"}  # one that died after writing finds its own file
    by_threads = p.to_parquet(tmp_path / "threads", ["tasks"])
    assert set(by_threads["status"]) == {"written"}
    found = bn.read_dataset(tmp_path / "dask")["tasks"].compute(scheduler="synchronous")
    order = ["schedule_id", "id"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True),
        bn.read_dataset(tmp_path / "threads", lazy=False)["tasks"].sort_values(order, ignore_index=True),
        check_categorical=False,
    )
    assert found["schedule_id"].nunique() == len(p)
    expected = p.report("milestones", data_date="2025-03-01")
    pd.testing.assert_frame_equal(p.report("milestones", data_date="2025-03-01", executor=executor), expected)
    assert p.problems.empty
