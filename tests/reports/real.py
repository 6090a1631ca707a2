"""Primavera's own values, read straight from the XER files the real schedules were made from."""

import importlib.util
import json
import sys
from functools import cache

from tests.reports import small

FILES = {
    "hotel": "hotel_4236t.xer",
    "airport_terminal": "airport_terminal_66t.xer",
    "villas5_mdl4ra": "villas5_mdl4ra_62t.xer",
    "villas5_mdl4d": "villas5_mdl4d_62t.xer",
}


def dataset(shared, name):
    """Frames of a real schedule by name; read once, so a test that changes a frame has to copy it."""
    return dict(_dataset(shared, name))


@cache
def _dataset(shared, name):
    return small.dataset(shared, name)


@cache
def xer_rows(path, table):
    """Rows of one table of an XER file."""
    rows, inside = [], False
    for line in path.read_bytes().decode("utf-8-sig", errors="replace").split("\n"):
        tag, *cells = line.rstrip("\r").split("\t")
        if tag == "%T":
            inside = cells[0] == table
        elif inside and tag == "%F":
            fields = cells
        elif inside and tag == "%R":
            rows.append(dict(zip(fields, cells, strict=False)))
    return rows


def primavera(shared, name):
    """Primavera's rows of the activities in a dataset, by activity code."""
    path = shared / "data/xer" / FILES[name]
    project = json.loads((shared / "data/datasets" / name / "dataset.json").read_text())["source"]["project"]
    (key,) = [row["proj_id"] for row in xer_rows(path, "PROJECT") if row["proj_short_name"] == project]
    return {row["task_code"]: row for row in xer_rows(path, "TASK") if row["proj_id"] == key}


def converter(shared):
    """The shared tool that turns a project of an XER file into API items."""
    spec = importlib.util.spec_from_file_location("xer_to_dataset", shared / "tools/xer_to_dataset.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["xer_to_dataset"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module
