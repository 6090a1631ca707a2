"""Make the pictures of the documentation from the demo schedule: ``python -m tests.pictures [NAME ...]``.

They lie in ``notebooks/images``. The charts are drawn by ``bentley_nb.charts.save``, the report is photographed in Chromium,
the workbook is laid out by LibreOffice; Pillow makes them small.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bentley_nb as bn
from bentley_nb.charts.save import pictures
from bentley_nb.sandbox.running import demo_sandbox
from tests.browser import chromium, watched
from tests.notebooks.saving import with_few_colours

FOLDER = Path(__file__).resolve().parents[1] / "notebooks" / "images"
WIDTH = 960
SHEETS = {"gantt_slide": "slide", "gantt_a3": "a3"}
WORKBOOK_PAGE = 3  # the look-ahead


def main(names):
    """Write the pictures named, else all of them, and say how large they are."""
    client = bn.connect(demo=True, progress=False)
    s = client.schedule(demo_sandbox().schedule_id)
    FOLDER.mkdir(exist_ok=True)
    figures = {
        "s_curve": bn.charts.s_curve(s, theme="light"),
        "health": bn.charts.health(s, theme="light"),
    }
    wanted = {name: fig for name, fig in figures.items() if not names or name in names}
    for name, png in zip(wanted, pictures(list(wanted.values()), file_format="png", width=WIDTH, scale=1), strict=True):
        write(f"{name}.png", png)
    for name, size in SHEETS.items():
        if not names or name in names:
            bn.charts.save(sheet(s, size), FOLDER / f"{name}.png", size=size, scale=0.8)
            write(f"{name}.png", (FOLDER / f"{name}.png").read_bytes())
    if not names or "report" in names:
        write("report.png", photograph(s))
    if not names or "workbook" in names:
        write("workbook.png", workbook(s))


def sheet(s, size):
    """A branch for a slide; the next weeks for the wall of the site office."""
    if size == "slide":
        return bn.charts.gantt(s, wbs="Superstructure", size=size, theme="light")
    columns = ["id", "start", "finish", "duration", "float", "variance"]
    return bn.charts.gantt(s, only=s.look_ahead(weeks=5), size=size, columns=columns, theme="light")


def workbook(s):
    """The page of a workbook's look-ahead, as it is printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = s.to_excel(Path(folder) / "week.xlsx", zone="Europe/Oslo")
        home = f"-env:UserInstallation=file://{folder}/profile"
        office = [shutil.which("soffice"), "--headless", home, "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(office, check=True, capture_output=True)
        page = [shutil.which("pdftoppm"), "-png", "-r", "110", "-f", str(WORKBOOK_PAGE), "-singlefile"]
        subprocess.run([*page, f"{folder}/week.pdf", f"{folder}/page"], check=True)
        return Path(folder, "page.png").read_bytes()


def photograph(s):
    """The first screen of the HTML report."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = bn.export.to_html(Path(folder) / "report.html", s)
        watch = watched(browser)
        watch.page.emulate_media(color_scheme="light")
        watch.page.set_viewport_size({"width": WIDTH, "height": 1000})
        watch.open(path)
        return watch.page.screenshot()


def write(name, png):
    """Write one picture."""
    png = with_few_colours(png)
    (FOLDER / name).write_bytes(png)
    print(f"{name:24}{len(png) / 1000:7.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
