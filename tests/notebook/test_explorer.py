"""The explorer: what is picked, the same as code, one page of it as HTML, and the widgets on top."""

from __future__ import annotations

import ast
import html
import itertools
import json
import re
import threading
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ipywidgets import Widget
from pandas.testing import assert_frame_equal

import bentley_nb as bn
from bentley_nb import _session
from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret
from bentley_nb.errors import InvalidRequest
from bentley_nb.export._cell import as_html
from bentley_nb.notebook.explorer.exploration import GANTT_ROWS, Exploration, _connection
from bentley_nb.notebook.explorer.panel import Explorer, copy_script
from bentley_nb.notebook.explorer.rows_page import COLUMNS, ROWS, all_columns, page_of, usual_columns
from bentley_nb.notebook.explorer.selection import INDENT, REPORTS, text_columns
from bentley_nb.notebook.sign_in.signing_in import Addresses, sign_in
from bentley_nb.sandbox import Sandbox
from bentley_nb.service.catalog import COLLECTIONS
from tests.waiting import until

HOSTILE = "</script><img src=x onerror=alert(1)>\"'\n$& {{x}} \u202e"


@pytest.fixture
def client(sandbox: Sandbox, addresses: Sandbox, monkeypatch: pytest.MonkeyPatch) -> bn.Client:
    """A client as ``bn.connect()`` makes it here, so that copied code finds the same service."""
    monkeypatch.setenv("BENTLEY_CLIENT_ID", sandbox.client_id)
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", sandbox.client_secret)
    return bn.connect(progress=False)


@pytest.fixture
def exploration(client: bn.Client, sandbox: Sandbox) -> Exploration:
    return Exploration(client, client.schedule(sandbox.schedule_id))


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox for names of every kind, as the service that ``bn.connect()`` finds."""
    with Sandbox(rows=20) as sandbox:
        monkeypatch.setenv("BENTLEY_TOKEN_URL", sandbox.token_url)
        monkeypatch.setenv("BENTLEY_API_URL", sandbox.api_url("platform"))
        monkeypatch.setenv("BENTLEY_PROJECTS_URL", sandbox.projects_url)
        monkeypatch.setenv("BENTLEY_CLIENT_ID", sandbox.client_id)
        monkeypatch.setenv("BENTLEY_CLIENT_SECRET", sandbox.client_secret)
        yield sandbox


def run(code: str) -> dict[str, Any]:
    """Run copied code as a cell does; the value of its last line is under "last"."""
    *lines, last = ast.parse(code).body
    names: dict[str, Any] = {}
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    assert isinstance(last, ast.Expr)
    names["last"] = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    return names


def assert_code_makes_the_frame(exploration: Exploration) -> pd.DataFrame:
    made = run(exploration.code)
    assert_frame_equal(made["last"], exploration.frame)
    assert made["last"] is made["frame"]
    return exploration.frame


# The selection, and its code --------------------------------------------------------------------------------------

FILTERS: list[dict[str, Any]] = [
    {"text": "slab"},
    {"text": "CON000"},
    {"text": 'a "quoted" \\ thing'},
    {"branch": "Harbour Point Tower > Foundations"},
    {"branch": "Superstructure"},
    {"states": ("Started",)},
    {"states": ("Planned", "Finished")},
    {"first": date(2025, 1, 1)},
    {"last": date(2024, 12, 31)},
    {"first": date(2025, 2, 1), "last": date(2025, 3, 31), "zone": "Asia/Dubai"},
    {"first": date(2025, 4, 25), "last": date(2025, 4, 25), "zone": "Africa/Cairo"},  # begins at one o'clock
    {"critical": True},
    {"user_fields": True, "codes": True},
    {"sort_by": "planned_finish", "descending": True},
    {"sort_by": "status"},
]


@pytest.mark.filterwarnings("ignore::bentley_nb.frames.wide.UserFieldWarning")
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_the_code_of_each_filter_makes_the_same_frame(filters: dict[str, Any], exploration: Exploration) -> None:
    whole = len(exploration.rows)
    exploration.select(**filters)
    frame = assert_code_makes_the_frame(exploration)
    narrows = filters.keys() & {"branch", "states", "first", "last", "critical"} or filters == {"text": "slab"}
    assert (0 < len(frame) < whole) if narrows else len(frame) <= whole


@pytest.mark.filterwarnings("ignore::bentley_nb.frames.wide.UserFieldWarning")
def test_the_code_of_filters_together_makes_the_same_frame(exploration: Exploration) -> None:
    for one, two, three in itertools.islice(itertools.combinations(FILTERS, 3), 0, None, 23):
        exploration.select(**{**EMPTY, **one, **two, **three})
        assert_code_makes_the_frame(exploration)


EMPTY: dict[str, Any] = {
    "text": "",
    "branch": "",
    "states": (),
    "first": None,
    "last": None,
    "zone": "UTC",
    "critical": False,
    "user_fields": False,
    "codes": False,
    "sort_by": None,
    "descending": False,
}


@pytest.mark.parametrize("table", [*REPORTS, "task_links", "resources", "calendars", "baseline_tasks", "codes"])
def test_the_code_of_each_table_makes_the_same_frame(table: str, exploration: Exploration) -> None:
    exploration.select(table=table)
    assert len(assert_code_makes_the_frame(exploration))
    if text_columns(exploration.whole):
        exploration.select(text="a")
        assert_code_makes_the_frame(exploration)


@pytest.mark.parametrize(
    "filters", [{"branch": "Harbour Point Tower"}, {"first": date(2024, 12, 1)}, {"critical": True}]
)
def test_filters_of_reports_choose_the_part_they_are_of(filters: dict[str, Any], exploration: Exploration) -> None:
    exploration.select(table="late", **filters)
    assert_code_makes_the_frame(exploration)
    exploration.select(**{**EMPTY, "states": ("Started",)})
    assert set(assert_code_makes_the_frame(exploration)["state"]) == {"in progress"}
    assert 'part = s.only(status=["Started"])\nframe = part.late()\nframe' in exploration.code
    assert exploration.part.ids == set(exploration.schedule.only(status="Started").ids)  # type: ignore[union-attr]


def test_what_the_filters_mean(exploration: Exploration) -> None:
    tasks = exploration.whole
    exploration.select(branch="Harbour Point Tower > Superstructure")
    [own] = exploration.rows.loc[exploration.rows["wbs_path"] == "Harbour Point Tower", "name"]
    assert own == "Superstructure"
    below = exploration.rows["wbs_path"].str.startswith("Harbour Point Tower > Superstructure")
    assert below.sum() == len(exploration.rows) - 1
    exploration.select(**{**EMPTY, "critical": True})
    analyses = exploration.schedule.task_scheduling_analyses()  # type: ignore[union-attr]
    assert set(exploration.rows["id"]) == set(analyses.loc[analyses["is_critical"], "task_id"]) & set(tasks["id"])
    day = date(2025, 2, 3)
    exploration.select(**{**EMPTY, "first": day, "last": day})
    start = tasks["actual_start"].fillna(tasks["planned_start"])
    finish = tasks["actual_finish"].fillna(tasks["planned_finish"])
    inside = (start.fillna(finish) < pd.Timestamp("2025-02-04", tz="UTC")) & (
        finish.fillna(start) >= pd.Timestamp(day, tz="UTC")
    )
    assert exploration.rows["id"].tolist() == tasks.loc[inside, "id"].tolist()


def test_a_branch_is_found_by_its_name_and_a_wrong_one_is_answered(exploration: Exploration) -> None:
    exploration.select(branch="Zone A")
    with pytest.raises(InvalidRequest, match="elements of the WBS are named 'Zone A'") as several:
        _ = exploration.rows
    assert "Harbour Point Tower > " in str(several.value)
    exploration.select(branch="Superstruktur")
    with pytest.raises(InvalidRequest, match="The WBS has no element 'Superstruktur'") as none:
        _ = exploration.rows
    assert "Did you mean 'Superstructure'" in str(none.value)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"branch": "x"}, "no WBS"),
        ({"table": "task_links", "text": "x"}, "no text"),
        ({"states": ("x",)}, "no status"),
        ({"first": date(2025, 1, 1)}, "no dates"),
        ({"critical": True}, "does not show which rows"),
        ({"sort_by": "nam"}, "no column 'nam'"),
    ],
)
def test_a_filter_that_does_not_go_with_a_table_is_told(
    filters: dict[str, Any], message: str, exploration: Exploration
) -> None:
    exploration.select(**{"table": "calendars", **filters})
    with pytest.raises(InvalidRequest, match=message):
        _ = exploration.rows


def test_another_table_begins_without_the_filters_of_the_one_before(exploration: Exploration) -> None:
    exploration.select(text="slab", critical=True, states=("Planned",), sort_by="name")
    exploration.select(table="calendars")
    assert exploration.selection.text == "slab"
    assert not exploration.selection.critical
    assert exploration.selection.states == ()
    assert exploration.selection.sort_by is None
    with pytest.raises(InvalidRequest, match="no table 'calendarz'") as caught:
        exploration.select(table="calendarz")
    assert "'calendars'" in str(caught.value)


def test_the_copied_code_chooses_a_part(exploration: Exploration) -> None:
    exploration.select(text="slab", branch="Harbour Point Tower > Superstructure", states=("Planned",), critical=True)
    assert exploration.code.splitlines()[4:] == [
        "frame = s.tasks()",
        'found = frame[["name", "user_defined_id", "comment", "url"]].apply(',
        '    lambda column: column.str.contains("slab", case=False, regex=False)',
        ")",
        "frame = frame[found.any(axis=1)]",
        "analyses = s.task_scheduling_analyses()",
        'critical = analyses[analyses["is_critical"].fillna(value=False)]',
        'part = s.only(frame, critical, wbs="Harbour Point Tower > Superstructure", status=["Planned"])',
        "frame = part.tasks()",
        "frame",
    ]
    assert set(run(exploration.code)["part"].ids) == set(exploration.part.ids) == set(exploration.frame["id"])


def test_a_part_is_explored_as_a_part(exploration: Exploration) -> None:
    assert exploration.schedule is not None
    part = exploration.schedule.only(wbs="Harbour Point Tower > Superstructure")
    of_part = Exploration(part.client, part)
    assert len(assert_code_makes_the_frame(of_part)) == len(part.ids)
    of_part.select(text="slab", critical=True, states=("Planned",))
    assert set(assert_code_makes_the_frame(of_part)["id"]) < part.ids


def test_a_part_stays_a_part_when_its_schedule_is_picked_again(exploration: Exploration) -> None:
    assert exploration.schedule is not None
    part = exploration.schedule.only(wbs="Superstructure")
    explorer = opened(Exploration(part.client, part))
    for words in ("nothing is called so", ""):  # the first takes the pick away
        explorer.schedule.search.value = words
    explorer.schedule.pick(part.id)
    explorer.wait()
    assert explorer.exploration.schedule is part
    assert len(explorer.frame) == len(part.tasks())


def test_a_kept_copy_is_explored_without_the_service(exploration: Exploration, tmp_path: Path) -> None:
    assert exploration.schedule is not None
    copy = bn.open(exploration.schedule.keep(tmp_path / "it's {kept}"))
    kept = opened(Exploration(copy.client, copy))
    assert said(kept).startswith("150 rows of tasks")
    assert kept.place.value.endswith("Harbour Point Tower</b>")
    assert not visible(kept.change)
    kept.text.value = "slab"
    kept.branch.value = "Superstructure"
    kept.wait()
    made = run(kept.code)
    assert f"s = bn.open({json.dumps(str(copy.path))})" in kept.code
    assert_frame_equal(made["last"], kept.frame)
    assert 0 < len(made["last"]) < 150


def test_tasks_are_listed_in_the_order_of_their_wbs(exploration: Exploration) -> None:
    listed, tasks = exploration.listed, exploration.frame
    assert listed["id"].tolist() != tasks["id"].tolist()
    depth = listed["name"].str.len() - listed["name"].str.lstrip(INDENT).str.len()
    assert (depth == listed["wbs_level"] - 1).all()
    above: list[str] = []
    for name, level, path in zip(
        listed["name"].str.lstrip(INDENT), listed["wbs_level"], listed["wbs_path"], strict=True
    ):
        above = above[: level - 1]
        assert " > ".join(above) == ("" if pd.isna(path) else path)
        above.append(name)
    exploration.select(branch="Superstructure")
    assert exploration.listed["name"].iloc[0] == "Superstructure"
    exploration.select(sort_by="name")
    assert_frame_equal(exploration.listed, exploration.rows)


def test_the_workbook_has_the_rows_and_columns_shown(
    exploration: Exploration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("openpyxl")
    monkeypatch.chdir(tmp_path)
    explorer = opened(exploration)
    explorer.text.value = "slab"
    explorer.columns.value = ["name", "status", "planned_start"]
    explorer.wait()
    for name in ("Harbour Point Tower tasks.xlsx", "Harbour Point Tower tasks 2.xlsx"):
        explorer.excel.click()
        assert said(explorer) == f"{len(explorer.frame)} rows written to {tmp_path / name}"
        (link,) = explorer.written.outputs
        assert link["data"]["text/html"] == f"Download <a href='{name}' target='_blank'>{name}</a>"
        sheets = pd.read_excel(tmp_path / name, sheet_name=None)
        assert list(sheets) == ["tasks", "About"]
        assert sheets["tasks"].columns[:4].tolist() == ["Name", "Status", "Planned start", "GUID"]
        assert sheets["tasks"]["GUID"].tolist() == exploration.listed["id"].tolist()
        assert "Part: tasks of a frame" in sheets["About"].to_string()
    explorer.text.value = "slab pour"
    explorer.wait()
    assert explorer.written.outputs == (), "the link is of rows that are no longer shown"


@pytest.mark.parametrize(
    "name", ["../a/b: <c>*?", "{x}=1", "..", "x" * 300, "\N{CJK UNIFIED IDEOGRAPH-20000}" * 200], ids=range(5)
)
def test_a_workbook_stays_in_its_folder_whatever_the_schedule_is_called(
    name: str, odd: Sandbox, tmp_path: Path
) -> None:
    pytest.importorskip("xlsxwriter")
    id_ = odd.add_schedule({"tasks": [{"id": "t", "name": "=1+1"}]}, name=name)
    client = bn.connect(progress=False)
    path = Exploration(client, client.schedule(id_)).to_excel(["name"], tmp_path)
    assert path.parent == tmp_path
    assert path.is_file()


def test_names_in_the_code_stay_names(odd: Sandbox) -> None:
    client = bn.connect(progress=False)
    name = "Tower\nimport os; os.abort()"
    tasks = [
        {"id": "s", "name": HOSTILE, "isWbs": True},
        {"id": "t", "name": HOSTILE, "parentId": "s", "status": HOSTILE},
    ]
    id_ = odd.add_schedule({"tasks": tasks}, name=name)
    exploration = Exploration(client, client.schedule(id_))
    exploration.select(text=HOSTILE, states=(HOSTILE,), branch=HOSTILE)
    assert len(assert_code_makes_the_frame(exploration)) == 1
    assert "# Tower import os; os.abort()" in exploration.code


def test_the_frame_is_the_caller_s_own(exploration: Exploration) -> None:
    frame = exploration.frame
    frame["name"] = "changed"
    assert "changed" not in set(exploration.frame["name"])
    assert exploration.schedule is not None
    assert "changed" not in set(exploration.schedule.tasks()["name"])


def test_the_connection_in_the_code_is_the_one_in_use(sandbox: Sandbox, demo: bn.Schedule) -> None:
    assert "client = bn.connect(demo=True)\n" in Exploration(demo.client, demo).code
    enterprise = bn.connect(
        sandbox.client_id,
        sandbox.client_secret,
        surface="enterprise",
        token_url=sandbox.token_url,
        api_url=sandbox.api_url("enterprise"),
        projects_url=sandbox.projects_url,
        progress=False,
    )
    exploration = Exploration(enterprise, enterprise.schedule(sandbox.schedule_id))
    addresses = [f'token_url="{sandbox.token_url}"', f'api_url="{sandbox.api_url("enterprise")}"']
    addresses.append(f'projects_url="{sandbox.projects_url}"')
    assert f'client = bn.connect(surface="enterprise", {", ".join(addresses)})\n' in exploration.code
    offered = dict(exploration.tables())
    assert "tasks" in offered
    assert "baselines" not in offered  # not served there


def test_the_code_reaches_the_surface_s_own_addresses_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = bn.connect("service-abc", "x")
    assert _connection(client) == "bn.connect()"
    monkeypatch.setenv("BENTLEY_SURFACE", "enterprise")
    monkeypatch.setenv("BENTLEY_API_URL", "https://elsewhere.example/schedules")
    assert _connection(client) == 'bn.connect(surface="platform", api_url="https://api.bentley.com/schedules")'


def test_the_code_names_the_file_of_the_pair_and_never_the_pair(tmp_path: Path) -> None:
    file = tmp_path / "other.env"
    file.write_text("BENTLEY_CLIENT_ID=service-abc\nBENTLEY_CLIENT_SECRET=s3cret\n")
    assert _connection(bn.connect(env_file=file)) == f"bn.connect(env_file={json.dumps(str(file))})"


def test_the_copied_code_finds_the_sign_in_of_the_session(sandbox: Sandbox) -> None:
    addresses = Addresses.of(
        "platform",
        scope=None,
        token_url=sandbox.token_url,
        api_url=sandbox.api_url("platform"),
        projects_url=sandbox.projects_url,
    )
    signed_in = sign_in(Credentials(sandbox.client_id, Secret(sandbox.client_secret), "test"), addresses).client
    exploration = Exploration(signed_in, signed_in.schedule(sandbox.schedule_id))
    exploration.select(text="slab")
    assert sandbox.client_secret not in exploration.code
    assert len(assert_code_makes_the_frame(exploration))


def test_the_gantt_draws_the_rows_and_its_code_draws_the_same(exploration: Exploration) -> None:
    pytest.importorskip("plotly")
    exploration.select(table="milestones")
    made = run(exploration.gantt_code)["last"]
    assert [trace.name for trace in made.data] == [trace.name for trace in exploration.gantt().data]
    exploration.select(table="tasks")
    assert f"bn.charts.gantt(s, max_rows={GANTT_ROWS})" in exploration.gantt_code
    assert "Part: " not in exploration.gantt().to_json()
    exploration.select(text="slab")
    assert "Part: tasks of a frame, " in exploration.gantt().to_json()
    assert f"bn.charts.gantt(part, max_rows={GANTT_ROWS})" in exploration.gantt_code
    assert run(exploration.gantt_code)["last"].layout.font == exploration.schedule.gantt().layout.font  # type: ignore[union-attr]
    exploration.select(text="")
    exploration.select(table="resource_assignments")
    assert 'only=frame["task_id"]' in exploration.gantt_code
    assert run(exploration.gantt_code)["last"].data
    exploration.select(table="calendars")
    with pytest.raises(InvalidRequest, match="not about tasks"):
        exploration.gantt()
    exploration.select(table="tasks", text="nothing is named so")
    with pytest.raises(InvalidRequest, match="No rows match"):
        exploration.gantt()


def test_the_summary_counts_all_rows(exploration: Exploration) -> None:
    whole = len(exploration.whole)
    assert exploration.summary.startswith(f"{whole} rows of tasks, Harbour Point Tower, read 20")
    exploration.select(text="slab")
    assert exploration.summary.startswith(f"{len(exploration.rows)} of {whole} rows of tasks")


# A page of rows ---------------------------------------------------------------------------------------------------


class Cells(HTMLParser):
    """The texts of a table's cells, row by row, and every element that is there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.elements: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_pages_have_the_rows_they_say(exploration: Exploration) -> None:
    frame = exploration.rows
    names = ["name", "status"]
    last = -(-len(frame) // ROWS)
    seen: list[str] = []
    for number in range(1, last + 1):
        page = page_of(frame, number, names)
        assert (page.number, page.count) == (number, last)
        seen += [html.unescape(row[0]) for row in Cells(page.html).rows[1:]]
        assert f"of {len(frame)}, page {number} of {last}" in page.note
    assert seen == frame["name"].tolist()
    assert page_of(frame, 99, names).number == last
    assert page_of(frame, -3, names).number == 1
    assert page_of(frame.iloc[:0], 1, names).note == "No rows."


def test_cells_read_as_those_of_a_notebook_cell(exploration: Exploration) -> None:
    frame = pd.DataFrame(
        {
            "planned_start": pd.array(pd.to_datetime(["2025-01-01T22:30Z", None], utc=True)),
            "remaining_duration_hours": pd.array([1234.56, None], dtype="Float64"),
            "is_critical": pd.array([True, None], dtype="boolean"),
            "list": pd.Series([["a & b", "c"], None], dtype=object),
            "long": pd.array(["x" * 5000, None], dtype="string"),
            "kind": pd.Categorical(["Work", None]),
        }
    )
    head, first, second = Cells(page_of(frame, 1, list(frame), zone="Asia/Dubai").html).rows
    assert head[:3] == ["Planned start", "Remaining (working hours)", "Critical"]
    assert first[:4] == ["02 Jan 2025", "1,234.6", "yes", "a & b, c"]
    assert len(first[4]) == 120
    assert first[5] == "Work"
    assert second == [""] * 6


def test_names_of_the_service_are_escaped_everywhere(odd: Sandbox) -> None:
    client = bn.connect(progress=False)
    field = {"id": "f", "name": HOSTILE, "category": "Task", "type": "Text"}
    tasks = [
        {"id": "s", "name": HOSTILE, "isWbs": True, HOSTILE: "unknown member"},
        {"id": "t", "name": HOSTILE, "parentId": "s", "status": HOSTILE, "comment": HOSTILE},
    ]
    id_ = odd.add_schedule(
        {
            "tasks": tasks,
            "user_fields": [field],
            "task_user_field_values": [{"taskId": "t", "userFieldId": "f", "value": HOSTILE}],
        },
        name=HOSTILE,
    )
    explorer = opened(Exploration(client, client.schedule(id_)))
    explorer.user_fields.value = True
    explorer.wait()
    explorer.text.value = HOSTILE
    explorer.branch.value = HOSTILE
    explorer.wait()
    for text in (explorer.page.value, explorer.message.value):
        assert not Cells(text).elements & {"script", "img"}
        assert "<img" not in text
    assert HOSTILE.split("\n", maxsplit=1)[0] in Cells(explorer.page.value).rows[1][0]
    assert "# " + " ".join(HOSTILE.split()) in explorer.code
    script = copy_script(explorer.code)
    assert "</script" not in script
    assert "<img" not in script
    explorer.branch.value = HOSTILE + " not there"
    explorer.wait()
    assert "role='alert'" in explorer.message.value
    assert "<img" not in explorer.message.value


def test_one_page_of_a_large_table_stays_small() -> None:
    rows = 20_000
    frame = pd.DataFrame({f"column {number}": pd.array(["some text"] * rows, dtype="string") for number in range(60)})
    page = page_of(frame, 1, usual_columns(frame, set(frame.columns)))
    assert len(page.html) < 64_000
    assert "of 20,000, page 1 of 400; 40 of 60 columns." in page.note


def test_the_usual_columns_are_those_of_a_cell(exploration: Exploration) -> None:
    tasks = exploration.whole
    usual = usual_columns(tasks)
    assert usual[:6] == ["name", "user_defined_id", "wbs_path", "status", "planned_start", "planned_finish"]
    assert [label for label, name in all_columns(tasks) if name in usual] == re.findall(
        "<th>(.*?)</th>", as_html(tasks)
    )
    assert all_columns(tasks)[-1] == ("Calendar id", "calendar_id")
    assert {name for _, name in all_columns(tasks)} == set(tasks.columns)


def test_a_table_of_ids_alone_shows_them() -> None:
    assert usual_columns(pd.DataFrame({"code_value_id": ["1"], "task_id": ["2"]})) == ["code_value_id", "task_id"]


def test_columns_asked_for_are_not_cut_off() -> None:
    frame = pd.DataFrame({name: ["x"] for name in ("id", "name", *(f"column {n}" for n in range(50)), "Zone", "Trade")})
    assert {"name", "Zone", "Trade", "column 7"} <= set(usual_columns(frame, {"Zone", "Trade", "column 7"}))
    assert len(usual_columns(frame, set(frame.columns))) == COLUMNS


# The widgets ------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_widgets_left() -> Iterator[None]:
    yield
    Widget.close_all()


def opened(exploration: Exploration) -> Explorer:
    explorer = Explorer(exploration)
    explorer.wait()
    return explorer


def said(explorer: Explorer) -> str:
    """What its line says once it has done what was asked of it."""
    explorer.wait()
    return html.unescape(re.sub(r"<br>", "\n", re.sub(r"</?div[^>]*>", "", explorer.message.value)))


def visible(widget: Any) -> bool:
    return widget.layout.display != "none"


def test_project_schedule_and_table_are_picked_one_after_the_other(client: bn.Client, sandbox: Sandbox) -> None:
    explorer = opened(Exploration(client))
    assert said(explorer) == "Pick a project, then a schedule."
    assert visible(explorer._pickers)
    assert not any(map(visible, (explorer._narrowing, explorer._place)))
    explorer.project.search.value = "point TOWER"
    assert [label for label, _ in explorer.project.listed.options] == ["Harbour Point Tower"]
    assert explorer.project.note.value == "1 of 3 projects"
    explorer.project.listed.index = 0
    explorer.wait()
    assert explorer.schedule.listed.options[0][0] == "Harbour Point Tower"
    explorer.schedule.listed.value = sandbox.schedule_id
    assert said(explorer).startswith("150 rows of tasks, Harbour Point Tower")
    assert not visible(explorer._pickers)
    assert explorer.place.value == "<b>Harbour Point Tower › Harbour Point Tower</b>"
    explorer.change.click()
    assert visible(explorer._pickers)
    assert not visible(explorer._place)
    other = next(id_ for _, id_ in explorer.schedule.listed.options if id_ != sandbox.schedule_id)
    explorer.schedule.listed.value = other
    explorer.wait()
    assert not visible(explorer._pickers)
    explorer.schedule.listed.value = sandbox.schedule_id
    explorer.wait()
    assert explorer.table.picked == "tasks"
    explorer.table.search.value = "milest"
    explorer.table.listed.value = "milestones"
    assert "rows of milestones" in said(explorer)
    assert explorer.exploration.selection.table == "milestones"


def test_an_explorer_of_a_schedule_shows_where_it_is(exploration: Exploration) -> None:
    explorer = opened(exploration)
    assert dict(map(reversed, explorer.project.listed.options))[explorer.project.picked] == "Harbour Point Tower"
    assert explorer.schedule.picked == exploration.schedule.id  # type: ignore[union-attr]
    assert visible(explorer._shown["Table"])


def test_filters_change_rows_page_and_code(exploration: Exploration) -> None:
    explorer = opened(exploration)
    explorer.forward.click()
    explorer.wait()
    assert "page 2 of 3" in explorer.note.value
    explorer.text.value = "slab"
    explorer.wait()
    assert "page" not in explorer.note.value
    planned = next(box for box in explorer.states.children if box.description == "Planned")
    planned.value = True
    explorer.critical.value = True
    explorer.first.value = date(2024, 6, 1)
    explorer.sort_by.value = "name"
    explorer.wait()
    assert_frame_equal(run(explorer.code)["last"], explorer.frame)
    assert explorer.frame["name"].is_monotonic_increasing
    explorer.clear.click()
    assert said(explorer).startswith("150 rows")
    assert not planned.value
    explorer.user_fields.value = True
    explorer.wait()
    assert len(explorer.frame.columns) > 35
    assert_frame_equal(run(explorer.code)["last"], explorer.frame)


def test_other_columns_can_be_picked(exploration: Exploration) -> None:
    explorer = opened(exploration)
    assert not visible(explorer.columns)
    explorer.pick_columns.value = True
    assert visible(explorer.columns)
    explorer.columns.value = ["name", "parent_id", "status"]
    explorer.wait()
    head, *rows = Cells(explorer.page.value).rows
    assert head == ["Name", "Parent id", "Status"]
    assert len(rows) == ROWS
    explorer.sort_by.value = "Planned finish"
    explorer.wait()
    assert exploration.selection.sort_by == "planned_finish"


def test_only_filters_that_go_with_the_table_are_offered(exploration: Exploration) -> None:
    explorer = opened(exploration)
    assert all(map(visible, (explorer.branch, explorer.first, explorer.critical, explorer.codes)))
    assert [box.description for box in explorer.states.children] == ["Finished", "Planned", "Started"]
    explorer.table.listed.value = "calendars"
    explorer.wait()
    assert not any(map(visible, (explorer.branch, explorer.first, explorer.critical, explorer.codes)))
    assert explorer.states.children == ()
    explorer.text.value = "slab"
    explorer.table.listed.value = "task_links"
    assert "of" not in said(explorer).partition(" rows")[0]  # the text is not visible here, so it hides none of them
    assert not visible(explorer.text)
    assert explorer.exploration.selection.text == ""


@pytest.mark.parametrize("box", ["user_fields", "codes"])
@pytest.mark.parametrize("first", [None, "user_fields"])
def test_user_fields_and_codes_are_seen_as_soon_as_they_are_ticked(
    box: str, first: str | None, exploration: Exploration
) -> None:
    explorer = opened(exploration)
    if first is not None:
        getattr(explorer, first).value = True
        explorer.wait()
    getattr(explorer, box).value = True
    explorer.wait()
    head = Cells(explorer.page.value).rows[0]
    added = exploration.added_columns
    assert added == set(explorer.frame.columns) - set(exploration.schedule.tasks().columns)  # type: ignore[union-attr]
    filled = [name for name in added if explorer.frame[name].notna().any()]
    assert filled
    assert set(filled) <= set(head)
    assert head[0] == "Name"


def test_resource_groups_can_be_widened_too(exploration: Exploration) -> None:
    exploration.select(table="resource_groups", user_fields=True, codes=True)
    assert "frame = s.resource_groups(user_fields=True, codes=True)" in exploration.code
    assert_code_makes_the_frame(exploration)


def test_tables_of_another_type_of_schedule_are_not_offered(exploration: Exploration, client: bn.Client) -> None:
    older = client.schedules("Harbour Point Tower").set_index("type").loc["v6.5", "id"]
    assert "dcma_violations" in {name for _, name in exploration.tables()}  # as long as the type is not known
    explorer = opened(exploration)
    v10 = {name for _, name in exploration.tables()}
    assert {"tasks", "user_fields"} <= v10
    assert not {name for name in v10 & set(COLLECTIONS) if "v10" not in COLLECTIONS[name].schedule_types}
    explorer.table.pick("task_statuses")
    explorer.wait()
    explorer.schedule.pick(older)
    explorer.wait()
    v65 = {name for _, name in exploration.tables()}
    assert not {name for name in v65 & set(COLLECTIONS) if "v6.5" not in COLLECTIONS[name].schedule_types}
    assert exploration.selection.table in v65


def test_the_views(exploration: Exploration) -> None:
    pytest.importorskip("plotly")
    explorer = opened(exploration)
    explorer.view.value = "Gantt"
    explorer.wait()
    [output] = explorer.chart.outputs
    assert set(output["data"]) == {"application/vnd.plotly.v1+json", "text/plain"}
    assert f"At most {GANTT_ROWS} lines" in said(explorer)
    assert not visible(explorer._shown["Table"])
    explorer.copy.click()
    explorer.wait()
    assert "bn.charts.gantt(s" in explorer.lines.value
    assert visible(explorer.lines)
    explorer.view.value = "Table"
    explorer.copy.click()
    explorer.wait()
    assert explorer.lines.value == explorer.code
    assert said(explorer).startswith(f"{len(explorer.code.splitlines())} lines")


@pytest.mark.parametrize(
    ("refused", "status", "what"),
    [
        ("/itwins", 403, "projects"),
        ("schedules?", 403, "the project's schedules"),
        ("schedules?", 404, "the project's"),
    ],
)
def test_a_schedule_is_shown_though_the_lists_around_it_are_refused(
    refused: str, status: int, what: str, client: bn.Client, sandbox: Sandbox
) -> None:
    schedule = client.schedule(sandbox.schedule_id)
    sandbox.faults.add(refused, status=status, body={"error": {"code": "Denied", "message": "<no>"}}, times=None)
    try:
        explorer = opened(Exploration(client, schedule))
    finally:
        sandbox.faults.clear()
    assert said(explorer).startswith(f"{len(schedule.tasks()):,} rows of tasks, Harbour Point Tower")
    assert [value for _, value in explorer.schedule.listed.options] == [schedule.id]
    assert visible(explorer.unread)
    line = html.unescape(explorer.unread.value)
    assert line.startswith(f"The list of {what} ")
    assert "cannot be read: " in line
    assert "<no>" not in explorer.unread.value
    if refused != "/itwins":
        explorer.project.search.value = "quayside"
        explorer.project.listed.index = 0
        assert "Quayside Residences" in said(explorer)
        assert not visible(explorer.unread)


def test_without_a_schedule_a_refused_list_of_projects_is_an_error(client: bn.Client, sandbox: Sandbox) -> None:
    sandbox.faults.add("/itwins", status=403, body={"error": {"code": "Denied", "message": "no"}}, times=None)
    try:
        explorer = opened(Exploration(client))
    finally:
        sandbox.faults.clear()
    assert "role='alert'" in explorer.message.value
    assert sandbox.client_id in said(explorer)


def test_errors_are_told_in_words_and_asked_for_once(client: bn.Client, sandbox: Sandbox) -> None:
    explorer = opened(Exploration(client, client.schedule(sandbox.schedule_id)))
    sandbox.log.clear()
    fault = sandbox.faults.add(
        "/resources", status=403, body={"error": {"code": "Denied", "message": "no"}}, times=None
    )
    try:
        explorer.table.listed.value = "resources"
        explorer.wait()
    finally:
        sandbox.faults.clear()
    assert fault.met == 1
    assert "role='alert'" in explorer.message.value
    assert sandbox.client_id in said(explorer)  # whom to invite
    assert not any(visible(part) for part in explorer._shown.values())
    explorer.table.listed.value = "tasks"
    assert said(explorer).startswith("150 rows of tasks")
    assert visible(explorer._shown["Table"])


def test_enter_in_a_search_picks_the_first_that_is_listed(exploration: Exploration) -> None:
    explorer = opened(exploration)
    search = explorer.table.search
    search.value = "calen"
    search._handle_custom_msg({"event": "submit"}, [])  # what a page sends for Enter
    assert explorer.table.picked == "calendars"
    search.value = "resource_as"  # the last letters, later than the Enter
    assert explorer.table.picked == "resource_assignments"
    search.value = "nothing of the kind"
    search._handle_custom_msg({"event": "submit"}, [])
    assert "rows of resource_assignments" in said(explorer)
    explorer.sort_by.value = "task_idd"
    assert "no column 'task_idd'" in said(explorer)


def test_stop_ends_a_long_fetch_and_the_next_thing_asked_for_begins_at_once(
    exploration: Exploration, sandbox: Sandbox
) -> None:
    explorer = opened(exploration)
    slow = sandbox.faults.add("/resources", delay=60, times=None)
    try:
        explorer.table.listed.value = "resources"
        until(lambda: slow.met > 0 and visible(explorer.stop))
        explorer.stop.click()
        assert said(explorer).startswith("Stopped.")
        assert not any(visible(part) for part in explorer._shown.values())
        explorer.again.click()
        until(lambda: slow.met > 1)
        explorer.table.listed.value = "tasks"
        assert said(explorer).startswith("150 rows of tasks")
        until(lambda: not [thread for thread in threading.enumerate() if "explorer" in thread.name])
    finally:
        sandbox.faults.clear()


def test_a_service_application_without_projects_is_told_so(sandbox: Sandbox, addresses: Sandbox) -> None:
    client = bn.connect(sandbox.uninvited_id, sandbox.uninvited_secret, progress=False)
    explorer = opened(Exploration(client))
    assert said(explorer).startswith(
        "service-uninvited@apps.imsoidc.bentley.com has not been invited into any project yet."
    )
    assert "Administration > Manage your team > Add users" in said(explorer)


def test_the_state_of_the_widgets_stays_small(exploration: Exploration) -> None:
    explorer = opened(exploration)
    for view in ("Table", "Gantt", "Code"):
        explorer.view.value = view
        explorer.wait()
        assert len(json.dumps(Widget.get_manager_state(drop_defaults=True))) < 100_000


def _all_widgets() -> dict[str, Widget]:
    from ipywidgets.widgets.widget import _instances

    return dict(_instances)


def test_every_field_has_a_label(exploration: Exploration) -> None:
    explorer = opened(exploration)
    fields = [
        widget
        for widget in _all_widgets().values()
        if type(widget).__name__
        in ("Text", "Combobox", "Select", "Dropdown", "Checkbox", "DatePicker", "Textarea", "Button")
    ]
    assert len(fields) > 20
    assert [widget for widget in fields if not (widget.description or widget.tooltip)] == []
    assert explorer is not None


# explore() --------------------------------------------------------------------------------------------------------


def test_where_nobody_can_click_it_gives_a_frame(client: bn.Client, sandbox: Sandbox) -> None:
    s = client.schedule(sandbox.schedule_id)
    assert_frame_equal(bn.explore(s), s.tasks())  # type: ignore[arg-type]
    _session.set_default(client)
    assert "display_name" in bn.explore().columns  # type: ignore[union-attr]
    _session.use(s)
    assert_frame_equal(bn.explore(), s.tasks())  # type: ignore[arg-type]
    assert len(bn.explore("Quayside Residences"))  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match="schedule must be a Schedule"):
        bn.explore(5)  # type: ignore[arg-type]


@pytest.mark.kernel
def test_in_a_kernel_with_a_page_it_is_a_widget_and_in_a_run_by_itself_a_frame(kernel: Any) -> None:
    kernel.must(
        "import bentley_nb as bn; s = bn.connect(demo=True).schedules; from bentley_nb.sandbox.running import demo_sandbox"
    )
    kernel.must("s = bn.connect(demo=True).schedule(demo_sandbox().schedule_id)")
    shown = kernel.must("bn.explore(s)")
    [result] = [message["content"]["data"] for message in shown.messages if message["msg_type"] == "execute_result"]
    assert "application/vnd.jupyter.widget-view+json" in result
    assert result["text/plain"].startswith("Explorer of tasks")
    alone = kernel.run("type(bn.explore(s)).__name__", allow_stdin=False)
    assert alone.result == "'DataFrame'"
