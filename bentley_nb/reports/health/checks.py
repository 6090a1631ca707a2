"""Health checks of the network and its dates: points 1 to 10 of the DCMA's assessment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bentley_nb.frames.dtypes import Flags, Floats
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.state import current_dates
from bentley_nb.reports.health.facts import CheckSettings, Facts, Finding, constraint_list, share
from bentley_nb.reports.open_ends import project_ends


def missing_logic(facts: Facts, settings: CheckSettings) -> Finding:
    """Check incomplete tasks without predecessor or successor, or with an open start or finish."""
    rule = "incomplete tasks without a predecessor or without a successor / incomplete tasks"
    if settings.dangling:
        rule = (
            "incomplete tasks and milestones with an open start (no FS or SS into them) or an open finish (no FS or FF "
            "out of them), except the first start and the last finish key date / incomplete tasks and milestones"
        )
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    links, count = facts.links[facts.logic], len(facts.complete)
    drives_start = drives_finish = np.ones(len(links), dtype=bool)
    if settings.dangling:
        # A milestone is a point in time: whatever holds one of its ends holds the other.
        point = facts.no_duration | facts.tables.milestones
        drives_start = links["type"].isin(["FinishToStart", "StartToStart"]).to_numpy() | point[links["after"]]
        drives_finish = links["type"].isin(["FinishToStart", "FinishToFinish"]).to_numpy() | point[links["before"]]
    has_start = np.bincount(links["after"][drives_start], minlength=count) > 0
    has_finish = np.bincount(links["before"][drives_finish], minlength=count) > 0
    base = facts.incomplete(settings)
    if settings.dangling:
        first, last, _ = project_ends(facts.tables, current_dates(facts.tables.tasks))
        has_start, has_finish = has_start | first, has_finish | last
    no_start, no_finish = (
        ("an open start", "an open finish") if settings.dangling else ("no predecessor", "no successor")
    )
    words = np.array([no_finish, no_start, f"{no_start}, {no_finish}"], dtype=object)
    why = words[np.where(has_start, 0, np.where(has_finish, 1, 2))]
    return share(rule, ~has_start | ~has_finish, base, why, nothing="incomplete tasks")


def _links(facts: Facts, settings: CheckSettings, offending: Flags, what: str, why: Any) -> Finding:
    where = "links into incomplete tasks" if settings.link_base == "incomplete" else "links"
    rule = f"{what} / {where}"
    if facts.no_links:
        return Finding(rule, not_evaluated=facts.no_links)
    left_out = int((~facts.logic).sum())
    note = f"{left_out:,} link(s) to WBS rows or hammocks are left out." if left_out else ""
    return share(rule, offending, facts.links_counted(settings), why, of_links=True, note=note, nothing="links")


def leads(facts: Facts, settings: CheckSettings) -> Finding:
    """Check links with a negative lag."""
    lag = facts.links["lag_hours"].to_numpy(dtype="float64")
    return _links(facts, settings, lag < 0, "links with a negative lag", "a negative lag")


def lags(facts: Facts, settings: CheckSettings) -> Finding:
    """Check links with a positive lag."""
    lag = facts.links["lag_hours"].to_numpy(dtype="float64")
    return _links(facts, settings, lag > 0, "links with a positive lag", "a positive lag")


def finish_to_start(facts: Facts, settings: CheckSettings) -> Finding:
    """Check finish-to-start links; the others are listed."""
    other = (facts.links["type"] != "FinishToStart").to_numpy()
    why = facts.links["type"].fillna("no type").to_numpy(dtype=object)
    found = _links(facts, settings, other, "finish-to-start links", why)
    if found.denominator is None or found.numerator is None:
        return found
    # DCMA's point 4 is the share of FS links, while the offenders to list are the others.
    return replace(found, numerator=found.denominator - found.numerator)


def other_than_finish_to_start(facts: Facts, settings: CheckSettings) -> Finding:
    """Check links that are not finish-to-start."""
    other = (facts.links["type"] != "FinishToStart").to_numpy()
    why = facts.links["type"].fillna("no type").to_numpy(dtype=object)
    return _links(facts, settings, other, "links that are not finish-to-start", why)


def _task_base(facts: Facts, settings: CheckSettings) -> tuple[Flags, str]:
    if settings.task_base == "all":
        return facts.total(settings), "tasks"
    return facts.incomplete(settings), "incomplete tasks"


def hard_constraints(facts: Facts, settings: CheckSettings) -> Finding:
    """Check tasks with a constraint that overrides the logic."""
    listed = constraint_list(settings.hard_constraints)
    base, words = _task_base(facts, settings)
    constraint = facts.tables.tasks["constraint_type"].astype(object)
    rule = f"{words} with a hard constraint ({settings.hard_constraints}: {', '.join(listed)}) / {words}"
    why = constraint.fillna("").to_numpy(dtype=object)
    unknown = constraint.isna().to_numpy()  # that there is none is said by a type of its own
    offending = constraint.isin(listed).to_numpy()
    return share(rule, offending, base, why, nothing=words, unknown=unknown, lacking="a constraint type")


def high_float(facts: Facts, settings: CheckSettings) -> Finding:
    """Check tasks with more total float than the limit."""
    limit = settings.high_float_days
    return _float_check(facts, settings, facts.total_float > limit, f"total float above {limit:g} working days")


def negative_float(facts: Facts, settings: CheckSettings) -> Finding:
    """Check tasks with total float below 0."""
    return _float_check(facts, settings, facts.total_float < 0, "total float below 0")


def _float_check(facts: Facts, settings: CheckSettings, offending: Flags, words: str) -> Finding:
    base, tasks = _task_base(facts, settings)
    rule = f"{tasks} with {words} / {tasks}"
    if facts.no_float:
        return Finding(rule, not_evaluated=facts.no_float)
    # The service computes no float for completed tasks; that is no gap in the data.
    unknown = ~facts.complete & np.isnan(facts.total_float)
    why = _in_days(facts.total_float, offending & base)
    return share(rule, offending, base, why, nothing=tasks, unknown=unknown, lacking="float")


def _in_days(days: Floats, offending: Flags) -> npt.NDArray[np.object_]:
    """Return the days of what offends in words."""
    words = np.full(len(days), "", dtype=object)
    words[offending] = [f"{value:,.1f} days" for value in days[offending]]
    return words


def high_duration(facts: Facts, settings: CheckSettings) -> Finding:
    """Check incomplete tasks longer than the limit."""
    limit = settings.high_duration_days
    base = facts.incomplete(settings)
    if settings.duration == "baseline" and facts.baseline is not None:
        days = facts.days(facts.baseline.dates["duration_hours"].to_numpy(dtype="float64", na_value=np.nan))
        what, note = "a baseline duration", "The rolling-wave window is not known, so every incomplete task counts."
        unbaselined = base & np.isnan(days) & ~np.isnan(facts.remaining_days)
        if unbaselined.any():
            what += " (of a task without one: what remains)"
            note += f" Of {int(unbaselined.sum()):,} without a baseline duration what remains is taken."
            days = np.where(unbaselined, facts.remaining_days, days)
    else:
        days = facts.remaining_days
        what = "a remaining duration"
        note = "There is no baseline, so what remains is taken." if settings.duration == "baseline" else ""
    rule = f"incomplete tasks with {what} above {limit:g} working days / incomplete tasks"
    offending = days > limit
    why = _in_days(days, offending & base)
    return share(
        rule,
        offending,
        base,
        why,
        note=note,
        nothing="incomplete tasks",
        unknown=np.isnan(days),
        lacking="a duration",
    )


def invalid_dates(facts: Facts, settings: CheckSettings) -> Finding:
    """Check for work forecast before the data date, or done after it."""
    rule = "tasks with a forecast date before the data date or an actual date after it / tasks"
    if facts.no_data_date:
        return Finding(rule, not_evaluated=facts.no_data_date)
    forecast, actual, base = facts.forecast_in_past, facts.actual_in_future, facts.total(settings)
    words = np.array(["both", "forecast before the data date", "actual after the data date"], dtype=object)
    why = words[np.where(forecast & actual, 0, np.where(forecast, 1, 2))]
    in_past, in_future = int((forecast & base).sum()), int((actual & base).sum())
    note = f"9a forecast before the data date: {in_past:,}; 9b actual after it: {in_future:,}."
    return share(rule, forecast | actual, base, why, note=note, unknown=facts.undated, lacking="a date")


def resources(facts: Facts, settings: CheckSettings) -> Finding:
    """Check incomplete tasks of a day or longer without a resource."""
    rule = (
        "incomplete tasks of 1 working day or longer without a resource / incomplete tasks of 1 working day or longer"
    )
    assignments = facts.tables.get("resource_assignments")
    if assignments is None or assignments.empty:
        reason = facts.tables.why_missing("resource_assignments")
        return Finding(rule, not_evaluated=f"{reason} The schedule is not loaded with resources.")
    tasks = facts.tables.tasks
    days = facts.days(tasks["planned_duration_hours"].to_numpy(dtype="float64", na_value=np.nan))
    base = facts.incomplete(settings) & (days >= 1)
    assigned = positions(tasks["id"], assignments["task_id"]) >= 0
    note = "Costs are not served by the API, so only resources are looked for."
    return share(rule, ~assigned, base, "no resource", note=note, nothing="incomplete tasks of a day or longer")
