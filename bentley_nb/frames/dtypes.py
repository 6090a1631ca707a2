"""From the kinds of the catalog to the types of Arrow and pandas: one table, applied to every frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from bentley_nb.service.declare import Collection, Kind

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

UTC_INSTANT = pa.timestamp("us", tz="UTC")

WIRE_TYPES: dict[Kind, pa.DataType] = {
    # The type in which the JSON reader takes a member. Text is large_string because pandas keeps it as just that: the
    # chunks read are the chunks of the frame. Working time is read as a float, since a float is what it becomes.
    # Lists are never read this way.
    Kind.ID: pa.large_string(),
    Kind.TEXT: pa.large_string(),
    Kind.ENUM: pa.large_string(),
    Kind.INSTANT: UTC_INSTANT,
    Kind.FLAG: pa.bool_(),
    Kind.COUNT: pa.int64(),
    Kind.MEASURE: pa.float64(),
    Kind.HOURS: pa.float64(),
}

ARROW_TYPES: dict[Kind, pa.DataType] = {
    # The type a finished table keeps. Lists stay JSON text until a frame is made.
    **WIRE_TYPES,
    Kind.ENUM: pa.dictionary(pa.int32(), pa.large_string()),
    Kind.LIST: pa.large_string(),
}

EXACT = 2**53
"""Whole numbers below are exact as float64."""
SECONDS_PER_HOUR = 3600.0

LIST_MARK = {b"holds": b"json lists"}


def string_dtype() -> Any:
    """Return the dtype of text with ``pd.NA`` for missing, stored by Arrow, the same on pandas 2.2 and 3."""
    return pd.StringDtype("pyarrow")


def table_schema(collection: Collection) -> pa.Schema:
    """Return the Arrow schema of a collection's finished table."""
    return pa.schema(
        pa.field(column.name, ARROW_TYPES[column.kind], metadata=LIST_MARK if column.kind is Kind.LIST else None)
        for column in collection.frame_columns
    )


def struct_type(members: Iterable[tuple[str, pa.DataType]]) -> pa.StructType:
    """Nest dotted member names into a struct, as the items nest them."""
    direct: dict[str, pa.DataType] = {}
    nested: dict[str, list[tuple[str, pa.DataType]]] = {}
    order: list[str] = []
    for member, type_ in members:
        head, dot, rest = member.partition(".")
        if head not in order:
            order.append(head)
        if dot:
            nested.setdefault(head, []).append((rest, type_))
        else:
            direct[head] = type_
    return pa.struct([(name, struct_type(nested[name]) if name in nested else direct[name]) for name in order])
