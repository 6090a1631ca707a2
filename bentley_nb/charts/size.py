"""The size of a chart: of a slide, a sheet of paper, or any other for a picture, without anything overprinted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bentley_nb._extras import need
from bentley_nb.errors import InvalidRequest, nearest

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SizeName = Literal["slide", "a4", "a3"]

_SIZES = {"slide": (1_280, 720), "a4": (1_123, 794), "a3": (1_587, 1_123)}  # landscape; paper at 96 pixels an inch
_LEAST_WIDTH = 640  # pixels below which titles of usual length do not fit


def size_named(size: str | None) -> tuple[int, int] | None:
    """Return the width and height of "slide", "a4" or "a3" in pixels; None for None."""
    if size is not None and str(size) not in _SIZES:
        raise InvalidRequest(f"There is no size {size!r}.", hint=nearest(size, _SIZES))
    return None if size is None else _SIZES[str(size)]


def resized(fig: Figure, width: int, height: int | None) -> tuple[Figure, float]:
    """Return a copy of a figure for a picture of another size, and by how much the picture is then to be reduced.

    Title, legend and headings take pixels, not shares. A chart that is asked for smaller than it needs is drawn as
    large as it needs and reduced as a whole, so that nothing overprints; in a taller one the plot grows.
    """
    natural = int(fig.layout.height or 500)
    height = natural if height is None else height
    factor = max(natural / height, _LEAST_WIDTH / width, 1.0)
    width, height = round(width * factor), round(height * factor)
    fig = need("plotly.graph_objects", extra="plot").Figure(fig)
    if fig.layout.legend.yref == "container" and fig.layout.legend.y is not None:
        fig.layout.legend.y = 1 - (1 - fig.layout.legend.y) * natural / height
    return fig.update_layout(width=width, height=height), factor
