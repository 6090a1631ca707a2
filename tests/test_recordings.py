"""Recorded answers of the live service, replayed over a socket, come out whole."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import snake_case
from tests.scripted import Reply, Request, ScriptedService

RECORDED = {
    "tasks": "tasks",
    "appearance-profiles": "appearance_profiles",
    "animation-3d-transforms": "animation_3d_transforms",
    "animation-3d-path-assignments": "animation_3d_path_assignments",
    "animation-3d-paths/keyframes": "keyframes",
    "animation-bindings": "animation_bindings",
}


class Replay:
    """Serves the recorded pairs, with the recorded host replaced by its own."""

    def __init__(self, service: ScriptedService, path: Path) -> None:
        self.pairs = json.loads(path.read_text(encoding="utf-8"))
        self.service = service
        parts = urlsplit(self.pairs[0]["url"])
        self.host = f"{parts.scheme}://{parts.netloc}"
        head, _, rest = parts.path.partition("/schedules/")
        self.base = f"{service.url}{head}/schedules"
        self.schedule_id = rest.split("/")[0]
        self.by_path: dict[str, list[dict[str, Any]]] = {}
        for pair in self.pairs:
            self.by_path.setdefault(urlsplit(pair["url"]).path, []).append(pair)
        for path_ in self.by_path:
            service.on(path_, self.answer)

    def answer(self, request: Request) -> Reply:
        token = request.query.get("$continuationToken") or request.query.get("pageToken")
        for pair in self.by_path[request.path]:
            query = parse_qs(urlsplit(pair["url"]).query)
            recorded = query.get("$continuationToken") or query.get("pageToken")
            if (unquote(recorded[0]) if recorded else None) == token and pair["method"] == request.method:
                body = json.dumps(pair["body"]).replace(self.host, self.service.url)
                return Reply(pair["status"], body.encode())
        raise AssertionError(f"not recorded: {request}")

    def items(self, collection: str) -> Iterator[dict[str, Any]]:
        path = next(path for path, name in RECORDED.items() if name == collection)
        platform = [p for p in self.by_path if p.endswith("/" + path)]
        enterprise = COLLECTIONS[collection].enterprise
        for found in platform or [p for p in self.by_path if p.endswith(f"/{enterprise}")]:
            for pair in self.by_path[found]:
                body = pair["body"]
                yield from body.get("items") or body.get(COLLECTIONS[collection].envelope) or []


@pytest.fixture(params=["platform_small_pages", "enterprise_one_page"])
def replay(request: pytest.FixtureRequest, service: ScriptedService, shared: Path) -> Replay:
    return Replay(service, shared / "recordings" / f"{request.param}.json")


def connect(replay: Replay, **options: Any) -> bn.Schedule:
    surface = "enterprise" if "4dschedule" in replay.base else "platform"
    return replay.service.connect(surface=surface, api_url=replay.base, **options).schedule(replay.schedule_id)


def leaves(item: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


@pytest.mark.parametrize("collection", RECORDED.values())
def test_every_recorded_member_is_found_again_with_its_value(replay: Replay, collection: str) -> None:
    frame = connect(replay).table(collection)
    items = list(replay.items(collection))
    assert len(frame) == len(items) > 0
    renamed = {c.enterprise_member: c.member for c in COLLECTIONS[collection].columns if c.enterprise_member}
    checked = 0
    for (_, row), item in zip(frame.iterrows(), items, strict=True):
        for sent_as, sent in leaves(item):
            member = renamed.get(sent_as, sent_as)
            name = snake_case(member)
            in_seconds = name not in row.index
            found = row[f"{name}_hours" if in_seconds else name]
            value = sent / 3600 if in_seconds and sent is not None else sent
            checked += 1
            if value is None:
                assert pd.isna(found), member
            elif isinstance(value, list):
                assert found == value, member
            elif isinstance(found, pd.Timestamp):
                assert found == pd.Timestamp(value), member
            elif isinstance(value, float):
                assert math.isclose(found, value, rel_tol=0, abs_tol=0), member
            else:
                assert found == value, member
    assert checked > len(items)


def test_the_recorded_pages_are_followed_to_the_last(service: ScriptedService, shared: Path) -> None:
    replay = Replay(service, shared / "recordings" / "platform_small_pages.json")
    schedule = connect(replay)
    for collection in RECORDED.values():
        schedule.table(collection)
    asked = [request for request in service.requests if request.path != "/connect/token"]
    assert len(asked) == len(replay.pairs)


@pytest.mark.parametrize("collection", RECORDED.values())
def test_both_surfaces_give_the_same_columns_and_dtypes(
    service: ScriptedService, shared: Path, collection: str
) -> None:
    frames = []
    for name in ("platform_small_pages", "enterprise_one_page"):
        with ScriptedService() as one:
            frames.append(connect(Replay(one, shared / "recordings" / f"{name}.json")).table(collection))
    platform, enterprise = frames
    assert platform.columns.tolist() == enterprise.columns.tolist()
    assert platform.dtypes.astype(str).tolist() == enterprise.dtypes.astype(str).tolist()
