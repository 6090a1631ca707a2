"""The search for a client id and its secret, step by step, and why a step found nothing.

A step that has nothing to offer is *unavailable*, and the search continues; a step that offers half a pair is an
error, and the search stops: the user meant that step.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bentley_nb._extras import need
from bentley_nb._front_end import front_end
from bentley_nb.auth.secret import Secret
from bentley_nb.auth.settings import Settings
from bentley_nb.errors import CredentialsNotFound, InvalidRequest

CLIENT_ID, CLIENT_SECRET = "BENTLEY_CLIENT_ID", "BENTLEY_CLIENT_SECRET"
PAIRS = ((CLIENT_ID, CLIENT_SECRET), ("ITP_SERVICE_CLIENT_ID", "ITP_SERVICE_CLIENT_SECRET"))
KEYRING = "BENTLEY_KEYRING"
KEYRING_SERVICE = "bentley-nb"
SIGN_IN = "the sign-in of this session"


@dataclass(frozen=True)
class Credentials:
    """A client id, its secret, and the step that gave them.

    Attributes
    ----------
    client_id
        Id of the service application.
    client_secret
        Its secret.
    source
        The step, in words, with the file where there is one.
    file
        The ``.env`` file they were read from, if any.
    """

    client_id: str
    client_secret: Secret
    source: str
    file: Path | None = None

    @property
    def short_id(self) -> str:
        """First 8 characters of the client id and an ellipsis."""
        return self.client_id[:8] + "…"

    @property
    def service_identity(self) -> str:
        """E-mail address by which the service application is invited into a project."""
        return f"{self.client_id}@apps.imsoidc.bentley.com"

    @property
    def invitation(self) -> str:
        """What to do so that this service application sees a project: the commonest first failure."""
        return (
            f"Invite {self.service_identity} into the project: SYNCHRO Control > the project > Administration > "
            "Manage your team > Add users, with a role that may read. The identity of a new application can take ten "
            "minutes to exist, and the invitation may have to be accepted."
        )


class _Unavailable(Exception):
    """The step found nothing."""


def find_credentials(
    client_id: str | None = None,
    client_secret: Secret | None = None,
    *,
    settings: Settings,
    interactive: bool = True,
    signed_in: Credentials | None = None,
    foreign: str = "",
) -> Credentials:
    """Search for credentials: arguments, environment, ``.env``, keyring (if asked for), sign-in, terminal prompt.

    A ``.env`` that is named comes before the environment.

    Parameters
    ----------
    client_id, client_secret
        The arguments, where the caller gave them.
    settings
        Environment and ``.env`` file.
    interactive
        Whether a terminal may be asked.
    signed_in
        What was signed in with by hand in this session, if so.
    foreign
        The host of an address that only the nearest ``.env`` names: that file does not open the keyring for it.

    Raises
    ------
    CredentialsNotFound
        Each step and why it gave nothing; or the step that gave half a pair.
    InvalidRequest
        What a step gave is not text.
    """
    steps: list[tuple[str, Callable[[], Credentials]]] = [
        ("arguments", lambda: _from_arguments(client_id, client_secret)),
        ("environment", lambda: _from_variables(settings.environment, "environment", None)),
        (".env file", lambda: _from_file(settings)),
        ("keyring", lambda: _from_keyring(settings, foreign)),
        (SIGN_IN, lambda: _from_sign_in(signed_in)),
        ("prompt", lambda: _from_prompt(interactive=interactive)),
    ]
    if settings.named:  # what is named is what is meant
        steps[1], steps[2] = steps[2], steps[1]
    tried: list[str] = []
    for name, step in steps:
        try:
            return step()
        except _Unavailable as reason:
            tried.append(f"{name}: {reason}")
    raise CredentialsNotFound(
        "No client id and secret of a service application were found (" + "; ".join(tried) + ").",
        hint=(
            "In a notebook run bentley_nb.login(); or put BENTLEY_CLIENT_ID and BENTLEY_CLIENT_SECRET into a .env file "
            "in the working folder; or try connect(demo=True), which needs no account."
        ),
    )


def _pair(
    client_id: str | None, secret: Secret | None, source: str, names: tuple[str, str], file: Path | None
) -> Credentials:
    if client_id and secret:
        if not (_is_text(client_id) and _is_text(secret.reveal())):
            raise InvalidRequest(
                f"{source}: {names[0]} or {names[1]} is not valid UTF-8.",
                hint="Set it again in a terminal or an editor that works in UTF-8.",
            )
        # Only the id: white space may be a part of the secret, and is pointed out where it is refused.
        return Credentials(client_id.strip(), secret, source, file)
    have, lack = names if client_id else names[::-1]
    raise CredentialsNotFound(
        f"{source} gives {have} but not {lack}.",
        hint="The client id and its secret are taken from one place: put both there, or neither.",
    )


def _hidden(value: str | None) -> Secret | None:
    """Wrap a secret as soon as it is found, so that no frame of a traceback has it among its variables."""
    return Secret(value) if value and value.strip() else None


def _is_text(value: str) -> bool:
    """Return whether a value can be sent: bytes in another encoding become surrogates in the environment."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _from_arguments(client_id: str | None, secret: Secret | None) -> Credentials:
    client_id = client_id if client_id and client_id.strip() else None
    secret = secret if secret and secret.reveal().strip() else None
    if not client_id and not secret:
        raise _Unavailable("none given")
    return _pair(client_id, secret, "arguments", ("client_id", "client_secret"), None)


def _from_variables(look_up: Callable[[str], str | None], source: str, file: Path | None) -> Credentials:
    for names in PAIRS:
        client_id, secret = look_up(names[0]), _hidden(look_up(names[1]))
        if client_id or secret:
            return _pair(client_id, secret, source, names, file)
    raise _Unavailable(f"neither {' nor '.join(names[0] for names in PAIRS)} is set")


def _from_file(settings: Settings) -> Credentials:
    if settings.refused:
        raise _Unavailable(settings.refused)
    if settings.path is None:
        raise _Unavailable("no .env from the working folder upward")
    try:
        return _from_variables(settings.file, f".env file {settings.path}", settings.path)
    except _Unavailable:
        raise _Unavailable(f"{settings.path} has no {CLIENT_ID}") from None


def _from_keyring(settings: Settings, foreign: str) -> Credentials:
    asked = settings.find(KEYRING)
    if asked.value.strip().lower() not in ("1", "true", "yes"):
        raise _Unavailable(f"not asked for ({KEYRING} is not set)")
    if foreign and asked.source != "environment" and not settings.named:
        raise _Unavailable(f"not opened: {settings.path} asks for it, and names an address at {foreign}")
    keyring = need("keyring", extra="keyring")
    try:
        client_id = keyring.get_password(KEYRING_SERVICE, "client_id")
        secret = _hidden(keyring.get_password(KEYRING_SERVICE, "client_secret"))
    except keyring.errors.KeyringError as error:
        raise _Unavailable(f"this machine's keyring cannot be used ({type(error).__name__})") from None
    if not client_id and not secret:
        raise _Unavailable("nothing is stored there")
    return _pair(client_id, secret, "keyring", ("client_id", "client_secret"), None)


def _from_sign_in(signed_in: Credentials | None) -> Credentials:
    if signed_in is None:
        raise _Unavailable("not signed in")
    return signed_in


def _from_prompt(*, interactive: bool) -> Credentials:
    if not interactive or front_end() != "terminal":  # in a notebook login() shows a form
        raise _Unavailable("not at a terminal")
    found = ask()
    if found is None:
        raise _Unavailable("no answer")
    return found


def ask(client_id: str = "") -> Credentials | None:
    """Ask a person for a client id and, hidden, its secret.

    Parameters
    ----------
    client_id
        Taken where the answer is empty.

    Returns
    -------
    Credentials or None
        None where neither was given.

    Raises
    ------
    CredentialsNotFound
        Only one of the two was given.
    """
    given = f" [{client_id}]" if client_id else ""
    try:
        client_id = input(f"Client id of the service application{given}: ").strip() or client_id
        secret = _hidden(getpass.getpass("Client secret (hidden): "))
    except EOFError:
        return None
    if not client_id and not secret:
        return None
    return _pair(client_id, secret, "prompt", ("a client id", "a secret"), None)
