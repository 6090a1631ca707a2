"""A portfolio: one frame for all schedules, no failure lost in silence, one limit of requests in flight."""

from __future__ import annotations

import multiprocessing
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.export._cell import as_text
from bentley_nb.portfolio import Member, Portfolio
from bentley_nb.sandbox import Sandbox
from tests.waiting import stopped

PROJECTS = ["Harbour Point Tower", "Quayside Residences", "Harbour Point Marina", "Nowhere"]

pytestmark = pytest.mark.filterwarnings("ignore::bentley_nb.frames.wide.UserFieldWarning")


@pytest.fixture
def portfolio(demo_client):
    return demo_client.portfolio(PROJECTS)


def test_it_has_the_schedules_and_the_problems(portfolio):
    assert [s.project for s in portfolio] == PROJECTS[:2]
    problems = portfolio.problems
    assert problems.columns.tolist() == ["project", "schedule", "what_happened", "what_to_do"]
    assert problems["project"].tolist() == PROJECTS[2:]
    assert "no v10 schedules" in problems["what_happened"].iloc[0]
    assert "There is no project named 'Nowhere'" in problems["what_happened"].iloc[1]
    assert repr(portfolio) == "Portfolio(2 schedules, problems in 2 projects: p.problems)"
    shown = as_text(problems, 100)
    assert shown.startswith("Problems (2 rows)\nProject")
    assert problems["what_happened"].iloc[1] in shown  # whole sentences
    assert "Available: Harbour Point Marina, Harbour Point Tower, Quayside Residences." in shown


def test_without_names_it_is_every_project_to_be_seen(demo_client):
    every = demo_client.portfolio(type=None)
    seen = set(demo_client.projects()["display_name"])
    assert {s.project for s in every} | set(every.problems["project"]) == seen
    with pytest.raises(bn.InvalidRequest, match="type must be"):
        demo_client.portfolio(type="v9")


def test_tasks_are_one_frame_with_the_same_dtypes(portfolio):
    tasks = portfolio.tasks(user_fields=True, codes=True)
    assert tasks.columns[:2].tolist() == ["project", "schedule"]
    own = {s.project: s.tasks(user_fields=True, codes=True) for s in portfolio}
    assert tasks["project"].value_counts().to_dict() == {name: len(frame) for name, frame in own.items()}
    for name in tasks.columns[2:]:
        kinds = {str(frame[name].dtype) for frame in own.values() if name in frame}
        # A user field with one value that is no number is text in its schedule, and so in all of them.
        assert str(tasks[name].dtype) == (kinds.pop() if len(kinds) == 1 else "string"), name
    first = tasks[tasks["project"] == PROJECTS[0]].reset_index(drop=True)
    columns = [name for name, dtype in own[PROJECTS[0]].dtypes.items() if str(tasks[name].dtype) == str(dtype)]
    pd.testing.assert_frame_equal(first[columns], own[PROJECTS[0]][columns], check_categorical=False)


def test_a_report_of_each_stands_beside_its_data_date(portfolio):
    found = portfolio.report("milestones")
    assert found.columns[:3].tolist() == ["project", "schedule", "data_date"]
    assert str(found["data_date"].dtype) == "datetime64[us, UTC]"
    dates = {s.project: s.data_date for s in portfolio}
    assert found.groupby("project")["data_date"].first().to_dict() == dates
    notes = bn.reports.about(found).notes
    assert notes
    assert all(note.partition(": ")[0] in PROJECTS for note in notes)
    with pytest.raises(bn.InvalidRequest, match="'milestones'"):
        portfolio.report("milestone")


def test_a_scorecard_has_a_row_per_schedule(portfolio):
    assert portfolio.scorecard()["project"].tolist() == PROJECTS[:2]


def test_problems_tell_each_kind_of_failure_and_the_others_are_read():
    with Sandbox(rows=30) as sandbox:
        client = _connect(sandbox, page_size=10)
        projects = client.projects().set_index("display_name")["id"]
        twins = [
            sandbox.add_schedule({"tasks": [{"id": "t", "name": "Pour"}]}, name="Twin", itwin_id=projects[PROJECTS[1]])
            for _ in range(2)
        ]
        sandbox.faults.add(f"/{sandbox.schedule_id}/tasks", status=403, times=None, skip=2)  # its third page
        p = client.portfolio(PROJECTS[:3], type=None)
        tasks = p.tasks()
        told = p.problems.set_index("project")
        assert told.loc[PROJECTS[2], "what_happened"] == "The project has no schedules."
        assert told.loc[PROJECTS[0], "schedule"] == PROJECTS[0]
        assert "not allowed to read" in told.loc[PROJECTS[0], "what_happened"]
        assert {f"Twin ({id_[:8]})" for id_ in twins} <= set(tasks["schedule"])
        assert PROJECTS[0] not in set(tasks["schedule"])
        sandbox.add_client("service-invited", "other", projects=[projects[PROJECTS[0]]])
        refused = _connect(sandbox, client_id="service-invited", client_secret="other").portfolio(
            [projects[PROJECTS[1]], PROJECTS[0]]
        )
        assert [s.project for s in refused] == [PROJECTS[0]]
        assert "service-invited@apps.imsoidc.bentley.com" in refused.problems["what_to_do"].iloc[0]


def test_sql_reads_all_of_them(portfolio):
    found = bn.sql("SELECT project, schedule, count(*) AS n FROM tasks GROUP BY ALL ORDER BY ALL", portfolio)
    by_project = sorted(portfolio, key=lambda s: s.project)
    assert found["project"].tolist() == [s.project for s in by_project]
    assert found["schedule"].tolist() == [s.name for s in by_project]
    assert found["n"].tolist() == [len(s.tasks()) for s in by_project]
    assert found.attrs["schedule_id"] == [s.id for s in portfolio]


def test_sql_asks_all_schedules_at_the_same_time():
    with Sandbox(rows=10) as sandbox:
        client = _connect(sandbox, max_workers=4)
        ids = [sandbox.add_schedule({"tasks": [{"id": "t", "name": "Pour"}]}, name=f"S {n}") for n in range(4)]
        flying = _Flying(client)
        found = bn.sql("FROM tasks", [client.schedule(id_) for id_ in ids])
        assert found["schedule"].tolist() == ["S 0", "S 1", "S 2", "S 3"]
        assert flying.most == 4


def test_in_sql_a_failure_of_one_leaves_the_others_of_a_portfolio():
    with Sandbox(rows=30) as sandbox:
        p = _connect(sandbox).portfolio()
        failing, *others = p.schedules
        sandbox.faults.add(f"/{failing.id}/tasks", status=403, times=None)
        found = bn.sql("SELECT DISTINCT project FROM tasks", p)
        assert set(found["project"]) == {s.project for s in others}
        assert failing.project in p.problems["project"].tolist()
        with pytest.raises(
            bn.AccessDenied, match="not allowed to read"
        ):  # of schedules named one by one, none may be missing
            bn.sql("FROM tasks", list(p))
        for s in others:
            sandbox.faults.add(f"/{s.id}/tasks", status=403, times=None)
        with pytest.raises(bn.AccessDenied, match="not allowed to read"):
            bn.sql("FROM tasks", [s.refresh() for s in p] and p)


def test_sql_over_no_schedule_is_an_error(demo_client):
    with pytest.raises(bn.InvalidRequest, match=r"no schedule[\s\S]*p\.problems"):
        bn.sql("FROM tasks", demo_client.portfolio(["Nowhere"]))


def test_sql_tells_copies_and_parts_of_one_schedule_apart(demo, tmp_path):
    old = bn.open(demo.keep(tmp_path, tables=["tasks"]))
    found = bn.sql("SELECT schedule, count(*) AS n FROM tasks GROUP BY ALL", [old, demo])
    assert set(found["schedule"]) == {f"{demo.name} ({s.source})" for s in (old, demo)}
    assert found["n"].tolist() == [len(demo.tasks())] * 2
    work, wbs = demo.only(type="Work"), demo.only(demo.tasks()["is_wbs"])
    found = bn.sql("SELECT schedule, count(*) AS n FROM tasks GROUP BY ALL", [work, wbs])
    assert dict(zip(found["schedule"], found["n"], strict=True)) == {
        f"{demo.name} ({part.note})": len(part.tasks()) for part in (work, wbs)
    }


def test_a_project_named_twice_is_read_once(demo_client):
    project = demo_client.projects().set_index("display_name").loc[PROJECTS[0], "id"]
    assert len(demo_client.portfolio([PROJECTS[0], project, PROJECTS[0]])) == 1


def test_a_failure_of_one_leaves_the_others():
    with Sandbox(rows=30) as sandbox:
        client = _connect(sandbox)
        p = client.portfolio()
        failing = p.schedules[0]
        sandbox.faults.add(f"/{failing.id}/tasks", status=403, times=None)
        tasks = p.tasks()
        assert set(tasks["project"]) == {s.project for s in p.schedules[1:]}
        problem = p.problems[p.problems["project"] == failing.project].iloc[0]
        assert "not allowed to read" in problem["what_happened"]
        assert sandbox.client_id in problem["what_to_do"]
        before = len(p.problems)
        p.tasks()
        assert len(p.problems) == before  # told once


def test_requests_in_flight_keep_the_limit():
    with Sandbox(rows=200) as sandbox:
        client = _connect(sandbox, max_workers=3, page_size=20)
        p = client.portfolio()
        flying = _Flying(client)
        p.load("tasks", "task_links", "task_user_field_values")
        assert flying.most == 3


def test_stop_ends_it(monkeypatch):
    with Sandbox(rows=30, latency=0.5) as sandbox:
        p = _connect(sandbox).portfolio()
        monkeypatch.setattr("bentley_nb.portfolio.line_for", lambda wanted: _Stops())
        sandbox.latency = 60
        started = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            p.tasks()
        assert time.monotonic() - started < 30


def test_stop_keeps_what_was_whole_and_the_next_call_reads_the_rest(tmp_path):
    with Sandbox(rows=30) as sandbox:
        slow = sandbox.add_schedule({"tasks": [{"id": "t", "name": "Pour"}]}, name="Slow")
        client = _connect(sandbox)
        whole = client.schedule(sandbox.schedule_id)
        p = Portfolio([Member("Tower", whole), Member("Annex", client.schedule(slow))], client=client)
        sandbox.faults.add(f"/{slow}/tasks", status=None, delay=30)
        stopped(lambda: p.keep(tmp_path, tables=["tasks"]), lambda: list(tmp_path.glob("*/*/copy.json")))
        assert bn.copies(tmp_path)["name"].tolist() == [whole.name]
        assert p.problems.empty
        before = sandbox.log.count(f"/{whole.id}/tasks")
        assert set(p.tasks()["project"]) == {"Tower", "Annex"}
        assert sandbox.log.count(f"/{whole.id}/tasks") == before


class _Stops:
    def show(self, text):
        raise KeyboardInterrupt

    def clear(self):
        pass


def test_copies_of_all_open_as_a_portfolio(portfolio, tmp_path):
    kept = portfolio.keep(tmp_path, tables=["tasks", "project_scheduling"])
    assert kept["project"].tolist() == PROJECTS[:2]
    again = bn.open_portfolio(tmp_path)
    assert sorted(s.project for s in again) == PROJECTS[:2]
    live = portfolio.tasks()
    for name in PROJECTS[:2]:
        pd.testing.assert_frame_equal(
            again.tasks()[lambda f, name=name: f["project"] == name].reset_index(drop=True),
            live[live["project"] == name].reset_index(drop=True),
        )
    again.table("task_links")
    assert len(again.problems) == 2


def test_other_threads_and_processes_give_the_same(portfolio, tmp_path, monkeypatch):
    portfolio.keep(tmp_path)
    kept = bn.open_portfolio(tmp_path)
    expected = kept.report("milestones")
    with ThreadPoolExecutor(2) as threads:
        pd.testing.assert_frame_equal(kept.report("milestones", executor=threads), expected)
    # In a worker of pytest-xdist __main__ has no __spec__, which spawn asks for.
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None, raising=False)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        pd.testing.assert_frame_equal(kept.report("milestones", executor=processes), expected)


def _connect(sandbox: Sandbox, **options) -> bn.Client:
    return bn.connect(
        options.pop("client_id", sandbox.client_id),
        options.pop("client_secret", sandbox.client_secret),
        token_url=sandbox.token_url,
        api_url=sandbox.api_url("platform"),
        projects_url=sandbox.projects_url,
        progress=False,
        **options,
    )


class _Flying:
    """Counts the requests of a client that are in flight at the same time."""

    def __init__(self, client: bn.Client) -> None:
        self.most = self._now = 0
        self._lock, self._send = threading.Lock(), client._sessions.send
        client._sessions.send = self.send

    def send(self, *args, **options):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.05)
        try:
            return self._send(*args, **options)
        finally:
            with self._lock:
                self._now -= 1
