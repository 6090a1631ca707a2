"""What a planner calls a column: a label with its unit for readers, and the way back from a label to the column."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

# Where the name without its underscores would not do.
_LABELS = {
    "id": "GUID",  # hidden wherever labels are shown; "Id" is the one planners gave
    "user_defined_id": "Id",
    "wbs_path": "WBS",
    "percent_complete": "% complete",
    "is_wbs": "WBS row",
    "is_critical": "Critical",
    "is_actual": "Actual",
    "total_float_days": "Total float (working days)",
    "free_float_days": "Free float (working days)",
    "remaining_duration_hours": "Remaining (working hours)",
    "remaining_days": "Remaining (working days)",
    "baseline_variance_days": "Variance (calendar days)",
    "baseline_variance_working_days": "Variance (working days)",
    "week_starting": "Week from",
    "number": "No.",
    "lag_hours": "Lag (working hours)",
    "predecessor_user_defined_id": "Predecessor",
    "successor_user_defined_id": "Successor",
    "url": "URL",
}
_UNITS = (
    ("_working_days", "working days"),
    ("_calendar_days", "calendar days"),
    ("_duration_hours", "working hours"),
    ("_hours", "hours"),
    ("_days", "days"),
)
_ABBREVIATIONS = {"wbs": "WBS", "spi": "SPI", "cpi": "CPI", "iana": "IANA"}
_YES = {"yes": True, "no": False}


def label(name: object) -> str:
    """Return a column's name in words, with its unit; a user field keeps its own name.

    Examples
    --------
    >>> from bentley_nb.frames.labels import label
    >>> label("planned_duration_hours"), label("finish_late_working_days"), label("Concrete volume")
    ('Planned duration (working hours)', 'Finish late (working days)', 'Concrete volume')
    """
    text = str(name)
    if text in _LABELS or not text.islower():
        return _LABELS.get(text, text)
    for ending, unit in _UNITS:
        if text.endswith(ending) and text != ending[1:]:
            stem = text.removesuffix(ending) + "_duration" * (ending == "_duration_hours")
            return f"{_sentence(stem)} ({unit})"
    return _sentence(text.removesuffix("_percent") + " %" if text.endswith("_percent") else text)


def _sentence(text: str) -> str:
    words = " ".join(_ABBREVIATIONS.get(word, word) for word in text.split("_"))
    return words[:1].upper() + words[1:]


def labels(names: Iterable[object]) -> list[str]:
    """Return a label for each column, none twice in any case of letters."""
    return distinct(label(name) for name in names)


def distinct(headings: Iterable[str]) -> list[str]:
    """Return headings of which none comes twice in any case of letters: ``Start [2]``."""
    taken: set[str] = set()
    made = []
    for heading in headings:
        candidate, number = heading, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{heading} [{number}]"
        taken.add(candidate.casefold())
        made.append(candidate)
    return made


def by_name(frame: pd.DataFrame, declared: Sequence[str]) -> pd.DataFrame:
    """Return a frame whose columns have their declared names again where they carry labels, as our workbooks do.

    Dates whose heading names a zone, ``Planned start (Europe/London)`` or ``planned_start (UTC)``, are instants of it;
    ``yes`` and ``no`` are what they say.

    Examples
    --------
    >>> import pandas as pd
    >>> from bentley_nb.frames.labels import by_name
    >>> read = pd.DataFrame({"planned_start (Europe/London)": [pd.Timestamp("2025-07-01 08:00")]})
    >>> by_name(read, ["planned_start"])["planned_start"].iloc[0].isoformat()
    '2025-07-01T07:00:00+00:00'
    """
    wanted = {name.casefold(): name for name in declared} | {label(name).casefold(): name for name in declared}
    present = set(frame.columns)
    changed: dict[Any, pd.Series[Any]] = {}
    renamed: dict[Any, str] = {}
    for heading in frame.columns:
        if not isinstance(heading, str) or heading in declared:
            continue
        stem, zone = _without_zone(heading)
        name = wanted.get(heading.casefold()) or (wanted.get(stem.casefold()) if zone else None)
        if name is None or name in present:
            continue
        present.add(name)
        renamed[heading] = name
        values = frame[heading]
        if zone and pd.api.types.is_datetime64_dtype(values.dtype):
            changed[heading] = values.dt.tz_localize(zone, ambiguous=False, nonexistent="shift_forward").dt.tz_convert(
                "UTC"
            )
        elif values.isin([*_YES]).any() and values.dropna().isin([*_YES]).all():
            changed[heading] = values.map(_YES)
    return frame.assign(**changed).rename(columns=renamed) if renamed else frame


def _without_zone(heading: str) -> tuple[str, str | None]:
    """Split ``start (Europe/London)``; no zone where the brackets contain something else."""
    match = re.fullmatch(r"(.+) \(([A-Za-z0-9_+\-/]+)\)", heading)
    if match is None:
        return heading, None
    try:
        zoneinfo.ZoneInfo(match[2])
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return heading, None
    return match[1], match[2]
