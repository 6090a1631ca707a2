"""A session as in the quickstart: chart and table on the page and in the file, and Run All that ends at an error."""

from __future__ import annotations

import re
from collections import Counter

from bentley_nb.sandbox import Sandbox
from tests.browser import expect
from tests.lab.conftest import Open

PLOTLY = "application/vnd.plotly.v1+json"


def use(sandbox: Sandbox) -> str:
    return f"%load_ext bentley_nb\n%bentley use {sandbox.schedule_id}\nimport bentley_nb as bn"


def test_the_gantt_draws_every_milestone_that_the_table_lists(open_notebook: Open, sandbox: Sandbox) -> None:
    notebook = open_notebook(
        use(sandbox),
        f"s = bn.connect().schedule('{sandbox.schedule_id}')\nkey_dates = s.milestones()\nprint(len(key_dates))",
        "s.gantt()",
    )
    notebook.run(0)
    notebook.run(1)
    listed = int(notebook.says(1, re.compile(r"\d")))
    plot = notebook.run(2).locator(".js-plotly-plot")
    plot.locator(".nsewdrag").first.wait_for(state="attached")  # the last that Plotly adds
    drawn = Counter(
        {
            trace["name"]: trace["marks"]
            for trace in plot.evaluate(
                """(plot) => [...plot.querySelectorAll(".scatterlayer .trace")].map((trace) => ({
                    name: trace.__data__[0].trace.name,
                    marks: trace.querySelectorAll(".points path.point").length,
                }))"""
            )
        }
    )
    assert listed > 5
    assert drawn["Key date"] + drawn["Critical key date"] == listed
    plot.locator(".legendtext").get_by_text("Key date", exact=True).wait_for(state="attached")

    saved = notebook.save()["cells"][2]["outputs"]
    kept = Counter(
        {trace.get("name"): len(trace["x"]) for trace in saved[-1]["data"][PLOTLY]["data"] if trace.get("x")}
    )
    assert kept["Key date"] + kept["Critical key date"] == listed


def test_run_all_ends_at_an_error_of_a_magic(open_notebook: Open, sandbox: Sandbox) -> None:
    # A kernel drops the cells that wait when one fails: the next one must have come by then.
    wrong = "import time\ntime.sleep(2)\n%bentley taks"
    notebook = open_notebook(use(sandbox), wrong, "print('went on')")
    notebook.run(0)  # the menu does nothing as long as the page is not quite connected to its kernel
    notebook.run_all()
    notebook.wait_until_run(1)
    notebook.wait_until_idle()
    error = notebook.outputs(1)
    expect(error.locator(".jp-OutputArea-child")).to_have_count(1)
    lines = notebook.says(1, "InvalidRequest: ").splitlines()
    assert lines[0].startswith("InvalidRequest: ")
    assert not any(mark in line for line in lines for mark in ("Traceback", "File ", "---->"))
    expect(notebook.cell(2).locator(".jp-InputPrompt")).to_have_text("[ ]:")
    saved = notebook.save()["cells"]
    assert [output["output_type"] for output in saved[1]["outputs"]] == ["error"]
    assert saved[2]["outputs"] == []
    assert saved[2]["execution_count"] is None
