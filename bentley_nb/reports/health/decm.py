"""Health checks that only the DCMA EVMS Compliance Metrics (DECM) have, or count in another way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.state import is_started
from bentley_nb.reports.health.facts import CheckSettings, Facts, Finding, share
from bentley_nb.reports.out_of_sequence import out_of_sequence


def tasks_with_lags(facts: Facts, settings: CheckSettings) -> Finding:
    """Check incomplete tasks with a positive lag before them."""
    rule = "incomplete tasks and milestones with a positive lag on a predecessor link / incomplete tasks and milestones"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    lagged = facts.links["after"][facts.logic & (facts.links["lag_hours"].to_numpy(dtype="float64") > 0)]
    offending = np.bincount(lagged, minlength=len(facts.complete)) > 0
    return share(rule, offending, facts.incomplete(settings), "a predecessor with a lag", nothing="incomplete tasks")


def forecast_in_past(facts: Facts, settings: CheckSettings) -> Finding:
    """Check incomplete work forecast before the data date."""
    rule = "incomplete tasks and milestones with a forecast start or finish on a day before the data date"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    tasks = facts.tables.tasks
    forecast = pd.DataFrame(
        {
            "start": tasks["planned_start"].mask(is_started(tasks)),
            "finish": tasks["planned_finish"].mask(facts.complete),
        }
    )
    return share(
        rule,
        facts.on_another_day(forecast, before=True),
        facts.incomplete(settings),
        "forecast before the data date",
        nothing="incomplete tasks",
        unknown=facts.undated,
        lacking="a date",
    )


def actual_in_future(facts: Facts, settings: CheckSettings) -> Finding:
    """Check actual dates after the data date."""
    rule = "tasks and milestones with an actual date on a day after the data date / tasks and milestones"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    base = facts.total(settings)
    later = facts.on_another_day(facts.tables.recorded, before=False)
    return share(rule, later, base, "actual after the data date")


def summary_logic(facts: Facts, _settings: CheckSettings) -> Finding:
    """Check WBS rows with links."""
    rule = "WBS rows with a predecessor or successor"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    linked = np.zeros(len(facts.complete), dtype=bool)
    linked[facts.links["before"]] = True
    linked[facts.links["after"]] = True
    return share(rule, linked, facts.tables.summaries, "a WBS row with a link", nothing="WBS rows")


def hammocks_driving(facts: Facts, _settings: CheckSettings) -> Finding:
    """Check level-of-effort tasks that drive others."""
    rule = "incomplete hammocks with a successor that is not a hammock / incomplete hammocks"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    hammock = facts.tables.hammocks
    drives = hammock[facts.links["before"]] & ~hammock[facts.links["after"]]
    offending = np.bincount(facts.links["before"][drives], minlength=len(hammock)) > 0
    return share(rule, offending, hammock & ~facts.complete, "drives a task", nothing="incomplete hammocks")


def started_without_actual_start(facts: Facts, settings: CheckSettings) -> Finding:
    """Check progress without an actual start."""
    rule = "tasks in progress without an actual start / tasks in progress"
    percent = facts.tables.tasks["percent_complete"].to_numpy(dtype="float64", na_value=0.0)
    base = facts.total(settings) & (percent > 0) & (percent < 100)
    return share(
        rule, ~is_started(facts.tables.tasks), base, "progress without an actual start", nothing="tasks in progress"
    )


def complete_without_actual_finish(facts: Facts, settings: CheckSettings) -> Finding:
    """Check completion without an actual finish."""
    rule = "tasks at 100 percent without an actual finish / tasks at 100 percent"
    percent = facts.tables.tasks["percent_complete"].to_numpy(dtype="float64", na_value=0.0)
    base = facts.total(settings) & (percent >= 100)
    return share(rule, ~facts.complete, base, "100 percent without an actual finish", nothing="tasks at 100 percent")


def progress_out_of_sequence(facts: Facts, _settings: CheckSettings) -> Finding:
    """Check links whose successor went ahead of what the link allows."""
    rule = "links whose successor progressed before the link allowed it"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    found = out_of_sequence(facts.tables)
    found = found.drop_duplicates("link_id")
    place = positions(facts.links["id"], found["link_id"])
    wrong, why = place >= 0, np.append(found["case"].to_numpy(dtype=object), "")[place]
    return share(rule, wrong, np.ones(len(facts.links), dtype=bool), why, of_links=True, nothing="links")
