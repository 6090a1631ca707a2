"""What this session works with: the default client, the current schedule, the schedules met so far.

Kept in one module of its own: ``%reload_ext`` reloads the package's top module only, so a reload keeps the connection.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bentley_nb.client import Client
    from bentley_nb.schedule import Schedule

_lock = threading.RLock()
_client: Client | None = None
_schedules: dict[str, Schedule] = {}
_current: Schedule | None = None


def default_client() -> Client:
    """Give the client that was made last; without one, connect with what the environment or ``.env`` holds."""
    with _lock:
        if _client is not None:
            return _client
        from bentley_nb.client import connect  # noqa: PLC0415 - the client waits for its first use

        return connect()  # which makes it the session's


def connected() -> Client | None:
    """The session's client, if there is one already."""
    return _client


def set_default(client: Client | None) -> None:
    """Make a client the session's; schedules of the one before are forgotten."""
    global _client, _current
    with _lock:
        _client, _current = client, None
        _schedules.clear()


def schedule(schedule_id: str) -> Schedule:
    """Give the session's schedule of that id; the same object each time, so that it remembers its tables."""
    with _lock:
        if schedule_id not in _schedules:
            _schedules[schedule_id] = default_client().schedule(schedule_id)
        return _schedules[schedule_id]


def current() -> Schedule | None:
    """The schedule chosen with ``%bentley use``."""
    return _current


def use(chosen: Schedule) -> None:
    """Make a schedule the current one."""
    global _current  # noqa: PLW0603
    with _lock:
        _schedules.setdefault(chosen.id, chosen)
        _current = chosen
