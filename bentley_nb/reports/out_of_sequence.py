"""Out-of-sequence progress: work done although its predecessor had not yet allowed it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.frames.dtypes import Flags, Ints
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import calendar_days
from bentley_nb.reports.basis.nullable import category, flags, numbers, text
from bentley_nb.reports.basis.state import current_dates
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.open_ends import drives, link_ends, touches

# Which date of the predecessor must come first, and which of the successor waits for it.
_SIDES = {
    "FinishToStart": ("finish", "start"),
    "StartToStart": ("start", "start"),
    "FinishToFinish": ("finish", "finish"),
    "StartToFinish": ("start", "finish"),
}
CASES = {
    "FinishToStart": "started before its predecessor finished",
    "StartToStart": "started before its predecessor started",
    "FinishToFinish": "finished before its predecessor finished",
    "StartToFinish": "finished before its predecessor started",
}
BASES = ("both actual", "predecessor not there yet", "predecessor's planned date")


def out_of_sequence(s: Source, *, data_date: object = None) -> pd.DataFrame:
    """List links whose successor went ahead of what the link allows.

    The three cases of GAO's Schedule Assessment Guide, lags considered: an activity started before its finish-to-start
    predecessor finished, started before its start-to-start predecessor started, or finished before its finish-to-finish
    predecessor finished. Start-to-finish links are not in GAO's list and are marked so. DECM 06A212a expects none.

    A link allows the successor's date from the predecessor's date plus the lag, in working time. Where the predecessor
    has not got there and the lag is not negative, the successor is out of sequence whatever comes; with a lead
    (negative lag) the later of the predecessor's planned date and the data date, less the lead, decides.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per link, most hours early first: ``link_id``, ``link_type``, ``lag_hours``, ``case``,
        ``predecessor_id``, ``predecessor_user_defined_id``, ``predecessor_name``, the same of the successor,
        ``predecessor_date`` (actual, NaT where not there yet; for a lead planned, the data date at the earliest),
        ``required_date`` (with the lag), ``successor_date`` (actual), ``early_days`` (calendar days, from the
        successor's date to the required one), ``early_working_days`` (of the successor's calendar), ``basis`` (what was
        compared), ``in_gao_list``.

    Raises
    ------
    InvalidRequest
        There are tasks but no links available.

    Examples
    --------
    >>> wrong = bn.reports.out_of_sequence(s)
    >>> bool((wrong["early_days"].dropna() > 0).all())
    True
    """
    tables = Tables.of(s, data_date, ("tasks", "task_links", "calendars"))
    tasks, working = tables.tasks, tables.working_time
    ends, notes = link_ends(tables)
    ends = ends[touches(tables, ends)].reset_index(drop=True)
    links = ends[drives(tables, ends)]
    known = np.asarray(links["type"].isin(list(_SIDES)), dtype=bool)
    unknown = int((~known).sum())
    links = links[known].reset_index(drop=True)
    type_ = links["type"].astype(object)
    before, after = links["before"].to_numpy(), links["after"].to_numpy()

    from_finish = np.asarray(type_.map({name: sides[0] == "finish" for name, sides in _SIDES.items()}), dtype=bool)
    to_finish = np.asarray(type_.map({name: sides[1] == "finish" for name, sides in _SIDES.items()}), dtype=bool)
    actual = _one_sided(tables, tasks["actual_start"], tasks["actual_finish"])
    planned = current_dates(tasks)
    planned = _one_sided(tables, planned["start"], planned["finish"])

    def of(dates: pd.DataFrame, place: Ints, finish: Flags) -> pd.Series[Any]:
        start_side = dates["start"].iloc[place].reset_index(drop=True)
        return start_side.where(~finish, dates["finish"].iloc[place].reset_index(drop=True))

    successor_date = of(actual, after, to_finish)
    happened = of(actual, before, from_finish)
    expected = of(planned, before, from_finish)
    # What has not happened cannot happen before the data date, whatever the plan still says.
    expected = expected.mask(expected < tables.data_date, tables.data_date)
    lag = links["lag_hours"].to_numpy(dtype="float64")
    lead = happened.isna() & (lag < 0)
    date = happened.where(~lead, expected)
    calendar = links["calendar_id"].fillna(tasks["calendar_id"].iloc[before].reset_index(drop=True))
    required = pd.Series(working.add_working_hours(date, lag, calendar), index=links.index, dtype="datetime64[us, UTC]")

    # A lag on a calendar that is not there (Enterprise serves none) would be a guess.
    calendars = tables.get("calendars")
    unread = (lag != 0) if calendars is None else (lag != 0) & (positions(calendar, calendars["id"]) < 0)
    moved_ahead = successor_date.notna() & (successor_date < required) & ~unread
    never = successor_date.notna() & happened.isna() & (lag >= 0)
    wrong = np.asarray(moved_ahead | never, dtype=bool)
    guessed = int((unread & ~wrong & successor_date.notna()).sum())
    undecided = int((successor_date.notna() & lead & expected.isna()).sum())

    frame = pd.DataFrame({"link_id": links["id"], "link_type": links["type"], "lag_hours": links["lag_hours"]})
    frame["case"] = text(type_.map(CASES))
    for role, place in (("predecessor", before), ("successor", after)):
        for column in ("id", "user_defined_id", "name"):
            frame[f"{role}_{column}"] = tasks[column].iloc[place].reset_index(drop=True)
    frame["predecessor_date"], frame["required_date"], frame["successor_date"] = date, required, successor_date
    frame["early_days"] = calendar_days(successor_date, required)
    own = tasks["calendar_id"].iloc[after].reset_index(drop=True)
    frame["early_working_days"] = numbers(working.working_days(successor_date, required, own), frame.index)
    basis = np.select([lead, happened.isna()], [2, 1], default=0)
    frame["basis"] = category(basis, BASES)
    frame["in_gao_list"] = flags(type_ != "StartToFinish")
    frame = frame[wrong].sort_values("early_days", ascending=False, kind="stable", na_position="first")

    gao = int(frame["in_gao_list"].sum())
    judged = int(successor_date.notna().sum())
    notes = [
        f"{len(frame):,} of {judged:,} links whose successor has the date they hold are out of sequence.",
        f"{len(frame) - gao:,} of them are start-to-finish links, which GAO does not list." if gao < len(frame) else "",
        "Lags are working time on the link's calendar, else on the predecessor's.",
        f"{undecided:,} link(s) with a lead and no date of the predecessor cannot be judged." if undecided else "",
        f"{unknown:,} link(s) of an unknown type cannot be judged." if unknown else "",
        f"{guessed:,} link(s) with a lag on an unknown calendar are not judged." if guessed else "",
        "Links at WBS rows and hammocks are not judged.",
        *notes,
        *working.notes(calendar[wrong]),
    ]
    facts = {"out_of_sequence": len(frame), "in_gao_list": gao, "judged": judged, "links": len(links)}
    return as_report(frame.reset_index(drop=True), tables, "out_of_sequence", filter(None, notes), facts)


def _one_sided(tables: Tables, start: pd.Series[Any], finish: pd.Series[Any]) -> pd.DataFrame:
    """Return dates by side, where a key date uses its one date for both."""
    point = tables.key_dates
    return pd.DataFrame(
        {
            "start": start.where(~(point & start.isna()), finish),
            "finish": finish.where(~(point & finish.isna()), start),
        }
    )
