"""What drives what, from dates alone: the slack of every link, and the chain back from a finish.

A link drives its successor where the date it allows and the successor's date are one position on the successor's
calendar. The dates are the service's or those of a pass; no pass is needed.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bentley_nb.reports.cpm.model import Model
from bentley_nb.reports.cpm.passes import (
    SS,
    CircularLogicError,
    NetworkOptions,
    allowed,
    ordered,
    resolve,
)

DRIVERS = ("link", "data date", "constraint", "as late as possible", "nothing visible")
_LINK, _DATA_DATE, _CONSTRAINT, _LATE, NOTHING_VISIBLE = range(len(DRIVERS))
STANDINGS = ("open", "carried", "ignored out of sequence", "hammock", "unknown task", "WBS row")
_MINUTE = 60  # schedulers round to the minute


@dataclass
class Trace:
    """Slack of each link of a model, and what explains each open node.

    Attributes
    ----------
    allows
        Instant each link allows its successor, None where the predecessor has no date.
    slack
        Working seconds, on the successor's calendar, between that and the successor's date.
    driving
        Whether the slack is none.
    into
        Positions of the links into each node.
    driver
        Position in ``DRIVERS`` for each open node, -1 for others.
    chosen
        Whether lags without a calendar were put on the one that fits the dates best.
    """

    model: Model
    options: NetworkOptions
    starts: list[int | None]
    finishes: list[int | None]
    allows: list[int | None] = field(default_factory=list)
    slack: list[int | None] = field(default_factory=list)
    driving: list[bool] = field(default_factory=list)
    into: list[list[int]] = field(default_factory=list)
    driver: list[int] = field(default_factory=list)
    chosen: bool = False

    @classmethod
    def of(
        cls, model: Model, options: NetworkOptions, starts: Sequence[int | None], finishes: Sequence[int | None]
    ) -> Trace:
        """Trace the dates of open nodes; those of completed ones are carried from their predecessors."""
        trace = cls(model, options, list(starts), list(finishes))
        trace._follow()
        trace._explain()
        return trace

    @classmethod
    def stored(cls, model: Model) -> Trace:
        """Trace the dates the service stores, on the lag calendar that explains them best where links name none.

        Raises
        ------
        InvalidRequest
            There are no links.
        """
        model.require_links()
        options = stored_options(model)
        unnamed = [link for link in model.links if link.lag and link.clock is None]
        first = cls.of(model, options, model.start, model.finish)
        if not unnamed:
            return first
        made = [first]
        for clock in ("successor", "24h"):
            links = [
                replace(link, clock=model.activities[link.after].clock if clock == "successor" else model.always)
                if link.lag and link.clock is None
                else link
                for link in model.links
            ]
            made.append(cls.of(replace(model, links=links), options, model.start, model.finish))
        # On the right calendar links neither forbid the stored dates nor leave them without a cause.
        best = min(made, key=lambda trace: trace.violated + trace.undriven)
        if best is not first:
            best.chosen = True
            fits = "the successor's calendar" if best is made[1] else "24 hours a day"
            model.notes.append(
                f"{len(unnamed):,} link(s) with a lag name no calendar; the stored dates fit {fits} best."
            )
        return best

    @property
    def violated(self) -> int:
        """Links into open work that allow only a later date than it has."""
        return sum(self.is_violated(number) for number in range(len(self.slack)))

    def is_violated(self, number: int) -> bool:
        """Return whether a link into open work allows only a later date than it has."""
        slack, link = self.slack[number], self.model.links[number]
        activities = self.model.activities
        return (
            slack is not None
            and slack <= -_MINUTE
            and not (activities[link.after].is_complete or self._at_hammock(number))
        )

    @property
    def undriven(self) -> int:
        """Open nodes whose dates nothing visible explains."""
        return self.driver.count(NOTHING_VISIBLE)

    def standing(self, number: int) -> str:
        """Return how a link counts."""
        link = self.model.links[number]
        before, after = self.model.activities[link.before], self.model.activities[link.after]
        if self._at_hammock(number):
            return "hammock"
        if after.is_complete:
            return "carried"
        if (after.is_started or before.is_complete) and self.is_violated(number):
            return "ignored out of sequence"
        return "open"

    def _at_hammock(self, number: int) -> bool:
        activities, link = self.model.activities, self.model.links[number]
        return activities[link.before].is_hammock or activities[link.after].is_hammock

    def latest(self) -> list[int]:
        """Return the open nodes with the latest finish."""
        return self.model.latest(self.finishes)

    def gaps(self, targets: Sequence[int], within: float) -> tuple[dict[int, float], dict[int, int]]:
        """Return the gap of each node to the targets, in working days, and the link by which it leads there.

        The gap is the cheapest sum of slack along the links; 0 is the driving path.
        """
        gap: dict[int, float] = {}
        by: dict[int, int] = {}
        waiting: list[tuple[float, int, int]] = [(0.0, n, -1) for n in targets]
        while waiting:
            cost, n, link = heapq.heappop(waiting)
            if n in gap:
                continue
            gap[n] = cost
            if link >= 0:
                by[n] = link
            for number in self.into[n]:
                slack = self.slack[number]
                # A violated link cannot be on the way to the target: the scheduler did not follow it.
                if slack is None or (slack < 0 and not self.driving[number]):
                    continue
                days = 0.0 if self.driving[number] else slack / self.model.activities[n].clock.per_day
                # Sums of floats: a gap of exactly `within` must not be lost to rounding.
                if cost + days <= within + 1e-9:
                    heapq.heappush(waiting, (cost + days, self.model.links[number].before, number))
        return gap, by

    def driving_link(self, n: int, among: dict[int, float] | None = None) -> int | None:
        """Return the first driving link into a node; where nodes are given, from one of them."""
        for number in self.into[n]:
            if self.driving[number] and (among is None or self.model.links[number].before in among):
                return number
        return None

    def _follow(self) -> None:
        model, options = self.model, self.options
        activities, links = model.activities, model.links
        self.into = [[] for _ in activities]
        resolved = [resolve(link, activities, model.always, options) for link in links]
        for number, link in enumerate(links):
            if not self._at_hammock(number):
                self.into[link.after].append(number)

        def at(number: int) -> int | None:
            before = links[number].before
            start, finish = self.starts[before], self.finishes[before]
            if start is None or finish is None:
                return None
            return allowed(resolved[number], start, finish, options.data_date)

        for n in self._completed_in_order():
            known = [value for value in map(at, self.into[n]) if value is not None]
            carried = max([options.floor, *known]) if not options.override else options.data_date
            self.starts[n] = self.finishes[n] = carried

        for number, link in enumerate(links):
            allowance = at(number)
            own = self.starts[link.after] if link.kind <= SS else self.finishes[link.after]
            slack = None
            if allowance is not None and own is not None:
                clock = activities[link.after].clock
                slack = clock.position(own) - clock.position(allowance)
            self.allows.append(allowance)
            self.slack.append(slack)
            self.driving.append(slack is not None and abs(slack) < _MINUTE and not self._at_hammock(number))

    def _completed_in_order(self) -> list[int]:
        activities = self.model.activities
        both = [k for k in self.model.links if activities[k.before].is_complete and activities[k.after].is_complete]
        try:
            order: Sequence[int] = ordered(len(activities), both)
        except CircularLogicError:  # of completed work; then the data date is all they carry
            order = range(len(activities))
            for n, a in enumerate(activities):
                if a.is_complete:
                    self.starts[n] = self.finishes[n] = self.options.data_date
        return [n for n in order if activities[n].is_complete]

    def _explain(self) -> None:
        options = self.options
        for n, a in enumerate(self.model.activities):
            start, finish = self.starts[n], self.finishes[n]
            if a.is_complete or a.is_hammock:
                self.driver.append(-1)
                continue
            if start is None or finish is None:
                self.driver.append(NOTHING_VISIBLE)
                continue
            clock = a.clock
            begin, end = clock.position(start), clock.position(finish)
            floors = (options.data_date,) if a.is_started else (options.data_date, options.floor)
            starts = (a.not_before, a.pinned, *(() if a.is_started else (a.start_min, a.start_mandatory)))
            finishes = (a.finish_min, a.finish_mandatory, a.expected_finish)
            if any(self.driving[number] for number in self.into[n]):
                self.driver.append(_LINK)
            elif any(abs(clock.position(at) - begin) < _MINUTE for at in floors):
                self.driver.append(_DATA_DATE)
            elif any(at is not None and abs(clock.position(at) - begin) < _MINUTE for at in starts) or any(
                at is not None and abs(clock.position(at) - end) < _MINUTE for at in finishes
            ):
                self.driver.append(_CONSTRAINT)
            else:
                self.driver.append(_LATE if a.as_late_as_possible else NOTHING_VISIBLE)


def stored_options(model: Model) -> NetworkOptions:
    """Return what the stored dates say of the floor: the earliest planned start, if nothing has started yet."""
    floor = model.now
    if not any(a.is_started for a in model.activities):
        floor = max(floor, min((start for start in model.start if start is not None), default=floor))
    return NetworkOptions(model.now, floor)
