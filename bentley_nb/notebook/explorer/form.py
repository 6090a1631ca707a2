"""The widgets of the explorer: a thin layer over ``Exploration``, of ipywidgets alone."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from bentley_nb.errors import BentleyError
from bentley_nb.notebook.explorer import selection as selections
from bentley_nb.notebook.explorer.exploration import GANTT_ROWS, Exploration
from bentley_nb.notebook.explorer.page import page_of, shown_columns
from bentley_nb.preferences import options

if TYPE_CHECKING:
    import pandas as pd

_MOST_LISTED = 200
_MOST_BRANCHES = 300
_MOST_STATES = 12
_WIDTH = {"width": "22em"}
_FIRST = {"description_width": "5em"}  # of a row: what stands below each other begins at one line
_FURTHER = {"description_width": "initial"}
_STYLE = """<style>
.bentley-nb-explorer .widget-hbox {gap: 2px 10px}
.bentley-nb-explorer .widget-checkbox .widget-label-basic {align-items: center}
.bentley-nb-explorer .widget-checkbox input[type="checkbox"] {align-self: center}
</style>"""
_NO_PROJECTS = "This service application sees no project yet: it has to be invited (%bentley status names it)."
_VIEWS = ("Table", "Gantt", "Code")
_COPY = """
(async (text) => {
  try { await navigator.clipboard.writeText(text); }
  catch {
    const field = Object.assign(document.createElement("textarea"), {value: text});
    document.body.append(field); field.select(); document.execCommand("copy"); field.remove();
  }
})(%s);
"""


def copy_script(text: str) -> str:
    """Write the script that puts a text on the clipboard."""
    # "<" is written so that no name in the text can end the script.
    return _COPY % json.dumps(text).replace("<", "\\u003c")


class Picker(widgets.VBox):
    """A list with a search field above it.

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
        self.search = widgets.Text(description=label, placeholder="search", style=_FIRST, layout={"width": "auto"})
        self.listed = widgets.Select(options=[], rows=5, layout={"width": "auto"}, tooltip=f"{label}s")
        self.note = widgets.Label()
        self.search.observe(lambda _: self._show(), "value")
        self.listed.observe(self._picked, "value")
        super().__init__([self.search, self.listed, self.note], layout={"width": "22em"})

    def offer(self, entries: Sequence[tuple[str, str]], picked: str | None = None) -> None:
        """Offer other entries as (label, value), with one of them picked already."""
        self._entries = list(entries)
        self.search.value = ""
        self._show(picked)

    @property
    def picked(self) -> str | None:
        """Value of what is picked."""
        value: str | None = self.listed.value
        return value

    def _show(self, picked: str | None = None) -> None:
        words = self.search.value.casefold().split()
        found = [entry for entry in self._entries if all(word in entry[0].casefold() for word in words)]
        keep = picked if picked is not None else self.listed.value
        listed = found[:_MOST_LISTED]
        with self._silently():
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


class Explorer(widgets.VBox):
    """The explorer that ``bentley_nb.explore()`` shows.

    Parameters
    ----------
    exploration
        What it shows.
    """

    def __init__(self, exploration: Exploration) -> None:
        self.exploration = exploration
        self._quiet = False
        self._number = 1

        self.project = Picker("Project", self._project_picked)
        self.schedule = Picker("Schedule", self._schedule_picked)
        self.table = Picker("Table", self._table_picked)

        self.text = widgets.Text(
            description="Text",
            placeholder="in names, comments, fields",
            continuous_update=False,
            style=_FIRST,
            layout=_WIDTH,
        )
        self.branch = widgets.Combobox(
            description="WBS branch",
            placeholder="path or name",
            continuous_update=False,
            style=_FURTHER,
            layout={"width": "min(40em, 100%)"},
        )
        self.first = widgets.DatePicker(description="From", style=_FIRST, layout={"width": "auto"})
        self.last = widgets.DatePicker(description="To", style=_FURTHER, layout={"width": "auto"})
        self.critical = _tick("Critical only")
        self.user_fields = _tick("User fields")
        self.codes = _tick("Codes")
        self.ids = _tick("Ids")
        self.states = widgets.HBox([], layout={"flex_flow": "row wrap"})
        self.clear = widgets.Button(description="Clear filters", icon="eraser", layout={"width": "auto"})
        self.again = widgets.Button(description="Read again", icon="refresh", layout={"width": "auto"})

        self.message = widgets.HTML()
        self.view = widgets.ToggleButtons(options=_VIEWS, tooltips=["Rows", "Bars", "Python code"])
        self.view.style.button_width = "6em"
        self.copy = widgets.Button(description="Copy as code", icon="copy", layout={"width": "auto"})

        self.sort_by = widgets.Dropdown(
            description="Sort by", options=[("as served", None)], style=_FIRST, layout=_WIDTH
        )
        self.descending = _tick("Descending")
        self.back = widgets.Button(description="Previous", icon="chevron-left", layout={"width": "auto"})
        self.forward = widgets.Button(description="Next", icon="chevron-right", layout={"width": "auto"})
        self.note = widgets.Label()
        self.page = widgets.HTML()
        self.chart = widgets.Output()
        self.lines = widgets.Textarea(rows=18, layout={"width": "auto"}, tooltip="Python code of what is shown")
        self._clipboard = widgets.Output(layout={"display": "none"})

        wrap = {"flex_flow": "row wrap", "align_items": "center"}
        self._picking = widgets.HBox([self.project, self.schedule, self.table], layout={"flex_flow": "row wrap"})
        self._filters = widgets.VBox(
            [
                widgets.HBox([self.text, self.branch], layout=wrap),
                widgets.HBox([self.first, self.last, self.critical, self.states], layout=wrap),
                widgets.HBox([self.user_fields, self.codes, self.ids, self.clear, self.again], layout=wrap),
            ]
        )
        self._paging = widgets.HBox([self.sort_by, self.descending, self.back, self.forward, self.note], layout=wrap)
        self._views = widgets.HBox([self.view, self.copy], layout=wrap)
        self._shown = {
            "Table": widgets.VBox([self._paging, self.page]),
            "Gantt": self.chart,
            "Code": self.lines,
        }
        super().__init__(
            [
                widgets.HTML(_STYLE, layout={"display": "none"}),
                self._picking,
                self._filters,
                self.message,
                self._views,
                *self._shown.values(),
                self._clipboard,
            ]
        )
        self.add_class("bentley-nb-explorer")
        self._listen()
        self._begin()

    def __repr__(self) -> str:
        picked = self.exploration
        if picked.schedule is None:
            return "Explorer: no schedule is picked."
        return f"Explorer of {picked.selection.table}; its rows are in .frame, the lines that make them in .code"

    @property
    def frame(self) -> pd.DataFrame:
        """The rows of the selection, the caller's own."""
        return self.exploration.frame

    @property
    def code(self) -> str:
        """Python lines that make the same frame."""
        return self.exploration.code

    # Picking --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._show_parts()
        given = self.exploration.schedule
        if self._attempt("Reading the projects …", self._offer_projects) and given is not None:
            self._schedule_changed()

    def _offer_projects(self) -> None:
        given = self.exploration.schedule
        projects, project = self.exploration.projects(), self.exploration.project_id
        self.project.offer(projects, project)
        if given is not None:
            known = self.exploration.schedules(project) if project is not None else []
            own = (given.name or given.id, given.id)
            self.schedule.offer(known if any(id_ == given.id for _, id_ in known) else [own], given.id)
        elif len(projects) == 1:
            self.project.listed.value = projects[0][1]
        else:
            self._say("Pick a project, then a schedule." if projects else _NO_PROJECTS)

    def _project_picked(self, project_id: str) -> None:
        def offer() -> None:
            schedules = self.exploration.schedules(project_id)
            self.schedule.offer(schedules)
            self._say("Pick a schedule." if schedules else "This project has no schedules.")
            if len(schedules) == 1:
                self.schedule.listed.value = schedules[0][1]

        self._attempt("Reading the schedules …", offer)

    def _schedule_picked(self, schedule_id: str) -> None:
        self.exploration.choose(schedule_id)
        self._schedule_changed()

    def _schedule_changed(self) -> None:
        self.table.offer(self.exploration.tables(), self.exploration.selection.table)
        self._table_changed()

    def _table_picked(self, name: str) -> None:
        self.exploration.select(table=name)
        self._table_changed()

    def _table_changed(self) -> None:
        """Read the table and offer the filters that go with it."""
        self._number = 1
        name = self.exploration.selection.table
        if self._attempt(f"Reading {name} …", lambda: self._offer_filters(self.exploration.whole)):
            self._update()

    def _offer_filters(self, whole: pd.DataFrame) -> None:
        selected = self.exploration.selection
        schedule = self.exploration.schedule
        with self._silently():
            self.text.value = selected.text
            self.branch.options = selections.branches(whole)[:_MOST_BRANCHES]
            self.branch.value = selected.branch
            self.first.value, self.last.value = selected.first, selected.last
            self.critical.value = selected.critical
            self.user_fields.value, self.codes.value = selected.user_fields, selected.codes
            self.sort_by.options = [("as served", None), *((name, name) for name in selections.sortable(whole))]
            self.sort_by.value = selected.sort_by
            self.descending.value = selected.descending
        column = selections.state_column(whole)
        values = [] if column is None else [str(value) for value in whole[column].dropna().unique()]
        boxes = [_tick(value) for value in sorted(values)[:_MOST_STATES]]
        for box in boxes:
            box.value = box.description in selected.states
            box.observe(self._state_ticked, "value")
        self.states.children = boxes
        wide = selections.WIDE.get(selected.table, ())
        _show(self.branch, bool(self.branch.options))
        _show(self.first, selections.date_columns(whole) is not None)
        _show(self.last, selections.date_columns(whole) is not None)
        _show(self.critical, schedule is not None and selections.can_be_critical(whole, selected.table, schedule))
        _show(self.user_fields, "user_fields" in wide)
        _show(self.codes, "codes" in wide)

    # Filtering ------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        for widget in (self.text, self.branch, self.first, self.last, self.critical, self.sort_by, self.descending):
            widget.observe(self._filtered, "value")
        for widget in (self.user_fields, self.codes):
            widget.observe(self._widened, "value")
        self.ids.observe(lambda _: self._update(), "value")
        self.view.observe(self._view_changed, "value")
        self.clear.on_click(lambda _: self._cleared())
        self.again.on_click(lambda _: self._read_again())
        self.copy.on_click(lambda _: self._copied())
        self.back.on_click(lambda _: self._turn(-1))
        self.forward.on_click(lambda _: self._turn(1))

    def _view_changed(self, _: Any) -> None:
        if not self._quiet:
            self._update()

    def _filtered(self, _: Any = None) -> None:
        if self._quiet:
            return
        self.exploration.select(
            text=self.text.value,
            branch=self.branch.value,
            first=self.first.value,
            last=self.last.value,
            critical=self.critical.value,
            sort_by=self.sort_by.value,
            descending=self.descending.value,
        )
        self._number = 1
        self._update()

    def _state_ticked(self, _: Any) -> None:
        ticked = tuple(box.description for box in self.states.children if box.value)
        self.exploration.select(states=ticked)
        self._number = 1
        self._update()

    def _widened(self, _: Any) -> None:
        if not self._quiet:
            self.exploration.select(user_fields=self.user_fields.value, codes=self.codes.value)
            self._table_changed()

    def _cleared(self) -> None:
        with self._silently():
            self.text.value = self.branch.value = ""
            self.first.value = self.last.value = None
            self.critical.value = False
            for box in self.states.children:
                box.unobserve(self._state_ticked, "value")
                box.value = False
                box.observe(self._state_ticked, "value")
        self.exploration.select(states=())
        self._filtered()

    def _read_again(self) -> None:
        self.exploration.read_again()
        self._table_changed()

    # Showing --------------------------------------------------------------------------------------------------

    def _turn(self, pages: int) -> None:
        self._number += pages
        self._update()

    def _update(self) -> None:
        """Show the selection in the view that is chosen."""
        if self.exploration.schedule is not None:
            self._show_parts()  # before: what is drawn while hidden takes a width of its own making
            self._attempt("Working …", self._show_view)

    def _show_view(self) -> None:
        rows, summary, view = self.exploration.rows, self.exploration.summary, self.view.value
        if view == "Table":
            self._show_page(rows)
        elif view == "Gantt":
            self._show_gantt()
            summary += f". At most {GANTT_ROWS} lines are drawn: beyond that, deeper WBS levels are folded"
        else:
            self.lines.value = self.exploration.code
        # What is not shown is not kept either: with "save widget state" on, the file would hold it.
        if view != "Table":
            self.page.value = ""
        if view != "Gantt":
            self.chart.outputs = ()
        self._say(summary + ".")

    def _show_page(self, rows: pd.DataFrame) -> None:
        columns = shown_columns(rows, ids=self.ids.value)
        page = page_of(
            rows, self._number, columns, zone=options.display_zone, title=f"Rows of {self.exploration.selection.table}"
        )
        self._number = page.number
        self.page.value = page.html
        self.note.value = page.note
        self.back.disabled = page.number == 1
        self.forward.disabled = page.number == page.count

    def _show_gantt(self) -> None:
        figure = self.exploration.gantt()
        rows = len(self.exploration.rows)
        # The figure alone, without a copy of the library: pages that show Plotly have it.
        self.chart.outputs = (
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "application/vnd.plotly.v1+json": json.loads(figure.to_json()),
                    "text/plain": f"Gantt of {rows:,} rows",
                },
            },
        )

    def _copied(self) -> None:
        def copy() -> None:
            code = self.exploration.gantt_code if self.view.value == "Gantt" else self.exploration.code
            self._clipboard.outputs = (
                {
                    "output_type": "display_data",
                    "metadata": {},
                    "data": {"application/javascript": copy_script(code), "text/plain": ""},
                },
            )
            self._clipboard.outputs = ()
            with self._silently():
                self.view.value = "Code"
            self._show_parts()
            self.lines.value = code
            self._say(f"{len(code.splitlines())} lines, here and on the clipboard (where the browser allows it).")

        self._attempt("Working …", copy)

    def _show_parts(self, *, failed: bool = False) -> None:
        """Show what there is to see: no filters before a schedule is picked, no old rows below an error."""
        picked = self.exploration.schedule is not None
        for part in (self._filters, self._views):
            _show(part, picked)
        for name, part in self._shown.items():
            _show(part, picked and not failed and self.view.value == name)

    def _say(self, text: str, *, failed: bool = False) -> None:
        role = "alert" if failed else "status"
        mark = "var(--jp-error-color1, currentColor)" if failed else "rgba(128, 128, 128, 0.5)"
        lines = "<br>".join(html.escape(line) for line in text.splitlines())
        self.message.value = (
            f"<div role='{role}' style='border-left: 3px solid {mark}; padding-left: 0.8em; line-height: 1.5; "
            f"overflow-wrap: anywhere'>{lines}</div>"
        )

    def _attempt(self, doing: str, action: Callable[[], None]) -> bool:
        """Do something, saying what; an error is told in words, since no page shows the traceback of a widget."""
        self._say(doing)
        try:
            action()
        except BentleyError as error:
            self._say(str(error), failed=True)
        except KeyboardInterrupt:
            self._say('Stopped. "Read again" goes on.', failed=True)
        except Exception as error:  # noqa: BLE001 - see above
            self._say(f"Something went wrong in bentley_nb itself ({type(error).__name__}: {error}).", failed=True)
        else:
            return True
        self._show_parts(failed=True)
        return False

    @contextmanager
    def _silently(self) -> Iterator[None]:
        """Set widgets without taking that for the user's doing."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before


def _tick(label: str) -> Any:
    return widgets.Checkbox(value=False, description=label, indent=False, layout={"width": "auto"})


def _show(widget: Any, visible: bool) -> None:
    widget.layout.display = None if visible else "none"
