"""Items of the reports' tests beyond those of ``small``: key dates, WBS rows, actual dates, links in hours."""

from bentley_nb.frames import frame_from_items
from tests.reports.small import at, calendar

LINKS = {"FS": "FinishToStart", "SS": "StartToStart", "FF": "FinishToFinish", "SF": "StartToFinish"}


def task(key, start=None, finish=None, actual=None, done=None, **members):
    """A task item: planned ``start`` and ``finish``, actual start (``actual``) and finish (``done``)."""
    return {
        "id": key,
        "name": key.upper(),
        "userDefinedId": f"A-{key}",
        "parentId": None,
        "isWbs": False,
        "type": "Work",
        "status": "Finished" if done else "Started" if actual else "Planned",
        "plannedStart": at(start, "08:00"),
        "plannedFinish": at(finish, "17:00"),
        "plannedDuration": None,
        "actualStart": at(actual, "08:00"),
        "actualFinish": at(done, "17:00"),
        "percentComplete": 0,
        "calendarId": "five",
        "deleted": False,
        **members,
    }


def wbs(key, parent=None, **members):
    return task(key, parentId=parent, isWbs=True, **members)


def start_date(key, when=None, actual=None, **members):
    return task(key, start=when, actual=actual, type="StartKeyDate", **members)


def finish_date(key, when=None, done=None, **members):
    return task(key, finish=when, done=done, type="FinishKeyDate", **members)


def link(before, after, kind="FS", lag=0, **members):
    """A link item; ``lag`` in working hours."""
    item = {"id": f"{before}-{after}-{kind}", "predecessorId": before, "successorId": after, "type": LINKS[kind]}
    return {**item, "lag": lag * 3600, "calendarId": None, "deleted": False, **members}


def analysis(key, hours=None, critical=False, free=0):
    """A scheduling analysis with total float in working ``hours``."""
    seconds = None if hours is None else int(hours * 3600)
    return {"taskId": key, "isCritical": critical, "downstreamTotalFloat": seconds, "downstreamFreeFloat": free}


def baseline_task(key, start=None, finish=None, hours=None, baseline="b1"):
    item = task(key, start, finish)
    seconds = None if hours is None else int(hours * 3600)
    dates = {"plannedStart": item["plannedStart"], "plannedFinish": item["plannedFinish"], "plannedDuration": seconds}
    return {"baselineId": baseline, "taskId": key, **dates}


def schedule(tasks, data_date="2024-06-03", **collections):
    """Frames by name, as a report takes them; ``data_date`` is a Monday."""
    collections = {"calendars": [calendar()], "task_links": [], **collections, "tasks": tasks}
    frames = {name: frame_from_items(name, items) for name, items in collections.items() if items is not None}
    return {"id": "s1", "name": "Small", "data_date": data_date, **frames}


def with_baseline(tasks, baseline_tasks, **collections):
    baselines = [{"id": "b1", "name": "Contract", "createdOn": "2024-01-02T00:00:00Z", "deleted": False}]
    return schedule(tasks, baselines=baselines, baseline_tasks=baseline_tasks, **collections)


def rows(frame, key="id"):
    """Rows by id, for assertions that name the task; a missing value is None (NaT for a date)."""
    return {row[key]: row for row in frame.to_dict("records")}
