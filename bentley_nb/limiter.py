"""As many requests a minute as the service was seen to allow: a bucket that learns its size from refusals."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


class Stopped(Exception):  # noqa: N818 - not an error: the caller has asked for it
    """The pull was stopped while a thread was waiting."""


_MINUTE = 60.0
_LEAST = 30  # a refusal after fewer requests is somebody else's doing: it is waited for, but teaches nothing


class RateLimiter:
    """Shared by all threads of a client; unlimited until the service answers 429 for the first time.

    A refusal empties the bucket: nobody asks before ``Retry-After`` has passed, and from then on no more requests
    leave in any minute than had been answered in the minute before the refusal. Each quiet minute after that adds a
    quarter, since the service's window need not begin with ours.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sent: deque[float] = deque()
        self._closed_until = 0.0
        self._relaxed_at = 0.0
        self.limit: int | None = None

    def acquire(self, stop: threading.Event) -> None:
        """Wait for a turn.

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
            if stop.wait(wait):
                raise Stopped

    def refused(self, retry_after: float) -> None:
        """Learn from a 429 that asked to wait so many seconds."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            already_closed = now < self._closed_until
            self._closed_until = max(self._closed_until, now + retry_after)
            if not already_closed:  # several threads may be refused at once: one lesson
                seen = max(_LEAST, len(self._sent) - 1)
                self.limit = seen if self.limit is None else min(self.limit, seen)
                self._relaxed_at = now

    def _take(self) -> float:
        """Take a turn and give 0, or the seconds to wait for one."""
        now = self._clock()
        self._forget(now)
        if now < self._closed_until:
            return self._closed_until - now
        if self.limit is not None:
            if now - self._relaxed_at > _MINUTE:
                self.limit += self.limit // 4
                self._relaxed_at = now
            if len(self._sent) >= self.limit:
                return max(self._sent[0] + _MINUTE - now, 0.001)
        self._sent.append(now)
        return 0.0

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - _MINUTE:
            self._sent.popleft()
