"""Names are data: no control character of one reaches a terminal, wherever the name is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import bentley_nb as bn
from bentley_nb import cli
from bentley_nb.export._cell import as_text
from bentley_nb.sandbox import Sandbox
from tests.store.test_page_store import connect

# Colours, the title of the window, C1, and a turn of the direction of what follows.
EVIL = "Tower {open('ran', 'w')} $x \x1b[31m\x1b]0;x\x07\x9b31m\x85\u202egnp"
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A kept portfolio of one schedule, whose names are all hostile."""
    folder = tmp_path_factory.mktemp("kept")
    with Sandbox(rows=30) as sandbox:
        items = [{**item, "name": f"{EVIL} {number}"} for number, item in enumerate(sandbox.items("tasks"))]
        sandbox.replace("tasks", items)
        s = connect(sandbox, None).schedule(sandbox.schedule_id)
        s.load("tasks")
        s._name = s.project = EVIL
        s.keep(folder, label=EVIL)
        yield folder


def _command(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    cli.main(words)
    said = capsys.readouterr()
    return said.out + said.err


PRINTED: dict[str, Callable[[Any, Path, Any], str]] = {
    "schedule": lambda s, folder, capsys: repr(s),
    "path": lambda s, folder, capsys: str(s.path),
    "part": lambda s, folder, capsys: repr(s.only(name=f"{EVIL} 7")),
    "part of a WBS": lambda s, folder, capsys: repr(s.only(wbs=f"{EVIL} 10")),
    "portfolio": lambda s, folder, capsys: repr(bn.open_portfolio(folder)),
    "tasks": lambda s, folder, capsys: as_text(s.tasks(), 100),
    "report": lambda s, folder, capsys: as_text(s.open_ends(), 100),
    "about a part": lambda s, folder, capsys: str(bn.reports.about(s.only(name=f"{EVIL} 7").open_ends())),
    "command": lambda s, folder, capsys: _command(
        ["report", EVIL, "--from", str(folder), "--html", str(folder / "r.html")], capsys
    ),
    "command as JSON": lambda s, folder, capsys: _command(
        ["report", EVIL, "--from", str(folder), "--html", str(folder / "r.html"), "--json"], capsys
    ),
    "HTML": lambda s, folder, capsys: bn.export.to_html(folder / "h.html", {EVIL: s.tasks()}).read_text("utf-8"),
}


@pytest.mark.parametrize("where", PRINTED)
def test_a_name_reaches_no_terminal_raw(copies: Path, where: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = PRINTED[where](bn.open(copies), copies, capsys)
    assert "open" in said or where == "portfolio"
    assert not RAW.findall(said if where != "HTML" else said.replace("\u202e", ""))  # a browser keeps it to its cell
    assert not Path("ran").exists()
