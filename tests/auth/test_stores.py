"""Keeping a pair in ``.env`` or the keyring: nothing lost, nothing readable by others, nothing in git unsaid."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bentley_nb.auth import stores
from bentley_nb.auth.credentials import Credentials, find_credentials
from bentley_nb.auth.secret import Secret
from bentley_nb.auth.settings import Settings
from bentley_nb.errors import InvalidRequest, MissingExtra

FULL = """\
# my settings
OTHER='x y'  # stays

export BENTLEY_CLIENT_ID=service-old
LONG='first
BENTLEY_CLIENT_SECRET=not a line of its own
'
LAST=1"""


def pair(secret="s3cret", client_id="service-0123456789"):
    return Credentials(client_id, Secret(secret), "form")


def values(path):
    return dotenv_values(path, interpolate=False, encoding="utf-8-sig")


@pytest.mark.parametrize(
    "secret",
    [
        "plain",
        "p+a/s=s&w%rd",
        "it's",
        'say "x"',
        "back\\slash",
        "end\\",
        "\\'",
        "# no comment",
        "${HOME}$HOME",
        " spaces ",
        "ü€\u2028x",
        "two\nlines",
        "`x`",
    ],
)
def test_what_is_written_is_read_back(secret):
    path = Path(".env")
    stores.write_env(path, pair(secret))
    found = find_credentials(settings=Settings())
    assert found.client_secret == Secret(secret)
    assert found.file == path.resolve()


def test_only_the_owner_may_read_it():
    path = Path(".env")
    path.write_text("OTHER=1\n")
    path.chmod(0o644)
    stores.write_env(path, pair())
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(Path().iterdir()) == [path]  # no temporary neighbour left


def test_other_lines_stay_as_they_are():
    path = Path(".env")
    path.write_text(FULL)
    stores.write_env(path, pair(), {"BENTLEY_SURFACE": "enterprise"}, replace=True)
    expected = (
        FULL.replace("service-old", "service-0123456789")
        + "\nBENTLEY_CLIENT_SECRET=s3cret\nBENTLEY_SURFACE=enterprise\n"
    )
    assert path.read_text() == expected
    stores.write_env(path, pair(), {"BENTLEY_SURFACE": None})
    assert path.read_text() == expected.replace("BENTLEY_SURFACE=enterprise\n", "")


def test_line_ends_and_byte_order_mark_stay():
    path = Path(".env")
    path.write_bytes(b"\xef\xbb\xbfBENTLEY_CLIENT_ID=service-0123456789\r\nOTHER=1\r\n")
    stores.write_env(path, pair(), replace=True)
    assert (
        path.read_bytes()
        == b"\xef\xbb\xbfBENTLEY_CLIENT_ID=service-0123456789\r\nOTHER=1\r\nBENTLEY_CLIENT_SECRET=s3cret\r\n"
    )


def test_a_variable_that_stands_twice_stands_once_afterwards():
    path = Path(".env")
    path.write_text("BENTLEY_CLIENT_ID=a\nBENTLEY_CLIENT_SECRET=b\nBENTLEY_CLIENT_ID=c\n")
    stores.write_env(path, pair(), replace=True)
    assert path.read_text() == "BENTLEY_CLIENT_ID=service-0123456789\nBENTLEY_CLIENT_SECRET=s3cret\n"


@pytest.mark.parametrize(
    "held",
    [
        "BENTLEY_CLIENT_ID=service-other\nBENTLEY_CLIENT_SECRET=other\n",
        "BENTLEY_CLIENT_ID=service-0123456789\nBENTLEY_CLIENT_SECRET=other\n",
        "BENTLEY_CLIENT_SECRET=other\n",
        "ITP_SERVICE_CLIENT_ID=service-other\nITP_SERVICE_CLIENT_SECRET=other\n",
    ],
)
def test_another_pair_is_not_written_over_unasked(held):
    path = Path(".env")
    path.write_text(held)
    with pytest.raises(stores.PairKept, match=r"already contains another pair .*; nothing was written") as caught:
        stores.write_env(path, pair())
    assert path.read_text() == held
    assert "other" not in str(caught.value).replace("service-…", "").replace("another", "")
    stores.write_env(path, pair(), replace=True)
    assert values(path)["BENTLEY_CLIENT_SECRET"] == "s3cret"


def test_the_same_pair_may_be_written_again():
    stores.write_env(Path(".env"), pair())
    stores.write_env(Path(".env"), pair())
    assert len(values(Path(".env"))) == 2


def test_a_link_stays_a_link():
    Path("shared").mkdir()
    Path("shared/real.env").write_text("OTHER=1\n")
    Path(".env").symlink_to("shared/real.env")
    stores.write_env(Path(".env"), pair())
    assert Path(".env").is_symlink()
    assert values(Path("shared/real.env"))["OTHER"] == "1"


def test_a_file_that_cannot_be_read_is_left_alone():
    Path(".env").write_bytes(b"NAME=\xff\xfe\n")
    with pytest.raises(InvalidRequest, match="cannot be read: it is not UTF-8 text"):
        stores.write_env(Path(".env"), pair())
    assert Path(".env").read_bytes() == b"NAME=\xff\xfe\n"


def test_a_file_that_would_not_read_back_is_left_alone():
    broken = "OPEN='never closed\n"
    Path(".env").write_text(broken)
    with pytest.raises(InvalidRequest, match="was left as it is"):
        stores.write_env(Path(".env"), pair("it's"))
    assert Path(".env").read_text() == broken


def test_a_folder_that_is_not_there():
    with pytest.raises(InvalidRequest, match="does not exist"):
        stores.write_env(Path("missing/.env"), pair())


@pytest.mark.parametrize("path", [".env", "missing/.env", "broken.env"])
def test_what_is_raised_has_no_variable_that_holds_a_secret(path):
    """Error trackers and debuggers show the variables of every frame."""
    Path(".env").write_text("BENTLEY_CLIENT_ID=other\nBENTLEY_CLIENT_SECRET=held-s3cret\n")
    Path("broken.env").write_text("BENTLEY_CLIENT_SECRET=s3cret\nX='unfinished\n")
    with pytest.raises(InvalidRequest) as caught:
        stores.write_env(Path(path), pair())
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    own = [frame for frame in shown.stack if "tests" not in frame.filename]
    assert own
    assert not any("s3cret" in str(frame.locals) for frame in own)
    assert caught.value.__context__ is caught.value.__cause__ is None


def test_the_file_is_the_one_that_is_read():
    assert stores.env_path() == Path.cwd() / ".env"
    Path("below/more").mkdir(parents=True)
    Path(".env").write_text("OTHER=1\n")
    os.chdir("below/more")
    assert stores.env_path() == Path.cwd().parents[1] / ".env" == Settings().path


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
class TestGit:
    def git(self, *arguments):
        subprocess.run(["git", *arguments], check=True, capture_output=True)

    def test_outside_a_repository_there_is_nothing_to_say(self):
        assert stores.git_warning(Path.cwd() / ".env") is None

    def test_a_file_that_is_not_ignored(self):
        self.git("init")
        assert stores.git_warning(Path.cwd() / ".env").startswith("git does not ignore ")

    def test_a_file_that_is_tracked_already(self):
        self.git("init")
        Path(".gitignore").write_text(".env\n")
        Path(".env").write_text("")
        self.git("add", "-f", ".env")
        assert "git rm --cached .env" in stores.git_warning(Path.cwd() / ".env")

    def test_a_file_that_is_ignored(self):
        self.git("init")
        Path(".gitignore").write_text(".env\n")
        assert stores.git_warning(Path.cwd() / ".env") is None

    def test_a_git_that_cannot_be_started(self, monkeypatch):
        self.git("init")
        monkeypatch.setattr(shutil, "which", lambda name: "/nowhere/git")
        assert stores.git_warning(Path.cwd() / ".env") is None

    def test_no_git(self, monkeypatch):
        self.git("init")
        monkeypatch.setenv("PATH", "")
        assert stores.git_warning(Path.cwd() / ".env") is None


@pytest.fixture
def keyring(monkeypatch):
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1

        def __init__(self):
            super().__init__()
            self.held = {}

        def get_password(self, service, username):
            return self.held.get((service, username))

        def set_password(self, service, username, password):
            self.held[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield keyring
    keyring.set_keyring(before)


def test_the_keyring_gives_back_what_was_kept(keyring, monkeypatch):
    stores.write_keyring(pair())
    monkeypatch.setenv("BENTLEY_KEYRING", "1")
    found = find_credentials(settings=Settings())
    assert (found.client_id, found.client_secret, found.source) == ("service-0123456789", Secret("s3cret"), "keyring")
    stores.write_keyring(pair())


def test_another_pair_in_the_keyring_is_not_written_over_unasked(keyring):
    stores.write_keyring(pair("old", "service-old"))
    with pytest.raises(stores.PairKept, match="The keyring already contains another pair"):
        stores.write_keyring(pair())
    assert keyring.get_password("bentley-nb", "client_secret") == "old"
    stores.write_keyring(pair(), replace=True)
    assert keyring.get_password("bentley-nb", "client_secret") == "s3cret"


def test_a_machine_without_a_keyring(keyring):
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    with pytest.raises(InvalidRequest, match=r"The keyring of this machine cannot be used \(NoKeyringError\)"):
        stores.write_keyring(pair())


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(MissingExtra, match=r"bentley-nb\[keyring\]"):
        stores.write_keyring(pair())
