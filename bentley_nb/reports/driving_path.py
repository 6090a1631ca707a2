"""The driving path: the chain of work and links that sets the finish, or the date of any task."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import at_least_zero, identity
from bentley_nb.reports.basis.nullable import category, integers, numbers, text
from bentley_nb.reports.basis.state import current_dates
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.model import NEEDS, Model, timestamp
from bentley_nb.reports.cpm.trace import DRIVERS, Trace
from bentley_nb.reports.total_float import task_floats


def driving_path(s: Source, to: str | None = None, *, within: float = 0, data_date: object = None) -> pd.DataFrame:
    """Return the work that drives the finish, from the stored dates alone.

    From the target back over links without relationship float, through completed work too. That is Primavera's
    longest path; unlike critical it does not depend on float, deadlines or what the service flags.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    to
        Id, user-defined id or exact name of the target; None for all tasks with the latest finish.
    within
        Working days: near-driving tasks whose gap to the target is no larger are added.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        In order of start: ``order``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``,
        ``start``, ``finish``, ``remaining_duration_hours``, ``calendar``, ``driver`` (link, data date, constraint, as
        late as possible, nothing visible; none for completed work), ``driver_id`` (a predecessor that drives it),
        ``link_type``, ``lag_hours``, ``gap_days`` (the least sum of relationship floats on a way to the target, in
        working days; not a float), ``path`` (1 is the driving path, higher numbers are further from it),
        ``total_float_days`` and ``is_critical`` as served.

    Raises
    ------
    InvalidRequest
        There are no links or no data date, the target is unknown or complete, or ``within`` is not a number of at
        least 0.

    Examples
    --------
    >>> path = bn.reports.driving_path(s)
    >>> bool(path["start"].dropna().is_monotonic_increasing)
    True
    """
    at_least_zero(within, "within must be a number of working days")
    tables = Tables.of(s, data_date, NEEDS)
    model = Model.of(tables)
    trace = Trace.stored(model)
    model = trace.model
    targets = find_targets(model, trace, to)
    gap, by = trace.gaps(targets, float(within))

    floats, _ = task_floats(tables)
    place = np.array([model.task[n] for n in gap], dtype=np.int64)
    nodes = list(gap)
    links = [trace.driving_link(n, gap) for n in nodes]
    everything = pd.concat([identity(tables), current_dates(tables.tasks)], axis=1)
    frame = everything.iloc[place].reset_index(drop=True)
    frame["remaining_duration_hours"] = numbers(
        [model.activities[n].remaining / 3600 if not model.activities[n].is_complete else 0.0 for n in nodes]
    )
    frame["calendar"] = text([model.activities[n].clock.name for n in nodes])
    frame["driver"] = category([trace.driver[n] for n in nodes], DRIVERS)
    table = model.link_table.iloc[[0 if k is None else model.link_rows[k] for k in links]].reset_index(drop=True)
    known = pd.Series([k is not None for k in links], dtype=bool)
    frame["driver_id"] = table["predecessor_id"].where(known)
    frame["link_type"] = table["type"].where(known)
    frame["lag_hours"] = table["lag_hours"].fillna(0.0).where(known)
    gaps = np.round([gap[n] for n in nodes], 6)
    frame["gap_days"] = numbers(gaps)
    frame["path"] = integers(np.unique(gaps, return_inverse=True)[1] + 1)
    for column in ("total_float_days", "is_critical"):
        frame[column] = floats[column].iloc[place].reset_index(drop=True)

    order = pd.DataFrame({"start": frame["start"].fillna(frame["finish"]), "finish": frame["finish"]})
    order["steps"] = [-steps for steps in _steps(nodes, by, model)]
    frame = frame.iloc[order.sort_values(["start", "finish", "steps"], kind="stable").index].reset_index(drop=True)
    frame.insert(0, "order", integers(np.arange(1, len(frame) + 1)))

    on_path = {model.task[n] for n in nodes if gap[n] < 1e-9}
    opened = {model.task[n] for n in model.open}
    critical = set(np.flatnonzero(floats["is_critical"].fillna(value=False).to_numpy(dtype=bool)).tolist()) & opened
    last = max((trace.finishes[n] or 0 for n in targets), default=None)
    named = [model.name(n) for n in targets[:5]]
    facts = {
        "target": named,
        "finish": None if last is None else timestamp(last),
        "tasks": len(on_path),
        "violated": trace.violated,
        "undriven": trace.undriven,
        "critical_not_on_path": len(critical - on_path),
        "on_path_not_critical": len((on_path & opened) - critical),
    }
    more = f" and {len(targets) - 5:,} more" if len(targets) > 5 else ""
    notes = [
        f"What drives {', '.join(named)}{more}: {len(on_path):,} task(s) on the driving path."
        if targets
        else "There is no open task with a finish.",
        "Driving is what sets the dates; critical is what the service flags, and may differ.",
        f"{facts['critical_not_on_path']:,} task(s) flagged critical are not on it.",
        f"{facts['on_path_not_critical']:,} open task(s) on it are not flagged critical.",
        f"{trace.undriven:,} open task(s) in the schedule have a date that nothing visible explains: no link, "
        "constraint or the data date."
        if trace.undriven
        else "",
        f"{trace.violated:,} link(s) into open work are violated by the stored dates (out of sequence, or not "
        "rescheduled)."
        if trace.violated
        else "",
        *model.notes,
    ]
    return as_report(frame, tables, "driving_path", filter(None, notes), facts)


def path_to(s: Source, task: str, *, within: float = 0, data_date: object = None) -> pd.DataFrame:
    """Return the work that drives one task: ``driving_path(s, to=task)``.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    task
        Id, user-defined id or exact name.
    within, data_date
        As for ``driving_path``.

    Returns
    -------
    pandas.DataFrame
        As ``driving_path``.

    Raises
    ------
    InvalidRequest
        As ``driving_path``.

    Examples
    --------
    >>> last = bn.reports.driving_path(s)["id"].iloc[-1]
    >>> bn.reports.path_to(s, last)["id"].iloc[-1] == last
    True
    """
    return driving_path(s, task, within=within, data_date=data_date)


def find_targets(model: Model, trace: Trace, to: str | None) -> list[int]:
    """Return the nodes of a target: the one named, else all open ones with the latest finish.

    Raises
    ------
    InvalidRequest
        The target is unknown or complete.
    """
    if to is None:
        return trace.latest()
    target = model.find(to, "target")
    if model.activities[target].is_complete:
        raise InvalidRequest(
            f"The target {model.name(target)} is complete, so nothing drives it.",
            hint="Name an open task or key date.",
        )
    return [target]


def _steps(nodes: list[int], by: dict[int, int], model: Model) -> list[int]:
    """Count the links between each node and the target; tasks of equal start are listed farthest first."""
    counted: dict[int, int] = {}
    for n in nodes:  # in order of the gap, so what a node leads to was counted before
        link = by.get(n)
        counted[n] = 0 if link is None else counted[model.links[link].after] + 1
    return [counted[n] for n in nodes]
