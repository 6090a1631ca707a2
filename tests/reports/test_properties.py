"""What must hold for any schedule, however full of holes: bounds, monotonic curves, sums, identities."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bentley_nb.reports import (
    about,
    earned_value,
    element_counts,
    element_status,
    health,
    health_details,
    resource_histogram,
    s_curve,
)
from bentley_nb.reports.health.profiles import PROFILES
from tests.reports.small import calendar, link, schedule, task

# Shrinking schedules takes minutes and gives frames that say little; the seed printed is enough to come back.
relaxed = settings(
    max_examples=20,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

maybe_instant = st.none() | st.integers(0, 3000).map(
    lambda hours: (pd.Timestamp("2024-01-01") + pd.Timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:00Z")
)
KEYS = [f"t{n}" for n in range(8)]


@st.composite
def tasks(draw, key):
    actual_start = draw(st.none() | maybe_instant)
    return task(
        key,
        draw(maybe_instant),
        draw(maybe_instant),
        draw(st.none() | st.sampled_from([0, 0.5, 3, 60])),
        type=draw(st.sampled_from(["Work", "Work", "Work", "StartKeyDate", "FinishKeyDate", "LongHammock", None])),
        isWbs=draw(st.sampled_from([False, False, False, True, None])),
        actualStart=actual_start,
        actualFinish=draw(maybe_instant) if actual_start and draw(st.booleans()) else None,
        percentComplete=draw(st.none() | st.sampled_from([0, 10, 50, 100, 130])),
        calendarId=draw(st.sampled_from(["five", "seven", "never", "unknown", None])),
        constraintType=draw(st.sampled_from(["NoConstraint", "MandatoryStart", "StartBefore", None])),
        physicalQuantity=draw(st.none() | st.floats(0, 1e6)),
        remainingDuration=draw(st.none() | st.integers(0, 10**7)),
        deleted=draw(st.sampled_from([False, False, False, True, None])),
    )


@st.composite
def schedules(draw):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    rows = [draw(tasks(key)) for key in keys]
    ends = st.sampled_from([*KEYS, "gone"])
    kinds = st.sampled_from(["FinishToStart", "StartToStart", "FinishToFinish", "StartToFinish", None])
    links = [
        link(draw(ends), draw(ends), draw(kinds), draw(st.sampled_from([-2, 0, 3])), key=f"l{n}")
        for n in range(draw(st.integers(0, 8)))
    ]
    calendars = [calendar(), calendar("seven", 7, (("00:00", "24:00"),)), calendar("never", 0)]
    days = st.none() | st.sampled_from([0, 2, 50])
    span, dated = (
        st.tuples(maybe_instant, maybe_instant, days),
        st.tuples(maybe_instant.filter(bool), maybe_instant, days),
    )
    return schedule(
        *rows,
        data_date=draw(maybe_instant),
        links=links,
        calendars=calendars,
        floats={key: draw(st.sampled_from([-3, 0, 44, 45.5])) for key in keys if draw(st.booleans())},
        baseline=draw(st.none() | st.fixed_dictionaries({"t0": dated}, optional=dict.fromkeys(KEYS[1:], span))),
        resources=[{"id": "r", "name": "Crew", "type": "Human", "calendarId": "five"}, {"id": "q", "name": "Odd"}],
        resource_assignments=[
            {"id": f"{key}{n}", "taskId": key, "resourceId": "rq"[n], "plannedUtilization": {"resourceUnits": units}}
            for key in [*keys, "gone"]
            for n, units in enumerate(draw(st.tuples(*[st.none() | st.floats(0, 1e6)] * 2)))
        ],
        animation_bindings=[
            {"taskId": draw(ends), "animatedEntityId": draw(st.sampled_from(["0x1", "0x2", "0x3", None])), "appearanceProfileId": draw(st.sampled_from(["Install", "Remove", "Temporary", "Maintain", "Neutral", "?"]))}
            for _ in range(draw(st.integers(0, 10)))
        ],
        appearance_profiles=[{"id": name, "action": name} for name in ("Install", "Remove", "Temporary", "Maintain", "Neutral")],
    )  # fmt: skip


CURVES = ("planned", "earned", "forecast")


def known(column):
    return column.dropna().to_numpy(dtype=float)


@relaxed
@given(schedules(), st.sampled_from(["count", "duration", "quantity"]), st.sampled_from(["D", "W", "M"]))
def test_curves_rise_within_their_bounds(frames, weight, period):
    curve = s_curve(frames, weight, period)
    total = about(curve).facts["total"]
    assert curve["date"].is_monotonic_increasing
    assert curve["date"].is_unique
    for name in CURVES:
        values, percent = known(curve[f"{name}_value"]), known(curve[f"{name}_percent"])
        assert (np.diff(values) >= -1e-9 * total).all(), name
        assert (values >= 0).all()
        assert (values <= total * (1 + 1e-9)).all(), name
        assert ((percent >= 0) & (percent <= 100)).all(), name
    assert about(curve).facts["baseline"] is not None or curve["planned_value"].isna().all()


@relaxed
@given(schedules(), st.sampled_from(["count", "duration"]))
def test_at_the_data_date_earned_and_forecast_meet_at_earned_value(frames, weight):
    curve = s_curve(frames, weight, "D")
    now = curve[curve["is_data_date"]]
    if len(now):
        measures = earned_value(frames, weight).set_index("measure")["value"]
        assert now["earned_value"].item() == pytest.approx(measures["EV"])
        assert now["forecast_value"].item() == pytest.approx(measures["EV"])
        if pd.notna(measures["PV"]):
            assert now["planned_value"].item() == pytest.approx(measures["PV"])


@relaxed
@given(schedules(), st.sampled_from(["count", "duration", "quantity"]), st.sampled_from(["D", "W", "M"]))
def test_identities_of_earned_value(frames, weight, period):
    if "data_date" not in frames and len(frames["tasks"]):
        return
    report = earned_value(frames, weight, period=period)
    assert (report["value"].isna() == report["reason"].notna()).all()
    found = {row["measure"]: row["value"] for row in report.to_dict("records") if pd.notna(row["value"])}
    if "EV" in found:
        assert 0 <= found["EV"] <= found["BAC"] * (1 + 1e-9)
    if "PV" in found:
        assert 0 <= found["PV"] <= found["BAC"] * (1 + 1e-9)
        assert found["SV"] == pytest.approx(found["EV"] - found["PV"])
    if "SPI" in found:
        assert found["SPI"] * found["PV"] == pytest.approx(found["EV"])
    if "ES" in found:
        assert 0 <= found["ES"] <= found["PD"] * (1 + 1e-9)
    if "SPI(t)" in found:
        assert found["SPI(t)"] * found["AT"] == pytest.approx(found["ES"])
        assert found["SV(t)"] == pytest.approx(found["ES"] - found["AT"])


@relaxed
@given(schedules(), st.sampled_from(["planned", "remaining"]))
def test_no_unit_is_lost_or_made_whatever_the_period(frames, quantity):
    if "data_date" not in frames and quantity == "remaining" and len(frames["tasks"]):
        return
    sums = []
    for period in ("D", "W", "M"):
        report = resource_histogram(frames, period, quantity=quantity, types=None)
        assert (report["quantity"] > 0).all()
        assert not report.duplicated(["id", "period_start"]).any()
        sums.append(report.groupby("id")["quantity"].sum().astype(float).to_dict())
    assert sums[0] == pytest.approx(sums[1])
    assert sums[0] == pytest.approx(sums[2])


@relaxed
@given(schedules(), st.none() | maybe_instant.filter(bool))
def test_every_bound_element_has_one_state(frames, at):
    if "data_date" not in frames and at is None and len(frames["tasks"]):
        return
    report = element_status(frames, at)
    assert report["element_id"].is_unique
    bindings = frames["animation_bindings"]
    alive = frames["tasks"].loc[~frames["tasks"]["deleted"].fillna(value=False), "id"]
    there = bindings[bindings["task_id"].isin(alive)]["animated_entity_id"].dropna().unique()
    assert set(report["element_id"]) == set(there)
    assert (report["tasks"] >= 1).all()
    only_neutral = report["action"] == "Neutral"
    assert not report.loc[only_neutral, "present"].any()
    counts = element_counts(report)
    assert counts["elements"].sum() == len(report)
    assert counts["percent"].sum() == pytest.approx(100 if len(report) else 0)


@relaxed
@given(schedules(), st.sampled_from(sorted(PROFILES)), st.integers(0, 13))
def test_health_adds_up(frames, profile, number):
    report = health(frames, profile)
    for row in report.iloc[number::5].to_dict("records"):
        evaluated = row["verdict"] in ("pass", "fail")
        assert evaluated or row["reason"]
        if row["check"] in ("cpli", "bei") or pd.isna(row["numerator"]):
            continue
        assert 0 <= row["numerator"] <= row["denominator"]
        if evaluated:
            measured = row["numerator"] if row["comparison"] == "==" else row["percent"]
            holds = {"<=": measured <= row["threshold"], "<": measured < row["threshold"],
                     ">=": measured >= row["threshold"], "==": measured == row["threshold"]}  # fmt: skip
            assert (row["verdict"] == "pass") == holds[row["comparison"]]
        offending = row["denominator"] - row["numerator"] if row["comparison"] == ">=" else row["numerator"]
        assert len(health_details(frames, row["check"], profile)) == offending
