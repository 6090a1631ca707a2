"""Pages into one Parquet file, row group by row group, in memory of a few pages."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bentley_nb._files import replaced
from bentley_nb.frames.dtypes import table_schema
from bentley_nb.frames.finish import common_type
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.service.declare import Collection

_ROW_GROUP = 65_536


def write_pages(
    pages: Iterable[pa.Table], collection: Collection, path: str | os.PathLike[str], attrs: dict[str, str]
) -> int:
    """Write pages to a file that appears under its name only when it is complete.

    Parameters
    ----------
    pages
        Finished tables with the declared columns; a page may bring columns of its own.
    collection
        What they hold.
    path
        The file.
    attrs
        Goes into the file's metadata, where pandas finds it as ``DataFrame.attrs``.

    Returns
    -------
    int
        Number of rows written.
    """
    writer: pq.ParquetWriter | None = None
    schema = _types_of(table_schema(collection))
    rows = 0
    with replaced(path) as part:
        try:
            for group in _row_groups(pages):
                wider = schema
                for page in group:
                    wider = _widen(wider, page.schema)
                if writer is None:
                    writer = pq.ParquetWriter(part, described(wider, attrs))
                elif not wider.equals(schema):
                    writer = _widened(writer, part, wider, attrs)  # a page brought a member that none had before
                schema = wider
                # One dictionary per row group: from the second on, the writer would store the text row by row.
                writer.write_table(pa.concat_tables([_fit(page, schema) for page in group]).unify_dictionaries())
                rows += sum(page.num_rows for page in group)
            if writer is None:
                writer = pq.ParquetWriter(part, described(schema, attrs))
        finally:
            if writer is not None:
                writer.close()
    return rows


def _row_groups(pages: Iterable[pa.Table]) -> Iterator[list[pa.Table]]:
    """Put pages together: each row group has its statistics, which are held until the file is closed."""
    group: list[pa.Table] = []
    for page in pages:
        group.append(page)
        if sum(page.num_rows for page in group) >= _ROW_GROUP:
            yield group
            group = []
    if group:
        yield group


def _types_of(schema: pa.Schema) -> pa.Schema:
    """Remove the marks of lists: the file holds their JSON text."""
    return pa.schema([pa.field(field.name, field.type) for field in schema])


def described(schema: pa.Schema, attrs: dict[str, str]) -> pa.Schema:
    """Return a schema that names the pandas dtypes: from Arrow's types alone, pandas makes others."""
    frame = to_frame(_types_of(schema).empty_table(), {})
    # Categories come back by Arrow's type. Named here too, fastparquet would take every row group's codes for those of
    # one dictionary.
    frame = frame.astype(dict.fromkeys(frame.select_dtypes("category"), object))
    described = pa.Schema.from_pandas(frame, preserve_index=False).metadata or {}
    return schema.with_metadata({**described, b"PANDAS_ATTRS": json.dumps(attrs).encode()})


def _widen(schema: pa.Schema, page: pa.Schema) -> pa.Schema:
    types = {field.name: field.type for field in schema}
    for field in page:
        types[field.name] = common_type({types.get(field.name, field.type), field.type})
    return pa.schema(list(types.items()))


def _fit(page: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for field in schema:
        if field.name in page.column_names:
            columns.append(page.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(page.num_rows, field.type))
    return pa.table(columns, schema=schema)


def _widened(writer: pq.ParquetWriter, part: Path, schema: pa.Schema, attrs: dict[str, str]) -> pq.ParquetWriter:
    """Copy what was written so far into a file with more columns, one row group at a time."""
    writer.close()
    before = part.with_suffix(".before")
    part.replace(before)
    try:
        with pq.ParquetFile(before) as old:
            wider = pq.ParquetWriter(part, described(schema, attrs))
            for group in range(old.num_row_groups):
                wider.write_table(_fit(old.read_row_group(group), schema))
    finally:
        before.unlink(missing_ok=True)
    return wider
