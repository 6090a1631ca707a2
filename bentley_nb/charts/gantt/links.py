"""Links of a Gantt: lines along rows and columns, all in one trace, and their arrow heads in another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from bentley_nb._extras import need
from bentley_nb.charts import style
from bentley_nb.charts.gantt.bars import NONE, Bars
from bentley_nb.charts.gantt.outline import Outline
from bentley_nb.charts.style import escaped
from bentley_nb.frames.dtypes import Flags, Ints
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.open_ends import link_ends

_MOST_LINKS = 2_000
_ENDS = {  # which end of the predecessor drives which end of the successor
    "FinishToStart": ("finish", "start"),
    "StartToStart": ("start", "start"),
    "FinishToFinish": ("finish", "finish"),
    "StartToFinish": ("start", "finish"),
}


def link_traces(
    tables: Tables,
    bars: Bars,
    rows: Outline,
    own: Flags,
    look: style.Theme,
    notes: list[str],
    driving_ids: Collection[str] = (),
) -> list[Any]:
    """Return the traces of the links between tasks with a row of their `own`; what is left out goes to `notes`."""
    table = tables.get("task_links")
    if table is None or table.empty:
        notes.append(f"Links are not drawn. {escaped(tables.why_missing('task_links'))}")
        return []
    ends, _ = link_ends(tables)
    before, after = (ends[side].to_numpy(dtype=np.int64) for side in ("before", "after"))
    kind = ends["type"].astype(object).to_numpy()
    there = own & (bars.start != NONE)
    shown = there[before] & there[after] & np.isin(kind.astype(str), list(_ENDS))
    before, after, kind = before[shown], after[shown], kind[shown]
    bold = np.asarray(ends["id"].isin(list(driving_ids)), dtype=bool)[shown]
    if len(before) > _MOST_LINKS:
        driving = bars.critical[before] & bars.critical[after]
        left = min(int(driving.sum()), _MOST_LINKS)
        notes.append(f"Only {left:,} of {len(before):,} links are drawn, those between critical tasks.")
        before, after, kind, bold = (part[driving][:_MOST_LINKS] for part in (before, after, kind, bold))
    elif len(before) < len(table):
        notes.append(f"{len(before):,} of {len(table):,} links are drawn; the others lead to tasks without a row here.")
    if not len(before):
        return []
    instants = {"start": bars.start, "finish": bars.finish}
    leave = np.array([instants[_ENDS[one][0]][at] for one, at in zip(kind, before, strict=True)])
    reach = np.array([instants[_ENDS[one][1]][at] for one, at in zip(kind, after, strict=True)])
    traces = []
    for mask, name, colour, width in ((~bold, "Link", look.text, 1.0), (bold, "Driving link", look.critical, 3.0)):
        if mask.any():
            rows_of = rows.row[before[mask]], rows.row[after[mask]]
            traces += _arrows(leave[mask], rows_of[0], reach[mask], rows_of[1], colour, name, width)
    return traces


def _arrows(leave: Ints, from_row: Ints, reach: Ints, to_row: Ints, colour: str, name: str, width: float) -> list[Any]:
    go = need("plotly.graph_objects", extra="plot")
    down = to_row >= from_row
    edge = np.where(down, to_row - 0.36, to_row + 0.30)
    bend = np.where(down, to_row - 0.5, to_row + 0.5)
    x: list[str | None] = []
    y: list[float | None] = []
    for start, row, finish, turn, end in zip(
        style.iso(leave), from_row.tolist(), style.iso(reach), bend.tolist(), edge.tolist(), strict=True
    ):
        x.extend((start, start, finish, finish, None))  # the gap parts one link from the next
        y.extend((row, turn, turn, end, None))
    line = {"color": style.transparent(colour, 0.55), "width": width}
    common = {"hoverinfo": "skip", "legendgroup": name, "name": name}
    lines = go.Scatter(x=x, y=y, mode="lines", line=line, **common)
    heads = go.Scatter(
        x=style.iso(reach),
        y=edge,
        mode="markers",
        marker={
            "symbol": ["triangle-down" if one else "triangle-up" for one in down.tolist()],
            "size": 6,
            "color": colour,
        },
        showlegend=False,
        **common,
    )
    return [lines, heads]
