"""A collection as a chain of pages: each page names the next one, so they are requested one after another."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from bentley_nb.errors import InvalidRequest, InvalidResponse, NotFound, ServiceUnavailable
from bentley_nb.service.declare import Collection
from bentley_nb.service.offsets import Row, after, earlier, last_row, without_first
from bentley_nb.service.service import Answer, Asked, GatewayTimeout, Service
from bentley_nb.transport.http import place_of
from bentley_nb.transport.retries import ATTEMPTS, pause

_TAIL = 4096  # bytes; a link with its token takes a few hundred
_SMALLEST_PAGE = 100  # the service's default: what it cannot answer, no request will
_EMPTY_PAGES = 100  # pages of 10,000 rows that a filter on the service may have emptied
_SAME_PAGES = 2  # one may come of a row that was put in before it, where pages are of one row


class Revalidates(Protocol):
    """Reads pages that are kept from an earlier pull."""

    def read(self, chain: Chain, stop: threading.Event) -> Answer:
        """Return the page that a chain stands at."""


@dataclass
class Chain:
    """The pages of one collection (of one parent), and how far they are read.

    Attributes
    ----------
    service
        The service to read from.
    collection, schedule_id, parent_id
        What is asked for.
    size
        Items per page; smaller after a gateway time-out.
    headers
        Further request headers.
    revalidation
        Revalidates pages that are kept from an earlier pull; None where there are none.
    started
        Chains that the last page started, to be read beside this one.
    """

    service: Service
    collection: Collection
    schedule_id: str
    parent_id: str
    size: int
    headers: Mapping[str, str] = field(default_factory=dict)
    revalidation: Revalidates | None = None
    pages: int = 0
    done: bool = False
    started: list[Chain] = field(default_factory=list)
    _url: str = ""
    _seen: set[str] = field(default_factory=set)
    _empty: int = 0
    _before: Answer | None = None
    _had: set[object] = field(default_factory=set)
    _again: int = 0
    _offset: str | None = None  # the service's own token, where the next page is asked for one row early
    _row: Row | None = None  # the row it must begin with
    _overlaps: bool = True

    def __post_init__(self) -> None:
        self._first = self.service.url(self.collection, self.schedule_id, self.parent_id)
        self._url = self._with_query(self._first, None)

    @property
    def may_start(self) -> bool:
        """Whether it may start other chains."""
        return False

    @property
    def url(self) -> str:
        """Address of the next page."""
        return self._url

    @property
    def asked(self) -> Asked:
        """What the next request is for."""
        return self.asked_for(self.pages + 1)

    def asked_for(self, page: int) -> Asked:
        """Return what the request for a page is for."""
        return Asked(self.collection, self.schedule_id, self.parent_id, page)

    def fetch(self, stop: threading.Event) -> Answer:
        """Ask for the next page, and find out where the one after it is.

        Raises
        ------
        InvalidResponse
            A next link to another address, to a page that was read already, through endless empty pages, or that is
            not an address.
        ServiceUnavailable
            The gateway times out even on small pages.
        """
        attempts = 0
        while True:
            try:
                answer = self.revalidation.read(self, stop) if self.revalidation else self._read(self._url, stop)
                break
            # Which of the two answers a token that no longer names a row is not documented.
            except (InvalidRequest, NotFound):
                if not self._renewed(stop) and not self._not_early():
                    raise
            except GatewayTimeout as error:
                attempts += 1
                if attempts > ATTEMPTS:
                    raise ServiceUnavailable(
                        f"The gateway timed out {attempts} times, the last time for a page of {self.size} items.",
                        where=error.where,
                        hint="The service may be busy: try again later, or with connect(page_size=100).",
                        correlation_id=error.correlation_id,
                    ) from None
                # A gateway limits the time of an answer, which grows with its rows.
                self._halve()
                stop.wait(pause(attempts))
        answer = replace(answer, url=self._url)
        if self.collection.single:
            self.done = True
        else:
            answer = self._one_row_early(self._with_next(self._continued(answer, stop)))
            self._advance(answer)
        self.pages += 1
        self._before = replace(answer, body=b"")
        return answer

    def read_again(self, kept: Answer, stop: threading.Event) -> Answer:
        """Read a page that was confirmed as unchanged, in full.

        Raises
        ------
        InvalidResponse
            It has changed since it was confirmed, so that it no longer fits the pages around it.
        """
        answer = replace(self._with_next(self._read(kept.url, stop)), url=kept.url)
        if kept.kept is None or answer.headers.get("ETag") != kept.kept.etag:
            raise self._invalid("The schedule was changed while it was read.", answer)
        return answer

    def _read(self, url: str, stop: threading.Event) -> Answer:
        return self.service.read(
            url,
            self.asked,
            method=self.service.surface.method(self.collection),
            headers=self.headers,
            stop=stop,
            halvable=not self.collection.single,
        )

    def _renewed(self, stop: threading.Event) -> bool:
        """Replace a refused page token by asking the page before again; return False where that does not help."""
        before = self._before
        if before is None or before.kept is None:
            return False
        # Tried once for each page: a second refusal must reach the user.
        self._before = None
        answer = self.read_again(before, stop)
        if (answer.href or answer.token) in self._seen:  # the same token: it is refused for another reason
            return False
        self._url = before.url
        self._advance(answer)
        return not self.done

    def _one_row_early(self, answer: Answer) -> Answer:
        """Let the next page begin with the last row of this one, where its token is an offset."""
        self._offset, self._row = None, None
        # A link is taken as it is: what it contains besides the token is the service's own affair.
        # A kept page names the early token already.
        if (
            self._overlaps
            and self.size > 1
            and answer.kept is None
            and answer.href is None
            and answer.token is not None
        ):
            token, row = earlier(answer.token, 1), last_row(answer.body)
            if token is not None and token not in self._seen and row is not None:
                self._offset, self._row = answer.token, row
                return replace(answer, token=token)
        return answer

    def _not_early(self) -> bool:
        """Ask with the service's own token, where it refuses the one that was made of it."""
        if self._offset is None:
            return False
        self._url = self._with_query(self._first, self._offset)
        self._offset, self._row, self._overlaps = None, None, False
        return True

    def _continued(self, answer: Answer, stop: threading.Event) -> Answer:
        """Leave out the row that the page before ended with; where the page does not begin with it, rows have moved."""
        row, token, before, kept = self._row, self._offset, self._before, answer.kept
        if not self._overlaps or (kept and row is None):
            return answer
        if kept and row:
            # It is kept without the row in question, so that its confirmation does not prove that it fits here.
            confirmed, answer = answer, replace(self._read(self._url, stop), url=self._url)
            if answer.headers.get("ETag") == kept.etag and without_first(answer.body, row) is not None:
                return confirmed
        if row is None and before is not None and before.kept is not None:
            # The page before was confirmed, and this one has changed.
            token = earlier(before.token or "", 0)
            row = last_row(self.read_again(before, stop).body) if token is not None else None
        if row is None or token is None:
            return answer
        body = without_first(answer.body, row)
        if body is not None:
            return replace(answer, body=body)
        # Rows were deleted above: the last known row moved up, at most by half a page, or it is reported.
        back = self._read(self._with_query(self._first, earlier(token, self.size // 2 + 1)), stop)
        body = after(back.body, self.service.surface.list_key(self.collection), row)
        if body is not None:
            return replace(back, body=body, url=answer.url, headers={})  # its ETag is of another address
        if back.body == answer.body and self._not_early():  # the service goes by something other than the offset
            return replace(self._read(self._url, stop), url=self._url)
        raise self._invalid(
            "The schedule was changed while it was read: rows have moved from one page to another.", answer
        )

    def _with_next(self, answer: Answer) -> Answer:
        if answer.kept is not None:
            return replace(answer, href=answer.kept.href, token=answer.kept.token)
        try:
            href, token = self.service.surface.next_page(_envelope_ends(answer.body))
        except TypeError:
            raise self._invalid("The service names a next page in an unknown form.", answer) from None
        return replace(answer, href=href, token=token)

    def address(self, href: str | None, token: str | None, at: str) -> str:
        """Return the address of the page that the page at an address names as the next one.

        Raises
        ------
        ValueError
            The link is not an address.
        """
        # Links may be relative to the page (RFC 3986).
        return urljoin(at, href) if href else self._with_query(self._first, token)

    def _advance(self, answer: Answer) -> None:
        following = answer.href or answer.token
        if following is None:
            self.done = True
            return
        # Also guards against a service that returns the first page for a token it does not understand.
        if following in self._seen:
            raise self._invalid("Pagination loop: the service names a next page that was read already.", answer)
        self._seen.add(following)
        try:
            url = self.address(answer.href, answer.token, self._url)
        except ValueError:  # not an address
            url = following
        if answer.href and answer.token and not (self.service.may_ask(url) and self._is_here(url)):
            url = self._with_query(
                self._first, answer.token
            )  # behind a gateway the service names its own host, not the gateway's
        # The address is sent with the bearer token.
        if not self.service.may_ask(url):
            place = place_of(url)
            raise self._invalid(f"The next page is at another address ({place}); the token is not sent there.", answer)
        if not self._is_here(url):
            path, own = urlsplit(place_of(url)).path, urlsplit(self._first).path
            raise self._invalid(f"The next page is of another list ({path}), not of {own}.", answer)
        self._url = url
        if not self.collection.key:  # rows without a key are compared as text
            items = answer.body[answer.body.find(b"[") + 1 : answer.body.rfind(b"]")]
            if items.strip():
                self._check_again(hash(items), answer)

    def _is_here(self, url: str) -> bool:
        """Return whether an address is of the same collection of the same schedule and parent."""
        one, other = urlsplit(self._first), urlsplit(url)
        # The service writes paths in its own case and escaping.
        if unquote(one.path).rstrip("/").casefold() != unquote(other.path).rstrip("/").casefold():
            return False
        asked, answered = parse_qs(one.query), parse_qs(other.query)
        return all(answered.get(name, values) == values for name, values in asked.items())

    def note_rows(self, rows: int, answer: Answer, prints: object = None) -> None:
        """Check a page's rows: endless empty pages are an error, and so are repeated rows under new links."""
        if rows and prints is not None:
            self._check_again(prints, answer)
        # A page may be empty without being the last, where rows are filtered after paging.
        self._empty = 0 if rows else self._empty + 1
        if self._empty > _EMPTY_PAGES and not self.done:
            raise self._invalid(f"The service sent {self._empty} empty pages in a row, each naming a next one.", answer)

    def _check_again(self, prints: object, answer: Answer) -> None:
        self._again = self._again + 1 if prints in self._had else 0
        self._had.add(prints)
        if self._again >= _SAME_PAGES:
            raise self._invalid(
                f"The service sent the rows of an earlier page again, {self._again} times, under new links.", answer
            )

    def _invalid(self, message: str, answer: Answer) -> InvalidResponse:
        return InvalidResponse(
            message,
            where=str(self.asked),
            hint="Nothing was returned, since the table would be incomplete. Try again; if it happens again, tell "
            "Bentley.",
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
    """Return the text before and after the list of items, without reading the list.

    The link to the next page usually stands behind the items, in the last few hundred bytes. What follows such a
    member is taken only when it closes the answer exactly, which proves that it belongs to the envelope; otherwise
    the whole body is read.
    """
    ends: dict[str, Any] = {}
    tail = body[-_TAIL:]
    # The names also occur as text in items: each place is tried, from the first on.
    starts = [at for name in (b'"_links"', b'"nextPageToken"') if (at := tail.rfind(name)) >= 0]
    for at in sorted(starts):
        try:
            ends = json.loads(b"{" + tail[at:])
        except ValueError:
            continue
        # Members between the list and these may name a next page, too.
        between = tail[:at].rpartition(b"]")[2].strip(b" \t\r\n,")
        if between:
            return _whole(body)
        break
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
        # A byte order mark, which RFC 8259 (section 8.1) lets a reader ignore.
        envelope = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return {}  # the decoder raises the error with the reason
    return envelope if isinstance(envelope, dict) else {}
