"""Jobs of sending."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from ..services import sending


@job(label=N_("お知らせの宛先を決める"), attempts=6)
def start_message(*, message_id: int) -> int:
    """Fan a message out; doing it again changes nothing."""
    return sending.start_message(message_id=message_id)


@job(label=N_("お知らせを送る"), every=timedelta(seconds=30), attempts=6, backoff=timedelta(seconds=10))
def deliver() -> int:
    """Send what is due; what is left goes to a further job."""
    return sending.deliver_due()


@job(label=N_("予約したお知らせを送り始める"), every=timedelta(seconds=30))
def start_due_messages() -> int:
    """Begin scheduled messages whose time has come."""
    return sending.start_due_messages()


@job(label=N_("読まれていないお知らせを次の手段で送る"), every=timedelta(minutes=1))
def fall_back_in_time() -> int:
    """Ring by the next way at people who have not read a message."""
    return sending.fall_back_in_time()
