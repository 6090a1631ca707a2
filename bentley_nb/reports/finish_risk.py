"""How sure the finish is: remaining durations sampled, and the network run on its real calendars for each sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import whole_number
from bentley_nb.reports.basis.nullable import integers, numbers
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.model import NEEDS, Model, instants, timestamp
from bentley_nb.reports.cpm.passes import NetworkDates
from bentley_nb.reports.cpm.reconcile import Reconciled, reconcile
from bentley_nb.reports.cpm.samples import Samples

PERCENTILES = tuple(range(10, 100, 10))
_LISTED = 50
_MOST_RUNS = 1_000_000  # percentiles no longer change long before, and each run takes memory


def finish_risk(
    s: Source,
    spread: tuple[float, float, float] = (0.9, 1.0, 1.3),
    runs: int = 10_000,
    seed: int = 0,
    to: str | None = None,
    *,
    correlation: float = 0.0,
    criticality: bool = False,
    data_date: object = None,
) -> pd.DataFrame:
    """Return the percentiles of the finish when remaining durations vary.

    Each remaining duration is multiplied by a draw from a triangular distribution; logic, calendars, constraints and
    lags stay. The same seed gives the same numbers.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    spread
        Lowest, likeliest and highest factor of a remaining duration. The default is an assumption, not a measurement.
    runs
        Number of samples.
    seed
        Seed of the random numbers.
    to
        Id, user-defined id or exact name of the target; None for the finish of the schedule.
    correlation
        From 0 (tasks vary independently, which understates the spread of real programmes) to 1 (all alike): the
        correlation of any two durations, by one common factor.
    criticality
        Whether to find for each task the share of runs in which it is on the driving path (facts: ``criticality``,
        the 50 largest); takes about twice as long.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per percentile: ``percentile`` (10, 20 ... 90), ``finish`` (reached or bettered in that share of runs),
        ``later_days`` (calendar days after the planned finish), ``later_working_days`` (of the calendar of the task
        that finishes last). Facts: ``deterministic`` (planned finish), ``chance`` of it, ``mean``, ``spread``,
        ``runs``, ``seed``, ``correlation``, the options, ``criticality``.

    Raises
    ------
    InvalidRequest
        The stored dates do not follow from the network (see ``network_check``), the target is unknown or complete, or
        an argument is out of range.

    Examples
    --------
    >>> risk = bn.reports.finish_risk(s, runs=200)
    >>> bool(risk["finish"].is_monotonic_increasing)
    True
    """
    low, mode, high = _check(spread, correlation)
    whole_number(runs, "runs", 1, _MOST_RUNS)
    whole_number(seed, "seed")
    tables = Tables.of(s, data_date, NEEDS)
    found = reconcile(Model.of(tables))
    targets = found.targets(to)
    found.require(targets)
    model = found.model
    scope = targets if to is not None else model.scheduled
    planned = found.finish_of(scope)

    varied = [n for n in model.scheduled if found.schedule.remaining[n]]
    samples = Samples(found.schedule, _longest(found, high))
    minutes = [round(a.remaining / 60) for a in model.activities]
    random = np.random.default_rng(seed)
    finishes = []
    on_path = np.zeros(len(minutes))
    for size in samples.blocks(runs):
        remaining: list[Any] = list(minutes)
        common = random.random(size)
        for n in varied:
            draw = random.random(size)
            if correlation:  # with this probability two tasks both take the common draw as often as they correlate
                draw = np.where(random.random(size) < math.sqrt(correlation), common, draw)
            factor = triangular(draw, low, mode, high)
            remaining[n] = np.rint(factor * minutes[n]).astype(np.int32)
        last, made = samples.finishes(remaining, scope)
        last = np.broadcast_to(last, size)
        finishes.append(last)
        if criticality:
            for n, hits in made.on_path(scope, last).items():
                on_path[n] += int(np.broadcast_to(hits, size).sum())
    every = np.sort(np.concatenate(finishes))

    reached = [int(every[math.ceil(runs * percent / 100) - 1]) for percent in PERCENTILES]
    clock = model.activities[max(scope, key=lambda n: found.schedule.early_finish[n])].clock
    frame = pd.DataFrame({"percentile": integers(list(PERCENTILES)), "finish": instants(reached)})
    frame["later_days"] = numbers([(at - planned) / 86_400 for at in reached])
    frame["later_working_days"] = numbers(
        [(clock.position(at) - clock.position(planned)) / clock.per_day for at in reached]
    )
    # Samples are whole minutes: a finish counts as reached in the minute of the plan.
    chance = float((every < planned + 60).mean())
    facts = {
        "target": to if to is not None else "the finish of the schedule",
        "deterministic": timestamp(planned),
        "chance": chance,
        "mean": timestamp(int(every.mean())),
        "spread": [low, mode, high],
        "runs": runs,
        "seed": seed,
        "correlation": correlation,
        "varied": len(varied),
        "out_of_sequence": found.out_of_sequence,
        "lag_calendar": found.options.lag_calendar,
    }
    if criticality:
        order = [n for n in np.argsort(-on_path, kind="stable")[:_LISTED].tolist() if on_path[n]]
        facts["criticality"] = {model.name(n): on_path[n] / runs for n in order}
    varies = f"a triangular distribution of {low:g}, {mode:g}, {high:g} times the plan"
    notes = [
        f"{runs:,} runs, seed {seed}: the remaining durations of {len(varied):,} tasks vary by {varies}.",
        f"The planned finish {timestamp(planned):%Y-%m-%d %H:%M} or better in {chance:.1%} of the runs.",
        "Tasks vary independently, which understates the spread of real programmes; see correlation."
        if not correlation
        else f"Any two durations correlate by {correlation:g}.",
        "Only durations vary: no risk events, no weather, no changed logic.",
        *found.notes,
        *model.notes,
    ]
    return as_report(frame, tables, "finish_risk", notes, facts)


def triangular(draw: npt.NDArray[np.float64], low: float, mode: float, high: float) -> npt.NDArray[np.float64]:
    """Turn uniform draws into those of a triangular distribution, by its inverse.

    Examples
    --------
    >>> import numpy as np
    >>> from bentley_nb.reports.finish_risk import triangular
    >>> triangular(np.array([0.0, 0.25, 1.0]), 0.9, 1.0, 1.3).round(3).tolist()
    [0.9, 1.0, 1.3]
    """
    width = high - low
    if not width:
        return np.full_like(draw, mode)
    below = draw * width <= mode - low
    return np.where(
        below,
        low + np.sqrt(draw * width * (mode - low)),
        high - np.sqrt((1 - draw) * width * (high - mode)),
    )


def _longest(found: Reconciled, high: float) -> NetworkDates:
    """Return the forward pass with every duration at its longest, as a bound on the minutes that are needed."""
    activities = [replace(a, remaining=math.ceil(a.remaining * max(high, 1.0))) for a in found.model.activities]
    return NetworkDates(replace(found.model, activities=activities).network(), found.options).forward()


def _check(spread: Sequence[float], correlation: float) -> tuple[float, float, float]:
    try:
        low, mode, high = (float(factor) for factor in spread)
    except (TypeError, ValueError):
        raise InvalidRequest(
            f"spread must be three factors, lowest, likeliest and highest, not {spread!r}.",
            hint="Write spread=(0.9, 1.0, 1.3).",
        ) from None
    if not (0 <= low <= mode <= high < math.inf):
        raise InvalidRequest(
            f"spread must rise from at least 0: lowest, likeliest, highest, not {spread!r}.",
            hint="Write spread=(0.9, 1.0, 1.3).",
        )
    if isinstance(correlation, bool) or not isinstance(correlation, int | float) or not 0 <= correlation <= 1:
        raise InvalidRequest(f"correlation must be a number from 0 to 1, not {correlation!r}.")
    return low, mode, high
