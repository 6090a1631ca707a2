"""Settings of the session: ``bentley_nb.options``, and ``%config BentleyMagics.*`` in a notebook."""

from __future__ import annotations

import operator
import zoneinfo
from typing import Any

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.service.surface import MAX_PAGE_SIZE


class Options:
    """Defaults for connections made from now on, and for what is displayed.

    Attributes
    ----------
    page_size : int
        Items per page, 1 to 10,000.
    largest_answer_mb : int
        Largest answer of the service that is read, unpacked, in MB. A page of 10,000 items takes about 10.
    max_workers : int
        Requests in flight at most, 1 to 64.
    progress : bool or None
        False is silent; None shows a line where a user can read it.
    quiet : bool
        Whether the magics leave out their one-line summaries.
    display : str
        How cells show tables and reports of this package: "report", as the HTML report does, or "pandas".
    display_zone : str
        Time zone in which dates are displayed and exported and in which reports count days and weeks; the frames
        themselves stay in UTC.
    split : bool
        Whether a table of a dozen pages and more is read at several places at once, which shortens the wait where
        answers take long. Off by default: the places are named by continuation tokens that the service did not give.
        The frame is that of the plain reading; a service that does not take such tokens is read page by page after
        another, with a warning.
    store_limit : int
        Bytes of pages that ``connect(store=...)`` keeps at most; those used longest ago are removed first.

    Examples
    --------
    >>> from bentley_nb._options import Options
    >>> options = Options()
    >>> options.page_size = 500
    >>> options  # doctest: +ELLIPSIS
    Options(display='report', display_zone='UTC', largest_answer_mb=256, max_workers=6, page_size=500, ...)
    """

    _defaults: dict[str, Any] = {  # noqa: RUF012 - never changed
        "display": "report",
        "display_zone": "UTC",
        "largest_answer_mb": 256,
        "max_workers": 6,
        "page_size": MAX_PAGE_SIZE,
        "progress": None,
        "quiet": False,
        "split": False,
        "store_limit": 4_000_000_000,
    }

    display: str
    display_zone: str
    largest_answer_mb: int
    max_workers: int
    page_size: int
    progress: bool | None
    quiet: bool
    split: bool
    store_limit: int

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Restore the defaults."""
        self.__dict__.update(self._defaults)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._defaults:
            raise InvalidRequest(f"There is no option {name!r}.", hint=nearest(name, self._defaults))
        self.__dict__[name] = checked(name, value)

    def __dir__(self) -> list[str]:
        return [*self._defaults, "reset"]

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={self.__dict__[name]!r}' for name in self._defaults)})"


def checked(name: str, value: Any) -> Any:
    """Return a value of an option as it is kept.

    Raises
    ------
    InvalidRequest
        The option does not take it.
    """
    return _CHECKS[name](name, value)


def _whole(least: int, most: int) -> Any:
    def check(name: str, value: Any) -> int:
        try:
            number = operator.index(value)  # an integer of numpy is one too
        except TypeError:
            number = least - 1
        if isinstance(value, bool) or not least <= number <= most:
            shown = "text" if isinstance(value, str) else repr(value)  # which may be a secret in the wrong place
            raise InvalidRequest(f"{name} must be a whole number from {least} to {most:,}, not {shown}.")
        return number

    return check


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidRequest(f"{name} must be True or False, not {value!r}.")
    return value


def _flag_or_none(name: str, value: Any) -> bool | None:
    return None if value is None else _flag(name, value)


def _display(name: str, value: Any) -> str:
    if value not in ("report", "pandas"):
        raise InvalidRequest(f"{name} must be 'report' or 'pandas', not {value!r}.")
    return str(value)


def _zone(name: str, value: Any) -> str:
    if value == "UTC":  # needs no time zone database
        return "UTC"
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        near = nearest(str(value), zoneinfo.available_timezones(), limit=5)
        raise InvalidRequest(f"{name}: there is no time zone {value!r}.", hint=near) from None
    return str(value)


_CHECKS = {
    "display": _display,
    "display_zone": _zone,
    "largest_answer_mb": _whole(1, 4096),
    "max_workers": _whole(1, 64),
    "page_size": _whole(1, MAX_PAGE_SIZE),
    "progress": _flag_or_none,
    "quiet": _flag,
    "split": _flag,
    "store_limit": _whole(0, 10**15),
}

options = Options()
