"""The token endpoint: client credentials in, bearer token out, and RFC 6749 section 5.2 errors for everything else."""

from __future__ import annotations

import base64
import hmac
import itertools
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bentley_nb.sandbox.incoming import Incoming
from bentley_nb.sandbox.replies import Reply, json_answer

SCOPES = ("itwin-platform", "enterprise")
PROJECT_SCOPE = "itwin-platform"


@dataclass(frozen=True)
class Application:
    """A service application; ``projects`` are those it was invited into, None for all of them."""

    id: str
    secret: str
    projects: frozenset[str] | None = None

    def may_see(self, project_id: str) -> bool:
        """Return whether the application was invited into a project."""
        return self.projects is None or project_id in self.projects


@dataclass(frozen=True)
class IssuedToken:
    """An access token that was given out."""

    value: str
    client: Application
    scopes: frozenset[str]
    expires: float


@dataclass
class TokenEndpoint:
    """Clients and the tokens they hold.

    Attributes
    ----------
    lifetime
        Seconds a token lives.
    overrides
        Members of a successful answer to replace, such as ``{"expires_in": "soon"}``; None takes a member out.
    issued
        How many tokens were given out.
    """

    clients: dict[str, Application] = field(default_factory=dict)
    lifetime: float = 3600
    overrides: dict[str, Any] = field(default_factory=dict)
    issued: int = 0
    _tokens: dict[str, IssuedToken] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _serial: Any = field(default_factory=lambda: itertools.count(1), repr=False)

    def revoke(self, value: str | None = None) -> int:
        """Revoke one token, or all of them; return how many."""
        with self._lock:
            taken = list(self._tokens) if value is None else [value] if value in self._tokens else []
            for key in taken:
                del self._tokens[key]
            return len(taken)

    def find(self, value: str) -> IssuedToken | None:
        """Return the token of that value while it is valid."""
        with self._lock:
            token = self._tokens.get(value)
            if token is not None and token.expires <= time.monotonic():
                del self._tokens[value]
                return None
            return token

    def answer(self, request: Incoming) -> Reply:
        """Answer a request of the token endpoint."""
        if request.method != "POST":
            return _refusal("invalid_request", "The token endpoint takes POST.", status=405, headers={"Allow": "POST"})
        if request.headers.get_content_type() != "application/x-www-form-urlencoded":
            return _refusal("invalid_request", "The parameters belong in a form-encoded body.")
        fields = request.form
        if any(len(values) > 1 for values in fields.values()):
            return _refusal("invalid_request", "A parameter is given twice.")
        form = {name: value for name, [value] in fields.items()}
        if not form.get("grant_type"):
            return _refusal("invalid_request", "The parameter grant_type is missing.")
        if form["grant_type"] != "client_credentials":
            return _refusal("unsupported_grant_type", f"The grant type {form['grant_type']!r} is not supported.")

        basic = _basic(request.headers.get("Authorization", ""))
        if basic and form.get("client_secret"):
            return _refusal("invalid_request", "The client authenticates in two ways at once.")
        client_id = basic[0] if basic else form.get("client_id", "")
        secret = basic[1] if basic else form.get("client_secret", "")
        client = self.clients.get(client_id)
        # Compared as bytes: compare_digest takes text of ASCII only.
        if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
            if basic:
                return _refusal("invalid_client", status=401, headers={"WWW-Authenticate": 'Basic realm="sandbox"'})
            return _refusal("invalid_client")
        scopes = form.get("scope", "").split()
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            return _refusal("invalid_scope", f"The scope {' '.join(unknown)!r} is unknown, malformed or missing.")
        return self._issue(client, scopes)

    def _issue(self, client: Application, scopes: list[str]) -> Reply:
        with self._lock:
            value = f"sandbox-{next(self._serial)}-{secrets.token_urlsafe(32)}"
            self._tokens[value] = IssuedToken(value, client, frozenset(scopes), time.monotonic() + self.lifetime)
            self.issued += 1
        body: dict[str, Any] = {
            "access_token": value,
            "expires_in": int(self.lifetime),
            "token_type": "Bearer",
            "scope": " ".join(scopes),
        }
        body.update(self.overrides)
        body = {name: member for name, member in body.items() if member is not None}
        return json_answer(body, headers=_NO_STORE)


def _basic(header: str) -> tuple[str, str] | None:
    """Read the pair of an ``Authorization: Basic`` header."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return "", ""
    return user, password


_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def _refusal(
    code: str, description: str | None = None, *, status: int = 400, headers: Mapping[str, str] | None = None
) -> Reply:
    body = {"error": code}
    if description:
        body["error_description"] = description
    return json_answer(body, status, {**_NO_STORE, **(headers or {})})
