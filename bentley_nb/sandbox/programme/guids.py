"""Deterministic ids and instants: the same names give the same GUID on every machine and every run."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

Item = dict[str, Any]
"""One item as the iTwin Platform surface writes it."""

DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def guid(*parts: object) -> str:
    """Make a lower-case GUID from names.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.guids import guid
    >>> guid("demo", 7, "task", 1) == guid("demo", 7, "task", 1)
    True
    """
    digest = hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    # The version and variant digits of a random GUID, so that strict parsers take it.
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:]}"


@lru_cache(maxsize=20_000)
def _day_text(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).strftime("%Y-%m-%d")


def instant(moment: int | None) -> str | None:
    """Write seconds since 1970 the way the service does, ``2024-05-20T09:00:00Z``."""
    if moment is None:
        return None
    day, second = divmod(moment, DAY)
    return f"{_day_text(day)}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def moment(text: str) -> int:
    """Read an instant into seconds since 1970; without zone it is UTC."""
    when = datetime.fromisoformat(text)
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
