"""The commands for a nightly job: what they write, what they print, and how they end."""

from __future__ import annotations

import json

import openpyxl
import pytest

import bentley_nb as bn
from bentley_nb import cli
from bentley_nb.sandbox import Sandbox


@pytest.fixture
def sandbox(monkeypatch):
    with Sandbox(rows=40) as running:
        for name, value in {
            "CLIENT_ID": running.client_id,
            "CLIENT_SECRET": running.client_secret,
            "TOKEN_URL": running.token_url,
            "API_URL": running.api_url("platform"),
            "PROJECTS_URL": running.projects_url,
        }.items():
            monkeypatch.setenv(f"BENTLEY_{name}", value)
        yield running


TOWER = "Harbour Point Tower"


def test_keep_and_report_without_a_network(sandbox, tmp_path, capsys):
    assert cli.main(["keep", TOWER, "--to", str(tmp_path / "kept")]) in (0, 3)
    said = capsys.readouterr()
    assert f"{TOWER}: {TOWER}: tasks: kept, 40 rows" in said.err
    assert not said.out
    sandbox.stop()
    html = tmp_path / "week.html"
    name = bn.copies(tmp_path / "kept")["name"].iloc[0]
    copies = bn.copies(tmp_path / "kept")
    id_ = copies[copies["data_date"].notna()]["schedule"].iloc[0]
    assert cli.main(["report", id_, "--html", str(html), "--from", str(tmp_path / "kept")]) == 0
    assert name in html.read_text(encoding="utf-8")


def test_a_workbook_of_a_copy_without_a_network(sandbox, tmp_path, capsys):
    folder = str(tmp_path / "kept")
    assert cli.main(["keep", TOWER, "--schedule", sandbox.schedule_id, "--to", folder]) == 0
    sandbox.stop()
    capsys.readouterr()
    excel, html = tmp_path / "week.xlsx", tmp_path / "week.html"
    report = ["report", TOWER, "--from", folder, "--json"]
    assert cli.main([*report, "--excel", str(excel), "--html", str(html)]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["path"], row["status"]) for row in rows] == [(str(html), "written"), (str(excel), "written")]
    assert "Summary" in openpyxl.load_workbook(excel).sheetnames
    assert cli.main(["report", "Nowhere", "--from", folder, "--excel", str(excel)]) == 1
    assert cli.main(["report", TOWER, "--from", str(tmp_path / "none"), "--excel", str(excel)]) == 1
    assert "There is no folder" in capsys.readouterr().err


def test_keep_ends_with_3_where_a_table_failed_and_1_where_all_did(sandbox, tmp_path, capsys):
    keep = ["keep", "--to", str(tmp_path), "--json"]
    sandbox.faults.add(f"/{sandbox.schedule_id}/task-links", status=403, times=None)
    assert cli.main([*keep, TOWER, "--schedule", sandbox.schedule_id]) == 3
    said = capsys.readouterr()
    [failed] = [row for row in json.loads(said.out) if row["status"] == "failed"]
    assert (failed["table"], failed["project"]) == ("task_links", TOWER)
    assert f"{TOWER}: {TOWER}: task_links: failed. " in said.err
    assert cli.main([*keep, "Nowhere"]) == 1
    [failed] = json.loads(capsys.readouterr().out)
    assert failed["what_happened"].startswith("There is no project named 'Nowhere'")
    assert failed["what_to_do"]


def test_one_schedule_of_a_project_as_json(sandbox, tmp_path, capsys):
    arguments = ["keep", TOWER, "--schedule", sandbox.schedule_id, "--tables", "tasks", "--to", str(tmp_path), "--json"]
    assert cli.main(arguments) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["table"], row["status"]) for row in rows] == [("schedule", "kept"), ("tasks", "kept")]


def test_pull_ends_with_3_where_one_failed_and_1_where_all_did(sandbox, tmp_path, capsys):
    pull = ["pull", "--tables", "tasks", "--to", str(tmp_path)]
    assert cli.main([*pull, "--projects", TOWER]) == 0
    assert cli.main([*pull, "--projects", TOWER, "Nowhere"]) == 3
    assert "Nowhere: failed. There is no project named 'Nowhere'" in capsys.readouterr().err
    assert cli.main([*pull, "--projects", "Nowhere"]) == 1
    assert len(bn.read_dataset(tmp_path, lazy=False)["tasks"]) == 40


def test_what_is_wrong_is_told(sandbox, tmp_path, capsys):
    assert cli.main(["report", "Towr", "--html", str(tmp_path / "x.html")]) == 1
    assert "There is no schedule 'Towr'" in capsys.readouterr().err
    assert cli.main(["report", sandbox.schedule_id]) == 1
    assert "--html or --excel" in capsys.readouterr().err
    assert cli.main(["report", sandbox.schedule_id, "--html", str(tmp_path / "no" / "x.html")]) == 1
    assert "does not exist" in capsys.readouterr().err
