"""Jobs of signage."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from ..services import signage


@job(label=N_("連絡のない画面を見つける"), every=timedelta(minutes=2))
def find_lost_screens() -> int:
    """Note screens that have been silent for ten minutes, each once; forget codes whose time is over."""
    signage.sweep_codes()
    return signage.find_lost_screens()
