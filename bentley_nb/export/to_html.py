"""The schedule report in one HTML file: key dates, look-ahead, late, critical, S-curve, float, health, Gantt."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pandas as pd

from bentley_nb import charts as charts_
from bentley_nb._extras import need
from bentley_nb._files import replaced
from bentley_nb._version import __version__
from bentley_nb.charts.save import pictures
from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.export import html_page as html
from bentley_nb.export._chapters import Chapters, check_heading
from bentley_nb.export._reader_columns import FIRST, for_readers
from bentley_nb.export.html_table import date, table
from bentley_nb.export.markup import Markup, join, tag
from bentley_nb.export.provenance import provenance
from bentley_nb.export.sheets import flat
from bentley_nb.frames.labels import distinct
from bentley_nb.reports.basis.identity import chosen_zone, whole_number
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.scorecard import NEEDS
from bentley_nb.reports.total_float import FloatUnit

Charts = Literal["interactive", "static", "none"]
Part: TypeAlias = Any
"""A DataFrame, a Plotly figure, or text."""

_GANTT_ROWS = 500  # that many can be read, each with its task and its baseline
_OFFENDERS = 10


def to_html(
    path: str | os.PathLike[str],
    s: Source | Mapping[str, Part],
    *,
    before: Source | None = None,
    title: str | None = None,
    weeks: int = 3,
    baseline: str | None = None,
    profile: str = "dcma",
    charts: Charts = "interactive",
    max_rows: int = 200,
    zone: str | None = None,
    float_unit: FloatUnit | None = "seconds",
    data_date: object = None,
) -> Path:
    """Write a report to one HTML file that opens anywhere, also offline.

    Of a schedule: summary, key dates, look-ahead, late work, critical work, S-curve, float, health with the first tasks
    or links that each failed check objects to, and the Gantt, each with its data date and the notes of its report. A
    part that cannot be made (no baseline, no float) says why in its place. Or of parts of your own: frames, figures and
    text by heading.

    Interactive charts bring the part of plotly.js along that draws them, 1.2 MB once per file; ``charts="static"``
    draws pictures instead, for a file of a few hundred KB to send by mail, and needs an installed browser to draw them.
    The page loads nothing, sends nothing, prints on A4, and follows the reader's light or dark theme.

    Parameters
    ----------
    path
        The ``.html`` file to make; an existing one is replaced at the end, and kept if anything fails.
    s
        A ``Schedule`` (or kept copy), a mapping of tables with the key "tasks", a tasks frame; or a mapping from
        headings to parts.
    before
        An earlier state of the schedule, such as a kept copy: adds what changed since, signs worth a question, what
        drives the finish, and the previous dates of the key dates.
    title
        Title of the page; by default the schedule's name.
    weeks
        Length of the look-ahead.
    baseline
        Id or name; the latest by default.
    profile
        Of the health checks.
    charts
        "interactive", "static" or "none".
    max_rows
        Most rows of a table, and of the Gantt where it is more than 500; what is cut is said with the true count.
    zone
        IANA zone in which dates are shown, and at whose midnights the periods of the S-curve begin; by default that of
        ``bentley_nb.options.display_zone``.
    float_unit
        Unit of the service's raw floats; see ``bentley_nb.reports.total_float``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingExtra
        Plotly (or kaleido) is not installed; ``charts="none"`` does without.
    InvalidRequest
        An option is unknown, the file cannot be written, or no browser was found for static charts.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = bn.export.to_html(pathlib.Path(tempfile.mkdtemp()) / "report.html", s, charts="none")
    >>> "Look-ahead" in path.read_text(encoding="utf-8")
    True
    """
    if charts not in ("interactive", "static", "none"):
        raise InvalidRequest(
            f"charts={charts!r} is not supported.", hint=nearest(str(charts), ["interactive", "static", "none"])
        )
    whole_number(max_rows, "max_rows", least=1)
    zone = chosen_zone(zone)
    if charts != "none":
        need("plotly", extra="plot")
    with replaced(path, suffix=".html") as temporary:
        # A mapping with "tasks" is a schedule's tables; any other one is a report of the user's own.
        if isinstance(s, Mapping) and "tasks" not in s:
            heading = title or "Report"
            lead, sections = tag("h1", heading), _given(s, max_rows, zone)
        else:
            tables = Tables.of(s, data_date, NEEDS)
            heading = title or tables.schedule_name or tables.schedule_id or "Schedule"
            chapters = Chapters(
                tables,
                weeks=weeks,
                baseline=baseline,
                profile=profile,
                zone=zone,
                float_unit=float_unit,
                before=before,
            )
            maker = _ScheduleReport(chapters, max_rows=max_rows, charts=charts)
            lead, sections = maker.lead(heading), maker.sections()
        # Bytes, so that Windows does not turn line ends into CRLF: the hashes of scripts are of LF. Lone surrogates
        # become question marks.
        temporary.write_bytes(_whole(heading, lead, sections, charts).encode("utf-8", errors="replace"))
    return Path(path).expanduser()


@dataclass(frozen=True)
class _Section:
    """A heading, and below it markup and figures in order."""

    heading: str
    content: list[Any]


class _ScheduleReport:
    """Makes the sections of a schedule's report from its chapters."""

    def __init__(self, chapters: Chapters, *, max_rows: int, charts: Charts) -> None:
        self._chapters = chapters
        self._tables = chapters.tables
        self._made = chapters.made
        self._max_rows = max_rows
        self._zone = chapters.zone
        self._charts = charts
        self._theme: Any = "light" if charts == "static" else "transparent"

    def lead(self, heading: str) -> Markup:
        """Return the title, data date and where the data came from."""
        data_date = self._tables.data_date
        known = tag("strong", date(data_date, self._zone)) if pd.notna(data_date) else tag("strong", "unknown")
        fetched = dict(provenance(self._tables.require("tasks"))).get("Fetched")
        parts = ["Data date ", known, f" · dates in {self._zone}", f" · fetched {fetched}" if fetched else None]
        return join([tag("h1", heading), tag("p", parts, class_="lead")])

    def sections(self) -> list[_Section]:
        """Return all sections; in place of one that cannot be made is the reason."""
        draws: dict[str, Callable[..., Any]] = {
            "s_curve": charts_.s_curve,
            "float_distribution": charts_.float_histogram,
            "health": charts_.health,
        }
        sections = [_Section("Summary", [_facts(self._chapters.facts()), _notes(self._chapters.scorecard)])]
        for chapter in self._chapters.in_order():
            content = self._part(chapter.name, chapter.caption, draws.get(chapter.name))
            if chapter.name == "health":
                content += self._offenders()
            sections.append(_Section(chapter.heading, content))
        if self._charts != "none":
            # The longest part comes last, so that no reader has to scroll past it.
            sections.append(_Section("Gantt chart", self._drawn(self._gantt)))
        return sections

    def _part(self, name: str, caption: str, draw: Callable[..., Any] | None = None) -> list[Any]:
        """Return one report: its chart, its table, its notes."""
        made = self._made[name]
        if isinstance(made, str):
            return [_why(made)]
        content: list[Any] = []
        if draw is not None and self._charts != "none":
            given = {"zone": self._zone} if draw is charts_.s_curve else {}
            content += self._drawn(lambda: draw(made, theme=self._theme, **given))
        values = table(for_readers(made), caption, columns=FIRST[name], max_rows=self._max_rows, zone=self._zone)
        # A curve's values are for those who cannot see it, or want to copy them; all others read the chart.
        hidden = name == "s_curve" and self._charts != "none"
        if name == "changes" and len(made):
            content.append(_facts(_changes_by_topic(made)))
        content.append(tag("details", tag("summary", caption), values) if hidden else values)
        content.append(_notes(made))
        return content

    def _offenders(self) -> list[Markup]:
        """Return what each failed health check lists, folded up, and the call that lists all of it."""
        offending = list(self._chapters.offenders())
        if not offending:
            return []
        folded = []
        for check, listed in offending:
            words = check_heading(check, listed)
            shown = table(
                for_readers(listed),
                words.partition(":")[0],
                columns=FIRST["health_details"],
                max_rows=min(_OFFENDERS, self._max_rows),
                zone=self._zone,
            )
            folded.append(tag("details", tag("summary", words), shown, class_="offenders"))
        profile = "" if self._chapters.profile == "dcma" else f', "{self._chapters.profile}"'
        call = tag("code", f'bn.reports.health_details(s, "{offending[0][0]}"{profile})')
        return [
            tag("h3", "What the failed checks object to"),
            *folded,
            tag("p", "All that one of them objects to, in a notebook: ", call, class_="notes"),
        ]

    def _drawn(self, draw: Callable[[], Any]) -> list[Any]:
        try:
            return [draw()]
        except InvalidRequest as error:
            return [_why(str(error))]

    def _gantt(self) -> Any:
        return charts_.gantt(
            self._tables,
            baseline=self._chapters.baseline,
            max_rows=max(self._max_rows, _GANTT_ROWS),
            zone=self._zone,
            float_unit=self._chapters.float_unit,
            theme=self._theme,
        )


def _facts(facts: Iterable[tuple[str, str]]) -> Markup:
    return tag("dl", (tag("div", tag("dt", label), tag("dd", value)) for label, value in facts), class_="facts")


def _changes_by_topic(register: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield each topic of a change register with its counts in words."""
    for topic, counts in register.attrs["facts"]["counts"]["topics"].items():
        yield topic.capitalize(), ", ".join(f"{count:,} {change}" for change, count in counts.items() if count)


def _notes(frame: pd.DataFrame) -> Markup:
    notes = [note for what, note in provenance(frame) if what == "Note"]
    return tag("ul", (tag("li", note) for note in notes), class_="notes", aria_label="Notes") if notes else join([])


def _why(reason: str) -> Markup:
    return tag("p", reason, class_="why", role="note")


def _given(parts: Mapping[str, Part], max_rows: int, zone: str) -> list[_Section]:
    """Return the sections of the caller's own."""
    sections = []
    for heading, part in parts.items():
        if isinstance(part, pd.DataFrame):
            shown = flat(part)
            if not shown.columns.is_unique:
                shown.columns = pd.Index(distinct(shown.columns))
            content = [table(shown, str(heading), max_rows=max_rows, zone=zone), _provenance(part)]
        elif isinstance(part, str):
            content = [tag("p", paragraph) for paragraph in part.split("\n\n")]
        elif hasattr(part, "to_plotly_json"):
            content = [part]
        else:
            raise InvalidRequest(
                f"The part {heading!r} is a {type(part).__name__}.",
                hint="Parts are DataFrames, Plotly figures or text, by heading.",
            )
        sections.append(_Section(str(heading), content))
    if not sections:
        raise InvalidRequest(
            "There is nothing to write.", hint='For example: to_html("report.html", {"Late": s.late()}).'
        )
    return sections


def _provenance(frame: pd.DataFrame) -> Markup:
    facts = provenance(frame)
    return tag(
        "ul",
        (tag("li", value if what == "Note" else f"{what}: {value}") for what, value in facts),
        class_="notes",
        aria_label="Notes",
    )


def _whole(heading: str, lead: Markup, sections: list[_Section], charts: Charts) -> str:
    """Put the page together, drawing the charts as asked."""
    # Drawn together at the end: starting the browser takes longer than a picture.
    figures = [item for section in sections for item in section.content if not isinstance(item, Markup)]
    if charts == "static":
        drawn = [
            html.picture(fig, svg)
            for fig, svg in zip(figures, pictures(figures, file_format="svg", width=1200, printed=True), strict=True)
        ]
    elif charts == "interactive":
        drawn = [html.chart(fig, number) for number, fig in enumerate(figures, start=1)]
    else:
        drawn = [tag("p", html.description(fig), class_="empty") for fig in figures]
    waiting = iter(drawn)
    anchors: set[str] = set()
    finished = [
        (
            _anchor(section.heading, anchors),
            section.heading,
            join(item if isinstance(item, Markup) else next(waiting) for item in section.content),
        )
        for section in sections
    ]
    made = f"Made {pd.Timestamp.now('UTC'):%Y-%m-%d %H:%M} UTC with bentley-nb {__version__}."
    return html.page(heading, lead, finished, tag("p", made), drawn=figures if charts == "interactive" else [])


def _anchor(heading: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "part"
    anchor, number = base, 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor
