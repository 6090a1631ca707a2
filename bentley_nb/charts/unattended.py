"""A picture beside each chart in a notebook that runs unattended, for readers whose viewer does not draw Plotly.

nbclient, papermill and ``jupyter nbconvert --execute`` run a notebook without a page that draws. What they save is read
on a code-hosting site or in a mail, where only pictures are shown.
"""

from __future__ import annotations

import base64
from typing import Any

from bentley_nb._extras import need
from bentley_nb._front_end import front_end, running_kernel
from bentley_nb.charts.save import pictures
from bentley_nb.errors import BentleyError

_NAME = "bentley_nb_picture"
_IN_KERNELS = {"plotly_mimetype", "jupyterlab", "vscode", "nteract"}  # Plotly's choices where it finds a kernel
_WIDTH = 960


def show_pictures() -> None:
    """Add a renderer that draws the charts of this package to Plotly's own, once, where no user sees the notebook.

    Setting ``plotly.io.renderers.default`` removes it again.
    """
    if running_kernel() is None or front_end() != "batch":
        return  # before Plotly is asked for its renderers, which takes seconds the first time
    io = need("plotly.io", extra="plot")
    chosen = io.renderers.default or ""
    if _NAME in io.renderers or not _IN_KERNELS & set(chosen.split("+")):
        return

    mimetype_renderer: Any = io.base_renderers.MimetypeRenderer

    class PictureRenderer(mimetype_renderer):
        failed = False

        def to_mimebundle(self, fig_dict: dict[str, Any]) -> dict[str, str]:
            ours = "alt" in (fig_dict.get("layout", {}).get("meta") or ())
            if not ours or PictureRenderer.failed or front_end() != "batch":
                return {}
            fig = need("plotly.graph_objects", extra="plot").Figure(fig_dict)
            try:
                (png,) = pictures([fig], file_format="png", width=fig.layout.width or _WIDTH, scale=1)
            except BentleyError:  # no kaleido, or no browser: the chart itself is shown
                PictureRenderer.failed = True
                return {}
            return {"image/png": base64.b64encode(png).decode()}

    io.renderers[_NAME] = PictureRenderer()
    io.renderers.default = f"{chosen}+{_NAME}"
