"""Where a task stands in the work breakdown structure: path, level, leaf or not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

SEPARATOR = " > "


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
            Names of the summary tasks above, outermost first, joined with ``" > "``; empty at the root.
        ``wbs_level`` (Int64)
            How many tasks stand above: 0 at the root. Missing where the parents lead in a circle.
        ``is_leaf`` (boolean)
            True where no task names this one as its parent.

        A parent that is not in the frame counts as none: its children stand at the root.
    """
    count = len(tasks)
    ids = tasks["id"].tolist()
    parents = [None if pd.isna(parent) else parent for parent in tasks["parent_id"]]
    names = tasks["name"].fillna("").tolist()
    row_of = {id_: row for row, id_ in enumerate(ids)}
    above = np.fromiter((row_of.get(parent, -1) if parent is not None else -1 for parent in parents), np.int64, count)

    level = np.full(count, -1, dtype=np.int64)
    path: list[str | None] = [None] * count
    frontier = np.flatnonzero(above < 0)
    depth = 0
    children = _children(above, count)
    for row in frontier:
        path[row] = ""
    while len(frontier):  # level by level from the roots: what is never reached stands on a circle
        level[frontier] = depth
        below = np.concatenate([children[row] for row in frontier]) if len(frontier) else frontier
        for row in below:
            parent = above[row]
            path[row] = f"{path[parent]}{SEPARATOR}{names[parent]}" if path[parent] else str(names[parent])
        frontier, depth = below.astype(np.int64), depth + 1

    has_children = np.zeros(count, dtype=bool)
    has_children[above[above >= 0]] = True
    tasks["wbs_path"] = pd.array(path, dtype=pd.StringDtype("pyarrow"))
    tasks["wbs_level"] = pd.arrays.IntegerArray(np.maximum(level, 0), level < 0)
    tasks["is_leaf"] = pd.array(~has_children, dtype="boolean")
    return tasks


def _children(above: npt.NDArray[np.int64], count: int) -> list[npt.NDArray[np.int64]]:
    order = np.argsort(above, kind="stable")
    bounds = np.searchsorted(above[order], np.arange(count + 1))
    return [order[bounds[row] : bounds[row + 1]] for row in range(count)]
