"""Imports go down the floors and never in a circle, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bentley_nb

PACKAGE = Path(bentley_nb.__file__).parent

# From the top down: a module imports from its own floor and from those below, lazily or not. Modules of one floor may
# know each other, but never in a circle.
FLOORS = [
    {"__init__"},
    {"notebook"},
    {"_batch", "cli"},
    {"_collection_functions"},
    {"functions"},
    {"client", "portfolio"},
    {"_kept", "_live", "schedule"},
    {"_attached", "_choice", "_face"},
    {"export"},
    {"charts"},
    {"reports"},
    {"_remembered", "reading"},
    {"store"},
    {"frames"},
    {"_options", "_progress", "_session", "session"},
    {"service"},
    {"auth"},
    {"transport"},
    {"_extras", "_files", "files", "_front_end", "_fork", "_redact", "_warn", "errors", "_version"},
]
HEIGHT = {name: height for height, names in enumerate(reversed(FLOORS)) for name in names}
# The sandbox stands beside the floors: it knows the catalog, never the code of the client.
SANDBOX_MAY = {
    "bentley_nb._extras",
    "bentley_nb.errors",
    "bentley_nb.service.catalog",
    "bentley_nb.service.declare",
    "bentley_nb.service.surface",
}
KNOWS_THE_SANDBOX = {"__init__", "cli", "client", "notebook"}


def _module(path: Path) -> str:
    return ".".join(("bentley_nb", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


FILES = {_module(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _imports(module: str) -> Iterator[tuple[str, int]]:
    """Modules of the package that a module imports, anywhere in its file, and on which line."""
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        named = []
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}, line {node.lineno}: imports are absolute"
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in named:
            # Either a module, or a name in one: the longest that is a module. Of the package's own public names,
            # which are imported lazily, only the package itself is left.
            parts = name.split(".")
            names = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
            target = next((found for found in names if found in FILES), "bentley_nb")
            if target not in ("bentley_nb", module):
                yield target, node.lineno


def _place(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


@pytest.mark.parametrize("module", FILES)
def test_imports_only_go_down(module: str) -> None:
    place = _place(module)
    for target, line in _imports(module):
        said = f"{module}, line {line}: {target}"
        if place == "sandbox":
            assert _place(target) == "sandbox" or target in SANDBOX_MAY, said
        elif _place(target) == "sandbox":
            assert place in KNOWS_THE_SANDBOX, said
        else:
            assert HEIGHT[_place(target)] <= HEIGHT[place], f"{said} is above"


def test_every_module_has_its_floor() -> None:
    places = {_place(module) for module in FILES}
    assert places - {"sandbox"} <= set(HEIGHT)
    assert len(HEIGHT) == sum(map(len, FLOORS))


def test_no_modules_import_each_other_in_a_circle() -> None:
    imports = {module: {target for target, _ in _imports(module)} for module in FILES}
    while True:
        leaves = {module for module, targets in imports.items() if not targets & set(imports)}
        if not leaves:
            break
        imports = {module: targets for module, targets in imports.items() if module not in leaves}
    circle = {module: sorted(targets & set(imports)) for module, targets in imports.items()}
    assert not circle, f"among these: {circle}"


def test_no_two_classes_share_a_name() -> None:
    places: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name.lstrip("_"), []).append(str(path.relative_to(PACKAGE)))
    assert not {name: found for name, found in places.items() if len(found) > 1}


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
        "xlsxwriter",
    }
    show = f"{code}; import sys; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
