"""Leading a payer to a provider's page, and asking the provider what became of it."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope, record_event

from .. import events
from ..enums import PaymentMethod, ReceivableStatus, RefundStatus, ReportSource, SessionStatus
from ..errors import NotPayableError, ProviderError, ProviderRefusedError
from ..models import PaymentSession, Receivable, Refund
from ..registry import Report, SessionAnswer, SessionOrder, payment_providers
from ..rules.sessions import EXPIRED, LIVE, SessionFacts
from .books import ledger_settings
from .receivables import expire_receivable, locked
from .refunds import send_refund
from .reports import receive_answer, receive_report

logger = logging.getLogger(__name__)
SHOP_GAP = timedelta(hours=1)


def start_payment(*, receivable: Receivable, provider: str, origin: str, language: str) -> PaymentSession:
    """
    Return the attempt to pay a receivable at a provider, with the page to lead the payer to.

    A page that is open already is used again: two tabs and a double click come to the same one. ``origin`` is the scheme and
    host the payer came from. The attempt is stored before the provider is asked: a process that dies in between asks for the
    same page again, by the same key. Raises ``NotPayableError``, or ``ProviderError`` when the provider does not answer.
    """
    _clear_overdue_page(receivable)
    session = _open_session(receivable, provider, origin.rstrip("/"), language)
    if session.redirect_url:
        return session
    answer = payment_providers.get(session.provider).create_session(order_of(session))
    receive_answer(session=session, answer=answer)
    session.refresh_from_db()
    if not session.redirect_url:
        raise ProviderError(
            _("決済代行会社から支払い画面の案内がありませんでした。少し待って、もう一度お試しください。")
        )
    return session


def _clear_overdue_page(receivable: Receivable) -> None:
    """Ask after a page whose time is over before another one is opened: it may have been paid."""
    overdue = receivable.sessions.filter(
        status__in=[SessionStatus.NEW, SessionStatus.CREATED], expires_at__lte=clock.now()
    ).first()
    if overdue is not None:
        ask_session(session=overdue)


@transaction.atomic
def _open_session(receivable: Receivable, provider: str, origin: str, language: str) -> PaymentSession:
    current = locked(receivable)
    _require_payable(current)
    live = current.sessions.filter(status__in=LIVE).first()
    if live is not None:
        return live
    now = clock.now()
    session = PaymentSession.objects.create(
        municipality=municipality_in_scope(),
        receivable=current,
        provider=provider,
        origin=origin[:200],
        language=language,
        amount=current.amount,
        created_at=now,
        expires_at=_end_of_page(current, now),
    )
    record_event(
        kind=events.SESSION_STARTED,
        subject=current,
        quantity=current.amount,
        data={"provider": provider, "session": session.reference},
    )
    return session


def _require_payable(receivable: Receivable) -> None:
    if not receivable.is_payable:
        raise NotPayableError(
            _("この納付は「%(status)s」のため、お支払いの必要はありません。")
            % {"status": receivable.get_status_display()}
        )
    if receivable.due_on is not None and receivable.due_on < clock.today():
        raise NotPayableError(
            _("納期限が過ぎたため、オンラインではお支払いいただけません。担当の窓口へご連絡ください。")
        )
    if receivable.discrepancies.filter(resolution="", session__isnull=False).exists():
        raise NotPayableError(_("入金の内容を職員が確認しています。重ねてお支払いにならないでください。"))


def _end_of_page(receivable: Receivable, now: datetime) -> datetime:
    end = now + timedelta(minutes=ledger_settings().session_minutes)
    if receivable.due_on is None:
        return end
    return min(end, datetime.combine(receivable.due_on + timedelta(days=1), time.min, tzinfo=clock.TOKYO))


def order_of(session: PaymentSession) -> SessionOrder:
    """Return what the provider is asked for; the same for the same session, whenever it is asked."""
    receivable = session.receivable
    return SessionOrder(
        reference=session.reference,
        municipality=municipality_in_scope().code,
        number=receivable.number,
        title=receivable.title,
        amount=session.amount,
        language=session.language,
        return_url=session.origin + reverse("pay:back", args=[receivable.token]),
        callback_url=session.origin + reverse("payment_webhooks:receive", args=[session.provider]),
        expires_at=session.expires_at,
        pay_by=receivable.due_on,
    )


def ask_session(*, session: PaymentSession) -> None:
    """
    Ask the provider what became of an attempt, and take the answer in by the same door as its reports.

    An attempt the provider has never heard of (our process died before it asked) ends when its time is over.
    """
    PaymentSession.objects.filter(pk=session.pk).update(asked_at=clock.now())
    try:
        answer = payment_providers.get(session.provider).get_session(
            provider_session_id=session.provider_session_id, reference=session.reference
        )
    except ProviderRefusedError:
        if session.provider_session_id or session.expires_at > clock.now():
            raise
        answer = SessionAnswer("", "", SessionFacts(status=EXPIRED), session.reference, session.amount)
    receive_answer(session=session, answer=answer)


def close_session(*, session: PaymentSession) -> None:
    """Have the provider close a page, so that it can no longer be paid on; what it answers is taken in."""
    if not session.provider_session_id:
        ask_session(session=session)
        session.refresh_from_db()
    if session.provider_session_id and session.is_live:
        provider = payment_providers.get(session.provider)
        receive_answer(session=session, answer=provider.cancel_session(provider_session_id=session.provider_session_id))


def ask_silent_sessions() -> int:
    """
    Ask after every attempt nothing was heard of for a while, and send again every refund nothing was heard of.

    Returns how many were asked. A provider that cannot be reached is asked again the next time.
    """
    now = clock.now()
    gap = timedelta(minutes=ledger_settings().ask_after_minutes)
    # A shop may be paid at for weeks; there is no hurry to ask.
    is_due = Q(asked_at__lte=now - gap) & ~Q(method=PaymentMethod.STORE) | Q(asked_at__lte=now - SHOP_GAP)
    silent = PaymentSession.objects.filter(
        Q(asked_at__isnull=True) | is_due, status__in=LIVE, created_at__lte=now - gap
    ).select_related("receivable")
    asked = 0
    for session in silent.order_by(F("asked_at").asc(nulls_first=True))[:500]:
        asked += _quietly(ask_session, session=session)
    waiting = Refund.objects.filter(status=RefundStatus.SENDING, session__isnull=False, requested_at__lte=now - gap)
    for refund in waiting.select_related("session", "receivable")[:500]:
        asked += _quietly(send_refund, refund=refund)
    return asked


def _quietly(ask: object, **what: object) -> int:
    try:
        ask(**what)  # type: ignore[operator]
    except ProviderError as error:
        logger.warning("payment provider: %s", error)
        return 0
    return 1


def expire_due() -> int:
    """
    Let claims lapse whose last day is over; return how many did.

    Pages that are still open are closed at the provider first: who pays in the last minute has paid. Where the provider does
    not answer, the claim waits for the next time.
    """
    due = Receivable.objects.filter(
        status__in=[ReceivableStatus.OPEN, ReceivableStatus.PENDING], due_on__lt=clock.today()
    )
    lapsed = 0
    for receivable in due.order_by("due_on", "pk")[:1000]:
        try:
            for session in receivable.sessions.filter(status__in=LIVE).select_related("receivable"):
                close_session(session=session)
        except ProviderError as error:
            logger.warning("payment provider: %s", error)
            continue
        lapsed += expire_receivable(receivable=receivable)
    return lapsed


def take_webhook(*, provider: str, report: Report) -> str:
    """Take one webhook whose signature was checked; return what came of it."""
    return receive_report(provider=provider, report=report, source=ReportSource.WEBHOOK)
