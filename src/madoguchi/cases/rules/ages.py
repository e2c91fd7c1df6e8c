"""How a due date is said on a work list: in words and with a tone, never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .bpmn.document import N_

SOON = 3


@dataclass(frozen=True, slots=True)
class Age:
    """A due date as staff reads it: a sentence (msgid) with ``n``, and the tone of the design system."""

    text: str
    n: int
    tone: str | None


def age_of(due_on: date | None, today: date) -> Age:
    """Return how near a due date is, or how long it has passed."""
    if due_on is None:
        return Age(N_("期限なし"), 0, None)
    days = (due_on - today).days
    if days < 0:
        return Age(N_("%(n)s日過ぎています"), -days, "bad")
    if days == 0:
        return Age(N_("今日まで"), 0, "caution")
    return Age(N_("あと%(n)s日"), days, "caution" if days <= SOON else None)
