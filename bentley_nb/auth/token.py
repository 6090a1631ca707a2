"""One access token for all threads: requested once, renewed early, and once more when it is refused."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from bentley_nb._fork import remake_in_child
from bentley_nb._redact import redacted
from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret, without_frames
from bentley_nb.errors import CredentialsRejected, InvalidRequest, InvalidResponse, RateLimited, ServiceUnavailable
from bentley_nb.transport.http import Received, Sessions, new_correlation_id, page_title
from bentley_nb.transport.limiter import Stopped
from bentley_nb.transport.retries import Attempts, Awaited, retry_after_seconds, wait_in_words
from bentley_nb.transport.unreachable import PROXY_LOGIN, unreachable

# RFC 6749, section 5.1, only recommends expires_in; five minutes are safe for any known endpoint.
LIFETIME_WHEN_UNSTATED = 300.0
# A page of 10,000 items may take minutes: the token must outlast the request that carries it.
_EARLY = 300.0
_PAUSE = 30.0  # between early renewals while the endpoint gives no token

_TICK_SECONDS = 0.1

# More than for a read: without a token nothing else can be requested, and no smaller request would help.
_RETRIED = frozenset({408, 429, *range(500, 600)})
_LARGEST = 1 << 20
_MOST_QUOTED = 500  # characters of a reason: an error is a few lines

# A bearer token has no spaces (RFC 6750, section 2.1); control characters would end the header.
_VISIBLE = re.compile(r"[\x21-\x7e]+")
# An endpoint may echo the form or another client's token, which no live object of ours knows.
_NAMED = re.compile(r"""((?:client_secret|access_token)["']?\s*[=:]\s*["']?)[^&\s"'<>]+""", re.IGNORECASE)

# RFC 6749, section 5.2.
_ADVICE = {
    "invalid_client": "Check the client id and the secret: a secret is shown only once, when the application is made, "
    "and a new one replaces it. The application must be of the type 'Service'.",
    "invalid_grant": "The application must be of the type 'Service' (client credentials).",
    "unauthorized_client": "The application may not use client credentials: it must be of the type 'Service'.",
    "unsupported_grant_type": "The address of the token endpoint may be wrong (BENTLEY_TOKEN_URL).",
    "invalid_scope": "The application lacks this scope: 'itwin-platform' for the Platform surface, 'enterprise' for "
    "the Enterprise surface. Register it for the APIs, or connect with the other surface.",
    "invalid_request": "The token endpoint did not understand the request; its address may be wrong "
    "(BENTLEY_TOKEN_URL).",
}


class AccessToken(Secret):
    """A token, and when it is renewed and expires by our own clock."""

    __slots__ = ("expires_at", "renew_at")

    def __init__(self, value: str, asked_at: float, lifetime: float) -> None:
        super().__init__(value)
        # From when it was asked for: the answer may have been long on its way.
        self.expires_at = asked_at + lifetime
        self.renew_at = self.expires_at - min(_EARLY, lifetime / 10)


class TokenSource:
    """Returns the current token, and fetches a new one when needed, in the thread that asks first.

    Parameters
    ----------
    credentials
        Client id and secret.
    token_url
        Address of the token endpoint.
    scope
        Scope to ask for.
    sessions
        Where HTTP sessions come from.
    timeout
        Seconds to connect, and to wait for the answer.
    clock
        A monotonic clock.
    awaited
        Shows what a thread waits for.
    refused
        Why the secret must not be sent at all; raised when a token is wanted, so that the connection can be looked at.
    """

    def __init__(
        self,
        credentials: Credentials,
        token_url: str,
        scope: str,
        sessions: Sessions,
        timeout: tuple[float, float],
        clock: Callable[[], float] = time.monotonic,
        awaited: Awaited | None = None,
        refused: InvalidRequest | None = None,
    ) -> None:
        self._credentials = credentials
        self._token_url = token_url
        self._scope = scope
        self._sessions = sessions
        self._timeout = timeout
        self._clock = clock
        self._awaited = awaited or Awaited()
        self._refused = refused
        self._token: AccessToken | None = None
        self._refusal: CredentialsRejected | None = None
        self._after_fork()
        remake_in_child(self)

    def _after_fork(self) -> None:
        self._changed = threading.Condition()
        self._asking: threading.Event | None = None

    def expired(self, token: AccessToken) -> bool:
        """Return whether a token has expired by our own clock: then its refusal means nothing else."""
        return self._clock() >= token.expires_at

    def token(self, rejected: Secret | None = None, stop: threading.Event | None = None) -> AccessToken:
        """Return a token that should work.

        Parameters
        ----------
        rejected
            The token that the API has just refused. If it is still the current one a new one is fetched; if another
            thread has renewed it already, the newer one is given.
        stop
            Ends waits between retries early.

        Raises
        ------
        CredentialsRejected
            The endpoint refuses these credentials; remembered, so that it is asked only once.
        ServiceUnavailable, RateLimited, InvalidResponse
            The endpoint could not be reached, or answered something else than a token, and none at hand is still good.
        Stopped
            The pull was stopped while another thread was asking.
        """
        if self._refused is not None:
            raise InvalidRequest(self._refused.message, hint=self._refused.hint)
        mine = stop or threading.Event()
        while True:
            with self._changed:
                if self._token is not None and self._clock() < self._token.renew_at and self._token != rejected:
                    return self._token
                # Asked again, an endpoint may lock the application after several wrong secrets.
                if self._refusal is not None:
                    raise _again(self._refusal)
                # A thread that was stopped while asking may still hang for a while: it is not waited for.
                if self._asking is not None and not self._asking.is_set():
                    self._changed.wait(_TICK_SECONDS)
                    if mine.is_set():
                        raise Stopped
                    continue
                self._asking = mine
            return self._renew(mine, rejected)

    def _renew(self, mine: threading.Event, rejected: Secret | None) -> AccessToken:
        """Ask for a token, and keep it unless another thread has begun to ask meanwhile."""
        found: AccessToken | None = None
        refusal: CredentialsRejected | None = None
        try:
            found = self._fetch(mine)
        except CredentialsRejected as error:
            refusal = error
            raise
        except (ServiceUnavailable, RateLimited, InvalidResponse):
            # It was asked for early just for this: the one at hand lasts a while, and a long pull continues.
            kept = self._still_good(rejected)
            if kept is None:
                raise
            return kept
        else:
            return found
        finally:
            with self._changed:
                if self._asking is mine:
                    self._asking = None
                    self._refusal = refusal
                    if found is not None:
                        self._token = found
                self._changed.notify_all()

    def _still_good(self, rejected: Secret | None) -> AccessToken | None:
        """Return the token at hand where it has not expired, and leave the endpoint alone for a moment."""
        with self._changed:
            now = self._clock()
            if self._token is None or self._token == rejected or now >= self._token.expires_at:
                return None
            self._token.renew_at = min(now + _PAUSE, self._token.expires_at)
            return self._token

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the current token expires; None without a token."""
        with self._changed:
            return None if self._token is None else max(0.0, self._token.expires_at - self._clock())

    @without_frames
    def _fetch(self, stop: threading.Event) -> AccessToken:
        correlation_id = new_correlation_id()
        with self._awaited.cleared():
            asked_at, received = self._post(correlation_id, stop)
        answer = self._grant(received, correlation_id)
        token, kind = answer.get("access_token"), answer.get("token_type", "Bearer")
        text = token.strip() if isinstance(token, str) else ""
        wrong = None
        if not text:
            wrong = "The token endpoint's answer contains no access_token."
        elif not _VISIBLE.fullmatch(text):
            wrong = (
                "The token endpoint gave an access_token that is not valid in a header: it contains spaces, control "
                "characters or characters outside ASCII."
            )
        # RFC 6749, section 7.1: a client must not use a token whose type it does not understand.
        elif not isinstance(kind, str) or kind.lower() != "bearer":
            wrong = f"The token endpoint gave a token of the type {_without_secrets(str(kind))[:40]!r}, not Bearer."
        if wrong is not None:
            raise InvalidResponse(
                wrong,
                where=self._token_url,
                hint="Check the address of the token endpoint (BENTLEY_TOKEN_URL).",
                correlation_id=correlation_id,
            )
        return AccessToken(text, asked_at, _seconds(answer.get("expires_in")))

    def _grant(self, received: Received, correlation_id: str) -> dict[str, Any]:
        status, headers, body = received.status, received.headers, received.body
        where = self._token_url
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if 200 <= status < 300:
            if not isinstance(answer, dict):
                raise InvalidResponse(
                    f"The token endpoint answered {_gist(body)} instead of a token.",
                    where=where,
                    hint="A proxy or sign-in page may be between this machine and the token endpoint, "
                    "or BENTLEY_TOKEN_URL may be the wrong address.",
                    correlation_id=correlation_id,
                )
            return answer
        if status == 429:
            raise RateLimited(
                "The token endpoint says: too many requests.",
                retry_after=(asked := retry_after_seconds(headers.get("Retry-After"))),
                where=where,
                hint=f"{wait_in_words(asked)}; share one client between notebooks where you can.",
                correlation_id=correlation_id,
            )
        if status == 407:
            raise ServiceUnavailable(
                "A proxy wants a user name and password (407); the token endpoint was not reached.",
                where=where,
                hint=PROXY_LOGIN,
                correlation_id=correlation_id,
            )
        if status >= 500 or status == 408:
            raise ServiceUnavailable(
                f"The token endpoint answers {status} ({_gist(body)}).",
                where=where,
                hint="The service may be temporarily down: try again in a few minutes.",
                correlation_id=correlation_id,
            )
        code = answer.get("error") if isinstance(answer, dict) else None
        if isinstance(code, str) or status in (400, 401, 403):
            raise self._rejected(status, code, answer, body, correlation_id)
        raise InvalidResponse(
            f"The token endpoint answered {status} ({_gist(body)}).",
            where=where,
            hint="Check the address of the token endpoint (BENTLEY_TOKEN_URL).",
            correlation_id=correlation_id,
        )

    def _rejected(self, status: int, code: Any, answer: Any, body: bytes, correlation_id: str) -> CredentialsRejected:
        if isinstance(code, str):
            description = answer.get("error_description")
            said = f"{code}: {description}" if isinstance(description, str) and description else code
            hint = _ADVICE.get(code, "Check the client id, the secret and the scope.")
        else:
            said = f"status {status}, {_gist(body)}"
            hint = (
                "Check the client id and the secret. The answer is not that of a token endpoint, so a proxy or "
                "firewall may have refused: ask whoever runs it."
            )
        found = self._credentials
        # Sent as it is: a secret may contain spaces, so that it is only pointed out.
        if found.client_secret.reveal() != found.client_secret.reveal().strip():
            hint += " The secret begins or ends with white space, which may have been pasted along with it."
        message = (
            f"The token endpoint refused the service application {found.short_id} from {found.source} "
            f"with the scope {self._scope!r} ({_without_secrets(said)[:_MOST_QUOTED]})."
        )
        return CredentialsRejected(message, hint=hint, where=self._token_url, correlation_id=correlation_id)

    def _post(self, correlation_id: str, stop: threading.Event) -> tuple[float, Received]:
        """Repeat the request until an answer is final; return when it was sent, and the answer."""
        attempts = Attempts("the token endpoint", correlation_id, stop=stop, awaited=self._awaited, statuses=_RETRIED)
        while True:
            asked_at = self._clock()
            received = self._send(correlation_id)
            if attempts.again(received):
                continue
            if isinstance(received, Exception):
                raise unreachable(received, "the token endpoint", correlation_id, where=self._token_url) from None
            return asked_at, received

    @without_frames
    def _send(self, correlation_id: str) -> Received | Exception:
        try:
            return self._sessions.send(
                "POST",
                self._token_url,
                data={
                    "grant_type": "client_credentials",
                    "client_id": self._credentials.client_id,
                    "client_secret": self._credentials.client_secret.reveal(),
                    "scope": self._scope,
                },
                headers={"Accept": "application/json"},
                correlation_id=correlation_id,
                timeout=self._timeout,
                largest=_LARGEST,
            )
        except (OSError, HTTPError) as error:  # OSError: those of requests, and a CA bundle that is not there
            return error


def _gist(body: bytes) -> str:
    """Return the title of an HTML page, or the first words of anything else."""
    # Secrets are removed before the text is shortened: a shortened secret would not be recognized.
    text = _without_secrets(body[:20_000].decode("utf-8", "replace"))
    if title := page_title(text):
        return f"an HTML page titled {title[:80]!r}"
    if "<html" in text.lower():
        return "an HTML page"
    words = " ".join(text.split())[:80]
    return repr(words) if words else "an empty body"


def _without_secrets(text: str) -> str:
    """Remove secrets, and whatever follows the name of one, such as a token that was never ours."""
    return _NAMED.sub(r"\1***", redacted(text))


class BearerAuth(requests.auth.AuthBase):
    """Adds one token to one request; as an ``AuthBase`` it also keeps requests from reading ``~/.netrc``."""

    def __init__(self, token: Secret) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header; requests calls this for every attempt."""
        request.headers["Authorization"] = f"Bearer {self.token.reveal()}"
        return request


def _seconds(expires_in: Any) -> float:
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError, OverflowError):
        return LIFETIME_WHEN_UNSTATED
    if not 0 < seconds < float("inf"):  # zero, negative, NaN: treated as absent
        return LIFETIME_WHEN_UNSTATED
    return seconds


def _again(refusal: CredentialsRejected) -> CredentialsRejected:
    return CredentialsRejected(
        refusal.message, hint=refusal.hint, where=refusal.where, correlation_id=refusal.correlation_id
    )
