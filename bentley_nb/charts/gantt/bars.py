"""What a Gantt draws of each task: its dates now and in the baseline, its progress, whether it is critical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.charts.style import escaped
from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Flags, Floats, Ints
from bentley_nb.reports.basis.baseline import find_baseline
from bentley_nb.reports.basis.state import current_dates, is_complete, percent_complete, span
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.total_float import FloatUnit, task_floats

NONE = np.iinfo(np.int64).min  # pandas' NaT as a number


@dataclass(frozen=True)
class Bars:
    """Arrays as long as ``Tables.tasks``; instants are microseconds since 1970 on a zone's clock, ``NONE`` if missing.

    Attributes
    ----------
    start, finish
        Actual dates, else planned ones; a single date stands for both.
    base_start, base_finish
        Those of the baseline.
    second
        Those of a second baseline, else None.
    percent, float_days
        Percent complete, and total float in working days (NaN where unknown).
    critical
        Open tasks and key dates that the service calls critical.
    key_date, hammock, point
        Key dates; hammocks; and all that has no length, which is drawn as a diamond.
    now
        The data date, ``NONE`` where it is unknown.
    baseline_name
        None without a baseline.
    notes
        What could not be known, in sentences.
    """

    tasks: pd.DataFrame
    start: Ints
    finish: Ints
    base_start: Ints
    base_finish: Ints
    percent: Floats
    float_days: Floats
    critical: Flags
    key_date: Flags
    hammock: Flags
    point: Flags
    now: int
    baseline_name: str | None
    second: tuple[Ints, Ints] | None
    notes: list[str]

    @classmethod
    def of(
        cls,
        tables: Tables,
        baseline: str | Sequence[str] | None,
        zone: str,
        float_unit: FloatUnit | None = "seconds",
    ) -> Bars:
        """Read them from the tables of a schedule, with one baseline or two."""
        tasks = tables.tasks
        start, finish = _instants(span(current_dates(tasks)), zone)
        wanted = [baseline] if baseline is None or isinstance(baseline, str) else list(baseline)
        if len(wanted) not in (1, 2):
            raise InvalidRequest(f"A Gantt chart shows one baseline or two, not {len(wanted)}.")
        found = [one for one in (find_baseline(tables, name)[0] for name in wanted) if one is not None]
        spans = [_instants(span(one.dates), zone) for one in found]
        none = np.full(len(tasks), NONE, dtype=np.int64)
        base_start, base_finish = spans[0] if spans else (none, none)
        floats, _ = task_floats(tables, float_unit)
        notes = []
        if reason := tables.why_missing("task_scheduling_analyses"):
            notes.append(f"Critical tasks are not marked. {escaped(reason)}")
        flagged = np.asarray(floats["is_critical"].fillna(value=False), dtype=bool)
        return cls(
            tasks=tasks,
            start=start,
            finish=finish,
            base_start=base_start,
            base_finish=base_finish,
            percent=percent_complete(tasks).to_numpy(dtype=np.float64, na_value=0.0),
            float_days=floats["total_float_days"].to_numpy(dtype=np.float64, na_value=np.nan),
            critical=flagged & ~is_complete(tasks) & ~tables.summaries,
            key_date=tables.key_dates,
            hammock=tables.hammocks,
            point=~tables.summaries & (tables.key_dates | (start == finish)),
            now=int(local(pd.Series([tables.data_date], dtype="datetime64[us, UTC]"), zone)[0]),
            baseline_name=" and ".join(one.name or one.id or "given" for one in found) or None,
            second=spans[1] if len(spans) > 1 else None,
            notes=notes,
        )

    @cached_property
    def reached(self) -> Ints:
        """Where the done part of each bar ends: never after the data date, as nothing is done there."""
        done = self.start + ((self.finish - self.start) * (self.percent / 100)).astype(np.int64)
        return done if self.now == NONE else np.minimum(done, np.maximum(self.start, self.now))

    @cached_property
    def names(self) -> list[str]:
        """Names as served, empty where missing."""
        return [str(name) for name in self.tasks["name"].fillna("").tolist()]

    @cached_property
    def ids(self) -> list[str]:
        """The ids planners use, empty where missing."""
        return [str(one) for one in self.tasks["user_defined_id"].fillna("").tolist()]

    def label(self, position: int) -> str:
        """Name and id of a task, safe to draw."""
        identifier = escaped(self.ids[position], width=30)
        return f"<b>{escaped(self.names[position], width=90)}</b>" + (f" ({identifier})" if identifier else "")


def _instants(dates: pd.DataFrame, zone: str) -> tuple[Ints, Ints]:
    """Start and finish on the clock of the zone; a start after its finish, which does occur, is swapped."""
    start, finish = (local(dates[end], zone) for end in ("start", "finish"))
    return np.minimum(start, finish), np.maximum(start, finish)


def local(instants: pd.Series[Any], zone: str) -> Ints:
    """Return instants as microseconds since 1970 on the clock of a zone."""
    naive = instants.dt.tz_convert(zone).dt.tz_localize(None).astype("datetime64[us]")
    return np.asarray(naive.to_numpy(), dtype="M8[us]").astype(np.int64)
