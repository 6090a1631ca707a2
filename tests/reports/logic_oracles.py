"""The dates, floats and flags that Primavera stored, by activity code, for the tests of driving logic and passes."""

import csv
import json
from datetime import UTC, datetime

from tests.reports import real

NAMES = ("airport_terminal", "villas5_mdl4d", "villas5_mdl4ra", "programme_692", "hotel")
_COLUMNS = {
    "early_start": "early_start_date",
    "early_finish": "early_end_date",
    "late_start": "late_start_date",
    "late_finish": "late_end_date",
    "total_float_hours": "total_float_hr_cnt",
    "driving_path": "driving_path_flag",
}
DATES = ("early_start", "early_finish", "late_start", "late_finish")


def seconds(value):
    return int(datetime.fromisoformat(value).replace(tzinfo=UTC).timestamp()) if value else None


def stored(shared, name):
    """Each activity's answers: dates in seconds, float in hours, the flag as Y or N."""
    if name == "programme_692":
        with (shared / "data/xer/p6_stored_programme_692.csv").open(encoding="utf-8") as file:
            rows = {row["activity"]: row for row in csv.DictReader(file)}
    else:
        rows = {
            code: {ours: row.get(theirs) for ours, theirs in _COLUMNS.items()}
            for code, row in real.primavera(shared, name).items()
        }
    return {code: row | {column: seconds(row[column]) for column in DATES} for code, row in rows.items()}


def project_dates(shared, name):
    """Planned start and must-finish date of the project, in seconds; None where the file has none."""
    if name == "programme_692":
        return None, None
    project = json.loads((shared / "data/datasets" / name / "dataset.json").read_text())["source"]["project"]
    rows = real.xer_rows(shared / "data/xer" / real.FILES[name], "PROJECT")
    (row,) = [row for row in rows if row["proj_short_name"] == project]
    return seconds(row["plan_start_date"]), seconds(row["plan_end_date"])


_LINK_TYPES = {"PR_FS": "FS", "PR_SS": "SS", "PR_FF": "FF", "PR_SF": "SF"}


def allowed_dates(shared, name):
    """The date each link allows (``aref``), as predecessor, successor, type, lag in hours, seconds; where stored."""
    if name == "programme_692":
        with (shared / "data/xer/p6_stored_programme_692_links.csv").open(encoding="utf-8") as file:
            found = [
                (row["predecessor"], row["successor"], row["type"], row["lag_hours"], row["allowed_early"])
                for row in csv.DictReader(file)
            ]
    else:
        codes = {row["task_id"]: code for code, row in real.primavera(shared, name).items()}
        found = [
            (
                codes[row["pred_task_id"]],
                codes[row["task_id"]],
                _LINK_TYPES[row["pred_type"]],
                row["lag_hr_cnt"],
                row["aref"],
            )
            for row in real.xer_rows(shared / "data/xer" / real.FILES[name], "TASKPRED")
            if row["task_id"] in codes and row["pred_task_id"] in codes
        ]
    return [(*key, float(lag), seconds(aref)) for *key, lag, aref in found if aref]
