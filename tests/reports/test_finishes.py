"""Tasks without a planned finish do not vanish: it is worked out from what is left to do."""

import pandas as pd
import pytest

from bentley_nb.reports import about, health, late, look_ahead, s_curve, variance
from bentley_nb.reports.basis.tables import Tables
from tests.reports.build import baseline_task, finish_date, rows, schedule, start_date, task, wbs, with_baseline

HOUR = 3600


def running(**members):
    """In progress on Monday 2024-06-03, without a planned finish."""
    return task("a", "2024-05-01", actual="2024-05-01", percentComplete=30, **members)


def finish_of(item, **options):
    return Tables.of(schedule([item], **options)).tasks["planned_finish"].iloc[0]


@pytest.mark.parametrize(
    ("item", "finish"),
    [
        (running(remainingDuration=16 * HOUR, plannedDuration=400 * HOUR), "2024-06-04T17:00Z"),
        (running(plannedDuration=24 * HOUR), "2024-06-05T17:00Z"),
        (running(), "2024-06-03T00:00Z"),  # not over, and nothing says for how long
        (task("a", "2024-06-07", plannedDuration=16 * HOUR), "2024-06-10T17:00Z"),  # over the weekend
        (task("a", "2024-05-06", plannedDuration=8 * HOUR), "2024-05-06T17:00Z"),  # stale, as its start is
        (task("a", "2024-06-07"), None),
        (task("a", plannedDuration=8 * HOUR), None),
        (task("a", "2024-05-01", actual="2024-05-01", done="2024-05-03", plannedDuration=800 * HOUR), None),
        (start_date("a", "2024-06-10", plannedDuration=8 * HOUR), None),
        (finish_date("a", plannedDuration=8 * HOUR), None),
        (wbs("a", plannedStart="2024-06-10T08:00:00Z", plannedDuration=8 * HOUR), None),
    ],
)
def test_where_the_finish_is_put(item, finish):
    found = finish_of(item)
    assert pd.isna(found) if finish is None else found == pd.Timestamp(finish)


def test_without_a_data_date_it_follows_from_the_start():
    assert finish_of(running(plannedDuration=16 * HOUR), data_date=None) == pd.Timestamp("2024-05-02T17:00Z")


def test_a_finish_that_is_there_stays():
    item = task("a", "2024-05-01", "2024-05-10", actual="2024-05-01", remainingDuration=400 * HOUR)
    assert finish_of(item) == pd.Timestamp("2024-05-10T17:00Z")


class TestReports:
    LONG = running(plannedDuration=400 * HOUR, remainingDuration=280 * HOUR)
    SOURCE = with_baseline([LONG], [baseline_task("a", "2024-05-01", "2024-07-09", 400)])
    FINISH = pd.Timestamp("2024-07-19T17:00Z")  # seven weeks of 40 hours from the data date

    def test_it_is_worked_on_in_the_next_weeks(self):
        report = look_ahead(self.SOURCE)
        assert report["finish"].tolist() == [self.FINISH]
        said = [note for note in about(report).notes if "no planned finish" in note]
        assert [note.split(" open")[0] for note in said] == ["1"]

    def test_and_even_where_nothing_says_for_how_long(self):
        report = look_ahead(schedule([running()]))
        assert report["id"].tolist() == ["a"]
        assert any(note.startswith("1 task(s) in progress have neither finish nor") for note in about(report).notes)

    def test_it_is_forecast_late(self):
        row = rows(late(self.SOURCE))["a"]
        assert row["forecast_late"]
        assert row["finish_late_days"] == variance(self.SOURCE)["finish_variance_days"].iloc[0] == 10

    def test_what_remains_is_not_done_the_day_after_the_data_date(self):
        curve = s_curve(self.SOURCE).set_index("date")["forecast_percent"]
        assert curve[pd.Timestamp("2024-06-10", tz="UTC")] == pytest.approx(40)
        assert curve.dropna().iloc[-1] == pytest.approx(100)
        assert curve.dropna().index[-1] > self.FINISH

    def test_it_can_be_the_completion_task(self):
        assert health(self.SOURCE, completion_float="baseline").set_index("check")["value"]["cpli"] < 1
