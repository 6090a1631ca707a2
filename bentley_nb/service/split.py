"""A long chain of pages that is read at several places at once (``bn.options.split``).

The Platform's continuation token names the last row sent, so one can be made for any place further down. What such a
token means is never trusted: rows read from there count only where the chain below, on the service's own tokens,
arrives at the same rows. Otherwise the chain below continues to the end, as it would without a split.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import queue
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bentley_nb.errors import BentleyError
from bentley_nb.service.pages import Chain
from bentley_nb.service.service import Answer
from bentley_nb.transport.limiter import Stopped

LONG = 12
"""Pages from which on a chain is worth a split."""

QUICK_SECONDS = 0.03
"""Where a page takes no longer, waiting is not what takes the time, and nothing is split."""

_TRIED = 2  # pages that are read before a made token is tried
_PLACES = 1 << 128
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NEEDLE = 64


@dataclass
class SplitChain(Chain):
    """A chain that starts others further down, or one that was started.

    Attributes
    ----------
    workers
        Chains side by side, itself included; 1 for those that were started.
    upper
        The chain that continues where this one ends.
    until
        The place behind which ``upper`` begins.
    cut
        Whether it was ended there, with a page that reaches into ``upper``.
    """

    workers: int = 1
    upper: SplitChain | None = None
    until: int = _PLACES
    cut: bool = False
    _quickest: float = math.inf
    _read_pages: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def may_start(self) -> bool:
        """Whether it may start other chains."""
        return self.workers > 1

    @property
    def refused(self) -> bool:
        """Whether it was long, and its tokens did not allow a split."""
        # Only then a split would have paid, and its absence is worth a note.
        return self.workers > 1 and self.upper is None and self.pages >= LONG and self._quickest > QUICK_SECONDS

    def fetch(self, stop: threading.Event) -> Answer:
        """Ask for the next page; after some pages start further chains, and end where the next one began."""
        trial = self._trial(stop)
        began = time.monotonic()
        answer = super().fetch(stop)
        if not self.done:  # the last page is often a short one
            self._quickest = min(self._quickest, time.monotonic() - began)
        place = _place(answer.token)
        if trial is not None:
            self._read_pages = []
            try:
                # A trial that takes longer than two pages is no reason to wait.
                follows = trial.get(timeout=max(0.2, time.monotonic() - began))
            except queue.Empty:
                follows = False
            if follows and place is not None and not self.done:
                self._start(place, answer.token or "")
        elif self.workers > 1 and self.pages <= _TRIED and place is not None:
            self._read_pages.append((place, answer.body))
        if place is not None and place > self.until and not self.done:
            self.done = self.cut = True
        return answer

    def go_on(self) -> None:
        """Let a chain that was cut go on to the end."""
        self.done = self.cut = False
        self.until = _PLACES

    def _trial(self, stop: threading.Event) -> queue.SimpleQueue[bool] | None:
        """Ask for what follows a place within the page before, while the next page is asked for."""
        if self.pages != _TRIED or len(self._read_pages) != _TRIED:
            return None
        # A service that answers this fast is limited by decoding, which is parallel already.
        if self._quickest <= QUICK_SECONDS:
            self._read_pages = []
            return None
        (first, _), (second, body) = self._read_pages
        # Ids are random, so the two tokens tell how many pages are to come.
        if not first + 1 < second or (_PLACES - second) // (second - first) < LONG - _TRIED:
            return None
        found: queue.SimpleQueue[bool] = queue.SimpleQueue()
        token = self._before.token if self._before else None
        address = self._with_query(self._first, _token((first + second) // 2, token or ""))

        def ask() -> None:
            try:
                found.put(_follows(_rows(self._read(address, stop).body), _rows(body)))
            except (BentleyError, Stopped):
                found.put(False)

        threading.Thread(target=ask, name="bentley_nb-split", daemon=True).start()
        return found

    def _start(self, place: int, token: str) -> None:
        lower = self
        for number in range(1, self.workers):
            # Random ids (version 4 GUIDs) fill the range evenly, so equal parts have about as many rows.
            begin = place + (_PLACES - place) * number // self.workers
            part = SplitChain(self.service, self.collection, self.schedule_id, self.parent_id, self.size, self.headers)
            part._url = part._with_query(part._first, _token(begin, token))
            lower.upper, lower.until = part, begin
            self.started.append(part)
            lower = part


def _rows(body: bytes) -> bytes:
    return body[body.find(b"[") + 1 : body.rfind(b"]")].strip()


def _follows(answered: bytes, before: bytes) -> bool:
    """Whether an answer begins within a page, and goes on exactly as that page does."""
    at = 0
    needle = answered[:_NEEDLE]
    while needle and (at := before.find(needle, at + 1)) > 0:
        rest = before[at:]
        if answered.startswith(rest) and answered[len(rest) :].lstrip()[:1] in (b"", b","):
            return True
    return False


def _cursor(token: str | None) -> dict[str, Any] | None:
    try:
        cursor = json.loads(base64.b64decode(token or "", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    # The form seen in recorded answers; any other is left alone.
    if not isinstance(cursor, dict) or cursor.keys() != {"PrimarySkipToken", "SecondarySkipToken", "Type"}:
        return None
    first, second = cursor["PrimarySkipToken"], cursor["SecondarySkipToken"]
    known = isinstance(first, str) and _GUID.fullmatch(first) and isinstance(second, str | None)
    return cursor if known else None


def _place(token: str | None) -> int | None:
    """Return the place of a token among all ids; None where the token is not known to name one."""
    cursor = _cursor(token)
    return None if cursor is None else int(cursor["PrimarySkipToken"].replace("-", ""), 16)


def _token(place: int, like: str) -> str:
    cursor = _cursor(like) or {}
    cursor["PrimarySkipToken"] = _guid(place)
    if cursor.get("SecondarySkipToken") is not None:
        # The smallest value: rows of equal first key are not skipped.
        cursor["SecondarySkipToken"] = _guid(0)
    return base64.b64encode(json.dumps(cursor, separators=(",", ":")).encode()).decode()


def _guid(number: int) -> str:
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
