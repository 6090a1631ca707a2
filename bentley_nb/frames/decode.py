"""From the bytes of a page to typed Arrow columns.

The usual page is read by Arrow's JSON reader with the declared types, without a Python object per cell. A page that
does not fit is read again by ``tolerant``, which gives the same columns for whatever a service may send instead.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow_json

from bentley_nb._redact import excerpt, redacted
from bentley_nb.errors import InvalidResponse
from bentley_nb.frames.dtypes import EXACT, SECONDS_PER_HOUR, UTC_INSTANT, WIRE_TYPES, struct_type
from bentley_nb.frames.duplicates import fingerprints
from bentley_nb.frames.page import Columns
from bentley_nb.frames.tolerant import columns_from_items
from bentley_nb.service.declare import Collection, Column, Kind
from bentley_nb.service.surface import MAX_PAGE_SIZE, Surface

_PLAIN = (pa.null(), pa.bool_(), pa.int64(), pa.float64(), pa.string(), pa.large_string())

# glibc frees the parser's buffers at once: a quarter less memory at the peak, and no slower.
_POOL = pa.system_memory_pool()

# Python 3.13 reads lists deeper than the 1,000 at which earlier versions raise RecursionError.
_DEEPEST = 900
_DEEP = 500
_USUAL_OBJECTS = MAX_PAGE_SIZE + _DEEP  # an item is an object
_SLICE = 1 << 20  # in blocks, so that looking at a page takes little memory

# .NET writes seven digits of a second, Arrow takes nine, six or three.
_SEVENTH_DIGIT = r"(\.\d{6})\d+"


class _Expected(NamedTuple):
    state: tuple[object, ...]
    members: tuple[str, ...]
    learned: bool
    options: arrow_json.ParseOptions


class PageDecoder:
    """Decodes the pages of one collection on one surface; one decoder serves all threads of a pull.

    Parameters
    ----------
    collection
        What the pages hold.
    surface
        Who sent them.
    """

    def __init__(self, collection: Collection, surface: Surface) -> None:
        self.collection = collection
        self._surface = surface
        self._key = surface.list_key(collection)
        self._columns = [column for column in collection.frame_columns if column.kind is not Kind.LIST]
        self._has_lists = len(self._columns) < len(collection.frame_columns)
        self._learned: dict[str, None] = {}  # unknown members that are text; in the order in which they were met
        self._instants_as_text = False
        self._expected: _Expected | None = None

    def page(self, body: bytes) -> Columns:
        """Decode one page of a list.

        Raises
        ------
        InvalidResponse
            The body is not JSON, or holds no list of items.
        """
        with _depth_limit():
            columns = self._columns_of(body.strip())
        columns.prints = fingerprints(columns.known, self.collection.key)
        return columns

    def _columns_of(self, body: bytes) -> Columns:
        columns = None
        # A bare ``null`` makes Arrow's reader crash the process (seen with pyarrow 16 and 26): only objects go there.
        objects = body[:1] == b"{" and body[-1:] == b"}"
        if self._columns and not self._has_lists and objects and not _may_nest_deep(body):
            columns = self._read_fast(body)
            # Arrow infers no instants with seven digits: with them as text, the page may fit after all.
            if columns is None and not self._instants_as_text and b"." in body:
                self._instants_as_text = True  # from now on: most pages of one service write their dates alike
                columns = self._read_fast(body)
        return columns or self._read_tolerant(body)

    def single(self, body: bytes) -> Columns:
        """Decode a single object, wrapped or bare."""
        with _depth_limit():
            return columns_from_items(self.collection, self._surface.name, [self._item(_parse(body))])

    def _item(self, envelope: Mapping[str, Any]) -> Mapping[str, Any]:
        item: Any = envelope
        if self._surface.single_wrapped:
            item = envelope.get(self.collection.envelope)
            if item is None:
                # An inferred wrapper may have another name: take the only object there is, else the body itself.
                inside = [value for name, value in envelope.items() if isinstance(value, dict) and name != "_links"]
                item = inside[0] if len(inside) == 1 and len(envelope.keys() - {"_links"}) == 1 else envelope
        if not isinstance(item, dict) or envelope.keys() == {"error"}:
            raise InvalidResponse(f"The service sent no object for {self.collection.name!r}.")
        return item

    def _read_fast(self, body: bytes) -> Columns | None:
        """Read the page with the declared types; None where it does not fit them."""
        expected = self._expect()
        try:
            table = arrow_json.read_json(
                pa.BufferReader(body),
                # One block: a row that straddles two blocks is an error in Arrow. Pages are decoded in parallel
                # already.
                read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(body) + 1),
                parse_options=expected.options,
                memory_pool=_POOL,
            )
            if table.num_rows != 1 or table.column(self._key).null_count:
                return None  # whitespace, two documents, or no list of that name: read by the tolerant path
            items = table.column(self._key).chunk(0).flatten()
            if items.null_count:
                return None
            arrays: dict[str, pa.Array] = {}
            if not _flatten(items, "", arrays, expected.members):
                return None
            known = {
                column.name: _finish(arrays.pop(member), column)
                for column, member in zip(self._columns, expected.members, strict=True)
            }
            if not body.isascii():  # the reader does not look at the encoding
                for array in (*known.values(), *arrays.values()):
                    array.validate(full=True)
        except (pa.ArrowInvalid, UnicodeDecodeError):  # the second is of a member's name
            return None  # a value does not fit its declared type, or the body is not JSON: the tolerant path decides
        return Columns(len(items), known, _as_sent(arrays, body) if expected.learned else arrays)

    def _expect(self) -> _Expected:
        """Return the options of Arrow's reader for a page: built once, as long as no new member appears."""
        state = (self._key, self._instants_as_text, tuple(self._learned))
        expected = self._expected
        if expected is None or expected.state != state:
            members = {column.member_on(self._surface.name): self._wire_type(column) for column in self._columns}
            # An object where a plain member is declared (or was learned) cannot be in the schema: both have one name.
            named = {*members, *self._learned}
            heads = {head for member in named for head in _heads(member)}
            learned = {
                member: pa.large_string()
                for member in self._learned
                if member not in members and member not in heads and not any(h in named for h in _heads(member))
            }
            item = struct_type([*members.items(), *learned.items()])
            options = arrow_json.ParseOptions(
                explicit_schema=pa.schema([(self._key, pa.list_(item))]),
                newlines_in_values=True,
                # Members that the catalog does not know are kept, with the type Arrow gives them.
                unexpected_field_behavior="infer",
            )
            expected = self._expected = _Expected(state, tuple(members), bool(learned), options)
        return expected

    def _wire_type(self, column: Column) -> pa.DataType:
        if column.kind is Kind.INSTANT and self._instants_as_text:
            return pa.large_string()
        return WIRE_TYPES[column.kind]

    def _read_tolerant(self, body: bytes) -> Columns:
        columns = columns_from_items(self.collection, self._surface.name, self._items(_parse(body)))
        for member, array in columns.unknown.items():
            # Text that looks like a date would be inferred as one: from now on the fast path takes it as text.
            if member not in columns.lists and array.type == pa.large_string():
                self._learned.setdefault(member)
        return columns

    def _items(self, envelope: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found = envelope.get(self._key)
        if not isinstance(found, list):
            lists = {name: value for name, value in envelope.items() if isinstance(value, list)}
            # Where the documentation names the member, another list is not taken for it.
            inferred = self.collection.envelope_evidence == "inferred" and self._surface.list_member is None
            if not (inferred and len(lists) == 1):
                members = ", ".join(redacted(name)[:80] for name in list(envelope)[:20]) or "none"
                kind = f"{self._key!r} is not a list" if self._key in envelope else f"its members are: {members}"
                raise InvalidResponse(
                    f"The answer contains no list {self._key!r}; {kind}.",
                    hint="The service may have changed, or the address is not that of the schedules API.",
                )
            found = next(iter(lists.values()))
            self._key = next(iter(lists))
        # A null in a list is no row; Arrow's path hands such a page over for this reason.
        items = [item for item in found if item is not None]
        if not all(isinstance(item, Mapping) for item in items):
            raise InvalidResponse(f"The list {self._key!r} contains something that is not an item.")
        return items


def _may_nest_deep(body: bytes) -> bool:
    """Return whether the nesting may be so deep that Arrow's reader, which recurses, would crash.

    Brackets in text count too, so True is only a suspicion.
    """
    text = np.frombuffer(body, np.uint8)
    slices = [text[at : at + _SLICE] for at in range(0, len(text), _SLICE)]
    if not _more_lists_than(_DEEP, body):
        objects = sum(np.count_nonzero(part == ord("{")) for part in slices)
        if objects <= _USUAL_OBJECTS:
            return False
    depth = 0
    for part in slices:
        marks = part & 0xDF  # one bit tells { from [, and } from ]
        marks = marks[(marks == ord("[")) | (marks == ord("]"))]
        depths = depth + np.where(marks == ord("["), 1, -1).cumsum()
        if len(depths):
            if depths.max() > _DEEP:
                return True
            depth = depths[-1]
    return False


def _more_lists_than(limit: int, body: bytes) -> bool:
    """Return whether more lists begin than `most`; usually one does, and looking for it is faster than counting."""
    at = -1
    for _ in range(limit + 1):
        at = body.find(b"[", at + 1)
        if at < 0:
            return False
    return True


@contextmanager
def _depth_limit() -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise InvalidResponse(
            "The answer nests objects or lists too deeply to be read.",
            hint="The service may have changed, or the address is not that of the schedules API.",
        ) from None


def _parse(body: bytes) -> dict[str, Any]:
    try:
        envelope = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        start = excerpt(body, 80)
        raise InvalidResponse(
            f"The answer is not JSON; it begins with {start!r}." if start else "The answer is empty.",
            hint="A proxy or sign-in page may be between this machine and the service.",
        ) from None
    if not isinstance(envelope, dict):
        raise InvalidResponse("The answer is not a JSON object.")
    if _may_nest_deep(body) and _depth(envelope) > _DEEPEST:
        raise RecursionError
    return envelope


def _depth(value: Any) -> int:
    """Return how deep objects and lists are nested."""
    depth, level = 0, [value]
    while level := [part for part in level if isinstance(part, dict | list)]:
        depth += 1
        level = [part for one in level for part in (one.values() if isinstance(one, dict) else one)]
    return depth


def _flatten(items: pa.StructArray, prefix: str, into: dict[str, pa.Array], declared: Container[str]) -> bool:
    """Collect the leaves of a struct by dotted name; False where only the tolerant path can keep what was sent."""
    for child, array in zip(items.type, items.flatten(), strict=True):
        name = prefix + child.name
        if "." in child.name or name in into:  # two members that would have one name
            return False
        if pa.types.is_struct(child.type) and not child.type.num_fields:
            into[name] = pa.nulls(len(array))  # an object without members means no more than null
        elif pa.types.is_struct(child.type):
            if not _flatten(array, name + ".", into, declared):
                return False
        elif child.type == pa.float64() and prefix + child.name not in declared and _loses_digits(array):
            return False
        elif child.type in _PLAIN or child.type.equals(WIRE_TYPES[Kind.INSTANT]):
            into[name] = array
        else:
            return False
    return True


def _loses_digits(numbers: pa.Array) -> bool:
    """Return whether a whole number may be too long for a float: Arrow reads what is no int64 as one."""
    largest = pc.max(pc.abs(numbers)).as_py()
    return largest is not None and largest >= EXACT


def _heads(member: str) -> Iterator[str]:
    return (member[:at] for at, letter in enumerate(member) if letter == ".")


def _as_sent(arrays: Mapping[str, pa.Array], body: bytes) -> dict[str, pa.Array]:
    """Put unknown members back in the order sent: those whose type was learned stand before all others."""
    places = {}
    for member in arrays:
        head = re.escape(json.dumps(member.partition(".")[0], ensure_ascii=False).encode("utf-8", "replace"))
        found = re.search(head + rb"\s*:", body)
        places[member] = found.start() if found else len(body)
    # A learned member that this page lacks would come too early for the pages on which it first stands.
    here = [
        member for member in arrays if places[member] < len(body) or arrays[member].null_count < len(arrays[member])
    ]
    return {member: arrays[member] for member in sorted(here, key=places.__getitem__)}


def _finish(array: pa.Array, column: Column) -> pa.Array:
    # Arrow's reader takes NaN and Infinity, which are not JSON; the sum shows whether there is one.
    if array.type == pa.float64() and not math.isfinite(pc.sum(array).as_py() or 0.0):
        raise pa.ArrowInvalid("not a finite number")
    if column.kind is Kind.HOURS:
        return pc.divide(array, SECONDS_PER_HOUR)
    if column.kind is Kind.ENUM:
        return array.dictionary_encode()
    if column.kind is Kind.INSTANT and pa.types.is_large_string(array.type):
        return read_instants(array)
    return array


def read_instants(text: pa.Array) -> pa.Array:
    """Read ISO 8601 text; without a zone it is UTC, and empty text is missing.

    Raises
    ------
    pyarrow.ArrowInvalid
        One of them is not a date-time that Arrow can read.
    """
    text = pc.replace_substring_regex(text, _SEVENTH_DIGIT, r"\1")
    text = pc.if_else(pc.equal(text, ""), None, text)
    zoned = pc.fill_null(pc.match_substring_regex(text, r"(Z|[+-]\d\d:?\d\d)$"), True)
    z, nothing = (pa.scalar(letter, pa.large_string()) for letter in ("Z", ""))
    return pc.if_else(zoned, text, pc.binary_join_element_wise(text, z, nothing)).cast(UTC_INSTANT)


def items_to_columns(collection: Collection, items: Sequence[Mapping[str, Any]]) -> Columns:
    """Decode items that are already Python objects, in the Platform surface's shape."""
    return columns_from_items(collection, "platform", items)
