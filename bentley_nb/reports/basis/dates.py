"""Instants from what people name: a date in words or objects, and the day that begins at midnight of a zone."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.decode import read_instants
from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.frames.keys import arrow_text
from bentley_nb.frames.to_pandas import instant_array
from bentley_nb.frames.unset import EARLIEST, LATEST

# ISO 8601 to the day at least. pandas would also read "03/06/2024" (as 6 March), "06" (as the year 1) and 5 (as 1970).
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?)?", re.IGNORECASE)


def read_date(value: object, what: str = "") -> pd.Timestamp:
    """Return the instant that a person means; without a zone it is UTC.

    Parameters
    ----------
    value
        ISO 8601 text with year, month and day at least, or a date, datetime or Timestamp.
    what
        What the date is, for the message: "The data date".

    Raises
    ------
    InvalidRequest
        It is none of these.

    Examples
    --------
    >>> from bentley_nb.reports.basis.dates import read_date
    >>> read_date("2024-05-31T08:00+02:00").isoformat()
    '2024-05-31T06:00:00+00:00'
    """
    readable = isinstance(value, dt.date | np.datetime64) or (isinstance(value, str) and _ISO.fullmatch(value.strip()))
    # .NET writes seven digits, which pandas would count in nanoseconds.
    given: Any = re.sub(r"([.,]\d{6})\d+", r"\1", value) if isinstance(value, str) else value
    try:
        instant = pd.Timestamp(given) if readable else pd.NaT
    except (ValueError, TypeError):
        instant = pd.NaT
    if pd.isna(instant):
        raise InvalidRequest(
            f"{what} {value!r} is not a date.".lstrip(), hint='Write it as "2024-05-31" or "2024-05-31T08:00Z".'
        )
    utc = instant.tz_localize("UTC") if instant.tzinfo is None else instant.tz_convert("UTC")
    return utc.as_unit("us")


def read_possible_date(value: object, what: str) -> pd.Timestamp:
    """Return the instant that a person means, as ``read_date``, which must be one that a schedule can have.

    Raises
    ------
    InvalidRequest
        It is no date, or before 1900 or after 2199, which is how an unset date is written.
    """
    date = read_date(value, what)
    if not EARLIEST <= date < LATEST:
        raise InvalidRequest(f"{what} {value!r} is before 1900 or after 2199.")
    return date


def as_instants(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of a user's own as instants; text is read as ISO 8601, numbers are no dates.

    Raises
    ------
    ValueError, TypeError
        It holds anything else.
    """
    if pd.api.types.is_numeric_dtype(values.dtype) and values.notna().any():
        raise TypeError(f"{values.dropna().iloc[0]:g} is a number.")
    is_text = isinstance(values.dtype, pd.StringDtype) or values.dtype == object
    try:
        return pd.to_datetime(values, utc=True, format="ISO8601" if is_text else None).dt.as_unit("us")
    except pd.errors.OutOfBoundsDatetime:  # pandas 2 counts nanoseconds, which end in 1677 and 2262
        words = [None if pd.isna(value) else str(value).replace(" ", "T") for value in values]
        found = read_instants(arrow_text(pd.Series(words, dtype=string_dtype())))
        return pd.Series(instant_array(found), index=values.index)


def midnights(days: pd.DatetimeIndex, zone: dt.tzinfo) -> pd.DatetimeIndex:
    """Return the instants, in UTC, at which days without a zone begin in one.

    Where clocks change at midnight the day begins at its first instant: 01:00 where midnight is left out (Cairo,
    Beirut), the first of two midnights where it comes twice (Havana).
    """
    first = np.ones(len(days), dtype=bool)
    return days.tz_localize(zone, nonexistent="shift_forward", ambiguous=first).tz_convert("UTC").as_unit("us")
