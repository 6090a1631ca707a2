import itertools

import pandas as pd
import plotly.io as pio
import pytest

from bentley_nb import charts
from bentley_nb.charts import style
from bentley_nb.errors import InvalidRequest
from tests.charts import plan
from tests.charts.plan import HOSTILE

PAPERS = {"light": ["#FFFFFF"], "dark": ["#111111"], "transparent": ["#FFFFFF", "#111111"]}


def luminance(colour):
    """Relative luminance of WCAG 2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", style.THEMES)
def test_data_stands_out_from_its_paper(name):
    theme = style.THEMES[name]
    for colour, paper in itertools.product((theme.blue, theme.critical, theme.green, theme.grey), PAPERS[name]):
        assert contrast(colour, paper) >= 3, (colour, paper)


@pytest.mark.parametrize(("name", "least"), [("light", 7), ("dark", 7), ("transparent", 4.2)])
def test_text_can_be_read_on_its_paper(name, least):
    for paper in PAPERS[name]:
        assert contrast(style.THEMES[name].text, paper) >= least


@pytest.mark.parametrize(
    ("template", "paper"), [("plotly_dark", "#111111"), ("plotly_white", "#FFFFFF"), (None, "#FFFFFF")]
)
def test_auto_follows_plotlys_own_template(monkeypatch, template, paper):
    monkeypatch.setattr(pio.templates, "default", template)
    assert style.theme_named("auto").paper == paper


def test_an_unknown_theme_is_answered_with_those_there_are():
    with pytest.raises(InvalidRequest, match="Available: auto, dark, light, transparent"):
        style.theme_named("solarized")


def test_escaped_text_has_nothing_plotly_would_act_on():
    text = style.escaped(HOSTILE)
    assert not set("<>$") & set(text)
    assert "%{" not in text


@pytest.mark.parametrize("nothing", [None, pd.NA, pd.NaT, float("nan")])
def test_a_missing_value_is_an_empty_text(nothing):
    assert style.escaped(nothing) == ""


def test_control_characters_and_direction_marks_are_taken_out():
    assert style.escaped("Pour\n\x00slab \u202ereversed\ud800") == "Pour slab reversed"


@pytest.mark.parametrize(("text", "shown"), [("Foundations", "Founda…"), ("混凝土浇筑", "混凝土…"), ("Slab", "Slab")])
def test_long_names_are_cut_by_their_width(text, shown):
    assert style.escaped(text, width=7) == shown


def test_dates_are_on_the_clock_of_the_zone():
    instants = pd.DatetimeIndex(["2024-06-30T23:30:00Z", "2024-01-01T00:00:00Z"])
    assert style.clock(instants, "Europe/London") == ["2024-07-01T00:30", "2024-01-01"]


def test_thousands_are_set_apart_as_in_titles_and_labels():
    axes = charts.float_histogram(plan.small()).layout.template.layout
    assert axes.yaxis.separatethousands
    assert axes.xaxis.separatethousands
