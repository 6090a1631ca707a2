"""Keys found among others, whatever the chunks they lie in."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bentley_nb.frames.dtypes import string_dtype
from bentley_nb.frames.keys import positions

KEYS = st.lists(st.lists(st.one_of(st.none(), st.sampled_from("abcdef")), max_size=4), max_size=4)


def column(chunks: list[list[str | None]]) -> pd.Series[str]:
    """A column of text that lies in these chunks, as a pull of several pages leaves it."""
    return pd.Series(string_dtype().__from_arrow__(pa.chunked_array(chunks, pa.large_string())))


@given(KEYS, KEYS)
def test_each_key_is_found_where_it_stands_first(keys: list[list[str | None]], among: list[list[str | None]]) -> None:
    flat = [key for chunk in among for key in chunk]
    wanted = [flat.index(key) if key is not None and key in flat else -1 for chunk in keys for key in chunk]
    assert positions(column(keys), column(among)).tolist() == wanted


def test_keys_that_are_python_objects() -> None:
    among = pd.Series(["b", None, "a", "b"], dtype=object)
    assert positions(pd.Series(["a", "b", None, "c"], dtype=object), among).tolist() == [2, 0, -1, -1]
