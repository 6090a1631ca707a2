"""What the look-ahead takes in, and what it leaves to others."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, look_ahead
from tests.reports.build import analysis, finish_date, link, rows, schedule, start_date, task, wbs
from tests.reports.real import dataset


@pytest.mark.parametrize(
    ("item", "inside"),
    [
        (task("a", "2024-06-10", "2024-06-12"), True),
        (task("a", "2024-05-01", "2024-06-04", actual="2024-05-01"), True),  # begun earlier, still open
        (task("a", "2024-05-01", "2024-09-01", actual="2024-05-01"), True),  # spans the whole window
        (task("a", "2024-06-23", "2024-06-28"), True),
        (task("a", "2024-06-24T00:00:00Z", "2024-06-28"), False),  # the window's end is not in it
        (task("a", "2024-05-01", "2024-06-02"), False),  # wholly before the data date: that is late()
        (task("a", "2024-05-01", "2024-06-03T00:00:00Z"), True),  # finishing on the data date is in
        (task("a", "2024-06-10", "2024-06-12", actual="2024-05-20", done="2024-06-02"), False),
        (task("a", "2024-06-10", "2024-06-12", actual="2024-06-01", done="2024-06-05"), True),  # not finished yet
        (task("a"), False),
        (task("a", "2024-06-10"), True),  # no finish
        (start_date("a", "2024-06-10"), True),
        (finish_date("a", "2024-06-10"), True),
        (finish_date("a", "2024-07-10"), False),
        (task("a", "2024-06-10", "2024-06-12", type="LongHammock"), False),
        (wbs("a", plannedStart="2024-06-10T08:00:00Z", plannedFinish="2024-06-12T17:00:00Z"), False),
        (task("a", "2024-06-10", "2024-06-12", deleted=True), False),
    ],
)
def test_open_work_that_overlaps_the_window_is_in(item, inside):
    assert (look_ahead(schedule([item]))["id"].tolist() == ["a"]) == inside


def test_it_counts_from_the_data_date_and_says_so():
    source = schedule([task("a", "2012-06-10", "2012-06-12")], data_date="2012-06-04")
    report = look_ahead(source)
    assert report["id"].tolist() == ["a"]
    said = about(report)
    assert said.notes[0] == "Window: 2012-06-04 00:00 to 2012-06-25 00:00 UTC, 3 week(s)."
    assert (said.facts["window_start"], said.facts["weeks"]) == ("2012-06-04T00:00:00+00:00", 3)


def test_key_dates_show_their_one_date():
    report = rows(look_ahead(schedule([start_date("s", "2024-06-10"), finish_date("f", "2024-06-11")])))
    assert pd.isna(report["s"]["finish"])
    assert pd.isna(report["f"]["start"])
    assert (report["s"]["week"], report["f"]["week"]) == (2, 2)


def test_weeks_are_numbered_from_the_data_date():
    tasks = [
        task("old", "2024-05-01", "2024-07-01", actual="2024-05-01"),
        task("first", "2024-06-05", "2024-06-06"),
        task("second", "2024-06-10T00:00:00Z", "2024-06-20"),
        task("third", "2024-06-23", "2024-06-30"),
    ]
    report = rows(look_ahead(schedule(tasks)))
    assert {key: row["week"] for key, row in report.items()} == {"old": 1, "first": 1, "second": 2, "third": 3}
    assert report["second"]["week_starting"] == pd.Timestamp("2024-06-10", tz="UTC")


class TestWeekStart:
    SOURCE = schedule(
        [task("a", "2024-06-12", "2024-06-13"), task("b", "2024-06-20T23:00:00Z", "2024-06-21")],
        data_date="2024-06-05T09:00Z",
    )

    def test_weeks_may_begin_on_a_weekday(self):
        report = look_ahead(self.SOURCE, weeks=2, week_start="Monday")
        assert about(report).facts["window_start"] == "2024-06-03T00:00:00+00:00"
        assert about(report).facts["window_finish"] == "2024-06-17T00:00:00+00:00"
        assert report["id"].tolist() == ["a"]

    def test_in_the_zone_of_the_project(self):
        report = look_ahead(self.SOURCE, weeks=2, week_start="friday", zone="Asia/Dubai")
        assert about(report).facts["window_start"] == "2024-05-30T20:00:00+00:00"
        assert report["week_starting"].dt.tz_convert("Asia/Dubai").dt.day_name().tolist() == ["Friday"]

    def test_weeks_keep_to_midnight_when_clocks_change(self):
        source = schedule([task("a", "2024-04-02", "2024-04-03")], data_date="2024-03-27T09:00Z")
        facts = about(look_ahead(source, weeks=2, week_start="monday", zone="Europe/London")).facts
        assert (facts["window_start"], facts["window_finish"]) == (
            "2024-03-25T00:00:00+00:00",
            "2024-04-07T23:00:00+00:00",
        )

    @pytest.mark.parametrize(
        ("zone", "data_date", "begins"),
        [
            ("Africa/Cairo", "2024-04-26T06:00Z", "2024-04-25T22:00"),  # 26 April begins at 01:00
            ("Asia/Beirut", "2024-03-31T09:00Z", "2024-03-30T22:00"),  # and 31 March
            ("America/Havana", "2024-11-03T15:00Z", "2024-11-03T04:00"),  # two midnights: the first
        ],
    )
    def test_clocks_that_change_at_midnight(self, zone, data_date, begins):
        day = pd.Timestamp(data_date)
        source = schedule([task("a", f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}")], data_date=data_date)
        report = look_ahead(source, week_start=day.day_name(), zone=zone)
        assert about(report).facts["window_start"].startswith(begins)
        assert report["id"].tolist() == ["a"]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"weeks": 10**6}, "weeks must be at most 5,000, not 1,000,000"),
            ({"week_start": "mon"}, r"no weekday 'mon'.*\n.*monday"),
            ({"zone": "Dubai"}, r"no time zone 'Dubai'.*\n.*Asia/Dubai"),
            ({"weeks": 0}, "weeks must be a whole number of at least 1, not 0"),
            ({"weeks": 2.5}, "weeks must be a whole number"),
            ({"forecast": "best"}, "no forecast 'best'"),
        ],
    )
    def test_options_that_make_no_sense_are_refused(self, options, message):
        with pytest.raises(InvalidRequest, match=message):
            look_ahead(self.SOURCE, **options)


def test_open_predecessors_are_those_whose_part_has_not_happened():
    tasks = [
        task("done", actual="2024-05-01", done="2024-05-03"),
        task("begun", actual="2024-05-20"),
        task("early", actual="2024-05-20"),
        task("idle"),
        task("a", "2024-06-10", "2024-06-12"),
    ]
    links = [
        link("done", "a"),
        link("begun", "a"),
        link("begun", "a", "SS"),
        link("idle", "a", "SS"),
        link("early", "a", "SS"),
        link("begun", "a", "FF"),
        link("gone", "a"),
        link("a", "a"),
        link("idle", "a", deleted=True),
    ]
    report = look_ahead(schedule(tasks, task_links=links))
    assert rows(report)["a"]["open_predecessors"] == 2  # begun (not finished) and idle (not started)


def test_without_links_or_resources_the_columns_are_empty_and_the_notes_say_why():
    report = look_ahead(schedule([task("a", "2024-06-10", "2024-06-12")], task_links=None))
    assert report[["open_predecessors", "resources"]].isna().all(axis=None)
    assert "Open predecessors are unknown. No 'task_links' among the frames given." in about(report).notes
    assert "Resources are unknown. No 'resource_assignments' among the frames given." in about(report).notes


def test_resources_are_named_once_each():
    source = schedule(
        [task("a", "2024-06-10", "2024-06-12"), task("b", "2024-06-10", "2024-06-12")],
        resources=[{"id": "r1", "name": "Crane"}, {"id": "r2", "name": "Crew"}],
        resource_assignments=[
            {"id": "1", "taskId": "a", "resourceId": "r2"},
            {"id": "2", "taskId": "a", "resourceId": "r1"},
            {"id": "3", "taskId": "a", "resourceId": "r1"},
            {"id": "4", "taskId": "a", "resourceId": "gone"},
        ],
    )
    report = rows(look_ahead(source))
    assert report["a"]["resources"] == "Crane; Crew"
    assert pd.isna(report["b"]["resources"])


class TestStatusAndCodes:
    TASKS = (task("a", "2024-06-10", "2024-06-12", statusId="s1"), task("b", "2024-06-11", "2024-06-12"))
    CODES = {  # noqa: RUF012
        "codes": [{"id": "c", "name": "Zone", "category": "Task"}, {"id": "d", "name": "Trade", "category": "Task"}],
        "code_values": [
            {"id": "n", "codeId": "c", "name": "North"},
            {"id": "s", "codeId": "c", "name": "South"},
            {"id": "m", "codeId": "d", "name": "Masonry"},
        ],
        "task_code_value_assignments": [
            {"codeValueId": "s", "taskId": "b"},
            {"codeValueId": "n", "taskId": "b"},
            {"codeValueId": "m", "taskId": "a"},
        ],
    }

    def test_status_is_the_name_the_project_gave_it(self):
        statuses = [{"id": "s1", "name": "On hold", "type": "Planned"}]
        report = look_ahead(schedule(list(self.TASKS), task_statuses=statuses))
        assert report["status"].tolist() == ["On hold", "Planned"]
        assert look_ahead(schedule(list(self.TASKS)))["status"].tolist() == ["Planned", "Planned"]

    def test_a_column_per_code(self):
        source = schedule(list(self.TASKS), **self.CODES)
        report = rows(look_ahead(source, codes=True))
        assert (report["b"]["Zone"], report["a"]["Trade"]) == ("North; South", "Masonry")
        assert pd.isna(report["a"]["Zone"])
        assert look_ahead(source, codes="Trade").columns[-1] == "Trade"
        assert "Zone" not in look_ahead(source, codes=["Trade"])
        assert "Zone" not in look_ahead(source)

    def test_without_codes_it_says_so_and_named_ones_must_be_there(self):
        report = look_ahead(schedule(list(self.TASKS)), codes=True)
        assert "Codes are unknown. No 'codes' among the frames given." in about(report).notes
        with pytest.raises(InvalidRequest, match="needs 'codes'"):
            look_ahead(schedule(list(self.TASKS)), codes=["Zone"])
        with pytest.raises(InvalidRequest, match="'Zones'"):
            look_ahead(schedule(list(self.TASKS), **self.CODES), codes="Zones")


def test_what_is_not_in_the_window_is_counted_in_the_notes():
    tasks = [task("late", "2024-05-01", "2024-05-03"), task("undated"), task("next", "2024-08-01", "2024-08-02")]
    report = look_ahead(schedule(tasks, task_scheduling_analyses=[analysis("late", 0)]))
    assert report.empty
    notes = about(report).notes
    assert "No open task falls into the window; the next one starts 2024-08-01." in notes
    assert "1 open task(s) are entirely before the data date and are not in the window; see late()." in notes
    assert "1 open task(s) have no date." in notes


@pytest.mark.parametrize("weeks", [3, 6, 20])
def test_on_the_real_hotel_it_is_the_plain_rule(shared, weeks):
    source = dataset(shared, "hotel")
    data_date = pd.Timestamp(source["data_date"])
    tasks = source["tasks"]
    until = data_date + pd.Timedelta(weeks=weeks)
    expected = set()
    for row in tasks.itertuples():
        if row.is_wbs or row.actual_finish is not pd.NaT:
            continue
        start = row.planned_finish if row.type == "FinishKeyDate" else row.planned_start
        finish = row.planned_start if row.type == "StartKeyDate" else row.planned_finish
        if start < until and finish >= data_date:
            expected.add(row.id)
    assert set(look_ahead(source, weeks)["id"]) == expected
