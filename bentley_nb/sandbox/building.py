"""The programme of a development before anything is dated: its work breakdown, activities, milestones and logic.

:func:`draft` lays the tables of ``trades`` over buildings, levels and zones until exactly the wanted number of rows is
reached; :class:`Layout` says how many of each that takes.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.calendars import FIVE_DAY, HOURS_PER_DAY, SEVEN_DAY, SIX_DAY
from bentley_nb.sandbox.network import FF, FS, SF, SS
from bentley_nb.sandbox.trades import (
    COMMISSIONING,
    ENABLING,
    EXTERNAL,
    FACADE,
    FIT_OUT,
    PACKAGES,
    PLANT_AND_LIFTS,
    SERVICES,
    STRUCTURE,
    SUBSTRUCTURE,
    Work,
)

BASEMENTS = ("Level B2", "Level B1")
MOST_LEVELS = 60


@dataclass(slots=True)
class Row:
    """A line of the programme, a WBS node or an activity; ``seconds`` is its duration in working time."""

    name: str
    code: str
    parent: int | None
    type: str = "Work"
    wbs: bool = False
    seconds: int = 0
    calendar: int = FIVE_DAY
    trade: str = ""
    crew: int = 0
    quantity: float = 0.0
    unit: str = "Unknown"
    phase: str = ""
    level: str | None = None
    zone: str | None = None
    building: int = 0


@dataclass(slots=True)
class Tie:
    """A dependency; without ``calendar`` its lag runs on the predecessor's."""

    before: int
    after: int
    type: str = FS
    lag: int = 0
    calendar: int | None = None


@dataclass(frozen=True)
class Layout:
    """How many levels each building has above ground, how many zones a level, and how fine the activities are.

    ``packages`` are procured; ``rooms`` are snagged one by one, which is what makes the number of rows come out.
    """

    levels: tuple[int, ...]
    zones: int
    detail: int
    packages: int
    rooms: int = 0

    @classmethod
    def for_rows(cls, rows: int) -> Layout:
        """Find the layout whose programme has exactly ``rows`` rows; the smallest one is cut off to have fewer."""
        if rows < 1:
            raise InvalidRequest(f"A demo schedule has at least one row, not {rows}.")
        if rows < 1_500:
            # Zones, detail and packages, as much as there is room for.
            kinds = [(2, 1, 8), (1, 1, 8), (1, 1, 4), (1, 1, 2)]
            zones, detail, packages = next((kind for kind in kinds if _size(2, kind=kind) <= rows), kinds[-1])
        else:
            zones, detail, packages = (3, 2, 14) if rows < 12_000 else (6, 2, 14)

        def size(*levels: int) -> int:
            return _size(*levels, kind=(zones, detail, packages))

        first, per_level = size(2), size(3) - size(2)
        if rows <= first:
            return cls((2,), zones, detail, packages)
        tallest = MOST_LEVELS - 2
        base, buildings = first, 1
        if first + tallest * per_level < rows:
            # Design, procurement and preliminaries are shared, so that every further building costs the same.
            two = size(2, 2)
            another = size(2, 2, 2) - two
            buildings = 2 + max(0, math.ceil((rows - two - 2 * tallest * per_level) / (another + tallest * per_level)))
            base = two + (buildings - 2) * another
        spare, rooms = divmod(rows - base, per_level)
        share, more = divmod(spare, buildings)
        levels = tuple(2 + share + (1 if index < more else 0) for index in range(buildings))
        return cls(levels, zones, detail, packages, rooms)


@dataclass
class Draft:
    """Rows in the order a planner reads them (a node before what is below it) and the dependencies between them."""

    rng: random.Random
    rows: list[Row] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    deadline: int | None = None
    _numbers: dict[str, int] = field(default_factory=dict)

    def node(self, name: str, parent: int | None, **marks: object) -> int:
        """Add a WBS node."""
        siblings = self._next(f"node {parent}", 1)
        initials = "".join(word[0] for word in name.split())
        code = initials if parent is None else f"{self.rows[parent].code}.{siblings}"
        return self._add(Row(name, code, parent, wbs=True, **marks))  # type: ignore[arg-type]  # marks are Row's fields

    def work(self, work: Work, parent: int, *, place: str = "", stretch: float = 1.0, **marks: object) -> int:
        """Add an activity of a table, a little longer or shorter than the table says."""
        days = max(1, round(work.days * stretch * self.rng.choice((0.9, 1.0, 1.0, 1.1))))
        row = Row(
            name=f"{work.name}, {place}" if place else work.name,
            code=self._code(work.trade),
            parent=parent,
            seconds=days * HOURS_PER_DAY[work.calendar] * 3600,
            calendar=work.calendar,
            trade=work.trade,
            crew=work.crew,
            quantity=round(work.quantity * self.rng.uniform(0.85, 1.2), 1),
            unit=work.unit if work.quantity else "Unknown",
            **marks,  # type: ignore[arg-type]  # marks are Row's fields
        )
        return self._add(row)

    def mark(self, name: str, parent: int, type_: str = "FinishKeyDate", **marks: object) -> int:
        """Add a milestone, hammock or meeting."""
        if type_ == "FinishKeyDate":
            # It falls when the work before it ends, on whatever day that is.
            marks.setdefault("calendar", SEVEN_DAY)
        trade = "Preliminaries"
        return self._add(Row(name, self._code("Key date"), parent, type_, trade=trade, **marks))  # type: ignore[arg-type]

    def tie(self, before: int, after: int, type_: str = FS, days: float = 0, calendar: int | None = None) -> None:
        """Add a dependency with a lag in days of the lag's calendar."""
        per_day = HOURS_PER_DAY[self.rows[before].calendar if calendar is None else calendar] * 3600
        self.ties.append(Tie(before, after, type_, round(days * per_day), calendar))

    def chain(self, indexes: Iterable[int]) -> None:
        """Tie each to the next, finish to start."""
        for before, after in pairwise(indexes):
            self.tie(before, after)

    def _add(self, row: Row) -> int:
        self.rows.append(row)
        return len(self.rows) - 1

    def _next(self, series: str, step: int) -> int:
        self._numbers[series] = self._numbers.get(series, 0) + step
        return self._numbers[series]

    def _code(self, trade: str) -> str:
        prefix = "".join(word[0] for word in trade.split()).upper() if " " in trade else trade[:3].upper()
        return f"{prefix}{self._next(prefix, 10):06}"


def draft(seed: object, rows: int, name: str = "Harbour Point Tower") -> Draft:
    """Make a programme of exactly ``rows`` rows; activities bear the initials of its name."""
    made = _lay_out(seed, Layout.for_rows(rows), name)
    if len(made.rows) > rows:
        del made.rows[rows:]
        made.ties = [tie for tie in made.ties if max(tie.before, tie.after) < rows]
        if made.deadline is not None and made.deadline >= rows:
            made.deadline = None
    return made


def _size(*levels: int, kind: tuple[int, int, int]) -> int:
    return len(_lay_out("size", Layout(levels, *kind)).rows)


def _level_names(above: int) -> list[str]:
    names = ["Level 00 Ground floor", "Level 01 Podium", "Level 02 Podium"]
    return (names + [f"Level {number:02}" for number in range(3, above)])[:above]


def _lay_out(seed: object, layout: Layout, name: str = "") -> Draft:
    made = Draft(random.Random(f"{seed}/building"))
    root = made.node(name, None)
    dates = _milestones(made, root)
    deliveries = _preconstruction(made, root, dates, layout)
    hammocks = _preliminaries(made, root, dates)
    platform = _enabling(made, root, dates)
    ends = []
    for number, above in enumerate(layout.levels):
        parent = root if len(layout.levels) == 1 else made.node(f"Tower {number + 1}", root, building=number)
        # A share of the odd rooms; the last building takes what is left.
        rooms = layout.rooms // len(layout.levels) + (
            layout.rooms % len(layout.levels) if number == len(layout.levels) - 1 else 0
        )
        tower = _Tower(made, parent, number, above, layout, deliveries)
        ends.append(tower.build(platform, dates, rooms))
        platform = tower.piles[1]  # the piling rigs go on to the next tower
        if number == 0:
            made.tie(tower.columns[0], hammocks["crane"], SS)
            made.tie(tower.roof_steel, hammocks["crane"], FF, 5)
            made.tie(tower.first_facade, hammocks["hoist"], SS)
            made.tie(tower.last_doors, hammocks["hoist"], FF)
            made.tie(tower.first_facade, hammocks["scaffold"], SS)
            made.tie(tower.last_facade, hammocks["scaffold"], FF)
    for end in ends:
        made.tie(end, dates["practical"])
    made.tie(dates["practical"], dates["handover"], FS, 10)
    made.tie(dates["possession"], hammocks["site"], SS)
    made.tie(dates["practical"], hammocks["site"], FF)
    made.deadline = dates["power"]
    return made


def _milestones(made: Draft, root: int) -> dict[str, int]:
    node = made.node("Key dates", root, phase="Key dates")
    names = {
        "award": ("Contract award", "StartKeyDate"),
        "permit": ("Building permit granted", "StartKeyDate"),
        "possession": ("Possession of site", "StartKeyDate"),
        "ground": ("Structure at ground level", "FinishKeyDate"),
        "topped": ("Structure topped out", "FinishKeyDate"),
        "tight": ("Building weathertight", "FinishKeyDate"),
        "power": ("Permanent power available", "FinishKeyDate"),
        "sectional": ("Sectional completion: podium to retail tenant", "FinishKeyDate"),
        "practical": ("Practical completion", "FinishKeyDate"),
        "handover": ("Handover to client", "FinishKeyDate"),
    }
    dates = {key: made.mark(name, node, type_, phase="Key dates") for key, (name, type_) in names.items()}
    made.tie(dates["award"], dates["permit"], FS, 20)
    made.tie(dates["award"], dates["possession"], FS, 10)
    return dates


def _preconstruction(made: Draft, root: int, dates: dict[str, int], layout: Layout) -> dict[str, int]:
    """Design and procurement; gives the delivery that each package ends with."""
    phase = "Design and procurement"
    node = made.node("Design", root, phase=phase)
    designs = [
        made.work(Work(name, days, "Design", crew, calendar=FIVE_DAY), node, phase=phase)
        for name, days, crew in (
            ("Technical design: substructure", 20, 5),
            ("Technical design: superstructure", 35, 6),
            ("Technical design: facade", 40, 4),
            ("Technical design: building services", 45, 7),
            ("Fire strategy and authority submission", 25, 3),
        )
    ]
    for design in designs:
        made.tie(dates["award"], design)
    made.tie(designs[1], designs[2], SS, 10)
    made.tie(designs[1], designs[3], SS, 5)
    made.tie(designs[3], designs[4], FF, 5)

    deliveries = {}
    parent = made.node("Procurement", root, phase=phase)
    for package in PACKAGES[: layout.packages]:
        node = made.node(package.name, parent, phase=phase)
        names = ("Shop drawings", "Review and approval", "Manufacture", "First delivery to site")
        steps = [
            made.work(Work(f"{name}: {package.name}", days, "Procurement", 2, calendar=FIVE_DAY), node, phase=phase)
            for name, days in zip(names, package.days, strict=True)
        ]
        made.chain(steps)
        made.tie(designs[0] if package.trade == "Piling" else designs[2 if package.trade == "Facade" else 1], steps[0])
        deliveries[package.name] = steps[-1]
    return deliveries


def _preliminaries(made: Draft, root: int, dates: dict[str, int]) -> dict[str, int]:
    phase = "Preliminaries"
    node = made.node("Preliminaries", root, phase=phase)
    hammocks = {
        "site": made.mark("Site management", node, "LongHammock", phase=phase),
        "crane": made.mark("Tower crane TC1 on hire", node, "LongHammock", phase=phase, calendar=SIX_DAY),
        "hoist": made.mark("Passenger and goods hoist on hire", node, "LongHammock", phase=phase, calendar=SIX_DAY),
        "scaffold": made.mark("Perimeter protection screens", node, "ShortHammock", phase=phase, calendar=SIX_DAY),
    }
    meetings = [
        made.mark(f"Client progress meeting no. {number}", node, "Meeting", phase=phase, seconds=2 * 3600)
        for number in range(1, 5)
    ]
    for number, meeting in enumerate(meetings):
        made.tie(dates["possession"], meeting, FS, 20 + 65 * number)
    # The permit file is closed once the first meeting has begun: the one start-to-finish link of the programme.
    closing = made.work(Work("Keep the permit file", 15, "Design", 1, calendar=FIVE_DAY), node, phase=phase)
    made.tie(dates["permit"], closing)
    made.tie(meetings[0], closing, SF)
    made.tie(closing, dates["practical"])
    return hammocks


def _enabling(made: Draft, root: int, dates: dict[str, int]) -> int:
    node = made.node("Enabling works", root, phase="Enabling works")
    fence, cabins, survey, cable, demolish, platform = (
        made.work(work, node, phase="Enabling works") for work in ENABLING
    )
    made.tie(dates["possession"], fence)
    made.tie(fence, cabins, SS, 2)
    made.tie(dates["possession"], survey)
    made.tie(fence, cable)
    made.tie(survey, demolish)
    made.tie(fence, demolish)
    made.tie(cabins, demolish)
    made.tie(demolish, platform, FS, -3)
    made.tie(cable, platform, FF)
    return platform


class _Tower:
    """One building: the logic that runs up its levels."""

    def __init__(
        self, made: Draft, parent: int, number: int, above: int, layout: Layout, deliveries: dict[str, int]
    ) -> None:
        self.made = made
        self.parent = parent
        self.number = number
        self.levels = _level_names(above)
        self.layout = layout
        self.deliveries = deliveries
        self.zones = [f"Zone {'ABCDEFGH'[index]}" for index in range(layout.zones)]
        self.columns: list[int] = []
        self.slabs: dict[str, list[int]] = {}
        self.facades: dict[str, list[int]] = {}
        self.piles: list[int] = []
        self.first_facade = self.last_facade = self.last_doors = self.roof_steel = 0

    def build(self, platform: int, dates: dict[str, int], rooms: int) -> int:
        """Add everything; gives the activity that completes the building."""
        made = self.made
        rafts = self._foundations(platform)
        basement = made.node("Basement structure", self.parent, phase="Substructure", building=self.number)
        for below, level in zip([None, *BASEMENTS], BASEMENTS, strict=False):
            self._structure(basement, level, rafts if below is None else self.slabs[below], "Substructure")
        node = made.node("Superstructure", self.parent, phase="Superstructure", building=self.number)
        for below, level in zip([BASEMENTS[-1], *self.levels], self.levels, strict=False):
            self._structure(node, level, self.slabs[below], "Superstructure")
        self._envelope()
        services = self._services()
        self._fit_out(services, rooms)
        end = self._finish(services, dates)
        if self.number == 0:
            for slab in self.slabs[self.levels[0]]:
                made.tie(slab, dates["ground"])
            for slab in self.slabs[self.levels[-1]]:
                made.tie(slab, dates["topped"])
            made.tie(self.last_facade, dates["tight"])
            for doors in self._doors[: min(2, len(self._doors))]:
                made.tie(doors, dates["sectional"])
        return end

    def _works(
        self, table: Sequence[Work], node: int, phase: str, level: str | None, zone: str | None, stretch: float = 1.0
    ) -> list[int]:
        place = " ".join(part for part in (_short(level), zone) if part)
        if self.number or len(self.layout.levels) > 1:
            place = f"T{self.number + 1} {place}".strip()
        return [
            self.made.work(
                work,
                node,
                place=place,
                stretch=stretch,
                phase=phase,
                level=level,
                zone=zone,
                building=self.number,
            )
            for work in table
            if work.detail <= self.layout.detail
        ]

    def _foundations(self, platform: int) -> list[int]:
        made = self.made
        node = made.node("Foundations", self.parent, phase="Substructure", building=self.number)
        (a, b, tests, capping, dig, formation, caps, tanking, steel, raft_a, raft_b) = self._works(
            SUBSTRUCTURE, node, "Substructure", None, None
        )
        made.tie(platform, a)
        self._deliver("Bored piles and capping beam", a)
        made.tie(a, b, SS, 6)
        made.tie(a, b, FF, 4)
        made.tie(a, tests, FS, 7, SEVEN_DAY)
        made.tie(b, capping, FS, -4)
        made.tie(tests, capping)
        made.chain([capping, dig, formation])
        made.tie(formation, caps, SS, 6)
        made.tie(formation, caps, FF, 3)
        made.tie(caps, tanking)
        made.tie(tanking, steel, FS, -2)
        self._deliver("Reinforcement and couplers", steel)
        made.tie(steel, raft_a)
        made.tie(raft_a, raft_b, FS, 2)
        self.piles = [a, b]
        return [raft_a, raft_b]

    def _structure(self, node: int, level: str, below: list[int], phase: str) -> None:
        """Columns, then slab, zone after zone; a level starts when the slab below has cured for two days."""
        made = self.made
        stretch = 1.25 if "Ground" in level or "Podium" in level else 1.0
        parent = made.node(level, node, phase=phase, level=level, building=self.number)
        ends, before = [], None
        for index, zone in enumerate(self.zones):
            inside = made.node(zone, parent, phase=phase, level=level, zone=zone, building=self.number)
            steps = self._works(STRUCTURE, inside, phase, level, zone, stretch)
            made.chain(steps)
            made.tie(below[index * len(below) // len(self.zones)], steps[0], FS, 2)
            if before is not None:
                made.tie(before, steps[0])
            before = steps[0]
            self.columns.append(steps[0])
            ends.append(steps[-1])
        self.slabs[level] = ends

    def _envelope(self) -> None:
        made = self.made
        node = made.node("Envelope", self.parent, phase="Envelope", building=self.number)
        before: list[int] | None = None
        for position, level in enumerate(self.levels):
            parent = made.node(level, node, phase="Envelope", level=level, building=self.number)
            cleared = self.slabs[self.levels[min(position + 2, len(self.levels) - 1)]]
            for zone in self._zones():
                steps = self._works(FACADE, parent, "Envelope", level, zone)
                *panels, seals = steps
                made.chain(panels)
                made.tie(panels[-1], seals, SS, 3)
                made.tie(panels[-1], seals, FF, 2)
                made.tie(cleared[-1], steps[0], FS, 6)
                if before is None:
                    self._deliver("Unitised curtain wall", steps[0])
                    self.first_facade = steps[0]
                else:
                    made.tie(before[0], steps[0])
                    made.tie(before[-1], seals)
                before = steps
                self.facades.setdefault(level, []).append(seals)
        self.last_facade = self.facades[self.levels[-1]][-1]

    def _services(self) -> dict[tuple[str, str | None], list[int]]:
        """First fix runs up the building behind the falsework; the second fix is tied in the fit-out."""
        made = self.made
        node = made.node("Building services", self.parent, phase="Building services", building=self.number)
        before: list[int] | None = None
        found = {}
        for position, level in enumerate(self.levels):
            parent = made.node(level, node, phase="Building services", level=level, building=self.number)
            cleared = self.slabs[self.levels[min(position + 1, len(self.levels) - 1)]]
            for zone in self._zones():
                steps = self._works(SERVICES, parent, "Building services", level, zone)
                duct, *rest = steps[:-1]
                made.tie(cleared[-1], duct, FS, 12)
                for lead, step in pairwise([duct, *rest]):
                    made.tie(lead, step, SS, 2)
                if before is not None:
                    for lead, step in zip(before[:-1], steps[:-1], strict=True):
                        made.tie(lead, step)
                    made.tie(before[-1], steps[-1])
                before = steps
                found[level, zone] = steps
        return found

    def _fit_out(self, services: dict[tuple[str, str | None], list[int]], rooms: int) -> None:
        made = self.made
        node = made.node("Fit-out", self.parent, phase="Fit-out", building=self.number)
        before: list[int] | None = None
        self._doors: list[int] = []
        for position, level in enumerate(self.levels):
            parent = made.node(level, node, phase="Fit-out", level=level, building=self.number)
            for zone in self._zones():
                steps = self._works(FIT_OUT, parent, "Fit-out", level, zone)
                *first_fix, second_fix = services[level, zone]
                closing = next(step for step in steps if "Close partitions" in made.rows[step].name)
                made.chain(steps)
                made.tie(self.facades[level][-1], steps[0])
                for step in first_fix:
                    made.tie(step, closing)
                made.tie(closing, second_fix)
                made.tie(second_fix, steps[-1], FF, 1)
                if before is not None:
                    made.tie(before[0], steps[0])
                    made.tie(before[-2], steps[-2])
                else:
                    self._deliver("Doorsets and ironmongery", steps[-1])
                before = steps
                self._doors.append(steps[-1])
            last = position == len(self.levels) - 1
            count = rooms // len(self.levels) + (rooms % len(self.levels) if last else 0)
            for room in range(1, count + 1):
                work = Work(f"Snag and close out room {_short(level).lstrip('L')}.{room:02}", 2, "Finishes", 2)
                snag = made.work(work, parent, phase="Fit-out", level=level, building=self.number)
                made.tie(self._doors[-1], snag)
                self._doors.append(snag)
        self.last_doors = self._doors[-1]

    def _finish(self, services: dict[tuple[str, str | None], list[int]], dates: dict[str, int]) -> int:
        made = self.made
        top = self.slabs[self.levels[-1]][-1]
        phase = "Plant and lifts"
        node = made.node(phase, self.parent, phase=phase, building=self.number)
        roof, steel, chillers, pipes, switch, pumps, rails, cars = self._works(PLANT_AND_LIFTS, node, phase, None, None)
        self.roof_steel = steel
        for slab in self.slabs[self.levels[-1]]:
            made.tie(slab, roof, FS, 6)
        made.tie(top, steel, FS, 5)
        made.tie(roof, steel, SS, 4)
        made.tie(steel, chillers)
        self._deliver("Chillers and cooling towers", chillers)
        made.tie(chillers, pipes, FS, -3)
        made.tie(self.slabs[BASEMENTS[-1]][-1], switch, FS, 25)
        self._deliver("LV switchgear and generators", switch)
        made.tie(self.slabs[BASEMENTS[-1]][-1], pumps, FS, 25)
        self._deliver("Sprinkler pumps and tanks", pumps)
        made.tie(top, rails, FS, 10)
        self._deliver("Passenger and goods lifts", rails)
        made.tie(rails, cars)

        node = made.node("External works", self.parent, phase="External works", building=self.number)
        drains, utilities, paving, planting = self._works(EXTERNAL, node, "External works", None, None)
        made.tie(self.facades[self.levels[0]][-1], drains, FS, 15)
        made.tie(drains, utilities, SS, 5)
        made.tie(drains, paving)
        made.tie(utilities, paving)
        made.tie(paving, planting, FS, -4)

        phase = "Testing and commissioning"
        node = made.node(phase, self.parent, phase=phase, building=self.number)
        flush, energise, ventilation, alarm, lifts, systems, witness, snagging, manuals = self._works(
            COMMISSIONING, node, phase, None, None
        )
        finals = [steps[-1] for steps in services.values()]
        made.tie(pipes, flush)
        made.tie(finals[-1], flush)
        made.tie(switch, energise)
        made.tie(utilities, energise)
        made.tie(energise, flush)
        made.tie(flush, ventilation)
        made.tie(roof, ventilation)
        made.tie(pumps, alarm)
        made.tie(finals[-1], alarm)
        made.tie(cars, lifts)
        made.tie(energise, lifts)
        for test in (ventilation, alarm, lifts):
            made.tie(test, systems)
        made.tie(systems, witness, FS, 3)
        for doors in self._doors:
            made.tie(doors, snagging)
        made.tie(systems, manuals, SS, 2)
        made.tie(planting, snagging, FF, 3)
        made.tie(witness, snagging, FF, 2)
        end = made.mark(
            "All works complete" if len(self.layout.levels) == 1 else f"Tower {self.number + 1} complete",
            node,
            phase=phase,
            building=self.number,
        )
        for last in (witness, snagging, manuals):
            made.tie(last, end)
        if self.number == 0:
            made.tie(energise, dates["power"])
            first = next(iter(services.values()))
            needed = {
                "Air handling units": chillers,
                "Building management system": ventilation,
                "Sanitary ware and pods": first[-1],
                "Facade maintenance unit": steel,
                "Stone flooring": self._doors[0],
                "Street furniture and lighting": planting,
            }
            for package, user in needed.items():
                self._deliver(package, user)
        return end

    def _deliver(self, package: str, user: int) -> None:
        """Let an activity wait for a package, where that is procured."""
        if package in self.deliveries:
            self.made.tie(self.deliveries[package], user)

    def _zones(self) -> Sequence[str | None]:
        return self.zones if self.layout.detail > 1 else (None,)


def _short(level: str | None) -> str:
    """``Level 01 Podium`` -> ``L01``, ``Level B2`` -> ``B2``."""
    if level is None:
        return ""
    mark = level.split()[1]
    return mark if mark.startswith("B") else f"L{mark}"
