"""Copies: everything works from one without network, and a damaged or hostile one is a clear error."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import socket
import stat
import warnings
from pathlib import Path

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb._files import safe_name
from bentley_nb.sandbox import Sandbox
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.store.copies import DEFAULT_TABLES


@pytest.fixture(scope="module")
def kept(demo_client, tmp_path_factory) -> Path:
    from bentley_nb.sandbox.running import demo_sandbox

    s = demo_client.schedule(demo_sandbox().schedule_id)
    return s.keep(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def own(kept, tmp_path) -> Path:
    """The same copy, to be spoiled."""
    return Path(shutil.copytree(kept, tmp_path / kept.parent.name / kept.name))


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **options):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


def without_kept_at(frame: pd.DataFrame) -> dict:
    return {name: value for name, value in frame.attrs.items() if name != "kept_at"}


@pytest.mark.parametrize("name", DEFAULT_TABLES)
def test_every_table_equals_the_live_one(name, kept, demo, no_network, request):
    old = bn.open(kept)
    if "v10" not in COLLECTIONS[name].schedule_types:
        with pytest.raises(bn.InvalidRequest, match="This copy has no"):
            old.table(name)
        return
    frame = old.table(name, include_deleted=COLLECTIONS[name].parent is None)
    request.getfixturevalue("monkeypatch").undo()  # the live one may ask
    live = demo.table(name, include_deleted=COLLECTIONS[name].parent is None)
    pd.testing.assert_frame_equal(frame, live)
    assert without_kept_at(frame) | {"fetched_at": ""} == live.attrs | {"fetched_at": ""}
    assert "kept_at" in frame.attrs


@pytest.mark.filterwarnings("ignore::bentley_nb.frames.wide.UserFieldWarning")  # one value of the demo is "tbc"
def test_wide_fields_codes_and_parents_equal_the_live_ones(kept, demo):
    old = bn.open(kept)
    pd.testing.assert_frame_equal(old.tasks(user_fields=True, codes=True), demo.tasks(user_fields=True, codes=True))
    baseline = demo.baselines()["id"].iloc[0]
    pd.testing.assert_frame_equal(old.baseline_tasks(baseline), demo.baseline_tasks(baseline))
    task = demo.task_user_field_values()["task_id"].iloc[0]
    pd.testing.assert_frame_equal(
        old.user_field_values("task", task).reset_index(drop=True), demo.user_field_values("task", task)
    )
    assert old.data_date == demo.data_date
    assert (old.id, old.name, old.type) == (demo.id, demo.name, demo.type)


def test_a_copy_is_plain_parquet(kept, demo):
    live = demo.table("tasks", include_deleted=True)
    frame = pd.read_parquet(kept / "tasks.parquet").astype(live.dtypes)  # pandas 2.2 reads text as string[python]
    pd.testing.assert_frame_equal(frame, live, check_categorical=False)


def test_its_folder_tells_schedule_and_data_date(kept, demo):
    assert kept.name == f"{demo.data_date:%Y-%m-%d}"
    assert kept.parent.name == f"{demo.name}-{demo.id[:8]}"
    assert not list(kept.parent.glob(".*"))
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    text = (kept / "copy.json").read_text()
    client = demo.client
    assert client.service_identity.partition("@")[0] not in text


def test_the_newest_copy_of_a_schedule_is_opened(demo, tmp_path):
    first = demo.keep(tmp_path, tables=["tasks"])
    second = demo.keep(tmp_path, tables=["tasks"], label="later: that day")
    third = demo.keep(tmp_path, tables=["tasks"])
    assert [path.name for path in (second, third)] == [f"{first.name}-later_ that day", f"{first.name}.2"]
    listed = bn.copies(tmp_path)
    assert listed["path"].tolist() == [str(first), str(second), str(third)]
    assert listed.dtypes.astype(str).tolist() == [
        "string", "string", "datetime64[us, UTC]", "datetime64[us, UTC]", "Int64", "Int64", "Int64", "string"
    ]  # fmt: skip
    assert bn.open(first.parent).path == third
    assert third.name in repr(bn.open(tmp_path))


def test_what_was_not_kept_is_told(demo, tmp_path):
    old = bn.open(demo.keep(tmp_path, tables=["tasks"]))
    with pytest.raises(bn.InvalidRequest, match=r"no 'task_links'.*\n.*s\.keep\(folder, tables="):
        old.task_links()
    with pytest.raises(bn.InvalidRequest, match="'task_linkz'"):
        demo.keep(tmp_path, tables=["task_linkz"])


def test_what_could_not_be_read_is_told_and_the_rest_kept(tmp_path):
    with Sandbox(rows=30) as sandbox:
        sandbox.faults.add("/resources/status-history", status=403, times=None)
        s = _schedule(sandbox)
        old = bn.open(s.keep(tmp_path))
        with pytest.raises(bn.InvalidRequest, match="could not be read when the copy was made"):
            old.resource_status_history()
        assert len(old.tasks()) == 30
        sandbox.faults.add("/tasks", status=403, times=None)
        with pytest.raises(bn.AccessDenied):
            _schedule(sandbox).keep(tmp_path)


def test_without_a_data_date_the_day_of_reading_names_the_copy(tmp_path):
    with Sandbox(rows=30) as sandbox:
        sandbox.faults.add("/project-scheduling", status=403, times=None)
        path = _schedule(sandbox).keep(tmp_path, tables=["tasks"])
        assert path.name == f"{pd.Timestamp(bn.open(path).tasks().attrs['fetched_at']):%Y-%m-%d}"


def test_all_tables_and_the_other_surface(tmp_path):
    with Sandbox(rows=30) as sandbox:
        every = bn.open(_schedule(sandbox).keep(tmp_path, tables="all"))
        assert len(every.keyframes())
        enterprise = bn.open(_schedule(sandbox, surface="enterprise").keep(tmp_path))
        assert pd.isna(enterprise.data_date)
        assert enterprise.path.name == f"{pd.Timestamp(enterprise.tasks().attrs['fetched_at']):%Y-%m-%d}"


def _schedule(sandbox: Sandbox, surface: str = "platform") -> bn.Schedule:
    client = bn.connect(
        sandbox.client_id,
        sandbox.client_secret,
        surface=surface,
        token_url=sandbox.token_url,
        api_url=sandbox.api_url(surface),
        projects_url=sandbox.projects_url,
        progress=False,
    )
    return client.schedule(sandbox.schedule_id)


def test_a_folder_of_several_schedules_lists_them(demo, demo_client, tmp_path):
    demo.keep(tmp_path, tables=["tasks"])
    other = demo_client.schedules(demo_client.projects(search="Harbour")["id"].iloc[0])["id"].iloc[1]
    demo_client.schedule(other).keep(tmp_path, tables=["tasks"])
    with pytest.raises(bn.InvalidRequest, match=r"several schedules: .*; "):
        bn.open(tmp_path)
    assert bn.copies(tmp_path)["schedule"].nunique() == 2


def test_no_copy_there(tmp_path):
    with pytest.raises(bn.InvalidRequest, match="There is no copy in"):
        bn.open(tmp_path)
    with pytest.raises(bn.InvalidRequest, match="There is no folder"):
        bn.open(tmp_path / "nowhere")
    assert bn.copies(tmp_path).empty


@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_byte_is_told_with_its_file(own, seed):
    pick = random.Random(seed)
    file = pick.choice([own / "copy.json", own / "tasks.parquet"])
    data = bytearray(file.read_bytes())
    data[pick.randrange(len(data))] ^= 1 << pick.randrange(8)
    file.write_bytes(data)
    with pytest.raises((bn.InvalidResponse, bn.InvalidRequest), match=r"copy\.json|tasks\.parquet|newer format"):
        bn.open(own).tasks()


def _edit(path: Path, /, **members) -> None:
    told = json.loads((path / "copy.json").read_text())
    told.pop("checksum")
    told |= members
    from bentley_nb.store.copies import _checksum

    (path / "copy.json").write_text(json.dumps({**told, "checksum": _checksum(told)}))


def test_a_newer_format_says_to_upgrade(own):
    _edit(own, format=2)
    with pytest.raises(bn.InvalidRequest, match=r"newer format.*\n.*pip install --upgrade"):
        bn.open(own)


@pytest.mark.parametrize(
    "members",
    [
        {"tables": {"../../secret": {"rows": 1, "bytes": 1, "digest": "", "fetched_at": "2025-01-01"}}},
        {"tables": ["tasks"]},
        {"tables": {"tasks": {"rows": 1}}},
        {"kept_at": "yesterday"},
        {"kept_at": 5},
        {"data_date": {"$": 1}},
        {"path": "/etc"},
        {"missing": None, "schedule": 1},
        {"name": None},
        {"schedule_id": ["x"]},
        {"format": "1"},
    ],
    ids=lambda members: "-".join(f"{name}={value!r}"[:30] for name, value in members.items()),
)
def test_a_hostile_description_opens_nothing_else(own, members):
    _edit(own, **members)
    with pytest.raises((bn.InvalidResponse, bn.InvalidRequest)):
        bn.open(own).tasks()


@pytest.mark.parametrize("value", [5, None, True, ["x"], {"x": 5}, "\ud800", "\x1b[31m{x}"], ids=ascii)
def test_any_value_of_any_member_is_read_or_refused(own, value):
    told = json.loads((own / "copy.json").read_text())
    tables = told["tables"]
    spoiled = [{name: value} for name in told.keys() - {"checksum"}]
    spoiled += [{"tables": {**tables, "tasks": {**tables["tasks"], name: value}}} for name in tables["tasks"]]
    for members in spoiled:
        _edit(own, **{**told, **members})
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            repr(bn.copies(own.parent))
        with contextlib.suppress(bn.BentleyError):
            s = bn.open(own)
            assert "\x1b" not in repr(s)
            s.tasks()
            s.table("keyframes")


def test_another_table_in_a_table_s_place_is_refused(own):
    told = json.loads((own / "copy.json").read_text())["tables"]
    shutil.copy(own / "task_links.parquet", own / "tasks.parquet")
    _edit(own, tables={**told, "tasks": told["task_links"]})
    with pytest.raises(bn.InvalidResponse, match=r"tasks\.parquet.*another table"):
        bn.open(own).tasks()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_out_of_the_folder_is_refused(own, tmp_path):
    elsewhere = tmp_path / "elsewhere.parquet"
    (own / "tasks.parquet").rename(elsewhere)
    (own / "tasks.parquet").symlink_to(elsewhere)
    with pytest.raises(bn.InvalidResponse, match="link"):
        bn.open(own).tasks()


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("file", ["copy.json", "tasks.parquet"])
def test_a_pipe_in_a_file_s_place_is_refused(own, file):
    """It would be waited for without end."""
    if file != "copy.json":
        told = json.loads((own / "copy.json").read_text())["tables"]
        _edit(own, tables={**told, "tasks": {**told["tasks"], "bytes": 0}})
    (own / file).unlink()
    os.mkfifo(own / file)
    with pytest.raises(bn.InvalidResponse, match=f"{file}.*not an ordinary file"):
        bn.open(own).tasks()


@pytest.mark.parametrize(
    "name", ["CON", "a:b", "Tower. ", "x" * 300, "🏗" * 100, "../../etc", "nul\0l", "{x} $y", "   "], ids=ascii
)
def test_a_schedule_of_any_name_is_kept(demo, tmp_path, name):
    demo._name = name
    path = demo.keep(tmp_path, tables=["project_scheduling"], label=name if name.strip() else None)
    assert path.parent.parent == tmp_path
    for part in (path.parent.name, path.name):
        assert safe_name(part, None) == part
        assert len(part.encode()) <= 91
    assert bn.open(path).name == name
    assert bn.copies(tmp_path)["name"].tolist() == [name]
