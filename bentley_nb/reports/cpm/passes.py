"""Forward and backward pass over plain lists, by the rules under which Primavera P6's stored dates are reproduced.

The rules are those of P6 with retained logic or progress override; where they are not obvious a comment names them.
The sandbox has passes of its own (``sandbox/programme/dating.py``): they share nothing with these, so that the
sandbox's schedules are an independent check.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bentley_nb.reports.cpm.clock import Clock

FS, SS, FF, SF = range(4)
FROM_FINISH, INTO_START = (FS, FF), (FS, SS)

TASK, START_MILESTONE, FINISH_MILESTONE, LONG_HAMMOCK, SHORT_HAMMOCK = range(5)


@dataclass(frozen=True, slots=True)
class Activity:
    """What the passes know of a task; instants and durations in seconds, None where there is none.

    ``not_before`` holds the start (or what is left of started work) whatever drives it. Constraints are the earliest
    and latest start and finish; ``mandatory`` ones replace the logic, and a ``pinned`` start also the data date.
    """

    clock: Clock
    remaining: int
    kind: int = TASK
    actual_start: int | None = None
    actual_finish: int | None = None
    start_min: int | None = None
    start_max: int | None = None
    finish_min: int | None = None
    finish_max: int | None = None
    start_mandatory: int | None = None
    finish_mandatory: int | None = None
    pinned: int | None = None
    as_late_as_possible: bool = False
    expected_finish: int | None = None
    not_before: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it has an actual finish."""
        return self.actual_finish is not None

    @property
    def is_started(self) -> bool:
        """Whether it has an actual start."""
        return self.actual_start is not None

    @property
    def is_hammock(self) -> bool:
        """Whether its dates come from what it spans."""
        return self.kind >= LONG_HAMMOCK


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two tasks by position; ``lag`` in working seconds of ``clock`` (None: not served)."""

    before: int
    after: int
    kind: int
    lag: int = 0
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """Settings of the scheduler that the API does not serve.

    ``lag_calendar`` is "link" (the link's own, else the predecessor's), "predecessor", "successor" or "24h". ``floor``
    is the earliest start of work not started, ``end`` the date floats are counted to (None: the latest finish), and
    ``expected`` says whether expected finishes set the remaining duration.
    """

    data_date: int
    floor: int
    override: bool = False
    lag_calendar: str = "link"
    end: int | None = None
    expected: bool = True


class Allowance(NamedTuple):
    """A link as the passes use it: the lag that is left, on its clock, and an instant it never allows before."""

    other: int
    kind: int
    lag: int
    clock: Clock
    least: int | None


class CircularLogicError(Exception):
    """The links lead from a task back to itself; ``members`` are positions on the cycle."""

    def __init__(self, members: list[int]) -> None:
        super().__init__(members)
        self.members = members


@dataclass
class Network:
    """Activities and links in an order in which predecessors come first."""

    activities: Sequence[Activity]
    links: Sequence[Link]
    always: Clock
    order: list[int] = field(init=False)

    def __post_init__(self) -> None:
        # Hammocks take dates from both sides and drive nothing, so they are no part of the order.
        logic = [link for link in self.links if not self._at_hammock(link)]
        self.order = ordered(len(self.activities), logic)

    def _at_hammock(self, link: Link) -> bool:
        return self.activities[link.before].is_hammock or self.activities[link.after].is_hammock


def lag_clock(link: Link, activities: Sequence[Activity], always: Clock, options: NetworkOptions) -> Clock:
    """Return the clock that the lag of a link is counted on."""
    match options.lag_calendar:
        case "link":
            return link.clock or activities[link.before].clock
        case "predecessor":
            return activities[link.before].clock
        case "successor":
            return activities[link.after].clock
    return always


def resolve(link: Link, activities: Sequence[Activity], always: Clock, options: NetworkOptions) -> Allowance:
    """Return the link with the lag that is still to run at the data date."""
    before, clock = activities[link.before], lag_clock(link, activities, always, options)
    lag, least, now = link.lag, None, options.data_date
    # Progress uses up a lag: only its part after the data date still holds the successor.
    if before.actual_finish is not None:
        if link.kind in FROM_FINISH:  # of a lag what is left is counted, of a lead nothing is
            lag = max(0, lag - max(0, clock.position(now) - clock.position(before.actual_finish)))
        else:
            start = before.actual_finish if before.actual_start is None else before.actual_start
            least, lag = shifted(clock, start, lag), 0
    elif before.actual_start is not None and link.kind not in FROM_FINISH and lag > 0:
        done = before.clock.position(now) - before.clock.position(before.actual_start)
        lag = max(0, lag - max(0, done))
    return Allowance(link.before, link.kind, lag, clock, least)


def ordered(count: int, links: Sequence[Link]) -> list[int]:
    """Return the positions with every predecessor before its successors.

    Raises
    ------
    CircularLogicError
        There is no such order.
    """
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for link in links:
        after[link.before].append(link.after)
        waiting[link.after] += 1
    ready = deque(n for n in range(count) if not waiting[n])
    order: list[int] = []
    while ready:
        n = ready.popleft()
        order.append(n)
        for other in after[n]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    if len(order) < count:
        raise CircularLogicError(_circle(after, waiting))
    return order


def _circle(after: list[list[int]], waiting: list[int]) -> list[int]:
    """Walk backwards among the tasks that wait: a task met twice is on a cycle."""
    before: dict[int, int] = {}
    for n, others in enumerate(after):
        if waiting[n]:
            before.update((other, n) for other in others if waiting[other])
    n = next(iter(before))
    seen: dict[int, int] = {}
    while n not in seen:
        seen[n] = len(seen)
        n = before[n]
    return [member for member, place in seen.items() if place >= seen[n]][::-1]


def shifted(clock: Clock, instant: int, lag: int) -> int:
    """Return the instant so much working time later: a lag ends with a shift, a lead begins with one."""
    if lag > 0:
        return clock.earliest(clock.position(instant) + lag)
    if lag < 0:
        return clock.latest(clock.position(instant) + lag)
    return instant


def allowed(link: Allowance, start: int, finish: int, data_date: int) -> int:
    """Return the instant before which a link holds its successor, from the predecessor's start and finish."""
    at = finish if link.kind in FROM_FINISH else start
    if link.lag:
        at = shifted(link.clock, at, link.lag)
        if link.lag < 0 and at < data_date:  # a lead reaches no further back than the data date
            at = data_date
    return at if link.least is None or link.least < at else link.least


@dataclass
class NetworkDates:
    """A network under options, with the dates of its passes; completed tasks carry the date they pass on.

    ``ignored`` are the links out of sequence that progress override does not follow.
    """

    network: Network
    options: NetworkOptions
    early_start: list[int] = field(default_factory=list)
    early_finish: list[int] = field(default_factory=list)
    late_start: list[int] = field(default_factory=list)
    late_finish: list[int] = field(default_factory=list)
    remaining: list[int] = field(default_factory=list)
    into: list[list[Allowance]] = field(default_factory=list)
    out: list[list[Allowance]] = field(default_factory=list)

    def __post_init__(self) -> None:
        network, override = self.network, self.options.override
        activities = network.activities
        self.into = [[] for _ in activities]
        self.out = [[] for _ in activities]
        self.spanned: list[tuple[Link, Allowance]] = []
        for link in network.links:
            resolved = resolve(link, activities, network.always, self.options)
            before, after = activities[link.before], activities[link.after]
            if before.is_hammock or after.is_hammock:
                self.spanned.append((link, resolved))
                continue
            # Progress override: work that has begun no longer waits for predecessors of its start.
            if override and (after.is_complete or (after.is_started and link.kind in INTO_START)):
                continue
            self.into[link.after].append(resolved)
            if after.pinned is not None:  # it does not move, whatever comes before it
                continue
            self.out[link.before].append(Allowance(link.after, *resolved[1:]))

    def forward(self) -> NetworkDates:
        """Compute early dates; then what is to be as late as possible moves up to its successors."""
        options, activities = self.options, self.network.activities
        now = options.data_date
        count = len(activities)
        starts, finishes, self.remaining = [now] * count, [now] * count, [a.remaining for a in activities]
        self.early_start, self.early_finish = starts, finishes
        for n in self.network.order:
            a = activities[n]
            if a.is_hammock:
                continue
            # Nothing is scheduled before the data date; the floor may lie later (the project's planned start).
            start = now if a.actual_start is not None else options.floor
            finish = None
            for link in self.into[n]:
                at = allowed(link, starts[link.other], finishes[link.other], now)
                if link.kind <= SS:
                    start = max(start, at)
                elif finish is None or at > finish:
                    finish = at
            if a.actual_finish is not None:
                # Retained logic passes through completed work, as one instant.
                starts[n] = finishes[n] = now if options.override else max(start, finish or start)
                continue
            self._place(n, start, finish)
        if any(a.as_late_as_possible for a in activities):
            self._late_as_possible()
        self._span(starts, finishes)
        return self

    def _place(self, n: int, start: int, finish: int | None) -> None:
        a, now, remaining = self.network.activities[n], self.options.data_date, self.remaining[n]
        clock = a.clock
        # Constraints on the start end with the actual start.
        if a.actual_start is None:
            if a.start_min is not None and a.start_min > start:
                start = a.start_min
        elif now > start:
            start = now
        if a.not_before is not None and a.not_before > start:
            start = a.not_before
        position = clock.position(start)
        held = finish is not None
        if a.finish_min is not None and (finish is None or a.finish_min > finish):
            finish = a.finish_min
        if finish is not None:
            position = max(position, clock.position(finish) - remaining)  # work stays in one piece
        if a.pinned is not None:
            position = clock.position(a.pinned)
        elif a.start_mandatory is not None and a.actual_start is None:
            position = clock.position(max(now, a.start_mandatory))
        elif a.finish_mandatory is not None:
            position = max(clock.position(now), clock.position(a.finish_mandatory) - remaining)
        elif self.options.expected and a.expected_finish is not None and not held and a.expected_finish >= now:
            until = clock.position(a.expected_finish) - position
            if until >= 0:
                # As in P6: an expected finish replaces the remaining duration, unless a finish link already sets it.
                self.remaining[n] = remaining = until
        self._set(n, position, remaining)

    def _set(self, n: int, position: int, remaining: int) -> None:
        clock, kind = self.network.activities[n].clock, self.network.activities[n].kind
        if remaining:
            self.early_start[n], self.early_finish[n] = clock.latest(position), clock.earliest(position + remaining)
            return
        at = clock.earliest(position) if kind == FINISH_MILESTONE else clock.latest(position)
        if at < self.options.data_date:  # 17:00 of the evening before is the same position, but past
            at = clock.latest(position)
        self.early_start[n] = self.early_finish[n] = at

    def _late_as_possible(self) -> None:
        end = max(self.early_finish)
        for n in reversed(self.network.order):
            a = self.network.activities[n]
            if not a.as_late_as_possible or a.actual_start is not None or a.is_complete:
                continue
            latest, _ = self._latest(n, end, self.early_start, self.early_finish)
            # Zero free float: it moves to just before its earliest successor, never past it.
            latest -= self.remaining[n]
            if latest > a.clock.position(self.early_start[n]):
                self._set(n, latest, self.remaining[n])

    def _latest(self, n: int, end: int, starts: list[int], finishes: list[int]) -> tuple[int, int]:
        """Return the position and the instant by which a task has to be finished for its successors' dates."""
        clock, remaining = self.network.activities[n].clock, self.remaining[n]
        # Position and instant differ over non-working time, which matters for work without duration.
        latest, bound = clock.position(end), end
        for link in self.out[n]:
            at = starts[link.other] if link.kind <= SS else finishes[link.other]
            if link.lag > 0:
                at = link.clock.latest(link.clock.position(at) - link.lag)
            elif link.lag < 0:
                at = link.clock.earliest(link.clock.position(at) - link.lag)
            position = clock.position(at)
            # The bound is for its start; positions here are of the finish.
            if link.kind not in FROM_FINISH:
                position += remaining
            latest = min(latest, position)
            bound = min(bound, at)
        return latest, bound

    def backward(self) -> NetworkDates:
        """Compute late dates from the end that floats are counted to."""
        activities = self.network.activities
        end = self.options.end
        if end is None:
            now = self.options.data_date
            end = max((self.early_finish[n] for n, a in enumerate(activities) if not a.is_complete), default=now)
        starts, finishes = [end] * len(activities), [end] * len(activities)
        self.late_start, self.late_finish = starts, finishes
        for n in reversed(self.network.order):
            a = activities[n]
            if a.is_hammock:
                continue
            clock, remaining = a.clock, self.remaining[n]
            if a.actual_finish is not None:
                # Completed work has no float; it only passes the late dates of its successors on (retained logic).
                at = end
                for link in self.out[n]:
                    limit = starts[link.other] if link.kind <= SS else finishes[link.other]
                    at = min(at, shifted(link.clock, limit, -link.lag))
                starts[n] = finishes[n] = at
                continue
            latest, bound = self._latest(n, end, starts, finishes)
            if a.start_max is not None and a.actual_start is None:
                latest = min(latest, clock.position(a.start_max) + remaining)
            if a.finish_max is not None:
                latest = min(latest, clock.position(a.finish_max))
            if a.start_mandatory is not None and a.actual_start is None:
                # Mandatory dates replace the logic in both passes, so float may become negative before them.
                latest = clock.position(a.start_mandatory) + remaining
            elif a.finish_mandatory is not None:
                latest = clock.position(a.finish_mandatory)
            finishes[n] = clock.earliest(latest)
            if remaining:
                starts[n] = clock.latest(latest - remaining)
            else:
                if a.kind != FINISH_MILESTONE:  # it keeps the end of a weekend that its successor has
                    finishes[n] = min(max(finishes[n], bound), clock.latest(latest))
                starts[n] = finishes[n]
        self._span(starts, finishes)
        return self

    def _span(self, starts: list[int], finishes: list[int]) -> None:
        """Set the dates of hammocks to those of what they span: the longest or the shortest stretch."""
        begins: dict[int, list[int]] = {}
        ends: dict[int, list[int]] = {}
        for link, resolved in self.spanned:
            b, f = link.before, link.after
            if self.network.activities[f].is_hammock and not self.network.activities[b].is_hammock:
                at = allowed(resolved, starts[b], finishes[b], self.options.data_date)
                (begins if link.kind in INTO_START else ends).setdefault(f, []).append(at)
            if self.network.activities[b].is_hammock and not self.network.activities[f].is_hammock:
                at = starts[f] if link.kind in INTO_START else finishes[f]
                at = shifted(resolved.clock, at, -resolved.lag)
                (ends if link.kind in FROM_FINISH else begins).setdefault(b, []).append(at)
        for n, a in enumerate(self.network.activities):
            if not a.is_hammock or a.is_complete:
                continue
            # SYNCHRO's two kinds: from the first start to the last finish, or from the last start to the first finish.
            longest = a.kind == LONG_HAMMOCK
            begin = (min if longest else max)(begins.get(n, [self.options.data_date]))
            if a.actual_start is not None:
                begin = max(begin, self.options.data_date)
            finish = (max if longest else min)(ends.get(n, [begin]))
            position = a.clock.position(begin)
            length = max(0, a.clock.position(finish) - position)
            starts[n] = a.clock.latest(position)
            finishes[n] = a.clock.earliest(position + length) if length else starts[n]

    def total_float(self, n: int) -> int:
        """Return the working seconds between early and late finish on the task's own calendar."""
        clock = self.network.activities[n].clock
        # Positions count working seconds, so weekends between the two dates do not add to the float.
        return clock.position(self.late_finish[n]) - clock.position(self.early_finish[n])
