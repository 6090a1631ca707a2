"""Long chains read at several places at once: the frame is that of the plain reading, whatever the service does."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import uuid
import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.service import split
from bentley_nb.transport import retries
from tests.scripted import SCHEDULE, Reply, Request, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"
SIZE = 10
ROWS = 400


class Keyset:
    """A list of tasks paged as the Platform does; subclasses answer tokens they did not give in ways of their own."""

    said = True  # whether the user is told that the chain was not split
    path, member, table = TASKS, "tasks", "tasks"

    def __init__(self) -> None:
        rng = random.Random(5)
        self.rows = sorted((self.row(uuid.UUID(int=rng.getrandbits(128)), n) for n in range(ROWS)), key=self.key)
        self.given: set[str] = set()
        self.made = 0
        self.asked: list[bool] = []  # whether each token was a made one
        self.delay = 0.0

    def row(self, guid: uuid.UUID, number: int) -> dict[str, Any]:
        return {"id": str(guid), "name": f"Task {number}", "percentComplete": number / 8}

    def key(self, row: dict[str, Any]) -> tuple[str, ...]:
        return (row["id"],)

    def token(self, row: dict[str, Any]) -> str:
        first, second = (*self.key(row), None)[:2]
        return self.write({"PrimarySkipToken": first, "SecondarySkipToken": second, "Type": 0})

    def write(self, cursor: dict[str, Any]) -> str:
        return base64.b64encode(json.dumps(cursor, separators=(",", ":")).encode()).decode()

    def after(self, token: str) -> int:
        cursor = json.loads(base64.b64decode(token))
        wanted = tuple(part for part in (cursor["PrimarySkipToken"], cursor["SecondarySkipToken"]) if part)
        return next((n for n, row in enumerate(self.rows) if self.key(row) > wanted), len(self.rows))

    def answer(self, request: Request) -> Reply:
        token = request.query.get("$continuationToken")
        made = token is not None and token not in self.given
        self.made += made
        self.asked.append(made)
        reply = self.made_up(token or "", self.made) if made else None
        return reply or self.page(self.after(token) if token else 0)

    def made_up(self, token: str, number: int) -> Reply | None:
        return None

    def page(self, start: int, size: int = SIZE) -> Reply:
        stop = start + size
        body: dict[str, Any] = {self.member: self.rows[start:stop], "_links": {}}
        if stop < len(self.rows):
            body["nextPageToken"] = self.token(self.rows[stop - 1])
            self.given.add(body["nextPageToken"])
        return Reply(body=body, delay=self.delay)


class Good(Keyset):
    said = False


class ShortPages(Good):
    def page(self, start: int, size: int = SIZE) -> Reply:
        return super().page(start, 1 + start % SIZE)


class WithoutIds(Good):
    path, member, table = f"/schedules/{SCHEDULE}/tasks/user-field-values", "userFieldValues", "task_user_field_values"

    def row(self, guid: uuid.UUID, number: int) -> dict[str, Any]:
        return {"taskId": str(guid), "userFieldId": str(uuid.UUID(int=number)), "value": str(number)}

    def key(self, row: dict[str, Any]) -> tuple[str, ...]:
        return row["taskId"], row["userFieldId"]


class OneAfterAnother(Good):
    """Ids that were counted up: nothing follows at the places further down."""

    def row(self, guid: uuid.UUID, number: int) -> dict[str, Any]:
        return super().row(uuid.UUID(int=number + 1), number)


class Opaque(Keyset):
    def token(self, row: dict[str, Any]) -> str:
        return f"page-{self.rows.index(row)}"

    def after(self, token: str) -> int:
        return int(token.removeprefix("page-")) + 1


class Descending(Keyset):
    def __init__(self) -> None:
        super().__init__()
        self.rows.reverse()

    def after(self, token: str) -> int:
        wanted = json.loads(base64.b64decode(token))["PrimarySkipToken"]
        return next((n for n, row in enumerate(self.rows) if row["id"] < wanted), len(self.rows))


class UpperCase(Keyset):
    def row(self, guid: uuid.UUID, number: int) -> dict[str, Any]:
        return super().row(guid, number) | {"id": str(guid).upper()}


class Ignores(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return self.page(0)


class Refuses(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return Reply(400, {"error": {"code": "InvalidSchedulesRequest", "message": "no token"}})


class OneRowOff(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return self.page(self.after(token) + 1)


class OneRowOffLater(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return self.page(self.after(token) + (number > 1))


class NothingLater(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return self.page(len(self.rows)) if number > 1 else None


class RefusesLater(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return Reply(400, {"error": {"message": "no token"}}) if number > 1 else None


class GarbageLater(Keyset):
    def made_up(self, token: str, number: int) -> Reply | None:
        return Reply(body=b"<html>") if number > 1 else None


class InventsLater(Keyset):
    """Other values in the rows that two chains have in common."""

    def made_up(self, token: str, number: int) -> Reply | None:
        if number == 1:
            return None
        reply = self.page(self.after(token))
        rows = [row | {"name": "invented"} for row in reply.body["tasks"]]
        return Reply(body=reply.body | {"tasks": rows})


class Repeats(Keyset):
    """Answers what it did not give, and what follows, with one page for ever."""

    def made_up(self, token: str, number: int) -> Reply | None:
        if number == 1:
            return None
        return Reply(body={"tasks": self.rows[-SIZE:], "nextPageToken": "again"})


SERVICES = [
    Good, ShortPages, WithoutIds, OneAfterAnother, Opaque, Descending, UpperCase, Ignores, Refuses, OneRowOff,
    OneRowOffLater, NothingLater, RefusesLater, GarbageLater, InventsLater, Repeats,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.001)
    monkeypatch.setattr(split, "QUICK_SECONDS", 0.0)


def read(service: ScriptedService, served: Keyset, *, at_once: bool) -> pd.DataFrame:
    bn.options.split = at_once
    service.on(served.path, served.answer)
    return service.schedule(page_size=SIZE).table(served.table)


@pytest.mark.parametrize("kind", SERVICES, ids=lambda kind: kind.__name__)
def test_the_frame_is_that_of_the_plain_reading(service: ScriptedService, kind: type[Keyset]) -> None:
    plain = read(service, kind(), at_once=False)
    expected: Callable[[], Any] = (
        (lambda: pytest.warns(UserWarning, match="was read page by page")) if kind.said
        else contextlib.nullcontext
    )  # fmt: skip
    with expected():
        several = read(service, kind(), at_once=True)
    assert len(plain) == ROWS
    pd.testing.assert_frame_equal(several, plain)


def test_several_chains_run_side_by_side(service: ScriptedService) -> None:
    served = Good()
    served.delay = 0.03
    read(service, served, at_once=False)
    assert not any(served.asked)
    served.asked.clear()
    read(service, served, at_once=True)
    assert sum(served.asked) == 6  # one trial, five chains
    # Chains take turns: all of them began before any could be far ahead.
    assert not any(served.asked[20:])


@pytest.mark.parametrize("seed", range(6))
def test_rows_that_change_meanwhile_are_neither_lost_nor_doubled(service: ScriptedService, seed: int) -> None:
    served, rng = Good(), random.Random(seed)
    untouched = {row["id"] for row in served.rows}
    plain_answer = served.answer

    def answer(request: Request) -> Reply:
        if rng.random() < 0.3:
            row = served.rows.pop(rng.randrange(len(served.rows)))
            untouched.discard(row["id"])
        if rng.random() < 0.3:
            served.rows[rng.randrange(len(served.rows))]["name"] = "Edited"
        return plain_answer(request)

    served.answer = answer  # type: ignore[method-assign]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whether a seam was hit is chance
        frame = read(service, served, at_once=True)
    assert frame["id"].is_unique
    assert frame["id"].is_monotonic_increasing
    assert untouched <= set(frame["id"])


def test_a_short_table_is_read_as_ever(service: ScriptedService) -> None:
    served = Good()
    served.rows = served.rows[:90]
    read(service, served, at_once=True)
    assert len(service.asked(TASKS)) - served.made == 9


def test_with_one_request_at_a_time_nothing_is_split(service: ScriptedService) -> None:
    served = Good()
    bn.options.split = True
    service.on(TASKS, served.answer)
    assert len(service.schedule(page_size=SIZE, max_workers=1).tasks()) == ROWS
    assert served.made == 0


def test_where_answers_come_at_once_nothing_is_split(service: ScriptedService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "QUICK_SECONDS", 5.0)
    served = Good()
    assert len(read(service, served, at_once=True)) == ROWS
    assert served.made == 0
