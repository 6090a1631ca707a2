"""Which failures are retried, after what wait, and how a retry is shown and logged."""

from __future__ import annotations

import logging
import math
import random
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, LocationValueError, SSLError
from urllib3.util import Retry

from bentley_nb._redact import Redaction
from bentley_nb.transport.http import OverTime, Received, TooLarge, cause_of, refused_by_proxy
from bentley_nb.transport.limiter import RateLimiter, Stopped

# With the pauses below about 10 seconds in all: longer than a restart of a gateway, shorter than a user's patience.
ATTEMPTS = 5
"""Retries after the first attempt."""
BACKOFF_SECONDS = 0.3
LONGEST_WAIT_SECONDS = 60.0
# Reads have no side effects, so that even a 500 may be repeated.
RETRIED = frozenset({408, 429, 500, 502, 503, 504})

logger = logging.getLogger("bentley_nb")
"""WARNING for a retry, DEBUG for a request; never a secret, a token or a body."""
logger.addFilter(Redaction())


class Awaited:
    """What the threads of a client are waiting for, in words: the progress line shows it."""

    def __init__(self) -> None:
        self._words: dict[int, str] = {}
        self.tell: Callable[[str], object] | None = None  # shown at once, where there is no progress line

    def __str__(self) -> str:
        return next(iter(list(self._words.values())), "")

    def set(self, words: str) -> None:
        """Show what this thread waits for; nothing where it continues."""
        if words:
            self._words[threading.get_ident()] = words
            if self.tell is not None:
                self.tell(words)
        else:
            # Keyed by thread: several requests of a pull may wait at once, each for its own reason.
            self._words.pop(threading.get_ident(), None)

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """Forget what this thread waited for when the block ends, however it ends."""
        try:
            yield
        finally:
            self.set("")


class Attempts:
    """Counts the attempts of one request, waits between them, and informs the limiter, the log and the progress line.

    Parameters
    ----------
    who
        Name of the server, for messages.
    correlation_id
        Id of the request.
    stop
        Ends waits.
    statuses
        Statuses that are retried.
    limiter
        Informed of every 429.
    awaited
        Shows what a thread waits for.
    """

    def __init__(
        self,
        who: str,
        correlation_id: str,
        *,
        stop: threading.Event,
        awaited: Awaited,
        statuses: Collection[int] = RETRIED,
        limiter: RateLimiter | None = None,
    ) -> None:
        self.who = who
        self.retries = 0
        self._correlation_id = correlation_id
        self._stop = stop
        self._awaited = awaited
        self._statuses = statuses
        self._limiter = limiter

    def again(self, outcome: Received | Exception) -> bool:
        """Return whether to try again, after the wait that this needs.

        Raises
        ------
        Stopped
            The wait was ended.
        """
        asked: float | None = None
        if isinstance(outcome, Received):
            asked = retry_after_seconds(outcome.headers.get("Retry-After"))
            if outcome.status == 429 and self._limiter is not None:
                # Every 429 counts, also one that is no longer retried: other threads learn from it.
                self._limiter.refused(min(asked or 0.0, LONGEST_WAIT_SECONDS))
            repeat, why = outcome.status in self._statuses, f"{self.who} answers {outcome.status}"
        else:
            repeat, why = _may_pass(outcome), f"no answer from {self.who}"
        if not repeat or self.retries >= ATTEMPTS:
            return False
        self.retries += 1
        wait = min(asked, LONGEST_WAIT_SECONDS) if asked else pause(self.retries)
        words = f"{why}, attempt {self.retries + 1} of {ATTEMPTS + 1}"
        if asked:
            words += f" in {wait:.0f} s, as the service asks"
        logger.warning("%s (correlation id %s)", words, self._correlation_id)
        self._awaited.set(words)
        if self._stop.wait(wait):
            raise Stopped
        return True


def _may_pass(failure: Exception) -> bool:
    """Return whether the same request may succeed a moment later."""
    # The same answer would be as large or as slow again, and a certificate does not change in a second.
    if cause_of(failure, OverTime, TooLarge, SSLError, requests.exceptions.SSLError) is not None:
        return False
    # A proxy that forbids the host, or wants a password, gives the same answer to every attempt.
    if refused_by_proxy(failure) in (403, 407):
        return False
    if isinstance(failure, requests.exceptions.RequestException):
        passing = (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        )
        return isinstance(failure, passing)
    return isinstance(failure, HTTPError | ConnectionError | TimeoutError) and not isinstance(
        failure, LocationValueError
    )


def pause(attempt: int) -> float:
    """Return the seconds to wait before a retry: growing, and jittered."""
    return float(min(BACKOFF_SECONDS * (2 ** (attempt - 1) + random.random()), LONGEST_WAIT_SECONDS))  # noqa: S311


def retry_after_seconds(value: str | None) -> float | None:
    """Return the seconds of a ``Retry-After``, a number or a date; None where it is neither."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            # RFC 9110, section 10.2.3, allows an HTTP date instead of seconds.
            seconds = float(Retry().parse_retry_after(value))
        except (InvalidHeader, ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def wait_in_words(seconds: float | None) -> str:
    """Return the advice to wait that a busy service gave."""
    return "Wait a minute, then try again" if not seconds else f"Wait {math.ceil(seconds)} s as it asks, then try again"
