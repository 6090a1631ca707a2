"""How total float is distributed over the open tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.critical import float_distribution
from bentley_nb.reports.total_float import FloatUnit

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def float_histogram(
    s: Source,
    *,
    float_unit: FloatUnit | None = "seconds",
    theme: style.ThemeName = "auto",
    data_date: object = None,
) -> Figure:
    """Draw how many open tasks have how much total float, in working days of each task's own calendar.

    The critical ones (as flagged by the service) are the hatched part of each bar.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or the frame of ``bentley_nb.reports.float_distribution``.
    float_unit, data_date
        As for ``bentley_nb.reports.float_distribution``.
    theme
        "light", "dark", "transparent", or "auto" to follow ``plotly.io.templates.default``.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    InvalidRequest
        Float is unknown, or an option comes with a finished report.

    Examples
    --------
    >>> bn.charts.float_histogram(s).data[0].name
    'Critical'
    """
    go = need("plotly.graph_objects", extra="plot")
    look = style.theme_named(theme)
    options = {"float_unit": float_unit, "data_date": data_date}
    report = report_of(s, float_distribution, ("bin", "tasks", "critical"), options)
    says = about(report)
    tasks, critical = (report[column].to_numpy(dtype=np.int64, na_value=0) for column in ("tasks", "critical"))
    bins = [escaped(_bin_words(str(name))) for name in report["bin"]]
    share = report["share"].to_numpy(dtype=float, na_value=np.nan)
    totals = [
        f"{count:,}" + (f" ({part:.0f} %)" if count and not np.isnan(part) else "")
        for count, part in zip(tasks, share, strict=True)
    ]
    traces = [
        go.Bar(
            name="Critical",
            x=bins,
            y=critical,
            marker=style.tinted(look.critical, hatched=True, hatch=9),
            hovertemplate="critical: %{y:,}<extra></extra>",
        ),
        go.Bar(
            name="Not critical",
            x=bins,
            y=tasks - critical,
            marker=style.tinted(look.blue),
            text=totals,
            textposition="outside",
            textfont={"color": look.text},
            hovertemplate="not critical: %{y:,}<extra></extra>",
            cliponaxis=False,
        ),
    ]
    facts = [f"{tasks.sum():,} open tasks with float, {critical.sum():,} critical"]
    facts += [escaped(note) for note in says.notes if note.startswith("Float is taken")]
    fig = style.of_report(
        traces,
        report,
        heading="Float distribution",
        facts=facts,
        theme=look,
        alt=f"Histogram of total float. {facts[0]}: "
        + "; ".join(f"{name}: {total}" for name, total in zip(bins, totals, strict=True)),
    )
    return fig.update_layout(
        barmode="stack",
        bargap=0.12,
        xaxis={"type": "category", "title": {"text": "Total float, working days (more than 44: DCMA high float)"}},
        # Room for the totals above the bars.
        yaxis={"title": {"text": "Open tasks"}, "range": [0, max(1, tasks.max(initial=0)) * 1.12]},
    )


def _bin_words(name: str) -> str:
    """Return a bin in words: "(0,5]" is "over 0 to 5"."""
    if name.startswith("("):
        lower, upper = name.strip("(]").split(",")
        return f"over {lower} to {upper}"
    return {"<0": "negative", "0": "0"}.get(name, name.replace(">", "over "))
