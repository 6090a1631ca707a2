"""What the sign-in form and the prompt share: where to sign in, doing it, keeping the pair, reporting the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bentley_nb import _session
from bentley_nb._options import options
from bentley_nb.auth import stores
from bentley_nb.auth.credentials import KEYRING, PAIRS, SIGN_IN, Credentials
from bentley_nb.auth.settings import Settings, host_of
from bentley_nb.client import Client
from bentley_nb.errors import AccessDenied, NotFound
from bentley_nb.notebook.seen import list_projects
from bentley_nb.service.surface import PROJECTS_URL, TOKEN_URL, Surface, find_surface
from bentley_nb.transport.http import check_url

if TYPE_CHECKING:
    import pandas as pd

Store = Literal["env", "keyring"]

_MOST_NAMED = 10

INVITATION = (
    "1. In SYNCHRO Control open the project, then Administration > Manage your team > Add users.",
    "2. Add the address of this service application with a role that may read; the invitation may have to be accepted.",
    "3. Then run %bentley projects, or sign in again. The identity of a new application can take ten minutes to exist.",
)

CLIENT_ID_FROM = (
    "Client id and secret come from the Bentley developer portal, where an application of the type Service is "
    "registered; ask whoever registered yours."
)
SURFACE_MEANINGS = {
    "platform": "Platform: the schedules of the iTwin Platform API. Choose this unless you were told otherwise.",
    "enterprise": "Enterprise: the older API of SYNCHRO 4D schedules, for applications registered for it.",
}
"""What each surface is, in one line."""


@dataclass(frozen=True)
class Addresses:
    """Which surface is asked, and where; empty texts stand for the surface's own.

    Attributes
    ----------
    unconfirmed
        Hosts that only the nearest ``.env`` names, with the file; a secret that is typed goes there once confirmed.
    """

    surface: Surface
    scope: str = ""
    token_url: str = ""
    api_url: str = ""
    projects_url: str = ""
    unconfirmed: str = ""

    @classmethod
    def of(cls, surface: str | None = None, **given: str | None) -> Addresses:
        """Return what is given, else what the environment or ``.env`` say."""
        settings = Settings()
        chosen = find_surface(settings.get("BENTLEY_SURFACE", surface, "platform"))
        found = {name: settings.find(_VARIABLES[name], value) for name, value in given.items()}
        own = {"token_url": TOKEN_URL, "api_url": chosen.api_url, "projects_url": PROJECTS_URL}
        hosts = [
            host_of(found[name].value) for name in own if name in found and settings.is_foreign(found[name], own[name])
        ]
        unconfirmed = f"{', '.join(dict.fromkeys(hosts))} (named in {settings.path})" if hosts else ""
        return cls(chosen, **{name: one.value for name, one in found.items()}, unconfirmed=unconfirmed)

    @property
    def variables(self) -> dict[str, str | None]:
        """The ``BENTLEY_*`` variables that select the same addresses; None for those that are not needed."""
        values = {variable: getattr(self, name) or None for name, variable in _VARIABLES.items()}
        return {"BENTLEY_SURFACE": None if self.surface.name == "platform" else self.surface.name, **values}


_VARIABLES = {
    "scope": "BENTLEY_SCOPE",
    "token_url": "BENTLEY_TOKEN_URL",
    "api_url": "BENTLEY_API_URL",
    "projects_url": "BENTLEY_PROJECTS_URL",
}


@dataclass(frozen=True)
class SignedIn:
    """A connection that has worked.

    Attributes
    ----------
    client
        The session's client from now on.
    projects
        What it may see; None where the list itself is refused.
    refusal
        Why it is refused.
    """

    client: Client
    projects: pd.DataFrame | None
    refusal: AccessDenied | None = None

    @property
    def title(self) -> str:
        """Who signed in, in one sentence."""
        explained = self.client.explain()
        return f"Signed in as {explained['client_id']} ({self.client.surface} surface)."

    @property
    def untried(self) -> list[str]:
        """What signing in does not prove, where that could be wrong."""
        api_url = self.client.explain()["api_url"]
        if api_url == find_surface(self.client.surface).api_url:
            return []
        return [f"Signing in does not try the API URL ({api_url}): reading a schedule will."]

    @property
    def names(self) -> list[str]:
        """Names of the projects."""
        return [] if self.projects is None else sorted(self.projects["display_name"].dropna().astype(str))


def sign_in(credentials: Credentials, addresses: Addresses, waits: Callable[[str], object] | None = None) -> SignedIn:
    """Connect, list the projects, and make the client the session's.

    Parameters
    ----------
    credentials, addresses
        Who signs in, and where.
    waits
        Told in words of every wait before a retry.

    Raises
    ------
    BentleyError
        What went wrong; the session's client stays as it was.
    """
    surface = addresses.surface
    client = Client(
        credentials,
        surface,
        token_url=check_url(addresses.token_url or TOKEN_URL, "The token URL"),
        api_url=check_url(addresses.api_url or surface.api_url, "The API URL"),
        projects_url=check_url(addresses.projects_url or PROJECTS_URL, "The projects URL"),
        scope=addresses.scope or surface.scope,
        max_workers=options.max_workers,
        page_size=options.page_size,
        timeout=(10, 60),
        progress=False,  # the form has its own progress sign
    )
    client._awaited.tell = waits  # noqa: SLF001
    try:
        found = SignedIn(client, list_projects(client))
    except AccessDenied as refusal:
        # The token is good. The list of projects is another API, which may be closed to a scope that reads schedules.
        found = SignedIn(client, None, refusal)
    except NotFound as error:
        raise NotFound(
            f"There is no list of projects at {client.explain()['projects_url']}.",
            hint="Check the Projects URL.",
            correlation_id=error.correlation_id,
        ) from None
    client.progress = None
    client._awaited.tell = None  # noqa: SLF001 - from now on the progress line shows it
    _session.set_default(client)
    _session.sign_in(_session.SignIn(replace(credentials, source=SIGN_IN), addresses.variables))
    return found


def keep(store: Store, credentials: Credentials, addresses: Addresses, *, replace: bool = False) -> list[str]:
    """Keep a pair that has worked, and say where it is and what to know.

    Raises
    ------
    PairKept
        Another pair is there, and `replace` is false.
    InvalidRequest
        The file or the keyring cannot be written.
    """
    if store == "keyring":
        stores.write_keyring(credentials, replace=replace)
        kept = f"Kept in the keyring of this machine; it is read where {KEYRING}=1 is set (environment or .env)."
        return [kept, *_pair_before(credentials, keyring=True)]
    path = stores.env_path()
    stores.write_env(path, credentials, addresses.variables, replace=replace)
    before = _pair_before(credentials)
    found = "." if before else "; connect() finds it there."
    warning = stores.git_warning(path)
    return [f"Kept in {path}, readable by you only{found}", *before, *([warning] if warning else [])]


def _pair_before(credentials: Credentials, *, keyring: bool = False) -> list[str]:
    """Return lines that warn where the search for credentials finds another pair first."""
    settings = Settings()
    places = [("The environment", settings.environment)]
    if keyring:
        places.append((str(settings.path), settings.file))
    for place, look_up in places:
        for names in PAIRS:
            client_id, secret = look_up(names[0]), look_up(names[1])
            if client_id == credentials.client_id and secret == credentials.client_secret.reveal():
                return []
            if client_id or secret:
                return [f"{place} has another pair ({names[0]}), which comes first: connect() takes that one."]
    return []


def in_words(found: SignedIn) -> list[str]:
    """Return who signed in and what can be seen, as sentences."""
    lines = [found.title]
    if found.refusal is not None:
        refused = (
            f"The service refuses the list of projects; schedules may still be readable by id: {found.refusal.message}"
        )
        return [*lines, refused, *found.untried]
    if not found.names:
        uninvited = "It has not been invited into any project yet."
        return [*lines, uninvited, *INVITATION, f"Address: {found.client.service_identity}"]
    more = f" and {len(found.names) - _MOST_NAMED} more" if len(found.names) > _MOST_NAMED else ""
    count = "1 project" if len(found.names) == 1 else f"{len(found.names):,} projects"
    return [*lines, f"{count}: {', '.join(found.names[:_MOST_NAMED])}{more}.", *found.untried]
