"""A notebook as it is saved, and as others see it: how large it is, and what it looks like without its kernel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from tests.browser import chromium
from tests.notebook.conftest import prepare
from tests.notebooks.running import run

pytestmark = pytest.mark.kernel

SESSION = (
    '%load_ext bentley_nb\n%bentley demo\ns = %bentley use "Harbour Point Tower"\nimport bentley_nb as bn',
    "bn.options.display = {display!r}",
    "bn.projects()",
    "bn.catalog()",
    "s.tasks(codes=True)",
    "s.task_links()",
    "s.late()",
    "s.look_ahead(weeks=6)",
    "s.milestones()",
    "s.health()",
    "s.progress()",
    "s.only(wbs='Superstructure').tasks()",
    "%%bentley work\nSELECT name, status, planned_start, planned_finish FROM tasks ORDER BY planned_start",
    "s.gantt(max_rows=60)",
    "s.s_curve()",
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, NotebookNode]]:
    """The session after Run All, by the display of its frames."""
    pytest.importorskip("duckdb")
    pytest.importorskip("plotly")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in prepare(tmp_path_factory.mktemp("jupyter")).items():
            patch.setenv(name, value)
        ran = {}
        for display in ("report", "pandas"):
            folder = tmp_path_factory.mktemp(display)
            cells = [nbformat.v4.new_code_cell(code.replace("{display!r}", repr(display))) for code in SESSION]
            nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "session.ipynb")
            ran[display] = run(folder / "session.ipynb", folder)
        yield ran


def tables(notebook: NotebookNode) -> list[str]:
    """The text/html of every frame."""
    shown = [output.get("data", {}).get("text/html", "") for cell in notebook.cells for output in cell.outputs]
    return [markup for markup in shown if "<table" in markup]


def test_a_whole_session_is_at_most_a_fifth_larger_than_with_the_display_of_pandas(
    saved: dict[str, NotebookNode],
) -> None:
    ours, theirs = (len(nbformat.writes(saved[display])) for display in ("report", "pandas"))
    assert len(tables(saved["report"])) == len(tables(saved["pandas"])) >= 10
    assert ours <= 1.2 * theirs, f"{ours / theirs:.2f}"
    frames, plain = (sum(map(len, tables(saved[display]))) for display in ("report", "pandas"))
    assert frames <= 1.2 * plain, f"{frames / plain:.2f}"


def test_tables_need_nothing_but_themselves(saved: dict[str, NotebookNode]) -> None:
    """Front ends that trust no script, such as VS Code, Colab's static view and GitHub, show them too."""
    for markup in tables(saved["report"]):
        for needed in ("<script", "<link", "@import", "url(", "src=", "var(--", "onclick", "<button"):
            assert needed not in markup
    for cell in saved["report"].cells:
        for output in cell.outputs:
            if "text/html" in output.get("data", {}):
                assert output["data"]["text/plain"].strip()


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore:Your element with mimetype:UserWarning")  # a chart without a picture of it
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nbconvert_gives_a_page_that_reads_well(theme: str, saved: dict[str, NotebookNode], tmp_path: Path) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    page, _ = nbconvert.HTMLExporter(theme=theme).from_notebook_node(saved["report"])
    file = tmp_path / "session.html"
    file.write_text(page, encoding="utf-8")
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 1200, "height": 1000})
        # MathJax, RequireJS and Plotly come from a network that is not there.
        opened.route(
            "**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort()
        )
        opened.goto(file.as_uri())
        seen: list[dict[str, Any]] = opened.evaluate(LOOK)
        artefacts = Path(__file__).resolve().parents[2] / "test-artefacts"
        artefacts.mkdir(exist_ok=True)
        opened.locator("table.bn", has_text="Look ahead").scroll_into_view_if_needed()
        opened.screenshot(path=artefacts / f"nbconvert_{theme}.png")
    assert len(seen) == len(tables(saved["report"]))
    for table in seen:
        assert table["contrast"] >= 4.5, json.dumps(table)
        assert table["cutOff"] is False, json.dumps(table)
        assert table["numbers"] in ([], ["right"]), json.dumps(table)


LOOK = """() => [...document.querySelectorAll("table.bn")].map((table) => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = channels(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const cell = table.querySelector("tbody td") || table.querySelector("th");
  let behind = cell;
  const clear = (element) => { const c = channels(getComputedStyle(element).backgroundColor); return c[3] === 0; };
  while (behind.parentElement && clear(behind)) behind = behind.parentElement;
  const [one, other] = [getComputedStyle(cell).color, getComputedStyle(behind).backgroundColor].map(luminance);
  const scrolls = (element) => element && (["auto", "scroll"].includes(getComputedStyle(element).overflowX)
    || scrolls(element.parentElement));
  const places = [...table.querySelectorAll("thead th")].map((head, place) => place)
    .filter((place) => /days\\)|hours\\)/.test(table.querySelectorAll("thead th")[place].textContent));
  const numbers = places.flatMap((place) => [...table.querySelectorAll(`tbody td:nth-child(${place + 1})`)]
    .map((td) => getComputedStyle(td).textAlign));
  return {
    title: table.caption.textContent,
    contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
    cutOff: table.getBoundingClientRect().right > innerWidth && !scrolls(table.parentElement),
    numbers: [...new Set(numbers)],
  };
})"""
