"""Columns of the user's own beside the tasks, matched by a column that both have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb._warn import warn_caller
from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.frames.keys import positions

_MOST_NAMED = 5


@dataclass(frozen=True)
class Attached:
    """Columns that tasks get.

    Attributes
    ----------
    on
        Column of the tasks that names a row.
    keys
        The values of that column, one per row.
    columns
        The columns.
    """

    on: str
    keys: pd.Series[Any]
    columns: pd.DataFrame

    @classmethod
    def of(cls, given: Any, on: str, tasks: pd.DataFrame) -> Attached:
        """Read what is to be attached to tasks, and warn of rows that match none.

        Raises
        ------
        InvalidRequest
            It is not a table, has no column `on`, names a task twice, or a column has a name that tasks have already.
        """
        frame = given.to_pandas() if hasattr(given, "to_pandas") else given
        if not isinstance(frame, pd.DataFrame):
            raise InvalidRequest(f"A table is needed to attach columns, not {type(given).__name__}.")
        if frame.index.name == on and on not in frame:
            frame = frame.reset_index()
        for names, what in ((frame.columns, "The frame"), (tasks.columns, "The table of tasks")):
            if on not in names:
                raise InvalidRequest(f"{what} has no column {on!r} to match by.", hint=nearest(on, map(str, names)))
        own = [str(column) for column in frame.columns if column != on]
        if not own:
            raise InvalidRequest(f"The frame has no column besides {on!r}.")
        taken = [name for name in own if name in tasks.columns]
        if taken:
            raise InvalidRequest(
                f"Tasks have a column {taken[0]!r} already.",
                hint=f'Rename yours first: frame.rename(columns={{"{taken[0]}": "my {taken[0]}"}}).',
            )
        keys = _as_text(frame[on])
        columns: pd.DataFrame = frame.drop(columns=on).rename(columns=str).loc[keys.notna()].reset_index(drop=True)
        keys = keys.dropna().reset_index(drop=True)
        if (repeated := keys[keys.duplicated()]).size:
            raise InvalidRequest(
                f"{on} {repeated.iloc[0]!r} comes more than once in the frame.",
                hint=f"Sum it up first, for example: frame.groupby({on!r}, as_index=False).sum().",
            )
        unmatched = keys[positions(keys, _as_text(tasks[on]).dropna()) < 0]
        if len(unmatched):
            named = ", ".join(unmatched.iloc[:_MOST_NAMED])
            more = f" and {len(unmatched) - _MOST_NAMED:,} more" if len(unmatched) > _MOST_NAMED else ""
            warn_caller(f"{len(unmatched):,} of {len(keys):,} rows match no task by {on}: {named}{more}.")
        return cls(on, keys, pd.DataFrame({str(name): _typed(column) for name, column in columns.items()}))

    def to(self, tasks: pd.DataFrame) -> pd.DataFrame:
        """Return the tasks with the columns."""
        place = positions(_as_text(tasks[self.on]), self.keys)
        found = self.columns.reindex(place).set_axis(tasks.index)
        attrs = tasks.attrs
        joined = pd.concat([tasks, found], axis=1)
        joined.attrs = attrs
        return joined

    def to_arrow(self, tasks: pa.Table) -> pa.Table:
        """Return a table of tasks with the columns."""
        place = positions(_as_text(tasks.column(self.on).to_pandas()), self.keys)
        rows = pa.table(self.columns.to_dict("series")).take(pa.array(place, mask=place < 0))
        for name in rows.column_names:
            column = rows.column(name)
            tasks = tasks.append_column(name, pc.cast(column, pa.large_string()) if _is_text(column.type) else column)
        return tasks


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _as_text(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return keys as text: a number that a spreadsheet made of "1010" matches it again."""
    if pd.api.types.is_float_dtype(values.dtype) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype(string_dtype())


def _typed(values: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column with the dtypes of this package's frames."""
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        aware: pd.Series[Any] = values.dt.tz_convert("UTC").dt.as_unit("us")
        return aware
    if pd.api.types.is_datetime64_dtype(values.dtype):
        as_utc: pd.Series[Any] = values.dt.tz_localize("UTC").dt.as_unit("us")
        return as_utc
    if pd.api.types.is_float_dtype(values.dtype):
        return values.astype("Float64")
    typed = values.convert_dtypes(dtype_backend="numpy_nullable")
    if pd.api.types.is_object_dtype(typed.dtype) or isinstance(typed.dtype, pd.StringDtype):
        return typed.astype(string_dtype())
    return typed
