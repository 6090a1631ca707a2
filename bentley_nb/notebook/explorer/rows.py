"""One page of rows as HTML: escaped, small, readable in light and dark themes and by screen readers."""

from __future__ import annotations

import html
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype, is_object_dtype

ROWS = 50
COLUMNS = 40
_LONGEST = 120
_LEADING = ("id", "name", "user_defined_id")

STYLE = """<style>
.bentley-nb-page {overflow: auto; max-height: 32em; border: 1px solid rgba(128, 128, 128, 0.35)}
.bentley-nb-page:focus-visible {outline: 2px solid currentColor}
.bentley-nb-page table {border-collapse: collapse; font-variant-numeric: tabular-nums; color: inherit}
.bentley-nb-page th, .bentley-nb-page td {padding: 2px 8px; text-align: left; white-space: nowrap; max-width: 28em;
  overflow: hidden; text-overflow: ellipsis; line-height: 1.5; border-bottom: 1px solid rgba(128, 128, 128, 0.2)}
.bentley-nb-page td.n, .bentley-nb-page th.n {text-align: right}
.bentley-nb-page thead th {position: sticky; top: 0;
  background: var(--jp-layout-color1, var(--vscode-editor-background, Canvas));
  vertical-align: bottom; border-bottom: 2px solid rgba(128, 128, 128, 0.5)}
.bentley-nb-page th span {display: block; font-weight: normal; font-size: 85%; opacity: 0.75}
.bentley-nb-page tbody tr:nth-child(even) {background: rgba(128, 128, 128, 0.08)}
</style>"""


@dataclass(frozen=True)
class Columns:
    """The columns of a frame that are shown, and how many are not.

    Attributes
    ----------
    shown
        Their names, at most ``COLUMNS`` of them.
    ids, empty, further
        How many are left out since they hold ids of the service, no value at all, or come after the last one shown.
    """

    shown: list[str]
    ids: int
    empty: int
    further: int

    @property
    def note(self) -> str:
        """How many are shown, and why others are not."""
        left_out = [
            f"{count:,} {why}"
            for count, why in (
                (self.ids, "with ids" if self.ids != 1 else "with an id"),
                (self.empty, "without any value"),
                (self.further, f"beyond the first {COLUMNS}"),
            )
            if count
        ]
        total = len(self.shown) + self.ids + self.empty + self.further
        return f"; {len(self.shown)} of {total:,} columns shown, not {', '.join(left_out)}." if left_out else "."


@dataclass(frozen=True)
class Page:
    """One page of a frame.

    Attributes
    ----------
    number, count
        Which page, from 1, of how many.
    note
        Which rows and columns are shown, and which are not.
    html
        The table.
    """

    number: int
    count: int
    note: str
    html: str


def shown_columns(frame: pd.DataFrame, *, ids: bool = False, wanted: Collection[str] = ()) -> Columns:
    """Choose the columns worth showing: those with a value somewhere.

    Parameters
    ----------
    frame
        All rows.
    ids
        Whether ids of the service are shown too; they are where hardly anything else is there.
    wanted
        Columns that were asked for: they come after the names.
    """
    filled = list(frame.columns[frame.notna().any().to_numpy()] if len(frame) else frame.columns)
    readable = [name for name in filled if not _is_id(str(name))]
    chosen = filled if ids or len(readable) < 2 else readable

    def place(name: str) -> int:
        return 0 if name in _LEADING else 1 if name in wanted else 2

    chosen = sorted(chosen, key=place)
    return Columns(
        chosen[:COLUMNS],
        ids=len(filled) - len(chosen),
        empty=len(frame.columns) - len(filled),
        further=len(chosen[COLUMNS:]),
    )


def page_of(frame: pd.DataFrame, number: int, columns: Columns, *, zone: str = "UTC", title: str = "rows") -> Page:
    """Write one page of a frame.

    Parameters
    ----------
    frame
        All rows.
    number
        Page from 1; one beyond the last gives the last.
    columns
        The columns to show.
    zone
        Time zone of the dates.
    title
        What a screen reader says of the table.
    """
    count = max(1, -(-len(frame) // ROWS))
    number = min(max(1, number), count)
    rows = frame.iloc[(number - 1) * ROWS : number * ROWS]
    wanted = columns.shown
    cells = [_cells(rows[name], zone) for name in wanted]
    numeric = [' class="n"' if _is_number(frame[name].dtype) else "" for name in wanted]
    head = "".join(
        f'<th scope="col"{side}>{html.escape(str(name))}<span>{html.escape(_kind(frame[name].dtype, zone))}</span></th>'
        for name, side in zip(wanted, numeric, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{side}>{cell}</td>" for cell, side in zip(row, numeric, strict=True)) + "</tr>"
        for row in zip(*cells, strict=True)
    )
    label = html.escape(title, quote=True)
    table = (
        f'{STYLE}<div class="bentley-nb-page" role="region" tabindex="0" aria-label="{label}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    return Page(number, count, _note(frame, number, count, rows, columns), table)


def _note(frame: pd.DataFrame, number: int, count: int, rows: pd.DataFrame, columns: Columns) -> str:
    if not len(frame):
        return "No rows."
    first = (number - 1) * ROWS + 1
    words = f"Rows {first:,} to {first + len(rows) - 1:,} of {len(frame):,}"
    if count > 1:
        words += f", page {number:,} of {count:,}"
    return words + columns.note


def _cells(values: pd.Series[Any], zone: str) -> list[str]:
    dtype = values.dtype
    is_object = is_object_dtype(dtype)
    missing = np.array([value is None for value in values]) if is_object else values.isna().to_numpy()
    if isinstance(dtype, pd.DatetimeTZDtype):
        texts = values.dt.tz_convert(zone).dt.strftime("%Y-%m-%d %H:%M").tolist()
    elif is_float_dtype(dtype):
        texts = [_number(value) for value in values]
    elif is_bool_dtype(dtype):
        texts = ["yes" if value else "no" for value in values.fillna(value=False)]
    elif is_object:
        texts = [
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str) for value in values
        ]
    else:
        texts = [str(value) for value in values]
    return ["" if gone else html.escape(_cut(text)) for text, gone in zip(texts, missing, strict=True)]


def _number(value: Any) -> str:
    if value is pd.NA or value != value:  # noqa: PLR0124 - NaN differs from itself
        return ""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _is_id(name: str) -> bool:
    return name == "id" or (name.endswith("_id") and name != "user_defined_id")


def _is_number(dtype: Any) -> bool:
    return bool(is_numeric_dtype(dtype)) and not is_bool_dtype(dtype)


def _kind(dtype: Any, zone: str) -> str:
    if isinstance(dtype, pd.DatetimeTZDtype):
        return f"date, {zone}"
    return {
        "Int64": "whole number",
        "Float64": "number",
        "boolean": "yes or no",
        "string": "text",
        "object": "list",
    }.get(str(dtype), str(dtype))
