"""Webhooks that are not believed."""

from __future__ import annotations

from django.db import transaction

from madoguchi.trust.api import municipality_in_scope, record_event

from .. import events


@transaction.atomic
def refuse_webhook(*, provider: str, reason: str) -> None:
    """Write that somebody sent a webhook that is not signed as agreed; ``reason`` is a short code."""
    record_event(
        kind=events.WEBHOOK_REFUSED, subject=municipality_in_scope(), data={"provider": provider, "reason": reason}
    )
