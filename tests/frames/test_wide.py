"""User fields and codes as columns, and where a task stands in the WBS."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.frames import frame_from_items
from bentley_nb.frames.wbs import add_wbs_columns
from bentley_nb.frames.wide import UserFieldWarning, add_codes, add_user_fields


def user_fields(
    fields: list[dict[str, Any]], values: list[tuple[str, str, str | None]], wanted: Any = True
) -> pd.DataFrame:
    tasks = frame_from_items("tasks", [{"id": n} for n in "abc"])
    return add_user_fields(
        tasks,
        "task",
        frame_from_items("user_fields", [{"category": "Task", **field} for field in fields]),
        frame_from_items("task_user_field_values", [{"taskId": t, "userFieldId": f, "value": v} for t, f, v in values]),
        wanted,
    )


@pytest.mark.parametrize(
    ("type_", "sent", "dtype", "found"),
    [
        ("Float", ["1.5", " 2 "], "Float64", [1.5, 2.0]),
        ("Integer", ["7", "-8"], "Int64", [7, -8]),
        ("Boolean", ["true", "False"], "boolean", [True, False]),
        (
            "StartDate",
            ["2024-05-20T09:00:00Z", "2024-05-21"],
            "datetime64[us, UTC]",
            ["2024-05-20T09:00Z", "2024-05-21T00:00Z"],
        ),
        (
            "FinishDate",
            ["2024-05-20T09:00:00.1234567Z", ""],
            "datetime64[us, UTC]",
            ["2024-05-20T09:00:00.123456Z", None],
        ),
        ("String", ["007", ""], "string", ["007", ""]),
        ("Something", ["5", "x"], "string", ["5", "x"]),
    ],
)
def test_a_field_is_typed_as_declared(type_: str, sent: list[str], dtype: str, found: list[Any]) -> None:
    frame = user_fields([{"id": "f", "name": "Field", "type": type_}], [("a", "f", sent[0]), ("b", "f", sent[1])])
    assert str(frame["Field"].dtype) == dtype
    for value, wanted in zip(frame["Field"], found, strict=False):
        if wanted is None:
            assert pd.isna(value)
        else:
            assert value == (pd.Timestamp(wanted) if "datetime" in dtype else wanted)
    assert pd.isna(frame["Field"].iloc[2])


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ("9007199254740993", 9007199254740993),  # a float would give ...992
        ("-9007199254740993.0", -9007199254740993),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        (" +007 ", 7),
        ("0" * 40 + "4", 4),
        ("12.0", 12),
        ("1e3", 1000),
    ],
)
def test_whole_numbers_are_read_digit_by_digit(sent: str, found: int) -> None:
    frame = user_fields([{"id": "f", "name": "Field", "type": "Integer"}], [("a", "f", sent), ("b", "f", "5")])
    assert str(frame["Field"].dtype) == "Int64"
    assert frame["Field"].tolist()[:2] == [found, 5]


@pytest.mark.parametrize("bad", ["9223372036854775808", "1" + "0" * 25, "-1e25", "9007199254740993.5e1", "inf", "1,5"])
def test_whole_numbers_that_64_bits_do_not_hold_stay_text(bad: str) -> None:
    with pytest.warns(UserFieldWarning, match="declared Integer, but 1 value"):
        frame = user_fields([{"id": "f", "name": "Field", "type": "Integer"}], [("a", "f", bad), ("b", "f", "5")])
    assert frame["Field"].tolist()[:2] == [bad, "5"]


@pytest.mark.parametrize("sent", ["0001-01-01T00:00:00Z", "9999-12-31", "2024-W21-1"])
def test_dates_of_fields_are_read_as_those_of_the_frames(sent: str) -> None:
    values = [("a", "f", sent), ("b", "f", "2024-05-20T09:00:00.1234567Z")]
    frame = user_fields([{"id": "f", "name": "Field", "type": "StartDate"}], values)
    own = frame_from_items("tasks", [{"id": "a", "plannedStart": sent}])["planned_start"]
    assert str(frame["Field"].dtype) == str(own.dtype) == "datetime64[us, UTC]"
    assert frame["Field"].iloc[0] == own.iloc[0]
    assert frame["Field"].iloc[1] == pd.Timestamp("2024-05-20T09:00:00.123456Z")


@pytest.mark.parametrize(
    ("type_", "bad"),
    [("Float", "5,5"), ("Float", "inf"), ("Integer", "1.5"), ("Boolean", "perhaps"), ("StartDate", "spring")],
)
def test_one_value_that_does_not_parse_leaves_the_column_text_with_one_warning(type_: str, bad: str) -> None:
    good = {"Float": "1", "Integer": "1", "Boolean": "true", "StartDate": "2024-05-20"}[type_]
    with pytest.warns(UserFieldWarning, match=f"declared {type_}, but 1 value.* for example {bad!r}") as caught:
        frame = user_fields([{"id": "f", "name": "Field", "type": type_}], [("a", "f", good), ("b", "f", bad)])
    assert len(caught) == 1
    assert frame["Field"].tolist()[:2] == [good, bad]
    assert str(frame["Field"].dtype) == "string"


def test_names_that_clash_are_told_apart() -> None:
    frame = user_fields(
        [
            {"id": "1", "name": "name"},
            {"id": "2", "name": "Crew"},
            {"id": "3", "name": "Crew"},
            {"id": "4", "name": "Gone", "deleted": True},
            {"id": "5", "name": "Other", "category": "Resource"},
            {"id": "6", "name": None},
        ],
        [("a", "1", "x"), ("a", "2", "y"), ("a", "3", "z"), ("a", "4", "w"), ("zzz", "1", "orphan")],
    )
    assert frame.columns[-4:].tolist() == ["Crew", "Crew [2]", "name [user field]", "unnamed user field"]
    assert frame.loc[0, ["Crew", "Crew [2]", "name [user field]"]].tolist() == ["y", "z", "x"]


def test_an_exact_name_goes_to_the_field_that_bears_it() -> None:
    fields = [{"id": "1", "name": "Crew"}, {"id": "2", "name": "Crew"}, {"id": "3", "name": "Crew [2]"}]
    frame = user_fields(fields, [("a", "1", "x"), ("a", "2", "y"), ("a", "3", "z")])
    assert frame.columns[-3:].tolist() == ["Crew", "Crew [3]", "Crew [2]"]
    assert frame.loc[0, ["Crew", "Crew [3]", "Crew [2]"]].tolist() == ["x", "y", "z"]


def test_a_code_value_without_a_name_is_missing() -> None:
    frame = add_codes(
        frame_from_items("tasks", [{"id": "a"}]),
        "task",
        frame_from_items("codes", [{"id": "c", "name": "Phase", "category": "Activity"}]),
        frame_from_items("code_values", [{"id": "v", "codeId": "c", "name": None}]),
        frame_from_items("task_code_value_assignments", [{"taskId": "a", "codeValueId": "v"}]),
    )
    assert frame["Phase"].isna().all()


@pytest.mark.parametrize("option", ["user_fields", "codes"])
def test_what_an_option_of_names_takes(demo: bn.Schedule, option: str) -> None:
    plain = demo.tasks()
    for nothing in (None, False, []):
        assert demo.tasks(**{option: nothing}).columns.tolist() == plain.columns.tolist()
    listed = demo.user_fields() if option == "user_fields" else demo.codes()
    name = listed[listed["category"] == ("Task" if option == "user_fields" else "Activity")]["name"]
    name = name[~name.duplicated(keep=False)].iloc[0]
    for names in (name, [name], (name,), {name}, pd.Index([name]), iter([name])):
        assert demo.tasks(**{option: names}).columns[-1] == name
    for wrong in (1, 0.5, [1], [None], b"x", object()):
        with pytest.raises(bn.InvalidRequest, match=f"{option} must be True, False, a name or several names"):
            demo.tasks(**{option: wrong})


def test_fields_by_name_in_the_order_asked_for() -> None:
    fields = [{"id": "1", "name": "Zone"}, {"id": "2", "name": "Crew"}]
    assert user_fields(fields, [], ["Zone", "Crew"]).columns[-2:].tolist() == ["Zone", "Crew"]
    with pytest.raises(bn.InvalidRequest, match=r"no user field 'Zoen'") as caught:
        user_fields(fields, [], ["Zoen"])
    assert "Did you mean 'Zone'? Available: Crew, Zone." in str(caught.value)


def test_tasks_without_an_id_have_no_fields_and_no_codes() -> None:
    tasks = frame_from_items("tasks", [{"name": "A"}, {"name": "B"}, {"id": "c"}])
    values = [{"taskId": "c", "userFieldId": "f", "value": "1"}, {"userFieldId": "f", "value": "2"}]
    frame = add_user_fields(
        tasks,
        "task",
        frame_from_items("user_fields", [{"id": "f", "name": "Field", "type": "Integer", "category": "Task"}]),
        frame_from_items("task_user_field_values", values),
    )
    frame = add_codes(
        frame,
        "task",
        frame_from_items("codes", [{"id": "k", "name": "Code"}]),
        frame_from_items("code_values", [{"id": "v", "codeId": "k", "name": "Value"}]),
        frame_from_items("task_code_value_assignments", [{"taskId": "c", "codeValueId": "v"}, {"codeValueId": "v"}]),
    )
    assert frame["Field"].isna().tolist() == frame["Code"].isna().tolist() == [True, True, False]
    assert frame.loc[2, ["Field", "Code"]].tolist() == [1, "Value"]


def test_no_fields_at_all() -> None:
    assert len(user_fields([], []).columns) == len(frame_from_items("tasks", []).columns)


def test_the_descriptions_of_code_values_are_shown_where_they_are_asked_for() -> None:
    tasks = frame_from_items("tasks", [{"id": "a"}, {"id": "b"}])
    codes = frame_from_items("codes", [{"id": "c", "name": "Trade", "category": "Activity"}])
    values = [
        {"id": "08", "codeId": "c", "name": "08", "description": "Openings"},
        {"id": "09", "codeId": "c", "name": "09", "description": None},
    ]
    assigned = [{"taskId": "a", "codeValueId": "08"}, {"taskId": "b", "codeValueId": "09"}]
    tables = (codes, frame_from_items("code_values", values), frame_from_items("task_code_value_assignments", assigned))
    frame = add_codes(tasks, "task", *tables, ["Trade", "Trade [description]"])
    assert frame["Trade"].tolist() == ["08", "09"]
    assert frame["Trade [description]"].tolist() == ["Openings", pd.NA]
    with pytest.raises(bn.InvalidRequest, match=r"no code 'Trad \[description\]'.*\n.*Trade"):
        add_codes(tasks, "task", *tables, ["Trad [description]"])


def test_codes_give_the_names_of_their_values() -> None:
    tasks = frame_from_items("tasks", [{"id": n} for n in "abc"])
    frame = add_codes(
        tasks,
        "task",
        frame_from_items(
            "codes",
            [
                {"id": "c1", "name": "Trade", "category": "Activity"},
                {"id": "c2", "name": "Zone", "category": "?"},
                {"id": "c3", "name": "Cost", "category": "Cost"},
                {"id": "c4", "name": "Old", "category": "Activity", "deleted": True},
            ],
        ),
        frame_from_items(
            "code_values",
            [
                {"id": "v1", "codeId": "c1", "name": "MEP"},
                {"id": "v2", "codeId": "c1", "name": "Civil"},
                {"id": "v3", "codeId": "c2", "name": "North"},
                {"id": "v4", "codeId": "c4", "name": "x"},
            ],
        ),
        frame_from_items(
            "task_code_value_assignments",
            [
                {"taskId": "a", "codeValueId": "v1"},
                {"taskId": "a", "codeValueId": "v2"},
                {"taskId": "b", "codeValueId": "v3"},
                {"taskId": "b", "codeValueId": "unknown"},
                {"taskId": "gone", "codeValueId": "v1"},
            ],
        ),
    )
    assert frame.columns[-2:].tolist() == ["Trade", "Zone"]
    assert frame["Trade"].fillna("-").tolist() == ["Civil; MEP", "-", "-"]
    assert frame["Zone"].fillna("-").tolist() == ["-", "North", "-"]


@pytest.mark.filterwarnings("ignore::bentley_nb.frames.wide.UserFieldWarning")
def test_through_the_schedule(demo: bn.Schedule) -> None:
    tasks = demo.tasks(user_fields=True, codes=True)
    fields = demo.user_fields()
    own = fields[(fields["category"] == "Task")]
    assert set(own["name"]) <= set(tasks.columns)
    some = own[own["type"] == "Integer"]["name"].iloc[0]
    assert demo.tasks(user_fields=some).columns[-1] == some
    with pytest.raises(bn.InvalidRequest, match="no user field"):
        demo.tasks(user_fields=["Nope"])
    with pytest.raises(bn.InvalidRequest, match="no code"):
        demo.tasks(codes=["Nope"])
    assert len(demo.resources(user_fields=True).columns) > len(demo.table("resources").columns)
    assert len(demo.resource_groups(user_fields=True, codes=True)) == len(demo.table("resource_groups"))


def test_wbs_path_level_and_leaf() -> None:
    rows = [
        ("r", None, "Tower"),
        ("z", "r", "Zone A"),
        ("t", "z", "Pour"),
        ("o", "missing", "Orphan"),
        ("q", "o", "Below"),
        ("x", "y", "Round"),
        ("y", "x", "And round"),
        ("w", "x", "Under"),
        ("s", "s", "Own parent"),
    ]
    frame = add_wbs_columns(
        frame_from_items("tasks", [{"id": i, "parentId": p, "name": n} for i, p, n in rows])
    ).set_index("id")
    assert frame["wbs_path"].fillna("-").to_dict() == {
        "r": "-",
        "z": "Tower",
        "t": "Tower > Zone A",
        "o": "-",
        "q": "Orphan",
        "x": "-",
        "y": "-",
        "w": "Round",
        "s": "-",
    }
    assert frame["wbs_level"].to_dict() == {"r": 1, "z": 2, "t": 3, "o": 1, "q": 2, "x": 1, "y": 1, "w": 2, "s": 1}
    assert frame.index[frame["is_leaf"]].tolist() == ["t", "q", "w", "s"]  # y is named by x, though the circle is cut


def test_wbs_paths_of_a_large_tree() -> None:
    """Larger than the parts in which the texts are put together, siblings apart from each other, some without name."""
    count = 40_000
    parent = [None if n < 7 else (n * 7919) % min(n, 9_000) for n in range(count)]
    name = [None if n % 11 == 0 else f"n{n}" for n in range(count)]
    rows = [{"id": f"t{n}", "parentId": None if p is None else f"t{p}", "name": name[n]} for n, p in enumerate(parent)]
    paths: list[str | None] = []
    for above in parent:
        if above is None:
            paths.append(None)
        else:
            before, own = paths[above], name[above] or ""
            paths.append(own if before is None else f"{before} > {own}")
    found = add_wbs_columns(frame_from_items("tasks", rows))["wbs_path"]
    assert found.astype(object).where(found.notna(), None).tolist() == paths


def test_wbs_of_no_tasks() -> None:
    frame = add_wbs_columns(frame_from_items("tasks", []))
    assert frame[["wbs_path", "wbs_level", "is_leaf"]].dtypes.astype(str).tolist() == ["string", "Int64", "boolean"]


def test_members_of_the_service_that_bear_our_names_are_kept() -> None:
    frame = add_wbs_columns(frame_from_items("tasks", [{"id": "a", "wbsPath": "1.2.3", "isLeaf": False}]))
    assert frame["wbs_path [service]"].tolist() == ["1.2.3"]
    assert frame["is_leaf [service]"].tolist() == [False]
    assert frame["is_leaf"].tolist() == [True]
