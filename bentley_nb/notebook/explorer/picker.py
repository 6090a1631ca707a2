"""A list with a search field above it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ipywidgets as widgets

_MOST_LISTED = 200  # what a browser and a reader take at a glance; the search finds the others
_LATE_SECONDS = 1.0  # typed just before Enter, a letter may arrive after it


class Picker(widgets.VBox):
    """Entries to search and to pick from.

    Enter in the search picks the first that is listed: in a list itself JupyterLab takes arrow keys, and letters, for
    commands of the notebook.

    Parameters
    ----------
    label
        What is picked.
    on_pick
        Called with what was picked.
    """

    def __init__(self, label: str, on_pick: Callable[[str], None]) -> None:
        self._entries: list[tuple[str, str]] = []
        self._on_pick = on_pick
        self._label = label.lower()
        self.search = widgets.Text(
            description=label,
            placeholder="search, Enter picks the first",
            style={"description_width": "5em"},
            layout={"width": "auto"},
        )
        self.listed = widgets.Select(options=[], rows=5, layout={"width": "auto"}, tooltip=f"{label}s")
        self.note = widgets.Label()
        self._entered_at = -math.inf
        self.search.observe(self._searched, "value")
        self.search.on_msg(self._entered)
        self.listed.observe(self._picked, "value")
        super().__init__([self.search, self.listed, self.note], layout={"width": "22em"})

    def offer(self, entries: Sequence[tuple[str, str]], picked: str | None = None) -> None:
        """Offer other entries as (label, value), with one of them picked already."""
        self._entries = list(entries)
        self.search.value = ""
        self._show(picked)

    def pick(self, value: str) -> None:
        """Pick an entry, as a click in the list does."""
        self.listed.value = value

    @property
    def picked(self) -> str | None:
        """Value of what is picked."""
        value: str | None = self.listed.value
        return value

    def _searched(self, _: Any) -> None:
        self._show()
        if self.search.value and time.monotonic() - self._entered_at < _LATE_SECONDS:
            self._pick_first()

    def _entered(self, _: Any, content: dict[str, Any], __: Any) -> None:
        if content.get("event") == "submit":
            self._entered_at = time.monotonic()
            self._pick_first()

    def _pick_first(self) -> None:
        if self.listed.options:
            self.listed.index = 0

    def _show(self, picked: str | None = None) -> None:
        words = self.search.value.casefold().split()
        found = [entry for entry in self._entries if all(word in entry[0].casefold() for word in words)]
        keep = picked if picked is not None else self.listed.value
        listed = found[:_MOST_LISTED]
        # In one message: a click between two of them would choose what the page takes for chosen already.
        with self._silently(), self.listed.hold_sync():
            self.listed.options = listed
            self.listed.value = keep if keep in {value for _, value in listed} else None
        count = f"{len(found):,} of {len(self._entries):,}" if words else f"{len(found):,}"
        more = f"; the first {len(listed)} are listed, search for the others" if len(found) > len(listed) else ""
        self.note.value = f"{count} {self._label}{'' if len(self._entries) == 1 else 's'}{more}"

    def _picked(self, change: Any) -> None:
        if change["new"] is not None:
            self._on_pick(change["new"])

    @contextmanager
    def _silently(self) -> Iterator[None]:
        self.listed.unobserve(self._picked, "value")
        try:
            yield
        finally:
            self.listed.observe(self._picked, "value")
