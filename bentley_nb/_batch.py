"""The commands for a nightly job: ``keep``, ``report`` and ``pull``.

They end with 0 where all went well, 3 where something failed and 1 where everything did; what was done is one line per
table on stderr, and with ``--json`` a list of the same rows on stdout.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bentley_nb.errors import BentleyError, InvalidRequest, NotFound, nearest, printable

if TYPE_CHECKING:
    from bentley_nb.portfolio import Portfolio
    from bentley_nb.schedule import Schedule

ALL, NONE, SOME = 0, 1, 3

Row = dict[str, Any]


def add_commands(commands: Any) -> None:
    """Add the commands to a parser's subcommands."""
    keep = commands.add_parser("keep", help="keep copies of a project's schedules")
    keep.add_argument("project", metavar="PROJECT", help="exact name or id of the project")
    keep.add_argument("--schedule", metavar="S", help="one schedule of it, by exact name or id")
    keep.add_argument("--to", metavar="FOLDER", default="kept", help="where copies are kept (default: kept)")
    keep.add_argument("--label", help="a word for the copies, part of their folders' names")
    keep.add_argument("--tables", nargs="+", metavar="TABLE", help='names of tables, or "all"')
    keep.set_defaults(run=_keep)

    report = commands.add_parser("report", help="write the report of a schedule as HTML or a workbook")
    report.add_argument("schedule", metavar="SCHEDULE", help="id of the schedule, or its exact name")
    report.add_argument("--project", help="exact name or id of its project; without it, all are searched for a name")
    report.add_argument("--html", type=Path, metavar="FILE", help="self-contained HTML report to write")
    report.add_argument("--excel", type=Path, metavar="FILE", help="workbook to write")
    report.add_argument("--from", dest="source", metavar="FOLDER", help="read the newest kept copy in this folder")
    report.set_defaults(run=_report)

    pull = commands.add_parser("pull", help="write tables of several projects as one dataset")
    pull.add_argument("--projects", nargs="+", metavar="PROJECT", help="names or ids (default: all that are visible)")
    pull.add_argument("--tables", nargs="+", metavar="TABLE", help="names of tables (default: the tasks)")
    pull.add_argument("--to", required=True, metavar="URL", help="folder, or an address that fsspec opens")
    pull.add_argument("--max-age", metavar="AGE", help='age from which files are written again, such as "20h"')
    pull.set_defaults(run=_pull)

    for command in (keep, report, pull):
        command.add_argument("--json", action="store_true", help="print what was done as JSON on stdout")


def _keep(options: argparse.Namespace) -> int:
    import bentley_nb as bn  # noqa: PLC0415 - "bentley-nb --help" should not wait for pandas
    from bentley_nb.store.copies import read_description  # noqa: PLC0415

    client = bn.connect()
    tables = "all" if options.tables == ["all"] else options.tables
    rows: list[Row] = []
    if options.schedule:
        s = client.schedule(options.schedule, project=options.project)
        paths = [(options.project, s.name, s.keep(options.to, label=options.label, tables=tables))]
    else:
        p = client.portfolio([options.project], type=None)
        kept = p.keep(options.to, label=options.label, tables=tables)
        paths = [(str(row.project), str(row.schedule), Path(str(row.path))) for row in kept.itertuples()]
        rows += _problems(p)
    for project, schedule, path in paths:
        about = read_description(path)
        row = {"project": project, "schedule": schedule, "path": str(path)}
        rows += [{**row, "table": name, "rows": table.rows, "status": "kept"} for name, table in about.tables.items()]
        rows += [{**row, "table": name, "status": "failed", "what_happened": w} for name, w in about.missing.items()]
    return _tell(rows, options)


def _report(options: argparse.Namespace) -> int:
    from bentley_nb import export  # noqa: PLC0415
    from bentley_nb._files import check_target  # noqa: PLC0415

    if options.html is None and options.excel is None:
        raise InvalidRequest("Nothing to write.", hint="Name a file with --html or --excel.")
    for path, suffix in ((options.html, ".html"), (options.excel, ".xlsx")):
        if path is not None:
            check_target(path, suffix=suffix)
    s = _find(options)
    rows: list[Row] = []
    targets: list[tuple[Path | None, Any]] = [(options.html, export.to_html), (options.excel, export.to_excel)]
    for path, write in targets:
        if path is None:
            continue
        row: Row = {"project": s.project, "schedule": s.name, "table": "report", "path": str(path)}
        try:
            write(path, s)
            rows.append({**row, "status": "written"})
        except BentleyError as error:
            rows.append({**row, "status": "failed", "what_happened": error.message})
    return _tell(rows, options)


def _find(options: argparse.Namespace) -> Schedule:
    """Find a schedule by id or exact name: among kept copies, in one project, or in all."""
    import bentley_nb as bn  # noqa: PLC0415
    from bentley_nb.service.service import is_id  # noqa: PLC0415

    wanted = options.schedule
    if options.source:
        found: Iterable[Schedule] = bn.open_portfolio(options.source)
    elif options.project or is_id(wanted):
        return bn.connect().schedule(wanted, project=options.project)
    else:
        found = bn.connect().portfolio(type=None)
    every = list(found)
    named = [s for s in every if wanted in (s.id, s.name)]
    if not named:
        raise NotFound(f"There is no schedule {wanted!r}.", hint=nearest(wanted, [s.name for s in every]))
    if len(named) > 1:
        listed = "; ".join(f"{s.id} ({s.project})" for s in named)
        raise InvalidRequest(f"{len(named)} schedules are named {wanted!r}: {listed}.", hint="Name one by its id.")
    return named[0]


def _pull(options: argparse.Namespace) -> int:
    import bentley_nb as bn  # noqa: PLC0415

    p = bn.connect().portfolio(options.projects)
    written = p.to_parquet(options.to, options.tables, max_age=options.max_age)
    failed = set(written[written["status"] == "failed"]["schedule"])
    rows: list[Row] = json.loads(written.to_json(orient="records"))
    return _tell(rows + [row for row in _problems(p) if row["schedule"] not in failed], options)


def _problems(p: Portfolio) -> list[Row]:
    found = json.loads(p.problems.to_json(orient="records"))
    return [{**row, "table": None, "status": "failed"} for row in found]


def _tell(rows: Sequence[Row], options: argparse.Namespace) -> int:
    for row in rows:
        place = ": ".join(str(row[name]) for name in ("project", "schedule", "table") if row.get(name))
        count = "" if row.get("rows") is None else f", {row['rows']:,} rows"
        happened = f". {row['what_happened']}" if row.get("what_happened") else ""
        print(printable(f"{place}: {row['status']}{count}{happened}", "\n\t"), file=sys.stderr)
    if options.json:
        print(json.dumps(list(rows), indent=1))
    failed = sum(row["status"] == "failed" for row in rows)
    return NONE if failed == len(rows) else SOME if failed else ALL
