"""One building: foundations, levels, envelope, services, fit-out and commissioning, and the logic that runs up it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bentley_nb.sandbox.programme.calendar_items import SEVEN_DAY
from bentley_nb.sandbox.programme.dating import FF, FS, SS
from bentley_nb.sandbox.programme.drafting import Draft, Layout
from bentley_nb.sandbox.programme.trades import (
    COMMISSIONING,
    EXTERNAL,
    FACADE,
    FIT_OUT,
    PLANT_AND_LIFTS,
    SERVICES,
    STRUCTURE,
    SUBSTRUCTURE,
    TradeWork,
)

BASEMENTS = ("Level B2", "Level B1")


class Tower:
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
        self,
        table: Sequence[TradeWork],
        node: int,
        phase: str,
        level: str | None,
        zone: str | None,
        stretch: float = 1.0,
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
        """Draft columns, then slab, zone after zone; a level starts when the slab below has cured for two days."""
        made = self.made
        stretch = 1.25 if "Ground" in level or "Podium" in level else 1.0
        parent = made.node(level, node, phase=phase, level=level, building=self.number)
        ends, before = [], None
        for index, zone in enumerate(self.zones):
            inside = made.node(zone, parent, phase=phase, level=level, zone=zone, building=self.number)
            steps = self._works(STRUCTURE, inside, phase, level, zone, stretch)
            made.chain(steps)
            for slab in below if len(self.zones) == 1 else [below[index * len(below) // len(self.zones)]]:
                made.tie(slab, steps[0], FS, 2)
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
        """Draft the services: first fix follows the falsework up the building, second fix is tied in the fit-out."""
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
                work = TradeWork(f"Snag and close out room {_short(level).lstrip('L')}.{room:02}", 2, "Finishes", 2)
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


def _level_names(above: int) -> list[str]:
    names = ["Level 00 Ground floor", "Level 01 Podium", "Level 02 Podium"]
    return (names + [f"Level {number:02}" for number in range(3, above)])[:above]


def _short(level: str | None) -> str:
    """Return ``L01`` for ``Level 01 Podium``, ``B2`` for ``Level B2``."""
    if level is None:
        return ""
    mark = level.split()[1]
    return mark if mark.startswith("B") else f"L{mark}"
