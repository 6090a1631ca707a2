"""Workbooks one can send: the chapters of a schedule's report, or frames of your own, in one look."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from bentley_nb._extras import need
from bentley_nb._files import replaced
from bentley_nb._version import __version__
from bentley_nb.errors import InvalidRequest
from bentley_nb.export import sheets as fit
from bentley_nb.export._chapters import Chapters
from bentley_nb.export._reader_columns import for_readers
from bentley_nb.export._workbook import Workbook
from bentley_nb.export._workbook_chapters import USER_FIELDS, all_tasks, write_chapters
from bentley_nb.export.html_table import day
from bentley_nb.export.provenance import provenance
from bentley_nb.frames.wide import asked_for
from bentley_nb.reports.basis.grouping import By
from bentley_nb.reports.basis.identity import chosen_zone
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.look_ahead import CODES
from bentley_nb.reports.scorecard import NEEDS
from bentley_nb.reports.total_float import FloatUnit


def to_excel(
    path: str | os.PathLike[str],
    s: Source | Mapping[str, pd.DataFrame],
    *,
    weeks: int = 3,
    baseline: str | None = None,
    profile: str = "dcma",
    zone: str | None = None,
    float_unit: FloatUnit | None = "seconds",
    before: Source | None = None,
    data_date: object = None,
    group: By | None = None,
    codes: bool | str | Sequence[str] = True,
    user_fields: bool | str | Sequence[str] = False,
) -> Path:
    """Write a schedule's report, or frames, to an Excel workbook that can be sent and printed as it is.

    Of a schedule: a summary with links to all sheets, key dates, the look-ahead as a grid of days, late and critical
    work, S-curve, float and resources with native charts, health with a sheet for what each failed check objects to,
    progress by WBS, and all tasks. Of frames: one sheet each.

    Each sheet is a named table that prints landscape, one page wide. Of our tables and reports the headings are labels
    with units, ids stand last and hidden, flags are "yes" and "no", and what is late or critical is coloured by rules;
    a frame from elsewhere keeps its own names. Dates are real Excel dates as served; with `zone` they are on its clock
    and the heading names it (Excel keeps no zone). Lists are joined by "; ". Text is never made a formula or a link:
    what begins with ``= + - @`` is marked as text, so that it stays so when edited. A last sheet "About" says where
    each sheet came from. Reports read our workbooks back: ``bn.reports.late(pd.read_excel(path, sheet_name="Tasks"))``.

    The file is written beside the old one and takes its place at the end: a failure leaves the old one as it was.

    Parameters
    ----------
    path
        The ``.xlsx`` file to make; an existing one is replaced.
    s
        A ``Schedule``, or a mapping of its frames with ``"tasks"`` and ``"data_date"``; or a frame, or frames by sheet
        name. Names are cleaned of what Excel forbids, cut to 31 characters and kept apart.
    weeks
        Length of the look-ahead; this and the options below but for `zone` are those of a schedule.
    baseline
        Id or name; the latest by default.
    profile
        Of the health checks.
    zone
        IANA name of the zone in which dates are shown, such as ``"Europe/London"``; by default that of
        ``bentley_nb.options.display_zone``.
    float_unit
        Unit of the service's raw floats; see ``bentley_nb.reports.total_float``.
    before
        An earlier state, such as a kept copy; then sheets of what changed since, of signs worth a question and of what
        drives the finish come first.
    data_date
        Overrides the schedule's.
    group
        A code, user field, "status", "state" or column of the tasks whose values take the place of the WBS in the
        look-ahead, the progress and the outline of all tasks, as in ``bentley_nb.charts.gantt``.
    codes, user_fields
        Of the sheet of all tasks: True for a column per code or user field, or their names, as in ``Schedule.tasks``.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingExtra
        XlsxWriter is not installed.
    InvalidRequest
        No frame was given, one is too large for a sheet (1,048,575 rows, 16,384 columns), an option is unknown, or the
        file cannot be written, for example because it is open in Excel.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> bn.export.to_excel(folder / "week.xlsx", s, weeks=6).name
    'week.xlsx'
    >>> bn.export.to_excel(folder / "late.xlsx", {"Late": bn.reports.late(s)}, zone="Europe/London").name
    'late.xlsx'
    """
    need("xlsxwriter", extra="excel")
    zone = chosen_zone(zone)
    # A mapping with a data date is a schedule, as in reports; without one its frames are sheets.
    snapshot = isinstance(s, Mapping) and {"tasks", "data_date"} <= set(s)
    if not (snapshot or isinstance(s, Tables) or hasattr(s, "table")):
        frames = _frames(s)
        for name, frame in frames.items():
            fit.check_limits(name, fit.flat(frame))
        chapters = None
    else:
        wanted_codes, wanted_fields = asked_for(codes, "codes"), asked_for(user_fields, "user_fields")
        needed = (*(CODES if wanted_codes else ()), *(USER_FIELDS if wanted_fields else ()))
        chapters = Chapters(
            Tables.of(s, data_date, (*NEEDS, *needed)),
            weeks=weeks,
            baseline=baseline,
            profile=profile,
            zone=zone,
            float_unit=float_unit,
            before=before,
            group=group,
        )
        tasks = all_tasks(chapters, codes=wanted_codes, user_fields=wanted_fields)
        fit.check_limits("Tasks", tasks)
    with replaced(path, suffix=".xlsx") as temporary:
        workbook = Workbook(str(temporary), zone)
        try:
            written = _write_frames(workbook, frames) if chapters is None else write_chapters(workbook, chapters, tasks)
            # A frame of the user's may be called "About".
            about = fit.sheet_names([*written, "Summary", "About"])[-1]
            workbook.frame(about, _about(written, zone), title="Where the figures come from", wrap=True)
            workbook.book.set_properties({"comments": f"Written by bentley-nb {__version__}"})
        finally:
            workbook.close()
    return Path(path).expanduser()


def _write_frames(workbook: Workbook, frames: Mapping[str, pd.DataFrame]) -> dict[str, tuple[pd.DataFrame, int]]:
    written = {}
    for name, (heading, frame) in zip(fit.sheet_names(frames), frames.items(), strict=True):
        shown = for_readers(frame) if "report" in frame.attrs else frame
        shown.attrs = frame.attrs
        facts = dict(provenance(frame))
        title = f"{facts['Schedule']}: {heading}" if "Schedule" in facts else heading
        since = frame.attrs.get("data_date")
        known = f"Data date {day(pd.Timestamp(since), workbook.zone)}" if since else ""
        written[name] = (frame, workbook.frame(name, shown, title=title, facts=known))
    return written


def _frames(given: object) -> dict[str, pd.DataFrame]:
    if isinstance(given, pd.DataFrame):
        return {str(given.attrs.get("report") or given.attrs.get("collection") or "Data"): given}
    if not isinstance(given, Mapping):
        raise InvalidRequest(
            "to_excel takes a DataFrame or a mapping of sheet names to DataFrames, or a Schedule, not "
            f"{type(given).__name__}.",
            hint='For example: to_excel("weekly.xlsx", {"Tasks": s.tasks(), "Late": s.late()}).',
        )
    if not given:
        raise InvalidRequest(
            "There is no frame to write.", hint='For example: to_excel("weekly.xlsx", {"Tasks": s.tasks()}).'
        )
    for name, frame in given.items():
        if not isinstance(frame, pd.DataFrame):
            raise InvalidRequest(f"The sheet {name!r} is not a DataFrame but {type(frame).__name__}.")
    return {str(name): frame for name, frame in given.items()}


def _about(written: Mapping[str, tuple[pd.DataFrame, int]], zone: str) -> pd.DataFrame:
    """Return one row per fact about each sheet."""
    clock = "as served (UTC)" if zone == "UTC" else zone
    rows = [("(workbook)", "Dates are shown in", clock)]
    rows.append(("(workbook)", "Written", f"{pd.Timestamp.now('UTC'):%Y-%m-%d %H:%M} UTC by bentley-nb {__version__}"))
    for name, (frame, cut) in written.items():
        rows.extend((name, what, value) for what, value in provenance(frame))
        if cut:
            rows.append((name, "Note", f"{cut} texts longer than {fit.MAX_TEXT:,} characters were cut."))
    return pd.DataFrame(rows, columns=["Sheet", "What", "Value"], dtype="string")
