"""The grammar of a magic's line: arguments and options, declared once for parsing, help and completion.

The line is cut into words here rather than by ``shlex``, which eats the backslashes of Windows paths, and read here
rather than by ``argparse``, which ends the process and knows no nearest name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bentley_nb.errors import InvalidRequest, nearest

_OPTION = re.compile(r"-{1,2}[A-Za-z]")
# What IPython takes for a variable: a dollar and a name, not within single quotes.
_DOLLAR = re.compile(r"\$(?=\$?[\w.]+(?:[^']*'[^']*')*[^']*$)")


@dataclass(frozen=True)
class Word:
    """One word of a line.

    Attributes
    ----------
    text
        Without its quotes; a doubled quote inside quotes is one quote.
    start
        Where it begins in the line, its quote included.
    quote
        The quote it began with, or none.
    closed
        False for a quote that is still open.
    """

    text: str
    start: int
    quote: str = ""
    closed: bool = True

    @property
    def is_option(self) -> bool:
        """Whether it names an option."""
        return not self.quote and bool(_OPTION.match(self.text))


@dataclass(frozen=True)
class Argument:
    """A word whose place says what it is.

    Attributes
    ----------
    name
        Keyword of the function it goes to.
    meaning
        For the help.
    required
        Whether it has to be there.
    offers
        What completion offers for it: choices, or the name of something the session knows (``"schedules"`` ...).
    convert
        Makes the value from the text; a ``ValueError`` says in words what it has to be.
    """

    name: str
    meaning: str
    required: bool = False
    offers: str | tuple[str, ...] = ()
    convert: Callable[[str], Any] = str


@dataclass(frozen=True)
class Option:
    """A word that begins with ``--``, and what follows it.

    Attributes
    ----------
    name
        Keyword of the function it goes to; typed with ``-`` or ``_``.
    meaning
        For the help.
    value
        What its value is called in the help; without one the option is a flag.
    many
        Whether several values may follow.
    alone
        Whether it may be given without a value, and then means True.
    choices
        The only values there are.
    offers, convert
        As for arguments.
    """

    name: str
    meaning: str
    value: str = ""
    many: bool = False
    alone: bool = False
    choices: tuple[str, ...] = ()
    offers: str | tuple[str, ...] = ()
    convert: Callable[[str], Any] = str

    @property
    def typed(self) -> str:
        """As it is typed."""
        return "--" + self.name.replace("_", "-")

    @property
    def usage(self) -> str:
        """As the help shows it."""
        if not self.value:
            return self.typed
        value = f"{self.value} ..." if self.many else self.value
        return f"{self.typed} [{value}]" if self.alone else f"{self.typed} {value}"


def whole_number(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError:
        raise ValueError("a whole number") from None


def number(text: str) -> float:
    """Read a number."""
    try:
        return float(text)
    except ValueError:
        raise ValueError("a number") from None


def words_of(line: str) -> list[Word]:
    r"""Cut a line into words, as a person means them.

    Double or single quotes keep a name with spaces together; a comma beside them separates two names; a backslash is a
    backslash; an apostrophe inside a word is an apostrophe; what follows a lone ``#`` is a comment.

    Raises
    ------
    InvalidRequest
        A quote is never closed.

    Examples
    --------
    >>> from bentley_nb.notebook.magic.arguments import words_of
    >>> [word.text for word in words_of(r'''report "C:\my files\july.html" --wbs 'O"Neill' Tom's # monthly''')]
    ['report', 'C:\\my files\\july.html', '--wbs', 'O"Neill', "Tom's"]
    """
    # People used to ending lines with a semicolon do so here too.
    words = scan(re.sub(r"\s*;\s*$", "", line))
    if words and not words[-1].closed:
        raise InvalidRequest(f"The quote that begins at {line[words[-1].start :][:40]!r} is never closed.")
    return words


def scan(line: str) -> list[Word]:
    """Cut a line into words, whether its last quote is closed or not."""
    words = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        start = at
        text, quote, closed = "", "", True
        while at < len(line) and not line[at].isspace():
            # Elsewhere a quote is an apostrophe, as in O'Neill.
            opens = line[at] in "\"'" and (at == start or line[at - 1] == "=")
            if not opens:
                text += line[at]
                at += 1
                if text.endswith(",") and line[at : at + 1] in ('"', "'"):
                    text = text.removesuffix(",")
                    break
                continue
            mark = line[at]
            quote = quote or (mark if at == start else "")
            inside, at, closed = _quoted(line, at)
            text += inside
            if line[at : at + 1] == ",":  # between two names, as people write them
                at += 1
                break
        if text.startswith("#") and not quote:
            break
        words.append(Word(text, start, quote, closed))
    return words


def _quoted(line: str, at: int) -> tuple[str, int, bool]:
    mark, text = line[at], ""
    at += 1
    while at < len(line):
        if line[at] != mark:
            text += line[at]
            at += 1
        # Doubled, as in CSV and SQL: a backslash must stay itself in Windows paths.
        elif line[at + 1 : at + 2] == mark:
            text += mark
            at += 2
        else:
            return text, at + 1, True
    return text, at, False


def in_quotes(name: str, quote: str = "") -> str:
    """Return a name as it is typed, so that it is read back as one word; with quotes only where they are needed.

    IPython evaluates ``{...}`` and ``$name`` of a line before we see it. A name with such marks is written so that
    what comes out is the name, and nothing of it is run.

    Examples
    --------
    >>> from bentley_nb.notebook.magic.arguments import in_quotes
    >>> in_quotes("Tower {code} at $5")
    '"Tower {{code}} at $$5"'
    """
    if not quote and name and not re.search(r"""[\s"'#,{}$]""", name) and not _OPTION.match(name):
        return name
    mark = quote or '"'
    return unexpanded(mark + name.replace(mark, mark * 2) + mark)


def unexpanded(text: str) -> str:
    """Return a text from which IPython's expansion of a line makes `text` again, without evaluating anything."""
    # IPython looks for variables in the pieces between braces, each on its own.
    pieces = re.split(r"([{}])", text)
    return "".join(piece * 2 if piece in "{}" else _DOLLAR.sub(r"$\g<0>", piece) for piece in pieces)


def read(of: str, words: Iterable[Word], arguments: Sequence[Argument], options: Sequence[Option]) -> dict[str, Any]:
    """Read words as declared.

    Parameters
    ----------
    of
        What the words belong to, for messages: ``"%bentley tasks"``.
    words
        The words after that.
    arguments, options
        The declarations.

    Returns
    -------
    dict
        A value by name for each that was given.

    Raises
    ------
    InvalidRequest
        An unknown option, a missing or superfluous word, a value that does not fit.
    """
    values: dict[str, Any] = {}
    places = list(arguments)
    pending = list(words)
    while pending:
        word = pending.pop(0)
        if word.is_option:
            option, given = _option(of, word.text, options)
            if option.name in values and not option.many:
                raise InvalidRequest(f"{of}: {option.typed} is given twice.")
            if option.value:
                # People who do not think of a command line write a comma between values.
                while given is None or option.many:
                    if not pending or pending[0].is_option:
                        break
                    following = pending.pop(0)
                    given = [*(given or []), *_parts(following, option)]
            _take(of, option, given, values)
        elif places:
            place = places.pop(0)
            values[place.name] = _convert(f"{of}: {place.name.upper()}", place.convert, word.text)
        else:
            expected = " ".join(argument.name.upper() for argument in arguments) or "no argument, only options"
            raise InvalidRequest(
                f"{of} takes {expected}; {word.text!r} is one argument too many. Quote names that contain spaces."
            )
    for place in places:
        if place.required:
            raise InvalidRequest(f"{of} needs {place.name.upper()}: {place.meaning}.")
    return values


def _private(of: str) -> bool:
    """Return whether a secret may have been typed here in the place of another value, which is then not repeated."""
    return of.startswith(("%bentley login", "%bentley connect"))


def _not(of: str, text: str) -> str:
    return "" if _private(of) else f", not {text!r}"


def _option(of: str, text: str, options: Sequence[Option]) -> tuple[Option, list[str] | None]:
    name, equals, value = text.partition("=")
    known = {option.typed: option for option in options}
    try:
        option = known[name.replace("_", "-").lower()]
    except KeyError:
        others = [typed for typed in known if typed != "--help"]
        there = nearest(name, others) if others else "It has no options."
        raise InvalidRequest(f"{of} has no option{'' if _private(of) else ' ' + name}. {there}") from None
    if equals and not option.value:
        raise InvalidRequest(f"{of}: {option.typed} takes no value.")
    return option, [value] if equals else None


def _parts(word: Word, option: Option) -> list[str]:
    if word.quote or not option.many:
        return [word.text]
    # Within FIELD=VALUE a comma may be of the value: it separates only before the next FIELD=.
    separator = r",(?=[^,=]+=)" if "=" in option.value else ","
    return [part for part in re.split(separator, word.text) if part]


def _take(of: str, option: Option, given: list[str] | None, values: dict[str, Any]) -> None:
    what = f"{of}: {option.typed}"
    if not option.value or (given is None and option.alone):
        values[option.name] = True
        return
    if given is None:
        raise InvalidRequest(f"{what} needs a value: {option.meaning}.")
    for text in given:
        if option.choices and text not in option.choices:
            # Not repeated: a secret may have been typed in its place.
            raise InvalidRequest(f"{what} does not take that value. {nearest(text, option.choices)}")
    converted = [_convert(what, option.convert, text) for text in given]
    if not option.many:
        values[option.name] = converted[0]
        return
    before = values.get(option.name, True)
    values[option.name] = converted if before is True else [*before, *converted]


def _convert(what: str, convert: Callable[[str], Any], text: str) -> Any:
    try:
        return convert(text)
    except ValueError as error:
        raise InvalidRequest(f"{what} must be {error}{_not(what, text)}.") from None
