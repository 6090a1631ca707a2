"""No character of a secret is shown unless asked for."""

from __future__ import annotations

import copy
import http.client
import json
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest

import bentley_nb as bn
from bentley_nb.auth.secret import Secret
from bentley_nb.errors import BentleyError
from bentley_nb.transport import retries
from bentley_nb.transport.http import Sessions
from tests.scripted import SECRET, Reply, ScriptedService


def test_no_way_of_printing_shows_it() -> None:
    secret = Secret(SECRET)
    shown = [
        repr(secret),
        str(secret),
        f"{secret:>40}",
        f"{secret!r}",
        f"{[secret]}",
        str({"a": secret}),
    ]
    shown.append(str([getattr(secret, name, "") for name in dir(secret) if name != "reveal"]))
    assert not any(SECRET in text or SECRET[:4] in text for text in shown)
    assert secret.reveal() == SECRET
    assert not isinstance(secret, str)


def test_it_is_not_pickled_nor_turned_into_json() -> None:
    secret = Secret(SECRET)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)
    assert copy.deepcopy(secret) is secret


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")
    with pytest.raises(TypeError):
        Secret(7)  # type: ignore[arg-type]


def test_neither_logs_nor_frames_nor_errors_hold_the_secret_or_the_token(
    service: ScriptedService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = f"/schedules/{'11111111-2222-3333-4444-555555555555'}/tasks"
    service.on(path, [Reply(body={"tasks": [{"id": "1"}]}), Reply(403, {"error": {"code": "Forbidden"}})])
    client = service.connect()
    schedule = client.schedule("11111111-2222-3333-4444-555555555555")
    frame = schedule.tasks()
    with pytest.raises(BentleyError) as caught:
        schedule.tasks(refresh=True)
    shown = [
        caplog.text,
        repr(client),
        repr(client.explain()),
        client._repr_html_(),
        repr(schedule),
        json.dumps(frame.attrs),
        "".join(traceback.format_exception(caught.value)),
        repr(vars(caught.value)),
    ]
    for text in shown:
        assert SECRET not in text
        assert "token-1" not in text


def test_the_debug_switch_of_http_client_prints_nothing_of_them(
    service: ScriptedService, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipe that everybody finds first for looking at requests; a saved notebook would hold what it prints."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    service.on("/itwins", {"iTwins": []})
    assert service.connect().projects().empty
    shown = capsys.readouterr()
    assert "token-1" not in shown.out + shown.err
    assert "client_secret" not in shown.out + shown.err
    with Sessions()._borrow() as session:
        adapter: Any = session.get_adapter("https://service.test")
        by_proxy = adapter.proxy_manager_for("http://proxy.test:8080").connection_from_url("https://service.test")
        assert by_proxy.ConnectionCls("service.test").debuglevel == 0


def test_the_traceback_of_a_refusal_has_no_variable_that_holds_the_secret(service: ScriptedService) -> None:
    """``%xmode Verbose`` prints the variables of every frame of the traceback, and of those it came from."""
    service.on("/connect/token", Reply(400, {"error": "invalid_client", "error_description": f"bad secret {SECRET}"}))
    with pytest.raises(BentleyError) as caught:
        service.connect().projects()
    assert SECRET not in str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            for name, value in trace.tb_frame.f_locals.items():
                if "tests" not in trace.tb_frame.f_code.co_filename:
                    assert SECRET not in repr(value), (trace.tb_frame.f_code.co_qualname, name)
            trace = trace.tb_next
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


@pytest.mark.parametrize(
    ("positional", "options"),
    [
        (("id", SECRET), {"page_size": 0}),
        (("id", SECRET), {"store": 5}),
        (("id", SECRET), {"surface": "x"}),
        (("id", SECRET), {"api_url": "http://example.test"}),
        (("id", SECRET), {"env_file": "nowhere.env"}),
        ((None, SECRET), {}),
        (("  ", SECRET), {}),
        ((5, SECRET), {}),
        (("id", SECRET.encode()), {}),
        ((), {}),
        (("id", SECRET + "\udce9"), {}),  # bytes of another encoding, as the environment gives them
        ((), {"env_file": "half.env"}),
        ((), {"env_file": "broken.env"}),
    ],
)
def test_what_connect_raises_has_no_variable_that_holds_the_secret(
    positional: tuple[Any, ...], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``%xmode Verbose``, ``faulthandler``-like tools and error trackers show the variables of every frame."""
    if not options.get("env_file"):
        monkeypatch.setenv("BENTLEY_CLIENT_SECRET", SECRET)
    Path("half.env").write_text(f"BENTLEY_CLIENT_SECRET='{SECRET}'\n", encoding="utf-8")
    Path("broken.env").write_bytes(f"BENTLEY_CLIENT_SECRET='{SECRET}'\n".encode() + b"X=\xff\n")
    with pytest.raises(BentleyError) as caught:
        bn.connect(*positional, **options)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    own = [frame for frame in shown.stack if "tests" not in frame.filename]
    assert own
    for frame in own:
        assert SECRET not in str(frame.locals), frame.name
    error: BaseException | None = caught.value
    while error is not None:
        assert SECRET not in repr(error)
        error = error.__cause__ or error.__context__


def test_the_token_is_not_repeated_where_the_service_quotes_it(
    service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.001)
    path = "/schedules/11111111-2222-3333-4444-555555555555/tasks"
    for reply in (
        Reply(403, {"error": {"code": "x", "message": "token Bearer token-1"}}),
        Reply(403, b"", {"WWW-Authenticate": "Bearer token-1"}),
        Reply(500, b"seen: token-1"),
    ):
        service.on(path, reply)
        with ScriptedService() as tokens:  # whose first token is always the same
            client = service.connect(token_url=f"{tokens.url}/connect/token")
            with pytest.raises(BentleyError) as caught:
                client.schedule("11111111-2222-3333-4444-555555555555").tasks()
        assert "token-1" not in str(caught.value)
        assert "***" in str(caught.value)
