"""Completion of ``%bentley`` lines and ``%%bentley`` cells in the kernel's own replies, beside all other completion.

Everything offered is known already: declarations, names this session has listed, tables it has read. Nothing is asked
of the network while the user types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from IPython.core.completer import SimpleCompletion, context_matcher

from bentley_nb import _session
from bentley_nb.errors import printable
from bentley_nb.notebook.magic.actions import variables
from bentley_nb.notebook.magic.arguments import Argument, Option, Word, in_quotes, scan
from bentley_nb.notebook.magic.commands import CELL, Command, commands, plain
from bentley_nb.notebook.magic.report_commands import REPORTS
from bentley_nb.notebook.seen import seen
from bentley_nb.service.catalog import COLLECTIONS

_LINE = re.compile(r"\s*(?:[^%=]+=\s*)?%bentley\s(?P<rest>.*)", re.DOTALL)
_CELL_LINE = re.compile(r"\s*%%bentley\s(?P<rest>.*)", re.DOTALL)
_OWNERS = {"resources": "resource", "resource_groups": "resource_group", "entities_3d": "entity_3d"}
_LITERAL = re.compile(r"'(?:[^']|'')*'|--.*\n")
_CTE = re.compile(
    r"\b(\w+)\s+AS\s+(?:(?:NOT\s+)?MATERIALIZED\s+)?\(\s*SELECT\s+(.*?)\s+FROM\b", re.IGNORECASE | re.DOTALL
)
_SUB_QUERY = re.compile(
    r"(?:\bFROM|\bJOIN|,)\s*\(\s*SELECT\s+(.*?)\s+FROM\b[^()]*\)\s*(?:AS\s+)?(\w+)", re.IGNORECASE | re.DOTALL
)
_SQL_WORD = re.compile(r"(?:(\w+)\.)?(\w*)$")
_SQL_QUOTED = re.compile(r"(?:(\w+)\.)?(\"[^\"]*)$")


@context_matcher(identifier="BentleyMagics.completion", priority=100)  # type: ignore[untyped-decorator]
def match(context: Any) -> Any:
    """Offer what fits before the cursor; nothing where the text is not ours."""
    try:
        fragment, names, kind = _matches(context)
    except Exception:  # noqa: BLE001 - a failing completion must not disturb typing
        fragment, names, kind = "", [], ""
    # On our own lines Python's names are left out, except where a file or a variable is possible.
    alone = kind not in ("", "path")
    offered = [SimpleCompletion(text=name, type=kind) for name in dict.fromkeys(names)]
    return {
        "completions": _Alone(offered) if alone else offered,
        "matched_fragment": fragment,
        "suppress": alone,
        "ordered": True,
    }


class _Alone(list[SimpleCompletion]):
    """Completions that keep all others away even where there are none: IPython asks for their number first."""

    def __len__(self) -> int:
        return max(1, super().__len__())


def register(shell: Any) -> None:
    """Add the matcher to a shell's completer, unless it is there."""
    matchers = _matchers(shell)
    if matchers is not None and match not in matchers:
        matchers.append(match)


def unregister(shell: Any) -> None:
    """Take the matcher out of a shell's completer."""
    matchers = _matchers(shell)
    if matchers is not None and match in matchers:
        matchers.remove(match)


def _matchers(shell: Any) -> list[Any] | None:
    return getattr(getattr(shell, "Completer", None), "custom_matchers", None)


def _matches(context: Any) -> tuple[str, list[str], str]:
    lines = context.full_text.split("\n")
    before = lines[context.cursor_line][: context.cursor_position]
    after = lines[context.cursor_line][context.cursor_position :]
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].lstrip().startswith("%%"):
        if not re.match(r"\s*%%bentley\b", lines[first]):
            return "", [], ""
        if context.cursor_line > first:
            typed = "\n".join([*lines[first + 1 : context.cursor_line], before])
            return _in_sql(before, typed, "\n".join(lines[first + 1 :]))
        found = _CELL_LINE.fullmatch(before)
        return _after(found["rest"], after, CELL.arguments, CELL.options) if found else ("", [], "")
    found = _LINE.fullmatch(before)
    return _on_line(found["rest"], after) if found else ("", [], "")


def _on_line(rest: str, after: str) -> tuple[str, list[str], str]:
    words = scan(rest)
    # The first word is still being typed; after a space its arguments follow.
    if not words or (len(words) == 1 and rest.endswith(words[0].text)):
        fragment = words[0].text if words else ""
        # look_ completes to look_ahead, and look- to look-ahead.
        typed = [_in_style(name, fragment) for name in (*commands(), "help")]
        return fragment, _beginning(fragment, typed), "magic"
    if plain(words[0].text) == "help":
        command = Command("help", "", "", print, (Argument("command", "", offers=tuple(commands())),))
    else:
        known = {plain(name): command for name, command in commands().items()}
        if plain(words[0].text) not in known:
            return "", [], "magic"
        command = known[plain(words[0].text)]
    skipped = words[0].start + len(words[0].text)
    return _after(rest[skipped:], after, command.arguments, command.options, of=command.name)


def _after(
    rest: str, after: str, arguments: Sequence[Argument], options: Sequence[Option], of: str = ""
) -> tuple[str, list[str], str]:
    """Offer what may follow the words typed so far."""
    words = scan(rest)
    ended = not words or (words[-1].closed and (rest[-1].isspace() or (words[-1].quote and rest[-1] == ",")))
    current = Word("", len(rest)) if ended else words.pop()
    fragment = rest[current.start :]
    by_typed = {option.typed: option for option in options}
    if fragment.startswith("-"):
        name, equals, value = current.text.partition("=")
        option = by_typed.get(name.replace("_", "-"))
        if equals and option is not None:
            raw = fragment.partition("=")[2]
            names = _named(raw, after, value, _offers(option, words, of))
            kind = "path" if option.offers in ("files", "sources") else "param"
            return fragment, [f"{name}={offered}" for offered in names], kind
        given = {word.text.partition("=")[0].replace("_", "-") for word in words if word.is_option}
        open_ = [option.typed for option in options if option.many or option.typed not in given]
        return fragment, _beginning(fragment.replace("_", "-"), open_), "param"
    place = _place(words, arguments, by_typed)
    if place is None:
        return fragment, [] if fragment else list(by_typed), "param"
    kind = "path" if place.offers in ("files", "sources") else "param"
    return fragment, _named(fragment, after, current.text, _offers(place, words, of)), kind


def _place(
    words: Sequence[Word], arguments: Sequence[Argument], options: Mapping[str, Option]
) -> Argument | Option | None:
    """Return what the word after these is: the value of an option, or an argument."""
    expecting: Option | None = None
    loose = 0
    for word in words:
        if word.is_option:
            name, equals, _ = word.text.partition("=")
            option = options.get(name.replace("_", "-"))
            expecting = option if option is not None and option.value and (not equals or option.many) else None
        elif expecting is not None:
            expecting = expecting if expecting.many else None
        else:
            loose += 1
    return expecting or (arguments[loose] if loose < len(arguments) else None)


def _named(raw: str, after: str, typed: str, names: Iterable[str]) -> list[str]:
    """Write names as they are to be typed, going on with the quote that was begun."""
    quote = raw[0] if raw[:1] in ("'", '"') else ""
    begun = typed.replace("{{", "{").replace("}}", "}").replace("$$", "$").casefold()
    fitting = (name for name in names if name.casefold().startswith((typed.casefold(), begun)))
    # A name with control characters cannot be typed on one line.
    found = [in_quotes(name, quote) for name in fitting if printable(name, "\n\t") == name]
    # Where the page has typed the closing quote itself, another one would be part of the name.
    return [name[:-1] for name in found] if quote and after.startswith(quote) else found


def _offers(place: Argument | Option, words: Sequence[Word], of: str) -> Sequence[str]:
    if isinstance(place, Option) and place.choices:
        return place.choices
    if not isinstance(place.offers, str):
        return place.offers
    known = seen(_session.connected())
    if place.offers == "projects":
        return sorted(known.projects.values())
    if place.offers == "schedules":
        project = _value_of("--project", words)
        return sorted(
            name
            for name, in_ in known.schedules.values()
            if project is None or project in (in_, known.projects.get(in_))
        )
    if place.offers == "collections":
        return [name for name, collection in COLLECTIONS.items() if collection.level == "schedule"]
    if place.offers == "reports":
        return [report.name.replace("_", "-") for report in REPORTS]
    if place.offers in ("user_fields", "codes"):
        return _column(place.offers, "name", of=_OWNERS.get(of, "task"))
    if place.offers == "baselines":
        return _column("baselines", "name")
    if place.offers == "parents" and of in COLLECTIONS:
        nested = COLLECTIONS[COLLECTIONS[of].by_parent or of]
        return _column(nested.parent.collection, "id") if nested.parent and nested.parent.collection else ()
    if place.offers in ("groups", "fields"):
        own = [*_column("codes", "name", of="task"), *_column("user_fields", "name", of="task")]
        of_resources = ("resource", "type", "group") if of == "resource_histogram" else ()
        return (
            [*of_resources, "wbs", "status", "state", *own]
            if place.offers == "groups"
            else [f"{n}=" for n in ("wbs", "status", *own)]
        )
    if place.offers == "frames":
        return [name for name, value in variables().items() if hasattr(value, "columns") and not name.startswith("_")]
    if place.offers == "sources":
        return sorted(name for name, _ in known.schedules.values())
    return ()  # files: IPython completes those itself


def _value_of(option: str, words: Sequence[Word]) -> str | None:
    for number, word in enumerate(words):
        name, equals, value = word.text.partition("=")
        if word.is_option and name == option:
            if equals:
                return value
            return words[number + 1].text if number + 1 < len(words) else None
    return None


def _column(collection: str, column: str, *, of: str = "") -> list[str]:
    """Return the values of a column that the current schedule has read; of fields and codes those of one owner."""
    table = _read_tables().get(collection)
    if table is None or column not in table.column_names:
        return []
    columns = [name for name in (column, "category", "deleted") if name in table.column_names]
    rows = [row for row in table.select(columns).to_pylist() if not row.get("deleted")]
    if of:
        from bentley_nb.frames.wide import CODE_CATEGORIES, FIELD_CATEGORIES  # noqa: PLC0415 - pandas is there by now

        category = (FIELD_CATEGORIES if collection == "user_fields" else CODE_CATEGORIES).get(of)
        rows = [row for row in rows if row.get("category") == category]
    return sorted({row[column] for row in rows if row[column] is not None})


def _read_tables() -> dict[str, Any]:
    schedule = _session.current()
    if schedule is None:
        return {}
    # The tables as they were read, without making frames of them.
    return {name: read.table for (name, parent), read in schedule._remembered().items() if parent is None}  # noqa: SLF001


def _in_style(name: str, fragment: str) -> str:
    if "_" in fragment:
        return name.replace("-", "_")
    return name.replace("_", "-") if "-" in fragment else name


def _beginning(fragment: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.lower().startswith(fragment.lower())]


def _in_sql(before: str, typed: str, query: str) -> tuple[str, list[str], str]:
    """Offer tables and views, and the columns of those that the cell names."""
    if re.search(r"'|--.*\Z", _LITERAL.sub("", typed)):
        return "", [], "text"
    from bentley_nb.notebook.sql.sql import column_names, table_names, view_names  # noqa: PLC0415 - only for SQL cells

    ctes = _ctes(query)
    tables = [*ctes, *table_names(), *view_names()]
    in_name = before.count('"') % 2
    owner, word = (_SQL_QUOTED if in_name else _SQL_WORD).findall(before)[0]
    if owner:
        table = _aliases(query, tables).get(owner.lower(), owner)
        return word, _identifiers(word, ctes.get(table.lower()) or column_names(table)), "column"
    if re.search(r"\b(from|join)\s+\w*$", before, re.IGNORECASE):
        return word, _identifiers(word, tables), "table"
    words = set(re.findall(r"\w+", query.lower())) - {word.lower()}
    named = [table for table in tables if table in words] or ["tasks"]
    columns = [column for table in named for column in ctes.get(table) or column_names(table)]
    return word, _identifiers(word, [*columns, *tables]), "column"


def _identifiers(fragment: str, names: Iterable[str]) -> list[str]:
    """Return the names that begin so, in quotes where SQL needs them."""
    typed = fragment.removeprefix('"').lower()
    return [
        name if re.fullmatch(r"[a-zA-Z_]\w*", name) and not fragment.startswith('"') else f'"{doubled}"'
        for name, doubled in ((name, name.replace('"', '""')) for name in names)
        if name.lower().startswith(typed) and printable(name, "\n\t") == name
    ]


def _ctes(query: str) -> dict[str, list[str]]:
    """Return the columns of the CTEs and named sub-queries, as far as their first SELECT names them."""
    found = {}
    sub_queries = [(name, selected) for selected, name in _SUB_QUERY.findall(query)]
    for name, selected in _CTE.findall(query) + sub_queries:
        # What is selected ends with the name of the column: "t.name", "count(*) AS tasks".
        ends = (re.search(r"(?:(\w+)|\"([^\"]+)\")\s*$", item) for item in selected.split(","))
        found[name.lower()] = [end[1] or end[2] for end in ends if end]
    return found


def _aliases(query: str, tables: Iterable[str]) -> dict[str, str]:
    pattern = rf"\b({'|'.join(map(re.escape, tables))})\"?\s+(?:as\s+)?\"?(\w+)"
    return {alias.lower(): table.lower() for table, alias in re.findall(pattern, query, re.IGNORECASE)}
