"""Charts as picture files: PNG, SVG, PDF ... drawn by an installed browser that is given nothing to fetch."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bentley_nb._extras import need
from bentley_nb._files import check_target, replaced
from bentley_nb.charts.size import SizeName, resized, size_named
from bentley_nb.errors import InvalidRequest, nearest

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FORMATS = ("png", "svg", "pdf", "jpeg", "jpg", "webp")
_WIDTH = 1_280
_TIMEOUT = 180  # seconds for one picture


def save(
    fig: Figure,
    path: str | os.PathLike[str],
    *,
    size: SizeName | None = None,
    width: int | None = None,
    height: int | None = None,
    scale: float = 2,
) -> Path:
    """Write a chart to a picture file.

    The picture is drawn by kaleido with an installed Chrome, Chromium or Edge; nothing is fetched from the network.
    In a PDF a heavy outline replaces hatching, as in a printed report.

    Parameters
    ----------
    fig
        A chart of this package or any other Plotly figure.
    path
        The file; its ending sets the format: ``.png``, ``.svg``, ``.pdf``, ``.jpg`` or ``.webp``.
    size
        "slide" (16:9), "a4" or "a3" (landscape), instead of width and height. A chart that needs more room is reduced
        as a whole; ``gantt(s, size="slide")`` folds its rows so that they can be read.
    width, height
        In pixels; by default 1,280 and the chart's own height.
    scale
        Picture dots per pixel: 2 is sharp in print. Without effect on SVG and PDF.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    MissingExtra
        Plotly or kaleido is not installed.
    InvalidRequest
        The ending is none of these, the size is unknown, the file cannot be written, or no browser was found.

    Examples
    --------
    >>> bn.charts.save(bn.charts.gantt(s), "gantt.png")  # doctest: +SKIP
    PosixPath('gantt.png')
    """
    check_target(path)  # before a browser is started
    ending = Path(path).suffix.lstrip(".").lower()
    if ending not in FORMATS:
        raise InvalidRequest(
            f"{Path(path).name!r} does not end in the name of a picture format.",
            hint=nearest(ending, FORMATS) + ' For a page that can be zoomed use fig.write_html("chart.html").',
        )
    if size is not None and (width or height):
        raise InvalidRequest("Pass either size or width and height, not both.")
    width, height = size_named(size) or (width, height)
    (picture,) = pictures(
        [fig], file_format="jpeg" if ending == "jpg" else ending, width=width, height=height, scale=scale
    )
    with replaced(path) as temporary:
        temporary.write_bytes(picture)
    return Path(path).expanduser()


def pictures(
    figures: Sequence[Figure],
    *,
    file_format: str,
    width: int | None = None,
    height: int | None = None,
    scale: float = 2,
    printed: bool = False,
) -> list[bytes]:
    """Draw several charts with one browser; ``printed`` where the pictures will end in a PDF."""
    go = need("plotly.graph_objects", extra="plot")
    kaleido = need("kaleido", extra="plot")
    if not hasattr(kaleido, "write_fig_from_object_sync"):
        raise InvalidRequest("Pictures need kaleido 1.1 or later.", hint='%pip install --upgrade "bentley-nb[plot]"')
    with tempfile.TemporaryDirectory(prefix="bentley-nb-") as folder:
        if printed or file_format == "pdf":
            # On a copy: the caller's figure keeps its hatching.
            figures = [_unhatched(go.Figure(fig)) for fig in figures]
        drawn = [resized(fig, width or fig.layout.width or _WIDTH, height) for fig in figures]
        paths = [Path(folder) / f"chart{number}.{file_format}" for number in range(len(figures))]
        wanted = [
            {
                "fig": fig,
                "path": str(path),
                "opts": {
                    "format": file_format,
                    "width": fig.layout.width,
                    "height": fig.layout.height,
                    # The figure was laid out larger by this factor; the picture gets the size asked for.
                    "scale": scale / factor,
                },
            }
            for (fig, factor), path in zip(drawn, paths, strict=True)
        ]
        try:
            # MathJax would be fetched from a content delivery network, and no text of ours holds formulas.
            failures = kaleido.write_fig_from_object_sync(wanted, kopts={"mathjax": False, "timeout": _TIMEOUT})
        except Exception as error:  # kaleido's own, the browser's and the operating system's errors all come this way
            raise _explained(error) from error
        if failures:
            raise _explained(failures[0]) from failures[0]
        return [path.read_bytes() for path in paths]


def _unhatched(fig: Figure) -> Figure:
    """Replace the hatching of bars with a heavy outline.

    Chromium puts an image of half a megabyte into a PDF for every hatched bar, and a Gantt chart does not finish.
    """
    for trace in fig.select_traces(lambda trace: trace.type == "bar" and trace.marker.pattern.shape is not None):
        trace.marker.update(pattern=None, line={"width": 2.5})
    return fig


def _explained(error: Exception) -> InvalidRequest:
    if type(error).__name__ == "ChromeNotFoundError":
        chosen = os.environ.get("BROWSER_PATH")
        return InvalidRequest(
            "No browser was found to draw the picture" + (f" (BROWSER_PATH is {chosen!r})." if chosen else "."),
            hint="Install Chrome, Chromium or Edge (Debian: apt install chromium), or set BROWSER_PATH to its program. "
            "Without one, the chart can still be shown, and fig.write_html(...) works.",
        )
    return InvalidRequest(
        f"The browser could not draw the picture: {type(error).__name__}: {error}".rstrip(": "),
        hint="A smaller chart may work (max_rows=200), or fig.write_html(...) and printing from a browser.",
    )
