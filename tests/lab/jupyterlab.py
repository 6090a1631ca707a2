"""A real JupyterLab on loopback, and a notebook page in it as a user at the keyboard sees it."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat

from tests.browser import expect
from tests.notebooks.running import KERNEL, prepare

PATIENCE = 120.0
ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
_SETTINGS = {
    # What JupyterLab asks of the network, and what comes over the page, would make tests wait.
    "@jupyterlab/apputils-extension/notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
        "doNotDisturbMode": True,
    },
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
    # Every cell stands in the page, also below what fits the window.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    "@jupyterlab/completer-extension/manager": {"autoCompletion": False, "providerTimeout": 20_000},
}


_OFFERED = ".jp-Completer:not(.lm-mod-hidden) .jp-Completer-match"
_CONNECTED = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext?.session;
    return session?.kernel?.connectionStatus === "connected";
}"""


class Server:
    """One JupyterLab with folders of its own; nothing of the user's is read or written.

    Parameters
    ----------
    folder
        Where everything lies; notebooks are in its ``work``.
    environment
        Further environment variables of the server and its kernels.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        self.port = _free_port()
        self._log = folder / "jupyterlab.log"
        self._settings = folder / "settings"
        for plugin, values in _SETTINGS.items():
            self._set(plugin, values)
        own = {
            **prepare(folder / "jupyter"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTERLAB_SETTINGS_DIR": str(self._settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "HOME": str(folder),
        }
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1"),
            *(f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}"),
            *(f"--ServerApp.root_dir={self.work}", "--LabApp.extension_manager=readonly", "--LabApp.news_url="),
            *("--ServerApp.allow_root=True", "--ServerApp.terminals_enabled=False"),
            "--LabApp.expose_app_in_browser=True",
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=self.work, env={**os.environ, **own, **environment}, stdout=log, stderr=log
            )
        self._wait_until_it_answers()

    @property
    def url(self) -> str:
        """Base address."""
        return f"http://127.0.0.1:{self.port}"

    def set_theme(self, *, dark: bool) -> None:
        """Choose the theme of the pages that are opened from now on."""
        self._set("@jupyterlab/apputils-extension/themes", {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"})

    def ask(self, path: str, method: str = "GET") -> Any:
        """Ask the server's own API."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def end_kernels(self) -> None:
        """End all kernels, each asked to shut down."""
        for session in self.ask("sessions"):
            self.ask(f"sessions/{session['id']}", "DELETE")
        _until(lambda: not self.ask("kernels"), "the kernels end")

    def stop(self) -> None:
        """End kernels and server."""
        with suppress(OSError):
            self.end_kernels()
            self.ask("shutdown", "POST")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait(10)

    def _set(self, plugin: str, values: Mapping[str, Any]) -> None:
        file = self._settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")

    def _wait_until_it_answers(self) -> None:
        def answers() -> bool:
            assert self._process.poll() is None, f"JupyterLab did not start:\n{self._log.read_text()[-3000:]}"
            with suppress(OSError):
                return bool(self.ask("status"))
            return False

        _until(answers, "JupyterLab answers")


class Notebook:
    """A notebook that is open in the browser.

    Parameters
    ----------
    page
        The browser page.
    server
        The JupyterLab.
    name
        Name of the notebook; its folder is named so too.
    cells
        Code of its cells.
    env
        Content of a ``.env`` file beside it.
    """

    def __init__(self, page: Any, server: Server, name: str, cells: Sequence[str], env: str = "") -> None:
        from playwright.sync_api import TimeoutError as PageTimeoutError

        self._timeout = PageTimeoutError
        self.page = page
        self.folder = server.work / name
        self.folder.mkdir()
        if env:
            (self.folder / ".env").write_text(env, encoding="utf-8")
        self.file = self.folder / f"{name}.ipynb"
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code) for code in cells],
            metadata={"kernelspec": {"name": KERNEL, "display_name": "Tests", "language": "python"}},
        )
        nbformat.write(notebook, self.file)
        page.goto(f"{server.url}/lab/tree/{name}/{name}.ipynb?token={server.token}&reset")
        self.panel = page.locator(".jp-NotebookPanel")
        self.panel.locator(".jp-Cell").nth(len(cells) - 1).wait_for(timeout=PATIENCE * 1000)
        self.wait_until_idle()
        page.wait_for_function(_CONNECTED, timeout=PATIENCE * 1000)

    def cell(self, number: int) -> Any:
        """A cell, counted from 0."""
        return self.panel.locator(".jp-CodeCell").nth(number)

    def outputs(self, number: int) -> Any:
        """What is below a cell."""
        return self.cell(number).locator(".jp-OutputArea")

    def start(self, number: int) -> None:
        """Begin to run a cell that has not run yet."""
        begun = self.cell(number).locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[[*\d]"))
        for _ in range(10):
            self.cell(number).locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            # A page whose kernel is not quite connected yet takes the keys and does nothing.
            with suppress(self._timeout):
                begun.first.wait_for(state="attached", timeout=5000)
                return
        raise AssertionError(f"cell {number} does not start")

    def run(self, number: int) -> Any:
        """Run a cell to its end; gives its outputs, which the page may not have drawn yet."""
        self.start(number)
        self.wait_until_run(number)
        return self.outputs(number)

    def says(self, number: int, text: str | re.Pattern[str]) -> str:
        """Wait until a text is below a cell; gives all that is there."""
        expect(self.outputs(number).first).to_contain_text(text)
        words: str = self.outputs(number).first.inner_text()
        return words.strip()

    def wait_until_run(self, number: int) -> None:
        """Wait until a cell has a number instead of a star."""
        # A filter looks again each time: JupyterLab may replace the element of a prompt meanwhile.
        prompt = self.cell(number).locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[\d+\]"))
        prompt.first.wait_for(state="attached", timeout=PATIENCE * 1000)

    def wait_until_idle(self) -> None:
        """Wait for the kernel."""
        self.panel.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").wait_for(
            state="attached", timeout=PATIENCE * 1000
        )

    def wait_until_busy(self) -> None:
        """Wait until the kernel works."""
        self.panel.locator(".jp-Notebook-ExecutionIndicator[data-status='busy']").wait_for(state="attached")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something outside of the page."""
        _until(holds, what)

    def has_code(self, number: int, code: str) -> None:
        """Wait until this is the code of a cell."""
        expect(self.cell(number).locator(".cm-line")).to_have_text(code.split("\n"))

    def offers(self, number: int, word: str, *names: str) -> None:
        """Press Tab behind a word of a cell, and wait until these names are among what is offered."""
        self._press_tab(number, word)
        for name in names:
            self.page.locator(_OFFERED).get_by_text(name, exact=True).first.wait_for()
        self.page.keyboard.press("Escape")

    def complete(self, number: int, word: str) -> None:
        """Press Tab behind a word of a cell, and take the first that is offered; a single one is put in at once."""
        before = self._press_tab(number, word)
        self.page.wait_for_function(
            """([cell, before]) => document.querySelector(".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item")
               || [...cell.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\\n") !== before""",
            arg=[self.cell(number).element_handle(), before],
        )
        if self.page.locator(_OFFERED).count():
            self.page.keyboard.press("Enter")

    def _press_tab(self, number: int, word: str) -> str:
        lines: list[str] = self.cell(number).locator(".cm-line").all_inner_texts()
        code = "\n".join(lines)
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Home")
        for _ in range(code.index(word) + len(word)):
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Tab")
        return code

    def run_all(self) -> None:
        """Choose "Run All Cells" in the menu."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def stop(self, number: int) -> None:
        """Press Stop in the toolbar until a cell has ended: again after some seconds, as people do."""
        ended = self.cell(number).locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[\d+\]"))
        for _ in range(10):
            self.panel.locator(".jp-NotebookPanel-toolbar [data-jp-item-name='interrupt'] jp-button").click()
            with suppress(self._timeout):
                ended.first.wait_for(state="attached", timeout=10_000)
                return
        raise AssertionError(f"cell {number} does not stop")

    def photograph(self, name: str) -> None:
        """Keep a picture of the page among the artefacts."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    def save(self) -> dict[str, Any]:
        """Save without moving the focus, as autosave does; gives the file."""
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and answer.url.partition("?")[0].endswith(self.file.name)
        ) as saving:
            self.page.evaluate("() => void window.jupyterapp.commands.execute('docmanager:save')")
        assert saving.value.ok, saving.value.status
        saved: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return saved


@contextmanager
def opened(page: Any, server: Server, name: str, cells: Sequence[str], env: str = "") -> Iterator[Notebook]:
    """Open a notebook, and end its kernel afterwards."""
    try:
        yield Notebook(page, server, name, cells, env)
    finally:
        server.end_kernels()


def _until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s until {what}"
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
