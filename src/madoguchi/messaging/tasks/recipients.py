"""Jobs that keep recipients in line with the registry."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from ..services import guests
from ..services.recipients import is_import_new
from ..services.recipients import sync_recipients as run_sync


@job(label=N_("住民記録を送り先に反映する"), every=timedelta(hours=1))
def sync_recipients() -> int:
    """Take over what was changed in the registry; doing it again changes nothing."""
    return run_sync().total


@job(label=N_("取り込んだ住民記録を送り先に反映する"), every=timedelta(minutes=5))
def sync_after_import() -> int:
    """Take over an import of residents soon after it, rather than within the hour."""
    return run_sync().total if is_import_new() else 0


@job(label=N_("確認されなかったメールアドレスを消す"), every=timedelta(days=1))
def forget_unconfirmed_guests() -> int:
    """Delete addresses nobody confirmed within three days."""
    return guests.forget_unconfirmed()
