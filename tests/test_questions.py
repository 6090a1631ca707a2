"""Twenty-five questions of a planner, each answered in the lines a planner would type.

The marker beside each test is the most lines it may take. Only what stands before the comment ``# checks`` counts.
"""

from __future__ import annotations

import ast
import base64
import inspect
import json
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import cli
from bentley_nb.sandbox import Sandbox
from tests.charts import plan

QUESTIONS: dict[int, tuple[int, str]] = {}

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # the demo has values that do not parse, on purpose


def question(number: int, lines: int) -> Callable[[Any], Any]:
    """Name the question that a test answers, and in how many lines at most."""

    def note(test: Any) -> Any:
        source = textwrap.dedent(inspect.getsource(test))
        answer = source.partition("# answer\n")[2].partition("# checks")[0]
        QUESTIONS[number] = (lines, answer)
        return test

    return note


@pytest.fixture
def copy(demo: bn.Schedule, tmp_path: Path) -> str:
    return str(demo.keep(tmp_path / "kept"))


@pytest.fixture
def own() -> Iterator[Sandbox]:
    """A sandbox whose schedule a test may change."""
    with Sandbox() as sandbox:
        yield sandbox


def _read(own: Sandbox) -> bn.Schedule:
    client = bn.connect(
        own.client_id,
        own.client_secret,
        token_url=own.token_url,
        api_url=own.api_url(),
        projects_url=own.projects_url,
        progress=False,
    )
    return client.schedule(own.schedule_id)


def _current(tasks: pd.DataFrame) -> tuple[Any, Any]:
    """Start and finish of tasks: actual, else planned; a key date has one of them for both."""
    start = tasks["actual_start"].fillna(tasks["planned_start"])
    finish = tasks["actual_finish"].fillna(tasks["planned_finish"])
    return start.fillna(finish), finish.fillna(start)


@question(1, lines=2)
def test_due_in_three_weeks_for_a_trade_as_a_workbook(demo: bn.Schedule, tmp_path: Path) -> None:
    s, path = demo, tmp_path / "nc.xlsx"
    # answer
    part = s.only({"Responsibility": "NC"})
    part.to_excel(path, weeks=3)
    # checks
    codes = part.tasks(codes=["Responsibility"])["Responsibility"]
    assert (codes == "KS; NC").any(), "tasks shared with another company belong to it"
    listed = pd.read_excel(path, sheet_name="Look-ahead, 3 weeks", header=2)
    tasks = s.tasks(codes=["Responsibility"]).query("not is_wbs and not type.str.endswith('Hammock')")
    start, finish = _current(tasks)
    soon = (start < s.data_date + pd.Timedelta(weeks=3)) & (finish >= s.data_date) & (tasks["status"] != "Finished")
    due = tasks[soon & tasks["Responsibility"].str.split("; ").map(lambda names: "NC" in names, na_action="ignore")]
    assert set(due["user_defined_id"]) == set(listed.iloc[:, 0]) & set(tasks["user_defined_id"])
    assert len(due) == 3


@question(2, lines=2)
def test_what_changed_since_last_month(own: Sandbox, tmp_path: Path) -> None:
    copy = _read(own).keep(tmp_path)
    tasks, links = own.items("tasks"), own.items("task_links")
    (later,) = [task for task in tasks if task["userDefinedId"] == "CON000160"]
    later |= {"plannedFinish": "2025-03-25T17:00:00Z", "name": "Slab pour, L04 Zone A, second half"}
    removed = next(link for link in links if link["successorId"] == later["id"])
    own.replace("tasks", tasks)
    own.replace("task_links", [link for link in links if link is not removed])
    s = _read(own)
    # answer
    old = bn.open(copy)
    register = s.changes(old)
    # checks
    told = register[["topic", "change", "user_defined_id", "field", "after", "movement_days"]].astype(object).fillna("")
    assert sorted(told.itertuples(index=False, name=None)) == [
        ("dates", "changed", "CON000160", "planned_finish", "2025-03-25 17:00", 5.0),
        ("descriptions", "changed", "CON000160", "name", "Slab pour, L04 Zone A, second half", ""),
        ("logic", "removed", "REI000140 -> CON000160", "", "", ""),
    ]


@question(3, lines=1)
def test_late_tasks_by_subcontractor(demo: bn.Schedule) -> None:
    s = demo
    # answer
    late = s.progress(by="Responsibility").set_index("Responsibility")["late"]
    # checks
    tasks = s.tasks(codes=["Responsibility"]).query("not is_wbs and type == 'Work'")
    tasks = tasks[tasks["actual_finish"].isna() | (tasks["actual_finish"] > s.data_date)]
    planned = s.baseline_tasks().set_index("task_id")
    base_start, base_finish = (tasks["id"].map(planned[name]) for name in ("planned_start", "planned_finish"))
    behind = (tasks["planned_finish"] > base_finish) | (base_finish < s.data_date)
    behind |= tasks["actual_start"].isna() & ((base_start < s.data_date) | (tasks["planned_start"] < s.data_date))
    counted = tasks["Responsibility"][behind].dropna().str.split("; ").explode().value_counts()
    assert late[late > 0].sort_index().to_dict() == counted.sort_index().to_dict()


@question(4, lines=1)
def test_s_curve_by_discipline(demo: bn.Schedule) -> None:
    s = demo
    # answer
    curves = s.s_curve(by="Phase")
    # checks
    tasks = s.tasks(codes=["Phase"])
    fit_out = tasks[tasks["Phase"].eq("Fit-out") & ~tasks["is_wbs"]]
    last = curves[curves["group"] == "Fit-out"]["planned_value"].iloc[-1]
    assert last == pytest.approx(fit_out["planned_duration_hours"].sum()) == pytest.approx(2424)


@question(5, lines=1)
def test_weekly_resource_histogram_of_a_trade_with_a_limit_line(demo: bn.Schedule) -> None:
    pytest.importorskip("plotly")
    s = demo
    # answer
    chart = bn.charts.resource_histogram(s, by="Trade", capacity={"03": 40})
    # checks
    assert "Capacity" in {trace.name for trace in chart.data}
    weeks = s.resource_histogram(by="Trade", capacity={"03": 40}).query("name == '03'")
    assert (weeks["over_capacity"] == (weeks["quantity_per_day"] > 40)).all()
    over = next(trace for trace in chart.data if trace.name == "Over capacity")
    assert len(over.x) == weeks["over_capacity"].sum() > 0
    # Every task of the trade is done, so the sum over the weeks is what was used.
    trade = s.tasks(codes=["Trade"]).query("Trade == '03'")
    labour, used = s.resources().query("type != 'Material'"), s.resource_assignments()
    used = used[used["task_id"].isin(trade["id"]) & used["resource_id"].isin(labour["id"])]
    assert weeks["quantity"].sum() == pytest.approx(used["actual_utilization_resource_units"].sum())


@question(6, lines=1)
def test_the_critical_path_to_a_chosen_milestone(demo: bn.Schedule) -> None:
    s = demo
    # answer
    path = s.path_to("Permanent power available")
    # checks
    assert path["name"].iloc[-1] == "Permanent power available"
    links = set(s.task_links()[["predecessor_id", "successor_id", "type"]].itertuples(index=False, name=None))
    steps = path[path["driver"] == "link"]
    assert set(zip(steps["driver_id"], steps["id"], steps["link_type"], strict=True)) <= links
    assert len(steps) > 5
    assert (steps["gap_days"] == 0).all()


@question(7, lines=1)
def test_which_predecessors_drive_a_task(demo: bn.Schedule) -> None:
    s = demo
    # answer
    driving = s.predecessors("ELE000210").query("driving")
    # checks
    links, tasks = s.task_links(), s.tasks().set_index("id")
    (task,) = tasks.index[tasks["user_defined_id"] == "ELE000210"]
    before = links.loc[links["successor_id"] == task, "predecessor_id"]
    assert len(before) == 2  # both finish to start without a lag, so the one that finishes later drives
    assert driving["id"].tolist() == [tasks.loc[before, "planned_finish"].idxmax()]


@question(8, lines=1)
def test_working_days_left_of_a_task_by_its_calendar(demo: bn.Schedule) -> None:
    s = demo
    # answer
    left = s.total_float().set_index("user_defined_id")["remaining_days"]
    # checks
    calendar = s.table("calendars").set_index("name").loc["Standard 5-day week"]
    holidays = [exception["date"][:10] for exception in calendar["exceptions"]]
    tasks = s.tasks().set_index("user_defined_id").query("calendar_id == @calendar.id")
    tasks = tasks[(tasks["status"] == "Planned") & ~tasks["is_wbs"]]
    start, finish = tasks["planned_start"], tasks["planned_finish"]
    days = np.busday_count(
        start.to_numpy("M8[D]"),
        finish.to_numpy("M8[D]") + np.timedelta64(1, "D"),
        weekmask="Mon Tue Wed Thu Fri",
        holidays=holidays,
    )
    days -= start.dt.hour == 13  # from noon to noon is a day less than the dates touched
    assert len(days) == 5
    assert left[tasks.index].tolist() == days.tolist()


@question(9, lines=1)
def test_spi_by_wbs_level_2(demo: bn.Schedule) -> None:
    s = demo
    # answer
    spi = s.progress(by=("wbs", 2)).set_index("name")["spi"]
    # checks
    part = s.only(wbs="Superstructure").tasks().query("not is_wbs")
    hours, done = part["planned_duration_hours"], part["percent_complete"] / 100
    curve = s.only(wbs="Superstructure").s_curve().query("is_data_date")
    assert spi["Superstructure"] == pytest.approx((hours * done).sum() / curve["planned_value"].iloc[0], rel=0.001)


@question(10, lines=1)
def test_percent_complete_weighted_by_a_user_field(demo: bn.Schedule) -> None:
    s = demo
    # answer
    progress = s.progress(weight="Concrete volume")
    # checks
    assert "Doors and joinery, L03" in str(bn.reports.about(progress)), "the task whose value reads 'tbc' is named"
    tasks = s.tasks(user_fields=["Concrete volume"]).query("not is_wbs")
    volume = pd.to_numeric(tasks["Concrete volume"].astype("string"), errors="coerce")
    assert progress["percent"].iloc[0] == pytest.approx((volume * tasks["percent_complete"]).sum() / volume.sum())


@question(11, lines=1)
def test_dcma_14_with_the_offenders_as_a_workbook(demo: bn.Schedule, tmp_path: Path) -> None:
    s, path = demo, tmp_path / "health.xlsx"
    # answer
    s.to_excel(path)
    # checks
    with pd.ExcelFile(path) as book:
        assert {"Health", "Leads", "Negative float"} <= set(book.sheet_names)
        leads = pd.read_excel(book, sheet_name="Leads")
    links = s.task_links()
    tasks = s.tasks().set_index("id")
    open_work = tasks.index[tasks["actual_finish"].isna() & ~tasks["is_wbs"]]
    early = links[(links["lag_hours"] < 0) & links["successor_id"].isin(open_work)]
    assert sorted(leads["Successor"]) == sorted(tasks.loc[early["successor_id"], "user_defined_id"])
    assert len(leads) == s.health().set_index("check").loc["leads", "numerator"] == 2


@question(12, lines=2)
def test_elements_to_be_installed_by_friday_and_not_in(demo: bn.Schedule) -> None:
    s = demo
    # answer
    elements = s.element_status(at="2025-03-07")
    missing = elements[elements["present"] & ~elements["recorded_done"].fillna(value=False)]
    # checks
    tasks = s.tasks().query("not is_wbs")
    begun = tasks["id"][_current(tasks)[0] <= pd.Timestamp("2025-03-07", tz="UTC")]
    installed = elements.query("action == 'Install'")
    assert (installed["present"] == installed["task_id"].isin(begun)).all()
    assert 0 < len(missing) < len(elements)


@question(13, lines=3)
def test_earned_value_with_a_cost_sheet_of_my_own(demo_client: bn.Client) -> None:
    s = demo_client.schedule("Harbour Point Tower", project="Harbour Point Tower")
    sheet = s.tasks().query("not is_wbs")[["user_defined_id"]].assign(cost=100.0)
    # answer
    value = s.attach(sheet, on="user_defined_id").earned_value(weight="cost")
    # checks
    planned = s.tasks().query("not is_wbs")["id"].isin(s.baseline_tasks()["task_id"])
    assert value.set_index("measure").loc["BAC", "value"] == 100 * planned.sum() == 29_700


@question(14, lines=1)
def test_gantt_of_one_branch_for_a_slide(demo: bn.Schedule) -> None:
    pytest.importorskip("plotly")
    s = demo
    # answer
    chart = s.gantt(wbs="Superstructure", size="slide")
    # checks
    assert chart.layout.width / chart.layout.height == pytest.approx(16 / 9, rel=0.01)


@question(15, lines=1)
def test_gantt_against_two_baselines(own: Sandbox) -> None:
    pytest.importorskip("plotly")
    first = own.items("baselines")[0]
    own.replace("baselines", [first, {**first, "id": str(uuid4()), "name": "Recovery programme"}])
    second = own.items("baselines")[1]["id"]
    kept = [item for item in own.items("baseline_tasks") if item["baselineId"] == first["id"]]
    moved = [{**item, "baselineId": second, "plannedFinish": "2025-12-24T12:00:00Z"} for item in kept]
    own.replace("baseline_tasks", kept + moved)
    s = _read(own)
    # answer
    chart = s.gantt(wbs="Envelope", baseline=["Contract programme, rev. A", "Recovery programme"])
    # checks
    part, planned = s.only(wbs="Envelope").tasks().query("not is_wbs"), s.baseline_tasks()
    bars = {trace.name: trace for trace in chart.data}
    for name, one in (("Baseline", first["id"]), ("Second baseline", second)):
        want = planned[(planned["baseline_id"] == one) & planned["task_id"].isin(part["id"])]
        ends = pd.to_datetime(pd.Series(bars[name].base)) + pd.to_timedelta(pd.Series(bars[name].x), unit="ms")
        assert sorted(ends) == sorted(want["planned_finish"].dt.tz_localize(None)), name
        assert len(want) > 20


@question(16, lines=2)
def test_the_same_figures_for_many_schedules_failures_listed(demo_client: bn.Client) -> None:
    client = demo_client
    # answer
    p = client.portfolio(["Harbour Point Tower", "Quayside Residences", "No such project"])
    figures, failures = p.scorecard(), p.problems
    # checks
    assert figures["project"].tolist() == ["Harbour Point Tower", "Quayside Residences"]
    assert failures["project"].tolist() == ["No such project"]


@question(17, lines=1)
def test_every_monday_from_the_command_line(copy: str, tmp_path: Path) -> None:
    page, book = str(tmp_path / "week.html"), str(tmp_path / "week.xlsx")
    # answer
    cli.main(["report", "Harbour Point Tower", "--from", str(Path(copy).parents[1]), "--html", page, "--excel", book])
    # checks
    assert "Harbour Point Tower" in Path(page).read_text(encoding="utf-8")
    assert len(pd.read_excel(book, sheet_name="Tasks")) == len(bn.open(copy).tasks())


@question(18, lines=2)
def test_work_on_the_train(copy: str) -> None:
    pytest.importorskip("duckdb")
    # answer
    old = bn.open(copy)
    ahead, tasks = old.look_ahead(), bn.sql("SELECT count(*) AS n FROM work_tasks", old)
    # checks
    assert len(ahead) > 0
    assert tasks["n"].iloc[0] > 100


@question(19, lines=2)
def test_weekly_copies_and_the_milestone_trend(demo: bn.Schedule, tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    s, folder = demo, tmp_path / "kept"
    # answer
    copy = s.keep(folder)
    chart = bn.charts.milestone_trend(copy.parent)
    # checks
    assert "Practical completion" in str(chart.to_dict())


@question(20, lines=1)
def test_tasks_of_a_date_range_and_a_status(demo: bn.Schedule) -> None:
    s = demo
    # answer
    tasks = s.only(planned_start=("2025-03-01", "2025-03-31"), status="Planned").tasks()
    # checks
    assert tasks["planned_start"].min() >= pd.Timestamp("2025-03-01", tz="UTC")
    assert set(tasks["status"]) == {"Planned"}


@question(21, lines=1)
def test_tasks_without_resources(demo: bn.Schedule) -> None:
    s = demo
    # answer
    without = s.only(~s.tasks()["id"].isin(s.resource_assignments()["task_id"]) & ~s.tasks()["is_wbs"])
    # checks
    assert not without.tasks()["id"].isin(s.resource_assignments()["task_id"]).any()


@question(22, lines=1)
def test_everything_to_parquet_for_other_tools(demo_client: bn.Client, tmp_path: Path) -> None:
    client, folder = demo_client, tmp_path / "lake"
    # answer
    client.portfolio("Harbour Point Tower").to_parquet(str(folder), tables=["tasks", "task_links"])
    # checks
    assert len(pd.concat(pd.read_parquet(path) for path in (folder / "tasks").rglob("*.parquet"))) == 400


@question(23, lines=1)
def test_a_schedule_of_50_000_tasks() -> None:
    """That it is comfortable is measured in tests.benchmarks; here, that it is right."""
    s = plan.large(50_000)
    # answer
    ahead = bn.reports.look_ahead(s, weeks=6)
    # checks
    now, tasks = pd.Timestamp(plan.DATA_DATE), s["tasks"].query("not is_wbs and actual_finish.isna()")
    start, finish = _current(tasks)
    assert set(ahead["id"]) == set(tasks["id"][(start < now + pd.Timedelta(weeks=6)) & (finish >= now)])
    assert len(ahead) > 100


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no tzset")
@question(24, lines=1)
def test_no_finish_moves_to_another_day_and_names_keep_their_umlauts(
    demo: bn.Schedule, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    s, path = demo, tmp_path / "Fuß.xlsx"
    with monkeypatch.context() as clock:
        clock.setenv("TZ", "Australia/Sydney")
        time.tzset()
        # answer
        bn.export.to_excel(path, s.tasks())
        # checks
    time.tzset()
    served = s.tasks().set_index("id")
    shown = pd.read_excel(path, sheet_name="tasks").set_index("GUID").loc[served.index]
    day, there = served["planned_finish"].dt.date, served["planned_finish"].dt.tz_convert("Australia/Sydney").dt.date
    dated = served["planned_finish"].notna()
    assert (day != there)[dated].sum() > 50, "on the site's clock many would move"
    assert (shown["Planned finish"].dt.date == day)[dated].all()
    assert shown["Name"].tolist() == served["name"].tolist()
    assert served["name"].str.contains("ä|ö|ü|ß").any()


@question(25, lines=1)
def test_a_colleague_sees_every_chart_of_a_saved_notebook_without_a_kernel() -> None:
    folder = Path(__file__).resolve().parents[1] / "notebooks"
    # answer
    saved = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.ipynb")]
    # checks
    cells = [cell for notebook in saved for cell in notebook["cells"] if cell["cell_type"] == "code"]
    outputs = [output.get("data", {}) for cell in cells for output in cell["outputs"]]
    pictures = [base64.b64decode(data["image/png"]) for data in outputs if "image/png" in data]
    assert len(pictures) >= 5
    for picture in pictures:
        assert picture.startswith(b"\x89PNG")
        assert int.from_bytes(picture[16:20], "big") >= 600, "pixels across"
    assert all("image/png" in data for data in outputs if "application/vnd.plotly.v1+json" in data)


def test_no_answer_is_longer_than_it_should_be() -> None:
    for number, (lines, answer) in QUESTIONS.items():
        assert 0 < len(ast.parse(textwrap.dedent(answer)).body) <= lines, number


def test_every_question_is_asked() -> None:
    assert set(QUESTIONS) == set(range(1, 26))
