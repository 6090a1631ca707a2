"""Functions over the session's client, one per collection: ``bn.tasks(schedule_id)`` is ``Schedule.tasks``."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pandas as pd

from bentley_nb.functions import schedule
from bentley_nb.schedule import Schedule


def __getattr__(name: str) -> Callable[..., pd.DataFrame]:
    """Return the function that reads one collection of a schedule with the session's client."""
    if name.startswith("_") or not hasattr(Schedule, name):
        raise AttributeError(name)

    def read(schedule_id: str, *args: Any, **options: Any) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(schedule(schedule_id), name)(*args, **options)
        return frame

    method = getattr(Schedule, name)
    signature = inspect.signature(method)
    first = inspect.Parameter("schedule_id", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation="str")
    read.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[first, *list(signature.parameters.values())[1:]]
    )
    read.__name__ = read.__qualname__ = name
    doc = inspect.getdoc(method) or ""
    read.__doc__ = f"Call :meth:`Schedule.{name}` of a schedule, by its id, with the session's client.\n\n{doc}"
    return read
