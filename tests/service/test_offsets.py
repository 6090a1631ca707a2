"""Offset paging (Enterprise): rows that are deleted or inserted during a pull lose no row in silence."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bentley_nb as bn
from tests.scripted import SCHEDULE, Reply, Request, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"
SIZE = 10


def write(skip: int) -> str:
    return base64.b64encode(b'{"Skip":%d,"Top":%d}' % (skip, SIZE)).decode()


def skip(request: Request) -> int:
    token = request.query.get("pageToken")
    return json.loads(base64.b64decode(token))["Skip"] if token else 0


def task(number: int) -> dict[str, Any]:
    return {"id": f"{number:08d}-0000-0000-0000-000000000000", "name": f"Task {{{number}}}, [x]", "plannedFinish": {}}


class Offsets:
    """A list paged by offset, which ``edit`` changes before the third page is answered."""

    def __init__(self, service: ScriptedService, rows: int = 45, path: str = TASKS, make: Any = task) -> None:
        self.rows = [make(number) for number in range(rows)]
        self.edit: Callable[[list[Any]], None] = lambda rows: None
        self.asked: list[int] = []
        service.on(path, self.answer)

    def answer(self, request: Request) -> Reply:
        start = skip(request)
        self.asked.append(start)
        if len(self.asked) == 3:
            self.edit(self.rows)
        stop = start + int(request.query["pageSize"])
        token = write(stop) if stop < len(self.rows) else None
        return Reply(body={"items": self.rows[start:stop], "nextPageToken": token})


def numbers(service: ScriptedService, **options: Any) -> list[int]:
    frame = service.schedule(surface="enterprise", page_size=SIZE, **options).tasks()
    return [int(text[:8]) for text in frame["id"]]


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 11, 19, 20, 45])
def test_pages_overlap_by_a_row_and_give_each_row_once(service: ScriptedService, rows: int) -> None:
    served = Offsets(service, rows)
    assert numbers(service) == list(range(rows))
    assert served.asked == list(range(0, max(rows - 1, 1), SIZE - 1))


@pytest.mark.parametrize("number", [0, 7, 17])
def test_a_row_deleted_during_the_pull_takes_no_other_with_it(service: ScriptedService, number: int) -> None:
    served = Offsets(service)
    served.edit = lambda rows: rows.pop(number)
    assert numbers(service) == list(range(45))
    assert served.asked[:5] == [0, 9, 18, 13, 22]  # one page again


def test_without_the_row_that_joins_two_pages_the_pull_is_refused(service: ScriptedService) -> None:
    served = Offsets(service)
    served.edit = lambda rows: rows.pop(18)
    with pytest.raises(bn.InvalidResponse, match="rows have moved from one page to another") as caught:
        numbers(service)
    assert "page 3" in str(caught.value)
    assert "Nothing was returned" in str(caught.value)


def test_rows_inserted_during_the_pull(service: ScriptedService) -> None:
    served = Offsets(service)
    served.edit = lambda rows: rows.insert(0, task(99))
    assert numbers(service) == list(range(45))


def test_a_row_edited_during_the_pull_is_the_same_row(service: ScriptedService) -> None:
    served = Offsets(service)
    served.edit = lambda rows: rows[18].update(name="Edited")
    assert numbers(service) == list(range(45))
    assert len(served.asked) == 5


def test_more_rows_deleted_than_a_page_asked_again_goes_back(service: ScriptedService) -> None:
    served = Offsets(service)

    def delete(rows: list[Any]) -> None:
        del rows[:12]

    served.edit = delete
    with pytest.raises(bn.InvalidResponse, match="rows have moved"):
        numbers(service)


def test_rows_without_an_id_are_told_apart_whole(service: ScriptedService) -> None:
    served = Offsets(
        service,
        path=f"/schedules/{SCHEDULE}/resources/entity3DAssignments",
        make=lambda n: {"resourceId": f"r{n}", "entity3dId": "e"},
    )
    served.edit = lambda rows: rows.pop(3)
    schedule = service.schedule(surface="enterprise", page_size=SIZE)
    assert schedule.resource_entity_3d_assignments()["resource_id"].tolist() == [f"r{n}" for n in range(45)]


def test_a_service_that_takes_only_its_own_tokens(service: ScriptedService) -> None:
    served = Offsets(service)

    def answer(request: Request) -> Reply:
        return served.answer(request) if skip(request) % SIZE == 0 else Reply(400, {"error": {"message": "no token"}})

    service.on(TASKS, answer)
    assert numbers(service) == list(range(45))
    assert len(service.asked(TASKS)) == 6  # one refusal, and not asked early again


def test_a_service_that_rounds_an_offset_to_its_pages(service: ScriptedService) -> None:
    served = Offsets(service)

    def answer(request: Request) -> Reply:
        request.query["pageToken"] = write(-(-skip(request) // SIZE) * SIZE)
        return served.answer(request)

    service.on(TASKS, answer)
    assert numbers(service) == list(range(45))


@pytest.mark.parametrize("size", [1, 2])
def test_small_pages(service: ScriptedService, size: int) -> None:
    Offsets(service, 5)
    frame = service.schedule(surface="enterprise", page_size=size).tasks()
    assert len(frame) == 5


def with_etags(served: Offsets) -> Callable[[Request], Reply]:
    """Answer 304 where the page is the one that is kept."""

    def answer(request: Request) -> Reply:
        reply = served.answer(request)
        etag = f'"{hashlib.sha1(json.dumps(reply.body).encode()).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(status=304, body=b"", headers={"ETag": etag})
        return replace(reply, headers={"ETag": etag})

    return answer


def test_a_confirmed_page_must_continue_the_page_read_before_it(service: ScriptedService, tmp_path: Path) -> None:
    served = Offsets(service)
    service.on(TASKS, with_etags(served))
    assert numbers(service, store=tmp_path) == list(range(45))
    plain = served.answer

    def inserted_and_deleted_again(request: Request) -> Reply:
        if skip(request):
            return plain(request)
        served.rows.insert(3, task(100))
        reply = plain(request)
        del served.rows[3]
        return reply

    served.answer = inserted_and_deleted_again  # type: ignore[method-assign]
    assert sorted(numbers(service, store=tmp_path)) == [*range(45), 100]


def test_confirmed_pages_between_changed_ones(service: ScriptedService, tmp_path: Path) -> None:
    served = Offsets(service)
    service.on(TASKS, with_etags(served))
    numbers(service, store=tmp_path)
    for number in (2, 25):
        served.rows[number]["name"] = "Edited"
    served.asked.clear()
    frame = service.schedule(surface="enterprise", page_size=SIZE, store=tmp_path).tasks()
    assert frame["id"].tolist() == [row["id"] for row in served.rows]
    assert (frame["name"] == "Edited").sum() == 2
    # Each page once; in full those before (9) and after (9, 27) a changed one, which prove that nothing has moved.
    assert sorted(served.asked) == [0, 9, 9, 9, 18, 27, 27, 36]
