"""Which endpoint a path means: literal segments win over placeholders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import unquote

E = TypeVar("E")


class _Node(Generic[E]):
    def __init__(self) -> None:
        self.below: dict[str, _Node[E]] = {}  # a placeholder is "{}"
        self.endpoints: dict[str, E] = {}  # by method

    def find(self, segments: tuple[str, ...]) -> tuple[_Node[E], tuple[str, ...]] | None:
        if not segments:
            return (self, ()) if self.endpoints else None
        first, rest = segments[0], segments[1:]
        if (literal := self.below.get(first)) and (found := literal.find(rest)):
            return found
        if first and (placeholder := self.below.get("{}")) and (found := placeholder.find(rest)):
            return found[0], (unquote(first), *found[1])
        return None


class RouteMatch(NamedTuple, Generic[E]):
    """The endpoints of a path by method, and the values of its placeholders."""

    endpoints: dict[str, E]
    arguments: tuple[str, ...]


class Router(Generic[E]):
    """Endpoints by path pattern (``/schedules/{scheduleId}/tasks``) and method.

    Examples
    --------
    >>> from bentley_nb.sandbox.router import Router
    >>> router = Router([("/tasks/links", "GET", "links"), ("/tasks/{taskId}", "GET", "one task")])
    >>> router.find("/tasks/links"), router.find("/tasks/7").arguments
    (RouteMatch(endpoints={'GET': 'links'}, arguments=()), ('7',))
    """

    def __init__(self, routes: Iterable[tuple[str, str, E]]) -> None:
        self._root: _Node[E] = _Node()
        for pattern, method, endpoint in routes:
            node = self._root
            for segment in pattern.strip("/").split("/"):
                node = node.below.setdefault("{}" if segment.startswith("{") else segment, _Node())
            node.endpoints[method] = endpoint

    def find(self, path: str) -> RouteMatch[E] | None:
        """Return what a path (not decoded, with or without a slash at its end) means; None where nothing does."""
        found = self._root.find(tuple(path.removeprefix("/").removesuffix("/").split("/")))
        return RouteMatch(found[0].endpoints, found[1]) if found else None
