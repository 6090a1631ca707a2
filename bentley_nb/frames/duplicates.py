"""Rows that were sent twice: suspected from fingerprints of each page, confirmed by the keys themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Prints = npt.NDArray[np.uint64]

_ODD = 0x9E3779B97F4A7C15
_OTHER_ODD = np.uint64(0xC2B2AE3D27D4EB4F)
_WORD = 4
_WIDEST = 512  # bytes of a key; wider ones, which no id is, are compared as they are


def fingerprints(columns: Mapping[str, pa.Array], key: Sequence[str]) -> Prints | None:
    """Return one 64-bit number per row, equal for equal keys on any page.

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
        None where there is no key, or where it is not short text.
    """
    total: Prints | None = None
    for name in key:
        column = columns.get(name)
        if column is None or not pa.types.is_large_string(column.type):
            return None
        one = _of_text(column)
        if one is None:
            return None
        total = one if total is None else total * _OTHER_ODD + one
    return total


def suspicious(prints: Sequence[Prints]) -> bool:
    """Return whether two rows of these pages may have the same key."""
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


def _of_text(text: pa.Array) -> Prints | None:
    count = len(text)
    if text.null_count:
        text = text.fill_null("")
    offsets = _offsets(text)
    widths = np.diff(offsets)
    width = int(widths.max(initial=0))
    if count == 0 or width == 0:
        return np.zeros(count, np.uint64)
    if width > _WIDEST:
        return None
    if width < _WORD or int(widths.min()) != width:  # ids are of one length; other keys are filled up to one
        width = -(-width // _WORD) * _WORD
        text = pc.ascii_rpad(text, width=width, padding="\0")
        offsets = _offsets(text)
    # Each word is weighted by its place, and padding counts nothing: the same key has the same number beside
    # longer ones as among its like. Few calls on whole pages: between two of them, other threads take their turns.
    start, data = int(offsets[0]), text.buffers()[2]
    whole, rest = divmod(width, _WORD)
    places = _places(whole + 1)
    total: Prints = np.ndarray((count, whole), "<u4", data, start, (width, _WORD)).astype(np.uint64) @ places[:whole]
    if rest:  # the last word reaches back into the one before: what belongs to that one is shifted out
        last = np.ndarray((count,), "<u4", data, start + width - _WORD, (width,)) >> np.uint32(8 * (_WORD - rest))
        total += last * places[whole]
    return total


@cache
def _places(count: int) -> Prints:
    return np.array([pow(_ODD, place + 1, 1 << 64) for place in range(count)], np.uint64)


def _offsets(text: pa.Array) -> npt.NDArray[np.int64]:
    return np.frombuffer(text.buffers()[1], np.int64, len(text) + 1, text.offset * 8)
