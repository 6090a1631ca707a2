"""What a forked child must not share with its parent is made again there, before the child runs.

A child inherits open connections (two processes that read one of them get each other's answers), and locks that a
thread of the parent held at that moment (the thread that would release them does not exist in the child).
"""

from __future__ import annotations

import os
import weakref
from typing import Any

_alive: weakref.WeakSet[Any] = weakref.WeakSet()


def remake_in_child(thing: Any) -> None:
    """Call ``thing._after_fork()`` in every forked child for as long as `thing` lives."""
    _alive.add(thing)


def _after_fork() -> None:
    for thing in list(_alive):
        thing._after_fork()  # noqa: SLF001 - private to users


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_after_fork)
