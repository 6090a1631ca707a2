"""The ``BENTLEY_*`` settings: argument, environment, nearest ``.env``, default; and whether a ``.env`` may be trusted.

A ``.env`` that was only found, not named, may have come with a downloaded folder or belong to another user. What it
says about *where* a secret is sent counts for the secret of the same file only.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from urllib3.util import parse_url

from bentley_nb._files import expanded
from bentley_nb._warn import warn_caller
from bentley_nb.errors import InvalidRequest

_NAME = ".env"
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
_POSIX = sys.platform != "win32"


@dataclass(frozen=True)
class Sourced:
    """A value and where it comes from, in words."""

    value: str
    source: str


class Settings:
    """Values of the environment and of one ``.env`` file; neither is ever changed or exported.

    Parameters
    ----------
    env_file
        The file to read, which then comes before the environment; None looks for the nearest ``.env`` from the working
        folder upward.

    Raises
    ------
    InvalidRequest
        The named file is not there, or a file cannot be read as text.

    Attributes
    ----------
    refused
        Why the nearest file is ignored, as ssh ignores what others may have written; empty where it is not.
    """

    def __init__(self, env_file: str | os.PathLike[str] | None = None) -> None:
        self.named = env_file is not None
        self.refused = ""
        if env_file is not None:
            path = expanded(env_file)
            if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for too long a name
                raise InvalidRequest(f"There is no file {str(path)!r} to read credentials from.")
            self.path: Path | None = path.resolve()
        else:
            self.path = nearest_env()
            if self.path is not None and (wrong := _written_by_others(self.path)):
                self.refused, self.path = f"{self.path} is not read: {wrong}", None
                warn_caller(f"{self.refused}. If you trust it, name it: connect(env_file=...).")
        self._file: dict[str, str | None] = {}
        if self.path is not None:
            reason: str | None = None
            try:
                from dotenv import dotenv_values  # noqa: PLC0415 - loading the extension must not import it

                # No interpolation: a secret may contain a dollar sign and braces.
                self._file = dotenv_values(self.path, interpolate=False, encoding="utf-8-sig")
            except OSError as error:
                reason = error.strerror or type(error).__name__
            except UnicodeDecodeError:
                reason = "it is not UTF-8 text (PowerShell 5 writes UTF-16); save it as UTF-8"
            if reason is not None:  # raised out here: a decoding error carries the bytes of the file
                raise InvalidRequest(
                    f"The file {str(self.path)!r} cannot be read: {reason}.",
                    hint="Correct it, or pass env_file= to name another.",
                )
            if _POSIX and any("SECRET" in name and value for name, value in self._file.items()):
                _warn_of_readers(self.path)

    def environment(self, name: str) -> str | None:
        """Return the value in the environment; a blank one counts as none."""
        return _unless_blank(os.environ.get(name))

    def file(self, name: str) -> str | None:
        """Return the value in the ``.env`` file; a blank one counts as none."""
        return _unless_blank(self._file.get(name))

    def find(self, name: str, argument: str | None = None, default: str = "") -> Sourced:
        """Return argument, else environment, else file (a named file before the environment), else default."""
        if argument:
            return Sourced(argument, "argument")
        places = [("environment", self.environment), (f".env file {self.path}", self.file)]
        for source, look_up in reversed(places) if self.named else places:
            if value := look_up(name):
                return Sourced(value, source)
        return Sourced(default, "default")

    def get(self, name: str, argument: str | None = None, default: str = "") -> str:
        """Return argument, else environment, else file (a named file before the environment), else default."""
        return self.find(name, argument, default).value

    def is_foreign(self, found: Sourced, own: str) -> bool:
        """Return whether an address was only found in a ``.env``, and is not the surface's own.

        Parameters
        ----------
        found
            The address.
        own
            The surface's own address.
        """
        if self.named or found.source != f".env file {self.path}":
            return False
        host = host_of(found.value)
        # With the dot: "evilbentley.com" ends with the name, too.
        return host != host_of(own) and host != "bentley.com" and not host.endswith(".bentley.com")

    def refusal(self, found: Sourced, name: str, pair_from: str) -> InvalidRequest:
        """Return the error for a secret from elsewhere and an address of a ``.env`` that was only found.

        Parameters
        ----------
        found
            The address.
        name
            Name of the argument that gives such an address, as ``"token_url"``.
        pair_from
            Where client id and secret come from.
        """
        host = host_of(found.value)
        return InvalidRequest(
            f"{self.path} says BENTLEY_{name.upper()} is at {host}, but the client id and the secret are not from that "
            f"file ({pair_from}): nothing was sent to {host}.",
            hint=f"If {host} is right, confirm it: connect(env_file={str(self.path)!r}), or pass {name}= yourself. "
            "If you do not know it, remove that line or that file.",
        )


def nearest_env() -> Path | None:
    """Return the nearest ``.env`` from the working folder upward; a pipe or device of that name is skipped."""
    try:
        folder = Path.cwd()
    except FileNotFoundError:  # the working folder was removed
        return None
    for place in (folder, *folder.parents):
        if os.path.isfile(place / _NAME):  # noqa: PTH113 - Path.is_file raises where the folder may not be searched
            return (place / _NAME).resolve()
    return None


def host_of(url: str) -> str:
    """Return the host of an address, in lower case; the text itself where it is not an address."""
    try:
        # "bentley.com." is the same host to DNS.
        return (parse_url(url.strip()).host or url).lower().rstrip(".")
    except ValueError:
        return url


def _written_by_others(path: Path) -> str:
    """Return why others may have written a file; an empty text where they cannot."""
    if not _POSIX:
        return ""
    about, folder = path.stat(), path.parent.stat()
    # Root may write every file in any case.
    if about.st_uid not in (os.geteuid(), 0):
        return f"it belongs to another user (uid {about.st_uid})"
    if about.st_mode & stat.S_IWOTH or (about.st_mode & stat.S_IWGRP and not _group_is_mine(about.st_gid)):
        return f"others can write to it (mode {stat.S_IMODE(about.st_mode):o})"
    if folder.st_mode & stat.S_IWOTH and about.st_uid != os.geteuid():
        return "its folder is writable by everyone, and the file is not yours"
    return ""


def _group_is_mine(group: int) -> bool:
    """Return whether a group is the private one of this user, as many systems create it."""
    import grp  # noqa: PLC0415 - not on Windows
    import pwd  # noqa: PLC0415

    try:
        me = pwd.getpwuid(os.geteuid())
        # Many systems give each user a private group and umask 002: writable by it is not writable by others.
        return group == me.pw_gid and set(grp.getgrgid(group).gr_mem) <= {me.pw_name}
    except KeyError:
        return False


def _warn_of_readers(path: Path) -> None:
    if path.stat().st_mode & _OTHERS_READ:
        warn_caller(f"Other users of this machine can read the secret in {path}: chmod 600 {path}")


def _unless_blank(value: str | None) -> str | None:
    return value if value and value.strip() else None
