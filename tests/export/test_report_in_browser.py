"""The report file as a reader sees it: opened from disk in Chromium."""

import pytest

from bentley_nb import reports
from bentley_nb.export import to_html
from tests.browser import chromium, watched
from tests.charts import plan

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A report of a schedule whose every name tries to run a script."""
    return to_html(tmp_path_factory.mktemp("report") / "report.html", plan.named(plan.HOSTILE))


@pytest.fixture(scope="module")
def opened(browser, hostile):
    watch = watched(browser)
    watch.open(hostile)
    watch.draw_all()
    return watch


def test_nothing_is_asked_of_the_network(opened, hostile):
    assert [address for address in opened.requests if not address.startswith("data:")] == [hostile.resolve().as_uri()]


def test_no_script_comes_from_a_name(opened):
    assert opened.dialogs == []
    assert opened.errors == []
    assert opened.page.locator("img").count() == 0
    assert opened.page.locator("h1").text_content() == plan.HOSTILE


def test_all_charts_are_drawn(opened):
    assert (
        opened.page.locator("[data-chart] > .plot-container").count()
        == opened.page.locator("[data-chart]").count()
        == 4
    )


def test_key_dates_data_date_and_counts_are_those_of_the_reports(opened):
    frames = plan.small()
    page = opened.page
    assert page.locator("#key-dates tbody tr").count() == len(reports.milestones(frames)) == 2
    assert page.locator("#late-work tbody tr").count() == len(reports.late(frames))
    assert page.locator("#health tbody tr").count() == 14
    assert "Data date 15 May 2024" in page.locator("header").text_content()
    diamonds = page.locator("#gantt-chart .scatterlayer path.point").count()
    assert diamonds == 3  # two key dates, and one of them in the baseline


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable_in_both_themes(opened, dark):
    opened.page.emulate_media(color_scheme="dark" if dark else "light")
    colours = opened.page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color,
            getComputedStyle(document.querySelector('#gantt-chart .ytick text')).fill,
            getComputedStyle(document.querySelector('#gantt-chart .g-gtitle text')).fill]"""
    )
    paper, *texts = colours
    assert paper == ("rgb(17, 17, 17)" if dark else "rgb(255, 255, 255)")
    assert set(texts) == {"rgb(230, 230, 230)" if dark else "rgb(36, 41, 47)"}


def test_it_prints_with_every_chart_on_paper(browser, hostile):
    watch = watched(browser)
    watch.open(hostile)
    watch.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")  # charts below the fold were not drawn before
    watch.page.wait_for_function("document.querySelectorAll('[data-chart] .main-svg .g-gtitle').length >= 4")
    widths = watch.page.eval_on_selector_all("[data-chart] .svg-container", "all => all.map(one => one.clientWidth)")
    assert max(widths) <= 1000
    assert watch.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_static_charts_are_pictures_and_need_no_script(browser, tmp_path):
    pytest.importorskip("kaleido")
    path = to_html(tmp_path / "report.html", plan.named(plan.HOSTILE), charts="static")
    assert path.stat().st_size < 1_000_000
    watch = watched(browser)
    watch.open(path)
    images = watch.page.locator("figure img")
    assert images.count() == 4
    assert watch.page.eval_on_selector_all(
        "figure img", "all => all.every(one => one.complete && one.naturalWidth > 500)"
    )
    assert all(
        words.startswith(("Gantt", "S-curve", "Histogram", "Health"))
        for words in watch.page.eval_on_selector_all("figure img", "all => all.map(one => one.alt)")
    )
    assert watch.page.locator("script").count() == 0
    assert watch.errors == []
    assert watch.dialogs == []
