"""Frames: bytes of a page, typed columns, finished tables, DataFrames; wide user fields and codes; WBS columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bentley_nb.frames.decode import items_to_columns
from bentley_nb.frames.finish import UnparsedValuesWarning, finish
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.service.catalog import COLLECTIONS

__all__ = ["UnparsedValuesWarning", "frame_from_items"]


def frame_from_items(name: str, items: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a collection's frame from items in the API's shape.

    Parameters
    ----------
    name
        Name of the collection.
    items
        Items as the Platform surface sends them.

    Returns
    -------
    pandas.DataFrame
        The same columns and dtypes as a fetched frame.

    Examples
    --------
    >>> from bentley_nb.frames import frame_from_items
    >>> frame_from_items("task_links", [{"id": "1", "lag": 7200}])[["id", "lag_hours"]]
      id  lag_hours
    0  1        2.0
    """
    collection = COLLECTIONS.find(name)
    table = finish(collection, [items_to_columns(collection, items)])
    return to_frame(table, {"collection": collection.name, "rows": table.num_rows})
