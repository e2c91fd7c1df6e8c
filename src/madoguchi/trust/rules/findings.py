"""Findings of a check: what is wrong, how bad it is, and where."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing a check found.

    ``severity`` is ``error`` or ``warning``; ``subject`` says where (``odawara/events``); ``kind`` is a stable word such as
    ``changed``, ``inserted`` or ``removed``; ``row`` is the row or seal number meant; ``message`` is Japanese.
    """

    severity: str
    subject: str
    kind: str
    message: str
    row: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON values."""
        return asdict(self)
