"""The report file as a reader sees it: opened from disk in Chromium."""

import re
from base64 import b64decode

import pytest

import bentley_nb as bn
from bentley_nb import reports
from bentley_nb.export import to_html
from bentley_nb.sandbox.running import demo_sandbox
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
    assert page.locator("#health > .table tbody tr").count() == 14
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
    printed = watch.page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/Subtype /Image" not in printed  # what is hatched on the screen would be one, of half a megabyte a bar


@pytest.fixture(scope="module")
def demo(browser, tmp_path_factory):
    """The report of the demo schedule, as wide as a laptop shows it."""
    client = bn.connect(demo=True, progress=False)
    watch = watched(browser)
    schedule = client.schedule(demo_sandbox().schedule_id)
    watch.open(to_html(tmp_path_factory.mktemp("demo") / "report.html", schedule))
    watch.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    watch.draw_all()
    return watch


def cut_off(page, selector, way):
    """What of these elements lies beyond their edge, in pixels."""
    return page.eval_on_selector_all(selector, f"all => all.map(one => one.scroll{way} - one.client{way})")


def test_no_chart_is_cut_and_no_table_hides_a_column(demo):
    assert set(cut_off(demo.page, ".chart", "Height")) == {0}
    assert set(cut_off(demo.page, ".table, .chart", "Width")) == {0}


def test_the_gantt_shows_every_task_and_its_baseline(demo):
    page = demo.page
    assert page.locator("#gantt-chart .ytick").count() == 400
    bars = page.evaluate(
        "() => document.querySelector('#gantt-chart [data-chart]').data.find(trace => trace.name == 'Baseline').base.length"
    )
    assert bars > 250


def test_the_columns_of_the_gantt_begin_close_below_its_legend(demo):
    legend, heads = demo.page.evaluate(
        """() => ['.legend', '.annotation'].map(one =>
            document.querySelector('#gantt-chart ' + one).getBoundingClientRect()).map(box => [box.top, box.bottom])"""
    )
    assert 0 <= heads[0] - legend[1] < 55


def test_on_paper_every_column_fits_and_what_offends_is_unfolded(demo):
    page = demo.page
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = false)")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 730})  # A4 landscape between its margins
    try:
        assert set(cut_off(page, ".table", "Width")) == {0}
        assert all(page.locator(".offenders .table").nth(number).is_visible() for number in range(8))
        assert not page.locator("#s-curve details .table").is_visible()
    finally:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1280, "height": 900})


def test_on_a_telephone_a_chart_scrolls_instead_of_shrinking_to_nothing(demo):
    page = demo.page
    page.set_viewport_size({"width": 420, "height": 900})
    try:
        width = (
            "() => document.querySelector('#gantt-chart [data-chart] .nsewdrag').getBoundingClientRect().width > 250"
        )
        page.wait_for_function(width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})


def test_static_charts_are_pictures_and_need_no_script(browser, tmp_path):
    pytest.importorskip("kaleido")
    path = to_html(tmp_path / "report.html", plan.named(plan.HOSTILE), charts="static")
    assert path.stat().st_size < 1_000_000
    assert all(b"<pattern" not in b64decode(svg) for svg in re.findall(r"svg\+xml;base64,([^\"]+)", path.read_text()))
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
