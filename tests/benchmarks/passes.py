"""The passes of the critical path method: one at 4,000 and 200,000 activities, and 10,000 sampled ones as a ratio.

Ratios hold on any machine: sampled passes are compared with scalar ones of the same network, and large networks with
small ones. Networks are made up: a grid of trades and zones, a third of the links with a lag, two calendars.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import numpy as np

from bentley_nb.reports.basis.calendars import CalendarRules
from bentley_nb.reports.cpm.clock import ALWAYS, Clock
from bentley_nb.reports.cpm.passes import FF, FS, SS, Activity, Link, Network, NetworkDates, NetworkOptions
from bentley_nb.reports.cpm.samples import Samples
from bentley_nb.reports.finish_risk import triangular
from tests.benchmarks.section import Found, Settings, grid

_NOW = 1_704_095_999 // 86_400 * 86_400 + 8 * 3600
_PART = 4_217
_HOURS = ((8 * 3600, 12 * 3600), (13 * 3600, 17 * 3600))


def made_up(count: int, seed: int = 1) -> Network:
    """Make a network of ``count`` activities and about twice as many links."""
    dice = random.Random(seed)
    clocks = [
        Clock(CalendarRules(f"{days}", f"{days} days", (_HOURS,) * days + ((),) * (7 - days)), _NOW) for days in (5, 6)
    ]
    activities = [Activity(dice.choice(clocks), dice.randint(1, 15) * 8 * 3600) for _ in range(count)]
    links = []
    for n in range(count):
        for step in (1, dice.randint(20, 60)):
            same_part = n // _PART == (n + step) // _PART  # or one chain would last for centuries
            if n + step < count and same_part and (step > 1 or n % 40):
                lag = dice.choice((0, 0, 8 * 3600))
                links.append(Link(n, n + step, dice.choice((FS, FS, FS, SS, FF)), lag))
    return Network(activities, links, Clock(ALWAYS, _NOW))


def best(repeats: int, work: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs."""
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def measure(settings: Settings) -> Found:
    """Time the passes; a quick run leaves out 200,000 activities."""
    options = NetworkOptions(_NOW, _NOW)
    rows = []
    small = made_up(4_217)
    forward = best(5, lambda: NetworkDates(small, options).forward())
    both = best(5, lambda: NetworkDates(small, options).forward().backward())
    rows += [
        ("forward, 4,217 activities", f"{forward * 1000:,.0f} ms", ""),
        ("both passes", f"{both * 1000:,.0f} ms", ""),
    ]

    schedule = NetworkDates(small, options).forward()
    samples = Samples(schedule, NetworkDates(made_up_longest(small), options).forward())
    minutes = [a.remaining // 60 for a in small.activities]
    dice = np.random.default_rng(0)

    def block() -> None:
        remaining = [np.rint(triangular(dice.random(2_500), 0.9, 1.0, 1.3) * m).astype(np.int32) for m in minutes]
        samples.finishes(remaining, range(len(minutes)))

    sampled = 4 * best(2, block)
    rows.append(("10,000 sampled passes", f"{sampled:,.1f} s", f"{sampled / forward:,.0f} scalar passes"))
    if not settings.quick:
        begin = time.perf_counter()
        large = made_up(200_000)
        made = time.perf_counter() - begin
        taken = best(1, lambda: NetworkDates(large, options).forward().backward())
        rows.append(("making and ordering 200,000", f"{made:,.1f} s", ""))
        rows.append(("both passes, 200,000", f"{taken:,.1f} s", f"{taken / both:,.0f} times 4,217"))
    return Found(grid(["what", "measured", "ratio"], rows), rows)


def made_up_longest(network: Network) -> Network:
    """Return the network with every duration at its longest."""
    longest = [Activity(a.clock, int(a.remaining * 1.3) + 60) for a in network.activities]
    return Network(longest, network.links, network.always)
