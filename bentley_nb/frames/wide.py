"""User fields and codes as columns: one per field, typed as the field is declared; one per code."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.schema import string_dtype

SEVERAL = "; "

FIELD_CATEGORIES = {"task": "Task", "resource": "Resource", "resource_group": "ResourceGroup", "entity_3d": "Entity3d"}
CODE_CATEGORIES = {"task": "Activity", "resource": "Resource", "resource_group": "ResourceGroup"}


class UserFieldWarning(UserWarning):
    """Values of a user field do not fit its declared type; the column stays text."""


def add_user_fields(
    frame: pd.DataFrame,
    owner: str,
    fields: pd.DataFrame,
    values: pd.DataFrame,
    wanted: bool | Sequence[str] = True,
) -> pd.DataFrame:
    """Add one typed column per user field.

    Parameters
    ----------
    frame
        Rows of the owner, with their ``id``.
    owner
        ``"task"``, ``"resource"``, ``"resource_group"`` or ``"entity_3d"``.
    fields
        The collection ``user_fields``.
    values
        The owner's user field values.
    wanted
        True for all fields of the owner's category, or names of fields.

    Returns
    -------
    pandas.DataFrame
        The frame with further columns named exactly as the fields are. A name that is a column already becomes
        ``Name [user field]``, a second field of that name ``Name [2]``. Deleted fields are left out.
        Float -> ``Float64``, Integer -> ``Int64``, Boolean -> ``boolean``, StartDate and FinishDate ->
        ``datetime64[us, UTC]``, everything else -> ``string``. One value that does not parse leaves its whole column
        text, with one :class:`UserFieldWarning`.

    Raises
    ------
    InvalidRequest
        A wanted name is not that of a field.
    """
    known = _present(fields)
    known = known[known["category"].astype("string").fillna(FIELD_CATEGORIES[owner]) == FIELD_CATEGORIES[owner]]
    known = _choose(known, wanted, "user field")
    owner_column = f"{owner}_id"
    values = values[values["user_field_id"].isin(known["id"])]
    rows = pd.Index(frame["id"]).get_indexer(pd.Index(values[owner_column]))
    grouped = values.groupby("user_field_id", sort=False, observed=True).indices
    for field_id, name, type_ in zip(
        known["id"],
        _column_names(known["name"], frame.columns, "user field"),
        known["type"].astype("string"),
        strict=True,
    ):
        at = grouped.get(field_id, np.array([], dtype=np.int64))
        text = np.full(len(frame), None, dtype=object)
        places = rows[at]
        text[places[places >= 0]] = values["value"].to_numpy(dtype=object)[at][places >= 0]
        frame[name] = _typed(pd.array(text, dtype=string_dtype()), type_ if isinstance(type_, str) else "", name)
    return frame


def add_codes(
    frame: pd.DataFrame,
    owner: str,
    codes: pd.DataFrame,
    code_values: pd.DataFrame,
    assignments: pd.DataFrame,
    wanted: bool | Sequence[str] = True,
) -> pd.DataFrame:
    """Add one column per code, holding the names of the values.

    Parameters
    ----------
    frame
        Rows of the owner, with their ``id``.
    owner
        ``"task"``, ``"resource"`` or ``"resource_group"``.
    codes, code_values, assignments
        The collections of these names.
    wanted
        True for all codes of the owner's category, or names of codes.

    Returns
    -------
    pandas.DataFrame
        The frame with one more ``string`` column per code; several values of one code are joined with ``"; "`` in
        the order of their names.

    Raises
    ------
    InvalidRequest
        A wanted name is not that of a code.
    """
    known = _present(codes)
    values = _present(code_values)
    assigned = assignments.merge(
        values[["id", "code_id", "name"]].rename(columns={"id": "code_value_id"}), on="code_value_id", how="inner"
    )
    # The categories' literals are only partly documented: what is assigned to an owner counts as the owner's too.
    category = known["category"].astype("string")
    known = known[(category == CODE_CATEGORIES[owner]).fillna(False) | known["id"].isin(assigned["code_id"])]
    known = _choose(known, wanted, "code")
    owner_column = f"{owner}_id"
    place = pd.Index(frame["id"])
    names = _column_names(known["name"], frame.columns, "code")
    for code_id, name in zip(known["id"], names, strict=True):
        own = assigned.loc[assigned["code_id"] == code_id, [owner_column, "name"]].drop_duplicates()
        own = own.dropna(subset=[owner_column]).sort_values("name", kind="stable")
        text = own.drop_duplicates(owner_column).set_index(owner_column)["name"].fillna("")
        # Joined only where there is something to join: a Python call per task would take seconds.
        several = own[own[owner_column].duplicated(keep=False)].dropna(subset=["name"])
        joined = several.groupby(owner_column, sort=False, observed=True)["name"].agg(SEVERAL.join)
        text.loc[joined.index] = joined
        cells = np.full(len(frame), None, dtype=object)
        rows = place.get_indexer(pd.Index(text.index))
        cells[rows[rows >= 0]] = text.to_numpy(dtype=object)[rows >= 0]
        frame[name] = pd.array(cells, dtype=string_dtype())
    return frame


def _present(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that are marked as deleted, by name."""
    kept = frame[~frame["deleted"].fillna(False).astype(bool)] if "deleted" in frame else frame
    return kept.sort_values(["name", "id"], kind="stable") if "id" in kept else kept


def _choose(known: pd.DataFrame, wanted: bool | Sequence[str], what: str) -> pd.DataFrame:
    if isinstance(wanted, bool):
        return known if wanted else known.iloc[:0]
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    available = known["name"].dropna().tolist()
    for name in names:
        if name not in available:
            raise InvalidRequest(f"There is no {what} {name!r}.", hint=nearest(str(name), available))
    order = {name: place for place, name in enumerate(names)}
    chosen = known[known["name"].isin(names)]
    return chosen.assign(_order=chosen["name"].map(order)).sort_values("_order", kind="stable").drop(columns="_order")


def _column_names(names: Iterable[str | None], taken: Iterable[str], what: str) -> list[str]:
    used = set(taken)
    given: list[str] = []
    for name in names:
        plain = name if isinstance(name, str) and name else f"unnamed {what}"
        candidate = f"{plain} [{what}]" if plain in used and plain not in given else plain
        number = 2
        while candidate in used:
            candidate, number = f"{plain} [{number}]", number + 1
        used.add(candidate)
        given.append(candidate)
    return given


def _typed(text: pd.api.extensions.ExtensionArray, type_: str, name: str) -> pd.api.extensions.ExtensionArray:
    column = pd.Series(text)
    typed: pd.Series[Any]
    stripped = column.str.strip()
    filled = stripped.mask(stripped == "")
    if type_ == "Float":
        typed = pd.to_numeric(filled, errors="coerce").astype("Float64")
    elif type_ == "Integer":
        numbers = pd.to_numeric(filled, errors="coerce").astype("Float64")
        typed = numbers.mask(numbers != numbers.round()).astype("Int64")
    elif type_ == "Boolean":
        typed = filled.str.lower().map({"true": True, "false": False, "1": True, "0": False}).astype("boolean")
    elif type_ in ("StartDate", "FinishDate"):
        typed = pd.to_datetime(filled, errors="coerce", utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    else:
        return text
    lost = typed.isna() & filled.notna()
    if lost.any():
        warnings.warn(
            f"User field {name!r} is declared {type_}, but {int(lost.sum())} value(s) are not, for example "
            f"{filled[lost].iloc[0]!r}; the column stays text.",
            UserFieldWarning,
            stacklevel=5,  # the caller of Schedule.tasks()
        )
        return text
    return typed.array
