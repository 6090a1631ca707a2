"""Rate limit: a token bucket that learns its rate from the 429 answers of the service."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bentley_nb._fork import remake_in_child


class Stopped(Exception):
    """The pull was stopped while a thread was waiting."""


_MINUTE = 60.0
# A refusal after fewer requests is caused by other clients: it is waited for, but no limit is learned from it.
_LEAST = 30
# Clocks of client and service drift, and the requests in flight are counted by arrival: stay a little below.
_MARGIN = 0.95
_LONG = 1.0
_IN_VAIN = 2
_LONGEST = 16 * _MINUTE
_TICK = 0.2


class Slots:
    """Limits the requests in flight over all concurrent pulls of a client.

    Parameters
    ----------
    most
        Returns the limit, which may change.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        self._most = most
        self._after_fork()
        remake_in_child(self)

    def _after_fork(self) -> None:
        self._changed = threading.Condition()
        self._taken = 0

    @contextmanager
    def one(self, stop: threading.Event) -> Iterator[None]:
        """Hold one of the slots, once there is one.

        Raises
        ------
        Stopped
            The pull was stopped meanwhile.
        """
        with self._changed:
            # The limit is an option that a running pull follows.
            while self._taken >= self._most():
                self._changed.wait(_TICK)  # in pieces: the number may have grown
                if stop.is_set():
                    raise Stopped
            self._taken += 1
        try:
            yield
        finally:
            with self._changed:
                self._taken -= 1
                self._changed.notify()


class RateLimiter:
    """Shared by all threads of a client; unlimited until the service answers 429 for the first time.

    The service counts requests in windows. When it refuses, the requests sent since the window opened are what it
    allows, and the window is as long as the time since then and what ``Retry-After`` asks to wait. From then on
    requests leave at that rate, evenly, so that a long pull continues instead of running into the next refusal. A
    minute without one adds a quarter, since the limit may have been shared with a client that has finished; where that
    brings the next refusal, twice as long is waited before the next attempt, up to 16 minutes.

    Refusals that go on although the rate was lowered twice do not come from the rate (a gateway that refuses one
    request in five hundred, say): the rate goes back to where it was before, and a quarter higher.

    Parameters
    ----------
    clock
        A monotonic clock.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._after_fork()
        remake_in_child(self)
        self._sent: deque[float] = deque()
        self._closed_until = 0.0
        self._learned_at = 0.0
        self._patience = _MINUTE
        self._in_vain = 0
        self._before = 0.0
        self._filled_at = 0.0
        self._tokens = 0.0
        self.rate: float | None = None
        """Requests a second, once learned."""

    def _after_fork(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, stop: threading.Event, tell: Callable[[str], None] | None = None) -> None:
        """Wait for a turn, and show a long wait.

        Raises
        ------
        Stopped
            The pull was stopped meanwhile.
        """
        while True:
            with self._lock:
                wait = self._take()
            if wait <= 0:
                return
            if wait > _LONG and tell is not None:
                tell(f"waiting {wait:.0f} s, as the service asks")
            if stop.wait(wait):
                raise Stopped

    def refused(self, retry_after: float) -> None:
        """Adapt to a 429 that asked to wait so many seconds."""
        with self._lock:
            now = self._clock()
            already_closed = now < self._closed_until
            self._closed_until = max(self._closed_until, now + retry_after)
            if already_closed:  # several threads may be refused at once: one lesson
                return
            self._forget(now)
            if len(self._sent) > _LEAST:
                elapsed = now - self._sent[0]
                # Retry-After names the time until the window closes; without one only the time that has passed is
                # known.
                window = max(elapsed + retry_after, 1.0) if retry_after else max(elapsed, 1e-3)
                seen = _MARGIN * (len(self._sent) - 1) / window
                self.rate = self._lowered(seen)
            # The next window begins empty, with the first request after the wait.
            self._sent.clear()
            self._tokens, self._filled_at, self._learned_at = 0.0, self._closed_until, now

    def _lowered(self, seen: float) -> float:
        if self.rate is None:
            return seen
        if not self._in_vain:
            self._before = self.rate
        self._in_vain += 1
        # Two lower rates did not help: the refusals have another cause than this client's rate.
        if self._in_vain > _IN_VAIN:
            self._in_vain, self._patience = 0, _MINUTE
            return min(1.25 * self._before, 4 * seen)
        self._patience = min(2 * self._patience, _LONGEST)
        return min(self.rate, seen)

    def _take(self) -> float:
        """Take a turn and return 0, or return the seconds to wait for one."""
        now = self._clock()
        if now < self._closed_until:
            return self._closed_until - now
        if self.rate is not None:
            # Other clients of the same application may have ended: try a higher rate now and then.
            if now - self._learned_at > self._patience:
                self.rate, self._learned_at, self._in_vain = self.rate * 1.25, now, 0
            # No more than a second's worth is saved up: a burst is what was refused.
            self._tokens = min(self._tokens + (now - self._filled_at) * self.rate, max(self.rate, 1.0))
            self._filled_at = now
            if self._tokens < 1.0:
                return (1.0 - self._tokens) / self.rate
            self._tokens -= 1.0
        self._forget(now)
        self._sent.append(now)
        return 0.0

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - _MINUTE:
            self._sent.popleft()
