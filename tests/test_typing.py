"""The public face as type checkers and editors see it."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import bentley_nb as bn
from bentley_nb._face import Face, _Method
from bentley_nb.notebook.magic.report_commands import REPORTS as MAGICS
from bentley_nb.service.catalog import COLLECTIONS

from .typing import stubs

TYPING = Path(__file__).parent / "typing"
METHODS = {name: method for name, method in vars(Face).items() if isinstance(method, _Method)}
# Functions that take a report or a folder of copies, not a schedule.
NO_METHOD = {"About", "about", "trend"}


@pytest.mark.parametrize("path", stubs.FILES, ids=lambda path: path.name)
def test_the_stubs_are_up_to_date(path: Path) -> None:
    fresh = stubs.FILES[path]()
    assert path.read_text(encoding="utf-8") == fresh, "run: python -m tests.typing.stubs"


def test_every_report_is_a_method_and_a_magic() -> None:
    functions = set(bn.reports.__all__)
    assert functions - NO_METHOD == {name for name, method in METHODS.items() if method.package == "reports"}
    magics = {report.name for report in MAGICS}
    assert magics <= functions, f"no such report: {magics - functions}"


def test_a_method_is_its_function_with_the_schedule_given(demo: bn.Schedule) -> None:
    for name, method in METHODS.items():
        package = __import__(f"bentley_nb.{method.package}", fromlist=[name])
        parameters = list(inspect.signature(getattr(package, name)).parameters)
        parameters.pop(method.at)
        assert list(inspect.signature(getattr(demo, name)).parameters) == parameters, name


def test_mypy_finds_every_wrong_use() -> None:
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *(str(TYPING / name) for name in ("consumer.py", "wrong.py"))],
        capture_output=True,
        text=True,
        cwd=TYPING.parent.parent,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_pyright_finds_every_wrong_use(tmp_path: Path) -> None:
    pytest.importorskip("pyright")
    settings = {
        "include": [str(TYPING / "consumer.py"), str(TYPING / "wrong.py")],
        "pythonVersion": "3.11",
        "reportUnnecessaryTypeIgnoreComment": "error",
        "extraPaths": [str(TYPING.parent.parent)],
    }
    project = tmp_path / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(project)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "error" not in done.stdout and done.returncode not in (0, 1):
        pytest.skip(f"pyright cannot run here: {(done.stderr or done.stdout)[-200:]}")
    assert done.returncode == 0, done.stdout


def test_jedi_offers_every_collection_and_report() -> None:
    jedi = pytest.importorskip("jedi")
    begun = "import bentley_nb as bn\nclient = bn.connect(demo=True)\ns = client.schedule('id')\n"
    offered = {each.name: each for each in jedi.Script(f"{begun}s.").complete(4, 2)}
    wanted = {name for name, collection in COLLECTIONS.items() if collection.level == "schedule"} | set(METHODS)
    assert not wanted - set(offered)
    assert offered["look_ahead"].docstring().startswith("look_ahead(weeks: int=3")
    assert "Links between tasks" in offered["task_links"].docstring()
    functions = {each.name for each in jedi.Script("import bentley_nb as bn\nbn.").complete(2, 3)}
    assert {"tasks", "task_links", "connect", "changes", "reports"} <= functions
