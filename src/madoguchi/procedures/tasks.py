"""Background jobs of the procedures room."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from .services import applying


@job(label=N_("保存期限を過ぎた入力途中の申請を消す"), every=timedelta(days=1))
def expire_drafts() -> int:
    """Delete drafts whose time has passed, with their files."""
    return applying.expire_drafts()
