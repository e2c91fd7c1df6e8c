"""Taking in what LINE tells: each event once, however often it is delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import RefusedError, enqueue_once, municipality_in_scope, record_refusal

from ...enums import LineEventState
from ...models import LineEvent, LineNonce
from ..confirming import is_within

JOB = "messaging.tasks.line.handle_events"
KEEP = timedelta(days=90)
LONGEST_ID = 40
REFUSALS_NOTED_PER_HOUR = 60


@transaction.atomic
def take_events(events: Sequence[Mapping[str, Any]]) -> int:
    """
    Keep events for the job that handles them and return how many were new.

    What has neither an id nor a kind cannot be known again and is left out. Answering LINE need not wait for the job.
    """
    now = clock.now()
    rows = [_row(event, now) for event in map(_keepable, events) if _is_known(event)]
    known = set(
        LineEvent.objects.filter(event_id__in=[row.event_id for row in rows]).values_list("event_id", flat=True)
    )
    new = {row.event_id: row for row in rows if row.event_id not in known}
    LineEvent.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=500)
    if new:
        enqueue_once(JOB)
    return len(new)


def refuse_webhook(*, reason: str) -> None:
    """Note that a webhook was not believed, counted among the refusals of the municipality; anybody can send such, so not all."""
    if not is_within("line_webhook_refused", limit=REFUSALS_NOTED_PER_HOUR):
        return
    record_refusal(
        error=RefusedError(_("LINEからの通知を確かめられません。"), action=f"messaging.line.webhook.{reason}")
    )


def forget_old_events() -> int:
    """Delete events and link numbers that nobody will ask after any more; returns how many events."""
    LineNonce.objects.filter(expires_at__lt=clock.now() - timedelta(days=1)).delete()
    waiting = [LineEventState.WAITING, LineEventState.ANSWERING]
    return LineEvent.objects.filter(received_at__lt=clock.now() - KEEP).exclude(state__in=waiting).delete()[0]


def _keepable(value: Any) -> Any:
    """Return what came as JSON without what JSON can write and a database cannot keep: NUL and halves of surrogate pairs."""
    if isinstance(value, str):
        return "".join(one for one in value if one != "\x00" and not "\ud800" <= one <= "\udfff")
    if isinstance(value, Mapping):
        return {_keepable(name): _keepable(part) for name, part in value.items()}
    return [_keepable(part) for part in value] if isinstance(value, list) else value


def _is_known(event: Mapping[str, Any]) -> bool:
    number, kind = event.get("webhookEventId"), event.get("type")
    return isinstance(number, str) and 0 < len(number) <= LONGEST_ID and isinstance(kind, str) and bool(kind)


def _row(event: Mapping[str, Any], now: datetime) -> LineEvent:
    context = event.get("deliveryContext")
    return LineEvent(
        municipality=municipality_in_scope(),
        event_id=str(event["webhookEventId"]),
        kind=str(event["type"])[:40],
        payload=dict(event),
        is_redelivery=bool(context.get("isRedelivery")) if isinstance(context, Mapping) else False,
        happened_at=_moment(event.get("timestamp"), now),
        received_at=now,
    )


def _moment(milliseconds: Any, now: datetime) -> datetime:
    """Return when an event happened; a clock that runs ahead is not believed."""
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or not 0 < milliseconds < 10**14:
        return now
    return min(datetime.fromtimestamp(milliseconds / 1000, UTC), now)
