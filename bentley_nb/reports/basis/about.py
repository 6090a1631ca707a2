"""The common shape of a report: a DataFrame whose ``attrs`` say what it is, as of when, and what it cannot know."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import printable
from bentley_nb.reports.basis.tables import Instant, Tables

LATE_IS_POSITIVE = "Sign: positive is late (or longer), negative is early (or shorter)."


@dataclass(frozen=True)
class About:
    """What a report says about itself; printing it prints the header a reader of the report needs.

    Attributes
    ----------
    report
        Name of the report.
    data_date
        Data date it was made for, NaT where the schedule has none.
    schedule
        ``{"id": ..., "name": ...}``; either may be None.
    notes
        Sentences: choices made, and what the report cannot know.
    facts
        Figures of the report as a whole (counts, window, names of what was used).
    """

    report: str
    data_date: Instant
    schedule: Mapping[str, str | None]
    notes: tuple[str, ...]
    facts: Mapping[str, Any]

    def __str__(self) -> str:
        return printable("\n".join([self._title(), *self.notes]))

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return f"<b>{html.escape(self._title())}</b><ul>{notes}</ul>"

    def _title(self) -> str:
        name = self.schedule.get("name") or self.schedule.get("id") or "schedule without a name"
        when = "unknown" if pd.isna(self.data_date) else f"{self.data_date:%Y-%m-%d %H:%M} UTC"
        return f"{self.report.replace('_', ' ').capitalize()}: {name}, data date {when}"


def as_report(
    frame: pd.DataFrame, tables: Tables, report: str, notes: Iterable[str] = (), facts: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Put the report's provenance into ``frame.attrs``: report, data_date (ISO text or None), schedule, notes, facts.

    All of it is JSON, so it survives Parquet; notes of the tables themselves are added.
    """
    frame.attrs = {
        "report": report,
        "data_date": None if pd.isna(tables.data_date) else tables.data_date.isoformat(),
        "schedule": {"id": tables.schedule_id, "name": tables.schedule_name},
        "notes": list(dict.fromkeys([*([tables.part.note] if tables.part else []), *notes, *tables.notes])),
        "facts": plain(facts or {}),
    }
    return frame


def about(frame: pd.DataFrame) -> About:
    """Return what a report says about itself.

    Parameters
    ----------
    frame
        A report, also one that was kept as Parquet.

    Returns
    -------
    About
        ``report``, ``data_date``, ``schedule``, ``notes``, ``facts``; prints as a header with the notes.

    Examples
    --------
    >>> print(bn.reports.about(bn.reports.late(s)))
    Late: ..., data date ...
    """
    attrs = frame.attrs
    when = attrs.get("data_date")
    return About(
        report=str(attrs.get("report", "frame")),
        data_date=pd.NaT if when is None else pd.Timestamp(when),
        schedule=dict(attrs.get("schedule") or {}),
        notes=tuple(attrs.get("notes", ())),
        facts=dict(attrs.get("facts") or {}),
    )


def day_words(when: Instant) -> str:
    """Return the day of an instant as the notes have it."""
    return "unknown" if pd.isna(when) else f"{when:%Y-%m-%d}"


def since_words(before: Instant, after: Instant) -> list[str]:
    """Return notes on the data dates of two states, and whether these are in the wrong order."""
    notes = [f"From data date {day_words(before)} to {day_words(after)}."]
    if pd.notna(before) and pd.notna(after) and after < before:
        notes.append("The data date went back: are the two states in the right order?")
    return notes


def plain(value: Any) -> Any:
    """Turn numpy, pandas and date values into what JSON knows; missing is None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return (
        value
        if isinstance(value, bool | int | float | str)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else str(value)
    )
