"""Between frames and DuckDB: tables go in as Arrow with their categories, results come back with our dtypes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import LIST_MARK, UTC_INSTANT
from bentley_nb.frames.to_pandas import as_pandas

# A category without any value: DuckDB knows no ENUM of nothing.
_NO_VALUES = ("",)
# How DuckDB writes an infinite time, whatever its unit.
_INFINITY = np.iinfo(np.int64).max
# On a dictionary that came from a frame: its values are the category's, whether they occur or not.
_DECLARED = {b"categories": b"declared"}


class Categories:
    """The categories that went in, so that an ordered one comes back ordered."""

    def __init__(self) -> None:
        self._ordered: set[tuple[str, ...]] = set()

    def note(self, values: tuple[str, ...], *, ordered: bool) -> None:
        """Remember a category."""
        if ordered:
            self._ordered.add(values)

    def dtype(self, values: tuple[str, ...]) -> pd.CategoricalDtype:
        """Return the dtype of a result column of these values."""
        names = () if values == _NO_VALUES else values
        return pd.CategoricalDtype(pd.Index(names, dtype=object), ordered=values in self._ordered)


def register(connection: Any, name: str, table: pa.Table, categories: Categories) -> list[str]:
    """Make an Arrow table readable under a name, without copying it.

    Parameters
    ----------
    connection
        A DuckDB connection.
    name
        Name in SQL.
    table
        A finished table: dictionaries become ENUMs, JSON text with the list mark becomes JSON.
    categories
        Where ordered categories are remembered.

    Returns
    -------
    list of str
        The columns in SQL, where ``Status`` beside ``status`` is ``Status_2``.

    Raises
    ------
    InvalidRequest
        The table has no columns.
    """
    if not table.column_names:
        raise InvalidRequest(
            f"SQL: {name!r} is empty and its columns are not documented, so there is nothing to select.",
            hint="The service sent no row of it for this schedule.",
        )
    names = unique_names(table.column_names, fold=True)
    table = table.rename_columns(names)
    casts = []
    for field in table.schema:
        column = quoted(field.name)
        if pa.types.is_dictionary(field.type):
            values = _values(table.column(field.name), declared=field.metadata == _DECLARED)
            categories.note(values, ordered=field.type.ordered)
            # A type cannot be a bound parameter, so its values are quoted as SQL text.
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            casts.append(f"CAST({column} AS ENUM({listed})) AS {column}")
        elif field.metadata and field.metadata.items() >= LIST_MARK.items():
            casts.append(f"CAST({column} AS JSON) AS {column}")
    relation = connection.from_arrow(table)
    if casts:
        relation = relation.project(f"* REPLACE ({', '.join(casts)})")
    relation.create_view(name)  # of the relation, not of a registered table, which SHOW TABLES would list too
    return names


def table_of(name: str, frame: Any) -> pa.Table:
    """Turn a frame of the user's into an Arrow table.

    Parameters
    ----------
    name
        Its name in SQL, for the messages.
    frame
        A pandas or polars DataFrame or an Arrow table; a named index of a pandas frame becomes columns.

    Raises
    ------
    InvalidRequest
        It is something else, or a column holds values of different types.
    """
    if not name.isidentifier():
        raise InvalidRequest(f"SQL: {name!r} is not a valid table name.", hint="Use letters, digits and underscores.")
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pd.DataFrame):
        # A named index is data (of a groupby, say); SQL has no index.
        if any(level is not None for level in frame.index.names):
            frame = frame.reset_index()
        frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
        try:
            return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, ValueError) as error:
            # The error's arguments are the reason and "Conversion failed for column ...".
            raise InvalidRequest(
                f"SQL: the frame {name!r} cannot become a table: {'; '.join(map(str, error.args))}.",
                hint=f'Give the column one type, for example {name}["column"].astype("string").',
            ) from None
    if hasattr(frame, "__arrow_c_stream__"):  # polars, and others that speak Arrow
        return pa.table(frame)
    raise InvalidRequest(f"SQL: {name!r} must be a DataFrame or an Arrow table, not {type(frame).__name__}.")


def arrow_of(frame: pd.DataFrame) -> pa.Table:
    """Turn a frame into an Arrow table; what is a Python object in it becomes JSON text."""
    arrays, fields = [], []
    for name, column in frame.items():
        if column.dtype == object:
            text = [None if value is None else json.dumps(value, default=str) for value in column]
            array: Any = pa.array(text, pa.large_string())
            fields.append(pa.field(str(name), array.type, metadata=LIST_MARK))
        elif isinstance(column.dtype, pd.CategoricalDtype):
            array = _encoded(column.cat)
            fields.append(pa.field(str(name), array.type, metadata=_DECLARED))
        else:
            array = pa.Array.from_pandas(column)
            fields.append(pa.field(str(name), array.type))
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields)) if fields else pa.table({})


def _encoded(column: Any) -> pa.DictionaryArray:
    """Encode a category in one type, whatever its values: pyarrow's own differs with their number."""
    codes = column.codes.to_numpy()
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32(), mask=codes < 0),
        pa.array([str(value) for value in column.categories], pa.large_string()),
        ordered=column.ordered,
    )


def stack(tables: Sequence[pa.Table], labels: Mapping[str, Sequence[str]]) -> pa.Table:
    """Put the same table of several schedules together, with columns in front that hold a label for each.

    A column that one of them lacks is missing there; one of different types becomes text.
    """
    rows = [table.num_rows for table in tables]
    arrays: list[Any] = [
        pa.chunked_array(
            [pa.repeat(pa.scalar(text, pa.large_string()), count) for text, count in zip(texts, rows, strict=True)]
        )
        for texts in labels.values()
    ]
    fields = [pa.field(name, pa.large_string()) for name in labels]
    for name in dict.fromkeys(name for table in tables for name in table.column_names):
        holders = [table.schema.field(name) for table in tables if name in table.column_names]
        alike = all(field.equals(holders[0], check_metadata=True) for field in holders)  # a list is marked text
        field = holders[0] if alike else pa.field(name, pa.large_string())
        chunks = []
        for table, count in zip(tables, rows, strict=True):
            if name not in table.column_names:
                chunks.append(pa.nulls(count, field.type))
                continue
            column = table.column(name)
            chunks += (column if column.type == field.type else column.cast(field.type)).chunks
        arrays.append(pa.chunked_array(chunks, field.type))
        fields.append(field)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def frame_of(table: pa.Table, names: Sequence[str], types: Sequence[Any], categories: Categories) -> pd.DataFrame:
    """Return a result's rows as a frame with the dtypes of this package.

    Parameters
    ----------
    table
        The result.
    names, types
        Its columns' names and DuckDB types.
    categories
        The categories that went in.

    Returns
    -------
    pandas.DataFrame
        Text is ``string``, whole numbers ``Int64``, other numbers ``Float64``, flags ``boolean``, instants
        ``datetime64[us, UTC]``, dates and times without zone ``datetime64[us]``, intervals without months
        ``timedelta64[us]``, ENUMs categories; JSON, lists, structs and the rest are Python objects. Columns of one
        name become ``name``, ``name_2``.
    """
    columns = {}
    for place, name in enumerate(unique_names(names)):
        try:
            columns[name] = _values_of(table.column(place), types[place], categories)
        # DuckDB's timestamps reach from 290,309 BC to 294,247 AD and include infinity.
        except OverflowError:
            raise InvalidRequest(
                f"SQL: {name!r} has dates outside the range of a frame, such as infinity.",
                hint=f"Leave them out, WHERE isfinite({quoted(name)}), or make them text, {quoted(name)}::VARCHAR.",
            ) from None
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)


def unique_names(names: Iterable[str], *, fold: bool = False) -> list[str]:
    """Make names unique; ``fold`` for SQL, where upper and lower case are the same."""
    taken: set[str] = set()
    unique = []
    for name in names:
        candidate, number = name, 2
        while (candidate.casefold() if fold else candidate) in taken:
            candidate, number = f"{name}_{number}", number + 1
        taken.add(candidate.casefold() if fold else candidate)
        unique.append(candidate)
    return unique


def quoted(name: str) -> str:
    """Write a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _values(column: pa.ChunkedArray, *, declared: bool) -> tuple[str, ...]:
    """Return the values of a dictionary column: all in their declared order, else those that occur, by name."""
    if declared:
        encoded = column.unify_dictionaries()
        names = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
    else:
        names = sorted(pc.unique(column.cast(pa.large_string())).drop_null().to_pylist())
    return tuple(map(str, names)) or _NO_VALUES


def _values_of(column: pa.ChunkedArray, type_: Any, categories: Categories) -> Any:
    """Return the values of one result column as pandas keeps them."""
    arrow = column.type
    if type_.id == "enum":
        return _categorical(column, type_, categories)
    if str(type_) == "JSON":
        return _objects(None if text is None else json.loads(text) for text in column.to_pylist())
    if pa.types.is_date(arrow) or pa.types.is_timestamp(arrow):
        column = _microseconds(column)
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        return pd.DatetimeIndex(_stamps(column).view("M8[us]")).array
    if arrow == pa.month_day_nano_interval():
        return _intervals(column)
    known = _known(column)
    if known is not None:
        return as_pandas(known)
    return _objects(_plain(value, arrow) for value in column.to_pylist())


def _known(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return the column in one of the types that frames have; None where there is none for it."""
    type_ = column.type
    if pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_null(type_):
        return column.cast(pa.large_string())
    if pa.types.is_boolean(type_):
        return column
    if pa.types.is_timestamp(type_):
        return column
    if pa.types.is_floating(type_):
        return column.cast(pa.float64())
    if pa.types.is_integer(type_) or pa.types.is_decimal(type_):
        # sum() of whole numbers is a HUGEINT in DuckDB, which arrives as a decimal without places.
        if not pa.types.is_decimal(type_) or type_.scale == 0:
            try:
                return column.cast(pa.int64())
            except pa.ArrowInvalid:  # HUGEINT and UBIGINT can be larger
                pass
        return column.cast(pa.float64(), safe=False)
    return None


def _categorical(column: pa.ChunkedArray, type_: Any, categories: Categories) -> pd.Categorical:
    [(_, values)] = type_.children
    dtype = categories.dtype(tuple(values))
    codes = column.combine_chunks()
    indices = codes.indices if isinstance(codes, pa.DictionaryArray) else pa.array([], pa.int32())
    return pd.Categorical.from_codes(
        pc.fill_null(indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False), dtype=dtype
    )


def _microseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return dates and times as pandas keeps them; outside 64 bits of microseconds is an ``OverflowError``."""
    type_ = column.type
    is_date = pa.types.is_date(type_)
    if not is_date and pc.any(pc.is_in(column.cast(pa.int64()), value_set=pa.array([_INFINITY, -_INFINITY]))).as_py():
        raise OverflowError
    # TIMESTAMP in SQL has no zone, and gets none here: only TIMESTAMPTZ is an instant.
    target = pa.timestamp("us") if is_date or type_.tz is None else UTC_INSTANT
    try:
        return column.cast(target, safe=is_date or type_.unit != "ns")
    except pa.ArrowInvalid:
        raise OverflowError from None


def _stamps(column: pa.ChunkedArray) -> Any:
    return pc.fill_null(column.cast(pa.int64()), np.iinfo(np.int64).min).to_numpy()  # pandas' NaT


def _intervals(column: pa.ChunkedArray) -> Any:
    """Return spans of time as timedeltas; months have no length, so with any of them the column is text."""
    spans = column.to_pylist()
    if any(span is not None and span.months for span in spans):
        text = [None if span is None else _interval_text(span) for span in spans]
        return pd.array(text, dtype=pd.StringDtype("pyarrow"))
    microseconds = [
        np.iinfo(np.int64).min if span is None else span.days * 86_400_000_000 + span.nanoseconds // 1000
        for span in spans
    ]
    return pd.TimedeltaIndex(np.array(microseconds, dtype=np.int64).view("m8[us]")).array


def _interval_text(span: Any) -> str:
    years, months = divmod(abs(span.months), 12)
    sign = "-" if span.months < 0 else ""
    parts = [f"{sign}{years} years"] * bool(years) + [f"{sign}{months} months"] * bool(months)
    parts += [f"{span.days} days"] * bool(span.days)
    if span.nanoseconds:
        parts.append(str(pd.Timedelta(span.nanoseconds, unit="ns")))
    return " ".join(parts)


def _objects(values: Iterable[Any]) -> Any:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    for row, value in enumerate(listed):  # assigned at once, numpy would turn lists of one length into a matrix
        array[row] = value
    return pd.Series(array, dtype=object)  # of a bare array of strings pandas 3 makes a column of text


def _plain(value: Any, type_: pa.DataType) -> Any:
    return dict(value) if value is not None and pa.types.is_map(type_) else value
