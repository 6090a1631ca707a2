"""Trend charts over copies of a schedule: key dates, their float, and how work is compressed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.identity import chosen_zone
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.trend import trend

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = ("copy", "data_date", "measure", "value", "date", "reason")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon")
_DASHES = ("solid", "dash", "dot", "dashdot")
_MOST_LINES = 12  # beyond, neither dash and marker nor the names in the legend tell lines apart


def milestone_trend(
    copies: str | os.PathLike[str] | Sequence[Source] | pd.DataFrame,
    *,
    key_dates: str | Sequence[str] | None = None,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw the forecast of each key date over the data dates: a level line holds, a rising one slips.

    The diagonal is where forecast and data date are the same day, which is where each line ends once its key date is
    reached. Key dates that had passed in the oldest copy are left out; of more than twelve, those that moved most are
    drawn.

    Parameters
    ----------
    copies
        A folder with kept copies, a list of schedules or frames by name, or the frame of ``bentley_nb.reports.trend``.
    key_dates
        Ids, activity ids or names of the key dates to follow.
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
        There is nothing to draw, or an option comes with a finished report.

    Examples
    --------
    >>> fig = bn.charts.milestone_trend([s, s])
    >>> fig.layout.yaxis.title.text
    'Forecast or actual date'
    """
    zone = chosen_zone(zone)
    report = report_of(copies, trend, _COLUMNS, {"key_dates": key_dates})
    lines = _lines(report, "key date", "date")
    dates = pd.concat([rows["date"] for _, rows in lines])
    fig, look = _drawn(
        report,
        lines,
        "date",
        zone,
        theme,
        heading="Milestone trend",
        hover="%{y|%-d %b %Y}",
    )
    known = report["data_date"].dropna()
    if len(known):
        reached = [max(known.min(), dates.min()), min(known.max(), dates.max())]
        if reached[0] < reached[1]:
            x = style.clock(pd.DatetimeIndex(reached), zone)
            line = {"color": look.text, "width": 1, "dash": "dot"}
            go = need("plotly.graph_objects", extra="plot")
            fig.add_trace(go.Scatter(name="Data date", x=x, y=x, mode="lines", line=line, hoverinfo="skip"))
    return fig.update_layout(yaxis={"type": "date", "title": {"text": "Forecast or actual date"}})


def float_erosion(
    copies: str | os.PathLike[str] | Sequence[Source] | pd.DataFrame,
    *,
    key_dates: str | Sequence[str] | None = None,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw the total float of each key date over the data dates: a line that falls uses up its reserve.

    Parameters
    ----------
    copies, key_dates, zone, theme
        As for ``milestone_trend``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InvalidRequest
        There is nothing to draw, or an option comes with a finished report.

    Examples
    --------
    >>> bn.charts.float_erosion([s, s]).layout.yaxis.title.text
    'Total float in working days'
    """
    zone = chosen_zone(zone)
    report = report_of(copies, trend, _COLUMNS, {"key_dates": key_dates})
    lines = _lines(report, "float", "value")
    fig, _ = _drawn(report, lines, "value", zone, theme, heading="Float erosion", hover="%{y:.1f} working days")
    return fig.update_layout(yaxis={"zeroline": True, "title": {"text": "Total float in working days"}})


def compression(
    copies: str | os.PathLike[str] | Sequence[Source] | pd.DataFrame,
    *,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw remaining work over remaining time: a line that rises means more work before a fixed date.

    Parameters
    ----------
    copies, zone, theme
        As for ``milestone_trend``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InvalidRequest
        There is nothing to draw.

    Examples
    --------
    >>> bn.charts.compression([s, s]).layout.yaxis.title.text
    'Tasks needed in parallel'
    """
    zone = chosen_zone(zone)
    report = report_of(copies, trend, _COLUMNS, {})
    rows = report[(report["measure"] == "compression") & report["value"].notna()]
    lines = [("Remaining work over remaining time", rows)] if len(rows) else _nothing(report, "compression")
    fig, _ = _drawn(report, lines, "value", zone, theme, heading="Compression", hover="%{y:.2f}")
    title = {"text": "Tasks needed in parallel"}
    return fig.update_layout(yaxis={"rangemode": "tozero", "title": title})


def _lines(report: pd.DataFrame, measure: str, column: str) -> list[tuple[str, pd.DataFrame]]:
    """Return the rows of each key date that was open in some copy, those that moved most first."""
    rows = report[(report["measure"] == measure) & report[column].notna()]
    if measure == "key date" and len(rows):
        first = report["data_date"].min()
        ahead = rows.loc[(rows["date"] > first).fillna(value=True), "id"]
        rows = rows[rows["id"].isin(ahead)]
    if rows.empty:
        return _nothing(report, measure)
    groups = [(_name(group.iloc[-1]), group) for _, group in rows.groupby("id", sort=False)]
    return sorted(groups, key=lambda pair: _spread(pair[1][column]), reverse=True)


def _spread(values: pd.Series[Any]) -> float:
    spread = values.max() - values.min()
    return float(spread.total_seconds() if isinstance(spread, pd.Timedelta) else spread)


def _name(row: pd.Series[Any]) -> str:
    return str(next((row[name] for name in ("name", "user_defined_id", "id") if pd.notna(row[name])), ""))


def _nothing(report: pd.DataFrame, measure: str) -> list[Any]:
    reasons = report.loc[report["measure"] == measure, "reason"].dropna()
    why = "there are no key dates ahead" if reasons.empty else str(reasons.iloc[-1]).rstrip(".").lower()
    raise InvalidRequest(f"There is nothing to draw: {why}.", hint="bn.reports.trend(copies) shows what is known.")


def _drawn(
    report: pd.DataFrame,
    lines: list[tuple[str, pd.DataFrame]],
    column: str,
    zone: str,
    theme: style.ThemeName,
    *,
    heading: str,
    hover: str,
) -> tuple[Figure, style.Theme]:
    look = style.theme_named(theme)
    says = about(report)
    shown = lines[:_MOST_LINES]
    traces = list(_traces(shown, column, zone, look, hover))
    facts = [f"{says.facts.get('copies', report['copy'].nunique())} copies"]
    if len(shown) < len(lines):
        facts.append(f"The {len(shown)} key dates that moved most, of {len(lines)}.")
    fig = style.of_report(
        traces,
        report,
        heading=heading,
        facts=facts,
        theme=look,
        alt=f"{heading}: {', '.join(name for name, _ in shown)}",
        body=360,
        zone=zone,
    )
    dated = report["data_date"].notna().all()
    axis, title = (style.DATE_AXIS, "Data date") if dated else ({"type": "category"}, "Copy")
    return fig.update_layout(xaxis={**axis, "title": {"text": title}}), look


def _traces(
    lines: list[tuple[str, pd.DataFrame]], column: str, zone: str, look: style.Theme, hover: str
) -> Iterator[Any]:
    """Yield a line for each; they differ in dash and marker as well as in colour."""
    go = need("plotly.graph_objects", extra="plot")
    colours = (look.blue, look.critical, look.green, look.grey)
    dated = all(rows["data_date"].notna().all() for _, rows in lines)
    for number, (name, rows) in enumerate(lines):
        is_date = column == "date"
        values = style.clock(rows[column], zone) if is_date else rows[column].to_numpy(dtype="float64")
        yield go.Scatter(
            name=escaped(name, width=40),
            x=style.clock(rows["data_date"], zone) if dated else rows["copy"].tolist(),
            y=values,
            mode="lines+markers",
            line={"color": colours[number % 4], "width": 2, "dash": _DASHES[number // 4 % 4]},
            marker={"symbol": _SYMBOLS[number % 8], "size": 8},
            hovertemplate=f"{escaped(name, width=60)}<br>{hover}<extra></extra>",
        )
