"""Critical path method over working calendars: forward pass, backward pass, total and free float.

It is independent of ``reports/cpm``, which works by Primavera's rules: what the sandbox schedules checks the reports
from outside. It is simpler, too: logic does not pass through completed work, and there is no must-finish date.

Works with retained logic: what is finished keeps its actual dates, what is in progress continues after the data date
and after its predecessors, and nothing open starts before the data date. All work positions (``*_work``) are seconds
of working time on the task's own calendar, so floats are differences of two of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.programme.working_time import WorkingCalendar

FS, SS, FF, SF = "FinishToStart", "StartToStart", "FinishToFinish", "StartToFinish"
_FROM_FINISH, _TO_START = (FS, FF), (FS, SS)


@dataclass(slots=True)
class Dependency:
    """A dependency between two tasks, by position; ``lag`` in working seconds, negative for a lead."""

    predecessor: int
    successor: int
    type: str
    lag: int
    calendar: WorkingCalendar


@dataclass(slots=True)
class Step:
    """What the passes know of a task, and what they find out.

    ``not_before`` and ``not_later`` are its constraint dates; ``fixed`` pins its start whatever the logic says;
    a ``span`` (hammock) takes its dates from its links and drives nothing; ``opening`` marks a start milestone, which
    stands at the beginning of a shift and not at the end of the one before.
    """

    calendar: WorkingCalendar
    remaining: int
    not_before: int | None = None
    not_later: int | None = None
    fixed: bool = False
    span: bool = False
    opening: bool = False
    actual_start: int | None = None
    actual_finish: int | None = None
    early_start: int = 0
    early_finish: int = 0
    start_work: int = 0
    finish_work: int = 0
    late_finish_work: int = 0
    free_float: int = 0

    @property
    def total_float(self) -> int:
        """Working seconds by which the finish may slip without moving the end of the project or a deadline."""
        return self.late_finish_work - self.finish_work


@dataclass
class DatedNetwork:
    """Tasks and links of a project.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.calendar_items import demo_calendars
    >>> from bentley_nb.sandbox.programme.guids import instant, moment
    >>> from bentley_nb.sandbox.programme.dating import FS, Dependency, DatedNetwork, Step
    >>> from bentley_nb.sandbox.programme.working_time import WorkingCalendar
    >>> span = moment("2024-01-01T00:00:00Z"), moment("2025-01-01T00:00:00Z")
    >>> cal = WorkingCalendar(demo_calendars("doc")[0], *span)
    >>> day = 8 * 3600
    >>> network = DatedNetwork([Step(cal, 5 * day), Step(cal, 2 * day)], [Dependency(0, 1, FS, 0, cal)])
    >>> network.schedule(moment("2024-03-04T08:00:00Z"))
    >>> [(instant(s.early_start), instant(s.early_finish), s.total_float) for s in network.steps]
    [('2024-03-04T08:00:00Z', '2024-03-08T17:00:00Z', 0), ('2024-03-11T08:00:00Z', '2024-03-12T17:00:00Z', 0)]
    """

    steps: list[Step]
    links: Sequence[Dependency]
    _into: list[list[Dependency]] = field(init=False, repr=False)
    _out: list[list[Dependency]] = field(init=False, repr=False)
    _order: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._into = [[] for _ in self.steps]
        self._out = [[] for _ in self.steps]
        for link in self.links:
            self._into[link.successor].append(link)
            self._out[link.predecessor].append(link)
        self._order = self._sorted()

    def with_steps(self, steps: list[Step]) -> DatedNetwork:
        """Return the same links between other steps."""
        other = copy(self)
        other.steps = steps
        return other

    def schedule(self, data_date: int) -> None:
        """Run both passes; nothing open starts before ``data_date``."""
        self.forward(data_date)
        self.backward()

    def forward(self, data_date: int, since: Iterable[int] | None = None) -> None:
        """Find the early dates; where they are known, only those of the tasks in ``since`` and of what follows them."""
        for index in self._onwards(since):
            self._forward(self.steps[index], self._into[index], data_date)

    def backward(self, wanted: Iterable[int] | None = None) -> None:
        """Find the floats, all or only the ``wanted`` ones; the early dates must be known."""
        end = max((step.early_finish for step in self.steps), default=0)
        for index in reversed(self._onwards(wanted)):
            self._backward(self.steps[index], self._out[index], end)

    def _onwards(self, first: Iterable[int] | None) -> list[int]:
        """Return tasks and all that follow them, each after its predecessors; without ``first`` all there are."""
        if first is None:
            return self._order
        found = set(first)
        for index in self._order:
            if index in found:
                found.update(link.successor for link in self._out[index])
        return [index for index in self._order if index in found]

    def _sorted(self) -> list[int]:
        waiting = [len(links) for links in self._into]
        ready = deque(index for index, count in enumerate(waiting) if not count)
        order = []
        while ready:
            index = ready.popleft()
            order.append(index)
            for link in self._out[index]:
                waiting[link.successor] -= 1
                if not waiting[link.successor]:
                    ready.append(link.successor)
        if len(order) < len(self.steps):
            raise InvalidRequest("The links of the schedule form a cycle.")
        return order

    def _forward(self, step: Step, into: list[Dependency], data_date: int) -> None:
        calendar = step.calendar
        if step.actual_finish is not None:
            start = step.actual_finish if step.actual_start is None else step.actual_start
            step.early_start, step.early_finish = start, step.actual_finish
            step.start_work, step.finish_work = calendar.work_at(start), calendar.work_at(step.actual_finish)
            return
        starts = finishes = data_date
        steps = self.steps
        for link in into:
            before, type_ = steps[link.predecessor], link.type
            at = before.early_finish if type_ in _FROM_FINISH else before.early_start
            if at > data_date and before.actual_finish is not None:
                at = data_date  # as Primavera does where a finish was recorded ahead
            if link.lag:
                at = link.calendar.finish_at(link.calendar.work_at(at) + link.lag)
            if type_ not in _TO_START:
                finishes = max(finishes, at)
            elif at > starts:
                starts = at
        if step.not_before is not None:
            starts = step.not_before if step.fixed else max(starts, step.not_before)
        start_work = calendar.work_at(starts)
        if step.span:
            step.remaining = max(0, calendar.work_at(finishes) - start_work)
        elif finishes > data_date and not step.fixed:
            start_work = max(start_work, calendar.work_at(finishes) - step.remaining)
        remaining = step.remaining
        step.start_work, step.finish_work = start_work, start_work + remaining
        finish = (calendar.start_at if step.opening else calendar.finish_at)(start_work + remaining)
        step.early_finish = finish
        if step.actual_start is not None:
            step.early_start = step.actual_start
        else:
            step.early_start = calendar.start_at(start_work) if remaining else finish

    def _backward(self, step: Step, out: list[Dependency], end: int) -> None:
        calendar = step.calendar
        late = calendar.work_at(end if step.not_later is None else min(end, step.not_later))
        free: int | None = None
        for link in out:
            after = self.steps[link.successor]
            if after.actual_finish is not None or after.span or after.fixed:
                continue  # these do not move, whatever comes before them
            from_start = link.type in (SS, SF)
            if from_start and step.actual_start is not None:
                continue  # what has started no longer holds anything back by its start
            to_start = link.type in _TO_START
            late_work = after.late_finish_work - (after.remaining if to_start else 0)
            early_work = after.start_work if to_start else after.finish_work
            length = step.remaining if from_start else 0
            late = min(late, self._latest(link, after, late_work, step, from_start) + length)
            slack = self._latest(link, after, early_work, step, from_start) + length - step.finish_work
            free = slack if free is None else min(free, slack)
        step.late_finish_work = late
        if free is None:
            free = calendar.work_at(end) - step.finish_work
        step.free_float = max(0, free)

    def _latest(self, link: Dependency, after: Step, work: int, step: Step, from_start: bool) -> int:
        """Return the latest work position of ``step`` that lets ``after`` be at ``work``: the forward step inverted."""
        if after.calendar is step.calendar and (not link.lag or link.calendar is step.calendar):
            return work - link.lag
        at = after.calendar.start_at(work)
        if link.lag:
            at = link.calendar.start_at(link.calendar.work_at(at) - link.lag)
        found = step.calendar.work_at(at)
        begins = step.opening or (from_start and step.remaining > 0)
        if begins and step.calendar.start_at(found) > at:
            found -= 1  # nothing begins inside a break: the last second of work before it
        return found
