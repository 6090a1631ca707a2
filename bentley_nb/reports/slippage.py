"""Slippage: what moved, was added, deleted or relinked between two states of one schedule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Flags, Ints
from bentley_nb.reports.basis.about import LATE_IS_POSITIVE, as_report, since_words
from bentley_nb.reports.basis.identity import calendar_days, chosen_zone, identity, zone_notes
from bentley_nb.reports.basis.matching import Key, Match, match_tasks
from bentley_nb.reports.basis.nullable import category, flags, integers, no_instants, numbers
from bentley_nb.reports.basis.state import Forecast, current_dates, is_complete, is_started, state
from bentley_nb.reports.basis.tables import DATES, Source, Tables
from bentley_nb.reports.open_ends import link_ends
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats

CHANGES = ("added", "deleted", "changed", "same dates")
_LINK_CHANGES = ("added", "deleted", "changed")


def slippage(
    before: Source,
    after: Source,
    *,
    key: Key | None = None,
    forecast: Forecast | None = None,
    float_unit: FloatUnit | None = "seconds",
    zone: str | None = None,
) -> pd.DataFrame:
    """Compare the dates of two states of a schedule: what slipped, was added, deleted, relinked or rewritten.

    ``changes`` compares everything else: names, codes, user fields, resources, calendars and the rest.

    Parameters
    ----------
    before, after
        A ``Schedule``, a kept snapshot, a mapping of frames, or a tasks frame; the earlier one first.
    key
        "id" or "user_defined_id". None takes the id, and the user defined id where less than 80 percent of the tasks
        match by id; the notes say which.
    forecast
        "estimated" or "expected" puts that finish before the planned one.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    zone
        IANA zone whose days decide whether a date lies on the data date; by default that of
        ``bentley_nb.options.display_zone``.

    Returns
    -------
    pandas.DataFrame
        One row per work task and key date of either state, latest finish first: ``id`` (of the later state where it is
        there), ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``change`` (added, deleted, changed: dates,
        duration, actual dates, state or links, else "same dates"), ``state_before``, ``state_after``,
        ``start_before``, ``start_after``, ``start_slip_days`` (calendar days), ``start_slip_working_days`` (of the
        task's calendar now), the same for ``finish``, ``duration_before_hours``,
        ``duration_after_hours`` (planned working time),
        ``float_before_days``, ``float_after_days``, ``float_change_days``, ``actual_dates_changed`` (recorded
        before, and now on another day or withdrawn: DECM 06A504), ``rides_data_date`` (open, and planned on the data
        date in both: DECM 06A506c),
        ``logic_changed``, ``links_added``, ``links_deleted``, ``links_changed`` (of the links at either end of
        the task; changed is the lag). Slips are after less before: positive is late. What is unknown is NA.

        ``about(frame).facts`` holds the counts and, under ``"checks"``, numerator, denominator, percent and threshold
        of the three DECM metrics.

    Raises
    ------
    InvalidRequest
        An option is not understood, or one of the states has no dates at all.

    Examples
    --------
    >>> moved = bn.reports.slippage(s, s)
    >>> set(moved["change"])
    {'same dates'}
    """
    old, new = (Tables.of(each, needs=(*FLOAT_NEEDS, "task_links")) for each in (before, after))
    undated = [bool(len(each.tasks)) and each.tasks[list(DATES)].isna().all(axis=None) for each in (old, new)]
    if undated[0] != undated[1]:
        raise InvalidRequest(
            f"The tasks of the state {'before' if undated[0] else 'after'} have no dates, so nothing can be compared.",
            hint="Give two schedules, two snapshots, or two frames of s.tasks() with all their columns.",
        )
    zone = chosen_zone(zone)
    match = match_tasks(old, new, key)
    absent = {
        column: "before" if not old.serves("tasks", column) else "after"
        for column in ("actual_start", "actual_finish")
        if old.serves("tasks", column) != new.serves("tasks", column)
    }
    earlier, notes_before = _state_of(old, forecast, float_unit, zone, absent)
    later, notes_after = _state_of(new, forecast, float_unit, zone, absent)

    matched = match.before_of >= 0
    deleted = old.activities.copy()
    deleted[match.before_of[matched]] = False
    gone = np.flatnonzero(deleted)
    if new.part is not None and old.part is None:  # which of the deleted tasks were of the part is unknown
        gone = gone[:0]
    came_from = np.append(match.before_of, gone)  # one row per later task, then the deleted ones
    went_to = np.append(np.arange(len(new.tasks)), np.full(len(gone), -1))
    was = earlier.reindex(came_from).reset_index(drop=True)
    now = later.reindex(went_to).reset_index(drop=True)

    who, calendar = identity(new), new.tasks["calendar_id"]
    if len(gone):  # pandas 2.2 warns of an empty part
        who = pd.concat([who, identity(old).iloc[gone]], ignore_index=True)
        calendar = pd.concat([calendar, old.tasks["calendar_id"].iloc[gone]], ignore_index=True)
    frame = who[["id", "user_defined_id", "name", "wbs_path"]].copy()
    frame["type"] = who["type"].astype("string").astype("category")
    frame["state_before"], frame["state_after"] = was["state"], now["state"]
    for side in ("start", "finish"):
        frame[f"{side}_before"], frame[f"{side}_after"] = was[side], now[side]
        frame[f"{side}_slip_days"] = calendar_days(was[side], now[side])
        worked = new.working_time.working_days(was[side], now[side], calendar)
        frame[f"{side}_slip_working_days"] = numbers(worked)
    frame["duration_before_hours"], frame["duration_after_hours"] = was["duration_hours"], now["duration_hours"]
    frame["float_before_days"], frame["float_after_days"] = was["float_days"], now["float_days"]
    frame["float_change_days"] = now["float_days"] - was["float_days"]

    in_both = pd.Series(np.append(matched, np.zeros(len(gone), dtype=bool)))
    rewritten = {
        side: in_both.to_numpy() & _rewritten(was[f"actual_{side}"], now[f"actual_{side}"], zone)
        for side in ("start", "finish")
    }
    frame["actual_dates_changed"] = flags(rewritten["start"] | rewritten["finish"], frame.index).where(in_both)
    frame["rides_data_date"] = (was["on_data_date"] & now["on_data_date"]).where(in_both)
    links = _link_changes(old, new, match)
    frame = pd.concat([frame, links.per_row(went_to, came_from)], axis=1)

    differs = frame["logic_changed"].fillna(value=False).astype(bool)
    for column in ("start", "finish", "duration_hours", "actual_start", "actual_finish", "state"):
        differs |= _differs(was[column], now[column])
    change = np.where(went_to < 0, 1, np.where(came_from < 0, 0, np.where(differs, 2, 3)))
    place = list(frame.columns).index("type") + 1
    frame.insert(place, "change", category(change, CHANGES))

    was_counted = matched & np.append(old.activities, False)[match.before_of] & new.selected
    turned = int((was_counted & ~new.activities).sum())
    counted = np.append(new.activities | was_counted, np.ones(len(gone), dtype=bool))
    checks = _checks(
        was[counted], now[counted], frame[counted], {side: mask[counted] for side, mask in rewritten.items()}
    )
    frame = frame[counted].sort_values("finish_slip_days", ascending=False, kind="stable", na_position="last")
    moved = frame["finish_slip_days"].fillna(frame["start_slip_days"])
    facts = {
        "data_date_before": old.data_date,
        "data_date_after": new.data_date,
        "key": match.key,
        "matched": match.rate,
        "counts": {name: int((frame["change"] == name).sum()) for name in CHANGES},
        "later": int((moved > 0).sum()),
        "earlier": int((moved < 0).sum()),
        "links": links.counts,
        "checks": checks,
    }
    notes = [
        LATE_IS_POSITIVE,
        *since_words(old.data_date, new.data_date),
        *match.notes,
        *(
            f"The state {state} has no column {column!r}, so planned dates are compared instead."
            for column, state in absent.items()
        ),
        *([f"{turned:,} task(s) became hammocks or WBS rows; they are still listed."] if turned else []),
        *_data_date_notes(old, new),
        *links.notes,
        *zone_notes(new, zone),
        *[f"Before: {note}" for note in notes_before if note not in notes_after],
        *notes_after,
        *[f"Before: {note}" for note in old.notes],
        *new.working_time.notes(calendar[counted]),
    ]
    return as_report(frame.reset_index(drop=True), new, "slippage", notes, facts)


def _state_of(
    tables: Tables, forecast: Forecast | None, float_unit: FloatUnit | None, zone: str, absent: Iterable[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Collect what is compared, aligned with the tasks; a column that one of the states lacks is left out of both."""
    nothing = {column: no_instants(tables.tasks.index) for column in absent}
    tasks = tables.tasks.assign(**nothing)
    floats, notes = task_floats(tables, float_unit)
    frame = current_dates(tasks, forecast)
    frame["duration_hours"] = tasks["planned_duration_hours"]
    frame[["actual_start", "actual_finish"]] = tables.recorded.assign(**nothing)
    frame["state"] = state(tasks)
    frame["float_days"] = floats["total_float_days"]
    frame["on_data_date"] = _on_data_date(tables, zone)
    frame["open"] = flags(~is_complete(tasks), tasks.index)
    return frame, notes


def _on_data_date(tables: Tables, zone: str) -> pd.Series[Any]:
    """Open tasks whose next planned date falls on the day of the data date."""
    tasks = tables.tasks
    if pd.isna(tables.data_date):
        return flags([None] * len(tasks), tasks.index)
    # Days are compared without their zone: where clocks change at midnight some day has none.
    today = tables.data_date.tz_convert(zone).tz_localize(None).normalize()
    starts, finishes = (
        tasks[column].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize() == today
        for column in ("planned_start", "planned_finish")
    )
    finishes &= ~tables.worked_out  # such a finish moves with the data date by itself
    waiting = ~is_started(tasks)
    return flags(~is_complete(tasks) & ((waiting & starts) | finishes), tasks.index)


def _rewritten(was: pd.Series[Any], now: pd.Series[Any], zone: str) -> Flags:
    """Return a mask of actual dates recorded before that are now on another day, or withdrawn (DECM 06A504a/b)."""
    days = [dates.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize() for dates in (was, now)]
    return np.asarray(was.notna() & (now.isna() | (days[0] != days[1])), dtype=bool)


def _differs(was: pd.Series[Any], now: pd.Series[Any]) -> Flags:
    """Return a mask of values that are not the same; two missing ones are the same."""
    if isinstance(was.dtype, pd.CategoricalDtype):
        was, now = was.astype("string"), now.astype("string")
    # NaN differs from itself, and NA from nothing.
    unequal = flags(was != now).fillna(value=False)
    return np.asarray((unequal & was.notna() & now.notna()) | (was.isna() != now.isna()), dtype=bool)


@dataclass(frozen=True)
class _LinkChanges:
    """Links added, deleted and changed, counted at each task: of the later state first, then of the earlier one.

    ``at`` is None where they are unknown; ``later`` is the number of tasks of the later state.
    """

    at: dict[str, Ints] | None
    later: int
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int] | None:
        # Each link stands at both of its ends.
        return None if self.at is None else {name: int(each.sum()) // 2 for name, each in self.at.items()}

    def per_row(self, went_to: Ints, came_from: Ints) -> pd.DataFrame:
        code = np.where(went_to >= 0, went_to, self.later + came_from)
        unknown = integers([None] * len(code))
        of_tasks = {name: unknown if self.at is None else integers(self.at[name][code]) for name in _LINK_CHANGES}
        frame = pd.DataFrame(of_tasks).add_prefix("links_")
        frame.insert(0, "logic_changed", frame.sum(axis=1, skipna=False) > 0)
        return frame


def _link_changes(old: Tables, new: Tables, match: Match) -> _LinkChanges:
    later = len(new.tasks)
    for tables, when in ((old, "earlier"), (new, "later")):
        if tables.get("task_links") is None:
            why = f"Changed logic is unknown: the {when} state has no links. {tables.why_missing('task_links')}"
            return _LinkChanges(None, later, (why,))
    # One numbering for both states: a task known to the later one has its position there.
    code_of_old = later + np.arange(len(old.tasks))
    paired = match.before_of >= 0
    code_of_old[match.before_of[paired]] = np.flatnonzero(paired)
    size = later + len(old.tasks)
    types: dict[str, int] = {}
    was, now = _links(old, code_of_old, types), _links(new, np.arange(later), types)
    for links in (was, now):  # an unknown type is -1
        links["key"] = (links["before"] * size + links["after"]) * (len(types) + 1) + links["type"]
    was, now = (links.drop_duplicates("key", ignore_index=True) for links in (was, now))
    place = pd.Index(now["key"]).get_indexer(pd.Index(was["key"]))
    changed = place >= 0
    is_new = np.ones(len(now), dtype=bool)
    is_new[place[changed]] = False
    changed[changed] = now["lag"].to_numpy()[place[changed]] != was["lag"].to_numpy()[changed]
    at = {
        name: np.bincount(np.concatenate([links["before"], links["after"]]), minlength=size)
        for name, links in zip(_LINK_CHANGES, (now[is_new], was[place < 0], was[changed]), strict=True)
    }
    return _LinkChanges(at, later)


def _links(tables: Tables, code: Ints, types: dict[str, int]) -> pd.DataFrame:
    """Return the links between known tasks, with their ends as codes, and their types as numbers in ``types``."""
    links, _ = link_ends(tables)
    kind = links["type"].cat
    number = np.array([*(types.setdefault(str(name), len(types)) for name in kind.categories), -1])
    return pd.DataFrame(
        {
            "before": code[links["before"]],
            "after": code[links["after"]],
            "type": number[kind.codes],
            "lag": links["lag_hours"].to_numpy(dtype="float64"),
        }
    )


def _checks(
    was: pd.DataFrame, now: pd.DataFrame, frame: pd.DataFrame, rewritten: dict[str, Flags]
) -> list[dict[str, Any]]:
    """Return the DECM metrics that need two snapshots."""
    open_in_both = (was["open"].fillna(value=False) & now["open"].fillna(value=False)).astype(bool)
    rides = frame["rides_data_date"]
    figures: list[tuple[str, str, int | None, int, float]] = [
        (
            f"06A504{letter}",
            f"actual {side} dates changed",
            int(rewritten[side].sum()),
            int((was[f"actual_{side}"].notna() & now["state"].notna()).sum()),
            10.0,
        )
        for letter, side in (("a", "start"), ("b", "finish"))
    ]
    riding = None if rides.isna().all() else int((rides.fillna(value=False) & open_in_both).sum())
    figures.append(("06A506c", "riding the data date", riding, int(open_in_both.sum()), 1.0))
    return [
        {
            "check": check,
            "rule": rule,
            "numerator": numerator,
            "denominator": denominator,
            "percent": 100 * numerator / denominator if numerator is not None and denominator else None,
            "threshold": threshold,
        }
        for check, rule, numerator, denominator, threshold in figures
    ]


def _data_date_notes(old: Tables, new: Tables) -> list[str]:
    if pd.isna(old.data_date) or pd.isna(new.data_date):
        return ["Without both data dates it is unknown which tasks ride the data date."]
    if new.data_date == old.data_date:
        return ["Both states have the same data date: riding the data date then only means lying on it."]
    return []
