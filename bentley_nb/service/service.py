"""One read of the service: bearer, correlation id, retries, and every refusal turned into words."""

from __future__ import annotations

import gzip
import json
import re
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret, without_frames
from bentley_nb.auth.token import BearerAuth, TokenSource, unreachable
from bentley_nb.errors import (
    AccessDenied,
    InvalidRequest,
    InvalidResponse,
    NotFound,
    RateLimited,
    ServiceUnavailable,
)
from bentley_nb.service.declare import Collection
from bentley_nb.service.surface import PROJECTS_SCOPE, Surface
from bentley_nb.transport.http import (
    ATTEMPTS,
    RETRIED,
    Sessions,
    new_correlation_id,
    origin,
    page_title,
    pause,
    proxies_for,
    retry_after_seconds,
    retry_policy,
    wait_in_words,
)
from bentley_nb.transport.limiter import RateLimiter, Stopped

_REDIRECTS = 5
_LARGEST_HINT = 1 << 28
_MEMBER = b"\x1f\x8b\x08"  # how a member of a gzip file begins
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_id(text: str) -> bool:
    """Whether a text is an id of the service (a GUID) rather than a name."""
    return bool(_GUID.fullmatch(text.strip()))


class GatewayTimeout(ServiceUnavailable):
    """The gateway gave up on this page; a smaller one may come through."""


@dataclass(frozen=True)
class Asked:
    """What a request is for: the words an error needs.

    Attributes
    ----------
    collection
        The collection.
    schedule_id
        The schedule, where there is one.
    parent_id
        The parent item or project, where one was named.
    page
        Number of the page, from 1.
    """

    collection: Collection
    schedule_id: str = ""
    parent_id: str = ""
    page: int = 1

    def __str__(self) -> str:
        words = self.collection.name
        if self.schedule_id:
            words += f" of schedule {self.schedule_id}"
        if self.parent_id:
            parent = self.collection.parent.column if self.collection.parent else "project"
            words += f", {parent} {self.parent_id}"
        return f"{words}, page {self.page}" if self.page > 1 else words


@dataclass(frozen=True)
class Answer:
    """Body and headers of a good answer."""

    body: bytes
    headers: Mapping[str, str]
    correlation_id: str


class Service:
    """Reads the service for one client; used by many threads.

    Parameters
    ----------
    surface
        Which dialect is spoken.
    api_url, projects_url
        Bases of the schedules and of the projects; no other origin ever gets the bearer.
    credentials, tokens
        Who asks, and with which token.
    project_tokens
        Tokens for the projects, where they need another scope.
    sessions
        Where HTTP sessions come from.
    timeout
        Seconds to connect, and to wait for the next bytes.
    """

    def __init__(
        self,
        surface: Surface,
        api_url: str,
        projects_url: str,
        credentials: Credentials,
        tokens: TokenSource,
        sessions: Sessions,
        timeout: tuple[float, float],
        project_tokens: TokenSource | None = None,
    ) -> None:
        self._project_tokens = project_tokens or tokens
        self.surface = surface
        self.api_url = api_url
        self.projects_url = projects_url
        self.credentials = credentials
        self.tokens = tokens
        self.limiter = RateLimiter()
        self._sessions = sessions
        self._timeout = timeout
        self._origins = {origin(api_url), origin(projects_url)}

    def url(self, collection: Collection, schedule_id: str = "", parent_id: str = "") -> str:
        """Address of a collection, without paging parameters."""
        if collection.name == "projects":  # the iTwins API, one service for both surfaces
            return self.projects_url
        return self.surface.url(self.api_url, collection, schedule_id, parent_id)

    def may_ask(self, url: str) -> bool:
        """Whether an address belongs to the service, so that the bearer may go there."""
        try:
            return origin(url) in self._origins
        except ValueError:
            return False

    def read(
        self,
        url: str,
        asked: Asked,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        stop: threading.Event | None = None,
        halvable: bool = False,
    ) -> Answer:
        """Ask for one page or one object.

        Parameters
        ----------
        url
            Full address.
        asked
            What it is for.
        method
            ``GET``, or ``POST`` for a query.
        headers
            Further request headers.
        stop
            Ends waits early.
        halvable
            True where the caller would rather ask for a smaller page than see a 504 retried.

        Raises
        ------
        AccessDenied, NotFound, RateLimited, ServiceUnavailable, InvalidRequest, InvalidResponse
            What the service refused, in words.
        GatewayTimeout
            504, where ``halvable``.
        """
        stop = stop or threading.Event()
        correlation_id = new_correlation_id()
        tokens = self._project_tokens if asked.collection.name == "projects" else self.tokens
        token = tokens.token(stop=stop)
        renewed = False
        cut = 0
        redirects = 0
        while True:
            if stop.is_set():
                raise Stopped
            self.limiter.acquire(stop)
            status, answer_headers, body, failure = self._send(
                method, url, BearerAuth(token), {**(headers or {}), "X-Correlation-ID": correlation_id}, stop, halvable
            )
            if failure is not None:
                # urllib3 has retried what failed before the headers; a body that broke off is asked for again here.
                cut += 1
                if status is None or cut > ATTEMPTS:
                    who = f"the service at {urlsplit(url).netloc}"
                    raise unreachable(failure, who, correlation_id, where=str(asked)) from None
                stop.wait(pause(cut))
                continue
            if status is None:  # pragma: no cover - a failure always comes with it
                raise InvalidResponse("no answer")
            if 200 <= status < 300:
                return Answer(body, answer_headers, answer_headers.get("X-Correlation-ID") or correlation_id)
            if status == 401 and not renewed:
                token, renewed = tokens.token(rejected=token, stop=stop), True
                continue
            if status in (301, 302, 303, 307, 308) and redirects < _REDIRECTS:
                url, redirects = self._redirected(url, answer_headers, asked, correlation_id), redirects + 1
                continue
            if status == 504 and halvable:
                raise GatewayTimeout(
                    "The gateway timed out (504).",
                    where=str(asked),
                    hint="Try again with smaller pages: connect(page_size=1000).",
                    correlation_id=correlation_id,
                )
            said = _service_words(*_without(token, body, answer_headers))
            self._refuse(status, answer_headers, said, asked, answer_headers.get("X-Correlation-ID") or correlation_id)

    @without_frames
    def _send(
        self, method: str, url: str, auth: BearerAuth, headers: dict[str, str], stop: threading.Event, halvable: bool
    ) -> tuple[int | None, Mapping[str, str], bytes, Exception | None]:
        """Send once (with urllib3's retries): status, headers, body; or the failure, with the status if one came."""
        status: int | None = None
        policy = retry_policy(stop=stop, limiter=self.limiter, statuses=RETRIED - {504} if halvable else RETRIED)
        headers.setdefault("Accept", self.surface.accept)
        try:
            with self._sessions.borrow(policy) as session:
                response = session.request(
                    method,
                    url,
                    data=b"{}" if method == "POST" else None,
                    headers={**headers, **({"Content-Type": "application/json"} if method == "POST" else {})},
                    auth=auth,
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                    proxies=dict(proxies_for(url)),  # type: ignore[arg-type]  # None means none
                )
                with response:
                    status = response.status_code
                    return status, response.headers, _body(response), None
        except (OSError, HTTPError) as error:  # OSError: those of requests, and a CA bundle that is not there
            return status, {}, b"", error

    def _redirected(self, url: str, headers: Mapping[str, str], asked: Asked, correlation_id: str) -> str:
        target = headers.get("Location", "")
        try:
            following = urljoin(url, target)
            elsewhere = not target or origin(following) != origin(url)
        except ValueError:  # no address at all
            elsewhere = True
        if elsewhere:
            place = target.partition("?")[0] or "it does not say which"
            raise InvalidResponse(
                f"The service redirects to another address ({place}); the token is not sent there.",
                where=str(asked),
                hint="Check api_url (BENTLEY_API_URL).",
                correlation_id=correlation_id,
            )
        return following

    def _refuse(
        self, status: int, headers: Mapping[str, str], words: tuple[str, str], asked: Asked, correlation_id: str
    ) -> NoReturn:
        code, said = words
        told: dict[str, Any] = {"where": str(asked), "correlation_id": correlation_id, "code": code}
        invite = self.credentials.invitation
        if status == 401:
            api, scope = self.surface.title, self.surface.scope
            if asked.collection.name == "projects":
                api, scope = "iTwins API", PROJECTS_SCOPE
            raise AccessDenied(
                f"The service refuses the token, even a new one ({said}).",
                hint=f"The scope must be {scope!r} for the {api}. {invite}",
                **told,
            )
        if status == 403:
            raise AccessDenied(f"This service application may not read that ({said}).", hint=invite, **told)
        if status == 404:
            raise NotFound(
                f"The service does not find that ({said}).", hint=_where_to_look(asked, code, invite), **told
            )
        if status == 429:
            wait = retry_after_seconds(headers.get("Retry-After"))
            raise RateLimited(
                f"The service says: too many requests ({said}).",
                retry_after=wait,
                hint=f"{wait_in_words(wait)}; connect(max_workers=1) asks more slowly.",
                **told,
            )
        if status == 400 and len(asked.collection.schedule_types) == 1:
            only = asked.collection.schedule_types[0]
            raise InvalidRequest(
                f"{asked.collection.name!r} is served by {only} schedules only, and this one answers 400 ({said}).",
                hint=f"sync_configuration() names the {only} schedule of the same project, where there is one.",
                **told,
            )
        if 400 <= status < 500:
            raise InvalidRequest(
                f"The service does not accept the request: {status} ({said}).",
                hint=_name_for_id(asked) or "Check the ids and the options.",
                **told,
            )
        if status >= 500:
            raise ServiceUnavailable(
                f"The service answers {status} ({said}).",
                hint="It may be down for a moment: try again in some minutes.",
                **told,
            )
        raise InvalidResponse(
            f"The service answers {status}, which no read expects.",
            hint="A proxy may stand in between, or the address is not that of the schedules API (BENTLEY_API_URL).",
            **told,
        )


def _where_to_look(asked: Asked, code: str, invite: str) -> str:
    """Say what may be wrong where something is not found."""
    # What is not found is an item of the schedule only where the schedule itself was.
    if (
        asked.collection.level == "schedule"
        and code.endswith("NotFound")
        and code.lower() not in ("schedulenotfound", "itwinnotfound")
    ):
        return "Check the id; it must be one of this schedule."
    name = _name_for_id(asked)
    return f"{name} If it is an id: {invite}" if name else f"Check the id. If it is right: {invite}"


def _name_for_id(asked: Asked) -> str:
    """Say that the schedule may have been named instead of given by its id; nothing where it was not."""
    if not asked.schedule_id or is_id(asked.schedule_id):
        return ""
    return (
        f"{asked.schedule_id!r} does not look like an id. A name goes with its project: "
        "client.schedule(name, project=...)."
    )


def _body(response: requests.Response) -> bytes:
    """The whole body, unpacked in one go: urllib3 would do it in small steps."""
    raw: bytes = response.raw.read(decode_content=False)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return raw
    if encoding in ("gzip", "x-gzip"):
        try:
            return _gunzip(raw)
        except Exception as error:  # zlib.error, EOFError, BadGzipFile, and one of igzip's own
            raise requests.exceptions.ContentDecodingError(f"not what gzip wrote: {error}") from error
    raise requests.exceptions.ContentDecodingError(f"an encoding nobody asked for: {encoding}")


def _gunzip(raw: bytes) -> bytes:
    if raw.find(_MEMBER, 1) > 0:  # several members, of which one call unpacks the first; or the same bytes by chance
        return gzip.decompress(raw)
    # The last four bytes tell the size: one allocation instead of many doublings, which halves the time.
    size = min(int.from_bytes(raw[-4:], "little"), _LARGEST_HINT)
    return _unpack(raw, max(size, 1))


try:  # igzip takes a quarter less time than zlib for pages that pack four to one
    from isal import igzip_lib
except ImportError:

    def _unpack(raw: bytes, size: int) -> bytes:
        return zlib.decompress(raw, wbits=31, bufsize=size)
else:

    def _unpack(raw: bytes, size: int) -> bytes:
        unpacked: bytes = igzip_lib.decompress(raw, flag=igzip_lib.DECOMP_GZIP, bufsize=size)
        return unpacked


def _without(token: Secret, body: bytes, headers: Mapping[str, str]) -> tuple[bytes, str]:
    """Body and challenge of a refusal, without the token where it is quoted back."""
    plain = token.reveal()
    return body.replace(plain.encode(), b"***"), headers.get("WWW-Authenticate", "").replace(plain, "***")


def _service_words(body: bytes, challenge: str) -> tuple[str, str]:
    """Code of the service's error, and all it said in one line."""
    try:
        error = json.loads(body).get("error")
        code, message = str(error.get("code") or ""), str(error.get("message") or "")
        details = [
            " ".join(str(d[k]) for k in ("code", "target", "message") if d.get(k))
            for d in error.get("details") or ()
            if isinstance(d, Mapping)
        ]
    except (ValueError, AttributeError, TypeError, RecursionError):
        text = " ".join(body[:20_000].decode("utf-8", "replace").split())
        if challenge:
            return "", challenge
        if title := page_title(text):
            return "", f"an HTML page titled {title[:80]!r}, perhaps of a proxy"
        return "", repr(text[:120]) if text and not text.startswith("<") else "no reason given"
    said = ": ".join(part for part in (code, message) if part) or "no reason given"
    return code, said + (f" [{'; '.join(details)}]" if details else "")
