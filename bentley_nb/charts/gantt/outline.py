"""Which rows a Gantt shows: the WBS in order, or as much of it as can be read, and what each row shows.

A chart of 20,000 bars shows nothing. Above `max_rows` the deepest WBS levels are folded into their parents, whose
rows then show the periods with work; a schedule without a WBS is thinned out. Either way the outline says in words
what it left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from bentley_nb.charts.gantt.bars import NONE, Bars
from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Flags, Floats, Ints
from bentley_nb.frames.keys import arrow_text
from bentley_nb.frames.wbs import SEPARATOR, Wbs

_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class WbsSums:
    """Sums over each WBS element and all below it.

    Attributes
    ----------
    start, finish
        Earliest start and latest finish, ``NONE`` where nothing below has dates.
    tasks, points, critical
        Number of tasks with length, of key dates and tasks without, and of critical ones.
    percent
        Percent complete, weighted by planned duration; NaN where no duration is known.
    base_finish
        Latest finish in the baseline, ``NONE`` where nothing below is in it.
    float_days
        Least total float, NaN where it is unknown.
    """

    start: Ints
    finish: Ints
    tasks: Floats
    points: Floats
    critical: Floats
    percent: Floats
    base_finish: Ints
    float_days: Floats


@dataclass(frozen=True)
class Outline:
    """The rows of a Gantt. Arrays are as long as the tasks frame, except `order`.

    Attributes
    ----------
    order
        Positions of the tasks that have a row of their own, from top to bottom.
    row
        Row in which each task is drawn: its own, that of the WBS element it is folded into, or -1.
    depth
        Level below the top of the schedule (or of the branch shown).
    summary, heading
        WBS rows; and those with rows of their own below them.
    below
        For each WBS row, what is below it.
    kind
        What the rows above tasks are: "WBS", or the group that takes its place.
    notes
        What is not shown, in sentences.
    """

    order: Ints
    row: Ints
    depth: Ints
    summary: Flags
    heading: Flags
    below: WbsSums
    kind: str
    notes: list[str] = field(default_factory=list)


def outline(
    bars: Bars, tree: Wbs, *, wanted: Flags, max_rows: int | None, wbs: str | None, kind: str = "WBS"
) -> Outline:
    """Order the tasks by WBS and start, and fold what does not fit into `max_rows`.

    Parameters
    ----------
    bars, tree
        What is drawn of each task, and their WBS.
    wanted
        Tasks to show; WBS elements are shown with the tasks below them.
    max_rows
        Most rows; None for all.
    wbs
        Id, name or path ("Building A > Foundations") of the WBS element to show alone.
    kind
        What the rows above tasks are, for the notes.

    Raises
    ------
    InvalidRequest
        There is no such WBS element.
    """
    # Tasks may have tasks below them without being marked as WBS: whatever has children gets a heading.
    summary = np.asarray(bars.tasks["is_wbs"].fillna(value=False), dtype=bool) | tree.is_parent
    below = _below(bars, tree, wanted & ~summary)
    depth = tree.depth
    inside = np.ones(len(summary), dtype=bool) if wbs is None else _branch(bars.tasks, tree, summary, wbs)
    notes: list[str] = []
    # A WBS element with nothing to draw would be a heading over nothing.
    shown = inside & (below.start != NONE)
    if undated := int((inside & wanted & ~summary & ~shown).sum()):
        notes.append(f"{undated:,} tasks without dates are left out.")
    if wbs is not None and shown.any():
        depth = depth - depth[shown].min()

    own = shown
    if max_rows is not None and shown.sum() > max_rows:
        own, note = _folded(shown, summary, depth, max_rows, kind)
        if not own.any():
            # No level of the WBS fits (or there is none): single tasks say more than an empty chart.
            own, note = _thinned(shown & ~summary, below.start, bars.critical | bars.point, max_rows)
        notes.append(note)
    code = bars.tasks["user_defined_id" if kind == "WBS" else "name"]
    order = _walk(code, tree, summary, below.start)
    order = order[own[order]]
    row = np.full(len(summary), -1, dtype=np.int64)
    row[order] = np.arange(len(order))
    _fold_into_rows(row, tree, shown & ~own)
    heading = np.zeros(len(summary), dtype=bool)
    heading[tree.parent[own & (tree.parent >= 0)]] = True
    return Outline(order, row, depth, summary, heading & own, below, kind, notes)


def _below(bars: Bars, tree: Wbs, leaf: Flags) -> WbsSums:
    leaf = leaf & (bars.start != NONE)
    length = leaf & ~bars.point
    hours = bars.tasks["planned_duration_hours"].to_numpy(dtype=np.float64, na_value=0.0)
    weight = np.where(length, hours, 0.0)
    total, done = tree.sum_up(weight), tree.sum_up(weight * bars.percent)
    percent = np.divide(done, total, out=np.full(len(leaf), np.nan), where=total > 0)
    start = tree.least(np.where(leaf, bars.start, np.nan).astype(np.float64))
    finish = tree.greatest(np.where(leaf, bars.finish, np.nan).astype(np.float64))
    tasks, points, critical = (
        tree.sum_up((leaf & mask).astype(np.float64)) for mask in (length, bars.point, bars.critical)
    )
    base_finish = tree.greatest(np.where(leaf & (bars.base_finish != NONE), bars.base_finish, np.nan))
    float_days = tree.least(np.where(leaf, bars.float_days, np.nan))
    return WbsSums(_whole(start), _whole(finish), tasks, points, critical, percent, _whole(base_finish), float_days)


def _whole(instants: Floats) -> Ints:
    """Return microseconds since 1970 as whole numbers: below 2**53, which is the year 2255, they are exact."""
    missing = np.isnan(instants)
    return np.where(missing, NONE, np.where(missing, 0.0, instants).astype(np.int64))


def _branch(tasks: pd.DataFrame, tree: Wbs, summary: Flags, wbs: str) -> Flags:
    """Return a mask of one WBS element and everything below it."""
    names = tasks["name"].fillna("").astype(object).to_numpy()
    steps = [step.strip() for step in str(wbs).split(SEPARATOR.strip())]

    def fits(position: int) -> bool:
        for step in reversed(steps):
            if position < 0 or names[position].strip() != step:
                return False
            position = int(tree.parent[position])
        return True

    candidates = np.flatnonzero(summary)
    wanted = candidates[np.asarray(tasks["id"].iloc[candidates] == wbs, dtype=bool)]
    if not len(wanted):
        wanted = np.array([position for position in candidates if fits(int(position))], dtype=np.int64)
    if not len(wanted):
        raise InvalidRequest(f"There is no WBS element {wbs!r}.", hint=nearest(str(wbs), map(str, names[candidates])))
    if len(wanted) > 1:
        paths = tree.full_paths()[wanted]
        raise InvalidRequest(
            f"{len(wanted)} WBS elements are named {wbs!r}.",
            hint=f"Pass the path of one of them: {'; '.join(map(repr, paths[:12]))}.",
        )
    inside = np.zeros(len(tasks), dtype=bool)
    inside[wanted] = True
    return tree.with_below(inside)


def _folded(shown: Flags, summary: Flags, depth: Ints, max_rows: int, kind: str) -> tuple[Flags, str]:
    """Keep as many WBS levels as fit, and the tasks above the fold where there is room for all of them."""
    levels = np.bincount(depth[shown & summary], minlength=1).cumsum()
    fitting = int(np.searchsorted(levels, max_rows, side="right"))
    own = shown & summary & (depth < fitting)
    loose = shown & ~summary & (depth < fitting)
    elements = int(own.sum())
    if elements + loose.sum() <= max_rows:
        own = own | loose
    folded = int((shown & ~summary & ~own).sum())
    rows = f"{elements:,} {kind} row{'s' * (elements != 1)}" + (f" (levels 1 to {fitting})" if fitting > 1 else "")
    note = f"{folded:,} tasks are folded into {rows}: the bars there are periods with work."
    return own, note


def _thinned(candidates: Flags, start: Ints, wanted: Flags, max_rows: int) -> tuple[Flags, str]:
    """Keep critical tasks and key dates first, the others evenly along time."""
    first, rest = np.flatnonzero(candidates & wanted), np.flatnonzero(candidates & ~wanted)
    first = _evenly(first[np.argsort(start[first], kind="stable")], max_rows)
    rest = _evenly(rest[np.argsort(start[rest], kind="stable")], max_rows - len(first))
    own = np.zeros(len(candidates), dtype=bool)
    own[np.concatenate([first, rest])] = True
    note = (
        f"Only {own.sum():,} of {candidates.sum():,} tasks are drawn, as there is no WBS to fold them into: "
        "critical ones and key dates first, others evenly along time."
    )
    return own, note


def _evenly(positions: Ints, room: int) -> Ints:
    if len(positions) <= room:
        return positions
    return positions[np.linspace(0, len(positions) - 1, room).round().astype(np.int64)]


def _walk(code: pd.Series[Any], tree: Wbs, summary: Flags, start: Ints) -> Ints:
    """Return the positions in depth-first order; below each element its tasks by start, then its elements."""
    code = code.fillna("")
    alphabetical = pc.rank(arrow_text(code), tiebreaker="dense").to_numpy()
    rank = _rank(code[summary].tolist(), start, summary)
    return tree.depth_first(np.lexsort((alphabetical, rank, summary)))


def _rank(codes: list[str], start: Ints, summary: Flags) -> Ints:
    """Rank tasks by start, and WBS elements by their code where all have one: rows keep their place between updates."""
    if not codes or "" in codes or len(set(codes)) < len(codes):
        return start
    in_order = sorted(codes, key=_natural)
    place = {code: number for number, code in enumerate(in_order)}
    rank = start.copy()
    rank[summary] = [place[code] for code in codes]
    return rank


def _natural(code: str) -> list[str | int]:
    """Sort key by which 2.10 comes after 2.9: text and numbers in turn."""
    parts: list[str | int] = list(_NUMBERS.split(code))
    parts[1::2] = map(int, parts[1::2])
    return parts


def _fold_into_rows(row: Ints, tree: Wbs, hidden: Flags) -> None:
    """Assign hidden tasks the row of the nearest shown WBS element above them."""
    for level in range(1, int(tree.depth.max(initial=0)) + 1):
        here = hidden & (tree.depth == level)
        row[here] = row[tree.parent[here]]


def periods(row: Ints, start: Ints, finish: Ints, *, gap: int) -> pd.DataFrame:
    """Join the bars of each row that touch, overlap, or are at most `gap` apart: columns row, start, finish, tasks."""
    bars = pd.DataFrame({"row": row, "start": start, "finish": finish}).sort_values(["row", "start"], kind="stable")
    reached: pd.Series[Any] = bars.groupby("row")["finish"].cummax().groupby(bars["row"]).shift()
    apart: pd.Series[Any] = reached.isna() | (bars["start"] > reached + gap)
    joined = bars.groupby(apart.cumsum().to_numpy())
    return joined.agg(
        row=("row", "first"), start=("start", "min"), finish=("finish", "max"), tasks=("row", "size")
    ).reset_index(drop=True)
