"""What a refresh costs with pages kept, as ratios to a full pull.

A server in a process of its own sends pages of 10,000 user field values with ETags and answers ``If-None-Match``.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import multiprocessing.dummy
import random
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

import bentley_nb as bn
from tests.benchmarks.pages import SCHEDULES, _chain
from tests.benchmarks.section import Found, Settings, grid

NAME = "task_user_field_values"


def serve(told: Connection, rows: int) -> None:
    """Serve one chain of pages; told to change a page, give it another ETag."""
    pace = {"latency": 0.0, "sent": 0}
    bodies: list[bytes] = []
    etags: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._send(200, json.dumps({"access_token": "benchmark", "expires_in": 3600}).encode())

        def do_GET(self) -> None:
            time.sleep(pace["latency"])
            token = self.path.partition("continuationToken=")[2]
            number = chain.index[unquote(token)] if token else 0
            if self.headers.get("If-None-Match") == etags[number]:
                self._send(304, b"", ETag=etags[number])
            else:
                self._send(200, bodies[number], **{"ETag": etags[number], "Content-Encoding": "gzip"})

        def _send(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            pace["sent"] += len(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    base = f"http://127.0.0.1:{server.server_address[1]}"
    chain = _chain(base, "main", NAME, rows, page=10_000, keep_plain=False)
    bodies += chain.gzip
    etags += [f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"' for body in bodies]
    multiprocessing.dummy.Process(target=server.serve_forever).start()
    told.send(base)
    while (order := told.recv()) is not None:
        if "latency" in order:
            pace["latency"] = order["latency"]
        for number in order.get("change", ()):
            etags[number] = f'"{time.monotonic_ns()}"'
        told.send(pace["sent"])
    server.shutdown()


def measure(settings: Settings) -> Found:
    """Pull without a store, with one, and again after changes."""
    rows = settings.size(1_000_000, 20_000)
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there, rows), daemon=True)
    server.start()
    base = here.recv()

    def order(**what: Any) -> int:
        here.send(what)
        return int(here.recv())

    def pull(store: Path | None) -> tuple[float, float, int, pd.DataFrame]:
        client = bn.connect(
            "benchmark",
            "benchmark",
            token_url=f"{base}/token",
            api_url=f"{base}/schedules",
            store=store,
            progress=False,
        )
        sent, started, worked = order(), time.monotonic(), time.process_time()
        frame = client.schedule(SCHEDULES["main"]).table(NAME)
        return time.monotonic() - started, time.process_time() - worked, order() - sent, frame

    pages = -(-rows // 10_000)
    place = random.Random(1)
    lines = []
    for latency in (0.0, 0.05, 0.15):
        order(latency=latency)
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder)
            pull(None)  # what is imported and compiled on first use
            seconds, worked, size, whole = pull(None)
            cases = [("full, no store", (seconds, worked, size, whole)), ("first, with store", pull(store))]
            cases.append(("unchanged", pull(store)))
            order(change=[pages // 2])
            cases.append(("100 changes in one branch", pull(store)))
            order(change=sorted({place.randrange(rows) // 10_000 for _ in range(100)}))
            cases.append(("100 random changes", pull(store)))
            for path in sorted(store.rglob("*.parquet"))[: pages // 3]:
                path.unlink()
            cases.append(("a third of the pages lost", pull(store)))
            for name, (taken, cpu, sent, frame) in cases:
                pd.testing.assert_frame_equal(frame, whole)
                ratios = [f"{taken / seconds:.2f}", f"{cpu / worked:.2f}", f"{sent / size:.1%}"]
                lines.append([f"{name}, {latency * 1000:.0f} ms", f"{taken:.2f}", *ratios])
    here.send(None)
    head = ["pull", "s", "of a full pull", "of its CPU time", "bytes"]
    return Found(f"{rows:,} values, {pages} pages.\n\n{grid(head, lines)}", lines)
