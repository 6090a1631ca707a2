"""The public face as a user's type checker sees it; never run, only checked."""

from __future__ import annotations

from typing import assert_type

import pandas as pd

import bentley_nb as bn

client = bn.connect(demo=True)
assert_type(client, bn.Client)
assert_type(client.projects("tower"), pd.DataFrame)
s = client.schedule("id")
assert_type(s, bn.Schedule)
assert_type(s.tasks(user_fields=["Zone"], codes=True), pd.DataFrame)
assert_type(s.task_links(refresh=True), pd.DataFrame)
assert_type(s.baseline_tasks("id"), pd.DataFrame)
assert_type(s.table("tasks"), pd.DataFrame)
assert_type(s.data_date, pd.Timestamp)
assert_type(client.fetch(s, ["tasks"]), dict[str, pd.DataFrame])
assert_type(bn.catalog(), pd.DataFrame)
assert_type(bn.tasks("id"), pd.DataFrame)
assert_type(s.to_parquet("tasks", "tasks.parquet"), int)
for page in s.iter_pages("tasks"):
    assert_type(page, pd.DataFrame)
try:
    s.tasks()
except bn.RateLimited as error:
    assert_type(error.retry_after, float | None)
except bn.BentleyError as other:
    assert_type(other.hint, str | None)
