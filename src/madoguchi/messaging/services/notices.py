"""Notices: what one person must know of their own matter, told once however often it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, enqueue, municipality_in_scope

from ..enums import DeliveryStatus, MessageKind, MessageStatus
from ..models import Delivery, Endpoint, Message, Recipient, Topic
from .recipients import recipient_of
from .sending import fan_out
from .sending.fan_out import NOTICE
from .sending.messages import DELIVER

Contents = Mapping[str, Mapping[str, str]]


def notify(
    *,
    identity: str,
    contents: Contents,
    account: Account | None = None,
    recipient: Recipient | None = None,
    endpoint: Endpoint | None = None,
    thread: str = "",
    path: str = "",
    unit: Unit | None = None,
    topic: Topic | None = None,
    channels: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> Message | None:
    """
    Tell one person something, in the inbox and by the first way of their order; call it in the transaction that makes it true.

    ``identity`` (at most 120 characters) names the occasion: a second call with the same one does nothing and returns None.
    With ``endpoint`` it goes to that address alone and into no inbox; an identity that begins with ``confirm:`` may go to one
    that is not confirmed yet. Raises ``ValueError`` without anybody to tell.
    """
    person = recipient or (endpoint.recipient if endpoint is not None else None)
    if person is None:
        if account is None:
            raise ValueError("a notice needs an account, a recipient or an address")
        person = recipient_of(account=account)
    message = _message(identity, contents, thread, path, unit, topic, channels, expires_at, person)
    if message is None:
        return None
    if endpoint is not None:
        _to_address(message, endpoint)
    else:
        fan_out(message=message, person=person)
    enqueue(DELIVER)
    return message


def _message(
    identity: str,
    contents: Contents,
    thread: str,
    path: str,
    unit: Unit | None,
    topic: Topic | None,
    channels: Sequence[str],
    expires_at: datetime | None,
    person: Recipient,
) -> Message | None:
    now = clock.now()
    message = Message(
        municipality=municipality_in_scope(),
        identity=identity,
        kind=MessageKind.NOTICE,
        status=MessageStatus.SENDING,
        contents={language: dict(variant) for language, variant in contents.items()},
        audience={"recipients": [person.key]},
        thread=thread,
        path=path,
        unit=unit,
        topic=topic,
        channels=list(channels),
        expires_at=expires_at,
        created_at=now,
        changed_at=now,
        fanned_out_at=now,
        planned_count=1,
    )
    if Message.objects.filter(identity=identity).exists():
        return None
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return None
    return message


def _to_address(message: Message, endpoint: Endpoint) -> None:
    now = clock.now()
    Delivery.objects.create(
        municipality_id=message.municipality_id,
        message=message,
        recipient_id=endpoint.recipient_id,
        channel=endpoint.channel,
        endpoint=endpoint,
        status=DeliveryStatus.WAITING,
        language=endpoint.recipient.language,
        urgency=NOTICE,
        reason=MessageKind.NOTICE,
        queued_at=now,
        due_at=now,
    )
