"""The inbox: the one door to an entry, reading it, sorting it, and the secret address of one's feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, RefusedError, municipality_in_scope, record_event

from .. import events
from ..enums import ChannelKey, DeliveryStatus
from ..models import Delivery, Message, Recipient
from ..rules import tokens
from ..rules.tokens import TokenError

PAGE, FEED = "delivery", "feed"
"""What the tokens of pages and of feeds are for."""

MOST_AT_ONCE = 500


class Sorting(StrEnum):
    """What one can do with entries of one's inbox; each has its opposite, by which it is undone."""

    READ = "read"
    UNREAD = "unread"
    ARCHIVE = "archive"
    RESTORE = "restore"

    @property
    def opposite(self) -> Sorting:
        """What undoes it."""
        return _OPPOSITES[self]


_OPPOSITES = {
    Sorting.READ: Sorting.UNREAD,
    Sorting.UNREAD: Sorting.READ,
    Sorting.ARCHIVE: Sorting.RESTORE,
    Sorting.RESTORE: Sorting.ARCHIVE,
}


def access_delivery(*, actor: Account | None, delivery_id: int) -> Delivery:
    """
    Return an entry of the inbox to the person it was written to, and to nobody else, whatever duty they hold.

    Raises ``Delivery.DoesNotExist`` for an id there is not, or that is not an entry of an inbox, and ``RefusedError`` for
    everybody else's.
    """
    entries = Delivery.objects.filter(channel=ChannelKey.INBOX, status=DeliveryStatus.DELIVERED)
    found = entries.select_related("message__topic", "message__unit", "recipient").get(pk=delivery_id)
    if actor is None or not actor.is_active or found.recipient.account_id != actor.pk:
        message = _("このお知らせは、ほかの方に届いたものです。")
        raise RefusedError(message, action="read", actor=actor, subject=found)
    return found


def page_token(delivery_id: int) -> str:
    """Return the secret part of the address at which somebody without an account reads what was sent to them."""
    return tokens.sign(PAGE, str(delivery_id))


def find_delivery(token: str) -> Delivery | None:
    """Return the delivery whose page a token opens; None for a token that is not ours, or where it was taken back."""
    try:
        pk = int(tokens.unsign(PAGE, token))
    except (TokenError, ValueError):
        return None
    found = Delivery.objects.exclude(status=DeliveryStatus.CANCELLED)
    return found.select_related("message__topic", "message__unit", "recipient").filter(pk=pk).first()


@transaction.atomic
def open_delivery(*, delivery: Delivery, actor: Account | None = None) -> bool:
    """
    Note that a message was opened, on whichever way; tell whether this was the first time.

    The entry of the inbox counts as read with it, so that nobody is told twice. The event is written once for each person.
    """
    now = clock.now()
    mine = Delivery.objects.filter(message=delivery.message_id, recipient=delivery.recipient_id)
    # Locked in one order: two windows opening the same message count once.
    siblings = list(mine.select_for_update(of=("self",)).order_by("pk").values_list("opened_at", flat=True))
    mine.filter(channel=ChannelKey.INBOX, read_at__isnull=True).update(read_at=now)
    mine.filter(pk=delivery.pk, read_at__isnull=True).update(read_at=now)
    is_first = mine.filter(pk=delivery.pk, opened_at__isnull=True).update(opened_at=now) == 1 and not any(siblings)
    if is_first:
        message = delivery.message
        topic = message.topic.code if message.topic is not None else ""
        data = {"channel": str(delivery.channel), "kind": str(message.kind), "topic": topic}
        record_event(kind=events.DELIVERY_OPENED, subject=message, actor=actor, quantity=1, data=data)
    delivery.read_at = delivery.read_at or now
    return is_first


@transaction.atomic
def sort_deliveries(*, actor: Account, delivery_ids: Iterable[int], sorting: Sorting) -> int:
    """
    Mark entries of one's own inbox as read or unread, put them away or take them out again; return how many changed.

    Ids of other people's entries are passed over: they are not there for the actor. Raises ``ValueError`` for more than
    ``MOST_AT_ONCE``.
    """
    wanted = list(dict.fromkeys(delivery_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise ValueError(f"more than {MOST_AT_ONCE} entries at once")
    entries = Delivery.objects.filter(
        pk__in=wanted, recipient__account=actor, channel=ChannelKey.INBOX, status=DeliveryStatus.DELIVERED
    )
    changed = _sort(entries, sorting, clock.now())
    if changed:
        data = {"sorting": str(sorting)}
        record_event(
            kind=events.INBOX_SORTED, subject=municipality_in_scope(), actor=actor, quantity=changed, data=data
        )
    return changed


def _sort(entries: QuerySet[Delivery], sorting: Sorting, now: datetime) -> int:
    match sorting:
        case Sorting.READ:
            return entries.filter(read_at__isnull=True).update(read_at=now)
        case Sorting.UNREAD:
            return entries.filter(read_at__isnull=False).update(read_at=None)
        case Sorting.ARCHIVE:
            return entries.filter(archived_at__isnull=True).update(archived_at=now, read_at=now)
        case Sorting.RESTORE:
            return entries.filter(archived_at__isnull=False).update(archived_at=None)


def read_thread(*, account: Account, thread: str) -> int:
    """Note that somebody has read a matter in its own room, so that the inbox does not ask for it again; return how many."""
    mine = Delivery.objects.filter(recipient__account=account, channel=ChannelKey.INBOX, read_at__isnull=True)
    return mine.filter(message__thread=thread).update(read_at=clock.now()) if thread else 0


def same_matter(*, actor: Account, delivery_ids: Iterable[int]) -> list[int]:
    """Return the ids of the entries and of all others of the same matters in the actor's inbox."""
    mine = Delivery.objects.filter(recipient__account=actor, channel=ChannelKey.INBOX)
    chosen = mine.filter(pk__in=list(delivery_ids))
    threads = [thread for thread in chosen.values_list("message__thread", flat=True) if thread]
    others = mine.filter(message__thread__in=threads).values_list("pk", flat=True)
    return sorted({*chosen.values_list("pk", flat=True), *others})


def feed_token(recipient: Recipient) -> str:
    """Return the secret part of the address of somebody's feed; empty where they never asked for one."""
    return tokens.sign(FEED, f"{recipient.pk}.{recipient.feed_serial}") if recipient.feed_serial else ""


@transaction.atomic
def renew_feed(*, actor: Account, recipient: Recipient) -> str:
    """Give somebody's feed an address, or a new one in place of the old, and return its token; their own only."""
    _require_own(actor, recipient)
    Recipient.objects.filter(pk=recipient.pk).update(feed_serial=F("feed_serial") + 1)
    recipient.refresh_from_db(fields=["feed_serial"])
    record_event(kind=events.FEED_RENEWED, subject=recipient, actor=actor, quantity=recipient.feed_serial)
    return feed_token(recipient)


def _require_own(actor: Account, recipient: Recipient) -> None:
    if recipient.account_id != actor.pk:
        raise RefusedError(
            _("ほかの方の受信箱の設定は変えられません。"), action="renew", actor=actor, subject=recipient
        )


def feed_owner(token: str) -> Recipient | None:
    """Return whose feed a token opens; None for one that is not ours or was renewed, or where the account has ended."""
    try:
        pk, _dot, serial = tokens.unsign(FEED, token).partition(".")
        found = Recipient.objects.select_related("account").filter(
            pk=int(pk), feed_serial=int(serial), ended_at__isnull=True, account__is_active=True
        )
    except (TokenError, ValueError):
        return None
    return found.first()


def message_of(key: str) -> Message | None:
    """Return the message of a key, or None."""
    return Message.objects.select_related("topic", "unit").filter(key=key).first()
