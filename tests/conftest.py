"""Fixtures for all tests: the sandbox, a scripted server for what no sandbox should do, and the shared data."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import bentley_nb as bn
from bentley_nb import _session
from tests.scripted import ScriptedService

# How long an example takes says something of the machine, not of the code: shared ones stall for seconds.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


def pytest_configure() -> None:
    os.umask(0o077)  # a .env that others can read is warned of
    # A shell starts what it puts into the background deaf to Stop; tests that press it, and their children, need it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file in one process, where what its tests share is made once, and in another all that open a browser.

    Two browsers at a time on two cores time out.
    """
    browser = {item.path for item in items if "lab" in item.path.parts or item.get_closest_marker("browser")}
    for item in items:
        item.add_marker(pytest.mark.xdist_group("browser" if item.path in browser else item.path.stem))


def pytest_collection_finish() -> None:
    """Keep the collector away from what lives to the end anyway: IPython runs it whenever a shell ends."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real schedules and recordings, which are not part of the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with real schedules and recordings is not there")
    return folder


@pytest.fixture(autouse=True)
def _nobody_else_s_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """No test sees the credentials, proxies or .env of whoever runs it, nor the session of another test."""
    for name in list(os.environ):
        if name.startswith(("BENTLEY_", "ITP_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    bn.options.reset()
    yield
    _session.forget()


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    """A loopback service that answers as each test scripts it."""
    with ScriptedService() as running:
        yield running


@pytest.fixture(scope="session")
def demo_client() -> bn.Client:
    """A client of the demo sandbox."""
    return bn.connect(demo=True, progress=False)


@pytest.fixture
def demo(demo_client: bn.Client) -> bn.Schedule:
    """The demo sandbox's main schedule, with nothing remembered."""
    from bentley_nb.sandbox.running import demo_sandbox

    return demo_client.schedule(demo_sandbox().schedule_id)
