"""The pages a schedule would send, rendered before anything is timed.

The envelope is that of the iTwin Platform surface: items, ``_links.next.href`` with the padding of its token as
lower-case ``%3d``, ``nextPageToken``; both are absent on the last page, which may be full.
"""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from tests.benchmarks.items import ITEMS, Item, guid

SCHEDULES = {
    "main": "5b1f6c1e-0d3b-4c56-9f0e-000000000001",
    "long": "5b1f6c1e-0d3b-4c56-9f0e-000000000002",
    "many": "5b1f6c1e-0d3b-4c56-9f0e-000000000003",
    "small": "5b1f6c1e-0d3b-4c56-9f0e-000000000004",
}
"""Schedules by what they are for: the two large tables; a table too long to hold; twelve tables; a warm-up."""

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
    key: str
    rows: int
    plain: list[bytes]
    gzip: list[bytes]
    index: Mapping[str, int]
    """Continuation token -> number of the page it leads to."""

    def addresses(self, base: str, page: int) -> list[str]:
        """Every page's address, for those who need not read a page to know the next one."""
        first = f"{base}{self.path}?$top={page}"
        return [first, *(f"{first}&$continuationToken={_escaped(token)}" for token in self.index)]


def render(base: str, sizes: Sizes) -> dict[tuple[str, str], Chain]:
    """Render every chain: (schedule, collection) -> pages.

    Parameters
    ----------
    base
        Scheme, host and port: the next links are absolute.
    sizes
        Rows and page size.
    """
    wanted: dict[tuple[str, str], tuple[int, bool]] = {
        ("main", "task_user_field_values"): (sizes.values, True),
        ("main", "tasks"): (sizes.tasks, False),
        ("long", "task_user_field_values"): (sizes.long_values, False),
        **{("many", name): (rows, False) for name, rows in sizes.many.items()},
        **{("small", name): (10, True) for name in sizes.many},
    }
    return {
        (schedule, name): _chain(base, schedule, name, rows, page=sizes.page, keep_plain=keep_plain)
        for (schedule, name), (rows, keep_plain) in wanted.items()
    }


def _chain(base: str, schedule: str, name: str, rows: int, *, page: int, keep_plain: bool) -> Chain:
    below, key = PATHS[name]
    path = f"/schedules/{SCHEDULES[schedule]}/{below}"
    chance = random.Random(f"{schedule}/{name}")
    items = ITEMS[name](chance, rows)
    plain: list[bytes] = []
    packed: list[bytes] = []
    index: dict[str, int] = {}
    for number in range(1, -(-rows // page) + 1):
        envelope: Item = {key: list(islice(items, page)), "_links": {}}
        if number * page < rows:
            cursor = {"PrimarySkipToken": guid(chance), "SecondarySkipToken": None, "Type": 0}
            token = base64.b64encode(json.dumps(cursor, separators=(",", ":")).encode()).decode()
            index[token] = number
            href = f"{base}{path}?$top={page}&$continuationToken={_escaped(token)}"
            envelope |= {"_links": {"next": {"href": href}}, "nextPageToken": token}
        body = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode()
        if keep_plain:
            plain.append(body)
        squeeze = zlib.compressobj(6, zlib.DEFLATED, 31)
        packed.append(squeeze.compress(body) + squeeze.flush())
    return Chain(path, key, rows, plain, packed, index)


def _escaped(token: str) -> str:
    """As the service writes it: padding as lower-case ``%3d``."""
    return quote(token, safe="").replace("%3D", "%3d")


def page_of(name: str, rows: int) -> bytes:
    """One page of a collection, not packed, the last of its chain."""
    return _chain("", "small", name, rows, page=rows, keep_plain=True).plain[0]
