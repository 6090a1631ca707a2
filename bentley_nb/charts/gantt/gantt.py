"""The Gantt chart: a row for each task under its WBS element, baselines as thin bars, key dates as diamonds.

Bars of one look are one trace, whatever their number: drawing a shape for each task takes a browser seconds. Key dates
are markers, because a bar without length has no width to draw (plotly.express.timeline loses them).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.gantt.bars import NONE, Bars, local
from bentley_nb.charts.gantt.links import link_traces
from bentley_nb.charts.gantt.outline import Outline, outline, periods
from bentley_nb.charts.size import SizeName, resized, size_named
from bentley_nb.charts.style import escaped
from bentley_nb.charts.text_columns import LETTER, TextColumn, beside
from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Flags, Floats, Ints
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.grouping import By, group_tasks
from bentley_nb.reports.basis.identity import chosen_zone, whole_number
from bentley_nb.reports.basis.nullable import text
from bentley_nb.reports.basis.regrouped import regrouped
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.link_floats import link_floats
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Columns by heading and width in pixels. Any other name is that of a code, a user field or a column of the tasks.
_COLUMNS = {
    "id": ("Id", 92),
    "start": ("Start", 66),
    "finish": ("Finish", 66),
    "percent": ("Done", 44),
    "duration": ("Days", 44),
    "float": ("Float", 44),
    "variance": ("Variance", 64),
}
_PITCH, _HIGHEST = 17, 60  # pixels of the lowest row whose name can be read, and of one that still looks like a row
_TALLEST = 12_000  # pixels; browsers refuse pictures of more than some 16,000
_MOST_ROWS = 6_000  # at 20,000 rows a browser takes 20 seconds to draw the chart
# More bars than this are neither distinguishable nor quick to draw.
_MOST_PERIODS = 1_500
_DAY = 86_400_000_000
_LONGEST_NAME = 48
_AROUND = 212  # pixels of title, legend and dates above and below the rows
_MAIN: dict[str, Any] = {"width": 0.54, "offset": -0.30}
_WHEN = "%-d %b %Y %H:%M"
_SPAN = f"%{{base|{_WHEN}}} to %{{x|{_WHEN}}}"


def gantt(
    s: Source,
    *,
    baseline: str | Sequence[str] | None = None,
    links: bool = False,
    wbs: str | None = None,
    only: pd.DataFrame | Iterable[str] | None = None,
    group: By | None = None,
    max_rows: int | None = 500,
    columns: Sequence[str] = ("start", "finish"),
    size: SizeName | None = None,
    zone: str | None = None,
    theme: style.ThemeName = "auto",
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> Figure:
    """Draw a schedule as a Gantt chart.

    A bar runs from actual (else planned) start to actual (else planned) finish; its solid part is the percent complete.
    Critical tasks (the service's ``is_critical``, where not finished) are vermillion and hatched, key dates and tasks
    without duration are diamonds, the baseline is a thin grey bar below, the data date a dashed line. Tasks are below
    their WBS element, in the order of their starts; WBS elements are in the order of their codes. Nothing is drawn as
    done after the data date.

    Parameters
    ----------
    s
        A ``Schedule``, a mapping of frames, or a tasks frame (also a filtered one).
    baseline
        Name or id of the baseline to compare with, or a list of two; without it the one made last, if there is any.
    links
        Draw the links between the tasks shown, at most 2,000.
    wbs
        Name, path ("Building A > Foundations") or id of a WBS element, to show its branch alone.
    only
        Ids of the tasks to show, or a report that lists them: ``only=bn.reports.look_ahead(s)`` is the look-ahead as
        bars. A driving path comes with its links, the driving ones bold.
    group
        A code, user field, "status", "state" or column of the tasks whose values take the place of the WBS.
    max_rows
        Above it the deepest WBS levels are folded into their parents' rows, with the periods of work and one baseline
        bar over all of it, and the chart says so. None shows every task, of 6,000 at most.
    columns
        What is shown beside the names: "id", "start", "finish", "percent", "duration" and "float" in working days,
        "variance" of the finish against the baseline in calendar days, or the name of a code, a user field or a column
        of the tasks. A WBS element has the least float of its tasks and the variance of their last finish.
    size
        "slide" (16:9), "a4" or "a3" (landscape): the chart gets this size and as many rows as can be read in it.
    zone
        IANA zone in which dates are shown; by default that of ``bentley_nb.options.display_zone``.
    theme
        "light", "dark", "transparent", or "auto" to follow ``plotly.io.templates.default``.
    float_unit
        Unit of the service's raw floats; see ``bentley_nb.reports.total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    plotly.graph_objects.Figure
        ``fig.show()``, ``bentley_nb.charts.save(fig, "gantt.png")``.

    Raises
    ------
    InvalidRequest
        Nothing in the schedule has dates, an option is unknown, the WBS name is that of several elements, or
        ``max_rows=None`` asks for more than 6,000 rows.
    MissingExtra
        Plotly is not installed.

    Examples
    --------
    >>> fig = bn.charts.gantt(s, max_rows=200)
    >>> "Key date" in [trace.name for trace in fig.data]
    True
    """
    need("plotly", extra="plot")
    if isinstance(columns, str):
        columns = [columns]
    canvas = size_named(size)
    if max_rows is not None:
        whole_number(max_rows, "max_rows", least=1)
    zone = chosen_zone(zone)
    look = style.theme_named(theme)
    tables = Tables.of(s, data_date, (*FLOAT_NEEDS, "baselines"))
    kind = "WBS"
    if group is not None:
        kind, tables = escaped(group_tasks(tables, group).name, width=40), regrouped(tables, group)
    if canvas is not None and max_rows is not None:
        # A slide cannot be scrolled: what does not fit is folded.
        max_rows = min(max_rows, (canvas[1] - _AROUND) // _PITCH)
    bars = Bars.of(tables, baseline, zone, float_unit)
    wanted, notes = _wanted(tables, only)
    rows = outline(bars, tables.wbs, wanted=wanted, max_rows=max_rows, wbs=wbs, kind=kind)
    if not len(rows.order):
        raise InvalidRequest(
            "There is nothing to draw: no task has a date."
            if only is None
            else "There is nothing to draw: none of the chosen tasks is in the schedule and has a date.",
            where=tables.schedule_name or tables.schedule_id,
        )
    driving: frozenset[str] = frozenset()
    if isinstance(only, pd.DataFrame) and only.attrs.get("report") == "driving_path":
        floats = link_floats(tables)
        driving = frozenset(floats.loc[floats["driving"].fillna(value=False), "link_id"])
        links = True
    if len(rows.order) > _MOST_ROWS:
        raise InvalidRequest(
            f"A Gantt chart of {len(rows.order):,} rows cannot be read or drawn in reasonable time.",
            hint=f"Show a part: wbs=, only=, or max_rows up to {_MOST_ROWS:,}.",
        )
    drawing = _Drawing(tables, bars, rows, look, zone, tuple(columns), notes, canvas)
    return drawing.figure(links=links, driving=driving)


def _wanted(tables: Tables, only: pd.DataFrame | Iterable[str] | None) -> tuple[Flags, list[str]]:
    """Return a mask of the tasks to show, and the note that they are not all."""
    tasks = tables.tasks
    if only is None:
        if tables.part is None:
            return np.ones(len(tasks), dtype=bool), []
        return tables.selected & ~tables.summaries, [escaped(tables.part.note, width=200)]
    what = ""
    if isinstance(only, pd.DataFrame):
        if "id" not in only:
            raise InvalidRequest("The frame of only= has no column 'id'.", hint="Pass a report that lists tasks.")
        report = escaped(str(only.attrs.get("report", "")).replace("_", "-"))
        what = f" of the report {report}" if report else ""
        only = only["id"]
    elif isinstance(only, str):
        only = [only]
    wanted = (positions(tasks["id"], text(list(only))) >= 0) & tables.selected & ~tables.summaries
    return wanted, [f"Only the {int(wanted.sum()):,} tasks{what} are shown."]


@dataclass(frozen=True)
class _Drawing:
    """Turns bars and rows into traces and lays them out."""

    tables: Tables
    bars: Bars
    rows: Outline
    look: style.Theme
    zone: str
    columns: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    canvas: tuple[int, int] | None = None

    def figure(self, *, links: bool, driving: frozenset[str] = frozenset()) -> Figure:
        """Return the chart."""
        bars, rows = self.bars, self.rows
        own = np.zeros(len(bars.tasks), dtype=bool)
        own[rows.order] = True
        drawn = (rows.row >= 0) & ~rows.summary
        alone, joined = drawn & own & ~bars.point, drawn & ~own & ~bars.point
        points = drawn & bars.point
        had = bars.base_start != NONE
        self.notes.extend([*rows.notes, *bars.notes])
        # In drawing order: later traces lie on top of earlier ones.
        traces = [
            self._bands(),
            self._wbs_bars(np.flatnonzero(own & rows.heading)),
            self._wbs_bars(np.flatnonzero(own & rows.summary & ~rows.heading), thin=True),
            self._baseline_bars(np.flatnonzero(alone & had), np.flatnonzero(joined & had)),
            self._second_baseline(np.flatnonzero(alone)),
            *(link_traces(self.tables, bars, rows, own, self.look, self.notes, driving) if links else ()),
            *self._folded(np.flatnonzero(joined)),
            self._task_bars("Hammock", alone & bars.hammock, self.look.grey),
            self._task_bars("Task", alone & ~bars.critical & ~bars.hammock, self.look.blue),
            self._task_bars("Critical task", alone & bars.critical & ~bars.hammock, self.look.critical, hatched=True),
            self._done("Done", alone & ~bars.critical, self.look.blue),
            self._done("Done, critical", alone & bars.critical, self.look.critical),
            self._diamonds("Baseline date", points & had, self.look.grey, symbol="diamond-open", baseline=True),
            self._diamonds("Key date", points & bars.key_date & ~bars.critical, self.look.text),
            self._diamonds(
                "Critical key date", points & bars.key_date & bars.critical, self.look.critical, symbol="diamond-cross"
            ),
            self._diamonds("No duration", points & ~bars.key_date, self.look.text, symbol="diamond-tall"),
        ]
        return self._laid_out([trace for trace in traces if trace is not None], drawn)

    def _task_bars(self, name: str, mask: Flags, colour: str, *, hatched: bool = False) -> Any:
        chosen = np.flatnonzero(mask)
        hours = self.bars.tasks["planned_duration_hours"].to_numpy(dtype=float, na_value=np.nan)[chosen]
        return _bars(
            name,
            self.rows.row[chosen],
            self.bars.start[chosen],
            self.bars.finish[chosen],
            marker=style.tinted(colour, hatched=hatched),
            **_MAIN,
            **self._hover(
                chosen,
                f"{_SPAN}<br>%{{customdata[0]}} h working time, %{{customdata[1]}} % complete<br>"
                "total float %{customdata[2]} working days",
                hours,
                self.bars.percent[chosen],
                self.bars.float_days[chosen],
            ),
        )

    def _baseline_bars(self, alone: Ints, folded: Ints) -> Any:
        """Return thin bars: one for each task with a row of its own, and one for all tasks folded into a WBS row."""
        bars, rows = self.bars, self.rows
        spans = (
            pd.DataFrame(
                {"row": rows.row[folded], "start": bars.base_start[folded], "finish": bars.base_finish[folded]}
            )
            .groupby("row", as_index=False)
            .agg({"start": "min", "finish": "max"})
        )
        row = np.concatenate([rows.row[alone], spans["row"]])
        return _bars(
            "Baseline",
            row,
            np.concatenate([bars.base_start[alone], spans["start"]]),
            np.concatenate([bars.base_finish[alone], spans["finish"]]),
            marker=_filled(self.look.grey),
            width=0.15,
            offset=0.28,
            **self._hover(rows.order[row], "Baseline: " + _SPAN),
        )

    def _second_baseline(self, alone: Ints) -> Any:
        """Return thin open bars of the tasks with a row of their own."""
        if self.bars.second is None:
            return None
        start, finish = self.bars.second
        chosen = alone[start[alone] != NONE]
        return _bars(
            "Second baseline",
            self.rows.row[chosen],
            start[chosen],
            finish[chosen],
            marker={"color": "rgba(0,0,0,0)", "line": {"width": 1, "color": self.look.grey}},
            width=0.10,
            offset=0.40,
            **self._hover(chosen, "Second baseline: " + _SPAN),
        )

    def _hover(self, chosen: Ints, template: str, *values: Any) -> dict[str, Any]:
        """Return the hover texts of a bar: the name per task, all else from one template for a smaller file."""
        columns = [np.round(np.asarray(column, dtype=float), 2) for column in values]
        unknown = any(np.isnan(column).any() for column in columns)
        table: Any = np.column_stack(columns) if columns else None
        if unknown:
            table = [["?" if np.isnan(one) else one for one in row] for row in table.tolist()]
        return {
            "hovertext": [self.bars.label(int(position)) for position in chosen],
            "customdata": table,
            "hovertemplate": "%{hovertext}<br>" + template + "<extra></extra>",
        }

    def _done(self, name: str, mask: Flags, colour: str) -> Any:
        chosen = np.flatnonzero(mask & (self.bars.percent > 0))
        start, reached = self.bars.start[chosen], self.bars.reached[chosen]
        return _bars(name, self.rows.row[chosen], start, reached, marker=_filled(colour), hoverinfo="skip", **_MAIN)

    def _folded(self, chosen: Ints) -> list[Any]:
        """Return the periods with work in the WBS rows whose tasks have no row of their own."""
        if not len(chosen):
            return []
        bars, row = self.bars, self.rows.row
        span = int(bars.finish[chosen].max() - bars.start[chosen].min())
        names = {int(row[position]): escaped(bars.names[position], width=60) for position in self.rows.order}
        made = []
        for name, some, colour in (
            ("Periods with work", chosen, self.look.blue),
            ("Critical periods", chosen[bars.critical[chosen]], self.look.critical),
        ):
            template = f"<b>%{{hovertext}}</b><br>{_SPAN}<br>{name}, tasks: %{{customdata}}<extra></extra>"
            joined = self._joined(name, row[some], bars.start[some], bars.finish[some], span)
            trace = _bars(
                name,
                *(joined[column].to_numpy(dtype=np.int64) for column in ("row", "start", "finish")),
                marker=style.tinted(colour, hatched=name.startswith("Critical")),
                hovertext=[names[number] for number in joined["row"].tolist()],
                customdata=joined["tasks"].to_numpy(dtype=np.int32),
                hovertemplate=template,
                **_MAIN,
            )
            made.append(trace)
        begun = chosen[bars.percent[chosen] > 0]
        done = self._joined("Done work", row[begun], bars.start[begun], bars.reached[begun], span)
        columns = (done[column].to_numpy(dtype=np.int64) for column in ("row", "start", "finish"))
        return [*made, _bars("Done", *columns, marker=_filled(self.look.blue), hoverinfo="skip", **_MAIN)]

    def _joined(self, name: str, row: Ints, start: Ints, finish: Ints, span: int) -> pd.DataFrame:
        """Return the periods of work in each row; close ones are joined until there are few enough, with a note."""
        gap = span // 600  # some two pixels, too narrow to see
        joined = periods(row, start, finish, gap=gap)
        while len(joined) > _MOST_PERIODS and gap < span:
            gap *= 2
            joined = periods(row, start, finish, gap=gap)
        if gap > span // 600:
            self.notes.append(f"{name} less than {gap // _DAY + 1} days apart is drawn as one bar.")
        return joined

    def _wbs_bars(self, chosen: Ints, *, thin: bool = False) -> Any:
        """Return the bars of WBS elements; thin ones connect the periods of a folded element."""
        below = self.rows.below
        counts = "tasks: %{customdata[0]}, critical: %{customdata[1]}, without duration: %{customdata[2]}"
        return _bars(
            "WBS element" if self.rows.kind == "WBS" else self.rows.kind,
            self.rows.row[chosen],
            below.start[chosen],
            below.finish[chosen],
            marker=_filled(style.transparent(self.look.grey, 0.5) if thin else self.look.text),
            width=0.08 if thin else 0.20,
            offset=-0.07 if thin else -0.10,
            showlegend=not thin,
            **self._hover(
                chosen,
                f"{_SPAN}<br>{counts}<br>%{{customdata[3]}} % complete, weighted by planned duration",
                *(part[chosen] for part in (below.tasks, below.critical, below.points, below.percent)),
            ),
        )

    def _diamonds(self, name: str, mask: Flags, colour: str, *, symbol: str = "diamond", baseline: bool = False) -> Any:
        chosen = np.flatnonzero(mask)
        if not len(chosen):
            return None
        go = need("plotly.graph_objects", extra="plot")
        row = self.rows.row[chosen]
        alone = self.rows.order[row] == chosen
        dates = (self.bars.base_finish if baseline else self.bars.finish)[chosen]
        dated = "date" in name and not baseline
        return go.Scatter(
            name=name,
            mode="markers+text" if dated else "markers",
            x=style.iso(dates),
            y=_compact(row),
            text=np.where(alone, _days(dates), "").tolist() if dated else None,
            textposition="middle right",
            textfont={"size": 10, "color": self.look.text},
            # Many of them may share the row of the WBS element they are folded into.
            marker={
                "symbol": symbol,
                "size": 11 if alone.all() else np.where(alone, 11, 7),
                "color": colour,
                "line": {"width": 1, "color": colour},
            },
            cliponaxis=False,
            **self._hover(chosen, f"{name}: %{{x|{_WHEN}}}"),
        )

    def _bands(self) -> Any:
        """Shade the rows of WBS elements over the whole width, on an axis of their own that no zoom moves."""
        rows = self.rows.row[self.rows.order[self.rows.heading[self.rows.order]]]
        if not len(rows):
            return None
        go = need("plotly.graph_objects", extra="plot")
        return go.Bar(
            orientation="h",
            x=np.ones(len(rows), dtype=np.int8),
            y=_compact(rows),
            xaxis="x3",
            width=1,
            marker={"color": self.look.band, "line": {"width": 0}},
            hoverinfo="skip",
            showlegend=False,
        )

    def _laid_out(self, traces: list[Any], drawn: Flags) -> Figure:
        rows, tables = self.rows, self.tables
        count = len(rows.order)
        pitch = 22 if count <= 60 else 19 if count <= 250 else _PITCH
        if self.canvas is not None:
            pitch = max(_PITCH, min(30, (self.canvas[1] - _AROUND) // count))
        visible = min(count, _TALLEST // pitch)
        if visible < count:
            self.notes.append(f"Rows 1 to {visible:,} of {count:,} are in view: drag to move to the others.")
        facts = [self._counts(drawn), *self.notes]
        name = tables.schedule_name or tables.schedule_id
        columns = beside(self._columns())
        # It sits on the lower date axis, which exists only if a trace uses it.
        data_date = style.date_line(tables.data_date, self.zone, self.look, -0.5, count - 0.5, xaxis="x2")
        fig = style.figure(
            [*traces, data_date, *columns.traces],
            heading="Gantt chart",
            schedule=name,
            data_date=tables.data_date,
            facts=facts,
            theme=self.look,
            alt=f"Gantt chart of {name or 'the schedule'}. {facts[0]}.",
            body=visible * pitch,
            margin=(columns.left, 28, 36, 48),
            zone=self.zone,
            **({} if self.canvas is None else {"width": self.canvas[0]}),
        )
        scale: dict[str, Any] = {**style.DATE_AXIS, "automargin": False}
        fig.update_layout(
            barmode="overlay",
            bargap=0,
            dragmode="zoom" if visible == count else "pan",
            xaxis={**scale, "side": "top", "range": style.iso(self._span(drawn))},
            # Dates below as well, so that a tall chart can be read without scrolling up.
            xaxis2={
                **scale,
                "side": "bottom",
                "overlaying": "x",
                "matches": "x",
                # By default, "sync", its ticks fall a rounding error before the first of the month: a month early.
                "tickmode": "auto",
                "showgrid": False,
            },
            xaxis3={"overlaying": "x", "range": [0, 1], "fixedrange": True, "visible": False},
            **columns.layout,
        )
        fig.update_yaxes(fixedrange=visible == count, range=[visible - 0.5, -0.5])
        if self.canvas is None:
            return fig
        fig, _ = resized(fig, self.canvas[0], max(self.canvas[1], fig.layout.height))
        spare = fig.layout.height - fig.layout.margin.t - fig.layout.margin.b - count * _HIGHEST
        return fig.update_layout(margin_b=fig.layout.margin.b + max(spare, 0))

    def _counts(self, drawn: Flags) -> str:
        bars = self.bars
        counts = [
            (drawn & ~bars.key_date, "tasks"),
            (drawn & bars.key_date, "key dates"),
            (drawn & bars.critical, "critical"),
        ]
        words = ", ".join(f"{int(mask.sum()):,} {what}" for mask, what in counts if mask.any())
        baseline = "no baseline" if bars.baseline_name is None else f"baseline {escaped(bars.baseline_name, width=50)}"
        return f"{words} · {baseline} · dates in {escaped(self.zone)}"

    def _span(self, drawn: Flags) -> Ints:
        """Return the first and last instant to show, with a margin."""
        bars = self.bars
        instants = [part[drawn] for part in (bars.start, bars.finish, bars.base_start, bars.base_finish)]
        if not pd.isna(self.tables.data_date):
            instants.append(local(pd.Series([self.tables.data_date]), self.zone))
        every = np.concatenate(instants)
        every = every[every != NONE]
        air = max(int(every.max() - every.min()) // 40, 12 * 3_600_000_000)
        return np.array([every.min() - air, every.max() + air])

    def _columns(self) -> list[TextColumn]:
        """Return the names, indented by WBS level, and the columns asked for."""
        order = self.rows.order
        names = []
        widest = 80.0
        for position, level, is_wbs in zip(order, self.rows.depth[order], self.rows.summary[order], strict=True):
            text = self.bars.names[position]
            label = escaped(text, width=_LONGEST_NAME)
            names.append("\N{EN SPACE}" * int(level) + (f"<b>{label}</b>" if is_wbs else label))
            letters = min(style.columns_of(text), _LONGEST_NAME) * (1.08 if is_wbs else 1.0)
            widest = max(widest, 5.5 * level + LETTER * letters)
        columns = [TextColumn("Name", names, int(widest) + 10)]
        for one in self.columns:
            if one in _COLUMNS:
                heading, width = _COLUMNS[one]
                columns.append(TextColumn(heading, self._column(one), width))
                continue
            values = _values(self.tables, one)
            texts = [escaped(values.iloc[position], width=22) for position in order]
            longest = max(map(style.columns_of, [one, *texts]))
            columns.append(TextColumn(escaped(one, width=22), texts, int(LETTER * min(longest, 22)) + 10))
        return columns

    def _column(self, column: str) -> list[str]:
        order, below, bars = self.rows.order, self.rows.below, self.bars
        if column == "id":
            return [escaped(bars.ids[position], width=14) for position in order]
        if column == "percent":
            percent = np.where(self.rows.summary, below.percent, bars.percent)[order]
            return ["" if np.isnan(one) else f"{one:.0f} %" for one in percent]
        if column in ("duration", "float", "variance"):
            return ["" if np.isnan(one) else f"{one:.0f}" for one in self._figures(column)[order]]
        instants = below.start if column == "start" else below.finish
        return list(pd.DatetimeIndex(instants[order].view("M8[us]")).strftime("%d %b %y"))

    def _figures(self, column: str) -> Floats:
        """Return days per row: planned duration and total float in working days, variance in calendar days."""
        bars, below, summary = self.bars, self.rows.below, self.rows.summary
        if column == "float":
            return np.where(summary, below.float_days, bars.float_days)
        if column == "duration":
            hours = bars.tasks["planned_duration_hours"].to_numpy(dtype=np.float64, na_value=np.nan)
            return hours / self.tables.working_time.hours_per_day(bars.tasks["calendar_id"])
        finish, base = (
            np.where(summary, of_all, own)
            for of_all, own in ((below.finish, bars.finish), (below.base_finish, bars.base_finish))
        )
        known = (base != NONE) & (finish != NONE)
        return np.where(known, (finish - np.where(known, base, 0)) / _DAY, np.nan)


def _bars(name: str, row: Ints, start: Ints, finish: Ints, *, marker: dict[str, Any], **more: Any) -> Any:
    """Return one trace for all bars of a look; None without bars."""
    if not len(row):
        return None
    go = need("plotly.graph_objects", extra="plot")
    length = (finish - start) / 1000.0  # milliseconds
    return go.Bar(name=name, orientation="h", base=style.iso(start), x=length, y=_compact(row), marker=marker, **more)


def _values(tables: Tables, name: str) -> pd.Series[Any]:
    """Return the values of a code, a user field or a column of the tasks, as text."""
    try:
        return group_tasks(tables, name, "join").of.astype("string").fillna("")
    except InvalidRequest as error:
        own = ", ".join(map(repr, _COLUMNS))
        raise InvalidRequest(
            f"The Gantt chart has no column {name!r}.",
            hint=f"It has {own}. {error.message} {error.hint or ''}".rstrip(),
        ) from None


def _days(instants: Ints) -> Any:
    """Return the dates to show beside diamonds."""
    return np.array([f"{one.day} {one:%b}" for one in pd.DatetimeIndex(instants.view("M8[us]"))], dtype=object)


def _filled(colour: str) -> dict[str, Any]:
    return {"color": colour, "line": {"width": 0}}


def _compact(row: Ints) -> Any:
    return row.astype(np.int32)
