"""The README is true: its code runs and gives what it shows, its commands are those of CI, its links lead somewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bentley_nb
from bentley_nb import cli

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_OUTPUT = re.compile(r"\s*<!-- output of the block above -->\s*```text\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<link>[^)\s]+)\)|<(?:img|a) [^>]*(?:src|href)=\"(?P<tag>[^\"]+)\"")
_VARIABLE = re.compile(r"\b(?:BENTLEY|ITP)(?:_[A-Z]+)+\b")


@dataclass(frozen=True)
class Block:
    """A fenced block, and the output that the README shows below it."""

    language: str
    code: str
    output: str | None


def blocks(language: str) -> list[Block]:
    found = []
    for match in _FENCE.finditer(TEXT):
        shown = _OUTPUT.match(TEXT, match.end())
        found.append(Block(match["language"], match["code"], shown["text"] if shown else None))
    return [block for block in found if block.language == language]


def run(code: str, names: dict[str, Any]) -> str:
    """Run a block as a cell; gives the text of its last line, as a notebook shows it."""
    tree = ast.parse(code)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None  # type: ignore[attr-defined]
    exec(compile(tree, "README.md", "exec"), names)
    return "" if last is None else repr(eval(compile(last, "README.md", "eval"), names))


DEMOS = [block for block in blocks("python") if "demo=True" in block.code]


def test_there_is_an_example_with_its_output() -> None:
    assert any(block.output for block in DEMOS)


@pytest.mark.parametrize("block", DEMOS, ids=lambda block: block.code.splitlines()[0])
def test_the_code_runs_as_written(block: Block) -> None:
    shown = run(block.code, {})
    if block.output is not None and not pd.__version__.startswith("2."):  # pandas 2 cuts long names elsewhere
        assert shown.split() == block.output.split()


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.code.splitlines()[0])
def test_the_other_code_is_python_and_names_what_there_is(block: Block) -> None:
    for node in ast.walk(ast.parse(block.code)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "bn":
            assert hasattr(bentley_nb, node.attr), node.attr


def test_the_commands_are_those_that_ci_runs() -> None:
    lines = [line for block in blocks("bash") for line in block.code.splitlines() if line.strip()]
    demo, tests = lines
    assert demo.endswith("bentley-nb demo")
    assert tests.endswith("pytest")
    ci = [line.strip() for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    assert demo in ci
    assert tests in ci


def test_every_link_and_picture_is_there() -> None:
    targets = [match["link"] or match["tag"] for match in _LINK.finditer(_FENCE.sub("", TEXT))]
    local = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert local
    assert [target for target in local if not (ROOT / target).exists()] == []


def test_every_magic_exists() -> None:
    pytest.importorskip("IPython")
    from bentley_nb.notebook.magic.commands import find

    named = re.findall(r"(?<!%)%bentley (?!-)([a-z][a-z-]*)", TEXT)
    assert named
    for name in named:
        find(name)


def test_the_options_of_the_command_are_those_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    told = re.findall(r"bentley-nb ([a-z]+)((?: +--[a-z-]+(?: [\w.]+)?)+)", TEXT)
    assert {command for command, _ in told} <= {"demo", "sandbox", "keep", "report", "pull"}
    for command, options in told:
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        taken = capsys.readouterr().out
        for option in re.findall(r"--[a-z-]+", options):
            assert option in taken


def test_the_settings_are_those_that_the_package_reads() -> None:
    package = Path(bentley_nb.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    assert sorted(set(_VARIABLE.findall(TEXT))) == sorted(set(_VARIABLE.findall(code)))


def test_the_extras_are_those_of_the_package() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    section = TEXT.partition("## Extras")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z]+)`", section))
    assert named == set(extras) - {"all", "lab", "test", "lint", "bench", "oracle", "fuzz", "tools"}
