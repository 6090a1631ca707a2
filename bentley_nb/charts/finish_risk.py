"""How sure the finish is, as the curve of its percentiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.identity import chosen_zone
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.finish_risk import finish_risk as finish_risk_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def finish_risk(
    s: Source | pd.DataFrame,
    *,
    to: str | None = None,
    runs: int = 10_000,
    seed: int = 0,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw in what share of the runs each finish is reached, beside the planned one.

    Parameters
    ----------
    s
        A schedule as for ``bentley_nb.reports.finish_risk``, or its frame.
    to, runs, seed
        As for ``bentley_nb.reports.finish_risk``.
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
        As for the report, or an option comes with a finished report.

    Examples
    --------
    >>> bn.charts.finish_risk(s, runs=100).layout.yaxis.title.text
    'Share of runs'
    """
    go = need("plotly.graph_objects", extra="plot")
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    report = report_of(s, finish_risk_report, ("percentile", "finish"), {"to": to, "runs": runs, "seed": seed})
    says = about(report)
    share = report["percentile"].to_numpy(dtype="float64")
    curve = go.Scatter(
        name="Finish",
        x=style.clock(report["finish"], zone),
        y=share,
        mode="lines+markers+text",
        text=[f"P{percent:.0f}" if percent in (10, 50, 80, 90) else "" for percent in share],
        textposition="top left",
        line={"color": look.blue, "width": 2},
        marker={"symbol": "circle", "size": 7},
        hovertemplate="%{x|%-d %b %Y}: %{y} % of the runs<extra></extra>",
    )
    planned = pd.Timestamp(says.facts["deterministic"]) if "deterministic" in says.facts else None
    line = style.date_line(planned, zone, look, 0, 100, name="Planned finish")
    spread = ", ".join(f"{factor:g}" for factor in says.facts.get("spread", []))
    facts = [
        f"Planned {style.day(planned, zone=zone)}: reached in {says.facts.get('chance', 0):.0%} of the runs.",
        f"Remaining durations times {spread} (triangular), {says.facts.get('runs', 0):,} runs.",
    ]
    fig = style.of_report(
        [curve, line],
        report,
        heading="How sure the finish is",
        facts=facts,
        theme=look,
        alt=f"Percentiles of the finish: {' '.join(facts)}",
        body=360,
        zone=zone,
    )
    return fig.update_layout(
        xaxis={**style.DATE_AXIS}, yaxis={"range": [0, 100], "ticksuffix": " %", "title": {"text": "Share of runs"}}
    )
