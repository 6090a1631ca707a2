"""The change register: each edit of any declared column appears exactly once, and nothing else does."""

import random

import numpy as np
import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.errors import InvalidRequest
from bentley_nb.frames import frame_from_items
from bentley_nb.reports import about
from bentley_nb.reports.changes import TABLES, TOPICS, changes, natural_key, refers_to
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Kind
from tests.reports.build import link, schedule, task, wbs
from tests.reports.small import calendar


@pytest.fixture(scope="module")
def demo_frames():
    made = DemoSchedule("register", 120)
    frames = {name: frame_from_items(name, made.items(name)) for name in TABLES}
    for name, frame in frames.items():
        if "deleted" in frame:
            frames[name] = frame[~frame["deleted"].fillna(value=False)].reset_index(drop=True)
    return {**frames, "data_date": "2025-05-12T08:00Z"}


def columns_to_edit(name):
    """Columns of a table that do not identify its rows."""
    collection = COLLECTIONS[name]
    return [column for column in collection.frame_columns if column.name not in {*collection.key, "deleted"}]


EDITABLE = [name for name in TABLES if columns_to_edit(name)]


def other_value(frame, column, row, rng):
    value = frame[column.name].iloc[row]
    missing = not isinstance(value, list) and pd.isna(value)
    if column.kind is Kind.INSTANT:
        start = pd.Timestamp("2025-01-06T08:00Z") if missing else value
        return start + pd.Timedelta(minutes=rng.randrange(1, 90_000))
    if column.kind is Kind.FLAG:
        return missing or not value
    if column.kind is Kind.COUNT:
        return rng.randrange(1, 9) if missing else int(value) + rng.randrange(1, 9)
    if column.kind in (Kind.HOURS, Kind.MEASURE):
        return rng.random() if missing else float(value) + rng.randrange(1, 99) / 4
    if column.kind is Kind.LIST:
        return [*value, {"date": "2031-05-05T00:00:00Z"}] if isinstance(value, list) else [{"date": "2031-05-05"}]
    return f"edit {rng.random()}"


def edited(frame, column, row, rng):
    """A copy of the frame with one value replaced, in the dtype it had."""
    values = frame[column.name]
    changed = values.astype("string") if isinstance(values.dtype, pd.CategoricalDtype) else values.copy()
    if changed.dtype == object:
        changed = pd.Series([*changed.iloc[:row], other_value(frame, column, row, rng), *changed.iloc[row + 1 :]])
    else:
        changed.iloc[row] = other_value(frame, column, row, rng)
    return frame.assign(**{column.name: changed.astype("category") if changed.dtype != values.dtype else changed})


def row_keys(frame):
    return list(zip(frame["table"], frame["id"], frame["field"], strict=True))


class TestMutations:
    def test_a_schedule_has_no_changes_against_itself(self, demo_frames):
        register = changes(demo_frames, demo_frames)
        assert register.empty
        assert about(register).facts["not_compared"] == {}
        assert about(register).facts["compared"] == list(TABLES)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_an_edit_in_every_column_of_every_table_appears_once(self, demo_frames, seed):
        rng, after, expected = random.Random(seed), dict(demo_frames), []
        for name in TABLES:
            for column in columns_to_edit(name):
                row = rng.randrange(len(after[name]))
                after[name] = edited(after[name], column, row, rng)
                key = COLLECTIONS[name].key[0]
                owner = "task_id" if "task_id" in after[name] and "id" not in after[name] else key
                expected.append((name, after[name][owner].iloc[row], column.name))
        register = changes(demo_frames, after)
        assert sorted(row_keys(register)) == sorted(expected)
        assert set(register["change"]) == {"changed"}

    @pytest.mark.parametrize("name", EDITABLE)
    def test_one_edit_is_one_row(self, demo_frames, name):
        rng = random.Random(name)
        column = rng.choice(columns_to_edit(name))
        row = rng.randrange(len(demo_frames[name]))
        register = changes(demo_frames, {**demo_frames, name: edited(demo_frames[name], column, row, rng)})
        assert register[["table", "field"]].to_numpy().tolist() == [[name, column.name]]

    def test_a_row_that_came_or_went_is_one_row(self, demo_frames):
        last = {name: demo_frames[name].iloc[:-1] for name in TABLES}
        shorter = {**demo_frames, **last}
        removed, added = changes(demo_frames, shorter), changes(shorter, demo_frames)
        assert sorted(removed["table"]) == sorted(added["table"]) == sorted(TABLES)
        assert (set(removed["change"]), set(added["change"])) == ({"removed"}, {"added"})
        assert removed["before"].tolist() == added["after"].tolist()
        assert (removed["before"] != "").all()
        assert removed["field"].isna().all()

    def test_the_order_of_rows_means_nothing(self, demo_frames):
        shuffled = {name: demo_frames[name].sample(frac=1, random_state=7).reset_index(drop=True) for name in TABLES}
        assert changes(demo_frames, {**demo_frames, **shuffled}).empty


def test_every_default_table_is_in_the_catalog_with_something_to_tell_rows_by():
    for name in TABLES:
        collection = COLLECTIONS[name]
        assert collection.key
        assert collection.key != ("id",) or name == "tasks" or natural_key(collection)


def test_ids_are_read_in_the_tables_they_belong_to():
    assert refers_to("resource_status_history", "status_item_id") == "resource_status_items"
    assert refers_to("entity_3d_user_field_values", "entity_3d_id") == "entities_3d"
    assert refers_to("calendars", "week_monday_day_type_id") is None
    assert refers_to("tasks", "id") is None


class TestWords:
    """What a reader sees of a change."""

    BEFORE = schedule(
        [wbs("w", name="Core"), task("a", "2024-06-07", "2024-06-14", parentId="w"), task("b"), task("c")],
        task_links=[link("a", "b", lag=16), link("b", "c")],
    )

    def register(self, **changed):
        return changes(self.BEFORE, schedule(**{**self.items(), **changed}))

    def items(self):
        return {
            "tasks": [
                wbs("w", name="Core"),
                task("a", "2024-06-07", "2024-06-14", parentId="w"),
                task("b"),
                task("c"),
            ],
            "task_links": [link("a", "b", lag=16), link("b", "c")],
        }

    def test_a_removed_link_names_its_ends_type_and_lag(self):
        (row,) = self.register(task_links=[link("b", "c")]).to_dict("records")
        assert (row["change"], row["topic"]) == ("removed", "logic")
        assert row["before"] == "A-a -> A-b FS+2d"
        assert row["user_defined_id"] == "A-a -> A-b"
        assert row["name"] == "A -> B"
        assert pd.isna(row["after"])

    def test_a_lag_is_told_in_hours(self):
        (row,) = self.register(task_links=[link("a", "b", lag=-8), link("b", "c")]).to_dict("records")
        assert (row["field"], row["before"], row["after"]) == ("lag_hours", "16 h", "-8 h")
        assert (row["before_value"], row["after_value"]) == (16.0, -8.0)
        assert row["unit"] == "hours of working time"

    def test_a_moved_date_says_how_far(self):
        moved = [*self.items()["tasks"][:1], task("a", "2024-06-07", "2024-06-17", parentId="w"), task("b"), task("c")]
        (row,) = self.register(tasks=moved).to_dict("records")
        assert (row["table"], row["field"], row["topic"]) == ("tasks", "planned_finish", "dates")
        assert (row["before"], row["after"]) == ("2024-06-14 17:00", "2024-06-17 17:00")
        assert row["movement_days"] == 3.0
        assert row["after_date"] == pd.Timestamp("2024-06-17T17:00Z")
        assert (row["user_defined_id"], row["name"], row["wbs_path"]) == ("A-a", "A", "Core")

    def test_a_parent_and_a_calendar_are_told_by_name(self):
        calendars = [calendar(), calendar("six", days=6)]
        items = self.items()
        items["tasks"][1] |= {"parentId": None, "calendarId": "six"}
        before = schedule(**self.items(), calendars=calendars)
        register = changes(before, schedule(**items, calendars=calendars)).set_index("field")
        assert register.loc["parent_id", "before"] == "Core"
        assert pd.isna(register.loc["parent_id", "after"])
        assert register.loc["calendar_id", ["before", "after", "topic"]].tolist() == ["five", "six", "calendars"]

    def test_two_things_of_one_name_are_told_apart_by_their_ids(self):
        calendars = [calendar("one"), {**calendar("two"), "name": "one"}]
        states = [schedule([task("a", calendarId=each)], calendars=calendars) for each in ("one", "two")]
        (row,) = changes(*states).to_dict("records")
        assert (row["before"], row["after"]) == ("one (one)", "one (two)")

    def test_of_a_calendar_only_what_differs_is_told(self):
        before = calendar(holidays=["2024-12-25"])
        after = calendar(holidays=["2024-12-25", "2024-12-26"])
        states = [schedule([task("a")], calendars=[each]) for each in (before, after)]
        (row,) = changes(*states).to_dict("records")
        assert row["field"] == "exceptions"
        assert pd.isna(row["before"])
        assert row["after"] == "date 2024-12-26, NonWorking (no work)"

    def test_the_working_day_of_a_weekday(self):
        states = [schedule([task("a")], calendars=[calendar(days=each)]) for each in (5, 6)]
        (row,) = changes(*states).to_dict("records")
        assert (row["field"], row["before"]) == ("week_saturday_day_type_id", "NonWorking (no work)")
        assert row["after"] == "Normal (08:00-12:00, 13:00-17:00)"

    def test_a_user_field_and_a_code_are_told_by_name(self):
        common = {
            "user_fields": [{"id": "u", "name": "Crew"}],
            "codes": [{"id": "k", "name": "Zone"}],
            "code_values": [{"id": "v", "codeId": "k", "name": "North"}],
        }
        before = schedule(
            [task("a")], **common, task_user_field_values=[{"taskId": "a", "userFieldId": "u", "value": "4"}]
        )
        after = schedule(
            [task("a")],
            **common,
            task_user_field_values=[{"taskId": "a", "userFieldId": "u", "value": "6"}],
            task_code_value_assignments=[{"taskId": "a", "codeValueId": "v"}],
        )
        before["task_code_value_assignments"] = frame_from_items("task_code_value_assignments", [])
        field, code = changes(before, after).sort_values("table", ascending=False).to_dict("records")
        assert (field["item"], field["before"], field["after"], field["user_defined_id"]) == ("Crew", "4", "6", "A-a")
        assert (code["change"], code["after"], code["name"]) == ("added", "Zone: North", "A")

    def test_names_that_would_be_formulas_or_templates_are_text(self):
        states = [schedule([task("a", name=name)]) for name in ("=cmd|' /C calc'!A0", "{x} %s {{y}}")]
        (row,) = changes(*states).to_dict("records")
        assert (row["before"], row["after"]) == ("=cmd|' /C calc'!A0", "{x} %s {{y}}")


class TestMatching:
    def test_tasks_are_matched_as_in_slippage_and_the_notes_say_how(self):
        before = schedule([task(f"o{n}", userDefinedId=f"U{n}") for n in range(5)], task_links=[link("o0", "o1")])
        after = schedule([task(f"n{n}", userDefinedId=f"U{n}") for n in range(5)], task_links=[link("n0", "n1")])
        register = changes(before, after)
        assert set(register["field"]) == {"name"}
        said = about(register)
        assert "Matched by user defined id (only 0% match by id): 100% of the tasks." in said.notes
        assert (
            "task_links: 0 of 1 ids are the same, so rows are matched by predecessor_id and successor_id and type."
            in said.notes
        )

    def test_a_link_that_was_recreated_is_the_same_link(self):
        states = [
            schedule([task("a"), task("b"), task("c")], task_links=[link("b", "c"), link("a", "b", id=key, lag=lag)])
            for key, lag in (("x", 0), ("y", 8))
        ]
        (row,) = changes(*states).to_dict("records")
        assert (row["change"], row["field"], row["after"]) == ("changed", "lag_hours", "8 h")

    def test_an_id_given_to_other_work_pairs_with_nothing_under_the_user_defined_id(self):
        before = schedule([task("1", userDefinedId="U1"), task("2", userDefinedId="U2")])
        after = schedule([task("1", userDefinedId="U9"), task("7", userDefinedId="U2", name="2")])
        register = changes(before, after, key="user_defined_id")
        assert register[["user_defined_id", "change"]].astype("string").to_numpy().tolist() == [
            ["U9", "added"],
            ["U1", "removed"],
        ]

    def test_ids_of_calendars_that_were_replaced_are_no_change_of_the_tasks(self):
        states = [
            schedule([task("a", calendarId=key)], calendars=[{**calendar(key), "name": "Site"}]) for key in ("c1", "c2")
        ]
        assert changes(*states).empty

    def test_rows_without_an_id_pair_in_order(self):
        tasks = [{"id": None, "name": "x"}, {"id": "a", "name": "y"}]
        assert changes(schedule(tasks), schedule(tasks)).empty

    def test_a_table_without_a_key_is_compared_row_by_row(self):
        items = [{"taskId": "a", "animatedEntityId": each} for each in ("0x1", "0x1", "0x2")]
        states = [schedule([task("a")], animation_bindings=each) for each in (items, items[1:])]
        register = changes(*states, tables="animation_bindings")
        assert register["change"].tolist() == ["removed"]

    def test_the_wrong_order_is_pointed_out(self):
        states = [schedule([task("a")], data_date=day) for day in ("2024-06-03", "2024-05-06")]
        assert "The data date went back: are the two states in the right order?" in about(changes(*states)).notes


class TestWhatIsNotThere:
    def test_a_table_that_one_side_lacks_is_not_compared_and_that_is_said(self):
        before = schedule([task("a")], task_links=None)
        register = changes(before, schedule([task("a"), task("b")], task_links=[link("a", "b")]))
        assert register["table"].unique().tolist() == ["tasks"]
        assert (
            "task_links: not compared. The earlier state lacks it. No 'task_links' among the frames given."
            in about(register).notes
        )
        assert "task_links" in about(register).facts["not_compared"]

    def test_a_column_that_one_side_lacks_is_not_compared(self):
        after = schedule([task("a", comment="late")])
        before = {**after, "tasks": after["tasks"].drop(columns="comment")}
        register = changes(before, after)
        assert register.empty
        assert about(register).facts["not_compared"]["tasks.comment"] == "The earlier state lacks this column."

    def test_two_tasks_frames_are_compared(self):
        states = [schedule([task("a", name=name)])["tasks"] for name in ("x", "y")]
        assert changes(*states)["after"].tolist() == ["y"]

    def test_an_unknown_table_is_refused_with_the_nearest(self):
        with pytest.raises(InvalidRequest, match=r"There is no collection 'tasks_links'.*\n.*task_links"):
            changes(schedule([]), schedule([]), tables=["tasks_links"])

    def test_a_table_of_the_service_is_refused(self):
        with pytest.raises(InvalidRequest, match="'projects' cannot be compared: it is not a table of a schedule"):
            changes(schedule([]), schedule([]), tables="projects")

    def test_nothing_in_common_is_refused(self):
        with pytest.raises(InvalidRequest, match=r"the two states have no table in common\.\n.*lacks it"):
            changes(schedule([]), schedule([]), tables="resources")


def test_the_counts_are_grouped_for_a_meeting():
    before = schedule([task("a"), task("b")], task_links=[link("a", "b")])
    after = schedule([task("a", "2024-06-07", percentComplete=10), task("c")])
    said = about(changes(before, after))
    assert said.facts["counts"]["topics"] == {
        "scope": {"added": 1, "removed": 1, "changed": 0},
        "logic": {"added": 0, "removed": 1, "changed": 0},
        "dates": {"added": 0, "removed": 0, "changed": 1},
        "progress": {"added": 0, "removed": 0, "changed": 1},
    }
    assert said.facts["counts"]["tables"]["tasks"] == {"added": 1, "removed": 1, "changed": 2}
    assert list(said.facts["counts"]["topics"]) == sorted(said.facts["counts"]["topics"], key=TOPICS.index)


def test_the_register_of_a_schedule_is_that_of_its_frames(demo):
    tasks = demo.tasks()
    tasks.loc[4, "percent_complete"] = 12.5
    register = bn.changes(demo, {"tasks": tasks, "task_links": demo.task_links()})
    assert register["field"].tolist() == ["percent_complete"]
    assert register["after"].tolist() == ["12.5 %"]


def test_the_register_of_a_part_has_its_tasks_their_links_and_what_is_of_no_task(demo):
    tasks, links, calendars = demo.tasks(), demo.task_links(), demo.calendars()
    work = tasks[tasks["type"] == "Work"]
    inside = links[links["predecessor_id"].isin(work["id"])].iloc[0]
    outside = work[~work["id"].isin([inside["predecessor_id"], inside["successor_id"]])].iloc[0]
    before = {"tasks": tasks.copy(), "task_links": links.copy(), "calendars": calendars.copy()}
    for key in (inside["predecessor_id"], outside["id"]):
        before["tasks"].loc[before["tasks"]["id"] == key, "comment"] = "earlier"
    before["task_links"].loc[before["task_links"]["id"] == inside["id"], "lag_hours"] += 8
    before["calendars"].loc[0, "name"] = "Earlier calendar"
    part = demo.only(tasks[tasks["id"] == inside["predecessor_id"]])
    register = changes(before, part)
    assert register[["table", "field"]].to_numpy().tolist() == [
        ["task_links", "lag_hours"],
        ["calendars", "name"],
        ["tasks", "comment"],
    ]


def test_a_large_schedule_in_which_every_task_moved():
    count = 50_000
    ids = pd.Series([f"{n:08}" for n in range(count)], dtype="string")
    starts = pd.Series(pd.date_range("2024-01-01", periods=count, freq="min", tz="UTC")).astype("datetime64[us, UTC]")
    before = pd.DataFrame({"id": ids, "user_defined_id": ids, "name": "Task " + ids, "planned_start": starts})
    after = before.assign(planned_start=starts + pd.Timedelta(days=1))
    register = changes(before, after)
    assert len(register) == count
    assert (register["movement_days"] == 1.0).all()
    assert np.array_equal(register["id"].to_numpy(dtype=object), ids.to_numpy(dtype=object))
