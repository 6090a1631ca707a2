"""Who may ask: 401, 403, 404 and 429, with the bodies and headers of the service."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox import Sandbox

from .conftest import Api

NOWHERE = "11111111-2222-4333-8444-555555555555"


def test_no_header_no_token_and_the_wrong_scope(sandbox: Sandbox, platform: Api) -> None:
    url = f"{sandbox.api_url('enterprise')}/{sandbox.schedule_id}/tasks"
    without = requests.get(url, timeout=10)
    assert (without.status_code, without.json()["error"]["code"]) == (401, "HeaderNotFound")
    assert without.json()["error"]["message"] == "Header Authorization was not found in the request. Access denied."
    bad = requests.get(url, headers={"Authorization": "Bearer nonsense"}, timeout=10)
    assert (bad.status_code, bad.json()["error"]["code"]) == (401, "InvalidToken")
    assert 'error="invalid_token"' in bad.headers["WWW-Authenticate"]
    other = requests.get(url, headers=dict(platform.session.headers), timeout=10)
    assert (other.status_code, other.json()["error"]["code"]) == (403, "InsufficientScope")
    assert 'scope="enterprise"' in other.headers["WWW-Authenticate"]


def test_what_is_not_there_is_404_by_its_name(platform: Api, v65: str) -> None:
    def code(path: str, schedule: str | None = None) -> str:
        answer = platform.get(path, schedule)
        assert answer.status_code == 404
        error = answer.json()["error"]
        return f"{error['code']} {error.get('target', '')}".strip()

    assert code("tasks", NOWHERE) == "ScheduleNotFound scheduleId"
    assert code(f"tasks/{NOWHERE}") == "TaskNotFound taskId"
    assert code(f"tasks/{NOWHERE}/resource-assignments") == "TaskNotFound taskId"
    assert code(f"resource-groups/{NOWHERE}") == "ResourceGroupNotFound resourceGroupId"
    assert code(f"resource-groups/{NOWHERE}/resources") == "ResourceGroupNotFound resourceGroupId"
    assert code(f"entities-3d/{NOWHERE}", v65) == "Entity3dNotFound entity3dId"
    assert code(f"operations/{NOWHERE}") == "OperationNotFound operationId"
    assert code(f"baselines/{NOWHERE}/baseline-tasks") == "BaselineNotFound baselineId"
    residences = next(s["id"] for s in platform.sandbox.schedules if s["name"] == "Quayside Residences")
    assert code("sync-configuration", residences) == "ConfigurationNotFound"
    assert code("no-such-path") == "ResourceNotFound"
    message = platform.get("tasks", NOWHERE).json()["error"]["message"]
    assert message == "Requested Schedule is not available."


def test_an_address_of_no_operation_is_answered_by_the_gateway(platform: Api) -> None:
    for path in ("no-such-path", "tasks/a/b/c", "tasks//children", "operations"):
        answer = platform.get(path)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (404, "ResourceNotFound")
        assert [detail["code"] for detail in error["details"]] == ["OperationNotFound"]
        assert "Verify the API URL" in error["message"]


def test_only_one_type_of_schedule_serves_some_collections(platform: Api, enterprise: Api, v65: str) -> None:
    for answer in (
        platform.get("entities-3d"),
        enterprise.get("entity3Ds"),
        platform.get("task-query-filters", v65),
        platform.get("imports/primavera/synchronizers", v65),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidSchedulesRequest")
        assert "schedules" in answer.json()["error"]["details"][0]["message"]


def test_the_list_of_schedules_needs_a_project(platform: Api, enterprise: Api) -> None:
    missing = platform.session.get(platform.base, timeout=10)
    detail = missing.json()["error"]["details"][0]
    assert (missing.status_code, detail["code"], detail["target"]) == (400, "MissingRequiredProperty", "iTwinId")
    wrong = enterprise.session.get(f"{enterprise.base}?projectId=tower", timeout=10)
    detail = wrong.json()["error"]["details"][0]
    assert (wrong.status_code, detail["code"], detail["target"]) == (400, "InvalidValue", "projectId")
    unknown = platform.session.get(f"{platform.base}?iTwinId={NOWHERE}", timeout=10)
    assert (unknown.status_code, unknown.json()["schedules"]) == (200, [])


def test_the_projects_have_the_schedules_that_were_promised(platform: Api) -> None:
    found = {}
    for project in platform.sandbox.projects:
        items = platform.session.get(f"{platform.base}?iTwinId={project['id']}", timeout=10).json()["schedules"]
        found[project["displayName"]] = sorted(item["type"] for item in items)
    assert found == {
        "Harbour Point Tower": ["v10", "v6.5"],
        "Quayside Residences": ["v10"],
        "Harbour Point Marina": [],
        "Old Customs House Refurbishment": [],
    }
    pair = platform.get("sync-configuration").json()["syncConfiguration"]
    assert {pair["v10ScheduleId"], pair["v65ScheduleId"]} <= {item["id"] for item in platform.sandbox.schedules}
    residences = next(s["id"] for s in platform.sandbox.schedules if s["name"] == "Quayside Residences")
    assert platform.get("baselines", residences).json()["baselines"] == []
    assert len(platform.get("tasks", residences).json()["tasks"]) > 50


def test_a_service_application_that_was_not_invited_sees_nothing(own: Sandbox, connect: Callable[..., Api]) -> None:
    stranger = connect(own, client_id=own.uninvited_id, secret=own.uninvited_secret)
    assert stranger.session.get(own.projects_url, timeout=10).json()["iTwins"] == []
    list_url = f"{stranger.base}?iTwinId={own.projects[0]['id']}"
    closed = stranger.get("tasks")
    assert (closed.status_code, closed.json()["error"]["code"]) == (403, "InsufficientPermissions")
    assert stranger.session.get(list_url, timeout=10).status_code == 403
    own.no_access = 404
    assert stranger.get("tasks").json()["error"]["code"] == "ScheduleNotFound"
    assert stranger.session.get(list_url, timeout=10).status_code == 404
    with pytest.raises(InvalidRequest, match="403 or 404, not 500"):
        own.no_access = 500


def test_a_client_sees_the_projects_it_was_invited_into(own: Sandbox, connect: Callable[..., Api]) -> None:
    own.add_client("service-guest", "guest", [own.projects[1]["id"]])
    guest = connect(own, client_id="service-guest", secret="guest")
    names = [item["displayName"] for item in guest.session.get(own.projects_url, timeout=10).json()["iTwins"]]
    assert names == ["Quayside Residences"]
    assert guest.get("tasks").status_code == 403


def test_the_rate_limit_says_who_was_limited_and_how_long(connect: Callable[..., Api]) -> None:
    with Sandbox(rows=20, rate_limit=3) as sandbox:
        api = connect(sandbox)
        assert [api.get("codes").status_code for _ in range(4)] == [200, 200, 200, 429]
        limited = api.get("codes")
        assert limited.json()["error"]["code"] == "RateLimitExceeded"
        assert 1 <= int(limited.headers["Retry-After"]) <= 60
        assert limited.headers["ITwinPlatform-RateLimited-Application"] == sandbox.client_id
        for name in ("Tier", "API", "Operation"):
            assert f"ITwinPlatform-RateLimited-{name}" in limited.headers
        sandbox.limit_rate(1, seconds=0.05)
        assert api.token(sandbox.client_id, sandbox.client_secret).status_code == 200, "tokens are not counted"
        sandbox.limit_rate(None)
        assert api.get("codes").status_code == 200


def test_writing_is_not_offered(platform: Api) -> None:
    url = f"{platform.base}/{platform.sandbox.schedule_id}/tasks"
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        answer = platform.session.request(method, url, json={}, timeout=10)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
