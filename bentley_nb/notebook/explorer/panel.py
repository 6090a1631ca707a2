"""The widgets of the explorer: a thin layer over ``Exploration``, of ipywidgets alone."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
from IPython.display import FileLink

from bentley_nb._options import options
from bentley_nb.errors import BentleyError
from bentley_nb.notebook.explorer import selection as selections
from bentley_nb.notebook.explorer.exploration import GANTT_ROWS, Exploration, Places
from bentley_nb.notebook.explorer.picker import Picker
from bentley_nb.notebook.explorer.rows_page import RowsPage, all_columns, page_of, usual_columns
from bentley_nb.notebook.explorer.work import Work
from bentley_nb.notebook.sign_in.signing_in import INVITATION

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.schedule import Schedule

_MOST_BRANCHES = 300
_MOST_STATES = 12
_WIDTH = {"width": "22em"}
_AUTO = {"width": "auto"}
_WRAP = {"flex_flow": "row wrap", "align_items": "center"}
_FIRST = {"description_width": "5em"}  # of a row: the fields below each other are aligned
_FURTHER = {"description_width": "initial"}
_STYLE = """<style>
.bentley-nb-explorer .widget-hbox {gap: 2px 10px}
.bentley-nb-explorer .widget-checkbox .widget-label-basic {align-items: center}
.bentley-nb-explorer .widget-checkbox input[type="checkbox"] {align-self: center}
</style>"""
_BELOW = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
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


class Explorer(widgets.VBox):
    """The explorer that ``bentley_nb.explore()`` shows.

    Parameters
    ----------
    exploration
        What it shows.
    """

    def __init__(self, exploration: Exploration) -> None:
        self.exploration = exploration
        self._work = Work(self._tell)
        # Setting a widget from Python notifies its observers as a click does.
        self._quiet = False
        self._number = 1

        self.project = Picker("Project", self._project_picked)
        self.schedule = Picker("Schedule", self._schedule_picked)
        self.table = Picker("Table", self._table_picked)
        self.place, self.change = widgets.HTML(), _button("Change", "folder-open-o")
        self.unread = widgets.HTML(layout={"display": "none"})

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
        self.first = widgets.DatePicker(description="From", style=_FIRST, layout=_AUTO)
        self.last = widgets.DatePicker(description="To", style=_FURTHER, layout=_AUTO)
        self.critical = _tick("Critical only")
        self.states = widgets.HBox([], layout={"flex_flow": "row wrap"})
        self.user_fields, self.codes = _tick("User fields"), _tick("Codes")
        self.clear = _button("Clear filters", "eraser")
        self.again = _button("Read again", "refresh")

        self.message = widgets.HTML()
        self.written = widgets.Output()  # not a part of the line: only an output's links are of the notebook's folder
        self.stop = _button("Stop", "stop")
        self.view = widgets.ToggleButtons(options=_VIEWS, tooltips=["Rows", "Bars", "Python code"])
        self.view.style.button_width = "6em"
        self.copy = _button("Copy as code", "copy")
        self.excel = _button("Excel", "file-excel-o")
        self.pick_columns = widgets.ToggleButton(description="Columns", icon="columns", layout=_AUTO)
        self.columns = widgets.SelectMultiple(
            rows=8, layout={**_WIDTH, "display": "none"}, tooltip="Columns: Ctrl or Shift picks several"
        )

        # Not a drop-down: JupyterLab takes arrow keys for itself wherever no text can be typed.
        self.sort_by = widgets.Combobox(
            description="Sort by", placeholder="WBS, or as served", continuous_update=False, style=_FIRST, layout=_WIDTH
        )
        self.descending = _tick("Descending")
        self.back, self.forward = _button("Previous", "chevron-left"), _button("Next", "chevron-right")
        self.note = widgets.Label()
        self.page = widgets.HTML()
        self.chart = widgets.Output()
        self.lines = widgets.Textarea(rows=18, layout=_AUTO, tooltip="Python code of what is shown")
        self._clipboard = widgets.Output(layout={"display": "none"})

        self._filters = widgets.VBox(
            [
                widgets.HBox([self.text, self.branch], layout=_WRAP),
                widgets.HBox([self.first, self.last, self.critical, self.states], layout=_WRAP),
                widgets.HBox([self.user_fields, self.codes, self.clear, self.again], layout=_WRAP),
            ],
            layout={"flex": "1 1 30em"},
        )
        self._pickers = widgets.HBox([self.project, self.schedule], layout={"flex_flow": "row wrap"})
        self._place = widgets.HBox([self.place, self.change], layout=_WRAP)
        self._narrowing = widgets.HBox([self.table, self._filters], layout={"flex_flow": "row wrap"})
        self._views = widgets.HBox([self.view, self.copy, self.excel, self.pick_columns], layout=_WRAP)
        paging = widgets.HBox([self.sort_by, self.descending, self.back, self.forward, self.note], layout=_WRAP)
        self._shown = {
            "Table": widgets.VBox([self.columns, paging, self.page]),
            "Gantt": self.chart,
            "Code": self.lines,
        }
        super().__init__(
            [
                widgets.HTML(_STYLE, layout={"display": "none"}),
                self._pickers,
                self._place,
                self.unread,
                self._narrowing,
                widgets.HBox([self.message, self.stop], layout=_WRAP),
                self.written,
                self._views,
                *self._shown.values(),
                self._clipboard,
            ]
        )
        self.add_class("bentley-nb-explorer")
        self._listen()
        self._begin()

    def __repr__(self) -> str:
        if self.exploration.schedule is None:
            return "Explorer: no schedule is picked."
        table = self.exploration.selection.table
        return f"Explorer of {table}; its rows are in .frame, the lines that make them in .code"

    @property
    def frame(self) -> pd.DataFrame:
        """The rows of the selection, the caller's own."""
        return self.exploration.frame

    @property
    def part(self) -> Schedule:
        """The part of the schedule that the rows are of, as ``s.only(...)`` gives it."""
        return self.exploration.part

    @property
    def code(self) -> str:
        """Python lines that make the same frame."""
        return self.exploration.code

    def wait(self, timeout: float = 60) -> None:
        """Wait until it shows the last selection."""
        self._work.wait(timeout)

    # Picking --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._show_parts()
        self._do("Reading the projects …", self.exploration.places, self._offer_places)

    def _offer_places(self, places: Places) -> None:
        self.unread.value = html.escape(places.unread)
        _show(self.unread, bool(places.unread))
        self.project.offer(places.projects, places.project)
        if self.exploration.schedule is not None:
            self.schedule.offer(places.schedules, self.exploration.schedule.id)
            self._schedule_changed()
        elif len(places.projects) == 1:
            self.project.pick(places.projects[0][1])
        else:
            self._say("Pick a project, then a schedule." if places.projects else self._invitation())

    def _invitation(self) -> str:
        """Return which address to invite, and where."""
        identity = self.exploration.client.service_identity
        return f"{identity} has not been invited into any project yet.\n" + "\n".join(INVITATION)

    def _project_picked(self, project_id: str) -> None:
        _show(self.unread, wanted=False)
        self._do("Reading the schedules …", lambda: self.exploration.schedules(project_id), self._offer_schedules)

    def _offer_schedules(self, schedules: list[tuple[str, str]]) -> None:
        self.schedule.offer(schedules)
        self._say("Pick a schedule." if schedules else "This project has no schedules.")
        if len(schedules) == 1:
            self.schedule.pick(schedules[0][1])

    def _schedule_picked(self, schedule_id: str) -> None:
        with self._work.lock:
            self.exploration.choose(schedule_id)
            self._schedule_changed()

    def _schedule_changed(self) -> None:
        self._fold(wanted=True)
        self.table.offer(self.exploration.tables(), self.exploration.selection.table)
        self._table_changed()

    def _fold(self, *, wanted: bool) -> None:
        """Show where it is in one line instead of the lists to pick from."""
        schedule = self.exploration.schedule
        listed = {value: label for label, value in self.project.listed.options}
        project = listed.get(self.project.picked) or getattr(schedule, "project", None)
        names = [name for name in (project, schedule and (schedule.name or schedule.id)) if name]
        self.place.value = f"<b>{html.escape(f' {_BELOW} '.join(names))}</b>"
        others = len(self.project.listed.options) > 1 or len(self.schedule.listed.options) > 1
        _show(self.change, others)
        _show(self._place, wanted)
        _show(self._pickers, not wanted)

    def _table_picked(self, name: str) -> None:
        with self._work.lock:
            self.exploration.select(table=name)
            self._table_changed()

    def _table_changed(self) -> None:
        """Read the table, offer the filters that go with it, and show its rows."""
        self._number = 1
        name = self.exploration.selection.table

        def read() -> tuple[pd.DataFrame, pd.DataFrame]:
            return self.exploration.whole, self.exploration.filtered

        self._do(f"Reading {name} …", read, self._table_read)

    def _table_read(self, whole_and_filtered: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        whole, filtered = whole_and_filtered
        if not selections.text_columns(filtered):  # a text carried over from the table before would hide every row
            self.exploration.select(text="")
        self._offer_columns(whole)
        self._offer_filters(filtered)
        self._update()

    def _offer_columns(self, whole: pd.DataFrame) -> None:
        selected = self.exploration.selection
        named = {name: label for label, name in all_columns(whole)}
        with self._silently():
            self.columns.options = [(label, name) for name, label in named.items()]
            self.columns.value = usual_columns(whole, self.exploration.added_columns)
            self.sort_by.options = tuple(named[name] for name in selections.sortable(whole))
            self.sort_by.value = named.get(selected.sort_by or "", selected.sort_by or "")
            self.descending.value = selected.descending

    def _offer_filters(self, filtered: pd.DataFrame) -> None:
        selected, schedule = self.exploration.selection, self.exploration.schedule
        with self._silently():
            self.text.value = selected.text
            self.branch.options = selections.branches(filtered)[:_MOST_BRANCHES]
            self.branch.value = selected.branch
            self.first.value, self.last.value = selected.first, selected.last
            self.critical.value = selected.critical
            self.user_fields.value, self.codes.value = selected.user_fields, selected.codes
            self.states.children = self._state_boxes(filtered, selected.states)
        wide = selections.wide_options(selected.table)
        dated = selections.date_columns(filtered) is not None
        for widget, wanted in (
            (self.text, bool(selections.text_columns(filtered))),
            (self.branch, bool(self.branch.options)),
            (self.first, dated),
            (self.last, dated),
            (self.critical, schedule is not None and selections.can_be_critical(selected, schedule)),
            (self.user_fields, "user_fields" in wide),
            (self.codes, "codes" in wide),
        ):
            _show(widget, wanted)

    def _state_boxes(self, filtered: pd.DataFrame, ticked: tuple[str, ...]) -> list[Any]:
        boxes = [_tick(value) for value in selections.states_in(filtered)[:_MOST_STATES]]
        for box in boxes:
            box.value = box.description in ticked
            box.observe(self._filtered, "value")
        return boxes

    # Filtering ------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        for widget in (self.text, self.branch, self.first, self.last, self.critical, self.sort_by, self.descending):
            widget.observe(self._filtered, "value")
        for widget in (self.user_fields, self.codes):
            widget.observe(self._widened, "value")
        for widget in (self.view, self.columns):
            widget.observe(self._view_changed, "value")
        self.pick_columns.observe(lambda change: _show(self.columns, change["new"]), "value")
        self.change.on_click(lambda _: self._fold(wanted=False))
        self.excel.on_click(self._excel_asked)
        self.clear.on_click(self._cleared)
        self.again.on_click(self._read_again)
        self.stop.on_click(self._stopped)
        self.copy.on_click(self._copied)
        self.back.on_click(lambda _: self._turn(-1))
        self.forward.on_click(lambda _: self._turn(1))

    def _filtered(self, _: Any = None) -> None:
        with self._work.lock:
            if self._quiet:
                return
            self.exploration.select(
                text=self.text.value,
                branch=self.branch.value,
                states=tuple(box.description for box in self.states.children if box.value),
                first=self.first.value,
                last=self.last.value,
                critical=self.critical.value,
                sort_by=self._column_named(self.sort_by.value.strip()),
                descending=self.descending.value,
            )
            self._number = 1
            self._update()

    def _column_named(self, text: str) -> str | None:
        """Return the column that was picked by its label, or typed by its name."""
        return dict(self.columns.options).get(text, text) or None

    def _widened(self, _: Any) -> None:
        with self._work.lock:
            if not self._quiet:
                self.exploration.select(user_fields=self.user_fields.value, codes=self.codes.value)
                self._table_changed()

    def _view_changed(self, _: Any) -> None:
        with self._work.lock:
            if not self._quiet:
                self._update()

    def _cleared(self, _: Any) -> None:
        with self._work.lock:
            with self._silently():
                self.text.value = self.branch.value = ""
                self.first.value = self.last.value = None
                for box in (self.critical, *self.states.children):
                    box.value = False
            self._filtered()

    def _read_again(self, _: Any) -> None:
        with self._work.lock:
            self.exploration.read_again()
            self._table_changed()

    def _turn(self, pages: int) -> None:
        with self._work.lock:
            self._number += pages
            self._update()

    # Showing --------------------------------------------------------------------------------------------------

    def _update(self) -> None:
        """Show the selection in the view that is chosen."""
        if self.exploration.schedule is None:
            return
        self._show_parts()  # before: what is drawn while hidden takes a width of its own making
        views: dict[str, tuple[Callable[[], Any], Callable[[str, Any], None]]] = {
            "Table": (self._make_page, self._show_page),
            "Gantt": (self._make_gantt, self._show_gantt),
            "Code": (lambda: self.exploration.code, self._show_code),
        }
        make, take_over = views[self.view.value]

        def both() -> tuple[str, Any]:
            return self.exploration.summary, make()

        def show(summary_and_content: tuple[str, Any]) -> None:
            summary, content = summary_and_content
            # What is not shown is not kept either: with "save widget state" on, the file would hold it.
            if self.view.value != "Table":
                self.page.value = ""
            if self.view.value != "Gantt":
                self.chart.outputs = ()
            take_over(summary, content)

        self._do("Working …", both, show)

    def _make_page(self) -> RowsPage:
        title = f"Rows of {self.exploration.selection.table}"
        return page_of(
            self.exploration.listed, self._number, self.columns.value, zone=options.display_zone, title=title
        )

    def _show_page(self, summary: str, page: RowsPage) -> None:
        self._number = page.number
        self.page.value = page.html
        self.note.value = page.note
        self.back.disabled = page.number == 1
        self.forward.disabled = page.number == page.count
        self._say(f"{summary}.")

    def _make_gantt(self) -> dict[str, Any]:
        # The figure alone, without a copy of the library: pages that show Plotly have it.
        return {
            "application/vnd.plotly.v1+json": json.loads(self.exploration.gantt().to_json()),
            "text/plain": f"Gantt of {len(self.exploration.rows):,} rows",
        }

    def _show_gantt(self, summary: str, figure: dict[str, Any]) -> None:
        self.chart.outputs = ({"output_type": "display_data", "metadata": {}, "data": figure},)
        self._say(f"{summary}. At most {GANTT_ROWS} lines are drawn: beyond that, deeper WBS levels are folded.")

    def _show_code(self, summary: str, code: str) -> None:
        self.lines.value = code
        self._say(f"{summary}.")

    def _excel_asked(self, _: Any) -> None:
        columns = list(self.columns.value)

        def done(path: Path) -> None:
            self._say(f"{len(self.exploration.rows):,} rows written to {path}")
            link = FileLink(path.name, result_html_prefix="Download ", result_html_suffix="")
            data = {"text/html": link._repr_html_(), "text/plain": str(path)}
            self.written.outputs = ({"output_type": "display_data", "metadata": {}, "data": data},)

        with self._work.lock:
            self._do("Writing the workbook …", lambda: self.exploration.to_excel(columns), done)

    def _copied(self, _: Any) -> None:
        with self._work.lock:
            wanted = self.view.value
            self._do(
                "Working …",
                lambda: self.exploration.gantt_code if wanted == "Gantt" else self.exploration.code,
                self._hand_over,
            )

    def _hand_over(self, code: str) -> None:
        data = {"application/javascript": copy_script(code), "text/plain": ""}
        self._clipboard.outputs = ({"output_type": "display_data", "metadata": {}, "data": data},)
        # Kept, the script would run again when the saved notebook is opened.
        self._clipboard.outputs = ()
        with self._silently():
            self.view.value = "Code"
        self._show_parts()
        self.lines.value = code
        self._say(f"{len(code.splitlines())} lines, here and on the clipboard (where the browser allows it).")

    def _show_parts(self, *, failed: bool = False) -> None:
        """Show what there is to see: no filters before a schedule is picked, no old rows below an error."""
        picked = self.exploration.schedule is not None
        for part in (self._narrowing, self._views):
            _show(part, picked)
        _show(self._place, picked and self._pickers.layout.display == "none")
        for name, part in self._shown.items():
            _show(part, picked and not failed and self.view.value == name)
        _show(self.stop, wanted=False)

    # Working --------------------------------------------------------------------------------------------------

    def _do(self, doing: str, action: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Run something in the background, and show what it is."""
        self._say(doing)
        _show(self.stop, wanted=False)

        def done(result: Any) -> None:
            _show(self.stop, wanted=False)
            try:
                then(result)
            except Exception as error:  # noqa: BLE001 - no page shows the traceback of a widget
                self._failed(error)

        self._work.begin(action, done, self._failed)

    def _tell(self, progress: str) -> None:
        self._say(progress)
        _show(self.stop, wanted=True)

    def _stopped(self, _: Any) -> None:
        if self._work.stop():
            self._say("Stopped. \N{LEFT DOUBLE QUOTATION MARK}Read again\N{RIGHT DOUBLE QUOTATION MARK} continues.")
            self._show_parts(failed=True)

    def _failed(self, error: BaseException) -> None:
        """Show an error."""
        if isinstance(error, BentleyError):
            self._say(str(error), failed=True)
        else:
            self._say(f"Something went wrong in bentley_nb itself ({type(error).__name__}: {error}).", failed=True)
        self._show_parts(failed=True)

    def _say(self, text: str, *, failed: bool = False) -> None:
        role = "alert" if failed else "status"
        mark = "var(--jp-error-color1, currentColor)" if failed else "rgba(128, 128, 128, 0.5)"
        lines = "<br>".join(html.escape(line) for line in text.splitlines())
        self.written.outputs = ()
        self.message.value = (
            f"<div role='{role}' style='border-left: 3px solid {mark}; padding-left: 0.8em; line-height: 1.5; "
            f"overflow-wrap: anywhere'>{lines}</div>"
        )

    @contextmanager
    def _silently(self) -> Iterator[None]:
        """Set widgets without taking that for the user's doing."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before


def _tick(label: str) -> Any:
    return widgets.Checkbox(value=False, description=label, indent=False, layout=_AUTO)


def _button(label: str, icon: str) -> Any:
    return widgets.Button(description=label, icon=icon, layout=_AUTO)


def _show(widget: Any, wanted: bool) -> None:
    widget.layout.display = None if wanted else "none"
