"""The sign-in form as a user types into it, and the secret that must not be in the saved file."""

from __future__ import annotations

from typing import Any

import pytest

from bentley_nb.sandbox import Sandbox
from tests.browser import expect
from tests.lab.conftest import Open
from tests.lab.jupyterlab import Notebook

SHOW = "import bentley_nb as bn\nbn.login()"


def form(open_notebook: Open) -> Notebook:
    notebook = open_notebook(SHOW, "print(bn.projects()['display_name'].tolist())", signed_in=False)
    notebook.run(0)
    notebook.outputs(0).get_by_label("Client id").wait_for()
    return notebook


def fill(notebook: Notebook, client_id: str, secret: str) -> None:
    notebook.outputs(0).get_by_label("Client id").fill(client_id)
    field = notebook.outputs(0).get_by_label("Client secret")
    expect(field).to_have_attribute("type", "password")
    field.press_sequentially(secret)


def connect(notebook: Notebook) -> None:
    notebook.outputs(0).get_by_role("button", name="Connect").click()


def said(notebook: Notebook, text: str, role: str = "status") -> Any:
    line = notebook.outputs(0).get_by_role(role).filter(has_text=text)
    line.wait_for()
    return line


def test_signing_in_names_the_projects_and_the_next_cell_can_ask(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = form(open_notebook)
    fill(notebook, sandbox.client_id, sandbox.client_secret)
    connect(notebook)
    line = said(notebook, "Signed in")
    expect(line).to_contain_text("Harbour Point Tower")
    notebook.run(1)
    notebook.says(1, "Harbour Point Tower")
    expect(notebook.outputs(0).get_by_label("Client secret")).to_have_value("")


def test_the_file_that_would_hold_the_pair_is_named_whole(open_notebook: Open) -> None:
    label = form(open_notebook).outputs(0).get_by_text("readable by you only")
    expect(label).to_contain_text("/.env (")
    # What is cut or runs into the next line reaches beyond its own widget.
    text, box = label.bounding_box(), label.locator("xpath=ancestor::div[1]").bounding_box()
    assert text["x"] + text["width"] <= box["x"] + box["width"]
    assert text["y"] + text["height"] <= box["y"] + box["height"]


def test_enter_in_the_secret_signs_in(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = form(open_notebook)
    fill(notebook, sandbox.client_id, sandbox.client_secret)
    notebook.outputs(0).get_by_label("Client secret").press("Enter")
    said(notebook, "Signed in")


def test_a_wrong_secret_is_told_in_words(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = form(open_notebook)
    fill(notebook, sandbox.client_id, "wrong-secret-4711")
    connect(notebook)
    line = said(notebook, "Not signed in", role="alert")
    assert "wrong-secret-4711" not in line.inner_text()
    assert "Traceback" not in notebook.outputs(0).inner_text()
    assert "wrong-secret-4711" not in str(notebook.save())


def test_without_an_invitation_the_steps_and_the_address_to_copy(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = form(open_notebook)
    fill(notebook, sandbox.uninvited_id, sandbox.uninvited_secret)
    connect(notebook)
    line = said(notebook, "not been invited into any project")
    expect(line).to_contain_text("Manage your team")
    address = notebook.outputs(0).get_by_label("Address to add")
    expect(address).to_have_value(f"{sandbox.uninvited_id}@apps.imsoidc.bentley.com")


@pytest.mark.parametrize("moment", ["typing", "left", "signed in"])
def test_the_secret_is_not_in_the_saved_file(moment: str, open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = form(open_notebook)
    fill(notebook, sandbox.client_id, sandbox.client_secret)
    if moment == "left":
        notebook.page.keyboard.press("Tab")
        notebook.outputs(0).get_by_placeholder("taken").wait_for()
    elif moment == "signed in":
        connect(notebook)
        said(notebook, "Signed in")
    else:
        expect(notebook.outputs(0).get_by_label("Client secret")).to_have_value(sandbox.client_secret)
    saved = notebook.save()
    text = notebook.file.read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget-state+json" in saved["metadata"]["widgets"]  # the state is saved, as asked
    assert sandbox.client_id in text
    for part in (sandbox.client_secret, sandbox.client_secret[:-1], sandbox.client_secret[:12]):
        assert part not in text
        assert part.encode("unicode_escape").decode() not in text
