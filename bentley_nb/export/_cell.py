"""A frame as a notebook cell and a terminal show it: the first rows for readers, the true count, and the notes.

Markup of a saved notebook is read by themes of any colour and by front ends that drop styles, so it is a plain table
with few attributes; colours are those of the page around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from bentley_nb._options import options
from bentley_nb.errors import printable
from bentley_nb.export import _reader_columns
from bentley_nb.export.html_table import cells, day, style_of
from bentley_nb.export.markup import Markup, tag
from bentley_nb.export.provenance import provenance
from bentley_nb.export.sheets import flat
from bentley_nb.frames.labels import label, labels

_ROWS = 20
_FEW_ROWS = 10  # of the text, which a saved notebook holds beside the table
COLUMNS = 14
_TEXT = 70  # characters of a value; in a terminal _NARROW
_NARROW = 30
_WHOLE = ("path", "what_happened", "what_to_do")  # to be copied, or read to the end
# Front ends set tables to the right and in stripes; text belongs to the left, numbers to the right.
_STYLE = (
    ".bn{border-collapse:collapse}.bn caption{text-align:left;font-weight:600;white-space:nowrap;color:inherit}"
    ".bn :is(th,td){text-align:left!important;vertical-align:top;padding:2px 6px;max-width:24em}"
    ".bn tbody tr{border-top:1px solid #8884}"
)


class _CellView(NamedTuple):
    """What a reader sees of a frame."""

    title: str
    headings: list[str]
    columns: list[list[str]]
    styles: list[str]
    remarks: list[str]


def as_html(frame: pd.DataFrame) -> str:
    """Return a frame as an HTML table for a notebook cell.

    Examples
    --------
    >>> from bentley_nb.export._cell import as_html
    >>> "Planned start" in as_html(s.tasks())
    True
    """
    shown = _shown(frame, _ROWS, _TEXT)
    # One rule for each arrangement of columns says what a class on every cell would; tables of one share it.
    arrangement = "bn-" + "".join(style[0] for style in shown.styles)
    rule = _rule(arrangement, shown.styles, {"number"}, "text-align:right!important")
    rule += _rule(arrangement, shown.styles, {"number", "short"}, "white-space:nowrap", cell="td")
    rule += _rule(arrangement, shown.styles, {"wide"}, "min-width:9em", cell="td")
    table = tag(
        "table",
        tag("caption", shown.title),
        tag("thead", tag("tr", (tag("th", heading) for heading in shown.headings))),
        tag("tbody", (tag("tr", (tag("td", word) for word in row)) for row in zip(*shown.columns, strict=True))),
        class_=f"bn {arrangement}",
    )
    remarks = None
    if shown.remarks:
        count = f"{len(shown.remarks)} note{'s' if len(shown.remarks) > 1 else ''}"
        remarks = tag("details", tag("summary", count), tag("ul", (tag("li", remark) for remark in shown.remarks)))
    return tag("div", Markup(f"<style>{_STYLE}{rule}</style>"), table, remarks)


def _rule(arrangement: str, styles: list[str], wanted: set[str], declaration: str, cell: str = ":is(th,td)") -> str:
    places = ",".join(f":nth-child({place})" for place, style in enumerate(styles, start=1) if style in wanted)
    return f".{arrangement} {cell}:is({places}){{{declaration}}}" if places else ""


def as_text(frame: pd.DataFrame, width: int) -> str:
    """Return a frame as lines of text with the columns of :func:`as_html`.

    Parameters
    ----------
    frame
        A table or report of this package.
    width
        Characters of a line; wider tables go on below.
    """
    shown = _shown(frame, _FEW_ROWS, _NARROW)
    table = pd.DataFrame(dict(zip(shown.headings, shown.columns, strict=True)), dtype="string")
    lines = [shown.title]
    if len(table):
        fill = {
            heading: f"{{:<{max(map(len, words))}}}".format
            for heading, words, style in zip(shown.headings, shown.columns, shown.styles, strict=True)
            if style != "number"
        }
        text = table.to_string(index=False, line_width=width, formatters=fill, justify="left")
        lines += [line.rstrip() for line in printable(text).splitlines()]
    if shown.remarks:
        more = f" (and {len(shown.remarks) - 1} more)" if len(shown.remarks) > 1 else ""
        lines.append(f"Note: {shown.remarks[0]}{more}")
    return printable("\n".join(lines))


def _shown(frame: pd.DataFrame, rows: int, longest: int) -> _CellView:
    attrs = frame.attrs
    plain = flat(frame)
    plain.attrs = attrs
    head = _reader_columns.common_head(plain["wbs_path"]) if "wbs_path" in plain else ""
    readable = _reader_columns.for_readers(plain.head(rows), head)
    readable.attrs = attrs
    every = _reader_columns.ordered(readable)
    filled = _reader_columns.with_values(plain.assign(**_worded(readable, plain)), every)
    chosen = _reader_columns.at_most(readable, filled, COLUMNS) or every[:COLUMNS]
    zone = options.display_zone
    words = [
        [_cut(str(word), None if name in _WHOLE else longest) for word in cells(readable, name, zone, machine=False)]
        for name in chosen
    ]
    styles = [style_of(readable[name]) or "wide" for name in chosen]
    return _CellView(_title(frame, rows), labels(chosen), words, styles, list(_remarks(frame, chosen, head)))


def _worded(readable: pd.DataFrame, plain: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Return the columns that only the wording has."""
    return {str(name): readable[name] for name in readable.columns if name not in plain.columns}


def _title(frame: pd.DataFrame, most: int) -> str:
    kind = _reader_columns.kind(frame)
    facts = dict(provenance(frame))
    since = frame.attrs.get("data_date")
    data_date = f"data date {day(pd.Timestamp(since), options.display_zone)}" if since else None
    about = ", ".join(filter(None, (facts.get("Schedule"), data_date)))
    rows = f"{len(frame):,} row{'s' if len(frame) != 1 else ''}"
    if len(frame) > most:
        rows = f"first {most} of {rows}"
    return f"{label(kind)}{f': {about}' if about else ''} ({rows})"


def _remarks(frame: pd.DataFrame, chosen: list[str], head: str) -> Iterator[str]:
    """Yield the notes of the frame, then what is not shown of it."""
    yield from (value for what, value in provenance(frame) if what == "Note")
    if head:
        yield f"All WBS paths begin with {head}."
    rest = [name for name in frame.columns if str(name) not in chosen]
    if rest:
        yield f"{len(rest)} of {len(frame.columns)} columns not shown: {', '.join(map(str, rest))}"


def _cut(text: str, longest: int | None) -> str:
    line = re.sub(r"\s+", " ", text)
    return line if longest is None or len(line) <= longest else line[: longest - 1].rstrip() + "…"
