"""Tasks, links, floats and baselines of a plan, as items of the API."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY, HOURS_PER_DAY
from bentley_nb.sandbox.programme.dating import FS
from bentley_nb.sandbox.programme.deferred import DeferredItems
from bentley_nb.sandbox.programme.drafting import PlanRow
from bentley_nb.sandbox.programme.guids import DAY, Item, guid, guids, instant
from bentley_nb.sandbox.programme.plan import HAMMOCKS, Plan, RowProgress
from bentley_nb.sandbox.programme.summaries import summaries

STATUSES = {"Planned": "#ffff00", "Started": "#00ff00", "Finished": "#0000ff"}

# Texts that break careless tables, spreadsheets and web pages; every real schedule has some of them.
AWKWARD_NAMES = (
    "=cmd|' /C calc'!A0",
    "</script><img src=x onerror=alert(1)>",
    'Fit 2" valve "V-07" & test, client\'s witness',
    "Fugenabdichtung Außenwand, „Süd“ \u2013 防水 🏗",
    "  Level 3;\tzone 4 | handover, 50% ",
)
AWKWARD_CODES = ("000420", "0x1F")
COMMENTS = (
    "Waiting for RFI 0042.",
    "Crew reduced after the storm; see minutes of meeting no. 3.",
    "Second shift agreed with the client.",
    "Access through core B only.",
    "Line 1\nLine 2: “as built” differs from drawing S-201, rev. C",
    "-1+1",
)
DELETED_TASKS = ("Temporary access ramp", "Precast stairs, Level 04", "Marketing suite")


def task_statuses(plan: Plan) -> list[Item]:
    """Return the statuses of tasks; the last is the project's own."""
    kinds = [(name, name, color, True) for name, color in STATUSES.items()]
    return [
        {
            "id": guid(plan.seed, "status", name),
            "name": name,
            "type": type_,
            "color": color,
            "isDefault": default,
            "deleted": False,
        }
        for name, type_, color, default in [*kinds, ("On hold", "Started", "#ff9900", False)]
    ]


def calendars(plan: Plan) -> list[Item]:
    """Return the calendars of the plan."""
    return plan.calendars


def tasks(plan: Plan) -> DeferredItems:
    """Return tasks in reading order: WBS nodes rolled up from what is below them, then a few deleted ones."""
    names, codes, comments = _awkward(plan)
    progress = {index: plan.progress(index) for index in plan.leaves()}
    rolled_up = summaries(plan, progress)
    rng = random.Random(f"{plan.seed}/links")
    urls = {
        index: f"https://docs.example.com/rfi/{rng.randrange(10_000):04}?project={plan.initials}&rev=A"
        for index in progress
        if rng.random() < 0.02
    }
    status_ids = {name: guid(plan.seed, "status", name) for name in STATUSES}
    rows, ids, calendar_ids = plan.rows, plan.task_ids, [calendar["id"] for calendar in plan.calendars]
    deleted = list(_deleted(plan))

    def task(index: int) -> Item:
        if index >= len(rows):
            return deleted[index - len(rows)]
        row = rows[index]
        item = _PLAIN_TASK.copy()
        item["id"] = ids[index]
        item["name"] = names.get(index, row.name)
        item["userDefinedId"] = codes.get(index, row.code)
        item["parentId"] = None if row.parent is None else ids[row.parent]
        item["isWbs"] = row.wbs
        item["type"] = row.type
        item["calendarId"] = calendar_ids[FIVE_DAY if row.wbs else row.calendar]
        if row.wbs:
            item.update(rolled_up[index])
        else:
            _date(item, plan, index, progress[index])
            if row.quantity:
                _quantify(item, row)
            if constraint := plan.constraints.get(index):
                item["constraintType"] = constraint.type
                item["constraintEarlyDate"] = instant(constraint.early)
                item["constraintLateDate"] = instant(constraint.late)
            item["comment"] = comments.get(index, "")
            item["url"] = urls.get(index, "")
        item["statusId"] = status_ids[item["status"]]
        return item

    return DeferredItems([*ids, *(item["id"] for item in deleted)], task)


# All members of a task in the API's order, with the values of a plain task not yet begun.
_PLAIN_TASK: Item = {
    "id": None,
    "name": None,
    "userDefinedId": None,
    "parentId": None,
    "isWbs": False,
    "type": "Work",
    "status": "Planned",
    "statusId": None,
    "plannedStart": None,
    "plannedFinish": None,
    "plannedDuration": 0,
    "actualStart": None,
    "actualFinish": None,
    "actualDuration": None,
    "remainingDuration": None,
    "expectedFinish": None,
    "estimatedFinish": None,
    "percentComplete": 0,
    "progressType": "Automatic",
    "durationType": "Fixed",
    "constraintType": "NoConstraint",
    "constraintEarlyDate": None,
    "constraintLateDate": None,
    "calendarId": None,
    "comment": "",
    "url": "",
    "physicalQuantity": 0.0,
    "actualPhysicalQuantity": 0.0,
    "remainingPhysicalQuantity": 0.0,
    "physicalQuantityUnit": "Unknown",
    "estimatedRate": 0.0,
    "deleted": False,
}


def _date(item: Item, plan: Plan, index: int, progress: RowProgress) -> None:
    """Fill in dates, durations and progress of an activity."""
    row, step, contract = plan.rows[index], plan.current[index], plan.contract[index]
    begun = step.actual_start is not None
    duration = row.seconds
    if row.type in HAMMOCKS:
        duration = contract.calendar.between(contract.early_start, contract.early_finish)
    item["status"] = progress.status
    item["plannedDuration"] = duration
    item["actualDuration"] = plan.actual_work[index] if begun else None
    item["remainingDuration"] = step.remaining
    item["percentComplete"] = progress.percent
    if row.type != "FinishKeyDate":
        item["plannedStart"] = instant(progress.start)
        item["actualStart"] = instant(step.actual_start)
    if row.type != "StartKeyDate":
        item["plannedFinish"] = instant(progress.finish)
        item["actualFinish"] = instant(step.actual_finish)
    if progress.status == "Started":
        item["estimatedFinish"] = instant(step.early_finish)
        if index % 3 == 0:
            # A foreman's promise, on some of what is in progress: two working days after the forecast.
            item["expectedFinish"] = instant(step.calendar.finish_at(step.finish_work + 16 * 3600))


def _quantify(item: Item, row: PlanRow) -> None:
    """Fill in the quantities of an activity whose percent complete is known."""
    done = round(row.quantity * item["percentComplete"] / 100, 2)
    days = row.seconds / 3600 / HOURS_PER_DAY[row.calendar]
    item["physicalQuantity"] = row.quantity
    item["actualPhysicalQuantity"] = done
    item["remainingPhysicalQuantity"] = round(row.quantity - done, 2)
    item["physicalQuantityUnit"] = row.unit
    item["estimatedRate"] = round(row.quantity / days, 3) if days else 0.0


def _awkward(plan: Plan) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Return names and activity ids to replace, late in the programme of all but tiny schedules, and comments."""
    activities = plan.activities()
    inside = [index for index in activities if plan.rows[index].phase in ("Building services", "Fit-out")]
    wanted = len(AWKWARD_NAMES) + len(AWKWARD_CODES)
    if len(inside) < 2 * wanted:
        return {}, {}, {}
    chosen = inside[-2 * wanted :: 2]
    names = dict(zip(chosen, AWKWARD_NAMES, strict=False))
    codes = dict(zip(chosen[len(AWKWARD_NAMES) :], AWKWARD_CODES, strict=True))
    comments = {index: COMMENTS[number % len(COMMENTS)] for number, index in enumerate(activities[7::11])}
    return names, codes, comments


def _deleted(plan: Plan) -> Iterator[Item]:
    if len(plan.rows) < 60:
        return
    for number, name in enumerate(DELETED_TASKS):
        yield {
            **_PLAIN_TASK,
            "id": guid(plan.seed, "task", "deleted", number),
            "name": name,
            "statusId": guid(plan.seed, "status", "Planned"),
            "userDefinedId": f"DEL{number + 1:05}",
            "parentId": plan.task_id(0),
            "plannedStart": instant(plan.contract[-1].early_start),
            "plannedFinish": instant(plan.contract[-1].early_finish),
            "plannedDuration": 5 * 8 * 3600,
            "remainingDuration": 5 * 8 * 3600,
            "calendarId": plan.calendars[FIVE_DAY]["id"],
            "deleted": True,
        }


def task_links(plan: Plan) -> list[Item]:
    """Return the dependencies, then those of the deleted tasks."""
    created = instant(plan.begin - 21 * DAY)
    rows, ids, link_id = plan.rows, plan.task_ids, guids(plan.seed, "link")
    calendar_ids = [calendar["id"] for calendar in plan.calendars]
    items = [
        {
            "id": link_id(number),
            "predecessorId": ids[tie.before],
            "successorId": ids[tie.after],
            "type": tie.type,
            "lag": tie.lag,
            "calendarId": calendar_ids[rows[tie.before].calendar if tie.calendar is None else tie.calendar],
            "createdOn": created if number % 4 else None,
            "deleted": False,
        }
        for number, tie in enumerate(plan.draft.ties)
    ]
    if len(plan.rows) >= 60:
        deleted = [guid(plan.seed, "task", "deleted", number) for number in range(len(DELETED_TASKS))]
        for number, (before, after) in enumerate(pairwise(deleted)):
            items.append(
                {
                    "id": guid(plan.seed, "link", "deleted", number),
                    "predecessorId": before,
                    "successorId": after,
                    "type": FS,
                    "lag": 0,
                    "calendarId": plan.calendars[FIVE_DAY]["id"],
                    "createdOn": created,
                    "deleted": True,
                }
            )
    return items


def task_scheduling_analyses(plan: Plan) -> list[Item]:
    """Return the floats of the activities in seconds of working time; finished ones have none."""
    plan.current_network.backward()
    items = []
    for index in plan.leaves():
        step, done = plan.current[index], plan.is_done(index)
        items.append(
            {
                "taskId": plan.task_id(index),
                "isCritical": not done and step.total_float <= 0,
                "downstreamTotalFloat": None if done else step.total_float,
                "downstreamFreeFloat": None if done else step.free_float,
            }
        )
    return items


def baselines(plan: Plan) -> list[Item]:
    """Return the contract programme, and a tender programme that was deleted."""
    return [
        {
            "id": baseline_id(plan),
            "name": "Contract programme, rev. A",
            "createdOn": instant(plan.begin - 14 * DAY),
            "deleted": False,
        },
        {
            "id": guid(plan.seed, "baseline", "tender"),
            "name": "Tender programme",
            "createdOn": instant(plan.begin - 140 * DAY),
            "deleted": True,
        },
    ]


def baseline_id(plan: Plan) -> str:
    """Return the id of the contract programme."""
    return guid(plan.seed, "baseline", "contract")


def baseline_tasks(plan: Plan) -> list[Item]:
    """Return the activities of the contract; variations are missing, deleted tasks are still there."""
    baseline = baseline_id(plan)
    items = []
    for index in plan.leaves():
        if index in plan.added:
            continue
        row, step = plan.rows[index], plan.contract[index]
        items.append(
            {
                "baselineId": baseline,
                "taskId": plan.task_id(index),
                "plannedStart": instant(step.early_start) if row.type != "FinishKeyDate" else None,
                "plannedFinish": instant(step.early_finish) if row.type != "StartKeyDate" else None,
                "plannedDuration": step.remaining,
            }
        )
    kept = ("plannedStart", "plannedFinish", "plannedDuration")
    items.extend(
        {"baselineId": baseline, "taskId": item["id"], **{name: item[name] for name in kept}} for item in _deleted(plan)
    )
    return items


def baseline_task_scheduling_analyses(plan: Plan) -> list[Item]:
    """Return the floats of the contract programme."""
    plan.contract_network.backward()
    baseline = baseline_id(plan)
    return [
        {
            "taskId": plan.task_id(index),
            "isCritical": plan.contract[index].total_float <= 0,
            "downstreamTotalFloat": plan.contract[index].total_float,
            "downstreamFreeFloat": plan.contract[index].free_float,
            "baselineId": baseline,
        }
        for index in plan.leaves()
        if index not in plan.added
    ]
