"""Which baseline, where its dates stand, and the variance from it."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, earned_value, health, late, milestones, progress, s_curve, variance
from tests.reports.build import baseline_task, finish_date, rows, schedule, start_date, task, wbs, with_baseline

TASK = task("a", "2024-06-05", "2024-06-14")


def named(key, name, created):
    return {"id": key, "name": name, "createdOn": created, "deleted": False}


TWO = {
    "baselines": [named("b2", "Revised", "2024-03-01T00:00:00Z"), named("b1", "Contract", "2024-01-01T00:00:00Z")],
    "baseline_tasks": [
        baseline_task("a", "2024-06-03", "2024-06-12", baseline="b1"),
        baseline_task("a", "2024-06-05", "2024-06-13", baseline="b2"),
    ],
}


class TestChoice:
    def test_the_latest_by_default(self):
        report = variance(schedule([TASK], **TWO))
        assert about(report).notes[1] == "Baseline: Revised, created 2024-03-01; the latest of 2."
        assert about(report).facts["baseline"]["id"] == "b2"
        assert report["baseline_finish"].dt.day.tolist() == [13]

    @pytest.mark.parametrize("which", ["b1", "Contract"])
    def test_by_id_or_name(self, which):
        assert variance(schedule([TASK], **TWO), which)["baseline_finish"].dt.day.tolist() == [12]

    def test_an_unknown_name_is_answered_with_the_nearest(self):
        with pytest.raises(
            InvalidRequest, match=r"no baseline 'contract'.*\nDid you mean 'Contract'\? Available: Contract, Revised"
        ):
            variance(schedule([TASK], **TWO), "contract")

    @pytest.mark.parametrize("report", [variance, late], ids=["variance", "late"])
    def test_a_row_of_the_baselines_is_no_name(self, report):
        with pytest.raises(InvalidRequest, match="named by its id or name, not by a Series"):
            report(schedule([TASK], **TWO), baseline=pd.Series({"id": "b1"}))

    def test_baseline_tasks_alone_will_do(self):
        report = variance(schedule([TASK], baseline_tasks=TWO["baseline_tasks"][:1]))
        assert report["finish_variance_days"].tolist() == [2.0]

    def test_a_later_baseline_without_tasks_is_passed_over(self):
        tables = {**TWO, "baselines": [*TWO["baselines"], named("b3", "Empty", "2024-05-01T00:00:00Z")]}
        assert about(variance(schedule([TASK], **tables))).facts["baseline"]["id"] == "b2"
        with pytest.raises(InvalidRequest, match="Baseline 'Empty' has no tasks"):
            variance(schedule([TASK], **tables), "Empty")

    @pytest.mark.parametrize("tables", [{}, {"baselines": []}, {"baselines": [], "baseline_tasks": []}])
    def test_planned_dates_do_not_stand_in_for_a_baseline(self, tables):
        with pytest.raises(InvalidRequest, match=r"no baseline to compare with(.|\n)*use slippage\(before, after\)"):
            variance(schedule([TASK], **tables))


class TestColumns:
    def test_start_and_duration_give_the_finish(self):
        """The service documents that a baseline task records start and duration, and no more."""
        source = with_baseline([TASK], [baseline_task("a", "2024-06-07", None, hours=16)])
        report = variance(source)
        assert report["baseline_finish"].tolist() == [pd.Timestamp("2024-06-10T17:00Z")]
        assert "1 baseline finish(es) are start + duration on the task's calendar." in about(report).notes

    def test_other_names_are_understood(self):
        source = schedule([TASK])
        source["baseline_tasks"] = pd.DataFrame(
            {
                "task_id": ["a"],
                "start": ["2024-06-03T08:00:00Z"],
                "finish": ["2024-06-12T17:00:00Z"],
                "duration": [8 * 8 * 3600],
            }
        )
        row = rows(variance(source))["a"]
        assert (row["start_variance_days"], row["finish_variance_days"]) == (2.0, 2.0)
        assert row["baseline_duration_hours"] == 64.0

    def test_unknown_names_are_an_error_with_the_columns(self):
        source = schedule([TASK])
        source["baseline_tasks"] = pd.DataFrame(
            {"baseline_id": [None], "task_id": ["a"], "whenItBegins": ["2024-06-03"]}
        )
        with pytest.raises(InvalidRequest, match=r"no dates under a known name.*\nColumns served: .*whenItBegins"):
            variance(source)
        for report in (late, milestones, s_curve, health):  # these can do without, and say so
            assert "Columns served: baseline_id, task_id, whenItBegins" in " ".join(about(report(source)).notes)


class TestVariance:
    def test_late_is_positive_in_calendar_and_working_days(self):
        row = rows(variance(with_baseline([TASK], [baseline_task("a", "2024-05-31", "2024-06-07", hours=48)])))["a"]
        assert (row["start_variance_days"], row["start_variance_working_days"]) == (5.0, 3.0)
        assert (row["finish_variance_days"], row["finish_variance_working_days"]) == (7.0, 5.0)
        assert (row["duration_hours"], row["baseline_duration_hours"], row["duration_variance_hours"]) == (
            64.0,
            48.0,
            16.0,
        )

    def test_actual_dates_come_first(self):
        done = task("a", "2024-06-05", "2024-06-14", actual="2024-05-30", done="2024-06-06")
        row = rows(variance(with_baseline([done], [baseline_task("a", "2024-05-31", "2024-06-07")])))["a"]
        assert (row["start_variance_days"], row["finish_variance_days"]) == (-1.0, -1.0)

    def test_key_dates_have_one_variance(self):
        tasks = [start_date("s", "2024-06-05"), finish_date("f", "2024-06-05")]
        base = [baseline_task("s", "2024-06-03", "2024-06-03"), baseline_task("f", None, "2024-06-03")]
        report = rows(variance(with_baseline(tasks, base)))
        assert (report["s"]["start_variance_days"], report["s"]["finish_variance_days"]) == (2.0, None)
        assert (report["f"]["start_variance_days"], report["f"]["finish_variance_days"]) == (None, 2.0)
        assert report["s"]["duration_variance_hours"] == 0.0

    def test_added_and_removed_tasks_are_said(self):
        tasks = [task("new", "2024-06-05", "2024-06-06"), TASK, wbs("w"), task("h", type="LongHammock")]
        base = [baseline_task("a", "2024-06-05", "2024-06-14"), baseline_task("gone", "2024-06-05", "2024-06-14")]
        report = variance(with_baseline(tasks, base))
        assert dict(zip(report["id"], report["status"], strict=True)) == {"a": "in baseline", "new": "not in baseline"}
        notes = about(report).notes
        assert "1 of 2 tasks are not in the baseline; their variance is unknown." in notes
        assert len([note for note in notes if "not among the tasks given" in note]) == 1
        assert about(report).facts["counts"] == {"late": 0, "early": 0, "unchanged": 1, "unknown": 1}

    @pytest.mark.parametrize(
        "report", [variance, late, milestones, progress, s_curve, health, lambda s: earned_value(s, "duration")]
    )
    def test_every_report_that_uses_the_baseline_says_what_was_removed(self, report):
        base = [
            baseline_task("a", "2024-06-05", "2024-06-14", 64),
            baseline_task("gone", "2024-05-06", "2024-05-10", 40),
        ]
        notes = about(report(with_baseline([TASK], base))).notes
        said = [note for note in notes if "not among the tasks given" in note]
        assert len(said) == 1
        assert said[0].startswith("1 task(s) of the baseline are not among the tasks given and are not counted")

    def test_it_says_what_it_is_not(self):
        notes = about(variance(with_baseline([TASK], [baseline_task("a", "2024-06-05", "2024-06-14")]))).notes
        assert "Variance is not delay: a task may be late within its float." in notes


class TestMilestones:
    TASKS = (
        start_date("s", "2024-06-05", actual="2024-06-01"),
        finish_date("f", "2024-06-21"),
        start_date("undated"),
        task("a", "2024-06-05", "2024-06-06"),
        wbs("w", type="FinishKeyDate"),
    )

    def test_each_key_date_has_its_one_date(self):
        report = milestones(schedule(list(self.TASKS)))
        assert report["id"].tolist() == ["s", "f", "undated"]
        assert report["date"].dt.day.tolist()[:2] == [1, 21]
        assert report["is_actual"].tolist() == [True, False, False]
        assert report["baseline_date"].isna().all()
        assert "1 key date(s) have no date." in about(report).notes

    def test_baseline_and_previous_dates(self):
        base = [baseline_task("f", None, "2024-06-14"), baseline_task("s", "2024-06-03", None)]
        before = schedule([finish_date("f", "2024-06-20"), start_date("s", "2024-06-05")], data_date="2024-05-06")
        report = milestones(with_baseline(list(self.TASKS), base), previous=before)
        row = rows(report)["f"]
        assert (row["baseline_variance_days"], row["baseline_variance_working_days"], row["slip_days"]) == (
            7.0,
            5.0,
            1.0,
        )
        assert rows(report)["s"]["slip_days"] == -4.0
        assert "Previous: data date 2024-05-06." in about(report).notes
        assert report["previous_date"].dtype == "datetime64[us, UTC]"
