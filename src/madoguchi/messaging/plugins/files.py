"""What files the messaging room takes."""

from __future__ import annotations

from madoguchi.trust.api import FilePurpose

from .attachments import ATTACHMENT

PURPOSES: tuple[FilePurpose, ...] = (ATTACHMENT,)
"""Every purpose of files in the room."""
