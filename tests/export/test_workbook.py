"""The workbook of a schedule, as openpyxl reads it and as LibreOffice prints it."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.errors import InvalidRequest
from bentley_nb.export import to_excel
from bentley_nb.export._workbook_chapters import _by_resource
from bentley_nb.reports.basis.tables import Tables
from tests.charts import plan

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, demo_client: bn.Client) -> Path:
    """The workbook of the demo's schedule."""
    from bentley_nb.sandbox.running import demo_sandbox

    return to_excel(tmp_path_factory.mktemp("week") / "week.xlsx", demo_client.schedule(demo_sandbox().schedule_id))


@pytest.fixture(scope="module")
def book(week: Path) -> Any:
    return openpyxl.load_workbook(week)


def visible(sheet: Any) -> list[str]:
    """Letters of the columns that are not hidden."""
    hidden = set()
    for letter, shape in sheet.column_dimensions.items():
        if shape.hidden:
            first, last = shape.min or 0, shape.max or 0
            hidden |= {openpyxl.utils.get_column_letter(place) for place in range(first, last + 1)} or {letter}
    return [cell.column_letter for cell in sheet[1] if cell.column_letter not in hidden]


def test_chapters_are_those_of_the_html_report(book: Any) -> None:
    assert book.sheetnames[:9] == [
        "Summary", "Key dates", "Look-ahead, 3 weeks", "Late work", "Critical work", "S-curve", "Float", "Health",
        "Progress by WBS",
    ]  # fmt: skip
    assert book.sheetnames[-2:] == ["Tasks", "About"]


def test_the_summary_says_what_a_reader_asks_first_and_leads_to_every_sheet(book: Any) -> None:
    sheet = book["Summary"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    assert said["Completion"] == "19 Oct 2025 (Handover to client)"
    assert said["Against baseline"] == "43.8 calendar days late (05 Sep 2025)"
    assert said["SPI"] == "0.88"
    targets = {cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert targets == {f"'{name}'!A1" for name in book.sheetnames[1:-1]}
    assert len(sheet._charts) == 1


def test_ids_stand_hidden_at_the_end_and_headings_are_labels(book: Any) -> None:
    sheet = book["Tasks"]
    shown = visible(sheet)
    headings = [sheet[f"{letter}1"].value for letter in shown]
    assert headings[:4] == ["Name", "Id", "WBS", "Status"]
    assert "Planned duration (working hours)" in headings
    assert sheet[f"{sheet[1][-1].column_letter}2"].value
    for name in ("Tasks", "Late work", "Key dates", "Critical work", "Lags"):
        letters = visible(book[name])
        texts = [str(book[name][f"{letter}2"].value) for letter in letters]
        assert not any(GUID.match(text) for text in texts), name


def test_each_table_is_named_prints_landscape_on_one_page_width_and_repeats_its_header(book: Any) -> None:
    for name in ("Tasks", "Late work", "Health", "S-curve"):
        sheet = book[name]
        assert list(sheet.tables) == [f"{re.sub(r'[^A-Za-z0-9]', '_', name)}_table"]
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"


def test_late_critical_and_negative_float_are_coloured_by_rules(book: Any) -> None:
    rules = [rule for area in book["Late work"].conditional_formatting for rule in area.rules]
    assert {(rule.operator, tuple(rule.formula)) for rule in rules} >= {
        ("greaterThan", ("0",)),
        ("lessThan", ("0",)),
        ("equal", ('"yes"',)),
    }
    assert {cell.value for cell in book["Late work"]["L"][1:]} <= {"yes", "no", None}


def test_dates_of_reports_show_the_day_and_days_one_decimal(book: Any) -> None:
    sheet = book["Late work"]
    formats = {cell.value: sheet[f"{cell.column_letter}2"].number_format for cell in sheet[1]}
    assert formats["Baseline finish"] == "dd mmm yyyy"
    assert formats["Total float (working days)"] == "#,##0.0"


def test_tasks_are_outlined_by_their_wbs(book: Any) -> None:
    sheet = book["Tasks"]
    levels = [sheet.row_dimensions[row].outlineLevel for row in range(2, sheet.max_row + 1)]
    assert set(levels) == {0, 1, 2, 3, 4}
    assert levels[0] == 0
    assert max(after - before for before, after in itertools.pairwise(levels)) == 1
    assert sheet.sheet_properties.outlinePr.summaryBelow is False


def test_names_of_an_outline_are_indented_by_level(book: Any) -> None:
    sheet = book["Tasks"]
    for row in range(2, 60):
        assert sheet[f"A{row}"].alignment.indent == 1 + (sheet.row_dimensions[row].outlineLevel or 0)


def test_all_tasks_have_a_column_per_code_and_the_working_days_left(book: Any, demo: bn.Schedule) -> None:
    sheet = book["Tasks"]
    rows = sheet.iter_rows(values_only=True)
    shown = pd.DataFrame(rows, columns=next(rows)).set_index("GUID")
    tasks = demo.tasks(codes=True).set_index("id").loc[shown.index]
    assert shown["Responsibility"].fillna("").tolist() == tasks["Responsibility"].fillna("").tolist()
    assert {"Trade", "Phase", "Location"} <= set(shown)
    hours = demo.total_float().set_index("id")["hours_per_day"]
    days = (tasks["remaining_duration_hours"] / hours).dropna()
    assert len(days) > 100
    left = shown.loc[days.index, "Remaining (working days)"].astype(float)
    assert left.to_numpy() == pytest.approx(days.to_numpy(dtype=float))


@pytest.fixture(scope="module")
def by_company(tmp_path_factory: pytest.TempPathFactory, demo_client: bn.Client) -> Path:
    """The workbook of a part, with its companies in the place of the WBS."""
    from bentley_nb.sandbox.running import demo_sandbox

    part = demo_client.schedule(demo_sandbox().schedule_id).only(wbs="Superstructure")
    path = tmp_path_factory.mktemp("by") / "by.xlsx"
    return part.to_excel(path, group="Responsibility", codes=False, user_fields="Hold point")


def test_a_group_takes_the_place_of_the_wbs(by_company: Path, demo: bn.Schedule) -> None:
    book = openpyxl.load_workbook(by_company)
    part = demo.only(wbs="Superstructure").tasks(codes=["Responsibility"]).query("not is_wbs").set_index("id")
    want = part["Responsibility"].fillna("no Responsibility")
    sheet = book["Tasks"]
    ids = [cell.value for cell in sheet[1]].index("GUID") + 1
    company, under = "", {}
    for row in range(2, sheet.max_row + 1):
        if sheet.row_dimensions[row].outlineLevel:
            under[sheet.cell(row, ids).value] = company
        else:
            company = sheet.cell(row, 1).value
    assert under == want.to_dict(), "each task once, also that of several companies"
    assert "KS; NC" in want.tolist()
    assert "Hold point" in [cell.value for cell in sheet[1]]
    assert "Trade" not in [cell.value for cell in sheet[1]]
    assert "Progress by Responsibility" in book.sheetnames
    ahead = book["Look-ahead, 3 weeks"]
    bands = {ahead.cell(row, 1).value for row in range(4, ahead.max_row + 1) if ahead.cell(row, 1).font.bold}
    assert bands <= set(want)
    assert bands


def test_a_grouped_workbook_is_read_back_whole(by_company: Path, demo: bn.Schedule) -> None:
    part = demo.only(wbs="Superstructure")
    back = bn.reports.progress(pd.read_excel(by_company, sheet_name="Tasks"), data_date=demo.data_date)
    want = part.progress(by="Responsibility", several="join").set_index("Responsibility")
    got = back.set_index("name")["percent"]
    assert got[want.index.dropna()].to_numpy(float) == pytest.approx(
        want["percent"][want.index.notna()].to_numpy(float)
    )


def test_a_failed_check_leads_to_the_sheet_of_its_offenders(book: Any) -> None:
    sheet = book["Health"]
    linked = {cell.value: cell.hyperlink.location for cell in sheet["B"] if cell.hyperlink}
    assert linked["Lags"] == "'Lags'!A1"
    failed = [row[1].value for row in sheet.iter_rows(min_row=2) if row[2].value == "fail"]
    assert set(linked) == set(failed)
    assert book["Lags"].max_row == 114  # 113 links below the header


def test_every_unit_is_counted_once_whatever_resources_are_called() -> None:
    names = ["Other", "week_starting", *(f"Crew {number}" for number in range(8)), None]
    histogram = pd.DataFrame(
        {
            "period_start": pd.Timestamp("2025-03-03", tz="UTC"),
            "name": pd.array(names, dtype="string"),
            "quantity": pd.array(range(30, 30 - len(names), -1), dtype="Float64"),
        }
    )
    wide = _by_resource(histogram)
    assert wide.columns.is_unique
    assert wide.columns[:3].tolist() == ["week_starting", "Other", "week_starting [2]"]
    assert wide.columns[-1] == "Other [2]"
    assert wide.iloc[:, 1:].sum(axis=1).item() == histogram["quantity"].sum()


def test_charts_are_native(book: Any) -> None:
    assert [len(book[name]._charts) for name in ("S-curve", "Float", "Resources by week")] == [1, 1, 1]


def test_the_look_ahead_is_a_grid_of_days_with_bars(book: Any) -> None:
    sheet = book["Look-ahead, 3 weeks"]
    days = [cell.value for cell in sheet[3] if hasattr(cell.value, "toordinal")]
    assert len(days) == 21
    assert f"{days[0]:%Y-%m-%d}" == "2025-03-03"
    assert sheet["J1"].value == "Week from 03 Mar 2025"
    formulas = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules]
    assert sheet["H1"].value == "Critical"
    assert any("$H4=" in formula for formula in formulas)
    names = [cell.value for cell in sheet["B"] if cell.value]
    assert "Slab pour, L02 Zone B" in names
    assert any(sheet.row_dimensions[row].outlineLevel == 1 for row in range(4, sheet.max_row))


def test_a_key_date_is_a_diamond_on_its_day(tmp_path: Path) -> None:
    path = to_excel(tmp_path / "a.xlsx", bn.reports.basis.tables.Tables.of(plan.small()), weeks=6)
    sheet = openpyxl.load_workbook(path)["Look-ahead, 6 weeks"]
    row = next(row for row in sheet.iter_rows(min_row=4) if row[1].value == "Handover")
    day = next(cell.column for cell in row if cell.value == "\N{BLACK DIAMOND}")
    assert f"{sheet.cell(3, day).value:%Y-%m-%d}" == "2024-06-07"


def test_a_part_has_its_own_tasks_and_the_wbs_above_them(tmp_path: Path, demo: bn.Schedule) -> None:
    sheet = openpyxl.load_workbook(demo.only(wbs="Envelope").to_excel(tmp_path / "part.xlsx"))["Tasks"]
    paths = {row[2].value for row in sheet.iter_rows(min_row=3)}
    assert {path.split(" > ")[0] for path in paths if path} == {"Envelope"}, "without the head that all share"
    assert sheet["A2"].value == "Harbour Point Tower"
    assert 10 < sheet.max_row < 150


def test_what_cannot_be_made_says_why_on_the_summary(tmp_path: Path) -> None:
    tables = bn.reports.basis.tables.Tables.of({"tasks": plan.small()["tasks"]})
    sheet = openpyxl.load_workbook(to_excel(tmp_path / "a.xlsx", tables))["Summary"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    assert "no data date" in said["Late work"]
    assert said["SPI"] == "unknown"


def test_hostile_names_make_a_workbook_that_opens(tmp_path: Path) -> None:
    tables = bn.reports.basis.tables.Tables.of(plan.named("=1+1 & <r>x</r>\r\n[a]:*?/\\ '" + "y" * 300))
    read = openpyxl.load_workbook(to_excel(tmp_path / "a.xlsx", tables))
    texts = [cell.value for sheet in read for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [text for text in texts if "\r" in text or "_x000D_" in text]
    assert not [
        cell
        for sheet in read
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "SUBTOTAL" not in cell.value
    ]


def test_frames_with_a_data_date_are_a_schedule(tmp_path: Path) -> None:
    """As in every report; without a data date they are sheets."""
    frames = plan.small()
    sheets = openpyxl.load_workbook(to_excel(tmp_path / "a.xlsx", frames)).sheetnames
    assert sheets == openpyxl.load_workbook(to_excel(tmp_path / "b.xlsx", Tables.of(frames))).sheetnames
    alone = {name: frame for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}
    assert openpyxl.load_workbook(to_excel(tmp_path / "c.xlsx", alone)).sheetnames == [*alone, "About"]


@pytest.mark.parametrize(
    "options", [{"profile": "dmca"}, {"weeks": 0}, {"baseline": "Contact"}, {"group": "Trad"}, {"codes": "Trad"}]
)
def test_wrong_options_make_no_file(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        to_excel(tmp_path / "a.xlsx", bn.reports.basis.tables.Tables.of(plan.small()), **options)
    assert list(tmp_path.iterdir()) == []


def test_totals_are_formulas_of_the_table(book: Any) -> None:
    sheet = book["Float"]
    last = sheet.max_row
    assert sheet[f"A{last}"].value == "Total"
    assert sheet[f"B{last}"].value == "=SUBTOTAL(109,[Tasks])"


def test_text_that_excel_would_read_as_a_control_character_comes_back(tmp_path: Path) -> None:
    path = to_excel(tmp_path / "a.xlsx", pd.DataFrame({"comment": ["a\r\nb", "x\rY", "_x000D_"]}))
    with zipfile.ZipFile(path) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x000D_" in xml
    assert [cell.value for cell in openpyxl.load_workbook(path)["Data"]["A"][1:3]] == ["a\nb", "x\nY"]


def test_large_tables_take_a_part_of_the_time_of_pandas(tmp_path: Path) -> None:
    tasks = plan.large(4_000, elements=100)["tasks"]
    plain = tasks.copy()
    for name in plain.columns:
        if isinstance(plain[name].dtype, pd.DatetimeTZDtype):
            plain[name] = plain[name].dt.tz_localize(None)
    ours, theirs = [], []
    for _ in range(2):
        ours.append(_seconds(lambda: to_excel(tmp_path / "ours.xlsx", {"Tasks": tasks})))
        theirs.append(_seconds(lambda: plain.to_excel(tmp_path / "theirs.xlsx", engine="xlsxwriter")))
    assert min(ours) < min(theirs) * 0.6, f"{min(ours) / min(theirs):.2f}"


def _seconds(do: Callable[[], Any]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


def test_libreoffice_opens_and_prints_it(week: Path, tmp_path: Path) -> None:
    """The pages are what a reader prints: one page wide, the bars of the look-ahead in colour."""
    soffice, pdftoppm = shutil.which("soffice"), shutil.which("pdftoppm")
    if soffice is None or pdftoppm is None:
        pytest.skip("LibreOffice (soffice) or pdftoppm is not installed")
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    subprocess.run(
        [soffice, "--headless", home, "--convert-to", "pdf", "--outdir", str(tmp_path), str(week)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    subprocess.run(
        [pdftoppm, "-r", "40", "-f", "1", "-l", "8", str(tmp_path / "week.pdf"), str(tmp_path / "page")],
        check=True,
        timeout=60,
    )
    pages = sorted(tmp_path.glob("page-*.ppm"))
    assert len(pages) == 8
    ahead = pages[2].read_bytes()
    blue = ahead.count(bytes((0x4F, 0x81, 0xBD)))
    red = ahead.count(bytes((0xC0, 0x50, 0x4D)))
    assert blue > 200
    assert red > 200


def test_an_earlier_state_adds_its_sheets_in_front(tmp_path: Path) -> None:
    before = plan.small()
    tasks = before["tasks"].copy()
    tasks.loc[tasks["id"] == "c", "planned_finish"] -= pd.Timedelta(days=3)
    tasks.loc[tasks["id"] == "c", "name"] = "=SUM(A1)"
    path = to_excel(
        tmp_path / "week.xlsx", Tables.of(plan.small()), before={**before, "tasks": tasks, "data_date": "2024-05-08"}
    )
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:5] == [
        "Summary",
        "What changed",
        "Signs worth a question",
        "What drives the finish",
        "Key dates",
    ]
    cells = [cell for row in book["What changed"].iter_rows() for cell in row if cell.value is not None]
    (name,) = [cell for cell in cells if cell.value == "=SUM(A1)"]
    assert name.data_type == "s"
