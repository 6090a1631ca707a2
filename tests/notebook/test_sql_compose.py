"""SQL cells that compose: notebook variables, own frames, earlier results, reports with options, remembered views."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

import bentley_nb as bn
from bentley_nb.errors import InvalidRequest
from bentley_nb.notebook.sql import sql as sql_module
from bentley_nb.notebook.sql.sql import answer
from bentley_nb.sandbox import Sandbox
from bentley_nb.service.catalog import COLLECTIONS
from tests.notebook.conftest import Shell
from tests.scripted import connect_to

pytest.importorskip("duckdb")


@pytest.fixture
def s(demo: bn.Schedule) -> bn.Schedule:
    return demo


# Values of the notebook


@pytest.mark.parametrize(
    "value",
    ["O'Brien; DROP TABLE tasks --", 3, np.int64(3), 2.5, None, pd.Timestamp("2025-03-01", tz="UTC"), ["a", "b"], True],
    ids=["text", "int", "numpy", "float", "none", "instant", "list", "flag"],
)
def test_a_variable_is_bound_never_pasted(value: object, s: bn.Schedule) -> None:
    found = answer("SELECT $value AS value, typeof($value) AS type", s, variables={"value": value})
    [got] = found["value"]
    assert (pd.isna(got) if value is None else got == value) or list(got) == value


def test_a_missing_variable_is_named_with_the_nearest(s: bn.Schedule) -> None:
    with pytest.raises(InvalidRequest, match=r"\$limti is not defined") as raised:
        answer("SELECT 1 LIMIT $limti", s, variables={"limit": 3})
    assert "limit" in str(raised.value.hint)


def test_a_frame_is_not_a_value(s: bn.Schedule) -> None:
    with pytest.raises(
        InvalidRequest, match=r"\$cost must be text, a number, a date or a list, not DataFrame"
    ) as raised:
        answer("SELECT $cost", s, variables={"cost": pd.DataFrame()})
    assert "--with cost" in str(raised.value.hint)


# Own frames


def test_an_own_frame_is_a_table_with_its_named_index(s: bn.Schedule) -> None:
    cost = pd.DataFrame({"cost": [1.5, 2.0]}, index=pd.Index(["Human", "Equipment"], name="type"))
    found = bn.sql(
        "SELECT DISTINCT type::VARCHAR AS type, cost FROM resources JOIN cost USING (type)", s, frames={"cost": cost}
    )
    assert dict(zip(found["type"], found["cost"], strict=True)) == {"Human": 1.5, "Equipment": 2.0}


def test_own_arrow_and_polars_frames_are_tables_too(s: bn.Schedule) -> None:
    frames = {"mine": pa.table({"x": [1, 2]})}
    assert bn.sql("SELECT sum(x) AS x FROM mine", frames=frames)["x"].tolist() == [3]
    polars = pytest.importorskip("polars", reason="polars is not installed")
    assert bn.sql("SELECT sum(x) AS x FROM p", frames={"p": polars.DataFrame({"x": [4]})})["x"].tolist() == [4]


def test_the_change_register_is_a_table_that_joins_with_the_schedule_s(s: bn.Schedule) -> None:
    before = s.tasks()
    work = before["id"][before["type"] == "Work"].iloc[:2].tolist()
    moved = before["id"].isin(work)
    before["planned_finish"] -= pd.Timedelta(days=3) * moved.astype(int)
    found = bn.sql(
        "SELECT r.field, r.topic, count(*) AS changes, max(r.movement_days) AS latest FROM register r"
        " JOIN tasks t USING (id) WHERE t.type = 'Work' AND r.after_date > r.before_date GROUP BY ALL",
        s,
        frames={"register": bn.changes(before, s)},
    )
    assert found.to_dict("records") == [{"field": "planned_finish", "topic": "dates", "changes": 2, "latest": 3.0}]


@pytest.mark.parametrize("query", ["FROM changes(before := 'kept')", "FROM changes", "FROM half_step()"])
def test_a_report_that_needs_more_than_a_schedule_says_how_to_query_it(query: str, s: bn.Schedule) -> None:
    with pytest.raises(
        InvalidRequest, match=r"SQL cannot call the report \w+: it needs more than a schedule"
    ) as raised:
        bn.sql(query, s)
    assert "= bn.reports." in str(raised.value.hint)
    assert "%%bentley --with" in str(raised.value.hint)


@pytest.mark.parametrize(
    ("name", "frame", "message"),
    [
        ("tasks", pd.DataFrame({"a": [1]}), "is a table of the schedule"),
        ("two words", pd.DataFrame({"a": [1]}), "not a valid table name"),
        ("mine", [1, 2], "must be a DataFrame or an Arrow table, not list"),
        ("mine", pd.DataFrame({"a": [1, "x"]}), "cannot become a table"),
    ],
    ids=["taken", "no name", "list", "mixed"],
)
def test_frames_that_cannot_be_tables_are_refused(name: str, frame: object, message: str, s: bn.Schedule) -> None:
    with pytest.raises(InvalidRequest, match=message):
        bn.sql("SELECT 1", s, frames={name: frame})


# In cells


def test_cells_take_variables_frames_and_earlier_results(demo_shell: Shell) -> None:
    demo_shell.run("import pandas as pd; weeks, mine = 2, pd.DataFrame({'n': [7]})")
    first = demo_shell.run("%%bentley open_work\nSELECT id, name FROM look_ahead(weeks := $weeks)")
    assert len(first)
    again = demo_shell.run("%%bentley --with mine\nSELECT count(*) AS rows, max(n) AS n FROM open_work, mine")
    assert again.iloc[0].tolist() == [len(first), 7]
    demo_shell.run("open_work = open_work.head(1)")
    assert demo_shell.run("%%bentley\nSELECT count(*) AS n FROM open_work")["n"].tolist() == [1]


def test_an_unknown_frame_is_named(demo_shell: Shell) -> None:
    demo_shell.run("costs = __import__('pandas').DataFrame({'a': [1]})")
    with pytest.raises(InvalidRequest, match="there is no variable 'cost'") as raised:
        demo_shell.run("%%bentley --with cost\nSELECT 1")
    assert "costs" in str(raised.value.hint)


# Reports as tables


def test_reports_take_their_options(s: bn.Schedule) -> None:
    found = bn.sql("SELECT * FROM look_ahead(weeks := 6) ORDER BY ALL", s)
    assert len(found) == len(s.look_ahead(weeks=6))
    assert len(found) > len(bn.sql("FROM look_ahead", s))
    assert len(bn.sql("FROM s_curve(period := 'M')", s)) == len(s.s_curve(period="M"))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("FROM look_ahead(week := 6)", "look_ahead has no option 'week'"),
        ("FROM look_ahead(6)", "the options of a report must be named"),
        ("FROM look_ahead(weeks := 2) JOIN look_ahead(weeks := 3) b USING (id)", "one set of options only"),
        ("FROM look_ahead(weeks := 'x')", "weeks"),
    ],
    ids=["unknown", "without name", "two", "wrong"],
)
def test_options_that_do_not_fit_are_refused(query: str, message: str, s: bn.Schedule) -> None:
    with pytest.raises(InvalidRequest, match=message):
        bn.sql(query, s)


# Meanings


def test_describe_says_what_columns_mean(s: bn.Schedule) -> None:
    found = bn.sql("DESCRIBE tasks", s).set_index("column_name")
    column = next(c for c in COLLECTIONS["tasks"].frame_columns if c.name == "planned_duration_hours")
    assert found.loc["planned_duration_hours", ["meaning", "unit"]].tolist() == [column.meaning, column.unit]
    assert list(bn.sql("SUMMARIZE tasks", s))[-1] != "unit"


# Remembered views


def test_a_view_is_computed_again_only_after_a_refresh(s: bn.Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    first = bn.sql("FROM late_tasks", s)
    calls = []
    monkeypatch.setitem(sql_module.CALLABLE, "late_tasks", lambda *_: calls.append(1))
    assert_frame_equal(bn.sql("FROM late_tasks", s), first)
    assert not calls
    s.table("tasks", refresh=True)
    monkeypatch.undo()
    assert_frame_equal(bn.sql("FROM late_tasks", s), first)


# Members that look like a view's own columns


@pytest.fixture
def odd() -> Iterator[bn.Schedule]:
    with Sandbox(rows=40) as sandbox:
        client = connect_to(sandbox)
        for name, members in {
            "task_links": ["predecessorName", "successor_user_defined_id"],
            "resource_assignments": ["taskName", "resourceType"],
            "tasks": ["start", "wbsPath", "state"],
        }.items():
            sandbox.replace(name, [item | dict.fromkeys(members, "sent") for item in sandbox.items(name)])
        fields = [
            {"id": f"f{number}", "name": name, "category": "Task", "type": "String"}
            for number, name in enumerate(("Status", "Zone", "zone"))
        ]
        task = sandbox.items("tasks")[0]["id"]
        values = [
            {"taskId": task, "userFieldId": field["id"], "value": f"{field['name']} of a field"} for field in fields
        ]
        sandbox.replace("user_fields", fields)
        sandbox.replace("task_user_field_values", values)
        yield client.schedule(sandbox.schedule_id)


@pytest.mark.parametrize("view", list(sql_module.VIEWS))
@pytest.mark.parametrize("several", [False, True], ids=["one", "several"])
def test_views_survive_any_member(view: str, several: bool, odd: bn.Schedule) -> None:
    found = bn.sql(f"FROM {view}", [odd] if several else odd)
    for computed in ("predecessor_name", "task_name", "start", "state"):
        if computed in found and found[computed].notna().any():
            assert (found[computed].astype(str) != "sent").all()


@pytest.mark.parametrize("name", ["Status", "zone"])
def test_a_user_field_is_never_answered_by_a_column_of_another_case(name: str, odd: bn.Schedule) -> None:
    with pytest.raises(InvalidRequest, match=f'"{name}" is ambiguous') as raised:
        bn.sql(f'SELECT "{name}" FROM tasks_wide', odd)
    written = str(raised.value.hint).split('"')[1]
    assert bn.sql(f'SELECT "{written}" AS found FROM tasks_wide', odd)["found"].dropna().str.startswith(name).all()
