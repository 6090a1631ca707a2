"""What all charts share: colours that colour-blind readers can tell apart, the title with its data date, escaping.

Names come from the service and are not trusted. Plotly draws a part of HTML (``<b>``, ``<a href>``, ``<span style>``),
takes ``$...$`` for a formula where MathJax is loaded, and fills ``%{...}`` in: :func:`escaped` turns all of it off.

The hues are those of Okabe and Ito (*Color Universal Design*, 2008). Blue, vermillion, bluish green and grey have at
least 3:1 contrast (WCAG 2.2, 1.4.11) on white and on the dark of notebooks; orange, sky blue and yellow do not on
white, so that sky blue serves on dark paper only. No chart tells anything by colour alone: shape, pattern or dash say
the same.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.typing import NaTType

from bentley_nb._extras import need
from bentley_nb.charts import unattended
from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.nullable import is_missing

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

BLUE = "#0072B2"
SKY_BLUE = "#56B4E9"
VERMILLION = "#D55E00"
GREEN = "#009E73"
GREY = "#7F7F7F"

FONT = "Segoe UI, Helvetica Neue, Arial, sans-serif"

# Control characters, and those that reverse the direction of what follows.
_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_USUAL_WIDTH = 960  # pixels of a chart in a notebook

# ISO weeks over their month; Plotly writes the second line only where it changes. Because of %V it sets the ticks of
# weeks on Mondays, otherwise on Sundays.
TIME_SCALE = [
    {"dtickrange": [None, 3_600_000 * 23], "value": "%H:%M\n%a %-d %b %Y"},
    {"dtickrange": [3_600_000 * 23, 86_400_000 * 6], "value": "%a %-d\n%b %Y"},
    {"dtickrange": [86_400_000 * 6, 86_400_000 * 27], "value": "W%V\n%b %Y"},
    {"dtickrange": ["M1", "M11"], "value": "%b\n%Y"},
    {"dtickrange": ["M12", None], "value": "%Y"},
]
DATE_AXIS = {"type": "date", "tickformatstops": TIME_SCALE}

ThemeName = Literal["auto", "light", "dark", "transparent"]


@dataclass(frozen=True)
class Theme:
    """Colours of what is not data."""

    name: str
    paper: str
    text: str
    grid: str
    band: str
    hover: str
    blue: str = BLUE
    critical: str = VERMILLION
    green: str = GREEN
    grey: str = GREY


THEMES = {
    theme.name: theme
    for theme in (
        Theme("light", paper="#FFFFFF", text="#24292F", grid="#DDE1E6", band="rgba(110,119,129,0.13)", hover="#FFFFFF"),
        Theme(
            "dark",
            paper="#111111",
            text="#E6E6E6",
            grid="#3A3F44",
            band="rgba(160,168,176,0.20)",
            hover="#1F2328",
            blue=SKY_BLUE,
        ),
        # One grey for both: no colour reaches 4.5:1 on white and on #111 alike; this one has 4.4 and 4.2.
        Theme(
            "transparent",
            paper="rgba(0,0,0,0)",
            text="#787878",
            grid="rgba(127,127,127,0.28)",
            band="rgba(127,127,127,0.16)",
            hover="#FFFFFF",
        ),
    )
}


def theme_named(name: str) -> Theme:
    """Return a theme; "auto" follows Plotly's own default template (``plotly.io.templates.default``)."""
    chosen = str(name)
    if chosen == "auto":
        default = need("plotly.io", extra="plot").templates.default or ""
        chosen = "dark" if "dark" in default else "light"
    if chosen not in THEMES:
        raise InvalidRequest(f"There is no theme {name!r}.", hint=nearest(name, ["auto", *THEMES]))
    return THEMES[chosen]


def escaped(value: object, *, width: int | None = None) -> str:
    """Return text that Plotly shows as it is, cut to `width` characters; a missing value becomes an empty text."""
    if is_missing(value):
        return ""
    text = " ".join(_NOT_SHOWN.sub(" ", str(value)).split())
    if width is not None:
        text = _cut(text, width)
    return (
        # First, so that it does not escape the entities made below.
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("$", "&#36;")
        .replace("%{", "&#37;{")
    )


def columns_of(text: str) -> int:
    """Return the width of a text in letters; a Chinese, Japanese or Korean letter counts two."""
    return len(text) if text.isascii() else sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _cut(text: str, width: int) -> str:
    if columns_of(text) <= width:
        return text
    # Cut roughly before counting widths letter by letter: names can be very long.
    text = text[:width]
    while columns_of(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(value: object) -> list[str]:
    """Return escaped text in lines that fit a hover label; none where it is missing."""
    text = "" if is_missing(value) else str(value)
    return [escaped(line) for line in textwrap.wrap(text, 80)]


def day(instant: pd.Timestamp | NaTType | None, *, zone: str = "UTC") -> str:
    """Return a date as planners write it ("3 May 2026"), in `zone`; "unknown" where there is none."""
    if instant is None or pd.isna(instant):
        return "unknown"
    local = instant.tz_convert(zone) if instant.tzinfo is not None else instant
    return f"{local.day} {local:%b %Y}"


def transparent(colour: str, opacity: float) -> str:
    """Return ``#RRGGBB`` as ``rgba()``, so that both light and dark paper shine through."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def tinted(colour: str, *, hatched: bool = False, hatch: int = 5) -> dict[str, Any]:
    """Return the marker of a bar: a tint with an outline; hatched where colour alone would carry meaning."""
    marker: dict[str, Any] = {"color": transparent(colour, 0.35), "line": {"color": colour, "width": 1}}
    if hatched:
        marker["pattern"] = {
            "shape": "/",
            "fgcolor": colour,
            "bgcolor": "rgba(0,0,0,0)",
            "size": hatch,
            "solidity": 0.3,
        }
    return marker


def clock(instants: pd.Series[Any] | pd.DatetimeIndex, zone: str) -> list[str]:
    """Return instants as text on the clock of a zone; Plotly would show numbers on the clock of the reader."""
    naive = pd.DatetimeIndex(instants).tz_convert(zone).tz_localize(None)
    return iso(naive.to_numpy().astype("M8[us]").astype(np.int64))


def iso(microseconds: npt.NDArray[np.int64]) -> list[str]:
    """Return microseconds since 1970 as short text: the day, with hour and minute where it is not midnight."""
    return [
        text.removesuffix("T00:00") for text in np.datetime_as_string(microseconds.view("M8[us]"), unit="m").tolist()
    ]


def date_line(
    instant: pd.Timestamp | NaTType | None,
    zone: str,
    theme: Theme,
    low: float,
    high: float,
    *,
    name: str = "Data date",
    **more: Any,
) -> Any:
    """Return a line at the data date as a trace, which unlike a shape is in the legend; empty where unknown."""
    go = need("plotly.graph_objects", extra="plot")
    known = instant is not None and not pd.isna(instant)
    return go.Scatter(
        name=name,
        mode="lines",
        # Without points, rather than without the trace: the order of traces stays the same for all schedules.
        x=clock(pd.DatetimeIndex([instant, instant]), zone) if known else [None],
        y=[low, high] if known else [None],
        line={"color": theme.text, "width": 2, "dash": "dash"},
        hoverinfo="skip",
        showlegend=known,
        **more,
    )


def figure(
    traces: list[Any],
    *,
    heading: str,
    schedule: object,
    data_date: pd.Timestamp | NaTType | None,
    facts: list[str],
    theme: Theme,
    alt: str,
    body: int = 340,
    margin: tuple[int, int, int, int] = (60, 28, 0, 56),
    zone: str = "UTC",
    width: int = _USUAL_WIDTH,
) -> Figure:
    """Return a figure with the package's look: heading and schedule above, data date and `facts` on the lines below.

    `body` is the height of the plot itself; `margin` the space to its left, right, top and bottom; `width` that of the
    whole, by which lines of the legend are counted. `alt` describes the picture for readers who cannot see it;
    :func:`bentley_nb.export.to_html` writes it beside the chart.
    """
    go = need("plotly.graph_objects", extra="plot")
    unattended.show_pictures()
    name = escaped(schedule, width=70)
    known = (
        f"Data date {day(data_date, zone=zone)}"
        if data_date is not None and not pd.isna(data_date)
        else "Data date unknown"
    )
    lines = [line for fact in [" · ".join([known, *facts[:1]]), *facts[1:]] for line in textwrap.wrap(fact, 130)]
    title = 48 + 16 * len(lines)
    left, right, above, below = margin
    _grouped(traces)
    top = title + _legend_height(traces, width - left - right) + above
    height = top + body + below
    layout = {
        "title": {
            "text": f"<b>{escaped(heading)}</b>" + (f"  {name}" if name else ""),
            "font": {"size": 16},
            "subtitle": {"text": "<br>".join(lines), "font": {"size": 12}},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 14, "t": 14},
        },
        "font": {"family": FONT, "size": 12, "color": theme.text},
        "paper_bgcolor": theme.paper,
        "plot_bgcolor": "rgba(0,0,0,0)",
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": below},
        "hovermode": "closest",
        "hoverlabel": {
            "align": "left",
            "bgcolor": theme.hover,
            "font": {"color": "#E6E6E6" if theme.name == "dark" else "#24292F"},
        },
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            # By its lower edge: on a page narrower than reckoned with it grows into the space below the title.
            "y": 1 - (top - above) / height,
            "yref": "container",
            "yanchor": "bottom",
            "bgcolor": "rgba(0,0,0,0)",
            "tracegroupgap": 0,
        },
        "meta": {"alt": escaped(unescape(alt))},  # its parts may be escaped already
        # A template of our own is a few lines; Plotly's default adds 7 KB to every figure saved in a notebook.
        "template": {"layout": {axis: _axis(theme) for axis in ("xaxis", "yaxis")}},
    }
    return go.Figure(data=traces, layout=layout)


def of_report(traces: list[Any], report: pd.DataFrame, *, heading: str, **more: Any) -> Figure:
    """Return a figure of a report: the schedule and the data date of its title are the report's."""
    says = about(report)
    schedule = says.schedule.get("name") or says.schedule.get("id")
    return figure(traces, heading=heading, schedule=schedule, data_date=says.data_date, **more)


def _grouped(traces: list[Any]) -> None:
    """Make each name a group of the legend, with one entry.

    Plotly sets groups one after another; entries without one are laid out in columns as wide as the longest of them.
    """
    named: set[str] = set()
    for trace in traces:
        if trace.name and trace.legendgroup is None:
            trace.legendgroup = trace.name
            if trace.name in named:
                trace.showlegend = False
            named.add(trace.name)


def _legend_height(traces: list[Any], room: int) -> int:
    """Return the pixels a legend takes; Plotly lays it out as wide as the plot, and over whatever lies below."""
    names = {trace.legendgroup: trace.name for trace in traces if trace.name and trace.showlegend is not False}
    lines, used = 1, 0.0
    for name in names.values():
        # An estimate: the symbol with its gaps, and an average letter at 12 pixels.
        width = 46 + 6.2 * len(name)
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width
    return 8 + 19 * lines


def _axis(theme: Theme) -> dict[str, Any]:
    return {
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "zerolinecolor": theme.grid,
        "tickcolor": theme.grid,
        "automargin": True,
        "separatethousands": True,  # as the figures in titles and labels are written
        "zeroline": False,
        "title": {"font": {"size": 12}, "standoff": 12},
    }
