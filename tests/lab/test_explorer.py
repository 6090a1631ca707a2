"""The explorer as a user works with it: pick, filter, page, look at bars, copy the code, save."""

from __future__ import annotations

import re
from typing import Any

from bentley_nb.sandbox import Sandbox
from tests.browser import expect
from tests.lab.conftest import Open
from tests.lab.jupyterlab import Notebook

HOSTILE = "</script><img src=x onerror=alert(1)> & <b>bold</b>"


def explorer(notebook: Notebook, cell: int = 0) -> Any:
    notebook.run(cell)
    area = notebook.outputs(cell)
    area.get_by_role("status").first.wait_for()
    return area


def pick(area: Any, list_: str, label: str) -> None:
    options = area.get_by_title(f"{list_}s")
    options.locator("option").first.wait_for(state="attached")
    area.get_by_label(list_, exact=True).fill(label)
    # An option is sent as its number: only once the list is that of the search does the number mean the same to both.
    options.locator("xpath=..").locator("xpath=..").get_by_text(f" {list_.lower()}").filter(has_text=" of ").wait_for()
    options.select_option(label=label)


def says(area: Any, text: str) -> str:
    line = area.get_by_role("status").filter(has_text=text)
    line.wait_for()
    words: str = line.inner_text()
    return words


def on_clipboard(notebook: Notebook, text: str) -> str:
    """Wait until a text is part of what is on the clipboard, which a script of the page fills; gives all of it."""
    words = ""

    def there() -> bool:
        nonlocal words
        words = notebook.page.evaluate("navigator.clipboard.readText()")
        return text in words

    notebook.until(there, f"{text!r} is on the clipboard")
    return words


def open_on(
    open_notebook: Open, sandbox: Sandbox, schedule_id: str | None = None, **options: bool
) -> tuple[Notebook, Any]:
    code = f"import bentley_nb as bn\ne = bn.explore('{schedule_id or sandbox.schedule_id}')\ne"
    notebook = open_notebook(code, **options)
    return notebook, explorer(notebook)


def test_pick_filter_and_take_the_code(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        "import bentley_nb as bn\ne = bn.explore()\ne", "", "print(len(e.frame), frame.equals(e.frame))"
    )
    area = explorer(notebook)
    notebook.photograph("explorer_first")
    pick(area, "Project", "Harbour Point Tower")
    pick(area, "Schedule", "Harbour Point Tower")
    says(area, "200 rows of tasks, Harbour Point Tower")
    notebook.photograph("explorer_table")
    area.get_by_label("Critical only").check()
    says(area, "of 200 rows of tasks")
    area.get_by_label("Text", exact=True).fill("a")
    area.get_by_label("Text", exact=True).press("Enter")
    area.get_by_label("Planned").check()
    area.get_by_role("button", name="Copy as code").click()
    says(area, "lines, here and on the clipboard")
    notebook.photograph("explorer_code")
    copied = on_clipboard(notebook, 'part = s.only(frame, critical, status=["Planned"])')
    expect(area.get_by_title("Python code of what is shown")).to_have_value(copied)
    notebook.cell(1).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+v")
    notebook.run(1)
    notebook.run(2)
    rows, same = notebook.says(2, re.compile(r"\d (True|False)")).split()
    assert 0 < int(rows) < 200
    assert same == "True"


def test_the_gantt_of_the_filter_has_its_milestones(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook, area = open_on(open_notebook, sandbox)
    pick(area, "Table", "milestones (report)")
    rows = int(says(area, "rows of milestones").split()[0])
    area.get_by_role("button", name="Gantt").click()
    plot = area.locator(".js-plotly-plot")
    plot.locator(".nsewdrag").first.wait_for(state="attached")  # the last that Plotly adds
    drawn = plot.evaluate(
        """(plot) => [...plot.querySelectorAll(".scatterlayer .trace")]
             .filter((trace) => /key date/i.test(trace.__data__[0].trace.name))
             .map((trace) => trace.querySelectorAll("path.point").length)"""
    )
    notebook.photograph("explorer_gantt")
    assert sum(drawn) == rows > 5
    pick(area, "Table", "calendars")
    area.get_by_role("alert").filter(has_text="not about tasks").wait_for()


def test_the_workbook_of_the_rows_can_be_downloaded(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook, area = open_on(open_notebook, sandbox)
    says(area, "200 rows of tasks")
    area.get_by_role("button", name="Excel").click()
    says(area, "rows written to")
    link = area.get_by_role("link", name=".xlsx")
    expect(link).to_have_attribute("href", re.compile("/files/"))  # JupyterLab finds the address after it is drawn
    assert notebook.page.request.get(link.get_attribute("href")).body().startswith(b"PK")


def test_the_keyboard_is_enough(open_notebook: Open) -> None:
    notebook = open_notebook("import bentley_nb as bn\nbn.explore()")
    area = explorer(notebook)
    keys = notebook.page.keyboard
    area.get_by_label("Project").focus()
    area.get_by_text("3 projects").wait_for()
    keys.type("quayside")
    keys.press("Enter")  # its only schedule is taken at once
    whole = says(area, "rows of tasks, Quayside Residences")

    def go_to(field: Any, key: str = "Tab") -> None:
        for _ in range(30):
            if field.evaluate("(field) => field === document.activeElement"):
                return
            keys.press(key)
        raise AssertionError(f"{key} does not lead there")

    go_to(area.get_by_label("Text", exact=True))
    keys.type("slab")
    keys.press("Enter")
    narrowed = says(area, f" of {whole.split()[0]} rows of tasks")
    go_to(area.get_by_label("Critical only"))
    keys.press("Space")
    area.get_by_role("status").filter(has_text=" of ").filter(has_not_text=narrowed).wait_for()
    expect(area.get_by_label("Critical only")).to_be_checked()
    go_to(area.get_by_label("Sort by"))
    keys.type("planned_finish")
    keys.press("Enter")
    go_to(area.get_by_role("button", name="Code", exact=True), "Shift+Tab")
    keys.press("Space")
    # The field is drawn before its text arrives.
    expect(area.get_by_title("Python code of what is shown")).to_have_value(
        re.compile(r'\.sort_values\("planned_finish"')
    )


def test_names_of_the_service_run_nothing(open_notebook: Open, sandbox: Sandbox) -> None:
    project = sandbox.add_project(f"Odd {HOSTILE}")
    tasks = [
        {"id": "s", "name": HOSTILE, "isWbs": True},
        {"id": "t", "name": HOSTILE, "parentId": "s", "status": HOSTILE, "comment": HOSTILE, "type": "Work"}
        | {"plannedStart": "2025-01-01T08:00:00Z", "plannedFinish": "2025-01-09T16:00:00Z"},
    ]
    id_ = sandbox.add_schedule({"tasks": tasks}, name=f"Odd {HOSTILE}", itwin_id=project)
    notebook, area = open_on(open_notebook, sandbox, id_)
    dialogs: list[str] = []
    notebook.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    says(area, f"2 rows of tasks, Odd {HOSTILE}")
    expect(area.get_by_role("cell", name=HOSTILE).first).to_be_visible()
    area.get_by_role("button", name="Gantt").click()
    area.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
    area.get_by_role("button", name="Copy as code").click()
    says(area, "lines, here and on the clipboard")
    on_clipboard(notebook, f"# Odd {HOSTILE}")
    assert notebook.page.locator("img[src=x]").count() == 0
    assert dialogs == []


def test_the_saved_file_has_one_page_of_rows(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook, area = open_on(open_notebook, sandbox)
    says(area, "200 rows of tasks")
    first = area.locator("tbody tr").first
    row = first.inner_text()
    area.get_by_role("button", name="Next").click()
    area.get_by_text("Rows 51 to 100 of 200, page 2 of 4").wait_for()
    expect(first).not_to_have_text(row)
    notebook.save()
    text = notebook.file.read_text(encoding="utf-8")
    ids = [str(item["userDefinedId"]) for item in sandbox.items("tasks") if not item.get("deleted")]
    assert sum(f"<td>{id_}</td>" in text for id_ in ids) == 50
    assert len(text) < 120_000


def test_stop_ends_a_long_fetch(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook, area = open_on(open_notebook, sandbox)
    says(area, "200 rows of tasks")
    slow = sandbox.faults.add("/resources", delay=60, times=None)
    try:
        pick(area, "Table", "resources")
        says(area, "Reading resources")
        notebook.until(lambda: slow.met > 0, "the service is asked")
        area.get_by_role("button", name="Stop").click()
        says(area, "Stopped")
    finally:
        sandbox.faults.clear()
    area.get_by_role("button", name="Read again").click()
    says(area, "rows of resources")


def test_the_dark_theme(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook, area = open_on(open_notebook, sandbox, dark=True)
    says(area, "200 rows")
    notebook.photograph("explorer_dark")
    area.get_by_role("button", name="Gantt").click()
    area.locator(".js-plotly-plot .barlayer").first.wait_for(state="attached")
    notebook.photograph("explorer_dark_gantt")
