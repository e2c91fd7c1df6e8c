"""Meters of the messaging room."""

from __future__ import annotations

from madoguchi.trust.api import Meter

OWN_METERS: tuple[Meter, ...] = ()
"""What the room counts for the plan's indicators."""
