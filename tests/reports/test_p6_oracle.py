"""Thirteen small cases with Primavera P6's own early and late dates and floats, as P6 23.12 showed them."""

import subprocess
import sys

import pandas as pd
import pytest

from bentley_nb.frames import frame_from_items
from bentley_nb.reports import about, critical, health, out_of_sequence, s_curve, total_float
from bentley_nb.reports.basis.tables import Tables
from bentley_nb.reports.cpm.model import Model
from bentley_nb.reports.cpm.passes import NetworkDates
from bentley_nb.reports.cpm.reconcile import reconcile
from bentley_nb.reports.cpm.trace import stored_options
from tests.reports.small import dataset

CASES = [
    "01-fs-chain", "02-ss-with-lag", "03-ff-with-lag", "04-sf-edge-case", "05-negative-float", "06-multiple-calendars",
    "07-ontario-holidays", "08-in-progress-retained-logic", "09-completed-successor", "10-out-of-sequence-progress",
    "11-mandatory-start-finish", "12-snet-fnlt", "13-alap",
]  # fmt: skip


@pytest.fixture(scope="module")
def answers(shared):
    """What P6 showed; " A" after a date means actual."""
    table = pd.read_csv(shared / "data" / "xer" / "p6_oracle_13cases.csv")
    for column in ("ES", "EF", "LS", "LF"):
        table[column] = pd.to_datetime(table[column].str.removesuffix(" A"), utc=True)
    return table.set_index(["case", "activity_code"])


@pytest.fixture(scope="module")
def cases(shared, answers, tmp_path_factory):
    """Each case as the tables of a schedule that P6 has calculated: its early dates, its float in working time."""
    folder = tmp_path_factory.mktemp("p6")
    source = shared / "data" / "xer" / "p6_oracle_13cases_27t.xer"
    tool = shared / "tools" / "xer_to_dataset.py"
    made = {}
    for name in CASES:
        out = folder / name
        command = [sys.executable, str(tool), str(source), str(out), "--project", f"XV{name[:2]}"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        made[name] = calculated(dataset(out, ""), answers.loc[name])
    return made


def calculated(frames, answer):
    """Put P6's early dates where the file has none, and the working time between early and late finish as float."""
    tables = Tables.of(frames)
    tasks = tables.tasks
    answer = answer.reindex(tasks["user_defined_id"])
    for column, early in (("planned_start", "ES"), ("planned_finish", "EF")):
        tasks[column] = tasks[column].where(tasks["is_wbs"], pd.Series(answer[early].array, index=tasks.index))
    hours = tables.working_time.working_hours(answer["EF"], answer["LF"], tasks["calendar_id"])
    analyses = [
        {"taskId": key, "isCritical": bool(value <= 0), "downstreamTotalFloat": round(value * 3600)}
        for key, value, days in zip(tasks["id"], hours, answer["TF_days"], strict=True)
        if pd.notna(days)
    ]
    return frames | {"tasks": tasks, "task_scheduling_analyses": frame_from_items("task_scheduling_analyses", analyses)}


@pytest.mark.parametrize("case", CASES)
def test_total_float_in_days_is_what_p6_shows(cases, answers, case):
    report = total_float(cases[case]).set_index("user_defined_id")
    expected = answers.loc[case, "TF_days"].dropna()
    found = report["total_float_days"].reindex(expected.index).astype("float64")
    pd.testing.assert_series_equal(found, expected, check_names=False, check_dtype=False, check_index_type=False)


@pytest.mark.parametrize("case", CASES)
def test_early_and_late_starts_lie_as_far_apart_as_the_finishes(cases, answers, case):
    tables = Tables.of(cases[case])
    tasks = tables.tasks.set_index("user_defined_id")
    answer = answers.loc[case].join(tasks[["calendar_id", "actual_start"]])
    answer = answer[answer["actual_start"].isna() & answer["TF_days"].notna()]
    days = tables.working_time.working_days(answer["ES"], answer["LS"], answer["calendar_id"])
    assert days.tolist() == answer["TF_days"].tolist()


@pytest.mark.parametrize("case", CASES)
def test_early_start_and_duration_give_the_early_finish(cases, answers, case):
    tables = Tables.of(cases[case])
    tasks = tables.tasks.set_index("user_defined_id")
    answer = answers.loc[case].join(tasks[["calendar_id", "actual_start", "planned_duration_hours"]])
    answer = answer[answer["actual_start"].isna()]
    working, ids = tables.working_time, answer["calendar_id"]
    reached = working.add_working_hours(answer["ES"], answer["planned_duration_hours"], ids)
    assert reached.tolist() == answer["EF"].tolist()
    assert working.working_hours(answer["ES"], answer["EF"], ids).tolist() == answer["planned_duration_hours"].tolist()


def test_what_remains_of_an_activity_in_progress_starts_at_the_data_date(cases, answers):
    tables = Tables.of(cases["08-in-progress-retained-logic"])
    row = tables.tasks.set_index("user_defined_id").loc["A"]
    reached = tables.working_time.add_working_hours(
        tables.data_date, row["remaining_duration_hours"], row["calendar_id"]
    )
    assert reached[0] == answers.loc[("08-in-progress-retained-logic", "A"), "EF"]


def test_holidays_are_counted_by_date(cases):
    """Ninety days across Family Day and Good Friday end on 12 May; without holidays it would be 8 May."""
    tables = Tables.of(cases["07-ontario-holidays"])
    row = tables.tasks[~tables.tasks["is_wbs"]].iloc[0]
    days = tables.working_time.working_days(row["planned_start"], row["planned_finish"], row["calendar_id"])
    weekdays = len(pd.bdate_range("2026-01-05", "2026-05-12"))
    assert days[0] == row["planned_duration_hours"] / 8 < weekdays


@pytest.mark.parametrize(
    ("case", "expected"),
    [("05-negative-float", 2), ("01-fs-chain", 0), ("06-multiple-calendars", 0)],
)
def test_negative_float_is_found_where_p6_has_it(cases, case, expected):
    row = health(cases[case]).set_index("check").loc["negative_float"]
    assert row["numerator"] == expected
    assert row["verdict"] == ("fail" if expected else "pass")


def test_cpli_of_a_project_that_p6_says_is_seven_days_late(cases):
    row = health(cases["05-negative-float"]).set_index("check").loc["cpli"]
    assert (row["denominator"], row["numerator"]) == (12, 5)  # 12 working days to 20 January
    assert row["verdict"] == "fail"


def test_every_activity_of_a_chain_is_critical(cases):
    assert set(critical(cases["13-alap"])["user_defined_id"]) == {"A", "B", "C"}


@pytest.mark.parametrize(
    ("case", "counts"),
    [
        (
            "11-mandatory-start-finish",
            {"bentley": 0, "dcma2009": 0, "dcma2009+on": 2},
        ),  # the file has Start On, Finish On
        ("12-snet-fnlt", {"bentley": 0, "dcma2009": 1, "dcma2009+on": 1}),
        ("05-negative-float", {"bentley": 0, "dcma2009": 1, "dcma2009+on": 1}),
    ],
)
def test_constraints_by_each_list(cases, case, counts):
    for listed, expected in counts.items():
        row = health(cases[case], hard_constraints=listed).set_index("check").loc["hard_constraints"]
        assert row["numerator"] == expected, listed


def test_out_of_sequence_progress_is_found_in_the_two_cases_that_have_it(cases):
    found = {case for case in CASES if len(out_of_sequence(cases[case]))}
    assert found == {"09-completed-successor", "10-out-of-sequence-progress"}


@pytest.mark.parametrize("case", CASES)
def test_the_forecast_ends_with_the_last_early_finish(cases, answers, case):
    curve = s_curve(cases[case], period="D")
    reached = curve.loc[curve["forecast_percent"] >= 100 - 1e-9, "date"].min()
    assert reached.normalize() == (answers.loc[case, "EF"].max() + pd.Timedelta(days=1)).normalize()
    assert about(curve).facts["total"] > 0


def test_own_dates_and_floats_are_those_p6_shows(cases, answers):
    """Every field that is no actual date: early and late start and finish, and total float."""
    equal = 0
    for case in CASES:
        model = Model.of(Tables.of(cases[case]))
        if model.links:
            schedule = reconcile(model).schedule
        else:
            schedule = NetworkDates(model.network(), stored_options(model)).forward().backward()
        codes = model.tables.tasks["user_defined_id"].tolist()
        for n in model.open:
            a, answer = model.activities[n], answers.loc[(case, codes[model.task[n]])]
            own = (schedule.early_start, schedule.early_finish, schedule.late_start, schedule.late_finish)
            for column, dates in zip(("ES", "EF", "LS", "LF"), own, strict=True):
                if a.is_started and column in ("ES", "LS"):
                    continue
                assert a.clock.position(dates[n]) == a.clock.position(int(answer[column].timestamp())), (case, column)
                equal += 1
            assert schedule.total_float(n) == answer["TF_days"] * a.clock.per_day, case
            equal += 1
    assert equal == 126
