"""Keep a copy of a schedule: which tables, and what to do with those that cannot be read."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bentley_nb.errors import AccessDenied, BentleyError, InvalidRequest, InvalidResponse, NotFound
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection
from bentley_nb.store.copies import DEFAULT_TABLES, Description, now, write_copy

# The service refused this table; any other failure (a broken connection, say) means nothing for it.
_REFUSED = (AccessDenied, InvalidRequest, InvalidResponse, NotFound)


def keep(
    s: Any,
    folder: str | os.PathLike[str] = "kept",
    *,
    label: str | None = None,
    tables: str | Sequence[str] | None = None,
) -> Path:
    """Write a copy of a schedule to disk, to be opened later without network and credentials.

    Parameters
    ----------
    s
        The schedule. What it has read already is kept as it was read; the rest is read now.
    folder
        Where copies are kept; created if missing.
    label
        A word for this copy, such as ``"before re-plan"``; part of its folder's name.
    tables
        Names from :func:`bentley_nb.catalog`, or ``"all"``. None: what the reports, SQL, user fields and codes and a
        comparison need.

    Returns
    -------
    pathlib.Path
        The copy's folder, ``<folder>/<schedule>/<data date>[-label]`` (the day of reading where there is no data
        date): a Parquet file per table and ``copy.json``, which also says what could not be read and why. A second
        copy of one data date becomes ``<data date>.2``; a copy is never overwritten.

    Raises
    ------
    InvalidRequest
        No such table, or a folder that cannot be written to.
    BentleyError
        A table that was named, or that of the tasks, could not be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     old = bn.open(s.keep(folder))
    ...     old.tasks().equals(s.tasks())
    True
    """
    if label is not None and (not isinstance(label, str) or not label.strip()):
        raise InvalidRequest(f"label must be a word or two, not {label!r}.")
    wanted, named = _wanted(s, tables)
    read, missing = {}, {}
    try:
        read = s._read(wanted)
    except _REFUSED:
        for collection in wanted:
            try:
                read |= s._read([collection])
            except _REFUSED as error:
                if named or collection.name == "tasks":
                    raise
                missing[collection.name] = _without_client_id(error.message)
    kept = {collection.name: read[collection.name] for collection in wanted if collection.name in read}
    date = _data_date(s)
    about = Description(
        schedule_id=s.id,
        name=s.name,
        type=s.type,
        itwin_id=_itwin_id(s),
        data_date=None if pd.isna(date) else date.isoformat(),
        source=s.source,
        kept_at=now(),
        project=s.project,
        label=label,
        missing=missing,
    )
    return write_copy(folder, about, {name: (table.table, table.fetched_at) for name, table in kept.items()})


def _wanted(s: Any, tables: object) -> tuple[list[Collection], bool]:
    """Return the collections to keep, and whether the user named them."""
    if tables is not None and tables != "all":
        names = [tables] if isinstance(tables, str) else list(tables) if isinstance(tables, Sequence) else [tables]
        # Required in every copy: these tables identify the schedule.
        return [s._find(name, None) for name in dict.fromkeys(["schedule", *names])], True
    served = []
    for name in DEFAULT_TABLES if tables is None else COLLECTIONS:
        collection = COLLECTIONS[name]
        if not _is_whole(collection):
            continue
        if s.type in collection.schedule_types and s.serves(name):
            served.append(collection)
    return served, False


def _is_whole(collection: Collection) -> bool:
    """Return whether it is a table of its own: neither one item nor a table of one parent's items."""
    if collection.level != "schedule" or (collection.single and collection.parent):
        return False
    return not collection.parent or collection.parent.collection == "baselines" or collection.name in DEFAULT_TABLES


def _data_date(s: Any) -> Any:
    try:
        return s.data_date
    except _REFUSED:  # the tables can be kept all the same
        return pd.NaT


def _itwin_id(s: Any) -> str | None:
    try:
        found = s.table("schedule")["itwin_id"].iloc[0]
    except BentleyError:
        return None
    return found if isinstance(found, str) else None


def _without_client_id(message: str) -> str:
    return re.sub(r"\S+@apps\.imsoidc\.bentley\.com", "***@apps.imsoidc.bentley.com", message)
