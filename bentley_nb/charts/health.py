"""The health scorecard: each check of a schedule with its figure, its limit and its verdict in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.charts.text_columns import TextColumn, beside
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.tables import Source
from bentley_nb.reports.health.report import health as health_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_SIGNS = {
    "pass": "\N{HEAVY CHECK MARK} pass",
    "fail": "\N{HEAVY BALLOT X} fail",
    "not evaluated": "\N{EN DASH} not evaluated",
}
_ABBREVIATIONS = {"cpli": "CPLI", "bei": "BEI"}
_COMPARISONS = {"<=": "\N{LESS-THAN OR EQUAL TO}", "<": "<", ">=": "\N{GREATER-THAN OR EQUAL TO}", "==": "="}
_MOST_DECIMALS = 9
_FULL = 100.0  # an index of 1 and a share of 100 % reach equally far


def health(
    s: Source,
    *,
    profile: str = "dcma",
    baseline: str | None = None,
    theme: style.ThemeName = "auto",
    data_date: object = None,
) -> Figure:
    """Draw the health checks as a scorecard: verdict in words and sign, figure as a bar, limit as a line across it.

    Verdicts are those of ``bentley_nb.reports.health``, passed on the exact figures. A check that could not be made
    has no bar and says so; pointing at a row shows its rule, its reason and its authority.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or the frame of ``bentley_nb.reports.health`` (also with thresholds of
        your own).
    profile, baseline, data_date
        As for ``bentley_nb.reports.health``.
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
    >>> bn.charts.health(s).layout.yaxis2.ticktext[:3]
    ('Logic', 'Leads', 'Lags')
    """
    go = need("plotly.graph_objects", extra="plot")
    look = style.theme_named(theme)
    options = {"profile": profile, "baseline": baseline, "data_date": data_date}
    report = report_of(s, health_report, ("check", "rule", "numerator", "denominator", "verdict", "threshold"), options)
    says = about(report)
    verdicts = report["verdict"].astype("string").to_numpy(dtype=object)
    figures = _reach(report)
    hover = [_words(row) for row in report.to_dict("records")]
    traces = []
    for verdict, name, marker in (
        ("pass", "Pass", style.tinted(look.blue)),
        ("fail", "Fail", style.tinted(look.critical, hatched=True)),
        ("not evaluated", "Not evaluated", style.tinted(look.grey)),
    ):
        rows = np.flatnonzero((verdicts == verdict) & ~np.isnan(figures))
        if len(rows):
            traces.append(
                go.Bar(
                    name=name,
                    orientation="h",
                    y=rows.astype(np.int32),
                    x=figures[rows],
                    width=0.56,
                    marker=marker,
                    hovertext=[hover[row] for row in rows],
                    hoverinfo="text",
                )
            )
    limits = _limits(report)
    limited = np.flatnonzero(~np.isnan(limits))
    traces.append(
        go.Scatter(
            name="Limit",
            mode="markers",
            x=np.minimum(limits[limited], _FULL + 2),
            y=limited.astype(np.int32),
            marker={"symbol": "line-ns", "size": 16, "line": {"width": 2.5, "color": look.text}},
            hovertext=[hover[row] for row in limited],
            hoverinfo="text",
            cliponaxis=False,
        )
    )
    columns = beside(
        _left(report, verdicts),
        [TextColumn("Figure and limit", [_figure_and_limit(row) for row in report.to_dict("records")], 190)],
    )
    counts = [
        f"{int((verdicts == verdict).sum())} {words}"
        for verdict, words in (("pass", "pass"), ("fail", "fail"), ("not evaluated", "not evaluated"))
    ]
    facts = [
        f"profile {escaped(says.facts.get('profile', profile))}: {', '.join(counts)}",
        "Limits are conventions: look at the figures and the offending tasks first.",
    ]
    fig = style.of_report(
        [*traces, *columns.traces],
        report,
        heading="Schedule health",
        facts=facts,
        theme=look,
        alt=f"Health scorecard, {facts[0]}.",
        body=24 * len(report),
        margin=(columns.left, columns.right, 22, 44),
    )
    fig.update_layout(
        barmode="overlay",
        xaxis={
            "range": [0, _FULL + 4],
            "ticksuffix": " %",
            "fixedrange": True,
            "title": {"text": "Share in percent; indices: 1.00 = 100 %"},
        },
        **columns.layout,
    )
    return fig.update_yaxes(fixedrange=True)


def _reach(report: pd.DataFrame) -> Any:
    """Return the length of each bar: the share, or the index times 100; a count without a share has none."""
    percent = report["percent"].to_numpy(dtype=float, na_value=np.nan)
    value = (
        report["value"].to_numpy(dtype=float, na_value=np.nan) * 100
        if "value" in report
        else np.full(len(report), np.nan)
    )
    # An index of 3 ends where the axis does; its figure stands beside the bar.
    return np.minimum(np.where(np.isnan(value), percent, value), _FULL + 4)


def _limits(report: pd.DataFrame) -> Any:
    limit = report["threshold"].to_numpy(dtype=float, na_value=np.nan)
    is_index = report["value"].notna().to_numpy() if "value" in report else np.zeros(len(report), dtype=bool)
    return np.where(is_index, limit * 100, np.where(report["percent"].isna().to_numpy(), np.nan, limit))


def _left(report: pd.DataFrame, verdicts: Any) -> list[TextColumn]:
    numbers = (
        ["" if pd.isna(number) else str(number) for number in report["number"]]
        if "number" in report
        else [""] * len(report)
    )
    names = [escaped(check_words(check), width=40) for check in report["check"]]
    signs = [f"<b>{_SIGNS[verdict]}</b>" if verdict == "fail" else _SIGNS.get(verdict, "") for verdict in verdicts]
    return [
        TextColumn("No.", numbers, 34),
        TextColumn("Check", names, max(110, 7 * max(map(len, names), default=10))),
        TextColumn("Verdict", signs, 108),
    ]


def check_words(check: object) -> str:
    """Return the name of a check as it is spoken of."""
    return _ABBREVIATIONS.get(str(check), str(check).replace("_", " ").capitalize())


def rounded(figure: float, limit: Any, decimals: int) -> str:
    """Return a figure with so many decimals, or as many more as keep it on its side of a limit: 4.96 is not 5.0.

    Examples
    --------
    >>> from bentley_nb.charts.health import rounded
    >>> rounded(0.94, 0.95, 2), rounded(0.9496, 0.95, 2), rounded(23.81, 5, 1)
    ('0.94', '0.9496', '23.8')
    """
    if not pd.isna(limit):
        side = np.sign(figure - limit)
        while decimals < _MOST_DECIMALS and np.sign(round(figure, decimals) - limit) != side:
            decimals += 1
    return f"{figure:,.{decimals}f}"


def figure_words(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    """Return what a check counted, its figure and its limit in words; empty without one.

    Examples
    --------
    >>> from bentley_nb.charts.health import figure_words
    >>> figure_words({"numerator": 10, "denominator": 42, "percent": 23.81, "comparison": "<=", "threshold": 5})
    ('10 of 42', '23.8 %', '≤ 5 %')
    """
    numerator, denominator, percent, value, limit = (
        row.get(name) for name in ("numerator", "denominator", "percent", "value", "threshold")
    )
    if pd.isna(numerator):
        counted = ""
    else:
        counted = f"{numerator:,.6g}" + ("" if pd.isna(denominator) else f" of {denominator:,.6g}")
    unit = ""
    if not pd.isna(value):
        figure = rounded(value, limit, 2)
    elif not pd.isna(percent):
        unit = " %"
        figure = rounded(percent, limit, 1) + unit
    else:
        figure = ""
    return counted, figure, "" if pd.isna(limit) else f"{_COMPARISONS[row['comparison']]} {limit:g}{unit}"


def _figure_and_limit(row: Mapping[Any, Any]) -> str:
    """Return the figure behind the verdict: "10 of 42, 23.8 % (limit <= 5 %)"."""
    counted, figure, limit = figure_words(row)
    if not counted:
        return "no figure"
    words = figure if not pd.isna(row.get("value")) else ", ".join(filter(None, (counted, figure)))
    return escaped(f"{words} ({limit})" if limit else words)


def _words(row: Mapping[Any, Any]) -> str:
    lines = [
        f"<b>{escaped(check_words(row['check']))}</b>: {escaped(row['verdict'])}",
        *style.wrapped(row["rule"]),
        _figure_and_limit(row),
    ]
    for member in ("reason", "authority"):
        lines += style.wrapped(row.get(member))
    return "<br>".join(line for line in lines if line)
