"""The tables of a schedule as a network: activities, links, and the dates the service stores for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.calendars import ASSUMED, CalendarRules
from bentley_nb.reports.basis.nullable import from_micros
from bentley_nb.reports.basis.state import is_complete
from bentley_nb.reports.basis.tables import Tables, empty_table
from bentley_nb.reports.cpm.clock import ALWAYS, Clock
from bentley_nb.reports.cpm.passes import (
    FF,
    FINISH_MILESTONE,
    FS,
    LONG_HAMMOCK,
    SF,
    SHORT_HAMMOCK,
    SS,
    START_MILESTONE,
    TASK,
    Activity,
    CircularLogicError,
    Link,
    Network,
)

NEEDS = ("tasks", "task_links", "calendars", "task_scheduling_analyses")
LINK_TYPES = {"FinishToStart": FS, "StartToStart": SS, "FinishToFinish": FF, "StartToFinish": SF}
_KINDS = {
    "StartKeyDate": START_MILESTONE,
    "FinishKeyDate": FINISH_MILESTONE,
    "LongHammock": LONG_HAMMOCK,
    "ShortHammock": SHORT_HAMMOCK,
}
_NAT = np.iinfo(np.int64).min


@dataclass
class Model:
    """A schedule's network, node by node, with what the service stores.

    Attributes
    ----------
    tables
        Where it was read from.
    task
        Position in ``tables.tasks`` of each node: every task that is no WBS row.
    activities, links
        The network; ``link_rows`` are the positions of the links in ``link_table``.
    start, finish
        Stored dates of open work (for started work of what remains), None where there is none.
    now
        Data date in seconds.
    """

    tables: Tables
    task: list[int]
    activities: list[Activity]
    links: list[Link]
    link_rows: list[int]
    link_table: pd.DataFrame
    start: list[int | None]
    finish: list[int | None]
    now: int
    always: Clock
    clocks: dict[str, Clock]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tables: Tables) -> Model:
        """Read the network.

        Raises
        ------
        InvalidRequest
            There is no data date.
        """
        return _read(tables)

    def require_links(self) -> None:
        """Check that there is logic to follow.

        Raises
        ------
        InvalidRequest
            There are tasks and no links.
        """
        if self.activities and self.link_table.empty:
            given = self.tables.get("task_links") is not None
            raise InvalidRequest(
                f"Without links it is unknown what drives a date. {self.tables.why_missing('task_links')}",
                hint=None if given else 'Give the links too: {"tasks": frame, "task_links": frame}.',
                where=self.tables.schedule_name or self.tables.schedule_id,
            )

    @property
    def open(self) -> list[int]:
        """Nodes that are not complete."""
        return [n for n, a in enumerate(self.activities) if not a.is_complete]

    @property
    def scheduled(self) -> list[int]:
        """Nodes that are open and have dates of their own: no hammocks, which take those of what they span."""
        return [n for n in self.open if not self.activities[n].is_hammock]

    def latest(self, finishes: Sequence[int | None]) -> list[int]:
        """Return the scheduled nodes that finish last, of the finish of each node."""
        known = {n: at for n in self.scheduled if (at := finishes[n]) is not None}
        last = max(known.values(), default=None)
        return [n for n, at in known.items() if at == last]

    def network(self) -> Network:
        """Return the network in order.

        Raises
        ------
        InvalidRequest
            Its links are circular; the message names up to five tasks of the cycle.
        """
        try:
            return Network(self.activities, self.links, self.always)
        except CircularLogicError as error:
            names = [self.name(n) for n in error.members[:5]]
            more = f" and {len(error.members) - 5:,} more" if len(error.members) > 5 else ""
            raise InvalidRequest(
                f"The links are circular: {' > '.join(names)}{more} > {names[0]}.",
                hint="Delete one of these links; dates cannot be computed for a circular network.",
                where=self.tables.schedule_name or self.tables.schedule_id,
            ) from None

    def name(self, n: int) -> str:
        """Name a node as a planner does: its user-defined id and its name."""
        # One cell of a column, not one of a row: the row would be made of all columns.
        tasks, row = self.tables.tasks, self.task[n]
        known = [tasks[column].iloc[row] for column in ("user_defined_id", "name")]
        named = dict.fromkeys(one for one in known if isinstance(one, str) and one)
        return " ".join(named) or str(tasks["id"].iloc[row])

    def find(self, task: object, what: str = "task") -> int:
        """Return the node of an id, a user-defined id or an exact name.

        Raises
        ------
        InvalidRequest
            There is none, or there are several.
        """
        tasks = self.tables.tasks.iloc[self.task]
        if isinstance(task, str):
            for column in ("id", "user_defined_id", "name"):
                found = np.flatnonzero((tasks[column] == task).fillna(value=False).to_numpy(dtype=bool))
                if len(found) == 1:
                    return int(found[0])
                if len(found) > 1:
                    ids = ", ".join(tasks["id"].iloc[found[:5]])
                    raise InvalidRequest(
                        f"{len(found)} tasks have the {column.replace('_', ' ')} {task!r}.", hint=f"Give an id: {ids}."
                    )
        known = [*tasks["user_defined_id"].dropna(), *tasks["name"].dropna()]
        raise InvalidRequest(f"There is no {what} {task!r}.", hint=nearest(str(task), known))

    def clock(self, calendar_id: object) -> Clock:
        """Return the clock of a calendar; the schedule's commonest one where the id is unknown."""
        return _clock(self.tables, self.clocks, calendar_id, self.now)


def instants(seconds: Sequence[int | None]) -> pd.Series[Any]:
    """Return a column of instants from seconds."""
    values = np.array([_NAT if value is None else value * 1_000_000 for value in seconds], dtype=np.int64)
    return pd.Series(from_micros(values))


def seconds_of(column: pd.Series[Any]) -> list[int | None]:
    """Return whole seconds of a column of instants, None where missing."""
    values = column.dt.as_unit("us").astype("int64").to_numpy()
    return [None if value == _NAT else int(value // 1_000_000) for value in values]


def timestamp(seconds: int) -> pd.Timestamp:
    """Return one instant from seconds."""
    return pd.Timestamp(seconds, unit="s", tz="UTC").as_unit("us")


_DURATION = re.compile(r"\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*(d|days?|h|hours?)\s*", re.IGNORECASE)


def read_duration(value: object, clock: Clock, what: str) -> tuple[int, bool]:
    """Return the working seconds of ``"+10d"`` or ``"-8h"``, and whether it has a sign.

    Raises
    ------
    InvalidRequest
        It is neither.
    """
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise InvalidRequest(
            f"{what}: {value!r} is not a duration.", hint='Write working days or hours: "+10d", "-3d", "4h".'
        )
    unit = clock.per_day if match[3].lower().startswith("d") else 3600
    return round(float(match[2]) * unit) * (-1 if match[1] == "-" else 1), bool(match[1])


def _read(tables: Tables) -> Model:
    tasks = tables.tasks
    data_date = tables.require_data_date()
    now = 0 if pd.isna(data_date) else int(data_date.timestamp())
    links = tables.get("task_links")
    if links is None:
        links = empty_table("task_links")
    clocks: dict[str, Clock] = {}
    place = np.flatnonzero(~tables.summaries)
    # As recorded: a scheduler takes work as complete also where its actual finish lies after the data date.
    part = tasks.assign(**tables.recorded).iloc[place]
    calendars = [_clock(tables, clocks, key, now) for key in part["calendar_id"].tolist()]
    activities, start, finish = _activities(part, calendars, np.asarray(is_complete(part)), now)

    # One more than tasks: position -1 (not found) reads the last entry, which is -1 as well.
    node = np.full(len(tasks) + 1, -1, dtype=np.int64)
    node[place] = np.arange(len(place))
    ends = [node[positions(links[f"{role}_id"], tasks["id"])] for role in ("predecessor", "successor")]
    kinds = links["type"].astype(object).map(LINK_TYPES).fillna(-1).to_numpy(dtype=np.int64)
    known = (ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1]) & (kinds >= 0)
    rows = np.flatnonzero(known)
    # Hours are seconds divided by 3,600, which is not exact; rounding restores what was sent.
    lags = np.rint(links["lag_hours"].fillna(0.0).to_numpy(dtype="float64") * 3600).astype(np.int64)
    keys = links["calendar_id"].tolist()
    rules = tables.working_time.rules
    made = [
        Link(b, a, k, lag, _clock(tables, clocks, key, now) if isinstance(key, str) and key in rules else None)
        for b, a, k, lag, key in zip(
            ends[0][rows].tolist(),
            ends[1][rows].tolist(),
            kinds[rows].tolist(),
            lags[rows].tolist(),
            [keys[row] for row in rows.tolist()],
            strict=True,
        )
    ]
    notes = []
    if left_out := len(links) - len(rows):
        notes.append(
            f"{left_out:,} of {len(links):,} links are not followed: they end at WBS rows or tasks that are not "
            "served, lead from a task to itself, or have an unknown type."
        )
    return Model(
        tables, place.tolist(), activities, made, rows.tolist(), links, start, finish, now,
        Clock(ALWAYS, now), clocks, notes,
    )  # fmt: skip


def _clock(tables: Tables, clocks: dict[str, Clock], key: object, now: int) -> Clock:
    working = tables.working_time
    rules: CalendarRules = working.rules.get(key, working.default) if isinstance(key, str) else working.default
    # A calendar without working time would never place its tasks.
    if rules.seconds_per_day is None:
        rules = working.default if working.default.seconds_per_day else ASSUMED
    if rules.id not in clocks:
        clocks[rules.id] = Clock(rules, now)
    return clocks[rules.id]


def _activities(
    part: pd.DataFrame, calendars: list[Clock], complete: Flags, now: int
) -> tuple[list[Activity], list[int | None], list[int | None]]:
    dates = {
        name: seconds_of(part[name])
        for name in (
            "planned_start", "planned_finish", "actual_start", "actual_finish",
            "constraint_early_date", "constraint_late_date", "expected_finish",
        )
    }  # fmt: skip
    hours = {
        name: part[name].to_numpy(dtype="float64", na_value=np.nan)
        for name in ("remaining_duration_hours", "planned_duration_hours")
    }
    activities, starts, finishes = [], [], []
    types, constraints = part["type"].astype(object).tolist(), part["constraint_type"].astype(object).tolist()
    for n, clock in enumerate(calendars):
        kind = _KINDS.get(types[n], TASK)
        start, finish = dates["planned_start"][n], dates["planned_finish"][n]
        began, ended = dates["actual_start"][n], dates["actual_finish"][n]
        if complete[n]:
            # Complete by status, with one actual date or none: the other is taken from it.
            ended = began if ended is None else ended
            began = ended if began is None else began
        point = kind in (START_MILESTONE, FINISH_MILESTONE)
        if point:
            start = finish if start is None else start
            start, finish = (finish or start, finish or start) if kind == FINISH_MILESTONE else (start, start)
        left = hours["remaining_duration_hours"][n]
        # NaN fails the comparison, as a negative duration does.
        left = left if left >= 0 else hours["planned_duration_hours"][n]
        if point or ended is not None:
            remaining = 0
        elif left >= 0:
            remaining = round(float(left) * 3600)
        elif start is not None and finish is not None:
            remaining = max(0, clock.position(finish) - clock.position(max(start, now) if began else start))
        else:
            remaining = 0
        if began is not None and finish is not None and (start is None or start < now):
            # Planned dates are of what remains; where they still show the whole, what remains ends at the finish.
            start = clock.latest(clock.position(finish) - remaining)
        activities.append(
            Activity(
                clock,
                remaining,
                kind,
                began,
                ended,
                expected_finish=None if point else dates["expected_finish"][n],
                pinned=start if constraints[n] == "CannotReschedule" else None,
                **_constraint(constraints[n], dates["constraint_early_date"][n], dates["constraint_late_date"][n]),
            )
        )
        starts.append(start)
        finishes.append(finish)
    return activities, starts, finishes


def _constraint(name: object, early: int | None, late: int | None) -> dict[str, Any]:
    first, last = (early if early is not None else late), (late if late is not None else early)
    match name:
        case "StartAfter":
            return {"start_min": first}
        case "StartBefore":
            return {"start_max": last}
        case "StartOn" | "StartBetween":
            return {"start_min": first, "start_max": last}
        case "FinishAfter":
            return {"finish_min": first}
        case "FinishBefore":
            return {"finish_max": last}
        case "FinishOn" | "FinishBetween":
            return {"finish_min": first, "finish_max": last}
        case "MandatoryStart":
            return {"start_mandatory": first}
        case "MandatoryFinish":
            return {"finish_mandatory": last}
        case "StartAlap":
            return {"as_late_as_possible": True}
    return {}
