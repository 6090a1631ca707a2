"""One JupyterLab, one sandbox and one Chromium for all tests of this folder; a page and a kernel for each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

import bentley_nb
from bentley_nb.sandbox import Sandbox
from tests.browser import chromium
from tests.lab.jupyterlab import PATIENCE, Notebook, Server, opened


class Open(Protocol):
    """Opens a notebook; ``signed_in`` puts the credentials into its ``.env``."""

    def __call__(self, *cells: str, signed_in: bool = True, dark: bool = False) -> Notebook: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


# Of the package, not of the session: while Playwright runs, asyncio takes this thread for busy, and nbclient refuses.
@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium, or a skip that says what is missing."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def sandbox() -> Iterator[Sandbox]:
    """The service that the kernels speak to."""
    with Sandbox(rows=200) as running:
        yield running


@pytest.fixture(scope="package")
def lab(browser: Any, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab whose kernels find the sandbox, but no credentials."""
    pytest.importorskip("jupyterlab", reason='JupyterLab is not installed (pip install "bentley-nb[lab]")')
    root = str(Path(bentley_nb.__file__).parents[1])
    server = Server(
        tmp_path_factory.mktemp("lab"),
        {
            "BENTLEY_TOKEN_URL": sandbox.token_url,
            "BENTLEY_API_URL": sandbox.api_url("platform"),
            "BENTLEY_PROJECTS_URL": sandbox.projects_url,
            "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))),
        },
    )
    yield server
    server.stop()


@pytest.fixture
def open_notebook(browser: Any, lab: Server, sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a notebook with these cells in a fresh profile; a picture of the page as it was last is kept."""
    name = re.sub(r"\W+", "_", request.node.name).strip("_")
    pair = f"BENTLEY_CLIENT_ID='{sandbox.client_id}'\nBENTLEY_CLIENT_SECRET='{sandbox.client_secret}'\n"
    with ExitStack() as stack:

        def open_(*cells: str, signed_in: bool = True, dark: bool = False) -> Notebook:
            lab.set_theme(dark=dark)
            context = browser.new_context(
                viewport={"width": 1360, "height": 1000}, permissions=["clipboard-read", "clipboard-write"]
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(PATIENCE * 1000)
            notebook = stack.enter_context(opened(page, lab, name, cells, pair if signed_in else ""))
            stack.callback(notebook.photograph, name)
            return notebook

        yield open_
