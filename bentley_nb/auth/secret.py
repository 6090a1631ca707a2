"""A secret that shows none of its characters unless it is revealed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NoReturn, ParamSpec, TypeVar

from bentley_nb._redact import never_show

P = ParamSpec("P")
T = TypeVar("T")


class Secret:
    """A value that no repr, format, pickle or traceback reveals.

    It is deliberately not a ``str``: nothing that prints or stores text accepts it by accident.

    Examples
    --------
    >>> from bentley_nb.auth.secret import Secret
    >>> secret = Secret("open sesame")
    >>> secret
    Secret(***)
    >>> f"{secret}"
    '***'
    >>> secret == Secret("open sesame")
    True
    """

    __slots__ = ("__reveal", "__weakref__")

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            del value  # type: ignore[unreachable] # untyped callers; a traceback with variables would show it
            raise TypeError("a secret is made from text")
        # Kept in a closure: neither vars() nor a debugger's listing of attributes shows it.
        self.__reveal: Callable[[], str] = lambda: value
        never_show(self)

    def reveal(self) -> str:
        """Return the value itself."""
        return self.__reveal()

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self.__reveal())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.__reveal() == other.reveal()

    def __hash__(self) -> int:
        return hash((Secret, self.__reveal()))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        refuse_to_pickle(self, protocol)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self


def refuse_to_pickle(thing: object, protocol: object) -> NoReturn:
    """Refuse to be pickled: the secret would travel with it. To be used as ``__reduce_ex__``."""
    del protocol
    raise TypeError(
        f"A {type(thing).__name__} is not pickled, since a secret would be stored with it. Call bentley_nb.connect() "
        "in each worker process, and pass ids or DataFrames between them."
    )


def without_frames(function: Callable[P, T]) -> Callable[P, T]:
    """Remove a function's frames from what it raises, since their variables hold a secret in the clear.

    Its cause is removed too: an error of requests has the request, and a debugger or a log of variables shows both.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - raised again: Stop, too, must not carry them
            error.__context__ = None  # what led to it has the same frames
            raise error.with_traceback(None) from None

    return guarded
