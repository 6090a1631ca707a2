"""State of elements through bindings, tasks and profiles, beside what was recorded."""

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, element_counts, element_status
from tests.reports.small import at, done, schedule, task

PROFILES = [
    {"id": name, "name": name, "action": name} for name in ("Install", "Remove", "Temporary", "Maintain", "Neutral")
]


def bind(element, task_id, profile="Install", resource=None, group=None):
    return {
        "animatedEntityId": element,
        "taskId": task_id,
        "appearanceProfileId": profile,
        "resourceId": resource,
        "resourceGroupId": group,
    }


def site(*rows, bindings, data_date="2024-06-05T12:00:00Z", **tables):
    tables = {"appearance_profiles": PROFILES, "animation_bindings": bindings} | tables
    return schedule(*rows, data_date=data_date, **tables)


def started(key, start, finish, **members):
    return task(key, start, finish, actualStart=at(start, "08:00"), percentComplete=50, **members)


PAST = done("past", "2024-06-03", "2024-06-04")
NOW = started("now", "2024-06-04", "2024-06-07")
TO_COME = task("to come", "2024-06-10", "2024-06-11")


def one(*rows, bindings, **options):
    """The only element's row."""
    at_date = options.pop("at", None)
    report = element_status(site(*rows, bindings=bindings, **options), at_date)
    assert len(report) == 1
    return report.iloc[0]


@pytest.mark.parametrize(
    ("profile", "present"),
    [
        ("Install", {"past": True, "now": True, "to come": False}),
        ("Remove", {"past": False, "now": True, "to come": True}),
        ("Temporary", {"past": False, "now": True, "to come": False}),
        ("Maintain", {"past": True, "now": True, "to come": True}),
        ("Neutral", {"past": False, "now": False, "to come": False}),
    ],
)
def test_each_action_shows_the_element_in_its_own_way(profile, present):
    states = {"past": "done", "now": "active", "to come": "not started"}
    for key, shown in present.items():
        row = one(PAST, NOW, TO_COME, bindings=[bind("0x1", key, profile)])
        assert (row["state"], row["present"], row["action"]) == (states[key], shown, profile)


def test_what_should_have_started_and_has_not_is_not_started():
    row = one(task("a", "2024-06-03", "2024-06-04"), bindings=[bind("0x1", "a")])
    assert row["state"] == "not started"


def test_after_the_data_date_planned_dates_stand_in():
    frames = site(NOW, TO_COME, bindings=[bind("0x1", "now"), bind("0x2", "to come")])
    report = element_status(frames, "2024-06-10T12:00:00Z")
    assert report["state"].tolist() == ["done", "active"]
    assert any("after the data date" in note for note in about(report).notes)


def test_what_the_data_date_has_overtaken_stays_as_it_stands():
    """One second after the data date nothing more is known of work that should be over, and is not."""
    stale = task("stale", "2024-06-03", "2024-06-04")
    overdue = started("overdue", "2024-06-03", "2024-06-04")
    waiting = task("waiting", "2024-06-04", "2024-06-07")
    names = ("stale", "overdue", "waiting")
    frames = site(stale, overdue, waiting, bindings=[bind(name, name) for name in names])
    for moment, last in (("2024-06-05T12:00:00Z", "not started"), ("2024-06-05T12:00:01Z", "active")):
        report = element_status(frames, moment)
        assert dict(zip(report["element_id"], report["state"], strict=True)) == {
            "stale": "not started",
            "overdue": "active",
            "waiting": last,
        }
    assert any(note.startswith("2 task(s) planned to be over by the data date are not") for note in about(report).notes)


def test_before_the_data_date_history_is_read_from_actual_dates():
    frames = site(PAST, NOW, bindings=[bind("0x1", "past"), bind("0x2", "now")])
    assert element_status(frames, "2024-06-03T12:00:00Z")["state"].tolist() == ["active", "not started"]


def test_install_and_remove_decide_over_what_is_only_shown():
    later = task("later", "2024-06-12", "2024-06-13")
    row = one(
        PAST, NOW, later, bindings=[bind("0x1", "now", "Maintain"), bind("0x1", "past"), bind("0x1", "later", "Remove")]
    )
    assert (row["task_id"], row["state"], row["action"], row["tasks"]) == ("past", "done", "Install", 3)
    assert row["present"]


def test_a_temporary_element_is_seen_before_its_installation():
    row = one(NOW, TO_COME, bindings=[bind("0x1", "to come"), bind("0x1", "now", "Temporary")])
    assert (row["state"], row["action"], row["present"]) == ("not started", "Install", True)


@pytest.mark.parametrize("first", [0, 1])
def test_a_removal_without_duration_follows_the_installation_it_ends_with(first):
    gone = done("gone", "2024-06-04T17:00:00Z", "2024-06-04T17:00:00Z")
    bindings = [bind("0x1", "gone", "Remove"), bind("0x1", "past")]
    row = one(PAST, gone, bindings=[bindings[first], bindings[1 - first]])
    assert (row["action"], row["state"], row["present"]) == ("Remove", "done", False)


def test_a_finish_without_a_start_is_a_finish():
    row = one(
        task("a", "2024-06-03", "2024-06-04", actualFinish=at("2024-06-04", "17:00")), bindings=[bind("0x1", "a")]
    )
    assert row["state"] == "done"


def test_neutral_tasks_count_only_where_there_is_nothing_else():
    row = one(PAST, NOW, bindings=[bind("0x1", "past", "Neutral"), bind("0x1", "now", "Temporary")])
    assert (row["task_id"], row["state"]) == ("now", "active")


def test_a_key_date_has_one_date():
    row = one(
        task("m", None, "2024-06-04", type="FinishKeyDate", actualFinish=at("2024-06-04", "17:00")),
        bindings=[bind("0x1", "m")],
    )
    assert row["state"] == "done"
    assert row["start"] == row["finish"] == pd.Timestamp("2024-06-04T17:00Z")


def test_a_start_key_date_is_done_when_it_is_reached():
    """Its one actual date is a start, which of a task would be the beginning only."""
    milestone = task("m", "2024-06-04", None, type="StartKeyDate", actualStart=at("2024-06-04", "08:00"))
    row = one(milestone, bindings=[bind("0x1", "m", "Temporary")])
    assert (row["state"], row["present"]) == ("done", False)
    assert row["start"] == row["finish"] == pd.Timestamp("2024-06-04T08:00Z")
    later = one(milestone, bindings=[bind("0x1", "m", "Temporary")], at="2024-07-01")
    assert later["state"] == "done"
    assert one(milestone, bindings=[bind("0x1", "m")], at="2024-06-03")["state"] == "not started"


def test_a_task_without_dates_leaves_the_state_unknown():
    row = one(task("x"), bindings=[bind("0x1", "x")])
    assert pd.isna(row["state"])
    assert pd.isna(row["present"])
    assert pd.isna(row["disagrees"])


def test_unknown_profiles_leave_it_open_whether_an_element_is_seen():
    row = one(PAST, bindings=[bind("0x1", "past", "who knows")])
    assert row["state"] == "done"
    assert pd.isna(row["action"])
    assert pd.isna(row["present"])
    frames = site(PAST, bindings=[bind("0x1", "past")])
    del frames["appearance_profiles"]
    report = element_status(frames)
    assert report["state"].tolist() == ["done"]
    assert any("is unknown" in note for note in about(report).notes)


def test_bindings_of_tasks_that_are_gone_are_left_out_and_counted():
    report = element_status(site(PAST, bindings=[bind("0x1", "past"), bind("0x2", "deleted")]))
    assert report["element_id"].tolist() == ["0x1"]
    assert any("1 binding(s) name a task or element that does not exist" in note for note in about(report).notes)


RECORDED = {
    "resources": [{"id": "r1", "name": "Column 1"}, {"id": "r2", "name": "Column 2"}],
    "resource_status_items": [{"id": "i", "name": "Installed"}, {"id": "d", "name": "Delivered"}],
    "resource_status_categories": [{"id": "c", "name": "Site"}, {"id": "q", "name": "Quality"}],
}


def record(resource, item, date, category="c", recorded="2024-06-05T00:00:00Z"):
    return {
        "id": f"{resource}{item}{date}{recorded}",
        "resourceId": resource,
        "statusCategoryId": category,
        "statusItemId": item,
        "date": at(date, "12:00"),
        "recordDate": recorded,
    }


def recorded(*history, bindings=None, **options):
    rows = bindings or [bind("0x1", "past", resource="r1"), bind("0x2", "now", resource="r2")]
    return element_status(site(PAST, NOW, bindings=rows, resource_status_history=list(history), **RECORDED), **options)


def test_the_latest_recorded_status_by_date_of_the_change_counts():
    report = recorded(
        record("r1", "i", "2024-06-04", recorded="2024-06-04T18:00:00Z"),
        record("r1", "d", "2024-05-20", recorded="2024-06-05T09:00:00Z"),  # recorded later, but it happened before
    )
    assert report["recorded_status"].tolist() == ["Installed", pd.NA]
    assert report["recorded_date"].iloc[0] == pd.Timestamp("2024-06-04T12:00Z")
    assert report["resource_name"].tolist() == ["Column 1", "Column 2"]


def test_of_two_changes_at_one_date_the_one_recorded_last_counts():
    report = recorded(
        record("r1", "i", "2024-06-04", recorded="2024-06-05T09:00:00Z"),
        record("r1", "d", "2024-06-04", recorded="2024-06-04T09:00:00Z"),
    )
    assert report["recorded_status"].iloc[0] == "Installed"


def test_two_truths_and_where_they_disagree():
    report = recorded(record("r1", "d", "2024-06-04"), record("r2", "i", "2024-06-05"))
    assert report["state"].tolist() == ["done", "active"]
    assert report["recorded_done"].tolist() == [False, True]
    assert report["disagrees"].tolist() == [True, True]
    assert about(report).facts["disagreements"] == 2
    agreed = recorded(record("r1", "i", "2024-06-04"), record("r2", "d", "2024-06-05"))
    assert agreed["disagrees"].tolist() == [False, False]


def test_without_a_record_nothing_is_known_to_disagree():
    report = recorded(record("r1", "i", "2024-06-04"))
    assert report["disagrees"].tolist() == [False, pd.NA]


def test_statuses_recorded_after_the_date_are_left_out():
    report = recorded(record("r1", "i", "2024-06-30"), at="2024-06-05")
    assert report["recorded_status"].isna().all()
    assert "No status was recorded up to that date." in about(report).notes


def test_categories_stand_side_by_side():
    report = recorded(record("r1", "i", "2024-06-04"), record("r1", "d", "2024-06-05", category="q"))
    assert report["recorded_status"].iloc[0] == "Site: Installed; Quality: Delivered"
    assert report["recorded_done"].iloc[0]


def test_the_projects_own_word_for_done():
    report = recorded(record("r1", "d", "2024-06-04"), done_statuses=["delivered"])
    assert report["recorded_done"].iloc[0]
    assert not report["disagrees"].iloc[0]
    unknown = recorded(record("r1", "d", "2024-06-04"))
    assert unknown["recorded_done"].isna().all()
    assert any("No recorded status is known to mean done (Delivered)" in note for note in about(unknown).notes)


def test_a_word_for_done_can_be_that_of_one_category():
    history = record("r1", "i", "2024-06-04"), record("r2", "i", "2024-06-05", category="q")
    report = recorded(*history, done_statuses=["quality: installed"])
    assert report["recorded_done"].tolist() == [False, True]
    note = "Recorded statuses taken as done: Quality: Installed, but not Site: Installed (done_statuses=[...] says otherwise)."
    assert note in about(report).notes


def test_a_resource_group_wins_over_the_resource():
    report = recorded(record("r1", "i", "2024-06-04"), bindings=[bind("0x1", "past", resource="r1", group="g")])
    assert report["resource_id"].isna().all()
    assert report["resource_group_id"].tolist() == ["g"]
    assert report["recorded_status"].isna().all()
    assert any("1 element(s) are bound through a resource group" in note for note in about(report).notes)


def test_counts_and_shares():
    rows = [bind(f"0x{n}", "past") for n in range(3)] + [bind("0x9", "now", "Temporary")]
    source = site(PAST, NOW, bindings=rows)
    report = element_status(source)
    counts = element_counts(report)
    pd.testing.assert_frame_equal(element_counts(source), counts)
    assert counts[["action", "state", "elements", "percent"]].to_numpy().tolist() == [
        ["Install", "done", 3, 75.0],
        ["Temporary", "active", 1, 25.0],
    ]
    assert about(report).facts["done"] == 3
    with pytest.raises(InvalidRequest, match="Pass the frame that element_status"):
        element_counts(report.drop(columns="state"))
    with pytest.raises(InvalidRequest, match=r"cannot be changed in its frame.\nPass the schedule"):
        element_counts(report, "2024-06-01")


def test_an_empty_schedule_has_the_same_columns_and_dtypes():
    full = recorded(record("r1", "i", "2024-06-04"))
    empty = element_status(site(bindings=[]))
    assert len(empty) == 0
    assert dict(empty.dtypes) == dict(full.dtypes)
    assert len(element_counts(empty)) == 0


def test_what_is_needed_is_said():
    with pytest.raises(InvalidRequest, match="needs 'animation_bindings'"):
        element_status(schedule(PAST, data_date="2024-06-05"))
    with pytest.raises(InvalidRequest, match="Today is not assumed"):
        element_status(site(PAST, bindings=[bind("0x1", "past")], data_date=None))
    for at_date in ("soon", "03/06/2024", "06", 5):
        with pytest.raises(InvalidRequest, match=f"{at_date!r} is not a date"):
            element_status(site(PAST, bindings=[bind("0x1", "past")]), at_date)


def test_a_date_can_stand_in_for_a_missing_data_date():
    report = element_status(site(PAST, TO_COME, bindings=[bind("0x1", "to come")], data_date=None), "2024-06-12")
    assert report["state"].tolist() == ["done"]
    assert any("no data date" in note for note in about(report).notes)


def test_the_recorded_bindings_of_the_service(shared):
    import json

    from bentley_nb.frames import frame_from_items

    pages = json.loads((shared / "recordings" / "platform_small_pages.json").read_text(encoding="utf-8"))
    items = {"tasks": [], "appearanceProfiles": [], "animationBindings": []}
    for page in pages:
        for member in items:
            items[member] += page["body"].get(member, [])
    frames = {
        "tasks": frame_from_items("tasks", items["tasks"]),
        "appearance_profiles": frame_from_items("appearance_profiles", items["appearanceProfiles"]),
        "animation_bindings": frame_from_items("animation_bindings", items["animationBindings"]),
        "data_date": "2024-05-01",
    }
    report = element_status(frames)
    assert len(report) == frames["animation_bindings"]["animated_entity_id"].nunique()
    assert report["action"].notna().all()
    assert (report["state"] == "not started").all()  # nothing has an actual date
    middle = element_status(frames, "2024-12-01")
    assert (middle["state"] == "active").any()
