"""``connect`` finds credentials and gives a ``Client``; a client gives projects, schedules and a ``Schedule``."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from numbers import Real
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bentley_nb import _session
from bentley_nb._options import checked, options
from bentley_nb._warn import warn_caller
from bentley_nb.auth.credentials import Credentials, find_credentials
from bentley_nb.auth.secret import Secret, refuse_to_pickle
from bentley_nb.auth.settings import Settings, Sourced, host_of
from bentley_nb.auth.token import TokenSource
from bentley_nb.errors import AccessDenied, InvalidRequest, InvalidResponse, NotFound, nearest
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.service import Service, is_id
from bentley_nb.service.surface import (
    PROJECTS_SCOPE,
    PROJECTS_URL,
    TOKEN_URL,
    Surface,
    find_surface,
)
from bentley_nb.transport.http import Sessions, check_url
from bentley_nb.transport.retries import Awaited

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.portfolio import Portfolio
    from bentley_nb.reading import Reader
    from bentley_nb.sandbox import Sandbox
    from bentley_nb.schedule import Schedule
    from bentley_nb.store.page_store import PageMemory, PageStore


_LONGEST_TIMEOUT = 86_400.0  # a socket's clock overflows at some point


def connect(
    client_id: str | None = None,
    client_secret: str | Secret | None = None,
    *,
    surface: str | None = None,
    token_url: str | None = None,
    api_url: str | None = None,
    projects_url: str | None = None,
    env_file: str | os.PathLike[str] | None = None,
    scope: str | None = None,
    store: str | os.PathLike[str] | None = None,
    demo: bool = False,
    max_workers: int | None = None,
    page_size: int | None = None,
    timeout: float | tuple[float, float] = (10, 60),
    progress: bool | None = None,
) -> Client:
    """Find credentials and give a client, which becomes the session's; no request is sent yet.

    Module functions such as ``bn.tasks(schedule_id)`` and the magics use the client that was made last.

    Parameters
    ----------
    client_id, client_secret
        Those of a service application. Without them they are searched for in the environment
        (``BENTLEY_CLIENT_ID``, ``BENTLEY_CLIENT_SECRET``), the nearest ``.env`` from the working folder upward, the
        keyring if ``BENTLEY_KEYRING=1``, the sign-in of this session by :func:`bentley_nb.login`
        (with the surface and the addresses of that sign-in, where none are given here), and, at a terminal, asked for
        by a hidden prompt.
    surface
        ``"platform"`` or ``"enterprise"``. None: ``BENTLEY_SURFACE`` of the environment or ``.env``, else
        ``"platform"``.
    token_url, api_url, projects_url, scope
        Other addresses and another scope than those of the surface. None: ``BENTLEY_TOKEN_URL``,
        ``BENTLEY_API_URL``, ``BENTLEY_PROJECTS_URL`` and ``BENTLEY_SCOPE``, else those of the surface.
    env_file
        The ``.env`` file to read instead of the nearest; a sign-in of this session is ignored then.
    store
        A folder in which the pages that are read are kept. The next pull, in this session or another, asks the
        service whether they are still as they were and fetches only the others. None: ``BENTLEY_STORE``, else pages
        are remembered for the session only.
    demo
        Start the built-in sandbox and connect to it; needs no account.
    max_workers
        Requests in flight at most, 1 to 64. None: ``bn.options.max_workers``, which is 6 unless set otherwise.
    page_size
        Items per page, 1 to 10,000. None: ``bn.options.page_size``, which is 10,000 unless set otherwise.
    timeout
        Seconds to connect and to wait for the next bytes: a pair, or one number for both.
    progress
        False is silent; None shows one line where a user can read it.

    Returns
    -------
    Client

    Raises
    ------
    CredentialsNotFound
        No step of the search gave a pair, or one gave half a pair.
    InvalidRequest
        An address, the surface, the page size or the number of workers cannot be right, or the client id or secret
        is not text.

    Examples
    --------
    >>> client = bn.connect(demo=True)
    >>> client.explain()["surface"]
    'platform'
    """
    # First of all, and under the same name: a traceback that shows variables must not show the secret.
    if isinstance(client_secret, str):
        client_secret = Secret(client_secret)
    elif client_secret is not None and not isinstance(client_secret, Secret):
        client_secret = None  # type: ignore[unreachable] # untyped callers come here
        raise InvalidRequest("client_secret must be text.")
    if store is not None and not isinstance(store, str | os.PathLike):
        raise InvalidRequest(f"store must be the path of a folder, not {type(store).__name__}.")
    if client_id is not None and not isinstance(client_id, str):
        raise InvalidRequest(f"client_id must be text, not {type(client_id).__name__}.")
    workers = options.max_workers if max_workers is None else checked("max_workers", max_workers)
    size = options.page_size if page_size is None else checked("page_size", page_size)
    pause = _timeout(timeout)
    sandbox: Sandbox | None = None
    sources: dict[str, str] = {}
    refused: InvalidRequest | None = None
    if demo:
        if any(value is not None for value in (client_id, client_secret, token_url, api_url, projects_url, env_file)):
            raise InvalidRequest("connect(demo=True) takes no credentials and no addresses: the sandbox has its own.")
        chosen = find_surface(surface or "platform")
        from bentley_nb.sandbox.running import demo_sandbox  # noqa: PLC0415 - a demo only

        sandbox = demo_sandbox()
        credentials = Credentials(sandbox.client_id, Secret(sandbox.client_secret), "demo sandbox")
        token_url, api_url, projects_url = sandbox.token_url, sandbox.api_url(chosen.name), sandbox.projects_url
        scope = scope or chosen.scope
    else:
        settings = Settings(env_file)
        # A file that is named is what is meant.
        signed_in = _session.signed_in() if env_file is None else None
        given = {"token_url": token_url, "api_url": api_url, "projects_url": projects_url, "scope": scope}
        chosen, places = _places(settings, surface, given)
        foreign = {name: found for name, found in places.items() if settings.is_foreign(found, _own(chosen)[name])}
        credentials = find_credentials(
            client_id,
            client_secret,
            settings=settings,
            signed_in=signed_in.credentials if signed_in else None,
            foreign=", ".join(host_of(found.value) for found in foreign.values()),
        )
        if signed_in is not None and credentials is signed_in.credentials:
            chosen, places = _places(signed_in.towards(surface), surface, given)
        elif credentials.file != settings.path:
            for name, found in foreign.items():
                refused = settings.refusal(found, name, credentials.source)
        token_url, api_url, projects_url, scope = (found.value for found in places.values())
        sources = {name: found.source for name, found in places.items()}
        store = settings.get("BENTLEY_STORE", None if store is None else os.fspath(store)) or None
    client = Client(
        credentials,
        chosen,
        token_url=token_url,
        api_url=api_url,
        projects_url=projects_url,
        scope=scope,
        max_workers=workers,
        page_size=size,
        timeout=pause,
        progress=progress,
        sandbox=sandbox,
        store=store,
        sources=sources,
        refused=refused,
    )
    _session.set_default(client)
    return client


class Client:
    """A connection of one service application to one surface of the service.

    Made by :func:`connect`. Safe to use from many threads.
    """

    def __init__(
        self,
        credentials: Credentials,
        surface: Surface,
        *,
        token_url: str,
        api_url: str,
        projects_url: str,
        scope: str,
        max_workers: int,
        page_size: int,
        timeout: tuple[float, float],
        progress: bool | None,
        sandbox: Sandbox | None = None,
        store: str | os.PathLike[str] | None = None,
        sources: Mapping[str, str] | None = None,
        refused: InvalidRequest | None = None,
    ) -> None:
        self._sources = dict(sources or {})
        self._credentials = credentials
        self._token_url = token_url
        self._scope = scope
        self._sessions = Sessions(options.largest_answer_mb << 20)
        self._awaited = Awaited()
        self._tokens = TokenSource(
            credentials, token_url, scope, self._sessions, timeout, awaited=self._awaited, refused=refused
        )
        # The iTwins API belongs to the Platform: a token of the Enterprise surface's own scope is taken not to open it
        # (inferred). A scope given by the caller is used for both.
        other = surface.scope == scope != PROJECTS_SCOPE
        self._service = Service(
            surface,
            api_url,
            projects_url,
            credentials,
            self._tokens,
            self._sessions,
            timeout,
            TokenSource(
                credentials, token_url, PROJECTS_SCOPE, self._sessions, timeout, awaited=self._awaited, refused=refused
            )
            if other
            else None,
            self._awaited,
            lambda: self.max_workers,
        )
        self._store = store
        if store is not None:
            _ = self._pages  # a folder that cannot be written to is reported now
        self._sandbox = sandbox
        self.max_workers = max_workers
        self.page_size = page_size
        self.progress = progress

    @cached_property
    def _reader(self) -> Reader:
        from bentley_nb.reading import Reader  # noqa: PLC0415 - pyarrow waits for the first question

        return Reader(self._service, self, self._pages)

    def projects(self, search: str | None = None, *, include_inactive: bool = False) -> pd.DataFrame:
        """Return the projects (iTwins) that this service application can access.

        Parameters
        ----------
        search
            Part of a project's name or number.
        include_inactive
            Whether inactive projects are listed too.

        Returns
        -------
        pandas.DataFrame
            One row per project: ``id``, ``display_name``, ``number``, ``class``, ``sub_class``, ``status``,
            ``iana_time_zone`` and more. Empty where the service application was not invited into any.

        Examples
        --------
        >>> client.projects(search="tower")["display_name"].tolist()  # doctest: +ELLIPSIS
        [...]
        """
        from bentley_nb.frames.to_pandas import to_frame  # noqa: PLC0415 - pandas waits for the first question

        table, cap = self._reader.projects(search=search, include_inactive=include_inactive)
        if cap is not None and table.num_rows >= cap:
            warn_caller(f"The service lists no more than {cap:,} projects; there may be others. Use search=.")
        return to_frame(table, _attrs("projects", table.num_rows))

    def schedules(self, project: str) -> pd.DataFrame:
        """Return the schedules of a project.

        Parameters
        ----------
        project
            Id of the project (iTwin), or its exact name.

        Returns
        -------
        pandas.DataFrame
            One row per schedule: ``imodel_id``, ``itwin_id``, ``id``, ``is_next_gen``, ``name``, ``type``.

        Examples
        --------
        >>> client.schedules(client.projects(search="Harbour")["id"].iloc[0])["type"].tolist()
        ['v10', 'v6.5']
        """
        from bentley_nb.frames.to_pandas import to_frame  # noqa: PLC0415
        from bentley_nb.reading import Wanted  # noqa: PLC0415

        itwin_id = self._project_id(project)
        [table] = self._reader.tables([Wanted(COLLECTIONS["schedules"], "", (itwin_id,))])
        return to_frame(table, {**_attrs("schedules", table.num_rows), "itwin_id": itwin_id})

    def schedule(self, schedule: str, *, project: str | None = None) -> Schedule:
        """Return a schedule by id, or by exact name within a project.

        Parameters
        ----------
        schedule
            Id of the schedule (no request is sent), or its exact name.
        project
            Id or exact name of the project; needed with a name.

        Raises
        ------
        NotFound
            The project has no schedule of that name; the message lists those it has.
        InvalidRequest
            A name without a project, or a name that two schedules share.
        """
        from bentley_nb._live import LiveSchedule  # noqa: PLC0415 - pandas waits for the first question

        if not isinstance(schedule, str) or not schedule.strip():
            raise InvalidRequest(
                "A schedule must be given by its id or exact name.", hint="client.schedules(project) lists them."
            )
        if project is None:
            if not is_id(schedule) and " " in schedule.strip():
                raise InvalidRequest(
                    f"{schedule!r} is a name, not an id; a name needs its project.",
                    hint="client.schedule(name, project=...) with the project's id or exact name.",
                )
            return LiveSchedule(self._reader, schedule.strip(), client=self)
        found = self.schedules(project)
        by_id = found[found["id"] == schedule]
        by_name = by_id if len(by_id) else found[found["name"] == schedule]
        if not len(by_name):
            seen = found["name"].dropna()
            raise NotFound(
                f"The project has no schedule {schedule!r}.",
                where=f"project {project}",
                # Whoever was not invited may get an empty list instead of a refusal.
                hint=nearest(schedule, seen)
                if len(seen)
                else f"No schedule of it is visible. {self._credentials.invitation}",
            )
        if len(by_name) > 1:
            listed = "; ".join(f"{row.id} ({row.type})" for row in by_name.itertuples())
            raise InvalidRequest(
                f"{len(by_name)} schedules of the project are named {schedule!r}: {listed}.",
                hint="Name one by its id.",
                where=f"project {project}",
            )
        row = by_name.iloc[0]
        return LiveSchedule(self._reader, row["id"], client=self, name=row["name"], type_=row["type"])

    def portfolio(
        self,
        names_or_ids: str | Iterable[str] | None = None,
        *,
        type: str | None = "v10",  # noqa: A002 - the column's name
        tables: str | Iterable[str] | None = None,
    ) -> Portfolio:
        """Read the schedules of several projects as one.

        Parameters
        ----------
        names_or_ids
            Exact names or ids of projects. None: every project that this service application may see.
        type
            Type of the schedules wanted, ``"v10"`` or ``"v6.5"``; None for all.
        tables
            Names from :func:`bentley_nb.catalog` to read now, so that a project that fails is known at once.

        Returns
        -------
        Portfolio
            Its ``schedules``, and its ``problems``: what could not be read, where and why.

        Examples
        --------
        >>> p = client.portfolio(["Harbour Point Tower", "Nowhere"])
        >>> len(p), p.problems["project"].tolist()
        (1, ['Nowhere'])
        """
        from bentley_nb.portfolio import find_schedules  # noqa: PLC0415 - pandas waits for the first question

        return find_schedules(self, names_or_ids, type_=type, tables=tables, connect=connect)

    def fetch(
        self, schedule: str | Schedule, collections: str | Iterable[str], *, refresh: bool = False
    ) -> dict[str, pd.DataFrame]:
        """Read several collections of one schedule at once.

        Parameters
        ----------
        schedule
            A schedule, or its id.
        collections
            Names from :func:`bentley_nb.catalog`, or one of them.
        refresh
            Whether to read the table again.

        Returns
        -------
        dict of str to pandas.DataFrame
            A frame per name.

        Examples
        --------
        >>> sorted(client.fetch(s.id, ["tasks", "task_links"]))
        ['task_links', 'tasks']
        """
        from bentley_nb.schedule import Schedule  # noqa: PLC0415 - pandas waits for the first question

        chosen = schedule if isinstance(schedule, Schedule) else self.schedule(schedule)
        several = isinstance(collections, Iterable) and not isinstance(collections, str)
        names: list[Any] = list(collections) if several else [collections]
        chosen.load(names, refresh=refresh)
        return {name: chosen.table(name) for name in names}

    def explain(self) -> Explanation:
        """Return which credentials and addresses are used and where each comes from; shows no secret.

        Returns
        -------
        Explanation
            A small mapping: ``source``, ``file``, ``client_id`` (shortened), ``surface``, ``scope``, ``api_url``,
            ``token_url``, ``projects_url``, each with its ``..._source``, ``store``, and ``token``. The
            address to invite is ``client.service_identity``.
        """
        of_pair = self._credentials.source  # of the demo and of a sign-in
        left = self._tokens.seconds_left
        return Explanation(
            source=self._credentials.source,
            file=str(self._credentials.file) if self._credentials.file else None,
            client_id=self._credentials.short_id,
            surface=self._service.surface.name,
            scope=self._scope,
            api_url=self._service.api_url,
            api_url_source=self._sources.get("api_url", of_pair),
            token_url=self._token_url,
            token_url_source=self._sources.get("token_url", of_pair),
            projects_url=self._service.projects_url,
            projects_url_source=self._sources.get("projects_url", of_pair),
            store=None if self._store is None else str(self._store),
            token="none yet" if left is None else "expired" if left <= 0 else f"expires in {left / 60:.0f} min",
        )

    @property
    def service_identity(self) -> str:
        """E-mail address under which this service application is invited into a project."""
        return self._credentials.service_identity

    @property
    def surface(self) -> str:
        """Name of the surface."""
        return self._service.surface.name

    def close(self) -> None:
        """Close idle connections; the client can still be used."""
        self._sessions.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._credentials.short_id}, {self._service.surface.name}, {self._service.api_url})"

    def _repr_html_(self) -> str:
        return self.explain()._repr_html_()

    __reduce_ex__ = refuse_to_pickle

    @cached_property
    def _pages(self) -> PageStore | PageMemory:
        from bentley_nb.store.page_store import PageMemory, PageStore  # noqa: PLC0415 - pyarrow waits for the first use

        if self._store is None:
            return PageMemory()
        return PageStore(self._store, self._credentials.client_id, self.surface, self._service.api_url)

    def _project_id(self, project: str) -> str:
        if not isinstance(project, str) or not project.strip():
            raise InvalidRequest(
                "A project must be given by its id or exact name.", hint="client.projects() lists them."
            )
        if is_id(project):
            return project.strip()
        try:
            found = self.projects(search=project)
            exact = found[found["display_name"] == project]
            if not len(exact):  # the service's search goes by words and may miss a name that it lists
                found = self.projects()
                exact = found[found["display_name"] == project]
        except (AccessDenied, NotFound, InvalidResponse):
            return project.strip()  # nothing can be looked up here: the service decides
        if len(exact) == 1:
            return str(exact["id"].iloc[0])
        if len(exact) > 1:
            raise InvalidRequest(
                f"{len(exact)} projects are named {project!r}: {', '.join(exact['id'])}.", hint="Name one by its id."
            )
        if project.strip() in set(found["id"]):  # an id of another shape than the known ones
            return project.strip()
        known = found["display_name"].dropna().tolist()
        hint = (
            nearest(project, known)
            if known
            else f"This service application cannot see any project. {self._credentials.invitation}"
        )
        raise NotFound(f"There is no project named {project!r}.", hint=hint)


class Explanation(Mapping[str, str | None]):
    """A small mapping that reads well as text and as HTML."""

    def __init__(self, **values: str | None) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str | None:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        width = max(map(len, self._values), default=0)
        return "\n".join(f"{name:<{width}}  {value or '-'}" for name, value in self._values.items())

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
            f"<td style='text-align:left'>{html.escape(value or '-')}</td></tr>"
            for name, value in self._values.items()
        )
        return f"<table>{rows}</table>"


def _attrs(collection: str, rows: int) -> dict[str, Any]:
    fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
    return {"schedule_id": "", "collection": collection, "fetched_at": fetched_at, "rows": rows}


def _own(surface: Surface) -> dict[str, str]:
    return {
        "token_url": TOKEN_URL,
        "api_url": surface.api_url,
        "projects_url": PROJECTS_URL,
        "scope": surface.scope,
    }


def _places(
    settings: Settings | _session.SignIn, surface: str | None, given: Mapping[str, str | None]
) -> tuple[Surface, dict[str, Sourced]]:
    """Return the surface, its addresses and the scope: as they are given, else as set, else the surface's own."""
    chosen = find_surface(settings.find("BENTLEY_SURFACE", surface, "platform").value)
    places = {}
    for name, default in _own(chosen).items():
        variable = f"BENTLEY_{name.upper()}"
        found = settings.find(variable, given[name], default)
        value = check_url(found.value, f"{name} ({variable})") if name != "scope" else found.value
        places[name] = Sourced(value, found.source)
    return chosen, places


def _timeout(timeout: float | tuple[float, float]) -> tuple[float, float]:
    pair: Sequence[Any] = timeout if isinstance(timeout, tuple | list) else (timeout, timeout)
    if len(pair) != 2 or not all(isinstance(part, Real) and 0 < float(part) <= _LONGEST_TIMEOUT for part in pair):
        raise InvalidRequest(
            f"timeout must be seconds, or (seconds to connect, seconds to read), at most a day, not {timeout!r}."
        )
    return float(pair[0]), float(pair[1])
