"""The typed columns of one page, before they are put together with those of the others."""

from __future__ import annotations

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
        Sorted fingerprints of the rows' keys; None where rows have no key.
    """

    rows: int
    known: dict[str, pa.Array]
    unknown: dict[str, pa.Array] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    unparsed: dict[str, dict[int, str]] = field(default_factory=dict)
    prints: npt.NDArray[np.uint64] | None = None
