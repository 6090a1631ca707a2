"""Two states of a schedule: what moved, came, went, was rewired or rewritten."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, slippage
from tests.reports.build import analysis, finish_date, link, rows, schedule, task, wbs


def before(*tasks, **tables):
    return schedule(list(tasks), data_date="2024-05-06", **tables)


def after(*tasks, **tables):
    return schedule(list(tasks), data_date="2024-06-03", **tables)


def test_slips_are_after_less_before():
    row = rows(slippage(before(task("a", "2024-06-07", "2024-06-14")), after(task("a", "2024-06-10", "2024-06-13"))))[
        "a"
    ]
    assert (row["start_slip_days"], row["start_slip_working_days"]) == (3.0, 1.0)
    assert (row["finish_slip_days"], row["finish_slip_working_days"]) == (-1.0, -1.0)
    assert row["change"] == "changed"


def test_a_state_without_dates_is_not_compared():
    frames = after(task("a", "2024-06-07", "2024-06-14"))
    bare = {**frames, "tasks": frames["tasks"][["id", "name"]]}
    with pytest.raises(InvalidRequest, match="state before have no dates"):
        slippage(bare, frames)
    with pytest.raises(InvalidRequest, match="state after have no dates"):
        slippage(frames, bare)
    assert slippage(bare, bare)["change"].tolist() == ["same dates"]


def test_added_deleted_changed_same_dates():
    old = before(
        task("same", "2024-06-07", "2024-06-14"),
        task("moved", "2024-06-07"),
        task("gone"),
        wbs("w"),
        task("h", type="LongHammock"),
    )
    new = after(task("same", "2024-06-07", "2024-06-14"), task("moved", "2024-06-08"), task("new"), wbs("v"))
    report = slippage(old, new)
    assert {key: row["change"] for key, row in rows(report).items()} == {
        "same": "same dates",
        "moved": "changed",
        "gone": "deleted",
        "new": "added",
    }
    assert about(report).facts["counts"] == {"added": 1, "deleted": 1, "changed": 1, "same dates": 1}
    assert rows(report)["gone"]["name"] == "GONE"
    assert pd.isna(rows(report)["gone"]["state_after"])


@pytest.mark.parametrize(
    "changed",
    [
        task("a", "2024-06-07", "2024-06-14", plannedDuration=3600),
        task("a", "2024-06-07", "2024-06-14", actual="2024-05-20"),
        task("a", "2024-06-07", None),
    ],
)
def test_any_of_dates_duration_and_actuals_is_a_change(changed):
    report = slippage(before(task("a", "2024-06-07", "2024-06-14")), after(changed))
    assert report["change"].tolist() == ["changed"]


class TestJoin:
    def test_by_id(self):
        said = about(slippage(before(task("a")), after(task("a"))))
        assert "Matched by id: 100% of the tasks." in said.notes
        assert (said.facts["key"], said.facts["matched"]) == ("id", 1.0)

    def test_by_user_defined_id_where_ids_were_replaced(self):
        old = before(*(task(f"old{n}", "2024-06-07", userDefinedId=f"U{n}") for n in range(5)))
        new = after(*(task(f"new{n}", "2024-06-10", userDefinedId=f"U{n}") for n in range(5)))
        report = slippage(old, new)
        assert set(report["change"]) == {"changed"}
        assert report["start_slip_days"].tolist() == [3.0] * 5
        assert "Matched by user defined id (only 0% match by id): 100% of the tasks." in about(report).notes

    def test_eighty_percent_by_id_are_enough(self):
        old = before(*(task(str(n)) for n in range(5)))
        new = after(*(task(str(n)) for n in range(4)), task("x", userDefinedId="A-4"))
        assert about(slippage(old, new)).facts["key"] == "id"
        assert about(slippage(old, new, key="user_defined_id")).facts["counts"]["same dates"] == 5

    def test_an_id_used_twice_matches_nothing(self):
        old = before(task("1", userDefinedId="U"), task("2", userDefinedId="U"), task("3", userDefinedId="V"))
        new = after(task("7", userDefinedId="U"), task("9", userDefinedId="V"))
        report = slippage(old, new)
        assert {key: row["change"] for key, row in rows(report).items()} == {
            "1": "deleted",
            "2": "deleted",
            "7": "added",
            "9": "same dates",
        }
        assert any("2 task(s) before and 0 after share their user defined id" in note for note in about(report).notes)

    @pytest.mark.parametrize("key", ["id", "user_defined_id"])
    def test_an_id_used_again_for_other_work_is_pointed_out(self, key):
        old = before(task("a", name="Excavate"), task("b", name="Pour slab"), task("c", name=None))
        new = after(task("a", name="Excavate "), task("b", name="Paint doors"), task("c", name="Columns"))
        (said,) = [note for note in about(slippage(old, new, key=key)).notes if "another name" in note]
        assert said.startswith(
            "1 of the tasks matched have another name than before ('Pour slab' is now 'Paint doors')"
        )

    def test_two_schedules_that_have_nothing_in_common_are_pointed_out(self):
        report = slippage(before(task("a")), after(task("b")))
        assert (
            "Few tasks match by id or by user defined id: are these two states of one schedule?" in about(report).notes
        )

    def test_an_unknown_key_is_refused(self):
        with pytest.raises(InvalidRequest, match=r"cannot be matched by 'name'.*\n.*user_defined_id"):
            slippage(before(task("a")), after(task("a")), key="name")


class TestLogic:
    TASKS = (task("a"), task("b"), task("c"))

    def test_links_added_deleted_and_changed(self):
        old = before(*self.TASKS, task_links=[link("a", "b"), link("b", "c", lag=8)])
        new = after(*self.TASKS, task_links=[link("b", "c", lag=16), link("a", "c", "SS")])
        report = slippage(old, new)
        counts = {
            key: tuple(row[f"links_{what}"] for what in ("added", "deleted", "changed"))
            for key, row in rows(report).items()
        }
        assert counts == {"a": (1, 1, 0), "b": (0, 1, 1), "c": (1, 0, 1)}
        assert report["logic_changed"].all()
        assert about(report).facts["links"] == {"added": 1, "deleted": 1, "changed": 1}

    def test_another_type_is_another_link(self):
        report = slippage(
            before(*self.TASKS, task_links=[link("a", "b")]), after(*self.TASKS, task_links=[link("a", "b", "SS")])
        )
        assert about(report).facts["links"] == {"added": 1, "deleted": 1, "changed": 0}

    def test_links_follow_the_tasks_when_ids_were_replaced(self):
        old = before(*(task(f"o{n}", userDefinedId=n) for n in "12"), task_links=[link("o1", "o2")])
        new = after(*(task(f"n{n}", userDefinedId=n) for n in "12"), task_links=[link("n1", "n2")])
        assert not slippage(old, new)["logic_changed"].any()

    def test_links_of_a_deleted_task_count_at_both_ends(self):
        report = slippage(before(task("a"), task("b"), task_links=[link("a", "b")]), after(task("a")))
        assert rows(report)["a"]["links_deleted"] == 1
        assert rows(report)["b"]["links_deleted"] == 1

    def test_without_links_the_logic_is_unknown(self):
        report = slippage(before(task("a"), task_links=None), after(task("a")))
        assert report["logic_changed"].isna().all()
        assert report["change"].tolist() == ["same dates"]
        assert any(
            note.startswith("Changed logic is unknown: the earlier state has no links.") for note in about(report).notes
        )


class TestDecm:
    def check(self, report, name):
        return next(check for check in about(report).facts["checks"] if check["check"] == name)

    def test_actual_dates_rewritten(self):
        """DECM 06A504a and b: actual dates in both updates that differ; a first actual date is no rewriting."""
        old = before(
            task("kept", actual="2024-05-01", done="2024-05-03"),
            task("start", actual="2024-05-01"),
            task("finish", actual="2024-05-01", done="2024-05-03"),
            task("fresh"),
        )
        new = after(
            task("kept", actual="2024-05-01", done="2024-05-03"),
            task("start", actual="2024-05-02"),
            task("finish", actual="2024-05-01", done="2024-05-04"),
            task("fresh", actual="2024-05-20"),
        )
        report = slippage(old, new)
        assert {key for key, row in rows(report).items() if row["actual_dates_changed"]} == {"start", "finish"}
        starts, finishes = self.check(report, "06A504a"), self.check(report, "06A504b")
        assert (starts["numerator"], starts["denominator"], starts["threshold"]) == (1, 3, 10.0)
        assert (finishes["numerator"], finishes["denominator"], finishes["percent"]) == (1, 2, 50.0)

    def test_riding_the_data_date(self):
        """DECM 06A506c: open, and planned on the data date in two updates running."""
        old = before(
            task("rider", "2024-05-06", "2024-05-20"),
            task("once", "2024-05-06", "2024-05-20"),
            task("late", "2024-04-01", "2024-05-06", actual="2024-04-01"),
            finish_date("f", "2024-05-06"),
            task("begun", "2024-05-06", "2024-05-20"),
            task("now", "2024-05-13", "2024-05-20"),
        )
        new = after(
            task("rider", "2024-06-03", "2024-06-17"),
            task("once", "2024-06-10", "2024-06-20"),
            task("late", "2024-04-01", "2024-06-03", actual="2024-04-01"),
            finish_date("f", "2024-06-03"),
            task("begun", "2024-06-03", "2024-06-20", actual="2024-05-30"),
            task("now", "2024-06-03", "2024-06-10"),
        )
        report = slippage(old, new)
        assert {key for key, row in rows(report).items() if row["rides_data_date"]} == {"rider", "late", "f"}
        check = self.check(report, "06A506c")
        assert (check["numerator"], check["denominator"], check["percent"], check["threshold"]) == (3, 6, 50.0, 1.0)

    def test_the_day_of_the_data_date_is_that_of_the_zone(self):
        old = schedule([task("a", "2024-05-06T22:00:00Z", "2024-05-20")], data_date="2024-05-06T08:00Z")
        new = schedule([task("a", "2024-06-03T22:00:00Z", "2024-06-20")], data_date="2024-06-03T08:00Z")
        assert slippage(old, new)["rides_data_date"].tolist() == [True]
        assert slippage(old, new, zone="Asia/Dubai")["rides_data_date"].tolist() == [False]

    @pytest.mark.parametrize(
        ("zone", "day"),
        [("Africa/Cairo", "2024-04-26"), ("Asia/Beirut", "2024-03-31"), ("America/Havana", "2024-11-03")],
    )
    def test_days_on_which_clocks_change_at_midnight(self, zone, day):
        state = schedule([task("a", f"{day}T12:00:00Z", "2024-12-20")], data_date=f"{day}T10:00Z")
        assert slippage(state, state, zone=zone)["rides_data_date"].tolist() == [True]

    def test_a_finish_that_was_worked_out_does_not_ride(self):
        """In progress without finish or duration: it is taken to go on to the data date, whichever that is."""
        states = [
            schedule([task("a", "2024-05-01", actual="2024-05-01")], data_date=day)
            for day in ("2024-05-06", "2024-06-03")
        ]
        assert slippage(*states)["rides_data_date"].tolist() == [False]

    def test_without_data_dates_it_is_unknown(self):
        source = {"tasks": before(task("a", "2024-05-06"))["tasks"]}
        report = slippage(source, source)
        assert report["rides_data_date"].isna().all()
        assert self.check(report, "06A506c")["numerator"] is None
        assert "Without both data dates it is unknown which tasks ride the data date." in about(report).notes

    def test_the_wrong_order_is_pointed_out(self):
        notes = about(slippage(after(task("a")), before(task("a")))).notes
        assert "The data date went back: are the two states in the right order?" in notes


def test_float_used_up():
    old = before(task("a"), task_scheduling_analyses=[analysis("a", 80)])
    new = after(task("a"), task_scheduling_analyses=[analysis("a", 16)])
    row = rows(slippage(old, new))["a"]
    assert (row["float_before_days"], row["float_after_days"], row["float_change_days"]) == (10.0, 2.0, -8.0)


def test_a_withdrawn_actual_date_is_a_change_and_a_minute_is_not():
    """DECM 06A504a: the previous actual start is not blank and its day differs."""
    old = before(
        task("moved", "2024-05-01", actual="2024-05-02"),
        task("minute", "2024-05-01", actual="2024-05-02"),
        task("withdrawn", "2024-05-01", actual="2024-05-02"),
        task("new", "2024-05-01"),
    )
    new = after(
        task("moved", "2024-05-01", actual="2024-05-03"),
        task("minute", "2024-05-01", actual="2024-05-02T08:01:00Z"),
        task("withdrawn", "2024-05-01"),
        task("new", "2024-05-01", actual="2024-05-02"),
    )
    report = slippage(old, new)
    changed = {key: bool(row["actual_dates_changed"]) for key, row in rows(report).items()}
    assert changed == {"moved": True, "minute": False, "withdrawn": True, "new": False}
    check = about(report).facts["checks"][0]
    assert (check["check"], check["numerator"], check["denominator"]) == ("06A504a", 2, 3)


@pytest.mark.parametrize("turned", [{"type": "LongHammock"}, {"isWbs": True}], ids=["hammock", "wbs"])
def test_a_task_that_became_something_else_keeps_its_row(turned):
    report = slippage(before(task("a", "2024-06-07")), after(task("a", "2024-06-10", **turned), task("b")))
    assert set(report["id"]) == {"a", "b"}
    assert "1 task(s) became hammocks or WBS rows; they are still listed." in about(report).notes


def test_the_match_rate_counts_activities():
    old = before(task("a"), *(wbs(f"w{number}") for number in range(9)))
    new = after(task("other"), *(wbs(f"w{number}") for number in range(9)))
    assert about(slippage(old, new, key="id")).facts["matched"] == 0


def test_actual_dates_that_one_state_lacks_are_not_taken_for_none():
    frames = after(task("a", "2024-06-10", "2024-06-14", actual="2024-05-20"))
    kept = {**frames, "tasks": frames["tasks"][["id", "name", "planned_start", "planned_finish"]]}
    report = slippage(kept, frames)
    assert rows(report)["a"]["start_slip_days"] == 0
    assert "The state before has no column 'actual_start', so planned dates are compared instead." in (
        about(report).notes
    )
