"""State of the 3D elements at a date: what the schedule says through the animation bindings, and what was recorded.

The two are separate truths in SYNCHRO 4D. They are shown side by side, and where they disagree it is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames.dtypes import Ints, string_dtype
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.dates import read_possible_date
from bentley_nb.reports.basis.nullable import category, looked_up, text
from bentley_nb.reports.basis.tables import Source, Tables

_NEEDS = (
    *("tasks", "calendars", "animation_bindings", "appearance_profiles", "resources"),
    *("resource_status_history", "resource_status_items", "resource_status_categories"),
)

STATES = ("not started", "active", "done")
ACTIONS = ("Install", "Remove", "Temporary", "Maintain", "Neutral")
DONE_STATUSES = (
    *("installed", "erected", "built", "complete", "completed", "finished", "done"),
    *("inspected", "accepted", "commissioned", "handed over"),
)
"""Names of recorded statuses taken to mean that an element is in place; compared without regard to case."""

_COLUMNS = (
    *("element_id", "state", "action", "present", "task_id", "task_name", "start", "finish", "tasks", "resource_id"),
    *("resource_name", "resource_group_id", "recorded_status", "recorded_date", "recorded_done", "disagrees"),
)
# Later than any date, so that comparisons need no mask for missing ones.
_NEVER = np.iinfo(np.int64).max
_NOT_STARTED, _ACTIVE, _DONE, _UNKNOWN = range(4)


def element_status(
    s: Source,
    at: object = None,
    *,
    done_statuses: Iterable[str] | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return for each 3D element whether its work is not started, active or done, beside its recorded status.

    An element's state is that of one task bound to it, chosen as the 4D view does: Install and Remove decide (the
    active one, else the one finished last, else the one to come first); Temporary and Maintain only where there is
    neither; Neutral only where there is nothing else. An element bound to Neutral tasks alone is never shown (SYNCHRO
    Pro documentation, quoted in Bentley's `iTwin for Unreal <https://github.com/iTwin/itwin-unreal-plugin>`_,
    ``SchedulesKeyframes.cpp``; precedence of the actions: ``SchedulesStructs.inl`` there).

    Up to the data date only actual dates count: a task planned to have started by then and without an actual start has
    not started. After it, planned dates are used for what has not happened yet; a task that should be over by the data
    date and is not stays as it stands then, as when it will be over is unknown.

    Parameters
    ----------
    s
        A ``Schedule``, or frames by name; needs ``tasks`` and ``animation_bindings``.
    at
        Date to look at; the data date by default. Recorded statuses dated later are left out.
    done_statuses
        Names of recorded statuses that mean the element is in place, as ``"Installed"`` or, of one category only,
        ``"Erection: Installed"``. Statuses are the project's own words, so the default (``DONE_STATUSES``) is a guess;
        the notes say which of the recorded ones it takes as done and which not.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per element: ``element_id``, ``state``, ``action`` (of the deciding binding's appearance profile),
        ``present`` (visible at that date), ``task_id``, ``task_name``, ``start``, ``finish`` (of the deciding task),
        ``tasks`` (bound to the element), ``resource_id``, ``resource_name``, ``resource_group_id``,
        ``recorded_status``, ``recorded_date``, ``recorded_done``, ``disagrees`` (for Install: recorded done and
        scheduled state differ; missing where either is unknown).

    Raises
    ------
    InvalidRequest
        There are no animation bindings available, no data date, or ``at`` is not a date.

    Examples
    --------
    >>> status = bn.reports.element_status(s)
    >>> set(status["state"].dropna()) <= {"not started", "active", "done"}
    True
    """
    tables = Tables.of(s, data_date, _NEEDS)
    bindings = tables.require("animation_bindings")
    moment: Any = tables.require_data_date() if at is None else read_possible_date(at, "The date")
    words = DONE_STATUSES if done_statuses is None else tuple(done_statuses)
    notes: list[str] = []

    bound = _bound(tables, bindings, moment, notes)
    elements, element = pd.factorize(bound["element_id"])
    deciding = _deciding(bound, elements)
    report = bound.iloc[deciding].reset_index(drop=True)
    report["present"] = _present(bound, elements, deciding)
    pairs = pd.DataFrame({"element": elements, "task": bound["task"]}).drop_duplicates()
    report["tasks"] = pd.array(np.bincount(pairs["element"], minlength=len(element)), dtype="Int64")

    report = _with_recorded(report, tables, moment, words, notes)
    codes = report["state_code"].to_numpy()
    report["state"] = category(np.where(codes == _UNKNOWN, -1, codes), STATES)
    if moment > tables.data_date:
        notes.append("The date lies after the data date: planned dates are used for what has not happened yet.")
    facts = {
        "at": moment,
        "elements": len(report),
        **{state: int((report["state"] == state).sum()) for state in STATES},
        "disagreements": int(report["disagrees"].fillna(value=False).sum()),
    }
    return as_report(report[list(_COLUMNS)], tables, "element_status", notes, facts)


def element_counts(
    s: Source,
    at: object = None,
    *,
    done_statuses: Iterable[str] | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Count elements by action and state.

    Parameters
    ----------
    s
        A ``Schedule``, frames by name, or the frame of ``element_status``.
    at, done_statuses, data_date
        As for ``element_status``.

    Returns
    -------
    pandas.DataFrame
        ``action``, ``state``, ``elements``, ``percent`` (of all elements), ``disagreements``; combinations that occur,
        in the order of building.

    Raises
    ------
    InvalidRequest
        The frame is not one of ``element_status``, or options come with one, which they can no longer change.

    Examples
    --------
    >>> counts = bn.reports.element_counts(s)
    >>> round(float(counts["percent"].sum()))
    100
    """
    if isinstance(s, pd.DataFrame):
        status = s
        if not (at is None and done_statuses is None and data_date is None):
            raise InvalidRequest(
                "The options of element_status cannot be changed in its frame.",
                hint="Pass the schedule: element_counts(s, ...).",
            )
    else:
        status = element_status(s, at, done_statuses=done_statuses, data_date=data_date)
    missing = {"action", "state", "disagrees"} - set(status.columns)
    if missing:
        raise InvalidRequest(
            f"This frame has no column {', '.join(sorted(missing))}.",
            hint="Pass the frame that element_status(s) returned.",
        )
    grouped = status.assign(disagreed=status["disagrees"].fillna(value=False)).groupby(
        ["action", "state"], observed=True, dropna=False, sort=True
    )
    counts = grouped.agg(elements=("state", "size"), disagreements=("disagreed", "sum")).reset_index()
    counts["elements"] = counts["elements"].astype("Int64")
    counts["disagreements"] = counts["disagreements"].astype("Int64")
    counts["percent"] = (100 * counts["elements"] / max(len(status), 1)).astype("Float64")
    counts = counts[["action", "state", "elements", "percent", "disagreements"]]
    counts.attrs = {**status.attrs, "report": "element_counts"}
    return counts


def _bound(tables: Tables, bindings: pd.DataFrame, moment: pd.Timestamp, notes: list[str]) -> pd.DataFrame:
    """Return bindings with their task's dates and state, and their profile's action; unknown tasks are left out."""
    tasks = tables.tasks
    place = positions(bindings["task_id"], tasks["id"])
    usable = (place >= 0) & bindings["animated_entity_id"].notna().to_numpy()
    if lost := int((~usable).sum()):
        notes.append(f"{lost:,} binding(s) name a task or element that does not exist and are left out.")
    usable &= np.append(tables.selected, False)[place]
    bindings, place = bindings[usable], place[usable]

    actual = _actual(tables)
    started, finished = _micros(actual["start"]), _micros(actual["finish"])
    now: Any = tables.data_date
    # Up to the data date only what is recorded has happened.
    if pd.isna(now) or moment > now:
        if pd.isna(now):
            notes.append("The schedule has no data date: planned dates are used for missing actual dates.")
        started, finished = _with_planned(tasks, started, finished, now, notes)
    when = pd.DatetimeIndex([moment]).as_unit("us").asi8[0]
    state = np.where(finished <= when, _DONE, np.where(started <= when, _ACTIVE, _NOT_STARTED))
    begin, end = actual["start"].fillna(tasks["planned_start"]), actual["finish"].fillna(tasks["planned_finish"])
    begin, end = begin.fillna(end), end.fillna(begin)  # a key date has one of the two
    undated = begin.isna().to_numpy()
    state = np.where(undated, _UNKNOWN, state)

    return pd.DataFrame(
        {
            "element_id": bindings["animated_entity_id"].to_numpy(dtype=object),
            "task": place,
            "state_code": state[place],
            "action": _actions(tables, bindings["appearance_profile_id"], notes),
            "task_id": bindings["task_id"].array,
            "task_name": tasks["name"].array.take(place),
            "start": begin.array.take(place),
            "finish": end.array.take(place),
            # The group wins where both are set (documentation of the bindings).
            "resource_id": bindings["resource_id"].where(bindings["resource_group_id"].isna()).array,
            "resource_group_id": bindings["resource_group_id"].array,
        }
    ).astype({"element_id": string_dtype()})


def _actual(tables: Tables) -> pd.DataFrame:
    """Return the actual dates; a key date's one date is both of them."""
    start, finish = tables.tasks["actual_start"], tables.tasks["actual_finish"]
    point = tables.key_dates
    return pd.DataFrame(
        {"start": start.where(~point, start.fillna(finish)), "finish": finish.where(~point, finish.fillna(start))}
    )


def _with_planned(tasks: pd.DataFrame, started: Ints, finished: Ints, now: Any, notes: list[str]) -> tuple[Ints, Ints]:
    """Fill what has not happened with planned dates; a key date's one date is both ends, no finish precedes a start."""
    planned_start, planned_finish = _micros(tasks["planned_start"]), _micros(tasks["planned_finish"])
    start = np.where(started == _NEVER, np.where(planned_start == _NEVER, planned_finish, planned_start), started)
    finish = np.where(finished == _NEVER, np.where(planned_finish == _NEVER, planned_start, planned_finish), finished)
    finish = np.where(finished == _NEVER, np.maximum(finish, start), finish)
    if pd.isna(now):
        return start, finish
    # What has not happened by the data date cannot happen before it.
    data_date = pd.DatetimeIndex([now]).as_unit("us").asi8[0]
    overtaken = (finished == _NEVER) & (finish < data_date)
    if overtaken.any():
        notes.append(
            f"{int(overtaken.sum()):,} task(s) planned to be over by the data date are not; when they will be is "
            "unknown, so they stay as they stand at the data date."
        )
    waiting = started == _NEVER
    start = np.where(waiting & overtaken, _NEVER, np.where(waiting, np.maximum(start, data_date), start))
    return start, np.where(overtaken, _NEVER, finish)


def _actions(tables: Tables, profile_ids: pd.Series[Any], notes: list[str]) -> pd.Categorical:
    profiles = tables.get("appearance_profiles")
    if profiles is None:
        notes.append(
            f"Whether elements are installed or removed is unknown. {tables.why_missing('appearance_profiles')}"
        )
        return pd.Categorical([None] * len(profile_ids), categories=list(ACTIONS))
    action = profiles.drop_duplicates("id").set_index("id")["action"].astype(object)
    found = pd.Categorical(profile_ids.astype(object).map(action), categories=list(ACTIONS))
    if unknown := int((found.codes < 0).sum()):
        notes.append(
            f"{unknown:,} binding(s) have no known appearance profile; whether their element is visible is unknown."
        )
    return found


def _deciding(bound: pd.DataFrame, elements: Ints) -> Ints:
    """Return the position of the binding that decides, one per element, in the order of the elements."""
    state = bound["state_code"].to_numpy()
    action = bound["action"]
    weak = action.isin(["Temporary", "Maintain"]).to_numpy()
    neutral = (action == "Neutral").to_numpy()
    kind = np.where(neutral, 2, np.where(weak, 1, 0))
    urgency = np.array([2, 0, 1, 3])[state]  # active, done, to come, undated
    start, finish = _micros(bound["start"]), _micros(bound["finish"])
    # Negative: of what is done the last one decides, of what is to come the first.
    key = np.where(state == _NOT_STARTED, start, np.where(state == _DONE, -finish, -start))
    # Of equals the one that starts later, so that a removal without duration follows the installation it ends with.
    tie = np.where(state == _NOT_STARTED, 0, -start)
    order = np.lexsort((np.arange(len(bound)), tie, key, urgency, kind, elements))
    first = np.ones(len(order), dtype=bool)
    first[1:] = elements[order][1:] != elements[order][:-1]
    return np.asarray(order[first], dtype=np.int64)


def _present(bound: pd.DataFrame, elements: Ints, deciding: Ints) -> pd.arrays.BooleanArray:
    """Return whether elements are visible: while a task not Neutral works on them, else by the deciding one."""
    worked_on = ((bound["state_code"] == _ACTIVE) & bound["action"].notna() & (bound["action"] != "Neutral")).to_numpy()
    shown = np.bincount(elements, weights=worked_on, minlength=len(deciding)) > 0
    action, state = bound["action"].iloc[deciding], bound["state_code"].to_numpy()[deciding]
    # In the order of ACTIONS: installed once begun, removed once done, temporary while active, always, never.
    rule = np.select(
        [(action == name).to_numpy() for name in ACTIONS],
        [
            state != _NOT_STARTED,
            state != _DONE,
            state == _ACTIVE,
            np.ones(len(state), dtype=bool),
            np.zeros(len(state), dtype=bool),
        ],
    ).astype(bool)
    unknown = (
        action.isna().to_numpy() | ((state == _UNKNOWN) & ~action.isin(["Maintain", "Neutral"]).to_numpy())
    ) & ~shown
    return pd.arrays.BooleanArray(shown | rule, unknown)


def _with_recorded(
    report: pd.DataFrame, tables: Tables, moment: pd.Timestamp, words: tuple[str, ...], notes: list[str]
) -> pd.DataFrame:
    """Add the latest recorded status of each element's resource, and whether it disagrees with the schedule."""
    recorded = _latest_recorded(tables, moment, words, notes)
    place = recorded.index.get_indexer(pd.Index(report["resource_id"]))
    report["resource_name"] = _names(tables, "resources", report["resource_id"])
    for column in recorded:
        report[column] = recorded[column].array.take(place, allow_fill=True)
    scheduled = report["state_code"].to_numpy() == _DONE
    known = (report["action"] == "Install").to_numpy() & (report["state_code"] != _UNKNOWN).to_numpy()
    done = report["recorded_done"]
    report["disagrees"] = (done != scheduled).astype("boolean").where(known & done.notna().to_numpy())
    if grouped := int(report["resource_group_id"].notna().sum()):
        notes.append(
            f"{grouped:,} element(s) are bound through a resource group, which wins over a resource; the recorded "
            "status of its members is not shown."
        )
    return report


def _latest_recorded(tables: Tables, moment: pd.Timestamp, words: tuple[str, ...], notes: list[str]) -> pd.DataFrame:
    """Return the latest recorded status per (resource, category) by the date of the change, one row per resource."""
    empty = pd.DataFrame(
        {
            "recorded_status": pd.Series([], dtype=string_dtype()),
            "recorded_date": pd.Series([], dtype="datetime64[us, UTC]"),
            "recorded_done": pd.Series([], dtype="boolean"),
        },
        index=pd.Index([], dtype=object),
    )
    history = tables.get("resource_status_history")
    if history is None or history.empty:
        notes.append(f"Recorded statuses are unknown. {tables.why_missing('resource_status_history')}")
        return empty
    history = history[(history["date"] <= moment) & history["resource_id"].notna()]
    # The date is when the change took place; of two changes at one date the one recorded last counts.
    latest = history.sort_values(["date", "record_date"], kind="stable", na_position="first").drop_duplicates(
        ["resource_id", "status_category_id"], keep="last"
    )
    if latest.empty:
        notes.append("No status was recorded up to that date.")
        return empty

    names = _names(tables, "resource_status_items", latest["status_item_id"]).fillna("(unnamed status)")
    categories = _names(tables, "resource_status_categories", latest["status_category_id"])
    in_category = categories.fillna("(unnamed category)") + ": " + names
    said = in_category if len(latest["status_category_id"].drop_duplicates()) > 1 else names
    # Names of statuses are typed by each project, in any case of letters.
    wanted = {word.strip().casefold() for word in words}
    done = (names.str.casefold().isin(wanted) | in_category.str.casefold().isin(wanted)).to_numpy(dtype=bool)
    frame = pd.DataFrame(
        {
            "resource": latest["resource_id"].astype(object).to_numpy(),
            "recorded_status": said.to_numpy(),
            "recorded_date": latest["date"].array,
            "recorded_done": done,
        }
    )
    taken, others = (", ".join(sorted(said[mask].unique())[:12]) for mask in (done, ~done))
    if taken:
        but = f", but not {others}" if others else ""
        notes.append(f"Recorded statuses taken as done: {taken}{but} (done_statuses=[...] says otherwise).")
    else:
        notes.append(f"No recorded status is known to mean done ({others}); name them with done_statuses=[...].")
        frame["recorded_done"] = pd.array([None] * len(frame), dtype="boolean")
    single = ~frame["resource"].duplicated(keep=False)
    several = (
        frame[~single]
        .groupby("resource", sort=False)
        .agg(
            recorded_status=("recorded_status", "; ".join),
            recorded_date=("recorded_date", "max"),
            recorded_done=("recorded_done", "any" if frame["recorded_done"].notna().all() else "first"),
        )
    )
    joined = pd.concat([frame[single].set_index("resource"), several]) if len(several) else frame.set_index("resource")
    return joined.astype(
        {"recorded_status": string_dtype(), "recorded_date": "datetime64[us, UTC]", "recorded_done": "boolean"}
    )


def _names(tables: Tables, collection: str, ids: pd.Series[Any]) -> pd.Series[Any]:
    """Name of each id in a collection, missing where the collection or the id is unknown."""
    ids, frame = ids.reset_index(drop=True), tables.get(collection)
    return text([None] * len(ids)) if frame is None else looked_up(ids, frame["id"], frame["name"])


def _micros(instants: pd.Series[Any]) -> Ints:
    """Return microseconds since 1970; missing ones are later than any date."""
    micros = pd.DatetimeIndex(instants).as_unit("us").asi8
    return np.where(micros == np.iinfo(np.int64).min, _NEVER, micros)
