"""Sixteen threads, tokens of two seconds, one fault in a hundred: every row right, and nothing that grows.

``python -m tests.benchmarks.endurance [REQUESTS]`` reads until so many requests (50,000) were answered. What grows is
told by figures of the same process after the first thousand requests, when pools and caches are filled, and at the end.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
import uuid
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

import bentley_nb as bn
from bentley_nb.errors import BentleyError
from tests.scripted import Reply, Request, ScriptedService

_PAGES, _ROWS = 5, 20
_WARM = 1_000  # requests before the figures that those of the end are compared with


class Wearing(ScriptedService):
    """Answers any schedule's tasks, with a fault now and then."""

    def __init__(self) -> None:
        self.valid: dict[str, float] = {}
        self.number = count(1)
        self.answered = 0
        super().__init__()
        self.requests = deque(maxlen=1)  # type: ignore[assignment] # what is measured must not be the server's own log
        self.schedules = [str(uuid.uuid4()) for _ in range(64)]
        for schedule in self.schedules:
            self.on(f"/schedules/{schedule}/tasks", self.tasks)

    def give_token(self, request: Request) -> Reply:
        """Give a token of two seconds."""
        value = f"token-{next(self.number)}"
        self.valid[f"Bearer {value}"] = time.monotonic() + 2
        return Reply(body={"access_token": value, "token_type": "Bearer", "expires_in": 2})

    def tasks(self, request: Request) -> Reply:
        """Give a page, or a fault."""
        if self.valid.get(request.headers.get("authorization", ""), 0) < time.monotonic():
            return Reply(401, {"error": {"code": "Unauthorized"}})
        number = self.answered = next(self.number)
        if number % 200 == 0:
            return Reply(429, b"", {"Retry-After": "0"})
        if number % 200 == 100:
            return Reply(503) if number % 400 == 100 else Reply(body=b"{" * 100, cut_after=10)
        schedule, page = request.path.split("/")[2], int(request.query.get("page", 0))
        rows = [{"id": f"{schedule}-{page * _ROWS + row}", "name": schedule} for row in range(_ROWS)]
        link = {"next": {"href": f"?page={page + 1}"}} if page < _PAGES - 1 else {}
        return Reply(body={"tasks": rows, "_links": link})


def _usage() -> dict[str, float]:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    targets = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the listing's own is closed by now
            targets.append(str(descriptor.readlink()))
    sockets = sum(target.startswith("socket:") for target in targets)
    return {
        "memory MB": int(status["VmRSS"].split()[0]) / 1024,
        "sockets": sockets,
        "other files": len(targets) - sockets,
        "threads": threading.active_count(),
    }


def _read_until(requests: int, client: bn.Client, service: Wearing) -> Counter[str]:
    """Read in 16 threads until so many requests were answered; count how the pulls ended."""
    ended: Counter[str] = Counter()
    lock = threading.Lock()

    def work(_: int) -> None:
        while service.answered < requests:
            schedule = random.choice(service.schedules)
            try:
                frame = client.schedule(schedule).tasks()
            except BentleyError as error:
                how = type(error).__name__
            else:
                whole = len(frame) == _PAGES * _ROWS and set(frame["name"]) == {schedule}
                how = "whole" if whole else "wrong"
            with lock:
                ended[how] += 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    time.sleep(1)  # the server's threads see closed connections
    return ended


def main(requests: int) -> int:
    """Run, print figures, and return 1 where a row was wrong."""
    with Wearing() as service:
        client = service.connect(page_size=_ROWS)
        started = time.monotonic()
        ended = _read_until(min(_WARM, requests), client, service)
        warm = _usage()
        ended += _read_until(requests, client, service)
        end = _usage()
        print(f"{service.answered:,} requests in {time.monotonic() - started:.0f} s; pulls: {dict(ended)}")
        for what, figure in warm.items():
            print(f"{what:12} {figure:8,.0f} after {_WARM:,} requests {end[what]:8,.0f} at the end")
        return int(set(ended) != {"whole"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("requests", nargs="?", type=int, default=50_000)
    raise SystemExit(main(parser.parse_args().requests))
