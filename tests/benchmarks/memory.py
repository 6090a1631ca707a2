"""How far the resident size of this process rises."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def start_peak() -> int:
    """Set the highest resident size back to the present one and give it, in bytes."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return peak()
    return _status("VmRSS:")


def peak() -> int:
    """Highest resident size since then, in bytes."""
    try:
        return _status("VmHWM:")
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
