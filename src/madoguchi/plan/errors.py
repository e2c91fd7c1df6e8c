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


class StaleError(PlanError):
    """
    Somebody else changed the same thing first; nothing was saved.

    ``yours`` and ``theirs`` map the names of fields to what each of the two wanted, for a page that shows both.
    """

    def __init__(self, message: str = "", *, yours: dict[str, str], theirs: dict[str, str]) -> None:
        """Keep both versions."""
        super().__init__(message or "ほかの人が先に変更しました。両方の内容を見比べて、もう一度保存してください。")
        self.yours = yours
        self.theirs = theirs


class FrozenPeriodError(PlanError):
    """The period was closed by a review round: its figures and marks cannot change any more."""


class StageError(PlanError):
    """The review round or the evaluation stands at a stage at which this cannot be done."""
