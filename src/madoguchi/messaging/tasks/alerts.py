"""Jobs of emergencies."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from ..services import alerts


@job(label=N_("期限の過ぎた緊急情報を終える"), every=timedelta(seconds=30))
def expire_alerts() -> int:
    """Let alerts end whose time is over."""
    return alerts.expire_alerts()
