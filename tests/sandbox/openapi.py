"""An OpenAPI document made from the catalog: what the sandbox must serve, said once more by the declarations alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection, Column, Kind
from bentley_nb.service.surface import MAX_PAGE_SIZE, Surface

Schema = dict[str, Any]

_TYPES: dict[Kind, Schema] = {
    Kind.ID: {"type": ["string", "null"]},
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.ENUM: {"type": ["string", "null"]},
    Kind.INSTANT: {"type": ["string", "null"], "format": "date-time"},
    Kind.FLAG: {"type": ["boolean", "null"]},
    Kind.COUNT: {"type": ["integer", "null"]},
    Kind.HOURS: {"type": ["integer", "null"]},
    Kind.MEASURE: {"type": ["number", "null"]},
    Kind.LIST: {"type": ["array", "null"]},
}
_ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}


def openapi(surface: Surface, ids: Callable[[Collection], Sequence[str]]) -> Schema:
    """Return the document of one surface.

    Parameters
    ----------
    surface
        Whose paths, envelopes and member names.
    ids
        Ids to ask for, by collection: of a schedule that serves it, then of its parents.
    """
    paths: dict[str, Schema] = {}
    for collection in COLLECTIONS.values():
        path = collection.path(surface.name)
        if path is None or collection.level == "service":
            continue
        method = collection.enterprise_method.lower() if surface.name == "enterprise" else "get"
        operation = {
            "operationId": collection.name,
            "parameters": _parameters(collection, surface, path, ids(collection)),
            "responses": {
                "200": _json(_envelope(collection, surface)),
                **{status: _json(_ERROR) for status in ("400", "401", "404")},
            },
        }
        paths.setdefault(f"/{{scheduleId}}/{path}".rstrip("/"), {})[method] = operation
    return {"openapi": "3.1.0", "info": {"title": surface.name, "version": "1"}, "paths": paths}


def _parameters(collection: Collection, surface: Surface, path: str, ids: Sequence[str]) -> list[Schema]:
    schedule, *parents = ids
    found = [_parameter("scheduleId", "path", {"type": "string", "enum": [schedule]})]
    one_of = {"type": "string", "enum": [*parents, "no-such-id"]}
    found += [_parameter(name, "path", one_of) for name in re.findall(r"{(\w+)}", path)]
    if not collection.single:
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE}
        found.append(_parameter(surface.page_size_parameter, "query", size))
    return found


def _parameter(name: str, place: str, schema: Schema) -> Schema:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _envelope(collection: Collection, surface: Surface) -> Schema:
    item = _item(collection, surface)
    if collection.single:
        return _object({collection.envelope: item}) if surface.single_wrapped else item
    items = {"type": "array", "items": item}
    if surface.name == "enterprise":
        return _object({"items": items, "nextPageToken": {"type": ["string", "null"]}})
    links = {"type": "object", "required": ["self"]}
    listed = _object({collection.envelope: items, "_links": links})
    listed["properties"]["nextPageToken"] = {"type": "string"}
    return listed


def _item(collection: Collection, surface: Surface) -> Schema:
    if not collection.columns:
        return {"type": "object"}  # the members are undocumented
    root: Schema = _object({})
    for column in collection.columns:
        if surface.name in column.surfaces:
            _add(root, column.member_on(surface.name).split("."), column)
    if "synchronizationType" in root["properties"]:  # counters that a frame keeps as they are sent
        root["properties"]["synchronizationDetails"] = {"type": "object"}
    if collection.parent and collection.name.startswith("baseline_"):
        root["properties"].setdefault("baselineId", {"type": "string"})  # the sandbox says which, the service may
    return root


def _add(parent: Schema, names: list[str], column: Column) -> None:
    first, *rest = names
    if not rest:
        parent["properties"][first] = _TYPES[column.kind]
    else:
        nested = parent["properties"].setdefault(first, {**_object({}), "type": ["object", "null"]})
        _add(nested, rest, column)
    if first not in parent["required"]:
        parent["required"].append(first)


def _object(properties: Schema) -> Schema:
    """Return an object with exactly these members."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _json(schema: Schema) -> Schema:
    return {"description": "", "content": {"application/json": {"schema": schema}}}
