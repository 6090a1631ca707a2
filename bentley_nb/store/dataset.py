"""A dataset of several schedules: one Parquet file per table and schedule, in folders that name the schedule.

``<table>/schedule_id=<id>/part-0.parquet`` is the layout of Hive, which DuckDB, Dask, Spark, polars and pandas read.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bentley_nb._extras import need
from bentley_nb._files import expanded, replaced, safe_name
from bentley_nb._redact import without_login
from bentley_nb.errors import BentleyError, InvalidRequest, InvalidResponse, nearest
from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.frames.stack import stack_parts
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.store.copies import conform

_PARTITION = "schedule_id="


@dataclass(frozen=True)
class Target:
    """A folder, or an address that fsspec opens.

    Attributes
    ----------
    url
        As it was given; the keys of a store come from the environment, as fsspec finds them.
    """

    url: str

    @classmethod
    def at(cls, url: str | os.PathLike[str]) -> Target:
        """Return the target of a path or address."""
        return cls(url if isinstance(url, str) else str(expanded(url, "A dataset")))

    @property
    def _is_local(self) -> bool:
        return "://" not in self.url and "::" not in self.url

    def check(self) -> None:
        """Raise ``MissingExtra`` or ``InvalidRequest`` where nothing can be written there."""
        with self._reached() as (fs, root):
            fs.makedirs(root, exist_ok=True)

    @contextmanager
    def _reached(self) -> Iterator[tuple[Any, str]]:
        """Give the file system and the folder in it; what fails there is an error about the address."""
        try:
            yield self._open()
        except BentleyError:
            raise
        except (OSError, ValueError, ImportError) as error:
            reason = getattr(error, "strerror", None) or str(error).partition("\n")[0].rstrip(".")
            raise InvalidRequest(
                f"The dataset at {self.shown!r} cannot be used: {without_login(reason)}.",
                hint="Give a folder, or an address that fsspec opens, such as 's3://bucket/folder'.",
            ) from None

    @contextmanager
    def _file(self, path: str) -> Iterator[Any]:
        """Open a file to read; one that does not hold a table of ours is an error that names it."""
        with self._reached() as (fs, _), fs.open(path, "rb") as file:
            try:
                yield file
            except (ValueError, pa.ArrowException) as error:
                raise InvalidResponse(
                    f"{path} cannot be read: {str(error).partition(chr(10))[0].rstrip('.')}.",
                    hint="The file is damaged or was replaced. Remove it, and write it again with p.to_parquet(url).",
                ) from None

    def _open(self) -> tuple[Any, str]:
        if self._is_local:
            return _Local(), str(expanded(self.url, "A dataset"))
        fsspec = need("fsspec", extra="remote")
        fs, root = fsspec.core.url_to_fs(self.url)
        return fs, root

    def fetched_at(self, part: str) -> pd.Timestamp | None:
        """Return when the rows of a file were read from the service; None where there is no such file."""
        try:
            fs, root = self._open()
            with fs.open(f"{root}/{part}", "rb") as file:
                # Of the footer only: a file in a bucket need not be downloaded to know its age.
                attrs = json.loads((pq.read_schema(file).metadata or {})[b"PANDAS_ATTRS"])
            return pd.Timestamp(attrs["fetched_at"])
        except (OSError, ValueError, KeyError, pa.ArrowException):
            return None

    def put(self, local: Path, part: str) -> None:
        """Write a complete file there, under its name only when it is complete."""
        with self._reached() as (fs, root):
            path = f"{root}/{part}"
            fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            # Written locally first: object stores cannot rename, and a broken upload must not leave half a file.
            fs.put_file(str(local), path)

    @property
    def shown(self) -> str:
        """The address without the user name and password that it may contain."""
        return without_login(self.url)

    def place(self, part: str) -> str:
        """Return the full address of a file, as it is shown."""
        return f"{self.shown.rstrip('/')}/{part}"

    def parts(self) -> dict[str, list[str]]:
        """Return the files by table."""
        with self._reached() as (fs, root):
            found = sorted(fs.glob(f"{root}/*/{_PARTITION}*/part-*.parquet"))
        tables: dict[str, list[str]] = {}
        for path in found:
            tables.setdefault(str(path).replace("\\", "/").split("/")[-3], []).append(str(path))
        return tables

    def schema(self, path: str, table: str) -> pa.Schema:
        """Return the columns of one file."""
        with self._file(path) as file:
            return conform(pq.read_schema(file).empty_table(), table).schema

    def read(self, path: str, table: str) -> pa.Table:
        """Read one file as a table with the declared columns."""
        with self._file(path) as file:
            return conform(pq.read_table(file, partitioning=None), table)


class _Local:
    """The few calls of an fsspec file system that are made here, for a folder: fsspec is an extra."""

    def makedirs(self, path: str, *, exist_ok: bool) -> None:
        os.makedirs(path, exist_ok=exist_ok)  # noqa: PTH103 - the path is text, as fsspec's are

    def open(self, path: str, mode: str) -> Any:
        return Path(path).open(mode)

    def put_file(self, local: str, path: str) -> None:
        with replaced(path) as part:
            shutil.copyfile(local, part)

    def glob(self, pattern: str) -> list[str]:
        return glob.glob(pattern)  # noqa: PTH207 - the pattern is a whole path


def write_part(s: Any, target: Target, table: str, max_age: pd.Timedelta | None) -> tuple[str, int | None, str]:
    """Write one table of one schedule, page by page; what is there and young enough stays.

    Returns
    -------
    path, rows, status
        Where it is, how many rows were written, and ``"written"`` or ``"kept"``.
    """
    part = f"{table}/{_PARTITION}{safe_name(s.id)}/part-0.parquet"
    at = target.fetched_at(part)
    if at is not None and (max_age is None or pd.Timestamp.now("UTC") - at < max_age):
        return target.place(part), None, "kept"
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder) / "part-0.parquet"
        rows = s.to_parquet(table, local)
        target.put(local, part)
    return target.place(part), rows, "written"


def read_dataset(
    url: str | os.PathLike[str], tables: str | Iterable[str] | None = None, *, lazy: bool = True
) -> dict[str, Any]:
    """Read a dataset that ``p.to_parquet(url)`` wrote.

    Parameters
    ----------
    url
        Its folder or address.
    tables
        Names of tables; None for all that are there.
    lazy
        Whether to give Dask DataFrames, one partition per file (extra ``dask``); else DataFrames of pandas.

    Returns
    -------
    dict
        A frame per table, with the declared columns and dtypes, and ``schedule_id`` in front.

    Raises
    ------
    InvalidRequest
        There is no dataset, or it has no such table.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = client.portfolio(["Harbour Point Tower"]).to_parquet(folder, ["tasks"])
    ...     bn.read_dataset(folder, lazy=False)["tasks"].columns[:2].tolist()
    ['schedule_id', 'id']
    """
    target = Target.at(url)
    found = {name: parts for name, parts in target.parts().items() if name in COLLECTIONS}
    if not found:
        raise InvalidRequest(f"There is no dataset at {target.shown!r}.", hint="p.to_parquet(url) writes one.")
    names = [tables] if isinstance(tables, str) else list(tables or found)
    for name in names:
        if name not in found:
            raise InvalidRequest(f"The dataset has no table {name!r}.", hint=nearest(str(name), found))
    return {name: (_lazily if lazy else _at_once)(target, name, found[name]) for name in names}


def _part(path: str, target: Target, table: str, like: pd.DataFrame | None = None) -> pd.DataFrame:
    """Read one file; with the columns and dtypes of another frame where one is given."""
    return _framed(target.read(path, table), path, table, like)


def _framed(read: pa.Table, path: str, table: str, like: pd.DataFrame | None = None) -> pd.DataFrame:
    frame = to_frame(read, {"collection": table, "rows": read.num_rows})
    id_ = path.replace("\\", "/").split("/")[-2].removeprefix(_PARTITION)
    if "schedule_id" in frame:
        frame = frame.drop(columns="schedule_id")
    frame.insert(0, "schedule_id", pd.Series([id_] * len(frame), dtype=string_dtype(), index=frame.index))
    return frame if like is None else stack_parts([like.iloc[:0], frame])


def _at_once(target: Target, table: str, parts: Sequence[str]) -> pd.DataFrame:
    return stack_parts([_part(path, target, table) for path in parts])


def _lazily(target: Target, table: str, parts: Sequence[str]) -> Any:
    need("dask.dataframe", extra="dask")
    from dask.dataframe import from_map  # noqa: PLC0415
    from dask.dataframe.utils import clear_known_categories  # noqa: PLC0415

    # Schedules may differ in undeclared columns: every partition has the columns of all.
    like = stack_parts([_framed(target.schema(path, table).empty_table(), path, table) for path in parts])
    return from_map(_part, list(parts), target=target, table=table, like=like, meta=clear_known_categories(like))
