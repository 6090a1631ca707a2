"""S-curve: planned value from a baseline, earned value up to the data date, and what remains after it.

Planned dates of SYNCHRO are what remains to be done, so a planned curve is drawn from a baseline or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.frames.dtypes import Flags, Floats, string_dtype
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.baseline import Baseline, find_baseline
from bentley_nb.reports.basis.grouping import GroupBy, Groups, groups_of
from bentley_nb.reports.basis.identity import chosen_zone, zone_notes
from bentley_nb.reports.basis.periods import Growth, period_edges
from bentley_nb.reports.basis.state import contradictions, current_dates, is_complete, is_started, span
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.basis.weights import Weight, Weights, effort_span, installed_notes, share_done, task_weights


def s_curve(
    s: Source,
    weight: Weight = "duration",
    period: str = "W",
    baseline: str | None = None,
    *,
    by: GroupBy | None = None,
    zone: str | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return cumulative planned, earned and forecast value over time, as amounts and in percent.

    Every value grows evenly over working time of the task's own calendar: planned value over the baseline's span,
    earned value from the actual start to the actual finish or to the data date, what remains from the data date (or the
    planned start after it) to the current finish (SYNCHRO's "best date"). The service keeps no history of percent
    complete, so points before the data date follow from actual dates alone; terms as in PMI's *Standard for Earned
    Value Management*.

    With a baseline only its tasks count, so that the three curves speak of the same work.

    Parameters
    ----------
    s
        A ``Schedule`` (or snapshot), frames by name, or a tasks frame.
    weight
        What a task counts for: ``"duration"`` (of the baseline, else planned), ``"count"``, ``"quantity"``, a numeric
        column or user field of tasks, or a Series by task id.
    period
        ``"D"``, ``"W"`` (Monday to Sunday), ``"W-SAT"``, ``"M"``, ``"Q"``, ``"Y"``.
    baseline
        Id or name; the latest by default.
    by
        One curve per group of tasks instead of one of all, in percent of the group: the name of a code, of a user field
        of tasks or of a column; "status", "state", "wbs" (every element with all below it) or ("wbs", 2) (the elements
        of one level); ("code", name), ("user field", name) or ("column", name) where a name is several of these. A
        task with several values of a code is in the group of each.
    zone
        IANA zone at whose midnights periods begin; by default that of ``bentley_nb.options.display_zone``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per edge of a period, and one at the data date: ``date`` (UTC), ``planned_value``, ``earned_value``,
        ``forecast_value`` (in the weight's unit), ``planned_percent``, ``earned_percent``, ``forecast_percent`` (0 to
        100), ``is_data_date``. Planned is missing without a baseline, earned after the data date, forecast before it.
        With ``by``, these rows for each group, which is the first column, ``group`` (NA: no value), and all groups at
        the same instants. The facts name weight, unit, total and baseline.

    Raises
    ------
    InvalidRequest
        No such weight, period, zone, baseline or group.

    Examples
    --------
    >>> curve = bn.reports.s_curve(s, weight="count")
    >>> bool(curve["earned_percent"].max() <= 100)
    True
    >>> bn.reports.s_curve(s, by="state").columns[:2].tolist()
    ['group', 'date']
    """
    zone = chosen_zone(zone)
    tables = Tables.of(s, data_date, ("tasks", "calendars", "baselines"))
    found, notes = find_baseline(tables, baseline)
    weights = task_weights(tables, weight, found)
    notes += [*weights.notes, *contradictions(tables.tasks[tables.work_tasks])]
    curves = Curves(tables, weights, found)
    notes += curves.notes()

    at, is_data_date = _points(curves, period, zone)
    if by is None:
        report = _read(curves, at, is_data_date)
    else:
        groups = groups_of(tables, by)
        notes += groups.notes
        parts = {name: _read(part, at, is_data_date) for name, part in curves.parts(groups).items()}
        report = by_group(parts, _read(curves, at[:0], is_data_date[:0]))
    facts = {
        "weight": weights.name,
        "unit": weights.unit,
        "total": curves.total,
        "tasks": int((curves.weight > 0).sum()),
        "by": list(by) if isinstance(by, tuple) else by,
        "period": period,
        "zone": zone,
        "baseline": None if found is None else found.name or found.id,
    }
    notes += zone_notes(tables, zone)
    notes += tables.working_time.notes(tables.tasks["calendar_id"][curves.weight > 0])
    return as_report(report, tables, "s_curve", notes, facts)


def by_group(parts: Mapping[Any, pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    """Put the rows of each group below one another, with the ``group`` in the first column."""
    frames = [
        part.assign(group=pd.Series(name, index=part.index, dtype=string_dtype())) for name, part in parts.items()
    ]
    report = pd.concat(frames or [empty.assign(group=pd.array([], dtype=string_dtype()))], ignore_index=True)
    return report[["group", *empty.columns]]


def _read(curves: Curves, at: pd.DatetimeIndex, is_data_date: Flags) -> pd.DataFrame:
    values = {"planned": curves.planned(at), "earned": curves.earned(at), "forecast": curves.forecast(at)}
    columns: dict[str, Any] = {"date": at}
    columns |= {f"{name}_value": _nullable(value) for name, value in values.items()}
    columns |= {f"{name}_percent": _nullable(curves.percent(value)) for name, value in values.items()}
    return pd.DataFrame({**columns, "is_data_date": pd.array(is_data_date, dtype="boolean")})


@dataclass
class Curves:
    """Planned, earned and forecast value of a schedule at any instant.

    Attributes
    ----------
    tables, weights, baseline
        What the values are made from.
    """

    tables: Tables
    weights: Weights
    baseline: Baseline | None

    @property
    def tasks(self) -> pd.DataFrame:
        """The tasks, as they stand at the data date."""
        return self.tables.tasks

    @cached_property
    def scope(self) -> Flags:
        """Mask over the tasks that count: with a baseline those in it."""
        if self.baseline is None:
            return self.weights.counted
        # Planned and earned value must be of the same work, or SPI compares two different totals.
        in_baseline = self.baseline.dates["in_baseline"].to_numpy(dtype=bool)
        return np.asarray(self.weights.counted & in_baseline, dtype=bool)

    @cached_property
    def _effort(self) -> Flags:
        return np.asarray(self.tables.hammocks & (self.weight > 0), dtype=bool)

    @property
    def now(self) -> Any:
        """The data date, NaT where there is none."""
        return self.tables.data_date

    @cached_property
    def weight(self) -> Floats:
        """Weight of each task, 0 outside the scope."""
        return np.where(self.scope, self.weights.per_task, 0.0)

    @cached_property
    def total(self) -> float:
        """Sum of the weights (BAC)."""
        return float(self.weight.sum())

    @cached_property
    def share(self) -> Floats:
        """Share of each task that is done, 0 to 1; unknown counts as nothing."""
        return np.nan_to_num(share_done(self.tables, self.weights, self.baseline))

    @cached_property
    def baseline_dates(self) -> pd.DataFrame | None:
        """Start and finish in the baseline, either filled from the other."""
        return None if self.baseline is None else span(self.baseline.dates)

    @cached_property
    def dates(self) -> pd.DataFrame:
        """Start and finish as they stand now, either filled from the other."""
        return span(current_dates(self.tasks))

    @cached_property
    def _dates_of_earning(self) -> pd.DataFrame:
        """Between which dates earned value grew."""
        tasks, effort, now = self.tasks, self._effort, self.now
        begun = tasks["actual_start"].fillna(tasks["actual_finish"])
        # Work in progress has earned its share by the data date; when it did before that is not recorded.
        until = tasks["actual_finish"].where(is_complete(tasks)).fillna(begun.where(is_complete(tasks))).fillna(now)
        dates = pd.DataFrame({"start": begun, "finish": until})
        if effort.any():  # level of effort is done as far as its span is over
            spans = effort_span(self.tables, self.baseline)
            for side in spans:
                dates[side] = dates[side].mask(effort, _at_most(spans[side], now))
        return dates

    def parts(self, groups: Groups) -> dict[Any, Curves]:
        """Return the curves of each group that has weight, sorted by its name, tasks without a group (NA) last."""
        # Text on every pandas: categories would bring groups without tasks.
        codes, names = pd.factorize(groups.of.astype(string_dtype()), sort=True)
        places = groups.of.index.to_numpy()
        parts: dict[Any, Curves] = {}
        for code, name in [*enumerate(names), (-1, pd.NA)]:
            member = np.zeros(len(self.tasks), dtype=bool)
            member[places[codes == code]] = True
            if not self.weight[member].any():
                continue
            weights = self.weights
            own = replace(weights, per_task=np.where(member, weights.per_task, 0.0), counted=weights.counted & member)
            part = parts[name] = Curves(self.tables, own, self.baseline)
            # The same for every part, and most of the work.
            part.share, part.dates, part.baseline_dates = self.share, self.dates, self.baseline_dates
            if not pd.isna(self.now):
                part._dates_of_earning = self._dates_of_earning
        return parts

    def planned(self, at: pd.DatetimeIndex) -> Floats:
        """Return the planned value at each instant; NaN without a baseline."""
        return np.full(len(at), np.nan) if self._plan is None else self._plan.by(at)

    @cached_property
    def _plan(self) -> Growth | None:  # the search for earned schedule reads it many times
        return None if self.baseline_dates is None else self._growth(self.weight, self.baseline_dates)

    def earned(self, at: pd.DatetimeIndex) -> Floats:
        """Return the earned value at each instant; NaN after the data date."""
        now = self.now
        if pd.isna(now):
            return np.full(len(at), np.nan)
        earned = self._growth(self.weight * self.share, self._dates_of_earning).by(at)
        return np.where(np.asarray(at <= now), earned, np.nan)

    def forecast(self, at: pd.DatetimeIndex) -> Floats:
        """Return earned value at the data date plus what remains, at each instant from then on; NaN before it."""
        now = self.now
        if pd.isna(now):
            return np.full(len(at), np.nan)
        dates = pd.DataFrame(
            {"start": _at_least(self.dates["start"], now), "finish": _at_least(self.dates["finish"], now)}
        )
        done = float((self.weight * self.share).sum())
        forecast = done + self._growth(self.weight * (1 - self.share), dates).by(at)
        # What should be over by now is taken as done right after the data date, not at it.
        forecast = np.where(np.asarray(at == now), done, np.minimum(forecast, self.total))
        return np.where(np.asarray(at >= now), forecast, np.nan)

    def percent(self, values: Floats) -> Floats:
        """Return values in percent of the total, at most 100; NaN where nothing counts."""
        if self.total <= 0:
            return np.full(len(values), np.nan)
        # Rounding of sums may exceed 100 by the last digit.
        return np.minimum(100 * values / self.total, 100.0)

    def notes(self) -> list[str]:
        """Return notes on what the curves leave out or cannot know."""
        tasks, now = self.tasks, self.now
        notes = []
        outside = self.weights.counted & ~self.scope & (self.weights.per_task > 0)
        if outside.any():
            notes.append(
                f"{int(outside.sum()):,} task(s) that are not in the baseline are left out "
                f"({self.weights.per_task[outside].sum():,.0f} {self.weights.unit})."
            )
        counted = self.weight > 0
        if self.baseline_dates is not None and (missing := int((counted & self.baseline_dates["start"].isna()).sum())):
            notes.append(f"{missing:,} task(s) have no baseline dates: they count in the total and are never planned.")
        if missing := int((counted & self.dates["start"].isna()).sum()):
            notes.append(f"{missing:,} task(s) have no dates: they count in the total and are never forecast.")
        if pd.isna(now):
            return [
                *notes,
                "The schedule has no data date, so earned value and forecast are unknown (data_date= gives one).",
            ]
        notes.append(
            "The past of earned value follows from actual dates: the service keeps no earlier percent complete."
        )
        notes += installed_notes(tasks, self.weights, counted)
        in_progress = is_started(tasks) & ~is_complete(tasks) & ~self._effort
        unknown = counted & in_progress & tasks["percent_complete"].isna().to_numpy() & (self.share == 0)
        if unknown.any():
            notes.append(f"{int(unknown.sum()):,} task(s) in progress have no percent complete and earn nothing.")
        stale = counted & ~is_complete(tasks) & (self.dates["finish"] <= now).to_numpy(dtype=bool)
        if stale.any():
            notes.append(
                f"{int(stale.sum()):,} open task(s) should be over by the data date; what remains of them is forecast "
                "right after it."
            )
        return notes

    def _growth(self, amount: Floats, dates: pd.DataFrame) -> Growth:
        return Growth(self.tables.working_time, amount, dates, self.tables.tasks["calendar_id"])


def _points(curves: Curves, period: str, zone: str) -> tuple[pd.DatetimeIndex, Flags]:
    """Return the edges of the periods from first to last date of what counts, with the data date among them."""
    frames = [curves.dates] if curves.baseline_dates is None else [curves.dates, curves.baseline_dates]
    dates = pd.concat([frame[column][curves.weight > 0] for frame in frames for column in ("start", "finish")]).dropna()
    if dates.empty:
        epoch = pd.Timestamp(0, tz="UTC")
        period_edges(epoch, epoch, period, zone)  # a wrong period is wrong here too
        return pd.DatetimeIndex([], dtype="datetime64[us, UTC]"), np.zeros(0, dtype=bool)
    now = curves.now
    ends = [dates.min(), dates.max()] if pd.isna(now) else [dates.min(), dates.max(), now]
    edges = period_edges(min(ends), max(ends), period, zone)
    if pd.isna(now):
        return edges, np.zeros(len(edges), dtype=bool)
    # A point at the data date itself: interpolating between two edges would draw the earned curve beyond it.
    at = edges.union(pd.DatetimeIndex([now]).as_unit("us"))
    return at, np.asarray(at == now)


def _at_most(instants: pd.Series[Any], limit: pd.Timestamp) -> pd.Series[Any]:
    """Return instants, those after the limit moved to it; missing ones stay missing."""
    return instants.mask(instants > limit, limit)


def _at_least(instants: pd.Series[Any], limit: pd.Timestamp) -> pd.Series[Any]:
    """Return instants, those before the limit moved to it; missing ones stay missing."""
    return instants.mask(instants < limit, limit)


def _nullable(values: Floats) -> pd.arrays.FloatingArray:
    """Return a Float64 column with NA for NaN."""
    missing = np.isnan(values)
    return pd.arrays.FloatingArray(np.where(missing, 0.0, values), missing)
