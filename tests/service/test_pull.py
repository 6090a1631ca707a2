"""Pulls: several tables at once, page by page, stopped half-way, within a rate limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

import bentley_nb as bn
from bentley_nb.transport.limiter import RateLimiter, Stopped
from tests.scripted import SCHEDULE, Reply, Request, ScriptedService
from tests.waiting import settled, stopped, until

BASE = f"/schedules/{SCHEDULE}"
NAMES = {
    "tasks": "tasks",
    "task-links": "taskLinks",
    "resources": "resources",
    "user-fields": "userFields",
    "codes": "codes",
    "calendars": "calendars",
    "baselines": "baselines",
    "task-statuses": "taskStatuses",
}


class Counted:
    """Pages of every collection, and how many requests are under way at once."""

    def __init__(self, service: ScriptedService, pages: int = 3, delay: float = 0.03) -> None:
        self.now = self.most = 0
        self.order: list[str] = []
        self.lock = threading.Lock()
        for path, key in NAMES.items():
            service.on(f"{BASE}/{path}", lambda request, path=path, key=key: self.answer(request, path, key))
        self.pages, self.delay = pages, delay

    def answer(self, request: Request, path: str, key: str) -> Reply:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.order.append(path)
        time.sleep(self.delay)
        with self.lock:
            self.now -= 1
        number = int(request.query.get("$continuationToken", 0)) + 1
        body: dict[str, object] = {key: [{"id": f"{path}-{number}"}]}
        if number < self.pages:
            body["nextPageToken"] = str(number)
        return Reply(body=body)


def test_collections_share_one_pool_and_take_turns(service: ScriptedService) -> None:
    counted = Counted(service, delay=0.1)
    names = [name.replace("-", "_") for name in NAMES]
    frames = service.connect(max_workers=4).fetch(SCHEDULE, names)
    assert {name: len(frame) for name, frame in frames.items()} == dict.fromkeys(names, 3)
    assert counted.most == 4
    # Fair: each collection has had its first turn before any has its third.
    first_third = next(i for i, path in enumerate(counted.order) if counted.order[: i + 1].count(path) == 3)
    assert set(counted.order[:first_third]) == set(NAMES)


def test_the_next_request_leaves_before_the_page_is_decoded(
    service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bentley_nb.frames.decode import PageDecoder

    Counted(service, pages=3, delay=0)
    decoding = threading.Event()
    original = PageDecoder.page

    def slow(self: PageDecoder, body: bytes) -> object:
        if not decoding.is_set():
            decoding.set()
            until(lambda: len(service.asked(f"{BASE}/tasks")) == 3)
        return original(self, body)

    monkeypatch.setattr(PageDecoder, "page", slow)
    assert len(service.schedule().tasks()) == 3
    assert decoding.is_set()


def test_a_failing_collection_stops_the_others_and_leaves_nothing(service: ScriptedService) -> None:
    counted = Counted(service, pages=200, delay=0.005)
    service.on(f"{BASE}/codes", Reply(403))
    schedule = service.schedule()
    with pytest.raises(bn.AccessDenied, match="codes of schedule"):
        schedule.load("tasks", "codes", "resources")
    assert settled(lambda: len(counted.order)) < 400
    assert "0 tables read" in repr(schedule)


@pytest.mark.parametrize("what", ["slow answer", "retry after", "many pages", "token"])
def test_stop_returns_at_once_and_leaves_no_worker_that_goes_on(service: ScriptedService, what: str) -> None:
    counted = Counted(service, pages=10**6, delay=0.01)
    if what == "slow answer":
        service.on(f"{BASE}/tasks", Reply(delay=20))
    elif what == "retry after":
        service.on(f"{BASE}/tasks", Reply(429, b"", {"Retry-After": "30"}))
    elif what == "token":
        service.on("/connect/token", Reply(503, b"", {"Retry-After": "30"}))
    schedule = service.schedule()
    path, pages = "/connect/token" if what == "token" else f"{BASE}/tasks", 3 if what == "many pages" else 1
    assert stopped(schedule.tasks, lambda: len(service.asked(path)) >= pages) < 2
    settled(lambda: len(service.requests))
    service.on("/connect/token", service.give_token)
    service.on(f"{BASE}/tasks", {"tasks": [{"id": "1"}]})
    if what != "retry after":  # the service has asked for half a minute's patience, and gets it
        assert len(schedule.tasks()) == 1
    del counted


def test_page_by_page(service: ScriptedService) -> None:
    Counted(service, pages=4, delay=0)
    pages = list(service.schedule().iter_pages("tasks"))
    assert [page["id"].tolist() for page in pages] == [["tasks-1"], ["tasks-2"], ["tasks-3"], ["tasks-4"]]


def test_a_reader_that_stops_early_stops_the_asking(service: ScriptedService) -> None:
    counted = Counted(service, pages=10**6, delay=0)
    for _page in service.schedule().iter_pages("tasks"):
        assert settled(lambda: len(counted.order)) < 20  # a slow reader: pages in memory are bounded
        break
    assert settled(lambda: len(counted.order)) < 20


def test_rows_repeated_on_the_next_page_are_left_out(service: ScriptedService) -> None:
    service.on(
        f"{BASE}/tasks",
        lambda request: (
            Reply(body={"tasks": [{"id": "2"}, {"id": "3"}]})
            if "$continuationToken" in request.query
            else Reply(body={"tasks": [{"id": "1"}, {"id": "2"}], "nextPageToken": "x"})
        ),
    )
    assert pd.concat(service.schedule().iter_pages("tasks"))["id"].tolist() == ["1", "2", "3"]


def nested(service: ScriptedService, pages: int = 4) -> None:
    """Baseline tasks whose pages overlap by one row; the second baseline is marked as deleted."""
    baselines = [{"id": f"b{n}", "deleted": n == 1} for n in range(3)]
    service.on(f"{BASE}/baselines", {"baselines": baselines})

    def answer(request: Request) -> Reply:
        number = int(request.query.get("$continuationToken", 0))
        time.sleep(0.005 * (number % 2))
        body: dict[str, object] = {"baselineTasks": [{"taskId": f"t{number}"}, {"taskId": f"t{number + 1}"}]}
        if number + 1 < pages:
            body["nextPageToken"] = str(number + 1)
        return Reply(body=body)

    for baseline in baselines:
        service.on(f"{BASE}/baselines/{baseline['id']}/baseline-tasks", answer)


@pytest.mark.parametrize("include_deleted", [False, True])
def test_rows_repeated_on_the_next_page_of_one_of_many_parents(
    service: ScriptedService, tmp_path: Path, include_deleted: bool
) -> None:
    nested(service)
    schedule = service.schedule(max_workers=3)
    key = ["baseline_id", "task_id"]
    whole = schedule.baseline_tasks(include_deleted=include_deleted)
    assert len(whole) == 5 * (3 if include_deleted else 2)
    paged = pd.concat(schedule.iter_pages("baseline_tasks", include_deleted=include_deleted))
    assert sorted(paged[key].itertuples(index=False)) == sorted(whole[key].itertuples(index=False))
    rows = schedule.to_parquet("baseline_tasks", tmp_path / "t.parquet", include_deleted=include_deleted)
    assert rows == len(whole)


def test_what_is_nested_does_not_depend_on_what_was_asked_before(service: ScriptedService) -> None:
    nested(service, pages=1)
    asked = [f"{BASE}/baselines/b{n}/baseline-tasks" for n in range(3)]

    wanted: dict[str, tuple[Callable[[bn.Schedule], Any], list[str]]] = {
        "all": (lambda s: s.baseline_tasks(), ["b0", "b0", "b2", "b2"]),
        "and deleted": (lambda s: s.baseline_tasks(include_deleted=True), ["b0", "b0", "b1", "b1", "b2", "b2"]),
        "arrow": (lambda s: s.arrow("baseline_tasks").to_pandas(), ["b0", "b0", "b2", "b2"]),
        "the deleted one": (lambda s: s.baseline_tasks("b1"), ["b1", "b1"]),
        "a live one": (lambda s: s.baseline_tasks("b2"), ["b2", "b2"]),
    }
    for first, _ in wanted.values():
        for second, found in wanted.values():
            schedule = service.schedule()
            first(schedule)
            assert sorted(second(schedule)["baseline_id"]) == found
        with pytest.raises(bn.NotFound):
            schedule.baseline_tasks("nope")
    before = [len(service.asked(path)) for path in asked]
    schedule = service.schedule()
    for _ in range(3):
        schedule.baseline_tasks()
        schedule.baseline_tasks("b2")
    assert [len(service.asked(path)) for path in asked] == [before[0] + 1, before[1], before[2] + 1]


def test_threads_that_want_the_same_table_ask_once(service: ScriptedService) -> None:
    service.on(f"{BASE}/tasks", Reply(body={"tasks": [{"id": "1"}]}, delay=0.2))
    service.on(f"{BASE}/codes", Reply(body={"codes": [{"id": "1"}]}, delay=0.2))
    schedule = service.schedule()
    together = threading.Barrier(8)

    def work(number: int) -> int:
        together.wait(60)
        return len(schedule.tasks() if number % 2 else schedule.table("codes"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [1] * 8
    assert len(service.asked(f"{BASE}/tasks")) == len(service.asked(f"{BASE}/codes")) == 1


def test_threads_that_want_overlapping_tables_do_not_wait_for_each_other_for_ever(service: ScriptedService) -> None:
    Counted(service, pages=2, delay=0.01)
    nested(service)
    wanted = [["tasks", "codes"], ["codes", "baseline_tasks"], ["baseline_tasks", "tasks"], ["baselines", "codes"]]
    schedule = service.schedule()
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(schedule.load, *names) for names in wanted * 2]:
            done.result(timeout=60)
    assert len(service.asked(f"{BASE}/baselines/b0/baseline-tasks")) == 4


def test_a_reading_that_fails_or_is_stopped_leaves_the_others_to_ask_themselves(service: ScriptedService) -> None:
    service.on(
        f"{BASE}/tasks",
        [Reply(403, delay=0.3), Reply(body={"tasks": [{"id": "1"}]})],
    )
    schedule = service.schedule()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(schedule.tasks)
        until(lambda: service.asked(f"{BASE}/tasks"))
        second = pool.submit(schedule.tasks)
        assert isinstance(first.exception(timeout=60), bn.AccessDenied)
        assert len(second.result(timeout=60)) == 1
    service.on(f"{BASE}/codes", Reply(delay=20))
    stopped(schedule.codes, lambda: service.asked(f"{BASE}/codes"))
    service.on(f"{BASE}/codes", {"codes": [{"id": "1"}]})
    assert len(schedule.codes()) == 1


def test_deleted_rows_of_tables_by_owner(service: ScriptedService) -> None:
    rows = [{"taskId": "a", "userFieldId": "x", "value": "1", "deleted": True}, {"taskId": "b", "userFieldId": "x"}]
    service.on(f"{BASE}/tasks/user-field-values", {"userFieldValues": rows})
    pairs = [{"taskId": "a", "codeValueId": "x", "deleted": True}, {"taskId": "b", "codeValueId": "x"}]
    service.on(f"{BASE}/tasks/code-value-assignments", {"codeValueAssignments": pairs})
    schedule = service.schedule()
    assert schedule.user_field_values("task", include_deleted=True)["task_id"].tolist() == ["a", "b"]
    assert schedule.code_value_assignments("task", include_deleted=True)["task_id"].tolist() == ["a", "b"]


@pytest.mark.parametrize("row_group", [1, 2, 65_536])
def test_parquet(row_group: int, service: ScriptedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bentley_nb.frames.parquet._ROW_GROUP", row_group)
    rows = [
        {"id": "1", "type": "Work", "plannedStart": "2024-05-20T09:00:00Z", "plannedDuration": 3600, "deleted": True},
        {"id": "2", "type": "Meeting", "extra": 1},
        {"id": "3", "extra": 0.5, "other": "x"},
    ]

    def answer(request: Request) -> Reply:
        number = int(request.query.get("$continuationToken", 0))
        body: dict[str, object] = {"tasks": [rows[number]]}
        if number < 2:
            body["nextPageToken"] = str(number + 1)
        return Reply(body=body)

    service.on(f"{BASE}/tasks", answer)
    schedule = service.schedule()
    path = tmp_path / "tasks.parquet"
    assert schedule.to_parquet("tasks", path, include_deleted=True) == 3
    assert pq.read_metadata(path).num_row_groups == -(-3 // row_group)
    frame = pd.read_parquet(path, dtype_backend="numpy_nullable")
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["planned_duration_hours"].tolist()[0] == 1.0
    assert frame["extra"].fillna(-1).tolist() == [-1, 1, 0.5]
    assert frame["other"].fillna("").tolist() == ["", "", "x"]
    assert frame.attrs["collection"] == "tasks"
    assert schedule.to_parquet("tasks", path) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["tasks.parquet"]


def test_parquet_of_an_empty_table_keeps_its_columns(service: ScriptedService, tmp_path: Path) -> None:
    service.on(f"{BASE}/tasks", {"tasks": []})
    assert service.schedule().to_parquet("tasks", tmp_path / "t.parquet") == 0
    assert pq.read_schema(tmp_path / "t.parquet").names[:3] == ["id", "name", "user_defined_id"]


def test_a_failed_export_leaves_the_old_file(service: ScriptedService, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b"old")
    service.on(
        f"{BASE}/tasks",
        lambda request: (
            Reply(403)
            if "$continuationToken" in request.query
            else Reply(body={"tasks": [{"id": "1"}], "nextPageToken": "x"})
        ),
    )
    with pytest.raises(bn.AccessDenied):
        service.schedule().to_parquet("tasks", path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_parquet_into_a_folder_that_is_not_there(service: ScriptedService, tmp_path: Path) -> None:
    service.on(f"{BASE}/tasks", {"tasks": []})
    with pytest.raises(bn.InvalidRequest, match="does not exist"):
        service.schedule().to_parquet("tasks", tmp_path / "nowhere" / "t.parquet")


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_limiter_learns_the_rate_from_a_refusal() -> None:
    clock, never = _Clock(), threading.Event()
    limiter = RateLimiter(clock)
    for _ in range(501):  # a limit of 500 a minute, met after ten seconds
        limiter.acquire(never)
        clock.now += 0.02
    assert limiter.rate is None
    limiter.refused(50)
    assert limiter.rate == pytest.approx(0.95 * 500 / 60, rel=0.01)
    limiter.refused(50)  # another thread's refusal in the same moment teaches nothing new
    assert limiter.rate == pytest.approx(0.95 * 500 / 60, rel=0.01)
    never.set()  # from here on a wait is reported instead of waited for
    with pytest.raises(Stopped):
        limiter.acquire(never)
    clock.now += 50
    with pytest.raises(Stopped):
        limiter.acquire(never)  # evenly from the start
    clock.now += 0.13
    limiter.acquire(never)
    clock.now += 100
    limiter.acquire(never)
    assert limiter.rate == pytest.approx(1.25 * 0.95 * 500 / 60, rel=0.01)


def test_an_hour_at_the_limit_meets_few_refusals() -> None:
    clock = _Clock()

    class Never(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            clock.now += (timeout or 0) + 1e-6
            return False

    limiter, never = RateLimiter(clock), Never()
    refused, answered, window, taken, begun = 0, 0, -1, 0, clock.now
    while clock.now < begun + 3600:
        limiter.acquire(never)
        clock.now += 0.01
        minute = int(clock.now // 60)
        window, taken = minute, taken + 1 if minute == window else 1
        if taken > 500:
            refused += 1
            limiter.refused(60 - clock.now % 60)
        else:
            answered += 1
    assert refused <= 8
    assert answered >= 0.93 * 500 * 60


def test_one_early_refusal_teaches_no_crawl() -> None:
    clock = _Clock()
    limiter = RateLimiter(clock)
    limiter.acquire(threading.Event())
    limiter.refused(0)
    assert limiter.rate is None


def test_a_long_pull_stays_within_the_service_s_limit() -> None:
    from bentley_nb.sandbox import Sandbox

    with Sandbox(rows=300) as sandbox:
        client = bn.connect(
            sandbox.client_id,
            sandbox.client_secret,
            token_url=sandbox.token_url,
            api_url=sandbox.api_url("platform"),
            projects_url=sandbox.projects_url,
            page_size=1,
            progress=False,
        )
        schedule = client.schedule(sandbox.schedule_id)
        sandbox.limit_rate(60, seconds=1)
        assert len(schedule.tasks()) == 300
        refused = [entry for entry in sandbox.log if entry.status == 429]
        assert 1 <= len(refused) <= 8  # six in flight may meet the first refusal together


def test_what_was_read_is_remembered_until_refreshed(service: ScriptedService) -> None:
    Counted(service, pages=1, delay=0)
    schedule = service.schedule()
    first = schedule.task_links()
    first["lag_hours"] = 99.0
    first.loc[0, "id"] = "changed"
    assert schedule.task_links()["id"].tolist() == ["task-links-1"]
    assert schedule.task_links()["lag_hours"].isna().all()
    assert len(service.asked(f"{BASE}/task-links")) == 1
    schedule.task_links(refresh=True)
    schedule.refresh().task_links()
    assert len(service.asked(f"{BASE}/task-links")) == 3
    assert first.attrs.keys() >= {"schedule_id", "collection", "fetched_at", "rows"}


def test_nested_collections_ask_all_parents_or_one(service: ScriptedService) -> None:
    service.on(f"{BASE}/baselines", {"baselines": [{"id": "b1"}, {"id": "b2"}, {"id": "b3", "deleted": True}]})
    for name in ("b1", "b2"):
        service.on(f"{BASE}/baselines/{name}/baseline-tasks", {"baselineTasks": [{"taskId": f"t-{name}"}]})
    schedule = service.schedule()
    assert schedule.baseline_tasks()[["baseline_id", "task_id"]].to_numpy().tolist() == [["b1", "t-b1"], ["b2", "t-b2"]]
    assert schedule.baseline_tasks("b2")["baseline_id"].tolist() == ["b2"]
    assert schedule.baseline_tasks(baseline_id="b1")["task_id"].tolist() == ["t-b1"]
    service.on(f"{BASE}/animation-3d-paths/p1/keyframes", {"keyframes": [{"time": 0.5}]})
    assert schedule.keyframes("p1")["path_id"].tolist() == ["p1"]


def test_no_parents_give_an_empty_frame(service: ScriptedService) -> None:
    service.on(f"{BASE}/baselines", {"baselines": []})
    frame = service.schedule().baseline_tasks()
    assert frame.empty
    assert frame.columns.tolist()[:2] == ["baseline_id", "task_id"]


def test_one_parent_of_a_table_that_was_read_for_all_is_not_asked_for_again(service: ScriptedService) -> None:
    service.on(f"{BASE}/baselines", {"baselines": [{"id": "b1"}, {"id": "b2"}]})
    for name in ("b1", "b2"):
        service.on(f"{BASE}/baselines/{name}/baseline-tasks", {"baselineTasks": [{"taskId": f"t-{name}"}]})
    schedule = service.schedule()
    assert len(schedule.baseline_tasks()) == 2
    assert schedule.baseline_tasks("b2")["task_id"].tolist() == ["t-b2"]
    assert len(service.asked(f"{BASE}/baselines/b2/baseline-tasks")) == 1
    schedule.baseline_tasks("b2", refresh=True)
    assert len(service.asked(f"{BASE}/baselines/b2/baseline-tasks")) == 2
