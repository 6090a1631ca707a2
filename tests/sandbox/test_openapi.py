"""Sandbox and catalog cannot drift apart: requests drawn from the catalog's own OpenAPI document (schemathesis)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bentley_nb.sandbox import Sandbox
from bentley_nb.sandbox.content import UNLISTED
from bentley_nb.service.catalog import COLLECTIONS
from bentley_nb.service.declare import Collection
from bentley_nb.service.surface import SURFACES

from .conftest import Api
from .openapi import openapi

schemathesis = pytest.importorskip(
    "schemathesis", reason='schemathesis is not installed (pip install "bentley-nb[fuzz]")'
)

EXAMPLES = 6  # requests for each operation: 130 operations take about 20 seconds


@pytest.fixture(scope="module")
def ids(sandbox: Sandbox, v65: str) -> Callable[[Collection], Sequence[str]]:
    def of(collection: Collection) -> Sequence[str]:
        schedule = v65 if "v10" not in collection.schedule_types else sandbox.schedule_id
        if collection.parent is None:
            return [schedule]
        parents = sandbox.items(collection.parent.collection or UNLISTED[collection.name], schedule)
        return [schedule, *(item["id"] for item in parents[:3])]

    return of


@pytest.mark.parametrize("surface", list(SURFACES))
def test_what_the_sandbox_serves_is_what_the_catalog_declares(
    sandbox: Sandbox, connect: Callable[..., Api], ids: Callable[[Collection], Sequence[str]], surface: str
) -> None:
    api = connect(sandbox, surface)
    schema = schemathesis.openapi.from_dict(openapi(SURFACES[surface], ids))
    asked = set()

    def ask(case: schemathesis.Case) -> None:
        response = case.call(base_url=api.base, session=api.session)
        case.validate_response(response)
        asked.add((case.operation.definition.raw["operationId"], response.status_code))

    bounded = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for operation in schema.get_all_operations():
        bounded(given(case=operation.ok().as_strategy())(ask))()
    served = {c.name for c in COLLECTIONS.values() if c.level == "schedule" and c.path(surface) is not None}
    assert {name for name, status in asked if status == 200} == served
    assert {status for _, status in asked} <= {200, 400, 404}
