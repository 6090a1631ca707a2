"""Edges of periods, and amounts spread over working time, against counting hour by hour."""

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.frames import frame_from_items
from bentley_nb.reports.basis.periods import Growth, period_edges
from bentley_nb.reports.basis.worktime import WorkingTime
from tests.reports.small import calendar

FIVE = WorkingTime(frame_from_items("calendars", [calendar(), calendar("seven", 7, (("06:00", "18:00"),))]))


def utc(text):
    return pd.Timestamp(text, tz="UTC")


def spread(amount, start, finish, at, calendar_id=None):
    dates = pd.DataFrame({"start": pd.to_datetime(start, utc=True), "finish": pd.to_datetime(finish, utc=True)})
    ids = pd.Series(calendar_id or ["five"] * len(dates), dtype=object)
    return Growth(FIVE, np.array(amount, dtype=float), dates, ids).by(pd.DatetimeIndex(pd.to_datetime(at, utc=True)))


@pytest.mark.parametrize(
    ("period", "edges"),
    [
        ("D", ["2024-05-31", "2024-06-01", "2024-06-02", "2024-06-03"]),
        ("W", ["2024-05-27", "2024-06-03"]),
        ("w", ["2024-05-27", "2024-06-03"]),
        ("W-SAT", ["2024-05-26", "2024-06-02", "2024-06-09"]),
        ("w-sat", ["2024-05-26", "2024-06-02", "2024-06-09"]),
        ("M", ["2024-05-01", "2024-06-01", "2024-07-01"]),
        ("m", ["2024-05-01", "2024-06-01", "2024-07-01"]),
        ("ME", ["2024-05-01", "2024-06-01", "2024-07-01"]),
        ("Q", ["2024-04-01", "2024-07-01"]),
        ("Y", ["2024-01-01", "2025-01-01"]),
    ],
)
def test_edges_enclose_the_dates(period, edges):
    found = period_edges(utc("2024-05-31 08:00"), utc("2024-06-02 17:00"), period)
    assert [f"{edge:%Y-%m-%d}" for edge in found] == edges
    assert str(found.dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize(
    ("period", "zone", "edges"),
    [
        ("W", "America/New_York", ["2024-05-27T04:00", "2024-06-03T04:00"]),
        ("W", "Asia/Dubai", ["2024-05-26T20:00", "2024-06-02T20:00"]),
        ("M", "America/New_York", ["2024-05-01T04:00", "2024-06-01T04:00", "2024-07-01T04:00"]),
    ],
)
def test_edges_are_midnights_of_the_zone(period, zone, edges):
    found = period_edges(utc("2024-05-31 08:00"), utc("2024-06-02 17:00"), period, zone)
    assert [f"{edge:%Y-%m-%dT%H:%M}" for edge in found] == edges
    assert str(found.dtype) == "datetime64[us, UTC]"


def test_edges_where_clocks_change():
    cairo = period_edges(utc("2024-04-25 08:00"), utc("2024-04-27 08:00"), "D", "Africa/Cairo")
    assert [f"{edge:%d %H}" for edge in cairo] == ["24 22", "25 22", "26 21", "27 21"]
    hours = period_edges(utc("2024-03-31 00:00"), utc("2024-03-31 03:00"), "h", "Europe/London")  # 01:00 is left out
    assert hours.is_unique
    assert [f"{edge:%H}" for edge in hours] == ["00", "01", "02", "03"]


def test_an_unknown_zone():
    with pytest.raises(InvalidRequest, match="There is no time zone 'Dubai'"):
        period_edges(utc("2024-05-27"), utc("2024-06-03"), "W", "Dubai")


def test_an_instant_at_an_edge_ends_the_period_before_it():
    assert len(period_edges(utc("2024-05-27"), utc("2024-06-03"), "W")) == 2


@pytest.mark.parametrize("period", ["fortnight", "", "7", None])
def test_an_unknown_period_is_answered_with_the_known_ones(period):
    with pytest.raises(InvalidRequest, match='Use "D", "W"'):
        period_edges(utc("2024-05-27"), utc("2024-06-03"), period)


def test_a_wrong_year_is_an_error_and_not_a_million_rows():
    with pytest.raises(InvalidRequest, match="One of the dates is likely wrong"):
        period_edges(utc("0001-01-01"), utc("2924-06-03"), "D")


def test_a_week_of_work_grows_by_a_fifth_each_working_day():
    days = ["2024-06-03", "2024-06-04", "2024-06-05", "2024-06-06", "2024-06-07", "2024-06-08", "2024-06-10"]
    assert spread([100], ["2024-06-03 08:00"], ["2024-06-07 17:00"], days) == pytest.approx(
        [0, 20, 40, 60, 80, 100, 100]
    )


def test_nothing_grows_over_the_weekend():
    at = ["2024-06-07 17:00", "2024-06-09 12:00", "2024-06-10 08:00"]
    assert spread([10], ["2024-06-06 08:00"], ["2024-06-11 17:00"], at) == pytest.approx([5, 5, 5])


def test_what_takes_no_working_time_is_done_at_its_finish():
    saturday = ["2024-06-08 09:00"], ["2024-06-08 15:00"]
    assert spread([7], *saturday, ["2024-06-08 14:59", "2024-06-08 15:00"]).tolist() == [0, 7]


def test_one_date_is_enough_and_none_never_comes():
    at = ["2024-06-03", "2024-06-04", "2030-01-01"]
    dates = ["2024-06-04", None, None], [None, "2024-06-03", None]
    assert spread([1, 2, 4], *dates, at).tolist() == [2, 3, 3]


def test_a_finish_before_its_start_counts_at_the_start():
    assert spread([1], ["2024-06-05"], ["2024-06-03"], ["2024-06-04", "2024-06-05"]).tolist() == [0, 1]


def test_random_spans_on_two_calendars_match_a_plain_sum():
    random = np.random.default_rng(3)
    start = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(random.integers(0, 4000, 300), unit="h")
    finish = start + pd.to_timedelta(random.integers(0, 900, 300), unit="h")
    amount = random.random(300) * 100
    ids = pd.Series(random.choice(["five", "seven"], 300), dtype=object)
    at = pd.date_range("2023-12-30", "2024-09-01", freq="31h", tz="UTC")

    expected = np.zeros(len(at))
    for one, s, f, key in zip(amount, start, finish, ids, strict=True):
        whole = FIVE.working_hours(s, f, key)[0]
        inside = pd.DatetimeIndex(np.clip(at, s, f))
        expected += one * (FIVE.working_hours(s, inside, key) / whole if whole > 0 else (at >= f).astype(float))
    found = Growth(FIVE, amount, pd.DataFrame({"start": start, "finish": finish}), ids).by(at)
    assert found == pytest.approx(expected, abs=1e-6)
    assert (np.diff(found) >= 0).all()
    assert found[-1] == pytest.approx(amount.sum())
