"""Warnings are given at the line that asked: a line inside this package means nothing to the reader."""

from __future__ import annotations

import sys
import warnings

from bentley_nb._redact import redacted
from bentley_nb.errors import printable

_PACKAGE = __name__.partition(".")[0]


def warn_caller(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the nearest line outside this package; ``skip_file_prefixes`` does that from Python 3.12 on."""
    level = 1  # this function, as ``warnings.warn`` counts
    frame = sys._getframe().f_back  # noqa: SLF001 - inspect.stack() would read the source of every frame
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        level += 1
        frame = frame.f_back
    warnings.warn(printable(redacted(message)), category, stacklevel=level + 1)
