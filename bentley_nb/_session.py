"""What this session works with: the default client, the current schedule, the schedules met, who signed in by hand.

Kept in one module of its own: ``%reload_ext`` reloads the package's top module only, so a reload keeps the connection.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bentley_nb.auth.credentials import Credentials
    from bentley_nb.client import Client
    from bentley_nb.schedule import Schedule


@dataclass(frozen=True)
class SignIn:
    """What somebody signed in with by hand: a pair, and where it has worked.

    Attributes
    ----------
    credentials
        The pair.
    variables
        The ``BENTLEY_*`` variables that lead to the same surface and addresses; None for those that are not needed.
    """

    credentials: Credentials
    variables: Mapping[str, str | None]

    def get(self, name: str, argument: str | None = None, default: str = "") -> str:
        """Argument, else what was signed in with, else default."""
        return argument or self.variables.get(name) or default

    def towards(self, surface: str | None) -> SignIn:
        """Leave out what belongs to the API of its surface, where another one is wanted."""
        if surface is None or surface == self.get("BENTLEY_SURFACE", default="platform"):
            return self
        apart = ("BENTLEY_API_URL", "BENTLEY_SCOPE")
        return replace(self, variables={name: value for name, value in self.variables.items() if name not in apart})


_lock = threading.RLock()
_client: Client | None = None
_schedules: dict[str, Schedule] = {}
_current: Schedule | None = None
_sign_in: SignIn | None = None


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


def sign_in(made: SignIn) -> None:
    """Remember what somebody signed in with, for clients that are made later."""
    global _sign_in  # noqa: PLW0603
    with _lock:
        _sign_in = made


def signed_in() -> SignIn | None:
    """What somebody signed in with by hand, unless it was forgotten since."""
    return _sign_in


def forget() -> None:
    """Forget the client, its schedules and who signed in."""
    global _sign_in  # noqa: PLW0603
    with _lock:
        _sign_in = None
        set_default(None)


def schedule(schedule_id: str) -> Schedule:
    """Give the session's schedule of that id; the same object each time, so that it remembers its tables."""
    with _lock:
        if not isinstance(schedule_id, str):  # untyped callers: refused in words
            return default_client().schedule(schedule_id)  # type: ignore[unreachable]
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
