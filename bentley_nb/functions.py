"""Module functions over the session's client: ``bn.projects()``, ``bn.schedules(...)``, ``bn.tasks(id)`` ..."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bentley_nb import _session
from bentley_nb.client import Client, connect
from bentley_nb.schedule import Schedule
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Column


def default_client() -> Client:
    """Return the client that was made last; without one, connect with what the environment or ``.env`` holds."""
    client: Client = _session.client(connect)  # connecting makes it the session's
    return client


def schedule(schedule_id: str) -> Schedule:
    """Return the session's schedule of that id; the same object each time, so that it remembers its tables."""
    if not isinstance(schedule_id, str):  # untyped callers: refused in words
        return default_client().schedule(schedule_id)  # type: ignore[unreachable]
    found: Schedule = _session.known(schedule_id, lambda: default_client().schedule(schedule_id))
    return found


def projects(search: str | None = None, *, include_inactive: bool = False) -> pd.DataFrame:
    """Return the projects that the session's client can access; see :meth:`bentley_nb.client.Client.projects`."""
    return default_client().projects(search, include_inactive=include_inactive)


def schedules(project: str) -> pd.DataFrame:
    """Return the schedules of a project; see :meth:`bentley_nb.client.Client.schedules`."""
    return default_client().schedules(project)


def catalog(name: str | None = None) -> pd.DataFrame:
    """Return every collection that can be read, or the columns of one.

    Parameters
    ----------
    name
        Name of a collection, to list its columns instead.

    Returns
    -------
    pandas.DataFrame
        Without a name, one row per collection: ``name``, ``meaning``, ``platform_path``, ``enterprise_path``,
        ``columns``, ``key``, ``needs`` (the id it takes), ``schedule_types``, ``delta``, ``evidence``
        (``documented``, ``recorded`` or ``inferred``). With a name, one row per column: ``column``, ``member``,
        ``kind``, ``unit``, ``meaning``, ``surfaces``, ``evidence``.

    Examples
    --------
    >>> bn.catalog().set_index("name").loc["task_links", "enterprise_path"]
    '/{scheduleId}/tasks/links'
    >>> bn.catalog("task_links")["column"].tolist()[:4]
    ['id', 'predecessor_id', 'successor_id', 'type']
    """
    if name is not None:
        found = COLLECTIONS.find(name)
        frame = pd.DataFrame([_column_row(column) for column in found.frame_columns])
        frame.attrs["collection"] = f"columns_of_{found.name}"
        return frame
    rows = [
        {
            "name": collection.name,
            "meaning": collection.meaning,
            "platform_path": _path(collection.platform, collection.level),
            "enterprise_path": _path(collection.enterprise, collection.level),
            "columns": list(collection.column_names),
            "key": list(collection.key),
            "needs": collection.parent.column if collection.parent else None,
            "schedule_types": list(collection.schedule_types),
            "delta": collection.delta,
            "evidence": collection.evidence,
        }
        for collection in COLLECTIONS.values()
    ]
    frame = pd.DataFrame(rows).astype({"delta": "boolean"})
    frame.attrs["collection"] = "catalog"
    return frame


def _path(path: str | None, level: str) -> str | None:
    if path is None or level == "service":
        return path
    return f"/{{scheduleId}}/{path}" if path else "/{scheduleId}"


def _column_row(column: Column) -> dict[str, Any]:
    return {
        "column": column.name,
        "member": column.member,
        "kind": str(column.kind),
        "unit": column.unit,
        "meaning": column.meaning,
        "surfaces": list(column.surfaces),
        "evidence": column.evidence,
    }
