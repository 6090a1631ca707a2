"""People, equipment, materials and places of a plan, who works on what, and what was reported about materials."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import lru_cache

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, HOURS_PER_DAY, SIX_DAY
from bentley_nb.sandbox.programme.guids import DAY, Item, guid, guids, instant
from bentley_nb.sandbox.programme.plan import Plan
from bentley_nb.sandbox.programme.trades import TRADES

PEOPLE = (
    ("Ingrid Solberg", "Planner", "Northgate Construction"),
    ("Tomás Ferreira", "Superintendent", "Northgate Construction"),
    ("Aoife Byrne", "General foreman, structure", "Kestrel Structures"),
    ("Dmitri Okafor", "Foreman, facade", "Lumina Facades"),
    ("Mei-Ling Chau", "Foreman, services", "Meridian Building Services"),
    ("Jürgen Weiß", "Foreman, fit-out", "Harrow Interiors"),
)
GROUPS: dict[str, tuple[tuple[str, ...], int]] = {
    "Site management": (("Preliminaries", "Design", "Procurement"), 1),
    "Substructure teams": (("Demolition", "Piling", "Earthworks", "Waterproofing"), 2),
    "Structure teams": (("Concrete", "Reinforcement", "Formwork", "Structural Steel"), 2),
    "Envelope teams": (("Facade", "Roofing"), 3),
    "Services teams": (("Mechanical", "Plumbing", "Electrical", "Fire Protection", "Lifts", "Commissioning"), 4),
    "Fit-out teams": (("Drylining", "Finishes", "Joinery", "External Works"), 5),
}
CATEGORIES: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "Fabrication": (("Ordered", "#cccccc", False), ("In production", "#ffcc00", True), ("Delivered", "#00ccff", True)),
    "Installation": (
        ("Not installed", "#ffffff", False),
        ("Installed", "#00cc00", True),
        ("Inspected", "#006600", True),
        ("Rejected", "#ff0000", True),
    ),
}


def crew_id(plan: Plan, trade: str) -> str:
    """Return the id of the crew of a trade."""
    return guid(plan.seed, "resource", "crew", trade)


def element_resource_ids(plan: Plan) -> Callable[[object], str]:
    """Return the ids, by row, of the materials that the 3D elements of activities belong to."""
    return guids(plan.seed, "resource", "element")


def assignment_ids(plan: Plan) -> Callable[[object], str]:
    """Return the ids, by row and role, of the assignments: ``"7/crew"``, or a machine, material or element."""
    return guids(plan.seed, "assignment")


def group_id(plan: Plan, name: str) -> str:
    """Return the id of a resource group."""
    return guid(plan.seed, "group", name)


def resources(plan: Plan) -> list[Item]:
    """Return companies with crews and people, plant, materials, model elements, and the site down to its zones."""
    return list(_resources(plan))


def _resources(plan: Plan) -> Iterator[Item]:
    companies = dict.fromkeys(company for _, company, _, _ in TRADES.values())
    for number, company in enumerate(companies, 1):
        yield _resource(plan, ("company", company), company, "Human", code=f"CO-{number:02}")
    for number, (trade, (crew, company, _, _)) in enumerate(TRADES.items(), 1):
        yield _resource(
            plan,
            ("crew", trade),
            crew,
            "Human",
            parent=("company", company),
            code=f"{number:04}",
            description=f"{trade} crew",
            calendarId=plan.calendars[SIX_DAY]["id"],
        )
    for number, (person, role, company) in enumerate(PEOPLE, 1):
        yield _resource(
            plan,
            ("person", person),
            person,
            "Human",
            parent=("company", company),
            code=f"P-{number:03}",
            description=role,
            email=f"person{number}@example.com",
        )
    yield _resource(plan, ("node", "Plant"), "Plant", "Equipment", code="PLANT")
    equipment = dict.fromkeys(machine for _, _, machine, _ in TRADES.values() if machine)
    for number, machine in enumerate(equipment, 1):
        yield _resource(
            plan, ("machine", machine), machine, "Equipment", parent=("node", "Plant"), code=f"EQ-{number:02}"
        )
    yield _resource(
        plan, ("machine", "old"), "Mobile crane 60 t", "Equipment", parent=("node", "Plant"), code="EQ-99", deleted=True
    )
    yield _resource(plan, ("node", "Materials"), "Materials", "Material", code="MAT", renewable=False)
    materials = dict.fromkeys(material for _, _, _, material in TRADES.values() if material)
    for number, material in enumerate(materials, 1):
        yield _resource(
            plan,
            ("material", material),
            material,
            "Material",
            parent=("node", "Materials"),
            code=f"{number:03}",
            leadTime=(10 + 5 * number) * 8 * 3600,
            renewable=False,
            wholeUnits=material in ("Curtain wall panels", "Doors and joinery"),
            unitType="Box" if material == "Floor and wall tiles" else "Unknown",
        )
    yield _resource(plan, ("node", "Model"), "Model elements", "Material", code="3D", renewable=False)
    for index, _, what in plan.modelled:
        row = plan.rows[index]
        place = row.name.partition(", ")[2].partition(" (")[0]
        yield _resource(
            plan,
            ("element", index),
            f"{what} {place}".strip(),
            "Material",
            parent=("node", "Model"),
            code=f"3D-{row.code}",
            renewable=False,
            wholeUnits=True,
        )
    yield from _locations(plan)


def _locations(plan: Plan) -> Iterator[Item]:
    yield _resource(plan, ("place", "site"), f"{plan.name} site", "Location", code="SITE")
    seen: set[tuple[object, ...]] = set()
    for building, level, zone in dict.fromkeys((row.building, row.level, row.zone) for row in plan.rows if row.level):
        path = [("place", "site"), ("place", building), ("place", building, level)]
        names = ["", f"Tower {building + 1}", level]
        if zone:
            path.append(("place", building, level, zone))
            names.append(zone)
        for above, here, name in zip(path, path[1:], names[1:], strict=False):
            if here not in seen:
                seen.add(here)
                code = "-".join(str(part).split()[-1] for part in here[1:])
                yield _resource(plan, here, name, "Location", parent=above, code=f"LOC-{code}")


def _resource(
    plan: Plan,
    key: tuple[object, ...],
    name: str,
    type_: str,
    *,
    parent: tuple[object, ...] | None = None,
    code: str = "",
    **members: object,
) -> Item:
    item: Item = {
        "id": guid(plan.seed, "resource", *key),
        "name": name,
        "description": "",
        "userDefinedId": code,
        "type": type_,
        "parentId": guid(plan.seed, "resource", *parent) if parent else None,
        "email": "",
        "leadTime": 0,
        "renewable": True,
        "wholeUnits": False,
        "unitType": "Unknown",
        "url": "",
        "calendarId": plan.calendars[FIVE_DAY]["id"],
        "deleted": False,
    }
    item.update(members)
    return item


def resource_groups(plan: Plan) -> list[Item]:
    """Return groups of crews with the people who lead them, and one that was deleted."""
    planner, superintendent, general, *_ = (guid(plan.seed, "resource", "person", name) for name, _, _ in PEOPLE)
    items = []
    for number, (name, (trades, foreman)) in enumerate(GROUPS.items(), 1):
        items.append(
            {
                "id": group_id(plan, name),
                "name": name,
                "description": ", ".join(trades),
                "userDefinedId": f"GRP-{number:02}",
                "url": "",
                "foremanResourceId": guid(plan.seed, "resource", "person", PEOPLE[foreman][0]),
                "generalForemanResourceId": general if foreman > 1 else None,
                "plannerResourceId": planner,
                "superintendentResourceId": superintendent,
                "deleted": False,
            }
        )
    old = items[-1] | {"id": group_id(plan, "old"), "name": "Night shift 2023", "userDefinedId": "GRP-00"}
    return [*items, old | {"deleted": True}]


def resource_group_members(plan: Plan) -> list[Item]:
    """Return which resource is in which group; the service shows it only group by group."""
    return [
        {"resourceGroupId": group_id(plan, name), "resourceId": resource}
        for name, (trades, foreman) in GROUPS.items()
        for resource in (
            *(crew_id(plan, trade) for trade in trades),
            guid(plan.seed, "resource", "person", PEOPLE[foreman][0]),
        )
    ]


def resource_assignments(plan: Plan) -> list[Item]:
    """Return a crew on each activity, a machine on some, its material, and its elements in the model.

    Units are hours of labour and machines, or an amount of material.
    """
    rng = random.Random(f"{plan.seed}/assignments")
    shown = {index: count for index, count, _ in plan.modelled}
    profile = guid(plan.seed, "profile", "Install")
    crews = {trade: crew_id(plan, trade) for trade in TRADES}
    machines, materials = guids(plan.seed, "resource", "machine"), guids(plan.seed, "resource", "material")
    ids, elements = assignment_ids(plan), element_resource_ids(plan)
    items: list[Item] = []
    for index in plan.activities():
        row, task = plan.rows[index], plan.task_ids[index]
        _, _, machine, material = TRADES[row.trade]
        hours = row.seconds / 3600
        days, done = max(1.0, hours / HOURS_PER_DAY[row.calendar]), plan.percent(index) / 100
        uses: list[tuple[str, str, float, float]] = [("crew", crews[row.trade], row.crew, row.crew * hours)]
        if machine and rng.random() < 0.5:
            uses.append(("machine", machines(machine), 1, hours))
        if material and row.quantity:
            uses.append(("material", materials(material), row.quantity, row.quantity))
        if index in shown:
            uses.append(("element", elements(index), shown[index], shown[index]))
        for role, resource, count, units in uses:
            used_up = role in ("material", "element")
            items.append(
                {
                    "id": ids(f"{index}/{role}"),
                    "taskId": task,
                    "resourceId": resource,
                    "appearanceProfileId": profile if role == "element" else None,
                    "actualUtilization": {
                        "resourceCount": float(count if done and not used_up else count * done),
                        "resourceUnits": round(units * done, 4),
                    },
                    "plannedUtilization": _utilization(count, units, days, 1.0, used_up).copy(),
                    "remainingUtilization": _utilization(count, units, days, 1.0 - done, used_up).copy(),
                    "deleted": False,
                }
            )
    if items:
        old = items[0] | {"id": guid(plan.seed, "assignment", "deleted"), "deleted": True}
        items.append(old)
    return items


@lru_cache(maxsize=10_000)
def _utilization(count: float, units: float, days: float, share: float, used_up: bool) -> Item:
    daily = units / days if share else 0.0
    return {
        "percentOfOneResourceUnitPerDay": (100.0 if not used_up else round(100 / days, 4)) if share else 0.0,
        "percentOfTotalResourceUnitsPerDay": round(100 * daily / (units * share), 4) if units * share else 0.0,
        "resourceCount": float(count if share and not used_up else count * share),
        "resourceUnits": round(units * share, 4),
        "resourceUnitsPerDay": round(daily, 4),
    }


def resource_status_categories(plan: Plan) -> list[Item]:
    """Return what is reported about materials."""
    return [{"id": guid(plan.seed, "status category", name), "name": name} for name in CATEGORIES]


def resource_status_sets(plan: Plan) -> list[Item]:
    """Return one set of statuses per category."""
    return [
        {
            "id": guid(plan.seed, "status set", name),
            "name": f"{name} of elements",
            "statusCategoryId": guid(plan.seed, "status category", name),
            "deleted": False,
        }
        for name in CATEGORIES
    ]


@lru_cache(maxsize=64)
def _status_item_id(seed: object, category: str, name: str) -> str:
    return guid(seed, "status item", category, name)


def resource_status_items(plan: Plan) -> list[Item]:
    """Return the statuses."""
    return [
        {
            "id": _status_item_id(plan.seed, category, name),
            "name": name,
            "statusSetId": guid(plan.seed, "status set", category),
            "color": color,
            "isVisible": visible,
            "transparency": 0 if visible else 60,
            "useOriginalTransparency": visible,
            "deleted": False,
        }
        for category, statuses in CATEGORIES.items()
        for name, color, visible in statuses
    ]


def resource_status_history(plan: Plan) -> list[Item]:
    """Return reports on the elements of begun activities; a few were rejected, some recorded days after the event."""
    rng = random.Random(f"{plan.seed}/reports")
    ids, elements = guids(plan.seed, "report"), element_resource_ids(plan)
    categories = guids(plan.seed, "status category")
    items = []
    for index, _, _ in plan.modelled:
        step = plan.current[index]
        if step.actual_start is None:
            continue
        reports = [
            ("Fabrication", "Ordered", step.actual_start - 60 * DAY),
            ("Fabrication", "Delivered", step.actual_start - 2 * DAY),
        ]
        if step.actual_finish is not None:
            reports.append(("Installation", "Installed", step.actual_finish))
            if rng.random() < 0.1:
                reports.append(("Installation", "Rejected", step.actual_finish + DAY))
            elif rng.random() < 0.7:
                reports.append(("Installation", "Inspected", step.actual_finish + 2 * DAY))
        for category, status, date in reports:
            if date > plan.data_date:
                continue
            items.append(
                {
                    "id": ids(f"{index}/{status}"),
                    "resourceId": elements(index),
                    "statusCategoryId": categories(category),
                    "statusItemId": _status_item_id(plan.seed, category, status),
                    "date": instant(date),
                    "recordDate": instant(date + rng.choice((0, 0, 0, 1, 6)) * DAY),
                    "isCritical": status == "Rejected",
                    "note": "Chipped edge, to be replaced." if status == "Rejected" else "",
                    "deleted": False,
                }
            )
    return items
