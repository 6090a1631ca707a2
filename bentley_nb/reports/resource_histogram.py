"""Resource histogram: the units of each assignment spread evenly over its working time, period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Floats, Ints, string_dtype
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.grouping import GroupBy, groups_of
from bentley_nb.reports.basis.identity import at_least_zero, chosen_zone, zone_notes
from bentley_nb.reports.basis.periods import period_edges
from bentley_nb.reports.basis.state import current_dates, is_complete, span
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.basis.weights import user_field_numbers
from bentley_nb.reports.basis.worktime import WorkingTime

Quantity = Literal["planned", "remaining", "actual"]
_BY_RESOURCES = ("resource", "type", "group")

LABOUR = ("Human", "Equipment")
"""Types of resource shown by default: what works. Material and Location are quantities and places, and the 3D resources
of a SYNCHRO model are no labour either."""

_COLUMNS = {
    "planned": "planned_utilization_resource_units",
    "remaining": "remaining_utilization_resource_units",
    "actual": "actual_utilization_resource_units",
}
_CHUNK = 1_000_000  # (assignment, period) pairs held at once


def resource_histogram(
    s: Source,
    period: str = "W",
    by: GroupBy = "resource",
    quantity: Quantity = "planned",
    *,
    types: str | Sequence[str] | None = LABOUR,
    capacity: str | float | Mapping[str, float] | None = None,
    zone: str | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return resource units per period: each assignment spread evenly over the working time of its task.

    Planned units lie between the task's current start and finish (SYNCHRO's "best dates"), remaining units between the
    later of start and data date and the finish, actual units between actual start and the earlier of actual finish and
    data date. The working time is that of the task's calendar. Assignments to WBS rows and hammocks span the work of
    others and are left out.

    The service gives no capacity of a resource, so none is assumed: name a numeric user field of the resources or give
    the figures. What a "unit" is (hours of labour, pieces) is the project's choice and not served either; only what is
    summed over resources of one unit means something.

    Parameters
    ----------
    s
        A ``Schedule``, or frames by name; needs ``tasks``, ``resource_assignments`` and ``resources``.
    period
        Length of a period: ``"D"``, ``"W"`` (Monday to Sunday), ``"W-SAT"``, ``"M"``, ``"Q"``, ``"Y"``.
    by
        One series per "resource", per resource "type", or per resource "group" (a resource in two groups counts in
        both); or per group of the tasks worked on: the name of a code (the trade), of a user field of tasks or of a
        column, "status", "state", "wbs", ("wbs", 2); ("code", name), ("user field", name) or ("column", name) where a
        name is several of these. Work on a task with several values of a code counts under each.
    quantity
        ``"planned"``, ``"remaining"`` or ``"actual"`` units.
    types
        Types of resource to show; ``None`` for all.
    capacity
        Units per working day: a number for each series, the name of a user field of resources, or a mapping from
        resource name or id, or from the name of a series. With the last two a series without a figure of its own can
        do what its resources can together; of a group of tasks these are the resources with work in it.
    zone
        IANA zone at whose midnights periods begin; by default that of ``bentley_nb.options.display_zone``.
    data_date
        Overrides the schedule's; needed for remaining and actual units.

    Returns
    -------
    pandas.DataFrame
        One row per series and period with work: ``period_start``, ``period_finish`` (UTC, finish excluded), ``id``
        (of the resource or resource group), ``name`` (of the series), ``type``, ``quantity`` (units in the period),
        ``working_days`` (days of the resource's calendar in the period, the longest of a group),
        ``quantity_per_day``, ``capacity`` (units the period can hold; missing where unknown), ``over_capacity``
        (missing where unknown).

    Raises
    ------
    InvalidRequest
        An option is not one of those named, a table is not available, or remaining or actual units are asked for
        without a data date.

    Examples
    --------
    >>> weekly = bn.reports.resource_histogram(s, types=None)
    >>> weekly.columns[:2].tolist()
    ['period_start', 'period_finish']
    >>> sorted(set(bn.reports.resource_histogram(s, by="state", types=None)["name"]))
    ['complete', 'in progress', 'not started']
    """
    if str(quantity) not in _COLUMNS:
        raise InvalidRequest(f"quantity={quantity!r} is not supported.", hint=nearest(quantity, _COLUMNS))
    zone = chosen_zone(zone)
    tables = Tables.of(s, data_date, ("tasks", "calendars", "resources", "resource_assignments"))
    resources = tables.require("resources").drop_duplicates("id").reset_index(drop=True)
    notes: list[str] = []
    spans = _assignments(tables, resources, quantity, _types(types, resources), notes)
    if spans.empty:
        none = next(filter(None, map(tables.why_missing, ("resources", "resource_assignments"))), None)
        notes.append(none or f"No assignment has {quantity} units to show.")
        first = last = pd.Timestamp(0, tz="UTC")
    else:
        first, last = spans["start"].min(), spans["finish"].max()
    edges = period_edges(first, last, period, zone)
    if isinstance(by, str) and by in _BY_RESOURCES:
        spans["slot"], series = spans["resource"], _series(tables, resources, str(by))
    else:
        spans, series = _series_of_tasks(tables, resources, spans, by, notes)
    work = _spread(tables.working_time, spans, edges)
    each, together = _capacities(tables, resources, series, capacity, notes)
    series["capacity"] = each[series["resource"]]
    report = _aggregate(tables.working_time, work, series, together, resources, edges)
    if by == "group" and report["type"].astype(object).fillna("").str.contains(",").any():
        notes.append("A group's figure adds resources of more than one type; their units may differ.")
    notes.append(
        f"{quantity.capitalize()} units are spread evenly over the working time of the task's calendar between its "
        "current (best) dates; planned dates are what remains to be done, not a baseline."
    )
    notes += zone_notes(tables, zone)
    on_calendars = [spans["calendar_id"]] + [resources["calendar_id"]] * (capacity is not None)
    notes += dict.fromkeys(note for ids in on_calendars for note in tables.working_time.notes(ids))
    facts: dict[str, Any] = {
        "by": list(by) if isinstance(by, tuple) else by,
        "quantity": quantity,
        "period": period,
        "zone": zone,
    }
    facts |= {"total": float(report["quantity"].sum()), "types": types}
    return as_report(report, tables, "resource_histogram", notes, facts)


def _types(types: str | Sequence[str] | None, resources: pd.DataFrame) -> tuple[str, ...] | None:
    """Check the types asked for against the documented ones and those there are."""
    if types is None:
        return None
    wanted = (types,) if isinstance(types, str) else tuple(types)
    known = {"Equipment", "Human", "Location", "Material", *resources["type"].dropna().astype(str)}
    for name in wanted:
        if name not in known:
            raise InvalidRequest(f"There is no resource type {name!r}.", hint=nearest(str(name), known))
    return wanted


def _assignments(
    tables: Tables, resources: pd.DataFrame, quantity: Quantity, types: tuple[str, ...] | None, notes: list[str]
) -> pd.DataFrame:
    """Return ``resource`` and ``task`` (positions), ``units``, dates and ``calendar_id`` of what counts."""
    assignments = tables.require("resource_assignments")
    tasks = tables.tasks
    task = positions(assignments["task_id"], tasks["id"])
    resource = positions(assignments["resource_id"], resources["id"])
    known = (task >= 0) & (resource >= 0)
    if lost := int((~known).sum()):
        notes.append(f"{lost:,} assignment(s) name a task or resource that does not exist and are left out.")
    # The False at the end is read by position -1, a task that does not exist.
    known &= np.append(tables.selected, False)[task]
    for rows, what in ((tables.summaries, "WBS rows"), (tables.hammocks, "hammocks")):
        spanning = np.append(rows, False)[task]
        if count := int((known & spanning).sum()):
            notes.append(f"{count:,} assignment(s) to {what} are left out, so that nothing is counted twice.")
        known &= ~spanning
    if types is not None:
        # A missing type gets a name, so that the note can mention it.
        kind = resources["type"].astype(object).fillna("none")
        wrong = known & ~np.append(kind.isin(types), True)[resource]
        if hidden := int(wrong.sum()):
            left_out = ", ".join(sorted(set(kind.to_numpy()[resource[wrong]])))
            notes.append(f"{hidden:,} assignment(s) of type {left_out} are left out (types=None shows them).")
        known &= ~wrong

    dates = span(current_dates(tasks))
    start, finish = dates["start"], dates["finish"]
    if quantity != "planned":
        now: Any = tables.require_data_date()
        complete = is_complete(tasks)
        if quantity == "remaining":
            known &= np.append(~complete, False)[task]
            # What remains cannot lie in the past: it starts at the data date at the earliest.
            start, finish = start.mask(start < now, now), finish.mask(finish < now, now)
        else:
            actual = tasks[["actual_start", "actual_finish"]].set_axis(["start", "finish"], axis=1)
            begun = span(actual)["start"]
            known &= np.append(begun.notna(), False)[task]
            until = actual["finish"].fillna(now)
            start, finish = begun, until.mask(until > now, now)
    units = assignments[_COLUMNS[quantity]].to_numpy(dtype="float64", na_value=np.nan)
    if unknown := int((known & np.isnan(units)).sum()):
        notes.append(f"{unknown:,} assignment(s) have no {quantity} units and count as 0.")
    # Dates that contradict each other still have units: they count at the start.
    finish = finish.mask(finish < start, start)
    undated = np.append(start.isna() | finish.isna(), True)[task]
    if lost := int((known & undated).sum()):
        notes.append(f"{lost:,} assignment(s) of tasks without dates are left out.")
    use = known & ~undated & ~np.isnan(units) & (units != 0)
    return pd.DataFrame(
        {
            "resource": resource[use],
            "task": task[use],
            "units": units[use],
            "start": start.array.take(task[use]),
            "finish": finish.array.take(task[use]),
            "calendar_id": tasks["calendar_id"].array.take(task[use]),
        }
    )


def _spread(working: WorkingTime, spans: pd.DataFrame, edges: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the units per slot (what belongs to the same series) and period: ``slot``, ``period``, ``units``."""
    cuts, clocks = _cut(working, spans, edges)
    runs = _chunks(cuts["pieces"].to_numpy()) or [(0, 0)]
    work = pd.concat([_pieces(cuts[begin:end], clocks) for begin, end in runs], ignore_index=True)
    sums = work.groupby(["slot", "period"], as_index=False, sort=True).agg(units=("units", "sum"))
    return sums[sums["units"] != 0]  # weekends


def _cut(working: WorkingTime, spans: pd.DataFrame, edges: pd.DatetimeIndex) -> tuple[pd.DataFrame, Floats]:
    """Return per assignment into which periods it falls, and where its ends are on the clock of its calendar.

    A clock shows working hours since the first edge. The second result has one row per clock with its reading at every
    edge, so that no calendar is asked again for the pieces between.
    """
    # A missing calendar is a key of its own: its working time is that of the default calendar.
    calendar, ids = pd.factorize(spans["calendar_id"], use_na_sentinel=False)
    first = np.asarray(edges.searchsorted(spans["start"], side="right") - 1, dtype=np.int64)
    first = np.minimum(first, len(edges) - 2)  # a moment at the last edge belongs to the period it ends
    last = np.maximum(np.asarray(edges.searchsorted(spans["finish"], side="left") - 1, dtype=np.int64), first)
    cuts = pd.DataFrame(
        {
            "slot": spans["slot"].to_numpy(),
            "units": spans["units"].to_numpy(),
            "first": first,
            "pieces": last - first + 1,
            "begin": working.working_hours(edges[0], spans["start"], spans["calendar_id"]),
            "end": working.working_hours(edges[0], spans["finish"], spans["calendar_id"]),
            "clock": calendar,
        }
    )
    clocks = [working.working_hours(edges[0], edges, None if pd.isna(key) else str(key)) for key in ids]
    return cuts, np.array(clocks).reshape(len(ids), len(edges))


def _chunks(pieces: Ints) -> list[tuple[int, int]]:
    """Cut assignments into runs of at most ``_CHUNK`` pieces, at least one assignment each."""
    # By what comes before a row, so that a single row larger than a chunk is a chunk of its own.
    number = (np.cumsum(pieces) - pieces) // _CHUNK
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(pieces)], strict=True)) if len(pieces) else []


def _pieces(cuts: pd.DataFrame, clocks: Floats) -> pd.DataFrame:
    """Return the units of each assignment in each of its periods: ``slot``, ``period``, ``units``."""
    pieces = cuts["pieces"].to_numpy()
    row = np.repeat(np.arange(len(cuts)), pieces)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    of_row = {name: cuts[name].to_numpy()[row] for name in ("slot", "units", "first", "begin", "end", "clock")}
    period = of_row["first"] + offset
    # The overlap of span and period on the clock of working hours, where nights and weekends have no length.
    hours = np.minimum(of_row["end"], clocks[of_row["clock"], period + 1])
    hours = hours - np.maximum(of_row["begin"], clocks[of_row["clock"], period])
    whole = of_row["end"] - of_row["begin"]
    # A span without working time (a key date, a night) is done at its end.
    share = np.where(whole > 0, hours / np.where(whole > 0, whole, 1), offset == pieces[row] - 1)
    return pd.DataFrame({"slot": of_row["slot"], "period": period, "units": share * of_row["units"]})


def _series_of_tasks(
    tables: Tables, resources: pd.DataFrame, spans: pd.DataFrame, by: GroupBy, notes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the spans by the groups of their tasks; a slot is the work of one resource in one group."""
    groups = groups_of(tables, by, also=_BY_RESOURCES)
    notes += groups.notes
    names = groups.of.astype(object).where(groups.of.notna(), f"(no {groups.name})").rename("name")
    spans = spans.merge(names.to_frame(), left_on="task", right_index=True, how="inner").reset_index(drop=True)
    spans["slot"] = spans.groupby(["resource", "name"], sort=False).ngroup()
    series = spans[["slot", "resource", "name"]].drop_duplicates("slot").reset_index(drop=True)
    kinds = resources["type"].astype(object).to_numpy()[series["resource"].to_numpy(dtype=np.int64)]
    return spans, series.assign(id=None, type=kinds)


def _series(tables: Tables, resources: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return which series each resource counts in: ``slot`` and ``resource`` (position), ``id``, ``name``, ``type``."""
    place = np.arange(len(resources))
    frame = pd.DataFrame({"slot": place, "resource": place, "type": resources["type"].astype(object)})
    if by == "resource":
        return frame.assign(id=resources["id"], name=resources["name"])
    if by == "type":
        return frame.assign(id=None, name=frame["type"].fillna("(no type)"))
    members = tables.require("resource_group_resources")[["resource_group_id", "id"]].drop_duplicates()
    groups = tables.get("resource_groups")
    names = {} if groups is None else dict(zip(groups["id"], groups["name"], strict=True))
    place = positions(members["id"], resources["id"])
    grouped = pd.DataFrame(
        {
            "resource": place,
            "id": members["resource_group_id"].astype(object),
            "name": [names.get(key, key) for key in members["resource_group_id"]],
        }
    )[place >= 0]
    alone = frame.loc[~frame["resource"].isin(grouped["resource"]), ["resource"]].assign(id=None, name="(no group)")
    together: pd.DataFrame = pd.concat([grouped, alone], ignore_index=True).merge(frame, on="resource", how="left")
    return together


def _capacities(
    tables: Tables,
    resources: pd.DataFrame,
    series: pd.DataFrame,
    capacity: str | float | Mapping[str, float] | None,
    notes: list[str],
) -> tuple[Floats, dict[str, float]]:
    """Return units per working day of each resource (NaN where unknown), and of each series with its own figure."""
    if capacity is None:
        notes.append("Capacity is unknown: the service gives none (capacity= takes a resource user field or figures).")
        return np.full(len(resources), np.nan), {}
    names = [name for name in series["name"].unique() if not pd.isna(name)]
    together: dict[str, float] = {}
    if not isinstance(capacity, str | Mapping):
        figure = at_least_zero(capacity, "The capacity of each series must be a number")
        notes.append(f"Capacity: {figure:g} units per working day for each series.")
        return np.full(len(resources), np.nan), dict.fromkeys(names, figure)
    if isinstance(capacity, str):
        notes.append(f"Capacity: user field {capacity!r} of the resources, taken as units per working day.")
        values = user_field_numbers(tables, capacity, notes, "resource").reindex(resources["id"].to_numpy(dtype=object))
    else:
        given = {
            key: at_least_zero(value, f"The capacity of {key!r} must be a number") for key, value in capacity.items()
        }
        of_resources = set(resources["id"]) | set(resources["name"])
        together = {name: given[name] for name in names if name in given and name not in of_resources}
        if unknown := [key for key in given if key not in of_resources and key not in together]:
            raise InvalidRequest(
                f"There is no resource or series {unknown[0]!r} to set a capacity for.",
                hint=nearest(str(unknown[0]), [*names, *resources["name"].dropna()]),
            )
        notes.append("Capacity: as given, units per working day.")
        values = resources["id"].astype(object).map(given).fillna(resources["name"].astype(object).map(given))
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan), together


def _aggregate(
    working: WorkingTime,
    work: pd.DataFrame,
    series: pd.DataFrame,
    together: Mapping[str, float],
    resources: pd.DataFrame,
    edges: pd.DatetimeIndex,
) -> pd.DataFrame:
    """Add up resources into series and hold them against capacity."""
    # pandas 2.2 cannot factorize an index of pairs that is empty.
    pairs = series[["id", "name"]].astype(object).fillna("")
    series = series.assign(series=pairs.groupby(["id", "name"], sort=False).ngroup())
    named = pairs.drop_duplicates().to_numpy().tolist()
    merged = work.merge(series[["slot", "series"]], on="slot")
    totals = merged.groupby(["series", "period"], as_index=False, sort=True).agg(quantity=("units", "sum"))
    totals = totals.join(_capacity_per_period(working, totals, series, resources, edges))
    own = pd.Series([together.get(name, np.nan) for _, name in named], dtype="float64")
    own = own.reindex(totals["series"]).to_numpy() * totals["working_days"].to_numpy(dtype="float64")
    totals["capacity"] = np.where(np.isnan(own), totals["capacity"].to_numpy(dtype="float64"), own)

    kinds = series.dropna(subset="type").groupby("series")["type"].agg(lambda types: ", ".join(sorted(set(types))))
    worked = totals["working_days"].to_numpy(dtype="float64")
    quantity = totals["quantity"].to_numpy(dtype="float64")
    per_day = np.divide(quantity, worked, out=np.full(len(totals), np.nan), where=worked > 0)
    capacity = totals["capacity"].to_numpy(dtype="float64")
    unknown = np.isnan(capacity)
    chosen, period = totals["series"].to_numpy(dtype=np.int64), totals["period"].to_numpy(dtype=np.int64)
    report = pd.DataFrame(
        {
            "period_start": edges[period],
            "period_finish": edges[period + 1],
            "id": pd.array(
                np.array([*(key or None for key, _ in named), None], dtype=object)[chosen], dtype=string_dtype()
            ),
            "name": pd.array(
                np.array([*(name for _, name in named), None], dtype=object)[chosen], dtype=string_dtype()
            ),
            "type": pd.array(kinds.reindex(chosen).to_numpy(dtype=object), dtype=string_dtype()),
            "quantity": pd.array(quantity, dtype="Float64"),
            "working_days": pd.array(worked, dtype="Float64"),
            "quantity_per_day": pd.arrays.FloatingArray(np.nan_to_num(per_day), np.isnan(per_day)),
            "capacity": pd.arrays.FloatingArray(np.nan_to_num(capacity), unknown),
            # A sum of shares may exceed the whole by its last digit.
            "over_capacity": pd.arrays.BooleanArray(quantity > np.nan_to_num(capacity) * (1 + 1e-9), unknown),
        }
    )
    return report.sort_values(["name", "id", "period_start"], kind="stable", ignore_index=True)


def _capacity_per_period(
    working: WorkingTime, totals: pd.DataFrame, series: pd.DataFrame, resources: pd.DataFrame, edges: pd.DatetimeIndex
) -> pd.DataFrame:
    """Return working days and capacity for each row of the totals.

    Capacity is that of all resources of the series, at work or not. Resources of a series are first put together by
    calendar, so that 100,000 of them cost what one does.
    """
    calendar, ids = pd.factorize(resources["calendar_id"], use_na_sentinel=False)
    members = series.assign(calendar=calendar[series["resource"]], unknown=series["capacity"].isna())
    by_calendar = members.groupby(["series", "calendar"], as_index=False).agg(
        per_day=("capacity", "sum"), unknown=("unknown", "any")
    )
    pairs = totals[["series", "period"]].reset_index(names="row").merge(by_calendar, on="series")
    periods, place = np.unique(pairs["period"].to_numpy(dtype=np.int64), return_inverse=True)
    table = np.zeros((len(ids), len(periods)))
    for number, key in enumerate(ids):
        table[number] = working.working_days(edges[periods], edges[periods + 1], None if pd.isna(key) else str(key))
    days = np.nan_to_num(table[pairs["calendar"], place]) if len(pairs) else np.zeros(0)
    pairs = pairs.assign(working_days=days, capacity=days * pairs["per_day"].to_numpy(dtype="float64"))
    whole = pairs.groupby("row").agg(
        working_days=("working_days", "max"), capacity=("capacity", "sum"), unknown=("unknown", "any")
    )
    return whole[["working_days"]].assign(capacity=whole["capacity"].mask(whole["unknown"].astype(bool)))
