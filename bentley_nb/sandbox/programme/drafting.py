"""A programme on paper: rows in reading order and the dependencies between them, nothing dated yet."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TypedDict, Unpack

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, HOURS_PER_DAY, SEVEN_DAY
from bentley_nb.sandbox.programme.dating import FS
from bentley_nb.sandbox.programme.trades import TradeWork


@dataclass(slots=True)
class PlanRow:
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


class RowPlace(TypedDict, total=False):
    """Where in the project a :class:`PlanRow` belongs."""

    phase: str
    level: str | None
    zone: str | None
    building: int


class Marks(RowPlace, total=False):
    """Further fields of a :class:`PlanRow` that is no activity of a table."""

    seconds: int
    calendar: int


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


@dataclass
class Draft:
    """Rows in the order a planner reads them (a node before what is below it) and the dependencies between them."""

    rng: random.Random
    rows: list[PlanRow] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    deadline: int | None = None
    _numbers: dict[str, int] = field(default_factory=dict)

    def node(self, name: str, parent: int | None, **where: Unpack[RowPlace]) -> int:
        """Add a WBS node."""
        siblings = self._next(f"node {parent}", 1)
        initials = "".join(word[0] for word in name.split())
        code = initials if parent is None else f"{self.rows[parent].code}.{siblings}"
        return self._add(PlanRow(name, code, parent, wbs=True, **where))

    def work(
        self, work: TradeWork, parent: int, *, place: str = "", stretch: float = 1.0, **where: Unpack[RowPlace]
    ) -> int:
        """Add an activity of a table, a little longer or shorter than the table says."""
        days = max(1, round(work.days * stretch * self.rng.choice((0.9, 1.0, 1.0, 1.1))))
        row = PlanRow(  # by position, which is read three times as fast as by name
            f"{work.name}, {place}" if place else work.name,
            self._code(work.trade),
            parent,
            "Work",
            False,
            days * HOURS_PER_DAY[work.calendar] * 3600,
            work.calendar,
            work.trade,
            work.crew,
            round(work.quantity * self.rng.uniform(0.85, 1.2), 1),
            work.unit if work.quantity else "Unknown",
            **where,
        )
        return self._add(row)

    def mark(self, name: str, parent: int, type_: str = "FinishKeyDate", **marks: Unpack[Marks]) -> int:
        """Add a milestone, hammock or meeting."""
        if type_ == "FinishKeyDate":
            # It falls when the work before it ends, on whatever day that is.
            marks.setdefault("calendar", SEVEN_DAY)
        trade = "Preliminaries"
        return self._add(PlanRow(name, self._code("Key date"), parent, type_, trade=trade, **marks))

    def tie(self, before: int, after: int, type_: str = FS, days: float = 0, calendar: int | None = None) -> None:
        """Add a dependency with a lag in days of the lag's calendar."""
        lag = 0
        if days:
            per_day = HOURS_PER_DAY[self.rows[before].calendar if calendar is None else calendar] * 3600
            lag = round(days * per_day)
        self.ties.append(Tie(before, after, type_, lag, calendar))

    def chain(self, indexes: Iterable[int]) -> None:
        """Link each to the next, finish to start."""
        for before, after in pairwise(indexes):
            self.tie(before, after)

    def _add(self, row: PlanRow) -> int:
        self.rows.append(row)
        return len(self.rows) - 1

    def _next(self, series: str, step: int) -> int:
        number = self._numbers[series] = self._numbers.get(series, 0) + step
        return number

    def _code(self, trade: str) -> str:
        prefix = _prefix(trade)
        return f"{prefix}{self._next(prefix, 10):06}"


@cache
def _prefix(trade: str) -> str:
    return "".join(word[0] for word in trade.split()).upper() if " " in trade else trade[:3].upper()
