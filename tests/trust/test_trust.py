"""Nothing leaks, nothing mixes, nothing hangs: over real sockets and in real processes."""

from __future__ import annotations

import base64
import html
import json
import logging
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb._files import replaced
from bentley_nb._redact import redacted
from bentley_nb.auth.secret import Secret
from bentley_nb.transport import http, retries
from bentley_nb.transport.limiter import RateLimiter
from tests.scripted import CLIENT_ID, SCHEDULE, SECRET, Reply, Request, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.002)


# Fork -------------------------------------------------------------------------------------------------------------


def _read_names(work: tuple[bn.Client, str]) -> set[str]:
    client, schedule = work
    return set(client.schedule(schedule).tasks()["name"])


_inherited: list[bn.Client] = []


def _in_child(schedule: str) -> bool:
    return _read_names((_inherited[0], schedule)) == {schedule}


@posix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_forked_children_read_their_own_schedules(service: ScriptedService) -> None:
    ids = [f"{number:08d}-0000-0000-0000-000000000000" for number in range(24)]
    for one in ids:
        service.on(f"/schedules/{one}/tasks", {"tasks": [{"id": str(n), "name": one} for n in range(20)]})
    _inherited[:] = [service.connect()]
    assert _in_child(ids[0])  # a connection is open now
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert all(pool.map(_in_child, ids, chunksize=1))


def test_an_answer_to_another_request_is_not_taken(service: ScriptedService) -> None:
    other = http.new_correlation_id()
    good = {"tasks": [{"id": "1"}]}
    service.on(TASKS, [Reply(body={"tasks": []}, headers={"X-Correlation-ID": other}), Reply(body=good)])
    assert len(service.schedule().tasks()) == 1


@pytest.mark.parametrize("what", ["client", "schedule"])
def test_what_cannot_be_pickled_says_what_to_do(service: ScriptedService, what: str) -> None:
    thing: Any = service.connect() if what == "client" else service.schedule()
    with pytest.raises(TypeError, match=r"Call bentley_nb\.connect\(\) in each worker process"):
        pickle.dumps(thing)


# Bounds -----------------------------------------------------------------------------------------------------------


def test_a_byte_now_and_then_ends(service: ScriptedService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMES_THE_TIMEOUT", 2)

    def drip(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10000")
        handler.end_headers()
        for _ in range(600):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    answer = service._answer
    monkeypatch.setattr(service, "_answer", lambda handler: drip(handler) if TASKS in handler.path else answer(handler))
    started = time.monotonic()
    with pytest.raises(bn.ServiceUnavailable, match="the answer was not complete after 1 s"):
        service.schedule(timeout=(1, 0.5)).tasks()
    assert time.monotonic() - started < 4


def test_a_page_larger_than_the_limit(service: ScriptedService) -> None:
    bn.options.largest_answer_mb = 1
    service.on(TASKS, Reply(body=b" " * (2 << 20)))
    with pytest.raises(bn.InvalidResponse, match="larger than 1 MB") as caught:
        service.schedule().tasks()
    assert "bentley_nb.options.largest_answer_mb" in str(caught.value)
    assert len(service.asked(TASKS)) == 1


def test_the_same_rows_under_new_links(service: ScriptedService) -> None:
    def answer(request: Request) -> Reply:
        link = f"?$top=2&$continuationToken=t{len(service.requests)}"
        return Reply(body={"tasks": [{"id": "1"}, {"id": "2"}], "_links": {"next": {"href": link}}})

    service.on(TASKS, answer)
    with pytest.raises(bn.InvalidResponse, match="sent the rows of an earlier page again"):
        service.schedule().tasks()
    assert len(service.asked(TASKS)) <= 12


@pytest.mark.parametrize(
    "way",
    [
        {"_links": [{"rel": "next", "href": "?page=2"}]},
        {"@odata.nextLink": "?page=2"},
        {"links": {"next": {"href": "?page=2"}}},
        {"@odata.nextLink": "?page=2", "_links": {}},
        {"hasMore": True},
    ],
    ids=["list", "odata", "links", "between", "has-more"],
)
def test_a_next_page_in_unknown_words(service: ScriptedService, way: dict[str, Any]) -> None:
    service.on(TASKS, {"tasks": [{"id": "1"}], **way})
    with pytest.raises(bn.InvalidResponse, match="in an unknown form"):
        service.schedule().tasks()


def test_a_next_link_to_another_schedule(service: ScriptedService) -> None:
    other = "/schedules/22222222-2222-3333-4444-555555555555/tasks?$top=1&$continuationToken=x"
    service.on(TASKS, {"tasks": [{"id": "1"}], "_links": {"next": {"href": other}}})
    with pytest.raises(bn.InvalidResponse, match="is of another list"):
        service.schedule().tasks()


def test_a_token_beside_a_link_to_another_host_is_used_here(service: ScriptedService) -> None:
    first = {"tasks": [{"id": "1"}], "_links": {"next": {"href": "https://api.example/x"}}, "nextPageToken": "two"}
    service.on(TASKS, [Reply(body=first), Reply(body={"tasks": [{"id": "2"}], "_links": {}})])
    assert service.schedule().tasks()["id"].tolist() == ["1", "2"]
    assert service.asked(TASKS)[1].query["$continuationToken"] == "two"


def test_the_list_of_projects_is_asked_once_more_without_its_cap(service: ScriptedService) -> None:
    refused = Reply(422, {"error": {"code": "Unprocessable", "message": "X-Max-Return"}})
    service.on("/itwins", [refused, Reply(body={"iTwins": [{"id": "1", "displayName": "Tower"}]})])
    assert len(service.connect().projects()) == 1
    assert ["x-max-return" in request.headers for request in service.asked("/itwins")] == [True, False]


def test_members_that_fold_to_one_column_are_both_kept(service: ScriptedService, tmp_path: Path) -> None:
    """In the same column on every page, whichever of them comes first there, and in everything made from the table."""
    first = {"id": "1", "name": "x", "ownId": "a", "own_id": "b", "a.b": "c", "a": {"b": "d"}, "planned_start": "e"}
    second = {"id": "2", "name": "y", "a": {"b": "D"}, "a.b": "C", "own_id": "B", "planned_start": "E", "ownId": "A"}
    link = {"next": {"href": f"{service.url}{TASKS}?$continuationToken=2"}}
    service.on(
        TASKS,
        lambda request: (
            Reply(body={"tasks": [second], "_links": {}}, headers={"ETag": '"2"'})
            if request.query.get("$continuationToken")
            else Reply(body={"tasks": [first], "_links": link}, headers={"ETag": '"1"'})
        ),
    )
    service.on(f"/schedules/{SCHEDULE}", {"schedule": {"id": SCHEDULE, "displayName": "x"}})
    service.on(f"/schedules/{SCHEDULE}/project-scheduling", {"projectScheduling": {"dataDate": "2025-01-01T00:00:00Z"}})
    s = service.schedule(store=tmp_path / "pages")
    names = ["own_id", "own_id_2", "a_b", "a_b_2", "planned_start_2"]
    expected = [list("abcde"), list("ABCDE")]
    tasks = s.tasks()
    assert tasks[names].to_numpy().tolist() == expected
    assert tasks["planned_start"].isna().all()
    assert s.table("tasks", refresh=True)[names].to_numpy().tolist() == expected  # from the stored pages
    assert bn.sql(f"SELECT {', '.join(names)} FROM tasks ORDER BY id", s).to_numpy().tolist() == expected
    s.to_parquet("tasks", tmp_path / "tasks.parquet")
    assert pd.read_parquet(tmp_path / "tasks.parquet")[names].to_numpy().tolist() == expected
    assert bn.open(s.keep(tmp_path / "kept", tables=["tasks"])).table("tasks")[names].to_numpy().tolist() == expected


# Tokens and turns -------------------------------------------------------------------------------------------------


def test_sixteen_threads_with_short_tokens_and_faults(service: ScriptedService) -> None:
    """The short form of ``python -m tests.benchmarks.endurance``."""
    valid: dict[str, float] = {}
    count = iter(range(10**9))

    def token(request: Request) -> Reply:
        value = f"short-lived-{next(count)}"
        valid[f"Bearer {value}"] = time.monotonic() + 1
        return Reply(body={"access_token": value, "token_type": "Bearer", "expires_in": 1})

    def answer(request: Request) -> Reply:
        if valid.get(request.headers["authorization"], 0) < time.monotonic():
            return Reply(401, {"error": {"code": "Unauthorized"}})
        number = next(count)
        if number % 50 == 0:
            return Reply(429, b"", {"Retry-After": "0"})
        return Reply(503) if number % 70 == 0 else Reply(body={"tasks": [{"id": "1"}]})

    service.on("/connect/token", token)
    service.on(TASKS, answer)
    client, end = service.connect(), time.monotonic() + 4

    def work(_: int) -> int:
        read = 0
        while time.monotonic() < end:
            read += len(client.schedule(SCHEDULE).tasks())
        return read

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(work, range(16))) > 16


def test_refusals_that_do_not_come_from_the_rate_do_not_lower_it_for_good() -> None:
    class Clock:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    class Never(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            clock.now += (timeout or 0) + 1e-6
            return False

    clock, never = Clock(), Never()
    limiter = RateLimiter(clock)
    answered = 0
    while clock.now < 1800:
        limiter.acquire(never)
        clock.now += 0.01
        answered += 1
        if answered % 500 == 0:
            limiter.refused(0)
    assert answered / 1800 > 60  # of 100 a second


# No echo ----------------------------------------------------------------------------------------------------------

WAYS = {
    "plain": str,
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "json": lambda text: json.dumps(text)[1:-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode().rstrip("=")[:-2],
    "basic": lambda text: base64.b64encode(f"client:{text}".encode()).decode()[12:-4],
    "cut": lambda text: text[: len(text) * 3 // 4],
    # As System.Text.Json, its HtmlEncoder, PHP and Jinja write them.
    "json-dotnet": lambda text: "".join(
        f"\\u{ord(c):04X}" if c in "+&'\"<>`" or c > "~" else json.dumps(c)[1:-1] for c in text
    ),
    "json-slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "html-dotnet": lambda text: html.escape(text).replace("+", "&#x2B;"),
    "html-jinja": lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    # Letter by letter.
    "hex": lambda text: text.encode().hex().upper(),
    "url-all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "json-all": lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
    "html-all": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "utf-16": lambda text: text.encode("utf-16").decode(errors="replace"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_taken_out_however_it_is_written(way: str) -> None:
    secret = Secret('S3+r3t/va\'lue+/=&% "quoted" ü and more of it')
    written = WAYS[way](secret.reveal())
    error = bn.InvalidResponse(f"It said {written}.", hint=written, where=f"x/{written}", correlation_id=written)
    assert written not in str(error)
    assert "***" in str(error)
    assert written not in redacted(f"see {written}")


def test_a_secret_is_taken_out_without_the_white_space_around_it() -> None:
    secret = Secret("  a-secret-that-was-pasted\n")
    assert redacted(f"see {secret.reveal().strip()}.") == "see ***."


@pytest.mark.parametrize("way", ["plain", "url", "form", "json", "json-dotnet", "json-slashes", "html-dotnet"])
def test_nothing_of_a_secret_is_left_behind_a_special_character(way: str) -> None:
    """Forms of one secret agree up to that character: none may take out the first half only."""
    secret = Secret('a-long-enough-beginning+the/rest"is\\as=secret ü to the end')
    assert redacted(f"see {WAYS[way](secret.reveal())}.") == "see ***."


@pytest.mark.parametrize("ahead", range(3))
def test_base64_leaves_neither_end_of_a_secret(ahead: int) -> None:
    secret = Secret("a-secret-of-some-length")
    packed = base64.b64encode(f"{'-' * ahead}{secret.reveal()}".encode()).decode()
    assert redacted(f"see {packed}.") in {"see ***.", "see ***=.", "see ***==."}


@pytest.mark.parametrize("where", ["token", "tasks"])
def test_a_long_reason_is_cut_after_its_secrets_are_gone(service: ScriptedService, where: str) -> None:
    long = f"{'x' * 480}{SECRET}{' and so on' * 900}"
    body = {"error": "invalid_client", "error_description": long} if where == "token" else {"error": {"message": long}}
    service.on("/connect/token" if where == "token" else TASKS, Reply(400, body))
    with pytest.raises(bn.BentleyError) as caught:
        service.schedule().tasks()
    assert SECRET[:8] not in str(caught.value)
    assert len(str(caught.value)) < 1200


@pytest.mark.parametrize("lead", ["redirect", "next"])
def test_an_address_in_a_message_is_short_and_without_what_a_gateway_puts_in_it(
    service: ScriptedService, lead: str
) -> None:
    url = f"https://me:pass-word@elsewhere.example/login/{'z' * 3000}#id_token=another-token"
    reply = (
        Reply(302, b"", {"Location": url}) if lead == "redirect" else Reply(body={"_links": {"next": {"href": url}}})
    )
    reply.headers["X-Correlation-ID"] = "c" * 5000
    service.on(TASKS, reply)
    with pytest.raises(
        bn.InvalidResponse, match=r"another address \(https://\*\*\*@elsewhere\.example/login/z+\)"
    ) as caught:
        service.schedule().tasks()
    assert not any(word in str(caught.value) for word in ("pass-word", "another-token"))
    assert len(str(caught.value)) < 1200


def test_neither_errors_nor_logs_show_the_token(service: ScriptedService, caplog: pytest.LogCaptureFixture) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.CANARYTOKEN0123456789abcdef+/=.c2lnbmF0dXJl"
    service.on("/connect/token", {"access_token": token, "token_type": "Bearer", "expires_in": 3600})
    caplog.set_level(logging.DEBUG, "bentley_nb")
    for reply in (
        Reply(body={token: 1}),
        Reply(302, b"", {"Location": f"https://elsewhere.example/{token}"}),
        Reply(body={"tasks": [], "_links": {"next": {"href": f"https://elsewhere.example/{token}"}}}),
        Reply(500, {"error": {"code": "x"}}, {"X-Correlation-ID": token}),
        Reply(400, {"error": {"code": token, "message": quote(token, safe="")}}),
    ):
        service.on(TASKS, reply)
        with pytest.raises(bn.BentleyError) as caught:
            service.schedule().tasks()
        for written in (token, quote(token, safe=""), SECRET):
            assert written not in str(caught.value) + repr(caught.value) + caplog.text
    assert any("GET" in record.getMessage() and TASKS in record.getMessage() for record in caplog.records)
    assert any("attempt 2 of 6" in record.getMessage() for record in caplog.records if record.levelname == "WARNING")


# Addresses and secrets of one source ------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["BENTLEY_TOKEN_URL", "BENTLEY_API_URL", "BENTLEY_PROJECTS_URL"])
def test_an_address_of_a_found_file_gets_no_secret_from_elsewhere(service: ScriptedService, variable: str) -> None:
    path = Path(".env")
    path.write_text(f"{variable}={service.url}/connect/token\n", encoding="utf-8")
    client = bn.connect(CLIENT_ID, SECRET, progress=False)
    assert ".env file" in str(client.explain()[f"{variable.removeprefix('BENTLEY_').lower()}_source"])
    for question in (client.projects, client.schedule(SCHEDULE).tasks):
        with pytest.raises(bn.InvalidRequest, match="nothing was sent to 127") as caught:
            question()
        assert "env_file=" in str(caught.value)
    assert service.requests == []


def test_an_address_with_the_pair_of_the_same_file_is_used(service: ScriptedService) -> None:
    service.on("/itwins", {"iTwins": []})
    Path(".env").write_text(
        f"BENTLEY_CLIENT_ID={CLIENT_ID}\nBENTLEY_CLIENT_SECRET=abc\nBENTLEY_TOKEN_URL={service.url}/connect/token\n"
        f"BENTLEY_PROJECTS_URL={service.url}/itwins\n",
        encoding="utf-8",
    )
    assert bn.connect(progress=False).projects().empty


def test_a_named_file_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "of-the-environment")
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", "x")
    path = Path("named.env")
    path.write_text("BENTLEY_CLIENT_ID=of-the-file\nBENTLEY_CLIENT_SECRET=y\n", encoding="utf-8")
    assert bn.connect(env_file=path, progress=False).explain()["source"] == f".env file {path.resolve()}"


@posix
def test_a_file_that_others_may_have_written_is_left_aside() -> None:
    path = Path(".env")
    path.write_text("BENTLEY_CLIENT_ID=x\nBENTLEY_CLIENT_SECRET=y\n", encoding="utf-8")
    path.chmod(0o666)
    with (
        pytest.warns(UserWarning, match=r"is not read: others can write to it \(mode 666\)"),
        pytest.raises(bn.CredentialsNotFound, match="others can write to it"),
    ):
        bn.connect(progress=False)
    path.chmod(0o644)
    with pytest.warns(UserWarning, match="can read the secret in .*chmod 600"):
        bn.connect(progress=False)


@posix
def test_a_pipe_of_that_name_is_passed_over() -> None:
    os.mkfifo(".env")
    assert bn.connect(CLIENT_ID, "s", progress=False).explain()["file"] is None


# Files ------------------------------------------------------------------------------------------------------------


@posix
def test_devices_are_refused_and_links_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    with pytest.raises(bn.InvalidRequest, match="a device or a pipe"), replaced(tmp_path / "pipe.html"):
        pytest.fail("nothing is begun")
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")
    with replaced(tmp_path / "link.html") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text() == "new"


def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(bn.InvalidRequest, match="No space left") as caught, replaced(path):
        raise OSError(28, "No space left on device")
    assert "The old file is unchanged." in str(caught.value)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(bn.InvalidRequest, match="NUL"), replaced(f"{tmp_path}/a\0b"):
        pytest.fail("nothing is begun")


@posix
def test_what_a_killed_process_left_behind_is_removed(tmp_path: Path) -> None:
    code = (
        "import os, signal; from bentley_nb._files import replaced\n"
        f"with replaced({str(tmp_path / 'a.html')!r}): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with replaced(tmp_path / "b.html"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["b.html"]
