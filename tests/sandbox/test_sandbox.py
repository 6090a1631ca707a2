"""Starting, stopping and filling a sandbox."""

from __future__ import annotations

import gc
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from bentley_nb.errors import InvalidRequest, NotFound
from bentley_nb.sandbox import Sandbox, server

from .conftest import Api


def sandbox_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("bentley_nb sandbox")]


def test_it_closes_without_a_trace() -> None:
    before = len(sandbox_threads())
    sandbox = Sandbox(rows=20)
    assert repr(sandbox) == "<Sandbox, not started>"
    sandbox.start()
    port = urlsplit(sandbox.url).port
    assert repr(sandbox) == f"<Sandbox at http://127.0.0.1:{port}>"
    open_ = [HTTPConnection("127.0.0.1", port, timeout=5) for _ in range(3)]
    for connection in open_:
        connection.request("GET", "/itwins")
        connection.getresponse().read()
    assert len(sandbox_threads()) == before + 4
    sandbox.stop()
    assert len(sandbox_threads()) == before
    assert not sandbox.running
    for connection in open_:
        connection.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the port is closed"
    with Sandbox(rows=20, port=port or 0) as another:
        assert urlsplit(another.url).port == port
    gc.collect()  # an unclosed socket would be complained about here, and warnings are errors
    sandbox.stop()
    with pytest.raises(InvalidRequest, match="not started"):
        _ = sandbox.url


def test_it_does_not_wait_for_data_that_is_still_being_made(
    connect: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "CLOSE_SECONDS", 0.2)
    made, asked = threading.Event(), threading.Event()

    def slowly() -> list[dict[str, object]]:
        asked.set()
        made.wait(60)
        return []

    sandbox = Sandbox(rows=20).start()
    api = connect(sandbox)
    sandbox._dispatcher.content.schedules[sandbox.schedule_id].set_source("codes", slowly)

    def ask() -> None:
        with suppress(requests.ConnectionError):
            requests.get(f"{api.base}/{sandbox.schedule_id}/codes", headers=api.session.headers, timeout=20)

    callers = [threading.Thread(target=ask) for _ in range(3)]
    for caller in callers:
        caller.start()
    assert asked.wait(60)
    begin = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - begin < 2
    made.set()
    for caller in callers:
        caller.join(60)


def test_it_can_be_started_twice_and_again() -> None:
    sandbox = Sandbox(rows=20)
    first = sandbox.start().url
    assert sandbox.start().url == first
    sandbox.stop()
    with sandbox:
        assert requests.get(sandbox.projects_url, timeout=5).status_code == 401


def test_many_run_side_by_side_and_know_nothing_of_each_other(connect: Callable[..., Api]) -> None:
    boxes = [Sandbox(rows=20, seed=seed).start() for seed in range(5)]
    try:
        apis = [connect(box) for box in boxes]
        assert len({box.url for box in boxes}) == 5
        assert len({box.schedule_id for box in boxes}) == 5
        foreign = requests.get(boxes[0].projects_url, headers=dict(apis[1].session.headers), timeout=5)
        assert foreign.status_code == 401
    finally:
        for box in boxes:
            box.stop()


def test_one_that_is_not_stopped_ends_with_its_process() -> None:
    code = (
        "import requests; from bentley_nb.sandbox import Sandbox; s = Sandbox(rows=20).start();"
        "k = requests.Session(); print(k.get(s.projects_url).status_code); k.close()"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert (done.stdout.strip(), done.stderr) == ("401", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_ends_and_leaves_it_running() -> None:
    code = (
        "import os, sys, requests; from bentley_nb.sandbox import Sandbox; s = Sandbox(rows=20).start(); p = os.fork()\n"
        "if not p: sys.exit(0)\n"
        "os.waitpid(p, 0); k = requests.Session(); print(k.get(s.projects_url).status_code); k.close()"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "401"


def test_it_listens_on_loopback_only(sandbox: Sandbox) -> None:
    assert urlsplit(sandbox.url).hostname == "127.0.0.1"
    for kind in ("platform", "enterprise"):
        assert sandbox.api_url(kind).startswith(sandbox.url)
    with pytest.raises(InvalidRequest, match="Did you mean 'platform'"):
        sandbox.api_url("platfrom")


def test_a_connection_is_kept_for_many_requests(sandbox: Sandbox) -> None:
    parts = urlsplit(sandbox.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    connection.connect()
    port = connection.sock.getsockname()[1]
    for method, path, body in (
        ("GET", "/itwins", None),
        ("POST", "/connect/token", "a=b"),
        ("POST", "/nowhere", "x" * 9_999),
    ):
        connection.request(method, path, body)
        answer = connection.getresponse()
        answer.read()
        assert answer.version == 11
        assert connection.sock.getsockname()[1] == port
    connection.close()


def test_a_body_of_unknown_length_is_refused(sandbox: Sandbox) -> None:
    answer = requests.post(sandbox.token_url, data=iter([b"grant_type=x"]), timeout=5)
    assert answer.status_code == 501


def test_a_client_that_goes_away_disturbs_no_other(sandbox: Sandbox, platform: Api) -> None:
    parts = urlsplit(sandbox.url)
    request = (
        f"GET /schedules/{sandbox.schedule_id}/tasks/user-field-values?$top=10000 HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Authorization: {platform.session.headers['Authorization']}\r\n\r\n"
    )
    for _ in range(5):
        client = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5)
        # Without lingering the close is a reset, which the server meets while it writes.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(request.encode())
        client.close()
    assert platform.get("codes").status_code == 200


def test_sixteen_threads_are_served_at_once(platform: Api) -> None:
    headers, url = dict(platform.session.headers), f"{platform.base}/{platform.sandbox.schedule_id}/tasks?$top=50"
    gate = threading.Barrier(16)

    def ask(_: int) -> int:
        gate.wait(60)
        return sum(requests.get(url, headers=headers, timeout=20).status_code for _ in range(3))

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(16))) == [600] * 16


def test_a_taken_port_is_named() -> None:
    with Sandbox(rows=20) as first:
        port = urlsplit(first.url).port
        with pytest.raises(InvalidRequest, match=rf"cannot listen on port {port}: Address already in use"):
            Sandbox(rows=20, port=port or 0).start()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": 0}, "at least one row, not 0"),
        ({"latency": -1}, "latency of -1 seconds"),
        ({"latency": float("nan")}, "latency of nan seconds"),
        ({"latency": float("inf")}, "latency of inf seconds"),
        ({"rate_limit": 0}, "at least one request a minute"),
        ({"port": 65_536}, "from 0 .any free one. to 65535, not 65536"),
        ({"port": -1}, "not -1"),
    ],
)
def test_numbers_out_of_range_are_refused(options: dict[str, int], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        Sandbox(**options)


def test_the_sandbox_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; from bentley_nb.sandbox import Sandbox; Sandbox(rows=20).start().stop();"
        "print(sorted({'werkzeug', 'requests', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:{port}", "127.0.0.1.attacker.example", ""])
def test_a_request_under_a_foreign_host_name_is_refused(sandbox: Sandbox, platform: Api, host: str) -> None:
    headers = {"Host": host.format(port=urlsplit(sandbox.url).port)}
    answer = platform.get("tasks", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (421, "MisdirectedRequest")


@pytest.mark.parametrize("host", ["localhost", "localhost:{port}", "[::1]:{port}", "127.0.0.1"])
def test_names_of_this_machine_are_answered(sandbox: Sandbox, platform: Api, host: str) -> None:
    host = host.format(port=urlsplit(sandbox.url).port)
    body = platform.get("tasks?$top=2", headers={"Host": host}).json()
    assert body["_links"]["next"]["href"].startswith(f"http://{host}/schedules/")


class TestHandMadeItems:
    def test_a_schedule_of_given_items(self, own: Sandbox, connect: Callable[..., Api]) -> None:
        api = connect(own)
        id_ = own.add_schedule(
            {
                "tasks": [{"id": "b", "name": "Two"}, {"id": "a", "name": "One", "parentId": "b", "extra": [1.5]}],
                "baselines": [{"id": "base"}],
                "baseline_tasks": [{"baselineId": "base", "taskId": "a"}, {"baselineId": "other", "taskId": "b"}],
                "resource_groups": [{"id": "g"}],
                "resources": [{"id": "r", "name": "Crane"}],
                "resource_group_members": [{"resourceGroupId": "g", "resourceId": "r"}],
            },
            name="Two tasks",
        )
        assert [t["name"] for t in api.all("tasks", "tasks", schedule=id_)] == ["One", "Two"]
        assert api.get("tasks/b/children", id_).json()["tasks"][0]["extra"] == [1.5]
        assert api.get("baselines/base/baseline-tasks", id_).json()["baselineTasks"] == [
            {"baselineId": "base", "taskId": "a"}
        ]
        assert api.get("resource-groups/g/resources", id_).json()["resources"] == [{"id": "r", "name": "Crane"}]
        assert api.get("codes", id_).json()["codes"] == []
        listed = api.session.get(f"{api.base}?iTwinId={own.projects[0]['id']}", timeout=5).json()["schedules"]
        assert "Two tasks" in [item["name"] for item in listed]

    def test_items_without_ids_keep_their_order_and_can_be_paged(
        self, own: Sandbox, connect: Callable[..., Api]
    ) -> None:
        api = connect(own)
        frames = [{"pathId": "p", "time": t} for t in (0.5, 0.25, 1.0, 0.0, 0.75)]
        id_ = own.add_schedule({"keyframes": frames})
        assert api.all("animation-3d-paths/keyframes", "keyframes", 2, id_) == frames

    def test_items_can_be_replaced(self, own: Sandbox, connect: Callable[..., Api]) -> None:
        api = connect(own)
        assert len(api.get("codes").json()["codes"]) > 1
        own.replace("codes", [{"id": "c", "name": "Only"}])
        assert api.get("codes").json()["codes"] == [{"id": "c", "name": "Only"}]
        assert own.items("codes") == [{"id": "c", "name": "Only"}]

    def test_unknown_names_are_answered_with_the_nearest(self, own: Sandbox) -> None:
        with pytest.raises(InvalidRequest, match="Did you mean 'task_links'"):
            own.add_schedule({"task_link": []})
        with pytest.raises(InvalidRequest, match="Did you mean 'tasks'"):
            own.replace("task", [])
        with pytest.raises(NotFound, match="no schedule 'x'"):
            own.items("tasks", "x")
