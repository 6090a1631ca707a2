"""Server-side filters: those that are known to exist; every other parameter is passed over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bentley_nb.sandbox.content import Rows
from bentley_nb.sandbox.paging import BadQueryError
from bentley_nb.sandbox.programme.guids import Item
from bentley_nb.service.declare import Collection

_EQUAL: Mapping[str, tuple[str, ...]] = {
    "resource_assignments": ("taskId", "resourceId"),
    "task_code_value_assignments": ("taskId", "codeValueId"),
    "resource_status_items": ("statusSetId",),
    "task_query_filters": ("version", "createdBy"),
}
_PART_OF_NAME = ("codes", "user_fields", "resource_groups", "resource_status_items", "task_query_filters")


def read_body(body: bytes) -> dict[str, Any]:
    """Read the filters of a query that came as the body of a POST; an empty body holds none."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise BadQueryError("body", "The body is not a JSON object.")
    return value


def filtered(rows: Rows, collection: Collection, wanted: Mapping[str, Any], tasks: Callable[[], Rows]) -> Rows:
    """Apply the filters of a request.

    ``wanted`` holds query parameters, or the members of the body of ``animationBindings/query``; ``tasks`` gives
    those of the schedule, whose dates filter the bindings.
    """
    items: Iterable[Item] | None = None
    for name in _EQUAL.get(collection.name, ()):
        if wanted.get(name):
            source = rows.below(name, wanted[name]) if items is None else items
            items = [item for item in source if item.get(name) == wanted[name]]
    if collection.name in _PART_OF_NAME and wanted.get("name"):
        part = str(wanted["name"]).lower()
        items = [item for item in (rows if items is None else items) if part in str(item.get("name")).lower()]
    if collection.name == "animation_bindings":
        items = _bindings(rows, wanted, tasks)
    return rows if items is None else rows.subset(items)


def _bindings(rows: Rows, wanted: Mapping[str, Any], tasks: Callable[[], Rows]) -> Iterable[Item] | None:
    found: Iterable[Item] | None = None
    for parameter, member in (("taskIds", "taskId"), ("animatedEntityIds", "animatedEntityId")):
        if wanted.get(parameter):
            ids = _ids(parameter, wanted[parameter])
            found = [item for item in (rows if found is None else found) if item[member] in ids]
    start, end = _time("startTime", wanted), _time("endTime", wanted)
    if bool(start) != bool(end):
        raise BadQueryError("endTime" if start else "startTime", "startTime and endTime are only valid together.")
    if start and end:
        # Instants of one form compare as text; a task without a date is not dropped for it.
        outside = {
            task["id"]
            for task in tasks()
            if (task["plannedFinish"] or end) < start or (task["plannedStart"] or start) > end
        }
        found = [item for item in (rows if found is None else found) if item["taskId"] not in outside]
    return found


def _ids(parameter: str, given: Any) -> set[str]:
    """Read ids, which stand in a query with commas between them and in a body as a list."""
    ids = given.split(",") if isinstance(given, str) else given
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise BadQueryError(parameter, f"{parameter} is not a list of ids.")
    return set(ids)


def _time(parameter: str, wanted: Mapping[str, Any]) -> str | None:
    text = wanted.get(parameter)
    if text is not None and not isinstance(text, str):
        raise BadQueryError(parameter, f"{parameter} is not a date-time.")
    return text or None
