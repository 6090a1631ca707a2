"""Trend: how finish, key dates, float and indices of a schedule developed over its copies."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.keys import positions
from bentley_nb.frames.to_pandas import to_frame
from bentley_nb.reports.basis.about import as_report, day_words
from bentley_nb.reports.basis.matching import Key, match_tasks
from bentley_nb.reports.basis.nullable import numbers, text
from bentley_nb.reports.basis.state import current_dates, remaining_hours, span
from bentley_nb.reports.basis.tables import Instant, Source, Tables
from bentley_nb.reports.basis.weights import Weight
from bentley_nb.reports.earned_value import earned_value
from bentley_nb.reports.health.report import health
from bentley_nb.reports.milestones import milestones
from bentley_nb.reports.slippage import slippage
from bentley_nb.reports.total_float import FLOAT_NEEDS, FloatUnit, task_floats
from bentley_nb.store.copies import Description, find_copies, read_table

_NEEDS = (*FLOAT_NEEDS, "task_links", "baselines", "baseline_tasks")
_TEXTS = ("copy", "measure", "id", "user_defined_id", "name", "unit", "reason")


@dataclass(frozen=True)
class _Choices:
    weight: Weight
    baseline: str | None
    key_dates: tuple[str, ...] | None
    key: Key | None
    float_unit: FloatUnit | None


def trend(
    copies: str | os.PathLike[str] | Sequence[Source],
    *,
    key_dates: str | Sequence[str] | None = None,
    weight: Weight = "duration",
    baseline: str | None = None,
    key: Key | None = None,
    float_unit: FloatUnit | None = "seconds",
) -> pd.DataFrame:
    """Return how a schedule developed over its copies: one row per copy and measure.

    Parameters
    ----------
    copies
        A folder with copies of one schedule (``s.keep("kept")``), or a list of schedules, copies or frames by name.
        They are taken in the order of their data dates.
    key_dates
        Ids, activity ids or names of the key dates to follow; all of them by default.
    weight
        What a task counts for in SPI and SPI(t); see ``earned_value``.
    baseline
        Id or name; the latest of each copy by default.
    key
        "id" or "user_defined_id" of tasks, by which copies are compared; see ``slippage``.
    float_unit
        Unit of the service's raw floats; see ``total_float``.

    Returns
    -------
    pandas.DataFrame
        ``copy`` (its number, the oldest is 1), ``data_date``, ``measure``, ``id``, ``user_defined_id`` and ``name`` (of
        a key date, as the last copy has them), ``value`` (Float64) or ``date`` (UTC), ``unit``, ``reason`` (why there
        is no value, else NA). The measures:

        - "finish": the last current finish ("best date") of work and key dates; "key date" and "float" of each key
          date;
        - "SPI", "SPI(t)" (``earned_value``), "BEI", "CPLI", "health points passed" (``health``);
        - "critical tasks", "remaining work" (working days of all open work), "remaining time" (working days from the
          data date to the finish) and "compression": the one over the other, which is how many tasks must
          run in parallel; a compression that rises from copy to copy means more work before a fixed date;
        - since the copy before: tasks "added", "removed" and "changed" (``slippage``), and "hit rate": of the open work
          and key dates that the copy before forecast to finish by this data date, the share that is complete.

    Raises
    ------
    InvalidRequest
        There are no copies, a key date is unknown, or the copies are of several schedules.

    Examples
    --------
    >>> history = bn.reports.trend([s, s])
    >>> history[history["measure"] == "changed"]["value"].tolist()
    [<NA>, 0.0]
    """
    states = _in_order(copies)
    last = states[-1]
    names = None if key_dates is None else (key_dates,) if isinstance(key_dates, str) else tuple(key_dates)
    options = _Choices(weight, baseline, _known(names, last), key, float_unit)
    rows: list[dict[str, Any]] = []
    previous: Tables | None = None
    for number, tables in enumerate(states, 1):
        common = {"copy": str(number), "data_date": tables.data_date}
        rows += [{**common, **row} for row in _measures(tables, previous, last, options)]
        previous = tables
    frame = pd.DataFrame({name: text([row.get(name) for row in rows]) for name in _TEXTS})
    frame.insert(1, "data_date", _instants(row["data_date"] for row in rows))
    values = [row.get("value") for row in rows]
    frame.insert(6, "value", numbers([np.nan if each is None else each for each in values]))
    frame.insert(7, "date", _instants(row.get("date", pd.NaT) for row in rows))
    notes = [
        f"Copies: {len(states):,}; data dates: {day_words(states[0].data_date)} to {day_words(last.data_date)}.",
        "Indices are those each copy had at its own data date, against its own baseline.",
    ]
    if any(pd.isna(tables.data_date) for tables in states):
        notes.append("A copy has no data date, so the copies are in the order given.")
    return as_report(frame, last, "trend", notes, {"copies": len(states), "weight": _said(weight)})


def _in_order(copies: str | os.PathLike[str] | Sequence[Source]) -> list[Tables]:
    if isinstance(copies, pd.DataFrame | Mapping) or not isinstance(copies, Iterable | os.PathLike):
        raise InvalidRequest("A trend needs several states of a schedule.", hint="trend([older, newer]), or a folder.")
    given = _kept(copies) if isinstance(copies, str | os.PathLike) else copies
    states = [Tables.of(each, needs=_NEEDS) for each in given]
    if not states:
        raise InvalidRequest("There are no copies of the schedule.", hint='s.keep("kept") makes one.')
    if all(pd.notna(tables.data_date) for tables in states):
        states.sort(key=lambda tables: tables.data_date)
    return states


class _Kept:
    """A copy on disk as a source of tables, each read when it is needed."""

    def __init__(self, path: Path, about: Description) -> None:
        self.id, self.name, self.data_date = about.schedule_id, about.name, about.data_date
        self._path, self._about = path, about

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the copy."""
        if name not in self._about.tables:
            raise InvalidRequest(f"This copy has no {name!r}.", where=str(self._path))
        return to_frame(read_table(self._path, self._about, name), {"schedule_id": self.id, "collection": name})


def _kept(folder: str | os.PathLike[str]) -> list[_Kept]:
    found = [_Kept(path, about) for path, about in find_copies(folder)]
    names = {each.id: each.name for each in found}
    if len(names) > 1:
        raise InvalidRequest(
            f"The folder has copies of {len(names)} schedules: {', '.join(sorted(names.values()))}.",
            hint="Name the folder of one of them; bn.copies(folder) lists their paths.",
        )
    return found


def _known(names: tuple[str, ...] | None, last: Tables) -> tuple[str, ...] | None:
    """Return the ids of the key dates asked for."""
    if names is None:
        return None
    tasks = last.tasks[last.milestones]
    ids: list[str] = []
    for name in names:
        found = tasks["id"][(tasks[["id", "user_defined_id", "name"]] == name).fillna(value=False).any(axis=1)].tolist()
        if not found:
            choices = [str(each) for each in tasks["name"].dropna()]
            raise InvalidRequest(f"There is no key date {name!r} in the last copy.", hint=nearest(str(name), choices))
        ids += found
    return tuple(ids)


def _measures(tables: Tables, previous: Tables | None, last: Tables, options: _Choices) -> Iterator[dict[str, Any]]:
    tasks = tables.tasks
    ends = span(current_dates(tasks))["finish"][tables.activities]
    finish = ends.max() if ends.notna().any() else pd.NaT
    yield {"measure": "finish", "date": finish, "reason": "No task has a date." if pd.isna(finish) else None}
    yield from _key_dates(tables, last, options)
    yield from _indices(tables, options)
    yield from _work_left(tables, finish, options)
    yield from _since(previous, tables, options)


def _key_dates(tables: Tables, last: Tables, options: _Choices) -> Iterator[dict[str, Any]]:
    table = milestones(tables, baseline=options.baseline, float_unit=options.float_unit)
    match = match_tasks(tables, last, options.key)
    pairs = np.flatnonzero(match.before_of >= 0)
    place = positions(table["id"], tables.tasks["id"].iloc[match.before_of[pairs]])
    for row, found in zip(table.to_dict("records"), place, strict=True):
        now = last.tasks.iloc[pairs[found]] if found >= 0 else row
        if options.key_dates is not None and now["id"] not in options.key_dates:
            continue
        who = {name: None if pd.isna(now[name]) else now[name] for name in ("id", "user_defined_id", "name")}
        yield {"measure": "key date", **who, "date": row["date"]}
        unknown = pd.isna(row["total_float_days"])
        why = "The key date has passed." if row["is_actual"] else "Float is unknown."
        value = None if unknown else float(row["total_float_days"])
        yield {"measure": "float", **who, "value": value, "unit": "working days", "reason": why if unknown else None}


def _indices(tables: Tables, options: _Choices) -> Iterator[dict[str, Any]]:
    try:
        measured = earned_value(tables, weight=options.weight, baseline=options.baseline).set_index("measure")
        for name in ("SPI", "SPI(t)"):
            yield _value(name, measured.loc[name, "value"], "ratio", measured.loc[name, "reason"])
    except InvalidRequest as error:
        yield from (_value(name, None, "ratio", error.message) for name in ("SPI", "SPI(t)"))
    checks = health(tables, baseline=options.baseline, float_unit=options.float_unit).set_index("check")
    for name in ("bei", "cpli"):
        yield _value(name.upper(), checks.loc[name, "value"], "ratio", checks.loc[name, "reason"])
    passed = int((checks["verdict"] == "pass").sum())
    failed = int((checks["verdict"] == "fail").sum())
    yield _value("health points passed", passed, f"of {passed + failed} evaluated")


def _work_left(tables: Tables, finish: Instant, options: _Choices) -> Iterator[dict[str, Any]]:
    tasks = tables.tasks
    floats, notes = task_floats(tables, options.float_unit)
    critical = floats["is_critical"][tables.open]
    unknown = len(critical) > 0 and bool(critical.isna().all())
    yield _value(
        "critical tasks",
        None if unknown else int(critical.fillna(value=False).sum()),
        "tasks",
        notes[0] if unknown else None,
    )
    work = tables.work_tasks & tables.open
    calendars = tasks["calendar_id"][work]
    left = float(np.nansum(tables.working_time.days(remaining_hours(tasks)[work], calendars)))
    yield _value("remaining work", left, "working days of all open work")
    if pd.isna(tables.data_date) or pd.isna(finish):
        why = "The copy has no data date." if pd.isna(tables.data_date) else "No task has a date."
        yield _value("remaining time", None, "working days", why)
        yield _value("compression", None, "tasks at a time", why)
        return
    usual = calendars.mode() if len(calendars) else tasks["calendar_id"].mode()
    now, then = (pd.Series(pd.DatetimeIndex([each]).as_unit("us")) for each in (tables.data_date, finish))
    time = float(tables.working_time.working_days(now, then, usual.iloc[:1] if len(usual) else text([None]))[0])
    yield _value("remaining time", time, "working days")
    yield _value(
        "compression", left / time if time > 0 else None, "tasks at a time", None if time > 0 else "No time remains."
    )


def _since(previous: Tables | None, tables: Tables, options: _Choices) -> Iterator[dict[str, Any]]:
    names = ("added", "removed", "changed")
    if previous is None:
        why = "This is the first copy."
        yield from (_value(name, None, "tasks", why) for name in names)
        yield _value("hit rate", None, "%", why)
        return
    moved = slippage(previous, tables, key=options.key, float_unit=options.float_unit)
    for name, change in zip(names, ("added", "deleted", "changed"), strict=True):
        yield _value(name, int((moved["change"] == change).sum()), "tasks")
    if pd.isna(tables.data_date):
        yield _value("hit rate", None, "%", "The copy has no data date.")
        return
    ends = moved["finish_before"].fillna(moved["start_before"])
    due = (ends <= tables.data_date) & (moved["state_before"] != "complete") & moved["state_after"].notna()
    due = due.fillna(value=False).astype(bool)
    hit = int((moved["state_after"][due] == "complete").sum())
    count = int(due.sum())
    yield _value("hit rate", 100 * hit / count if count else None, "%", None if count else "Nothing was due.")


def _value(measure: str, value: Any, unit: str, reason: Any = None) -> dict[str, Any]:
    missing = value is None or pd.isna(value)
    why = None if reason is None or pd.isna(reason) else str(reason)
    return {
        "measure": measure,
        "value": None if missing else float(value),
        "unit": unit,
        "reason": why if missing else None,
    }


def _instants(values: Iterator[Any]) -> pd.Series[Any]:
    return pd.Series(pd.DatetimeIndex(list(values), dtype="datetime64[us, UTC]"))


def _said(weight: Weight) -> str:
    return weight if isinstance(weight, str) else "given by task"
