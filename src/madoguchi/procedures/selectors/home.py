"""What the home page shows of the procedures: the doors of life events, and what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from madoguchi.trust.api import Account

from ..rules.definition import Text
from ..rules.finder.events import DOORS, Door, event_label
from .applying import applications_of, drafts_of, waiting_for
from .finding import catalogue


@dataclass(frozen=True, slots=True)
class HomeDoor:
    """A door of the home page, and the names of the life events behind it that have procedures."""

    door: Door
    events: list[Text]


@dataclass(frozen=True, slots=True)
class Matter:
    """
    Something that waits for a person.

    ``kind`` is correction, payment, message or draft; ``path`` where to pay; ``key`` of a draft, ``number`` of an application.
    """

    kind: str
    title: Text
    due_on: date | None
    number: str = ""
    key: str = ""
    path: str = ""


def home_doors() -> list[HomeDoor]:
    """Return the six doors; one without procedures stays, since its page says so and whom to call."""
    offered = set(catalogue().events)
    return [HomeDoor(door, [event_label(event) for event in door.events if event in offered]) for door in DOORS]


def matters_of(account: Account, limit: int = 3) -> list[Matter]:
    """Return what waits for a person: what the city asked for first, then drafts, the most urgent first."""
    waiting = [
        Matter(
            item.kind,
            item.application.version.definition.name,
            item.due_on,
            number=item.application.number,
            path=item.pay_path,
        )
        for item in waiting_for(list(applications_of(account)[:50]))
    ]
    if len(waiting) >= limit:
        return waiting[:limit]
    drafts = [
        Matter("draft", draft.version.definition.name, None, key=draft.key)
        for draft in drafts_of(account)[: limit - len(waiting)]
    ]
    return [*waiting, *drafts]
