"""The S-curve: planned, earned and forecast value over time, in percent of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.grouping import GroupBy
from bentley_nb.reports.basis.identity import chosen_zone, whole_number
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.basis.weights import Weight
from bentley_nb.reports.s_curve import s_curve as s_curve_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = ("date", "planned_percent", "earned_percent", "forecast_percent")
_COLOURS = (style.SKY_BLUE, style.VERMILLION, style.GREEN, "#CC79A7", "#E69F00", style.GREY)  # of groups, both themes


def s_curve(
    s: Source,
    *,
    weight: Weight = "duration",
    period: str = "W",
    baseline: str | None = None,
    by: GroupBy | None = None,
    max_groups: int = 6,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
    data_date: object = None,
) -> Figure:
    """Draw the S-curve: planned value of the baseline, earned value up to the data date, the forecast from there on.

    The lines differ in dash and marker as well as in colour. Without a baseline there is no planned curve, and the
    chart says so: planned dates of SYNCHRO are what remains to be done.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, a tasks frame, or the frame of ``bentley_nb.reports.s_curve``.
    weight, period, baseline, by, data_date
        As for ``bentley_nb.reports.s_curve``. With ``by``, each group has a colour, and its curves are in percent of
        the group.
    max_groups
        Most groups; those of most weight come first, and the chart says how many are left out.
    zone
        IANA zone in which dates are shown, and at whose midnights periods begin; by default that of
        ``bentley_nb.options.display_zone``.
    theme
        "light", "dark", "transparent", or "auto" to follow ``plotly.io.templates.default``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InvalidRequest
        An option is unknown, or comes with a finished report.

    Examples
    --------
    >>> [trace.name for trace in bn.charts.s_curve(s).data][-1]
    'Data date'
    """
    go = need("plotly.graph_objects", extra="plot")
    whole_number(max_groups, "max_groups", least=1)
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    options = {"weight": weight, "period": period, "baseline": baseline, "by": by, "data_date": data_date}
    curve = report_of(s, s_curve_report, _COLUMNS, options, zone=zone)
    says = about(curve)
    left_out = 0
    if "group" in curve:
        groups, left_out = _weightiest(curve, max_groups)
        traces = [
            trace
            for number, (name, rows) in enumerate(groups.items())
            for trace in _group_lines(go, rows, name, _COLOURS[number % len(_COLOURS)], look, zone)
        ]
    else:
        traces = _lines(go, curve, look, zone)
    traces.append(style.date_line(says.data_date, zone, look, 0, 100))
    facts = [_figures(curve, says.facts), *_missing(curve, says)]
    if left_out:
        facts.append(f"{left_out} more group(s) of less weight are not drawn (max_groups=).")
    fig = style.of_report(
        traces,
        curve,
        heading="S-curve",
        facts=facts,
        theme=look,
        alt=f"S-curve of {says.schedule.get('name') or 'the schedule'}. {facts[0]}",
        body=360,
        zone=zone,
    )
    return fig.update_layout(
        hovermode="x unified",
        xaxis={**style.DATE_AXIS, "hoverformat": "%-d %b %Y"},
        yaxis={
            "range": [0, 102],
            "ticksuffix": " %",
            "title": {"text": escaped(f"Share of total {says.facts.get('unit', 'weight')}")},
        },
    )


def _lines(go: Any, curve: pd.DataFrame, look: style.Theme, zone: str) -> list[Any]:
    """Draw planned, forecast and earned, as far as they are known."""
    drawn = (
        ("planned_percent", "Planned (baseline)", {"color": look.grey, "width": 2, "dash": "dash"}, "square-open"),
        ("forecast_percent", "Forecast", {"color": look.blue, "width": 2, "dash": "dot"}, "circle-open"),
        ("earned_percent", "Earned", {"color": look.blue, "width": 3}, "circle"),
    )
    return [
        go.Scatter(
            name=name,
            x=style.clock(rows["date"], zone),
            y=rows[column].to_numpy(dtype="float32"),
            mode="lines+markers",
            line=line,
            # Markers tell the lines apart in print; one at each of 200 weeks would hide them.
            marker={"symbol": symbol, "size": 6, "maxdisplayed": 25},
            hovertemplate="%{y:.1f} %",
        )
        for column, name, line, symbol in drawn
        if len(rows := curve[curve[column].notna()])
    ]


def _group_lines(go: Any, curve: pd.DataFrame, name: str, colour: str, look: style.Theme, zone: str) -> list[Any]:
    """Draw the curves of one group in its colour, under one entry of the legend."""
    lines = _lines(go, curve, look, zone)
    for number, line in enumerate(reversed(lines)):  # the earned one, where known, is the entry
        line.line.color = colour
        line.update(
            name=escaped(name, width=40),
            legendgroup=name,
            showlegend=number == 0,
            hovertemplate=f"{line.name.partition(' ')[0].lower()} %{{y:.1f}} %",
        )
    return lines


def _weightiest(curve: pd.DataFrame, most: int) -> tuple[dict[str, pd.DataFrame], int]:
    """Return the rows by group, those of the highest weight in the order of the report, and how many are left out."""
    names = curve["group"].astype(object).where(curve["group"].notna(), "(none)")
    values = curve[["planned_value", "earned_value", "forecast_value"]].max(axis=1).astype("float64")
    order = values.groupby(names, sort=False).max().sort_values(ascending=False, kind="stable").index[:most]
    parts = {str(name): rows for name, rows in curve.groupby(names, sort=False)}
    return {name: rows for name, rows in parts.items() if name in order}, len(parts) - len(order)


def _figures(curve: pd.DataFrame, facts: Any) -> str:
    """Return the status of the schedule at the data date, in words."""
    words = [f"weight: {escaped(facts.get('weight', 'unknown'))}"]
    if facts.get("baseline"):
        words.append(f"baseline {escaped(facts['baseline'], width=50)}")
    if "group" in curve:
        return " · ".join(["each group in percent of its own total", *words])
    now = curve[curve["is_data_date"].fillna(value=False).astype(bool)] if "is_data_date" in curve else curve.iloc[:0]
    if len(now) and pd.notna(earned := now["earned_percent"].iloc[0]):
        standing = f"earned {earned:.1f} %"
        if pd.notna(planned := now["planned_percent"].iloc[0]):
            points = round(earned - planned, 1)
            side = "as planned" if not points else f"{abs(points):.1f} points {'ahead' if points > 0 else 'behind'}"
            standing += f", planned {planned:.1f} %: {side}"
        words.insert(0, standing)
    return " · ".join(words)


def _missing(curve: pd.DataFrame, says: Any) -> list[str]:
    """Return why a curve is missing."""
    missing = []
    if curve["planned_percent"].isna().all():
        missing.append(
            "No planned curve: "
            + next((note for note in says.notes if note.startswith("No baseline")), "there is no baseline.")
        )
    if curve["earned_percent"].isna().all():
        why = "the data date is unknown" if pd.isna(says.data_date) else "no task that counts has a date"
        missing.append(f"No earned and forecast curves: {why}.")
    return [escaped(sentence) for sentence in missing]
