"""Writing: a new message, a change, a copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import (
    Account,
    RefusedError,
    Unit,
    current_duties,
    holds_role,
    municipality_in_scope,
    record_event,
    units_in,
)
from madoguchi.trust.enums import AccountKind, Role

from ... import events
from ...enums import ChannelKey, MessageKind, MessageStatus
from ...errors import ContentError, MessagingError
from ...models import Attachment, Message
from ...permissions import message_policy
from ...rules.audience import parse_rule, write_rule
from ...rules.content import clean_contents
from .common import SAVED_FIELDS, event_data, locked, require_revision, require_status

MOST_FALLBACK_MINUTES = 7 * 24 * 60


def allowed_units(actor: Account | None) -> list[Unit]:
    """Return the units somebody may write for: those they hold a duty at, or all where they speak for the city."""
    units = list(units_in(fiscal.fiscal_year(clock.today())))
    if actor is None:
        return []
    if actor.kind == AccountKind.MACHINE or holds_role(actor, Role.PUBLISHER, Role.CRISIS_MANAGER):
        return units
    duties = current_duties(actor).filter(role__in=(Role.SECTION_STAFF, Role.SECTION_CHIEF))
    held = set(duties.values_list("unit_id", flat=True))
    return units if None in held else [unit for unit in units if unit.pk in held]


@transaction.atomic
def create_message(*, actor: Account | None, **fields: Any) -> Message:
    """
    Write a draft of a message to many and return it. Fields: ``SAVED_FIELDS``; nothing need be complete yet.

    Without a ``unit`` it is the first one the actor may write for. Raises ``ContentError`` or ``AudienceError`` for what cannot
    be read, ``RefusedError``.
    """
    message_policy.require(actor, "edit")
    values = _cleaned(fields, actor)
    if "unit" not in values:
        own = allowed_units(actor)
        values["unit"] = own[0] if own and not holds_role(actor, Role.PUBLISHER, Role.CRISIS_MANAGER) else None
    now = clock.now()
    message = Message.objects.create(
        municipality=municipality_in_scope(),
        kind=MessageKind.BROADCAST,
        author=actor,
        changed_by=actor,
        created_at=now,
        changed_at=now,
        **values,
    )
    record_event(kind=events.MESSAGE_CREATED, subject=message, actor=actor, data=event_data(message))
    return message


@transaction.atomic
def change_message(*, message: Message, actor: Account | None, seen_revision: int, **fields: Any) -> Message:
    """
    Change a message that is not sent yet and return it; what was approved of it before counts no longer.

    Raises ``StaleError`` where somebody else was faster, ``StatusError`` once it is being sent.
    """
    found = locked(message)
    message_policy.require(actor, "edit", found)
    require_revision(found, seen=seen_revision)
    require_status(found, MessageStatus.DRAFT, MessageStatus.RETURNED, MessageStatus.WAITING, MessageStatus.SCHEDULED)
    values = _cleaned(fields, actor, found)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if not changed:
        return found
    for name in changed:
        setattr(found, name, values[name])
    return touched(found, actor=actor, changed=changed)


def touched(message: Message, *, actor: Account | None, changed: list[str]) -> Message:
    """Save a changed message: the next revision, back to the draft, with the event."""
    if message.status != MessageStatus.RETURNED:
        message.status = MessageStatus.DRAFT
    message.revision += 1
    message.changed_at, message.changed_by = clock.now(), actor
    message.submitted_at, message.submitted_by = None, None
    message.save()
    data = event_data(message) | {"changed": sorted(changed)}
    record_event(kind=events.MESSAGE_CHANGED, subject=message, actor=actor, data=data)
    return message


@transaction.atomic
def copy_message(*, message: Message, actor: Account | None) -> Message:
    """Write a new draft with the texts, audience, ways and attachments of a message; times are not taken over."""
    fields = {name: getattr(message, name) for name in SAVED_FIELDS if name not in ("send_at", "expires_at", "unit")}
    if not _reads(fields["audience"]):
        fields["audience"] = {}
    if message.unit is not None and message.unit in allowed_units(actor):
        fields["unit"] = message.unit
    made = create_message(actor=actor, **fields)
    Attachment.objects.bulk_create(
        Attachment(municipality=made.municipality, message=made, stored=one.stored, label=one.label)
        for one in message.attachments.select_related("stored")
    )
    return made


def _reads(document: Any) -> bool:
    try:
        parse_rule(document)
    except MessagingError:
        return False
    return True


def _cleaned(fields: Mapping[str, Any], actor: Account | None, message: Message | None = None) -> dict[str, Any]:
    unknown = set(fields) - set(SAVED_FIELDS)
    if unknown:
        raise TypeError(f"a message has no {sorted(unknown)}")
    values = dict(fields)
    if "contents" in values:
        values["contents"] = clean_contents(values["contents"])
    if values.get("audience"):
        values["audience"] = write_rule(parse_rule(values["audience"]))
    if "channels" in values:
        values["channels"] = _channels(values["channels"])
    if not 0 <= values.get("fallback_minutes", 0) <= MOST_FALLBACK_MINUTES:
        raise ContentError(_("次の手段に移るまでの時間は、7日までです。"), [("fallback_minutes", _("7日まで"))])
    unit = values.get("unit")
    if unit is not None and (message is None or message.unit_id != unit.pk) and unit not in allowed_units(actor):
        raise RefusedError(
            _("「%(unit)s」のお知らせは、その課の職員だけが作れます。") % {"unit": unit.name},
            action="edit",
            actor=actor,
            subject=message,
        )
    return values


def _channels(wanted: Any) -> list[str]:
    unknown = [str(key) for key in wanted if key not in ChannelKey.values]
    if unknown:
        text = _("「%(key)s」という手段はありません。") % {"key": unknown[0][:20]}
        raise ContentError(text, [("channels", text)])
    return [key for key in ChannelKey.values if key in set(wanted)]
