"""The list of projects (iTwins API): search, filters, offset paging, and the cap that cuts lists off in silence."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message
from urllib.parse import urlencode

from bentley_nb.sandbox.envelopes import BadQueryError
from bentley_nb.sandbox.programme.guids import Item
from bentley_nb.sandbox.replies import Reply, error, json_answer, not_found

Headers = Mapping[str, str] | Message

MINIMAL = ("id", "class", "subClass", "type", "number", "displayName", "iTwinAccountId")
DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE = 1000
LARGEST_RETURN = 10_000
_EQUAL = ("subClass", "status", "type", "number", "displayName", "parentId", "iTwinAccountId")


def list_projects(
    projects: list[Item], query: dict[str, str], headers: Headers, base: str, largest_return: int = LARGEST_RETURN
) -> Reply:
    """Answer ``GET /itwins`` for the projects that the caller may see."""
    include_inactive = query.get("includeInactive", "").lower() == "true"
    if include_inactive and "status" in query:
        return error(
            422, "InvalidiTwinsRequest", "status and includeInactive cannot be combined.", target="includeInactive"
        )
    try:
        top = _number(query, "$top", DEFAULT_PAGE_SIZE, 1, LARGEST_PAGE)
        skip = _number(query, "$skip", 0, 0, 10**9)
        cap = _number(headers, "X-Max-Return", 1000, 1, largest_return)
    except BadQueryError as problem:
        code = "InvalidHeaderValue" if problem.parameter == "X-Max-Return" else "InvalidValue"
        detail = {"code": code, "message": str(problem), "target": problem.parameter}
        return error(422, "InvalidiTwinsRequest", "The request contains invalid properties.", details=[detail])

    found = [project for project in projects if _matches(project, query, include_inactive=include_inactive)]
    # Beyond the cap the list just ends: nothing in the answer tells.
    found = found[:cap]
    representation = headers.get("Prefer", "") == "return=representation"
    items = [project if representation else _minimal(project) for project in found[skip : skip + top]]
    links = {"self": {"href": _link(base, query, skip, top)}}
    if skip:
        links["prev"] = {"href": _link(base, query, max(0, skip - top), top)}
    if skip + top < len(found):
        links["next"] = {"href": _link(base, query, skip + top, top)}
    return json_answer({"iTwins": items, "_links": links}, headers={"X-Max-Return": str(cap)})


def one_project(project: Item | None, headers: Headers) -> Reply:
    """Answer ``GET /itwins/{id}``."""
    if project is None:
        return not_found("iTwin", "iTwinId")
    representation = headers.get("Prefer", "") == "return=representation"
    return json_answer({"iTwin": project if representation else _minimal(project)})


def _minimal(project: Item) -> Item:
    return {name: project[name] for name in MINIMAL if name in project}


def _matches(project: Item, query: dict[str, str], *, include_inactive: bool) -> bool:
    if "status" not in query and not include_inactive and project.get("status") == "Inactive":
        return False
    if any(str(project.get(name)) != query[name] for name in _EQUAL if name in query):
        return False
    search = query.get("$search", "").lower()
    return not search or any(search in str(project.get(name)).lower() for name in ("displayName", "number"))


def _number(values: Headers, name: str, default: int, low: int, high: int) -> int:
    text = values.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise BadQueryError(name, f"{name} must be between {low} and {high}.")
    return int(text)


def _link(base: str, query: dict[str, str], skip: int, top: int) -> str:
    return f"{base}?{urlencode({**query, '$skip': skip, '$top': top}, safe='$')}"
