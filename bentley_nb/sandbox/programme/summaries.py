"""WBS nodes rolled up from the activities below them: dates, percent weighted by duration, status."""

from __future__ import annotations

from dataclasses import dataclass, field

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY
from bentley_nb.sandbox.programme.guids import Item, instant
from bentley_nb.sandbox.programme.plan import Plan

_NEVER, _EVER = 1 << 62, -1


@dataclass(slots=True)
class _Below:
    """What is known of everything below a node; the dates are empty spans until something is added."""

    start: int = _NEVER
    finish: int = _EVER
    actual_start: int = _NEVER
    actual_finish: int = _EVER
    seconds: int = 0
    earned: float = 0.0
    states: set[str] = field(default_factory=set)

    def add(self, other: _Below) -> None:
        self.start, self.finish = min(self.start, other.start), max(self.finish, other.finish)
        self.actual_start = min(self.actual_start, other.actual_start)
        self.actual_finish = max(self.actual_finish, other.actual_finish)
        self.seconds += other.seconds
        self.earned += other.earned
        self.states |= other.states


def summaries(plan: Plan) -> dict[int, Item]:
    """Return the members of each WBS node, by row; a node with nothing below it has no dates."""
    below = [_Below() for _ in plan.rows]
    # A node stands before what is below it, so that the way back meets the leaves first.
    for index in range(len(plan.rows) - 1, -1, -1):
        row = plan.rows[index]
        if not row.wbs:
            below[index] = _leaf(plan, index)
        if row.parent is not None:
            below[row.parent].add(below[index])
    return {index: _node(plan, below[index]) for index, row in enumerate(plan.rows) if row.wbs}


def _leaf(plan: Plan, index: int) -> _Below:
    row, step = plan.rows[index], plan.current[index]
    start, finish = plan.planned(index)
    found = _Below(start, finish, states={plan.status(index)})
    if step.actual_start is not None:
        found.actual_start = step.actual_start
        found.actual_finish = step.actual_start if step.actual_finish is None else step.actual_finish
    if row.type == "Work":  # hammocks and key dates hold no work of their own
        found.seconds, found.earned = row.seconds, row.seconds * plan.percent(index)
    return found


def _node(plan: Plan, below: _Below) -> Item:
    status = next(iter(below.states)) if len(below.states) == 1 else "Started" if below.states else "Planned"
    dated, begun, done = below.finish != _EVER, below.actual_finish != _EVER, status == "Finished"
    percent = 100 if done else min(99, round(below.earned / below.seconds)) if below.seconds else 0
    return {
        "status": status,
        "plannedStart": instant(below.start) if dated else None,
        "plannedFinish": instant(below.finish) if dated else None,
        "plannedDuration": plan.working[FIVE_DAY].between(below.start, below.finish) if dated else 0,
        "actualStart": instant(below.actual_start) if begun else None,
        "actualFinish": instant(below.actual_finish) if done else None,
        "percentComplete": percent,
    }
