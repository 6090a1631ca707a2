"""The typed columns of one page, before they are put together with those of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass
class Columns:
    """The columns of one page (or of several items), in pieces that fit together with those of other pages.

    Attributes
    ----------
    rows
        Number of items.
    known
        One array per declared column, by column name.
    unknown
        Members the catalog does not know, by dotted member name; lists as JSON text.
    lists
        Names among ``unknown`` whose text is JSON.
    unparsed
        By column name: the text of values that do not fit the declared kind, by row.
    prints
        Fingerprints of the rows' keys; None where rows have no key of short text.
    """

    rows: int
    known: dict[str, pa.Array]
    unknown: dict[str, pa.Array] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    unparsed: dict[str, dict[int, str]] = field(default_factory=dict)
    prints: npt.NDArray[np.uint64] | None = None


def in_place(members: Iterable[str]) -> list[str]:
    """Put member names in the order first seen, the leaves of an object together where the object was first seen.

    That is the order in which Arrow's reader gives them, however the items are split into pages.

    Examples
    --------
    >>> from bentley_nb.frames.page import in_place
    >>> in_place(["deep", "flat", "deep.leaf", "flat", "deep.er.leaf"])
    ['deep', 'deep.leaf', 'deep.er.leaf', 'flat']
    """
    tree: dict[str, _Branch] = {}
    for member in dict.fromkeys(members):
        branches, branch = tree, _Branch()
        for part in member.split("."):
            branch = branches.setdefault(part, _Branch())
            branches = branch.below
        branch.member = member
    return [member for branch in tree.values() for member in branch.leaves()]


@dataclass
class _Branch:
    member: str | None = None
    below: dict[str, _Branch] = field(default_factory=dict)

    def leaves(self) -> Iterator[str]:
        if self.member is not None:
            yield self.member
        for branch in self.below.values():
            yield from branch.leaves()
