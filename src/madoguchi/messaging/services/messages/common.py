"""What the steps share: the row under a lock, the version somebody saw, what is kept of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ...enums import MessageKind
from ...errors import StaleError, StatusError
from ...models import Message

SAVED_FIELDS = (
    "contents",
    "audience",
    "channels",
    "topic",
    "unit",
    "send_at",
    "expires_at",
    "fallback_minutes",
)
"""What people write of a message."""


def locked(message: Message) -> Message:
    """Return the message as it stands now, held until the transaction ends; only messages to many are worked on by hand."""
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.kind != MessageKind.BROADCAST:
        raise StatusError(_("これはシステムが送るお知らせです。ここでは変えられません。"))
    return found


def require_revision(message: Message, *, seen: int) -> None:
    """Raise ``StaleError`` where somebody changed the message since it was looked at."""
    if message.revision != seen:
        raise StaleError(
            _(
                "開いているあいだに、ほかの人がこのお知らせを変更しました。新しい内容を確かめて、もう一度行ってください。"
            )
        )


def require_status(message: Message, *allowed: str) -> None:
    """Raise ``StatusError`` where the message is not in one of the states."""
    if message.status not in allowed:
        raise StatusError(
            _("このお知らせは「%(status)s」なので、この操作はできません。") % {"status": message.get_status_display()}
        )


def snapshot_of(message: Message) -> dict[str, Any]:
    """Return what an approver sees of a message, as plain data."""
    return {
        "contents": message.contents,
        "audience": message.audience,
        "channels": message.channels,
        "topic": message.topic.code if message.topic is not None else "",
        "unit": message.unit_id,
        "send_at": None if message.send_at is None else message.send_at.isoformat(),
        "expires_at": None if message.expires_at is None else message.expires_at.isoformat(),
        "fallback_minutes": message.fallback_minutes,
        "attachments": [
            {"name": one.label or one.stored.name, "digest": one.stored.digest}
            for one in message.attachments.select_related("stored")
        ],
    }


def event_data(message: Message) -> dict[str, Any]:
    """Return what events say of a message: codes and numbers alone."""
    return {
        "kind": message.kind,
        "topic": message.topic.code if message.topic is not None else "",
        "revision": message.revision,
        "languages": sorted(message.contents),
    }
