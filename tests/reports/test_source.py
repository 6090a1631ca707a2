"""What a report can be made from, and what it says of what is not there."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest, NotFound, ServiceUnavailable
from bentley_nb.frames import frame_from_items
from bentley_nb.reports import about, late, look_ahead, open_ends, total_float, variance
from bentley_nb.reports.basis.about import plain
from bentley_nb.reports.basis.tables import Tables
from tests.reports.build import analysis, baseline_task, finish_date, schedule, start_date, task, wbs, with_baseline
from tests.reports.small import calendar


class Schedule:
    """The surface of ``bn.Schedule`` that reports use."""

    id, name = "s9", "Served"
    data_date = pd.Timestamp("2024-06-03", tz="UTC")

    def __init__(self, frames, error=None):
        self.frames, self.error, self.asked = frames, error, []

    def table(self, name):
        self.asked.append(name)
        if name in self.frames:
            return self.frames[name]
        raise self.error or InvalidRequest(f"The enterprise surface does not serve {name}.")


ONE = schedule([task("a", "2024-05-01", "2024-05-03")])


def test_a_schedule_is_asked_for_each_table_once():
    source = Schedule(ONE)
    tables = Tables.of(source)
    assert (tables.schedule_id, tables.schedule_name, tables.data_date) == ("s9", "Served", Schedule.data_date)
    assert tables.tasks["id"].tolist() == ["a"]
    tables.get("task_links"), tables.get("task_links"), tables.get("baselines"), tables.get("baselines")
    assert source.asked == ["tasks", "task_links", "baselines"]


class Loading(Schedule):
    """One that can read several tables at once, and a nested one for one parent."""

    def load(self, *names):
        self.asked.append(names)
        if self.error:
            raise self.error

    def table(self, name, parent_id=None):
        self.asked.append((name, parent_id) if parent_id else name)
        if name in self.frames:
            return self.frames[name]
        raise InvalidRequest(f"No {name}.")


def test_what_a_report_needs_is_read_at_once():
    source = Loading(ONE)
    look_ahead(source)
    assert source.asked[0] == (
        *("tasks", "calendars", "task_scheduling_analyses", "task_links", "resource_assignments", "resources"),
        *("task_statuses", "schedule", "project_scheduling"),
    )


def test_and_one_by_one_where_that_is_refused():
    assert late(Loading(ONE, InvalidRequest("The enterprise surface does not serve baselines.")))["id"].tolist() == [
        "a"
    ]


def test_only_the_baseline_in_question_is_read():
    frames = with_baseline([task("a", "2024-06-05", "2024-06-14")], [baseline_task("a", "2024-06-03", "2024-06-12")])
    frames["baselines"] = pd.concat([frames["baselines"], frames["baselines"].assign(id="b0", created_on=pd.NaT)])
    source = Loading(frames)
    variance(source)
    assert [asked for asked in source.asked if "baseline_tasks" in asked] == [("baseline_tasks", "b1")]


@pytest.mark.parametrize(
    "error", [InvalidRequest("Only v10 schedules have it."), NotFound("Only v10 schedules have it.")]
)
def test_a_collection_not_served_is_missing_with_its_reason(error):
    tables = Tables.of(Schedule(ONE, error))
    assert tables.get("baselines") is None
    assert tables.why_missing("baselines") == "Only v10 schedules have it."
    with pytest.raises(InvalidRequest, match=r"needs 'baselines'\. Only v10 schedules have it\."):
        tables.require("baselines")


def test_a_failing_network_is_not_taken_for_a_missing_table():
    with pytest.raises(ServiceUnavailable):
        Tables.of(Schedule(ONE, ServiceUnavailable("no answer"))).get("baselines")


def test_a_tasks_frame_alone_will_do():
    report = late(ONE["tasks"], data_date="2024-06-03")
    assert report["id"].tolist() == ["a"]
    assert (
        Tables.of(ONE["tasks"]).why_missing("task_links") == "Only a tasks frame was given, so there are no task links."
    )


def test_a_frame_of_the_users_own_becomes_like_ours():
    own = pd.DataFrame({"id": ["a"], "planned_start": ["2024-05-01 08:00"], "is_wbs": [False], "extra": ["kept"]})
    tasks = Tables.of(own).tasks
    assert tasks["planned_start"].dtype == "datetime64[us, UTC]"
    assert tasks["actual_finish"].isna().all()
    assert tasks["percent_complete"].dtype == "Float64"
    assert tasks["extra"].tolist() == ["kept"]
    assert list(own) == ["id", "planned_start", "is_wbs", "extra"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"name": ["a"]}, r"no column 'id'.*\nIts columns: name\."),
        ({"id": ["a"], "planned_start": ["soon"]}, "Column 'planned_start' of 'tasks' does not hold dates"),
        ({"id": ["a"], "planned_start": ["03/06/2024"]}, "does not hold dates: .*03/06/2024"),
        ({"id": ["a"], "planned_start": [45446.0]}, "does not hold dates: 45446 is a number"),
        ({"id": ["a"], "percent_complete": ["half"]}, "Column 'percent_complete' of 'tasks' does not hold numbers"),
    ],
)
def test_a_frame_that_cannot_be_tasks_is_refused(frame, message):
    with pytest.raises(InvalidRequest, match=message):
        _ = Tables.of(pd.DataFrame(frame)).tasks


def test_a_frame_without_columns_is_an_empty_table():
    tables = Tables.of({**ONE, "task_links": pd.DataFrame(), "calendars": pd.DataFrame(), "baselines": pd.DataFrame()})
    assert tables.why_missing("task_links") == "The schedule has no task links."
    assert open_ends(tables)["issue"].tolist() == ["no predecessor", "no successor"]
    assert late(tables, data_date="2024-03-01").columns[0] == "id"
    assert Tables.of(pd.DataFrame()).tasks.empty


@pytest.mark.parametrize("source", [None, 7, ["tasks"]])
def test_what_is_no_source_is_refused(source):
    with pytest.raises(InvalidRequest, match=r"A report cannot be made from \w+\.\nGive a Schedule"):
        Tables.of(source)


@pytest.mark.parametrize("source", ["kept/Tower", Path("kept/Tower")])
def test_a_path_or_a_name_says_how_to_open_it(source):
    with pytest.raises(
        InvalidRequest, match=r"from the text 'kept/Tower'\.\nA kept copy is opened with bn\.open\(path\)"
    ):
        Tables.of(source)


def test_a_table_that_is_no_frame_is_refused():
    with pytest.raises(InvalidRequest, match="The table 'tasks' must be a DataFrame, not list"):
        _ = Tables.of({"tasks": [1]}).tasks


def test_tasks_are_required():
    with pytest.raises(InvalidRequest, match=r"needs 'tasks'\. No 'tasks' among the frames given"):
        _ = Tables.of({"task_links": ONE["task_links"]}).tasks


class TestDataDate:
    def test_is_the_schedules_and_never_todays(self):
        assert Tables.of(ONE).data_date == pd.Timestamp("2024-06-03", tz="UTC")
        assert Tables.of({"tasks": ONE["tasks"]}).data_date is pd.NaT

    def test_may_be_given(self):
        assert Tables.of(ONE, "2024-07-01").data_date == pd.Timestamp("2024-07-01", tz="UTC")
        assert Tables.of(ONE, "2024-07-01T08:00+02:00").data_date == pd.Timestamp("2024-07-01T06:00Z")

    def test_comes_from_the_project_scheduling_too(self):
        items = [{"dataDate": "2024-06-10T08:00:00Z", "dataDateType": "Manual"}]
        source = schedule([task("a")], data_date=None, project_scheduling=items)
        assert Tables.of(source).data_date == pd.Timestamp("2024-06-10T08:00Z")

    @pytest.mark.parametrize("unset", ["0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999Z"])
    def test_is_none_where_it_was_not_set(self, unset):
        items = [{"dataDate": unset, "dataDateType": "Manual"}]
        source = schedule([task("a")], data_date=None, project_scheduling=items)
        assert Tables.of(source).data_date is pd.NaT
        given = Tables.of(ONE | {"data_date": unset})
        assert given.data_date is pd.NaT
        assert f"The data date {unset[:10]} was never set, and is taken as missing." in given.notes
        with pytest.raises(InvalidRequest, match=f"The data date '{unset}' is before 1900 or after 2199."):
            Tables.of(ONE, unset)

    @pytest.mark.parametrize(
        "given",
        [
            dt.date(2024, 6, 10),
            dt.datetime(2024, 6, 10, tzinfo=dt.UTC),
            np.datetime64("2024-06-10"),
            pd.Timestamp("2024-06-10T00:00:00.000000001"),
            "2024-06-10T05:30:00.0000009+05:30",
        ],
        ids=["date", "datetime", "numpy", "nanoseconds", "seven digits in a zone"],
    )
    def test_may_be_a_date_of_any_make(self, given):
        found = Tables.of(ONE, given).data_date
        assert (found, found.unit) == (pd.Timestamp("2024-06-10", tz="UTC"), "us")

    @pytest.mark.parametrize(
        "given", ["soon", "03/06/2024", "3.6.2024", "2024-06", "06", "2024-02-30", "", 5, 20240603, True, dt.time(8)]
    )
    def test_that_cannot_be_read_is_refused_and_not_guessed(self, given):
        with pytest.raises(
            InvalidRequest, match=rf"The data date {re.escape(repr(given))} is not a date.\nWrite it as"
        ):
            Tables.of(ONE, given)

    def test_of_frames_is_read_the_same_way(self):
        with pytest.raises(InvalidRequest, match="The data date '03/06/2024' is not a date"):
            Tables.of(ONE | {"data_date": "03/06/2024"})

    def test_is_required_where_a_report_depends_on_it(self):
        with pytest.raises(InvalidRequest, match=r"no data date.*\nPass it: data_date=.*Today is not assumed"):
            late({"tasks": ONE["tasks"]})


def test_work_tasks_are_neither_key_dates_nor_hammocks_nor_wbs():
    tasks = [
        wbs("w"),
        task("a"),
        task("odd", type="Meeting"),
        task("none", type=None),
        start_date("s"),
        finish_date("f"),
        task("h", type="ShortHammock"),
        task("l", type="LongHammock"),
        task("d", deleted=True),
    ]
    tables = Tables.of(schedule(tasks))
    ids = tables.tasks["id"]
    assert ids[tables.work_tasks].tolist() == ["a", "odd", "none"]
    assert ids[tables.milestones].tolist() == ["s", "f"]
    assert ids[tables.hammocks].tolist() == ["h", "l"]
    assert ids[tables.summaries].tolist() == ["w"]
    assert "d" not in ids.tolist()


def test_rows_without_or_with_a_used_id_are_left_out_and_said():
    frame = pd.DataFrame({"id": ["a", "a", None], "name": ["first", "second", "third"]})
    tables = Tables.of(frame)
    assert tables.tasks["name"].tolist() == ["second"]  # as of pages: what was sent last counts
    assert tables.notes == [
        "1 task row(s) without an id are left out.",
        "1 task row(s) with an id that is repeated below are left out.",
    ]


def test_a_report_is_no_table_of_tasks():
    listed = late(ONE)
    assert len(listed)
    for source in (listed, {**ONE, "tasks": listed}):
        with pytest.raises(InvalidRequest, match=r"the report 'late', which cannot replace the tasks") as caught:
            look_ahead(source, data_date="2024-06-03")
        assert "s.tasks()" in str(caught.value)
    assert len(look_ahead(listed[:0], data_date="2024-06-03")) == 0


def test_a_selection_of_tasks_keeps_its_paths():
    selected = ONE["tasks"].assign(parent_id="w", wbs_path="Site > Frame")
    report = late(selected, data_date="2024-06-03")
    assert report["wbs_path"].tolist() == ["Site > Frame"]


def test_unknown_calendars_count_on_the_one_most_tasks_use_and_the_report_says_so():
    tasks = [task("a", "2024-05-20", "2024-05-21"), task("b", "2024-05-20", "2024-05-21", calendarId="gone")]
    source = schedule(tasks, calendars=[calendar("seven", 7), calendar()])
    assert Tables.of(source).working_time.default.name == "five"
    notes = about(late(source)).notes
    assert "1 of 2 rows have no known calendar; their working time is counted on 'five'." in notes


def test_about_reads_and_prints_what_the_report_says_of_itself(tmp_path):
    report = late(ONE)
    report.to_parquet(tmp_path / "late.parquet")
    for frame in (report, pd.read_parquet(tmp_path / "late.parquet")):
        said = about(frame)
        assert said.report == "late"
        assert said.data_date == pd.Timestamp("2024-06-03", tz="UTC")
        assert said.schedule == {"id": "s1", "name": "Small"}
        assert said.facts["counts"]["stale_start"] == 1
        assert str(said).splitlines()[0] == "Late: Small, data date 2024-06-03 00:00 UTC"
        assert "<li>Sign: positive is late" in said._repr_html_()


def test_attrs_hold_what_json_knows():
    given = {"nan": float("nan"), "na": pd.NA, "when": pd.Timestamp("2024-06-03"), "set": {1}, 2: [pd.NaT, np.int64(3)]}
    expected = {"nan": None, "na": None, "when": "2024-06-03T00:00:00", "set": [1], "2": [None, 3]}
    assert plain(given) == expected


def test_about_a_frame_that_is_no_report():
    assert str(about(pd.DataFrame())) == "Frame: schedule without a name, data date unknown"


def test_analyses_sent_twice_do_not_double_a_task():
    source = schedule([task("a")], task_scheduling_analyses=[analysis("a", 8)])
    source["task_scheduling_analyses"] = pd.concat([source["task_scheduling_analyses"]] * 2)
    assert total_float(source)["total_float_days"].tolist() == [1.0]


def test_dates_that_were_never_set_count_as_missing() -> None:
    tasks = frame_from_items(
        "tasks",
        [
            {"id": "1", "plannedStart": "0001-01-01T00:00:00Z", "plannedFinish": "2025-01-02T00:00:00Z"},
            {"id": "2", "plannedStart": "2025-01-01T00:00:00Z", "actualStart": "0001-01-01T00:00:00Z"},
        ],
    )
    tables = Tables.of(tasks, "2025-01-01")
    assert tables.tasks["planned_start"].isna().tolist() == [True, False]
    assert tables.tasks["actual_start"].isna().all()
    assert tables.tasks["planned_finish"].notna().tolist() == [True, False]
    assert any("2 row(s) of tasks have dates before 1900 or after 2199" in note for note in tables.notes)
