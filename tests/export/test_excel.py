"""Workbooks as another program reads them: openpyxl."""

import datetime as dt
import zipfile

import pandas as pd
import pytest

from bentley_nb import reports
from bentley_nb.errors import InvalidRequest
from bentley_nb.export import to_excel
from tests.charts import plan

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

FORMULAS = [
    "=1+1",
    "+441234567",
    "-5",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x")',
    "http://example.org/a",
    "<r>&bad</r>",
    "plain",
]


@pytest.fixture
def book(tmp_path):
    """Write frames and read the workbook back."""

    def written(sheets, **options):
        path = to_excel(tmp_path / "book.xlsx", sheets, **options)
        return openpyxl.load_workbook(path)

    return written


def column(sheet, heading):
    position = [cell.value for cell in sheet[1]].index(heading)
    return [row[position].value for row in sheet.iter_rows(min_row=2)]


def test_every_type_comes_back(book):
    frame = pd.DataFrame(
        {
            "name": pd.array(["Slab", None], dtype="string"),
            "start": pd.DatetimeIndex(["2024-07-01T07:00:00Z", None]).as_unit("us"),
            "day": pd.DatetimeIndex(["2024-07-01T00:00:00Z", None]).as_unit("us"),
            "critical": pd.array([True, None], dtype="boolean"),
            "count": pd.array([3, None], dtype="Int64"),
            "planned_duration_hours": pd.array([7.5, None], dtype="Float64"),
            "status": pd.Categorical(["Planned", None]),
            "resources": [["Crew", "Crane"], None],
            "lead": pd.to_timedelta(["90min", None]),
        }
    )
    sheet = book({"Tasks": frame}, zone="UTC")["Tasks"]
    assert [cell.value for cell in sheet[2]] == [
        "Slab", dt.datetime(2024, 7, 1, 7), dt.datetime(2024, 7, 1), True, 3, 7.5, "Planned", "Crew; Crane", 1.5,
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]] == [None] * 9
    assert sheet["B2"].number_format == "dd mmm yyyy hh:mm"
    assert sheet["C2"].number_format == "dd mmm yyyy"


def test_dates_are_on_the_clock_of_the_zone_and_the_heading_names_it(book):
    frame = pd.DataFrame({"start": pd.DatetimeIndex(["2024-07-01T23:30:00Z", "2024-01-01T23:30:00Z"]).as_unit("us")})
    sheet = book({"Tasks": frame}, zone="Europe/London")["Tasks"]
    assert column(sheet, "start (Europe/London)") == [dt.datetime(2024, 7, 2, 0, 30), dt.datetime(2024, 1, 1, 23, 30)]


def test_text_is_never_a_formula_nor_a_link(book):
    sheet = book({"Tasks": pd.DataFrame({"name": FORMULAS})})["Tasks"]
    assert column(sheet, "name") == FORMULAS
    for row in sheet.iter_rows(min_row=2):
        assert row[0].data_type == "s"
        assert row[0].hyperlink is None
    quoted = [row[0].quotePrefix for row in sheet.iter_rows(min_row=2)]
    assert quoted == [True] * 6 + [False] * 3


def test_headings_are_text_too(book):
    sheet = book({"Tasks": pd.DataFrame({"=cmd()": [1], "<r>x</r>": [2], "plain": [3]})})["Tasks"]
    assert [(cell.value, cell.data_type, bool(cell.quotePrefix), cell.font.bold) for cell in sheet[1]] == [
        ("=cmd()", "s", True, True), ("<r>x</r>", "s", False, True), ("plain", "s", False, True),
    ]  # fmt: skip


def test_what_the_about_sheet_tells_is_text_too(book):
    frame = pd.DataFrame({"x": [1]})
    frame.attrs["schedule"] = {"name": "=SUM(A1)"}
    sheet = book({"=late": frame})["About"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row}
    for text in ("=SUM(A1)", "=late"):
        assert (cells[text].data_type, cells[text].quotePrefix, cells[text].alignment.wrap_text) == ("s", True, True)
    assert not cells["Dates are shown in"].quotePrefix


def test_text_beyond_a_cell_is_cut_and_counted(book):
    workbook = book({"Tasks": pd.DataFrame({"comment": ["x" * 40_000, "🏗" * 20_000, "y" * 32_767]})})
    texts = column(workbook["Tasks"], "comment")
    assert [len(text.encode("utf-16-le")) // 2 <= 32_767 for text in texts] == [True] * 3
    assert texts[0].endswith("[cut: longer than an Excel cell]")
    assert texts[2] == "y" * 32_767
    assert ("Tasks", "Note", "2 texts longer than 32,767 characters were cut.") in list(workbook["About"].values)


def test_characters_xml_cannot_hold_do_not_break_the_file(book):
    names = pd.Series(["a\x00b\ud800c", "line\nbreak"], dtype=object)
    sheet = book({"Tasks": names.to_frame("name")})["Tasks"]
    assert column(sheet, "name") == ["a\ufffdb\ufffdc", "line\nbreak"]


def test_header_is_frozen_filtered_and_wide_enough(book):
    sheet = book({"Tasks": plan.small()["tasks"]})["Tasks"]
    assert sheet.freeze_panes == "B2"
    assert sheet.tables["Tasks_table"].autoFilter.ref.startswith("A1:")
    assert sheet.tables["Tasks_table"].ref.endswith("9")
    widths = [sheet.column_dimensions[letter].width for letter in ("A", "B", "I")]
    assert min(widths) >= 8
    assert max(widths) <= 62


def test_sheet_names_are_cleaned_and_kept_apart(book):
    frame = pd.DataFrame({"x": [1]})
    assert book({"Look-ahead: 3/6": frame, "late": frame, "Late": frame, "about": frame}).sheetnames == [
        "Look-ahead 3-6", "late", "Late (2)", "about", "About (2)",
    ]  # fmt: skip


def test_an_empty_frame_has_its_header(book):
    sheet = book({"Late": reports.late(plan.small()).head(0)})["Late"]
    assert sheet.max_row == 1
    assert sheet["B1"].value == "Name"


def test_the_about_sheet_says_where_each_sheet_came_from(book):
    about = list(book({"Late": reports.late(plan.small())}, zone="Asia/Dubai")["About"].values)
    facts = {(sheet, what): value for sheet, what, value in about}
    assert facts["(workbook)", "Dates are shown in"] == "Asia/Dubai"
    assert facts["Late", "Report"] == "late"
    assert facts["Late", "Schedule"] == "Tower"
    assert facts["Late", "Data date"] == "2024-05-15 00:00 UTC"
    assert any(sheet == "Late" and value.startswith("Sign: positive is late") for sheet, _, value in about)


def test_one_frame_is_a_sheet_named_after_its_report(book):
    assert book(reports.late(plan.small())).sheetnames == ["late", "About"]


@pytest.mark.parametrize(
    ("sheets", "options", "message"),
    [
        ({}, {}, "There is no frame to write."),
        ({"Tasks": [1, 2]}, {}, "The sheet 'Tasks' is not a DataFrame but list."),
        (3, {}, "to_excel takes a DataFrame or a mapping"),
        ({"Tasks": pd.DataFrame()}, {"zone": "Mars"}, "There is no time zone 'Mars'."),
        ({"Tasks": pd.DataFrame(index=range(1_048_576))}, {}, "would have 1,048,576 rows"),
    ],
)
def test_what_cannot_be_written_is_refused_and_no_file_is_made(tmp_path, sheets, options, message):
    with pytest.raises(InvalidRequest, match=message):
        to_excel(tmp_path / "book.xlsx", sheets, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_keeps_the_old_workbook(tmp_path):
    class Unreadable:
        def __str__(self):
            raise RuntimeError("cannot be read")

    old = tmp_path / "book.xlsx"
    to_excel(old, pd.DataFrame({"x": [1]}))
    before = old.read_bytes()
    with pytest.raises(RuntimeError, match="cannot be read"):
        to_excel(old, {"First": pd.DataFrame({"x": [1]}), "Second": pd.DataFrame({"x": [Unreadable()]})})
    assert old.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(InvalidRequest, match=r"Name it 'book\.xlsx'"):
        to_excel(tmp_path / "book.xls", pd.DataFrame({"x": [1]}))


def test_20000_tasks(tmp_path):
    tasks = plan.large(20_000, elements=200)["tasks"]
    path = to_excel(tmp_path / "large.xlsx", {"Tasks": tasks})
    with zipfile.ZipFile(path) as parts:
        assert parts.read("xl/worksheets/sheet1.xml").count(b"<row ") == len(tasks) + 1
