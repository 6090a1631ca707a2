"""The tables of a schedule with the values of a group in the place of its WBS, for a chart or workbook by trade."""

from __future__ import annotations

from copy import copy

import pandas as pd

from bentley_nb.reports.basis.grouping import By, group_tasks
from bentley_nb.reports.basis.tables import Tables

_GROUP = "group:"  # before the ids of rows made of values, which no id of the service begins with


def regrouped(tables: Tables, by: By) -> Tables:
    """Return the tables with a row for each value of the group, and the tasks below the rows of theirs.

    A task with several values is once in the tables, below all of them joined by "; ".

    Parameters
    ----------
    tables
        A schedule, or a part of one.
    by
        As for ``group_tasks``.

    Raises
    ------
    InvalidRequest
        No such name, or more than one of that name.
    """
    return Tables.of(_Regrouped(tables, by), tables.data_date)


class _Regrouped:
    """What ``Tables`` reads from: all tables are those of the schedule but for the tasks."""

    def __init__(self, tables: Tables, by: By) -> None:
        self.id, self.name, self.data_date = tables.schedule_id, tables.schedule_name, tables.data_date
        self._tables = tables
        groups = group_tasks(tables, by, "join")
        tasks = tables.tasks
        # A finish that was worked out is worked out again, and known as such.
        tasks = tasks.assign(planned_finish=tasks["planned_finish"].mask(pd.Series(tables.worked_out)))
        names = groups.of.astype("string").fillna(f"no {groups.name}").astype(object)
        leaves = tasks.assign(parent_id=_GROUP + names)[~tables.summaries]
        values = sorted(set(names[~tables.summaries]))
        elements = pd.DataFrame({"id": [_GROUP + value for value in values], "name": values, "is_wbs": True})
        elements = elements.astype({"id": leaves["id"].dtype, "name": leaves["name"].dtype})
        self._tasks = pd.concat([elements, leaves], ignore_index=True)
        if tables.part is not None:
            self.whole, self.ids, self.note = copy(self), tables.part.ids, tables.part.note

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the schedule."""
        return self._tasks if name == "tasks" else self._tables.require(name)
