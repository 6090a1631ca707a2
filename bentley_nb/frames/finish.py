"""From the columns of many pages to one finished Arrow table: the declared columns, then the unknown ones."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb._warn import warn_caller
from bentley_nb.frames.dtypes import ARROW_TYPES, EXACT, LIST_MARK, table_schema
from bentley_nb.frames.duplicates import last_of_each, suspicious
from bentley_nb.frames.page import Columns, in_place
from bentley_nb.service.declare import Collection, Kind, snake_case


class UnparsedValuesWarning(UserWarning):
    """Values that do not fit their declared kind are missing, and kept as sent in a column of their own."""


def finish(
    collection: Collection,
    pages: Sequence[Columns],
    parents: Sequence[str | None] = (),
    names: dict[tuple[str, bool], str] | None = None,
) -> pa.Table:
    """Put the pages of one collection together.

    Parameters
    ----------
    collection
        What the pages hold.
    pages
        Their columns, in the order in which they were served.
    parents
        For a nested collection: the parent asked for, page by page.
    names
        Where a table is finished page by page: what the columns beside the declared ones were called so far. Of two
        members that fold to one name the second gets a number, and must have it on every page.

    Returns
    -------
    pyarrow.Table
        The declared columns in the declared order and types, then unknown members in the order in which they (or the
        objects around them) were first seen, those of declared objects first, then ``<column>_as_sent`` for values
        that did not fit, in the declared order. Rows with a key that was sent twice appear once, as last sent.
    """
    arrays: list[pa.ChunkedArray] = []
    schema = table_schema(collection)
    for column in collection.frame_columns:
        chunks = [
            page.known.get(column.name) if column.name in page.known else pa.nulls(page.rows, pa.large_string())
            for page in pages
        ]
        if collection.parent and column.name == collection.parent.column and parents:
            chunks = [
                _fill(chunk, parent) if parent is not None else chunk
                for chunk, parent in zip(chunks, parents, strict=True)
            ]
        arrays.append(_chunked(chunks, ARROW_TYPES[column.kind]))
        for page in pages:
            page.known.pop(column.name, None)  # each page's copy goes as soon as its column is made
    fields = list(schema)
    names = {} if names is None else names
    taken = {*schema.names, *names.values()}
    for unknown_field, array in _unknown(collection, pages):
        name = _name_of((unknown_field.name, False), snake_case(unknown_field.name), taken, names)
        fields.append(unknown_field.with_name(name))
        arrays.append(array)
    for name, array in _as_sent(collection, pages):
        fields.append(pa.field(_name_of((name, True), name, taken, names), pa.large_string()))
        arrays.append(array)
    if not fields:  # a collection of undocumented members, and no items
        return pa.table({})
    table = pa.table(arrays, schema=pa.schema(fields))
    if not collection.key or table.num_rows < 2:
        return table
    # Grouping by key is slow: it is done only where fingerprints collide, or a page has none.
    prints = [page.prints for page in pages if page.prints is not None]
    if len(prints) == len(pages) and not suspicious(prints):
        return table
    return last_of_each(table, collection.key)


def _chunked(chunks: Sequence[pa.Array], type_: pa.DataType) -> pa.ChunkedArray:
    if not pa.types.is_dictionary(type_):
        return pa.chunked_array([chunk if chunk.type == type_ else chunk.cast(type_) for chunk in chunks], type_)
    # A parent without children gives no page; of no chunk at all, pyarrow 16 cannot make a dictionary.
    encoded = [
        chunk if pa.types.is_dictionary(chunk.type) else chunk.cast(type_.value_type).dictionary_encode()
        for chunk in (chunks or [pa.array([], type_.value_type)])
    ]
    return pa.chunked_array(encoded, type_).unify_dictionaries()


def _fill(chunk: pa.Array, parent: str) -> pa.Array:
    return pc.fill_null(chunk.cast(pa.large_string()), parent)


def _unknown(collection: Collection, pages: Sequence[Columns]) -> list[tuple[pa.Field, pa.ChunkedArray]]:
    found = []
    members = in_place(member for page in pages for member in page.unknown)
    objects = [column.member.partition(".")[0] for column in collection.columns if "." in column.member]
    first = {head: place for place, head in enumerate(dict.fromkeys(objects))}
    members.sort(key=lambda member: first.get(member.partition(".")[0], len(first)))
    for member in members:
        types = {page.unknown[member].type for page in pages if member in page.unknown} - {pa.null()}
        is_list = any(member in page.lists for page in pages)
        if not types and any(other.startswith(member + ".") for other in members):
            continue  # null here, an object elsewhere
        chunks = []
        for page in pages:
            array = page.unknown.get(member, pa.nulls(page.rows))
            if is_list and member not in page.lists and array.type != pa.null():
                array = _json_text(array)
            chunks.append(array)
        type_ = common_type(types) if not is_list else pa.large_string()
        if type_ == pa.float64() and any(_too_long(chunk) for chunk in chunks):
            type_ = pa.large_string()  # which keeps the digits
        field = pa.field(member, type_, metadata=LIST_MARK if is_list else None)
        found.append((field, pa.chunked_array([_as(chunk, type_) for chunk in chunks], type_)))
    return found


def common_type(types: set[pa.DataType]) -> pa.DataType:
    """Return the one type that keeps every value: numbers stay numbers, anything else that differs becomes text."""
    types = {pa.large_string() if pa.types.is_string(type_) else type_ for type_ in types}
    if len(types) == 1:
        return next(iter(types))
    return pa.float64() if types == {pa.int64(), pa.float64()} else pa.large_string()


def _too_long(array: pa.Array) -> bool:
    """Return whether there are whole numbers that a float cannot hold."""
    if array.type != pa.int64():
        return False
    # Not abs(): the absolute value of the smallest int64 overflows.
    ends = pc.min_max(array).as_py()
    return ends["max"] is not None and (ends["max"] >= EXACT or ends["min"] <= -EXACT)


def _as(array: pa.Array, type_: pa.DataType) -> pa.Array:
    if array.type == type_:
        return array
    if array.type == pa.int64() and type_ == pa.float64():
        # The safe cast refuses whole numbers beyond 2**53; those were made text before.
        return array.cast(type_, safe=False)
    return array.cast(type_)


def _json_text(array: pa.Array) -> pa.Array:
    import json  # noqa: PLC0415 - one page sent a list where another sent a plain value

    return pa.array(
        [None if v is None else json.dumps(v, ensure_ascii=False) for v in array.to_pylist()], pa.large_string()
    )


def _as_sent(collection: Collection, pages: Sequence[Columns]) -> list[tuple[str, pa.ChunkedArray]]:
    found = []
    kinds = {column.name: column.kind for column in collection.frame_columns}
    for name, kind in kinds.items():
        if not any(name in page.unparsed for page in pages):
            continue
        chunks = []
        for page in pages:
            texts: list[str | None] = [None] * page.rows
            for row, text in page.unparsed.get(name, {}).items():
                texts[row] = text
            chunks.append(pa.array(texts, pa.large_string()))
        column = pa.chunked_array(chunks, pa.large_string())
        count = len(column) - column.null_count
        example = column.drop_null()[0].as_py()
        warn_caller(
            f"{collection.name}.{name}: {count} value(s) are not a {_WORDS.get(kind, kind)}, for example "
            f"{example!r}; they are missing there and kept as sent in {name + '_as_sent'!r}.",
            UnparsedValuesWarning,
        )
        found.append((f"{name}_as_sent", column))
    return found


_WORDS = {
    Kind.INSTANT: "date-time",
    Kind.FLAG: "true or false",
    Kind.COUNT: "whole number",
    Kind.MEASURE: "number",
    Kind.HOURS: "number of seconds",
}


def _name_of(source: tuple[str, bool], wanted: str, taken: set[str], names: dict[tuple[str, bool], str]) -> str:
    """Return the name that a source has, or give it one that no other column has."""
    if source not in names:
        candidate, number = wanted, 2
        while candidate in taken:
            candidate, number = f"{wanted}_{number}", number + 1
        taken.add(candidate)
        names[source] = candidate
    return names[source]
