"""The same schedule through both surfaces and through any page size is the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from bentley_nb.service.catalog import COLLECTIONS


def connect(sandbox: Sandbox, surface: str = "platform", **options: object) -> bn.Schedule:
    client = bn.connect(
        sandbox.client_id,
        sandbox.client_secret,
        surface=surface,
        token_url=sandbox.token_url,
        api_url=sandbox.api_url(surface),
        projects_url=sandbox.projects_url,
        progress=False,
        **options,
    )
    return client.schedule(sandbox.schedule_id)


@pytest.fixture(scope="module")
def hotel(shared: Path) -> Iterator[Sandbox]:
    with Sandbox(data=shared / "data" / "datasets" / "hotel") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def demo_sandbox() -> Iterator[Sandbox]:
    with Sandbox(rows=120) as sandbox:
        yield sandbox


def on_both(name: str) -> list[str]:
    """Columns that both surfaces send."""
    return [column.name for column in COLLECTIONS[name].frame_columns if len(column.surfaces) == 2]


def test_the_hotel_has_as_many_rows_as_its_files_and_is_the_same_on_both_surfaces(hotel: Sandbox, shared: Path) -> None:
    platform, enterprise = connect(hotel), connect(hotel, "enterprise")
    folder = shared / "data" / "datasets" / "hotel"
    compared = 0
    for file in sorted(folder.glob("*.json")):
        if file.stem in ("dataset", "schedules"):
            continue
        items = json.loads(file.read_text(encoding="utf-8"))
        frame = platform.table(file.stem)
        assert len(frame) == len(items), file.stem
        if COLLECTIONS[file.stem].enterprise is None:
            continue
        other = enterprise.table(file.stem)
        assert frame.dtypes.astype(str).to_dict() == other.dtypes.astype(str).to_dict()
        keep = on_both(file.stem)
        # The Enterprise surface may serve another order; the rows are the same.
        key = list(COLLECTIONS[file.stem].key)
        left, right = (f[keep].sort_values(key, ignore_index=True) for f in (frame, other))
        left.attrs, right.attrs = {}, {}
        assert_frame_equal(left, right)
        compared += 1
    assert compared >= 6
    tasks = platform.tasks()
    assert (len(tasks), int(tasks["is_wbs"].sum())) == (5181, 964)
    assert len(platform.task_links()) == 7586
    assert len(platform.code_value_assignments("task")) == 18020
    assert platform.data_date == pd.Timestamp("2012-05-10", tz="UTC")


def test_the_hotel_s_codes_wide(hotel: Sandbox, shared: Path) -> None:
    wide = connect(hotel).tasks(codes=True)
    folder = shared / "data" / "datasets" / "hotel"
    values = {v["id"]: v for v in json.loads((folder / "code_values.json").read_text(encoding="utf-8"))}
    names = {c["id"]: c["name"] for c in json.loads((folder / "codes.json").read_text(encoding="utf-8"))}
    by_id = wide.set_index("id")
    for assignment in json.loads((folder / "task_code_value_assignments.json").read_text(encoding="utf-8"))[:500]:
        value = values[assignment["codeValueId"]]
        assert value["name"] in by_id.loc[assignment["taskId"], names[value["codeId"]]].split("; ")
    assert wide[list(names.values())].notna().to_numpy().sum() == 18020


@pytest.mark.parametrize("surface", ["platform", "enterprise"])
@pytest.mark.parametrize(
    "name", ["tasks", "animation_bindings", "keyframes", "task_user_field_values", "appearance_profiles"]
)
def test_page_size_2_and_10_000_give_equal_frames(demo_sandbox: Sandbox, surface: str, name: str) -> None:
    whole = connect(demo_sandbox, surface).table(name)
    pieces = connect(demo_sandbox, surface, page_size=2).table(name)
    whole.attrs = pieces.attrs = {}
    assert_frame_equal(whole, pieces)


@pytest.mark.parametrize("name", [name for name, c in COLLECTIONS.items() if c.level == "schedule" and not c.parent])
def test_empty_and_full_tables_have_the_same_columns_and_dtypes(demo_sandbox: Sandbox, name: str) -> None:
    surface = "platform" if COLLECTIONS[name].platform is not None else "enterprise"
    schedule = connect(demo_sandbox, surface)
    if "v10" not in COLLECTIONS[name].schedule_types:
        with pytest.raises(bn.InvalidRequest, match=r"v6\.5 schedules only"):
            schedule.table(name)
        return
    full = schedule.table(name)
    from bentley_nb.frames import frame_from_items

    empty = frame_from_items(name, [])
    assert full.columns.tolist()[: len(empty.columns)] == empty.columns.tolist()
    assert full.dtypes.astype(str).tolist()[: len(empty.columns)] == empty.dtypes.astype(str).tolist()
