"""Chunks on their way to LINE: written down before they are sent, found again after a process died."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope

from ...enums import ChannelKey, DeliveryStatus, LineChunkState
from ...models import Delivery, LineChunk
from ...rules.line import RETRY_HOURS

KEEP = timedelta(days=14)


def remember_chunk(*, message_key: str, delivery_ids: Sequence[int], request: Mapping[str, Any]) -> LineChunk:
    """Write a chunk down; it must be committed before it is sent, so this is called outside a transaction."""
    return LineChunk.objects.create(
        municipality=municipality_in_scope(),
        message_key=message_key,
        delivery_ids=list(delivery_ids),
        first_id=min(delivery_ids),
        last_id=max(delivery_ids),
        request=dict(request),
        created_at=clock.now(),
    )


def find_chunks(*, message_keys: Iterable[str], delivery_ids: Sequence[int]) -> list[LineChunk]:
    """Return the chunks that any of these deliveries went in and that LINE took, or may have taken."""
    wanted = set(delivery_ids)
    near = LineChunk.objects.filter(
        message_key__in=set(message_keys), first_id__lte=max(wanted), last_id__gte=min(wanted)
    ).exclude(state=LineChunkState.REFUSED)
    return [chunk for chunk in near if not wanted.isdisjoint(chunk.delivery_ids)]


def note_accepted(*, chunk: LineChunk, request_id: str) -> None:
    """Note that LINE took a chunk; whom it went to is in the deliveries, so the user ids go."""
    chunk.state, chunk.request_id, chunk.answered_at = LineChunkState.ACCEPTED, request_id[:80], clock.now()
    chunk.request = {}
    chunk.save(update_fields=["state", "request_id", "answered_at", "request"])


def note_refused(*, chunk: LineChunk, error: str) -> None:
    """Note that LINE did not take a chunk and will not."""
    chunk.state, chunk.error, chunk.answered_at = LineChunkState.REFUSED, error[:200], clock.now()
    chunk.request = {}
    chunk.save(update_fields=["state", "error", "answered_at", "request"])


def note_unsure(*, chunk: LineChunk, error: str) -> None:
    """Note that LINE's answer to a chunk was lost: it stays pending, to be sent again as it is."""
    chunk.error = error[:200]
    chunk.save(update_fields=["error"])


def is_too_old(chunk: LineChunk) -> bool:
    """Tell whether LINE has forgotten the chunk's key, so that sending again might send twice."""
    return clock.now() - chunk.created_at > timedelta(hours=RETRY_HOURS) - timedelta(minutes=10)


def accepted_deliveries() -> list[tuple[int, str]]:
    """Return (delivery, LINE's number) of what LINE took but nobody noted, because the process died in between."""
    sending = list(
        Delivery.objects.filter(channel=ChannelKey.LINE, status=DeliveryStatus.SENDING)
        .order_by("id")
        .values_list("id", "message__key")
    )
    if not sending:
        return []
    chunks = find_chunks(message_keys={key for _id, key in sending}, delivery_ids=[one for one, _key in sending])
    known = {
        one: chunk.request_id
        for chunk in chunks
        if chunk.state == LineChunkState.ACCEPTED
        for one in chunk.delivery_ids
    }
    return [(one, known[one]) for one, _key in sending if one in known]


def forget_old_chunks() -> int:
    """Delete chunks that nobody can ask after any more; returns how many."""
    return LineChunk.objects.filter(created_at__lt=clock.now() - KEEP).delete()[0]
