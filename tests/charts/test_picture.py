import xml.etree.ElementTree as ET

import pytest

from bentley_nb import charts
from bentley_nb.charts.save import pictures
from bentley_nb.charts.size import resized
from bentley_nb.errors import InvalidRequest
from tests.browser import chromium
from tests.charts import plan


@pytest.fixture(scope="module")
def _browser():
    pytest.importorskip("kaleido")
    with chromium():
        return


@pytest.mark.browser
@pytest.mark.usefixtures("_browser")
def test_a_png_has_the_width_and_sharpness_asked_for(tmp_path):
    png = charts.save(charts.gantt(plan.small()), tmp_path / "gantt.PNG", width=700, scale=2).read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 1400


@pytest.mark.browser
@pytest.mark.usefixtures("_browser")
def test_several_pictures_come_from_one_browser_in_their_order():
    first, second = pictures([charts.gantt(plan.named(plan.HOSTILE)), charts.s_curve(plan.small())], file_format="svg")
    shown = "".join(ET.fromstring(first).itertext())
    assert "</script><img src=x onerror=alert(1)>" in shown
    assert "Data date 15 May 2024" in shown
    assert "S-curve" in "".join(ET.fromstring(second).itertext())


@pytest.mark.browser
@pytest.mark.usefixtures("_browser")
def test_hatched_bars_do_not_swell_a_pdf(tmp_path):
    """Each would be an image of half a megabyte in it, and a Gantt of 50 critical tasks would not get done."""
    fig = charts.gantt(plan.small())
    pdf = charts.save(fig, tmp_path / "gantt.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/Subtype /Image" not in pdf
    assert {trace.name: trace for trace in fig.data}["Critical task"].marker.pattern.shape == "/"  # the caller's own


def test_an_unknown_ending_is_answered_with_the_formats(tmp_path):
    with pytest.raises(InvalidRequest, match=r"'gantt.docx' does not end in the name of a picture format(.|\n)*png"):
        charts.save(charts.gantt(plan.small()), tmp_path / "gantt.docx")


def test_without_a_browser_the_error_says_what_to_install_and_the_old_file_stays(tmp_path, monkeypatch):
    pytest.importorskip("kaleido")
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "nowhere"))
    target = tmp_path / "gantt.png"
    target.write_bytes(b"old")
    with pytest.raises(InvalidRequest, match=r"No browser was found(.|\n)*Install Chrome, Chromium or Edge"):
        charts.save(charts.gantt(plan.small()), target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["gantt.png"]


@pytest.mark.parametrize("height", [300, 720, 2_000])
def test_title_and_legend_keep_their_pixels_at_any_size(height):
    fig = charts.gantt(plan.large(60, elements=6))
    drawn, factor = resized(fig, 1_280, height)
    assert drawn.layout.height == round(max(fig.layout.height, height))
    assert drawn.layout.height / factor == pytest.approx(height, abs=1)
    from_top = (1 - fig.layout.legend.y) * fig.layout.height
    assert (1 - drawn.layout.legend.y) * drawn.layout.height == pytest.approx(from_top)


def test_a_size_is_named_or_given_in_pixels_not_both(tmp_path):
    with pytest.raises(InvalidRequest, match="either size or width and height"):
        charts.save(charts.gantt(plan.small()), tmp_path / "a.png", size="a4", width=3)
    with pytest.raises(InvalidRequest, match="There is no size 'a2'"):
        charts.save(charts.gantt(plan.small()), tmp_path / "a.png", size="a2")
