"""The generated programme holds together: dates, floats and progress agree with its own logic and calendars."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from datetime import date
from typing import Any

import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.programme.building import draft
from bentley_nb.sandbox.programme.dating import FS, DatedNetwork, Dependency, Step
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule

from .naive import HAMMOCKS, NaiveSchedule, hour

Items = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def served(generated: DemoSchedule) -> Items:
    names = ("tasks", "task_links", "calendars", "project_scheduling", "task_scheduling_analyses", "baseline_tasks")
    return {name: generated.items(name) for name in names}


@pytest.fixture(scope="module")
def naive(served: Items) -> NaiveSchedule:
    finish = max(t["plannedFinish"] for t in served["tasks"] if t["plannedFinish"])
    return NaiveSchedule(served, date(int(finish[:4]) + 2, 12, 31))


def test_a_second_scheduler_finds_the_same_dates(naive: NaiveSchedule) -> None:
    dates = naive.dates()
    for id_, task in naive.tasks.items():
        if task["status"] == "Finished":
            continue
        start, finish = dates[id_]
        planned = (
            task["plannedStart"] and hour(task["plannedStart"]),
            task["plannedFinish"] and hour(task["plannedFinish"]),
        )
        if task["type"] == "StartKeyDate":
            assert planned == (finish, None)
        elif task["type"] == "FinishKeyDate":
            assert planned == (None, finish)
        elif task["status"] == "Started":
            assert planned[1] == finish, task["name"]
        else:
            assert planned == (start, finish), task["name"]


def test_total_float_is_how_long_a_task_can_be_held_back(naive: NaiveSchedule, served: Items) -> None:
    floats = {row["taskId"]: row for row in served["task_scheduling_analyses"]}
    deadlines = {
        id_: hour(t["constraintLateDate"]) for id_, t in naive.tasks.items() if t["constraintType"] == "FinishBefore"
    }
    plain = naive.dates()
    end = max(finish for _, finish in plain.values())

    def harm(held: str, by: int) -> bool:
        dates = naive.dates(held, by)
        return max(finish for _, finish in dates.values()) > end or any(
            dates[id_][1] > max(late, plain[id_][1]) for id_, late in deadlines.items()
        )

    open_ = [
        id_
        for id_, t in naive.tasks.items()
        if t["status"] != "Finished" and t["type"] == "Work" and t["constraintType"] != "CannotReschedule"
    ]
    some = random.Random(1).sample(open_, min(40, len(open_)))
    assert any(floats[id_]["downstreamTotalFloat"] > 0 for id_ in some)
    for id_ in some:
        total, rest = divmod(floats[id_]["downstreamTotalFloat"], 3600)
        assert rest == 0
        assert floats[id_]["isCritical"] == (total <= 0)
        if total < 0:
            assert any(plain[deadline][1] > late for deadline, late in deadlines.items())
        else:
            assert not harm(id_, total), naive.tasks[id_]["name"]
            assert harm(id_, total + 1), naive.tasks[id_]["name"]


def test_free_float_is_how_long_before_anything_else_moves(naive: NaiveSchedule, served: Items) -> None:
    floats = {row["taskId"]: row["downstreamFreeFloat"] for row in served["task_scheduling_analyses"]}
    stuck = {
        id_ for id_, t in naive.tasks.items() if t["constraintType"] == "CannotReschedule" or t["type"] in HAMMOCKS
    }
    after = {link["predecessorId"] for link in naive.links if link["successorId"] not in stuck}
    plain = naive.dates()

    def moved(held: str, by: int) -> bool:
        dates = naive.dates(held, by)
        return any(
            dates[id_] != plain[id_] for id_, t in naive.tasks.items() if id_ != held and t["type"] not in HAMMOCKS
        )

    open_ = [id_ for id_, t in naive.tasks.items() if t["status"] == "Planned" and t["type"] == "Work" and id_ in after]
    for id_ in random.Random(2).sample(open_, min(30, len(open_))):
        free = floats[id_] // 3600
        assert not moved(id_, free), naive.tasks[id_]["name"]
        assert moved(id_, free + 1), naive.tasks[id_]["name"]


def test_there_is_a_critical_path_and_finished_work_has_no_float(naive: NaiveSchedule, served: Items) -> None:
    by_task = {row["taskId"]: row for row in served["task_scheduling_analyses"]}
    assert by_task.keys() == naive.tasks.keys()
    done = {id_ for id_, t in naive.tasks.items() if t["status"] == "Finished"}
    assert {by_task[id_]["downstreamTotalFloat"] for id_ in done} == {None}
    assert not any(by_task[id_]["isCritical"] for id_ in done)
    critical = [id_ for id_ in naive.tasks if by_task[id_]["isCritical"]]
    assert len(critical) >= 8


def test_dates_lie_on_working_time_and_durations_are_working_time(
    naive: NaiveSchedule, generated: DemoSchedule
) -> None:
    plan = generated.plan
    late_report = {plan.task_id(i) for i in plan.anomalies["actual_after_data_date"]}
    for id_, task in naive.tasks.items():
        hours = naive.hours[task["calendarId"]]

        def worked(start: str, finish: str, hours: list[int] = hours) -> int:
            first, beyond = bisect_left(hours, hour(start)), bisect_left(hours, hour(finish))
            assert hours[first] == hour(start), "work begins in a break"
            assert hours[beyond - 1] + 1 == hour(finish), "work ends in a break"
            return (beyond - first) * 3600

        if task["type"] not in ("Work", "Meeting"):
            continue
        planned = worked(task["plannedStart"], task["plannedFinish"])
        started = task["status"] == "Started"
        assert planned == (task["remainingDuration"] if started else task["plannedDuration"]), task["name"]
        if task["status"] == "Finished":
            assert worked(task["actualStart"], task["actualFinish"]) == task["actualDuration"]
            assert (task["actualFinish"] > plan_date(plan)) == (id_ in late_report)


def plan_date(plan: Any) -> str:
    from bentley_nb.sandbox.programme.guids import instant

    return instant(plan.data_date) or ""


def test_progress_agrees_with_the_data_date(naive: NaiveSchedule, served: Items, generated: DemoSchedule) -> None:
    data_date = served["project_scheduling"][0]["dataDate"]
    left_behind = {generated.plan.task_id(i) for i in generated.plan.anomalies["planned_before_data_date"]}
    assert left_behind
    for id_, task in naive.tasks.items():
        status, percent = task["status"], task["percentComplete"]
        moments = [task[name] for name in ("actualStart", "actualFinish") if task[name]]
        if status == "Planned":
            assert (moments, percent) == ([], 0)
            assert (max(filter(None, (task["plannedStart"], task["plannedFinish"]))) < data_date) == (
                id_ in left_behind
            )
        elif status == "Started":
            assert 1 <= percent <= 99
            assert task["actualFinish"] is None
            assert task["actualStart"] < data_date
            assert task["plannedStart"] >= data_date
            assert task["estimatedFinish"] == task["plannedFinish"]
        else:
            assert (percent, task["remainingDuration"]) == (100, 0)
            assert moments
    assert {"Planned", "Started", "Finished"} == {task["status"] for task in naive.tasks.values()}


def test_the_wrong_records_are_those_that_are_named(naive: NaiveSchedule, generated: DemoSchedule) -> None:
    plan = generated.plan
    early = set()
    for link in naive.links:
        before, after = naive.tasks[link["predecessorId"]], naive.tasks[link["successorId"]]
        if link["type"] == FS and link["lag"] == 0 and after["actualStart"]:
            finish = before["actualFinish"] or before["actualStart"] if before["status"] == "Finished" else None
            if finish is None or finish > after["actualStart"]:
                early.add(after["id"])
    named = {plan.task_id(i) for i in plan.anomalies["out_of_sequence"]}
    # What follows a task that was reported finished after the data date may have started on time.
    reported = {plan.task_id(i) for i in plan.anomalies["actual_after_data_date"]}
    follows = {link["successorId"] for link in naive.links if link["predecessorId"] in reported}
    assert named
    assert named <= early <= named | follows


def test_the_links_are_of_all_types_with_lags_and_a_few_leads(served: Items) -> None:
    links = [link for link in served["task_links"] if not link["deleted"]]
    kinds = Counter(link["type"] for link in links)
    assert set(kinds) == {"FinishToStart", "StartToStart", "FinishToFinish", "StartToFinish"}
    assert kinds["FinishToStart"] > 0.75 * len(links)
    leads = sum(link["lag"] < 0 for link in links)
    assert 0 < leads < 0.03 * len(links)
    assert sum(link["lag"] > 0 for link in links) > leads


def test_nearly_every_activity_has_a_predecessor_and_a_successor(naive: NaiveSchedule) -> None:
    work = {id_ for id_, t in naive.tasks.items() if t["type"] == "Work"}
    before = {link["successorId"] for link in naive.links}
    after = {link["predecessorId"] for link in naive.links}
    assert work <= before
    assert len(work - after) <= max(10, len(work) // 50)


def test_key_dates_have_one_date_only(naive: NaiveSchedule) -> None:
    for task in naive.tasks.values():
        if task["type"] == "StartKeyDate":
            assert task["plannedStart"]
            assert (task["plannedFinish"], task["actualFinish"]) == (None, None)
        if task["type"] == "FinishKeyDate":
            assert task["plannedFinish"]
            assert (task["plannedStart"], task["actualStart"]) == (None, None)
    kinds = Counter(task["type"] for task in naive.tasks.values())
    assert {"Work", "StartKeyDate", "FinishKeyDate", "LongHammock", "ShortHammock", "Meeting"} == set(kinds)


def test_the_baseline_slipped(naive: NaiveSchedule, served: Items, generated: DemoSchedule) -> None:
    then = {item["taskId"]: item for item in served["baseline_tasks"]}
    added = {generated.plan.task_id(i) for i in generated.plan.added}
    assert naive.tasks.keys() - then.keys() == added
    assert added
    deleted = {t["id"] for t in served["tasks"] if t["deleted"]}
    assert then.keys() - naive.tasks.keys() == deleted
    late = sum(
        (t["actualFinish"] or t["plannedFinish"] or "") > then[id_]["plannedFinish"]
        for id_, t in naive.tasks.items()
        if id_ in then and then[id_]["plannedFinish"]
    )
    assert late > len(then) / 5


def test_summaries_span_what_is_below_them(served: Items) -> None:
    tasks = {t["id"]: t for t in served["tasks"] if not t["deleted"]}
    below: dict[str, list[dict[str, Any]]] = {}
    for task in tasks.values():
        if not task["isWbs"]:
            parent = task["parentId"]
            while parent:
                below.setdefault(parent, []).append(task)
                parent = tasks[parent]["parentId"]
    for id_, task in tasks.items():
        if task["isWbs"]:
            moments = [t[name] for t in below[id_] for name in ("plannedStart", "plannedFinish") if t[name]]
            assert (task["plannedStart"], task["plannedFinish"]) == (min(moments), max(moments))
            assert 0 <= task["percentComplete"] <= 100
            assert (task["status"] == "Finished") == all(t["status"] == "Finished" for t in below[id_])
    assert [t["name"] for t in tasks.values() if t["parentId"] is None] == [served["tasks"][0]["name"]]


@pytest.mark.parametrize("rows", [1, 2, 3, 12, 40, 99, 100, 101, 163, 400, 401, 1_499, 1_500, 3_333, 12_000, 25_001])
def test_any_size_can_be_had_exactly(rows: int) -> None:
    made = draft("sizes", rows)
    assert len(made.rows) == rows
    assert all(row.parent is None or row.parent < index for index, row in enumerate(made.rows))
    assert all(0 <= tie.before < rows and 0 <= tie.after < rows for tie in made.ties)


@pytest.mark.parametrize("rows", [1, 2, 30, 60])
def test_tiny_schedules_are_dated_too(rows: int) -> None:
    schedule = DemoSchedule("tiny", rows)
    live = [task for task in schedule.items("tasks") if not task["deleted"]]
    assert len(live) == rows
    assert schedule.items("animation_bindings") is not None


def test_a_schedule_without_rows_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="at least one row, not 0"):
        draft("none", 0)


def test_a_cycle_of_links_is_refused(generated: DemoSchedule) -> None:
    calendar = generated.plan.working[0]
    steps = [Step(calendar, 3600), Step(calendar, 3600)]
    with pytest.raises(InvalidRequest, match="form a cycle"):
        DatedNetwork(steps, [Dependency(0, 1, FS, 0, calendar), Dependency(1, 0, FS, 0, calendar)])
