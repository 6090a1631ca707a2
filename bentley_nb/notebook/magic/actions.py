"""What the sub-commands of ``%bentley`` do: each calls the function of its name and reports in one line."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bentley_nb import _session
from bentley_nb._files import check_target
from bentley_nb.errors import InvalidRequest, NotFound, nearest
from bentley_nb.notebook import seen
from bentley_nb.notebook.messages import Status, say, say_frame
from bentley_nb.service.catalog import COLLECTIONS

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.client import Client
    from bentley_nb.schedule import Schedule

Fields = Sequence[tuple[str, Any]]
"""What ``--only`` reads: fields with a value each."""

_WORKBOOK = ("look_ahead", "late", "milestones", "progress")


def login(*, no_form: bool = False, **given: Any) -> None:
    """Sign in; see :func:`bentley_nb.login`."""
    from bentley_nb.notebook.sign_in import login as form  # noqa: PLC0415 - it imports the HTTP libraries

    form.login(form=False if no_form else None, **given)


def connect(**given: Any) -> Client:
    """Connect with credentials found in the environment or a ``.env`` file."""
    from bentley_nb.client import connect as make  # noqa: PLC0415

    return make(**given)


def demo(surface: str | None = None) -> Client:
    """Connect to the sandbox and choose its main schedule."""
    from bentley_nb.functions import schedule  # noqa: PLC0415 - pandas waits for the first question
    from bentley_nb.sandbox.running import demo_sandbox  # noqa: PLC0415 - a demo only

    client = connect(demo=True, surface=surface)
    chosen = schedule(demo_sandbox().schedule_id)
    _session.use(chosen)
    seen.list_projects(client)
    seen.remember(chosen)
    say("Demo: no account needed", f"current schedule {chosen.name!r}", "next: %bentley tasks")
    return client


def status() -> Status:
    """Show the state of the session; sends no request."""
    return Status()


def logout() -> None:
    """Forget the connection, the sign-in and everything read with it."""
    client = _session.connected()
    _session.forget()
    if client is None:
        say("Not connected: nothing to log out from.")
        return
    client.close()
    say("Logged out: connection, sign-in, schedules and tables are forgotten; frames in variables stay.")


def projects(search: str | None = None, *, include_inactive: bool = False) -> pd.DataFrame:
    """List projects."""
    from bentley_nb.functions import default_client  # noqa: PLC0415 - pandas waits for the first question

    started = time.monotonic()
    client = default_client()
    frame = seen.list_projects(client, search, include_inactive=include_inactive)
    say_frame(frame, "projects", time.monotonic() - started)
    if frame.empty and search is None:
        say(f"Nothing to see yet: invite {client.service_identity} into a project (%bentley login shows the steps).")
    return frame


def schedules(project: str) -> pd.DataFrame:
    """List the schedules of a project."""
    from bentley_nb.functions import default_client  # noqa: PLC0415 - pandas waits for the first question

    started = time.monotonic()
    frame = seen.list_schedules(default_client(), project)
    say_frame(frame, "schedules", time.monotonic() - started)
    return frame


def use(schedule: str, project: str | None = None) -> Schedule:
    """Choose the current schedule; small requests make sure that it is there and what there is beside it."""
    chosen = seen.find_schedule(schedule, project)
    say(f"Current schedule: {chosen.name}", chosen.type, chosen.id)
    _session.use(chosen)
    seen.remember(chosen)
    return chosen


def open_copy(path: str) -> Schedule:
    """Open a kept copy and make it the current schedule; sends no request."""
    from bentley_nb._kept import open as open_kept  # noqa: PLC0415 - pandas waits for its first use

    copy = open_kept(path)
    say(f"Current schedule: {copy.name}", copy.type, copy.source)
    _session.use(copy)
    return copy


def tables(name: str | None = None) -> pd.DataFrame:
    """List the tables that can be read, or the columns of one."""
    import pandas as pd  # noqa: PLC0415 - pandas waits for its first use

    from bentley_nb.functions import catalog  # noqa: PLC0415

    if name is not None:
        from bentley_nb.notebook.sql.views import VIEWS  # noqa: PLC0415 - only for this

        view = VIEWS.get(name.replace("-", "_").lower())
        if view is not None:
            raise InvalidRequest(
                f"{view.name} is a table of SQL cells: {view.meaning}.",
                hint=f"What is in it: %%bentley, and below it DESCRIBE {view.name}.",
            )
        return catalog(name.lower())[["column", "kind", "unit", "meaning", "evidence"]]
    rows = [
        {
            "name": collection.name,
            "meaning": collection.meaning,
            "columns": len(collection.column_names),
            "needs": collection.parent.column if collection.parent and collection.single else None,
            "surfaces": ", ".join(
                surface for surface in ("platform", "enterprise") if collection.path(surface) is not None
            ),
            "schedule_types": ", ".join(collection.schedule_types),
        }
        for collection in COLLECTIONS.values()
        if collection.level == "schedule"
    ]
    return pd.DataFrame(rows)


def table(
    collection: str,
    id: str | None = None,  # noqa: A002 - as it is called on the line
    *,
    schedule: str | None = None,
    project: str | None = None,
    user_fields: bool | list[str] = False,
    codes: bool | list[str] = False,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Read a collection of the current schedule."""
    chosen = current(schedule, project)
    started = time.monotonic()
    asked = {"user_fields": user_fields, "codes": codes}
    wide = {option: asked[option] for option in COLLECTIONS.wide_options(COLLECTIONS[collection])}
    if wide:
        frame: pd.DataFrame = getattr(chosen, collection)(**wide, refresh=refresh, include_deleted=include_deleted)
    else:
        frame = chosen.table(collection, id, refresh=refresh, include_deleted=include_deleted)
    say_frame(frame, collection.replace("_", " "), time.monotonic() - started)
    return frame


def report_frame(
    name: str,
    *,
    schedule: str | None = None,
    project: str | None = None,
    only: Fields = (),
    refresh: bool = False,
    **given: Any,
) -> pd.DataFrame:
    """Make a report of the current schedule."""
    chosen = None
    if name != "trend":
        chosen = current(schedule, project, only)
    elif only:  # a trend is of the copies in its folder
        given["copies"] = [part_of(copy, only) for copy in _copies(given["copies"])]
    started = time.monotonic()
    frame = make_report(name, chosen.refresh() if refresh and chosen else chosen, **given)
    say_frame(frame, f"rows of {name.replace('_', ' ')}", time.monotonic() - started)
    return frame


def make_report(name: str, chosen: Any, **given: Any) -> pd.DataFrame:
    """Call a report with what was typed for it."""
    reports = importlib.import_module("bentley_nb.reports")
    # A command line has no None.
    if given.get("types") == ["all"]:
        given["types"] = None
    given |= dict(given.pop("thresholds", []))
    for earlier in {"before", "previous"} & set(given):
        given[earlier] = state_of(given[earlier])
    if name in ("changes", "half_step", "signs", "slippage"):
        return getattr(reports, name)(given.pop("before"), chosen, **given)  # type: ignore[no-any-return]
    if name == "trend":
        return reports.trend(given.pop("copies"), **given)  # type: ignore[no-any-return]
    if name == "health_details":
        return reports.health_details(chosen, given.pop("check"), **given)  # type: ignore[no-any-return]
    return getattr(reports, name)(chosen, **given)  # type: ignore[no-any-return]


def gantt(*, schedule: str | None = None, project: str | None = None, only: Fields = (), **given: Any) -> Any:
    """Draw the current schedule."""
    chosen = current(schedule, project, only)
    charts = importlib.import_module("bentley_nb.charts")
    return charts.gantt(chosen, **given)


def report(
    path: str, *, schedule: str | None = None, project: str | None = None, only: Fields = (), **given: Any
) -> Path:
    """Write an HTML report of the current schedule."""
    chosen = current(schedule, project, only)
    export = importlib.import_module("bentley_nb.export")
    if "before" in given:
        given["before"] = state_of(given["before"])
    written: Path = export.to_html(path, chosen, **given)
    say(f"Report written to {written}", _size(written))
    return written


def excel(
    path: str,
    *,
    schedule: str | None = None,
    project: str | None = None,
    only: Fields = (),
    tables: Sequence[str] = ("tasks",),
    reports: Sequence[str] = _WORKBOOK,
    zone: str | None = None,
    refresh: bool = False,
) -> Path:
    """Write tables and reports of the current schedule to a workbook."""
    check_target(path, suffix=".xlsx")  # this and the names before anything is read, which may take minutes
    functions = [] if list(reports) == ["none"] else [_report_name(name) for name in reports]
    chosen = current(schedule, project, only)
    collections = [chosen._find(name, None).name for name in tables]  # noqa: SLF001 - knows what is served without asking
    export = importlib.import_module("bentley_nb.export")
    if refresh:
        chosen.refresh()
    sheets: dict[str, pd.DataFrame] = {}
    for collection in collections:
        wide = dict.fromkeys(COLLECTIONS.wide_options(COLLECTIONS[collection]), True)
        frame = getattr(chosen, collection)(**wide) if wide else chosen.table(collection)
        sheets[collection.replace("_", " ").capitalize()] = frame
    left_out = []
    for function in functions:
        title = function.replace("_", " ").capitalize()
        try:
            sheets[title] = make_report(function, chosen)
        except (InvalidRequest, NotFound) as error:  # no baseline, no float: the rest is still worth having
            left_out.append(f"{title}: {error.message}")
    written: Path = export.to_excel(path, sheets, zone=zone)
    say(f"Workbook written to {written}", _size(written), f"{len(sheets)} sheets")
    for reason in left_out:
        say(f"Left out: {reason}")
    return written


def explore(schedule: str | None = None, project: str | None = None) -> Any:
    """Open the explorer; see :func:`bentley_nb.explore`."""
    from bentley_nb.notebook import explorer  # noqa: PLC0415 - widgets wait for their first use

    return explorer.explore(None if schedule is None else seen.find_schedule(schedule, project))


def current(schedule: str | None = None, project: str | None = None, only: Fields = ()) -> Schedule:
    """Return the schedule named, else the current one; with `only`, that part of it."""
    if schedule is not None:
        return part_of(seen.find_schedule(schedule, project), only)
    if project is not None:
        raise InvalidRequest("--project needs --schedule: it names the project of that schedule.")
    return part_of(seen.current_schedule(), only)


def part_of(s: Schedule, only: Fields) -> Schedule:
    """Return the part of a schedule that was typed as ``--only``; several values of a field mean any of them."""
    if not only:
        return s
    values: dict[str, list[Any]] = {}
    for name, value in only:
        values.setdefault(name, []).append(value)
    return s.only({name: given[0] if len(given) == 1 else given for name, given in values.items()})


def _copies(folder: str) -> list[Schedule]:
    from bentley_nb._kept import open as open_kept  # noqa: PLC0415 - pandas waits for its first use
    from bentley_nb.store.copies import copies  # noqa: PLC0415

    return [open_kept(path) for path in copies(folder)["path"]]


def state_of(text: str) -> Any:
    """Find an earlier state of a schedule: a variable, a kept copy, a Parquet file of tasks, or a schedule."""
    # A variable first: it is what the user made last, and it needs no request.
    value = variables().get(text) if text.isidentifier() else None
    if value is not None and (hasattr(value, "table") or isinstance(value, Mapping) or hasattr(value, "columns")):
        return value
    path = os.path.expanduser(text)  # noqa: PTH111 - a schedule's name may begin with "~"
    if text.lower().endswith(".parquet"):
        import pandas as pd  # noqa: PLC0415

        try:
            return pd.read_parquet(path)
        except FileNotFoundError:
            raise InvalidRequest(f"The file {text!r} does not exist.") from None
        except (OSError, ValueError) as error:  # pyarrow raises ValueError for a file of another format
            raise InvalidRequest(f"The file {text!r} cannot be read: {str(error).splitlines()[0]}") from None
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name that is too long
        from bentley_nb._kept import open as open_copy  # noqa: PLC0415 - pandas waits for the first question

        return open_copy(text)
    return seen.find_schedule(text)


def variables() -> Mapping[str, Any]:
    """Return the notebook's variables."""
    from IPython import get_ipython  # noqa: PLC0415 - only where magics run

    shell = get_ipython()
    return {} if shell is None else shell.user_ns


def _report_name(name: str) -> str:
    from bentley_nb.notebook.magic.report_commands import REPORTS  # noqa: PLC0415 - only for this

    known = {report.name for report in REPORTS if not any(argument.required for argument in report.arguments)}
    function = name.replace("-", "_").lower()
    if function not in known:
        raise InvalidRequest(f"No report {name!r} for a workbook. {nearest(function, known)}")
    return function


def _size(path: Path) -> str:
    size = path.stat().st_size
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} KB"
