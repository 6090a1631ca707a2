"""Why the finish moved, as a waterfall of the steps of a half-step analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.identity import chosen_zone
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.half_step import half_step as half_step_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = {"step", "finish_before", "finish_after", "movement_working_days"}
_SUMS = ("progress", "total")


def half_step(
    before: Source,
    after: Source | None = None,
    *,
    to: str | None = None,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw the movement of the finish as a waterfall: progress first, then each kind of revision.

    Bars upwards are losses (later), downwards gains; the sums start at zero.

    Parameters
    ----------
    before, after
        Two states of a schedule as for ``bentley_nb.reports.half_step``, or its frame alone.
    to
        Target, where two states are given.
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
        The second state is missing, or ``to`` comes with a finished report.

    Examples
    --------
    >>> bn.charts.half_step(s, s).layout.yaxis.title.text
    'Movement in working days'
    """
    go = need("plotly.graph_objects", extra="plot")
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    report = _report(before, after, to)
    # The sum of the revisions is of its own steps alone, which a running total cannot show: it is said in words.
    rows = report[(report["step"] != "revisions") & report["movement_working_days"].notna()]
    days = rows["movement_working_days"].to_numpy(dtype="float64")
    is_sum = rows["step"].isin(_SUMS).to_numpy(dtype=bool)
    # Each step begins where the one before it ended; a sum begins at zero.
    ground = np.where(is_sum, 0.0, np.cumsum(np.where(is_sum, 0.0, days)) - days)
    names = np.array([step.capitalize() for step in rows["step"]])
    said = np.array([f"{value:+.1f}" for value in days])
    hover = np.array([f"Finish {style.day(finish, zone=zone)}" for finish in rows["finish_after"]])
    bars = [
        go.Bar(
            name=name,
            x=names[mask],
            y=days[mask],
            base=ground[mask],
            text=said[mask],
            hovertext=hover[mask],
            hoverinfo="x+text",
            textposition="outside",
            marker=marker,
        )
        for name, mask, marker in (
            ("Loss", ~is_sum & (days >= 0), style.tinted(look.critical, hatched=True)),
            ("Gain", ~is_sum & (days < 0), style.tinted(look.blue)),
            ("Sum", is_sum, style.tinted(look.grey)),
        )
    ]
    moved = report.set_index("step")["movement_working_days"]
    dates = [style.day(report[column].iloc[-1], zone=zone) for column in ("finish_before", "finish_after")]
    facts = [
        f"Finish {dates[0]} to {dates[1]}.",
        f"Progress {moved['progress']:+.1f}, revisions {moved['revisions']:+.1f} working days; up is later, a loss.",
    ]
    fig = style.of_report(
        bars,
        report,
        heading="Half-step",
        facts=facts,
        theme=look,
        alt=f"Waterfall of the movement of the finish: {' '.join(facts)}",
        body=360,
        zone=zone,
    )
    order = {"categoryorder": "array", "categoryarray": names.tolist()}
    return fig.update_layout(
        xaxis=order, barmode="overlay", yaxis={"zeroline": True, "title": {"text": "Movement in working days"}}
    )


def _report(before: Source, after: Source | None, to: str | None) -> pd.DataFrame:
    if after is not None:
        return half_step_report(before, after, to=to)
    if isinstance(before, pd.DataFrame) and set(before.columns) >= _COLUMNS:
        if to is not None:
            raise InvalidRequest("A finished report has its target already.", hint="Leave out to=.")
        return before
    raise InvalidRequest(
        "A half-step compares two states of a schedule, and there is one.",
        hint="Give both, charts.half_step(before, after), or the frame of reports.half_step(before, after).",
    )
