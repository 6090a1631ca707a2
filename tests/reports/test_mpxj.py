"""Stored floats and criticals against mpxj's Primavera scheduler, where Java, mpxj and jpype1 are installed.

Every stored date and float is blanked first, so the engine has to work them out from durations, links and calendars.
It runs in a process of its own: a JVM cannot be started twice, and its log lines belong to no test.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import textwrap
import time

import pandas as pd
import pytest

from bentley_nb.reports import total_float
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import Model
from bentley_nb.reports.cpm.passes import NetworkDates, NetworkOptions
from tests.reports import logic_oracles
from tests.reports.real import dataset

MISSING = [
    what
    for what, there in (
        ("java", shutil.which("java")),
        ("mpxj", importlib.util.find_spec("mpxj")),
        ("jpype1", importlib.util.find_spec("jpype")),
    )
    if not there
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no cross-check with mpxj: {', '.join(MISSING)} not installed")

SCHEDULER = """
    import json, sys
    import jpype, mpxj
    quiet = "org.apache.logging.log4j.simple.SimpleLoggerContextFactory"
    jpype.startJVM("-Xmx1g", "-Dlog4j2.loggerContextFactory=" + quiet)
    import time
    from org.mpxj import TaskField, TimeUnit
    from org.mpxj.cpm import PrimaveraScheduler
    from org.mpxj.reader import UniversalProjectReader

    stored = [
        getattr(TaskField, prefix + name)
        for prefix, names in (
            ("", "CRITICAL TOTAL_SLACK FREE_SLACK START_SLACK FINISH_SLACK EARLY_START EARLY_FINISH LATE_START LATE_FINISH"),
            ("REMAINING_", "EARLY_START EARLY_FINISH LATE_START LATE_FINISH"),
        )
        for name in names.split()
    ]
    answers, seconds = {}, {}
    for project in (project for path in sys.argv[1:] for project in UniversalProjectReader().readAll(path)):
        properties = project.getProjectProperties()
        tasks = [task for task in project.getTasks() if not task.getSummary()]
        found = answers[str(properties.getProjectID())] = {}
        for task in tasks:
            for field in stored:
                task.set(field, None)
            if task.getActualStart() is None:
                task.setStart(None)
            if task.getActualFinish() is None:
                task.setFinish(None)
        begin = time.perf_counter()
        PrimaveraScheduler().schedule(project, properties.getPlannedStart() or properties.getStartDate())
        seconds[str(properties.getProjectID())] = time.perf_counter() - begin
        for task in tasks:
            slack = task.getTotalSlack()
            if task.getActualFinish() is None and slack is not None:
                hours = slack.convertUnits(TimeUnit.HOURS, properties).getDuration()
                found[str(task.getCanonicalActivityID() or task.getActivityID())] = float(hours)
    print("ANSWER" + json.dumps(answers | {"seconds": seconds}))
"""


PROJECTS = {
    "airport_terminal": ("airport_terminal_66t", "TERMINAL-2"),
    "villas5_mdl4d": ("villas5_mdl4d_62t", "MDL4D"),
    "villas5_mdl4ra": ("villas5_mdl4ra_62t", "MDL4RA"),
    "hotel": ("hotel_4236t", "HBTF-2"),
}


@pytest.fixture(scope="module")
def computed(shared):
    """Total float in hours by activity id, as mpxj computes it, of each project."""
    paths = [str(shared / "data" / "xer" / f"{file}.xer") for file, _ in PROJECTS.values()]
    command = [sys.executable, "-c", textwrap.dedent(SCHEDULER), *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer = next(line for line in done.stdout.splitlines() if line.startswith("ANSWER"))
    return json.loads(answer.removeprefix("ANSWER"))


@pytest.mark.parametrize(
    ("name", "activities", "different"),
    [
        ("airport_terminal", 66, 0),
        ("villas5_mdl4d", 62, 0),
        ("villas5_mdl4ra", 62, 0),
        ("hotel", 4217, 1),  # one finish milestone: 16:00 or 17:00 of the last day
    ],
)
def test_floats_are_those_an_engine_computes(shared, computed, name, activities, different):
    report = total_float(dataset(shared, name)).set_index("user_defined_id")
    hours = (report["total_float_days"] * report["hours_per_day"]).astype(float)
    engine = pd.Series(computed[PROJECTS[name][1]], dtype=float)
    assert len(hours) == activities
    assert set(hours.index) == set(engine.index)
    engine = engine.reindex(hours.index)
    unequal = (hours - engine).abs() > 1 / 3600
    assert int(unequal.sum()) <= different, pd.DataFrame({"stored": hours, "computed": engine})[unequal]
    agreed = ~unequal
    assert ((hours[agreed] <= 0) == (engine[agreed] <= 0)).all()


@pytest.mark.parametrize("name", ["airport_terminal", "hotel"])
def test_criticals_are_the_activities_without_float(shared, name):
    """Where P6 was set to criticality by float, the stored flag is the sign of the float the engine checks above."""
    report = total_float(dataset(shared, name))
    assert (report["is_critical"] == (report["total_float_days"] <= 0)).all()


@pytest.mark.parametrize(
    ("name", "different"), [("airport_terminal", 0), ("villas5_mdl4d", 0), ("villas5_mdl4ra", 0), ("hotel", 1)]
)
def test_own_floats_are_those_another_engine_computes(shared, computed, name, different):
    """Without the stored dates: durations, links, calendars, and the project's planned start and must-finish date."""
    model = Model.of(Tables.of(dataset(shared, name)))
    planned, end = logic_oracles.project_dates(shared, name)
    schedule = (
        NetworkDates(model.network(), NetworkOptions(model.now, max(model.now, planned or 0), end=end))
        .forward()
        .backward()
    )
    codes = model.tables.tasks["user_defined_id"].tolist()
    engine = computed[PROJECTS[name][1]]
    unequal = [n for n in model.open if abs(schedule.total_float(n) / 3600 - engine[codes[model.task[n]]]) > 1 / 3600]
    assert len(unequal) <= different


def test_both_passes_take_less_than_a_fifth_of_the_time(shared, computed):
    model = Model.of(Tables.of(dataset(shared, "hotel")))
    network, options = model.network(), NetworkOptions(model.now, model.now)
    NetworkDates(network, options).forward().backward()  # the calendars are laid out once
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        NetworkDates(network, options).forward().backward()
        taken.append(time.perf_counter() - begin)
    assert min(taken) < computed["seconds"][PROJECTS["hotel"][1]] / 5
