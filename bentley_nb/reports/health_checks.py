"""How each schedule health check counts: what is looked at, what offends, and why it may not be countable.

A check takes the ``Facts`` of a schedule and the ``Settings`` of a profile and gives a ``Finding``. What passes is not
decided here but by the profile's threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.reports.baseline import Baseline, find_baseline, why_no_baseline
from bentley_nb.reports.floats import FloatUnit, task_floats
from bentley_nb.reports.logic import _project_ends as project_ends
from bentley_nb.reports.logic import link_ends
from bentley_nb.reports.sequence import out_of_sequence
from bentley_nb.reports.source import Tables
from bentley_nb.reports.state import current_dates, is_complete, is_started, span

Flags: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

_BENTLEY = ("CannotReschedule", "MandatoryStart", "MandatoryFinish")
_NO_LATER_THAN = ("StartBefore", "FinishBefore", "StartBetween", "FinishBetween")
HARD_CONSTRAINTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bentley": _BENTLEY,
        "dcma2009": (*_BENTLEY, *_NO_LATER_THAN),
        "dcma2009+on": (*_BENTLEY, *_NO_LATER_THAN, "StartOn", "FinishOn"),
    }
)
"""Constraints counted as hard, by the name of the list.

``bentley`` is what the service's own assessment counts. ``dcma2009`` adds the no-later-than constraints of the DCMA's
November 2009 edition (Must Start/Finish On are SYNCHRO's Mandatory ones). ``dcma2009+on`` also reads Start On and
Finish On as "must", as checkers made for Primavera do; in SYNCHRO links have priority over them, so a task "may
actually start at ANY time" (documentation of the tasks endpoint).
"""


@dataclass(frozen=True)
class Settings:
    """Where authors disagree: what a profile decided.

    Attributes
    ----------
    milestones
        Key dates and tasks without duration count as tasks.
    task_base
        Constraint and float checks look at "incomplete" or at "all" tasks.
    link_base
        Link checks look at links into "incomplete" tasks or at "all" links.
    dangling
        A task also lacks logic when nothing drives its start or its finish drives nothing.
    hard_constraints
        Name in ``HARD_CONSTRAINTS``.
    high_float_days, high_duration_days
        Working days of the task's own calendar beyond which float or duration is high.
    duration
        Which duration can be high: that of the "baseline" (else what remains), or what is "remaining".
    missed
        A missed task has an "actual or forecast" finish after its baseline's, or is "completed" after it.
    completion_float
        CPLI takes the completion task's "total float" or its "baseline" finish less its current one.
    completion
        Id, activity id or name of the completion task; None for the open one that finishes last.
    """

    milestones: bool = False
    task_base: Literal["incomplete", "all"] = "incomplete"
    link_base: Literal["incomplete", "all"] = "incomplete"
    dangling: bool = False
    hard_constraints: str = "dcma2009"
    high_float_days: float = 44
    high_duration_days: float = 44
    duration: Literal["baseline", "remaining"] = "baseline"
    missed: Literal["actual or forecast", "completed"] = "actual or forecast"
    completion_float: Literal["total float", "baseline"] = "total float"
    completion: str | None = None


@dataclass(frozen=True)
class Finding:
    """What a check counted.

    Attributes
    ----------
    numerator, denominator
        None where there is nothing to divide.
    value
        Of an index; None for shares and counts.
    offenders
        Positions in ``Tables.tasks``, or in ``Facts.links`` where ``of_links``, of what the check objects to.
    why
        For each offender, in words.
    of_links
        The offenders are links.
    rule
        What was counted.
    note
        What has to be known with the figure.
    not_evaluated
        Why the check cannot be made; empty where it was.
    """

    rule: str
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    offenders: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    why: npt.NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=object))
    of_links: bool = False
    note: str = ""
    not_evaluated: str = ""


class Facts:
    """What the checks look at, worked out once.

    Parameters
    ----------
    tables
        The schedule.
    baseline
        Id or name of the baseline; None for the latest.
    float_unit
        Unit of the service's raw floats.
    """

    def __init__(self, tables: Tables, baseline: str | None, float_unit: FloatUnit | None) -> None:
        self.tables = tables
        self.baseline: Baseline | None
        self.baseline, self.baseline_notes = find_baseline(tables, baseline)
        self.floats, self.float_notes = task_floats(tables, float_unit)

    @cached_property
    def no_duration(self) -> Flags:
        """Mask of tasks planned to take no time."""
        return (self.tables.tasks["planned_duration_hours"].fillna(1.0) == 0).to_numpy(dtype=bool)

    @cached_property
    def complete(self) -> Flags:
        """Mask of complete tasks."""
        return is_complete(self.tables.tasks)

    def total(self, settings: Settings) -> Flags:
        """Mask of the tasks that count: no WBS rows, no hammocks; nothing without duration unless milestones count."""
        if settings.milestones:
            return self.tables.work_tasks | self.tables.milestones
        return self.tables.work_tasks & ~self.no_duration

    def incomplete(self, settings: Settings) -> Flags:
        """Mask of the tasks that count and have no actual finish."""
        return self.total(settings) & ~self.complete

    @cached_property
    def dates(self) -> pd.DataFrame:
        """Current start and finish, either filled from the other."""
        return span(current_dates(self.tables.tasks))

    @cached_property
    def total_float(self) -> Floats:
        """Total float in working days; NaN where unknown."""
        return self.floats["total_float_days"].to_numpy(dtype="float64", na_value=np.nan)

    @cached_property
    def no_float(self) -> str:
        """Why there is no float; empty where there is any."""
        return "" if np.isfinite(self.total_float).any() or self.complete.all() else " ".join(self.float_notes)

    @cached_property
    def no_links(self) -> str:
        """Why there are no links; empty where the table could be read."""
        return "" if self.tables.get("task_links") is not None else self.tables.why_missing("task_links")

    @cached_property
    def links(self) -> pd.DataFrame:
        """Links between two tasks there are: ``id``, ``type``, ``lag_hours``, ``before`` and ``after`` as positions."""
        if self.tables.get("task_links") is None:
            return pd.DataFrame({"id": [], "type": [], "lag_hours": [], "before": [], "after": []}).astype(
                {"before": "int64", "after": "int64", "lag_hours": "float64"}
            )
        ends, _ = link_ends(self.tables)
        return ends.assign(type=ends["type"].astype(object))

    @cached_property
    def logic(self) -> Flags:
        """Mask over ``links``: neither end is a WBS row or a hammock, which drive nothing."""
        real = self.tables.work_tasks | self.tables.milestones
        return real[self.links["before"]] & real[self.links["after"]]

    def links_counted(self, settings: Settings) -> Flags:
        """Mask over ``links``: those a profile's link checks look at."""
        if settings.link_base == "all":
            return self.logic
        return self.logic & ~self.complete[self.links["after"]]

    def days(self, hours: Any) -> Floats:
        """Hours in days of each task's calendar."""
        return self.tables.working_time.days(hours, self.tables.tasks["calendar_id"])

    @cached_property
    def remaining_days(self) -> Floats:
        """Remaining duration in days, of a task not started else its planned one; NaN where unknown."""
        tasks = self.tables.tasks
        planned = tasks["planned_duration_hours"].mask(is_started(tasks))
        return self.days(tasks["remaining_duration_hours"].fillna(planned).to_numpy(dtype="float64", na_value=np.nan))

    @cached_property
    def baseline_finish(self) -> pd.Series[Any] | None:
        """Finish in the baseline (a start milestone's only date), or None."""
        return None if self.baseline is None else span(self.baseline.dates)["finish"]

    def no_baseline(self) -> str:
        """Why a check that needs a baseline cannot be made."""
        return f"There is no baseline. {why_no_baseline(self.tables)}"

    @property
    def no_data_date(self) -> str:
        """Why a check that needs a data date cannot be made; empty where there is one."""
        return "The schedule has no data date." if pd.isna(self.tables.data_date) else ""


def _share(
    rule: str,
    offending: Flags,
    base: Flags,
    why: Any = "",
    *,
    of_links: bool = False,
    note: str = "",
    nothing: str = "tasks",
) -> Finding:
    """Count what offends among what is looked at."""
    positions = np.flatnonzero(offending & base)
    total = int(base.sum())
    return Finding(
        rule=rule,
        numerator=len(positions),
        denominator=total,
        offenders=positions,
        why=np.broadcast_to(np.asarray(why, dtype=object), len(base))[positions],
        of_links=of_links,
        note=note,
        not_evaluated="" if total else f"There are no {nothing} to check.",
    )


def missing_logic(facts: Facts, settings: Settings) -> Finding:
    """Incomplete tasks without predecessor or successor, or whose start or finish hangs loose."""
    rule = "incomplete tasks without a predecessor or without a successor / incomplete tasks"
    if settings.dangling:
        rule = (
            "incomplete tasks and milestones with an open start (no FS or SS into them) or an open finish (no FS or FF "
            "out of them), but for the first start and the last finish key date / incomplete tasks and milestones"
        )
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    links, count = facts.links[facts.logic], len(facts.complete)
    drives_start = drives_finish = np.ones(len(links), dtype=bool)
    if settings.dangling:
        # A milestone is a point in time: whatever holds one of its ends holds the other.
        point = facts.no_duration | facts.tables.milestones
        drives_start = links["type"].isin(["FinishToStart", "StartToStart"]).to_numpy() | point[links["after"]]
        drives_finish = links["type"].isin(["FinishToStart", "FinishToFinish"]).to_numpy() | point[links["before"]]
    has_start = np.bincount(links["after"][drives_start], minlength=count) > 0
    has_finish = np.bincount(links["before"][drives_finish], minlength=count) > 0
    base = facts.incomplete(settings)
    if settings.dangling:
        first, last, _ = project_ends(facts.tables, current_dates(facts.tables.tasks))
        has_start, has_finish = has_start | first, has_finish | last
    no_start, no_finish = (
        ("an open start", "an open finish") if settings.dangling else ("no predecessor", "no successor")
    )
    why = np.where(
        ~has_start & ~has_finish, f"{no_start}, {no_finish}", np.where(~has_start, no_start, no_finish)
    ).astype(object)
    return _share(rule, ~has_start | ~has_finish, base, why, nothing="incomplete tasks")


def _links(facts: Facts, settings: Settings, offending: Flags, what: str, why: Any) -> Finding:
    where = "links into incomplete tasks" if settings.link_base == "incomplete" else "links"
    rule = f"{what} / {where}"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    left_out = int((~facts.logic).sum())
    note = f"{left_out:,} link(s) to WBS rows or hammocks are left out." if left_out else ""
    return _share(rule, offending, facts.links_counted(settings), why, of_links=True, note=note, nothing="links")


def leads(facts: Facts, settings: Settings) -> Finding:
    """Links with a negative lag."""
    lag = facts.links["lag_hours"].to_numpy(dtype="float64")
    return _links(facts, settings, lag < 0, "links with a negative lag", "a negative lag")


def lags(facts: Facts, settings: Settings) -> Finding:
    """Links with a positive lag."""
    lag = facts.links["lag_hours"].to_numpy(dtype="float64")
    return _links(facts, settings, lag > 0, "links with a positive lag", "a positive lag")


def tasks_with_lags(facts: Facts, settings: Settings) -> Finding:
    """Incomplete tasks with a positive lag before them."""
    rule = "incomplete tasks and milestones with a positive lag on a predecessor link / incomplete tasks and milestones"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    lagged = facts.links["after"][facts.logic & (facts.links["lag_hours"].to_numpy(dtype="float64") > 0)]
    offending = np.bincount(lagged, minlength=len(facts.complete)) > 0
    return _share(rule, offending, facts.incomplete(settings), "a predecessor with a lag", nothing="incomplete tasks")


def finish_to_start(facts: Facts, settings: Settings) -> Finding:
    """Finish-to-start links; the others are listed."""
    other = (facts.links["type"] != "FinishToStart").to_numpy()
    why = facts.links["type"].fillna("no type").to_numpy(dtype=object)
    found = _links(facts, settings, other, "finish-to-start links", why)
    if found.denominator is None or found.numerator is None:
        return found
    return replace(found, numerator=found.denominator - found.numerator)


def other_than_finish_to_start(facts: Facts, settings: Settings) -> Finding:
    """Links that are not finish-to-start."""
    other = (facts.links["type"] != "FinishToStart").to_numpy()
    why = facts.links["type"].fillna("no type").to_numpy(dtype=object)
    return _links(facts, settings, other, "links that are not finish-to-start", why)


def _task_base(facts: Facts, settings: Settings) -> tuple[Flags, str]:
    if settings.task_base == "all":
        return facts.total(settings), "tasks"
    return facts.incomplete(settings), "incomplete tasks"


def hard_constraints(facts: Facts, settings: Settings) -> Finding:
    """Tasks that a constraint pins against the logic."""
    listed = constraint_list(settings.hard_constraints)
    base, words = _task_base(facts, settings)
    constraint = facts.tables.tasks["constraint_type"].astype(object)
    rule = f"{words} with a hard constraint ({settings.hard_constraints}: {', '.join(listed)}) / {words}"
    why = constraint.fillna("").to_numpy(dtype=object)
    return _share(rule, constraint.isin(listed).to_numpy(), base, why, nothing=words)


def constraint_list(name: str) -> tuple[str, ...]:
    """Return the list of that name.

    Raises
    ------
    InvalidRequest
        There is no such list.
    """
    if name not in HARD_CONSTRAINTS:
        raise InvalidRequest(
            f"There is no list of hard constraints {name!r}.", hint=nearest(str(name), HARD_CONSTRAINTS)
        )
    return HARD_CONSTRAINTS[name]


def high_float(facts: Facts, settings: Settings) -> Finding:
    """Tasks with more total float than the limit."""
    limit = settings.high_float_days
    return _float_check(facts, settings, facts.total_float > limit, f"total float above {limit:g} working days")


def negative_float(facts: Facts, settings: Settings) -> Finding:
    """Tasks with less than no total float."""
    return _float_check(facts, settings, facts.total_float < 0, "total float below 0")


def _float_check(facts: Facts, settings: Settings, offending: Flags, words: str) -> Finding:
    base, tasks = _task_base(facts, settings)
    rule = f"{tasks} with {words} / {tasks}"
    if facts.no_float:
        return Finding(rule, not_evaluated=facts.no_float)
    unknown = int((base & ~facts.complete & np.isnan(facts.total_float)).sum())
    note = f"{unknown:,} of them have no float and do not offend." if unknown else ""
    why = np.array([f"{days:,.1f} days" for days in np.nan_to_num(facts.total_float)], dtype=object)
    return _share(rule, offending, base, why, note=note, nothing=tasks)


def high_duration(facts: Facts, settings: Settings) -> Finding:
    """Incomplete tasks longer than the limit."""
    limit = settings.high_duration_days
    if settings.duration == "baseline" and facts.baseline is not None:
        days = facts.days(facts.baseline.dates["duration_hours"].to_numpy(dtype="float64", na_value=np.nan))
        what, note = "a baseline duration", "The rolling-wave window is not known, so every incomplete task counts."
    else:
        days = facts.remaining_days
        what = "a remaining duration"
        note = "There is no baseline, so what remains is taken." if settings.duration == "baseline" else ""
    base = facts.incomplete(settings)
    if unknown := int((base & np.isnan(days)).sum()):
        note = f"{note} {unknown:,} of them have no such duration and do not offend.".strip()
    rule = f"incomplete tasks with {what} above {limit:g} working days / incomplete tasks"
    why = np.array([f"{value:,.1f} days" for value in np.nan_to_num(days)], dtype=object)
    return _share(rule, days > limit, base, why, note=note, nothing="incomplete tasks")


def invalid_dates(facts: Facts, settings: Settings) -> Finding:
    """Work forecast before the data date, or done after it."""
    rule = "tasks with a forecast date before the data date or an actual date after it / tasks"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    forecast, actual, base = _forecast_in_past(facts), _actual_in_future(facts), facts.total(settings)
    why = np.where(
        forecast & actual, "both", np.where(forecast, "forecast before the data date", "actual after the data date")
    )
    in_past, in_future = int((forecast & base).sum()), int((actual & base).sum())
    note = f"9a forecast before the data date: {in_past:,}; 9b actual after it: {in_future:,}."
    return _share(rule, forecast | actual, base, why.astype(object), note=note)


def forecast_in_past(facts: Facts, settings: Settings) -> Finding:
    """Incomplete work forecast before the data date."""
    rule = "incomplete tasks and milestones with a forecast start or finish before the data date"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    return _share(
        rule,
        _forecast_in_past(facts),
        facts.incomplete(settings),
        "forecast before the data date",
        nothing="incomplete tasks",
    )


def actual_in_future(facts: Facts, settings: Settings) -> Finding:
    """Actual dates after the data date."""
    rule = "tasks and milestones with an actual date after the data date / those with an actual start"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    base = facts.total(settings) & is_started(facts.tables.tasks)
    return _share(rule, _actual_in_future(facts), base, "actual after the data date", nothing="started tasks")


def _forecast_in_past(facts: Facts) -> Flags:
    tasks, now = facts.tables.tasks, facts.tables.data_date
    start = (tasks["planned_start"] < now) & ~is_started(tasks)
    finish = (tasks["planned_finish"] < now) & ~facts.complete
    return np.asarray(start | finish, dtype=bool)


def _actual_in_future(facts: Facts) -> Flags:
    tasks, now = facts.tables.tasks, facts.tables.data_date
    return np.asarray((tasks["actual_start"] > now) | (tasks["actual_finish"] > now), dtype=bool)


def resources(facts: Facts, settings: Settings) -> Finding:
    """Incomplete tasks of a day or longer without a resource."""
    rule = (
        "incomplete tasks of 1 working day or longer without a resource / incomplete tasks of 1 working day or longer"
    )
    assignments = facts.tables.get("resource_assignments")
    if assignments is None or assignments.empty:
        reason = facts.tables.why_missing("resource_assignments")
        return Finding(rule, not_evaluated=f"{reason} The schedule is not loaded with resources.")
    tasks = facts.tables.tasks
    days = facts.days(tasks["planned_duration_hours"].to_numpy(dtype="float64", na_value=np.nan))
    base = facts.incomplete(settings) & (days >= 1)
    assigned = tasks["id"].isin(assignments["task_id"]).to_numpy(dtype=bool)
    note = "Costs are not served by the API, so only resources are looked for."
    return _share(rule, ~assigned, base, "no resource", note=note, nothing="incomplete tasks of a day or longer")


def missed_tasks(facts: Facts, settings: Settings) -> Finding:
    """Tasks due by the baseline that finished, or will finish, after it."""
    finish = "an actual finish" if settings.missed == "completed" else "an actual or forecast finish"
    due_words = "tasks with a baseline finish by the data date"
    rule = f"{due_words} and {finish} after it / {due_words}"
    if facts.baseline_finish is None:
        return Finding(rule, not_evaluated=facts.no_baseline())
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    due = _due(facts, settings, facts.baseline_finish)
    late = (facts.dates["finish"] > facts.baseline_finish).to_numpy(dtype=bool)
    if settings.missed == "completed":
        late = late & facts.complete
    why = np.where(facts.complete, "finished late", "not finished").astype(object)
    return _share(rule, late, due, why, nothing="tasks due by the data date")


def _due(facts: Facts, settings: Settings, baseline_finish: pd.Series[Any]) -> Flags:
    """Mask of the tasks the baseline wanted finished by the data date."""
    return np.asarray(facts.total(settings) & (baseline_finish <= facts.tables.data_date).to_numpy(), dtype=bool)


def critical_path_test(_facts: Facts, _settings: Settings) -> Finding:
    """Whether a delay of the critical path delays the finish: needs a scheduling engine."""
    return Finding(
        "600 working days added to a critical task must delay the finish by as much",
        not_evaluated="It needs the schedule to be recalculated with a changed duration, which reading cannot do.",
    )


def critical_path_length_index(facts: Facts, settings: Settings) -> Finding:
    """Critical path length and float of the completion task."""
    rule = "(critical path length + total float) / critical path length, in working days"
    if settings.completion_float == "baseline":
        rule = "(critical path length + baseline finish - current finish) / critical path length, in working days"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    place = _completion_task(facts, settings)
    if place is None:
        return Finding(rule, not_evaluated="There is no open task or milestone with a finish.")
    tasks, working = facts.tables.tasks, facts.tables.working_time
    calendar, finish = [tasks["calendar_id"].iloc[place]], facts.dates["finish"].iloc[place]
    now: Any = facts.tables.data_date
    length = float(working.working_days(now, finish, calendar)[0])
    who = f"Completion task: {tasks['name'].iloc[place]} ({tasks['user_defined_id'].iloc[place]}), {finish:%Y-%m-%d}."
    if not length > 0:
        return Finding(rule, not_evaluated=f"{who} No working time lies between the data date and its finish.")
    if settings.completion_float == "baseline":
        if facts.baseline_finish is None or pd.isna(facts.baseline_finish.iloc[place]):
            reason = "" if facts.baseline else facts.no_baseline()
            return Finding(rule, not_evaluated=f"{who} It has no baseline finish. {reason}".strip())
        spare = float(working.working_days(finish, facts.baseline_finish.iloc[place], calendar)[0])
    else:
        spare = float(facts.total_float[place])
        if np.isnan(spare):
            return Finding(rule, not_evaluated=f"{who} Its total float is unknown. {facts.no_float}".strip())
    return Finding(
        rule,
        numerator=length + spare,
        denominator=length,
        value=cpli(length, spare),
        note=f"{who} Its current finish stands for the early finish, which the service does not give.",
    )


def cpli(critical_path_length: float, total_float: float) -> float:
    """Critical path length index.

    Parameters
    ----------
    critical_path_length
        Working days from the data date to the finish of the completion task; above 0.
    total_float
        Working days of float of that task; negative where it will be late.

    Examples
    --------
    The examples of the NDIA *Planning and Scheduling Excellence Guide*: 20 days of float on 80 and on 800 days.

    >>> from bentley_nb.reports.health_checks import cpli
    >>> cpli(80, 20), round(cpli(800, 20), 2)
    (1.25, 1.03)
    """
    return (critical_path_length + total_float) / critical_path_length


def _completion_task(facts: Facts, settings: Settings) -> int | None:
    """Position of the completion task: the one named, else the open one with the latest finish, milestones first."""
    tasks = facts.tables.tasks
    if settings.completion is not None:
        for column in ("id", "user_defined_id", "name"):
            matches = np.flatnonzero((tasks[column] == settings.completion).fillna(value=False).to_numpy(dtype=bool))
            if len(matches) == 1:
                return int(matches[0])
            if len(matches) > 1:
                raise InvalidRequest(
                    f"{len(matches)} tasks are called {settings.completion!r}.", hint="Give the id of one."
                )
        known = [*tasks["user_defined_id"].dropna(), *tasks["name"].dropna()]
        raise InvalidRequest(f"There is no task {settings.completion!r}.", hint=nearest(settings.completion, known))
    open_ = (facts.tables.work_tasks | facts.tables.milestones) & ~facts.complete
    finish = facts.dates["finish"].where(open_).dropna()
    if finish.empty:
        return None
    last = finish.index[finish == finish.max()]
    milestone = [place for place in last if tasks["type"].iloc[place] == "FinishKeyDate"]
    return int((milestone or list(last))[0])


def baseline_execution_index(facts: Facts, settings: Settings) -> Finding:
    """Completed tasks against those the baseline wanted completed."""
    rule = "completed tasks / (tasks with a baseline finish by the data date + tasks without a baseline)"
    if facts.baseline_finish is None:
        return Finding(rule, not_evaluated=facts.no_baseline())
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    total, due = facts.total(settings), _due(facts, settings, facts.baseline_finish)
    without = total & facts.baseline_finish.isna().to_numpy()
    completed = int((total & facts.complete).sum())
    unbaselined = int(without.sum())
    wanted = int(due.sum()) + unbaselined
    if not wanted:
        return Finding(rule, not_evaluated="No task is due by the data date and none is without a baseline.")
    hit = int((due & facts.complete).sum())
    share = f" ({100 * hit / due.sum():.1f} %)" if due.any() else ""
    open_ = np.flatnonzero((due | without) & ~facts.complete)
    return Finding(
        rule,
        numerator=completed,
        denominator=wanted,
        value=completed / wanted,
        offenders=open_,
        why=np.where(without[open_], "no baseline, not complete", "due and not complete").astype(object),
        note=f"Hit tasks: {hit:,} of {int(due.sum()):,} due are complete{share}; {unbaselined:,} without a baseline.",
    )


def summary_logic(facts: Facts, _settings: Settings) -> Finding:
    """WBS rows with links."""
    rule = "WBS rows with a predecessor or successor"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    linked = np.zeros(len(facts.complete), dtype=bool)
    linked[facts.links["before"]] = True
    linked[facts.links["after"]] = True
    return _share(rule, linked, facts.tables.summaries, "a WBS row with a link", nothing="WBS rows")


def hammocks_driving(facts: Facts, _settings: Settings) -> Finding:
    """Level-of-effort tasks that drive others."""
    rule = "incomplete hammocks with a successor that is none / incomplete hammocks"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    hammock = facts.tables.hammocks
    drives = hammock[facts.links["before"]] & ~hammock[facts.links["after"]]
    offending = np.bincount(facts.links["before"][drives], minlength=len(hammock)) > 0
    return _share(rule, offending, hammock & ~facts.complete, "drives a task", nothing="incomplete hammocks")


def not_baselined(facts: Facts, settings: Settings) -> Finding:
    """Tasks without baseline dates."""
    rule = "tasks and milestones without baseline dates / tasks and milestones"
    if facts.baseline_finish is None:
        return Finding(rule, not_evaluated=facts.no_baseline())
    return _share(rule, facts.baseline_finish.isna().to_numpy(), facts.total(settings), "no baseline dates")


def started_without_actual_start(facts: Facts, settings: Settings) -> Finding:
    """Progress without an actual start."""
    rule = "tasks in progress without an actual start / tasks in progress"
    percent = facts.tables.tasks["percent_complete"].to_numpy(dtype="float64", na_value=0.0)
    base = facts.total(settings) & (percent > 0) & (percent < 100)
    return _share(
        rule, ~is_started(facts.tables.tasks), base, "progress without an actual start", nothing="tasks in progress"
    )


def complete_without_actual_finish(facts: Facts, settings: Settings) -> Finding:
    """Completion without an actual finish."""
    rule = "tasks at 100 percent without an actual finish / tasks at 100 percent"
    percent = facts.tables.tasks["percent_complete"].to_numpy(dtype="float64", na_value=0.0)
    base = facts.total(settings) & (percent >= 100)
    return _share(rule, ~facts.complete, base, "100 percent without an actual finish", nothing="tasks at 100 percent")


def progress_out_of_sequence(facts: Facts, _settings: Settings) -> Finding:
    """Links whose successor went ahead of what the link allows."""
    rule = "links whose successor progressed before the link allowed it"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    found = out_of_sequence(facts.tables)
    found = found.drop_duplicates("link_id")
    place = pd.Index(found["link_id"]).get_indexer(pd.Index(facts.links["id"]))
    wrong, why = place >= 0, np.append(found["case"].to_numpy(dtype=object), "")[place]
    return _share(rule, wrong, np.ones(len(facts.links), dtype=bool), why, of_links=True, nothing="links")
