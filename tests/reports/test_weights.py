"""What a task counts for, and the messages when it cannot be told."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.baseline import require_baseline
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.basis.weights import task_weights
from tests.reports.small import schedule, task


def user_fields(values, kind="Float", name="Budget"):
    return {
        "user_fields": [{"id": "f", "name": name, "category": "Task", "type": kind, "deleted": False}],
        "task_user_field_values": [
            {"taskId": key, "userFieldId": "f", "value": value} for key, value in values.items()
        ],
    }


TWO = (task("a", "2024-06-03", "2024-06-04", 2), task("b", "2024-06-05", "2024-06-07", 3))


def test_duration_is_that_of_the_baseline_and_else_the_planned_one():
    dates = {"a": ("2024-06-03", "2024-06-07", 5), "b": ("2024-06-05", None, None)}
    tables = Tables.of(schedule(*TWO, baseline=dates))
    assert task_weights(tables, "duration").per_task.tolist() == [16, 24]
    weights = task_weights(tables, "duration", require_baseline(tables))
    assert weights.per_task.tolist() == [40, 24]
    assert "1 task(s) without a baseline duration count their planned one." in weights.notes


def test_count_leaves_out_what_does_no_work():
    rows = [
        task("w", "2024-06-03", "2024-06-07", isWbs=True),
        task("h", "2024-06-03", "2024-06-07", type="LongHammock"),
        task("m", "2024-06-03", type="StartKeyDate"),
        *TWO,
    ]
    assert task_weights(Tables.of(schedule(*rows)), "count").per_task.tolist() == [0, 0, 0, 1, 1]


def test_quantities_of_different_units_are_pointed_out():
    rows = [
        task("a", physicalQuantity=10.0, physicalQuantityUnit="CubicMeter"),
        task("b", physicalQuantity=5.0, physicalQuantityUnit="Tonne"),
    ]
    weights = task_weights(Tables.of(schedule(*rows)), "quantity")
    assert weights.per_task.tolist() == [10, 5]
    assert weights.unit == "mixed units"
    assert "(CubicMeter, Tonne)" in weights.notes[0]


def test_a_user_field_comes_as_text_and_counts_as_numbers():
    tables = Tables.of(schedule(*TWO, **user_fields({"a": "100.5"})))
    weights = task_weights(tables, "Budget")
    assert weights.per_task.tolist() == [100.5, 0]
    assert weights.notes == ("1 of 2 tasks have no Budget and count as 0.",)


def test_a_series_by_task_id():
    weights = task_weights(Tables.of(schedule(*TWO)), pd.Series({"b": 4, "gone": 9}, name="tonnes"))
    assert (weights.name, weights.per_task.tolist()) == ("tonnes", [0, 4])
    assert "1 value(s) of the Series of weights match no task here and are ignored." in weights.notes


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ("Budgett", r"no weight 'Budgett'.\nDid you mean 'Budget'\?"),
        ("name", "is not numeric, for example 'Task a'"),
        ("plannedDuration", "Did you mean 'planned_duration_hours'"),
        (7, "A weight cannot be a int"),
        (pd.Series({"zzz": 1.0}), "matches no task of the schedule"),
        (pd.Series([1.0, 2.0], index=["a", "a"]), "names a task more than once"),
        (pd.Series({"a": -1.0, "b": 2.0}), "negative 'weight', for example -1"),
        (pd.Series({"a": "much"}), "is not numeric, for example 'much'"),
    ],
)
def test_what_cannot_be_a_weight_is_said(weight, message):
    with pytest.raises(InvalidRequest, match=message):
        task_weights(Tables.of(schedule(*TWO, **user_fields({"a": "1"}))), weight)


@pytest.mark.parametrize("value", ["n/a", "tbc", "inf", "-Infinity", "NaN"])
def test_a_value_that_is_not_a_number_leaves_its_task_out_and_is_named(value):
    weights = task_weights(Tables.of(schedule(*TWO, **user_fields({"a": value, "b": "3"}))), "Budget")
    assert weights.per_task.tolist() == [0, 3]
    assert any(f"which are left out: 'Task a' ('{value}')." in note for note in weights.notes)


def test_a_user_field_without_any_number_is_refused():
    with pytest.raises(InvalidRequest, match="'Budget' is not numeric, for example 'tbc'"):
        task_weights(Tables.of(schedule(*TWO, **user_fields({"a": "tbc"}))), "Budget")


def test_two_user_fields_of_one_name():
    tables = user_fields({"a": "1"})
    tables["user_fields"].append({**tables["user_fields"][0], "id": "g"})
    with pytest.raises(InvalidRequest, match="There are 2 user fields 'Budget'"):
        task_weights(Tables.of(schedule(*TWO, **tables)), "Budget")
