"""Write the type stubs of what is made from the catalog and the reports: ``python -m tests.typing.stubs``.

Editors and type checkers read them; ``tests/test_typing.py`` fails where they are out of date.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bentley_nb
from bentley_nb._face import Face

PACKAGE = Path(bentley_nb.__file__).parent
HEAD = """# Made by "python -m tests.typing.stubs" from the catalog and the reports; not edited by hand.
"""


class _Names:
    """The imports that annotations need, each name under one alias."""

    def __init__(self) -> None:
        self._aliases: dict[tuple[str, str], str] = {}

    def annotation(self, text: Any, module: str) -> str:
        """Return an annotation as it reads in the stub, for a function of that module."""
        if text is inspect.Parameter.empty:
            return "Any"
        if not isinstance(text, str):
            text = "None" if text is None else getattr(text, "__name__", str(text))
        tree = ast.parse(text.replace("pandas.DataFrame", "pd.DataFrame"), mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = self._name(node.id, module)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not self._literal(tree, node):
                node.value = self.annotation(node.value, module)
        return ast.unparse(tree)

    @staticmethod
    def _literal(tree: ast.AST, constant: ast.Constant) -> bool:
        """Whether a text is a value of ``Literal``, and no annotation in quotes."""
        return any(
            isinstance(node, ast.Subscript)
            and ast.unparse(node.value).endswith("Literal")
            and constant in ast.walk(node)
            for node in ast.walk(tree)
        )

    def _name(self, name: str, module: str) -> str:
        if hasattr(builtins, name):
            return name
        origin, original = _origin(name, module)
        key = (origin, original)
        if key not in self._aliases:
            taken = name in self._aliases.values()
            self._aliases[key] = f"{name}Of{module.rpartition('.')[2].title().replace('_', '')}" if taken else name
        return self._aliases[key]

    def imports(self) -> str:
        """Return the lines that import them."""
        lines = []
        for (origin, original), alias in sorted(self._aliases.items()):
            if not original:
                lines.append(f"import {origin} as {alias}" if alias != origin else f"import {origin}")
            else:
                lines.append(f"from {origin} import {original}" + (f" as {alias}" if alias != original else ""))
        return "\n".join(lines)


def _origin(name: str, module: str) -> tuple[str, str]:
    """Where a name of a module comes from: a module and the name in it, or a module alone."""
    if module == "":
        return {
            "pd": ("pandas", ""),
            "Sequence": ("collections.abc", "Sequence"),
            "Any": ("typing", "Any"),
        }[name]
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return str(node.module), alias.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return alias.name, ""
    return module, name


def _default(value: Any) -> str:
    simple = (type(None), bool, int, float, str)
    if isinstance(value, simple) or (isinstance(value, tuple) and all(isinstance(part, simple) for part in value)):
        return repr(value)
    return "..."


def _stub(name: str, function: Callable[..., Any], first: str, skip: int, module: str, names: _Names) -> str:
    signature = inspect.signature(function)
    parameters, star = [first], False
    for parameter in list(signature.parameters.values())[skip:]:
        kind = parameter.kind
        if kind is inspect.Parameter.KEYWORD_ONLY and not star:
            parameters.append("*")
            star = True
        mark = {inspect.Parameter.VAR_KEYWORD: "**", inspect.Parameter.VAR_POSITIONAL: "*"}.get(kind, "")
        star = star or mark == "*"
        text = f"{mark}{parameter.name}: {names.annotation(parameter.annotation, module)}"
        if parameter.default is not inspect.Parameter.empty:
            text += f" = {_default(parameter.default)}"
        parameters.append(text)
    result = names.annotation(signature.return_annotation, module)
    doc = textwrap.indent((inspect.getdoc(function) or "").replace("\\", "\\\\"), "    ").strip()
    listed = ",\n    ".join(parameters)
    return f'def {name}(\n    {listed},\n) -> {result}:\n    """{doc}\n    """\n'


def face() -> str:
    """Return the stub of the methods that every schedule has."""
    names = _Names()
    methods = []
    for name in vars(Face):
        if name.startswith("_"):
            continue
        function = getattr(Face, name)
        module = function.__wrapped__.__module__ if hasattr(function, "__wrapped__") else ""
        methods.append(textwrap.indent(_stub(name, function, "self", 1, module, names), "    "))
    return f"{HEAD}{names.imports()}\n\nclass Face:\n" + "\n".join(methods)


def functions() -> str:
    """Return the stub of the module functions, one per main collection."""
    names = _Names()
    made = [
        _stub(name, getattr(bentley_nb, name), "schedule_id: str", 1, _module_of(name), names)
        for name in bentley_nb._TABLES
    ]
    return f"{HEAD}{names.imports()}\n\n" + "\n".join(made)


def _module_of(name: str) -> str:
    return "bentley_nb.schedule" if name in vars(bentley_nb.Schedule) else ""


FILES = {PACKAGE / "_face.pyi": face, PACKAGE / "_collection_functions.pyi": functions}

if __name__ == "__main__":
    for path, make in FILES.items():
        path.write_text(make(), encoding="utf-8")
