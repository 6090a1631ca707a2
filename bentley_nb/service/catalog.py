"""Every collection of the API that can be read, each declared once.

Sources: Bentley's public documentation pages of the Schedules API, answers recorded in a public test fixture, and
public consumers. ``evidence`` says which; what is ``inferred`` is the first place to look when an answer differs.
Paths stand below ``{base}/{scheduleId}/``; a placeholder is filled with the parent's id.
"""

from __future__ import annotations

from typing import Any

from bentley_nb.service.declare import Catalog, Collection, Column, Evidence, Kind, Parent

_WORKING = "hours of working time"
_FLOAT = "undocumented; seconds of working time is inferred"


def _recorded(*columns: Column) -> tuple[Column, ...]:
    """Mark columns as seen in recorded answers, unless they say otherwise themselves."""
    return tuple(
        Column(c.member, c.kind, c.meaning, c.unit, "recorded", c.surfaces, c.enterprise_member)
        if c.evidence == "documented"
        else c
        for c in columns
    )


# Shapes of the items --------------------------------------------------------------------------------------------

_SCHEDULE = (
    Column("iModelId", Kind.ID, "iModel of the schedule; missing where none is linked"),
    Column("iTwinId", Kind.ID, "project the schedule belongs to"),
    Column("id", Kind.ID, "id of the schedule; for v6.5 often equal to the project's"),
    Column("isNextGen", Kind.FLAG, "true for v10, false for v6.5; the Enterprise surface may omit it"),
    Column("name", Kind.TEXT),
    Column("type", Kind.ENUM, "v10 or v6.5"),
)

_TASK = _recorded(
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("userDefinedId", Kind.TEXT, "activity id as planners see it"),
    Column("parentId", Kind.ID, "summary task above; missing at the root"),
    Column("isWbs", Kind.FLAG, "true for a summary (WBS) task"),
    Column("type", Kind.ENUM, "Work, StartKeyDate, FinishKeyDate, ShortHammock, LongHammock, Meeting ..."),
    Column("status", Kind.ENUM),
    Column("statusId", Kind.ID),
    Column("plannedStart", Kind.INSTANT, "start of what remains to be done; a FinishKeyDate has none"),
    Column("plannedFinish", Kind.INSTANT, "finish of what remains to be done; a StartKeyDate has none"),
    Column("plannedDuration", Kind.HOURS, "whole planned duration", unit=_WORKING),
    Column("actualStart", Kind.INSTANT),
    Column("actualFinish", Kind.INSTANT),
    Column("actualDuration", Kind.HOURS, "worked so far", unit=_WORKING),
    Column("remainingDuration", Kind.HOURS, "still to be worked", unit=_WORKING),
    Column("expectedFinish", Kind.INSTANT),
    Column("estimatedFinish", Kind.INSTANT, "member since 2026-05; a date-time is inferred", evidence="inferred"),
    Column("percentComplete", Kind.MEASURE, "0 to 100", "%"),
    Column("progressType", Kind.ENUM),
    Column("durationType", Kind.ENUM),
    Column("constraintType", Kind.ENUM),
    Column("constraintEarlyDate", Kind.INSTANT),
    Column("constraintLateDate", Kind.INSTANT),
    Column("calendarId", Kind.ID, surfaces=("platform",)),
    Column("comment", Kind.TEXT, surfaces=("platform",)),
    Column("url", Kind.TEXT),
    Column(
        "physicalQuantity",
        Kind.MEASURE,
        "planned quantity of work",
        "see physical_quantity_unit",
        enterprise_member="plannedPhysicalQuantity",
    ),
    Column("actualPhysicalQuantity", Kind.MEASURE),
    Column("remainingPhysicalQuantity", Kind.MEASURE),
    Column("physicalQuantityUnit", Kind.ENUM),
    Column("estimatedRate", Kind.MEASURE),
    Column("deleted", Kind.FLAG, "true for a deleted task", evidence="inferred"),
)

_TASK_LINK = (
    Column("id", Kind.ID),
    Column("predecessorId", Kind.ID),
    Column("successorId", Kind.ID),
    Column("type", Kind.ENUM),
    Column("lag", Kind.HOURS, "negative for a lead", unit=_WORKING),
    Column("calendarId", Kind.ID, "calendar the lag is counted in"),
    Column("createdOn", Kind.INSTANT),
    Column("deleted", Kind.FLAG),
)

_TASK_STATUS = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("type", Kind.ENUM),
    Column("color", Kind.TEXT),
    Column("isDefault", Kind.FLAG),
    Column("deleted", Kind.FLAG),
)

_TASK_SCHEDULING_ANALYSIS = (
    Column("taskId", Kind.ID),
    Column("isCritical", Kind.FLAG),
    Column("downstreamTotalFloat", Kind.COUNT, "total float, raw", _FLOAT),
    Column("downstreamFreeFloat", Kind.COUNT, "free float, raw", _FLOAT),
)

_RESOURCE = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("description", Kind.TEXT),
    Column("userDefinedId", Kind.TEXT),
    Column("type", Kind.ENUM),
    Column("parentId", Kind.ID, "resource above"),
    Column("email", Kind.TEXT, "only people have one"),
    Column("leadTime", Kind.HOURS, "time to order", unit=_WORKING, evidence="inferred"),
    Column("renewable", Kind.FLAG),
    Column("wholeUnits", Kind.FLAG),
    Column("unitType", Kind.ENUM),
    Column("url", Kind.TEXT),
    Column("calendarId", Kind.ID),
    Column("deleted", Kind.FLAG),
)

_RESOURCE_GROUP = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("description", Kind.TEXT),
    Column("userDefinedId", Kind.TEXT),
    Column("url", Kind.TEXT),
    Column("foremanResourceId", Kind.ID),
    Column("generalForemanResourceId", Kind.ID),
    Column("plannerResourceId", Kind.ID),
    Column("superintendentResourceId", Kind.ID),
    Column("deleted", Kind.FLAG, evidence="inferred"),
)

_RESOURCE_ASSIGNMENT = (
    Column("id", Kind.ID),
    Column("taskId", Kind.ID, "task the resource works on"),
    Column("resourceId", Kind.ID),
    Column("appearanceProfileId", Kind.ID),
    Column("actualUtilization.resourceCount", Kind.MEASURE),
    Column("actualUtilization.resourceUnits", Kind.MEASURE),
    Column("plannedUtilization.percentOfOneResourceUnitPerDay", Kind.MEASURE),
    Column("plannedUtilization.percentOfTotalResourceUnitsPerDay", Kind.MEASURE),
    Column("plannedUtilization.resourceCount", Kind.MEASURE),
    Column("plannedUtilization.resourceUnits", Kind.MEASURE),
    Column("plannedUtilization.resourceUnitsPerDay", Kind.MEASURE),
    Column("remainingUtilization.percentOfOneResourceUnitPerDay", Kind.MEASURE),
    Column("remainingUtilization.percentOfTotalResourceUnitsPerDay", Kind.MEASURE),
    Column("remainingUtilization.resourceCount", Kind.MEASURE),
    Column("remainingUtilization.resourceUnits", Kind.MEASURE),
    Column("remainingUtilization.resourceUnitsPerDay", Kind.MEASURE),
    Column("deleted", Kind.FLAG),
)

_STATUS_HISTORY_ITEM = (
    Column("id", Kind.ID),
    Column("resourceId", Kind.ID),
    Column("statusCategoryId", Kind.ID, "category of the status"),
    Column("statusItemId", Kind.ID),
    Column("date", Kind.INSTANT, "when the change took place"),
    Column("recordDate", Kind.INSTANT, "when it was recorded"),
    Column("isCritical", Kind.FLAG),
    Column("note", Kind.TEXT),
    Column("deleted", Kind.FLAG),
)

_RESOURCE_STATUS_ITEM = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("statusSetId", Kind.ID),
    Column("color", Kind.TEXT),
    Column("isVisible", Kind.FLAG),
    Column("transparency", Kind.COUNT, "0 to 100", "%"),
    Column("useOriginalTransparency", Kind.FLAG),
    Column("deleted", Kind.FLAG),
)

_RESOURCE_STATUS_SET = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("statusCategoryId", Kind.ID),
    Column("deleted", Kind.FLAG),
)

_RESOURCE_STATUS_CATEGORY = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT, evidence="inferred"),
)

_USER_FIELD = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("category", Kind.ENUM),
    Column("type", Kind.ENUM),
    Column("color", Kind.TEXT),
    Column("deleted", Kind.FLAG),
)

_CODE = (
    Column("id", Kind.ID),
    Column("category", Kind.ENUM),
    Column("name", Kind.TEXT),
    Column("deleted", Kind.FLAG),
)

_CODE_VALUE = (
    Column("id", Kind.ID),
    Column("codeId", Kind.ID),
    Column("name", Kind.TEXT),
    Column("description", Kind.TEXT),
    Column("color", Kind.TEXT),
    Column("parentId", Kind.ID),
    Column("deleted", Kind.FLAG),
)

_CALENDAR = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("parentId", Kind.ID),
    Column("dayTypes", Kind.LIST, "kinds of day with their working times"),
    Column(
        "exceptions", Kind.LIST, "days that differ from the week: date and dayTypeId (inferred from the create request)"
    ),
    Column("week.mondayDayTypeId", Kind.ID),
    Column("week.tuesdayDayTypeId", Kind.ID),
    Column("week.wednesdayDayTypeId", Kind.ID, evidence="inferred"),
    Column("week.thursdayDayTypeId", Kind.ID),
    Column("week.fridayDayTypeId", Kind.ID),
    Column("week.saturdayDayTypeId", Kind.ID),
    Column("week.sundayDayTypeId", Kind.ID),
    Column("deleted", Kind.FLAG),
)

_BASELINE = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("createdOn", Kind.INSTANT),
    Column("deleted", Kind.FLAG),
)

_ENTITY_3D = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("parentId", Kind.ID),
    Column("iModelElementId", Kind.ID),
)

_ANIMATION_BINDING = _recorded(
    Column("taskId", Kind.ID),
    Column("animatedEntityId", Kind.ID, "3D element: iModel element id (hexadecimal) or a GUID"),
    Column("appearanceProfileId", Kind.ID),
    Column("resourceId", Kind.ID),
    Column("resourceGroupId", Kind.ID, "wins over resource_id when both are set"),
    Column("resourceAssignmentId", Kind.ID, surfaces=("platform",)),
    Column("pathAssignmentId", Kind.ID),
    Column("transformId", Kind.ID),
)

_APPEARANCE_PROFILE = _recorded(
    Column("id", Kind.ID),
    Column("parentId", Kind.ID),
    Column("name", Kind.TEXT),
    Column("action", Kind.ENUM),
    Column("createdOn", Kind.INSTANT, surfaces=("platform",)),
    Column("startAppearance.color", Kind.TEXT),
    Column("startAppearance.useOriginalColor", Kind.FLAG),
    Column("startAppearance.useOriginalTransparency", Kind.FLAG),
    Column("startAppearance.transparency", Kind.COUNT, "0 to 100", "%"),
    Column("activeAppearance.color", Kind.TEXT),
    Column("activeAppearance.useOriginalColor", Kind.FLAG),
    Column("activeAppearance.useOriginalTransparency", Kind.FLAG),
    Column("activeAppearance.startTransparency", Kind.COUNT, "0 to 100", "%"),
    Column("activeAppearance.finishTransparency", Kind.COUNT),
    Column("activeAppearance.growthSimulation.mode", Kind.ENUM),
    Column("activeAppearance.growthSimulation.direction.x", Kind.MEASURE),
    Column("activeAppearance.growthSimulation.direction.y", Kind.MEASURE),
    Column("activeAppearance.growthSimulation.direction.z", Kind.MEASURE),
    Column("activeAppearance.growthSimulation.adjustForTaskPercentComplete", Kind.FLAG),
    Column("activeAppearance.growthSimulation.pauseDuringNonWorkingTime", Kind.FLAG),
    Column("activeAppearance.growthSimulation.simulateAsRemove", Kind.FLAG),
    Column("endAppearance.color", Kind.TEXT),
    Column("endAppearance.useOriginalColor", Kind.FLAG),
    Column("endAppearance.useOriginalTransparency", Kind.FLAG),
    Column("endAppearance.transparency", Kind.COUNT, "0 to 100", "%"),
    Column("deleted", Kind.FLAG, evidence="inferred"),
)

_ANIMATION_3D_TRANSFORM = _recorded(
    Column("id", Kind.ID),
    Column("transform", Kind.LIST, "4 x 4 matrix row by row; translation in elements 3, 7 and 11"),
)

_ANIMATION_3D_PATH_ASSIGNMENT = _recorded(
    Column("id", Kind.ID),
    Column("pathId", Kind.ID),
    Column("alignment", Kind.ENUM),
    Column("center.x", Kind.MEASURE),
    Column("center.y", Kind.MEASURE),
    Column("center.z", Kind.MEASURE),
    Column("reverseDirection", Kind.FLAG),
    Column("adjustForTaskPercentComplete", Kind.FLAG),
    Column("pauseDuringNonWorkingTime", Kind.FLAG),
    Column("motionStart", Kind.MEASURE),
    Column("motionEnd", Kind.MEASURE),
    Column("deleted", Kind.FLAG, evidence="inferred"),
)

_ANIMATION_3D_PATH = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("color", Kind.TEXT),
    Column("deleted", Kind.FLAG),
)

_KEYFRAME = _recorded(
    Column("pathId", Kind.ID),
    Column("time", Kind.MEASURE, "moment on the path", "share from 0 to 1"),
    Column("position.x", Kind.MEASURE),
    Column("position.y", Kind.MEASURE),
    Column("position.z", Kind.MEASURE),
    Column("rotation.angle", Kind.MEASURE),
    Column("rotation.x", Kind.MEASURE),
    Column("rotation.y", Kind.MEASURE),
    Column("rotation.z", Kind.MEASURE),
    Column("deleted", Kind.FLAG),
)

_ANIMATION_STATISTICS = (
    Column("taskCount", Kind.COUNT),
    Column("appearanceProfileCount", Kind.COUNT),
    Column("animationBindingCount", Kind.COUNT),
    Column("animation3dTransformCount", Kind.COUNT),
    Column("animation3dPathAssignmentCount", Kind.COUNT),
    Column("animation3dPathCount", Kind.COUNT),
    Column("animation3dPathKeyframeCount", Kind.COUNT),
)

_OPERATION = (
    Column("id", Kind.ID),
    Column("status", Kind.ENUM),
    Column("subStatus", Kind.ENUM),
    Column("percentComplete", Kind.MEASURE),
    Column("failureDescription", Kind.TEXT),
    Column("createdAt", Kind.INSTANT),
    Column("updatedAt", Kind.INSTANT),
)

_SETTINGS = (Column("defaultCalendarId", Kind.ID, "calendar of new tasks and links that name none"),)

_PROJECT_SCHEDULING = (
    Column("dataDate", Kind.INSTANT),
    Column("dataDateType", Kind.ENUM),
)

_SYNC_CONFIGURATION = (
    Column("isEnabled", Kind.FLAG),
    Column("v10ScheduleId", Kind.ID),
    Column("v65ScheduleId", Kind.ID),
)

_SYNC_OPERATION = (
    Column("id", Kind.ID),
    Column("state", Kind.ENUM),
    Column("createdAt", Kind.INSTANT),
    Column("completionTime", Kind.INSTANT),
    Column("failureDescription", Kind.TEXT),
    Column("synchronizationStepStates.odbcExport.state", Kind.ENUM),
    Column("synchronizationStepStates.syncToV10Schedule.state", Kind.ENUM),
    Column("synchronizationStepStates.syncFromIModel.state", Kind.ENUM),
    Column("synchronizationStepStates.syncToIModel.state", Kind.ENUM),
)

_SYNCHRONIZER = (
    Column("id", Kind.ID),
    Column("synchronizerName", Kind.TEXT, "name of the synchronizer"),
    Column("originalProjectName", Kind.TEXT),
    Column("originalProjectPath", Kind.TEXT),
    Column("originalSynchronizationTime", Kind.INSTANT),
    Column("originalSynchronizationType", Kind.TEXT),
    Column("projectName", Kind.TEXT),
    Column("projectPath", Kind.TEXT),
    Column("synchronizationTime", Kind.INSTANT, "last synchronization"),
    Column("synchronizationType", Kind.TEXT, "Import, SynchronizeFrom ..."),
    Column("deleted", Kind.FLAG),
)
_PRIMAVERA_SYNCHRONIZER = (
    *_SYNCHRONIZER[:-1],
    Column("projects", Kind.LIST, "Primavera projects: id and userDefinedId"),
    _SYNCHRONIZER[-1],
)

_TASK_QUERY_FILTER = (
    Column("id", Kind.ID),
    Column("name", Kind.TEXT),
    Column("isShared", Kind.FLAG),
    Column("version", Kind.TEXT, "version of the filter"),
    Column("withChildren", Kind.FLAG, "whether children of the matching tasks are shown"),
    Column("createdBy", Kind.TEXT, evidence="inferred"),
    Column("taskName.operation", Kind.ENUM),
    Column("taskName.values", Kind.LIST),
    Column("taskPercentComplete.operation", Kind.ENUM),
    Column("taskPercentComplete.values", Kind.LIST),
    Column("taskType.operation", Kind.ENUM),
    Column("taskType.values", Kind.LIST),
    Column("deleted", Kind.FLAG, evidence="inferred"),
)


_BASELINE_TASK = (
    # The documentation says that a baseline task records a task's start and duration; no example of one is public.
    Column("taskId", Kind.ID, "task it is the baseline of", evidence="inferred"),
    Column("plannedStart", Kind.INSTANT, "start at the time of the baseline", evidence="inferred"),
    Column("plannedFinish", Kind.INSTANT, "finish at the time of the baseline", evidence="inferred"),
    Column("plannedDuration", Kind.HOURS, "duration at the time of the baseline", _WORKING, "inferred"),
)

_PROJECT = (
    Column("id", Kind.ID, "the iTwin id, which lists of schedules ask for"),
    Column("displayName", Kind.TEXT, "name of the project"),
    Column("number", Kind.TEXT, "number of the project"),
    Column("class", Kind.ENUM, "Thing, Endeavor or Account"),
    Column("subClass", Kind.ENUM, "Project, Asset, Portfolio, Program, WorkPackage or Account"),
    Column("type", Kind.TEXT),
    Column("status", Kind.ENUM, "Active, Inactive or Trial"),
    Column("ianaTimeZone", Kind.TEXT, "time zone of the project"),
    Column("dataCenterLocation", Kind.TEXT),
    Column("geographicLocation", Kind.TEXT),
    Column("latitude", Kind.MEASURE, unit="degrees"),
    Column("longitude", Kind.MEASURE, unit="degrees"),
    Column("parentId", Kind.ID),
    Column("iTwinAccountId", Kind.ID),
    Column("imageName", Kind.TEXT),
    Column("image", Kind.TEXT),
    Column("createdDateTime", Kind.INSTANT),
    Column("createdBy", Kind.ID),
    Column("lastModifiedDateTime", Kind.INSTANT),
    Column("lastModifiedBy", Kind.ID),
)

_OWNERS = {"task": "taskId", "resource": "resourceId", "resource_group": "resourceGroupId", "entity_3d": "entity3dId"}


def _user_field_values(owner: str) -> tuple[Column, ...]:
    return (
        Column(_OWNERS[owner], Kind.ID, "owner of the value", evidence="inferred" if owner == "task" else "documented"),
        Column("userFieldId", Kind.ID, "user field"),
        Column("value", Kind.TEXT, "text, whatever the field's declared type"),
    )


def _code_value_assignments(owner: str, evidence: Evidence = "inferred") -> tuple[Column, ...]:
    return (
        Column("codeValueId", Kind.ID, "code value"),
        Column(f"{owner}Id", Kind.ID, "owner of the assignment", evidence=evidence),
    )


# Collections ----------------------------------------------------------------------------------------------------


def _list(
    name: str, platform: str | None, enterprise: str | None, envelope: str, columns: tuple[Column, ...], **more: Any
) -> Collection:
    more.setdefault("key", ("id",) if any(c.member == "id" for c in columns) else ())
    return Collection(name, platform, enterprise, envelope, columns, **more)


def _one(
    name: str, platform: str | None, enterprise: str | None, envelope: str, columns: tuple[Column, ...], **more: Any
) -> Collection:
    more.setdefault("delta", False)
    more.setdefault("key", ("id",) if any(c.member == "id" for c in columns) else ())
    return Collection(name, platform, enterprise, envelope, columns, single=True, **more)


_INFERRED: dict[str, Any] = {"evidence": "inferred"}
_KEY_INFERRED: dict[str, Any] = {"envelope_evidence": "inferred"}
_V65: dict[str, Any] = {"schedule_types": ("v6.5",), "delta": False}
_V10: dict[str, Any] = {"schedule_types": ("v10",)}

COLLECTIONS = Catalog(
    (
        # Above a schedule.
        _list(
            "projects",
            "/itwins",
            None,
            "iTwins",
            _PROJECT,
            level="service",
            delta=False,
            meaning="Projects (iTwins) that this service application may see.",
        ),
        _list(
            "schedules",
            "?iTwinId={iTwinId}",
            "?projectId={projectId}",
            "schedules",
            _SCHEDULE,
            level="service",
            parent=Parent("projects", "itwin_id"),
            delta=False,
            meaning="Schedules of a project.",
        ),
        _one("schedule", "", "", "schedule", _SCHEDULE, meaning="The schedule itself."),
        _one(
            "project_scheduling",
            "project-scheduling",
            None,
            "projectScheduling",
            _PROJECT_SCHEDULING,
            meaning="Data date of the schedule.",
        ),
        _one("settings", "settings", None, "settings", _SETTINGS, **_V10, meaning="Default calendar of the schedule."),
        # Synchronisation and operations.
        _one(
            "sync_configuration",
            "sync-configuration",
            None,
            "syncConfiguration",
            _SYNC_CONFIGURATION,
            meaning="The pair of a v6.5 and a v10 schedule that are kept in step.",
        ),
        _list(
            "sync_operations",
            "sync-operations",
            None,
            "syncOperations",
            _SYNC_OPERATION,
            delta=False,
            meaning="Runs of that synchronisation.",
        ),
        _one(
            "operation",
            "operations/{operationId}",
            "changeRequests/{changeRequestId}",
            "operation",
            _OPERATION,
            parent=Parent(None, "operation_id"),
            meaning="State of one long-running change.",
        ),
        # Tasks.
        _list(
            "tasks",
            "tasks",
            "tasks",
            "tasks",
            _TASK,
            delta=True,
            evidence="recorded",
            envelope_evidence="recorded",
            meaning="Tasks: summaries, work, key dates and hammocks.",
        ),
        _one(
            "task",
            "tasks/{taskId}",
            "tasks/{taskId}",
            "task",
            _TASK,
            parent=Parent("tasks", "task_id"),
            meaning="One task.",
        ),
        _list(
            "task_children",
            "tasks/{taskId}/children",
            "tasks/{taskId}/children",
            "tasks",
            _TASK,
            parent=Parent("tasks", "task_id"),
            **_INFERRED,
            meaning="Tasks directly below a task.",
        ),
        _list(
            "task_links",
            "task-links",
            "tasks/links",
            "taskLinks",
            _TASK_LINK,
            delta=True,
            **_KEY_INFERRED,
            meaning="Links between tasks, with type and lag.",
        ),
        _one(
            "task_link",
            "task-links/{taskLinkId}",
            None,
            "taskLink",
            _TASK_LINK,
            parent=Parent("task_links", "task_link_id"),
            meaning="One link.",
        ),
        _list(
            "task_downstream_links",
            None,
            "tasks/{taskId}/downstreamLinks",
            "items",
            _TASK_LINK,
            parent=Parent("tasks", "task_id"),
            meaning="Links to the successors of a task.",
        ),
        _list(
            "task_upstream_links",
            None,
            "tasks/{taskId}/upstreamLinks",
            "items",
            _TASK_LINK,
            parent=Parent("tasks", "task_id"),
            meaning="Links to the predecessors of a task.",
        ),
        _list(
            "task_statuses",
            "task-statuses",
            None,
            "taskStatuses",
            _TASK_STATUS,
            delta=True,
            meaning="The statuses a task can have.",
        ),
        _one(
            "task_status",
            "task-statuses/{taskStatusId}",
            None,
            "taskStatus",
            _TASK_STATUS,
            parent=Parent("task_statuses", "task_status_id"),
            meaning="One task status.",
        ),
        _list(
            "task_scheduling_analyses",
            "tasks/scheduling-analyses",
            None,
            "taskSchedulingAnalyses",
            _TASK_SCHEDULING_ANALYSIS,
            key=("task_id",),
            delta=True,
            meaning="Float and criticality of each task, as of the last reschedule.",
        ),
        _list(
            "task_query_filters",
            "task-query-filters",
            None,
            "taskQueryFilters",
            _TASK_QUERY_FILTER,
            delta=True,
            **_V10,
            **_KEY_INFERRED,
            meaning="Stored task filters.",
        ),
        # What is assigned to tasks.
        _list(
            "resource_assignments",
            "tasks/resource-assignments",
            "tasks/resourceAssignments",
            "resourceAssignments",
            _RESOURCE_ASSIGNMENT,
            delta=True,
            by_parent="resource_assignments_of_task",
            meaning="Resources assigned to tasks.",
        ),
        _list(
            "resource_assignments_of_task",
            "tasks/{taskId}/resource-assignments",
            "tasks/{taskId}/resourceAssignments",
            "resourceAssignments",
            _RESOURCE_ASSIGNMENT,
            parent=Parent("tasks", "task_id"),
            delta=True,
            meaning="Resources assigned to one task.",
        ),
        _list(
            "task_code_value_assignments",
            "tasks/code-value-assignments",
            "tasks/codeValueAssignments",
            "codeValueAssignments",
            _code_value_assignments("task", "documented"),
            key=("task_id", "code_value_id"),
            meaning="Code values given to tasks.",
        ),
        _list(
            "task_code_values",
            "tasks/{taskId}/code-values",
            "tasks/{taskId}/codeValues",
            "codeValues",
            _CODE_VALUE,
            key=("task_id", "id"),
            parent=Parent("tasks", "task_id"),
            **_INFERRED,
            meaning="Code values of one task.",
        ),
        _list(
            "task_user_field_values",
            "tasks/user-field-values",
            "tasks/userFieldValues",
            "userFieldValues",
            _user_field_values("task"),
            key=("task_id", "user_field_id"),
            by_parent="user_field_values_of_task",
            **_INFERRED,
            meaning="User field values of tasks.",
        ),
        _list(
            "user_field_values_of_task",
            "tasks/{taskId}/user-field-values",
            "tasks/{taskId}/userFieldValues",
            "userFieldValues",
            _user_field_values("task"),
            key=("task_id", "user_field_id"),
            parent=Parent("tasks", "task_id"),
            **_INFERRED,
            meaning="User field values of one task.",
        ),
        # Resources.
        _list(
            "resources",
            "resources",
            "resources",
            "resources",
            _RESOURCE,
            delta=True,
            meaning="People, equipment, material and locations.",
        ),
        _one(
            "resource",
            "resources/{resourceId}",
            "resources/{resourceId}",
            "resource",
            _RESOURCE,
            parent=Parent("resources", "resource_id"),
            meaning="One resource.",
        ),
        _list(
            "resource_children",
            "resources/{resourceId}/children",
            "resources/{resourceId}/children",
            "resources",
            _RESOURCE,
            parent=Parent("resources", "resource_id"),
            **_INFERRED,
            meaning="Resources directly below a resource.",
        ),
        _list(
            "resource_user_field_values",
            "resources/user-field-values",
            "resources/userFieldValues",
            "userFieldValues",
            _user_field_values("resource"),
            key=("resource_id", "user_field_id"),
            by_parent="user_field_values_of_resource",
            **_INFERRED,
            meaning="User field values of resources.",
        ),
        _list(
            "user_field_values_of_resource",
            "resources/{resourceId}/user-field-values",
            "resources/{resourceId}/userFieldValues",
            "userFieldValues",
            _user_field_values("resource"),
            key=("resource_id", "user_field_id"),
            parent=Parent("resources", "resource_id"),
            meaning="User field values of one resource.",
        ),
        _list(
            "resource_code_value_assignments",
            "resources/code-value-assignments",
            "resources/codeValueAssignments",
            "codeValueAssignments",
            _code_value_assignments("resource"),
            key=("resource_id", "code_value_id"),
            **_INFERRED,
            meaning="Code values given to resources.",
        ),
        _list(
            "resource_code_values",
            "resources/{resourceId}/code-values",
            "resources/{resourceId}/codeValues",
            "codeValues",
            _CODE_VALUE,
            key=("resource_id", "id"),
            parent=Parent("resources", "resource_id"),
            **_INFERRED,
            meaning="Code values of one resource.",
        ),
        _list(
            "resource_entities_3d",
            "resources/{resourceId}/entities-3d",
            "resources/{resourceId}/entity3Ds",
            "entities3d",
            _ENTITY_3D,
            key=("resource_id", "id"),
            parent=Parent("resources", "resource_id"),
            **_KEY_INFERRED,
            **_V65,
            meaning="3D entities of one resource.",
        ),
        _list(
            "resource_entity_3d_assignments",
            None,
            "resources/entity3DAssignments",
            "items",
            (),
            schedule_types=("v6.5",),
            meaning="3D entities of resources; the members are undocumented.",
        ),
        _list(
            "resource_groups",
            "resource-groups",
            "resourceGroups",
            "resourceGroups",
            _RESOURCE_GROUP,
            **_KEY_INFERRED,
            meaning="Groups of resources, with the people who lead them.",
        ),
        _one(
            "resource_group",
            "resource-groups/{resourceGroupId}",
            "resourceGroups/{id}",
            "resourceGroup",
            _RESOURCE_GROUP,
            parent=Parent("resource_groups", "resource_group_id"),
            meaning="One resource group.",
        ),
        _list(
            "resource_group_resources",
            "resource-groups/{resourceGroupId}/resources",
            "resourceGroups/{id}/resources",
            "resources",
            _RESOURCE,
            key=("resource_group_id", "id"),
            parent=Parent("resource_groups", "resource_group_id"),
            meaning="Members of a resource group.",
        ),
        _list(
            "resource_group_code_values",
            "resource-groups/{resourceGroupId}/code-values",
            "resourceGroups/{id}/codeValues",
            "codeValues",
            _CODE_VALUE,
            key=("resource_group_id", "id"),
            parent=Parent("resource_groups", "resource_group_id"),
            **_KEY_INFERRED,
            meaning="Code values of one resource group.",
        ),
        _list(
            "resource_group_user_field_values",
            "resource-groups/user-field-values",
            "resourceGroups/userFieldValues",
            "userFieldValues",
            _user_field_values("resource_group"),
            key=("resource_group_id", "user_field_id"),
            by_parent="user_field_values_of_resource_group",
            **_INFERRED,
            meaning="User field values of resource groups.",
        ),
        _list(
            "user_field_values_of_resource_group",
            "resource-groups/{resourceGroupId}/user-field-values",
            "resourceGroups/{id}/userFieldValues",
            "userFieldValues",
            _user_field_values("resource_group"),
            key=("resource_group_id", "user_field_id"),
            parent=Parent("resource_groups", "resource_group_id"),
            meaning="User field values of one resource group.",
        ),
        _list(
            "resource_group_code_value_assignments",
            "resource-groups/code-value-assignments",
            "resourceGroups/codeValueAssignments",
            "codeValueAssignments",
            _code_value_assignments("resourceGroup"),
            key=("resource_group_id", "code_value_id"),
            **_INFERRED,
            meaning="Code values given to resource groups.",
        ),
        # Recorded status of resources.
        _list(
            "resource_status_history",
            "resources/status-history",
            "resourceStatusHistory",
            "statusHistoryItems",
            _STATUS_HISTORY_ITEM,
            by_parent="resource_status_history_of_resource",
            **_INFERRED,
            **_KEY_INFERRED,
            meaning="Statuses recorded for resources, with the date they took place.",
        ),
        _one(
            "resource_status_history_item",
            "resources/status-history/{statusHistoryItemId}",
            "resourceStatusHistory/{id}",
            "statusHistoryItem",
            _STATUS_HISTORY_ITEM,
            parent=Parent("resource_status_history", "status_history_item_id"),
            meaning="One recorded status.",
        ),
        _list(
            "resource_status_history_of_resource",
            "resources/{resourceId}/status-history",
            "resources/{resourceId}/statusHistory",
            "statusHistoryItems",
            _STATUS_HISTORY_ITEM,
            parent=Parent("resources", "resource_id"),
            delta=False,
            **_KEY_INFERRED,
            meaning="Statuses recorded for one resource.",
        ),
        _list(
            "resource_status_categories",
            "resource-status-categories",
            "resourceStatusCategories",
            "resourceStatusCategories",
            _RESOURCE_STATUS_CATEGORY,
            **_INFERRED,
            **_KEY_INFERRED,
            meaning="Categories of resource status.",
        ),
        _one(
            "resource_status_category",
            "resource-status-categories/{resourceStatusCategoryId}",
            "resourceStatusCategories/{id}",
            "resourceStatusCategory",
            _RESOURCE_STATUS_CATEGORY,
            parent=Parent("resource_status_categories", "status_category_id"),
            meaning="One category.",
        ),
        _list(
            "resource_status_sets",
            "resource-status-sets",
            "resourceStatusSets",
            "resourceStatusSets",
            _RESOURCE_STATUS_SET,
            by_parent="resource_status_sets_of_category",
            **_INFERRED,
            **_KEY_INFERRED,
            meaning="Sets of resource statuses.",
        ),
        _one(
            "resource_status_set",
            "resource-status-sets/{resourceStatusSetId}",
            "resourceStatusSets/{id}",
            "resourceStatusSet",
            _RESOURCE_STATUS_SET,
            parent=Parent("resource_status_sets", "status_set_id"),
            meaning="One set.",
        ),
        _list(
            "resource_status_sets_of_category",
            "resource-status-categories/{resourceStatusCategoryId}/resource-status-sets",
            "resourceStatusCategories/{id}/sets",
            "resourceStatusSets",
            _RESOURCE_STATUS_SET,
            parent=Parent("resource_status_categories", "status_category_id"),
            delta=True,
            **_KEY_INFERRED,
            meaning="Sets of one category.",
        ),
        _list(
            "resource_status_items",
            "resource-status-items",
            "resourceStatusItems",
            "resourceStatusItems",
            _RESOURCE_STATUS_ITEM,
            by_parent="resource_status_items_of_set",
            meaning="The single resource statuses.",
        ),
        _one(
            "resource_status_item",
            "resource-status-items/{resourceStatusItemId}",
            "resourceStatusItems/{id}",
            "resourceStatusItem",
            _RESOURCE_STATUS_ITEM,
            parent=Parent("resource_status_items", "status_item_id"),
            meaning="One resource status.",
        ),
        _list(
            "resource_status_items_of_set",
            "resource-status-sets/{resourceStatusSetId}/resource-status-items",
            "resourceStatusSets/{id}/items",
            "resourceStatusItems",
            _RESOURCE_STATUS_ITEM,
            parent=Parent("resource_status_sets", "status_set_id"),
            **_INFERRED,
            meaning="Statuses of one set.",
        ),
        # User fields and codes.
        _list(
            "user_fields",
            "user-fields",
            "userFields",
            "userFields",
            _USER_FIELD,
            delta=True,
            meaning="User fields: name, category and declared type.",
        ),
        _one(
            "user_field",
            "user-fields/{userFieldId}",
            "userFields/{id}",
            "userField",
            _USER_FIELD,
            parent=Parent("user_fields", "user_field_id"),
            meaning="One user field.",
        ),
        _list("codes", "codes", "codes", "codes", _CODE, delta=True, meaning="Codes (activity codes and the like)."),
        _one(
            "code",
            "codes/{codeId}",
            "codes/{id}",
            "code",
            _CODE,
            parent=Parent("codes", "code_id"),
            meaning="One code.",
        ),
        _list(
            "code_values",
            "code-values",
            "codeValues",
            "codeValues",
            _CODE_VALUE,
            by_parent="code_values_of_code",
            **_INFERRED,
            **_KEY_INFERRED,
            meaning="Values of codes, a tree.",
        ),
        _one(
            "code_value",
            "code-values/{codeValueId}",
            "codeValues/{id}",
            "codeValue",
            _CODE_VALUE,
            parent=Parent("code_values", "code_value_id"),
            meaning="One code value.",
        ),
        _list(
            "code_values_of_code",
            "codes/{codeId}/code-values",
            "codes/{id}/codeValues",
            "codeValues",
            _CODE_VALUE,
            parent=Parent("codes", "code_id"),
            delta=True,
            **_KEY_INFERRED,
            meaning="Values of one code.",
        ),
        _list(
            "code_value_children",
            "code-values/{codeValueId}/children",
            "codeValues/{id}/children",
            "codeValues",
            _CODE_VALUE,
            parent=Parent("code_values", "code_value_id"),
            **_INFERRED,
            meaning="Code values directly below a code value.",
        ),
        # Calendars and baselines.
        _list(
            "calendars",
            "calendars",
            None,
            "calendars",
            _CALENDAR,
            delta=True,
            meaning="Working weeks and their exceptions.",
        ),
        _one(
            "calendar",
            "calendars/{calendarId}",
            None,
            "calendar",
            _CALENDAR,
            parent=Parent("calendars", "calendar_id"),
            meaning="One calendar.",
        ),
        _list(
            "baselines",
            "baselines",
            None,
            "baselines",
            _BASELINE,
            delta=True,
            meaning="Baselines of the schedule.",
        ),
        _one(
            "baseline",
            "baselines/{baselineId}",
            None,
            "baseline",
            _BASELINE,
            parent=Parent("baselines", "baseline_id"),
            **_INFERRED,
            meaning="One baseline.",
        ),
        _list(
            "baseline_tasks",
            "baselines/{baselineId}/baseline-tasks",
            None,
            "baselineTasks",
            _BASELINE_TASK,
            key=("baseline_id", "task_id"),
            parent=Parent("baselines", "baseline_id"),
            delta=True,
            **_KEY_INFERRED,
            meaning="Tasks as they stood in a baseline.",
        ),
        _list(
            "baseline_task_scheduling_analyses",
            "baselines/{baselineId}/baseline-tasks/scheduling-analyses",
            None,
            "baselineTaskSchedulingAnalyses",
            (Column("baselineId", Kind.ID, "baseline"), *_TASK_SCHEDULING_ANALYSIS),
            key=("baseline_id", "task_id"),
            parent=Parent("baselines", "baseline_id"),
            delta=True,
            meaning="Float and criticality of each task in a baseline.",
        ),
        _list(
            "baseline_code_value_assignments",
            "baselines/code-value-assignments",
            None,
            "codeValueAssignments",
            _code_value_assignments("baseline"),
            key=("baseline_id", "code_value_id"),
            delta=True,
            **_KEY_INFERRED,
            meaning="Code values given to baselines.",
        ),
        # 3D and animation.
        _list(
            "entities_3d",
            "entities-3d",
            "entity3Ds",
            "entities3d",
            _ENTITY_3D,
            **_V65,
            meaning="3D entities and the iModel elements behind them.",
        ),
        _one(
            "entity_3d",
            "entities-3d/{entity3dId}",
            "entity3Ds/{id}",
            "entity3d",
            _ENTITY_3D,
            parent=Parent("entities_3d", "entity_3d_id"),
            **_V65,
            meaning="One 3D entity.",
        ),
        _list(
            "root_entities_3d",
            "entities-3d/root",
            "entity3Ds/root",
            "entities3d",
            _ENTITY_3D,
            **_INFERRED,
            **_V65,
            meaning="3D entities without a parent.",
        ),
        _list(
            "entity_3d_children",
            "entities-3d/{entity3dId}/children",
            "entity3Ds/{id}/children",
            "entities3d",
            _ENTITY_3D,
            parent=Parent("entities_3d", "entity_3d_id"),
            **_INFERRED,
            **_V65,
            meaning="3D entities directly below a 3D entity.",
        ),
        _list(
            "entity_3d_user_field_values",
            "entities-3d/user-field-values",
            "entity3Ds/userFieldValues",
            "userFieldValues",
            _user_field_values("entity_3d"),
            key=("entity_3d_id", "user_field_id"),
            by_parent="user_field_values_of_entity_3d",
            **_V65,
            meaning="User field values of 3D entities, often the largest table of all.",
        ),
        _list(
            "user_field_values_of_entity_3d",
            "entities-3d/{entity3dId}/user-field-values",
            "entity3Ds/{id}/userFieldValues",
            "userFieldValues",
            _user_field_values("entity_3d"),
            key=("entity_3d_id", "user_field_id"),
            parent=Parent("entities_3d", "entity_3d_id"),
            **_KEY_INFERRED,
            **_V65,
            meaning="User field values of one 3D entity.",
        ),
        _list(
            "animation_bindings",
            "animation-bindings",
            "animationBindings/query",
            "animationBindings",
            _ANIMATION_BINDING,
            delta=False,
            evidence="recorded",
            envelope_evidence="recorded",
            enterprise_method="POST",
            meaning="Which 3D element shows which task, with its looks and movement.",
        ),
        _list(
            "appearance_profiles",
            "appearance-profiles",
            "appearanceProfiles",
            "appearanceProfiles",
            _APPEARANCE_PROFILE,
            delta=True,
            evidence="recorded",
            envelope_evidence="recorded",
            meaning="How elements look before, during and after their task.",
        ),
        _one(
            "appearance_profile",
            "appearance-profiles/{appearanceProfileId}",
            "appearanceProfiles/{id}",
            "appearanceProfile",
            _APPEARANCE_PROFILE,
            parent=Parent("appearance_profiles", "appearance_profile_id"),
            meaning="One appearance profile.",
        ),
        _list(
            "animation_3d_transforms",
            "animation-3d-transforms",
            "animation3dTransforms",
            "animation3dTransforms",
            _ANIMATION_3D_TRANSFORM,
            evidence="recorded",
            envelope_evidence="recorded",
            meaning="Placements of elements.",
        ),
        _one(
            "animation_3d_transform",
            "animation-3d-transforms/{id}",
            "animation3dTransforms/{id}",
            "animation3dTransform",
            _ANIMATION_3D_TRANSFORM,
            parent=Parent("animation_3d_transforms", "animation_3d_transform_id"),
            meaning="One placement.",
        ),
        _list(
            "animation_3d_path_assignments",
            "animation-3d-path-assignments",
            "animation3dPathAssignments",
            "animation3dPathAssignments",
            _ANIMATION_3D_PATH_ASSIGNMENT,
            evidence="recorded",
            envelope_evidence="recorded",
            meaning="How elements move along paths.",
        ),
        _one(
            "animation_3d_path_assignment",
            "animation-3d-path-assignments/{id}",
            "animation3dPathAssignments/{id}",
            "animation3dPathAssignment",
            _ANIMATION_3D_PATH_ASSIGNMENT,
            parent=Parent("animation_3d_path_assignments", "animation_3d_path_assignment_id"),
            meaning="One path assignment.",
        ),
        _list(
            "animation_3d_paths",
            "animation-3d-paths",
            "animation3dPaths",
            "animation3dPaths",
            _ANIMATION_3D_PATH,
            **_INFERRED,
            meaning="Paths that elements move along.",
        ),
        _one(
            "animation_3d_path",
            "animation-3d-paths/{animation3dPathId}",
            "animation3dPaths/{id}",
            "animation3dPath",
            _ANIMATION_3D_PATH,
            parent=Parent("animation_3d_paths", "animation_3d_path_id"),
            meaning="One path.",
        ),
        _list(
            "keyframes",
            "animation-3d-paths/keyframes",
            "animation3dPaths/keyframes",
            "keyframes",
            _KEYFRAME,
            evidence="recorded",
            envelope_evidence="recorded",
            by_parent="keyframes_of_path",
            meaning="Points of all paths; those of one path are not together: sort by path_id and time.",
        ),
        _list(
            "keyframes_of_path",
            "animation-3d-paths/{animation3dPathId}/keyframes",
            "animation3dPaths/{id}/keyframes",
            "keyframes",
            _KEYFRAME,
            parent=Parent("animation_3d_paths", "path_id"),
            delta=True,
            meaning="Points of one path.",
        ),
        _one(
            "animation_statistics",
            "animation-statistics",
            None,
            "animationStatistics",
            _ANIMATION_STATISTICS,
            key=(),
            meaning="How many tasks and animation items the schedule has.",
        ),
        # Primavera and quality.
        _list(
            "primavera_synchronizers",
            "imports/primavera/synchronizers",
            None,
            "synchronizers",
            _PRIMAVERA_SYNCHRONIZER,
            **_INFERRED,
            **_V10,
            meaning="Imports from Primavera.",
        ),
        _one(
            "primavera_synchronizer",
            "imports/primavera/synchronizers/{synchronizerId}",
            None,
            "synchronizer",
            _PRIMAVERA_SYNCHRONIZER,
            parent=Parent("primavera_synchronizers", "synchronizer_id"),
            **_V10,
            meaning="One import from Primavera.",
        ),
        _one(
            "microsoft_project_synchronizer",
            "imports/microsoft-project/synchronizers/{synchronizerId}",
            None,
            "synchronizer",
            _SYNCHRONIZER,
            parent=Parent(None, "synchronizer_id"),
            **_V10,
            meaning="One import from Microsoft Project.",
        ),
        _list(
            "dcma_violations",
            "quality/dcma/violations",
            None,
            "violations",
            (),
            **_V10,
            **_KEY_INFERRED,
            meaning="Violations found by the last assessment run on the service; the members are undocumented.",
        ),
    )
)
