"""The token endpoint: RFC 6749, over the wire."""

from __future__ import annotations

import pytest
import requests

from bentley_nb.sandbox import Sandbox
from tests.waiting import until


def ask(sandbox: Sandbox, **changes: object) -> requests.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "scope": "itwin-platform",
        **changes,
    }
    return requests.post(
        sandbox.token_url, data={name: value for name, value in form.items() if value is not None}, timeout=10
    )


def test_success_is_a_bearer_token_that_must_not_be_stored(sandbox: Sandbox) -> None:
    answer = ask(sandbox)
    body = answer.json()
    assert answer.status_code == 200
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert body["scope"] == "itwin-platform"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_secret_holds_what_a_careless_form_spoils(sandbox: Sandbox) -> None:
    assert set("+/=&%") <= set(sandbox.client_secret)
    assert not sandbox.client_secret.isascii()
    unescaped = f"grant_type=client_credentials&client_id={sandbox.client_id}&client_secret={sandbox.client_secret}"
    answer = requests.post(
        sandbox.token_url,
        data=f"{unescaped}&scope=itwin-platform".encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=10,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": "wröng"}, "invalid_client"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": None}, "invalid_request"),
        ({"scope": ["itwin-platform", "enterprise"]}, "invalid_request"),
    ],
)
def test_refusals_are_those_of_section_5_2(sandbox: Sandbox, changes: dict[str, object], code: str) -> None:
    answer = ask(sandbox, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, code)


def test_a_json_body_and_a_get_are_refused(sandbox: Sandbox) -> None:
    as_json = requests.post(sandbox.token_url, json={"grant_type": "client_credentials"}, timeout=10)
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")
    as_get = requests.get(sandbox.token_url, timeout=10)
    assert (as_get.status_code, as_get.headers["Allow"]) == (405, "POST")


def test_http_basic_is_taken_too_but_not_together_with_the_form(sandbox: Sandbox) -> None:
    form = {"grant_type": "client_credentials", "scope": "enterprise"}
    right = (sandbox.uninvited_id, sandbox.uninvited_secret)
    assert requests.post(sandbox.token_url, data=form, auth=right, timeout=10).status_code == 200
    wrong = requests.post(sandbox.token_url, data=form, auth=(sandbox.uninvited_id, "x"), timeout=10)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert wrong.headers["WWW-Authenticate"].startswith("Basic")
    twice = requests.post(sandbox.token_url, data={**form, "client_secret": "x"}, auth=right, timeout=10)
    assert twice.json()["error"] == "invalid_request"


def test_a_token_expires_and_can_be_revoked(own: Sandbox) -> None:
    def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(own.projects_url, headers=headers, timeout=10).status_code

    first, second = (ask(own).json()["access_token"] for _ in range(2))
    assert (status(first), status(second)) == (200, 200)
    own.tokens.revoke(first)
    assert (status(first), status(second)) == (401, 200)
    assert own.tokens.revoke() == 1
    assert status(second) == 401

    own.tokens.lifetime = 0.2
    short = ask(own).json()["access_token"]
    until(lambda: status(short) == 401)
    assert own.tokens.issued == 3


def test_members_of_the_answer_can_be_bent(own: Sandbox) -> None:
    own.tokens.overrides = {"expires_in": "soon", "scope": None, "token_type": "bearer"}
    body = ask(own).json()
    assert body["expires_in"] == "soon"
    assert body["token_type"] == "bearer"
    assert "scope" not in body
