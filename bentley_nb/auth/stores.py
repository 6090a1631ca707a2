"""Keep a client id and its secret for the next session: in a ``.env`` file, or in the keyring of this machine."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bentley_nb._extras import need
from bentley_nb._files import replaced
from bentley_nb.auth.credentials import CLIENT_ID, CLIENT_SECRET, KEYRING, KEYRING_SERVICE, PAIRS, Credentials
from bentley_nb.auth.secret import without_frames
from bentley_nb.auth.settings import nearest_env
from bentley_nb.errors import InvalidRequest

_PLAIN = re.compile(r"[A-Za-z0-9_./:@-]+")
_BOM = "\ufeff"


class PairKept(InvalidRequest):
    """Another client id or secret is kept there already; nothing was written."""


def env_path() -> Path:
    """Return the ``.env`` file that is read: the nearest from the working folder upward, else one in that folder."""
    return nearest_env() or Path.cwd() / ".env"


@without_frames
def write_env(
    path: Path, credentials: Credentials, settings: Mapping[str, str | None] | None = None, *, replace: bool = False
) -> None:
    """Put a client id and its secret into a ``.env`` file that only its owner may read; other lines stay as they are.

    Parameters
    ----------
    path
        The file; it is created if missing, and replaced as a whole or not at all.
    credentials
        What to keep.
    settings
        Further ``BENTLEY_*`` variables; None as a value takes the variable out.
    replace
        Whether another pair in the file may be written over.

    Raises
    ------
    PairKept
        The file holds another pair, and `replace` is false.
    InvalidRequest
        The file cannot be read or written, or is shared with others.
    """
    _check_own(path)
    text = _read(path)
    held = dotenv_values(stream=io.StringIO(text.removeprefix(_BOM)), interpolate=False)
    values: dict[str, str | None] = {
        CLIENT_ID: credentials.client_id,
        CLIENT_SECRET: credentials.client_secret.reveal(),
        **(settings or {}),
    }
    if not replace:
        for names in PAIRS:
            kept = [held.get(name) for name in names]
            if any(kept) and kept != [values[CLIENT_ID], values[CLIENT_SECRET]]:
                raise PairKept(
                    f"{path} already contains another pair ({names[0]} is {_short(kept[0])}); nothing was written.",
                    hint="Replace it, or keep the new pair elsewhere.",
                )
    merged = _merged(text, values)
    wanted = {name: value for name, value in {**held, **values}.items() if name not in values or value is not None}
    # Read back before anything is written: a broken line can swallow the ones below it.
    if dotenv_values(stream=io.StringIO(merged.removeprefix(_BOM)), interpolate=False) != wanted:
        raise InvalidRequest(
            f"{path} was left as it is: the pair cannot be added so that every line still reads back.",
            hint="Correct the file's broken lines, or remove it, then try again.",
        )
    # Resolved: a link to a shared file must stay a link.
    with replaced(path.resolve(), private=True) as temporary:
        temporary.write_bytes(merged.encode("utf-8"))


def _check_own(path: Path) -> None:
    """Refuse to change the owner or the mode of a file that is a team's; a link is followed and stays."""
    if sys.platform == "win32" or not path.exists():
        return
    about = path.stat()
    shared = None
    if about.st_uid != os.geteuid():
        shared = f"it belongs to another user (uid {about.st_uid})"
    elif about.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or (
        about.st_mode & stat.S_IRGRP and not about.st_mode & stat.S_IROTH
    ):
        shared = f"it is shared with a group (mode {stat.S_IMODE(about.st_mode):o})"
    if shared is not None:
        raise InvalidRequest(
            f"{path} was left as it is: {shared}, and the secret would be readable by others.",
            hint=f"Make a .env of your own in {Path.cwd()}, or keep the pair in the keyring. If it is yours alone: "
            f"chmod 600 {path}",
        )


def git_warning(path: Path) -> str | None:
    """Return a warning that git would commit the file; None where it would not."""
    git = shutil.which("git")
    if git is None or not path.parent.is_dir():
        return None

    def status(*arguments: str) -> int:
        # A monitor that the repository's own configuration names is not ours to start.
        command = [git, "-C", str(path.parent), "-c", "core.fsmonitor=false", *arguments, "--", path.name]
        try:
            return subprocess.run(  # noqa: S603 - fixed words and a file name after "--"
                command, capture_output=True, timeout=5, check=False, stdin=subprocess.DEVNULL
            ).returncode
        except (OSError, subprocess.TimeoutExpired):
            return 128

    if status("ls-files", "--error-unmatch") == 0:
        return (
            f"git tracks {path}: the secret would go into the next commit. "
            f"Run git rm --cached {path.name} and add {path.name} to .gitignore."
        )
    if status("check-ignore", "-q") == 1:
        return f"git does not ignore {path}: add {path.name} to .gitignore, so that the secret is never committed."
    return None


@without_frames
def write_keyring(credentials: Credentials, *, replace: bool = False) -> None:
    """Put a client id and its secret into the keyring of this machine; it is read where ``BENTLEY_KEYRING=1`` is set.

    Parameters
    ----------
    credentials
        What to keep.
    replace
        Whether another pair may be written over.

    Raises
    ------
    PairKept
        The keyring holds another pair, and `replace` is false.
    InvalidRequest
        This machine has no keyring that can be used.
    MissingExtra
        The package ``keyring`` is not installed.
    """
    keyring: Any = need("keyring", extra="keyring")
    pair = {"client_id": credentials.client_id, "client_secret": credentials.client_secret.reveal()}
    try:
        kept = {name: keyring.get_password(KEYRING_SERVICE, name) for name in pair}
        if any(kept.values()) and kept != pair and not replace:
            raise PairKept(
                f"The keyring already contains another pair (its client id is {_short(kept['client_id'])}); "
                "nothing was written.",
                hint="Replace it, or keep the new pair elsewhere.",
            )
        for name, value in pair.items():
            keyring.set_password(KEYRING_SERVICE, name, value)
    except keyring.errors.KeyringError as error:
        raise InvalidRequest(
            f"The keyring of this machine cannot be used ({type(error).__name__}).",
            hint=f"Keep the pair in a .env file instead. (A keyring is read where {KEYRING}=1 is set.)",
        ) from None


def _short(client_id: str | None) -> str:
    return f"{client_id[:8]}…" if client_id else "missing"


def _read(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidRequest(
            f"The file {str(path)!r} cannot be read: {reason}.", hint="Correct it, then try again."
        ) from None


def _merged(text: str, values: Mapping[str, str | None]) -> str:
    """Replace the lines of these variables where they stand, and add those that are not there."""
    bom = _BOM if text.startswith(_BOM) else ""
    # Editors on Windows keep their line ends, and git would show every line as changed otherwise.
    newline = "\r\n" if "\r\n" in text else "\n"
    pending = dict(values)
    lines = []
    for binding in parse_stream(io.StringIO(text.removeprefix(bom), newline="")):
        original = binding.original.string
        if binding.key is None or binding.key not in values:
            lines.append(original)
            continue
        body = original.lstrip()
        lines.append(original[: len(original) - len(body)])
        # Of a variable that stands there twice the last one counts: one of ours, once, is enough.
        value = pending.pop(binding.key, None)
        if value is not None:
            lines.append(f"{'export ' if body.startswith('export') else ''}{binding.key}={_quoted(value)}{newline}")
    merged = "".join(lines)
    added = "".join(f"{name}={_quoted(value)}{newline}" for name, value in pending.items() if value is not None)
    if merged and added and not merged.endswith(("\n", "\r")):
        merged += newline
    return bom + merged + added


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    # Within single quotes python-dotenv expands only these two escapes.
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
