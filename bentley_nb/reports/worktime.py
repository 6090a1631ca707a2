"""Address of ``WorkingTime`` in version 0.1, which scripts import from here."""

from bentley_nb.reports.basis.worktime import WorkingTime

__all__ = ["WorkingTime"]
