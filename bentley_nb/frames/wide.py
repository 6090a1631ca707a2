"""User fields and codes as columns: one per field, typed as the field is declared; one per code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bentley_nb._warn import warn_caller
from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.frames.decode import read_instants
from bentley_nb.frames.dtypes import UTC_INSTANT, string_dtype
from bentley_nb.frames.keys import arrow_text, positions
from bentley_nb.frames.to_pandas import instant_array
from bentley_nb.frames.tolerant import read_instant
from bentley_nb.frames.wbs import Wbs

SEVERAL = "; "
DESCRIPTION = " [description]"
_SEVERAL = pa.scalar(SEVERAL, pa.large_string())

FIELD_CATEGORIES = {"task": "Task", "resource": "Resource", "resource_group": "ResourceGroup", "entity_3d": "Entity3d"}
# Beyond this a float cannot tell one whole number from the next.
_EXACT_BELOW = 2.0**53

CODE_CATEGORIES = {"task": "Activity", "resource": "Resource", "resource_group": "ResourceGroup"}


class UserFieldWarning(UserWarning):
    """Values of a user field do not fit its declared type; the column stays text."""


def asked_for(wanted: object, option: str) -> bool | list[str]:
    """Read an option that takes True, a name or several names; None is False.

    Raises
    ------
    InvalidRequest
        It is something else.
    """
    if wanted is None or isinstance(wanted, bool | np.bool_):
        return bool(wanted)
    names = [wanted] if isinstance(wanted, str) else list(wanted) if isinstance(wanted, Iterable) else [None]
    if not all(isinstance(name, str) for name in names):
        raise InvalidRequest(
            f"{option} must be True, False, a name or several names, not {wanted!r}.",
            hint=f"{option}=True adds all of them; {option}=['First', 'Second'] adds some.",
        )
    return [str(name) for name in names]


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
        Float -> ``Float64``, Integer -> ``Int64`` (exactly), Boolean -> ``boolean``, StartDate and FinishDate ->
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
    field = positions(values["user_field_id"], known["id"])
    order = np.argsort(field, kind="stable")
    edges = np.searchsorted(field[order], np.arange(len(known) + 1))
    rows = positions(values[f"{owner}_id"], frame["id"])
    sent = arrow_text(values["value"])
    for number, (name, type_) in enumerate(
        zip(_column_names(known["name"], frame.columns, "user field"), known["type"].astype("string"), strict=True)
    ):
        at = order[edges[number] : edges[number + 1]]
        text = _placed(sent, at, rows[at], len(frame))
        frame[name] = _typed(text, type_ if isinstance(type_, str) else "", name)
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
        True for all codes of the owner's category, or names of codes. ``"Trade [description]"`` adds the descriptions
        of the values in place of their names.

    Returns
    -------
    pandas.DataFrame
        The frame with one more ``string`` column per code: the path of the value (``Level 03 > Zone A``) where the
        code has levels, else its name. Several values of one code are joined with ``"; "`` in the order of their
        names, and a value without a name is missing.

    Raises
    ------
    InvalidRequest
        A wanted name is not that of a code.
    """
    if not isinstance(wanted, bool):
        described = [name for name in wanted if name.endswith(DESCRIPTION) and not (codes["name"] == name).any()]
        if described:
            frame = add_codes(
                frame, owner, codes, code_values, assignments, [name for name in wanted if name not in described]
            )
            codes = codes.assign(name=codes["name"] + DESCRIPTION)
            code_values, wanted = code_values.assign(name=code_values["description"], parent_id=None), described
    known = _present(codes)
    values = _present(code_values)
    values = values.assign(name=code_value_paths(values))
    value = positions(assignments["code_value_id"], values["id"])
    # The categories' literals are only partly documented: what is assigned to an owner counts as the owner's too.
    category = known["category"].astype("string")
    used = values["code_id"].iloc[np.flatnonzero(np.bincount(value[value >= 0], minlength=len(values)))]
    known = known[(category == CODE_CATEGORIES[owner]).fillna(False) | (positions(known["id"], used) >= 0)]
    known = _choose(known, wanted, "code")
    columns = _column_names(known["name"], frame.columns, "code")

    # Per assignment the number of the code, of the row and of the value's name; -1 for none. One sorted key of all
    # three leaves each name once, in its place.
    rank, names = pd.factorize(values["name"].astype(object), sort=True)
    code = np.append(positions(values["code_id"], known["id"]), -1)[value]
    row, name = positions(assignments[f"{owner}_id"], frame["id"]), np.append(rank, -1)[value]
    named = (code >= 0) & (row >= 0) & (name >= 0)
    count = max(len(names), 1)
    key = np.sort((code[named] * len(frame) + row[named]) * count + name[named])  # np.unique of NumPy 2.3 is far slower
    cell, name = np.divmod(key[np.diff(key, prepend=-1) > 0], count)
    text = pa.array(names, pa.large_string()).take(pa.array(name))
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    cells = cell[starts]
    joined = pc.binary_join(pa.LargeListArray.from_arrays([*starts, len(cell)], text), _SEVERAL)
    edges = np.searchsorted(cells, np.arange(len(known) + 1) * len(frame))
    for number, column in enumerate(columns):
        at = np.arange(edges[number], edges[number + 1])
        frame[column] = _placed(joined, at, cells[at] - number * len(frame), len(frame))
    return frame


def code_value_paths(values: pd.DataFrame) -> pd.Series[Any]:
    """Return the path of each code value below its code, aligned with the values; its name where it has no parent."""
    if values["parent_id"].isna().all():
        return values["name"]
    paths = Wbs(values.reset_index(drop=True)).full_paths()
    return pd.Series(paths, index=values.index).astype(string_dtype()).mask(values["name"].isna())


def _placed(
    text: pa.Array, at: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], count: int
) -> pd.api.extensions.ExtensionArray:
    """Put texts, by their positions, into rows of a column; a row of -1 is skipped, other rows are missing."""
    source = np.full(count, -1, dtype=np.int64)
    source[rows[rows >= 0]] = at[rows >= 0]
    dtype: Any = string_dtype()
    column: pd.api.extensions.ExtensionArray = dtype.__from_arrow__(pc.take(text, pa.array(source, mask=source < 0)))
    return column


def _present(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a collection's rows without those marked as deleted."""
    flagged = "deleted" in frame and pd.api.types.is_bool_dtype(frame["deleted"].dtype)
    kept = frame[~frame["deleted"].fillna(False).astype(bool)] if flagged else frame
    return kept.sort_values(["name", "id"], kind="stable") if "id" in kept else kept


def _choose(known: pd.DataFrame, wanted: bool | Sequence[str], what: str) -> pd.DataFrame:
    if isinstance(wanted, bool):
        return known if wanted else known.iloc[:0]
    names = list(wanted)
    available = known["name"].dropna().tolist()
    for name in names:
        if name not in available:
            raise InvalidRequest(f"There is no {what} {name!r}.", hint=nearest(str(name), available))
    order = {name: place for place, name in enumerate(names)}
    chosen = known[known["name"].isin(names)]
    return chosen.assign(_order=chosen["name"].map(order)).sort_values("_order", kind="stable").drop(columns="_order")


def _column_names(names: Iterable[str | None], taken: Iterable[str], what: str) -> list[str]:
    columns = set(taken)
    plain = [name if isinstance(name, str) and name else f"unnamed {what}" for name in names]
    exact = set(plain) - columns  # reserved for columns of exactly these names
    given: list[str] = []
    used: set[str] = set()
    for name in plain:
        candidate = f"{name} [{what}]" if name in columns else name
        number = 2
        while candidate in used or candidate in columns or (candidate in exact and candidate != name):
            candidate, number = f"{name} [{number}]", number + 1
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
        typed = typed.mask(typed.abs() == np.inf)  # one would make every sum infinite or NaN
    elif type_ == "Integer":
        typed = _whole_numbers(filled)
    elif type_ == "Boolean":
        typed = filled.str.lower().map({"true": True, "false": False, "1": True, "0": False}).astype("boolean")
    elif type_ in ("StartDate", "FinishDate"):
        typed = _instants(filled)
    else:
        return text
    lost = typed.isna() & filled.notna()
    if lost.any():
        warn_caller(
            f"User field {name!r} is declared {type_}, but {int(lost.sum())} value(s) are not, for example "
            f"{filled[lost].iloc[0]!r}; the column stays text.",
            UserFieldWarning,
        )
        return text
    return typed.array


def _whole_numbers(text: pd.Series[Any]) -> pd.Series[Any]:
    """Return whole numbers, digit by digit; missing where the text is none, or does not fit into 64 bits."""
    digits = arrow_text(text)
    written_out = pc.fill_null(pc.match_substring_regex(digits, r"^[+-]?[0-9]+(\.0*)?$"), False)
    digits = pc.replace_substring_regex(digits, r"^(\+?|(-))0*([0-9]+)(\.0*)?$", r"\2\3")
    digits = pc.if_else(written_out, digits, None)
    # The longest number that surely fits has 18 digits.
    longer = pc.fill_null(pc.greater(pc.utf8_length(digits), 18), False)
    if pc.any(longer).as_py():
        fits = [
            number if number is None or -(2**63) <= int(number[:40]) < 2**63 else None for number in digits.to_pylist()
        ]
        digits = pa.array(fits, pa.large_string())
    dtype: Any = pd.Int64Dtype()
    exact: pd.Series[Any] = pd.Series(dtype.__from_arrow__(digits.cast(pa.int64())), index=text.index)
    # Other ways of writing a number ("1e3") go through a float, as far as that is exact.
    rest = text.mask(written_out.to_numpy(zero_copy_only=False))
    if not rest.notna().any():
        return exact
    numbers = pd.to_numeric(rest, errors="coerce").astype("Float64")
    sure = (numbers == numbers.round()) & (numbers.abs() < _EXACT_BELOW)
    return exact.fillna(numbers.where(sure).astype("Int64"))


def _instants(text: pd.Series[Any]) -> pd.Series[Any]:
    """Return date-times as the frames read them; missing where the text is none."""
    encoded = arrow_text(text).dictionary_encode()
    sent = encoded.dictionary
    try:
        found = read_instants(sent)
    except pa.ArrowInvalid:
        found = pa.array([_instant_or_none(value) for value in sent.to_pylist()], UTC_INSTANT)
    return pd.Series(instant_array(found.take(encoded.indices)), index=text.index)


def _instant_or_none(value: str) -> datetime | None:
    try:
        return read_instant(value)
    except (ValueError, OverflowError):
        return None
