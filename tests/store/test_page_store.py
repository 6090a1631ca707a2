"""Pages revalidated by ETag: the frame with a store equals the one without, whatever happened in between."""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
import uuid
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import integers, sampled_from

import bentley_nb as bn
from bentley_nb import _session
from bentley_nb._progress import told_to
from bentley_nb.notebook.messages import Status
from bentley_nb.sandbox import Sandbox
from tests.scripted import SCHEDULE, Reply, Request

TABLES = ("tasks", "task_links", "task_user_field_values", "baseline_tasks", "calendars")


@pytest.fixture
def sandbox():
    with Sandbox(rows=300) as running:
        yield running


def connect(sandbox: Sandbox, store: Path | None, **options: Any) -> bn.Client:
    return bn.connect(
        options.pop("client_id", sandbox.client_id),
        sandbox.client_secret,
        token_url=sandbox.token_url,
        api_url=sandbox.api_url(options.get("surface") or "platform"),
        projects_url=sandbox.projects_url,
        store=store,
        progress=False,
        **{"page_size": 40, **options},
    )


def read(sandbox: Sandbox, store: Path | None, *tables: str, **options: Any) -> dict[str, pd.DataFrame]:
    with connect(sandbox, store, **options) as client:
        return client.fetch(sandbox.schedule_id, tables or TABLES)


def same(left: dict[str, pd.DataFrame], right: dict[str, pd.DataFrame]) -> None:
    for name, frame in left.items():
        pd.testing.assert_frame_equal(frame, right[name])


def statuses(sandbox: Sandbox, part: str = "") -> list[int]:
    return [entry.status for entry in sandbox.log if part in entry.path and "/schedules" in entry.path]


def test_a_second_session_is_told_304_and_has_the_same_frames(sandbox, tmp_path):
    plain = read(sandbox, None)
    first = read(sandbox, tmp_path)
    sandbox.log.clear()
    second = read(sandbox, tmp_path)
    same(plain, first)
    same(plain, second)
    assert set(statuses(sandbox)) == {304}


@pytest.mark.parametrize("surface", ["platform", "enterprise"])
def test_only_the_changed_page_travels(sandbox, tmp_path, surface):
    tables = ("tasks", "task_user_field_values")
    read(sandbox, tmp_path, *tables, surface=surface)
    items = sandbox.items("tasks")
    items[100]["name"] = "Renamed"
    sandbox.replace("tasks", items)
    sandbox.log.clear()
    after = read(sandbox, tmp_path, *tables, surface=surface)
    # Where pages go by offset, those before and after are read too: the row they share shows that nothing has moved.
    assert statuses(sandbox, "/tasks").count(200) == (1 if surface == "platform" else 3)
    same(read(sandbox, None, *tables, surface=surface), after)


def test_refresh_within_a_session_revalidates_without_a_store(sandbox):
    with connect(sandbox, None) as client:
        s = client.schedule(sandbox.schedule_id)
        first = s.table("tasks")
        sandbox.log.clear()
        again = s.table("tasks", refresh=True)
    assert set(statuses(sandbox)) == {304}
    pd.testing.assert_frame_equal(first, again)


def test_progress_and_status_tell_how_many_pages_were_unchanged(sandbox, tmp_path, monkeypatch):
    read(sandbox, tmp_path, "tasks")
    items = sandbox.items("tasks")
    items[100]["name"] = "Renamed"
    sandbox.replace("tasks", items)
    monkeypatch.setattr("bentley_nb._progress._QUIET_SECONDS", -1.0)
    monkeypatch.setattr("bentley_nb._progress._BETWEEN_SECONDS", 0.0)
    pages = -(-len(items) // 40)
    lines: list[str] = []
    line = SimpleNamespace(show=lines.append, clear=lambda: None)
    with connect(sandbox, tmp_path) as client, told_to(line):
        client.fetch(sandbox.schedule_id, ["tasks"])
        assert any(f"{pages} pages ({pages - 1} unchanged)" in text for text in lines)
        _session.set_default(client)
        try:
            assert re.search(rf"pages +{pages} read, {pages - 1} of them unchanged", repr(Status()))
        finally:
            _session.forget()


def test_what_is_remembered_in_memory_has_a_limit(sandbox, monkeypatch):
    monkeypatch.setattr("bentley_nb.store.page_store._MEMORY_BYTES", 20_000)
    with connect(sandbox, None) as client:
        s = client.schedule(sandbox.schedule_id)
        first = s.table("tasks")
        assert sum(page.bytes for page in client._pages._pages.values()) <= 20_000
        pd.testing.assert_frame_equal(first, s.table("tasks", refresh=True))


def test_a_pull_that_died_goes_on_where_it_was(sandbox, tmp_path):
    sandbox.faults.add("continuationToken", status=400, skip=4, body={"error": {"code": "X", "message": "y"}})
    with pytest.raises(bn.InvalidRequest):
        read(sandbox, tmp_path, "tasks")
    sandbox.log.clear()
    whole = read(sandbox, tmp_path, "tasks")
    assert statuses(sandbox).count(304) >= 4
    same(read(sandbox, None, "tasks"), whole)


def test_another_service_application_never_sees_a_page(sandbox, tmp_path):
    read(sandbox, tmp_path, "tasks")
    sandbox.add_client("service-of-another", sandbox.client_secret)
    sandbox.log.clear()
    read(sandbox, tmp_path, "tasks", client_id="service-of-another")
    assert 304 not in statuses(sandbox)
    names = [path.name for path in tmp_path.rglob("*")]
    assert not any(sandbox.client_id in name or "service-of-another" in name for name in names)


def test_a_damaged_page_is_fetched_again(sandbox, tmp_path):
    whole = read(sandbox, tmp_path, "tasks")
    for path in tmp_path.rglob("*.parquet"):
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 0xFF
        path.write_bytes(data)
    same(whole, read(sandbox, tmp_path, "tasks"))
    sandbox.log.clear()
    same(whole, read(sandbox, tmp_path, "tasks"))
    assert set(statuses(sandbox)) == {304}


def test_the_limit_removes_the_oldest_pages(sandbox, tmp_path):
    read(sandbox, tmp_path, "tasks")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "pages" / ("0" * 32)).symlink_to(tmp_path / "elsewhere")
    others = [tmp_path / "elsewhere" / ".notes", tmp_path / "pages" / ".DS_Store"]
    for path in others:
        path.write_bytes(b"x")
        os.utime(path, (0, 0))
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.parquet"))
    bn.options.store_limit = size // 2
    read(sandbox, tmp_path, "task_links")
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.parquet")) <= size // 2
    assert all(path.exists() for path in others)
    same(read(sandbox, None, "tasks"), read(sandbox, tmp_path, "tasks"))


def test_pages_are_asked_for_all_at_once(sandbox, tmp_path):
    read(sandbox, tmp_path, "tasks")
    pages = len(list(tmp_path.rglob("*.parquet")))
    sandbox.latency = 0.5
    started = time.monotonic()
    read(sandbox, tmp_path, "tasks", max_workers=8)
    assert pages >= 8
    assert time.monotonic() - started < 0.5 * pages  # one after another they take longer on any machine


@pytest.mark.parametrize("lost", ["removed", "damaged"])
def test_the_pages_after_a_lost_one_are_still_asked_for_ahead(sandbox, tmp_path, lost):
    whole = read(sandbox, tmp_path, "tasks")
    files = sorted(tmp_path.rglob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    assert len(files) >= 8
    for path in files[:2]:
        path.unlink() if lost == "removed" else path.write_bytes(path.read_bytes()[:-9])
    sandbox.log.clear()
    sandbox.latency = 0.5
    started = time.monotonic()
    same(whole, read(sandbox, tmp_path, "tasks", max_workers=8))
    assert time.monotonic() - started < 0.5 * len(files)
    assert sorted(statuses(sandbox)) == [200] * 2 + [304] * (len(files) - 2)


def test_links_that_were_long_not_used_are_removed_and_broken_ones_are_ignored(sandbox, tmp_path):
    whole = read(sandbox, tmp_path, "tasks")
    old, broken, *others = tmp_path.rglob("*.link")
    os.utime(old, (0, 0))
    broken.write_text('["a link", 7]')
    bn.options.store_limit = 0
    with connect(sandbox, tmp_path) as client:
        client._pages.trim()
    assert not list(tmp_path.rglob("*.parquet"))
    assert set(tmp_path.rglob("*.link")) == {broken, *others}
    same(whole, read(sandbox, tmp_path, "tasks"))


def test_a_forked_child_of_a_store_user_neither_hangs_nor_mixes(sandbox, tmp_path):
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    for store in (tmp_path, None):
        with connect(sandbox, store) as client:
            s = client.schedule(sandbox.schedule_id)
            whole = s.table("tasks")
            pages = client._pages
            with pages._lock, warnings.catch_warnings():  # held by a thread that does not exist in the child
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
                if not child:
                    signal.alarm(20)
                    try:
                        same({"tasks": whole}, {"tasks": s.table("tasks", refresh=True)})
                        pages._lock.acquire(timeout=5) or os._exit(2)
                        os._exit(0)
                    finally:
                        os._exit(1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            same({"tasks": whole}, {"tasks": s.table("tasks", refresh=True)})


def test_a_remembered_token_that_is_refused_is_replaced_by_one_of_today(service, tmp_path):
    today, path = [1], f"/schedules/{SCHEDULE}/tasks"

    def tasks(request: Request) -> Reply:
        token = request.query.get("$continuationToken")
        number = 0 if token is None else int(token.partition("-")[2])
        if token is not None and int(token.partition("-")[0]) != today[0]:
            return Reply(400, {"error": {"code": "InvalidSchedulesRequest", "message": "token expired"}})
        etag = f'"page {number}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        body = {"tasks": [{"id": f"task {number}", "name": "x"}], "_links": {}}
        if number < 3:
            body["_links"] = {"next": {"href": f"{service.url}{path}?%24continuationToken={today[0]}-{number + 1}"}}
        return Reply(200, body, headers={"ETag": etag})

    service.on(path, tasks)
    first = service.schedule(store=tmp_path).table("tasks")
    assert len(first) == 4
    today[0] = 2
    pd.testing.assert_frame_equal(service.schedule(store=tmp_path).table("tasks"), first)


def test_a_page_without_an_etag_is_simply_fetched(service, tmp_path):
    path = f"/schedules/{SCHEDULE}/tasks"
    service.on(path, {"tasks": [{"id": "1", "name": "x"}], "_links": {}})
    for _ in range(2):
        assert len(service.schedule(store=tmp_path).table("tasks")) == 1
    assert not [request for request in service.asked(path) if "if-none-match" in request.headers]
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_folder_that_cannot_be_made_is_told_at_once(service, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(bn.InvalidRequest, match="Pages cannot be kept in"):
        service.connect(store=tmp_path / "file" / "pages")


class Edits(RuleBasedStateMachine):
    """Whatever is done to the schedule: a pull with the store equals one without."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.sandbox = Sandbox(rows=3).start()
        self.items = [self.task(number) for number in range(12)]
        self.id = self.sandbox.add_schedule({"tasks": self.items})
        self.clients = [connect(self.sandbox, store, page_size=3) for store in (Path(self.folder.name), None)]
        self.kept = self.clients[0].schedule(self.id)
        self.plain = self.clients[1].schedule(self.id)

    @staticmethod
    def task(number: int) -> dict[str, Any]:
        return {"id": str(uuid.UUID(int=number * 7919, version=4)), "name": f"Task {number}", "deleted": False}

    def serve(self) -> None:
        self.sandbox.replace("tasks", self.items, self.id)

    @rule(number=integers(100, 999))
    def add(self, number: int) -> None:
        if self.task(number)["id"] not in {item["id"] for item in self.items}:
            self.items.append(self.task(number))
        self.serve()

    @rule(at=integers(0, 50), member=sampled_from(["plannedStart", "extra", "name", "percentComplete"]))
    def change(self, at: int, member: str) -> None:
        values = {"plannedStart": "2025-03-03T08:00:00Z", "extra": [at], "name": f"n{at}", "percentComplete": "odd"}
        if self.items:
            self.items[at % len(self.items)][member] = values[member]
        self.serve()

    @rule(at=integers(0, 50))
    def delete(self, at: int) -> None:
        if self.items:
            del self.items[at % len(self.items)]
        self.serve()

    @rule(offset=integers(1000, 2000))
    def sort_anew_by_new_ids(self, offset: int) -> None:
        for number, item in enumerate(self.items):
            item["id"] = self.task((offset - number) * 31)["id"]
        self.serve()

    @invariant()
    def frames_are_equal(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with_store = self.kept.table("tasks", refresh=True)
            fresh = connect(self.sandbox, None, page_size=3).schedule(self.id).table("tasks")
            again = self.plain.table("tasks", refresh=True)
        pd.testing.assert_frame_equal(with_store, fresh)
        pd.testing.assert_frame_equal(again, fresh)

    def teardown(self) -> None:
        for client in self.clients:
            client.close()
        self.sandbox.stop()
        self.folder.cleanup()


TestEdits = Edits.TestCase
TestEdits.settings = settings(max_examples=6, stateful_step_count=8, deadline=None)
