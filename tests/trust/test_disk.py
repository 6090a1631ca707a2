"""A disk that is full, or a folder that cannot be written to: a clear error, the old file whole, nothing half beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from bentley_nb.sandbox import Sandbox
from tests.store.test_page_store import connect

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and permissions of POSIX")

# Writes everything once, then once more under each fault, and says what came of it.
WRITE = """
import contextlib, hashlib, json, os, resource, sys
from pathlib import Path
import bentley_nb as bn
from bentley_nb.auth import stores
from bentley_nb.auth.credentials import Credentials
from bentley_nb.auth.secret import Secret

copy, folder, *faults = sys.argv[1:]
root, s, p = Path(folder), bn.open(copy), bn.open_portfolio(copy)

def dataset():
    failed = p.to_parquet(root / "dataset", ["tasks"], max_age="0s")
    if failed["status"].tolist() != ["written"]:
        raise bn.InvalidRequest(failed["what_happened"][0])

writers = {
    "keep": lambda: s.keep(root / "kept"),
    "to_parquet": lambda: s.to_parquet("tasks", root / "tasks.parquet"),
    "to_excel": lambda: bn.export.to_excel(root / "tasks.xlsx", s.tasks()),
    "to_html": lambda: bn.export.to_html(root / "tasks.html", {"Tasks": s.tasks()}),
    "dataset": dataset,
    "env": lambda: stores.write_env(root / ".env", Credentials("id", Secret("4f1c88"), "test"), replace=True),
}

@contextlib.contextmanager
def full():
    with open(root / "filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(bytes(4096)):
            pass
    yield
    (root / "filler").unlink()

@contextlib.contextmanager
def limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, resource.RLIM_INFINITY))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

@contextlib.contextmanager
def read_only():
    folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    user = os.geteuid()
    if user == 0:  # may write anywhere
        os.seteuid(65534)
    yield
    os.seteuid(user)
    for path in folders:
        path.chmod(0o755)

def files():
    found = [path for path in sorted(root.rglob("*")) if path.is_file() and path.name != "filler"]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

for write in writers.values():
    write()
before, told = files(), {}
for fault in faults:
    told[fault] = {}
    with globals()[fault]():
        for name, write in writers.items():
            try:
                write()
                told[fault][name] = "was written"
            except bn.BentleyError as error:
                told[fault][name] = str(error)
    if files() != before:
        told[fault]["changed"] = sorted(dict(files().items() ^ before.items()))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, dict[str, Any]]]:
    """What each writer said under each fault; the full disk only where a small one can be mounted."""
    with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as folder:
        with Sandbox(rows=30) as sandbox:
            copy = connect(sandbox, None).schedule(sandbox.schedule_id).keep(kept)
        faults = ["limit", "read_only"]
        if _run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder).returncode == 0:
            faults.append("full")
        try:
            done = _run(sys.executable, "-W", "ignore", "-c", WRITE, str(copy), folder, *faults)
            assert done.returncode == 0, done.stderr
            yield json.loads(done.stdout.splitlines()[-1])
        finally:
            if "full" in faults:
                _run("umount", folder)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


WORDS = {"limit": "File too large", "read_only": "Permission denied", "full": "No space left on device"}


@pytest.mark.parametrize("fault", WORDS)
def test_every_writer_ends_in_a_clear_error_and_the_old_file_stays(told: dict[str, Any], fault: str) -> None:
    if fault not in told:
        pytest.skip("no small disk can be mounted here")
    assert set(told[fault]) == {"keep", "to_parquet", "to_excel", "to_html", "dataset", "env"}
    for name, message in told[fault].items():
        expected = "belongs to another user" if (fault, name) == ("read_only", "env") else WORDS[fault]
        assert expected in message, name
