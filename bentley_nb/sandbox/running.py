"""The sandbox behind ``connect(demo=True)``: one for the whole process, started on first use."""

from __future__ import annotations

import atexit
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bentley_nb.sandbox import Sandbox

_lock = threading.Lock()
_sandbox: Sandbox | None = None


def demo_sandbox() -> Sandbox:
    """Return the running demo sandbox, started on first use."""
    global _sandbox  # noqa: PLW0603 - one process, one demo
    with _lock:
        if _sandbox is None:
            from bentley_nb.sandbox import Sandbox  # noqa: PLC0415 - a demo only

            sandbox = Sandbox()
            sandbox.start()
            atexit.register(stop)
            _sandbox = sandbox
        return _sandbox


def stop() -> None:
    """Stop the demo sandbox, if it runs."""
    global _sandbox
    with _lock:
        sandbox, _sandbox = _sandbox, None
    if sandbox is not None:
        sandbox.stop()


def update_demo(elapsed: float, schedule: str = "Harbour Point Tower") -> None:
    """Bring the demo tower up to a later update, as if its planner had saved one: ``elapsed`` is 0 to 1 of its time."""
    from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule  # noqa: PLC0415 - a demo only

    update = DemoSchedule("tower", 400, schedule, elapsed=elapsed, honest=True)
    for table, items in update.sources().items():
        demo_sandbox().replace(table, items())
