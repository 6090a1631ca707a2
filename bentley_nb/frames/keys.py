"""Positions of keys among other keys, found without a Python object for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def positions(keys: pd.Series[Any], among: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """Return the position in ``among`` at which each key is first found, -1 where it is missing or not there.

    Arrow's hash tables take the text as it lies in memory; ``Index.get_indexer`` would make objects of it first. The
    smaller table is searched: that of the distinct keys (a parent has many children), unless there are fewer others.
    """
    if len(among) < len(keys):
        found = pc.index_in(arrow_chunks(keys), value_set=arrow_text(among), skip_nulls=True)
        return np.asarray(pc.fill_null(found, -1), dtype=np.int64)
    encoded = arrow_chunks(keys).dictionary_encode()
    if not encoded.num_chunks:
        return np.empty(0, dtype=np.int64)
    distinct = encoded.chunk(0).dictionary  # that of every chunk
    found = pc.index_in(arrow_chunks(among), value_set=distinct)
    rows = np.flatnonzero(found.is_valid().to_numpy())
    first = np.full(len(distinct) + 1, -1, dtype=np.int64)  # the last one stands for missing keys
    first[found.drop_null().to_numpy()[::-1]] = rows[::-1]
    codes = np.concatenate([chunk.indices.fill_null(len(distinct)).to_numpy() for chunk in encoded.chunks])
    place: npt.NDArray[np.int64] = first[codes]
    return place


def arrow_chunks(text: pd.Series[Any]) -> pa.ChunkedArray:
    """Return a column of text as Arrow holds it."""
    array = pa.array(text.array, type=pa.large_string(), from_pandas=True)
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def arrow_text(text: pd.Series[Any]) -> pa.Array:
    """Return a column of text as one Arrow array."""
    return arrow_chunks(text).combine_chunks()
