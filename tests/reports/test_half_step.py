"""The finish split into progress and revisions: a pair checked by hand, and both identities on edited pairs."""

import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, half_step
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import Model, timestamp
from bentley_nb.reports.cpm.passes import NetworkDates, NetworkOptions
from tests.reports.build import link, schedule, task
from tests.reports.real import dataset
from tests.reports.small import calendar

DAY = 8


def work(key, start, finish, days, **members):
    seconds = int(days * DAY * 3600)
    return task(key, start, finish, **{"plannedDuration": seconds, "remainingDuration": seconds, **members})


# Before: data date Monday 2 March; A 5 d > B 5 d > C 5 d, D 4 d > C.
BEFORE = schedule(
    [
        work("a", "2026-03-02", "2026-03-06", 5),
        work("b", "2026-03-09", "2026-03-13", 5),
        work("c", "2026-03-16", "2026-03-20", 5),
        work("d", "2026-03-02", "2026-03-05", 4),
    ],
    data_date="2026-03-02T08:00:00Z",
    task_links=[link("a", "b"), link("b", "c"), link("d", "c")],
)
# After: data date Monday 9 March; A has 2 days left, D is done, B takes 3 days, E 1 day is new between B and C.
AFTER = schedule(
    [
        work("a", "2026-03-09", "2026-03-10", 2, actualStart="2026-03-02T08:00:00Z"),
        work("b", "2026-03-11", "2026-03-13", 3),
        work("e", "2026-03-16", "2026-03-16", 1),
        work("c", "2026-03-17", "2026-03-23", 5),
        task("d", "2026-03-02", "2026-03-05", actual="2026-03-02", done="2026-03-05"),
    ],
    data_date="2026-03-09T08:00:00Z",
    task_links=[link("a", "b"), link("b", "e"), link("e", "c"), link("d", "c")],
)


class TestPairCheckedByHand:
    def test_working_days_of_each_step(self):
        steps = half_step(BEFORE, AFTER)
        assert steps.set_index("step")["movement_working_days"].to_dict() == {
            "time passes": 5,
            "work done": -3,
            "progress": 2,
            "deleted": 0,
            "added and links": 1,
            "durations": -2,
            "calendars": 0,
            "constraints": 0,
            "options": 0,
            "revisions": -1,
            "total": 1,
        }
        assert steps.set_index("step").loc["total", "movement_days"] == 3

    def test_finishes_lead_from_one_to_the_next(self):
        steps = half_step(BEFORE, AFTER).set_index("step")
        assert steps["finish_after"].dt.strftime("%m-%d").to_dict() == {
            "time passes": "03-27", "work done": "03-24", "progress": "03-24", "deleted": "03-24",
            "added and links": "03-25", "durations": "03-23", "calendars": "03-23", "constraints": "03-23",
            "options": "03-23", "revisions": "03-23", "total": "03-23",
        }  # fmt: skip
        assert steps["finish_before"].iloc[0] == pd.Timestamp("2026-03-20T17:00Z")

    def test_what_is_behind_each_step(self):
        steps = half_step(BEFORE, AFTER)
        facts = about(steps).facts
        assert facts["rebuilt"] is True
        assert facts["behind"]["durations"] == ["A-b B"]
        assert facts["behind"]["added and links"] == [
            "A-e E added",
            "A-e E -> A-c C FS+0 h added",
            "A-b B -> A-e E FS+0 h added",
            "A-b B -> A-c C FS+0 h removed",
        ]
        assert facts["due"] == [
            {"task": "A-a A", "expected_remaining_hours": 0.0, "remaining_hours": 16.0, "complete": False}
        ]
        assert steps.set_index("step")["count"].to_dict()["work done"] == 2
        assert about(steps).notes[0] == (
            "The finish moves +3.0 calendar days, +1.0 working days: progress +2.0, revisions -1.0."
        )

    def test_to_a_task(self):
        steps = half_step(BEFORE, AFTER, to="b").set_index("step")
        assert steps.loc["total", "finish_after"] == pd.Timestamp("2026-03-13T17:00Z")
        assert steps.loc["total", "movement_days"] == 0

    def test_the_same_state_twice_moves_nothing(self):
        steps = half_step(BEFORE, BEFORE)
        assert (steps["movement_days"] == 0).all()
        assert not steps["path_changed"].any()


def test_calendars_constraints_and_rewritten_dates_are_steps_of_their_own():
    six = schedule(
        [
            work("a", "2026-03-09", "2026-03-10", 2, actualStart="2026-03-03T08:00:00Z"),
            work(
                "b",
                "2026-03-16",
                "2026-03-20",
                5,
                constraintType="StartAfter",
                constraintEarlyDate="2026-03-16T08:00:00Z",
            ),
            work("c", "2026-03-21", "2026-03-26", 5),
            task("d", "2026-03-02", "2026-03-05", actual="2026-03-02", done="2026-03-05"),
        ],
        data_date="2026-03-09T08:00:00Z",
        task_links=[link("a", "b"), link("b", "c"), link("d", "c")],
        calendars=[calendar("five", 6)],
    )
    started = [
        work("a", "2026-03-02", "2026-03-06", 5, actualStart="2026-03-02T08:00:00Z"),
        *(work(key, start, finish, days) for key, start, finish, days in (
            ("b", "2026-03-09", "2026-03-13", 5), ("c", "2026-03-16", "2026-03-20", 5), ("d", "2026-03-02", "2026-03-05", 4),
        )),
    ]  # fmt: skip
    before = schedule(
        started, data_date="2026-03-02T08:00:00Z", task_links=[link("a", "b"), link("b", "c"), link("d", "c")]
    )
    # The planned finish of b on six days a week is Friday still.
    six["tasks"].loc[six["tasks"]["id"] == "b", "planned_finish"] = pd.Timestamp("2026-03-20T17:00Z")
    steps = half_step(before, six).set_index("step")
    assert steps.loc["calendars", "movement_days"] < 0
    assert steps.loc["constraints", "movement_days"] > 0
    said = about(half_step(before, six))
    assert said.facts["actual_dates_rewritten"] == ["A-a A"]
    assert said.facts["rebuilt"] is True


class TestWhatTheNetworkDoesNotExplain:
    """C is levelled: nothing visible explains its start, one week later than its logic allows, then two weeks."""

    @staticmethod
    def levelled(state, start, finish):
        tasks = state["tasks"].copy()
        tasks.loc[tasks["id"] == "c", ["planned_start", "planned_finish"]] = [
            pd.Timestamp(f"{start}T08:00Z"),
            pd.Timestamp(f"{finish}T17:00Z"),
        ]
        return state | {"tasks": tasks}

    def test_is_refused_and_can_be_held(self):
        before, after = self.levelled(BEFORE, "2026-03-23", "2026-03-27"), AFTER
        with pytest.raises(InvalidRequest, match="The earlier state: The engine gives 2026-03-20") as caught:
            half_step(before, after)
        assert "pass hold='unexplained'" in caught.value.hint
        steps = half_step(before, after, hold="unexplained").set_index("step")
        assert steps.loc["total", "finish_before"] == pd.Timestamp("2026-03-27T17:00Z")
        assert steps.loc["total", "finish_after"] == pd.Timestamp("2026-03-23T17:00Z")

    def test_held_starts_are_a_row_of_their_own(self):
        before = self.levelled(BEFORE, "2026-03-23", "2026-03-27")
        after = self.levelled(AFTER, "2026-03-30", "2026-04-03")
        report = half_step(before, after, hold="unexplained")
        steps = report.set_index("step")
        # Time passes: to 27 March all the same. All else is before the held start, which then moves by a week.
        assert steps["movement_working_days"].to_dict() | {"held starts": 5, "total": 5, "revisions": 0} == (
            steps["movement_working_days"].to_dict()
        )
        assert steps.loc["held starts", "count"] == 1
        assert about(report).facts["behind"]["held starts"] == ["A-c C"]
        assert about(report).facts["rebuilt"] is True
        notes = about(report).notes
        assert notes[0].endswith("progress +0.0, revisions +0.0, not explained by the network +5.0.")
        assert "1 task(s) of the later state are held at their stored start." in notes

    def test_a_finish_that_is_not_the_stored_one_is_a_residual(self):
        """Of 200 tasks one ends by the network later than it is stored: enough agree, and the finish does not."""
        others = [work(f"o{n}", "2026-03-09", "2026-03-09", 1) for n in range(200)]
        linked = [link("a", "b")]
        before = schedule(
            [*others, work("a", "2026-03-09", "2026-03-13", 5), work("b", "2026-03-16", "2026-03-17", 3)],
            data_date="2026-03-09T08:00:00Z",
            task_links=linked,
        )
        after = schedule(
            [*others, work("a", "2026-03-09", "2026-03-13", 5), work("b", "2026-03-16", "2026-03-18", 3)],
            data_date="2026-03-09T08:00:00Z",
            task_links=linked,
        )
        with pytest.raises(InvalidRequest, match="The engine gives 2026-03-18"):
            half_step(before, after)
        steps = half_step(before, after, hold="unexplained").set_index("step")
        assert steps.loc["residual before", "movement_working_days"] == 1
        assert "residual after" not in steps.index
        assert (steps.loc["revisions", "movement_working_days"], steps.loc["total", "movement_working_days"]) == (0, 1)

    def test_nothing_unexplained_adds_no_row(self):
        pd.testing.assert_frame_equal(half_step(BEFORE, AFTER), half_step(BEFORE, AFTER, hold="unexplained"))

    def test_the_levelled_schedule(self, shared):
        source = dataset(shared, "villas5_mdl4ra")
        with pytest.raises(InvalidRequest, match="12 of 62 open tasks agree"):
            half_step(source, source)
        steps = half_step(source, source, hold="unexplained").set_index("step")
        assert (steps["movement_days"] == 0).all()
        assert "held starts" in steps.index


class TestCircularOnTheWay:
    """H, between B and C, becomes a hammock over A and B: with its new links and its old type the network is circular."""

    AFTER = schedule(
        [
            work("a", "2026-03-02", "2026-03-06", 5),
            work("b", "2026-03-09", "2026-03-11", 3),
            work("c", "2026-03-12", "2026-03-18", 5),
            work("d", "2026-03-02", "2026-03-05", 4, type="LongHammock"),
        ],
        data_date="2026-03-02T08:00:00Z",
        task_links=[link("a", "b"), link("b", "c"), link("a", "d", "SS"), link("d", "a", "FF")],
    )

    def test_the_step_is_merged_with_the_next_and_said(self):
        report = half_step(BEFORE, self.AFTER)
        steps = report.set_index("step")
        merged = ["added and links", "durations", "calendars"]
        assert about(report).facts["merged"] == merged
        assert steps.loc[merged, ["finish_after", "movement_days", "path_changed"]].isna().all(axis=None)
        assert (steps.loc["constraints", "movement_working_days"], steps.loc["total", "movement_working_days"]) == (
            -2,
            -2,
        )
        single = steps.drop(index=["progress", "revisions", "total"])["movement_days"].sum()
        assert single == steps.loc["total", "movement_days"] == steps.loc["revisions", "movement_days"]
        assert about(report).facts["rebuilt"] is True
        assert (
            "Step 'added and links' alone makes the network circular; it is counted with the next one."
            in about(report).notes
        )


class TestRefusals:
    def test_states_the_wrong_way_round(self):
        with pytest.raises(
            InvalidRequest, match="The later state has the earlier data date: 2026-03-02 after 2026-03-09"
        ):
            half_step(AFTER, BEFORE)

    def test_dates_that_do_not_follow(self):
        wrong = BEFORE["tasks"].copy()
        wrong.loc[wrong["id"] == "c", ["planned_start", "planned_finish"]] += pd.Timedelta(days=28)
        with pytest.raises(
            InvalidRequest, match=r"The earlier state: The engine gives 2026-03-20 .* stores 2026-04-17"
        ):
            half_step(BEFORE | {"tasks": wrong}, AFTER)

    @pytest.mark.parametrize(
        ("to", "message"),
        [("nope", "There is no target 'nope'"), ("e", "The target 'e' is new"), ("d", "The target A-d D is complete")],
    )
    def test_targets(self, to, message):
        with pytest.raises(InvalidRequest, match=message):
            half_step(BEFORE, AFTER, to=to)


def calculated(frames):
    """Put own dates into a schedule, so that its stored dates follow from its network."""
    model = Model.of(Tables.of(frames))
    made = NetworkDates(model.network(), NetworkOptions(model.now, model.now)).forward()
    tasks = frames["tasks"].copy()
    for n, row in enumerate(model.task):
        if not model.activities[n].is_complete:
            tasks.loc[row, "planned_start"] = timestamp(made.early_start[n])
            tasks.loc[row, "planned_finish"] = timestamp(made.early_finish[n])
    return frames | {"tasks": tasks}


def made_up(seed):
    """A random pair: the later state has progress, and every kind of revision."""
    dice = random.Random(seed)
    keys = [f"t{n}" for n in range(14)]
    days = {key: dice.randint(1, 8) for key in keys}
    links = {
        (a, b, dice.choice(["FS", "FS", "SS", "FF"]), dice.choice([0, 0, 8, -8]))
        for a, b in (sorted(dice.sample(range(14), 2)) for _ in range(20))
    }

    def state(tasks, these, now, **members):
        linked = [link(f"t{a}", f"t{b}", kind, lag) for a, b, kind, lag in sorted(these)]
        return calculated(schedule(tasks, data_date=now, task_links=linked, **members))

    before = state([work(key, "2026-03-02", "2026-03-06", days[key]) for key in keys], links, "2026-03-02T08:00:00Z")
    tasks = []
    for n, key in enumerate(keys):
        fate = dice.random() if n < 6 else 1.0
        if n == 9:
            continue  # deleted
        length = days[key] if dice.random() < 0.6 else dice.randint(1, 8)
        constraint = {"constraintType": "StartAfter", "constraintEarlyDate": "2026-04-01T08:00:00Z"} if n == 11 else {}
        if fate < 0.4:
            tasks.append(task(key, "2026-03-02", "2026-03-06", actual="2026-03-02", done="2026-03-10"))
        elif fate < 0.7:
            tasks.append(work(key, None, None, dice.randint(1, 9), actualStart="2026-03-04T08:00:00Z"))
        else:
            tasks.append(work(key, None, None, length, **constraint))
    tasks.append(work("t14", None, None, dice.randint(1, 6)))
    later = {(a, b, kind, lag) for a, b, kind, lag in links if 9 not in (a, b) and dice.random() < 0.8}
    later |= {(3, 14, "FS", 0), (14, dice.randint(15, 15) - 2, "FS", 0)} if dice.random() < 0.7 else {(3, 14, "FS", 0)}
    days_a_week = dice.choice([5, 5, 6])
    return before, state(tasks, later, "2026-03-16T08:00:00Z", calendars=[calendar("five", days_a_week)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_the_steps_add_up_and_rebuild_the_later_state(seed):
    before, after = made_up(seed)
    steps = half_step(before, after)
    rows = steps.set_index("step")
    single = steps[~steps["step"].isin(["progress", "revisions", "total"])]
    assert single["movement_days"].sum() == pytest.approx(rows.loc["total", "movement_days"], abs=1e-9)
    assert rows.loc["progress", "movement_days"] + rows.loc["revisions", "movement_days"] == pytest.approx(
        rows.loc["total", "movement_days"], abs=1e-9
    )
    assert about(steps).facts["rebuilt"] is True
    assert (
        rows.loc["total", "finish_after"]
        == after["tasks"].loc[after["tasks"]["actual_finish"].isna(), "planned_finish"].max()
    )
