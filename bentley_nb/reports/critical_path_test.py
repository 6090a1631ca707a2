"""The critical path test: work added to the first task of the path must move the finish by as much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import identity, whole_number
from bentley_nb.reports.basis.nullable import flags, integers, numbers, text
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.model import NEEDS, Model, instants, timestamp
from bentley_nb.reports.cpm.passes import NetworkDates
from bentley_nb.reports.cpm.reconcile import Hold, OutOfSequence, Reconciled, reconcile
from bentley_nb.reports.cpm.trace import Trace

_TOLERANCE = 0.05


@dataclass(frozen=True)
class PathTest:
    """What a delay of one task does to the finish, in seconds and in working days of the task's calendar."""

    reading: str
    node: int
    finish_before: int
    finish_after: int
    moved: float
    passes: bool


def critical_path_test(
    s: Source,
    *,
    days: int = 600,
    task: str | None = None,
    hold: Hold | None = None,
    out_of_sequence: OutOfSequence | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return how far the finish moves when the first task of the path takes so many working days longer.

    Point 12 of the DCMA's assessment: the finish must move by as much, or the path is broken by constraints or missing
    logic. Authors differ on which task is tested: the first incomplete one of the longest path (judged here) or the
    one with least float; both are shown.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    days
        Working days of the tested task's own calendar that are added.
    task
        Id, user-defined id or exact name of the task to test instead.
    hold, out_of_sequence
        As for ``network_check``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per reading, the judged one first: ``reading`` (longest path, least float; or named), ``id``,
        ``user_defined_id``, ``name``, ``wbs_path``, ``added_working_days``, ``finish_before``, ``finish_after``,
        ``moved_working_days`` (of the tested task's calendar), ``passes`` (moved within 5 % of what was added).

    Raises
    ------
    InvalidRequest
        The stored dates do not follow from the network (see ``network_check``), or the task is unknown or complete.

    Examples
    --------
    >>> bn.reports.critical_path_test(s)["reading"].iloc[0]
    'longest path'
    """
    whole_number(days, "days", 1)
    tables = Tables.of(s, data_date, NEEDS)
    found = reconcile(Model.of(tables), hold=hold, out_of_sequence=out_of_sequence)
    tests = list(path_tests(found, days, task))
    frame = pd.DataFrame({"reading": text([test.reading for test in tests])})
    model = found.model
    who = identity(tables).drop(columns=["type", "state"])
    frame = pd.concat([frame, who.iloc[[model.task[test.node] for test in tests]].reset_index(drop=True)], axis=1)
    frame["added_working_days"] = integers([days] * len(tests))
    frame["finish_before"] = instants([test.finish_before for test in tests])
    frame["finish_after"] = instants([test.finish_after for test in tests])
    frame["moved_working_days"] = numbers(np.array([test.moved for test in tests]))
    frame["passes"] = flags([test.passes for test in tests])
    facts = {"passes": tests[0].passes, **{test.reading.replace(" ", "_"): test.moved for test in tests}}
    notes = [*(in_words(model, test, days) for test in tests), *found.notes, *model.notes]
    return as_report(frame, tables, "critical_path_test", notes, facts)


def path_tests(found: Reconciled, days: int, task: str | None = None) -> Iterator[PathTest]:
    """Test the first incomplete task of the longest path, then the one of least float; or only the task named.

    Raises
    ------
    InvalidRequest
        The passes do not agree with the stored dates, or the task is unknown or complete.
    """
    model, schedule = found.model, found.schedule
    found.require(found.targets(None))
    if task is not None:
        node = model.find(task)
        if model.activities[node].is_complete:
            raise InvalidRequest(f"{model.name(node)} is complete.", hint="Test a task that is open.")
        yield _test(found, "named", node, days)
        return
    trace = Trace.of(model, found.options, list(schedule.early_start), list(schedule.early_finish))
    gap, _ = trace.gaps(trace.latest(), 0)

    def first(n: int) -> tuple[int, int, int]:
        return schedule.early_start[n], schedule.early_finish[n], n

    path = min((n for n in model.scheduled if n in gap), key=first)
    yield _test(found, "longest path", path, days)
    work = [n for n in model.scheduled if schedule.remaining[n]]
    if work and not found.held:
        least = min(work, key=lambda n: (schedule.total_float(n), *first(n)[:2], model.name(n)))
        yield _test(found, "least float", least, days)


def in_words(model: Model, test: PathTest, days: int) -> str:
    """Return what the test of one task showed."""
    verdict = "passes" if test.passes else "fails"
    return (
        f"{days:,} working days added to {model.name(test.node)} ({test.reading}) move the finish by "
        f"{test.moved:,.1f}, to {timestamp(test.finish_after):%Y-%m-%d %H:%M}: {verdict}."
    )


def _test(found: Reconciled, reading: str, node: int, days: int) -> PathTest:
    model, schedule = found.model, found.schedule
    activities = list(model.activities)
    activity = activities[node]
    clock, added = activity.clock, days * activity.clock.per_day
    if schedule.remaining[node]:
        activities[node] = replace(activity, remaining=schedule.remaining[node] + added)
    else:  # a key date has no duration to add to
        later = clock.latest(clock.position(schedule.early_start[node]) + added)
        activities[node] = replace(activity, not_before=later)
    after = NetworkDates(replace(model, activities=activities).network(), found.options).forward()
    before, now = found.finish_of(model.scheduled), found.finish_of(model.scheduled, after)
    moved = (clock.position(now) - clock.position(before)) / clock.per_day
    return PathTest(reading, node, before, now, moved, abs(moved - days) <= _TOLERANCE * days)
