"""Columns all reports share: who a row is, and the distance between two dates."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd

from bentley_nb._options import options
from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Ints
from bentley_nb.reports.basis.nullable import numbers, text
from bentley_nb.reports.basis.state import current_dates, state
from bentley_nb.reports.basis.tables import Tables

F = TypeVar("F", pd.DataFrame, "pd.Series[Any]")


def identity(tables: Tables, rows: Ints | None = None) -> pd.DataFrame:
    """Return what identifies a task: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``.

    Of all tasks, or of those at some positions.
    """
    frame = named(tables, rows)
    tasks = _at(tables.tasks[["type", "actual_start", "actual_finish"]], rows)
    frame["type"] = tasks["type"]
    frame["state"] = state(tasks)
    return frame


def named(tables: Tables, rows: Ints | None = None) -> pd.DataFrame:
    """Return what a task is called: ``id``, ``user_defined_id``, ``name``, ``wbs_path``."""
    tasks = tables.tasks
    frame = _at(tasks[["id", "user_defined_id", "name"]], rows).copy()
    frame["wbs_path"] = tables.wbs.paths(rows).set_axis(frame.index)
    # A selection of Schedule.tasks(): its WBS rows may not be in it, but its paths are whole. In a schedule's own table
    # a column of that name is a member that the service sent.
    if "wbs_path" in tasks and not tables.complete:
        frame["wbs_path"] = text(_at(tasks["wbs_path"], rows), frame.index).replace("", pd.NA)
    return frame


def _at(values: F, rows: Ints | None) -> F:
    return values if rows is None else values.iloc[rows]


def calendar_days(start: Any, finish: Any) -> pd.Series[Any]:
    """Count elapsed days from start to finish, with their fraction; negative where finish lies before start."""
    elapsed: pd.Series[Any] = finish - start
    return numbers(elapsed.dt.total_seconds() / 86_400, elapsed.index)


def working_days(tables: Tables, start: Any, finish: Any) -> pd.Series[Any]:
    """Count working days from start to finish on each task's own calendar, aligned with ``tables.tasks``."""
    counted = tables.working_time.working_days(start, finish, tables.tasks["calendar_id"])
    return numbers(counted, tables.tasks.index)


def read_zone(zone: str) -> dt.tzinfo:
    """Return the time zone of that name.

    Raises
    ------
    InvalidRequest
        There is no such zone.
    """
    if zone == "UTC":
        return dt.UTC  # needs no database
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        if not available_timezones():
            raise InvalidRequest(
                f"There is no time zone database on this machine, so {zone!r} is unknown.", hint="%pip install tzdata"
            ) from None
        raise InvalidRequest(
            f"There is no time zone {zone!r}.", hint='Use a name such as "UTC", "Europe/London" or "Asia/Dubai".'
        ) from None


def chosen_zone(zone: str | None) -> str:
    """Return the name of the time zone asked for, by default that in which dates are displayed.

    Raises
    ------
    InvalidRequest
        There is no such zone.
    """
    name = options.display_zone if zone is None else zone
    read_zone(name)
    return name


def zone_notes(tables: Tables, zone: str) -> list[str]:
    """Return a note on the zone, and a warning where it moves starts out of their calendar's working time.

    Dates and calendars of the service share one clock, so nothing is shifted unless a zone is named.
    """
    if zone == "UTC":
        return []
    notes = [f"Days and weeks are those of {zone}, as asked; the dates are as served (UTC)."]
    tasks = tables.tasks[tables.work_tasks]
    start = current_dates(tasks)["start"]
    shifted = start.dt.tz_convert(zone).dt.tz_localize(None).dt.tz_localize("UTC")
    minute = pd.Timedelta(minutes=1)
    at_work, moved = (
        tables.working_time.working_hours(when, when + minute, tasks["calendar_id"]) > 0 for when in (start, shifted)
    )
    if outside := int((at_work & ~moved).sum()):
        notes.append(
            f"On the clock of {zone} {outside:,} of {len(tasks):,} tasks start outside the working time of their "
            "calendar: dates and calendars of the service share one clock."
        )
    return notes


def at_least_zero(value: object, must: str) -> float:
    """Return an option that must be a number of at least 0; a flag, NaN or infinity is none.

    Raises
    ------
    InvalidRequest
        It is not; the message begins with ``must``: "near must be a number of working days".
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not 0 <= value < np.inf:
        raise InvalidRequest(f"{must} of at least 0, not {value!r}.")
    return float(value)


def whole_number(value: object, name: str, least: int = 0, most: int | None = None) -> int:
    """Return an option that must be a whole number.

    Raises
    ------
    InvalidRequest
        It is none, below ``least`` or above ``most``.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InvalidRequest(f"{name} must be a whole number of at least {least}, not {value!r}.")
    if most is not None and value > most:
        raise InvalidRequest(f"{name} must be at most {most:,}, not {value:,}.")
    return int(value)
