"""Open ends and out-of-sequence progress."""

from itertools import pairwise

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, health, look_ahead, open_ends, out_of_sequence
from tests.reports.build import finish_date, link, rows, schedule, start_date, task, wbs
from tests.reports.real import dataset


def issues(report, key):
    return set(report["issue"][report["id"] == key])


class TestOpenEnds:
    CHAIN = (start_date("s", "2024-06-03"), task("a"), task("b"), finish_date("f", "2024-07-01"))
    LINKS = (link("s", "a"), link("a", "b"), link("b", "f"))

    def test_a_closed_network_has_none(self):
        assert open_ends(schedule(list(self.CHAIN), task_links=list(self.LINKS))).empty

    @pytest.mark.parametrize(
        ("links", "expected"),
        [
            ([link("a", "b")], {"no predecessor"}),
            ([link("s", "a")], {"no successor"}),
            ([link("s", "a"), link("a", "b", "SS")], {"dangling finish"}),
            ([link("s", "a"), link("a", "b", "SF")], {"dangling finish"}),
            ([link("s", "a"), link("a", "b", "SS"), link("a", "b", "FF")], set()),
            ([link("s", "a", "FF"), link("a", "b")], {"dangling start"}),
            ([link("s", "a", "SF"), link("a", "b")], {"dangling start"}),
            ([link("s", "a", "SS"), link("a", "b", "FF")], set()),
            ([], {"no predecessor", "no successor"}),
            ([link("s", "a", deleted=True), link("a", "b")], {"no predecessor"}),
            ([link("gone", "a"), link("a", "b")], {"no predecessor"}),
            ([link("a", "a"), link("a", "b")], {"no predecessor"}),
        ],
    )
    def test_what_is_open(self, links, expected):
        assert issues(open_ends(schedule(list(self.CHAIN), task_links=links)), "a") == expected

    def test_the_first_start_and_the_last_finish_are_excused(self):
        tasks = [*self.CHAIN, start_date("later", "2024-06-10"), finish_date("earlier", "2024-06-10")]
        report = open_ends(schedule(tasks, task_links=[*self.LINKS, link("later", "a"), link("b", "earlier")]))
        assert {key: issues(report, key) for key in ("s", "f", "later", "earlier")} == {
            "s": set(),
            "f": set(),
            "later": {"no predecessor"},
            "earlier": {"no successor"},
        }

    def test_without_key_dates_nothing_is_excused_and_the_notes_say_so(self):
        report = open_ends(schedule([task("a"), task("b")], task_links=[link("a", "b")]))
        assert (issues(report, "a"), issues(report, "b")) == ({"no predecessor"}, {"no successor"})
        assert "There is no start key date, so no task is excused as the first." in about(report).notes

    def test_a_key_date_dangles_only_on_the_side_it_has(self):
        tasks = [task("a"), start_date("s", "2024-06-10"), finish_date("f", "2024-06-10"), task("b")]
        links = [link("a", "s", "FF"), link("s", "b", "SS"), link("a", "f", "FF"), link("f", "b", "SS")]
        report = open_ends(schedule(tasks, task_links=links))
        assert issues(report, "s") == {"dangling start"}
        assert issues(report, "f") == {"dangling finish"}

    def test_completed_hammock_and_summary_are_not_checked(self):
        tasks = [
            task("done", actual="2024-05-01", done="2024-05-02"),
            task("h", type="LongHammock"),
            wbs("w"),
            task("begun", actual="2024-05-01"),
        ]
        report = open_ends(schedule(tasks))
        assert set(report["id"]) == {"begun"}
        assert about(report).facts["checks"]["missing logic"] == {"numerator": 1, "denominator": 1}

    def test_links_at_a_summary_are_listed(self):
        report = open_ends(
            schedule([wbs("w"), *self.CHAIN], task_links=[*self.LINKS, link("w", "a"), link("b", "w", "SS")])
        )
        found = report[report["issue"] == "link to summary"]
        assert found[["id", "link_id", "other_id", "other_name"]].to_numpy().tolist() == [
            ["w", "w-a-FS", "a", "A"],
            ["w", "b-w-SS", "b", "B"],
        ]
        assert about(report).facts["checks"]["link to summary"] == {"numerator": 2, "denominator": 5}

    def test_links_to_summaries_and_hammocks_hold_nothing_as_in_the_health_check(self):
        tasks = [*self.CHAIN, wbs("w"), task("h", type="LongHammock"), task("x")]
        links = [*self.LINKS, link("w", "x"), link("x", "h"), link("h", "a"), link("b", "w")]
        source = schedule(tasks, task_links=links)
        report = open_ends(source)
        assert issues(report, "x") == {"no predecessor", "no successor"}
        row = rows(report[report["issue"] == "no successor"])["x"]
        assert (row["predecessors"], row["successors"]) == (0, 0)
        assert "4 link(s) to WBS rows or hammocks do not count as logic." in about(report).notes
        assert about(report).facts["checks"]["link to summary"] == {"numerator": 2, "denominator": 7}
        found = health(source).set_index("check").loc["logic"]
        assert about(report).facts["checks"]["missing logic"]["numerator"] == found["numerator"] == 1

    def test_cycles_survive(self):
        assert open_ends(schedule([task("a"), task("b")], task_links=[link("a", "b"), link("b", "a")])).empty

    def test_without_links_nothing_is_claimed(self):
        with pytest.raises(InvalidRequest, match=r"The logic is unknown. No 'task_links' among the frames given"):
            open_ends(schedule([task("a")], task_links=None))
        assert "The schedule has no links at all." in about(open_ends(schedule([task("a")]))).notes

    def test_the_real_hotel_against_counting_its_links_one_by_one(self, shared):
        source = dataset(shared, "hotel")
        kinds = {row.id: row.type for row in source["tasks"].itertuples() if not row.is_wbs}
        into, out = {key: set() for key in kinds}, {key: set() for key in kinds}
        for row in source["task_links"].itertuples():
            into[row.successor_id].add(row.type)
            out[row.predecessor_id].add(row.type)
        expected = {
            "dangling start": {
                k
                for k, v in into.items()
                if v and not v & {"FinishToStart", "StartToStart"} and kinds[k] != "FinishKeyDate"
            },
            "dangling finish": {
                k
                for k, v in out.items()
                if v and not v & {"FinishToStart", "FinishToFinish"} and kinds[k] != "StartKeyDate"
            },
        }
        report = open_ends(source)
        for issue, ids in expected.items():
            assert set(report["id"][report["issue"] == issue]) == ids
        assert len(expected["dangling finish"]) == 154


class TestOutOfSequence:
    """GAO's three cases, with what lags do to them."""

    @pytest.mark.parametrize(
        ("kind", "before", "after", "wrong"),
        [
            # an activity starting before its F-S predecessor has finished
            ("FS", {"actual": "2024-05-06"}, {"actual": "2024-05-08"}, True),
            ("FS", {"actual": "2024-05-06", "done": "2024-05-10"}, {"actual": "2024-05-08"}, True),
            ("FS", {"actual": "2024-05-06", "done": "2024-05-10"}, {"actual": "2024-05-13"}, False),
            ("FS", {"actual": "2024-05-06", "done": "2024-05-10"}, {"actual": "2024-05-10T17:00:00Z"}, False),
            ("FS", {}, {"actual": "2024-05-08"}, True),
            # an activity starting before its S-S predecessor has started
            ("SS", {}, {"actual": "2024-05-08"}, True),
            ("SS", {"actual": "2024-05-10"}, {"actual": "2024-05-08"}, True),
            ("SS", {"actual": "2024-05-08"}, {"actual": "2024-05-08"}, False),
            # an activity finishing before its F-F predecessor has finished
            ("FF", {"actual": "2024-05-06"}, {"actual": "2024-05-06", "done": "2024-05-10"}, True),
            (
                "FF",
                {"actual": "2024-05-06", "done": "2024-05-13"},
                {"actual": "2024-05-06", "done": "2024-05-10"},
                True,
            ),
            (
                "FF",
                {"actual": "2024-05-06", "done": "2024-05-10"},
                {"actual": "2024-05-06", "done": "2024-05-10"},
                False,
            ),
            ("FF", {"actual": "2024-05-06"}, {"actual": "2024-05-06"}, False),
            # and what GAO does not list
            ("SF", {}, {"actual": "2024-05-06", "done": "2024-05-10"}, True),
            ("SF", {"actual": "2024-05-08"}, {"actual": "2024-05-06", "done": "2024-05-10"}, False),
            # a successor that has not moved is in sequence
            ("FS", {}, {}, False),
        ],
    )
    def test_the_cases(self, kind, before, after, wrong):
        report = out_of_sequence(schedule([task("p", **before), task("s", **after)], task_links=[link("p", "s", kind)]))
        assert len(report) == wrong
        if wrong:
            assert report["in_gao_list"].tolist() == [kind != "SF"]

    @pytest.mark.parametrize(
        ("lag", "successor", "wrong"),
        [
            (16, "2024-05-14", True),  # Friday 17:00 and two working days: not before Tuesday 17:00
            (16, "2024-05-15", False),
            (-16, "2024-05-08", True),
            (-16, "2024-05-09", False),  # the lead allows it from Thursday 08:00
        ],
    )
    def test_a_lag_moves_the_date_in_working_time(self, lag, successor, wrong):
        tasks = [task("p", actual="2024-05-06", done="2024-05-10"), task("s", actual=successor)]
        report = out_of_sequence(schedule(tasks, task_links=[link("p", "s", lag=lag)]))
        assert len(report) == wrong

    def test_a_lag_on_a_link_of_starts(self):
        tasks = [task("p", actual="2024-05-06"), task("s", actual="2024-05-07")]
        report = out_of_sequence(schedule(tasks, task_links=[link("p", "s", "SS", lag=16)]))
        row = report.iloc[0]
        assert row["required_date"] == pd.Timestamp("2024-05-07T17:00Z")
        assert (row["early_working_days"], row["basis"]) == (1.0, "both actual")

    def test_a_lead_of_an_open_predecessor_is_judged_by_its_plan(self):
        tasks = [
            task("p", "2024-05-06", "2024-06-14", actual="2024-05-06"),
            task("s", actual="2024-05-20"),
            task("ok", actual="2024-06-13"),
        ]
        links = [link("p", "s", lag=-16), link("p", "ok", lag=-16)]
        report = out_of_sequence(schedule(tasks, task_links=links))
        assert report["successor_id"].tolist() == ["s"]
        assert report["basis"].tolist() == ["predecessor's planned date"]

    def test_a_plan_that_the_data_date_has_overtaken_excuses_no_lead(self):
        tasks = [task("p", "2024-05-06", "2024-05-10", actual="2024-05-06"), task("s", actual="2024-05-13")]
        report = out_of_sequence(schedule(tasks, task_links=[link("p", "s", lag=-8)]))
        # It has not finished by Monday 3 June, so a day before that is the earliest start.
        assert report["predecessor_date"].tolist() == [pd.Timestamp("2024-06-03", tz="UTC")]
        assert report["required_date"].tolist() == [pd.Timestamp("2024-05-31T08:00Z")]

    def test_a_lead_without_any_date_cannot_be_judged(self):
        tasks = [task("p"), task("s", actual="2024-05-20")]
        report = out_of_sequence(schedule(tasks, task_links=[link("p", "s", lag=-16)]))
        assert report.empty
        assert "1 link(s) with a lead and no date of the predecessor cannot be judged." in about(report).notes

    def test_key_dates_answer_with_their_one_date(self):
        tasks = [start_date("m", actual="2024-05-10"), task("s", actual="2024-05-08")]
        report = out_of_sequence(schedule(tasks, task_links=[link("m", "s")]))
        assert report["early_days"].tolist() == [2.0]

    def test_counts_and_what_is_not_judged(self):
        tasks = [wbs("w"), task("p"), task("s", actual="2024-05-08", done="2024-05-10"), task("idle")]
        links = [
            link("p", "s"),
            link("p", "s", "SF"),
            link("w", "s"),
            link("p", "idle"),
            {**link("p", "s"), "id": "x", "type": "Odd"},
        ]
        report = out_of_sequence(schedule(tasks, task_links=links))
        said = about(report)
        assert said.facts == {"out_of_sequence": 2, "in_gao_list": 1, "judged": 2, "links": 3}
        assert said.notes[:2] == (
            "2 of 2 links whose successor has the date they hold are out of sequence.",
            "1 of them are start-to-finish links, which GAO does not list.",
        )
        assert "1 link(s) of an unknown type cannot be judged." in said.notes

    def test_names_stand_beside_the_ids(self):
        row = rows(
            out_of_sequence(schedule([task("p"), task("s", actual="2024-05-08")], task_links=[link("p", "s")])),
            "link_id",
        )["p-s-FS"]
        assert (row["predecessor_name"], row["successor_user_defined_id"]) == ("P", "A-s")
        assert row["case"] == "started before its predecessor finished"


def test_a_cycle_of_links_is_named():
    frames = schedule([task("a"), task("b"), task("c")], task_links=[link("a", "b"), link("b", "a"), link("b", "c")])
    notes = about(open_ends(frames)).notes
    assert "3 task(s) are in a cycle of links or depend on one, for example 'A', 'B', 'C'." in notes


def test_a_cycle_is_found_behind_a_chain_of_any_length():
    names = [f"t{number}" for number in range(1_500)]
    links = [link(*pair) for pair in pairwise(names)]
    frames = schedule([task(name) for name in names], task_links=links)
    assert not [note for note in about(open_ends(frames)).notes if "cycle" in note]
    frames = schedule([task(name) for name in names], task_links=[*links, link(names[-1], names[-2])])
    assert any(note.startswith("2 task(s) are in a cycle of links") for note in about(open_ends(frames)).notes)


def test_links_of_hammocks_hold_nothing_in_any_report():
    tasks = [
        task("h", "2024-05-01", "2024-06-28", type="LongHammock"),
        task("a", "2024-06-03", "2024-06-07", actual="2024-06-03"),
    ]
    frames = schedule(tasks, data_date="2024-06-04", task_links=[link("h", "a")])
    assert rows(look_ahead(frames))["a"]["open_predecessors"] == 0
    assert out_of_sequence(frames).empty


def test_a_lag_on_an_unknown_calendar_is_not_judged():
    tasks = [
        task("a", "2024-05-01", "2024-05-03", actual="2024-05-01", done="2024-05-03", calendarId="gone"),
        task("b", "2024-05-06", "2024-05-08", actual="2024-05-06"),
    ]
    report = out_of_sequence(schedule(tasks, task_links=[link("a", "b", lag=40)]))
    assert report.empty
    assert "1 link(s) with a lag on an unknown calendar are not judged." in about(report).notes
