"""Debian's Chromium for the tests that look at a page: what it draws, what it asks the network for, what it runs."""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Watched:
    """A page, and all it did that a test may object to."""

    page: object
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, path):
        self.page.goto(path.resolve().as_uri())

    def draw_all(self):
        """Scroll to every chart of a report, and wait until it is drawn."""
        for place in self.page.locator("[data-chart]").all():
            place.scroll_into_view_if_needed()
            place.locator(".nsewdrag").first.wait_for(state="attached")  # the last that Plotly adds


def expect(what):
    """Playwright's ``expect``, which looks again until the page shows what it should, with the patience of a busy machine."""
    from playwright.sync_api import expect as expect_

    expect_.set_options(timeout=120_000)
    return expect_(what)


@contextmanager
def chromium():
    """Start Chromium, or skip the test saying what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=_QUIET)
        try:
            yield browser
        finally:
            browser.close()


def watched(browser):
    """Open an empty page and note its requests, errors and dialogs."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watched(page)
    page.on("request", lambda request: watch.requests.append(request.url))
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("console", lambda said: watch.errors.append(said.text) if said.type == "error" else None)
    page.on("dialog", lambda dialog: (watch.dialogs.append(dialog.message), dialog.dismiss()))
    return watch
