"""Twenty-five questions of a planner, each answered in the lines a planner would type.

The marker beside each test is the most lines it may take. Only what stands before the comment ``# checks`` counts.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    curves = {phase: s.only({"Phase": phase}).s_curve() for phase in ["Superstructure", "Envelope"]}
    # checks
    assert all(curve["planned_percent"].max() == pytest.approx(100) for curve in curves.values())


@question(5, lines=1)
def test_weekly_resource_histogram_of_a_trade_with_a_limit_line(demo: bn.Schedule) -> None:
    pytest.importorskip("plotly")
    s = demo
    # answer
    chart = bn.charts.resource_histogram(s.only({"Trade": "03"}), capacity={"Procurement team": 6})
    # checks
    assert "Procurement team" in str(chart.to_dict())


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
    assert len(driving) <= len(s.predecessors("ELE000210"))
    assert "name" in driving.columns


@question(8, lines=1)
def test_working_days_left_of_a_task_by_its_calendar(demo: bn.Schedule) -> None:
    s = demo
    # answer
    left = s.tasks().set_index("id")["remaining_duration_hours"] / s.total_float().set_index("id")["hours_per_day"]
    # checks
    assert left.max() > 1


@question(9, lines=1)
def test_spi_by_wbs_level_2(demo: bn.Schedule) -> None:
    s = demo
    # answer
    spi = {
        wbs: s.only(wbs=wbs).scorecard()["spi"].iloc[0] for wbs in s.progress(by=("wbs", 2))["name"].dropna().head(3)
    }
    # checks
    assert len(spi) == 3
    assert any(pd.notna(value) for value in spi.values())


@question(10, lines=1)
def test_percent_complete_weighted_by_a_user_field(demo: bn.Schedule) -> None:
    s = demo
    # answer
    progress = s.progress(weight="Concrete volume")
    # checks
    assert "Doors and joinery, L03" in str(bn.reports.about(progress)), "the task whose value reads 'tbc' is named"
    assert progress["percent"].notna().any()


@question(11, lines=1)
def test_dcma_14_with_the_offenders_as_a_workbook(demo: bn.Schedule, tmp_path: Path) -> None:
    s, path = demo, tmp_path / "health.xlsx"
    # answer
    s.to_excel(path)
    # checks
    with pd.ExcelFile(path) as book:
        assert any("ealth" in sheet for sheet in book.sheet_names)


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
def test_every_monday_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        # answer
        cli.main(["report", "--help"])
    # checks
    told = capsys.readouterr().out
    assert "--html" in told
    assert "--excel" in told


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
def test_no_finish_moves_to_another_day(demo: bn.Schedule) -> None:
    s = demo
    # answer
    ahead = s.look_ahead()
    # checks
    served = s.tasks().set_index("id")["planned_finish"]
    planned = ahead[ahead["state"] == "not started"]
    assert (planned["finish"].dt.date == planned["id"].map(served).dt.date).all()


def test_no_answer_is_longer_than_it_should_be() -> None:
    for number, (lines, answer) in QUESTIONS.items():
        assert 0 < len(ast.parse(textwrap.dedent(answer)).body) <= lines, number


def test_every_question_is_asked() -> None:
    """The others: 23 is measured by tests.benchmarks, 25 is tested in tests/notebooks (pictures in saved outputs)."""
    assert set(QUESTIONS) | {23, 25} == set(range(1, 26))
