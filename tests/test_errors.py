from __future__ import annotations

import pickle

import pytest

import bentley_nb as bn
from bentley_nb import errors
from bentley_nb._extras import need


def test_a_message_says_what_where_and_what_to_do_in_three_lines() -> None:
    error = bn.NotFound("No such thing.", where="tasks of schedule s", hint="Check the id.", correlation_id="c-1")
    assert error._render_traceback_() == [
        "NotFound: No such thing. [tasks of schedule s]",
        "Check the id.",
        "Correlation id for Bentley support: c-1",
    ]
    assert str(bn.NotFound("Just this.")) == "Just this."


def test_html_is_escaped() -> None:
    shown = bn.InvalidRequest("</script><img src=x onerror=alert(1)>", hint="a & b")._repr_html_()
    assert "<img" not in shown
    assert "a &amp; b" in shown


def test_a_terminal_is_not_told_what_to_do_by_a_name_of_the_service() -> None:
    error = bn.NotFound("No 'Tower\x1b[2J\x9b31m'.", where="project \x07", hint=errors.nearest("x", ["a\x1b[8m"]))
    for shown in (str(error), "\n".join(error._render_traceback_()), error._repr_html_()):
        assert "Tower [2J 31m" in shown
        assert all(character.isprintable() or character == "\n" for character in shown)
    assert str(bn.InvalidResponse("Its members are: a\ud83d.")) == "Its members are: a?."  # can be printed
    assert str(bn.InvalidRequest("SQL: no.", hint="LINE 1:\tx\n\t^")) == "SQL: no.\nLINE 1:\tx\n\t^"


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        ("CredentialsNotFound", LookupError),
        ("CredentialsRejected", PermissionError),
        ("AccessDenied", PermissionError),
        ("NotFound", LookupError),
        ("RateLimited", ConnectionError),
        ("ServiceUnavailable", ConnectionError),
        ("InvalidResponse", ValueError),
        ("InvalidRequest", ValueError),
        ("MissingExtra", ImportError),
    ],
)
def test_each_is_also_the_builtin_it_resembles_and_survives_a_pickle(kind: str, builtin: type[Exception]) -> None:
    error = getattr(bn, kind)("What.", hint="Do.", where="Here.", correlation_id="c")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, builtin)
    assert isinstance(again, bn.BentleyError)
    assert str(again) == str(error)
    assert kind in (errors.__doc__ or "")


def test_a_rate_limit_s_pause_survives_a_pickle() -> None:
    assert pickle.loads(pickle.dumps(bn.RateLimited("Slow.", retry_after=7.0))).retry_after == 7.0


def test_the_nearest_names() -> None:
    assert errors.nearest("TASKS", ["tasks"]) == "Did you mean 'tasks'? Available: tasks."
    assert errors.nearest("xyz", ["tasks"]) == "Available: tasks."
    assert errors.nearest("x", []) == "None is available."
    towers = ["Harbour Point Tower", "Quayside Residences"]
    for part in ("harbour", "Harbor", "point tower"):  # part of a name, as it is remembered
        assert errors.nearest(part, towers).startswith("Did you mean 'Harbour Point Tower'? ")
    assert errors.nearest(" ", towers).startswith("Available")
    assert "and 5 more" in errors.nearest("x", [f"n{i}" for i in range(35)])


def test_a_missing_extra_names_the_command() -> None:
    with pytest.raises(bn.MissingExtra) as caught:
        need("no_such_package_anywhere.sub", extra="sql")
    assert str(caught.value).splitlines()[-1] == '%pip install "bentley-nb[sql]"'
    assert isinstance(caught.value, ImportError)


def test_a_package_that_is_there_but_broken_keeps_its_own_error(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "broken_extra.py").write_text("import no_such_package_at_all\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    with pytest.raises(ModuleNotFoundError, match="no_such_package_at_all"):
        need("broken_extra", extra="sql")


def test_an_unknown_public_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'taks'"):
        bn.taks  # noqa: B018
    assert {"connect", "tasks", "reports", "BentleyError"} <= set(dir(bn))
