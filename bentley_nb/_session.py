"""What this session works with: the default client, the current schedule, the schedules met, who signed in by hand.

Kept in one module of its own: ``%reload_ext`` reloads the package's top module only, so a reload keeps the connection.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bentley_nb._fork import remake_in_child
from bentley_nb.auth.credentials import SIGN_IN, Credentials
from bentley_nb.auth.settings import Sourced


@dataclass(frozen=True)
class SignIn:
    """The credentials of a sign-in, and where they have worked.

    Attributes
    ----------
    credentials
        The pair.
    variables
        The ``BENTLEY_*`` variables that lead to the same surface and addresses; None for those that are not needed.
    """

    credentials: Credentials
    variables: Mapping[str, str | None]

    def find(self, name: str, argument: str | None = None, default: str = "") -> Sourced:
        """Return the argument, else what was signed in with, else the default."""
        if argument:
            return Sourced(argument, "argument")
        found = self.variables.get(name)
        return Sourced(found, SIGN_IN) if found else Sourced(default, "default")

    def towards(self, surface: str | None) -> SignIn:
        """Leave out what belongs to the API of its surface, where another one is wanted."""
        if surface is None or surface == self.find("BENTLEY_SURFACE", default="platform").value:
            return self
        apart = ("BENTLEY_API_URL", "BENTLEY_SCOPE")
        return replace(self, variables={name: value for name, value in self.variables.items() if name not in apart})


_lock = threading.RLock()


def _after_fork() -> None:
    global _lock  # noqa: PLW0603 - a thread of the parent may have held it
    _lock = threading.RLock()


remake_in_child(sys.modules[__name__])
# Untyped: clients and schedules are in higher layers. ``functions`` gives the typed answers.
_client: Any = None
_schedules: dict[str, Any] = {}
_current: Any = None
_sign_in: SignIn | None = None


def connected() -> Any:
    """Return the session's client, or None before the first connect()."""
    return _client


def client(make: Callable[[], Any]) -> Any:
    """Return the session's client; without one, the one that `make` connects, once for all threads."""
    with _lock:
        return make() if _client is None else _client


def set_default(client: Any) -> None:
    """Make a client the session's; schedules of the one before are forgotten."""
    global _client, _current
    with _lock:
        _client, _current = client, None
        _schedules.clear()


def sign_in(made: SignIn) -> None:
    """Remember the credentials of a sign-in, for clients that are made later."""
    global _sign_in  # noqa: PLW0603
    with _lock:
        _sign_in = made


def signed_in() -> SignIn | None:
    """Return the credentials of a sign-in, unless they were forgotten since."""
    return _sign_in


def forget() -> None:
    """Forget the client, its schedules and who signed in."""
    global _sign_in  # noqa: PLW0603
    with _lock:
        _sign_in = None
        set_default(None)


def known(schedule_id: str, make: Callable[[], Any]) -> Any:
    """Return the session's schedule of that id; the same object each time, so that it remembers its tables."""
    with _lock:
        if schedule_id not in _schedules:
            _schedules[schedule_id] = make()
        return _schedules[schedule_id]


def current() -> Any:
    """Return the schedule chosen with ``%bentley use``, or None."""
    return _current


def use(chosen: Any) -> None:
    """Make a schedule the current one."""
    global _current  # noqa: PLW0603
    with _lock:
        if chosen.client is not None:  # a kept copy is not the schedule of the service
            _schedules.setdefault(chosen.id, chosen)
        _current = chosen
