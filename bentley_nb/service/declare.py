"""How a collection of the API is declared; the declarations themselves are in ``catalog``.

Methods, docstrings, dtypes, empty frames, completion, SQL table names, the sandbox's routes and the reference table
``bentley_nb.catalog()`` are all made from the declarations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from bentley_nb.errors import InvalidRequest, nearest

Evidence = Literal["documented", "recorded", "inferred"]
"""How a fact about the service is known: its documentation, a recorded answer, or deduction."""

SurfaceName = Literal["platform", "enterprise"]
BOTH: tuple[SurfaceName, ...] = ("platform", "enterprise")


class Kind(StrEnum):
    """What a column holds, and with it the dtype of the frame."""

    ID = "id"
    TEXT = "text"
    INSTANT = "instant"
    FLAG = "flag"
    COUNT = "count"
    MEASURE = "measure"
    ENUM = "enum"
    HOURS = "hours"  # integer seconds of working time on the wire, hours in the frame
    LIST = "list"


# Words that the general rule of snake_case() would split in the wrong place.
_WORDS = (("iTwin", "Itwin"), ("iModel", "Imodel"), ("entity3d", "entity3d"), ("v10", "v10"), ("v65", "v65"))


def snake_case(member: str) -> str:
    """Turn an API member name, dotted through nested objects, into a column name.

    Examples
    --------
    >>> from bentley_nb.service.declare import snake_case
    >>> [snake_case(m) for m in ("plannedStart", "iTwinId", "entity3dId", "week.mondayDayTypeId", "isWbs")]
    ['planned_start', 'itwin_id', 'entity_3d_id', 'week_monday_day_type_id', 'is_wbs']
    """
    text = member.replace(".", "_")
    for word, plain in _WORDS:
        text = text.replace(word, plain)
    text = re.sub(r"([a-z])(3[dD])(?![a-z])", r"\1_3d", text)  # entity3dId -> entity_3dId
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", text)
    return re.sub(r"\W+", "_", re.sub(r"_+", "_", text)).strip("_").lower()


@dataclass(frozen=True)
class Column:
    """One member of an item, and the column it becomes.

    Attributes
    ----------
    member
        Name in the API, dotted through nested objects (``plannedUtilization.resourceCount``).
    kind
        What it holds.
    meaning, unit
        For the reader; the unit is that of the frame.
    evidence
        How the member is known.
    surfaces
        The surfaces that send it; the column is there on both.
    enterprise_member
        Its name on the Enterprise surface, where that differs.
    name
        Column name in the frame. Made from the member unless given: give it when the member turns out to have another
        name on the wire, so that the column keeps its name.

    Examples
    --------
    >>> from bentley_nb.service.declare import Column, Kind
    >>> Column("leadTime", Kind.HOURS).name, Column("leadTimeSeconds", Kind.HOURS, name="lead_time_hours").name
    ('lead_time_hours', 'lead_time_hours')
    """

    member: str
    kind: Kind
    meaning: str = ""
    unit: str = ""
    evidence: Evidence = "documented"
    surfaces: tuple[SurfaceName, ...] = BOTH
    enterprise_member: str | None = None
    name: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if not self.name:
            suffix = "_hours" if self.kind is Kind.HOURS else ""
            object.__setattr__(self, "name", snake_case(self.member) + suffix)  # the dataclass is frozen

    def member_on(self, surface: SurfaceName) -> str:
        """Name of the member on one surface."""
        return self.enterprise_member if surface == "enterprise" and self.enterprise_member else self.member


@dataclass(frozen=True)
class Parent:
    """The parent whose id a nested collection needs.

    Attributes
    ----------
    collection
        Name of the collection that lists the parents; None where the service has no list of them.
    column
        Column that names the parent in the nested frame, and the placeholder in the path.
    """

    collection: str | None
    column: str


@dataclass(frozen=True)
class Collection:
    """One endpoint of the API that can be read.

    Attributes
    ----------
    name
        Name of the table, the method and the SQL table.
    platform, enterprise
        Path below the schedule on each surface; None where that surface does not serve it.
    envelope
        Member of the Platform answer that holds the items (or the one item).
    columns
        The known members of an item.
    meaning
        One sentence.
    key
        Columns that identify a row; empty where nothing is known to.
    parent
        For nested collections and single items: whose id the path needs.
    single
        True for one object instead of a list.
    schedule_types
        Types of schedule that serve it.
    delta
        Whether it takes a delta token; None where that is unknown.
    evidence
        How the Platform endpoint is known (the Enterprise one where it is the only one).
    envelope_evidence
        How the envelope member is known; an inferred one is tolerated under another name.
    enterprise_method
        HTTP method on the Enterprise surface.
    level
        Whether the path stands below a schedule or is the service's own.
    by_parent
        Name of the nested collection that holds the same items for one parent.
    wide
        What the items are to user fields and codes (``task`` in ``task_user_field_values``); None where they have none.
    """

    name: str
    platform: str | None
    enterprise: str | None
    envelope: str
    columns: tuple[Column, ...]
    meaning: str
    _: KW_ONLY
    key: tuple[str, ...] = ("id",)
    parent: Parent | None = None
    single: bool = False
    schedule_types: tuple[str, ...] = ("v6.5", "v10")
    delta: bool | None = None
    evidence: Evidence = "documented"
    envelope_evidence: Evidence = "documented"
    enterprise_method: Literal["GET", "POST"] = "GET"
    level: Literal["schedule", "service"] = "schedule"
    by_parent: str | None = None
    wide: str | None = None

    def path(self, surface: SurfaceName) -> str | None:
        """Return the path below the schedule on one surface, or None."""
        return self.platform if surface == "platform" else self.enterprise

    @cached_property
    def frame_columns(self) -> tuple[Column, ...]:
        """The columns of the frame: the parent's id first where the items may not carry it, then the members."""
        if self.parent and not self.single and all(c.name != self.parent.column for c in self.columns):
            camel = re.sub(r"_(\w)", lambda match: match[1].upper(), self.parent.column)
            meaning = f"the parent in {self.parent.collection} that was asked for"
            return (Column(camel, Kind.ID, meaning, evidence="inferred"), *self.columns)
        return self.columns

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Names of the frame's columns in order."""
        return tuple(column.name for column in self.frame_columns)


class Catalog(Mapping[str, Collection]):
    """The collections by name."""

    def __init__(self, collections: tuple[Collection, ...]) -> None:
        by_name = {collection.name: collection for collection in collections}
        if len(by_name) != len(collections):
            raise ValueError("a collection is declared twice")
        self._by_name = MappingProxyType(by_name)

    def __getitem__(self, name: str) -> Collection:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def wide_options(self, collection: Collection) -> tuple[str, ...]:
        """Return the options that widen the table of a collection: ``user_fields``, ``codes``, both or none."""
        values = {"user_fields": "user_field_values", "codes": "code_value_assignments"}
        return tuple(
            option for option, of in values.items() if collection.wide and f"{collection.wide}_{of}" in self._by_name
        )

    def find(self, name: str) -> Collection:
        """Return the collection of that name; ``-`` and ``_`` are the same.

        Raises
        ------
        InvalidRequest
            No collection has that name; the message names the nearest.
        """
        try:
            return self._by_name[name.replace("-", "_")]
        except KeyError:
            raise InvalidRequest(
                f"There is no collection {name!r}.", hint=nearest(name.replace("-", "_"), self._by_name)
            ) from None
