"""The reports as sub-commands: the parameters of each that can be typed as text, with the words of the help.

A test compares them with the signatures of ``bentley_nb.reports``. They are not read from there, because completion
and help would then have to import pandas first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bentley_nb.notebook.magic.arguments import Argument, Option, number, whole_number

BASELINE = Option("baseline", "exact name or id of a baseline; the latest by default", "NAME", offers="baselines")
DATA_DATE = Option("data_date", "instead of the schedule's, such as 2024-05-31", "DATE")
_FORECAST = Option("forecast", "finish to put before the planned one", "WHICH", choices=("estimated", "expected"))
_WEIGHTS = ("duration", "count", "quantity")
_WEIGHT = Option("weight", "what a task counts for, or a numeric user field or column", "WHAT", offers=_WEIGHTS)
_PERIODS = ("D", "W", "M", "Q", "Y")
_PERIOD = Option("period", "D, W, W-SAT, M, Q or Y", "PERIOD", offers=_PERIODS)
ZONE = Option("zone", "time zone of dates and days; the session's display zone by default", "ZONE")
CODES = Option("codes", "one column per code, or those named", "NAME", many=True, alone=True, offers="codes")
SOURCE = "a variable, the folder of a kept copy, a .parquet file of tasks, or the name or id of a schedule"
_BEFORE = Argument("before", SOURCE, required=True, offers="sources")
_KEY = Option("key", "by what tasks are matched", "COLUMN", choices=("id", "user_defined_id"))


def _or_none(text: str) -> str | None:
    return None if text == "none" else text


def _threshold(text: str) -> tuple[str, float | str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise ValueError("a name and a value, such as high_float_days=44")
    try:
        return name.replace("-", "_"), number(value)
    except ValueError:
        return name.replace("-", "_"), value


def _group(text: str) -> Any:
    """Read what progress is summed up by; ``wbs:2`` and ``code:Zone`` name what a plain name leaves open."""
    kind, colon, name = text.partition(":")
    if not colon or kind.replace("-", " ") not in ("wbs", "code", "user field", "column"):
        return text
    return (kind, whole_number(name)) if kind == "wbs" else (kind.replace("-", " "), name)


def _capacity(text: str) -> float | str:
    """Read a limit for each series, or the user field with that of each resource."""
    try:
        return number(text)
    except ValueError:
        return text


def _changes(text: str) -> dict[str, str]:
    """Read ``A100=+10d,A200=+2d``."""
    changes = {}
    for part in text.split(","):
        task, equals, value = part.rpartition("=")
        if not equals or not task.strip() or not value.strip():
            raise ValueError("tasks and what changes, such as A100=+10d,A200=+2d")
        changes[task.strip()] = value.strip()
    return changes


FLOAT_UNIT = Option(
    "float_unit",
    "unit of the service's raw floats",
    "UNIT",
    choices=("seconds", "hours", "days", "none"),
    convert=_or_none,
)
PROFILE = Option("profile", "which set of checks and thresholds", "NAME", choices=("dcma", "bentley", "decm"))
_THRESHOLD = Option(
    "thresholds", "others than the profile's: high_float_days=44", "NAME=VALUE", many=True, convert=_threshold
)
_HEALTH = (PROFILE, BASELINE, FLOAT_UNIT, DATA_DATE, _THRESHOLD)
_ELEMENTS = (
    Option("at", "date to look at; the data date by default", "DATE"),
    Option("done_statuses", "recorded statuses that mean: in place", "NAME", many=True),
    DATA_DATE,
)
_BY = Option(
    "by",
    "one per group: wbs:2, status, state, or a code, user field or column of the tasks",
    "X",
    offers="groups",
    convert=_group,
)
_TASK = Argument("task", "id, activity id or exact name of a task", required=True)
_TO = Option("to", "task or key date instead of the finish: id, activity id or exact name", "TASK")
_WITHIN = Option("within", "add near-driving work up to so many working days from the path", "DAYS", convert=number)
_HOLD = Option("hold", "hold what nothing explains at its stored start", "WHAT", choices=("unexplained",))
_OUT_OF_SEQUENCE = Option(
    "out_of_sequence",
    "instead of what fits the stored dates best",
    "WHICH",
    choices=("retained logic", "progress override"),
)


def _field(text: str) -> tuple[str, Any]:
    """Read ``Trade=Concrete``; ``Trade=`` is without a value, ``planned_start=2024-03-01..`` a range."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError("a field and a value, such as Trade=Concrete")
    ends = re.fullmatch(r"([-\d][-\d.]*?)?\.\.([-\d][-\d.]*)?", value)
    if ends and any(ends.groups()):
        return name.strip(), ends.groups()
    return name.strip(), value or None


ONLY = Option(
    "only",
    "only tasks with this value of a column, code or user field, or below a WBS element (wbs=NAME); repeatable",
    "FIELD=VALUE",
    many=True,
    offers="fields",
    convert=_field,
)


@dataclass(frozen=True)
class ReportCommand:
    """A report that can be typed.

    Attributes
    ----------
    name
        Name of the function in ``bentley_nb.reports``.
    meaning
        One sentence without its full stop.
    options, arguments
        Its parameters.
    """

    name: str
    meaning: str
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...] = ()


REPORTS = (
    ReportCommand(
        "look_ahead",
        "Open work and key dates of the next weeks",
        (
            Option("weeks", "length of the window; 3 by default", "N", convert=whole_number),
            Option("week_start", "weekday on which weeks begin", "DAY", offers=("monday", "saturday", "sunday")),
            _FORECAST,
            FLOAT_UNIT,
            ZONE,
            CODES,
            DATA_DATE,
        ),
    ),
    ReportCommand(
        "late",
        "Work and key dates that are late, and by how much",
        (
            BASELINE,
            Option("tolerance", "working days that do not count as late", "DAYS", convert=number),
            _FORECAST,
            FLOAT_UNIT,
            DATA_DATE,
        ),
    ),
    ReportCommand(
        "milestones",
        "Key dates against baseline and an earlier state",
        (Option("previous", SOURCE, "BEFORE", offers="sources"), BASELINE, _FORECAST, FLOAT_UNIT, DATA_DATE),
    ),
    ReportCommand(
        "critical",
        "Critical and near-critical work",
        (
            Option("near", "working days of float that count as near-critical; 10 by default", "DAYS", convert=number),
            FLOAT_UNIT,
            DATA_DATE,
        ),
    ),
    ReportCommand("total_float", "Total and free float of open work", (FLOAT_UNIT, DATA_DATE)),
    ReportCommand("float_distribution", "How much work has how much float", (FLOAT_UNIT, DATA_DATE)),
    ReportCommand("variance", "Dates and durations against a baseline", (BASELINE, _FORECAST, FLOAT_UNIT, DATA_DATE)),
    ReportCommand(
        "slippage",
        "What moved since an earlier state of the schedule",
        (_KEY, _FORECAST, FLOAT_UNIT, ZONE),
        (_BEFORE,),
    ),
    ReportCommand(
        "changes",
        "Everything that changed since an earlier state, field by field",
        (_KEY, Option("tables", "only these tables", "TABLE", many=True, offers="collections")),
        (_BEFORE,),
    ),
    ReportCommand(
        "signs", "Changes since an earlier state that are worth a question", (_KEY, FLOAT_UNIT, ZONE), (_BEFORE,)
    ),
    ReportCommand(
        "trend",
        "Finish, key dates, float and indices of each kept copy",
        (
            Option("key_dates", "only these key dates: ids, activity ids or names", "NAME", many=True),
            _WEIGHT,
            BASELINE,
            _KEY,
            FLOAT_UNIT,
        ),
        (Argument("copies", "folder with kept copies of a schedule", required=True, offers="files"),),
    ),
    ReportCommand(
        "progress",
        "Percent complete by WBS, code, user field or status",
        (
            Option(
                "by",
                "wbs, wbs:2, status, state, or a code, user field or column of the tasks",
                "X",
                offers="groups",
                convert=_group,
            ),
            _WEIGHT,
            Option(
                "several",
                "where a task with several values of a code counts",
                "HOW",
                choices=("each", "join", "first", "error"),
            ),
            BASELINE,
            FLOAT_UNIT,
            DATA_DATE,
        ),
    ),
    ReportCommand("wbs_rollup", "Percent complete by WBS element", (_WEIGHT, BASELINE, FLOAT_UNIT, DATA_DATE)),
    ReportCommand(
        "s_curve", "Planned, earned and forecast value over time", (_WEIGHT, _PERIOD, BASELINE, _BY, ZONE, DATA_DATE)
    ),
    ReportCommand(
        "earned_value",
        "Earned value and earned schedule at the data date",
        (
            _WEIGHT,
            Option("cost", "numeric user field of tasks with actual cost", "FIELD", offers="user_fields"),
            _PERIOD,
            BASELINE,
            _BY,
            DATA_DATE,
        ),
    ),
    ReportCommand(
        "scorecard",
        "Completion, progress, performance and health in one row",
        (Option("before", SOURCE, "BEFORE", offers="sources"), BASELINE, PROFILE, FLOAT_UNIT, DATA_DATE),
    ),
    ReportCommand("open_ends", "Work without predecessor or successor", (DATA_DATE,)),
    ReportCommand("out_of_sequence", "Work done against its logic", (DATA_DATE,)),
    ReportCommand(
        "resource_histogram",
        "Resource units per period",
        (
            _PERIOD,
            Option(
                "by",
                "one series per resource, type, group, or code (trade), user field, status or WBS level of the tasks",
                "X",
                offers="groups",
                convert=_group,
            ),
            Option("quantity", "which units", "WHICH", choices=("planned", "remaining", "actual")),
            Option("types", "types of resource; all for all", "TYPE", many=True),
            Option("capacity", "units per working day: a number, or a user field of resources", "X", convert=_capacity),
            ZONE,
            DATA_DATE,
        ),
    ),
    ReportCommand("driving_path", "Work that drives the finish, or the date of a task", (_TO, _WITHIN, DATA_DATE)),
    ReportCommand("path_to", "Work that drives a task", (_WITHIN, DATA_DATE), (_TASK,)),
    ReportCommand("predecessors", "Predecessors of a task, the driving ones marked", (DATA_DATE,), (_TASK,)),
    ReportCommand("successors", "Successors of a task, those it drives marked", (DATA_DATE,), (_TASK,)),
    ReportCommand("link_floats", "Relationship float of each link", (DATA_DATE,)),
    ReportCommand("network_check", "Own dates and floats beside the stored ones", (_HOLD, _OUT_OF_SEQUENCE, DATA_DATE)),
    ReportCommand(
        "what_if",
        "What moves if work starts later",
        (_TO, _HOLD, _OUT_OF_SEQUENCE, DATA_DATE),
        (Argument("changes", "A100=+10d,A200=+2d", required=True, convert=_changes),),
    ),
    ReportCommand(
        "critical_path_test",
        "How far 600 working days more move the finish",
        (
            Option("days", "working days that are added; 600 by default", "N", convert=whole_number),
            Option("task", "task to test: id, activity id or exact name", "TASK"),
            _HOLD,
            _OUT_OF_SEQUENCE,
            DATA_DATE,
        ),
    ),
    ReportCommand(
        "half_step", "Why the finish moved: progress, and each kind of revision", (_TO, _KEY, _HOLD), (_BEFORE,)
    ),
    ReportCommand(
        "finish_risk",
        "Percentiles of the finish when durations vary",
        (
            Option("spread", "lowest, likeliest and highest factor; 0.9 1 1.3", "FACTOR", many=True, convert=number),
            Option("runs", "number of samples; 10,000 by default", "N", convert=whole_number),
            Option("seed", "seed of the random numbers", "N", convert=whole_number),
            _TO,
            Option("correlation", "of any two durations, from 0 to 1", "SHARE", convert=number),
            Option("criticality", "also how often each task is on the path"),
            DATA_DATE,
        ),
    ),
    ReportCommand("element_status", "State of each 3D element", _ELEMENTS),
    ReportCommand("element_counts", "3D elements by state", _ELEMENTS),
    ReportCommand("health", "Health checks of the schedule", _HEALTH),
    ReportCommand(
        "health_details",
        "What a health check objects to",
        _HEALTH,
        (Argument("check", "name or number of the check", required=True),),
    ),
)
