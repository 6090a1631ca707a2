"""Parts of a schedule (``s.only``): lists and sums of the part, logic and baseline of the whole."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb._face import Face, _Method

ROWS = [
    # id, name, parent, code values, start, finish, percent, status
    ("A", "Tower", None, [], None, None, None, None),
    ("A1", "Level 01", "A", [], None, None, None, None),
    ("A2", "Level 02", "A", [], None, None, None, None),
    ("B", "Car park", None, [], None, None, None, None),
    ("B1", "Level 01", "B", [], None, None, None, None),
    ("1", "Pour", "A1", ["concrete"], "2025-03-03", "2025-03-07", 100.0, "Finished"),
    ("2", "Tile", "A1", ["finishes"], "2025-03-10", "2025-03-14", 20.0, "Started"),
    ("3", "Pour again", "A2", ["concrete", "finishes"], "2025-03-31T08:00:00", "2025-04-04", 0.0, "Planned"),
    ("4", "Rebar", "B1", ["rebar"], "2025-04-07", "2025-04-11", 0.0, "Planned"),
]
DATA_DATE = pd.Timestamp("2025-03-12", tz="UTC")


class InMemory(bn.Schedule):
    """A schedule whose tables are items in memory: the least that a subclass has to say."""

    def __init__(self) -> None:
        super().__init__("memory", name="In memory", type_="v10")
        self.asked: list[str] = []

    def _read(self, collections: Any, parent_id: str | None = None, **_: Any) -> dict[str, Any]:
        from datetime import UTC, datetime

        import pyarrow as pa

        from bentley_nb._remembered import Remembered
        from bentley_nb.frames.decode import PageDecoder
        from bentley_nb.frames.finish import finish
        from bentley_nb.service.surface import SURFACES

        found = {}
        for collection in collections:
            self.asked.append(collection.name)
            import json

            items = ITEMS.get(collection.name)
            if items is None:
                raise bn.InvalidRequest(f"There are no {collection.name}.")
            decoder = PageDecoder(collection, SURFACES["platform"])
            if collection.single:
                page = decoder.single(json.dumps({collection.envelope: items[0]}).encode())
            else:
                page = decoder.page(json.dumps({collection.envelope: items}).encode())
            table = finish(collection, [page])
            assert isinstance(table, pa.Table)
            found[collection.name] = Remembered(table, datetime.now(UTC))
        return found


ITEMS: dict[str, list[dict[str, Any]]] = {
    "schedule": [{"id": "memory", "name": "In memory", "type": "v10"}],
    "project_scheduling": [{"dataDate": DATA_DATE.isoformat()}],
    "tasks": [
        {
            "id": id_,
            "name": name,
            "parentId": parent,
            "isWbs": start is None,
            "type": "Work",
            "plannedStart": start and f"{start}T08:00:00Z"[:20]
            if start and "T" not in start
            else start and f"{start}Z",
            "plannedFinish": finish and f"{finish}T17:00:00Z",
            "plannedDuration": 40 * 3600,
            "percentComplete": percent,
            "status": status,
            "actualStart": f"{start}T08:00:00Z" if percent else None,
            "actualFinish": f"{finish}T17:00:00Z" if percent == 100 else None,
        }
        for id_, name, parent, _, start, finish, percent, status in ROWS
    ],
    "task_links": [
        {"id": "l1", "predecessorId": "1", "successorId": "2", "type": "FinishToStart", "lag": 0},
        {"id": "l2", "predecessorId": "2", "successorId": "3", "type": "FinishToStart", "lag": 0},
        {"id": "l3", "predecessorId": "3", "successorId": "4", "type": "FinishToStart", "lag": 0},
    ],
    "codes": [{"id": "trade", "name": "Trade", "category": "Activity"}],
    "code_values": [
        {"id": "structure", "codeId": "trade", "name": "Structure"},
        {"id": "concrete", "codeId": "trade", "name": "Concrete", "parentId": "structure"},
        {"id": "rebar", "codeId": "trade", "name": "Rebar", "parentId": "structure"},
        {"id": "finishes", "codeId": "trade", "name": "Finishes", "description": "Tiles and paint"},
    ],
    "task_code_value_assignments": [
        {"taskId": id_, "codeValueId": value} for id_, _, _, values, *_ in ROWS for value in values
    ],
    "user_fields": [{"id": "f", "name": "Volume", "category": "Task", "type": "Float"}],
    "task_user_field_values": [{"taskId": "1", "userFieldId": "f", "value": "12.5"}],
    "task_statuses": [],
}


@pytest.fixture
def s() -> InMemory:
    return InMemory()


def ids(part: bn.Schedule) -> list[str]:
    return part.tasks()["id"].tolist()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"Trade": "Concrete"}, ["1", "3"]),
        ({"Trade": "Structure"}, ["1", "3", "4"]),  # every level above
        ({"Trade": "Structure > Rebar"}, ["4"]),
        ({"Trade": ["Concrete", "Finishes"]}, ["1", "2", "3"]),
        ({"Trade": "Tiles and paint"}, ["2", "3"]),  # a description, where no name or path fits
        ({"wbs": "Tower"}, ["A", "A1", "A2", "1", "2", "3"]),
        ({"wbs": "Tower > Level 01"}, ["A1", "1", "2"]),
        ({"wbs": ["Level 02", "Car park"]}, ["A2", "B", "B1", "3", "4"]),
        ({"status": "Planned"}, ["3", "4"]),
        ({"status": None}, ["A", "A1", "A2", "B", "B1"]),
        ({"planned_start": ("2025-03-01", "2025-03-31")}, ["1", "2", "3"]),  # the last day to its end
        ({"planned_start": ("2025-04-01", None)}, ["4"]),
        ({"percent_complete": (1, 99)}, ["2"]),
        ({"Volume": (10, None)}, ["1"]),
        ({"is_wbs": False, "Trade": "Finishes"}, ["2", "3"]),
    ],
    ids=str,
)
def test_fields_choose_tasks(s: InMemory, wanted: dict[str, Any], expected: list[str]) -> None:
    assert ids(s.only(wanted)) == expected
    assert ids(s.only(**wanted)) == expected


def test_rows_choose_tasks(s: InMemory) -> None:
    tasks = s.tasks()
    assert ids(s.only(tasks[tasks["name"] == "Tile"])) == ["2"]
    assert ids(s.only(bn.reports.late(s))) == bn.reports.late(s)["id"].tolist()
    assert ids(s.only(tasks["percent_complete"] == 100)) == ["1"]
    assert ids(s.only(["4", "1"])) == ["1", "4"]
    assert ids(s.only(s.only(wbs="Car park"), Trade="Rebar")) == ["4"]
    assert ids(s.only(pd.DataFrame({"task_id": ["3"]}))) == ["3"]


def test_a_part_of_a_part_is_of_the_whole(s: InMemory) -> None:
    part = s.only(Trade="Structure").only(wbs="Tower")
    assert ids(part) == ["1", "3"]
    assert part.whole is s
    assert part.note == "Part: Trade = Structure; wbs = Tower, 2 of 9 tasks."
    assert repr(part).startswith("<Part: Trade = Structure; wbs = Tower, 2 of 9 tasks of Schedule(")


def test_the_tables_of_a_part(s: InMemory) -> None:
    part = s.only(Trade="Concrete")
    assert part.id == s.id
    assert part.name == s.name
    assert part.data_date == DATA_DATE
    assert part.tasks(codes=True)["Trade"].tolist() == ["Structure > Concrete", "Finishes; Structure > Concrete"]
    assert part.tasks()["wbs_path"].tolist() == ["Tower > Level 01", "Tower > Level 02"]  # the tree is whole
    assert set(part.code_value_assignments()["task_id"]) == {"1", "3"}
    assert part.arrow("tasks").num_rows == 2
    assert sum(len(page) for page in part.iter_pages("tasks")) == 2
    assert len(part.task_links()) == 3  # logic is whole
    assert part.tasks().attrs["part"] == "Part: Trade = Concrete, 2 of 9 tasks."


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"Trade": "Concrte"}, r"The code 'Trade' has no value 'Concrte'\..*Concrete"),
        ({"Trad": "Concrete"}, r"no column, code or user field 'Trad'\..*Trade"),
        ({"wbs": "Level 01"}, r"2 elements of the WBS are named 'Level 01': Tower > Level 01; Car park > Level 01"),
        ({"wbs": "Towr"}, r"no element 'Towr'\..*Tower"),
        ({"status": "planned"}, r"No task has status = 'planned'\..*Planned"),
        ({"planned_start": ("March", None)}, "A limit of 'planned_start' .*'March'"),
        ({"percent_complete": ("half", None)}, "'half' is not a number"),
        ({"Trade": []}, "list of values is empty"),
    ],
    ids=str,
)
def test_a_wrong_name_is_answered_with_the_nearest(s: InMemory, wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(bn.InvalidRequest, match=f"(?s){message}"):
        s.only(wanted)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ((), "needs a condition"),
        (("Concrete",), "cannot be chosen by 'Concrete'"),
        ((pd.Series([True, False]),), "mask has 2 rows and the schedule 9 tasks"),
        ((pd.DataFrame({"name": ["Pour"]}),), "no column 'id' or 'task_id'"),
        ((["nowhere"],), "None of the 1 ids is the id of a task"),
    ],
    ids=["nothing", "text", "short mask", "frame without ids", "unknown ids"],
)
def test_what_no_part_can_be_chosen_by(s: InMemory, wanted: tuple[Any, ...], message: str) -> None:
    with pytest.raises(bn.InvalidRequest, match=message):
        s.only(*wanted)


def test_a_mask_goes_by_its_index(s: InMemory) -> None:
    """A mask of sorted tasks is as long as the schedule: taken by position it would mark other tasks."""
    tasks = s.tasks()
    late = tasks.sort_values("planned_start", ascending=False, kind="stable")
    by_id = tasks.set_index("id").sort_index(ascending=False)
    for mask in (late["name"] == "Tile", by_id["name"] == "Tile", (tasks["name"] == "Tile").tolist()):
        assert s.only(mask).ids == {"2"}
    with pytest.raises(bn.InvalidRequest, match=r"(?s)index of the mask is not that of s\.tasks.*give the rows"):
        s.only(tasks.set_index("name")["is_wbs"])


def test_a_mask_of_a_part_is_over_its_own_tasks(s: InMemory) -> None:
    tower = s.only(wbs="Tower")
    assert tower.only(tower.tasks()["name"] == "Tile").ids == {"2"}
    assert tower.only(s.tasks()["name"].isin(["Tile", "Rebar"])).ids == {"2"}


def test_a_mask_stays_true_when_the_tasks_are_read_in_another_order(
    s: InMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = s.only(s.tasks()["name"] == "Tile")
    monkeypatch.setitem(ITEMS, "tasks", ITEMS["tasks"][::-1])
    assert part.refresh().tasks()["name"].tolist() == ["Tile"]


def test_logic_is_that_of_the_whole(s: InMemory) -> None:
    part = s.only(Trade="Rebar")
    assert part.open_ends()["issue"].tolist() == ["no successor"]  # its predecessor is outside the part
    frame = s.tasks()
    alone = bn.reports.open_ends({"tasks": frame[frame["id"] == "4"], "task_links": s.task_links()})
    assert "no predecessor" in alone["issue"].tolist()  # which frames that were filtered by hand cannot know
    links = part.link_floats()
    assert links["link_id"].tolist() == ["l3"]


def test_sums_are_those_of_the_part(s: InMemory) -> None:
    whole, part = s.progress(by="Trade", weight="count"), s.only(wbs="Tower").progress(by="Trade", weight="count")
    assert whole["tasks"].sum() == 5  # a task with two trades counts once under each
    assert part["tasks"].sum() == 4
    tree = s.only(wbs="Car park").wbs_rollup()
    assert tree["name"].tolist() == ["Car park", "Level 01"]
    assert tree["tasks"].tolist() == [1, 1]
    assert s.only(Trade="Concrete").s_curve(weight="count").attrs["notes"][0].startswith("Part: Trade = Concrete")


def test_nothing_that_was_filtered_counts_as_gone(s: InMemory) -> None:
    moved = s.only(Trade="Concrete").slippage(s)
    assert moved["id"].tolist() == ["1", "3"]
    assert moved["change"].tolist() == ["same dates", "same dates"]
    assert moved.attrs["facts"]["counts"]["deleted"] == 0
    assert not any("gone" in note or "not there" in note for note in moved.attrs["notes"])


def test_refresh_chooses_again(s: InMemory, monkeypatch: pytest.MonkeyPatch) -> None:
    part = s.only(Trade="Concrete")
    monkeypatch.setitem(
        ITEMS,
        "task_code_value_assignments",
        [*ITEMS["task_code_value_assignments"], {"taskId": "4", "codeValueId": "concrete"}],
    )
    assert ids(part.refresh()) == ["1", "3", "4"]


METHODS = {name: method for name, method in vars(Face).items() if isinstance(method, _Method)}
REPORTS = {name for name, method in METHODS.items() if method.package == "reports"}
# These tell of the logic, or of WBS elements, and so name what is around the part, too.
OF_THE_NETWORK = {
    *("critical_path_test", "driving_path", "network_check", "path_to", "predecessors", "successors", "what_if"),
    *("progress", "wbs_rollup"),
}
MORE: dict[str, dict[str, Any]] = {
    "health_details": {"check": 1},
    "earned_value": {"weight": "count"},
    "finish_risk": {"runs": 50},
}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_report_works_of_a_part(demo: bn.Schedule, name: str) -> None:
    part = demo.only(Phase=["Superstructure", "Fit-out"])
    options = dict(MORE.get(name, {}))
    asked = inspect.signature(getattr(part, name)).parameters
    if "task" in asked:
        options["task"] = demo.only({"Phase": "Fit-out"}, type="Work").tasks()["id"].iloc[0]
    if "changes" in asked:
        options["changes"] = {demo.only({"Phase": "Fit-out"}, type="Work").tasks()["id"].iloc[0]: "+1d"}
    if METHODS[name].at:
        options[next(iter(asked))] = demo
    report = getattr(part, name)(**options)
    assert report.attrs["notes"][0] == part.note
    outside = set(demo.tasks()["id"]) - set(part.tasks()["id"])
    if "id" in report and name not in OF_THE_NETWORK:
        assert not outside & set(report["id"].dropna())


def test_charts_and_files_of_a_part(demo: bn.Schedule, tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    part = demo.only(Phase="Fit-out")
    assert "Part: Phase = Fit-out" in part.gantt().layout.title.subtitle.text
    for chart in ("s_curve", "float_histogram", "resource_histogram", "health"):
        assert getattr(bn.charts, chart)(part).data
    page = part.to_html(tmp_path / "part.html", charts="interactive").read_text(encoding="utf-8")
    assert "Part: Phase = Fit-out" in page
    assert part.to_parquet("tasks", tmp_path / "tasks.parquet") == len(part.tasks())


def test_sql_takes_a_part(demo: bn.Schedule) -> None:
    pytest.importorskip("duckdb")
    part = demo.only(Phase="Fit-out")
    assert bn.sql("SELECT count(*) AS n FROM tasks", part)["n"].item() == len(part.tasks())
    assert bn.sql("SELECT count(*) AS n FROM tasks", demo)["n"].item() == len(demo.tasks())
