"""Refunds people ask for: checked, above the limit approved by another person, then sent on their way."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from madoguchi.kit import clock, ids
from madoguchi.trust.api import Account, enqueue, municipality_in_scope, record_event

from .. import events
from ..enums import PaymentMethod, ReceivableStatus, RefundStatus
from ..errors import AmountError, FourEyesError, ProviderRefusedError, StatusError
from ..models import PaymentSession, Receivable, Refund
from ..permissions import receivable_policy
from ..registry import payment_providers
from . import refunding
from .books import ledger_settings
from .receivables import locked
from .reports import receive_answer


@transaction.atomic
def refund_receivable(*, receivable: Receivable, amount: int, reason: str, actor: Account | None) -> Refund:
    """
    Give an amount of what was paid back (還付), wholly or in part.

    Above the limit of the municipality it waits for another person. Online money goes back the way it came; cash is handed
    out at the counter. ``actor`` None is the house itself, which needs nobody's approval. Raises ``StatusError`` where
    nothing was paid, ``AmountError`` above what is left.
    """
    if actor is not None:
        receivable_policy.require(actor, "refund", receivable)
    current = locked(receivable)
    if current.status != ReceivableStatus.PAID:
        raise StatusError(_("返金できるのは、お支払い済みの納付です。"))
    left = refundable(current)
    if isinstance(amount, bool) or not 1 <= amount <= left:
        raise AmountError(_("返金額は1円以上%(left)s円以下で入力してください。") % {"left": f"{left:,}"})
    is_cash = current.method == PaymentMethod.CASH
    if is_cash and actor is None:
        raise StatusError(_("現金で受け取った納付は、窓口で返金します。"))
    refund = Refund.objects.create(
        municipality=municipality_in_scope(),
        receivable=current,
        session=None if is_cash else current.sessions.get(booked_as=refunding.OWED),
        amount=amount,
        reason=reason[:400],
        source=refunding.OWED,
        status=RefundStatus.REQUESTED,
        is_automatic=actor is None,
        requested_by=actor,
        requested_at=clock.now(),
    )
    record_event(kind=events.REFUND_REQUESTED, subject=current, actor=actor, quantity=amount)
    if actor is None or amount <= ledger_settings().refund_limit:
        _start(refund, current)
    return refund


def refundable(receivable: Receivable) -> int:
    """Return the yen that can still be given back: what was paid less what went or is about to go back."""
    waiting = receivable.refunds.filter(
        source=refunding.OWED, status__in=[RefundStatus.REQUESTED, RefundStatus.SENDING]
    ).aggregate(total=Sum("amount"))["total"]
    return receivable.paid_amount - receivable.refunded_amount - (waiting or 0)


def _start(refund: Refund, receivable: Receivable) -> None:
    if refund.session_id is None:
        refunding.complete(refund=refund, receivable=receivable, holder=refund.requested_by)
        return
    refund.status = RefundStatus.SENDING
    refund.save()
    enqueue("ledger.tasks.send_refund", refund_id=refund.pk)


@transaction.atomic
def decide_refund(*, refund: Refund, is_approved: bool, actor: Account) -> Refund:
    """Approve or reject a refund above the limit; raises ``FourEyesError`` for the person who asked for it."""
    receivable_policy.require(actor, "approve_refund", refund.receivable)
    if refund.requested_by_id == actor.pk:
        raise FourEyesError(_("返金は、申し出た人とは別の人が承認します。"))
    receivable = locked(refund.receivable)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    if refund.status != RefundStatus.REQUESTED:
        raise StatusError(_("この返金は、すでに決まっています。"))
    refund.decided_by, refund.decided_at = actor, clock.now()
    if not is_approved:
        refund.status = RefundStatus.REJECTED
        refund.save()
        record_event(kind=events.REFUND_REJECTED, subject=receivable, actor=actor, quantity=refund.amount)
        return refund
    refund.save()
    record_event(kind=events.REFUND_APPROVED, subject=receivable, actor=actor, quantity=refund.amount)
    _start(refund, receivable)
    return refund


@transaction.atomic
def retry_refund(*, refund: Refund, actor: Account) -> Refund:
    """Try a refund that failed once more: a new order to the provider, under a new reference."""
    receivable_policy.require(actor, "refund", refund.receivable)
    locked(refund.receivable)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    if refund.status != RefundStatus.FAILED or refund.session_id is None:
        raise StatusError(_("やり直せるのは、返金できなかったものです。"))
    refund.status, refund.failure, refund.reference = RefundStatus.SENDING, "", ids.new_id()
    refund.save()
    enqueue("ledger.tasks.send_refund", refund_id=refund.pk)
    return refund


def send_refund(*, refund: Refund) -> None:
    """
    Send a refund to its provider and take the answer in; again and again does it once.

    Raises ``ProviderError`` when the provider cannot be reached: the job tries again.
    """
    if refund.status != RefundStatus.SENDING or refund.session is None:
        return
    session: PaymentSession = refund.session
    provider = payment_providers.get(session.provider)
    try:
        answer = provider.refund(
            provider_session_id=session.provider_session_id, reference=refund.reference, amount=refund.amount
        )
    except ProviderRefusedError as error:
        with transaction.atomic():
            receivable = locked(refund.receivable)
            current = Refund.objects.select_for_update().get(pk=refund.pk)
            if current.status == RefundStatus.SENDING:
                refunding.fail(refund=current, receivable=receivable, why=str(error))
        return
    receive_answer(session=session, answer=answer)
