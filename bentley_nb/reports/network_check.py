"""Whether a schedule's dates follow from its logic: own dates and floats beside the service's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bentley_nb.reports.basis.about import as_report
from bentley_nb.reports.basis.identity import identity
from bentley_nb.reports.basis.nullable import category, numbers
from bentley_nb.reports.basis.tables import Source, Tables
from bentley_nb.reports.cpm.model import NEEDS, Model, instants, timestamp
from bentley_nb.reports.cpm.passes import FINISH_MILESTONE, START_MILESTONE
from bentley_nb.reports.cpm.reconcile import Hold, OutOfSequence, reconcile, stored_floats
from bentley_nb.reports.cpm.trace import DRIVERS, Trace
from bentley_nb.reports.total_float import only_possible

_PER_UNIT = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}


def network_check(
    s: Source,
    *,
    hold: Hold | None = None,
    out_of_sequence: OutOfSequence | None = None,
    data_date: object = None,
) -> pd.DataFrame:
    """Return own dates and floats beside those the service stores, for every open task.

    The passes follow Primavera's rules. What the API does not serve (retained logic or progress override, the lag
    calendar, the must-finish date, the unit of float) is found by trying which reproduces the stored dates and floats
    best; the notes name the choice and its fit. ``what_if``, ``half_step`` and ``finish_risk`` answer only where this
    check agrees.

    Parameters
    ----------
    s
        A ``Schedule``, or a mapping of frames with ``task_links``.
    hold
        "unexplained" holds tasks whose stored dates nothing visible explains at their stored start.
    out_of_sequence
        "retained logic" or "progress override" instead of what fits best.
    data_date
        Overrides the schedule's.

    Returns
    -------
    pandas.DataFrame
        One row per open task, the largest difference first: ``id``, ``user_defined_id``, ``name``, ``wbs_path``,
        ``type``, ``state``, ``start``, ``own_start``, ``finish``, ``own_finish`` (of started work the start of what
        remains), ``differs_hours`` (working hours, own minus stored), ``total_float_days`` as served,
        ``own_total_float_days``, ``driver``. Facts: ``open``, ``agree_start``, ``agree_finish``, ``agree_float``
        (open tasks), ``out_of_sequence``, ``lag_calendar``, ``floor``, ``end``, ``float_unit``, ``held``,
        ``verdict``.

    Raises
    ------
    InvalidRequest
        There are no links or no data date, or the links are circular.

    Examples
    --------
    >>> facts = bn.reports.about(bn.reports.network_check(s)).facts
    >>> facts["agree_start"] <= facts["open"]
    True
    """
    tables = Tables.of(s, data_date, NEEDS)
    found = reconcile(Model.of(tables), hold=hold, out_of_sequence=out_of_sequence)
    model, schedule = found.model, found.schedule
    trace = Trace.of(model, found.options, list(schedule.early_start), list(schedule.early_finish))
    nodes = model.open
    frame = identity(tables).iloc[[model.task[n] for n in nodes]].reset_index(drop=True)
    kinds = [model.activities[n].kind for n in nodes]
    for column, stored, own, without in (
        ("start", model.start, schedule.early_start, FINISH_MILESTONE),
        ("finish", model.finish, schedule.early_finish, START_MILESTONE),
    ):
        frame[column] = instants([None if k == without else stored[n] for n, k in zip(nodes, kinds, strict=True)])
        frame[f"own_{column}"] = instants([None if k == without else own[n] for n, k in zip(nodes, kinds, strict=True)])
    differences = []
    for n in nodes:
        clock = model.activities[n].clock
        apart = [
            clock.position(own[n]) - clock.position(at)
            for at, own in ((model.start[n], schedule.early_start), (model.finish[n], schedule.early_finish))
            if at is not None
        ]
        differences.append(max(apart, key=abs) / 3600 if apart else np.nan)
    frame["differs_hours"] = numbers(differences)
    raw = stored_floats(model)
    per = [_PER_UNIT.get(found.float_unit or "seconds") or model.activities[n].clock.per_day for n in nodes]
    days = [raw[n] * unit / model.activities[n].clock.per_day for n, unit in zip(nodes, per, strict=True)]
    frame["total_float_days"] = only_possible(numbers(days))
    own_days = [np.nan if found.held else schedule.total_float(n) / model.activities[n].clock.per_day for n in nodes]
    frame["own_total_float_days"] = numbers(own_days)
    frame["driver"] = category([trace.driver[n] for n in nodes], DRIVERS)
    frame = frame.iloc[frame["differs_hours"].abs().fillna(np.inf).argsort(kind="stable")[::-1]]

    targets = found.targets(None)
    verdict, advice = found.verdict(targets)
    end = found.options.end
    facts = {
        "open": len(nodes),
        "agree_start": found.agree_start,
        "agree_finish": found.agree_finish,
        "agree_float": found.agree_float,
        "out_of_sequence": found.out_of_sequence,
        "lag_calendar": found.options.lag_calendar,
        "expected_finish": found.options.expected,
        "floor": timestamp(found.options.floor),
        "end": None if end is None else timestamp(end),
        "float_unit": found.float_unit,
        "held": len(found.held),
        "agrees": found.agrees(targets),
        "verdict": verdict,
    }
    notes = [
        verdict,
        advice,
        *found.notes,
        f"Floats are counted to {timestamp(end):%Y-%m-%d %H:%M}, which the stored floats of open ends imply."
        if end is not None
        else "",
        f"{found.agree_float:,} of {len(nodes):,} stored floats are the own ones in {found.float_unit}."
        if found.float_unit
        else "",
        f"{len(found.held):,} task(s) are held at their stored start; floats are withheld." if found.held else "",
        *model.notes,
    ]
    return as_report(frame.reset_index(drop=True), tables, "network_check", filter(None, notes), facts)
