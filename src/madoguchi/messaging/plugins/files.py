"""What files the messaging room takes."""

from __future__ import annotations

from madoguchi.trust.api import FilePurpose

from .attachments import ATTACHMENT
from .signage import SIGNAGE_PURPOSES

PURPOSES: tuple[FilePurpose, ...] = (ATTACHMENT, *SIGNAGE_PURPOSES)
"""Every purpose of files in the room."""
