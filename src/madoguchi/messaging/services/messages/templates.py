"""Templates (ひな型): what is sent every month is written once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...errors import MessagingError
from ...models import Message, MessageTemplate
from ...permissions import message_policy
from .drafting import allowed_units, create_message


@transaction.atomic
def save_template(*, message: Message, name: str, actor: Account | None, note: str = "") -> MessageTemplate:
    """Keep the texts, audience and ways of a message to start from again."""
    message_policy.require(actor, "edit", message)
    if not name.strip():
        raise MessagingError(_("ひな型の名前を書いてください。"))
    made = MessageTemplate.objects.create(
        municipality=municipality_in_scope(),
        name=name.strip()[:120],
        note=note.strip()[:200],
        contents=message.contents,
        audience=message.audience,
        channels=message.channels,
        topic=message.topic,
        unit=message.unit,
        fallback_minutes=message.fallback_minutes,
        author=actor,
        created_at=clock.now(),
    )
    record_event(kind=events.TEMPLATE_SAVED, subject=made, actor=actor)
    return made


@transaction.atomic
def retire_template(*, template: MessageTemplate, actor: Account | None) -> None:
    """Offer a template no longer; messages that began from it stay as they are."""
    message_policy.require(actor, "edit", template)
    if template.retired_at is None:
        template.retired_at = clock.now()
        template.save(update_fields=["retired_at"])
        record_event(kind=events.TEMPLATE_RETIRED, subject=template, actor=actor)


def start_from_template(*, template: MessageTemplate, actor: Account | None) -> Message:
    """Write a draft from a template."""
    fields = {
        name: getattr(template, name) for name in ("contents", "audience", "channels", "topic", "fallback_minutes")
    }
    if template.unit is not None and template.unit in allowed_units(actor):
        fields["unit"] = template.unit
    return create_message(actor=actor, **fields)
