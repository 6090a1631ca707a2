"""What one report computes from a schedule is kept for the next, and no report shows the difference."""

import numpy as np
import pandas as pd
import pytest

import bentley_nb as bn
from bentley_nb.errors import NotFound
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.schedule import Schedule
from tests.reports.test_every_report import FULL, REPORTS


class Served(Schedule):
    """A schedule that serves the frames given, each as a new one."""

    def __init__(self, frames):
        super().__init__("s1", name="Tower", type_="v10")
        self.frames = {name: frame for name, frame in frames.items() if isinstance(frame, pd.DataFrame)}
        self.asked = []

    @property
    def data_date(self):
        return pd.Timestamp("2024-06-03T08:00Z")

    def table(self, name, parent_id=None, **_options):
        self.asked.append(name)
        if name not in self.frames:
            raise NotFound(f"There are no {name}.")
        return self.frames[name].copy()

    def load(self, *names):
        return self


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    with bn.connect(demo=True, progress=False) as client:
        from bentley_nb.sandbox.running import demo_sandbox

        return client.schedule(demo_sandbox().schedule_id).keep(tmp_path_factory.mktemp("kept"))


def told(frame):
    return {name: said for name, said in frame.attrs.items() if name != "fetched_at"}


ALL = REPORTS | {
    "health": bn.reports.health,
    "network_check": bn.reports.network_check,
    "resource_histogram": bn.reports.resource_histogram,
    "s_curve": bn.reports.s_curve,
    "earned_value": lambda s: bn.reports.earned_value(s, weight="duration"),
    "element_status": bn.reports.element_status,
    "signs": lambda s: bn.reports.signs(s, s),
}


def test_every_report_is_the_same_alone_and_after_all_others(copy):
    one, said = bn.open(copy), {}
    for name, make in ALL.items():
        changed = make(one)  # what is returned is the caller's own
        said[name] = told(changed) | {"notes": list(changed.attrs["notes"])}
        for place in range(changed.shape[1] if len(changed) else 0):
            changed.isetitem(place, changed.iloc[:, place].iloc[::-1].to_numpy(dtype=object))
        changed.attrs["notes"].append("mine")
    assert len(said) > 15
    for name, make in reversed(ALL.items()):
        alone, after = make(bn.open(copy)), make(one)
        pd.testing.assert_frame_equal(alone, after, obj=name)
        assert told(alone) == told(after) == said[name], name


def test_a_report_gives_the_notes_of_the_tables_it_uses_whoever_read_them():
    late = FULL["baseline_tasks"].assign(planned_start=pd.Timestamp("2999-01-01", tz="UTC"))
    schedule = Served(FULL | {"baseline_tasks": late})
    unset = "row(s) of baseline tasks have dates before 1900 or after 2199"
    for _ in range(2):
        assert any(unset in note for note in bn.reports.variance(schedule).attrs["notes"])
        assert not any(unset in note for note in bn.reports.open_ends(schedule).attrs["notes"])


def test_the_tables_are_worked_out_once_until_one_is_read_again(demo):
    first = Tables.of(demo).tasks
    assert Tables.of(demo).tasks is first
    demo.table("settings")
    assert Tables.of(demo).tasks is first
    demo.table("settings", refresh=True)
    second = Tables.of(demo).tasks
    assert second is not first
    demo.refresh()
    third = Tables.of(demo).tasks
    assert third is not second
    ids = demo.tasks()["id"]
    demo.attach(pd.DataFrame({"id": ids, "Budget": np.arange(len(ids), dtype="float64")}), on="id")
    assert "Budget" in Tables.of(demo).tasks


def test_another_data_date_and_a_part_have_their_own():
    schedule = Served(FULL)
    whole = Tables.of(schedule)
    later = Tables.of(schedule, "2024-05-06T12:00Z")
    assert later.tasks["actual_finish"].isna().all()
    assert whole.tasks["actual_finish"].notna().any()
    assert Tables.of(schedule).tasks is whole.tasks


def test_a_table_that_was_not_found_is_asked_for_again_by_the_next_report():
    frames = dict(FULL)
    links = frames.pop("task_links")
    schedule = Served(frames)
    assert Tables.of(schedule).get("task_links") is None
    schedule.frames["task_links"] = links
    assert len(bn.reports.link_floats(schedule))


def test_each_table_is_read_once():
    schedule = Served(FULL | {"settings": pd.DataFrame({"default_calendar_id": ["five"]})})
    bn.reports.late(schedule)
    schedule.asked.clear()
    bn.reports.late(schedule)
    assert not {"tasks", "baseline_tasks"} & set(schedule.asked)
