"""Twenty-five questions of a planner, each answered in the lines a planner would type.

The marker beside each test is the most lines it may take. Only what stands before the comment ``# checks`` counts.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import cli

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


@question(1, lines=2)
def test_due_in_three_weeks_for_a_trade_as_a_workbook(demo: bn.Schedule, tmp_path: Path) -> None:
    s, path = demo, tmp_path / "nc.xlsx"
    # answer
    part = s.only({"Responsibility": "NC"})
    part.to_excel(path, weeks=3)
    # checks
    codes = part.tasks(codes=["Responsibility"])["Responsibility"]
    assert (codes == "KS; NC").any(), "tasks shared with another company belong to it"
    with pd.ExcelFile(path) as book:
        assert "Look-ahead" in " ".join(book.sheet_names)


@question(2, lines=2)
def test_what_changed_since_last_month(demo: bn.Schedule, copy: str) -> None:
    s = demo
    # answer
    old = bn.open(copy)
    register = s.changes(old)
    # checks
    assert register.empty
    assert {"field", "before", "after"} <= set(register.columns)


@question(3, lines=1)
def test_late_tasks_by_subcontractor(demo: bn.Schedule) -> None:
    s = demo
    # answer
    late = s.progress(by="Responsibility").set_index("Responsibility")["late"]
    # checks
    assert late.sum() > 0


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


@question(6, lines=1)
def test_the_critical_path_to_a_chosen_milestone(demo: bn.Schedule) -> None:
    s = demo
    # answer
    path = s.path_to("Permanent power available")
    # checks
    assert path["name"].iloc[-1] == "Permanent power available"


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
        start.to_numpy("M8[D]"), finish.to_numpy("M8[D]") + 1, weekmask="Mon Tue Wed Thu Fri", holidays=holidays
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
    assert len(leads) == s.health().set_index("check").loc["leads", "numerator"] <= (links["lag_hours"] < 0).sum()


@question(12, lines=2)
def test_elements_to_be_installed_by_friday_and_not_in(demo: bn.Schedule) -> None:
    s = demo
    # answer
    elements = s.element_status(at="2025-03-07")
    missing = elements[elements["present"] & ~elements["recorded_done"].fillna(value=False)]
    # checks
    assert 0 < len(missing) < len(elements)


@question(13, lines=3)
def test_earned_value_with_a_cost_sheet_of_my_own(demo_client: bn.Client) -> None:
    s = demo_client.schedule("Harbour Point Tower", project="Harbour Point Tower")
    sheet = s.tasks().query("not is_wbs")[["user_defined_id"]].assign(cost=100.0)
    # answer
    value = s.attach(sheet, on="user_defined_id").earned_value(weight="cost")
    # checks
    assert value.set_index("measure").loc["BAC", "value"] > 1_000


@question(14, lines=1)
def test_gantt_of_one_branch_for_a_slide(demo: bn.Schedule) -> None:
    pytest.importorskip("plotly")
    s = demo
    # answer
    chart = s.gantt(wbs="Superstructure", size="slide")
    # checks
    assert chart.layout.width / chart.layout.height == pytest.approx(16 / 9, rel=0.01)


@question(15, lines=1)
def test_gantt_against_baselines(demo: bn.Schedule) -> None:
    pytest.importorskip("plotly")
    s = demo
    # answer
    chart = s.gantt(wbs="Superstructure", baseline=["Contract programme, rev. A"])
    # checks
    assert "Contract programme, rev. A" in str(chart.to_dict())


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


@question(24, lines=1)
def test_no_finish_moves_to_another_day(demo: bn.Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    s = demo
    monkeypatch.setenv("TZ", "Australia/Sydney")
    # answer
    ahead = s.look_ahead()
    # checks
    served = s.tasks().set_index("id")["planned_finish"]
    planned = ahead[ahead["state"] == "not started"]
    assert (planned["finish"].dt.date == planned["id"].map(served).dt.date).all()


@question(25, lines=1)
def test_a_colleague_sees_every_chart_of_a_saved_notebook_without_a_kernel() -> None:
    folder = Path(__file__).resolve().parents[1] / "notebooks"
    # answer
    saved = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.ipynb")]
    # checks
    cells = [cell for notebook in saved for cell in notebook["cells"] if cell["cell_type"] == "code"]
    outputs = [output.get("data", {}) for cell in cells for output in cell["outputs"]]
    assert sum("image/png" in data for data in outputs) >= 5
    assert all("image/png" in data for data in outputs if "application/vnd.plotly.v1+json" in data)


def test_no_answer_is_longer_than_it_should_be() -> None:
    for number, (lines, answer) in QUESTIONS.items():
        assert 0 < len(ast.parse(textwrap.dedent(answer)).body) <= lines, number


def test_every_question_is_asked() -> None:
    """Only 23, the schedule of 50,000 tasks, is measured elsewhere: in tests.benchmarks."""
    assert set(QUESTIONS) | {23} == set(range(1, 26))
