"""Lists of messages and templates for staff."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from madoguchi.trust.api import Account

from ...enums import MessageKind, MessageStatus
from ...models import Message, MessageTemplate
from ...permissions import message_policy

FILTERS = ("q", "state", "kind", "topic", "unit", "who")
_MOST_WAITING = 200


def search_messages(asked: Mapping[str, str], actor: Account | None = None) -> QuerySet[Message]:
    """
    Return the messages that fit what a list was asked for, newest first.

    ``q`` is a part of a text in any language; ``state`` a status or ``open`` (not sent yet); ``kind`` broadcast (the usual one)
    or emergency; ``topic`` a code; ``unit`` a number; ``who`` ``mine``. Messages about one person's own matter are in no list.
    """
    kind = asked.get("kind", "") or MessageKind.BROADCAST
    found = Message.objects.filter(kind=kind).exclude(kind=MessageKind.NOTICE).select_related("topic", "unit", "author")
    if text := asked.get("q", "").strip():
        found = found.filter(_says(text))
    state = asked.get("state", "")
    if state == "open":
        found = found.filter(status__in=[MessageStatus.DRAFT, MessageStatus.RETURNED, MessageStatus.WAITING])
    elif state in MessageStatus.values:
        found = found.filter(status=state)
    if topic := asked.get("topic", ""):
        found = found.filter(topic__code=topic)
    if (unit := asked.get("unit", "")).isascii() and unit.isdecimal() and len(unit) < 10:
        found = found.filter(unit_id=int(unit))
    if asked.get("who") == "mine" and actor is not None:
        found = found.filter(Q(author=actor) | Q(submitted_by=actor) | Q(changed_by=actor))
    return found


def _says(text: str) -> Q:
    found = Q(key=text.upper())
    for language in ("ja", "en", "ja-easy"):
        for name in ("subject", "body"):
            found |= Q(**{f"contents__{language}__{name}__icontains": text})
    return found


def messages_by_status() -> dict[str, int]:
    """Return how many messages to many there are in each state."""
    rows = Message.objects.filter(kind=MessageKind.BROADCAST).order_by().values("status").annotate(n=Count("pk"))
    return {row["status"]: row["n"] for row in rows}


def waiting_for(actor: Account | None) -> list[Message]:
    """Return the messages this person can approve now, oldest first."""
    rows = (
        Message.objects.filter(kind=MessageKind.BROADCAST, status=MessageStatus.WAITING)
        .select_related("unit", "author")
        .order_by("submitted_at", "id")[:_MOST_WAITING]
    )
    mine = [
        row
        for row in rows
        if actor is not None and not row.approvals.filter(actor=actor, revision=row.revision).exists()
    ]
    return [row for row in mine if message_policy.allows(actor, "approve", row)]


def templates() -> QuerySet[MessageTemplate]:
    """Return the templates one can start from, by name."""
    return MessageTemplate.objects.filter(retired_at__isnull=True).select_related("topic", "unit")
