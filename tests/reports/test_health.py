"""Health checks: the authorities' counting rules and worked examples on schedules of a few tasks."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, health, health_details
from bentley_nb.reports.health import performance
from bentley_nb.reports.health.facts import HARD_CONSTRAINTS
from bentley_nb.reports.health.performance import cpli
from tests.reports.small import at, calendar, done, link, schedule, task

CHECKS = [
    "logic", "leads", "lags", "relationship_types", "hard_constraints", "high_float", "negative_float", "high_duration",
    "invalid_dates", "resources", "missed_tasks", "critical_path_test", "cpli", "bei",
]  # fmt: skip


def check(frames, name, profile="dcma", **options):
    """One row of the report."""
    report = health(frames, profile, **options)
    return report.set_index("check").loc[name]


def figures(row):
    return (row["numerator"], row["denominator"], row["verdict"])


def offenders(frames, name, profile="dcma", **options):
    return health_details(frames, name, profile, **options)


A, B, C = (task(key, "2024-06-10", "2024-06-14", 5) for key in "abc")


def test_fourteen_checks_in_order():
    report = health(schedule(A, B, data_date="2024-06-03"))
    assert report["check"].tolist() == CHECKS
    assert report["number"].tolist() == list(range(1, 15))
    assert report.columns.tolist() == [
        "number", "check", "rule", "numerator", "denominator", "percent", "value", "comparison", "threshold", "verdict", "reason",
        "authority",
    ]  # fmt: skip
    assert report["authority"].str.contains("PAM 200.1").all()


@pytest.mark.parametrize("profile", ["dcma", "bentley", "decm"])
def test_an_empty_schedule_passes_nothing(profile):
    empty, full = health(schedule(), profile), health(schedule(A, data_date="2024-06-03"), profile)
    assert set(empty["verdict"]) == {"not evaluated"}
    assert empty["reason"].notna().all()
    assert dict(empty.dtypes) == dict(full.dtypes)
    assert len(empty) == len(full)


@pytest.mark.parametrize("profile", ["dcma", "bentley", "decm"])
def test_a_tasks_frame_alone_is_checked_as_far_as_it_goes(profile):
    report = health(schedule(A, data_date="2024-06-03")["tasks"], profile, data_date="2024-06-03")
    assert (report["verdict"] != "not evaluated").any()
    without = report[report["verdict"] == "not evaluated"]
    assert (without["reason"].str.len() > 10).all()


@pytest.mark.parametrize("profile", ["dcma", "bentley", "decm"])
def test_what_nothing_is_known_of_does_not_pass(profile):
    frames = schedule(A, B, links=[link("a", "b")])
    bare = {**frames, "tasks": frames["tasks"][["id", "name", "type"]], "data_date": "2024-06-03"}
    report = health(bare, profile).set_index("check")
    assert report.loc["hard_constraints", "reason"].endswith("has a constraint type.")
    assert report.loc["invalid_dates", "reason"].endswith("has a date.")
    names = ["hard_constraints", "invalid_dates", "high_duration"]
    assert set(report.loc[names, "verdict"]) == {"not evaluated"}
    assert set(report.loc[names, "numerator"].isna()) == {True}


def test_what_is_not_known_of_some_is_said():
    known = {"constraintType": "NoConstraint"}
    unknown = task("z", None, None, None, constraintType=None)
    report = health(schedule({**A, **known}, unknown, data_date="2024-06-03")).set_index("check")
    assert report.loc["hard_constraints", "verdict"] == "pass"
    assert report.loc["hard_constraints", "reason"] == "1 of them have no constraint type and are not counted."
    assert "1 of them have no date and are not counted." in report.loc["invalid_dates", "reason"]
    assert "1 of them have no duration and are not counted." in report.loc["high_duration", "reason"]


class TestWhoCounts:
    """Total tasks: not summary, not level of effort, not of zero duration (DCMA-EA PAM 200.1, 4.0)."""

    rows = (
        A,
        done("finished", "2024-05-01", "2024-05-02", 2),
        task("summary", "2024-06-10", "2024-06-14", 5, isWbs=True),
        task("effort", "2024-06-10", "2024-06-14", 5, type="LongHammock"),
        task("milestone", None, "2024-06-14", type="FinishKeyDate"),
        task("moment", "2024-06-10", "2024-06-10", 0),
        task("gone", "2024-06-10", "2024-06-14", 5, deleted=True),
    )

    def test_one_of_seven_rows_is_an_incomplete_task(self):
        frames = schedule(*self.rows, data_date="2024-06-03", links=[])
        assert figures(check(frames, "logic")) == (1, 1, "fail")
        assert check(frames, "hard_constraints")["denominator"] == 1

    def test_bentley_looks_at_all_tasks_for_constraints_and_float(self):
        frames = schedule(*self.rows, data_date="2024-06-03", links=[], floats={"a": 1})
        for name in ("hard_constraints", "high_float", "negative_float"):
            assert check(frames, name, "bentley")["denominator"] == 2
        assert check(frames, "logic", "bentley")["denominator"] == 1

    def test_decm_counts_milestones_too(self):
        frames = schedule(*self.rows, data_date="2024-06-03", links=[])
        assert check(frames, "hard_constraints", "decm")["denominator"] == 3


class TestLogic:
    def test_a_predecessor_and_a_successor_are_needed(self):
        frames = schedule(A, B, C, data_date="2024-06-03", links=[link("a", "b"), link("b", "c")])
        assert figures(check(frames, "logic")) == (2, 3, "fail")
        listed = offenders(frames, "logic")
        assert dict(zip(listed["id"], listed["why"], strict=True)) == {"a": "no predecessor", "c": "no successor"}

    def test_links_to_summaries_hammocks_deleted_tasks_and_oneself_hold_nothing(self):
        rows = (A, task("w", isWbs=True), task("h", type="ShortHammock"), task("gone", deleted=True))
        links = [link("a", "w"), link("h", "a"), link("gone", "a"), link("a", "a"), link("x", "a")]
        frames = schedule(*rows, data_date="2024-06-03", links=links)
        assert offenders(frames, "logic")["why"].tolist() == ["no predecessor, no successor"]

    def test_five_percent_pass_and_a_little_more_does_not(self):
        tasks = [task(f"t{n}", "2024-06-10", "2024-06-14", 5) for n in range(40)]
        ring = [link(f"t{n}", f"t{(n + 1) % 40}") for n in range(40)]
        assert figures(check(schedule(*tasks, data_date="2024-06-03", links=ring[:-1]), "logic")) == (2, 40, "pass")
        assert figures(check(schedule(*tasks, data_date="2024-06-03", links=ring[:-2]), "logic")) == (3, 40, "fail")
        # The service's own default reads "< 5 %".
        assert figures(check(schedule(*tasks, data_date="2024-06-03", links=ring[:-1]), "logic", "bentley")) == (
            2,
            40,
            "fail",
        )

    def test_decm_wants_the_start_driven_and_the_finish_driving(self):
        start = task("s", "2024-06-03", type="StartKeyDate")
        finish = task("f", None, "2024-06-28", type="FinishKeyDate")
        links = [link("s", "a"), link("a", "b", "FinishToFinish"), link("b", "f")]
        frames = schedule(start, A, B, finish, data_date="2024-06-03", links=links)
        assert check(frames, "logic")["numerator"] == 0
        listed = offenders(frames, "logic", "decm")
        assert dict(zip(listed["id"], listed["why"], strict=True)) == {"b": "an open start"}
        links = [link("s", "a"), link("a", "b", "StartToStart"), link("b", "f")]
        listed = offenders(schedule(start, A, B, finish, data_date="2024-06-03", links=links), "logic", "decm")
        assert dict(zip(listed["id"], listed["why"], strict=True)) == {"a": "an open finish"}

    def test_without_links_it_is_not_evaluated(self):
        row = check(schedule(A, data_date="2024-06-03"), "logic")
        assert row["verdict"] == "not evaluated"
        assert "task_links" in row["reason"]


class TestLinks:
    links = (
        link("a", "b", lag_days=-1),
        link("b", "c", lag_days=2),
        link("a", "c", "StartToStart"),
        link("done", "a", lag_days=1),
        link("earlier", "done", "FinishToFinish", lag_days=-3),
    )
    rows = (A, B, C, done("done", "2024-05-06", "2024-05-07", 2), done("earlier", "2024-05-01", "2024-05-02", 2))

    def frames(self):
        return schedule(*self.rows, data_date="2024-06-03", links=self.links)

    def test_only_links_into_incomplete_tasks_count(self):
        assert figures(check(self.frames(), "leads")) == (1, 4, "fail")
        assert figures(check(self.frames(), "lags")) == (2, 4, "fail")
        assert figures(check(self.frames(), "relationship_types")) == (3, 4, "fail")

    def test_bentley_counts_every_link_and_the_other_way_round(self):
        assert figures(check(self.frames(), "leads", "bentley")) == (2, 5, "fail")
        assert figures(check(self.frames(), "relationship_types", "bentley")) == (2, 5, "fail")

    def test_decm_counts_tasks_with_a_lag(self):
        assert figures(check(self.frames(), "lags", "decm")) == (2, 3, "fail")
        assert set(offenders(self.frames(), "lags", "decm")["id"]) == {"a", "c"}

    def test_offending_links_are_named_at_both_ends(self):
        listed = offenders(self.frames(), "leads")
        row = listed.iloc[0]
        assert (row["link_id"], row["predecessor_name"], row["successor_user_defined_id"], row["lag_hours"]) == (
            "a-b", "Task a", "B", -8,
        )  # fmt: skip
        assert offenders(self.frames(), "relationship_types")["why"].tolist() == ["StartToStart"]

    def test_ninety_percent_finish_to_start_pass(self):
        tasks = [task(f"t{n}", "2024-06-10", "2024-06-14", 5) for n in range(11)]
        links = [link(f"t{n}", f"t{n + 1}", "StartToStart" if n == 0 else "FinishToStart") for n in range(10)]
        frames = schedule(*tasks, data_date="2024-06-03", links=links)
        assert figures(check(frames, "relationship_types")) == (9, 10, "pass")
        assert figures(check(frames, "relationship_types", "bentley")) == (1, 10, "fail")

    def test_links_at_summaries_are_left_out_and_said(self):
        frames = schedule(
            A, task("w", isWbs=True), data_date="2024-06-03", links=[link("a", "w", lag_days=-1), link("w", "a")]
        )
        row = check(frames, "leads")
        assert row["verdict"] == "not evaluated"
        assert "no links" in row["reason"]
        assert figures(check(frames, "summary_logic", "decm")) == (1, 1, "fail")


class TestConstraints:
    kinds = (
        *("CannotReschedule", "MandatoryStart", "MandatoryFinish"),
        *("StartBefore", "FinishBefore", "StartBetween", "FinishBetween", "StartOn", "FinishOn"),
        *("StartAfter", "FinishAfter", "StartAlap", "NoConstraint", None),
    )
    rows = tuple(task(f"c{n}", "2024-06-10", "2024-06-14", 5, constraintType=kind) for n, kind in enumerate(kinds))

    @pytest.mark.parametrize(("listed", "count"), [("bentley", 3), ("dcma2009", 5), ("dcma2009+on", 7)])
    def test_each_list_by_name(self, listed, count):
        frames = schedule(*self.rows, data_date="2024-06-03")
        row = check(frames, "hard_constraints", hard_constraints=listed)
        assert row["numerator"] == count == len(HARD_CONSTRAINTS[listed])
        assert listed in row["rule"]
        assert set(offenders(frames, "hard_constraints", hard_constraints=listed)["why"]) == set(
            HARD_CONSTRAINTS[listed]
        )

    def test_dcma_counts_no_later_than_constraints_and_the_service_does_not(self):
        """PAM 200.1 check 5 and the 2009 edition: must start/finish on, start/finish no later than."""
        frames = schedule(*self.rows, data_date="2024-06-03")
        assert {check(frames, "hard_constraints", name)["numerator"] for name in ("bentley", "decm")} == {3}
        assert check(frames, "hard_constraints")["numerator"] == 5
        assert any("hard_constraints='bentley'" in note for note in about(health(frames)).notes)

    def test_a_window_is_on_no_list(self):
        """No authority names SYNCHRO's StartBetween and FinishBetween as hard."""
        assert not {kind for listed in HARD_CONSTRAINTS.values() for kind in listed if kind.endswith("Between")}

    def test_completed_tasks_do_not_matter(self):
        frames = schedule(
            done("a", "2024-05-01", "2024-05-02", 2, constraintType="MandatoryStart"), B, data_date="2024-06-03"
        )
        assert figures(check(frames, "hard_constraints")) == (0, 1, "pass")


class TestWhatIsAchieved:
    def test_a_finish_after_the_status_date_is_no_completion(self):
        """NDIA: BEI and hit tasks count what finished on or before the status date."""
        frames = schedule(
            done("a", "2024-05-27", "2024-05-31", 5),
            done("b", "2024-05-27", "2024-06-05", 5),
            data_date="2024-06-03",
            baseline={"a": ("2024-05-27", "2024-05-31", 5), "b": ("2024-05-27", "2024-05-31", 5)},
        )
        row = check(frames, "bei")
        assert figures(row)[:2] == (1, 2)
        assert "1 of 2 due are complete" in row["reason"]

    def test_links_into_milestones_and_hammocks_are_not_counted(self):
        """Winter 2011, pre-check and check 4: links whose successor is a Total Task."""
        rows = [A, B, task("m", None, "2024-06-14", type="FinishKeyDate"), task("h", type="LongHammock")]
        links = [link("a", "b"), link("b", "m", "FinishToFinish", lag_days=-1), link("a", "h", "StartToStart")]
        frames = schedule(*rows, data_date="2024-06-03", links=links)
        assert [figures(check(frames, name)) for name in ("leads", "lags", "relationship_types")] == [
            (0, 1, "pass"),
            (0, 1, "pass"),
            (1, 1, "pass"),
        ]

    def test_cpli_without_an_imposed_finish_says_that_it_is_one_by_construction(self):
        rows = [task("a", "2024-06-03", "2024-06-14", 10)]
        frames = schedule(
            *rows, data_date="2024-06-03", floats={"a": 0}, baseline={"a": ("2024-06-03", "2024-06-07", 5)}
        )
        row = check(frames, "cpli")
        assert row["value"] == 1
        assert "0 by construction" in row["reason"]
        assert "Against its baseline finish the index is 0.500." in row["reason"]


class TestFloatAndDuration:
    def test_forty_four_days_are_not_high(self):
        frames = schedule(A, B, C, data_date="2024-06-03", floats={"a": 44, "b": 44.01, "c": -0.01})
        assert figures(check(frames, "high_float")) == (1, 3, "fail")
        assert figures(check(frames, "negative_float")) == (1, 3, "fail")
        assert offenders(frames, "high_float")["id"].tolist() == ["b"]
        assert check(frames, "high_float", high_float_days=45)["verdict"] == "pass"

    def test_days_are_those_of_the_calendar(self):
        """45 days of 8 hours are 36 days of 10: the same float is high on one calendar only."""
        ten = calendar("ten", 5, (("07:00", "17:00"),))
        rows = (task("a", "2024-06-10", "2024-06-14", 5), task("b", "2024-06-10", "2024-06-14", 5, calendarId="ten"))
        frames = schedule(*rows, data_date="2024-06-03", calendars=[calendar(), ten], floats={"a": 45, "b": 45})
        assert offenders(frames, "high_float")["id"].tolist() == ["a"]

    def test_without_analyses_or_unit_it_is_not_evaluated(self):
        assert "task scheduling analyses" in check(schedule(A, data_date="2024-06-03"), "high_float")["reason"].replace(
            "_", " "
        )
        frames = schedule(A, data_date="2024-06-03", floats={"a": 1})
        row = check(frames, "negative_float", float_unit=None)
        assert row["verdict"] == "not evaluated"
        assert "unit is not documented" in row["reason"]

    def test_tasks_without_float_are_said(self):
        frames = schedule(A, B, data_date="2024-06-03", floats={"a": 50})
        row = check(frames, "high_float")
        assert figures(row) == (1, 2, "fail")
        assert row["reason"] == "1 of them have no float and are not counted."

    def test_duration_is_the_baselines_and_else_what_remains(self):
        rows = (
            task("a", "2024-06-10", "2024-06-14", 5, remainingDuration=50 * 8 * 3600),
            task("b", "2024-06-10", "2024-06-14", 60),
            task(
                "c", "2024-06-10", "2024-06-14", 60, actualStart=at("2024-06-10", "08:00"), remainingDuration=8 * 3600
            ),
        )
        row = check(schedule(*rows, data_date="2024-06-03"), "high_duration")
        assert figures(row) == (2, 3, "fail")
        assert row["reason"].startswith("There is no baseline")
        baseline = {key: ("2024-06-10", "2024-06-14", days) for key, days in (("a", 44), ("b", 45), ("c", 3))}
        row = check(schedule(*rows, data_date="2024-06-03", baseline=baseline), "high_duration")
        assert figures(row) == (1, 3, "fail")
        assert "baseline duration" in row["rule"]
        del baseline["a"]  # 45 days remain of it, and it came after the baseline
        row = check(schedule(*rows, data_date="2024-06-03", baseline=baseline), "high_duration")
        assert figures(row) == (2, 3, "fail")
        assert "Of 1 without a baseline duration what remains is taken." in row["reason"]
        row = check(schedule(*rows, data_date="2024-06-03", baseline=baseline), "high_duration", "bentley")
        assert "remaining duration" in row["rule"]


class TestDates:
    rows = (
        task("stale start", "2024-05-31", "2024-06-14", 5),
        task("stale finish", "2024-05-20", "2024-05-31", 5, actualStart=at("2024-05-20", "08:00")),
        task("early actual", "2024-06-10", "2024-06-14", 5, actualStart=at("2024-06-10", "08:00")),
        done("early finish", "2024-05-20", "2024-06-04", 5),
        done("fine", "2024-05-20", "2024-05-24", 5),
        A,
    )

    def test_forecasts_in_the_past_and_actuals_in_the_future(self):
        frames = schedule(*self.rows, data_date="2024-06-03")
        row = check(frames, "invalid_dates")
        assert figures(row) == (4, 6, "fail")
        assert row["reason"] == "9a forecast before the data date: 2; 9b actual after it: 2."
        why = offenders(frames, "invalid_dates").set_index("id")["why"]
        assert why["stale start"] == "forecast before the data date"
        assert why["early actual"] == "actual after the data date"

    def test_decm_keeps_them_apart(self):
        frames = schedule(*self.rows, data_date="2024-06-03")
        assert figures(check(frames, "invalid_dates", "decm")) == (2, 5, "fail")
        assert figures(check(frames, "actual_in_future", "decm")) == (2, 6, "fail")  # 06A506a: of all activities

    def test_decm_compares_days_and_dcma_instants(self):
        """06A506a and b: a forecast or an actual on the day of the status date is on it, whatever the hour."""
        rows = (
            task("a", "2024-06-03T06:00:00Z", "2024-06-05", 2),
            task("b", "2024-06-03", "2024-06-05", 2, actualStart="2024-06-03T15:00:00Z"),
        )
        frames = schedule(*rows, data_date="2024-06-03T12:00:00Z")
        assert figures(check(frames, "invalid_dates")) == (2, 2, "fail")
        assert figures(check(frames, "invalid_dates", "decm"))[0] == 0
        assert figures(check(frames, "actual_in_future", "decm")) == (0, 2, "pass")

    def test_the_data_date_itself_is_neither(self):
        rows = (
            task("starts", "2024-06-03", "2024-06-03", 1),
            task("ends", "2024-05-31", "2024-06-03T08:00:00Z", 1, actualStart=at("2024-05-31", "08:00")),
            done("started", "2024-06-03T08:00:00Z", "2024-06-03T08:00:00Z", 1),
        )
        frames = schedule(*rows, data_date="2024-06-03T08:00:00Z")
        assert figures(check(frames, "invalid_dates")) == (0, 3, "pass")

    def test_without_a_data_date_it_is_not_evaluated(self):
        row = check(schedule(A), "invalid_dates")
        assert (row["verdict"], row["reason"]) == ("not evaluated", "The schedule has no data date.")

    def test_progress_without_actual_dates(self):
        rows = (task("a", percentComplete=30), task("b", percentComplete=100), task("c", percentComplete=0))
        frames = schedule(*rows, data_date="2024-06-03")
        assert figures(check(frames, "no_actual_start", "decm")) == (1, 1, "fail")
        assert figures(check(frames, "no_actual_finish", "decm")) == (1, 1, "fail")


class TestResources:
    def test_tasks_of_a_day_need_one_and_no_mark_is_set(self):
        rows = (A, B, task("short", "2024-06-10", "2024-06-10", 0.5))
        assignments = [{"id": "1", "taskId": "a", "resourceId": "r"}]
        frames = schedule(*rows, data_date="2024-06-03", resource_assignments=assignments)
        row = check(frames, "resources")
        assert figures(row) == (1, 2, "not evaluated")
        assert row["percent"] == 50
        assert row["reason"].startswith("No pass mark is set for it.")
        assert check(frames, "resources", resources=60)["verdict"] == "pass"
        assert offenders(frames, "resources")["id"].tolist() == ["b"]

    def test_a_schedule_without_resources_is_not_judged(self):
        assert (
            "not loaded with resources"
            in check(schedule(A, data_date="2024-06-03", resource_assignments=[]), "resources")["reason"]
        )


class TestBaseline:
    """Due: late, in time, not finished. Not due: finished early, to come. One without a baseline."""

    rows = (
        done("late", "2024-05-06", "2024-05-20", 11),
        done("in time", "2024-05-06", "2024-05-10", 5),
        task("open", "2024-06-03", "2024-06-07", 5),
        done("early", "2024-05-06", "2024-05-10", 5),
        task("to come", "2024-06-10", "2024-06-14", 5),
        done("extra", "2024-05-06", "2024-05-07", 2),
    )
    baseline = {  # noqa: RUF012
        "late": ("2024-05-06", "2024-05-10", 5),
        "in time": ("2024-05-06", "2024-05-10", 5),
        "open": ("2024-05-13", "2024-05-17", 5),
        "early": ("2024-06-17", "2024-06-21", 5),
        "to come": ("2024-06-10", "2024-06-14", 5),
    }

    def frames(self, **options):
        return schedule(*self.rows, data_date="2024-06-03", baseline=self.baseline, **options)

    def test_missed_tasks_by_actual_or_forecast_finish(self):
        assert figures(check(self.frames(), "missed_tasks")) == (2, 3, "fail")
        assert offenders(self.frames(), "missed_tasks").set_index("id")["why"].to_dict() == {
            "late": "finished late", "open": "not finished",
        }  # fmt: skip

    @pytest.mark.parametrize(("data_date", "numerator"), [("2024-06-03", 1), ("2024-05-17T17:00Z", 0)])
    def test_an_open_task_cannot_have_finished_in_time(self, data_date, numerator):
        """Its planned finish still says 17 May, and on 3 June it is not done; at its very finish it is not yet late."""
        row = task("open", "2024-05-13", "2024-05-17", 5, actualStart="2024-05-13T08:00:00Z", percentComplete=50)
        frames = schedule(row, data_date=data_date, baseline={"open": ("2024-05-13", "2024-05-17", 5)})
        assert figures(check(frames, "missed_tasks"))[:2] == (numerator, 1)
        assert figures(check(frames, "missed_tasks", missed="completed"))[:2] == (0, 1)

    def test_winter_counts_completed_ones_only(self):
        assert figures(check(self.frames(), "missed_tasks", missed="completed")) == (1, 3, "fail")

    def test_bei_counts_every_completion_and_every_task_without_a_baseline(self):
        row = check(self.frames(), "bei")
        assert figures(row) == (4, 4, "pass")  # late, in time, early, extra / late, in time, open + extra
        assert row["value"] == 1
        assert row["reason"] == (
            "Hit tasks: 2 of 3 due are complete (66.7 %) (Edwards 2016); 1 of them finished on or before the baseline "
            "finish (NDIA 2014). 1 without a baseline."
        )
        assert offenders(self.frames(), "bei")["id"].tolist() == ["open"]

    def test_bei_below_its_mark(self):
        row = check(self.frames(), "bei", bei=1.01)
        assert row["verdict"] == "fail"

    def test_without_a_baseline_they_are_not_evaluated(self):
        frames = schedule(*self.rows, data_date="2024-06-03")
        for name in ("missed_tasks", "bei"):
            row = check(frames, name)
            assert row["verdict"] == "not evaluated"
            assert row["reason"].startswith("There is no baseline.")
        assert check(frames, "not_baselined", "decm")["verdict"] == "not evaluated"

    def test_decm_counts_what_is_not_baselined(self):
        assert figures(check(self.frames(), "not_baselined", "decm")) == (1, 6, "fail")

    def test_a_baseline_has_to_be_there_when_it_is_named(self):
        with pytest.raises(InvalidRequest, match="Did you mean 'Contract'"):
            health(self.frames(), baseline="Contrac")


class TestCriticalPathLengthIndex:
    @pytest.mark.parametrize(
        ("length", "spare", "index"), [(80, 20, 1.25), (800, 20, 1.025), (720, -60, 0.917), (800, 200, 1.25)]
    )
    def test_published_examples(self, length, spare, index):
        """NDIA PASEG: 20 days on 80 and on 800; DAU: 60 days of negative float on 720 workdays."""
        assert cpli(length, spare) == pytest.approx(index, abs=5e-4)

    def frames(self, days, spare, **options):
        """A project that ends so many working days after Monday 3 June, with so many days of float."""
        finish = (pd.Timestamp("2024-06-03") + pd.tseries.offsets.BDay(days - 1)).strftime("%Y-%m-%d")
        rows = (
            task("work", "2024-06-03", finish, days),
            task("end", None, finish, type="FinishKeyDate", name="Handover"),
        )
        return schedule(*rows, data_date="2024-06-03T08:00:00Z", floats={"work": 0, "end": spare}, **options)

    @pytest.mark.parametrize(("length", "spare", "index"), [(80, 20, 1.25), (800, 20, 1.025), (720, -60, 660 / 720)])
    def test_on_schedules_of_that_length(self, length, spare, index):
        row = check(self.frames(length, spare), "cpli")
        assert (row["numerator"], row["denominator"]) == (length + spare, length)
        assert row["value"] == pytest.approx(index)
        assert row["verdict"] == ("pass" if index >= 0.95 else "fail")
        assert row["reason"].startswith("Completion task: Handover (END)")

    def test_against_the_baseline_finish(self):
        late = {"end": (None, "2024-09-20", None), "work": ("2024-06-03", "2024-09-20", 80)}
        row = check(self.frames(75, 99, baseline=late), "cpli", completion_float="baseline")
        assert row["value"] == pytest.approx(80 / 75)

    def test_the_completion_task_can_be_named(self):
        row = check(self.frames(80, 20), "cpli", completion="WORK")
        assert row["value"] == 1
        with pytest.raises(InvalidRequest, match="Did you mean 'WORK'"):
            health(self.frames(80, 20), completion="WORKS")

    def test_when_it_cannot_be_told(self):
        assert (
            "no open task"
            in check(schedule(done("a", "2024-05-01", "2024-05-02"), data_date="2024-06-03"), "cpli")["reason"]
        )
        frames = schedule(A, data_date="2024-07-01", floats={"a": 0})
        assert "No working time lies between" in check(frames, "cpli")["reason"]
        frames = schedule(A, B, data_date="2024-06-03", floats={"b": 0})
        assert "Its total float is unknown" in check(frames, "cpli")["reason"]

    @pytest.mark.parametrize(
        ("members", "called"), [({"userDefinedId": None}, "Handover"), ({"name": None}, "END"), ({}, "Handover (END)")]
    )
    def test_the_completion_task_is_called_what_it_has(self, members, called):
        frames = schedule(
            task("end", None, "2024-06-28", **{"type": "FinishKeyDate", "name": "Handover"} | members),
            data_date="2024-06-03",
            floats={"end": 0},
        )
        assert check(frames, "cpli")["reason"].startswith(f"Completion task: {called}, 2024-06-28.")

    def test_a_completion_task_without_dates_is_not_evaluated(self):
        frames = schedule(A, task("end", name="Handover"), data_date="2024-06-03", floats={"end": 0})
        row = check(frames, "cpli", completion="Handover")
        assert row["verdict"] == "not evaluated"
        assert row["reason"].startswith("Completion task: Handover (END), unknown. No working time lies between")


class TestCriticalPathTest:
    """Point 12: 600 working days added to the first task of the path."""

    PATH = (task("a", "2024-06-03", "2024-06-07", 5), task("b", "2024-06-10", "2024-06-12", 3))

    def test_a_path_that_moves_the_finish_passes(self):
        row = check(schedule(*self.PATH, data_date="2024-06-03T08:00Z", links=[link("a", "b")]), "critical_path_test")
        assert (row["verdict"], row["numerator"], row["denominator"]) == ("pass", 0, 1)
        assert "600 working days added to A Task a (longest path) move the finish by 600.0" in row["reason"]

    def test_an_expected_finish_swallows_the_delay(self):
        expected = task("a", "2024-06-03", "2024-06-07", 5, expectedFinish=at("2024-06-07", "17:00"))
        frames = schedule(expected, self.PATH[1], data_date="2024-06-03T08:00Z", links=[link("a", "b")])
        row = check(frames, "critical_path_test")
        assert (row["verdict"], row["numerator"]) == ("fail", 1)
        assert health_details(frames, "critical_path_test")["user_defined_id"].tolist() == ["A"]

    def test_dates_that_do_not_follow_from_the_network_are_not_judged(self):
        late = task("b", "2024-07-01", "2024-07-03", 3)
        frames = schedule(self.PATH[0], late, data_date="2024-06-03T08:00Z", links=[link("a", "b")])
        row = check(frames, "critical_path_test")
        assert row["verdict"] == "not evaluated"
        assert "The engine gives 2024-06-12 for this schedule, the service stores 2024-07-03" in row["reason"]

    def test_without_links_nothing_is_judged(self):
        row = check(schedule(A, data_date="2024-06-03"), "critical_path_test")
        assert row["verdict"] == "not evaluated"
        assert "Without links" in row["reason"]

    def test_its_result_is_kept_for_the_next_report(self, demo, monkeypatch):
        first = health(demo)
        monkeypatch.delattr(performance, "reconcile")
        pd.testing.assert_frame_equal(health(demo), first)
        with pytest.raises(NameError, match="reconcile"):
            health(demo, data_date="2024-05-01")


def test_figures_are_compared_before_rounding():
    tasks = [task(f"t{n}", "2024-06-10", "2024-06-14", 5) for n in range(1000)]
    constrained = [{**row, "constraintType": "MandatoryStart"} if n < 51 else row for n, row in enumerate(tasks)]
    row = check(schedule(*constrained, data_date="2024-06-03"), "hard_constraints")
    assert round(row["percent"]) == 5
    assert row["verdict"] == "fail"


def test_decm_out_of_sequence_and_hammocks():
    rows = (
        task("a", "2024-06-03", "2024-06-07", 5),
        task("b", "2024-06-10", "2024-06-14", 5, actualStart=at("2024-05-27", "08:00"), percentComplete=10),
        task("h", "2024-06-03", "2024-06-07", type="LongHammock"),
    )
    frames = schedule(*rows, data_date="2024-06-03", links=[link("a", "b"), link("h", "b")])
    row = check(frames, "out_of_sequence", "decm")
    assert (row["numerator"], row["verdict"]) == (1, "fail")  # links of hammocks hold nothing in any report
    listed = offenders(frames, "out_of_sequence", "decm")
    assert set(listed["link_id"]) == {"a-b"}
    assert figures(check(frames, "hammocks_driving", "decm")) == (1, 1, "fail")


def test_what_decm_lacks_says_so():
    row = check(schedule(A, data_date="2024-06-03"), "bei", "decm")
    assert (row["verdict"], row["reason"]) == (
        "not evaluated",
        "The metrics of DECM v5.0 have none for it; see profile='dcma'.",
    )


def test_details_repeat_the_figures_and_have_the_same_columns_when_nothing_offends():
    frames = schedule(A, B, data_date="2024-06-03", links=[link("a", "b"), link("b", "a")])
    none = offenders(frames, "logic")
    some = offenders(schedule(A, data_date="2024-06-03", links=[]), 1)
    assert len(none) == 0
    assert none.columns.tolist() == some.columns.tolist()
    assert about(some).facts["verdict"] == "fail"
    assert about(some).facts["numerator"] == 1
    assert about(none).notes[0].startswith("Rule: incomplete tasks without a predecessor")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: health(s, "dcmaa"), r"no health profile 'dcmaa'.\nDid you mean 'dcma'"),
        (lambda s: health(s, logik=3), r"no check or setting 'logik'.\nDid you mean 'logic'"),
        (lambda s: health(s, logic="five"), "threshold of 'logic' must be a number, not 'five'"),
        (lambda s: health(s, hard_constraints="dcma"), r"no list of hard constraints 'dcma'.\nDid you mean 'dcma2009'"),
        (lambda s: health(s, hard_constraints=["bentley"]), r"constraints \['bentley'\].\nDid you mean 'bentley'"),
        (lambda s: health(s, completion=7), "completion must be the id, activity id or name of a task, not 7"),
        (lambda s: health(s, duration="base"), r"duration='base' is not supported.\nDid you mean 'baseline'"),
        (lambda s: health(s, high_float_days="44"), "must be a number of working days of at least 0, not '44'"),
        (lambda s: health(s, high_float_days=-1), "must be a number of working days of at least 0, not -1"),
        (lambda s: health(s, high_duration_days=float("nan")), "must be a number of working days of at least 0"),
        (lambda s: health(s, logic=float("nan")), "threshold of 'logic' must be a number of at least 0, not nan"),
        (lambda s: health(s, logic=-5), "threshold of 'logic' must be a number of at least 0, not -5"),
        (lambda s: health(s, logic=float("inf")), "must be a number of at least 0, not inf"),
        (lambda s: health_details(s, "15"), "no check 15"),
        (lambda s: health(s, dangling=1), "dangling must be True or False, not 1"),
        (lambda s: health(s, float_unit="weeks"), "There is no float unit 'weeks'"),
        (lambda s: health_details(s, "logics"), r"no check 'logics'.\nDid you mean 'logic'"),
        (lambda s: health_details(s, 15), "no check 15"),
    ],
)
def test_wrong_options_are_answered(call, message):
    with pytest.raises(InvalidRequest, match=message):
        call(schedule(A, data_date="2024-06-03"))


def test_a_check_goes_by_its_number_also_as_text():
    frames = schedule(A, data_date="2024-06-03", links=[])
    named, numbered = health_details(frames, "logic"), health_details(frames, "1")
    pd.testing.assert_frame_equal(named, numbered)


def test_cycles_survive():
    frames = schedule(
        A, B, C, data_date="2024-06-03", links=[link("a", "b"), link("b", "c"), link("c", "a")], floats={"a": 1}
    )
    assert check(frames, "logic")["numerator"] == 0
    said = "3 task(s) are in a cycle of links or depend on one, for example 'Task a', 'Task b', 'Task c'."
    assert said in about(health(frames)).notes
    frames["task_links"] = frames["task_links"].iloc[:2]
    assert not [note for note in about(health(frames)).notes if "cycle" in note]


def test_notes_name_profile_unit_and_baseline():
    frames = schedule(A, data_date="2024-06-03", floats={"a": 1}, baseline={"a": ("2024-06-10", "2024-06-14", 5)})
    notes = " ".join(about(health(frames)).notes)
    for text in ("Profile dcma: DCMA 14-Point Assessment.", "Baseline: Contract", "seconds of working time (inferred"):
        assert text in notes
    assert about(health(frames)).facts["profile"] == "dcma"


def test_the_critical_path_test_of_a_very_large_schedule_is_left_to_its_own_report(monkeypatch):
    monkeypatch.setattr(performance, "_MOST_TASKS", 1)
    report = health(schedule(task("a", "2024-05-01", "2024-05-02", 2), task("b", "2024-05-03", "2024-05-04", 2)))
    row = report[report["number"] == 12].iloc[0]
    assert row["verdict"] == "not evaluated"
    assert row["reason"].endswith("Run bn.reports.critical_path_test(s).")
