"""The trend over copies of a schedule: one row per copy and measure."""

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, trend
from tests.reports.build import analysis, baseline_task, finish_date, link, schedule, task, with_baseline


def copy(data_date, finish, *, days=0.0, done=None, extra=(), **tables):
    """A state with one task, one key date, and a baseline of 3 to 14 June."""
    tasks = [
        task(
            "a",
            "2024-06-03",
            finish,
            "2024-06-03",
            done,
            plannedDuration=288_000,
            remainingDuration=0 if done else 144_000,
        ),
        finish_date("f", finish, done),
        *extra,
    ]
    baseline = [baseline_task("a", "2024-06-03", "2024-06-14", hours=80), baseline_task("f", None, "2024-06-14")]
    floats = [] if done else [analysis("a", days * 8, critical=days <= 0), analysis("f", days * 8, critical=days <= 0)]
    tables = {"task_links": [link("a", "f", "FF")], "task_scheduling_analyses": floats, **tables}
    return with_baseline(tasks, baseline, data_date=data_date, **tables)


COPIES = [
    copy("2024-06-03", "2024-06-14", days=5),
    copy("2024-06-10", "2024-06-19", days=2),
    copy("2024-06-21", "2024-06-20", done="2024-06-20", extra=[task("b", "2024-06-24", "2024-06-25")]),
]


def measured(frame, measure, column="value"):
    return [None if pd.isna(each) else each for each in frame.loc[frame["measure"] == measure, column]]


def test_one_row_per_copy_and_measure():
    frame = trend(COPIES)
    assert set(frame["copy"]) == {"1", "2", "3"}
    assert frame[frame["copy"] == "1"]["measure"].tolist() == [
        "finish",
        "key date",
        "float",
        "SPI",
        "SPI(t)",
        "BEI",
        "CPLI",
        "health points passed",
        "critical tasks",
        "remaining work",
        "remaining time",
        "compression",
        "added",
        "removed",
        "changed",
        "hit rate",
    ]
    assert not frame.duplicated(["copy", "measure", "id"]).any()
    assert (frame["value"].notna() | frame["date"].notna() | frame["reason"].notna()).all()


def test_dates_and_float_of_the_key_date():
    frame = trend(COPIES)
    assert measured(frame, "key date", "date") == [
        pd.Timestamp(f"{day}T17:00Z") for day in ("2024-06-14", "2024-06-19", "2024-06-20")
    ]
    assert measured(frame, "finish", "date")[-1] == pd.Timestamp("2024-06-25T17:00Z")
    assert measured(frame, "float") == [5.0, 2.0, None]
    assert measured(frame, "float", "reason") == [None, None, "The key date has passed."]


def test_the_work_left_over_the_time_left():
    """5 days of work; 10 working days to 14 June, then 8 to 19 June."""
    frame = trend(COPIES[:2])
    assert measured(frame, "remaining work") == [5.0, 5.0]
    assert measured(frame, "remaining time") == [10.0, 8.0]
    assert measured(frame, "compression") == [0.5, 0.625]


def test_of_started_work_the_planned_duration_is_not_what_is_left():
    open_work = [
        task("a", "2024-06-03", "2024-06-07", actual="2024-06-03", plannedDuration=5 * 8 * 3600),
        task("b", "2024-06-10", "2024-06-11", plannedDuration=2 * 8 * 3600),
    ]
    assert measured(trend([schedule(open_work, data_date="2024-06-05")]), "remaining work") == [2.0]


def test_what_changed_and_what_was_hit_since_the_copy_before():
    frame = trend(COPIES)
    assert measured(frame, "added") == [None, 0.0, 1.0]
    assert measured(frame, "changed") == [None, 2.0, 2.0]
    assert measured(frame, "hit rate") == [None, None, 100.0]
    assert measured(frame, "hit rate", "reason") == ["This is the first copy.", "Nothing was due.", None]


def test_work_that_was_due_and_is_open_misses():
    late = copy("2024-06-21", "2024-06-27")
    assert measured(trend([COPIES[0], late]), "hit rate") == [None, 0.0]


def test_indices_are_those_of_the_reports():
    frame = trend(COPIES)
    value = bn.reports.earned_value(COPIES[1], weight="duration").set_index("measure")["value"]
    assert measured(frame, "SPI")[1] == value["SPI"]
    health = bn.reports.health(COPIES[1]).set_index("check")["value"]
    assert measured(frame, "CPLI")[1] == health["cpli"]
    assert measured(frame, "critical tasks") == [0.0, 0.0, None]  # the last copy has no floats


def test_copies_are_put_in_the_order_of_their_data_dates():
    pd.testing.assert_frame_equal(trend(COPIES[::-1]), trend(COPIES))


def test_copies_without_data_dates_stay_in_the_order_given_and_that_is_said():
    frame = trend([{**each, "data_date": None} for each in COPIES[:2]])
    assert measured(frame, "key date", "date")[0] == pd.Timestamp("2024-06-14T17:00Z")
    assert measured(frame, "SPI", "reason") != [None, None]
    assert "A copy has no data date, so the copies are in the order given." in about(frame).notes


def test_a_key_date_keeps_its_id_when_ids_were_replaced():
    older = schedule([finish_date("o1", "2024-06-14", userDefinedId="F")], data_date="2024-06-03")
    newer = schedule([finish_date("n1", "2024-06-19", userDefinedId="F")], data_date="2024-06-10")
    frame = trend([older, newer])
    assert frame.loc[frame["measure"] == "key date", "id"].tolist() == ["n1", "n1"]


def test_only_the_key_dates_asked_for():
    both = [
        schedule([finish_date(key, "2024-06-14") for key in "fg"], data_date=day)
        for day in ("2024-06-03", "2024-06-10")
    ]
    assert set(trend(both, key_dates="A-g")["id"].dropna()) == {"g"}
    with pytest.raises(InvalidRequest, match=r"There is no key date 'H' in the last copy\.\n.*F"):
        trend(both, key_dates=["H"])


class TestFolder:
    def test_a_folder_of_kept_copies(self, demo, tmp_path):
        demo.keep(tmp_path)
        frame = trend(tmp_path)
        pd.testing.assert_frame_equal(frame, trend([demo]))
        assert frame.attrs["schedule"]["name"] == demo.name

    def test_a_folder_of_several_schedules_is_refused(self, demo, demo_client, tmp_path):
        other = demo_client.schedule("Quayside Residences", project="Quayside Residences")
        demo.keep(tmp_path)
        other.keep(tmp_path)
        with pytest.raises(InvalidRequest, match=r"copies of 2 schedules: Harbour Point Tower, Quayside Residences"):
            trend(tmp_path)

    def test_an_empty_folder_is_refused(self, tmp_path):
        with pytest.raises(InvalidRequest, match=r'no copies of the schedule\.\ns\.keep\("kept"\) makes one'):
            trend(tmp_path)

    def test_what_is_not_several_schedules_is_refused(self, demo):
        for one in (demo, COPIES[0], None, 5):
            with pytest.raises(InvalidRequest, match=r"needs several states of a schedule"):
                trend(one)
