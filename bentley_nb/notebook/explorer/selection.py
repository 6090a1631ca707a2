"""What is picked in the explorer, as a frame and as the Python lines that make the same frame.

Tasks, and reports about them, are narrowed by ``s.only(...)``, which takes WBS and status as they are and all else as
the tasks found; other tables are filtered themselves. Each filter and the code that it writes are one function, so that
the two stay the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_object_dtype

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.wbs import SEPARATOR, Wbs
from bentley_nb.service.catalog import COLLECTIONS

if TYPE_CHECKING:
    from bentley_nb.schedule import Schedule

REPORTS = {
    "late": "late work and key dates",
    "milestones": "key dates",
    "critical": "critical and near-critical work",
    "look_ahead": "work of the next three weeks",
    "variance": "against the baseline",
    "open_ends": "missing links",
}
"""Reports that are offered beside the collections, and what they list."""

# The first pair whose columns are there says when a row is: its start and its finish, later ones filling the gaps.
_DATES = (
    (("actual_start", "planned_start"), ("actual_finish", "planned_finish")),
    (("planned_start",), ("planned_finish",)),
    (("created_on",), ("created_on",)),
)

Narrowed = tuple[pd.DataFrame, list[str]]
INDENT = "\N{EM SPACE}"


@dataclass(frozen=True)
class Selection:
    """What is picked.

    Attributes
    ----------
    table
        A collection, or one of ``REPORTS``.
    text
        Part of a name, an id of the users' own, a comment, a user field or a code; upper and lower case are the same.
    branch
        Path of a WBS element ("Tower > Level 3"), or its name alone: it and everything below.
    states
        Values of ``status``; none means all.
    first, last
        Days between which a row, of a report the task, must lie in part, both included, in ``zone``.
    zone
        IANA name of the time zone of these days.
    critical
        Only what the service flags as critical.
    user_fields, codes
        Whether these become columns.
    sort_by, descending
        Column to sort by; rows that have no value come last.
    """

    table: str = "tasks"
    text: str = ""
    branch: str = ""
    states: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    zone: str = "UTC"
    critical: bool = False
    user_fields: bool = False
    codes: bool = False
    sort_by: str | None = None
    descending: bool = False

    @property
    def source(self) -> tuple[str, bool, bool]:
        """What has to be read: the rest narrows it."""
        return self.table, self.user_fields, self.codes

    @property
    def of_tasks(self) -> bool:
        """Whether it is a part of the tasks, as ``s.only(...)`` gives it."""
        return self.table == "tasks" or self.table in REPORTS


def wide_options(table: str) -> tuple[str, ...]:
    """Return what a table can be widened by: ``user_fields``, ``codes``, both or none."""
    return COLLECTIONS.wide_options(COLLECTIONS[table]) if table in COLLECTIONS else ()


def read(schedule: Schedule, selection: Selection, *, of: str = "s") -> Narrowed:
    """Read the whole table of a selection; `of` is the name of the schedule in the line that reads it."""
    options = {name: True for name in wide_options(selection.table) if getattr(selection, name)}
    given = ", ".join(f"{name}=True" for name in options)
    return getattr(schedule, selection.table)(**options), [f"frame = {of}.{selection.table}({given})"]


def tasks_of(selection: Selection) -> Selection:
    """Return the selection whose table the filters go by: a report's are those of the tasks."""
    return replace(selection, table="tasks") if selection.of_tasks else selection


def choose(tasks: pd.DataFrame, schedule: Schedule, selection: Selection) -> tuple[Schedule, list[str]]:
    """Return the part of a schedule that a selection means, and the lines that make it; the schedule where it is all.

    Raises
    ------
    InvalidRequest
        There is no such WBS element or status.
    """
    given: dict[str, Any] = {}
    if branch := selection.branch.strip():
        given["wbs"] = branch
    if selection.states:
        given["status"] = list(selection.states)
    words = [f"{name}={quoted(value)}" for name, value in given.items()]
    found, lines = _filter(tasks, selection)
    wanted = []
    if lines:
        lines = [*read(schedule, tasks_of(selection))[1], *lines]
        wanted.append(found)
        words.insert(0, "frame")
    if selection.critical:
        analyses = schedule.task_scheduling_analyses()
        wanted.append(analyses[analyses["is_critical"].fillna(value=False)])
        lines += [
            "analyses = s.task_scheduling_analyses()",
            'critical = analyses[analyses["is_critical"].fillna(value=False)]',
        ]
        words.insert(len(wanted) - 1, "critical")
    if not words:
        return schedule, []
    return schedule.only(*wanted, **given), [*lines, f"part = s.only({', '.join(words)})"]


def narrow(frame: pd.DataFrame, selection: Selection) -> Narrowed:
    """Filter a table that is not about tasks; gives the frame and the lines that do the same.

    Raises
    ------
    InvalidRequest
        A filter does not go with the table.
    """
    if selection.branch.strip():
        raise InvalidRequest("This table has no WBS.", hint="This filter applies only to tasks and reports on tasks.")
    if selection.critical:
        raise InvalidRequest("This table does not show which rows are critical.")
    frame, lines = _filter(frame, selection)
    if selection.states:
        if "status" not in frame.columns:
            raise InvalidRequest(
                "This table has no status.", hint="This filter applies only to tasks and reports on tasks."
            )
        frame = frame[frame["status"].isin(selection.states)]
        lines.append(f'frame = frame[frame["status"].isin({quoted(list(selection.states))})]')
    return frame, lines


def _filter(frame: pd.DataFrame, selection: Selection) -> Narrowed:
    lines: list[str] = []
    if selection.text.strip():
        frame, lines = _by_text(frame, selection.text.strip())
    if selection.first or selection.last:
        frame, code = _by_dates(frame, selection)
        lines += code
    return frame, lines


def in_order(frame: pd.DataFrame, selection: Selection) -> Narrowed:
    """Sort rows by the column of a selection, if it names one."""
    return _sorted(frame, selection.sort_by, descending=selection.descending) if selection.sort_by else (frame, [])


def in_outline(rows: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return rows of tasks in the order of the WBS, each name indented by its level."""
    place = pd.Series(range(len(tasks)), index=tasks["id"].iloc[Wbs(tasks).outline(tasks)])
    rows = rows.iloc[rows["id"].map(place).argsort(kind="stable")]
    level = rows["wbs_level"] - rows["wbs_level"].min()
    return rows.assign(
        name=[f"{INDENT * deep}{name}" for deep, name in zip(level, rows["name"].fillna(""), strict=True)]
    )


def text_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of free text; not ids of the service, and not ``wbs_path``, which has a filter."""
    ids = ("id", "wbs_path")
    return [
        str(name)
        for name, dtype in frame.dtypes.items()
        if isinstance(dtype, pd.StringDtype)
        and name not in ids
        and (name == "user_defined_id" or not str(name).endswith(("_id", "_color")))
    ]


def states_in(frame: pd.DataFrame) -> list[str]:
    """Return the values of ``status``, which says how far a row is."""
    return sorted(map(str, frame["status"].dropna().unique())) if "status" in frame.columns else []


def date_columns(frame: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the columns of start and finish; later ones fill the gaps of the first."""
    return next((pair for pair in _DATES if {*pair[0], *pair[1]} <= set(frame.columns)), None)


def can_be_critical(selection: Selection, schedule: Schedule) -> bool:
    """Return whether it is known which rows are critical."""
    return selection.of_tasks and schedule.serves("task_scheduling_analyses")


def branches(frame: pd.DataFrame) -> list[str]:
    """Return the paths of the WBS elements with something below, as an outline: each above its own, in row order."""
    if "wbs_path" not in frame.columns:
        return []
    outline: dict[str, Any] = {}
    for path in frame["wbs_path"].dropna().unique():
        inside = outline
        for name in path.split(SEPARATOR) if path else []:
            inside = inside.setdefault(name, {})
    return list(_paths(outline))


def _paths(outline: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, inside in outline.items():
        yield above + name
        yield from _paths(inside, above + name + SEPARATOR)


def _by_text(frame: pd.DataFrame, text: str) -> Narrowed:
    columns = text_columns(frame)
    if not columns:
        raise InvalidRequest("This table has no text.", hint="This filter applies only to names, comments and fields.")
    found = frame[columns].apply(lambda column: column.str.contains(text, case=False, regex=False))
    return frame[found.any(axis=1)], [
        f"found = frame[{quoted(columns)}].apply(",
        f"    lambda column: column.str.contains({quoted(text)}, case=False, regex=False)",
        ")",
        "frame = frame[found.any(axis=1)]",
    ]


def _midnight(day: date, zone: str) -> tuple[pd.Timestamp, str]:
    """Return the moment at which a day begins, and the same as code."""
    if zone == "UTC":
        return pd.Timestamp(day, tz="UTC"), f'pd.Timestamp("{day}", tz="UTC")'
    # Where clocks change at midnight, that moment is not there or comes twice.
    began = pd.Timestamp(day).tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
    rules = 'nonexistent="shift_forward", ambiguous=True'
    return began, f'pd.Timestamp("{day}").tz_localize({quoted(zone)}, {rules})'


def _by_dates(frame: pd.DataFrame, selection: Selection) -> Narrowed:
    pair = date_columns(frame)
    if pair is None:
        raise InvalidRequest("This table has no dates.", hint="This filter applies only to tasks and reports on tasks.")
    lines, values = [], []
    for name, columns in zip(("start", "finish"), pair, strict=True):
        first, *others = columns
        value, code = frame[first], f"frame[{quoted(first)}]"
        for other in others:
            value, code = value.fillna(frame[other]), f"{code}.fillna(frame[{quoted(other)}])"
        values.append(value)
        lines.append(f"{name} = {code}")
    start, finish = values[0].fillna(values[1]), values[1].fillna(values[0])
    if pair[0] != pair[1]:
        lines.append("start, finish = start.fillna(finish), finish.fillna(start)")
    inside, conditions = pd.Series(True, index=frame.index), []
    if selection.first:
        day, code = _midnight(selection.first, selection.zone)
        inside &= finish >= day
        conditions.append(f"(finish >= {code})")
    if selection.last:
        day, code = _midnight(selection.last + timedelta(days=1), selection.zone)
        inside &= start < day
        conditions.append(f"(start < {code})")
    return frame[inside], [*lines, f"frame = frame[{' & '.join(conditions)}]"]


def _sorted(frame: pd.DataFrame, column: str, *, descending: bool) -> Narrowed:
    if column not in frame.columns:
        raise InvalidRequest(
            f"There is no column {column!r} to sort by.", hint=nearest(column, map(str, frame.columns))
        )
    options = f'{quoted(column)}, ascending={not descending}, kind="stable", na_position="last"'
    return frame.sort_values(column, ascending=not descending, kind="stable", na_position="last"), [
        f"frame = frame.sort_values({options})"
    ]


def sortable(frame: pd.DataFrame) -> Iterator[str]:
    """Return the columns whose values have an order; lists have none."""
    return (str(name) for name, dtype in frame.dtypes.items() if not is_object_dtype(dtype))


def code_of(opening: str, label: str, lines: list[str], extra: str = "") -> str:
    """Return the lines as a cell that needs no other cell.

    Parameters
    ----------
    opening
        Lines that make the schedule ``s``.
    label
        Its name, for a comment.
    lines
        Those that narrow and read.
    extra
        A last line instead of the frame.
    """
    imports = ["import bentley_nb as bn"]
    if any("pd." in line for line in lines):
        imports = ["import pandas as pd", "", *imports]
    # A line break in a name would end the comment and begin code.
    comment = "  # " + " ".join(label.split()) if label.split() else ""
    return "\n".join([*imports, "", opening + comment, *lines, extra or "frame"])


def quoted(value: str | list[str]) -> str:
    """Write text, or a list of it, as Python does with double quotes: JSON is the same there."""
    return json.dumps(value, ensure_ascii=False)
