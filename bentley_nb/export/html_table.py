"""A DataFrame as an HTML table for people: headings in words, dates as dates, long tables cut with the true count."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from bentley_nb.charts.health import rounded
from bentley_nb.export import _reader_columns
from bentley_nb.export.markup import Markup, join, tag
from bentley_nb.frames.labels import labels

_ROW_HEADING = ("name", "check", "Name")
_PERCENT = "\N{NO-BREAK SPACE}%"
_LONG = 30  # rows; a longer table scrolls in a window of its own
_WIDE = 16  # columns; a wider table is set smaller to fit on paper


def table(
    frame: pd.DataFrame, caption: str, *, columns: Sequence[str] | None = None, max_rows: int = 200, zone: str = "UTC"
) -> Markup:
    """Return a frame as a table with a caption, in a region that scrolls by keyboard.

    Parameters
    ----------
    frame
        What to show.
    caption
        What it is; also the name of the region for screen readers.
    columns
        Columns to show, in this order; those the frame lacks, or has no value in, are passed over. None shows all but
        ids.
    max_rows
        Rows beyond are left out, and the caption says how many there are.
    zone
        IANA zone in which dates are shown.
    """
    frame = frame.copy(deep=False)
    frame.attrs = {}  # pandas copies them with every column that is taken
    chosen = (
        [name for name in frame.columns if not _reader_columns.is_id(name)]
        if columns is None
        else _reader_columns.with_values(frame, [name for name in columns if name in frame])
    )
    shown = frame.loc[:, chosen].head(max_rows)
    count = f"{len(frame):,} rows" if len(frame) != 1 else "1 row"
    if len(shown) < len(frame):
        count = f"the first {len(shown):,} of {len(frame):,} rows"
    # An empty table is announced by screen readers as a grid without content.
    if frame.empty:
        return tag("p", f"{caption}: none.", class_="empty")
    heading = next((name for name in _ROW_HEADING if name in chosen), None)
    styles = {name: style_of(frame[name]) for name in chosen}
    contents = [cells(frame.head(max_rows), name, zone) for name in chosen]
    head = tag(
        "tr",
        (
            tag("th", words, scope="col", class_="number" if styles[name] == "number" else None)
            for name, words in zip(chosen, labels(chosen), strict=True)
        ),
    )
    body = (
        tag(
            "tr",
            (
                tag("th", value, scope="row") if name == heading else tag("td", value, class_=styles[name])
                for name, value in zip(chosen, row, strict=True)
            ),
        )
        for row in zip(*contents, strict=True)
    )
    whole = tag(
        "table",
        tag("caption", caption, tag("span", f" ({count})", class_="count")),
        tag("thead", head),
        tag("tbody", body),
    )
    classes = "table" + " long" * (len(shown) > _LONG) + " many" * (len(chosen) > _WIDE)
    return tag("div", whole, class_=classes, role="region", tabindex="0", aria_label=f"{caption}, {count}")


def style_of(column: pd.Series[Any]) -> str | None:
    """Return the class of a column's cells: numbers to the right, short values in one line, the rest may wrap."""
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "short"
    if pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    # A sample: the class of a column only decides about wrapping.
    longest = column.head(200).astype("string").str.len().max()
    return "short" if pd.isna(longest) or longest <= 16 else "wide"


def cells(frame: pd.DataFrame, name: Any, zone: str = "UTC", *, machine: bool = True) -> list[Markup | str]:
    """Return the values of a column as a reader expects them.

    Parameters
    ----------
    frame
        The rows to show, with all their columns: some figures are worded by their limit or unit.
    name
        The column.
    zone
        IANA zone in which dates are shown.
    machine
        Whether dates carry their instant for machines, in a ``<time>`` element.
    """
    figures = _figures(frame, name)
    if figures is not None:
        return list(figures)
    column = frame[name]
    shown = [value_words(value, zone, machine=machine) for value in column.astype(object)]
    if _is_percent(name) and pd.api.types.is_numeric_dtype(column.dtype):
        return [f"{word}{_PERCENT}" if word else "" for word in shown]
    return shown


def _figures(frame: pd.DataFrame, name: Any) -> list[str] | None:
    """Return the words of a column whose values one decimal would falsify: indices, and what is compared with a limit.

    None for all other columns.
    """
    limited = ("value", "percent", "threshold")
    has = [column for column in limited if column in frame and pd.api.types.is_numeric_dtype(frame[column].dtype)]
    if len(has) == len(limited) and name in limited:
        return _held_against_limits(frame, name)
    if name in _reader_columns.RATIOS and pd.api.types.is_numeric_dtype(frame[name].dtype):
        return ["" if pd.isna(figure) else rounded(figure, 1.0, 2) for figure in frame[name]]
    if name == "value" and "value" in has and "unit" in frame:
        # A ratio of 1 is "on plan", which 0.996 is not.
        return [
            rounded(figure, 1.0, 2) if unit == "ratio" and pd.notna(figure) else str(value_words(figure))
            for figure, unit in zip(frame["value"], frame["unit"], strict=True)
        ]
    return None


def _held_against_limits(frame: pd.DataFrame, name: Any) -> list[str]:
    if name == "threshold":
        words = ["" if pd.isna(limit) else f"{limit:g}" for limit in frame["threshold"]]
    else:
        decimals = 2 if name == "value" else 1
        words = [
            "" if pd.isna(figure) else rounded(figure, limit, decimals).removesuffix(".0")
            for figure, limit in zip(frame[name], frame["threshold"], strict=True)
        ]
    shares = frame["percent"].notna() & (name != "value")  # a limit of shares is one too
    return [word + _PERCENT if word and share else word for word, share in zip(words, shares, strict=True)]


def _is_percent(name: Any) -> bool:
    """Return whether a column holds percent by its name; the share of a float distribution is one too."""
    return name == "share" or "percent" in str(name).split("_")


def date(value: pd.Timestamp | NaTType, zone: str) -> Markup | str:
    """Return an instant as the day it falls on in a zone, with the instant itself for machines."""
    if isinstance(value, NaTType):
        return ""
    local = value.tz_convert(zone) if value.tzinfo is not None else value
    return tag("time", day(value, zone), datetime=local.isoformat(timespec="minutes"))


def day(value: pd.Timestamp | NaTType, zone: str) -> str:
    """Return the day on which an instant falls in a zone; empty for none."""
    if isinstance(value, NaTType):
        return ""
    return f"{value.tz_convert(zone) if value.tzinfo is not None else value:%d %b %Y}"


def value_words(value: Any, zone: str = "UTC", *, machine: bool = True) -> Markup | str:
    """Return one value as a reader expects it, without `machine` as plain text; missing ones are empty."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return date(pd.Timestamp(value), zone) if machine else day(pd.Timestamp(value), zone)
    if isinstance(value, float | np.floating):
        figure = float(value)
        decimals = 2 if 0.005 <= abs(figure) < 0.05 else 1  # a float of -0.04 days is not 0
        # "z" writes -0.0 as 0 (PEP 682, Python 3.11).
        return "" if math.isnan(figure) else f"{figure:z,.{decimals}f}".removesuffix(".0")
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    if isinstance(value, list | tuple | set | np.ndarray):
        words = [value_words(item, zone, machine=machine) for item in value]
        return join(_between(words)) if machine else ", ".join(words)
    return str(value)


def _between(values: Any) -> Any:
    for number, value in enumerate(values):
        if number:
            yield ", "
        yield value
