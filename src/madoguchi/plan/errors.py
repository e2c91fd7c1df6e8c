"""Errors of the plan room. Each message says where the fault is and what to do, in the user's language."""

from __future__ import annotations


class PlanError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class DocumentError(PlanError):
    """A plan document cannot be read; ``line`` is the 1-based line of the fault, or None for the whole file."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        """Keep the message and the line apart so that a page can link to the line."""
        super().__init__(message if line is None else f"{line}行目: {message}")
        self.line = line
