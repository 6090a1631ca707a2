"""What a report says of itself where it would otherwise be silent: shifted dates, contradictions, missing tables."""

import pytest

from bentley_nb import reports
from bentley_nb.reports import about
from tests.reports.build import baseline_task, schedule, task, wbs, with_baseline
from tests.reports.small import calendar
from tests.reports.test_resources import TWO_WEEKS, assignment, site

OPEN = [task("a", "2024-06-03", "2024-06-07", plannedDuration=144_000), task("b", "2024-06-10", "2024-06-14")]
CREW = site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)])
IN_A_ZONE = {
    "look_ahead": (reports.look_ahead, schedule(OPEN)),
    "slippage": (lambda s, **zone: reports.slippage(s, s, **zone), schedule(OPEN)),
    "s_curve": (reports.s_curve, with_baseline(OPEN, [baseline_task("a", "2024-06-03", "2024-06-07", 40)])),
    "resource_histogram": (reports.resource_histogram, CREW),
}


@pytest.mark.parametrize(("report", "s"), IN_A_ZONE.values(), ids=IN_A_ZONE)
class TestAZone:
    def test_is_named_and_starts_it_moves_out_of_working_time_are_counted(self, report, s):
        notes = about(report(s, zone="America/New_York")).notes
        assert "Days and weeks are those of America/New_York, as asked; the dates are as served (UTC)." in notes
        count = len(s["tasks"])
        assert (
            f"On the clock of America/New_York {count} of {count} tasks start outside the working time of their "
            "calendar: dates and calendars of the service share one clock."
        ) in notes

    def test_that_leaves_the_starts_in_working_time_is_named_without_a_warning(self, report, s):
        notes = about(report(s, zone="Europe/London")).notes  # 08:00 UTC is 09:00 there
        assert "Days and weeks are those of Europe/London, as asked; the dates are as served (UTC)." in notes
        assert not [note for note in notes if "On the clock" in note]

    def test_is_not_spoken_of_where_none_was_asked_for(self, report, s):
        assert not [note for note in about(report(s)).notes if "as served" in note or "On the clock" in note]


BACKWARD = [task("a", "2024-06-14", "2024-06-07"), task("b", "2024-06-03", "2024-06-07")]


@pytest.mark.parametrize(
    "report", [reports.look_ahead, reports.late, reports.milestones, reports.progress, reports.health]
)
def test_a_finish_before_the_start(report):
    assert "1 task(s) finish before they start, for example 'A'." in about(report(schedule(BACKWARD))).notes
    assert not [note for note in about(report(schedule(BACKWARD[1:]))).notes if "before they start" in note]


def test_progress_of_a_schedule_without_wbs_rows():
    said = 'There are no WBS rows to sum up; use by="status", or a code, user field or column.'
    report = reports.progress(schedule(OPEN))
    assert report.empty
    assert said in about(report).notes
    assert said not in about(reports.progress(schedule([wbs("w"), *OPEN]))).notes


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"assignments": []}, "The schedule has no resource assignments."),
        ({"assignments": [assignment("a", "crew", 40)], "resources": []}, "The schedule has no resources."),
        ({"assignments": [assignment("a", "crew")]}, "No assignment has planned units to show."),
    ],
    ids=["no assignments", "no resources", "no units"],
)
def test_a_histogram_of_nothing(tables, said):
    report = reports.resource_histogram(site(TWO_WEEKS, **tables))
    assert report.empty
    assert said in about(report).notes


UNKNOWN = [{"id": "crew", "name": "Crew", "type": "Human", "calendarId": "gone", "availableResourceUnits": 1}]
COUNTED = "1 of 1 rows have no known calendar; their working time is counted on 'five'."


def test_a_resource_on_an_unknown_calendar():
    s = site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)], resources=UNKNOWN)
    said = "1 of 1 rows have no known calendar; their working time is counted on"
    assert any(note.startswith(said) for note in about(reports.resource_histogram(s, capacity={"Crew": 1})).notes)
    assert not any(note.startswith(said) for note in about(reports.resource_histogram(s)).notes), "capacity alone"


def test_a_task_on_an_unknown_calendar_over_whose_working_time_units_are_spread():
    s = site(TWO_WEEKS | {"calendarId": "gone"}, TWO_WEEKS | {"id": "b"}, assignments=[assignment("a", "crew", 40)])
    assert COUNTED in about(reports.resource_histogram(s)).notes


def test_the_calendar_of_the_settings_is_used_where_a_task_names_none():
    calendars = [calendar(), calendar("seven", 7)]
    tasks = [*OPEN, task("c", "2024-06-06", "2024-06-10", calendarId=None)]  # Thursday to Monday
    plain = with_baseline(tasks, [baseline_task("c", "2024-06-06", "2024-06-12")], calendars=calendars)
    settings = schedule(tasks, settings=[{"defaultCalendarId": "seven"}])["settings"]
    for s, name, hours in ((plain, "five", 24), ({**plain, "settings": settings}, "seven", 40)):
        report = reports.variance(s).set_index("id")
        assert (report.loc["c", "duration_hours"], report.loc["c", "finish_variance_working_days"]) == (hours, -2)
        notes = about(reports.total_float(s)).notes
        assert f"1 of 3 rows have no known calendar; their working time is counted on {name!r}." in notes


def test_two_baselines_of_one_name():
    twins = [{"id": f"b{n}", "name": "Contract", "createdOn": f"2024-01-0{n}T00:00:00Z"} for n in (1, 2)]
    base = [baseline_task("a", "2024-06-03", "2024-06-06", baseline=f"b{n}") for n in (1, 2)]
    s = schedule(OPEN, baselines=twins, baseline_tasks=base)
    said = [note for note in about(reports.variance(s, "Contract")).notes if note.startswith("2 baselines")]
    assert len(said) == 1
    assert said[0].startswith("2 baselines are named 'Contract'; this is the one created last.")
    assert not [note for note in about(reports.variance(s, "b1")).notes if note.startswith("2 baselines")]


def test_frames_that_may_have_been_filtered_are_not_taken_for_a_schedule_that_lost_tasks():
    base = [baseline_task(key, "2024-06-03", "2024-06-07", 40) for key in ("a", "b")]
    whole = with_baseline(OPEN, base)
    notes = about(reports.variance({**whole, "tasks": whole["tasks"].iloc[:1]})).notes
    assert any(note.startswith("1 task(s) of the baseline are not among the tasks given") for note in notes)
    assert not any("no longer in the schedule" in note for note in notes)
