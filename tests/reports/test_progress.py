"""Progress rolled up: weights counted once, percent weighted, every task in one group."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, earned_value, late, look_ahead, progress, wbs_rollup
from tests.reports.build import analysis, baseline_task, finish_date, rows, schedule, task, wbs, with_baseline
from tests.reports.real import dataset

HOURS = 3600


def weighted(key, hours, percent=0, **members):
    """A task of so many planned hours; begun where it has a percent, complete at 100."""
    dates = {"actual": "2024-05-01" if percent else None, "done": "2024-05-02" if percent == 100 else None}
    return task(
        key, "2024-06-10", "2024-06-12", **dates, plannedDuration=hours * HOURS, percentComplete=percent, **members
    )


TREE = [
    wbs("w"),
    wbs("w1", "w"),
    wbs("w2", "w"),
    wbs("w11", "w1"),
    weighted("a", 10, 100, parentId="w11"),
    weighted("b", 30, 50, parentId="w1"),
    weighted("c", 60, parentId="w2"),
    finish_date("m", "2024-07-01", parentId="w2"),
    weighted("h", 500, 100, parentId="w2", type="LongHammock"),
    weighted("top", 100),
]


class TestPercent:
    def test_is_weighted_and_never_averaged(self):
        report = progress(schedule([weighted("a", 10, 100), weighted("b", 90)]), by="type")
        assert report["percent"].tolist() == [10.0]  # the average would be 50

    def test_of_a_finished_task_is_100_whatever_its_field_says(self):
        done = task("a", actual="2024-05-01", done="2024-05-02", percentComplete=80, plannedDuration=HOURS)
        assert progress(schedule([done]), by="state")["percent"].tolist() == [100.0]

    def test_is_unknown_where_nothing_has_weight(self):
        report = progress(schedule([task("a", actual="2024-05-01", percentComplete=50)]), by="state")
        assert report["percent"].isna().all()
        assert any("1 of 1 tasks have no" in note for note in about(report).notes)

    def test_missing_in_progress_counts_as_nothing_and_is_said(self):
        report = progress(
            schedule([weighted("a", 10), task("b", actual="2024-05-01", percentComplete=None, plannedDuration=36000)]),
            by="type",
        )
        assert report["percent"].tolist() == [0.0]
        assert "1 task(s) in progress have no percent and count as 0." in about(report).notes

    def test_by_quantity_is_what_is_installed_as_in_earned_value(self):
        started = {"actual": "2024-05-01", "percentComplete": 10, "actualPhysicalQuantity": 60.0}
        tasks = [
            task("a", "2024-05-01", "2024-06-28", physicalQuantity=100.0, physicalQuantityUnit="CubicMeter", **started),
            task("b", "2024-05-01", "2024-06-28", physicalQuantity=100.0, physicalQuantityUnit="Unknown", **started),
        ]
        source = schedule(tasks)
        report = progress(source, by="state", weight="quantity")
        assert report[["weight", "earned", "percent"]].to_numpy().tolist() == [[200.0, 70.0, 35.0]]
        assert earned_value(source, "quantity").set_index("measure")["value"]["EV"] == 70
        said = "1 task(s) in progress earn by installed quantity, not by percent complete."
        assert said in about(report).notes
        assert progress(source, by="state", weight="count")["percent"].tolist() == [10.0]


class TestByWbs:
    def test_each_element_holds_what_is_below_it(self):
        report = rows(progress(schedule(TREE)))
        assert {key: (row["tasks"], row["weight"], row["percent"]) for key, row in report.items()} == {
            "w": (3, 100.0, 25.0),
            "w1": (2, 40.0, 62.5),
            "w11": (1, 10.0, 100.0),
            "w2": (1, 60.0, 0.0),
        }
        assert (report["w"]["complete"], report["w"]["in_progress"], report["w"]["not_started"]) == (1, 1, 1)

    def test_in_the_order_of_the_tree(self):
        report = wbs_rollup(schedule(TREE))
        assert report["id"].tolist() == ["w", "w1", "w11", "w2"]
        assert report["level"].tolist() == [1, 2, 3, 2]
        assert report["wbs_path"].fillna("").tolist() == ["", "W", "W > W1", "W"]

    def test_elements_are_numbered_as_people_count(self):
        tasks = [wbs(f"w{n}", userDefinedId=f"HPT.{n}") for n in (10, 9, 100, 1)]
        assert progress(schedule(tasks))["user_defined_id"].tolist() == ["HPT.1", "HPT.9", "HPT.10", "HPT.100"]

    def test_dates_span_work_and_key_dates(self):
        row = rows(progress(schedule(TREE)))["w"]
        assert (row["start"], row["finish"]) == (pd.Timestamp("2024-05-01T08:00Z"), pd.Timestamp("2024-07-01T17:00Z"))

    def test_one_level_shares_the_tasks_out(self):
        report = progress(schedule(TREE), by=("wbs", 2))
        assert report["id"].fillna("above").tolist() == ["w1", "w2", "above"]
        assert report["weight"].tolist() == [40.0, 60.0, 100.0]

    def test_a_level_that_is_not_there(self):
        with pytest.raises(InvalidRequest, match=r"The WBS has no level 7.*\nIt has 3 level\(s\)"):
            progress(schedule(TREE), by=("wbs", 7))
        with pytest.raises(InvalidRequest, match="The WBS level must be a whole number of at least 1, not 0"):
            progress(schedule(TREE), by=("wbs", 0))

    def test_orphans_and_circles_survive_and_are_said(self):
        tasks = [
            wbs("a", "b"),
            wbs("b", "a"),
            weighted("t", 10, parentId="a"),
            weighted("o", 5, parentId="gone"),
            wbs("self", "self"),
        ]
        report = progress(schedule(tasks))
        assert rows(report)["a"]["weight"] == 10.0
        notes = about(report).notes
        assert "1 task(s) name a parent that does not exist; they are placed at the top." in notes
        assert any(note.startswith("3 task(s) are their own ancestors") for note in notes)

    def test_a_work_task_with_children_is_pointed_out(self):
        tasks = [weighted("parent", 10), weighted("child", 10, parentId="parent")]
        report = progress(schedule(tasks))
        assert rows(report)["parent"]["weight"] == 20.0
        assert "1 work task(s) have tasks below them; both are counted." in about(report).notes

    def test_the_real_hotel_agrees_with_its_own_wbs_rows(self, shared):
        source = dataset(shared, "hotel")
        report = progress(source).set_index("id")
        stored = source["tasks"].set_index("id").loc[report.index]
        assert len(report) == 964
        dated = stored["planned_start"].notna()
        assert (report["start"] == stored["planned_start"])[dated].all()
        assert (report["finish"] == stored["planned_finish"])[dated].all()
        root = report[report["level"] == 1].iloc[0]
        assert (root["tasks"], root["weight"]) == (
            3954,
            source["tasks"]["planned_duration_hours"][~source["tasks"]["is_wbs"]].sum(),
        )


CODES = {
    "codes": [{"id": "c1", "category": "Activity", "name": "Trade"}],
    "code_values": [{"id": "v1", "codeId": "c1", "name": "MEP"}, {"id": "v2", "codeId": "c1", "name": "Civil"}],
}
FIELDS = {
    "user_fields": [
        {"id": "u1", "name": "Zone", "category": "Task", "type": "String"},
        {"id": "u2", "name": "Zone", "category": "Resource", "type": "String"},
        {"id": "u3", "name": "Cost", "category": "Task", "type": "Float"},
    ],
}
THREE = [weighted("a", 10, 100), weighted("b", 30, 50), weighted("c", 60)]


def assigned(*pairs):
    return [{"taskId": task_id, "codeValueId": value} for task_id, value in pairs]


class TestByCodeAndField:
    def test_a_code(self):
        report = progress(
            schedule(THREE, **CODES, task_code_value_assignments=assigned(("a", "v1"), ("b", "v2"))), by="Trade"
        )
        assert report["Trade"].fillna("none").tolist() == ["Civil", "MEP", "none"]
        assert report["weight"].tolist() == [30.0, 10.0, 60.0]
        assert "1 of 3 tasks have no Trade." in about(report).notes

    def test_several_values_count_a_weight_once_in_each_group(self):
        values = assigned(("a", "v1"), ("a", "v2"), ("b", "v2"), ("b", "v2"), ("c", "v1"))
        source = schedule(THREE, **CODES, task_code_value_assignments=values)
        each = progress(source, by="Trade")
        assert dict(zip(each["Trade"], each["weight"], strict=True)) == {"Civil": 40.0, "MEP": 70.0}
        assert about(each).facts["weight"] == 100.0
        assert "1 task(s) have several values of 'Trade'; each is counted once under each." in about(each).notes
        joined = progress(source, by="Trade", several="join")
        assert dict(zip(joined["Trade"], joined["weight"], strict=True)) == {
            "Civil": 30.0,
            "Civil; MEP": 10.0,
            "MEP": 60.0,
        }
        assert joined["weight"].sum() == about(joined).facts["weight"] == 100.0
        assert (
            "1 task(s) have several values of 'Trade'; each is counted once, under all of them joined."
            in about(joined).notes
        )
        first = progress(source, by="Trade", several="first")
        assert dict(zip(first["Trade"], first["weight"], strict=True)) == {"Civil": 30.0, "MEP": 70.0}
        with pytest.raises(InvalidRequest, match=r"1 task\(s\) have several values of 'Trade'"):
            progress(source, by="Trade", several="error")
        with pytest.raises(InvalidRequest, match=r"several='split' is not supported"):
            progress(source, by="Trade", several="split")

    def test_a_code_with_levels_is_grouped_by_path(self):
        levels = [
            {"id": "l3", "codeId": "c1", "name": "Level 03"},
            {"id": "l4", "codeId": "c1", "name": "Level 04"},
            {"id": "z3", "codeId": "c1", "name": "Zone A", "parentId": "l3"},
            {"id": "z4", "codeId": "c1", "name": "Zone A", "parentId": "l4"},
        ]
        values = assigned(("a", "z3"), ("b", "z4"), ("c", "l3"))
        report = progress(
            schedule(THREE, **{**CODES, "code_values": levels}, task_code_value_assignments=values), "Trade"
        )
        assert dict(zip(report["Trade"], report["weight"], strict=True)) == {
            "Level 03": 60.0,
            "Level 03 > Zone A": 10.0,
            "Level 04 > Zone A": 30.0,
        }

    def test_two_values_of_one_name_are_one(self):
        codes = {**CODES, "code_values": [*CODES["code_values"], {"id": "v3", "codeId": "c1", "name": "Civil"}]}
        values = assigned(("a", "v2"), ("a", "v3"))
        report = progress(schedule(THREE, **codes, task_code_value_assignments=values), by="Trade", several="error")
        assert report["Trade"].fillna("none").tolist() == ["Civil", "none"]

    def test_a_user_field_of_tasks(self):
        values = [
            {"taskId": "a", "userFieldId": "u1", "value": "North"},
            {"taskId": "b", "userFieldId": "u2", "value": "no"},
        ]
        report = progress(schedule(THREE, **FIELDS, task_user_field_values=values), by="Zone")
        assert report["Zone"].fillna("none").tolist() == ["North", "none"]

    def test_a_user_field_as_weight(self):
        values = [{"taskId": key, "userFieldId": "u3", "value": cost} for key, cost in (("a", "1.5"), ("b", "0.5"))]
        report = progress(schedule(THREE, **FIELDS, task_user_field_values=values), by="type", weight="Cost")
        assert (report["weight"].tolist(), report["percent"].tolist()) == ([2.0], [87.5])

    def test_a_column_of_the_frame(self):
        source = schedule(THREE)
        source["tasks"]["Crew"] = ["red", "blue", "red"]
        assert progress(source, by="Crew")["weight"].tolist() == [30.0, 70.0]

    def test_a_name_of_two_things_must_be_told_apart(self):
        source = schedule(THREE, **CODES, **FIELDS, task_code_value_assignments=assigned(("a", "v1")))
        source["tasks"]["Trade"] = "own"
        with pytest.raises(
            InvalidRequest,
            match=r"'Trade' is the name of a code and of a column.*\nChoose one: by=\('code', 'Trade'\) or",
        ):
            progress(source, by="Trade")
        assert progress(source, by=("code", "Trade"))["Trade"].dropna().tolist() == ["MEP"]
        assert progress(source, by=("column", "Trade"))["Trade"].tolist() == ["own"]

    def test_two_codes_of_one_name_are_refused(self):
        twice = {**CODES, "codes": [*CODES["codes"], {"id": "c2", "category": "Activity", "name": "Trade"}]}
        with pytest.raises(InvalidRequest, match="There are 2 codes 'Trade'"):
            progress(schedule(THREE, **twice, task_code_value_assignments=[]), by="Trade")

    @pytest.mark.parametrize(
        ("by", "message"),
        [
            ("Trades", r"no code, user field or column 'Trades' to group by.*\nDid you mean 'Trade'"),
            (("codes", "Trade"), r"cannot be grouped by a 'codes'.*\nDid you mean 'code'"),
            (7, "cannot be grouped by 7"),
            (("wbs", "top"), "The WBS level must be a whole number"),
        ],
    )
    def test_unknown_groups_are_answered(self, by, message):
        with pytest.raises(InvalidRequest, match=message):
            progress(schedule(THREE, **CODES), by=by)

    def test_a_column_name_of_the_result_is_kept_apart(self):
        source = schedule(THREE)
        source["tasks"]["weight"] = ["x", "x", "y"]
        assert progress(source, by=("column", "weight")).columns[0] == "weight (group)"

    @pytest.mark.parametrize("name", ["bac", "pv", "ev"])
    def test_a_name_of_what_is_summed_up_is_kept_apart_too(self, name):
        source = schedule(THREE)
        source["tasks"][name] = ["x", "x", "y"]
        assert progress(source, by=name)[f"{name} (group)"].tolist() == ["x", "y"]


def test_status_takes_the_name_the_project_gave_it():
    statuses = [{"id": "s1", "name": "On hold", "type": "Planned"}]
    tasks = [weighted("a", 10, statusId="s1"), weighted("b", 10, 50)]
    report = progress(schedule(tasks, task_statuses=statuses), by="status")
    assert report["status"].tolist() == ["On hold", "Started"]


def test_the_real_hotels_codes_share_out_every_hour(shared):
    source = dataset(shared, "hotel")
    total = source["tasks"]["planned_duration_hours"][~source["tasks"]["is_wbs"]].sum()
    for code in source["codes"]["name"]:
        assert progress(source, by=code)["weight"].sum() == total


def test_worst_float_and_late_counts():
    tasks = [
        task("a", "2024-05-01", "2024-05-03"),
        task("b", "2024-07-01"),
        task("c", actual="2024-05-01", done="2024-05-02"),
    ]
    floats = [analysis("a", 8), analysis("b", -8), analysis("c", -80)]
    report = progress(schedule(tasks, task_scheduling_analyses=floats), by="type", weight="count")
    assert (report["total_float_days"].tolist(), report["late"].tolist()) == ([-1.0], [1])


def test_dates_of_a_group_are_its_earliest_and_latest():
    tasks = [task("a", "2024-05-01", "2024-07-03"), task("b", "2024-06-01", "2024-06-03"), task("c")]
    report = progress(schedule(tasks), by="type", weight="count")
    assert report["start"].tolist() == [pd.Timestamp("2024-05-01T08:00Z")]
    assert report["finish"].tolist() == [pd.Timestamp("2024-07-03T17:00Z")]


def test_late_is_unknown_without_a_data_date():
    report = progress(schedule(THREE, data_date=None), by="type")
    assert report["late"].isna().all()
    assert "Without a data date it is unknown what is late." in about(report).notes


def test_planned_duration_is_the_weight_even_where_there_is_a_baseline():
    source = with_baseline([weighted("a", 10)], [baseline_task("a", "2024-05-01", "2024-05-02", hours=99)])
    report = progress(source, by="type")
    assert report["weight"].tolist() == [10.0]
    assert "Weight: planned duration, hours of working time." in about(report).notes


def test_a_key_date_without_dates_still_brings_its_float():
    rows_ = [weighted("a", 10, parentId="w"), finish_date("m", None, parentId="w"), wbs("w")]
    frames = schedule(rows_, task_scheduling_analyses=[analysis("a", 40), analysis("m", 8)])
    by_element = progress(frames)["total_float_days"].tolist()
    by_group = progress(frames, by="type").groupby("type", observed=True)["total_float_days"].min()
    assert by_element == [1.0]
    assert by_group["FinishKeyDate"] == 1.0


def test_a_wbs_row_with_a_percent_contradicts_nothing():
    frames = schedule([wbs("w", percentComplete=50), weighted("a", 10, 50, parentId="w")])
    for report in (progress(frames), late(frames), look_ahead(frames)):
        assert not any("no actual start" in note for note in about(report).notes)
