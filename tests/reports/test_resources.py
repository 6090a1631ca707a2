"""Units of assignments over periods, by hand and against the totals of the real schedules."""

import sys

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, resource_histogram
from tests.reports.real import dataset
from tests.reports.small import at, calendar, done, schedule, task

RESOURCES = [
    {"id": "crane", "name": "Crane", "type": "Equipment", "calendarId": "five"},
    {"id": "crew", "name": "Crew", "type": "Human", "calendarId": "five"},
    {"id": "rebar", "name": "Rebar", "type": "Material", "calendarId": "five"},
    {"id": "night", "name": "Night crew", "type": "Human", "calendarId": "seven"},
]


def assignment(task_id, resource_id, planned=None, remaining=None, actual=None):
    return {
        "id": f"{task_id}-{resource_id}",
        "taskId": task_id,
        "resourceId": resource_id,
        "plannedUtilization": {"resourceUnits": planned},
        "remainingUtilization": {"resourceUnits": remaining},
        "actualUtilization": {"resourceUnits": actual},
    }


def site(*rows, assignments, data_date="2024-06-05", **tables):
    tables = {"resources": RESOURCES, "resource_assignments": assignments} | tables
    calendars = [calendar(), calendar("seven", 7)]
    return schedule(*rows, data_date=data_date, calendars=calendars, **tables)


def quantities(report, key="name"):
    return {(row[key], f"{row['period_start']:%m-%d}"): row["quantity"] for row in report.to_dict("records")}


TWO_WEEKS = task("a", "2024-06-06", "2024-06-11", 4)


def test_units_follow_working_time_across_a_weekend():
    report = resource_histogram(site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)]))
    assert quantities(report) == {("Crew", "06-03"): 20, ("Crew", "06-10"): 20}
    assert report["quantity_per_day"].tolist() == [4, 4]
    daily = resource_histogram(site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)]), period="D")
    assert quantities(daily) == {("Crew", f"06-{day}"): 10 for day in ("06", "07", "10", "11")}


def test_weeks_begin_at_midnights_of_the_zone():
    report = resource_histogram(site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)]), zone="America/New_York")
    assert report["period_start"].dt.tz_convert("America/New_York").dt.strftime("%a %H:%M").unique().tolist() == [
        "Mon 00:00"
    ]
    assert report["quantity"].tolist() == [20, 20]


def test_hammocks_span_the_work_of_others_and_are_left_out():
    hammock = task("h", "2024-06-06", "2024-06-11", 4, type="LongHammock")
    report = resource_histogram(
        site(TWO_WEEKS, hammock, assignments=[assignment("a", "crew", 40), assignment("h", "crew", 40)])
    )
    assert report["quantity"].sum() == 40
    assert "1 assignment(s) to hammocks are left out, so that nothing is counted twice." in about(report).notes


def test_remaining_units_start_at_the_data_date():
    row = task("a", "2024-06-03", "2024-06-07", 5, actualStart=at("2024-06-03", "08:00"), percentComplete=40)
    report = resource_histogram(site(row, assignments=[assignment("a", "crew", 50, 30, 20)]), "D", quantity="remaining")
    assert quantities(report) == {("Crew", f"06-0{day}"): 10 for day in (5, 6, 7)}


def test_actual_units_end_at_the_data_date():
    row = task("a", "2024-06-03", "2024-06-07", 5, actualStart=at("2024-06-03", "08:00"), percentComplete=40)
    report = resource_histogram(site(row, assignments=[assignment("a", "crew", 50, 30, 20)]), "D", quantity="actual")
    assert quantities(report) == {("Crew", "06-03"): 10, ("Crew", "06-04"): 10}


def test_what_is_done_has_no_remaining_units_and_what_is_not_begun_no_actual_ones():
    rows = [done("a", "2024-06-03", "2024-06-04", 2), task("b", "2024-06-06", "2024-06-07", 2)]
    frames = site(*rows, assignments=[assignment("a", "crew", 8, 8, 8), assignment("b", "crew", 8, 8, 8)])
    assert {start for _, start in quantities(resource_histogram(frames, "D", quantity="actual"))} == {"06-03", "06-04"}
    assert {start for _, start in quantities(resource_histogram(frames, "D", quantity="remaining"))} == {
        "06-06",
        "06-07",
    }


def test_material_is_not_labour_and_the_note_says_where_it_is():
    frames = site(TWO_WEEKS, assignments=[assignment("a", "crew", 40), assignment("a", "rebar", 9)])
    labour, everything = resource_histogram(frames), resource_histogram(frames, types=None)
    assert set(labour["name"]) == {"Crew"}
    assert set(everything["name"]) == {"Crew", "Rebar"}
    assert "1 assignment(s) of type Material are left out (types=None shows them)." in about(labour).notes
    assert set(resource_histogram(frames, types="Material")["name"]) == {"Rebar"}


def test_by_type_adds_up():
    frames = site(
        TWO_WEEKS, assignments=[assignment("a", "crew", 40), assignment("a", "night", 8), assignment("a", "crane", 4)]
    )
    assert quantities(resource_histogram(frames, by="type")) == {
        ("Human", "06-03"): 24, ("Human", "06-10"): 24, ("Equipment", "06-03"): 2, ("Equipment", "06-10"): 2,
    }  # fmt: skip


def test_a_resource_in_two_groups_counts_in_both_and_one_in_none_is_shown():
    groups = {
        "resource_groups": [{"id": "g1", "name": "North"}, {"id": "g2", "name": "South"}],
        "resource_group_resources": [{"id": "crew"}, {"id": "crew"}, {"id": "crane"}],
    }
    frames = site(TWO_WEEKS, assignments=[assignment("a", "crew", 40), assignment("a", "night", 4)], **groups)
    frames["resource_group_resources"]["resource_group_id"] = ["g1", "g2", "g2"]
    found = quantities(resource_histogram(frames, by="group"))
    assert found[("North", "06-03")] == found[("South", "06-03")] == 20
    assert found[("(no group)", "06-03")] == 2


def test_capacity_is_unknown_unless_given():
    report = resource_histogram(site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)]))
    assert report["capacity"].isna().all()
    assert report["over_capacity"].isna().all()
    assert any("Capacity is unknown" in note for note in about(report).notes)


def test_over_capacity_by_the_working_days_of_the_resource():
    frames = site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)])
    report = resource_histogram(frames, "D", capacity={"Crew": 9.5})
    assert report["capacity"].tolist() == [9.5] * 4
    assert report["over_capacity"].all()
    assert not resource_histogram(frames, "D", capacity={"crew": 10})["over_capacity"].any()
    # Over the week the same work fits: five days of 9.5.
    assert resource_histogram(frames, "W", capacity={"Crew": 9.5})["over_capacity"].tolist() == [False, False]


def test_one_figure_is_the_capacity_of_each_series(demo):
    frame = resource_histogram(demo, by="Trade", capacity=40)
    assert (frame["capacity"] == 40 * frame["working_days"]).all()
    assert frame["name"].nunique() > 5
    for wrong in (True, -1, [40], float("nan")):
        with pytest.raises(InvalidRequest, match="capacity of each series must be a number"):
            resource_histogram(demo, capacity=wrong)


def test_capacity_of_a_type_is_known_when_that_of_all_its_resources_is():
    frames = site(TWO_WEEKS, assignments=[assignment("a", "crew", 40), assignment("a", "crane", 4)])
    some = resource_histogram(frames, by="type", capacity={"Crew": 4, "Crane": 1})
    assert some.set_index("name")["capacity"].isna().groupby(level=0).all().to_dict() == {
        "Equipment": False,
        "Human": True,
    }
    all_ = resource_histogram(frames, by="type", capacity={"Crew": 4, "Night crew": 1, "Crane": 1})
    # Crew works five days of the week, the night crew seven.
    assert all_[all_["name"] == "Human"]["capacity"].tolist() == [4 * 5 + 7, 4 * 5 + 7]


def test_capacity_from_a_user_field_of_resources():
    fields = {
        "user_fields": [{"id": "f", "name": "Per day", "category": "Resource", "type": "Float"}],
        "resource_user_field_values": [{"resourceId": "crew", "userFieldId": "f", "value": "4"}],
    }
    frames = site(TWO_WEEKS, assignments=[assignment("a", "crew", 60)], **fields)
    report = resource_histogram(frames, capacity="Per day")
    assert report["capacity"].tolist() == [20, 20]
    assert report["over_capacity"].tolist() == [True, True]


def test_a_task_without_working_time_counts_at_its_finish():
    row = task("a", "2024-06-08T09:00:00Z", "2024-06-09T10:00:00Z", 0)
    report = resource_histogram(site(row, assignments=[assignment("a", "crew", 3)]), "D")
    assert quantities(report) == {("Crew", "06-09"): 3}


def test_a_moment_at_the_very_end_counts_in_the_period_it_ends():
    rows = [task("a", "2024-06-03", "2024-06-07", 5), task("m", "2024-06-10T00:00:00Z", "2024-06-10T00:00:00Z", 0)]
    report = resource_histogram(site(*rows, assignments=[assignment("a", "crew", 5), assignment("m", "crew", 3)]))
    assert quantities(report) == {("Crew", "06-03"): 8}


def test_what_is_left_out_is_said():
    rows = [task("a", "2024-06-06", "2024-06-07", 2), task("w", "2024-06-06", "2024-06-07", isWbs=True), task("x")]
    assignments = [
        assignment("a", "crew", 4), assignment("w", "crew", 9), assignment("x", "crew", 5), assignment("gone", "crew", 1),
        assignment("a", "crane", None),
    ]  # fmt: skip
    report = resource_histogram(site(*rows, assignments=assignments))
    assert report["quantity"].sum() == 4
    notes = " ".join(about(report).notes)
    for text in (
        "1 assignment(s) name a task",
        "1 assignment(s) to WBS rows",
        "of tasks without dates",
        "have no planned units",
    ):
        assert text in notes


def test_an_empty_schedule_has_the_same_columns_and_dtypes():
    full = resource_histogram(site(TWO_WEEKS, assignments=[assignment("a", "crew", 40)]))
    empty = resource_histogram(site(assignments=[]))
    assert len(empty) == 0
    assert dict(empty.dtypes) == dict(full.dtypes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "resources"}, r"no code, user field or column 'resources' to group by.\nDid you mean 'resource'"),
        ({"quantity": "plan"}, "Did you mean 'planned'"),
        ({"quantity": ["planned"]}, "Did you mean 'planned'"),
        ({"types": "Humans"}, "Did you mean 'Human'"),
        ({"period": "x"}, "'x' is not a period"),
        ({"capacity": {"Krew": 1}}, "Did you mean 'Crew'"),
        ({"capacity": "Per day"}, "needs 'user_fields'"),
        ({"by": "group"}, "needs 'resource_group_resources'"),
    ],
)
def test_wrong_options_are_answered(options, message):
    with pytest.raises(InvalidRequest, match=message):
        resource_histogram(site(TWO_WEEKS, assignments=[assignment("a", "crew", 4)]), **options)


def test_remaining_units_need_a_data_date():
    with pytest.raises(InvalidRequest, match="Today is not assumed"):
        resource_histogram(
            site(TWO_WEEKS, assignments=[assignment("a", "crew", 4)], data_date=None), quantity="remaining"
        )


@pytest.mark.parametrize("name", ["hotel", "airport_terminal", "villas5_mdl4d"])
@pytest.mark.parametrize("period", ["D", "W", "M"])
def test_no_unit_of_the_real_schedules_is_lost(shared, name, period):
    frames = dataset(shared, name)
    report = resource_histogram(frames, period, types=None)
    units = frames["resource_assignments"]["planned_utilization_resource_units"]
    assert report["quantity"].sum() == pytest.approx(units.sum())
    assert (report["quantity"] >= 0).all()
    per_resource = frames["resource_assignments"].groupby("resource_id")["planned_utilization_resource_units"].sum()
    found = report.groupby("id")["quantity"].sum()
    pd.testing.assert_series_equal(
        found, per_resource[per_resource > 0].reindex(found.index), check_names=False, check_dtype=False
    )


def test_chunks_change_nothing(shared, monkeypatch):
    frames = dataset(shared, "hotel")
    whole = resource_histogram(frames, types=None)
    monkeypatch.setattr(sys.modules["bentley_nb.reports.resource_histogram"], "_CHUNK", 100)
    cut = resource_histogram(frames, types=None)
    assert np.allclose(whole["quantity"], cut["quantity"])
    pd.testing.assert_frame_equal(
        whole.drop(columns=["quantity", "quantity_per_day"]), cut.drop(columns=["quantity", "quantity_per_day"])
    )
