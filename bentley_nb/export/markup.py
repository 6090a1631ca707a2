"""HTML that is escaped unless it was made here: ``tag("b", name)`` is safe for any `name`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_VOID = frozenset({"br", "hr", "img", "meta"})
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Markup(str):
    """Text that is HTML already; every other text is escaped when it is put into a tag."""

    __slots__ = ()


Child = str | int | float | None | Iterable["Child"]


def tag(name: str, /, *children: Child, **attributes: str | bool | int | None) -> Markup:
    """Return an element.

    Parameters
    ----------
    name
        Its name, such as ``"td"``.
    *children
        Text (escaped), markup (as it is), numbers, or iterables of them; None is left out.
    **attributes
        Values are escaped; True gives an attribute without value, None and False none. ``class_`` is written
        ``class`` and ``aria_label`` ``aria-label``.

    Examples
    --------
    >>> from bentley_nb.export.markup import tag
    >>> tag("td", "<b>", tag("i", "x"), class_="name")
    '<td class="name">&lt;b&gt;<i>x</i></td>'
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(children)}</{name}>")


def join(children: Iterable[Child]) -> Markup:
    """Return children one after another."""
    return Markup("".join(_child(child) for child in children))


def escape(text: object) -> Markup:
    """Return text as HTML: escaped, and without the characters that are none."""
    return Markup(html.escape(_NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", str(text)), quote=True))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return str(child)
    if isinstance(child, str | int | float):
        return escape(child)
    return join(child)


def _attribute(key: str, value: str | bool | int | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
