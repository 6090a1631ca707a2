"""Projects and schedules met in this session: for completion, and for names given without their project."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bentley_nb import _session
from bentley_nb.errors import AccessDenied, InvalidRequest, NotFound, nearest

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.client import Client
    from bentley_nb.schedule import Schedule

_MOST_PROJECTS = 20  # one request each when a name is looked for in all of them


@dataclass
class Seen:
    """What one client has listed and read.

    Attributes
    ----------
    projects
        Name by id.
    schedules
        Name and project id by id.
    listed
        Projects whose schedules were listed.
    columns
        Columns of the tables that SQL has read, with what no declaration knows: user fields, undocumented members.
    """

    projects: dict[str, str] = field(default_factory=dict)
    schedules: dict[str, tuple[str, str]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    columns: dict[str, list[str]] = field(default_factory=dict)


# Names of one account are of no use to the next: they go with the client.
_seen: WeakKeyDictionary[Client, Seen] = WeakKeyDictionary()


def seen(client: Client | None) -> Seen:
    """Return what a client has listed so far."""
    return Seen() if client is None else _seen.setdefault(client, Seen())


def list_projects(client: Client, search: str | None = None, *, include_inactive: bool = False) -> pd.DataFrame:
    """List projects, and remember their names."""
    frame = client.projects(search, include_inactive=include_inactive)
    seen(client).projects.update(_names(frame, "display_name"))
    return frame


def list_schedules(client: Client, project: str) -> pd.DataFrame:
    """List the schedules of a project, and remember their names."""
    frame = client.schedules(project)
    known = seen(client)
    project_id = str(frame.attrs.get("itwin_id", project))
    known.listed.add(project_id)
    known.schedules.update({id_: (name, project_id) for id_, name in _names(frame, "name").items()})
    return frame


def remember(schedule: Schedule) -> None:
    """Remember a schedule that was chosen and those beside it in its project, as far as they may be listed."""
    client = schedule.client
    ids = schedule.table("schedule")["itwin_id"].dropna()
    project_id = str(ids.iloc[0]) if len(ids) else ""
    known = seen(client)
    known.schedules.setdefault(schedule.id, (schedule.name, project_id))
    if project_id and project_id not in known.listed:
        with suppress(AccessDenied, NotFound):
            list_schedules(client, project_id)


def current_schedule() -> Schedule:
    """Return the schedule chosen with ``%bentley use``.

    Raises
    ------
    InvalidRequest
        None was chosen.
    """
    chosen: Schedule | None = _session.current()
    if chosen is None:
        first = "" if _session.connected() else "%bentley connect (or login, or demo), then "
        raise InvalidRequest(
            "No schedule is chosen.",
            hint=f'Run {first}%bentley use "name or id", or name a schedule in the call; %bentley projects lists them.',
        )
    return chosen


def find_schedule(schedule: Schedule | str, project: str | None = None) -> Schedule:
    """Return a schedule by id, or by exact name within one project or the projects seen.

    Parameters
    ----------
    schedule
        Id or name; a ``Schedule`` is returned as it is.
    project
        Id or exact name of the project.

    Returns
    -------
    Schedule
        The session's own object of that schedule, which remembers its tables.

    Raises
    ------
    NotFound
        No schedule has that name.
    InvalidRequest
        There are several, or it is neither a text nor a schedule.
    """
    if not isinstance(schedule, str):
        if hasattr(schedule, "arrow"):
            return schedule
        raise InvalidRequest(
            f"schedule must be a Schedule, an id or an exact name, not {type(schedule).__name__}.",
            hint="For example: client.schedule(id).",
        )
    from bentley_nb.functions import default_client  # noqa: PLC0415 - pandas waits for the first question
    from bentley_nb.functions import schedule as of_session  # noqa: PLC0415
    from bentley_nb.service.service import is_id  # noqa: PLC0415 - the client waits for its first use

    client = default_client()
    if is_id(schedule) and project is None:
        return of_session(schedule.strip())
    if project is not None:
        found = client.schedule(schedule, project=project)
        seen(client).schedules.setdefault(found.id, (found.name, project if is_id(project) else ""))
        return of_session(found.id)
    known = seen(client)
    if not known.projects:
        list_projects(client)
    # Kept between calls: a second name costs no requests for the projects listed before.
    unlisted = [id_ for id_ in known.projects if id_ not in known.listed]
    if len(unlisted) <= _MOST_PROJECTS:
        for project_id in unlisted:
            try:
                list_schedules(client, project_id)
            except (AccessDenied, NotFound):  # visible, but its schedules are not ours to read
                known.listed.add(project_id)
        unlisted = []
    return of_session(_only_one(schedule, known, len(unlisted)))


def _only_one(name: str, known: Seen, unlisted: int) -> str:
    matches = {id_: project_id for id_, (found, project_id) in known.schedules.items() if found == name}
    if len(matches) == 1:
        return next(iter(matches))
    if len(matches) > 1:
        where = "; ".join(f"{id_} in {known.projects.get(in_, in_)}" for id_, in_ in matches.items())
        raise InvalidRequest(f"{len(matches)} schedules are named {name!r}: {where}.", hint="Name one by its id.")
    if unlisted:
        raise InvalidRequest(
            f"{name!r} could be in any of {unlisted:,} projects.",
            hint='Name its project: --project "..." with the exact name or id.',
        )
    raise NotFound(
        f"No project seen has a schedule {name!r}.",
        hint=nearest(name, {found for found, _ in known.schedules.values()}),
    )


def _names(frame: pd.DataFrame, column: str) -> dict[str, str]:
    present = frame[["id", column]].dropna()
    return dict(zip(present["id"].astype(str), present[column].astype(str), strict=True))
