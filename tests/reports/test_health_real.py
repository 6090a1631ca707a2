"""Health of the real schedules: the figures of other tools reproduced or explained, and Primavera's stored floats."""

import numpy as np
import pandas as pd
import pytest

from bentley_nb.reports import health, health_details, total_float
from tests.reports.real import dataset


@pytest.fixture(scope="module")
def hotel(shared):
    return dataset(shared, "hotel")


def row(frames, name, profile="dcma", **options):
    return health(frames, profile, **options).set_index("check").loc[name]


def by_eight_hours(frames, limit=44):
    """High float the way tools count that divide by 8: all activities, or work tasks only."""
    tasks = frames["tasks"].merge(frames["task_scheduling_analyses"], left_on="id", right_on="task_id")
    high = tasks["downstream_total_float"] / 3600 / 8 > limit
    return int(high.sum()), int((high & (tasks["type"] == "Work")).sum())


def test_high_float_of_the_hotel_side_by_side(hotel):
    """2,042 and 2,263 differ by the 221 milestones that one of the counts leaves in, not by the length of the day.

    All four calendars its activities use work eight hours a day.
    """
    everything, work = by_eight_hours(hotel)
    assert (everything, work) == (2263, 2042)
    assert row(hotel, "high_float")["numerator"] == 2042
    assert row(hotel, "high_float")["denominator"] == 3954
    assert row(hotel, "high_float", "decm")["numerator"] == 2263
    assert row(hotel, "high_float", milestones=True)["numerator"] == 2263
    assert set(total_float(hotel)["hours_per_day"]) == {8.0}


def test_the_length_of_the_day_matters_on_a_calendar_of_nine_hours(hotel):
    """The hotel's "5 Day Workweek" works seven days of nine hours; no activity uses it, so here all do."""
    calendars = hotel["calendars"]
    nine = calendars.loc[calendars["name"].str.contains("5 Day Workweek"), "id"].iloc[0]
    moved = hotel | {"tasks": hotel["tasks"].assign(calendar_id=nine)}
    assert set(total_float(moved)["hours_per_day"]) == {9.0}
    _, fixed = by_eight_hours(moved)
    exact = row(moved, "high_float")["numerator"]
    limit_by_hand = (hotel["task_scheduling_analyses"]["downstream_total_float"] / 3600 / 9 > 44).to_numpy()
    ids = set(hotel["task_scheduling_analyses"]["task_id"][limit_by_hand])
    work = set(hotel["tasks"]["id"][(hotel["tasks"]["type"] == "Work") & ~hotel["tasks"]["is_wbs"]])
    assert exact == len(ids & work) < fixed == 2042
    long_by_eight = (hotel["tasks"]["remaining_duration_hours"] / 8 > 44) & (hotel["tasks"]["type"] == "Work")
    assert row(moved, "high_duration")["numerator"] < int((long_by_eight & ~hotel["tasks"]["is_wbs"]).sum())


def test_figures_of_the_hotel_by_plain_counting(hotel):
    tasks, links = hotel["tasks"], hotel["task_links"]
    real = tasks[~tasks["is_wbs"]]
    work = real[(real["type"] == "Work") & (real["planned_duration_hours"] > 0)]
    report = health(hotel).set_index("check")
    assert report.loc["lags", "numerator"] == (links["lag_hours"] > 0).sum() == 1335
    assert report.loc["leads", "numerator"] == (links["lag_hours"] < 0).sum() == 1
    assert report.loc["relationship_types", "numerator"] == 5059
    into_work = links[links["successor_id"].isin(work["id"])]  # Winter 2011, check 4
    assert (into_work["type"] == "FinishToStart").sum() == 5059
    loose = ~work["id"].isin(links["successor_id"]) | ~work["id"].isin(links["predecessor_id"])
    assert report.loc["logic", ["numerator", "denominator"]].tolist() == [loose.sum(), len(work)]
    assert set(health_details(hotel, "logic")["id"]) == set(work["id"][loose])


@pytest.mark.parametrize("name", ["hotel", "airport_terminal", "villas5_mdl4d", "villas5_mdl4ra"])
def test_criticals_and_signs_of_float_are_primaveras(shared, name):
    frames = dataset(shared, name)
    stored = frames["task_scheduling_analyses"].set_index("task_id")
    report = total_float(frames).set_index("id")
    assert len(report) == len(stored)
    stored = stored.reindex(report.index)
    assert (report["is_critical"] == stored["is_critical"]).all()
    hours = report["total_float_days"] * report["hours_per_day"]
    assert np.allclose(hours.astype(float), stored["downstream_total_float"].astype(float) / 3600)


@pytest.mark.parametrize(("listed", "count"), [("bentley", 0), ("dcma2009", 0), ("dcma2009+on", 50)])
def test_fifty_start_on_constraints_are_all_or_nothing(shared, listed, count):
    found = row(dataset(shared, "villas5_mdl4d"), "hard_constraints", hard_constraints=listed)
    assert (found["numerator"], found["denominator"]) == (count, 50)
    assert found["verdict"] == ("fail" if count else "pass")


def test_start_on_or_before_of_the_terminal_is_on_a_milestone(shared):
    frames = dataset(shared, "airport_terminal")
    listed = {"hard_constraints": "dcma2009"}
    assert row(frames, "hard_constraints", **listed)["numerator"] == 0
    assert row(frames, "hard_constraints", **listed, milestones=True)["numerator"] == 1
    assert health_details(frames, "hard_constraints", **listed, milestones=True)["why"].tolist() == ["StartBefore"]


@pytest.mark.parametrize("profile", ["dcma", "bentley", "decm"])
@pytest.mark.parametrize("name", ["hotel", "airport_terminal", "villas5_mdl4d", "villas5_mdl4ra"])
def test_details_have_as_many_rows_as_the_figures_say(shared, name, profile):
    frames = dataset(shared, name)
    for line in health(frames, profile).to_dict("records"):
        listed = health_details(frames, line["check"], profile)
        if line["check"] == "relationship_types" and profile == "dcma":
            assert len(listed) == line["denominator"] - line["numerator"]
        elif line["check"] not in {"cpli", "bei"} and pd.notna(line["numerator"]):
            assert len(listed) == line["numerator"], line["check"]
