"""``%bentley`` and ``%%bentley``: a line becomes a call of a sub-command, a cell becomes SQL."""

from __future__ import annotations

import ast
import keyword
import re
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_cell_magic, magics_class
from traitlets import Bool, TraitError, TraitType
from traitlets.config import Config

from bentley_nb._options import Options, options
from bentley_nb.errors import BentleyError, InvalidRequest, NotFound, nearest, printable
from bentley_nb.notebook import seen
from bentley_nb.notebook.magic import actions
from bentley_nb.notebook.magic.arguments import Word, in_quotes, scan, unexpanded, words_of
from bentley_nb.notebook.magic.commands import CELL, asks_for_help, find, overview, plain
from bentley_nb.notebook.messages import say_frame

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.schedule import Schedule

_LITERAL = re.compile(r"""(?P<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|[^'"]+|.""", re.DOTALL)
_SECRET = re.compile(r"secret|passw|\bpwd\b|(^|_)token$|api_?key")


class _Setting(TraitType):
    """An option of ``bentley_nb.options`` as ``%config`` sees it: its value is kept there and nowhere else."""

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__(Options._defaults[name], allow_none=True, help=meaning)  # noqa: SLF001 - one place for defaults
        self.tag(config=True)

    def get(self, obj: Any, cls: Any = None) -> Any:  # noqa: ARG002 - as traitlets calls it
        return getattr(options, self.name)

    def set(self, obj: Any, value: Any) -> None:  # noqa: ARG002
        setattr(options, self.name, value)


@magics_class
class BentleyMagics(Magics):
    """``%bentley`` and ``%%bentley``, and what ``%config BentleyMagics`` sets."""

    display = _Setting("display", "How cells show tables and reports: 'report' or 'pandas'.")
    display_zone = _Setting("display_zone", "Time zone in which dates are displayed and exported.")
    max_workers = _Setting("max_workers", "Requests in flight at most, for connections made from now on.")
    page_size = _Setting("page_size", "Items per page, 1 to 10,000, for connections made from now on.")
    progress = _Setting("progress", "False is silent; None shows a line in notebooks and terminals.")
    quiet = _Setting("quiet", "Whether to leave out the one-line summaries.")
    full_traceback = Bool(default_value=False, help="Whether errors show where they were raised.").tag(config=True)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._results: dict[str, None] = {}  # names given to results of SQL cells, which are tables of later cells

    @line_cell_magic  # type: ignore[untyped-decorator]  # mypy does not follow IPython
    def bentley(self, line: str, cell: str | None = None) -> Any:
        """Run a ``%bentley`` command; ``%bentley`` alone prints what there is."""
        try:
            _refuse_secrets(line)
            with _notes():
                return _run_line(line) if cell is None else self._run_cell(line, cell)
        except (BentleyError, KeyboardInterrupt) as error:
            # Looked up on the error by IPython; that of a BentleyError gives its one to three lines.
            if self.full_traceback:
                error.__dict__["_render_traceback_"] = partial(self._traceback, error)
            elif isinstance(error, KeyboardInterrupt):
                error.__dict__["_render_traceback_"] = lambda: ["KeyboardInterrupt: %bentley was stopped."]
            raise

    def _traceback(self, error: BaseException) -> Any:
        return self.shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)

    def _run_cell(self, line: str, cell: str) -> pd.DataFrame | None:
        words = words_of(line)
        if asks_for_help(words):
            print(CELL.help())  # noqa: T201 - help is read, not used
            return None
        given = CELL.read(words)
        name = given.get("name")
        if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
            raise InvalidRequest(f"%%bentley: {name!r} cannot be the name of a variable.")
        if not cell.strip():
            raise InvalidRequest(
                "The cell is empty: SQL goes below the first line.",
                hint="For example: SELECT name, planned_finish FROM tasks ORDER BY planned_finish LIMIT 10",
            )
        schedules = _schedules(given)
        if given.get("project") and not schedules:
            raise InvalidRequest("%%bentley: --project needs --schedule: it names the project of that schedule.")
        if given.get("only"):
            schedules = [actions.part_of(each, given["only"]) for each in schedules or [actions.current()]]
        from bentley_nb.notebook.sql.sql import answer  # noqa: PLC0415 - DuckDB waits for its first use

        started = time.monotonic()
        variables = self.shell.user_ns
        frame = answer(
            cell,
            schedule=schedules[0] if len(schedules) == 1 else schedules or None,
            variables=variables,
            frames=self._frames(given.get("with", [])),
        )
        say_frame(frame, "rows", time.monotonic() - started)
        if name is not None:
            variables[name] = frame
            self._results[name] = None
        return frame

    def _frames(self, named: list[str]) -> dict[str, Any]:
        """Return the frames that a cell can query: results of earlier cells, and those named by ``--with``."""
        from bentley_nb.notebook.sql.sql import table_names, view_names  # noqa: PLC0415

        variables, known = self.shell.user_ns, {*table_names(), *view_names()}
        for name in named:
            if name not in variables:
                raise InvalidRequest(
                    f"%%bentley: --with {name}: there is no variable {name!r}.",
                    hint=nearest(name, [key for key, value in variables.items() if hasattr(value, "columns")]),
                )
        results = [name for name in self._results if name not in known and hasattr(variables.get(name), "columns")]
        return {name: variables[name] for name in dict.fromkeys([*results, *named])}


def _schedules(given: Mapping[str, Any]) -> list[Schedule]:
    """Find the schedules named on the line of a cell."""
    found = []
    for name in given.get("schedule", []):
        try:
            found.append(seen.find_schedule(name, given.get("project")))
        except NotFound as error:
            if found and "name" not in given and name.isidentifier():
                hint = f"If {name} is to be the name of the result, it comes first: %%bentley {name} --schedule ..."
                error.hint = f"{hint}\n{error.hint}" if error.hint else hint
            raise
    return found


def register(shell: Any) -> None:
    """Add the magics to a shell, unless it has them."""
    if _registered(shell) is not None:
        return
    _drop_bad_settings(shell.config)
    # With the shell as parent, settings of the user's ipython_config.py count. Given as the shell it would be listed
    # before its settings are looked at, and stay listed where one of them is bad.
    magics = BentleyMagics(parent=shell)
    magics.shell = shell
    shell.configurables.append(magics)
    shell.register_magics(magics)


def unregister(shell: Any) -> None:
    """Take the magics and their settings out of a shell."""
    manager = shell.magics_manager
    magics = manager.registry.pop(BentleyMagics.__name__, None)
    for kind in ("line", "cell"):
        if getattr(manager.magics[kind].get("bentley"), "__self__", None) is magics:
            manager.magics[kind].pop("bentley", None)
    shell.configurables[:] = [part for part in shell.configurables if not isinstance(part, BentleyMagics)]
    for name in vars(options):
        # They live on in bentley_nb.options: what is set there later must not be undone by loading again.
        _settings(shell.config).pop(name, None)


def _drop_bad_settings(config: Config) -> None:
    """Take out what ``%config`` has kept although it was refused: with it the extension could not be loaded again."""
    kept = _settings(config)
    for name in set(kept) & set(BentleyMagics.class_trait_names(config=True)):
        try:
            BentleyMagics(config=Config({BentleyMagics.__name__: {name: kept[name]}}))
        except (BentleyError, TraitError) as error:
            del kept[name]
            reason = str(error).splitlines()[0]
            print(f"Note: the setting BentleyMagics.{name} is left out: {reason}", file=sys.stderr)  # noqa: T201


def _settings(config: Config) -> dict[str, Any]:
    """Return this package's section of a configuration; an empty one where there is none."""
    name = BentleyMagics.__name__
    return config[name] if name in config else {}  # noqa: SIM401 - Config.get makes no difference of the two


def _registered(shell: Any) -> Any:
    return shell.magics_manager.registry.get(BentleyMagics.__name__)


@contextmanager
def _notes() -> Iterator[None]:
    """Show what is warned of as a sentence, without its place in this package."""
    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            yield
    finally:
        _show(caught)


def _show(caught: list[warnings.WarningMessage]) -> None:
    for warning in caught:
        if issubclass(warning.category, UserWarning):
            print(f"Note: {warning.message}", file=sys.stderr)  # noqa: T201 - said even where summaries are not
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _run_line(line: str) -> Any:
    try:
        return _run_words(line)
    except BentleyError as error:
        if error.hint and "Available: " in error.hint:
            error.hint = _LITERAL.sub(_as_typed, error.hint)  # a suggested name may be pasted into the next line
        raise


def _as_typed(found: re.Match[str]) -> str:
    """Write a name that stands as a Python literal as a line of a magic takes it; leave other text as it is."""
    if found["literal"]:
        with suppress(ValueError, SyntaxError):
            name = ast.literal_eval(found["literal"])
            if printable(name, "\n\r\t") == name:
                return in_quotes(name, "'")
    return unexpanded(found[0])


def _run_words(line: str) -> Any:
    words = words_of(line)
    asked = bool(words) and words[0].text.lower() in ("help", "--help", "-h")
    if not words or (asked and len(words) == 1):
        print(overview())  # noqa: T201 - help is read, not used
        return None
    first, *rest = words
    if asked:
        print(find(rest[0].text).help())  # noqa: T201
        return None
    return find(first.text)(rest)


def _refuse_secrets(line: str) -> None:
    """Raise where a line contains a secret: it would be saved with the notebook and in IPython's history."""
    words = scan(line)
    if any(_names_secret(word) for word in words) or _gives_pair(words):
        raise InvalidRequest(
            "A magic does not accept a secret on its line: the cell is saved with the notebook, and IPython keeps "
            "every line in its history file.",
            hint="Run %bentley login, where it is typed hidden; or put BENTLEY_CLIENT_ID and BENTLEY_CLIENT_SECRET "
            "into a .env file and run %bentley connect.\nIf that was a real secret, it is in the history now: "
            "delete the cell and have a new secret made for the service application.",
        )


def _names_secret(word: Word) -> bool:
    name, assigned, _ = re.split(r"([=:]|$)", word.text, maxsplit=1)
    typed_as_name = word.is_option or (assigned and not word.quote)
    return bool(typed_as_name and _SECRET.search(name.lstrip("-").replace("-", "_").lower()))


def _gives_pair(words: list[Word]) -> bool:
    """Return whether words follow ``login`` or ``connect``, which take none: most likely an id and a secret."""
    if not words or plain(words[0].text) not in ("login", "connect"):
        return False
    valued = {option.typed for option in find(words[0].text).options if option.value}
    return any(not word.is_option and before.text.replace("_", "-") not in valued for before, word in pairwise(words))
