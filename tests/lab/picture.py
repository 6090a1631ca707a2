"""Photograph a session in JupyterLab for the README: ``python -m tests.lab.picture``."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import bentley_nb
from tests.browser import chromium
from tests.lab.jupyterlab import Server, opened

PICTURE = Path(__file__).resolve().parents[2] / "notebooks" / "images" / "jupyterlab.png"

CELLS = (
    '%load_ext bentley_nb\n%bentley demo\ns = %bentley use "Harbour Point Tower"',
    """%%bentley
SELECT name, state, finish, total_float_days
FROM critical_tasks ORDER BY total_float_days, finish LIMIT 4""",
    "s.gantt(max_rows=40)",
)


def main() -> None:
    """Write the picture and say how large it is."""
    root = str(Path(bentley_nb.__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(
            Path(folder), {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
        )
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        page.set_default_timeout(30_000)
        try:
            with opened(page, server, "monday", CELLS) as notebook:
                page.get_by_role("tab", name="File Browser").first.click()  # the folder is of no interest
                for number in range(len(CELLS)):
                    output = notebook.run(number)
                output.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for(state="attached")
                notebook.save()
                notebook.cell(0).scroll_into_view_if_needed()
                page.mouse.move(0, 0)
                page.screenshot(path=PICTURE)
        finally:
            server.stop()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
