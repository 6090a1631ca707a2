"""Each report of the network and of what changed takes a live schedule, a kept copy, a part and plain frames."""

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import reports
from bentley_nb.sandbox.running import demo_sandbox

REPORTS = {
    "link_floats": reports.link_floats,
    "driving_path": reports.driving_path,
    "predecessors": lambda s: reports.predecessors(s, "Practical completion"),
    "successors": lambda s: reports.successors(s, "Practical completion"),
    "path_to": lambda s: reports.path_to(s, "Practical completion"),
    "network_check": reports.network_check,
    "what_if": lambda s: reports.what_if(s, {"Practical completion": "+10d"}),
    "critical_path_test": reports.critical_path_test,
    "half_step": lambda s: reports.half_step(s, s),
    "finish_risk": lambda s: reports.finish_risk(s, runs=50),
    "changes": lambda s: reports.changes(s, s),
    "signs": lambda s: reports.signs(s, s),
    "trend": lambda s: reports.trend([s, s]),
}
NONE = ("changes", "signs")  # of a state compared with itself
NEIGHBOURS = ("predecessors", "successors")  # a part lists those that are of it


@pytest.fixture(scope="module")
def sources(demo_client, tmp_path_factory):
    s = demo_client.schedule(demo_sandbox().schedule_id)
    tables = ("tasks", "task_links", "calendars", "task_scheduling_analyses", "baselines", "baseline_tasks")
    return {
        "live": s,
        "copy": bn.open(s.keep(tmp_path_factory.mktemp("kept"))),
        "part": s.only(wbs="Superstructure"),
        "frames": {name: s.table(name) for name in tables} | {"data_date": s.data_date},
    }


@pytest.mark.parametrize("name", REPORTS)
def test_gives_a_frame(sources, name):
    made = {kind: REPORTS[name](source) for kind, source in sources.items()}
    kinds = {kind: frame.dtypes.astype(str).to_dict() for kind, frame in made.items()}
    assert all(each == kinds["live"] for each in kinds.values())
    pd.testing.assert_frame_equal(made["copy"], made["live"])
    for kind, frame in made.items():
        assert len(frame) > 0 or name in NONE or (kind == "part" and name in NEIGHBOURS), kind
