"""Slippage as arrows: from where each finish was to where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.style import escaped
from bentley_nb.charts.text_columns import LETTER, TextColumn, beside
from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.wbs import SEPARATOR
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.identity import chosen_zone, whole_number
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.slippage import slippage as slippage_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = {"change", "finish_before", "finish_after", "finish_slip_days"}
_LONGEST_NAME = 46
_LONGEST_PLACE = 33


def slippage(
    before: Source,
    after: Source | None = None,
    *,
    max_rows: int = 40,
    key_dates: bool = False,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw how far finish dates moved between two states of a schedule, the largest moves on top.

    Each arrow runs from the earlier date (ring) to the later state's (triangle): to the right and vermillion is
    later, to the left and blue is earlier. Start key dates move with their start.

    Parameters
    ----------
    before, after
        Two states of a schedule as for ``bentley_nb.reports.slippage``, or its frame alone.
    max_rows
        Most arrows; the chart says how many moves it leaves out.
    key_dates
        Show key dates only.
    zone
        IANA zone in which dates are shown; by default that of ``bentley_nb.options.display_zone``.
    theme
        "light", "dark", "transparent", or "auto" to follow ``plotly.io.templates.default``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InvalidRequest
        The second state is missing, or nothing moved.

    Examples
    --------
    >>> moved = bn.reports.slippage(s, s)
    >>> bn.charts.slippage(moved)
    Traceback (most recent call last):
    bentley_nb.errors.InvalidRequest: There is nothing to draw: no date moved between the two states...
    """
    go = need("plotly.graph_objects", extra="plot")
    whole_number(max_rows, "max_rows", least=1)
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    report = _report(before, after)
    says = about(report)
    moved = _moves(report, key_dates=key_dates)
    if moved.empty:
        raise InvalidRequest(
            "There is nothing to draw: no date moved between the two states.", hint="Are they of different days?"
        )
    shown = moved.head(max_rows)
    was, now = style.clock(shown["was"], zone), style.clock(shown["now"], zone)
    later = (shown["days"] > 0).to_numpy(dtype=bool)
    hover = [
        f"<b>{escaped(name, width=90)}</b><br>from {old.replace('T', ' ')} to {new.replace('T', ' ')}: {days:+.1f} days"
        for name, days, old, new in zip(shown["name"], shown["days"], was, now, strict=True)
    ]
    traces = []
    for name, mask, colour, symbol in (
        ("Later", later, look.critical, "triangle-right"),
        ("Earlier", ~later, look.blue, "triangle-left"),
    ):
        rows = np.flatnonzero(mask)
        if not len(rows):
            continue
        x = [date for row in rows for date in (was[row], now[row], None)]
        y = [position for row in rows.tolist() for position in (row, row, None)]
        group = {"legendgroup": name, "hoverinfo": "skip"}
        traces.append(
            go.Scatter(name=name, x=x, y=y, mode="lines", line={"color": colour, "width": 2}, showlegend=False, **group)
        )
        start = {"symbol": "circle-open", "size": 7, "color": colour, "line": {"width": 2}}
        traces.append(
            go.Scatter(
                name=name,
                x=[was[row] for row in rows],
                y=rows.astype(np.int32),
                mode="markers",
                marker=start,
                showlegend=False,
                **group,
            )
        )
        traces.append(
            go.Scatter(
                name=name,
                x=[now[row] for row in rows],
                y=rows.astype(np.int32),
                mode="markers",
                marker={"symbol": symbol, "size": 11, "color": colour},
                legendgroup=name,
                hovertext=[hover[row] for row in rows],
                hoverinfo="text",
            )
        )
    dates = [
        pd.Timestamp(when) if when else None
        for when in (says.facts.get("data_date_before"), says.facts.get("data_date_after"))
    ]
    low, high = -0.5, len(shown) - 0.5
    earlier = style.date_line(dates[0], zone, look, low, high, name="Data date before")
    earlier.line.update(dash="dot", width=1.5)
    traces += [earlier, style.date_line(dates[1], zone, look, low, high, name="Data date now")]
    columns = beside(_left(shown))
    facts = _facts(report, moved, shown, dates, zone)
    fig = style.of_report(
        [*traces, *columns.traces],
        report,
        heading="Slippage",
        facts=facts,
        theme=look,
        alt=f"Arrows of slipped dates: {' '.join(facts)}",
        body=max(120, 20 * len(shown)),
        margin=(columns.left, 28, 40, 20),
        zone=zone,
    )
    fig.update_layout(xaxis={**style.DATE_AXIS, "side": "top"}, **columns.layout)
    return fig.update_yaxes(fixedrange=True)


def _report(before: Source, after: Source | None) -> pd.DataFrame:
    if after is not None:
        return slippage_report(before, after)
    if isinstance(before, pd.DataFrame) and set(before.columns) >= _COLUMNS:
        return before
    raise InvalidRequest(
        "Slippage is between two states of a schedule, and only one was given.",
        hint="slippage(before, after), each a Schedule, a kept snapshot or frames; or the frame of "
        "bn.reports.slippage(before, after).",
    )


def _moves(report: pd.DataFrame, *, key_dates: bool) -> pd.DataFrame:
    """Return the date before, the date now and the days between, the largest moves first."""
    by_start = report["finish_slip_days"].isna()
    moves = pd.DataFrame(
        {
            "name": report["name"],
            "wbs": report["wbs_path"].map(_place, na_action="ignore") if "wbs_path" in report else pd.NA,
            "was": report["finish_before"].mask(by_start, report["start_before"]),
            "now": report["finish_after"].mask(by_start, report["start_after"]),
            "days": report["finish_slip_days"].fillna(report["start_slip_days"]).astype("Float64"),
        }
    )
    if key_dates:
        moves = moves[report["type"].isin(["StartKeyDate", "FinishKeyDate"]).to_numpy()]
    moves = moves[(moves["days"].fillna(0) != 0).to_numpy(dtype=bool)]
    largest_first = -moves["days"].abs().to_numpy(dtype=float)
    return moves.iloc[np.lexsort((moves["now"].to_numpy(), largest_first))]  # equal moves by date


def _place(path: str) -> str:
    """Return the last two steps of a WBS path where there is room: "Zone B" alone says little."""
    steps = path.split(SEPARATOR)
    two = SEPARATOR.join(steps[-2:])
    return two if len(two) <= _LONGEST_PLACE else steps[-1]


def _left(shown: pd.DataFrame) -> list[TextColumn]:
    names = [escaped(name, width=_LONGEST_NAME) for name in shown["name"]]
    widest = max((min(style.columns_of(str(name)), _LONGEST_NAME) for name in shown["name"]), default=10)
    days = [f"{days:+.1f} d".replace(".0 d", " d") for days in shown["days"]]
    columns = [TextColumn("Task", names, int(widest * LETTER) + 14)]
    if shown["wbs"].notna().any():  # "Columns" alone says little where every floor has some
        columns.append(TextColumn("WBS element", [escaped(name, width=_LONGEST_PLACE) for name in shown["wbs"]], 205))
    return [*columns, TextColumn("Slip", days, 56)]


def _facts(
    report: pd.DataFrame, moved: pd.DataFrame, shown: pd.DataFrame, dates: list[pd.Timestamp | None], zone: str
) -> list[str]:
    later = int((moved["days"] > 0).sum())
    facts = [
        f"before: {style.day(dates[0], zone=zone)} · {later:,} later, {len(moved) - later:,} earlier, in calendar days"
    ]
    if len(shown) < len(moved):
        facts.append(f"The {len(shown):,} largest of {len(moved):,} moves are shown.")
    counts = {what: int((report["change"] == what).sum()) for what in ("added", "deleted")}
    if any(counts.values()):
        facts.append(f"{counts['added']:,} added and {counts['deleted']:,} deleted tasks have no arrow.")
    return facts
