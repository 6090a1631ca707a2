"""What planners ask of a schedule: look-ahead, lateness, slippage, float, progress, logic and health.

Every report takes a ``Schedule`` (or a snapshot, a mapping of frames, a tasks frame), returns a DataFrame, and says in
its ``attrs`` for which data date it is true, what was assumed and what it cannot know: ``about(report)`` prints that.
"""

from __future__ import annotations

from bentley_nb.reports.basis.about import About, about
from bentley_nb.reports.changes import changes
from bentley_nb.reports.critical import critical, float_distribution
from bentley_nb.reports.critical_path_test import critical_path_test
from bentley_nb.reports.driving_path import driving_path, path_to
from bentley_nb.reports.earned_value import earned_value
from bentley_nb.reports.element_status import element_counts, element_status
from bentley_nb.reports.finish_risk import finish_risk
from bentley_nb.reports.half_step import half_step
from bentley_nb.reports.health.report import health, health_details
from bentley_nb.reports.late import late
from bentley_nb.reports.link_floats import link_floats, predecessors, successors
from bentley_nb.reports.look_ahead import look_ahead
from bentley_nb.reports.milestones import milestones
from bentley_nb.reports.network_check import network_check
from bentley_nb.reports.open_ends import open_ends
from bentley_nb.reports.out_of_sequence import out_of_sequence
from bentley_nb.reports.progress import progress, wbs_rollup
from bentley_nb.reports.resource_histogram import resource_histogram
from bentley_nb.reports.s_curve import s_curve
from bentley_nb.reports.scorecard import scorecard
from bentley_nb.reports.signs import signs
from bentley_nb.reports.slippage import slippage
from bentley_nb.reports.total_float import total_float
from bentley_nb.reports.trend import trend
from bentley_nb.reports.variance import variance
from bentley_nb.reports.what_if import what_if

__all__ = [
    "About",
    "about",
    "changes",
    "critical",
    "critical_path_test",
    "driving_path",
    "earned_value",
    "element_counts",
    "element_status",
    "finish_risk",
    "float_distribution",
    "half_step",
    "health",
    "health_details",
    "late",
    "link_floats",
    "look_ahead",
    "milestones",
    "network_check",
    "open_ends",
    "out_of_sequence",
    "path_to",
    "predecessors",
    "progress",
    "resource_histogram",
    "s_curve",
    "scorecard",
    "signs",
    "slippage",
    "successors",
    "total_float",
    "trend",
    "variance",
    "wbs_rollup",
    "what_if",
]
