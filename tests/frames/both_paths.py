"""Reads one page by both decode paths; the frames must be equal."""

from __future__ import annotations

import warnings

from pandas.testing import assert_frame_equal

from bentley_nb.errors import BentleyError
from bentley_nb.frames import UnparsedValuesWarning
from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.finish import finish
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.surface import SURFACES


def agree(body: bytes, name: str = "tasks") -> bool:
    """Return whether the body is a page at all; raise where the paths differ, or for an error that is not ours."""
    collection = COLLECTIONS[name]
    decoder = PageDecoder(collection, SURFACES["platform"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnparsedValuesWarning)
        try:
            read = decoder.page(body)
            tolerant = decoder._read_tolerant(body.strip())  # stricter beside the items: Arrow skips what is there
        except BentleyError:
            return False
        assert_frame_equal(to_frame(finish(collection, [read]), {}), to_frame(finish(collection, [tolerant]), {}))
    return True
