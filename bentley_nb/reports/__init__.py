"""What planners ask of a schedule: look-ahead, lateness, slippage, float, progress, logic and health.

Every report takes a ``Schedule`` (or a snapshot, a mapping of frames, a tasks frame), returns a DataFrame, and says in
its ``attrs`` for which data date it is true, what was assumed and what it cannot know: ``about(report)`` prints that.
"""

from __future__ import annotations

from bentley_nb.reports.baseline_variance import variance
from bentley_nb.reports.criticality import critical, float_distribution
from bentley_nb.reports.earned_value import earned_value
from bentley_nb.reports.elements import element_counts, element_status
from bentley_nb.reports.floats import total_float
from bentley_nb.reports.health import health, health_details
from bentley_nb.reports.key_dates import milestones
from bentley_nb.reports.lateness import late
from bentley_nb.reports.logic import open_ends
from bentley_nb.reports.lookahead import look_ahead
from bentley_nb.reports.resources import resource_histogram
from bentley_nb.reports.result import About, about
from bentley_nb.reports.rollup import progress, wbs_rollup
from bentley_nb.reports.s_curve import s_curve
from bentley_nb.reports.sequence import out_of_sequence
from bentley_nb.reports.snapshots import slippage

__all__ = [
    "About",
    "about",
    "critical",
    "earned_value",
    "element_counts",
    "element_status",
    "float_distribution",
    "health",
    "health_details",
    "late",
    "look_ahead",
    "milestones",
    "open_ends",
    "out_of_sequence",
    "progress",
    "resource_histogram",
    "s_curve",
    "slippage",
    "total_float",
    "variance",
    "wbs_rollup",
]
