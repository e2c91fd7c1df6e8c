"""Browsers that want notifications: taken in with care for what address they name, and ended."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from madoguchi.trust.api import Account

from ..enums import ChannelKey, EndpointStatus
from ..models import Endpoint, Recipient
from ..rules.push import SubscriptionError, check_keys, is_allowed
from .endpoints import add_endpoint, end_endpoint

MOST_BROWSERS = 5
"""A person's browsers; with one more the oldest ends."""


@transaction.atomic
def subscribe_browser(
    *, recipient: Recipient, address: str, p256dh: str, auth: str, actor: Account | None = None
) -> Endpoint:
    """
    Take in a browser's subscription (Push API) as a confirmed way to a person: the browser asked its user.

    Raises ``SubscriptionError``: ``host`` for an address of no known push service (it is never called), ``keys`` for keys that
    cannot be encrypted for; ``MessagingError`` for more addresses than a person can have.
    """
    if len(address) > 1000 or not is_allowed(address, hosts=settings.PUSH_HOSTS, simulator=settings.PUSH_SIMULATOR):
        raise SubscriptionError("host")
    check_keys(p256dh, auth)
    _make_room(recipient, address)
    return add_endpoint(
        recipient=recipient,
        channel=ChannelKey.WEB_PUSH,
        address=address,
        details={"p256dh": p256dh, "auth": auth},
        is_confirmed=True,
        actor=actor,
    )


def _make_room(recipient: Recipient, address: str) -> None:
    others = [endpoint for endpoint in browsers_of(recipient) if endpoint.address != address]
    for endpoint in others[MOST_BROWSERS - 1 :]:
        end_endpoint(endpoint=endpoint, status=EndpointStatus.ENDED)


def browsers_of(recipient: Recipient) -> list[Endpoint]:
    """Return the browsers a person is notified in, the newest first."""
    found = Endpoint.objects.filter(recipient=recipient, channel=ChannelKey.WEB_PUSH, ended_at__isnull=True)
    return list(found.order_by("-pk"))


def unsubscribe_browser(*, recipient: Recipient, address: str) -> bool:
    """End a person's own browser; tell whether there was one."""
    found = [endpoint for endpoint in browsers_of(recipient) if endpoint.address == address]
    for endpoint in found:
        end_endpoint(endpoint=endpoint, status=EndpointStatus.ENDED)
    return bool(found)
