"""The service of the benchmarks: a process that does nothing but send bytes it has ready.

``python -m tests.benchmarks.server`` reads ``{"quick": bool}`` from its input, renders, writes one JSON line that says
what is served where, and ends when its input is closed.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

from tests.benchmarks.children import ROOT, environment
from tests.benchmarks.pages import FULL, PATHS, QUICK, SCHEDULES, Chain, Sizes, render

_TOKEN = json.dumps({"access_token": "benchmark", "token_type": "Bearer", "expires_in": 3600}).encode()


class Site:
    """What is served, and how slowly."""

    def __init__(self, base: str, sizes: Sizes) -> None:
        self.base = base
        self.sizes = sizes
        self.latency = 0.0
        self.gzip = True
        self.chains = render(base, sizes)
        self._by_path: dict[str, Chain] = {chain.path: chain for chain in self.chains.values()}

    def plan(self) -> dict[str, Any]:
        """Say what is served: schedule/collection -> where it begins and what it holds."""
        return {
            f"{schedule}/{name}": {
                "schedule_id": SCHEDULES[schedule],
                "collection": name,
                "key": PATHS[name][1],
                "rows": chain.rows,
                "addresses": chain.addresses(self.base, self.sizes.page),
            }
            for (schedule, name), chain in self.chains.items()
        }

    def answer(self, method: str, target: str, body: bytes) -> tuple[str, bytes, bool]:
        """Give status, body and whether the body is packed."""
        path, _, query = target.partition("?")
        if method == "POST" and path == "/token":
            return "200 OK", _TOKEN, False
        if method == "POST" and path == "/pace":
            pace = json.loads(body)
            self.latency, self.gzip = pace["latency"], pace["gzip"]
            return "200 OK", b"{}", False
        time.sleep(self.latency)
        chain = self._by_path.get(path)
        token = next(
            (unquote(part.partition("=")[2]) for part in query.split("&") if "continuationToken=" in part), None
        )
        if chain is not None and (token is None or token in chain.index):
            number = chain.index[token] if token is not None else 0
            return "200 OK", (chain.gzip if self.gzip else chain.plain)[number], self.gzip
        schedule = path.removeprefix("/schedules/")
        if schedule in SCHEDULES.values():
            item = {"id": schedule, "name": "Benchmark", "type": "v6.5", "isNextGen": False, "iTwinId": schedule}
            return "200 OK", json.dumps({"schedule": {**item, "iModelId": None}}).encode(), False
        error = {"code": "NotFound", "message": f"The benchmark does not serve {target}."}
        return "404 Not Found", json.dumps({"error": error}).encode(), False


def _converse(connection: socket.socket, site: Site) -> None:
    """Answer the requests of one kept-alive connection until it is closed."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    heard = b""
    with connection:
        while True:
            while b"\r\n\r\n" not in heard:
                more = connection.recv(65_536)
                if not more:
                    return
                heard += more
            head, _, heard = heard.partition(b"\r\n\r\n")
            request, *lines = head.decode("latin-1").split("\r\n")
            method, target, _ = request.split(" ", 2)
            length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
            while len(heard) < length:
                heard += connection.recv(65_536)
            body, heard = heard[:length], heard[length:]
            status, content, packed = site.answer(method, target, body)
            encoding = "Content-Encoding: gzip\r\n" if packed else ""
            headers = f"Content-Type: application/json\r\n{encoding}Content-Length: {len(content)}\r\n"
            connection.sendall(f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + content)


def _listen(listener: socket.socket, site: Site) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_guarded, args=(connection, site), daemon=True).start()


def _guarded(connection: socket.socket, site: Site) -> None:
    try:
        _converse(connection, site)
    except OSError:
        return  # the client has gone


def main() -> None:
    """Serve until the input is closed."""
    sizes = QUICK if json.loads(sys.stdin.readline())["quick"] else FULL
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    site = Site(base, sizes)
    threading.Thread(target=_listen, args=(listener, site), daemon=True).start()
    print(json.dumps({"base": base, "page": sizes.page, "chains": site.plan()}), flush=True)
    sys.stdin.read()


class Server:
    """The server's process, seen from the one that measures.

    Attributes
    ----------
    base
        Scheme, host and port.
    page
        Items per page.
    chains
        What :meth:`Site.plan` says.
    """

    def __init__(self, *, quick: bool) -> None:
        self._quick = quick

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.server"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(),
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"quick": self._quick}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the benchmark's server did not start")
        said = json.loads(line)
        self.base: str = said["base"]
        self.page: int = said["page"]
        self.chains: Mapping[str, Any] = said["chains"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()  # closing its input ends it

    def pace(self, *, latency: float, gzip: bool) -> None:
        """Set the wait before each answer (seconds) and whether bodies are packed."""
        import requests

        requests.post(f"{self.base}/pace", json={"latency": latency, "gzip": gzip}, timeout=10).raise_for_status()


if __name__ == "__main__":
    main()
