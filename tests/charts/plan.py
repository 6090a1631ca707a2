"""Schedules for the tests of charts and exports: a small one with everything in it, and large ones made by rule."""

from functools import cache

import pandas as pd

from tests.reports.small import link, schedule, task

DATA_DATE = "2024-05-15T00:00:00Z"
HOSTILE = "</script><img src=x onerror=alert(1)> <b>bold</b> $x^2$ %{y} & =1+1"


def small(**more):
    """Two WBS elements; a task that is done, one under way, one to come and critical, two key dates, a baseline."""
    wbs = {"isWbs": True, "days": None}
    return schedule(
        task("site", **wbs, name="Site"),
        task("base", **wbs, name="Foundations", parentId="site"),
        task("top", **wbs, name="Superstructure", parentId="site"),
        task("a", "2024-05-01", "2024-05-10", 8, parentId="base", name="Excavate", actualStart="2024-05-01T08:00:00Z",
             actualFinish="2024-05-10T17:00:00Z", percentComplete=100),
        task("b", "2024-05-13", "2024-05-24", 10, parentId="base", name="Pour slab", actualStart="2024-05-13T08:00:00Z",
             percentComplete=40),
        task("c", "2024-05-27", "2024-06-07", 10, parentId="top", name="Columns"),
        task("s", "2024-05-01", None, 0, type="StartKeyDate", parentId="site", name="Start on site",
             actualStart="2024-05-01T08:00:00Z"),
        task("f", None, "2024-06-07", 0, type="FinishKeyDate", parentId="site", name="Handover"),
        links=[link("a", "b"), link("b", "c"), link("c", "f")],
        floats={"a": 0, "b": 3, "c": 0, "s": 0, "f": 0},
        baseline={"a": ("2024-05-01", "2024-05-08", 6), "b": ("2024-05-09", "2024-05-22", 10),
                  "c": ("2024-05-23", "2024-06-05", 10), "f": (None, "2024-06-05", 0)},
        data_date=DATA_DATE,
        **more,
    ) | {"name": "Tower"}  # fmt: skip


def named(name):
    """The small schedule with a name of the caller's for everything that has one."""
    frames = small()
    frames["tasks"]["name"] = pd.array([name] * len(frames["tasks"]), dtype=frames["tasks"]["name"].dtype)
    frames["baselines"]["name"] = pd.array([name], dtype=frames["baselines"]["name"].dtype)
    return frames | {"name": name}


@cache
def large(tasks, *, elements=0, key_dates=0):
    """Tasks a day apart in as many WBS elements, of three levels: 1, 10 and the rest."""
    start = pd.Timestamp("2024-01-01")
    items = []
    if elements:
        items = [task("w0", isWbs=True, name="Works")]
        items += [task(f"w{n}", isWbs=True, name=f"Area {n}", parentId="w0") for n in range(1, min(elements, 11))]
        items += [task(f"w{n}", isWbs=True, name=f"Zone {n}", parentId=f"w{1 + n % 10}") for n in range(11, elements)]
    for n in range(tasks):
        day = start + pd.Timedelta(days=n % 900)
        kind = {"type": "FinishKeyDate", "plannedStart": None, "plannedDuration": 0} if n < key_dates else {}
        parent = f"w{11 + n % (elements - 11)}" if elements > 11 else "w0" if elements else None
        finish = day + pd.Timedelta(days=4)
        items.append(task(f"t{n}", f"{day:%Y-%m-%d}", f"{finish:%Y-%m-%d}", 5, parentId=parent) | kind)
    floats = {f"t{n}": 0 if n % 20 == 0 else 12 for n in range(tasks)}
    return schedule(*items, floats=floats, data_date=DATA_DATE) | {"name": "Large"}
