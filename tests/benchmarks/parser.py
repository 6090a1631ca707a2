"""Arrow's JSON reader as the package uses it, with nothing around it: what no pipeline built on it can beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def reader(collection: str) -> Callable[[bytes], Any]:
    """What reads a page of a collection into an Arrow table of one row, its items in a list."""
    import pyarrow as pa
    import pyarrow.json as arrow_json

    from bentley_nb.frames.decode import PageDecoder
    from bentley_nb.service.catalog import COLLECTIONS
    from bentley_nb.service.surface import find_surface

    expected = PageDecoder(COLLECTIONS[collection], find_surface("platform"))._expect()

    def read(body: bytes) -> Any:
        options = arrow_json.ReadOptions(use_threads=False, block_size=len(body) + 1)
        return arrow_json.read_json(pa.BufferReader(body), read_options=options, parse_options=expected.options)

    return read
