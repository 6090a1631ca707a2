"""One quiet line while a pull lasts longer than a second; it is gone when the pull ends."""

from __future__ import annotations

import logging
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, Self

from bentley_nb._front_end import front_end
from bentley_nb.errors import printable

_logger, _NO_HANDLER = logging.getLogger("bentley_nb"), logging.NullHandler()
_QUIET_SECONDS = 1.0
_BETWEEN_SECONDS = 0.2


class Line(Protocol):
    """Somewhere a line can be shown and replaced."""

    def show(self, text: str) -> None:
        """Show the text in place of the last."""

    def clear(self) -> None:
        """Take the line away."""


class Progress:
    """Counts pages and rows of one pull, and tells about them when it takes long.

    Parameters
    ----------
    what
        What is being read.
    line
        Where to tell; None is silent.
    totals
        Gives the number of rows expected, where that is known; asked once the pull has turned out to be long.
    clock
        A monotonic clock.
    waiting
        Says as text what a long pause is for; empty where nothing is waited for.
    """

    def __init__(
        self,
        what: str,
        line: Line | None,
        total: Callable[[], int | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        waiting: object = "",
    ) -> None:
        self._waiting = waiting
        self._what = what
        self._line = line
        self._total = total
        self._expected: int | None = None
        self._asked_total = False
        self._clock = clock
        self._started = clock()
        self._shown_at = 0.0
        self.rows = 0
        self.pages = 0
        self.confirmed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None and self._shown_at:
            self._line.clear()

    def page(self, rows: int, *, confirmed: bool = False) -> None:
        """Count a page, and whether it was kept from before and the service confirmed it."""
        self.rows += rows
        self.pages += 1
        self.confirmed += confirmed
        self.tick()

    def tick(self) -> None:
        """Show the line where it is due."""
        if self._line is None:
            return
        now = self._clock()
        if now - self._started < _QUIET_SECONDS or now - self._shown_at < _BETWEEN_SECONDS:
            return
        if not self._asked_total:
            self._asked_total, self._expected = True, self._total()
        self._shown_at = now
        self._line.show(printable(self.text(now)))

    def text(self, now: float) -> str:
        """Return the text of the line."""
        seconds = max(now - self._started, 1e-9)
        words = f"{self._what}: {self.rows:,} rows"
        if self._expected:
            share = min(self.rows / self._expected, 1.0)
            filled = round(20 * share)
            words += f" of about {self._expected:,} [{'#' * filled}{'.' * (20 - filled)}]"
        pages = "1 page" if self.pages == 1 else f"{self.pages:,} pages"
        if self.confirmed:
            pages += f" ({self.confirmed:,} unchanged)"
        pause = f"{waiting}; " if (waiting := str(self._waiting)) else ""
        return f"{pause}{words}, {pages}, {self.rows / seconds:,.0f} rows/s, {seconds:.0f} s"


_own_line: ContextVar[Line | None] = ContextVar("_own_line", default=None)


@contextmanager
def told_to(line: Line) -> Iterator[None]:
    """Send the progress of this thread's pulls to the given line, whatever the options say.

    ``show`` is called several times a second while a pull lasts; an exception raised there ends the pull.
    """
    token = _own_line.set(line)
    try:
        yield
    finally:
        _own_line.reset(token)


def line_for(wanted: bool | None) -> Line | None:
    """Return the line that shows progress.

    Parameters
    ----------
    wanted
        False is silent, True shows it always, None only where a user can read it.
    """
    own = _own_line.get()
    who = front_end()
    if own is not None or wanted is not None or who in ("notebook", "terminal"):
        # Retries show in the line, or silence is wanted. Elsewhere a logger without handlers writes to stderr.
        _logger.addHandler(_NO_HANDLER)
    if own is not None or wanted is False:
        return own
    if who == "notebook":
        return _NotebookLine()
    if who == "terminal" or wanted:
        return _TerminalLine()
    return None


class _TerminalLine:
    def __init__(self) -> None:
        self._width = 0

    def show(self, text: str) -> None:
        # What runs on into a second row of the window could not be taken back.
        text = text[: shutil.get_terminal_size().columns - 1]
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)

    def clear(self) -> None:
        sys.stderr.write("\r" + " " * self._width + "\r")
        sys.stderr.flush()


class _NotebookLine:
    """One output that is updated in place: a bar of widgets would leave its models in the saved notebook."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, text: str) -> None:
        from IPython.display import display  # noqa: PLC0415 - only where a kernel runs

        if self._handle is None:
            self._handle = display(_plain(text), raw=True, display_id=True)
        else:
            self._handle.update(_plain(text), raw=True)

    def clear(self) -> None:
        if self._handle is not None:
            self._handle.update(_plain(""), raw=True)


def _plain(text: str) -> Mapping[str, str]:
    return {"text/plain": text}
