"""Topics in numbers: how many hear of each, by which ways, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from madoguchi.kit import clock

from ..enums import ChannelKey, EndpointStatus
from ..models import Endpoint, Recipient, Subscription, Topic


def listed_topics(text: str = "", *, retired: bool = False) -> QuerySet[Topic]:
    """Return topics with ``subscribers``, by their order; ``text`` is part of a code or of the Japanese name."""
    live = Count("subscriptions", filter=Q(subscriptions__ended_at__isnull=True))
    found = Topic.objects.filter(retired_at__isnull=not retired).select_related("unit").annotate(subscribers=live)
    if text:
        # Names are few: looking through them here finds Japanese on every database, however JSON is stored there.
        matching = [topic.pk for topic in found if text in topic.names.get("ja", "") or text in topic.code]
        found = found.filter(pk__in=matching)
    return found.order_by("order", "pk")


def subscribers_by_way(topic: Topic) -> dict[str, int]:
    """Return how many subscribers of a topic can be reached on each way, each person once on each."""
    people = Recipient.objects.filter(
        ended_at__isnull=True, subscriptions__topic=topic, subscriptions__ended_at__isnull=True
    ).order_by()
    active = Endpoint.objects.filter(
        status=EndpointStatus.ACTIVE, ended_at__isnull=True, recipient__in=people
    ).order_by()
    rows = active.values("channel").annotate(people=Count("recipient", distinct=True))
    inbox = people.filter(account__isnull=False).count()
    found = {ChannelKey.INBOX.value: inbox, **{row["channel"]: row["people"] for row in rows}}
    return {key: count for key, count in found.items() if count}


@dataclass(frozen=True, slots=True)
class TopicDay:
    """A day of a topic: how many began, how many ended, how many were there at its end."""

    day: date
    begun: int
    ended: int
    total: int


def topic_days(topic: Topic, days: int = 30) -> list[TopicDay]:
    """Return the last days of a topic, the present one last; days are those of Japan."""
    today = clock.today()
    first = today - timedelta(days=days - 1)
    rows = Subscription.objects.filter(topic=topic).order_by()
    begun, ended = _by_day(rows, "subscribed_at", first), _by_day(rows, "ended_at", first)
    start = datetime.combine(first, time.min, tzinfo=clock.TOKYO)
    total = rows.filter(subscribed_at__lt=start).exclude(ended_at__lt=start).count()
    found = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        total += begun.get(day, 0) - ended.get(day, 0)
        found.append(TopicDay(day, begun.get(day, 0), ended.get(day, 0), total))
    return found


def _by_day(rows: QuerySet[Subscription], field: str, first: date) -> Mapping[date, int]:
    start = datetime.combine(first, time.min, tzinfo=clock.TOKYO)
    counted = rows.filter(**{f"{field}__gte": start}).annotate(day=TruncDate(field, tzinfo=clock.TOKYO)).values("day")
    return {row["day"]: row["count"] for row in counted.annotate(count=Count("pk"))}
