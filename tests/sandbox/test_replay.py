"""Recorded answers over the socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bentley_nb.errors import InvalidRequest
from bentley_nb.sandbox import Sandbox

from .conftest import Api


@pytest.mark.parametrize(
    ("file", "surface"), [("platform_small_pages", "platform"), ("enterprise_one_page", "enterprise")]
)
def test_every_recorded_request_is_answered_as_recorded(
    shared: Path, connect: Callable[..., Api], file: str, surface: str
) -> None:
    path = shared / f"recordings/{file}.json"
    with Sandbox(recorded=path) as sandbox:
        api = connect(sandbox, surface)
        for record in json.loads(path.read_text()):
            parts = urlsplit(record["url"])
            host = f"{parts.scheme}://{parts.netloc}"
            answer = api.session.request(
                record["method"], sandbox.url + record["url"].removeprefix(host), data=record["request_body"], timeout=5
            )
            assert answer.status_code == record["status"]
            assert answer.json() == json.loads(json.dumps(record["body"]).replace(host, sandbox.url))


def test_next_links_lead_through_the_recording(shared: Path, connect: Callable[..., Api]) -> None:
    path = shared / "recordings/platform_small_pages.json"
    with Sandbox(recorded=path) as sandbox:
        api = connect(sandbox)
        schedule = json.loads(path.read_text())[0]["url"].split("/")[4]
        url, found = f"{api.base}/{schedule}/animation-bindings?$top=3", []
        while url:
            body = api.get(url).json()
            found += body["animationBindings"]
            url = body["_links"].get("next", {}).get("href", "")
        assert len(found) == 26
        unknown = api.get("tasks?$top=77", schedule)
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "NotRecorded")


def test_a_file_without_recordings_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('[{"method": "GET"}]')
    for name in ("r.json", "missing.json"):
        with pytest.raises(InvalidRequest, match=rf"{name} is no file of recordings"):
            Sandbox(recorded=tmp_path / name)


def test_a_recording_is_kept_from_strangers(tmp_path: Path) -> None:
    import requests

    (tmp_path / "r.json").write_text(
        '[{"method": "GET", "url": "https://x/schedules/1", "request_body": null, "status": 204, "body": null}]'
    )
    with Sandbox(recorded=tmp_path / "r.json") as sandbox:
        assert requests.get(f"{sandbox.url}/schedules/1", timeout=5).status_code == 401
