"""What was shown where: proof of play, receipts of alerts, and what meters count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum

from madoguchi.kit import clock

from ...models import Alert, PlayRecord, Screen
from .emergencies import concerns


@dataclass(frozen=True, slots=True)
class Shown:
    """That a screen showed an alert: from when, until when it was last known to, and how long altogether."""

    screen: Screen
    first_at: datetime
    last_at: datetime
    seconds: int


def alert_subject(key: str) -> str:
    """Return what records call an alert."""
    return f"alert:{key}"


def shown(alert: Alert | Iterable[Alert]) -> list[Shown]:
    """Return which screens showed an alert (or any of several, such as all words of an event), the first first."""
    alerts = [alert] if isinstance(alert, Alert) else list(alert)
    rows = (
        PlayRecord.objects.filter(subject__in=[alert_subject(one.key) for one in alerts])
        .order_by()
        .values("screen_id")
        .annotate(first=Min("first_at"), last=Max("last_at"), total=Sum("seconds"))
        .order_by("first", "screen_id")
    )
    found = list(rows)
    screens = Screen.objects.in_bulk([row["screen_id"] for row in found])
    return [Shown(screens[row["screen_id"]], row["first"], row["last"], row["total"]) for row in found]


def not_showing(alert: Alert) -> list[Screen]:
    """Return the paired screens an alert concerns that have not said that they show it."""

    seen = set(PlayRecord.objects.filter(subject=alert_subject(alert.key)).values_list("screen_id", flat=True))
    paired = Screen.objects.filter(removed_at__isnull=True).exclude(secret_digest="")
    return [screen for screen in paired if screen.pk not in seen and concerns(alert, screen)]


def span_of(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments between which days lie in Japan; the second one is not part of them."""
    begin = datetime.combine(first, time.min, tzinfo=clock.TOKYO)
    return begin, datetime.combine(last + timedelta(days=1), time.min, tzinfo=clock.TOKYO)


def records_between(first: date, last: date) -> QuerySet[PlayRecord]:
    """Return the records of days."""
    begin, end = span_of(first, last)
    return PlayRecord.objects.filter(hour__gte=begin, hour__lt=end)


def screens_online(municipality: Any, day: date) -> int:
    """Return how many screens showed something on a day."""
    return records_between(day, day).order_by().values("screen_id").distinct().count()


def plays(municipality: Any, day: date) -> int:
    """Return how many times something was shown on a day, over all screens."""
    return int(records_between(day, day).aggregate(total=Sum("plays"))["total"] or 0)


def play_rows(municipality: Any, from_date: date, to_date: date) -> QuerySet[PlayRecord]:
    """Return the records behind what the meters count."""
    return records_between(from_date, to_date).select_related("screen", "item")
