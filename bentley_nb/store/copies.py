"""A copy of a schedule on disk: a folder with one Parquet file per table and ``copy.json``.

A copy is written beside and renamed when it is complete, and never changed afterwards. A copy from elsewhere is only
data: files are found by the names of the catalog, never by a path in ``copy.json``, and each is checked against it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bentley_nb._files import expanded, safe_name
from bentley_nb._version import __version__
from bentley_nb._warn import warn_caller
from bentley_nb.errors import InvalidRequest, InvalidResponse
from bentley_nb.frames.dtypes import ARROW_TYPES, LIST_MARK, table_schema
from bentley_nb.frames.parquet import described
from bentley_nb.service.catalog import COLLECTIONS

FORMAT = 1
"""Version of the layout; a copy of a newer one is not opened."""

FILE = "copy.json"

DEFAULT_TABLES = (
    "schedule",
    "project_scheduling",
    "settings",
    "tasks",
    "task_links",
    "task_statuses",
    "task_scheduling_analyses",
    "task_user_field_values",
    "task_code_value_assignments",
    "resource_assignments",
    "resources",
    "resource_user_field_values",
    "resource_code_value_assignments",
    "resource_groups",
    "resource_group_resources",
    "resource_group_user_field_values",
    "resource_group_code_value_assignments",
    "resource_status_history",
    "resource_status_categories",
    "resource_status_sets",
    "resource_status_items",
    "user_fields",
    "codes",
    "code_values",
    "calendars",
    "baselines",
    "baseline_tasks",
    "baseline_task_scheduling_analyses",
    "baseline_code_value_assignments",
    "entities_3d",
    "entity_3d_user_field_values",
    "animation_bindings",
    "appearance_profiles",
)
"""What the reports, the SQL views, wide fields and codes and a comparison of two copies read."""

_UNFINISHED = ".keeping-"
_ABANDONED_SECONDS = 86_400.0  # writing a copy takes minutes, on a slow network drive perhaps hours
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
_LARGEST_JSON = 10_000_000  # a description takes a few kilobytes; it is read whole
_TYPES = frozenset(ARROW_TYPES.values())
_SCHEDULE, _COLLECTION = "schedule_id", "collection"


@dataclass(frozen=True)
class KeptTable:
    """The entry of one table in ``copy.json``.

    Attributes
    ----------
    rows
        Number of rows, those marked as deleted included.
    bytes
        Size of the file.
    digest
        BLAKE2b of the file.
    fetched_at
        When it was read from the service.
    """

    rows: int
    bytes: int
    digest: str
    fetched_at: str


@dataclass(frozen=True)
class Description:
    """The contents of ``copy.json``.

    Attributes
    ----------
    schedule_id, name, type
        The schedule.
    itwin_id, project
        The project it belongs to: its id and, where it was known, its name.
    data_date
        Its data date; None where it has none.
    source
        The surface it was read from.
    kept_at
        When the copy was made, in UTC.
    label
        What the user called it.
    tables
        What is in it.
    missing
        What could not be read, and why.
    format, catalog, package
        Versions of the layout, of the declared columns and of this package.
    """

    schedule_id: str
    name: str
    type: str
    itwin_id: str | None
    data_date: str | None
    source: str
    kept_at: str
    project: str | None = None
    label: str | None = None
    tables: dict[str, KeptTable] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT
    catalog: str = ""
    package: str = __version__


def write_copy(
    folder: str | os.PathLike[str], about: Description, tables: Mapping[str, tuple[pa.Table, datetime]]
) -> Path:
    """Write a copy and return its folder, ``<folder>/<schedule>/<data date or day>[-label]``.

    Parameters
    ----------
    folder
        Where copies are kept; created if missing, for its owner alone.
    about
        What the copy is of.
    tables
        Whole tables by name, and when each was read.

    Raises
    ------
    InvalidRequest
        The folder cannot be written to, or the disk is full. Older copies are as they were.
    """
    day = about.data_date or next((at.isoformat() for _, at in tables.values()), about.kept_at)
    name = day[:10] + (f"-{safe_name(about.label)}" if about.label else "")
    root = expanded(folder, "The folder")
    try:
        parent = root / f"{safe_name(about.name)}-{safe_name(about.schedule_id[:8])}"
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_unfinished(parent)
        # In the same folder: a rename is atomic only within one file system.
        part = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=parent))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        written = {}
        for table_name, (table, fetched_at) in tables.items():
            target = part / f"{table_name}.parquet"
            _write_table(table, target, about, table_name, fetched_at)
            written[table_name] = KeptTable(
                table.num_rows,
                target.stat().st_size,
                _digest(target.read_bytes()),
                fetched_at.isoformat(timespec="seconds"),
            )
        _write_description(part / FILE, about, written)
        # The rename must not reach the disk before the files do.
        _sync(part)
        return _publish(part, parent / name)
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)  # already gone where it was published


def read_description(path: Path) -> Description:
    """Read and check ``copy.json`` of a copy's folder.

    Raises
    ------
    InvalidResponse
        It is damaged, was edited, or is not one of this package.
    InvalidRequest
        It was written by a newer version.
    """
    file = path / FILE
    try:
        _expect_file(file)
        _expect(file.stat().st_size <= _LARGEST_JSON, "it is too large")
        told = json.loads(file.read_bytes())
        version = told["format"]
        _expect(isinstance(version, int), "its format is not a number")
        checksum = told.pop("checksum")
        # A newer format may compute its checksum differently; it is refused below in any case.
        _expect(version > FORMAT or checksum == _checksum(told), "its checksum does not match")
    except _UNREADABLE as error:
        raise _no_description(file, error) from None
    if version > FORMAT:
        raise InvalidRequest(
            f"{path} is a copy of a newer format ({version}) than this version of bentley-nb reads.",
            hint='Upgrade: %pip install --upgrade "bentley-nb"',
        )
    try:
        tables = {name: KeptTable(**entry) for name, entry in told.pop("tables").items() if name in COLLECTIONS}
        about = Description(**told, tables=tables)
        texts = [about.schedule_id, about.name, about.type, about.source, about.kept_at, *about.missing.values()]
        texts += [text for text in (about.itwin_id, about.project, about.label) if text is not None]
        counts = [count for table in tables.values() for count in (table.rows, table.bytes)]
        _expect(
            all(isinstance(text, str) and text.encode() is not None for text in texts)
            and all(isinstance(count, int) for count in counts),
            "a member has the wrong type",
        )
        for at in (about.kept_at, about.data_date, *(table.fetched_at for table in tables.values())):
            _expect(at is None or datetime.fromisoformat(at).tzinfo is not None, "a time has no zone")
    except _UNREADABLE as error:
        raise _no_description(file, error) from None
    return about


def _no_description(file: Path, error: Exception) -> InvalidResponse:
    return InvalidResponse(
        f"{file} cannot be read as the description of a copy: {_reason(error)}.",
        hint="The file is damaged or was edited. Open another copy: bn.copies(folder) lists them.",
    )


def read_table(path: Path, about: Description, name: str) -> pa.Table:
    """Read one table of a copy, with the columns that the catalog declares now.

    Raises
    ------
    InvalidResponse
        The file is damaged, was replaced, or does not hold that table.
    """
    file = path / f"{name}.parquet"
    kept = about.tables[name]
    try:
        _expect_file(file)
        _expect(file.stat().st_size == kept.bytes, "its size does not match")
        # Read once: what is checked is what is parsed, even if the file is replaced meanwhile.
        data = file.read_bytes()
        _expect(_digest(data) == kept.digest, "its checksum does not match")
        table = pq.ParquetFile(pa.BufferReader(data)).read()  # a fifth quicker than pq.read_table
        attrs = json.loads((table.schema.metadata or {})[b"PANDAS_ATTRS"])
        is_it = (attrs[_SCHEDULE], attrs[_COLLECTION], table.num_rows) == (about.schedule_id, name, kept.rows)
        _expect(is_it, "it contains another table")
        return conform(table, name)
    except (*_UNREADABLE, pa.ArrowException) as error:
        raise InvalidResponse(
            f"{file} cannot be read: {_reason(error)}.",
            hint="The file is damaged or was replaced. Open another copy: bn.copies(folder) lists them.",
        ) from None


def copies(folder: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the copies in a folder, the newest of each schedule last.

    Parameters
    ----------
    folder
        A folder that ``s.keep(folder)`` wrote to, or one schedule's folder in it.

    Returns
    -------
    pandas.DataFrame
        One row per copy: ``schedule`` (id), ``name``, ``data_date``, ``kept_at``, ``tables`` and ``rows`` (counts),
        ``bytes``, ``path``. A copy that cannot be read is left out with a warning.

    Raises
    ------
    InvalidRequest
        There is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = s.keep(folder)
    ...     bn.copies(folder)["name"].tolist()
    ['Harbour Point Tower']
    """
    rows = [
        {
            "schedule": about.schedule_id,
            "name": about.name,
            "data_date": pd.NaT if about.data_date is None else pd.Timestamp(about.data_date),
            "kept_at": pd.Timestamp(about.kept_at),
            "tables": len(about.tables),
            "rows": sum(table.rows for table in about.tables.values()),
            "bytes": sum(table.bytes for table in about.tables.values()),
            "path": str(path),
        }
        for path, about in find_copies(folder)
    ]
    columns = ["schedule", "name", "data_date", "kept_at", "tables", "rows", "bytes", "path"]
    types = {
        **dict.fromkeys(("schedule", "name", "path"), "string"),
        **dict.fromkeys(("data_date", "kept_at"), "datetime64[us, UTC]"),
        **dict.fromkeys(("tables", "rows", "bytes"), "Int64"),
    }
    frame = pd.DataFrame(rows, columns=columns).astype(types)
    frame.attrs["report"] = "copies"
    return frame


def find_copies(folder: str | os.PathLike[str]) -> list[tuple[Path, Description]]:
    """Return the copies in a folder by schedule, each schedule's in the order in which they were made.

    Raises
    ------
    InvalidRequest
        There is no such folder.
    """
    root = checked_folder(folder)
    found = []
    for path in _candidates(root):
        try:
            found.append((path, read_description(path)))
        except (InvalidRequest, InvalidResponse) as error:
            warn_caller(f"A copy was skipped. {error.message}")
    return sorted(found, key=lambda copy: (copy[1].name, copy[1].schedule_id, copy[1].kept_at, str(copy[0])))


def checked_folder(folder: str | os.PathLike[str]) -> Path:
    """Return a folder that is there.

    Raises
    ------
    InvalidRequest
        It is not, or is a file.
    """
    root = expanded(folder, "The folder")
    try:
        there = root.is_dir()
    except OSError as error:  # a folder above it that is another user's
        raise InvalidRequest(f"The folder {str(folder)!r} cannot be read: {_reason(error)}.") from None
    if not there:
        raise InvalidRequest(f"There is no folder {str(root)!r}.", hint='s.keep("kept") makes one.')
    return root


def _candidates(root: Path) -> Iterator[Path]:
    """Return the folders that may hold a copy: this one, those in it, and those in them."""
    if (root / FILE).exists():
        yield root
        return
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        if (path / FILE).exists():
            yield path
        else:
            yield from (p for p in sorted(path.iterdir()) if not p.name.startswith(".") and (p / FILE).exists())


def _write_table(table: pa.Table, target: Path, about: Description, name: str, fetched_at: datetime) -> None:
    attrs = {
        _SCHEDULE: about.schedule_id,
        _COLLECTION: name,
        "fetched_at": fetched_at.isoformat(timespec="seconds"),
        "kept_at": about.kept_at,
    }
    with target.open("wb") as file:
        # One dictionary per file: from the second on, the writer would store the text row by row.
        pq.write_table(table.unify_dictionaries().cast(described(table.schema, attrs)), file)
        file.flush()
        os.fsync(file.fileno())


def _write_description(target: Path, about: Description, tables: dict[str, KeptTable]) -> None:
    told = asdict(about) | {"tables": {name: asdict(table) for name, table in tables.items()}}
    told["catalog"] = hashlib.blake2b(repr([COLLECTIONS[name] for name in tables]).encode(), digest_size=8).hexdigest()
    with target.open("w", encoding="utf-8") as file:
        json.dump(told | {"checksum": _checksum(told)}, file, ensure_ascii=True, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _publish(part: Path, target: Path) -> Path:
    """Rename a complete copy to its final name; one that is already there, from any process, keeps its own."""
    number, final = 1, target
    while True:
        try:
            if not final.exists():  # POSIX would replace an empty folder
                part.rename(final)
                break
        except OSError:
            if not final.exists():
                raise
        number += 1
        final = target.with_name(f"{target.name}.{number}")
    _sync(final.parent)
    return final


def _sync(folder: Path) -> None:
    if os.name == "posix":  # only POSIX opens a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_unfinished(parent: Path) -> None:
    """Remove what a process left that was killed while it kept a copy."""
    for path in parent.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            # Another process may still be writing it.
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def conform(table: pa.Table, name: str) -> pa.Table:
    """Return a table with the declared columns and types; those that an older copy lacks are empty."""
    columns, fields = [], []
    declared = table_schema(COLLECTIONS[name])
    for wanted in declared:
        if wanted.name in table.column_names:
            column = _as(table.column(wanted.name), wanted.type)
        else:
            column = pa.chunked_array([pa.nulls(table.num_rows, wanted.type)])
        columns.append(column)
        fields.append(wanted)
    for unknown in table.schema:
        if unknown.name in declared.names:
            continue
        marks = unknown.metadata or {}
        is_list = marks.items() >= LIST_MARK.items()
        columns.append(_as(table.column(unknown.name), unknown.type))
        _expect(columns[-1].type in _TYPES, f"its column {unknown.name!r} has a type no table has, {unknown.type}")
        fields.append(pa.field(unknown.name, columns[-1].type, metadata=LIST_MARK if is_list else None))
    return pa.table(columns, schema=pa.schema(fields)) if fields else table.replace_schema_metadata(None)


def _as(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_dictionary(type_) and pa.types.is_dictionary(column.type):
        # Parquet gives the text of a dictionary back in its smaller type.
        chunks = [
            pa.DictionaryArray.from_arrays(chunk.indices.cast(pa.int32()), chunk.dictionary.cast(pa.large_string()))
            for chunk in column.chunks
        ]
        return pa.chunked_array(chunks, pa.dictionary(pa.int32(), pa.large_string()))
    if pa.types.is_dictionary(type_):
        return column.cast(pa.large_string()).dictionary_encode().cast(type_)
    return column if column.type == type_ else column.cast(type_)


def _expect(true: bool, otherwise: str) -> None:
    if not true:
        raise ValueError(otherwise)


def _expect_file(file: Path) -> None:
    # A pipe would be read for ever.
    _expect(file.is_file() and not file.is_symlink(), "it is missing, a link or not an ordinary file")


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _checksum(told: Mapping[str, Any]) -> str:
    return _digest(json.dumps(told, ensure_ascii=True, sort_keys=True).encode())


def _unwritable(folder: object, error: Exception) -> InvalidRequest:
    return InvalidRequest(
        f"A copy cannot be kept in {str(folder)!r}: {_reason(error)}.",
        hint="Use another folder, or free some space. Older copies are unchanged.",
    )


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error).partition("\n")[0].rstrip(".")
    return f"it has no {text}" if isinstance(error, KeyError) else text or type(error).__name__


def now() -> str:
    """Return the time of a copy, in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
