"""The way of money back: sent to the provider, booked when the provider says it went."""

from __future__ import annotations

from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, enqueue, municipality_in_scope, record_event

from .. import events
from ..enums import DiscrepancyKind, EntryKind, ReceivableStatus, RefundStatus
from ..models import PaymentSession, Receivable, Refund
from ..registry import receivable_subjects
from ..rules import chart, postings, years
from ..rules.sessions import SUCCEEDED, RefundFacts
from .books import post_entry
from .discrepancies import note_discrepancy
from .receivables import keep, move, tell

OWED = "receivable"


def tell_subject(receivable: Receivable) -> None:
    """Tell the subject of a receivable that something changed which is no event of its own."""
    if subject := receivable_subjects.find(receivable.subject_type):
        subject.changed(receivable)


def send_back(*, session: PaymentSession, receivable: Receivable, amount: int, source: str, reason: str = "") -> Refund:
    """Start a refund nobody has to ask for: money came for what is not owed. Inside a transaction, under the lock."""
    refund = Refund.objects.create(
        municipality=municipality_in_scope(),
        receivable=receivable,
        session=session,
        amount=amount,
        reason=reason or _("納付の必要がない入金のため、自動で返金"),
        source=source,
        status=RefundStatus.SENDING,
        is_automatic=True,
        requested_at=clock.now(),
    )
    enqueue("ledger.tasks.send_refund", refund_id=refund.pk)
    return refund


def end_refund(*, session: PaymentSession, receivable: Receivable, number: str, facts: RefundFacts) -> None:
    """Note that the provider has ended a refund; one we did not ask for was made at the provider's desk and is booked too."""
    refund = Refund.objects.select_for_update().filter(session=session, reference=facts.reference).first()
    if refund is None:
        if facts.status != SUCCEEDED:
            return
        refund = _made_elsewhere(session, receivable, number, facts.amount)
    if facts.status == SUCCEEDED and refund.status != RefundStatus.DONE:
        refund.provider_refund_id = number
        complete(refund=refund, receivable=receivable)
    elif facts.status != SUCCEEDED and refund.status == RefundStatus.SENDING:
        fail(refund=refund, receivable=receivable, why=_("決済代行会社で返金できませんでした。"))


def _made_elsewhere(session: PaymentSession, receivable: Receivable, number: str, amount: int) -> Refund:
    return Refund(
        municipality=municipality_in_scope(),
        receivable=receivable,
        session=session,
        amount=amount,
        reason=_("決済代行会社の管理画面で行われた返金"),
        source=session.booked_as,
        status=RefundStatus.SENDING,
        is_automatic=True,
        provider_refund_id=number,
        requested_at=clock.now(),
    )


def complete(*, refund: Refund, receivable: Receivable, holder: Account | None = None) -> None:
    """Book a refund that has been made; refund and receivable are locked."""
    refund.status, refund.done_at, refund.failure = RefundStatus.DONE, clock.now(), ""
    if refund.source == OWED and receivable.refunded_amount + refund.amount > receivable.paid_amount:
        # The provider gave back more than was paid: true in its books, so true in ours, but somebody has to ask why.
        refund.source = chart.UNIDENTIFIED
        _note_difference(refund, receivable)
    refund.save()
    _book(refund, receivable, holder)
    if refund.source == OWED:
        keep(receivable, refunded_amount=receivable.refunded_amount + refund.amount)
        if receivable.refunded_amount == receivable.paid_amount:
            move(receivable, status=ReceivableStatus.REFUNDED)
    tell(
        receivable,
        kind=events.REFUNDED,
        quantity=refund.amount,
        actor=refund.decided_by or refund.requested_by,
        source=refund.source,
        method=receivable.method,
    )


def _book(refund: Refund, receivable: Receivable, holder: Account | None) -> None:
    today = clock.today()
    source = refund.source
    if source == OWED:
        source = chart.FEES if years.is_open(receivable.fiscal_year, today) else chart.PAST_REFUND
    account = chart.clearing_key(refund.session.provider) if refund.session else chart.CASH
    post_entry(
        kind=EntryKind.REFUNDED,
        key=f"refund:{refund.reference}",
        lines=postings.refunded(refund.amount, source=source, account=account),
        fiscal_year=years.year_of_payment(receivable.fiscal_year, today),
        receivable=receivable,
        actor=refund.decided_by or refund.requested_by,
        holder=holder,
        memo=refund.reason,
    )


def fail(*, refund: Refund, receivable: Receivable, why: str) -> None:
    """Note that a refund could not be made, and put it before a person."""
    refund.status, refund.failure = RefundStatus.FAILED, why[:200]
    refund.save()
    note_discrepancy(
        key=f"refund:{refund.reference}",
        kind=DiscrepancyKind.REFUND_FAILED,
        provider=refund.session.provider if refund.session else "",
        session=refund.session,
        receivable=receivable,
        amount_books=refund.amount,
    )
    record_event(kind=events.REFUND_FAILED, subject=receivable, quantity=refund.amount)


def _note_difference(refund: Refund, receivable: Receivable) -> None:
    note_discrepancy(
        key=f"refund:{refund.reference}",
        kind=DiscrepancyKind.AMOUNT_DIFFERS,
        provider=refund.session.provider if refund.session else "",
        session=refund.session,
        receivable=receivable,
        amount_books=receivable.paid_amount - receivable.refunded_amount,
        amount_provider=refund.amount,
    )
