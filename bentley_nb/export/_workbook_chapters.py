"""The workbook of a schedule: the chapters of its report, a sheet each, with native charts and a summary in front."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bentley_nb import reports
from bentley_nb.charts.health import check_words
from bentley_nb.export import _reader_columns
from bentley_nb.export import sheets as fit
from bentley_nb.export._chapters import Chapters
from bentley_nb.export._day_grid import day_grid
from bentley_nb.export._sheet_rows import LINE, serial
from bentley_nb.export._workbook import Workbook, lines_of
from bentley_nb.export.html_table import day
from bentley_nb.frames.labels import distinct
from bentley_nb.frames.wide import add_user_fields
from bentley_nb.reports.basis.nullable import looked_up
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.look_ahead import with_codes
from bentley_nb.reports.scorecard import made_or_why
from bentley_nb.reports.total_float import remaining_days

_RESOURCES = 7  # series that a stacked chart still tells apart; the rest is one more
_BLUE, _ORANGE, _GREY, _RED = "#1F5FA8", "#C55A11", "#7F7F7F", "#B3261E"
_GRID = {"visible": True, "line": {"color": "#D9D9D9"}}
# Of these only what a reader looks at is shown; their figures are in hidden columns.
_NARROWED = ("s_curve", "health", "health_details", "float_distribution")
_COLOURS = (_BLUE, _ORANGE, "#548235", "#7030A0", "#BF9000", "#2E8B8B", _RED, _GREY)


USER_FIELDS = ("user_fields", "task_user_field_values")


def write_chapters(workbook: Workbook, chapters: Chapters, tasks: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, int]]:
    """Write all sheets of a schedule and return the frame of each, with how many texts of it had to be cut."""
    made: dict[str, pd.DataFrame] = {}
    missing: dict[str, str] = {}
    for chapter in chapters.in_order():
        found = chapters.made[chapter.name]
        if isinstance(found, str):
            missing[chapter.heading] = found
        else:
            made[chapter.heading] = found
    for heading, make in (
        (_progress(chapters), lambda: reports.progress(chapters.tables, by=chapters.group or "wbs")),
        ("Resources by week", lambda: _by_resource(reports.resource_histogram(chapters.tables, zone=chapters.zone))),
    ):
        found = made_or_why(make)
        if isinstance(found, str) or found.empty:
            missing[heading] = found if isinstance(found, str) else "There is nothing to show."
        else:
            made[heading] = found
    offenders = {check_words(check): listed for check, listed in chapters.offenders()}
    frames = made | offenders | {"Tasks": tasks}
    sheets = dict(zip(frames, fit.sheet_names(["Summary", *frames])[1:], strict=True))
    facts = f"Data date {day(chapters.tables.data_date, chapters.zone) or 'unknown'}"

    _summary(workbook, chapters, sheets, missing, facts)
    written: dict[str, tuple[pd.DataFrame, int]] = {}
    for heading, frame in frames.items():
        name, title = sheets[heading], f"{chapters.title}: {heading}"
        kind = _reader_columns.kind(frame)
        if kind == "look_ahead":
            day_grid(workbook, name, frame, chapters, title, facts)
            written[name] = (frame, 0)
            continue
        links: list[tuple[int, int, str]] = []
        shown = _reader_columns.for_readers(frame)
        shown.attrs = frame.attrs
        only = _reader_columns.FIRST.get(kind) if kind in _NARROWED else None
        if kind == "health":
            links = _links(frame, {check: sheets[check] for check in offenders})
        cut = workbook.frame(name, shown, title=title, facts=facts, only=only, links=links, as_report=True)
        sheet = workbook.book.get_worksheet_by_name(name)
        if kind == "s_curve" and len(frame):
            _curve_chart(workbook, sheet, name, frame)
        elif kind == "float_distribution" and len(frame):
            _float_chart(workbook, sheet, name, len(frame))
        elif heading == "Resources by week":
            _resource_chart(workbook, sheet, name, shown)
        written[name] = (frame, cut)
    return written


def _summary(
    workbook: Workbook, chapters: Chapters, sheets: dict[str, str], missing: dict[str, str], facts: str
) -> None:
    """Write the first sheet: what a reader asks first, the way to each sheet, and what could not be made."""
    sheet = workbook.sheet("Summary", chapters.title, facts, repeat=0)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 52)
    sheet.set_column(2, 2, 3)
    sheet.set_column(3, 3, 74)
    workbook.text(sheet, 0, 0, chapters.title, bold=True, font_size=18)
    workbook.text(sheet, 1, 0, facts, font_color="#595959")
    row = 3
    for what, words in chapters.facts():
        line = {"bottom": 1, "bottom_color": "#D9D9D9", "valign": "top"}
        workbook.text(sheet, row, 0, what, font_color="#595959", **line)
        workbook.text(sheet, row, 1, words, bold=True, text_wrap=True, **line)
        sheet.set_row(row, 4 + LINE * lines_of(words, 46))
        row += 1
    row += 1
    workbook.text(sheet, row, 0, "Sheets", **workbook.heading())
    workbook.text(sheet, row, 1, "", **workbook.heading())
    link = workbook.format(font_color="#0563C1", underline=1)
    for heading, name in sheets.items():
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", link, heading)
    for heading, why in missing.items():
        row += 1
        workbook.text(sheet, row, 0, heading, font_color="#595959", valign="top")
        workbook.text(sheet, row, 1, why, text_wrap=True, font_color="#595959")
        sheet.set_row(row, LINE * lines_of(why, 50))
    curve = chapters.made["s_curve"]
    if isinstance(curve, pd.DataFrame) and len(curve) and "S-curve" in sheets:
        sheet.insert_chart(3, 3, _curve(workbook, sheets["S-curve"], curve, (520, 340)))
    note = row + 2
    for said in chapters.scorecard.attrs["notes"]:
        workbook.text(sheet, note, 0, said, font_color="#595959", font_size=9)
        note += 1
    sheet.print_area(0, 0, note, 3)


def _links(health: pd.DataFrame, offenders: dict[str, str]) -> list[tuple[int, int, str]]:
    """Return the cells of failed checks with the sheets that list what they object to."""
    column = _reader_columns.FIRST["health"].index("check")
    words = [check_words(check) for check in health["check"]]
    return [(row, column, offenders[check]) for row, check in enumerate(words, start=1) if check in offenders]


def all_tasks(chapters: Chapters, *, codes: bool | list[str], user_fields: bool | list[str]) -> pd.DataFrame:
    """Return the tasks as served in the order of the outline, each row below the one it is part of.

    Columns of the codes and user fields come first among those a reader does not look for first.
    """
    tables = chapters.outline
    tasks, tree = tables.tasks, tables.wbs
    made = tasks.assign(
        planned_finish=tasks["planned_finish"].mask(pd.Series(tables.worked_out, index=tasks.index)),
        remaining_days=remaining_days(tables),
        wbs_path=tree.paths() if chapters.group is None else looked_up(tasks["id"], *_paths(chapters.tables)),
        wbs_level=pd.array(tree.depth + 1, dtype="Int64"),
    )
    known = list(made.columns)
    made, notes = with_codes(tables, made, codes)
    if user_fields and not (user_fields is True and any(map(tables.why_missing, USER_FIELDS))):
        fields, values = map(tables.require, USER_FIELDS)
        made = add_user_fields(made, "task", fields, values, user_fields)
    made = made[[*(name for name in made.columns if name not in known), *known]]
    order = tree.outline(tasks)
    # Of a part also the rows above it.
    kept = tree.sum_up(tables.selected.astype(np.float64)) > 0
    made = made.iloc[order[kept[order]]].reset_index(drop=True)
    attrs = dict(chapters.tables.require("tasks").attrs)
    made.attrs = {"collection": "tasks"} | attrs | ({"notes": notes} if notes else {})
    return made


def _paths(tables: Tables) -> tuple[pd.Series[Any], pd.Series[Any]]:
    return tables.tasks["id"], tables.wbs.paths()


def _progress(chapters: Chapters) -> str:
    by = chapters.group or "WBS"
    return f"Progress by {by if isinstance(by, str) else by[-1]}"


def _by_resource(histogram: pd.DataFrame) -> pd.DataFrame:
    """Return a row per period and a column per resource, those with little added up as one."""
    totals = histogram.groupby("name", observed=True)["quantity"].sum().sort_values(ascending=False)
    kept = list(totals.index[:_RESOURCES])
    # A resource may be called "Other", or as the column of the weeks.
    week, *series, rest = distinct(["week_starting", *kept, "Other"])
    named = histogram["name"].map(dict(zip(kept, series, strict=True))).fillna(rest)
    wide = histogram.assign(name=named).pivot_table(
        index="period_start", columns="name", values="quantity", aggfunc="sum", observed=True
    )
    if wide.empty:
        return pd.DataFrame()
    columns = [name for name in (*series, rest) if name in wide.columns]
    made = wide[columns].astype("Float64").reset_index()
    made.columns = pd.Index([week, *columns])
    made.attrs = histogram.attrs | {"report": "resource_histogram"}
    return made


def _curve(workbook: Workbook, name: str, curve: pd.DataFrame, size: tuple[int, int]) -> Any:
    """Return the S-curve as a chart of its sheet's figures."""
    made, rows = workbook.book.add_chart({"type": "scatter", "subtype": "straight"}), len(curve)
    first, last = (serial(date.to_pydatetime()) for date in (curve["date"].min(), curve["date"].max()))
    for column, (title, colour, dash) in enumerate(
        (("Planned", _GREY, "dash"), ("Earned", _BLUE, "solid"), ("Forecast", _ORANGE, "round_dot")), start=1
    ):
        made.add_series(
            {
                "name": title,
                "categories": [name, 1, 0, rows, 0],
                "values": [name, 1, column, rows, column],
                "line": {"color": colour, "width": 2.25, "dash_type": dash},
                "marker": {"type": "none"},
            }
        )
    made.set_title({"name": "S-curve", "name_font": {"size": 12}})
    made.set_x_axis(
        {
            "num_format": "mmm yy",
            "num_font": {"rotation": -45},
            "major_gridlines": {"visible": False},
            "min": first,
            "max": last,
            "major_unit": max(30, round((last - first) / 12)),
        }
    )
    made.set_y_axis(
        {
            "min": 0,
            "max": 100,
            "num_format": '0" %"',
            "major_gridlines": _GRID,
        }
    )
    made.set_legend({"position": "bottom"})
    made.set_size({"width": size[0], "height": size[1]})
    return made


def _curve_chart(workbook: Workbook, sheet: Any, name: str, curve: pd.DataFrame) -> None:
    sheet.insert_chart("J2", _curve(workbook, name, curve, (760, 420)), {"object_position": 3})
    sheet.print_area(0, 0, max(len(curve), 24), 21)


def _float_chart(workbook: Workbook, sheet: Any, name: str, rows: int) -> None:
    made = workbook.book.add_chart({"type": "column"})
    made.add_series(
        {
            "name": "Tasks",
            "categories": [name, 1, 0, rows, 0],
            "values": [name, 1, 1, rows, 1],
            "fill": {"color": _BLUE},
            "gap": 40,
        }
    )
    made.set_title({"name": "Open tasks by total float (working days)", "name_font": {"size": 12}})
    made.set_legend({"none": True})
    made.set_y_axis({"major_gridlines": _GRID})
    made.set_size({"width": 640, "height": 360})
    sheet.insert_chart("H2", made, {"object_position": 3})
    sheet.print_area(0, 0, max(rows + 1, 22), 18)


def _resource_chart(workbook: Workbook, sheet: Any, name: str, frame: pd.DataFrame) -> None:
    made = workbook.book.add_chart({"type": "column", "subtype": "stacked"})
    rows, series = len(frame), frame.shape[1] - 1
    for column in range(1, series + 1):
        made.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, rows, 0],
                "values": [name, 1, column, rows, column],
                "fill": {"color": _COLOURS[(column - 1) % len(_COLOURS)]},
                "gap": 20,
            }
        )
    made.set_title({"name": "Resources by week", "name_font": {"size": 12}})
    made.set_x_axis(
        {
            "text_axis": True,
            "interval_unit": max(1, rows // 24),
            "num_format": "dd mmm yy",
            "num_font": {"rotation": -45},
        }
    )
    made.set_y_axis({"major_gridlines": _GRID})
    made.set_legend({"position": "bottom"})
    made.set_size({"width": 900, "height": 460})
    sheet.insert_chart(1, series + 2, made, {"object_position": 3})
    sheet.print_area(0, 0, max(rows, 26), series + 16)
