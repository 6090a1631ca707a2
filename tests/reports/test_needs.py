"""A report names the tables it reads, so that a schedule reads them at the same time and not one after another."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.service.catalog import COLLECTIONS

# What a report reads only where another table leads to it.
_LED_TO = {"schedule", "project_scheduling", "settings", "baseline_tasks"}


class Recorder:
    """A schedule that remembers what was read together, and what by itself."""

    def __init__(self, schedule: bn.Schedule) -> None:
        self._schedule = schedule
        self.data_date = schedule.data_date
        self.together: set[str] = set()
        self.alone: set[str] = set()

    def load(self, *names: str) -> None:
        assert not self.together, "a second wave of requests"
        self.together = set(names)

    def table(self, name: str) -> pd.DataFrame:
        if name not in self.together:
            self.alone.add(name)
        return self._schedule.table(name)


@pytest.mark.parametrize(
    "make",
    [
        bn.reports.health,
        bn.reports.s_curve,
        lambda s: bn.reports.earned_value(s, weight="duration"),
        bn.reports.resource_histogram,
        bn.reports.element_status,
        bn.reports.look_ahead,
        bn.reports.late,
    ],
    ids=["health", "s_curve", "earned_value", "resource_histogram", "element_status", "look_ahead", "late"],
)
def test_tables_are_read_together(demo: bn.Schedule, make: Callable[[Any], pd.DataFrame]) -> None:
    recorder = Recorder(demo)
    make(recorder)
    assert "tasks" in recorder.together
    assert recorder.alone <= _LED_TO
    assert recorder.together <= set(COLLECTIONS)


def test_a_table_that_is_not_served_leaves_the_others_together(demo: bn.Schedule) -> None:
    class Enterprise(Recorder):
        def serves(self, name: str) -> bool:
            return name != "project_scheduling"

    recorder = Enterprise(demo)
    bn.reports.open_ends(recorder)
    assert recorder.together == {"tasks", "task_links", "schedule"}
