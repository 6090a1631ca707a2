"""The key dates of several schedules on one time axis, a row for each schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.of_report import report_of
from bentley_nb.charts.style import escaped
from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.reports.basis.about import about
from bentley_nb.reports.basis.identity import chosen_zone, whole_number
from bentley_nb.reports.milestones import milestones as milestones_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = ("name", "date", "is_actual", "baseline_date", "baseline_variance_days")
_LETTER = 6.6  # pixels of an average letter of an axis label
_LONGEST = 44  # letters of a schedule's name; more would take the width of the chart


def milestones(
    p: Any,
    *,
    key_dates: str | Sequence[str] | None = None,
    max_rows: int = 40,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
) -> Figure:
    """Draw the key dates of several schedules, a row for each schedule, beside their baseline and data date.

    A line leads from the baseline date (ring) to the current one (diamond). A filled square is a date that was reached.

    Parameters
    ----------
    p
        A ``Portfolio``, a ``Schedule``, or the frame of ``p.report("milestones")`` or ``bn.reports.milestones(s)``.
    key_dates
        Names, activity ids or ids of the key dates to draw; None: all of them.
    max_rows
        Most schedules; the chart says how many it leaves out.
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
        No schedule has such a key date, or none has a date.

    Examples
    --------
    >>> fig = bn.charts.milestones(client.portfolio(["Harbour Point Tower", "Quayside Residences"]))
    >>> list(fig.layout.yaxis.ticktext)
    ['Harbour Point Tower', 'Quayside Residences']
    """
    whole_number(max_rows, "max_rows", least=1)
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    several = callable(getattr(p, "report", None))
    report = p.report("milestones") if several else report_of(p, milestones_report, _COLUMNS, {})
    says = about(report)
    frame = _chosen(report, key_dates)
    if "project" not in frame:
        name = str(says.schedule.get("name") or says.schedule.get("id") or "Schedule")
        now = pd.Series(says.data_date, index=frame.index, dtype="datetime64[us, UTC]")
        frame = frame.assign(project=name, schedule=name, data_date=now)
    alone = frame.groupby("project")["schedule"].nunique()
    labels = [
        project if alone[project] == 1 else f"{project}: {schedule}"
        for project, schedule in zip(frame["project"], frame["schedule"], strict=True)
    ]
    rows = list(dict.fromkeys(labels))
    shown = rows[:max_rows]
    frame = frame.assign(row=[rows.index(label) for label in labels])
    frame = frame[frame["row"] < max_rows]
    late = int((frame["baseline_variance_days"].fillna(0) > 0).sum())
    facts = [f"{len(frame):,} key dates of {len(shown):,} schedules, {late:,} later than the baseline"]
    if len(shown) < len(rows):
        facts.append(f"The first {len(shown):,} of {len(rows):,} schedules are shown.")
    if several and len(p.problems):
        facts.append(f"{len(p.problems):,} could not be read: p.problems says why.")
    dates = pd.Series(frame["data_date"].dropna().unique())
    fig = style.figure(
        list(_traces(frame, zone, look)),
        heading="Milestones",
        schedule=says.schedule.get("name"),
        data_date=dates.min() if len(dates) else None,
        facts=facts if len(dates) < 2 else ["the oldest; each schedule has its own mark", *facts],
        theme=look,
        alt=f"Milestones of {', '.join(shown)}. {facts[0]}",
        body=max(140, 34 * len(shown)),
        margin=(int(_LETTER * min(max(map(len, shown)), _LONGEST)) + 24, 28, 40, 20),
        zone=zone,
    )
    fig.update_layout(xaxis={**style.DATE_AXIS, "side": "top"})
    texts = [escaped(name, width=_LONGEST) for name in shown]
    return fig.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=texts, range=[len(shown) - 0.5, -0.5], fixedrange=True
    )


def _chosen(report: pd.DataFrame, key_dates: str | Sequence[str] | None) -> pd.DataFrame:
    frame = report[report["date"].notna()]
    if key_dates is not None:
        wanted = [key_dates] if isinstance(key_dates, str) else list(key_dates)
        columns = [column for column in ("name", "user_defined_id", "id") if column in frame]
        for name in wanted:
            if not any((frame[column] == name).any() for column in columns):
                raise InvalidRequest(f"No key date is named {name!r}.", hint=nearest(str(name), frame["name"].dropna()))
        frame = frame[frame[columns].isin(wanted).any(axis=1)]
    if frame.empty:
        raise InvalidRequest("There is nothing to draw: there are no key dates with a date.")
    return frame


def _traces(frame: pd.DataFrame, zone: str, look: style.Theme) -> list[Any]:
    go = need("plotly.graph_objects", extra="plot")
    days = frame["baseline_variance_days"].astype("Float64")
    late, reached = (days.fillna(0) > 0).to_numpy(dtype=bool), frame["is_actual"].to_numpy(dtype=bool, na_value=False)
    now, was = style.clock(frame["date"], zone), style.clock(frame["baseline_date"], zone)
    rows = frame["row"].tolist()
    hover = [
        f"<b>{escaped(name, width=90)}</b><br>{date.replace('T', ' ')}"
        + ("" if pd.isna(by) else f"<br>{by:+.1f} days against the baseline")
        for name, date, by in zip(frame["name"], now, days, strict=True)
    ]
    moved = [place for place, known in enumerate(frame["baseline_date"].notna()) if known]
    traces = []
    if moved:
        traces.append(
            go.Scatter(
                name="Baseline",
                x=[at for place in moved for at in (was[place], now[place], None)],
                y=[y for place in moved for y in (rows[place], rows[place], None)],
                mode="lines+markers",
                line={"color": look.grey, "width": 1.5},
                marker={"symbol": "circle-open", "size": [7, 0, 0] * len(moved), "color": look.grey},
                hoverinfo="skip",
            )
        )
    for name, mask, colour, symbol in (
        ("Later than the baseline", late & ~reached, look.critical, "diamond"),
        ("Not later", ~late & ~reached, look.blue, "diamond"),
        ("Reached, later", late & reached, look.critical, "square"),
        ("Reached", ~late & reached, look.green, "square"),
    ):
        places = [place for place, is_one in enumerate(mask) if is_one]
        if places:
            traces.append(
                go.Scatter(
                    name=name,
                    x=[now[place] for place in places],
                    y=[rows[place] for place in places],
                    mode="markers",
                    marker={"symbol": symbol, "size": 10, "color": colour},
                    hovertext=[hover[place] for place in places],
                    hoverinfo="text",
                )
            )
    dated = frame.drop_duplicates("row").dropna(subset=["data_date"])
    at = style.clock(dated["data_date"], zone)
    traces.append(
        go.Scatter(
            name="Data date",
            x=[end for date in at for end in (date, date, None)],
            y=[y for row in dated["row"] for y in (row - 0.4, row + 0.4, None)],
            mode="lines",
            line={"color": look.text, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
            showlegend=len(dated) > 0,
        )
    )
    return traces
