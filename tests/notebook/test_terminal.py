"""A real terminal IPython, driven through tmux: prompt, frames, error line, Stop, history."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import bentley_nb
from bentley_nb.sandbox import Sandbox

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux on this machine (Debian: apt install tmux)"),
]


class Terminal:
    """IPython in a terminal of its own tmux server."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux.socket"), "-f", "/dev/null"]
        variables = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        program = f"{sys.executable} -m IPython --no-banner --colors=nocolor"
        self._run("new-session", "-d", "-x", "180", "-y", "50", "-c", str(folder), *variables, program)

    def _run(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=20).stdout

    @property
    def screen(self) -> str:
        """All that was printed, long lines in one piece."""
        return self._run("capture-pane", "-p", "-J", "-S", "-")

    def wait(self, text: str, *, times: int = 1, seconds: float = 60) -> str:
        """Wait until a text stands on the screen so often."""
        patience = time.monotonic() + seconds
        while (screen := self.screen).count(text) < times:
            assert time.monotonic() < patience, f"{text!r} did not appear {times} times in:\n{screen}"
            time.sleep(0.05)
        return screen

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self.press(line, "Enter")

    def press(self, text: str, key: str) -> None:
        """Type a text and press a key."""
        self._run("send-keys", "-l", text)
        self._run("send-keys", key)

    def do(self, line: str, prompt: int) -> str:
        """Type a line, wait for the prompt after it, and give what it printed."""
        self.type(line)
        screen = self.wait(f"In [{prompt + 1}]:")
        return screen.rpartition(f"In [{prompt}]:")[2].rpartition(f"In [{prompt + 1}]:")[0]

    def stop(self) -> None:
        """Press Control-C."""
        self._run("send-keys", "C-c")

    def close(self) -> None:
        """End IPython and its terminal."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False, timeout=20)


@pytest.fixture
def slow():
    """A service that takes its time, so that there is something to stop."""
    with Sandbox(rows=2000, latency=0.3) as running:
        yield running


@pytest.fixture
def terminal(slow, tmp_path):
    environment = {
        "BENTLEY_TOKEN_URL": slow.token_url,
        "BENTLEY_API_URL": slow.api_url("platform"),
        "BENTLEY_PROJECTS_URL": slow.projects_url,
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PYTHONPATH": str(Path(bentley_nb.__file__).parents[1]),
        "NO_PROXY": "127.0.0.1",
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TERM": "xterm",
    }
    started = Terminal(tmp_path, environment)
    yield started
    started.close()


def test_a_session_at_a_terminal(terminal, slow, tmp_path):
    secret = "typed-Secret+42"
    slow._dispatcher.tokens.clients[slow.client_id] = type(slow._dispatcher.tokens.clients[slow.client_id])(
        slow.client_id, secret
    )
    terminal.wait("In [1]:")
    assert terminal.do("%load_ext bentley_nb", 1).strip() == "%load_ext bentley_nb"

    terminal.type("%bentley login")
    terminal.wait("Client id of the service application:")
    terminal.type(slow.client_id)
    terminal.wait("Client secret (hidden):")
    terminal.type(secret)
    said = terminal.wait("In [3]:")
    assert "Signed in as service-… (platform surface)." in said
    assert "3 projects: " in said

    assert "Current schedule: Harbour Point Tower" in terminal.do("%bentley use 'Harbour Point Tower'", 3)
    said = terminal.do("df = %bentley tasks", 4)
    assert "2,000 tasks · 35 columns · " in said
    assert "(2000, 35)" in terminal.do("df.shape", 5)

    said = terminal.do("%bentley taks", 6)
    assert "InvalidRequest: %bentley has no sub-command 'taks'. Did you mean 'tasks'" in said
    assert "Traceback" not in said

    terminal.do("from bentley_nb import functions; functions.default_client().page_size = 20", 7)
    terminal.type("%bentley task-links --refresh")
    time.sleep(1.5)
    pressed = time.monotonic()
    terminal.stop()
    said = terminal.wait("In [9]:")
    assert time.monotonic() - pressed < 2
    assert "KeyboardInterrupt" in said
    assert "(2000, 35)" in terminal.do("df.shape", 9)

    terminal.press("%bentley look", "Tab")
    terminal.wait("%bentley look-ahead")
    terminal.stop()

    assert secret not in terminal.screen
    terminal.do("get_ipython().history_manager.writeout_cache()", 10)
    with closing(sqlite3.connect(tmp_path / "ipython/profile_default/history.sqlite")) as history:
        typed = [line for (line,) in history.execute("SELECT source_raw FROM history")]
    assert "%bentley login" in typed
    assert not [line for line in typed if secret in line or slow.client_id in line]


def test_connect_asks_at_a_terminal_too(terminal, slow):
    terminal.wait("In [1]:")
    terminal.type("import bentley_nb as bn; client = bn.connect(); len(client.projects())")
    terminal.wait("Client id of the service application:")
    terminal.type(slow.client_id)
    terminal.wait("Client secret (hidden):")
    terminal.type("wrong")
    said = terminal.wait("In [2]:")
    assert "CredentialsRejected: The token endpoint refused the service application service-… from prompt" in said
    assert "Traceback" not in said
