"""The two dialects of the service; no other module depends on which one it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.service.declare import Collection, SurfaceName

TOKEN_URL = "https://ims.bentley.com/connect/token"  # noqa: S105 - an address, not a secret
PROJECTS_URL = "https://api.bentley.com/itwins"
PROJECTS_SCOPE = "itwin-platform"
"""Scope of the iTwins API, which lists the projects for both surfaces."""
MAX_PAGE_SIZE = 10_000


@dataclass(frozen=True)
class Surface:
    """What differs between the iTwin Platform API and the older Enterprise API.

    Attributes
    ----------
    name
        ``"platform"`` or ``"enterprise"``.
    title
        Its name in messages.
    api_url
        Base of the schedules.
    scope
        OAuth scope of its tokens.
    page_size_parameter, page_token_parameter
        Query parameters of paging.
    accept
        Value of the ``Accept`` header.
    list_member
        Member that holds the items of a list, or None where it has the collection's own name.
    single_wrapped
        Whether a single object is wrapped in a member of its own name.
    """

    name: SurfaceName
    title: str
    api_url: str
    scope: str
    page_size_parameter: str
    page_token_parameter: str
    accept: str
    list_member: str | None
    single_wrapped: bool

    def list_key(self, collection: Collection) -> str:
        """Return the member that holds the items of this collection's pages."""
        if collection.name == "projects":  # the iTwins API answers both surfaces alike
            return collection.envelope
        return self.list_member or collection.envelope

    def url(self, api_url: str, collection: Collection, schedule_id: str = "", parent_id: str = "") -> str:
        """Return the address of a collection, without paging parameters.

        Raises
        ------
        InvalidRequest
            This surface does not serve the collection.
        """
        path = collection.path(self.name)
        if path is None:
            other = SURFACES["enterprise" if self.name == "platform" else "platform"]
            raise InvalidRequest(
                f"The {self.title} does not serve {collection.name!r}.",
                hint=f"The {other.title} does: connect(surface={other.name!r}).",
            )
        if "{" in path:
            before, _, rest = path.partition("{")
            path = before + _escaped(parent_id) + rest.partition("}")[2]
        if collection.level == "service":
            return api_url + path
        base = f"{api_url}/{_escaped(schedule_id)}"
        return f"{base}/{path}" if path else base

    def method(self, collection: Collection) -> str:
        """Return the HTTP method that reads a collection."""
        return collection.enterprise_method if self.name == "enterprise" else "GET"

    def page_query(self, size: int, token: str | None = None) -> str:
        """Query string of one page; ``$`` stays as it is, as the service writes it itself."""
        query = f"{self.page_size_parameter}={size}"
        return query if token is None else f"{query}&{self.page_token_parameter}={quote(token, safe='')}"

    def next_page(self, envelope: Mapping[str, Any]) -> tuple[str | None, str | None]:
        """Return the link and the token of the next page; both None on the last one.

        The link comes first; a missing, null or empty token ends the list.

        Raises
        ------
        TypeError
            There may be a next page, but its link is not text, or has an unknown name.
        """
        for name, value in envelope.items():
            if value and name not in ("_links", "nextPageToken") and _speaks_of_next(name, value):
                raise TypeError(name)
        links = envelope.get("_links")
        if links and not isinstance(links, Mapping):
            raise TypeError(links)
        following = links.get("next") if isinstance(links, Mapping) else None
        # Documented as an object with href; a plain text is accepted as well.
        href = following.get("href") if isinstance(following, Mapping) else following
        token = envelope.get("nextPageToken")
        for leads in (href, token):
            if leads and not isinstance(leads, str):  # treating it as the end would silently cut the table
                raise TypeError(leads)
        return href or None, token or None


def _escaped(id_: str) -> str:
    """Write an id into a path, also one that is not text: the service does not find it."""
    # Ids come from users and answers: a slash in one must not lead to another endpoint.
    return quote(id_, safe="", errors="replace")


def _speaks_of_next(name: str, value: Any) -> bool:
    """Return whether a member of an envelope may name a next page: ignoring it would silently cut the table."""
    words = name.lower().replace("_", "").replace("-", "")
    if isinstance(value, Mapping):
        return "next" in words or any(_speaks_of_next(inner, one) for inner, one in value.items() if one)
    if isinstance(value, list):
        about = words in ("links", "paging", "pagination", "relations")
        return about and any(isinstance(one, Mapping) and "next" in map(str, one.values()) for one in value)
    if isinstance(value, bool):
        return value and words in ("hasmore", "hasnext", "hasnextpage", "more")
    return "next" in words or "continuation" in words or words in ("hasmore", "cursor")


SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        "platform": Surface(
            name="platform",
            title="iTwin Platform surface",
            api_url="https://api.bentley.com/schedules",
            scope=PROJECTS_SCOPE,
            page_size_parameter="$top",
            page_token_parameter="$continuationToken",  # noqa: S106 - a parameter's name
            accept="application/vnd.bentley.itwin-platform.v1+json",
            list_member=None,
            single_wrapped=True,
        ),
        "enterprise": Surface(
            name="enterprise",
            title="Enterprise surface",
            api_url="https://es-api.bentley.com/4dschedule/v1/schedules",
            scope="enterprise",
            page_size_parameter="pageSize",
            page_token_parameter="pageToken",  # noqa: S106 - a parameter's name
            accept="application/json",
            list_member="items",
            single_wrapped=False,
        ),
    }
)


def find_surface(name: str) -> Surface:
    """Return the surface of that name.

    Raises
    ------
    InvalidRequest
        There is none.
    """
    try:
        return SURFACES[name.strip().lower()]
    except (KeyError, AttributeError):
        # The value is not repeated: a secret may have been typed in its place.
        raise InvalidRequest("There is no such surface.", hint=nearest(str(name), SURFACES)) from None
