"""One HTML file that needs nothing else: style, charts and data within, and a policy that lets nothing in or out.

The Content-Security-Policy names the scripts by their hash, so that no other script can run, and allows no address to
be loaded or sent to. Figures are JSON in elements that the browser does not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import unescape
from importlib import resources
from typing import TYPE_CHECKING

from bentley_nb._version import __version__
from bentley_nb.export.markup import Markup, join, tag

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# What plotly's own "basic" bundle draws, which is shipped beside this file.
_BASIC = frozenset({"bar", "pie", "scatter"})


def chart(fig: Figure, number: int) -> Markup:
    """Return an interactive chart: its element, its data, and its description."""
    layout, words = fig.layout, description(fig)
    # "<" is the only way out of a script element; in JSON it may be written like this.
    data = fig.to_json().replace("<", "\\u003c")
    place = tag(
        "div",
        id=f"chart{number}",
        data_chart=True,
        role="img",
        aria_label=words,
        style=f"height:{int(layout.height or 450)}px",
    )
    stored = Markup(f'<script type="application/json" id="chart{number}-data">{data}</script>')
    noscript = tag("noscript", tag("p", "This chart needs JavaScript. ", words))
    return tag(
        "figure", tag("div", place, class_="chart", tabindex="0", role="group", aria_label="Chart"), stored, noscript
    )


def picture(fig: Figure, svg: bytes) -> Markup:
    """Return a static chart: scripts and links of an SVG do not work in an image."""
    words = description(fig)
    # In an <img>, not inline: browsers run no script and load no address of an image.
    source = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
    return tag(
        "figure",
        tag("div", tag("img", src=source, alt=words), class_="chart", tabindex="0", role="group", aria_label="Chart"),
    )


def description(fig: Figure) -> str:
    """Return the words a chart carries for those who cannot see it."""
    meta = fig.layout.meta
    alt = meta.get("alt") if isinstance(meta, dict) else None
    return unescape(str(alt or fig.layout.title.text or "Chart"))


def page(
    title: str, lead: Markup, sections: Sequence[tuple[str, str, Markup]], footer: Markup, *, drawn: Sequence[Figure]
) -> str:
    """Return the whole file.

    Parameters
    ----------
    title
        Of the page.
    lead
        The markup above the contents.
    sections
        Anchor, heading and content of each section.
    footer
        The markup below the sections.
    drawn
        The figures that plotly.js has to draw; without any it is not within.
    """
    scripts = [_plotly(drawn), _resource("page.js")] if drawn else []
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
        "script-src " + (" ".join(_hash(script) for script in scripts) or "'none'")
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        # In the file itself, since a page opened from disk has no HTTP headers; before anything that it governs.
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"bentley-nb {__version__}"),
        # A link that a reader follows must not tell where the report is stored.
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        Markup(f"<style>{_resource('page.css')}</style>"),
    )
    contents = tag(
        "nav",
        tag("ul", (tag("li", tag("a", heading, href=f"#{anchor}")) for anchor, heading, _ in sections)),
        aria_label="Contents",
    )
    main = tag(
        "main",
        (
            tag("section", tag("h2", heading, id=f"{anchor}-h"), content, id=anchor, aria_labelledby=f"{anchor}-h")
            for anchor, heading, content in sections
        ),
        id="main",
    )
    body = tag(
        "body",
        tag("a", "Skip to the report", href="#main", class_="skip"),
        tag("header", lead, contents),
        main,
        tag("footer", footer),
        join(Markup(f"<script>{script}</script>") for script in scripts),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _resource(name: str) -> str:
    """Style and script of the page lie beside this file, where editors know what they are."""
    return (resources.files("bentley_nb.export") / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _plotly(figures: Sequence[Figure]) -> str:
    """Return the part of plotly.js that these figures need: bars, lines and points are a quarter of it."""
    # The whole of plotly.js is 4.5 MB in every report.
    if {trace.type for fig in figures for trace in fig.data} <= _BASIC:
        return _resource("plotly-basic.min.js")
    from plotly.offline import get_plotlyjs  # noqa: PLC0415  an optional package

    # HTML reads "\r\n" as "\n", and the hash is of what it reads.
    return str(get_plotlyjs()).replace("\r\n", "\n").replace("\r", "\n")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
