"""Whatever a page holds: the same columns and dtypes, and nothing lost."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from bentley_nb.errors import InvalidResponse
from bentley_nb.frames import UnparsedValuesWarning, frame_from_items
from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.finish import finish
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.surface import SURFACES

TASKS = COLLECTIONS["tasks"]


def frame_of(*bodies: Any, name: str = "tasks", surface: str = "platform") -> pd.DataFrame:
    """The frame of pages given as lists of items or as bytes."""
    collection = COLLECTIONS[name]
    decoder = PageDecoder(collection, SURFACES[surface])
    key = SURFACES[surface].list_key(collection)
    pages = [body if isinstance(body, bytes) else json.dumps({key: body, "_links": {}}).encode() for body in bodies]
    return to_frame(finish(collection, [decoder.page(page) for page in pages]), {})


@pytest.mark.parametrize(
    "body",
    [
        {"schedule": {"id": "s", "name": "Tower"}},
        {"somethingElse": {"id": "s", "name": "Tower"}, "_links": {}},
        {"id": "s", "name": "Tower", "customProperties": {}},
    ],
)
def test_a_single_item_is_found_under_any_wrapper_or_none(body: dict[str, Any]) -> None:
    collection = COLLECTIONS["schedule"]
    columns = PageDecoder(collection, SURFACES["platform"]).single(json.dumps(body).encode())
    assert to_frame(finish(collection, [columns]), {})[["id", "name"]].to_numpy().tolist() == [["s", "Tower"]]


def test_a_single_item_that_is_none() -> None:
    with pytest.raises(InvalidResponse, match="no object for 'schedule'"):
        PageDecoder(COLLECTIONS["schedule"], SURFACES["platform"]).single(b'{"schedule": [1]}')


def is_fast(items: list[dict[str, Any]]) -> bool:
    decoder = PageDecoder(TASKS, SURFACES["platform"])
    return decoder._read_fast(json.dumps({"tasks": items}).encode()) is not None


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_no_page_at_all_gives_the_frame_of_an_empty_one(name: str) -> None:
    """So it is of what is nested in parents, where there are none."""
    assert_frame_equal(frame_of(name=name), frame_of([], name=name))


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_an_empty_page_has_the_declared_columns_and_dtypes(name: str) -> None:
    frame = frame_of([], name=name)
    collection = COLLECTIONS[name]
    assert tuple(frame.columns) == collection.column_names
    wanted = {
        "id": "string",
        "text": "string",
        "enum": "category",
        "instant": "datetime64[us, UTC]",
        "flag": "boolean",
        "count": "Int64",
        "measure": "Float64",
        "hours": "Float64",
        "list": "object",
    }
    assert [str(dtype) for dtype in frame.dtypes] == [wanted[c.kind] for c in collection.frame_columns]


def test_every_value_null() -> None:
    items = [{column.member: None for column in TASKS.columns if "." not in column.member}]
    frame = frame_of(items)
    assert frame.isna().all(axis=None)
    assert frame.dtypes.astype(str).tolist() == frame_of([]).dtypes.astype(str).tolist()


@pytest.mark.parametrize(
    ("member", "sent", "column", "found"),
    [
        ("plannedStart", "2024-05-20T09:00:00Z", "planned_start", "2024-05-20T09:00Z"),
        ("plannedStart", "2019-12-02T08:00:00", "planned_start", "2019-12-02T08:00Z"),  # no zone: UTC
        ("plannedStart", "2024-05-20T09:00:00+02:00", "planned_start", "2024-05-20T07:00Z"),
        (
            "plannedStart",
            "2024-05-20T09:00:00.1234567Z",
            "planned_start",
            "2024-05-20T09:00:00.123456Z",
        ),  # .NET's digits
        ("plannedStart", "0001-01-01T00:00:00Z", "planned_start", "0001-01-01T00:00Z"),  # .NET's zero date
        ("plannedStart", "9999-12-31T23:59:59Z", "planned_start", "9999-12-31T23:59:59Z"),
        ("plannedStart", "", "planned_start", None),
        ("plannedStart", "2024-05-20", "planned_start", "2024-05-20T00:00Z"),
        ("plannedDuration", 9866640, "planned_duration_hours", 9866640 / 3600),
        ("plannedDuration", 1800.5, "planned_duration_hours", 1800.5 / 3600),
        ("plannedDuration", "7200", "planned_duration_hours", 2.0),
        ("percentComplete", 50, "percent_complete", 50.0),
        ("percentComplete", 33.3, "percent_complete", 33.3),
        ("percentComplete", "12.5", "percent_complete", 12.5),
        ("physicalQuantity", 0, "physical_quantity", 0.0),
        ("physicalQuantity", 2.5760528e-08, "physical_quantity", 2.5760528e-08),
        ("name", 12, "name", "12"),
        ("name", True, "name", "true"),
        ("name", {"en": "x"}, "name_en", "x"),
        ("name", "naïve </script> \u0000 \U0001f3d7", "name", "naïve </script> \u0000 \U0001f3d7"),
        ("name", "a\ud800b", "name", "a?b"),
        ("type", 5, "type", "5"),
        ("isWbs", "true", "is_wbs", True),
        ("isWbs", 0, "is_wbs", False),
        ("id", 12345, "id", "12345"),
    ],
)
@pytest.mark.parametrize("beside", [[], [{"id": "x", "name": "plain", "plannedStart": "2020-01-01T00:00:00Z"}]])
def test_odd_values_become_what_they_mean(
    member: str, sent: Any, column: str, found: Any, beside: list[dict[str, Any]]
) -> None:
    frame = frame_of([*beside, {"id": "1", member: sent}])
    value = frame[column].iloc[-1]
    if found is None:
        assert pd.isna(value)
    elif column.startswith("planned_st"):
        assert value == pd.Timestamp(found).as_unit("us")
    else:
        assert value == found
    assert frame.dtypes.astype(str).to_dict().items() >= frame_of([]).dtypes.astype(str).to_dict().items()


@pytest.mark.parametrize(
    ("member", "sent"),
    [
        ("plannedStart", "soon"),
        ("plannedStart", 7),
        ("plannedDuration", "long"),
        ("isWbs", "maybe"),
        ("percentComplete", [1]),
        ("percentComplete", "nan"),
        ("percentComplete", float("nan")),
        ("percentComplete", float("-inf")),
        ("plannedDuration", 10**400),
        ("plannedStart", "2024-02-30T00:00:00Z"),
    ],
)
def test_values_that_mean_nothing_are_kept_as_sent(member: str, sent: Any) -> None:
    with pytest.warns(UnparsedValuesWarning, match="1 value"):
        frame = frame_of([{"id": "1", member: sent}, {"id": "2"}])
    column = next(c.name for c in TASKS.columns if c.member == member)
    assert pd.isna(frame[column].iloc[0])
    kept = frame[f"{column}_as_sent"]
    assert kept.iloc[0] == (sent if isinstance(sent, str) else json.dumps(sent))
    assert pd.isna(kept.iloc[1])


@pytest.mark.filterwarnings("ignore::bentley_nb.frames.UnparsedValuesWarning")
def test_columns_as_sent_stand_in_the_declared_order_however_the_items_are_split() -> None:
    late, early = {"id": "1", "isWbs": True, "percentComplete": "half"}, {"id": "2", "plannedStart": "soon"}
    whole = frame_of([late, early])
    assert whole.columns[-2:].tolist() == ["planned_start_as_sent", "percent_complete_as_sent"]
    assert_frame_equal(frame_of([late], [early]), whole)


def test_a_count_sent_as_a_float() -> None:
    analyses = frame_of([{"taskId": "1", "downstreamTotalFloat": 5.0}], name="task_scheduling_analyses")
    assert analyses["downstream_total_float"].tolist() == [5]
    with pytest.warns(UnparsedValuesWarning):
        frame_of([{"taskId": "1", "downstreamTotalFloat": 5.5}], name="task_scheduling_analyses")


def test_unknown_members_are_kept_at_the_end_with_their_own_types() -> None:
    frame = frame_of(
        [
            {
                "id": "1",
                "flag": True,
                "whole": 1,
                "part": 1,
                "text": "x",
                "when": "2024-05-20T09:00:00Z",
                "list": [1, "a"],
                "deep": {"er": {"est": 5}},
                "nothing": None,
                "grows": None,
            }
        ],
        [{"id": "2", "part": 0.5, "late": "y", "deep": None, "grows": {"leaf": 1}}],
    )
    unknown = frame.columns[len(TASKS.columns) :].tolist()
    assert unknown == ["flag", "whole", "part", "text", "when", "list", "deep_er_est", "nothing", "grows_leaf", "late"]
    assert frame[unknown].dtypes.astype(str).tolist() == [
        "boolean",
        "Int64",
        "Float64",
        "string",
        "string",
        "object",
        "Int64",
        "string",
        "Int64",
        "string",
    ]
    assert frame["list"].tolist() == [[1, "a"], None]
    assert frame["when"].tolist()[0] == "2024-05-20T09:00:00Z"


def test_one_page_or_many_types_of_an_unknown_member() -> None:
    frame = frame_of(
        [{"id": "1", "odd": 1}], [{"id": "2", "odd": "x"}], [{"id": "3", "odd": [1]}], [{"id": "4", "odd": True}]
    )
    assert frame["odd"].tolist() == [1, "x", [1], True]
    mixed = frame_of([{"id": "1", "odd": 1}], [{"id": "2", "odd": "x"}])
    assert mixed["odd"].tolist() == ["1", "x"]


def test_an_unknown_member_never_takes_the_name_of_a_known_column() -> None:
    frame = frame_of([{"id": "1", "planned_start": "x", "plannedStart": "2024-01-01T00:00:00Z"}])
    assert frame["planned_start_2"].tolist() == ["x"]


def test_lists_stay_lists_and_objects_inside_them_stay_as_sent() -> None:
    day = {"id": "d", "timeBlocks": [{"startTime": "09:00", "endTime": "17:00"}], "when": "2024-01-01T00:00:00Z"}
    frame = frame_of([{"id": "1", "dayTypes": [day], "exceptions": []}, {"id": "2"}], name="calendars")
    assert frame["day_types"].tolist() == [[day], None]
    assert frame["exceptions"].tolist() == [[], None]


def test_the_enterprise_surface_s_names_become_the_platform_s_columns() -> None:
    frame = frame_of([{"id": "1", "plannedPhysicalQuantity": 3}], surface="enterprise")
    assert frame["physical_quantity"].tolist() == [3.0]
    assert frame["calendar_id"].isna().all()


def test_usual_pages_take_the_fast_path_and_odd_ones_do_not_stick() -> None:
    good = {
        "id": "1",
        "name": "x",
        "plannedStart": "2024-05-20T09:00:00Z",
        "plannedDuration": 3600,
        "percentComplete": 0,
    }
    assert is_fast([good])
    assert is_fast([{**good, "new": 1, "deep": {"a": "b"}}])
    assert not is_fast([{**good, "name": 1}])
    decoder = PageDecoder(TASKS, SURFACES["platform"])
    fraction = json.dumps({"tasks": [{**good, "plannedStart": "2024-05-20T09:00:00.1234567Z"}]}).encode()
    assert decoder._read_fast(fraction) is None
    decoder.page(fraction)
    assert decoder._read_fast(fraction) is not None  # learned for the pages that follow


@pytest.mark.parametrize("item", [b'"name": "caf\xe9"', b'"caf\xe9": "name"'], ids=["value", "member"])
def test_text_that_is_not_utf_8(item: bytes) -> None:
    with pytest.raises(InvalidResponse, match="not JSON"):
        frame_of(b'{"tasks": [{"id": "1", %s}]}' % item)


@pytest.mark.parametrize(("opened", "closed"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_an_answer_that_nests_without_end(opened: bytes, closed: bytes, depth: int) -> None:
    """Arrow's reader recurses: such a page, were it given one, would end the process."""
    nested = opened * depth + b"1" + closed * depth
    with pytest.raises(InvalidResponse, match="too deeply to be read"):
        frame_of(b'{"tasks": [{"id": "1", "x": %s}]}' % nested)
    with pytest.raises(InvalidResponse, match="too deeply to be read"):
        PageDecoder(COLLECTIONS["schedule"], SURFACES["platform"]).single(b'{"x": %s}' % nested)


def test_brackets_in_text_are_no_depth() -> None:
    assert frame_of(json.dumps({"tasks": [{"id": "1", "name": "[" * 5_000}]}).encode())["name"].str.len()[0] == 5_000


_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["2024-05-20T09:00:00Z", "2024-05-20T09:00:00.1234567Z", "", "true", "12", "0001-01-01T00:00:00"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(min_size=1, max_size=4), st.integers(), max_size=2),
)
_members = st.sampled_from(
    ["id", "name", "plannedStart", "plannedDuration", "isWbs", "percentComplete", "type", "new", "newer"]
)
_items = st.lists(st.dictionaries(_members, _values, max_size=6), max_size=6)


@settings(max_examples=150, deadline=None)
@given(_items)
@pytest.mark.filterwarnings("ignore::bentley_nb.frames.UnparsedValuesWarning")
def test_any_items_keep_the_declared_columns_and_dtypes(items: list[dict[str, Any]]) -> None:
    frame = frame_of(items)
    declared = frame_of([])
    assert frame.columns[: len(declared.columns)].tolist() == declared.columns.tolist()
    assert frame[declared.columns].dtypes.astype(str).tolist() == declared.dtypes.astype(str).tolist()
    assert frame.columns.is_unique


_good = st.fixed_dictionaries(
    {"id": st.uuids().map(str), "name": st.text(st.characters(codec="utf-8"), max_size=8)},
    optional={
        "plannedStart": st.sampled_from(["2024-05-20T09:00:00Z", None]),
        "plannedDuration": st.integers(0, 10**9),
        "percentComplete": st.integers(0, 100),
        "isWbs": st.booleans(),
        "type": st.sampled_from(["Work", "Meeting"]),
        "extra": st.integers(-5, 5),
        "note": st.text(st.characters(codec="utf-8"), max_size=5),
    },
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_good, min_size=1, max_size=9, unique_by=lambda item: item["id"]), st.integers(1, 9))
def test_pages_of_any_size_and_both_paths_agree(items: list[dict[str, Any]], size: int) -> None:
    whole = frame_from_items("tasks", items)  # the tolerant path
    paged = frame_of(*(items[at : at + size] for at in range(0, len(items), size)))
    whole.attrs = {}
    assert_frame_equal(whole, paged)


_DEEP = [
    {"id": "1", "deep": None, "flat": 1, "empty": {}},
    {"id": "2", "deep": {}, "flat": 2, "plannedUtilization": {"new": 1}},
    {"id": "3", "deep": {"a": 1, "b": {"c": "x"}}, "flat": 3},
    {"id": "4", "flat": 4, "deep": {"b": {"d": 1.5}, "a": 2}, "last": True},
]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["tasks", "resource_assignments"])
def test_unknown_members_stand_alike_for_any_page_size_and_on_both_paths(size: int, name: str) -> None:
    paged = frame_of(*(_DEEP[at : at + size] for at in range(0, len(_DEEP), size)), name=name)
    slow = frame_from_items(name, _DEEP)
    slow.attrs = {}
    assert_frame_equal(slow, paged)
    unknown = [column for column in paged if column not in frame_of([], name=name)]
    assert [column for column in unknown if column != "planned_utilization_new"] == [
        *("deep_a", "deep_b_c", "deep_b_d", "flat", "empty", "last")
    ]


def test_a_member_whose_type_was_learned_stays_in_its_place() -> None:
    good = [{"id": str(n), "first": n, "when": "2024-05-20", "last": n} for n in range(4)]
    decoder = PageDecoder(TASKS, SURFACES["platform"])
    pages = [json.dumps({"tasks": [item]}).encode() for item in [*good, {"id": "5", "first": 1}]]
    assert list(decoder.page(pages[0]).unknown) == ["first", "when", "last"]
    assert decoder._read_fast(pages[1]) is not None
    assert list(decoder.page(pages[1]).unknown) == ["first", "when", "last"]
    assert list(decoder.page(pages[-1]).unknown) == ["first"]


@pytest.mark.parametrize(
    "longer", ["t10", "task-00010", "a-very-long-task-id", "11111111-2222-3333-4444-555555555555", "long" * 200]
)
@pytest.mark.parametrize(
    "key", ["t", "task9", "task-009", "task-0009", "00000000-2222-3333-4444-555555555555", "long" * 199]
)
def test_a_key_sent_twice_is_found_beside_keys_of_any_length(key: str, longer: str) -> None:
    frame = frame_of([{"id": "t8"}, {"id": key}], [{"id": key, "name": "again"}, {"id": longer}])
    assert frame["id"].tolist() == ["t8", key, longer]
    assert frame["name"].tolist()[1] == "again"
    alone = frame_of([{"id": key}], [{"id": key, "name": "again"}, {"id": longer}])
    assert alone["id"].tolist() == [key, longer]
