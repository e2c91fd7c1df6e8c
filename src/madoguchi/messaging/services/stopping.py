"""
Stopping messages by the link in one of them, without signing in (one-click unsubscription, RFC 8058).

Whoever holds the link may stop what it is about and undo that, and nothing else. What already waits to be sent to the person is
stopped with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from madoguchi.kit import clock

from ..enums import ChannelKey, DeliveryStatus, MessageKind, SubscriptionSource
from ..models import Delivery, Recipient, Subscription, Topic
from ..rules.tokens import TokenError, unsign
from .preferences import pause
from .subscriptions import subscribe, unsubscribe, unsubscribe_all

PURPOSE = "stop"
FOR_GOOD = timedelta(days=365 * 100)
UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Stoppable:
    """
    What a link can stop: ``topic`` is None where the message was about none the person subscribes to, and then it is everything.

    ``is_topic_stopped`` and ``is_paused`` say what is stopped already.
    """

    delivery: Delivery
    recipient: Recipient
    topic: Topic | None
    is_topic_stopped: bool
    is_paused: bool

    @property
    def is_stopped(self) -> bool:
        """Tell whether nothing more of the kind comes."""
        return self.is_paused or self.is_topic_stopped


def find_stoppable(token: str) -> Stoppable:
    """Return what a link stops; raise ``TokenError`` for one that is not ours, or whose message is gone."""
    number = unsign(PURPOSE, token)
    if not number.isdecimal():
        raise TokenError("the token names no delivery")
    found = Delivery.objects.filter(pk=int(number)).select_related("recipient", "message__topic").first()
    if found is None:
        raise TokenError("the message is gone")
    recipient, topic = found.recipient, found.message.topic
    mine = Subscription.objects.filter(recipient=recipient, topic=topic) if topic is not None else None
    is_live = mine is not None and mine.filter(ended_at__isnull=True).exists()
    has_ended = mine is not None and not is_live and mine.filter(ended_at__gte=found.queued_at).exists()
    paused = recipient.paused_until is not None and recipient.paused_until > clock.now()
    return Stoppable(found, recipient, topic if is_live or has_ended else None, has_ended, paused)


@transaction.atomic
def stop_topic(*, stoppable: Stoppable) -> None:
    """Stop what the message was about, at once; everything but emergencies where it was no topic of the person's."""
    if stoppable.topic is None:
        stop_everything(stoppable=stoppable)
        return
    unsubscribe(recipient=stoppable.recipient, topic=stoppable.topic, source=SubscriptionSource.OWN)
    _skip_waiting(stoppable.recipient, topic=stoppable.topic)


@transaction.atomic
def stop_everything(*, stoppable: Stoppable) -> None:
    """Stop everything but emergencies and what concerns the person's own matters."""
    pause(recipient=stoppable.recipient, until=clock.now() + FOR_GOOD)
    _skip_waiting(stoppable.recipient)


@transaction.atomic
def undo_stop(*, stoppable: Stoppable) -> None:
    """Take back what the link stopped; raises ``MessagingError`` for a topic that has ended since."""
    if stoppable.is_paused:
        pause(recipient=stoppable.recipient, until=None)
    if stoppable.is_topic_stopped and stoppable.topic is not None:
        subscribe(recipient=stoppable.recipient, topic=stoppable.topic, source=_source(stoppable.topic))


@transaction.atomic
def stop_for_complaint(*, recipient: Recipient) -> None:
    """Stop everything but emergencies for somebody whose mail company says that they called a mail of ours unwanted."""
    unsubscribe_all(recipient=recipient, source=SubscriptionSource.OWN)
    pause(recipient=recipient, until=clock.now() + FOR_GOOD)
    _skip_waiting(recipient)


def _source(topic: Topic) -> SubscriptionSource:
    """Return how a subscription is begun again: one the house made is the house's again."""
    return SubscriptionSource.OWN if topic.is_open else SubscriptionSource.STAFF


def _skip_waiting(recipient: Recipient, *, topic: Topic | None = None) -> int:
    """Skip what waits to be sent to somebody by any way; what lies in the inbox stays."""
    waiting = Delivery.objects.filter(
        recipient=recipient, status=DeliveryStatus.WAITING, message__kind=MessageKind.BROADCAST
    ).exclude(channel=ChannelKey.INBOX)
    if topic is not None:
        waiting = waiting.filter(message__topic=topic)
    return int(waiting.update(status=DeliveryStatus.SKIPPED, error=UNSUBSCRIBED))
