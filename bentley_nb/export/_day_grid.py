"""The look-ahead as superintendents know it: the tasks of the weeks on the left, a bar over their days on the right.

The bars are rules on the dates beside them, so they move when someone edits a date.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.export import _reader_columns
from bentley_nb.export._chapters import Chapters
from bentley_nb.export._sheet_rows import LINE
from bentley_nb.export._workbook import Workbook, letters, lines_of
from bentley_nb.export.sheets import cells, in_words
from bentley_nb.reports.basis.dates import midnights
from bentley_nb.reports.basis.identity import read_zone
from bentley_nb.reports.basis.nullable import looked_up
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.total_float import remaining_days

# Heading, width, and the column of the look-ahead.
_HEADINGS = (
    ("Id", 12, "user_defined_id"),
    ("Task", 44, "name"),
    ("Start", 11, "start"),
    ("Finish", 11, "finish"),
    ("%", 6, "percent_complete"),
    ("Left (days)", 7, "remaining_days"),
    ("Float (days)", 7, "total_float_days"),
    ("Critical", 7, "is_critical"),
    ("Resources", 34, "resources"),
)
_START, _FINISH, _PERCENT = 2, 3, 4
_CRITICAL = 7
_WRAPPED = (1, 8)
_FIRST_DAY = len(_HEADINGS)
_TOP = 3  # header rows: weeks, weekdays, days
_DIAMOND = "\N{BLACK DIAMOND}"


def day_grid(workbook: Workbook, name: str, ahead: pd.DataFrame, chapters: Chapters, title: str, facts: str) -> None:
    """Write the sheet of a look-ahead."""
    sheet = workbook.sheet(name, title, facts, repeat=_TOP)
    days = _days(ahead, chapters.zone)
    if not len(days):
        workbook.text(sheet, 0, 0, "No work is planned in these weeks.")
        return
    _head(workbook, sheet, days, _idle_days(chapters.tables, days, chapters.zone))
    row = _rows(workbook, sheet, _reader_columns.for_readers(_placed(ahead, chapters.outline)), days, chapters.zone)
    if row > _TOP:
        _bars(workbook, sheet, row - 1, len(days))
    legend = (
        f"A bar runs from start to finish, red where critical; {_DIAMOND} is a key date. "
        "Grey days are not worked in the calendar of most tasks."
    )
    workbook.text(sheet, row + 1, 1, legend, font_size=9, font_color="#595959")
    sheet.freeze_panes(_TOP, 2)
    sheet.outline_settings(symbols_below=False)
    sheet.print_area(0, 0, row + 1, _FIRST_DAY + len(days) - 1)


def _placed(ahead: pd.DataFrame, outline: Tables) -> pd.DataFrame:
    """Return the tasks with the path to them in the outline, and the days of work that are left of each."""
    ids = outline.tasks["id"]
    return ahead.assign(
        wbs_path=looked_up(ahead["id"], ids, outline.wbs.paths()),
        remaining_days=looked_up(ahead["id"], ids, remaining_days(outline)),
    )


def _days(ahead: pd.DataFrame, zone: str) -> pd.DatetimeIndex:
    """Return the days of the window, without zone, in whole weeks from the day it begins."""
    window = ahead.attrs["facts"]
    if not window.get("window_start"):
        return pd.DatetimeIndex([])
    first = pd.Timestamp(window["window_start"]).tz_convert(zone).tz_localize(None).normalize()
    return pd.date_range(first, periods=7 * int(window["weeks"]), freq="D")


def _idle_days(tables: Tables, days: pd.DatetimeIndex, zone: str) -> Any:
    """Return a mask of the days on which the calendar of most tasks has no working time."""
    calendars = tables.tasks["calendar_id"].dropna()
    calendar = calendars.mode().iloc[0] if len(calendars) else None
    edges = midnights(pd.date_range(days[0], periods=len(days) + 1, freq="D"), read_zone(zone))
    hours = tables.working_time.working_hours(
        pd.Series(edges[:-1]), pd.Series(edges[1:]), pd.Series([calendar] * len(days), dtype="string")
    )
    return np.nan_to_num(np.asarray(hours, dtype=float), nan=1.0) == 0


def _head(workbook: Workbook, sheet: Any, days: pd.DatetimeIndex, idle: Any) -> None:
    look = workbook.heading()
    for column, (heading, width, _) in enumerate(_HEADINGS):
        sheet.set_column(column, column, width)
        sheet.merge_range(0, column, _TOP - 1, column, heading, workbook.format(**look))
    sheet.set_column(_FIRST_DAY, _FIRST_DAY + len(days) - 1, 2.9)
    centred = look | {"align": "center", "font_size": 9, "text_wrap": False}
    for week in range(0, len(days), 7):
        column = _FIRST_DAY + week
        words = f"Week from {days[week]:%d %b %Y}"
        sheet.merge_range(0, column, 0, column + 6, words, workbook.format(**centred, left=1))
    for place, (day, rests) in enumerate(zip(days, idle, strict=True)):
        column = _FIRST_DAY + place
        edge = centred | ({"left": 1} if place % 7 == 0 else {}) | ({"font_color": "#8C8C8C"} if rests else {})
        sheet.write_string(1, column, f"{day:%a}"[:2], workbook.format(**edge | {"bottom": 0}))
        sheet.write_datetime(2, column, day.to_pydatetime(), workbook.format(**edge, num_format="d"))
        shade: dict[str, Any] = {"bg_color": "#EDEDED"} if rests else {}
        monday: dict[str, Any] = {"left": 1, "left_color": "#BFBFBF"} if place % 7 == 0 else {}
        sheet.set_column(column, column, 2.9, workbook.format(**shade, **monday))


def _rows(workbook: Workbook, sheet: Any, ahead: pd.DataFrame, days: pd.DatetimeIndex, zone: str) -> int:
    """Write the tasks below the part of the WBS they belong to, and return the row after the last."""
    places = ahead["wbs_path"].fillna("").astype(str) if "wbs_path" in ahead else pd.Series("", index=ahead.index)
    columns = [in_words(cells(ahead[name], zone)) for _, _, name in _HEADINGS]
    key_date = ahead["type"].isin(["StartKeyDate", "FinishKeyDate"]).to_numpy(dtype=bool)
    row = _TOP
    for place in places.drop_duplicates():
        if place:
            band = {"bold": True, "bg_color": "#F2F2F2"}
            workbook.text(sheet, row, 0, place, **band)
            for column in range(1, _FIRST_DAY):
                sheet.write_blank(row, column, None, workbook.format(**band))
            row += 1
        for number in np.flatnonzero((places == place).to_numpy()):
            for column, values in enumerate(columns):
                _cell(workbook, sheet, row, column, values[number])
            if key_date[number]:
                _diamond(workbook, sheet, row, [columns[_START][number], columns[_FINISH][number]], days)
            lines = max(lines_of(str(columns[column][number] or ""), _HEADINGS[column][1]) for column in _WRAPPED)
            sheet.set_row(row, LINE * lines, None, {"level": 1} if place else {})
            row += 1
    return row


def _cell(workbook: Workbook, sheet: Any, row: int, column: int, value: Any) -> None:
    line = {"bottom": 4, "bottom_color": "#BFBFBF", "valign": "top"}
    if value is None:
        sheet.write_blank(row, column, None, workbook.format(**line))
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value, workbook.format(**line, num_format="dd mmm yy", align="left"))
    elif isinstance(value, str):
        workbook.text(sheet, row, column, value, **line, text_wrap=True, align="left", indent=1)
    else:
        sheet.write_number(row, column, value, workbook.format(**line, num_format="0" if column == _PERCENT else "0.0"))


def _diamond(workbook: Workbook, sheet: Any, row: int, dates: list[Any], days: pd.DatetimeIndex) -> None:
    for date in dates:
        if date is not None:
            place = (pd.Timestamp(date).normalize() - days[0]).days
            if 0 <= place < len(days):
                workbook.text(sheet, row, _FIRST_DAY + place, _DIAMOND, align="center", font_color="#1F5FA8")
                return


def _bars(workbook: Workbook, sheet: Any, last: int, days: int) -> None:
    """Fill the days from start to finish; a date that is missing ends no bar."""
    # Rules are relative to the first cell of their range.
    day, start, finish, critical_cell = (
        f"{letters(_FIRST_DAY)}${_TOP}",
        *(f"${letters(column)}{_TOP + 1}" for column in (_START, _FINISH, _CRITICAL)),
    )
    bar = f"AND(ISNUMBER({start}),ISNUMBER({finish}),{day}>=INT({start}),{day}<=INT({finish}))"
    area = (_TOP, _FIRST_DAY, last, _FIRST_DAY + days - 1)
    critical = workbook.format(bg_color="#C0504D", font_color="#C0504D")
    other = workbook.format(bg_color="#4F81BD", font_color="#4F81BD")
    sheet.conditional_format(
        *area,
        {"type": "formula", "criteria": f'=AND({critical_cell}="yes",{bar})', "format": critical, "stop_if_true": True},
    )
    sheet.conditional_format(*area, {"type": "formula", "criteria": f"={bar}", "format": other})
