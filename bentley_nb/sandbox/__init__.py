"""A loopback service that behaves like the Schedules API: for the demo, the documentation and the tests.

Start one with :class:`Sandbox`; ``bentley_nb.connect(demo=True)`` does it for you. It listens on 127.0.0.1 only, and
its credentials are good for nothing else.
"""

from __future__ import annotations

from bentley_nb.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
