"""The command ``bentley-nb``: ``demo`` and ``sandbox`` on made-up data, and the commands for a nightly job."""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from bentley_nb._batch import add_commands
from bentley_nb._version import __version__
from bentley_nb.errors import BentleyError, InvalidRequest, MissingExtra

if TYPE_CHECKING:
    import pandas as pd


_WAIT_SECONDS = 0.2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv
        Arguments; those of the process where None.

    Returns
    -------
    int
        Exit status: 0; 1 after an error, whose message was printed; 3 where only a part failed.
    """
    parser = argparse.ArgumentParser(
        prog="bentley-nb",
        description="SYNCHRO 4D schedules: copies, reports, datasets; demo and sandbox.",
    )
    parser.add_argument("--version", action="version", version=f"bentley-nb {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)

    demo = commands.add_parser("demo", help="run the main job against a made-up schedule; needs no account")
    demo.add_argument("--lab", action="store_true", help="open JupyterLab on copies of the notebooks instead")
    demo.add_argument(
        "--folder",
        type=Path,
        default=Path("bentley-notebooks"),
        metavar="DIR",
        help="where --lab copies the notebooks (default: bentley-notebooks); files that are there already are kept",
    )
    demo.add_argument("--surface", choices=("platform", "enterprise"), default="platform", help="which API to speak")
    demo.add_argument("--report", type=Path, default=Path("bentley_report.html"), help="where the HTML report goes")
    demo.set_defaults(
        run=lambda options: _lab(options.folder) if options.lab else _demo(options.surface, options.report)
    )

    sandbox = commands.add_parser("sandbox", help="serve a schedule on this machine until Ctrl+C")
    sandbox.add_argument("--port", type=_port, default=0, help="port to listen on (default: any free one)")
    sandbox.add_argument(
        "--data", type=Path, metavar="DIR", help="serve a folder: dataset.json and one JSON file per collection"
    )
    sandbox.add_argument("--rows", type=int, metavar="N", help="tasks of the made-up schedule (default: 400)")
    sandbox.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="wait before each answer")
    sandbox.add_argument("--rate-limit", type=int, metavar="N", help="requests a minute before 429")
    sandbox.set_defaults(run=_serve)
    add_commands(commands)

    options = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names may be in any script, a pipe may be ASCII
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:  # as after "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed at exit
        return 1
    except BentleyError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return status


def _port(text: str) -> int:
    from bentley_nb.sandbox.sandbox import LAST_PORT  # noqa: PLC0415 - "bentley-nb --help" should not wait for it

    if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 (any free one) to {LAST_PORT}, not {text!r}")
    return int(text)


def _demo(surface: str, report: Path) -> int:
    import bentley_nb as bn  # noqa: PLC0415 - "bentley-nb --help" should not wait for pandas
    from bentley_nb._files import check_target  # noqa: PLC0415
    from bentley_nb.sandbox.running import demo_sandbox  # noqa: PLC0415

    check_target(report)
    client = bn.connect(demo=True, surface=surface)

    _say("1. Connect", "client = bn.connect(demo=True)")
    print(client.explain())

    _say("2. Which projects can this service application see?", "client.projects()")
    projects = client.projects()
    _show(projects[["id", "display_name", "number", "status"]])

    project = projects["display_name"].iloc[0]
    _say(f"3. Which schedules does {project} have?", f"client.schedules({project!r})")
    schedules = client.schedules(project)
    _show(schedules[["id", "name", "type"]])

    schedule = client.schedule(demo_sandbox().schedule_id)
    _say(
        "4. Its tasks, with one column per user field and code", "tasks = schedule.tasks(user_fields=True, codes=True)"
    )
    with warnings.catch_warnings(record=True) as noted:
        warnings.simplefilter("always")
        tasks = schedule.tasks(user_fields=True, codes=True)
    plain = len(schedule.table("tasks").columns) + 3
    _show(tasks[["user_defined_id", "name", "planned_start", "planned_duration_hours", "percent_complete"]])
    print(
        f"{len(tasks):,} tasks, {len(tasks.columns)} columns; user fields and codes: "
        f"{', '.join(tasks.columns[plain:][:6])} ..."
    )
    for warning in noted:
        print(f"Note: {warning.message}")

    if surface == "enterprise":
        print("\nThe Enterprise surface does not serve the data date, calendars and baselines that the reports need.")
        return 0
    _say("5. What is due in the next three weeks?", "schedule.look_ahead(weeks=3)")
    print(f"Data date: {schedule.data_date:%d %B %Y} (the schedule's own, never today's)")
    ahead = schedule.look_ahead(weeks=3)
    _show(ahead[["user_defined_id", "name", "start", "finish", "percent_complete", "total_float_days"]])

    _say("6. A report to send on, with a Gantt", f"bn.export.to_html({str(report)!r}, schedule)")
    bn.export.to_html(report, schedule)
    print(f"Written: {report.resolve()} ({report.stat().st_size / 1e6:.1f} MB). Open it in any browser.")
    print("\nThe same in a notebook: bentley-nb demo --lab")
    return 0


def _say(title: str, code: str) -> None:
    print(f"\n{title}\n>>> {code}")


def _show(frame: pd.DataFrame, rows: int = 5) -> None:
    print(frame.head(rows).to_string(index=False, max_colwidth=34) if len(frame) else "(no rows)")
    if len(frame) > rows:
        print(f"... {len(frame) - rows:,} more rows")


def _lab(folder: Path) -> int:
    if importlib.util.find_spec("jupyterlab") is None:
        raise MissingExtra("JupyterLab is not installed.", hint='pip install "bentley-nb[lab]"')
    copied = copy_notebooks(folder)
    print(f"Notebooks in {folder.resolve()}: {copied} files copied, existing ones kept. Ctrl+C stops JupyterLab.")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}"]
    start = folder.resolve() / "notebooks" / "quickstart.ipynb"
    return subprocess.run([*command, str(start)], check=False).returncode  # noqa: S603 - our own interpreter


def copy_notebooks(folder: Path) -> int:
    """Copy the notebooks, and the pages they link to, into a folder; return how many files were not there."""
    package = Path(__file__).parent
    source = package / "_lab"  # of a wheel; a checkout has them beside the package
    if not source.is_dir():
        source = package.parent
    notebooks = source / "notebooks"
    files = [source / "README.md", source / "CHANGELOG.md", *notebooks.glob("*.ipynb"), *notebooks.glob("images/*")]
    copied = 0
    try:
        for file in files:
            target = folder / file.relative_to(source)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
                copied += 1
    except OSError as error:
        raise InvalidRequest(
            f"The notebooks cannot be copied to {folder}: {error.strerror}.", hint="Name another one with --folder."
        ) from None
    return copied


def _serve(options: argparse.Namespace) -> int:
    from bentley_nb.sandbox import Sandbox  # noqa: PLC0415 - "bentley-nb --help" should not wait for it

    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    sandbox = Sandbox(
        data=options.data, rows=options.rows, latency=options.latency, rate_limit=options.rate_limit, port=options.port
    )
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with sandbox:
            print(f"Sandbox at {sandbox.url} (Ctrl+C stops it). To connect:\n")
            print("import bentley_nb as bn")
            print(f"client = bn.connect({sandbox.client_id!r}, {sandbox.client_secret!r},")
            print(f"    token_url={sandbox.token_url!r},")
            print(
                f"    api_url={sandbox.api_url('platform')!r},  # surface='enterprise': {sandbox.api_url('enterprise')}"
            )
            print(f"    projects_url={sandbox.projects_url!r})")
            print(f"schedule = client.schedule({sandbox.schedule_id!r})", flush=True)
            while not stopped.wait(_WAIT_SECONDS):  # in pieces: on Windows, Ctrl+C does not end a wait
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


if __name__ == "__main__":
    sys.exit(main())
