"""Optional packages are imported on use, and their absence is answered with the command that installs them."""

from __future__ import annotations

import importlib
from types import ModuleType

from bentley_nb.errors import MissingExtra


def need(module: str, *, extra: str) -> ModuleType:
    """Import an optional module, or say how to install it.

    Parameters
    ----------
    module
        Import name, such as ``"duckdb"``.
    extra
        The extra of this package that brings it, such as ``"sql"``.

    Raises
    ------
    MissingExtra
        The module is not installed.

    Examples
    --------
    >>> from bentley_nb._extras import need
    >>> need("json", extra="sql").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        # A module that is there but lacks something of its own is a broken installation, not a missing extra.
        if error.name is None or not (module == error.name or module.startswith(error.name + ".")):
            raise
        raise MissingExtra(
            f"This needs the package {module.partition('.')[0]!r}, which is not installed.",
            hint=f'%pip install "bentley-nb[{extra}]"',
        ) from None
