from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import bentley_nb as bn
from bentley_nb import cli


def test_the_demo_prints_the_main_job_and_writes_the_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    assert cli.main(["demo", "--report", str(report)]) == 0
    printed = capsys.readouterr().out
    for part in ("demo sandbox", "Harbour Point Tower", "planned_duration_hours", "Data date", "Written"):
        assert part in printed
    assert "<html" in report.read_text(encoding="utf-8")[:500]


def test_the_demo_on_the_enterprise_surface(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--surface", "enterprise"]) == 0
    assert "does not serve the data date" in capsys.readouterr().out


def test_the_sandbox_serves_a_folder_until_it_is_stopped(shared: Path) -> None:
    folder = shared / "data" / "datasets" / "airport_terminal"
    command = [sys.executable, "-m", "bentley_nb.cli", "sandbox", "--data", str(folder), "--rate-limit", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("schedule ="):
                break
        code = "".join(lines).partition("\n\n")[2]
        namespace: dict[str, object] = {}
        exec(code, namespace)  # what it prints is what a user pastes
        schedule = namespace["schedule"]
        assert isinstance(schedule, bn.Schedule)
        assert len(schedule.tasks()) == 92
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0


def test_a_pipe_that_takes_ascii_only_gets_code_that_means_the_same() -> None:
    command = [sys.executable, "-m", "bentley_nb.cli", "sandbox"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        [line] = [line for line, _ in zip(process.stdout, range(4), strict=False) if "connect(" in line]
        assert ast.literal_eval(line.partition(", ")[2].rstrip(",\n")) == bn.sandbox.Sandbox.client_secret
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_whoever_stops_reading_gets_no_traceback() -> None:
    command = [sys.executable, "-m", "bentley_nb.cli", "sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.wait(60) == 1
        assert process.stderr.read() == ""


def test_a_report_that_cannot_be_written_is_refused_before_the_work(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["demo", "--report", str(tmp_path / "missing" / "report.html")]) == 1
    captured = capsys.readouterr()
    assert "does not exist" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sandbox", "--data", "nowhere"], "nowhere"),
        (["sandbox", "--rows", "0"], "at least one row"),
        (["sandbox", "--latency", "-1"], "is not valid"),
    ],
)
def test_mistakes_are_told_in_words(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 1
    printed = capsys.readouterr().err
    assert message in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("port", ["99999", "-1", "x", "1.5"])
def test_a_port_that_cannot_be(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["sandbox", f"--port={port}"])
    assert caught.value.code == 2
    assert "a port is a number from 0 (any free one) to 65535" in capsys.readouterr().err


def test_unknown_words_and_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["demp"])
    assert "demo" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert re.match(r"bentley-nb \d", capsys.readouterr().out)


def test_lab_copies_the_notebooks_with_what_they_link_to_and_keeps_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert cli.copy_notebooks(folder) > 5
    notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
    assert folder / "notebooks" / "quickstart.ipynb" in notebooks
    for file in [folder / "README.md", *notebooks]:
        for link in re.findall(r"\]\(([^)#]+)", file.read_text(encoding="utf-8")):
            assert link.startswith("http") or (file.parent / link).exists(), f"{file.name}: {link}"
    notebooks[0].write_text("my own work")
    assert cli.copy_notebooks(folder) == 0
    assert notebooks[0].read_text() == "my own work"


def test_lab_names_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("jupyterlab")
    (tmp_path / "file").write_text("")
    assert cli.main(["demo", "--lab", "--folder", str(tmp_path / "file" / "below")]) == 1
    assert "Name another one with --folder" in capsys.readouterr().err


def test_lab_serves_the_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jupyterlab")
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)  # a browser would open
    assert cli.main(["demo", "--lab", "--folder", str(tmp_path)]) == 0
    [command] = asked
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert Path(command[-1]).is_file()
