"""Background jobs of the ledger room."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from . import services
from .models import PaymentSession, Receivable, Refund, Settlement


@job(label=N_("知らせのない支払いの照会"), every=timedelta(minutes=1), attempts=1)
def ask_silent_sessions() -> int:
    """Ask providers after attempts and refunds nothing was heard of."""
    return services.ask_silent_sessions()


@job(label=N_("支払いの照会"), attempts=5)
def ask_session(session_id: int) -> None:
    """Ask a provider what became of one attempt."""
    services.ask_session(session=PaymentSession.objects.select_related("receivable").get(pk=session_id))


@job(label=N_("支払い画面を閉じる"), attempts=5)
def close_pages(receivable_id: int) -> None:
    """Have the provider close the open pages of a receivable that is no longer owed."""
    receivable = Receivable.objects.get(pk=receivable_id)
    for session in receivable.sessions.filter(status__in=["new", "created", "authorised"]).select_related("receivable"):
        services.close_session(session=session)


@job(label=N_("返金の依頼"), attempts=6)
def send_refund(refund_id: int) -> None:
    """Send a refund to its provider; again and again does it once."""
    services.send_refund(refund=Refund.objects.select_related("session", "receivable").get(pk=refund_id))


@job(label=N_("納期限の過ぎた納付の処理"), every=timedelta(hours=1))
def expire_due() -> int:
    """Let claims lapse whose last day is over."""
    return services.expire_due()


@job(label=N_("精算ファイルとの照合"), every=timedelta(hours=6))
def compare_settlements() -> int:
    """Compare the settlement files of the last days with the books."""
    return services.compare_recent()


@job(label=N_("精算の再照合"), attempts=5)
def recheck(settlement_id: int, session_id: int) -> None:
    """Ask after a session the books and a settlement file do not agree on; when it was a lost report, all is well."""
    session = PaymentSession.objects.select_related("receivable").get(pk=session_id)
    services.ask_session(session=session)
    services.explain_if_agreed(settlement=Settlement.objects.get(pk=settlement_id), session=session)
