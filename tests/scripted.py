"""A real server on loopback whose answers a test writes itself, down to broken ones."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox

CLIENT_ID = "service-0123456789"
SECRET = "p+a/s=s&w%rd-ü-{${HOME}}"
SCHEDULE = "11111111-2222-3333-4444-555555555555"


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Reply:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # close the connection after so many bytes of the body
    delay: float = 0.0


Handler = Callable[[Request], Reply]


class ScriptedService:
    """Token endpoint and API in one; ``on(path, handler or replies)`` scripts a path."""

    def __init__(self, secure: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._routes: dict[str, Handler] = {}
        self._release = threading.Event()
        self.tokens_given = 0
        self.on("/connect/token", self.give_token)
        outer = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                outer._answer(self)

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                pass

        class _Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass  # a client that hung up is part of many tests

        self._server = _Server(("127.0.0.1", 0), _Handler)
        if secure is not None:
            self._server.socket = secure.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if secure else 'http'}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def give_token(self, request: Request) -> Reply:
        with self._lock:
            self.tokens_given += 1
            number = self.tokens_given
        return Reply(body={"access_token": f"token-{number}", "token_type": "Bearer", "expires_in": 3600})

    def on(self, path: str, answer: Handler | Reply | list[Reply] | dict[str, Any]) -> None:
        """Script a path: a handler, one reply for ever, replies in turn (the last one stays), or a JSON body."""
        if callable(answer):
            self._routes[path] = answer
            return
        replies = answer if isinstance(answer, list) else [answer if isinstance(answer, Reply) else Reply(body=answer)]
        turn = iter(range(10**9))
        self._routes[path] = lambda request: replies[min(next(turn), len(replies) - 1)]

    def asked(self, path: str) -> list[Request]:
        with self._lock:
            return [request for request in self.requests if request.path == path]

    def connect(self, **options: Any) -> bn.Client:
        defaults: dict[str, Any] = {
            "api_url": f"{self.url}/schedules",
            "token_url": f"{self.url}/connect/token",
            "projects_url": f"{self.url}/itwins",
            "progress": False,
        }
        client_id, secret = options.pop("client_id", CLIENT_ID), options.pop("client_secret", SECRET)
        return bn.connect(client_id, secret, **{**defaults, **options})

    def schedule(self, **options: Any) -> bn.Schedule:
        return self.connect(**options).schedule(SCHEDULE)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        request = Request(
            handler.command,
            parts.path,
            {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
        )
        with self._lock:
            self.requests.append(request)
            route = self._routes.get(request.path)
        reply = route(request) if route else Reply(404, {"error": {"code": "ScheduleNotFound", "message": "no route"}})
        if reply.delay:
            self._release.wait(reply.delay)
        body = (
            reply.body
            if isinstance(reply.body, bytes)
            else b""
            if reply.body is None
            else json.dumps(reply.body).encode()
        )
        handler.send_response(reply.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **reply.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if reply.cut_after is not None:
            handler.wfile.write(body[: reply.cut_after])
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(2)
            return
        handler.wfile.write(body)


def connect_to(sandbox: Sandbox) -> bn.Client:
    """Return a client of one sandbox, apart from the demo's."""
    return bn.connect(
        sandbox.client_id,
        sandbox.client_secret,
        token_url=sandbox.token_url,
        api_url=sandbox.api_url("platform"),
        projects_url=sandbox.projects_url,
        progress=False,
    )
