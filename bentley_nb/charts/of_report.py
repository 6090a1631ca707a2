"""A chart takes what its report takes, or the report itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from bentley_nb.errors import InvalidRequest


def report_of(
    s: Any,
    make: Callable[..., pd.DataFrame],
    columns: Collection[str],
    options: Mapping[str, Any],
    *,
    zone: str | None = None,
) -> pd.DataFrame:
    """Return `s` where it is the report already (it has its `columns`), else make it with `options`.

    A `zone` is the chart's as well as the report's, and so may differ from that of a finished report.

    Raises
    ------
    InvalidRequest
        Options other than the report's defaults come with a finished report, which they can no longer change.
    """
    if not (isinstance(s, pd.DataFrame) and set(columns) <= set(s.columns)):
        return make(s, **options, **({} if zone is None else {"zone": zone}))
    defaults = inspect.signature(make).parameters
    changed = [name for name, value in options.items() if not _same(value, defaults[name].default)]
    if changed:
        raise InvalidRequest(
            f"{', '.join(changed)} cannot be changed in a finished report.",
            hint=f"Pass it to the report, bn.reports.{make.__name__}(s, ...), or pass the schedule to the chart.",
        )
    return s


def _same(value: Any, default: Any) -> bool:
    # Columns of weights compare item by item; none of them is a default.
    return value is default or (isinstance(value, str | int | float | tuple) and bool(value == default))
