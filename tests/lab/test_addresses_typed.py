"""The sign-in form without any address in the environment: the addresses are typed under "Advanced"."""

from __future__ import annotations

from bentley_nb.sandbox import Sandbox
from tests.browser import expect
from tests.lab.conftest import Open

# Gone before the form asks for them; a cell, since the environment of the kernels is set for all tests.
FORGET = "import os\nfor name in ('TOKEN', 'API', 'PROJECTS'):\n    del os.environ[f'BENTLEY_{name}_URL']"


def test_addresses_typed_under_advanced_are_used_and_a_refused_secret_can_be_typed_again(
    open_notebook: Open, sandbox: Sandbox
) -> None:
    notebook = open_notebook(f"{FORGET}\n%load_ext bentley_nb\n%bentley login", "%bentley projects", signed_in=False)
    form = notebook.run(0)
    form.get_by_role("button", name="Advanced").wait_for()
    expect(form.get_by_label("Token URL")).to_be_hidden()
    form.get_by_role("button", name="Advanced").press("Space")
    form.get_by_label("Token URL").fill(sandbox.token_url)
    form.get_by_label("API URL").fill(sandbox.api_url())
    form.get_by_label("Projects URL").fill(sandbox.projects_url)
    form.get_by_label("Client id").fill(sandbox.client_id)
    secret = form.get_by_label("Client secret")
    secret.press_sequentially("mistyped")
    secret.press("Enter")
    refusal = form.get_by_role("alert")
    expect(refusal).to_contain_text("invalid_client")
    secret.press_sequentially(sandbox.client_secret)
    secret.press("Enter")
    form.get_by_role("status").filter(has_text="Signed in as").wait_for()
    expect(refusal).to_have_count(0)
    active = [project for project in sandbox.projects if project["status"] != "Inactive"]  # the others only on request
    assert len(active) > 1
    expect(notebook.run(1).locator("table.bn tbody tr")).to_have_count(len(active))
