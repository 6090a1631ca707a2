"""How cells show frames of this package; every other frame is shown as it was before the extension was loaded."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bentley_nb._options import options

# pandas is not imported for this: a type is registered by its name. pandas 3 calls the module "pandas".
_NAMES = (("pandas", "DataFrame"), ("pandas.core.frame", "DataFrame"))
_HTML, _TEXT = "text/html", "text/plain"


def register(shell: Any) -> None:
    """Show frames of this package as the HTML report shows its tables."""
    formatters = shell.display_formatter.formatters
    unregister(shell)
    for name in _NAMES:
        formatters[_HTML].for_type_by_name(*name, _Html(_existing(formatters[_HTML])))
        formatters[_TEXT].for_type_by_name(*name, _Text(_existing(formatters[_TEXT])))


def unregister(shell: Any) -> None:
    """Restore the display that frames had before."""
    for formatter in (shell.display_formatter.formatters[kind] for kind in (_HTML, _TEXT)):
        for printers in (formatter.deferred_printers, formatter.type_printers):
            for key, printer in list(printers.items()):
                if isinstance(printer, _Html | _Text):
                    del printers[key]
                    if printer.before is not None:
                        printers[key] = printer.before


def _existing(formatter: Any) -> Callable[..., Any] | None:
    """Return the printer that another extension registered for frames; the type's own only where it is loaded."""
    pandas = sys.modules.get("pandas")
    found = formatter.type_printers.pop(pandas.DataFrame, None) if pandas is not None else None
    return None if isinstance(found, _Html | _Text) else found


class _Html:
    """The text/html of a frame."""

    def __init__(self, before: Callable[..., Any] | None) -> None:
        self.before = before

    def __call__(self, frame: Any) -> Any:
        if _ours(frame):
            from bentley_nb.export._cell import as_html  # noqa: PLC0415 - waits for the first frame

            return as_html(frame)
        return frame._repr_html_() if self.before is None else self.before(frame)


class _Text:
    """The text/plain of a frame, into IPython's pretty printer."""

    def __init__(self, before: Callable[..., Any] | None) -> None:
        self.before = before

    def __call__(self, frame: Any, printer: Any, cycle: bool) -> None:
        if self.before is not None and not _ours(frame):
            self.before(frame, printer, cycle)
            return
        if _ours(frame):
            from bentley_nb.export._cell import as_text  # noqa: PLC0415

            text = as_text(frame, shutil.get_terminal_size((100, 24)).columns)
        else:
            text = repr(frame)
        for number, line in enumerate(text.splitlines()):
            if number:
                printer.break_()
            printer.text(line)


def _ours(frame: Any) -> bool:
    """Return whether a frame came from this package and is to be shown its way."""
    if options.display == "pandas" or not isinstance(frame.attrs, Mapping) or not frame.columns.is_unique:
        return False
    return bool(frame.attrs.keys() & {"report", "collection"})
