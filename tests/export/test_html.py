"""The report file as a parser reads it."""

import base64
import hashlib
import html.parser
import re
from importlib import resources

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

from bentley_nb import charts, reports
from bentley_nb.errors import InvalidRequest
from bentley_nb.export import to_html
from bentley_nb.export.html_table import table
from bentley_nb.export.markup import tag
from tests.charts import plan


class Page(html.parser.HTMLParser):
    """Elements with their attributes, and the text of each kind of element."""

    def __init__(self, path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.elements, self.texts, self._open = [], {}, []
        self.feed(self.source)

    def handle_starttag(self, name, attributes):
        self.elements.append((name, dict(attributes)))
        if name not in ("meta", "img", "br"):
            self._open.append(name)
            self.texts.setdefault(name, []).append("")

    def handle_endtag(self, _name):
        self._open.pop()

    def handle_data(self, data):
        for name in set(self._open):
            self.texts[name][-1] += data

    def all(self, name):
        return [attributes for element, attributes in self.elements if element == name]


@pytest.fixture
def page(tmp_path):
    def written(source, **options):
        return Page(to_html(tmp_path / "report.html", source, **{"charts": "none"} | options))

    return written


def policy(page):
    return next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")


def test_sections_of_a_schedule(page):
    made = page(plan.small())
    assert made.texts["h1"] == ["Tower"]
    assert made.texts["h2"] == [
        "Summary", "Key dates", "Look-ahead, 3 weeks", "Late work", "Critical work", "S-curve", "Float", "Health",
    ]  # fmt: skip
    assert [link["href"][1:] for link in made.all("a")[1:]] == [section["id"] for section in made.all("section")]


def test_the_data_date_is_at_the_top(page):
    made = page(plan.small(), zone="Asia/Dubai")
    assert "Data date 15 May 2024" in " ".join(made.texts["header"])
    assert made.all("time")[0]["datetime"] == "2024-05-15T04:00+04:00"


def test_tables_have_captions_headings_and_can_be_reached_by_keyboard(page):
    made = page(plan.small())
    assert len(made.texts["caption"]) == len(made.all("table"))
    assert made.texts["caption"][0] == "Key dates (2 rows)"
    assert {heading["scope"] for heading in made.all("th")} == {"col", "row"}
    regions = [region for region in made.all("div") if region.get("role") == "region"]
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
    assert len(regions) == len(made.all("table"))


def test_notes_of_the_reports_are_on_the_page(page):
    frames = plan.small()
    notes = reports.late(frames).attrs["notes"]
    shown = " ".join(page(frames).texts["li"])
    assert all(note in shown for note in notes)


def test_long_tables_are_cut_and_the_true_count_is_stated(page):
    made = page(plan.large(600), max_rows=20)
    critical = len(reports.critical(plan.large(600)))
    assert critical == 30
    assert "Critical and near-critical tasks (the first 20 of 30 rows)" in made.texts["caption"]
    assert made.source.count("<tr>") < 120


def test_what_cannot_be_known_says_why_in_its_place(page):
    made = page({"tasks": plan.small()["tasks"]})
    reasons = [
        text
        for text, attributes in zip(made.texts["p"], made.all("p"), strict=True)
        if attributes.get("class") == "why"
    ]
    assert any("no data date" in reason for reason in reasons)
    assert any("Float and criticality are unknown" in reason for reason in reasons)
    assert "unknown" in " ".join(made.texts["header"])


def test_health_says_what_was_counted_the_figure_and_its_limit_and_what_offends(page):
    frames = plan.small()
    made = page(frames, profile="decm")
    at = made.texts["th"].index("Counted")
    assert made.texts["th"][at - 3 : at + 6] == [
        "No.", "Check", "Verdict", "Counted", "Figure", "Limit", "Rule", "Reason", "Authority",
    ]  # fmt: skip
    checks = reports.health(frames, "decm")
    failed = checks["check"][checks["verdict"] == "fail"]
    listed = {check: reports.health_details(frames, check, "decm") for check in failed}
    assert len(made.texts["summary"]) == len(listed) > 0
    for check, offending in listed.items():
        words = f"{len(offending):,} {'link' if 'link_id' in offending else 'task'}"
        assert any(text.removesuffix("s").endswith(words) for text in made.texts["summary"]), check
    assert made.texts["code"] == [f'bn.reports.health_details(s, "{failed.iloc[0]}", "decm")']


def test_of_what_offends_the_first_ten_are_listed(page):
    frames = plan.large(600)
    made = page(frames)
    count = len(reports.health_details(frames, "invalid_dates"))
    assert count > 10
    assert f"Invalid dates: {count} tasks" in made.texts["summary"]
    assert f"Invalid dates (the first 10 of {count} rows)" in made.texts["caption"]


def test_where_no_check_fails_nothing_is_said_to_offend(page):
    made = page({"tasks": plan.small()["tasks"]})
    assert "h3" not in made.texts
    assert "code" not in made.texts


def test_the_gantt_has_its_own_limit_and_stands_last(page):
    made = page(plan.large(400), charts="interactive", max_rows=20)
    assert made.texts["h2"][-1] == "Gantt chart"
    gantt = next(one["aria-label"] for one in made.all("div") if one.get("aria-label", "").startswith("Gantt"))
    assert "400 tasks" in gantt
    assert "tasks are drawn" not in made.source  # none was thinned out


def test_a_schedule_without_tasks_has_a_report(page):
    made = page(
        {"tasks": plan.small()["tasks"].head(0), "name": "Empty", "data_date": plan.DATA_DATE}, charts="interactive"
    )
    assert made.texts["h1"] == ["Empty"]
    assert made.texts["dd"][0].startswith("0: ")
    assert any("nothing to draw" in text for text in made.texts["p"])


def test_the_curve_can_be_read_as_a_table(page):
    made = page(plan.small(), charts="interactive")
    assert made.texts["summary"][0] == "Values of the S-curve"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"charts": "interactiv"}, "charts='interactiv' is not supported.\nDid you mean 'interactive'?"),
        ({"weeks": 0}, "weeks must be a whole number of at least 1"),
        ({"profile": "dmca"}, "There is no health profile 'dmca'.\nDid you mean 'dcma'?"),
        ({"baseline": "Contact"}, "There is no baseline 'Contact'."),
        ({"max_rows": 0}, "max_rows must be a whole number of at least 1"),
    ],
)
def test_wrong_options_fail_the_report_and_make_no_file(tmp_path, options, message):
    with pytest.raises(InvalidRequest) as raised:
        to_html(tmp_path / "report.html", plan.small(), **{"charts": "none"} | options)
    assert str(raised.value).startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_connection_is_not_hidden_in_a_section(tmp_path):
    from bentley_nb.errors import ServiceUnavailable

    frames = plan.small()

    class Gone:
        id, name, data_date = "x", "Tower", pd.Timestamp(plan.DATA_DATE)

        def table(self, name):
            if name == "task_links":
                raise ServiceUnavailable("no connection")
            if name not in frames:
                raise InvalidRequest(f"{name} is not served here")
            return frames[name]

    with pytest.raises(ServiceUnavailable):
        to_html(tmp_path / "report.html", Gone(), charts="none")
    assert list(tmp_path.iterdir()) == []


class TestSafety:
    def test_names_are_text_everywhere(self, page):
        made = page(plan.named(plan.HOSTILE), charts="interactive")
        assert made.all("img") == []
        assert plan.HOSTILE in " ".join(made.texts["th"])
        assert plan.HOSTILE in made.texts["title"]
        assert "<img src=x" not in made.source

    def test_the_policy_allows_the_scripts_of_the_page_by_their_hash_and_nothing_else(self, page):
        made = page(plan.small(), charts="interactive")
        assert policy(made).startswith("default-src 'none';")
        scripts = re.findall(r"<script>(.*?)</script>", made.source, re.DOTALL)
        hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
        assert policy(made).endswith("script-src " + " ".join(f"'sha256-{one}'" for one in hashes))
        assert len(hashes) == 2
        assert "http" not in policy(made)

    def test_without_charts_there_is_no_script_at_all(self, page):
        made = page(plan.small())
        assert made.all("script") == []
        assert policy(made).endswith("script-src 'none'")

    def test_nothing_is_loaded_from_elsewhere(self, page):
        made = page(plan.small(), charts="interactive")
        addresses = [
            value
            for _, attributes in made.elements
            for name, value in attributes.items()
            if name in ("src", "href", "action", "data")
        ]
        assert all(address.startswith("#") for address in addresses)

    def test_markup_is_escaped_unless_made_here(self):
        assert tag("td", "<b>", tag("i", "&"), title='"x"') == '<td title="&quot;x&quot;">&lt;b&gt;<i>&amp;</i></td>'


class TestSize:
    def test_the_part_of_plotly_that_draws_our_charts_is_within_once(self, page):
        made = page(plan.small(), charts="interactive")
        assert made.source.count("* plotly.js (basic - minified) v") == 1
        assert len(made.source) < 1_700_000

    def test_a_figure_of_another_kind_brings_all_of_plotly(self, page):
        made = page({"Mine": go.Figure(go.Heatmap(z=[[1, 2]]))}, charts="interactive")
        assert "* plotly.js v" in made.source

    def test_the_part_is_of_the_version_that_plotly_itself_brings(self):
        part = (resources.files("bentley_nb.export") / "plotly-basic.min.js").read_text(encoding="utf-8")
        version = re.search(r"plotly\.js \(basic - minified\) v(\d+)", part)
        assert version is not None
        assert int(version[1]) >= int(get_plotlyjs_version().split(".")[0])  # figures of older ones are read, too
        assert "\r" not in part  # the hash in the policy is of the text as HTML reads it

    def test_without_charts_the_file_is_small(self, page):
        assert len(page(plan.small()).source) < 60_000

    def test_20000_tasks(self, page):
        made = page(plan.large(20_000, elements=200, key_dates=50))
        assert made.texts["dd"][0].startswith("19,950: ")
        assert len(made.source) < 1_000_000


class TestParts:
    def test_frames_figures_and_text_under_their_headings(self, page):
        parts = {
            "Late": reports.late(plan.small()),
            "Curve": charts.s_curve(plan.small()),
            "Remarks": "First.\n\nSecond <b>.",
        }
        made = page(parts, title="Weekly", charts="interactive")
        assert made.texts["h1"] == ["Weekly"]
        assert made.texts["h2"] == ["Late", "Curve", "Remarks"]
        assert made.texts["p"][-3:-1] == ["First.", "Second <b>."]
        assert len([one for one in made.all("script") if one.get("type") == "application/json"]) == 1

    def test_an_index_and_headings_that_come_twice_are_shown(self, page):
        late = pd.DataFrame({"trade": ["Concrete"], "late": [3]}).set_index("trade")
        made = page({"Late": pd.concat([late, late], axis=1)})
        assert made.texts["th"] == ["Trade", "Late", "Late [2]"]
        assert made.texts["td"] == ["Concrete", "3", "3"]

    def test_a_figure_from_elsewhere_cannot_leave_its_place(self, page):
        made = page({"Mine": go.Figure(layout={"title": {"text": plan.HOSTILE}})}, charts="interactive")
        assert made.all("img") == []

    def test_headings_that_are_alike_have_anchors_of_their_own(self, page):
        made = page({"Late!": "x", "late": "y", "···": "z"})
        assert [section["id"] for section in made.all("section")] == ["late", "late-2", "part"]

    def test_a_figure_from_elsewhere_is_described_by_its_title(self, page):
        made = page({"Mine": go.Figure(layout={"title": {"text": "My <b>chart</b>"}})}, charts="interactive")
        assert [one["aria-label"] for one in made.all("div") if one.get("role") == "img"] == ["My <b>chart</b>"]

    @pytest.mark.parametrize(
        ("parts", "message"), [({}, "There is nothing to write."), ({"Late": 3}, "The part 'Late' is a int.")]
    )
    def test_what_is_no_part_is_refused(self, tmp_path, parts, message):
        with pytest.raises(InvalidRequest, match=message):
            to_html(tmp_path / "report.html", parts)


def test_the_unit_of_float_reaches_every_part(page, tmp_path):
    said = [note for note in page(plan.small(), float_unit="hours").texts["li"] if note.startswith("Float is taken as")]
    assert len(said) >= 4
    assert all(note.startswith("Float is taken as hours of working time (as given)") for note in said)
    with pytest.raises(InvalidRequest, match="no float unit 'weeks'"):
        to_html(tmp_path / "report.html", plan.small(), charts="none", float_unit="weeks")


def test_a_week_of_the_s_curve_begins_on_monday_in_the_zone(page):
    times = [one["datetime"] for one in page(plan.small(), zone="America/New_York").all("time")]
    assert "2024-05-06T00:00-04:00" in times


class TestTable:
    def test_values_as_readers_expect_them(self):
        frame = pd.DataFrame(
            {
                "name": ["Slab"],
                "start": pd.DatetimeIndex(["2024-05-01T23:00:00Z"]),
                "percent_complete": [40.04],
                "is_critical": pd.array([None], dtype="boolean"),
                "resources": [["Crew", "Crane"]],
                "parent_id": ["secret"],
            }
        )
        shown = table(frame, "Tasks", zone="Europe/London")
        assert '<time datetime="2024-05-02T00:00+01:00">02 May 2024</time>' in shown
        assert '<td class="number">40\xa0%</td>' in shown
        assert "Crew, Crane" in shown
        assert "secret" not in shown
        assert '<th scope="row">Slab</th>' in shown

    @pytest.mark.parametrize(
        ("value", "shown"), [(-0.04, "-0.04"), (-0.001, "0"), (0.0, "0"), (-0.06, "-0.1"), (1234.56, "1,234.6")]
    )
    def test_what_is_below_nought_does_not_become_nought(self, value, shown):
        frame = pd.DataFrame({"name": ["Slab"], "total_float_days": pd.array([value], dtype="Float64")})
        assert f'<td class="number">{shown}</td>' in table(frame, "Tasks")

    @pytest.mark.parametrize(
        ("value", "percent", "threshold", "shown"),
        [
            (0.94, None, 0.95, ["0.94", "", "0.95"]),
            (0.9496, None, 0.95, ["0.9496", "", "0.95"]),  # not the limit it misses
            (None, 5.04, 5.0, ["", "5.04\xa0%", "5\xa0%"]),
            (None, 23.81, 5.0, ["", "23.8\xa0%", "5\xa0%"]),
            (None, 5.0, 5.0, ["", "5\xa0%", "5\xa0%"]),
        ],
    )
    def test_a_figure_stays_on_its_side_of_the_limit(self, value, percent, threshold, shown):
        figures = {"value": value, "percent": percent, "threshold": threshold}
        frame = pd.DataFrame({name: pd.array([figure], dtype="Float64") for name, figure in figures.items()})
        assert re.findall(r'<td class="number">([^<]*)</td>', table(frame, "Health")) == shown

    def test_ratios_of_earned_value_have_two_decimals_and_are_not_rounded_to_on_plan(self):
        values = pd.array([0.943, 0.996, 1234.56], dtype="Float64")
        frame = pd.DataFrame({"measure": ["CPI", "SPI", "EV"], "value": values, "unit": ["ratio", "ratio", "hours"]})
        assert re.findall(r'<td class="number">([^<]*)</td>', table(frame, "Earned value")) == [
            "0.94",
            "0.996",
            "1,234.6",
        ]

    @pytest.mark.parametrize("name", ["percent", "percent_complete", "planned_percent", "share"])
    def test_percent_has_its_sign(self, name):
        shown = table(pd.DataFrame({name: pd.array([3.14, None], dtype="Float64")}), "Shares")
        assert re.findall(r'<td class="number">([^<]*)</td>', shown) == ["3.1\xa0%", ""]

    @pytest.mark.parametrize(("rows", "columns", "classes"), [(30, 16, "table"), (31, 17, "table long many")])
    def test_only_a_long_table_scrolls_and_a_wide_one_is_set_smaller_on_paper(self, rows, columns, classes):
        shown = table(pd.DataFrame(1.0, index=range(rows), columns=list("abcdefghijklmnopq"[:columns])), "Figures")
        assert shown.startswith(f'<div class="{classes}"')

    def test_an_empty_frame_is_a_sentence(self):
        assert table(pd.DataFrame({"x": []}), "Late tasks") == '<p class="empty">Late tasks: none.</p>'


class TestSinceAnEarlierState:
    """``before=`` adds what changed since, signs, and what drives the finish."""

    def page(self, tmp_path, **options):
        before = plan.small()
        tasks = before["tasks"].copy()
        tasks.loc[tasks["id"] == "c", "planned_finish"] -= pd.Timedelta(days=3)
        tasks.loc[tasks["id"] == "c", "name"] = "</script><b>Columns"
        earlier = {**before, "tasks": tasks, "data_date": "2024-05-08"}
        path = to_html(tmp_path / "report.html", plan.small(), before=earlier, charts="none", **options)
        return path.read_text(encoding="utf-8")

    def test_the_chapters_come_first_after_the_summary(self, tmp_path):
        text = self.page(tmp_path)
        headings = re.findall(r"<h2[^>]*>(.*?)</h2>", text)
        assert headings[:5] == [
            "Summary",
            "What changed",
            "Signs worth a question",
            "What drives the finish",
            "Key dates",
        ]

    def test_the_counts_stand_above_the_register(self, tmp_path):
        text = self.page(tmp_path)
        assert "<dt>Dates</dt><dd>1 changed</dd>" in text
        assert "&lt;/script&gt;&lt;b&gt;Columns" in text
        assert "From data date 2024-05-08 to 2024-05-15." in text

    def test_without_an_earlier_state_they_are_not_there(self, tmp_path):
        path = to_html(tmp_path / "report.html", plan.small(), charts="none")
        assert "What changed" not in path.read_text(encoding="utf-8")

    def test_an_earlier_state_that_cannot_be_compared_says_why_in_its_place(self, tmp_path):
        before = plan.small()["tasks"][["id", "name"]]
        path = to_html(tmp_path / "report.html", plan.small(), before=before, charts="none")
        assert "The tasks of the state before have no dates, so nothing can be compared." in path.read_text("utf-8")
