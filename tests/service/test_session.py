"""Single requests over real sockets: retries, refusals in words, what goes along in headers."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import threading
import time
import warnings
from email.utils import formatdate
from typing import Any

import pytest

import bentley_nb as bn
from bentley_nb.sandbox import Sandbox
from bentley_nb.service.declare import SurfaceName
from bentley_nb.transport import retries
from bentley_nb.transport.http import Received
from tests.scripted import CLIENT_ID, SCHEDULE, Reply, Request, ScriptedService

TASKS = f"/schedules/{SCHEDULE}/tasks"
GOOD = Reply(body={"tasks": [{"id": "1"}]})
IDENTITY = f"{CLIENT_ID}@apps.imsoidc.bentley.com"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", 0.001)


def error(code: str, message: str = "No.", **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **more}}


def test_headers_of_a_request(service: ScriptedService) -> None:
    service.on(TASKS, GOOD)
    service.schedule().tasks()
    [request] = service.asked(TASKS)
    assert request.headers["user-agent"].startswith("bentley_nb/")
    assert request.headers["authorization"] == "Bearer token-1"
    assert request.headers["accept"] == "application/vnd.bentley.itwin-platform.v1+json"
    assert request.headers["accept-encoding"] == "gzip"
    assert re.fullmatch(r"[0-9a-f-]{36}", request.headers["x-correlation-id"])


@pytest.mark.parametrize("status", [429, 502, 503])
def test_passing_faults_are_retried(service: ScriptedService, status: int) -> None:
    service.on(TASKS, [Reply(status, b"", {"Retry-After": "0"}), Reply(status), GOOD])
    assert len(service.schedule().tasks()) == 1


@pytest.mark.parametrize("value", ["soon", "-3", "", "1e400", "Wed, 31 Feb 2026"])
def test_a_malformed_retry_after_is_ignored(service: ScriptedService, value: str) -> None:
    service.on(TASKS, [Reply(429, b"", {"Retry-After": value}), GOOD])
    assert len(service.schedule().tasks()) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("86400", 60), (formatdate(time.time() + 3600, usegmt=True), 60), ("nonsense", 0), ("-1", 0)],
    ids=["seconds", "a day", "a date", "nonsense", "negative"],
)
def test_retry_after_is_capped(value: str, seconds: float) -> None:
    waited: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0)
            return False

    attempts = retries.Attempts("it", "id", stop=Stop(), awaited=retries.Awaited())
    assert attempts.again(Received(429, {"Retry-After": value}, b""))
    assert waited == [pytest.approx(seconds, abs=0.02)]


def test_retry_after_is_waited_for(service: ScriptedService) -> None:
    service.on(TASKS, [Reply(429, b"", {"Retry-After": "1"}), GOOD])
    before = time.monotonic()
    service.schedule().tasks()
    assert time.monotonic() - before >= 1


def test_too_many_requests_to_the_end(service: ScriptedService) -> None:
    service.on(TASKS, Reply(429, error("RateLimitExceeded", "More requests than allowed."), {"Retry-After": "0"}))
    with pytest.raises(bn.RateLimited, match="More requests than allowed") as caught:
        service.schedule().tasks()
    assert caught.value.retry_after == 0
    assert isinstance(caught.value, ConnectionError)
    assert len(service.asked(TASKS)) == 6


@pytest.mark.parametrize("path", [TASKS, "/connect/token"])
def test_how_long_to_wait_is_told(service: ScriptedService, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(retries, "LONGEST_WAIT_SECONDS", 0.01)
    service.on(path, Reply(429, b"", {"Retry-After": "1800"}))
    with pytest.raises(bn.RateLimited, match="Wait 1800 s as it asks") as caught:
        service.schedule().tasks()
    assert caught.value.retry_after == 1800


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [("90", 90, 90), ("soon", None, None), (None, None, None), ("date", 1700, 1800), ("1e400", None, None)],
)
def test_what_to_wait_is_told_whether_it_is_a_number_or_a_date(
    value: str | None, least: float | None, most: float | None
) -> None:
    seconds = retries.retry_after_seconds(formatdate(time.time() + 1800, usegmt=True) if value == "date" else value)
    assert (seconds is None) if least is None or most is None else (seconds is not None and least <= seconds <= most)


def test_a_date_in_the_past_asks_to_wait_no_longer(service: ScriptedService) -> None:
    service.on(TASKS, Reply(429, b"", {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}))
    with pytest.raises(bn.RateLimited) as caught:
        service.schedule().tasks()
    assert caught.value.retry_after == 0


@pytest.mark.parametrize("status", [501, 520])
def test_other_faults_of_the_service_are_told_at_once(service: ScriptedService, status: int) -> None:
    service.on(TASKS, Reply(status))
    with pytest.raises(bn.ServiceUnavailable):
        service.schedule().tasks()
    assert len(service.asked(TASKS)) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_service_that_is_down(service: ScriptedService, status: int) -> None:
    service.on(TASKS, Reply(status, b"<html>oops</html>"))
    with pytest.raises(bn.ServiceUnavailable, match=rf"answers {status} \(no reason given"):
        service.schedule().tasks()


def test_a_body_that_breaks_off_is_asked_for_again(service: ScriptedService) -> None:
    service.on(TASKS, [Reply(body=GOOD.body, cut_after=5), Reply(body=GOOD.body, cut_after=0), GOOD])
    assert len(service.schedule().tasks()) == 1


def test_a_body_that_always_breaks_off(service: ScriptedService) -> None:
    service.on(TASKS, Reply(body=GOOD.body, cut_after=5))
    with pytest.raises(bn.ServiceUnavailable, match="the connection failed or was cut") as caught:
        service.schedule().tasks()
    assert caught.value.where == f"tasks of schedule {SCHEDULE}"
    assert service.url.removeprefix("http://") in caught.value.message


def test_a_slow_answer(service: ScriptedService) -> None:
    service.on(TASKS, Reply(body=GOOD.body, delay=5))
    with pytest.raises(bn.ServiceUnavailable, match="no answer in time"):
        service.schedule(timeout=(1, 0.05)).tasks()


def test_gzip(service: ScriptedService) -> None:
    body = gzip.compress(b'{"tasks": [{"id": "1"}, {"id": "2"}]}')
    service.on(TASKS, Reply(body=body, headers={"Content-Encoding": "gzip"}))
    assert len(service.schedule().tasks()) == 2


def test_gzip_in_several_members(service: ScriptedService) -> None:
    first, second = b'{"tasks": [{"id": "1"}, ', b'{"id": "2"}]           }'
    assert len(first) == len(second)
    body = gzip.compress(first) + gzip.compress(second)
    service.on(TASKS, Reply(body=body, headers={"Content-Encoding": "gzip"}))
    assert len(service.schedule().tasks()) == 2


def test_without_igzip_zlib_unpacks_the_same() -> None:
    code = (
        "import sys, gzip; sys.modules['isal'] = None\n"
        "from bentley_nb.transport.http import gunzip\n"
        "for parts in ([b'x' * 9], [b'a' * 9, b'b' * 9], [b'']):\n"
        "    assert gunzip(b''.join(map(gzip.compress, parts)), 99) == b''.join(parts)\n"
        "try: gunzip(gzip.compress(b'x' * 99)[:-9], 99)\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["error"]


PACKED = gzip.compress(b'{"tasks": []}' * 99)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"not gzip", "gzip"),
        (PACKED[:-9], "gzip"),
        (PACKED[:-8] + bytes(8), "gzip"),
        (PACKED[:12] + b"\xff" * 40, "gzip"),
        (b"x", "br"),
    ],
    ids=["not gzip", "cut short", "wrong checksum", "damaged", "another encoding"],
)
def test_an_answer_that_cannot_be_unpacked(body: bytes, encoding: str, service: ScriptedService) -> None:
    service.on(TASKS, Reply(body=body, headers={"Content-Encoding": encoding}))
    with pytest.raises(bn.ServiceUnavailable, match="could not be unpacked") as caught:
        service.schedule().tasks()
    assert caught.value.where == f"tasks of schedule {SCHEDULE}"


@pytest.mark.parametrize(
    ("status", "body", "kind", "builtin", "parts"),
    [
        (403, error("Forbidden"), bn.AccessDenied, PermissionError, ["Forbidden: No.", IDENTITY, "Manage your team"]),
        (
            404,
            error("ScheduleNotFound", "Requested Schedule is not available."),
            bn.NotFound,
            LookupError,
            ["not available", IDENTITY],
        ),
        (404, error("TaskNotFound"), bn.NotFound, LookupError, ["it must be one of this schedule"]),
        (404, b"", bn.NotFound, LookupError, [IDENTITY]),
        (
            403,
            b"<html><head><title>Blocked &amp; logged</title></head></html>",
            bn.AccessDenied,
            PermissionError,
            ["an HTML page titled 'Blocked & logged', perhaps of a proxy", IDENTITY],
        ),
        (
            400,
            error(
                "InvalidSchedulesRequest",
                "Bad.",
                details=[{"code": "InvalidValue", "target": "$top", "message": "too large"}],
            ),
            bn.InvalidRequest,
            ValueError,
            ["InvalidValue $top too large"],
        ),
        (422, error("Unprocessable"), bn.InvalidRequest, ValueError, ["422"]),
        (304, b"", bn.InvalidResponse, ValueError, ["304"]),
    ],
)
def test_refusals_in_words(
    service: ScriptedService, status: int, body: Any, kind: type[Exception], builtin: type[Exception], parts: list[str]
) -> None:
    service.on(TASKS, Reply(status, body, {"X-Correlation-ID": "from-the-service"}))
    with pytest.raises(kind) as caught:
        service.schedule().tasks()
    assert isinstance(caught.value, builtin)
    for part in [*parts, f"tasks of schedule {SCHEDULE}", "Correlation id for Bentley support: from-the-service"]:
        assert part in str(caught.value)
    assert len(caught.value._render_traceback_()) <= 3


NOWHERE = "99999999-2222-4333-8444-555555555555"


NOT_FOUND = {
    "TaskNotFound": (lambda s: s.task(NOWHERE), "", "Check the id; it must be one of this schedule."),
    "OperationNotFound: ": (lambda s: s.operation(NOWHERE), "", "Check the id; it must be one of this schedule."),
    "[OperationNotFound ": (
        lambda s: s.tasks(),
        "/v9",
        "The address is not an operation of the service. Check api_url",
    ),
    "ConfigurationNotFound": (lambda s: s.sync_configuration(), "", "there is nothing to correct in the request"),
}


@pytest.mark.parametrize(
    ("surface", "code"),  # the Enterprise surface serves no configuration
    [*(("platform", code) for code in NOT_FOUND), *(("enterprise", code) for code in list(NOT_FOUND)[:3])],
)
def test_each_kind_of_404_has_its_own_advice(surface: SurfaceName, code: str) -> None:
    read, suffix, advice = NOT_FOUND[code]
    with Sandbox(rows=20) as sandbox:
        client = bn.connect(
            sandbox.client_id,
            sandbox.client_secret,
            surface=surface,
            token_url=sandbox.token_url,
            api_url=sandbox.api_url(surface) + suffix,
            progress=False,
        )
        unpaired = next(one["id"] for one in sandbox.schedules if one["name"] == "Quayside Residences")
        with pytest.raises(bn.NotFound) as caught:
            read(client.schedule(unpaired))
    assert code in str(caught.value)
    assert advice in str(caught.value)
    assert caught.value.correlation_id


def test_a_name_where_an_id_belongs(service: ScriptedService) -> None:
    with pytest.raises(bn.NotFound) as caught:
        service.connect().schedule("Tower").tasks()
    assert "'Tower' does not look like an id. A name goes with its project" in str(caught.value)
    assert IDENTITY in str(caught.value)
    service.on("/schedules/Tower/tasks", Reply(400, error("InvalidSchedulesRequest")))
    with pytest.raises(bn.InvalidRequest, match="A name goes with its project"):
        service.connect().schedule("Tower").tasks()


def test_the_projects_refuse_the_token(service: ScriptedService) -> None:
    service.on("/itwins", Reply(401, error("Unauthorized")))
    with pytest.raises(bn.AccessDenied, match="scope must be 'itwin-platform' for the iTwins API"):
        service.connect(surface="enterprise").projects()


def test_the_challenge_of_the_enterprise_surface_is_quoted(service: ScriptedService) -> None:
    service.on(TASKS, Reply(403, b"", {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}))
    with pytest.raises(bn.AccessDenied, match="insufficient_scope"):
        service.schedule(surface="enterprise").tasks()


def test_a_v65_collection_of_a_v10_schedule(service: ScriptedService) -> None:
    service.on(f"/schedules/{SCHEDULE}/entities-3d", Reply(400, error("InvalidSchedulesRequest")))
    with pytest.raises(bn.InvalidRequest, match=r"'entities_3d' is served by v6\.5 schedules only"):
        service.schedule().entities_3d()


def test_a_collection_that_the_surface_does_not_serve(service: ScriptedService) -> None:
    with pytest.raises(bn.InvalidRequest, match="The Enterprise surface does not serve 'calendars'") as caught:
        service.schedule(surface="enterprise").calendars()
    assert "connect(surface='platform')" in str(caught.value)
    assert service.requests == []


def test_projects_page_and_cap(service: ScriptedService) -> None:
    def answer(request: Request) -> Reply:
        skip, top = int(request.query.get("$skip", 0)), 2
        rows = [{"id": str(n), "displayName": f"P{n}", "class": "Endeavor"} for n in range(skip, min(skip + top, 5))]
        links = {"next": {"href": f"{service.url}/itwins?$top=2&$skip={skip + top}"}} if skip + top < 5 else {}
        return Reply(body={"iTwins": rows, "_links": links}, headers={"X-Max-Return": "5"})

    service.on("/itwins", answer)
    with pytest.warns(UserWarning, match="no more than 5 projects"):
        frame = service.connect().projects(search="a b&c", include_inactive=True)
    assert frame["display_name"].tolist() == ["P0", "P1", "P2", "P3", "P4"]
    first = service.asked("/itwins")[0]
    assert first.query["$search"] == "a b&c"
    assert first.query["includeInactive"] == "true"
    assert first.headers["prefer"] == "return=representation"
    assert first.headers["x-max-return"] == "10000"


def test_names_of_projects_and_schedules(service: ScriptedService) -> None:
    service.on(
        "/itwins",
        {
            "iTwins": [
                {"id": "p1", "displayName": "Tower"},
                {"id": "p2", "displayName": "Twins"},
                {"id": "p3", "displayName": "Twins"},
            ]
        },
    )
    service.on(
        "/schedules",
        {"schedules": [{"id": "s1", "name": "Master"}, {"id": "s2", "name": "Same"}, {"id": "s3", "name": "Same"}]},
    )
    client = service.connect()
    assert client.schedule("Master", project="Tower").id == "s1"
    assert service.asked("/schedules")[0].query["iTwinId"] == "p1"
    assert client.schedule("s2", project="Tower").id == "s2"
    for call, kind, part in [
        (lambda: client.schedule("Mastr", project="Tower"), bn.NotFound, "Did you mean 'Master'?"),
        (lambda: client.schedule("Same", project="Tower"), bn.InvalidRequest, "2 schedules of the project are named"),
        (lambda: client.schedule("My schedule"), bn.InvalidRequest, "a name needs its project"),
        (lambda: client.schedules("Towr"), bn.NotFound, "Did you mean 'Tower'?"),
        (lambda: client.schedules("Twins"), bn.InvalidRequest, "2 projects are named"),
        (lambda: client.schedules(""), bn.InvalidRequest, "A project must be given"),
        (lambda: client.schedule(" "), bn.InvalidRequest, "A schedule must be given"),
    ]:
        with pytest.raises(kind) as caught:
            call()
        assert part in str(caught.value)


@pytest.mark.parametrize("code", ["iTwinNotFound", "ITwinNotFound", "SomethingNotFound", ""])
def test_a_project_that_is_not_found_is_one_to_be_invited_into(service: ScriptedService, code: str) -> None:
    service.on("/schedules", Reply(404, error(code, "Requested iTwin is not available.")))
    with pytest.raises(bn.NotFound) as caught:
        service.connect().schedules("11111111-2222-3333-4444-555555555555")
    assert IDENTITY in str(caught.value)
    assert "one of this schedule" not in str(caught.value)


@pytest.mark.parametrize("schedule", [5, None, ""])
def test_fetch_takes_a_schedule_or_its_id(service: ScriptedService, schedule: Any) -> None:
    with pytest.raises(bn.InvalidRequest, match="A schedule must be given by its id"):
        service.connect().fetch(schedule, ["tasks"])


def test_ids_of_another_shape_than_the_known_ones(service: ScriptedService) -> None:
    service.on("/schedules", {"schedules": [{"id": "s1"}]})
    client = service.connect()
    assert len(client.schedules("project-1")) == 1  # the list of projects answers 404 here
    service.on("/itwins", {"iTwins": [{"id": "project-2", "displayName": "Tower"}]})
    assert len(client.schedules("project-2")) == 1
    assert [request.query["iTwinId"] for request in service.asked("/schedules")] == ["project-1", "project-2"]


def test_a_service_application_that_was_invited_nowhere(service: ScriptedService) -> None:
    service.on("/itwins", {"iTwins": []})
    client = service.connect()
    assert client.projects().empty
    with pytest.raises(bn.NotFound) as caught:
        client.schedules("Tower")
    assert IDENTITY in str(caught.value)


def test_a_project_that_shows_no_schedules(service: ScriptedService) -> None:
    service.on("/schedules", {"schedules": []})
    client = service.connect()
    assert client.schedules(SCHEDULE).empty
    with pytest.raises(bn.NotFound, match="No schedule of it is visible") as caught:
        client.schedule("Master", project=SCHEDULE)
    assert IDENTITY in str(caught.value)


def test_names_are_answered_with_the_nearest(service: ScriptedService) -> None:
    schedule = service.schedule()
    for call, part in [
        (lambda: schedule.table("taks"), "Did you mean 'tasks'"),
        (lambda: schedule.table("projects"), "not part of a schedule"),
        (lambda: schedule.table("task"), "needs an id"),
        (lambda: schedule.table("codes", "x"), "takes no id"),
        (lambda: schedule.table("baseline_tasks", 5), "takes an id as text, not 5"),
        (lambda: schedule.task_links(refesh=True), "Did you mean 'refresh'"),
        (lambda: schedule.user_field_values("tasks"), "Did you mean 'task'"),
    ]:
        with pytest.raises(bn.InvalidRequest) as caught:
            call()
        assert part in str(caught.value)
    with pytest.raises(AttributeError, match="Did you mean 'task_links'"):
        schedule.tasklinks  # noqa: B018


def test_the_enterprise_surface_lists_projects_with_the_platform_s_scope(service: ScriptedService) -> None:
    service.on("/itwins", {"iTwins": []})
    service.on("/schedules", {"items": [], "nextPageToken": None})
    client = service.connect(surface="enterprise")
    client.projects()
    client.schedules("11111111-2222-3333-4444-555555555555")
    assert [request.form["scope"] for request in service.asked("/connect/token")] == ["itwin-platform", "enterprise"]
    assert service.asked("/itwins")[0].headers["accept"] == "application/vnd.bentley.itwin-platform.v1+json"
    own = service.connect(surface="enterprise", scope="enterprise itwin-platform")
    own.projects()
    assert service.asked("/connect/token")[-1].form["scope"] == "enterprise itwin-platform"


@pytest.mark.parametrize(
    ("type_", "told"),
    [("v6.5", ["has no tasks", "has no values of user fields of tasks", "Process non-3D user fields"]), ("v10", [])],
)
def test_an_empty_schedule_of_an_imodel_says_what_is_likely(
    service: ScriptedService, type_: str, told: list[str]
) -> None:
    at = f"/schedules/{SCHEDULE}"
    service.on(at, Reply(body={"schedule": {"id": SCHEDULE, "name": "Tower", "type": type_}}))
    service.on(f"{at}/tasks", Reply(body={"tasks": []}))
    service.on(f"{at}/user-fields", Reply(body={"userFields": []}))
    service.on(f"{at}/tasks/user-field-values", Reply(body={"userFieldValues": []}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert len(service.schedule().tasks(user_fields=True)) == 0
    said = " ".join(str(warning.message) for warning in caught)
    assert [words for words in told if words not in said] == []
    assert bool(caught) == bool(told)
    assert ("last synchronization" in said) == bool(told)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), 1e10, "5", (1,), (1, 2, 3)], ids=str)
def test_a_timeout_that_no_clock_keeps_is_refused(timeout: Any) -> None:
    with pytest.raises(bn.InvalidRequest, match=r"timeout must be seconds, or .* at most a day, not "):
        bn.connect("id", "secret", timeout=timeout)


def test_half_a_character_in_a_name_or_an_id_is_not_found(service: ScriptedService) -> None:
    service.on("/itwins", {"iTwins": []})
    client = service.connect()
    assert client.projects(search="Tower \ud83c").empty
    for read in (client.schedule("\ud83c").tasks, lambda: client.schedule(SCHEDULE).task_children("\ud83c")):
        with pytest.raises(bn.NotFound):
            read()
    assert service.requests[-1].path == f"/schedules/{SCHEDULE}/tasks/%3F/children"
