"""Delivering what is due, the most urgent first, whatever way it goes by."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Sequence

from madoguchi.kit import clock
from madoguchi.trust.api import enqueue_once, municipality_in_scope

from ...enums import DeliveryStatus
from ...models import Delivery
from ...registry import Channel, Outcome, Outgoing, channels
from .claiming import claim, most_urgent
from .marking import REACHED, forgive, mark, postpone
from .messages import finish_messages
from .recovery import recover
from .statements import automatic_channels
from .writing import Later, Writer

logger = logging.getLogger(__name__)

JOB = "messaging.tasks.sending.deliver"
TURN_S = 5.0
"""After so many seconds other jobs of the worker get their turn."""
MARK_EVERY = 5_000
MARK_AFTER_S = 1.0
REST_S = 30.0
"""For so long a way is left alone after a batch of which nothing could be sent."""
_resting: dict[tuple[int, str], float] = {}


def deliver_due(*, seconds: float = TURN_S) -> int:
    """
    Send what is due in the municipality in scope for about ``seconds``; return how many deliveries were settled.

    Where something is left, a further job is queued, so that a large message does not keep the worker from everything else.
    """
    settled, begun = recover() + expire_deliveries(), time.monotonic()
    while (channel := _next_channel()) is not None:
        settled += _deliver_batch(channel)
        if time.monotonic() - begun > seconds:
            enqueue_once(JOB)
            break
    finish_messages()
    return settled


def expire_deliveries() -> int:
    """End deliveries whose message is no longer of use; return how many."""
    return Delivery.objects.filter(status=DeliveryStatus.WAITING, message__expires_at__lte=clock.now()).update(
        status=DeliveryStatus.EXPIRED, error="expired"
    )


def _next_channel() -> Channel | None:
    """Return the way by which the most urgent thing is to go, of those that are not resting."""
    best: tuple[int, Channel] | None = None
    for key in automatic_channels():
        if _resting.get(_seat(key), 0.0) > time.monotonic():
            continue
        urgency = most_urgent(key)
        if urgency is not None and (best is None or urgency < best[0]):
            best = (urgency, channels.get(key))
    return None if best is None else best[1]


def _seat(key: str) -> tuple[int, str]:
    return (municipality_in_scope().pk, key)


def _deliver_batch(channel: Channel) -> int:
    """Send one batch. Its thousands of objects have no cycles: looking for some among them would take longer than writing it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return _deliver_claimed(channel)
    finally:
        if was_enabled:
            gc.enable()


def _deliver_claimed(channel: Channel) -> int:
    claimed = claim(channel.key, limit=channel.batch_size)
    going: list[Outgoing] = []
    refused: list[Outcome] = []
    later: list[Later] = []
    for found in Writer(channel, claimed.rows).write():
        if isinstance(found, Outgoing):
            going.append(found)
        elif isinstance(found, Outcome):
            refused.append(found)
        else:
            later.append(found)
    if later:
        postpone(later)
    if refused:
        mark(refused)
    if going:
        reached = _send(channel, going)
        failed_before = {row.id: row.endpoint_id for row in claimed.rows if row.endpoint_failures and row.endpoint_id}
        forgive([endpoint for pk, endpoint in failed_before.items() if pk in reached])
    return len(claimed.rows)


def _send(channel: Channel, going: Sequence[Outgoing]) -> set[int]:
    """
    Hand a batch to its channel, mark outcomes as they come, and return what was sent.

    What the channel forgets waits for another attempt.
    """
    open_ids = {outgoing.delivery_id for outgoing in going}
    pending: list[Outcome] = []
    reached: set[int] = set()
    answered, marked_at = 0, time.monotonic()
    try:
        for outcome in channel.deliver(going):
            pending.append(outcome)
            open_ids.discard(outcome.delivery_id)
            answered += outcome.status != DeliveryStatus.WAITING
            if outcome.status in REACHED:
                reached.add(outcome.delivery_id)
            if len(pending) >= MARK_EVERY or time.monotonic() - marked_at > MARK_AFTER_S:
                mark(pending)
                pending, marked_at = [], time.monotonic()
    except Exception:
        # A channel must not raise; one that does has not sent what it said nothing of, as far as anybody knows.
        logger.exception("channel %s failed", channel.key)
    left = [Outcome(pk, DeliveryStatus.WAITING, error="channel_failed") for pk in open_ids]
    mark([*pending, *left])
    if not answered:
        _resting[_seat(channel.key)] = time.monotonic() + REST_S
    return reached
