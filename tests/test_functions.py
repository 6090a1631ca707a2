"""Module functions over the session's client, and how the nouns show themselves."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb import _session, functions
from tests.scripted import SCHEDULE, Reply, ScriptedService


@pytest.fixture
def connected(service: ScriptedService, monkeypatch: pytest.MonkeyPatch) -> ScriptedService:
    for name, value in {
        "BENTLEY_CLIENT_ID": "id-0123456789",
        "BENTLEY_CLIENT_SECRET": "s",
        "BENTLEY_API_URL": f"{service.url}/schedules",
        "BENTLEY_TOKEN_URL": f"{service.url}/connect/token",
        "BENTLEY_PROJECTS_URL": f"{service.url}/itwins",
    }.items():
        monkeypatch.setenv(name, value)
    service.on("/itwins", {"iTwins": [{"id": "p", "displayName": "<Tower>"}]})
    service.on("/schedules", {"schedules": [{"id": SCHEDULE, "name": "Master </script>", "type": "v10"}]})
    service.on(f"/schedules/{SCHEDULE}", {"schedule": {"id": SCHEDULE, "name": "Master </script>", "type": "v10"}})
    service.on(f"/schedules/{SCHEDULE}/tasks", {"tasks": [{"id": "1"}]})
    service.on(f"/schedules/{SCHEDULE}/task-links", {"taskLinks": []})
    service.on(f"/schedules/{SCHEDULE}/tasks/user-field-values", {"userFieldValues": []})
    return service


def test_functions_connect_by_themselves_and_share_what_was_read(connected: ScriptedService) -> None:
    assert _session.connected() is None
    assert bn.projects()["display_name"].tolist() == ["<Tower>"]
    assert len(bn.schedules("<Tower>")) == 1
    assert len(bn.tasks(SCHEDULE)) == len(bn.tasks(SCHEDULE)) == 1
    assert bn.task_links(SCHEDULE).empty
    assert bn.user_field_values(SCHEDULE, "task").empty
    assert len(connected.asked(f"/schedules/{SCHEDULE}/tasks")) == 1
    assert len(connected.asked("/connect/token")) == 1
    client = _session.connected()
    assert client is functions.default_client()
    assert bn.connect() is functions.default_client() is not client  # the one made last
    assert bn.projects()["display_name"].tolist() == ["<Tower>"]
    _session.use(functions.schedule(SCHEDULE))
    assert _session.current() is functions.schedule(SCHEDULE)
    _session.set_default(None)
    assert _session.current() is None


@pytest.mark.parametrize("sent", [{}, {"dataDate": None}, {"dataDate": "0001-01-01T00:00:00"}])
def test_a_data_date_that_nobody_set_is_none(service: ScriptedService, sent: dict[str, Any]) -> None:
    service.on(f"/schedules/{SCHEDULE}/project-scheduling", {"projectScheduling": sent})
    assert service.schedule().data_date is pd.NaT


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(400, b"<html><title>Blocked</title></html>"), "not in the service's form"),
        (Reply(404, b"<html><title>No page</title></html>"), "not in the service's form"),
        (Reply(409, b""), "does not accept the request: 409"),
        (Reply(200, {"error": {"code": "Gone"}}), "no object for 'project_scheduling'"),
    ],
    ids=["page of a proxy", "404 of a proxy", "refused without a word", "an error with 200"],
)
def test_a_data_date_that_was_refused_is_not_one_that_was_never_set(
    service: ScriptedService, reply: Reply, message: str
) -> None:
    service.on(f"/schedules/{SCHEDULE}/project-scheduling", reply)
    with pytest.raises(bn.BentleyError, match=message):
        _ = service.schedule().data_date


def test_without_credentials_a_function_says_where_it_looked() -> None:
    with pytest.raises(bn.CredentialsNotFound):
        bn.tasks(SCHEDULE)


@pytest.mark.parametrize("schedule", [None, 5, [SCHEDULE], pd.Series([SCHEDULE]), "", pd.NA])
def test_what_is_no_id_is_refused_in_words(connected: ScriptedService, schedule: Any) -> None:
    with pytest.raises(bn.InvalidRequest, match="A schedule must be given by its id or exact name"):
        bn.tasks(schedule)
    assert not connected.requests


def test_several_collections_are_named_one_by_one_or_in_one_list(connected: ScriptedService) -> None:
    client = bn.connect()
    schedule = client.schedule(SCHEDULE)
    assert schedule.load(["tasks", "task_links"]) is schedule.load("tasks", "task-links") is schedule
    assert list(client.fetch(schedule, "tasks")) == ["tasks"]
    frames = client.fetch(schedule, (name for name in ["tasks", "task_links"]))
    assert {name: len(frame) for name, frame in frames.items()} == {"tasks": 1, "task_links": 0}
    assert client.fetch(schedule, []) == {}
    assert len(connected.asked(f"/schedules/{SCHEDULE}/tasks")) == 1


@pytest.mark.parametrize("wrong", [None, 5, [None], [["tasks"]], b"tasks"])
def test_what_names_no_collection_is_refused_in_words(wrong: Any, connected: ScriptedService) -> None:
    client = bn.connect()
    with pytest.raises(bn.InvalidRequest, match="The name of a collection must be text, not "):
        client.fetch(SCHEDULE, wrong)
    with pytest.raises(bn.InvalidRequest, match="The name of a collection must be text, not "):
        client.schedule(SCHEDULE).load(wrong)
    assert connected.asked(f"/schedules/{SCHEDULE}/tasks") == []


def test_a_wrong_name_is_told_before_the_first_page_is_taken(connected: ScriptedService) -> None:
    with pytest.raises(bn.InvalidRequest, match="Did you mean 'tasks'"):
        bn.connect().schedule(SCHEDULE).iter_pages("taks")


def test_an_exact_name_that_the_service_s_search_misses_is_found_in_the_list(connected: ScriptedService) -> None:
    projects = [{"id": "p", "displayName": "Überführung Süd – Los 2"}, {"id": "q", "displayName": "Tower"}]
    connected.on("/itwins", lambda request: Reply(body={"iTwins": [] if "$search" in request.query else projects}))
    assert bn.schedules("Überführung Süd – Los 2").attrs["itwin_id"] == "p"
    with pytest.raises(bn.NotFound, match="Did you mean 'Überführung Süd – Los 2'"):
        bn.schedules("Überführung Süd - Los 2")


def test_only_what_is_for_use_is_listed() -> None:
    assert set(dir(bn)) == {*bn.__all__, "sandbox"}
    pytest.importorskip("plotly")
    assert set(dir(bn.charts)) == set(bn.charts.__all__)


def test_docstrings_and_signatures(connected: ScriptedService) -> None:
    assert str(inspect.signature(bn.tasks)).startswith("(schedule_id: 'str', *, user_fields:")
    assert list(inspect.signature(bn.baseline_tasks).parameters) == [
        *("schedule_id", "baseline_id", "refresh", "include_deleted")
    ]
    assert "include_deleted" in inspect.signature(bn.user_field_values).parameters
    for name in ("tasks", "resources", "resource_groups", "entities_3d"):
        assert "Returns\n" in (getattr(bn.Schedule, name).__doc__ or "")
    assert "user_fields" in (bn.tasks.__doc__ or "")
    schedule = bn.connect().schedule(SCHEDULE)
    assert str(inspect.signature(schedule.baseline_tasks)).startswith("(baseline_id")
    assert "hours of working time" in (schedule.task_links.__doc__ or "")
    assert {"tasks", "baseline_tasks", "look_ahead", "health", "gantt"} <= set(dir(schedule))
    assert "weeks" in inspect.signature(schedule.look_ahead).parameters


def test_reprs_are_short_escaped_and_ask_nothing(connected: ScriptedService) -> None:
    client = bn.connect()
    schedule = client.schedule(SCHEDULE)
    shown = [repr(client), client._repr_html_(), repr(schedule), schedule._repr_html_(), repr(client.explain())]
    assert connected.requests == []
    assert "nothing read yet" in shown[3]
    assert schedule.name == "Master </script>"
    assert schedule.type == "v10"
    schedule.tasks()
    assert "<script" not in schedule._repr_html_()
    assert "&lt;/script&gt;" in schedule._repr_html_()
    assert "tasks</td><td>1</td>" in schedule._repr_html_()
    assert "3 tables read" not in repr(schedule)
    assert "expires in 60 min" in repr(client.explain())
    assert len(client.explain()) == 13
    assert client.service_identity == "id-0123456789@apps.imsoidc.bentley.com"
    with client as same:
        assert same is client
    assert len(client.projects()) == 1  # closed connections are opened again


def test_the_catalog() -> None:
    table = bn.catalog()
    assert {
        "name",
        "platform_path",
        "enterprise_path",
        "columns",
        "key",
        "needs",
        "schedule_types",
        "delta",
        "evidence",
    } <= set(table)
    assert table["name"].is_unique
    assert set(table["evidence"]) == {"documented", "recorded", "inferred"}
    by_name = table.set_index("name")
    assert by_name.loc["baseline_tasks", "needs"] == "baseline_id"
    assert "planned_start" in by_name.loc["tasks", "columns"]
    assert by_name.loc["projects", "platform_path"] == "/itwins"
    columns = bn.catalog("tasks").set_index("column")
    assert columns.loc["planned_duration_hours", ["member", "kind", "unit"]].tolist() == [
        "plannedDuration",
        "hours",
        "hours of working time",
    ]
    assert isinstance(table, pd.DataFrame)
    with pytest.raises(bn.InvalidRequest, match="no collection"):
        bn.catalog("taks")


def test_every_get_endpoint_of_the_contract_is_declared_once(shared: object) -> None:
    from pathlib import Path

    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    contract = yaml.safe_load((Path(str(shared)) / "api" / "contract.yaml").read_text(encoding="utf-8"))
    table = bn.catalog()
    declared = set(zip(table["platform_path"].fillna("-"), table["enterprise_path"].fillna("-"), strict=True))
    for endpoint in contract["endpoints"]:
        if endpoint["method"] == "GET":
            removed = endpoint.get("status") == "removed"
            paths = [(endpoint.get(f"path_{side}") or "-").replace(" (POST)", "") for side in "ab"]
            assert (tuple(paths) in declared) is not removed, endpoint["id"]
    for shape, columns in (
        ("task", "tasks"),
        ("resource", "resources"),
        ("calendar", "calendars"),
        ("keyframe", "keyframes"),
    ):
        members = {member.partition(".")[0] for member in bn.catalog(columns)["member"]}
        known = set(contract["item_schemas"][shape]["fields"]) - {"plannedPhysicalQuantity"}
        assert known <= members, known - members


def test_an_operation_needs_an_id_that_no_table_lists(demo: bn.Schedule) -> None:
    with pytest.raises(bn.InvalidRequest, match=r"s\.operation\(operation_id\); no table lists them"):
        demo.operation()
    with pytest.raises(bn.InvalidRequest, match="no collection 'change_requests'"):
        demo.table("change_requests")
    default = demo.settings()["default_calendar_id"].item()
    assert demo.calendar(default)["name"].tolist() == ["Standard 5-day week"]
