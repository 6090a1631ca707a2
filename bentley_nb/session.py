"""Address of ``forget`` in version 0.1, which scripts import from here."""

from bentley_nb._session import forget

__all__ = ["forget"]
