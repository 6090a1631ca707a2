"""Working time against a count of minutes."""

from __future__ import annotations

import random

import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox.programme.calendar_items import demo_calendars
from bentley_nb.sandbox.programme.guids import DAY, instant, moment
from bentley_nb.sandbox.programme.working_time import WorkingCalendar

FIRST, LAST = moment("2024-11-01T00:00:00Z"), moment("2025-06-30T00:00:00Z")
CALENDARS = demo_calendars("test")[:3]


@pytest.fixture(params=CALENDARS, ids=lambda item: item["name"])
def calendar(request: pytest.FixtureRequest) -> WorkingCalendar:
    return WorkingCalendar(request.param, FIRST, LAST)


def test_positions_and_instants_are_inverse(calendar: WorkingCalendar) -> None:
    rng = random.Random(3)
    for _ in range(500):
        when = rng.randrange(FIRST + DAY, LAST - 10 * DAY)
        worked = calendar.work_at(when)
        start, finish = calendar.start_at(worked), calendar.finish_at(worked)
        assert calendar.work_at(start) == calendar.work_at(finish) == worked
        assert finish <= when <= start or calendar.work_at(when - 1) < worked < calendar.work_at(when + 1)


def test_a_holiday_a_half_day_and_a_worked_saturday() -> None:
    office = WorkingCalendar(CALENDARS[0], FIRST, LAST)

    def hours(day: str) -> float:
        start = moment(f"{day}T00:00:00Z")
        return office.between(start, start + DAY) / 3600

    assert hours("2024-12-23") == 8
    assert hours("2024-12-24") == 4
    assert hours("2024-12-25") == 0
    assert hours("2025-04-18") == 0, "Good Friday"
    assert hours("2025-04-21") == 0, "Easter Monday"
    assert hours("2025-05-10") == 0
    assert hours("2025-05-17") == 8, "the crane was climbed"


def test_lunch_is_no_work() -> None:
    office = WorkingCalendar(CALENDARS[0], FIRST, LAST)
    noon = office.work_at(moment("2025-03-05T12:00:00Z"))
    assert instant(office.finish_at(noon)) == "2025-03-05T12:00:00Z"
    assert instant(office.start_at(noon)) == "2025-03-05T13:00:00Z"
    assert office.work_at(moment("2025-03-05T12:30:00Z")) == noon


def test_beyond_its_days_a_calendar_gives_no_answer(calendar: WorkingCalendar) -> None:
    for ask in (calendar.work_at, calendar.start_at, calendar.finish_at):
        with pytest.raises(InvalidRequest, match=r"does not reach|ends before"):
            ask(10**10)
    with pytest.raises(InvalidRequest, match="does not reach to 2020"):
        calendar.work_at(moment("2020-01-01T00:00:00Z"))


def test_a_day_that_ends_at_midnight() -> None:
    around = {"id": "d", "type": "Normal", "timeBlocks": [{"startTime": "00:00", "endTime": "00:00"}]}
    item = {
        "id": "c",
        "name": "Curing",
        "dayTypes": [around],
        "exceptions": [],
        "week": dict.fromkeys(CALENDARS[0]["week"], "d"),
    }
    calendar = WorkingCalendar(item, FIRST, LAST)
    assert calendar.between(FIRST, FIRST + 3 * DAY) == 3 * DAY
