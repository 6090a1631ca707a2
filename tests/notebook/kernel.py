"""A real kernel, spoken to as a front end does: cells, completion, widget messages, Stop."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from jupyter_client.manager import KernelManager

from tests.notebooks.running import KERNEL

_PATIENCE = 60


@dataclass
class Outcome:
    """What came of a cell."""

    text: str = ""
    result: str = ""
    error: dict[str, Any] | None = None
    seconds: float = 0.0
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The error as the reader sees it."""
        return "" if self.error is None else "\n".join(self.error["traceback"])


class Kernel:
    """A kernel of this interpreter; every message it ever published is in ``published``."""

    def __init__(self, folder: Path, **launch: Any) -> None:
        self._manager = KernelManager(kernel_name=KERNEL)
        self._manager.start_kernel(cwd=os.fspath(folder), **launch)
        self.client = self._manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=_PATIENCE)
        self.published: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.context.destroy(linger=0)

    def start(self, code: str, *, allow_stdin: bool = True) -> str:
        """Begin to run a cell."""
        return self.client.execute(code, allow_stdin=allow_stdin)

    def run(self, code: str, *, allow_stdin: bool = True) -> Outcome:
        """Run a cell to its end."""
        return self.finish(self.start(code, allow_stdin=allow_stdin))

    def finish(self, sent: str) -> Outcome:
        """Collect what a cell publishes until it is done."""
        outcome = Outcome()
        started = time.monotonic()
        while True:
            message = self._next()
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            outcome.messages.append(message)
            if kind == "stream":
                outcome.text += content["text"]
            elif kind == "execute_result":
                outcome.result = content["data"].get("text/plain", "")
            elif kind == "error":
                outcome.error = content
            elif kind == "status" and content["execution_state"] == "idle":
                outcome.seconds = time.monotonic() - started
                return outcome

    def must(self, code: str) -> Outcome:
        """Run a cell that has to work."""
        outcome = self.run(code)
        assert outcome.error is None, outcome.shown
        return outcome

    def widget(self, comm_id: str, data: dict[str, Any]) -> None:
        """Send what a widget on the page sends, and wait until the kernel has dealt with it."""
        message = self.client.session.msg("comm_msg", {"comm_id": comm_id, "data": data})
        self.client.shell_channel.send(message)
        self.finish(message["header"]["msg_id"])

    def complete(self, code: str, cursor: int | None = None) -> list[str]:
        """Completions in the kernel's reply, each as the text it would make."""
        at = len(code) if cursor is None else cursor
        reply = self.client.complete(code, at, reply=True, timeout=_PATIENCE)["content"]
        return [code[: reply["cursor_start"]] + match for match in reply["matches"]]

    def stop(self, sent: str) -> Outcome:
        """Press Stop and collect what a cell publishes until it ends."""
        self._manager.interrupt_kernel()  # on this thread: it leaves an event loop on any other
        return self.finish(sent)

    def _next(self) -> dict[str, Any]:
        message = self.client.get_iopub_msg(timeout=_PATIENCE)
        self.published.append(message)
        return message
