"""What moves if work starts later, takes longer, or a link gets another lag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.dates import read_possible_date
from bentley_nb.reports.basis.identity import identity
from bentley_nb.reports.basis.nullable import numbers
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.model import NEEDS, Model, instants, read_duration, timestamp
from bentley_nb.reports.cpm.passes import FINISH_MILESTONE, START_MILESTONE, NetworkDates
from bentley_nb.reports.cpm.reconcile import Hold, OutOfSequence, Reconciled, reconcile

_CHANGES = ("delay", "remaining", "not_before", "lag")


def what_if(
    s: Source,
    changes: Mapping[str, Any] | pd.DataFrame,
    *,
    to: str | None = None,
    hold: Hold | None = None,
    out_of_sequence: OutOfSequence | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return what moves under changes to the schedule; nothing is written to the service.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    changes
        By task (id, user-defined id or exact name): ``"+10d"`` (it starts, or if started goes on, ten working days of
        its own calendar later), ``{"remaining": "+5d"}`` (``"5d"`` without a sign sets it), ``{"not_before":
        "2024-07-01"}``; by link id: ``{"lag": "+2d"}``. Hours are ``"4h"``. A frame has a column ``id`` and one or
        more of ``delay``, ``remaining``, ``not_before``, ``lag``.
    to
        Id, user-defined id or exact name of the target; None for the finish of the schedule.
    hold, out_of_sequence
        As for ``network_check``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        The target first, then each open task that moves, in order of start: ``id``, ``user_defined_id``, ``name``,
        ``wbs_path``, ``start_before``, ``start_after``, ``finish_before``, ``finish_after``,
        ``moved_working_days`` (of its own calendar, positive is later). Facts: ``target``, ``finish_before``,
        ``finish_after``, ``moved_days`` (calendar days), ``moved_working_days``, ``moved`` (tasks), and the options.

    Raises
    ------
    InvalidRequest
        The stored dates do not follow from the network (see ``network_check``), a task, link or change is unknown, or
        a change asks for work to start earlier.

    Examples
    --------
    >>> task = bn.reports.driving_path(s).query("state != 'complete'")["id"].iloc[0]
    >>> bn.reports.what_if(s, {task: "+10d"}).columns[-1]
    'moved_working_days'
    """
    tables = Tables.of(s, data_date, NEEDS)
    found = reconcile(Model.of(tables), hold=hold, out_of_sequence=out_of_sequence)
    targets = found.targets(to)
    found.require(targets)
    model, before = found.model, found.schedule
    after = changed(found, changes)

    def moved(n: int, *, start: bool = False) -> int:
        clock = model.activities[n].clock
        was, now = (each.early_start[n] if start else each.early_finish[n] for each in (before, after))
        return clock.position(now) - clock.position(was)

    target = targets[0] if to is not None else last_of(model, after, targets)
    moving = [n for n in model.open if moved(n) or moved(n, start=True)]
    rest = sorted((n for n in moving if n != target), key=lambda n: (before.early_start[n], before.early_finish[n]))
    nodes = [target, *rest]
    frame = identity(tables).drop(columns=["type", "state"]).iloc[[model.task[n] for n in nodes]].reset_index(drop=True)
    kinds = [model.activities[n].kind for n in nodes]
    for side, without in (("start", FINISH_MILESTONE), ("finish", START_MILESTONE)):
        for when, schedule in (("before", before), ("after", after)):
            dates = schedule.early_start if side == "start" else schedule.early_finish
            shown = [None if kind == without else dates[n] for n, kind in zip(nodes, kinds, strict=True)]
            frame[f"{side}_{when}"] = instants(shown)
    frame["moved_working_days"] = numbers(np.array([moved(n) / model.activities[n].clock.per_day for n in nodes]))

    scope = targets if to is not None else model.scheduled
    finishes = [timestamp(found.finish_of(scope, schedule)) for schedule in (before, after)]
    days = (finishes[1] - finishes[0]).total_seconds() / 86_400
    clock = model.activities[target].clock
    working = clock.position(found.finish_of(scope, after)) - clock.position(found.finish_of(scope))
    facts = {
        "target": model.name(target),
        "finish_before": finishes[0],
        "finish_after": finishes[1],
        "moved_days": days,
        "moved_working_days": working / clock.per_day,
        "moved": len(moving),
        "out_of_sequence": found.out_of_sequence,
        "lag_calendar": found.options.lag_calendar,
        "held": len(found.held),
    }
    notes = [
        f"{model.name(target)}: finish {finishes[0]:%Y-%m-%d %H:%M} becomes {finishes[1]:%Y-%m-%d %H:%M}.",
        f"Movement: {days:+,.1f} calendar days, {working / clock.per_day:+,.1f} working days.",
        f"{len(moving):,} of {len(model.open):,} open tasks move.",
        *found.notes,
        f"{len(found.held):,} task(s) are held at their stored start." if found.held else "",
        *model.notes,
    ]
    return as_report(frame, tables, "what_if", filter(None, notes), facts)


def last_of(model: Model, schedule: NetworkDates, preferred: list[int]) -> int:
    """Return the open task that finishes last: of equal ones a preferred one, then a key date."""
    return max(
        model.scheduled,
        key=lambda n: (schedule.early_finish[n], n in preferred, model.activities[n].kind == FINISH_MILESTONE),
    )


def changed(found: Reconciled, changes: Mapping[str, Any] | pd.DataFrame) -> NetworkDates:
    """Return the early dates under changes.

    Raises
    ------
    InvalidRequest
        A task, link or change is unknown, or a change asks for work to start earlier.
    """
    model = found.model
    activities, links = list(model.activities), list(model.links)
    ids = model.link_table["id"].tolist()
    link_of = {ids[row]: number for number, row in enumerate(model.link_rows)}
    for key, change in _listed(changes):
        if key in link_of:
            number = link_of[key]
            link = links[number]
            for name, value in change.items():
                if name != "lag":
                    raise InvalidRequest(f"A link has no {name!r} to change.", hint='Write {link_id: {"lag": "+2d"}}.')
                clock = link.clock or activities[link.before].clock
                lag, signed = read_duration(value, clock, f"Lag of link {key}")
                links[number] = link = replace(link, lag=link.lag + lag if signed else lag)
            continue
        n = model.find(key)
        for name, value in change.items():
            activities[n] = _apply(found, n, activities[n], name, value)
    network = replace(model, activities=activities, links=links).network()
    return NetworkDates(network, found.options).forward()


def _apply(found: Reconciled, n: int, activity: Any, name: str, value: object) -> Any:
    model, clock = found.model, activity.clock
    who = model.name(n)
    if activity.is_complete:
        raise InvalidRequest(f"{who} is complete and cannot move.", hint="Change a task that is open.")
    if name == "delay":
        delay, _ = read_duration(value, clock, who)
        if delay < 0:
            raise InvalidRequest(
                f"{who} cannot start {str(value).lstrip('-')} earlier: its date follows from its logic.",
                hint='Shorten what comes before it ({"remaining": "-5d"}), or change the lag of a link.',
            )
        start = clock.position(found.schedule.early_start[n])
        return replace(activity, not_before=clock.latest(start + delay))
    if name == "remaining":
        if activity.kind in (START_MILESTONE, FINISH_MILESTONE):
            raise InvalidRequest(f"{who} is a key date and has no duration.", hint=f'Write {{"{who}": "+5d"}}.')
        change, signed = read_duration(value, clock, who)
        now = found.schedule.remaining[n]
        return replace(activity, remaining=max(0, now + change if signed else change))
    if name == "not_before":
        until = int(read_possible_date(value, f"{who}:").timestamp())
        return replace(activity, not_before=max(until, activity.not_before or until))
    raise InvalidRequest(f"There is no kind of change {name!r}.", hint=nearest(name, _CHANGES))


def _listed(changes: Mapping[str, Any] | pd.DataFrame) -> list[tuple[str, Mapping[str, Any]]]:
    if isinstance(changes, pd.DataFrame):
        known = [column for column in _CHANGES if column in changes]
        if "id" not in changes or not known:
            raise InvalidRequest(
                "A frame of changes has a column 'id' and one or more of delay, remaining, not_before, lag.",
                hint=f"Its columns: {', '.join(map(str, changes.columns[:12])) or 'none'}.",
            )
        listed: list[tuple[str, Mapping[str, Any]]] = [
            (str(row["id"]), {column: row[column] for column in known if pd.notna(row[column])})
            for row in changes.to_dict("records")
        ]
    elif isinstance(changes, Mapping):
        listed = [(key, value if isinstance(value, Mapping) else {"delay": value}) for key, value in changes.items()]
    else:
        raise InvalidRequest(
            f"changes must be a mapping or a frame, not {type(changes).__name__}.",
            hint='Write {"A100": "+10d"} or {"A100": {"remaining": "+5d"}}.',
        )
    if not listed:
        raise InvalidRequest("There is no change.", hint='Write {"A100": "+10d"}.')
    return listed
