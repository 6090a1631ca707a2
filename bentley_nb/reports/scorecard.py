"""The scorecard: one row that says where a schedule stands, with *unknown* where it cannot be known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pandas as pd

from bentley_nb.errors import InvalidRequest, NotFound
from bentley_nb.reports.basis.about import LATE_IS_POSITIVE, as_report
from bentley_nb.reports.basis.baseline import find_baseline, why_no_baseline
from bentley_nb.reports.basis.nullable import integers, numbers, text
from bentley_nb.reports.basis.state import current_dates, span
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.critical import critical
from bentley_nb.reports.earned_value import earned_value
from bentley_nb.reports.health.report import NEEDS as HEALTH_NEEDS
from bentley_nb.reports.health.report import health, read_profile
from bentley_nb.reports.late import late
from bentley_nb.reports.look_ahead import NEEDS as LOOK_AHEAD_NEEDS
from bentley_nb.reports.look_ahead import look_ahead
from bentley_nb.reports.milestones import milestones
from bentley_nb.reports.s_curve import s_curve
from bentley_nb.reports.total_float import FloatUnit, task_floats

NEEDS = tuple(dict.fromkeys((*HEALTH_NEEDS, *LOOK_AHEAD_NEEDS)))
"""Tables that its reports read; those of the HTML report and the workbook are the same."""

DUE_WEEKS = 3

Made: TypeAlias = Mapping[str, pd.DataFrame | str]
"""Reports by name; a text says why one cannot be made."""

_COUNTS = ("late", "critical", "near_critical", "due_in_3_weeks", "health_pass", "health_fail", "health_not_evaluated")
_MEASURES = (
    "completion_variance_days",
    "completion_slip_days",
    "planned_percent",
    "earned_percent",
    "spi",
    "spi_t",
    "data_date_age_days",
)
_DATES = ("data_date", "completion_date", "baseline_completion_date", "previous_completion_date")
_COLUMNS = (
    *("schedule", "data_date", "data_date_age_days", "completion_milestone", "completion_date"),
    *("baseline_completion_date", "completion_variance_days", "previous_completion_date", "completion_slip_days"),
    *("planned_percent", "earned_percent", "spi", "spi_t", *_COUNTS),
)


def scorecard(
    s: Source,
    before: Source | None = None,
    *,
    baseline: str | None = None,
    profile: str = "dcma",
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> pd.DataFrame:
    """Return one row of figures: completion, progress, schedule performance, critical work, health.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame.
    before
        An earlier copy of the same schedule, to show what moved since.
    baseline
        Id or name; the latest by default.
    profile
        Of the health checks.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row: ``schedule``, ``data_date``, ``data_date_age_days`` (calendar days until now), ``completion_milestone``
        and ``completion_date`` (the last key date, else the last finish), ``baseline_completion_date``,
        ``completion_variance_days`` (calendar days, positive is late), ``previous_completion_date``,
        ``completion_slip_days`` (since ``before``), ``planned_percent`` and ``earned_percent`` (by working time),
        ``spi`` (EV / PV), ``spi_t`` (ES / AT), then counts of tasks: ``late``, ``critical`` (negative float included),
        ``near_critical``, ``due_in_3_weeks`` (open, to finish within them), and of checks: ``health_pass``,
        ``health_fail``, ``health_not_evaluated``. What cannot be known is missing, and a note says why.

    Raises
    ------
    InvalidRequest
        There is no baseline or profile of that name.

    Examples
    --------
    >>> card = bn.reports.scorecard(s)
    >>> len(card), card["completion_milestone"].notna().all().item()
    (1, True)
    """
    tables = Tables.of(s, data_date, NEEDS)
    check_options(tables, baseline, profile, float_unit)
    options: dict[str, Any] = {"baseline": baseline, "float_unit": float_unit}
    makers: dict[str, Callable[[], pd.DataFrame]] = {
        "milestones": lambda: milestones(tables, previous=before, **options),
        "look_ahead": lambda: look_ahead(tables, DUE_WEEKS, float_unit=float_unit),
        "late": lambda: late(tables, **options),
        "critical": lambda: critical(tables, float_unit=float_unit),
        "s_curve": lambda: s_curve(tables, baseline=baseline),
        "earned_value": lambda: earned_value(tables, weight="duration", baseline=baseline),
        "health": lambda: health(tables, profile, baseline, float_unit=float_unit),
    }
    return from_reports(tables, {name: made_or_why(make) for name, make in makers.items()})


def check_options(tables: Tables, baseline: str | None, profile: str, float_unit: FloatUnit | None) -> None:
    """Raise InvalidRequest for a wrong name: it fails the whole, not one of its reports."""
    read_profile(profile)
    find_baseline(tables, baseline)
    task_floats(tables, float_unit)


def made_or_why(make: Callable[[], pd.DataFrame]) -> pd.DataFrame | str:
    """Return a report, or why it cannot be made. A failed connection is no such reason and is let through."""
    try:
        return make()
    except (InvalidRequest, NotFound) as error:
        return str(error)


def from_reports(tables: Tables, made: Made) -> pd.DataFrame:
    """Return the scorecard of reports that are made already, by name; ``look_ahead`` is one of at least three weeks."""
    notes = [LATE_IS_POSITIVE]
    row: dict[str, Any] = {"schedule": tables.schedule_name or tables.schedule_id, "data_date": tables.data_date}
    if pd.notna(tables.data_date):
        row["data_date_age_days"] = (pd.Timestamp.now("UTC") - tables.data_date) / pd.Timedelta(days=1)
    no_baseline = why_no_baseline(tables)
    if no_baseline:
        notes.append(f"No baseline: {no_baseline} Progress against it and late work are unknown.")
    reasons: dict[str, list[str]] = {}
    for name, figures in (
        ("milestones", lambda frame: _completion(tables, frame, notes)),
        ("s_curve", _progress),
        ("earned_value", _performance),
        ("late", lambda frame: {} if no_baseline else {"late": len(frame)}),
        ("critical", _critical),
        ("look_ahead", lambda frame: _due(tables, frame)),
        ("health", _health),
    ):
        found = made[name]
        if isinstance(found, str):
            reasons.setdefault(found, []).append(name.replace("_", " "))
        else:
            row |= figures(found)
    notes += [f"{', '.join(names).capitalize()}: {reason}" for reason, names in reasons.items()]
    frame = pd.DataFrame({name: _typed(name, row.get(name)) for name in _COLUMNS})
    profile = made["health"].attrs["facts"]["profile"] if isinstance(made["health"], pd.DataFrame) else None
    return as_report(frame, tables, "scorecard", notes, {"profile": profile, "weight": "duration"})


def _typed(name: str, value: Any) -> pd.Series[Any]:
    missing = value is None or pd.isna(value)
    if name in _DATES:
        return pd.Series([pd.NaT if missing else value], dtype="datetime64[us, UTC]")
    if name in _MEASURES:
        return numbers([float("nan") if missing else float(value)])
    return integers([pd.NA if missing else int(value)]) if name in _COUNTS else text([None if missing else value])


def _completion(tables: Tables, frame: pd.DataFrame, notes: list[str]) -> dict[str, Any]:
    """Return the last key date; without one the last finish, without its baseline."""
    dates = span(current_dates(tables.tasks))["finish"][tables.activities]
    last = dates.max()
    dated = frame[frame["date"].notna()]
    if dated.empty:
        notes.append("Completion: no key date has a date, so this is the last finish of all tasks.")
        return {"completion_date": last}
    reached = dated.iloc[int(dated["date"].to_numpy().argmax())]
    after = int((dates > reached["date"]).sum())
    if after:
        notes.append(f"Completion: {after:,} task(s) finish after the last key date, the last on {last:%Y-%m-%d}.")
    return {
        "completion_milestone": reached["name"],
        "completion_date": reached["date"],
        "baseline_completion_date": reached["baseline_date"],
        "completion_variance_days": reached["baseline_variance_days"],
        "previous_completion_date": reached["previous_date"],
        "completion_slip_days": reached["slip_days"],
    }


def _progress(frame: pd.DataFrame) -> dict[str, Any]:
    now = frame[frame["is_data_date"].fillna(value=False).astype(bool)]
    return {name: now[name].iloc[0] for name in ("planned_percent", "earned_percent")} if len(now) else {}


def _performance(frame: pd.DataFrame) -> dict[str, Any]:
    values = frame.set_index("measure")["value"]
    return {"spi": values.get("SPI"), "spi_t": values.get("SPI(t)")}


def _critical(frame: pd.DataFrame) -> dict[str, Any]:
    counts = frame.attrs["facts"]["counts"]
    return {
        "critical": counts["negative float"] + counts["critical"],
        "near_critical": counts["near-critical"],
    }


def _due(tables: Tables, frame: pd.DataFrame) -> dict[str, Any]:
    until = tables.data_date + pd.Timedelta(weeks=DUE_WEEKS)
    ends = frame["finish"].fillna(frame["start"])
    return {"due_in_3_weeks": int((ends <= until).sum())}


def _health(frame: pd.DataFrame) -> dict[str, Any]:
    counts = frame.attrs["facts"]
    return {f"health_{verdict.replace(' ', '_')}": counts[verdict] for verdict in ("pass", "fail", "not evaluated")}
