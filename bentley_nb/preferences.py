"""Settings of the session: ``bentley_nb.options``, and ``%config BentleyMagics.*`` in a notebook."""

from __future__ import annotations

import zoneinfo
from typing import Any

from bentley_nb.errors import InvalidRequest, nearest


class Options:
    """Defaults for connections made from now on, and for what is displayed.

    Attributes
    ----------
    page_size : int
        Items per page, 1 to 10,000.
    max_workers : int
        Requests in flight at most, 1 to 64.
    progress : bool or None
        False is silent; None shows a line where somebody can read it.
    quiet : bool
        Whether the magics leave out their one-line summaries.
    display_zone : str
        Time zone in which dates are displayed and exported and in which reports count days and weeks; the frames
        themselves stay in UTC.

    Examples
    --------
    >>> from bentley_nb.preferences import Options
    >>> options = Options()
    >>> options.page_size = 500
    >>> options
    Options(display_zone='UTC', max_workers=6, page_size=500, progress=None, quiet=False)
    """

    _defaults: dict[str, Any] = {  # noqa: RUF012 - never changed
        "display_zone": "UTC",
        "max_workers": 6,
        "page_size": 10_000,
        "progress": None,
        "quiet": False,
    }

    display_zone: str
    max_workers: int
    page_size: int
    progress: bool | None
    quiet: bool

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Go back to the defaults."""
        self.__dict__.update(self._defaults)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._defaults:
            raise InvalidRequest(f"There is no option {name!r}.", hint=nearest(name, self._defaults))
        _CHECKS[name](name, value)
        self.__dict__[name] = value

    def __dir__(self) -> list[str]:
        return [*self._defaults, "reset"]

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={self.__dict__[name]!r}' for name in self._defaults)})"


def _whole(least: int, most: int) -> Any:
    def check(name: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise InvalidRequest(f"{name} must be a whole number from {least} to {most:,}, not {value!r}.")

    return check


def _flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise InvalidRequest(f"{name} must be True or False, not {value!r}.")


def _flag_or_none(name: str, value: Any) -> None:
    if value is not None:
        _flag(name, value)


def _zone(name: str, value: Any) -> None:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        near = nearest(str(value), zoneinfo.available_timezones(), limit=5)
        raise InvalidRequest(f"{name}: there is no time zone {value!r}.", hint=near) from None


_CHECKS = {
    "display_zone": _zone,
    "max_workers": _whole(1, 64),
    "page_size": _whole(1, 10_000),
    "progress": _flag_or_none,
    "quiet": _flag,
}

options = Options()
