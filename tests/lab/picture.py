"""Photograph sessions in JupyterLab for the README: ``python -m tests.lab.picture``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bentley_nb
from tests.browser import chromium
from tests.lab.jupyterlab import Server, opened

IMAGES = Path(__file__).resolve().parents[2] / "notebooks" / "images"

SESSION = (
    '%load_ext bentley_nb\n%bentley demo\ns = %bentley use "Harbour Point Tower"',
    """%%bentley
SELECT name, state, finish, total_float_days
FROM critical_tasks ORDER BY total_float_days, finish LIMIT 4""",
    "s.gantt(max_rows=40)",
)


TABLE = (
    '%load_ext bentley_nb\n%bentley demo\ns = %bentley use "Harbour Point Tower"',
    's.only({"Trade": "08"}).late()',
)

EXPLORER = (TABLE[0], "import bentley_nb as bn\nbn.explore(s)")


def main() -> None:
    """Write the pictures and say how large they are."""
    root = str(Path(bentley_nb.__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = Server(
            Path(folder), {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
        )
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        page.set_default_timeout(30_000)
        try:
            _photograph(page, server, "jupyterlab", SESSION, ".js-plotly-plot .scatterlayer .trace")
            _photograph(page, server, "cell", TABLE, "table.bn tbody td", height=760)
            _photograph(page, server, "explorer", EXPLORER, ".bentley-nb-page tbody td", height=960)
        finally:
            server.stop()


def _photograph(page: Any, server: Server, name: str, cells: Sequence[str], shown: str, *, height: int = 1000) -> None:
    """Run cells, wait until the last one has shown what it shows, and write the picture."""
    picture = IMAGES / f"{name}.png"
    page.set_viewport_size({"width": 1200, "height": height})
    with opened(page, server, name, cells) as notebook:
        if name == "jupyterlab":  # in the first; later ones keep it so
            page.get_by_role("tab", name="File Browser").first.click()  # the folder is of no interest
        for number in range(len(cells)):
            output = notebook.run(number)
        output.locator(shown).first.wait_for(state="attached")
        notebook.save()
        notebook.cell(0).scroll_into_view_if_needed()
        page.mouse.move(0, 0)
        page.screenshot(path=picture)
    print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
