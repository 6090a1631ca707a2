"""An IPython shell in this process for what magics do, and real kernels for what only a kernel shows."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import bentley_nb
from bentley_nb.sandbox import Sandbox
from tests.notebook.kernel import Kernel
from tests.notebooks.running import prepare


@dataclass
class Shell:
    """A shell with the extension loaded, and what a cell said."""

    ip: InteractiveShell
    capture: pytest.CaptureFixture[str]
    said: str = ""

    def run(self, code: str) -> Any:
        """Run a cell and give its result; what it printed is in ``said``. An error of the cell is raised."""
        self.capture.readouterr()
        result = self.ip.run_cell(code)
        self.said = "".join(self.capture.readouterr())
        result.raise_error()
        return result.result

    def fails(self, code: str) -> BaseException:
        """Run a cell that has to fail; what the reader sees is in ``said``."""
        self.capture.readouterr()
        result = self.ip.run_cell(code)
        self.said = "".join(self.capture.readouterr())
        error = result.error_in_exec or result.error_before_exec
        assert error is not None, f"{code!r} did not fail"
        return error

    def complete(self, text: str, cursor: int | None = None) -> list[str]:
        """What is offered at the cursor (at the end by default)."""
        from IPython.core.completer import provisionalcompleter

        at = len(text) if cursor is None else cursor
        with provisionalcompleter():
            return [text[: found.start] + found.text for found in self.ip.Completer.completions(text, at)]


@pytest.fixture
def plain_shell(capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A shell without the extension."""
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    ip = InteractiveShell.instance(config=config)
    ip.Completer.use_jedi = False
    try:
        yield Shell(ip, capsys)
    finally:
        atexit.unregister(ip.atexit_operations)
        ip.atexit_operations()
        InteractiveShell.clear_instance()


@pytest.fixture
def shell(plain_shell: Shell) -> Iterator[Shell]:
    """A shell with the extension."""
    plain_shell.ip.run_line_magic("load_ext", "bentley_nb")
    yield plain_shell
    plain_shell.ip.run_line_magic("unload_ext", "bentley_nb")


@pytest.fixture
def demo_shell(shell: Shell) -> Shell:
    """A shell connected to the demo sandbox, with its main schedule chosen."""
    shell.run("%bentley demo")
    return shell


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of the tests' own, to sign in to."""
    with Sandbox(rows=150) as running:
        yield running


@pytest.fixture
def addresses(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """That sandbox as the service, for whoever goes by the environment."""
    monkeypatch.setenv("BENTLEY_TOKEN_URL", sandbox.token_url)
    monkeypatch.setenv("BENTLEY_API_URL", sandbox.api_url("platform"))
    monkeypatch.setenv("BENTLEY_PROJECTS_URL", sandbox.projects_url)
    return sandbox


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Jupyter with a kernel of this interpreter and nothing of the user's; gives a folder to work in."""
    for name, value in prepare(tmp_path / "jupyter").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(Path(bentley_nb.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    )
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def kernel(jupyter: Path) -> Iterator[Kernel]:
    """A new kernel whose front end answers questions, as a notebook page's does."""
    with Kernel(jupyter) as running:
        yield running


@pytest.fixture
def keyring_in_memory() -> Iterator[Any]:
    """The keyring package over a store that ends with the test."""
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    held: dict[tuple[str, str], str] = {}

    class Memory(KeyringBackend):  # type: ignore[misc]
        priority = 1  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            return held.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            held[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield keyring
    keyring.set_keyring(before)
