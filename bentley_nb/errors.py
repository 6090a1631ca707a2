"""What can go wrong, one class per situation; each is also the builtin error it resembles.

::

    BentleyError
    ├── CredentialsNotFound   LookupError      no step of the search gave a client id and a secret
    ├── CredentialsRejected   PermissionError  the token endpoint refused them
    ├── AccessDenied          PermissionError  the token is fine, the project is closed to this service application
    ├── NotFound              LookupError      no such project, schedule or item (or not visible)
    ├── RateLimited           ConnectionError  429 to the end; ``retry_after`` in seconds
    ├── ServiceUnavailable    ConnectionError  no connection, time-outs, 5xx to the end
    ├── InvalidResponse       ValueError       an answer that is not what the service is known to send
    ├── InvalidRequest        ValueError       a wrong name, option or id on our side
    └── MissingExtra          ImportError      an optional package is not installed
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterable

from bentley_nb._redact import redacted


class BentleyError(Exception):
    """Base of every error of the package: what happened, where, and what to do.

    Parameters
    ----------
    message
        What happened, in one sentence.
    hint
        What to do next.
    where
        The collection and the schedule (or project) concerned.
    correlation_id
        The id under which the service's support finds the request.
    code
        The service's own error code, such as ``"ScheduleNotFound"``.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        where: str | None = None,
        correlation_id: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(redacted(message))
        self.message = message
        self.code = code
        self.hint = hint
        self.where = where
        self.correlation_id = correlation_id

    def __setattr__(self, name: str, value: object) -> None:
        # Whatever becomes part of a message passes here, the answers of a service among it.
        super().__setattr__(name, redacted(value) if isinstance(value, str) else value)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __reduce__(self) -> tuple[object, ...]:
        # The default would call the class with its one positional argument and lose the keywords.
        return (_rebuild, (type(self), self.message, self.__dict__.copy()))

    def _lines(self) -> list[str]:
        first = f"{self.message} [{self.where}]" if self.where else self.message
        lines = [first]
        if self.hint:
            lines.append(self.hint)
        if self.correlation_id:
            lines.append(f"Correlation id for Bentley support: {self.correlation_id}")
        return [printable(line) for line in lines]

    def _render_traceback_(self) -> list[str]:
        """Let IPython show these lines instead of a traceback, which would also print local variables."""
        first, *rest = self._lines()
        return [f"{type(self).__name__}: {first}", *rest]

    def _repr_html_(self) -> str:
        first, *rest = (html.escape(line) for line in self._lines())
        return f"<b>{type(self).__name__}</b>: {first}" + "".join(f"<br>{line}" for line in rest)


def _rebuild(cls: type[BentleyError], message: str, state: dict[str, object]) -> BentleyError:
    error = cls.__new__(cls)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class CredentialsNotFound(BentleyError, LookupError):
    """No step of the search gave a client id and a secret."""


class CredentialsRejected(BentleyError, PermissionError):
    """The token endpoint refused the client id, the secret or the scope."""


class AccessDenied(BentleyError, PermissionError):
    """The token is good, but this service application may not read what was asked for."""


class NotFound(BentleyError, LookupError):
    """The service has no such item, or does not show it to this service application."""


class RateLimited(BentleyError, ConnectionError):
    """The service kept answering 429 (too many requests).

    Attributes
    ----------
    retry_after
        Seconds the service asked to wait, where it said so.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, **told: str | None) -> None:
        super().__init__(message, **told)
        self.retry_after = retry_after


class ServiceUnavailable(BentleyError, ConnectionError):
    """The service could not be reached, timed out, or answered 5xx to the end."""


class InvalidResponse(BentleyError, ValueError):
    """The answer is not what the service is known to send."""


class InvalidRequest(BentleyError, ValueError):
    """A name, option or id that cannot be right; nothing was sent."""


class MissingExtra(BentleyError, ImportError):
    """An optional package is needed and not installed; the last line is the command that installs it."""


# Tabs and line breaks are ours: advice on SQL shows a line of it and a mark below. The last controls turn the direction
# of what follows, so that a name may show as something else. Half characters, legal in JSON, cannot be printed at all.
_CONTROLS = dict.fromkeys((*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), " ") | {
    ord("\t"): "\t",
    ord("\n"): "\n",
    **dict.fromkeys(range(0xD800, 0xE000), "?"),
}


def printable(text: str, also: str = "") -> str:
    r"""Return the text with spaces for control characters: a name of the service may contain codes of terminals.

    Parameters
    ----------
    text
        The text.
    also
        Further characters to replace; line breaks and tabs stay otherwise.

    Examples
    --------
    >>> from bentley_nb.errors import printable
    >>> printable("Tower\x1b[31m")
    'Tower [31m'
    """
    return text.translate(_CONTROLS | dict.fromkeys(map(ord, also), " ") if also else _CONTROLS)


def nearest(name: object, available: Iterable[str], *, limit: int = 30) -> str:
    """Return the known names closest to an unknown one, as a sentence, and all of them where they are few.

    Examples
    --------
    >>> from bentley_nb.errors import nearest
    >>> nearest("taks", ["tasks", "task_links"])
    "Did you mean 'tasks'? Available: task_links, tasks."
    """
    known = sorted(dict.fromkeys(available), key=str.casefold)
    if not known:
        return "None is available."
    by_folded = {candidate.casefold(): candidate for candidate in known}
    wanted = str(name).casefold()
    close = difflib.get_close_matches(wanted, by_folded, n=3, cutoff=0.6)
    if not close and wanted.strip():  # a part of a long name, as it is remembered
        close = [
            candidate
            for candidate in by_folded
            if wanted in candidate or difflib.get_close_matches(wanted, re.split(r"[\W_]+", candidate), 1, 0.8)
        ][:3]
    suggestion = ""
    if close:
        suggestion = "Did you mean " + " or ".join(repr(by_folded[match]) for match in close) + "? "
    shown = ", ".join(printable(one, "\n\r\t") for one in known[:limit]) + (
        f" and {len(known) - limit} more" if len(known) > limit else ""
    )
    return f"{suggestion}Available: {shown}."
