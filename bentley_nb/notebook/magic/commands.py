"""The sub-commands of ``%bentley``: what each is called, takes and does; parsing, help and completion read it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from bentley_nb.errors import InvalidRequest, nearest
from bentley_nb.notebook.magic import actions
from bentley_nb.notebook.magic.arguments import Argument, Option, Word, read, whole_number
from bentley_nb.notebook.magic.report_commands import (
    BASELINE,
    CODES,
    DATA_DATE,
    FLOAT_UNIT,
    ONLY,
    PROFILE,
    REPORTS,
    SOURCE,
    ZONE,
    ReportCommand,
)
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection

GROUPS = ("Connection", "Schedule", "Reports", "Output", "Tables")

_HELP = Option("help", "show this help")
_PROJECT = Option("project", "exact name or id of the schedule's project", "PROJECT", offers="projects")
_FROM = (
    Option("schedule", "instead of the one chosen with %bentley use", "SCHEDULE", offers="schedules"),
    _PROJECT,
)
_REFRESH = Option("refresh", "read the table again")
_READING = (_REFRESH, Option("include_deleted", "keep rows marked as deleted"))
_USER_FIELDS = Option(
    "user_fields", "one column per user field, or those named", "NAME", many=True, alone=True, offers="user_fields"
)
_WIDE = {"user_fields": _USER_FIELDS, "codes": CODES}
_ADDRESSES = (
    Option("surface", "which API to ask", "NAME", choices=("platform", "enterprise")),
    Option("scope", "OAuth scope instead of the surface's own", "SCOPE"),
    Option("token_url", "another token endpoint", "URL"),
    Option("api_url", "another address of the schedules", "URL"),
    Option("projects_url", "another address of the projects", "URL"),
)


@dataclass(frozen=True)
class Command:
    """A sub-command.

    Attributes
    ----------
    name
        As it is typed; ``-`` and ``_`` mean the same.
    group
        Heading in the help.
    meaning
        One sentence without its full stop.
    run
        Called with what was typed, by name.
    arguments, options
        What may be typed.
    """

    name: str
    group: str
    meaning: str
    run: Callable[..., Any]
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()

    @property
    def typed(self) -> str:
        """As it begins a line."""
        return self.name if self.name.startswith("%") else f"%bentley {self.name}"

    @property
    def usage(self) -> str:
        """Its name and its arguments."""
        words = [argument.name.upper() for argument in self.arguments]
        return " ".join(
            [self.name, *(w if a.required else f"[{w}]" for w, a in zip(words, self.arguments, strict=True))]
        )

    def help(self) -> str:
        """Return the text of its help."""
        lines = [f"{self.typed.removesuffix(self.name)}{self.usage} [options]", "", f"{self.meaning}."]
        rows = [(argument.name.upper(), argument.meaning) for argument in self.arguments]
        rows += [(option.usage, _with_choices(option)) for option in self.options]
        width = max((len(left) for left, _ in rows), default=0)
        return "\n".join([*lines, *([""] if rows else []), *(f"  {left:<{width}}  {right}" for left, right in rows)])

    def read(self, words: list[Word]) -> dict[str, Any]:
        """Read what was typed after the name."""
        return read(self.typed, words, self.arguments, (*self.options, _HELP))

    def __call__(self, words: list[Word]) -> Any:
        """Run the command."""
        if asks_for_help(words):
            print(self.help())  # noqa: T201 - help is read, not used
            return None
        return self.run(**self.read(words))


CELL = Command(
    "%%bentley",
    "",
    "Read the cell as SQL over the tables of the current schedule; the result is a frame",
    lambda **given: given,
    (Argument("name", "variable for the result"),),
    (
        Option("schedule", "other schedules than the current one", "SCHEDULE", many=True, offers="schedules"),
        _PROJECT,
        Option("with", "variables whose frames are tables, too", "FRAME", many=True, offers="frames"),
        ONLY,
    ),
)
"""The cell magic; its cell is run by ``magics``."""


@cache
def commands() -> Mapping[str, Command]:
    """Return all sub-commands by name, in the order of the help."""
    found = [*_connection(), *_choice(), *(_report(report) for report in REPORTS), *_output()]
    # After all others: a table of the service must never hide a command.
    found += [_collection(collection) for collection in COLLECTIONS.values() if collection.level == "schedule"]
    return MappingProxyType({command.name: command for command in found})


def find(name: str) -> Command:
    """Return the sub-command of that name.

    Raises
    ------
    InvalidRequest
        No sub-command has this name; the message gives the nearest.
    """
    known = {plain(command): command for command in commands()}
    try:
        return commands()[known[plain(name)]]
    except KeyError:
        from bentley_nb.notebook.sql.views import VIEWS  # noqa: PLC0415 - only for this

        view = VIEWS.get(plain(name))
        if view is not None:
            raise InvalidRequest(
                f"{view.name} is a table of SQL cells: %%bentley, and below it FROM {view.name}.",
                hint=f"The closest sub-command: %bentley {view.command}.",
            ) from None
        # All of them would fill the screen: the nearest, those that are no tables, and where the others are listed.
        close = nearest(name, known.values()).partition("Available: ")[0]
        others = ", ".join(word for word, command in commands().items() if command.group != "Tables")
        raise InvalidRequest(
            f"%bentley has no sub-command {name!r}. {close}Available: {others}, and each table of %bentley tables."
        ) from None


def asks_for_help(words: Iterable[Word]) -> bool:
    """Return whether help is requested, whatever else is on the line."""
    return any(word.is_option and word.text.lower() in ("--help", "-h") for word in words)


def plain(name: str) -> str:
    """Write a name as it is compared."""
    return name.replace("-", "_").lower()


def overview() -> str:
    """Return the text of ``%bentley`` alone."""
    lines = [
        "%bentley COMMAND [arguments] [--options]     a frame is returned: df = %bentley tasks",
        "%%bentley [NAME] [--schedule SCHEDULE]       the cell below is SQL over the schedule's tables",
        "%bentley COMMAND --help                      what a command takes",
    ]
    for group in GROUPS:
        members = [command for command in commands().values() if command.group == group]
        lines += ["", group]
        if group == "Tables":
            lines += _columns(_main_tables())
            continue
        width = max(len(command.usage) for command in members)
        lines += [f"  {command.usage:<{width}}  {command.meaning}" for command in members]
    lines += [
        "",
        "Quote names that contain spaces. {variable} and $variable are replaced by IPython before the line is read.",
        "Tables take --refresh and --include-deleted, nested ones an ID; tasks and resources --user-fields, --codes.",
    ]
    return "\n".join(lines)


def _connection() -> list[Command]:
    env_file = Option("env_file", "the .env file to read instead of the nearest", "FILE", offers="files")
    remember = Option("remember", "keep the pair once it has worked", "WHERE", choices=("env", "keyring"))
    no_form = Option("no_form", "ask by a hidden prompt, where forms cannot be shown")
    return [
        Command(
            "login", "Connection", "Sign in by a form, or by a hidden prompt at a terminal", actions.login,
            options=(*_ADDRESSES, remember, no_form),
        ),
        Command(
            "connect", "Connection", "Connect with credentials of the environment or a .env file", actions.connect,
            options=(*_ADDRESSES, env_file),
        ),
        Command(
            "demo", "Connection", "Connect to the built-in sandbox, which needs no account", actions.demo,
            options=(_ADDRESSES[0],),
        ),
        Command("status", "Connection", "Show connection, current schedule and tables read", actions.status),
        Command("logout", "Connection", "Forget connection, schedules and tables", actions.logout),
    ]  # fmt: skip


def _choice() -> list[Command]:
    search = Argument("search", "part of a project's name or number")
    project = Argument("project", "exact name or id of a project", required=True, offers="projects")
    schedule = Argument("schedule", "exact name or id of a schedule", required=True, offers="schedules")
    folder = Argument("path", "folder of a copy, or of a schedule's copies: the newest", required=True, offers="files")
    return [
        Command(
            "projects", "Schedule", "List the projects you can see", actions.projects, (search,),
            (Option("include_inactive", "list inactive projects too"),),
        ),
        Command("schedules", "Schedule", "List the schedules of a project", actions.schedules, (project,)),
        Command("use", "Schedule", "Choose the current schedule", actions.use, (schedule,), (_PROJECT,)),
        Command("open", "Schedule", "Open a kept copy as the current schedule", actions.open_copy, (folder,)),
        Command(
            "tables", "Schedule", "List the tables that can be read, or the columns of one", actions.tables,
            (Argument("name", "name of a table", offers="collections"),),
        ),
    ]  # fmt: skip


def _output() -> list[Command]:
    path = Argument("path", "the file to write; an existing one is replaced", required=True, offers="files")
    return [
        Command(
            "gantt", "Output", "Draw a Gantt chart", actions.gantt,
            options=(
                *_FROM, ONLY, BASELINE,
                Option("wbs", "name, path or id of a WBS element, to draw its branch alone", "ELEMENT"),
                Option("links", "draw the links too"),
                Option("group", "code, user field or column whose values replace the WBS", "FIELD", offers="groups"),
                Option("max_rows", "fold the deepest WBS levels above so many rows", "N", convert=whole_number),
                Option("columns", "columns beside the names: these, codes or user fields", "NAME", many=True,
                       offers=("id", "start", "finish", "percent", "duration", "float", "variance")),
                Option("size", "size of the picture, with as many rows as fit", "NAME", choices=("slide", "a4", "a3")),
                Option("theme", "colours", "NAME", choices=("auto", "light", "dark", "transparent")),
                FLOAT_UNIT, ZONE, DATA_DATE,
            ),
        ),
        Command(
            "report", "Output", "Write a report with a Gantt to an HTML file", actions.report, (path,),
            (
                *_FROM, ONLY,
                Option("before", SOURCE, "BEFORE", offers="sources"),
                Option("title", "heading of the report", "TEXT"),
                Option("weeks", "length of the look-ahead", "N", convert=whole_number),
                BASELINE, PROFILE,
                Option("charts", "how charts are drawn", "HOW", choices=("interactive", "static", "none")),
                Option("max_rows", "most rows of a table, and of the Gantt above 500", "N", convert=whole_number),
                FLOAT_UNIT, ZONE, DATA_DATE,
            ),
        ),
        Command(
            "excel", "Output", "Write tasks and reports to an Excel workbook", actions.excel, (path,),
            (
                *_FROM, ONLY,
                Option("tables", "tables to put in; tasks by default", "NAME", many=True, offers="collections"),
                Option("reports", "reports to put in; none for none", "NAME", many=True, offers="reports"),
                ZONE, _REFRESH,
            ),
        ),
        Command(
            "explore", "Output", "Browse projects, schedules and tables", actions.explore,
            (Argument("schedule", "exact name or id of a schedule, to start with", offers="schedules"),), (_PROJECT,),
        ),
    ]  # fmt: skip


def _report(declared: ReportCommand) -> Command:
    return Command(
        declared.name.replace("_", "-"),
        "Reports",
        declared.meaning,
        lambda **given: actions.report_frame(declared.name, **given),
        declared.arguments,
        (*_FROM, ONLY, *declared.options, _REFRESH),
    )


def _collection(collection: Collection) -> Command:
    nested = COLLECTIONS[collection.by_parent] if collection.by_parent else collection
    arguments: tuple[Argument, ...] = ()
    if nested.parent:
        parents = nested.parent.collection
        meaning = f"id of one of the {parents}" if parents else "its id"
        id_ = Argument("id", meaning, required=nested.single, offers="parents")
        arguments = (id_,)
    return Command(
        collection.name,
        "Tables",
        collection.meaning.rstrip("."),
        lambda **given: actions.table(collection.name, **given),
        arguments,
        (*_FROM, *(_WIDE[option] for option in COLLECTIONS.wide_options(collection)), *_READING),
    )


def _main_tables() -> list[str]:
    """Return the names of the tables, without single items and tables of one parent (``%bentley tables`` has them)."""
    of_one = {collection.by_parent for collection in COLLECTIONS.values()}
    return [
        name
        for name, collection in COLLECTIONS.items()
        if collection.level == "schedule" and name not in of_one and not (collection.single and collection.parent)
    ]


def _with_choices(option: Option) -> str:
    return f"{option.meaning} ({', '.join(option.choices)})" if option.choices else option.meaning


def _columns(names: list[str]) -> list[str]:
    """Lay names out in columns of equal width."""
    width = max(map(len, names)) + 2
    across = max(1, 100 // width)
    return [
        "  " + "".join(f"{name:<{width}}" for name in names[at : at + across]).rstrip()
        for at in range(0, len(names), across)
    ]
