"""Frames to an Excel workbook: real dates in a named zone, text that stays text, and a sheet on where it came from."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from bentley_nb._extras import need
from bentley_nb._files import replaced
from bentley_nb._version import __version__
from bentley_nb.errors import InvalidRequest
from bentley_nb.export import sheets as fit
from bentley_nb.export.provenance import provenance
from bentley_nb.reports.basis.identity import chosen_zone

# What a spreadsheet takes for a formula when someone edits the cell or saves it as CSV (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[=+\-@\t\r]")
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTH_SAMPLE = 500
_MAX_WIDTH = 60

Write = Callable[[int, int, fit.Cell], None]


def to_excel(
    path: str | os.PathLike[str],
    sheets: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    zone: str | None = None,
) -> Path:
    """Write frames to an Excel workbook, one sheet each, ready to filter.

    Dates become real Excel dates in `zone` (Excel keeps no zone, so the heading names it), durations stay numbers of
    hours, missing values empty cells, lists text joined by "; ". Text is never made a formula or a link: what begins
    with ``= + - @`` is marked as text, so that it stays so when edited. The header row is frozen and filtered, and a
    last sheet "About" lists report, schedule, data date, time of fetching and notes of each sheet, as the frames'
    ``attrs`` tell them.

    The file is written beside the old one and takes its place at the end: a failure leaves the old one as it was.

    Parameters
    ----------
    path
        The ``.xlsx`` file to make; an existing one is replaced.
    sheets
        The frames by sheet name, or one frame. Names are cleaned of what Excel forbids, cut to 31 characters and kept
        apart.
    zone
        IANA name of the zone in which dates are shown, such as ``"Europe/London"``; by default that of
        ``bentley_nb.options.display_zone``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingExtra
        XlsxWriter is not installed.
    InvalidRequest
        No frame was given, one is too large for a sheet (1,048,575 rows, 16,384 columns), the zone is unknown, or the
        file cannot be written, for example because it is open in Excel.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "weekly.xlsx"
    >>> sheets = {"Tasks": s.tasks(), "Late": bn.reports.late(s)}
    >>> bn.export.to_excel(path, sheets, zone="Europe/London").name
    'weekly.xlsx'
    """
    xlsxwriter = need("xlsxwriter", extra="excel")
    zone = chosen_zone(zone)
    frames = _frames(sheets)
    names = fit.sheet_names([*frames, "About"])
    flattened = [fit.flat(frame) for frame in frames.values()]
    for name, frame in zip(frames, flattened, strict=True):
        fit.check_limits(name, frame)
    with replaced(path, suffix=".xlsx") as temporary:
        workbook = xlsxwriter.Workbook(str(temporary), {"constant_memory": True})
        try:
            writer = _Writer(workbook, zone)
            cut = {name: writer.frame(name, frame) for name, frame in zip(names[:-1], flattened, strict=True)}
            writer.frame(names[-1], _about(dict(zip(names, frames.values(), strict=False)), cut, zone), wrap=True)
            workbook.set_properties({"comments": f"Written by bentley-nb {__version__}"})
        finally:
            workbook.close()
    return Path(path)


class _Look(NamedTuple):
    """Formats of a text: as it is, and with the mark that keeps it text when someone edits it."""

    plain: Any
    quoted: Any


class _Writer:
    """Writes frames into one workbook, with its formats."""

    def __init__(self, workbook: Any, zone: str) -> None:
        self._workbook = workbook
        self._zone = zone
        self._heading = self._look(bold=True, bottom=1, bg_color="#E6EEF5", valign="top", text_wrap=True)
        self._body = self._look()
        self._wrapped = self._look(text_wrap=True, valign="top")
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._minute = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def _look(self, **properties: Any) -> _Look:
        add = self._workbook.add_format
        return _Look(add(properties), add(properties | {"quote_prefix": True}))

    def frame(self, name: str, frame: pd.DataFrame, *, wrap: bool = False) -> int:
        """Write one sheet and return how many texts had to be cut."""
        sheet = self._workbook.add_worksheet(name)
        columns = [frame.iloc[:, position] for position in range(frame.shape[1])]
        headings = [fit.header(label, column, self._zone) for label, column in zip(frame.columns, columns, strict=True)]
        contents = [fit.cells(column, self._zone) for column in columns]
        formats = [self._date_format(values) for values in contents]
        look = self._wrapped if wrap else self._body
        for position, (heading, values) in enumerate(zip(headings, contents, strict=True)):
            sheet.set_column(position, position, _width(heading, values), look.plain if wrap else None)
            self._text(sheet, 0, position, heading, self._heading)
        cut = 0
        for row, items in enumerate(zip(*contents, strict=True), start=1):
            for position, value in enumerate(items):
                if value is None:
                    continue
                if isinstance(value, str):
                    cut += self._text(sheet, row, position, value, look)
                elif isinstance(value, bool):
                    sheet.write_boolean(row, position, value)
                elif isinstance(value, dt.datetime):
                    sheet.write_datetime(row, position, value, formats[position])
                else:
                    sheet.write_number(row, position, value)
        sheet.freeze_panes(1, 0)
        if columns:
            sheet.autofilter(0, 0, len(frame), len(columns) - 1)
        return cut

    def _date_format(self, values: list[fit.Cell]) -> Any:
        dates = (value for value in values if isinstance(value, dt.datetime))
        return self._day if all(value.time() == dt.time() for value in dates) else self._minute

    def _text(self, sheet: Any, row: int, position: int, text: str, look: _Look) -> bool:
        """Write a text as text, and say whether it had to be cut."""
        text = _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)
        cut = len(text) > fit.MAX_TEXT // 2 and len(text.encode("utf-16-le")) > 2 * fit.MAX_TEXT
        if cut:
            text = fit.shortened(text, fit.MAX_TEXT - len(fit.CUT_MARK)) + fit.CUT_MARK
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter takes such a text for finished XML and would break the file; as two pieces it is escaped.
            sheet.write_rich_string(row, position, self._body.plain, "<", self._body.plain, text[1:], look.plain)
        else:
            sheet.write_string(row, position, text, look.quoted if _FORMULA.match(text) else look.plain)
        return cut


def _frames(sheets: pd.DataFrame | Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    if isinstance(sheets, pd.DataFrame):
        return {str(sheets.attrs.get("report") or sheets.attrs.get("collection") or "Data"): sheets}
    if not isinstance(sheets, Mapping):
        raise InvalidRequest(
            f"to_excel takes a DataFrame or a mapping of sheet names to DataFrames, not {type(sheets).__name__}.",
            hint='For example: to_excel("weekly.xlsx", {"Tasks": s.tasks(), "Late": s.late()}).',
        )
    if not sheets:
        raise InvalidRequest(
            "There is no frame to write.", hint='For example: to_excel("weekly.xlsx", {"Tasks": s.tasks()}).'
        )
    for name, frame in sheets.items():
        if not isinstance(frame, pd.DataFrame):
            raise InvalidRequest(f"The sheet {name!r} is not a DataFrame but {type(frame).__name__}.")
    return dict(sheets)


def _width(heading: str, values: list[fit.Cell]) -> float:
    """Characters that show the heading and most values."""
    sample = values[:_WIDTH_SAMPLE]
    lengths = sorted(16 if isinstance(value, dt.datetime) else len(str(value)) for value in sample if value is not None)
    common = lengths[int(0.95 * (len(lengths) - 1))] if lengths else 0
    return float(min(max(8, len(heading) + 3, common + 1), _MAX_WIDTH))


def _about(frames: Mapping[str, pd.DataFrame], cut: Mapping[str, int], zone: str) -> pd.DataFrame:
    """One row per fact about each sheet."""
    rows = [("(workbook)", "Dates are shown in", zone)]
    rows.append(("(workbook)", "Written", f"{pd.Timestamp.now('UTC'):%Y-%m-%d %H:%M} UTC by bentley-nb {__version__}"))
    for name, frame in frames.items():
        rows.extend((name, what, value) for what, value in provenance(frame))
        if cut.get(name):
            rows.append((name, "Note", f"{cut[name]} texts longer than {fit.MAX_TEXT:,} characters were cut."))
    return pd.DataFrame(rows, columns=["Sheet", "What", "Value"], dtype="string")
