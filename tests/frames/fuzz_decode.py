"""Coverage-guided fuzz of the page decoder: ``python -m tests.frames.fuzz_decode [RUNS]``.

Each input is read as a page and as the items of one; both paths give equal frames, or an error is one of ours.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bentley_nb.frames"]):  # Arrow and pandas are compiled: not theirs
    from tests.frames.both_paths import agree

ITEMS = (
    b'{"id": "1", "name": "a", "plannedStart": "2024-05-20T09:00:00.1234567Z", "plannedDuration": 3600, "isWbs": true},'
    b'{"id": "2", "percentComplete": 12.5, "new": {"a": [1], "b": null}, "type": "Work", "newer": 9007199254740993}'
)
CORPUS = [ITEMS, b'{"tasks": [' + ITEMS + b'], "_links": {}}', b"{}", b"null"]


def one_input(data: bytes) -> None:
    agree(data)
    agree(b'{"tasks": [' + data + b'], "_links": {}}')


def main(runs: int, folder: Path) -> None:
    for number, body in enumerate(CORPUS):
        (folder / str(number)).write_bytes(body)
    options = [f"-runs={runs}", "-seed=7", "-max_len=1000", "-timeout=20", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(folder)], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, Path(place))
