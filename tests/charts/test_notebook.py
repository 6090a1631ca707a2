"""What charts add to a saved notebook."""

import base64
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.browser import chromium
from tests.notebooks.running import prepare, run

pytestmark = pytest.mark.kernel

FIGURE, PICTURE = "application/vnd.plotly.v1+json", "image/png"
IMPORTS = (
    "import sys; sys.path.insert(0, {!r})\nfrom bentley_nb.charts import gantt, s_curve\nfrom tests.charts import plan"
)
CELLS = [
    IMPORTS.format(str(Path(__file__).resolve().parents[2])),
    "gantt(plan.large(470, elements=30))",
    "s_curve(plan.small()).show()",
    "import plotly.graph_objects as go\ngo.Figure()",
]


@pytest.fixture
def outputs(tmp_path, monkeypatch):
    """Run the cells as nbclient and papermill do; gives the output of each, which is one at most."""
    pytest.importorskip("plotly")

    def ran(*, browser):
        for name, value in prepare(tmp_path / "jupyter").items():
            monkeypatch.setenv(name, value)
        if browser:
            monkeypatch.delenv("BROWSER_PATH")
        path = tmp_path / "charts.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(code) for code in CELLS]), path)
        notebook = run(path, tmp_path)
        assert [len(cell.outputs) for cell in notebook.cells] == [0, 1, 1, 1], "something was said beside the charts"
        return [cell.outputs[0]["data"] for cell in notebook.cells[1:]]

    return ran


@pytest.mark.browser
def test_charts_of_a_notebook_that_runs_unattended_have_a_picture(outputs):
    pytest.importorskip("kaleido")
    with chromium():
        pass
    gantt, s_curve, own = outputs(browser=True)
    for chart in (gantt, s_curve):
        assert FIGURE in chart
        png = base64.b64decode(chart[PICTURE])
        assert png.startswith(b"\x89PNG")
        assert int.from_bytes(png[16:20], "big") == 960
    assert set(own) == {FIGURE}  # another figure of the user's is shown as ever


def test_without_a_browser_the_charts_alone_are_saved_and_small(outputs):
    gantt, s_curve, _ = outputs(browser=False)
    assert set(gantt) == set(s_curve) == {FIGURE}
    assert len(nbformat.writes(new_notebook(cells=[new_code_cell(metadata={"chart": gantt})]))) < 250_000
