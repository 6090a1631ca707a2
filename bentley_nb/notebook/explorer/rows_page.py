"""One page of rows as HTML: escaped, small, readable in light and dark themes and by screen readers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from bentley_nb.export import _reader_columns
from bentley_nb.export._cell import COLUMNS as CELL_COLUMNS
from bentley_nb.export.html_table import cells, style_of
from bentley_nb.export.markup import tag
from bentley_nb.frames.labels import labels

ROWS = 50
COLUMNS = 40
_LONGEST = 120

STYLE = """<style>
.bentley-nb-page {overflow: auto; max-height: 32em; border: 1px solid rgba(128, 128, 128, 0.35)}
.bentley-nb-page:focus-visible {outline: 2px solid currentColor}
.bentley-nb-page table {border-collapse: collapse; font-variant-numeric: tabular-nums; color: inherit}
.bentley-nb-page th, .bentley-nb-page td {padding: 2px 8px; text-align: left; white-space: nowrap; max-width: 22em;
  overflow: hidden; text-overflow: ellipsis; line-height: 1.5; border-bottom: 1px solid rgba(128, 128, 128, 0.2)}
.bentley-nb-page td.n, .bentley-nb-page th.n {text-align: right}
.bentley-nb-page thead th {position: sticky; top: 0;
  background: var(--jp-layout-color1, var(--vscode-editor-background, Canvas));
  vertical-align: bottom; border-bottom: 2px solid rgba(128, 128, 128, 0.5)}
.bentley-nb-page tbody tr:nth-child(even) {background: rgba(128, 128, 128, 0.08)}
</style>"""


@dataclass(frozen=True)
class RowsPage:
    """One page of a frame.

    Attributes
    ----------
    number, count
        Which page, from 1, of how many.
    note
        Which rows are shown, and how many columns.
    html
        The table.
    """

    number: int
    count: int
    note: str
    html: str


def usual_columns(frame: pd.DataFrame, added: Collection[str] = ()) -> list[str]:
    """Return the columns to show unless others are picked: those of a cell, and those `added` that have a value."""
    filled = _reader_columns.with_values(frame, _reader_columns.ordered(frame)) or list(frame.columns)
    usual = _reader_columns.at_most(frame, filled, CELL_COLUMNS)
    return [*usual, *(name for name in filled if name in added and name not in usual)][:COLUMNS]


def all_columns(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return every column as (label, name) in a reader's order, ids last."""
    readable = _reader_columns.ordered(frame)
    names = [*readable, *(name for name in frame.columns if name not in readable)]
    return list(zip(labels(names), map(str, names), strict=True))


def page_of(
    frame: pd.DataFrame, number: int, columns: Sequence[str], *, zone: str = "UTC", title: str = "rows"
) -> RowsPage:
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
    rows = _reader_columns.for_readers(frame).iloc[(number - 1) * ROWS : number * ROWS]
    contents = [[_cut(str(word)) for word in cells(rows, name, zone, machine=False)] for name in columns]
    sides = ["n" if style_of(rows[name]) == "number" else None for name in columns]
    table = tag(
        "div",
        tag(
            "table",
            tag(
                "thead",
                tag(
                    "tr",
                    (
                        tag("th", words, scope="col", class_=side)
                        for words, side in zip(labels(columns), sides, strict=True)
                    ),
                ),
            ),
            tag(
                "tbody",
                (
                    tag("tr", (tag("td", cell, class_=side) for cell, side in zip(row, sides, strict=True)))
                    for row in zip(*contents, strict=True)
                ),
            ),
        ),
        class_="bentley-nb-page",
        role="region",
        tabindex="0",
        aria_label=title,
    )
    return RowsPage(number, count, _note(frame, number, count, rows, columns), STYLE + table)


def _note(frame: pd.DataFrame, number: int, count: int, rows: pd.DataFrame, columns: Sequence[str]) -> str:
    if not len(frame):
        return "No rows."
    first = (number - 1) * ROWS + 1
    words = f"Rows {first:,} to {first + len(rows) - 1:,} of {len(frame):,}"
    if count > 1:
        words += f", page {number:,} of {count:,}"
    return f"{words}; {len(columns)} of {len(frame.columns)} columns."


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
