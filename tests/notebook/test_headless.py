"""Notebooks that run by themselves, under nbclient and papermill: they stop where they must, and stay small."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from tests.notebooks.running import KERNEL, run

pytestmark = pytest.mark.kernel

SESSION = [
    "%load_ext bentley_nb",
    "%bentley demo",
    "%bentley projects",
    "%bentley schedules 'Harbour Point Tower'",
    "%bentley use 'Harbour Point Tower'",
    "%bentley tasks",
    "%bentley tasks --codes Trade",
    "%bentley task-links",
    "%bentley look-ahead --weeks 4",
    "%bentley late",
    "%bentley milestones",
    "%bentley progress --by Trade",
    "%%bentley by_status\nSELECT status, count(*) AS tasks FROM tasks GROUP BY ALL ORDER BY ALL",
    "%bentley status",
]
# The same frames, shown by pandas alone.
PLAIN = [
    "import bentley_nb as bn\nclient = bn.connect(demo=True, progress=False)",
    "client.projects()",
    "tower = client.projects('tower')['id'].iloc[0]\nclient.schedules(tower)",
    "s = client.schedule('Harbour Point Tower', project='Harbour Point Tower')",
    "s.tasks()",
    "s.tasks(codes='Trade')",
    "s.task_links()",
    "s.look_ahead(weeks=4)",
    "s.late()",
    "s.milestones()",
    "s.progress(by='Trade')",
    "bn.sql('SELECT status, count(*) AS tasks FROM tasks GROUP BY ALL ORDER BY ALL', s)",
    "client.explain()",
]


SHOW_FORM = """
from bentley_nb.notebook.sign_in.form import SignInForm
from bentley_nb.notebook.sign_in.signing_in import Addresses
form = SignInForm(Addresses.of(**dict.fromkeys(("scope", "token_url", "api_url", "projects_url"))))
form
"""


def write(name, cells):
    path = Path(name)
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in cells]), path)
    return path


def outputs(notebook, number):
    return notebook.cells[number].outputs


# What runs, then what fails, then what must not be reached.
CELLS = [
    "%load_ext bentley_nb",
    "%bentley demo",
    "df = %bentley tasks",
    "len(df)",
    "%bentley tasks --user-fields Volum",
    "never = 1",
]


def stopped_as_it_should(ran):
    assert outputs(ran, 0) == []
    [line] = outputs(ran, 2)
    assert line.text.startswith("400 tasks · 35 columns · ")
    assert outputs(ran, 3)[0].data["text/plain"] == "400"
    [error] = outputs(ran, 4)
    assert (error.output_type, error.ename) == ("error", "InvalidRequest")
    shown = "\n".join(error.traceback)
    assert shown.startswith("InvalidRequest: There is no user field 'Volum'.\n")
    assert shown.count("\n") < 3
    assert ".py" not in shown
    assert ran.cells[5].execution_count is None


def test_a_failing_magic_stops_the_notebook_with_one_clean_output(jupyter):
    with pytest.raises(CellExecutionError) as caught:
        run(write("fails.ipynb", CELLS), jupyter)
    stopped_as_it_should(caught.value.ran)


def test_papermill_stops_too(jupyter):
    papermill = pytest.importorskip("papermill")
    path = write("fails.ipynb", CELLS)
    with pytest.raises(papermill.PapermillExecutionError, match="There is no user field 'Volum'"):
        papermill.execute_notebook(path, "ran.ipynb", kernel_name=KERNEL, progress_bar=False)
    ran = nbformat.read("ran.ipynb", as_version=4)
    ran.cells = [cell for cell in ran.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
    stopped_as_it_should(ran)


def test_signing_in_where_nobody_sits_fails_at_once(jupyter):
    with pytest.raises(CellExecutionError) as caught:
        run(write("login.ipynb", ["%load_ext bentley_nb\n%bentley login"]), jupyter)
    [error] = outputs(caught.value.ran, 0)
    assert error.ename == "CredentialsNotFound"
    assert "Sign-in needs an interactive session" in "\n".join(error.traceback)


def test_a_typed_secret_is_not_in_the_saved_notebook(jupyter, addresses):
    """nbclient always stores the state of widgets: the form is filled in as the page does it, and left mid-way too."""
    secret = addresses.client_secret
    typed = f"widget.set_state({{'value': bytes.fromhex('{secret.encode().hex()}').decode()}})"
    path = write(
        "form.ipynb",
        [
            SHOW_FORM,
            f"form.client_id.value = {addresses.client_id!r}\nwidget = form.secret\n{typed}",
            "form",
            "form.connect.click(); form.wait(); form.message.value",
            "%load_ext bentley_nb\n%bentley projects",
            f"# typed, and never sent off\n{typed}\nform",
        ],
    )
    ran = run(path, jupyter)
    nbformat.write(ran, "saved.ipynb")
    saved = Path("saved.ipynb").read_text(encoding="utf-8")
    assert "Signed in as service-" in saved
    states = ran.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    [password] = [state["state"] for state in states.values() if state["model_name"] == "PasswordModel"]
    assert password["placeholder"].endswith("(taken; type to replace it)")
    for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        assert form not in saved


def test_a_saved_session_is_as_small_as_plain_pandas(jupyter):
    pytest.importorskip("duckdb")
    sizes = {}
    for name, cells in (("magics", SESSION), ("plain", PLAIN)):
        ran = run(write(f"{name}.ipynb", cells), jupyter)
        nbformat.write(ran, f"{name}.ipynb")
        sizes[name] = Path(f"{name}.ipynb").stat().st_size
        assert "widgets" not in ran.metadata
    print(f"saved notebook: {sizes['magics']:,} bytes with magics, {sizes['plain']:,} with pandas alone")
    assert sizes["magics"] <= 1.2 * sizes["plain"], sizes
