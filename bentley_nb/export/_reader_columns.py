"""Which columns of a frame a reader sees, in which order, and what is left of paths that begin alike."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd

from bentley_nb.charts.health import check_words, figure_words
from bentley_nb.frames.wbs import SEPARATOR

# The columns shown first, by report or collection; the other columns of a frame follow.
FIRST = {
    name: columns.split()
    for name, columns in {
        "milestones": "user_defined_id name state baseline_date previous_date date is_actual baseline_variance_days "
        "slip_days is_critical total_float_days",
        "look_ahead": "user_defined_id name wbs_path state start finish percent_complete remaining_duration_hours "
        "week_starting is_critical total_float_days open_predecessors resources",
        "late": "user_defined_id name wbs_path state baseline_start start baseline_finish finish percent_complete "
        "start_late_working_days finish_late_working_days is_critical total_float_days",
        "critical": "user_defined_id name wbs_path group start finish percent_complete total_float_days "
        "constraint_type",
        "s_curve": "date planned_percent earned_percent forecast_percent",
        "float_distribution": "bin tasks share critical",
        "health": "number check verdict counted figure limit rule reason authority",
        "health_details": "why user_defined_id name wbs_path state start finish predecessor_user_defined_id "
        "predecessor_name link_type lag_hours successor_user_defined_id successor_name",
        "changes": "topic user_defined_id name item change field before after movement_days table",
        "signs": "sign user_defined_id name field before after rule authority",
        "driving_path": "user_defined_id name state start finish remaining_duration_hours driver link_type lag_hours "
        "total_float_days",
        "progress": "wbs_path name percent planned_percent spi tasks not_started in_progress complete late start "
        "finish total_float_days weight earned",
        "scorecard": "project schedule completion_date completion_variance_days completion_slip_days planned_percent "
        "earned_percent spi spi_t late critical near_critical due_in_3_weeks health_fail",
        "link_floats": "predecessor successor type lag_hours allows planned relationship_float_days driving standing",
        "trend": "copy data_date measure name value date unit",
        "tasks": "name user_defined_id wbs_path status planned_start planned_finish actual_start actual_finish "
        "percent_complete planned_duration_hours remaining_days",
        "copies": "name data_date kept_at tables rows bytes path schedule",
        "query_result": "",  # the order is the query's
    }.items()
}
# Ratios to which 1 is "on plan": a decimal more, so that 0.96 does not become 1.
RATIOS = {"spi", "spi_t", "cpi"}
# Shown only where there is room.
_SECOND = {"deleted", "is_wbs", "is_leaf", "wbs_level"}
_PORTFOLIO = ("project", "schedule")  # in front of tables of several schedules
_ANY = ("name", "display_name", "user_defined_id")  # first in every other frame, then its dates


def is_ours(frame: pd.DataFrame) -> bool:
    """Return whether a frame is one of the package's tables or reports, according to its ``attrs``."""
    return kind(frame) != ""


def kind(frame: pd.DataFrame) -> str:
    """Return the report or collection a frame is, empty for a frame from elsewhere."""
    return str(frame.attrs.get("report") or frame.attrs.get("collection") or "")


def is_id(name: object) -> bool:
    """Return whether a column holds ids of the service, which mean nothing to a reader."""
    text = str(name)
    return text == "id" or (text.endswith(("_id", "_ids")) and not text.endswith("user_defined_id"))


def ordered(frame: pd.DataFrame) -> list[Any]:
    """Return the columns in a reader's order: the known ones, dates, the others; ids where there is nothing else."""
    shown = [name for name in frame.columns if not is_id(name)] or list(frame.columns)
    known = FIRST.get(kind(frame))
    if known is None:
        dates = [name for name in shown if isinstance(frame[name].dtype, pd.DatetimeTZDtype)]
        known = [*_ANY, *dates]
    first = [name for name in known if name in shown]
    # What the rows are of (a group, a step, a schedule of a portfolio, an index without a name) stays in front of their
    # figures.
    of_tasks = [name for name in frame.columns if name in _PORTFOLIO or not str(name).strip()]
    front = frame.columns if kind(frame) != "tasks" else of_tasks
    leading = list(itertools.takewhile(lambda name: name not in known and not is_id(name), front))
    first = [*leading, *first]
    return [*first, *(name for name in shown if name not in first)]


def with_values(frame: pd.DataFrame, names: list[Any]) -> list[Any]:
    """Return those columns in which some row has a value."""
    return [name for name in names if frame[name].notna().any()]


def at_most(frame: pd.DataFrame, names: list[Any], most: int) -> list[Any]:
    """Return so many columns: those a reader looks for first, and the last ones, which are often a user's own."""
    if len(names) > most:
        names = [name for name in names if name not in _SECOND]
    if len(names) <= most:
        return names
    known = FIRST.get(kind(frame))
    first = len([name for name in known if name in names]) if known else most // 2
    first = min(first, most)
    return [*names[:first], *names[len(names) - (most - first) :]] if most > first else names[:first]


def for_readers(frame: pd.DataFrame, head: str | None = None) -> pd.DataFrame:
    """Return a frame with health checks in words and WBS paths without a head that all of them share.

    Parameters
    ----------
    frame
        A table or report.
    head
        What the paths lose; by default what those of the frame share.
    """
    if {"check", "numerator", "threshold"} <= set(frame.columns):
        words = [figure_words(row) for row in frame.to_dict("records")]
        said = pd.DataFrame(words, columns=["counted", "figure", "limit"], index=frame.index, dtype="string")
        spoken = frame.assign(check=frame["check"].map(check_words)).join(said.replace("", pd.NA))
        return spoken.drop(columns=["numerator", "denominator", "percent", "value", "comparison", "threshold"])
    if "wbs_path" not in frame:
        return frame
    head = common_head(frame["wbs_path"]) if head is None else head
    if not head:
        return frame
    # Rows of the head itself have no path below it.
    below = frame["wbs_path"].str.removeprefix(head).str.removeprefix(SEPARATOR)
    return frame.assign(wbs_path=below.mask(below == "", pd.NA))


def common_head(paths: pd.Series[Any]) -> str:
    """Return the elements with which all paths begin; something is left of the longest.

    Examples
    --------
    >>> import pandas as pd
    >>> from bentley_nb.export._reader_columns import common_head
    >>> common_head(pd.Series(["Tower > Core > L1", "Tower > Core > L2", None]))
    'Tower > Core'
    >>> common_head(pd.Series(["Tower", "Tower > Core"])), common_head(pd.Series(["Tower", "Towers"]))
    ('Tower', '')
    """
    present = paths.dropna()
    if present.empty or not pd.api.types.is_string_dtype(present.dtype):
        return ""
    # All texts between the least and the greatest share the prefix of these two.
    least, greatest = (str(path).split(SEPARATOR) for path in (present.min(), present.max()))
    shared = 0
    while shared < min(len(least), len(greatest)) and least[shared] == greatest[shared]:
        shared += 1
    return SEPARATOR.join(least[: min(shared, len(greatest) - 1)])
