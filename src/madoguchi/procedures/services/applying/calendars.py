"""The private address of a person's deadlines."""

from __future__ import annotations

from django.db import transaction

from madoguchi.kit import clock, ids
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...models import CalendarFeed
from ...rules import codes


def calendar_feed(account: Account) -> CalendarFeed:
    """Return the feed of an account, made on first use."""
    return CalendarFeed.objects.filter(account=account).first() or renew_calendar(actor=account)


@transaction.atomic
def renew_calendar(*, actor: Account) -> CalendarFeed:
    """Give the feed of an account a new address; the old one answers nobody any more."""
    feed = CalendarFeed.objects.select_for_update().filter(account=actor).first()
    if feed is None:
        feed = CalendarFeed(municipality=municipality_in_scope(), account=actor)
    feed.nonce, feed.renewed_at = ids.new_id(), clock.now()
    feed.token_digest = codes.digest_of(feed.token)
    feed.save()
    record_event(kind=events.CALENDAR_RENEWED, subject=actor, actor=actor)
    return feed


def feed_of(token: str) -> CalendarFeed | None:
    """Return the feed with this token, or None."""
    digest = codes.digest_of(token)
    return CalendarFeed.objects.select_related("account").filter(token_digest=digest).first() if digest else None
