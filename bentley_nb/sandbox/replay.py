"""Recorded answers played back over a socket, their addresses turned to the sandbox's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.answers import Answer, dumps, error

if TYPE_CHECKING:
    from werkzeug.wrappers import Request


class Recordings:
    """Requests and what was answered: ``{"method", "url", "request_body", "status", "body"}`` each.

    A request is found again by method, path and query, however the query is escaped, and by its JSON body.
    """

    def __init__(self, records: Iterable[dict[str, Any]]) -> None:
        self._answers = {
            _key(record["method"], record["url"], record.get("request_body")): record for record in records
        }

    @classmethod
    def load(cls, path: Path) -> Recordings:
        """Read a file of recordings.

        Raises
        ------
        InvalidRequest
            There is no such file, or something else is in it.
        """
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InvalidRequest(f"{path} is no file of recordings ({type(error).__name__}: {error}).") from None

    def answer(self, request: Request) -> Answer:
        """Give the recorded answer, or 404."""
        body = request.get_data(as_text=True)
        url = f"{request.path}?{request.query_string.decode()}"
        record = self._answers.get(_key(request.method, url, body))
        if record is None:
            return error(404, "NotRecorded", f"There is no recording of {request.method} {url}.")
        recorded = urlsplit(record["url"])
        there, here = f"{recorded.scheme}://{recorded.netloc}", request.host_url.rstrip("/")
        content = b"" if record["body"] is None else dumps(record["body"]).replace(there.encode(), here.encode())
        return Answer(record["status"], content, {"Content-Type": "application/json; charset=utf-8"})


def _key(method: str, url: str, body: Any) -> tuple[object, ...]:
    parts = urlsplit(url)
    if isinstance(body, str):
        body = json.loads(body) if body.strip() else None
    return method, parts.path, tuple(sorted(parse_qsl(parts.query))), json.dumps(body or None, sort_keys=True)
