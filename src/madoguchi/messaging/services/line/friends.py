"""Friends: who adds, blocks and comes back, and what they say of themselves. Nobody needs an account for it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from madoguchi.trust.api import enqueue, record_event

from ... import events
from ...enums import ChannelKey, EndpointStatus
from ...models import Child, Endpoint
from ...rules.addresses import address_digest
from ..endpoints import add_endpoint, end_endpoint, find_endpoint
from ..preferences import set_children, set_preferences
from ..recipients import add_guest

MENU_JOB = "messaging.tasks.line.give_menu"


def friend_of(user: str) -> Endpoint | None:
    """Return the live endpoint of a LINE user, None where the city has none."""
    return find_endpoint(channel=ChannelKey.LINE, address=user)


@transaction.atomic
def follow(*, user: str, at: datetime, language: str = "ja") -> Endpoint | None:
    """
    Take somebody who added or unblocked the account; a guest where the city does not know them.

    Returns None for news older than what is known (LINE may deliver again, in any order).
    """
    known = _newest(user)
    if known is not None and _is_stale(known, at):
        return None
    was_friend = known is not None and bool(known.details.get("follows", True))
    endpoint = friend_of(user) or _new_friend(user, language)
    if endpoint.status != EndpointStatus.ACTIVE:
        endpoint = _reached(endpoint, user)
    if not was_friend:
        record_event(kind=events.LINE_FOLLOWED, subject=endpoint, quantity=1)
    return _note(endpoint, at, follows=True)


def meet(*, user: str, at: datetime) -> Endpoint:
    """Return the endpoint of somebody who wrote to us or pressed a button, so is a friend, whether we were told or not."""
    known = friend_of(user)
    if known is not None and known.status == EndpointStatus.ACTIVE:
        return known
    return follow(user=user, at=at) or friend_of(user) or _new_friend(user, "ja")


@transaction.atomic
def unfollow(*, user: str, at: datetime) -> bool:
    """Note that somebody blocked the account: nothing is sent there any more; False for old news or a stranger."""
    known = _newest(user)
    if known is None or _is_stale(known, at) or not known.details.get("follows", True):
        return False
    if known.ended_at is None:
        end_endpoint(endpoint=known, status=EndpointStatus.BLOCKED)
    _note(known, at, follows=False)
    record_event(kind=events.LINE_UNFOLLOWED, subject=known, quantity=1)
    return True


@transaction.atomic
def choose_language(*, endpoint: Endpoint, language: str) -> None:
    """Write to somebody in a language from now on, and show the menu in it."""
    set_preferences(recipient=endpoint.recipient, language=language)
    enqueue(MENU_JOB, endpoint_id=endpoint.pk)


def choose_town(*, endpoint: Endpoint, town: str) -> None:
    """Note in which town somebody says they live; raises ``MessagingError`` for residents, whose town the registry knows."""
    set_preferences(recipient=endpoint.recipient, town=town)


def add_child(*, endpoint: Endpoint, birth_date: date) -> None:
    """Note a child somebody tells of; raises ``MessagingError`` for a day to come or too many."""
    births = declared_children(endpoint)
    set_children(recipient=endpoint.recipient, births=sorted({*births, birth_date}))


def forget_children(*, endpoint: Endpoint) -> None:
    """Forget the children somebody told of; those of the registry stay."""
    set_children(recipient=endpoint.recipient, births=())


def declared_children(endpoint: Endpoint) -> list[date]:
    """Return the days of birth somebody told of."""
    children = Child.objects.filter(recipient=endpoint.recipient, is_declared=True)
    return list(children.order_by("birth_date").values_list("birth_date", flat=True))


def _new_friend(user: str, language: str) -> Endpoint:
    guest = add_guest(language=language)
    return add_endpoint(recipient=guest, channel=ChannelKey.LINE, address=user, is_confirmed=True)


def _reached(endpoint: Endpoint, user: str) -> Endpoint:
    recipient = endpoint.recipient
    return add_endpoint(recipient=recipient, channel=ChannelKey.LINE, address=user, is_confirmed=True)


def _newest(user: str) -> Endpoint | None:
    mine = Endpoint.objects.filter(channel=ChannelKey.LINE, digest=address_digest(ChannelKey.LINE, user))
    return mine.select_related("recipient").order_by("-id").first()


def _is_stale(endpoint: Endpoint, at: datetime) -> bool:
    seen = endpoint.details.get("at")
    return isinstance(seen, str) and at < datetime.fromisoformat(seen)


def _note(endpoint: Endpoint, at: datetime, *, follows: bool) -> Endpoint:
    endpoint.details = {**endpoint.details, "at": at.isoformat(), "follows": follows}
    endpoint.save(update_fields=["details"])
    return endpoint
