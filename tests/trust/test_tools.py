"""Tools that change requests for everybody see no secret and no token, and serve no rows of their own.

Each runs in a process of its own, where it is at work before the package is first used.
"""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.scripted import CLIENT_ID, SCHEDULE, SECRET, Reply, Request, ScriptedService
from tests.trust.canaries import contents, quoted

TASKS = f"/schedules/{SCHEDULE}/tasks"

TOOLS = {
    "requests_cache": """
        import requests_cache
        requests_cache.install_cache("seen", backend="filesystem", serializer="json", allowable_methods=("GET", "POST"))
    """,
    "vcr": """
        import vcr
        cassette = vcr.VCR().use_cassette("seen.yaml", record_mode="all")
        cassette.__enter__()
        atexit.register(cassette.__exit__, None, None, None)
    """,
    "opentelemetry.instrumentation.requests": """
        from opentelemetry import trace
        from opentelemetry.instrumentation.requests import RequestsInstrumentor
        from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=open("seen.json", "w"))))
        trace.set_tracer_provider(provider)
        RequestsInstrumentor().instrument()
        URLLib3Instrumentor().instrument()
    """,
    # What requests-cache does, for where it is not installed: a class of its own in the place of requests.Session.
    "requests": """
        import requests
        class Caching(requests.Session):
            kept = {}
            def send(self, request, **options):
                if request.url not in self.kept:
                    self.kept[request.url] = super().send(request, **options)
                    open("seen", "a").write(f"{request.url} {request.headers} {request.body}")
                return self.kept[request.url]
        Caching.__module__ = "caching.session"
        requests.Session = requests.sessions.Session = requests.api.sessions.Session = Caching
    """,
    "logging": """
        import http.client, logging
        logging.basicConfig(filename="seen.log", level=logging.DEBUG)
        http.client.HTTPConnection.debuglevel = http.client.HTTPSConnection.debuglevel = 5
    """,
}

# A request of its own shows that the tool is at work; then it reads twice, and once more with another token.
WORK = """
    import requests
    requests.get(url + "/itself", headers={"X-Mine": "seen-at-work"})
    import bentley_nb as bn
    def schedule():
        client = bn.connect(client_id, secret, api_url=url + "/schedules", token_url=url + "/connect/token", progress=False)
        return client.schedule(id_)
    s = schedule()
    print(s.tasks()["name"][0], s.tasks(refresh=True)["name"][0], schedule().tasks()["name"][0], sep=";", end=";")
"""


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_sees_no_secret_and_serves_no_rows(service: ScriptedService, tmp_path: Path, tool: str) -> None:
    if not importlib.util.find_spec(tool.partition(".")[0]):
        pytest.skip(f'{tool} is not installed: pip install -e ".[tools]"')
    count = itertools.count(1)
    token = "canary-token-of-some-length-{}"

    def answer(request: Request) -> Reply:
        asker = request.headers["authorization"].rpartition("-")[2]
        return Reply(body={"tasks": [{"id": "1", "name": f"{next(count)} for {asker}"}]})

    def give(request: Request) -> Reply:
        return Reply(body={"access_token": token.format(next(tokens)), "token_type": "Bearer", "expires_in": 3600})

    tokens = itertools.count(1)
    service.on(TASKS, answer)
    service.on("/connect/token", give)
    service.on("/itself", {})
    given = f"import atexit\nurl, client_id, secret, id_ = {service.url!r}, {CLIENT_ID!r}, {SECRET!r}, {SCHEDULE!r}\n"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", given + textwrap.dedent(TOOLS[tool]) + textwrap.dedent(WORK)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 for 1;2 for 1;3 for 2;" in done.stdout
    (tmp_path / "output").write_text(done.stdout + done.stderr, encoding="utf-8")
    seen = list(contents(tmp_path))
    assert any(name.startswith("seen") and b"itself" in content for name, content in seen)  # it was at work
    hidden = [SECRET, token.format(1), token.format(2)]
    assert {name: found for name, content in seen if (found := quoted(content, hidden))} == {}
