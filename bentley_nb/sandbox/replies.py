"""Answers of the sandbox before they become HTTP: a status, headers and bytes, and the error bodies of the service."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

_GZIP_FROM = 1_400  # what fits into one packet gains nothing


@dataclass(frozen=True)
class Reply:
    """A status, a body and headers; ``packed`` says that the body is kept compressed."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    packed: bool = False

    @property
    def body(self) -> bytes:
        """The body as it is."""
        return gzip.decompress(self.content) if self.packed else self.content

    @property
    def gzipped(self) -> bytes:
        """The body compressed; fast rather than small."""
        return self.content if self.packed else gzip.compress(self.content, compresslevel=1, mtime=0)

    @property
    def worth_packing(self) -> bool:
        """Whether the body is large enough to be compressed."""
        return self.packed or len(self.content) >= _GZIP_FROM

    @property
    def etag(self) -> str:
        """Validator of the body."""
        return f'"{hashlib.blake2b(self.body, digest_size=12).hexdigest()}"'

    def pack(self) -> Reply:
        """Return the same reply with its body compressed, where that is worth it."""
        if self.packed or not self.worth_packing:
            return self
        return replace(self, content=self.gzipped, packed=True)


def dumps(value: Any) -> bytes:
    """Write JSON as the service does: compact, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with JSON."""
    return Reply(status, dumps(value), {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def error(
    status: int,
    code: str,
    message: str,
    *,
    target: str | None = None,
    details: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Answer with an error body of the iTwin Platform."""
    body: dict[str, Any] = {"code": code, "message": message}
    if target:
        body["target"] = target
    if details:
        body["details"] = details
    return json_answer({"error": body}, status, headers)


def invalid(message: str, *, code: str = "InvalidValue", target: str | None = None, reason: str = "") -> Reply:
    """Return 400: the request is not valid."""
    detail = {"code": code, "message": reason or message}
    if target:
        detail["target"] = target
    return error(400, "InvalidSchedulesRequest", message, details=[detail])


def not_found(item: str, target: str | None = None) -> Reply:
    """Return 404: the item does not exist."""
    return error(404, f"{item}NotFound", f"Requested {item} is not available.", target=target)


class ReplyCache:
    """The last answers, up to so many bytes: a page is written and compressed once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._answers: OrderedDict[object, Reply] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> Reply | None:
        """Return the answer kept under a key."""
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: object, answer: Reply) -> None:
        """Keep an answer, and forget the least used ones beyond the limit."""
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = answer
            self._size += len(answer.content)
            while self._size > self._limit and len(self._answers) > 1:
                _, old = self._answers.popitem(last=False)
                self._size -= len(old.content)
