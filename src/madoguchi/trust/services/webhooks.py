"""Telling other systems what happened: sealed events, in order, signed, tried again, never lost (Standard Webhooks)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids

from .. import events
from ..enums import Stream
from ..errors import TrustError
from ..events import event_types
from ..models import Account, Event, Seal, SealHead, WebhookDelivery, WebhookSubscription, municipality_in_scope
from ..permissions import machine_policy
from ..registry import webhook_senders
from ..rules.seals import member_ids
from ..rules.webhooks import WAITS, derive_secret, headers_of, is_allowed
from .events import record_event

SEALS_AT_ONCE = 500
SENDS_AT_ONCE = 200
ANSWERS_KEPT = 200


@transaction.atomic
def subscribe(*, name: str, url: str, keys: Sequence[str], actor: Account) -> tuple[WebhookSubscription, str]:
    """
    Register an address for some kinds of events, from now on; returns it with the secret to check signatures with.

    Raises ``RefusedError``, and ``TrustError`` for an address the operator has not allowed or an event there is not.
    """
    machine_policy.require(actor, "subscribe")
    _check(name, url, keys)
    head = SealHead.objects.filter(stream=Stream.EVENTS).first()
    made = WebhookSubscription.objects.create(
        municipality=municipality_in_scope(),
        name=name.strip(),
        url=url,
        events=sorted(set(keys)),
        salt=secrets.token_hex(16),
        seal_number=0 if head is None else head.number,
        created_by=actor,
        created_at=clock.now(),
    )
    record_event(kind=events.WEBHOOK_CHANGED, subject=made, actor=actor, data={"events": made.events})
    return made, secret_of(made)


def _check(name: str, url: str, keys: Sequence[str]) -> None:
    if not name.strip():
        raise TrustError(_("どのシステムへの配信か分かる名前を入力してください。"))
    if not may_go_to(url):
        raise TrustError(
            _(
                "この配信先には送れません。管理者が MADOGUCHI_WEBHOOK_HOSTS で許可した https のアドレスを指定してください。"
            )
        )
    if not keys or any(key not in event_types for key in keys):
        raise TrustError(_("知らせる出来事を、一覧から1つ以上選んでください。"))


def may_go_to(url: str) -> bool:
    """Tell whether the operator lets events go to an address."""
    return is_allowed(url, settings.WEBHOOK_HOSTS)


def secret_of(subscription: WebhookSubscription) -> str:
    """Return the secret with which the receiver checks signatures."""
    return derive_secret(settings.SECRET_KEY, subscription.salt)


@transaction.atomic
def unsubscribe(*, subscription: WebhookSubscription, actor: Account) -> None:
    """Stop telling an address, and forget what was still to be told."""
    machine_policy.require(actor, "subscribe")
    record_event(kind=events.WEBHOOK_CHANGED, subject=subscription, actor=actor, data={"removed": True})
    subscription.delete()


@transaction.atomic
def resume_webhook(*, subscription: WebhookSubscription, actor: Account) -> None:
    """Go on after a pause: what was given up meanwhile is tried again."""
    machine_policy.require(actor, "subscribe")
    subscription.paused_at, subscription.pause_reason = None, ""
    subscription.save(update_fields=["paused_at", "pause_reason"])
    subscription.deliveries.filter(delivered_at__isnull=True).update(next_at=clock.now(), gave_up_at=None, attempts=0)


def deliver_webhooks() -> int:
    """Queue what was sealed since the last time and send what is due; returns how many deliveries were taken."""
    for subscription in WebhookSubscription.objects.filter(paused_at__isnull=True):
        _queue_new(subscription)
    due = WebhookDelivery.objects.filter(next_at__lte=clock.now(), subscription__paused_at__isnull=True)
    taken = 0
    for delivery in due.select_related("subscription").order_by("id")[:SENDS_AT_ONCE]:
        taken += _send(delivery)
    return taken


@transaction.atomic
def _queue_new(subscription: WebhookSubscription) -> None:
    locked = WebhookSubscription.objects.select_for_update().get(pk=subscription.pk)
    seals = Seal.objects.filter(stream=Stream.EVENTS, number__gt=locked.seal_number).order_by("number")
    for seal in seals[:SEALS_AT_ONCE]:
        found = Event.objects.filter(pk__in=member_ids(bytes(seal.members), seal.count), key__in=locked.events)
        WebhookDelivery.objects.bulk_create(
            [
                WebhookDelivery(
                    municipality=locked.municipality,
                    subscription=locked,
                    message_id=f"msg_{ids.new_id()}",
                    event_id=event.pk,
                    key=event.key,
                    next_at=clock.now(),
                )
                for event in found.order_by("pk")
            ],
            ignore_conflicts=True,
        )
        locked.seal_number = seal.number
    locked.save(update_fields=["seal_number"])


def message_of(event: Event) -> dict[str, Any]:
    """Return what is told of an event: ids and quantities, never names."""
    return {
        "type": event.key,
        "timestamp": event.at.isoformat(),
        "municipality": event.municipality.key,
        "data": {
            "event": event.pk,
            "subject": {"type": event.subject_type, "id": event.subject_id},
            "quantity": None if event.quantity is None else str(event.quantity),
            **event.data,
        },
    }


def _send(delivery: WebhookDelivery) -> bool:
    """Try one delivery; the answer is noted in a transaction of its own, whatever happens to the others."""
    subscription = delivery.subscription
    event = Event.objects.get(pk=delivery.event_id)
    body = json.dumps(message_of(event), ensure_ascii=False, separators=(",", ":")).encode()
    now = clock.now()
    headers = headers_of(secret_of(subscription), delivery.message_id, int(now.timestamp()), body)
    allowed = is_allowed(subscription.url, settings.WEBHOOK_HOSTS)
    taken, answer = (
        webhook_senders.get("http").send(subscription.url, headers, body)
        if allowed
        else (False, "not allowed any more")
    )
    _note(delivery, taken=taken, answer=answer, now=now)
    return taken


def _note(delivery: WebhookDelivery, *, taken: bool, answer: str, now: datetime) -> None:
    delivery.attempts += 1
    delivery.answer = answer[:ANSWERS_KEPT]
    if taken:
        delivery.delivered_at, delivery.next_at = now, None
    elif delivery.attempts > len(WAITS):
        delivery.gave_up_at, delivery.next_at = now, None
        WebhookSubscription.objects.filter(pk=delivery.subscription_id).update(
            paused_at=now, pause_reason=f"{delivery.answer}"[:200]
        )
    else:
        delivery.next_at = now + WAITS[delivery.attempts - 1]
    delivery.save(update_fields=["attempts", "answer", "delivered_at", "next_at", "gave_up_at"])
