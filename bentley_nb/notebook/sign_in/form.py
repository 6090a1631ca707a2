"""The sign-in form, of ipywidgets alone; the secret passes through it without being kept in a widget's state.

Widget state travels: to the page, and with "save widget state" into the notebook file; nbclient always stores it.
Clearing a ``Password`` later is not enough (ipywidgets#1747, #1793), so the secret is taken out before it arrives.
No widget can prevent that the page itself has it from when the field is left until the kernel has answered. With
"save widget state" on (it is off by default), a save in that moment catches it: a click takes longer than a kernel near
by, not longer than one that is busy. The form looks into the notebook's file after each attempt and tells.
"""

from __future__ import annotations

import contextlib
import html
import importlib.util
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from traitlets import Unicode

from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret
from bentley_nb.auth.stores import PairKept, env_path, git_warning
from bentley_nb.errors import BentleyError
from bentley_nb.notebook.sign_in.signing_in import (
    CLIENT_ID_FROM,
    INVITATION,
    SURFACE_MEANINGS,
    Addresses,
    SignedIn,
    Store,
    in_words,
    keep,
    sign_in,
)
from bentley_nb.service.surface import SURFACES, find_surface

_MOMENT = 1.0  # seconds in which a value that was on its way has come
_TAKEN = "•" * 12 + " (taken; type to replace it)"  # always as many, whatever its length
_SAVED = "The notebook was saved while the page contained the secret, and its file contains it."
_SAVED_ADVICE = (
    "Save it again now: the secret is gone from the page, and then from the file.",
    "If the file was copied or committed meanwhile, have a new secret made for the service application.",
)
_STYLE = {"description_width": "9em"}
_WIDE = "min(40em, 100%)"
# The label of a box names a file, whose path may be longer than a line.
_WRAPPING = """<style>
.bentley-nb-sign-in .bentley-nb-hint {line-height: 1.5; opacity: 0.8; max-width: 40em; overflow-wrap: anywhere}
.bentley-nb-sign-in .widget-checkbox {height: auto}
.bentley-nb-sign-in .widget-checkbox .widget-label-basic {
  display: flex; height: auto; line-height: 1.5; white-space: normal; overflow-wrap: anywhere
}
.bentley-nb-sign-in .widget-checkbox input[type="checkbox"] {flex-shrink: 0}
</style>"""


class SecretField(widgets.Password):
    """A password field whose value is taken out of the widget before anything else sees it.

    The page sends it when the field is left or Enter is pressed, not with every key. What arrives moves into
    ``taken`` and the trait is emptied in the same step, before observers, before state goes back to the page; the
    echo of ipywidgets 8, which would publish it, is off for this trait.

    Attributes
    ----------
    taken : Secret or None
        What was typed last.
    """

    # ipywidgets 8 echoes every update of a trait to all pages that show the widget.
    value = Unicode("").tag(sync=True, echo_update=False)

    def __init__(self, on_taken: Callable[[], None] = lambda: None, **kwargs: Any) -> None:
        self.taken: Secret | None = None
        self._on_taken = on_taken
        # Otherwise the page would send each key, and a part of the secret with each.
        kwargs.setdefault("continuous_update", False)
        super().__init__(**kwargs)

    def notify_change(self, change: Any) -> None:
        """Take a new value out instead of notifying observers."""
        if change["name"] != "value":
            super().notify_change(change)
            return
        if not change["new"]:
            change["old"] = ""  # the secret, when the form itself empties the field
            super().notify_change(change)
            return
        self.taken = Secret(change["new"])
        # An error let out here would show, under %xmode Verbose, the frames of ipywidgets that hold the page's message.
        with contextlib.suppress(Exception):
            self.value = ""
            self.placeholder = _TAKEN
            self._on_taken()

    def forget(self) -> None:
        """Drop what was taken."""
        self.taken = None
        self.placeholder = ""


class SignInForm(widgets.VBox):
    """The form that ``bentley_nb.login()`` shows.

    Parameters
    ----------
    addresses
        What the fields under "Advanced" begin with.
    client_id
        What the client id begins with.
    remember
        The box that is ticked at first.
    """

    def __init__(self, addresses: Addresses, client_id: str = "", remember: Store | None = None) -> None:
        self._lock = threading.Lock()
        self._working = False
        self._work: threading.Thread | None = None
        self._pending: threading.Timer | None = None
        self._tried = False  # whether the secret that was taken has been sent off already
        self._questions: list[tuple[str, Callable[[], list[str]]]] = []

        def text(label: str, value: str, hint: str = "") -> Any:
            return widgets.Text(value=value, description=label, placeholder=hint, style=_STYLE, layout={"width": _WIDE})

        self.client_id = text("Client id", client_id, "of the service application")
        self.secret = SecretField(
            self._secret_taken, description="Client secret", style=_STYLE, layout={"width": _WIDE}
        )
        self.surface = widgets.Dropdown(
            options=[(surface.title, name) for name, surface in SURFACES.items()],
            value=addresses.surface.name,
            description="Surface",
            style=_STYLE,
            layout={"width": _WIDE},
        )
        self._meaning = widgets.HTML()
        own = "the surface's own"
        self.scope = text("Scope", addresses.scope, own)
        self.token_url = text("Token URL", addresses.token_url, own)
        self.api_url = text("API URL", addresses.api_url, own)
        self.projects_url = text("Projects URL", addresses.projects_url, own)
        # Not an Accordion: its header cannot be opened from the keyboard.
        self.advanced = widgets.ToggleButton(value=False, description="Advanced", icon="caret-right")
        self._more = widgets.VBox(
            [self.scope, self.token_url, self.api_url, self.projects_url], layout={"display": "none"}
        )
        self._unconfirmed = addresses.unconfirmed
        self._named = (addresses.token_url, addresses.api_url, addresses.projects_url)
        self.confirm = _box(f"Send the secret to {addresses.unconfirmed}", ticked=False)
        self.confirm.layout.display = "flex" if addresses.unconfirmed else "none"
        self.keep_env = _box(f"Keep the pair in {env_path()} (readable by you only)", ticked=remember == "env")
        # Not imported here: some backends start a daemon or ask for a password when they load.
        has_keyring = importlib.util.find_spec("keyring") is not None
        needs = "" if has_keyring else ' (needs %pip install "bentley-nb[keyring]")'
        self.keep_keyring = _box(f"Keep the pair in this machine's keyring{needs}", ticked=remember == "keyring")
        self.keep_keyring.disabled = not has_keyring
        self._git = widgets.HTML()
        self.connect = widgets.Button(description="Connect", button_style="primary", icon="sign-in")
        self.message = widgets.HTML()
        self.address = widgets.Text(
            description="Address to add", style=_STYLE, layout={"width": _WIDE, "display": "none"}
        )
        self.replace = widgets.Button(description="Replace")
        self.leave = widgets.Button(description="Leave as it is")
        self._answers = widgets.HBox([self.replace, self.leave], layout={"display": "none"})

        self.advanced.observe(self._show_advanced, "value")
        self.surface.observe(self._explain_surface, "value")
        self.keep_env.observe(self._warn_of_git, "value")
        self.connect.on_click(lambda _: self._clicked())
        self.replace.on_click(lambda _: self._answer(replace=True))
        self.leave.on_click(lambda _: self._answer(replace=False))
        for field in (self.client_id, self.secret, self.scope, self.token_url, self.api_url, self.projects_url):
            field.on_msg(self._on_message)
        super().__init__(
            [
                widgets.HTML(
                    f"{_WRAPPING}<b>Sign in with a Bentley service application</b>"
                    f"<div class='bentley-nb-hint'>{html.escape(CLIENT_ID_FROM)}</div>"
                ),
                self.client_id,
                self.secret,
                self.surface,
                self._meaning,
                self.advanced,
                self._more,
                self.confirm,
                self.keep_env,
                self._git,
                self.keep_keyring,
                self.connect,
                self.message,
                self.address,
                self._answers,
            ]
        )
        self.add_class("bentley-nb-sign-in")
        self.advanced.value = bool(addresses.unconfirmed)
        self._warn_of_git()
        self._explain_surface()

    def __repr__(self) -> str:
        return "Sign-in form. Where no form is shown here: bentley_nb.login(form=False)"

    # Submitting -----------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Connect with what was entered; nothing happens while a connection is being made."""
        with self._lock:
            if self._working:
                return
            self._working = True
            if self._pending is not None:
                self._pending.cancel()
                self._pending = None
        entered = self._entered()
        if entered is None:
            self._busy(False)
            self._working = False
            return
        credentials, addresses = entered
        self._tried = True
        self._busy(True)
        # Of the attempt before: neither its address nor its question goes with this one.
        self.address.layout.display = "none"
        self.address.value = ""
        self._questions = []
        self._ask()
        self._say([f"Connecting to the {addresses.surface.title} …"])
        # A thread, so that the kernel keeps answering: the page shows the spinner, other cells run.
        self._work = threading.Thread(
            target=self._sign_in, args=(credentials, addresses), name="bentley_nb sign-in", daemon=True
        )
        self._work.start()

    def wait(self, timeout: float | None = None) -> None:
        """Wait for a connection that is being made."""
        if self._pending is not None:
            self._pending.join(timeout)
        if self._work is not None:
            self._work.join(timeout)

    def _entered(self) -> tuple[Credentials, Addresses] | None:
        client_id, secret = self.client_id.value.strip(), self.secret.taken
        if not client_id or secret is None:
            self._say(["Client id and client secret are both needed."])
            (self.secret if client_id else self.client_id).focus()
            return None
        texts = {name: getattr(self, name).value.strip() for name in ("scope", "token_url", "api_url", "projects_url")}
        named = (texts["token_url"], texts["api_url"], texts["projects_url"])
        if self._unconfirmed and named == self._named and not self.confirm.value:
            self._say(
                [
                    f"The secret would be sent to {self._unconfirmed}. Nothing was sent.",
                    "If that is right, tick the box above; if not, clear the fields under Advanced.",
                ],
                failed=True,
            )
            return None
        addresses = Addresses(find_surface(self.surface.value), **texts)
        return Credentials(client_id, secret, "the sign-in form"), addresses

    def _clicked(self) -> None:
        if self.secret.taken is None or self._tried:
            self._submit_soon()
        else:
            self.submit()

    def _on_message(self, widget: Any, content: Any, _: Any) -> None:
        if content.get("event") != "submit":  # what a text field sends for Enter
            return
        if widget is self.secret:
            self._submit_soon()
        else:
            self._clicked()

    def _submit_soon(self) -> None:
        """Wait a moment: the page sends Enter, and sometimes a click, before the value that it commits."""
        with self._lock:
            if self._working or self._pending is not None:
                return
            self._pending = threading.Timer(_MOMENT, self.submit)
            self._pending.daemon = True
            self._pending.start()
        self._busy(True)

    def _secret_taken(self) -> None:
        self._tried = False
        if self._pending is not None:
            self.submit()

    def _sign_in(self, credentials: Credentials, addresses: Addresses) -> None:
        try:
            found = sign_in(
                credentials,
                addresses,
                waits=lambda words: self._say([f"Connecting to the {addresses.surface.title} …", f"{words}."]),
            )
        except BentleyError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - a traceback of a widget has no place to be read
            self._say(
                [
                    f"Not signed in: something went wrong in bentley_nb itself ({type(error).__name__}).",
                    "bentley_nb.login(form=False) in a cell shows where.",
                ],
                failed=True,
            )
        else:
            self.secret.forget()
            self._succeed(found, credentials, addresses)
        finally:
            if _saved_with(credentials.client_secret):
                self.message.value += _status([_SAVED, *_SAVED_ADVICE], failed=True)
            self._busy(False)
            self._working = False

    # Showing --------------------------------------------------------------------------------------------------

    def _succeed(self, found: SignedIn, credentials: Credentials, addresses: Addresses) -> None:
        uninvited = found.refusal is None and not found.names
        if uninvited:
            lines = [found.title, "It has not been invited into any project yet:", *INVITATION]
            self.address.value = found.client.service_identity
        else:
            lines = [*in_words(found), "Next: %bentley projects, or bentley_nb.projects()."]
        self.address.layout.display = "flex" if uninvited else "none"
        stores: list[Store] = []
        if self.keep_env.value:
            stores.append("env")
        if self.keep_keyring.value:
            stores.append("keyring")
        self._questions = []
        for store in stores:
            try:
                lines += keep(store, credentials, addresses)
            except PairKept as error:
                again = self._replacing(store, credentials, addresses)
                self._questions.append((f"{error.message} Replace it?", again))
            except BentleyError as error:
                lines += str(error).split("\n")
        self._say(lines)
        self._ask()

    @staticmethod
    def _replacing(store: Store, credentials: Credentials, addresses: Addresses) -> Callable[[], list[str]]:
        return lambda: keep(store, credentials, addresses, replace=True)

    def _ask(self) -> None:
        self._answers.layout.display = "flex" if self._questions else "none"
        if self._questions:
            self.message.value += _status([self._questions[0][0]])

    def _answer(self, *, replace: bool) -> None:
        if not self._questions:
            return
        _, again = self._questions.pop(0)
        lines = ["Left as it is."]
        if replace:
            try:
                lines = again()
            except BentleyError as error:
                lines = str(error).split("\n")
        self._say(lines)
        self._ask()

    def _fail(self, error: BentleyError) -> None:
        self._say([f"Not signed in: {error.message}", *str(error).split("\n")[1:]], failed=True)

    def _say(self, lines: list[str], *, failed: bool = False) -> None:
        self.message.value = _status(lines, failed=failed)

    def _busy(self, busy: bool) -> None:
        self.connect.disabled = busy
        self.connect.description = "Connecting …" if busy else "Connect"
        self.connect.icon = "spinner spin" if busy else "sign-in"

    def _show_advanced(self, change: Any) -> None:
        self._more.layout.display = "flex" if change["new"] else "none"
        self.advanced.icon = "caret-down" if change["new"] else "caret-right"

    def _explain_surface(self, _: Any = None) -> None:
        meaning = html.escape(SURFACE_MEANINGS[self.surface.value])
        self._meaning.value = f"<div class='bentley-nb-hint' style='margin-left: 9em'>{meaning}</div>"

    def _warn_of_git(self, _: Any = None) -> None:
        warning = git_warning(env_path()) if self.keep_env.value else None
        self._git.value = _status([warning]) if warning else ""


def _saved_with(secret: Secret) -> bool:
    """Return whether the notebook's file contains the secret, where the kernel was told which file that is."""
    # Set by Jupyter Server for the kernel of a notebook; other front ends do not say which file it is.
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    # As a notebook file writes it: JSON escapes quotes and backslashes.
    written = json.dumps(secret.reveal(), ensure_ascii=False)[1:-1]
    # A short text may occur in any notebook by chance.
    if path.suffix != ".ipynb" or len(written) < 8:
        return False
    try:
        return written in path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _box(label: str, *, ticked: bool) -> Any:
    return widgets.Checkbox(value=ticked, description=label, indent=False, layout={"width": _WIDE})


def _status(lines: list[str], *, failed: bool = False) -> str:
    """Return lines for reader and screen reader, in the page's own colours so that dark themes stay readable."""
    mark = "var(--jp-error-color1, currentColor)" if failed else "var(--jp-border-color1, currentColor)"
    first, *rest = (html.escape(line) for line in lines)
    body = f"<b>{first}</b>" + "".join(f"<br>{line}" for line in rest)
    return (
        f"<div role='{'alert' if failed else 'status'}' style='border-left: 3px solid {mark}; padding-left: 0.8em; "
        f"line-height: 1.5; overflow-wrap: anywhere'>{body}</div>"
    )
