"""Planned, earned and forecast curves, worked out by hand for a week of five days."""

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, s_curve
from tests.reports.small import at, done, schedule, task

COLUMNS = [
    "date",
    "planned_value",
    "earned_value",
    "forecast_value",
    "planned_percent",
    "earned_percent",
    "forecast_percent",
    "is_data_date",
]


def by_day(curve, column):
    """Values of a column by month and day, without the missing ones."""
    values = curve.set_index(curve["date"].dt.strftime("%m-%d"))[column].dropna()
    return dict(values.round(6))


def one_week(data_date="2024-06-05", **options):
    """Ten days of work: a is done in two days instead of four, b is half done, c is to come and not in the baseline."""
    return schedule(
        done("a", "2024-06-03", "2024-06-04", 2),
        task("b", "2024-06-03", "2024-06-12", 6, actualStart=at("2024-06-03", "08:00"), percentComplete=50),
        task("c", "2024-06-10", "2024-06-11", 2),
        data_date=data_date,
        **options,
    )


BASELINE = {"a": ("2024-06-03", "2024-06-06", 4), "b": ("2024-06-03", "2024-06-10", 6)}


def test_planned_value_follows_the_baseline_in_working_time():
    curve = s_curve(one_week(baseline=BASELINE), period="D")
    # By each midnight one more working day of both, until a's four days are over; nothing on the weekend.
    assert by_day(curve, "planned_value") == {
        "06-03": 0, "06-04": 16, "06-05": 32, "06-06": 48, "06-07": 64, "06-08": 72,
        "06-09": 72, "06-10": 72, "06-11": 80, "06-12": 80, "06-13": 80,
    }  # fmt: skip


def test_earned_value_follows_actual_dates_and_ends_at_the_data_date():
    curve = s_curve(one_week(baseline=BASELINE), period="D")
    # a earns 32 h over its two actual days; b 24 of 48 h over the two days to the data date.
    assert by_day(curve, "earned_value") == {"06-03": 0, "06-04": 28, "06-05": 56}
    assert curve.loc[curve["is_data_date"], "earned_percent"].tolist() == [70.0]


def test_what_remains_goes_on_from_the_data_date():
    curve = s_curve(one_week(baseline=BASELINE), period="D")
    # 24 h of b over the six working days to 12 June: 4 h a day.
    assert by_day(curve, "forecast_value") == {
        "06-05": 56, "06-06": 60, "06-07": 64, "06-08": 68, "06-09": 68, "06-10": 68, "06-11": 72, "06-12": 76, "06-13": 80,
    }  # fmt: skip


def test_only_tasks_of_the_baseline_count_and_the_others_are_named():
    curve = s_curve(one_week(baseline=BASELINE))
    assert about(curve).facts["total"] == 80
    assert "1 task(s) that are not in the baseline are left out (16 hours of working time)." in about(curve).notes


def test_without_a_baseline_nothing_is_planned():
    curve = s_curve(one_week(), period="D")
    assert curve.columns.tolist() == COLUMNS
    assert curve["planned_value"].isna().all()
    assert curve["planned_percent"].isna().all()
    assert any("Planned dates are not a baseline" in note for note in about(curve).notes)
    assert about(curve).facts["total"] == 80  # 2 + 6 + 2 days, c counts now


def test_only_work_in_progress_can_lack_a_percent():
    frames = one_week()
    frames["tasks"]["percent_complete"] = pd.NA
    notes = about(s_curve(frames)).notes
    assert "1 task(s) in progress have no percent complete and earn nothing." in notes


def test_without_a_data_date_only_the_plan_is_drawn():
    curve = s_curve(one_week(data_date=None, baseline=BASELINE))
    assert curve["planned_value"].notna().all()
    assert curve[["earned_value", "forecast_value"]].isna().all(axis=None)
    assert not curve["is_data_date"].any()
    assert any("no data date" in note for note in about(curve).notes)


def test_periods_begin_at_midnights_of_the_zone():
    curve = s_curve(one_week(baseline=BASELINE), zone="America/New_York")
    edges = curve["date"][~curve["is_data_date"]].dt.tz_convert("America/New_York")
    assert set(edges.dt.strftime("%a %H:%M")) == {"Mon 00:00"}
    assert curve["planned_percent"].iloc[-1] == s_curve(one_week(baseline=BASELINE))["planned_percent"].iloc[-1] == 100


def test_the_data_date_is_a_point_of_its_own():
    curve = s_curve(one_week("2024-06-05T11:00:00Z", baseline=BASELINE))
    assert curve["date"].dt.strftime("%m-%d %H").tolist() == ["06-03 00", "06-05 11", "06-10 00", "06-17 00"]
    assert curve["is_data_date"].tolist() == [False, True, False, False]


def test_what_should_be_over_is_forecast_right_after_the_data_date():
    late = schedule(task("a", "2024-05-27", "2024-05-28", 2), data_date="2024-06-05")
    curve = s_curve(late, period="D", weight="count")
    assert by_day(curve, "forecast_value") == {"06-05": 0}  # nothing is claimed for the data date itself
    later = s_curve(
        schedule(task("a", "2024-05-27", "2024-05-28"), task("b", "2024-06-06", "2024-06-06"), data_date="2024-06-05"),
        "count",
        "D",
    )
    assert by_day(later, "forecast_value") == {"06-05": 0, "06-06": 1, "06-07": 2}
    assert any("1 open task(s) should be over" in note for note in about(later).notes)


def test_an_actual_finish_after_the_data_date_is_not_achieved():
    """NDIA counts what finished on or before the status date: of Monday to Friday, two days are done by Wednesday."""
    wrong = schedule(done("a", "2024-06-03", "2024-06-07", 5), data_date="2024-06-05")
    curve = s_curve(wrong, "count", "D")
    assert curve["earned_value"].dropna().iloc[-1] == pytest.approx(0.4)
    assert any("actual dates after the data date" in note for note in about(curve).notes)


@pytest.mark.parametrize("weight", ["count", "quantity", "Budget", pd.Series({"a": 30.0, "b": 10.0})])
def test_every_weight_ends_at_its_total(weight):
    fields = {
        "user_fields": [{"id": "f", "name": "Budget", "category": "Task", "type": "Float"}],
        "task_user_field_values": [{"taskId": key, "userFieldId": "f", "value": "20"} for key in "ab"],
    }
    rows = [
        done("a", "2024-06-03", "2024-06-04", 2, physicalQuantity=3.0, physicalQuantityUnit="m3"),
        task("b", "2024-06-05", "2024-06-06", 2, physicalQuantity=1.0, physicalQuantityUnit="m3"),
    ]
    frames = schedule(
        *rows,
        data_date="2024-06-05",
        baseline={"a": ("2024-06-03", "2024-06-04", 2), "b": ("2024-06-05", "2024-06-06", 2)},
        **fields,
    )
    curve = s_curve(frames, weight)
    last = curve.iloc[-1]
    assert last["planned_value"] == last["forecast_value"] == about(curve).facts["total"] > 0
    assert last["planned_percent"] == last["forecast_percent"] == 100


def test_a_budget_that_no_task_has_gives_no_percent():
    curve = s_curve(schedule(task("a", "2024-06-03", "2024-06-04"), data_date="2024-06-03"), "quantity")
    assert curve["forecast_percent"].isna().all()


def test_a_milestone_and_tasks_without_dates_survive():
    frames = schedule(
        task("m", "2024-06-03", type="StartKeyDate"),
        task("x"),
        task("a", "2024-06-03", "2024-06-04", 2),
        data_date="2024-06-03",
    )
    curve = s_curve(frames, "count")
    assert about(curve).facts["total"] == 2
    assert curve["forecast_value"].iloc[-1] == 1
    assert any("1 task(s) have no dates" in note for note in about(curve).notes)


def test_an_empty_schedule_has_the_same_columns_and_dtypes():
    empty, full = s_curve(schedule(), "count"), s_curve(one_week(), "count")
    assert len(empty) == 0
    assert dict(empty.dtypes) == dict(full.dtypes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"period": "fortnight"}, "not a period"),
        ({"weight": "worth"}, "There is no weight 'worth'"),
        ({"baseline": "Contrakt"}, "Did you mean 'Contract'"),
    ],
)
def test_wrong_options_are_answered(options, message):
    with pytest.raises(InvalidRequest, match=message):
        s_curve(one_week(baseline=BASELINE), **options)


def test_the_hotel_ends_where_its_durations_end(shared):
    from tests.reports.real import dataset

    frames = dataset(shared, "hotel")
    curve = s_curve(frames)
    work = frames["tasks"][~frames["tasks"]["is_wbs"] & (frames["tasks"]["type"] == "Work")]
    assert curve["forecast_value"].iloc[-1] == pytest.approx(work["planned_duration_hours"].sum())
    assert (np.diff(curve["forecast_value"].dropna()) >= 0).all()
    # Half way by the curve is half way by counting the hours worked before that Monday task by task.
    middle = curve.iloc[70]
    from bentley_nb.reports.basis.tables import Tables

    tables = Tables.of(frames)
    by_then = tables.working_time.working_hours(
        work["planned_start"],
        work["planned_finish"].where(work["planned_finish"] < middle["date"], middle["date"]),
        work["calendar_id"],
    )
    assert middle["forecast_value"] == pytest.approx(np.maximum(by_then, 0).sum())
