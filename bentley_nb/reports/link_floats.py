"""The slack of every link: what it allows, what is planned, and whether it drives its successor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import identity
from bentley_nb.reports.basis.nullable import category, flags, numbers, text
from bentley_nb.reports.basis.state import current_dates
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.model import NEEDS, Model, instants
from bentley_nb.reports.cpm.passes import SS
from bentley_nb.reports.cpm.trace import STANDINGS, Trace

_CALENDAR_FROM = ("link", "predecessor", "chosen")


def link_floats(s: Source, *, data_date: object = None) -> pd.DataFrame:
    """Return the relationship float of every link, from the stored dates alone.

    Relationship float is the working time, on the successor's calendar, between the date a link allows and the date
    its successor has. A link without it drives its successor. Lags are counted on the link's calendar, else the
    predecessor's; of a lag from work in progress or complete only what is left at the data date is counted. A
    completed task carries the logic of its predecessors on to its successors.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per link: ``link_id``, ``predecessor_id``, ``predecessor`` (name), ``successor_id``, ``successor``,
        ``type``, ``lag_hours``, ``lag_calendar``, ``lag_calendar_from`` (link, predecessor, or chosen: the one that
        fits the dates best), ``allows`` and ``planned`` (the successor's start or finish), which compare on the
        successor's calendar, ``relationship_float_hours``, ``relationship_float_days`` (of the successor's calendar;
        negative where the link is violated), ``driving`` (NA for links that cannot drive), ``standing`` (open;
        carried: into completed work; ignored out of sequence; hammock; unknown task; WBS row).

    Raises
    ------
    InvalidRequest
        There are no links, or there is no data date.

    Examples
    --------
    >>> links = bn.reports.link_floats(s)
    >>> bool((links.loc[links["driving"].fillna(False), "relationship_float_days"] == 0).all())
    True
    """
    tables = Tables.of(s, data_date, NEEDS)
    return _link_floats(Trace.stored(Model.of(tables)))


def predecessors(s: Source, task: str, *, data_date: object = None) -> pd.DataFrame:
    """Return the predecessors of a task with the relationship float of their links, the tightest first.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    task
        Id, user-defined id or exact name.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per link: ``link_id``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``,
        ``start``, ``finish``, ``link_type``, ``lag_hours``, ``allows``, ``relationship_float_days``, ``driving``,
        ``standing``.

    Raises
    ------
    InvalidRequest
        There is no such task, there are no links, or there is no data date.

    Examples
    --------
    >>> task = s.tasks().query("type == 'FinishKeyDate'")["id"].iloc[-1]
    >>> bn.reports.predecessors(s, task).columns[:4].tolist()
    ['link_id', 'id', 'user_defined_id', 'name']
    """
    return _neighbours(s, task, data_date, "predecessor", "successor")


def successors(s: Source, task: str, *, data_date: object = None) -> pd.DataFrame:
    """Return the successors of a task with the relationship float of their links, the tightest first.

    Parameters
    ----------
    s, task, data_date
        As for ``predecessors``.

    Returns
    -------
    pandas.DataFrame
        The columns of ``predecessors``; ``driving`` says whether the task drives that successor.

    Raises
    ------
    InvalidRequest
        There is no such task, there are no links, or there is no data date.

    Examples
    --------
    >>> task = s.tasks().query("type == 'Work'")["id"].iloc[0]
    >>> bn.reports.successors(s, task)["driving"].dtype
    BooleanDtype
    """
    return _neighbours(s, task, data_date, "successor", "predecessor")


def _neighbours(s: Source, task: str, data_date: object, wanted: str, own: str) -> pd.DataFrame:
    tables = Tables.of(s, data_date, NEEDS)
    model = Model.of(tables)
    key = tables.tasks["id"].iloc[model.task[model.find(task)]]
    links = _link_floats(Trace.stored(model))
    rows = links[(links[f"{own}_id"] == key).fillna(value=False).to_numpy(dtype=bool)]
    place = positions(rows[f"{wanted}_id"], tables.tasks["id"])
    rows, place = rows[place >= 0].reset_index(drop=True), place[place >= 0]
    frame = pd.concat(
        [
            rows[["link_id"]],
            identity(tables).iloc[place].reset_index(drop=True),
            current_dates(tables.tasks).iloc[place].reset_index(drop=True),
            rows[["type"]].rename(columns={"type": "link_type"}),
            rows[["lag_hours", "allows", "relationship_float_days", "driving", "standing"]],
        ],
        axis=1,
    ).sort_values("relationship_float_days", kind="stable", ignore_index=True)
    name = model.name(model.find(task))
    drives = int(frame["driving"].fillna(value=False).sum())
    verb = "drive it" if wanted == "predecessor" else "are driven by it"
    notes = [f"{len(frame):,} {wanted}(s) of {name}; {drives:,} {verb}.", *model.notes]
    facts = {"task": name, "links": len(frame), "driving": drives}
    return as_report(frame, tables, f"{wanted}s", notes, facts)


def _link_floats(trace: Trace) -> pd.DataFrame:
    model = trace.model
    tables, table, activities = model.tables, model.link_table, model.activities
    count, rows = len(table), np.array(model.link_rows, dtype=np.int64)
    tasks = tables.tasks
    ends = [positions(table[f"{role}_id"], tasks["id"]) for role in ("predecessor", "successor")]

    allows: list[int | None] = [None] * count
    planned: list[int | None] = [None] * count
    hours, days = np.full(count, np.nan), np.full(count, np.nan)
    driving: list[bool | None] = [None] * count
    at_summary = np.zeros(count, dtype=bool)
    for end in ends:
        at_summary |= (end >= 0) & np.append(tables.summaries, False)[end]
    standing = np.where(at_summary, STANDINGS.index("WBS row"), STANDINGS.index("unknown task"))
    calendar = np.full(count, None, dtype=object)
    source = np.full(count, -1)
    named = positions(table["calendar_id"], text(list(tables.working_time.rules))) >= 0
    for number, (row, link) in enumerate(zip(rows.tolist(), model.links, strict=True)):
        allows[row] = trace.allows[number]
        planned[row] = trace.starts[link.after] if link.kind <= SS else trace.finishes[link.after]
        standing[row] = STANDINGS.index(trace.standing(number))
        slack, clock = trace.slack[number], activities[link.after].clock
        if slack is not None:
            hours[row], days[row] = slack / 3600, slack / clock.per_day
        if standing[row] in (STANDINGS.index("open"), STANDINGS.index("ignored out of sequence")) and slack is not None:
            driving[row] = trace.driving[number]
            if trace.driving[number]:
                hours[row] = days[row] = 0.0
        calendar[row] = (link.clock or activities[link.before].clock).name
        source[row] = 0 if named[row] else 2 if trace.chosen and link.lag else 1

    names = tasks["name"]
    frame = pd.DataFrame({"link_id": table["id"]})
    for role, end in zip(("predecessor", "successor"), ends, strict=True):
        frame[f"{role}_id"] = table[f"{role}_id"]
        frame[role] = text(names.reindex(end).array)
    frame["type"] = table["type"]
    frame["lag_hours"] = table["lag_hours"].fillna(0.0)
    frame["lag_calendar"] = text(calendar)
    frame["lag_calendar_from"] = category(source, _CALENDAR_FROM)
    frame["allows"], frame["planned"] = instants(allows), instants(planned)
    frame["relationship_float_hours"], frame["relationship_float_days"] = numbers(hours), numbers(days)
    frame["driving"] = flags(driving)
    frame["standing"] = category(standing, STANDINGS)
    if tables.part is not None:
        inside = [np.append(tables.selected, False)[end] for end in ends]
        frame = frame[inside[0] | inside[1]].reset_index(drop=True)
    facts = {
        "links": len(frame),
        "driving": int(frame["driving"].fillna(value=False).sum()),
        "violated": trace.violated,
        "undriven": trace.undriven,
    }
    notes = [
        f"{facts['driving']:,} of {len(frame):,} links drive the date of open work.",
        f"{trace.violated:,} link(s) allow only a later date than their successor has." if trace.violated else "",
        f"{trace.undriven:,} open task(s) have a date that no link, constraint or the data date explains."
        if trace.undriven
        else "",
        *model.notes,
    ]
    return as_report(frame, tables, "link_floats", filter(None, notes), facts)
