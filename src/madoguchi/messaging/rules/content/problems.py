"""What is wrong with a text: where, what, how grave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """Whether a text can be sent in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ContentProblem:
    """
    Something about one text. ``path`` is ``<language>.<field>`` (``en.body``), or ``<language>`` for a variant as a whole.

    ``message`` is a msgid with ``params``; ``code`` is what programs read.
    """

    path: str
    code: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Tell whether it keeps the message from being sent."""
        return self.severity is Severity.ERROR


def N_(message: str) -> str:
    """Mark a text for translation."""
    return message
