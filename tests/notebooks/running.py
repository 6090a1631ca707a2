"""Runs a notebook top to bottom in a real kernel of this very interpreter, in a folder of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

KERNEL = "bentley-nb-tests"


def prepare(folder: Path) -> dict[str, str]:
    """Register the kernel below a folder; gives the environment in which Jupyter finds it and nothing of the user's.

    A kernelspec ``python3`` may be missing, or belong to another interpreter: the tests bring their own. No browser
    is found: it would take seconds to draw a picture beside each chart. Who wants them removes ``BROWSER_PATH``.
    """
    spec = folder / "share" / "kernels" / KERNEL
    spec.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    content = {"argv": argv, "display_name": "Tests", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(content), encoding="utf-8")
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
    return {
        "JUPYTER_PATH": str(folder / "share"),
        "BROWSER_PATH": str(folder / "no-browser"),
        **{name: str(folder / place) for name, place in folders.items()},
    }


def run(path: Path, folder: Path) -> NotebookNode:
    """Run a notebook in a new kernel whose working folder is ``folder``; the file itself stays as it is.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell failed; ``ran`` of the error is the notebook up to there.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=120,
        record_timing=False,
        coalesce_streams=True,  # how often a kernel flushes is chance
        resources={"metadata": {"path": os.fspath(folder)}},
    )
    try:
        client.execute()
    except Exception as error:
        error.ran = notebook  # type: ignore[attr-defined] - the caller looks at what came before
        raise
    return notebook
