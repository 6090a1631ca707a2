"""Health checks of performance against baseline and critical path: points 11 to 14 of the DCMA's assessment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags
from bentley_nb.reports.basis.about import day_words
from bentley_nb.reports.basis.nullable import is_missing
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import Model
from bentley_nb.reports.cpm.reconcile import reconcile
from bentley_nb.reports.critical_path_test import in_words, path_tests
from bentley_nb.reports.health.facts import CheckSettings, Facts, Finding, share

_MOST_TASKS = 10_000  # the passes of the critical path test take some 0.2 s per 1,000 tasks


def missed_tasks(facts: Facts, settings: CheckSettings) -> Finding:
    """Check tasks due by the baseline that finished, or will finish, after it."""
    finish = "an actual finish" if settings.missed == "completed" else "an actual or forecast finish"
    due_words = "tasks with a baseline finish by the data date"
    rule = f"{due_words} and {finish} after it / {due_words}"
    if facts.baseline_finish is None:
        return Finding(rule, not_evaluated=facts.no_baseline())
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    due = _due(facts, settings, facts.baseline_finish)
    # What is still open cannot finish before the data date, whatever its planned finish says.
    overtaken = (facts.baseline_finish < facts.tables.data_date).to_numpy(dtype=bool) & ~facts.complete
    late = (facts.dates["finish"] > facts.baseline_finish).to_numpy(dtype=bool) | overtaken
    if settings.missed == "completed":
        late = late & facts.complete
    why = np.where(facts.complete, "finished late", "not finished").astype(object)
    return share(rule, late, due, why, nothing="tasks due by the data date")


def _due(facts: Facts, settings: CheckSettings, baseline_finish: pd.Series[Any]) -> Flags:
    """Return a mask of the tasks the baseline wanted finished by the data date."""
    return np.asarray(facts.total(settings) & (baseline_finish <= facts.tables.data_date).to_numpy(), dtype=bool)


def critical_path_test(facts: Facts, _settings: CheckSettings) -> Finding:
    """Check whether a delay of the first task of the longest path delays the finish by as much."""
    days = 600
    rule = (
        f"{days} working days added to the first task of the longest path must move the finish by as much, within 5 %"
    )
    tasks = len(facts.tables.tasks)
    if tasks > _MOST_TASKS:
        reason = f"With {tasks:,} tasks it takes too long to be part of the health report."
        return Finding(rule, not_evaluated=f"{reason} Run bn.reports.critical_path_test(s).")
    return facts.tables.keep("critical path test", lambda: _test(facts.tables, rule, days))


def _test(tables: Tables, rule: str, days: int) -> Finding:
    try:
        found = reconcile(Model.of(tables))
        test = next(path_tests(found, days))
    except InvalidRequest as error:
        return Finding(rule, not_evaluated=" ".join(filter(None, [error.message, error.hint])))
    place = np.array([found.model.task[test.node]], dtype=np.int64)
    moved = np.array([f"moves the finish by {test.moved:,.1f} of {days} working days"], dtype=object)
    failed = not test.passes
    return Finding(
        rule,
        numerator=int(failed),
        denominator=1,
        offenders=place[: int(failed)],
        why=moved[: int(failed)],
        note=in_words(found.model, test, days),
    )


def critical_path_length_index(facts: Facts, settings: CheckSettings) -> Finding:
    """Check the critical path length against the float of the completion task."""
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
    who = f"Completion task: {_called(tasks.iloc[place])}, {day_words(finish)}."
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
    note = f"{who} Its current finish is used as the early finish, which the service does not give."
    imposed = str(tasks["constraint_type"].iloc[place]) in _IMPOSED_FINISH
    if settings.completion_float == "total float" and spare == 0 and not imposed:
        note += " No finish is imposed on it, so its total float is 0 by construction and the index 1."
        if facts.baseline_finish is not None and pd.notna(due := facts.baseline_finish.iloc[place]):
            against = float(working.working_days(finish, due, calendar)[0])
            note += f" Against its baseline finish the index is {cpli(length, against):.3f}."
    return Finding(rule, numerator=length + spare, denominator=length, value=cpli(length, spare), note=note)


_IMPOSED_FINISH = ("MandatoryFinish", "FinishOn", "FinishBefore", "CannotReschedule")


def cpli(critical_path_length: float, total_float: float) -> float:
    """Return the critical path length index.

    Parameters
    ----------
    critical_path_length
        Working days from the data date to the finish of the completion task; above 0.
    total_float
        Working days of float of that task; negative where it will be late.

    Examples
    --------
    The examples of the NDIA *Planning and Scheduling Excellence Guide*, 20 days of float on 80 and on 800 days (the
    guide rounds the second to 1.03):

    >>> from bentley_nb.reports.health.performance import cpli
    >>> cpli(80, 20), cpli(800, 20)
    (1.25, 1.025)
    """
    return (critical_path_length + total_float) / critical_path_length


def _called(task: pd.Series[Any]) -> str:
    """Return what a task is called, with the id planners use behind its name."""
    name, code = (None if is_missing(task[column]) else str(task[column]) for column in ("name", "user_defined_id"))
    return f"{name} ({code})" if name and code else name or code or str(task["id"])


def _completion_task(facts: Facts, settings: CheckSettings) -> int | None:
    """Return the position of the completion task: the one named, else the open one with the latest finish."""
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
    finish = facts.dates["finish"].where(facts.tables.open).dropna()
    if finish.empty:
        return None
    last = finish.index[finish == finish.max()]
    milestone = [place for place in last if tasks["type"].iloc[place] == "FinishKeyDate"]
    return int((milestone or list(last))[0])


def baseline_execution_index(facts: Facts, settings: CheckSettings) -> Finding:
    """Check completed tasks against those the baseline wanted completed.

    The note counts hit tasks both ways: of those due (Edwards 2016), and on or before the baseline finish (NDIA,
    *A Guide to Managing Programs Using Predictive Measures*, 2014).
    """
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
    finished = facts.dates["finish"].dt.normalize() <= facts.baseline_finish.dt.normalize()
    on_time = int((due & facts.complete & finished.to_numpy(dtype=bool)).sum())
    percent = f" ({100 * hit / due.sum():.1f} %)" if due.any() else ""
    open_ = np.flatnonzero((due | without) & ~facts.complete)
    return Finding(
        rule,
        numerator=completed,
        denominator=wanted,
        value=completed / wanted,
        offenders=open_,
        why=np.where(without[open_], "no baseline, not complete", "due and not complete").astype(object),
        note=f"Hit tasks: {hit:,} of {int(due.sum()):,} due are complete{percent} (Edwards 2016); {on_time:,} of them "
        f"finished on or before the baseline finish (NDIA 2014). {unbaselined:,} without a baseline.",
    )


def not_baselined(facts: Facts, settings: CheckSettings) -> Finding:
    """Check tasks without baseline dates."""
    rule = "tasks and milestones without baseline dates / tasks and milestones"
    if facts.baseline_finish is None:
        return Finding(rule, not_evaluated=facts.no_baseline())
    return share(rule, facts.baseline_finish.isna().to_numpy(), facts.total(settings), "no baseline dates")
