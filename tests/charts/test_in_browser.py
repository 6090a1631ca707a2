"""Charts as a reader sees them: drawn by Plotly in Chromium."""

import itertools
import json

import pytest

from bentley_nb import charts
from tests.browser import chromium, watched
from tests.charts import plan
from tests.charts.test_other_charts import moved

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plotly(tmp_path_factory):
    """A page with plotly.js in it, as a notebook has it."""
    from plotly.offline import get_plotlyjs

    path = tmp_path_factory.mktemp("page") / "empty.html"
    path.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><div id=chart></div><script>{get_plotlyjs()}</script>", encoding="utf-8"
    )
    with chromium() as browser:
        watch = watched(browser)
        watch.open(path)
        yield watch


@pytest.fixture
def show(plotly):
    """Draw a figure and return the page, on which nothing else stands."""

    def shown(fig):
        plotly.page.evaluate("figure => Plotly.newPlot('chart', figure.data, figure.layout)", json.loads(fig.to_json()))
        return plotly.page

    return shown


def test_the_tests_that_open_a_browser_share_a_process(request):
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("pytest-xdist does not distribute groups in this run")
    assert request.node.nodeid.endswith("@browser")  # pytest-xdist says nothing where it finds no group


def texts(page, selector):
    return page.eval_on_selector_all(selector, "nodes => nodes.map(node => node.textContent)")


def test_key_dates_data_date_and_counts_are_on_the_page(show):
    page = show(charts.gantt(plan.small()))
    assert page.locator(".scatterlayer .points path.point").count() == 3  # two key dates and one of the baseline
    title = texts(page, ".g-gtitle text")
    assert any("Data date 15 May 2024" in text and "3 tasks, 2 key dates, 2 critical" in text for text in title)
    assert "Data date" in texts(page, ".legendtext")


def test_bars_have_width_and_names_stand_on_the_left(show):
    page = show(charts.gantt(plan.small()))
    widths = page.eval_on_selector_all(
        ".barlayer .point path", "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    )
    assert min(widths) > 3
    assert [name.strip() for name in texts(page, ".ytick text")][:2] == ["Site", "Start on site"]
    left = page.eval_on_selector_all(".ytick text", "all => all.map(one => one.getBoundingClientRect().left)")
    assert min(left) >= 0


def test_both_date_axes_say_the_same(show):
    page = show(charts.gantt(plan.large(470, elements=30)))
    above, below = ([text.strip() for text in texts(page, axis)] for axis in (".xtick text", ".x2tick text"))
    assert above == below != []


def test_no_two_rows_of_500_overlap(show):
    page = show(charts.gantt(plan.large(470, elements=30)))
    boxes = sorted(
        page.eval_on_selector_all(
            ".ytick text", "all => all.map(one => one.getBoundingClientRect()).map(box => [box.top, box.bottom])"
        )
    )
    assert len(boxes) == 500
    assert all(upper[1] <= lower[0] + 1 for upper, lower in itertools.pairwise(boxes))


@pytest.mark.parametrize("width", [760, 960, 1230])
def test_the_legend_ends_close_above_the_column_heads(show, width):
    page = show(charts.gantt(plan.small(), links=True).update_layout(width=width))
    assert page.locator(".legendtext").count() == 10
    legend, heads = page.evaluate(
        "() => ['.legend', '.annotation'].map(one => document.querySelector(one).getBoundingClientRect())"
        ".map(box => [box.top, box.bottom])"
    )
    assert 0 <= heads[0] - legend[1] < 55


@pytest.mark.parametrize("size", ["slide", "a4", "a3"])
def test_nothing_is_overprinted_at_any_size(show, size):
    columns = ["id", "start", "finish", "percent", "duration", "float", "variance", "constraint_type"]
    page = show(charts.gantt(plan.large(300, elements=16, key_dates=4), size=size, columns=columns))
    places = {
        name: page.eval_on_selector_all(
            selector,
            "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right, box.top, box.bottom])",
        )
        for name, selector in {
            "title": ".g-gtitle text",
            "legend": ".legendtext",
            "headings": ".annotation text",
            **{f"column {number}": f".y{number if number > 1 else ''}tick text" for number in range(1, 10)},
            "plot": ".bglayer .bg",
        }.items()
    }
    below = [places[name] for name in ("title", "legend", "headings", "column 1")]
    for upper, lower in itertools.pairwise(below):
        assert max(box[3] for box in upper) <= min(box[2] for box in lower) + 1
    beside = [places[name] for name in places if name.startswith("column") and any(b[1] > b[0] for b in places[name])]
    for left, right in itertools.pairwise([*beside, places["plot"]]):
        assert max(box[1] for box in left) <= min(box[0] for box in right if box[1] > box[0])


def test_20000_tasks_are_drawn_and_say_what_they_are(show):
    page = show(charts.gantt(plan.large(20_000, elements=200, key_dates=50)))
    assert any("20,000 tasks are folded into 200 WBS rows" in text for text in texts(page, ".g-gtitle text"))
    assert page.locator(".ytick").count() == 200


def test_pointing_at_a_bar_tells_name_dates_progress_and_float(show):
    fig = charts.gantt(plan.small())
    curve = [trace.name for trace in fig.data].index("Task")
    page = show(fig)
    page.evaluate("curve => Plotly.Fx.hover('chart', [{curveNumber: curve, pointNumber: 1}])", curve)
    words = "".join(texts(page, ".hoverlayer .hovertext"))
    for piece in (
        "Pour slab (B)",
        "13 May 2024 08:00 to 24 May 2024 17:00",
        "80 h working time, 40 % complete",
        "total float 3 working days",
    ):
        assert piece in words


@pytest.mark.parametrize("chart", ["gantt", "s_curve", "health", "float_histogram", "slippage"])
def test_a_hostile_name_is_shown_and_does_nothing(show, plotly, chart):
    frames = plan.named(plan.HOSTILE)
    states = [frames, moved() | {"name": plan.HOSTILE}] if chart == "slippage" else [frames]
    page = show(getattr(charts, chart)(*states))
    assert plotly.dialogs == []
    assert plotly.errors == []
    assert len(plotly.requests) == 1  # the page itself
    assert page.locator("img").count() == 0
    assert "</script><img src=x" in "".join(texts(page, ".g-gtitle text"))


def test_weeks_begin_on_monday(show):
    page = show(charts.s_curve(plan.small()).update_xaxes(range=["2024-05-01", "2024-06-12"], nticks=8))
    step, days = page.evaluate(
        "() => { const axis = document.getElementById('chart')._fullLayout.xaxis;"
        " return [axis.dtick, axis._vals.map(tick => new Date(tick.x).getUTCDay())]; }"
    )
    assert step == 7 * 86_400_000
    assert set(days) == {1}
