"""Columns of text beside a chart's rows, as in the table of a scheduling program.

Each column is a y axis of its own, shifted away from the plot. Axis labels keep their size and their row whatever the
zoom and the width of the page, and those on the right-hand side of their axis line up on the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bentley_nb._extras import need

LETTER = 6.1  # pixels of an average letter at the labels' size
_SIZE = 11


@dataclass(frozen=True)
class TextColumn:
    """One column: its heading, its texts from the top row down (escaped), its width in pixels."""

    heading: str
    texts: list[str]
    width: int


@dataclass(frozen=True)
class Beside:
    """What columns need: the margins, the layout's members, and the traces that keep their axes alive."""

    left: int
    right: int
    layout: dict[str, Any]
    traces: list[Any]


def beside(left: Sequence[TextColumn], right: Sequence[TextColumn] = ()) -> Beside:
    """Set columns to the left and to the right of a chart whose rows are 0, 1, ... from the top.

    The first column on the left belongs to the chart's own y axis.
    """
    go = need("plotly.graph_objects", extra="plot")
    rows = len(left[0].texts)
    common = {
        "tickvals": list(range(rows)),
        "tickfont": {"size": _SIZE},
        "side": "right",
        "anchor": "free",
        "ticks": "",
        "showgrid": False,
        "showline": False,
        "zeroline": False,
        # Margins are computed here from the widths; Plotly would add to them on every zoom.
        "automargin": False,
        # Otherwise plotly.js measures every label against every other: 15 s instead of 2 s for 430 rows.
        "ticklabeloverflow": "allow",
    }
    layout: dict[str, Any] = {"annotations": []}
    traces = []
    margin_left = sum(column.width for column in left) + 14
    margin_right = sum(column.width for column in right) + 20
    placed = [(column, 0, at - margin_left + 8) for column, at in zip(left, _starts(left), strict=True)]
    placed += [(column, 1, at + 4) for column, at in zip(right, _starts(right), strict=True)]
    for number, (column, position, shift) in enumerate(placed, start=1):
        # Reversed: row 0 is at the top.
        axis = {**common, "position": position, "shift": shift, "ticktext": column.texts, "range": [rows - 0.5, -0.5]}
        if number > 1:
            axis |= {"overlaying": "y", "matches": "y"}
            # Plotly leaves out an axis that no trace uses.
            traces.append(
                go.Scatter(x=[None], y=[None], yaxis=f"y{number}", mode="lines", hoverinfo="skip", showlegend=False)
            )
        layout["yaxis" if number == 1 else f"yaxis{number}"] = axis
        layout["annotations"].append(_heading(column.heading, position, shift))
    return Beside(margin_left, margin_right, layout, traces)


def _starts(columns: Sequence[TextColumn]) -> list[int]:
    return [sum(column.width for column in columns[:number]) for number in range(len(columns))]


def _heading(text: str, position: int, shift: int) -> dict[str, Any]:
    return {
        "text": f"<b>{text}</b>",
        "font": {"size": _SIZE},
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": position,
        "y": 1,
        "xshift": shift,
        "yshift": 2,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
    }
