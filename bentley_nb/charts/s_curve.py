"""The S-curve: planned, earned and forecast value over time, in percent of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.identity import chosen_zone
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.basis.weights import Weight
from bentley_nb.reports.s_curve import s_curve as s_curve_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = ("date", "planned_percent", "earned_percent", "forecast_percent")


def s_curve(
    s: Source,
    *,
    weight: Weight = "duration",
    period: str = "W",
    baseline: str | None = None,
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
    weight, period, baseline, data_date
        As for ``bentley_nb.reports.s_curve``.
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
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    options = {"weight": weight, "period": period, "baseline": baseline, "data_date": data_date}
    curve = report_of(s, s_curve_report, _COLUMNS, options, zone=zone)
    says = about(curve)
    dates = style.clock(curve["date"], zone)
    traces = []
    for column, name, line, symbol in (
        ("planned_percent", "Planned (baseline)", {"color": look.grey, "width": 2, "dash": "dash"}, "square-open"),
        ("forecast_percent", "Forecast", {"color": look.blue, "width": 2, "dash": "dot"}, "circle-open"),
        ("earned_percent", "Earned", {"color": look.blue, "width": 3}, "circle"),
    ):
        known = curve[column].notna().to_numpy()
        if not known.any():
            continue
        traces.append(
            go.Scatter(
                name=name,
                x=[date for date, here in zip(dates, known, strict=True) if here],
                y=curve[column][known].to_numpy(dtype="float32"),
                mode="lines+markers",
                line=line,
                marker={"symbol": symbol, "size": 6, "maxdisplayed": 25},
                hovertemplate="%{y:.1f} %",
            )
        )
    traces.append(style.date_line(says.data_date, zone, look, 0, 100))
    facts = [_figures(curve, says.facts), *_missing(curve, says)]
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
        xaxis={"type": "date", "hoverformat": "%-d %b %Y"},
        yaxis={
            "range": [0, 102],
            "ticksuffix": " %",
            "title": {"text": escaped(f"Share of total {says.facts.get('unit', 'weight')}")},
        },
    )


def _figures(curve: pd.DataFrame, facts: Any) -> str:
    """Where the schedule stands at the data date, in words."""
    words = [f"weight: {escaped(facts.get('weight', 'unknown'))}"]
    if facts.get("baseline"):
        words.append(f"baseline {escaped(facts['baseline'], width=50)}")
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
    """Say why a curve is not there."""
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
