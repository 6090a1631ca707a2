"""The calendars of the demo project: five, six and seven days a week, holidays, a worked Saturday."""

from __future__ import annotations

from datetime import date, timedelta

from bentley_nb.sandbox.programme.guids import Item, guid
from bentley_nb.sandbox.programme.working_time import WEEKDAYS

FIVE_DAY, SIX_DAY, SEVEN_DAY = 0, 1, 2
HOURS_PER_DAY = (8, 8, 10)
YEARS = range(2024, 2041)

_SHIFTS = {
    "Normal": (("08:00", "12:00"), ("13:00", "17:00")),
    # The same hours as in the office: what follows on another calendar starts without a gap, as it does on site.
    "Site": (("08:00", "12:00"), ("13:00", "17:00")),
    "Continuous": (("08:00", "12:00"), ("13:00", "19:00")),
    "Half day": (("08:00", "12:00"),),
    "Off": (),
}
_DESCRIPTIONS = {
    "Normal": "Normal Working Day",
    "Site": "Site Working Day",
    "Continuous": "Double-Manned Day",
    "Half day": "Half Day",
    "Off": "Non-Working Day",
}
_COLORS = {"Normal": "#ffffff", "Site": "#fff2cc", "Continuous": "#d9ead3", "Half day": "#cfe2f3", "Off": "#d4d0c8"}


def demo_calendars(seed: object) -> list[Item]:
    """Return the calendars in a fixed order: five-day, six-day, seven-day, and one that was deleted.

    ``exceptions`` items are ``{"date", "dayTypeId"}``; their shape on the live service is not documented.
    """
    holidays = [(day, "Off") for year in YEARS for day in _holidays(year)]
    half_days = [(date(year, 12, 24), "Half day") for year in YEARS if date(year, 12, 24).weekday() < 5]
    # The tower crane was climbed on a Saturday, with the office staff on site.
    worked_saturdays = [(date(2024, 9, 21), "Normal"), (date(2025, 5, 17), "Normal")]
    five = _calendar(
        seed,
        "Standard 5-day week",
        ["Normal"] * 5 + ["Off"] * 2,
        [*holidays, *half_days, *worked_saturdays],
    )
    # The site works on Christmas Eve; without an exception of its own it would have its parent's half day.
    whole_days = [(day, "Site") for day, _ in half_days]
    six = _calendar(seed, "Site 6-day week", ["Site"] * 6 + ["Off"], [*holidays, *whole_days], parent=five["id"])
    seven = _calendar(
        seed,
        "Continuous 7-day week",
        ["Continuous"] * 7,
        [(date(year, 12, 25), "Off") for year in YEARS],
    )
    old = _calendar(seed, "Winter working 2023", ["Half day"] * 5 + ["Off"] * 2, [], parent=five["id"])
    return [five, six, seven, old | {"deleted": True}]


def _calendar(
    seed: object, name: str, week: list[str], exceptions: list[tuple[date, str]], parent: str | None = None
) -> Item:
    used = dict.fromkeys([*week, *(kind for _, kind in exceptions)])
    ids = {kind: guid(seed, "calendar", name, kind) for kind in used}
    return {
        "id": guid(seed, "calendar", name),
        "name": name,
        "parentId": parent,
        "dayTypes": [
            {
                "id": ids[kind],
                "type": "Normal" if _SHIFTS[kind] else "NonWorking",
                "description": _DESCRIPTIONS[kind],
                "color": _COLORS[kind],
                "timeBlocks": [{"startTime": start, "endTime": end} for start, end in _SHIFTS[kind]],
            }
            for kind in used
        ],
        "exceptions": [{"date": f"{day}T00:00:00Z", "dayTypeId": ids[kind]} for day, kind in sorted(exceptions)],
        "week": {f"{weekday}DayTypeId": ids[kind] for weekday, kind in zip(WEEKDAYS, week, strict=True)},
        "deleted": False,
    }


def _holidays(year: int) -> list[date]:
    """Return the public holidays on weekdays, and the shutdown between Christmas and New Year."""
    easter = _easter(year)
    days = [
        date(year, 1, 1),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        date(year, 5, 1),
        easter + timedelta(days=39),
        *(date(year, 12, day) for day in range(25, 32)),
    ]
    return sorted(day for day in days if day.weekday() < 6)


def _easter(year: int) -> date:
    """Return Easter Sunday by Butcher's rule (Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
