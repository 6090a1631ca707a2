"""Friendly tables for SQL cells, made from the collections on first use: wide tasks, named links, the usual reports."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bentley_nb.service.catalog import COLLECTIONS

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.reports.basis.tables import Tables
    from bentley_nb.schedule import Schedule

TASK_COLUMNS = (*COLLECTIONS["tasks"].column_names, "wbs_path", "wbs_level", "is_leaf")

_STANDING = ("state", "start", "finish", "is_critical", "total_float_days", "free_float_days")
_IDENTITY = ("id", "user_defined_id", "name", "wbs_path", "type", "state")
_BASELINES = ("baselines", "baseline_tasks")
_ANALYSES = ("task_scheduling_analyses", "calendars")


@dataclass(frozen=True)
class View:
    """One friendly table.

    Attributes
    ----------
    name, meaning
        What it is called, and one sentence.
    columns
        Names of its columns; ``tasks_wide`` has one more per user field and code.
    needs
        Collections it cannot do without.
    make
        Makes its frame from a schedule.
    uses
        Collections it reads where they are served, and does without where they are not.
    """

    name: str
    meaning: str
    columns: tuple[str, ...]
    needs: tuple[str, ...]
    make: Callable[[Schedule], pd.DataFrame]
    uses: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """The sub-command of ``%bentley`` that comes nearest to it."""
        if isinstance(self.make, _Report):
            return self.make.function.replace("_", "-")
        return f"{self.needs[0]} --user-fields --codes" if "codes" in self.needs else self.needs[0]


@dataclass(frozen=True)
class _Report:
    """Calls a report by its name; the room of the reports is imported then."""

    function: str

    def __call__(self, schedule: Schedule) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(importlib.import_module("bentley_nb.reports"), self.function)(schedule)
        return frame


def _tasks_wide(schedule: Schedule) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - completion reads the names above and shall not wait for pandas

    tasks = schedule.tasks(user_fields=True, codes=True)
    tables = _tables(schedule)
    standing = _standing(tables).set_index(tables.tasks["id"]).reindex(tasks["id"]).set_axis(tasks.index)
    own = len(TASK_COLUMNS) if set(TASK_COLUMNS) <= set(tasks.columns) else len(tasks.columns)
    return pd.concat([tasks.iloc[:, :own], standing, tasks.iloc[:, own:]], axis=1)


def _work_tasks(schedule: Schedule) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    tables = _tables(schedule)
    return pd.concat([tables.tasks, _standing(tables)], axis=1)[tables.work_tasks].reset_index(drop=True)


class _WithOutline:
    """A schedule whose tasks bring ``wbs_path``, ``wbs_level`` and ``is_leaf``."""

    def __init__(self, schedule: Schedule) -> None:
        self.id = schedule.id
        self.data_date = schedule.data_date
        self._schedule = schedule

    def table(self, name: str) -> pd.DataFrame:
        return self._schedule.tasks() if name == "tasks" else self._schedule.table(name)


def _tables(schedule: Schedule) -> Tables:
    from bentley_nb.reports.basis.tables import Tables  # noqa: PLC0415

    return Tables.of(_WithOutline(schedule))


def _standing(tables: Tables) -> pd.DataFrame:
    """State, current dates, criticality and float of every task, aligned with ``tables.tasks``."""
    from bentley_nb.reports.basis.state import current_dates, state  # noqa: PLC0415
    from bentley_nb.reports.total_float import task_floats  # noqa: PLC0415

    frame = current_dates(tables.tasks)
    frame.insert(0, "state", state(tables.tasks))
    floats, _ = task_floats(tables)
    frame[list(_STANDING[3:])] = floats[list(_STANDING[3:])]
    return frame


def _links_named(schedule: Schedule) -> pd.DataFrame:
    links = schedule.table("task_links")
    names = _by_id(schedule.table("tasks"), ("name", "user_defined_id"))
    for end, place in (("predecessor", 2), ("successor", 5)):
        for offset, column in enumerate(("name", "user_defined_id")):
            links.insert(place + offset, f"{end}_{column}", _looked_up(links[f"{end}_id"], names[column]))
    return links


def _assignments_named(schedule: Schedule) -> pd.DataFrame:
    assignments = schedule.table("resource_assignments")
    tasks = _by_id(schedule.table("tasks"), ("name",))
    resources = _by_id(schedule.table("resources"), ("name", "type"))
    assignments.insert(2, "task_name", _looked_up(assignments["task_id"], tasks["name"]))
    assignments.insert(4, "resource_name", _looked_up(assignments["resource_id"], resources["name"]))
    assignments.insert(5, "resource_type", _looked_up(assignments["resource_id"], resources["type"]))
    return assignments


def _by_id(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return frame.dropna(subset=["id"]).drop_duplicates("id").set_index("id")[list(columns)]


def _looked_up(ids: pd.Series[Any], values: pd.Series[Any]) -> Any:
    return values.reindex(ids).array


def _with(columns: tuple[str, ...], *more: tuple[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Names with further ones put in, at places counted as ``DataFrame.insert`` does."""
    names = list(columns)
    for place, added in more:
        names[place:place] = added
    return tuple(names)


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        view.name: view
        for view in (
            View(
                "tasks_wide",
                "tasks with state, current dates and float, and one column per user field and per code",
                (*TASK_COLUMNS, *_STANDING),
                (
                    "tasks",
                    "user_fields",
                    "task_user_field_values",
                    "codes",
                    "code_values",
                    "task_code_value_assignments",
                ),
                _tasks_wide,
                _ANALYSES,
            ),
            View(
                "work_tasks",
                "tasks that are work (no summaries, key dates or hammocks) with state, current dates and float",
                (*TASK_COLUMNS, *_STANDING),
                ("tasks",),
                _work_tasks,
                _ANALYSES,
            ),
            View(
                "milestones",
                "key dates with baseline, variance, float and state",
                (
                    *_IDENTITY,
                    *("date", "is_actual", "baseline_date", "baseline_variance_days", "baseline_variance_working_days"),
                    *("previous_date", "slip_days", "is_critical", "total_float_days"),
                ),
                ("tasks",),
                _Report("milestones"),
                (*_BASELINES, *_ANALYSES),
            ),
            View(
                "late_tasks",
                "open work and key dates that are late at the data date",
                (
                    *(*_IDENTITY, "start", "finish", "baseline_start", "baseline_finish"),
                    *("late_start", "late_finish", "forecast_late", "stale_start", "stale_finish"),
                    *("start_late_days", "start_late_working_days", "finish_late_days", "finish_late_working_days"),
                    *("percent_complete", "is_critical", "total_float_days"),
                ),
                ("tasks",),
                _Report("late"),
                (*_BASELINES, *_ANALYSES),
            ),
            View(
                "critical_tasks",
                "critical and near-critical open work and key dates",
                (
                    *(*_IDENTITY, "start", "finish", "percent_complete", "remaining_duration_hours", "calendar"),
                    *("hours_per_day", "constraint_type", "group", "is_critical", "downstream_total_float"),
                    *("downstream_free_float", "total_float_days", "free_float_days"),
                ),
                ("tasks",),
                _Report("critical"),
                _ANALYSES,
            ),
            View(
                "look_ahead",
                "open work and key dates of the three weeks from the data date",
                (
                    *(*_IDENTITY, "status", "start", "finish", "percent_complete", "remaining_duration_hours", "week"),
                    *("week_starting", "is_critical", "total_float_days", "open_predecessors", "resources"),
                ),
                ("tasks",),
                _Report("look_ahead"),
                ("task_links", "resource_assignments", "resources", *_ANALYSES),
            ),
            View(
                "baseline_variance",
                "dates and durations of every task against the baseline",
                (
                    *(*_IDENTITY, "start", "finish", "baseline_start", "baseline_finish", "start_variance_days"),
                    *("start_variance_working_days", "finish_variance_days", "finish_variance_working_days"),
                    *("duration_hours", "baseline_duration_hours", "duration_variance_hours"),
                    *("is_critical", "total_float_days", "status"),
                ),
                ("tasks",),
                _Report("variance"),
                (*_BASELINES, *_ANALYSES),
            ),
            View(
                "open_ends",
                "tasks with a missing or dangling end, and links at summaries",
                (
                    *("issue", *_IDENTITY, "start", "finish", "predecessors", "successors"),
                    *("link_id", "other_id", "other_name"),
                ),
                ("tasks", "task_links"),
                _Report("open_ends"),
            ),
            View(
                "links_named",
                "links with the names and user-defined ids of both tasks",
                _with(
                    COLLECTIONS["task_links"].column_names,
                    (2, ("predecessor_name", "predecessor_user_defined_id")),
                    (5, ("successor_name", "successor_user_defined_id")),
                ),
                ("task_links", "tasks"),
                _links_named,
            ),
            View(
                "assignments_named",
                "resource assignments with the names of task and resource",
                _with(
                    COLLECTIONS["resource_assignments"].column_names,
                    (2, ("task_name",)),
                    (4, ("resource_name", "resource_type")),
                ),
                ("resource_assignments", "tasks", "resources"),
                _assignments_named,
            ),
        )
    }
)
