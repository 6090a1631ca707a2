"""The coverage-guided fuzzer on the page decoder, for a small fixed budget."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_both_decode_paths_agree_on_what_a_fuzzer_finds() -> None:
    pytest.importorskip("atheris", reason='atheris is not installed (pip install "bentley-nb[fuzz]")')
    run = [sys.executable, "-m", "tests.frames.fuzz_decode", "300"]
    done = subprocess.run(run, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 300 runs" in done.stderr
