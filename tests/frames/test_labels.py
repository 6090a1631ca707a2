"""Labels for readers, and back: what our own files hold is read by our own reports."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.frames.labels import by_name, label, labels
from bentley_nb.service.catalog import COLLECTIONS


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("planned_start", "Planned start"),
        ("percent_complete", "% complete"),
        ("planned_percent", "Planned %"),
        ("total_float_days", "Total float (working days)"),
        ("slip_days", "Slip (days)"),
        ("lead_time_hours", "Lead time (hours)"),
        ("days", "Days"),
        ("Concrete volume", "Concrete volume"),
    ],
)
def test_a_label_has_the_unit_and_a_user_field_its_own_name(name: str, words: str) -> None:
    assert label(name) == words


def test_no_two_columns_have_one_label_in_any_case_of_letters() -> None:
    assert labels(["planned_start", "PLANNED START", "Planned start"]) == [
        "Planned start",
        "PLANNED START [2]",
        "Planned start [3]",
    ]


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_every_column_of_the_catalog_is_found_by_its_label(name: str) -> None:
    declared = [column.name for column in COLLECTIONS[name].frame_columns]
    frame = pd.DataFrame([[1] * len(declared)], columns=labels(declared))
    assert by_name(frame, declared).columns.tolist() == declared


def test_a_column_that_is_there_is_never_replaced() -> None:
    frame = pd.DataFrame({"Planned start": [1], "planned_start": [2]})
    assert by_name(frame, ["planned_start"]).columns.tolist() == ["Planned start", "planned_start"]


@pytest.mark.parametrize("form", ["workbook", "workbook in a zone", "csv", "parquet"])
def test_what_we_wrote_is_read_back_whole(form: str, tmp_path: Path, demo: bn.Schedule) -> None:
    tasks = demo.tasks()
    path = tmp_path / "march"
    if form.startswith("workbook"):
        path = bn.export.to_excel(
            path.with_suffix(".xlsx"), {"Tasks": tasks}, zone="Europe/Berlin" if "zone" in form else None
        )
        back = pd.read_excel(path, sheet_name="Tasks")
    elif form == "csv":
        tasks.to_csv(path)
        back = pd.read_csv(path)
    else:
        tasks.to_parquet(path)
        back = pd.read_parquet(path)
    # Of a file only the tasks are known, so the other side is the tasks frame alone.
    want = bn.reports.look_ahead(tasks, 8, data_date=demo.data_date)
    got = bn.reports.look_ahead(back, 8, data_date=demo.data_date)
    columns = ["id", "name", "start", "finish", "percent_complete", "remaining_duration_hours", "week_starting"]
    assert len(want) > 20
    pd.testing.assert_frame_equal(got[columns], want[columns], check_dtype=False)
