"""Which front end the package runs in: a notebook page, a terminal, or none."""

from __future__ import annotations

import sys
from typing import Any, Literal

FrontEnd = Literal["notebook", "terminal", "batch"]


def front_end() -> FrontEnd:
    """Return who can read a message or answer a question now.

    Returns
    -------
    str
        ``"notebook"``: a kernel whose front end answers questions. ``"terminal"``: a person at a terminal.
        ``"batch"``: no user, as in a script with redirected output, or a notebook run by nbclient or papermill, which
        tell the kernel that no user answers.
    """
    kernel = running_kernel()
    if kernel is not None:
        return "notebook" if getattr(kernel, "_allow_stdin", False) else "batch"
    return "terminal" if _is_terminal(sys.stdin) and _is_terminal(sys.stderr) else "batch"


def _is_terminal(stream: Any) -> bool:
    """Return whether a stream is a terminal; an application's replacement may lack half of the methods of a stream."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # none at all; closed
        return False


def running_kernel() -> object | None:
    """Return the running kernel, without importing IPython where it is not imported."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None)
