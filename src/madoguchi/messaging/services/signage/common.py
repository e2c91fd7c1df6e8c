"""What changes to signage have in common."""

from __future__ import annotations

import hashlib

from django.db.models import F

from ...models import Screen


def touch_screens(*, screens: list[int] | None = None) -> None:
    """Tell screens (default: all) that what they show may have changed; they ask for it within two seconds."""
    rows = Screen.objects.filter(removed_at__isnull=True)
    (rows if screens is None else rows.filter(pk__in=screens)).update(revision=F("revision") + 1)


def digest_of(secret: str) -> str:
    """Return what is kept of a device's secret (256 random bits, so a plain digest is enough)."""
    return hashlib.sha256(secret.encode()).hexdigest()
