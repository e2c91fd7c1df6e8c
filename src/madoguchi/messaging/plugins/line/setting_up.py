"""Setting an account up: where LINE tells us of what happens, and who is a friend already."""

from __future__ import annotations

from django.utils.translation import gettext as _

from madoguchi.kit import clock

from ...enums import EndpointStatus
from ...errors import MessagingError
from ...selectors.settings import site_address
from ...services.line import follow, friend_of
from .account import account_of
from .client import LineClient, client_of

PER_QUESTION = 1000


def register_line_webhook(*, publish: bool = True) -> str:
    """Return the address of webhooks of the municipality in scope, and tell it to LINE; raises ``MessagingError``."""
    address = f"{site_address()}/line/webhook"
    if publish:
        from linebot.v3.messaging import SetWebhookEndpointRequest

        client = _client()
        request = SetWebhookEndpointRequest(endpoint=address)
        client.ask(lambda api: api.set_webhook_endpoint(request, **client.limits))
    return address


def import_line_friends() -> tuple[int, int]:
    """
    Take everybody who was a friend before the installation knew of it; returns how many were new and how many there are.

    Only verified accounts may ask LINE for this. Raises ``MessagingError``.
    """
    client = _client()
    new, seen, start = 0, 0, None
    while True:
        page = client.ask(lambda api, start=start: api.get_followers(start=start, limit=PER_QUESTION, **client.limits))  # type: ignore[misc]
        for user in page.user_ids:
            seen += 1
            known = friend_of(user)
            if known is None or known.status != EndpointStatus.ACTIVE:
                new += follow(user=user, at=clock.now()) is not None
        start = page.next
        if not start:
            return new, seen


def _client() -> LineClient:
    account = account_of()
    if account is None:
        raise MessagingError(_("LINEの設定がありません。MADOGUCHI_LINE を設定してください。"))
    return client_of(account)
