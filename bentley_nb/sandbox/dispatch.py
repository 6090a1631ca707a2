"""Answers requests: who may ask, which collection is meant, and what goes over the wire."""

from __future__ import annotations

import json
import math
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl

from bentley_nb.sandbox.addresses import PROJECTS_PATH, SCHEDULES_PATHS, TOKEN_PATH
from bentley_nb.sandbox.content import Content, Rows, ServedSchedule
from bentley_nb.sandbox.envelopes import BadQueryError, ListQuery, page, single
from bentley_nb.sandbox.faults import Fault, Faults, Log
from bentley_nb.sandbox.incoming import Incoming
from bentley_nb.sandbox.itwins import LARGEST_RETURN, list_projects, one_project
from bentley_nb.sandbox.programme.guids import Item
from bentley_nb.sandbox.replies import Reply, ReplyCache, error, invalid, json_answer, not_found
from bentley_nb.sandbox.router import Router
from bentley_nb.sandbox.token_endpoint import PROJECT_SCOPE, Application, IssuedToken, TokenEndpoint
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection, SurfaceName
from bentley_nb.service.surface import SURFACES

CACHE_BYTES = 96_000_000

# Pages of the documentation that list no If-None-Match.
_WITHOUT_ETAG = ("resource_group", "resource_group_resources", "sync_configuration", "sync_operations")


# The words of the gateway, before a request reaches an operation.
_NO_OPERATION = error(
    404,
    "ResourceNotFound",
    "The requested resource was not found. Verify the API URL and the Accept header.",
    details=[{"code": "OperationNotFound", "message": "Unable to match incoming request to an operation."}],
)
_MISDIRECTED = error(
    421, "MisdirectedRequest", "The sandbox answers requests to 127.0.0.1 and localhost only; see the header Host."
)


@dataclass(frozen=True)
class CollectionRoute:
    """A collection as one surface serves it."""

    surface: SurfaceName
    collection: Collection


@dataclass
class WireReply:
    """What the server sends: an answer with its last headers, or how to break off."""

    status: int
    headers: dict[str, str]
    body: bytes
    announced: int
    broken: bool = False


class Refusal(Exception):
    """Ends the handling of a request with this answer."""

    def __init__(self, answer: Reply) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Dispatcher:
    """Everything behind the socket; one object serves all threads.

    Attributes
    ----------
    content, tokens, faults, log
        What is served, who may ask, what goes wrong, what was asked.
    latency
        Seconds before each answer.
    rate_limit, rate_window
        Requests that a client may make in a window of so many seconds; None for any number.
    no_access
        Status for projects that a client was not invited into: 403 or 404 (which of them is not documented).
    refuses_largest_return
        Whether ``GET /itwins`` refuses ``X-Max-Return: 10000`` with 422 (the documentation names it in one place as
        the largest value, in another as too large).
    closing
        Set when the server stops, which ends all waits.
    """

    def __init__(self, content: Content, *, latency: float = 0, rate_limit: int | None = None) -> None:
        self.content = content
        self.tokens = TokenEndpoint()
        self.faults = Faults()
        self.log = Log()
        self.latency = latency
        self.rate_limit = rate_limit
        self.rate_window = 60.0
        self.no_access = 403
        self.refuses_largest_return = False
        self.closing = threading.Event()
        self._cache = ReplyCache(CACHE_BYTES)
        self._asked: dict[str, deque[float]] = {}
        self._lock = threading.Lock()
        self._router = _router()

    def reply(self, request: Incoming) -> WireReply:
        """Answer a request."""
        fault = self.faults.meet(request.method, f"{request.path}?{request.query}")
        wait = self.latency + (fault.delay if fault else 0)
        if wait:
            self.closing.wait(wait)
        if fault is not None and fault.status is not None:
            answer = Reply(fault.status, fault.body_bytes, {"Content-Type": "application/json"})
        else:
            answer = self._answer(request) if request.is_for_loopback else _MISDIRECTED
        if fault is not None:
            answer = _spoiled(answer, fault)
        reply = self._finish(request, answer)
        if fault is not None and (fault.drop or fault.truncate is not None):
            reply.broken = True
            reply.body = b"" if fault.drop else reply.body[: fault.truncate]
            if fault.drop:
                reply.announced = 0
        headers = {name.title(): value for name, value in request.headers.items()}
        self.log.add(request.method, request.path, request.query, headers, reply.status)
        return reply

    def _finish(self, request: Incoming, answer: Reply) -> WireReply:
        headers = {
            **answer.headers,
            "X-Correlation-ID": request.headers.get("X-Correlation-ID") or str(uuid.uuid4()),
            "X-ITwinPlatform-Region": "Sandbox",
        }
        status = answer.status
        known = request.headers.get("If-None-Match")
        etag = headers.get("ETag")
        if etag and status == 200 and known and (known.strip() == "*" or etag in [t.strip() for t in known.split(",")]):
            status, body = 304, b""
            headers.pop("Content-Type", None)
        elif answer.worth_packing and request.accepts_gzip:
            body = answer.gzipped
            headers["Content-Encoding"] = "gzip"
            headers["Vary"] = "Accept-Encoding"
        else:
            body = answer.body
        return WireReply(status, headers, b"" if request.method == "HEAD" else body, len(body))

    def _answer(self, request: Incoming) -> Reply:
        try:
            found = self._router.find(request.raw_path)
            if found is None:
                return _NO_OPERATION
            endpoint = found.endpoints.get("GET" if request.method == "HEAD" else request.method)
            if endpoint is None:
                allowed = sorted({*found.endpoints, *(["HEAD"] if "GET" in found.endpoints else [])})
                message = "This operation is not available."
                return error(405, "MethodNotAllowed", message, headers={"Allow": ", ".join(allowed)})
            if endpoint == TOKEN_PATH:
                return self.tokens.answer(request)
            if isinstance(endpoint, CollectionRoute):
                return self._schedules(request, endpoint, *found.arguments)
            return self._projects(request, *found.arguments)
        except Refusal as refusal:
            return refusal.answer
        except Exception as problem:  # noqa: BLE001 - items of any shape may be given: an answer, not a cut connection
            return error(500, "InternalServerError", f"The items that were given cannot be served: {problem!r}.")

    # Who may ask.

    def _authorised(self, request: Incoming, scope: str | None) -> IssuedToken:
        """Return the token of a request, or refuse the request."""
        header = request.headers.get("Authorization")
        if not header:
            message = "Header Authorization was not found in the request. Access denied."
            raise Refusal(error(401, "HeaderNotFound", message, headers={"WWW-Authenticate": "Bearer"}))
        scheme, _, value = header.partition(" ")
        token = self.tokens.find(value.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise Refusal(
                error(
                    401,
                    "InvalidToken",
                    "The access token is invalid or has expired.",
                    headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
                )
            )
        if scope is not None and scope not in token.scopes:
            raise Refusal(
                error(
                    403,
                    "InsufficientScope",
                    f"The access token lacks the scope {scope}.",
                    headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
                )
            )
        self._count(token.client)
        return token

    def _count(self, client: Application) -> None:
        if self.rate_limit is None:
            return
        now = time.monotonic()
        with self._lock:
            asked = self._asked.setdefault(client.id, deque())
            while asked and asked[0] <= now - self.rate_window:
                asked.popleft()
            if len(asked) < self.rate_limit:
                asked.append(now)
                return
            wait = asked[0] + self.rate_window - now
        message = "The client sent more requests than allowed by this API for the current tier of the client."
        raise Refusal(
            error(
                429,
                "RateLimitExceeded",
                message,
                headers={
                    "Retry-After": str(max(1, math.ceil(wait))),
                    "ITwinPlatform-RateLimited-Tier": "iTwin Platform Community",
                    "ITwinPlatform-RateLimited-API": "Schedules",
                    "ITwinPlatform-RateLimited-Operation": "All",
                    "ITwinPlatform-RateLimited-Application": client.id,
                },
            )
        )

    def _closed(self, item: str, target: str) -> Refusal:
        """Refuse what the client was not invited to see."""
        if self.no_access == 404:
            return Refusal(not_found(item, target))
        return Refusal(
            error(
                403,
                "InsufficientPermissions",
                "The user has insufficient permissions for the requested operation.",
                headers={"WWW-Authenticate": 'Bearer error="insufficient_permissions"'},
            )
        )

    # What is asked for.

    def _projects(self, request: Incoming, project_id: str | None = None) -> Reply:
        client = self._authorised(request, PROJECT_SCOPE).client
        seen = [project for project in self.content.projects.values() if client.may_see(project["id"])]
        if project_id is not None:
            project = next((project for project in seen if project["id"] == project_id), None)
            return one_project(project, request.headers)
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        largest = LARGEST_RETURN - self.refuses_largest_return
        return list_projects(seen, query, request.headers, request.address, largest)

    def _schedules(
        self, request: Incoming, route: CollectionRoute, schedule_id: str = "", parent_id: str | None = None
    ) -> Reply:
        surface, collection = route.surface, route.collection
        client = self._authorised(request, SURFACES[surface].scope).client
        query = _list_query(request, surface)
        if collection.name == "schedules":
            return self._list_schedules(client, collection, query)
        stored = self._schedule(client, schedule_id)
        if stored.type not in collection.schedule_types:
            types = " and ".join(collection.schedule_types)
            return invalid(
                "The request contains invalid properties.",
                target="scheduleId",
                reason=f"This operation is only available for {types} schedules.",
            )
        key = (self.content.version, query.url)
        answer = self._cache.get(key)
        if answer is None:
            answer = self._serve(stored, collection, parent_id, query)
            if answer.status == 200:
                if collection.name not in _WITHOUT_ETAG and request.method != "POST":
                    answer.headers["ETag"] = answer.etag
                answer = answer.pack()
                self._cache.put(key, answer)
        return answer

    def _list_schedules(self, client: Application, collection: Collection, query: ListQuery) -> Reply:
        parameter = "iTwinId" if query.surface == "platform" else "projectId"
        itwin_id = query.parameters.get(parameter, "")
        message = "The request contains invalid properties."
        if not itwin_id:
            reason = f"{parameter} is required."
            return invalid(message, code="MissingRequiredProperty", target=parameter, reason=reason)
        if not _is_guid(itwin_id):
            return invalid(message, target=parameter, reason=f"{parameter} is not a GUID.")
        if itwin_id in self.content.projects and not client.may_see(itwin_id):
            raise self._closed("iTwin", parameter)
        items = self.content.schedules_of(itwin_id)
        answer = _json(_paged(Rows(items), collection, query))
        answer.headers["ETag"] = answer.etag
        return answer

    def _schedule(self, client: Application, schedule_id: str) -> ServedSchedule:
        stored = self.content.schedules.get(schedule_id.lower())
        if stored is None:
            raise Refusal(not_found("Schedule", "scheduleId"))
        if not client.may_see(stored.item["iTwinId"]):
            raise self._closed("Schedule", "scheduleId")
        return stored

    def _serve(self, stored: ServedSchedule, collection: Collection, parent_id: str | None, query: ListQuery) -> Reply:
        if collection.single:
            item = stored.one(collection, parent_id)
            if item is None:
                return not_found(*_missing(collection))
            return _json(single(item, collection, query.surface))
        if parent_id is not None and not stored.has_parent(collection, parent_id):
            return not_found(*_missing(collection))
        return _json(_paged(stored.listed(collection, parent_id), collection, query))


@cache
def _router() -> Router[str | CollectionRoute]:
    return Router(_routes())


def _routes() -> Iterator[tuple[str, str, str | CollectionRoute]]:
    # POST is the only method of the token endpoint, but what it says about GET is its own.
    yield from ((TOKEN_PATH, method, TOKEN_PATH) for method in ("POST", "GET", "PUT", "PATCH", "DELETE"))
    yield PROJECTS_PATH, "GET", PROJECTS_PATH
    yield f"{PROJECTS_PATH}/{{iTwinId}}", "GET", PROJECTS_PATH
    for collection in COLLECTIONS.values():
        for surface, base in SCHEDULES_PATHS.items():
            path = collection.path(surface)
            if path is None or collection.name == "projects":
                continue
            below = f"/{{scheduleId}}/{path}" if collection.level == "schedule" else ""
            method = "GET" if surface == "platform" else collection.enterprise_method
            yield base + below, method, CollectionRoute(surface, collection)


def _list_query(request: Incoming, surface: SurfaceName) -> ListQuery:
    url = request.address + (f"?{request.query}" if request.query else "")
    return ListQuery(surface, dict(parse_qsl(request.query, keep_blank_values=True)), request.query, url)


def _paged(rows: Rows, collection: Collection, query: ListQuery) -> bytes:
    try:
        return page(rows, collection, query)
    except BadQueryError as problem:
        message = "The request contains invalid properties."
        raise Refusal(invalid(message, target=problem.parameter, reason=str(problem))) from None


def _json(body: bytes) -> Reply:
    return Reply(200, body, {"Content-Type": "application/json; charset=utf-8"})


def _missing(collection: Collection) -> tuple[str, str | None]:
    """Name of the item that is not there, and of the member that asked for it."""
    if collection.name == "sync_configuration":
        return "Configuration", None
    if collection.parent is None:
        return _capital(collection.envelope), None
    owner = next(
        c
        for c in COLLECTIONS.values()
        if c is collection
        or (c.single and c.parent and not collection.single and c.parent.collection == collection.parent.collection)
    )
    return _capital(owner.envelope), f"{owner.envelope}Id"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_guid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _spoiled(answer: Reply, fault: Fault) -> Reply:
    """Return the answer as a fault leaves it; the kept one stays as it is."""
    body = answer.body
    if fault.rewrite is not None:
        given: Item = json.loads(body)
        body = json_answer(fault.rewrite(given)).body
    return Reply(answer.status, body, {**answer.headers, **fault.headers})
