"""Values that cannot be, and members named like our own columns, in each table: no product of the package is wrong.

The schedule is the sandbox's, with both ends of .NET's calendar, negative and huge durations, and in every item a
member for each generated column. Reports, charts, exports and views are those the package lists.
"""

import inspect
import re
import zipfile
from itertools import cycle

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import charts, export, reports
from bentley_nb.notebook.sql.sql import VIEWS
from bentley_nb.reports import about
from bentley_nb.sandbox import Sandbox
from bentley_nb.sandbox.content import EXTRA, STORED
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Kind
from tests.reports import build
from tests.scripted import connect_to

DATES = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z"]
SECONDS = [-(10**15), 10**15]
SENT = "sent by the service"
PLANNED = ["plannedStart", "plannedFinish", "plannedDuration"]
TARGET = "Building weathertight"
LONGEST = {"_days": 36_525, "_hours": 36_525 * 24}

# What some need besides a schedule.
CHOICES = {"check": "logic", "changes": {TARGET: "+5d"}, "task": TARGET, "weight": "duration"}
NOT_OF_A_SCHEDULE = {"About", "about", "save"}


def listed(module):
    return [name for name in module.__all__ if name not in NOT_OF_A_SCHEDULE]


def camel(column):
    first, *rest = column.split("_")
    return first + "".join(map(str.title, rest))


def generated():
    """Names of the columns that views compute, of the labels of several schedules, and of what the reports share."""
    reported = "wbs_path wbs_level is_leaf duration_hours late_hours slip_days group start_variance_days float_bin date"
    computed = {column for view in VIEWS.values() for column in view.columns}
    return sorted((computed - set(COLLECTIONS["tasks"].column_names)) | {"project", "schedule", *reported.split()})


READ = {name for view in VIEWS.values() for name in (*view.needs, *view.uses)}


def odd(name, items):
    """Return a collection's items with odd values wherever none is needed, and with members that look like ours."""
    collection = COLLECTIONS[name]
    own = {column.member.partition(".")[0] for column in collection.columns}
    names = [*generated(), "deleted"] if name in READ else []
    members = {camel(column): SENT for column in names if column not in collection.column_names}
    members = {member: value for member, value in members.items() if member not in own}
    dates, seconds = cycle(DATES), cycle(SECONDS)
    for number, item in enumerate(items):
        # What tasks and links say of the network stays, or no report could reproduce it.
        free = item["isWbs"] if name == "tasks" else name != "task_links"
        for column in collection.columns:
            value = {Kind.INSTANT: dates, Kind.HOURS: seconds}.get(column.kind)
            if "." in column.member or value is None or name == "project_scheduling":
                continue
            if not item.get(column.member) or (free and number % 7 == 3):
                item[column.member] = next(value)
        item.update({member: value for member, value in members.items() if member not in item})
    if name == "calendars":
        items[0]["exceptions"] += [{"date": date, "dayTypeId": items[0]["dayTypes"][-1]["id"]} for date in DATES]
    if name == "task_scheduling_analyses":
        items[3]["downstreamTotalFloat"], items[4]["downstreamFreeFloat"] = SECONDS
    return items


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """What products take, by the name of their parameter: the odd schedule, and one in which a task was done three days later."""
    with Sandbox(rows=140) as sandbox:
        client = connect_to(sandbox)
        source = next(each["id"] for each in sandbox.schedules if each["name"] == "Quayside Residences")
        items = {name: sandbox.items(name, source) for name in STORED}
        items["baselines"] = [{"id": "b", "name": "Contract", "createdOn": None}]
        items["baseline_tasks"] = [
            {"baselineId": "b", "taskId": task["id"]} | {member: task[member] for member in PLANNED}
            for task in items["tasks"]
        ]
        items |= {name: odd(name, rows) for name, rows in items.items() if name in COLLECTIONS}
        after = sandbox.add_schedule(items, name="After")
        items["tasks"] = [dict(task) for task in items["tasks"]]
        done = [task for task in items["tasks"] if task["type"] == "Work" and task["status"] == "Finished"]
        done[-1]["actualFinish"] = (pd.Timestamp(done[-1]["actualFinish"]) + pd.Timedelta(days=3)).isoformat()
        before = sandbox.add_schedule(items, name="Before")
        s, before = client.schedule(after), client.schedule(before)
        folder = tmp_path_factory.mktemp("files")
        trend = reports.trend([before, s])
        yield {"s": s, "p": s, "before": before, "after": s, "copies": trend, "folder": folder, **CHOICES}


def made(package, name, given):
    product = getattr(package, name)
    options = {
        parameter: given[parameter]
        for parameter, how in inspect.signature(product).parameters.items()
        if parameter in given and (how.default is how.empty or parameter in ("after", "weight"))
    }
    if package is export:
        options["path"] = given["folder"] / f"{name}.{name.removeprefix('to_').replace('excel', 'xlsx')}"
    return product(**options)


def check(frame, columns):
    """Assert that no figure exceeds a century, and that no computed column answers with what the service sent."""
    for name in columns:
        values = frame[name].dropna()
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            assert values.dt.year.between(1990, 2090).all(), name
        for ending, most in LONGEST.items():
            if name.endswith(ending):
                assert (values.abs() < most).all(), name
        assert not (values.astype(str) == SENT).any(), name


@pytest.mark.parametrize("name", listed(reports))
def test_reports(name, given):
    frame = given["copies"] if name == "trend" else made(reports, name, given)
    check(frame, frame.columns)
    notes = about(frame).notes
    assert any(re.search(r"row\(s\) of tasks have dates before 1900 or after 2199 \(", note) for note in notes)
    assert any(re.search(r"row\(s\) of tasks have a duration below 0 or above 300 years \(", note) for note in notes)


@pytest.mark.parametrize("name", listed(charts))
def test_charts(name, given):
    figure = made(charts, name, given)
    for axis in figure.select_xaxes({"type": "date"}):
        assert any("%V" in stop.value for stop in axis.tickformatstops), "the ticks of weeks are on Sundays"
    drawn = figure.to_json()
    assert not re.search(r'"(0001|9999)-|NaN|Infinity', drawn)
    assert SENT not in drawn


@pytest.mark.parametrize("name", listed(export))
def test_exports(name, given):
    path = made(export, name, given)
    texts = [re.sub(rb"<script.*?</script>", b"", path.read_bytes(), flags=re.DOTALL)]  # charts have their own test
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            texts = [book.read(part) for part in book.namelist()]
    for text in texts:
        assert not re.search(rb"0001-01-01|9999-12-31|2958465", text)


@pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))
def test_views(view, given):
    frame = bn.sql(f"FROM {view.name}", given["s"])
    check(frame, view.columns)


def consistent(data_date):
    """Return a schedule that the engine reproduces on 3 June 2024: each product has something to say of it."""
    day = 8 * 3600
    started = {"actual": "2024-05-02", "percentComplete": 40, "plannedDuration": 10 * day, "remainingDuration": 5 * day}
    tasks = [
        build.start_date("s", "2024-05-01", actual="2024-05-01"),
        build.task("a", "2024-05-01", "2024-06-07", **started),
        build.task("b", "2024-06-10", "2024-06-14", plannedDuration=5 * day, remainingDuration=5 * day),
        build.finish_date("f", "2024-06-14"),
    ]
    planned = [
        build.baseline_task("a", "2024-05-01", "2024-05-31", 80),
        build.baseline_task("b", "2024-06-03", "2024-06-07", 40),
        build.baseline_task("f", None, "2024-06-07"),
    ]
    return build.with_baseline(
        tasks,
        planned,
        data_date=data_date,
        task_links=[build.link("s", "a", "SS"), build.link("a", "b"), build.link("b", "f", "FF")],
        task_scheduling_analyses=[build.analysis(key, 0, critical=True) for key in "abf"],
        resources=[{"id": "r", "name": "Crew", "type": "Human", "calendarId": "five"}],
        resource_assignments=[
            {"id": "r-a", "taskId": "a", "resourceId": "r", "plannedUtilization": {"resourceUnits": 9}}
        ],
    )


def answer(package, name, given):
    """Return the product, or the message of its refusal."""
    try:
        return made(package, name, given)
    except bn.InvalidRequest as error:
        return str(error)


@pytest.mark.parametrize(
    ("data_date", "packages", "refusals"),
    [
        (pd.NaT, (reports, charts, export), "no data date|nothing to draw"),
        (pd.Timestamp("2150-06-01", tz="UTC"), (reports,), "The engine gives 2150"),
    ],
    ids=["none", "far future"],
)
def test_an_odd_data_date(data_date, packages, refusals, tmp_path):
    """Each product is of that date, or says why it cannot be."""
    s = consistent(data_date)
    states = {"s": s, "p": s, "before": s, "after": s, "copies": [s, s], "folder": tmp_path}
    given = CHOICES | states | {"task": "b", "changes": {"b": "+5d"}}
    answers = {(package, name): answer(package, name, given) for package in packages for name in listed(package)}
    for (package, name), product in answers.items():
        if isinstance(product, str):
            assert re.search(f"{refusals}|needs 'animation_bindings'", product), name
        elif package is reports and name != "trend":  # its data dates are those of the copies
            told = about(product).data_date
            assert told == data_date or (pd.isna(told) and pd.isna(data_date)), name
            for column in product.select_dtypes("datetimetz"):
                assert product[column].dropna().dt.year.between(2024, 2150).all(), (name, column)
    assert sum(isinstance(product, str) for product in answers.values()) < len(answers) / 2


def test_every_collection_is_in_the_schedule():
    """The oddities are of the catalog's collections; what has no list of its own is of no report."""
    assert set(STORED) - set(COLLECTIONS) <= set(EXTRA)
