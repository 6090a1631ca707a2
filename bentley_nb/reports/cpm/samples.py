"""The forward pass over many samples of durations at once: tasks one by one, samples as arrays.

Per calendar three tables over minutes (work before a minute, and the earliest and latest minute of a position) turn
every conversion into one lookup, so that real calendars cost little more than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from bentley_nb.reports.cpm.clock import Clock
from bentley_nb.reports.cpm.passes import FINISH_MILESTONE, FROM_FINISH, INTO_START, Allowance, NetworkDates

Minutes: TypeAlias = npt.NDArray[np.int32]
_MINUTE = 60
_CELLS = 20_000_000  # positions held at a time: 160 MB
# Lags and calendars may move a sample beyond the longest pass; its table must reach that far.
_MARGIN = 30 * 1440


class _Table:
    """Working minutes of one clock after the data date."""

    def __init__(self, clock: Clock, now: int, minutes: int) -> None:
        worked = np.zeros(minutes + 1, dtype=np.int32)
        for start, end in clock.blocks(now, now + minutes * _MINUTE):
            worked[(start - now) // _MINUTE + 1 : (end - now) // _MINUTE + 1] = 1
        self.position: Minutes = np.cumsum(worked, dtype=np.int32)
        every = np.arange(self.position[-1] + 1)
        self.earliest: Minutes = np.searchsorted(self.position, every, side="left").astype(np.int32)
        self.latest: Minutes = (np.searchsorted(self.position, every, side="right") - 1).astype(np.int32)


class Samples:
    """Forward passes of a schedule under sampled durations.

    Parameters
    ----------
    schedule
        The forward pass with the planned durations.
    longest
        The forward pass with the longest durations that are sampled; nothing finishes later.
    """

    def __init__(self, schedule: NetworkDates, longest: NetworkDates) -> None:
        self.schedule = schedule
        self.now = schedule.options.data_date
        dates = [*longest.early_finish, *longest.early_start]
        held = [link.least for links in schedule.into for link in links if link.least is not None]
        self._minutes = (max([*dates, *held, self.now]) - self.now) // _MINUTE + _MARGIN
        self._tables: dict[int, _Table] = {}
        network = schedule.network
        self.logic = [n for n in network.order if not network.activities[n].is_hammock]

    def table(self, clock: Clock) -> _Table:
        """Return the table of a clock."""
        if id(clock) not in self._tables:
            self._tables[id(clock)] = _Table(clock, self.now, self._minutes)
        return self._tables[id(clock)]

    def blocks(self, runs: int) -> Iterator[int]:
        """Split the runs into blocks that fit into memory."""
        # At least 50 samples at a time: below that the Python loop over tasks costs more than the arrays.
        size = max(50, min(2_500, _CELLS // max(1, len(self.schedule.network.activities))))
        for first in range(0, runs, size):
            yield min(size, runs - first)

    def finishes(self, remaining: Sequence[Any], targets: Sequence[int]) -> tuple[npt.NDArray[np.int64], _Pass]:
        """Return the latest finish of the targets for each sample, in seconds, and the pass.

        Parameters
        ----------
        remaining
            For each task its minutes of work, one number or one for each sample.
        targets
            Tasks whose latest finish counts.
        """
        made = _Pass(self, remaining)
        for n in self.logic:
            made.place(n)
        last: Any = None
        for n in targets:
            at = made.instant(n, finish=True)
            last = at if last is None else np.maximum(last, at)
        return np.asarray(last, dtype=np.int64) * _MINUTE + self.now, made


class _Pass:
    """Positions of the start and finish of each task; of completed work the minute it carries."""

    def __init__(self, samples: Samples, remaining: Sequence[Any]) -> None:
        self.samples = samples
        self.activities = samples.schedule.network.activities
        count = len(self.activities)
        self.start: list[Any] = [None] * count
        self.finish: list[Any] = [None] * count
        self.remaining = list(remaining)

    def position(self, clock: Clock, instant: int) -> int:
        """Return the position of one instant, relative to the data date; negative before it."""
        return (clock.position(instant) - clock.position(self.samples.now)) // _MINUTE

    def instant(self, n: int, *, finish: bool) -> Any:
        """Return the minutes at which a task starts or finishes."""
        a = self.activities[n]
        if a.is_complete:
            return self.finish[n]
        table = self.samples.table(a.clock)
        zero = isinstance(self.remaining[n], int) and self.remaining[n] == 0
        early = a.kind == FINISH_MILESTONE if zero else finish
        at = self.finish[n] if finish else self.start[n]
        return (table.earliest if early else table.latest)[np.maximum(at, 0)]

    def allowed(self, link: Allowance, clock: Clock | None) -> Any:
        """Return the position on the successor's clock that a link allows; the minute where there is no clock."""
        other = self.activities[link.other]
        from_finish = link.kind in FROM_FINISH
        lag = round(link.lag / _MINUTE)
        # Most links stay on one calendar: positions are compared directly, without a detour over minutes.
        if clock is other.clock and not other.is_complete and (not lag or link.clock is clock):
            at = self.finish[link.other] if from_finish else self.start[link.other]
            if lag:
                at = at + lag if lag > 0 else np.maximum(at + lag, 0)
            return at
        at = self.instant(link.other, finish=from_finish)
        if lag:
            table = self.samples.table(link.clock)
            moved = table.position[at] + lag
            at = table.earliest[moved] if lag > 0 else table.latest[np.maximum(moved, 0)]
        if link.least is not None:
            at = np.maximum(at, max(0, (link.least - self.samples.now) // _MINUTE))
        return at if clock is None else self.samples.table(clock).position[at]

    def place(self, n: int) -> None:
        """Put one task where its links and constraints allow it, by the rules of ``NetworkDates``."""
        a, options = self.activities[n], self.samples.schedule.options
        now, links = options.data_date, self.samples.schedule.into[n]
        floor = now if a.is_started else options.floor
        if a.is_complete:
            at: Any = (floor - now) // _MINUTE if not options.override else 0
            for link in links:
                at = np.maximum(at, self.allowed(link, None))
            self.start[n] = self.finish[n] = at
            return
        clock, remaining = a.clock, self.remaining[n]
        bounds = [at for at in (floor, a.not_before, None if a.is_started else a.start_min) if at is not None]
        start: Any = self.position(clock, max(bounds))
        finish: Any = None
        for link in links:
            at = self.allowed(link, clock)
            if link.kind in INTO_START:
                start = np.maximum(start, at)
            else:
                finish = at if finish is None else np.maximum(finish, at)
        held = finish is not None
        if a.finish_min is not None:
            bound = self.position(clock, a.finish_min)
            finish = bound if finish is None else np.maximum(finish, bound)
        if finish is not None:
            start = np.maximum(start, finish - remaining)
        if a.pinned is not None:
            start = self.position(clock, a.pinned)
        elif a.start_mandatory is not None and not a.is_started:
            start = self.position(clock, max(now, a.start_mandatory))
        elif a.finish_mandatory is not None:
            start = np.maximum(0, self.position(clock, a.finish_mandatory) - remaining)
        elif options.expected and a.expected_finish is not None and not held and a.expected_finish >= now:
            until = self.position(clock, a.expected_finish) - start
            self.remaining[n] = remaining = np.where(until >= 0, until, remaining)
        self.start[n], self.finish[n] = start, start + remaining

    def on_path(self, targets: Sequence[int], last: npt.NDArray[np.int64]) -> dict[int, Any]:
        """Return for each task in which samples it is on the driving path to the targets."""
        minutes = (last - self.samples.now) // _MINUTE
        on: dict[int, Any] = {n: self.instant(n, finish=True) == minutes for n in targets}
        into = self.samples.schedule.into
        for n in reversed(self.samples.logic):
            if n not in on or not np.any(on[n]):
                continue
            a = self.activities[n]
            for link in into[n]:
                clock = None if a.is_complete else a.clock
                own = self.start[n] if link.kind in INTO_START else self.finish[n]
                drives = on[n] & (self.allowed(link, clock) == own)
                on[link.other] = on[link.other] | drives if link.other in on else drives
        return on
