"""What the pages share: finding a message, its name, the way back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from madoguchi.kit import ids
from madoguchi.trust.api import Account, account_of

from ...enums import MessageKind, MessageStatus
from ...models import Message
from ...permissions import message_policy
from ...selectors.messages import language_name

TONES = {
    MessageStatus.DRAFT: "idle",
    MessageStatus.WAITING: "caution",
    MessageStatus.RETURNED: "bad",
    MessageStatus.SCHEDULED: "active",
    MessageStatus.SENDING: "active",
    MessageStatus.SENT: "good",
    MessageStatus.CANCELLED: "idle",
}
EDITABLE = (MessageStatus.DRAFT, MessageStatus.RETURNED, MessageStatus.WAITING, MessageStatus.SCHEDULED)


def find_message(key: str) -> Message:
    """Return a message to many (or an emergency's, to be looked at); 404 for others."""
    if not ids.is_ulid(key):
        raise Http404("message")
    found = (
        Message.objects.filter(key=key)
        .exclude(kind=MessageKind.NOTICE)
        .select_related("topic", "unit", "author", "submitted_by", "changed_by")
        .first()
    )
    if found is None:
        raise Http404("message")
    return found


def editable(key: str) -> Message:
    """Return a message people write by hand; 404 for others."""
    found = find_message(key)
    if found.kind != MessageKind.BROADCAST:
        raise Http404("message")
    return found


def actor_of(request: HttpRequest) -> Account:
    """Return who is at work; the decorators have let somebody in."""
    actor = account_of(request)
    assert actor is not None  # noqa: S101 - every page asks for a permission first
    return actor


def language_label(code: str) -> str:
    """Return the name of a language, in that language."""
    return language_name(code)


def frame(request: HttpRequest, message: Message) -> dict[str, Any]:
    """Return what every page of a message shows."""
    actor = actor_of(request)
    return {
        "message": message,
        "title": str(message) or _("（件名のないお知らせ）"),
        "tone": TONES.get(MessageStatus(message.status)),
        "may": message_policy.actions_for(actor, message),
        "is_editable": message.kind == MessageKind.BROADCAST and message.status in EDITABLE,
        "actor": actor,
        "language_label": language_label,
    }
