"""What is picked in the explorer, as a frame and as the Python lines that make the same frame.

Each filter and the code that it writes are one function, so that the two stay the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_object_dtype

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.wbs import SEPARATOR
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
    (("start",), ("finish",)),
    (("date",), ("date",)),
    (("actual_start", "planned_start"), ("actual_finish", "planned_finish")),
    (("planned_start",), ("planned_finish",)),
    (("created_on",), ("created_on",)),
)

Narrowed = tuple[pd.DataFrame, list[str]]


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
        Values of ``status`` (of ``state`` in reports); none means all.
    first, last
        Days between which a row must lie in part, both included, in ``zone``.
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


def wide_options(table: str) -> tuple[str, ...]:
    """Return what a table can be widened by: ``user_fields``, ``codes``, both or none."""
    return COLLECTIONS.wide_options(COLLECTIONS[table]) if table in COLLECTIONS else ()


def read(schedule: Schedule, selection: Selection) -> Narrowed:
    """Read the whole table of a selection; gives the frame and the line that reads it."""
    options = {name: True for name in wide_options(selection.table) if getattr(selection, name)}
    given = ", ".join(f"{name}=True" for name in options)
    return getattr(schedule, selection.table)(**options), [f"frame = schedule.{selection.table}({given})"]


def narrow(frame: pd.DataFrame, schedule: Schedule, selection: Selection) -> Narrowed:
    """Apply the filters of a selection to its table; gives the frame and the lines that do the same.

    Raises
    ------
    InvalidRequest
        A filter does not go with the table, or the branch is not there.
    """
    lines: list[str] = []
    if selection.branch.strip():  # first, as long as every WBS element is there to be named
        frame, code = _by_branch(frame, selection.branch.strip())
        lines += code
    if selection.text.strip():
        frame, code = _by_text(frame, selection.text.strip())
        lines += code
    if selection.states:
        frame, code = _by_state(frame, list(selection.states))
        lines += code
    if selection.first or selection.last:
        frame, code = _by_dates(frame, selection)
        lines += code
    if selection.critical:
        frame, code = _critical(frame, schedule, selection.table)
        lines += code
    if selection.sort_by:
        frame, code = _sorted(frame, selection.sort_by, descending=selection.descending)
        lines += code
    return frame, lines


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


def state_column(frame: pd.DataFrame) -> str | None:
    """Return the column that says how far a row is."""
    return next((name for name in ("status", "state") if name in frame.columns), None)


def date_columns(frame: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the columns of start and finish; later ones fill the gaps of the first."""
    return next((pair for pair in _DATES if {*pair[0], *pair[1]} <= set(frame.columns)), None)


def can_be_critical(frame: pd.DataFrame, table: str, schedule: Schedule) -> bool:
    """Return whether it is known which rows are critical."""
    return "is_critical" in frame.columns or (table == "tasks" and schedule.serves("task_scheduling_analyses"))


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
        raise InvalidRequest("This table has no text.", hint="The filter goes with names, comments and fields.")
    found = frame[columns].apply(lambda column: column.str.contains(text, case=False, regex=False))
    return frame[found.any(axis=1)], [
        f"found = frame[{_quoted(columns)}].apply(",
        f"    lambda column: column.str.contains({_quoted(text)}, case=False, regex=False)",
        ")",
        "frame = frame[found.any(axis=1)]",
    ]


def _by_branch(frame: pd.DataFrame, branch: str) -> Narrowed:
    if "wbs_path" not in frame.columns:
        raise InvalidRequest("This table has no WBS.", hint="The filter goes with tasks and the reports on them.")
    path = (frame["wbs_path"] + SEPARATOR + frame["name"]).str.removeprefix(SEPARATOR) + SEPARATOR
    prefix = _branch_path(frame, branch)
    return frame[path.str.startswith(prefix).fillna(value=False)], [
        f'path = (frame["wbs_path"] + "{SEPARATOR}" + frame["name"]).str.removeprefix("{SEPARATOR}") + "{SEPARATOR}"',
        f"frame = frame[path.str.startswith({_quoted(prefix)}).fillna(value=False)]",
    ]


def _branch_path(frame: pd.DataFrame, branch: str) -> str:
    """Return the prefix of all paths below a branch, which may be given by its name alone."""
    elements = branches(frame)
    if branch in elements:
        return branch + SEPARATOR
    named = [element for element in elements if element.rpartition(SEPARATOR)[2].casefold() == branch.casefold()]
    if not named:
        close = nearest(branch, (element.rpartition(SEPARATOR)[2] for element in elements), limit=8)
        raise InvalidRequest(f"There is no WBS element {branch!r} here.", hint=close)
    if len(named) > 1:
        raise InvalidRequest(
            f"{len(named)} WBS elements are named {branch!r}.", hint="Give the path: " + "; ".join(named[:5])
        )
    return named[0] + SEPARATOR


def _by_state(frame: pd.DataFrame, states: list[str]) -> Narrowed:
    column = state_column(frame)
    if column is None:
        raise InvalidRequest("This table has no status.", hint="The filter goes with tasks and the reports on them.")
    return frame[frame[column].isin(states)], [f"frame = frame[frame[{_quoted(column)}].isin({_quoted(states)})]"]


def _midnight(day: date, zone: str) -> tuple[pd.Timestamp, str]:
    """Return the moment at which a day begins, and the same as code."""
    if zone == "UTC":
        return pd.Timestamp(day, tz="UTC"), f'pd.Timestamp("{day}", tz="UTC")'
    # Where clocks change at midnight, that moment is not there or comes twice.
    began = pd.Timestamp(day).tz_localize(zone, nonexistent="shift_forward", ambiguous=True)
    rules = 'nonexistent="shift_forward", ambiguous=True'
    return began, f'pd.Timestamp("{day}").tz_localize({_quoted(zone)}, {rules})'


def _by_dates(frame: pd.DataFrame, selection: Selection) -> Narrowed:
    pair = date_columns(frame)
    if pair is None:
        raise InvalidRequest("This table has no dates.", hint="The filter goes with tasks and the reports on them.")
    lines, values = [], []
    for name, columns in zip(("start", "finish"), pair, strict=True):
        first, *others = columns
        value, code = frame[first], f"frame[{_quoted(first)}]"
        for other in others:
            value, code = value.fillna(frame[other]), f"{code}.fillna(frame[{_quoted(other)}])"
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


def _critical(frame: pd.DataFrame, schedule: Schedule, table: str) -> Narrowed:
    if "is_critical" in frame.columns:
        return frame[frame["is_critical"].fillna(value=False)], [
            'frame = frame[frame["is_critical"].fillna(value=False)]'
        ]
    if table != "tasks":
        raise InvalidRequest("It is not known which rows of this table are critical.")
    analyses = schedule.task_scheduling_analyses()
    critical = analyses.loc[analyses["is_critical"].fillna(value=False), "task_id"]
    return frame[frame["id"].isin(critical)], [
        "analyses = schedule.task_scheduling_analyses()",
        'critical = analyses.loc[analyses["is_critical"].fillna(value=False), "task_id"]',
        'frame = frame[frame["id"].isin(critical)]',
    ]


def _sorted(frame: pd.DataFrame, column: str, *, descending: bool) -> Narrowed:
    if column not in frame.columns:
        raise InvalidRequest(
            f"There is no column {column!r} to sort by.", hint=nearest(column, map(str, frame.columns))
        )
    options = f'{_quoted(column)}, ascending={not descending}, kind="stable", na_position="last"'
    return frame.sort_values(column, ascending=not descending, kind="stable", na_position="last"), [
        f"frame = frame.sort_values({options})"
    ]


def sortable(frame: pd.DataFrame) -> Iterator[str]:
    """Return the columns whose values have an order; lists have none."""
    return (str(name) for name, dtype in frame.dtypes.items() if not is_object_dtype(dtype))


def code_of(connection: str, schedule: Schedule, label: str, lines: list[str], extra: str = "") -> str:
    """Return the lines as a cell that needs no other cell.

    Parameters
    ----------
    connection
        How the client is made, ``bn.connect()``.
    schedule
        The schedule.
    label
        Its name, for a remark.
    lines
        Those of ``read`` and ``narrow``.
    extra
        A last line instead of the frame.
    """
    imports = ["import bentley_nb as bn"]
    if any("pd." in line for line in lines):
        imports = ["import pandas as pd", "", *imports]
    # A line break in a name would end the remark and begin code.
    remark = "  # " + " ".join(label.split()) if label.split() else ""
    return "\n".join(
        [
            *imports,
            "",
            f"client = {connection}",
            f"schedule = client.schedule({_quoted(schedule.id)}){remark}",
            *lines,
            extra or "frame",
        ]
    )


def _quoted(value: str | list[str]) -> str:
    """Write text, or a list of it, as Python does with double quotes: JSON is the same there."""
    return json.dumps(value, ensure_ascii=False)


def task_ids(frame: pd.DataFrame, table: str) -> Any:
    """Return the ids of the tasks that the rows are about; None where they are about something else."""
    if table == "tasks" or table in REPORTS:
        return frame["id"].dropna()
    return frame["task_id"].dropna().drop_duplicates() if "task_id" in frame.columns else None
