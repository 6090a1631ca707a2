"""Signs worth a question: edits between two states that change the answer without changing the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.frames.dtypes import Flags
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import chosen_zone
from bentley_nb.reports.basis.matching import Key, match_tasks
from bentley_nb.reports.basis.nullable import category, floats, text
from bentley_nb.reports.basis.state import is_complete
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.changes import changes
from bentley_nb.reports.slippage import slippage
from bentley_nb.reports.total_float import FloatUnit, task_floats

_COMPARED = ("tasks", "task_links", "calendars", "baselines", "baseline_tasks")
_UPDATE_REVIEW = "AACE 53R-06"
_GAO = "GAO-16-89G, best practice"


@dataclass(frozen=True)
class _Sign:
    """A sign: its name, what is looked for, and who says that it is worth a question."""

    name: str
    rule: str
    authority: str


SIGNS = (
    _Sign("actual start rewritten", "an actual start is on another day than before", "DECM 06A504a"),
    _Sign("actual finish rewritten", "an actual finish is on another day than before", "DECM 06A504b"),
    _Sign("actual start withdrawn", "an actual start recorded before is missing", "DECM 06A504a"),
    _Sign("actual finish withdrawn", "an actual finish recorded before is missing", "DECM 06A504b"),
    _Sign("progress backwards", "percent complete or actual duration is lower than before", f"{_GAO} 9"),
    _Sign(
        "remaining cut without progress",
        "remaining duration of open work fell while percent complete and actual duration did not rise",
        f"{_GAO} 9; {_UPDATE_REVIEW}",
    ),
    _Sign(
        "lag in place of logic",
        "a link was given a new or longer lag, and its predecessor or successor lost a link",
        f"{_GAO} 2; DCMA 14-point check 3",
    ),
    _Sign(
        "constraint on the path",
        "a task that is critical before or after was given a constraint it did not have",
        f"{_GAO} 6; DCMA 14-point check 5",
    ),
    _Sign("baseline edited", "a baseline that was there before, or one of its tasks, differs", f"{_GAO} 10"),
    _Sign(
        "calendar changed",
        "the working time of a calendar differs, or open work was put on another calendar",
        _UPDATE_REVIEW,
    ),
    _Sign(
        "riding the data date",
        "open work is planned on the data date in both states",
        "DECM 06A506c",
    ),
    _Sign(
        "criticality lost by duration",
        "critical work is no longer critical, and its planned duration was cut",
        f"{_GAO} 6; {_UPDATE_REVIEW}",
    ),
)
_NAMES = tuple(sign.name for sign in SIGNS)
_COLUMNS = ("table", "id", "user_defined_id", "name", "wbs_path", "field", "before", "after")


def signs(
    before: Source,
    after: Source,
    *,
    key: Key | None = None,
    float_unit: FloatUnit | None = "seconds",
    zone: str | None = None,
) -> pd.DataFrame:
    """Return the changes between two states that are worth a question, with the rule and authority of each.

    A sign is an indicator, never a verdict: each has honest explanations, and the planner may know them.

    Parameters
    ----------
    before, after
        A ``Schedule``, a kept copy, a part, a mapping of frames, or a tasks frame; the earlier one first.
    key
        "id" or "user_defined_id" of tasks; see ``slippage``.
    float_unit
        Unit of the service's raw floats; see ``total_float``.
    zone
        IANA zone whose days decide whether a date lies on another day or on the data date; by default that of
        ``bentley_nb.options.display_zone``.

    Returns
    -------
    pandas.DataFrame
        One row per finding: ``sign`` (ordered category), ``table``, ``id``, ``user_defined_id``, ``name``,
        ``wbs_path``, ``field``, ``before``, ``after`` (as in ``changes``), ``rule``, ``authority``. Hammocks and WBS
        rows have no progress of their own and are left out.

        ``about(frame).facts["signs"]`` lists every sign with ``rule``, ``authority``, ``count`` (None where it could
        not be looked for) and ``reason``.

    Raises
    ------
    InvalidRequest
        An option is not understood, or one of the states has no dates at all.

    Examples
    --------
    >>> bn.reports.signs(s, s)["sign"].tolist()
    []
    """
    zone = chosen_zone(zone)
    old, new = (Tables.of(each, needs=_COMPARED) for each in (before, after))
    register = changes(old, new, key=key, tables=_COMPARED)
    says, register.attrs = register.attrs, {}  # pandas would copy them with every selection
    search = _Search(old, new, key, float_unit, zone, register)
    reasons = search.not_evaluated(says["facts"]["not_compared"])
    found: dict[str, pd.DataFrame] = {}
    for sign in SIGNS:
        rows = [] if sign.name in reasons else [each for each in search.find(sign.name) if len(each)]
        if rows:
            found[sign.name] = pd.concat(rows, ignore_index=True)
    frame = _together(found)
    told = [
        {
            "sign": sign.name,
            "rule": sign.rule,
            "authority": sign.authority,
            "count": None if sign.name in reasons else len(found.get(sign.name, ())),
            "reason": reasons.get(sign.name),
        }
        for sign in SIGNS
    ]
    notes = [
        "A sign is an indicator, never a verdict: ask before concluding.",
        *says["notes"],
        *[f"{name}: not evaluated. {reason}" for name, reason in reasons.items()],
    ]
    facts = {name: says["facts"][name] for name in ("data_date_before", "data_date_after", "key", "matched")}
    return as_report(frame, new, "signs", notes, facts | {"signs": told})


class _Search:
    """Looks for the signs among the differences of two states."""

    def __init__(
        self,
        old: Tables,
        new: Tables,
        key: Key | None,
        float_unit: FloatUnit | None,
        zone: str,
        register: pd.DataFrame,
    ) -> None:
        self.old, self.new, self.register, self.zone = old, new, register, zone
        self.moved = slippage(old, new, key=key, float_unit=float_unit, zone=zone)
        match = match_tasks(old, new, key)
        leaves = (match.before_of >= 0) & new.activities
        place = match.before_of[leaves]
        self.was, self.now = old.tasks.iloc[place].reset_index(drop=True), new.tasks[leaves].reset_index(drop=True)
        self.open = ~is_complete(self.was) & ~is_complete(self.now)
        pairs = np.flatnonzero(match.before_of >= 0)
        self.before_ids, self.after_ids = old.tasks["id"].iloc[match.before_of[pairs]], new.tasks["id"].iloc[pairs]
        critical = [_critical(tables, float_unit) for tables in (old, new)]
        self.critical_before, self.critical_after = critical[0].iloc[place], critical[1][leaves]
        self.key = match.key

    def not_evaluated(self, absent: Mapping[str, str]) -> dict[str, str]:
        """Name the signs that cannot be looked for, and why; ``absent`` says which tables are not there."""
        needs = {
            "lag in place of logic": ("task_links",),
            "baseline edited": ("baseline_tasks",),
            "calendar changed": ("calendars",),
        }
        reasons = {sign: absent[table] for sign, tables in needs.items() for table in tables if table in absent}
        if self.moved["rides_data_date"].isna().all() and len(self.moved):
            reasons["riding the data date"] = "Both data dates are needed."
        elif self.new.data_date == self.old.data_date:
            reasons["riding the data date"] = "Both states have the same data date."
        for tables, critical in ((self.old, self.critical_before), (self.new, self.critical_after)):
            if critical.isna().all() and len(critical):
                why = tables.why_missing("task_scheduling_analyses") or "Criticality is unknown."
                reasons |= dict.fromkeys(("constraint on the path", "criticality lost by duration"), why)
        return reasons

    def find(self, sign: str) -> Iterator[pd.DataFrame]:
        """Yield the rows of one sign."""
        side = "start" if "start" in sign else "finish"
        if sign.endswith("rewritten"):
            yield self._tasks(f"actual_{side}", self._another_day(f"actual_{side}"))
        elif sign.endswith("withdrawn"):
            gone = self.was[f"actual_{side}"].notna() & self.now[f"actual_{side}"].isna()
            yield self._tasks(f"actual_{side}", gone.to_numpy(dtype=bool))
        elif sign == "progress backwards":
            fell = self._fell("percent_complete")
            yield self._tasks("percent_complete", fell)
            yield self._tasks("actual_duration_hours", self._fell("actual_duration_hours") & ~fell)
        elif sign == "remaining cut without progress":
            rose = self._rose("percent_complete") | self._rose("actual_duration_hours")
            yield self._tasks("remaining_duration_hours", self._fell("remaining_duration_hours") & self.open & ~rose)
        elif sign == "lag in place of logic":
            yield self._lags()
        elif sign == "constraint on the path":
            on_path = _known(self.critical_before) | _known(self.critical_after)
            given = ~self.now["constraint_type"].astype("string").isin(["NoConstraint"]).to_numpy(dtype=bool)
            given &= self.now["constraint_type"].notna().to_numpy(dtype=bool)
            yield self._tasks("constraint_type", on_path & given & self.open)
        elif sign == "baseline edited":
            yield self._baseline()
        elif sign == "calendar changed":
            worked = self.register["field"].isin(["day_types", "exceptions", "parent_id"])
            worked |= self.register["field"].str.startswith("week_").fillna(value=False)
            yield self._rows(
                (self.register["table"] == "calendars") & (worked | (self.register["change"] == "removed"))
            )
            yield self._tasks("calendar_id", self.open)
        elif sign == "riding the data date":
            yield self._riding()
        else:
            lost = _known(self.critical_before) & _known(~self.critical_after)
            yield self._tasks("planned_duration_hours", lost & self.open & self._fell("planned_duration_hours"))

    def _rows(self, mask: pd.Series[Any]) -> pd.DataFrame:
        return self.register[mask.to_numpy(dtype=bool)][list(_COLUMNS)]

    def _tasks(self, field: str, mask: Flags) -> pd.DataFrame:
        """Return the changes of a field of the tasks in the mask."""
        register = self.register
        ids = self.now["id"][mask]
        here = positions(register["id"], ids) >= 0
        return self._rows((register["table"] == "tasks") & (register["field"] == field) & here)

    def _fell(self, column: str) -> Flags:
        return np.asarray(floats(self.now[column]) < floats(self.was[column]), dtype=bool)

    def _rose(self, column: str) -> Flags:
        before = np.nan_to_num(floats(self.was[column]))  # nothing recorded is nothing done
        return np.asarray(floats(self.now[column]) > before, dtype=bool)

    def _another_day(self, column: str) -> Flags:
        days = [
            each[column].dt.tz_convert(self.zone).dt.tz_localize(None).dt.normalize() for each in (self.was, self.now)
        ]
        both = days[0].notna() & days[1].notna()
        return np.asarray(both & (days[0] != days[1]), dtype=bool)

    def _lags(self) -> pd.DataFrame:
        register, links = self.register, self.register["table"] == "task_links"
        removed = register[links & (register["change"] == "removed")]
        before, after = self.old.require("task_links"), self.new.require("task_links")
        lost = before[positions(before["id"], removed["id"]) >= 0]
        lag = register["after_value"].fillna(0) > register["before_value"].fillna(0).clip(lower=0)
        longer = links & (register["field"] == "lag_hours") & lag
        new_lags = after["id"][(after["lag_hours"] > 0).fillna(value=False)]
        longer |= links & (register["change"] == "added") & (positions(register["id"], new_lags) >= 0)
        ends = after.iloc[np.maximum(positions(register["id"], after["id"]), 0)] if len(after) else after
        touched = np.zeros(len(register), dtype=bool)
        for side in ("predecessor_id", "successor_id"):
            ids = lost[side]
            if self.key != "id":
                ids = self.after_ids.reset_index(drop=True).reindex(positions(ids, self.before_ids))
            if len(after):
                touched |= positions(ends[side], ids) >= 0
        return self._rows(longer & touched)

    def _baseline(self) -> pd.DataFrame:
        register = self.register
        of_tasks, of_baselines = (register["table"] == name for name in ("baseline_tasks", "baselines"))
        known = self.old.require("baseline_tasks")["baseline_id"].dropna().unique().tolist()
        names = self.old.get("baselines")
        if names is not None:
            known += names["name"].dropna().tolist()
        # The tasks of a baseline made since are no edit of an old one.
        old_one = register["item"].isin(known) | register["item"].isna() | (register["item"] == "")
        return self._rows((of_tasks & old_one) | (of_baselines & (register["change"] != "added")))

    def _riding(self) -> pd.DataFrame:
        rides = self.moved["rides_data_date"].fillna(value=False).astype(bool)
        still_open = (self.moved["state_before"] != "complete") & (self.moved["state_after"] != "complete")
        found = self.moved[rides & still_open].reset_index(drop=True)
        started = found["state_after"] == "in progress"
        rows = found[["id", "user_defined_id", "name", "wbs_path"]].assign(table="tasks")
        rows["field"] = text(np.where(started | found["start_after"].isna(), "planned_finish", "planned_start"))
        for side in ("before", "after"):
            date = found[f"start_{side}"].where(rows["field"] == "planned_start", found[f"finish_{side}"])
            rows[side] = date.dt.strftime("%Y-%m-%d %H:%M").astype("string")
        return rows[list(_COLUMNS)]


def _critical(tables: Tables, float_unit: FloatUnit | None) -> pd.Series[Any]:
    return task_floats(tables, float_unit)[0]["is_critical"]


def _known(mask: pd.Series[Any]) -> Flags:
    return np.asarray(mask.fillna(value=False), dtype=bool)


def _together(found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the rows of all signs into one frame, in the order of the signs."""
    counts = [len(found.get(name, ())) for name in _NAMES]
    frame = pd.DataFrame({"sign": category(np.repeat(np.arange(len(SIGNS)), counts), _NAMES)})
    for column in _COLUMNS:
        values = [value for name in _NAMES if name in found for value in found[name][column].tolist()]
        frame[column] = text(values)
    for column in ("rule", "authority"):
        frame[column] = text(
            [getattr(sign, column) for sign, count in zip(SIGNS, counts, strict=True) for _ in range(count)]
        )
    return frame
