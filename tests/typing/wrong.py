"""Wrong uses of the public face, each of which a type checker has to find; never run, only checked.

An ignored error that is not there is an error itself (``--warn-unused-ignores``, ``reportUnnecessaryTypeIgnoreComment``).
"""

from __future__ import annotations

import bentley_nb as bn

client = bn.connect(demo=True)
s = client.schedule("id")
s.taks_links()  # type: ignore[attr-defined]
bn.takss("id")  # type: ignore[attr-defined]
bn.tasks()  # type: ignore[call-arg]
s.look_ahead(weeks="three")  # type: ignore[arg-type]
s.look_ahead(week=3)  # type: ignore[call-arg]
s.slippage()  # type: ignore[call-arg]
s.tasks(user_field=True)  # type: ignore[call-arg]
s.entities_3d(codes=True)  # type: ignore[call-arg]
s.task()  # type: ignore[call-arg]
s.table(3)  # type: ignore[arg-type]
