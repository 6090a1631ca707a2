"""The rows of a large sheet as XML, a column at a time.

XlsxWriter makes several calls for each cell, which is a minute for 200,000 tasks. Here a cell is one formatted text,
written between the rows that XlsxWriter writes itself. What a sheet is otherwise made of stays with the library.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from bentley_nb.export import sheets as fit

# What a spreadsheet takes for a formula when someone edits the cell or saves it as CSV (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[=+\-@\t\r]")
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Texts that need escaping, marking or cutting. "_x000D_" is how Excel writes a control character.
_SPECIAL = re.compile(r"[&<>\r\n\t\x00-\x1f\ud800-\udfff\ufffe\uffff]|^[=+\-@\s]|\s$|_x[0-9A-Fa-f]{4}_")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LINE = 15.0  # points of a line of text
_DAY_ZERO = dt.date(1899, 12, 30).toordinal()


class Look(NamedTuple):
    """Style numbers of a column: of text, of text that would be a formula, and of numbers and dates."""

    text: int
    quoted: int
    number: int


class Body:
    """The header and the rows of a sheet, from its first row on, and how many texts had to be cut."""

    def __init__(self, levels: Sequence[int] | None = None, lines: Sequence[int] | None = None) -> None:
        self.cut = 0
        self._levels = None if levels is None else [0, *levels]
        self._lines = lines  # of each row, the header first; LibreOffice fits no height to wrapped text by itself
        self._columns: list[list[str]] = []

    def add(self, letters: str, heading: str, values: Sequence[fit.Cell], looks: Sequence[Look], header: Look) -> None:
        """Add the next column, its heading in the first row, in one look or in one for each level of the outline."""
        texts = [f'" s="{look.text}" t="inlineStr"><is><t>' for look in looks]
        number = f'" s="{looks[0].number}"><v>'
        levels = self._levels[1:] if self._levels is not None and len(looks) > 1 else repeat(0)
        made = [self._special(f"{letters}1", heading, header)]
        for row, (value, level) in enumerate(zip(values, levels, strict=False), start=2):
            if value is None:
                made.append("")
            elif isinstance(value, str):
                if _SPECIAL.search(value) or len(value) > fit.MAX_TEXT // 2:
                    made.append(self._special(f"{letters}{row}", value, looks[level]))
                else:
                    made.append(f'<c r="{letters}{row}{texts[level]}{value}</t></is></c>')
            elif isinstance(value, dt.datetime):
                made.append(f'<c r="{letters}{row}{number}{serial(value)}</v></c>')
            elif isinstance(value, bool):
                made.append(f'<c r="{letters}{row}" s="{looks[0].text}" t="b"><v>{value:d}</v></c>')
            else:
                made.append(f'<c r="{letters}{row}{number}{value!r}</v></c>')
        self._columns.append(made)

    def _special(self, place: str, value: str, look: Look) -> str:
        style = look.quoted if _FORMULA.match(value) else look.text
        clean = readable(value)
        if len(clean.encode("utf-16-le")) > 2 * fit.MAX_TEXT:
            clean = fit.shortened(clean, fit.MAX_TEXT - len(fit.CUT_MARK)) + fit.CUT_MARK
            self.cut += 1
        escaped = _ESCAPE.sub("_x005F_", clean).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'

    def __len__(self) -> int:
        return len(self._columns[0]) if self._columns else 0

    def __iter__(self) -> Iterator[str]:
        """Yield the rows as XML."""
        for number, cells in enumerate(zip(*self._columns, strict=True)):
            level = self._levels[number] if self._levels is not None else 0
            outline = f' outlineLevel="{level}"' if level else ""
            lines = self._lines[number] if self._lines is not None and number < len(self._lines) else 1
            height = f' ht="{lines * LINE:g}" customHeight="1"' if lines > 1 else ""
            yield f'<row r="{number + 1}"{outline}{height}>{"".join(cells)}</row>'


def readable(text: str) -> str:
    r"""Return a text as a cell can hold it; line breaks of Windows would be read back as ``_x000D_``.

    Examples
    --------
    >>> from bentley_nb.export._sheet_rows import readable
    >>> readable("first\r\nsecond")
    'first\nsecond'
    """
    return UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def serial(value: dt.datetime) -> float:
    """Return a date as the days that Excel counts."""
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return value.toordinal() - _DAY_ZERO + seconds / 86_400


def sheet_class(worksheet: type[Any]) -> type[Any]:
    """Return XlsxWriter's worksheet with a place for a body, which `add_worksheet` takes as ``worksheet_class``."""

    class WithBody(worksheet):  # XlsxWriter is imported on use
        body: Body | None = None

        def _write_rows(self) -> None:
            # XlsxWriter's own hook: it writes the rows from dim_rowmin to dim_rowmax to self.fh.
            body = self.body
            if not body:
                super()._write_rows()
                return
            self.fh.writelines(body)
            self.dim_rowmin = len(body)  # below it XlsxWriter has the totals
            super()._write_rows()

    return WithBody
