"""Make a DataFrame fit an Excel sheet: names, limits, and one plain cell value per item of a column.

The limits are Microsoft's (*Excel specifications and limits*): 1,048,576 rows, 16,384 columns, 32,767 characters in a
cell, 31 in a sheet's name, whole numbers exact to 15 digits, dates from 1900 on.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bentley_nb.errors import InvalidRequest

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767
MAX_SHEET_NAME = 31
EXACT_INTEGER = 10**15
FIRST_DATE = dt.datetime(1900, 3, 1)  # noqa: DTZ001  cells have no zone; before it Excel counts a 29 February 1900
CUT_MARK = " … [cut: longer than an Excel cell]"

Cell = str | float | bool | dt.datetime | None


def sheet_names(names: Iterable[object]) -> list[str]:
    """Return names Excel accepts, in the order given: cleaned, at most 31 characters, none twice.

    Examples
    --------
    >>> from bentley_nb.export.sheets import sheet_names
    >>> sheet_names(["Look-ahead: 3/6 weeks", "late", "Late", "history"])
    ['Look-ahead 3-6 weeks', 'late', 'Late (2)', 'history_']
    """
    taken: set[str] = set()
    made = []
    for name in names:
        wanted = _clean_name(str(name))
        candidate, number = wanted, 1
        while candidate.casefold() in taken:  # Excel compares without case
            number += 1
            ending = f" ({number})"
            candidate = shortened(wanted, MAX_SHEET_NAME - len(ending)) + ending
        taken.add(candidate.casefold())
        made.append(candidate)
    return made


def _clean_name(name: str) -> str:
    name = re.sub(r"[\\/]", "-", name)
    # The characters that Excel refuses in a sheet's name; surrogates cannot be written as UTF-8.
    name = re.sub(r"[\[\]:*?]|[\x00-\x1f\ud800-\udfff]", "", name)
    # An apostrophe at either end is refused as well: it quotes names in formulas.
    name = shortened(" ".join(name.split()), MAX_SHEET_NAME).strip("' ")
    if name.casefold() == "history":  # Excel keeps this name for itself
        name += "_"
    return name or "Sheet"


def shortened(text: str, units: int) -> str:
    """Cut to a number of UTF-16 units, in which Excel counts: an emoji is two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


def check_limits(name: str, frame: pd.DataFrame) -> None:
    """Raise InvalidRequest where a frame is larger than a sheet."""
    rows, columns = frame.shape
    if rows + 1 > MAX_ROWS:
        raise InvalidRequest(
            f"The sheet {name!r} would have {rows:,} rows; Excel holds {MAX_ROWS - 1:,} below a header.",
            hint="Write it with frame.to_parquet(...), or in parts: frame.iloc[:1_000_000], frame.iloc[1_000_000:].",
        )
    if columns > MAX_COLUMNS:
        raise InvalidRequest(
            f"The sheet {name!r} would have {columns:,} columns; Excel holds {MAX_COLUMNS:,}.",
            hint="Choose the columns you need: frame[['name', ...]].",
        )


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with column levels joined, and its index as columns where it is more than a row number.

    The name of a level without one is blank: no text, one space for the second level, and so on.
    """
    made = frame.copy(deep=False)
    names: list[Any] = frame.columns.tolist()
    made.columns = pd.Index([" / ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in names])
    index = frame.index
    if index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index.dtype):
        return made
    for level, name in enumerate(index.names):
        label = str(name) if name is not None else " " * level
        made.insert(level, label, index.get_level_values(level), allow_duplicates=True)
    return made


def cells(column: pd.Series[Any], zone: str) -> list[Cell]:
    """Return a column as what Excel can hold: text, number, truth, date without zone (in `zone`), or nothing."""
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        of_category = cells(pd.Series(column.cat.categories), zone)
        return [None if code < 0 else of_category[code] for code in column.cat.codes]
    if isinstance(dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(dtype):
        return _dates(column, zone)
    if isinstance(dtype, pd.StringDtype):
        return list(pa.Array.from_pandas(column).to_pylist())
    if pd.api.types.is_float_dtype(dtype):
        figures: list[float | None] = pa.Array.from_pandas(column).to_pylist()
        # A cell has no infinity.
        return [str(figure) if figure in (math.inf, -math.inf) else figure for figure in figures]
    return [cell(value, zone) for value in column.astype(object)]


def in_words(values: list[Cell]) -> list[Cell]:
    """Return values with flags as a reader expects them: yes or no."""
    return [("yes" if value else "no") if isinstance(value, bool) else value for value in values]


def _dates(column: pd.Series[Any], zone: str) -> list[Cell]:
    # Years outside Excel's calendar (the service writes 0001-01-01 for "none") cannot be moved to a zone in bulk.
    years = column.dt.year
    if not (years.isna() | years.between(FIRST_DATE.year + 1, 9998)).all():
        return [cell(value, zone) for value in column]
    naive = column.dt.tz_convert(zone).dt.tz_localize(None) if column.dt.tz is not None else column
    return list(naive.to_numpy().astype("M8[us]").tolist())


def cell(value: Any, zone: str) -> Cell:
    """Return one value as what Excel can hold; lists are joined, anything unknown becomes its text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, dt.datetime | np.datetime64):
        return None if pd.isna(value) else _date(pd.Timestamp(value), zone)
    if isinstance(value, dt.date):
        return _date(pd.Timestamp(value), zone)
    if isinstance(value, dt.timedelta | np.timedelta64):
        # Excel's own durations are fractions of a day, which readers take for dates.
        return float(pd.Timedelta(value) / pd.Timedelta(hours=1))
    if isinstance(value, int | np.integer):
        # Excel keeps 15 digits and replaces the others by zeros: such a number is an id, and stays text.
        return int(value) if abs(int(value)) < EXACT_INTEGER else str(int(value))
    if isinstance(value, float | np.floating | decimal.Decimal):
        number = float(value)
        return None if math.isnan(number) else str(number) if math.isinf(number) else number
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, np.ndarray | Sequence | set | frozenset) and not isinstance(value, bytes):
        return "; ".join(_item(item) for item in value)
    return str(value)


def _item(value: Any) -> str:
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str | bytes):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)


def _date(value: pd.Timestamp, zone: str) -> Cell:
    if value.year < FIRST_DATE.year or value.year > 9998:  # the zone could move it across Excel's last day
        return value.isoformat()
    local = value.tz_convert(zone).tz_localize(None) if value.tzinfo is not None else value
    moment = local.to_pydatetime(warn=False)
    return moment if moment >= FIRST_DATE else value.isoformat()


def has_zone(column: pd.Series[Any]) -> bool:
    """Return whether a column holds dates that know their zone, which Excel does not keep."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return True
    if column.dtype != object:
        return False
    return any(value.tzinfo is not None for value in column.dropna() if isinstance(value, dt.datetime))
