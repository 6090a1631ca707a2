"""What the service keeps about a schedule itself: data date, synchronisation, operations, filters, imports."""

from __future__ import annotations

from bentley_nb.sandbox.programme.calendar_items import FIVE_DAY
from bentley_nb.sandbox.programme.guids import DAY, Item, guid, instant
from bentley_nb.sandbox.programme.plan import Plan


def project_scheduling(plan: Plan) -> list[Item]:
    """Return the data date."""
    return [{"dataDate": instant(plan.data_date), "dataDateType": "Manual"}]


def sync_operations(plan: Plan) -> list[Item]:
    """Return the weekly synchronisations with the iModel; one failed, the last one waits."""
    items = []
    for week in range(6):
        started = plan.data_date - (5 - week) * 7 * DAY
        state = "Queued" if week == 5 else "Failed" if week == 3 else "Succeeded"
        items.append(
            {
                "id": guid(plan.seed, "sync operation", week),
                "state": state,
                "createdAt": instant(started),
                "completionTime": None if state == "Queued" else instant(started + 1260),
                "failureDescription": "The iModel is locked by another user." if state == "Failed" else None,
                "synchronizationStepStates": {
                    step: {"state": state if step == "syncToIModel" or state != "Failed" else "Succeeded"}
                    for step in ("odbcExport", "syncToV10Schedule", "syncFromIModel", "syncToIModel")
                },
            }
        )
    return items


def operations(plan: Plan) -> list[Item]:
    """Return the long-running changes, as the Platform surface shows them one by one."""
    outcomes = (("Succeeded", 100, ""), ("Failed", 100, "An error occurred whilst processing your request."))
    return [
        {
            "id": guid(plan.seed, "operation", number),
            "status": status,
            "subStatus": status,
            "percentComplete": percent,
            "failureDescription": failure,
            "createdAt": instant(plan.data_date - (number + 1) * DAY),
            "updatedAt": instant(plan.data_date - (number + 1) * DAY + 90),
        }
        for number, (status, percent, failure) in enumerate((*outcomes, ("InProgress", 40, "")))
    ]


def task_query_filters(plan: Plan) -> list[Item]:
    """Return the stored filters of the desktop client."""
    author = guid(plan.seed, "user", "planner")
    filters: tuple[tuple[str, Item], ...] = (
        ("Nearly completed work", {"taskPercentComplete": {"operation": "MoreOrEqual", "values": [90]}}),
        ("Slab pours", {"taskName": {"operation": "StartsWith", "values": ["Slab pour"]}}),
        ("Key dates", {"taskType": {"operation": "Equals", "values": ["StartKeyDate", "FinishKeyDate"]}}),
    )
    return [
        {
            "id": guid(plan.seed, "filter", name),
            "name": name,
            "isShared": number > 0,
            "version": "1",
            "withChildren": False,
            "createdBy": author,
            "taskName": None,
            "taskPercentComplete": None,
            "taskType": None,
            **condition,
            "deleted": False,
        }
        for number, (name, condition) in enumerate(filters)
    ]


def settings(plan: Plan) -> list[Item]:
    """Return the calendar of tasks that name none."""
    return [{"defaultCalendarId": plan.calendars[FIVE_DAY]["id"]}]


def primavera_synchronizers(plan: Plan) -> list[Item]:
    """Return the import that the schedule began with."""
    return [
        {
            **_synchronizer(plan, "synchronizer", "xer"),
            "projects": [{"id": "1", "userDefinedId": plan.initials}],
        }
    ]


def microsoft_project_synchronizers(plan: Plan) -> list[Item]:
    """Return the programme of a subcontractor, imported once."""
    return [_synchronizer(plan, "microsoft project synchronizer", "mpp")]


def _synchronizer(plan: Plan, what: str, suffix: str) -> Item:
    return {
        "id": guid(plan.seed, what),
        "synchronizerName": plan.name,
        "originalProjectName": f"{plan.name}, tender",
        "originalProjectPath": f"C:\\planning\\{plan.initials}\\tender.{suffix}",
        "originalSynchronizationTime": instant(plan.begin - 120 * DAY),
        "originalSynchronizationType": "Import",
        "projectName": f"{plan.name}, contract",
        "projectPath": f"C:\\planning\\{plan.initials}\\contract.{suffix}",
        "synchronizationTime": instant(plan.begin - 30 * DAY),
        "synchronizationType": "SynchronizeFrom",
        "synchronizationDetails": {"created": {"calendars": 4, "links": len(plan.draft.ties), "resources": 60}},
        "deleted": False,
    }
