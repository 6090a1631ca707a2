"""What schedule health checks look at: the facts of a schedule, the settings of a profile, and the form of a finding.

A check takes ``Facts`` and ``CheckSettings`` and gives a ``Finding``. What passes is the profile's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags, Floats, Ints
from bentley_nb.reports.basis.baseline import Baseline, find_baseline, why_no_baseline
from bentley_nb.reports.basis.nullable import floats
from bentley_nb.reports.basis.state import current_dates, is_complete, is_started, remaining_hours, span
from bentley_nb.reports.basis.tables import DATES, Tables
from bentley_nb.reports.open_ends import drives, link_ends, touches
from bentley_nb.reports.total_float import FloatUnit, task_floats

_BENTLEY = ("CannotReschedule", "MandatoryStart", "MandatoryFinish")
_NO_LATER_THAN = ("StartBefore", "FinishBefore")
HARD_CONSTRAINTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bentley": _BENTLEY,
        "dcma2009": (*_BENTLEY, *_NO_LATER_THAN),
        "dcma2009+on": (*_BENTLEY, *_NO_LATER_THAN, "StartOn", "FinishOn"),
    }
)
"""Constraints counted as hard, by the name of the list.

``bentley`` is what the service's own assessment counts. ``dcma2009`` adds the no-later-than constraints, as PAM 200.1
and the November 2009 edition have them (Must Start/Finish On are SYNCHRO's Mandatory ones). ``dcma2009+on`` also reads
Start On and Finish On as "must", as checkers made for Primavera do; in SYNCHRO links have priority over them, so a task
"may actually start at ANY time" (documentation of the tasks endpoint).
"""


@dataclass(frozen=True)
class CheckSettings:
    """Where authors disagree: what a profile decided.

    Attributes
    ----------
    milestones
        Key dates and tasks without duration count as tasks.
    task_base
        Constraint and float checks look at "incomplete" or at "all" tasks.
    link_base
        Link checks look at links into "incomplete" tasks that count, or at "all" links.
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
    hard_constraints: str = "bentley"
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
    """What the checks look at, computed once.

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
        # An unknown duration is not zero: such a task stays a task.
        return (self.tables.tasks["planned_duration_hours"].fillna(1.0) == 0).to_numpy(dtype=bool)

    @cached_property
    def complete(self) -> Flags:
        """Mask of complete tasks."""
        return is_complete(self.tables.tasks)

    def total(self, settings: CheckSettings) -> Flags:
        """Return a mask of the tasks that count: no WBS rows or hammocks, milestones only if the profile has them."""
        if settings.milestones:
            return self.tables.activities
        # PAM 200.1 counts tasks with a duration; a task without one is a milestone by another name.
        return self.tables.work_tasks & ~self.no_duration

    def incomplete(self, settings: CheckSettings) -> Flags:
        """Return a mask of the tasks that count and have no actual finish."""
        return self.total(settings) & ~self.complete

    @cached_property
    def dates(self) -> pd.DataFrame:
        """Current start and finish, either filled from the other."""
        return span(current_dates(self.tables.tasks))

    @cached_property
    def total_float(self) -> Floats:
        """Total float in working days; NaN where unknown."""
        return floats(self.floats["total_float_days"])

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
        """Mask over ``links``: those that are logic."""
        return drives(self.tables, self.links)

    def links_counted(self, settings: CheckSettings) -> Flags:
        """Return a mask over ``links``: those a profile's link checks look at.

        Winter 2011, pre-check and check 4: the successor is a Total Task, so links into milestones do not count.
        """
        counted = self.logic & touches(self.tables, self.links)
        if settings.link_base == "all":
            return counted
        return counted & (self.total(settings) & ~self.complete)[self.links["after"]]

    def days(self, hours: Any) -> Floats:
        """Convert hours to days of each task's calendar."""
        return self.tables.working_time.days(hours, self.tables.tasks["calendar_id"])

    @cached_property
    def remaining_days(self) -> Floats:
        """Remaining duration in days, of a task not started else its planned one; NaN where unknown."""
        return self.days(floats(remaining_hours(self.tables.tasks)))

    @cached_property
    def baseline_finish(self) -> pd.Series[Any] | None:
        """Finish in the baseline (a start milestone's only date), or None."""
        return None if self.baseline is None else span(self.baseline.dates)["finish"]

    def no_baseline(self) -> str:
        """Return why a check that needs a baseline cannot be made."""
        return f"There is no baseline. {why_no_baseline(self.tables)}"

    @property
    def no_data_date(self) -> str:
        """Why a check that needs a data date cannot be made; empty where there is one."""
        return "The schedule has no data date." if pd.isna(self.tables.data_date) else ""

    @cached_property
    def forecast_in_past(self) -> Flags:
        """Mask of tasks that should have started, or be over, by the data date and have not, or are not."""
        tasks, now = self.tables.tasks, self.tables.data_date
        start = (tasks["planned_start"] < now) & ~is_started(tasks)
        finish = (tasks["planned_finish"] < now) & ~self.complete
        return np.asarray(start | finish, dtype=bool)

    @cached_property
    def undated(self) -> Flags:
        """Mask of tasks with neither a planned nor an actual date."""
        return np.asarray(self.tables.tasks[list(DATES)].isna().all(axis=1), dtype=bool)

    @cached_property
    def actual_in_future(self) -> Flags:
        """Mask of tasks recorded with an actual date after the data date."""
        return np.asarray((self.tables.recorded > self.tables.data_date).any(axis=1), dtype=bool)

    def on_another_day(self, dates: pd.DataFrame, *, before: bool) -> Flags:
        """Return a mask of tasks with one of the dates on a day before (after) that of the data date, as in DECM."""
        # DECM 06A506a and b compare days: work planned for the evening of the data date is not in the past.
        days = dates.apply(lambda column: column.dt.normalize())
        now: Any = self.tables.data_date
        today = now.normalize()
        return np.asarray((days < today if before else days > today).any(axis=1), dtype=bool)


def share(
    rule: str,
    offending: Flags,
    base: Flags,
    why: Any = "",
    *,
    of_links: bool = False,
    note: str = "",
    nothing: str = "tasks",
    unknown: Flags | None = None,
    lacking: str = "",
) -> Finding:
    """Count what offends among what is looked at; where nothing is known of any of it, that is no pass."""
    positions = np.flatnonzero(offending & base)
    total = int(base.sum())
    blank = 0 if unknown is None else int((unknown & base).sum())
    # A pass would say that all is well where nothing was looked at.
    if total and blank == total:
        return Finding(rule, not_evaluated=f"None of the {total:,} {nothing} has {lacking}.")
    if blank:
        note = f"{note} {blank:,} of them have no {lacking.removeprefix('a ')} and are not counted.".strip()
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


def constraint_list(name: str) -> tuple[str, ...]:
    """Return the list of that name.

    Raises
    ------
    InvalidRequest
        There is no such list.
    """
    if str(name) not in HARD_CONSTRAINTS:
        raise InvalidRequest(f"There is no list of hard constraints {name!r}.", hint=nearest(name, HARD_CONSTRAINTS))
    return HARD_CONSTRAINTS[name]
