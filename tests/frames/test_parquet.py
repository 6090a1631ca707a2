"""A file written page by page reads back as the frame would be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.finish import finish
from bentley_nb.frames.parquet import write_pages
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.surface import SURFACES

ATTRS = {"collection": "tasks"}
PAGES: list[list[dict[str, Any]]] = [
    [
        {"id": "1", "type": "Work", "plannedStart": "2024-05-20T09:00:00Z", "plannedDuration": 3600, "isWbs": True},
        {"id": "2", "type": "Meeting", "percentComplete": 40},
    ],
    [{"id": "3", "type": "Hammock", "rating": 5}, {"id": "4", "type": "Work"}],
    [{"id": "5"}, {"id": "6", "type": "Meeting", "approved": True, "rating": 7, "remark": "late"}],
]


def written(path: Path, pages: list[list[dict[str, Any]]], name: str = "tasks") -> pd.DataFrame:
    """Write the pages one by one, and give the frame that they are together."""
    collection = COLLECTIONS[name]
    decoder = PageDecoder(collection, SURFACES["platform"])
    key = SURFACES["platform"].list_key(collection)
    bodies = [json.dumps({key: page}).encode() for page in pages]
    tables: list[pa.Table] = [finish(collection, [decoder.page(body)]) for body in bodies]
    assert write_pages(tables, collection, path, ATTRS) == sum(map(len, pages))
    return to_frame(finish(collection, [decoder.page(body) for body in bodies]), ATTRS)


@pytest.mark.parametrize("row_group", [1, 3, 65_536])
def test_values_and_dtypes_are_those_of_the_frame(
    row_group: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bentley_nb.frames.parquet._ROW_GROUP", row_group)
    frame = written(tmp_path / "tasks.parquet", PAGES)
    again = pd.read_parquet(tmp_path / "tasks.parquet")
    assert again.dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()
    assert set(frame.dtypes.astype(str)) == {
        *("string", "category", "boolean", "Int64", "Float64", "datetime64[us, UTC]")
    }
    assert again["rating"].isna().tolist() == [True, True, False, True, True, False]
    # The categories of a file stand in the order in which they were met.
    ordered = {
        name: again[name].cat.set_categories(frame[name].cat.categories) for name in frame.select_dtypes("category")
    }
    assert_frame_equal(again.assign(**ordered), frame, check_column_type=False, check_dtype=False)
    assert again.attrs == ATTRS


def test_a_table_without_rows_keeps_its_dtypes(tmp_path: Path) -> None:
    frame = written(tmp_path / "tasks.parquet", [])
    again = pd.read_parquet(tmp_path / "tasks.parquet")
    assert again.empty
    assert again.dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()


def test_lists_are_json_text(tmp_path: Path) -> None:
    day = [{"id": "d", "type": "Working"}]
    written(tmp_path / "calendars.parquet", [[{"id": "c", "dayTypes": day}]], "calendars")
    [text] = pd.read_parquet(tmp_path / "calendars.parquet")["day_types"].astype("string")
    assert json.loads(text) == day


def test_the_codes_of_a_category_are_not_taken_for_those_of_one_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``fastparquet`` takes codes for those of one dictionary wherever pandas' description says ``categorical``."""
    monkeypatch.setattr("bentley_nb.frames.parquet._ROW_GROUP", 1)
    written(tmp_path / "tasks.parquet", PAGES)
    described = json.loads(pq.read_schema(tmp_path / "tasks.parquet").metadata[b"pandas"])
    assert "categorical" not in {column["pandas_type"] for column in described["columns"]}


def test_duckdb_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.setattr("bentley_nb.frames.parquet._ROW_GROUP", 1)
    written(tmp_path / "tasks.parquet", PAGES)
    with duckdb.connect() as connection:
        counts = connection.execute(
            f"SELECT type, count(*) FROM '{tmp_path / 'tasks.parquet'}' GROUP BY type ORDER BY type"
        ).fetchall()
    assert counts == [("Hammock", 1), ("Meeting", 2), ("Work", 2), (None, 1)]
