"""The work breakdown structure as positions: parents, depths, paths, and sums from the leaves up.

Everything is done level by level over whole columns. A child of a missing parent becomes a root; a cycle of
parents is cut; both are counted in notes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb.frames.dtypes import Flags, Floats, Ints, string_dtype
from bentley_nb.frames.keys import arrow_text, positions

SEPARATOR = " > "

# Large enough for Arrow's kernels, small enough that the copies stay small.
_PART = 1 << 14


class Wbs:
    """Tree of the tasks by ``parent_id``.

    Parameters
    ----------
    tasks
        ``Tables.tasks``: unique ids.

    Attributes
    ----------
    parent
        Position of each task's parent, -1 at the top.
    named_as_parent
        Mask of tasks that another task names as its parent, whether or not that link was cut to break a cycle.
    depth
        Levels above each task, 0 at the top.
    notes
        Orphans and cycles, in sentences.
    """

    def __init__(self, tasks: pd.DataFrame) -> None:
        parent_id = tasks["parent_id"]
        self.notes: list[str] = []
        self.parent: Ints = positions(parent_id, tasks["id"])
        children = np.flatnonzero((self.parent >= 0) & (self.parent != np.arange(len(self.parent))))
        self.named_as_parent: npt.NDArray[np.bool_] = np.bincount(self.parent[children], minlength=len(self.parent)) > 0
        orphans = int(((self.parent < 0) & parent_id.notna()).sum())
        if orphans:
            self.notes.append(f"{orphans:,} task(s) name a parent that does not exist; they are placed at the top.")
        # The service does not promise a tree, and a cycle would make every loop below endless.
        circles = _in_circle(self.parent)
        if len(circles):
            self.parent[circles] = -1
            self.notes.append(
                f"{len(circles):,} task(s) are their own ancestors; the cycle is cut and they are placed at the top."
            )
        self.depth: Ints = _depths(self.parent)
        self._by_level = _levels(self.depth)
        self._names = tasks["name"]

    @property
    def is_parent(self) -> npt.NDArray[np.bool_]:
        """Mask of tasks that have children."""
        return np.bincount(self.parent[self.parent >= 0], minlength=len(self.parent)) > 0

    def paths(self, rows: Ints | None = None) -> pd.Series[Any]:
        """Return the names of the ancestors, from the top, joined by " > "; NA at the top.

        Of all tasks, or of those at some positions.
        """
        parents = self.is_parent
        names = pc.fill_null(arrow_text(self._names), "")
        texts = [pa.nulls(1, pa.large_string())]  # one per parent, however many children share it
        place = np.zeros(len(self.parent) + 1, dtype=np.int64)  # the last stands for the parent of those at the top
        between = pa.scalar(SEPARATOR, pa.large_string())
        count, start = 1, 0
        for members in self._by_level:
            here = members[parents[members]]
            own = names.take(pa.array(here))
            if start:
                above = texts[-1].take(pa.array(place[self.parent[here]] - start))
                own = pc.binary_join_element_wise(above, own, between)
            texts.append(own)
            place[here] = np.arange(count, count + len(here))
            count, start = count + len(here), count
        text, own_place = pa.concat_arrays(texts), place[self.parent if rows is None else self.parent[rows]]
        # In parts, since a text that grows is copied again and again, and needs twice its memory at last.
        parts = [text.take(pa.array(own_place[at : at + _PART])) for at in range(0, max(len(own_place), 1), _PART)]
        dtype: Any = string_dtype()
        return pd.Series(dtype.__from_arrow__(pa.chunked_array(parts)))

    def full_paths(self) -> npt.NDArray[np.object_]:
        """Return the path of each task with its own name at the end, as text."""
        names, above = (text.fillna("").astype(object).to_numpy() for text in (self._names, self.paths()))
        return np.where(above == "", names, above + SEPARATOR + names)

    def with_below(self, chosen: Flags) -> Flags:
        """Return a mask of these tasks and everything below them."""
        inside = chosen.copy()
        for members in self._by_level[1:]:
            inside[members] |= inside[self.parent[members]]
        return inside

    def sum_up(self, values: Floats) -> Floats:
        """Return the value of each task and everything below it, added up."""
        return self._gather(values, np.add)

    def least(self, values: Floats) -> Floats:
        """Return the least value of each task and everything below it; NaN where all are."""
        return self._gather(values, np.fmin)

    def greatest(self, values: Floats) -> Floats:
        """Return the greatest value of each task and everything below it; NaN where all are."""
        return self._gather(values, np.fmax)

    def ancestor_at(self, level: int) -> Ints:
        """Return the position of the ancestor (or self) at a depth, -1 for tasks above it."""
        found = np.where(self.depth >= level, np.arange(len(self.parent)), -1)
        for _ in range(int(self.depth.max(initial=0)) - level):
            lower = (found >= 0) & (self.depth[found] > level)
            found = np.where(lower, self.parent[found], found)
        return found

    def depth_first(self, ranked: Ints) -> Ints:
        """Return the positions in tree order, siblings in the order of ``ranked`` (all positions, first to last)."""
        rank = np.empty(len(ranked), dtype=np.int64)
        rank[ranked] = np.arange(len(ranked))
        size = self.sum_up(np.ones(len(ranked))).astype(np.int64)
        place = np.zeros(len(ranked), dtype=np.int64)
        for number, members in enumerate(self._by_level):
            base = place[self.parent[members]] + 1 if number else np.zeros(len(members), dtype=np.int64)
            order = np.lexsort((rank[members], base))
            here, group = members[order], base[order]
            before = np.cumsum(size[here]) - size[here]
            first = np.append(True, group[1:] != group[:-1])
            # A sibling stands behind its parent and behind everything below the siblings before it.
            place[here] = group + before - before[first][np.cumsum(first) - 1]
        order = np.empty(len(ranked), dtype=np.int64)
        order[place] = np.arange(len(ranked))
        return order

    def outline(self, tasks: pd.DataFrame) -> Ints:
        """Positions in the order of the tree, siblings in the order of their planned start."""
        start = tasks["planned_start"].fillna(tasks["planned_finish"])
        return self.depth_first(np.argsort(start.to_numpy(dtype="M8[us]"), kind="stable").astype(np.int64))

    def _gather(self, values: Floats, combine: np.ufunc) -> Floats:
        result = np.array(values, dtype=np.float64)
        # From the deepest level up; the top has no parent to add to.
        for here in self._by_level[:0:-1]:
            # ufunc.at adds every child; plain indexing would keep only one per parent.
            combine.at(result, self.parent[here], result[here])
        return result


def add_wbs_columns(tasks: pd.DataFrame) -> pd.DataFrame:
    """Add ``wbs_path``, ``wbs_level`` and ``is_leaf`` to a frame of tasks.

    Parameters
    ----------
    tasks
        A frame with the columns ``id``, ``name`` and ``parent_id``.

    Returns
    -------
    pandas.DataFrame
        The same frame with three more columns:

        ``wbs_path`` (string)
            Names of the summary tasks above, outermost first, joined with ``" > "``; missing at the top.
        ``wbs_level`` (Int64)
            Level as planners count it: 1 at the top.
        ``is_leaf`` (boolean)
            True where no other task names this one as its parent.

        A parent that is not in the frame counts as none, and a cycle of parents is cut: those tasks are at the top.
        Should the service send members of these names, they are kept as ``wbs_path [service]`` and so on.
    """
    tree = Wbs(tasks)
    # Should the service add such a member one day, both are kept.
    served = {name: f"{name} [service]" for name in ("wbs_path", "wbs_level", "is_leaf") if name in tasks}
    tasks = tasks.rename(columns=served) if served else tasks.copy(deep=False)
    tasks["wbs_path"] = tree.paths().set_axis(tasks.index)
    tasks["wbs_level"] = pd.array(tree.depth + 1, dtype="Int64")
    tasks["is_leaf"] = pd.array(~tree.named_as_parent, dtype="boolean")
    return tasks


def _in_circle(parent: Ints) -> Ints:
    """Return the positions whose chain of parents comes back to themselves."""
    above, steps = parent.copy(), 1
    while (above >= 0).any() and steps <= len(parent):
        above = np.where(above >= 0, above[above], -1)  # twice as many steps each time
        steps *= 2
    # A task with more ancestors than there are tasks has by now arrived in a cycle, and reaches all of it.
    return np.unique(above[above >= 0])


def _depths(parent: Ints) -> Ints:
    depth = (parent >= 0).astype(np.int64)
    above = parent.copy()
    while (alive := above >= 0).any():
        depth += np.where(alive, depth[above], 0)  # twice as far each time, however deep the tree
        above = np.where(alive, above[above], -1)
    return depth


def _levels(depth: Ints) -> list[Ints]:
    small = depth.astype(np.int16) if depth.max(initial=0) < np.iinfo(np.int16).max else depth
    order = np.argsort(small, kind="stable")  # numpy sorts small integers by their digits, five times as quick
    return np.split(order, np.flatnonzero(np.diff(depth[order])) + 1) if len(depth) else []
