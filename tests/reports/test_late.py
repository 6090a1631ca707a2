"""Late against a baseline, and stale without one."""

import numpy as np
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, late
from bentley_nb.reports.late import LATE_FLAGS
from tests.reports.build import baseline_task, finish_date, rows, schedule, start_date, task, wbs, with_baseline
from tests.reports.small import calendar


def found(report, key="a"):
    """Names of the flags a task has."""
    row = rows(report).get(key)
    return set() if row is None else {name for name in LATE_FLAGS if row[name]}


class TestWithoutABaseline:
    @pytest.mark.parametrize(
        ("item", "flags"),
        [
            (task("a", "2024-05-01", "2024-07-01"), {"stale_start"}),
            (task("a", "2024-05-01", "2024-05-31"), {"stale_start", "stale_finish"}),
            (task("a", "2024-05-01", "2024-05-31", actual="2024-05-02"), {"stale_finish"}),
            (task("a", "2024-05-01", "2024-07-01", actual="2024-05-02"), set()),
            (task("a", "2024-05-01", "2024-05-31", actual="2024-05-02", done="2024-06-01"), set()),
            (task("a", "2024-06-03T00:00:00Z", "2024-07-01"), set()),  # on the data date is not before it
            (start_date("a", "2024-05-01"), {"stale_start"}),
            (finish_date("a", "2024-05-01"), {"stale_finish"}),
            (start_date("a", "2024-05-01", actual="2024-05-01"), set()),
            (task("a"), set()),
            (task("a", "2024-05-01", "2024-05-31", type="ShortHammock"), set()),
            (wbs("a", plannedStart="2024-05-01T08:00:00Z"), set()),
        ],
    )
    def test_only_stale_dates_are_reported(self, item, flags):
        report = late(schedule([item]))
        assert found(report) == flags
        assert not report[["late_start", "late_finish", "forecast_late"]].any(axis=None)

    def test_and_the_notes_say_so(self):
        notes = about(late(schedule([task("a")]))).notes
        assert (
            "No baseline: No 'baselines' among the frames given. Planned dates are not a baseline and are not used as one."
            in notes
        )
        assert any(note.startswith("Without a baseline only stale dates") for note in notes)

    def test_a_baseline_asked_for_by_name_must_exist(self):
        with pytest.raises(InvalidRequest, match=r"no baseline to compare with.*\nPlanned dates are not a baseline"):
            late(schedule([task("a")]), baseline="Contract")


class TestWithABaseline:
    @pytest.mark.parametrize(
        ("item", "base", "flags"),
        [
            (task("a", "2024-07-01", "2024-07-05"), ("2024-05-01", "2024-07-05"), {"late_start"}),
            (
                task("a", "2024-07-01", "2024-07-05"),
                ("2024-05-01", "2024-05-03"),
                {"late_start", "late_finish", "forecast_late"},
            ),
            (task("a", "2024-07-01", "2024-07-05"), ("2024-06-10", "2024-06-20"), {"forecast_late"}),
            (task("a", "2024-06-10", "2024-06-19"), ("2024-06-10", "2024-06-20"), set()),
            (task("a", "2024-05-01", "2024-07-05", actual="2024-05-10"), ("2024-05-01", "2024-07-05"), set()),
            (task("a", "2024-05-01", "2024-06-19"), ("2024-06-10", "2024-06-20"), {"stale_start"}),
            (finish_date("a", "2024-07-01"), (None, "2024-05-03"), {"late_finish", "forecast_late"}),
            (start_date("a", "2024-07-01"), ("2024-05-03", None), {"late_start", "forecast_late"}),
            (start_date("a", "2024-06-20"), ("2024-06-10", None), {"forecast_late"}),
            (start_date("a", "2024-06-10"), ("2024-06-10", None), set()),
            (start_date("a", "2024-06-20", actual="2024-06-02"), ("2024-05-10", None), set()),
        ],
    )
    def test_the_three_ways_of_being_late(self, item, base, flags):
        assert found(late(with_baseline([item], [baseline_task("a", *base)]))) == flags

    def test_a_task_outside_the_baseline_is_unknown_and_not_on_time(self):
        tasks = [task("a", "2024-05-01", "2024-05-03"), task("b", "2024-07-01", "2024-07-05")]
        report = rows(late(with_baseline(tasks, [baseline_task("b", "2024-05-01", "2024-05-03")])))
        assert report["a"]["late_start"] is None
        assert report["b"]["late_start"] is True

    def test_a_task_without_a_finish_has_no_forecast_to_be_late(self):
        row = rows(late(with_baseline([task("a")], [baseline_task("a", "2024-05-01", "2024-07-01")])))["a"]
        assert (row["late_start"], row["forecast_late"]) == (True, None)

    def test_planned_is_not_baseline(self):
        """A task planned in the future is late when its baseline lies in the past, whatever the plan says now."""
        source = with_baseline(
            [task("a", "2024-08-01", "2024-08-05")], [baseline_task("a", "2024-05-01", "2024-05-03")]
        )
        assert "late_start" in found(late(source))


class TestDaysLate:
    def test_start_is_measured_to_the_data_date(self):
        source = with_baseline(
            [task("a", "2024-07-01", "2024-07-05")], [baseline_task("a", "2024-05-31", "2024-07-05")]
        )
        row = rows(late(source, data_date="2024-06-04T08:00Z"))["a"]  # Friday to Tuesday
        assert (row["start_late_days"], row["start_late_working_days"]) == (4.0, 2.0)
        assert row["finish_late_days"] is None

    def test_finish_is_measured_to_the_later_of_forecast_and_data_date(self):
        base = [baseline_task("a", "2024-05-01", "2024-05-31"), baseline_task("b", "2024-05-01", "2024-05-31")]
        tasks = [
            task("a", "2024-05-01", "2024-06-05", actual="2024-05-01"),
            task("b", "2024-05-01", "2024-05-31", actual="2024-05-01"),  # its forecast is overtaken too
        ]
        report = rows(late(with_baseline(tasks, base), data_date="2024-06-03T17:00Z"))
        assert (report["a"]["finish_late_days"], report["a"]["finish_late_working_days"]) == (5.0, 3.0)
        assert (report["b"]["finish_late_days"], report["b"]["finish_late_working_days"]) == (3.0, 1.0)

    def test_a_start_key_date_is_measured_by_the_one_date_it_has(self):
        tasks = [start_date("to come", "2024-06-20"), start_date("overtaken", "2024-05-20")]
        base = [baseline_task("to come", "2024-06-10"), baseline_task("overtaken", "2024-05-31")]
        report = rows(late(with_baseline(tasks, base), data_date="2024-06-03T08:00Z"))
        assert (report["to come"]["start_late_days"], report["to come"]["start_late_working_days"]) == (10.0, 8.0)
        assert report["overtaken"]["start_late_days"] == 3.0  # an open date is at the data date at the earliest
        assert {row["finish_late_days"] for row in report.values()} == {None}

    def test_a_stale_date_is_measured_from_the_plan_even_where_the_baseline_is_later(self):
        source = with_baseline(
            [task("a", "2024-05-31", "2024-07-19")], [baseline_task("a", "2024-07-01", "2024-07-20")]
        )
        row = rows(late(source, data_date="2024-06-03T08:00Z"))["a"]
        assert (row["start_late_days"], row["start_late_working_days"]) == (3.0, 1.0)

    def test_a_tolerance_in_working_days(self):
        source = with_baseline(
            [task("a", "2024-07-01", "2024-07-05")], [baseline_task("a", "2024-05-31", "2024-07-05")]
        )
        assert found(late(source, tolerance=np.int64(1))) == set()
        assert found(late(source, tolerance=0.5)) == {"late_start"}
        with pytest.raises(InvalidRequest, match="tolerance must be a number of working days"):
            late(source, tolerance="1d")

    def test_days_that_cannot_be_counted_are_not_tolerated(self):
        source = schedule([task("a", "2024-05-01", "2024-05-03")], calendars=[calendar(days=0)])
        row = rows(late(source, tolerance=2))["a"]
        assert (row["stale_start"], row["start_late_working_days"]) == (True, None)

    def test_the_latest_come_first_and_positive_is_late(self):
        tasks = [task("a", "2024-05-20", "2024-05-30"), task("b", "2024-04-20", "2024-04-30"), task("c", "2024-05-20")]
        report = late(schedule(tasks))
        assert report["id"].tolist() == ["b", "a", "c"]
        assert "Sign: positive is late (or longer), negative is early (or shorter)." in about(report).notes


def test_counts_are_in_the_facts():
    tasks = [task("a", "2024-05-01", "2024-05-03"), task("b", "2024-05-01", "2024-07-03"), task("c", "2024-07-01")]
    facts = about(late(schedule(tasks))).facts
    assert facts["counts"] == {
        "late_start": 0,
        "late_finish": 0,
        "forecast_late": 0,
        "stale_start": 2,
        "stale_finish": 1,
    }
    assert facts["open"] == 3
