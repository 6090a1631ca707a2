"""What a notebook adds to the functions: magics, completion, sign-in form, SQL cells, explorer.

``load`` is all that ``%load_ext bentley_nb`` runs: it registers names and imports nothing that takes time.
"""

from __future__ import annotations

from typing import Any


def load(shell: Any) -> None:
    """Add ``%bentley``, ``%%bentley``, their completion and ``%config BentleyMagics`` to an IPython shell."""
    from bentley_nb.notebook.magic import completion, magics  # noqa: PLC0415 - the functions work without IPython

    magics.register(shell)
    completion.register(shell)


def unload(shell: Any) -> None:
    """Take all that :func:`load` added away again; the connection stays."""
    from bentley_nb.notebook.magic import completion, magics  # noqa: PLC0415

    completion.unregister(shell)
    magics.unregister(shell)
