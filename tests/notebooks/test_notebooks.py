"""Every notebook runs top to bottom in a real kernel, and what is saved of it is what a run gives."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from bentley_nb.sandbox import Sandbox
from tests.notebooks.running import KERNEL, prepare, run
from tests.notebooks.saving import FIGURE, FOLDER, PICTURE, as_saved, shape, words

MUST_FAIL = Path(__file__).with_name("must_fail.ipynb")
NAMES = (
    "quickstart",
    "reports",
    "several_projects",
    "sql_cells",
    "user_fields_and_codes",
    "what_changed",
    "why_did_it_move",
)
NOTEBOOKS = [pytest.param(FOLDER / f"{name}.ipynb", id=name) for name in NAMES]

_UNIX_PATH = re.compile(r"(?<![\w.:/<])/(?:home|root|tmp|usr|var|private|Users|work|opt|builds?)/\w")
_WINDOWS_PATH = re.compile(r"\b[A-Za-z]:\\\\?\w")
_REFRESH = "To bring it up to date: python -m tests.notebooks.saving"


@pytest.fixture
def kernel(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kernel of this interpreter, in the environment of a newcomer; gives its working folder."""
    for name, value in prepare(tmp_path_factory.getbasetemp() / "jupyter").items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)  # those are for the tests, not for the notebooks
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def once() -> dict[Path, NotebookNode]:
    """Notebooks that have run already: a run takes seconds, and several tests look at it."""
    return {}


@pytest.fixture
def ran(request: pytest.FixtureRequest, once: dict[Path, NotebookNode], kernel: Path) -> NotebookNode:
    path = request.param
    if path not in once:
        once[path] = run(path, kernel)
    return once[path]


def test_these_are_all_the_notebooks() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_the_saved_notebook_is_small_and_whole(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert path.stat().st_size < 150_000
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1)), "not run top to bottom"
    assert any(cell.outputs for cell in code)
    assert not any("widget" in kind for kind in _kinds(notebook)), "a widget shows nothing in a saved notebook"
    assert "widgets" not in notebook.metadata
    assert "plotly.js v" not in path.read_text(encoding="utf-8"), "the library of the charts was saved along"


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_the_saved_notebook_gives_nothing_away(path: Path) -> None:
    _harmless(nbformat.read(path, as_version=4))
    assert not re.search(r"127\.0\.0\.1:\d|localhost:\d", path.read_text(encoding="utf-8")), "a port of some run"


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_every_notebook_says_how_to_connect_to_a_real_project(path: Path) -> None:
    prose = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    assert "`bn.connect()`" in prose or "`%bentley connect`" in prose
    assert "(../README.md)" in prose


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_links_between_the_notebooks_lead_somewhere(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        for target in re.findall(r"\]\(([^)#:]+)\)", cell.source if cell.cell_type == "markdown" else ""):
            assert (path.parent / target).exists(), target


def test_the_quickstart_takes_ten_cells() -> None:
    notebook = nbformat.read(FOLDER / "quickstart.ipynb", as_version=4)
    assert sum(cell.cell_type == "code" for cell in notebook.cells) == 10


@pytest.mark.kernel
@pytest.mark.parametrize("ran", NOTEBOOKS, indirect=True)
def test_it_runs_without_an_error(ran: NotebookNode) -> None:
    assert all(cell.execution_count for cell in ran.cells if cell.cell_type == "code")
    assert not [output for cell in ran.cells for output in cell.get("outputs", ()) if output.output_type == "error"]
    _harmless(as_saved(ran, draw=False))


@pytest.mark.kernel
@pytest.mark.parametrize("ran", NOTEBOOKS, indirect=True)
def test_the_saved_outputs_are_those_of_a_run(ran: NotebookNode, request: pytest.FixtureRequest) -> None:
    path = request.node.callspec.params["ran"]
    saved, fresh = nbformat.read(path, as_version=4), as_saved(ran, draw=False)
    assert shape(saved) == shape(fresh), _REFRESH
    for old, new in zip(saved.cells, fresh.cells, strict=True):
        for was, is_now in zip(old.get("outputs", ()), new.get("outputs", ()), strict=True):
            assert words(was) == words(is_now), f"The saved output of cell {old.id!r} is out of date. {_REFRESH}"


@pytest.mark.kernel
def test_a_failing_magic_stops_the_notebook_with_one_clean_error(kernel: Path) -> None:
    with pytest.raises(CellExecutionError) as caught:
        run(MUST_FAIL, kernel)
    cells = {cell.id: cell for cell in caught.value.ran.cells}  # type: ignore[attr-defined] - see run()
    assert cells["fine"].execution_count == 2
    [output] = cells["wrong"].outputs
    assert output.output_type == "error"
    assert output.ename == "NotFound"
    assert len("\n".join(output.traceback).splitlines()) <= 3
    assert "Did you mean 'Harbour Point Tower'" in "\n".join(output.traceback)
    assert "Traceback" not in json.dumps(output)
    assert cells["after"].execution_count is None
    assert cells["after"].outputs == []


@pytest.mark.kernel
def test_papermill_runs_the_quickstart(kernel: Path) -> None:
    papermill = pytest.importorskip("papermill")
    made = kernel / "made.ipynb"
    papermill.execute_notebook(
        FOLDER / "quickstart.ipynb", made, kernel_name=KERNEL, cwd=kernel, progress_bar=False, log_output=False
    )
    cells = nbformat.read(made, as_version=4).cells
    assert {cell.metadata.papermill.status for cell in cells if cell.cell_type == "code"} == {"completed"}
    assert {"look_ahead.xlsx", "harbour_point_tower.html"} <= {path.name for path in kernel.iterdir()}


FIGURE_OF_TWO = {"data": [], "layout": {"meta": {"alt": "Gantt chart of A &amp; B: 2 tasks."}}}


def test_what_differs_on_every_run_is_not_saved() -> None:
    said = "/tmp/ipykernel_41/2.py:1: UserFieldWarning: the column stays text.\n  s.tasks()\n12 rows · 3 columns · 0.4 s · read 07:41 UTC\n"
    outputs = [
        new_output("stream", text=said),
        new_output("execute_result", data={"text/plain": "Client(http://127.0.0.1:39201/schedules)"}),
        new_output("display_data", data={FIGURE: FIGURE_OF_TWO, "text/html": "<script>plotly.js</script>"}),
    ]
    cell = new_code_cell("s.tasks()", outputs=outputs, metadata={"execution": {"iopub.status.busy": "07:41"}})
    saved = as_saved(new_notebook(cells=[cell], metadata={"widgets": {}}), draw=False)
    stream, client, chart = saved.cells[0].outputs
    assert stream.text == "UserFieldWarning: the column stays text.\n12 rows · 3 columns\n"
    assert client.data["text/plain"] == "Client(http://127.0.0.1/schedules)"
    assert chart.data == {PICTURE: "", "text/plain": "Gantt chart of A & B: 2 tasks."}
    assert saved.cells[0].metadata == {}
    assert "widgets" not in saved.metadata


def test_words_tell_a_changed_figure_from_another_layout() -> None:
    html = NotebookNode(output_type="execute_result", data={"text/html": "<td>Slab pour</td>\n<td>-5.5</td>"})
    tight = NotebookNode(output_type="execute_result", data={"text/html": "<td>Slab  pour</td><td>-5.5</td>"})
    other = NotebookNode(output_type="execute_result", data={"text/html": "<td>Slab pour</td><td>5.5</td>"})
    assert words(html) == words(tight)
    assert words(html) != words(other)


def _kinds(notebook: NotebookNode) -> set[str]:
    return {kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())}


def _harmless(notebook: NotebookNode) -> None:
    """No output holds a traceback, a secret, or a path of the machine it ran on."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    text = "\n".join(json.dumps(_without_pictures(output), ensure_ascii=False) for output in outputs)
    assert "Traceback (most recent call last)" not in text
    assert Sandbox.client_secret not in text
    assert Sandbox.client_secret.encode().hex() not in text
    assert not re.search(r"Bearer \w|access_token|client_secret\W+\w", text)
    for pattern in (_UNIX_PATH, _WINDOWS_PATH):
        assert not (found := pattern.search(text)), text[max(0, found.start() - 80) : found.end() + 80]
    for folder in {Path.home(), Path(sys.prefix), FOLDER.parent}:
        if len(folder.parts) > 2:
            assert os.fspath(folder) not in text


def _without_pictures(output: NotebookNode) -> dict[str, object]:
    kept = {kind: value for kind, value in output.get("data", {}).items() if not kind.startswith("image/")}
    return {**output, "data": kept}
