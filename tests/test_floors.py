"""Imports go down the floors, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bentley_nb

PACKAGE = Path(bentley_nb.__file__).parent

# From the roof to the ground. A room may import from its own floor and from those below.
FLOORS = [
    {"__init__", "cli"},
    {"notebook"},
    {"functions"},
    {"client", "schedule", "_session", "session"},
    {"reports", "charts", "export"},
    {"reading", "project_list"},
    {"_progress", "frames", "_options"},
    {"service"},
    {"auth"},
    {"transport", "_front_end", "_extras", "_files"},
    {"_warn", "errors", "_version"},
]
HEIGHT = {room: height for height, rooms in enumerate(reversed(FLOORS)) for room in rooms}
# The sandbox stands beside the house: it knows the catalog, never the code of the client.
SANDBOX_MAY = {"sandbox", "service", "errors", "_extras"}
SANDBOX_SERVICE = {"declare", "catalog", "surface"}
KNOWS_THE_SANDBOX = {"client", "cli", "__init__"}


def imports(path: Path) -> list[tuple[str, ...]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = tuple(node.module.split("."))
            found += [(*parts, alias.name) for alias in node.names] if parts == ("bentley_nb",) else [parts]
    return [parts for parts in found if parts[0] == "bentley_nb" and len(parts) > 1]


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(PACKAGE)) for path in FILES])
def test_imports_only_go_down(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for parts in imports(path):
        target = parts[1]
        if target not in HEIGHT and target != "sandbox":
            continue  # a public name, imported from the package itself
        if room == "sandbox":
            assert target in SANDBOX_MAY, f"{path}: {'.'.join(parts)}"
            assert target != "service" or len(parts) < 3 or parts[2] in SANDBOX_SERVICE, f"{path}: {'.'.join(parts)}"
        elif target == "sandbox":
            in_type_checking_only = room in {"client", "notebook"} and "if TYPE_CHECKING:" in path.read_text(
                encoding="utf-8"
            )
            assert room in KNOWS_THE_SANDBOX or in_type_checking_only, f"{path}: {'.'.join(parts)}"
        else:
            assert HEIGHT[target] <= HEIGHT[room], f"{path}: {'.'.join(parts)} is above"


def test_every_room_has_its_floor() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert rooms - {"sandbox"} == set(HEIGHT)


@pytest.mark.parametrize("code", ["import bentley_nb", "import bentley_nb as bn; bn.connect; bn.options; bn.errors"])
def test_importing_the_package_imports_nothing_heavy(code: str) -> None:
    heavy = {
        "pandas",
        "numpy",
        "pyarrow",
        "ipywidgets",
        "IPython",
        "plotly",
        "duckdb",
        "werkzeug",
        "xlsxwriter",
    }
    show = f"{code}; import sys; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
