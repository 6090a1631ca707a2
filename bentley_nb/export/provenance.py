"""Where a frame came from, in the planner's words: its ``attrs`` as a short list of facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

# Order and wording of the facts; what a frame does not carry is left out.
_FACTS = {
    "report": "Report",
    "collection": "Collection",
    "schedule": "Schedule",
    "schedule_id": "Schedule id",
    "data_date": "Data date",
    "fetched_at": "Fetched",
}


def provenance(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (what, value) pairs from a frame's ``attrs``: report, schedule, data date, fetched at, rows and notes.

    Only attributes that reports and fetched frames are known to have are returned; other ``attrs`` belong to the user.

    Examples
    --------
    >>> from bentley_nb.export.provenance import provenance
    >>> dict(provenance(bn.reports.late(s)))["Report"]
    'late'
    """
    attrs = frame.attrs
    facts = [(label, _words(key, attrs[key])) for key, label in _FACTS.items() if key in attrs]
    facts.append(("Rows", f"{len(frame):,}"))
    notes = attrs.get("notes", ())
    notes = [notes] if isinstance(notes, str) else list(notes)
    part = attrs.get("part")  # of a table; reports say it in their notes
    facts += [("Note", str(note)) for note in ([part] if part and part not in notes else []) + notes]
    return facts


def _words(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("id")
    if value is None or value is pd.NaT or value is pd.NA:
        return "unknown"
    if key in ("data_date", "fetched_at"):
        try:
            instant = pd.Timestamp(value)
        except (ValueError, TypeError):
            return str(value)
        return f"{instant:%Y-%m-%d %H:%M} {instant.tzname() or ''}".rstrip()
    return str(value)
