"""Open ends: tasks the logic does not hold at one side, and links that hold a summary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Flags
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import identity
from bentley_nb.reports.basis.nullable import category, integers, text
from bentley_nb.reports.basis.state import current_dates
from bentley_nb.reports.basis.tables import Source, Tables, empty_table, once

ISSUES = ("no predecessor", "no successor", "dangling start", "dangling finish", "link to summary")
_MOST_ROUNDS = 1_000  # in a long chain of single tasks, each round of arrays costs more than its one task


def open_ends(s: Source, *, data_date: object = None) -> pd.DataFrame:
    """List incomplete tasks and key dates with a missing or dangling end, and links to WBS rows.

    - no predecessor, no successor: DCMA check 1, DECM 06A204b;
    - dangling start: it has predecessors, but no finish-to-start or start-to-start link holds its start;
    - dangling finish: it has successors, but no finish-to-start or finish-to-finish link leaves its finish;
    - link to summary: a link at a WBS row (DECM 06A208a: there should be none).

    The first start key date may lack a predecessor and the last finish key date a successor; neither is listed for it.
    A start key date has no finish to dangle, a finish key date no start. Hammocks and WBS rows are not checked, and a
    link at one of them holds nothing: it is no predecessor nor successor here, as it is none in ``health``.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per finding: ``issue``, ``id``, ``user_defined_id``, ``name``, ``wbs_path``, ``type``, ``state``,
        ``start``, ``finish``, ``predecessors``, ``successors`` (links that hold the task), and for a link to a summary
        ``link_id``, ``other_id``, ``other_name`` (its other end). ``about(frame).facts["checks"]`` holds numerator and
        denominator per issue.

    Raises
    ------
    InvalidRequest
        There are tasks but no links available.

    Examples
    --------
    >>> bn.reports.open_ends(s)["issue"].cat.categories.tolist()
    ['no predecessor', 'no successor', 'dangling start', 'dangling finish', 'link to summary']
    """
    tables = Tables.of(s, data_date, ("tasks", "task_links"))
    tasks = tables.tasks
    ends, notes = link_ends(tables)
    size = len(tasks)
    logic = ends[drives(tables, ends)]
    left_out = len(ends) - len(logic)
    predecessors = np.bincount(logic["after"], minlength=size)
    successors = np.bincount(logic["before"], minlength=size)
    holds_start = np.bincount(logic["after"][logic["type"].isin(["FinishToStart", "StartToStart"])], minlength=size)
    from_finish = logic["type"].isin(["FinishToStart", "FinishToFinish"])
    leaves_finish = np.bincount(logic["before"][from_finish], minlength=size)

    checked = tables.open
    dates = current_dates(tasks)
    first, last, end_notes = project_ends(tables, dates)
    is_start = np.asarray(tasks["type"] == "StartKeyDate", dtype=bool)
    is_finish = np.asarray(tasks["type"] == "FinishKeyDate", dtype=bool)
    found: dict[str, Flags] = {
        "no predecessor": checked & (predecessors == 0) & ~first,
        "no successor": checked & (successors == 0) & ~last,
        "dangling start": checked & (predecessors > 0) & (holds_start == 0) & ~is_finish,
        "dangling finish": checked & (successors > 0) & (leaves_finish == 0) & ~is_start,
    }

    frame = identity(tables)
    frame[["start", "finish"]] = dates
    frame["predecessors"], frame["successors"] = integers(predecessors), integers(successors)
    ends = ends[touches(tables, ends)].reset_index(drop=True)
    at_summary = ends[tables.summaries[ends["before"]] | tables.summaries[ends["after"]]]
    summary_first = tables.summaries[at_summary["before"]]
    summary = np.where(summary_first, at_summary["before"], at_summary["after"]).astype(np.int64)
    other = np.where(summary_first, at_summary["after"], at_summary["before"]).astype(np.int64)
    listed_at = np.concatenate([*(np.flatnonzero(mask) for mask in found.values()), summary])
    issue = np.repeat(np.arange(len(ISSUES)), [*(int(mask.sum()) for mask in found.values()), len(summary)])

    listed = frame.iloc[listed_at].reset_index(drop=True)
    listed.insert(0, "issue", category(issue, ISSUES))
    blank = [None] * (len(listed_at) - len(summary))
    for column, values in (
        ("link_id", at_summary["id"]),
        ("other_id", tasks["id"].iloc[other]),
        ("other_name", tasks["name"].iloc[other]),
    ):
        listed[column] = text([*blank, *values])

    denominators = [int(checked.sum())] * 4 + [len(ends)]
    checks = {
        name: {"numerator": int((issue == number).sum()), "denominator": denominators[number]}
        for number, name in enumerate(ISSUES)
    }
    either = int((found["no predecessor"] | found["no successor"]).sum())
    checks["missing logic"] = {"numerator": either, "denominator": denominators[0]}
    notes = [
        f"{int(checked.sum()):,} incomplete tasks and key dates are checked; hammocks and WBS rows are not.",
        f"{left_out:,} link(s) to WBS rows or hammocks do not count as logic." if left_out else "",
        *end_notes,
        *notes,
        *cycle_notes(tables),
    ]
    return as_report(listed, tables, "open_ends", filter(None, notes), {"checks": checks})


def link_ends(tables: Tables) -> tuple[pd.DataFrame, list[str]]:
    """Return the links between two different known tasks, their ends as positions in ``tables.tasks``.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``type``, ``lag_hours`` (0 where missing), ``calendar_id``, ``before``, ``after``.
    list of str
        What was left out.

    Raises
    ------
    InvalidRequest
        There are tasks but no links available.
    """
    ends, notes = _link_ends(tables)
    return ends.copy(deep=False), list(notes)


@once
def _link_ends(tables: Tables) -> tuple[pd.DataFrame, list[str]]:
    links = tables.get("task_links")
    if links is None:
        if len(tables.tasks):
            raise InvalidRequest(
                f"The logic is unknown. {tables.why_missing('task_links')}",
                hint='Give the links too: {"tasks": frame, "task_links": frame}.',
                where=tables.schedule_name or tables.schedule_id,
            )
        links = empty_table("task_links")
    ids = tables.tasks["id"]
    before, after = positions(links["predecessor_id"], ids), positions(links["successor_id"], ids)
    lost = (before < 0) | (after < 0)
    looped = ~lost & (before == after)
    notes = []
    if lost.any():
        notes.append(f"{int(lost.sum()):,} link(s) lead to or from a missing task and are not counted.")
    if looped.any():
        notes.append(f"{int(looped.sum()):,} link(s) lead from a task to itself and are not counted.")
    if len(tables.tasks) and not len(links):
        notes.append("The schedule has no links at all.")
    ends = links[["id", "type", "lag_hours", "calendar_id"]].assign(before=before, after=after)
    ends["lag_hours"] = ends["lag_hours"].fillna(0.0)
    return ends[~(lost | looped)].reset_index(drop=True), notes


def drives(tables: Tables, ends: pd.DataFrame) -> Flags:
    """Return a mask of the links that are logic: neither end is a WBS row or a hammock, which drive nothing."""
    return np.asarray(tables.driving[ends["before"]] & tables.driving[ends["after"]], dtype=bool)


@once
def cycle_notes(tables: Tables) -> list[str]:
    """Return notes on tasks in, or behind, a cycle of links: no order of work satisfies these."""
    if tables.get("task_links") is None:
        return []
    ends, _ = link_ends(tables)
    logic = ends[drives(tables, ends)]
    before, after = logic["before"].to_numpy(dtype=np.int64), logic["after"].to_numpy(dtype=np.int64)
    order = np.argsort(before, kind="stable")
    follow, starts = after[order], np.searchsorted(before[order], np.arange(len(tables.tasks) + 1))
    waiting = np.bincount(after, minlength=len(tables.tasks))
    ready = np.flatnonzero(waiting == 0)
    for _ in range(_MOST_ROUNDS):  # what is ready together is taken together
        count = starts[ready + 1] - starts[ready]
        following = follow[np.arange(count.sum()) + np.repeat(starts[ready] + count - np.cumsum(count), count)]
        np.subtract.at(waiting, following, 1)
        ready = np.unique(following[waiting[following] == 0])
        if not len(ready):
            break
    stack = ready.tolist()
    while stack:
        place = stack.pop()
        for successor in follow[starts[place] : starts[place + 1]].tolist():
            waiting[successor] -= 1
            if not waiting[successor]:
                stack.append(successor)
    left = np.flatnonzero(waiting)
    if not len(left):
        return []
    names = ", ".join(repr(name) for name in tables.tasks["name"].iloc[left[:3]])
    return [f"{len(left):,} task(s) are in a cycle of links or depend on one, for example {names}."]


def touches(tables: Tables, ends: pd.DataFrame) -> Flags:
    """Return a mask of the links with an end in the part; all of them where the schedule is whole."""
    return np.asarray(tables.selected[ends["before"]] | tables.selected[ends["after"]], dtype=bool)


def project_ends(tables: Tables, dates: pd.DataFrame) -> tuple[Flags, Flags, list[str]]:
    """Return masks of the first start key date and the last finish key date, which need no logic before and after."""
    types = tables.tasks["type"]
    masks, notes = [], []
    for kind, side, word in (("StartKeyDate", "start", "first"), ("FinishKeyDate", "finish", "last")):
        mask = np.zeros(len(types), dtype=bool)
        when = dates[side].where(tables.key_dates & (types == kind)).dropna()
        if len(when):
            position: Any = when.idxmin() if word == "first" else when.idxmax()
            mask[position] = True
        elif len(types):
            notes.append(f"There is no {side} key date, so no task is excused as the {word}.")
        masks.append(mask)
    return masks[0], masks[1], notes
