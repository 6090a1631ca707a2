"""Working time by the calendar's own blocks, against counting minute by minute."""

import datetime as dt
import random

import numpy as np
import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.calendars import ASSUMED, read_calendars
from bentley_nb.reports.basis.worktime import WorkingTime

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def calendar(key, week, exceptions=(), day_types=None, parent=None, name=None):
    """A calendars row; ``week`` names seven day types, ``day_types`` maps a name to its blocks."""
    kinds = day_types or {"work": [("08:00", "12:00"), ("13:00", "17:00")], "off": []}
    return {
        "id": key,
        "name": name or key,
        "parent_id": parent,
        "day_types": [
            {
                "id": kind,
                "type": "Normal" if blocks else "NonWorking",
                "timeBlocks": [{"startTime": a, "endTime": b} for a, b in blocks],
            }
            for kind, blocks in kinds.items()
        ],
        "exceptions": list(exceptions),
        **{f"week_{day}_day_type_id": kind for day, kind in zip(DAYS, week, strict=True)},
    }


def working(*rows, **options):
    return WorkingTime(pd.DataFrame(list(rows)), **options)


FIVE_DAYS = calendar("five", ["work"] * 5 + ["off"] * 2)


def test_a_weekend_is_not_worked():
    assert working(FIVE_DAYS).working_hours("2024-05-31T15:00Z", "2024-06-03T09:00Z", "five").tolist() == [3.0]


def test_backwards_is_negative():
    assert working(FIVE_DAYS).working_hours("2024-06-03T09:00Z", "2024-05-31T15:00Z", "five").tolist() == [-3.0]


def test_a_holiday_is_not_worked():
    row = calendar("five", ["work"] * 5 + ["off"] * 2, [{"date": "2024-06-03T00:00:00Z", "dayTypeId": "off"}])
    assert working(row).working_days("2024-05-31T08:00Z", "2024-06-04T17:00Z", "five").tolist() == [2.0]


def test_five_days_of_seven_hours_thirty_six_are_exactly_five():
    row = calendar("short", ["day"] * 7, day_types={"day": [("08:00", "15:36")]})
    time = working(row)
    assert time.working_days("2024-06-03", "2024-06-08", "short").tolist() == [5.0]
    assert time.days([38.0], "short").tolist() == [5.0]


@pytest.mark.parametrize(
    ("start", "hours", "finish"),
    [
        ("2024-05-31T15:00Z", 2, "2024-05-31T17:00Z"),  # ends with the block, not with the next one's start
        ("2024-05-31T15:00Z", 3, "2024-06-03T09:00Z"),
        ("2024-06-01T10:00Z", 0, "2024-06-01T10:00Z"),  # a Saturday stays where it is
        ("2024-06-01T10:00Z", 8, "2024-06-03T17:00Z"),
        ("2024-06-03T09:00Z", -1, "2024-06-03T08:00Z"),
        ("2024-06-03T09:00Z", -3, "2024-05-31T15:00Z"),
        ("2024-06-03T08:00Z", 40, "2024-06-07T17:00Z"),
        ("2024-06-03T08:00Z", 400, "2024-08-09T17:00Z"),
    ],
)
def test_adding_hours(start, hours, finish):
    assert working(FIVE_DAYS).add_working_hours(start, hours, "five")[0] == pd.Timestamp(finish)


class TestHoursPerDay:
    def test_is_the_commonest_working_day(self):
        row = calendar(
            "c",
            ["long"] * 4 + ["short", "off", "off"],
            day_types={
                "long": [("07:00", "12:00"), ("13:00", "17:00")],
                "short": [("08:00", "12:00")],
                "off": [],
            },
        )
        assert working(row).hours_per_day("c").tolist() == [9.0]

    def test_is_the_commonest_even_where_it_is_the_shorter(self):
        row = calendar(
            "c",
            ["short"] * 4 + ["long", "off", "off"],
            day_types={
                "long": [("08:00", "17:00")],
                "short": [("08:00", "12:00")],
                "off": [],
            },
        )
        assert working(row).hours_per_day("c").tolist() == [4.0]

    def test_is_the_longest_of_equally_common_ones(self):
        row = calendar(
            "c",
            ["a", "b", "off", "off", "off", "off", "off"],
            day_types={
                "a": [("08:00", "12:00")],
                "b": [("08:00", "16:00")],
                "off": [],
            },
        )
        assert working(row).hours_per_day("c").tolist() == [8.0]

    def test_a_calendar_without_work_has_none_and_says_so(self):
        time = working(calendar("never", ["off"] * 7))
        assert np.isnan(time.hours_per_day("never")).all()
        assert time.working_hours("2024-01-01", "2025-01-01", "never").tolist() == [0.0]
        assert time.add_working_hours("2024-01-01", 1, "never").isna().all()
        assert time.notes(["never"]) == ["Calendar 'never' has no working time; its days cannot be counted."]

    def test_a_week_without_work_takes_it_from_the_exceptions(self):
        row = calendar("only", ["off"] * 7, [{"date": "2024-06-05", "dayTypeId": "work"}])
        time = working(row)
        assert time.hours_per_day("only").tolist() == [8.0]
        assert time.working_hours("2024-06-01", "2024-07-01", "only").tolist() == [8.0]
        assert time.add_working_hours("2024-06-01", 5, "only")[0] == pd.Timestamp("2024-06-05T14:00Z")
        assert time.add_working_hours("2024-06-01", 9, "only").isna().all()
        assert time.add_working_hours("2024-07-01", -8, "only")[0] == pd.Timestamp("2024-06-05T08:00Z")


class TestUnknownCalendars:
    def test_fall_back_on_a_named_calendar(self):
        time = working(FIVE_DAYS)
        ids = pd.Series(["five", "gone", pd.NA], dtype="string")
        assert time.names(ids).tolist() == ["five", "five", "five"]
        assert time.notes(ids) == ["2 of 3 rows have no known calendar; their working time is counted on 'five'."]

    def test_without_any_calendar_the_assumption_is_named(self):
        time = WorkingTime(None)
        assert time.hours_per_day(["x"]).tolist() == [8.0]
        assert ASSUMED.name in time.notes(["x"])[0]

    def test_of_several_calendars_none_is_preferred_silently(self):
        time = working(FIVE_DAYS, calendar("seven", ["work"] * 7))
        assert time.names(["gone"]).tolist() == [ASSUMED.name]
        assert working(FIVE_DAYS, calendar("seven", ["work"] * 7), default="seven").names(["gone"]).tolist() == [
            "seven"
        ]

    def test_an_unknown_default_is_an_error(self):
        with pytest.raises(InvalidRequest, match=r"no calendar 'fife'.*\n.*Did you mean 'five'"):
            working(FIVE_DAYS, default="fife")


class TestBlocks:
    def test_midnight_ends_the_day(self):
        row = calendar("c", ["d"] * 7, day_types={"d": [("01:00", "12:00"), ("13:00", "00:00")]})
        time = working(row)
        assert time.hours_per_day("c").tolist() == [22.0]
        assert time.working_hours("2024-06-01T23:00", "2024-06-02T02:00", "c").tolist() == [2.0]

    def test_from_midnight_to_midnight_is_a_whole_day(self):
        time = working(calendar("c", ["d"] * 7, day_types={"d": [("00:00", "00:00")]}))
        assert time.hours_per_day("c").tolist() == [24.0]
        assert time.working_hours("2024-06-01T13:00", "2024-06-03T13:00", "c").tolist() == [48.0]

    def test_a_night_shift_belongs_to_the_day_it_begins(self):
        row = calendar("night", ["n"] * 5 + ["off"] * 2, day_types={"n": [("22:00", "06:00")], "off": []})
        time = working(row)
        assert time.hours_per_day("night").tolist() == [8.0]
        # Friday night ends on Saturday morning; Monday begins at 22:00
        assert time.working_hours("2024-05-31T12:00", "2024-06-03T12:00", "night").tolist() == [8.0]
        assert time.add_working_hours("2024-05-31T12:00", 8, "night")[0] == pd.Timestamp("2024-06-01T06:00Z")
        assert time.add_working_hours("2024-05-31T12:00", 9, "night")[0] == pd.Timestamp("2024-06-03T23:00Z")

    def test_a_cancelled_night_takes_its_morning_along(self):
        row = calendar(
            "night", ["n"] * 7, [{"date": "2024-06-05", "dayTypeId": "off"}], {"n": [("22:00", "06:00")], "off": []}
        )
        time = working(row)
        assert time.working_hours("2024-06-05", "2024-06-06", "night").tolist() == [6.0]  # rest of the night before
        assert time.working_hours("2024-06-06", "2024-06-07", "night").tolist() == [2.0]

    def test_overlapping_blocks_count_once(self):
        time = working(calendar("c", ["d"] * 7, day_types={"d": [("08:00", "12:00"), ("10:00", "16:00")]}))
        assert time.hours_per_day("c").tolist() == [8.0]

    @pytest.mark.parametrize("block", [("soon", "12:00"), ("25:00", "12:00"), ("08:00", "08:00"), (None, "12:00")])
    def test_unreadable_blocks_are_reported(self, block):
        time = working(calendar("c", ["d"] * 7, day_types={"d": [block, ("13:00", "17:00")]}))
        assert time.hours_per_day("c").tolist() == [4.0]
        assert "Calendar 'c': an unreadable time block is ignored." in time.notes(["c"])

    def test_nonworking_with_blocks_is_not_worked_and_reported(self):
        row = calendar("c", ["work"] * 5 + ["off"] * 2)
        row["day_types"][1]["timeBlocks"] = [{"startTime": "08:00", "endTime": "12:00"}]
        time = working(row)
        assert time.working_hours("2024-06-01", "2024-06-02", "c").tolist() == [0.0]
        assert any("NonWorking has time blocks" in note for note in time.notes(["c"]))


class TestExceptions:
    SATURDAY = ("2024-06-01", "2024-06-02")

    @pytest.mark.parametrize(
        "item",
        [
            {"date": "2024-06-01T00:00:00Z", "dayTypeId": "work"},
            {
                "date": "2024-06-01",
                "dayType": {"type": "Normal", "timeBlocks": [{"startTime": "09:00", "endTime": "17:00"}]},
            },
            {"date": "2024-06-01", "timeBlocks": [{"startTime": "09:00", "endTime": "17:00"}]},
            {"startDate": "2024-06-01", "finishDate": "2024-06-02", "dayTypeId": "work"},
            {"start": "2024-05-30", "end": "2024-06-01", "dayTypeId": "work"},
        ],
    )
    def test_shapes_that_are_read(self, item):
        row = calendar("c", ["work"] * 5 + ["off"] * 2, [item])
        assert working(row).working_hours(*self.SATURDAY, "c").tolist() == [8.0]

    @pytest.mark.parametrize(
        "item",
        [
            {"date": "2024-06-01"},
            {"date": "2024-06-01", "dayTypeId": "unknown"},
            {"date": "someday", "dayTypeId": "work"},
            {"date": "0001-01-01T00:00:00Z", "dayTypeId": "work"},
            {"startDate": "2024-06-02", "finishDate": "2024-06-01", "dayTypeId": "work"},
            {"recurrence": "yearly", "dayTypeId": "work"},
        ],
    )
    def test_shapes_that_are_not_are_reported_and_not_guessed(self, item):
        time = working(calendar("c", ["work"] * 5 + ["off"] * 2, [item]))
        assert time.working_hours(*self.SATURDAY, "c").tolist() == [0.0]
        assert "Calendar 'c': 1 exception(s) in an unknown form are ignored." in time.notes(["c"])


class TestParents:
    def test_a_child_takes_what_it_leaves_open_from_its_parent(self):
        parent = calendar("p", ["work"] * 5 + ["off"] * 2, [{"date": "2024-06-03", "dayTypeId": "off"}])
        child = calendar(
            "k",
            [None] * 5 + ["sat", "off"],
            [{"date": "2024-06-04", "dayTypeId": "off"}],
            {"sat": [("08:00", "12:00")], "off": []},
            parent="p",
        )
        time = working(parent, child)
        assert time.working_hours("2024-06-01", "2024-06-08", ["p", "k"]).tolist() == [32.0, 28.0]

    def test_the_childs_own_exception_wins(self):
        parent = calendar("p", ["work"] * 7, [{"date": "2024-06-03", "dayTypeId": "off"}])
        child = calendar("k", ["work"] * 7, [{"date": "2024-06-03", "dayTypeId": "work"}], parent="p")
        assert working(parent, child).working_hours("2024-06-03", "2024-06-04", ["p", "k"]).tolist() == [0.0, 8.0]

    def test_a_loop_of_parents_ends(self):
        a = calendar("a", ["work"] * 7, parent="b")
        b = calendar("b", ["work"] * 7, parent="a")
        assert working(a, b).hours_per_day(["a", "b"]).tolist() == [8.0, 8.0]

    def test_a_calendar_that_cannot_be_read_at_all_falls_back_by_name(self):
        time = working(FIVE_DAYS, calendar("broken", ["?"] * 7, name="Broken"))
        notes = time.notes(["broken"])
        assert notes[0].startswith("1 of 1 rows have no known calendar")
        assert "Calendars without a readable week: Broken." in notes

    def test_one_unreadable_weekday_is_reported(self):
        time = working(calendar("c", ["?"] + ["work"] * 4 + ["off"] * 2))
        assert time.notes(["c"]) == ["Calendar 'c': monday has an unknown day type and is counted as non-working."]


def test_missing_instants_stay_missing():
    time = working(FIVE_DAYS)
    start = pd.Series(pd.to_datetime(["2024-06-03", None], utc=True))
    assert np.isnan(time.working_hours(start, pd.NaT, "five")).all()
    assert np.isnan(time.working_days(start, "2024-06-04", "five")).tolist() == [False, True]
    assert time.add_working_hours(start, pd.Series([1.0, 1.0]), "five").isna().tolist() == [False, True]
    assert time.add_working_hours("2024-06-03", pd.Series([pd.NA], dtype="Float64"), "five").isna().all()


def test_empty_columns_give_empty_answers():
    time = working(FIVE_DAYS)
    nothing = pd.Series([], dtype="datetime64[us, UTC]")
    assert time.working_hours(nothing, nothing, pd.Series([], dtype="string")).shape == (0,)
    assert len(time.add_working_hours(nothing, [], [])) == 0
    assert time.notes([]) == []


def test_the_ends_of_the_calendar_do_not_break_it():
    time = working(FIVE_DAYS)
    hours = time.working_hours("0001-01-01T00:00Z", "9999-12-31T00:00Z", "five")[0]
    weeks = (dt.date(9999, 12, 31) - dt.date(1, 1, 1)).days / 7
    assert hours == pytest.approx(weeks * 40, rel=1e-4)


def test_lists_from_parquet_are_read_too(tmp_path):
    row = calendar("c", ["work"] * 5 + ["off"] * 2, [{"date": "2024-06-03", "dayTypeId": "off"}])
    pd.DataFrame([row]).to_parquet(tmp_path / "calendars.parquet")
    rules = read_calendars(pd.read_parquet(tmp_path / "calendars.parquet"))
    assert rules["c"].seconds_per_day == 8 * 3600
    assert rules["c"].exceptions == {dt.date(2024, 6, 3): ()}


def minutes_worked(rules, start, finish):
    """The plainest way there is: ask of every minute whether it is worked."""

    def worked(minute):
        second = (minute - minute.normalize()).seconds
        for back in (0, 1):
            day = (minute - pd.Timedelta(days=back)).date()
            blocks = rules.exceptions.get(day, rules.week[day.weekday()])
            if any(a <= second + back * 86400 < b for a, b in blocks):
                return True
        return False

    return [minute for minute in pd.date_range(start, finish, freq="min", inclusive="left") if worked(minute)]


@pytest.mark.parametrize("seed", range(6))
def test_any_calendar_counts_like_a_minute_by_minute_walk(seed):
    chance = random.Random(seed)

    def clock():
        return f"{chance.randrange(24):02}:{chance.choice(('00', '30', '17'))}"

    day_types = {str(n): [(clock(), clock()) for _ in range(chance.randrange(3))] for n in range(4)}
    exceptions = [
        {"date": f"2024-06-{chance.randint(1, 25):02}", "dayTypeId": chance.choice(list(day_types))} for _ in range(6)
    ]
    time = working(calendar("c", [chance.choice(list(day_types)) for _ in DAYS], exceptions, day_types))
    rules = time.rules["c"]
    for _ in range(2):
        start = pd.Timestamp("2024-06-01", tz="UTC") + pd.Timedelta(minutes=chance.randrange(20 * 1440))
        finish = start + pd.Timedelta(minutes=chance.randrange(4 * 1440))
        minutes = minutes_worked(rules, start, finish)
        assert time.working_hours(start, finish, "c")[0] * 60 == pytest.approx(len(minutes))
        if minutes:
            hours = len(minutes) / 60
            assert time.add_working_hours(start, hours, "c")[0] == minutes[-1] + pd.Timedelta(minutes=1)
            assert time.add_working_hours(finish, -hours, "c")[0] == minutes[0]
