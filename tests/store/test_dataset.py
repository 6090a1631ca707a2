"""A dataset of several schedules: what other tools read as it is, and what a second run leaves alone."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from tests.store.test_portfolio import PROJECTS, _connect


@pytest.fixture
def portfolio(demo_client):
    return demo_client.portfolio(PROJECTS[:2])


def test_duckdb_reads_it_as_it_is(portfolio, tmp_path):
    written = portfolio.to_parquet(tmp_path, ["tasks", "task_links"])
    assert written["status"].tolist() == ["written"] * 4
    assert [path.removeprefix(f"{tmp_path}/") for path in written["path"]] == [
        f"{table}/schedule_id={s.id}/part-0.parquet" for s in portfolio for table in ("tasks", "task_links")
    ]
    counted = duckdb.sql(
        f"SELECT schedule_id, count(*) AS n FROM read_parquet('{tmp_path}/tasks/*/*.parquet', hive_partitioning=true) "
        "GROUP BY ALL"
    ).fetchall()
    assert {str(id_): n for id_, n in counted} == {s.id: len(s.tasks()) for s in portfolio}


def test_polars_reads_it_as_it_is(portfolio, tmp_path):
    polars = pytest.importorskip("polars")
    portfolio.to_parquet(tmp_path, ["tasks"])
    scanned = polars.scan_parquet(
        f"{tmp_path}/tasks/", hive_partitioning=True, missing_columns="insert", extra_columns="ignore"
    )
    counted = scanned.group_by("schedule_id").len().collect()
    assert dict(counted.iter_rows()) == {s.id: len(s.tasks()) for s in portfolio}


@pytest.mark.parametrize("lazy", [False, True], ids=["pandas", "dask"])
def test_it_is_read_back_with_the_declared_dtypes(portfolio, tmp_path, lazy):
    if lazy:
        pytest.importorskip("dask.dataframe")
    portfolio.to_parquet(tmp_path, ["tasks"])
    frame = bn.read_dataset(tmp_path, lazy=lazy)["tasks"]
    assert frame.columns[0] == "schedule_id"
    frame = frame.compute(scheduler="synchronous") if lazy else frame
    for s in portfolio:
        own = frame[frame["schedule_id"] == s.id].drop(columns="schedule_id").reset_index(drop=True)
        expected = s.table("tasks")
        pd.testing.assert_frame_equal(own[expected.columns], expected, check_categorical=False)


def test_another_run_writes_only_what_is_missing_or_too_old(portfolio, tmp_path):
    first = portfolio.to_parquet(tmp_path, ["tasks"])
    Path(first["path"].iloc[0]).unlink()
    assert portfolio.to_parquet(tmp_path, ["tasks"])["status"].tolist() == ["written", "kept"]
    assert portfolio.to_parquet(tmp_path, ["tasks"], max_age="0s")["status"].tolist() == ["written", "written"]
    assert portfolio.to_parquet(tmp_path, ["tasks"], max_age="1D")["status"].tolist() == ["kept", "kept"]


def test_a_failure_is_a_row_and_the_rest_is_written(tmp_path):
    with Sandbox(rows=30) as sandbox:
        p = _connect(sandbox).portfolio()
        sandbox.faults.add(f"/{p.schedules[0].id}/tasks", status=403, times=None)
        written = p.to_parquet(tmp_path, ["tasks"])
        assert written["status"].tolist()[0] == "failed"
        assert set(written["status"].tolist()[1:]) == {"written"}
        assert "not allowed to read" in written["what_happened"].iloc[0]
        assert len(p.problems[p.problems["schedule"].notna()]) == 1


def test_any_address_that_fsspec_opens(portfolio):
    fsspec = pytest.importorskip("fsspec")
    url = "memory://portfolio"
    portfolio.to_parquet(url, ["tasks"])
    assert len(bn.read_dataset(url, lazy=False)["tasks"]) == sum(len(s.tasks()) for s in portfolio)
    fsspec.filesystem("memory").rm("/portfolio", recursive=True)


def test_what_is_wrong_is_told(portfolio, tmp_path):
    with pytest.raises(bn.InvalidRequest, match="There is no dataset"):
        bn.read_dataset(tmp_path)
    with pytest.raises(bn.InvalidRequest, match="'task_links'"):
        portfolio.to_parquet(tmp_path, ["task_linkz"])
    (tmp_path / "file").write_text("")
    with pytest.raises(bn.InvalidRequest, match="cannot be used"):
        portfolio.to_parquet(tmp_path / "file", ["tasks"])
    with pytest.raises(bn.InvalidRequest, match="cannot be used"):
        portfolio.to_parquet("nosuch://bucket", ["tasks"])
    with pytest.raises(bn.InvalidRequest, match="max_age must be a time span such as '20h' or '1D', not 'soon'"):
        portfolio.to_parquet(tmp_path, ["tasks"], max_age="soon")
    part = Path(portfolio.to_parquet(tmp_path, ["tasks"])["path"].iloc[0])
    part.write_bytes(part.read_bytes()[:-8])
    for lazy in (True, False) if importlib.util.find_spec("dask") else (False,):
        with pytest.raises(bn.InvalidResponse, match=rf"{re.escape(str(part))} cannot be read"):
            bn.read_dataset(tmp_path, lazy=lazy)


def test_a_password_in_an_address_is_not_shown(portfolio):
    fsspec = pytest.importorskip("fsspec")
    written = portfolio.to_parquet("memory://me:open-sesame@host/x", ["tasks"])
    assert written["path"].iloc[0].startswith("memory://***@host/x/tasks/")
    fsspec.filesystem("memory").rm("/me:open-sesame@host", recursive=True)
    for use in (portfolio.to_parquet, bn.read_dataset):
        with pytest.raises(bn.InvalidRequest, match=r"'ftp://\*\*\*@127.0.0.1:1/x' cannot be used: ") as caught:
            use("ftp://me:open-sesame@127.0.0.1:1/x")
        assert "sesame" not in str(caught.value)


def test_without_fsspec_the_command_to_install_it_is_told(portfolio, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(bn.MissingExtra, match=r"bentley-nb\[remote\]"):
        portfolio.to_parquet("s3://bucket", ["tasks"])
