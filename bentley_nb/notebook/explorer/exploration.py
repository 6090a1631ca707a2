"""The state of one explorer: client, schedule, selection, and what follows from them. It knows no widgets."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from bentley_nb._kept import KeptSchedule
from bentley_nb._options import options
from bentley_nb.auth.settings import Settings
from bentley_nb.errors import AccessDenied, BentleyError, InvalidRequest, NotFound, nearest, printable
from bentley_nb.notebook.explorer import selection as selections
from bentley_nb.notebook.explorer.selection import REPORTS, Selection
from bentley_nb.notebook.seen import list_projects, list_schedules
from bentley_nb.notebook.sql.views import TASK_COLUMNS
from bentley_nb.schedule import Part
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.surface import PROJECTS_URL, TOKEN_URL, find_surface

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from bentley_nb.client import Client
    from bentley_nb.schedule import Schedule
    from bentley_nb.service.declare import Collection

GANTT_ROWS = 200
_LONGEST_STEM = 50  # characters of four bytes at most; file systems take names of 255 bytes


class _Shown(NamedTuple):
    """The result of a selection: the rows, the part of the schedule they are of, and the lines that make both."""

    rows: pd.DataFrame
    part: Schedule
    lines: list[str]


@dataclass(frozen=True)
class Places:
    """What there is to pick from at the start.

    Attributes
    ----------
    projects
        As (label, id).
    project
        Id of the schedule's project, where there is a schedule and the service names its project.
    schedules
        Those of that project, the schedule among them, as (label, id).
    unread
        Which list could not be read, and why, in one line.
    """

    projects: list[tuple[str, str]]
    project: str | None
    schedules: list[tuple[str, str]]
    unread: str = ""


# Offered first: what most people come for.
_USUAL = (
    "tasks",
    "task_links",
    "resources",
    "resource_assignments",
    "baseline_tasks",
    "calendars",
    "user_fields",
    "codes",
)
_TYPES = {type_ for collection in COLLECTIONS.values() for type_ in collection.schedule_types}


class Exploration:
    """One explorer without its widgets.

    Parameters
    ----------
    client
        Whose projects are browsed.
    schedule
        The schedule to start with.

    Attributes
    ----------
    schedule : Schedule or None
        The schedule that is looked at.
    selection : Selection
        What is picked of it.
    """

    def __init__(self, client: Any, schedule: Schedule | None = None) -> None:
        self.client = client
        self.schedule = schedule
        self.selection = Selection(zone=options.display_zone)
        self._whole: dict[Any, selections.Narrowed] = {}
        self._part: tuple[Any, _Shown] | None = None
        self._types: dict[str, str] = {}  # of schedules, where they are known

    # Picking --------------------------------------------------------------------------------------------------

    def places(self) -> Places:
        """Read what there is to pick from; a schedule at hand can be looked at where the lists are refused."""
        if self.schedule is None:
            return Places(self.projects(), None, [])
        own = (self.schedule.name or self.schedule.id, self.schedule.id)
        self._types[self.schedule.id] = self.schedule.type
        if self.client is None:  # a kept copy has no service beside it
            return Places([], None, [own])
        try:
            projects = self.projects()
        except (AccessDenied, NotFound) as error:
            return Places([], None, [own], _unread("projects", error))
        ids = self.schedule.table("schedule")["itwin_id"].dropna()
        if not len(ids) or ids.iloc[0] not in {id_ for _, id_ in projects}:
            return Places(projects, None, [own])
        project = str(ids.iloc[0])
        try:
            known = self.schedules(project)
        except (AccessDenied, NotFound) as error:
            return Places(projects, project, [own], _unread("the project's schedules", error))
        listed = known if self.schedule.id in {id_ for _, id_ in known} else [own, *known]
        return Places(projects, project, listed)

    def projects(self) -> list[tuple[str, str]]:
        """Return projects as (label, id), by name."""
        frame = list_projects(self.client)
        return _labelled(frame, "display_name", "number")

    def schedules(self, project_id: str) -> list[tuple[str, str]]:
        """Return the schedules of a project as (label, id), by name."""
        frame = list_schedules(self.client, project_id)
        typed = frame[["id", "type"]].dropna().astype(str)
        self._types.update(zip(typed["id"], typed["type"], strict=True))
        return _labelled(frame, "name", "type")

    def tables(self) -> list[tuple[str, str]]:
        """Return tables and reports as (label, name): the usual tables, the reports, then all others by name."""
        schedule = self._chosen()
        type_ = self._types.get(schedule.id)
        served = [name for name, collection in COLLECTIONS.items() if _is_served(collection, schedule, type_)]
        usual = [name for name in _USUAL if name in served]
        others = sorted(set(served) - set(usual))
        return [
            *((name, name) for name in usual),
            *((f"{name} (report)", name) for name in REPORTS),
            *((name, name) for name in others),
        ]

    def choose(self, schedule_id: str) -> None:
        """Look at another schedule; the selection stays, as far as it goes with it."""
        if self.schedule is None or self.schedule.id != schedule_id:  # a part or a kept copy stays what it is
            self.schedule = self.client.schedule(schedule_id)
        self._whole, self._part = {}, None
        self.selection = replace(self.selection, branch="", sort_by=None)
        if self.selection.table not in {name for _, name in self.tables()}:
            self.select(table="tasks")

    def select(self, **changes: Any) -> None:
        """Change the selection; another table begins without filters that it may not have."""
        table = changes.get("table", self.selection.table)
        if table not in COLLECTIONS and table not in REPORTS:
            raise InvalidRequest(f"There is no table {table!r}.", hint=nearest(table, [*COLLECTIONS, *REPORTS]))
        if table != self.selection.table:
            kept = {"table": table, "zone": self.selection.zone, "text": self.selection.text}
            changes = {**kept, **changes}
            self.selection, self._whole = Selection(), {}
        self.selection = replace(self.selection, **changes)

    def read_again(self) -> None:
        """Forget what was read of the schedule."""
        self._chosen().refresh()
        self._whole, self._part = {}, None

    # What follows ---------------------------------------------------------------------------------------------

    @property
    def whole(self) -> pd.DataFrame:
        """The table of the selection before any filter; not to be changed."""
        return self._read(self._chosen(), self.selection)[0]

    @property
    def filtered(self) -> pd.DataFrame:
        """What the filters go by, before any: of a report the tasks; not to be changed."""
        return self._read(self._chosen(), selections.tasks_of(self.selection))[0]

    @property
    def rows(self) -> pd.DataFrame:
        """The rows of the selection; not to be changed."""
        return self._shown(self._chosen(), self.selection).rows

    @property
    def listed(self) -> pd.DataFrame:
        """The rows as they are listed: tasks in the order of the WBS, indented, unless a column is sorted by."""
        rows = self.rows
        if self.selection.table != "tasks" or self.selection.sort_by:
            return rows
        return selections.in_outline(rows, self.whole)

    @property
    def part(self) -> Schedule:
        """The part of the schedule that the rows are of; the schedule itself where nothing narrows it."""
        return self._shown(self._chosen(), self.selection).part

    @property
    def frame(self) -> pd.DataFrame:
        """The rows of the selection, the caller's own."""
        return self.rows.copy()

    @property
    def added_columns(self) -> set[str]:
        """Columns of the whole table that user fields and codes have added."""
        schedule, selection = self._chosen(), self.selection
        if not (selection.user_fields or selection.codes):
            return set()
        return set(self.whole.columns) - set(schedule.arrow(selection.table).column_names) - set(TASK_COLUMNS)

    @property
    def code(self) -> str:
        """Python lines that make the same frame."""
        return self._code()

    @property
    def gantt_code(self) -> str:
        """Python lines that draw the same Gantt."""
        part = "s" if self.part is self.schedule else "part"
        only = "frame" if self.selection.of_tasks else 'frame["task_id"]'
        given = part if self._drawn() is None else f"{part}, only={only}"
        return self._code(f"bn.charts.gantt({given}, max_rows={GANTT_ROWS})")

    def gantt(self) -> Figure:
        """Draw the tasks of the selection.

        Raises
        ------
        InvalidRequest
            The rows are not about tasks, or there are none.
        MissingExtra
            Plotly is not installed.
        """
        from bentley_nb.charts import gantt  # noqa: PLC0415 - Plotly waits for its first use

        only = self._drawn()
        if not len(self.rows):
            raise InvalidRequest("No rows match the filters, so there is nothing to draw.")
        return gantt(self.part, only=only, max_rows=GANTT_ROWS)

    def to_excel(self, columns: list[str], folder: Path | None = None) -> Path:
        """Write the rows as they are listed to a workbook that is not there yet.

        Parameters
        ----------
        columns
            Those of the rows to write; their ids come last and hidden.
        folder
            By default the working folder.
        """
        from bentley_nb.export import to_excel  # noqa: PLC0415 - only for this

        rows, schedule = self.listed, self._chosen()
        ids = ["id"] if "id" in rows and "id" not in columns else []
        stem = re.sub(r"[^\w .()-]+", "_", schedule.name or schedule.id)[:_LONGEST_STEM].strip(" .")
        stem = f"{stem} {self.selection.table.replace('_', ' ')}".strip()
        numbers = itertools.chain([""], (f" {number}" for number in itertools.count(2)))
        paths = ((folder or Path.cwd()) / f"{stem}{number}.xlsx" for number in numbers)
        path = next(path for path in paths if not path.exists())
        made = rows[[*columns, *ids]]
        made.attrs = {"schedule": schedule.name, **rows.attrs}
        return to_excel(path, {self.selection.table: made}, zone=self.selection.zone)

    @property
    def summary(self) -> str:
        """How many rows of what, and as of when: always of the whole selection, whatever part is shown."""
        schedule, selection = self._chosen(), self.selection
        whole, _ = self._read(schedule, selection)
        rows = self.rows
        count = f"{len(rows):,} of {len(whole):,} rows" if len(rows) != len(whole) else f"{len(rows):,} rows"
        words = [f"{count} of {selection.table}", schedule.name or schedule.id]
        fetched_at = whole.attrs.get("fetched_at")
        if fetched_at:
            words.append(f"read {pd.Timestamp(fetched_at).tz_convert(options.display_zone):%Y-%m-%d %H:%M %Z}")
        return ", ".join(words)

    def _code(self, extra: str = "") -> str:
        schedule = self._chosen()
        lines = self._shown(schedule, self.selection).lines
        return selections.code_of(_opening(schedule), schedule.name, lines, extra)

    def _drawn(self) -> Any:
        """Return the rows, or the ids in them, that name the tasks to draw; None where it is every task of the part."""
        if self.selection.table == "tasks":
            return None
        if self.selection.of_tasks:
            return self.rows
        if "task_id" not in self.rows:
            raise InvalidRequest(
                f"The rows of {self.selection.table!r} are not about tasks, so there is nothing to draw."
            )
        return self.rows["task_id"].dropna()

    # What was read and what was narrowed last stay; each goes with what it was made for, since several threads ask.

    def _read(self, schedule: Schedule, selection: Selection) -> selections.Narrowed:
        key = (schedule, selection.source)
        if key not in self._whole:
            self._whole[key] = selections.read(schedule, selection)
        return self._whole[key]

    def _shown(self, schedule: Schedule, selection: Selection) -> _Shown:
        filtered = self._read(schedule, selections.tasks_of(selection))
        key, last = (filtered, selection), self._part
        if last is None or last[0][0] is not filtered or last[0][1] != selection:
            self._part = last = (key, self._narrowed(filtered[0], schedule, selection))
        return last[1]

    def _narrowed(self, filtered: pd.DataFrame, schedule: Schedule, selection: Selection) -> _Shown:
        if not selection.of_tasks:
            frame, lines = selections.narrow(filtered, selection)
            part, first = schedule, selections.read(schedule, selection)[1]
        else:
            part, first = selections.choose(filtered, schedule, selection)
            frame, lines = selections.read(part, selection, of="s" if part is schedule else "part")
        frame, more = selections.in_order(frame, selection)
        return _Shown(frame, part, [*first, *lines, *more])

    def _chosen(self) -> Schedule:
        if self.schedule is None:
            raise InvalidRequest("No schedule is picked yet.")
        return self.schedule


def _is_served(collection: Collection, schedule: Schedule, type_: str | None) -> bool:
    return (
        collection.level == "schedule"
        and (collection.parent is None or collection.name.startswith("baseline_"))
        and not (collection.single and collection.parent)
        and schedule.serves(collection.name)
        # An unknown type hides nothing.
        and (type_ not in _TYPES or type_ in collection.schedule_types)
    )


def _unread(what: str, error: BentleyError) -> str:
    return printable(f"The list of {what} cannot be read: {error.message}")


def _labelled(frame: pd.DataFrame, name: str, more: str) -> list[tuple[str, str]]:
    """Return pairs of label and id; duplicate labels get the second thing known of them, and the id if need be."""
    rows = [
        (_text(row[name]) or str(row["id"]), _text(row[more]), str(row["id"]))
        for row in frame[["id", name, more]].to_dict("records")
    ]
    labels = _told_apart([label for label, _, _ in rows], [second for _, second, _ in rows])
    labels = _told_apart(labels, [id_ for _, _, id_ in rows])
    return sorted(zip(labels, (id_ for _, _, id_ in rows), strict=True), key=lambda pair: pair[0].casefold())


def _told_apart(labels: list[str], seconds: Iterable[str]) -> list[str]:
    return [
        f"{label} ({second})" if second and labels.count(label) > 1 else label
        for label, second in zip(labels, seconds, strict=True)
    ]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _opening(schedule: Schedule) -> str:
    """Write the lines that open the same schedule, kept copy or part."""
    if isinstance(schedule, Part):
        return f"{_opening(schedule.whole)}.only({selections.quoted(sorted(schedule.ids))})"
    if isinstance(schedule, KeptSchedule):
        return f"s = bn.open({selections.quoted(str(schedule.path))})"
    return f"client = {_connection(schedule.client)}\ns = client.schedule({selections.quoted(schedule.id)})"


def _connection(client: Client) -> str:
    """Write the call that reaches the same service; the pair is never written, ``connect()`` has to find it."""
    explained = client.explain()
    if explained["source"] == "demo sandbox":
        other = "" if client.surface == "platform" else f"surface={json.dumps(client.surface)}, "
        return f"bn.connect({other}demo=True)"
    settings = Settings()
    surface = find_surface(client.surface)
    own = {
        "surface": "platform",
        "scope": surface.scope,
        "token_url": TOKEN_URL,
        "api_url": surface.api_url,
        "projects_url": PROJECTS_URL,
    }
    arguments = [
        f"{name}={json.dumps(explained[name])}"
        for name, default in own.items()
        if explained[name] != default or settings.get(f"BENTLEY_{name.upper()}", default=default) != default
    ]
    if explained["file"] and Path(explained["file"]) != settings.path:
        arguments.insert(0, f"env_file={json.dumps(explained['file'])}")
    return f"bn.connect({', '.join(arguments)})"
