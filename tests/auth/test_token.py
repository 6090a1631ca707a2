"""The token endpoint, over real sockets: once for all threads, early renewal, refusals in words."""

from __future__ import annotations

import html
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

import bentley_nb as bn
from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret
from bentley_nb.auth.token import TokenSource
from bentley_nb.transport import retries
from bentley_nb.transport.http import Sessions
from bentley_nb.transport.limiter import Stopped
from tests.scripted import CLIENT_ID, SCHEDULE, SECRET, Reply, Request, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.001)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def source(service: ScriptedService, clock: Clock | None = None) -> TokenSource:
    credentials = Credentials(CLIENT_ID, Secret(SECRET), "test")
    return TokenSource(
        credentials, f"{service.url}/connect/token", "itwin-platform", Sessions(), (2, 2), clock or Clock()
    )


def test_the_form_arrives_intact(service: ScriptedService) -> None:
    source(service).token()
    [request] = service.asked("/connect/token")
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.form == {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "scope": "itwin-platform",
    }


def test_sixteen_threads_on_a_cold_start_ask_once(service: ScriptedService) -> None:
    service.on("/connect/token", lambda request: Reply(body=service.give_token(request).body, delay=0.1))
    tokens = source(service)
    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(lambda _: tokens.token(), range(16)))
    assert len(set(given)) == 1
    assert len(service.asked("/connect/token")) == 1


def test_who_was_stopped_while_asking_is_not_waited_for(service: ScriptedService) -> None:
    let_go, asked, hung = threading.Event(), threading.Event(), []

    def answer(request: Request) -> Reply:
        reply = service.give_token(request)
        if not asked.is_set():
            asked.set()
            hung.append(let_go.wait(timeout=60))
        return reply

    service.on("/connect/token", answer)
    tokens, stop = source(service), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tokens.token, None, stop)
        assert asked.wait(timeout=60)
        second = pool.submit(tokens.token, None, stop)  # of the same pull: waits for the first
        stop.set()
        with pytest.raises(Stopped):
            second.result(timeout=60)
        assert tokens.seconds_left is None
        given = tokens.token()
        assert not hung
        let_go.set()
        assert first.result(timeout=60) != given
    assert tokens.token() == given  # what came too late is not kept
    assert len(service.asked("/connect/token")) == 2


def test_an_endpoint_that_gives_the_refused_token_again_is_not_asked_for_ever(service: ScriptedService) -> None:
    service.on("/connect/token", {"access_token": "same", "token_type": "Bearer"})
    tokens = source(service)
    assert tokens.token(rejected=tokens.token()) == tokens.token()
    assert len(service.asked("/connect/token")) == 2


def test_sixteen_threads_after_a_revocation_ask_once_more(service: ScriptedService) -> None:
    revoked: set[str] = set()
    together = threading.Barrier(16)

    def answer(request: Request) -> Reply:
        if request.headers["authorization"] in revoked:
            together.wait(timeout=60)  # all sixteen are refused before any of them has a new token
            return Reply(401, {"error": {"code": "Unauthorized", "message": "expired"}})
        return Reply(body={"tasks": [{"id": "1"}]})

    service.on(TASKS, answer)
    client = service.connect(max_workers=16)
    client.schedule(SCHEDULE).tasks()
    revoked.add("Bearer token-1")
    with ThreadPoolExecutor(16) as pool:
        frames = list(pool.map(lambda _: client.schedule(SCHEDULE).tasks(), range(16)))
    assert all(len(frame) == 1 for frame in frames)
    assert len(service.asked("/connect/token")) == 2


def test_a_token_is_renewed_once_and_the_request_retried_once(service: ScriptedService) -> None:
    service.on(TASKS, Reply(401, {"error": {"code": "HeaderNotFound", "message": "Access denied."}}))
    with pytest.raises(bn.AccessDenied) as caught:
        service.schedule().tasks()
    assert len(service.asked(TASKS)) == 2
    assert len(service.asked("/connect/token")) == 2
    text = str(caught.value)
    assert "even a new one" in text
    assert f"{CLIENT_ID}@apps.imsoidc.bentley.com" in text
    assert isinstance(caught.value, PermissionError)


@pytest.mark.parametrize(
    ("expires_in", "lifetime"),
    [
        *((3600, 3600), ("3600", 3600), (None, 300), ("soon", 300), (0, 300), (-5, 300), (float("nan"), 300)),
        *((600, 600), (10**400, 300), ([], 300)),
    ],
)
def test_the_token_is_renewed_early(service: ScriptedService, expires_in: Any, lifetime: float) -> None:
    body = {"access_token": "t", "token_type": "Bearer"}
    service.on("/connect/token", Reply(body=body if expires_in is None else {**body, "expires_in": expires_in}))
    clock = Clock()
    tokens = source(service, clock)
    tokens.token()
    early = min(300, lifetime / 10)
    clock.now += lifetime - early - 1
    tokens.token()
    assert len(service.asked("/connect/token")) == 1
    clock.now += 2
    tokens.token()
    assert len(service.asked("/connect/token")) == 2


def test_an_early_renewal_that_fails_leaves_the_token_at_hand(service: ScriptedService) -> None:
    clock = Clock()
    tokens = source(service, clock)
    first = tokens.token()
    service.on("/connect/token", Reply(503, b""))
    clock.now += 3301
    assert tokens.token() == first
    asked = len(service.asked("/connect/token"))
    assert tokens.token() == first  # the endpoint is left alone for a moment
    assert len(service.asked("/connect/token")) == asked
    with pytest.raises(bn.ServiceUnavailable):
        tokens.token(rejected=first)
    clock.now += 298
    assert tokens.token() == first
    clock.now += 1  # its hour is over
    with pytest.raises(bn.ServiceUnavailable):
        tokens.token()
    service.on("/connect/token", service.give_token)
    assert tokens.token() != first


@pytest.mark.parametrize(
    ("status", "body", "parts"),
    [
        (400, {"error": "invalid_client"}, ["invalid_client", "Check the client id and the secret"]),
        (401, {"error": "invalid_client", "error_description": "no such client"}, ["no such client"]),
        (400, {"error": "invalid_scope"}, ["invalid_scope", "itwin-platform", "enterprise"]),
        (400, {"error": "unauthorized_client"}, ["type 'Service'"]),
        (400, {"error": "something_new"}, ["something_new"]),
        (403, b"<html><head><title>Blocked &amp; logged</title></head></html>", ["'Blocked & logged'", "proxy"]),
        (401, b"", ["an empty body"]),
    ],
)
def test_a_refusal_says_what_to_do_and_is_remembered(
    service: ScriptedService, status: int, body: Any, parts: list[str]
) -> None:
    service.on("/connect/token", Reply(status, body))
    client = service.connect()
    for _ in range(3):
        with pytest.raises(bn.CredentialsRejected) as caught:
            client.projects()
        for part in [*parts, CLIENT_ID[:8], "arguments"]:
            assert part in str(caught.value)
    assert len(service.asked("/connect/token")) == 1
    with pytest.raises(bn.CredentialsRejected):
        service.connect().projects()
    assert len(service.asked("/connect/token")) == 2


@pytest.mark.parametrize(
    ("reply", "error", "part"),
    [
        (Reply(200, b"<html><title>Sign in</title></html>"), bn.InvalidResponse, "titled 'Sign in'"),
        (Reply(200, {"token": "x"}), bn.InvalidResponse, "contains no access_token"),
        (Reply(200, {"access_token": "x", "token_type": "mac"}), bn.InvalidResponse, "not Bearer"),
        (Reply(200, [1]), bn.InvalidResponse, "instead of a token"),
        (Reply(404, b"nothing here"), bn.InvalidResponse, "BENTLEY_TOKEN_URL"),
        (Reply(302, b"", {"Location": "https://elsewhere.test/"}), bn.InvalidResponse, "302"),
        (Reply(302, b"", {"Location": "http://[bad/"}), bn.InvalidResponse, "302"),
        (Reply(500, b"<html>oops</html>"), bn.ServiceUnavailable, "answers 500"),
    ],
)
def test_answers_that_are_no_tokens(
    service: ScriptedService, reply: Reply, error: type[bn.BentleyError], part: str
) -> None:
    service.on("/connect/token", reply)
    with pytest.raises(error) as caught:
        service.connect().projects()
    assert part in str(caught.value)
    assert caught.value.hint
    assert caught.value.correlation_id == service.requests[-1].headers["x-correlation-id"]


@pytest.mark.parametrize("secret", [SECRET, "ZKqvX8jHwY2fBxNuR5mTgLpD7cQsEWz4yVbJ"])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 500])
@pytest.mark.parametrize("form", ["form", "plain", "escaped", "page", "json", "description"])
def test_an_answer_that_quotes_the_form_does_not_show_the_secret(
    service: ScriptedService, secret: str, status: int, form: str
) -> None:
    def answer(request: Request) -> Reply:
        body: Any = {
            "form": request.body,
            "plain": f"no {secret} here".encode(),
            "escaped": f"no {quote(secret)} here".lower().encode(),
            "page": f"<html><title>{html.escape(secret)} is wrong</title></html>".encode(),
            "json": {"given": {"client_secret": secret}},
            "description": {"error": "invalid_client", "error_description": f"bad client_secret={quote_plus(secret)}"},
        }[form]
        return Reply(status, body)

    service.on("/connect/token", answer)
    with pytest.raises(bn.BentleyError) as caught:
        service.connect(client_secret=secret).projects()
    text = str(caught.value)
    for written in (secret, quote(secret), quote_plus(secret), html.escape(secret)):
        assert not any(written[at : at + 6].lower() in text.lower() for at in range(len(written) - 5))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"access_token": "given-token", "token_type": "mac"}),
        Reply(200, {"access_token": "given-token and more"}),
        Reply(400, {"error": "invalid_client", "error_description": SECRET}),
        Reply(500, {"form": SECRET}),
        Reply(200, {"access_token": "given-token"}, cut_after=30),
    ],
)
def test_what_is_raised_has_no_variable_that_holds_the_secret_or_the_token(
    service: ScriptedService, reply: Reply
) -> None:
    service.on("/connect/token", reply)
    with pytest.raises(bn.BentleyError) as caught:
        source(service).token()
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    own = [frame for frame in shown.stack if "tests" not in frame.filename]
    assert own
    for frame in own:
        assert not any(text in str(frame.locals) for text in (SECRET, "given-token")), frame.name
    assert caught.value.__context__ is caught.value.__cause__ is None


@pytest.mark.parametrize("token", ["a\nb", "tøken", "a b", "\x7f", "€"])
def test_a_token_that_cannot_stand_in_a_header_is_not_shown(service: ScriptedService, token: str) -> None:
    service.on("/connect/token", {"access_token": token, "token_type": "Bearer"})
    with pytest.raises(bn.InvalidResponse, match="is not valid in a header") as caught:
        service.connect().projects()
    assert token not in str(caught.value)


def test_an_answer_nested_without_end_is_no_token(service: ScriptedService) -> None:
    service.on("/connect/token", Reply(200, b"[" * 100_000))
    with pytest.raises(bn.InvalidResponse, match="instead of a token"):
        service.connect().projects()


@pytest.mark.parametrize("status", [429, 500, 501, 502, 504, 520, 599])
def test_a_busy_endpoint_is_asked_again(service: ScriptedService, status: int) -> None:
    service.on("/itwins", {"iTwins": []})
    busy = [Reply(status, b"", {"Retry-After": "0"}), Reply(503, b"")]
    replies = iter(busy)
    service.on("/connect/token", lambda request: next(replies, None) or service.give_token(request))
    assert service.connect().projects().empty
    assert len(service.asked("/connect/token")) == 3


def test_an_endpoint_that_stays_busy(service: ScriptedService) -> None:
    service.on("/connect/token", Reply(429, b"", {"Retry-After": "0"}))
    with pytest.raises(bn.RateLimited) as caught:
        service.connect().projects()
    assert caught.value.retry_after == 0
    assert len(service.asked("/connect/token")) == 6


def test_a_date_to_wait_for_is_told_in_seconds(service: ScriptedService) -> None:
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    service.on("/connect/token", Reply(429, b"", {"Retry-After": past}))
    with pytest.raises(bn.RateLimited) as caught:
        service.connect().projects()
    assert caught.value.retry_after == 0


def test_no_connection(service: ScriptedService) -> None:
    client = service.connect(token_url="http://127.0.0.1:9/connect/token")
    with pytest.raises(bn.ServiceUnavailable, match="No answer from the token endpoint"):
        client.projects()


def test_netrc_has_no_effect(service: ScriptedService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password wrong\ndefault login eve password wrong\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    service.on(TASKS, {"tasks": []})
    service.schedule().tasks()
    assert "authorization" not in service.asked("/connect/token")[0].headers
    assert service.asked(TASKS)[0].headers["authorization"] == "Bearer token-1"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    service: ScriptedService, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:9")
    service.on(TASKS, {"tasks": []})
    assert service.schedule().tasks().empty


def test_a_proxy_of_the_environment_is_used_for_the_service(
    service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    client = service.connect(token_url="https://ims.example.test/connect/token")
    with pytest.raises(bn.ServiceUnavailable, match="proxy"):
        client.projects()
