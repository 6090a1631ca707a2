"""ETag and 304, compression, correlation ids: what goes on beside the body."""

from __future__ import annotations

from collections.abc import Callable

from bentley_nb.sandbox import Sandbox

from .conftest import Api


def test_a_known_etag_is_answered_with_an_empty_304(platform: Api) -> None:
    first = platform.get("tasks?$top=50")
    again = platform.get("tasks?$top=50", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Content-Length" not in again.headers
    assert "Content-Type" not in again.headers
    either = platform.get("tasks?$top=50", headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert either.status_code == 304
    other_page = platform.get("tasks?$top=51", headers={"If-None-Match": first.headers["ETag"]})
    assert other_page.status_code == 200
    assert platform.get("tasks?$top=50").json() == first.json(), "the connection goes on after a 304"


def test_an_etag_changes_with_what_it_stands_for(own: Sandbox, connect: Callable[..., Api]) -> None:
    api = connect(own)
    known = {"If-None-Match": api.get("codes").headers["ETag"]}
    assert api.get("codes", headers=known).status_code == 304
    own.replace("codes", own.items("codes")[1:])
    assert api.get("codes", headers=known).status_code == 200


def test_an_edit_changes_the_etags_of_the_pages_it_touches(own: Sandbox, connect: Callable[..., Api]) -> None:
    api = connect(own)

    def etags() -> list[str]:
        found, url = [], f"{api.base}/{own.schedule_id}/tasks?$top=50"
        while url:
            answer = api.get(url)
            found.append(answer.headers["ETag"])
            url = answer.json()["_links"].get("next", {}).get("href")
        return found

    before, items = etags(), own.items("tasks")
    items[60]["name"] = "renamed"
    own.replace("tasks", items)
    renamed = etags()
    assert [old == new for old, new in zip(before, renamed, strict=True)] == [i != 1 for i in range(len(before))]
    own.replace("tasks", [*items, {**items[0], "id": "zzz"}])
    assert etags()[:-1] == renamed[:-1]
    own.replace("tasks", [{**item, "id": f"{999 - n:08}"} for n, item in enumerate(items)])
    assert not set(etags()) & set(renamed), "a synchronization that gives new ids reorders every page"


def test_no_etag_where_the_documentation_lists_none(platform: Api) -> None:
    group = platform.get("resource-groups").json()["resourceGroups"][0]["id"]
    for path in (
        "sync-configuration",
        "sync-operations",
        f"resource-groups/{group}",
        f"resource-groups/{group}/resources",
    ):
        assert "ETag" not in platform.get(path).headers
    assert "ETag" in platform.get("resource-groups").headers


def test_large_answers_are_compressed_for_who_accepts_it(platform: Api) -> None:
    packed = platform.get("tasks")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(packed.content) / 4
    plain = platform.get("tasks", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.content == packed.content
    assert "Content-Encoding" not in platform.get("project-scheduling").headers


def test_the_correlation_id_comes_back_on_success_and_failure(platform: Api) -> None:
    mine = {"X-Correlation-ID": "0a1b2c3d-0000-4000-8000-000000000001"}
    for path, status in (("codes", 200), ("no-such-path", 404)):
        answer = platform.get(path, headers=mine)
        assert (answer.status_code, answer.headers["X-Correlation-ID"]) == (status, mine["X-Correlation-ID"])
    one, two = (platform.get("codes").headers["X-Correlation-ID"] for _ in range(2))
    assert one != two


def test_head_sends_no_body(platform: Api) -> None:
    answer = platform.session.head(f"{platform.base}/{platform.sandbox.schedule_id}/codes", timeout=10)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0
