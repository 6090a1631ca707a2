"""The explorer as somebody uses it: pick, filter, page, look at bars, copy the code, save."""

from __future__ import annotations

import json
from typing import Any

from bentley_nb.sandbox import Sandbox
from tests.lab.conftest import Open
from tests.lab.jupyterlab import Notebook

HOSTILE = "</script><img src=x onerror=alert(1)> & <b>bold</b>"


def explorer(notebook: Notebook, cell: int = 0) -> Any:
    notebook.run(cell)
    area = notebook.outputs(cell)
    area.get_by_label("Project").wait_for()
    return area


def pick(area: Any, list_: str, label: str) -> None:
    area.get_by_label(list_, exact=True).fill(label)
    area.get_by_title(f"{list_}s").select_option(label=label)


def says(area: Any, text: str) -> str:
    line = area.get_by_role("status").filter(has_text=text)
    line.wait_for()
    words: str = line.inner_text()
    return words


def test_pick_filter_and_take_the_code(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        "import bentley_nb as bn\ne = bn.explore()\ne", "", "print(len(e.frame), frame.equals(e.frame))"
    )
    area = explorer(notebook)
    pick(area, "Project", "Harbour Point Tower")
    pick(area, "Schedule", "Harbour Point Tower")
    says(area, "200 rows of tasks, Harbour Point Tower")
    area.get_by_label("Critical only").check()
    says(area, "of 200 rows of tasks")
    area.get_by_label("Text", exact=True).fill("a")
    area.get_by_label("Text", exact=True).press("Enter")
    area.get_by_label("Planned").check()
    note = area.get_by_role("region", name="Rows of tasks")
    note.wait_for()
    area.get_by_role("button", name="Copy as code").click()
    says(area, "lines, here and on the clipboard")
    copied = notebook.page.evaluate("navigator.clipboard.readText()")
    assert copied == area.get_by_title("Python code of what is shown").input_value()
    assert 'frame[["name"' in copied
    notebook.cell(1).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+v")
    notebook.run(1)
    rows, same = notebook.run(2).inner_text().split()
    assert 0 < int(rows) < 200
    assert same == "True"
