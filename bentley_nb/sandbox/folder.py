"""A folder of JSON arrays, one per collection, as a project with one schedule."""

from __future__ import annotations

import json
from pathlib import Path

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.content import STORED, Content, new_project
from bentley_nb.sandbox.programme.guids import Item


def dataset_content(folder: Path) -> Content:
    """Serve a dataset folder: ``dataset.json`` and ``<collection>.json``; a collection without a file is empty.

    Of ``dataset.json`` only the ids of ``iTwin`` and ``schedule`` are needed; names are the folder's where there are
    none, and the type of the schedule is ``v10``.

    Raises
    ------
    InvalidRequest
        The folder, its ``dataset.json`` or a file in it is not what a dataset holds.
    """
    about_file = folder / "dataset.json"
    if not about_file.is_file():
        raise InvalidRequest(
            f"{folder} is not a dataset: it has no dataset.json.",
            hint="A dataset folder holds dataset.json and one <collection>.json per collection.",
        )
    about = _read(about_file)
    if not isinstance(about, dict) or not {"schedule", "iTwin"} <= about.keys():
        raise InvalidRequest(f"{about_file} names no schedule or no iTwin.")
    project, schedule = (_with_id(about_file, name, about[name]) for name in ("iTwin", "schedule"))
    project = {"displayName": folder.resolve().name, "number": "", **project}
    schedule = {"name": folder.resolve().name, "type": "v10", **schedule}
    content = Content()
    content.add_project({**new_project(project["displayName"], project["number"]), **project})
    # Read at once: a broken file should be told to who starts the sandbox, not to who asks it.
    items = {path.stem: _items(path) for path in sorted(folder.glob("*.json")) if path.stem in STORED}
    if "projectScheduling" in about:
        if not isinstance(about["projectScheduling"], dict):
            raise InvalidRequest(f"{about_file}: 'projectScheduling' is not a JSON object.")
        items["project_scheduling"] = [about["projectScheduling"]]
    content.add_schedule({**schedule, "iTwinId": schedule.get("iTwinId") or project["id"]}, items)
    return content


def _with_id(file: Path, name: str, item: object) -> Item:
    if not isinstance(item, dict):
        raise InvalidRequest(f"{file}: {name!r} is not a JSON object.")
    if not isinstance(item.get("id"), str) or not item["id"]:
        raise InvalidRequest(f"{file}: {name!r} has no 'id' (text).")
    return item


def _items(path: Path) -> list[Item]:
    items = _read(path)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InvalidRequest(f"{path} is not a JSON array of objects.")
    return items


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidRequest(f"{path} is not JSON: {error}.") from None
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}.") from None
