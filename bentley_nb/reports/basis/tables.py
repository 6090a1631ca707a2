"""What a report reads from: a ``Schedule``, a mapping of frames, or a plain tasks frame, behind one face.

``Tables.of(source)`` is the first line of every report. It answers what is there, remembers why something is not, and
knows the data date of the schedule, which is never today's. What one report computes from a schedule's tables is kept
with the schedule for the next (``once``), until a table is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeAlias, TypeVar

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
from bentley_nb.reports.basis.dates import as_instants, read_date, read_possible_date
from bentley_nb.reports.basis.finishes import work_out_finishes
from bentley_nb.reports.basis.state import backward, is_complete
from bentley_nb.reports.basis.worktime import WorkingTime
from bentley_nb.service.catalog import COLLECTIONS

Instant: TypeAlias = pd.Timestamp | NaTType

KEY_DATES = ("StartKeyDate", "FinishKeyDate")
DATES = ("planned_start", "planned_finish", "actual_start", "actual_finish")
HAMMOCKS = ("ShortHammock", "LongHammock")


Source: TypeAlias = "Given | Tables"
"""What reports accept: a ``Schedule`` (or kept copy), ``{"tasks": frame, ...}``, or a tasks frame."""

T = TypeVar("T")
P = ParamSpec("P")


def once(function: Callable[Concatenate[Tables, P], T]) -> Callable[Concatenate[Tables, P], T]:
    """Call a function of ``Tables`` once per schedule and arguments; its result must not be changed.

    It may use the tables, the data date and the part, and nothing else that can change. What it adds to ``notes`` is
    kept with the result, and every report that uses the result gives these notes.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(tables: Tables, /, *args: P.args, **options: P.kwargs) -> T:
        key = (name, *args, *sorted(options.items()))
        return tables.keep(key, lambda: function(tables, *args, **options))

    return kept


class _Read(NamedTuple):
    """A table that was read, None where it is not to be had; why, and the columns that were served."""

    frame: pd.DataFrame | None
    why: str = ""
    served: frozenset[str] = frozenset()


class _Tasks(NamedTuple):
    """The tasks as reports see them, and what was done to them."""

    frame: pd.DataFrame
    worked_out: Flags
    recorded: pd.DataFrame
    recorded_later: Flags


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
    schedule_id, schedule_name
        Where known, else None.
    notes
        Sentences about the tables read so far (duplicates left out, ...); ``as_report`` adds them to every report.
    """

    def __init__(self, source: Given, data_date: object = None, needs: Sequence[str] = ()) -> None:
        self.given = source
        self._source = adapt(source)
        self._own: dict[Hashable, tuple[Any, Sequence[str]]] = {}
        self._shared = self._source.kept()
        self.notes: list[str] = []
        self.schedule_id, self.schedule_name = self._source.id, self._source.name
        self.read(*needs, "schedule", "project_scheduling")
        self.own_data_date: Instant = self._find_data_date()
        self.data_date: Instant = (
            self.own_data_date if _none(data_date) else read_possible_date(data_date, "The data date")
        )
        # What depends on another data date, or on the part, is for this report alone.
        self._usual = _none(data_date) and self.part is None

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

    def keep(self, key: Hashable, make: Callable[[], T], *, of_source: bool = False) -> T:
        """Return what was made under a key, or make it; the notes made meanwhile come with it.

        With `of_source` it depends on the source alone, and not on the data date or the part.
        """
        for kept in (self._own, self._lasting(of_source)):
            if key in kept:
                made, notes = kept[key]
                self.notes += [note for note in notes if note not in self.notes]
                return made  # type: ignore[no-any-return]
        before, self.notes = self.notes, []
        try:
            made = make()
            self._lasting(of_source)[key] = made, self.notes
        finally:
            self.notes = [*before, *(note for note in self.notes if note not in before)]
        return made

    def _lasting(self, of_source: bool) -> dict[Hashable, tuple[Any, Sequence[str]]]:
        return self._shared if of_source or self._usual else self._own

    @property
    def tasks(self) -> pd.DataFrame:
        """Tasks that are not deleted, one row per id, with their planned finish computed where it is missing."""
        return self._tasks.frame

    @property
    def worked_out(self) -> Flags:
        """Mask over ``tasks``: the planned finish is not the service's."""
        return self._tasks.worked_out

    @property
    def recorded(self) -> pd.DataFrame:
        """Actual dates as recorded, aligned with ``tasks``."""
        return self._tasks.recorded

    @property
    def recorded_later(self) -> Flags:
        """Mask over ``tasks``: the progress was recorded after the data date."""
        return self._tasks.recorded_later

    @property
    @once
    def _tasks(self) -> _Tasks:
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
        recorded = kept[["actual_start", "actual_finish"]]
        kept, recorded_later, achieved = as_of(
            kept, self.data_date, self.own_data_date, lambda: self._working_time(kept)
        )
        lasting = np.asarray(~kept["type"].isin(KEY_DATES) & ~kept["is_wbs"].fillna(value=False), dtype=bool)
        finish, said = work_out_finishes(kept, lasting, self.data_date, lambda: self._working_time(kept))
        worked_out = np.asarray(finish.notna() & kept["planned_finish"].isna(), dtype=bool)
        kept = kept.assign(planned_finish=finish)
        self.notes += [*achieved, *said, *backward(kept)]
        return _Tasks(kept, worked_out, recorded, recorded_later)

    @property
    def part(self) -> PartOfSchedule | None:
        """The part that is reported, of which lists and sums are; the tables are those of the whole schedule."""
        return self._source.part

    @property
    @once
    def selected(self) -> Flags:
        """Mask over ``tasks``: the tasks of the part; all of them where the schedule is whole."""
        if self.part is None:
            return np.ones(len(self.tasks), dtype=bool)
        return np.asarray(positions(self.tasks["id"], pd.Series(list(self.part.ids), dtype="string")) >= 0, dtype=bool)

    @property
    @once
    def summaries(self) -> Flags:
        """Mask over ``tasks``: WBS rows."""
        return np.asarray(self.tasks["is_wbs"].fillna(value=False), dtype=bool)

    @property
    @once
    def _level_of_effort(self) -> Flags:
        return np.asarray(self.tasks["type"].isin(HAMMOCKS) & ~self.summaries, dtype=bool)

    @property
    @once
    def key_dates(self) -> Flags:
        """Mask over ``tasks``: key dates, of a part also those outside it, which its links lead to."""
        return np.asarray(self.tasks["type"].isin(KEY_DATES) & ~self.summaries, dtype=bool)

    @property
    @once
    def driving(self) -> Flags:
        """Mask over ``tasks``: those whose links are logic (work and key dates), of a part also those outside it."""
        return np.asarray(~(self._level_of_effort | self.summaries), dtype=bool)

    @property
    @once
    def work_tasks(self) -> Flags:
        """Mask over ``tasks``: selected, and neither key date nor hammock nor WBS row. Unnamed types behave as work."""
        return np.asarray(self.selected & self.driving & ~self.key_dates, dtype=bool)

    @property
    @once
    def milestones(self) -> Flags:
        """Mask over ``tasks``: selected start and finish key dates that are not WBS rows."""
        return self.selected & self.key_dates

    @property
    @once
    def activities(self) -> Flags:
        """Mask over ``tasks``: selected work tasks and key dates, which are what planners list."""
        return self.work_tasks | self.milestones

    @property
    @once
    def open(self) -> Flags:
        """Mask over ``tasks``: activities that are not complete."""
        return self.activities & ~is_complete(self.tasks)

    @property
    @once
    def hammocks(self) -> Flags:
        """Mask over ``tasks``: selected short and long hammocks (level of effort)."""
        return self.selected & self._level_of_effort

    @property
    def working_time(self) -> WorkingTime:
        """Working time of the calendars; unknown ids count on the default one, else on the one most tasks use."""
        return self._working_time(self.tasks)

    def _working_time(self, tasks: pd.DataFrame) -> WorkingTime:
        # Their dates are still being worked out, with its help; the calendars they name do not change.
        return self.keep("working time", lambda: self._read_calendars(tasks))

    def _read_calendars(self, tasks: pd.DataFrame) -> WorkingTime:
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

    @property
    @once
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
        return self._read(name, parent_id).frame

    def _read(self, name: str, parent_id: str | None = None) -> _Read:
        return self.keep((name, parent_id), lambda: self._fetch(name, parent_id), of_source=True)

    def _conformed(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        frame, notes = without_impossible(name, _conform(name, frame))
        self.notes += notes
        return frame

    def serves(self, name: str, column: str) -> bool:
        """Return whether the source itself has a column; ``get`` fills a missing one with missing values."""
        frame = self.get(name)
        return frame is not None and (not len(frame) or column in self._read(name).served)

    @property
    def complete(self) -> bool:
        """Whether the tasks are all there are, so that one that is missing was deleted and not filtered out."""
        return self._source.complete

    def read(self, *names: str) -> None:
        """Let a ``Schedule`` read several collections at the same time instead of one after the other."""
        self._source.load(*(name for name in names if (name, None) not in self._shared))

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
            return self._read(name).why
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

    def _fetch(self, name: str, parent_id: str | None) -> _Read:
        try:
            table = self._source.table(name, parent_id)
        except (InvalidRequest, NotFound) as error:
            # Not served here, which a report can live with. A network failure is not that, and is let through.
            if isinstance(error, NotFound):  # the next report asks again
                self._shared = dict(self._shared)
            return _Read(None, error.message)
        frame = as_frame(name, table)
        read = self._conformed(name, frame)
        # pandas copies them with every column that is taken.
        read.attrs = {key: read.attrs[key] for key in ("report",) if key in read.attrs}
        return _Read(read, served=frozenset(map(str, frame.columns)))

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
        self.notes.append(f"The data date {str(found)[:10]} was never set, and is taken as missing.")
        return pd.NaT


def _none(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


@lru_cache(maxsize=64)
def empty_table(name: str) -> pd.DataFrame:
    """Return a collection of the catalog without rows, which must not be changed."""
    return frame_from_items(name, [])


def _conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the declared columns and dtypes, without its deleted rows.

    Frames of this package pass through; those a user read from Excel or built by hand become like them.
    """
    if name not in COLLECTIONS:
        return frame.reset_index(drop=True)
    declared = empty_table(name)
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
