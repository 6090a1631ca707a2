"""The service of the benchmarks: a process that does nothing but send bytes it has ready.

``python -m tests.benchmarks.server`` reads from its input which schedules to serve, renders, and writes one JSON line
that says what is served where; further lines set the pace. It ends when its input is closed.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import unquote

from tests.benchmarks.children import Child
from tests.benchmarks.pages import FULL, PATHS, QUICK, SCHEDULES, Chain, Ordered, Sizes, render

_TOKEN = json.dumps({"access_token": "benchmark", "token_type": "Bearer", "expires_in": 3600}).encode()


class Site:
    """What is served, and how slowly."""

    def __init__(self, base: str, sizes: Sizes, schedules: Collection[str]) -> None:
        self.base = base
        self.sizes = sizes
        self.latency = 0.0
        self.gzip = True
        self.chains = render(base, sizes, schedules)
        self._by_path: dict[str, Chain | Ordered] = {chain.path: chain for chain in self.chains.values()}

    def plan(self) -> dict[str, Any]:
        """Say what is served: schedule/collection -> where it begins and what it holds."""
        return {
            f"{schedule}/{name}": {
                "schedule_id": SCHEDULES[schedule],
                "collection": name,
                "key": PATHS[name][1],
                "rows": chain.rows,
                "addresses": chain.addresses,
            }
            for (schedule, name), chain in self.chains.items()
        }

    def answer(self, method: str, target: str) -> tuple[str, bytes, bool]:
        """Give status, body and whether the body is packed."""
        path, _, query = target.partition("?")
        if method == "POST" and path == "/token":
            return "200 OK", _TOKEN, False
        time.sleep(self.latency)
        chain = self._by_path.get(path)
        token = next(
            (unquote(part.partition("=")[2]) for part in query.split("&") if "continuationToken=" in part), None
        )
        if chain is not None and (body := chain.body(token, gzip=self.gzip)) is not None:
            return "200 OK", body, self.gzip
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
            heard = heard[length:]
            status, content, packed = site.answer(method, target)
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
    site: Site | None = None
    for line in sys.stdin:
        said = json.loads(line)
        if site is None:
            sizes = QUICK if said["quick"] else FULL
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}", sizes, said["schedules"])
            threading.Thread(target=_listen, args=(listener, site), daemon=True).start()
            answer = {"base": site.base, "page": sizes.page, "chains": site.plan()}
        else:
            site.latency, site.gzip = said["latency"], said["gzip"]
            answer = {}
        print(json.dumps(answer), flush=True)


class Server(Child):
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

    def __init__(self, schedules: Collection[str], *, quick: bool) -> None:
        super().__init__("tests.benchmarks.server")
        said = self.ask(schedules=list(schedules), quick=quick)
        self.base: str = said["base"]
        self.page: int = said["page"]
        self.chains: Mapping[str, Any] = said["chains"]

    def pace(self, *, latency: float, gzip: bool) -> None:
        """Set the wait before each answer (seconds) and whether bodies are packed."""
        self.ask(latency=latency, gzip=gzip)


if __name__ == "__main__":
    main()
