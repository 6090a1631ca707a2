"""What the notebooks of ``notebooks/`` keep of a run: small outputs that show on a code-hosting site and stay equal.

``python -m tests.notebooks.saving [NAME ...]`` runs them and saves their new outputs (it needs a browser, and Pillow
to make the pictures small). Of charts only the pictures are kept, because such sites draw no Plotly figures; what
differs on every run (ports, times of day, names of temporary files) goes. The words that describe a chart stay beside
its picture: they tell whether it is out of date.
"""

from __future__ import annotations

import base64
import html
import io
import os
import re
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
FIGURE = "application/vnd.plotly.v1+json"
PICTURE = "image/png"
_COLOURS = 64
_CHANGING = (
    (re.compile(r"(127\.0\.0\.1):\d+"), r"\1"),  # the sandbox takes any free port
    (re.compile(r" · \d+\.\d s · read \d\d:\d\d UTC"), ""),  # the magics' line
    (re.compile(r" · \d+\.\d s\b"), ""),
    (re.compile(r"^\S*ipykernel_\S*: (\w*Warning: .*\n)  .*\n", re.MULTILINE), r"\1"),  # the kernel's name for a cell
)


def as_saved(notebook: NotebookNode, *, draw: bool) -> NotebookNode:
    """Turn a notebook that has just run into what is saved of it; pictures are empty unless they are to be drawn."""
    saved = nbformat.from_dict(notebook)
    saved.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in saved.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key == "tags"})
        if cell.cell_type == "code":
            cell.outputs = [_output(output, draw) for output in cell.outputs]
    return saved


def shape(notebook: NotebookNode) -> list[tuple[Any, ...]]:
    """Cells with their source, and the kinds of their outputs."""
    return [
        (cell.id, cell.cell_type, cell.source, *(_kinds(output) for output in cell.get("outputs", ())))
        for cell in notebook.cells
    ]


def words(output: NotebookNode) -> list[str]:
    """Words and numbers of an output, however the version of pandas at hand lays them out."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/html") or data.get("text/markdown") or data.get("text/plain") or ""
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    return re.findall(r"[\w.:%-]*\w", html.unescape(re.sub(r"<[^>]*>", " ", text)))


def _kinds(output: NotebookNode) -> tuple[str, ...]:
    return (output.output_type, *(sorted(output.data) if "data" in output else [output.get("name", "")]))


def _output(output: NotebookNode, draw: bool) -> NotebookNode:
    if "text" in output:
        output.text = _constant(output.text)
    if "data" in output:
        output.metadata = nbformat.from_dict({})
        if FIGURE in output.data:
            figure = output.data[FIGURE]
            in_words = html.unescape(figure.get("layout", {}).get("meta", {}).get("alt", ""))
            picture = with_few_colours(base64.b64decode(output.data[PICTURE])) if draw else b""
            output.data = nbformat.from_dict({PICTURE: base64.b64encode(picture).decode(), "text/plain": in_words})
        else:
            output.data = nbformat.from_dict(
                {kind: _constant(value) if isinstance(value, str) else value for kind, value in output.data.items()}
            )
    return output


def _constant(text: str) -> str:
    for pattern, replacement in _CHANGING:
        text = pattern.sub(replacement, text)
    return text


def with_few_colours(png: bytes) -> bytes:
    """Reduce the colours of a picture: a chart needs no more, and takes a third of the room."""
    from PIL import Image

    small = io.BytesIO()
    with Image.open(io.BytesIO(png)) as drawn:
        drawn.convert("RGB").quantize(_COLOURS).save(small, "png", optimize=True)
    return small.getvalue()


def main(names: list[str]) -> None:
    """Run the notebooks named, else all of them, and save them with their outputs."""
    from tests.notebooks.running import prepare, run

    for path in sorted(FOLDER.glob("*.ipynb")):
        if names and path.stem not in names:
            continue
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            os.environ.update(prepare(Path(folder)))
            os.environ.pop("BROWSER_PATH")
            work = Path(folder, "work")
            work.mkdir()
            saved = as_saved(run(path, work), draw=True)
        nbformat.write(saved, path)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
