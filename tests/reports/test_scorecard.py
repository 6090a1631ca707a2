"""The scorecard: figures of the other reports in one row, missing where they are not known."""

from __future__ import annotations

import pandas as pd
import pytest

from bentley_nb import reports
from bentley_nb.errors import InvalidRequest
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


def test_a_schedule_without_tasks_has_one_row_too() -> None:
    assert len(reports.scorecard({"tasks": plan.small()["tasks"].head(0), "data_date": plan.DATA_DATE})) == 1


@pytest.mark.parametrize("options", [{"baseline": "Contact"}, {"profile": "dmca"}, {"float_unit": "weeks"}])
def test_a_wrong_name_fails_the_scorecard(options: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match=r"There is no|no float unit"):
        reports.scorecard(plan.small(), **options)  # type: ignore[arg-type]
