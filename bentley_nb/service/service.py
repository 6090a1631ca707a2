"""One read of the service: bearer token, correlation id, retries, and a clear error for every refusal."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol
from urllib.parse import urljoin, urlsplit

from urllib3.exceptions import HTTPError

from bentley_nb._redact import excerpt, redacted
from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import without_frames
from bentley_nb.auth.token import AccessToken, BearerAuth, TokenSource
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
from bentley_nb.transport.http import Received, Sessions, new_correlation_id, origin, page_title, place_of
from bentley_nb.transport.limiter import RateLimiter, Slots, Stopped
from bentley_nb.transport.retries import RETRIED, Attempts, Awaited, logger, retry_after_seconds, wait_in_words
from bentley_nb.transport.unreachable import PROXY_LOGIN, unreachable

# Within the origin only; a browser's 20 would be a loop here.
_REDIRECTS = 5
_MOST_QUOTED = 500  # characters of a reason: an error is a few lines
_REFUSED_TOKENS = 3  # expired ones, by our own clock, do not count; but an endpoint may report a wrong lifetime
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_id(text: str) -> bool:
    """Return whether a text is an id of the service (a GUID) rather than a name."""
    # The service's ids are GUIDs without braces, in either case of letters.
    return bool(_GUID.fullmatch(text.strip()))


class GatewayTimeout(ServiceUnavailable):
    """The gateway timed out on this page; a smaller one may pass."""


@dataclass(frozen=True)
class Asked:
    """What a request is for, to name it in errors.

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


class KeptPage(Protocol):
    """A decoded page of an earlier pull.

    Attributes
    ----------
    etag
        The ETag it came with.
    href, token
        Where the next page is, as the service said; both None on the last page.
    """

    @property
    def etag(self) -> str: ...  # noqa: D102 - told above
    @property
    def href(self) -> str | None: ...  # noqa: D102
    @property
    def token(self) -> str | None: ...  # noqa: D102

    def load(self) -> Any:
        """Return the decoded page; ``KeptPageDamaged`` where it cannot be read any more."""


@dataclass(frozen=True)
class Answer:
    """Body and headers of a good answer.

    Attributes
    ----------
    body, headers, correlation_id
        As they came.
    unchanged
        True for a 304: the body is the one that the ETag of the request belongs to.
    kept
        The kept page that a 304 confirmed.
    url, href, token
        Where the page is, and where it says the next one is.
    """

    body: bytes
    headers: Mapping[str, str]
    correlation_id: str
    unchanged: bool = False
    kept: KeptPage | None = None
    url: str = ""
    href: str | None = None
    token: str | None = None


class Service:
    """Reads the service for one client; used by many threads.

    Parameters
    ----------
    surface
        Which dialect the service speaks.
    api_url, projects_url
        Base addresses of schedules and projects; the bearer token is sent to no other origin.
    credentials, tokens
        Who asks, and with which token.
    project_tokens
        Tokens for the projects, where they need another scope.
    sessions
        Where HTTP sessions come from.
    timeout
        Seconds to connect, and to wait for the next bytes.
    awaited
        Shows what a thread waits for.
    max_workers
        Tells how many requests may be in flight.
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
        awaited: Awaited | None = None,
        max_workers: Callable[[], int] = lambda: 64,
    ) -> None:
        self._slots = Slots(max_workers)
        self._project_tokens = project_tokens or tokens
        self.surface = surface
        self.api_url = api_url
        self.projects_url = projects_url
        self.credentials = credentials
        self.tokens = tokens
        self.limiter = RateLimiter()
        self.awaited = awaited or Awaited()
        self._sessions = sessions
        self._timeout = timeout
        self._origins = {origin(api_url), origin(projects_url)}

    def url(self, collection: Collection, schedule_id: str = "", parent_id: str = "") -> str:
        """Return the address of a collection, without paging parameters."""
        if collection.name == "projects":  # the iTwins API, one service for both surfaces
            return self.projects_url
        return self.surface.url(self.api_url, collection, schedule_id, parent_id)

    def may_ask(self, url: str) -> bool:
        """Return whether an address belongs to the service, so that the bearer token may be sent there."""
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
            The service refused the request.
        GatewayTimeout
            504, where ``halvable``.
        """
        with self.awaited.cleared():
            return self._read(url, asked, method, dict(headers or {}), stop or threading.Event(), halvable=halvable)

    def _read(
        self, url: str, asked: Asked, method: str, headers: dict[str, str], stop: threading.Event, *, halvable: bool
    ) -> Answer:
        correlation_id = new_correlation_id()
        tokens = self._project_tokens if asked.collection.name == "projects" else self.tokens
        # A gateway that timed out on this page will time out on it again: the caller asks for a smaller one.
        statuses = RETRIED - {504} if halvable else RETRIED
        who = f"the service at {urlsplit(url).netloc}"
        attempts = Attempts(
            who, correlation_id, stop=stop, statuses=statuses, limiter=self.limiter, awaited=self.awaited
        )
        rejected: AccessToken | None = None
        refusals = expired = redirects = 0
        # The iTwin Platform versions its answers by media type.
        headers.setdefault("Accept", self.surface.accept)
        while True:
            # After a retry, a renewed token or a redirect the pull may have been stopped.
            if stop.is_set():
                raise Stopped
            # The turn first: a token that waits for its turn may expire meanwhile.
            self.limiter.acquire(stop, self.awaited.set)
            token = tokens.token(rejected=rejected, stop=stop)
            with self._slots.one(stop):
                received = self._send(method, url, BearerAuth(token), headers, correlation_id)
            if attempts.again(received):
                continue
            if isinstance(received, Exception):
                raise unreachable(received, who, correlation_id, where=str(asked)) from None
            status, answer_headers = received.status, received.headers
            # A 206 would be a part of a page that was not asked for by range.
            if 200 <= status < 300 and status != 206:
                return Answer(received.body, answer_headers, _its_id(answer_headers, correlation_id))
            # Without our own condition a 304 is meaningless, and handled as unexpected below.
            if status == 304 and "If-None-Match" in headers:
                return Answer(b"", answer_headers, correlation_id, unchanged=True)
            # A request may wait so long for its turn that the token expires: this says nothing about the credentials.
            if status == 401 and expired < _REFUSED_TOKENS and tokens.expired(token):
                rejected, expired = token, expired + 1
                continue
            # A revoked token looks like a bad scope; a new one tells the two apart.
            if status == 401 and not refusals:
                rejected, refusals = token, 1
                continue
            if status in (301, 302, 303, 307, 308) and redirects < _REDIRECTS:
                url, redirects = self._redirected(url, answer_headers, asked, correlation_id), redirects + 1
                continue
            # The service's own id is what Bentley's support can find.
            correlation_id = _its_id(answer_headers, correlation_id)
            if status == 504 and halvable:
                raise GatewayTimeout(
                    "The gateway timed out (504).",
                    where=str(asked),
                    hint="Try again with smaller pages: connect(page_size=1000).",
                    correlation_id=correlation_id,
                )
            self._refuse(received, asked, correlation_id)

    @without_frames
    def _send(
        self, method: str, url: str, auth: BearerAuth, headers: Mapping[str, str], correlation_id: str
    ) -> Received | Exception:
        """Send once; return the answer, or why none came."""
        started = time.monotonic()
        received: Received | Exception
        post = method == "POST"
        try:
            received = self._sessions.send(
                method,
                url,
                headers={**headers, "Content-Type": "application/json"} if post else headers,
                correlation_id=correlation_id,
                timeout=self._timeout,
                auth=auth,
                # The queries of the Enterprise surface are POST with a JSON filter; an empty one returns everything.
                data=b"{}" if post else None,
            )
        except (OSError, HTTPError) as error:  # OSError: those of requests, and a CA bundle that is not there
            received = error
        logger.debug(
            "%s %s %s in %.3f s (correlation id %s)",
            method,
            urlsplit(url).path,
            type(received).__name__ if isinstance(received, Exception) else received.status,
            time.monotonic() - started,
            correlation_id,
        )
        return received

    def _redirected(self, url: str, headers: Mapping[str, str], asked: Asked, correlation_id: str) -> str:
        target = headers.get("Location", "")
        try:
            following = urljoin(url, target)
            # The token goes to no other origin, whatever a redirect says (RFC 9110, section 15.4).
            elsewhere = not target or origin(following) != origin(url)
        except ValueError:  # not an address
            elsewhere = True
        if elsewhere:
            place = place_of(target) or "it does not say which"
            raise InvalidResponse(
                f"The service redirects to another address ({place}); the token is not sent there.",
                where=str(asked),
                hint="Check api_url (BENTLEY_API_URL).",
                correlation_id=correlation_id,
            )
        return following

    def _refuse(self, received: Received, asked: Asked, correlation_id: str) -> NoReturn:
        status, headers = received.status, received.headers
        code, said, of_the_service = _service_words(received.body, headers.get("WWW-Authenticate", ""))
        told: dict[str, Any] = {"where": str(asked), "correlation_id": correlation_id, "code": code}
        if status == 407:
            raise ServiceUnavailable(
                "A proxy wants a user name and password (407); the service was not reached.",
                hint=PROXY_LOGIN,
                **told,
            )
        if status == 401:
            scope = self._scope_for(asked)
            raise AccessDenied(f"The service refuses the token, even a new one ({said}).", hint=scope, **told)
        if status == 403:
            invite = self.credentials.invitation
            # A proxy's block page is also a 403; advice about invitations would mislead.
            if not of_the_service:
                invite = (
                    "The answer is not in the service's form: a proxy or firewall may have refused it, so ask whoever "
                    f"runs it. If it is the service's: {invite}"
                )
            raise AccessDenied(f"This service application is not allowed to read it ({said}).", hint=invite, **told)
        # Neither a refusal of the service nor one of the request: a report must not take the table for one not served.
        if 400 <= status < 500 and status not in (408, 429) and received.body.lstrip()[:1] == b"<":
            elsewhere = " Or api_url (BENTLEY_API_URL) is not the service's address." if status == 404 else ""
            raise InvalidResponse(
                f"The answer {status} is not in the service's form ({said}).",
                hint=f"A proxy or firewall may have refused the request: ask whoever runs it.{elsewhere}",
                **told,
            )
        if status == 404:
            raise NotFound(
                f"The service did not find it ({said}).", hint=self._where_to_look(asked, code, said), **told
            )
        if status == 429:
            wait = retry_after_seconds(headers.get("Retry-After"))
            raise RateLimited(
                f"The service says: too many requests ({said}).",
                retry_after=wait,
                hint=f"{wait_in_words(wait)}; connect(max_workers=1) sends requests more slowly.",
                **told,
            )
        # A 400 for a collection of one schedule type is most likely due to the type of this schedule.
        if status == 400 and len(asked.collection.schedule_types) == 1:
            only = asked.collection.schedule_types[0]
            raise InvalidRequest(
                f"{asked.collection.name!r} is served by {only} schedules only, and this one answers 400 ({said}).",
                hint=f"sync_configuration() names the {only} schedule of the same project, where there is one.",
                **told,
            )
        if 400 <= status < 500 and status != 408:
            raise InvalidRequest(
                f"The service does not accept the request: {status} ({said}).",
                hint=_name_for_id(asked) or "Check the ids and the options.",
                **told,
            )
        if status >= 500 or status == 408:
            raise ServiceUnavailable(
                f"The service answers {status} ({said}).",
                hint="It may be temporarily down: try again in a few minutes.",
                **told,
            )
        raise InvalidResponse(
            f"The service answered with the unexpected status {status}.",
            hint="A proxy may be in between, or the address is not that of the schedules API (BENTLEY_API_URL).",
            **told,
        )

    def _scope_for(self, asked: Asked) -> str:
        """Return which scope opens what was asked for, and whom to invite."""
        api, scope = self.surface.title, self.surface.scope
        if asked.collection.name == "projects":
            api, scope = "iTwins API", PROJECTS_SCOPE
        return f"The scope must be {scope!r} for the {api}. {self.credentials.invitation}"

    def _where_to_look(self, asked: Asked, code: str, said: str) -> str:
        """Return what may be wrong where something is not found."""
        if "OperationNotFound" in said and code != "OperationNotFound":  # as a detail; the code is of an operation's id
            path = asked.collection.path(self.surface.name)
            return (
                f"The address is not an operation of the service. Check api_url (BENTLEY_API_URL), now {self.api_url}; "
                f"if that is right, the service does not offer {path or asked.collection.name!r} at this address."
            )
        if code == "ConfigurationNotFound":
            return "The id is right, but this is not set up for it: there is nothing to correct in the request."
        return _which_id(asked, code, self.credentials.invitation)


def _which_id(asked: Asked, code: str, invite: str) -> str:
    """Return which id may be wrong."""
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
    """Return a hint that a name may have been given instead of an id; an empty text where it was an id."""
    if not asked.schedule_id or is_id(asked.schedule_id):
        return ""
    return (
        f"{asked.schedule_id!r} does not look like an id. A name goes with its project: "
        "client.schedule(name, project=...)."
    )


def _service_words(body: bytes, challenge: str) -> tuple[str, str, bool]:
    """Return the code of the service's error, all it said in one line, and whether the service said it."""
    try:
        # The error body that the documentation of the iTwin Platform describes: code, message, details.
        error = json.loads(body).get("error")
        code, message = str(error.get("code") or ""), str(error.get("message") or "")
        details = [
            " ".join(str(d[k]) for k in ("code", "target", "message") if d.get(k))
            for d in error.get("details") or ()
            if isinstance(d, Mapping)
        ]
    except (ValueError, AttributeError, TypeError, RecursionError):
        text = excerpt(body, _MOST_QUOTED)
        if challenge:
            return "", _cut(challenge), True
        if title := page_title(text):
            return "", f"an HTML page titled {title[:80]!r}, perhaps of a proxy", False
        return "", repr(text[:120]) if text and not text.startswith("<") else "no reason given", not text
    said = ": ".join(part for part in (code, message) if part) or "no reason given"
    return code, _cut(said + (f" [{'; '.join(details)}]" if details else "")), True


def _its_id(headers: Mapping[str, str], own: str) -> str:
    """Return the service's own id of a request, where it gave one."""
    given = headers.get("X-Correlation-ID") or own
    # Looking for secrets takes half a millisecond, and every page comes here; an error looks again.
    return given if is_id(given) else _cut(given)


def _cut(said: str) -> str:
    """Return at most so much of what a service said; secrets go first, since a cut one would not be recognized."""
    said = redacted(said)
    return said if len(said) <= _MOST_QUOTED else said[:_MOST_QUOTED] + " ..."
