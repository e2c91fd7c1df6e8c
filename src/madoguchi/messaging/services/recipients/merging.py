"""Making two recipients one, when it turns out that they are the same person."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...errors import MessagingError
from ...models import Child, Delivery, Endpoint, Need, Recipient, SafetyCheck, Subscription


@transaction.atomic
def merge_recipients(*, kept: Recipient, other: Recipient, actor: Account | None = None) -> Recipient:
    """
    Move everything of ``other`` to ``kept`` and end it: subscriptions, addresses, declared children, needs, the inbox.

    What both have is kept once: a topic both subscribe to stays subscribed since the earlier day, and a message both got stays
    once in the inbox. What ``kept`` has chosen goes before what ``other`` had. Raises ``MessagingError`` where they are two
    people: different accounts, or different residents.
    """
    if kept.pk == other.pk:
        return kept
    _require_one_person(kept, other)
    _merge_subscriptions(kept, other)
    _merge_children(kept, other)
    _merge_needs(kept, other)
    Endpoint.objects.filter(recipient=other).update(recipient=kept)
    _merge_messages(kept, other)
    _merge_choices(kept, other)
    record_event(kind=events.RECIPIENTS_MERGED, subject=kept, actor=actor, data={"other": other.pk})
    return kept


def _require_one_person(kept: Recipient, other: Recipient) -> None:
    for name in ("account_id", "resident_id"):
        mine, theirs = getattr(kept, name), getattr(other, name)
        if mine is not None and theirs is not None and mine != theirs:
            raise MessagingError(_("別の方の登録のため、1つにまとめることはできません。"))


def _merge_subscriptions(kept: Recipient, other: Recipient) -> None:
    mine = {one.topic_id: one for one in Subscription.objects.filter(recipient=kept, ended_at__isnull=True)}
    for theirs in Subscription.objects.filter(recipient=other, ended_at__isnull=True):
        both = mine.get(theirs.topic_id)
        if both is None:
            continue
        if theirs.subscribed_at < both.subscribed_at:
            both.subscribed_at = theirs.subscribed_at
            both.save(update_fields=["subscribed_at"])
        theirs.delete()
    Subscription.objects.filter(recipient=other).update(recipient=kept)


def _merge_children(kept: Recipient, other: Recipient) -> None:
    known = set(Child.objects.filter(recipient=kept).values_list("birth_date", flat=True))
    residents = Child.objects.filter(recipient=kept, resident__isnull=False).values("resident")
    theirs = Child.objects.filter(recipient=other)
    theirs.filter(is_declared=True, birth_date__in=known).delete()
    theirs.filter(resident__in=list(residents.values_list("resident", flat=True))).delete()
    theirs.update(recipient=kept)


def _merge_needs(kept: Recipient, other: Recipient) -> None:
    known = Need.objects.filter(recipient=kept, ended_at__isnull=True).values_list("code", flat=True)
    theirs = Need.objects.filter(recipient=other)
    theirs.filter(ended_at__isnull=True, code__in=list(known)).update(ended_at=clock.now())
    theirs.update(recipient=kept)


def _merge_messages(kept: Recipient, other: Recipient) -> None:
    """Move what ``kept`` has not got; what both got stays where it was sent, so that it is counted as it happened."""
    for channel in Delivery.objects.filter(recipient=other).values_list("channel", flat=True).distinct().order_by():
        got = Delivery.objects.filter(recipient=kept, channel=channel).values("message")
        theirs = Delivery.objects.filter(recipient=other, channel=channel)
        theirs.exclude(message__in=list(got.values_list("message", flat=True))).update(recipient=kept)
    checked = SafetyCheck.objects.filter(recipient=kept).values_list("alert", flat=True)
    SafetyCheck.objects.filter(recipient=other).exclude(alert__in=list(checked)).update(recipient=kept)


def _merge_choices(kept: Recipient, other: Recipient) -> None:
    account, resident = kept.account or other.account, kept.resident or other.resident
    if not kept.is_language_declared and other.is_language_declared:
        kept.language, kept.is_language_declared = other.language, True
    for name in ("name", "channels", "birth_date", "town", "postal_code", "quiet_from", "quiet_until"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    kept.consented_at = kept.consented_at or other.consented_at
    kept.paused_until = max(filter(None, (kept.paused_until, other.paused_until)), default=None)
    kept.feed_serial = max(kept.feed_serial, other.feed_serial)
    other.account = other.resident = None
    other.name, other.town, other.postal_code, other.birth_date = "", "", "", None
    other.ended_at = clock.now()
    other.save()
    kept.account, kept.resident = account, resident
    kept.save()
