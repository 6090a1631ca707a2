"""Missing planned finishes, computed from what is left to do, so that such a task is not taken as finished."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bentley_nb.reports.basis.worktime import WorkingTime


def work_out_finishes(
    tasks: pd.DataFrame,
    has_length: npt.NDArray[np.bool_],
    data_date: Any,
    working_time: Callable[[], WorkingTime],
) -> tuple[pd.Series[Any], list[str]]:
    """Return the planned finishes, missing ones computed, and the sentences that say so.

    A task in progress ends its remaining duration (else its planned one) after the data date, or at the data date
    itself where no duration is known, since it is not over. One that has not started ends its planned duration after
    its planned start. Durations are working time on the task's own calendar.

    Parameters
    ----------
    tasks
        Tasks of the catalog's columns.
    has_length
        Mask of those that last: key dates have one date and no finish to miss.
    data_date
        NaT where unknown; tasks in progress then go on from their actual start by their planned duration.
    working_time
        Asked for only where a finish is missing.
    """
    finish = tasks["planned_finish"]
    missing = np.asarray(has_length & finish.isna() & tasks["actual_finish"].isna(), dtype=bool)
    if not missing.any():
        return finish, []
    part = tasks[missing]
    started = part["actual_start"].notna()
    planned = part["planned_duration_hours"].where(part["planned_duration_hours"] >= 0)
    left = part["remaining_duration_hours"].where(part["remaining_duration_hours"] >= 0).fillna(planned)
    if pd.isna(data_date):
        begin, hours = part["actual_start"].fillna(part["planned_start"]), planned
    else:
        at_data_date = pd.Series(data_date, index=part.index, dtype="datetime64[us, UTC]")
        begin = part["planned_start"].where(~started, at_data_date)
        hours = planned.where(~started, left)
    reached = pd.Series(working_time().add_working_hours(begin, hours, part["calendar_id"]), index=part.index)
    unknown = reached.isna() & started & pd.notna(data_date)
    if unknown.any():
        reached = reached.mask(unknown, data_date)
    known = int((reached.notna() & ~unknown).sum())
    notes = [
        f"{known:,} open task(s) have no planned finish; it is computed: the remaining (else planned) duration "
        "after the data date where in progress, after the start where not."
        if known
        else "",
        f"{int(unknown.sum()):,} task(s) in progress have neither finish nor duration and are assumed to continue to "
        "the data date."
        if unknown.any()
        else "",
    ]
    return finish.where(~missing, reached.reindex(tasks.index)), [note for note in notes if note]
