"""Schedule health: the DCMA's 14 points and its relatives, each with its rule, its figures and its verdict.

A verdict is passed on the exact figure, before any rounding. What cannot be checked says why instead of passing.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import at_least_zero, identity
from bentley_nb.reports.basis.nullable import text
from bentley_nb.reports.basis.state import current_dates
from bentley_nb.reports.basis.tables import DATES, Source, Tables
from bentley_nb.reports.health.facts import CheckSettings, Facts, Finding, constraint_list
from bentley_nb.reports.health.profiles import PROFILES, Check, Profile
from bentley_nb.reports.open_ends import cycle_notes
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit

NEEDS = (*FLOAT_NEEDS, "task_links", "resource_assignments", "baselines")
"""Tables that the checks read."""

VERDICTS = ("pass", "fail", "not evaluated")


def health(
    s: Source,
    profile: str = "dcma",
    baseline: str | None = None,
    *,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
    **thresholds: Any,
) -> pd.DataFrame:
    """Check the health of a schedule, one row per check.

    Durations and floats are in working days of each task's own calendar, never in days of a fixed 8 hours.

    Parameters
    ----------
    s
        A ``Schedule`` (or snapshot), or frames by name. Checks whose table is not there are not evaluated.
    profile
        ``"dcma"``: DCMA-EA PAM 200.1 of 2012; ``"bentley"``: the documented defaults of the service's own assessment;
        ``"decm"``: DCMA EVMS Compliance Metrics v5.0, with its metrics beyond the 14 points.
    baseline
        Id or name; the latest by default.
    float_unit
        Unit of the service's floats, which is undocumented: ``"seconds"`` (inferred), ``"hours"``, ``"days"``, or None
        for unknown (the checks of float are then not evaluated).
    data_date
        Overrides the schedule's.
    **thresholds
        Another threshold by the name of its check (``logic=10``), or another reading by the name of a setting:
        ``hard_constraints="dcma2009"`` (the default of ``dcma``; or ``"bentley"``, ``"dcma2009+on"``),
        ``high_float_days``, ``high_duration_days``, ``milestones``, ``task_base``, ``link_base``, ``dangling``,
        ``duration``, ``missed``, ``completion_float``, ``completion`` (the completion task of CPLI: id, activity id or
        name). A number for ``hard_constraints`` is its threshold.

    Returns
    -------
    pandas.DataFrame
        ``number`` (1 to 14; missing beyond), ``check``, ``rule`` (what was counted), ``numerator``, ``denominator``,
        ``percent`` (of shares), ``value`` (of indices), ``comparison`` and ``threshold``, ``verdict`` (``pass``,
        ``fail``, ``not evaluated``), ``reason`` (why not evaluated, or what to know), ``authority``.
        ``health_details`` lists what offends.

    Raises
    ------
    InvalidRequest
        No such profile, check, setting or baseline.

    Examples
    --------
    >>> checks = bn.reports.health(s)
    >>> len(checks), set(checks["verdict"]) <= {"pass", "fail", "not evaluated"}
    (14, True)
    """
    tables = Tables.of(s, data_date, NEEDS)
    chosen, settings = _reading(profile, thresholds)
    facts = Facts(tables, baseline, float_unit)
    rows = [_row(check, find(check, facts, settings)) for check in chosen.checks]
    report = _typed(rows)
    counts = {verdict: int((report["verdict"] == verdict).sum()) for verdict in VERDICTS}
    notes = [f"Profile {chosen.name}: {chosen.title}.", *chosen.notes, *facts.baseline_notes, *facts.float_notes]
    notes.append("Thresholds are conventions: look at the figures and the offending tasks first (AACE PS-3642).")
    notes += tables.working_time.notes(tables.tasks["calendar_id"][facts.total(settings)])
    notes += cycle_notes(tables)
    return as_report(report, tables, "health", notes, {"profile": chosen.name, **counts})


def health_details(
    s: Source,
    check: str | int,
    profile: str = "dcma",
    baseline: str | None = None,
    *,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
    **thresholds: Any,
) -> pd.DataFrame:
    """List the tasks or links that a health check objects to.

    Parameters
    ----------
    s, profile, baseline, float_unit, data_date, **thresholds
        As for ``health``.
    check
        Name or number of the check.

    Returns
    -------
    pandas.DataFrame
        For tasks: ``why``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``, ``start``,
        ``finish``. For links: ``why``, ``link_id``, ``link_type``, ``lag_hours``, and id, activity id and name of
        ``predecessor_`` and ``successor_``. Empty where nothing offends; the facts repeat rule, figures and verdict.

    Raises
    ------
    InvalidRequest
        No such check, profile, setting or baseline.

    Examples
    --------
    >>> loose = bn.reports.health_details(s, "logic")
    >>> set(loose["why"]) <= {"no predecessor", "no successor", "no predecessor, no successor"}
    True
    """
    tables = Tables.of(s, data_date, NEEDS)
    chosen, settings = _reading(profile, thresholds)
    wanted = _named(check, chosen)
    facts = Facts(tables, baseline, float_unit)
    finding = find(wanted, facts, settings)
    listed = _offending_links(tables, facts, finding) if finding.of_links else _offending_tasks(tables, finding)
    row = _row(wanted, finding)
    notes = [f"Rule: {row['rule']}." if row["rule"] else "", row["reason"]]
    told = {
        name: row[name] for name in ("check", "numerator", "denominator", "percent", "value", "threshold", "verdict")
    }
    return as_report(listed, tables, "health_details", filter(None, notes), {"profile": chosen.name, **told})


def find(check: Check, facts: Facts, settings: CheckSettings) -> Finding:
    """Make one check, or say why its profile does not make it."""
    if isinstance(check.count, str):
        return Finding(rule="", not_evaluated=check.count)
    return check.count(facts, settings)


def read_profile(profile: str) -> Profile:
    """Return the health profile of that name.

    Raises
    ------
    InvalidRequest
        There is none.
    """
    if str(profile) not in PROFILES:
        raise InvalidRequest(f"There is no health profile {profile!r}.", hint=nearest(profile, PROFILES))
    return PROFILES[profile]


def _reading(profile: str, changes: dict[str, Any]) -> tuple[Profile, CheckSettings]:
    """Return the profile with the thresholds and settings asked for."""
    chosen = read_profile(profile)
    settings, limits = chosen.settings, {}
    known_settings = {field.name: field for field in fields(CheckSettings)}
    known_checks = {check.name for check in chosen.checks}
    for name, value in changes.items():
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if name in known_checks and number:
            # Below zero, or not a number, it would always pass or always fail.
            limits[name] = at_least_zero(value, f"The threshold of {name!r} must be a number")
        elif name in known_settings:
            settings = replace(settings, **{name: _setting(name, value)})
        elif name in known_checks:
            raise InvalidRequest(f"The threshold of {name!r} must be a number, not {value!r}.")
        else:
            raise InvalidRequest(
                f"Profile {profile!r} has no check or setting {name!r}.",
                hint=nearest(name, known_checks | set(known_settings)),
            )
    altered = tuple(replace(check, threshold=limits.get(check.name, check.threshold)) for check in chosen.checks)
    return replace(chosen, checks=altered), settings


_CHOICES: dict[str, tuple[str, ...]] = {
    "task_base": ("incomplete", "all"),
    "link_base": ("incomplete", "all"),
    "duration": ("baseline", "remaining"),
    "missed": ("actual or forecast", "completed"),
    "completion_float": ("total float", "baseline"),
}


def _setting(name: str, value: Any) -> Any:
    """Check the value of a setting."""
    if name in _CHOICES and value not in _CHOICES[name]:
        raise InvalidRequest(
            f"{name}={value!r} is not supported.",
            hint=nearest(str(value), _CHOICES[name]),
        )
    if name == "hard_constraints":
        constraint_list(value)
    if name.endswith("_days"):
        at_least_zero(value, f"{name} must be a number of working days")
    if name == "completion" and not isinstance(value, str | None):
        raise InvalidRequest(f"completion must be the id, activity id or name of a task, not {value!r}.")
    if name in {"milestones", "dangling"} and not isinstance(value, bool | np.bool_):
        raise InvalidRequest(f"{name} must be True or False, not {value!r}.")
    return value


def _named(check: str | int, profile: Profile) -> Check:
    if isinstance(check, str) and check.strip().isdecimal():
        check = int(check)  # as a magic hands it over
    for candidate in profile.checks:
        if check in (candidate.name, candidate.number) and not isinstance(check, bool):
            return candidate
    names = [candidate.name for candidate in profile.checks]
    raise InvalidRequest(f"Profile {profile.name!r} has no check {check!r}.", hint=nearest(str(check), names))


def _row(check: Check, finding: Finding) -> dict[str, Any]:
    """Return one row of the report: figures, then the verdict they carry."""
    percent = value = None
    evaluated = not finding.not_evaluated
    if evaluated and check.measured != "value" and finding.denominator:
        percent = 100 * (finding.numerator or 0) / finding.denominator
    if evaluated and check.measured == "value":
        value = finding.value
    measured = {"percent": percent, "count": finding.numerator, "value": value}[check.measured]
    verdict, reason = "not evaluated", finding.not_evaluated
    if evaluated and check.threshold is None:
        reason = f"No pass mark is set for it. {finding.note}".strip()
    elif evaluated and measured is not None:
        verdict, reason = "pass" if _passes(check, float(measured)) else "fail", finding.note
    return {
        "number": check.number,
        "check": check.name,
        "rule": finding.rule,
        "numerator": finding.numerator,
        "denominator": finding.denominator,
        "percent": percent,
        "value": value,
        "comparison": check.comparison,
        "threshold": check.threshold,
        "verdict": verdict,
        "reason": reason,
        "authority": check.authority,
    }


def _passes(check: Check, measured: float) -> bool:
    limit = check.threshold
    if limit is None:
        return False
    return {"<=": measured <= limit, "<": measured < limit, ">=": measured >= limit, "==": measured == limit}[
        check.comparison
    ]


def _typed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows with one dtype per column, the same for every schedule."""
    words = string_dtype()
    dtypes: dict[str, Any] = {
        "number": "Int64",
        "check": words,
        "rule": words,
        "numerator": "Float64",
        "denominator": "Float64",
        "percent": "Float64",
        "value": "Float64",
        "comparison": words,
        "threshold": "Float64",
        "verdict": None,
        "reason": words,
        "authority": words,
    }
    columns: dict[str, Any] = {}
    for name, dtype in dtypes.items():
        values = [row[name] for row in rows]
        columns[name] = (
            pd.Categorical(values, categories=list(VERDICTS)) if dtype is None else pd.array(values, dtype=dtype)
        )
    return pd.DataFrame(columns)


def _offending_tasks(tables: Tables, finding: Finding) -> pd.DataFrame:
    listed = identity(tables, finding.offenders)
    listed[["start", "finish"]] = current_dates(tables.tasks[["type", *DATES]].iloc[finding.offenders])
    listed.insert(0, "why", text(finding.why, listed.index))
    return listed.reset_index(drop=True)


def _offending_links(tables: Tables, facts: Facts, finding: Finding) -> pd.DataFrame:
    links = facts.links.iloc[finding.offenders].reset_index(drop=True)
    listed = pd.DataFrame(
        {
            "why": text(finding.why),
            "link_id": text(links["id"].array),
            "link_type": pd.Categorical(links["type"]),
            "lag_hours": links["lag_hours"].astype("Float64"),
        }
    )
    for role, side in (("predecessor", "before"), ("successor", "after")):
        ends = links[side].to_numpy(dtype=np.int64)
        for column in ("id", "user_defined_id", "name"):
            listed[f"{role}_{column}"] = tables.tasks[column].array.take(ends)
    return listed
