"""The list of projects comes from the iTwins API, which pages and caps in a way of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa

from bentley_nb._progress import Progress
from bentley_nb.frames.decode import PageDecoder
from bentley_nb.frames.finish import finish
from bentley_nb.frames.page import Columns
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.pages import Chain
from bentley_nb.service.pull import pull
from bentley_nb.service.service import Answer, Service
from bentley_nb.service.surface import SURFACES

MOST = 10_000
"""What the service lists at the most, and only when asked to: its default is 1,000."""

_PAGE = 1_000


@dataclass
class ProjectPages(Chain):
    """Pages of projects: ``$top`` and ``$skip``, a full list cut off in silence at the cap the answer names."""

    query: str = ""
    cap: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._url = f"{self._first}?{self.query}"

    def fetch(self, stop: Any) -> Answer:
        """Ask for the next page, and note the cap."""
        answer = super().fetch(stop)
        said = answer.headers.get("X-Max-Return", "")
        self.cap = int(said) if said.isdecimal() else MOST
        return answer


def read_projects(
    service: Service, *, search: str | None, include_inactive: bool, progress: AbstractContextManager[Progress]
) -> tuple[pa.Table, int | None]:
    """Read the list of projects.

    Parameters
    ----------
    service
        Who is asked.
    search
        Part of a name or number.
    include_inactive
        Whether inactive ones are listed.
    progress
        Told of every page.

    Returns
    -------
    table, cap
        The projects, and how many the service lists at the most.
    """
    collection = COLLECTIONS["projects"]
    query: dict[str, str] = {"$top": str(_PAGE)}
    if search:
        query["$search"] = search
    if include_inactive:
        query["includeInactive"] = "true"
    chain = ProjectPages(
        service,
        collection,
        "",
        "",
        _PAGE,
        {"Accept": SURFACES["platform"].accept, "Prefer": "return=representation", "X-Max-Return": str(MOST)},
        query=urlencode(query, safe="$"),
    )
    decoder = PageDecoder(collection, service.surface)
    pages: list[Columns] = []
    with progress as line:
        for page in pull(
            [chain],
            lambda _, body: decoder.page(body),
            max_workers=1,
            rows=lambda content: content.rows,
            tick=line.tick,
        ):
            pages.append(page.content)
            line.page(page.content.rows)
    return finish(collection, pages), chain.cap
