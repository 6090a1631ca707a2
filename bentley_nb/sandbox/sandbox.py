"""The sandbox as a user meets it: start, where it is, what to give as credentials, stop."""

from __future__ import annotations

import copy
import secrets
import threading
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bentley_nb.errors import InvalidRequest, NotFound, nearest
from bentley_nb.sandbox.addresses import PROJECTS_PATH, SCHEDULES_PATHS, TOKEN_PATH
from bentley_nb.sandbox.content import ServedSchedule, new_project
from bentley_nb.sandbox.dispatch import Dispatcher
from bentley_nb.sandbox.faults import Faults, Log
from bentley_nb.sandbox.folder import dataset_content
from bentley_nb.sandbox.programme.demo_schedules import DEFAULT_ROWS, demo_content
from bentley_nb.sandbox.programme.guids import Item, guid
from bentley_nb.sandbox.server import LoopbackServer
from bentley_nb.sandbox.token_endpoint import Application, TokenEndpoint

CLIENT_ID = "service-demo"
CLIENT_SECRET = "not+a/real=secret&100%ø"
"""Holds what a careless client gets wrong when it writes a form."""
UNINVITED_ID = "service-uninvited"
UNINVITED_SECRET = "not-a-real-secret-either"
LAST_PORT = 65_535


class Sandbox:
    """A loopback service with the token endpoint, both surfaces of the Schedules API and the list of projects.

    Parameters
    ----------
    data
        A dataset folder to serve instead of the demo projects.
    rows
        Tasks of the main demo schedule (400 unless told otherwise).
    seed
        Names the demo projects: equal seeds and rows give equal data, ids included.
    latency
        Seconds before each answer.
    rate_limit
        Requests a minute before the answer is 429.
    port
        Port to listen on; 0 for any free one.

    Attributes
    ----------
    client_id, client_secret
        A service application that was invited into every project. The secret of the made-up projects is public; that of
        a dataset folder is a new one for each sandbox, because the folder may hold real data.
    uninvited_id, uninvited_secret
        One that was not invited into any.

    Raises
    ------
    InvalidRequest
        The data folder is not a dataset, or a number is out of range.

    Examples
    --------
    >>> from bentley_nb.sandbox import Sandbox
    >>> with Sandbox(rows=150) as sandbox:
    ...     sandbox.url.startswith("http://127.0.0.1:")
    True
    """

    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET
    uninvited_id = UNINVITED_ID
    uninvited_secret = UNINVITED_SECRET

    def __init__(
        self,
        data: Path | str | None = None,
        rows: int | None = None,
        seed: int = 7,
        latency: float = 0,
        rate_limit: int | None = None,
        port: int = 0,
    ) -> None:
        if rows is not None and rows < 1:
            raise InvalidRequest(f"A demo schedule has at least one row, not {rows}.")
        if not 0 <= latency <= threading.TIMEOUT_MAX:  # neither is "nan"
            raise InvalidRequest(f"A latency of {latency} seconds is not valid.")
        if rate_limit is not None and rate_limit < 1:
            raise InvalidRequest(f"A rate limit is at least one request a minute, not {rate_limit}.")
        if not 0 <= port <= LAST_PORT:
            raise InvalidRequest(f"A port is a number from 0 (any free one) to {LAST_PORT}, not {port}.")
        content = demo_content(seed, rows or DEFAULT_ROWS) if data is None else dataset_content(Path(data))
        self._dispatcher = Dispatcher(content, latency=latency, rate_limit=rate_limit)
        if data is not None:
            self.client_secret = secrets.token_urlsafe(24)
        self._port = port
        self._server: LoopbackServer | None = None
        self._finalizer: weakref.finalize[[], Sandbox] | None = None
        for client in (
            Application(self.client_id, self.client_secret),
            Application(self.uninvited_id, self.uninvited_secret, frozenset()),
        ):
            self._dispatcher.tokens.clients[client.id] = client

    # Starting and stopping.

    def start(self) -> Self:
        """Listen in the background; a sandbox that is already started stays as it is."""
        if self._server is not None:
            return self
        try:
            server = LoopbackServer(self._port, self._dispatcher)
        except OSError as error:
            raise InvalidRequest(
                f"The sandbox cannot listen on port {self._port}: {error.strerror}.",
                hint="Leave the port out to take any free one.",
            ) from None
        self._server = server
        # A sandbox that is not stopped is closed with the interpreter, before its open sockets cause warnings.
        self._finalizer = weakref.finalize(self, server.close)
        return self

    def stop(self) -> None:
        """Close the port, open connections and all threads; a stopped sandbox may be started again."""
        if self._finalizer is not None:
            self._finalizer()
        self._server = self._finalizer = None

    @property
    def running(self) -> bool:
        """Whether it is listening."""
        return self._server is not None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox at {self.url}>" if self.running else "<Sandbox, not started>"

    # Where it is.

    @property
    def url(self) -> str:
        """Address of the sandbox."""
        if self._server is None:
            raise InvalidRequest("The sandbox is not started.", hint="Call start(), or use it in a with statement.")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def token_url(self) -> str:
        """Address of the token endpoint."""
        return self.url + TOKEN_PATH

    @property
    def projects_url(self) -> str:
        """Address of the list of projects."""
        return self.url + PROJECTS_PATH

    def api_url(self, surface: str = "platform") -> str:
        """Return the base address of the schedules on a surface, ``"platform"`` or ``"enterprise"``."""
        bases = {str(name): path for name, path in SCHEDULES_PATHS.items()}
        if surface not in bases:
            raise InvalidRequest(f"There is no surface {surface!r}.", hint=nearest(surface, bases))
        return self.url + bases[surface]

    # What it serves.

    @property
    def projects(self) -> list[Item]:
        """The projects, as the iTwins API shows them in full."""
        return list(self._dispatcher.content.projects.values())

    @property
    def schedules(self) -> list[Item]:
        """The schedules of all projects."""
        return [stored.item for stored in self._dispatcher.content.schedules.values()]

    @property
    def schedule_id(self) -> str:
        """Id of the main schedule: the demo tower's v10 one, or the only one of a dataset."""
        return next(iter(self._dispatcher.content.schedules))

    def items(self, collection: str, schedule_id: str | None = None) -> list[Item]:
        """Return what is served of a collection, in the order served and deleted items included.

        The items are copies: changing one changes nothing that is served.

        Raises
        ------
        NotFound
            The sandbox has no such schedule.
        """
        return copy.deepcopy(self._stored(schedule_id).rows(collection)[:])

    def replace(self, collection: str, items: Iterable[Item], schedule_id: str | None = None) -> None:
        """Serve other items of a collection from now on.

        Raises
        ------
        InvalidRequest
            The collection follows from others, or does not exist.
        NotFound
            The sandbox has no such schedule.
        """
        self._dispatcher.content.replace(self._stored(schedule_id).id, collection, items)

    def add_project(self, name: str, *, number: str = "", **members: object) -> str:
        """Add a project; ``members`` are those of the iTwins API. Return its id."""
        item = new_project(name, number, id_=str(members.pop("id", guid("added project", name))), **members)
        self._dispatcher.content.add_project(item)
        return str(item["id"])

    def add_schedule(
        self,
        items: Mapping[str, Iterable[Item]],
        *,
        name: str = "Hand-made schedule",
        id: str | None = None,  # noqa: A002 - the member's name in the API
        itwin_id: str | None = None,
        type: str = "v10",  # noqa: A002 - the member's name in the API
        imodel_id: str | None = None,
    ) -> str:
        """Add a schedule of hand-made items, in the shape of the Platform surface; return its id.

        Parameters
        ----------
        items
            Items by collection; ``baseline_tasks`` carry a ``baselineId``, ``resource_group_members`` are pairs of
            ``resourceGroupId`` and ``resourceId``.
        name, id, type, imodel_id
            What the schedule itself says.
        itwin_id
            Its project; the first one here unless told otherwise.
        """
        item: Item = {
            "iModelId": imodel_id,
            "iTwinId": itwin_id or next(iter(self._dispatcher.content.projects)),
            "id": (id or guid("added schedule", name, len(self._dispatcher.content.schedules))).lower(),
            "isNextGen": type == "v10",
            "name": name,
            "type": type,
        }
        return self._dispatcher.content.add_schedule(item, items).id

    def add_client(self, client_id: str, client_secret: str, projects: Iterable[str] | None = None) -> None:
        """Register a service application; ``projects`` are those it was invited into, all unless told otherwise."""
        invited = None if projects is None else frozenset(projects)
        self._dispatcher.tokens.clients[client_id] = Application(client_id, client_secret, invited)

    def _stored(self, schedule_id: str | None) -> ServedSchedule:
        schedules = self._dispatcher.content.schedules
        wanted = schedule_id or self.schedule_id
        if wanted not in schedules:
            raise NotFound(f"The sandbox has no schedule {wanted!r}.", hint=nearest(wanted, schedules))
        return schedules[wanted]

    # Hooks for tests.

    @property
    def faults(self) -> Faults:
        """Failures on demand: ``sandbox.faults.add("/tasks", status=503, times=2)``."""
        return self._dispatcher.faults

    @property
    def log(self) -> Log:
        """The requests so far: ``sandbox.log.count("/tasks")``."""
        return self._dispatcher.log

    @property
    def tokens(self) -> TokenEndpoint:
        """The token endpoint: ``lifetime``, ``overrides``, ``issued``, ``revoke()``."""
        return self._dispatcher.tokens

    @property
    def latency(self) -> float:
        """Seconds before each answer."""
        return self._dispatcher.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._dispatcher.latency = seconds

    def limit_rate(self, requests: int | None, seconds: float = 60) -> None:
        """Answer 429 to more requests than that in so many seconds; None takes the limit away."""
        self._dispatcher.rate_limit, self._dispatcher.rate_window = requests, seconds

    @property
    def no_access(self) -> int:
        """Status for a project that the client was not invited into: 403 or 404."""
        return self._dispatcher.no_access

    @no_access.setter
    def no_access(self, status: int) -> None:
        if status not in (403, 404):
            raise InvalidRequest(f"no_access must be 403 or 404, not {status}.")
        self._dispatcher.no_access = status

    @property
    def refuses_largest_return(self) -> bool:
        """Whether the list of projects refuses ``X-Max-Return: 10000`` with 422."""
        return self._dispatcher.refuses_largest_return

    @refuses_largest_return.setter
    def refuses_largest_return(self, value: bool) -> None:
        self._dispatcher.refuses_largest_return = value
