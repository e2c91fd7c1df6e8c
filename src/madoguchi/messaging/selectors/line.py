"""Questions to the LINE channel: friends by day, the health of webhooks, the page a message has for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.trust.api import Event, Municipality, acting_for

from .. import events
from ..enums import ChannelKey, EndpointStatus, LineChunkState, LineEventState
from ..models import Endpoint, LineChunk, LineEvent, Message
from ..rules.tokens import sign, unsign
from .settings import site_address

READ = "line-read"
_MOVES = {events.LINE_FOLLOWED.key: 1, events.LINE_UNFOLLOWED.key: -1}


def shared_page(message_key: str) -> str:
    """Return the full address at which everybody who got a message by LINE can read it."""
    return site_address() + reverse("line:read", args=[sign(READ, message_key)])


def message_of_page(token: str) -> Message | None:
    """Return the message of such an address; raises ``TokenError`` for a forged one."""
    return Message.objects.filter(key=unsign(READ, token)).select_related("unit").first()


def friends_on(municipality: Municipality, day: date) -> int:
    """
    Return how many had the account as a friend at the end of a day (友だち数), those left out who blocked it.

    All who followed until then less all who left, by the events of both.
    """
    with acting_for(municipality):
        return _balance(_end_of(day))


def friends_by_day(days: int = 60) -> list[tuple[date, int]]:
    """Return the friends of the municipality in scope at the end of each of the last days, today included."""
    today = clock.today()
    first = today - timedelta(days=days - 1)
    now = _balance(_end_of(first - timedelta(days=1)))
    changes: dict[date, int] = {}
    moved = Event.objects.filter(key__in=_MOVES, at__gte=_end_of(first - timedelta(days=1)))
    for kind, at in moved.values_list("key", "at"):
        day = clock.local(at).date()
        changes[day] = changes.get(day, 0) + _MOVES[kind]
    series = []
    for place in range(days):
        day = first + timedelta(days=place)
        now += changes.get(day, 0)
        series.append((day, now))
    return series


def _balance(until: datetime) -> int:
    counted = Event.objects.filter(key__in=_MOVES, at__lt=until).order_by().values_list("key").annotate(Count("id"))
    return sum(_MOVES[kind] * count for kind, count in counted)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, clock.TOKYO)


@dataclass(frozen=True, slots=True)
class Friends:
    """How many have the account as a friend, how many blocked it, and how many of them have an account of the city's."""

    active: int
    blocked: int
    linked: int

    @property
    def blocked_share(self) -> float | None:
        """Return the share of blocked ones, 0 to 1; None where there is nobody."""
        everybody = self.active + self.blocked
        return self.blocked / everybody if everybody else None


def count_friends() -> Friends:
    """Count the friends of the municipality in scope as they are now."""
    counted = Endpoint.objects.filter(channel=ChannelKey.LINE).aggregate(
        active=Count("id", filter=Q(status=EndpointStatus.ACTIVE, ended_at__isnull=True)),
        blocked=Count("id", filter=Q(status=EndpointStatus.BLOCKED, ended_at__isnull=True)),
        linked=Count(
            "id",
            filter=Q(status=EndpointStatus.ACTIVE, ended_at__isnull=True, recipient__account__isnull=False),
        ),
    )
    return Friends(**counted)


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """What came from LINE in the last day: how much, what waits or failed, and when the last came."""

    received: int
    waiting: int
    failed: int
    last_at: datetime | None


def webhook_health() -> WebhookHealth:
    """Look at the events of the last 24 hours."""
    since = clock.now() - timedelta(days=1)
    counted = LineEvent.objects.filter(received_at__gte=since).aggregate(
        received=Count("id"),
        waiting=Count("id", filter=Q(state__in=[LineEventState.WAITING, LineEventState.ANSWERING])),
        failed=Count("id", filter=Q(state=LineEventState.FAILED)),
    )
    last = LineEvent.objects.aggregate(last_at=Max("received_at"))
    return WebhookHealth(**counted, **last)


@dataclass(frozen=True, slots=True)
class LineError:
    """Something LINE did not take, or an event that could not be handled."""

    at: datetime
    what: str
    error: str
    people: int = 0


def last_errors(limit: int = 20) -> list[LineError]:
    """Return the newest errors of requests and events, the newest first."""
    chunks = LineChunk.objects.filter(Q(state=LineChunkState.REFUSED) | ~Q(error="")).order_by("-created_at")[:limit]
    events = LineEvent.objects.exclude(error="").order_by("-received_at")[:limit]
    found = [
        LineError(chunk.answered_at or chunk.created_at, "request", chunk.error, len(chunk.delivery_ids))
        for chunk in chunks
    ]
    found += [LineError(event.received_at, event.kind, event.error) for event in events]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]
