"""One access token for all threads: asked for once, renewed early, renewed once more when it is refused."""

from __future__ import annotations

import html
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import requests
from urllib3.exceptions import HTTPError, LocationValueError

from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret, without_frames
from bentley_nb.errors import CredentialsRejected, InvalidResponse, RateLimited, ServiceUnavailable
from bentley_nb.transport.http import (
    Sessions,
    new_correlation_id,
    no_auth,
    page_title,
    proxies_for,
    retry_after_seconds,
    retry_policy,
    wait_in_words,
)
from bentley_nb.transport.limiter import Stopped

LIFETIME_WHEN_UNSTATED = 300.0
_EARLY = 300.0
_PAUSE = 30.0  # between early renewals while the endpoint gives no token

_TICK_SECONDS = 0.1

# More than for a read: until there is a token, nothing else is asked, and no smaller question would help.
_RETRIED = frozenset({429, *range(500, 600)})

_VISIBLE = re.compile(r"[\x21-\x7e]+")
_NAMED = re.compile(r"""((?:client_secret|access_token)["']?\s*[=:]\s*["']?)[^&\s"'<>]+""", re.IGNORECASE)

_MALFORMED = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, LocationValueError)

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


class _Token(NamedTuple):
    secret: Secret
    expires_at: float
    renew_at: float


class TokenSource:
    """Gives the current token, and fetches a new one when needed, whichever thread asks first.

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
        A clock that never goes back.
    """

    def __init__(
        self,
        credentials: Credentials,
        token_url: str,
        scope: str,
        sessions: Sessions,
        timeout: tuple[float, float],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._token_url = token_url
        self._scope = scope
        self._sessions = sessions
        self._timeout = timeout
        self._clock = clock
        self._changed = threading.Condition()
        self._asking: threading.Event | None = None
        self._token: Secret | None = None
        self._renew_at = 0.0
        self._expires_at = 0.0
        self._refusal: CredentialsRejected | None = None

    def token(self, rejected: Secret | None = None, stop: threading.Event | None = None) -> Secret:
        """Give a token that should work.

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
        mine = stop or threading.Event()
        while True:
            with self._changed:
                if self._token is not None and self._clock() < self._renew_at and self._token != rejected:
                    return self._token
                if self._refusal is not None:
                    raise _again(self._refusal)
                # Who was stopped while asking may hang for a while yet: he is waited for no longer.
                if self._asking is not None and not self._asking.is_set():
                    self._changed.wait(_TICK_SECONDS)
                    if mine.is_set():
                        raise Stopped
                    continue
                self._asking = mine
            return self._renew(mine, rejected)

    def _renew(self, mine: threading.Event, rejected: Secret | None) -> Secret:
        """Ask for a token, and keep it unless somebody else has begun to ask meanwhile."""
        found: _Token | None = None
        refusal: CredentialsRejected | None = None
        try:
            found = self._fetch(mine)
        except CredentialsRejected as error:
            refusal = error
            raise
        except (ServiceUnavailable, RateLimited, InvalidResponse):
            # It was asked for early just for this: the one at hand lasts a while, and a long pull goes on.
            kept = self._still_good(rejected)
            if kept is None:
                raise
            return kept
        else:
            return found.secret
        finally:
            with self._changed:
                if self._asking is mine:
                    self._asking = None
                    self._refusal = refusal
                    if found is not None:
                        self._token, self._expires_at, self._renew_at = found
                self._changed.notify_all()

    def _still_good(self, rejected: Secret | None) -> Secret | None:
        """Give the token at hand where it has not expired, and leave the endpoint alone for a moment."""
        with self._changed:
            now = self._clock()
            if self._token is None or self._token == rejected or now >= self._expires_at:
                return None
            self._renew_at = min(now + _PAUSE, self._expires_at)
            return self._token

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the current token expires; None without a token."""
        with self._changed:
            return None if self._token is None else max(0.0, self._expires_at - self._clock())

    def forget(self) -> None:
        """Drop the token and a remembered refusal."""
        with self._changed:
            self._token, self._refusal, self._asking = None, None, None

    @without_frames
    def _fetch(self, stop: threading.Event) -> _Token:
        correlation_id = new_correlation_id()
        answer = self._ask(correlation_id, stop)
        token, kind = answer.get("access_token"), answer.get("token_type", "Bearer")
        text = token.strip() if isinstance(token, str) else ""
        wrong = None
        if not text:
            wrong = "The token endpoint's answer holds no access_token."
        elif not _VISIBLE.fullmatch(text):
            wrong = (
                "The token endpoint gave an access_token that cannot stand in a header: it holds blanks, control "
                "characters or letters outside ASCII."
            )
        elif not isinstance(kind, str) or kind.lower() != "bearer":
            wrong = f"The token endpoint gave a token of the type {self._without_secret(str(kind))[:40]!r}, not Bearer."
        if wrong is not None:
            raise InvalidResponse(
                wrong,
                where=self._token_url,
                hint="Check the address of the token endpoint (BENTLEY_TOKEN_URL).",
                correlation_id=correlation_id,
            )
        lifetime = _seconds(answer.get("expires_in"))
        now = self._clock()
        return _Token(Secret(text), now + lifetime, now + lifetime - min(_EARLY, lifetime / 10))

    def _ask(self, correlation_id: str, stop: threading.Event) -> dict[str, Any]:
        status, headers, body = self._post(correlation_id, stop)
        where = self._token_url
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if 200 <= status < 300:
            if not isinstance(answer, dict):
                raise InvalidResponse(
                    f"The token endpoint answered {self._gist(body)} instead of a token.",
                    where=where,
                    hint="A proxy or sign-in page may stand between this machine and the token endpoint; "
                    "or BENTLEY_TOKEN_URL names the wrong address.",
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
        if status >= 500:
            raise ServiceUnavailable(
                f"The token endpoint answers {status} ({self._gist(body)}).",
                where=where,
                hint="The service may be down for a moment: try again in some minutes.",
                correlation_id=correlation_id,
            )
        code = answer.get("error") if isinstance(answer, dict) else None
        if isinstance(code, str) or status in (400, 401, 403):
            raise self._rejected(status, code, answer, body, correlation_id)
        raise InvalidResponse(
            f"The token endpoint answered {status} ({self._gist(body)}).",
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
            said = f"status {status}, {self._gist(body)}"
            hint = (
                "Check the client id and the secret; the answer is not that of a token endpoint, so a proxy may "
                "have refused."
            )
        found = self._credentials
        message = (
            f"The token endpoint refused the service application {found.short_id} from {found.source} "
            f"with the scope {self._scope!r} ({self._without_secret(said)})."
        )
        return CredentialsRejected(message, hint=hint, where=self._token_url, correlation_id=correlation_id)

    def _gist(self, body: bytes) -> str:
        """The title of an HTML page, or the first words of anything else."""
        # The secret goes before anything is cut: a cut secret would not be found any more.
        text = self._without_secret(body.decode("utf-8", "replace"))[:20_000]
        if title := page_title(text):
            return f"an HTML page titled {self._without_secret(title)[:80]!r}"
        if "<html" in text.lower():
            return "an HTML page"
        words = " ".join(text.split())[:80]
        return repr(words) if words else "an empty body"

    def _without_secret(self, text: str) -> str:
        """Blank the secret, however it is written, and what stands where a form names it, in an answer that quotes."""
        for form in _written(self._credentials.client_secret):
            text = re.sub(re.escape(form), "***", text, flags=re.IGNORECASE)
        return _NAMED.sub(r"\1***", text)

    def _post(self, correlation_id: str, stop: threading.Event) -> tuple[int, Any, bytes]:
        try:
            with self._sessions.borrow(retry_policy(stop=stop, limiter=None, statuses=_RETRIED)) as session:
                response = session.post(
                    self._token_url,
                    data={
                        "grant_type": "client_credentials",
                        "client_id": self._credentials.client_id,
                        "client_secret": self._credentials.client_secret.reveal(),
                        "scope": self._scope,
                    },
                    headers={"Accept": "application/json", "X-Correlation-ID": correlation_id},
                    auth=no_auth,
                    timeout=self._timeout,
                    allow_redirects=False,
                    proxies=dict(proxies_for(self._token_url)),  # type: ignore[arg-type]  # None means none
                )
                return response.status_code, response.headers, response.content
        except (OSError, HTTPError) as error:  # OSError: those of requests, and a CA bundle that is not there
            raise unreachable(error, "the token endpoint", correlation_id, where=self._token_url) from None


def unreachable(error: Exception, what: str, correlation_id: str, *, where: str) -> ServiceUnavailable:
    """Say in words why no answer came.

    Parameters
    ----------
    error
        What requests or urllib3 raised.
    what
        Who was asked.
    correlation_id
        The id of the request.
    where
        What was asked for.
    """
    text = str(error)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return ServiceUnavailable(
            f"The answer of {what} could not be unpacked ({text}).",
            where=where,
            hint="A proxy may have changed it on the way: try again; if it goes on, ask who runs the proxy.",
            correlation_id=correlation_id,
        )
    if isinstance(error, requests.exceptions.ProxyError) or "ProxyError" in text:
        why, hint = "the proxy refused or cannot be reached", "Check HTTPS_PROXY and NO_PROXY."
    elif "SOCKS" in text:
        why, hint = "a SOCKS proxy needs a package that is not installed", '%pip install "requests[socks]"'
    elif isinstance(error, _MALFORMED) or "InvalidURL" in text:  # the name is in the text from http.client
        why, hint = "its address, or that of the proxy, is malformed", "Check HTTPS_PROXY, ALL_PROXY and the address."
    elif "CERTIFICATE_VERIFY_FAILED" in text:
        reason = re.search(r"certificate verify failed: ([^(]+)", text)
        why = "its certificate is not trusted" + (f" ({reason[1].strip(' .')})" if reason else "")
        hint = "Where the company inspects traffic, set REQUESTS_CA_BUNDLE to the file with the company's certificate."
    elif "CA certificate bundle" in text or "NO_CERTIFICATE" in text:
        why = "the file of REQUESTS_CA_BUNDLE is not there, or holds no certificate"
        hint = "Let it name a PEM file with the certificates to trust, or take it out of the environment."
    elif isinstance(error, requests.exceptions.SSLError) or "SSLError" in text:
        why = "no secure connection could be made"
        hint = "The address or its port may not speak https, or a proxy cuts in: check HTTPS_PROXY and the address."
    elif isinstance(error, requests.exceptions.ConnectTimeout):
        why, hint = "no connection in time", "Check the network, or give more time: connect(timeout=(30, 120))."
    elif isinstance(error, requests.exceptions.Timeout) or "Read timed out" in text:
        why, hint = "no answer in time", "Try again, or give more time: connect(timeout=(10, 180))."
    elif "NameResolution" in text or "getaddrinfo" in text:
        why, hint = "its name is not known", "Check the network, the VPN and the address."
    else:
        why, hint = "the connection failed or was cut", "Check the network, then try again."
    return ServiceUnavailable(f"No answer from {what}: {why}.", where=where, hint=hint, correlation_id=correlation_id)


class BearerAuth(requests.auth.AuthBase):
    """Puts one token into one request; being an ``AuthBase`` it also keeps ``~/.netrc`` out."""

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
    if not 0 < seconds < float("inf"):  # zero, negative, NaN: as good as unstated
        return LIFETIME_WHEN_UNSTATED
    return seconds


def _written(secret: Secret) -> Iterator[str]:
    """The ways in which an answer may write a secret: plainly, or as a form, an address, JSON or HTML has it."""
    plain = secret.reveal()
    forms = {plain, quote(plain), quote(plain, safe=""), quote_plus(plain), html.escape(plain)}
    forms |= {json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]}
    yield from sorted(forms, key=len, reverse=True)  # the longest first: a shorter one may stand within it


def _again(refusal: CredentialsRejected) -> CredentialsRejected:
    return CredentialsRejected(
        refusal.message, hint=refusal.hint, where=refusal.where, correlation_id=refusal.correlation_id
    )
