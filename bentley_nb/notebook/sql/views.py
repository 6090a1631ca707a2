"""Views for SQL cells, made from the collections on first use: wide tasks, named links, the usual reports."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.notebook.magic.report_commands import REPORTS
from bentley_nb.service.catalog import COLLECTIONS

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.reports.basis.tables import Tables
    from bentley_nb.schedule import Schedule

TASK_COLUMNS = (*COLLECTIONS["tasks"].column_names, "wbs_path", "wbs_level", "is_leaf")

_STANDING = ("state", "start", "finish", "is_critical", "total_float_days", "free_float_days")


@dataclass(frozen=True)
class View:
    """A view.

    Attributes
    ----------
    name, meaning
        What it is called, and one sentence.
    columns
        Names of its columns; ``tasks_wide`` has one more per user field and code.
    needs
        Collections it requires.
    make
        Makes its frame from a schedule.
    uses
        Collections it reads where they are served; without them it has fewer values.
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
        if isinstance(self.make, _FromReport):
            return self.make.function.replace("_", "-")
        return f"{self.needs[0]} --user-fields --codes" if "codes" in self.needs else self.needs[0]


@dataclass(frozen=True)
class _FromReport:
    """Calls a report by its name; ``bentley_nb.reports`` is imported then."""

    function: str

    def __call__(self, schedule: Schedule, **options: Any) -> pd.DataFrame:
        report = getattr(importlib.import_module("bentley_nb.reports"), self.function)
        _, *known = signature(report).parameters
        for name in options:
            if name not in known:
                raise InvalidRequest(f"SQL: {self.function} has no option {name!r}.", hint=nearest(name, known))
        frame: pd.DataFrame = report(schedule, **options)
        return frame


def _tasks_wide(schedule: Schedule) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - completion reads the names above, and must not wait for pandas

    tasks = _as_reports_read("tasks", schedule.tasks(user_fields=True, codes=True))
    tables = _tables(schedule)
    standing = _standing(tables).set_index(tables.tasks["id"]).reindex(tasks["id"]).set_axis(tasks.index)
    own, wide = _split(tasks)
    fields = set(schedule.table("user_fields")["name"].dropna())
    # As frames/wide.py names a user field that differs from a column of the tasks in case only, or not at all.
    wide.columns = pd.Index(
        [
            f"{name} [{'user field' if name in fields else 'code'}]" if str(name).casefold() in _STANDING else name
            for name in wide.columns
        ]
    )
    return pd.concat([own, standing, wide], axis=1)


def _work_tasks(schedule: Schedule) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    tables = _tables(schedule)
    own, rest = _split(tables.tasks)
    frame = pd.concat([own, _standing(tables), rest], axis=1)
    return frame[tables.work_tasks].reset_index(drop=True)


def _split(tasks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Separate the columns that every schedule has from user fields, codes and what else the service sent."""
    own = [name for name in TASK_COLUMNS if name in tasks]
    return tasks[own], tasks.drop(columns=own)


class _WithOutline:
    """A schedule whose tasks have ``wbs_path``, ``wbs_level`` and ``is_leaf``."""

    def __init__(self, schedule: Schedule) -> None:
        self.id = schedule.id
        self.data_date = schedule.data_date
        self._schedule = schedule

    def table(self, name: str) -> pd.DataFrame:
        return self._schedule.tasks() if name == "tasks" else self._schedule.table(name)


def _tables(schedule: Schedule) -> Tables:
    from bentley_nb.reports.basis.tables import Tables  # noqa: PLC0415

    return Tables.of(_WithOutline(schedule))


def _as_reports_read(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    from bentley_nb.frames.unset import without_impossible  # noqa: PLC0415

    return without_impossible(name, frame)[0]


def _standing(tables: Tables) -> pd.DataFrame:
    """Return state, current dates, criticality and float of every task, aligned with ``tables.tasks``."""
    from bentley_nb.reports.basis.state import current_dates, state  # noqa: PLC0415
    from bentley_nb.reports.total_float import task_floats  # noqa: PLC0415

    frame = current_dates(tables.tasks)
    frame.insert(0, "state", state(tables.tasks))
    floats, _ = task_floats(tables)
    frame[list(_STANDING[3:])] = floats[list(_STANDING[3:])]
    return frame


def _links_named(schedule: Schedule) -> pd.DataFrame:
    links = _as_reports_read("task_links", schedule.table("task_links"))
    names = _by_id(schedule.table("tasks"), ("name", "user_defined_id"))
    for end, place in (("predecessor", 2), ("successor", 5)):
        for offset, column in enumerate(("name", "user_defined_id")):
            _insert(links, place + offset, f"{end}_{column}", links[f"{end}_id"], names[column])
    return links


def _assignments_named(schedule: Schedule) -> pd.DataFrame:
    assignments = schedule.table("resource_assignments")
    tasks = _by_id(schedule.table("tasks"), ("name",))
    resources = _by_id(schedule.table("resources"), ("name", "type"))
    _insert(assignments, 2, "task_name", assignments["task_id"], tasks["name"])
    _insert(assignments, 4, "resource_name", assignments["resource_id"], resources["name"])
    _insert(assignments, 5, "resource_type", assignments["resource_id"], resources["type"])
    return assignments


def _by_id(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    # reindex() raises on an index with duplicates.
    return frame.dropna(subset=["id"]).drop_duplicates("id").set_index("id")[list(columns)]


def _insert(frame: pd.DataFrame, place: int, name: str, ids: pd.Series[Any], values: pd.Series[Any]) -> None:
    """Insert the values of these ids; a member of that name that the service sent stays, and is ``name_2`` in SQL."""
    frame.insert(place, name, values.reindex(ids).array, allow_duplicates=True)


def _with(collection: str, *places: Any) -> str:
    """Return a collection's column names with others inserted, at places counted as ``DataFrame.insert`` does."""
    names = list(COLLECTIONS[collection].column_names)
    for place, added in zip(places[::2], places[1::2], strict=True):
        names[place:place] = added.split()
    return " ".join(names)


def _view(name: str, meaning: str, columns: str, needs: str, uses: str = "", make: Any = None) -> View:
    """Declare a view in one line: its columns and collections as words, made by the report it is named after."""
    return View(
        name, meaning, tuple(columns.split()), tuple(needs.split()), make or _FromReport(name), tuple(uses.split())
    )


_IDENTITY = "id user_defined_id name wbs_path type state"
_DATES = "start finish baseline_start baseline_finish"
_FLOAT = "is_critical total_float_days"
_ANALYSES = "task_scheduling_analyses calendars"
_BASELINES = f"baselines baseline_tasks {_ANALYSES}"
_TASKS = " ".join((*TASK_COLUMNS, *_STANDING))

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        view.name: view
        for view in (
            _view(
                "tasks_wide",
                "tasks with state, current dates and float, and one column per user field and per code",
                _TASKS,
                "tasks user_fields task_user_field_values codes code_values task_code_value_assignments",
                _ANALYSES,
                _tasks_wide,
            ),
            _view(
                "work_tasks",
                "tasks that are work (no summaries, key dates or hammocks) with state, current dates and float",
                _TASKS,
                "tasks",
                _ANALYSES,
                _work_tasks,
            ),
            _view(
                "milestones",
                "key dates with baseline, variance, float and state",
                f"{_IDENTITY} date is_actual baseline_date baseline_variance_days baseline_variance_working_days"
                f" previous_date slip_days {_FLOAT}",
                "tasks",
                _BASELINES,
            ),
            _view(
                "late_tasks",
                "open work and key dates that are late at the data date",
                f"{_IDENTITY} {_DATES} late_start late_finish forecast_late stale_start stale_finish start_late_days"
                f" start_late_working_days finish_late_days finish_late_working_days percent_complete {_FLOAT}",
                "tasks",
                _BASELINES,
                _FromReport("late"),
            ),
            _view(
                "critical_tasks",
                "critical and near-critical open work and key dates",
                f"{_IDENTITY} start finish percent_complete remaining_duration_hours calendar hours_per_day"
                " constraint_type group is_critical downstream_total_float downstream_free_float total_float_days"
                " free_float_days",
                "tasks",
                _ANALYSES,
                _FromReport("critical"),
            ),
            _view(
                "look_ahead",
                "open work and key dates of the three weeks from the data date",
                f"{_IDENTITY} status start finish percent_complete remaining_duration_hours week week_starting {_FLOAT}"
                " open_predecessors resources",
                "tasks",
                f"task_links resource_assignments resources {_ANALYSES}",
            ),
            _view(
                "baseline_variance",
                "dates and durations of every task against the baseline",
                f"{_IDENTITY} {_DATES} start_variance_days start_variance_working_days finish_variance_days"
                " finish_variance_working_days duration_hours baseline_duration_hours duration_variance_hours"
                f" {_FLOAT} status",
                "tasks",
                _BASELINES,
                _FromReport("variance"),
            ),
            _view(
                "open_ends",
                "tasks with a missing or dangling end, and links at summaries",
                f"issue {_IDENTITY} start finish predecessors successors link_id other_id other_name",
                "tasks task_links",
            ),
            _view(
                "links_named",
                "links with the names and user-defined ids of both tasks",
                _with(
                    "task_links",
                    *(2, "predecessor_name predecessor_user_defined_id"),
                    *(5, "successor_name successor_user_defined_id"),
                ),
                "task_links tasks",
                make=_links_named,
            ),
            _view(
                "assignments_named",
                "resource assignments with the names of task and resource",
                _with("resource_assignments", 2, "task_name", 4, "resource_name resource_type"),
                "resource_assignments tasks resources",
                make=_assignments_named,
            ),
        )
    }
)

CALLABLE = {view.name: view.make for view in VIEWS.values() if isinstance(view.make, _FromReport)} | {
    report.name: _FromReport(report.name) for report in REPORTS if not any(word.required for word in report.arguments)
}
"""Table functions with options, ``FROM look_ahead(weeks := 6)``: the reports that require nothing but a schedule."""

NOT_CALLABLE = frozenset(report.name for report in REPORTS) - frozenset(CALLABLE)
"""Reports that need more, such as an earlier state: their result is a table when it is given as a frame."""
