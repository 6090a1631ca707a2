"""Chains of pages: every way they can end, lead astray or break off has its outcome."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.frames import UnparsedValuesWarning
from bentley_nb.transport import retries
from tests.scripted import SCHEDULE, Reply, Request, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.001)


def item(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"{number:08d}-0000-0000-0000-000000000000", "name": f"Task {number}", "parentId": None, **more}


def pages(
    service: ScriptedService, items: list[dict[str, Any]], *, token_only: bool = False, path: str = TASKS
) -> None:
    """Serve items as the Platform surface does: next members absent on the last page, ``%3d`` in lower case."""

    def answer(request: Request) -> Reply:
        size = int(request.query["$top"])
        start = int(request.query.get("$continuationToken", "0==").rstrip("="))
        body: dict[str, Any] = {"tasks": items[start : start + size], "_links": {"self": {"href": "x"}}}
        if start + size < len(items):
            token = f"{start + size}=="
            body["nextPageToken"] = token
            if not token_only:
                href = f"{service.url}{path}?$top={size}&$continuationToken={token.replace('=', '%3d')}"
                body["_links"]["next"] = {"href": href}
        return Reply(body=body)

    service.on(path, answer)


@pytest.mark.parametrize("token_only", [False, True])
@pytest.mark.parametrize("page_size", [1, 2, 3, 7, 10_000])
def test_any_page_size_gives_the_same_frame(service: ScriptedService, page_size: int, token_only: bool) -> None:
    items = [item(n, plannedStart="2024-05-20T09:00:00Z", newMember=n / 2) for n in range(6)]
    pages(service, items, token_only=token_only)
    frame = service.schedule(page_size=page_size).tasks()
    assert frame["id"].tolist() == [i["id"] for i in items]
    assert frame["new_member"].tolist() == [0, 0.5, 1, 1.5, 2, 2.5]
    assert len(service.asked(TASKS)) == max(1, -(-6 // page_size))


def test_a_short_page_with_a_next_link_is_not_the_last(service: ScriptedService) -> None:
    second = f"{service.url}{TASKS}?$top=5&$continuationToken=b"
    service.on(
        TASKS,
        lambda request: (
            Reply(body={"tasks": [item(2)]})
            if "$continuationToken" in request.query
            else Reply(body={"tasks": [item(1)], "_links": {"next": {"href": second}}})
        ),
    )
    assert len(service.schedule(page_size=5).tasks()) == 2


def test_a_relative_next_link(service: ScriptedService) -> None:
    service.on(
        TASKS,
        lambda request: (
            Reply(body={"tasks": [item(2)]})
            if "$continuationToken" in request.query
            else Reply(body={"tasks": [item(1)], "_links": {"next": {"href": f"{TASKS}?$top=5&$continuationToken=b"}}})
        ),
    )
    assert len(service.schedule(page_size=5).tasks()) == 2


@pytest.mark.parametrize("end", [None, "", {}])
def test_null_and_empty_next_members_end_the_list(service: ScriptedService, end: Any) -> None:
    service.on(
        TASKS,
        {"tasks": [item(1)], "_links": {"next": end if isinstance(end, dict) else None}, "nextPageToken": end or None},
    )
    assert len(service.schedule().tasks()) == 1


@pytest.mark.parametrize(
    "members",
    [
        {"nextPageToken": 5},
        {"nextPageToken": {"token": "b"}},
        {"_links": {"next": {"href": 5}}},
        {"_links": {"next": ["b"]}},
    ],
)
def test_a_next_page_that_is_not_understood_is_not_the_end(service: ScriptedService, members: dict[str, Any]) -> None:
    service.on(TASKS, {"tasks": [item(1)], **members})
    with pytest.raises(bn.InvalidResponse, match="in an unknown form") as caught:
        service.schedule().tasks()
    assert "Nothing was returned" in str(caught.value)


def test_a_next_link_without_its_object(service: ScriptedService) -> None:
    service.on(
        TASKS,
        [
            Reply(body={"tasks": [item(1)], "_links": {"next": f"{TASKS}?$continuationToken=b"}}),
            Reply(body={"tasks": [item(2)]}),
        ],
    )
    assert len(service.schedule().tasks()) == 2


@pytest.mark.parametrize(
    "order", [("nextPageToken", "tasks", "_links"), ("_links", "nextPageToken", "tasks"), ("tasks", "nextPageToken")]
)
def test_the_next_page_is_found_wherever_its_member_stands(service: ScriptedService, order: tuple[str, ...]) -> None:
    def answer(request: Request) -> Reply:
        if "$continuationToken" in request.query:
            return Reply(body={"tasks": [item(2)]})
        members = {
            "tasks": [
                item(1, url='a "_links":{"next":{"href":"no"}} in a text'),
                item(9, _links={"next": {"href": "no"}}),
            ],
            "nextPageToken": "b",
            "_links": {"next": {"href": f"{service.url}{TASKS}?$top=9&$continuationToken=b"}},
        }
        return Reply(body={name: members[name] for name in order})

    service.on(TASKS, answer)
    assert len(service.schedule().tasks()) == 3


def test_pretty_printed_pages(service: ScriptedService) -> None:
    def answer(request: Request) -> Reply:
        last = "$continuationToken" in request.query
        body = {
            "tasks": [item(2 if last else 1)],
            "_links": {} if last else {"next": {"href": f"{service.url}{TASKS}?$continuationToken=b"}},
        }
        return Reply(body=json.dumps(body, indent=2).encode())

    service.on(TASKS, answer)
    assert len(service.schedule().tasks()) == 2


def test_a_loop_is_an_error_and_gives_no_partial_frame(service: ScriptedService) -> None:
    link = f"{service.url}{TASKS}?$top=1&$continuationToken=same"
    service.on(TASKS, {"tasks": [item(1)], "_links": {"next": {"href": link}}})
    with pytest.raises(bn.InvalidResponse, match="Pagination loop") as caught:
        service.schedule().tasks()
    assert "Nothing was returned" in str(caught.value)
    assert f"tasks of schedule {SCHEDULE}" in str(caught.value)


@pytest.mark.parametrize(
    "href",
    [
        "https://evil.test/steal",
        "http://127.0.0.1:1/x",
        "//evil.test/x",
        "ftp://127.0.0.1/x",
        "http://[bad/",
        "http://h:port/",
    ],
)
def test_the_token_never_follows_a_next_link_to_another_address(service: ScriptedService, href: str) -> None:
    service.on(TASKS, {"tasks": [item(1)], "_links": {"next": {"href": href}}})
    with pytest.raises(bn.InvalidResponse, match="the token is not sent there"):
        service.schedule().tasks()


@pytest.mark.parametrize("moved", [False, True])
def test_the_token_never_goes_to_a_host_that_only_one_parser_of_addresses_reads(
    service: ScriptedService, moved: bool
) -> None:
    """Before a backslash, requests sees the host; behind it, urllib.parse does."""
    with ScriptedService() as other:
        href = f"{other.url}\\@{service.url.removeprefix('http://')}{TASKS}"
        link = {"tasks": [item(1)], "_links": {"next": {"href": href}}}
        service.on(TASKS, Reply(302, b"", {"Location": href}) if moved else link)
        with pytest.raises(bn.InvalidResponse, match="the token is not sent there"):
            service.schedule().tasks()
        assert other.requests == []


def test_the_token_never_follows_a_redirect_to_another_address(service: ScriptedService) -> None:
    with ScriptedService() as other:
        service.on(TASKS, Reply(302, b"", {"Location": f"{other.url}{TASKS}"}))
        with pytest.raises(bn.InvalidResponse, match="redirects to another address"):
            service.schedule().tasks()
        assert other.requests == []


@pytest.mark.parametrize("location", ["http://[bad/", "http://127.0.0.1:port/", ""])
def test_a_redirect_to_what_is_no_address(service: ScriptedService, location: str) -> None:
    service.on(TASKS, Reply(302, b"", {"Location": location}))
    with pytest.raises(bn.InvalidResponse, match="redirects to another address") as caught:
        service.schedule().tasks()
    assert "Correlation id" in str(caught.value)


def test_a_redirect_within_the_service_is_followed(service: ScriptedService) -> None:
    service.on(TASKS, Reply(307, b"", {"Location": f"{service.url}/moved"}))
    service.on("/moved", {"tasks": [item(1)]})
    assert len(service.schedule().tasks()) == 1
    service.on(TASKS, Reply(307, b"", {"Location": TASKS}))
    with pytest.raises(bn.InvalidResponse, match="307"):
        service.schedule().tasks()


def test_empty_pages_with_a_next_link_are_followed_but_not_for_ever(service: ScriptedService) -> None:
    def answer(request: Request) -> Reply:
        number = int(request.query.get("$continuationToken", "0"))
        if number == 5:
            return Reply(body={"tasks": [item(1)]})
        return Reply(body={"tasks": [], "nextPageToken": str(number + 1)})

    service.on(TASKS, answer)
    assert len(service.schedule().tasks()) == 1
    service.on(
        TASKS,
        lambda request: Reply(
            body={"tasks": [], "nextPageToken": str(int(request.query.get("$continuationToken", "0")) + 1)}
        ),
    )
    with pytest.raises(bn.InvalidResponse, match="empty pages in a row"):
        service.schedule().tasks()


def test_ids_sent_twice_appear_once_as_last_sent(service: ScriptedService) -> None:
    pages(service, [item(1), item(2), item(1, name="Moved"), item(3)])
    frame = service.schedule(page_size=2).tasks()
    assert frame["name"].tolist() == ["Moved", "Task 2", "Task 3"]


def test_link_records_are_told_apart_by_both_ids(service: ScriptedService) -> None:
    values = [
        {"taskId": "a", "userFieldId": "x", "value": "1"},
        {"taskId": "a", "userFieldId": "y", "value": "2"},
        {"taskId": "a", "userFieldId": "x", "value": "3"},
        {"taskId": None, "userFieldId": "x", "value": "4"},
        {"taskId": None, "userFieldId": "x", "value": "5"},
    ]
    service.on(f"{TASKS}/user-field-values", {"userFieldValues": values})
    assert service.schedule().user_field_values("task")["value"].tolist() == ["3", "2", "4", "5"]


def test_deleted_rows_are_left_out_unless_asked_for(service: ScriptedService) -> None:
    service.on(TASKS, {"tasks": [item(1, deleted=True), item(2, deleted=False), item(3), item(4, deleted=None)]})
    schedule = service.schedule()
    assert schedule.tasks()["name"].tolist() == ["Task 2", "Task 3", "Task 4"]
    assert len(schedule.tasks(include_deleted=True)) == 4
    assert schedule.tasks().attrs["rows"] == 3
    assert len(service.asked(TASKS)) == 1


def test_a_page_that_times_out_at_the_gateway_is_asked_again_at_half_the_size(service: ScriptedService) -> None:
    items = [item(n) for n in range(1000)]
    pages(service, items)
    served = service._routes[TASKS]
    service.on(
        TASKS,
        lambda request: (
            Reply(504, b"<html>Gateway Timeout</html>") if int(request.query["$top"]) > 250 else served(request)
        ),
    )
    frame = service.schedule(page_size=1000).tasks()
    assert len(frame) == 1000
    sizes = [int(request.query["$top"]) for request in service.asked(TASKS)]
    assert sizes == [1000, 500, 250, 250, 250, 250]


def test_a_later_page_is_asked_again_from_the_same_token(service: ScriptedService) -> None:
    items = [item(n) for n in range(900)]
    pages(service, items)
    served = service._routes[TASKS]
    refused: list[str] = []

    def answer(request: Request) -> Reply:
        token = request.query.get("$continuationToken", "")
        if token and not refused:
            refused.append(token)
            return Reply(504)
        return served(request)

    service.on(TASKS, answer)
    assert len(service.schedule(page_size=400).tasks()) == 900
    asked = [(r.query["$top"], r.query.get("$continuationToken", "")) for r in service.asked(TASKS)]
    assert asked == [("400", ""), ("400", "400=="), ("200", "400=="), ("200", "600=="), ("200", "800==")]


def test_a_gateway_that_always_times_out(service: ScriptedService) -> None:
    service.on(TASKS, Reply(504, b""))
    with pytest.raises(bn.ServiceUnavailable, match="timed out 6 times, the last time for a page of 312 items"):
        service.schedule().tasks()
    assert len(service.asked(TASKS)) == 6


def test_single_objects_retry_a_gateway_time_out(service: ScriptedService) -> None:
    path = f"/schedules/{SCHEDULE}/project-scheduling"
    service.on(path, [Reply(504), Reply(body={"projectScheduling": {"dataDate": "2025-01-29T12:00:00Z"}})])
    assert service.schedule().data_date == pd.Timestamp("2025-01-29 12:00", tz="UTC")


def test_an_inferred_envelope_key_is_tolerated_under_another_name(service: ScriptedService) -> None:
    service.on(f"/schedules/{SCHEDULE}/task-links", {"links": [{"id": "1", "lag": 3600}], "_links": {}})
    assert service.schedule().task_links()["lag_hours"].tolist() == [1.0]


@pytest.mark.parametrize(
    ("path", "call", "body"),
    [
        (TASKS, "tasks", {"things": [{"id": "1"}]}),  # the key of tasks was recorded: another one is no task list
        (f"/schedules/{SCHEDULE}/task-links", "task_links", {"a": [], "b": []}),
        (TASKS, "tasks", {"tasks": {"id": "1"}}),
        (TASKS, "tasks", {"tasks": [1]}),
        (TASKS, "tasks", {}),
        (TASKS, "tasks", [1]),
        (TASKS, "tasks", b"<html><title>Sign in</title></html>"),
        (TASKS, "tasks", b'{"tasks": [{"id": "1"}'),
        (TASKS, "tasks", b""),
        (TASKS, "tasks", b"null"),
    ],
)
def test_an_answer_without_the_list_is_an_error_not_an_empty_frame(
    service: ScriptedService, path: str, call: str, body: Any
) -> None:
    service.on(path, Reply(body=body))
    with pytest.raises(bn.InvalidResponse) as caught:
        service.schedule().table(call)
    assert f"{call} of schedule {SCHEDULE}" in str(caught.value)
    assert "Correlation id" in str(caught.value)


def test_a_page_that_cannot_be_decoded_is_named(service: ScriptedService) -> None:
    pages(service, [item(n) for n in range(4)], path=f"/schedules/{SCHEDULE}/tasks")
    served = service._routes[TASKS]
    service.on(
        TASKS,
        lambda request: Reply(200, {"x": 1}) if "$continuationToken" in request.query else served(request),
    )
    with pytest.raises(bn.InvalidResponse) as caught:
        service.schedule(page_size=2).tasks()
    assert caught.value.where == f"tasks of schedule {SCHEDULE}, page 2"


@pytest.mark.parametrize("body", [[1], {"tasks": [5]}, {"tasks": None}, {}, b"", b"<html>Sign in</html>"])
def test_whatever_cannot_be_decoded_says_where_and_what_to_do(service: ScriptedService, body: Any) -> None:
    service.on(TASKS, Reply(200, body))
    with pytest.raises(bn.InvalidResponse) as caught:
        service.schedule().tasks()
    assert caught.value.where == f"tasks of schedule {SCHEDULE}"
    assert caught.value.correlation_id
    assert caught.value.hint


def test_an_error_on_a_later_page_leaves_nothing_behind(service: ScriptedService) -> None:
    pages(service, [item(n) for n in range(4)])
    served = service._routes[TASKS]
    service.on(TASKS, lambda request: Reply(403) if "$continuationToken" in request.query else served(request))
    schedule = service.schedule(page_size=2)
    with pytest.raises(bn.AccessDenied, match="page 2"):
        schedule.tasks()
    service.on(TASKS, served)
    assert len(schedule.tasks()) == 4


def test_enterprise_pages_follow_the_token(service: ScriptedService) -> None:
    def answer(request: Request) -> Reply:
        start = int(request.query.get("pageToken", "0"))
        size = int(request.query["pageSize"])
        token = str(start + size) if start + size < 5 else None
        return Reply(body={"items": [item(n) for n in range(start, min(start + size, 5))], "nextPageToken": token})

    service.on(TASKS, answer)
    assert len(service.schedule(surface="enterprise", page_size=2).tasks()) == 5


def test_enterprise_reads_animation_bindings_by_post(service: ScriptedService) -> None:
    def answer(request: Request) -> Reply:
        assert (request.method, json.loads(request.body)) == ("POST", {})
        return Reply(
            body={"items": [{"taskId": "1"}], "nextPageToken": None if "pageToken" in request.query else "a=="}
        )

    service.on(f"/schedules/{SCHEDULE}/animationBindings/query", answer)
    assert len(service.schedule(surface="enterprise").animation_bindings()) == 2


def test_values_that_do_not_fit_are_kept_beside_their_column(service: ScriptedService) -> None:
    service.on(TASKS, {"tasks": [item(1, plannedStart="next week", percentComplete="50"), item(2, plannedStart=None)]})
    with pytest.warns(UnparsedValuesWarning, match=r"tasks\.planned_start: 1 value\(s\) are not a date-time"):
        frame = service.schedule().tasks()
    assert frame["planned_start"].isna().all()
    assert frame["planned_start_as_sent"].tolist()[0] == "next week"
    assert frame["percent_complete"].tolist()[0] == 50
