"""Counted links (``/l/<key>``): how often, by which way and day; never who."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from madoguchi.kit import clock
from madoguchi.trust.api import record_event

from ... import events
from ...enums import ChannelKey
from ...models import Click, Link


@transaction.atomic
def follow_link(*, link: Link, channel: str = "") -> None:
    """Count that a link was followed; the day and the way are kept, nothing of the person."""
    way = channel if channel in ChannelKey.values else ""
    day = clock.today()
    Click.objects.get_or_create(link=link, channel=way, on=day, defaults={"municipality": link.municipality})
    Click.objects.filter(link=link, channel=way, on=day).update(count=F("count") + 1)
    record_event(kind=events.LINK_FOLLOWED, subject=link, quantity=1, data={"channel": way})
