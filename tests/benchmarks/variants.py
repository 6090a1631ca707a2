"""The ways to get a table that are compared: what analysts write, the floor below everybody, and bentley_nb.

Each is a function of a :class:`Task`; it imports what it needs itself, so that a missing optional package is only
that variant's loss, and so that no variant pays for the imports of another.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.items import TASK_INSTANTS


@dataclass(frozen=True)
class Task:
    """One thing to fetch.

    Attributes
    ----------
    base
        Scheme, host and port of the server.
    schedule_id, collection
        Which table.
    key
        Member of the envelope that holds the items.
    addresses
        Every page's address, the first one first. Only the floor looks beyond the first.
    page
        Items per page.
    together
        Collections to fetch at once, for the variants that fetch several.
    path
        File to write, for the variants that write one.
    schedules
        Ids of the schedules of a portfolio; else the one.
    """

    base: str
    schedule_id: str
    collection: str
    key: str
    addresses: tuple[str, ...]
    page: int
    together: tuple[str, ...] = ()
    path: str = ""
    schedules: tuple[str, ...] = ()


def receive(task: Task) -> int:
    """Receive the bytes and throw them away."""
    import requests

    total = 0
    with requests.Session() as session:
        for address in task.addresses:
            response = session.get(address, stream=True, timeout=60)
            total += len(response.raw.read(decode_content=False))
    return total


def receive_and_gunzip(task: Task) -> int:
    """Receive the bytes, unpack them in one go, and throw them away."""
    import requests

    total = 0
    with requests.Session() as session:
        for address in task.addresses:
            response = session.get(address, stream=True, timeout=60)
            body = response.raw.read(decode_content=False)
            packed = response.headers.get("Content-Encoding") == "gzip"
            total += len(zlib.decompress(body, 31) if packed else body)
    return total


def receive_and_parse(task: Task) -> int:
    """The wire and the parser, nothing else: Arrow's reader takes each body on one of two threads."""
    from concurrent.futures import ThreadPoolExecutor

    import requests

    from bentley_nb.transport.http import gunzip
    from tests.benchmarks.parser import reader

    read = reader(task.collection)
    with requests.Session() as session, ThreadPoolExecutor(2) as pool:
        pages = []
        for address in task.addresses:
            response = session.get(address, stream=True, timeout=60)
            body = response.raw.read(decode_content=False)
            if response.headers.get("Content-Encoding") == "gzip":
                body = gunzip(body, 1 << 28)
            pages.append(pool.submit(read, body))
            del body
        return sum(len(page.result().column(task.key)[0]) for page in pages)


def requests_normalize(task: Task) -> Any:
    """What the public samples do: ``.json()`` page by page, one list of everything, ``json_normalize``."""
    import pandas as pd

    return _with_instants(task, pd.json_normalize(_rows(task)))


def requests_frame(task: Task) -> Any:
    """The same with ``DataFrame(rows)``, which leaves nested objects as they are."""
    import pandas as pd

    return _with_instants(task, pd.DataFrame(_rows(task)))


def dlt_rest_client(task: Task) -> Any:
    """dlt's REST client for the pages, ``DataFrame(rows)`` for the table."""
    import pandas as pd
    from dlt.sources.helpers.rest_client.client import RESTClient
    from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

    client = RESTClient(base_url=task.base, paginator=JSONLinkPaginator(next_url_path="_links.next.href"))
    rows = [item for page in client.paginate(task.addresses[0], data_selector=task.key) for item in page]
    return _with_instants(task, pd.DataFrame(rows))


def polars_rows(task: Task) -> Any:
    """``.json()`` page by page, then a polars frame over the rows."""
    import polars as pl

    return pl.DataFrame(_rows(task), infer_schema_length=None)


def polars_pages(task: Task) -> Any:
    """polars' own JSON reader page by page, then one concat; stays a polars frame, instants stay text."""
    import json

    import polars as pl
    import requests

    frames = []
    address: str | None = task.addresses[0]
    with requests.Session() as session:
        while address:
            body = session.get(address, timeout=60).content
            envelope = pl.read_json(io.BytesIO(body), infer_schema_length=None)
            frames.append(envelope.select(pl.col(task.key).explode()).unnest(task.key))
            address = json.loads(b"{" + body[body.rfind(b"],") + 2 :])["_links"].get("next", {}).get("href")
    return pl.concat(frames, how="diagonal_relaxed")


def bentley_nb(task: Task) -> Any:
    """One table by the public method of its name."""
    return getattr(_client(task).schedule(task.schedule_id), task.collection)()


def bentley_nb_table(task: Task) -> Any:
    """The table as served: without the WBS columns that ``tasks()`` derives."""
    return _client(task).schedule(task.schedule_id).table(task.collection)


def bentley_nb_together(task: Task) -> Any:
    """Several collections at once."""
    return _client(task).fetch(task.schedule_id, list(task.together))


def bentley_nb_one_by_one(task: Task) -> Any:
    """The same collections, one after another."""
    schedule = _client(task).schedule(task.schedule_id)
    return {name: schedule.table(name) for name in task.together}


def bentley_nb_pages(task: Task) -> int:
    """Page by page, none kept."""
    schedule = _client(task).schedule(task.schedule_id)
    return sum(len(page) for page in schedule.iter_pages(task.collection))


def bentley_nb_parquet(task: Task) -> int:
    """Written to a Parquet file without ever holding the whole."""
    import pyarrow.parquet as pq

    _client(task).schedule(task.schedule_id).to_parquet(task.collection, task.path)
    return int(pq.read_metadata(task.path).num_rows)


def bentley_nb_split(task: Task) -> Any:
    """One table, read at several places at once."""
    import bentley_nb as bn

    bn.options.split = True
    return bentley_nb_table(task)


def bentley_nb_portfolio(task: Task) -> Any:
    """Tables of all schedules of a portfolio."""
    from bentley_nb.portfolio import Member, Portfolio

    client = _client(task)
    schedules = [client.schedule(id_) for id_ in task.schedules]
    Portfolio([Member(s.id, s) for s in schedules], client=client).load(*task.together)
    return {(s.id, name): s.table(name) for s in schedules for name in task.together}


def bentley_nb_sql(task: Task) -> int:
    """A query over several schedules, whose tables it reads."""
    import bentley_nb as bn

    client = _client(task)
    counts = "+".join(f"(SELECT count(*) FROM {name})" for name in task.together)
    return int(bn.sql(f"SELECT {counts} AS n", [client.schedule(id_) for id_ in task.schedules])["n"][0])


LIMIT = "receive + gunzip + Arrow's reader"
"""What no pipeline with this parser can beat: no types but the declared ones, no checks, no frame."""

VARIANTS: Mapping[str, Callable[[Task], Any]] = {
    "receive": receive,
    "receive + gunzip": receive_and_gunzip,
    LIMIT: receive_and_parse,
    "requests + json_normalize": requests_normalize,
    "requests + DataFrame": requests_frame,
    "dlt REST client": dlt_rest_client,
    "polars over rows": polars_rows,
    "polars.read_json": polars_pages,
    "bentley_nb": bentley_nb,
    "bentley_nb table()": bentley_nb_table,
    "bentley_nb together": bentley_nb_together,
    "bentley_nb one by one": bentley_nb_one_by_one,
    "bentley_nb iter_pages": bentley_nb_pages,
    "bentley_nb to_parquet": bentley_nb_parquet,
    "bentley_nb split": bentley_nb_split,
    "bentley_nb load() of a portfolio": bentley_nb_portfolio,
    "bentley_nb SQL over a list": bentley_nb_sql,
}
FLOORS = ("receive", "receive + gunzip")
FIRST_PEER = "requests + json_normalize"
PEERS = (FIRST_PEER, "requests + DataFrame", "dlt REST client", "polars over rows", "polars.read_json")


def _rows(task: Task) -> list[dict[str, Any]]:
    import requests

    rows: list[dict[str, Any]] = []
    address: str | None = task.addresses[0]
    with requests.Session() as session:
        while address:
            answer = session.get(address, timeout=60).json()
            rows += answer[task.key]
            address = answer["_links"].get("next", {}).get("href")
    return rows


def _with_instants(task: Task, frame: Any) -> Any:
    if task.collection == "tasks":
        import pandas as pd

        for member in TASK_INSTANTS:
            frame[member] = pd.to_datetime(frame[member], utc=True)
    return frame


def _client(task: Task) -> Any:
    import bentley_nb as bn

    return bn.connect(
        "benchmark", "benchmark", token_url=f"{task.base}/token", api_url=f"{task.base}/schedules",
        projects_url=f"{task.base}/itwins", page_size=task.page, progress=False,
    )  # fmt: skip
