"""One page of rows as HTML: escaped, small, readable in light and dark themes and by screen readers."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype, is_object_dtype

ROWS = 50
COLUMNS = 40
_LONGEST = 120

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


def shown_columns(frame: pd.DataFrame, *, ids: bool = False) -> list[str]:
    """Columns worth showing: those with a value somewhere; ids of the service only if asked for."""
    filled = frame.columns[frame.notna().any().to_numpy()] if len(frame) else frame.columns
    return [name for name in filled if ids or not _is_id(str(name))]


def page_of(frame: pd.DataFrame, number: int, columns: list[str], *, zone: str = "UTC", title: str = "rows") -> Page:
    """Write one page of a frame.

    Parameters
    ----------
    frame
        All rows.
    number
        Page from 1; one beyond the last gives the last.
    columns
        The columns to show, at most ``COLUMNS`` of them.
    zone
        Time zone of the dates.
    title
        What a screen reader says of the table.
    """
    count = max(1, -(-len(frame) // ROWS))
    number = min(max(1, number), count)
    rows = frame.iloc[(number - 1) * ROWS : number * ROWS]
    wanted = columns[:COLUMNS]
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
    return Page(number, count, _note(frame, number, count, rows, wanted), table)


def _note(frame: pd.DataFrame, number: int, count: int, rows: pd.DataFrame, shown: list[str]) -> str:
    if not len(frame):
        return "No rows."
    first = (number - 1) * ROWS + 1
    words = f"Rows {first:,} to {first + len(rows) - 1:,} of {len(frame):,}"
    if count > 1:
        words += f", page {number:,} of {count:,}"
    hidden = len(frame.columns) - len(shown)
    return words + (
        f"; {len(shown)} of {len(frame.columns)} columns shown (no ids, none that are empty)." if hidden else "."
    )


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
