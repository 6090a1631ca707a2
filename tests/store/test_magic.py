"""``%bentley open PATH``: a kept copy is the current schedule, without a connection."""

from __future__ import annotations

import pytest

import bentley_nb as bn
from bentley_nb import _session
from tests.notebook.conftest import *  # noqa: F403 - its shells


def test_a_copy_is_the_current_schedule(shell, demo, tmp_path):
    path = demo.keep(tmp_path)
    _session.forget()
    opened = shell.run(f"%bentley open '{path}'")
    assert opened.path == path
    assert "Current schedule: Harbour Point Tower" in shell.said
    assert len(shell.run("%bentley tasks")) == len(demo.tasks())
    assert len(shell.run("%bentley late")) == len(demo.late())
    assert shell.run("%%bentley\nSELECT count(*) AS n FROM tasks")["n"].tolist() == [len(demo.tasks())]
    assert _session.connected() is None
    with pytest.raises(bn.InvalidRequest, match="There is no folder"):
        shell.run("%bentley open nowhere")
