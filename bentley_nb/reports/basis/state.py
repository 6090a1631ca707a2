"""Where each task stands: its dates now, whether it is started or complete, and its percent.

Actual dates win over percent and status: a task with an actual finish is 100 percent done whatever its field says, one
without an actual start is at 0. "Planned" dates are what remains to be done, not the baseline.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags
from bentley_nb.reports.basis.nullable import category

Forecast = Literal["estimated", "expected"]

STATES = ("not started", "in progress", "complete")


def current_dates(tasks: pd.DataFrame, forecast: Forecast | None = None) -> pd.DataFrame:
    """Return ``start`` and ``finish`` as they stand now, SYNCHRO's best dates: actual, else planned.

    Parameters
    ----------
    tasks
        ``Tables.tasks``.
    forecast
        Put ``estimated_finish`` or ``expected_finish`` before the planned finish where there is no actual one.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``tasks``. A start key date has no finish and a finish key date no start (NaT).

    Raises
    ------
    InvalidRequest
        ``forecast`` is none of these.
    """
    if forecast not in (None, "estimated", "expected"):
        raise InvalidRequest(
            f"There is no forecast {forecast!r}.", hint=nearest(str(forecast), ["estimated", "expected", "None"])
        )
    start = tasks["actual_start"].fillna(tasks["planned_start"])
    finish = tasks["actual_finish"]
    if forecast is not None:
        finish = finish.fillna(tasks[f"{forecast}_finish"])
    finish = finish.fillna(tasks["planned_finish"])
    return one_date_per_key_date(tasks, start, finish)


def one_date_per_key_date(tasks: pd.DataFrame, start: pd.Series[Any], finish: pd.Series[Any]) -> pd.DataFrame:
    """Leave a start key date only its start, a finish key date only its finish; or the other where that is absent."""
    start_side, finish_side = tasks["type"] == "StartKeyDate", tasks["type"] == "FinishKeyDate"
    one_start, one_finish = start.fillna(finish), finish.fillna(start)
    return pd.DataFrame(
        {
            "start": start.mask(start_side, one_start).mask(finish_side),
            "finish": finish.mask(finish_side, one_finish).mask(start_side),
        }
    )


def span(dates: pd.DataFrame) -> pd.DataFrame:
    """Fill either end from the other, so that a key date is a span of no length; both ends missing stay so.

    Of other tasks that happens only where no duration gives the missing end (``work_out_finishes``).
    """
    return pd.DataFrame(
        {"start": dates["start"].fillna(dates["finish"]), "finish": dates["finish"].fillna(dates["start"])}
    )


def is_started(tasks: pd.DataFrame) -> Flags:
    """Return a mask of tasks with an actual start (or finish)."""
    return np.asarray(tasks["actual_start"].notna() | tasks["actual_finish"].notna(), dtype=bool)


def is_complete(tasks: pd.DataFrame) -> Flags:
    """Return a mask of tasks with an actual finish; a key date is complete with its one actual date."""
    key_date = tasks["type"].isin(["StartKeyDate", "FinishKeyDate"])
    return np.asarray(tasks["actual_finish"].notna() | (key_date & tasks["actual_start"].notna()), dtype=bool)


def percent_complete(tasks: pd.DataFrame) -> pd.Series[Any]:
    """Return the percent from 0 to 100: 100 when complete, 0 when not started, else the field, clipped (NA stays)."""
    percent = tasks["percent_complete"].clip(0, 100)
    return percent.mask(~is_started(tasks), 0.0).mask(is_complete(tasks), 100.0)


def remaining_hours(tasks: pd.DataFrame) -> pd.Series[Any]:
    """Return the remaining duration, of a task that has not started else its planned one.

    Of started work the planned duration would count what is done already.
    """
    planned = tasks["planned_duration_hours"].mask(is_started(tasks))
    hours: pd.Series[Any] = tasks["remaining_duration_hours"].fillna(planned)
    return hours


def state(tasks: pd.DataFrame) -> pd.Series[Any]:
    """Return ``not started``, ``in progress`` or ``complete`` as a categorical, from the actual dates alone."""
    codes = is_started(tasks).astype(np.int8) + is_complete(tasks)
    return category(codes, STATES, tasks.index)


def contradictions(tasks: pd.DataFrame) -> list[str]:
    """Return notes on tasks with a percent or status that their actual dates contradict."""
    started, complete = is_started(tasks), is_complete(tasks)
    percent = tasks["percent_complete"].fillna(0)
    found = {
        "at 100 percent without an actual finish (counted as not complete)": (percent >= 100) & ~complete,
        "with progress but no actual start (counted as 0 percent)": (percent > 0) & ~started,
    }
    return [f"{int(mask.sum()):,} task(s) {what}." for what, mask in found.items() if mask.any()]


def backward(tasks: pd.DataFrame) -> list[str]:
    """Return a note on tasks that finish before they start."""
    dates = current_dates(tasks)
    wrong = np.asarray(dates["finish"] < dates["start"], dtype=bool)
    if not wrong.any():
        return []
    example = tasks["name"].iloc[int(wrong.argmax())]
    return [f"{int(wrong.sum()):,} task(s) finish before they start, for example {example!r}."]
