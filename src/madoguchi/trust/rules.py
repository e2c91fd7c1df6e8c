"""Pure rules of the trust room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.kit import hashing


def event_digest(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of an event's canonical JSON form."""
    return hashing.digest(dict(row))
