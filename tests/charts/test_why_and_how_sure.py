"""The waterfall of a half-step and the percentiles of the finish: what they draw, say and refuse."""

import pytest

from bentley_nb import charts, reports
from bentley_nb.errors import InvalidRequest
from tests.reports.test_half_step import AFTER, BEFORE


def test_a_waterfall_of_the_steps():
    fig = charts.half_step(BEFORE, AFTER)
    assert list(fig.layout.xaxis.categoryarray) == [
        "Time passes", "Work done", "Progress", "Deleted", "Added and links", "Durations", "Calendars", "Constraints",
        "Options", "Total",
    ]  # fmt: skip
    drawn = {
        (trace.name, step): (base, base + days)
        for trace in fig.data
        for step, base, days in zip(trace.x, trace.base, trace.y, strict=True)
        if days
    }
    assert drawn == {
        ("Loss", "Time passes"): (0, 5),
        ("Gain", "Work done"): (5, 2),
        ("Sum", "Progress"): (0, 2),
        ("Loss", "Added and links"): (2, 3),
        ("Gain", "Durations"): (3, 1),
        ("Sum", "Total"): (0, 1),
    }
    subtitle = fig.layout.title.subtitle.text
    assert "Finish 20 Mar 2026 to 23 Mar 2026." in subtitle
    assert "Progress +2.0, revisions -1.0 working days; up is later, a loss." in subtitle


def test_a_waterfall_of_the_report():
    report = reports.half_step(BEFORE, AFTER)
    assert charts.half_step(report) == charts.half_step(BEFORE, AFTER)
    with pytest.raises(InvalidRequest, match=r"A finished report has its target already\."):
        charts.half_step(report, to="b")
    with pytest.raises(InvalidRequest, match="compares two states of a schedule, and there is one"):
        charts.half_step(BEFORE)


def test_percentiles_and_the_planned_finish():
    report = reports.finish_risk(BEFORE, runs=200)
    fig = charts.finish_risk(report)
    curve, planned = fig.data
    assert list(curve.y) == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert planned.name == "Planned finish"
    assert planned.x[0] == "2026-03-20T17:00"
    assert "Planned 20 Mar 2026: reached in" in fig.layout.title.subtitle.text
    assert charts.finish_risk(BEFORE, runs=200).data[0].x == curve.x
    with pytest.raises(InvalidRequest, match="runs cannot be changed in a finished report"):
        charts.finish_risk(report, runs=300)


def test_a_driving_path_comes_with_its_links_the_driving_ones_bold():
    fig = charts.gantt(BEFORE, only=reports.driving_path(BEFORE, within=10))
    lines = {
        trace.name: trace
        for trace in fig.data
        if trace.type == "scatter" and trace.mode == "lines" and "ink" in (trace.name or "")
    }
    assert lines["Driving link"].x.count(None) == 2  # A > B > C
    assert lines["Link"].x.count(None) == 1  # D > C, with slack
    assert lines["Driving link"].line.width > lines["Link"].line.width
