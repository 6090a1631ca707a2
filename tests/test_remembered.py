"""The tables a schedule remembers: rows marked as deleted are left out without a copy of the text."""

from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pytest

import bentley_nb as bn
from bentley_nb._remembered import Remembered
from bentley_nb.sandbox.running import demo_sandbox
from bentley_nb.service.catalog import COLLECTIONS

ROWS = 1_000


def table(deleted: set[int]) -> pa.Table:
    return pa.table(
        {
            "id": pa.array([str(row) for row in range(ROWS)], pa.large_string()),
            "deleted": pa.array([True if row in deleted else None if row % 7 else False for row in range(ROWS)]),
        }
    )


@pytest.mark.parametrize(
    "deleted",
    [set(), {0}, {ROWS - 1}, {0, 1, 2, 500, 501, ROWS - 1}, set(range(0, ROWS, 2)), set(range(ROWS))],
    ids=["none", "first", "last", "several", "half", "all"],
)
def test_deleted_rows_are_left_out(deleted: set[int]) -> None:
    given = table(deleted)
    kept = Remembered(given, datetime.now(UTC)).rows(COLLECTIONS["tasks"], include_deleted=False)
    assert kept.column("id").to_pylist() == [str(row) for row in range(ROWS) if row not in deleted]
    assert kept.schema == given.schema


def test_one_deleted_row_copies_nothing() -> None:
    given = table({500})
    kept = Remembered(given, datetime.now(UTC)).rows(COLLECTIONS["tasks"], include_deleted=False)
    text = given.column("id").chunk(0).buffers()[2].address
    assert {chunk.buffers()[2].address for chunk in kept.column("id").chunks} == {text}


@pytest.mark.parametrize("include_deleted", [False, True], ids=["live", "with deleted"])
def test_children_of_all_tasks_come_from_the_table_of_tasks(demo: bn.Schedule, include_deleted: bool) -> None:
    """Issue 16: at 20,000 tasks this asked 20,003 times."""
    demo.load("tasks")
    before = demo_sandbox().log.count("/children")
    children = demo.task_children(include_deleted=include_deleted)
    assert demo_sandbox().log.count("/children") == before
    assert children["task_id"].equals(children["parent_id"].rename("task_id"))

    ids = list(dict.fromkeys(children["task_id"]))
    asked = pd.concat([demo.task_children(id_, refresh=True, include_deleted=include_deleted) for id_ in ids[:20]])
    expected = children[children["task_id"].isin(ids[:20])].reset_index(drop=True)
    expected = expected.astype(dict.fromkeys(expected.select_dtypes("category"), object))
    asked = asked.astype(dict.fromkeys(asked.select_dtypes("category"), object))  # as other categories leave it
    pd.testing.assert_frame_equal(expected, asked.reset_index(drop=True))
    pages = pd.concat(demo.iter_pages("task_children", include_deleted=include_deleted))
    assert pages["id"].tolist() == children["id"].tolist()
