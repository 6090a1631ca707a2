"""One request over the wire: bounded in size and time, printing nothing, to addresses that may be called.

Every read of an answer goes through :meth:`Sessions.send`. An answer has limits that a service cannot raise: so many
bytes (as sent and unpacked), and so much time for the whole of it, however often single bytes arrive.
"""

from __future__ import annotations

import gzip
import html
import io
import ipaddress
import re
import threading
import time
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import parse_url

from bentley_nb._fork import remake_in_child
from bentley_nb._redact import redacted, without_login
from bentley_nb._version import __version__
from bentley_nb.errors import InvalidRequest

LARGEST_ANSWER = 256 << 20
"""Bytes of an answer, unpacked: a page of 10,000 items takes about 10 MB."""
LARGEST_REFUSAL = 64 << 10
TIMES_THE_TIMEOUT = 5
"""How long a whole answer may take, in read time-outs: 5 minutes unless connect(timeout=) says otherwise."""

_MEMBER = b"\x1f\x8b\x08"  # how a member of a gzip file begins
_DEFLATE_AT_MOST = 1032  # bytes out of one
_LONGEST_PLACE = 200  # of an address in a message
_FAMILY = uuid.uuid4().hex[:8]  # of the ids of this process, and of the processes forked from it


class OverTime(OSError):
    """The answer was still incomplete when its time was over."""


class TooLarge(OSError):
    """The answer exceeds the size limit."""


class NotOurs(ConnectionError):
    """The answer belongs to another request."""


@dataclass(frozen=True)
class Received:
    """Status, headers and unpacked body of an answer; the body of a refusal may be cut."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Timed(io.RawIOBase):
    """Bytes of a socket until a deadline: one byte per second passes every read time-out, and never ends."""

    def __init__(self, sock: Any, inner: Any) -> None:
        self._sock, self._inner = sock, inner
        self._pause: float | None = sock.gettimeout()
        self._end = time.monotonic() + TIMES_THE_TIMEOUT * self._pause if self._pause else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._end is not None and self._pause is not None:
            left = self._end - time.monotonic()
            # Zero would make the socket non-blocking instead of timing out.
            self._sock.settimeout(max(min(left, self._pause), 1e-3))
        try:
            read: int | None = self._inner.readinto(buffer)
        except TimeoutError:
            # A read time-out of its own is reported as such; only the deadline of the whole answer is ours.
            if self._end is None or time.monotonic() < self._end:
                raise
            read = None
        if self._end is not None and self._pause is not None and time.monotonic() > self._end:
            raise OverTime(f"the answer was not complete after {TIMES_THE_TIMEOUT * self._pause:.0f} s")
        return read

    def close(self) -> None:
        self._inner.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kw: Any) -> None:
        super().__init__(sock, *args, **kw)
        # http.client reads status line, headers and body through this one file: all three come under the deadline.
        self.fp = io.BufferedReader(_Timed(sock, self.fp.detach()))


def _original(kind: Any) -> Any:
    """Return the library's own class, where another tool has put a subclass in its place.

    ``requests_cache.install_cache()`` would serve one account's rows to another, and a cassette of VCR.py would record
    the form with the secret.
    """
    own = ("requests.sessions", "urllib3.connection")
    return next(one for one in kind.__mro__ if one.__module__ in own)


class _Plain(_original(HTTPConnection)):  # type: ignore[misc]
    debuglevel = 0  # http.client's switch would print the form with the secret, and the token of every request
    response_class = _TimedResponse


class _Secure(_original(HTTPSConnection)):  # type: ignore[misc]
    debuglevel = 0
    response_class = _TimedResponse


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    """Makes connections that print nothing, whatever ``http.client.HTTPConnection.debuglevel`` is."""

    def init_poolmanager(self, *args: Any, **kw: Any) -> None:
        """Make the connections that go straight to the service."""
        super().init_poolmanager(*args, **kw)
        # The pool manager is the only place where urllib3 lets a caller choose the connection class.
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kw: Any) -> Any:
        """Make those that go by a proxy; a SOCKS proxy has its own kind."""
        manager = super().proxy_manager_for(proxy, **kw)
        # urllib3's SOCKS manager brings connection classes that open the proxy's tunnel.
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager


class _Session(_original(requests.Session)):  # type: ignore[misc]  # a class found at run time
    """Leaves redirects alone; requests would prepare the next request, and fail on a target that is not an address."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None: the caller decides."""


class Sessions:
    """Keep-alive sessions, each used by one thread at a time: requests promises no more thread safety.

    Parameters
    ----------
    largest
        Most bytes of a successful answer.
    """

    def __init__(self, largest: int = LARGEST_ANSWER) -> None:
        self.largest = largest
        self._after_fork()
        remake_in_child(self)

    def _after_fork(self) -> None:
        self._idle: list[requests.Session] = []
        self._lock = threading.Lock()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        correlation_id: str,
        timeout: tuple[float, float],
        auth: AuthBase | None = None,
        data: Mapping[str, str] | bytes | None = None,
        largest: int | None = None,
    ) -> Received:
        """Send one request, once, and read its whole answer.

        Parameters
        ----------
        method, url, headers, data
            What is asked.
        correlation_id
            Sent as a header; an answer with the id of another request is rejected.
        timeout
            Seconds to connect, and to wait for the next bytes.
        auth
            Adds the token; None sends none.
        largest
            Most bytes of a successful answer, where that differs from the usual.

        Raises
        ------
        OSError, urllib3.exceptions.HTTPError
            No complete answer arrived; all errors of requests are an ``OSError``.
        """
        with (
            self._borrow() as session,
            session.request(
                method,
                url,
                data=data,
                headers={**headers, "X-Correlation-ID": correlation_id},
                auth=auth or no_auth,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
                proxies=dict(proxies_for(url)),  # type: ignore[arg-type]  # None means none
            ) as response,
        ):
            answered = response.headers.get("X-Correlation-ID", "")
            # The service may answer with an id of its own; one that this process made for another request proves a
            # mix-up.
            if answered.startswith(_FAMILY) and answered != correlation_id:
                raise NotOurs("the answer belongs to another request")
            # The text of a refusal is only quoted, so it may be cut; rows must be complete.
            good = 200 <= response.status_code < 300
            body = _body(response, (largest or self.largest) if good else LARGEST_REFUSAL, whole=good)
            return Received(response.status_code, response.headers, body)

    @contextmanager
    def _borrow(self) -> Iterator[requests.Session]:
        with self._lock:
            session = self._idle.pop() if self._idle else None
        if session is None:
            session = _Session()
            # requests asks for br and zstd where their packages are installed; neither tells its size before unpacking.
            session.headers.clear()
            session.headers["User-Agent"] = f"bentley_nb/{__version__} {requests.utils.default_user_agent()}"
            # Only gzip: its size is known before unpacking, which is what bounds the memory.
            session.headers["Accept-Encoding"] = "gzip"
            for scheme in ("https://", "http://"):
                # One thread at a time uses a session: one connection per host is enough.
                session.mount(scheme, _Adapter(pool_connections=4, pool_maxsize=1))
        try:
            yield session
        finally:
            with self._lock:
                self._idle.append(session)

    def close(self) -> None:
        """Close what is idle; a later request opens a new connection."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()


def cause_of(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    """Return the error of one of these kinds that this one was made of: requests and urllib3 wrap what they meet."""
    seen: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        one = pending.pop()
        if not isinstance(one, BaseException) or any(one is other for other in seen):
            continue
        if isinstance(one, kinds):
            return one
        seen.append(one)
        pending += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return None


def refused_by_proxy(error: BaseException) -> int | None:
    """Return the status by which a proxy refused to connect to the host; None where it did not."""
    refused = re.search(r"Tunnel connection failed: (\d{3})", str(error))
    return int(refused[1]) if refused else None


def _body(response: requests.Response, largest: int, *, whole: bool) -> bytes:
    """Return the body, unpacked; only its beginning where it need not be complete."""
    raw = b""
    # One byte over the limit tells a body that is too large from one that fits exactly.
    try:
        while part := response.raw.read(largest + 1 - len(raw), decode_content=False):
            raw = raw + part if raw else part
            if len(raw) > largest:
                break
    except ValueError as error:  # urllib3 reads as many bytes as a chunk says, also less than none
        raise requests.exceptions.ChunkedEncodingError(str(error)) from error
    if len(raw) > largest and whole:
        raise TooLarge(f"the answer is larger than {largest >> 20} MB")
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return raw[:largest]
    if encoding not in ("gzip", "x-gzip"):
        raise requests.exceptions.ContentDecodingError(f"unexpected Content-Encoding: {encoding}")
    try:
        return gunzip(raw, largest) if whole else _beginning(raw, largest)
    except TooLarge:
        raise
    except Exception as error:  # zlib.error, EOFError, BadGzipFile, and one of igzip's own
        raise requests.exceptions.ContentDecodingError(f"not valid gzip: {error}") from error


def _beginning(raw: bytes, largest: int) -> bytes:
    # wbits 31 is gzip; a stream that was cut still gives its beginning.
    return zlib.decompressobj(wbits=31).decompress(raw, largest)


def gunzip(raw: bytes, largest: int) -> bytes:
    """Unpack at most so many bytes.

    Raises
    ------
    TooLarge
        There are more.
    """
    if raw.find(_MEMBER, 1) > 0:  # several members, of which one call unpacks the first; or the same bytes by chance
        unpacked = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(largest + 1)
    else:
        # The last four bytes tell the size: one allocation instead of many doublings. What they tell is not believed
        # for longer than that: unpacking ends one byte after it.
        size = int.from_bytes(raw[-4:], "little")
        if not raw.startswith(_MEMBER) or size > len(raw) * _DEFLATE_AT_MOST:
            raise zlib.error("it does not begin and end as gzip")
        unpacked = _unpack(raw, size) if size <= largest else b""
        if size > largest:
            raise TooLarge(f"the answer unpacks to more than {largest >> 20} MB")
    if len(unpacked) > largest:
        raise TooLarge(f"the answer unpacks to more than {largest >> 20} MB")
    return unpacked


try:  # igzip takes a quarter less time than zlib for pages that pack four to one
    from isal import igzip_lib
except ImportError:

    def _unpack(raw: bytes, size: int) -> bytes:
        import pyarrow as pa  # noqa: PLC0415 - its zlib writes into one buffer and stops at its end; zlib's own does not

        unpacked: bytes = pa.decompress(raw, decompressed_size=size, codec="gzip", asbytes=True)
        return unpacked
else:

    def _unpack(raw: bytes, size: int) -> bytes:
        packed = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        unpacked: bytes = packed.decompress(raw, size + 1)
        if not packed.eof or len(unpacked) != size:
            raise EOFError("it ends too early, or is longer than declared")
        return unpacked


def no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no authentication: with it, requests does not read ``~/.netrc``."""
    return request


def new_correlation_id() -> str:
    """Return an id by which support can find a request, and which tells its answer from another request's."""
    return _FAMILY + str(uuid.uuid4())[8:]


def proxies_for(url: str) -> Mapping[str, str | None]:
    """Return the proxies of the environment, but none for a loopback address."""
    # "all" too: requests adds the proxies of the environment that are not named here, ALL_PROXY among them.
    return {"http": None, "https": None, "all": None} if is_loopback(parse_url(url).host or "") else {}


def page_title(text: str) -> str | None:
    """Return the title of an HTML page, as proxies and gateways send one instead of an answer; None where absent."""
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return html.unescape(" ".join(title[1].split())) or None if title else None


def is_loopback(host: str) -> bool:
    """Return whether a host name means this machine."""
    # Not resolved: what DNS says about other names must not decide whether a secret may travel unencrypted.
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def origin(url: str) -> tuple[str, str, int | None]:
    """Return the scheme, host and port that a request to this address goes to.

    Raises
    ------
    ValueError
        It is not an address.
    """
    # By the parser that requests connects by: where two parsers read two hosts (before and after a backslash, say),
    # a check by the other one would let the token go elsewhere.
    parts = parse_url(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme or "")
    return parts.scheme or "", (parts.host or "").lower(), port


def place_of(url: str) -> str:
    """Return an address as a message names it: short, and without what a gateway may put a session or a token in."""
    return redacted(without_login(re.split(r"[?#]", url, maxsplit=1)[0]))[:_LONGEST_PLACE]


def check_url(url: str, setting: str) -> str:
    """Accept an https address (http on this machine), without a trailing slash.

    Raises
    ------
    InvalidRequest
        The address is malformed, contains a password or a query, or would send a secret unencrypted.
    """
    try:
        parts = parse_url(url.strip())
    except (ValueError, AttributeError, TypeError):
        raise InvalidRequest(f"{setting} is not an address.") from None  # not shown: it may be a secret
    if parts.auth or parts.query or parts.fragment:  # not shown: a password may be among them
        raise InvalidRequest(
            f"{setting} must not contain a user name or a query.", hint="Give scheme, host and path only."
        )
    if parts.scheme not in ("http", "https") or not parts.host:
        raise InvalidRequest(f"{setting} is not an http(s) address.", hint="It begins with https:// and a host.")
    # RFC 6749, section 2.3.1, requires TLS for the client secret, and RFC 6750, section 5.3, for the token.
    if parts.scheme == "http" and not is_loopback(parts.host):
        raise InvalidRequest(
            f"{setting} must begin with https:// (its host is {parts.host}): a secret is never sent unencrypted."
        )
    return url.strip().rstrip("/")
