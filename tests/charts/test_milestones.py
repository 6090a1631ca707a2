"""The key dates of a portfolio: a row for each schedule, what is late against its baseline, what was not read."""

from __future__ import annotations

import pytest

import bentley_nb as bn
from bentley_nb import charts

NAMES = ["Harbour Point Tower", "Quayside Residences"]

pytest.importorskip("plotly")


@pytest.fixture
def portfolio(demo_client):
    return demo_client.portfolio([*NAMES, "Nowhere"])


def drawn(fig):
    return {trace.name: trace for trace in fig.data}


def test_a_row_for_each_schedule_and_every_key_date(portfolio):
    report = portfolio.report("milestones")
    fig = charts.milestones(portfolio)
    assert list(fig.layout.yaxis.ticktext) == NAMES
    said = fig.layout.title.subtitle.text
    late = int((report["baseline_variance_days"] > 0).sum())
    assert f"{len(report)} key dates of 2 schedules, {late} later than the baseline" in said
    assert "1 could not be read: p.problems says why." in said
    traces = drawn(fig)
    marks = {name: trace for name, trace in traces.items() if name not in ("Baseline", "Data date")}
    assert sum(len(trace.x) for trace in marks.values()) == len(report)
    assert sum(len(marks[name].x) for name in ("Later than the baseline", "Reached, later")) == late
    assert {x[:10] for x in traces["Data date"].x if x} == {f"{s.data_date:%Y-%m-%d}" for s in portfolio}
    assert charts.milestones(report).to_dict()["data"] == fig.to_dict()["data"]


def test_one_key_date_across_the_projects(portfolio):
    report = portfolio.report("milestones")
    name = report["name"].iloc[-1]
    fig = charts.milestones(portfolio, key_dates=name)
    assert f"{int((report['name'] == name).sum())} key dates" in fig.layout.title.subtitle.text
    with pytest.raises(bn.InvalidRequest, match="No key date is named 'Topping'"):
        charts.milestones(portfolio, key_dates=["Topping"])


def test_schedules_beyond_max_rows_are_told(portfolio):
    fig = charts.milestones(portfolio, max_rows=1)
    assert list(fig.layout.yaxis.ticktext) == NAMES[:1]
    assert "The first 1 of 2 schedules are shown." in fig.layout.title.subtitle.text


def test_one_schedule_without_a_baseline(demo):
    frames = {"tasks": demo.table("tasks"), "data_date": demo.data_date, "name": "<b>Tower"}
    fig = charts.milestones(frames)
    assert list(fig.layout.yaxis.ticktext) == ["&lt;b&gt;Tower"]
    assert "Baseline" not in drawn(fig)


def test_nothing_to_draw_is_an_error(demo):
    tasks = demo.table("tasks")
    with pytest.raises(bn.InvalidRequest, match="There is nothing to draw"):
        charts.milestones({"tasks": tasks[tasks["type"] == "Work"]})


def test_one_schedule_without_a_data_date(demo):
    fig = charts.milestones({"tasks": demo.table("tasks"), "data_date": None})
    assert "Data date unknown" in fig.layout.title.subtitle.text
    assert not drawn(fig)["Data date"].showlegend
