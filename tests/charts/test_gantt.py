import json
import re
import sys

import numpy as np
import pandas as pd
import pytest

from bentley_nb import reports
from bentley_nb.charts import gantt
from bentley_nb.errors import InvalidRequest
from tests.charts import plan

DAY = 86_400_000


def traces(fig):
    return {trace.name: trace for trace in fig.data if trace.name}


def subtitle(fig):
    return fig.layout.title.subtitle.text.replace("<br>", " ")


def rows(fig):
    """Texts of the name column from the top down, without their indentation."""
    return [text.strip().removeprefix("<b>").removesuffix("</b>") for text in fig.layout.yaxis.ticktext]


def test_rows_stand_under_their_wbs_element_by_start():
    fig = gantt(plan.small())
    assert rows(fig) == [
        "Site", "Start on site", "Handover", "Foundations", "Excavate", "Pour slab", "Superstructure", "Columns",
    ]  # fmt: skip


def test_a_bar_runs_from_start_to_finish():
    bar = traces(gantt(plan.small()))["Critical task"]
    assert bar.base == ("2024-05-27T08:00",)
    assert tuple(bar.x) == (pd.Timedelta("11 days 09:00:00") / pd.Timedelta(milliseconds=1),)


def test_float_is_shown_in_the_unit_it_is_given_in():
    frames = plan.small()
    hover = {unit: traces(gantt(frames, float_unit=unit))["Task"].customdata for unit in ("seconds", "days")}
    assert [row[2] for row in hover["seconds"]] == ["?", 3.0]  # of a completed task there is none
    assert [row[2] for row in hover["days"]] == ["?", 3 * 8 * 3600.0]
    with pytest.raises(InvalidRequest, match="no float unit 'weeks'"):
        gantt(frames, float_unit="weeks")


def test_progress_fills_its_part_of_the_bar():
    drawn = traces(gantt(plan.small(), data_date="2024-06-01"))
    lengths = dict(zip(drawn["Done"].y, drawn["Done"].x, strict=True))
    whole = dict(zip(drawn["Task"].y, drawn["Task"].x, strict=True))
    assert {row: round(lengths[row] / whole[row], 6) for row in whole} == {4: 1.0, 5: 0.4}


def test_nothing_is_done_after_the_data_date():
    fig = gantt(plan.small())  # 40 % of "Pour slab" would end two days after it
    done = traces(fig)["Done"]
    assert max(
        pd.Timestamp(base) + pd.Timedelta(ms, "ms") for base, ms in zip(done.base, done.x, strict=True)
    ) == pd.Timestamp(plan.DATA_DATE).tz_localize(None)
    folded = gantt(plan.small(), max_rows=3)
    ends = [
        pd.Timestamp(base) + pd.Timedelta(ms, "ms")
        for trace in folded.data
        if trace.name == "Done"
        for base, ms in zip(trace.base, trace.x, strict=True)
    ]
    assert max(ends) <= pd.Timestamp(plan.DATA_DATE).tz_localize(None)


def test_columns_show_days_float_variance_and_any_column():
    fig = gantt(plan.small(), columns=["duration", "float", "variance", "constraint_type"])
    texts = {
        note.text: getattr(fig.layout, f"yaxis{number}").ticktext
        for number, note in enumerate(fig.layout.annotations, 1)
        if number > 1
    }
    row = rows(fig).index(next(name for name in rows(fig) if "Columns" in name))
    assert [texts[f"<b>{name}</b>"][row] for name in ("Days", "Float", "Variance")] == ["10", "0", "2"]
    # A WBS element has the least float of its tasks, and the variance of their last finish.
    base = rows(fig).index("Foundations")
    assert [texts[f"<b>{name}</b>"][base] for name in ("Float", "Variance")] == ["3", "2"]


def test_columns_and_groups_are_codes_and_columns_of_ones_own_too():
    import bentley_nb as bn

    s = bn.connect(demo=True, progress=False).schedule("Harbour Point Tower", project="Harbour Point Tower")
    gangs = s.tasks()[["user_defined_id", "is_wbs"]].drop_duplicates("user_defined_id")
    gangs["gang"] = ["North" if number % 2 else "South" for number in range(len(gangs))]
    own = s.attach(gangs[["user_defined_id", "gang"]], on="user_defined_id")
    fig = own.gantt(wbs="Superstructure > Level 04", columns=["variance", "Trade", "gang"])
    beside = [set(getattr(fig.layout, f"yaxis{number}").ticktext) for number in (2, 3, 4)]
    assert [note.text for note in fig.layout.annotations][1:] == ["<b>Variance</b>", "<b>Trade</b>", "<b>gang</b>"]
    assert beside[1] >= {"08", "09", "10"}
    assert beside[2] == {"North", "South"}
    trades = own.gantt(group="Trade", max_rows=40)
    assert rows(trades)[:3] == ["01", "02", "03"]  # in the order of the codes, not of their starts
    assert rows(trades)[-1] == "no Trade"
    assert "are folded into 24 Trade rows" in subtitle(trades)
    assert set(rows(own.gantt(group="gang", max_rows=30))) == {"North", "South"}


def test_values_take_the_place_of_the_wbs():
    frames = plan.small()
    frames["tasks"]["user_defined_id"] = (
        frames["tasks"]["id"].map({"a": "North", "b": "South", "c": "North"}).astype("string")
    )
    names = [re.sub("<[^>]+>|\\s+", " ", name).strip() for name in rows(gantt(frames, group="user_defined_id"))]
    assert names.index("North") < names.index("Excavate") < names.index("Columns") < names.index("South")
    assert "no user_defined_id" in names
    assert "Foundations" not in names


def test_a_code_with_several_values_groups_and_labels_each_task_once(demo):
    part = demo.only(wbs="Superstructure")
    codes = part.tasks(codes=["Responsibility"]).query("not is_wbs")["Responsibility"]
    assert "KS; NC" in set(codes)
    fig = gantt(part, group="Responsibility", columns=["Responsibility"], max_rows=None)
    names = [re.sub("<[^>]+>|\\s+", " ", name).strip() for name in rows(fig)]
    values = list(codes.unique())
    assert set(values) <= set(names)
    assert len(names) == len(codes) + len(values), "a part stays a part"
    shown = list(fig.layout.yaxis2.ticktext)
    for name, label in zip(names, shown, strict=True):
        assert label in ("", *values), name
    assert sorted(filter(None, shown)) == sorted(codes)


def test_two_baselines_are_drawn_and_three_refused():
    frames = plan.small()
    other = frames["baselines"].assign(id="other", name="Second")
    frames["baselines"] = pd.concat([frames["baselines"], other], ignore_index=True)
    frames["baseline_tasks"] = pd.concat(
        [frames["baseline_tasks"], frames["baseline_tasks"].assign(baseline_id="other")], ignore_index=True
    )
    first = frames["baselines"]["name"].iloc[0]
    fig = gantt(frames, baseline=[first, "Second"])
    assert len(traces(fig)["Second baseline"].y) == len(traces(fig)["Baseline"].y)
    assert f"baseline {first} and Second" in subtitle(fig)
    with pytest.raises(InvalidRequest, match="one baseline or two, not 3"):
        gantt(frames, baseline=[first, "Second", first])


def test_a_wbs_name_of_several_elements_is_asked_back():
    frames = plan.small()
    frames["tasks"].loc[frames["tasks"]["id"] == "top", "name"] = "Foundations"
    frames["tasks"].loc[frames["tasks"]["id"] == "top", "parent_id"] = "base"
    with pytest.raises(InvalidRequest, match="2 WBS elements are named 'Foundations'") as raised:
        gantt(frames, wbs="Foundations")
    assert "'Site > Foundations'; 'Site > Foundations > Foundations'" in str(raised.value.hint)


def test_weeks_of_the_time_scale_begin_on_monday_and_stand_over_their_month():
    axis = gantt(plan.small()).layout.xaxis
    assert any("%V" in stop.value and "\n%b" in stop.value for stop in axis.tickformatstops)


def test_key_dates_bear_their_date():
    assert traces(gantt(plan.small()))["Key date"].text == ("1 May",)


@pytest.mark.parametrize(("size", "pixels"), [("slide", (1280, 720)), ("a4", (1123, 794)), ("a3", (1587, 1123))])
def test_a_size_gives_the_page_and_the_rows_that_fit(size, pixels):
    fig = gantt(plan.large(2_000, elements=40), size=size)
    assert (fig.layout.width, fig.layout.height) == pixels
    assert len(rows(fig)) * 17 < pixels[1]


def test_key_dates_are_diamonds_and_critical_ones_have_another_shape():
    drawn = traces(gantt(plan.small()))
    assert drawn["Key date"].marker.symbol == "diamond"
    assert drawn["Key date"].x == ("2024-05-01T08:00",)
    assert drawn["Critical key date"].marker.symbol == "diamond-cross"
    assert drawn["Critical key date"].x == ("2024-06-07T17:00",)


def test_a_task_without_length_is_not_lost():
    frames = plan.small()
    frames["tasks"].loc[frames["tasks"]["id"] == "c", "planned_finish"] = pd.Timestamp("2024-05-27T08:00Z")
    assert len(traces(gantt(frames))["No duration"].x) == 1


def test_a_finish_before_its_start_is_drawn_forwards():
    frames = plan.small()
    frames["tasks"].loc[frames["tasks"]["id"] == "c", "planned_finish"] = pd.Timestamp("2024-05-20T08:00Z")
    bar = traces(gantt(frames))["Critical task"]
    assert (bar.base[0], bar.x[0]) == ("2024-05-20T08:00", 7 * DAY)


def test_critical_is_told_by_pattern_too():
    drawn = traces(gantt(plan.small()))
    assert drawn["Critical task"].marker.pattern.shape == "/"
    assert drawn["Task"].marker.pattern.shape is None


def test_the_baseline_is_a_thin_bar_below():
    bar = traces(gantt(plan.small()))["Baseline"]
    assert bar.base == ("2024-05-01T08:00", "2024-05-09T08:00", "2024-05-23T08:00")
    assert bar.width < 0.2
    assert bar.offset > 0


def test_without_a_baseline_the_chart_says_so():
    frames = plan.small()
    del frames["baseline_tasks"], frames["baselines"]
    fig = gantt(frames)
    assert "no baseline" in subtitle(fig)
    assert "Baseline" not in traces(fig)


def test_the_data_date_is_a_line_over_all_rows_and_stands_in_the_title():
    fig = gantt(plan.small())
    line = traces(fig)["Data date"]
    assert line.x == ("2024-05-15", "2024-05-15")
    assert tuple(line.y) == (-0.5, 7.5)
    assert "Data date 15 May 2024" in subtitle(fig)
    assert "Tower" in fig.layout.title.text


def test_without_a_data_date_none_is_invented():
    fig = gantt({name: frame for name, frame in plan.small().items() if name != "data_date"})
    assert "Data date unknown" in subtitle(fig)
    assert not traces(fig)["Data date"].showlegend


def test_without_float_nothing_is_called_critical_and_the_reason_is_given():
    frames = plan.small()
    del frames["task_scheduling_analyses"]
    fig = gantt(frames)
    assert "Critical task" not in traces(fig)
    assert "Critical tasks are not marked." in subtitle(fig)


def test_a_plain_tasks_frame_will_do():
    assert len(rows(gantt(plan.small()["tasks"]))) == 8


def test_dates_are_on_the_clock_of_the_zone():
    bar = traces(gantt(plan.small(), zone="Asia/Dubai"))["Critical task"]
    assert bar.base == ("2024-05-27T12:00",)


def test_counts_are_of_what_is_drawn():
    assert "3 tasks, 2 key dates, 2 critical" in subtitle(gantt(plan.small()))


def test_tasks_without_dates_are_counted():
    frames = plan.small()
    frames["tasks"].loc[frames["tasks"]["id"] == "c", ["planned_start", "planned_finish"]] = pd.NaT
    fig = gantt(frames)
    assert "1 tasks without dates are left out." in subtitle(fig)
    assert "Superstructure" not in rows(fig)


def test_deleted_tasks_are_not_drawn():
    frames = plan.small()
    frames["tasks"].loc[frames["tasks"]["id"] == "c", "deleted"] = True
    assert "Columns" not in rows(gantt(frames))


def test_links_are_one_line_and_one_set_of_arrow_heads():
    frames = plan.small()
    assert "Link" not in traces(gantt(frames))
    links = [trace for trace in gantt(frames, links=True).data if trace.name == "Link"]
    assert [trace.mode for trace in links] == ["lines", "markers"]
    assert links[0].x.count(None) == 3
    assert links[1].x == ("2024-05-13T08:00", "2024-05-27T08:00", "2024-06-07T17:00")


def test_links_to_tasks_without_a_row_are_counted():
    fig = gantt(plan.small(), links=True, wbs="Foundations")
    assert "1 of 3 links are drawn" in subtitle(fig)


def test_a_branch_alone():
    assert rows(gantt(plan.small(), wbs="Site > Foundations")) == ["Foundations", "Excavate", "Pour slab"]
    assert rows(gantt(plan.small(), wbs="top")) == ["Superstructure", "Columns"]


def test_a_report_chooses_the_tasks():
    frames = plan.small()
    fig = gantt(frames, only=reports.critical(frames, near=0))
    assert rows(fig) == ["Site", "Handover", "Superstructure", "Columns"]
    assert "Only the 2 tasks of the report critical are shown." in subtitle(fig)
    assert rows(gantt(frames, only=["a"])) == ["Site", "Foundations", "Excavate"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wbs": "Fundations"}, "There is no WBS element 'Fundations'.\nDid you mean 'Foundations'?"),
        ({"columns": ["begin"]}, "The Gantt chart has no column 'begin'."),
        ({"only": pd.DataFrame({"name": ["Columns"]})}, "The frame of only= has no column 'id'."),
        ({"only": ["unknown"]}, "There is nothing to draw: none of the chosen tasks is in the schedule"),
        ({"max_rows": 0}, "max_rows must be a whole number of at least 1, not 0."),
        ({"theme": None}, "There is no theme None.\nAvailable: auto, dark, light"),
        ({"size": ["a4"]}, "There is no size ['a4'].\nAvailable: a3, a4, slide"),
        ({"theme": "drak"}, "There is no theme 'drak'.\nDid you mean 'dark'?"),
        ({"zone": "Mars/Base"}, "There is no time zone 'Mars/Base'."),
        ({"baseline": "Contact"}, "There is no baseline 'Contact'.\nDid you mean 'Contract'?"),
    ],
)
def test_wrong_options_are_answered(options, message):
    with pytest.raises(InvalidRequest) as raised:
        gantt(plan.small(), **options)
    assert str(raised.value).startswith(message)


def test_nothing_to_draw_is_an_error_with_the_schedule_in_it():
    with pytest.raises(InvalidRequest, match=r"There is nothing to draw: no task has a date. \[Tower\]"):
        gantt(plan.small()["tasks"].head(0).pipe(lambda tasks: {"tasks": tasks, "name": "Tower"}))


def test_columns_stand_beside_the_names():
    fig = gantt(plan.small(), columns=["id", "percent"])
    assert fig.layout.yaxis2.ticktext[4] == "A"
    assert fig.layout.yaxis3.ticktext[5] == "40 %"
    assert [note.text for note in fig.layout.annotations] == ["<b>Name</b>", "<b>Id</b>", "<b>Done</b>"]


def test_wbs_elements_stand_by_their_code_and_tasks_by_start():
    frames = plan.small()
    codes = {"site": "1", "base": "1.10", "top": "1.9"}
    frames["tasks"]["user_defined_id"] = frames["tasks"]["id"].map(codes).fillna("t").astype("string")
    wbs = [row for row in rows(gantt(frames)) if row in ("Site", "Foundations", "Superstructure")]
    assert wbs == ["Site", "Superstructure", "Foundations"]


def test_a_circle_in_the_wbs_does_not_hang():
    frames = plan.small()
    frames["tasks"].loc[frames["tasks"]["id"] == "site", "parent_id"] = "top"
    assert set(rows(gantt(frames))) >= {"Site", "Foundations", "Columns"}


def test_names_are_not_markup():
    written = json.dumps(gantt(plan.named(plan.HOSTILE), links=True).to_plotly_json(), default=str)
    for piece in ("<img", "</script", "<b>bold", "$x^2$", "%{y} &"):
        assert piece not in written


class TestSize:
    """What 500 and 20,000 tasks cost the reader."""

    def test_of_very_many_links_those_between_critical_tasks_are_drawn(self, monkeypatch):
        monkeypatch.setattr(sys.modules["bentley_nb.charts.gantt.links"], "_MOST_LINKS", 1)
        fig = gantt(plan.small(), links=True)
        assert "links are drawn, those between critical tasks." in subtitle(fig)

    def test_500_rows_are_few_traces_no_shapes_and_a_small_file(self):
        fig = gantt(plan.large(470, elements=30, key_dates=40))
        assert len(rows(fig)) == 500
        assert len(fig.data) <= 15
        assert not fig.layout.shapes
        assert len(fig.to_json()) < 150_000

    def test_500_rows_have_room_for_their_labels(self):
        fig = gantt(plan.large(470, elements=30))
        margin = fig.layout.margin
        assert (fig.layout.height - margin.t - margin.b) / 500 >= 1.4 * fig.layout.yaxis.tickfont.size

    def test_20000_tasks_are_folded_into_their_wbs_and_the_chart_says_so(self):
        fig = gantt(plan.large(20_000, elements=200, key_dates=50))
        assert len(rows(fig)) == 200
        assert "20,000 tasks are folded into 200 WBS rows (levels 1 to 3)" in subtitle(fig)
        assert "19,950 tasks, 50 key dates, 1,000 critical" in subtitle(fig)
        assert len(fig.to_json()) < 300_000

    def test_folding_counts_every_task_once(self):
        work = traces(gantt(plan.large(20_000, elements=200, key_dates=50)))["Periods with work"]
        assert np.sum(work.customdata) == 19_950

    def test_folded_rows_show_what_is_done_in_them(self):
        frames = plan.small()
        fig = gantt(frames, max_rows=3)
        assert rows(fig) == ["Site", "Foundations", "Superstructure"]
        done = traces(fig)["Done"]
        assert (list(done.y), done.base) == ([1, 1], ("2024-05-01T08:00", "2024-05-13T08:00"))
        assert "Critical periods" in traces(fig)

    def test_a_folded_row_has_one_baseline_bar_over_its_tasks(self):
        fig = gantt(plan.small(), max_rows=3)
        bar = traces(fig)["Baseline"]
        assert (list(bar.y), bar.base) == ([1, 2], ("2024-05-01T08:00", "2024-05-23T08:00"))
        ends = pd.DatetimeIndex(bar.base) + pd.to_timedelta(bar.x, unit="ms")
        assert ends.tolist() == [pd.Timestamp("2024-05-22T17:00"), pd.Timestamp("2024-06-05T17:00")]
        assert [text.split("</b>")[0] for text in bar.hovertext] == ["<b>Foundations", "<b>Superstructure"]

    def test_a_name_stands_once_in_the_legend(self):
        frames = plan.small()
        frames["tasks"].loc[frames["tasks"]["id"] == "b", "parent_id"] = "site"
        fig = gantt(frames, max_rows=6)
        named = [trace.name for trace in fig.data if trace.name and trace.showlegend is not False]
        assert [trace.name for trace in fig.data].count("Done") == 2  # of folded tasks and of one with its own row
        assert len(named) == len(set(named))

    def test_the_baseline_of_a_folded_row_is_in_view(self):
        frames = plan.small()
        frames["baseline_tasks"]["planned_start"] -= pd.Timedelta(days=100)
        first, _ = gantt(frames, max_rows=3).layout.xaxis.range
        assert pd.Timestamp(first) < frames["baseline_tasks"]["planned_start"].min().tz_localize(None)

    def test_folding_without_critical_work_or_progress(self):
        frames = plan.large(300, elements=50)
        del (frames := dict(frames))["task_scheduling_analyses"]
        drawn = traces(gantt(frames, max_rows=20))
        assert "Periods with work" in drawn
        assert not {"Critical periods", "Done"} & set(drawn)

    def test_more_rows_than_periods_can_be_joined_to(self):
        fig = gantt(plan.large(2_000, elements=1_800), max_rows=1_900)
        assert len(rows(fig)) == 1_800

    def test_only_the_levels_that_fit_are_shown(self):
        fig = gantt(plan.large(300, elements=200), max_rows=50)
        assert sorted(rows(fig)) == sorted(["Works", *(f"Area {n}" for n in range(1, 11))])
        assert "300 tasks are folded into 11 WBS rows (levels 1 to 2)" in subtitle(fig)

    def test_without_a_wbs_tasks_are_thinned_out_but_not_the_critical_ones(self):
        fig = gantt(plan.large(20_000, key_dates=50), max_rows=2_000)
        assert len(rows(fig)) == 2_000
        assert "Only 2,000 of 20,000 tasks are drawn" in subtitle(fig)
        drawn = traces(fig)
        assert len(drawn["Critical task"].y) + len(drawn["Critical key date"].y) == 1_000
        assert len(drawn["Key date"].y) == 47

    def test_every_task_on_demand(self):
        fig = gantt(plan.large(5_000, elements=200), max_rows=None)
        assert len(rows(fig)) == 5_200
        assert len(fig.data) <= 15
        assert fig.layout.height < 16_000
        assert "of 5,200 are in view" in subtitle(fig)

    def test_more_rows_than_a_browser_draws_are_refused(self):
        with pytest.raises(InvalidRequest, match=r"A Gantt chart of 20,200 rows cannot be read") as raised:
            gantt(plan.large(20_000, elements=200), max_rows=None)
        assert "max_rows up to 6,000" in str(raised.value.hint)


@pytest.mark.parametrize("name", ["hotel", "airport_terminal", "villas5_mdl4d", "villas5_mdl4ra"])
def test_real_schedules(shared, name):
    from tests.reports.real import dataset

    frames = dataset(shared, name)
    tasks = frames["tasks"]
    fig = gantt(frames, max_rows=None)
    key_dates = tasks["type"].isin(["StartKeyDate", "FinishKeyDate"]).sum()
    diamonds = [len(trace.x) for trace in fig.data if "ey date" in (trace.name or "")]
    assert sum(diamonds) == key_dates
