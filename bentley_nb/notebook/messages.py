"""What the magics say beside what they return: one quiet line after a pull, and the state of the session."""

from __future__ import annotations

import html
import re
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bentley_nb import _session
from bentley_nb._options import options
from bentley_nb.errors import printable

if TYPE_CHECKING:
    import pandas as pd

    from bentley_nb.client import Client
    from bentley_nb.schedule import Schedule

# Notes are sentences for people and have no kind: these words tell what is not known from how it was
# counted. A test compares them with what the reports say of a schedule with nothing but tasks.
_CANNOT_KNOW = re.compile(r"(No|Without|The schedule has no) |.*\b(unknown|cannot|no known)\b", re.DOTALL)


def say(*parts: str) -> None:
    """Print one line, unless the session is to be quiet."""
    if not options.quiet:
        # A name of the service may hold line breaks and terminal codes.
        print(printable(" · ".join(part for part in parts if part), "\n\t"))  # noqa: T201 - a line for the reader


def say_frame(frame: pd.DataFrame, noun: str, seconds: float) -> None:
    """Print how much was read or made, how long it took, as of when it is true, and what a report cannot know."""
    rows, columns = frame.shape
    one = noun.replace("rows", "1 row", 1) if noun.startswith("rows") else f"1 row of {noun}"
    count = f"{rows:,} {noun}" if rows != 1 else one
    fetched_at, data_date = frame.attrs.get("fetched_at"), frame.attrs.get("data_date")
    notes = frame.attrs.get("notes", ()) if "report" in frame.attrs else ()
    say(
        count,
        f"{columns} column{'s' if columns != 1 else ''}",
        f"{seconds:.1f} s",
        f"read {clock(datetime.fromisoformat(fetched_at))}" if fetched_at else "",
        f"data date {datetime.fromisoformat(data_date).astimezone(_zone()):%Y-%m-%d}" if data_date else "",
        "data date unknown" if "report" in frame.attrs and not data_date else "",
        # In capitals, as in the help: how the frame is called is known only to the cell.
        f"{len(notes)} note{'s' if len(notes) != 1 else ''}: bn.reports.about(FRAME)" if notes else "",
    )
    for note in filter(_CANNOT_KNOW.match, notes):
        say(f"  {note}")


def clock(when: datetime) -> str:
    """Write a time of day with its zone, and the date where that is not today's."""
    local = when.astimezone(_zone())
    today = datetime.now(UTC).astimezone(_zone()).date()
    return f"{local:%H:%M %Z}" if local.date() == today else f"{local:%Y-%m-%d %H:%M %Z}"


def age(when: datetime) -> str:
    """Write how long ago something was."""
    minutes = int((datetime.now(UTC) - when).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def _zone() -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(options.display_zone)


class Status:
    """State of the session as of now: connection, current schedule, tables read; reads well as text and as HTML."""

    def __init__(self) -> None:
        client, schedule = _session.connected(), _session.current()
        self.connection = _connection(client) if client is not None else {}
        self.schedule = _describe(schedule) if schedule is not None else ""
        self.tables = _tables(schedule) if schedule is not None else []

    def __repr__(self) -> str:
        lines = _aligned(self.connection) if self.connection else ["Not connected: %bentley connect, login or demo."]
        if self.connection:
            lines += [
                "",
                f"Schedule  {self.schedule}" if self.schedule else "No schedule chosen: %bentley use SCHEDULE.",
            ]
        if self.schedule and not self.tables:
            lines.append("Nothing read yet.")
        width = max((len(name) for name, _, _ in self.tables), default=0)
        lines += [f"  {name:<{width}}  {rows:>9,} {_noun(rows):<4}  {when}" for name, rows, when in self.tables]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        if not self.connection:
            return html.escape(repr(self))
        connection = "".join(_row(name, value or "-") for name, value in self.connection.items())
        title = f"Schedule {self.schedule}" if self.schedule else "No schedule chosen: %bentley use SCHEDULE."
        tables = "".join(_row(name, f"{rows:,} {_noun(rows)}", when) for name, rows, when in self.tables)
        read = f"<table>{tables}</table>" if tables else "<br>Nothing read yet." if self.schedule else ""
        return f"<table>{connection}</table><b>{html.escape(title)}</b>{read}"


def _connection(client: Client) -> dict[str, str | None]:
    """Return what ``explain`` returns, shortened, and the address to invite."""
    rows: dict[str, str | None] = {}
    for name, value in client.explain().items():
        rows[name] = value
        if name == "client_id":
            rows["service_identity"] = client.service_identity
    pages = client._pages  # noqa: SLF001
    rows["pages"] = f"{pages.read:,} read, {pages.confirmed:,} of them unchanged"
    return rows


def _describe(schedule: Schedule) -> str:
    # Only what is known already: showing the state sends no request.
    name = schedule._name  # noqa: SLF001
    return printable(f"{name} ({schedule.id})", "\n\t") if name else schedule.id


def _tables(schedule: Schedule) -> list[tuple[str, int, str]]:
    read = schedule._remembered()  # noqa: SLF001
    return [
        (
            f"{name} of {parent}" if parent else name,
            entry.table.num_rows,
            f"read {clock(entry.fetched_at)}, {age(entry.fetched_at)}",
        )
        for (name, parent), entry in read.items()
    ]


def _noun(rows: int) -> str:
    return "row" if rows == 1 else "rows"


def _aligned(values: Mapping[str, str | None]) -> list[str]:
    width = max(map(len, values))
    return [f"{name:<{width}}  {value or '-'}" for name, value in values.items()]


def _row(head: str, *cells: str) -> str:
    style = "style='text-align:left'"
    rest = "".join(f"<td {style}>{html.escape(cell)}</td>" for cell in cells)
    return f"<tr><th {style}>{html.escape(head)}</th>{rest}</tr>"
