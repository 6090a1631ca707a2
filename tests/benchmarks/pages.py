"""The pages a schedule would send, rendered before anything is timed.

The envelope is that of the iTwin Platform surface: items, ``_links.next.href`` with the padding of its token as
lower-case ``%3d``, ``nextPageToken``; both are absent on the last page, which may be full.
"""

from __future__ import annotations

import base64
import json
import random
import zlib
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from tests.benchmarks.items import ITEMS, Item, guid

SPLIT = (8, 40, 100)
"""Pages of the tables that are read at several places at once."""

PORTFOLIO = {"task_user_field_values": 400, "tasks": 300, "task_links": 200}
"""Rows of the tables of each schedule of a portfolio, a hundred on a page."""

_SMALL_PAGE = 100
_NAMES = ["main", "long", "many", "small", *(f"split-{pages}" for pages in SPLIT)]
_NAMES += [f"portfolio {number}" for number in range(30)]
SCHEDULES = {name: f"5b1f6c1e-0d3b-4c56-9f0e-{number:012d}" for number, name in enumerate(_NAMES, start=1)}
"""Schedules by what they are for: the two large tables; a table too long to hold; twelve tables; a warm-up; tables
that answer from any place; a portfolio."""

PATHS = {
    "tasks": ("tasks", "tasks"),
    "task_links": ("task-links", "taskLinks"),
    "task_scheduling_analyses": ("tasks/scheduling-analyses", "taskSchedulingAnalyses"),
    "resource_assignments": ("tasks/resource-assignments", "resourceAssignments"),
    "task_user_field_values": ("tasks/user-field-values", "userFieldValues"),
    "task_code_value_assignments": ("tasks/code-value-assignments", "codeValueAssignments"),
    "animation_bindings": ("animation-bindings", "animationBindings"),
    "entities_3d": ("entities-3d", "entities3d"),
    "resources": ("resources", "resources"),
    "user_fields": ("user-fields", "userFields"),
    "code_values": ("code-values", "codeValues"),
    "codes": ("codes", "codes"),
}
"""Collection -> path below the schedule and member that holds the items (iTwin Platform surface)."""


@dataclass(frozen=True)
class Sizes:
    """How many rows each table has, and how many stand on a page."""

    values: int
    long_values: int
    tasks: int
    many: Mapping[str, int]
    page: int


FULL = Sizes(
    values=1_000_000,
    long_values=5_000_000,
    tasks=200_000,
    many={
        "task_user_field_values": 400_000,
        "animation_bindings": 100_000,
        "task_code_value_assignments": 100_000,
        "task_links": 60_000,
        "resource_assignments": 60_000,
        "tasks": 50_000,
        "task_scheduling_analyses": 50_000,
        "entities_3d": 50_000,
        "code_values": 500,
        "resources": 500,
        "user_fields": 20,
        "codes": 10,
    },
    page=10_000,
)
QUICK = Sizes(
    values=2_000,
    long_values=6_000,
    tasks=400,
    many={name: 1_600 if name == "task_user_field_values" else min(rows, 300) for name, rows in FULL.many.items()},
    page=200,
)


@dataclass(frozen=True)
class Chain:
    """The pages of one collection of one schedule, linked by their next links."""

    path: str
    rows: int
    plain: list[bytes]
    gzip: list[bytes]
    index: Mapping[str, int]
    """Continuation token -> number of the page it leads to."""
    addresses: list[str]
    """Of every page, for those who need not read a page to know the next one."""

    def body(self, token: str | None, *, gzip: bool) -> bytes | None:
        """The page that a token leads to; None where there is no such token."""
        number = self.index.get(token) if token else 0
        return None if number is None else (self.gzip if gzip else self.plain)[number]


@dataclass(frozen=True)
class Ordered:
    """A table that answers from any place, as a keyset cursor does; its pages are put together when asked for."""

    first: str
    """Address of its first page."""
    path: str
    member: str
    items: Sequence[bytes]
    places: Sequence[str]
    """What the cursor compares: an id of each row, ascending, that the service does not show."""
    page: int

    @property
    def rows(self) -> int:
        """Items in all."""
        return len(self.items)

    @property
    def addresses(self) -> list[str]:
        """Every page's address."""
        ends = range(self.page, self.rows, self.page)
        return [self.first, *(_next(self.first, _cursor(self.places[end - 1])) for end in ends)]

    def body(self, token: str | None, *, gzip: bool) -> bytes:
        """The page that follows a place."""
        start = bisect_right(self.places, json.loads(base64.b64decode(token))["PrimarySkipToken"]) if token else 0
        stop = start + self.page
        links = json.dumps(_links(self.first, self.places[stop - 1] if stop < self.rows else None)).encode()
        return b'{"%s":[%s],%s' % (self.member.encode(), b",".join(self.items[start:stop]), links[1:])


def render(base: str, sizes: Sizes, schedules: Collection[str]) -> dict[tuple[str, str], Chain | Ordered]:
    """Render every chain: (schedule, collection) -> pages.

    Parameters
    ----------
    base
        Scheme, host and port: the next links are absolute.
    sizes
        Rows and page size.
    schedules
        Those that are wanted.
    """
    wanted: dict[tuple[str, str], tuple[int, bool]] = {
        ("main", "task_user_field_values"): (sizes.values, True),
        ("main", "tasks"): (sizes.tasks, False),
        ("long", "task_user_field_values"): (sizes.long_values, False),
        **{("many", name): (rows, False) for name, rows in sizes.many.items()},
        **{("small", name): (10, True) for name in sizes.many},
    }
    chains: dict[tuple[str, str], Chain | Ordered] = {
        (schedule, name): _chain(base, schedule, name, rows, page=sizes.page, keep_plain=keep_plain)
        for (schedule, name), (rows, keep_plain) in wanted.items()
        if schedule in schedules
    }
    for schedule in schedules:
        if schedule.startswith("portfolio"):
            for name, rows in PORTFOLIO.items():
                chains[schedule, name] = _chain(base, schedule, name, rows, page=_SMALL_PAGE, keep_plain=False)
        if schedule.startswith("split"):
            rows = int(schedule.partition("-")[2]) * sizes.page
            chains[schedule, "task_user_field_values"] = _ordered(base, schedule, rows, page=sizes.page)
    return chains


def _ordered(base: str, schedule: str, rows: int, *, page: int) -> Ordered:
    name = "task_user_field_values"
    chance = random.Random(schedule)
    items = [_dumped(item) for item in ITEMS[name](chance, rows)]
    places = sorted(guid(chance) for _ in range(rows))
    return Ordered(*_first(base, schedule, name, page), PATHS[name][1], items, places, page)


def _chain(base: str, schedule: str, name: str, rows: int, *, page: int, keep_plain: bool) -> Chain:
    first, path = _first(base, schedule, name, page)
    chance = random.Random(f"{schedule}/{name}")
    items = ITEMS[name](chance, rows)
    plain: list[bytes] = []
    packed: list[bytes] = []
    index: dict[str, int] = {}
    for number in range(1, -(-rows // page) + 1):
        place = guid(chance) if number * page < rows else None
        if place:
            index[_cursor(place)] = number
        body = _dumped({PATHS[name][1]: list(islice(items, page)), **_links(first, place)})
        if keep_plain:
            plain.append(body)
        squeeze = zlib.compressobj(6, zlib.DEFLATED, 31)
        packed.append(squeeze.compress(body) + squeeze.flush())
    return Chain(path, rows, plain, packed, index, [first, *(_next(first, token) for token in index)])


def _first(base: str, schedule: str, name: str, page: int) -> tuple[str, str]:
    """Address of the first page, and its path."""
    path = f"/schedules/{SCHEDULES[schedule]}/{PATHS[name][0]}"
    return f"{base}{path}?$top={page}", path


def _next(first: str, token: str) -> str:
    """The address as the service writes it: padding as lower-case ``%3d``."""
    return f"{first}&$continuationToken={quote(token, safe='').replace('%3D', '%3d')}"


def _links(first: str, place: str | None) -> Item:
    if place is None:
        return {"_links": {}}
    token = _cursor(place)
    return {"_links": {"next": {"href": _next(first, token)}}, "nextPageToken": token}


def _cursor(place: str) -> str:
    return base64.b64encode(_dumped({"PrimarySkipToken": place, "SecondarySkipToken": None, "Type": 0})).decode()


def _dumped(item: Item) -> bytes:
    return json.dumps(item, separators=(",", ":"), ensure_ascii=False).encode()


def page_of(name: str, rows: int) -> bytes:
    """One page of a collection, not packed, the last of its chain."""
    return _chain("", "small", name, rows, page=rows, keep_plain=True).plain[0]
