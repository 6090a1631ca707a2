"""A collection as a chain of pages: each page names the next one, so they are asked for one after another."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from bentley_nb.errors import InvalidResponse, ServiceUnavailable
from bentley_nb.service.declare import Collection
from bentley_nb.service.service import Answer, Asked, GatewayTimeout, Service
from bentley_nb.transport.retries import ATTEMPTS, pause

_TAIL = 4096
_SMALLEST_PAGE = 100
_EMPTY_PAGES = 100


@dataclass
class Chain:
    """The pages of one collection (of one parent), and where the reading stands.

    Attributes
    ----------
    service
        Who is asked.
    collection, schedule_id, parent_id
        What is asked for.
    size
        Items per page; smaller after a gateway time-out.
    headers
        Further request headers.
    """

    service: Service
    collection: Collection
    schedule_id: str
    parent_id: str
    size: int
    headers: Mapping[str, str] = field(default_factory=dict)
    pages: int = 0
    done: bool = False
    _url: str = ""
    _seen: set[str] = field(default_factory=set)
    _empty: int = 0

    def __post_init__(self) -> None:
        self._first = self.service.url(self.collection, self.schedule_id, self.parent_id)
        self._url = self._with_query(self._first, None)

    @property
    def asked(self) -> Asked:
        """What the next request is for."""
        return self.asked_for(self.pages + 1)

    def asked_for(self, page: int) -> Asked:
        """What the request for a page is for."""
        return Asked(self.collection, self.schedule_id, self.parent_id, page)

    def fetch(self, stop: threading.Event) -> Answer:
        """Ask for the next page, and find out where the one after it is.

        Raises
        ------
        InvalidResponse
            A next link that leads elsewhere, in a circle, on through ever more empty pages, or that is none.
        ServiceUnavailable
            The gateway times out even on small pages.
        """
        attempts = 0
        while True:
            try:
                answer = self.service.read(
                    self._url,
                    self.asked,
                    method=self.service.surface.method(self.collection),
                    headers=self.headers,
                    stop=stop,
                    halvable=not self.collection.single,
                )
                break
            except GatewayTimeout as error:
                attempts += 1
                if attempts > ATTEMPTS:
                    raise ServiceUnavailable(
                        f"The gateway timed out {attempts} times, the last time for a page of {self.size} items.",
                        where=error.where,
                        hint="The service may be busy: try again later, or with connect(page_size=100).",
                        correlation_id=error.correlation_id,
                    ) from None
                self._halve()
                stop.wait(pause(attempts))
        if self.collection.single:
            self.done = True
        else:
            self._advance(answer)
        self.pages += 1
        return answer

    def _advance(self, answer: Answer) -> None:
        try:
            href, token = self.service.surface.next_page(_envelope_ends(answer.body))
        except TypeError:
            raise self._invalid("The service names the next page in another way than it is known to.", answer) from None
        following = href or token
        if following is None:
            self.done = True
            return
        if following in self._seen:
            raise self._invalid("The service leads in a circle: it names a next page that was read already.", answer)
        self._seen.add(following)
        try:
            url = urljoin(self._url, href) if href else self._with_query(self._first, token)
        except ValueError:  # no address at all
            url = following
        if not self.service.may_ask(url):
            host = url.partition("?")[0]
            raise self._invalid(f"The next page is at another address ({host}); the token is not sent there.", answer)
        self._url = url

    def note_rows(self, rows: int, answer: Answer) -> None:
        """Learn how many items a page held; endless empty pages are an error."""
        self._empty = 0 if rows else self._empty + 1
        if self._empty > _EMPTY_PAGES and not self.done:
            raise self._invalid(f"The service sent {self._empty} empty pages in a row, each naming a next one.", answer)

    def _invalid(self, message: str, answer: Answer) -> InvalidResponse:
        return InvalidResponse(
            message,
            where=str(self.asked),
            hint="Nothing was returned, since the table would not be whole. Try again; if it goes on, tell Bentley.",
            correlation_id=answer.correlation_id,
        )

    def _halve(self) -> None:
        self.size = max(self.size // 2, min(self.size, _SMALLEST_PAGE))
        parameter = re.escape(self.service.surface.page_size_parameter)
        self._url = re.sub(
            rf"([?&](?:{parameter}|{parameter.replace(chr(92) + '$', '%24')})=)\d+", rf"\g<1>{self.size}", self._url
        )

    def _with_query(self, url: str, token: str | None) -> str:
        if self.collection.single:
            return url
        joint = "&" if "?" in url else "?"
        return f"{url}{joint}{self.service.surface.page_query(self.size, token)}"


def _envelope_ends(body: bytes) -> Mapping[str, Any]:
    """What stands before and after the list of items, without reading the list.

    The link to the next page usually stands behind the items, in the last few hundred bytes. What follows such a
    member is taken only when it closes the answer exactly, which proves that it belongs to the envelope; otherwise
    the whole body is read.
    """
    ends: dict[str, Any] = {}
    tail = body[-_TAIL:]
    starts = [at for name in (b'"_links"', b'"nextPageToken"') if (at := tail.rfind(name)) >= 0]
    for at in sorted(starts):
        try:
            ends = json.loads(b"{" + tail[at:])
            break
        except ValueError:
            continue
    else:
        return _whole(body)
    head, bracket, _ = body[:_TAIL].partition(b"[")
    if not bracket:
        return _whole(body)
    try:
        return {**json.loads(head + b"[]}"), **ends}
    except ValueError:
        return _whole(body)


def _whole(body: bytes) -> Mapping[str, Any]:
    try:
        envelope = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return {}  # the decoder says what is wrong with it
    return envelope if isinstance(envelope, dict) else {}
