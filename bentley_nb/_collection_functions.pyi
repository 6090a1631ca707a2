# Made by "python -m tests.typing.stubs" from the catalog and the reports; not edited by hand.
from bentley_nb.schedule import Owner
from collections.abc import Sequence
import pandas as pd
from typing import Literal

def tasks(
    schedule_id: str,
    *,
    user_fields: bool | str | Sequence[str] = False,
    codes: bool | str | Sequence[str] = False,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.tasks` of a schedule, by its id, with the session's client.

    Tasks: summaries, work, key dates and hammocks.

    Parameters
    ----------
    user_fields
        True for one typed column per user field of a row, or the names of user fields.
    codes
        True for one column per code of a row, or the names of codes.
        ``"Trade [description]"`` shows the descriptions of the values of that code.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the task
        ``name`` (text): name of the task
        ``user_defined_id`` (text): activity id as planners see it
        ``parent_id`` (id): summary task above; missing at the root
        ``is_wbs`` (flag): true for a summary (WBS) task
        ``type`` (enum): Work, StartKeyDate, FinishKeyDate, ShortHammock, LongHammock, Meeting ...
        ``status`` (enum): Planned, Started or Finished
        ``status_id`` (id): task status (task_statuses)
        ``planned_start`` (instant): start of what remains to be done; a FinishKeyDate has none
        ``planned_finish`` (instant): finish of what remains to be done; a StartKeyDate has none
        ``planned_duration_hours`` (hours) [hours of working time]: whole planned duration
        ``actual_start`` (instant): when work began; missing before
        ``actual_finish`` (instant): when work ended; missing before
        ``actual_duration_hours`` (hours) [hours of working time]: worked so far
        ``remaining_duration_hours`` (hours) [hours of working time]: still to be worked
        ``expected_finish`` (instant): finish the planner expects, where one was entered
        ``estimated_finish`` (instant): finish of a started task, since 2026-05 (inferred)
        ``percent_complete`` (measure) [%]: progress, 0 to 100
        ``progress_type`` (enum): how progress is determined, for example Automatic
        ``duration_type`` (enum): how the duration is determined, for example Fixed
        ``constraint_type`` (enum): NoConstraint, StartOn, FinishBefore, MandatoryStart ...
        ``constraint_early_date`` (instant): date of the constraint; of a ...Between constraint the earlier one
        ``constraint_late_date`` (instant): later date of a ...Between constraint
        ``calendar_id`` (id): calendar the task is worked on
        ``comment`` (text): comment on the task
        ``url`` (text): link entered for the task
        ``physical_quantity`` (measure) [see physical_quantity_unit]: planned quantity
        ``actual_physical_quantity`` (measure) [see physical_quantity_unit]: quantity done
        ``remaining_physical_quantity`` (measure) [see physical_quantity_unit]: quantity still to be done
        ``physical_quantity_unit`` (enum): unit of the quantities
        ``estimated_rate`` (measure): estimated rate of production; the unit is undocumented
        ``deleted`` (flag): true for a deleted task (inferred)
        Then ``wbs_path``, ``wbs_level`` and ``is_leaf``, computed from the tree of the tasks.
        Then the user fields and codes asked for.

    Raises
    ------
    InvalidRequest
        There is no such user field or code; the message names the nearest.

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: recorded.

    Examples
    --------
    >>> s.tasks(user_fields=True, codes=True).columns[:2].tolist()
    ['id', 'name']
    """

def task_links(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.task_links` of a schedule, by its id, with the session's client.

    Links between tasks, with type and lag.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the link
        ``predecessor_id`` (id): task the link starts from
        ``successor_id`` (id): task the link leads to
        ``type`` (enum): FinishToStart, StartToStart, FinishToFinish or StartToFinish
        ``lag_hours`` (hours) [hours of working time]: lag; negative for a lead
        ``calendar_id`` (id): calendar the lag is counted in
        ``created_on`` (instant): when the link was created
        ``deleted`` (flag): true for a deleted link

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.task_links().columns[:2].tolist()
    ['id', 'predecessor_id']
    """

def task_statuses(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.task_statuses` of a schedule, by its id, with the session's client.

    The statuses a task can have.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the task status
        ``name`` (text): name of the task status
        ``type`` (enum): state of a task it stands for, for example Planned
        ``color`` (text): color as #rrggbb
        ``is_default`` (flag): whether tasks of that state have it unless told otherwise
        ``deleted`` (flag): true for a deleted task status

    Notes
    -----
    Served by: Platform surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.task_statuses().columns[:2].tolist()
    ['id', 'name']
    """

def task_scheduling_analyses(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.task_scheduling_analyses` of a schedule, by its id, with the session's client.

    Float and criticality of each task, as of the last reschedule.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``task_id`` (id): task that was analyzed
        ``is_critical`` (flag): whether the task is critical
        ``downstream_total_float`` (count) [undocumented; seconds of working time is inferred]: total float as sent
        ``downstream_free_float`` (count) [undocumented; seconds of working time is inferred]: free float as sent

    Notes
    -----
    Served by: Platform surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.task_scheduling_analyses().columns[:2].tolist()
    ['task_id', 'is_critical']
    """

def resources(
    schedule_id: str,
    *,
    user_fields: bool | str | Sequence[str] = False,
    codes: bool | str | Sequence[str] = False,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.resources` of a schedule, by its id, with the session's client.

    People, equipment, material and locations.

    Parameters
    ----------
    user_fields
        True for one typed column per user field of a row, or the names of user fields.
    codes
        True for one column per code of a row, or the names of codes.
        ``"Trade [description]"`` shows the descriptions of the values of that code.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the resource
        ``name`` (text): name of the resource
        ``description`` (text): description of the resource
        ``user_defined_id`` (text): resource id as planners see it
        ``type`` (enum): Equipment, Human, Location or Material
        ``parent_id`` (id): resource above; missing at the root
        ``email`` (text): e-mail address; only a Human has one
        ``lead_time_hours`` (hours) [hours of working time]: time to order; seconds on the wire are inferred (inferred)
        ``renewable`` (flag): whether the resource can be used again
        ``whole_units`` (flag): whether only whole units are assigned
        ``unit_type`` (enum): unit the resource is counted in, for example Box
        ``url`` (text): link entered for the resource
        ``calendar_id`` (id): calendar the resource works on
        ``deleted`` (flag): true for a deleted resource
        Then the user fields and codes asked for.

    Raises
    ------
    InvalidRequest
        There is no such user field or code; the message names the nearest.

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.resources(user_fields=True, codes=True).columns[:2].tolist()
    ['id', 'name']
    """

def resource_groups(
    schedule_id: str,
    *,
    user_fields: bool | str | Sequence[str] = False,
    codes: bool | str | Sequence[str] = False,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.resource_groups` of a schedule, by its id, with the session's client.

    Groups of resources, with the people who lead them.

    Parameters
    ----------
    user_fields
        True for one typed column per user field of a row, or the names of user fields.
    codes
        True for one column per code of a row, or the names of codes.
        ``"Trade [description]"`` shows the descriptions of the values of that code.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the resource group
        ``name`` (text): name of the resource group
        ``description`` (text): description of the resource group
        ``user_defined_id`` (text): resource group id as planners see it
        ``url`` (text): link entered for the resource group
        ``foreman_resource_id`` (id): resource that is the foreman
        ``general_foreman_resource_id`` (id): resource that is the general foreman
        ``planner_resource_id`` (id): resource that is the planner
        ``superintendent_resource_id`` (id): resource that is the superintendent
        ``deleted`` (flag): true for a deleted resource group (inferred)
        Then the user fields and codes asked for.

    Raises
    ------
    InvalidRequest
        There is no such user field or code; the message names the nearest.

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.resource_groups(user_fields=True, codes=True).columns[:2].tolist()
    ['id', 'name']
    """

def resource_assignments(
    schedule_id: str,
    task_id: str | None = None,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.resource_assignments` of a schedule, by its id, with the session's client.

    Resources assigned to tasks.

    Parameters
    ----------
    task_id
        Id of one of the tasks. Without it, all of them.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the assignment
        ``task_id`` (id): task the resource works on
        ``resource_id`` (id): resource that is assigned
        ``appearance_profile_id`` (id): appearance profile of the assignment (appearance_profiles)
        ``actual_utilization_resource_count`` (measure): actual number of resources
        ``actual_utilization_resource_units`` (measure): actual units
        ``planned_utilization_percent_of_one_resource_unit_per_day`` (measure) [% per day]: planned share of one unit
        ``planned_utilization_percent_of_total_resource_units_per_day`` (measure) [% per day]: planned share of all units
        ``planned_utilization_resource_count`` (measure): planned number of resources
        ``planned_utilization_resource_units`` (measure): planned units
        ``planned_utilization_resource_units_per_day`` (measure): planned units per day
        ``remaining_utilization_percent_of_one_resource_unit_per_day`` (measure) [% per day]: remaining share of one unit
        ``remaining_utilization_percent_of_total_resource_units_per_day`` (measure) [% per day]: remaining share of all units
        ``remaining_utilization_resource_count`` (measure): remaining number of resources
        ``remaining_utilization_resource_units`` (measure): remaining units
        ``remaining_utilization_resource_units_per_day`` (measure): remaining units per day
        ``deleted`` (flag): true for a deleted assignment

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: documented.
    """

def resource_status_history(
    schedule_id: str,
    resource_id: str | None = None,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.resource_status_history` of a schedule, by its id, with the session's client.

    Statuses recorded for resources, with the date they took place.

    Parameters
    ----------
    resource_id
        Id of one of the resources. Without it, all of them.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the entry
        ``resource_id`` (id): resource whose status changed
        ``status_category_id`` (id): category of the status (resource_status_categories)
        ``status_item_id`` (id): status it changed to (resource_status_items)
        ``date`` (instant): when the change took place
        ``record_date`` (instant): when the change was recorded
        ``is_critical`` (flag): whether the entry is marked as critical
        ``note`` (text): note on the change
        ``deleted`` (flag): true for a deleted entry

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: inferred.
    """

def user_fields(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.user_fields` of a schedule, by its id, with the session's client.

    User fields: name, category and declared type.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the user field
        ``name`` (text): name of the user field, which names its column
        ``category`` (enum): what has the field: Task, Resource, ResourceGroup or Entity3d
        ``type`` (enum): String, Float, Integer, Boolean, StartDate or FinishDate
        ``color`` (text): color as #rrggbb
        ``deleted`` (flag): true for a deleted user field

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.user_fields().columns[:2].tolist()
    ['id', 'name']
    """

def user_field_values(
    schedule_id: str,
    owner: Owner = 'task',
    owner_id: str | None = None,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.user_field_values` of a schedule, by its id, with the session's client.

    Return the user field values of one kind of owner, one row per value.

    Parameters
    ----------
    owner
        ``"task"``, ``"resource"``, ``"resource_group"`` or ``"entity_3d"``.
    owner_id
        Of one owner only.
    refresh
        Whether to ask again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``<owner>_id``, ``user_field_id``, ``value`` (text, whatever the field's declared type).

    Examples
    --------
    >>> s.user_field_values("resource").columns.tolist()
    ['resource_id', 'user_field_id', 'value']
    """

def codes(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.codes` of a schedule, by its id, with the session's client.

    Codes (activity codes and the like).

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the code
        ``category`` (enum): what the code classifies: Activity, Resource, ResourceGroup or Cost
        ``name`` (text): name of the code, which names its column
        ``deleted`` (flag): true for a deleted code

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.codes().columns[:2].tolist()
    ['id', 'category']
    """

def code_values(
    schedule_id: str,
    code_id: str | None = None,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.code_values` of a schedule, by its id, with the session's client.

    Values of codes, a tree.

    Parameters
    ----------
    code_id
        Id of one of the codes. Without it, all of them.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the code value
        ``code_id`` (id): code it is a value of
        ``name`` (text): name of the code value
        ``description`` (text): description of the code value
        ``color`` (text): color as #rrggbb
        ``parent_id`` (id): code value above; missing at the root
        ``deleted`` (flag): true for a deleted code value

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: inferred.
    """

def code_value_assignments(
    schedule_id: str,
    owner: Literal['task', 'resource', 'resource_group', 'baseline'] = 'task',
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.code_value_assignments` of a schedule, by its id, with the session's client.

    Return the code values assigned to one kind of owner, one row per assignment.

    Parameters
    ----------
    owner
        ``"task"``, ``"resource"``, ``"resource_group"`` or ``"baseline"``.
    refresh
        Whether to ask again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``code_value_id`` and ``<owner>_id``.
    """

def calendars(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.calendars` of a schedule, by its id, with the session's client.

    Working weeks and their exceptions.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the calendar
        ``name`` (text): name of the calendar
        ``parent_id`` (id): calendar it is derived from
        ``day_types`` (list): kinds of day with their working times
        ``exceptions`` (list): days that differ from the week: date and dayTypeId (their shape is inferred)
        ``week_monday_day_type_id`` (id): kind of day of a Monday
        ``week_tuesday_day_type_id`` (id): kind of day of a Tuesday
        ``week_wednesday_day_type_id`` (id): kind of day of a Wednesday (inferred)
        ``week_thursday_day_type_id`` (id): kind of day of a Thursday
        ``week_friday_day_type_id`` (id): kind of day of a Friday
        ``week_saturday_day_type_id`` (id): kind of day of a Saturday
        ``week_sunday_day_type_id`` (id): kind of day of a Sunday
        ``deleted`` (flag): true for a deleted calendar

    Notes
    -----
    Served by: Platform surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.calendars().columns[:2].tolist()
    ['id', 'name']
    """

def baselines(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.baselines` of a schedule, by its id, with the session's client.

    Baselines of the schedule.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the baseline
        ``name`` (text): name of the baseline
        ``created_on`` (instant): when the baseline was taken
        ``deleted`` (flag): true for a deleted baseline

    Notes
    -----
    Served by: Platform surface; schedules of type v6.5 and v10.
    Evidence: documented.

    Examples
    --------
    >>> s.baselines().columns[:2].tolist()
    ['id', 'name']
    """

def baseline_tasks(
    schedule_id: str,
    baseline_id: str | None = None,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.baseline_tasks` of a schedule, by its id, with the session's client.

    Tasks as they stood in a baseline.

    Parameters
    ----------
    baseline_id
        Id of one of the baselines. Without it, all of them.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``baseline_id`` (id): the parent in baselines that was asked for (inferred)
        ``task_id`` (id): task it is the baseline of (inferred)
        ``planned_start`` (instant): start at the time of the baseline (inferred)
        ``planned_finish`` (instant): finish at the time of the baseline (inferred)
        ``planned_duration_hours`` (hours) [hours of working time]: duration at the time of the baseline (inferred)

    Notes
    -----
    Served by: Platform surface; schedules of type v6.5 and v10.
    Evidence: documented.
    """

def entities_3d(
    schedule_id: str,
    *,
    user_fields: bool | str | Sequence[str] = False,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.entities_3d` of a schedule, by its id, with the session's client.

    3D entities and the iModel elements behind them.

    Parameters
    ----------
    user_fields
        True for one typed column per user field of a row, or the names of user fields.
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``id`` (id): id of the 3D entity
        ``name`` (text): name of the 3D entity
        ``parent_id`` (id): 3D entity above; missing at the root
        ``imodel_element_id`` (id): element of the iModel it stands for, in hexadecimal
        Then the user fields asked for.

    Raises
    ------
    InvalidRequest
        There is no such user field; the message names the nearest.

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5.
    Evidence: documented.
    """

def animation_bindings(
    schedule_id: str,
    *,
    refresh: bool = False,
    include_deleted: bool = False,
) -> pd.DataFrame:
    """Call :meth:`Schedule.animation_bindings` of a schedule, by its id, with the session's client.

    Which 3D element shows which task, with its looks and movement.

    Parameters
    ----------
    refresh
        Whether to read the table again.
    include_deleted
        Whether to keep rows marked as deleted.

    Returns
    -------
    pandas.DataFrame
        ``task_id`` (id): task that the element shows
        ``animated_entity_id`` (id): 3D element: iModel element id (hexadecimal) or a GUID
        ``appearance_profile_id`` (id): appearance profile of the element (appearance_profiles)
        ``resource_id`` (id): resource the element belongs to
        ``resource_group_id`` (id): resource group of the element; wins over resource_id when both are set
        ``resource_assignment_id`` (id): assignment behind the binding (resource_assignments)
        ``path_assignment_id`` (id): movement of the element (animation_3d_path_assignments)
        ``transform_id`` (id): placement of the element (animation_3d_transforms)

    Notes
    -----
    Served by: Platform and Enterprise surface; schedules of type v6.5 and v10.
    Evidence: recorded.

    Examples
    --------
    >>> s.animation_bindings().columns[:2].tolist()
    ['task_id', 'animated_entity_id']
    """
