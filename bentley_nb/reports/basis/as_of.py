"""What is achieved by the data date: an actual date after it is a forecast, whatever the field is called.

NDIA and GAO count only what happened on or before the status date. Reports asked for an earlier data date follow the
same rule, so they agree with what the S-curve shows at that date.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.frames.dtypes import Flags
from bentley_nb.reports.basis.nullable import floats
from bentley_nb.reports.basis.worktime import WorkingTime


def as_of(
    tasks: pd.DataFrame, data_date: Any, recorded: Any, working_time: Callable[[], WorkingTime]
) -> tuple[pd.DataFrame, Flags, list[str]]:
    """Return the tasks as they stood at the data date.

    Actual dates after it become planned dates. Of work in progress then, the percent complete is interpolated over the
    working time from its actual start to its actual finish, or to the date for which the percent was recorded.

    Parameters
    ----------
    tasks
        Tasks of the catalog's columns.
    data_date
        NaT where unknown: nothing changes.
    recorded
        The schedule's own data date, for which percents complete were recorded.
    working_time
        Called only where a percent is interpolated.

    Returns
    -------
    pandas.DataFrame
        The tasks.
    numpy.ndarray
        Mask of those whose progress was recorded after the data date.
    list of str
        Notes.
    """
    none = np.zeros(len(tasks), dtype=bool)
    if pd.isna(data_date) or not len(tasks):
        return tasks, none, []
    start, finish = tasks["actual_start"], tasks["actual_finish"]
    late_start, late_finish = (np.asarray(dates > data_date, dtype=bool) for dates in (start, finish))
    begun = np.asarray(start <= data_date, dtype=bool)
    going_on = begun & finish.isna().to_numpy() & bool(pd.notna(recorded) and recorded > data_date)
    back = begun & late_finish | going_on
    after = late_start | late_finish
    if not (after | back).any():
        return tasks, none, []

    percent = tasks["percent_complete"].astype("Float64").clip(0, 100).mask(late_finish, 100.0)
    if back.any():
        until = finish.where(late_finish, recorded)[back]
        calendars, begin = tasks["calendar_id"][back], start[back]
        worked = working_time().working_hours(begin, pd.Series(data_date, index=begin.index), calendars)
        whole = working_time().working_hours(begin, until, calendars)
        share = np.divide(worked, whole, out=np.zeros(len(worked)), where=whole > 0)
        percent[back] = floats(percent[back]) * share
    percent = percent.mask(late_start | (late_finish & ~begun), 0.0)
    tasks = tasks.assign(
        actual_start=start.mask(late_start),
        actual_finish=finish.mask(late_finish),
        planned_start=tasks["planned_start"].mask(late_start, start),
        planned_finish=tasks["planned_finish"].mask(late_finish, finish),
        percent_complete=percent,
    )
    notes = []
    if count := int(after.sum()):
        notes.append(f"{count:,} task(s) have actual dates after the data date; these count as planned, not as done.")
    if count := int(back.sum()):
        notes.append(
            f"Percent complete of {count:,} task(s) was recorded after the data date; it is interpolated over the "
            "working time since the actual start."
        )
    return tasks, after | back, notes
