"""Which options reproduce the stored dates, and whether the passes may be used on a schedule at all.

The API serves neither retained logic or progress override, nor the lag calendar, the floor or the must-finish date;
the stored dates and floats betray each. Passes that do not give the stored dates say so and are not used.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.reports.basis.nullable import floats as as_floats
from bentley_nb.reports.cpm.model import Model, timestamp
from bentley_nb.reports.cpm.passes import Activity, NetworkDates, NetworkOptions, lag_clock
from bentley_nb.reports.cpm.trace import NOTHING_VISIBLE, Trace, stored_options

OutOfSequence = Literal["retained logic", "progress override"]
Hold = Literal["unexplained"]

LAG_CALENDARS = ("link", "predecessor", "successor", "24h")
_MINUTE, _HOUR = 60, 3600
# Below it one task in a hundred has an unexplained date, and a forecast would rest on a guess.
_ENOUGH = 0.99
_LONGEST = 50 * 365 * 86_400  # seconds; no float is 50 years of work, so its unit is another one
_UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 0.0}  # days are of the task's own calendar


@dataclass
class Reconciled:
    """A model with the options that fit it best, and how well they fit.

    Attributes
    ----------
    model
        With its held starts, where any are held.
    schedule
        Early and late dates under the options.
    agree_start, agree_finish, agree_float
        Open tasks whose date or float is the stored one, as working positions.
    near
        Open tasks, hammocks aside, of which both dates are within one working hour; ``judged`` is how many there are.
    float_unit
        Unit in which the stored floats are the computed ones, None where none fits.
    held
        Nodes that are held at their stored start.
    unexplained
        Open tasks whose stored dates nothing visible explains.
    notes
        The options in words, with what they fit.
    """

    model: Model
    schedule: NetworkDates
    agree_start: int
    agree_finish: int
    near: int
    judged: int
    agree_float: int
    float_unit: str | None
    held: list[int]
    unexplained: int
    notes: list[str]

    @property
    def options(self) -> NetworkOptions:
        """Options that fit best."""
        return self.schedule.options

    @property
    def out_of_sequence(self) -> OutOfSequence:
        """What is done with logic out of sequence."""
        return "progress override" if self.options.override else "retained logic"

    def finish_of(self, targets: Sequence[int], schedule: NetworkDates | None = None) -> int:
        """Return the latest finish of the targets."""
        return max((schedule or self.schedule).early_finish[n] for n in targets)

    def agrees(self, targets: Sequence[int]) -> bool:
        """Return whether the targets finish as stored, and nearly all dates are the stored ones."""
        model, dates = self.model, self.schedule.early_finish
        for n in targets:
            clock, stored = model.activities[n].clock, model.finish[n]
            # Compared by position: 17:00 and 08:00 of the next working day are one date to a scheduler.
            if stored is None or abs(clock.position(stored) - clock.position(dates[n])) > _MINUTE:
                return False
        return bool(targets) and self.mostly_agrees

    @property
    def mostly_agrees(self) -> bool:
        """Whether nearly all dates are the stored ones, whatever the targets."""
        return self.near >= _ENOUGH * self.judged

    def verdict(self, targets: Sequence[int]) -> tuple[str, str]:
        """Return in a sentence whether the passes agree, and what to do if they do not."""
        count = f"{self.near:,} of {self.judged:,} open tasks agree"
        if not targets:
            return "There is no open task with a finish.", ""
        own = timestamp(self.finish_of(targets))
        if self.agrees(targets):
            return f"Own dates agree with the stored ones: finish {own:%Y-%m-%d %H:%M}, {count}.", ""
        known = [at for at in (self.model.finish[n] for n in targets) if at is not None]
        latest = timestamp(max(known)) if known else None
        shown = "%Y-%m-%d %H:%M" if latest is not None and latest.date() == own.date() else "%Y-%m-%d"
        stored = "no finish" if latest is None else f"{latest:{shown}}"
        said = f"The engine gives {own:{shown}} for this schedule, the service stores {stored}; {count}."
        if missing := self.model.tables.why_missing("calendars"):
            return said, f"{missing} Five days of eight hours were assumed; a network needs its calendars."
        if self.held:
            return said, "Reschedule in SYNCHRO: holding unexplained starts does not explain the rest."
        if self.unexplained:
            tasks = f"{self.unexplained:,} task" + ("s are" if self.unexplained > 1 else " is")
            return said, (
                f"{tasks} held by something the API does not show (levelling, or not "
                "rescheduled). Reschedule in SYNCHRO, or pass hold='unexplained'."
            )
        return said, "Reschedule in SYNCHRO; its dates do not follow from its logic, calendars and constraints."

    def require(self, targets: Sequence[int]) -> Reconciled:
        """Return itself where the passes agree.

        Raises
        ------
        InvalidRequest
            They do not; the message gives both finishes and the counts.
        """
        if not self.agrees(targets):
            said, hint = self.verdict(targets)
            where = self.model.tables.schedule_name or self.model.tables.schedule_id
            raise InvalidRequest(said, hint=hint or None, where=where)
        return self

    def targets(self, to: str | None) -> list[int]:
        """Return the node named, else the open nodes that are stored with the latest finish.

        Raises
        ------
        InvalidRequest
            The target is unknown or complete.
        """
        model = self.model
        if to is not None:
            target = model.find(to, "target")
            if model.activities[target].is_complete:
                raise InvalidRequest(
                    f"The target {model.name(target)} is complete, so its date no longer moves.",
                    hint="Name an open task or key date.",
                )
            return [target]
        return model.latest(model.finish)


class Fit(NamedTuple):
    """One combination of options and the stored dates it reproduces."""

    dates: int
    mode: str
    lag_calendar: str
    expected: str
    schedule: NetworkDates


_VARIED = ("mode", "lag_calendar", "expected")


def reconcile(model: Model, *, hold: Hold | None = None, out_of_sequence: OutOfSequence | None = None) -> Reconciled:
    """Find the options that reproduce the stored dates.

    Raises
    ------
    InvalidRequest
        The links are circular, or an option is unknown.
    """
    if hold not in (None, "unexplained"):
        raise InvalidRequest(f"hold must be None or 'unexplained', not {hold!r}.")
    modes = ("retained logic", "progress override")
    if out_of_sequence not in (None, *modes):
        raise InvalidRequest(
            f"There is no out-of-sequence option {out_of_sequence!r}.", hint=nearest(str(out_of_sequence), modes)
        )
    trace = Trace.stored(model)
    base = stored_options(model)
    unexplained = [n for n, driver in enumerate(trace.driver) if driver == NOTHING_VISIBLE]
    held = unexplained if hold else []
    if held:
        activities = list(model.activities)
        for n in held:
            activities[n] = replace(activities[n], not_before=model.start[n])
        model = replace(model, activities=activities)

    network = model.network()
    started = any(a.is_started for a in model.activities)
    # Without progress the two modes give the same dates.
    modes_tried = [out_of_sequence] if out_of_sequence else list(modes) if started else ["retained logic"]
    expected = any(a.expected_finish is not None and not a.is_complete for a in model.activities)
    stored = _stored_positions(model)
    fits: list[Fit] = []
    whole: tuple[str, ...] | None = None
    for tried in itertools.product(
        modes_tried, _distinct_lag_calendars(model), ("used", "not used") if expected else ("used",)
    ):
        # Where all dates fit, the other combinations only tell what one option changes: a pass takes seconds.
        if whole and sum(one != other for one, other in zip(tried, whole, strict=True)) > 1:
            continue
        mode, lag_calendar, used = tried
        options = replace(
            base, override=mode == "progress override", lag_calendar=lag_calendar, expected=used == "used"
        )
        schedule = NetworkDates(network, options).forward()
        start, finish, _ = _agreement(stored, schedule)
        fits.append(Fit(start + finish, mode, lag_calendar, used, schedule))
        if start == finish == len(stored):
            whole = whole or tried
    # Of equal fits max() takes the first, which is P6's default: retained logic, the link's or predecessor's calendar.
    best = max(fits, key=lambda fit: fit.dates)
    schedule = best.schedule
    start, finish, near = _agreement(stored, schedule)
    judged = len(model.scheduled)
    # With held starts float would measure the hold, not the logic.
    unit, agree_float, end = (None, 0, None) if held else _float_unit(model, schedule)
    schedule.options = replace(schedule.options, end=end)
    schedule.backward()
    return Reconciled(
        model, schedule, start, finish, near, judged, agree_float, unit, held, len(unexplained),
        _in_words(best, fits, len(model.open)),
    )  # fmt: skip


def _distinct_lag_calendars(model: Model) -> list[str]:
    """Return the lag calendars that make a difference here."""
    lagged = [link for link in model.links if link.lag]
    seen: dict[tuple[int, ...], str] = {}
    for name in LAG_CALENDARS:
        options = NetworkOptions(model.now, model.now, lag_calendar=name)
        clocks = (lag_clock(link, model.activities, model.always, options) for link in lagged)
        seen.setdefault(tuple(map(id, clocks)), name)
    return list(seen.values())


def _stored_positions(model: Model) -> list[tuple[int, Activity, int, int]]:
    """Return the open nodes that have dates, with the positions of these on their clocks."""
    return [
        (n, activity, activity.clock.position(start), activity.clock.position(finish))
        for n in model.open
        for activity, start, finish in [(model.activities[n], model.start[n], model.finish[n])]
        if start is not None and finish is not None
    ]


def _agreement(stored: list[tuple[int, Activity, int, int]], schedule: NetworkDates) -> tuple[int, int, int]:
    """Count open nodes with the stored start, with the stored finish, and with both within one working hour."""
    start = finish = near = 0
    for n, activity, stored_start, stored_finish in stored:
        begin = abs(stored_start - activity.clock.position(schedule.early_start[n]))
        end = abs(stored_finish - activity.clock.position(schedule.early_finish[n]))
        start += begin < _MINUTE
        finish += end < _MINUTE
        near += begin <= _HOUR and end <= _HOUR and not activity.is_hammock
    return start, finish, near


def stored_floats(model: Model) -> list[float]:
    """Return the raw total float of each node as served, NaN where there is none."""
    analyses = model.tables.get("task_scheduling_analyses")
    by_task: dict[str, float] = {}
    if analyses is not None:
        raw = as_floats(analyses["downstream_total_float"])
        by_task = dict(zip(analyses["task_id"].tolist(), raw.tolist(), strict=True))
    ids = model.tables.tasks["id"].tolist()
    return [by_task.get(ids[place], float("nan")) for place in model.task]


def _float_unit(model: Model, schedule: NetworkDates) -> tuple[str | None, int, int | None]:
    """Return the unit in which most stored floats are the computed ones, how many are, and the end they count to."""
    raw = stored_floats(model)
    # NaN differs from itself.
    known = [n for n in model.open if raw[n] == raw[n]]
    if not known:
        return None, 0, None
    best: tuple[int, str | None, int | None] = (0, None, None)
    for unit, factor in _UNITS.items():
        seconds = {n: round(raw[n] * (factor or model.activities[n].clock.per_day)) for n in known}
        if max(map(abs, seconds.values())) > _LONGEST:
            continue
        implied = _implied_end(model, schedule, seconds)
        for end in dict.fromkeys((None, implied)):
            schedule.options = replace(schedule.options, end=end)
            schedule.backward()
            count = sum(abs(schedule.total_float(n) - seconds[n]) < _MINUTE for n in known)
            if count > best[0]:
                best = (count, unit, end)
        if best[0] == len(known):
            break
    return best[1], best[0], best[2]


def _implied_end(model: Model, schedule: NetworkDates, seconds: dict[int, int]) -> int | None:
    """Return the late finish that most open ends without a constraint have by their stored float."""
    ends: Counter[int] = Counter()
    for n, left in seconds.items():
        a = model.activities[n]
        bound = (a.start_max, a.finish_max, a.start_mandatory, a.finish_mandatory)
        # The float of an open end reaches to the end of the project, unless a constraint ends it before.
        if not schedule.out[n] and not a.is_hammock and all(at is None for at in bound):
            ends[a.clock.earliest(a.clock.position(schedule.early_finish[n]) + left)] += 1
    return max(ends, key=lambda at: (ends[at], at)) if ends else None


def _in_words(best: Fit, fits: list[Fit], count: int) -> list[str]:
    """Name the options chosen, what they fit, and what other ones would."""
    names = {
        "link": "the link's calendar (else the predecessor's)",
        "predecessor": "the predecessor's calendar",
        "successor": "the successor's calendar",
        "24h": "24 hours a day",
    }
    notes = []
    for field_, words in (
        ("mode", "Logic out of sequence: {}"),
        ("lag_calendar", "Lags are counted on {}"),
        ("expected", "Expected finishes are {}"),
    ):
        chosen = getattr(best, field_)
        others = [
            fit
            for fit in fits
            if getattr(fit, field_) != chosen
            and all(getattr(fit, same) == getattr(best, same) for same in _VARIED if same != field_)
        ]
        said = words.format(names.get(chosen, chosen))
        if not others:
            notes.append("" if field_ == "expected" else f"{said}; here it makes no difference.")
            continue
        compared = ", ".join(f"{names.get(getattr(fit, field_), getattr(fit, field_))} {fit.dates:,}" for fit in others)
        doubt = " The data do not show which is set." if any(fit.dates == best.dates for fit in others) else ""
        notes.append(f"{said}, found from {best.dates:,} of {2 * count:,} stored dates; {compared} would fit.{doubt}")
    return [note for note in notes if note]
