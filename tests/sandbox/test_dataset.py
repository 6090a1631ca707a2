"""A folder of JSON arrays served as a schedule."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox import Sandbox

from .conftest import Api

HOTEL = (
    "tasks",
    "task_links",
    "task_code_value_assignments",
    "resource_assignments",
    "calendars",
    "task_scheduling_analyses",
)


@pytest.mark.parametrize("surface", ["platform", "enterprise"])
def test_the_hotel_comes_out_as_it_is_in_its_files(shared: Path, connect: Callable[..., Api], surface: str) -> None:
    from bentley_nb.service.catalog import COLLECTIONS

    folder = shared / "data/datasets/hotel"
    about = json.loads((folder / "dataset.json").read_text())
    with Sandbox(folder) as sandbox:
        api = connect(sandbox, surface)
        assert sandbox.schedule_id == about["schedule"]["id"]
        for name in HOTEL:
            collection = COLLECTIONS[name]
            path = collection.path(surface)
            if path is None:
                continue
            items = api.all(path, collection.envelope)
            expected = json.loads((folder / f"{name}.json").read_text())
            assert len(items) == about["counts"][name]
            if surface == "platform":
                assert items == expected
            else:
                renamed = (
                    [{**item, "physicalQuantity": item["plannedPhysicalQuantity"]} for item in items]
                    if name == "tasks"
                    else items
                )
                for sent, kept in zip(renamed, expected, strict=True):
                    assert all(
                        kept[member] == sent[member] for member in kept if member not in ("calendarId", "comment")
                    )


def test_the_data_date_the_project_and_what_has_no_file(shared: Path, connect: Callable[..., Api]) -> None:
    with Sandbox(shared / "data/datasets/airport_terminal") as sandbox:
        api = connect(sandbox)
        assert api.get("project-scheduling").json()["projectScheduling"]["dataDate"].endswith("Z")
        [project] = api.session.get(sandbox.projects_url, timeout=5).json()["iTwins"]
        [schedule] = api.session.get(f"{api.base}?iTwinId={project['id']}", timeout=5).json()["schedules"]
        assert schedule["id"] == sandbox.schedule_id
        assert api.get("baselines").json()["baselines"] == []
        assert api.get("sync-configuration").status_code == 404


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"is not a dataset: it has no dataset\.json"):
        Sandbox(tmp_path)
    (tmp_path / "dataset.json").write_text("{")
    with pytest.raises(InvalidRequest, match=r"dataset\.json is not JSON"):
        Sandbox(tmp_path)
    (tmp_path / "dataset.json").write_text("[]")
    with pytest.raises(InvalidRequest, match="names no schedule or no iTwin"):
        Sandbox(tmp_path)


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"iTwin": {}, "schedule": {"id": "s"}}, r"dataset\.json: 'iTwin' has no 'id'"),
        ({"iTwin": {"id": "p"}, "schedule": {"type": "v10"}}, r"dataset\.json: 'schedule' has no 'id'"),
        ({"iTwin": "p", "schedule": {"id": "s"}}, r"dataset\.json: 'iTwin' is not a JSON object"),
        (
            {"iTwin": {"id": "p"}, "schedule": {"id": "s"}, "projectScheduling": 3},
            r"dataset\.json: 'projectScheduling' is not a JSON object",
        ),
    ],
)
def test_a_member_that_is_missing_is_named(tmp_path: Path, about: object, message: str) -> None:
    (tmp_path / "dataset.json").write_text(json.dumps(about))
    with pytest.raises(InvalidRequest, match=message):
        Sandbox(tmp_path)


def test_ids_are_enough(tmp_path: Path, connect: Callable[..., Api]) -> None:
    itwin = "11111111-2222-3333-4444-555555555555"
    (tmp_path / "dataset.json").write_text(json.dumps({"iTwin": {"id": itwin}, "schedule": {"id": "s"}}))
    with Sandbox(tmp_path) as sandbox:
        api = connect(sandbox)
        [schedule] = api.get(f"{api.base}?iTwinId={itwin}").json()["schedules"]
        assert (schedule["type"], schedule["name"]) == ("v10", tmp_path.name)
        [project] = api.get(sandbox.projects_url).json()["iTwins"]
        assert project["displayName"] == tmp_path.name
        assert api.get("tasks").json()["tasks"] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"tasks": []}', r"tasks\.json is not a JSON array of objects"),
        (b"[1]", r"tasks\.json is not a JSON array of objects"),
        (b"[{", r"tasks\.json is not JSON"),
        (b"\xff\xfe", r"tasks\.json is not JSON"),
        (None, r"tasks\.json cannot be read"),
    ],
)
def test_a_file_that_cannot_be_served_is_named_at_the_start(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    about = {"schedule": {"id": "s", "type": "v10"}, "iTwin": {"id": "p", "displayName": "P", "number": "1"}}
    (tmp_path / "dataset.json").write_text(json.dumps(about))
    (tmp_path / "notes.json").write_text('"of no concern"')
    assert Sandbox(tmp_path).items("tasks") == []
    if content is None:
        (tmp_path / "tasks.json").mkdir()
    else:
        (tmp_path / "tasks.json").write_bytes(content)
    with pytest.raises(InvalidRequest, match=message):
        Sandbox(tmp_path)


def test_a_folder_is_served_under_a_secret_of_its_own(tmp_path: Path, connect: Callable[..., Api]) -> None:
    about = {"schedule": {"id": "s"}, "iTwin": {"id": "p"}}
    (tmp_path / "dataset.json").write_text(json.dumps(about))
    one, two = Sandbox(tmp_path), Sandbox(tmp_path)
    assert len({one.client_secret, two.client_secret, Sandbox.client_secret}) == 3
    with one:
        assert connect(one).get("tasks").status_code == 200
        public = requests.post(
            one.token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": one.client_id,
                "client_secret": Sandbox.client_secret,
                "scope": "itwin-platform",
            },
            timeout=10,
        )
        assert (public.status_code, public.json()["error"]) == (400, "invalid_client")
