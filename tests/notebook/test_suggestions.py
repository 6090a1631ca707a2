"""What a message suggests can be pasted: it names what it says, and runs nothing, whatever the service calls things."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import bentley_nb as bn
from bentley_nb import _session
from bentley_nb._choice import _number
from bentley_nb.errors import nearest
from bentley_nb.sandbox import Sandbox
from tests.notebook.conftest import Shell

RUNS = "open('ran', 'w')"
NAMES = {
    "braces": f"Zephyr {{{RUNS}}}",
    "double braces": f"Zephyr {{{{{RUNS}}}}}",
    "dollar": f"Zephyr $RUNS {{x}} ${{{RUNS}}}",
    "shell": "Zephyr $(touch ran) `touch ran`",
    "apostrophe": "Zephyr it's {y}",
    "quote": f'Zephyr "one"; {RUNS}',
}
BROKEN = {
    "line break": f"Zephyr\n{RUNS}",
    "carriage return": f"Zephyr\r{RUNS}",
    "terminal": "Zephyr \x9b31m \x1b[2J",
}


def _connected(shell: Shell, sandbox: Sandbox, name: str) -> str:
    """Connect to a sandbox whose first project shows one schedule of that name."""
    schedule = sandbox.schedules[0]
    schedule["name"] = name
    shell.ip.user_ns["given"] = {
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "token_url": sandbox.token_url,
        "api_url": sandbox.api_url("platform"),
        "projects_url": sandbox.projects_url,
    }
    shell.run("import bentley_nb as bn; client = bn.connect(**given, progress=False)")
    return str(schedule["iTwinId"])


@pytest.mark.parametrize("kind", [*NAMES, *BROKEN])
def test_a_suggested_name_is_pasted_into_a_line_and_into_python(shell: Shell, kind: str) -> None:
    name = {**NAMES, **BROKEN}[kind]
    with Sandbox(rows=10) as sandbox:
        project = _connected(shell, sandbox, name)
        shell.fails(f"%bentley use Zephyr --project {project}")
        assert "Did you mean" in shell.said
        assert not re.search(r"[\x1b\x9b]", shell.said)
        suggested = _suggested(shell.said)
        if kind in NAMES:
            shell.run(f"%bentley use {suggested} --project {project}")
            chosen = _session.current()
            assert chosen is not None
            assert chosen.name == name
        else:  # not in one line; still, nothing of it is run
            shell.ip.run_cell(f"%bentley use {suggested} --project {project}")
        shell.fails(f"client.schedule('Zephyr', project={project!r})")
        literal = _suggested(shell.said)
        assert ast.literal_eval(literal) == name
        assert shell.run(f"client.schedule({literal}, project={project!r}).id") == sandbox.schedules[0]["id"]
    assert not Path("ran").exists()


def _suggested(said: str) -> str:
    found = re.search(r"Did you mean (.*?)\? Available: ", said, re.DOTALL)
    assert found
    return found[1].split(" or ")[0]


@pytest.mark.parametrize("kind", [*NAMES, *BROKEN])
def test_a_suggested_only_names_the_field(kind: str) -> None:
    name = {**NAMES, **BROKEN}[kind]
    with pytest.raises(bn.InvalidRequest) as caught:
        _number(name, "x")
    call = re.search(r"(s\.only\(.*\))\.$", str(caught.value.hint))
    assert call
    parsed = ast.parse(call[1], mode="eval").body
    assert isinstance(parsed, ast.Call)
    assert ast.literal_eval(parsed.args[0]) == {name: (0, 50)}


def test_the_list_of_names_stays_one_line() -> None:
    assert "\n" not in nearest("x", BROKEN.values())
