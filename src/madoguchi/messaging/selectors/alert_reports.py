"""What an alert reached and did not reach, minute by minute; who in need is known to be safe."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMinute

from madoguchi.kit import clock

from ..enums import AlertMessageType, CallOutcome, ChannelKey, DeliveryStatus
from ..models import Alert, Delivery, SafetyCheck, Screen
from .alerts import chain_of
from .signage import health_of, not_showing, shown

MOST_MINUTES = 240
SCREENS = "screens"
"""The head of the screens beside those of the ways."""
REACHED = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)


@dataclass(frozen=True, slots=True)
class ChannelReach:
    """How a way did: deliveries on it, and how many are sent, seen to arrive, read, failed, still waiting."""

    channel: str
    total: int
    sent: int
    delivered: int
    read: int
    failed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ScreenReach:
    """A screen an alert concerns: from when it showed it (None: not yet), when it last said so, and how it is in words."""

    screen: Screen
    first_at: datetime | None
    last_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Minute:
    """One minute: how many on each way and how many screens had been reached by its end, how many people had acknowledged."""

    at: datetime
    reached: Mapping[str, int]
    screens: int
    acknowledged: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The report of one alert: people it was for, people reached by any way, by way, by minute; screens that showed it."""

    people: int
    reached: int
    channels: tuple[ChannelReach, ...]
    minutes: tuple[Minute, ...]
    acknowledged: int
    seconds_to_last: int | None = None
    checks: Mapping[str, int] = field(default_factory=dict)
    screens: tuple[ScreenReach, ...] = ()

    @property
    def showing(self) -> int:
        """Return how many screens have said that they show it."""
        return sum(1 for screen in self.screens if screen.first_at is not None)

    @property
    def unreached(self) -> int:
        """Return how many people no way reached."""
        return max(self.people - self.reached, 0)


def report_of(alert: Alert) -> Reach:
    """Return what an issued alert reached until now."""
    deliveries = Delivery.objects.filter(message_id=alert.message_id or 0)
    reached = deliveries.filter(status__in=REACHED).values("recipient_id").distinct().count()
    people = max(int(getattr(alert.message, "planned_count", 0) or 0), reached)
    checks, screens = checks_of(alert), _screens(alert)
    return Reach(
        people=people,
        reached=reached,
        channels=_channels(deliveries),
        minutes=tuple(_minutes(alert, deliveries, screens)),
        acknowledged=checks["acknowledged_all"],
        seconds_to_last=_seconds_to_last(alert, deliveries),
        checks=checks,
        screens=screens,
    )


def _channels(deliveries: QuerySet[Delivery]) -> tuple[ChannelReach, ...]:
    failed = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.EXPIRED, DeliveryStatus.SKIPPED)
    rows = (
        deliveries.order_by()
        .values("channel")
        .annotate(
            total=Count("pk"),
            sent=Count("pk", filter=Q(status__in=REACHED)),
            delivered=Count("pk", filter=Q(status=DeliveryStatus.DELIVERED)),
            read=Count("pk", filter=Q(read_at__isnull=False)),
            failed=Count("pk", filter=Q(status__in=failed)),
            waiting=Count("pk", filter=Q(status__in=(DeliveryStatus.WAITING, DeliveryStatus.SENDING))),
        )
    )
    order = [str(key) for key in ChannelKey.values]
    return tuple(ChannelReach(**row) for row in sorted(rows, key=lambda row: order.index(row["channel"])))


def _seconds_to_last(alert: Alert, deliveries: QuerySet[Delivery]) -> int | None:
    last = deliveries.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
    if last is None or alert.issued_at is None:
        return None
    return max(int((last - alert.issued_at).total_seconds()), 0)


def _screens(alert: Alert) -> tuple[ScreenReach, ...]:
    """Return the screens that showed an alert, the first first, then those still to; the end of an alert is on no screen."""
    if alert.issued_at is None or alert.msg_type == AlertMessageType.CANCEL:
        return ()
    found = [ScreenReach(one.screen, one.first_at, one.last_at, health_of(one.screen).words) for one in shown(alert)]
    # What was paired when the alert was over never had to show it.
    late = [
        screen
        for screen in not_showing(alert)
        if alert.ended_at is None or screen.paired_at is None or screen.paired_at <= alert.ended_at
    ]
    return (*found, *(ScreenReach(screen, None, None, health_of(screen).words) for screen in late))


def _minutes(alert: Alert, deliveries: QuerySet[Delivery], screens: Iterable[ScreenReach]) -> Iterable[Minute]:
    if alert.issued_at is None:
        return
    by_minute = _reached_by_minute(deliveries)
    answered = _by_minute(_acknowledged(alert), "acknowledged_at")
    start = alert.issued_at.replace(second=0, microsecond=0)
    # A screen's own clock may lie a moment behind ours.
    showing = Counter(max(one.first_at.replace(second=0, microsecond=0), start) for one in screens if one.first_at)
    last = max([*by_minute, *answered, *showing, start])
    totals: dict[str, int] = defaultdict(int)
    acknowledged = screens_on = 0
    for count in range(min(int((last - start).total_seconds() // 60) + 1, MOST_MINUTES)):
        at = start + timedelta(minutes=count)
        for channel, number in by_minute.get(at, {}).items():
            totals[channel] += number
        acknowledged += answered.get(at, 0)
        screens_on += showing[at]
        yield Minute(at, dict(totals), screens_on, acknowledged)


def _reached_by_minute(deliveries: QuerySet[Delivery]) -> dict[datetime, dict[str, int]]:
    rows = (
        deliveries.filter(status__in=REACHED, sent_at__isnull=False)
        .order_by()
        .annotate(minute=TruncMinute("sent_at"))
        .values("channel", "minute")
        .annotate(number=Count("pk"))
    )
    found: dict[datetime, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["minute"]][row["channel"]] = row["number"]
    return found


def _acknowledged(alert: Alert) -> QuerySet[SafetyCheck]:
    mine = SafetyCheck.objects.filter(alert_id=alert.origin_id or alert.pk, acknowledged_at__isnull=False)
    return mine.filter(acknowledged_at__gte=alert.issued_at) if alert.issued_at else mine


def _by_minute(rows: QuerySet[Any], name: str) -> dict[datetime, int]:
    counted = rows.order_by().annotate(minute=TruncMinute(name)).values("minute").annotate(number=Count("pk"))
    return {row["minute"]: row["number"] for row in counted}


def checks_of(alert: Alert) -> dict[str, int]:
    """Return the numbers of the call list of an alert's event."""
    rows = SafetyCheck.objects.filter(alert_id=alert.origin_id or alert.pk)
    in_need = Q(is_in_need=True)
    known = Q(acknowledged_at__isnull=False) | Q(outcome=CallOutcome.SAFE)
    return rows.aggregate(
        acknowledged_all=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        in_need=Count("pk", filter=in_need),
        known=Count("pk", filter=in_need & known & ~Q(outcome=CallOutcome.NEEDS_HELP)),
        acknowledged=Count("pk", filter=in_need & Q(acknowledged_at__isnull=False)),
        needs_help=Count("pk", filter=in_need & Q(outcome=CallOutcome.NEEDS_HELP)),
        no_answer=Count("pk", filter=in_need & Q(outcome=CallOutcome.NO_ANSWER, acknowledged_at__isnull=True)),
        wrong_number=Count("pk", filter=in_need & Q(outcome=CallOutcome.WRONG_NUMBER, acknowledged_at__isnull=True)),
        open=Count("pk", filter=in_need & Q(acknowledged_at__isnull=True, outcome="")),
    )


def rows_by_minute(reach: Reach) -> tuple[list[str], list[list[Any]]]:
    """
    Return heads (channel keys, ``SCREENS`` where there are any) and rows of the table by minute.

    A row is: time, reached per head, acknowledged.
    """
    channels = [channel.channel for channel in reach.channels]
    rows = [
        [
            clock.local(minute.at),
            *(minute.reached.get(channel, 0) for channel in channels),
            *([minute.screens] if reach.screens else []),
            minute.acknowledged,
        ]
        for minute in reach.minutes
    ]
    return [*channels, *([SCREENS] if reach.screens else [])], rows


def recent_alerts(*, drills: bool | None = None) -> QuerySet[Alert]:
    """Return what was issued, drafted and ended, the newest first."""
    found = Alert.objects.defer("cap_xml").select_related("issued_by", "created_by").order_by("-id")
    return found if drills is None else found.filter(status="Exercise" if drills else "Actual")


def whole_story(alert: Alert) -> list[Alert]:
    """Return everything said of an event, the newest first."""
    return list(chain_of(alert).select_related("issued_by"))[::-1]
