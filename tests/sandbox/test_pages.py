"""Envelopes, next links and tokens of both surfaces, as the contract and the recordings have them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from bentley_nb.sandbox import Sandbox
from bentley_nb.sandbox.content import Rows
from bentley_nb.sandbox.programme.deferred import DeferredItems
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule
from bentley_nb.service.catalog import COLLECTIONS

from .conftest import Api


def decoded(token: str) -> Any:
    return json.loads(base64.b64decode(token))


def test_a_platform_page_names_the_next_one_twice(platform: Api) -> None:
    answer = platform.get("tasks?$top=2")
    body = answer.json()
    assert list(body) == ["tasks", "_links", "nextPageToken"]
    token, href = body["nextPageToken"], body["_links"]["next"]["href"]
    assert body["_links"]["self"]["href"] == f"{platform.base}/{platform.sandbox.schedule_id}/tasks?$top=2"
    assert href.startswith(f"{platform.base}/{platform.sandbox.schedule_id}/tasks?$top=2&$continuationToken=")
    assert token.endswith("==")
    assert href.endswith("%3d%3d"), "the live service escapes the padding in lower case"
    assert base64.b64decode(token) == (
        b'{"PrimarySkipToken":"%b","SecondarySkipToken":null,"Type":0}' % body["tasks"][-1]["id"].encode()
    )


def test_the_last_platform_page_has_no_next_members_at_all(platform: Api) -> None:
    *_, last = platform.pages("tasks", 100)
    assert list(last) == ["tasks", "_links"]
    assert list(last["_links"]) == ["self"]


def test_a_full_last_page_has_no_next(platform: Api, enterprise: Api) -> None:
    count = len(platform.sandbox.items("task_statuses"))
    body = platform.get(f"task-statuses?$top={count}").json()
    assert len(body["taskStatuses"]) == count
    assert "nextPageToken" not in body
    count = len(platform.sandbox.items("user_fields"))
    body = enterprise.get(f"userFields?pageSize={count}").json()
    assert (len(body["items"]), body["nextPageToken"]) == (count, None)


def test_links_lead_through_everything_once_in_id_order(platform: Api) -> None:
    url, ids = f"{platform.base}/{platform.sandbox.schedule_id}/task-links?$top=100", []
    while url:
        body = platform.get(url).json()
        ids += [item["id"] for item in body["taskLinks"]]
        url = body["_links"].get("next", {}).get("href")
    assert ids == sorted(ids)
    assert ids == [item["id"] for item in platform.sandbox.items("task_links")]


def test_the_next_link_repeats_the_other_parameters(platform: Api) -> None:
    body = platform.get("user-fields?name=co&$top=1&lang=en").json()
    assert "user-fields?name=co&$top=1&lang=en&$continuationToken=" in body["_links"]["next"]["href"]
    second = platform.get(body["_links"]["next"]["href"]).json()
    assert second["userFields"] == platform.get("user-fields?$top=2").json()["userFields"][1:]


def test_pages_default_to_100_and_end_at_10000(platform: Api, enterprise: Api) -> None:
    assert len(platform.get("tasks").json()["tasks"]) == 100
    assert len(enterprise.get("tasks").json()["items"]) == 100
    assert platform.get("tasks?$top=10000").status_code == 200
    assert platform.get("tasks?%24top=2").json()["_links"]["self"]["href"].endswith("%24top=2")


@pytest.mark.parametrize("query", ["$top=10001", "$top=0", "$top=-1", "$top=many", "$top=", "$continuationToken=x"])
def test_a_wrong_page_parameter_is_400(platform: Api, query: str) -> None:
    answer = platform.get(f"tasks?{query}")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "InvalidSchedulesRequest")
    assert error["details"][0]["target"] == query.partition("=")[0]


@pytest.mark.parametrize("token", [{"Skip": -1, "Top": 2}, {"Skip": "x", "Top": 2}, {}, [1]])
def test_a_forged_offset_is_400(enterprise: Api, token: object) -> None:
    text = base64.b64encode(json.dumps(token).encode()).decode()
    assert enterprise.get(f"tasks?pageSize=2&pageToken={text}").status_code == 400


def test_an_enterprise_page_is_bare_and_its_token_an_offset(enterprise: Api) -> None:
    first, *_, last = pages = enterprise.pages("tasks", 150)
    assert list(first) == ["items", "nextPageToken"]
    assert decoded(first["nextPageToken"]) == {"Skip": 150, "Top": 150}
    assert last["nextPageToken"] is None
    ids = [item["id"] for page in pages for item in page["items"]]
    assert ids == [item["id"] for item in enterprise.sandbox.items("tasks")]


def test_bindings_are_paged_by_key_on_both_surfaces(platform: Api, enterprise: Api, v65: str) -> None:
    on_platform = platform.all("animation-bindings", "animationBindings", 97, v65)
    url = f"{enterprise.base}/{v65}/animationBindings/query?pageSize=97"
    on_enterprise, token = [], ""
    while token is not None:
        body = enterprise.session.post(url + token, json={}, timeout=10).json()
        on_enterprise += body["items"]
        if body["nextPageToken"]:
            assert decoded(body["nextPageToken"])["Type"] == 0
        token = body["nextPageToken"] and f"&pageToken={body['nextPageToken']}"
    assert len(on_platform) == len(on_enterprise) > 97
    assert [{k: v for k, v in i.items() if k != "resourceAssignmentId"} for i in on_platform] == on_enterprise
    assert "resourceAssignmentId" in on_platform[0]


def test_a_cursor_goes_on_where_its_item_used_to_be(own: Sandbox, connect: Callable[..., Api]) -> None:
    api = connect(own)
    first = api.get("task-links?$top=10").json()
    items = own.items("task_links")
    own.replace("task_links", [item for item in items if item["id"] != first["taskLinks"][-1]["id"]])
    second = api.get(f"task-links?$top=10&$continuationToken={first['nextPageToken']}").json()
    assert second["taskLinks"][0]["id"] == items[10]["id"]


@pytest.mark.parametrize("lacking", [0, 1, 3])
def test_items_of_which_one_has_no_id_are_paged_in_the_order_given(
    own: Sandbox, connect: Callable[..., Api], lacking: int
) -> None:
    items = [{"id": f"t{9 - n}", "name": f"Task {n}"} for n in range(4)]
    del items[lacking]["id"]
    schedule = own.add_schedule({"tasks": items}, name=f"lacking {lacking}")
    assert connect(own).all("tasks", "tasks", 2, schedule) == items


def test_what_cannot_be_answered_is_a_500_not_a_cut_connection(own: Sandbox, connect: Callable[..., Api]) -> None:
    schedule = own.add_schedule({"tasks": [{"id": "t", "percentComplete": object()}]}, name="no JSON")
    api = connect(own)
    answer = api.get("tasks", schedule)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "InternalServerError"
    assert api.get("tasks").status_code == 200


def test_single_items_are_wrapped_on_the_platform_and_bare_on_the_other(platform: Api, enterprise: Api) -> None:
    task = platform.get("tasks?$top=1").json()["tasks"][0]
    assert platform.get(f"tasks/{task['id']}").json() == {"task": task}
    bare = enterprise.get(f"tasks/{task['id']}").json()
    assert bare["id"] == task["id"]
    assert platform.get("").json()["schedule"]["type"] == "v10"
    assert enterprise.get("").json()["type"] == "v10"


def test_the_enterprise_dialect(platform: Api, enterprise: Api) -> None:
    by_id = {item["id"]: item for item in platform.all("tasks", "tasks")}
    task = next(t for t in enterprise.all("tasks", "tasks") if t["plannedPhysicalQuantity"])
    twin = by_id[task["id"]]
    assert task.keys() ^ twin.keys() == {"calendarId", "comment", "physicalQuantity", "plannedPhysicalQuantity"}
    assert task["plannedPhysicalQuantity"] == twin["physicalQuantity"]
    profile = enterprise.get("appearanceProfiles").json()["items"][0]
    assert "createdOn" not in profile
    assert "createdOn" in platform.get("appearance-profiles").json()["appearanceProfiles"][0]


def test_the_enterprise_surface_writes_numbers_short(platform: Api, enterprise: Api) -> None:
    long, short = platform.get("animation-3d-transforms").text, enterprise.get("animation3dTransforms").text
    assert "44.472625732421875" in long
    assert "44.472626" in short
    assert "2.576052793301642e-08" in long
    assert "2.5760528e-08" in short
    assert ".0," in long
    assert ".0," not in short
    tasks = enterprise.get("tasks?pageSize=1000").text
    assert '"estimatedRate":0,' in tasks
    assert '"estimatedRate":0.0,' not in tasks


def test_user_field_values_are_text_whatever_the_type(platform: Api) -> None:
    values = platform.all("tasks/user-field-values", "userFieldValues")
    assert len(values) > 1_000
    assert {type(item["value"]) for item in values} == {str}
    assert [tuple(v) for v in values] == [("taskId", "userFieldId", "value")] * len(values)


def test_parameters_of_no_meaning_are_ignored(platform: Api, enterprise: Api) -> None:
    assert platform.get("codes?colour=red").json()["codes"] == platform.get("codes").json()["codes"]
    assert enterprise.get("animationBindings/query").status_code == 405


def test_a_nested_list_is_sorted_once_for_all_its_pages(own: Sandbox, connect: Callable[..., Api]) -> None:
    api = connect(own)
    path = own.items("baselines")[0]["id"]
    stored = own._dispatcher.content.schedules[own.schedule_id]
    pages = api.pages(f"baselines/{path}/baseline-tasks", 50)
    assert len(pages) > 2
    nested = COLLECTIONS["baseline_tasks"]
    assert stored.listed(nested, path) is stored.listed(nested, path)
    own.replace("baseline_tasks", own.items("baseline_tasks")[:60])
    assert sum(len(page["baselineTasks"]) for page in api.pages(f"baselines/{path}/baseline-tasks", 50)) == 60


def test_a_page_makes_its_own_tasks_only() -> None:
    tasks = DemoSchedule("pages", 150).items("tasks")
    made = []

    def make(number: int) -> dict[str, Any]:
        made.append(number)
        return tasks[number]

    ids = [task["id"] for task in tasks]
    rows = Rows(DeferredItems(ids, make))
    page = rows[20:30]
    assert [task["id"] for task in page] == sorted(ids)[20:30]
    assert len(made) == 10
    assert rows.after(rows.cursor(29)) == 30
    parent = page[0]["parentId"]
    assert rows.below("parentId", parent) == [task for task in rows if task["parentId"] == parent]
