"""Recovery: deliveries in the hands of processes that died."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from madoguchi.kit import clock

from ...enums import DeliveryStatus
from ...models import Delivery
from ...registry import Outcome, channels
from .marking import mark
from .processes import is_dead

LOST_AFTER = timedelta(minutes=10)
"""After so long a claim of a process on another machine, which cannot be seen from here, counts as lost."""


def recover() -> int:
    """
    Settle what dead processes had claimed: as their channels know it, else it waits to be sent again.

    Returns how many deliveries were settled. Living processes keep what they have.
    """
    lost = _lost_claims()
    if not lost:
        return 0
    settled = 0
    for key in {channel for _token, channel in lost}:
        channel = channels.find(key)
        if channel is not None:
            settled += _settle(list(channel.recover()), lost)
    return settled + _give_back(lost)


@transaction.atomic
def _settle(outcomes: list[Outcome], lost: list[tuple[str, str]]) -> int:
    """Mark what is known, in one transaction with looking who holds it: two processes may recover at a time."""
    known = _of_the_dead(outcomes, lost)
    if known:
        mark(known)
    return len(known)


def _lost_claims() -> list[tuple[str, str]]:
    sending = Delivery.objects.filter(status=DeliveryStatus.SENDING).order_by()
    lost = []
    for token, channel, at in sending.values_list("claimed_by", "channel", "claimed_at").distinct():
        gone = is_dead(token)
        if gone or (gone is None and (at is None or at < clock.now() - LOST_AFTER)):
            lost.append((token, channel))
    return lost


def _of_the_dead(outcomes: list[Outcome], lost: list[tuple[str, str]]) -> list[Outcome]:
    """Return the outcomes of deliveries that are still claimed by a process that died: the others are marked already."""
    tokens = [token for token, _channel in lost]
    ids = [outcome.delivery_id for outcome in outcomes]
    mine: set[int] = set()
    for begin in range(0, len(ids), 10_000):
        part = ids[begin : begin + 10_000]
        found = Delivery.objects.filter(pk__in=part, status=DeliveryStatus.SENDING, claimed_by__in=tokens)
        mine.update(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    return [outcome for outcome in outcomes if outcome.delivery_id in mine]


@transaction.atomic
def _give_back(lost: list[tuple[str, str]]) -> int:
    return Delivery.objects.filter(
        status=DeliveryStatus.SENDING, claimed_by__in=[token for token, _channel in lost]
    ).update(status=DeliveryStatus.WAITING, claimed_by="", claimed_at=None)
