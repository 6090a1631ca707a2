"""Killed, full, at the same time: what was whole stays whole. ``STORE_KILLS=200`` makes the long run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from pathlib import Path

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from tests.store.test_page_store import connect

KILLS = int(os.environ.get("STORE_KILLS", "6"))
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")

CHILD = """
    import sys, warnings
    import bentley_nb as bn
    id_, secret, token_url, api_url, projects_url, schedule, folder, work = sys.argv[1:]
    client = bn.connect(id_, secret, token_url=token_url, api_url=api_url, projects_url=projects_url,
                        store=folder + "/pages", progress=False, page_size=40)
    s = client.schedule(schedule)
    print("ready", flush=True)
    exec(work)
"""
TABLES = ("tasks", "task_links", "project_scheduling")
PULL = f"while True: s.load(*{TABLES!r}, refresh=True)"
KEEP = f"while True: s.refresh().keep(folder + '/kept', tables={TABLES!r})"


def child(sandbox: Sandbox, folder: Path, work: str) -> subprocess.Popen[str]:
    arguments = [
        sandbox.client_id, sandbox.client_secret, sandbox.token_url, sandbox.api_url("platform"),
        sandbox.projects_url, sandbox.schedule_id, str(folder), work,
    ]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


FORK = """
import os
for line in sys.stdin:  # a fork for each kill: importing pandas takes longer than all the rest
    pid = os.fork()
    if not pid:
        try:
            exec({work!r})
        finally:
            os._exit(1)
    print(pid, flush=True)
    os.waitpid(pid, 0)
"""


@pytest.mark.parametrize("work", [PULL, KEEP], ids=["pages", "copies"])
def test_killed_at_any_moment(tmp_path, work):
    pick = random.Random(7)
    seen = set()
    with Sandbox(rows=200) as sandbox, child(sandbox, tmp_path, FORK.format(work=work)) as forker:
        assert forker.stdin
        assert forker.stdout
        if work == KEEP:
            seen.add(str(connect(sandbox, None).schedule(sandbox.schedule_id).keep(tmp_path / "kept", tables=TABLES)))
        for number in range(KILLS):
            items = sandbox.items("tasks")
            items[pick.randrange(len(items))]["name"] = f"edit {number}"
            sandbox.replace("tasks", items)
            forker.stdin.write("again\n")
            forker.stdin.flush()
            pid = int(forker.stdout.readline())
            time.sleep(pick.uniform(0.05, 0.8))
            os.kill(pid, signal.SIGKILL)
            plain = connect(sandbox, None).fetch(sandbox.schedule_id, TABLES)
            kept = connect(sandbox, tmp_path / "pages").fetch(sandbox.schedule_id, TABLES)
            for name in TABLES:
                pd.testing.assert_frame_equal(kept[name], plain[name])
            if work == KEEP:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")  # no half copy is listed
                    listed = set(bn.copies(tmp_path / "kept")["path"])
                assert seen <= listed  # the older ones are there
                for path in listed - seen:
                    copy = bn.open(path)
                    assert [len(copy.table(name)) for name in TABLES] == [len(plain[name]) for name in TABLES]
                seen = listed
        forker.kill()


def test_two_processes_at_once(tmp_path):
    work = f"[s.load(*{TABLES!r}, refresh=True).keep(folder + '/kept', tables={TABLES!r}) for _ in range(3)]"
    with Sandbox(rows=100) as sandbox:
        children = [child(sandbox, tmp_path, work) for _ in range(2)]
        for process in children:
            _, errors = process.communicate(timeout=180)
            assert process.returncode == 0, errors
        plain = connect(sandbox, None).fetch(sandbox.schedule_id, TABLES)
    copies = bn.copies(tmp_path / "kept")
    assert len(copies) == 6
    for path in copies["path"]:
        pd.testing.assert_frame_equal(bn.open(path).table("tasks"), plain["tasks"])


def test_a_full_disk_leaves_older_copies_and_ends_no_pull(tmp_path):
    full = """
        import resource
        path = s.keep(folder + "/kept", tables=["tasks"])
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
        try:
            s.keep(folder + "/kept", tables=["tasks"])
        except bn.InvalidRequest as error:
            print(error)
        assert bn.copies(folder + "/kept")["path"].tolist() == [str(path)]
        warnings.simplefilter("always")
        with warnings.catch_warnings(record=True) as told:
            import shutil; shutil.rmtree(folder + "/pages/pages"); client._pages.__init__(folder + "/pages", "other")
            print(len(s.refresh().table("tasks")))
        print([str(one.message) for one in told])
    """
    with Sandbox(rows=200) as sandbox, child(sandbox, tmp_path, textwrap.dedent(full)) as process:
        out, errors = process.communicate(timeout=180)
        assert process.returncode == 0, errors
    said, hint, count, told = out.splitlines()
    assert "A copy cannot be kept" in said
    assert "Older copies are unchanged" in hint
    assert count == "200"
    assert told.count("Pages can no longer be kept") == 1
    assert not list((tmp_path / "kept").rglob(".keeping-*"))
