"""Settling what does not fit, by a person."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account

from .. import events
from ..enums import DiscrepancyKind, EntryKind, ReceivableStatus, RefundStatus, Resolution
from ..errors import StatusError
from ..models import Discrepancy, PaymentSession, Receivable, Refund
from ..permissions import reconciliation_policy
from ..rules import chart, postings, years
from . import refunding
from .books import post_entry
from .discrepancies import settle
from .paying import ask_session
from .receivables import close_pages, locked, move, tell


def possible_resolutions(discrepancy: Discrepancy) -> list[Resolution]:
    """Return how a discrepancy can be settled, the likeliest first."""
    if discrepancy.resolution:
        return []
    found: list[Resolution] = []
    session, receivable = discrepancy.session, discrepancy.receivable
    if session is not None and receivable is not None and session.booked_as == chart.UNIDENTIFIED:
        if receivable.is_payable and session.captured_amount >= receivable.amount:
            found.append(Resolution.ACCEPTED)
        found.append(Resolution.REFUNDED)
    elif session is not None:
        found.append(Resolution.RECHECKED)
    return [*found, Resolution.EXPLAINED]


def resolve_discrepancy(*, discrepancy: Discrepancy, resolution: Resolution, note: str, actor: Account) -> Discrepancy:
    """
    Settle a discrepancy: give the money back, take it as the payment, ask the provider again, or say why it is right.

    Raises ``StatusError`` where that cannot be done with it, or where "explained" has no explanation.
    """
    reconciliation_policy.require(actor, "resolve", discrepancy)
    if resolution == Resolution.RECHECKED and discrepancy.session is not None:
        ask_session(session=discrepancy.session)
    with transaction.atomic():
        receivable = locked(discrepancy.receivable) if discrepancy.receivable else None
        current = Discrepancy.objects.select_for_update().get(pk=discrepancy.pk)
        if current.resolution:
            return _already(current, resolution)
        if resolution not in possible_resolutions(current):
            raise StatusError(_("この未照合は、その方法では処理できません。画面を開き直してください。"))
        if resolution == Resolution.EXPLAINED and not note.strip():
            raise StatusError(_("確認した内容をメモに書いてください。"))
        if receivable is not None and current.session is not None:
            session = PaymentSession.objects.select_for_update().get(pk=current.session.pk)
            _act(current, session, receivable, resolution, actor)
        settle(discrepancy=current, resolution=resolution, actor=actor, note=note)
    return current


def _already(discrepancy: Discrepancy, wanted: Resolution) -> Discrepancy:
    if discrepancy.resolution != wanted:
        raise StatusError(_("この未照合は、すでに処理されています。"))
    return discrepancy


def _act(
    discrepancy: Discrepancy, session: PaymentSession, receivable: Receivable, resolution: Resolution, actor: Account
) -> None:
    if resolution == Resolution.REFUNDED:
        reason = _("金額の相違のため返金")
        held = session.captured_amount - _already_sent(session)
        if held <= 0:
            raise StatusError(_("この入金は、すでに返金しています。"))
        refunding.send_back(
            session=session, receivable=receivable, amount=held, source=chart.UNIDENTIFIED, reason=reason
        )
        if receivable.status == ReceivableStatus.PENDING:
            move(receivable, status=ReceivableStatus.OPEN)
            refunding.tell_subject(receivable)
    elif resolution == Resolution.ACCEPTED:
        _accept(session, receivable, actor)
    elif (
        resolution == Resolution.RECHECKED
        and discrepancy.kind != DiscrepancyKind.MISSING_AT_PROVIDER
        and session.captured_amount != discrepancy.amount_provider
    ):
        raise StatusError(_("決済代行会社に問い合わせましたが、まだ一致しません。"))


def _already_sent(session: PaymentSession) -> int:
    going = session.refunds.exclude(status__in=[RefundStatus.FAILED, RefundStatus.REJECTED])
    return sum(Refund.objects.filter(pk__in=going).values_list("amount", flat=True))


def _accept(session: PaymentSession, receivable: Receivable, actor: Account) -> None:
    """Take what the claim needs of the held money, and send the rest back."""
    rest = session.captured_amount - receivable.amount
    if _already_sent(session):
        raise StatusError(_("この入金は、すでに返金しています。"))
    move(
        receivable,
        status=ReceivableStatus.PAID,
        method=session.method,
        paid_amount=receivable.amount,
        paid_at=clock.now(),
    )
    post_entry(
        kind=EntryKind.CAPTURED,
        key=f"accepted:{session.reference}",
        lines=postings.accepted(receivable.amount),
        fiscal_year=years.year_of_payment(receivable.fiscal_year, clock.today()),
        receivable=receivable,
        actor=actor,
        memo=receivable.title,
    )
    session.booked_as = refunding.OWED
    session.save(update_fields=["booked_as"])
    close_pages(receivable)
    if rest:
        refunding.send_back(session=session, receivable=receivable, amount=rest, source=chart.UNIDENTIFIED)
    tell(receivable, kind=events.PAID, quantity=receivable.amount, actor=actor, method=session.method, channel="online")
