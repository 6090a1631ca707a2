"""Why the finish moved: progress first, then each kind of revision, step by step (AACE 29R-03, MIP 3.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.matching import Key, match_tasks
from bentley_nb.reports.basis.nullable import flags, integers, numbers, text
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.clock import Clock
from bentley_nb.reports.cpm.model import NEEDS, Model, instants, timestamp
from bentley_nb.reports.cpm.passes import Activity, CircularLogicError, Link, Network, NetworkDates, NetworkOptions
from bentley_nb.reports.cpm.reconcile import Hold, Reconciled, reconcile
from bentley_nb.reports.cpm.trace import Trace

STEPS = (
    "time passes", "work done", "progress", "deleted", "added and links", "durations", "calendars", "constraints",
    "options", "revisions", "held starts", "residual before", "residual after", "total",
)  # fmt: skip
_WHAT = {
    "time passes": "the data date moves, nothing is done",
    "work done": "actual dates and what remains of started work",
    "progress": "time passes and work done",
    "deleted": "tasks taken out, with their links",
    "added and links": "new tasks, and links added, removed or changed",
    "durations": "durations of work not started",
    "calendars": "working time, and the calendars of tasks and links",
    "constraints": "constraints, types and expected finishes",
    "options": "out-of-sequence option, lag calendar and planned start",
    "revisions": "all that is not progress",
    "held starts": "starts that nothing visible explains, held at their stored dates",
    "residual before": "own finish of the earlier state less its stored one",
    "residual after": "stored finish of the later state less its own one",
    "total": "the later state less the earlier one",
}
_PROGRESS, _REVISIONS, _RESIDUAL = STEPS[:2], STEPS[3:9], STEPS[10:13]
_NAMED = 20


def half_step(
    before: Source,
    after: Source,
    *,
    to: str | None = None,
    key: Key | None = None,
    hold: Hold | None = None,
) -> pd.DataFrame:
    """Split the movement of the finish between two states into progress and revisions.

    The contemporaneous split of AACE 29R-03 (MIP 3.4, half-stepping): the earlier state is taken to the later data
    date, then given the later progress, then each kind of revision in the printed order. Each row is the finish after
    a step less the finish before it, so the rows add up exactly; another order of the revisions would split them
    otherwise. The words are movement, gain and loss; who caused it is not in the data.

    Parameters
    ----------
    before, after
        A ``Schedule``, a kept copy or a mapping of frames; the earlier one first.
    to
        Id, user-defined id or exact name of a task or key date of the later state; None for the finish.
    key
        How tasks are matched, as in ``slippage``.
    hold
        "unexplained" holds tasks whose stored dates nothing visible explains (levelling, or not rescheduled) at their
        stored start. What these starts move is a row of its own.

    Returns
    -------
    pandas.DataFrame
        One row per step: ``step`` (time passes, work done, progress; deleted, added and links, durations, calendars,
        constraints, options, revisions; total), ``what``, ``count`` (tasks or links concerned), ``finish_before``,
        ``finish_after``, ``movement_days`` (calendar days, positive is later: a loss), ``movement_working_days`` (of
        the target's calendar in the earlier state), ``tasks_on_path``, ``path_changed``. Movement is missing where a
        step alone would make the network circular: it is in the next one. What the network does not explain is never
        spread over the steps; where there is any, it has rows before the total: held starts, residual before, residual
        after. Facts: ``due`` (work on the earlier path
        that was due in the window, with expected and achieved remaining hours), ``behind`` (what is behind each
        revision), ``rebuilt`` (the steps together give the later state's own finish).

    Raises
    ------
    InvalidRequest
        The stored dates of either state do not follow from its network (see ``network_check``), the target is unknown
        or complete in one of them, or the later state has the earlier data date.

    Examples
    --------
    >>> steps = bn.reports.half_step(s, s).set_index("step")
    >>> float(steps.loc["total", "movement_days"])
    0.0
    """
    old, new = Tables.of(before, needs=NEEDS), Tables.of(after, needs=NEEDS)
    earlier, later = (_reconciled(tables, which, hold) for tables, which in ((old, "earlier"), (new, "later")))
    if later.model.now < earlier.model.now:
        raise InvalidRequest(
            f"The later state has the earlier data date: {new.data_date:%Y-%m-%d} after {old.data_date:%Y-%m-%d}.",
            hint="Give the earlier state first: half_step(before, after).",
        )
    match = match_tasks(old, new, key)
    pair = _Pair.of(earlier, later, match.before_of)
    target = None if to is None else pair.number[later.targets(to)[0]]
    _check_target(pair, target, to, hold)

    walk = _Walk(pair, target)
    for step, change in (
        ("time passes", pair.time_passes),
        ("work done", pair.work_done),
        ("deleted", pair.deleted),
        ("added and links", pair.added_and_links),
        ("durations", pair.durations),
        ("calendars", pair.calendars),
        ("constraints", pair.constraints),
        ("options", pair.set_options),
        *([("held starts", pair.held_starts)] if pair.holds else []),
    ):
        walk.take(step, change)
    own = walk.finish_of(later.schedule, pair.nodes_of_later)
    rows = walk.rows()
    frame = pd.DataFrame({"step": text([row.step for row in rows])})
    frame["what"] = text([_WHAT[row.step] for row in rows])
    frame["count"] = integers([row.count for row in rows])
    frame["finish_before"] = instants([row.before for row in rows])
    frame["finish_after"] = instants([row.after for row in rows])
    moved = [np.nan if row.after is None else (row.after - row.before) / 86_400 for row in rows]
    frame["movement_days"] = numbers(moved)
    frame["movement_working_days"] = numbers([walk.working(row) for row in rows])
    frame["tasks_on_path"] = integers([len(row.path) if row.path is not None else None for row in rows])
    frame["path_changed"] = flags([row.path_changed for row in rows])

    by_step = {row.step: row for row in rows}
    total = by_step["total"]
    rewritten = pair.rewritten()
    facts = {
        "target": to if to is not None else "the latest finish",
        "finish_before": timestamp(total.before),
        "finish_after": timestamp(own),
        "rebuilt": own == walk.finish,
        "due": pair.due(rows[0].path_before or set()),
        "behind": {step: names[:_NAMED] for step, names in walk.behind.items()},
        "actual_dates_rewritten": rewritten[:_NAMED],
        "merged": walk.merged,
    }
    total_days, progress_days, revision_days = (
        walk.working(by_step[step]) for step in ("total", "progress", "revisions")
    )
    unexplained = sum(walk.working(row) for row in rows if row.step in _RESIDUAL)
    others = f"{', '.join(rewritten[:5])} (DECM 06A504)" if rewritten else ""
    split = f"progress {progress_days:+,.1f}, revisions {revision_days:+,.1f}"
    if len(rows) > len(STEPS) - len(_RESIDUAL):
        split += f", not explained by the network {unexplained:+,.1f}"
    notes = [
        f"The finish moves {moved[-1]:+,.1f} calendar days, {total_days:+,.1f} working days: {split}.",
        "AACE 29R-03, MIP 3.4: progress first, then revisions in the order of the rows.",
        "Another order of the revisions would split them otherwise; the sum stays.",
        "Positive movement is later (a loss), negative is earlier (a gain).",
        *(f"Step {step!r} alone makes the network circular; it is counted with the next one." for step in walk.merged),
        *(
            f"{len(found.held):,} task(s) of the {which} state are held at their stored start."
            for found, which in ((earlier, "earlier"), (later, "later"))
            if found.held
        ),
        "" if own == walk.finish else "The steps together do not give the later state's own finish.",
        f"{len(rewritten):,} task(s) have other actual dates than before, in 'work done': {others}."
        if rewritten
        else "",
        *match.notes,
        *(f"Before: {note}" for note in earlier.notes[:2]),
        *(f"After: {note}" for note in later.notes[:2]),
    ]
    return as_report(frame, new, "half_step", filter(None, notes), facts)


@dataclass(frozen=True)
class _State:
    """A network whose tasks are numbered across both states, under options."""

    activities: dict[int, Activity]
    links: tuple[Link, ...]
    options: NetworkOptions
    always: Clock

    def schedule(self) -> tuple[NetworkDates, dict[int, int]]:
        """Return the early dates, and the place of each task in them."""
        place = {number: n for n, number in enumerate(self.activities)}
        links = [
            replace(link, before=place[link.before], after=place[link.after])
            for link in self.links
            if link.before in place and link.after in place
        ]
        network = Network(list(self.activities.values()), links, self.always)
        return NetworkDates(network, self.options).forward(), place


@dataclass
class _Row:
    step: str
    count: int | None
    before: int
    after: int | None
    path_before: set[int] | None
    path: set[int] | None

    @property
    def path_changed(self) -> bool | None:
        return None if self.path is None else self.path != self.path_before


Change = Callable[[_State], tuple[_State, list[str]]]


@dataclass
class _Pair:
    """Two states with their tasks numbered together: the earlier state's nodes first, then what is new.

    ``number`` is that of each node of the later state.
    """

    earlier: Reconciled
    later: Reconciled
    number: list[int]

    @classmethod
    def of(cls, earlier: Reconciled, later: Reconciled, before_of: Any) -> _Pair:
        old_node = {place: n for n, place in enumerate(earlier.model.task)}
        count = len(earlier.model.task)
        number = []
        for n, place in enumerate(later.model.task):
            number.append(old_node.get(int(before_of[place]), count + n))
        return cls(earlier, later, number)

    @property
    def nodes_of_later(self) -> dict[int, int]:
        """Node of the later state by number."""
        return {number: n for n, number in enumerate(self.number)}

    @property
    def _both(self) -> list[tuple[int, Activity, Activity]]:
        """Number, earlier and later self of each task that is in both states."""
        old, new = self.earlier.model.activities, self.later.model.activities
        return [(number, old[number], new[n]) for n, number in enumerate(self.number) if number < len(old)]

    def name(self, number: int) -> str:
        """Name a task as the later state does, else as the earlier one does."""
        n = self.nodes_of_later.get(number)
        return self.earlier.model.name(number) if n is None else self.later.model.name(n)

    def start(self) -> _State:
        """Return the earlier state."""
        model = self.earlier.model
        return _State(dict(enumerate(model.activities)), tuple(model.links), self.earlier.options, model.always)

    def time_passes(self, state: _State) -> tuple[_State, list[str]]:
        now = self.later.model.now
        return replace(state, options=replace(state.options, data_date=now, floor=max(state.options.floor, now))), []

    def work_done(self, state: _State) -> tuple[_State, list[str]]:
        def progress(old: Activity, new: Activity) -> Activity:
            remaining = new.remaining if new.is_started or new.is_complete else old.remaining
            return replace(old, actual_start=new.actual_start, actual_finish=new.actual_finish, remaining=remaining)

        return self._each(state, progress)

    def deleted(self, state: _State) -> tuple[_State, list[str]]:
        kept = set(self.number)
        gone = [number for number in state.activities if number not in kept]
        activities = {number: a for number, a in state.activities.items() if number in kept}
        return replace(state, activities=activities), [self.name(number) for number in gone]

    def added_and_links(self, state: _State) -> tuple[_State, list[str]]:
        model = self.later.model
        activities = dict(state.activities)
        said = []
        for n, number in enumerate(self.number):
            if number not in activities:
                clock = self._as_before(model.activities[n].clock)
                activities[number] = replace(model.activities[n], clock=clock, not_before=None)
                said.append(f"{model.name(n)} added")
        links = tuple(
            replace(
                link,
                before=self.number[link.before],
                after=self.number[link.after],
                clock=None if link.clock is None or not link.lag else self._as_before(link.clock),
            )
            for link in model.links
        )
        kept = set(self.number)
        was = {
            link if link.lag else replace(link, clock=None)
            for link in state.links
            if link.before in kept and link.after in kept
        }
        for word, these in (("added", set(links) - was), ("removed", was - set(links))):
            said += [
                f"{self.name(link.before)} -> {self.name(link.after)} {('FS', 'SS', 'FF', 'SF')[link.kind]}"
                f"{link.lag / 3600:+g} h {word}"
                for link in sorted(these, key=lambda link: (link.after, link.before, link.kind, link.lag))
            ]
        return replace(state, activities=activities, links=links), said

    def durations(self, state: _State) -> tuple[_State, list[str]]:
        return self._each(
            state, lambda old, new: old if old.is_started or old.is_complete else replace(old, remaining=new.remaining)
        )

    def calendars(self, state: _State) -> tuple[_State, list[str]]:
        model = self.later.model
        links = tuple(
            replace(link, before=self.number[link.before], after=self.number[link.after]) for link in model.links
        )
        changed, _ = self._each(state, lambda old, new: replace(old, clock=new.clock))
        said = [
            self.name(number)
            for number, a in changed.activities.items()
            if not a.clock.same_as(state.activities[number].clock)
        ]
        return replace(changed, links=links, always=model.always), said

    def constraints(self, state: _State) -> tuple[_State, list[str]]:
        return self._each(state, lambda old, new: replace(new, not_before=old.not_before))

    def held_starts(self, state: _State) -> tuple[_State, list[str]]:
        return self._each(state, lambda old, new: replace(old, not_before=new.not_before))

    @property
    def holds(self) -> bool:
        """Whether a start is held in either state."""
        return bool(self.earlier.held or self.later.held)

    def stored(self, target: int | None) -> list[int | None]:
        """Return the stored finish of the target, else the latest one, in the earlier and in the later state."""
        if target is not None:
            return [self.earlier.model.finish[target], self.later.model.finish[self.nodes_of_later[target]]]
        return [found.model.finish[found.targets(None)[0]] for found in (self.earlier, self.later)]

    def set_options(self, state: _State) -> tuple[_State, list[str]]:
        was, now = replace(state.options, end=None), replace(self.later.options, end=None)
        said = [
            f"{name.replace('_', ' ')}: {getattr(was, name)} becomes {getattr(now, name)}"
            for name in ("override", "lag_calendar", "floor", "expected")
            if getattr(was, name) != getattr(now, name)
        ]
        return replace(state, options=now), said

    def rewritten(self) -> list[str]:
        """Name tasks whose recorded actual dates are others now, or gone."""
        return [
            self.name(number)
            for number, old, new in self._both
            if (old.actual_start is not None and old.actual_start != new.actual_start)
            or (old.actual_finish is not None and old.actual_finish != new.actual_finish)
        ]

    def due(self, path: set[int]) -> list[dict[str, Any]]:
        """List work on the earlier path that was due in the window, with what should remain and what does."""
        now, nodes, schedule = self.later.model.now, self.nodes_of_later, self.earlier.schedule
        listed = []
        for number in sorted(path, key=lambda number: (schedule.early_start[number], number)):
            start, finish = schedule.early_start[number], schedule.early_finish[number]
            a, n = self.earlier.model.activities[number], nodes.get(number)
            if a.is_complete or start >= now or n is None:
                continue
            clock, new = a.clock, self.later.model.activities[n]
            expected = max(0, clock.position(finish) - clock.position(max(start, now)))
            listed.append(
                {
                    "task": self.name(number),
                    "expected_remaining_hours": expected / 3600,
                    "remaining_hours": 0.0 if new.is_complete else self.later.schedule.remaining[n] / 3600,
                    "complete": new.is_complete,
                }
            )
        return listed

    def _as_before(self, clock: Clock) -> Clock:
        """Return the earlier state's clock of a calendar, where it has it."""
        key = next((key for key, made in self.later.model.clocks.items() if made is clock), "")
        return self.earlier.model.clocks.get(key, clock)

    def _each(self, state: _State, change: Callable[[Activity, Activity], Activity]) -> tuple[_State, list[str]]:
        """Change each task of the state that the later one has, and name those that are others now."""
        activities = dict(state.activities)
        said = []
        for n, number in enumerate(self.number):
            if number in activities:
                activities[number] = change(activities[number], self.later.model.activities[n])
                if activities[number] != state.activities[number]:
                    said.append(self.later.model.name(n))
        return replace(state, activities=activities), said


@dataclass
class _Walk:
    """The finish, and the path to it, from step to step."""

    pair: _Pair
    target: int | None
    taken: list[_Row] = field(default_factory=list)
    behind: dict[str, list[str]] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = self.pair.start()
        schedule, place = self.state.schedule()
        self.finish, self.path = self.finish_of(schedule, place), self._path(schedule, place)
        activities = self.pair.earlier.model.activities
        self.clock = activities[self._last(schedule, place) if self.target is None else self.target].clock

    def take(self, step: str, change: Change) -> None:
        """Take one step; what would be circular waits for the next."""
        self.state, said = change(self.state)
        self.behind[step] = said
        count = None if step == "time passes" else len(said)
        try:
            schedule, place = self.state.schedule()
        except CircularLogicError:
            self.merged.append(step)
            self.taken.append(_Row(step, count, self.finish, None, self.path, None))
            return
        finish, path = self.finish_of(schedule, place), self._path(schedule, place)
        self.taken.append(_Row(step, count, self.finish, finish, self.path, path))
        self.finish, self.path = finish, path

    def rows(self) -> list[_Row]:
        """Return the steps with the sums of progress, revisions and all."""
        progress = [row for row in self.taken if row.step in _PROGRESS]
        revisions = [row for row in self.taken if row.step in _REVISIONS]
        unexplained = self.taken[-1:] if self.pair.holds else []
        total = self._sum("total", self.taken)
        before, after = self.pair.stored(self.target)
        for step, was, becomes in (("residual before", before, total.before), ("residual after", self.finish, after)):
            if was is None or becomes is None or self.clock.position(was) == self.clock.position(becomes):
                continue
            unexplained.append(_Row(step, None, was, becomes, None, None))
            total = replace(total, before=was) if step == "residual before" else replace(total, after=becomes)
        sums = [self._sum("progress", progress), self._sum("revisions", revisions)]
        return [*progress, sums[0], *revisions, sums[1], *unexplained, total]

    def working(self, row: _Row) -> float:
        """Return the movement of a row in working days of the target's calendar."""
        if row.after is None:
            return float("nan")
        return (self.clock.position(row.after) - self.clock.position(row.before)) / self.clock.per_day

    def finish_of(self, schedule: NetworkDates, place: dict[int, int]) -> int:
        """Return the finish of the target, else the latest of open work."""
        if self.target is not None:
            return schedule.early_finish[place[self.target]]
        return schedule.early_finish[place[self._last(schedule, place)]]

    def _last(self, schedule: NetworkDates, place: dict[int, int]) -> int:
        activities = schedule.network.activities
        logic = [k for k, n in place.items() if not (activities[n].is_complete or activities[n].is_hammock)]
        return max(logic, key=lambda number: schedule.early_finish[place[number]])

    def _path(self, schedule: NetworkDates, place: dict[int, int]) -> set[int]:
        model = replace(
            self.pair.earlier.model,
            activities=list(schedule.network.activities),
            links=list(schedule.network.links),
            always=schedule.network.always,
        )
        trace = Trace.of(model, schedule.options, list(schedule.early_start), list(schedule.early_finish))
        targets = trace.latest() if self.target is None else [place[self.target]]
        numbers_ = list(place)
        return {numbers_[n] for n in trace.gaps(targets, 0)[0] if not model.activities[n].is_complete}

    @staticmethod
    def _sum(step: str, rows: list[_Row]) -> _Row:
        counts = [row.count for row in rows if row.count is not None]
        known = [row.after for row in rows if row.after is not None]
        paths = [row.path for row in rows if row.path is not None]
        return _Row(step, sum(counts), rows[0].before, known[-1], rows[0].path_before, paths[-1])


def _reconciled(tables: Tables, which: str, hold: Hold | None) -> Reconciled:
    found = reconcile(Model.of(tables), hold=hold)
    targets = found.targets(None)
    if not targets:
        raise InvalidRequest(f"The {which} state has no open task with a finish.")
    # With holds a finish that is not the stored one is a row of its own.
    if not (found.mostly_agrees if hold else found.agrees(targets)):
        said, hint = found.verdict(targets)
        raise InvalidRequest(f"The {which} state: {said}", hint=hint or None, where=tables.schedule_name)
    return found


def _check_target(pair: _Pair, target: int | None, to: str | None, hold: Hold | None) -> None:
    if target is None:
        return
    activities = pair.earlier.model.activities
    if target >= len(activities) or activities[target].is_complete:
        state = "is new" if target >= len(activities) else "is complete in the earlier state"
        raise InvalidRequest(f"The target {to!r} {state}, so it has no movement.", hint="Name one that is in both.")
    for found, n in ((pair.earlier, target), (pair.later, pair.nodes_of_later[target])):
        if not hold:
            found.require([n])
