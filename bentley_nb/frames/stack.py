"""Frames of several schedules as one, with their dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bentley_nb.frames.dtypes import string_dtype

LABELS = ("project", "schedule")


def stack(frames: Sequence[pd.DataFrame], labels: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Put frames on top of each other, with ``project`` and ``schedule`` in front.

    Parameters
    ----------
    frames
        Frames of one kind; columns that one of them lacks are missing there.
    labels
        Project and schedule of each frame.

    Returns
    -------
    pandas.DataFrame
        The dtypes of the frames; where they differ (a user field that is a number in one schedule and text in another)
        the column is text. A column of a frame's own that is named like a label becomes ``<name> [table]``.
    """
    labelled = []
    for frame, label in zip(frames, labels, strict=True):
        own = frame.rename(columns={name: f"{name} [table]" for name in LABELS})
        own.index = pd.RangeIndex(len(own))
        for place, (name, value) in enumerate(zip(LABELS, label, strict=True)):
            own.insert(place, name, pd.Series([value] * len(own), index=own.index, dtype=string_dtype()))
        labelled.append(own)
    return stack_parts(labelled or [pd.DataFrame({name: pd.Series(dtype=string_dtype()) for name in LABELS})])


def stack_parts(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put frames on top of each other as they are; see :func:`stack` for their dtypes."""
    columns = dict.fromkeys(name for frame in frames for name in frame.columns)
    merged = {name: _column(name, frames) for name in columns}
    return pd.DataFrame(merged, columns=list(columns))


def _column(name: str, frames: Sequence[pd.DataFrame]) -> pd.Series[Any]:
    known = [frame[name] for frame in frames if name in frame.columns]
    dtype: Any = known[0].dtype
    if all(isinstance(column.dtype, pd.CategoricalDtype) for column in known):
        ordered = any(column.dtype.ordered for column in known)  # type: ignore[union-attr] # all are categories
        names = dict.fromkeys(category for column in known for category in column.cat.categories)
        dtype = pd.CategoricalDtype(list(names) if ordered else sorted(names), ordered=ordered)
    elif any(column.dtype != dtype for column in known):
        dtype = string_dtype() if any(column.dtype != object for column in known) else object
    parts = [
        frame[name].astype(dtype)
        if name in frame.columns
        else pd.Series([None] * len(frame), index=frame.index, dtype="Float64" if dtype == "float64" else dtype)
        for frame in frames
        if len(frame)
    ]
    return pd.concat(parts, ignore_index=True) if parts else known[0].astype(dtype).iloc[:0]
