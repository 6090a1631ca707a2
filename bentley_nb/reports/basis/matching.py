"""Which task of one snapshot is which of another: by id, or by the user's own id where ids were assigned again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.dtypes import Ints
from bentley_nb.frames.keys import positions
from bentley_nb.reports.basis.tables import Tables

Key = Literal["id", "user_defined_id"]

# Below this share a re-import has probably given new ids, and the users' own ids match better.
_ENOUGH = 0.8


@dataclass(frozen=True)
class Match:
    """Tasks of two snapshots, paired.

    Attributes
    ----------
    key
        "id" or "user_defined_id".
    before_of
        For each task of the later snapshot the position of its earlier self, -1 where it is new.
    rate
        Share of the smaller snapshot's tasks that are paired, 0 to 1.
    notes
        What was used, and why.
    """

    key: Key
    before_of: Ints
    rate: float
    notes: tuple[str, ...]


def match_tasks(before: Tables, after: Tables, key: Key | None = None) -> Match:
    """Pair the tasks of two snapshots.

    Ids survive within a schedule, but not a clone of it nor a new import. Below 80 percent of matches the user defined
    ids are tried, and used where they pair more; ids that stand for several tasks in one snapshot pair with none. An id
    may also have been given to other work since: the notes count the pairs whose names differ.

    Raises
    ------
    InvalidRequest
        ``key`` is neither.
    """
    if key not in (None, "id", "user_defined_id"):
        raise InvalidRequest(f"Tasks cannot be matched by {key!r}.", hint=nearest(str(key), ["id", "user_defined_id"]))
    match = _match(before, after, key)
    return replace(match, notes=(*match.notes, *_other_names(before, after, match)))


def _match(before: Tables, after: Tables, key: Key | None) -> Match:
    if key == "user_defined_id":
        return _by_user_defined_id(before, after, "as asked")
    by_id = positions(after.tasks["id"], before.tasks["id"])
    rate = _rate(by_id, before, after)
    match = Match("id", by_id, rate, (f"Matched by id: {rate:.0%} of the tasks.",))
    if key == "id" or rate >= _ENOUGH or not len(before.tasks) or not len(after.tasks):
        return match
    other = _by_user_defined_id(before, after, f"only {rate:.0%} match by id")
    if other.rate > rate:
        return other
    poor = "Few tasks match by id or by user defined id: are these two states of one schedule?"
    return replace(match, notes=(*match.notes, poor))


def _by_user_defined_id(before: Tables, after: Tables, why: str) -> Match:
    old, new = before.tasks["user_defined_id"], after.tasks["user_defined_id"]
    # A user defined id need not be unique.
    ambiguous = [int(ids[ids.notna()].duplicated(keep=False).sum()) for ids in (old, new)]
    paired = positions(new.mask(new.duplicated(keep=False)), old.mask(old.duplicated(keep=False)))
    rate = _rate(paired, before, after)
    notes = [f"Matched by user defined id ({why}): {rate:.0%} of the tasks."]
    if any(ambiguous):
        notes.append(
            f"{ambiguous[0]:,} task(s) before and {ambiguous[1]:,} after share their user defined id with another and "
            "are not matched."
        )
    return Match("user_defined_id", paired, rate, tuple(notes))


def _other_names(before: Tables, after: Tables, match: Match) -> list[str]:
    """Return a note on pairs with two names: tasks renamed, or an id used again."""
    pairs = np.flatnonzero(match.before_of >= 0)
    was = before.tasks["name"].iloc[match.before_of[pairs]].reset_index(drop=True)
    now = after.tasks["name"].iloc[pairs].reset_index(drop=True)
    differ = np.flatnonzero((was.str.strip() != now.str.strip()).fillna(value=False))
    if not len(differ):
        return []
    example = f"{was[differ[0]]!r} is now {now[differ[0]]!r}"
    counted = f"{len(differ):,} of the tasks matched have another name than before ({example})"
    return [f"{counted}: renamed, or their id is used again for other work."]


def _rate(before_of: Ints, before: Tables, after: Tables) -> float:
    """Return the share of the smaller state's activities that are paired; WBS rows are not activities."""
    was, now = ~before.summaries, ~after.summaries
    smaller = min(int(was.sum()), int(now.sum()))
    # Position -1 (not paired) reads the False appended at the end.
    return float((now & np.append(was, False)[before_of]).sum()) / smaller if smaller else 1.0
