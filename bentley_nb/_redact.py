"""Secrets are taken out of text where errors and log lines are made: one place, not one for each message.

Every secret and token that is alive is known here (weakly). What a service, a user or a library writes into a message
may quote one of them: plainly, or as an address, a form, JSON, HTML or base64 writes it, whole or cut off.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import string
import weakref
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import quote, quote_plus

_SHORTEST = 6  # a shorter one is a part of words; the service gives secrets of forty characters and more
_CUT = slice(8, 16)  # so much of its beginning gives a secret away that was cut off

_DOTNET = {letter: f"\\u{ord(letter):04x}" for letter in "\"&'+<>`"}
_LOOKED_AT = 20_000  # bytes of an answer that is quoted

_BASE64 = frozenset(string.ascii_letters + string.digits + "+/-_=")


class Hidden(Protocol):
    """A value that is not shown."""

    def reveal(self) -> str:
        """Return the value."""


_alive: weakref.WeakValueDictionary[int, Hidden] = weakref.WeakValueDictionary()


def never_show(hidden: Hidden) -> None:
    """Take a value out of every message from now on, as long as it lives."""
    _alive[id(hidden)] = hidden  # by identity: of two equal ones, the first may die first


def excerpt(body: bytes, most: int) -> str:
    """Return the beginning of an answer on one line; secrets go first, since a cut one would not be recognized."""
    return " ".join(redacted(body[:_LOOKED_AT].decode("utf-8", "replace")).split())[:most]


def without_login(text: str) -> str:
    """Return the text with ``***`` for the user name and password of an address in it."""
    return re.sub(r"//[^/@\s]*@", "//***@", text)


def redacted(text: str) -> str:
    """Return the text with ``***`` where it quotes a secret that is alive."""
    found = [
        span
        for hidden in list(_alive.values())
        for plain in {hidden.reveal(), hidden.reveal().strip()}  # an endpoint may trim what it quotes
        for form, around in _written(plain)
        for span in _quotes(text, form, around)
    ]
    # All forms are looked for in the text as it came: one that agrees with another for a while must not cut it short.
    parts, at = [], 0
    for start, end in sorted(found):
        if start >= at:
            parts += [text[at:start], "***"]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _quotes(text: str, form: str, around: int) -> Iterator[tuple[int, int]]:
    """Yield where the text begins as the form does, as far as it goes on like it."""
    least = min(len(form), max(_CUT.start, min(_CUT.stop, len(form) * 2 // 3)))
    folded, wanted = text.casefold(), form.casefold()  # %2f is %2F
    if len(folded) != len(text) or len(wanted) != len(form):  # letters that fold to several: as they are
        folded, wanted = text, form
    at = 0
    while (found := folded.find(wanted[:least], at)) >= 0:
        at = found + least
        while at < len(folded) and at - found < len(wanted) and folded[at] == wanted[at - found]:
            at += 1
        start, end = found, at
        while found - start < around and start and text[start - 1] in _BASE64:
            start -= 1
        while end - at < around and end < len(text) and text[end] in _BASE64:
            end += 1
        yield start, end


def _written(plain: str) -> Iterator[tuple[str, int]]:
    """Yield the ways in which a text may write a value, and how many characters around each hold some of it too."""
    if len(plain) < _SHORTEST:
        return
    text = plain.encode("utf-8", "replace").decode()  # of another encoding: no URL takes half characters
    in_json, in_html = json.dumps(plain)[1:-1], html.escape(plain)
    forms = {plain, quote(text), quote(text, safe=""), quote_plus(text), quote(quote(text, safe=""), safe="")}
    forms |= {in_json, json.dumps(plain, ensure_ascii=False)[1:-1], in_json.replace("/", "\\/"), repr(plain)[1:-1]}
    forms |= {in_html, in_html.replace("&#x27;", "&#39;"), in_html.replace("+", "&#x2B;")}
    # System.Text.Json escapes these as well.
    forms.add("".join(_DOTNET.get(letter, letter) for letter in in_json.replace('\\"', '"')))
    # Letter by letter, as a dump or an eager encoder writes it; the last one is UTF-16.
    letters = [ord(letter) for letter in text]
    forms |= {text.encode().hex(), text.encode().hex("%"), "\\u".join(f"{letter:04x}" for letter in letters)}
    forms |= {"&#".join(f"{letter};" for letter in letters), "\0".join(text)}
    yield from ((form, 0) for form in forms)
    for ahead in range(3):  # base64 of a text that holds it: three letters at a time, wherever they begin
        raw = b"\0" * ahead + text.encode()
        whole = raw[: len(raw) // 3 * 3][3 if ahead else 0 :]
        if len(whole) >= 9:
            yield from ((way(whole).decode(), 4) for way in (base64.b64encode, base64.urlsafe_b64encode))


class Redaction(logging.Filter):
    """Takes secrets out of log records, whatever was given as their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record."""
        record.msg, record.args = redacted(record.getMessage()), None
        return True
