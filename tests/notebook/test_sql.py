"""SQL over schedules: what is fetched, what comes back, what is refused, and what the errors say."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import bentley_nb as bn
from bentley_nb import _session
from bentley_nb.errors import InvalidRequest, MissingExtra
from bentley_nb.notebook.sql.sql import column_names, sql, table_names, view_names
from bentley_nb.notebook.sql.views import VIEWS
from bentley_nb.sandbox import Sandbox
from bentley_nb.service.catalog import COLLECTIONS
from tests.waiting import stopped

pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(rows=120) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> bn.Client:
    return connect(sandbox)


@pytest.fixture
def s(sandbox: Sandbox, client: bn.Client) -> bn.Schedule:
    sandbox.log.clear()
    return client.schedule(sandbox.schedule_id)


def connect(sandbox: Sandbox, surface: str = "platform") -> bn.Client:
    return bn.connect(
        sandbox.client_id,
        sandbox.client_secret,
        surface=surface,
        token_url=sandbox.token_url,
        api_url=sandbox.api_url(surface),
        projects_url=sandbox.projects_url,
        progress=False,
    )


def asked(sandbox: Sandbox) -> set[str]:
    """Last parts of the paths that were asked for, tokens aside."""
    return {entry.path.rpartition("/")[2] for entry in sandbox.log if "token" not in entry.path}


# What a query names


@pytest.mark.parametrize(
    ("query", "collections"),
    [
        ("SELECT 1", set()),
        ("SELECT count(*) FROM tasks", {"tasks"}),
        ("FROM tasks", {"tasks"}),
        ('SELECT "name" FROM "TASKS" AS resources', {"tasks"}),
        ("SELECT task_links.name FROM main.tasks AS task_links", {"tasks"}),
        ("SELECT 'FROM resources' FROM tasks -- JOIN codes", {"tasks"}),
        ("WITH codes AS (SELECT 1 AS one) SELECT * FROM codes", set()),
        ("WITH mine AS (SELECT id FROM tasks) SELECT * FROM mine JOIN calendars ON true", {"tasks", "calendars"}),
        ("SELECT * FROM (WITH codes AS (SELECT 1 AS one) FROM codes), codes", {"codes"}),
        (
            """WITH RECURSIVE below AS (
                 SELECT id FROM tasks WHERE parent_id IS NULL
                 UNION ALL SELECT t.id FROM tasks t JOIN below b ON t.parent_id = b.id)
               SELECT count(*) FROM below""",
            {"tasks"},
        ),
        ("WITH m AS MATERIALIZED (FROM codes) FROM m", {"codes"}),
        (
            """SELECT name FROM tasks WHERE id IN (SELECT task_id FROM resource_assignments)
               AND (SELECT count(*) FROM codes) > 0 ORDER BY (SELECT 1 FROM calendars LIMIT 1)""",
            {"tasks", "resource-assignments", "codes", "calendars"},
        ),
        ("SELECT id FROM tasks UNION ALL SELECT id FROM resources", {"tasks", "resources"}),
        ("SELECT d->>'type' FROM calendars, unnest(day_types::JSON[]) AS t(d)", {"calendars"}),
        ("PIVOT tasks ON status USING count(*) GROUP BY type", {"tasks"}),
        ("SELECT * FROM tasks PIVOT (count(*) FOR status IN ('Started'))", {"tasks"}),
        ("UNPIVOT (SELECT name, comment FROM tasks) ON name, comment INTO NAME what VALUE text", {"tasks"}),
        ("EXPLAIN SELECT * FROM tasks", {"tasks"}),
        ("DESCRIBE tasks", {"tasks"}),
        ("SUMMARIZE codes", {"codes"}),
        ("SELECT name FROM codes; SELECT name FROM tasks", {"codes", "tasks"}),
    ],
)
def test_only_the_tables_a_query_names_are_fetched(
    query: str, collections: set[str], s: bn.Schedule, sandbox: Sandbox
) -> None:
    assert isinstance(sql(query, s), pd.DataFrame)
    assert asked(sandbox) == collections


def test_tables_are_fetched_once(s: bn.Schedule, sandbox: Sandbox) -> None:
    sql("SELECT count(*) FROM tasks a JOIN tasks b USING (id) WHERE EXISTS (FROM tasks)", s)
    sql("SELECT count(*) FROM tasks", s)
    s.tasks()
    assert sandbox.log.count("/tasks") == 1


def test_tables_are_fetched_together(sandbox: Sandbox, client: bn.Client) -> None:
    s = client.schedule(sandbox.schedule_id)
    s.project_scheduling()  # the token
    sandbox.latency = 1
    try:
        started = time.monotonic()
        sql("FROM codes, user_fields, baselines, resources LIMIT 1", s)
        together = time.monotonic() - started
    finally:
        sandbox.latency = 0
    assert together < 4  # one after another they take longer on any machine


def test_nothing_is_fetched_for_a_query_that_is_wrong(s: bn.Schedule, sandbox: Sandbox) -> None:
    for wrong in ("SELEC name FROM tasks", "SELECT * FROM tasks, taskz", "SELECT name FROM tasks; DROP TABLE tasks"):
        with pytest.raises(InvalidRequest):
            sql(wrong, s)
    assert asked(sandbox) == set()


def test_every_collection_that_needs_no_id_is_a_table(s: bn.Schedule) -> None:
    listed = sql("SHOW TABLES")["name"].tolist()
    assert sorted(listed) == sorted([*table_names(), *view_names()])
    assert {"tasks", "task_links", "baseline_tasks", "schedule", "late_tasks"} <= set(listed)
    assert "task" not in listed
    assert "projects" not in listed


SERVED = [
    name
    for name in table_names()
    if (collection := COLLECTIONS[name]).platform is not None
    and collection.parent is None
    and collection.columns
    and "v10" in collection.schedule_types
]


@pytest.mark.parametrize("name", SERVED)
def test_every_table_answers_as_its_frame(name: str, demo: bn.Schedule) -> None:
    expected = demo.tasks() if name == "tasks" else demo.table(name)
    assert_frame_equal(sql(f"FROM {name}", demo), expected, check_flags=False)
    assert column_names(name, demo.client) == list(expected.columns)


# What comes back


def test_dtypes_survive_and_so_they_do_without_rows(s: bn.Schedule) -> None:
    tasks = s.tasks()
    assert_frame_equal(sql("SELECT * FROM tasks", s), tasks)
    empty = sql("SELECT * FROM tasks WHERE status = 'No such status'", s)
    assert empty.dtypes.to_dict() == tasks.dtypes.to_dict()
    assert len(empty) == 0
    renamed = sql("SELECT status AS s, max(planned_finish) AS f, count(*) AS n FROM tasks GROUP BY ALL", s)
    assert renamed.dtypes.to_dict() == {
        "s": tasks["status"].dtype,
        "f": pd.DatetimeTZDtype("us", "UTC"),
        "n": pd.Int64Dtype(),
    }


def test_whole_results_keep_int64_and_boolean_without_missing_values(s: bn.Schedule) -> None:
    frame = sql("SELECT wbs_level, is_leaf, name FROM tasks WHERE wbs_level IS NOT NULL", s)
    assert frame.dtypes.astype(str).tolist() == ["Int64", "boolean", "string"]


def test_types_that_only_sql_makes() -> None:
    frame = sql(
        """SELECT DATE '2024-05-31' AS day, TIMESTAMP '2024-05-31 08:00:00' AS local, TIMESTAMPTZ '2024-05-31 08:00:00+02' AS at,
           TIMESTAMP '2024-06-01 00:00:00' - TIMESTAMP '2024-05-30 00:00:00' AS span, INTERVAL 14 MONTH AS months, 1.5::DECIMAL(10,2) AS price,
           170141183460469231731687303715884105727 AS huge, 7::UTINYINT AS small, sum(2) AS total, NULL AS nothing,
           [1, 2] AS list, {'a': 1} AS struct, MAP {'k': 1} AS map, '{"a": [1]}'::JSON AS json, uuid() AS id,
           TIME '08:00' AS clock, 'x'::BLOB AS bytes"""
    )
    dtypes = frame.dtypes.astype(str)
    assert dtypes[["day", "local", "at", "span", "months"]].tolist() == [
        *("datetime64[us]", "datetime64[us]", "datetime64[us, UTC]", "timedelta64[us]", "string"),
    ]
    assert dtypes[["price", "huge", "small", "total", "id"]].tolist() == [
        "Float64",
        "Float64",
        "Int64",
        "Int64",
        "string",
    ]
    assert dtypes["nothing"] in {"string", "Int64"}  # DuckDB 1 took a bare NULL for a whole number
    row = frame.iloc[0]
    assert row["at"] == pd.Timestamp("2024-05-31 06:00", tz="UTC")
    assert row["span"] == pd.Timedelta(days=2)
    assert row["months"] == "1 years 2 months"
    assert (row["list"], row["struct"], row["map"], row["json"]) == ([1, 2], {"a": 1}, {"k": 1}, {"a": [1]})
    assert str(row["clock"]) == "08:00:00"
    assert row["bytes"] == b"x"


def test_nanoseconds_are_cut_off() -> None:
    frame = sql("SELECT TIMESTAMP_NS '2024-05-31 08:00:00.123456789' AS at, NULL::TIMESTAMP_NS AS nothing")
    assert frame.dtypes.astype(str).tolist() == ["datetime64[us]"] * 2
    assert frame["at"].iloc[0] == pd.Timestamp("2024-05-31 08:00:00.123456")
    assert frame["nothing"].isna().all()


@pytest.mark.parametrize(
    "when",
    [
        "DATE '-infinity'",
        "DATE '2000000-01-01'",
        "TIMESTAMP 'infinity'",
        "TIMESTAMPTZ '-infinity'",
        "'infinity'::TIMESTAMP_NS",
        "[DATE 'infinity']",
    ],
)
def test_a_date_that_no_frame_can_hold_is_told_in_words(when: str) -> None:
    with pytest.raises(InvalidRequest, match="'at' has dates outside the range of a frame") as caught:
        sql(f"SELECT {when} AS at")
    assert 'isfinite("at")' in str(caught.value)
    assert sql("SELECT DATE 'infinity'::VARCHAR AS at")["at"].tolist() == ["infinity"]


def test_the_zone_is_utc_whatever_the_machine_s(s: bn.Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Dubai")
    time.tzset()
    try:
        frame = sql(
            "SELECT strftime(TIMESTAMPTZ '2024-01-01 00:00:00Z', '%H:%M') AS t, '2024-01-01 00:00:00'::TIMESTAMPTZ AS at"
        )
    finally:
        monkeypatch.undo()
        time.tzset()
    assert frame["t"].iloc[0] == "00:00"
    assert frame["at"].iloc[0] == pd.Timestamp("2024-01-01", tz="UTC")


def test_ordered_categories_come_back_ordered_and_sort_by_their_order(s: bn.Schedule) -> None:
    frame = sql('SELECT DISTINCT "group" FROM critical_tasks ORDER BY "group"', s)
    assert frame["group"].cat.ordered
    assert frame["group"].tolist() == sorted(frame["group"], key=list(frame["group"].cat.categories).index)


def test_a_category_compares_with_any_text(s: bn.Schedule) -> None:
    assert len(sql("FROM tasks WHERE type = 'Nonsense'", s)) == 0
    some = sql("FROM tasks WHERE type IN ('Work', 'Nonsense') AND type <> 'Other' AND type LIKE 'W%'", s)
    assert set(some["type"]) == {"Work"}
    assert sql("SELECT coalesce(status, 'none') AS status FROM tasks", s)["status"].dtype == "string"


def test_lists_are_json_in_sql_and_lists_in_the_frame(s: bn.Schedule) -> None:
    calendars = s.calendars()
    frame = sql("SELECT name, day_types, day_types->0->>'description' AS first FROM calendars", s)
    assert frame["day_types"].tolist() == calendars["day_types"].tolist()
    assert frame["first"].tolist() == [day_types[0]["description"] for day_types in calendars["day_types"]]
    unnested = sql("SELECT day->>'description' AS day FROM calendars, unnest(day_types::JSON[]) AS t(day)", s)
    assert len(unnested) == calendars["day_types"].map(len).sum()


def test_columns_of_one_name_get_numbers() -> None:
    assert sql("SELECT 1 AS a, 2 AS a, 3 AS A").columns.tolist() == ["a", "a_2", "A"]


def test_the_result_is_the_last_statement_s() -> None:
    assert sql("SELECT 1 AS a; -- first\n SELECT 2 AS b;").to_dict("list") == {"b": [2]}


def test_attrs_tell_where_the_rows_come_from(s: bn.Schedule) -> None:
    frame = sql("FROM task_links LIMIT 3", s)
    assert frame.attrs == {
        "collection": "query_result",
        "schedule_id": s.id,
        "tables": ["task_links"],
        "fetched_at": s.table("task_links").attrs["fetched_at"],
        "rows": 3,
    }


def test_changing_a_result_changes_nothing_kept(s: bn.Schedule) -> None:
    first = sql("SELECT * FROM tasks", s)
    first.loc[:, "name"] = "changed"
    first.loc[:, "percent_complete"] = -1.0
    assert_frame_equal(sql("SELECT * FROM tasks", s), s.tasks())
    assert "changed" not in set(s.tasks()["name"])


def test_parameters(s: bn.Schedule) -> None:
    name = s.tasks()["name"].iloc[3]
    assert set(sql("SELECT name FROM tasks WHERE name = ?", s, params=[name])["name"]) == {name}
    by_name = sql("SELECT 1 AS a; SELECT name FROM tasks WHERE name = $name", s, params={"name": name})
    assert set(by_name["name"]) == {name}
    after = sql("SELECT count(*) AS n FROM tasks WHERE planned_start >= $day", s, params={"day": s.data_date})
    assert after["n"].iloc[0] == (s.tasks()["planned_start"] >= s.data_date).sum()


@pytest.mark.parametrize("params", [5, "Tower", b"x", {"a"}])
def test_parameters_that_are_no_list_and_no_mapping_are_refused(params: Any, s: bn.Schedule) -> None:
    with pytest.raises(InvalidRequest, match=r"params=\[value\]"):
        sql("SELECT ? AS a", s, params=params)


# Views


@pytest.mark.parametrize("name", list(VIEWS))
def test_views_have_their_declared_columns_and_the_rows_of_their_frame(name: str, s: bn.Schedule) -> None:
    declared = list(VIEWS[name].columns)
    expected = VIEWS[name].make(s)
    frame = sql(f"FROM {name}", s)
    assert set(declared) <= set(frame.columns)
    if name == "tasks_wide":
        assert set(frame.columns) - set(declared) == set(expected.columns) - set(declared)
        assert "Trade" in frame.columns
        return
    assert list(frame.columns) == declared
    assert_frame_equal(frame, expected, check_flags=False, check_categorical=False)


def test_a_view_s_collections_are_read_together_and_once(s: bn.Schedule, sandbox: Sandbox) -> None:
    sql("SELECT * FROM late_tasks JOIN milestones USING (id)", s)
    assert {"tasks", "baselines", "baseline-tasks", "calendars", "scheduling-analyses"} <= asked(sandbox)
    paths = [entry.path for entry in sandbox.log]
    assert len(set(paths)) == len(paths)


def test_wide_tasks_have_float_and_fields_whose_names_differ_by_case_alone(sandbox: Sandbox, client: bn.Client) -> None:
    field = {"id": "f1", "name": "STATUS", "category": "Task", "type": "Text"}
    id_ = sandbox.add_schedule(
        {
            "tasks": [{"id": "t1", "name": "Pour", "type": "Work", "status": "Started"}],
            "user_fields": [field],
            "task_user_field_values": [{"taskId": "t1", "userFieldId": "f1", "value": "held"}],
        },
        name="Case",
    )
    frame = sql("SELECT status, STATUS_2, is_critical, total_float_days FROM tasks_wide", client.schedule(id_))
    assert frame.iloc[0, :2].tolist() == ["Started", "held"]
    assert frame.dtypes.astype(str).tolist() == ["category", "string", "boolean", "Float64"]
    assert "STATUS_2" in column_names("tasks_wide", client)


def test_views_do_without_what_a_surface_does_not_serve(sandbox: Sandbox) -> None:
    s = connect(sandbox, "enterprise").schedule(sandbox.schedule_id)
    frame = sql("SELECT name, is_critical, total_float_days FROM work_tasks", s)
    assert len(frame)
    assert frame["total_float_days"].isna().all()
    with pytest.raises(InvalidRequest, match="data date"):
        sql("FROM late_tasks", s)
    with pytest.raises(InvalidRequest, match="baselines"):
        sql("FROM baselines", s)


# Which schedules


def test_the_current_schedule_is_asked_unless_another_is_named(s: bn.Schedule, client: bn.Client) -> None:
    with pytest.raises(InvalidRequest, match="No schedule is chosen") as caught:
        sql("FROM tasks")
    assert "%bentley use" in str(caught.value)
    assert sql("SELECT 1 AS one")["one"].iloc[0] == 1  # needs none
    _session.set_default(client)
    _session.use(s)
    assert sql("SELECT count(*) AS n FROM tasks")["n"].iloc[0] == len(s.tasks())
    assert sql("SELECT count(*) AS n FROM tasks", s.id)["n"].iloc[0] == len(s.tasks())


def test_several_schedules_have_a_column_in_front(sandbox: Sandbox, client: bn.Client) -> None:
    first = client.schedule(sandbox.schedule_id)
    other = client.schedule(
        sandbox.add_schedule(
            {"tasks": [{"id": "t1", "name": "Pour", "status": "On hold", "crew": "A"}]}, name="Second tower"
        )
    )
    frame = sql("FROM tasks", [first, other, first])
    assert frame.columns[0] == "schedule"
    assert frame["schedule"].value_counts().to_dict() == {first.name: len(first.tasks()), "Second tower": 1}
    assert frame["status"].dtype == "category"
    assert frame.loc[frame["schedule"] == "Second tower", ["status", "crew"]].iloc[0].tolist() == ["On hold", "A"]
    assert frame.loc[frame["schedule"] == first.name, "crew"].isna().all()
    assert frame.attrs["schedule_id"] == [first.id, other.id]
    late = sql("SELECT schedule, count(*) AS n FROM milestones GROUP BY schedule", [first, other])
    assert late["schedule"].tolist() == [first.name]
    alone = sql("SELECT DISTINCT schedule FROM tasks", [other])
    assert alone["schedule"].tolist() == ["Second tower"]
    assert_frame_equal(sql("FROM tasks", pd.Series([first.id, other.id], dtype="string")), frame)


def test_schedules_of_one_name_are_told_apart_by_id(sandbox: Sandbox, client: bn.Client) -> None:
    ids = [sandbox.add_schedule({"tasks": [{"id": "t1"}]}, name="Twin") for _ in range(2)]
    frame = sql("FROM tasks", [client.schedule(id_) for id_ in ids])
    assert frame["schedule"].tolist() == ids


def test_members_of_different_types_are_text_when_schedules_are_put_together(
    sandbox: Sandbox, client: bn.Client
) -> None:
    ids = [
        sandbox.add_schedule({"tasks": [{"id": "t1", "crew": crew}]}, name=f"Crew {crew}") for crew in (5, "five", None)
    ]
    frame = sql("SELECT crew FROM tasks ORDER BY schedule", [client.schedule(id_) for id_ in ids])
    assert frame["crew"].dtype == "string"
    assert frame["crew"].fillna("-").tolist() == ["5", "-", "five"]


def test_a_list_in_one_schedule_and_a_text_in_another_are_text(sandbox: Sandbox, client: bn.Client) -> None:
    ids = [
        sandbox.add_schedule({"tasks": [{"id": "t1", "crew": crew}]}, name=f"Crew {number}")
        for number, crew in enumerate((["A", "B"], "C"))
    ]
    frame = sql("SELECT crew FROM tasks ORDER BY schedule", ids)
    assert frame["crew"].tolist() == ['["A", "B"]', "C"]


@pytest.mark.parametrize(
    "name", ["tasks_wide", "work_tasks", "milestones", "open_ends", "links_named", "assignments_named"]
)
def test_views_of_a_schedule_with_next_to_nothing_in_it_go_with_those_of_another(
    name: str, sandbox: Sandbox, client: bn.Client, s: bn.Schedule
) -> None:
    bare = client.schedule(sandbox.add_schedule({"tasks": [{"id": "t1", "name": "Pour"}]}, name="Bare"))
    alone = sql(f"FROM {name}", s)
    both = sql(f"FROM {name}", [bare, s])
    frame = both[both["schedule"] == s.name].drop(columns="schedule").reset_index(drop=True)
    assert_frame_equal(frame, alone, check_flags=False)


@pytest.mark.parametrize("wrong", [[], 5, [None]])
def test_what_is_no_schedule_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidRequest, match="schedule"):
        sql("FROM tasks", wrong)  # type: ignore[arg-type]


# What is refused, and what the errors say


@pytest.mark.parametrize(
    "statement",
    [
        "COPY tasks TO 'tasks.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "PRAGMA database_list",
        "CREATE TABLE mine AS SELECT 1",
        "CREATE TYPE mood AS ENUM ('a')",
        "INSERT INTO tasks VALUES (1)",
        "DELETE FROM tasks",
        "DROP VIEW tasks",
        "EXPORT DATABASE 'folder'",
        "CALL pragma_version()",
        "USE memory",
        "PREPARE x AS SELECT 1",
        "BEGIN",
        "SELECT 1; SET threads = 1",
    ],
)
def test_statements_that_do_more_than_read_are_refused(
    statement: str, s: bn.Schedule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidRequest) as caught:
        sql(statement, s)
    assert len(str(caught.value).splitlines()) <= 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM glob('{file}')",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}'",
        "WITH x AS (INSERT INTO tasks VALUES (1) RETURNING *) SELECT * FROM x",
        "SELECT * FROM frame",
        "SELECT getenv('HOME')",
    ],
)
def test_files_variables_and_the_environment_cannot_be_reached(query: str, s: bn.Schedule, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(InvalidRequest):
        sql(query.format(file=file), s)
    assert file.read_text() == "a,b\n1,2\n"
    assert len(frame) == 1


def message(query: str, s: bn.Schedule) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        sql(query, s)
    lines = str(caught.value).splitlines()
    assert 1 <= len(lines) <= 3
    return lines


def test_a_wrong_column_is_answered_with_duckdb_s_candidates(s: bn.Schedule) -> None:
    lines = message("SELECT planed_finish FROM tasks", s)
    assert 'Referenced column "planed_finish" not found' in lines[0]
    assert "Candidate bindings" in lines[1]
    assert "planned_finish" in lines[1]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT t.nmae FROM tasks t",
        "SELECT tasks.nmae FROM tasks",
        "SELECT T.nmae FROM tasks AS T JOIN task_links l ON l.successor_id = T.id",
        "SELECT w.nmae FROM work_tasks w",
        "SELECT m.nmae FROM milestones m WHERE m.name = 'x'",
        "SELECT s.nmae FROM (SELECT id, name FROM tasks) s",
        "WITH x AS (SELECT id, name FROM tasks) SELECT x.nmae FROM x",
        "WITH x AS (FROM tasks), y AS (SELECT name FROM x) SELECT z.nmae FROM y z",
        "WITH tasks AS (SELECT 'a' AS name) SELECT tasks.nmae FROM tasks",
        "SELECT a.nmae FROM tasks AS a(id, name)",
        "SELECT l.id FROM task_links l WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.nmae = l.id)",
    ],
)
def test_a_wrong_column_behind_an_alias_is_answered_with_the_nearest(query: str, s: bn.Schedule) -> None:
    first, hint = message(query, s)
    assert re.fullmatch(r'SQL: "\w+" has no column "nmae"\.', first)
    assert hint.startswith("Did you mean 'name'")


def test_the_columns_of_a_renamed_table_are_the_new_ones(s: bn.Schedule) -> None:
    assert message("SELECT t.id FROM codes t(a, b)", s)[1].startswith("Available: a, b, ")


def test_an_alias_that_is_not_there_is_told_in_duckdb_s_words(s: bn.Schedule) -> None:
    assert 'Referenced table "z" not found' in message("SELECT z.name FROM tasks t", s)[0]


def test_a_column_of_a_part_that_cannot_be_described(s: bn.Schedule) -> None:
    with pytest.raises(InvalidRequest) as caught:
        sql("SELECT r.nmae FROM (SELECT name FROM tasks WHERE name = $x) r", s, params={"x": "a"})
    assert str(caught.value) == 'SQL: "r" has no column "nmae".'


def test_a_table_without_any_column_is_no_failure_of_ours(s: bn.Schedule) -> None:
    first, hint = message("SELECT * FROM dcma_violations", s)
    assert first.startswith("SQL: 'dcma_violations' is empty and its columns are not documented")
    assert hint == "The service sent no row of it for this schedule."


def test_the_tables_listed_are_the_same_in_every_company(s: bn.Schedule) -> None:
    alone = sql("SHOW TABLES")["name"].tolist()
    assert sql("SELECT name FROM tasks; SHOW TABLES", s)["name"].tolist() == alone
    assert sql("SELECT t.name FROM (SHOW TABLES) t, codes GROUP BY ALL ORDER BY ALL", s)["name"].tolist() == alone


@pytest.mark.parametrize(
    "query",
    [
        "SHOW ALL TABLES",
        "DESCRIBE",
        "FROM (DESCRIBE)",
        "SELECT * FROM information_schema.columns",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM pragma_table_info('tasks')",
        "SELECT * FROM duckdb_columns()",
        "SELECT * FROM query('SELECT * FROM tasks')",
        "SELECT * FROM query_table('tasks')",
    ],
)
def test_what_would_not_see_the_tables_says_what_does(query: str, s: bn.Schedule) -> None:
    first, hint = message(query, s)
    assert first.endswith("not supported.")
    assert hint == "SHOW TABLES lists the tables; DESCRIBE <name> lists the columns of one."


def test_describing_an_unknown_table_is_answered_with_the_nearest(s: bn.Schedule) -> None:
    assert message("DESCRIBE taskz", s)[1].startswith("Did you mean 'tasks'")


def test_a_warning_points_at_the_line_that_asked() -> None:
    with Sandbox(rows=20) as own:
        values = own.items("task_user_field_values")
        [field] = {field["id"] for field in own.items("user_fields") if field["name"] == "Concrete volume"}
        own.replace("task_user_field_values", [{**values[0], "userFieldId": field, "value": "tbc"}])
        with pytest.warns(UserWarning, match="Concrete volume") as caught:
            sql("SELECT 1 FROM tasks_wide LIMIT 1", connect(own).schedule(own.schedule_id))
    assert {warning.filename for warning in caught} == {__file__}


def test_a_wrong_table_is_answered_with_the_nearest(s: bn.Schedule) -> None:
    assert message("SELECT * FROM task_linsk", s) == [
        "There is no table 'task_linsk'; SQL reads neither files nor Python variables unless --with (frames=) names them.",
        f"Did you mean 'task_links' or 'tasks' or 'baselines'? SHOW TABLES lists the {len(table_names()) + len(view_names())} tables.",
    ]
    assert "'elsewhere.tasks'" in message("SELECT * FROM elsewhere.tasks", s)[0]


def test_a_syntax_error_shows_its_place(s: bn.Schedule) -> None:
    lines = message("SELECT name\nFROM tasks WERE id = 1", s)
    assert "syntax error" in lines[0]
    assert len(lines) == 1 or lines[1].startswith("LINE 2:")  # DuckDB 1 does not always show the place


def test_other_mistakes_are_told_in_duckdb_s_words(s: bn.Schedule) -> None:
    assert "must appear in the GROUP BY clause" in message("SELECT status, count(*) FROM tasks", s)[0]
    assert "Could not convert string 'a'" in message("SELECT 'a'::INTEGER", s)[0]
    assert "floor" in " ".join(message("SELECT flor(1.5)", s))
    assert "contains no SQL statement" in message(" -- nothing but a remark", s)[0]
    assert "$id has no value" in message("SELECT * FROM tasks WHERE id = $id", s)[0]
    with pytest.raises(InvalidRequest, match="A query must be text"):
        sql(None, s)  # type: ignore[arg-type]


def test_without_duckdb_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtra, match=r'%pip install "bentley-nb\[sql\]"'):
        sql("SELECT 1")


def test_an_interrupt_stops_the_query_and_the_next_one_works(s: bn.Schedule) -> None:
    endless = "SELECT count(*) FROM range(1000000000) a, range(100) b WHERE a.range + b.range = 7"
    stopped(lambda: sql(endless), lambda: [one for one in threading.enumerate() if one.name == "bentley_nb-sql"])
    assert sql("SELECT count(*) AS n FROM tasks", s)["n"].iloc[0] == len(s.tasks())


def test_names_with_markup_and_quotes_pass_unchanged(sandbox: Sandbox, client: bn.Client) -> None:
    name = "</script><img src=x onerror=alert(1)> \"'; DROP TABLE tasks; --"
    id_ = sandbox.add_schedule({"tasks": [{"id": "t1", "name": name, "status": 'it\'s "odd"'}]}, name="Odd")
    frame = sql("SELECT name, status FROM tasks", [client.schedule(id_)])
    assert frame.iloc[0].tolist() == [name, 'it\'s "odd"']


def test_completion_reads_the_names_without_duckdb_or_pandas() -> None:
    code = (
        "import sys\nfrom bentley_nb.notebook.sql.sql import column_names, table_names, view_names\n"
        "assert 'tasks' in table_names() and 'late_tasks' in view_names()\n"
        "assert column_names('late_tasks') and column_names('TASKS')[-1] == 'is_leaf' and column_names('task') == []\n"
        "assert not {'pandas', 'pyarrow', 'duckdb', 'IPython'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(bn.__file__).parents[1])
