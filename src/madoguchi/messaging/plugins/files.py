"""What files the messaging room takes."""

from __future__ import annotations

from madoguchi.trust.api import FilePurpose

PURPOSES: tuple[FilePurpose, ...] = ()
"""Every purpose of files in the room."""
