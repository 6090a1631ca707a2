"""What is late at the data date: against a baseline, and by planned dates that the data date has overtaken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.reports.basis.about import LATE_IS_POSITIVE, as_report
from bentley_nb.reports.basis.baseline import Baseline, find_baseline
from bentley_nb.reports.basis.identity import at_least_zero, calendar_days, identity, working_days
from bentley_nb.reports.basis.nullable import flags, no_instants
from bentley_nb.reports.basis.state import (
    Forecast,
    contradictions,
    current_dates,
    is_started,
    one_date_per_key_date,
    percent_complete,
)
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats

LATE_FLAGS = ("late_start", "late_finish", "forecast_late", "stale_start", "stale_finish")


@dataclass(frozen=True)
class Lateness:
    """Lateness of every task, aligned with ``Tables.tasks``.

    Attributes
    ----------
    flags
        ``late_start``, ``late_finish``, ``forecast_late`` (NA without a baseline date), ``stale_start``,
        ``stale_finish``; False for complete tasks, WBS rows and hammocks.
    days
        ``start_late_days``, ``start_late_working_days``, ``finish_late_days``, ``finish_late_working_days``.
    dates
        ``start``, ``finish``, ``baseline_start``, ``baseline_finish``.
    notes
        Which baseline, or that there is none.
    """

    flags: pd.DataFrame
    days: pd.DataFrame
    dates: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def any(self) -> pd.Series[Any]:
        """Mask of the tasks that are late in any way."""
        return self.flags.fillna(value=False).astype(bool).any(axis=1)


def lateness(
    tables: Tables, baseline: str | None = None, *, tolerance: float = 0, forecast: Forecast | None = None
) -> Lateness:
    """Compute what ``late`` reports, for every task."""
    now = tables.require_data_date()
    tasks = tables.tasks
    found, notes = find_baseline(tables, baseline) if len(tasks) else (None, [])
    dates = current_dates(tasks, forecast)
    # A key date may be served with both planned dates; only its own one counts.
    planned = one_date_per_key_date(tasks, tasks["planned_start"], tasks["planned_finish"])
    base = _baseline_dates(found, tasks.index)

    waiting = tables.open & ~is_started(tasks)
    data_date = pd.Series(now, index=tasks.index, dtype="datetime64[us, UTC]")

    def later(than: pd.Series[Any], when: pd.Series[Any], among: Any) -> pd.Series[Any]:
        past = flags(than < when, tasks.index)
        if tolerance:
            # Days that cannot be counted (a calendar without working time) tolerate nothing.
            past &= (working_days(tables, than, when) > tolerance).fillna(value=True)
        return past.mask(than.isna() | when.isna()).where(among, other=False)

    # A start key date has no finish: it is forecast late by its start.
    at_start = tasks["type"] == "StartKeyDate"
    promised_end = base["finish"].where(~at_start, base["start"])
    forecast_end = dates["finish"].where(~at_start, dates["start"])

    answers = pd.DataFrame(
        {
            "late_start": later(base["start"], data_date, waiting),
            "late_finish": later(base["finish"], data_date, tables.open),
            "forecast_late": later(promised_end, forecast_end, tables.open),
            "stale_start": later(planned["start"], data_date, waiting).fillna(value=False),
            "stale_finish": later(planned["finish"], data_date, tables.open).fillna(value=False),
        }
    )
    # What is late against the baseline is measured from it, what is only stale from its planned date.
    against_baseline = {
        "start": (answers["late_start"] | (answers["forecast_late"] & at_start)).fillna(value=False).astype(bool),
        "finish": answers[["late_finish", "forecast_late"]].fillna(value=False).astype(bool).any(axis=1),
    }
    # An open task cannot finish before the data date, whatever its planned finish still says.
    latest = forecast_end.where(forecast_end > data_date, data_date)
    reached = {"start": data_date.where(~at_start, latest), "finish": latest}
    days = pd.DataFrame(index=tasks.index)
    for side, by_baseline in against_baseline.items():
        promised = (
            base[side].where(by_baseline, planned[side]).where(by_baseline | answers[f"stale_{side}"].astype(bool))
        )
        days[f"{side}_late_days"] = calendar_days(promised, reached[side])
        days[f"{side}_late_working_days"] = working_days(tables, promised, reached[side])
    return Lateness(answers, days, pd.concat([dates, base.add_prefix("baseline_")], axis=1), tuple(notes))


def late(
    s: Source,
    baseline: str | None = None,
    *,
    tolerance: float = 0,
    forecast: Forecast | None = None,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> pd.DataFrame:
    """List open tasks and key dates that are late at the data date.

    - late start: not started, and its baseline start lies before the data date;
    - late finish: not finished, and its baseline finish lies before the data date;
    - forecast late: its current finish (SYNCHRO's "best date") lies after its baseline finish (of a start key date
      its start, it has no other date);
    - stale: not started (not finished), and its *planned* start (finish) lies before the data date, where no remaining
      work can be (DECM 06A506b expects none). This needs no baseline.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame.
    baseline
        Id or name; the latest by default. Without any baseline only stale dates can be reported, and the notes say so.
    tolerance
        Working days by which a date may be late before it is listed.
    forecast
        "estimated" or "expected" puts that finish before the planned one.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        Latest first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``start``, ``finish``,
        ``baseline_start``, ``baseline_finish``, the five flags ``late_start``, ``late_finish``, ``forecast_late``,
        ``stale_start``, ``stale_finish`` (NA where there is no baseline date), ``start_late_days`` (baseline start, or
        planned without one, to the data date; of a start key date to the later of its date and the data date),
        ``finish_late_days`` (baseline or planned finish to the later of current finish and data date), both also as
        ``..._working_days`` of the task's calendar, ``percent_complete``, ``is_critical``, ``total_float_days``.
        Positive is late.

    Raises
    ------
    InvalidRequest
        The schedule has no data date, or no baseline of that name.

    Examples
    --------
    >>> late = bn.reports.late(s)
    >>> bool((late["finish_late_days"].dropna() > 0).all())
    True
    """
    at_least_zero(tolerance, "tolerance must be a number of working days")
    tables = Tables.of(s, data_date, (*FLOAT_NEEDS, "baselines"))
    tasks = tables.tasks
    found = lateness(tables, baseline, tolerance=tolerance, forecast=forecast)
    floats, float_notes = task_floats(tables, float_unit)
    frame = pd.concat([identity(tables), found.dates, found.flags, found.days], axis=1)
    frame["percent_complete"] = percent_complete(tasks)
    frame[["is_critical", "total_float_days"]] = floats[["is_critical", "total_float_days"]]
    frame = frame[found.any]
    latest = frame[["finish_late_days", "start_late_days"]].max(axis=1)
    # Rows without a figure come last.
    frame = frame.iloc[np.argsort(-latest.to_numpy(dtype="float64", na_value=-np.inf), kind="stable")]

    counts = {name: int(frame[name].fillna(value=False).sum()) for name in LATE_FLAGS}
    allowed = f"Up to {tolerance:g} working day(s) late are tolerated." if tolerance else ""
    notes = [
        LATE_IS_POSITIVE,
        *found.notes,
        "Without a baseline only stale dates can be reported: planned dates the data date has overtaken."
        if found.dates["baseline_start"].isna().all() and found.dates["baseline_finish"].isna().all()
        else "",
        allowed,
        *tables.working_time.notes(tasks["calendar_id"][found.any]),
        *contradictions(tasks[tables.activities]),
        *float_notes,
    ]
    facts = {"counts": counts, "open": int(tables.open.sum())}
    return as_report(frame.reset_index(drop=True), tables, "late", filter(None, notes), facts)


def _baseline_dates(found: Baseline | None, index: pd.Index) -> pd.DataFrame:
    if found is not None:
        return found.dates[["start", "finish"]]
    nothing = no_instants(index)
    return pd.DataFrame({"start": nothing, "finish": nothing})
