"""The items of twelve collections, made up but shaped like the service's.

Rows of link tables (user field values, code assignments, bindings) stand in the order of an id that the service
does not show, as its keyset cursors imply: the ids they refer to repeat, but not in runs. That makes them harder to
compress and to dictionary-encode than a sorted table, and is the honest case.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Item = dict[str, Any]

_WORDS = ("Concrete", "Formwork", "Rebar", "North", "South", "Zone", "Level", "Crew", "Pour", "Steel", "Facade", "MEP")


def guid(chance: random.Random) -> str:
    """A random GUID that is the same on every run."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _guids(chance: random.Random, count: int) -> list[str]:
    return sorted(guid(chance) for _ in range(count))


def _pairs(chance: random.Random, rows: int, first: list[str], second: list[str]) -> Iterator[tuple[str, str]]:
    """Distinct pairs in no order."""
    pairs = [(a, b) for a in first for b in second][:rows]
    chance.shuffle(pairs)
    return iter(pairs)


def _name(chance: random.Random, number: int) -> str:
    return f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} {number}"


def _instant(day: int) -> str:
    return f"{2026 + day // 336}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}T{8 + day % 9:02d}:00:00Z"


def _field_value(chance: random.Random) -> str:
    kind = chance.randrange(5)
    if kind == 0:
        return f"{chance.random() * 1000:.2f}"
    if kind == 1:
        return str(chance.randrange(500))
    if kind == 2:
        return _instant(chance.randrange(700))
    if kind == 3:
        return _name(chance, chance.randrange(40))
    return chance.choice(("true", "false"))


def user_field_values(chance: random.Random, rows: int) -> Iterator[Item]:
    """Twenty fields on each task."""
    for task, field in _pairs(chance, rows, _guids(chance, -(-rows // 20)), _guids(chance, 20)):
        yield {"userFieldId": field, "value": _field_value(chance), "taskId": task}


def tasks(chance: random.Random, rows: int) -> Iterator[Item]:
    """Tasks of 33 members: the 32 of the catalog and one it does not know."""
    ids, statuses, calendars = _guids(chance, rows), _guids(chance, 4), _guids(chance, 5)
    for number, id_ in enumerate(ids):
        start, finished, summary = chance.randrange(600), chance.random() < 0.3, number % 12 == 0
        quantity = chance.randrange(100) / 2
        yield {
            "id": id_,
            "name": _name(chance, number),
            "userDefinedId": f"A{number:06d}",
            "parentId": ids[number // 12] if number else None,
            "isWbs": summary,
            "type": "Work" if number % 50 else "StartKeyDate",
            "status": "Finished" if finished else chance.choice(("Planned", "Started")),
            "statusId": chance.choice(statuses),
            "plannedStart": _instant(start),
            "plannedFinish": _instant(start + 20),
            "plannedDuration": chance.randrange(200) * 3600,
            "actualStart": _instant(start) if finished else None,
            "actualFinish": _instant(start + 20) if finished else None,
            "actualDuration": 36_000 if finished else None,
            "remainingDuration": 0 if finished else 72_000,
            "expectedFinish": None,
            "estimatedFinish": None,
            "percentComplete": 100 if finished else 0,
            "progressType": "Automatic",
            "durationType": "Fixed",
            "constraintType": "NoConstraint",
            "constraintEarlyDate": None,
            "constraintLateDate": None,
            "calendarId": chance.choice(calendars),
            "comment": "",
            "url": "",
            "physicalQuantity": quantity,
            "actualPhysicalQuantity": quantity if finished else 0.0,
            "remainingPhysicalQuantity": 0.0 if finished else quantity,
            "physicalQuantityUnit": "CubicMeter",
            "estimatedRate": 0.0,
            "deleted": False,
            "plannedPhysicalQuantity": quantity,
        }


TASK_INSTANTS = (
    "plannedStart", "plannedFinish", "actualStart", "actualFinish", "expectedFinish", "estimatedFinish",
    "constraintEarlyDate", "constraintLateDate",
)  # fmt: skip


def task_links(chance: random.Random, rows: int) -> Iterator[Item]:
    """Links between tasks."""
    ends, calendar = _guids(chance, rows + 1), guid(chance)
    for id_, before, after in zip(_guids(chance, rows), ends, ends[1:], strict=False):
        yield {
            "id": id_, "predecessorId": before, "successorId": after, "type": "FinishToStart",
            "lag": chance.choice((0, 0, 0, 28_800)), "calendarId": calendar, "createdOn": _instant(chance.randrange(300)),
            "deleted": False,
        }  # fmt: skip


def scheduling_analyses(chance: random.Random, rows: int) -> Iterator[Item]:
    """Float of each task."""
    for task in _guids(chance, rows):
        total = chance.randrange(100) * 3600
        yield {
            "taskId": task, "isCritical": total == 0, "downstreamTotalFloat": total, "downstreamFreeFloat": total // 2,
        }  # fmt: skip


def resource_assignments(chance: random.Random, rows: int) -> Iterator[Item]:
    """Assignments with their three nested objects."""
    resources = _guids(chance, 300)
    for id_, task in zip(_guids(chance, rows), _guids(chance, rows), strict=True):
        count = float(chance.randrange(1, 9))
        yield {
            "id": id_, "taskId": task, "resourceId": chance.choice(resources), "appearanceProfileId": None,
            "actualUtilization": {"resourceCount": 0.0, "resourceUnits": 0.0},
            "plannedUtilization": {
                "percentOfOneResourceUnitPerDay": 100.0, "percentOfTotalResourceUnitsPerDay": 100.0,
                "resourceCount": count, "resourceUnits": count * 8, "resourceUnitsPerDay": 8.0,
            },
            "remainingUtilization": {
                "percentOfOneResourceUnitPerDay": 100.0, "percentOfTotalResourceUnitsPerDay": 100.0,
                "resourceCount": count, "resourceUnits": count * 8, "resourceUnitsPerDay": 8.0,
            },
            "deleted": False,
        }  # fmt: skip


def code_value_assignments(chance: random.Random, rows: int) -> Iterator[Item]:
    """Five codes on each task."""
    for task, value in _pairs(chance, rows, _guids(chance, -(-rows // 5)), _guids(chance, 5)):
        yield {"codeValueId": value, "taskId": task}


def animation_bindings(chance: random.Random, rows: int) -> Iterator[Item]:
    """A task and the 3D element it animates."""
    owners, profiles, resources = _guids(chance, max(1, rows // 4)), _guids(chance, 6), _guids(chance, 300)
    for number in range(rows):
        yield {
            "taskId": chance.choice(owners), "animatedEntityId": f"0x{0x130000000000 + number:x}",
            "appearanceProfileId": chance.choice(profiles), "resourceId": chance.choice(resources),
            "resourceGroupId": None, "resourceAssignmentId": guid(chance), "pathAssignmentId": None, "transformId": None,
        }  # fmt: skip


def entities_3d(chance: random.Random, rows: int) -> Iterator[Item]:
    """3D entities, a tree."""
    ids = _guids(chance, rows)
    for number, id_ in enumerate(ids):
        yield {
            "id": id_, "name": _name(chance, number), "parentId": ids[number // 20] if number else None,
            "iModelElementId": f"0x{0x40000000000 + number:x}",
        }  # fmt: skip


def resources(chance: random.Random, rows: int) -> Iterator[Item]:
    """Resources."""
    calendar = guid(chance)
    for number, id_ in enumerate(_guids(chance, rows)):
        yield {
            "id": id_, "name": _name(chance, number), "description": "", "userDefinedId": f"R{number}", "type": "Labor",
            "parentId": None, "email": None, "leadTime": 0, "renewable": True, "wholeUnits": False, "unitType": "Hour",
            "url": "", "calendarId": calendar, "deleted": False,
        }  # fmt: skip


def user_fields(chance: random.Random, rows: int) -> Iterator[Item]:
    """User fields."""
    for number, id_ in enumerate(_guids(chance, rows)):
        yield {
            "id": id_, "name": f"Field {number}", "category": "Task", "type": "String", "color": None, "deleted": False,
        }  # fmt: skip


def code_values(chance: random.Random, rows: int) -> Iterator[Item]:
    """Values of codes."""
    codes = _guids(chance, 10)
    for number, id_ in enumerate(_guids(chance, rows)):
        yield {
            "id": id_, "codeId": chance.choice(codes), "name": _name(chance, number), "description": "",
            "color": "#00FFAC", "parentId": None, "deleted": False,
        }  # fmt: skip


def codes(chance: random.Random, rows: int) -> Iterator[Item]:
    """Codes."""
    for number, id_ in enumerate(_guids(chance, rows)):
        yield {"id": id_, "category": "Task", "name": f"Code {number}", "deleted": False}


ITEMS: Mapping[str, Callable[[random.Random, int], Iterator[Item]]] = {
    "tasks": tasks,
    "task_links": task_links,
    "task_scheduling_analyses": scheduling_analyses,
    "resource_assignments": resource_assignments,
    "task_user_field_values": user_field_values,
    "task_code_value_assignments": code_value_assignments,
    "animation_bindings": animation_bindings,
    "entities_3d": entities_3d,
    "resources": resources,
    "user_fields": user_fields,
    "code_values": code_values,
    "codes": codes,
}
