"""The course of a message: begun when it is due, finished when its last delivery is settled."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from madoguchi.kit import clock
from madoguchi.trust.api import enqueue, enqueue_once, record_event

from ... import events
from ...enums import DeliveryStatus, MessageKind, MessageStatus
from ...errors import MessagingError
from ...models import Alert, Delivery, Link, Message
from ...rules.content import extract_links
from .fan_out import audience_size, fan_out
from .next_ways import go_on, unanswered

logger = logging.getLogger(__name__)

START, DELIVER = "messaging.tasks.sending.start_message", "messaging.tasks.sending.deliver"
OPEN = (DeliveryStatus.WAITING, DeliveryStatus.SENDING)
FALL_BACK_DAYS = 7


@transaction.atomic
def queue_message(*, message: Message) -> None:
    """
    Let an approved message go out: at once, or at ``send_at``.

    Call it in the transaction of the approval: both happen or neither.
    """
    is_due = message.send_at is None or message.send_at <= clock.now()
    message.status = MessageStatus.SENDING if is_due else MessageStatus.SCHEDULED
    message.save(update_fields=["status"])
    if is_due:
        enqueue(START, message_id=message.pk)


@transaction.atomic
def start_message(*, message_id: int) -> int:
    """Fan a message out once; return how many people get it, 0 where that was done before or it was cancelled."""
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.fanned_out_at is not None or message.status not in (MessageStatus.SENDING, MessageStatus.SCHEDULED):
        return 0
    return _begin(message)


@transaction.atomic
def send_at_once(*, message: Message) -> int:
    """Fan a message out in the transaction of the caller, without waiting for a worker to begin; for emergencies."""
    return _begin(message)


def _begin(message: Message) -> int:
    message.status, message.fanned_out_at = MessageStatus.SENDING, clock.now()
    if message.kind == MessageKind.BROADCAST:
        _count_links(message)
    people = fan_out(message=message)
    message.planned_count = audience_size(message)
    message.save(update_fields=["status", "fanned_out_at", "planned_count"])
    data = {"kind": message.kind, "topic": message.topic.code if message.topic else "", "drill": message.is_drill}
    record_event(
        kind=events.MESSAGE_FANNED_OUT, subject=message, actor=message.author, quantity=message.planned_count, data=data
    )
    enqueue(DELIVER)
    return people


def _count_links(message: Message) -> None:
    known = set(message.links.values_list("address", flat=True))
    fresh = [address for address in extract_links(message.contents) if address not in known]
    Link.objects.bulk_create(
        Link(municipality_id=message.municipality_id, message=message, address=address) for address in fresh
    )


def start_due_messages() -> int:
    """Begin scheduled messages whose time has come; return how many. One that has expired meanwhile is cancelled."""
    due = Message.objects.filter(status=MessageStatus.SCHEDULED, send_at__lte=clock.now())
    begun = 0
    for message in due.order_by("send_at", "pk"):
        if message.expires_at is not None and message.expires_at <= clock.now():
            _give_up(message)
        else:
            begun += _start_alone(message)
    return begun


def _start_alone(message: Message) -> int:
    """Begin one message; one that cannot be begun (its audience names what is no longer there) keeps no other waiting."""
    try:
        start_message(message_id=message.pk)
    except MessagingError:
        logger.exception("the scheduled message %s could not be begun", message.key)
        return 0
    return 1


@transaction.atomic
def _give_up(message: Message) -> None:
    message.status, message.cancelled_at = MessageStatus.CANCELLED, clock.now()
    message.save(update_fields=["status", "cancelled_at"])
    record_event(kind=events.MESSAGE_CANCELLED, subject=message, data={"kind": message.kind, "why": "expired"})


def finish_messages() -> int:
    """Close messages of which nothing is left to be sent; return how many."""
    finished = 0
    for message in Message.objects.filter(status=MessageStatus.SENDING, fanned_out_at__isnull=False):
        if not message.deliveries.filter(status__in=OPEN).exists():
            finished += _finish(message)
    return finished


@transaction.atomic
def _finish(message: Message) -> int:
    mine = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING)
    if not mine.update(status=MessageStatus.SENT, finished_at=clock.now()):
        return 0
    audience, reached = message.planned_count or 0, _people_reached(message)
    data = {"kind": message.kind, "drill": message.is_drill}
    record_event(kind=events.MESSAGE_FINISHED, subject=message, quantity=audience, data=data)
    if message.kind != MessageKind.NOTICE:
        unreached = max(audience - reached, 0)
        record_event(kind=events.PEOPLE_UNREACHED, subject=message, quantity=unreached, data=data)
    alert = Alert.objects.filter(message=message).first()
    if alert is not None:
        record_event(kind=events.ALERT_DELIVERED, subject=alert, quantity=_seconds_of(alert, message), data=data)
    return 1


def _seconds_of(alert: Alert, message: Message) -> int:
    """Return the seconds from the telegram, or the word of whoever issued it, to the last person an alert was sent to."""
    began = alert.created_at if alert.is_automatic or alert.issued_at is None else alert.issued_at
    last = message.deliveries.aggregate(last=Max("sent_at"))["last"]
    return 0 if last is None else max(round((last - began).total_seconds()), 0)


def _people_reached(message: Message) -> int:
    settled: Sequence[str] = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
    return int(message.deliveries.filter(status__in=settled).values("recipient_id").distinct().count())


def fall_back_in_time() -> int:
    """Ring by the next way at people who did not read a message in the minutes it gives them; return how many."""
    now, begun = clock.now(), 0
    recent = now - timedelta(days=FALL_BACK_DAYS)
    for message in Message.objects.filter(fallback_minutes__gt=0, fanned_out_at__gte=recent).exclude(
        status=MessageStatus.CANCELLED
    ):
        if message.expires_at is None or message.expires_at > now:
            before = now - timedelta(minutes=message.fallback_minutes)
            begun += go_on(unanswered(message, before=before))
    if begun:
        Message.objects.filter(
            status=MessageStatus.SENT, deliveries__in=Delivery.objects.filter(status=DeliveryStatus.WAITING)
        ).update(status=MessageStatus.SENDING)
        enqueue_once(DELIVER)
    return begun
