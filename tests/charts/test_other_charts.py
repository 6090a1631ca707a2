import json
from functools import cache

import pandas as pd
import pytest

from bentley_nb import charts, reports
from bentley_nb.charts.health import figure_words
from bentley_nb.errors import InvalidRequest
from tests.charts import plan

ASSIGNED = {
    "resources": [
        {"id": "r1", "name": "Crew", "type": "Human", "calendarId": "five", "deleted": False},
        {"id": "r2", "name": "Crane", "type": "Equipment", "calendarId": "five", "deleted": False},
        {"id": "r3", "name": "Concrete", "type": "Material", "calendarId": "five", "deleted": False},
    ],
    "resource_assignments": [
        {"id": f"{task}{resource}", "taskId": task, "resourceId": resource, "plannedUtilization": {"resourceUnits": 80.0}, "deleted": False}
        for task, resource in [("a", "r1"), ("b", "r1"), ("c", "r1"), ("b", "r2"), ("b", "r3")]
    ],
}  # fmt: skip


def traces(fig):
    return {trace.name: trace for trace in fig.data if trace.name}


def subtitle(fig):
    return fig.layout.title.subtitle.text.replace("<br>", " ")


def moved(days=5):
    """The small schedule with a later forecast of its last task."""
    after = plan.small()
    later = after["tasks"]["id"].isin(["c", "f"])
    for column in ("planned_start", "planned_finish"):
        after["tasks"].loc[later, column] += pd.Timedelta(days=days)
    return after


def copies(frames):
    """Three states, a week apart: as it is, with a later handover, and unchanged since."""
    tasks = frames["tasks"].copy()
    tasks.loc[tasks["id"] == "f", "planned_finish"] += pd.Timedelta(days=5)
    later = [{**frames, "tasks": tasks, "data_date": day} for day in ("2024-05-08", "2024-05-15")]
    return [{**frames, "data_date": "2024-05-02"}, *later]


@cache
def history(name):
    """The trend over those states, made once for the charts of it."""
    return reports.trend(copies(plan.small() if name == "Tower" else plan.named(name)))


CHARTS = {
    "s_curve": charts.s_curve,
    "float_histogram": charts.float_histogram,
    "resource_histogram": lambda frames, **options: charts.resource_histogram(
        frames | plan.small(**ASSIGNED) | frames, **options
    ),
    "health": charts.health,
    "milestones": charts.milestones,
    "milestone_trend": lambda frames, **options: charts.milestone_trend(history(frames["name"]), **options),
    "float_erosion": lambda frames, **options: charts.float_erosion(history(frames["name"]), **options),
    "compression": lambda frames, **options: charts.compression(history(frames["name"]), **options),
    "slippage": lambda frames, **options: charts.slippage(frames, moved() | {"name": frames["name"]}, **options),
}


@pytest.mark.parametrize("chart", CHARTS)
def test_schedule_and_data_date_stand_in_the_title(chart):
    fig = CHARTS[chart](plan.small())
    assert "Tower" in fig.layout.title.text
    assert "Data date 15 May 2024" in subtitle(fig)


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("theme", ["light", "dark", "transparent"])
def test_paper_and_text_follow_the_theme(chart, theme):
    layout = CHARTS[chart](plan.small(), theme=theme).layout
    expected = {"light": "#FFFFFF", "dark": "#111111", "transparent": "rgba(0,0,0,0)"}
    assert layout.paper_bgcolor == expected[theme]


@pytest.mark.parametrize("chart", CHARTS)
def test_names_are_not_markup(chart):
    written = json.dumps(CHARTS[chart](plan.named(plan.HOSTILE)).to_plotly_json(), default=str)
    for piece in ("<img", "</script", "<b>bold", "$x^2$", "%{y} &"):
        assert piece not in written


@pytest.mark.parametrize("chart", CHARTS)
def test_the_saved_chart_is_small_and_has_no_library_in_it(chart):
    assert len(CHARTS[chart](plan.small()).to_json()) < 20_000


class TestSCurve:
    def test_the_figures_are_those_of_the_report(self):
        frames = plan.small()
        report = reports.s_curve(frames)
        drawn = traces(charts.s_curve(frames))
        assert len(drawn["Planned (baseline)"].x) == report["planned_percent"].notna().sum()
        assert list(drawn["Earned"].y) == pytest.approx(report["earned_percent"].dropna().tolist(), rel=1e-6)
        assert drawn["Data date"].x == ("2024-05-15", "2024-05-15")

    def test_a_finished_report_is_drawn_as_it_is(self):
        report = reports.s_curve(plan.small(), weight="count")
        assert "weight: count" in subtitle(charts.s_curve(report))

    def test_weeks_begin_at_midnight_in_the_zone_also_of_a_finished_report(self):
        zone = "America/New_York"
        made, drawn = charts.s_curve(plan.small(), zone=zone), charts.s_curve(reports.s_curve(plan.small()), zone=zone)
        assert made.data[0].x[0] == "2024-04-29"
        assert drawn.data[0].x[0] == "2024-04-28T20:00"  # its weeks began at midnight in UTC

    def test_options_for_a_finished_report_are_refused(self):
        with pytest.raises(InvalidRequest, match="weight cannot be changed in a finished report"):
            charts.s_curve(reports.s_curve(plan.small()), weight="count")

    def test_without_a_baseline_the_missing_curve_is_explained(self):
        frames = plan.small()
        del frames["baselines"], frames["baseline_tasks"]
        fig = charts.s_curve(frames)
        assert "Planned (baseline)" not in traces(fig)
        assert "No planned curve: No baseline" in subtitle(fig)

    def test_without_a_data_date_only_the_plan_is_drawn(self):
        frames = {name: frame for name, frame in plan.small().items() if name != "data_date"}
        fig = charts.s_curve(frames)
        assert "Earned" not in traces(fig)
        assert "Data date unknown" in subtitle(fig)
        assert "No earned and forecast curves" in subtitle(fig)

    def test_without_dates_of_tasks_it_is_not_the_data_date_that_is_blamed(self):
        said = subtitle(charts.s_curve(plan.schedule(plan.task("a"), data_date=plan.DATA_DATE)))
        assert "Data date 15 May 2024" in said
        assert "No earned and forecast curves: no task that counts has a date." in said

    def test_neither_ahead_nor_behind_is_as_planned(self):
        task = plan.task("a", "2024-05-01", "2024-05-10", 8, actualStart="2024-05-01T08:00:00Z",
                         actualFinish="2024-05-10T17:00:00Z")  # fmt: skip
        frames = plan.schedule(task, baseline={"a": ("2024-05-01", "2024-05-10", 8)}, data_date=plan.DATA_DATE)
        assert "earned 100.0 %, planned 100.0 %: as planned" in subtitle(charts.s_curve(frames))

    def test_lines_differ_by_more_than_colour(self):
        drawn = traces(charts.s_curve(plan.small()))
        looks = {
            (drawn[name].line.dash, drawn[name].marker.symbol) for name in ("Planned (baseline)", "Earned", "Forecast")
        }
        assert len(looks) == 3


class TestFloat:
    def test_bars_are_the_counts_of_the_report(self):
        report = reports.float_distribution(plan.small())
        drawn = traces(charts.float_histogram(plan.small()))
        counts = [int(a + b) for a, b in zip(drawn["Critical"].y, drawn["Not critical"].y, strict=True)]
        assert counts == report["tasks"].tolist()
        assert list(drawn["Critical"].y) == report["critical"].tolist()

    def test_the_assumed_unit_is_said(self):
        assert "Float is taken as seconds of working time" in subtitle(charts.float_histogram(plan.small()))

    def test_without_float_there_is_no_histogram(self):
        frames = plan.small()
        del frames["task_scheduling_analyses"]
        with pytest.raises(InvalidRequest, match="Float and criticality are unknown"):
            charts.float_histogram(frames)


class TestResources:
    def test_a_panel_for_each_resource_and_nothing_is_added_up(self):
        fig = charts.resource_histogram(plan.small(**ASSIGNED), types=None)
        panels = [note.text for note in fig.layout.annotations]
        assert panels == ["<b>Crew</b>  Human", "<b>Concrete</b>  Material", "<b>Crane</b>  Equipment"]
        assert fig.layout.barmode == "overlay"

    def test_units_are_those_of_the_report(self):
        frames = plan.small(**ASSIGNED)
        drawn = [trace for trace in charts.resource_histogram(frames).data if trace.type == "bar"]
        assert sum(sum(trace.y) for trace in drawn) == pytest.approx(4 * 80)

    def test_weeks_begin_on_monday_in_the_zone_and_not_the_day_before(self):
        bars = charts.resource_histogram(plan.small(**ASSIGNED), zone="America/New_York").data
        labels = [label for one in bars if one.type == "bar" for label in one.x]
        assert {pd.Timestamp(label).strftime("%a %H:%M") for label in labels} == {"Mon 00:00"}

    def test_what_is_left_out_is_counted(self):
        fig = charts.resource_histogram(plan.small(**ASSIGNED), types=None, max_resources=1)
        assert "1 of 3 resources are shown" in subtitle(fig)
        assert "Capacity is unknown" in subtitle(fig)

    def test_periods_over_capacity_are_hatched(self):
        drawn = traces(charts.resource_histogram(plan.small(**ASSIGNED), capacity={"Crew": 7, "Crane": 100}))
        assert drawn["Over capacity"].marker.pattern.shape == "/"
        assert drawn["Capacity"].line.shape == "hv"

    def test_no_assignment_is_an_error_that_says_what_to_try(self):
        only_material = {**ASSIGNED, "resource_assignments": ASSIGNED["resource_assignments"][-1:]}
        with pytest.raises(InvalidRequest, match=r"no resource of these types(.|\n)*types=None"):
            charts.resource_histogram(plan.small(**only_material))


class TestHealth:
    @pytest.mark.parametrize("profile", ["dcma", "bentley", "decm"])
    def test_every_limit_says_on_which_side_of_it_a_check_passes(self, profile):
        checks = reports.health(plan.small(), profile)
        limits = [figure_words(row)[2] for row in checks.to_dict("records")]
        sides = {"<=": "≤", "<": "<", ">=": "≥", "==": "="}
        assert [limit[:1] for limit in limits] == [
            "" if pd.isna(limit) else sides[comparison]
            for comparison, limit in zip(checks["comparison"], checks["threshold"], strict=True)
        ]

    def test_every_check_has_a_row_with_its_verdict_in_words(self):
        report = reports.health(plan.small())
        fig = charts.health(plan.small())
        words = [text.removeprefix("<b>").removesuffix("</b>").split(" ", 1)[1] for text in fig.layout.yaxis3.ticktext]
        assert words == report["verdict"].tolist()
        assert len(fig.layout.yaxis2.ticktext) == 14

    def test_counts_are_in_the_title(self):
        counts = reports.health(plan.small())["verdict"].value_counts()
        assert f"{counts['pass']} pass, {counts['fail']} fail, {counts['not evaluated']} not evaluated" in subtitle(
            charts.health(plan.small())
        )

    def test_what_was_not_evaluated_says_why(self):
        fig = charts.health(plan.small())
        row = list(fig.layout.yaxis2.ticktext).index("Critical path test")
        assert fig.layout.yaxis4.ticktext[row] == "no figure"

    @pytest.mark.parametrize("profile", ["bentley", "decm"])
    def test_other_profiles(self, profile):
        assert f"profile {profile}" in subtitle(charts.health(plan.small(), profile=profile))


class TestSlippage:
    def test_arrows_run_from_the_old_to_the_new_finish(self):
        fig = charts.slippage(plan.small(), moved())
        heads = [trace for trace in fig.data if trace.name == "Later" and trace.showlegend is not False]
        assert sorted(heads[0].x) == ["2024-06-12T17:00", "2024-06-12T17:00"]
        assert heads[0].marker.symbol == "triangle-right"
        assert "2 later, 0 earlier" in subtitle(fig)

    def test_earlier_points_the_other_way(self):
        fig = charts.slippage(plan.small(), moved(-5))
        assert [trace.marker.symbol for trace in fig.data if trace.name == "Earlier" and trace.mode == "markers"][
            -1
        ] == "triangle-left"

    def test_key_dates_alone(self):
        fig = charts.slippage(plan.small(), moved(), key_dates=True)
        assert fig.layout.yaxis.ticktext == ("Handover",)

    def test_only_the_largest_moves_are_shown_and_the_rest_counted(self):
        fig = charts.slippage(plan.small(), moved(), max_rows=1)
        assert "The 1 largest of 2 moves are shown." in subtitle(fig)

    def test_one_state_is_not_enough(self):
        with pytest.raises(InvalidRequest, match="between two states of a schedule, and only one was given"):
            charts.slippage(plan.small())

    def test_nothing_moved(self):
        with pytest.raises(InvalidRequest, match="no date moved between the two states"):
            charts.slippage(plan.small(), plan.small())


@pytest.mark.parametrize("chart", ["s_curve", "float_histogram", "health"])
def test_20000_tasks(chart):
    fig = CHARTS[chart](plan.large(20_000, elements=200))
    assert len(fig.to_json()) < 100_000


class TestTrend:
    def test_a_line_per_key_date_ahead_and_the_diagonal(self):
        lines = traces(charts.milestone_trend(copies(plan.small())))
        assert list(lines) == ["Handover"]
        assert lines["Handover"].x == ("2024-05-02", "2024-05-08", "2024-05-15")
        assert lines["Handover"].y == ("2024-06-07T17:00", "2024-06-12T17:00", "2024-06-12T17:00")

    def test_the_diagonal_shows_where_forecast_and_data_date_are_one_day(self):
        reached = [*copies(plan.small()), {**copies(plan.small())[-1], "data_date": "2024-06-17"}]
        assert traces(charts.milestone_trend(reached))["Data date"].x == ("2024-06-07T17:00", "2024-06-12T17:00")

    def test_a_finished_report_is_drawn_as_it_is(self):
        report = reports.trend(copies(plan.small()))
        assert list(traces(charts.float_erosion(report))) == ["Handover"]
        with pytest.raises(InvalidRequest, match="key_dates cannot be changed in a finished report"):
            charts.milestone_trend(report, key_dates="Handover")

    def test_without_key_dates_ahead_there_is_nothing_to_draw(self):
        frames = plan.small()
        frames["tasks"] = frames["tasks"][~frames["tasks"]["type"].isin(["StartKeyDate", "FinishKeyDate"])]
        with pytest.raises(InvalidRequest, match=r"nothing to draw: there are no key dates ahead\."):
            charts.milestone_trend([frames, frames])

    def test_copies_without_data_dates_stand_by_number(self):
        undated = [each | {"data_date": None} for each in copies(plan.small())]
        fig = charts.float_erosion(undated)
        assert traces(fig)["Handover"].x == ("1", "2", "3")
        assert fig.layout.xaxis.type == "category"
