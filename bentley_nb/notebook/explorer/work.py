"""One thing at a time in the background of a widget; the next one, or Stop, ends the one before.

In newer kernels (ipykernel 7's subshells) JupyterLab sends what widgets do to a thread of its own: the kernel's Stop
does not reach it there, and a handler that reads for a minute keeps all other handlers waiting. So handlers only begin
work, and a button stops it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bentley_nb._progress import told_to

_T = TypeVar("_T")


class WorkStopped(BaseException):
    """Ends work whose result is no longer wanted; not an ``Exception``, so that nothing on its way takes it for one."""


class Work:
    """Runs actions on threads, and gives the result of the last one.

    Parameters
    ----------
    progress
        Called with the progress of a long read, several times a second.

    Attributes
    ----------
    lock
        Held while a result is taken over; to be held by whoever changes what results are shown in.
    """

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.lock = threading.RLock()
        self._progress = progress
        self._current: _WorkLine | None = None

    def begin(
        self, action: Callable[[], _T], then: Callable[[_T], None], failed: Callable[[BaseException], None]
    ) -> None:
        """Drop the current work, and run this instead.

        Parameters
        ----------
        action
            Reads and computes; touches no widget.
        then, failed
            Take over the result or the error, unless something else was begun meanwhile.
        """
        job = _WorkLine(self)

        def run() -> None:
            try:
                with told_to(job):
                    result = action()
            except WorkStopped:
                pass
            except BaseException as error:  # noqa: BLE001 - whatever it is, the page must learn of it
                self._finish(job, partial(failed, error))
            else:
                self._finish(job, partial(then, result))
            finally:
                job.done.set()

        with self.lock:
            self._current = job
        threading.Thread(target=run, name="bentley_nb-explorer", daemon=True).start()

    def stop(self) -> bool:
        """Drop the current work; return whether there was any."""
        with self.lock:
            was, self._current = self._current, None
        return was is not None

    def wait(self, timeout: float) -> None:
        """Wait until no work is running."""
        while (job := self._job()) is not None:
            if not job.done.wait(timeout):
                raise TimeoutError(f"still at work after {timeout} s")

    def _job(self) -> _WorkLine | None:
        with self.lock:  # a result that is being taken over may begin the next thing
            return self._current

    def show(self, job: _WorkLine, text: str) -> None:
        """Pass on the progress of the current work; work that was dropped ends here."""
        with self.lock:
            if job is not self._current:
                raise WorkStopped
            self._progress(text)

    def _finish(self, job: _WorkLine, take_over: Callable[[], None]) -> None:
        with self.lock:
            if job is self._current:
                self._current = None  # before: what is taken over may begin the next thing
                take_over()


class _WorkLine:
    """The line that shows the progress of a pull."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.done = threading.Event()

    def show(self, text: str) -> None:
        self._work.show(self, text)

    def clear(self) -> None:
        pass
