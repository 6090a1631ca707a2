"""The list of projects: search, filters, offset paging and the silent cap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from bentley_nb.sandbox import Sandbox

from .conftest import Api


@pytest.fixture(scope="module")
def crowded() -> Iterator[Sandbox]:
    with Sandbox(rows=20) as sandbox:
        for number in range(250):
            sandbox.add_project(
                f"Bridge {number:03}", number=f"BR-{number:03}", subClass="Asset" if number % 2 else "Project"
            )
        yield sandbox


@pytest.fixture
def ask(crowded: Sandbox, connect: Callable[..., Api]) -> Callable[..., requests.Response]:
    api = connect(crowded)

    def get(query: str = "", **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return api.session.get(f"{crowded.projects_url}{query}", headers=named, timeout=10)

    return get


def names(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["displayName"] for item in answer.json()["iTwins"]]


def test_inactive_projects_are_left_out_unless_asked_for(ask: Callable[..., requests.Response]) -> None:
    inactive = "Old Customs House Refurbishment"
    assert inactive not in names(ask("?$search=customs"))
    assert names(ask("?$search=customs&includeInactive=true")) == [inactive]
    assert names(ask("?status=Inactive")) == [inactive]
    both = ask("?status=Inactive&includeInactive=true")
    assert (both.status_code, both.json()["error"]["target"]) == (422, "includeInactive")


def test_search_is_for_a_part_of_name_or_number_in_any_case(ask: Callable[..., requests.Response]) -> None:
    assert names(ask("?$search=TOWER")) == ["Harbour Point Tower"]
    assert names(ask("?$search=qsr-2025")) == ["Quayside Residences"]
    assert names(ask("?$search=nowhere")) == []
    assert names(ask("?displayName=Harbour Point Tower")) == ["Harbour Point Tower"]
    assert names(ask("?displayName=Tower")) == []
    assert len(names(ask("?subClass=Asset&$top=1000"))) == 125


def test_pages_are_offsets_and_lead_both_ways(ask: Callable[..., requests.Response]) -> None:
    first = ask("?$search=bridge&$top=100")
    assert set(first.json()["_links"]) == {"self", "next"}
    following = ask("?" + first.json()["_links"]["next"]["href"].partition("?")[2])
    assert set(following.json()["_links"]) == {"self", "prev", "next"}
    last = ask("?" + following.json()["_links"]["next"]["href"].partition("?")[2])
    assert set(last.json()["_links"]) == {"self", "prev"}
    found = [*names(first), *names(following), *names(last)]
    assert found == [f"Bridge {number:03}" for number in range(250)]
    assert len(names(ask("?$search=bridge"))) == 100, "the page size unless asked for"


def test_the_cap_cuts_the_list_off_in_silence(ask: Callable[..., requests.Response]) -> None:
    first = ask("?$search=bridge&$top=100", X_Max_Return="150")
    assert first.headers["X-Max-Return"] == "150"
    second = ask("?$search=bridge&$top=100&$skip=100", X_Max_Return="150")
    assert len(names(second)) == 50
    assert "next" not in second.json()["_links"]
    beyond = ask("?$search=bridge&$top=100&$skip=200", X_Max_Return="150")
    assert (beyond.status_code, names(beyond)) == (200, [])
    assert ask().headers["X-Max-Return"] == "1000"


@pytest.mark.parametrize("query", ["?$top=0", "?$top=1001", "?$top=x", "?$skip=-1"])
def test_wrong_numbers_are_422(ask: Callable[..., requests.Response], query: str) -> None:
    assert ask(query).status_code == 422
    assert ask(X_Max_Return="10001").status_code == 422


def test_the_largest_return_can_be_refused(own: Sandbox, connect: Callable[..., Api]) -> None:
    session = connect(own).session

    def details(largest: str) -> tuple[int, list[str]]:
        answer = session.get(own.projects_url, headers={"X-Max-Return": largest}, timeout=10)
        found = answer.json().get("error", {}).get("details", [])
        return answer.status_code, [f"{detail['code']} {detail['target']}" for detail in found]

    assert details("10000") == (200, [])
    own.refuses_largest_return = True
    assert details("10000") == (422, ["InvalidHeaderValue X-Max-Return"])
    assert details("9999") == (200, [])


def test_prefer_asks_for_all_members(ask: Callable[..., requests.Response]) -> None:
    def one(**headers: str) -> dict[str, Any]:
        [item] = ask("?$search=tower", **headers).json()["iTwins"]
        return dict(item)

    assert set(one()) == {"id", "class", "subClass", "type", "number", "displayName", "iTwinAccountId"}
    full = one(Prefer="return=representation")
    assert full["status"] == "Active"
    assert full["dataCenterLocation"]
    assert len(full["createdDateTime"].partition(".")[2]) == 8, "seven digits and Z"


def test_one_project(ask: Callable[..., requests.Response], crowded: Sandbox) -> None:
    id_ = crowded.projects[0]["id"]
    assert ask(f"/{id_}").json()["iTwin"]["displayName"] == "Harbour Point Tower"
    missing = ask("/11111111-2222-4333-8444-555555555555")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "iTwinNotFound")


def test_a_token_of_the_enterprise_surface_does_not_list_projects(
    crowded: Sandbox, connect: Callable[..., Api]
) -> None:
    answer = connect(crowded, "enterprise").session.get(crowded.projects_url, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "InsufficientScope")
