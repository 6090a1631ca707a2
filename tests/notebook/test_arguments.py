"""Words, arguments and options of a magic's line."""

from __future__ import annotations

import pytest
from IPython.utils.text import DollarFormatter

from bentley_nb.errors import InvalidRequest
from bentley_nb.notebook.magic.arguments import Argument, Option, in_quotes, number, read, whole_number, words_of

ARGUMENTS = (Argument("path", "where to write", required=True), Argument("count", "how many", convert=whole_number))
OPTIONS = (
    Option("refresh", "ask again"),
    Option("weeks", "how many", "N", convert=whole_number),
    Option("near", "how near", "DAYS", convert=number),
    Option("user_fields", "which", "NAME", many=True, alone=True),
    Option("surface", "which API", "NAME", choices=("platform", "enterprise")),
)


def texts(line):
    return [word.text for word in words_of(line)]


def parsed(line):
    return read("%bentley report", words_of(line), ARGUMENTS, OPTIONS)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('use "Harbour Tower" --project x', ["use", "Harbour Tower", "--project", "x"]),
        ("use 'Harbour Tower'", ["use", "Harbour Tower"]),
        (r"report C:\new\table.html", ["report", r"C:\new\table.html"]),
        (r'report "C:\my files\" --refresh', ["report", "C:\\my files\\", "--refresh"]),
        ("use Tom's", ["use", "Tom's"]),
        ('use "5"" pipe"', ["use", '5" pipe']),
        ('use --project="Harbour Tower"', ["use", "--project=Harbour Tower"]),
        ('x --schedule "A b","C, d"', ["x", "--schedule", "A b", "C, d"]),
        ("x --schedule 'A b', 'C'", ["x", "--schedule", "A b", "C"]),
        ('x --schedule="A b",C', ["x", "--schedule=A b", "C"]),
        ('x A,"B c" d,e', ["x", "A", "B c", "d,e"]),
        ("tasks # every morning", ["tasks"]),
        ("use '#1'", ["use", "#1"]),
        ("tasks ;", ["tasks"]),
        ("tasks;", ["tasks"]),
        ('use ""', ["use", ""]),
        ("  ", []),
    ],
)
def test_a_line_is_cut_as_people_mean_it(line, words):
    assert texts(line) == words


def test_a_quote_that_stays_open_is_named():
    with pytest.raises(InvalidRequest, match=r"The quote that begins at '\"Harbour Tower' is never closed"):
        words_of('use "Harbour Tower')


@pytest.mark.parametrize("name", ["plain", "two words", 'a "b" c', "it's", "#1", "--odd", "$x", "a,b", "{y}"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_a_name_written_in_quotes_is_read_back(name, quote):
    [word] = words_of(DollarFormatter().vformat(in_quotes(name, quote), (), {}))  # as IPython does
    assert word.text == name
    assert not word.is_option


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("x.html", {"path": "x.html"}),
        ("x.html -3", {"path": "x.html", "count": -3}),
        ("x.html --refresh --weeks 4", {"path": "x.html", "refresh": True, "weeks": 4}),
        ("--weeks=4 x.html", {"path": "x.html", "weeks": 4}),
        ("x.html --near 2.5", {"path": "x.html", "near": 2.5}),
        ("x.html --user-fields", {"path": "x.html", "user_fields": True}),
        ("x.html --user_fields --refresh", {"path": "x.html", "user_fields": True, "refresh": True}),
        ("x.html --user-fields Cost, Zone", {"path": "x.html", "user_fields": ["Cost", "Zone"]}),
        ("x.html --user-fields Cost,Zone 'a, b'", {"path": "x.html", "user_fields": ["Cost", "Zone", "a, b"]}),
        ("x.html --user-fields --user-fields Cost", {"path": "x.html", "user_fields": ["Cost"]}),
        ("x.html --WEEKS 4", {"path": "x.html", "weeks": 4}),
    ],
)
def test_values_are_read_as_declared(line, values):
    assert parsed(line) == values


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "%bentley report needs PATH: where to write."),
        ("x.html --reffresh", "%bentley report has no option --reffresh. Did you mean '--refresh'? Available: --near,"),
        ("x.html -weeks 3", "%bentley report has no option -weeks. Did you mean '--weeks'?"),
        ("x.html --weeks", "%bentley report: --weeks needs a value: how many."),
        ("x.html --weeks --refresh", "%bentley report: --weeks needs a value"),
        ("x.html --weeks soon", "%bentley report: --weeks must be a whole number, not 'soon'."),
        ("x.html many", "%bentley report: COUNT must be a whole number, not 'many'."),
        ("x.html --near far", "--near must be a number, not 'far'."),
        ("x.html --refresh=yes", "%bentley report: --refresh takes no value."),
        ("x.html --weeks 3 --weeks 4", "%bentley report: --weeks is given twice."),
        (
            "x.html --surface platfrom",
            "--surface does not take that value. Did you mean 'platform'? Available: enterprise, platform.",
        ),
        ("Harbour Tower", "COUNT must be a whole number, not 'Tower'"),
        ("x 1 2", "%bentley report takes PATH COUNT; '2' is one argument too many. Quote names that contain spaces."),
    ],
)
def test_what_does_not_fit_is_answered_in_one_line(line, message):
    with pytest.raises(InvalidRequest) as caught:
        parsed(line)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
