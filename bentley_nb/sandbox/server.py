"""The socket: HTTP/1.1 with keep-alive on the loopback interface, one thread per connection.

``http.server.ThreadingHTTPServer`` is not used as it is, because it neither ends open connections nor waits for their
threads when it is closed.
"""

from __future__ import annotations

import os
import socket
import socketserver
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from bentley_nb.sandbox.dispatch import Dispatcher, WireReply
from bentley_nb.sandbox.incoming import Incoming

IDLE_SECONDS = 120
BACKLOG = 128
CLOSE_SECONDS = 2.0


class LoopbackServer(socketserver.TCPServer):
    """Listens on 127.0.0.1 from its making on, and hands each connection to a thread of its own."""

    allow_reuse_address = os.name != "nt"  # there it would let two servers share a port
    request_queue_size = BACKLOG

    def __init__(self, port: int, dispatcher: Dispatcher) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.dispatcher = dispatcher
        dispatcher.closing.clear()
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._thread = threading.Thread(target=self._accept, name="bentley_nb sandbox", daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while not self.dispatcher.closing.is_set():
            self.handle_request()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - http.server's signature
        """Refuse connections once the server is closing."""
        return not self.dispatcher.closing.is_set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection on a new thread."""
        thread = threading.Thread(
            target=self._serve, args=(request, client_address), name="bentley_nb sandbox connection", daemon=True
        )
        with self._lock:
            self._open[thread] = request
        thread.start()

    def _serve(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except (ConnectionError, TimeoutError):
            pass  # the client went away, or the sandbox was stopped
        except OSError:
            if request.fileno() != -1:
                raise
        finally:
            self.shutdown_request(request)
            with self._lock:
                self._open.pop(threading.current_thread(), None)

    def close(self) -> None:
        """Stop listening, break off open connections and wait for their threads, but not for data still being made."""
        if os.getpid() != self._process:  # a forked child has no thread to wait for
            self.server_close()
            return
        self.dispatcher.closing.set()
        # shutdown() of serve_forever() would wait for its next poll; a connection wakes accept() at once.
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_address[1]), CLOSE_SECONDS).close()
        if self._thread is not threading.current_thread():  # garbage collection closes a sandbox on any thread
            self._thread.join(CLOSE_SECONDS)
        self.server_close()
        with self._lock:
            connections = dict(self._open)
        for connection in connections.values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        until = time.monotonic() + CLOSE_SECONDS
        for thread in connections:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))


class _Handler(BaseHTTPRequestHandler):
    """Reads a request and writes the reply."""

    server: LoopbackServer
    protocol_version = "HTTP/1.1"
    server_version = "bentley-nb-sandbox"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle_request(self) -> None:
        request = self._request()
        if request is None:
            self.close_connection = True
            self.send_error(HTTPStatus.NOT_IMPLEMENTED, "Only bodies of known length are taken")
            return
        self._send(self.server.dispatcher.reply(request))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_request  # noqa: N815 - http.server

    def _request(self) -> Incoming | None:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return None
        length = self.headers.get("Content-Length", "0")
        # The body is always read, so that the next request on the connection starts where this one ends.
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        return Incoming(self.command, self.path, self.headers, body)

    def _send(self, reply: WireReply) -> None:
        if reply.broken:
            self.close_connection = True
            if not reply.announced:
                return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(reply.announced))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    def version_string(self) -> str:
        """Name the server without versions."""
        return self.server_version

    def log_message(self, *_: Any) -> None:
        """Write nothing: what was asked is in the log of the sandbox."""
