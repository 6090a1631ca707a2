"""Own dates beside the stored ones, what-if and the critical path test, against known answers; and what is refused."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames import frame_from_items
from bentley_nb.reports import about, critical_path_test, network_check, what_if
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import NEEDS, Model
from bentley_nb.reports.cpm.reconcile import reconcile
from bentley_nb.reports.what_if import changed
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule
from tests.reports.build import analysis, finish_date, link, schedule, task
from tests.reports.real import dataset

NOW = "2026-03-09T08:00:00Z"


def work(key, start, finish, days, **members):
    return task(key, start, finish, plannedDuration=days * 8 * 3600, remainingDuration=days * 8 * 3600, **members)


def plan(*tasks, **collections):
    return schedule(tasks, data_date=NOW, **collections)


# A 5 d > B 3 d > finish; C 3 d has two days of float.
TASKS = (
    work("a", "2026-03-09", "2026-03-13", 5),
    work("b", "2026-03-16", "2026-03-18", 3),
    work("c", "2026-03-09", "2026-03-11", 3),
    finish_date("m", "2026-03-18"),
)
LINKS = [link("a", "b"), link("c", "b"), link("b", "m")]
SMALL = plan(
    *TASKS,
    task_links=LINKS,
    task_scheduling_analyses=[analysis("a", 0), analysis("b", 0), analysis("c", 16), analysis("m", 0)],
)
LATE = plan(TASKS[0], work("b", "2026-04-01", "2026-04-03", 3), task_links=[link("a", "b")])


class TestNetworkCheck:
    def test_own_dates_and_floats_beside_the_stored_ones(self):
        check = network_check(SMALL)
        facts = about(check).facts
        assert [facts[name] for name in ("open", "agree_start", "agree_finish", "agree_float")] == [4, 4, 4, 4]
        assert (facts["float_unit"], facts["end"], facts["held"], facts["agrees"]) == ("seconds", None, 0, True)
        assert facts["verdict"] == (
            "Own dates agree with the stored ones: finish 2026-03-18 17:00, 4 of 4 open tasks agree."
        )
        row = check.set_index("id").loc["c"]
        assert (row["own_total_float_days"], row["total_float_days"], row["differs_hours"]) == (2.0, 2.0, 0.0)
        assert check.set_index("id").loc["m", ["start", "own_start"]].isna().all()

    @pytest.mark.parametrize(("unit", "per_hour"), [("minutes", 60), ("hours", 1), ("days", 1 / 8)])
    def test_the_unit_of_the_stored_floats(self, unit, per_hour):
        floats = {"task_id": list("abcm"), "downstream_total_float": [0.0, 0.0, 16 * per_hour, 0.0]}
        facts = about(network_check(SMALL | {"task_scheduling_analyses": pd.DataFrame(floats)})).facts
        assert (facts["float_unit"], facts["agree_float"]) == (unit, 4)

    def test_a_must_finish_date_shows_in_the_floats(self):
        floats = [analysis("a", 16), analysis("b", 16), analysis("c", 32), analysis("m", 16)]
        facts = about(network_check(plan(*TASKS, task_links=LINKS, task_scheduling_analyses=floats))).facts
        assert (facts["end"], facts["agree_float"]) == ("2026-03-20T17:00:00+00:00", 4)

    def test_progress_override_shows_in_the_dates(self):
        started = work("b", "2026-03-09", "2026-03-11", 3, actualStart="2026-03-05T08:00:00Z")
        check = network_check(plan(TASKS[0], started, task_links=[link("a", "b")]))
        said = about(check)
        assert said.facts["out_of_sequence"] == "progress override"
        assert any(
            note
            == "Logic out of sequence: progress override, found from 4 of 4 stored dates; retained logic 2 would fit."
            for note in said.notes
        )

    def test_options_that_fit_equally_are_said(self):
        started = work("b", "2026-03-16", "2026-03-18", 3, actualStart="2026-03-05T08:00:00Z")
        done = task("d", actual="2026-03-02", done="2026-03-03")
        in_sequence = plan(done, TASKS[0], started, task_links=[link("d", "a"), link("a", "b", "FF", 24)])
        assert any("The data do not show which is set." in note for note in about(network_check(in_sequence)).notes)

    def test_dates_that_do_not_follow_and_holding_them(self):
        said = about(network_check(LATE))
        assert said.facts["agrees"] is False
        assert said.notes[0] == (
            "The engine gives 2026-03-18 for this schedule, the service stores 2026-04-03; 1 of 2 open tasks agree."
        )
        assert said.notes[1].startswith("1 task is held by something the API does not show (levelling, or not")
        held = network_check(LATE, hold="unexplained")
        facts = about(held).facts
        assert (facts["agree_start"], facts["agree_finish"], facts["held"], facts["agrees"]) == (2, 2, 1, True)
        assert held["own_total_float_days"].isna().all()

    @pytest.mark.parametrize("without", [{}, {"calendars": SMALL["calendars"].iloc[:0]}], ids=["not given", "empty"])
    def test_without_calendars_these_are_what_is_missing(self, without):
        other = {name: frame for name, frame in LATE.items() if name != "calendars"} | without
        with pytest.raises(InvalidRequest, match="1 of 2 open tasks agree") as raised:
            what_if(other, {"a": "+1d"})
        assert "Five days of eight hours were assumed" in str(raised.value.hint)

    @pytest.mark.parametrize(("finish", "used"), [("2026-03-18", True), ("2026-03-13", False)])
    def test_whether_expected_finishes_are_used_shows_in_the_dates(self, finish, used):
        expected = work("a", "2026-03-09", finish, 5, expectedFinish="2026-03-18T17:00:00Z")
        after = work("b", "2026-03-19", "2026-03-20", 2) if used else work("b", "2026-03-16", "2026-03-17", 2)
        facts = about(network_check(plan(expected, after, task_links=[link("a", "b")]))).facts
        assert (facts["expected_finish"], facts["agrees"]) == (used, True)

    def test_what_cannot_be_rescheduled_keeps_its_dates_and_holds_nothing_back(self):
        pinned = work("b", "2026-03-04", "2026-03-06", 3, constraintType="CannotReschedule")
        check = network_check(plan(TASKS[0], pinned, task_links=[link("a", "b")]))
        assert about(check).facts["agrees"]
        assert check.set_index("id").loc["a", "own_total_float_days"] == 0

    def test_a_finish_recorded_ahead_counts_at_the_data_date(self):
        """As Primavera does with M1030 of programme_692, which finished on the data date's evening."""
        ahead = task("a", actual="2026-03-05", done="2026-03-11")
        source = plan(ahead, work("b", "2026-03-09", "2026-03-11", 3), task_links=[link("a", "b")])
        assert about(network_check(source)).facts["agrees"]

    @pytest.mark.parametrize(
        ("seed", "rows", "elapsed"),
        [(1, 100, 0.68), (2, 150, 0.68), (3, 400, 0.68), (5, 400, 0.3), (7, 700, 0.68), (8, 400, 0.9)],
    )
    def test_sandbox_schedules_of_any_size_and_seed(self, seed, rows, elapsed):
        made = DemoSchedule(f"demo {seed}", rows, elapsed=elapsed)
        frames = {name: frame_from_items(name, made.items(name)) for name in NEEDS}
        frames["tasks"] = frames["tasks"][~frames["tasks"]["deleted"]]
        check = network_check(frames | {"data_date": made.items("project_scheduling")[0]["dataDate"]})
        facts = about(check).facts
        assert facts["agree_start"] == facts["agree_finish"] == facts["open"]
        wrong = check["own_total_float_days"] != check["total_float_days"]
        assert set(check.loc[wrong, "type"]) <= {"LongHammock", "ShortHammock"}  # the sandbox counts theirs otherwise

    def test_the_sandbox_which_schedules_by_passes_of_its_own(self, demo):
        facts = about(network_check(demo)).facts
        assert facts["agree_start"] == facts["agree_finish"] == facts["open"]
        assert (facts["expected_finish"], facts["out_of_sequence"]) == (False, "retained logic")

    @pytest.mark.parametrize(
        ("name", "options", "floats", "end"),
        [
            ("hotel", ("retained logic", "link"), 4216, None),
            ("airport_terminal", ("retained logic", "link"), 66, "2013-02-28T17:00:00+00:00"),
            ("villas5_mdl4d", ("retained logic", "link"), 62, None),
            ("programme_692", ("progress override", "link"), 618, None),
        ],
    )
    def test_options_found_from_real_schedules(self, shared, name, options, floats, end):
        facts = about(network_check(dataset(shared, name))).facts
        assert facts["agree_start"] == facts["agree_finish"] == facts["open"]
        assert (facts["out_of_sequence"], facts["lag_calendar"]) == options
        assert (facts["agree_float"], facts["float_unit"], facts["end"], facts["held"]) == (floats, "seconds", end, 0)

    def test_a_levelled_schedule_is_refused_and_can_be_held(self, shared):
        source = dataset(shared, "villas5_mdl4ra")
        facts = about(network_check(source)).facts
        assert (facts["agree_start"], facts["agree_finish"], facts["open"], facts["agrees"]) == (12, 12, 62, False)
        held = about(network_check(source, hold="unexplained")).facts
        assert (held["agree_start"], held["agree_finish"], held["held"], held["agrees"]) == (62, 62, 21, True)
        with pytest.raises(
            InvalidRequest, match=r"The engine gives 2024-02-17 .* stores 2024-08-01; 12 of 62"
        ) as caught:
            what_if(source, {"C5080": "+10d"})
        assert "21 tasks are held by something the API does not show" in str(caught.value.hint)
        assert len(what_if(source, {"C5080": "+10d"}, hold="unexplained"))


class TestWhatIf:
    def test_the_target_first_then_what_moves(self):
        moved = what_if(SMALL, {"a": "+2d"})
        assert moved["id"].tolist() == ["m", "a", "b"]
        assert moved["moved_working_days"].tolist() == [2.0, 2.0, 2.0]
        row = moved.set_index("id").loc["b"]
        assert (row["start_before"], row["start_after"]) == (
            pd.Timestamp("2026-03-16T08:00Z"),
            pd.Timestamp("2026-03-18T08:00Z"),
        )
        facts = about(moved).facts
        assert (facts["moved_days"], facts["moved_working_days"], facts["moved"]) == (2.0, 2.0, 3)

    @pytest.mark.parametrize(
        ("changes", "days"),
        [
            ({"C": "+2d"}, 0),
            ({"A-c": "+3d"}, 1),
            ({"a": {"remaining": "+1d"}}, 1),
            ({"a": {"remaining": "3d"}}, -2),
            ({"b": {"remaining": "-8h"}}, -1),
            ({"a": {"not_before": "2026-03-11T08:00Z"}}, 2),
            ({"a-b-FS": {"lag": "+3d"}}, 3),
            ({"a": "+1d", "b": {"remaining": "+1d"}}, 2),
            (pd.DataFrame({"id": ["a", "b"], "delay": ["+1d", None], "remaining": [None, "+1d"]}), 2),
        ],
        ids=["in float", "beyond float", "longer", "set", "hours", "not before", "lag", "two", "frame"],
    )
    def test_each_kind_of_change(self, changes, days):
        assert what_if(SMALL, changes)["moved_working_days"].iloc[0] == days

    def test_started_work_moves_its_remainder(self):
        started = work("a", "2026-03-09", "2026-03-13", 5, actualStart="2026-03-05T08:00:00Z")
        moved = what_if(plan(started, *TASKS[1:], task_links=LINKS), {"a": "+1d"}).set_index("id").loc["a"]
        assert moved["start_after"] == pd.Timestamp("2026-03-10T08:00Z")

    def test_nothing_that_moves_is_the_target_alone(self):
        moved = what_if(SMALL, {"c": "+1d"}, to="A-m")
        assert moved["id"].tolist() == ["m", "c"]
        assert moved["moved_working_days"].tolist() == [0.0, 1.0]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"a": "-2d"}, "A-a A cannot start 2d earlier"),
            ({"a": "soon"}, "A-a A: 'soon' is not a duration."),
            ({"nope": "+2d"}, "There is no task 'nope'."),
            ({"a": {"start": "+2d"}}, "There is no kind of change 'start'."),
            ({"a-b-FS": "+2d"}, "A link has no 'delay' to change."),
            ({"m": {"remaining": "+2d"}}, "A-m M is a key date and has no duration."),
            ({}, "There is no change."),
            ("a", "changes must be a mapping or a frame, not str."),
            (pd.DataFrame({"id": ["a"]}), "A frame of changes has a column 'id' and one or more of"),
        ],
        ids=["earlier", "duration", "task", "change", "link", "key date", "none", "text", "frame"],
    )
    def test_what_is_refused(self, changes, message):
        with pytest.raises(InvalidRequest, match=message):
            what_if(SMALL, changes)

    def test_a_circle_is_named(self):
        circular = plan(*TASKS, task_links=[*LINKS, link("b", "a")])
        with pytest.raises(InvalidRequest, match=r"The links are circular: A-\w \w > A-\w \w > A-\w \w\."):
            what_if(circular, {"a": "+1d"})

    @pytest.mark.parametrize(
        ("name", "key", "finish", "moved"),
        [
            ("hotel", "H0000", "2014-08-04T16:00", 4217),
            ("airport_terminal", "BA-P1-10", "2013-03-09T17:00", 65),
            ("airport_terminal", "BA-P1-20", "2013-03-08T17:00", None),
            ("programme_692", "A10320", "2026-04-29T17:00", 19),
            ("programme_692", "A9510", "2026-04-15T17:00", None),
        ],
    )
    def test_ten_days_on_real_schedules(self, shared, name, key, finish, moved):
        report = what_if(dataset(shared, name), {key: "+10d"})
        facts = about(report).facts
        assert facts["finish_after"] == f"{finish}:00+00:00"
        assert report["finish_after"].iloc[0] == pd.Timestamp(finish, tz="UTC")
        assert moved is None or facts["moved"] == moved

    def test_own_float_is_what_can_be_lost(self, shared):
        """One calendar: a delay by its own float leaves the finish, one by a day more moves it by a day."""
        source = dataset(shared, "airport_terminal")
        source["task_scheduling_analyses"] = source["task_scheduling_analyses"].iloc[:0]  # floats count to the finish
        found = reconcile(Model.of(Tables.of(source)))
        model, scope = found.model, found.model.open
        finish = found.finish_of(scope)
        ids = model.tables.tasks["id"].iloc[model.task].tolist()
        for n in scope:
            clock = model.activities[n].clock
            days = found.schedule.total_float(n) / clock.per_day
            at_most, beyond = (
                found.finish_of(scope, changed(found, {ids[n]: f"+{delay:g}d"})) for delay in (days, days + 1)
            )
            assert at_most == finish
            assert clock.position(beyond) - clock.position(finish) == clock.per_day


class TestCriticalPath:
    def test_both_readings(self):
        test = critical_path_test(SMALL)
        assert test["reading"].tolist() == ["longest path", "least float"]
        assert test["moved_working_days"].tolist() == [600.0, 600.0]
        assert about(test).facts == {"passes": True, "longest_path": 600.0, "least_float": 600.0}

    def test_a_task_of_choice(self):
        test = critical_path_test(SMALL, task="A-c", days=100)
        assert (test["moved_working_days"].iloc[0], test["passes"].iloc[0]) == (98.0, True)

    @pytest.mark.parametrize(
        ("name", "path", "finish", "least"),
        [
            ("airport_terminal", ("A1010", 600.0), "2014-10-20T17:00", ("BA-P1-10", 600.0)),
            ("villas5_mdl4d", ("C5080", 600.0), "2025-12-03T16:00", ("C2010", 425.0)),
            ("programme_692", ("A10320", 600.0), "2028-08-02T17:00", ("A9510", 466.0)),
            ("hotel", ("H0000", 611.0), "2016-07-06T16:00", ("H0000", 611.0)),
        ],
    )
    def test_on_real_schedules(self, shared, name, path, finish, least):
        test = critical_path_test(dataset(shared, name))
        found = list(zip(test["user_defined_id"], test["moved_working_days"], strict=True))
        assert found == [path, least]
        assert test["finish_after"].iloc[0] == pd.Timestamp(finish, tz="UTC")
        assert test["passes"].tolist() == [True, least[1] > 570]
