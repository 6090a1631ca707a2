"""Charts of schedules as Plotly figures: Gantt, S-curve, histograms, health scorecard, slippage (extra ``plot``).

Every chart takes a ``Schedule``, a mapping of frames, or the frame of the report it draws; its title names the
schedule and the data date, and what it leaves out stands below. ``save`` writes pictures for reports.
"""

from __future__ import annotations

from bentley_nb.charts.finish_risk import finish_risk
from bentley_nb.charts.float_histogram import float_histogram
from bentley_nb.charts.gantt.gantt import gantt
from bentley_nb.charts.half_step import half_step
from bentley_nb.charts.health import health
from bentley_nb.charts.milestone_trend import compression, float_erosion, milestone_trend
from bentley_nb.charts.milestones import milestones
from bentley_nb.charts.resource_histogram import resource_histogram
from bentley_nb.charts.s_curve import s_curve
from bentley_nb.charts.save import save
from bentley_nb.charts.slippage import slippage

__all__ = [
    "compression",
    "finish_risk",
    "float_erosion",
    "float_histogram",
    "gantt",
    "half_step",
    "health",
    "milestone_trend",
    "milestones",
    "resource_histogram",
    "s_curve",
    "save",
    "slippage",
]


def __dir__() -> list[str]:
    return sorted(__all__)
