"""Stored floats and criticals against mpxj's Primavera scheduler, where Java, mpxj and jpype1 are installed.

Every stored date and float is blanked first, so the engine has to work them out from durations, links and calendars.
It runs in a process of its own: a JVM cannot be started twice, and its log lines belong to nobody.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import textwrap

import pandas as pd
import pytest

from bentley_nb.reports import total_float
from tests.reports.small import dataset

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
    found = {}
    for project in UniversalProjectReader().readAll(sys.argv[1]):
        properties = project.getProjectProperties()
        tasks = [task for task in project.getTasks() if not task.getSummary()]
        if not tasks or str(properties.getProjectID()) != sys.argv[2]:
            continue
        for task in tasks:
            for field in stored:
                task.set(field, None)
            if task.getActualStart() is None:
                task.setStart(None)
            if task.getActualFinish() is None:
                task.setFinish(None)
        PrimaveraScheduler().schedule(project, properties.getPlannedStart() or properties.getStartDate())
        for task in tasks:
            slack = task.getTotalSlack()
            if task.getActualFinish() is None and slack is not None:
                hours = slack.convertUnits(TimeUnit.HOURS, properties).getDuration()
                found[str(task.getCanonicalActivityID() or task.getActivityID())] = float(hours)
    print("ANSWER" + json.dumps(found))
"""


def computed_floats(path, project):
    """Total float in hours by activity id, as mpxj computes it."""
    command = [sys.executable, "-c", textwrap.dedent(SCHEDULER), str(path), project]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr[-2000:]
    answer = next(line for line in done.stdout.splitlines() if line.startswith("ANSWER"))
    return pd.Series(json.loads(answer.removeprefix("ANSWER")), dtype=float)


@pytest.mark.parametrize(
    ("name", "file", "project", "activities", "different"),
    [
        ("airport_terminal", "airport_terminal_66t", "TERMINAL-2", 66, 0),
        ("villas5_mdl4d", "villas5_mdl4d_62t", "MDL4D", 62, 0),
        ("villas5_mdl4ra", "villas5_mdl4ra_62t", "MDL4RA", 62, 0),
        # One finish milestone: 16:00 or 17:00 of the last day.
        ("hotel", "hotel_4236t", "HBTF-2", 4217, 1),
    ],
)
def test_floats_are_those_an_engine_computes(shared, name, file, project, activities, different):
    report = total_float(dataset(shared, name)).set_index("user_defined_id")
    hours = (report["total_float_days"] * report["hours_per_day"]).astype(float)
    computed = computed_floats(shared / "data" / "xer" / f"{file}.xer", project)
    assert len(hours) == activities
    assert set(hours.index) == set(computed.index)
    computed = computed.reindex(hours.index)
    unequal = (hours - computed).abs() > 1 / 3600
    assert int(unequal.sum()) <= different, pd.DataFrame({"stored": hours, "computed": computed})[unequal]
    agreed = ~unequal
    assert ((hours[agreed] <= 0) == (computed[agreed] <= 0)).all()
    assert abs(int((hours <= 0).sum()) - int((computed <= 0).sum())) <= different


@pytest.mark.parametrize("name", ["airport_terminal", "hotel"])
def test_criticals_are_the_activities_without_float(shared, name):
    """Where P6 was set to criticality by float, the stored flag is the sign of the float the engine checks above."""
    report = total_float(dataset(shared, name))
    assert (report["is_critical"] == (report["total_float_days"] <= 0)).all()
