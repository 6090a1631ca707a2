"""What a chart adds to a saved notebook."""

import nbformat
import pytest

pytestmark = pytest.mark.kernel

CODE = """
from bentley_nb.charts import gantt
from tests.charts import plan
gantt(plan.large(470, elements=30))
"""


def test_a_gantt_of_500_rows_is_saved_without_the_library():
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(f"import sys; sys.path.insert(0, {_root()!r})\n{CODE}")]
    )
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert "application/vnd.plotly.v1+json" in output["data"]
    assert len(nbformat.writes(notebook)) < 250_000


def _root():
    from pathlib import Path

    return str(Path(__file__).resolve().parents[2])
