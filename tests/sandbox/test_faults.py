"""Failures on demand, over real sockets."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bentley_nb.sandbox import Sandbox
from tests.waiting import until

from .conftest import Api


@pytest.fixture
def api(own: Sandbox, connect: Callable[..., Api]) -> Api:
    return connect(own)


def test_a_status_for_so_many_requests(own: Sandbox, api: Api) -> None:
    fault = own.faults.add("/codes", status=503, body="busy", headers={"Retry-After": "7"}, times=2, skip=1)
    assert [api.get("codes").status_code for _ in range(4)] == [200, 503, 503, 200]
    assert fault.met == 2
    own.faults.add("/codes", status=500, body={"error": {"code": "Broken", "message": "x"}}, times=None)
    assert [api.get("codes").json()["error"]["code"] for _ in range(3)] == ["Broken"] * 3
    assert api.get("user-fields").status_code == 200
    own.faults.clear()
    assert api.get("codes").status_code == 200


def test_html_instead_of_json_and_one_method_only(own: Sandbox, api: Api) -> None:
    page = "<html><h1>502 Bad Gateway</h1></html>"
    own.faults.add("token", method="POST", status=502, body=page, headers={"Content-Type": "text/html"})
    answer = api.token(own.client_id, own.client_secret)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (502, page, "text/html")
    assert api.token(own.client_id, own.client_secret).status_code == 200


def test_a_delay_leaves_the_answer_as_it_is(own: Sandbox, api: Api) -> None:
    own.faults.add("/codes", delay=0.3)
    begun = time.monotonic()
    assert api.get("codes").json()["codes"]
    assert time.monotonic() - begun >= 0.3


def test_the_true_answer_can_be_rewritten_once(own: Sandbox, api: Api) -> None:
    own.faults.add("/codes", rewrite=lambda body: {**body, "codes": body["codes"][:1]})
    assert [len(api.get("codes").json()["codes"]) for _ in range(2)] == [1, 9]


def test_a_broken_connection_before_and_in_the_middle_of_an_answer(own: Sandbox, api: Api) -> None:
    own.faults.add("/codes", drop=True)
    with pytest.raises(requests.ConnectionError):
        api.get("codes")
    own.faults.add("/tasks", truncate=500)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        api.get("tasks")
    assert api.get("codes").status_code == 200


def test_the_log_knows_what_was_asked(own: Sandbox, api: Api) -> None:
    own.log.clear()
    api.get("codes?$top=2")
    api.get("codes?$top=3", headers={"X-Correlation-ID": "mine"})
    api.get("nothing")
    assert own.log.count("/codes") == 2
    assert own.log.count("$top=3") == 1
    assert own.log.count(status=404) == 1
    assert len(own.log) == 3
    first, second, _ = own.log
    assert (first.method, first.query, first.status) == ("GET", "$top=2", 200)
    assert second.headers["X-Correlation-Id"] == "mine"
    assert first.at <= second.at


def test_stopping_ends_every_delay(connect: Callable[..., Api]) -> None:
    sandbox = Sandbox(rows=20).start()
    api = connect(sandbox)
    fault = sandbox.faults.add("/codes", delay=60)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(api.get, "codes")
        until(lambda: fault.met)
        begun = time.monotonic()
        sandbox.stop()
        assert time.monotonic() - begun < 10
        with contextlib.suppress(requests.ConnectionError):
            waiting.result(timeout=60)


def test_latency_is_waited_for_on_every_answer(connect: Callable[..., Api]) -> None:
    with Sandbox(rows=20, latency=0.2) as sandbox:
        api = connect(sandbox)
        begun = time.monotonic()
        api.get("codes")
        assert time.monotonic() - begun >= 0.2
        sandbox.latency = 0
        assert sandbox.latency == 0
