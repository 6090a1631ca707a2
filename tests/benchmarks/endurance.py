"""Sixteen threads, tokens of two seconds, one fault in a hundred: every row right, and nothing that grows.

``python -m tests.benchmarks.endurance [REQUESTS]`` reads until so many requests (50,000) were answered.
"""

from __future__ import annotations

import argparse
import os
import random
import threading
import time
import uuid
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from bentley_nb.errors import BentleyError
from tests.scripted import Reply, Request, ScriptedService

_PAGES, _ROWS = 5, 20


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
    return {
        "memory MB": int(status["VmRSS"].split()[0]) / 1024,
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        "threads": threading.active_count(),
    }


def main(requests: int) -> int:
    """Run, print figures, and return 1 where a row was wrong."""
    ended: Counter[str] = Counter()
    with Wearing() as service:
        client = service.connect(page_size=_ROWS)
        started, before = time.monotonic(), _usage()

        def work(_: int) -> None:
            while service.answered < requests:
                schedule = random.choice(service.schedules)
                try:
                    frame = client.schedule(schedule).tasks()
                except BentleyError as error:
                    ended[type(error).__name__] += 1
                else:
                    whole = len(frame) == _PAGES * _ROWS and set(frame["name"]) == {schedule}
                    ended["whole" if whole else "wrong"] += 1

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(16)))
        time.sleep(1)
        seconds = time.monotonic() - started
        print(f"{service.answered:,} requests in {seconds:.0f} s; pulls: {dict(ended)}")
        print(f"before: {before}; after: {_usage()}")
        return int(set(ended) != {"whole"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("requests", nargs="?", type=int, default=50_000)
    raise SystemExit(main(parser.parse_args().requests))
