"""Forward and backward pass: hand-checkable cases, and every date and float that Primavera stored."""

import itertools

import pandas as pd
import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.reports.basis.calendars import CalendarRules
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.clock import ALWAYS, Clock
from bentley_nb.reports.cpm.model import Model, timestamp
from bentley_nb.reports.cpm.passes import (
    FF,
    FINISH_MILESTONE,
    FS,
    LONG_HAMMOCK,
    SF,
    SHORT_HAMMOCK,
    SS,
    START_MILESTONE,
    Activity,
    CircularLogicError,
    Link,
    Network,
    NetworkDates,
    NetworkOptions,
)
from tests.reports import logic_oracles
from tests.reports.real import dataset

HOUR, DAY = 3600, 8 * 3600
EIGHT = (((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)),) * 5 + ((), ())


def at(day, time="08:00"):
    return int(pd.Timestamp(f"2026-{day}T{time}Z").timestamp())


NOW = at("03-09")
CLOCK = Clock(CalendarRules("five", "five", EIGHT), NOW)
DAYLONG = Clock(ALWAYS, NOW)


def work(days, clock=CLOCK, **members):
    return Activity(clock, int(days * DAY), **members)


def done(start, finish):
    return work(0, actual_start=at(start), actual_finish=at(finish, "17:00"))


def started(day, left):
    return work(left, actual_start=at(day))


def link(before, after, kind=FS, lag_days=0.0, clock=None):
    return Link(before, after, kind, int(lag_days * DAY), clock)


def passes(activities, links, **options):
    network = Network(activities, links, DAYLONG)
    return NetworkDates(network, NetworkOptions(NOW, NOW, **options)).forward().backward()


def dates(schedule, n):
    """Early start and finish of a task as month-day, with the time where it is no shift's end."""

    def short(seconds):
        moment = timestamp(seconds)
        return f"{moment:%m-%d}" if moment.hour in (8, 17) else f"{moment:%m-%d %H:%M}"

    return short(schedule.early_start[n]), short(schedule.early_finish[n])


def float_days(schedule, n):
    return schedule.total_float(n) / DAY


class TestHandCheckable:
    """A week of five days, eight hours a day; the data date is Monday 9 March 2026, 08:00."""

    def test_01_completed_work_carries_the_logic(self):
        network = [work(5), done("02-25", "02-27"), work(2)], [link(0, 1), link(1, 2)]
        retained = passes(*network)
        assert (dates(retained, 2), float_days(retained, 0)) == (("03-16", "03-17"), 0)
        override = passes(*network, override=True)
        assert (dates(override, 2), float_days(override, 2)) == (("03-09", "03-10"), 3)

    def test_02_what_is_left_of_a_lag(self):
        assert dates(passes([done("03-02", "03-04"), work(1)], [link(0, 1, FS, 5)]), 1)[0] == "03-12"

    def test_03_what_is_left_of_a_lag_between_starts(self):
        assert dates(passes([started("03-04", 3), work(1)], [link(0, 1, SS, 5)]), 1)[0] == "03-11"

    def test_04_started_out_of_sequence(self):
        network = [work(5), started("03-04", 2)], [link(0, 1)]
        assert dates(passes(*network), 1) == ("03-16", "03-17")
        override = passes(*network, override=True)
        assert (dates(override, 1), float_days(override, 1)) == (("03-09", "03-10"), 3)

    def test_05_finish_to_finish_keeps_work_in_one_piece(self):
        assert dates(passes([work(5), work(2)], [link(0, 1, FF, 1)]), 1) == ("03-13", "03-16")

    def test_06_start_to_finish(self):
        schedule = passes([work(5), work(2)], [link(0, 1, SF, 3)])
        assert (dates(schedule, 1), float_days(schedule, 1)) == (("03-10", "03-11"), 2)

    @pytest.mark.parametrize(
        ("lag_calendar", "start"),
        [("predecessor", "03-18 17:00"), ("successor", "03-14 17:00"), ("24h", "03-14 17:00")],
    )
    def test_07_lag_calendars(self, lag_calendar, start):
        network = [work(5), work(1, DAYLONG)], [Link(0, 1, FS, 24 * HOUR)]
        assert f"{timestamp(passes(*network, lag_calendar=lag_calendar).early_start[1]):%m-%d %H:%M}" == start

    def test_08_mandatory_finish(self):
        activities = [work(5), work(3, finish_mandatory=at("03-11", "17:00")), work(1)]
        schedule = passes(activities, [link(0, 1), link(1, 2)])
        assert dates(schedule, 1) == ("03-09", "03-11")
        assert (float_days(schedule, 0), float_days(schedule, 2)) == (-5, 1)

    def test_09_finish_no_later_than(self):
        schedule = passes([work(5), work(3, finish_max=at("03-13", "17:00"))], [link(0, 1)])
        assert [float_days(schedule, n) for n in (0, 1)] == [-3, -3]

    def test_10_start_on_yields_to_logic(self):
        on = {"start_min": at("03-12"), "start_max": at("03-12")}
        late = {"start_min": at("03-25"), "start_max": at("03-25")}
        schedule = passes([work(5), work(3, **on), work(1, **late)], [link(0, 1), link(1, 2)])
        assert dates(schedule, 1) == ("03-16", "03-18")
        assert [float_days(schedule, n) for n in (0, 1, 2)] == [-2, -2, 0]

    def test_11_as_late_as_possible(self):
        activities = [work(5), work(1, as_late_as_possible=True), work(2)]
        assert dates(passes(activities, [link(0, 2), link(1, 2)]), 1) == ("03-13", "03-13")

    def test_12_expected_finish(self):
        assert dates(passes([work(2, expected_finish=at("03-18", "17:00")), work(1)], [link(0, 1)]), 1)[0] == "03-19"

    def test_13_a_lead_reaches_no_further_than_the_data_date(self):
        assert dates(passes([work(2), work(1)], [link(0, 1, FS, -5)]), 1)[0] == "03-09"

    def test_14_milestones_stand_at_either_end_of_a_night(self):
        activities = [work(2), work(0, kind=FINISH_MILESTONE), work(0, kind=START_MILESTONE)]
        schedule = passes(activities, [link(0, 1), link(0, 2)])
        assert schedule.early_finish[1] == at("03-10", "17:00")
        assert schedule.early_start[2] == at("03-11", "08:00")

    def test_15_float_to_a_must_finish_date(self):
        assert float_days(passes([work(5)], [], end=at("03-20", "17:00")), 0) == 5

    def test_16_what_is_left_of_a_lag_between_finishes(self):
        assert dates(passes([done("03-02", "03-06"), work(1)], [link(0, 1, FF, 2)]), 1)[1] == "03-10"


def test_hammocks_span_the_longest_or_the_shortest_stretch():
    kinds = (LONG_HAMMOCK, SHORT_HAMMOCK)
    activities = [work(1), work(3), work(2), work(5), *(work(0, kind=kind) for kind in kinds)]
    links = [link(0, 2), link(1, 3)]
    for hammock in (4, 5):
        links += [link(0, hammock, SS), link(1, hammock), link(2, hammock, FF), link(3, hammock, FF)]
    schedule = passes(activities, links)
    assert dates(schedule, 4) == ("03-09", "03-18")
    assert dates(schedule, 5) == ("03-12", "03-12")


def test_a_clock_and_its_inverses():
    noon = CLOCK.position(at("03-09", "12:00"))
    assert (CLOCK.earliest(noon), CLOCK.latest(noon)) == (at("03-09", "12:00"), at("03-09", "13:00"))
    friday = CLOCK.position(at("03-13", "17:00"))
    assert CLOCK.position(at("03-15", "03:00")) == friday
    assert (CLOCK.earliest(friday), CLOCK.latest(friday)) == (at("03-13", "17:00"), at("03-16", "08:00"))
    far = CLOCK.position(at("03-09")) + 60 * 365 * DAY  # the lists are extended, and nothing before them moves
    assert CLOCK.position(CLOCK.earliest(far)) == far
    assert CLOCK.position(CLOCK.latest(-far)) == -far
    assert CLOCK.position(at("03-09", "12:00")) == noon


def test_a_calendar_without_work_is_refused():
    holiday = Clock(CalendarRules("never", "Never", ((),) * 7), NOW)
    with pytest.raises(InvalidRequest, match="The calendar 'Never' has no working time"):
        holiday.earliest(holiday.position(NOW) + 1)


def test_a_night_shift_and_a_day_of_24_hours_are_one_block():
    night = Clock(CalendarRules("night", "Night", (((22 * HOUR, 30 * HOUR),),) * 5 + ((), ())), NOW)
    assert night.position(at("03-10", "06:00")) - night.position(at("03-09", "22:00")) == 8 * HOUR
    assert DAYLONG.position(at("03-10")) - DAYLONG.position(NOW) == 24 * HOUR


@pytest.mark.parametrize("count", [2, 3, 7])
def test_a_circle_is_named(count):
    links = [link(n, (n + 1) % count) for n in range(count)] + [link(count, 0), link(0, count + 1)]
    with pytest.raises(CircularLogicError) as caught:
        Network([work(1)] * (count + 2), links, DAYLONG)
    assert sorted(caught.value.members) == list(range(count))
    for before, after in itertools.pairwise(caught.value.members):
        assert after == (before + 1) % count


@pytest.mark.parametrize(
    ("name", "count"),
    [("hotel", 4217), ("airport_terminal", 66), ("villas5_mdl4d", 62), ("villas5_mdl4ra", 62), ("programme_692", 618)],
)
def test_every_date_and_float_that_primavera_stored(shared, name, count):
    """Early and late start and finish as working positions, and total float, of every open activity."""
    answers = logic_oracles.stored(shared, name)
    planned, must_finish = logic_oracles.project_dates(shared, name)
    model = Model.of(Tables.of(dataset(shared, name)))
    options = NetworkOptions(model.now, max(model.now, planned or 0), override=name == "programme_692", end=must_finish)
    schedule = NetworkDates(model.network(), options).forward().backward()
    codes = model.tables.tasks["user_defined_id"].tolist()
    wrong = []
    for n in model.open:
        clock, answer = model.activities[n].clock, answers[codes[model.task[n]]]
        wrong += [
            (codes[model.task[n]], column)
            for column in logic_oracles.DATES
            if clock.position(getattr(schedule, column)[n]) != clock.position(answer[column])
        ]
        if schedule.total_float(n) != round(float(answer["total_float_hours"]) * HOUR):
            wrong.append((codes[model.task[n]], "total float"))
    assert len(model.open) == count
    assert wrong == []
