"""A dated programme: the contract plan, what happened on site until the data date, and the forecast from there.

Three passes over one network. The contract pass gives the baseline. The site pass repeats it with the durations that
things really took and gives the actual dates. The update pass keeps what has happened and schedules the rest after the
data date. A few records are wrong on purpose, as they are in every real schedule: :attr:`Plan.anomalies` names them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bentley_nb.sandbox.programme.building import draft
from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, YEARS, demo_calendars
from bentley_nb.sandbox.programme.dating import FF, FS, SS, DatedNetwork, Dependency, Step
from bentley_nb.sandbox.programme.drafting import Draft, PlanRow
from bentley_nb.sandbox.programme.guids import DAY, Item, guids, moment
from bentley_nb.sandbox.programme.trades import MODELLED
from bentley_nb.sandbox.programme.working_time import WorkingCalendar

HOUR = 3600
HALF_DAY = 4 * HOUR
HAMMOCKS = ("LongHammock", "ShortHammock")
KEY_DATES = ("StartKeyDate", "FinishKeyDate")
_FACTORS = (0.9, 1.0, 1.0, 1.0, 1.05, 1.1, 1.3)
_SLOW_TRADES = {"Piling": 1.25, "Facade": 1.1}


@dataclass(slots=True)
class Constraint:
    """A constraint of a task as the API writes it."""

    type: str = "NoConstraint"
    early: int | None = None
    late: int | None = None


class RowProgress(NamedTuple):
    """How far a row is; the planned dates are those of what remains, but of what was planned once it is finished."""

    status: str
    start: int
    finish: int
    percent: int


@dataclass
class Plan:
    """A programme with its dates.

    Attributes
    ----------
    seed
        Names the programme; equal seeds and sizes give equal programmes.
    draft
        Rows and dependencies, without dates.
    calendars
        Calendar items of the API; the first three are in use.
    contract_network, current_network
        The contract plan and the update; :attr:`contract` and :attr:`current` hold the dates of each row (those of WBS
        rows mean nothing), and the floats of a network once its ``backward()`` has run.
    data_date, begin
        Seconds since 1970.
    actual_work
        Working seconds done on each row until the data date.
    added
        Rows that came after the contract and are not in the baseline.
    anomalies
        Rows that are wrong on purpose, by what is wrong with them.
    """

    seed: object
    draft: Draft
    calendars: list[Item]
    working: list[WorkingCalendar]
    contract_network: DatedNetwork
    current_network: DatedNetwork
    begin: int
    data_date: int
    actual_work: list[int]
    constraints: dict[int, Constraint]
    added: frozenset[int]
    anomalies: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.contract, self.current = self.contract_network.steps, self.current_network.steps

    @property
    def rows(self) -> list[PlanRow]:
        """Lines of the programme in reading order."""
        return self.draft.rows

    @property
    def name(self) -> str:
        """Name of the project."""
        return self.rows[0].name

    @property
    def initials(self) -> str:
        """Initials of the project, which its WBS codes begin with."""
        return self.rows[0].code

    @cached_property
    def task_ids(self) -> list[str]:
        """Ids of the tasks that the rows become."""
        return list(map(guids(self.seed, "task"), range(len(self.rows))))

    def task_id(self, index: int) -> str:
        """Return the id of the task that a row becomes."""
        return self.task_ids[index]

    @cached_property
    def modelled(self) -> list[tuple[int, int, str]]:
        """The activities shown in the 3D model: (row, number of elements, what they are)."""
        found = []
        for index in self.activities():
            base = self.rows[index].name.partition(",")[0].partition(" (")[0]
            if base in MODELLED:
                found.append((index, *MODELLED[base]))
        return found

    def leaves(self) -> list[int]:
        """Return the rows that are not WBS nodes."""
        return [index for index, row in enumerate(self.rows) if not row.wbs]

    def activities(self) -> list[int]:
        """Return the rows with work to do: neither WBS nodes nor key dates, hammocks or meetings."""
        return [index for index, row in enumerate(self.rows) if not row.wbs and row.type == "Work"]

    def is_done(self, index: int) -> bool:
        """Return whether a row is complete."""
        return self.current[index].actual_finish is not None

    def is_started(self, index: int) -> bool:
        """Return whether a row is in progress."""
        step = self.current[index]
        return step.actual_start is not None and step.actual_finish is None

    def percent(self, index: int) -> int:
        """Return the percent complete by duration; 1 to 99 while in progress."""
        if self.is_done(index):
            return 100
        if not self.is_started(index):
            return 0
        done = self.actual_work[index]
        return min(99, max(1, round(100 * done / (done + self.current[index].remaining))))

    def progress(self, index: int) -> RowProgress:
        """Return status, planned dates and percent of a row that is not a WBS node."""
        step = self.current[index]
        if step.actual_finish is not None:
            contract = self.contract[index]
            return RowProgress("Finished", contract.early_start, contract.early_finish, 100)
        if step.actual_start is None:
            return RowProgress("Planned", step.early_start, step.early_finish, 0)
        return RowProgress("Started", step.calendar.start_at(step.start_work), step.early_finish, self.percent(index))


def plan(
    seed: object, rows: int, name: str = "Harbour Point Tower", *, elapsed: float = 0.68, honest: bool = False
) -> Plan:
    """Make and date a programme of that many rows.

    ``elapsed`` is the share of the contract time that is over at the data date, so that plans of one seed are updates
    of one programme; an ``honest`` one has neither variations nor wrong records.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.guids import instant
    >>> from bentley_nb.sandbox.programme.plan import plan
    >>> demo = plan(7, 400)
    >>> len(demo.rows), instant(demo.data_date)
    (400, '2025-05-12T08:00:00Z')
    """
    rng = random.Random(f"{seed}/site")
    made = draft(seed, rows, name)
    calendars = demo_calendars(seed)
    span = moment(f"{YEARS[0] - 1}-01-01T00:00:00Z"), moment(f"{YEARS[-1]}-12-31T00:00:00Z")
    working = [WorkingCalendar(item, *span) for item in calendars[:3]]
    begin = moment("2024-01-08T08:00:00Z") + rng.randrange(20) * 7 * DAY
    own = [working[row.calendar] for row in made.rows]
    links = [
        Dependency(t.before, t.after, t.type, t.lag, own[t.before] if t.calendar is None else working[t.calendar])
        for t in made.ties
    ]

    contract = _steps(made, working)
    network = DatedNetwork(contract, links)
    network.forward(begin)
    end = max(step.early_finish for step in contract)
    data_date = _monday(begin + round(elapsed * (end - begin)))
    constraints = _constraints(made, contract, working)
    _constrain(contract, constraints)
    # A start on the day that it was planned for anyway moves nothing.
    network.forward(begin, since=[index for index, found in constraints.items() if found.type != "StartOn"])
    if made.deadline is not None:
        late = contract[made.deadline].early_finish + 14 * DAY
        constraints[made.deadline] = Constraint("FinishBefore", late=late)

    site = _steps(made, working)
    for row, step in zip(made.rows, site, strict=True):
        step.remaining = _real_duration(rng, row)
    _constrain(site, constraints)
    network.with_steps(site).forward(begin)

    current = _steps(made, working)
    actual_work = [_record(row, was, now, data_date) for row, was, now in zip(made.rows, site, current, strict=True)]
    update = network.with_steps(current)
    result = Plan(
        seed, made, calendars, working, network, update, begin, data_date, actual_work, constraints, frozenset()
    )
    if not honest:
        _add_scope(result, rng)
        _spoil(result, rng)
    _constrain(current, constraints)
    update.forward(data_date)
    return result


def _steps(made: Draft, working: list[WorkingCalendar]) -> list[Step]:
    steps = [Step(working[row.calendar], row.seconds) for row in made.rows]
    for row, step in zip(made.rows, steps, strict=True):
        if row.type != "Work":
            step.span, step.opening = row.type in HAMMOCKS, row.type == "StartKeyDate"
    return steps


def _monday(when: int) -> int:
    """Return Monday 08:00 of that week; 1970 began on a Thursday."""
    day = when // DAY
    return (day - (day + 3) % 7) * DAY + 8 * HOUR


def _real_duration(rng: random.Random, row: PlanRow) -> int:
    """Return the actual duration: mostly a little longer than planned, piling and facade clearly so."""
    if not row.seconds or row.type != "Work":
        return row.seconds
    factor = rng.choice(_FACTORS) * _SLOW_TRADES.get(row.trade, 1.0)
    return max(HALF_DAY, round(row.seconds * factor / HALF_DAY) * HALF_DAY)


def _record(row: PlanRow, was: Step, now: Step, data_date: int) -> int:
    """Write down what had happened on site by the data date; gives the working seconds done."""
    if row.wbs or was.early_start >= data_date:
        return 0
    now.actual_start = was.early_start
    if was.early_finish <= data_date:
        now.actual_finish, now.remaining = was.early_finish, 0
        return was.calendar.between(was.early_start, was.early_finish)
    done = was.calendar.between(was.early_start, data_date)
    if row.type not in HAMMOCKS:
        now.remaining = was.remaining - done
    return done


def _named(made: Draft, beginning: str) -> list[int]:
    return [index for index, row in enumerate(made.rows) if not row.wbs and row.name.startswith(beginning)]


def _constraints(made: Draft, contract: list[Step], working: list[WorkingCalendar]) -> dict[int, Constraint]:
    """Return the contract dates: site handover, a utility company's visit, what must be ready for the tenant."""
    found = {}
    for index in _named(made, "Possession of site"):
        found[index] = Constraint("StartOn", contract[index].early_start, contract[index].early_start)
    for index in _named(made, "Utility connections"):
        calendar = working[FIVE_DAY]
        found[index] = Constraint(
            "StartAfter", early=calendar.start_at(calendar.work_at(contract[index].early_start) + 20 * 8 * HOUR)
        )
    for index in _named(made, "Fire authority witness test"):
        found[index] = Constraint("StartAfter", early=contract[index].early_start)
    return found


def _constrain(steps: list[Step], constraints: dict[int, Constraint]) -> None:
    for index, constraint in constraints.items():
        steps[index].not_before = constraint.early
        steps[index].not_later = constraint.late if constraint.type == "FinishBefore" else None
        steps[index].fixed = constraint.type == "CannotReschedule"


def _add_scope(made: Plan, rng: random.Random) -> None:
    """Name some open activities as variations, which the baseline knows nothing of."""
    open_ = [i for i in made.activities() if made.current[i].actual_start is None and made.rows[i].phase != "Design"]
    chosen = sorted(rng.sample(open_, min(len(open_), max(2, len(open_) // 80)))) if len(open_) > 20 else []
    for number, index in enumerate(chosen, 1):
        made.rows[index].name += f" (variation VO-{number:03})"
    made.added = frozenset(chosen)


def _spoil(made: Plan, rng: random.Random) -> None:
    """Make the mistakes that updates are made with."""
    by_kind: dict[str, Callable[[Plan, random.Random], list[int]]] = {
        "out_of_sequence": _out_of_sequence,
        "actual_after_data_date": _after_data_date,
        "planned_before_data_date": _left_behind,
    }
    if len(made.rows) >= 100:
        for kind, spoil in by_kind.items():
            made.anomalies[kind] = spoil(made, rng)


def _out_of_sequence(made: Plan, _rng: random.Random) -> list[int]:
    """Start some activities although the one before them is not finished."""
    # Schedulers differ on whether the lag of a link between starts then counts from the actual start or from the rest.
    begins = {tie.before for tie in made.draft.ties if tie.type == SS and not made.is_started(tie.after)}
    candidates = {
        tie.after
        for tie in made.draft.ties
        if tie.type == FS
        and tie.after not in begins
        and made.is_started(tie.before)
        and made.current[tie.after].actual_start is None
        and made.rows[tie.after].type == "Work"
        and made.current[tie.after].remaining > HALF_DAY
    }
    # Those that were planned for earliest: a foreman who is late is the one who starts too soon.
    by_plan = sorted(candidates, key=lambda index: (made.contract[index].early_start, index))
    chosen = sorted(by_plan[: max(2, len(made.rows) // 400)])
    for index in chosen:
        step = made.current[index]
        now = step.calendar.work_at(made.data_date)
        done = max(HALF_DAY, step.remaining // 4 // HALF_DAY * HALF_DAY)
        step.actual_start = step.calendar.start_at(now - done)
        step.remaining -= done
        made.actual_work[index] = done
    return chosen


def _after_data_date(made: Plan, rng: random.Random) -> list[int]:
    """Report one activity as finished two days after the data date."""
    spoiled = made.anomalies.get("out_of_sequence", [])
    candidates = [i for i in made.activities() if made.is_started(i) and i not in spoiled]
    # Nothing before it is still to happen: schedulers differ on whether logic passes through completed work.
    waiting = {
        tie.after
        for tie in made.draft.ties
        if made.current[tie.before].actual_finish is None or (tie.type == FF and tie.lag > 0)
    }
    chosen = [i for i in rng.sample(candidates, len(candidates)) if i not in waiting][:1]
    for index in chosen:
        step = made.current[index]
        step.actual_finish = step.calendar.finish_at(step.calendar.work_at(made.data_date) + 16 * HOUR)
        step.remaining = 0
        made.actual_work[index] = step.calendar.between(step.actual_start or made.data_date, step.actual_finish)
    return chosen


def _left_behind(made: Plan, _rng: random.Random) -> list[int]:
    """Leave one activity that cannot be rescheduled where it was planned, to end two weeks before the data date."""
    open_ = [i for i in made.activities() if made.current[i].actual_start is None and made.rows[i].calendar == FIVE_DAY]
    made.contract_network.backward(open_)
    # One with much float: its date breaks its own logic, and nothing else should have to pay for that.
    chosen = sorted(open_, key=lambda i: made.contract[i].total_float)[-1:]
    for index in chosen:
        step = made.current[index]
        calendar = step.calendar
        start = calendar.start_at(calendar.work_at(made.data_date) - 80 * HOUR - step.remaining)
        made.constraints[index] = Constraint("CannotReschedule", early=start)
    return chosen
