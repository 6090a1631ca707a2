"""Dates are shown, and days counted, in the zone of ``options.display_zone`` unless another is asked for."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.errors import InvalidRequest
from bentley_nb.reports import about
from tests.charts import plan


def test_exports_and_charts_follow_the_option(tmp_path: Path) -> None:
    bn.options.display_zone = "Asia/Dubai"
    source = plan.small()
    book = bn.export.to_excel(tmp_path / "a.xlsx", {"Late": bn.reports.late(source)})
    heads = [cell.value for cell in openpyxl.load_workbook(book)["Late"][1]]
    assert any("(Asia/Dubai)" in str(head) for head in heads)
    assert "dates in Asia/Dubai" in bn.export.to_html(tmp_path / "a.html", source).read_text(encoding="utf-8")
    assert "dates in Asia/Dubai" in str(bn.charts.gantt(source).layout.title.subtitle.text)
    assert "dates in UTC" in str(bn.charts.gantt(source, zone="UTC").layout.title.subtitle.text)


def test_weeks_and_periods_begin_there() -> None:
    bn.options.display_zone = "Asia/Dubai"
    source = plan.small()
    assert about(bn.reports.s_curve(source)).facts["zone"] == "Asia/Dubai"
    midnight = pd.Timestamp("2024-06-03T00:00", tz="Asia/Dubai")
    weeks = bn.reports.look_ahead(source, week_start="monday")["week_starting"].dropna()
    assert len(weeks)
    assert {each.tz_convert("Asia/Dubai").time() for each in weeks} == {midnight.time()}
    with pytest.raises(InvalidRequest, match="no time zone 'Mars'"):
        bn.reports.s_curve(source, zone="Mars")
