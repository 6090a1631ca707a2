"""What a notebook adds to the functions: magics, completion, sign-in form, SQL cells, explorer.

``load`` is all that ``%load_ext bentley_nb`` runs: it registers names and imports nothing that takes time.
"""

from __future__ import annotations

from typing import Any


def load(shell: Any) -> None:
    """Add ``%bentley``, ``%%bentley``, completion, ``%config BentleyMagics`` and the display of frames to a shell."""
    from bentley_nb.notebook import cell_display  # noqa: PLC0415 - the functions work without IPython
    from bentley_nb.notebook.magic import completion, magics  # noqa: PLC0415

    magics.register(shell)
    completion.register(shell)
    cell_display.register(shell)


def unload(shell: Any) -> None:
    """Remove everything that :func:`load` added; the connection stays."""
    from bentley_nb.notebook import cell_display  # noqa: PLC0415
    from bentley_nb.notebook.magic import completion, magics  # noqa: PLC0415

    cell_display.unregister(shell)
    completion.unregister(shell)
    magics.unregister(shell)
