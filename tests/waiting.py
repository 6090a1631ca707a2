"""Waiting for what happens on other threads, and pressing Stop once it has: no test guesses how long that takes."""

from __future__ import annotations

import _thread
import gc
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

_PATIENCE_SECONDS = 60
_AGAIN_SECONDS = 5


def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds, and fail where it never does."""
    ends = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends, f"waited {_PATIENCE_SECONDS} s in vain"
        time.sleep(0.01)


def settled(count: Callable[[], int]) -> int:
    """Wait until a number no longer changes, and return it; one that goes on for ever fails."""
    seen = [-1]

    def unchanged() -> bool:
        seen.append(count())
        if seen[-1] == seen[-2]:
            return True
        time.sleep(0.2)
        return False

    until(unchanged)
    return seen[-1]


def stopped(work: Callable[[], object], when: Callable[[], Any]) -> float:
    """Do some work, press Stop once something holds, and return the seconds from then to the KeyboardInterrupt.

    Python drops an interrupt that arrives in a finalizer ("Exception ignored in ..."), and earlier tests leave many of
    those to the collector: it is held off meanwhile. Where nothing stops it is pressed again, as people do, and the
    seconds are counted from there.
    """
    pressed, over = [0.0], threading.Event()

    def press() -> None:
        until(lambda: over.is_set() or when())
        while not over.is_set():
            pressed.append(time.monotonic())
            _thread.interrupt_main()
            over.wait(_AGAIN_SECONDS)

    presses = threading.Thread(target=press)
    gc.collect()
    gc.disable()
    presses.start()
    try:
        work()
    except KeyboardInterrupt:
        return time.monotonic() - pressed[-1]
    finally:
        while presses.is_alive():
            with suppress(KeyboardInterrupt):  # one that was pressed again just now
                over.set()
                presses.join()
        gc.enable()
    pytest.fail("it ended without having been stopped")
