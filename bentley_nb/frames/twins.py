"""Rows that were sent twice: found by fingerprints made page by page, decided by the keys themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Prints = npt.NDArray[np.uint64]

_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64)
_WORD = 8


def fingerprints(columns: Mapping[str, pa.Array], key: Sequence[str]) -> Prints | None:
    """One 64-bit number per row, equal for equal keys on whatever page they stand.

    Grouping a million rows by two text columns takes longer than decoding them; sorting numbers takes almost nothing.
    Equal numbers only raise a suspicion.

    Parameters
    ----------
    columns
        The columns of a page.
    key
        Names of those that identify a row.

    Returns
    -------
    numpy.ndarray or None
        None where there is no key, or where it is not text.
    """
    total: Prints | None = None
    for name in key:
        column = columns.get(name)
        if column is None or not pa.types.is_large_string(column.type):
            return None
        one = _of_text(column)
        total = one if total is None else total * np.uint64(0x100000001B3) + one
    return total


def suspicious(prints: Sequence[Prints]) -> bool:
    """Whether two rows of these pages may have the same key."""
    if not prints:
        return False
    together = np.concatenate(prints)
    together.sort()
    return bool((together[1:] == together[:-1]).any())


def last_of_each(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """Keep each key once, at its first place, as last sent; rows without a whole key are all kept."""
    columns = {str(number): table.column(name).combine_chunks() for number, name in enumerate(key)}
    whole = None
    for column in columns.values():
        valid = pc.is_valid(column)
        whole = valid if whole is None else pc.and_(whole, valid)
    row = pa.array(np.arange(table.num_rows))
    numbered = pa.table({**columns, "row": row}).filter(whole)
    groups = numbered.group_by(list(columns), use_threads=False).aggregate([("row", "min"), ("row", "max")])
    if groups.num_rows == numbered.num_rows:
        return table
    rest = row.filter(pc.invert(whole))
    places = pa.table(
        {
            "place": pa.chunked_array([*groups.column("row_min").chunks, rest]),
            "row": pa.chunked_array([*groups.column("row_max").chunks, rest]),
        }
    )
    return table.take(places.sort_by("place").column("row"))


def _of_text(text: pa.Array) -> Prints:
    count = len(text)
    if text.null_count:
        text = text.fill_null("")
    offsets = _offsets(text)
    widths = np.diff(offsets)
    width = int(widths.max(initial=0))
    if count == 0 or width == 0:
        return np.zeros(count, np.uint64)
    if width < _WORD or int(widths.min()) != width:  # ids are of one length; other keys are filled up to one
        width = -(-width // _WORD) * _WORD
        text = pc.ascii_rpad(text, width=width, padding="\0")
        offsets = _offsets(text)
    start = int(offsets[0])
    total = np.zeros(count, np.uint64)
    # Each word counts by its own place, and one of padding counts nothing: the same key has the same number beside
    # longer ones as among its like.
    for number, place in enumerate(range(0, width, _WORD)):
        beyond = max(place + _WORD - width, 0)
        word = np.ndarray((count,), "<u8", text.buffers()[2], start + place - beyond, (width,))
        if beyond:  # the last word reaches back into the one before: what belongs to that one is shifted out
            word = word >> np.uint64(8 * beyond)
        word = word * _ODD[number % len(_ODD)]
        word ^= word >> np.uint64(29)
        word *= np.uint64(pow(31, number, 1 << 64))
        total += word
    return total


def _offsets(text: pa.Array) -> npt.NDArray[np.int64]:
    return np.frombuffer(text.buffers()[1], np.int64, len(text) + 1, text.offset * 8)
