"""Subscriptions to topics: begun, ended, set as a whole; each with one event, rows kept for counting by day."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from .. import events
from ..enums import SubscriptionSource
from ..errors import MessagingError
from ..models import Recipient, Subscription, Topic
from ..permissions import recipient_policy


def subscribe(
    *, recipient: Recipient, topic: Topic, source: SubscriptionSource | str, actor: Account | None = None
) -> Subscription:
    """
    Let somebody hear of a topic from now on; doing it again changes nothing.

    ``actor`` None: the person themselves, proven by a link or another channel. Raises ``RefusedError``, and ``MessagingError`` for
    a topic that has ended, or is not open to people's own choice.
    """
    _require(actor, recipient)
    if topic.retired_at is not None:
        raise MessagingError(_("この分野のお知らせは終了しました。"))
    own = source in (SubscriptionSource.OWN, SubscriptionSource.LINE)
    if own and not topic.is_open:
        raise MessagingError(_("この分野は、ご自分で申し込むことができません。担当の課にお問い合わせください。"))
    known = Subscription.objects.filter(recipient=recipient, topic=topic, ended_at__isnull=True)
    found = known.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            made = Subscription.objects.create(
                municipality_id=recipient.municipality_id,
                recipient=recipient,
                topic=topic,
                source=source,
                subscribed_at=clock.now(),
            )
            data = {"topic": topic.code, "source": str(source)}
            record_event(kind=events.SUBSCRIBED, subject=made, actor=actor, quantity=1, data=data)
    except IntegrityError:  # the same wish came twice at once
        return known.get()
    return made


@transaction.atomic
def unsubscribe(
    *, recipient: Recipient, topic: Topic, source: SubscriptionSource | str, actor: Account | None = None
) -> bool:
    """End somebody's subscription and tell whether there was one; raises ``RefusedError``."""
    _require(actor, recipient)
    found = Subscription.objects.select_for_update().filter(recipient=recipient, topic=topic, ended_at__isnull=True)
    ended = found.first()
    if ended is None:
        return False
    ended.ended_at = clock.now()
    ended.save(update_fields=["ended_at"])
    data = {"topic": topic.code, "source": str(source)}
    record_event(kind=events.UNSUBSCRIBED, subject=ended, actor=actor, quantity=1, data=data)
    return True


@transaction.atomic
def set_topics(
    *,
    recipient: Recipient,
    codes: Collection[str],
    source: SubscriptionSource | str,
    actor: Account | None = None,
) -> tuple[int, int]:
    """
    Subscribe to exactly these open topics; what is not open to people's own choice stays as it is.

    Returns how many were begun and ended. Raises ``RefusedError``.
    """
    _require(actor, recipient)
    offered = {topic.code: topic for topic in Topic.objects.filter(retired_at__isnull=True, is_open=True)}
    present = set(
        Subscription.objects.filter(recipient=recipient, ended_at__isnull=True).values_list("topic__code", flat=True)
    )
    begun = [offered[code] for code in offered if code in codes and code not in present]
    ended = [offered[code] for code in offered if code not in codes and code in present]
    for topic in begun:
        subscribe(recipient=recipient, topic=topic, source=source, actor=actor)
    for topic in ended:
        unsubscribe(recipient=recipient, topic=topic, source=source, actor=actor)
    return len(begun), len(ended)


@transaction.atomic
def unsubscribe_all(*, recipient: Recipient, source: SubscriptionSource | str, actor: Account | None = None) -> int:
    """End every subscription of a person and return how many there were; raises ``RefusedError``."""
    _require(actor, recipient)
    topics = Topic.objects.filter(subscriptions__recipient=recipient, subscriptions__ended_at__isnull=True)
    return sum(unsubscribe(recipient=recipient, topic=topic, source=source, actor=actor) for topic in topics)


def _require(actor: Account | None, recipient: Recipient) -> None:
    if actor is not None:
        recipient_policy.require(actor, "edit", recipient)
