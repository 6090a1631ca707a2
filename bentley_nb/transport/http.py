"""Requests over the wire: retries, time-outs, one Session per thread at a time, and addresses that may be called."""

from __future__ import annotations

import html
import ipaddress
import math
import random
import re
import threading
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry, parse_url

from bentley_nb._version import __version__
from bentley_nb.errors import InvalidRequest
from bentley_nb.transport.limiter import RateLimiter, Stopped

ATTEMPTS = 5
BACKOFF_SECONDS = 0.3
LONGEST_WAIT_SECONDS = 60.0
RETRIED = frozenset({429, 502, 503, 504})


class PatientRetry(Retry):
    """urllib3's ``Retry`` with what is easily forgotten.

    A malformed ``Retry-After`` is ignored instead of raising, waits are capped, they end at once when the pull is
    stopped, and the rate limiter hears of every 429.
    """

    def __init__(
        self, *args: Any, stop: threading.Event | None = None, limiter: RateLimiter | None = None, **kw: Any
    ) -> None:
        self.stop = stop or threading.Event()
        self.limiter = limiter or RateLimiter()
        super().__init__(*args, **kw)

    def new(self, **kw: Any) -> Self:
        """Copy for the next attempt, which urllib3 makes from the arguments it knows."""
        return super().new(stop=self.stop, limiter=self.limiter, **kw)

    def parse_retry_after(self, retry_after: str) -> float:
        """Seconds to wait; a value that is neither a number nor a date counts as none."""
        return min(retry_after_seconds(retry_after) or 0.0, LONGEST_WAIT_SECONDS)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        *args: Any,
        **kw: Any,
    ) -> Self:
        """Count an attempt, and let the limiter learn from it."""
        if response is not None and response.status == 429:
            self.limiter.refused(self.get_retry_after(response) or 0.0)
        return super().increment(method, url, response, error, *args, **kw)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait as long as the service asks, else with growing, jittered pauses; less when stopped."""
        asked = self.get_retry_after(response) if response is not None and self.respect_retry_after_header else None
        if self.stop.wait(asked or self.get_backoff_time()):
            raise Stopped


def retry_after_seconds(value: str | None) -> float | None:
    """Seconds that a ``Retry-After`` asks to wait, be it a number or a date; None where it says neither."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = float(Retry().parse_retry_after(value))
        except (InvalidHeader, ValueError, OverflowError):
            return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def wait_in_words(seconds: float | None) -> str:
    """Say what a service that is busy asks for."""
    return "Wait a minute, then try again" if not seconds else f"Wait {math.ceil(seconds)} s as it asks, then try again"


def retry_policy(
    *, stop: threading.Event | None, limiter: RateLimiter | None, statuses: Collection[int] = RETRIED
) -> PatientRetry:
    """Retries for a read.

    Parameters
    ----------
    stop
        Ends waits early.
    limiter
        Hears of refusals.
    statuses
        Answers that are asked for again.
    """
    return PatientRetry(
        total=ATTEMPTS,
        redirect=False,
        other=0,
        allowed_methods=frozenset({"GET", "POST"}),  # every POST of this package is a read
        status_forcelist=statuses,
        backoff_factor=BACKOFF_SECONDS,
        backoff_jitter=BACKOFF_SECONDS,
        backoff_max=LONGEST_WAIT_SECONDS,
        raise_on_status=False,  # our own error mapping sees the last response
        respect_retry_after_header=True,
        stop=stop,
        limiter=limiter,
    )


def pause(attempt: int) -> float:
    """Seconds to wait before a retry that urllib3 does not see to: growing, and jittered."""
    return float(min(BACKOFF_SECONDS * (2 ** (attempt - 1) + random.random()), LONGEST_WAIT_SECONDS))  # noqa: S311


class _Plain(HTTPConnection):
    debuglevel = 0  # http.client's switch would print the form with the secret, and the token of every request


class _Secure(HTTPSConnection):
    debuglevel = 0


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    """Takes connections that print nothing, whatever ``http.client.HTTPConnection.debuglevel`` says."""

    def init_poolmanager(self, *args: Any, **kw: Any) -> None:
        """Make the connections that go straight to the service."""
        super().init_poolmanager(*args, **kw)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kw: Any) -> Any:
        """Make those that go by a proxy; a SOCKS proxy has its own kind."""
        manager = super().proxy_manager_for(proxy, **kw)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager


class _Session(requests.Session):
    """Leaves redirects alone; requests would prepare the next request, and fail on a target that is no address."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that there is none: whoever asked decides."""


class Sessions:
    """Keep-alive sessions, each used by one thread at a time: requests promises no more than that."""

    def __init__(self) -> None:
        self._idle: list[requests.Session] = []
        self._lock = threading.Lock()

    @contextmanager
    def borrow(self, retries: Retry) -> Iterator[requests.Session]:
        """Lend a session whose next request follows these retries."""
        with self._lock:
            session = self._idle.pop() if self._idle else None
        if session is None:
            session = _Session()
            session.headers.clear()
            session.headers["User-Agent"] = f"bentley_nb/{__version__} {requests.utils.default_user_agent()}"
            session.headers["Accept-Encoding"] = "gzip"
            for scheme in ("https://", "http://"):
                session.mount(scheme, _Adapter(pool_connections=4, pool_maxsize=1))
        for adapter in session.adapters.values():
            adapter.max_retries = retries  # type: ignore[attr-defined] # the session is this thread's alone
        try:
            yield session
        finally:
            with self._lock:
                self._idle.append(session)

    def close(self) -> None:
        """Close what is idle; a later request opens anew."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()


def no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Authentication by nothing: given to requests, it keeps a ``~/.netrc`` from adding something."""
    return request


def new_correlation_id() -> str:
    """An id under which support can find a request."""
    return str(uuid.uuid4())


def proxies_for(url: str) -> Mapping[str, str | None]:
    """Proxies of the environment, but none on the way to this machine."""
    # "all" too: requests adds the proxies of the environment that are not named here, ALL_PROXY among them.
    return {"http": None, "https": None, "all": None} if is_loopback(parse_url(url).host or "") else {}


def page_title(text: str) -> str | None:
    """Title of an HTML page, as proxies and gateways send it instead of an answer; None where there is none."""
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return html.unescape(" ".join(title[1].split())) or None if title else None


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port that a request to this address goes to.

    Raises
    ------
    ValueError
        It is no address.
    """
    # By the parser that requests connects by: where two parsers read two hosts (before and after a backslash, say),
    # a check by the other one would let the token go elsewhere.
    parts = parse_url(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme or "")
    return parts.scheme or "", (parts.host or "").lower(), port


def check_url(url: str, setting: str) -> str:
    """Accept an https address (http on this machine), without a trailing slash.

    Raises
    ------
    InvalidRequest
        The address is malformed, carries a password or a query, or would send a secret in clear.
    """
    try:
        parts = parse_url(url.strip())
    except (ValueError, AttributeError, TypeError):
        raise InvalidRequest(f"{setting} is not an address: {url!r}.") from None
    if parts.auth or parts.query or parts.fragment:  # not shown: a password may be among them
        raise InvalidRequest(
            f"{setting} may hold neither a user name nor a query.", hint="Give scheme, host and path only."
        )
    if parts.scheme not in ("http", "https") or not parts.host:
        raise InvalidRequest(f"{setting} is not an http(s) address: {url!r}.")
    if parts.scheme == "http" and not is_loopback(parts.host):
        raise InvalidRequest(f"{setting} must begin with https:// ({url!r}): a secret is never sent in clear.")
    return url.strip().rstrip("/")
