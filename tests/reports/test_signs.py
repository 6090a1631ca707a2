"""Signs worth a question: each planted one is found, and honest updates have none."""

from itertools import pairwise

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames import frame_from_items
from bentley_nb.reports import about, signs
from bentley_nb.reports.signs import SIGNS
from bentley_nb.sandbox.programme import task_items
from bentley_nb.sandbox.programme.guids import instant
from bentley_nb.sandbox.programme.plan import plan
from tests.reports.build import analysis, baseline_task, finish_date, link, schedule, task, with_baseline
from tests.reports.small import calendar

ELAPSED = (0.1, 0.3, 0.45, 0.6, 0.75, 0.9)


def update(seed, elapsed):
    """One update of a programme: the same plan, seen at a later data date."""
    made = plan(f"honest {seed}", 60, elapsed=elapsed, honest=True)
    makers = (
        task_items.tasks,
        task_items.task_links,
        task_items.task_scheduling_analyses,
        task_items.calendars,
        task_items.baselines,
        task_items.baseline_tasks,
    )
    frames = {maker.__name__: frame_from_items(maker.__name__, maker(made)) for maker in makers}
    return {**frames, "data_date": instant(made.data_date)}


@pytest.mark.parametrize("seed", range(10))
def test_fifty_honest_updates_have_no_sign(seed):
    updates = [update(seed, elapsed) for elapsed in ELAPSED]
    for before, after in pairwise(updates):
        found = signs(before, after)
        assert found.empty, found[["sign", "name", "field", "before", "after"]].to_string()
        assert all(sign["count"] == 0 for sign in about(found).facts["signs"])


def state(data_date, *, drop_links=(), **changed):
    """A schedule of a few tasks; ``changed`` replaces members of a task or whole tables."""
    members = {
        "done": {"actual": "2024-04-01", "done": "2024-04-12", "percentComplete": 100, "actualDuration": 288_000},
        "busy": {
            "actual": "2024-04-15",
            "percentComplete": 30,
            "actualDuration": 86_400,
            "remainingDuration": 201_600,
            "plannedDuration": 288_000,
        },
        "next": {"percentComplete": 0, "remainingDuration": 144_000, "plannedDuration": 144_000},
        "last": {"percentComplete": 0, "remainingDuration": 144_000, "plannedDuration": 144_000},
    }
    dates = {
        "done": ("2024-04-01", "2024-04-12"),
        "busy": ("2024-06-04", "2024-06-20"),
        "next": ("2024-06-21", "2024-06-27"),
        "last": ("2024-06-28", "2024-07-04"),
    }
    tables = {name: changed.pop(name) for name in list(changed) if name not in members}
    tasks = [
        task(key, *changed.get(key, {}).pop("dates", dates[key]), **{**members[key], **changed.get(key, {})})
        for key in members
    ]
    links = [link("done", "busy"), link("busy", "next"), link("next", "last"), link("done", "next")]
    tables = {
        "task_links": [each for each in links if each["id"] not in drop_links],
        "task_scheduling_analyses": [analysis(key, 0, critical=True) for key in ("busy", "next", "last")],
        "calendars": [calendar(), calendar("six", days=6)],
        **tables,
    }
    baseline = tables.pop("baseline", [baseline_task(key, *dates[key], hours=40) for key in dates])
    return with_baseline(tasks, baseline, data_date=data_date, **tables)


BEFORE, AFTER = "2024-05-06", "2024-06-03"
FREED = [analysis("busy", 0, critical=True), analysis("next", 40), analysis("last", 0, critical=True)]
PLANTED = {
    "actual start rewritten": ({}, {"busy": {"actual": "2024-04-22"}}, "actual_start"),
    "actual finish rewritten": ({}, {"done": {"done": "2024-04-10"}}, "actual_finish"),
    "actual start withdrawn": ({}, {"busy": {"actual": None}}, "actual_start"),
    "actual finish withdrawn": ({}, {"done": {"done": None}}, "actual_finish"),
    "progress backwards": ({}, {"busy": {"percentComplete": 20}}, "percent_complete"),
    "remaining cut without progress": ({}, {"next": {"remainingDuration": 36_000}}, "remaining_duration_hours"),
    "lag in place of logic": (
        {},
        {
            "task_links": [
                link("done", "busy"),
                link("next", "last"),
                link("done", "next", lag=80),
            ]
        },
        "lag_hours",
    ),
    "constraint on the path": ({}, {"next": {"constraintType": "StartAfter"}}, "constraint_type"),
    "baseline edited": (
        {},
        {"baseline": [baseline_task("next", "2024-06-21", "2024-07-27", hours=40)]},
        "planned_finish",
    ),
    "calendar changed": ({}, {"calendars": [calendar(days=6), calendar("six", days=6)]}, "week_saturday_day_type_id"),
    "riding the data date": (
        {"next": {"dates": (BEFORE, "2024-05-10")}},
        {"next": {"dates": (AFTER, "2024-06-07")}},
        "planned_start",
    ),
    "criticality lost by duration": (
        {},
        {"next": {"plannedDuration": 72_000}, "task_scheduling_analyses": FREED},
        "planned_duration_hours",
    ),
}


def test_every_sign_is_planted():
    assert list(PLANTED) == [sign.name for sign in SIGNS]


@pytest.mark.parametrize("sign", PLANTED)
def test_a_planted_sign_is_found_and_nothing_else(sign):
    before, after, field = PLANTED[sign]
    found = signs(state(BEFORE, **before), state(AFTER, **after))
    assert set(found["sign"]) == {sign}
    assert field in set(found["field"])
    assert found[["rule", "authority"]].notna().all(axis=None)
    told = {each["sign"]: each["count"] for each in about(found).facts["signs"]}
    assert told.pop(sign) == len(found)
    assert set(told.values()) == {0}
    assert "A sign is an indicator, never a verdict: ask before concluding." in about(found).notes


def test_a_finding_says_what_was_and_what_is():
    found = signs(state(BEFORE), state(AFTER, busy={"actual": "2024-04-22"}))
    (row,) = found.to_dict("records")
    assert (row["before"], row["after"]) == ("2024-04-15 08:00", "2024-04-22 08:00")
    assert (row["user_defined_id"], row["name"], row["table"]) == ("A-busy", "BUSY", "tasks")


class TestWhatIsHonest:
    def test_another_hour_of_the_same_day_is_no_rewriting(self):
        assert signs(state(BEFORE), state(AFTER, busy={"actual": "2024-04-15T10:00:00Z"})).empty

    def test_a_first_actual_date_and_less_to_do(self):
        after = {"actual": "2024-05-20", "percentComplete": 40, "actualDuration": 57_600, "remainingDuration": 86_400}
        assert signs(state(BEFORE), state(AFTER, next=after)).empty

    def test_a_lag_where_no_logic_went(self):
        links = [link("done", "busy"), link("busy", "next", lag=8), link("next", "last"), link("done", "next")]
        assert signs(state(BEFORE), state(AFTER, task_links=links)).empty

    def test_a_constraint_off_the_path(self):
        floats = [analysis("busy", 0, critical=True), analysis("next", 80), analysis("last", 80)]
        states = (
            state(BEFORE, task_scheduling_analyses=floats),
            state(AFTER, task_scheduling_analyses=floats, last={"constraintType": "FinishBefore"}),
        )
        assert signs(*states).empty

    def test_a_new_baseline_beside_the_old_one(self):
        after = state(AFTER)
        tasks = [*after["baseline_tasks"].to_dict("records")]
        second = [{**row, "baseline_id": "b2"} for row in tasks]
        after["baseline_tasks"] = pd.DataFrame([*tasks, *second])
        after["baselines"] = frame_from_items(
            "baselines",
            [{"id": "b1", "name": "Contract", "createdOn": "2024-01-02T00:00:00Z"}, {"id": "b2", "name": "Revised"}],
        )
        assert signs(state(BEFORE), after).empty

    def test_a_second_calendar_without_tasks(self):
        calendars = [calendar(), calendar("six", days=6), calendar("seven", days=7)]
        assert signs(state(BEFORE), state(AFTER, calendars=calendars)).empty


class TestWhatCannotBeTold:
    def test_without_floats_the_path_is_unknown_and_that_is_said(self):
        bare = {"task_scheduling_analyses": None}
        found = signs(state(BEFORE, **bare), state(AFTER, **bare, next={"constraintType": "StartAfter"}))
        assert found.empty
        told = {each["sign"]: each for each in about(found).facts["signs"]}
        assert told["constraint on the path"]["count"] is None
        assert "task_scheduling_analyses" in told["constraint on the path"]["reason"]
        assert any(note.startswith("constraint on the path: not evaluated.") for note in about(found).notes)

    def test_two_tasks_frames_are_enough_for_the_signs_of_tasks(self):
        before, after = state(BEFORE)["tasks"], state(AFTER, busy={"actual": None})["tasks"]
        found = signs(before, after)
        assert found["sign"].tolist() == ["actual start withdrawn"]
        told = {each["sign"]: each["count"] for each in about(found).facts["signs"]}
        assert [name for name, count in told.items() if count is None] == [
            "lag in place of logic",
            "constraint on the path",
            "baseline edited",
            "calendar changed",
            "riding the data date",
            "criticality lost by duration",
        ]

    def test_a_state_without_dates_is_refused(self):
        after = state(AFTER)
        bare = {**after, "tasks": after["tasks"][["id", "name"]]}
        with pytest.raises(InvalidRequest, match="state before have no dates"):
            signs(bare, after)


def test_signs_follow_tasks_whose_ids_were_replaced():
    before = schedule(
        [task(f"o{n}", userDefinedId=f"U{n}", name=f"T{n}") for n in range(3)],
        task_links=[link("o0", "o1"), link("o1", "o2")],
        data_date=BEFORE,
    )
    after = schedule(
        [task(f"n{n}", userDefinedId=f"U{n}", name=f"T{n}") for n in range(3)],
        task_links=[link("n0", "n2", lag=80), link("n0", "n1")],
        data_date=AFTER,
    )
    assert signs(before, after)["sign"].tolist() == ["lag in place of logic"]


def test_a_milestone_may_ride_the_data_date():
    states = [schedule([finish_date("f", day)], data_date=day) for day in (BEFORE, AFTER)]
    (row,) = signs(*states).to_dict("records")
    assert (row["sign"], row["field"], row["after"]) == ("riding the data date", "planned_finish", "2024-06-03 17:00")


def test_nothing_rides_a_data_date_that_did_not_move():
    on_the_day = schedule([finish_date("f", BEFORE)], data_date=BEFORE)
    found = signs(on_the_day, on_the_day)
    assert found.empty
    assert "riding the data date: not evaluated. Both states have the same data date." in about(found).notes
