"""What is measured (scenarios) and what it is held against (targets)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.pages import FULL, PORTFOLIO, SPLIT
from tests.benchmarks.variants import FIRST_PEER, FLOORS, LIMIT, PEERS

OURS = "bentley_nb"
_TOGETHER = ("bentley_nb", "bentley_nb together", "bentley_nb one by one")
_STREAMED = ("bentley_nb to_parquet", "bentley_nb iter_pages")
_SPLIT = "bentley_nb split"
_PORTFOLIO = ("bentley_nb load() of a portfolio", "bentley_nb SQL over a list")


@dataclass(frozen=True)
class Scenario:
    """One table, or several, fetched by several variants that take turns.

    Attributes
    ----------
    name, title
        For the command line, and for the reader.
    chain
        Schedule and collection, as in ``pages.SCHEDULES`` and ``pages.PATHS``.
    variants
        Names in ``variants.VARIANTS``.
    latency
        Milliseconds before each answer.
    gzip
        Whether bodies are packed.
    together
        Collections for the variants that fetch several.
    quick
        Whether a quick run has it: others show that the same code works.
    """

    name: str
    title: str
    chain: str
    variants: tuple[str, ...]
    latency: int = 0
    gzip: bool = True
    together: tuple[str, ...] = ()
    quick: bool = True


_VALUES = "main/task_user_field_values"
_LONGEST = "many/task_user_field_values"

SCENARIOS = (
    Scenario("values", "User field values, gzip", _VALUES, (*FLOORS, LIMIT, *PEERS, OURS)),
    Scenario("values-plain", "User field values, not packed", _VALUES, ("receive", FIRST_PEER, OURS), gzip=False),
    Scenario("tasks", "Tasks of 33 members, gzip", "main/tasks", (*FLOORS, LIMIT, *PEERS, OURS, "bentley_nb table()")),
    Scenario("values-50", "User field values, gzip, 50 ms", _VALUES, (*FLOORS, FIRST_PEER, OURS), latency=50, quick=False),
    Scenario("values-150", "User field values, gzip, 150 ms", _VALUES, (*FLOORS, FIRST_PEER, OURS), latency=150),
    Scenario("together-50", "Twelve collections, 50 ms", _LONGEST, _TOGETHER, latency=50, together=tuple(FULL.many), quick=False),
    Scenario("together-0", "Twelve collections, 0 ms", _LONGEST, _TOGETHER, together=tuple(FULL.many)),
    Scenario("streamed", "User field values, written page by page", _VALUES, _STREAMED),
    Scenario("streamed-long", "Five times as many", "long/task_user_field_values", _STREAMED),
    *(
        Scenario(
            f"portfolio-{latency}", f"Three tables of 30 schedules, {latency} ms (the floor: the longest chains alone)",
            "portfolio/task_user_field_values", ("receive", *_PORTFOLIO), latency=latency, together=tuple(PORTFOLIO),
            quick=latency == 150,
        )
        for latency in (50, 150)
    ),
    *(
        Scenario(
            f"split-{pages}-{latency}", f"{pages} pages of user field values, not packed, {latency} ms",
            f"split-{pages}/task_user_field_values", ("receive", OURS, _SPLIT), latency=latency, gzip=False,
            quick=(pages, latency) == (40, 150),
        )
        for pages in SPLIT for latency in (0, 50, 150)
    ),
)  # fmt: skip


@dataclass
class Samples:
    """What one variant did in one scenario."""

    seconds: list[float]
    peaks: list[int]
    rows: int = 0
    result: int = 0
    missing: str = ""

    @property
    def wall(self) -> float:
        """Median of the wall times, in seconds."""
        return median(self.seconds)

    @property
    def peak(self) -> float:
        """Median of the peaks, in bytes; never less than a page of memory."""
        return max(median(self.peaks), 4096)


Results = Mapping[tuple[str, str], Samples]


@dataclass(frozen=True)
class Target:
    """A bar, and where we stand.

    Attributes
    ----------
    scenario
        Which one it is about.
    what
        The figure, in words.
    bar
        The bar.
    at_least
        Whether the figure must reach the bar; otherwise it must not exceed it.
    figure
        Gives the figure; raises KeyError where a variant was not measured.
    """

    scenario: str
    what: str
    bar: float
    at_least: bool
    figure: Callable[[Results], float]

    def met(self, figure: float) -> bool:
        """Whether the bar is met."""
        return math.isfinite(figure) and (figure >= self.bar if self.at_least else figure <= self.bar)


def _wall(scenario: str, above: str, below: str) -> Callable[[Results], float]:
    return lambda results: results[scenario, above].wall / results[scenario, below].wall


def _peak(scenario: str, above: str, below: str) -> Callable[[Results], float]:
    return lambda results: results[scenario, above].peak / results[scenario, below].peak


def _nearest_peer(scenario: str) -> Callable[[Results], float]:
    def figure(results: Results) -> float:
        walls = [results[scenario, peer].wall for peer in PEERS if not results[scenario, peer].missing]
        return min(walls) / results[scenario, OURS].wall

    return figure


TARGETS = (
    Target("values", f"times faster than {FIRST_PEER}", 8.0, True, _wall("values", FIRST_PEER, OURS)),
    Target("values", "times faster than the fastest peer", 1.0, True, _nearest_peer("values")),
    Target("values", "times the wall of receive + gunzip", 1.4, False, _wall("values", OURS, "receive + gunzip")),
    Target("values", f"of the peak memory of {FIRST_PEER}", 0.25, False, _peak("values", OURS, FIRST_PEER)),
    Target("tasks", f"times faster than {FIRST_PEER}", 8.0, True, _wall("tasks", FIRST_PEER, OURS)),
    Target("tasks", f"of the peak memory of {FIRST_PEER}", 0.25, False, _peak("tasks", OURS, FIRST_PEER)),
    Target("values-50", "times the wall of the wire alone", 1.15, False, _wall("values-50", OURS, "receive")),
    Target("values-150", "times the wall of the wire alone", 1.15, False, _wall("values-150", OURS, "receive")),
    Target("together-50", "times the longest chain alone", 1.3, False, _wall("together-50", "bentley_nb together", OURS)),
    Target("together-0", "times the longest chain alone", 1.3, False, _wall("together-0", "bentley_nb together", OURS)),
    Target(
        "streamed-long", "times the peak memory of to_parquet of a fifth of the rows", 1.15, False,
        lambda results: results["streamed-long", _STREAMED[0]].peak / results["streamed", _STREAMED[0]].peak,
    ),
    *(
        Target(f"portfolio-{latency}", f"times faster than the longest chains, {what}", 1.0, True,
               _wall(f"portfolio-{latency}", "receive", what))
        for latency in (50, 150) for what in _PORTFOLIO
    ),
    *(
        Target(f"split-{pages}-{latency}", "times faster than the plain chain", 3.0 if latency == 150 and pages >= 40 else 0.97,
               True, _wall(f"split-{pages}-{latency}", OURS, _SPLIT))
        for pages in SPLIT for latency in (0, 50, 150)
    ),
)  # fmt: skip
