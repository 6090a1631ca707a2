"""Driving logic from stored dates: link floats, the driving path, predecessors and successors of a task."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, driving_path, link_floats, path_to, predecessors, successors
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import Model
from bentley_nb.reports.cpm.passes import INTO_START
from bentley_nb.reports.cpm.reconcile import reconcile
from bentley_nb.reports.cpm.trace import Trace
from tests.reports import logic_oracles
from tests.reports.build import finish_date, link, rows, schedule, start_date, task, wbs
from tests.reports.real import dataset

NOW = "2026-03-09T08:00:00Z"


def hours(number):
    return {"plannedDuration": number * 3600, "remainingDuration": number * 3600}


def plan(*tasks, **collections):
    return schedule(tasks, data_date=NOW, **collections)


# A 5 d drives B 3 d; C 1 d has two days of slack before B.
A = task("a", "2026-03-09", "2026-03-13", **hours(40))
B = task("b", "2026-03-16", "2026-03-18", **hours(24))
C = task("c", "2026-03-09", "2026-03-11", **hours(24))
SMALL = plan(A, B, C, finish_date("m", "2026-03-18"), task_links=[link("a", "b"), link("c", "b"), link("b", "m")])


class TestLinkFloats:
    def test_slack_in_working_time_of_the_successor(self):
        found = rows(link_floats(SMALL), "link_id")
        assert (found["a-b-FS"]["relationship_float_days"], found["a-b-FS"]["driving"]) == (0.0, True)
        assert (found["c-b-FS"]["relationship_float_hours"], found["c-b-FS"]["driving"]) == (16.0, False)
        assert found["c-b-FS"]["allows"] == pd.Timestamp("2026-03-11T17:00Z")
        assert found["c-b-FS"]["planned"] == pd.Timestamp("2026-03-16T08:00Z")
        assert (found["a-b-FS"]["predecessor"], found["a-b-FS"]["successor"]) == ("A", "B")

    @pytest.mark.parametrize(
        ("kind", "lag", "before", "after", "days"),
        [
            ("FS", 16, ("2026-03-09", "2026-03-10"), ("2026-03-13", "2026-03-13"), 0),
            ("SS", 8, ("2026-03-09", "2026-03-13"), ("2026-03-11", "2026-03-13"), 1),
            ("FF", 8, ("2026-03-09", "2026-03-13"), ("2026-03-13", "2026-03-16"), 0),
            ("SF", 24, ("2026-03-09", "2026-03-13"), ("2026-03-10", "2026-03-11"), 0),
            ("FS", -8, ("2026-03-09", "2026-03-13"), ("2026-03-12", "2026-03-16"), -1),
            ("FS", -80, ("2026-03-09", "2026-03-10"), ("2026-03-09", "2026-03-10"), 0),  # not before the data date
        ],
    )
    def test_link_types_and_lags(self, kind, lag, before, after, days):
        source = plan(task("a", *before), task("b", *after), task_links=[link("a", "b", kind, lag)])
        row = link_floats(source).iloc[0]
        assert row["relationship_float_days"] == days
        assert row["driving"] == (days == 0)

    def test_of_a_lag_only_what_is_left_counts(self):
        source = plan(
            task("a", "2026-03-09", "2026-03-11", actual="2026-03-04", **hours(24)),
            task("b", "2026-03-11", "2026-03-12"),
            task("c", "2026-03-02", "2026-03-04", actual="2026-03-02", done="2026-03-04"),
            task("d", "2026-03-12", "2026-03-12"),
            task_links=[link("a", "b", "SS", 40), link("c", "d", lag=40)],
        )
        assert link_floats(source)["driving"].tolist() == [True, True]

    def test_links_that_cannot_drive_are_missing_and_say_why(self):
        source = plan(
            wbs("w"),
            A,
            B,
            task("h", "2026-03-09", "2026-03-18", type="LongHammock"),
            task("x", "2026-03-02", "2026-03-04", actual="2026-03-02", done="2026-03-04"),
            task("y", "2026-03-09", "2026-03-10", actual="2026-03-05", **hours(16)),
            task_links=[
                link("a", "b"), link("w", "b"), link("a", "h"), link("gone", "b"), link("a", "x"), link("a", "y"),
            ],
        )  # fmt: skip
        found = link_floats(source)
        assert found["standing"].tolist() == [
            "open", "WBS row", "hammock", "unknown task", "carried", "ignored out of sequence",
        ]  # fmt: skip
        assert found["driving"].isna().tolist() == [False, True, True, True, True, False]

    def test_a_lag_without_a_calendar_is_put_where_the_dates_fit(self):
        """24 hours after Friday 17:00 on the clock, three days of five-day work."""
        source = plan(A, task("b", "2026-03-16", "2026-03-16"), task_links=[link("a", "b", lag=24)])
        row = link_floats(source).iloc[0]
        assert (row["driving"], row["lag_calendar"], row["lag_calendar_from"]) == (True, "24 hours a day", "chosen")
        assert any("fit 24 hours a day best" in note for note in about(link_floats(source)).notes)


class TestPath:
    def test_in_order_with_what_drives_each(self):
        path = driving_path(SMALL)
        assert path["id"].tolist() == ["a", "b", "m"]
        assert path["driver"].tolist() == ["data date", "link", "link"]
        assert path["driver_id"].tolist()[1:] == ["a", "b"]
        assert path["order"].tolist() == [1, 2, 3]
        facts = about(path).facts
        assert (facts["target"], facts["tasks"], facts["undriven"]) == (["A-b B", "A-m M"], 3, 0)

    def test_near_driving_work_by_its_gap(self):
        path = driving_path(SMALL, within=2)
        assert path.set_index("id")["gap_days"].to_dict() == {"a": 0, "c": 2, "b": 0, "m": 0}
        assert path.set_index("id")["path"].to_dict() == {"a": 1, "c": 2, "b": 1, "m": 1}
        assert len(driving_path(SMALL, within=1.9)) == 3

    def test_the_logic_of_completed_work_leads_on(self):
        """A 5 d > B done out of sequence > C 2 d: C waits for A."""
        source = plan(
            A,
            task("b", "2026-02-25", "2026-02-27", actual="2026-02-25", done="2026-02-27"),
            task("c", "2026-03-16", "2026-03-17", **hours(16)),
            task_links=[link("a", "b"), link("b", "c")],
        )
        path = driving_path(source, "c")
        assert path["id"].tolist() == ["b", "a", "c"]
        assert path["state"].tolist() == ["complete", "not started", "not started"]

    @pytest.mark.parametrize("name", ["b", "A-b", "B"], ids=["id", "user-defined id", "name"])
    def test_to_a_task_by_any_of_its_names(self, name):
        assert path_to(SMALL, name)["id"].tolist() == ["a", "b"]

    def test_a_date_that_nothing_explains(self):
        late = task("b", "2026-03-20", "2026-03-24", **hours(24))
        path = driving_path(plan(A, late, task_links=[link("a", "b")]))
        assert path["driver"].tolist() == ["nothing visible"]
        assert about(path).facts["undriven"] == 1

    @pytest.mark.parametrize(
        ("constraint", "driver"),
        [
            ({"constraintType": "StartAfter", "constraintEarlyDate": "2026-03-20T08:00:00Z"}, "constraint"),
            ({"constraintType": "FinishAfter", "constraintEarlyDate": "2026-03-24T17:00:00Z"}, "constraint"),
            ({"constraintType": "StartAlap"}, "as late as possible"),
        ],
        ids=["start", "finish", "as late as possible"],
    )
    def test_a_date_that_a_constraint_explains(self, constraint, driver):
        late = task("b", "2026-03-20", "2026-03-24", **hours(24), **constraint)
        assert driving_path(plan(A, late, task_links=[link("a", "b")]))["driver"].tolist() == [driver]

    def test_hammocks_and_circles_do_no_harm(self):
        source = plan(
            A, B, task("h", "2026-03-09", "2026-03-18", type="LongHammock"), start_date("s", "2026-03-09"),
            task_links=[link("a", "b"), link("b", "a"), link("h", "b"), link("s", "a")],
        )  # fmt: skip
        assert "h" not in driving_path(source)["id"].tolist()


class TestRefusals:
    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: driving_path(plan(A, task_links=[])), "Without links it is unknown what drives a date."),
            (lambda: driving_path(SMALL | {"data_date": None}), "The schedule has no data date"),
            (lambda: driving_path(SMALL, "nope"), "There is no target 'nope'."),
            (lambda: predecessors(SMALL, "nope"), "There is no task 'nope'."),
            (lambda: driving_path(SMALL, within=-1), "within must be a number of working days"),
            (
                lambda: driving_path(
                    plan(A, task("x", actual="2026-03-02", done="2026-03-04"), task_links=[link("x", "a")]), "x"
                ),
                "The target A-x X is complete",
            ),
            (
                lambda: path_to(plan(A, task("z", "2026-03-09", name="A"), task_links=[link("a", "z")]), "A"),
                "2 tasks have the name 'A'.",
            ),
        ],
        ids=["no links", "no data date", "target", "task", "within", "complete", "ambiguous"],
    )
    def test_says_what_is_wrong(self, call, message):
        with pytest.raises(InvalidRequest, match=message):
            call()


def test_neighbours_of_a_task_the_tightest_first():
    before = predecessors(SMALL, "b")
    assert before[["id", "driving"]].to_numpy().tolist() == [["a", True], ["c", False]]
    after = successors(SMALL, "A-b")
    assert after["id"].tolist() == ["m"]
    assert about(before).notes[0] == "2 predecessor(s) of A-b B; 1 drive it."


class TestAgainstPrimavera:
    @pytest.mark.parametrize(
        ("name", "path", "driving"),
        [
            ("hotel", 133, 4797),
            ("airport_terminal", 36, 66),
            ("villas5_mdl4d", 6, 28),
            ("programme_692", 17, 670),
        ],
    )
    def test_longest_path_and_driving_links(self, shared, name, path, driving):
        source = dataset(shared, name)
        found = driving_path(source)
        opened = found[found["state"] != "complete"]
        flagged = {code for code, row in logic_oracles.stored(shared, name).items() if row["driving_path"] == "Y"}
        complete = source["tasks"].loc[source["tasks"]["actual_finish"].notna(), "user_defined_id"]
        assert set(opened["user_defined_id"]) == flagged - set(complete)
        assert len(opened) == path
        links = link_floats(source)
        assert int(links["driving"].sum()) == driving
        into_complete = links["successor_id"].isin(source["tasks"].loc[source["tasks"]["actual_finish"].notna(), "id"])
        assert links["driving"].isna().tolist() == into_complete.tolist()

    @pytest.mark.parametrize(
        ("name", "count"), [("hotel", 7586), ("airport_terminal", 84), ("villas5_mdl4d", 87), ("programme_692", 1472)]
    )
    def test_the_date_each_link_allows(self, shared, name, count):
        """Primavera's ``aref``, as working positions; of links into a finish it stores the start they allow."""
        found = reconcile(Model.of(Tables.of(dataset(shared, name))))
        model, early = found.model, found.schedule
        trace = Trace.of(model, found.options, early.early_start, early.early_finish)
        codes = model.tables.tasks["user_defined_id"].iloc[model.task].tolist()
        types = dict(enumerate(("FS", "SS", "FF", "SF")))
        own = {}
        for each, at in zip(model.links, trace.allows, strict=True):
            activity = model.activities[each.after]
            left = 0 if each.kind in INTO_START else activity.remaining
            key = codes[each.before], codes[each.after], types[each.kind], each.lag / 3600
            own[key] = activity.clock, activity.clock.position(at) - left
        stored = logic_oracles.allowed_dates(shared, name)
        assert len(stored) == count
        assert [key for *key, at in stored if own[tuple(key)][1] != own[tuple(key)][0].position(at)] == []

    def test_what_was_not_rescheduled_says_so(self, shared):
        assert about(driving_path(dataset(shared, "villas5_mdl4ra"))).facts["undriven"] == 21

    @pytest.mark.parametrize(
        ("name", "to", "count"),
        [
            ("hotel", "HCMEB1Z4170", 52),
            ("hotel", "HCMEB40000", 10),
            ("programme_692", "M1090", 9),
            ("programme_692", "M1260", 10),
        ],
    )
    def test_path_to_a_milestone(self, shared, name, to, count):
        assert len(path_to(dataset(shared, name), to)) == count

    def test_what_explains_the_dates_of_a_programme(self, shared):
        facts = about(link_floats(dataset(shared, "programme_692"))).facts
        assert (facts["driving"], facts["violated"], facts["undriven"]) == (670, 51, 0)
