"""The explorer: pick project, schedule and table, filter, look at rows or a Gantt, take the Python lines with you.

``selection`` turns what is picked into a frame and into code, ``exploration`` holds the state of one explorer,
``rows_page`` writes one page of rows as HTML, ``panel`` puts widgets on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bentley_nb import _session
from bentley_nb._front_end import front_end
from bentley_nb.notebook.seen import find_schedule

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.notebook.explorer.panel import Explorer
    from bentley_nb.schedule import Schedule


def explore(schedule: Schedule | str | None = None) -> Explorer | pd.DataFrame:
    """Browse projects, schedules and tables with filters, a Gantt and the Python code of what is shown.

    Only a page of the rows is sent to the browser and saved with the notebook; the row count is always that of the
    whole selection. "Copy as code" gives the lines that make the same frame.

    Parameters
    ----------
    schedule
        A ``Schedule``, its id or its exact name, to start with; by default the current one (``%bentley use``), else a
        project is picked first.

    Returns
    -------
    Explorer or pandas.DataFrame
        In a notebook the explorer; its ``frame`` and ``code`` are what it shows. Where no widget can be used, at a
        terminal or in a notebook that is executed without a page, the schedule's tasks, or the projects where no
        schedule is chosen.

    Raises
    ------
    CredentialsNotFound
        There is no connection yet, and none can be made.

    Examples
    --------
    >>> bn.explore(s)[["name", "status"]].columns.tolist()   # a frame, since a doctest has no widgets
    ['name', 'status']
    """
    from bentley_nb.functions import default_client  # noqa: PLC0415 - pandas waits for the first question

    chosen: Schedule | None = _session.current() if schedule is None else find_schedule(schedule)
    if front_end() != "notebook":
        return default_client().projects() if chosen is None else chosen.tasks()
    from bentley_nb.notebook.explorer.exploration import Exploration  # noqa: PLC0415 - widgets wait for their first use
    from bentley_nb.notebook.explorer.panel import Explorer  # noqa: PLC0415

    client = default_client() if chosen is None else chosen.client
    return Explorer(Exploration(client, chosen))
