"""Dates that were never set and impossible durations of an open task: they are missing and counted in every report."""

import pandas as pd
import pytest

from bentley_nb import reports
from tests.reports.build import analysis, baseline_task, finish_date, link, task, with_baseline

REPORTS = {
    "look_ahead": reports.look_ahead,
    "late": reports.late,
    "milestones": reports.milestones,
    "critical": reports.critical,
    "variance": reports.variance,
    "progress": lambda s: reports.progress(s, "state"),
    "s_curve": reports.s_curve,
    "earned_value": lambda s: reports.earned_value(s, "count"),
    "health": reports.health,
    "open_ends": reports.open_ends,
    "out_of_sequence": reports.out_of_sequence,
    "slippage": lambda s: reports.slippage(s, s),
}
UNSET = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "1899-12-31T00:00:00Z", "2200-01-01T00:00:00Z"]


def odd(when, seconds):
    """A schedule whose second task, baseline task and link have the odd values."""
    members = {"plannedDuration": seconds, "remainingDuration": seconds}
    tasks = [
        task("a", "2024-05-01", "2024-06-14", actual="2024-05-02", percentComplete=40),
        task("b", None, None, plannedStart="2024-06-17T08:00:00Z", plannedFinish=when, actualFinish=when, **members),
        finish_date("f", "2024-06-21"),
    ]
    base = [baseline_task("a", "2024-05-01", "2024-06-07", 80), baseline_task("b") | {"plannedStart": when}]
    base[1] |= {"plannedFinish": when, "plannedDuration": seconds}
    links = [link("a", "b", createdOn=when) | {"lag": seconds}, link("b", "f")]
    return with_baseline(tasks, base, task_links=links, task_scheduling_analyses=[analysis("a", 8), analysis("b", 0)])


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize(
    ("when", "seconds"),
    list(zip(UNSET, [-14400, 10**15] * 2, strict=True)),
    ids=["minimum, negative", "maximum, huge", "1899, negative", "2200, huge"],
)
def test_they_are_missing_and_counted(report, when, seconds):
    frame = report(odd(when, seconds))
    for name, dtype in frame.dtypes.items():
        if isinstance(dtype, pd.DatetimeTZDtype):
            known = frame[name].dropna()
            assert known.dt.year.between(2020, 2030).all(), name
        elif str(name).endswith("_days"):
            assert (frame[name].dropna().abs() < 1000).all(), name
    notes = reports.about(frame).notes
    assert any("row(s) of tasks have dates before 1900 or after 2199" in note for note in notes)
    assert any("have a duration below 0 or above 300 years" in note for note in notes)
