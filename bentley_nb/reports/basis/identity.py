"""Columns all reports share: who a row is, and the distance between two dates."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from bentley_nb._options import options
from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.nullable import numbers, text
from bentley_nb.reports.basis.state import state
from bentley_nb.reports.basis.tables import Tables


def identity(tables: Tables) -> pd.DataFrame:
    """Say who each task is: ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``."""
    tasks = tables.tasks
    frame = tasks[["id", "user_defined_id", "name"]].copy()
    frame["wbs_path"] = tables.wbs.paths()
    if "wbs_path" in tasks:  # a selection of Schedule.tasks(): its WBS rows may not be in it, but its paths are whole
        frame["wbs_path"] = text(tasks["wbs_path"]).replace("", pd.NA)
    frame["type"] = tasks["type"]
    frame["state"] = state(tasks)
    return frame


def calendar_days(start: Any, finish: Any) -> pd.Series[Any]:
    """Count elapsed days from start to finish, with their fraction; negative where finish lies before start."""
    elapsed: pd.Series[Any] = finish - start
    return numbers(elapsed.dt.total_seconds() / 86_400, elapsed.index)


def working_days(tables: Tables, start: Any, finish: Any) -> pd.Series[Any]:
    """Count working days from start to finish on each task's own calendar, aligned with ``tables.tasks``."""
    counted = tables.working_time.working_days(start, finish, tables.tasks["calendar_id"])
    return numbers(counted, tables.tasks.index)


def read_zone(zone: str) -> ZoneInfo:
    """Return the time zone of that name.

    Raises
    ------
    InvalidRequest
        There is no such zone.
    """
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
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


def whole_number(value: object, name: str, least: int = 0) -> int:
    """Return an option that must be a whole number.

    Raises
    ------
    InvalidRequest
        It is none, or below ``least``.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InvalidRequest(f"{name} must be a whole number of at least {least}, not {value!r}.")
    return int(value)
