"""Earned value at the data date, and earned schedule, which measures the same in time.

The service knows no cost. Value is a weight the user names, and cost of work a user field; without them measures stay
missing and say why.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Floats
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.baseline import find_baseline, why_no_baseline
from bentley_nb.reports.basis.grouping import GroupBy, groups_of
from bentley_nb.reports.basis.nullable import from_micros, text
from bentley_nb.reports.basis.state import contradictions, is_complete
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.basis.weights import Weight, numbers_by_task, task_weights, user_field_numbers, weight_choices
from bentley_nb.reports.s_curve import Curves, by_group

_NOISE = 1e-9  # relative; sums of the same weights in another order differ by their last digits
_PERIODS = {
    "D": ("days", pd.DateOffset(days=1)),
    "W": ("weeks", pd.DateOffset(weeks=1)),
    "M": ("months", pd.DateOffset(months=1)),
}


def earned_value(
    s: Source,
    weight: Weight | None = None,
    cost: Weight | None = None,
    *,
    period: str = "W",
    baseline: str | None = None,
    by: GroupBy | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return earned value and earned schedule at the data date, of the schedule or by group, one row per measure.

    Planned value grows evenly over the working time of each task's span in the baseline; earned value is weight times
    percent complete. Level of effort (hammocks with a budget) earns as planned, key dates earn at their date.

    Earned schedule after Lipke, *Schedule is Different* (2003), and Lipke and Henderson (2006): the latest time by
    which no more was planned than is earned, read on the continuous planned curve and not by chords between periods;
    where EV equals PV it is the actual time, so SPI(t) of a schedule on plan is 1. The period is only the unit. Time is
    counted from the start of the baseline as elapsed time, not working time; when everything is complete the actual
    time ends at the last actual finish.

    Parameters
    ----------
    s
        A ``Schedule`` (or snapshot), or frames by name.
    weight
        What a task is worth; has to be named, since the measures are in its unit: ``"duration"``, ``"count"``,
        ``"quantity"``, a numeric column or user field of tasks (a budget), or a Series by task id.
    cost
        Actual cost of work done: a numeric user field of tasks, or a Series by task id. AC and what follows from it are
        missing without.
    period
        Period of earned schedule: ``"D"``, ``"W"`` or ``"M"``.
    baseline
        Id or name; the latest by default.
    by
        The measures of each group of tasks instead of all: a code, user field, column, status or WBS level, as for
        ``s_curve``. Earned schedule of a group is counted from the baseline start of the group.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (BAC, PV, EV, AC, SV, SPI, CV, CPI, EAC, VAC, TCPI, PD, AT, ES, SV(t), SPI(t), IEAC(t)), ``value``
        (Float64), ``unit``, ``formula``, ``reason`` (why the value is missing, else NA). With ``by``, these rows for
        each group, which is the first column, ``group`` (NA: no value). The facts hold the dates of the whole: start
        and finish of the baseline, and the finish that IEAC(t) forecasts.

    Raises
    ------
    InvalidRequest
        No weight is named, a name is unknown, a field is not numeric, or the schedule has no data date.

    Examples
    --------
    >>> measures = bn.reports.earned_value(s, weight="count").set_index("measure")["value"]
    >>> bool(measures["EV"] <= measures["BAC"])
    True

    SPI by group, as a table:

    >>> by_state = bn.reports.earned_value(s, weight="count", by="state")
    >>> by_state.pivot(index="group", columns="measure", values="value")["SPI"].index.tolist()
    ['complete', 'in progress', 'not started']
    """
    tables = Tables.of(s, data_date, ("tasks", "calendars", "baselines"))
    # No default: a value in hours would be read as money.
    if weight is None:
        raise InvalidRequest("Earned value needs a weight: what is a task worth?", hint=weight_choices(tables))
    if str(period).upper() not in _PERIODS:
        raise InvalidRequest(f"{period!r} is not a period of earned schedule.", hint=nearest(str(period), _PERIODS))
    tables.require_data_date()
    found, notes = find_baseline(tables, baseline)
    weights = task_weights(tables, weight, found)
    curves = Curves(tables, weights, found)
    notes += [*weights.notes, *contradictions(tables.tasks[tables.work_tasks]), *curves.notes()]

    costs = None if cost is None else _costs(tables, curves, cost, notes)
    no_baseline = "" if found is not None else f"There is no baseline. {why_no_baseline(tables)}"
    length = str(period).upper()
    sheet, facts = _measures(curves, cost, costs, length, no_baseline)
    report = sheet.frame()
    if by is not None:
        groups = groups_of(tables, by)
        notes += groups.notes
        parts = curves.parts(groups)
        report = by_group(
            {name: _measures(part, cost, costs, length, no_baseline)[0].frame() for name, part in parts.items()},
            report[:0],
        )
    if facts["baseline_start"] is not None:
        notes.append("Earned schedule counts elapsed time from the start of the baseline, not working time.")

    facts |= {
        "weight": weights.name,
        "cost": _cost_name(cost),
        "by": list(by) if isinstance(by, tuple) else by,
        "baseline": None if found is None else found.name or found.id,
    }
    return as_report(report, tables, "earned_value", notes, facts)


def _measures(
    curves: Curves, cost: Weight | None, costs: pd.Series[Any] | None, period: str, no_baseline: str
) -> tuple[_Sheet, dict[str, Any]]:
    """Return all measures of the tasks that the curves count, and the dates that go with them."""
    sheet = _Sheet(curves.weights.unit)
    bac = sheet.put("BAC", curves.total, "sum of the weights")
    at = pd.DatetimeIndex([curves.now])
    no_date = "There is no data date and no task." if pd.isna(curves.now) else ""
    pv = sheet.put(
        "PV",
        float(curves.planned(at)[0]),
        "sum of weight * share of the baseline span that is over",
        no_baseline or no_date,
    )
    ev = sheet.put("EV", float(curves.earned(at)[0]), "sum of weight * percent complete", no_date)
    ac = sheet.put("AC", *_actual_cost(curves, cost, costs))
    _put_indices(sheet, bac, pv, ev, ac)
    return sheet, _put_earned_schedule(sheet, curves, pv, ev, period, no_baseline)


def earned_schedule(
    planned: Callable[[pd.DatetimeIndex], Floats], start: pd.Timestamp, finish: pd.Timestamp, earned: float
) -> pd.Timestamp:
    """Return the latest instant by which no more was planned than is earned.

    The increment that counts is the last one whose planned value is earned (Lipke and Henderson 2006), so time in which
    nothing was planned is earned with what came before it. Values that differ by less than a billionth are equal.

    Parameters
    ----------
    planned
        Cumulative planned value at ascending instants; does not fall.
    start, finish
        Of the baseline; the answer lies between them.
    earned
        Earned value so far.

    Examples
    --------
    A day earns 10, then nothing is planned for a day:

    >>> import numpy as np, pandas as pd
    >>> from bentley_nb.reports.earned_value import earned_schedule
    >>> days = pd.date_range("2024-06-03", periods=4, tz="UTC").as_unit("us")
    >>> def planned(at):
    ...     return np.interp(at.as_unit("us").asi8, days.asi8, [0, 10, 10, 30])
    >>> [f"{earned_schedule(planned, days[0], days[3], value):%d %H:%M}" for value in (5, 10, 20)]
    ['03 12:00', '05 00:00', '05 12:00']
    """
    first, last = (int(instant.timestamp() * 1e6) for instant in (start, finish))
    limit = earned + _NOISE * abs(earned)
    while first < last:  # what lies between is searched in thousand steps each time
        points = np.unique(np.append(np.linspace(first, last, 1001).astype(np.int64), last))
        # From the right: time in which nothing was planned counts as earned with what came before.
        at = int(np.searchsorted(planned(from_micros(points)), limit, side="right"))
        if at == len(points):
            first = last
        elif at == 0:
            break
        else:
            first, last = int(points[at - 1]), int(points[at]) - 1
    return from_micros(np.array([first]))[0]


class _Sheet:
    """Measures as they are computed; one that cannot be takes its reason along."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._rows: dict[str, tuple[float, str, str, str]] = {}

    def put(self, measure: str, value: float, formula: str, reason: str = "", *, unit: str | None = None) -> float:
        """Enter a measure; not a number where there is a reason."""
        # An infinite index means nothing, and JSON has no way to write it.
        known = not reason and math.isfinite(value)
        self._rows[measure] = (value if known else math.nan, self.unit if unit is None else unit, formula, reason)
        return self._rows[measure][0]

    def ratio(self, measure: str, above: str, below: str, top: float, bottom: float, *, unit: str = "ratio") -> float:
        """Enter a quotient of measures; missing where one of them is, or the lower one is not above 0."""
        reason = self.lacking(above, below)
        if not reason and bottom <= 0:
            reason = f"{below} is {'0' if bottom == 0 else 'below 0'}."
        value = math.nan if reason else top / bottom
        return self.put(measure, value, f"{above} / {below}", reason, unit=unit)

    def lacking(self, *terms: str) -> str:
        """Return which measure of a formula is missing, and why."""
        for term in terms:
            for measure in term.strip("()").split(" - "):
                if measure in self._rows and math.isnan(self._rows[measure][0]):
                    reason = self._rows[measure][3]
                    return (
                        reason
                        if reason.startswith(("There is no", "No ", "Needs"))
                        else f"Needs {measure}. {reason}".strip()
                    )
        return ""

    def frame(self) -> pd.DataFrame:
        """Return the measures as a frame, in the order they were entered."""
        values = np.array([row[0] for row in self._rows.values()])
        missing = np.isnan(values)
        told: dict[str, list[str | None]] = {
            "unit": [row[1] for row in self._rows.values()],
            "formula": [row[2] for row in self._rows.values()],
            "reason": [row[3] or None for row in self._rows.values()],
        }
        columns: dict[str, Any] = {"measure": text(list(self._rows))}
        columns["value"] = pd.arrays.FloatingArray(np.where(missing, 0.0, values), missing)
        columns |= {name: text(words) for name, words in told.items()}
        return pd.DataFrame(columns)


def _costs(tables: Tables, curves: Curves, cost: Weight, notes: list[str]) -> pd.Series[Any]:
    """Return the actual cost of each task, and say how it is used."""
    if not isinstance(cost, str | pd.Series):
        raise InvalidRequest(
            f"A cost cannot be a {type(cost).__name__}.", hint="Name a numeric user field of tasks, or give a Series."
        )
    if isinstance(cost, pd.Series):
        costs = numbers_by_task(tables, cost, "The Series of costs", notes)
    elif cost in tables.tasks and pd.api.types.is_numeric_dtype(tables.tasks[cost]):  # attached by the user
        costs = tables.tasks[cost].astype("Float64")
    else:
        found = user_field_numbers(tables, cost, notes)
        costs = found.reindex(tables.tasks["id"].to_numpy(dtype=object)).reset_index(drop=True)
    name = _cost_name(cost)
    elsewhere = costs[tables.selected & ~curves.scope & ~tables.summaries].sum()
    if elsewhere:
        notes.append(f"{float(elsewhere):,.2f} of {name!r} is on tasks that do not count here and is left out.")
    if costs[curves.scope].notna().any():
        notes.append(
            f"CV, CPI, EAC, VAC and TCPI hold earned value ({curves.weights.unit}) against {name!r}: "
            "they are meaningful only if both have the same unit."
        )
    return costs


def _actual_cost(curves: Curves, cost: Weight | None, costs: pd.Series[Any] | None) -> tuple[float, str, str]:
    """Return the actual cost of what counts, its formula, and why it is missing."""
    formula, name = "sum of the actual cost", _cost_name(cost)
    if costs is None or name is None:
        return math.nan, formula, "No cost: the service has none; name a user field or give a Series (cost=)."
    inside = costs[curves.scope]
    if not inside.notna().any():
        return math.nan, formula, f"No task that counts here has a value of {name!r}."
    return float(inside.sum()), f"sum of {name!r}", ""


def _cost_name(cost: Weight | None) -> str | None:
    return str(cost.name or "cost") if isinstance(cost, pd.Series) else cost


def _put_indices(sheet: _Sheet, bac: float, pv: float, ev: float, ac: float) -> None:
    """Enter the classic measures (PMI, *The Standard for Earned Value Management*)."""
    sheet.put("SV", ev - pv, "EV - PV", sheet.lacking("PV"))
    sheet.ratio("SPI", "EV", "PV", ev, pv)
    sheet.put("CV", ev - ac, "EV - AC", sheet.lacking("AC"))
    cpi = sheet.ratio("CPI", "EV", "AC", ev, ac)
    eac = sheet.ratio("EAC", "BAC", "CPI", bac, cpi, unit=sheet.unit)
    sheet.put("VAC", bac - eac, "BAC - EAC", sheet.lacking("EAC"))
    left = bac - ac
    if ac < 0:
        sheet.put("TCPI", math.nan, "(BAC - EV) / (BAC - AC)", "AC is below 0.", unit="ratio")
    elif left <= 0:
        sheet.put(
            "TCPI", math.nan, "(BAC - EV) / (BAC - AC)", "Nothing of BAC is left: AC has reached it.", unit="ratio"
        )
    else:
        sheet.ratio("TCPI", "(BAC - EV)", "(BAC - AC)", bac - ev, left)


@dataclass(frozen=True)
class _Ruler:
    """Elapsed time in periods from a start."""

    start: pd.Timestamp
    offset: pd.DateOffset

    def edge(self, number: int) -> pd.Timestamp:
        """Start of that period."""
        # Each edge from the start: adding month by month would drift from the 31st to the 28th.
        return self.start + self.offset * number if number else self.start

    def read(self, instant: pd.Timestamp) -> float:
        """Return the periods from the start to the instant, with the fraction of the last."""
        if instant < self.start:
            return -(self.start - instant) / (self.edge(1) - self.start)
        number = int((instant - self.start) / (self.edge(1) - self.start) * 0.9)  # months differ; never beyond
        while self.edge(number + 1) <= instant:
            number += 1
        return number + (instant - self.edge(number)) / (self.edge(number + 1) - self.edge(number))

    def instant(self, periods: float) -> pd.Timestamp:
        """Return the instant so many periods after the start."""
        number = int(periods)
        return self.edge(number) + (periods - number) * (self.edge(number + 1) - self.edge(number))


def _put_earned_schedule(
    sheet: _Sheet, curves: Curves, pv: float, ev: float, period: str, no_baseline: str
) -> dict[str, Any]:
    """Enter the measures in time, and return the dates that go with them."""
    unit, offset = _PERIODS[period]
    formulas = {
        "PD": f"finish - start of the baseline, in {unit}",
        "AT": f"data date - start of the baseline, in {unit}",
        "ES": "latest time t with PV(t) <= EV",
        "SV(t)": "ES - AT",
        "SPI(t)": "ES / AT",
        "IEAC(t)": "PD / SPI(t)",
    }
    units = {measure: "ratio" if measure == "SPI(t)" else unit for measure in formulas}
    dates = None if curves.baseline_dates is None else curves.baseline_dates[curves.weight > 0].dropna()
    reason = no_baseline or (
        "There is no task with a weight and baseline dates." if dates is None or dates.empty else ""
    )
    if reason or dates is None:
        for measure, formula in formulas.items():
            sheet.put(measure, math.nan, formula, reason, unit=units[measure])
        return {"period": period, "baseline_start": None, "baseline_finish": None, "forecast_finish": None}

    ruler = _Ruler(dates["start"].min(), offset)
    finish = max(dates["finish"].max(), ruler.start)
    duration = ruler.read(finish)
    now, formulas["AT"] = _time_now(curves, formulas["AT"])
    actual = ruler.read(now)
    early = "The data date lies before the start of the baseline." if actual <= 0 else ""
    sheet.put("PD", duration, formulas["PD"], unit=unit)
    sheet.put("AT", actual, formulas["AT"], unit=unit)
    reached = ruler.read(earned_schedule(curves.planned, ruler.start, finish, ev)) if math.isfinite(ev) else math.nan
    # On plan during a pause of the baseline, ES would run on to the end of the pause and show a gain.
    on_plan = 0 < actual < reached and math.isclose(ev, pv, rel_tol=_NOISE, abs_tol=0.0)
    es = sheet.put("ES", actual if on_plan else reached, formulas["ES"], unit=unit)
    sheet.put("SV(t)", es - actual, formulas["SV(t)"], early, unit=unit)
    spi_t = sheet.put("SPI(t)", es / actual if actual > 0 else math.nan, formulas["SPI(t)"], early, unit="ratio")
    never = early or ("Nothing is earned yet, so no finish can be forecast." if ev == 0 else "")
    ieac = sheet.put(
        "IEAC(t)", math.nan if never or spi_t == 0 else duration / spi_t, formulas["IEAC(t)"], never, unit=unit
    )
    # A forecast beyond a century says nothing, and may exceed the dates that pandas knows.
    century = pd.Timedelta(days=36_500) / (ruler.edge(1) - ruler.start)
    forecast = ruler.instant(ieac) if ieac < century else None
    return {"period": period, "baseline_start": ruler.start, "baseline_finish": finish, "forecast_finish": forecast}


def _time_now(curves: Curves, formula: str) -> tuple[pd.Timestamp, str]:
    """Return the data date, or the last actual finish once everything is complete, and the formula that says so."""
    tasks, counted = curves.tasks, curves.weight > 0
    now: Any = curves.now
    finished = tasks["actual_finish"][counted]
    if counted.any() and is_complete(tasks)[counted].all() and finished.notna().all() and finished.max() < now:
        return finished.max(), formula.replace("data date", "last actual finish")
    return now, formula
