"""One JupyterLab, one sandbox and one Chromium for all tests of this folder; a page and a kernel for each."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import bentley_nb
from bentley_nb.sandbox import Sandbox
from tests.browser import chromium
from tests.lab.jupyterlab import Notebook, Server, opened

ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"

Open = Callable[[Sequence[str]], Notebook]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def lab_sandbox() -> Iterator[Sandbox]:
    """The service that the kernels speak to."""
    with Sandbox(rows=200) as running:
        yield running


@pytest.fixture(scope="session")
def lab(lab_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A JupyterLab whose kernels find the sandbox, but no credentials."""
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")
    root = str(Path(bentley_nb.__file__).parents[1])
    server = Server(
        tmp_path_factory.mktemp("lab"),
        {
            "BENTLEY_TOKEN_URL": lab_sandbox.token_url,
            "BENTLEY_API_URL": lab_sandbox.api_url("platform"),
            "BENTLEY_PROJECTS_URL": lab_sandbox.projects_url,
            "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))),
        },
    )
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, or a skip that says what is missing."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page with a fresh profile."""
    context = browser.new_context(viewport={"width": 1360, "height": 1000}, color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.fixture
def open_notebook(page: Any, lab: Server, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Open a notebook with these cells; a picture of the page as it was last is kept."""
    name = re.sub(r"\W+", "_", request.node.name).strip("_")
    with ExitStack() as stack:
        yield lambda cells: stack.enter_context(opened(page, lab, name, cells))
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png")
