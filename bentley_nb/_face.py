"""The methods that every schedule has, declared once.

A collection of the catalog is a method by itself. A report, chart or export is one line of :class:`Face`.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import pandas as pd

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection
from bentley_nb.service.docstrings import describe


class _Method:
    """Makes the function of its own name in another package a method; the package is imported on first use.

    Parameters
    ----------
    package
        Where the function is: ``reports``, ``charts`` or ``export``.
    at
        Position of the schedule among its parameters.
    """

    def __init__(self, package: str, *, at: int = 0) -> None:
        self.package = package
        self.at = at
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, schedule: Face | None, owner: type[Face]) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(importlib.import_module(f"bentley_nb.{self.package}"), self._name)
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())
        own = parameters.pop(self.at)

        @wraps(function)
        def method(s: Any, *args: Any, **options: Any) -> Any:
            return function(s, *args, **options) if self.at == 0 else function(*args, **{own.name: s}, **options)

        own = own.replace(default=inspect.Parameter.empty)
        method.__signature__ = signature.replace(parameters=[own, *parameters])  # type: ignore[attr-defined]
        return method if schedule is None else method.__get__(schedule)  # type: ignore[attr-defined]


class Face:
    """What every schedule offers besides its tables.

    To make a function of ``bentley_nb.reports``, ``charts`` or ``export`` a method of every schedule, add one line with
    the function's name; ``at`` tells where it takes the schedule, if not first. ``s.slippage(before)`` is
    ``bn.reports.slippage(before, s)``.
    """

    changes = _Method("reports", at=1)
    critical = _Method("reports")
    critical_path_test = _Method("reports")
    driving_path = _Method("reports")
    earned_value = _Method("reports")
    element_counts = _Method("reports")
    element_status = _Method("reports")
    finish_risk = _Method("reports")
    float_distribution = _Method("reports")
    half_step = _Method("reports", at=1)
    health = _Method("reports")
    health_details = _Method("reports")
    late = _Method("reports")
    link_floats = _Method("reports")
    look_ahead = _Method("reports")
    milestones = _Method("reports")
    network_check = _Method("reports")
    open_ends = _Method("reports")
    out_of_sequence = _Method("reports")
    path_to = _Method("reports")
    predecessors = _Method("reports")
    progress = _Method("reports")
    resource_histogram = _Method("reports")
    s_curve = _Method("reports")
    scorecard = _Method("reports")
    signs = _Method("reports", at=1)
    slippage = _Method("reports", at=1)
    successors = _Method("reports")
    total_float = _Method("reports")
    variance = _Method("reports")
    wbs_rollup = _Method("reports")
    what_if = _Method("reports")

    float_histogram = _Method("charts")
    gantt = _Method("charts")

    to_excel = _Method("export", at=1)
    to_html = _Method("export", at=1)

    keep = _Method("store")


def _method(collection: Collection) -> Callable[..., pd.DataFrame]:
    """Return the method that reads one collection."""
    nested = COLLECTIONS[collection.by_parent] if collection.by_parent else collection
    parent = nested.parent.column if nested.parent else None
    wide = COLLECTIONS.wide_options(collection)

    def read(self: Any, parent_id: str | None = None, **options: Any) -> pd.DataFrame:
        if parent is not None and parent in options:
            parent_id = options.pop(parent)
        known = [*wide, "refresh", "include_deleted"]
        for name in options:
            if name not in known:
                raise InvalidRequest(
                    f"{collection.name}() has no option {name!r}.",
                    hint=nearest(name, [*known, *([parent] if parent else [])]),
                )
        frame: pd.DataFrame = (
            self._wide(collection, **options)
            if wide and parent_id is None
            else self.table(collection.name, parent_id, **options)
        )
        return frame

    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)]
    if parent:
        default = inspect.Parameter.empty if collection.single else None
        parameters.append(
            inspect.Parameter(parent, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation="str | None")
        )
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool | str | Sequence[str]")
        for name in wide
    ]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool")
        for name in ("refresh", "include_deleted")
    ]
    read.__name__ = collection.name
    read.__qualname__ = f"Schedule.{collection.name}"
    read.__doc__ = describe(collection)
    read.__signature__ = inspect.Signature(parameters, return_annotation="pandas.DataFrame")  # type: ignore[attr-defined]
    return read


for _collection in COLLECTIONS.values():
    if _collection.level == "schedule":
        setattr(Face, _collection.name, _method(_collection))
del _collection
