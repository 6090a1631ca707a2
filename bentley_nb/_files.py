"""A file is written whole or not at all: into a temporary neighbour first, which then takes the old one's place."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bentley_nb.errors import BentleyError, InvalidRequest

# Names the machine and the process, so that what a killed process left behind is recognised.
_MACHINE = f"{zlib.crc32(os.uname().nodename.encode()):08x}" if hasattr(os, "uname") else "windows"
_POSIX = sys.platform != "win32"
_TEMPORARY = re.compile(rf"\.bentley-nb-{_MACHINE}-(\d+)-[0-9a-f]+(\.\w*)?")

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def safe_name(text: str, longest: int | None = 80) -> str:
    """Return a text as a file name on every file system, cut to a number of bytes."""
    # macOS stores names decomposed, others as given: one form, so that a copy is found everywhere.
    text = unicodedata.normalize("NFC", text)
    # Forbidden by Windows, in paths, or by UTF-8; what a terminal obeys when it lists the folder.
    text = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+', "_", text)
    # File systems count bytes (255 at most); Windows drops dots and spaces at the end.
    text = text.encode()[:longest].decode(errors="ignore").strip(" .")
    return f"_{text}" if _RESERVED.fullmatch(text) else text or "_"


def expanded(path: str | os.PathLike[str], what: str = "A file") -> Path:
    """Return a path with the home folder in place of ``~``.

    Raises
    ------
    InvalidRequest
        It is not a path, contains a NUL or half a character, or names the home folder of a user who does not exist.
    """
    try:
        found = Path(path).expanduser()
    except TypeError:
        raise InvalidRequest(f"{what} must be given as a path, not {path!r}.") from None
    except RuntimeError:
        raise InvalidRequest(f"{os.fspath(path)!r} is not a usable path: there is no such home folder.") from None
    try:
        os.fsencode(found)
    except UnicodeEncodeError:
        raise InvalidRequest(f"{str(found)!r} is not a usable path: it contains half a character.") from None
    if "\0" in str(found):
        raise InvalidRequest(f"{str(found)!r} is not a usable path: it contains a NUL character.")
    return found


def check_target(path: str | os.PathLike[str], *, suffix: str = "") -> Path:
    """Return the path of a file that can be made; call it before a long read, too.

    A link is followed, so that the file it leads to is replaced and not the link.

    Parameters
    ----------
    path, suffix
        As for :func:`replaced`.

    Raises
    ------
    InvalidRequest
        The folder is missing, or `path` is not a path, is a folder or a device, or has another extension; on Windows: a
        name that means something else there, such as ``con.html``.
    """
    target = expanded(path)
    if suffix and target.suffix.lower() != suffix:
        raise InvalidRequest(f"{target.name!r} is not a {suffix} file.", hint=f"Name it {target.stem + suffix!r}.")
    name = unicodedata.normalize("NFC", target.name).lstrip(" .")
    if not _POSIX and name and name != (safe := safe_name(name, None)):
        # Windows would write to a device, to a hidden stream of another file, or under a shorter name.
        raise InvalidRequest(f"Windows cannot make a file named {target.name!r}.", hint=f"Name it {safe!r}.")
    try:
        if target.is_symlink():
            target = target.resolve()
        special = target.exists() and not target.is_file() and not target.is_dir()
    except (OSError, RuntimeError) as error:  # a name that is too long, links that lead to each other
        reason = getattr(error, "strerror", None) or "symbolic links form a loop"
        raise InvalidRequest(
            f"{target.name!r} cannot be written in the folder {expanded(path).parent.resolve()}: {reason}.",
            hint="Give another path.",
        ) from None
    if special:
        raise InvalidRequest(f"{target} is not an ordinary file but a device or a pipe.", hint="Give another path.")
    if os.path.isdir(target):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        raise InvalidRequest(f"{target} is a folder.", hint=f"Give a file name in it, such as 'report{suffix}'.")
    if not os.path.isdir(target.parent):  # noqa: PTH112
        raise InvalidRequest(
            f"The folder {target.parent.resolve()} does not exist.", hint="Create it first, or give another path."
        )
    return target


@contextmanager
def replaced(path: str | os.PathLike[str], *, suffix: str = "", private: bool = False) -> Iterator[Path]:
    """Yield a temporary path to write to; when the block ends well it becomes `path`, else `path` stays as it was.

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
        The folder is missing, `path` is a folder or a device, has another extension, or cannot be written (the disk is
        full; on Windows: open in Excel).
    """
    target = check_target(path, suffix=suffix)
    _sweep(target.parent)
    # In the same folder, because a file can only be renamed over another one of the same disk.
    temporary = target.parent / f".bentley-nb-{_MACHINE}-{os.getpid()}-{secrets.token_hex(4)}{target.suffix}"
    try:
        # The system applies the umask: to read it, one would have to change it for all threads.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666))
        if not private and target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
    except OSError as error:  # not allowed, read-only, full, a name too long
        temporary.unlink(missing_ok=True)
        raise InvalidRequest(
            f"{target.name!r} cannot be written in the folder {target.parent.resolve()}: {error.strerror}.",
            hint="Give another path.",
        ) from error
    try:
        yield temporary
        try:
            temporary.replace(target)
        except PermissionError as error:
            raise InvalidRequest(
                f"{target} cannot be replaced: it is open in another program, or write-protected.",
                hint="Close it there (Excel keeps its files locked), or give another name. The old file is unchanged.",
            ) from error
    except BentleyError:
        raise
    except OSError as error:
        raise InvalidRequest(
            f"{target} could not be written: {os.strerror(error.errno) if error.errno else error}.",
            hint="Free space on the disk or give another path. "
            + ("The old file is unchanged." if target.exists() else "No file was created."),
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove temporary files that a process of this machine left behind when it was killed."""
    if not _POSIX:  # os.kill ends a process on Windows
        return
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            found = _TEMPORARY.fullmatch(entry.name)
            if found is None or int(found[1]) == os.getpid():
                continue
            try:
                os.kill(int(found[1]), 0)
            except ProcessLookupError:
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()
            except (OSError, OverflowError):  # alive, of another user
                continue
