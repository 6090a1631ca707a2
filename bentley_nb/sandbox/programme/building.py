"""The programme of a development: what its towers share, and as many of them as make the wanted number of rows.

:func:`draft` makes it; :func:`layout_for` says how many levels and zones that takes.
"""

from __future__ import annotations

import math
import random
from functools import lru_cache

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, SIX_DAY
from bentley_nb.sandbox.programme.dating import FF, FS, SF, SS
from bentley_nb.sandbox.programme.drafting import Draft, Layout
from bentley_nb.sandbox.programme.tower import Tower
from bentley_nb.sandbox.programme.trades import ENABLING, PACKAGES, TradeWork

MOST_LEVELS = 60


def draft(seed: object, rows: int, name: str = "Harbour Point Tower") -> Draft:
    """Make a programme of exactly ``rows`` rows; activities bear the initials of its name."""
    made = _lay_out(seed, layout_for(rows), name)
    if len(made.rows) > rows:
        del made.rows[rows:]
        made.ties = [tie for tie in made.ties if max(tie.before, tie.after) < rows]
        if made.deadline is not None and made.deadline >= rows:
            made.deadline = None
    return made


def layout_for(rows: int) -> Layout:
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

    first = size(2)
    per_level = size(3) - first
    if rows <= first:
        return Layout((2,), zones, detail, packages)
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
    return Layout(levels, zones, detail, packages, rooms)


@lru_cache(maxsize=64)
def _size(*levels: int, kind: tuple[int, int, int]) -> int:
    return len(_lay_out("size", Layout(levels, *kind)).rows)


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
        tower = Tower(made, parent, number, above, layout, deliveries)
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
    """Draft design and procurement; return the delivery that each package ends with."""
    phase = "Design and procurement"
    node = made.node("Design", root, phase=phase)
    designs = [
        made.work(TradeWork(name, days, "Design", crew, calendar=FIVE_DAY), node, phase=phase)
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
            made.work(
                TradeWork(f"{name}: {package.name}", days, "Procurement", 2, calendar=FIVE_DAY), node, phase=phase
            )
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
    closing = made.work(TradeWork("Keep the permit file", 15, "Design", 1, calendar=FIVE_DAY), node, phase=phase)
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
