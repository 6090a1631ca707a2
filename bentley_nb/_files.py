"""A file is written whole or not at all: into a temporary neighbour first, which then takes the old one's place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bentley_nb.errors import InvalidRequest


def check_target(path: str | os.PathLike[str], *, suffix: str = "") -> Path:
    """Give the path of a file that can be made: to be asked before a long read, too.

    Parameters
    ----------
    path, suffix
        As for :func:`replaced`.

    Raises
    ------
    InvalidRequest
        The folder is missing, `path` is no path, is a folder or has another extension.
    """
    try:
        target = Path(path).expanduser()
    except TypeError:
        raise InvalidRequest(f"A file is named by its path, not {path!r}.") from None
    if suffix and target.suffix.lower() != suffix:
        raise InvalidRequest(f"{target.name!r} is not a {suffix} file.", hint=f"Name it {target.stem + suffix!r}.")
    if os.path.isdir(target):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise InvalidRequest(f"{target} is a folder.", hint=f"Give a file name in it, such as 'report{suffix}'.")
    if not os.path.isdir(target.parent):  # noqa: PTH112
        raise InvalidRequest(
            f"The folder {target.parent.resolve()} does not exist.", hint="Make it first, or give another path."
        )
    return target


@contextmanager
def replaced(path: str | os.PathLike[str], *, suffix: str = "", private: bool = False) -> Iterator[Path]:
    """Give a temporary path to write to; when the block ends well it becomes `path`, else `path` stays as it was.

    Parameters
    ----------
    path
        The file to make. Its folder must exist.
    suffix
        The file name extension that `path` must have, such as ``".xlsx"``; other programs go by it.
    private
        Whether only the owner may read it.

    Raises
    ------
    InvalidRequest
        The folder is missing, `path` is a folder, has another extension, or cannot be written (on Windows: open in
        Excel).
    """
    target = check_target(path, suffix=suffix)
    try:
        # In the same folder, because a file can only be renamed over another one of the same disk.
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:  # not allowed, read-only, full, a name too long
        raise InvalidRequest(
            f"{target.name!r} cannot be written in the folder {target.parent.resolve()}: {error.strerror}.",
            hint="Give another path.",
        ) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o600 if private else _mode(target))
        try:
            temporary.replace(target)
        except PermissionError as error:
            raise InvalidRequest(
                f"{target} cannot be replaced: it is open in another program, or write-protected.",
                hint="Close it there (Excel keeps its files locked), or give another name. The old file is unchanged.",
            ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """Permissions of the file to be replaced, or those a new file would get (mkstemp makes it private)."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
