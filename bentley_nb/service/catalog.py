"""Every collection of the API that can be read, each declared once.

Sources: Bentley's public documentation pages of the Schedules API, answers recorded in a public test fixture, and
public consumers. ``evidence`` says which; what is ``inferred`` is the first place to look when an answer differs.
Paths are relative to ``{base}/{scheduleId}/``; a placeholder is filled with the parent's id.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bentley_nb.service.declare import Catalog, Collection, Column, Evidence, Kind, Parent

ID, TEXT, INSTANT, FLAG, COUNT, MEASURE, ENUM, HOURS, LIST = Kind

_WORKING = "hours of working time"
_PERCENT = "%"
_DAILY = "% per day"
_QUANTITY = "see physical_quantity_unit"
_FLOAT = "undocumented; seconds of working time is inferred"


def _recorded(*columns: Column) -> tuple[Column, ...]:
    """Mark columns as seen in recorded answers, unless they are inferred."""
    return tuple(replace(c, evidence="recorded") if c.evidence == "documented" else c for c in columns)


def _id(of: str) -> Column:
    return Column("id", ID, f"id of the {of}")


def _deleted(of: str, evidence: Evidence = "documented") -> Column:
    return Column("deleted", FLAG, f"true for a deleted {of}", evidence=evidence)


# Members of the items --------------------------------------------------------------------------------------------
# A table rather than code: one member per line, however long the formatter would like it.
# fmt: off

_PROJECT = (
    Column("id", ID, "iTwin id, by which schedules are listed"),
    Column("displayName", TEXT, "name of the project"),
    Column("number", TEXT, "number of the project"),
    Column("class", ENUM, "Thing, Endeavor or Account"),
    Column("subClass", ENUM, "Project, Asset, Portfolio, Program, WorkPackage or Account"),
    Column("type", TEXT, "type of the project, free text"),
    Column("status", ENUM, "Active, Inactive or Trial"),
    Column("ianaTimeZone", TEXT, "time zone of the project, an IANA name"),
    Column("dataCenterLocation", TEXT, "region that stores the project's data"),
    Column("geographicLocation", TEXT, "place of the project, free text"),
    Column("latitude", MEASURE, "latitude of the project", "degrees"),
    Column("longitude", MEASURE, "longitude of the project", "degrees"),
    Column("parentId", ID, "iTwin above this one"),
    Column("iTwinAccountId", ID, "account the project belongs to"),
    Column("imageName", TEXT, "file name of the project's image"),
    Column("image", TEXT, "address of the project's image"),
    Column("createdDateTime", INSTANT, "when the project was created"),
    Column("createdBy", ID, "user who created the project"),
    Column("lastModifiedDateTime", INSTANT, "when the project was last changed"),
    Column("lastModifiedBy", ID, "user who last changed the project"),
)

_SCHEDULE = (
    Column("iModelId", ID, "iModel of the schedule; missing where none is linked"),
    Column("iTwinId", ID, "project the schedule belongs to"),
    Column("id", ID, "id of the schedule; for v6.5 often equal to the project's"),
    Column("isNextGen", FLAG, "true for v10, false for v6.5; the Enterprise surface may omit it"),
    Column("name", TEXT, "name of the schedule"),
    Column("type", ENUM, "v10 or v6.5"),
)

_PROJECT_SCHEDULING = (
    Column("dataDate", INSTANT, "data date of the schedule"),
    Column("dataDateType", ENUM, "how the data date is set, for example Manual"),
)

_SETTINGS = (
    Column("defaultCalendarId", ID, "calendar of new tasks and links that name none"),
)

_SYNC_CONFIGURATION = (
    Column("isEnabled", FLAG, "whether the synchronization is on"),
    Column("v10ScheduleId", ID, "v10 schedule of the pair"),
    Column("v65ScheduleId", ID, "v6.5 schedule of the pair"),
)

_SYNC_OPERATION = (
    _id("run"),
    Column("state", ENUM, "state of the run, for example Queued"),
    Column("createdAt", INSTANT, "when the run was requested"),
    Column("completionTime", INSTANT, "when the run ended"),
    Column("failureDescription", TEXT, "why the run failed"),
    Column("synchronizationStepStates.odbcExport.state", ENUM, "state of the ODBC export step"),
    Column("synchronizationStepStates.syncToV10Schedule.state", ENUM, "state of the step that writes the v10 schedule"),
    Column("synchronizationStepStates.syncFromIModel.state", ENUM, "state of the step that reads the iModel"),
    Column("synchronizationStepStates.syncToIModel.state", ENUM, "state of the step that writes the iModel"),
)

_OPERATION = (
    _id("operation"),
    Column("status", ENUM, "status of the operation, for example Failed"),
    Column("subStatus", ENUM, "more detailed status"),
    Column("percentComplete", MEASURE, "progress of the operation, 0 to 100", _PERCENT),
    Column("failureDescription", TEXT, "why the operation failed"),
    Column("createdAt", INSTANT, "when the operation was requested"),
    Column("updatedAt", INSTANT, "when the status last changed"),
)

_TASK = _recorded(
    _id("task"),
    Column("name", TEXT, "name of the task"),
    Column("userDefinedId", TEXT, "activity id as planners see it"),
    Column("parentId", ID, "summary task above; missing at the root"),
    Column("isWbs", FLAG, "true for a summary (WBS) task"),
    Column("type", ENUM, "Work, StartKeyDate, FinishKeyDate, ShortHammock, LongHammock, Meeting ..."),
    Column("status", ENUM, "Planned, Started or Finished"),
    Column("statusId", ID, "task status (task_statuses)"),
    Column("plannedStart", INSTANT, "start of what remains to be done; a FinishKeyDate has none"),
    Column("plannedFinish", INSTANT, "finish of what remains to be done; a StartKeyDate has none"),
    Column("plannedDuration", HOURS, "whole planned duration", _WORKING),
    Column("actualStart", INSTANT, "when work began; missing before"),
    Column("actualFinish", INSTANT, "when work ended; missing before"),
    Column("actualDuration", HOURS, "worked so far", _WORKING),
    Column("remainingDuration", HOURS, "still to be worked", _WORKING),
    Column("expectedFinish", INSTANT, "finish the planner expects, where one was entered"),
    Column("estimatedFinish", INSTANT, "finish of a started task, since 2026-05", evidence="inferred"),  # its type
    Column("percentComplete", MEASURE, "progress, 0 to 100", _PERCENT),
    Column("progressType", ENUM, "how progress is determined, for example Automatic"),
    Column("durationType", ENUM, "how the duration is determined, for example Fixed"),
    Column("constraintType", ENUM, "NoConstraint, StartOn, FinishBefore, MandatoryStart ..."),
    Column("constraintEarlyDate", INSTANT, "date of the constraint; of a ...Between constraint the earlier one"),
    Column("constraintLateDate", INSTANT, "later date of a ...Between constraint"),
    Column("calendarId", ID, "calendar the task is worked on", surfaces=("platform",)),
    Column("comment", TEXT, "comment on the task", surfaces=("platform",)),
    Column("url", TEXT, "link entered for the task"),
    Column("physicalQuantity", MEASURE, "planned quantity", _QUANTITY, enterprise_member="plannedPhysicalQuantity"),
    Column("actualPhysicalQuantity", MEASURE, "quantity done", _QUANTITY),
    Column("remainingPhysicalQuantity", MEASURE, "quantity still to be done", _QUANTITY),
    Column("physicalQuantityUnit", ENUM, "unit of the quantities"),
    Column("estimatedRate", MEASURE, "estimated rate of production; the unit is undocumented"),
    _deleted("task", "inferred"),
)

_TASK_LINK = (
    _id("link"),
    Column("predecessorId", ID, "task the link starts from"),
    Column("successorId", ID, "task the link leads to"),
    Column("type", ENUM, "FinishToStart, StartToStart, FinishToFinish or StartToFinish"),
    Column("lag", HOURS, "lag; negative for a lead", _WORKING),
    Column("calendarId", ID, "calendar the lag is counted in"),
    Column("createdOn", INSTANT, "when the link was created"),
    _deleted("link"),
)

_TASK_STATUS = (
    _id("task status"),
    Column("name", TEXT, "name of the task status"),
    Column("type", ENUM, "state of a task it stands for, for example Planned"),
    Column("color", TEXT, "color as #rrggbb"),
    Column("isDefault", FLAG, "whether tasks of that state have it unless told otherwise"),
    _deleted("task status"),
)

_TASK_SCHEDULING_ANALYSIS = (
    Column("taskId", ID, "task that was analyzed"),
    Column("isCritical", FLAG, "whether the task is critical"),
    Column("downstreamTotalFloat", COUNT, "total float as sent", _FLOAT),
    Column("downstreamFreeFloat", COUNT, "free float as sent", _FLOAT),
)

_TASK_QUERY_FILTER = (
    _id("filter"),
    Column("name", TEXT, "name of the filter"),
    Column("isShared", FLAG, "whether other users see the filter"),
    Column("version", TEXT, "version of the filter"),
    Column("withChildren", FLAG, "whether children of the matching tasks are shown"),
    Column("createdBy", TEXT, "who created the filter", evidence="inferred"),
    Column("taskName.operation", ENUM, "how task names are compared, for example EndsWith"),
    Column("taskName.values", LIST, "what task names are compared with"),
    Column("taskPercentComplete.operation", ENUM, "how percent complete is compared, for example MoreOrEqual"),
    Column("taskPercentComplete.values", LIST, "what percent complete is compared with"),
    Column("taskType.operation", ENUM, "how task types are compared: Equals or NotEquals"),
    Column("taskType.values", LIST, "what task types are compared with"),
    _deleted("filter", "inferred"),
)

_RESOURCE_ASSIGNMENT = (
    _id("assignment"),
    Column("taskId", ID, "task the resource works on"),
    Column("resourceId", ID, "resource that is assigned"),
    Column("appearanceProfileId", ID, "appearance profile of the assignment (appearance_profiles)"),
    Column("actualUtilization.resourceCount", MEASURE, "actual number of resources"),
    Column("actualUtilization.resourceUnits", MEASURE, "actual units"),
    Column("plannedUtilization.percentOfOneResourceUnitPerDay", MEASURE, "planned share of one unit", _DAILY),
    Column("plannedUtilization.percentOfTotalResourceUnitsPerDay", MEASURE, "planned share of all units", _DAILY),
    Column("plannedUtilization.resourceCount", MEASURE, "planned number of resources"),
    Column("plannedUtilization.resourceUnits", MEASURE, "planned units"),
    Column("plannedUtilization.resourceUnitsPerDay", MEASURE, "planned units per day"),
    Column("remainingUtilization.percentOfOneResourceUnitPerDay", MEASURE, "remaining share of one unit", _DAILY),
    Column("remainingUtilization.percentOfTotalResourceUnitsPerDay", MEASURE, "remaining share of all units", _DAILY),
    Column("remainingUtilization.resourceCount", MEASURE, "remaining number of resources"),
    Column("remainingUtilization.resourceUnits", MEASURE, "remaining units"),
    Column("remainingUtilization.resourceUnitsPerDay", MEASURE, "remaining units per day"),
    _deleted("assignment"),
)

_RESOURCE = (
    _id("resource"),
    Column("name", TEXT, "name of the resource"),
    Column("description", TEXT, "description of the resource"),
    Column("userDefinedId", TEXT, "resource id as planners see it"),
    Column("type", ENUM, "Equipment, Human, Location or Material"),
    Column("parentId", ID, "resource above; missing at the root"),
    Column("email", TEXT, "e-mail address; only a Human has one"),
    Column("leadTime", HOURS, "time to order; seconds on the wire are inferred", _WORKING, "inferred"),
    Column("renewable", FLAG, "whether the resource can be used again"),
    Column("wholeUnits", FLAG, "whether only whole units are assigned"),
    Column("unitType", ENUM, "unit the resource is counted in, for example Box"),
    Column("url", TEXT, "link entered for the resource"),
    Column("calendarId", ID, "calendar the resource works on"),
    _deleted("resource"),
)

_RESOURCE_GROUP = (
    _id("resource group"),
    Column("name", TEXT, "name of the resource group"),
    Column("description", TEXT, "description of the resource group"),
    Column("userDefinedId", TEXT, "resource group id as planners see it"),
    Column("url", TEXT, "link entered for the resource group"),
    Column("foremanResourceId", ID, "resource that is the foreman"),
    Column("generalForemanResourceId", ID, "resource that is the general foreman"),
    Column("plannerResourceId", ID, "resource that is the planner"),
    Column("superintendentResourceId", ID, "resource that is the superintendent"),
    _deleted("resource group", "inferred"),
)

_STATUS_HISTORY_ITEM = (
    _id("entry"),
    Column("resourceId", ID, "resource whose status changed"),
    Column("statusCategoryId", ID, "category of the status (resource_status_categories)"),
    Column("statusItemId", ID, "status it changed to (resource_status_items)"),
    Column("date", INSTANT, "when the change took place"),
    Column("recordDate", INSTANT, "when the change was recorded"),
    Column("isCritical", FLAG, "whether the entry is marked as critical"),
    Column("note", TEXT, "note on the change"),
    _deleted("entry"),
)

_RESOURCE_STATUS_ITEM = (
    _id("resource status"),
    Column("name", TEXT, "name of the resource status"),
    Column("statusSetId", ID, "set the status belongs to (resource_status_sets)"),
    Column("color", TEXT, "color as #rrggbb"),
    Column("isVisible", FLAG, "whether elements of that status are visible"),
    Column("transparency", COUNT, "transparency, 0 to 100", _PERCENT),
    Column("useOriginalTransparency", FLAG, "whether elements keep their own transparency"),
    _deleted("resource status"),
)

_RESOURCE_STATUS_SET = (
    _id("status set"),
    Column("name", TEXT, "name of the status set"),
    Column("statusCategoryId", ID, "category the set belongs to (resource_status_categories)"),
    _deleted("status set"),
)

_RESOURCE_STATUS_CATEGORY = (
    _id("status category"),
    Column("name", TEXT, "name of the status category", evidence="inferred"),
)

_USER_FIELD = (
    _id("user field"),
    Column("name", TEXT, "name of the user field, which names its column"),
    Column("category", ENUM, "what has the field: Task, Resource, ResourceGroup or Entity3d"),
    Column("type", ENUM, "String, Float, Integer, Boolean, StartDate or FinishDate"),
    Column("color", TEXT, "color as #rrggbb"),
    _deleted("user field"),
)

_CODE = (
    _id("code"),
    Column("category", ENUM, "what the code classifies: Activity, Resource, ResourceGroup or Cost"),
    Column("name", TEXT, "name of the code, which names its column"),
    _deleted("code"),
)

_CODE_VALUE = (
    _id("code value"),
    Column("codeId", ID, "code it is a value of"),
    Column("name", TEXT, "name of the code value"),
    Column("description", TEXT, "description of the code value"),
    Column("color", TEXT, "color as #rrggbb"),
    Column("parentId", ID, "code value above; missing at the root"),
    _deleted("code value"),
)

_CALENDAR = (
    _id("calendar"),
    Column("name", TEXT, "name of the calendar"),
    Column("parentId", ID, "calendar it is derived from"),
    Column("dayTypes", LIST, "kinds of day with their working times"),
    Column("exceptions", LIST, "days that differ from the week: date and dayTypeId (their shape is inferred)"),
    Column("week.mondayDayTypeId", ID, "kind of day of a Monday"),
    Column("week.tuesdayDayTypeId", ID, "kind of day of a Tuesday"),
    Column("week.wednesdayDayTypeId", ID, "kind of day of a Wednesday", evidence="inferred"),
    Column("week.thursdayDayTypeId", ID, "kind of day of a Thursday"),
    Column("week.fridayDayTypeId", ID, "kind of day of a Friday"),
    Column("week.saturdayDayTypeId", ID, "kind of day of a Saturday"),
    Column("week.sundayDayTypeId", ID, "kind of day of a Sunday"),
    _deleted("calendar"),
)

_BASELINE = (
    _id("baseline"),
    Column("name", TEXT, "name of the baseline"),
    Column("createdOn", INSTANT, "when the baseline was taken"),
    _deleted("baseline"),
)

# The documentation says that a baseline task records a task's start and duration; no example of one is public.
_BASELINE_TASK = (
    Column("taskId", ID, "task it is the baseline of", evidence="inferred"),
    Column("plannedStart", INSTANT, "start at the time of the baseline", evidence="inferred"),
    Column("plannedFinish", INSTANT, "finish at the time of the baseline", evidence="inferred"),
    Column("plannedDuration", HOURS, "duration at the time of the baseline", _WORKING, "inferred"),
)

_ENTITY_3D = (
    _id("3D entity"),
    Column("name", TEXT, "name of the 3D entity"),
    Column("parentId", ID, "3D entity above; missing at the root"),
    Column("iModelElementId", ID, "element of the iModel it stands for, in hexadecimal"),
)

_ANIMATION_BINDING = _recorded(
    Column("taskId", ID, "task that the element shows"),
    Column("animatedEntityId", ID, "3D element: iModel element id (hexadecimal) or a GUID"),
    Column("appearanceProfileId", ID, "appearance profile of the element (appearance_profiles)"),
    Column("resourceId", ID, "resource the element belongs to"),
    Column("resourceGroupId", ID, "resource group of the element; wins over resource_id when both are set"),
    Column("resourceAssignmentId", ID, "assignment behind the binding (resource_assignments)", surfaces=("platform",)),
    Column("pathAssignmentId", ID, "movement of the element (animation_3d_path_assignments)"),
    Column("transformId", ID, "placement of the element (animation_3d_transforms)"),
)

_APPEARANCE_PROFILE = _recorded(
    _id("appearance profile"),
    Column("parentId", ID, "appearance profile above; missing at the root"),
    Column("name", TEXT, "name of the appearance profile"),
    Column("action", ENUM, "Install, Maintain, Neutral, Remove or Temporary"),
    Column("createdOn", INSTANT, "when the appearance profile was created", surfaces=("platform",)),
    Column("startAppearance.color", TEXT, "color before the task, as #rrggbb"),
    Column("startAppearance.useOriginalColor", FLAG, "whether the element keeps its own color before the task"),
    Column("startAppearance.useOriginalTransparency", FLAG, "whether it keeps its own transparency before the task"),
    Column("startAppearance.transparency", COUNT, "transparency before the task, 0 to 100", _PERCENT),
    Column("activeAppearance.color", TEXT, "color during the task, as #rrggbb"),
    Column("activeAppearance.useOriginalColor", FLAG, "whether the element keeps its own color during the task"),
    Column("activeAppearance.useOriginalTransparency", FLAG, "whether it keeps its own transparency during the task"),
    Column("activeAppearance.startTransparency", COUNT, "transparency when the task starts, 0 to 100", _PERCENT),
    Column("activeAppearance.finishTransparency", COUNT, "transparency when the task finishes, 0 to 100", _PERCENT),
    Column("activeAppearance.growthSimulation.mode", ENUM, "None, BottomTop, LeftRight, RightLeft, FrontBack, Custom"),
    Column("activeAppearance.growthSimulation.direction.x", MEASURE, "direction of growth, x"),
    Column("activeAppearance.growthSimulation.direction.y", MEASURE, "direction of growth, y"),
    Column("activeAppearance.growthSimulation.direction.z", MEASURE, "direction of growth, z"),
    Column("activeAppearance.growthSimulation.adjustForTaskPercentComplete", FLAG, "grows with percent complete"),
    Column("activeAppearance.growthSimulation.pauseDuringNonWorkingTime", FLAG, "pauses outside working time"),
    Column("activeAppearance.growthSimulation.simulateAsRemove", FLAG, "shrinks instead of growing"),
    Column("endAppearance.color", TEXT, "color after the task, as #rrggbb"),
    Column("endAppearance.useOriginalColor", FLAG, "whether the element keeps its own color after the task"),
    Column("endAppearance.useOriginalTransparency", FLAG, "whether it keeps its own transparency after the task"),
    Column("endAppearance.transparency", COUNT, "transparency after the task, 0 to 100", _PERCENT),
    _deleted("appearance profile", "inferred"),
)

_ANIMATION_3D_TRANSFORM = _recorded(
    _id("placement"),
    Column("transform", LIST, "4 x 4 matrix row by row; translation in elements 3, 7 and 11"),
)

_ANIMATION_3D_PATH_ASSIGNMENT = _recorded(
    _id("path assignment"),
    Column("pathId", ID, "path the element moves along (animation_3d_paths)"),
    Column("alignment", ENUM, "point of the element on the path: Center, Custom, Original, MinX, MaxX ..."),
    Column("center.x", MEASURE, "center of the movement, x"),
    Column("center.y", MEASURE, "center of the movement, y"),
    Column("center.z", MEASURE, "center of the movement, z"),
    Column("reverseDirection", FLAG, "whether the path is followed backwards"),
    Column("adjustForTaskPercentComplete", FLAG, "whether the movement follows percent complete"),
    Column("pauseDuringNonWorkingTime", FLAG, "whether the movement stops outside working time"),
    Column("motionStart", MEASURE, "where the movement begins, as a share of the path"),
    Column("motionEnd", MEASURE, "where the movement ends, as a share of the path"),
    _deleted("path assignment", "inferred"),
)

_ANIMATION_3D_PATH = (
    _id("path"),
    Column("name", TEXT, "name of the path"),
    Column("color", TEXT, "color as #rrggbb"),
    _deleted("path"),
)

_KEYFRAME = _recorded(
    Column("pathId", ID, "path the point belongs to (animation_3d_paths)"),
    Column("time", MEASURE, "moment on the path", "share from 0 to 1"),
    Column("position.x", MEASURE, "position, x"),
    Column("position.y", MEASURE, "position, y"),
    Column("position.z", MEASURE, "position, z"),
    Column("rotation.angle", MEASURE, "angle of the rotation", "degrees"),
    Column("rotation.x", MEASURE, "axis of the rotation, x"),
    Column("rotation.y", MEASURE, "axis of the rotation, y"),
    Column("rotation.z", MEASURE, "axis of the rotation, z"),
    _deleted("point"),
)

_ANIMATION_STATISTICS = (
    Column("taskCount", COUNT, "number of tasks"),
    Column("appearanceProfileCount", COUNT, "number of appearance profiles"),
    Column("animationBindingCount", COUNT, "number of animation bindings"),
    Column("animation3dTransformCount", COUNT, "number of placements"),
    Column("animation3dPathAssignmentCount", COUNT, "number of path assignments"),
    Column("animation3dPathCount", COUNT, "number of paths"),
    Column("animation3dPathKeyframeCount", COUNT, "number of points of all paths"),
)

_SYNCHRONIZER = (
    _id("synchronizer"),
    Column("synchronizerName", TEXT, "name of the synchronizer"),
    Column("originalProjectName", TEXT, "name of the project first imported"),
    Column("originalProjectPath", TEXT, "file or path of the project first imported"),
    Column("originalSynchronizationTime", INSTANT, "when the project was first imported"),
    Column("originalSynchronizationType", TEXT, "kind of the first run, for example Import"),
    Column("projectName", TEXT, "name of the project last imported"),
    Column("projectPath", TEXT, "file or path of the project last imported"),
    Column("synchronizationTime", INSTANT, "when it last ran"),
    Column("synchronizationType", TEXT, "kind of the last run, for example SynchronizeFrom"),
    _deleted("synchronizer"),
)
_PRIMAVERA_SYNCHRONIZER = (
    *_SYNCHRONIZER[:-1],
    Column("projects", LIST, "projects in the Primavera file: id and userDefinedId"),
    _SYNCHRONIZER[-1],
)


def _user_field_values(owner: str, column: str, evidence: Evidence = "documented") -> tuple[Column, ...]:
    return (
        Column(column, ID, f"{owner} the value belongs to", evidence=evidence),
        Column("userFieldId", ID, "user field it is a value of (user_fields)"),
        Column("value", TEXT, "value as text, whatever the field's declared type"),
    )


def _code_value_assignments(owner: str, column: str, evidence: Evidence = "inferred") -> tuple[Column, ...]:
    return (
        Column("codeValueId", ID, "code value that is assigned (code_values)"),
        Column(column, ID, f"{owner} it is assigned to", evidence=evidence),
    )


_TASK_FIELD_VALUES = _user_field_values("task", "taskId", "inferred")
_RESOURCE_FIELD_VALUES = _user_field_values("resource", "resourceId")
_RESOURCE_GROUP_FIELD_VALUES = _user_field_values("resource group", "resourceGroupId")
_ENTITY_3D_FIELD_VALUES = _user_field_values("3D entity", "entity3dId")

# Collections -----------------------------------------------------------------------------------------------------
# Name, path on the Platform and on the Enterprise surface, envelope member, columns, meaning; then what differs.

_one = partial(Collection, single=True, delta=False)
_V65 = ("v6.5",)
_V10 = ("v10",)

COLLECTIONS = Catalog((
    # Above a schedule.
    Collection("projects", "/itwins", None, "iTwins", _PROJECT,
        "Projects (iTwins) that this service application may see.", level="service", delta=False),
    Collection("schedules", "?iTwinId={iTwinId}", "?projectId={projectId}", "schedules", _SCHEDULE,
        "Schedules of a project.", parent=Parent("projects", "itwin_id"), level="service", delta=False),
    _one("schedule", "", "", "schedule", _SCHEDULE, "The schedule itself."),
    _one("project_scheduling", "project-scheduling", None, "projectScheduling", _PROJECT_SCHEDULING,
        "Data date of the schedule.", key=()),
    _one("settings", "settings", None, "settings", _SETTINGS, "Default calendar of the schedule.", key=(),
        schedule_types=_V10),
    # Synchronization and operations.
    _one("sync_configuration", "sync-configuration", None, "syncConfiguration", _SYNC_CONFIGURATION,
        "The pair of a v6.5 and a v10 schedule that are kept in step.", key=()),
    Collection("sync_operations", "sync-operations", None, "syncOperations", _SYNC_OPERATION,
        "Runs of that synchronization.", delta=False),
    _one("operation", "operations/{operationId}", "changeRequests/{changeRequestId}", "operation", _OPERATION,
        "State of one long-running change.", parent=Parent(None, "operation_id")),
    # Tasks.
    Collection("tasks", "tasks", "tasks", "tasks", _TASK, "Tasks: summaries, work, key dates and hammocks.",
        wide="task", delta=True, evidence="recorded", envelope_evidence="recorded"),
    _one("task", "tasks/{taskId}", "tasks/{taskId}", "task", _TASK, "One task.", parent=Parent("tasks", "task_id")),
    Collection("task_children", "tasks/{taskId}/children", "tasks/{taskId}/children", "tasks", _TASK,
        "Tasks directly below a task.", parent=Parent("tasks", "task_id"), evidence="inferred"),
    Collection("task_links", "task-links", "tasks/links", "taskLinks", _TASK_LINK,
        "Links between tasks, with type and lag.", delta=True, envelope_evidence="inferred"),
    _one("task_link", "task-links/{taskLinkId}", None, "taskLink", _TASK_LINK, "One link.",
        parent=Parent("task_links", "task_link_id")),
    Collection("task_downstream_links", None, "tasks/{taskId}/downstreamLinks", "items", _TASK_LINK,
        "Links to the successors of a task.", parent=Parent("tasks", "task_id")),
    Collection("task_upstream_links", None, "tasks/{taskId}/upstreamLinks", "items", _TASK_LINK,
        "Links to the predecessors of a task.", parent=Parent("tasks", "task_id")),
    Collection("task_statuses", "task-statuses", None, "taskStatuses", _TASK_STATUS, "The statuses a task can have.",
        delta=True),
    _one("task_status", "task-statuses/{taskStatusId}", None, "taskStatus", _TASK_STATUS, "One task status.",
        parent=Parent("task_statuses", "task_status_id")),
    Collection("task_scheduling_analyses", "tasks/scheduling-analyses", None, "taskSchedulingAnalyses",
        _TASK_SCHEDULING_ANALYSIS, "Float and criticality of each task, as of the last reschedule.", key=("task_id",),
        delta=True),
    Collection("task_query_filters", "task-query-filters", None, "taskQueryFilters", _TASK_QUERY_FILTER,
        "Stored task filters.", schedule_types=_V10, delta=True, envelope_evidence="inferred"),
    # What is assigned to tasks.
    Collection("resource_assignments", "tasks/resource-assignments", "tasks/resourceAssignments",
        "resourceAssignments", _RESOURCE_ASSIGNMENT, "Resources assigned to tasks.",
        by_parent="resource_assignments_of_task", delta=True),
    Collection("resource_assignments_of_task", "tasks/{taskId}/resource-assignments",
        "tasks/{taskId}/resourceAssignments", "resourceAssignments", _RESOURCE_ASSIGNMENT,
        "Resources assigned to one task.", parent=Parent("tasks", "task_id"), delta=True),
    Collection("task_code_value_assignments", "tasks/code-value-assignments", "tasks/codeValueAssignments",
        "codeValueAssignments", _code_value_assignments("task", "taskId", "documented"), "Code values given to tasks.",
        key=("task_id", "code_value_id")),
    Collection("task_code_values", "tasks/{taskId}/code-values", "tasks/{taskId}/codeValues", "codeValues",
        _CODE_VALUE, "Code values of one task.", key=("task_id", "id"), parent=Parent("tasks", "task_id"),
        evidence="inferred"),
    Collection("task_user_field_values", "tasks/user-field-values", "tasks/userFieldValues", "userFieldValues",
        _TASK_FIELD_VALUES, "User field values of tasks.", key=("task_id", "user_field_id"),
        by_parent="user_field_values_of_task", evidence="inferred"),
    Collection("user_field_values_of_task", "tasks/{taskId}/user-field-values", "tasks/{taskId}/userFieldValues",
        "userFieldValues", _TASK_FIELD_VALUES, "User field values of one task.", key=("task_id", "user_field_id"),
        parent=Parent("tasks", "task_id"), evidence="inferred"),
    # Resources.
    Collection("resources", "resources", "resources", "resources", _RESOURCE,
        "People, equipment, material and locations.", wide="resource", delta=True),
    _one("resource", "resources/{resourceId}", "resources/{resourceId}", "resource", _RESOURCE, "One resource.",
        parent=Parent("resources", "resource_id")),
    Collection("resource_children", "resources/{resourceId}/children", "resources/{resourceId}/children", "resources",
        _RESOURCE, "Resources directly below a resource.", parent=Parent("resources", "resource_id"),
        evidence="inferred"),
    Collection("resource_user_field_values", "resources/user-field-values", "resources/userFieldValues",
        "userFieldValues", _RESOURCE_FIELD_VALUES, "User field values of resources.",
        key=("resource_id", "user_field_id"), by_parent="user_field_values_of_resource", evidence="inferred"),
    Collection("user_field_values_of_resource", "resources/{resourceId}/user-field-values",
        "resources/{resourceId}/userFieldValues", "userFieldValues", _RESOURCE_FIELD_VALUES,
        "User field values of one resource.", key=("resource_id", "user_field_id"),
        parent=Parent("resources", "resource_id")),
    Collection("resource_code_value_assignments", "resources/code-value-assignments", "resources/codeValueAssignments",
        "codeValueAssignments", _code_value_assignments("resource", "resourceId"), "Code values given to resources.",
        key=("resource_id", "code_value_id"), evidence="inferred"),
    Collection("resource_code_values", "resources/{resourceId}/code-values", "resources/{resourceId}/codeValues",
        "codeValues", _CODE_VALUE, "Code values of one resource.", key=("resource_id", "id"),
        parent=Parent("resources", "resource_id"), evidence="inferred"),
    Collection("resource_entities_3d", "resources/{resourceId}/entities-3d", "resources/{resourceId}/entity3Ds",
        "entities3d", _ENTITY_3D, "3D entities of one resource.", key=("resource_id", "id"),
        parent=Parent("resources", "resource_id"), schedule_types=_V65, delta=False, envelope_evidence="inferred"),
    Collection("resource_entity_3d_assignments", None, "resources/entity3DAssignments", "items", (),
        "3D entities of resources; the members are undocumented.", key=(), schedule_types=_V65),
    Collection("resource_groups", "resource-groups", "resourceGroups", "resourceGroups", _RESOURCE_GROUP,
        "Groups of resources, with the people who lead them.", wide="resource_group", envelope_evidence="inferred"),
    _one("resource_group", "resource-groups/{resourceGroupId}", "resourceGroups/{id}", "resourceGroup",
        _RESOURCE_GROUP, "One resource group.", parent=Parent("resource_groups", "resource_group_id")),
    Collection("resource_group_resources", "resource-groups/{resourceGroupId}/resources",
        "resourceGroups/{id}/resources", "resources", _RESOURCE, "Members of a resource group.",
        key=("resource_group_id", "id"), parent=Parent("resource_groups", "resource_group_id")),
    Collection("resource_group_code_values", "resource-groups/{resourceGroupId}/code-values",
        "resourceGroups/{id}/codeValues", "codeValues", _CODE_VALUE, "Code values of one resource group.",
        key=("resource_group_id", "id"), parent=Parent("resource_groups", "resource_group_id"),
        envelope_evidence="inferred"),
    Collection("resource_group_user_field_values", "resource-groups/user-field-values",
        "resourceGroups/userFieldValues", "userFieldValues", _RESOURCE_GROUP_FIELD_VALUES,
        "User field values of resource groups.", key=("resource_group_id", "user_field_id"),
        by_parent="user_field_values_of_resource_group", evidence="inferred"),
    Collection("user_field_values_of_resource_group", "resource-groups/{resourceGroupId}/user-field-values",
        "resourceGroups/{id}/userFieldValues", "userFieldValues", _RESOURCE_GROUP_FIELD_VALUES,
        "User field values of one resource group.", key=("resource_group_id", "user_field_id"),
        parent=Parent("resource_groups", "resource_group_id")),
    Collection("resource_group_code_value_assignments", "resource-groups/code-value-assignments",
        "resourceGroups/codeValueAssignments", "codeValueAssignments",
        _code_value_assignments("resource group", "resourceGroupId"), "Code values given to resource groups.",
        key=("resource_group_id", "code_value_id"), evidence="inferred"),
    # Recorded status of resources.
    Collection("resource_status_history", "resources/status-history", "resourceStatusHistory", "statusHistoryItems",
        _STATUS_HISTORY_ITEM, "Statuses recorded for resources, with the date they took place.",
        by_parent="resource_status_history_of_resource", evidence="inferred", envelope_evidence="inferred"),
    _one("resource_status_history_item", "resources/status-history/{statusHistoryItemId}",
        "resourceStatusHistory/{id}", "statusHistoryItem", _STATUS_HISTORY_ITEM, "One recorded status.",
        parent=Parent("resource_status_history", "status_history_item_id")),
    Collection("resource_status_history_of_resource", "resources/{resourceId}/status-history",
        "resources/{resourceId}/statusHistory", "statusHistoryItems", _STATUS_HISTORY_ITEM,
        "Statuses recorded for one resource.", parent=Parent("resources", "resource_id"), delta=False,
        envelope_evidence="inferred"),
    Collection("resource_status_categories", "resource-status-categories", "resourceStatusCategories",
        "resourceStatusCategories", _RESOURCE_STATUS_CATEGORY, "Categories of resource status.", evidence="inferred",
        envelope_evidence="inferred"),
    _one("resource_status_category", "resource-status-categories/{resourceStatusCategoryId}",
        "resourceStatusCategories/{id}", "resourceStatusCategory", _RESOURCE_STATUS_CATEGORY, "One category.",
        parent=Parent("resource_status_categories", "status_category_id")),
    Collection("resource_status_sets", "resource-status-sets", "resourceStatusSets", "resourceStatusSets",
        _RESOURCE_STATUS_SET, "Sets of resource statuses.", by_parent="resource_status_sets_of_category",
        evidence="inferred", envelope_evidence="inferred"),
    _one("resource_status_set", "resource-status-sets/{resourceStatusSetId}", "resourceStatusSets/{id}",
        "resourceStatusSet", _RESOURCE_STATUS_SET, "One set.", parent=Parent("resource_status_sets", "status_set_id")),
    Collection("resource_status_sets_of_category",
        "resource-status-categories/{resourceStatusCategoryId}/resource-status-sets",
        "resourceStatusCategories/{id}/sets", "resourceStatusSets", _RESOURCE_STATUS_SET, "Sets of one category.",
        parent=Parent("resource_status_categories", "status_category_id"), delta=True, envelope_evidence="inferred"),
    Collection("resource_status_items", "resource-status-items", "resourceStatusItems", "resourceStatusItems",
        _RESOURCE_STATUS_ITEM, "The single resource statuses.", by_parent="resource_status_items_of_set"),
    _one("resource_status_item", "resource-status-items/{resourceStatusItemId}", "resourceStatusItems/{id}",
        "resourceStatusItem", _RESOURCE_STATUS_ITEM, "One resource status.",
        parent=Parent("resource_status_items", "status_item_id")),
    Collection("resource_status_items_of_set", "resource-status-sets/{resourceStatusSetId}/resource-status-items",
        "resourceStatusSets/{id}/items", "resourceStatusItems", _RESOURCE_STATUS_ITEM, "Statuses of one set.",
        parent=Parent("resource_status_sets", "status_set_id"), evidence="inferred"),
    # User fields and codes.
    Collection("user_fields", "user-fields", "userFields", "userFields", _USER_FIELD,
        "User fields: name, category and declared type.", delta=True),
    _one("user_field", "user-fields/{userFieldId}", "userFields/{id}", "userField", _USER_FIELD, "One user field.",
        parent=Parent("user_fields", "user_field_id")),
    Collection("codes", "codes", "codes", "codes", _CODE, "Codes (activity codes and the like).", delta=True),
    _one("code", "codes/{codeId}", "codes/{id}", "code", _CODE, "One code.", parent=Parent("codes", "code_id")),
    Collection("code_values", "code-values", "codeValues", "codeValues", _CODE_VALUE, "Values of codes, a tree.",
        by_parent="code_values_of_code", evidence="inferred", envelope_evidence="inferred"),
    _one("code_value", "code-values/{codeValueId}", "codeValues/{id}", "codeValue", _CODE_VALUE, "One code value.",
        parent=Parent("code_values", "code_value_id")),
    Collection("code_values_of_code", "codes/{codeId}/code-values", "codes/{id}/codeValues", "codeValues", _CODE_VALUE,
        "Values of one code.", parent=Parent("codes", "code_id"), delta=True, envelope_evidence="inferred"),
    Collection("code_value_children", "code-values/{codeValueId}/children", "codeValues/{id}/children", "codeValues",
        _CODE_VALUE, "Code values directly below a code value.", parent=Parent("code_values", "code_value_id"),
        evidence="inferred"),
    # Calendars and baselines.
    Collection("calendars", "calendars", None, "calendars", _CALENDAR, "Working weeks and their exceptions.",
        delta=True),
    _one("calendar", "calendars/{calendarId}", None, "calendar", _CALENDAR, "One calendar.",
        parent=Parent("calendars", "calendar_id")),
    Collection("baselines", "baselines", None, "baselines", _BASELINE, "Baselines of the schedule.", delta=True),
    _one("baseline", "baselines/{baselineId}", None, "baseline", _BASELINE, "One baseline.",
        parent=Parent("baselines", "baseline_id"), evidence="inferred"),
    Collection("baseline_tasks", "baselines/{baselineId}/baseline-tasks", None, "baselineTasks", _BASELINE_TASK,
        "Tasks as they stood in a baseline.", key=("baseline_id", "task_id"),
        parent=Parent("baselines", "baseline_id"), delta=True, envelope_evidence="inferred"),
    Collection("baseline_task_scheduling_analyses", "baselines/{baselineId}/baseline-tasks/scheduling-analyses", None,
        "baselineTaskSchedulingAnalyses",
        (Column("baselineId", ID, "baseline the analysis is of"), *_TASK_SCHEDULING_ANALYSIS),
        "Float and criticality of each task in a baseline.", key=("baseline_id", "task_id"),
        parent=Parent("baselines", "baseline_id"), delta=True),
    Collection("baseline_code_value_assignments", "baselines/code-value-assignments", None, "codeValueAssignments",
        _code_value_assignments("baseline", "baselineId"), "Code values given to baselines.",
        key=("baseline_id", "code_value_id"), delta=True, envelope_evidence="inferred"),
    # 3D and animation.
    Collection("entities_3d", "entities-3d", "entity3Ds", "entities3d", _ENTITY_3D,
        "3D entities and the iModel elements behind them.", wide="entity_3d", schedule_types=_V65, delta=False),
    _one("entity_3d", "entities-3d/{entity3dId}", "entity3Ds/{id}", "entity3d", _ENTITY_3D, "One 3D entity.",
        parent=Parent("entities_3d", "entity_3d_id"), schedule_types=_V65),
    Collection("root_entities_3d", "entities-3d/root", "entity3Ds/root", "entities3d", _ENTITY_3D,
        "3D entities without a parent.", schedule_types=_V65, delta=False, evidence="inferred"),
    Collection("entity_3d_children", "entities-3d/{entity3dId}/children", "entity3Ds/{id}/children", "entities3d",
        _ENTITY_3D, "3D entities directly below a 3D entity.", parent=Parent("entities_3d", "entity_3d_id"),
        schedule_types=_V65, delta=False, evidence="inferred"),
    Collection("entity_3d_user_field_values", "entities-3d/user-field-values", "entity3Ds/userFieldValues",
        "userFieldValues", _ENTITY_3D_FIELD_VALUES,
        "User field values of 3D entities, often the largest table of all.", key=("entity_3d_id", "user_field_id"),
        by_parent="user_field_values_of_entity_3d", schedule_types=_V65, delta=False),
    Collection("user_field_values_of_entity_3d", "entities-3d/{entity3dId}/user-field-values",
        "entity3Ds/{id}/userFieldValues", "userFieldValues", _ENTITY_3D_FIELD_VALUES,
        "User field values of one 3D entity.", key=("entity_3d_id", "user_field_id"),
        parent=Parent("entities_3d", "entity_3d_id"), schedule_types=_V65, delta=False, envelope_evidence="inferred"),
    Collection("animation_bindings", "animation-bindings", "animationBindings/query", "animationBindings",
        _ANIMATION_BINDING, "Which 3D element shows which task, with its looks and movement.", key=(), delta=False,
        evidence="recorded", envelope_evidence="recorded", enterprise_method="POST"),
    Collection("appearance_profiles", "appearance-profiles", "appearanceProfiles", "appearanceProfiles",
        _APPEARANCE_PROFILE, "How elements look before, during and after their task.", delta=True, evidence="recorded",
        envelope_evidence="recorded"),
    _one("appearance_profile", "appearance-profiles/{appearanceProfileId}", "appearanceProfiles/{id}",
        "appearanceProfile", _APPEARANCE_PROFILE, "One appearance profile.",
        parent=Parent("appearance_profiles", "appearance_profile_id")),
    Collection("animation_3d_transforms", "animation-3d-transforms", "animation3dTransforms", "animation3dTransforms",
        _ANIMATION_3D_TRANSFORM, "Placements of elements.", evidence="recorded", envelope_evidence="recorded"),
    _one("animation_3d_transform", "animation-3d-transforms/{id}", "animation3dTransforms/{id}",
        "animation3dTransform", _ANIMATION_3D_TRANSFORM, "One placement.",
        parent=Parent("animation_3d_transforms", "animation_3d_transform_id")),
    Collection("animation_3d_path_assignments", "animation-3d-path-assignments", "animation3dPathAssignments",
        "animation3dPathAssignments", _ANIMATION_3D_PATH_ASSIGNMENT, "How elements move along paths.",
        evidence="recorded", envelope_evidence="recorded"),
    _one("animation_3d_path_assignment", "animation-3d-path-assignments/{id}", "animation3dPathAssignments/{id}",
        "animation3dPathAssignment", _ANIMATION_3D_PATH_ASSIGNMENT, "One path assignment.",
        parent=Parent("animation_3d_path_assignments", "animation_3d_path_assignment_id")),
    Collection("animation_3d_paths", "animation-3d-paths", "animation3dPaths", "animation3dPaths", _ANIMATION_3D_PATH,
        "Paths that elements move along.", evidence="inferred"),
    _one("animation_3d_path", "animation-3d-paths/{animation3dPathId}", "animation3dPaths/{id}", "animation3dPath",
        _ANIMATION_3D_PATH, "One path.", parent=Parent("animation_3d_paths", "animation_3d_path_id")),
    Collection("keyframes", "animation-3d-paths/keyframes", "animation3dPaths/keyframes", "keyframes", _KEYFRAME,
        "Points of all paths; those of one path are not together: sort by path_id and time.", key=(),
        by_parent="keyframes_of_path", evidence="recorded", envelope_evidence="recorded"),
    Collection("keyframes_of_path", "animation-3d-paths/{animation3dPathId}/keyframes",
        "animation3dPaths/{id}/keyframes", "keyframes", _KEYFRAME, "Points of one path.", key=(),
        parent=Parent("animation_3d_paths", "path_id"), delta=True),
    _one("animation_statistics", "animation-statistics", None, "animationStatistics", _ANIMATION_STATISTICS,
        "How many tasks and animation items the schedule has.", key=()),
    # Primavera and quality.
    Collection("primavera_synchronizers", "imports/primavera/synchronizers", None, "synchronizers",
        _PRIMAVERA_SYNCHRONIZER, "Imports from Primavera.", schedule_types=_V10, evidence="inferred"),
    _one("primavera_synchronizer", "imports/primavera/synchronizers/{synchronizerId}", None, "synchronizer",
        _PRIMAVERA_SYNCHRONIZER, "One import from Primavera.",
        parent=Parent("primavera_synchronizers", "synchronizer_id"), schedule_types=_V10),
    _one("microsoft_project_synchronizer", "imports/microsoft-project/synchronizers/{synchronizerId}", None,
        "synchronizer", _SYNCHRONIZER, "One import from Microsoft Project.", parent=Parent(None, "synchronizer_id"),
        schedule_types=_V10),
    Collection("dcma_violations", "quality/dcma/violations", None, "violations", (),
        "Violations found by the last assessment run on the service; the members are undocumented.", key=(),
        schedule_types=_V10, envelope_evidence="inferred"),
))
# fmt: on
