"""Where keys are found among other keys, without making a Python object of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def positions(keys: pd.Series[Any], among: pd.Series[Any]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Position in ``among`` at which each key is first found, -1 where it is missing or not there.

    Arrow's hash table takes the text as it lies in memory; ``Index.get_indexer`` would make objects of it first.
    """
    found = pc.index_in(_arrow(keys), value_set=_arrow(among), skip_nulls=True)
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _arrow(keys: pd.Series[Any]) -> Any:
    return pa.array(keys.array, type=pa.large_string(), from_pandas=True)
