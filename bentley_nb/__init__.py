"""SYNCHRO 4D schedules as pandas DataFrames.

>>> import bentley_nb as bn
>>> client = bn.connect(demo=True)          # or bn.connect(), with credentials from the environment or .env
>>> schedule = client.schedule("Quayside Residences", project="Quayside Residences")
>>> tasks = schedule.tasks(user_fields=True)

Everything is imported on first use, so that ``import bentley_nb`` and ``%load_ext bentley_nb`` cost next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bentley_nb._version import __version__

if TYPE_CHECKING:
    from bentley_nb import charts as charts
    from bentley_nb import errors as errors
    from bentley_nb import export as export
    from bentley_nb import reports as reports
    from bentley_nb import sandbox as sandbox
    from bentley_nb._collection_functions import animation_bindings as animation_bindings
    from bentley_nb._collection_functions import baseline_tasks as baseline_tasks
    from bentley_nb._collection_functions import baselines as baselines
    from bentley_nb._collection_functions import calendars as calendars
    from bentley_nb._collection_functions import code_value_assignments as code_value_assignments
    from bentley_nb._collection_functions import code_values as code_values
    from bentley_nb._collection_functions import codes as codes
    from bentley_nb._collection_functions import entities_3d as entities_3d
    from bentley_nb._collection_functions import resource_assignments as resource_assignments
    from bentley_nb._collection_functions import resource_groups as resource_groups
    from bentley_nb._collection_functions import resource_status_history as resource_status_history
    from bentley_nb._collection_functions import resources as resources
    from bentley_nb._collection_functions import task_links as task_links
    from bentley_nb._collection_functions import task_scheduling_analyses as task_scheduling_analyses
    from bentley_nb._collection_functions import task_statuses as task_statuses
    from bentley_nb._collection_functions import tasks as tasks
    from bentley_nb._collection_functions import user_field_values as user_field_values
    from bentley_nb._collection_functions import user_fields as user_fields
    from bentley_nb._kept import open as open  # noqa: A004 - bn.open, as in PIL.Image.open
    from bentley_nb._options import options as options
    from bentley_nb.client import Client as Client
    from bentley_nb.client import connect as connect
    from bentley_nb.errors import AccessDenied as AccessDenied
    from bentley_nb.errors import BentleyError as BentleyError
    from bentley_nb.errors import CredentialsNotFound as CredentialsNotFound
    from bentley_nb.errors import CredentialsRejected as CredentialsRejected
    from bentley_nb.errors import InvalidRequest as InvalidRequest
    from bentley_nb.errors import InvalidResponse as InvalidResponse
    from bentley_nb.errors import MissingExtra as MissingExtra
    from bentley_nb.errors import NotFound as NotFound
    from bentley_nb.errors import RateLimited as RateLimited
    from bentley_nb.errors import ServiceUnavailable as ServiceUnavailable
    from bentley_nb.functions import catalog as catalog
    from bentley_nb.functions import projects as projects
    from bentley_nb.functions import schedules as schedules
    from bentley_nb.notebook.explorer import explore as explore
    from bentley_nb.notebook.sign_in.login import login as login
    from bentley_nb.notebook.sql.sql import sql as sql
    from bentley_nb.portfolio import open_portfolio as open_portfolio
    from bentley_nb.reports.changes import changes as changes
    from bentley_nb.schedule import Schedule as Schedule
    from bentley_nb.store import copies as copies
    from bentley_nb.store import read_dataset as read_dataset

# One function per main collection, over the session's client.
_TABLES = (
    "tasks",
    "task_links",
    "task_statuses",
    "task_scheduling_analyses",
    "resources",
    "resource_groups",
    "resource_assignments",
    "resource_status_history",
    "user_fields",
    "user_field_values",
    "codes",
    "code_values",
    "code_value_assignments",
    "calendars",
    "baselines",
    "baseline_tasks",
    "entities_3d",
    "animation_bindings",
)

# Where each public name comes from.
_MODULES = {
    **dict.fromkeys(_TABLES, "_collection_functions"),
    "connect": "client",
    "Client": "client",
    "Schedule": "schedule",
    "catalog": "functions",
    "projects": "functions",
    "schedules": "functions",
    "changes": "reports.changes",
    "copies": "store",
    "open": "_kept",
    "open_portfolio": "portfolio",
    "read_dataset": "store",
    "options": "_options",
    "login": "notebook.sign_in.login",
    "sql": "notebook.sql.sql",
    "explore": "notebook.explorer",
    **dict.fromkeys(
        (
            "AccessDenied",
            "BentleyError",
            "CredentialsNotFound",
            "CredentialsRejected",
            "InvalidRequest",
            "InvalidResponse",
            "MissingExtra",
            "NotFound",
            "RateLimited",
            "ServiceUnavailable",
        ),
        "errors",
    ),
}
_PACKAGES = ("charts", "errors", "export", "reports", "sandbox")

__all__ = ["__version__", "charts", "errors", "export", "reports", *_MODULES]  # noqa: PLE0604 - names, all of them


if not TYPE_CHECKING:  # type checkers know the names above, and no other

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            value = getattr(importlib.import_module(f"bentley_nb.{_MODULES[name]}"), name)
        elif name in _PACKAGES:
            value = importlib.import_module(f"bentley_nb.{name}")
        else:
            raise AttributeError(f"module 'bentley_nb' has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*__all__, *_PACKAGES})


def load_ipython_extension(shell: Any) -> None:
    """Add the magics ``%bentley`` and ``%%bentley``: called by ``%load_ext bentley_nb``."""
    from bentley_nb.notebook import load  # noqa: PLC0415 - the rest waits for the first magic

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Remove the magics: called by ``%unload_ext bentley_nb``."""
    from bentley_nb.notebook import unload  # noqa: PLC0415

    unload(shell)
