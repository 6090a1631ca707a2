"""Curves, earned value and resources of each trade, WBS element or status: groups add up and agree with each other."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, earned_value, progress, resource_histogram, s_curve
from tests.reports.small import calendar, done, schedule, task

CODES = {
    "codes": [{"id": "c", "category": "Activity", "name": "Trade"}],
    "code_values": [{"id": "cc", "codeId": "c", "name": "Concrete"}, {"id": "st", "codeId": "c", "name": "Steel"}],
}
RESOURCES = [
    {"id": "crew", "name": "Crew", "type": "Human", "calendarId": "five"},
    {"id": "crane", "name": "Crane", "type": "Equipment", "calendarId": "five"},
]
UNITS = {("a", "crew"): 40.0, ("b", "crew"): 20.0, ("b", "crane"): 10.0, ("d", "crew"): 5.0}


def plant(several=False, **members):
    """Four tasks of a week each; Concrete, Steel (or both), and one of no trade, in two WBS elements."""
    trades = [("a", "cc"), ("b", "st"), ("c", "st"), *([("a", "st")] if several else [])]
    rows = [
        task("site", isWbs=True),
        task("low", isWbs=True, parentId="site", name="Low"),
        task("high", isWbs=True, parentId="site", name="High"),
        done("a", "2024-06-03", "2024-06-07", 5, parentId="low"),
        task("b", "2024-06-10", "2024-06-14", 5, parentId="low"),
        task("c", "2024-06-10", "2024-06-14", 5, parentId="high", **members),
        task("d", "2024-06-17", "2024-06-21", 5, parentId="high"),
    ]
    return schedule(
        *rows,
        data_date="2024-06-12T17:00:00",
        calendars=[calendar()],
        baseline={row["id"]: (row["plannedStart"], row["plannedFinish"], 5) for row in rows[3:]},
        task_code_value_assignments=[{"taskId": key, "codeValueId": value} for key, value in trades],
        resources=RESOURCES,
        resource_assignments=[
            {"id": f"{one}{who}", "taskId": one, "resourceId": who, "plannedUtilization": {"resourceUnits": units}}
            for (one, who), units in UNITS.items()
        ],
        **CODES,
    )


def spi(report):
    return report[report["measure"] == "SPI"].set_index("group")["value"]


def test_a_curve_of_each_trade_adds_up_to_the_whole():
    whole, curve = s_curve(plant(), period="D"), s_curve(plant(), period="D", by="Trade")
    assert list(curve.columns) == ["group", *whole.columns]
    assert curve["group"].drop_duplicates().fillna("none").tolist() == ["Concrete", "Steel", "none"]
    for column in ("planned_value", "earned_value", "forecast_value"):
        summed = curve.groupby("date")[column].sum(min_count=1).reset_index(drop=True)
        pd.testing.assert_series_equal(summed, whole[column])
    last = curve.groupby("group", dropna=False).last()
    assert last["planned_percent"].tolist() == [100.0, 100.0, 100.0]
    assert "1 of 4 tasks have no Trade." in about(curve).notes
    assert about(curve).facts["by"] == "Trade"


def test_a_task_of_two_trades_counts_once_in_each():
    curve = s_curve(plant(several=True), by="Trade")
    assert curve.groupby("group")["planned_value"].max().to_dict() == {"Concrete": 40.0, "Steel": 120.0}
    assert "1 task(s) have several values of 'Trade'; each is counted once under each." in about(curve).notes


def test_wbs_elements_hold_what_is_below_them():
    every = earned_value(plant(), "duration", by="wbs")
    assert spi(every).round(6).to_dict() == {
        "Task site": round(40 / 88, 6),
        "Task site > High": 0.0,
        "Task site > Low": round(40 / 64, 6),
    }
    level = earned_value(plant(), "duration", by=("wbs", 2))
    assert spi(level).to_dict() == spi(every).iloc[1:].to_dict()


@pytest.mark.parametrize("by", ["Trade", ("wbs", 2), "state"], ids=str)
def test_progress_has_the_spi_and_planned_percent_of_earned_value(by):
    rolled = progress(plant(), by)
    measured = earned_value(plant(), "duration", by=by).pivot_table("value", "group", "measure", "first", dropna=False)
    shared = rolled.set_index(rolled["wbs_path"] + " > " + rolled["name"] if "name" in rolled else rolled.iloc[:, 0])
    for group, row in measured.iterrows():
        assert row["SPI"] is pd.NA or row["SPI"] == pytest.approx(shared["spi"][group])
        assert 100 * row["PV"] / row["BAC"] == pytest.approx(shared["planned_percent"][group])
    whole = earned_value(plant(), "duration").set_index("measure")["value"]
    assert progress(plant())["spi"].iloc[0] == pytest.approx(whole["SPI"])


def test_without_a_baseline_progress_has_no_spi_and_says_why():
    frames = {name: table for name, table in plant().items() if not name.startswith("baseline")}
    rolled = progress(frames, "Trade")
    assert rolled[["planned_percent", "spi"]].isna().all(axis=None)
    assert any("baseline" in note.lower() for note in about(rolled).notes)


def test_cost_is_split_by_group_and_said_once():
    costs = pd.Series({"a": 100.0, "b": 30.0, "c": 0.0, "d": 7.0}, name="Paid")
    report = earned_value(plant(), "duration", costs, by="Trade")
    cost = report[report["measure"] == "AC"].set_index("group")["value"]
    assert cost.iloc[:2].to_dict() == {"Concrete": 100.0, "Steel": 30.0}
    assert cost.iloc[2] == 7.0
    assert len([note for note in about(report).notes if "'Paid'" in note]) == 1


def test_work_by_trade_of_the_task_against_a_limit():
    report = resource_histogram(plant(), by="Trade", capacity={"Concrete": 6, "Crew": 2, "Crane": 3})
    rows = report.set_index("name")
    assert rows["quantity"].to_dict() == {"(no Trade)": 5.0, "Concrete": 40.0, "Steel": 30.0}
    # Its own figure, else that of the resources with work in the group: 5 working days each.
    assert rows["capacity"].to_dict() == {"(no Trade)": 10.0, "Concrete": 30.0, "Steel": 25.0}
    assert rows["over_capacity"].to_dict() == {"(no Trade)": False, "Concrete": True, "Steel": True}
    assert rows["type"]["Steel"] == "Equipment, Human"


def test_work_on_a_task_of_two_trades_counts_under_each():
    report = resource_histogram(plant(several=True), by="Trade")
    assert report.groupby("name")["quantity"].sum().to_dict() == {"(no Trade)": 5.0, "Concrete": 40.0, "Steel": 70.0}
    assert any("several values of 'Trade'" in note for note in about(report).notes)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda s: s_curve(s, by="Trad"), "'Trad' to group by.\nDid you mean 'Trade'"),
        (lambda s: earned_value(s, "count", by=("wbs", 9)), "no level 9.\nIt has 2 level"),
        (lambda s: s_curve(s, by=["Trade"]), r"cannot be grouped by \['Trade'\]"),
        (lambda s: progress(s, by=pd.Series(["Trade"])), "cannot be grouped by 0 +Trade"),
        (lambda s: resource_histogram(s, by=pd.Series(["Trade"])), "cannot be grouped by 0 +Trade"),
        (lambda s: resource_histogram(s, by="Trade", capacity={"Stel": 1}), "series 'Stel'.*\nDid you mean 'Steel'"),
    ],
    ids=["name", "level", "list", "series", "series of resources", "capacity"],
)
def test_wrong_groups_are_answered(make, message):
    with pytest.raises(InvalidRequest, match=message):
        make(plant())


def test_a_user_field_called_like_the_status_is_pointed_out():
    frames = (
        plant()
        | schedule(
            user_fields=[{"id": "u", "name": "Status", "category": "Task", "type": "String"}],
            task_user_field_values=[{"taskId": "a", "userFieldId": "u", "value": "held"}],
        )
        | {"tasks": plant()["tasks"], "calendars": plant()["calendars"]}
    )
    by_status = progress(frames, "status")
    assert (
        "Grouped by the status of the tasks; the user field 'Status' is by=('user field', 'Status')."
        in about(by_status).notes
    )
    assert progress(frames, ("user field", "Status"))["Status"].fillna("").tolist() == ["held", ""]


def test_an_empty_schedule_has_the_group_column():
    empty = schedule(data_date="2024-06-12T17:00:00", **CODES, task_code_value_assignments=[])
    for report in (s_curve(empty, by="Trade"), earned_value(empty, "count", by="Trade")):
        assert report.columns[0] == "group"
        assert len(report) == 0
