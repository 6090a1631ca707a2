"""What is in the generated collections besides dates."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from bentley_nb.sandbox.content import STORED
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule, demo_content

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def schedule() -> DemoSchedule:
    return DemoSchedule("test", 400)


def everything(seed: int = 7, rows: int = 150) -> str:
    content = demo_content(seed, rows)
    return json.dumps(
        [
            list(content.projects.values()),
            [[s.item, {n: list(s.rows(n)) for n in STORED}] for s in content.schedules.values()],
        ],
        sort_keys=True,
    )


def test_equal_seeds_give_equal_data_in_another_process_too() -> None:
    here = everything()
    code = "from tests.sandbox.test_items import everything; import hashlib; print(hashlib.sha256(everything().encode()).hexdigest())"
    import hashlib
    from pathlib import Path

    there = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == hashlib.sha256(here.encode()).hexdigest()
    assert everything(seed=8) != here


def test_the_order_of_asking_changes_nothing() -> None:
    forward, backward = DemoSchedule("order", 150), DemoSchedule("order", 150)
    names = [name for name in STORED if name in forward.sources()]
    first = {name: forward.items(name) for name in names}
    second = {name: backward.items(name) for name in reversed(names)}
    assert first == second


def test_ids_are_lower_case_guids_and_point_at_something(schedule: DemoSchedule) -> None:
    ids: dict[str, set[str]] = {}
    for name in schedule.sources():
        items = schedule.items(name)
        found = [item["id"] for item in items if "id" in item]
        assert len(found) == len(set(found)), name
        assert all(GUID.fullmatch(id_) for id_ in found), name
        ids[name] = set(found)
    targets = {
        "taskId": "tasks",
        "predecessorId": "tasks",
        "successorId": "tasks",
        "resourceId": "resources",
        "calendarId": "calendars",
        "statusId": "task_statuses",
        "userFieldId": "user_fields",
        "codeId": "codes",
        "codeValueId": "code_values",
        "baselineId": "baselines",
        "resourceGroupId": "resource_groups",
        "appearanceProfileId": "appearance_profiles",
        "transformId": "animation_3d_transforms",
        "pathAssignmentId": "animation_3d_path_assignments",
        "pathId": "animation_3d_paths",
        "resourceAssignmentId": "resource_assignments",
        "statusItemId": "resource_status_items",
        "statusSetId": "resource_status_sets",
        "statusCategoryId": "resource_status_categories",
        "entity3dId": "entities_3d",
        "foremanResourceId": "resources",
        "plannerResourceId": "resources",
        "parentId": None,
    }
    met = Counter[str]()
    for name in schedule.sources():
        for item in schedule.items(name):
            for member, target in targets.items():
                value = item.get(member)
                if value is not None:
                    met[member] += 1
                    assert value in ids[target or name], (name, member)
    assert set(met) == set(targets)


def test_trees_have_no_circles(schedule: DemoSchedule) -> None:
    for name in ("tasks", "resources", "code_values", "entities_3d", "calendars", "appearance_profiles"):
        parents = {item["id"]: item["parentId"] for item in schedule.items(name)}
        for id_ in parents:
            seen, here = set(), id_
            while here is not None:
                assert here not in seen
                seen.add(here)
                here = parents[here]


def test_some_rows_are_deleted(schedule: DemoSchedule) -> None:
    for name in (
        "tasks",
        "task_links",
        "calendars",
        "baselines",
        "resources",
        "resource_groups",
        "resource_assignments",
        "user_fields",
        "codes",
        "code_values",
    ):
        marks = [item["deleted"] for item in schedule.items(name)]
        assert True in marks, name
        assert False in marks, name


def test_the_texts_that_break_careless_tables_are_there(schedule: DemoSchedule) -> None:
    tasks = schedule.items("tasks")
    names = [task["name"] for task in tasks]
    assert "=cmd|' /C calc'!A0" in names
    assert "</script><img src=x onerror=alert(1)>" in names
    assert any(not name.isascii() for name in names)
    assert any('"' in name for name in names)
    assert "000420" in [task["userDefinedId"] for task in tasks]
    assert any("\n" in task["comment"] for task in tasks)


def test_user_fields_are_of_all_types_and_some_values_do_not_fit(schedule: DemoSchedule) -> None:
    fields = {field["id"]: field for field in schedule.items("user_fields")}
    assert {f["type"] for f in fields.values()} == {"String", "Float", "Integer", "Boolean", "StartDate", "FinishDate"}
    assert {f["category"] for f in fields.values()} == {"Task", "Resource", "ResourceGroup", "Entity3d"}
    names = Counter((f["category"], f["name"]) for f in fields.values())
    assert [name for name, count in names.items() if count > 1] == [("Task", "Cost code")]
    volumes = [
        item["value"]
        for item in schedule.items("task_user_field_values")
        if fields[item["userFieldId"]]["name"] == "Concrete volume"
    ]
    odd = [value for value in volumes if not re.fullmatch(r"\d+\.\d+", value)]
    assert set(odd) <= {"tbc"}
    big = DemoSchedule("test", 4_000).items("task_user_field_values")
    assert "tbc" in {item["value"] for item in big}
    assert "after the holidays" in {item["value"] for item in big}


def test_codes_have_trees_and_several_values_on_one_task(schedule: DemoSchedule) -> None:
    codes = {code["id"]: code for code in schedule.items("codes")}
    assert {code["category"] for code in codes.values()} == {"Activity", "Resource", "ResourceGroup", "Cost"}
    values = {value["id"]: value for value in schedule.items("code_values")}
    assert any(value["parentId"] for value in values.values())
    on_tasks = Counter(
        (item["taskId"], values[item["codeValueId"]]["codeId"])
        for item in schedule.items("task_code_value_assignments")
    )
    several = {codes[code]["name"] for (_, code), count in on_tasks.items() if count > 1}
    assert several == {"Responsibility"}


def test_assignments_add_up(schedule: DemoSchedule) -> None:
    tasks = {task["id"]: task for task in schedule.items("tasks")}
    for item in schedule.items("resource_assignments"):
        planned, remaining, actual = (item[f"{kind}Utilization"] for kind in ("planned", "remaining", "actual"))
        assert planned["resourceUnits"] > 0
        assert actual["resourceUnits"] + remaining["resourceUnits"] == pytest.approx(planned["resourceUnits"], abs=1e-3)
        done = tasks[item["taskId"]]["percentComplete"]
        assert actual["resourceUnits"] == pytest.approx(planned["resourceUnits"] * done / 100, abs=1e-3)
    types = {resource["type"] for resource in schedule.items("resources")}
    assert types == {"Human", "Equipment", "Material", "Location"}


def test_reports_on_elements_end_at_the_data_date(schedule: DemoSchedule) -> None:
    data_date = schedule.items("project_scheduling")[0]["dataDate"]
    history = schedule.items("resource_status_history")
    assert history
    assert max(item["date"] for item in history) <= data_date
    assert all(item["date"] <= item["recordDate"] for item in history)
    assert any(item["isCritical"] for item in DemoSchedule("test", 2_000).items("resource_status_history"))


def test_keyframes_of_a_path_are_not_served_together(schedule: DemoSchedule) -> None:
    paths = [item["pathId"] for item in schedule.items("keyframes")]
    changes = sum(before != after for before, after in itertools.pairwise(paths))
    assert changes > len(set(paths))
