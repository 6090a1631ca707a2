"""One frame as one sheet that can be sent: labels with units, ids hidden at the end, a named table, a page that prints.

The first row of a sheet is its header, and only totals follow its table, so that pandas and our own reports read it
back.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.export import _reader_columns
from bentley_nb.export import sheets as fit
from bentley_nb.export._sheet_rows import UNREADABLE, Body, Look, readable, sheet_class
from bentley_nb.frames.labels import distinct, label

_WIDTH_SAMPLE = 500
_MAX_WIDTH = 40
_TEXT_WIDTH = 110  # of sheets that are read as text
_LETTERS = 1.1  # letters to a digit, in whose width Excel counts
_PRINTED_WIDTH = 180  # characters across a landscape page that are still read
_MAX_LEVEL = 7  # Excel's outline
_HEADING = 250  # a heading of a named table holds 255

Kind: TypeAlias = Literal["text", "number", "count", "measure", "ratio", "percent", "day", "minute"]
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "General",
    "count": "#,##0",
    "measure": "#,##0.0",
    "ratio": "0.00",
    "percent": '0.0" %"',
    "day": "dd mmm yyyy",
    "minute": "dd mmm yyyy hh:mm",
}
# What a total is of: columns whose rows do not count one another.
_ADDED = {
    "float_distribution": ("tasks", "share", "critical"),
    "look_ahead": ("remaining_duration_hours",),
    "late": (),
    "resource_histogram": ("quantity",),
}


class _Field(NamedTuple):
    """A column of a sheet."""

    name: Any
    heading: str
    cells: list[fit.Cell]
    kind: Kind
    width: float
    hidden: bool


class Workbook:
    """An XlsxWriter workbook with the looks of all its sheets."""

    def __init__(self, path: str, zone: str) -> None:
        xlsxwriter = need("xlsxwriter", extra="excel")
        self.book = xlsxwriter.Workbook(path, {"default_date_format": _FORMATS["day"]})
        self.zone = zone
        self._sheet_class = sheet_class(self.book.worksheet_class or xlsxwriter.worksheet.Worksheet)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """Return the format of these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def heading(self) -> dict[str, Any]:
        """Return the properties of a header cell."""
        return {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "bottom", "text_wrap": True}

    def sheet(self, name: str, title: str, facts: str, *, repeat: int = 1) -> Any:
        """Return a new sheet that prints landscape on A4, one page wide, with its header on each page."""
        sheet = self.book.add_worksheet(name, worksheet_class=self._sheet_class)
        sheet.set_landscape()
        # 9 is A4.
        sheet.set_paper(9)
        # One page wide; 0 lets it be as long as it needs.
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
        sheet.set_header(f'&L&"Calibri,Bold"&12{_in_header(title)}&R&9{_in_header(facts)}')
        # &A is the sheet's name, &9 the size of the letters.
        sheet.set_footer("&L&9&A&R&9Page &P of &N")
        # 2 hides them on screen, too; the table style has lines of its own.
        sheet.hide_gridlines(2)
        if repeat:
            sheet.repeat_rows(0, repeat - 1)
        return sheet

    def text(self, sheet: Any, row: int, column: int, text: str, **properties: Any) -> None:
        """Write a text as text, never as a formula, a link or a number."""
        clean = readable(text)
        if clean.startswith("<r>") and clean.endswith("</r>"):
            # XlsxWriter takes such a text for finished XML and would break the file; as two pieces it is escaped.
            plain = self.format(**properties)
            sheet.write_rich_string(row, column, plain, "<", plain, clean[1:], plain)
            return
        # Excel would turn such a cell into a formula when it is edited (OWASP, "CSV Injection").
        if re.match(r"[=+\-@\t\r]", clean):
            properties |= {"quote_prefix": True}
        sheet.write_string(row, column, clean, self.format(**properties))

    def frame(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        title: str = "",
        facts: str = "",
        only: Sequence[str] | None = None,
        links: Iterable[tuple[int, int, str]] = (),
        wrap: bool = False,
        as_report: bool = False,
    ) -> int:
        """Write a frame to a sheet of its own.

        Parameters
        ----------
        name
            Of the sheet, as Excel takes it.
        frame
            The rows.
        title, facts
            Of the printed page: left and right above the table.
        only
            Columns to show; the others are hidden.
        links
            Row, column and target sheet of each link.
        wrap
            Whether the sheet is read as text: wide columns, long texts wrapped.
        as_report
            Whether dates are shown by day and long texts wrapped, as in the sheet of a report.

        Returns
        -------
        int
            How many texts had to be cut.
        """
        as_report = as_report or "report" in frame.attrs
        fields = self._fields(frame, only, _TEXT_WIDTH if wrap else _MAX_WIDTH, by_day=as_report)
        sheet = self.sheet(name, title or name, facts)
        wraps = wrap or as_report
        levels = _levels(frame)
        body = Body(levels, _lines(fields, wraps=wraps))
        for position, field in enumerate(fields):
            steps = max(levels, default=0) if levels is not None and field.name == "name" else 0
            looks = [self._look(field.kind, wraps=wraps, indent=1 + step) for step in range(steps + 1)]
            sheet.set_column(
                position, position, field.width + 2 * steps, None, {"hidden": True} if field.hidden else {}
            )
            body.add(letters(position), field.heading, field.cells, looks, self._header_look(field.kind))
        sheet.body = body
        if fields:
            self._table(sheet, name, frame, fields)
            self._colours(sheet, fields, len(frame))
            for row, column, target in links:
                sheet.write_url(row, column, f"internal:'{target}'!A1", self.format(font_color="#0563C1", underline=1))
        if levels is not None:
            sheet.outline_settings(symbols_below=False)
        # The frozen columns must leave room for the others on a laptop's screen.
        named = [place for place, field in enumerate(fields[:3]) if field.name == "name"]
        sheet.freeze_panes(1, named[0] + 1 if named and _reader_columns.is_ours(frame) else 0)
        return body.cut

    def _fields(self, frame: pd.DataFrame, only: Sequence[str] | None, widest: int, *, by_day: bool) -> list[_Field]:
        flattened = fit.flat(frame)
        flattened.attrs = frame.attrs
        ours = _reader_columns.is_ours(frame) and flattened.columns.is_unique
        order = list(range(flattened.shape[1]))
        if ours:  # a reader's order, then the ids
            seen = {name: place for place, name in enumerate(_reader_columns.ordered(flattened))}
            order.sort(key=lambda place: seen.get(flattened.columns[place], len(seen)))
        names = [flattened.columns[place] for place in order]
        columns: list[pd.Series[Any]] = [flattened.iloc[:, place] for place in order]
        # A frame from elsewhere keeps its own names and values.
        words = [label(name) if ours else str(name) for name in names]
        headings = distinct(_heading(word, column, self.zone) for word, column in zip(words, columns, strict=True))
        fields = []
        for name, heading, column in zip(names, headings, columns, strict=True):
            values = fit.cells(column, self.zone)
            if ours:
                values = fit.in_words(values)
            empty = len(frame) > 0 and all(value is None for value in values)
            hide = (ours and (_reader_columns.is_id(name) or empty)) or (only is not None and name not in only)
            kind = _kind(name, column, values, by_day=by_day, ours=ours)
            fields.append(_Field(name, heading, values, kind, _width(heading, values, kind, widest), hide))
        return fields

    def _look(self, kind: Kind, *, wraps: bool, indent: int = 1) -> Look:
        shape: dict[str, Any] = {"valign": "top"} | ({"text_wrap": True} if wraps else {})
        left = {"align": "left", "indent": indent}
        number = {} if kind == "text" else {"num_format": _FORMATS[kind]}
        return self._numbers(shape | left, shape | number | (left if kind in ("day", "minute") else {}))

    def _header_look(self, kind: Kind) -> Look:
        look = self.heading() | (
            {"align": "left", "indent": 1} if kind in ("text", "day", "minute") else {"align": "right"}
        )
        return self._numbers(look, look)

    def _numbers(self, text: dict[str, Any], number: dict[str, Any]) -> Look:
        looks = (self.format(**text), self.format(**text, quote_prefix=True), self.format(**number))
        # The number of a format in the file, which XlsxWriter gives when a cell is written.
        return Look(*(look._get_xf_index() for look in looks))  # noqa: SLF001

    def _table(self, sheet: Any, name: str, frame: pd.DataFrame, fields: list[_Field]) -> None:
        """Make the rows a named table, with a row of totals where there is something to add up."""
        rows, last = len(frame), len(fields) - 1
        looked_for = _reader_columns.FIRST.get(_reader_columns.kind(frame), ())
        printed, width = 0, 0.0
        for position, field in enumerate(fields):
            width += 0 if field.hidden else field.width
            if width <= _PRINTED_WIDTH or not printed or field.name in looked_for:
                printed = position
        if not rows:
            sheet.write_string(0, last, "")  # so that XlsxWriter takes the sheet for one with data
            return
        added = [name for name in _ADDED.get(_reader_columns.kind(frame), ()) if name in frame]
        columns: list[dict[str, Any]] = []
        for position, field in enumerate(fields):
            column: dict[str, Any] = {"header": field.heading}
            if added and field.name in added:
                # The value is stored beside the formula, for readers that do not compute (pandas, previews of mail
                # programs).
                total = sum(value for value in field.cells if isinstance(value, int | float))
                column |= {"total_function": "sum", "total_value": total, "format": None}
            elif added and position == 0:
                column["total_string"] = "Total"
            columns.append(column)
        sheet.add_table(
            0,
            0,
            rows + bool(added),
            last,
            {
                # Excel's names begin with a letter or "_" and may not look like a cell ("A1"), hence the ending.
                "name": re.sub(r"\W", "_", f"_{name}" if not name[:1].isalpha() else name) + "_table",
                "style": "Table Style Light 1",
                "columns": columns,
                "total_row": bool(added),
            },
        )
        sheet.print_area(0, 0, rows + bool(added), printed)

    def _colours(self, sheet: Any, fields: list[_Field], rows: int) -> None:
        """Colour what is late, critical or has failed, by rules that still apply when the figures are edited."""
        red = self.format(font_color="#9C0006", bg_color="#FFC7CE")
        amber = self.format(font_color="#7F6000", bg_color="#FFEB9C")
        green = self.format(font_color="#006100", bg_color="#C6EFCE")
        summary = next((place for place, field in enumerate(fields) if field.name == "is_wbs"), None)
        if summary is not None:
            rule = {"type": "formula", "criteria": f'=${letters(summary)}2="yes"', "format": self.format(bold=True)}
            sheet.conditional_format(1, 0, max(rows, 1), len(fields) - 1, rule)
        for position, field in enumerate(fields):
            name = str(field.name)
            rules: list[dict[str, Any]] = []
            if name in ("total_float_days", "free_float_days"):
                rules = [_below(red)]
            elif name == "is_critical":
                rules = [_equal("yes", red)]
            elif name == "verdict":
                rules = [_equal("fail", red), _equal("pass", green)]
            elif field.kind == "measure" and re.search(r"late_|variance|slip", name):
                rules = [_above(amber)]
            for rule in rules:
                sheet.conditional_format(1, position, max(rows, 1), position, rule)

    def close(self) -> None:
        """Write the file.

        Raises
        ------
        OSError
            The disk is full, or the file cannot be written.
        """
        exceptions = need("xlsxwriter.exceptions", extra="excel")
        try:
            self.book.close()
        except exceptions.FileCreateError as error:  # wraps the OSError, and is none itself
            raise error.args[0] from None


def _heading(text: str, column: pd.Series[Any], zone: str) -> str:
    """Return a heading that a named table can have: one line, not empty; the zone of dates where it is not UTC."""
    text = " ".join(UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text).split()) or "Column"
    if pd.api.types.is_timedelta64_dtype(column.dtype):
        text += " (hours)"
    elif zone != "UTC" and fit.has_zone(column):
        text += f" ({zone})"
    return fit.shortened(text, _HEADING)


def _kind(name: object, column: pd.Series[Any], values: list[fit.Cell], *, by_day: bool, ours: bool) -> Kind:
    text = str(name)
    dates = [value for value in values if isinstance(value, dt.datetime)]
    if dates:
        return "day" if by_day or all(value.time() == dt.time() for value in dates) else "minute"
    if not any(isinstance(value, int | float) for value in values):
        return "text"
    if pd.api.types.is_bool_dtype(column.dtype):
        return "text"
    if text == "share" or "percent" in text.split("_"):
        return "percent"
    if text in _reader_columns.RATIOS:
        return "ratio"
    if pd.api.types.is_integer_dtype(column.dtype):
        return "count" if ours else "number"
    return "measure" if ours or text.endswith(("_days", "_hours")) else "number"


def _width(heading: str, values: list[fit.Cell], kind: Kind, widest: int) -> float:
    """Return the characters that show most values, and the heading in two or three lines."""
    word = max(map(len, heading.split()))
    if kind in ("day", "minute"):
        return float(max(len(_FORMATS[kind]) + 2, min(word, 18) + 2))
    sample = [value for value in values[:_WIDTH_SAMPLE] if value is not None]
    # The 95th percentile: one long comment must not push all other columns off the page.
    lengths = sorted(len(f"{value:,.1f}" if isinstance(value, float) else str(value)) for value in sample)
    common = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    if kind == "text":  # a word is not broken
        word = max(word, min(18, max((len(part) for value in sample for part in str(value).split()), default=0)))
    return float(min(max(8, word + 4, len(heading) // 3 + 2, common + 2), widest))


def _levels(frame: pd.DataFrame) -> list[int] | None:
    """Return outline levels of rows in the order of their WBS, each below what it is part of."""
    column = next((name for name in ("level", "wbs_level") if name in frame.columns), None)
    if column is None or not _reader_columns.is_ours(frame) or not pd.api.types.is_integer_dtype(frame[column].dtype):
        return None
    levels = frame[column].fillna(1).astype(int).to_numpy() - 1
    if not len(levels) or levels[0] != 0 or (levels[1:] - levels[:-1] > 1).any():
        return None
    return [min(int(level), _MAX_LEVEL) for level in levels]


def _lines(fields: list[_Field], *, wraps: bool) -> list[int]:
    """Return how many lines the header and, where texts are wrapped, each row need."""
    shown = [field for field in fields if not field.hidden]
    lines = [max((lines_of(field.heading, field.width - 2) for field in shown), default=1)]
    if not wraps:
        return lines
    wide = [
        field
        for field in shown
        if field.kind == "text" and max((len(str(text or "")) for text in field.cells), default=0) > field.width - 2
    ]
    rows = len(fields[0].cells) if fields else 0
    return lines + [
        max((lines_of(str(field.cells[row] or ""), field.width) for field in wide), default=1) for row in range(rows)
    ]


def lines_of(text: str, width: float) -> int:
    """Return the lines that a text takes in a column so many characters wide, whole words in each."""
    holds = max(int(width * _LETTERS), 1)
    if len(text) <= holds and "\n" not in text:
        return 1
    return sum(max(1, len(textwrap.wrap(line, holds))) for line in text.splitlines())


def letters(position: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    made = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        made = chr(ord("A") + rest) + made
    return made


def _in_header(text: str) -> str:
    """Escape what a page header takes for a code; it holds 255 characters in all."""
    # "&" begins a code in headers; two such texts and the codes stay below the 255.
    return " ".join(UNREADABLE.sub("", text).split())[:90].replace("&", "&&")


def _below(look: Any) -> dict[str, Any]:
    return {"type": "cell", "criteria": "<", "value": 0, "format": look}


def _above(look: Any) -> dict[str, Any]:
    # Empty cells count as 0 and stay as they are.
    return {"type": "cell", "criteria": ">", "value": 0, "format": look}


def _equal(word: str, look: Any) -> dict[str, Any]:
    return {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
