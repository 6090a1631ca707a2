"""Pages revalidated by ETag: the frame with a store equals the one without, whatever happened in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox

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
    assert statuses(sandbox, "/tasks").count(200) == 1
    same(read(sandbox, None, *tables, surface=surface), after)


def test_refresh_within_a_session_revalidates_without_a_store(sandbox):
    with connect(sandbox, None) as client:
        s = client.schedule(sandbox.schedule_id)
        first = s.table("tasks")
        sandbox.log.clear()
        again = s.table("tasks", refresh=True)
    assert set(statuses(sandbox)) == {304}
    pd.testing.assert_frame_equal(first, again)


def test_a_pull_that_died_goes_on_where_it_was(sandbox, tmp_path):
    sandbox.faults.add("continuationToken", status=400, skip=4, body={"error": {"code": "X", "message": "y"}})
    with pytest.raises(bn.InvalidRequest):
        read(sandbox, tmp_path, "tasks")
    sandbox.log.clear()
    whole = read(sandbox, tmp_path, "tasks")
    assert statuses(sandbox).count(304) >= 4
    same(read(sandbox, None, "tasks"), whole)
