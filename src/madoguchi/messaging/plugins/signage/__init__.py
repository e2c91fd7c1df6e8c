"""What this room itself can show on screens: the day and the hours, closed days, news to everybody; files for screens."""

from __future__ import annotations

from .files import SIGNAGE_PURPOSES
from .sources import SIGNAGE_SOURCES

__all__ = ["SIGNAGE_PURPOSES", "SIGNAGE_SOURCES"]
