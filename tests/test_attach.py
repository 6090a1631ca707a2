"""Columns of the user's own (``s.attach``): weight, cost, group, filter, SQL."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import bentley_nb as bn

from .test_part import InMemory


@pytest.fixture
def s() -> InMemory:
    return InMemory()


def own() -> pd.DataFrame:
    return pd.DataFrame({"id": ["1", "2", "3", "4"], "Budget": [10, 20, 30, 40], "Crew": ["red", "red", "blue", None]})


def test_columns_stand_beside_the_tasks(s: InMemory) -> None:
    assert s.attach(own(), on="id") is s
    tasks = s.tasks().set_index("id")
    assert tasks["Budget"].dropna().to_dict() == {"1": 10, "2": 20, "3": 30, "4": 40}
    assert tasks["Budget"].dtype == "Int64"
    assert tasks["Crew"].dropna().to_dict() == {"1": "red", "2": "red", "3": "blue"}
    assert s.tasks().attrs["collection"] == "tasks"
    assert s.arrow("tasks").column("Budget").to_pylist()[-4:] == [10, 20, 30, 40]
    assert s.refresh().tasks()["Budget"].sum() == 100


def test_they_serve_as_weight_cost_group_and_filter(s: InMemory) -> None:
    s.attach(own(), on="id")
    by_crew = s.progress(by="Crew", weight="Budget").set_index("Crew")
    assert by_crew.loc["red", "weight"] == 30
    assert s.s_curve(weight="Budget").attrs["facts"]["weight"] is not None
    assert "Budget" in str(s.earned_value(weight="count", cost="Budget").set_index("measure").loc["AC", "formula"])
    part = s.only(Crew="red")
    assert part.tasks()["id"].tolist() == ["1", "2"]
    assert part.tasks()["Budget"].tolist() == [10, 20]
    assert part.progress(by="Crew", weight="Budget")["weight"].tolist() == [30]
    assert s.only(Budget=(25, None)).tasks()["id"].tolist() == ["3", "4"]


def test_sql_sees_them(s: InMemory) -> None:
    pytest.importorskip("duckdb")
    assert len(bn.sql("SELECT * FROM work_tasks", s)) == 4
    s.attach(own(), on="id")
    for table in ("tasks", "work_tasks"):  # the view, too, though it was computed before
        assert bn.sql(f'SELECT sum("Budget") AS budget FROM {table}', s)["budget"].item() == 100


def test_rows_that_match_no_task_are_named(s: InMemory) -> None:
    frame = pd.DataFrame({"id": ["1", "X1", "X2"], "Budget": [1, 2, 3]})
    with pytest.warns(UserWarning, match="2 of 3 rows match no task by id: X1, X2"):
        s.attach(frame, on="id")


@pytest.mark.parametrize("ids", [[1, 2], [1.0, 2.0]], ids=["whole numbers", "floats of a spreadsheet"])
def test_ids_that_a_spreadsheet_made_numbers_of(s: InMemory, ids: list[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        s.attach(pd.DataFrame({"id": ids, "Budget": [1, 2]}), on="id")
    assert s.tasks().set_index("id")["Budget"].dropna().to_dict() == {"1": 1, "2": 2}


def test_an_arrow_table_is_taken(s: InMemory) -> None:
    s.attach(pa.table({"id": ["1"], "Since": pd.to_datetime(["2025-01-01"])}), on="id")
    assert str(s.tasks()["Since"].dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize(
    ("frame", "on", "message"),
    [
        (pd.DataFrame({"ID": ["1"], "Budget": [1]}), "id", "The frame has no column 'id'"),
        (pd.DataFrame({"uid": ["1"], "Budget": [1]}), "uid", "table of tasks has no column 'uid'"),
        (pd.DataFrame({"id": ["1"], "name": ["x"]}), "id", "(?s)Tasks have a column 'name' already.*rename"),
        (pd.DataFrame({"id": ["1", "1"], "Budget": [1, 2]}), "id", "id '1' comes more than once"),
        (pd.DataFrame({"id": ["1"]}), "id", "no column besides 'id'"),
        ({"id": ["1"]}, "id", "A table is needed to attach columns, not dict"),
    ],
    ids=["no key", "key unknown to tasks", "name taken", "named twice", "nothing to attach", "no table"],
)
def test_what_cannot_be_attached(s: InMemory, frame: Any, on: str, message: str) -> None:
    with pytest.raises(bn.InvalidRequest, match=message):
        s.attach(frame, on=on)
    assert "Budget" not in s.tasks()
