"""Whole numbers that no float holds keep their digits, in a member that is not declared, wherever a table goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from tests.scripted import connect_to

LONG = 9007199254740993  # 2 ** 53 + 1: a float would give ...992
NUMBERS: dict[str, tuple[list[Any], str]] = {
    "64 bits": ([LONG, None, 2**63 - 1, -(2**63)], "Int64"),
    "more than 64 bits": ([2**64, None, LONG, 1], "string"),
    "beside fractions": ([1.5, None, LONG, 2], "string"),
}


def one(numbers: list[Any], *, fits: bool, folder: Path) -> dict[str, pd.Series[Any]]:
    """Return the column as the ways of a table give it; one value that does not fit takes the other decode path."""
    with Sandbox(rows=40) as sandbox:
        client = connect_to(sandbox)
        tasks = sandbox.items("tasks")[: len(numbers)]
        for task, number in zip(tasks, numbers, strict=True):
            task |= {"serial": number, "isWbs": task["isWbs"] if fits else str(task["isWbs"])}
        sandbox.replace("tasks", tasks)
        s = client.schedule(sandbox.schedule_id)
        frame = s.table("tasks")
        frame.to_parquet(folder / "tasks.parquet")
        book = bn.export.to_excel(folder / "tasks.xlsx", {"tasks": frame[["id", "serial"]]})
        cells = pd.read_excel(book, sheet_name="tasks", header=None, dtype=object)
        return {
            "frame": frame["serial"],
            "sql": bn.sql("SELECT serial FROM tasks", s)["serial"],
            "kept": bn.open(s.keep(folder / "kept")).table("tasks")["serial"],
            "parquet": pd.read_parquet(folder / "tasks.parquet")["serial"],
            "excel": cells.iloc[-len(numbers) :, 0],  # ids stand last
        }


@pytest.mark.parametrize("fits", [True, False], ids=["fast path", "tolerant path"])
@pytest.mark.parametrize(("numbers", "dtype"), NUMBERS.values(), ids=NUMBERS)
def test_they_keep_their_digits(numbers: list[Any], dtype: str, fits: bool, tmp_path: Path) -> None:
    for way, column in one(numbers, fits=fits, folder=tmp_path).items():
        assert [None if pd.isna(value) else str(value) for value in column] == [
            None if number is None else str(number) for number in numbers
        ], way
        assert way == "excel" or str(column.dtype) == dtype, way


@pytest.mark.parametrize(
    "values",
    ["'\"a\"', '\"b\"'", "'1', '\"b\"'", "'[1]', '{\"a\": 2}'", "NULL, '1'"],
    ids=["text", "mixed", "nested", "null"],
)
@pytest.mark.parametrize("rows", ["", " WHERE false"], ids=["rows", "no rows"])
def test_a_json_column_of_an_sql_result_has_one_dtype(values: str, rows: str, demo: bn.Schedule) -> None:
    first, second = values.split(", ", 1)
    query = f"SELECT j FROM (VALUES ({first}::JSON), ({second}::JSON)) AS t(j){rows}"
    assert bn.sql(query, demo)["j"].dtype == object
