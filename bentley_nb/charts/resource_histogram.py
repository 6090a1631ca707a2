"""How much of each resource is needed when, one panel per resource, against its capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.grouping import GroupBy
from bentley_nb.reports.basis.identity import chosen_zone, whole_number
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.resource_histogram import LABOUR, Quantity
from bentley_nb.reports.resource_histogram import resource_histogram as resource_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


_PERIODS = {"D": "day", "W": "week", "M": "month", "Q": "quarter", "Y": "year"}


def resource_histogram(
    s: Source,
    *,
    period: str = "W",
    by: GroupBy = "resource",
    quantity: Quantity = "planned",
    types: str | Sequence[str] | None = LABOUR,
    capacity: str | float | Mapping[str, float] | None = None,
    max_resources: int = 6,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
    data_date: object = None,
) -> Figure:
    """Draw the units of each resource over time, one panel per resource (or type, or group of tasks).

    Panels have scales of their own and nothing is stacked: units of different resources (hours, cubic metres) cannot be
    added. Where a capacity is known it is a stepped line, and periods above it are hatched.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or the frame of ``bentley_nb.reports.resource_histogram``.
    period, by, quantity, types, capacity, data_date
        As for ``bentley_nb.reports.resource_histogram``. ``types=None`` shows resources of all types.
    max_resources
        Most panels; the resources that are over capacity in most periods, then those at work in most periods, come
        first, and the chart says how many are left out.
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
        No resource of these types is assigned, or an option is unknown or comes with a finished report.

    Examples
    --------
    >>> fig = bn.charts.resource_histogram(s, types=None, max_resources=3)
    >>> fig.data[0].type
    'bar'
    """
    go = need("plotly.graph_objects", extra="plot")
    whole_number(max_resources, "max_resources", least=1)
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    options = {
        "period": period,
        "by": by,
        "quantity": quantity,
        "types": types,
        "capacity": capacity,
        "data_date": data_date,
    }
    columns = ("period_start", "name", "quantity", "over_capacity")
    report = report_of(s, resource_report, columns, options, zone=zone)
    says = about(report)
    if report.empty:
        raise InvalidRequest(
            "There is nothing to draw: no resource of these types has units on dated tasks.",
            hint="types=None also shows materials and locations. " + " ".join(says.notes),
        )
    shown, left_out = _most_loaded(report, max_resources)
    names = list(shown)
    traces: list[Any] = []
    annotations = []
    axes: dict[str, Any] = {}
    for number, rows in enumerate(shown.values(), start=1):
        axis = "" if number == 1 else str(number)
        top, bottom = 1 - (number - 1) / len(names), 1 - number / len(names)
        axes[f"yaxis{axis}"] = {
            "domain": [bottom + 0.10 / len(names), top - 0.22 / len(names)],
            "rangemode": "tozero",
            "nticks": 4,
            "automargin": True,
        }
        annotations.append(_panel_title(rows, top, look))
        over = rows["over_capacity"].fillna(value=False).to_numpy(dtype=bool)
        for name, mask, colour in (("Units", ~over, look.blue), ("Over capacity", over, look.critical)):
            if mask.any():
                traces.append(
                    _period_bars(
                        go,
                        rows[mask],
                        name,
                        colour,
                        f"y{axis}",
                        zone,
                        first=not any(one.name == name for one in traces),
                    )
                )
        if rows["capacity"].notna().any():
            traces.append(
                _capacity(go, rows, f"y{axis}", zone, look, first=not any(one.name == "Capacity" for one in traces))
            )
        line = style.date_line(says.data_date, zone, look, 0, float(rows["quantity"].max()))
        line.update(yaxis=f"y{axis}", showlegend=number == 1 and line.showlegend is not False)
        traces.append(line)
    length = str(says.facts.get("period", ""))
    facts = [f"{escaped(says.facts.get('quantity', 'planned'))} units per {_PERIODS.get(length[:1].upper(), 'period')}"]
    if left_out:
        facts.append(
            f"{len(names)} of {len(names) + left_out} {_kind(says.facts)} are shown: "
            "those over capacity or at work in most periods."
        )
    if report["capacity"].isna().all():
        facts.append("Capacity is unknown: the service gives none.")
    fig = style.of_report(
        traces,
        report,
        heading="Resource histogram",
        facts=facts,
        theme=look,
        alt=f"Resource histogram of {len(names)} {_kind(says.facts)}, {facts[0]}.",
        body=max(220, 130 * len(names)),
        zone=zone,
    )
    return fig.update_layout(
        barmode="overlay",
        bargap=0.08,
        annotations=annotations,
        xaxis={**style.DATE_AXIS, "ticklabelstandoff": 6, "anchor": f"y{len(names) if len(names) > 1 else ''}"},
        **axes,
    )


def _kind(facts: Mapping[str, Any]) -> str:
    """Return what the panels show, in the plural."""
    return "resources" if facts.get("by", "resource") == "resource" else "groups"


def _most_loaded(report: pd.DataFrame, most: int) -> tuple[dict[str, pd.DataFrame], int]:
    """Return the rows by resource, those of the highest load first, and how many are left out."""
    key = report["id"].fillna(report["name"]).fillna("")
    parts = {str(name): rows for name, rows in report.groupby(key, sort=False, observed=True)}
    rank = sorted(
        parts,
        key=lambda name: (
            -int(parts[name]["over_capacity"].fillna(value=False).sum()),
            -len(parts[name]),
            str(parts[name]["name"].iloc[0]),
        ),
    )
    return {name: parts[name] for name in rank[:most]}, max(0, len(rank) - most)


def _panel_title(rows: pd.DataFrame, top: float, look: style.Theme) -> dict[str, Any]:
    name, kind = rows["name"].iloc[0], rows["type"].iloc[0]
    words = f"<b>{escaped(name, width=80) or 'without a name'}</b>" + ("" if pd.isna(kind) else f"  {escaped(kind)}")
    return {
        "text": words,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "xanchor": "left",
        "yanchor": "top",
        "font": {"size": 12, "color": look.text},
    }


def _period_bars(go: Any, rows: pd.DataFrame, name: str, colour: str, axis: str, zone: str, *, first: bool) -> Any:
    start, finish = rows["period_start"], rows["period_finish"]
    length = (finish - start).dt.total_seconds().to_numpy() * 1000
    return go.Bar(
        name=name,
        x=style.clock(start, zone),
        y=rows["quantity"].to_numpy(dtype="float64"),
        # Months differ in length, so each bar has its own width; bargap is not applied to these.
        width=length * 0.92,
        offset=length * 0.04,
        yaxis=axis,
        marker=style.tinted(colour, hatched=name == "Over capacity"),
        legendgroup=name,
        showlegend=first,
        hovertemplate="from %{x|%-d %b %Y}: %{y:,.6~g} units<extra></extra>",
    )


def _capacity(go: Any, rows: pd.DataFrame, axis: str, zone: str, look: style.Theme, *, first: bool) -> Any:
    known = rows[rows["capacity"].notna()].sort_values("period_start")
    last = known.iloc[[-1]]
    return go.Scatter(
        name="Capacity",
        x=[*style.clock(known["period_start"], zone), *style.clock(last["period_finish"], zone)],
        y=[*known["capacity"].to_numpy(dtype=float).tolist(), float(last["capacity"].iloc[0])],
        mode="lines",
        line={"shape": "hv", "color": look.text, "width": 1.5},
        yaxis=axis,
        legendgroup="Capacity",
        showlegend=first,
        hovertemplate="capacity: %{y:,.6~g}<extra></extra>",
    )
