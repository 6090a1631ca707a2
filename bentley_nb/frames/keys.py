"""Where keys are found among other keys, without making a Python object of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def positions(keys: pd.Series[Any], among: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """Position in ``among`` at which each key is first found, -1 where it is missing or not there.

    Arrow's hash tables take the text as it lies in memory; ``Index.get_indexer`` would make objects of it first. Keys
    repeat (a parent has many children, a task many links), so the table of the distinct ones is the smaller to search.
    """
    encoded = arrow_text(keys).dictionary_encode()
    found = pc.index_in(arrow_text(among), value_set=encoded.dictionary)
    rows = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
    first = np.full(len(encoded.dictionary) + 1, -1, dtype=np.int64)  # the last one stands for missing keys
    first[found.drop_null().to_numpy()[::-1]] = rows[::-1]
    place: npt.NDArray[np.int64] = first[encoded.indices.fill_null(len(encoded.dictionary)).to_numpy()]
    return place


def arrow_text(text: pd.Series[Any]) -> Any:
    """Give a column of text as one Arrow array."""
    array = pa.array(text.array, type=pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
