"""What holds for every report: empty schedules, missing values, broken trees, JSON in attrs, nothing changed."""

import json

import pandas as pd
import pytest

from bentley_nb import reports
from bentley_nb.frames import frame_from_items
from tests.reports.build import (
    analysis,
    baseline_task,
    finish_date,
    link,
    schedule,
    start_date,
    task,
    wbs,
    with_baseline,
)
from tests.reports.real import dataset

REPORTS = {
    "look_ahead": reports.look_ahead,
    "late": reports.late,
    "milestones": reports.milestones,
    "critical": reports.critical,
    "float_distribution": reports.float_distribution,
    "total_float": reports.total_float,
    "variance": reports.variance,
    "slippage": lambda s: reports.slippage(s, s),
    "progress": reports.progress,
    "progress by level": lambda s: reports.progress(s, by=("wbs", 1)),
    "progress by state": lambda s: reports.progress(s, by="state"),
    "open_ends": reports.open_ends,
    "out_of_sequence": reports.out_of_sequence,
    "link_floats": reports.link_floats,
    "driving_path": reports.driving_path,
}

FULL = with_baseline(
    [
        wbs("w"),
        task(
            "a",
            "2024-05-01",
            "2024-06-14",
            actual="2024-05-02",
            percentComplete=40,
            parentId="w",
            plannedDuration=36000,
        ),
        task("b", "2024-06-17", "2024-06-21", parentId="w"),
        start_date("s", "2024-06-03"),
        finish_date("f", "2024-06-21"),
        task("c", "2024-05-01", "2024-05-03", actual="2024-05-06", done="2024-05-07"),
        task("d", actual="2024-05-01"),
    ],
    [baseline_task("a", "2024-05-01", "2024-06-07", hours=80), baseline_task("f", None, "2024-06-14")],
    task_links=[link("s", "a"), link("a", "b", "SS", lag=-8), link("b", "f", "FF"), link("d", "c")],
    task_scheduling_analyses=[analysis("a", 8), analysis("b", 0, critical=True), analysis("f", -8, critical=True)],
)
TABLES = [name for name, frame in FULL.items() if isinstance(frame, pd.DataFrame)]
EMPTY = {name: frame_from_items(name, []) for name in TABLES} | {"data_date": "2024-06-03"}

every_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


@every_report
def test_an_empty_schedule_has_the_same_columns_and_dtypes(report):
    full, empty = report(FULL), report(EMPTY)

    def kinds(frame):
        return {
            name: "category" if isinstance(dtype, pd.CategoricalDtype) else str(dtype)
            for name, dtype in frame.dtypes.items()
        }

    assert len(full)
    assert kinds(empty) == kinds(full)
    assert len(empty) == (7 if empty.attrs["report"] == "float_distribution" else 0)


@every_report
def test_an_empty_tasks_frame_is_an_empty_schedule_even_without_a_data_date(report):
    assert report(frame_from_items("tasks", [])) is not None


@every_report
def test_nothing_but_ids_survives(report):
    tasks = [{"id": "a"}, {"id": "b"}, {"id": "w", "isWbs": True}]
    bare = schedule(
        tasks,
        calendars=[],
        task_links=[{"id": "1"}, {"id": "2", "predecessorId": "a", "successorId": "b"}],
        task_scheduling_analyses=[{"taskId": "a"}],
        baseline_tasks=[{"taskId": "a", "plannedStart": "2024-05-01T08:00:00Z"}],
    )
    for frame in bare.values():
        if isinstance(frame, pd.DataFrame) and "deleted" in frame:
            assert frame["deleted"].isna().all()
    report(bare)


@every_report
def test_broken_trees_and_networks_survive(report):
    tasks = [
        wbs("w", "v"),
        wbs("v", "w"),
        task("a", "2024-06-05", "2024-06-07", parentId="w"),
        task("o", parentId="gone"),
        task("self", parentId="self"),
        task("back", "2024-06-14", "2024-06-07"),
        task("ancient", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"),
    ]
    links = [link("a", "o"), link("o", "a"), link("a", "a"), link("a", "gone"), link("gone", "gone2"), link("w", "a")]
    source = with_baseline(
        tasks,
        [baseline_task("a", "2024-06-07", "2024-06-05")],
        task_links=links,
        task_scheduling_analyses=[analysis("a", 8), analysis("gone", 8)],
    )
    report(source)


@every_report
def test_a_report_is_json_in_its_attrs_and_survives_parquet(report, tmp_path):
    frame = report(FULL)
    assert set(frame.attrs) == {"report", "data_date", "schedule", "notes", "facts"}
    assert frame.attrs["data_date"] == "2024-06-03T00:00:00+00:00"
    assert all(isinstance(note, str) and note.endswith((".", "?")) for note in frame.attrs["notes"])
    assert json.loads(json.dumps(frame.attrs, allow_nan=False)) == frame.attrs
    frame.to_parquet(tmp_path / "report.parquet")
    again = pd.read_parquet(tmp_path / "report.parquet")
    assert reports.about(again) == reports.about(frame)
    assert len(again) == len(frame)


@every_report
def test_the_frames_given_are_left_as_they_were(report):
    kept = {name: FULL[name].copy() for name in TABLES}
    report(FULL)
    for name, frame in kept.items():
        pd.testing.assert_frame_equal(FULL[name], frame)


@every_report
def test_rows_are_numbered_from_nought_and_nothing_is_infinite(report):
    frame = report(FULL)
    assert isinstance(frame.index, pd.RangeIndex)
    numeric = frame.select_dtypes("number")
    assert not numeric.isin([float("inf"), float("-inf")]).any(axis=None)


@every_report
def test_every_real_schedule_is_reported_on(report, shared):
    for name in ("airport_terminal", "villas5_mdl4d"):
        source = dataset(shared, name)
        source["baseline_tasks"] = source["tasks"][["id", "planned_start", "planned_finish"]].rename(
            columns={"id": "task_id"}
        )
        frame = report(source)
        assert frame.attrs["schedule"]["name"] == source["name"]


def test_a_schedule_compared_with_itself_as_baseline_has_no_variance(shared):
    source = dataset(shared, "hotel")
    columns = {"id": "task_id"}
    source["baseline_tasks"] = source["tasks"][
        ["id", "planned_start", "planned_finish", "planned_duration_hours"]
    ].rename(columns=columns)
    report = reports.variance(source)
    assert len(report) == 4217
    numeric = report[[name for name in report if "variance" in name]]
    assert (numeric.fillna(0) == 0).all(axis=None)
