"""Address of ``replaced`` in version 0.1, which scripts import from here."""

from bentley_nb._files import replaced

__all__ = ["replaced"]
