"""The scorecard: figures of the other reports in one row, missing where they are not known."""

from __future__ import annotations

import pandas as pd
import pytest

from bentley_nb import reports
from bentley_nb.errors import InvalidRequest
from bentley_nb.export._chapters import Chapters
from bentley_nb.reports.basis.tables import Tables
from tests.charts import plan


def test_figures_are_those_of_the_reports() -> None:
    frames = plan.small()
    card = reports.scorecard(frames)
    assert len(card) == 1
    row = card.iloc[0]
    assert row["completion_milestone"] == "Handover"
    assert row["completion_date"] == pd.Timestamp("2024-06-07T17:00", tz="UTC")
    assert row["completion_variance_days"] == 2.0  # 7 June less 5 June
    earned = reports.earned_value(frames, weight="duration").set_index("measure")["value"]
    assert (row["spi"], row["spi_t"]) == (earned["SPI"], earned["SPI(t)"])
    curve = reports.s_curve(frames)
    now = curve[curve["is_data_date"]].iloc[0]
    assert (row["planned_percent"], row["earned_percent"]) == (now["planned_percent"], now["earned_percent"])
    assert row["critical"] == sum(reports.critical(frames)["group"].isin(["critical", "negative float"]))
    assert row["late"] == len(reports.late(frames))
    assert row["due_in_3_weeks"] == 1  # "Pour slab" on 24 May; the others finish on 7 June
    checks = reports.health(frames)["verdict"].value_counts()
    assert row["health_fail"] == checks["fail"]
    assert row["data_date_age_days"] > 800
    assert reports.about(card).report == "scorecard"


def test_what_moved_since_an_earlier_copy() -> None:
    earlier, now = plan.small(), plan.small()
    tasks = now["tasks"]
    tasks.loc[tasks["id"] == "f", "planned_finish"] += pd.Timedelta(days=3)
    row = reports.scorecard(now, earlier).iloc[0]
    assert row["completion_slip_days"] == 3.0
    assert row["previous_completion_date"] == pd.Timestamp("2024-06-07T17:00", tz="UTC")


def test_what_is_not_known_is_missing_and_a_note_says_why() -> None:
    card = reports.scorecard({"tasks": plan.small()["tasks"]})
    assert card[["spi", "planned_percent", "critical", "late", "data_date_age_days"]].isna().all(axis=None)
    notes = " ".join(card.attrs["notes"])
    assert "no data date" in notes
    assert "Float and criticality are unknown" in notes
    bare = {"tasks": plan.small()["tasks"].query("id in ['a', 'b']"), "data_date": plan.DATA_DATE}
    row = reports.scorecard(bare)
    assert row["completion_milestone"].isna().all()
    assert row["completion_date"].item() == pd.Timestamp("2024-05-24T17:00", tz="UTC")
    assert any("last finish of all tasks" in note for note in row.attrs["notes"])


_OF_THE_BASELINE = {
    *("baseline_completion_date", "completion_variance_days", "planned_percent", "spi", "spi_t", "late"),
}
_OF_THE_DATA_DATE = {
    *("data_date", "data_date_age_days", "planned_percent", "earned_percent", "spi", "spi_t", "late", "due_in_3_weeks"),
}
_OF_THE_FLOATS = {"critical", "near_critical"}
_OF_AN_EARLIER_COPY = {"previous_completion_date", "completion_slip_days"}


@pytest.mark.parametrize(
    ("without", "unknown", "said"),
    [
        ([], set(), "Sign: positive is late"),
        (["baselines", "baseline_tasks"], _OF_THE_BASELINE, "No baseline: "),
        (["data_date"], _OF_THE_DATA_DATE, "Earned value, late, look ahead: The schedule has no data date"),
        (["task_scheduling_analyses"], _OF_THE_FLOATS, "Float and criticality are unknown"),
    ],
    ids=["nothing", "baseline", "data date", "floats"],
)
def test_only_what_depends_on_the_missing_is_unknown(without: list[str], unknown: set[str], said: str) -> None:
    frames = {name: frame for name, frame in plan.small().items() if name not in without}
    card = reports.scorecard(frames)
    missing = {name for name in card.columns if card[name].isna().item()}
    assert missing == unknown | _OF_AN_EARLIER_COPY
    assert sum(said in note for note in card.attrs["notes"]) == 1


@pytest.mark.parametrize(
    ("without", "unknown"),
    [
        (["baselines", "baseline_tasks"], {"Against baseline", "Planned", "SPI", "SPI(t)", "Late"}),
        (["data_date"], {"Planned", "Earned", "SPI", "SPI(t)", "Late", "Due in three weeks", "Data date"}),
        (["task_scheduling_analyses"], {"Critical"}),
    ],
    ids=["baseline", "data date", "floats"],
)
def test_the_first_screen_of_a_report_says_unknown(without: list[str], unknown: set[str]) -> None:
    tables = Tables.of({name: frame for name, frame in plan.small().items() if name not in without})
    chapters = Chapters(tables, weeks=3, baseline=None, profile="dcma", zone="UTC", float_unit="seconds")
    assert {what for what, words in chapters.facts() if words.startswith("unknown")} == unknown


def test_no_cost_is_no_figure() -> None:
    """The service has no costs, so SPI is of working time and CPI is unknown, not 0 or 1."""
    assert not [name for name in reports.scorecard(plan.small()) if "cost" in name or "cpi" in name]
    earned = reports.earned_value(plan.small(), weight="duration").set_index("measure")
    assert earned.loc[["AC", "CPI", "EAC"], "value"].isna().all()
    assert earned.loc["CPI", "reason"].startswith("No cost: the service has none")


def test_a_schedule_without_tasks_has_one_row_too() -> None:
    assert len(reports.scorecard({"tasks": plan.small()["tasks"].head(0), "data_date": plan.DATA_DATE})) == 1


@pytest.mark.parametrize("options", [{"baseline": "Contact"}, {"profile": "dmca"}, {"float_unit": "weeks"}])
def test_a_wrong_name_fails_the_scorecard(options: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match=r"There is no|no float unit"):
        reports.scorecard(plan.small(), **options)  # type: ignore[arg-type]
