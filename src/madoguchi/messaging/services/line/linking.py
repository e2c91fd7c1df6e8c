"""Linking a LINE user with an account of the city's (アカウント連携): by a number both sides show LINE, good once."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...enums import ChannelKey, EndpointStatus
from ...errors import MessagingError
from ...models import Endpoint, LineNonce
from ..recipients import add_guest, merge_recipients, recipient_of

VALID = timedelta(minutes=10)
NONCE_BYTES = 32


def start_link(*, account: Account) -> str:
    """Return a number that stands for an account for ten minutes; LINE gives it back with the user who showed it."""
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    LineNonce.objects.create(
        municipality=municipality_in_scope(),
        digest=_digest(nonce),
        account=account,
        expires_at=clock.now() + VALID,
    )
    return nonce


@transaction.atomic
def finish_link(*, endpoint: Endpoint, nonce: str) -> None:
    """
    Give the friend to the account whose number it is: what they chose at LINE and what they chose here becomes one.

    Raises ``MessagingError`` for a number that is unknown, used or too old, and where the friend is another account's.
    """
    found = LineNonce.objects.select_for_update().filter(digest=_digest(nonce)).select_related("account").first()
    if found is None or found.used_at is not None or found.expires_at < clock.now():
        raise MessagingError(_("連携の有効期限が切れています。もう一度はじめからお試しください。"))
    found.used_at = clock.now()
    found.save(update_fields=["used_at"])
    kept = recipient_of(account=found.account)
    merge_recipients(kept=kept, other=endpoint.recipient, actor=found.account)
    record_event(kind=events.LINE_LINKED, subject=kept, actor=found.account)


@transaction.atomic
def unlink(*, account: Account) -> int:
    """Part the LINE friends of an account from it: each goes on as a guest of their own. Returns how many."""
    mine = recipient_of(account=account)
    linked = Endpoint.objects.filter(
        recipient=mine, channel=ChannelKey.LINE, status=EndpointStatus.ACTIVE, ended_at__isnull=True
    )
    for endpoint in linked:
        endpoint.recipient = add_guest(language=mine.language)
        endpoint.save(update_fields=["recipient"])
        record_event(kind=events.LINE_UNLINKED, subject=mine, actor=account)
    return len(linked)


def _digest(nonce: str) -> str:
    return sha256(nonce.encode()).hexdigest()
