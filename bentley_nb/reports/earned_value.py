"""Earned value at the data date, and earned schedule, which measures the same in time.

The service knows no cost. Value is a weight the user names, and cost of work a user field; without them measures stay
missing and say why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Floats
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.baseline import find_baseline, why_no_baseline
from bentley_nb.reports.basis.nullable import text
from bentley_nb.reports.basis.state import contradictions, is_complete
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.basis.weights import Weight, task_weights, user_field_numbers, weight_choices
from bentley_nb.reports.s_curve import Curves

_NOISE = 1e-9  # relative; sums of the same weights in another order differ by their last digits
_PERIODS = {
    "D": ("days", pd.DateOffset(days=1)),
    "W": ("weeks", pd.DateOffset(weeks=1)),
    "M": ("months", pd.DateOffset(months=1)),
}


def earned_value(
    s: Source,
    weight: Weight | None = None,
    cost: str | None = None,
    *,
    period: str = "W",
    baseline: str | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Earned value and earned schedule of the whole schedule at the data date, one row per measure.

    Planned value grows evenly over the working time of each task's span in the baseline; earned value is weight times
    percent complete. Earned schedule after Lipke, *Schedule is Different* (2003), and ISO 21508:
    ``ES = C + (EV - PV_C) / (PV_C+1 - PV_C)``, C the last whole period whose planned value is earned, the first of
    them where planned value stands still. Periods are counted from the start of the baseline in elapsed time, not in
    working time; when everything is complete the actual time ends at the last actual finish.

    Parameters
    ----------
    s
        A ``Schedule`` (or snapshot), or frames by name.
    weight
        What a task is worth; has to be named, since the measures are in its unit: ``"duration"``, ``"count"``,
        ``"quantity"``, a numeric column or user field of tasks (a budget), or a Series by task id.
    cost
        Numeric user field of tasks with the actual cost of work done. AC and what follows from it are missing without.
    period
        Period of earned schedule: ``"D"``, ``"W"`` or ``"M"``.
    baseline
        Id or name; the latest by default.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        ``measure`` (BAC, PV, EV, AC, SV, SPI, CV, CPI, EAC, VAC, TCPI, PD, AT, ES, SV(t), SPI(t), IEAC(t)), ``value``
        (Float64), ``unit``, ``formula``, ``reason`` (why the value is missing, else NA). The facts hold the dates:
        start and finish of the baseline, and the finish that IEAC(t) foretells.

    Raises
    ------
    InvalidRequest
        No weight is named, a name is unknown, a field holds no numbers, or the schedule has no data date.

    Examples
    --------
    >>> measures = bn.reports.earned_value(s, weight="count").set_index("measure")["value"]
    >>> bool(measures["EV"] <= measures["BAC"])
    True
    """
    tables = Tables.of(s, data_date)
    if weight is None:
        raise InvalidRequest("Earned value needs a weight: what is a task worth?", hint=weight_choices(tables))
    if str(period).upper() not in _PERIODS:
        raise InvalidRequest(f"{period!r} is not a period of earned schedule.", hint=nearest(str(period), _PERIODS))
    now: Any = tables.require_data_date()
    found, notes = find_baseline(tables, baseline)
    weights = task_weights(tables, weight, found)
    curves = Curves(tables, weights, found)
    notes += [*weights.notes, *contradictions(tables.tasks[tables.work_tasks]), *curves.notes()]

    sheet = _Sheet(weights.unit)
    bac = sheet.put("BAC", curves.total, "sum of the weights")
    at = pd.DatetimeIndex([now])
    no_baseline = "" if found is not None else f"There is no baseline. {why_no_baseline(tables)}"
    no_date = "There is no data date and no task." if pd.isna(now) else ""
    pv = sheet.put(
        "PV",
        float(curves.planned(at)[0]),
        "sum of weight * share of the baseline span that is over",
        no_baseline or no_date,
    )
    ev = sheet.put("EV", float(curves.earned(at)[0]), "sum of weight * percent complete", no_date)
    ac = sheet.put("AC", *_actual_cost(tables, curves, cost, notes))
    _put_indices(sheet, bac, pv, ev, ac)
    facts = _put_earned_schedule(sheet, curves, ev, str(period).upper(), no_baseline)
    if facts["baseline_start"] is not None:
        notes.append("Earned schedule counts elapsed time from the start of the baseline, not working time.")

    facts |= {"weight": weights.name, "cost": cost, "baseline": None if found is None else found.name or found.id}
    return as_report(sheet.frame(), tables, "earned_value", notes, facts)


def earned_schedule(times: Floats, planned: Floats, earned: float) -> float:
    """Time at which so much was planned to be earned, between two known points by straight line.

    Parameters
    ----------
    times
        Ends of the periods, counted in periods from the start; ascending, the first is 0.
    planned
        Cumulative planned value at each; does not fall.
    earned
        Earned value so far.

    Returns
    -------
    float
        In periods. Where planned value stands still at the value earned, the earliest such time; at most the last time.
        Values apart by less than a billionth are equal.

    Examples
    --------
    >>> from bentley_nb.reports.earned_value import earned_schedule
    >>> earned_schedule([0, 1, 2, 3], [0, 10, 30, 60], 20)
    1.5
    >>> earned_schedule([0, 1, 2, 3], [0, 10, 10, 60], 10)  # nothing was planned for the second period
    1.0
    """
    values = np.asarray(planned, dtype=np.float64)
    # A last digit too much would carry ES over the whole time in which nothing was planned.
    near = np.isclose(values, earned, rtol=_NOISE, atol=0.0)
    if near.any():
        earned = float(values[near.argmax()])
    at = int(np.searchsorted(values, earned, side="left"))
    if at == 0:
        return float(times[0])
    if at == len(values):
        return float(times[-1])
    part = (earned - values[at - 1]) / (values[at] - values[at - 1])
    return float(times[at - 1] + part * (times[at] - times[at - 1]))


class _Sheet:
    """Measures as they are computed; one that cannot be takes its reason along."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._rows: dict[str, tuple[float, str, str, str]] = {}

    def put(self, measure: str, value: float, formula: str, reason: str = "", *, unit: str | None = None) -> float:
        """Enter a measure; not a number where there is a reason."""
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
        """Say which measure named in the terms is missing, and why."""
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


def _actual_cost(tables: Tables, curves: Curves, cost: str | None, notes: list[str]) -> tuple[float, str, str]:
    formula = "sum of the actual cost"
    if cost is None:
        return math.nan, formula, "No cost: the service has none; name a user field that holds it (cost=)."
    if cost in tables.tasks and pd.api.types.is_numeric_dtype(tables.tasks[cost]):  # attached by the user
        costs = tables.tasks[cost].astype("Float64")
    else:
        by_id = user_field_numbers(tables, cost)
        costs = by_id.reindex(tables.tasks["id"].to_numpy(dtype=object)).reset_index(drop=True)
    inside = costs[curves.scope]
    elsewhere = costs[tables.selected & ~curves.scope & ~tables.summaries].sum()
    if elsewhere:
        notes.append(f"{float(elsewhere):,.2f} of {cost!r} stands on tasks that do not count here and is left out.")
    if not inside.notna().any():
        return math.nan, formula, f"No task that counts here has a value of {cost!r}."
    notes.append(
        f"CV, CPI, EAC, VAC and TCPI hold earned value ({curves.weights.unit}) against {cost!r}: "
        "they mean something only if both are in one unit."
    )
    return float(inside.sum()), f"sum of {cost!r}", ""


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
        return self.start + self.offset * number if number else self.start

    def read(self, instant: pd.Timestamp) -> float:
        """Periods from the start to the instant, with the fraction of the last."""
        if instant < self.start:
            return -(self.start - instant) / (self.edge(1) - self.start)
        number = int((instant - self.start) / (self.edge(1) - self.start) * 0.9)  # months differ; never beyond
        while self.edge(number + 1) <= instant:
            number += 1
        return number + (instant - self.edge(number)) / (self.edge(number + 1) - self.edge(number))

    def instant(self, periods: float) -> pd.Timestamp:
        """Instant so many periods after the start."""
        number = int(periods)
        return self.edge(number) + (periods - number) * (self.edge(number + 1) - self.edge(number))


def _put_earned_schedule(sheet: _Sheet, curves: Curves, ev: float, period: str, no_baseline: str) -> dict[str, Any]:
    """Enter the measures in time, and return the dates that go with them."""
    unit, offset = _PERIODS[period]
    formulas = {
        "PD": f"finish - start of the baseline, in {unit}",
        "AT": f"data date - start of the baseline, in {unit}",
        "ES": "C + (EV - PV_C) / (PV_C+1 - PV_C)",
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
    edges = [ruler.edge(number) for number in range(math.floor(duration) + 1)]
    times = [float(number) for number in range(len(edges))]
    if duration > times[-1]:  # the last period ends with the baseline
        edges, times = [*edges, finish], [*times, duration]
    planned = curves.planned(pd.DatetimeIndex(edges).as_unit("us"))
    early = "The data date lies before the start of the baseline." if actual <= 0 else ""
    sheet.put("PD", duration, formulas["PD"], unit=unit)
    sheet.put("AT", actual, formulas["AT"], unit=unit)
    es = sheet.put("ES", earned_schedule(np.array(times), planned, ev), formulas["ES"], unit=unit)
    sheet.put("SV(t)", es - actual, formulas["SV(t)"], early, unit=unit)
    spi_t = sheet.put("SPI(t)", es / actual if actual > 0 else math.nan, formulas["SPI(t)"], early, unit="ratio")
    never = early or ("Nothing is earned yet, so no finish can be foretold." if spi_t == 0 else "")
    ieac = sheet.put("IEAC(t)", math.nan if never else duration / spi_t, formulas["IEAC(t)"], never, unit=unit)
    century = pd.Timedelta(days=36_500) / (ruler.edge(1) - ruler.start)
    foretold = ruler.instant(ieac) if ieac < century else None
    return {"period": period, "baseline_start": ruler.start, "baseline_finish": finish, "forecast_finish": foretold}


def _time_now(curves: Curves, formula: str) -> tuple[pd.Timestamp, str]:
    """Return the data date, or the last actual finish once everything is complete, and the formula that says so."""
    tasks, counted = curves.tasks, curves.weight > 0
    now: Any = curves.now
    finished = tasks["actual_finish"][counted]
    if counted.any() and is_complete(tasks)[counted].all() and finished.notna().all() and finished.max() < now:
        return finished.max(), formula.replace("data date", "last actual finish")
    return now, formula
