"""From a finished Arrow table to the caller's own DataFrame."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb.frames.dtypes import LIST_MARK, string_dtype


def to_frame(table: pa.Table, attrs: dict[str, Any]) -> pd.DataFrame:
    """Make a DataFrame that shares the table's immutable text and nothing else.

    Parameters
    ----------
    table
        A finished table: text as ``large_string``, enums as dictionaries, lists as JSON text.
    attrs
        What goes into ``DataFrame.attrs``; must be fit for JSON and hold nothing secret.
    """
    columns = {field.name: as_pandas(table.column(index), field) for index, field in enumerate(table.schema)}
    # A range is given since a table without columns would lose its rows otherwise.
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)
    frame.columns = pd.Index(list(columns), dtype=object) if not columns else frame.columns
    frame.attrs.update(attrs)
    return frame


def as_pandas(column: pa.ChunkedArray, field: pa.Field | None = None) -> Any:
    """Return the values of a column of a finished table as pandas keeps them; the field says whether it holds lists."""
    type_ = column.type
    if field is not None and field.metadata and field.metadata.items() >= LIST_MARK.items():
        return _lists(column)
    if pa.types.is_dictionary(type_):
        return _category(column)
    if pa.types.is_large_string(type_):
        return string_dtype().__from_arrow__(column)
    if pa.types.is_timestamp(type_):
        return instant_array(column)
    if pa.types.is_boolean(type_):
        return _masked(pd.BooleanDtype(), column)
    if pa.types.is_int64(type_):
        return _masked(pd.Int64Dtype(), column)
    if pa.types.is_float64(type_):
        return _masked(pd.Float64Dtype(), column)
    raise TypeError(f"no frame dtype for {type_}")


def _masked(dtype: Any, column: pa.ChunkedArray) -> Any:
    return dtype.__from_arrow__(column)


def instant_array(column: pa.Array | pa.ChunkedArray) -> Any:
    """Return instants in microseconds, whatever this version of pandas would choose."""
    stamps = pc.fill_null(column.cast(pa.int64()), np.iinfo(np.int64).min).to_numpy()  # pandas' NaT
    return pd.DatetimeIndex(stamps.view("M8[us]"), tz="UTC").array


def _category(column: pa.ChunkedArray) -> pd.Categorical:
    """Return a categorical with alphabetical categories, so that the order of the rows does not show in the dtype."""
    encoded = column.unify_dictionaries().combine_chunks()
    names = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, len(names)).to_numpy(zero_copy_only=False)
    used = np.flatnonzero(np.bincount(codes, minlength=len(names) + 1)[:-1])
    categories = sorted(names[code] for code in used)
    place = {name: position for position, name in enumerate(categories)}
    codes_of = np.array([place.get(name, -1) for name in names] + [-1], dtype=np.int32)
    return pd.Categorical.from_codes(codes_of[codes], categories=pd.Index(categories, dtype=object))


def _lists(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    values = np.empty(len(column), dtype=object)
    for row, text in enumerate(column.to_pylist()):
        values[row] = None if text is None else json.loads(text)
    return values
