"""Named profiles of the schedule health check: which checks, in which reading, against which threshold.

The 14 points of the DCMA are a family, not one definition. A profile fixes a reading, so that two people compare the
same thing. Beyond the sources named with each check: Ron Winter, *DCMA 14-Point Schedule Assessment* (2011), on where
the editions differ, and AACE PS-3642 (2021), which calls one-size thresholds "by fiat, not community consensus".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bentley_nb.reports.health import checks, decm, performance
from bentley_nb.reports.health.facts import CheckSettings, Facts, Finding

Comparison = Literal["<=", "<", ">=", "=="]
Measured = Literal["percent", "count", "value"]


@dataclass(frozen=True)
class Check:
    """One line of a health report.

    Attributes
    ----------
    name
        Name of the check; also the keyword that sets its threshold.
    number
        Its number among the 14 points, None for a check beyond them.
    count
        Function that counts, or the reason why this profile does not.
    measured
        What is held against the threshold: the "percent" of the numerator in the denominator, the numerator ("count"),
        or the "value" of an index.
    comparison, threshold
        Passes when what is measured compares so; a threshold of None passes no judgement.
    authority
        Source of the rule.
    """

    name: str
    number: int | None
    count: Callable[[Facts, CheckSettings], Finding] | str
    measured: Measured = "percent"
    comparison: Comparison = "<="
    threshold: float | None = 0.0
    authority: str = ""


@dataclass(frozen=True)
class Profile:
    """A reading of the health check.

    Attributes
    ----------
    name, title
        Keyword and name in full.
    settings
        What it decided where authors disagree.
    checks
        In the order of the report.
    notes
        What has to be known of it.
    """

    name: str
    title: str
    settings: CheckSettings
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()


def _pam(paragraph: int) -> str:
    return f"DCMA-EA PAM 200.1 (2012), 4.{paragraph}"


_DCMA = (
    Check("logic", 1, checks.missing_logic, threshold=5, authority=_pam(1)),
    Check("leads", 2, checks.leads, threshold=0, authority=_pam(2)),
    Check("lags", 3, checks.lags, threshold=5, authority=_pam(3)),
    Check("relationship_types", 4, checks.finish_to_start, comparison=">=", threshold=90, authority=_pam(4)),
    Check("hard_constraints", 5, checks.hard_constraints, threshold=5, authority=_pam(5)),
    Check("high_float", 6, checks.high_float, threshold=5, authority=_pam(6)),
    Check("negative_float", 7, checks.negative_float, threshold=0, authority=_pam(7)),
    Check("high_duration", 8, checks.high_duration, threshold=5, authority=_pam(8)),
    Check("invalid_dates", 9, checks.invalid_dates, measured="count", comparison="==", authority=_pam(9)),
    Check("resources", 10, checks.resources, threshold=None, authority=_pam(10)),
    Check("missed_tasks", 11, performance.missed_tasks, threshold=5, authority=_pam(11)),
    Check("critical_path_test", 12, performance.critical_path_test, "count", "==", 0, _pam(12)),
    Check(
        "cpli",
        13,
        performance.critical_path_length_index,
        measured="value",
        comparison=">=",
        threshold=0.95,
        authority=f"{_pam(13)}; float of the completion task as in NDIA PASEG",
    ),
    Check(
        "bei",
        14,
        performance.baseline_execution_index,
        measured="value",
        comparison=">=",
        threshold=0.95,
        authority=_pam(14),
    ),
)

_SERVER = "Bentley Schedules API, quality/dcma/violations"
_ASSUMED = "not in the part of Bentley's documentation that could be read; as DCMA-EA PAM 200.1"


def _server(
    name: str, number: int, count: Callable[[Facts, CheckSettings], Finding], limit: float, comparison: Comparison
) -> Check:
    return Check(name, number, count, comparison=comparison, threshold=limit, authority=_SERVER)


_BENTLEY = (
    _server("logic", 1, checks.missing_logic, 5, "<"),
    _server("leads", 2, checks.leads, 0, "<="),
    _server("lags", 3, checks.lags, 5, "<"),
    _server("relationship_types", 4, checks.other_than_finish_to_start, 10, "<"),
    _server("hard_constraints", 5, checks.hard_constraints, 5, "<"),
    _server("high_float", 6, checks.high_float, 5, "<"),
    _server("negative_float", 7, checks.negative_float, 0, "<="),
    _server("high_duration", 8, checks.high_duration, 5, "<"),
    *(
        Check(check.name, check.number, check.count, check.measured, check.comparison, check.threshold, _ASSUMED)
        for check in _DCMA[8:]
    ),
)


def _decm(metric: str) -> str:
    return f"DCMA EVMS Compliance Metrics v5.0, {metric}"


def _none(name: str, number: int) -> Check:
    return Check(
        name,
        number,
        "The metrics of DECM v5.0 have none for it; see profile='dcma'.",
        threshold=None,
        authority=_decm("none"),
    )


_TWO_STATES = "It compares two states of the schedule: slippage(before, after) gives it."

_DECM = (
    Check("logic", 1, checks.missing_logic, threshold=0, authority=_decm("06A204b")),
    _none("leads", 2),
    Check("lags", 3, decm.tasks_with_lags, threshold=10, authority=_decm("06A205a")),
    _none("relationship_types", 4),
    Check("hard_constraints", 5, checks.hard_constraints, threshold=0, authority=_decm("06A209a")),
    Check("high_float", 6, checks.high_float, threshold=None, authority=_decm("06A211a")),
    _none("negative_float", 7),
    _none("high_duration", 8),
    Check("invalid_dates", 9, decm.forecast_in_past, "count", "==", 0, _decm("06A506b")),
    _none("resources", 10),
    _none("missed_tasks", 11),
    Check("critical_path_test", 12, performance.critical_path_test, "count", "==", 0, _decm("06A401a")),
    _none("cpli", 13),
    _none("bei", 14),
    Check("summary_logic", None, decm.summary_logic, "count", "==", 0, _decm("06A208a")),
    Check("hammocks_driving", None, decm.hammocks_driving, threshold=0, authority=_decm("06A210a")),
    Check("out_of_sequence", None, decm.progress_out_of_sequence, "count", "==", 0, _decm("06A212a")),
    Check("not_baselined", None, performance.not_baselined, threshold=5, authority=_decm("06A501a")),
    Check("actual_dates_changed", None, _TWO_STATES, threshold=10, authority=_decm("06A504a, 06A504b")),
    Check("no_actual_start", None, decm.started_without_actual_start, threshold=5, authority=_decm("06A505a")),
    Check("no_actual_finish", None, decm.complete_without_actual_finish, threshold=5, authority=_decm("06A505b")),
    Check("actual_in_future", None, decm.actual_in_future, threshold=5, authority=_decm("06A506a")),
    Check("riding_data_date", None, _TWO_STATES, threshold=1, authority=_decm("06A506c")),
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                "dcma",
                "DCMA 14-Point Assessment",
                CheckSettings(hard_constraints="dcma2009"),
                _DCMA,
                (
                    "Tasks are neither WBS rows nor hammocks nor milestones, and have a duration.",
                    "Hard constraints are mandatory and no-later-than ones (2009 edition).",
                    "The service's own assessment counts fewer: hard_constraints='bentley'.",
                ),
            ),
            Profile(
                "bentley",
                "as the service's own assessment",
                CheckSettings(task_base="all", link_base="all", duration="remaining"),
                _BENTLEY,
                (
                    "The service documents metrics 1 to 8 and not whether milestones count; here they do not.",
                    "Its own result is at quality/dcma/violations after a full reschedule, and may differ.",
                ),
            ),
            Profile(
                "decm",
                "DCMA EVMS Compliance Metrics v5.0",
                CheckSettings(milestones=True, dangling=True),
                _DECM,
                (
                    "Tasks and milestones count, hammocks (level of effort) do not.",
                    "06A211a asks whether high float has a rationale, which data cannot show: counted and not judged.",
                ),
            ),
        )
    }
)
