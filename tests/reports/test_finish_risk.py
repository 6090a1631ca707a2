"""The finish as a distribution: against the scalar passes, known means, and what is said of it."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about, finish_risk
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import Model
from bentley_nb.reports.cpm.passes import NetworkDates
from bentley_nb.reports.cpm.reconcile import reconcile
from bentley_nb.reports.cpm.samples import Samples
from bentley_nb.reports.finish_risk import triangular
from tests.reports.build import finish_date, link, schedule, task
from tests.reports.real import dataset
from tests.reports.small import calendar

NOW = "2026-03-09T08:00:00Z"


def work(key, start, finish, days, **members):
    return task(key, start, finish, plannedDuration=days * 8 * 3600, remainingDuration=days * 8 * 3600, **members)


SMALL = schedule(
    [
        work("a", "2026-03-09", "2026-03-13", 5),
        work("b", "2026-03-16", "2026-03-18", 3),
        work("c", "2026-03-09", "2026-03-11", 3),
        finish_date("m", "2026-03-18"),
    ],
    data_date=NOW,
    task_links=[link("a", "b"), link("c", "b"), link("b", "m")],
)


def test_percentiles_and_what_is_assumed():
    risk = finish_risk(SMALL, runs=500)
    assert risk["percentile"].tolist() == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert risk["finish"].is_monotonic_increasing
    said = about(risk)
    assert said.facts["deterministic"] == "2026-03-18T17:00:00+00:00"
    assert (said.facts["runs"], said.facts["seed"], said.facts["spread"], said.facts["varied"]) == (
        500,
        0,
        [0.9, 1.0, 1.3],
        3,
    )
    assert 0 < said.facts["chance"] < 0.5
    assert said.notes[0] == (
        "500 runs, seed 0: the remaining durations of 3 tasks vary by a triangular distribution of 0.9, 1, 1.3 times the plan."
    )
    assert "Tasks vary independently, which understates the spread of real programmes; see correlation." in said.notes


def test_the_same_seed_gives_the_same_numbers():
    first, second, other = (finish_risk(SMALL, runs=300, seed=seed) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(first, second)
    assert not first["finish"].equals(other["finish"])


@pytest.mark.parametrize("to", [None, "a", "A-m"])
def test_without_spread_every_percentile_is_the_plan(to):
    risk = finish_risk(SMALL, (1, 1, 1), runs=60, to=to)
    planned = pd.Timestamp("2026-03-13T17:00Z" if to == "a" else "2026-03-18T17:00Z")
    assert (risk["finish"] == planned).all()
    assert about(risk).facts["chance"] == 1.0


def test_the_later_of_two_equal_tasks():
    """Durations of 1 + t, with t of density 2 (1 - t): the mean of the later one is 1 + 7/15."""
    days = schedule(
        [work(key, "2026-03-09T00:00:00Z", "2026-04-18T00:00:00Z", 120) for key in "ab"]
        + [finish_date("m", "2026-04-18T00:00:00Z")],
        data_date="2026-03-09T00:00:00Z",
        task_links=[link("a", "m"), link("b", "m")],
        calendars=[calendar("five", 7, (("00:00", "24:00"),))],
    )
    facts = about(finish_risk(days, (1, 1, 2), runs=20_000)).facts
    mean = (pd.Timestamp(facts["mean"]) - pd.Timestamp("2026-03-09T00:00Z")) / pd.Timedelta(days=40)
    assert mean == pytest.approx(1 + 7 / 15, abs=0.01)
    together = about(finish_risk(days, (1, 1, 2), runs=20_000, correlation=1)).facts
    mean = (pd.Timestamp(together["mean"]) - pd.Timestamp("2026-03-09T00:00Z")) / pd.Timedelta(days=40)
    assert mean == pytest.approx(1 + 1 / 3, abs=0.01)


def test_triangular_draws():
    draws = triangular(np.linspace(0, 1, 100_001), 0.9, 1.0, 1.3)
    assert draws.mean() == pytest.approx((0.9 + 1.0 + 1.3) / 3, abs=1e-4)
    assert (triangular(np.array([0.0, 0.5, 1.0]), 1, 1, 1) == 1).all()


def test_correlated_durations_spread_wider():
    tasks = [work(f"t{n}", None, None, 4) for n in range(12)]
    start = pd.Timestamp("2026-03-09T08:00Z")
    days = pd.bdate_range("2026-03-09", periods=60)
    for n, item in enumerate(tasks):
        item["plannedStart"] = f"{days[4 * n]:%Y-%m-%d}T08:00:00Z"
        item["plannedFinish"] = f"{days[4 * n + 3]:%Y-%m-%d}T17:00:00Z"
    chain = schedule(
        tasks, data_date=f"{start:%Y-%m-%dT%H:%M:%SZ}",
        task_links=[link(a["id"], b["id"]) for a, b in itertools.pairwise(tasks)],
    )  # fmt: skip

    def width(correlation):
        finish = finish_risk(chain, runs=2_000, correlation=correlation).set_index("percentile")["finish"]
        return finish[90] - finish[10]

    assert width(0) < width(0.5) < width(1)


def test_share_of_runs_on_the_path():
    shares = about(finish_risk(SMALL, runs=400, criticality=True)).facts["criticality"]
    assert (shares["A-b B"], shares["A-m M"], shares["A-a A"]) == (1.0, 1.0, 1.0)
    assert "A-c C" not in shares


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"spread": (1.3, 1.0, 0.9)}, "spread must rise from at least 0"),
        ({"spread": (1, 2)}, "spread must be three factors"),
        ({"runs": 0}, "runs must be a whole number of at least 1"),
        ({"runs": 10**12}, "runs must be at most 1,000,000, not 1,000,000,000,000"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"correlation": 2}, "correlation must be a number from 0 to 1"),
        ({"to": "nope"}, "There is no target 'nope'."),
    ],
    ids=["order", "two", "runs", "too-many", "seed", "correlation", "target"],
)
def test_what_is_refused(options, message):
    with pytest.raises(InvalidRequest, match=message):
        finish_risk(SMALL, **options)


def test_dates_that_do_not_follow_are_refused(shared):
    with pytest.raises(InvalidRequest, match="12 of 62 open tasks agree"):
        finish_risk(dataset(shared, "villas5_mdl4ra"))


@pytest.mark.parametrize("name", ["hotel", "airport_terminal", "villas5_mdl4d", "programme_692"])
def test_positions_are_those_of_the_scalar_pass(shared, name):
    """Without spread, of every task: links, lags, constraints and calendars are the same rules in both."""
    found = reconcile(Model.of(Tables.of(dataset(shared, name))))
    schedule_ = NetworkDates(found.model.network(), found.options).forward()
    samples = Samples(schedule_, schedule_)
    minutes = [round(a.remaining / 60) for a in found.model.activities]
    _, made = samples.finishes(minutes, found.targets(None))
    late = {n for n, a in enumerate(found.model.activities) if a.as_late_as_possible}
    wrong = []
    for n in found.model.open:
        clock = found.model.activities[n].clock
        own = (clock.position(schedule_.early_finish[n]) - clock.position(found.model.now)) // 60
        if n not in late and int(made.finish[n]) != own:
            wrong.append(n)
    assert wrong == []


def test_ten_thousand_passes_cost_less_than_400_scalar_ones(shared):
    source = dataset(shared, "hotel")
    found = reconcile(Model.of(Tables.of(source)))
    network = found.model.network()
    scalar = min(_seconds(lambda: NetworkDates(network, found.options).forward()) for _ in range(5))
    samples = Samples(found.schedule, found.schedule)
    minutes = [round(a.remaining / 60) for a in found.model.activities]
    random = np.random.default_rng(0)
    targets = found.targets(None)

    def block():
        samples.finishes(
            [
                np.rint(m * triangular(random.random(2_500), 0.9, 1.0, 1.0)).astype(np.int32) if m else 0
                for m in minutes
            ],
            targets,
        )

    block()
    assert 4 * min(_seconds(block) for _ in range(2)) < 400 * scalar


def _seconds(work_):
    begin = time.perf_counter()
    work_()
    return time.perf_counter() - begin
