"""Marking: what became of deliveries, what it says about addresses, and the next way where one has failed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from madoguchi.kit import clock
from madoguchi.trust.api import record_event
from madoguchi.trust.events import EventType

from ... import events
from ...enums import DeliveryStatus, EndpointStatus
from ...models import Delivery, Endpoint, Message
from ...registry import Outcome
from ...rules.timing import MOST_ATTEMPTS, wait_before
from .next_ways import go_on
from .statements import DELIVERIES, ENDPOINTS, execute, marks, moment, rows
from .writing import Later

REACHED = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
TRIED_IN_VAIN = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
MOST_IN_A_ROW = 5
"""So often an address may fail in a row before nothing goes there any more."""
_AT_ONCE = 10_000


@transaction.atomic
def mark(outcomes: Sequence[Outcome]) -> None:
    """
    Write down what became of deliveries that this process had claimed, in one transaction with what follows from it.

    Of several outcomes of one delivery (a person's several browsers) the best one counts.
    """
    best = _best(outcomes)
    _judge_addresses(outcomes)
    groups: dict[DeliveryStatus, list[Outcome]] = defaultdict(list)
    for outcome in best:
        groups[outcome.status].append(outcome)
    _mark_reached(groups)
    exhausted = _put_back(groups.pop(DeliveryStatus.WAITING, []))
    for status, found in groups.items():
        if status not in REACHED:
            _mark_ended(status, found)
    if exhausted:
        _mark_ended(DeliveryStatus.FAILED, exhausted)
    failed = [o for status in TRIED_IN_VAIN for o in groups.get(status, [])] + exhausted
    homeless = [o for o in groups.get(DeliveryStatus.SKIPPED, []) if o.error == "no_address"]
    go_on([outcome.delivery_id for outcome in failed + homeless])
    _count(groups, len(failed))


def _best(outcomes: Sequence[Outcome]) -> list[Outcome]:
    order = [*reversed(REACHED), DeliveryStatus.WAITING]
    found: dict[int, Outcome] = {}
    for outcome in outcomes:
        other = found.get(outcome.delivery_id)
        if other is None or _place(outcome, order) < _place(other, order):
            found[outcome.delivery_id] = outcome
    return list(found.values())


def _place(outcome: Outcome, order: Sequence[DeliveryStatus]) -> int:
    return order.index(outcome.status) if outcome.status in order else len(order)


def _mark_reached(groups: dict[DeliveryStatus, list[Outcome]]) -> None:
    now = moment(clock.now())
    for status in REACHED:
        plain = [outcome.delivery_id for outcome in groups.get(status, []) if not outcome.provider_id]
        delivered = now if status == DeliveryStatus.DELIVERED else None
        for part in _parts(plain):
            execute(
                f"UPDATE {DELIVERIES} SET status = %s, sent_at = %s, delivered_at = %s, error = '' WHERE id IN ({marks(part)})",
                [status, now, delivered, *part],
            )
        _mark_numbered(status, [o for o in groups.get(status, []) if o.provider_id], now, delivered)


def _mark_numbered(status: DeliveryStatus, outcomes: Sequence[Outcome], now: Any, delivered: Any) -> None:
    """Mark deliveries that have a number of the receiver's: one statement for each number, or one run for all where each is alone."""
    by_number: dict[str, list[int]] = defaultdict(list)
    for outcome in outcomes:
        by_number[outcome.provider_id[:120]].append(outcome.delivery_id)
    single = [(status, now, delivered, number, found[0]) for number, found in by_number.items() if len(found) == 1]
    start = f"UPDATE {DELIVERIES} SET status = %s, sent_at = %s, delivered_at = %s, error = '', provider_id = %s"
    if single:
        with connection.cursor() as cursor:
            cursor.executemany(f"{start} WHERE id = %s", single)
    for number, found in by_number.items():
        for part in _parts(found) if len(found) > 1 else ():
            execute(f"{start} WHERE id IN ({marks(part)})", [status, now, delivered, number, *part])


def _mark_ended(status: DeliveryStatus, outcomes: Iterable[Outcome]) -> None:
    by_error: dict[str, list[int]] = defaultdict(list)
    for outcome in outcomes:
        by_error[outcome.error[:200]].append(outcome.delivery_id)
    for error, found in by_error.items():
        for part in _parts(found):
            execute(
                f"UPDATE {DELIVERIES} SET status = %s, error = %s WHERE id IN ({marks(part)})", [status, error, *part]
            )


def _put_back(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Let deliveries wait for a further attempt; return those that had their last one."""
    attempts = dict(
        Delivery.objects.filter(pk__in=[outcome.delivery_id for outcome in outcomes]).values_list("pk", "attempts")
    )
    exhausted, waits = [], defaultdict(list)
    for outcome in outcomes:
        tried = attempts.get(outcome.delivery_id, 0)
        if tried >= MOST_ATTEMPTS:
            exhausted.append(outcome)
            continue
        wait = timedelta(seconds=outcome.retry_seconds) if outcome.retry_seconds else wait_before(max(tried, 1))
        waits[wait, outcome.error[:200]].append(outcome.delivery_id)
    for (wait, error), found in waits.items():
        for part in _parts(found):
            execute(
                f"UPDATE {DELIVERIES} SET status = 'waiting', claimed_by = '', claimed_at = NULL, error = %s, due_at = %s "
                f"WHERE id IN ({marks(part)})",
                [error, moment(clock.now() + wait), *part],
            )
    return exhausted


@transaction.atomic
def postpone(later: Sequence[Later]) -> None:
    """Put deliveries back until their people may be rung at; that is no attempt."""
    groups = defaultdict(list)
    for one in later:
        groups[one.due_at].append(one.delivery_id)
    for due, found in groups.items():
        for part in _parts(found):
            execute(
                f"UPDATE {DELIVERIES} SET status = 'waiting', claimed_by = '', claimed_at = NULL, "
                f"attempts = attempts - 1, due_at = %s WHERE id IN ({marks(part)})",
                [moment(due), *part],
            )


def _judge_addresses(outcomes: Sequence[Outcome]) -> None:
    """Note what outcomes tell of addresses: one that bounced, blocked or failed too often is not used again."""
    told = [outcome for outcome in outcomes if outcome.endpoint is not None]
    if told:
        _end_addresses(told)
    failed = [
        outcome.delivery_id for outcome in outcomes if outcome.status in TRIED_IN_VAIN and outcome.endpoint is None
    ]
    for part in _parts(failed):
        own = f"(SELECT endpoint_id FROM {DELIVERIES} WHERE id IN ({marks(part)}))"
        execute(f"UPDATE {ENDPOINTS} SET failures = failures + 1 WHERE id IN {own}", part)
        execute(
            f"UPDATE {ENDPOINTS} SET status = %s WHERE status = %s AND failures >= {MOST_IN_A_ROW} AND id IN {own}",
            [EndpointStatus.BOUNCED, EndpointStatus.ACTIVE, *part],
        )


@transaction.atomic
def forgive(endpoints: Sequence[int]) -> None:
    """Forget the failures of addresses that have taken something since."""
    for part in _parts(endpoints):
        execute(f"UPDATE {ENDPOINTS} SET failures = 0 WHERE failures > 0 AND id IN ({marks(part)})", part)


def _end_addresses(told: Sequence[Outcome]) -> None:
    own = dict(
        Delivery.objects.filter(pk__in=[outcome.delivery_id for outcome in told]).values_list("pk", "endpoint_id")
    )
    for outcome in told:
        if outcome.address:
            recipients = Delivery.objects.filter(pk=outcome.delivery_id).values("recipient_id")
            found = Endpoint.objects.filter(recipient_id__in=recipients, address=outcome.address)
        else:
            found = Endpoint.objects.filter(pk=own.get(outcome.delivery_id) or 0)
        found.filter(ended_at__isnull=True).update(status=outcome.endpoint, last_error=outcome.error[:200])


def _count(groups: dict[DeliveryStatus, list[Outcome]], failed: int) -> None:
    """Write one event for each kind of outcome and message of a batch; meters add up their quantities."""
    kinds = [
        (events.DELIVERIES_SENT, [o for status in REACHED for o in groups.get(status, [])]),
        (events.DELIVERIES_DELIVERED, groups.get(DeliveryStatus.DELIVERED, [])),
    ]
    for kind, outcomes in kinds:
        for (message, channel), number in _by_message(outcomes).items():
            _event(kind, message, channel, number)
    ended = [o for status in TRIED_IN_VAIN for o in groups.get(status, [])]
    for (message, channel), number in _by_message(ended).items():
        _event(events.DELIVERIES_FAILED, message, channel, number)


def _by_message(outcomes: Sequence[Outcome]) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for part in _parts([outcome.delivery_id for outcome in outcomes]):
        sql = f"SELECT message_id, channel, count(*) FROM {DELIVERIES} WHERE id IN ({marks(part)}) GROUP BY message_id, channel"
        found.update({(message, channel): number for message, channel, number in rows(sql, part)})
    return found


def _event(kind: EventType, message_id: int, channel: str, number: int) -> None:
    message = Message.objects.only("pk", "kind", "is_drill").get(pk=message_id)
    record_event(
        kind=kind,
        subject=message,
        quantity=number,
        data={"channel": channel, "kind": message.kind, "drill": message.is_drill},
    )


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    for begin in range(0, len(ids), _AT_ONCE):
        yield list(ids[begin : begin + _AT_ONCE])
