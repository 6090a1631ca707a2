"""Frames as cells and terminals show them."""

from __future__ import annotations

import html
import json
import re

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.export._cell import as_html, as_text
from tests.charts import plan

REPORTS = ["milestones", "look_ahead", "late", "critical", "health", "progress", "s_curve", "float_distribution"]
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


def text_of(markup: str) -> str:
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL)


def headings(markup: str) -> list[str]:
    return re.findall(r"<th>(.*?)</th>", markup)


def test_tasks_show_names_dates_and_units_and_no_ids(demo: bn.Schedule) -> None:
    tasks = demo.tasks()
    shown = as_html(tasks)
    assert headings(shown)[:6] == ["Name", "Id", "WBS", "Status", "Planned start", "Planned finish"]
    assert "Planned duration (working hours)" in headings(shown)
    assert not GUID.search(shown)
    assert "+00:00" not in shown
    assert "first 20 of 400 rows" in shown
    assert shown.count("<tr>") == 21
    assert "All WBS paths begin with Harbour Point Tower." in shown
    assert len(tasks.columns) == 35  # it stays as it is


def test_paths_lose_the_head_they_share_and_a_note_names_it(demo: bn.Schedule) -> None:
    part = bn.reports.late(demo)
    part = part[part["wbs_path"].str.contains("Superstructure")]
    assert "All WBS paths begin with Harbour Point Tower &gt; Superstructure." in as_html(part)
    assert "<td>Harbour Point" not in as_html(part)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_show_their_schedule_data_date_and_notes(name: str, demo: bn.Schedule) -> None:
    report = getattr(bn.reports, name)(demo)
    shown = text_of(as_html(report))
    assert "Harbour Point Tower, data date 03 Mar 2025" in shown
    assert all(html.escape(note) in shown for note in report.attrs["notes"])
    assert not GUID.search(shown)
    text = as_text(report, 120)
    assert text.splitlines()[0] in shown or "first 10" in text.splitlines()[0]
    assert max(map(len, text.splitlines()[:12])) <= 122
    assert all(heading in text for heading in headings(as_html(report))[:3])


def test_what_the_rows_are_of_comes_first(demo: bn.Schedule, demo_client: bn.Client) -> None:
    first = {
        "Responsibility": bn.reports.progress(demo, by="Responsibility"),
        "Group": bn.reports.s_curve(demo, by="Phase"),
        "Step": bn.reports.half_step(demo, demo),
        "Percentile": bn.reports.finish_risk(demo, runs=10),
        "Predecessor": bn.reports.link_floats(demo),
        "Project": demo_client.portfolio("Harbour Point Tower").scorecard(),
        "Topic": bn.reports.changes({"tasks": plan.small()["tasks"].head(5)}, plan.small()),
    }
    assert {name: headings(as_html(frame))[0] for name, frame in first.items()} == {name: name for name in first}
    assert {"SPI", "Health fail"} <= set(headings(as_html(first["Project"])))


def test_an_index_of_performance_is_not_rounded_to_on_plan(demo: bn.Schedule) -> None:
    shown = as_html(bn.reports.scorecard(demo).assign(spi=0.996))
    assert dict(zip(headings(shown), re.findall(r"<td>(.*?)</td>", shown), strict=True))["SPI"] == "0.996"


def test_a_column_of_the_users_own_is_shown(demo: bn.Schedule) -> None:
    report = bn.reports.look_ahead(demo).assign(**{"My remark": "ring the crane hire"})
    assert "My remark" in headings(as_html(report))
    assert "ring the crane hire" in as_html(report)


def test_an_index_without_a_name_is_first_and_has_no_heading(demo: bn.Schedule) -> None:
    statistics = demo.tasks().describe()
    shown = as_html(statistics)
    assert shown.index("<th></th><th>% complete</th>") < shown.index("<tr><td>count</td>")
    assert re.search(r"^ +% complete.*\n *count ", as_text(statistics, 100), re.MULTILINE)


def test_an_index_that_says_something_is_shown(demo: bn.Schedule) -> None:
    grouped = demo.tasks().groupby("status", observed=True)[["planned_duration_hours"]].sum()
    assert headings(as_html(grouped))[0] == "Status"
    assert "count" in text_of(as_html(demo.tasks().describe()))


def test_names_are_text(demo: bn.Schedule) -> None:
    shown = as_html(bn.reports.late(plan.named(plan.HOSTILE)))
    assert "<img" not in shown
    assert "&lt;img" in shown


@pytest.mark.parametrize("rows", [0, 1])
def test_small_and_empty_frames(rows: int, demo: bn.Schedule) -> None:
    tasks = demo.tasks().head(rows)
    assert f"Tasks ({rows} row{'s' * (rows != 1)})" in as_html(tasks)
    assert f"Tasks ({rows} row{'s' * (rows != 1)})" in as_text(tasks, 80)


def test_odd_frames_made_from_ours_can_be_shown(demo: bn.Schedule) -> None:
    tasks = demo.tasks()
    for frame in (
        tasks[[]],
        tasks[["id"]],
        tasks.T.iloc[:3, :3],
        tasks.set_index(["status", "name"]),
        tasks.assign(id=1, wbs_path=5),
        tasks.pivot_table(index="status", columns="type", values="percent_complete", observed=False),
    ):
        assert as_html(frame).startswith("<div>")
        assert as_text(frame, 80)


def test_a_saved_session_is_no_larger_than_with_pandas(demo: bn.Schedule) -> None:
    frames = [demo.tasks(), demo.tasks(codes=True), demo.resources(), demo.table("task_links")]
    frames += [getattr(bn.reports, name)(demo) for name in REPORTS]
    ours = sum(len(json.dumps([as_html(frame), as_text(frame, 100)])) for frame in frames)
    theirs = sum(len(json.dumps([frame._repr_html_(), repr(frame)])) for frame in frames)
    assert ours <= 1.2 * theirs, f"{ours / theirs:.2f}"


def test_a_large_frame_is_shown_at_once() -> None:
    tasks = pd.concat([plan.large(20_000, elements=200)["tasks"]] * 5, ignore_index=True)
    tasks.attrs["collection"] = "tasks"
    assert f"first 20 of {len(tasks):,} rows" in as_html(tasks)


def test_results_of_sql_keep_the_order_of_the_query(demo: bn.Schedule) -> None:
    pytest.importorskip("duckdb")
    query = """SELECT status, id, planned_finish::DATE AS day, ['a & b', '<i>'] AS tags, name
    FROM tasks WHERE planned_finish IS NOT NULL ORDER BY planned_finish, name"""
    frame = bn.sql(query, schedule=demo)
    shown = as_html(frame)
    assert headings(shown) == ["Status", "Day", "Tags", "Name"]
    assert re.search(r"<td>\d\d [A-Z][a-z]{2} \d{4}</td><td>a &amp; b, &lt;i&gt;</td>", shown)
    assert f"Query result (first 20 of {len(frame):,} rows)" in shown
    assert "1 of 5 columns not shown: id" in shown
    assert "a & b, <i>" in as_text(frame, 120)
    assert headings(as_html(bn.sql("SELECT id FROM tasks", schedule=demo))) == ["GUID"]


def test_the_catalog_is_shown_as_other_tables() -> None:
    assert headings(as_html(bn.catalog()))[:4] == ["Name", "Meaning", "Platform path", "Enterprise path"]
    assert "Catalog (first 20 of" in as_html(bn.catalog())
    assert "activity id as planners see it" in as_html(bn.catalog("tasks"))
    assert as_text(bn.catalog("tasks"), 120).startswith("Columns of tasks (first 10 of 3")
