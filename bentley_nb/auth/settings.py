"""The ``BENTLEY_*`` settings: argument, environment, nearest ``.env``, default, in this order."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values, find_dotenv

from bentley_nb.errors import InvalidRequest


class Settings:
    """Values of the environment and of one ``.env`` file; neither is ever changed or exported.

    Parameters
    ----------
    env_file
        The file to read; None looks for the nearest ``.env`` from the working folder upward.

    Raises
    ------
    InvalidRequest
        The named file is not there, or cannot be read as text.
    """

    def __init__(self, env_file: str | os.PathLike[str] | None = None) -> None:
        if env_file is not None:
            path = Path(env_file).expanduser()
            if not path.is_file():
                raise InvalidRequest(f"There is no file {str(path)!r} to read credentials from.")
            self.path: Path | None = path.resolve()
        else:
            try:
                # usecwd: without it a plain script would be searched from this package's own folder.
                found = find_dotenv(usecwd=True)
            except FileNotFoundError:  # the working folder was removed
                found = ""
            self.path = Path(found).resolve() if found else None
        self._file: dict[str, str | None] = {}
        if self.path is not None:
            reason: str | None = None
            try:
                # No interpolation: a secret may hold a dollar sign and braces.
                self._file = dotenv_values(self.path, interpolate=False, encoding="utf-8-sig")
            except OSError as error:
                reason = error.strerror or type(error).__name__
            except UnicodeDecodeError:
                reason = "it is not UTF-8 text"
            if reason is not None:  # raised out here: a decoding error carries the bytes of the file
                raise InvalidRequest(
                    f"The file {str(self.path)!r} cannot be read: {reason}.",
                    hint="Mend it, or pass env_file= to name another.",
                )

    def environment(self, name: str) -> str | None:
        """Value in the environment; a blank one counts as none."""
        return _unless_blank(os.environ.get(name))

    def file(self, name: str) -> str | None:
        """Value in the ``.env`` file; a blank one counts as none."""
        return _unless_blank(self._file.get(name))

    def get(self, name: str, argument: str | None = None, default: str = "") -> str:
        """Argument, else environment, else file, else default."""
        return argument or self.environment(name) or self.file(name) or default


def _unless_blank(value: str | None) -> str | None:
    return value if value and value.strip() else None
