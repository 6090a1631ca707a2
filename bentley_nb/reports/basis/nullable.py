"""Columns of the reports' dtypes, from whatever numpy and pandas hand over; each has a place for "unknown"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.frames.dtypes import Floats, Ints, string_dtype
from bentley_nb.frames.keys import positions


def is_missing(value: object) -> bool:
    """Return whether a single value is None, NA, NaT or NaN."""
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def flags(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Return a nullable boolean column."""
    return pd.Series(pd.array(values, dtype="boolean"), index=index)


def numbers(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Return a Float64 column, NaN as NA."""
    return pd.Series(pd.array(np.asarray(values, dtype=np.float64), dtype="Float64"), index=index)


def integers(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Return a nullable Int64 column."""
    return pd.Series(pd.array(values, dtype="Int64"), index=index)


def text(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Return a text column as the frames have it."""
    return pd.Series(pd.array(values, dtype=string_dtype()), index=index)


def category(codes: Any, names: Sequence[str], index: pd.Index | None = None) -> pd.Series[Any]:
    """Return an ordered category column; -1 is missing."""
    made: Any = pd.Categorical.from_codes(codes, categories=pd.Index(names), ordered=True)
    return pd.Series(made, index=index)


def no_instants(index: pd.Index) -> pd.Series[Any]:
    """Return a column of instants, all of them missing."""
    return pd.Series(pd.NaT, index=index, dtype="datetime64[us, UTC]")


def from_micros(micros: Ints) -> pd.DatetimeIndex:
    """Return instants from microseconds since 1970; the least integer is pandas' NaT."""
    return pd.DatetimeIndex(micros.astype("datetime64[us]")).tz_localize("UTC")


def looked_up(keys: pd.Series[Any], among: pd.Series[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    """Return the value beside each key in ``among``, missing where the key is; aligned with ``keys``."""
    return values.reset_index(drop=True).reindex(positions(keys, among)).set_axis(keys.index)


def floats(column: pd.Series[Any]) -> Floats:
    """Return a column as a float array, NaN for missing."""
    return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan), dtype=np.float64)
