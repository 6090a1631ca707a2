from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bentley_nb as bn
from bentley_nb.errors import CredentialsNotFound, InvalidRequest


def test_arguments_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "from-environment")
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", "x")
    assert bn.connect("from-arguments", "y").explain()["source"] == "arguments"
    assert bn.connect().explain()["source"] == "environment"


def test_the_environment_comes_before_the_file_and_the_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("BENTLEY_CLIENT_ID=file-id-0123456\nBENTLEY_CLIENT_SECRET=file-secret\n", encoding="utf-8")
    below = Path("a/b")
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    found = bn.connect().explain()
    assert found["client_id"] == "file-id-…"
    assert found["file"] == str(Path("../../.env").resolve())
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "environment-id")
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", "x")
    assert bn.connect().explain()["source"] == "environment"


def test_the_file_is_never_exported_to_child_processes() -> None:
    Path(".env").write_text("BENTLEY_CLIENT_ID=id\nBENTLEY_CLIENT_SECRET=file-secret\n", encoding="utf-8")
    bn.connect()
    code = "import os; print(os.environ.get('BENTLEY_CLIENT_SECRET'))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "None"
    )


def test_dollar_signs_and_quotes_in_the_file_arrive_intact() -> None:
    Path(".env").write_text("BENTLEY_CLIENT_ID=id\nBENTLEY_CLIENT_SECRET='a${HOME}$b+/=&%ü'\n", encoding="utf-8")
    assert bn.connect()._credentials.client_secret.reveal() == "a${HOME}$b+/=&%ü"


def test_the_fallback_names_of_bentley_s_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITP_SERVICE_CLIENT_ID", "itp-id-012345")
    monkeypatch.setenv("ITP_SERVICE_CLIENT_SECRET", "x")
    assert bn.connect().explain()["client_id"] == "itp-id-0…"


@pytest.mark.parametrize(
    ("have", "lack"),
    [
        ("BENTLEY_CLIENT_ID", "BENTLEY_CLIENT_SECRET"),
        ("BENTLEY_CLIENT_SECRET", "BENTLEY_CLIENT_ID"),
        ("ITP_SERVICE_CLIENT_ID", "ITP_SERVICE_CLIENT_SECRET"),
    ],
)
def test_half_a_pair_is_an_error_even_where_a_later_step_has_both(
    monkeypatch: pytest.MonkeyPatch, have: str, lack: str
) -> None:
    Path(".env").write_text("BENTLEY_CLIENT_ID=id\nBENTLEY_CLIENT_SECRET=s\n", encoding="utf-8")
    monkeypatch.setenv(have, "half")
    with pytest.raises(CredentialsNotFound, match=f"environment gives {have} but not {lack}"):
        bn.connect()


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_credentials_count_as_none(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("BENTLEY_CLIENT_ID", blank)
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", blank)
    Path(".env").write_text("BENTLEY_CLIENT_ID=file-id-0123456\nBENTLEY_CLIENT_SECRET=s\n", encoding="utf-8")
    assert bn.connect(blank, blank).explain()["client_id"] == "file-id-…"
    Path(".env").write_text(f'BENTLEY_CLIENT_ID="{blank}"\nBENTLEY_CLIENT_SECRET="{blank}"\n', encoding="utf-8")
    with pytest.raises(CredentialsNotFound, match="arguments: none given"):
        bn.connect(blank, blank)
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "id")
    with pytest.raises(CredentialsNotFound, match="gives BENTLEY_CLIENT_ID but not BENTLEY_CLIENT_SECRET"):
        bn.connect()


@pytest.mark.parametrize(
    ("client_id", "secret", "message"),
    [(5, "s", "client_id must be text, not int"), ("id", b"s", "client_secret must be text")],
)
def test_credentials_are_text(client_id: object, secret: object, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        bn.connect(client_id, secret)


def test_bytes_of_another_encoding_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENTLEY_CLIENT_ID", "id")
    monkeypatch.setenv("BENTLEY_CLIENT_SECRET", "caf\udce9")
    with pytest.raises(InvalidRequest, match=r"environment: .* BENTLEY_CLIENT_SECRET is not valid UTF-8"):
        bn.connect()


def test_integers_of_numpy_are_whole_numbers() -> None:
    client = bn.connect("id", "s", page_size=np.int64(500), max_workers=np.int32(2), timeout=np.int64(9))
    assert (client.page_size, client.max_workers) == (500, 2)
    assert type(client.page_size) is int


def test_half_a_pair_of_arguments() -> None:
    with pytest.raises(LookupError, match="arguments gives client_id but not client_secret"):
        bn.connect("id")


def test_without_credentials_each_step_says_why_it_gave_nothing() -> None:
    with pytest.raises(CredentialsNotFound) as caught:
        bn.connect()
    text = str(caught.value)
    for part in (
        "arguments: none given",
        "environment: neither BENTLEY_CLIENT_ID nor ITP_SERVICE_CLIENT_ID",
        ".env file: no .env",
        "keyring: not asked for",
        "the sign-in of this session: not signed in",
        "prompt: not at a terminal",
        "demo=True",
    ):
        assert part in text


def _closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [None, object(), _closed(), io.StringIO()])
def test_nobody_is_asked_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch, stream: object) -> None:
    monkeypatch.setattr(sys, "stdin", stream)
    with pytest.raises(CredentialsNotFound, match="prompt: not at a terminal"):
        bn.connect()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the folder one works in")
def test_a_working_folder_that_was_removed() -> None:
    here = Path.cwd() / "gone"
    here.mkdir()
    os.chdir(here)
    here.rmdir()
    assert bn.connect("id", "s").explain()["source"] == "arguments"
    with pytest.raises(CredentialsNotFound, match=r"no \.env from the working folder upward"):
        bn.connect()


def test_a_named_file_that_is_not_there() -> None:
    with pytest.raises(InvalidRequest, match="There is no file"):
        bn.connect(env_file="nowhere.env")


def test_a_file_that_is_not_text() -> None:
    Path(".env").write_text("BENTLEY_CLIENT_ID=id\nBENTLEY_CLIENT_SECRET=s\n", encoding="utf-16")
    with pytest.raises(InvalidRequest, match=r"not UTF-8 text .* save it as UTF-8"):
        bn.connect()


def test_settings_come_from_the_file_too() -> None:
    Path(".env").write_text(
        "BENTLEY_CLIENT_ID=id\nBENTLEY_CLIENT_SECRET=s\nBENTLEY_SURFACE=Enterprise\nBENTLEY_SCOPE=own\n"
        "BENTLEY_API_URL=https://example.test/a/\n",
        encoding="utf-8",
    )
    found = bn.connect().explain()
    assert (found["surface"], found["scope"], found["api_url"]) == ("enterprise", "own", "https://example.test/a")
    assert bn.connect(surface="platform").explain()["surface"] == "platform"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"api_url": "http://example.test"}, "must begin with https://"),
        ({"token_url": "ftp://example.test"}, "not an http"),
        ({"token_url": "ftp://user:pw@example.test"}, "a user name"),
        ({"projects_url": b"https://example.test"}, "not an address"),
        ({"api_url": "https://user:pw@example.test"}, "a user name"),
        ({"surface": "platfrom"}, "Did you mean 'platform'"),
        ({"page_size": 0}, "page_size must be a whole number from 1 to 10,000"),
        ({"page_size": 10_001}, "page_size"),
        ({"page_size": True}, "page_size"),
        ({"max_workers": 0}, "max_workers"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": (1, 2, 3)}, "timeout"),
        ({"demo": True}, "takes no credentials"),
    ],
)
def test_connect_refuses_at_once_what_cannot_be_right(options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        bn.connect("id", "secret", **options)
    assert message in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_plain_http_is_for_this_machine_only(host: str) -> None:
    assert bn.connect("id", "s", api_url=f"http://{host}:1/schedules").explain()["api_url"].startswith("http://")
