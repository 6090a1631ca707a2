"""Earned value and earned schedule against worked examples."""

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, earned_value, progress, s_curve
from bentley_nb.reports.earned_value import earned_schedule
from tests.reports.small import at, done, schedule, task


def measures(report):
    return report.set_index("measure")["value"]


def reasons(report):
    return report.set_index("measure")["reason"]


def budget(**by_task):
    return {
        "user_fields": [
            {"id": "f", "name": "Budget", "category": "Task", "type": "Float"},
            {"id": "g", "name": "Actual cost", "category": "Task", "type": "Float"},
        ],
        "task_user_field_values": [
            {"taskId": key, "userFieldId": field, "value": str(value)}
            for key, (planned, actual) in by_task.items()
            for field, value in (("f", planned), ("g", actual))
            if value is not None
        ],
    }


def four_weeks(data_date="2024-06-17", **tables):
    """Four tasks of a week each, 100 a week; after two weeks the first is done and the second at half."""
    rows = [
        done("a", "2024-06-03", "2024-06-07", 5),
        task("b", "2024-06-10", "2024-06-21", 10, actualStart=at("2024-06-10", "08:00"), percentComplete=50),
        task("c", "2024-06-24", "2024-06-28", 5),
        task("d", "2024-07-01", "2024-07-05", 5),
    ]
    weeks = {"a": ("06-03", "06-07"), "b": ("06-10", "06-14"), "c": ("06-17", "06-21"), "d": ("06-24", "06-28")}
    baseline = {key: (f"2024-{start}", f"2024-{finish}", 5) for key, (start, finish) in weeks.items()}
    return schedule(*rows, data_date=data_date, baseline=baseline, **tables)


WORTH = budget(a=(100, 90), b=(100, 110), c=(100, None), d=(100, None))


def test_the_classic_measures_by_hand():
    found = measures(earned_value(four_weeks(**WORTH), "Budget", "Actual cost"))
    assert found[["BAC", "PV", "EV", "AC"]].tolist() == [400, 200, 150, 200]
    assert found[["SV", "CV"]].tolist() == [-50, -50]
    assert found[["SPI", "CPI"]].tolist() == [0.75, 0.75]
    assert found["EAC"] == pytest.approx(400 / 0.75)
    assert found["VAC"] == pytest.approx(400 - 400 / 0.75)
    assert found["TCPI"] == pytest.approx(250 / 200)


def test_earned_schedule_by_hand():
    report = earned_value(four_weeks(**WORTH), "Budget")
    found = measures(report)
    # 150 was planned by Wednesday 13:00 of the second week; two weeks are over, less the eight hours before the start.
    elapsed = 2 - 8 / (7 * 24)
    assert found["AT"] == pytest.approx(elapsed)
    assert found["ES"] == pytest.approx((9 + 5 / 24) / 7)
    assert found["SV(t)"] == pytest.approx(found["ES"] - elapsed)
    assert found["SPI(t)"] == pytest.approx(found["ES"] / elapsed)
    assert found["IEAC(t)"] == pytest.approx(found["PD"] / found["SPI(t)"])
    assert report.set_index("measure")["unit"]["ES"] == "weeks"
    assert about(report).facts["baseline_start"].startswith("2024-06-03T08:00")
    assert about(report).facts["forecast_finish"] > about(report).facts["baseline_finish"]


@pytest.mark.parametrize(
    ("planned", "earned", "expected"),
    [
        # January to May are earned and part of June: 5 + (EV - PV_May) / (PV_June - PV_May), as Lipke defines it.
        ([0, 5, 15, 30, 50, 75, 105, 140], 90, 5.5),
        ([0, 10, 30, 60], 0, 0.0),
        ([0, 10, 30, 60], 30, 2.0),
        ([0, 10, 10, 10, 60], 10, 3.0),  # planned value stands still: the last increment (Lipke and Henderson 2006)
        ([0, 0, 0, 60], 0, 2.0),
        ([0, 10, 30, 60], 60, 3.0),
        ([0, 10, 30, 60, 60], 60, 4.0),
        ([0, 0.6, 0.6, 0.6, 1.6], 0.1 + 0.2 + 0.3, 3.0),  # a last digit too much is still that value
        ([0, 0.6, 0.6000000000000001, 1.6], 0.6, 2.0),
        ([0, 10, 30, 60], 70, 3.0),  # more than everything does not lie beyond the plan
    ],
)
def test_interpolation_of_earned_schedule(planned, earned, expected):
    days = pd.date_range("2024-01-01", periods=len(planned), tz="UTC").as_unit("us")

    def curve(at):
        return np.interp(at.asi8, days.asi8, planned)

    found = earned_schedule(curve, days[0], days[-1], earned)
    assert (found - days[0]) / pd.Timedelta(days=1) == pytest.approx(expected, abs=1e-6)


def test_it_says_that_earned_schedule_counts_elapsed_time():
    said = "Earned schedule counts elapsed time from the start of the baseline, not working time."
    assert said in about(earned_value(four_weeks(), "count")).notes


def test_the_order_in_which_weights_are_added_up_does_not_carry_over_a_standstill():
    days = {"a": "2024-05-06", "b": "2024-05-07", "c": "2024-05-08"}
    rows = [done(key, day, day, 1) for key, day in days.items()] + [task("z", "2024-07-01", "2024-07-05", 5)]
    baseline = {key: (day, day, 1) for key, day in zip("cba", days.values(), strict=True)}
    baseline["z"] = ("2024-07-01", "2024-07-05", 5)
    worth = pd.Series({"a": 0.1, "b": 0.2, "c": 0.3, "z": 1.0})
    found = measures(earned_value(schedule(*rows, data_date="2024-06-03", baseline=baseline), worth))
    assert found["EV"] != found["PV"]  # equal but for the last digit
    assert found["ES"] == found["AT"]
    assert found["SPI(t)"] == 1


@pytest.mark.parametrize("period", ["D", "W", "M"])
@pytest.mark.parametrize(
    ("data_date", "percent"),
    [("2024-06-04T12:00:00Z", 15), ("2024-06-08", 50), ("2024-06-10T08:00:00Z", 50), ("2024-06-14T17:00:00Z", 100)],
    ids=["at work", "weekend", "monday", "end"],
)
def test_on_plan_both_indices_are_one(data_date, percent, period):
    frames = schedule(
        task("a", "2024-06-03", "2024-06-14", 10, actualStart=at("2024-06-03", "08:00"), percentComplete=percent),
        data_date=data_date,
        baseline={"a": ("2024-06-03", "2024-06-14", 10)},
    )
    found = measures(earned_value(frames, "duration", period=period))
    assert found[["SPI", "SPI(t)"]].tolist() == [1, 1]
    assert found["PV"] == found["EV"] == 0.8 * percent


def test_on_plan_after_a_planned_stop_spi_t_is_one():
    """Lipke and Henderson 2006: the last increment with BCWP >= BCWS, so a stop that was planned costs nothing."""
    rows = [done("a", "2024-06-03", "2024-06-07", 5), task("b", "2024-07-01", "2024-07-05", 5)]
    baseline = {"a": ("2024-06-03", "2024-06-07", 5), "b": ("2024-07-01", "2024-07-05", 5)}
    for data_date in ("2024-06-10", "2024-06-24", "2024-07-01"):
        found = measures(earned_value(schedule(*rows, data_date=data_date, baseline=baseline), "duration"))
        assert found["SPI(t)"] == 1, data_date
        assert found["IEAC(t)"] == found["PD"], data_date


def test_a_budget_on_a_hammock_and_a_milestone_belongs_to_bac():
    """NDIA *Planning and Scheduling Excellence Guide*: level of effort earns as planned, milestones 0 or 100."""
    rows = [
        task("a", "2024-06-03", "2024-06-14", 10, actualStart=at("2024-06-03", "08:00"), percentComplete=25),
        task("h", "2024-06-03", "2024-06-14", 10, type="LongHammock"),
        task("m", None, "2024-06-05", type="FinishKeyDate"),
    ]
    worth = pd.Series({"a": 100, "h": 3000, "m": 5000}, name="Budget")
    baseline = {"a": ("2024-06-03", "2024-06-14", 10), "h": ("2024-06-03", "2024-06-14", 10)}
    frames = schedule(*rows, data_date="2024-06-10", baseline=baseline | {"m": (None, "2024-06-05", 0)})
    report = earned_value(frames, worth)
    found = measures(report)
    assert found[["BAC", "PV", "EV"]].tolist() == [8100, 50 + 1500 + 5000, 25 + 1500 + 0]
    assert "3,000.00 of 'Budget' is on hammocks and is earned as planned (level of effort)." in about(report).notes
    curve = s_curve(frames, worth)
    now = curve[curve["is_data_date"]].iloc[0]
    assert (now["planned_value"], now["earned_value"]) == (found["PV"], found["EV"])
    assert curve["forecast_value"].iloc[-1] == found["BAC"]
    by_state = progress(frames, "type", weight=worth)
    assert (by_state["weight"].sum(), by_state["earned"].sum()) == (found["BAC"], found["EV"])
    rows[2] |= {"actualFinish": at("2024-06-05", "17:00")}
    assert measures(earned_value(schedule(*rows, data_date="2024-06-10"), worth))["EV"] == 25 + 1500 + 5000


def test_earned_value_at_an_earlier_date_agrees_with_the_curve():
    frames = four_weeks(**WORTH)
    for when in ("2024-06-05T12:00Z", "2024-06-10", "2024-06-13T10:00Z"):
        curve = s_curve(frames, "Budget", "D")
        early = measures(earned_value(frames, "Budget", data_date=when))
        expected = np.interp(
            pd.Timestamp(when).timestamp() if "Z" in when else pd.Timestamp(when, tz="UTC").timestamp(),
            [stamp.timestamp() for stamp in curve["date"]],
            curve["earned_value"].astype(float).ffill(),
        )
        if "T" not in when:
            assert early["EV"] == pytest.approx(expected)
        now = s_curve(frames, "Budget", "D", data_date=when)
        assert now[now["is_data_date"]]["earned_value"].iloc[0] == pytest.approx(early["EV"])


def test_cost_as_a_series():
    report = earned_value(four_weeks(**WORTH), "Budget", cost=pd.Series({"a": 90, "b": "tbc", "c": 110}, name="paid"))
    assert measures(report)["AC"] == 200
    assert any("'Task b' ('tbc')" in note for note in about(report).notes)


def test_spi_drifts_to_one_at_the_end_and_spi_t_does_not():
    frames = schedule(
        done("a", "2024-06-03", "2024-06-28", 20),
        data_date="2024-07-31",
        baseline={"a": ("2024-06-03", "2024-06-14", 10)},
    )
    report = earned_value(frames, "duration")
    found = measures(report)
    assert found["SPI"] == 1
    assert found["AT"] == pytest.approx((25 * 24 + 9) / (7 * 24))  # to the actual finish, not to the data date
    assert found["SPI(t)"] == pytest.approx(found["PD"] / found["AT"])
    assert "last actual finish" in report.set_index("measure")["formula"]["AT"]


def test_a_weight_has_to_be_named_and_the_choices_are_listed():
    with pytest.raises(
        InvalidRequest, match=r'Choose weight="duration", "count".*Numeric user fields: Actual cost, Budget'
    ):
        earned_value(four_weeks(**WORTH))


def test_without_cost_its_measures_are_missing_with_the_reason():
    report = earned_value(four_weeks(), "duration")
    for measure in ("AC", "CV", "CPI", "EAC", "VAC", "TCPI"):
        assert measures(report).isna()[measure], measure
        assert reasons(report)[measure].startswith("No cost"), measure
    assert reasons(report)[["BAC", "PV", "EV", "SV", "SPI", "ES"]].isna().all()


def test_without_a_baseline_nothing_is_planned():
    frames = schedule(done("a", "2024-06-03", "2024-06-07", 5), data_date="2024-06-10")
    report = earned_value(frames, "duration")
    assert measures(report)[["BAC", "EV"]].tolist() == [40, 40]
    for measure in ("PV", "SV", "SPI", "PD", "AT", "ES", "SV(t)", "SPI(t)", "IEAC(t)"):
        assert measures(report).isna()[measure], measure
        assert reasons(report)[measure].startswith("There is no baseline"), measure


def test_before_anything_is_earned_no_finish_is_forecast():
    frames = schedule(
        task("a", "2024-06-03", "2024-06-14", 10),
        data_date="2024-06-10",
        baseline={"a": ("2024-06-03", "2024-06-14", 10)},
    )
    report = earned_value(frames, "count")
    assert measures(report)["SPI(t)"] == 0
    assert "no finish can be forecast" in reasons(report)["IEAC(t)"]
    assert about(report).facts["forecast_finish"] is None


def test_quantities_earn_by_what_is_installed_where_they_have_a_unit():
    started = {"actualStart": at("2024-06-03", "08:00"), "percentComplete": 90, "actualPhysicalQuantity": 25.0}
    rows = [
        task("a", "2024-06-03", "2024-06-14", 10, physicalQuantity=100.0, physicalQuantityUnit="CubicMeter", **started),
        task("b", "2024-06-03", "2024-06-14", 10, physicalQuantity=100.0, physicalQuantityUnit="Unknown", **started),
        done(
            "c",
            "2024-06-03",
            "2024-06-04",
            2,
            physicalQuantity=10.0,
            actualPhysicalQuantity=9.0,
            physicalQuantityUnit="CubicMeter",
        ),
        task(
            "d",
            "2024-06-17",
            "2024-06-21",
            5,
            physicalQuantity=10.0,
            actualPhysicalQuantity=9.0,
            physicalQuantityUnit="CubicMeter",
        ),
    ]
    report = earned_value(schedule(*rows, data_date="2024-06-10"), "quantity")
    # 25 of a are installed; b has only its percent; c is complete whatever was measured; d has not started.
    assert measures(report)["EV"] == pytest.approx(25 + 90 + 10 + 0)
    assert any("1 task(s) in progress earn by installed quantity" in note for note in about(report).notes)


def test_a_data_date_before_the_baseline_start_has_no_index_in_time():
    report = earned_value(four_weeks("2024-05-01", **WORTH), "Budget")
    assert measures(report)["AT"] < 0
    assert "before the start of the baseline" in reasons(report)["SPI(t)"]
    assert reasons(report)["SPI"] == "PV is 0."


def test_spent_all_leaves_no_tcpi():
    report = earned_value(
        four_weeks(**budget(a=(100, 400), b=(100, 1), c=(100, None), d=(100, None))), "Budget", "Actual cost"
    )
    assert measures(report).isna()["TCPI"]
    assert "Nothing of BAC is left" in reasons(report)["TCPI"]


def test_a_cost_below_nothing_gives_no_index():
    frames = four_weeks(**budget(a=(100, -400), b=(100, 1), c=(100, None), d=(100, None)))
    report = earned_value(frames, "Budget", "Actual cost")
    assert measures(report)["AC"] == -399
    for measure in ("CPI", "EAC", "VAC", "TCPI"):
        assert measures(report).isna()[measure], measure
        assert "AC is below 0." in reasons(report)[measure], measure


def test_a_task_that_is_not_in_the_baseline_is_left_out_and_counts_nothing():
    frames = four_weeks()
    frames["baseline_tasks"] = frames["baseline_tasks"][frames["baseline_tasks"]["task_id"] != "d"]
    notes = about(earned_value(frames, "duration")).notes
    assert any(note.startswith("1 task(s) that are not in the baseline are left out") for note in notes)
    assert not any("count their planned one" in note for note in notes)


def test_cost_in_another_unit_is_pointed_out():
    report = earned_value(four_weeks(**WORTH), "duration", "Actual cost")
    assert any("only if both have the same unit" in note for note in about(report).notes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight": "Budget", "cost": "Actual costs"}, "Did you mean 'Actual cost'"),
        ({"weight": "Budget", "period": "Q"}, "not a period of earned schedule"),
        ({"weight": "Budget", "baseline": "x"}, "There is no baseline 'x'"),
        ({"weight": "Budget", "cost": {"a": 90}}, "A cost cannot be a dict.\nName a numeric user field"),
    ],
)
def test_wrong_options_are_answered(options, message):
    with pytest.raises(InvalidRequest, match=message):
        earned_value(four_weeks(**WORTH), **options)


def test_a_data_date_is_needed():
    with pytest.raises(InvalidRequest, match="Today is not assumed"):
        earned_value(four_weeks(None, **WORTH), "Budget")


@pytest.mark.parametrize(
    ("period", "unit", "elapsed"), [("D", "days", 14), ("W", "weeks", 2), ("M", "months", 14 / 30)]
)
def test_periods_of_earned_schedule(period, unit, elapsed):
    report = earned_value(four_weeks("2024-06-17T08:00:00Z", **WORTH), "Budget", period=period)
    assert measures(report)["AT"] == pytest.approx(elapsed)
    assert report.set_index("measure")["unit"]["AT"] == unit
    assert measures(report)["ES"] < measures(report)["AT"]


def test_an_empty_schedule_says_so():
    report = earned_value(schedule(), "count")
    assert report["measure"].tolist()[0] == "BAC"
    assert measures(report)["BAC"] == 0
