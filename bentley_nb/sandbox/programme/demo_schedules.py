"""The demo projects: a tower with a v10 and a v6.5 schedule, a second building, an empty and an inactive project."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from bentley_nb.sandbox.content import Content, Maker, new_project
from bentley_nb.sandbox.programme import field_items, model_items, record_items, resource_items, task_items
from bentley_nb.sandbox.programme.guids import Item, guid
from bentley_nb.sandbox.programme.plan import Plan, plan

DEFAULT_ROWS = 400
SECOND_ROWS = 170

_BUILDERS: dict[str, Callable[[Plan], Sequence[Item]]] = {
    maker.__name__: maker
    for maker in (
        task_items.tasks,
        task_items.task_links,
        task_items.task_statuses,
        task_items.task_scheduling_analyses,
        task_items.calendars,
        task_items.baselines,
        task_items.baseline_tasks,
        task_items.baseline_task_scheduling_analyses,
        resource_items.resources,
        resource_items.resource_groups,
        resource_items.resource_group_members,
        resource_items.resource_assignments,
        resource_items.resource_status_categories,
        resource_items.resource_status_sets,
        resource_items.resource_status_items,
        resource_items.resource_status_history,
        field_items.user_fields,
        field_items.task_user_field_values,
        field_items.resource_user_field_values,
        field_items.resource_group_user_field_values,
        field_items.entity_3d_user_field_values,
        field_items.codes,
        field_items.code_values,
        field_items.task_code_value_assignments,
        field_items.resource_code_value_assignments,
        field_items.resource_group_code_value_assignments,
        field_items.baseline_code_value_assignments,
        model_items.entities_3d,
        model_items.resource_entity_3d_assignments,
        model_items.animation_bindings,
        model_items.appearance_profiles,
        model_items.animation_3d_transforms,
        model_items.animation_3d_path_assignments,
        model_items.animation_3d_paths,
        model_items.keyframes,
        model_items.animation_statistics,
        record_items.project_scheduling,
        record_items.settings,
        record_items.sync_operations,
        record_items.operations,
        record_items.task_query_filters,
        record_items.primavera_synchronizers,
        record_items.microsoft_project_synchronizers,
    )
}
_BASELINE = ("baselines", "baseline_tasks", "baseline_task_scheduling_analyses", "baseline_code_value_assignments")


class DemoSchedule:
    """A generated schedule whose plan is made when the first of its collections is asked for.

    Examples
    --------
    >>> from bentley_nb.sandbox.programme.demo_schedules import DemoSchedule
    >>> schedule = DemoSchedule("doc", 400)
    >>> len(schedule.items("tasks")), sum(item["deleted"] for item in schedule.items("tasks"))
    (403, 3)
    """

    def __init__(
        self,
        seed: object,
        rows: int,
        name: str = "Harbour Point Tower",
        *,
        elapsed: float = 0.68,
        honest: bool = False,
    ) -> None:
        self._seed = seed
        self._rows = rows
        self._name = name
        self._state = partial(plan, elapsed=elapsed, honest=honest)
        self._plan: Plan | None = None
        self._lock = threading.Lock()

    @property
    def plan(self) -> Plan:
        """The dated programme behind the items."""
        with self._lock:
            if self._plan is None:
                self._plan = self._state(self._seed, self._rows, self._name)
            return self._plan

    def items(self, name: str) -> list[Item]:
        """Return the items of one collection, in no particular order."""
        return list(self._made(name))

    def sources(self, *, baseline: bool = True) -> dict[str, Maker]:
        """Return the sources for the content."""
        return {name: partial(self._made, name) for name in _BUILDERS if baseline or name not in _BASELINE}

    def _made(self, name: str) -> Sequence[Item]:
        return _BUILDERS[name](self.plan)


def demo_content(seed: int, rows: int) -> Content:
    """Return the demo projects; their schedules are generated on first use."""
    content = Content()
    tower = new_project(
        "Harbour Point Tower", "HPT-2024", id_=guid(seed, "project", "tower"), latitude=59.9042, longitude=10.7461
    )
    residences = new_project("Quayside Residences", "QSR-2025", id_=guid(seed, "project", "residences"))
    marina = new_project("Harbour Point Marina", "HPM-2026", id_=guid(seed, "project", "marina"), status="Trial")
    customs = new_project(
        "Old Customs House Refurbishment",
        "OCH-2021",
        id_=guid(seed, "project", "customs"),
        status="Inactive",
        lastModifiedDateTime="2023-12-18T08:00:00.0000000Z",
    )
    for project in (tower, residences, marina, customs):
        content.add_project(project)

    main = DemoSchedule(f"demo {seed}", rows, tower["displayName"])
    imodel = guid(seed, "imodel", "tower")
    v10 = _schedule(guid(seed, "schedule", "tower v10"), "Harbour Point Tower", tower, imodel)
    # The id of a v6.5 schedule is often that of its project.
    v65 = _schedule(tower["id"], "Harbour Point Tower (SYNCHRO 4D Pro)", tower, imodel, type_="v6.5")
    pair = [{"isEnabled": True, "v10ScheduleId": v10["id"], "v65ScheduleId": v65["id"]}]
    for item in (v10, v65):
        content.add_schedule(item, {**main.sources(), "sync_configuration": lambda: pair})

    second = DemoSchedule(f"second {seed}", min(rows, SECOND_ROWS), residences["displayName"])
    item = _schedule(guid(seed, "schedule", "residences"), "Quayside Residences", residences, None)
    content.add_schedule(item, second.sources(baseline=False))
    return content


def _schedule(id_: str, name: str, project: Item, imodel: str | None, *, type_: str = "v10") -> Item:
    item: Item = {
        "iModelId": imodel,
        "iTwinId": project["id"],
        "id": id_,
        "isNextGen": type_ == "v10",
        "name": name,
        "type": type_,
    }
    if imodel is None:
        del item["iModelId"]  # entries without it occur
    return item
