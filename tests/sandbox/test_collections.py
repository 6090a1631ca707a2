"""Every collection of the catalog is served wherever it is declared."""

from __future__ import annotations

import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.content import STORED, UNLISTED, check_name
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule, demo_content
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection

from .conftest import Api

# An assessment has to be run on the service before it has violations, and its items' shape is unknown.
EMPTY = {"dcma_violations"}
BELOW = [collection for collection in COLLECTIONS.values() if collection.level == "schedule"]


def answer(api: Api, collection: Collection, v65: str) -> tuple[int, object]:
    schedule = v65 if "v10" not in collection.schedule_types else api.sandbox.schedule_id
    path = collection.path(api.surface.name)
    if "{" in path:
        source = collection.parent.collection or UNLISTED[collection.name]
        for parent in api.sandbox.items(source, schedule):
            before, _, rest = path.partition("{")
            found = ask(api, collection, before + parent["id"] + rest.partition("}")[2], schedule)
            if collection.single or found[1]:
                return found
        return found
    return ask(api, collection, path, schedule)


def ask(api: Api, collection: Collection, path: str, schedule: str) -> tuple[int, object]:
    url = f"{api.base}/{schedule}/{path}".rstrip("/")
    method = collection.enterprise_method if api.surface.name == "enterprise" else "GET"
    reply = api.session.request(method, url, timeout=10)
    body = reply.json()
    if collection.single:
        return reply.status_code, body[collection.envelope] if api.surface.single_wrapped else body
    return reply.status_code, body[api.surface.list_member or collection.envelope]


@pytest.mark.parametrize("collection", [c for c in BELOW if c.platform is not None], ids=lambda c: c.name)
def test_on_the_platform_surface(platform: Api, v65: str, collection: Collection) -> None:
    status, found = answer(platform, collection, v65)
    assert status == 200
    assert found or collection.name in EMPTY


@pytest.mark.parametrize("collection", [c for c in BELOW if c.enterprise is not None], ids=lambda c: c.name)
def test_on_the_enterprise_surface(enterprise: Api, v65: str, collection: Collection) -> None:
    status, found = answer(enterprise, collection, v65)
    assert status == 200
    assert found or collection.name in EMPTY


def members(item: dict[str, object], prefix: str = "") -> set[str]:
    found = set()
    for name, value in item.items():
        found |= members(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name}
    return found


@pytest.mark.parametrize("name", [name for name in STORED if name in COLLECTIONS and name not in EMPTY])
def test_items_have_the_members_of_the_catalog(name: str) -> None:
    content = demo_content(7, 400)
    tower = next(stored for stored in content.schedules.values() if stored.type == "v6.5")
    known = {column.member for column in COLLECTIONS[name].frame_columns}
    sent = set[str]().union(*(members(item) for item in tower.rows(name)))
    # A null object hides its members; what the contract leaves open may be sent in addition.
    nulls = {member for member in sent if any(other.startswith(f"{member}.") for other in known)}
    assert known <= sent
    if known:
        extra = {member for member in sent - known - nulls if not member.startswith("synchronizationDetails.")}
        assert extra == set()


def test_items_can_be_given_for_what_is_stored_only() -> None:
    assert "resource_group_members" in STORED
    with pytest.raises(InvalidRequest, match="is derived from other collections"):
        check_name("task_children")
    with pytest.raises(InvalidRequest, match="Did you mean 'tasks'"):
        check_name("tsks")


def test_statistics_count_what_is_served() -> None:
    schedule = DemoSchedule("test", 400)
    [statistics] = schedule.items("animation_statistics")
    for member, name in (
        ("animationBindingCount", "animation_bindings"),
        ("appearanceProfileCount", "appearance_profiles"),
        ("animation3dTransformCount", "animation_3d_transforms"),
        ("animation3dPathAssignmentCount", "animation_3d_path_assignments"),
        ("animation3dPathCount", "animation_3d_paths"),
        ("animation3dPathKeyframeCount", "keyframes"),
    ):
        assert statistics[member] == len(schedule.items(name))
    assert statistics["taskCount"] == sum(not task["deleted"] for task in schedule.items("tasks"))
