"""WBS nodes rolled up from the activities below them: dates, percent weighted by duration, status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY
from bentley_nb.sandbox.programme.guids import Item, instant
from bentley_nb.sandbox.programme.plan import Plan, RowProgress

_NEVER, _EVER = 1 << 62, -1


@dataclass(slots=True)
class _Below:
    """What is known of everything below a node; the dates are empty spans until something is added."""

    start: int = _NEVER
    finish: int = _EVER
    actual_start: int = _NEVER
    actual_finish: int = _EVER
    seconds: int = 0
    earned: int = 0
    states: set[str] = field(default_factory=set)

    def add(self, start: int, finish: int, actual_start: int, actual_finish: int, seconds: int, earned: int) -> None:
        self.start, self.finish = min(self.start, start), max(self.finish, finish)
        self.actual_start = min(self.actual_start, actual_start)
        self.actual_finish = max(self.actual_finish, actual_finish)
        self.seconds += seconds
        self.earned += earned


def summaries(plan: Plan, progress: Mapping[int, RowProgress]) -> dict[int, Item]:
    """Return the members of each WBS node, by row; a node with nothing below it has no dates."""
    below = {index: _Below() for index, row in enumerate(plan.rows) if row.wbs}
    # A node stands before what is below it, so that the way back meets the leaves first.
    for index in range(len(plan.rows) - 1, -1, -1):
        row = plan.rows[index]
        if row.parent is None:
            continue
        above = below[row.parent]
        if row.wbs:
            of = below[index]
            above.add(of.start, of.finish, of.actual_start, of.actual_finish, of.seconds, of.earned)
            above.states |= of.states
        else:
            status, start, finish, percent = progress[index]
            step = plan.current[index]
            begun, done = step.actual_start, step.actual_finish
            actual = (_NEVER, _EVER) if begun is None else (begun, begun if done is None else done)
            seconds = row.seconds if row.type == "Work" else 0  # hammocks and key dates hold no work of their own
            above.add(start, finish, *actual, seconds, seconds * percent)
            above.states.add(status)
    return {index: _node(plan, found) for index, found in below.items()}


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
