"""Dates, progress and state of a task."""

import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.state import contradictions, current_dates, is_complete, percent_complete, span, state
from bentley_nb.reports.basis.tables import Tables
from tests.reports.build import finish_date, schedule, start_date, task


def tasks(*items):
    return Tables.of(schedule(list(items))).tasks


def test_actual_dates_come_before_planned_ones():
    frame = tasks(task("a", "2024-05-01", "2024-05-10", actual="2024-05-02"))
    dates = current_dates(frame).iloc[0]
    assert (dates["start"].isoformat(), dates["finish"].isoformat()) == (
        "2024-05-02T08:00:00+00:00",
        "2024-05-10T17:00:00+00:00",
    )


def test_a_forecast_is_only_used_where_asked_for():
    frame = tasks(task("a", finish="2024-05-10", expectedFinish="2024-05-20T17:00:00Z"))
    assert current_dates(frame)["finish"].dt.day.tolist() == [10]
    assert current_dates(frame, "expected")["finish"].dt.day.tolist() == [20]
    assert current_dates(frame, "estimated")["finish"].dt.day.tolist() == [10]
    with pytest.raises(InvalidRequest, match=r"no forecast 'estimate'.*\nDid you mean 'estimated'"):
        current_dates(frame, "estimate")


def test_a_key_date_has_one_date():
    both = {"start": "2024-05-01", "finish": "2024-05-10"}
    frame = tasks(
        start_date("s", "2024-05-01"), finish_date("f", "2024-05-10"), task("x", **both, type="FinishKeyDate")
    )
    dates = current_dates(frame)
    assert dates["start"].notna().tolist() == [True, False, False]
    assert dates["finish"].notna().tolist() == [False, True, True]
    filled = span(dates)
    assert (filled["start"] == filled["finish"]).all()


def test_a_key_date_with_only_the_wrong_side_keeps_its_date():
    frame = tasks(task("f", "2024-05-01", None, type="FinishKeyDate"))
    assert current_dates(frame)["finish"].dt.day.tolist() == [1]


@pytest.mark.parametrize(
    ("item", "percent", "where"),
    [
        (task("a", percentComplete=40), 0, "not started"),  # progress without an actual start is none
        (task("a", actual="2024-05-01", percentComplete=40), 40, "in progress"),
        (task("a", actual="2024-05-01", percentComplete=140), 100, "in progress"),
        (task("a", actual="2024-05-01", percentComplete=-5), 0, "in progress"),
        (task("a", actual="2024-05-01", done="2024-05-02", percentComplete=40), 100, "complete"),
        (task("a", done="2024-05-02"), 100, "complete"),
        (start_date("s", actual="2024-05-01"), 100, "complete"),
        (finish_date("f", done="2024-05-01"), 100, "complete"),
        (start_date("s", "2024-05-01"), 0, "not started"),
    ],
)
def test_percent_and_state(item, percent, where):
    frame = tasks(item)
    assert percent_complete(frame).tolist() == [percent]
    assert state(frame).tolist() == [where]
    assert is_complete(frame).tolist() == [where == "complete"]


def test_contradictions_are_said():
    frame = tasks(
        task("a", percentComplete=100, actual="2024-05-01"),
        task("b", percentComplete=30),
        task("c", percentComplete=None),
    )
    assert contradictions(frame) == [
        "1 task(s) at 100 percent without an actual finish (counted as not complete).",
        "1 task(s) with progress but no actual start (counted as 0 percent).",
    ]
