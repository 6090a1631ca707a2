"""A request as the sandbox reads it."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from urllib.parse import parse_qs, unquote

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass
class Incoming:
    """One request.

    Attributes
    ----------
    method, target
        Of the request line; the target is path and query as sent.
    headers
        Looked up in any case.
    body
        The bytes that came with it.
    """

    method: str
    target: str
    headers: Message
    body: bytes = b""

    @property
    def host(self) -> str:
        """Host and port that the client asked for."""
        return str(self.headers.get("Host", ""))

    @property
    def is_for_loopback(self) -> bool:
        """Whether the client asked for this machine by a name of its own.

        A page on the web whose host name is rebound to 127.0.0.1 reaches the port, but sends its own name.
        """
        name, _, port = self.host.rpartition(":")
        return (name if port.isdigit() else self.host).lower() in LOOPBACK_HOSTS

    @cached_property
    def raw_path(self) -> str:
        """Path as sent."""
        return self.target.partition("?")[0]

    @cached_property
    def path(self) -> str:
        """Path, decoded."""
        return unquote(self.raw_path)

    @cached_property
    def query(self) -> str:
        """Query as sent."""
        return self.target.partition("?")[2]

    @property
    def address(self) -> str:
        """Address without the query."""
        return f"http://{self.host}{self.raw_path}"

    @property
    def form(self) -> dict[str, list[str]]:
        """Fields of a form-encoded body."""
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)

    @property
    def accepts_gzip(self) -> bool:
        """Whether the answer may be compressed."""
        for part in str(self.headers.get("Accept-Encoding", "")).lower().split(","):
            name, _, weight = part.replace(" ", "").partition(";q=")
            if name in ("gzip", "*"):
                return weight.strip("0.") != "" or not weight
        return False
