"""Two pages that may have rows in common: where the second one begins in the first, proven row by row."""

from __future__ import annotations

from typing import Any

import numpy as np

from bentley_nb.frames.page import Columns


def meeting(lower: Columns, upper: Columns) -> int | None:
    """Return the row of a page with which another page begins; None unless all rows from there on are equal."""
    if lower.prints is None or upper.prints is None or not upper.rows:
        return None
    places = np.flatnonzero(lower.prints == upper.prints[0])
    if len(places) != 1:
        return None
    at = int(places[0])
    return at if _equal(sliced(lower, at, lower.rows), sliced(upper, 0, lower.rows - at)) else None


def sliced(page: Columns, start: int, stop: int) -> Columns:
    """Return some rows of a page."""
    count = stop - start
    return Columns(
        max(min(stop, page.rows) - start, 0),
        {name: array.slice(start, count) for name, array in page.known.items()},
        {name: array.slice(start, count) for name, array in page.unknown.items()},
        page.lists,
        {
            name: {row - start: text for row, text in texts.items() if start <= row < stop}
            for name, texts in page.unparsed.items()
        },
        None if page.prints is None else page.prints[start:stop],
    )


def _equal(one: Columns, other: Columns) -> bool:
    def values(page: Columns, name: str) -> Any:
        array = page.known.get(name, page.unknown.get(name))
        return None if array is None or array.null_count == page.rows else array

    def equal(name: str) -> bool:
        left, right = values(one, name), values(other, name)
        if left is None or right is None:
            return left is right
        if left.type != right.type:
            return bool(left.to_pylist() == right.to_pylist())
        return bool(_plain(left).equals(_plain(right)))

    names = {*one.known, *one.unknown, *other.known, *other.unknown}
    unparsed = [{name: texts for name, texts in page.unparsed.items() if texts} for page in (one, other)]
    return one.rows == other.rows and unparsed[0] == unparsed[1] and all(map(equal, names))


def _plain(array: Any) -> Any:
    return array.dictionary_decode() if hasattr(array, "dictionary_decode") else array
