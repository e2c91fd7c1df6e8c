"""Topics people can subscribe to: made, changed and retired by those who publish for the city."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .. import events
from ..errors import MessagingError
from ..models import Subscription, Topic
from ..permissions import topic_policy

_FIELDS = frozenset({"names", "descriptions", "unit", "is_open", "order"})


@transaction.atomic
def add_topic(
    *, code: str, names: Mapping[str, str], actor: Account | None, system: bool = False, **fields: Any
) -> Topic:
    """
    Make a topic; ``fields``: ``descriptions``, ``unit``, ``is_open``, ``order``. ``system`` is the house itself.

    Raises ``RefusedError``, ``ValidationError`` on bad fields, ``MessagingError`` for a code that is taken.
    """
    if not system:
        topic_policy.require(actor, "edit")
    topic = Topic(municipality=municipality_in_scope(), code=code, names=dict(names), created_at=clock.now())
    _set(topic, fields)
    topic.full_clean(exclude=["municipality", "descriptions"], validate_constraints=False)
    try:
        with transaction.atomic():
            topic.save(force_insert=True)
    except IntegrityError:
        raise MessagingError(_("このコードの分野は、すでにあります。別のコードにしてください。")) from None
    record_event(kind=events.TOPIC_ADDED, subject=topic, actor=actor, data={"topic": code})
    return topic


@transaction.atomic
def change_topic(*, topic: Topic, actor: Account, **fields: Any) -> Topic:
    """Change a topic; its code stays, since rules and links name it. Raises ``RefusedError``, ``ValidationError``."""
    topic_policy.require(actor, "edit")
    changed = sorted(name for name, value in fields.items() if getattr(topic, name, None) != value)
    _set(topic, fields)
    topic.full_clean(exclude=["municipality", "descriptions"])
    if changed:
        topic.save()
        data = {"topic": topic.code, "fields": changed}
        record_event(kind=events.TOPIC_CHANGED, subject=topic, actor=actor, data=data)
    return topic


@transaction.atomic
def retire_topic(*, topic: Topic, actor: Account) -> int:
    """End a topic with every subscription to it, and return how many there were; raises ``RefusedError``."""
    topic_policy.require(actor, "edit")
    if topic.retired_at is not None:
        return 0
    now = clock.now()
    topic.retired_at = now
    topic.save(update_fields=["retired_at"])
    ended = Subscription.objects.filter(topic=topic, ended_at__isnull=True).update(ended_at=now)
    record_event(kind=events.TOPIC_RETIRED, subject=topic, actor=actor, quantity=ended, data={"topic": topic.code})
    return int(ended)


def _set(topic: Topic, fields: Mapping[str, Any]) -> None:
    if unknown := set(fields) - _FIELDS:
        raise TypeError(f"a topic has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(topic, name, value)
