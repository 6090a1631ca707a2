"""Arrow's JSON reader with the declared types and nothing around it: what no pipeline built on it can beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.benchmarks.pages import PATHS


def reader(collection: str) -> Callable[[bytes], Any]:
    """What reads a page of a collection into an Arrow table of one row, its items in a list."""
    import pyarrow as pa
    import pyarrow.json as arrow_json

    from bentley_nb.frames.schema import WIRE_TYPES, struct_type
    from bentley_nb.service.catalog import Kind
    from bentley_nb.service.collections import COLLECTIONS

    columns = [column for column in COLLECTIONS[collection].frame_columns if column.kind is not Kind.LIST]
    item = struct_type([(column.member_on("platform"), WIRE_TYPES[column.kind]) for column in columns])
    parse = arrow_json.ParseOptions(
        explicit_schema=pa.schema([(PATHS[collection][1], pa.list_(item))]), unexpected_field_behavior="infer"
    )

    def read(body: bytes) -> Any:
        options = arrow_json.ReadOptions(use_threads=False, block_size=len(body) + 1)
        return arrow_json.read_json(pa.BufferReader(body), read_options=options, parse_options=parse)

    return read
