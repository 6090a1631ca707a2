"""The two passes on small networks whose answers can be worked out by hand."""

from __future__ import annotations

import pytest

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, SEVEN_DAY, SIX_DAY, demo_calendars
from bentley_nb.sandbox.programme.dating import FF, FS, SF, SS, DatedNetwork, Dependency, Step
from bentley_nb.sandbox.programme.guids import instant, moment
from bentley_nb.sandbox.programme.working_time import WorkingCalendar

SPAN = moment("2024-01-01T00:00:00Z"), moment("2026-01-01T00:00:00Z")
CALENDARS = [WorkingCalendar(item, *SPAN) for item in demo_calendars("test")[:3]]
OFFICE, SITE, CONTINUOUS = CALENDARS[FIVE_DAY], CALENDARS[SIX_DAY], CALENDARS[SEVEN_DAY]
MONDAY = moment("2024-03-04T08:00:00Z")
DAY = 8 * 3600


def schedule(steps: list[Step], *links: tuple[int, int, str, int]) -> list[tuple[str | None, str | None, float]]:
    made = [Dependency(before, after, type_, lag, steps[before].calendar) for before, after, type_, lag in links]
    DatedNetwork(steps, made).schedule(MONDAY)
    return [(instant(s.early_start), instant(s.early_finish), s.total_float / DAY) for s in steps]


@pytest.mark.parametrize(
    ("type_", "lag", "start", "finish", "float_"),
    [
        (FS, 0, "2024-03-11T08:00:00Z", "2024-03-12T17:00:00Z", 0),
        (FS, DAY, "2024-03-12T08:00:00Z", "2024-03-13T17:00:00Z", 0),
        (FS, -DAY, "2024-03-08T08:00:00Z", "2024-03-11T17:00:00Z", 0),
        (SS, DAY, "2024-03-05T08:00:00Z", "2024-03-06T17:00:00Z", 2),
        (FF, 0, "2024-03-07T08:00:00Z", "2024-03-08T17:00:00Z", 0),
        (FF, DAY, "2024-03-08T08:00:00Z", "2024-03-11T17:00:00Z", 0),
        (SF, 4 * DAY, "2024-03-06T08:00:00Z", "2024-03-07T17:00:00Z", 1),
    ],
)
def test_the_four_types_of_link(type_: str, lag: int, start: str, finish: str, float_: float) -> None:
    first, second = schedule([Step(OFFICE, 5 * DAY), Step(OFFICE, 2 * DAY)], (0, 1, type_, lag))
    assert first[:2] == ("2024-03-04T08:00:00Z", "2024-03-08T17:00:00Z")
    assert second == (start, finish, float_)


def test_a_lag_runs_on_its_own_calendar() -> None:
    steps = [Step(OFFICE, 5 * DAY), Step(OFFICE, DAY)]
    DatedNetwork(steps, [Dependency(0, 1, FS, 20 * 3600, CONTINUOUS)]).schedule(MONDAY)
    assert instant(steps[1].early_start) == "2024-03-11T08:00:00Z", "twenty hours of curing fit into the weekend"
    assert steps[0].total_float == 0


def test_a_path_over_two_calendars_has_float_where_one_of_them_rests() -> None:
    before, after = schedule([Step(SITE, 5 * DAY), Step(OFFICE, DAY)], (0, 1, FS, 0))
    assert after[0] == "2024-03-11T08:00:00Z"
    assert (before[2], after[2]) == (1, 0), "the Saturday"


def test_nothing_can_begin_in_a_break() -> None:
    # The second one may start on Saturday at the latest, when the first does not work: its last second is on Friday.
    saturday = moment("2024-03-09T19:00:00Z")
    steps = [Step(OFFICE, 5 * DAY), Step(CONTINUOUS, 10 * 3600, not_later=saturday), Step(OFFICE, 30 * DAY)]
    DatedNetwork(steps, [Dependency(0, 1, SS, 0, OFFICE)]).schedule(MONDAY)
    latest = steps[0].start_work + steps[0].total_float
    assert instant(OFFICE.start_at(latest)) == "2024-03-08T16:59:59Z"


def test_a_deadline_makes_float_negative_and_a_fixed_date_breaks_the_logic() -> None:
    late, _ = schedule(
        [Step(OFFICE, 5 * DAY, not_later=moment("2024-03-07T17:00:00Z")), Step(OFFICE, 10 * DAY)],
    )
    assert late[2] == -1
    fixed = [Step(OFFICE, 5 * DAY), Step(OFFICE, DAY, not_before=MONDAY, fixed=True), Step(OFFICE, 10 * DAY)]
    first, second, _ = schedule(fixed, (0, 1, FS, 0))
    assert second[0] == "2024-03-04T08:00:00Z"
    assert first[2] == 5, "what cannot move holds nothing back"


def test_progress_is_kept_and_the_rest_follows_the_data_date() -> None:
    done = Step(OFFICE, 0, actual_start=MONDAY - 7 * 86_400, actual_finish=MONDAY - 3 * 86_400)
    begun = Step(OFFICE, 2 * DAY, actual_start=MONDAY - 4 * 86_400)
    waiting = Step(OFFICE, DAY)
    _, second, third = schedule([done, begun, waiting], (0, 1, FS, 0), (1, 2, FS, 0))
    assert second[:2] == ("2024-02-29T08:00:00Z", "2024-03-05T17:00:00Z")
    assert third[0] == "2024-03-06T08:00:00Z"


def test_a_hammock_takes_its_dates_and_drives_nothing() -> None:
    steps = [Step(OFFICE, 5 * DAY), Step(OFFICE, 2 * DAY), Step(OFFICE, 0, span=True)]
    first, second, hammock = schedule(steps, (0, 1, FS, 0), (0, 2, SS, 0), (1, 2, FF, 0))
    assert hammock[:2] == (first[0], second[1])
    assert steps[2].remaining == 7 * DAY
    assert first[2] == second[2] == 0


def test_milestones_stand_at_the_end_or_at_the_beginning_of_a_shift() -> None:
    work, end, begin = schedule(
        [Step(OFFICE, 5 * DAY), Step(OFFICE, 0), Step(OFFICE, 0, opening=True)], (0, 1, FS, 0), (1, 2, FS, 0)
    )
    assert end[0] == end[1] == work[1] == "2024-03-08T17:00:00Z"
    assert begin[0] == begin[1] == "2024-03-11T08:00:00Z"


def test_free_float_ends_where_the_next_one_begins() -> None:
    steps = [Step(OFFICE, DAY), Step(OFFICE, 5 * DAY), Step(OFFICE, DAY)]
    schedule(steps, (0, 2, FS, 0), (1, 2, FS, 0))
    assert [step.free_float / DAY for step in steps] == [4, 0, 0]
