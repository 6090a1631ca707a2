"""Where the endpoints stand below the address of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bentley_nb.service.declare import SurfaceName

TOKEN_PATH = "/connect/token"
PROJECTS_PATH = "/itwins"
SCHEDULES_PATHS: Mapping[SurfaceName, str] = MappingProxyType(
    {"platform": "/schedules", "enterprise": "/4dschedule/v1/schedules"}
)
