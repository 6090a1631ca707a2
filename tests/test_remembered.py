"""The tables a schedule remembers: rows marked as deleted are left out without a copy of the text."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from bentley_nb._remembered import Remembered
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
