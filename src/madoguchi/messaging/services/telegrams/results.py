"""What becomes of a telegram: one account for people, logs and the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from madoguchi.trust.api import Municipality

from ...rules.telegram import Telegram
from ...rules.telegram_rules import Match


class What(StrEnum):
    """What is done of an event."""

    ISSUE = "issue"
    UPDATE = "update"
    CANCEL = "cancel"
    DRAFT = "draft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Action:
    """What is done, or would be, for one municipality about one event of a telegram, by which rule, and why (or why not)."""

    municipality: Municipality
    what: What
    why: str
    event_key: str = ""
    warning: str = ""
    level: str = ""
    areas: tuple[str, ...] = ()
    rule: str = ""
    alert_key: str = ""
    evacuation_level: int | None = None
    contents: dict[str, dict[str, str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; the municipality by its code."""
        return {
            "municipality": self.municipality.code,
            "what": self.what.value,
            "why": self.why,
            "event_key": self.event_key,
            "warning": self.warning,
            "level": self.level,
            "areas": list(self.areas),
            "rule": self.rule,
            "alert": self.alert_key,
            "evacuation_level": self.evacuation_level,
        }


@dataclass(slots=True)
class Taken:
    """
    What became of a telegram in all municipalities. ``telegram`` is what it says; ``refusal`` why nothing at all was done.

    ``would`` is, of a trial (``dry_run``) of one set aside, what would be done if it were meant and in time. ``matches`` are the
    warnings that are, or may be, for a municipality, by its code.
    """

    telegram: Telegram
    refusal: str = ""
    actions: list[Action] = field(default_factory=list)
    would: list[Action] = field(default_factory=list)
    matches: dict[str, list[Match]] = field(default_factory=dict)
    rows: list[Any] = field(default_factory=list)
