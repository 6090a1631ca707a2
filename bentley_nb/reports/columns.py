"""Columns of the reports' dtypes, from whatever numpy and pandas hand over; each has a place for "unknown"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb.frames.schema import string_dtype


def flags(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Nullable boolean column."""
    return pd.Series(pd.array(values, dtype="boolean"), index=index)


def numbers(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Float64 column, NaN as NA."""
    return pd.Series(pd.array(np.asarray(values, dtype=np.float64), dtype="Float64"), index=index)


def integers(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Nullable Int64 column."""
    return pd.Series(pd.array(values, dtype="Int64"), index=index)


def text(values: Any, index: pd.Index | None = None) -> pd.Series[Any]:
    """Text column as the frames have it."""
    return pd.Series(pd.array(values, dtype=string_dtype()), index=index)


def category(codes: Any, names: Sequence[str], index: pd.Index | None = None) -> pd.Series[Any]:
    """Ordered category column; -1 is missing."""
    made: Any = pd.Categorical.from_codes(codes, categories=pd.Index(names), ordered=True)
    return pd.Series(made, index=index)


def no_instants(index: pd.Index) -> pd.Series[Any]:
    """Column of instants of which none is known."""
    return pd.Series(pd.NaT, index=index, dtype="datetime64[us, UTC]")


def positions(keys: pd.Series[Any], among: pd.Series[Any]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Position in ``among`` at which each key is first found, -1 where it is missing or not there.

    Arrow's hash table takes the text as it lies in memory; ``Index.get_indexer`` would make objects of it first.
    """
    found = pc.index_in(_arrow(keys), value_set=_arrow(among), skip_nulls=True)
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def looked_up(keys: pd.Series[Any], among: pd.Series[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    """Value that stands beside the key in ``among``, missing where the key is; aligned with ``keys``."""
    return values.reset_index(drop=True).reindex(positions(keys, among)).set_axis(keys.index)


def _arrow(keys: pd.Series[Any]) -> Any:
    return pa.array(keys.array, type=pa.large_string(), from_pandas=True)


def floats(column: pd.Series[Any]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Column as a float array, NaN for missing."""
    return column.to_numpy(dtype="float64", na_value=np.nan)
