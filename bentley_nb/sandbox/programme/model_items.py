"""The 3D side of a plan: model elements, what each activity does to them, and how they move."""

from __future__ import annotations

import math
import random
import struct

from bentley_nb.sandbox.programme.guids import Item, guid, guids, instant
from bentley_nb.sandbox.programme.plan import Plan
from bentley_nb.sandbox.programme.resource_items import assignment_ids, element_resource_ids, group_id

PROFILES = (
    ("Install", "Install", "BottomTop", "#00ff00"),
    ("Install left to right", "Install", "LeftRight", "#00ff00"),
    ("Maintain", "Maintain", "None", "#ffff00"),
    ("Remove", "Remove", "None", "#ff0000"),
    ("Temporary works", "Temporary", "None", "#0000ff"),
    ("Neutral", "Neutral", "None", "#c0c0c0"),
)
PATHS = ("Tower crane slew", "Panel hoist", "Delivery route")
ALIGNMENTS = ("Center", "Original", "MinX", "MaxX", "MinY", "MaxY", "MinZ", "MaxZ", "Custom")
_DISCIPLINES = {"Curtain wall panel": "Architecture", "Duct": "Services"}


def _single(value: float) -> float:
    """Round to single precision, in which the service keeps geometry."""
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded


def _point(x: float, y: float, z: float) -> Item:
    return {"x": _single(x), "y": _single(y), "z": _single(z)}


def element_id(number: int) -> str:
    """Return the element id in the iModel, which is hexadecimal."""
    return f"0x{0x20000000000 + number:x}"


def entities_3d(plan: Plan) -> list[Item]:
    """Return the model as a tree: file, discipline, level, element."""
    root = guid(plan.seed, "entity", "root")
    items = [_entity(root, f"{plan.name}.dgn", None, None)]
    known: dict[tuple[str, ...], str] = {(): root}

    def node(*path: str) -> str:
        if path not in known:
            above = node(*path[:-1])
            known[path] = guid(plan.seed, "entity", "node", *path)
            items.append(_entity(known[path], path[-1], above, None))
        return known[path]

    ids, number = guids(plan.seed, "entity"), 0
    for index, count, what in plan.modelled:
        row = plan.rows[index]
        tower = f"Tower {row.building + 1}"
        parent = node(_DISCIPLINES.get(what, "Structure"), tower, row.level or "Foundations")
        for part in range(count):
            name = f"{what} {number + 1:05}"
            items.append(_entity(ids(f"{index}/{part}"), name, parent, element_id(number)))
            number += 1
    return items


def _entity(id_: str, name: str, parent: str | None, element: str | None) -> Item:
    return {"id": id_, "name": name, "parentId": parent, "iModelElementId": element}


def resource_entity_3d_assignments(plan: Plan) -> list[Item]:
    """Return which element belongs to which resource."""
    resources, entities = element_resource_ids(plan), guids(plan.seed, "entity")
    return [
        {"resourceId": resource, "entity3dId": entities(f"{index}/{part}")}
        for index, count, _ in plan.modelled
        for resource in (resources(index),)
        for part in range(count)
    ]


def animation_bindings(plan: Plan) -> list[Item]:
    """Return one binding per activity and element; panels swing in on a path, ducts on a transform."""
    rng = random.Random(f"{plan.seed}/bindings")
    install, sideways = guid(plan.seed, "profile", "Install"), guid(plan.seed, "profile", "Install left to right")
    envelope = group_id(plan, "Envelope teams")
    resources, assignments = element_resource_ids(plan), assignment_ids(plan)
    paths, transforms = guids(plan.seed, "path assignment"), guids(plan.seed, "transform")
    items, number = [], 0
    for index, count, what in plan.modelled:
        task, resource, assignment = plan.task_ids[index], resources(index), assignments(f"{index}/element")
        panel = what == "Curtain wall panel"
        for _ in range(count):
            draw = rng.random()
            moved = draw < 0.25
            items.append(
                {
                    "taskId": task,
                    "animatedEntityId": element_id(number),
                    "appearanceProfileId": sideways if panel else install,
                    "resourceId": resource,
                    "resourceGroupId": envelope if panel and draw > 0.9 else None,
                    "resourceAssignmentId": assignment,
                    "pathAssignmentId": paths(number % 9) if panel and moved else None,
                    "transformId": transforms(number % 6) if moved and not panel else None,
                }
            )
            number += 1
    return _mixed(plan, "binding", items)


def _mixed(plan: Plan, kind: str, items: list[Item]) -> list[Item]:
    """Order items by ids that the service keeps to itself: the same every time, and of no meaning."""
    hidden = list(map(guids(plan.seed, kind), range(len(items))))
    return [items[number] for number in sorted(range(len(items)), key=hidden.__getitem__)]


def appearance_profiles(plan: Plan) -> list[Item]:
    """Return how elements look before, during and after an activity."""
    items = []
    for name, action, mode, color in PROFILES:
        growth = {
            "mode": mode,
            "direction": _point(0.0, 0.0, 1.0),
            "adjustForTaskPercentComplete": False,
            "pauseDuringNonWorkingTime": mode == "LeftRight",
            "simulateAsRemove": False,
        }
        plain = {"color": color, "useOriginalColor": True, "useOriginalTransparency": True, "transparency": 0}
        items.append(
            {
                "id": guid(plan.seed, "profile", name),
                "parentId": guid(plan.seed, "profile", "Install") if name == "Install left to right" else None,
                "name": name,
                "action": action,
                "createdOn": instant(plan.begin) if action == "Install" else None,
                "startAppearance": plain,
                "activeAppearance": {
                    "color": color,
                    "useOriginalColor": False,
                    "useOriginalTransparency": False,
                    "startTransparency": 50 if action == "Install" else 0,
                    "finishTransparency": 0,
                    "growthSimulation": growth,
                },
                "endAppearance": plain | {"transparency": 100 if action == "Remove" else 0},
                "deleted": False,
            }
        )
    return items


def animation_3d_transforms(plan: Plan) -> list[Item]:
    """Return the places an element moves in from: 4 x 4 matrices by row, the translation in elements 3, 7 and 11."""
    items = []
    for number in range(6):
        turn = number * math.pi / 6
        cos, sin = math.cos(turn), math.sin(turn)
        x, y, z = 44.472626 + number, -69.49564 * number, 2.5760528e-08
        matrix = [cos, -sin, 0.0, x, sin, cos, 0.0, y, 0.0, 0.0, 1.0, z, 0.0, 0.0, 0.0, 1.0]
        items.append({"id": guid(plan.seed, "transform", number), "transform": [_single(value) for value in matrix]})
    return items


def animation_3d_path_assignments(plan: Plan) -> list[Item]:
    """Return how an element is held on its path; every alignment once."""
    return [
        {
            "id": guid(plan.seed, "path assignment", number),
            "pathId": guid(plan.seed, "path", PATHS[number % len(PATHS)]),
            "alignment": alignment,
            "center": _point(0.0, 0.0, 0.25 * number),
            "reverseDirection": number % 4 == 0,
            "adjustForTaskPercentComplete": False,
            "pauseDuringNonWorkingTime": number % 2 == 1,
            "motionStart": 0.0,
            "motionEnd": 1.0,
            "deleted": False,
        }
        for number, alignment in enumerate(ALIGNMENTS)
    ]


def animation_3d_paths(plan: Plan) -> list[Item]:
    """Return the paths."""
    return [{"id": guid(plan.seed, "path", name), "name": name, "color": "#ff0000", "deleted": False} for name in PATHS]


def keyframes(plan: Plan) -> list[Item]:
    """Return the points on the paths; served in an order that mixes the paths."""
    items = []
    for number, name in enumerate(PATHS):
        points = 5 + 2 * number
        for point in range(points):
            share = point / (points - 1)
            items.append(
                {
                    "pathId": guid(plan.seed, "path", name),
                    "time": _single(share),
                    "position": _point(32_298.8359375 + 120 * share, 31_818.537 + 40 * number, 4.9392104 + 60 * share),
                    "rotation": {"angle": _single(90 * share), **_point(0.0, 0.0, 1.0)},
                    "deleted": False,
                }
            )
    return _mixed(plan, "keyframe", items)


def animation_statistics(plan: Plan) -> list[Item]:
    """Return the counts, the only totals the service gives anywhere."""
    elements = sum(count for _, count, _ in plan.modelled)
    return [
        {
            "taskCount": len(plan.rows),
            "appearanceProfileCount": len(PROFILES),
            "animationBindingCount": elements,
            "animation3dTransformCount": 6,
            "animation3dPathAssignmentCount": len(ALIGNMENTS),
            "animation3dPathCount": len(PATHS),
            "animation3dPathKeyframeCount": sum(5 + 2 * number for number in range(len(PATHS))),
        }
    ]
