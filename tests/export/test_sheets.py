import datetime as dt
import decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bentley_nb.errors import InvalidRequest
from bentley_nb.export import sheets


@given(st.lists(st.text(max_size=60), max_size=30))
def test_any_names_become_names_excel_takes(names):
    made = sheets.sheet_names(names)
    assert len(made) == len(names)
    assert len({name.casefold() for name in made}) == len(made)
    for name in made:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


def test_names_are_kept_where_they_can_be():
    assert sheets.sheet_names(["Tasks", "Späte Vorgänge"]) == ["Tasks", "Späte Vorgänge"]


def test_long_names_that_become_alike_are_numbered():
    long = "Resource histogram of the northern tower"
    assert sheets.sheet_names([long, long]) == ["Resource histogram of the north", "Resource histogram of the n (2)"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (pd.NA, None),
        (float("nan"), None),
        (float("inf"), "inf"),
        (np.int64(7), 7),
        (10**17, "100000000000000000"),
        (decimal.Decimal("2.5"), 2.5),
        (np.bool_(True), True),
        (["r1", None, 3], "r1; ; 3"),
        ([{"date": "2024-05-01"}], '{"date": "2024-05-01"}'),
        ({"a": 1}, '{"a": 1}'),
        (dt.timedelta(hours=36), 36.0),
        (dt.date(2024, 5, 1), dt.datetime(2024, 5, 1)),
        (pd.Timestamp("2024-07-01T12:00Z"), dt.datetime(2024, 7, 1, 13)),
        (pd.Timestamp("0001-01-01", tz="UTC"), "0001-01-01T00:00:00+00:00"),
        (pd.Period("2024-05"), "2024-05"),
    ],
)
def test_a_value_becomes_what_excel_can_hold(value, cell):
    assert sheets.cell(value, "Europe/London") == cell


def test_a_column_with_the_year_one_keeps_its_other_dates():
    instants = np.array(["0001-01-01", "2024-01-01T12:00", "NaT"], dtype="M8[us]")
    column = pd.Series(instants).dt.tz_localize("UTC")
    assert sheets.cells(column, "UTC") == ["0001-01-01T00:00:00+00:00", dt.datetime(2024, 1, 1, 12), None]


def test_categories_become_their_values():
    assert sheets.cells(pd.Series(["b", None, "a"], dtype="category"), "UTC") == ["b", None, "a"]


def test_limits_are_checked_before_anything_is_written():
    rows = pd.DataFrame(index=pd.RangeIndex(sheets.MAX_ROWS))
    with pytest.raises(
        InvalidRequest, match=r"'Tasks' would have 1,048,576 rows; Excel holds 1,048,575 below a header."
    ):
        sheets.check_limits("Tasks", rows)
    sheets.check_limits("Tasks", rows.iloc[1:])
    with pytest.raises(InvalidRequest, match="would have 16,385 columns"):
        sheets.check_limits("Tasks", pd.DataFrame(columns=range(16_385)))


def test_an_index_that_says_something_becomes_columns():
    frame = pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="task"))
    assert sheets.flat(frame).columns.tolist() == ["task", "x"]
    assert sheets.flat(frame.set_index([["u", "v"]], append=True)).columns.tolist() == ["task", " ", "x"]


def test_row_numbers_left_over_from_filtering_do_not():
    frame = pd.DataFrame({"x": [1, 2, 3]})
    assert sheets.flat(frame[frame["x"] > 1]).columns.tolist() == ["x"]


def test_column_levels_are_joined():
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("done", "sum"), ("done", "mean")]))
    assert sheets.flat(frame).columns.tolist() == ["done / sum", "done / mean"]
