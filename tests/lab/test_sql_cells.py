"""SQL in a JupyterLab cell: the result as a frame, completion, an error in a few lines, Stop."""

from __future__ import annotations

from tests.lab.conftest import Open


def test_a_cell_of_sql_gives_a_frame(open_notebook: Open) -> None:
    notebook = open_notebook(
        ["%load_ext bentley_nb\n%bentley demo", "%%bentley counts\nSELECT type, count(*) AS n FROM tasks GROUP BY type ORDER BY n DESC"]
    )
    notebook.run(0)
    output = notebook.run(1)
    assert output.locator("table.dataframe th").first.is_visible()
    assert "Work" in output.inner_text()
