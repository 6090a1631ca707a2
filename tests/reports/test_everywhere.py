"""Each report of the network and of what changed takes a live schedule, a copy, a part, plain frames, and is a magic."""

import atexit

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import bentley_nb as bn
from bentley_nb import _session, reports
from bentley_nb.sandbox import Sandbox
from tests.test_surfaces import connect

TASK = "Practical completion"
REPORTS = {
    "link_floats": reports.link_floats,
    "driving_path": reports.driving_path,
    "predecessors": lambda s: reports.predecessors(s, TASK),
    "successors": lambda s: reports.successors(s, TASK),
    "path_to": lambda s: reports.path_to(s, TASK),
    "network_check": reports.network_check,
    "what_if": lambda s: reports.what_if(s, {TASK: "+10d"}),
    "critical_path_test": reports.critical_path_test,
    "half_step": lambda s: reports.half_step(s, s),
    "finish_risk": lambda s: reports.finish_risk(s, runs=50),
    "changes": lambda s: reports.changes(s, s),
    "signs": lambda s: reports.signs(s, s),
    "trend": lambda s: reports.trend([s]),
}
MAGICS = {
    "predecessors": f'predecessors "{TASK}"',
    "successors": f'successors "{TASK}"',
    "path_to": f'path-to "{TASK}"',
    "what_if": f'what-if "{TASK}=+10d"',
    "half_step": "half-step s",
    "finish_risk": "finish-risk --runs 50",
    "changes": "changes s",
    "signs": "signs s",
    "trend": 'trend "{kept}"',
}
NONE = ("changes", "signs")  # of a state compared with itself
NEIGHBOURS = ("predecessors", "successors")  # a part lists those that are of it


@pytest.fixture(scope="module")
def live():
    with Sandbox(rows=150) as sandbox:
        yield connect(sandbox)


@pytest.fixture(scope="module")
def kept(live, tmp_path_factory):
    return live.keep(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def sources(live, kept):
    tables = ("tasks", "task_links", "calendars", "task_scheduling_analyses", "baselines", "baseline_tasks")
    return {
        "live": live,
        "copy": bn.open(kept),
        "part": live.only(wbs="Superstructure"),
        "frames": {name: live.table(name) for name in tables} | {"data_date": live.data_date},
    }


@pytest.fixture
def magic(live, kept):
    """Run the magic of a report on the live schedule, which the notebook also knows as ``s``."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "bentley_nb")
    shell.user_ns["s"] = live
    _session.set_default(live.client)
    _session.use(live)
    yield lambda name: shell.run_line_magic(
        "bentley", MAGICS.get(name, name.replace("_", "-")).format(kept=kept.parent)
    )
    shell.run_line_magic("unload_ext", "bentley_nb")
    atexit.unregister(shell.atexit_operations)
    shell.atexit_operations()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("name", REPORTS)
def test_gives_a_frame(name, sources, magic):
    made = {kind: REPORTS[name](source) for kind, source in sources.items()} | {"magic": magic(name)}
    kinds = {kind: frame.dtypes.astype(str).to_dict() for kind, frame in made.items()}
    assert all(each == kinds["live"] for each in kinds.values())
    for kind in ("copy", "magic"):
        pd.testing.assert_frame_equal(made[kind], made["live"])
    for kind, frame in made.items():
        assert len(frame) > 0 or name in NONE or (kind == "part" and name in NEIGHBOURS), kind
