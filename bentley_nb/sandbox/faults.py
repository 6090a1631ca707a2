"""Failures on demand, and a log of what was asked: how tests make the sandbox misbehave over real sockets."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Rewrite = Callable[[Any], Any]


@dataclass
class Fault:
    """What happens to matching requests instead of the usual answer.

    Attributes
    ----------
    path_contains, method
        Which requests it meets: part of the path with its query, and the method; empty for all.
    status
        Status of the answer; None leaves the true answer in place (with ``delay``, ``headers`` or ``rewrite``).
    body
        Body of the answer: text, bytes, or anything that is written as JSON.
    headers
        Headers to add or replace.
    times
        How many requests it meets; None for all.
    skip
        How many matching requests pass before it begins.
    delay
        Seconds to wait before answering.
    rewrite
        Changes the decoded JSON of the true answer.
    truncate
        Sends that many bytes of the body, announces all of them, and breaks the connection.
    drop
        Breaks the connection without an answer.
    """

    path_contains: str = ""
    method: str = ""
    status: int | None = None
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int | None = 1
    skip: int = 0
    delay: float = 0
    rewrite: Rewrite | None = None
    truncate: int | None = None
    drop: bool = False
    met: int = 0

    @property
    def body_bytes(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Faults:
    """The failures in force, asked in the order they were added.

    Examples
    --------
    >>> from bentley_nb.sandbox import Sandbox
    >>> with Sandbox(rows=20) as sandbox:
    ...     fault = sandbox.faults.add("/tasks", status=503, headers={"Retry-After": "1"}, times=2)
    ...     fault.met
    0
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, path_contains: str = "", **options: Any) -> Fault:
        """Add a failure; the options are the attributes of :class:`Fault`."""
        fault = Fault(path_contains, **options)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """End all failures."""
        with self._lock:
            self._faults.clear()

    def meet(self, method: str, path: str) -> Fault | None:
        """Return the failure that meets a request, and count it."""
        with self._lock:
            for fault in self._faults:
                if fault.path_contains not in path or fault.method not in ("", method):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                if fault.times is None or fault.met < fault.times:
                    fault.met += 1
                    return fault
        return None


@dataclass(frozen=True)
class Entry:
    """One request: when (monotonic seconds), what, and how it was answered."""

    at: float
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    status: int


class Log:
    """The last hundred thousand requests, in the order they were answered."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=100_000)
        self._lock = threading.Lock()

    def add(self, method: str, path: str, query: str, headers: Mapping[str, str], status: int) -> None:
        """Note a request."""
        with self._lock:
            self._entries.append(Entry(time.monotonic(), method, path, query, dict(headers), status))

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._entries.clear()

    def count(self, path_contains: str = "", *, status: int | None = None) -> int:
        """Count the requests whose path or query contains a text."""
        return sum(path_contains in f"{entry.path}?{entry.query}" and status in (None, entry.status) for entry in self)

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)
