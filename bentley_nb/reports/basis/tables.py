"""What a report reads from: a ``Schedule``, a mapping of frames, or a plain tasks frame, behind one face.

``Tables.of(source)`` is the first line of every report. It answers what is there, remembers why something is not, and
knows the data date of the schedule, which is never today's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from bentley_nb.errors import InvalidRequest, NotFound
from bentley_nb.frames import frame_from_items
from bentley_nb.frames.dtypes import Flags
from bentley_nb.frames.keys import positions
from bentley_nb.frames.labels import by_name
from bentley_nb.frames.unset import EARLIEST, LATEST, without_impossible
from bentley_nb.frames.wbs import Wbs
from bentley_nb.reports.basis.adapters import Given, PartOfSchedule, adapt, as_frame
from bentley_nb.reports.basis.as_of import as_of
from bentley_nb.reports.basis.dates import as_instants, read_date
from bentley_nb.reports.basis.finishes import work_out_finishes
from bentley_nb.reports.basis.state import backward
from bentley_nb.reports.basis.worktime import WorkingTime
from bentley_nb.service.catalog import COLLECTIONS

Instant: TypeAlias = pd.Timestamp | NaTType

KEY_DATES = ("StartKeyDate", "FinishKeyDate")
DATES = ("planned_start", "planned_finish", "actual_start", "actual_finish")
HAMMOCKS = ("ShortHammock", "LongHammock")


Source: TypeAlias = "Given | Tables"
"""What reports accept: a ``Schedule`` (or kept copy), ``{"tasks": frame, ...}``, or a tasks frame."""


class Tables:
    """The tables of one schedule, as reports read them.

    Made by ``Tables.of``. Frames have every column of the catalog with its dtype (missing ones are empty), rows marked
    deleted are left out, and positions run from 0.

    Attributes
    ----------
    data_date
        UTC Timestamp, or NaT where the schedule has none.
    own_data_date
        The schedule's own, where another was asked for.
    recorded, recorded_later
        Aligned with ``tasks``, once these are read: actual dates as recorded, and the mask of the tasks whose progress
        was recorded after the data date.
    schedule_id, schedule_name
        Where known, else None.
    notes
        Sentences about the tables themselves (duplicates left out, ...); ``as_report`` adds them to every report.
    """

    def __init__(self, source: Given, data_date: object = None, needs: Sequence[str] = ()) -> None:
        self.given = source
        self._source = adapt(source)
        self._frames: dict[tuple[str, str | None], pd.DataFrame | None] = {}
        self._reasons: dict[str, str] = {}
        self._served: dict[str, frozenset[str]] = {}
        self.notes: list[str] = []
        self.schedule_id, self.schedule_name = self._source.id, self._source.name
        self.read(*needs, "schedule", "project_scheduling")
        self.own_data_date: Instant = self._find_data_date()
        self.data_date: Instant = self.own_data_date if _none(data_date) else read_date(data_date, "The data date")

    @classmethod
    def of(cls, source: Source, data_date: object = None, needs: Sequence[str] = ()) -> Tables:
        """Read from a ``Schedule``, a mapping of frames, or a tasks frame.

        Parameters
        ----------
        source
            Anything with ``.table(name)`` (and ``.data_date``, ``.id``, ``.name``), a mapping
            ``{"tasks": frame, "task_links": frame, ...}`` with an optional key ``"data_date"``, or a tasks frame.
        data_date
            Overrides the schedule's. ISO 8601 text, a date, datetime or Timestamp; without a zone it is UTC.
        needs
            Collections that will be asked for: a ``Schedule`` reads them at the same time.

        Raises
        ------
        InvalidRequest
            The source is none of these, has no tasks, or the data date cannot be read.

        Examples
        --------
        >>> from bentley_nb.reports.basis.tables import Tables
        >>> Tables.of(s).data_date == s.data_date
        True
        """
        if isinstance(source, Tables):
            return source if data_date is None else cls(source.given, data_date, needs)
        return cls(source, data_date, needs)

    @property
    def tasks(self) -> pd.DataFrame:
        """Tasks that are not deleted, one row per id, with their planned finish computed where it is missing."""
        return self._tasks[0]

    @property
    def worked_out(self) -> Flags:
        """Mask over ``tasks``: the planned finish is not the service's."""
        return self._tasks[1]

    @cached_property
    def _tasks(self) -> tuple[pd.DataFrame, Flags]:
        frame = self.require("tasks")
        report = frame.attrs.get("report")
        if report is not None and len(frame) and frame[list(DATES)].isna().all(axis=None):
            raise InvalidRequest(
                f"This is the report {report!r}, which cannot replace the tasks: it has none of their dates.",
                hint="Give the schedule, or its tasks: s.tasks().",
            )
        without_id = frame["id"].isna()
        repeated = frame["id"].duplicated(keep="last") & ~without_id
        for count, what in (
            (int(without_id.sum()), "without an id"),
            (int(repeated.sum()), "with an id that is repeated below"),
        ):
            if count:
                self.notes.append(f"{count:,} task row(s) {what} are left out.")
        kept = frame[~(without_id | repeated)].reset_index(drop=True)
        self.recorded = kept[["actual_start", "actual_finish"]]
        kept, self.recorded_later, achieved = as_of(
            kept, self.data_date, self.own_data_date, lambda: self._working_time(kept)
        )
        lasting = np.asarray(~kept["type"].isin(KEY_DATES) & ~kept["is_wbs"].fillna(value=False), dtype=bool)
        finish, said = work_out_finishes(kept, lasting, self.data_date, lambda: self._working_time(kept))
        worked_out = np.asarray(finish.notna() & kept["planned_finish"].isna(), dtype=bool)
        kept = kept.assign(planned_finish=finish)
        self.notes += [*achieved, *said, *backward(kept)]
        return kept, worked_out

    @property
    def part(self) -> PartOfSchedule | None:
        """The part that is reported, of which lists and sums are; the tables are those of the whole schedule."""
        return self._source.part

    @cached_property
    def selected(self) -> Flags:
        """Mask over ``tasks``: the tasks of the part; all of them where the schedule is whole."""
        if self.part is None:
            return np.ones(len(self.tasks), dtype=bool)
        return np.asarray(positions(self.tasks["id"], pd.Series(list(self.part.ids), dtype="string")) >= 0, dtype=bool)

    @cached_property
    def work_tasks(self) -> Flags:
        """Mask over ``tasks``: selected, and neither key date nor hammock nor WBS row. Unnamed types behave as work."""
        return self.selected & ~(self.key_dates | self._level_of_effort | self.summaries)

    @cached_property
    def milestones(self) -> Flags:
        """Mask over ``tasks``: selected start and finish key dates that are not WBS rows."""
        return self.selected & self.key_dates

    @cached_property
    def hammocks(self) -> Flags:
        """Mask over ``tasks``: selected short and long hammocks (level of effort)."""
        return self.selected & self._level_of_effort

    @cached_property
    def key_dates(self) -> Flags:
        """Mask over ``tasks``: key dates, of a part also those outside it, which its links lead to."""
        return np.asarray(self.tasks["type"].isin(KEY_DATES), dtype=bool) & ~self.summaries

    @cached_property
    def driving(self) -> Flags:
        """Mask over ``tasks``: those whose links are logic (work and key dates), of a part also those outside it."""
        return ~(self._level_of_effort | self.summaries)

    @cached_property
    def _level_of_effort(self) -> Flags:
        return np.asarray(self.tasks["type"].isin(HAMMOCKS), dtype=bool) & ~self.summaries

    @cached_property
    def summaries(self) -> Flags:
        """Mask over ``tasks``: WBS rows."""
        return np.asarray(self.tasks["is_wbs"].fillna(value=False), dtype=bool)

    @cached_property
    def working_time(self) -> WorkingTime:
        """Working time of the calendars; unknown ids count on the default one, else on the one most tasks use."""
        return self._working_time(self.tasks)

    def _working_time(self, tasks: pd.DataFrame) -> WorkingTime:
        calendars = self.get("calendars")
        working = WorkingTime(calendars)
        if calendars is None:
            return working
        place = positions(tasks["calendar_id"], calendars["id"])
        if (place >= 0).all():
            return working  # nothing counts on the default
        settings = self.get("settings")
        named = [] if settings is None else [str(key) for key in settings["default_calendar_id"].dropna()]
        if (place >= 0).any():
            named.append(str(calendars["id"].iloc[np.bincount(place[place >= 0]).argmax()]))
        default = next((key for key in named if key in working.rules), None)
        return working if default is None else WorkingTime(calendars, default=default)

    @cached_property
    def wbs(self) -> Wbs:
        """Tree of the tasks; what is wrong with it joins ``notes``."""
        tree = Wbs(self.tasks)
        self.notes += tree.notes
        return tree

    def get(self, name: str, parent_id: str | None = None) -> pd.DataFrame | None:
        """Return a collection, or None where it is not available; ``why_missing`` then says why.

        With ``parent_id`` a nested collection is read for that parent alone where the source can do so; frames given
        by the user are returned whole.
        """
        key = (name, parent_id)
        if key not in self._frames:
            frame = self._fetch(name, parent_id)
            self._served[name] = frozenset(() if frame is None else map(str, frame.columns))
            self._frames[key] = None if frame is None else self._conformed(name, frame)
        return self._frames[key]

    def _conformed(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        frame, notes = without_impossible(name, _conform(name, frame))
        self.notes += notes
        return frame

    def serves(self, name: str, column: str) -> bool:
        """Return whether the source itself has a column; ``get`` fills a missing one with missing values."""
        frame = self.get(name)
        return frame is not None and (not len(frame) or column in self._served[name])

    @property
    def complete(self) -> bool:
        """Whether the tasks are all there are, so that one that is missing was deleted and not filtered out."""
        return self._source.complete

    def read(self, *names: str) -> None:
        """Let a ``Schedule`` read several collections at the same time instead of one after the other."""
        self._source.load(*(name for name in names if (name, None) not in self._frames))

    def require(self, name: str) -> pd.DataFrame:
        """Return a collection.

        Raises
        ------
        InvalidRequest
            It is not available; the message names it and the reason.
        """
        frame = self.get(name)
        if frame is None:
            raise InvalidRequest(f"This report needs {name!r}. {self.why_missing(name)}")
        return frame

    def why_missing(self, name: str) -> str:
        """Return in a sentence why ``get(name)`` gave None (or an empty frame); empty text where it gave rows."""
        frame = self.get(name)
        if frame is None:
            return self._reasons[name]
        return f"The schedule has no {name.replace('_', ' ')}." if frame.empty else ""

    def require_data_date(self) -> Instant:
        """Return the data date (NaT for a schedule without tasks, where nothing depends on it).

        Raises
        ------
        InvalidRequest
            The schedule has none; the current date is not a substitute.
        """
        if pd.isna(self.data_date) and len(self.tasks):
            raise InvalidRequest(
                "The schedule has no data date, and this report depends on one.",
                hint='Pass it: data_date="2024-05-31". Today is not assumed.',
                where=self.schedule_name or self.schedule_id,
            )
        return self.data_date

    def _fetch(self, name: str, parent_id: str | None) -> pd.DataFrame | None:
        try:
            table = self._source.table(name, parent_id)
        except (InvalidRequest, NotFound) as error:
            # Not served here, which a report can live with. A network failure is not that, and is let through.
            self._reasons[name] = error.message
            return None
        return as_frame(name, table)

    def _find_data_date(self) -> Instant:
        found = self._source.data_date
        if _none(found):
            scheduling = self.get("project_scheduling")
            dates = None if scheduling is None else scheduling["data_date"].dropna()
            found = None if dates is None or dates.empty else dates.iloc[0]
        if _none(found):
            return pd.NaT
        date = read_date(found, "The data date")
        if EARLIEST <= date < LATEST:
            return date
        self.notes.append(f"The data date {date:%Y-%m-%d} was never set, and is taken as missing.")
        return pd.NaT


def _none(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


@lru_cache(maxsize=64)
def declared_frame(name: str) -> pd.DataFrame | None:
    """Return an empty frame with the catalog's columns; None for names the catalog does not know."""
    return frame_from_items(name, []) if name in COLLECTIONS else None


def _conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the declared columns and dtypes, without its deleted rows.

    Frames of this package pass through; those a user read from Excel or built by hand become like them.
    """
    declared = declared_frame(name)
    if declared is None:
        return frame.reset_index(drop=True)
    if not frame.size and frame.columns.empty:  # pd.DataFrame(), as one writes "none"
        return declared.copy()
    frame = by_name(frame, list(declared.columns))
    if "id" in declared and "id" not in frame:
        raise InvalidRequest(
            f"This is not a table of {name.replace('_', ' ')}: it has no column 'id'.",
            hint=f"Its columns: {', '.join(map(str, frame.columns[:12])) or 'none'}.",
        )
    changed: dict[str, Any] = {}
    for column, dtype in declared.dtypes.items():
        if column not in frame:
            changed[str(column)] = pd.Series([None] * len(frame), index=frame.index, dtype=dtype)
        elif frame[column].dtype != dtype:
            changed[str(column)] = _cast(frame[column], dtype, table=name)
    conformed = frame.assign(**changed) if changed else frame
    if "deleted" in conformed and pd.api.types.is_bool_dtype(conformed["deleted"].dtype):
        conformed = conformed[~conformed["deleted"].fillna(value=False).astype(bool)]
    return conformed.reset_index(drop=True)


def _cast(values: pd.Series[Any], dtype: Any, *, table: str) -> pd.Series[Any]:
    try:
        if isinstance(dtype, pd.DatetimeTZDtype):
            return as_instants(values)
        if isinstance(dtype, pd.CategoricalDtype):
            return (
                values if isinstance(values.dtype, pd.CategoricalDtype) else values.astype("string").astype("category")
            )
        return values if pd.api.types.is_object_dtype(dtype) else values.astype(dtype)
    except (ValueError, TypeError) as error:
        reason = str(error).split(". ", 1)[0].rstrip(".")  # what pandas would try instead is for programmers
        raise InvalidRequest(
            f"Column {values.name!r} of {table!r} does not hold {_words(dtype)}: {reason}.",
            hint="Convert it first, or leave the column out.",
        ) from None


def _words(dtype: Any) -> str:
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "dates"
    return {"boolean": "true or false", "Int64": "whole numbers", "Float64": "numbers"}.get(str(dtype), "text")
