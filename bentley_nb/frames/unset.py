"""One rule for a date that was never set: before 1900 or after 2199 it is missing.

.NET writes 0001-01-01 or 9999-12-31 for a ``DateTime`` without a value; neither can be a date of a schedule.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

EARLIEST, LATEST = pd.Timestamp("1900-01-01", tz="UTC"), pd.Timestamp("2200-01-01", tz="UTC")

LONGEST_HOURS = 300 * 365.25 * 24
"""Hours from the earliest to the latest date: a longer duration overruns the calendar."""


def only_set(instants: pd.Series[Any]) -> pd.Series[Any]:
    """Return the instants, those that were never set missing."""
    return instants.mask((instants < EARLIEST) | (instants >= LATEST))


def without_unset(frame: pd.DataFrame) -> tuple[pd.DataFrame, int, list[str]]:
    """Return the frame without dates that were never set, the number of rows that had one, and their columns."""
    dates = [str(name) for name, dtype in frame.dtypes.items() if isinstance(dtype, pd.DatetimeTZDtype)]
    wrong = {name: (frame[name] < EARLIEST) | (frame[name] >= LATEST) for name in dates}
    wrong = {name: mask for name, mask in wrong.items() if mask.any()}
    if not wrong:
        return frame, 0, []
    masked = frame.assign(**{name: frame[name].mask(mask) for name, mask in wrong.items()})
    return masked, int(pd.DataFrame(wrong).any(axis=1).sum()), list(wrong)
