"""Signing in by hand: a form in a notebook, a hidden prompt at a terminal, a clear error where neither is possible."""

from __future__ import annotations

from bentley_nb._front_end import front_end
from bentley_nb._warn import warn_caller
from bentley_nb.auth.credentials import ask
from bentley_nb.client import Client
from bentley_nb.errors import CredentialsNotFound, InvalidRequest, nearest
from bentley_nb.notebook.messages import say
from bentley_nb.notebook.sign_in.signing_in import Addresses, Store, in_words, keep, sign_in


def login(
    client_id: str | None = None,
    *,
    surface: str | None = None,
    scope: str | None = None,
    token_url: str | None = None,
    api_url: str | None = None,
    projects_url: str | None = None,
    remember: Store | None = None,
    form: bool | None = None,
) -> Client | None:
    """Sign in by hand; the session's client is then the one that was signed in, and ``connect()`` finds the pair.

    In a notebook a form appears below the cell; at a terminal the secret is asked for by a hidden prompt. There is no
    parameter for the secret: a call is saved with the notebook and in IPython's history.

    Until ``%bentley logout`` or the end of the kernel, :func:`bentley_nb.connect` takes the pair, with the surface and
    the addresses that it signed in with, where neither arguments nor environment, ``.env`` and keyring give one.

    Parameters
    ----------
    client_id
        Id of the service application, to have it filled in.
    surface
        ``"platform"`` (default) or ``"enterprise"``.
    scope, token_url, api_url, projects_url
        Other scope and addresses than the surface's own.
    remember
        ``"env"`` to keep the pair in the nearest ``.env`` file (readable by its owner only) once it has worked,
        ``"keyring"`` to keep it in the keyring of this machine. A pair that is there already is not written over.
    form
        False asks by a hidden prompt in a notebook too, where forms cannot be shown.

    Returns
    -------
    Client or None
        The client at a terminal; None where a form is shown, since it stays active after the call.

    Raises
    ------
    CredentialsNotFound
        Neither a form nor a prompt can be shown (a script, or a notebook run by nbclient or papermill), or nothing
        was entered.
    CredentialsRejected, ServiceUnavailable
        At a prompt: the outcome. The form shows it in words.

    Examples
    --------
    In a script, it fails at once:

    >>> bn.login()
    Traceback (most recent call last):
    ...
    bentley_nb.errors.CredentialsNotFound: Sign-in needs an interactive session...
    """
    if remember not in (None, "env", "keyring"):
        # Not repeated: it may be the secret.
        raise InvalidRequest("remember= does not take that value.", hint=nearest(str(remember), ["env", "keyring"]))
    addresses = Addresses.of(surface, scope=scope, token_url=token_url, api_url=api_url, projects_url=projects_url)
    who = front_end()
    if who == "batch":
        raise CredentialsNotFound(
            "Sign-in needs an interactive session: this one can show neither a form nor a prompt.",
            hint="Set BENTLEY_CLIENT_ID and BENTLEY_CLIENT_SECRET in the environment or in a .env file, and use "
            "bentley_nb.connect().",
        )
    if who == "notebook" and form is not False:
        from IPython.display import display  # noqa: PLC0415 - only where a kernel runs

        from bentley_nb.notebook.sign_in.form import SignInForm  # noqa: PLC0415 - widgets wait for their first use

        display(SignInForm(addresses, client_id=client_id or "", remember=remember))
        return None
    return _ask_and_sign_in(addresses, client_id or "", remember)


def _ask_and_sign_in(addresses: Addresses, client_id: str, remember: Store | None) -> Client:
    if addresses.unconfirmed:
        raise InvalidRequest(
            f"The secret would be sent to {addresses.unconfirmed}.",
            hint="If that is right, confirm it by naming the addresses: bentley_nb.login(token_url=..., api_url=..., "
            "projects_url=...). If you do not know them, remove those lines or that file.",
        )
    credentials = ask(client_id)
    if credentials is None:
        raise CredentialsNotFound("Nothing was entered, so no sign-in took place.")
    found = sign_in(credentials, addresses, waits=say)
    for line in in_words(found):
        say(line)
    if remember is not None:
        try:
            lines = keep(remember, credentials, addresses)
        except InvalidRequest as error:  # signed in all the same
            warn_caller(str(error))
        else:
            for line in lines:
                say(line)
    return found.client
