"""One rule for a date that was never set, before 1900 or after 2199, and for hours beyond them: they are missing.

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


def without_impossible(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return a collection's frame without dates that were never set and hours out of range, and notes that count them.

    Of the columns in hours, those of a duration may not be negative, and none may exceed the years there are.
    """
    masks: dict[str, dict[str, pd.Series[Any]]] = {}
    for column, dtype in zip(map(str, frame.columns), frame.dtypes, strict=True):
        if isinstance(dtype, pd.DatetimeTZDtype):
            what, wrong = "dates before 1900 or after 2199", (frame[column] < EARLIEST) | (frame[column] >= LATEST)
        elif not column.endswith("_hours") or not pd.api.types.is_numeric_dtype(dtype):
            continue  # a member that is not declared may be text, whatever its name
        elif column.endswith("_duration_hours"):
            what, wrong = "a duration below 0 or above 300 years", (frame[column] < 0) | (frame[column] > LONGEST_HOURS)
        else:
            what, wrong = "hours beyond 300 years", frame[column].abs() > LONGEST_HOURS
        if wrong.any():
            masks.setdefault(what, {})[column] = wrong.fillna(value=False).astype(bool)
    notes = []
    for what, columns in masks.items():
        frame = frame.assign(**{column: frame[column].mask(wrong) for column, wrong in columns.items()})
        rows = int(pd.DataFrame(columns).any(axis=1).sum())
        notes.append(
            f"{rows:,} row(s) of {name.replace('_', ' ')} have {what} ({', '.join(columns)}), taken as missing."
        )
    return frame, notes
