"""SQL in a cell, and what goes wrong in cells: the frame, completion, errors in a few lines, Stop."""

from __future__ import annotations

from bentley_nb.sandbox import Sandbox
from tests.browser import expect
from tests.lab.conftest import Open

USE = "%load_ext bentley_nb\n%bentley use '{}'"


def tasks(sandbox: Sandbox) -> int:
    return sum(not item.get("deleted") for item in sandbox.items("tasks"))


def test_a_cell_of_sql_gives_a_frame_and_binds_it(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        USE.format(sandbox.schedule_id),
        "%%bentley counts\nSELECT type, count(*) AS n FROM tasks GROUP BY type ORDER BY n DESC",
        "print(int(counts['n'].sum()), str(counts['n'].dtype))",
    )
    notebook.run(0)
    frame = notebook.run(1).locator("table.bn")
    expect(frame.locator("thead th")).to_have_text(["Type", "N"])
    expect(frame.locator("tbody tr").first.locator("td").first).to_have_text("Work")
    expect(notebook.run(2)).to_have_text(f"{tasks(sandbox)} Int64")


def test_tables_and_columns_are_completed_inside_sql(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(USE.format(sandbox.schedule_id), "%%bentley\nSELECT planned_st FROM tas", "%bentley mile")
    notebook.run(0)
    notebook.offers(1, "tas", "tasks", "tasks_wide")
    notebook.complete(1, "planned_st")
    notebook.has_code(1, "%%bentley\nSELECT planned_start FROM tas")
    notebook.complete(2, "mile")
    notebook.has_code(2, "%bentley milestones")


def test_a_wrong_column_fails_the_cell_in_a_few_lines(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        USE.format(sandbox.schedule_id), "%%bentley\nSELECT planed_start FROM tasks", "print('still here')"
    )
    notebook.run(0)
    notebook.run(1)
    lines = notebook.says(1, "planned_start").splitlines()
    assert lines[0] == 'InvalidRequest: SQL: Referenced column "planed_start" not found in FROM clause!'
    assert len(lines) == 2
    saved = notebook.save()["cells"][1]["outputs"]
    assert [output["output_type"] for output in saved] == ["error"]


def test_an_unknown_collection_is_answered_in_one_clean_line(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(USE.format(sandbox.schedule_id), "%bentley taks")
    notebook.run(0)
    notebook.run(1)
    lines = notebook.says(1, "'tasks'").splitlines()
    assert lines[0].startswith("InvalidRequest: ")
    assert "'taks'" in lines[0]
    assert not any(mark in line for line in lines for mark in ("Traceback", "File ", "---->"))
    assert len(lines) <= 3


def test_stop_ends_a_long_fetch_and_the_next_cell_works(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        USE.format(sandbox.schedule_id),
        "%%bentley\nSELECT count(*) AS links FROM task_links",
        "%%bentley\nSELECT count(*) AS n FROM tasks",
    )
    notebook.run(0)
    slow = sandbox.faults.add("/task-links", delay=600, times=None)  # longer than the test waits for the cell to end
    try:
        notebook.start(1)
        notebook.until(lambda: slow.met > 0, "the service is asked")
        notebook.stop(1)
    finally:
        sandbox.faults.clear()
    notebook.says(1, "KeyboardInterrupt")
    notebook.run(2)
    notebook.says(2, str(tasks(sandbox)))


def test_stop_ends_a_long_query_and_the_next_cell_works(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        "import bentley_nb as bn; bn.sql('SELECT 1 AS one')",
        "bn.sql('SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE a.range + b.range = 7')",
        "bn.sql('SELECT 42 AS answer')",
    )
    notebook.run(0)
    notebook.start(1)
    notebook.wait_until_busy()
    notebook.stop(1)  # the query itself would take hours
    notebook.says(1, "KeyboardInterrupt")
    notebook.run(2)
    notebook.says(2, "42")
