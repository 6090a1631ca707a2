"""Deterministic ids and instants: the same names give the same GUID on every machine and every run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

Item = dict[str, Any]
"""One item as the iTwin Platform surface writes it."""

DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def guid(*parts: object) -> str:
    """Return a lower-case GUID from names.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.guids import guid
    >>> guid("demo", 7, "task", 1) == guid("demo", 7, "task", 1)
    True
    """
    *alike, last = parts
    return guids(*alike)(last)


def guids(*parts: object) -> Callable[[object], str]:
    """Return a function from the last name to the GUID, for many that begin alike.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.guids import guid, guids
    >>> task_id = guids("demo", 7, "task")
    >>> task_id(1) == guid("demo", 7, "task", 1)
    True
    """
    begun = blake2b("".join([f"{part}/" for part in parts]).encode(), digest_size=16)

    def finish(last: object) -> str:
        whole = begun.copy()
        whole.update(str(last).encode())
        digest = whole.hexdigest()
        # The version and variant digits of a random GUID, so that strict parsers take it.
        return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:]}"

    return finish


@lru_cache(maxsize=100_000)
def instant(moment: int | None) -> str | None:
    """Return seconds since 1970 as the service writes them, ``2024-05-20T09:00:00Z``."""
    return None if moment is None else (_EPOCH + timedelta(seconds=moment)).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> int:
    """Read an instant into seconds since 1970; without zone it is UTC."""
    when = datetime.fromisoformat(text)
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
