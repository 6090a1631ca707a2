"""A sandbox for the whole session, one of one's own for tests that change it, and a plain client for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from bentley_nb.sandbox import Sandbox
from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule
from bentley_nb.service.surface import SURFACES


class Api:
    """Asks a sandbox with nothing but requests, so that no code of the client can hide a mistake of the sandbox."""

    def __init__(self, sandbox: Sandbox, surface: str = "platform", client_id: str = "", secret: str = "") -> None:
        self.sandbox = sandbox
        self.surface = SURFACES[surface]
        self.base = sandbox.api_url(surface)
        self.session = requests.Session()
        self.session.trust_env = False
        answer = self.token(client_id or sandbox.client_id, secret or sandbox.client_secret)
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def token(self, client_id: str, secret: str) -> requests.Response:
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        return requests.post(self.sandbox.token_url, data={**form, "scope": self.surface.scope}, timeout=10)

    def get(self, path: str, schedule: str | None = None, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else f"{self.base}/{schedule or self.sandbox.schedule_id}/{path}"
        return self.session.get(url.rstrip("/"), timeout=30, **options)

    def pages(self, path: str, size: int, schedule: str | None = None) -> list[dict[str, Any]]:
        """All pages, led by the token that each one names."""
        pages, query = [], f"?{self.surface.page_size_parameter}={size}"
        token = None
        while True:
            more = "" if token is None else f"&{self.surface.page_token_parameter}={token}"
            answer = self.get(path + query + more, schedule)
            assert answer.status_code == 200, answer.text
            pages.append(answer.json())
            token = pages[-1].get("nextPageToken")
            if token is None:
                return pages

    def all(self, path: str, key: str, size: int = 10_000, schedule: str | None = None) -> list[dict[str, Any]]:
        name = self.surface.list_member or key
        return [item for page in self.pages(path, size, schedule) for item in page[name]]

    def close(self) -> None:
        self.session.close()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The demo projects; tests leave it as they found it."""
    with Sandbox() as running:
        yield running


@pytest.fixture
def own() -> Iterator[Sandbox]:
    """A small sandbox to break."""
    with Sandbox(rows=150) as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[..., Api]]:
    """Make clients that are closed at the end of the test."""
    made: list[Api] = []

    def make(*args: Any, **options: Any) -> Api:
        made.append(Api(*args, **options))
        return made[-1]

    yield make
    for api in made:
        api.close()


@pytest.fixture
def platform(sandbox: Sandbox, connect: Callable[..., Api]) -> Api:
    return connect(sandbox)


@pytest.fixture
def enterprise(sandbox: Sandbox, connect: Callable[..., Api]) -> Api:
    return connect(sandbox, "enterprise")


@pytest.fixture(scope="session")
def v65(sandbox: Sandbox) -> str:
    """Id of the demo's v6.5 schedule."""
    return next(item["id"] for item in sandbox.schedules if item["type"] == "v6.5")


@pytest.fixture(scope="session", params=[150, 400, 2_000], ids=lambda rows: f"{rows} rows")
def generated(request: pytest.FixtureRequest) -> DemoSchedule:
    """A generated schedule, without a server."""
    return DemoSchedule("test", request.param)
