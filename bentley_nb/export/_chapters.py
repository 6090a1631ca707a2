"""The chapters of a schedule's report, each made once: what the HTML page and the workbook both are made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from bentley_nb import reports
from bentley_nb.charts.health import check_words
from bentley_nb.export.html_table import day
from bentley_nb.reports.basis.baseline import find_baseline
from bentley_nb.reports.basis.grouping import By
from bentley_nb.reports.basis.identity import whole_number
from bentley_nb.reports.basis.regrouped import regrouped
from bentley_nb.reports.basis.state import STATES, state
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.health.report import VERDICTS
from bentley_nb.reports.scorecard import DUE_WEEKS, check_options, from_reports, made_or_why
from bentley_nb.reports.total_float import FloatUnit


class Chapter(NamedTuple):
    """One report: its name, a heading, and what its table is called."""

    name: str
    heading: str
    caption: str


class Chapters:
    """The reports of a schedule under the options of a file.

    Attributes
    ----------
    tables
        What they are made from.
    made
        Reports by name; a text says why one cannot be made.
    outline
        The tables again, with the values of a group in the place of the WBS where one is given.
    """

    def __init__(
        self,
        tables: Tables,
        *,
        weeks: int,
        baseline: str | None,
        profile: str,
        zone: str,
        float_unit: FloatUnit | None,
        before: Source | None = None,
        group: By | None = None,
    ) -> None:
        whole_number(weeks, "weeks", 1)
        # A wrong name ends the whole file; inside a chapter it would pass as a reason why it is missing.
        check_options(tables, baseline, profile, float_unit)
        self.tables = tables
        self.group = group
        self.outline = tables if group is None else regrouped(tables, group)
        self.weeks = weeks
        self.zone = zone
        self.profile = profile
        self.baseline = baseline
        self.float_unit = float_unit
        known: dict[str, Any] = {"baseline": baseline, "float_unit": float_unit}
        earlier = None if before is None else Tables.of(before)
        makers = {
            "milestones": lambda: reports.milestones(tables, previous=earlier, **known),
            "look_ahead": lambda: reports.look_ahead(tables, weeks, zone=zone, float_unit=float_unit),
            "late": lambda: reports.late(tables, **known),
            "critical": lambda: reports.critical(tables, float_unit=float_unit),
            "s_curve": lambda: reports.s_curve(tables, baseline=baseline, zone=zone),
            "float_distribution": lambda: reports.float_distribution(tables, float_unit=float_unit),
            "health": lambda: reports.health(tables, profile, baseline, float_unit=float_unit),
            "earned_value": lambda: reports.earned_value(tables, weight="duration", baseline=baseline),
        }
        if earlier is not None:
            makers |= {
                "changes": lambda: reports.changes(earlier, tables),
                "signs": lambda: reports.signs(earlier, tables, float_unit=float_unit, zone=zone),
                "driving_path": lambda: reports.driving_path(tables),
            }
        self.made = {name: made_or_why(make) for name, make in makers.items()}

    @property
    def title(self) -> str:
        """Name of the schedule."""
        return self.tables.schedule_name or self.tables.schedule_id or "Schedule"

    def in_order(self) -> list[Chapter]:
        """Return the chapters in order."""
        since_before = [
            Chapter("changes", "What changed", "Changes since the earlier state"),
            Chapter("signs", "Signs worth a question", "Changes worth a question"),
            Chapter("driving_path", "What drives the finish", "Work that drives the finish"),
        ]
        return [
            *[chapter for chapter in since_before if chapter.name in self.made],
            Chapter("milestones", "Key dates", "Key dates"),
            Chapter("look_ahead", f"Look-ahead, {self.weeks} weeks", f"Work of the next {self.weeks} weeks"),
            Chapter("late", "Late work", "Late and stale tasks"),
            Chapter("critical", "Critical work", "Critical and near-critical tasks"),
            Chapter("s_curve", "S-curve", "Values of the S-curve"),
            Chapter("float_distribution", "Float", "Open tasks by total float (working days)"),
            Chapter("health", "Health", "Health checks"),
        ]

    def offenders(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield the failed health checks that object to tasks or links, each with them."""
        checks = self.made["health"]
        if isinstance(checks, str):
            return
        for check in checks["check"][checks["verdict"] == "fail"]:
            listed = reports.health_details(self.tables, check, self.profile, self.baseline, float_unit=self.float_unit)
            if len(listed):
                yield str(check), listed

    @cached_property
    def scorecard(self) -> pd.DataFrame:
        """The scorecard, of the reports made here."""
        made = self.made
        # "Due in three weeks" must not shrink with the window of the look-ahead.
        if self.weeks < DUE_WEEKS:
            longer = made_or_why(lambda: reports.look_ahead(self.tables, DUE_WEEKS, float_unit=self.float_unit))
            made = made | {"look_ahead": longer}
        return from_reports(self.tables, made)

    def facts(self) -> list[tuple[str, str]]:
        """Return what a reader asks first as label and words; *unknown* where it is not known."""
        card = self.scorecard.iloc[0]
        return [
            ("Work tasks", self._work()),
            ("Completion", _with(_day(card["completion_date"], self.zone), _text(card["completion_milestone"]))),
            (
                "Against baseline",
                _with(_late(card["completion_variance_days"]), _day(card["baseline_completion_date"], self.zone, "")),
            ),
            ("Planned", _number(card["planned_percent"], " %")),
            ("Earned", _number(card["earned_percent"], " %")),
            ("SPI", _number(card["spi"], decimals=2)),
            ("SPI(t)", _number(card["spi_t"], decimals=2)),
            ("Late", self._late()),
            (
                "Critical",
                _count(card["critical"]) + ("" if pd.isna(card["critical"]) else f", {card['near_critical']:,} near"),
            ),
            ("Due in three weeks", _count(card["due_in_3_weeks"])),
            ("Health", self._health()),
            ("Data date", _with(_day(card["data_date"], self.zone), _age(card["data_date_age_days"]))),
        ]

    def _work(self) -> str:
        work = self.tables.work_tasks
        states = state(self.tables.tasks)[work].value_counts()
        counts = ", ".join(f"{int(states.get(name, 0)):,} {name}" for name in reversed(STATES))
        return f"{int(work.sum()):,}: {counts}"

    def _late(self) -> str:
        made = self.made["late"]
        if isinstance(made, str):
            return "unknown"
        counts = made.attrs["facts"]["counts"]
        words = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)
        found, _ = find_baseline(self.tables, self.baseline)
        # Without a baseline only planned dates that the data date has passed can be told.
        return (
            (words or "none") if found is not None else ", ".join(filter(None, ("unknown without a baseline", words)))
        )

    def _health(self) -> str:
        made = self.made["health"]
        if isinstance(made, str):
            return "unknown"
        return ", ".join(f"{made.attrs['facts'][verdict]} {verdict}" for verdict in VERDICTS)


def check_heading(check: str, listed: pd.DataFrame) -> str:
    """Return a health check with the count of what it objects to: ``Lags: 3 links``."""
    what = "link" if "link_id" in listed else "task"
    return f"{check_words(check)}: {len(listed):,} {what}{'s' if len(listed) != 1 else ''}"


def _with(words: str, more: str) -> str:
    return f"{words} ({more})" if more and words != "unknown" else words


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _day(value: Any, zone: str, unknown: str = "unknown") -> str:
    return unknown if pd.isna(value) else day(value, zone)


def _late(days: Any) -> str:
    if pd.isna(days):
        return "unknown"
    amount = f"{abs(days):.1f}".removesuffix(".0")
    return "on time" if amount == "0" else f"{amount} calendar days {'late' if days > 0 else 'early'}"


def _number(value: Any, unit: str = "", decimals: int = 1) -> str:
    return "unknown" if pd.isna(value) else f"{value:.{decimals}f}{unit}"


def _count(value: Any) -> str:
    return "unknown" if pd.isna(value) else f"{value:,}"


def _age(days: Any) -> str:
    if pd.isna(days):
        return ""
    whole = int(days)
    return f"{whole:,} day{'s' if whole != 1 else ''} ago" if whole >= 0 else f"{-whole:,} days ahead of today"
