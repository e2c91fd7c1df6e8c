"""Mails that came back: addresses that are no more are not written to again, complaints stop everything but emergencies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality, acting_for, record_event

from .. import events
from ..enums import DeliveryStatus, EndpointStatus
from ..models import Delivery, Endpoint, Message, Recipient
from ..rules.mail.reports import Report, ReportKind
from ..rules.mail.verp import verp_key
from .sending.next_ways import go_on
from .stopping import stop_for_complaint

MOST_SOFT = 5
SOFT_DAYS = 30
"""So many soft bounces within so many days, and an address counts as gone."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What was done with reports: addresses given up, soft bounces counted, people who complained, reports of no use."""

    hard: int = 0
    soft: int = 0
    complaints: int = 0
    ignored: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            self.hard + other.hard,
            self.soft + other.soft,
            self.complaints + other.complaints,
            self.ignored + other.ignored,
        )


def verp_keys() -> list[bytes]:
    """Return the keys return paths are signed with, the present one first."""
    return [verp_key(str(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def take_reports(*, reports: Iterable[Report]) -> Taken:
    """
    Settle what came back, a few hundred reports in one transaction; the same report again changes nothing but soft counts.

    Works outside every scope: the signed return path says which municipality a report belongs to.
    """
    by_city: dict[int, list[Report]] = defaultdict(list)
    ignored = 0
    for report in reports:
        if report.returned is None or report.kind == ReportKind.NOTHING:
            ignored += 1
        else:
            by_city[report.returned.municipality].append(report)
    cities = Municipality.objects.in_bulk(list(by_city))
    total = Taken(ignored=ignored)
    for number, found in by_city.items():
        if number not in cities:
            total += Taken(ignored=len(found))
            continue
        with acting_for(cities[number]):
            for begin in range(0, len(found), _AT_ONCE):
                total += _take_batch(cities[number], found[begin : begin + _AT_ONCE])
    return total


@transaction.atomic
def _take_batch(city: Municipality, reports: Sequence[Report]) -> Taken:
    numbers = {report.returned.delivery for report in reports if report.returned is not None}
    known = {
        row[0]: row[1:]
        for row in Delivery.objects.filter(pk__in=numbers, channel="email").values_list(
            "pk", "endpoint_id", "recipient_id", "message_id"
        )
    }
    mine = [(report, report.returned.delivery) for report in reports if report.returned is not None]
    mine = [(report, number) for report, number in mine if number in known]
    hard = {number: report.text for report, number in mine if report.kind == ReportKind.HARD}
    soft: Counter[int | None] = Counter(known[number][0] for report, number in mine if report.kind == ReportKind.SOFT)
    complained = {known[number][1] for report, number in mine if report.kind == ReportKind.COMPLAINT}
    gone = {known[number][0]: text for number, text in hard.items() if known[number][0] is not None}
    gone.update(_count_soft(soft))
    _give_up(city, gone)
    _mark_returned(hard, {number: known[number][2] for number in hard})
    for recipient in Recipient.objects.filter(pk__in=complained):
        stop_for_complaint(recipient=recipient)
    return Taken(len(hard), sum(soft.values()), len(complained), len(reports) - len(mine))


def _count_soft(soft: Mapping[int | None, int]) -> dict[int, str]:
    """Add to the soft bounces of addresses; return those that have had too many."""
    today, gone = clock.today(), {}
    rows = list(Endpoint.objects.filter(pk__in=[pk for pk in soft if pk], status=EndpointStatus.ACTIVE))
    for endpoint in rows:
        kept = endpoint.details.get("soft_bounces", {})
        is_old = not kept or date.fromisoformat(kept["since"]) < today - timedelta(days=SOFT_DAYS)
        count = (0 if is_old else int(kept["count"])) + soft[endpoint.pk]
        since = today.isoformat() if is_old else kept["since"]
        endpoint.details = {**endpoint.details, "soft_bounces": {"count": count, "since": since}}
        if count >= MOST_SOFT:
            gone[endpoint.pk] = f"{count} soft bounces"
    Endpoint.objects.bulk_update(rows, ["details"], batch_size=_AT_ONCE)
    return gone


def _give_up(city: Municipality, gone: dict[int, str]) -> None:
    """Let addresses rest until somebody confirms them again; one event says how many."""
    by_text: dict[str, list[int]] = defaultdict(list)
    for number, text in gone.items():
        by_text[text[:200]].append(number)
    ended = 0
    for text, numbers in by_text.items():
        active = Endpoint.objects.filter(pk__in=numbers, status=EndpointStatus.ACTIVE)
        ended += active.update(status=EndpointStatus.BOUNCED, last_error=text)
    if ended:
        data = {"channel": "email", "status": str(EndpointStatus.BOUNCED)}
        record_event(kind=events.ENDPOINT_ENDED, subject=city, quantity=ended, data=data)


def _mark_returned(hard: dict[int, str], messages: dict[int, int]) -> None:
    """Mark deliveries that had gone out as returned, and let the next way of their people begin."""
    sent = Delivery.objects.filter(pk__in=hard, status__in=(DeliveryStatus.SENT, DeliveryStatus.DELIVERED))
    changed = list(sent.values_list("pk", flat=True))
    by_text: dict[str, list[int]] = defaultdict(list)
    for number in changed:
        by_text[hard[number][:200]].append(number)
    for text, numbers in by_text.items():
        Delivery.objects.filter(pk__in=numbers).update(status=DeliveryStatus.BOUNCED, error=text)
    go_on(changed)
    counted = Counter(messages[number] for number in changed)
    for message in Message.objects.only("pk", "kind", "is_drill").filter(pk__in=counted):
        data = {"channel": "email", "kind": message.kind, "drill": message.is_drill}
        record_event(kind=events.DELIVERIES_FAILED, subject=message, quantity=counted[message.pk], data=data)
