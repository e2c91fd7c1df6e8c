"""Delivery reports of the provider of short messages: late, twice, out of order, or about nothing of ours."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from madoguchi.kit import clock
from madoguchi.trust.api import record_event

from .. import events
from ..enums import ChannelKey, DeliveryStatus, EndpointStatus
from ..models import Delivery
from ..registry import Outcome
from .sending.marking import mark


class Reported(StrEnum):
    """What a report says."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNREACHABLE = "unreachable"


class Taken(StrEnum):
    """What became of a report."""

    NOTED = "noted"
    KNOWN = "known"
    UNKNOWN = "unknown"
    EARLY = "early"


@transaction.atomic
def take_report(
    *, reported: Reported, reference: str = "", provider_id: str = "", error: str = "", at: datetime | None = None
) -> Taken:
    """
    Note what the provider says of a short message, found by our reference or its number.

    The first final word counts: what was delivered stays so, whatever comes later. ``unreachable`` also ends the number (it does
    not exist); after a failure the person's next way is taken. ``early``: the message is being handed over this very moment, and
    the provider should ask again.
    """
    delivery = _find(reference, provider_id)
    if delivery is None:
        return Taken.UNKNOWN
    if delivery.status == DeliveryStatus.SENDING:
        return Taken.EARLY
    if delivery.status not in (DeliveryStatus.SENT, DeliveryStatus.WAITING):
        return Taken.KNOWN
    if reported == Reported.DELIVERED:
        _delivered(delivery, at)
        return Taken.NOTED
    endpoint = EndpointStatus.BOUNCED if reported == Reported.UNREACHABLE else None
    mark([Outcome(delivery.pk, DeliveryStatus.FAILED, error=f"report_{error}"[:100], endpoint=endpoint)])
    return Taken.NOTED


def _find(reference: str, provider_id: str) -> Delivery | None:
    wanted = Q(pk__in=[])
    if reference.isascii() and reference.isdecimal() and len(reference) < 19:
        wanted |= Q(pk=int(reference))
    elif provider_id:
        wanted |= Q(provider_id=provider_id[:120])
    found = Delivery.objects.select_for_update(of=("self",)).select_related("message")
    return found.filter(wanted, channel=ChannelKey.SMS).order_by("pk").first()


def _delivered(delivery: Delivery, at: datetime | None) -> None:
    """Mark as delivered; one that was put back for another attempt had reached the provider after all."""
    now = clock.now()
    was_sent = delivery.status == DeliveryStatus.SENT
    delivery.status = DeliveryStatus.DELIVERED
    delivery.sent_at = delivery.sent_at or now
    delivery.delivered_at = min(at, now) if at is not None else now
    delivery.error = ""
    delivery.save(update_fields=["status", "sent_at", "delivered_at", "error"])
    message = delivery.message
    data = {"channel": str(delivery.channel), "kind": str(message.kind), "drill": message.is_drill}
    for kind in (events.DELIVERIES_DELIVERED,) if was_sent else (events.DELIVERIES_SENT, events.DELIVERIES_DELIVERED):
        record_event(kind=kind, subject=message, quantity=1, data=data)
