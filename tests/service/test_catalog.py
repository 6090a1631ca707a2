"""The declarations of the collections: complete, consistent, and correct where they depend on each other."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.finish import finish
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Catalog, Collection, Column, Kind
from bentley_nb.service.surface import SURFACES

EVERY = pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=lambda c: c.name)


@EVERY
def test_every_column_says_what_it_means(collection: Collection) -> None:
    assert collection.meaning.endswith(".")
    unexplained = [column.name for column in collection.frame_columns if not column.meaning.strip()]
    assert unexplained == []
    assert all(column.unit for column in collection.frame_columns if column.kind is Kind.HOURS)


@EVERY
def test_what_a_collection_refers_to_exists(collection: Collection) -> None:
    names = collection.column_names
    assert len(names) == len(set(names))
    assert set(collection.key) <= set(names)
    assert collection.platform is not None or collection.enterprise is not None
    if collection.parent is not None:
        assert collection.parent.collection is None or collection.parent.collection in COLLECTIONS
        assert collection.parent.collection is not None or collection.single
    if collection.by_parent is not None:
        nested = COLLECTIONS[collection.by_parent]
        assert nested.parent is not None
        assert nested.columns == collection.columns
    if collection.wide is not None:
        assert f"{collection.wide}_user_field_values" in COLLECTIONS


def test_a_member_renamed_on_the_wire_keeps_its_column() -> None:
    resources = COLLECTIONS["resources"]
    renamed = tuple(
        Column("leadTimeSeconds", Kind.HOURS, column.meaning, column.unit, name="lead_time_hours")
        if column.member == "leadTime"
        else column
        for column in resources.columns
    )
    corrected = replace(resources, columns=renamed)
    assert corrected.column_names == resources.column_names
    page = json.dumps({"resources": [{"id": "r", "name": "Crane", "leadTimeSeconds": 7200}]}).encode()
    table = finish(corrected, [PageDecoder(corrected, SURFACES["platform"]).page(page)])
    assert table.column("lead_time_hours").to_pylist() == [2.0]
    assert "lead_time_seconds" not in table.column_names


def test_an_unknown_collection_is_answered_with_the_nearest() -> None:
    assert COLLECTIONS.find("task-links") is COLLECTIONS["task_links"]
    with pytest.raises(InvalidRequest, match=r"There is no collection 'taks'\.\nDid you mean 'tasks'"):
        COLLECTIONS.find("taks")
    with pytest.raises(ValueError, match="declared twice"):
        Catalog((COLLECTIONS["tasks"], COLLECTIONS["tasks"]))
