"""Codes and user fields of a plan: definitions, value trees, assignments and values.

Values of user fields are text whatever the declared type says, and a few do not fit it, as on the live service.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from bentley_nb.sandbox.programme.guids import DAY, Item, guid, guids, instant
from bentley_nb.sandbox.programme.plan import Plan
from bentley_nb.sandbox.programme.resource_items import GROUPS, crew_id, element_resource_ids, group_id
from bentley_nb.sandbox.programme.task_items import baseline_id
from bentley_nb.sandbox.programme.trades import TRADES

COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")


class DemoField(NamedTuple):
    """A user field: name, category, declared type, share of the owners that have a value, and how one is made.

    ``key`` tells fields of equal name apart.
    """

    name: str
    category: str
    type: str
    share: float
    value: Callable[[random.Random, Plan, int], str]
    deleted: bool = False
    key: str = ""


def _pick(*texts: str) -> Callable[[random.Random, Plan, int], str]:
    return lambda rng, _plan, _owner: texts[int(rng.random() * len(texts))]


def _number(low: float, high: float, digits: int) -> Callable[[random.Random, Plan, int], str]:
    return lambda rng, _plan, _owner: f"{low + (high - low) * rng.random():.{digits}f}"


def _day_near(offset: int) -> Callable[[random.Random, Plan, int], str]:
    """Make dates around a task's own dates; owners that are no tasks get one around the data date."""

    def value(rng: random.Random, plan: Plan, owner: int) -> str:
        base = plan.contract[owner].early_start if 0 <= owner < len(plan.rows) else plan.data_date
        return instant((base // DAY + offset + int(rng.random() * 5)) * DAY + 8 * 3600) or ""

    return value


def _or(share: float, odd: str, usual: Callable[[random.Random, Plan, int], str]) -> Callable[..., str]:
    """Return now and then something that does not match the type."""
    return lambda rng, plan, owner: odd if rng.random() < share else usual(rng, plan, owner)


FIELDS = (
    DemoField(
        "Drawing reference", "Task", "String", 0.9, lambda rng, _p, _o: f"S-{int(rng.random() * 900) + 100:05}-C"
    ),
    DemoField("Concrete volume", "Task", "Float", 0.55, _or(0.004, "tbc", _number(4, 420, 2))),
    DemoField("Crew size", "Task", "Integer", 0.95, lambda _rng, plan, owner: str(plan.rows[owner].crew)),
    DemoField("Hold point", "Task", "Boolean", 0.9, _pick("True", "False", "False", "False")),
    DemoField("Permit from", "Task", "StartDate", 0.5, _day_near(-20)),
    DemoField("Inspection due", "Task", "FinishDate", 0.6, _or(0.005, "after the holidays", _day_near(12))),
    DemoField("Cost code", "Task", "String", 0.8, lambda rng, _p, _o: f"{int(rng.random() * 9000):06}"),
    DemoField("Cost code", "Task", "String", 0.3, _pick("A.01", "A.02", "B.07", "Z.99"), key="client"),
    DemoField(
        "Remarks", "Task", "String", 0.06, _pick("=1+1", "Überstunden nötig", '"as built"', "50 %, see note", "NULL")
    ),
    DemoField("Legacy area", "Task", "String", 0.2, _pick("North", "South"), deleted=True),
    DemoField("Supplier", "Resource", "String", 0.9, _pick("Hansen & Sons", "Atlas Supply", "O'Neill Ltd")),
    DemoField("Capacity", "Resource", "Float", 0.7, _or(0.02, "12,5", _number(1, 60, 1))),
    DemoField("Certified until", "Resource", "FinishDate", 0.6, _day_near(300)),
    DemoField("On site", "Resource", "Boolean", 0.8, _pick("True", "False")),
    DemoField("Shift", "ResourceGroup", "String", 1.0, _pick("Day", "Night")),
    DemoField("Headcount limit", "ResourceGroup", "Integer", 1.0, lambda rng, _p, _o: str(10 + int(rng.random() * 60))),
    DemoField("Mass", "Entity3d", "Float", 0.9, _number(120, 9_800, 1)),
    DemoField("Material grade", "Entity3d", "String", 0.8, _pick("C40/50", "S355", "B500B", "Glass VSG 12")),
    DemoField("Pieces", "Entity3d", "Integer", 0.7, _pick("1", "1", "2", "4")),
    DemoField("Checked by surveyor", "Entity3d", "Boolean", 0.6, _pick("True", "False", "True", "unknown")),
)


def field_id(plan: Plan, field: DemoField) -> str:
    """Return the id of a user field."""
    return guid(plan.seed, "user field", field.category, field.name, field.key)


def user_fields(plan: Plan) -> list[Item]:
    """Return the definitions: all declared types, two fields of one name, one deleted."""
    return [
        {
            "id": field_id(plan, field),
            "name": field.name,
            "category": field.category,
            "type": field.type,
            "color": COLORS[number % len(COLORS)].upper() if number % 3 else None,
            "deleted": field.deleted,
        }
        for number, field in enumerate(FIELDS)
    ]


def _values(plan: Plan, category: str, member: str, owners: list[tuple[int, str]]) -> list[Item]:
    rng = random.Random(f"{plan.seed}/values/{category}")
    fields = [(field, field_id(plan, field), field.share) for field in FIELDS if field.category == category]
    draw = rng.random
    return [
        {member: owner_id, "userFieldId": id_, "value": field.value(rng, plan, owner)}
        for owner, owner_id in owners
        for field, id_, share in fields
        if draw() < share
    ]


def task_user_field_values(plan: Plan) -> list[Item]:
    """Return about five values for each activity."""
    return _values(plan, "Task", "taskId", [(index, plan.task_ids[index]) for index in plan.activities()])


def resource_user_field_values(plan: Plan) -> list[Item]:
    """Return the values of crews and of the elements' materials."""
    crews = [crew_id(plan, trade) for trade in TRADES]
    element_id = element_resource_ids(plan)
    elements = [element_id(index) for index, _, _ in plan.modelled]
    return _values(plan, "Resource", "resourceId", [(-1, owner) for owner in [*crews, *elements]])


def resource_group_user_field_values(plan: Plan) -> list[Item]:
    """Return the values of the groups."""
    return _values(plan, "ResourceGroup", "resourceGroupId", [(-1, group_id(plan, name)) for name in GROUPS])


def entity_3d_user_field_values(plan: Plan) -> list[Item]:
    """Return the values of the elements; the largest collection of all."""
    ids = guids(plan.seed, "entity")
    owners = [(-1, ids(f"{index}/{number}")) for index, count, _ in plan.modelled for number in range(count)]
    return _values(plan, "Entity3d", "entity3dId", owners)


# Codes -----------------------------------------------------------------------------------------------------------

ACTIVITY_CODES = ("Trade", "Phase", "Location", "Responsibility")


def code_id(plan: Plan, name: str) -> str:
    """Return the id of a code."""
    return guid(plan.seed, "code", name)


def value_id(plan: Plan, code: str, *path: object) -> str:
    """Return the id of a value of a code."""
    return guid(plan.seed, "code value", code, *path)


def codes(plan: Plan) -> list[Item]:
    """Return the codes of all categories, one of them deleted."""
    kinds = [(name, "Activity", False) for name in ACTIVITY_CODES]
    kinds += [
        ("Contract stage", "Activity", False),
        ("Discipline", "Resource", False),
        ("Shift pattern", "ResourceGroup", False),
        ("Cost head", "Cost", False),
        ("Area (old)", "Activity", True),
    ]
    return [
        {"id": code_id(plan, name), "category": category, "name": name, "deleted": deleted}
        for name, category, deleted in kinds
    ]


def code_values(plan: Plan) -> list[Item]:
    """Return the values of the codes; locations are a tree of towers, levels and zones."""
    items: list[Item] = []

    def add(code: str, path: tuple[object, ...], name: str, description: str, parent: tuple[object, ...] = ()) -> None:
        items.append(
            {
                "id": value_id(plan, code, *path),
                "codeId": code_id(plan, code),
                "name": name,
                "description": description,
                "color": COLORS[len(items) % len(COLORS)],
                "parentId": value_id(plan, code, *parent) if parent else None,
                "deleted": code == "Area (old)",
            }
        )

    for number, trade in enumerate(TRADES, 1):
        add("Trade", (trade,), f"{number:02}", trade)
    for phase in dict.fromkeys(row.phase for row in plan.rows if row.phase):
        add("Phase", (phase,), phase, f"Phase: {phase}")
    for company in dict.fromkeys(company for _, company, _, _ in TRADES.values()):
        add("Responsibility", (company,), "".join(word[0] for word in company.split() if word != "&"), company)
    seen: set[tuple[object, ...]] = set()
    for place in dict.fromkeys((row.building, row.level, row.zone) for row in plan.rows if row.level is not None):
        path = tuple(part for part in place if part is not None)
        for depth in range(1, len(path) + 1):
            if path[:depth] not in seen:
                seen.add(path[:depth])
                name = f"Tower {place[0] + 1}" if depth == 1 else str(path[depth - 1])
                add("Location", path[:depth], name, f"Location: {name}", path[: depth - 1])
    for stage in ("Tender", "Contract"):
        add("Contract stage", (stage,), stage, f"{stage} programme")
    for discipline in ("Structure", "Architecture", "Services"):
        add("Discipline", (discipline,), discipline[:3].upper(), discipline)
    for shift in ("Day", "Night"):
        add("Shift pattern", (shift,), shift, f"{shift} shift")
    add("Cost head", ("01",), "01", "Direct works")
    add("Area (old)", ("N",), "N", "North")
    return items


def task_code_value_assignments(plan: Plan) -> list[Item]:
    """Return trade, phase, location and responsibility of each activity; some have two companies responsible."""
    rng = random.Random(f"{plan.seed}/codes")
    trades = {trade: value_id(plan, "Trade", trade) for trade in TRADES}
    companies = {trade: value_id(plan, "Responsibility", TRADES[trade][1]) for trade in TRADES}
    phases = {row.phase: value_id(plan, "Phase", row.phase) for row in plan.rows if row.phase}
    places: dict[tuple[object, ...], str] = {}
    main = companies["Preliminaries"]
    items: list[Item] = []
    for index in plan.leaves():
        row, task = plan.rows[index], plan.task_ids[index]
        values = [companies[row.trade]]
        if row.type == "Work":
            values.append(trades[row.trade])
        if row.phase:
            values.append(phases[row.phase])
        if row.level is not None:
            place = row.building, row.level, row.zone
            if place not in places:
                places[place] = value_id(plan, "Location", *(part for part in place if part is not None))
            values.append(places[place])
        if companies[row.trade] != main and rng.random() < 0.1:
            values.append(main)
        items.extend({"codeValueId": value, "taskId": task} for value in values)
    return items


def resource_code_value_assignments(plan: Plan) -> list[Item]:
    """Return the discipline of the crews."""
    services = ("Mechanical", "Plumbing", "Electrical", "Fire Protection", "Lifts", "Commissioning")
    finishes = ("Facade", "Drylining", "Finishes", "Joinery", "External Works")
    items = []
    for trade in TRADES:
        discipline = "Services" if trade in services else "Architecture" if trade in finishes else "Structure"
        items.append({"codeValueId": value_id(plan, "Discipline", discipline), "resourceId": crew_id(plan, trade)})
    return items


def resource_group_code_value_assignments(plan: Plan) -> list[Item]:
    """Shift of the groups."""
    return [
        {"codeValueId": value_id(plan, "Shift pattern", "Day"), "resourceGroupId": group_id(plan, name)}
        for name in GROUPS
    ]


def baseline_code_value_assignments(plan: Plan) -> list[Item]:
    """Return the stage of the baselines."""
    return [{"codeValueId": value_id(plan, "Contract stage", "Contract"), "baselineId": baseline_id(plan)}]
